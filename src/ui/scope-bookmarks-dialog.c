/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-bookmarks-dialog"

#include "config.h"

#include "ui/scope-bookmarks-dialog.h"

#include <glib/gi18n.h>

#include "ui/scope-bookmark-row.h"
#include "ui/scope-note-dialog.h"
#include "ui/scope-ui-util.h"

struct _ScopeBookmarksDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  GtkListView *list_view;

  ScopeSession *session;
  guint64 removed;    /* what Undo brings back; 0: nothing */
  char *removed_note;
};

G_DEFINE_FINAL_TYPE (ScopeBookmarksDialog, scope_bookmarks_dialog, ADW_TYPE_WINDOW)

static void
scope_bookmarks_dialog_tell (ScopeBookmarksDialog *self,
                             const char           *text,
                             gboolean              undo)
{
  AdwToast *toast = scope_ui_toast_new (GTK_WIDGET (self), text, undo ? _("Undo") : NULL);

  if (undo)
    adw_toast_set_action_name (toast, "bookmarks.undo");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Whether it was written; if not, that is told. */
static gboolean
scope_bookmarks_dialog_set (ScopeBookmarksDialog *self,
                            guint64               sequence,
                            const char           *note)
{
  g_autoptr (GError) error = NULL;

  if (scope_session_set_mark (self->session, sequence, note, &error))
    return TRUE;
  scope_bookmarks_dialog_tell (self, error->message, FALSE);
  return FALSE;
}

static void
scope_bookmarks_dialog_remove_cb (GtkWidget  *widget,
                                  const char *action_name,
                                  GVariant   *parameter)
{
  ScopeBookmarksDialog *self = SCOPE_BOOKMARKS_DIALOG (widget);
  guint64 sequence = g_variant_get_uint64 (parameter);
  g_autofree char *note =
      g_strdup (scope_mark_list_get_note (scope_session_get_marks (self->session), sequence));

  if (note == NULL || !scope_bookmarks_dialog_set (self, sequence, NULL))
    return;
  self->removed = sequence;
  g_free (self->removed_note);
  self->removed_note = g_steal_pointer (&note);
  scope_bookmarks_dialog_tell (self, _("Bookmark removed"), TRUE);
}

static void
scope_bookmarks_dialog_undo_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeBookmarksDialog *self = SCOPE_BOOKMARKS_DIALOG (widget);

  if (self->removed != 0
      && scope_bookmarks_dialog_set (self, self->removed, self->removed_note))
    self->removed = 0;
}

static void
scope_bookmarks_dialog_note_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeBookmarksDialog *self = SCOPE_BOOKMARKS_DIALOG (widget);

  gtk_window_present (scope_note_dialog_new (GTK_WINDOW (self), self->session,
                                             g_variant_get_uint64 (parameter)));
}

/* The row that has the focus, or holds the widget that has it. */
static void
scope_bookmarks_dialog_delete_cb (GtkWidget  *widget,
                                  const char *action_name,
                                  GVariant   *parameter)
{
  ScopeBookmarksDialog *self = SCOPE_BOOKMARKS_DIALOG (widget);
  GtkSelectionModel *model = gtk_list_view_get_model (self->list_view);
  ScopeMarkItem *mark =
      gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (model));

  if (mark != NULL)
    gtk_widget_activate_action (widget, "bookmarks.remove", "t",
                                scope_mark_item_get_sequence (mark));
}

static void
scope_bookmarks_dialog_activate_cb (ScopeBookmarksDialog *self,
                                    guint                 position)
{
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
  guint64 sequence = scope_mark_list_get_sequence (scope_session_get_marks (self->session),
                                                   position);

  if (sequence == 0 || parent == NULL)
    return;
  gtk_widget_activate_action (parent, "win.show-event", "t", sequence);
  gtk_window_close (GTK_WINDOW (self));
}

static void
scope_bookmarks_dialog_setup_cb (GtkSignalListItemFactory *factory,
                                 GtkListItem              *list_item,
                                 ScopeBookmarksDialog     *self)
{
  gtk_list_item_set_child (list_item, scope_bookmark_row_new ());
}

static void
scope_bookmarks_dialog_bind_cb (GtkSignalListItemFactory *factory,
                                GtkListItem              *list_item,
                                ScopeBookmarksDialog     *self)
{
  ScopeMarkItem *mark = gtk_list_item_get_item (list_item);
  g_autoptr (ScopeEventItem) item = scope_event_list_dup_item (
      scope_session_get_events (self->session), scope_mark_item_get_sequence (mark));

  scope_bookmark_row_show (SCOPE_BOOKMARK_ROW (gtk_list_item_get_child (list_item)), mark, item);
}

static void
scope_bookmarks_dialog_update (ScopeBookmarksDialog *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (scope_session_get_marks (self->session)));

  scope_ui_show_page (self->stack, n > 0 ? "list" : "empty");
}

static void
scope_bookmarks_dialog_dispose (GObject *object)
{
  ScopeBookmarksDialog *self = SCOPE_BOOKMARKS_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_BOOKMARKS_DIALOG);
  g_clear_object (&self->session);
  g_clear_pointer (&self->removed_note, g_free);

  G_OBJECT_CLASS (scope_bookmarks_dialog_parent_class)->dispose (object);
}

static void
scope_bookmarks_dialog_class_init (ScopeBookmarksDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_bookmarks_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-bookmarks-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeBookmarksDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, ScopeBookmarksDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeBookmarksDialog, list_view);
  gtk_widget_class_bind_template_callback (widget_class, scope_bookmarks_dialog_activate_cb);
  gtk_widget_class_install_action (widget_class, "bookmarks.remove", "t",
                                   scope_bookmarks_dialog_remove_cb);
  gtk_widget_class_install_action (widget_class, "bookmarks.note", "t",
                                   scope_bookmarks_dialog_note_cb);
  gtk_widget_class_install_action (widget_class, "bookmarks.undo", NULL,
                                   scope_bookmarks_dialog_undo_cb);
  gtk_widget_class_install_action (widget_class, "bookmarks.delete", NULL,
                                   scope_bookmarks_dialog_delete_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "bookmarks.delete", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "bookmarks.undo",
                                       NULL);
}

static void
scope_bookmarks_dialog_init (ScopeBookmarksDialog *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (scope_bookmarks_dialog_setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (scope_bookmarks_dialog_bind_cb), self, 0);
  gtk_list_view_set_factory (self->list_view, factory);
  g_object_unref (factory);
}

/**
 * scope_bookmarks_dialog_new:
 * @parent: the window that shows the log
 * @session: whose bookmarks to show
 *
 * Returns: the dialog, not yet presented
 */
GtkWindow *
scope_bookmarks_dialog_new (GtkWindow    *parent,
                            ScopeSession *session)
{
  ScopeBookmarksDialog *self;
  ScopeMarkList *marks;
  g_autoptr (GtkSingleSelection) selection = NULL;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  self = g_object_new (SCOPE_TYPE_BOOKMARKS_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  marks = scope_session_get_marks (session);
  g_signal_connect_object (marks, "items-changed", G_CALLBACK (scope_bookmarks_dialog_update), self,
                           G_CONNECT_SWAPPED);
  selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (marks)));
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
  scope_bookmarks_dialog_update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
  return GTK_WINDOW (self);
}
