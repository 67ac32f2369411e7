/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-detail"

#include "config.h"

#include "session/scope-detail.h"

#include "base/scope-text.h"
#include "json/scope-json.h"

#include <string.h>

/* Written straight into a string: what was received is spliced as it came, and the order of keys
 * is part of the contract. */

static void
detail_add_key (GString    *out,
                const char *key)
{
  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  g_string_append_printf (out, "\"%s\":", key);
}

static void
detail_add_text (GString    *out,
                 const char *key,
                 const char *text)
{
  detail_add_key (out, key);
  if (text != NULL)
    scope_json_append_string (out, text, -1);
  else
    g_string_append (out, "null");
}

static void
detail_add_text_if_set (GString    *out,
                        const char *key,
                        const char *text)
{
  if (text != NULL && *text != '\0')
    detail_add_text (out, key, text);
}

static void
detail_add_number (GString    *out,
                   const char *key,
                   gint64      number)
{
  detail_add_key (out, key);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}

/* Seconds to the microsecond, without zeros at the end: 120, 1.5 */
static void
detail_add_seconds (GString    *out,
                    const char *key,
                    double      seconds)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  gsize length;

  g_ascii_formatd (number, sizeof number, "%.6f", seconds);
  length = strlen (number);
  while (number[length - 1] == '0')
    length--;
  if (number[length - 1] == '.')
    length--;

  detail_add_key (out, key);
  g_string_append_len (out, number, length);
}

static void
detail_add_code (GString           *out,
                 const char        *key,
                 const ScopeReport *report)
{
  if (report->has_code)
    detail_add_number (out, key, report->code);
  else
    detail_add_text (out, key, NULL);
}

static void
detail_add_state (GString           *out,
                  const ScopeReport *report)
{
  detail_add_text (out, "previous", scope_state_to_name (report->previous));
  detail_add_text (out, "current", scope_state_to_name (report->current));
  if (report->current == SCOPE_STATE_CONNECTED)
    {
      detail_add_text_if_set (out, "socket_id", report->socket_id);
      detail_add_text_if_set (out, "transport", report->transport);
      detail_add_text_if_set (out, "transport_reason", report->transport_reason);
      detail_add_seconds (out, "activity_timeout", report->activity_timeout);
    }
  if (report->has_code)
    detail_add_number (out, "code", report->code);
  detail_add_text_if_set (out, "reason", report->text);
  detail_add_text_if_set (out, "meaning", report->meaning);
}

static void
detail_add_subscription (GString           *out,
                         const ScopeReport *report)
{
  detail_add_text (out, "status", scope_subscription_status_to_name (report->status));
  if (report->status != SCOPE_SUBSCRIPTION_ERROR)
    return;

  detail_add_key (out, "error");
  g_string_append_c (out, '{');
  detail_add_text (out, "type", report->error_type);
  detail_add_text (out, "message", report->error_text);
  detail_add_code (out, "status", report);
  detail_add_text_if_set (out, "meaning", report->meaning);
  g_string_append_c (out, '}');
}

static void
detail_add_member (GString                 *out,
                   const ScopeRosterMember *member)
{
  g_string_append_c (out, '{');
  detail_add_text (out, "user_id", member->user_id);
  detail_add_key (out, "user_info");
  g_string_append (out, member->user_info != NULL ? member->user_info : "null");
  g_string_append_c (out, '}');
}

static void
detail_add_presence (GString           *out,
                     const ScopeReport *report)
{
  detail_add_text (out, "action", scope_presence_action_to_name (report->action));
  detail_add_number (out, "count", report->count);
  detail_add_text (out, "me", report->me);
  if (report->action != SCOPE_PRESENCE_SNAPSHOT)
    {
      detail_add_key (out, "member");
      detail_add_member (out, report->members);
      return;
    }

  detail_add_key (out, "members");
  g_string_append_c (out, '[');
  for (guint i = 0; i < report->count; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      detail_add_member (out, &report->members[i]);
    }
  g_string_append_c (out, ']');
}

static void
detail_add_error (GString           *out,
                  const ScopeReport *report)
{
  detail_add_text (out, "source", scope_error_source_to_name (report->source));
  detail_add_code (out, "code", report);
  detail_add_text (out, "message", report->text != NULL ? report->text : "");
  detail_add_text (out, "action", scope_reaction_to_action (report->reaction));
  detail_add_text_if_set (out, "meaning", report->meaning);
}

static void
detail_add_ids (GString            *out,
                const char         *key,
                const char * const *ids)
{
  detail_add_key (out, key);
  g_string_append_c (out, '[');
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      scope_json_append_string (out, ids[i], -1);
    }
  g_string_append_c (out, ']');
}

/* the error as that of a subscription: type, message, status, meaning */
static void
detail_add_user (GString           *out,
                 const ScopeReport *report)
{
  detail_add_text (out, "status", scope_user_status_to_name (report->user_status));
  detail_add_text_if_set (out, "user_id", report->user_id);
  if (report->user_ids != NULL)
    detail_add_ids (out, "watchlist", report->user_ids);
  if (report->user_status != SCOPE_USER_ERROR)
    return;

  detail_add_key (out, "error");
  g_string_append_c (out, '{');
  detail_add_text (out, "type", report->error_type != NULL ? report->error_type : "AuthError");
  detail_add_text (out, "message", report->error_text != NULL ? report->error_text : "");
  detail_add_code (out, "status", report);
  detail_add_text_if_set (out, "meaning", report->meaning);
  g_string_append_c (out, '}');
}

static void
detail_add_watchlist (GString           *out,
                      const ScopeReport *report)
{
  detail_add_text (out, "status", report->online ? "online" : "offline");
  detail_add_ids (out, "user_ids", report->user_ids);
}

/* The plaintext of a decrypted event: its own JSON, or a string that holds it. */
static void
detail_add_plain (GString *out,
                  GBytes  *plain)
{
  gsize length;
  const char *text = g_bytes_get_data (plain, &length);

  detail_add_key (out, "data");
  if (length > 0 && scope_json_check (text, length, NULL, NULL))
    g_string_append_len (out, text, length);
  else
    scope_json_append_string (out, length > 0 ? text : "", length);
}

static void
detail_fill (GString           *out,
             const ScopeReport *report)
{
  switch (report->type)
    {
    case SCOPE_REPORT_STATE:
      detail_add_state (out, report);
      break;
    case SCOPE_REPORT_CONNECTING_IN:
      detail_add_seconds (out, "seconds", report->seconds);
      detail_add_number (out, "attempt", report->attempt);
      break;
    case SCOPE_REPORT_SUBSCRIPTION:
      detail_add_subscription (out, report);
      break;
    case SCOPE_REPORT_EVENT:
      if (report->plain != NULL)
        detail_add_plain (out, report->plain);
      break;
    case SCOPE_REPORT_PRESENCE:
      detail_add_presence (out, report);
      break;
    case SCOPE_REPORT_COUNT:
      detail_add_number (out, "subscription_count", report->subscription_count);
      break;
    case SCOPE_REPORT_ERROR:
      detail_add_error (out, report);
      break;
    case SCOPE_REPORT_USER:
      detail_add_user (out, report);
      break;
    case SCOPE_REPORT_WATCHLIST:
      detail_add_watchlist (out, report);
      break;
    case SCOPE_REPORT_CACHE_MISS:
    case SCOPE_REPORT_FRAME:
    case SCOPE_REPORT_ROUND_TRIP:
    default:
      break;
    }
}

char *
_scope_detail_new (const ScopeReport *report)
{
  g_autoptr (GString) out = NULL;

  if (report->type == SCOPE_REPORT_EVENT && report->plain == NULL)
    return NULL; /* the hot path allocates nothing here */

  out = g_string_new ("{");
  detail_fill (out, report);
  if (report->polled)
    {
      detail_add_key (out, "polled");
      g_string_append (out, "true");
    }
  if (out->len == 1)
    return NULL;

  g_string_append_c (out, '}');
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
_scope_detail_new_gap (gint64      from_usec,
                       gint64      length_usec,
                       const char *reason)
{
  GString *out = g_string_new ("{");
  g_autofree char *from = scope_text_format_rfc3339 (from_usec);

  detail_add_text (out, "from", from);
  detail_add_seconds (out, "seconds", (double) length_usec / G_USEC_PER_SEC);
  detail_add_text (out, "reason", reason);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

char *
_scope_detail_new_limit (const char *message)
{
  const ScopeReport report = {
    .type = SCOPE_REPORT_ERROR,
    .source = SCOPE_SOURCE_LIMIT,
    .reaction = SCOPE_REACTION_NONE,
    .text = message,
  };

  return _scope_detail_new (&report);
}
