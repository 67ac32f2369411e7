/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-item"

#include "config.h"

#include "session/scope-event-list-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "capture/scope-data.h"

#define VALUE_MAX_BYTES 200
/* records looked at for the last event of the same kind: some ten microseconds */
#define MAX_RECORDS_BACK 4096
#define PAYLOAD_UNKNOWN -2

struct _ScopeEventItem
{
  GObject parent_instance;

  ScopeEventList *list;
  guint64 sequence;
  ScopeRecord record;
  gint64 delta_usec;

  guint64 first; /* of its list, as it was made: what is told since then counts from there */

  gboolean was_read;
  gboolean failed;
  ScopeEntry *entry;
  char *preview;
  char *own_names[SCOPE_ENTRY_N_NAMES]; /* read from the frame */

  gboolean has_value;
  ScopeDataValue value;
  gint64 payload_size;  /* -1: it has none; PAYLOAD_UNKNOWN */
  gsize encoded_length; /* of the data as it stands in a long frame; 0: not known */
  guint rules_serial; /* which rules it was judged by; 0: none */
  int rule;
};

G_DEFINE_FINAL_TYPE (ScopeEventItem, scope_event_item, G_TYPE_OBJECT)

static const char * const kind_words[] = {
  [SCOPE_ENTRY_STATE] = N_("State"),
  [SCOPE_ENTRY_CONNECTING_IN] = N_("Waiting"),
  [SCOPE_ENTRY_SUBSCRIPTION] = N_("Subscription"),
  [SCOPE_ENTRY_EVENT] = N_("Event"),
  [SCOPE_ENTRY_PRESENCE] = N_("Presence"),
  [SCOPE_ENTRY_COUNT] = N_("Count"),
  [SCOPE_ENTRY_CACHE_MISS] = N_("Cache miss"),
  [SCOPE_ENTRY_USER] = N_("User"),
  [SCOPE_ENTRY_WATCHLIST] = N_("Watchlist"),
  [SCOPE_ENTRY_ERROR] = N_("Error"),
  [SCOPE_ENTRY_FRAME] = N_("Frame"),
  [SCOPE_ENTRY_GAP] = N_("Gap"),
};

static void
scope_event_item_show_problem (ScopeEventItem *self,
                               const GError   *error)
{
  self->failed = TRUE;
  g_free (self->preview); /* that of a long row, which has been dropped since */
  self->preview = g_strdup_printf (_("Can’t be read: %s"), error->message);
}

/* Reads the entry once; a failure is what the preview then says. */
static void
scope_event_item_ensure_entry (ScopeEventItem *self)
{
  g_autoptr (GError) error = NULL;

  if (self->was_read)
    return;

  self->was_read = TRUE;
  self->entry = _scope_event_list_read (self->list, self->sequence, &error);
  if (self->entry == NULL)
    scope_event_item_show_problem (self, error);
}

/* Of a long row only the beginning is read; the whole of it if that does not tell, and not kept. */
static void
scope_event_item_ensure_preview (ScopeEventItem *self)
{
  ScopeCapture *capture = _scope_event_list_get_capture (self->list);
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  if (self->preview != NULL)
    return;
  entry = _scope_event_item_find_kept (self);
  if (entry == NULL && capture != NULL && scope_event_item_is_long (self))
    self->preview = scope_capture_dup_preview (capture, self->sequence, &self->record, SCOPE_ITEM_PREVIEW_BYTES,
                                               &self->encoded_length);
  if (self->preview != NULL)
    return;
  if (entry == NULL)
    entry = _scope_event_list_read (self->list, self->sequence, &error);
  if (entry != NULL)
    self->preview = scope_entry_dup_preview (entry, SCOPE_ITEM_PREVIEW_BYTES);
  else
    scope_event_item_show_problem (self, error);
}

/* ---- read elsewhere ---- */

/**
 * scope_event_item_is_loaded:
 *
 * Returns: whether its texts can be told without reading a file
 */
gboolean
scope_event_item_is_loaded (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), TRUE);

  return scope_event_item_is_long (self) ? self->preview != NULL : self->was_read;
}

static gboolean
scope_event_item_is_record_of (ScopeEventItem *self,
                               ScopeEventItem *other)
{
  return self->list == other->list && self->sequence == other->sequence
         && memcmp (&self->record, &other->record, sizeof (ScopeRecord)) == 0;
}

/**
 * scope_event_item_is_unchanged:
 * @self: a row
 * @other: a row of the same log
 *
 * Returns: whether both are of one event, and a list shows the same of both; never if it could not be read
 */
gboolean
scope_event_item_is_unchanged (ScopeEventItem *self,
                               ScopeEventItem *other)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), FALSE);
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (other), FALSE);

  return !self->failed && scope_event_item_is_record_of (self, other) && self->first == other->first
         && self->delta_usec == other->delta_usec;
}

/**
 * scope_event_item_inherit:
 * @self: a row
 * @former: a row of the same log
 *
 * Has it what was read of the former one, if that is of the same event.
 */
void
scope_event_item_inherit (ScopeEventItem *self,
                          ScopeEventItem *former)
{
  g_return_if_fail (SCOPE_IS_EVENT_ITEM (self));
  g_return_if_fail (SCOPE_IS_EVENT_ITEM (former));

  if (former->failed || !scope_event_item_is_record_of (self, former) || scope_event_item_is_loaded (self)
      || !scope_event_item_is_loaded (former))
    return;
  self->was_read = former->was_read;
  self->entry = former->entry != NULL ? scope_entry_ref (former->entry) : NULL;
  self->preview = g_strdup (former->preview);
  self->encoded_length = former->encoded_length;
  self->payload_size = former->payload_size;
}

/**
 * scope_event_item_knows_names:
 *
 * Returns: whether its channel, its event and its user can be told without reading a file; they can of all
 *   but rows whose capture has more names than have numbers
 */
gboolean
scope_event_item_knows_names (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), TRUE);

  return scope_event_item_is_loaded (self)
         || (self->record.channel != SCOPE_NAMES_OVERFLOW && self->record.event != SCOPE_NAMES_OVERFLOW
             && self->record.user != SCOPE_NAMES_OVERFLOW);
}

gboolean
_scope_event_item_load_kept (ScopeEventItem *self)
{
  g_autoptr (ScopeEntry) kept = _scope_event_item_find_kept (self);

  if (kept == NULL && _scope_event_list_get_capture (self->list) != NULL)
    return FALSE;
  scope_event_item_get_preview (self);
  return TRUE;
}

void
_scope_event_item_begin_load (ScopeEventItem *self,
                              ScopeItemLoad  *load)
{
  load->sequence = self->sequence;
  load->record = self->record;
}

void
_scope_event_item_end_load (ScopeEventItem *self,
                            ScopeItemLoad  *load)
{
  if (scope_event_item_is_loaded (self))
    return;
  if (!scope_event_item_is_long (self))
    {
      self->was_read = TRUE;
      self->entry = g_steal_pointer (&load->entry);
    }
  self->encoded_length = load->encoded_length;
  if (load->payload_size != 0)
    self->payload_size = load->payload_size;
  if (load->preview != NULL && self->preview == NULL)
    self->preview = g_steal_pointer (&load->preview);
  else if (load->preview == NULL)
    scope_event_item_show_problem (self, load->error);
}

/* ---- names ---- */

/* Only a name without a number has the entry read. */
static const char *
scope_event_item_get_name (ScopeEventItem *self,
                           ScopeEntryName  which,
                           guint32         id)
{
  ScopeNames *names = _scope_event_list_get_names (self->list);

  if (id == SCOPE_NAMES_OVERFLOW)
    scope_event_item_ensure_entry (self);
  if (id == SCOPE_NAMES_OVERFLOW && self->entry != NULL)
    return scope_entry_get_name (self->entry, names, which, &self->own_names[which]);
  return scope_names_get (names, id);
}

static void
scope_event_item_finalize (GObject *object)
{
  ScopeEventItem *self = SCOPE_EVENT_ITEM (object);

  if (self->has_value)
    _scope_data_value_clear (&self->value);
  g_clear_pointer (&self->entry, scope_entry_unref);
  g_clear_object (&self->list);
  g_free (self->preview);
  for (guint i = 0; i < SCOPE_ENTRY_N_NAMES; i++)
    g_free (self->own_names[i]);

  G_OBJECT_CLASS (scope_event_item_parent_class)->finalize (object);
}

static void
scope_event_item_class_init (ScopeEventItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_event_item_finalize;
}

static void
scope_event_item_init (ScopeEventItem *self)
{
  self->payload_size = PAYLOAD_UNKNOWN;
}

ScopeEventItem *
_scope_event_item_new (ScopeEventList    *list,
                       guint64            sequence,
                       const ScopeRecord *record,
                       gint64             delta_usec)
{
  ScopeEventItem *self = g_object_new (SCOPE_TYPE_EVENT_ITEM, NULL);

  self->list = g_object_ref (list);
  self->sequence = sequence;
  self->record = *record;
  self->delta_usec = delta_usec;
  self->first = _scope_event_list_get_first (list);
  return self;
}

ScopeEventList *
_scope_event_item_get_list (ScopeEventItem *self)
{
  return self->list;
}

void
_scope_event_item_set_payload (ScopeEventItem *self,
                               gint64          size)
{
  self->payload_size = size;
}

ScopeEntry *
_scope_event_item_find_kept (ScopeEventItem *self)
{
  if (self->entry != NULL)
    return scope_entry_ref (self->entry);
  return _scope_event_list_find_kept (self->list, self->sequence);
}

ScopeEntry *
_scope_event_item_dup_entry (ScopeEventItem *self)
{
  ScopeEntry *entry = _scope_event_item_find_kept (self);

  if (entry != NULL)
    return entry;
  if (scope_event_item_is_long (self))
    return _scope_event_list_read (self->list, self->sequence, NULL);
  scope_event_item_ensure_entry (self);
  return self->entry != NULL ? scope_entry_ref (self->entry) : NULL;
}

/**
 * scope_event_item_get_sequence:
 * @self: a row
 *
 * Returns: the number of its entry, from 1, by order of arrival
 */
guint64
scope_event_item_get_sequence (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), 0);

  return self->sequence;
}

/**
 * scope_event_item_is_same_event:
 * @self: (nullable): a row
 * @other: (nullable): another one of the same log
 *
 * A row is made anew each time it is asked for: its number tells whether it is the same.
 *
 * Returns: whether both are rows, of one event
 */
gboolean
scope_event_item_is_same_event (ScopeEventItem *self,
                                ScopeEventItem *other)
{
  g_return_val_if_fail (self == NULL || SCOPE_IS_EVENT_ITEM (self), FALSE);
  g_return_val_if_fail (other == NULL || SCOPE_IS_EVENT_ITEM (other), FALSE);

  return self != NULL && other != NULL && self->sequence == other->sequence;
}

/**
 * scope_event_item_get_record:
 * @self: a row
 *
 * Returns: (transfer none): what is known of it without reading it: time, kind, size …
 */
const ScopeRecord *
scope_event_item_get_record (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), NULL);

  return &self->record;
}

/**
 * scope_event_item_get_channel:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): its channel's name
 */
const char *
scope_event_item_get_channel (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), NULL);

  return scope_event_item_get_name (self, SCOPE_ENTRY_NAME_CHANNEL, self->record.channel);
}

/**
 * scope_event_item_get_event:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the event's name; for other kinds the kind, in words
 */
const char *
scope_event_item_get_event (ScopeEventItem *self)
{
  guint kind;

  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), NULL);

  kind = self->record.kind;
  if (kind == SCOPE_ENTRY_EVENT || (kind == SCOPE_ENTRY_FRAME && self->record.event != 0))
    return scope_event_item_get_name (self, SCOPE_ENTRY_NAME_EVENT, self->record.event);
  if (kind >= G_N_ELEMENTS (kind_words) || kind_words[kind] == NULL)
    return _("Unknown");
  return _(kind_words[kind]);
}

/**
 * scope_event_item_get_user:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the id of the user it came from
 */
const char *
scope_event_item_get_user (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), NULL);

  return scope_event_item_get_name (self, SCOPE_ENTRY_NAME_USER, self->record.user);
}

/**
 * scope_event_item_get_delta_usec:
 * @self: a row
 *
 * Returns: microseconds since the row shown before it; -1 for the first one
 */
gint64
scope_event_item_get_delta_usec (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), -1);

  return self->delta_usec;
}

/**
 * scope_event_item_get_marks:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the bookmarks among which its own is, if it has one
 */
ScopeMarkList *
scope_event_item_get_marks (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), NULL);

  return _scope_event_list_get_marks (self->list);
}

/**
 * scope_event_item_get_preview:
 * @self: a row
 *
 * Returns: (transfer none): its data, or what happened, in one bounded line; never `NULL`. If the
 *   row can't be read, the line says why.
 */
const char *
scope_event_item_get_preview (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), "");

  if (!scope_event_item_is_long (self))
    scope_event_item_ensure_entry (self);
  scope_event_item_ensure_preview (self);
  return self->preview;
}

/**
 * scope_event_item_get_entry:
 * @self: a row
 *
 * Blocks while a long row is read: see scope_event_item_read_async().
 *
 * Returns: (transfer none) (nullable): the whole entry, read when first asked for; `NULL` if it
 *   can't be read
 */
ScopeEntry *
scope_event_item_get_entry (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), NULL);

  scope_event_item_ensure_entry (self);
  return self->entry;
}

/**
 * scope_event_item_get_since_same_usec:
 * @self: a row
 *
 * Looks back over a bounded number of rows, also over those that a filter hides.
 *
 * Returns: microseconds since the last event of the same name in the same channel; -1 if it is the
 *   first, `SCOPE_SINCE_UNKNOWN` if there was none for too long, or the names have no number
 */
gint64
scope_event_item_get_since_same_usec (ScopeEventItem *self)
{
  const ScopeRecord *own;

  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), -1);

  own = &self->record;
  if (!scope_record_has_names (own))
    return SCOPE_SINCE_UNKNOWN;
  for (guint i = 1; i <= MAX_RECORDS_BACK; i++)
    {
      const ScopeRecord *record =
          self->sequence > i ? _scope_event_list_peek (self->list, self->sequence - i) : NULL;

      if (record == NULL)
        return -1;
      if (record->kind == own->kind && record->channel == own->channel
          && record->event == own->event)
        return MAX (own->time_usec - record->time_usec, 0);
    }
  return SCOPE_SINCE_UNKNOWN;
}

/**
 * scope_event_item_get_elapsed_usec:
 * @self: a row
 *
 * Returns: microseconds since the log's first row that is kept, shown or not
 */
gint64
scope_event_item_get_elapsed_usec (ScopeEventItem *self)
{
  const ScopeRecord *first;

  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), 0);

  first = _scope_event_list_peek (self->list, _scope_event_list_get_first (self->list));
  return first != NULL ? self->record.time_usec - first->time_usec : 0;
}

static gboolean
scope_event_item_ensure_value (ScopeEventItem *self)
{
  const char *token = NULL;
  gsize length = 0;
  ScopeJsonKind kind;

  scope_event_item_ensure_entry (self);
  if (self->entry == NULL || scope_event_item_is_long (self))
    return FALSE;
  if (self->has_value)
    return TRUE;
  kind = _scope_entry_get_plain_token (self->entry, &token, &length);
  _scope_data_value_init (&self->value, kind, token, length);
  self->has_value = TRUE;
  return TRUE;
}

/* The value's own bytes; a string decoded. One bounded line. */
static char *
value_dup_text (ScopeJsonKind  kind,
                const char    *json,
                gsize          length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (kind == SCOPE_JSON_STRING && scope_json_string_decode (json, length, text))
    return scope_text_for_display (text->str, text->len, VALUE_MAX_BYTES);
  return scope_text_for_display (json, length, VALUE_MAX_BYTES);
}

/**
 * scope_event_item_is_long:
 * @self: a row
 *
 * Returns: whether its payload is too long to be read for a cell
 */
gboolean
scope_event_item_is_long (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), FALSE);

  return _scope_record_is_long (&self->record);
}

/**
 * scope_event_item_dup_value:
 * @self: a row
 * @path: as of scope_path_parse(); its first step is `data`
 * @kind: (out): what stands there
 *
 * Returns: (transfer full) (nullable): one bounded line: a string decoded, anything else as it came;
 *   %NULL if nothing stands there, or the payload is too long
 */
char *
scope_event_item_dup_value (ScopeEventItem *self,
                            GPtrArray      *path,
                            ScopeJsonKind  *kind)
{
  ScopeSpan span = { 0, 0 };

  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self) && path != NULL && kind != NULL, NULL);

  *kind = SCOPE_JSON_NONE;
  if (!scope_event_item_ensure_value (self) || self->value.kind == SCOPE_JSON_NONE)
    return NULL;
  if (path->len == 1)
    {
      *kind = self->value.kind;
      span.length = self->value.length;
    }
  else
    *kind = scope_path_find (path, 1, self->value.json, self->value.length, &span);
  if (*kind == SCOPE_JSON_NONE)
    return NULL;
  return value_dup_text (*kind, self->value.json + span.offset, span.length);
}

/**
 * scope_event_item_get_data_size:
 * @self: a row
 *
 * Returns: bytes of its data as a server counts them, once its string is decoded; read only if the
 *   frame is larger than what a server accepts, else 0. Of a long row that was not read yet: as they stand in the frame
 */
gsize
scope_event_item_get_data_size (ScopeEventItem *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), 0);

  if (self->record.kind != SCOPE_ENTRY_EVENT || self->record.size <= SCOPE_LIMIT_DATA_BYTES)
    return 0;
  if (self->payload_size == PAYLOAD_UNKNOWN && scope_event_item_is_long (self))
    {
      scope_event_item_ensure_preview (self);
      if (self->encoded_length > 0)
        return self->encoded_length;
    }
  if (self->payload_size == PAYLOAD_UNKNOWN)
    {
      scope_event_item_ensure_entry (self);
      self->payload_size = _scope_entry_measure_raw (self->entry);
    }
  return MAX (self->payload_size, 0);
}

/**
 * scope_event_item_get_payload_size:
 * @self: a row
 * @entry: (nullable): its entry
 *
 * Returns: bytes of its payload, once its string is decoded; -1 if it has none
 */
gint64
scope_event_item_get_payload_size (ScopeEventItem *self,
                                   ScopeEntry     *entry)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (self), -1);

  if (self->payload_size == PAYLOAD_UNKNOWN && entry != NULL)
    self->payload_size = _scope_entry_measure_raw (entry);
  return self->payload_size != PAYLOAD_UNKNOWN ? self->payload_size : -1;
}

gboolean
_scope_event_item_get_rule (ScopeEventItem *self,
                            guint           serial,
                            int            *rule)
{
  *rule = self->rule;
  return self->rules_serial == serial;
}

void
_scope_event_item_set_rule (ScopeEventItem *self,
                            guint           serial,
                            int             rule)
{
  self->rules_serial = serial;
  self->rule = rule;
}

ScopeNames *
_scope_event_item_get_names (ScopeEventItem *self)
{
  return _scope_event_list_get_names (self->list);
}
