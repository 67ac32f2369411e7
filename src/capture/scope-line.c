/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-line"

#include "config.h"

#include "capture/scope-line.h"

#include <string.h>

#include "base/scope-text.h"
#include "capture/scope-data.h"

/* A line of text for people is cut here: a terminal is no place for megabytes. */
#define MAX_PREVIEW_BYTES 4096
#define MAX_NAME_BYTES 512

#define ANSI_RESET "\033[0m"
#define ANSI_DIM "\033[2m"
#define ANSI_BOLD "\033[1m"
#define ANSI_RED "\033[31m"
#define ANSI_GREEN "\033[32m"
#define ANSI_YELLOW "\033[33m"
#define ANSI_CYAN "\033[36m"

static void
line_append_head (GString          *out,
                  const ScopeEntry *entry)
{
  g_autofree char *time = scope_text_format_rfc3339 (entry->time_usec);

  g_string_append (out, "{\"time\":\"");
  g_string_append (out, time);
  g_string_append (out, "\",\"type\":\"");
  g_string_append (out, scope_entry_kind_to_name (entry->kind));
  g_string_append_c (out, '"');
}

static void
line_append_name (GString          *out,
                  const char       *key,
                  const ScopeEntry *entry,
                  ScopeNames       *names,
                  ScopeEntryName    which)
{
  g_autofree char *owned = NULL;
  const char *name = scope_entry_get_name (entry, names, which, &owned);

  if (name == NULL)
    return;
  g_string_append_printf (out, ",\"%s\":", key);
  scope_json_append_string (out, name, -1);
}

static void
line_append_direction (GString          *out,
                       const ScopeEntry *entry)
{
  if (entry->direction == SCOPE_DIRECTION_IN)
    g_string_append (out, ",\"direction\":\"in\"");
  else if (entry->direction == SCOPE_DIRECTION_OUT)
    g_string_append (out, ",\"direction\":\"out\"");
}

static void
line_append_value (GString       *out,
                   ScopeJsonKind  kind,
                   const char    *json,
                   gsize          length)
{
  if (kind == SCOPE_JSON_STRING)
    g_string_append_len (out, json, length);
  else
    scope_json_append_compact (out, json, length);
}

/* what a reader cares for: decoded, and decrypted where that was possible */
static void
line_append_data (GString          *out,
                  const ScopeEntry *entry)
{
  const char *token = NULL;
  gsize length = 0;
  ScopeJsonKind kind = _scope_entry_get_plain_token (entry, &token, &length);
  ScopeDataValue value;

  if (kind == SCOPE_JSON_NONE)
    return;

  _scope_data_value_init (&value, kind, token, length);
  g_string_append (out, ",\"data\":");
  line_append_value (out, value.kind, value.json, value.length);
  _scope_data_value_clear (&value);
}

/* what came: a string token is its own JSON form */
static void
line_append_raw (GString          *out,
                 const ScopeEntry *entry)
{
  const char *token = NULL;
  gsize length = 0;
  ScopeJsonKind kind = _scope_entry_get_token (entry, &token, &length);

  if (kind == SCOPE_JSON_NONE)
    return;

  g_string_append (out, ",\"raw\":");
  if (kind == SCOPE_JSON_STRING)
    g_string_append_len (out, token, length);
  else
    scope_json_append_string (out, token, length);
}

static void
line_append_event (GString          *out,
                   const ScopeEntry *entry,
                   ScopeNames       *names)
{
  line_append_direction (out, entry);
  line_append_name (out, "channel", entry, names, SCOPE_ENTRY_NAME_CHANNEL);
  line_append_name (out, "event", entry, names, SCOPE_ENTRY_NAME_EVENT);
  line_append_data (out, entry);
  line_append_raw (out, entry);
  line_append_name (out, "user_id", entry, names, SCOPE_ENTRY_NAME_USER);
  g_string_append_printf (out, ",\"size\":%" G_GSIZE_FORMAT, scope_entry_get_size (entry));
  if ((entry->flags & (SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED)) != 0)
    g_string_append_printf (out, ",\"encrypted\":true,\"decrypted\":%s",
                            (entry->flags & SCOPE_ENTRY_DECRYPTED) != 0 ? "true" : "false");
}

/* detail may come from a file: a key the line has already must not stand there twice */
static gboolean
line_has_key (const ScopeEntry *entry,
              const char       *key,
              gsize             length)
{
  static const char * const of_events[] = {
    "direction", "channel", "event", "data", "raw", "user_id", "size", "encrypted", "decrypted",
  };

  if (scope_json_string_equal (key, length, "time")
      || scope_json_string_equal (key, length, "type"))
    return TRUE;
  if (entry->kind != SCOPE_ENTRY_EVENT)
    return entry->channel != 0 && scope_json_string_equal (key, length, "channel");

  for (gsize i = 0; i < G_N_ELEMENTS (of_events); i++)
    if (scope_json_string_equal (key, length, of_events[i]))
      return TRUE;
  return FALSE;
}

static void
line_append_detail (GString          *out,
                    const ScopeEntry *entry)
{
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;

  if (entry->detail == NULL || scope_json_peek_kind (entry->detail, strlen (entry->detail))
                                   != SCOPE_JSON_OBJECT)
    return;

  scope_json_iter_init (&iter, entry->detail, strlen (entry->detail));
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    {
      if (line_has_key (entry, entry->detail + key.offset, key.length))
        continue;
      g_string_append_c (out, ',');
      g_string_append_len (out, entry->detail + key.offset, key.length);
      g_string_append_c (out, ':');
      line_append_value (out, kind, entry->detail + value.offset, value.length);
    }
}

/* --- text for people --- */

static void
line_append_styled (GString    *out,
                    const char *style,
                    const char *text)
{
  if (style != NULL)
    g_string_append (out, style);
  g_string_append (out, text);
  if (style != NULL)
    g_string_append (out, ANSI_RESET);
}

static const char *
line_get_style (const ScopeEntry *entry)
{
  switch (entry->kind)
    {
    case SCOPE_ENTRY_EVENT:
      return ANSI_BOLD;
    case SCOPE_ENTRY_ERROR:
      return ANSI_RED;
    case SCOPE_ENTRY_GAP:
    case SCOPE_ENTRY_CONNECTING_IN:
      return ANSI_YELLOW;
    case SCOPE_ENTRY_PRESENCE:
    case SCOPE_ENTRY_USER:
    case SCOPE_ENTRY_WATCHLIST:
      return ANSI_GREEN;
    case SCOPE_ENTRY_STATE:
    case SCOPE_ENTRY_SUBSCRIPTION:
    case SCOPE_ENTRY_COUNT:
    case SCOPE_ENTRY_CACHE_MISS:
    case SCOPE_ENTRY_FRAME:
    default:
      return ANSI_DIM;
    }
}

static void
line_append_text_head (GString          *out,
                       const ScopeEntry *entry,
                       gboolean          colour)
{
  g_autofree char *clock = scope_text_format_clock (entry->time_usec);
  const char *arrow = "·";

  if (entry->direction == SCOPE_DIRECTION_IN)
    arrow = "←";
  else if (entry->direction == SCOPE_DIRECTION_OUT)
    arrow = "→";
  line_append_styled (out, colour ? ANSI_DIM : NULL, clock);
  g_string_append_printf (out, "  %s ", arrow);
}

static void
line_append_text_part (GString    *out,
                       const char *text,
                       const char *style)
{
  g_autofree char *shown = scope_text_for_display (text, -1, MAX_NAME_BYTES);

  line_append_styled (out, style, shown);
  g_string_append (out, "  ");
}

/* the last column may be empty: no white space at the end of a line */
static void
line_end (GString *out)
{
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

/**
 * scope_line_append_ndjson:
 * @out: where the line goes
 * @entry: an entry
 * @names: the names it refers to
 *
 * Appends the line `watch --format ndjson` prints for @entry, with its line break. Keys stand in
 * the contract's order. `data` is spliced from the frame, without white space between its tokens;
 * what a string holds counts as JSON if it is JSON (protocol.md §2.2), else it stays that string.
 * `raw` is the frame's own token where `data` was a string.
 *
 * Returns: %FALSE, with nothing appended, for gaps and frames, which are no lines
 */
gboolean
scope_line_append_ndjson (GString          *out,
                          const ScopeEntry *entry,
                          ScopeNames       *names)
{
  g_return_val_if_fail (out != NULL && entry != NULL, FALSE);
  g_return_val_if_fail (SCOPE_IS_NAMES (names), FALSE);

  if (entry->kind == SCOPE_ENTRY_GAP || entry->kind == SCOPE_ENTRY_FRAME)
    return FALSE;

  line_append_head (out, entry);
  if (entry->kind == SCOPE_ENTRY_EVENT)
    line_append_event (out, entry, names);
  else if (entry->kind != SCOPE_ENTRY_ERROR)
    line_append_name (out, "channel", entry, names, SCOPE_ENTRY_NAME_CHANNEL);
  line_append_detail (out, entry);
  /* not every error is about a channel: there it is the last key */
  if (entry->kind == SCOPE_ENTRY_ERROR)
    line_append_name (out, "channel", entry, names, SCOPE_ENTRY_NAME_CHANNEL);
  g_string_append (out, "}\n");
  return TRUE;
}

/**
 * scope_line_append_frame:
 * @out: where the line goes
 * @entry: an entry of any kind
 *
 * Appends the line `watch --frames` prints for the frame of @entry. Bytes that are no UTF-8 become
 * U+FFFD.
 *
 * Returns: %FALSE, with nothing appended, if the entry has no frame
 */
gboolean
scope_line_append_frame (GString          *out,
                         const ScopeEntry *entry)
{
  g_autofree char *time = NULL;
  const char *bytes;
  gsize size;

  g_return_val_if_fail (out != NULL && entry != NULL, FALSE);

  if (entry->frame == NULL)
    return FALSE;

  time = scope_text_format_rfc3339 (entry->time_usec);
  g_string_append_printf (out, "{\"time\":\"%s\",\"type\":\"frame\"", time);
  line_append_direction (out, entry);
  g_string_append (out, ",\"text\":");
  bytes = g_bytes_get_data (entry->frame, &size);
  scope_json_append_string (out, bytes != NULL ? bytes : "", size);
  g_string_append (out, "}\n");
  return TRUE;
}

/**
 * scope_line_append_text:
 * @out: where the line goes
 * @entry: an entry
 * @names: the names it refers to
 * @colour: whether to use ANSI colours
 *
 * Appends a line for people, in local time: "14:05:02.113  ← news  order.paid  {"total":120}".
 * Control characters are shown as symbols, so that a payload can't steer the terminal; long
 * payloads are cut.
 *
 * Returns: %FALSE, with nothing appended, for frames
 */
gboolean
scope_line_append_text (GString          *out,
                        const ScopeEntry *entry,
                        ScopeNames       *names,
                        gboolean          colour)
{
  const char *channel;
  const char *event;
  g_autofree char *preview = NULL;
  g_autofree char *gap = NULL;
  g_autofree char *own_channel = NULL;
  g_autofree char *own_event = NULL;

  g_return_val_if_fail (out != NULL && entry != NULL, FALSE);
  g_return_val_if_fail (SCOPE_IS_NAMES (names), FALSE);

  if (entry->kind == SCOPE_ENTRY_FRAME)
    return FALSE;

  channel = scope_entry_get_name (entry, names, SCOPE_ENTRY_NAME_CHANNEL, &own_channel);
  event = NULL;
  if (entry->kind == SCOPE_ENTRY_EVENT)
    event = scope_entry_get_name (entry, names, SCOPE_ENTRY_NAME_EVENT, &own_event);
  if (event == NULL)
    event = scope_entry_kind_to_name (entry->kind);
  preview = scope_entry_dup_preview (entry, MAX_PREVIEW_BYTES);
  if (entry->kind == SCOPE_ENTRY_GAP)
    {
      /* its words say what it is */
      gap = g_steal_pointer (&preview);
      event = gap;
    }

  line_append_text_head (out, entry, colour);
  if (channel != NULL)
    line_append_text_part (out, channel, colour ? ANSI_CYAN : NULL);
  line_append_text_part (out, event, colour ? line_get_style (entry) : NULL);
  if (preview != NULL)
    g_string_append (out, preview);
  line_end (out);
  return TRUE;
}

/**
 * scope_line_append_frame_text:
 * @out: where the line goes
 * @entry: an entry of any kind
 * @colour: whether to use ANSI colours
 *
 * Appends the frame of @entry for people: its time, direction and text.
 *
 * Returns: %FALSE, with nothing appended, if the entry has no frame
 */
gboolean
scope_line_append_frame_text (GString          *out,
                              const ScopeEntry *entry,
                              gboolean          colour)
{
  g_autofree char *text = NULL;
  const char *bytes;
  gsize size;

  g_return_val_if_fail (out != NULL && entry != NULL, FALSE);

  if (entry->frame == NULL)
    return FALSE;

  bytes = g_bytes_get_data (entry->frame, &size);
  text = scope_text_for_display (bytes != NULL ? bytes : "", size, MAX_PREVIEW_BYTES);
  line_append_text_head (out, entry, colour);
  line_append_styled (out, colour ? ANSI_DIM : NULL, text);
  line_end (out);
  return TRUE;
}
