/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"

G_BEGIN_DECLS

/* How many entries are kept in memory while there is no capture to read them from. */
#define SCOPE_KEPT_ENTRIES_RECENT 10000

/* Entries that are read from memory: those the capture will hold when there is room, and the last ones of a log that
 * is not recorded. They have the highest sequence numbers there are. */
typedef struct
{
  GPtrArray *waiting;  /* of ScopeEntry: not in the capture yet */
  ScopeEntry **recent; /* ring of SCOPE_KEPT_ENTRIES_RECENT, by sequence number; NULL until needed */
  guint n_recorded;    /* entries before the first one of recent */
} ScopeKeptEntries;

void        _scope_kept_entries_init           (ScopeKeptEntries       *self);
void        _scope_kept_entries_clear          (ScopeKeptEntries       *self);
/* until _scope_kept_entries_set_recorded() */
void        _scope_kept_entries_add_waiting    (ScopeKeptEntries       *self,
                                                ScopeEntry             *entry);
/* the capture holds those up to there */
void        _scope_kept_entries_set_recorded   (ScopeKeptEntries       *self,
                                                guint64                 up_to);
/* until SCOPE_KEPT_ENTRIES_RECENT others came */
void        _scope_kept_entries_add_recent     (ScopeKeptEntries       *self,
                                                ScopeEntry             *entry);
/* (transfer full) (nullable) */
ScopeEntry *_scope_kept_entries_find           (const ScopeKeptEntries *self,
                                                guint64                 sequence);
/* how many of n_entries, from the first one on, are to be read from a capture */
guint       _scope_kept_entries_count_recorded (const ScopeKeptEntries *self,
                                                guint                   n_entries);

G_END_DECLS
