/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-find.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FIND_BAR (scope_find_bar_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFindBar, scope_find_bar, SCOPE, FIND_BAR, AdwBin)

/**
 * ScopeFindBar:
 *
 * Looks for a text in the log: goes to the next and the previous hit, and says how many there are
 * while they come in. Signals: `show-row (guint64 sequence)`: that hit is to be shown;
 * `text-changed ()`: something else is looked for, or nothing; `closed ()`. Where it goes on from is
 * what scope_find_bar_set_place() was told last.
 */
ScopeFind  *scope_find_bar_get_find       (ScopeFindBar *self);
/* NULL: nothing is looked for */
const char *scope_find_bar_get_text       (ScopeFindBar *self);
gboolean    scope_find_bar_get_match_case (ScopeFindBar *self);
/* shows it, and takes the focus */
void        scope_find_bar_open           (ScopeFindBar *self);
void        scope_find_bar_close          (ScopeFindBar *self);
gboolean    scope_find_bar_get_open       (ScopeFindBar *self);
/* as soon as it is found */
void        scope_find_bar_step           (ScopeFindBar *self,
                                           gboolean      forward);
/* the row the reader is at; 0: before the first */
void        scope_find_bar_set_place      (ScopeFindBar *self,
                                           guint64       sequence);
void        scope_find_bar_set_narrow     (ScopeFindBar *self,
                                           gboolean      narrow);

G_END_DECLS
