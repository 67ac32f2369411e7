/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"

G_BEGIN_DECLS

/**
 * ScopeRowReader:
 *
 * Reads rows of a capture on a thread of its own, one after another, with a connection of its own: who reads
 * rows on the main loop meanwhile does not wait for it. To be used by one thread at a time.
 */
typedef struct _ScopeRowReader ScopeRowReader;

ScopeRowReader *scope_row_reader_new         (ScopeCapture      *capture);
void            scope_row_reader_free        (ScopeRowReader    *self);
ScopeEntry     *scope_row_reader_read        (ScopeRowReader    *self,
                                              guint64            sequence,
                                              GError           **error);
char           *scope_row_reader_dup_preview (ScopeRowReader    *self,
                                              guint64            sequence,
                                              const ScopeRecord *record,
                                              gsize              max_bytes,
                                              gsize             *data_length);

G_END_DECLS
