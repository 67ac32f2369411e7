/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_COMPLETION_LIST (scope_completion_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeCompletionList, scope_completion_list, SCOPE, COMPLETION_LIST, GObject)

/**
 * ScopeCompletionList:
 *
 * The list that hangs below an entry while somebody types there; the entry keeps the focus. While it
 * is open Up and Down choose, round and round, Tab takes what was chosen or the first, Return takes
 * what was chosen, Escape closes.
 *
 * Signals: `update ()`: it is to be filled, or closed; `taken (index)`: a row; `dismissed ()`: not
 * wanted any more.
 */
/* in a popover of parent, which has to call scope_completion_list_destroy() when it goes; field: in or
 * as parent, a GtkTextView, or a GtkEditable whose delegate is a GtkText; label: the list's accessible name; width: at least */
ScopeCompletionList *scope_completion_list_new     (GtkWidget           *parent,
                                                    GtkWidget           *field,
                                                    const char          *label,
                                                    int                  width);
void                 scope_completion_list_destroy (ScopeCompletionList *self);
/* `update` comes soon, once, if the entry has the focus */
void                 scope_completion_list_queue   (ScopeCompletionList *self);

void                 scope_completion_list_clear   (ScopeCompletionList *self);
/* name: of the row, its tooltip as well */
void                 scope_completion_list_append  (ScopeCompletionList *self,
                                                    GtkWidget           *child,
                                                    const char          *name);
/* below the rows; nullable */
void                 scope_completion_list_set_note (ScopeCompletionList *self,
                                                     const char          *note);
/* at: in the parent's coordinates; NULL: below all of it */
void                 scope_completion_list_open    (ScopeCompletionList *self,
                                                    const GdkRectangle  *at);
void                 scope_completion_list_close   (ScopeCompletionList *self);
gboolean             scope_completion_list_is_open (ScopeCompletionList *self);
gboolean             scope_completion_list_has_choice (ScopeCompletionList *self);
gboolean             scope_completion_list_has_focus (ScopeCompletionList *self);
/* a key while it is open; modifiers: Ctrl, Shift, Alt. Whether it is the list's own */
gboolean             scope_completion_list_handle_key (ScopeCompletionList *self,
                                                       guint                key,
                                                       GdkModifierType      modifiers);
/* one line of a row */
GtkWidget           *scope_completion_list_create_label (const char        *text,
                                                         const char        *css_class);

G_END_DECLS
