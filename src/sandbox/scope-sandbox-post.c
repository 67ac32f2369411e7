/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-post.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "protocol/scope-channel-name.h"
#include "protocol/scope-signature.h"
#include "sandbox/scope-sandbox-frame.h"

#define SHOWN_BYTES 200

enum
{
  KEY_NAME,
  KEY_DATA,
  KEY_CHANNEL,
  KEY_CHANNELS,
  KEY_SOCKET_ID,
  KEY_INFO,
  N_KEYS,
};

static char *
post_dup_string (const char            *text,
                 const ScopeJsonWanted *wanted)
{
  if (wanted->kind != SCOPE_JSON_STRING)
    return NULL;

  return scope_sandbox_frame_read_string (text + wanted->value.offset, wanted->value.length);
}

static gboolean
post_read_name (ScopeSandboxPost      *self,
                const char            *text,
                const ScopeJsonWanted *wanted,
                ScopeSandboxRefusal   *refusal)
{
  self->name = post_dup_string (text, wanted);
  if (self->name == NULL)
    return scope_sandbox_refuse (refusal, 400, "Missing required parameter: name (a string)");
  if (*self->name == '\0' || strlen (self->name) > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return scope_sandbox_refuse (refusal, 400, "Invalid event name: should have 1 to %d characters",
                                 SCOPE_LIMIT_EVENT_NAME_BYTES);
  if (g_str_has_prefix (self->name, "pusher:") || g_str_has_prefix (self->name, "pusher_internal:"))
    return scope_sandbox_refuse (refusal, 400,
                                 "Invalid event name: the prefixes pusher: and pusher_internal: "
                                 "are reserved");

  return TRUE;
}

/* What counts is the decoded text; a string that has none (lone surrogates) counts as it stands. */
static gboolean
post_read_data (ScopeSandboxPost      *self,
                const char            *text,
                const ScopeJsonWanted *wanted,
                ScopeSandboxRefusal   *refusal)
{
  g_autoptr (GString) decoded = g_string_new (NULL);
  gsize length;

  if (wanted->kind != SCOPE_JSON_STRING)
    return scope_sandbox_refuse (refusal, 400, "Missing required parameter: data (a string)");

  self->data_token = text + wanted->value.offset;
  self->data_length = wanted->value.length;
  length = scope_json_string_decode (self->data_token, self->data_length, decoded)
             ? decoded->len
             : self->data_length;
  if (length > SCOPE_LIMIT_DATA_BYTES)
    return scope_sandbox_refuse (refusal, 413, "The data content of this event exceeds the allowed "
                                 "maximum (%d bytes)", SCOPE_LIMIT_DATA_BYTES);

  return TRUE;
}

static gboolean
post_add_channel (ScopeSandboxPost    *self,
                  char                *channel,
                  ScopeSandboxRefusal *refusal)
{
  g_autofree char *shown = NULL;

  if (channel == NULL)
    return scope_sandbox_refuse (refusal, 400, "Invalid channels: should be strings");

  shown = scope_text_for_display (channel, -1, SHOWN_BYTES);
  g_ptr_array_add (self->channels, channel);
  if (!scope_channel_name_check (channel, NULL, NULL))
    return scope_sandbox_refuse (refusal, 400, "Invalid channel name: '%s'", shown);

  return TRUE;
}

static gboolean
post_read_channel_list (ScopeSandboxPost      *self,
                        const char            *text,
                        const ScopeJsonWanted *wanted,
                        ScopeSandboxRefusal   *refusal)
{
  const char *list = text + wanted->value.offset;
  ScopeJsonIter iter;
  ScopeSpan value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, list, wanted->value.length);
  while (scope_json_iter_next (&iter, NULL, &value, &kind))
    {
      if (kind != SCOPE_JSON_STRING)
        return scope_sandbox_refuse (refusal, 400, "Invalid channels: should be strings");
      if (self->channels->len == SCOPE_SANDBOX_POST_CHANNELS)
        return scope_sandbox_refuse (refusal, 400, "Too many channels: an event may have %d",
                                     SCOPE_SANDBOX_POST_CHANNELS);
      if (!post_add_channel (self, scope_sandbox_frame_read_string (list + value.offset,
                                                                    value.length), refusal))
        return FALSE;
    }

  return TRUE;
}

static gboolean
post_has_encrypted (ScopeSandboxPost *self)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      const char *channel = g_ptr_array_index (self->channels, i);

      if (scope_channel_kind_is_encrypted (scope_channel_name_get_kind (channel)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
post_read_channels (ScopeSandboxPost      *self,
                    const char            *text,
                    const ScopeJsonWanted *wanted,
                    gboolean               may_have_many,
                    ScopeSandboxRefusal   *refusal)
{
  if (wanted[KEY_CHANNEL].kind == SCOPE_JSON_STRING &&
      !post_add_channel (self, post_dup_string (text, &wanted[KEY_CHANNEL]), refusal))
    return FALSE;
  if (may_have_many && wanted[KEY_CHANNELS].kind == SCOPE_JSON_ARRAY &&
      !post_read_channel_list (self, text, &wanted[KEY_CHANNELS], refusal))
    return FALSE;

  if (self->channels->len == 0)
    return scope_sandbox_refuse (refusal, 400, may_have_many
                                 ? "Missing required parameter: channels (strings) or channel"
                                 : "Missing required parameter: channel (a string)");
  if (self->channels->len > 1 && post_has_encrypted (self))
    return scope_sandbox_refuse (refusal, 400, "An event for an encrypted channel can't have "
                                 "others: each has a key of its own");

  return TRUE;
}

static gboolean
post_read_options (ScopeSandboxPost      *self,
                   const char            *text,
                   const ScopeJsonWanted *wanted,
                   ScopeSandboxRefusal   *refusal)
{
  g_autofree char *info = NULL;

  self->socket_id = post_dup_string (text, &wanted[KEY_SOCKET_ID]);
  if (self->socket_id != NULL && !scope_socket_id_check (self->socket_id))
    return scope_sandbox_refuse (refusal, 400,
                                 "Invalid socket_id: should be two numbers with a dot");

  info = post_dup_string (text, &wanted[KEY_INFO]);
  return scope_sandbox_post_read_info (info, &self->info, refusal);
}

/**
 * scope_sandbox_refuse:
 * @refusal: filled in
 * @status: an HTTP status
 * @format: the text, printf()-like
 * @...: its values
 *
 * Returns: %FALSE
 */
gboolean
scope_sandbox_refuse (ScopeSandboxRefusal *refusal,
                      guint                status,
                      const char          *format,
                      ...)
{
  va_list args;

  g_free (refusal->text);
  refusal->status = status;
  va_start (args, format);
  refusal->text = g_strdup_vprintf (format, args);
  va_end (args);
  return FALSE;
}

/**
 * scope_sandbox_post_read_info:
 * @text: (nullable): comma-separated attributes
 * @info: (out): what they are
 * @refusal: filled in on failure
 *
 * Returns: %TRUE if all are known (protocol.md §9.2)
 */
gboolean
scope_sandbox_post_read_info (const char          *text,
                              ScopeSandboxInfo    *info,
                              ScopeSandboxRefusal *refusal)
{
  static const struct { const char *name; ScopeSandboxInfo flag; } known[] = {
    { "user_count", SCOPE_SANDBOX_INFO_USER_COUNT },
    { "subscription_count", SCOPE_SANDBOX_INFO_SUBSCRIPTION_COUNT },
    { "cache", SCOPE_SANDBOX_INFO_CACHE },
  };
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", 16);
  ScopeSandboxInfo found = SCOPE_SANDBOX_INFO_NONE;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint k = 0;

      while (k < G_N_ELEMENTS (known) && strcmp (parts[i], known[k].name) != 0)
        k++;
      if (k == G_N_ELEMENTS (known))
        {
          g_autofree char *shown = scope_text_for_display (parts[i], -1, SHOWN_BYTES);

          return scope_sandbox_refuse (refusal, 400, "Unknown info attribute: '%s'", shown);
        }
      found |= known[k].flag;
    }

  *info = found;
  return TRUE;
}

/**
 * scope_sandbox_post_free:
 * @self: (nullable): a post
 */
void
scope_sandbox_post_free (ScopeSandboxPost *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_ptr_array_unref (self->channels);
  g_free (self->socket_id);
  g_free (self);
}

/**
 * scope_sandbox_post_read:
 * @text: one event's JSON text; it must outlive the result
 * @length: its length in bytes
 * @may_have_many: whether `channels` is allowed beside `channel`
 * @refusal: filled in on failure
 *
 * Returns: (transfer full) (nullable): the event
 */
ScopeSandboxPost *
scope_sandbox_post_read (const char          *text,
                         gsize                length,
                         gboolean             may_have_many,
                         ScopeSandboxRefusal *refusal)
{
  ScopeJsonWanted wanted[N_KEYS] = {
    [KEY_NAME] = { .key = "name" },
    [KEY_DATA] = { .key = "data" },
    [KEY_CHANNEL] = { .key = "channel" },
    [KEY_CHANNELS] = { .key = "channels" },
    [KEY_SOCKET_ID] = { .key = "socket_id" },
    [KEY_INFO] = { .key = "info" },
  };
  g_autoptr (ScopeSandboxPost) self = g_new0 (ScopeSandboxPost, 1);

  self->channels = g_ptr_array_new_with_free_func (g_free);
  if (!scope_json_scan_object (text, length, wanted, N_KEYS, NULL))
    {
      scope_sandbox_refuse (refusal, 400, "Invalid body: should be a JSON object");
      return NULL;
    }

  if (!post_read_name (self, text, &wanted[KEY_NAME], refusal) ||
      !post_read_data (self, text, &wanted[KEY_DATA], refusal) ||
      !post_read_channels (self, text, wanted, may_have_many, refusal) ||
      !post_read_options (self, text, wanted, refusal))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * scope_sandbox_post_read_batch:
 * @text: the body; it must outlive the result
 * @length: its length in bytes
 * @refusal: filled in on failure
 *
 * Returns: (transfer full) (nullable) (element-type ScopeSandboxPost): the events, all of them good
 */
GPtrArray *
scope_sandbox_post_read_batch (const char          *text,
                               gsize                length,
                               ScopeSandboxRefusal *refusal)
{
  ScopeJsonWanted wanted = { .key = "batch" };
  g_autoptr (GPtrArray) batch = NULL;
  ScopeJsonIter iter;
  ScopeSpan value;
  ScopeJsonKind kind;
  const char *list;

  if (!scope_json_scan_object (text, length, &wanted, 1, NULL) || wanted.kind != SCOPE_JSON_ARRAY)
    {
      scope_sandbox_refuse (refusal, 400, "Missing required parameter: batch (an array)");
      return NULL;
    }

  batch = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_sandbox_post_free);
  list = text + wanted.value.offset;
  scope_json_iter_init (&iter, list, wanted.value.length);
  while (scope_json_iter_next (&iter, NULL, &value, &kind))
    {
      ScopeSandboxPost *post = NULL;

      if (batch->len == SCOPE_SANDBOX_POST_BATCH)
        scope_sandbox_refuse (refusal, 400, "Too many events: a batch may have %d",
                              SCOPE_SANDBOX_POST_BATCH);
      else
        post = scope_sandbox_post_read (list + value.offset, value.length, FALSE, refusal);
      if (post == NULL)
        return NULL;

      g_ptr_array_add (batch, post);
    }

  return g_steal_pointer (&batch);
}
