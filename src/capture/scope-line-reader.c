/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-line"

#include "config.h"

#include "capture/scope-line-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"

/* A frame is longer than its line for white space, escapes, keys nobody knows, and what was redacted: it is made
 * no longer than this, and else the size is one that is told. */
#define MOST_PADDED_BYTES(line_length) (8 * (line_length) + 16 * 1024)

/* The keys of an event's line, in the contract's order. */
enum
{
  KEY_TIME,
  KEY_TYPE,
  KEY_DIRECTION,
  KEY_CHANNEL,
  KEY_EVENT,
  KEY_DATA,
  KEY_RAW,
  KEY_USER_ID,
  KEY_SIZE,
  KEY_ENCRYPTED,
  KEY_DECRYPTED,
  KEY_TEXT,
  KEY_BOOKMARK,
  KEY_NOTE,
  N_KEYS,
};

static const char * const line_keys[N_KEYS] = {
  "time", "type", "direction", "channel", "event", "data", "raw", "user_id", "size", "encrypted",
  "decrypted", "text", "bookmark", "note",
};

typedef struct
{
  const char *text;
  gsize length;
  ScopeJsonWanted keys[N_KEYS];
  ScopeNames *names;
  char *note; /* of the bookmark; NULL: none */
} LineReader;

static const char *
line_reader_get_token (LineReader *self,
                       guint       key,
                       gsize      *length)
{
  *length = self->keys[key].value.length;
  return self->text + self->keys[key].value.offset;
}

static gboolean
line_reader_is (LineReader *self,
                guint       key,
                const char *text)
{
  gsize length;
  const char *token = line_reader_get_token (self, key, &length);

  return self->keys[key].kind == SCOPE_JSON_STRING && scope_json_string_equal (token, length, text);
}

/* A string's text, or NULL. */
static char *
line_reader_dup_string (LineReader *self,
                        guint       key)
{
  gsize length;
  const char *token = line_reader_get_token (self, key, &length);

  return self->keys[key].kind == SCOPE_JSON_STRING ? scope_json_string_dup (token, length) : NULL;
}

static gboolean
line_reader_read_time (LineReader *self,
                       gint64     *time_usec,
                       GError    **error)
{
  g_autofree char *time = line_reader_dup_string (self, KEY_TIME);

  if (time == NULL || !scope_text_parse_rfc3339 (time, time_usec) || *time_usec < 0)
    return scope_error_set (error, SCOPE_ERROR_CAPTURE,
                            _("its “time” is no date and time like 2026-11-21T14:05:02.113Z"));
  return TRUE;
}

static gboolean
line_reader_read_kind (LineReader     *self,
                       ScopeEntryKind *kind,
                       GError        **error)
{
  for (guint i = SCOPE_ENTRY_STATE; i <= SCOPE_ENTRY_FRAME; i++)
    if (line_reader_is (self, KEY_TYPE, scope_entry_kind_to_name (i)))
      {
        *kind = i;
        return TRUE;
      }
  return scope_error_set (error, SCOPE_ERROR_CAPTURE, _("its “type” is none of this program’s"));
}

static ScopeDirection
line_reader_get_direction (LineReader *self)
{
  if (line_reader_is (self, KEY_DIRECTION, "in"))
    return SCOPE_DIRECTION_IN;
  return line_reader_is (self, KEY_DIRECTION, "out") ? SCOPE_DIRECTION_OUT : SCOPE_DIRECTION_NONE;
}

/* The id of a user may be a number: it is its text, as in a frame. */
static gboolean
line_reader_dup_name (LineReader *self,
                      guint       key,
                      GString    *name,
                      GError    **error)
{
  gsize length;
  const char *token = line_reader_get_token (self, key, &length);

  if (self->keys[key].kind == SCOPE_JSON_NUMBER && key == KEY_USER_ID)
    g_string_append_len (name, token, length);
  else if (self->keys[key].kind != SCOPE_JSON_STRING)
    return scope_error_set (error, SCOPE_ERROR_CAPTURE, _("its “%s” is no text"), line_keys[key]);
  else if (!scope_json_string_decode (token, length, name) || strlen (name->str) != name->len)
    return scope_error_set (error, SCOPE_ERROR_CAPTURE, _("its “%s” holds a NUL, or one half of a surrogate pair"),
                            line_keys[key]);
  if (name->len > SCOPE_LIMIT_RECEIVED_NAME_BYTES)
    return scope_error_set (error, SCOPE_ERROR_CAPTURE, _("its “%s” is longer than %d bytes"), line_keys[key],
                            SCOPE_LIMIT_RECEIVED_NAME_BYTES);
  return TRUE;
}

/* What can be no name is no line: cut or replaced it would be another one. */
static gboolean
line_reader_intern (LineReader *self,
                    guint       key,
                    guint32    *id,
                    GError    **error)
{
  g_autoptr (GString) name = NULL;

  *id = 0;
  if (self->keys[key].kind == SCOPE_JSON_NONE || self->keys[key].kind == SCOPE_JSON_NULL)
    return TRUE;
  name = g_string_new (NULL);
  if (!line_reader_dup_name (self, key, name, error))
    return FALSE;
  *id = scope_names_intern (self->names, name->str, name->len);
  return TRUE;
}

/* --- an event's frame --- */

static void
line_reader_append_member (LineReader *self,
                           GString    *frame,
                           guint       key,
                           const char *name)
{
  gsize length;
  const char *token = line_reader_get_token (self, key, &length);

  if (self->keys[key].kind == SCOPE_JSON_NONE || self->keys[key].kind == SCOPE_JSON_NULL)
    return;
  g_string_append_printf (frame, "%s\"%s\":", frame->len > 1 ? "," : "", name);
  g_string_append_len (frame, token, length);
}

/* Where `data` stands in the frame; the string is the frame's own token of `raw`, or its JSON text. */
static void
line_reader_append_data (GString    *frame,
                         const char *token,
                         gsize       length,
                         ScopeSpan  *span)
{
  g_string_append_printf (frame, "%s\"data\":", frame->len > 1 ? "," : "");
  span->offset = frame->len;
  span->length = length;
  g_string_append_len (frame, token, length);
}

static GString *
line_reader_build_frame (LineReader *self,
                         const char *data,
                         gsize       length,
                         ScopeSpan  *span)
{
  GString *frame = g_string_new ("{");

  line_reader_append_member (self, frame, KEY_EVENT, "event");
  line_reader_append_member (self, frame, KEY_CHANNEL, "channel");
  if (data != NULL)
    line_reader_append_data (frame, data, length, span);
  line_reader_append_member (self, frame, KEY_USER_ID, "user_id");
  g_string_append_c (frame, '}');
  return frame;
}

/* 0: the line has none */
static gsize
line_reader_get_size (LineReader *self)
{
  gsize length;
  const char *token = line_reader_get_token (self, KEY_SIZE, &length);
  g_autofree char *digits = g_strndup (token, length);
  guint64 size = 0;

  if (self->keys[KEY_SIZE].kind != SCOPE_JSON_NUMBER
      || !g_ascii_string_to_unsigned (digits, 10, 0, SCOPE_RECORD_MAX_SIZE, &size, NULL))
    return 0;
  return size;
}

/* The frame had a size: white space before its last brace makes up for what is missing. Where that can't be, as of a
 * placeholder that is longer than what it hides, the size is told if it can be; else the frame's counts. */
static void
line_reader_pad (LineReader *self,
                 ScopeEntry *entry,
                 GString    *frame,
                 gsize       size)
{
  if (size > 0 && (size < frame->len || size > MOST_PADDED_BYTES (self->length)))
    {
      if (scope_entry_can_tell_size (size, frame->len))
        {
          entry->flags |= SCOPE_ENTRY_TOLD_SIZE;
          entry->told_size = size;
        }
      return;
    }
  g_string_truncate (frame, frame->len - 1);
  while (frame->len + 1 < size)
    g_string_append_c (frame, ' ');
  g_string_append_c (frame, '}');
}

/* A line of another hand may have `data` alone. That of a decrypted event stood in no frame. */
static const char *
line_reader_get_data (LineReader       *self,
                      const ScopeEntry *entry,
                      ScopeJsonKind    *kind,
                      gsize            *length)
{
  gboolean has_raw = self->keys[KEY_RAW].kind == SCOPE_JSON_STRING;
  guint key = has_raw || (entry->flags & SCOPE_ENTRY_DECRYPTED) != 0 ? KEY_RAW : KEY_DATA;
  const char *token = line_reader_get_token (self, key, length);

  *kind = key == KEY_DATA || has_raw ? self->keys[key].kind : SCOPE_JSON_NONE;
  return *kind != SCOPE_JSON_NONE ? token : NULL;
}

/* `raw` as a string token is what the frame most likely had. If that is too long for its size, data was no
 * string there. */
static void
line_reader_fill_frame (LineReader *self,
                        ScopeEntry *entry)
{
  gsize size = line_reader_get_size (self);
  gsize length;
  const char *raw = line_reader_get_data (self, entry, &entry->data_kind, &length);
  g_autoptr (GString) json = NULL;
  GString *frame = line_reader_build_frame (self, raw, length, &entry->data);

  if (self->keys[KEY_RAW].kind == SCOPE_JSON_STRING && frame->len > size)
    {
      ScopeJsonKind kind = SCOPE_JSON_NONE;

      json = g_string_new (NULL);
      if (scope_json_string_decode (raw, length, json)
          && scope_json_check (json->str, json->len, &kind, NULL) && kind != SCOPE_JSON_STRING)
        {
          g_string_free (frame, TRUE);
          frame = line_reader_build_frame (self, json->str, json->len, &entry->data);
          entry->data_kind = kind;
        }
    }
  line_reader_pad (self, entry, frame, size);
  entry->frame = g_string_free_to_bytes (frame);
}

/* --- everything else --- */

static gboolean
line_reader_is_own_key (LineReader    *self,
                        ScopeEntryKind kind,
                        const char    *key,
                        gsize          length)
{
  static const guint last_of_others = KEY_TYPE;
  guint last = kind == SCOPE_ENTRY_EVENT ? KEY_DECRYPTED : last_of_others;

  for (guint i = 0; i <= last; i++)
    if (scope_json_string_equal (key, length, line_keys[i]))
      return TRUE;
  if (self->note != NULL
      && (scope_json_string_equal (key, length, line_keys[KEY_BOOKMARK])
          || scope_json_string_equal (key, length, line_keys[KEY_NOTE])))
    return TRUE;
  return kind != SCOPE_ENTRY_EVENT && scope_json_string_equal (key, length, "channel");
}

static void
line_reader_append_detail (GString    *detail,
                           const char *key,
                           gsize       key_length,
                           const char *value,
                           gsize       value_length)
{
  if (detail->len > 1)
    g_string_append_c (detail, ',');
  g_string_append_len (detail, key, key_length);
  g_string_append_c (detail, ':');
  g_string_append_len (detail, value, value_length);
}

/* What stands in no column of its own; of a decrypted event the plaintext. */
static char *
line_reader_dup_detail (LineReader      *self,
                        const ScopeEntry *entry)
{
  g_autoptr (GString) detail = g_string_new ("{");
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, self->text, self->length);
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    {
      const char *name = self->text + key.offset;
      gboolean is_plain = (entry->flags & SCOPE_ENTRY_DECRYPTED) != 0
                          && scope_json_string_equal (name, key.length, "data");

      if (is_plain || !line_reader_is_own_key (self, entry->kind, name, key.length))
        line_reader_append_detail (detail, name, key.length, self->text + value.offset, value.length);
    }
  if (detail->len == 1)
    return NULL;
  g_string_append_c (detail, '}');
  return g_string_free (g_steal_pointer (&detail), FALSE);
}

static gboolean
line_reader_read_event (LineReader *self,
                        ScopeEntry *entry,
                        GError    **error)
{
  if (self->keys[KEY_EVENT].kind != SCOPE_JSON_STRING)
    return scope_error_set (error, SCOPE_ERROR_CAPTURE, _("an event without a name"));

  if (!line_reader_intern (self, KEY_EVENT, &entry->event, error)
      || !line_reader_intern (self, KEY_USER_ID, &entry->user, error))
    return FALSE;
  if (self->keys[KEY_ENCRYPTED].kind == SCOPE_JSON_TRUE)
    entry->flags |= SCOPE_ENTRY_ENCRYPTED;
  if (self->keys[KEY_DECRYPTED].kind == SCOPE_JSON_TRUE)
    entry->flags |= SCOPE_ENTRY_DECRYPTED;
  line_reader_fill_frame (self, entry);
  return TRUE;
}

static gboolean
line_reader_read_frame (LineReader *self,
                        ScopeEntry *entry,
                        GError    **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize length;
  const char *token = line_reader_get_token (self, KEY_TEXT, &length);

  if (self->keys[KEY_TEXT].kind != SCOPE_JSON_STRING || !scope_json_string_decode (token, length, text))
    return scope_error_set (error, SCOPE_ERROR_CAPTURE, _("a frame without its text"));

  entry->frame = g_string_free_to_bytes (g_steal_pointer (&text));
  return TRUE;
}

static gboolean
line_reader_fill (LineReader *self,
                  ScopeEntry *entry,
                  GError    **error)
{
  entry->direction = line_reader_get_direction (self);
  if (!line_reader_intern (self, KEY_CHANNEL, &entry->channel, error))
    return FALSE;
  if (entry->kind == SCOPE_ENTRY_FRAME)
    return line_reader_read_frame (self, entry, error);
  if (entry->kind == SCOPE_ENTRY_EVENT && !line_reader_read_event (self, entry, error))
    return FALSE;
  entry->detail = line_reader_dup_detail (self, entry);
  return TRUE;
}

/* What can be no note of a bookmark stays what it is in the line: nothing is lost. */
static char *
line_reader_dup_note (LineReader *self)
{
  g_autoptr (GString) note = g_string_new (NULL);
  gsize length;
  const char *token = line_reader_get_token (self, KEY_NOTE, &length);

  if (self->keys[KEY_BOOKMARK].kind != SCOPE_JSON_TRUE)
    return NULL;
  if (self->keys[KEY_NOTE].kind == SCOPE_JSON_NONE)
    return g_strdup ("");
  if (self->keys[KEY_NOTE].kind != SCOPE_JSON_STRING || !scope_json_string_decode (token, length, note)
      || strlen (note->str) != note->len || note->len > SCOPE_LIMIT_NOTE_BYTES)
    return NULL;
  return g_string_free (g_steal_pointer (&note), FALSE);
}

/**
 * scope_line_read_ndjson:
 * @line: one line, with or without its line break
 * @names: takes the names of the line
 *
 * Returns: (transfer full): the entry that gives this line again; %NULL with SCOPE_ERROR_CAPTURE, whose text
 *   says what is wrong with the line, or SCOPE_ERROR_LIMIT if it is too long
 */
ScopeEntry *
scope_line_read_ndjson (const char  *line,
                        gsize        length,
                        ScopeNames  *names,
                        GError     **error)
{
  return scope_line_read_marked (line, length, names, NULL, error);
}

/**
 * scope_line_read_marked:
 * @line: one line, with or without its line break
 * @names: takes the names of the line
 * @note: (out) (optional) (transfer full) (nullable): of the bookmark on it, "" for one without a note; %NULL:
 *   the line tells of none. Without this, what tells of a bookmark is kept as a detail.
 *
 * Returns: (transfer full): as of scope_line_read_ndjson()
 */
ScopeEntry *
scope_line_read_marked (const char  *line,
                        gsize        length,
                        ScopeNames  *names,
                        char       **note,
                        GError     **error)
{
  LineReader self = { .text = line, .length = length, .names = names };
  ScopeJsonProblem problem;
  g_autoptr (ScopeEntry) entry = NULL;
  g_autofree char *own_note = NULL;
  ScopeEntryKind kind = SCOPE_ENTRY_EVENT;
  gint64 time_usec;

  g_return_val_if_fail (line != NULL && SCOPE_IS_NAMES (names), NULL);

  if (note != NULL)
    *note = NULL;
  if (length > SCOPE_LINE_MAX_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT, _("it is longer than %d bytes"),
                   SCOPE_LINE_MAX_BYTES);
      return NULL;
    }
  for (guint i = 0; i < N_KEYS; i++)
    self.keys[i].key = line_keys[i];
  if (!scope_json_scan_object (line, length, self.keys, N_KEYS, &problem))
    {
      g_autofree char *why = scope_json_problem_to_text (&problem);

      scope_error_set (error, SCOPE_ERROR_CAPTURE, _("it is no JSON object: %s"), why);
      return NULL;
    }
  if (!line_reader_read_time (&self, &time_usec, error) || !line_reader_read_kind (&self, &kind, error))
    return NULL;

  if (note != NULL)
    self.note = own_note = line_reader_dup_note (&self);
  entry = scope_entry_new (kind, time_usec);
  if (!line_reader_fill (&self, entry, error))
    return NULL;
  if (note != NULL)
    *note = g_steal_pointer (&own_note);
  return g_steal_pointer (&entry);
}
