/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"

G_BEGIN_DECLS

/* the number at a path (scope_path_parse(), which begins with "data") in the payload; FALSE: there
 * is none, or one that is too large to be drawn */
gboolean scope_numbers_find       (const ScopeEntry *entry,
                                   GPtrArray        *path,
                                   double           *number);

/**
 * ScopeNumbers:
 *
 * Reads a payload's number from many rows, over a connection of its own. Blocks; for one thread at
 * a time, which may be any.
 */
typedef struct _ScopeNumbers ScopeNumbers;

typedef struct
{
  guint64 sequence;
  ScopeRecord record;
  gboolean read;  /* FALSE: the row could not be read */
  gboolean found;
  double number;
} ScopeNumbersRow;

/* path: as of scope_path_parse() */
ScopeNumbers *scope_numbers_new   (ScopeCapture     *capture,
                                   GPtrArray        *path);
void          scope_numbers_free  (ScopeNumbers     *self);
/* fills in what was read; stops early when cancelled */
void          scope_numbers_read  (ScopeNumbers     *self,
                                   ScopeNumbersRow  *rows,
                                   guint             n,
                                   GCancellable     *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeNumbers, scope_numbers_free)

G_END_DECLS
