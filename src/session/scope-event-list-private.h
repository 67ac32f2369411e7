/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-row-reader.h"
#include "session/scope-event-list.h"
#include "session/scope-kept-entries.h"
#include "session/scope-learnt-names.h"

G_BEGIN_DECLS

/* Like scope_event_list_append(), for entries that no capture holds: the last
 * SCOPE_KEPT_ENTRIES_RECENT of them stay readable. Their sequence numbers go on where the last append
 * ended. */
void            _scope_event_list_append_entries (ScopeEventList     *self,
                                                  ScopeEntry * const *entries,
                                                  guint               n_entries);
/* Like it, for entries the capture will hold as soon as it can: all of them stay readable until
 * they are recorded. */
void            _scope_event_list_append_waiting (ScopeEventList     *self,
                                                  ScopeEntry * const *entries,
                                                  guint               n_entries);
void            _scope_event_list_set_recorded   (ScopeEventList     *self,
                                                  guint64             up_to);
/* from memory or the capture (transfer full) */
ScopeEntry     *_scope_event_list_read           (ScopeEventList     *self,
                                                  guint64             sequence,
                                                  GError            **error);
/* from memory alone (transfer full) (nullable) */
ScopeEntry     *_scope_event_list_find_kept      (ScopeEventList     *self,
                                                  guint64             sequence);
ScopeNames     *_scope_event_list_get_names      (ScopeEventList     *self);

/* Sequence numbers of all rows there are, shown or not: first … end - 1. What was cleared or dropped
 * is before first. */
guint64         _scope_event_list_get_first      (ScopeEventList     *self);
guint64         _scope_event_list_get_end        (ScopeEventList     *self);
/* of one of them; valid until the list changes */
const ScopeRecord *_scope_event_list_get_record  (ScopeEventList     *self,
                                                  guint64             sequence);
/* of a row that is shown */
const ScopeRecord *_scope_event_list_get_shown   (ScopeEventList     *self,
                                                  guint               position);
guint64         _scope_event_list_get_sequence   (ScopeEventList     *self,
                                                  guint               position);
ScopeCapture   *_scope_event_list_get_capture    (ScopeEventList     *self);  /* nullable */
/* what people are called, for those who look at its rows; nullable */
void            _scope_event_list_set_learnt_names (ScopeEventList   *self,
                                                    ScopeLearntNames *names);
ScopeLearntNames *_scope_event_list_get_learnt_names (ScopeEventList *self);
ScopeMarkList  *_scope_event_list_get_marks      (ScopeEventList     *self);    /* nullable */
/* the record of a sequence number, shown or not; NULL: there is none */
const ScopeRecord *_scope_event_list_peek        (ScopeEventList     *self,
                                                  guint64             sequence);
/* how many rows, from the first one on, the capture holds */
guint           _scope_event_list_count_recorded (ScopeEventList     *self);

/* bytes for what grows with its rows */
gsize           _scope_event_list_get_size       (ScopeEventList     *self);

ScopeEventItem *_scope_event_item_new            (ScopeEventList     *list,
                                                  guint64             sequence,
                                                  const ScopeRecord  *record,
                                                  gint64              delta_usec);
ScopeEventList *_scope_event_item_get_list       (ScopeEventItem     *self);
/* what reading it has shown: the bytes of its payload, -1 if it has none */
void            _scope_event_item_set_payload    (ScopeEventItem     *self,
                                                  gint64              size);
/* bytes of an entry's payload, -1 if there is none */
gint64          _scope_entry_measure_raw         (ScopeEntry         *entry);
/* its entry, which a long row does not keep (transfer full) (nullable) */
ScopeEntry     *_scope_event_item_dup_entry      (ScopeEventItem     *self);
/* its entry if it need not be read (transfer full) (nullable) */
ScopeEntry     *_scope_event_item_find_kept      (ScopeEventItem     *self);

#define SCOPE_ITEM_PREVIEW_BYTES 512

/* Of its payload a list shows the beginning alone. */
gboolean        _scope_record_is_long            (const ScopeRecord  *record);

/* What a list shows of a row, as it is read on another thread. */
typedef struct
{
  guint64 sequence;
  ScopeRecord record;
  gboolean was_read;
  ScopeEntry *entry;    /* NULL: of a long row, or it can't be read */
  char *preview;        /* NULL: it can't be read */
  gsize encoded_length; /* of a long row's data; 0: not known */
  gint64 payload_size;  /* of one that was read whole; 0: not known, -1: it has none */
  GError *error;
} ScopeItemLoad;

void            _scope_event_item_begin_load     (ScopeEventItem     *self,
                                                  ScopeItemLoad      *load);
/* on any thread */
void            _scope_item_load_read            (ScopeItemLoad      *self,
                                                  ScopeRowReader     *reader);
void            _scope_event_item_end_load       (ScopeEventItem     *self,
                                                  ScopeItemLoad      *load);
void            _scope_item_load_clear           (ScopeItemLoad      *self);
/* FALSE: a file has to be read for it */
gboolean        _scope_event_item_load_kept      (ScopeEventItem     *self);

/* which rule of the set with this number fits, if that was found out already */
gboolean        _scope_event_item_get_rule       (ScopeEventItem     *self,
                                                  guint               serial,
                                                  int                *rule);
void            _scope_event_item_set_rule       (ScopeEventItem     *self,
                                                  guint               serial,
                                                  int                 rule);
ScopeNames     *_scope_event_item_get_names      (ScopeEventItem     *self);

G_END_DECLS
