/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-marks.h"
#include "capture/scope-names.h"
#include "capture/scope-recorder.h"

G_BEGIN_DECLS

/* The writer thread of one recorder and the queue towards it. Made, fed, asked and freed on the
 * thread that owns the recorder; only what says so below crosses over. */
typedef struct _ScopeWriter ScopeWriter;

/* called in the owner's main context after something changed; several changes, one call */
typedef void (*ScopeWriterFunc) (gpointer user_data);

typedef struct
{
  ScopeRecorderState state;
  guint64 committed;
  gsize waiting;       /* bytes */
  guint64 first;       /* the first entry that is kept, from 1 */
  const GError *error; /* owned by the writer; stays as it is once set */
  GError *stall;       /* why it waits for room; NULL: it does not (transfer full) */
} ScopeWriterStatus;

/* app: as for scope_recorder_new(). max_pages: 0, or the size at which the file counts as a full
 * disk (for tests) */
ScopeWriter *_scope_writer_new        (const char         *path,
                                       const char * const *app,
                                       ScopeNames         *names,
                                       guint               max_pages,
                                       ScopeWriterFunc     changed,
                                       gpointer            user_data);
/* copies what it needs; FALSE if it is refused. waiting: bytes that are not written yet */
gboolean     _scope_writer_append     (ScopeWriter        *self,
                                       const ScopeEntry   *entry,
                                       gsize              *waiting);
/* those after the entry `after` that are not in the file, in their order: while it is behind, and what it
 * did not write when it failed (transfer full) */
GPtrArray *  _scope_writer_list_waiting (ScopeWriter       *self,
                                         guint64            after);
/* lets go of them, once writing has failed */
void         _scope_writer_drop_waiting (ScopeWriter       *self);
/* a bookmark's change, taken over either way; FALSE if it is refused */
gboolean     _scope_writer_mark       (ScopeWriter        *self,
                                       ScopeMark          *mark);
void         _scope_writer_get_status (ScopeWriter        *self,
                                       ScopeWriterStatus  *status);
/* how large the file may be before its oldest entries go; 0: no limit */
void         _scope_writer_set_budget (ScopeWriter        *self,
                                       guint64             bytes);
/* whether a full disk is waited out */
void         _scope_writer_set_resumes (ScopeWriter       *self,
                                        gboolean           resumes);
/* for tests: room for more, or less */
void         _scope_writer_set_max_pages (ScopeWriter     *self,
                                          guint            max_pages);
/* writes what waits, closes the file, ends the thread: SCOPE_RECORDER_CLOSED follows */
void         _scope_writer_close      (ScopeWriter        *self);
/* closes, waits for the thread; `changed` is not called any more */
void         _scope_writer_free       (ScopeWriter        *self);

ScopeRecorder *_scope_recorder_new_limited (const char         *path,
                                            const char * const *app,
                                            ScopeNames         *names,
                                            guint               max_pages);
void           _scope_recorder_set_max_pages (ScopeRecorder     *self,
                                              guint              max_pages);

G_END_DECLS
