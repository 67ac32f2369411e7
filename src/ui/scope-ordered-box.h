/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_ORDERED_BOX (scope_ordered_box_get_type ())

G_DECLARE_FINAL_TYPE (ScopeOrderedBox, scope_ordered_box, SCOPE, ORDERED_BOX, GtkBox)

/**
 * ScopeOrderedBox:
 *
 * A box through which Tab goes in the order of its children. GTK goes by their middles, so that a
 * child that is a pixel lower than the others comes last.
 */

G_END_DECLS
