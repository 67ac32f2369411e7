/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"

G_BEGIN_DECLS

/**
 * ScopeMark:
 * @sequence: the entry it is on
 * @time_usec: when it was set, microseconds since 1970
 * @note: what was written beside it, valid UTF-8 of at most SCOPE_LIMIT_NOTE_BYTES; "" for a bookmark
 *   without words; %NULL as a change: there is no bookmark any more
 *
 * A bookmark, or a change of one. They are kept in the capture itself, in a table that is made with
 * the first of them: a file that never had one has none.
 */
typedef struct
{
  guint64 sequence;
  gint64 time_usec;
  char *note;
} ScopeMark;

ScopeMark *scope_mark_new   (guint64          sequence,
                             gint64           time_usec,
                             const char      *note);
void       scope_mark_free  (ScopeMark       *self);

/* Blocking: for worker threads. What can be read, in order of sequence numbers (transfer full, of
 * ScopeMark); *problem: a sentence to show if that is not all (transfer full, nullable) */
GPtrArray *scope_marks_read  (ScopeCapture   *capture,
                              char          **problem);
/* Blocking: into a capture that nothing records into. All changes or none. */
gboolean   scope_marks_write (const char     *path,
                              GPtrArray      *changes,
                              GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeMark, scope_mark_free)

G_END_DECLS
