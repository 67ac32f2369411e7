/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-bookmark-row"

#include "config.h"

#include "ui/scope-bookmark-row.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

struct _ScopeBookmarkRow
{
  AdwBin parent_instance;

  GtkLabel *place_label;
  GtkLabel *note_label;
  GtkActionable *note_button;
  GtkActionable *remove_button;
};

G_DEFINE_FINAL_TYPE (ScopeBookmarkRow, scope_bookmark_row, ADW_TYPE_BIN)

static void
scope_bookmark_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_BOOKMARK_ROW);

  G_OBJECT_CLASS (scope_bookmark_row_parent_class)->dispose (object);
}

static void
scope_bookmark_row_class_init (ScopeBookmarkRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_bookmark_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-bookmark-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeBookmarkRow, place_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeBookmarkRow, note_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeBookmarkRow, note_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeBookmarkRow, remove_button);
}

static void
scope_bookmark_row_init (ScopeBookmarkRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_ui_set_exact_label (self->note_label);
}

/**
 * scope_bookmark_row_new:
 *
 * Returns: a row without a bookmark
 */
GtkWidget *
scope_bookmark_row_new (void)
{
  return g_object_new (SCOPE_TYPE_BOOKMARK_ROW, NULL);
}

static void
scope_bookmark_row_set_target (GtkActionable *button,
                               const char    *action,
                               guint64        sequence)
{
  gtk_actionable_set_action_target (button, "t", sequence);
  gtk_actionable_set_action_name (button, action); /* not without a target */
}

/**
 * scope_bookmark_row_show:
 * @mark: the bookmark
 * @item: (nullable): the row of the log it is on
 */
void
scope_bookmark_row_show (ScopeBookmarkRow *self,
                         ScopeMarkItem    *mark,
                         ScopeEventItem   *item)
{
  const char *note = scope_mark_item_get_note (mark);
  guint64 sequence = scope_mark_item_get_sequence (mark);
  g_autofree char *place = item != NULL ? scope_format_row_place (item)
                                        : g_strdup (_("No longer in the recording"));
  g_autofree char *name = g_strdup_printf ("%s%s%s", place, *note != '\0' ? ", " : "", note);
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));

  g_return_if_fail (SCOPE_IS_BOOKMARK_ROW (self));

  gtk_label_set_text (self->place_label, place);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->place_label), place);
  gtk_label_set_text (self->note_label, note);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note_label), *note != '\0' ? note : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), *note != '\0');
  scope_bookmark_row_set_target (self->note_button, "bookmarks.note", sequence);
  scope_bookmark_row_set_target (self->remove_button, "bookmarks.remove", sequence);
  scope_ui_set_label (self->note_button, _("Edit Note"));
  scope_ui_set_label (self->remove_button, _("Remove Bookmark"));
  if (row != NULL)
    scope_ui_set_label (row, name);
}
