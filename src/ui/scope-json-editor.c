/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json-editor"

#include "config.h"

#include "ui/scope-json-editor.h"

#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "session/scope-template-fill.h"
#include "ui/scope-publish-check.h"
#include "ui/scope-ui-util.h"

/* One very long line blocks a text view's layout; nothing near this size could be published anyway. */
#define MAX_TYPED_BYTES (3 * SCOPE_LIMIT_DATA_BYTES)

struct _ScopeJsonEditor
{
  AdwPreferencesRow parent_instance;

  GtkTextView *view;
  GtkWidget *format_button;
  GtkToggleButton *json_button;
  GtkToggleButton *text_button;
  GtkLabel *size_label;
  GtkLabel *variables_label;

  gsize max_bytes;
  char *problem;
  gboolean refused; /* what was inserted last was too much */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeJsonEditor, scope_json_editor, ADW_TYPE_PREFERENCES_ROW)

static GtkTextBuffer *
scope_json_editor_get_buffer (ScopeJsonEditor *self)
{
  return gtk_text_view_get_buffer (self->view);
}

/* What it is checked with: as large as what will stand there. */
static const ScopeTemplateValues sample
    = { .now_usec = 0, .uuid = "00000000-0000-4000-8000-000000000000", .n = 1 };

/* The figures of a JSON string are those of its content: that is what is published (protocol.md §9.3). */
static gsize
scope_json_editor_measure (ScopeJsonEditor *self,
                           const char      *filled)
{
  g_autoptr (GString) content = NULL;
  gsize length = strlen (filled);

  if (scope_json_editor_get_is_text (self) || scope_json_peek_kind (filled, length) != SCOPE_JSON_STRING
      || !scope_json_check (filled, length, NULL, NULL))
    return length;
  content = g_string_new (NULL);
  return scope_json_string_decode (filled, length, content) ? content->len : length;
}

static char *
scope_json_editor_check (ScopeJsonEditor *self,
                         const char      *text,
                         const char      *filled)
{
  ScopeJsonProblem problem;
  gsize size = scope_json_editor_measure (self, filled);

  if (self->refused)
    return g_strdup_printf (_("Not inserted: it is far more than a server accepts (%zu bytes)."), self->max_bytes);
  if (!scope_json_editor_get_is_text (self) && *filled != '\0'
      && !scope_json_check (filled, strlen (filled), NULL, &problem))
    {
      problem.offset = scope_template_find_source (text, &sample, problem.offset);
      return scope_publish_describe_problem (text, &problem);
    }
  if (size > self->max_bytes)
    return g_strdup_printf (_("Too large by %zu bytes: at most %zu are accepted."), size - self->max_bytes,
                            self->max_bytes);
  return NULL;
}

static void
scope_json_editor_update_size (ScopeJsonEditor *self,
                               const char      *filled)
{
  gsize size = scope_json_editor_measure (self, filled);
  g_autofree char *text = NULL;

  if (size == 0)
    text = g_strdup (_("Empty: the event has no data"));
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu of %zu byte", "%zu of %zu bytes", self->max_bytes),
                            size, self->max_bytes);
  gtk_label_set_text (self->size_label, text);
}

static void
scope_json_editor_update (ScopeJsonEditor *self)
{
  g_autofree char *text = scope_json_editor_dup_text (self);
  g_autofree char *filled = scope_template_fill (text, &sample);
  gboolean has_variables = scope_template_has_variables (text);

  g_free (self->problem);
  self->problem = scope_json_editor_check (self, text, filled);
  scope_json_editor_update_size (self, filled);
  gtk_label_set_text (self->variables_label,
                      has_variables ? _("Filled in when it is published: {{now}} the time, {{uuid}} a random id, "
                                        "{{n}} 1, 2, 3…") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->variables_label), has_variables);
  gtk_widget_set_visible (self->format_button, !scope_json_editor_get_is_text (self));
  gtk_widget_set_sensitive (self->format_button,
                            *text != '\0' && self->problem == NULL && !has_variables);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
scope_json_editor_edited_cb (ScopeJsonEditor *self)
{
  self->refused = FALSE;
  scope_json_editor_update (self);
}

static void
scope_json_editor_kind_cb (ScopeJsonEditor *self)
{
  gtk_source_buffer_set_highlight_syntax (GTK_SOURCE_BUFFER (scope_json_editor_get_buffer (self)),
                                          !scope_json_editor_get_is_text (self));
  scope_json_editor_edited_cb (self);
}

static void
scope_json_editor_insert_cb (ScopeJsonEditor *self,
                             GtkTextIter     *location,
                             char            *text,
                             int              length,
                             GtkTextBuffer   *buffer)
{
  gsize bytes = length >= 0 ? (gsize) length : strlen (text);

  if (bytes + (gsize) gtk_text_buffer_get_char_count (buffer) <= MAX (MAX_TYPED_BYTES, self->max_bytes))
    return;

  g_signal_stop_emission_by_name (buffer, "insert-text");
  self->refused = TRUE;
  scope_json_editor_update (self);
}

static void
scope_json_editor_format_cb (ScopeJsonEditor *self)
{
  g_autofree char *text = scope_json_editor_dup_text (self);
  g_autofree char *pretty = scope_publish_dup_data (text, strlen (text));

  gtk_text_buffer_set_text (scope_json_editor_get_buffer (self), pretty, -1);
}

static void
scope_json_editor_update_scheme (ScopeJsonEditor *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (
      GTK_SOURCE_BUFFER (scope_json_editor_get_buffer (self)),
      gtk_source_style_scheme_manager_get_scheme (manager, dark ? "Adwaita-dark" : "Adwaita"));
}

static gboolean
scope_json_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SCOPE_JSON_EDITOR (widget)->view));
}

static void
scope_json_editor_finalize (GObject *object)
{
  g_free (SCOPE_JSON_EDITOR (object)->problem);

  G_OBJECT_CLASS (scope_json_editor_parent_class)->finalize (object);
}

static void
scope_json_editor_class_init (ScopeJsonEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = scope_json_editor_finalize;
  widget_class->grab_focus = scope_json_editor_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_JSON_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-json-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonEditor, view);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonEditor, format_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonEditor, json_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonEditor, text_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonEditor, size_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonEditor, variables_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_json_editor_format_cb);
}

static void
scope_json_editor_init (ScopeJsonEditor *self)
{
  GtkTextBuffer *buffer;

  self->max_bytes = SCOPE_LIMIT_DATA_BYTES;
  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = scope_json_editor_get_buffer (self);
  gtk_source_buffer_set_language (
      GTK_SOURCE_BUFFER (buffer),
      gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), "json"));
  scope_json_editor_update_scheme (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (scope_json_editor_update_scheme), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "insert-text", G_CALLBACK (scope_json_editor_insert_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (scope_json_editor_edited_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->text_button, "toggled", G_CALLBACK (scope_json_editor_kind_cb), self,
                           G_CONNECT_SWAPPED);
  scope_json_editor_update (self);
}

/**
 * scope_json_editor_get_problem:
 *
 * Returns: (transfer none) (nullable): a sentence with line and column, or the figure that is allowed
 */
const char *
scope_json_editor_get_problem (ScopeJsonEditor *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_EDITOR (self), NULL);

  return self->problem;
}

/**
 * scope_json_editor_dup_text:
 *
 * Returns: (transfer full): what is typed
 */
char *
scope_json_editor_dup_text (ScopeJsonEditor *self)
{
  char *text;

  g_return_val_if_fail (SCOPE_IS_JSON_EDITOR (self), NULL);

  g_object_get (scope_json_editor_get_buffer (self), "text", &text, NULL);
  return text;
}

/**
 * scope_json_editor_get_is_text:
 *
 * Returns: whether it goes as a text rather than as JSON
 */
gboolean
scope_json_editor_get_is_text (ScopeJsonEditor *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_EDITOR (self), FALSE);

  return gtk_toggle_button_get_active (self->text_button);
}

/**
 * scope_json_editor_set_text:
 * @is_text: whether it is plain text; JSON if not
 */
void
scope_json_editor_set_text (ScopeJsonEditor *self,
                            const char      *text,
                            gboolean         is_text)
{
  g_return_if_fail (SCOPE_IS_JSON_EDITOR (self) && text != NULL);

  gtk_toggle_button_set_active (is_text ? self->text_button : self->json_button, TRUE);
  gtk_text_buffer_set_text (scope_json_editor_get_buffer (self), text, -1);
}

/**
 * scope_json_editor_set_max_bytes:
 * @max_bytes: how long it may be: what is more is told beside it
 */
void
scope_json_editor_set_max_bytes (ScopeJsonEditor *self,
                                 gsize            max_bytes)
{
  g_return_if_fail (SCOPE_IS_JSON_EDITOR (self) && max_bytes > 0);

  if (self->max_bytes == max_bytes)
    return;
  self->max_bytes = max_bytes;
  scope_json_editor_update (self);
}
