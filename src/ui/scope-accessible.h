/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives what libadwaita makes inside of its own widgets a name, once: the eye of a password row and
 * the lists of an expander row have none, and a message dialog's answers say theirs twice. Call it
 * when root is complete. */
void scope_accessible_name_parts (GtkWidget *root);

G_END_DECLS
