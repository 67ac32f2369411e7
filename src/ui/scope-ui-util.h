/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_RESOURCE_PATH "/io/github/channelscope/Channelscope"
#define SCOPE_UI_PATH SCOPE_RESOURCE_PATH "/ui/"

/* registers resources and widget types: before the first template is made */
void     scope_ui_init         (void);

/* the name a screen reader speaks */
void     scope_ui_set_label    (gpointer    accessible,
                                const char *label);
/* a toast over a widget, whose text is shown whole: (transfer full); button may be NULL */
AdwToast *scope_ui_toast_new  (GtkWidget  *where,
                               const char *text,
                               const char *button);
void     scope_ui_set_class    (gpointer    widget,
                                const char *css_class,
                                gboolean    on);
/* the same text again costs nothing: GTK asks the display where the pointer is each time one is set,
 * which took 40 % of a flood's frames for the rows' bookmarks; text NULL: none */
void     scope_ui_set_tooltip  (gpointer    widget,
                                const char *text);
/* a flat button at the end of a row; label: the name a screen reader speaks (transfer floating) */
GtkWidget *scope_ui_create_row_button (const char *icon,
                                       const char *tooltip,
                                       const char *label);
/* the same, added to an AdwActionRow or AdwExpanderRow; callback: of "clicked", with row alone; takes label */
void     scope_ui_add_row_button (gpointer    row,
                                  const char *icon,
                                  const char *tooltip,
                                  char       *label,
                                  GCallback   callback);
/* A menu that a press opened takes the release of the button: GTK would show what was pressed so for
 * good, from `inside` up to `outside`. */
void     scope_ui_release_pressed (GtkWidget *inside,
                                   GtkWidget *outside);
/* a label that is there only while it has something to say; text: nullable */
void     scope_ui_show_text    (GtkLabel   *label,
                                const char *text);
/* a column view's inner list: its rows are the children (transfer none, nullable) */
GtkWidget *scope_ui_find_list (GtkColumnView *view);
/* shows one page of a stack and hides the others, also from assistive technologies */
void     scope_ui_show_page    (GtkStack   *stack,
                                const char *name);
/* text that is shown as it is: no hyphens where lines wrap */
#define SCOPE_UI_EXACT_TAG "exact"
void     scope_ui_set_exact_text (GtkTextBuffer *buffer,
                                  const char    *text);
void     scope_ui_set_exact_label (GtkLabel     *label);
/* text is copied to the clipboard as plain UTF-8 */
void     scope_ui_copy         (GtkWidget  *widget,
                                const char *text);

/* for the dispose of a class whose template's direct child is bound:
 * gtk_widget_dispose_template() would take it from under AdwBin, which then does so again */
void     scope_ui_dispose_bin (AdwBin      *bin,
                               GType        type);

/* a dialog's action (gtk_widget_class_install_action()): the profile's editor instead of the dialog */
void     scope_ui_edit_profile_action (GtkWidget  *dialog,
                                       const char *action,
                                       GVariant   *parameter);

/* Settings of this application id, or NULL if its schema is not installed: then defaults count and
 * nothing is remembered. (transfer none) */
GSettings *scope_ui_get_settings (void);

G_END_DECLS
