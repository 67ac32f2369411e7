/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-har"

#include "config.h"

#include "capture/scope-har.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"

/* years 1970 to 2200, in seconds: a time outside is none */
#define MAX_SECONDS 7258118400.0

typedef struct
{
  const char *text;
  gsize length;
} HarValue;

/**
 * scope_har_is:
 *
 * Returns: whether it is worth reading as a HAR file
 */
gboolean
scope_har_is (const char *text,
              gsize       length)
{
  gsize i = 0;

  for (const char *wanted = "{\"log\""; *wanted != '\0'; wanted++, i++)
    {
      while (i < length && wanted[0] != 'l' && wanted[0] != 'o' && wanted[0] != 'g' && g_ascii_isspace (text[i]))
        i++;
      if (i >= length || text[i] != *wanted)
        return FALSE;
    }
  return TRUE;
}

static HarValue
har_get (HarValue    object,
         const char *key,
         ScopeJsonKind wanted)
{
  ScopeSpan span;

  if (object.text == NULL || scope_json_peek_kind (object.text, object.length) != SCOPE_JSON_OBJECT
      || scope_json_get_member (object.text, object.length, key, &span) != wanted)
    return (HarValue) { NULL, 0 };
  return (HarValue) { object.text + span.offset, span.length };
}

static gboolean
har_is_ours (HarValue entry)
{
  HarValue url = har_get (har_get (entry, "request", SCOPE_JSON_OBJECT), "url", SCOPE_JSON_STRING);
  g_autofree char *address = url.text != NULL ? scope_json_string_dup (url.text, url.length) : NULL;

  return address != NULL && strstr (address, "/app/") != NULL;
}

static gint64
har_read_time (HarValue message)
{
  HarValue time = har_get (message, "time", SCOPE_JSON_NUMBER);
  g_autofree char *digits = g_strndup (time.text != NULL ? time.text : "", time.length);

  return (gint64) (CLAMP (g_ascii_strtod (digits, NULL), 0, MAX_SECONDS) * G_USEC_PER_SEC);
}

/* As of a frame that was received here: what is too long is no name, and ids are text always. */
static char *
har_dup_name (const char            *frame,
              const ScopeJsonWanted *wanted)
{
  const char *token = frame + wanted->value.offset;
  g_autofree char *name = NULL;

  if (wanted->kind == SCOPE_JSON_NUMBER)
    name = g_strndup (token, wanted->value.length);
  else if (wanted->kind == SCOPE_JSON_STRING)
    name = scope_json_string_dup_name (token, wanted->value.length);
  if (name == NULL || strlen (name) > SCOPE_LIMIT_RECEIVED_NAME_BYTES)
    return NULL;
  return g_steal_pointer (&name);
}

/* `pusher:` and `pusher_internal:` are the protocol's own: they are kept as frames. */
static void
har_fill_event (ScopeEntry *entry,
                ScopeNames *names)
{
  ScopeJsonWanted wanted[] = { { "event" }, { "channel" }, { "user_id" }, { "data" } };
  gsize size;
  const char *frame = g_bytes_get_data (entry->frame, &size);
  g_autofree char *event = NULL;
  g_autofree char *channel = NULL;
  g_autofree char *user = NULL;

  if (!scope_json_scan_object (frame, size, wanted, G_N_ELEMENTS (wanted), NULL))
    return;
  event = wanted[0].kind == SCOPE_JSON_STRING ? har_dup_name (frame, &wanted[0]) : NULL;
  channel = har_dup_name (frame, &wanted[1]);
  user = har_dup_name (frame, &wanted[2]);
  if (event == NULL || (channel == NULL && wanted[1].kind != SCOPE_JSON_NONE && wanted[1].kind != SCOPE_JSON_NULL))
    return;

  entry->channel = scope_names_intern (names, channel, -1);
  scope_entry_set_event (entry, names, event, -1, user, -1, wanted[3].value, wanted[3].kind);
  if (!g_str_has_prefix (event, "pusher:") && !g_str_has_prefix (event, "pusher_internal:"))
    entry->kind = SCOPE_ENTRY_EVENT;
}

static ScopeEntry *
har_new_entry (HarValue    message,
               ScopeNames *names)
{
  HarValue data = har_get (message, "data", SCOPE_JSON_STRING);
  HarValue type = har_get (message, "type", SCOPE_JSON_STRING);
  g_autoptr (GString) frame = g_string_new (NULL);
  ScopeEntry *entry;

  if (data.text == NULL || !scope_json_string_decode (data.text, data.length, frame))
    return NULL;

  entry = scope_entry_new (SCOPE_ENTRY_FRAME, har_read_time (message));
  entry->direction = type.text != NULL && scope_json_string_equal (type.text, type.length, "send")
                         ? SCOPE_DIRECTION_OUT
                         : SCOPE_DIRECTION_IN;
  entry->frame = g_string_free_to_bytes (g_steal_pointer (&frame));
  har_fill_event (entry, names);
  return entry;
}

static gboolean
har_read_messages (HarValue     messages,
                   ScopeNames  *names,
                   ScopeHarFunc func,
                   gpointer     user_data)
{
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, messages.text, messages.length);
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    {
      HarValue message = { messages.text + value.offset, value.length };
      ScopeEntry *entry = kind == SCOPE_JSON_OBJECT ? har_new_entry (message, names) : NULL;

      if (!func (entry, user_data))
        return FALSE;
    }
  return TRUE;
}

static void
har_read_entries (HarValue     entries,
                  ScopeNames  *names,
                  ScopeHarFunc func,
                  gpointer     user_data,
                  guint64     *others)
{
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, entries.text, entries.length);
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    {
      HarValue entry = { entries.text + value.offset, value.length };
      HarValue messages = har_get (entry, "_webSocketMessages", SCOPE_JSON_ARRAY);

      if (messages.text == NULL)
        continue;
      if (!har_is_ours (entry))
        (*others)++;
      else if (!har_read_messages (messages, names, func, user_data))
        return;
    }
}

/**
 * scope_har_read:
 * @func: takes each message, in the file's order
 * @others: (out): WebSocket connections that are not of this protocol
 *
 * Returns: %FALSE with SCOPE_ERROR_USAGE if it is no HAR file
 */
gboolean
scope_har_read (const char   *text,
                gsize         length,
                ScopeNames   *names,
                ScopeHarFunc  func,
                gpointer      user_data,
                guint64      *others,
                GError      **error)
{
  ScopeJsonProblem problem;
  HarValue entries;

  g_return_val_if_fail (text != NULL && SCOPE_IS_NAMES (names) && func != NULL && others != NULL, FALSE);

  *others = 0;
  if (!scope_json_check (text, length, NULL, &problem))
    {
      g_autofree char *why = scope_json_problem_to_text (&problem);

      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("This HAR file is no valid JSON: %s"), why);
      return FALSE;
    }
  entries = har_get (har_get ((HarValue) { text, length }, "log", SCOPE_JSON_OBJECT), "entries",
                     SCOPE_JSON_ARRAY);
  if (entries.text == NULL)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("This HAR file has no entries"));
      return FALSE;
    }
  har_read_entries (entries, names, func, user_data, others);
  return TRUE;
}
