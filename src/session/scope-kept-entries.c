/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-kept-entries"

#include "config.h"

#include "session/scope-kept-entries.h"

static guint64
kept_entries_get_waiting_sequence (const ScopeKeptEntries *self,
                                   guint                   i)
{
  return ((ScopeEntry *) g_ptr_array_index (self->waiting, i))->sequence;
}

static ScopeEntry *
kept_entries_find_waiting (const ScopeKeptEntries *self,
                           guint64                 sequence)
{
  guint64 first = self->waiting->len > 0 ? kept_entries_get_waiting_sequence (self, 0) : 0;

  if (first == 0 || sequence < first || sequence - first >= self->waiting->len)
    return NULL;
  return g_ptr_array_index (self->waiting, sequence - first);
}

void
_scope_kept_entries_init (ScopeKeptEntries *self)
{
  *self = (ScopeKeptEntries) {
    .waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref),
  };
}

void
_scope_kept_entries_clear (ScopeKeptEntries *self)
{
  for (guint i = 0; self->recent != NULL && i < SCOPE_KEPT_ENTRIES_RECENT; i++)
    g_clear_pointer (&self->recent[i], scope_entry_unref);
  g_clear_pointer (&self->recent, g_free);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
}

void
_scope_kept_entries_add_waiting (ScopeKeptEntries *self,
                                 ScopeEntry       *entry)
{
  g_ptr_array_add (self->waiting, scope_entry_ref (entry));
}

void
_scope_kept_entries_set_recorded (ScopeKeptEntries *self,
                                  guint64           up_to)
{
  guint n = 0;

  while (n < self->waiting->len && kept_entries_get_waiting_sequence (self, n) <= up_to)
    n++;
  if (n > 0)
    g_ptr_array_remove_range (self->waiting, 0, n);
}

void
_scope_kept_entries_add_recent (ScopeKeptEntries *self,
                                ScopeEntry       *entry)
{
  ScopeEntry **slot;

  if (self->recent == NULL)
    {
      self->recent = g_new0 (ScopeEntry *, SCOPE_KEPT_ENTRIES_RECENT);
      self->n_recorded = entry->sequence - 1;
    }

  slot = &self->recent[entry->sequence % SCOPE_KEPT_ENTRIES_RECENT];
  g_clear_pointer (slot, scope_entry_unref);
  *slot = scope_entry_ref (entry);
}

ScopeEntry *
_scope_kept_entries_find (const ScopeKeptEntries *self,
                          guint64                 sequence)
{
  ScopeEntry *entry = kept_entries_find_waiting (self, sequence);

  if (entry == NULL && self->recent != NULL)
    entry = self->recent[sequence % SCOPE_KEPT_ENTRIES_RECENT];
  return entry != NULL && entry->sequence == sequence ? scope_entry_ref (entry) : NULL;
}

guint
_scope_kept_entries_count_recorded (const ScopeKeptEntries *self,
                                    guint                   n_entries)
{
  if (self->waiting->len > 0)
    return kept_entries_get_waiting_sequence (self, 0) - 1;
  return self->recent != NULL ? self->n_recorded : n_entries;
}
