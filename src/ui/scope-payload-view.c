/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-payload-view"

#include "config.h"

#include "ui/scope-payload-view.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#include "ui/scope-payload.h"
#include "ui/scope-text-find.h"
#include "ui/scope-ui-util.h"

/* a larger frame is decoded and indented on a worker thread */
#define WORKER_BYTES (128 * 1024)
/* a longer text goes into its view, and out of it, in pieces: with its highlighting it takes a buffer long */
#define SLICE_BYTES (32 * 1024)
#define SLICE_LINES 512

struct _ScopePayloadView
{
  AdwBin parent_instance;

  GtkLabel *note;
  GtkTextView *text_view;

  ScopeTextFind *find;
  GCancellable *cancellable;

  char *text; /* what is shown, while it is not all there */
  const char *rest;
  char *note_then; /* what is to be said of it once it is */
  guint fill_id;
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
scope_payload_view_init_buffer (ScopePayloadView *self)
{
  GtkSourceBuffer *buffer = scope_payload_view_get_buffer (self);
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_source_buffer_set_language (buffer, gtk_source_language_manager_get_language (languages, "json"));
  gtk_source_buffer_set_highlight_matching_brackets (buffer, FALSE);
  scope_payload_view_update_scheme (self);
}

/* ---- long texts ---- */

static gboolean
scope_payload_view_empty_cb (gpointer user_data)
{
  GtkTextBuffer *buffer = user_data;
  int n_lines = gtk_text_buffer_get_line_count (buffer);
  GtkTextIter from, end;

  gtk_text_buffer_get_iter_at_line (buffer, &from, MAX (n_lines - SLICE_LINES, 0));
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_delete (buffer, &from, &end);
  return n_lines > SLICE_LINES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* What is in the buffer goes bit by bit, once nobody looks at it. */
static void
scope_payload_view_replace_buffer (ScopePayloadView *self)
{
  g_autoptr (GtkSourceBuffer) buffer = NULL;

  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, scope_payload_view_empty_cb,
                   g_object_ref (gtk_text_view_get_buffer (self->text_view)), g_object_unref);
  buffer = gtk_source_buffer_new (NULL);
  gtk_text_view_set_buffer (self->text_view, GTK_TEXT_BUFFER (buffer));
  scope_payload_view_init_buffer (self);
}

static void
scope_payload_view_stop_filling (ScopePayloadView *self)
{
  g_clear_handle_id (&self->fill_id, g_source_remove);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->note_then, g_free);
  self->rest = NULL;
}

/* from there on; whole lines, or the rest */
static gsize
payload_view_measure_slice (const char *text)
{
  gsize length = strnlen (text, SLICE_BYTES);
  const char *feed = length == SLICE_BYTES ? g_strrstr_len (text, length, "\n") : NULL;

  if (feed != NULL)
    return feed + 1 - text;
  if (length == SLICE_BYTES)
    while ((text[length] & 0xc0) == 0x80)
      length++;
  return length;
}

static gboolean
scope_payload_view_fill_cb (gpointer user_data)
{
  ScopePayloadView *self = user_data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  gsize length = payload_view_measure_slice (self->rest);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert_with_tags_by_name (buffer, &end, self->rest, length, SCOPE_UI_EXACT_TAG, NULL);
  self->rest += length;
  if (*self->rest != '\0')
    return G_SOURCE_CONTINUE;
  self->fill_id = 0;
  scope_ui_show_text (self->note, self->note_then);
  scope_payload_view_stop_filling (self);
  return G_SOURCE_REMOVE;
}

/* Returns what is there at once. */
static char *
scope_payload_view_begin_filling (ScopePayloadView *self,
                                  const char       *text,
                                  const char       *note)
{
  gsize length = payload_view_measure_slice (text);

  if (text[length] == '\0')
    return g_strdup (text);
  self->text = g_strdup (text + length);
  self->rest = self->text;
  self->note_then = g_strdup (note);
  self->fill_id = g_idle_add (scope_payload_view_fill_cb, self);
  return g_strndup (text, length);
}

static void
scope_payload_view_show (ScopePayloadView *self,
                         const char       *text,
                         const char       *note,
                         gboolean          is_json)
{
  g_autofree char *begin = NULL;
  GtkSourceBuffer *buffer;
  GtkTextIter start;

  scope_payload_view_stop_filling (self);
  if (gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->text_view)) > SLICE_BYTES)
    scope_payload_view_replace_buffer (self);
  begin = scope_payload_view_begin_filling (self, text, note);
  buffer = scope_payload_view_get_buffer (self);
  gtk_source_buffer_set_highlight_syntax (buffer, is_json);
  scope_ui_set_exact_text (GTK_TEXT_BUFFER (buffer), begin);
  gtk_text_buffer_get_start_iter (GTK_TEXT_BUFFER (buffer), &start);
  gtk_text_buffer_place_cursor (GTK_TEXT_BUFFER (buffer), &start);
  gtk_text_view_scroll_to_iter (self->text_view, &start, 0, TRUE, 0, 0);
  scope_ui_show_text (self->note, self->rest != NULL ? _("Reading the payload…") : note);
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
  scope_payload_view_stop_filling (self);
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
  gtk_widget_init_template (GTK_WIDGET (self));

  scope_payload_view_init_buffer (self);
  self->find = scope_text_find_new (self->text_view);
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
      scope_payload_view_set_note (self, NULL);
      return;
    }
  if (scope_entry_get_frame_size (entry) > WORKER_BYTES)
    {
      scope_payload_view_show (self, "", _("Reading the payload…"), FALSE);
      scope_payload_view_read (self, entry);
      return;
    }
  payload = scope_payload_new (entry);
  scope_payload_view_show (self, payload->text, payload->note, payload->is_json);
}

/**
 * scope_payload_view_set_note:
 * @note: (nullable): what to say instead of a payload
 */
void
scope_payload_view_set_note (ScopePayloadView *self,
                             const char       *note)
{
  g_return_if_fail (SCOPE_IS_PAYLOAD_VIEW (self));

  scope_payload_view_cancel (self);
  scope_payload_view_show (self, "", note, FALSE);
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
