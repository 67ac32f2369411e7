/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-search.h"
#include "session/scope-ascending.h"
#include "session/scope-chunks.h"
#include "session/scope-event-list-private.h"

G_BEGIN_DECLS

/* The rows of a list, for its own three files: scope-event-list.c appends and drops, -scan.c judges which are shown,
 * -read.c finds and reads.
 *
 * Two arrays: the records of all entries, and the numbers of those shown. The second is filled in
 * order by a scan that judges each record once: hidden kind, filter. What is appended meanwhile
 * waits its turn behind it, so rows never change places.
 *
 *   records:  0 … dropped … first … next … sent … n        sequence number = index + 1
 *                 cleared │ judged │ searched │ to be judged
 *
 * What the recorder's size budget lets go of is dropped at the beginning: all else keeps its index.
 */
struct _ScopeEventList
{
  GObject parent_instance;

  ScopeNames *names;
  ScopeCapture *capture;
  ScopeMarkList *marks; /* nullable */
  ScopeLearntNames *learnt; /* nullable */
  ScopeKeptEntries kept;

  ScopeChunks records; /* of ScopeRecord */
  ScopeAscending shown; /* indices of records */
  guint first;
  guint undo_first;
  guint64 n_total;
  gboolean show_frames;

  /* scope-event-list-scan.c */
  ScopeFilter *filter;
  ScopeFilterScan *scan; /* what the filter has told of names; NULL without a filter */
  ScopePicks *picks; /* nullable: only these rows */
  ScopeSearch *search; /* NULL: none is under way */
  guint next;
  guint sent;
  guint batch;
  guint scan_id;
  gboolean filtering; /* as last notified */
};

/* One that was dropped is a hole. */
static inline const ScopeRecord *
_scope_event_list_peek_record (ScopeEventList *self,
                               guint           index)
{
  static const ScopeRecord hole;

  if (index < self->records.n_dropped)
    return &hole;
  return _scope_chunks_peek (&self->records, index);
}

static inline guint
_scope_event_list_peek_shown (ScopeEventList *self,
                              guint           position)
{
  return _scope_ascending_get (&self->shown, self->shown.n_dropped + position);
}

static inline guint
_scope_event_list_count_shown (ScopeEventList *self)
{
  return _scope_ascending_count (&self->shown);
}

/* Of a run of entries that are missing in a damaged file one row tells. */
static inline gboolean
_scope_event_list_follows_hole (ScopeEventList *self,
                                guint           index)
{
  return index > self->records.n_dropped
         && _scope_event_list_peek_record (self, index - 1)->kind == 0;
}

/* whatever the filter says */
static inline gboolean
_scope_event_list_hides (ScopeEventList *self,
                         guint           index)
{
  guint kind = _scope_event_list_peek_record (self, index)->kind;

  if (kind == 0)
    return _scope_event_list_follows_hole (self, index);
  return kind == SCOPE_ENTRY_FRAME && !self->show_frames;
}

/* scope-event-list.c: rows that are shown have changed */
void _scope_event_list_announce         (ScopeEventList *self,
                                         guint           position,
                                         guint           n_removed,
                                         guint           n_added);
void _scope_event_list_notify_filtering (ScopeEventList *self);

/* scope-event-list-scan.c: shows what was appended, unless a scan is under way that will come to it */
void _scope_event_list_scan_appended    (ScopeEventList *self);
/* goes on later if something is left to be judged */
void _scope_event_list_update_scan      (ScopeEventList *self);
/* all are judged anew */
void _scope_event_list_start_over       (ScopeEventList *self);
void _scope_event_list_stop_scan        (ScopeEventList *self);
void _scope_event_list_free_scan        (ScopeEventList *self);

G_END_DECLS
