/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* Entries into a new capture file at once, without a writer of their own: for import, and for copies that are
 * redacted. Belongs to one thread and blocks; a ScopeRecorder is for what arrives. */
typedef struct _ScopeSink ScopeSink;

/* the file must not exist; app as of scope_recorder_new() */
ScopeSink  *_scope_sink_new       (const char         *path,
                                   const char * const *app,
                                   GError            **error);
/* what its entries refer to */
ScopeNames *_scope_sink_get_names (ScopeSink          *self);
/* takes the entry over */
gboolean    _scope_sink_take      (ScopeSink          *self,
                                   ScopeEntry         *entry,
                                   GError            **error);
/* a bookmark on the entry that was taken last */
void        _scope_sink_mark      (ScopeSink          *self,
                                   gint64              time_usec,
                                   const char         *note);
/* makes it a closed capture; frees it. FALSE: the file is gone */
gboolean    _scope_sink_close     (ScopeSink          *self,
                                   GError            **error);
/* frees it; the file is gone */
void        _scope_sink_abandon   (ScopeSink          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSink, _scope_sink_abandon)

G_END_DECLS
