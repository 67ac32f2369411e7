/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-reply"

#include "config.h"

#include "net/scope-api-reply.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "protocol/scope-server-error.h"

/* Pusher takes 600 s (protocol.md §9.4); what is less than this needs nobody's attention. */
#define TOLD_USEC (30 * G_USEC_PER_SEC)

/**
 * scope_api_reply_new:
 *
 * Returns: (transfer full): of a request of which nothing is known yet
 */
ScopeApiReply *
scope_api_reply_new (void)
{
  return g_new0 (ScopeApiReply, 1);
}

/**
 * scope_api_reply_free:
 * @self: (nullable):
 */
void
scope_api_reply_free (ScopeApiReply *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->meaning);
  g_free (self->body);
  g_free (self->signed_text);
  g_free (self);
}

/**
 * scope_api_outcome_to_text:
 *
 * Returns: the word that stands for it in lines
 */
const char *
scope_api_outcome_to_text (ScopeApiOutcome outcome)
{
  static const char * const words[] = { "accepted", "refused", "not_sent", "unknown" };

  g_return_val_if_fail (outcome <= SCOPE_API_UNKNOWN, NULL);

  return words[outcome];
}

/**
 * scope_api_reply_is_clock_off:
 *
 * Returns: whether the two clocks differ by more than the measure's own error and half a minute
 */
gboolean
scope_api_reply_is_clock_off (const ScopeApiReply *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_server_time && ABS (self->clock_ahead_usec) - self->clock_bound_usec > TOLD_USEC;
}

/* soketi 1.6.1 refuses with status 200: its headers are written before the status is. What it meant
 * stands in the body, {"error":"…","code":401}. */
static gboolean
scope_api_reply_is_refusal_in_200 (const char *body,
                                   guint *status)
{
  ScopeJsonWanted wanted[] = { { .key = "error" }, { .key = "code" } };
  g_autofree char *digits = NULL;
  guint64 code;

  if (!scope_json_scan_object (body, strlen (body), wanted, G_N_ELEMENTS (wanted), NULL)
      || wanted[0].kind != SCOPE_JSON_STRING || wanted[1].kind != SCOPE_JSON_NUMBER)
    return FALSE;

  digits = g_strndup (body + wanted[1].value.offset, wanted[1].value.length);
  if (g_ascii_string_to_unsigned (digits, 10, 400, 599, &code, NULL))
    *status = (guint) code;
  return TRUE;
}

/* 202 is what the old API and slanger say (§9.5). A gateway's 502 and 504 tell that it lost the answer itself. A
 * page is nothing that an API answers: a login page of a network stands in between. */
static ScopeApiOutcome
scope_api_reply_judge (ScopeApiReply *self,
                       const char *content_type)
{
  if (self->status == SOUP_STATUS_BAD_GATEWAY || self->status == SOUP_STATUS_GATEWAY_TIMEOUT)
    return SCOPE_API_UNKNOWN;
  if (self->status != SOUP_STATUS_OK && self->status != SOUP_STATUS_ACCEPTED)
    return SCOPE_API_REFUSED;
  if (scope_api_reply_is_refusal_in_200 (self->body, &self->status))
    return SCOPE_API_REFUSED;
  return g_strcmp0 (content_type, "text/html") == 0 ? SCOPE_API_UNKNOWN : SCOPE_API_ACCEPTED;
}

/* By the Date header, else by "… not within 600s of server time (2013-05-01T12:00:00Z)". */
static void
scope_api_reply_read_server_time (ScopeApiReply *self,
                                  const char *date,
                                  gint64 asked_usec,
                                  gint64 answered_usec)
{
  static const char before[] = "server time (";
  g_autoptr (GDateTime) time = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  const char *at = strstr (self->body, before);
  gint64 server_usec = 0;

  if (time != NULL)
    {
      server_usec = g_date_time_to_unix (time) * G_USEC_PER_SEC;
      self->has_server_time = TRUE;
    }
  else if (at != NULL)
    {
      g_autofree char *text = g_strndup (at + strlen (before), strcspn (at + strlen (before), ")"));

      self->has_server_time = scope_text_parse_rfc3339 (text, &server_usec);
    }
  if (self->has_server_time)
    {
      self->clock_ahead_usec = asked_usec + (answered_usec - asked_usec) / 2 - server_usec;
      self->clock_bound_usec = MAX (0, (answered_usec - asked_usec) / 2) + G_USEC_PER_SEC;
    }
}

static char *
scope_api_reply_dup_meaning (ScopeApiReply *self)
{
  const char *meaning = scope_api_error_get_meaning (self->status, self->body);
  g_autofree char *off = NULL;

  if (self->status != SOUP_STATUS_UNAUTHORIZED || !scope_api_reply_is_clock_off (self))
    return g_strdup (meaning);

  off = scope_text_format_duration (ABS (self->clock_ahead_usec));
  if (self->clock_ahead_usec > 0)
    return g_strdup_printf (_("%s This machine's clock is %s ahead of the server's."), meaning, off);
  return g_strdup_printf (_("%s This machine's clock is %s behind the server's."), meaning, off);
}

void
_scope_api_reply_take_answer (ScopeApiReply *self,
                              guint status,
                              const char *content_type,
                              const char *date,
                              gint64 asked_usec,
                              gint64 answered_usec,
                              const char *body,
                              gsize length)
{
  g_autofree char *words = NULL;

  g_return_if_fail (self != NULL && self->body == NULL);

  self->status = status;
  self->body = length > 0 ? g_utf8_make_valid (body, length) : g_strdup ("");
  self->outcome = scope_api_reply_judge (self, content_type);
  scope_api_reply_read_server_time (self, date, asked_usec, answered_usec);
  if (self->outcome == SCOPE_API_ACCEPTED)
    return;

  if (self->outcome == SCOPE_API_UNKNOWN && self->status == SOUP_STATUS_OK)
    words = g_strdup (_("The answer is a web page: something between here and the HTTP API gave it"));
  else
    words = scope_api_error_dup_text (self->body);
  self->text = scope_text_bounded (words, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  self->meaning = scope_api_reply_dup_meaning (self);
}
