/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-list"

#include "config.h"

#include "session/scope-event-list-rows.h"

#include "base/scope-error.h"

#include <glib/gi18n-lib.h>

ScopeNames *
_scope_event_list_get_names (ScopeEventList *self)
{
  return self->names;
}

ScopeLearntNames *
_scope_event_list_get_learnt_names (ScopeEventList *self)
{
  return self->learnt;
}

ScopeMarkList *
_scope_event_list_get_marks (ScopeEventList *self)
{
  return self->marks;
}

ScopeCapture *
_scope_event_list_get_capture (ScopeEventList *self)
{
  return self->capture;
}

gsize
_scope_event_list_get_size (ScopeEventList *self)
{
  return _scope_chunks_get_size (&self->records) + _scope_ascending_get_size (&self->shown);
}

guint64
_scope_event_list_get_first (ScopeEventList *self)
{
  return (guint64) MAX (self->first, self->records.n_dropped) + 1;
}

guint64
_scope_event_list_get_end (ScopeEventList *self)
{
  return (guint64) self->records.n_items + 1;
}

const ScopeRecord *
_scope_event_list_get_record (ScopeEventList *self,
                              guint64         sequence)
{
  return _scope_event_list_peek_record (self, sequence - 1);
}

const ScopeRecord *
_scope_event_list_peek (ScopeEventList *self,
                        guint64         sequence)
{
  if (sequence == 0 || sequence > self->records.n_items)
    return NULL;
  return _scope_event_list_peek_record (self, sequence - 1);
}

const ScopeRecord *
_scope_event_list_get_shown (ScopeEventList *self,
                             guint           position)
{
  return _scope_event_list_peek_record (self, _scope_event_list_peek_shown (self, position));
}

guint64
_scope_event_list_get_sequence (ScopeEventList *self,
                                guint           position)
{
  return (guint64) _scope_event_list_peek_shown (self, position) + 1;
}

guint
_scope_event_list_count_recorded (ScopeEventList *self)
{
  if (self->capture == NULL)
    return 0;
  return _scope_kept_entries_count_recorded (&self->kept, self->records.n_items);
}

ScopeEntry *
_scope_event_list_find_kept (ScopeEventList *self,
                             guint64         sequence)
{
  return _scope_kept_entries_find (&self->kept, sequence);
}

ScopeEntry *
_scope_event_list_read (ScopeEventList *self,
                        guint64         sequence,
                        GError        **error)
{
  ScopeEntry *entry = _scope_event_list_find_kept (self, sequence);

  if (entry != NULL)
    return entry;
  if (self->capture != NULL)
    return scope_capture_read (self->capture, sequence, error);

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND,
                       _("it was not recorded and is no longer in memory"));
  return NULL;
}

static gboolean
index_is_before_sequence (ScopeEventList *self,
                          guint           index,
                          gint64          sequence)
{
  return (guint64) index + 1 < (guint64) sequence;
}

static gboolean
index_is_before_time (ScopeEventList *self,
                      guint           index,
                      gint64          wall_usec)
{
  return _scope_event_list_peek_record (self, index)->time_usec < wall_usec;
}

/* The position of the first row shown that is not before the goal. */
static guint
event_list_bisect (ScopeEventList *self,
                   gboolean      (*is_before) (ScopeEventList *list, guint index, gint64 goal),
                   gint64          goal)
{
  guint low = 0;
  guint high = _scope_event_list_count_shown (self);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (is_before (self, _scope_event_list_peek_shown (self, middle), goal))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * scope_event_list_find:
 * @self: a list
 * @sequence: a sequence number
 *
 * Returns: the position of that row, or, if it is not shown, of the first one shown after it; the
 *   number of rows if there is none
 */
guint
scope_event_list_find (ScopeEventList *self,
                       guint64         sequence)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return event_list_bisect (self, index_is_before_sequence, sequence);
}

/**
 * scope_event_list_find_time:
 * @self: a list
 * @wall_usec: microseconds since 1970
 *
 * Rows stand in order of arrival; where the clock was set back, any row that fits may be found.
 *
 * Returns: the position of the first row at that time or later; the number of rows if there is none
 */
guint
scope_event_list_find_time (ScopeEventList *self,
                            gint64          wall_usec)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return event_list_bisect (self, index_is_before_time, wall_usec);
}

/**
 * scope_event_list_dup_item:
 * @self: a list
 * @sequence: a sequence number
 *
 * Returns: (transfer full) (nullable): that row, whether it is shown or not
 */
ScopeEventItem *
scope_event_list_dup_item (ScopeEventList *self,
                           guint64         sequence)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), NULL);

  if (sequence <= self->records.n_dropped || sequence > self->records.n_items)
    return NULL;
  return _scope_event_item_new (self, sequence, _scope_event_list_peek_record (self, sequence - 1),
                                -1);
}

/**
 * scope_event_list_dup_sequences:
 *
 * What is shown now, whatever comes later: 10 ms for a million rows.
 *
 * Returns: (transfer full) (element-type guint64): sequence numbers, in the order of the rows
 */
GArray *
scope_event_list_dup_sequences (ScopeEventList *self)
{
  GArray *sequences;
  guint n;

  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), NULL);

  n = _scope_event_list_count_shown (self);
  sequences = g_array_sized_new (FALSE, FALSE, sizeof (guint64), n);
  for (guint i = 0; i < n; i++)
    {
      guint64 sequence = (guint64) _scope_event_list_peek_shown (self, i) + 1;

      g_array_append_val (sequences, sequence);
    }
  return sequences;
}

/**
 * scope_event_list_is_cleared:
 * @self: a list
 * @sequence: the number of a row
 *
 * Returns: whether scope_event_list_clear() has hidden it
 */
gboolean
scope_event_list_is_cleared (ScopeEventList *self,
                             guint64         sequence)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), FALSE);

  return sequence > self->records.n_dropped && sequence <= self->first;
}

/**
 * scope_event_list_get_n_dropped:
 * @self: a list
 *
 * Returns: how many entries were dropped: the first one that is there is the next
 */
guint64
scope_event_list_get_n_dropped (ScopeEventList *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return self->records.n_dropped;
}

/**
 * scope_event_list_get_n_total:
 * @self: a list
 *
 * Returns: how many rows there would be without the filter
 */
guint64
scope_event_list_get_n_total (ScopeEventList *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return self->n_total;
}

/**
 * scope_event_list_get_last:
 * @self: a list
 *
 * Returns: the sequence number of the last row that came, whatever the filter says; 0 before the first
 */
guint64
scope_event_list_get_last (ScopeEventList *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return self->records.n_items;
}
