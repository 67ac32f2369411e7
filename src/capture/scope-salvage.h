/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_found;  /* entries that were read */
  guint64 n_left_out; /* that were read, but whose number can't be, or is too far behind the others to be believed */
  guint64 first;    /* sequence number of the first one that should be there */
  guint64 last;     /* of the last one that was found; first - 1: none was */
  guint n_lost_names; /* names that entries refer to and that are not known any more */
} ScopeSalvage;

/* Writes what can be read of a damaged capture into a new file at target, under the same sequence
 * numbers: what is missing is a hole. The capture itself stays as it is. Blocks. FALSE also if
 * nothing was found. */
gboolean _scope_salvage_run     (const char   *path,
                                 const char   *target,
                                 ScopeSalvage *result);
/* whether the file begins like a database: else its beginning may be what is damaged */
gboolean _scope_salvage_has_header (const char *path);
/* A file for it that goes with the capture (transfer full). What a crash left of others is removed. lock (out): for
 * _scope_salvage_drop_target(). */
char    *_scope_salvage_new_target (int  *lock);
/* takes target over */
void     _scope_salvage_drop_target (char *target,
                                     int   lock);

G_END_DECLS
