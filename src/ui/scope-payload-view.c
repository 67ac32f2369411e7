/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-payload-view"

#include "config.h"

#include "ui/scope-payload-view.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "ui/scope-payload.h"
#include "ui/scope-text-find.h"
#include "ui/scope-ui-util.h"

/* a larger frame is decoded and indented on a worker thread */
#define WORKER_BYTES (128 * 1024)

struct _ScopePayloadView
{
  AdwBin parent_instance;

  GtkLabel *note;
  GtkTextView *text_view;

  ScopeTextFind *find;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (ScopePayloadView, scope_payload_view, ADW_TYPE_BIN)

static GtkSourceBuffer *
scope_payload_view_get_buffer (ScopePayloadView *self)
{
  return GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (self->text_view));
}

static void
scope_payload_view_update_scheme (ScopePayloadView *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (
      scope_payload_view_get_buffer (self),
      gtk_source_style_scheme_manager_get_scheme (manager, dark ? "Adwaita-dark" : "Adwaita"));
}

static void
scope_payload_view_show (ScopePayloadView *self,
                         const char       *text,
                         const char       *note,
                         gboolean          is_json)
{
  GtkSourceBuffer *buffer = scope_payload_view_get_buffer (self);
  GtkTextIter start;

  gtk_source_buffer_set_highlight_syntax (buffer, is_json);
  scope_ui_set_exact_text (GTK_TEXT_BUFFER (buffer), text);
  gtk_text_buffer_get_start_iter (GTK_TEXT_BUFFER (buffer), &start);
  gtk_text_buffer_place_cursor (GTK_TEXT_BUFFER (buffer), &start);
  gtk_text_view_scroll_to_iter (self->text_view, &start, 0, TRUE, 0, 0);
  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

static void
scope_payload_view_read_thread (GTask        *task,
                                gpointer      source,
                                gpointer      task_data,
                                GCancellable *cancellable)
{
  g_task_return_pointer (task, scope_payload_new (task_data), (GDestroyNotify) scope_payload_free);
}

static void
scope_payload_view_read_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr (ScopePayload) payload = g_task_propagate_pointer (G_TASK (result), NULL);

  if (payload != NULL)
    scope_payload_view_show (SCOPE_PAYLOAD_VIEW (source), payload->text, payload->note,
                             payload->is_json);
}

static void
scope_payload_view_read (ScopePayloadView *self,
                         ScopeEntry       *entry)
{
  g_autoptr (GTask) task = NULL;

  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, scope_payload_view_read_cb, NULL);
  g_task_set_source_tag (task, scope_payload_view_read);
  g_task_set_task_data (task, scope_entry_ref (entry), (GDestroyNotify) scope_entry_unref);
  g_task_run_in_thread (task, scope_payload_view_read_thread);
}

static void
scope_payload_view_cancel (ScopePayloadView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
scope_payload_view_dispose (GObject *object)
{
  ScopePayloadView *self = SCOPE_PAYLOAD_VIEW (object);

  scope_payload_view_cancel (self);
  g_clear_object (&self->find);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_PAYLOAD_VIEW);

  G_OBJECT_CLASS (scope_payload_view_parent_class)->dispose (object);
}

static void
scope_payload_view_class_init (ScopePayloadViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_payload_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-payload-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopePayloadView, note);
  gtk_widget_class_bind_template_child (widget_class, ScopePayloadView, text_view);
}

static void
scope_payload_view_init (ScopePayloadView *self)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_source_buffer_set_language (scope_payload_view_get_buffer (self),
                                  gtk_source_language_manager_get_language (languages, "json"));
  gtk_source_buffer_set_highlight_matching_brackets (scope_payload_view_get_buffer (self), FALSE);
  self->find = scope_text_find_new (self->text_view);
  scope_payload_view_update_scheme (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (scope_payload_view_update_scheme), self, G_CONNECT_SWAPPED);
}

/**
 * scope_payload_view_set_entry:
 * @entry: (nullable): what to show
 */
void
scope_payload_view_set_entry (ScopePayloadView *self,
                              ScopeEntry       *entry)
{
  g_autoptr (ScopePayload) payload = NULL;

  g_return_if_fail (SCOPE_IS_PAYLOAD_VIEW (self));

  scope_payload_view_cancel (self);
  if (entry == NULL)
    {
      scope_payload_view_show (self, "", NULL, FALSE);
      return;
    }
  if (scope_entry_get_size (entry) > WORKER_BYTES)
    {
      scope_payload_view_show (self, "", _("Reading the payload…"), FALSE);
      scope_payload_view_read (self, entry);
      return;
    }
  payload = scope_payload_new (entry);
  scope_payload_view_show (self, payload->text, payload->note, payload->is_json);
}

/**
 * scope_payload_view_set_find:
 * @needle: (nullable): what to highlight; %NULL: nothing
 * @case_sensitive: whether capitals matter
 */
void
scope_payload_view_set_find (ScopePayloadView *self,
                             const char       *needle,
                             gboolean          case_sensitive)
{
  g_return_if_fail (SCOPE_IS_PAYLOAD_VIEW (self));

  scope_text_find_set_needle (self->find, needle, case_sensitive);
}
