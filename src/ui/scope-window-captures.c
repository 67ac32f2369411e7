/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "ui/scope-file-choice.h"
#include "ui/scope-recent-captures.h"

static void
scope_window_capture_failed (ScopeWindow  *self,
                             const GError *error)
{
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  hint->icon = "dialog-error-symbolic";
  hint->title = g_strdup (_("Capture Cannot Be Opened"));
  hint->text = g_strdup (error->message);
  hint->action = "win.open-capture";
  hint->action_label = _("Open Another…");
  _scope_window_show_hint (self, hint);
}

/* the file's name without its suffix */
static void
scope_window_set_capture_name (ScopeWindow *self,
                               GFile       *file)
{
  g_autofree char *base = g_file_get_basename (file);

  if (g_str_has_suffix (base, ".channelscope"))
    base[strlen (base) - strlen (".channelscope")] = '\0';
  g_free (self->capture_name);
  self->capture_name = g_filename_display_name (base);
}

static void
scope_window_capture_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (ScopeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open_finish (result, &error);
  g_autoptr (ScopeSession) session = NULL;
  g_autoptr (GFile) file = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->closing)
    return;

  g_clear_object (&self->opening);
  if (capture == NULL)
    {
      scope_window_capture_failed (self, error);
      return;
    }
  scope_recent_captures_remember (scope_capture_get_path (capture));
  file = g_file_new_for_path (scope_capture_get_path (capture));
  scope_window_set_capture_name (self, file);
  session = scope_session_new_for_capture (capture);
  _scope_window_set_session (self, session, NULL);
}

/**
 * scope_window_open_capture:
 * @path: (type filename): the file
 *
 * Opens a capture, offline. Reading happens on another thread.
 */
void
scope_window_open_capture (ScopeWindow *self,
                           const char  *path)
{
  ScopeHint *hint;

  g_return_if_fail (SCOPE_IS_WINDOW (self));
  g_return_if_fail (path != NULL);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  _scope_window_set_session (self, NULL, NULL);
  self->opening = g_cancellable_new ();

  hint = g_new0 (ScopeHint, 1);
  hint->icon = "document-open-symbolic";
  hint->title = g_strdup (_("Opening Capture…"));
  hint->text = g_filename_display_basename (path);
  hint->busy = TRUE;
  _scope_window_show_hint (self, hint);
  scope_capture_open_async (path, self->opening, scope_window_capture_cb, g_object_ref (self));
}

/* In this window if nothing is open in it, else in one of its own. */
void
_scope_window_open_beside (ScopeWindow *self,
                           const char  *path)
{
  ScopeWindow *target = self;

  if (!scope_window_is_idle (self))
    target = scope_window_new (gtk_window_get_application (GTK_WINDOW (self)), self->store);
  scope_window_open_capture (target, path);
  gtk_window_present (GTK_WINDOW (target));
}

static void
scope_window_open_capture_file_cb (GtkWidget  *widget,
                                   const char *action_name,
                                   GVariant   *parameter)
{
  _scope_window_open_beside (SCOPE_WINDOW (widget), g_variant_get_bytestring (parameter));
}

/* what became of a capture on the start page */
static void
scope_window_tell_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  _scope_window_show_toast (SCOPE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* What was done, and the detailed action that undoes it. */
static void
scope_window_tell_undo_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  const char *text, *undo;

  g_variant_get (parameter, "(&s&s)", &text, &undo);
  _scope_window_show_undo (SCOPE_WINDOW (widget), text, undo, NULL, NULL, NULL);
}

/* A capture is opened, anything else imported: what it is not, is told. */
static gboolean
scope_window_drop_cb (GtkDropTarget *target,
                      const GValue  *value,
                      double         x,
                      double         y,
                      gpointer       user_data)
{
  ScopeWindow *self = user_data;
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));
  gboolean taken = FALSE;

  for (GSList *l = files; l != NULL; l = l->next)
    {
      const char *path = g_file_peek_path (l->data);

      if (path == NULL)
        continue;
      if (g_str_has_suffix (path, ".channelscope"))
        _scope_window_open_beside (self, path);
      else
        _scope_window_import_events (self, l->data);
      taken = TRUE;
    }
  g_slist_free (files);
  return taken;
}

static void
scope_window_capture_chosen_cb (gpointer        window,
                                GFile          *file,
                                GtkFileChooser *chooser)
{
  if (g_file_peek_path (file) != NULL)
    _scope_window_open_beside (window, g_file_peek_path (file));
}

static void
scope_window_open_capture_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  static const char * const ours[] = { "*.channelscope", NULL };
  GtkFileChooser *chooser =
      scope_file_choice_new (GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN, _("Open Capture"),
                             _("_Open"));

  scope_file_choice_add_filter (chooser, _("Captures"), ours);
  scope_file_choice_add_all (chooser);
  scope_file_choice_ask (chooser, scope_window_capture_chosen_cb);
}

void
_scope_window_class_init_captures (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-capture", NULL,
                                   scope_window_open_capture_cb);
  gtk_widget_class_install_action (widget_class, "win.open-capture-file", "ay",
                                   scope_window_open_capture_file_cb);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", scope_window_tell_cb);
  gtk_widget_class_install_action (widget_class, "win.tell-undo", "(ss)", scope_window_tell_undo_cb);
}

void
_scope_window_init_captures (ScopeWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (scope_window_drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
