/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-entry"

#include "config.h"

#include "capture/scope-entry.h"

#include <string.h>

#include "base/scope-text.h"
#include "capture/scope-data.h"

/* A frame that was made again may be longer than the one that came: twice as long and so much, as placeholders of
 * short values are */
#define MOST_ADDED_BYTES (64 * 1024)

G_DEFINE_BOXED_TYPE (ScopeEntry, scope_entry, scope_entry_ref, scope_entry_unref)

/* A text's bytes as they lie in the frame share the frame's memory. */
static GBytes *
scope_entry_text_to_bytes (const ScopeEntry *self,
                           ScopeDataText    *text)
{
  const char *frame = NULL;
  gsize size = 0;

  if (text->owned != NULL && text->is_text)
    return g_string_free_to_bytes (g_steal_pointer (&text->owned));

  if (self->frame != NULL)
    frame = g_bytes_get_data (self->frame, &size);
  if (frame != NULL && text->text >= frame && text->text <= frame + size)
    return g_bytes_new_from_bytes (self->frame, text->text - frame, text->length);
  return g_bytes_new (text->text, text->length);
}

static GBytes *
scope_entry_dup_token (const ScopeEntry *self,
                       ScopeJsonKind     kind,
                       const char       *token,
                       gsize             length,
                       gboolean         *is_text)
{
  ScopeDataText text;
  GBytes *bytes;

  if (kind == SCOPE_JSON_NONE)
    return NULL;

  _scope_data_text_init (&text, kind, token, length);
  if (is_text != NULL)
    *is_text = text.is_text;
  bytes = scope_entry_text_to_bytes (self, &text);
  _scope_data_text_clear (&text);
  return bytes;
}

/**
 * scope_entry_new:
 * @kind: what happened
 * @time_usec: when: microseconds since 1970, UTC
 *
 * The caller fills in the other fields before anyone else sees the entry; `frame` and `detail` it
 * hands over.
 *
 * Returns: (transfer full): an entry with neither names nor data
 */
ScopeEntry *
scope_entry_new (ScopeEntryKind kind,
                 gint64         time_usec)
{
  ScopeEntry *self = g_new0 (ScopeEntry, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->time_usec = time_usec;
  return self;
}

/**
 * scope_entry_ref:
 *
 * Returns: (transfer full): @self
 */
ScopeEntry *
scope_entry_ref (ScopeEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * scope_entry_unref:
 * @self: (transfer full): an entry
 */
void
scope_entry_unref (ScopeEntry *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->frame, g_bytes_unref);
  g_free (self->detail);
  g_free (self);
}

/**
 * scope_entry_set_event:
 * @names: what @self refers to
 * @event: the event's name
 * @user: (nullable): the id of the user who sent it
 * @data: where `data` stands in the frame
 *
 * Takes over what a frame says of an event; only while the entry is built.
 */
void
scope_entry_set_event (ScopeEntry    *self,
                       ScopeNames    *names,
                       const char    *event,
                       gssize         event_length,
                       const char    *user,
                       gssize         user_length,
                       ScopeSpan      data,
                       ScopeJsonKind  data_kind)
{
  g_return_if_fail (self != NULL && event != NULL);

  self->event = scope_names_intern (names, event, event_length);
  if (user != NULL)
    self->user = scope_names_intern (names, user, user_length);
  self->data = data;
  self->data_kind = data_kind;
}

/**
 * scope_entry_get_size:
 *
 * Of an imported line it is what the line says: its frame was made again of what the line holds, and of a redacted
 * one that is something else.
 *
 * Returns: the bytes of the frame as it came, or 0 if the entry comes from none
 */
gsize
scope_entry_get_size (const ScopeEntry *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if ((self->flags & SCOPE_ENTRY_TOLD_SIZE) != 0)
    return self->told_size;
  return scope_entry_get_frame_size (self);
}

/**
 * scope_entry_get_frame_size:
 *
 * Returns: the bytes of the frame that is there, whatever is told, or 0: what reading it takes goes by this
 */
gsize
scope_entry_get_frame_size (const ScopeEntry *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->frame != NULL ? g_bytes_get_size (self->frame) : 0;
}

/**
 * scope_entry_can_tell_size:
 * @told_size: bytes that a frame is said to have had
 * @frame_size: bytes that it has
 *
 * Long rows are known by their size before anything else of them is read. A placeholder may be longer than what it
 * hides; but nobody may say of a long frame that it is a short one.
 *
 * Returns: whether the first may be told of the second
 */
gboolean
scope_entry_can_tell_size (gsize told_size,
                           gsize frame_size)
{
  return told_size >= frame_size || frame_size - told_size <= told_size + MOST_ADDED_BYTES;
}

/**
 * scope_entry_kind_to_name:
 * @kind: a kind
 *
 * Returns: (transfer none): the `type` of its line ("event"); "gap" and "frame" for those two;
 *   "unknown" for a number that is no kind
 */
const char *
scope_entry_kind_to_name (ScopeEntryKind kind)
{
  static const char * const names[] = {
    [SCOPE_ENTRY_STATE] = "state",
    [SCOPE_ENTRY_CONNECTING_IN] = "connecting_in",
    [SCOPE_ENTRY_SUBSCRIPTION] = "subscription",
    [SCOPE_ENTRY_EVENT] = "event",
    [SCOPE_ENTRY_PRESENCE] = "presence",
    [SCOPE_ENTRY_COUNT] = "count",
    [SCOPE_ENTRY_CACHE_MISS] = "cache_miss",
    [SCOPE_ENTRY_USER] = "user",
    [SCOPE_ENTRY_WATCHLIST] = "watchlist",
    [SCOPE_ENTRY_ERROR] = "error",
    [SCOPE_ENTRY_FRAME] = "frame",
    [SCOPE_ENTRY_GAP] = "gap",
  };

  return kind >= SCOPE_ENTRY_STATE && kind <= SCOPE_ENTRY_GAP ? names[kind] : "unknown";
}

/* The frame may come from a file: it is scanned, not trusted. */
static char *
scope_entry_read_name (const ScopeEntry *self,
                       ScopeEntryName    which)
{
  static const char * const keys[SCOPE_ENTRY_N_NAMES] = { "channel", "event", "user_id" };
  ScopeJsonWanted wanted = { keys[which] };
  const char *frame = NULL;
  gsize size = 0;

  if (self->frame != NULL)
    frame = g_bytes_get_data (self->frame, &size);
  if (frame == NULL || !scope_json_scan_object (frame, size, &wanted, 1, NULL)
      || wanted.kind != SCOPE_JSON_STRING)
    return NULL;
  return scope_json_string_dup (frame + wanted.value.offset, wanted.value.length);
}

/**
 * scope_entry_get_name:
 * @names: the names it refers to
 * @which: which of its names
 * @owned: (inout): `NULL` at first; keeps what had to be read, to be freed by the caller
 *
 * Past `SCOPE_LIMIT_NAMES` names have no number of their own; they still stand in the frame.
 *
 * Returns: (transfer none) (nullable): the name; `NULL` if there is none; if it is nowhere, words
 *   that say that there were too many
 */
const char *
scope_entry_get_name (const ScopeEntry *self,
                      ScopeNames       *names,
                      ScopeEntryName    which,
                      char            **owned)
{
  guint32 id;

  g_return_val_if_fail (self != NULL && owned != NULL && which < SCOPE_ENTRY_N_NAMES, NULL);

  id = which == SCOPE_ENTRY_NAME_CHANNEL ? self->channel
       : which == SCOPE_ENTRY_NAME_EVENT ? self->event
                                         : self->user;
  if (id == SCOPE_NAMES_OVERFLOW && *owned == NULL)
    *owned = scope_entry_read_name (self, which);
  if (id == SCOPE_NAMES_OVERFLOW && *owned != NULL)
    return *owned;
  return scope_names_get (names, id);
}

/**
 * scope_entry_dup_detail:
 * @key: a member of the detail
 *
 * Returns: (transfer full) (nullable): that member as text, as of scope_json_dup_member(); `NULL` also if there
 *   is no detail
 */
char *
scope_entry_dup_detail (const ScopeEntry *self,
                        const char       *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  if (self->detail == NULL)
    return NULL;
  return scope_json_dup_member (self->detail, strlen (self->detail), key);
}

/**
 * scope_entry_dup_raw:
 * @is_text: (out) (optional): %FALSE if `data` escapes lone surrogates: such text has no UTF-8
 *   form, and its JSON token, quotes included, is returned instead
 *
 * Returns: (transfer full) (nullable): the text of `data` as it came: string decoding undone, for
 *   any other kind its JSON text; %NULL if the frame has none. The bytes may hold NUL
 */
GBytes *
scope_entry_dup_raw (const ScopeEntry *self,
                     gboolean         *is_text)
{
  const char *token = NULL;
  gsize length = 0;
  ScopeJsonKind kind;

  g_return_val_if_fail (self != NULL, NULL);

  kind = _scope_entry_get_token (self, &token, &length);
  return scope_entry_dup_token (self, kind, token, length, is_text);
}

/**
 * scope_entry_dup_data:
 * @is_text: (out) (optional): as for scope_entry_dup_raw()
 *
 * Returns: (transfer full) (nullable): the plaintext of a decrypted event, else what
 *   scope_entry_dup_raw() returns
 */
GBytes *
scope_entry_dup_data (const ScopeEntry *self,
                      gboolean         *is_text)
{
  const char *token = NULL;
  gsize length = 0;
  ScopeJsonKind kind;

  g_return_val_if_fail (self != NULL, NULL);

  kind = _scope_entry_get_plain_token (self, &token, &length);
  return scope_entry_dup_token (self, kind, token, length, is_text);
}

static char *
scope_entry_dup_data_preview (const ScopeEntry *self,
                              gsize             max_bytes)
{
  const char *token = NULL;
  gsize length = 0;
  ScopeJsonKind kind = _scope_entry_get_plain_token (self, &token, &length);

  return _scope_data_dup_preview (kind, token, length, max_bytes);
}

/**
 * scope_entry_dup_preview:
 * @max_bytes: the longest text wanted
 *
 * Returns: (transfer full): one line of UTF-8 for a list: an event's data, a frame's text, or what
 *   happened in words; "" if there is nothing to say
 */
char *
scope_entry_dup_preview (const ScopeEntry *self,
                         gsize             max_bytes)
{
  g_autofree char *words = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->kind == SCOPE_ENTRY_FRAME && self->frame != NULL)
    {
      gsize size;
      const char *bytes = g_bytes_get_data (self->frame, &size);

      return scope_text_for_display (bytes, size, max_bytes);
    }
  if (self->kind != SCOPE_ENTRY_EVENT)
    words = _scope_entry_dup_words (self);
  if (words != NULL)
    return scope_text_for_display (words, -1, max_bytes);
  return scope_entry_dup_data_preview (self, max_bytes);
}

/**
 * scope_record_has_names:
 *
 * Returns: %FALSE if one of its names can only be had by scope_entry_get_name()
 */
gboolean
scope_record_has_names (const ScopeRecord *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->channel != SCOPE_NAMES_OVERFLOW && self->event != SCOPE_NAMES_OVERFLOW
         && self->user != SCOPE_NAMES_OVERFLOW;
}

/**
 * scope_entry_to_record:
 * @record: (out caller-allocates): what stays of the entry in memory
 */
void
scope_entry_to_record (const ScopeEntry *self,
                       ScopeRecord      *record)
{
  g_return_if_fail (self != NULL && record != NULL);

  *record = (ScopeRecord) {
    .time_usec = CLAMP (self->time_usec, -SCOPE_RECORD_MAX_TIME, SCOPE_RECORD_MAX_TIME),
    .channel = self->channel,
    .event = self->event,
    .user = self->user,
    .size = MIN (scope_entry_get_size (self), SCOPE_RECORD_MAX_SIZE),
    .kind = self->kind,
    .direction = self->direction,
    .flags = self->flags,
  };
}
