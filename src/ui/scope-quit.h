/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Quitting while a dialog is open: GTK's accelerators belong to the application's own windows, and a modal dialog
 * has the keyboard. */

/* from now on Ctrl+Q quits from every window of the program */
void     scope_quit_watch (GtkApplication *application);
/* what is typed into the dialog is not lost without a question; before it is shown */
void     scope_quit_guard (GtkWindow      *dialog);
/* whether nothing typed would be lost; if not, it is asked, and a yes ends the program */
gboolean scope_quit_may   (GtkApplication *application,
                           GCallback       quit);

G_END_DECLS
