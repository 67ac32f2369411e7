/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A file asked for in the system's chooser, modal to a window. It goes with the window, or when the window asks for
 * another file. */

/* window: which has asked; chooser: with whatever data it was given */
typedef void (*ScopeFileFunc) (gpointer        window,
                               GFile          *file,
                               GtkFileChooser *chooser);

/* belongs to the window (transfer none); accept: the button, nullable */
GtkFileChooser *scope_file_choice_new        (GtkWindow            *window,
                                              GtkFileChooserAction  action,
                                              const char           *title,
                                              const char           *accept);
void            scope_file_choice_add_filter (GtkFileChooser       *chooser,
                                              const char           *name,
                                              const char * const   *patterns);
/* the filter that shows whatever there is: for files of other names */
void            scope_file_choice_add_all    (GtkFileChooser       *chooser);
/* func is called if a file is chosen, once */
void            scope_file_choice_ask        (GtkFileChooser       *chooser,
                                              ScopeFileFunc         func);

G_END_DECLS
