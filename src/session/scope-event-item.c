/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-item"

#include "config.h"

#include "session/scope-event-list-private.h"

#include <glib/gi18n-lib.h>

#define PREVIEW_MAX_BYTES 512

struct _ScopeEventItem
{
  GObject parent_instance;

  ScopeEventList *list;
  guint64 sequence;
  ScopeRecord record;
  gint64 delta_usec;

  gboolean was_read;
  ScopeEntry *entry;
  char *preview;
  char *own_names[SCOPE_ENTRY_N_NAMES]; /* read from the frame */
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
    self->preview = g_strdup_printf (_("Can’t be read: %s"), error->message);
}

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
  return self;
}

ScopeEventList *
_scope_event_item_get_list (ScopeEventItem *self)
{
  return self->list;
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

  scope_event_item_ensure_entry (self);
  if (self->preview == NULL)
    self->preview = scope_entry_dup_preview (self->entry, PREVIEW_MAX_BYTES);
  return self->preview;
}

/**
 * scope_event_item_get_entry:
 * @self: a row
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
