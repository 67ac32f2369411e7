/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_ADAPTIVE_BIN (scope_adaptive_bin_get_type ())

G_DECLARE_FINAL_TYPE (ScopeAdaptiveBin, scope_adaptive_bin, SCOPE, ADAPTIVE_BIN, GtkWidget)

/**
 * ScopeAdaptiveBin:
 *
 * Tells its contents how much room there is. It asks for `min-width` only, however wide its child
 * is, so that a window can become narrow enough for the layout to fold. Properties: `child`,
 * `min-width`, `narrow-below` (pixels), `narrow` (read-only, notified outside of layout),
 * `wide-from` and `wide` likewise. `tight` (read-only, likewise): the child needs more than there is,
 * however narrow its layout is already; it stays until there is as much as was needed then.
 */
void       scope_adaptive_bin_set_child  (ScopeAdaptiveBin *self,
                                          GtkWidget        *child);
gboolean   scope_adaptive_bin_get_narrow (ScopeAdaptiveBin *self);
gboolean   scope_adaptive_bin_get_wide   (ScopeAdaptiveBin *self);
gboolean   scope_adaptive_bin_get_tight  (ScopeAdaptiveBin *self);
/* what the width will be, before it is known: no flash of another layout at the start */
void       scope_adaptive_bin_expect     (ScopeAdaptiveBin *self,
                                          int               width);

G_END_DECLS
