/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-result"

#include "config.h"

#include "session/scope-publish-result.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* so many channels' counts are told */
#define TOLD_COUNTS 20

struct _ScopePublishResult
{
  GObject parent_instance;

  gint64 time_usec;
  GPtrArray *outgoing;
  ScopeApiReply *reply; /* never NULL */
};

G_DEFINE_FINAL_TYPE (ScopePublishResult, scope_publish_result, G_TYPE_OBJECT)

static void
scope_publish_result_finalize (GObject *object)
{
  ScopePublishResult *self = SCOPE_PUBLISH_RESULT (object);

  g_ptr_array_unref (self->outgoing);
  scope_api_reply_free (self->reply);

  G_OBJECT_CLASS (scope_publish_result_parent_class)->finalize (object);
}

static void
scope_publish_result_class_init (ScopePublishResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_publish_result_finalize;
}

static void
scope_publish_result_init (ScopePublishResult *self)
{
}

/**
 * scope_publish_result_new:
 * @time_usec: wall: when the answer came
 * @outgoing: (element-type ScopeOutgoing): what it was
 * @reply: (transfer full) (nullable): what became of it
 * @error: (nullable): why nothing was sent, without a reply
 */
ScopePublishResult *
scope_publish_result_new (gint64         time_usec,
                          GPtrArray     *outgoing,
                          ScopeApiReply *reply,
                          const GError  *error)
{
  ScopePublishResult *self;

  g_return_val_if_fail (outgoing != NULL && outgoing->len > 0, NULL);
  g_return_val_if_fail (reply != NULL || error != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_PUBLISH_RESULT, NULL);
  self->time_usec = time_usec;
  self->outgoing = g_ptr_array_ref (outgoing);
  self->reply = reply != NULL ? reply : scope_api_reply_new ();
  if (reply == NULL)
    {
      self->reply->outcome = SCOPE_API_NOT_SENT;
      self->reply->text = g_strdup (error->message);
    }
  return self;
}

/**
 * scope_publish_result_get_time_usec:
 *
 * Returns: wall clock: when the answer came
 */
gint64
scope_publish_result_get_time_usec (ScopePublishResult *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), 0);

  return self->time_usec;
}

/**
 * scope_publish_result_get_outgoing:
 *
 * Returns: (transfer none) (element-type ScopeOutgoing): what it was: one, or a batch
 */
GPtrArray *
scope_publish_result_get_outgoing (ScopePublishResult *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  return self->outgoing;
}

/**
 * scope_publish_result_get_outcome:
 *
 * Returns: whether it was accepted, and if not, whether it may have been published
 */
ScopeApiOutcome
scope_publish_result_get_outcome (ScopePublishResult *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), SCOPE_API_UNKNOWN);

  return self->reply->outcome;
}

/**
 * scope_publish_result_get_status:
 *
 * Returns: HTTP's status; 0: there was no answer
 */
guint
scope_publish_result_get_status (ScopePublishResult *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), 0);

  return self->reply->status;
}

/**
 * scope_publish_result_get_reply:
 *
 * Returns: (transfer none): all of the answer
 */
const ScopeApiReply *
scope_publish_result_get_reply (ScopePublishResult *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  return self->reply;
}

/**
 * scope_publish_result_get_body:
 *
 * Returns: (transfer none) (nullable): the answer's body
 */
const char *
scope_publish_result_get_body (ScopePublishResult *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  return self->reply->body;
}

/**
 * scope_publish_result_get_signed_text:
 *
 * Returns: (transfer none) (nullable): what the signature was made of (protocol.md §9.4)
 */
const char *
scope_publish_result_get_signed_text (ScopePublishResult *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  return self->reply->signed_text;
}

/**
 * scope_publish_result_dup_title:
 *
 * Returns: (transfer full): what was published, in few words
 */
char *
scope_publish_result_dup_title (ScopePublishResult *self)
{
  guint n;

  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  n = self->outgoing->len;
  if (n == 1)
    return g_strdup (scope_outgoing_get_event (g_ptr_array_index (self->outgoing, 0)));
  return g_strdup_printf (ngettext ("%u event", "%u events", n), n);
}

/**
 * scope_publish_result_dup_outcome:
 *
 * Returns: (transfer full): "Accepted (200)"
 */
char *
scope_publish_result_dup_outcome (ScopePublishResult *self)
{
  static const char * const words[] = { N_ ("Accepted"), N_ ("Refused"), N_ ("Not sent"), N_ ("Outcome unknown") };

  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  if (self->reply->status == 0)
    return g_strdup (_(words[self->reply->outcome]));
  return g_strdup_printf ("%s (%u)", _(words[self->reply->outcome]), self->reply->status);
}

/* What is lost is never sent again by itself: who reads it must decide. */
static const char *
result_get_advice (ScopePublishResult *self)
{
  if (self->reply->outcome == SCOPE_API_UNKNOWN)
    return _("It left, but the answer was lost: it may have been published. It is not sent again by itself.");
  return self->reply->meaning;
}

/**
 * scope_publish_result_dup_sentence:
 *
 * Returns: (transfer full) (nullable): our sentence first, then the other side's words
 */
char *
scope_publish_result_dup_sentence (ScopePublishResult *self)
{
  const char *advice;
  g_autofree char *words = NULL;

  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  if (self->reply->outcome == SCOPE_API_ACCEPTED)
    return NULL;
  advice = result_get_advice (self);
  if (self->reply->text != NULL && *self->reply->text != '\0')
    words = scope_text_for_display (self->reply->text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  if (words == NULL || advice == NULL)
    return words != NULL ? g_steal_pointer (&words) : g_strdup (advice);
  /* Translators: a sentence that explains, then the server's own words */
  return g_strdup_printf (_("%s “%s”"), advice, words);
}

/* Counts: {"channels":{"a":{"user_count":2}}}, of a batch {"batch":[{"user_count":2},{}]} */

static gboolean
result_read_count (const char *json,
                   gsize       length,
                   const char *name,
                   guint64    *count)
{
  ScopeSpan value;
  g_autofree char *digits = NULL;

  if (scope_json_get_member (json, length, name, &value) != SCOPE_JSON_NUMBER)
    return FALSE;
  digits = g_strndup (json + value.offset, value.length);
  return g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT, count, NULL);
}

static void
result_append_counts (GString    *out,
                      const char *channel,
                      const char *json,
                      gsize       length)
{
  guint64 users = 0;
  guint64 subscriptions = 0;
  gboolean has_users = result_read_count (json, length, "user_count", &users);
  gboolean has_subscriptions = result_read_count (json, length, "subscription_count", &subscriptions);

  if (!has_users && !has_subscriptions)
    return;
  if (out->len > 0)
    g_string_append (out, " · ");
  g_string_append_printf (out, "%s: ", channel);
  if (has_users)
    g_string_append_printf (out, ngettext ("%u user", "%u users", users), (guint) users);
  if (has_users && has_subscriptions)
    g_string_append (out, ", ");
  if (has_subscriptions)
    g_string_append_printf (out, ngettext ("%u subscription", "%u subscriptions", subscriptions),
                            (guint) subscriptions);
}

static const char *
result_get_channel (ScopePublishResult *self,
                    guint               i)
{
  return i < self->outgoing->len
             ? scope_outgoing_get_channels (g_ptr_array_index (self->outgoing, i))[0] : NULL;
}

static char *
result_describe_counts (ScopePublishResult *self,
                        const char         *json,
                        gsize               length)
{
  GString *out = g_string_new (NULL);
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;

  scope_json_iter_init (&iter, json, length);
  for (guint i = 0; i < TOLD_COUNTS && scope_json_iter_next (&iter, &key, &value, NULL); i++)
    {
      g_autofree char *name
          = key.length > 0 ? scope_json_string_dup (json + key.offset, key.length)
                           : g_strdup (result_get_channel (self, i));

      if (name != NULL)
        result_append_counts (out, name, json + value.offset, value.length);
    }
  if (scope_json_iter_next (&iter, &key, &value, NULL))
    g_string_append (out, " · …");
  return g_string_free (out, out->len == 0);
}

/**
 * scope_publish_result_dup_counts:
 *
 * Returns: (transfer full) (nullable): what `info` asked for
 */
char *
scope_publish_result_dup_counts (ScopePublishResult *self)
{
  const char *body;
  ScopeJsonWanted wanted[] = { { .key = "channels" }, { .key = "batch" } };

  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (self), NULL);

  body = self->reply->body;
  if (self->reply->outcome != SCOPE_API_ACCEPTED || body == NULL
      || !scope_json_scan_object (body, strlen (body), wanted, G_N_ELEMENTS (wanted), NULL))
    return NULL;
  if (wanted[0].kind == SCOPE_JSON_OBJECT)
    return result_describe_counts (self, body + wanted[0].value.offset, wanted[0].value.length);
  if (wanted[1].kind == SCOPE_JSON_ARRAY)
    return result_describe_counts (self, body + wanted[1].value.offset, wanted[1].value.length);
  return NULL;
}
