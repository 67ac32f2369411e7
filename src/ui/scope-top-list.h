/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-tally.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_TOP_LIST (scope_top_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeTopList, scope_top_list, SCOPE, TOP_LIST, AdwBin)

/**
 * ScopeTopList:
 *
 * The names with most events or bytes, their figures and shares. A row that is activated shows only
 * its events in the log, by win.filter.
 */
GtkWidget *scope_top_list_new    (ScopeTallyName    kind);
void       scope_top_list_update (ScopeTopList     *self,
                                  const ScopeTally *tally,
                                  ScopeNames       *names,
                                  gboolean          by_bytes);

G_END_DECLS
