/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-import-dialog"

#include "config.h"

#include "ui/scope-import-dialog.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-file-choice.h"
#include "ui/scope-quit.h"
#include "ui/scope-ui-util.h"

/* Reading again waits until nothing was typed for so long. */
#define PARSE_DELAY_MSEC 200
#define MAX_SHOWN_BYTES 200

struct _ScopeImportDialog
{
  AdwWindow parent_instance;

  GtkWidget *text_view;
  GtkTextBuffer *buffer;
  GtkWidget *problem_box;
  GtkLabel *problem_label;
  AdwPreferencesGroup *fields_group;
  GtkListBox *fields_list;
  AdwPreferencesGroup *notes_group;
  GtkListBox *notes_list;

  ScopeConfigImport *import; /* NULL: nothing to import yet */
  GCancellable *cancellable; /* of the clipboard and of files */
  guint parse_id;
};

enum
{
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeImportDialog, scope_import_dialog, ADW_TYPE_WINDOW)

/* What is understood, in the words of the profile editor. */
/* clang-format off */
static const struct { const char *property, *title; } shown_properties[] = {
  { "name", N_("Name") },
  { "cluster", N_("Cluster") },
  { "host", N_("Host") },
  { "port", N_("Port") },
  { "use-tls", N_("Use TLS") },
  { "path", N_("Path") },
  { "app-id", N_("App ID") },
  { "auth-endpoint", N_("Authorization Endpoint") },
  { "auth-transport", N_("Authorization Request") },
  { "auth-method", N_("Authorization Request") },
  { "user-endpoint", N_("Sign-In Endpoint") },
  { "user-transport", N_("Sign-In Request") },
  { "user-method", N_("Sign-In Request") },
  { "api-host", N_("API Host") },
  { "api-port", N_("API Port") },
  { "transports", N_("Allowed Transports") },
  { "disabled-transports", N_("Disabled Transports") },
  { "wss-port", N_("Port for TLS Tries") },
  { "http-host", N_("Fallback Host") },
  { "http-port", N_("Fallback Port Without TLS") },
  { "https-port", N_("Fallback Port With TLS") },
  { "http-path", N_("Fallback Path") },
  { "origin", N_("Origin") },
  { "proxy", N_("Proxy") },
  { "activity-timeout", N_("Activity Timeout") },
  { "pong-timeout", N_("Pong Timeout") },
  { "unavailable-timeout", N_("Unavailable Timeout") },
  { "connect-timeout", N_("Connect Timeout") },
  { "reconnect-delay", N_("First Delay") },
  { "max-delay", N_("Longest Delay") },
  { "max-attempts", N_("Attempts") },
  { "connect-at-start", N_("Connect at Start") },
};

static const struct { ScopeCredentialKind kind; const char *title; } shown_credentials[] = {
  { SCOPE_CREDENTIAL_KEY, N_("App Key") },
  { SCOPE_CREDENTIAL_SECRET, N_("App Secret") },
  { SCOPE_CREDENTIAL_MASTER_KEY, N_("Encryption Master Key") },
  { SCOPE_CREDENTIAL_HEADERS, N_("Extra Headers") },
  { SCOPE_CREDENTIAL_AUTH_PARAMS, N_("Authorization Parameters") },
  { SCOPE_CREDENTIAL_AUTH_HEADERS, N_("Authorization Headers") },
  { SCOPE_CREDENTIAL_USER_PARAMS, N_("Sign-In Parameters") },
  { SCOPE_CREDENTIAL_USER_HEADERS, N_("Sign-In Headers") },
};
/* clang-format on */

/* ---- the preview ---- */

static void
scope_import_dialog_clear (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static void
scope_import_dialog_add_row (GtkListBox *list,
                             const char *title,
                             const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *label =
      subtitle != NULL ? g_strdup_printf ("%s: %s", title, subtitle) : g_strdup (title);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  scope_ui_set_label (row, label);
  gtk_list_box_append (list, row);
}

static char *
scope_import_dialog_dup_value (const GValue *value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_strdup (g_value_get_boolean (value) ? _("On") : _("Off"));
  if (G_VALUE_HOLDS_UINT (value))
    return g_strdup_printf ("%u", g_value_get_uint (value));
  if (G_VALUE_HOLDS_DOUBLE (value))
    return g_strdup (g_ascii_formatd (digits, sizeof digits, "%g", g_value_get_double (value)));
  return scope_text_for_display (g_value_get_string (value), -1, MAX_SHOWN_BYTES);
}

static void
scope_import_dialog_add_property (ScopeImportDialog *self,
                                  const char        *property,
                                  const char        *title)
{
  GObject *profile = G_OBJECT (self->import->profile);
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (profile), property);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *text = NULL;

  g_object_get_property (profile, property, &value);
  if (g_param_value_defaults (pspec, &value))
    return;

  text = scope_import_dialog_dup_value (&value);
  scope_import_dialog_add_row (self->fields_list, title, text);
}

/* That a secret is there, never what it is. */
static void
scope_import_dialog_add_credential (ScopeImportDialog  *self,
                                    ScopeCredentialKind kind,
                                    const char         *title)
{
  g_autofree char *text = g_strdup_printf (_("%s found"), SCOPE_REDACTED);

  if (scope_credentials_peek (self->import->credentials, kind) != NULL)
    scope_import_dialog_add_row (self->fields_list, title, text);
}

static void
scope_import_dialog_fill (ScopeImportDialog *self)
{
  adw_preferences_group_set_description (self->fields_group, self->import->source);
  for (gsize i = 0; i < G_N_ELEMENTS (shown_credentials); i++)
    scope_import_dialog_add_credential (self, shown_credentials[i].kind,
                                        _(shown_credentials[i].title));
  for (gsize i = 0; i < G_N_ELEMENTS (shown_properties); i++)
    scope_import_dialog_add_property (self, shown_properties[i].property,
                                      _(shown_properties[i].title));
  for (guint i = 0; self->import->notes[i] != NULL; i++)
    scope_import_dialog_add_row (self->notes_list, self->import->notes[i], NULL);
}

/* text NULL: nothing is wrong */
static void
scope_import_dialog_show_problem (ScopeImportDialog *self,
                                  const char        *text)
{
  gtk_label_set_text (self->problem_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->problem_box, text != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->text_view), GTK_ACCESSIBLE_STATE_INVALID,
                               text != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                            : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_view),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text != NULL ? text : "",
                                  -1);
}

static void
scope_import_dialog_show (ScopeImportDialog *self,
                          const GError      *error)
{
  gboolean any = self->import != NULL;

  scope_import_dialog_clear (self->fields_list);
  scope_import_dialog_clear (self->notes_list);
  if (any)
    scope_import_dialog_fill (self);
  gtk_widget_set_visible (GTK_WIDGET (self->fields_group), any);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_group), any && self->import->notes[0] != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.create", any);
  scope_import_dialog_show_problem (self, error != NULL ? error->message : NULL);
}

static void
scope_import_dialog_parse (ScopeImportDialog *self)
{
  g_autoptr (GError) error = NULL;
  GtkTextIter start, end;
  char *text;

  g_clear_handle_id (&self->parse_id, g_source_remove);
  g_clear_pointer (&self->import, scope_config_import_free);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  text = gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
  if (*text != '\0')
    self->import = scope_config_import_parse (text, strlen (text), &error);
  scope_secret_wipe (text, strlen (text));
  g_free (text);
  scope_import_dialog_show (self, error);
}

static gboolean
scope_import_dialog_parse_cb (gpointer user_data)
{
  ScopeImportDialog *self = user_data;

  self->parse_id = 0;
  scope_import_dialog_parse (self);
  return G_SOURCE_REMOVE;
}

/* What was understood before is no longer true. */
static void
scope_import_dialog_changed_cb (ScopeImportDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_apply_tag_by_name (self->buffer, SCOPE_UI_EXACT_TAG, &start, &end);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.create", FALSE);
  g_clear_handle_id (&self->parse_id, g_source_remove);
  self->parse_id = g_timeout_add (PARSE_DELAY_MSEC, scope_import_dialog_parse_cb, self);
}

static void
scope_import_dialog_set_text (ScopeImportDialog *self,
                              const char        *text,
                              gsize              length)
{
  gtk_text_buffer_set_text (self->buffer, text, length);
  scope_import_dialog_parse (self);
}

/* ---- the clipboard ---- */

static void
scope_import_dialog_pasted_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr (ScopeImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
      gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (text == NULL)
    {
      scope_import_dialog_show_problem (self, _("The clipboard holds no text."));
      return;
    }
  scope_import_dialog_set_text (self, text, strlen (text));
  scope_secret_wipe (text, strlen (text));
}

/* Only when asked to: what is in the clipboard is nobody's business until then. */
static void
scope_import_dialog_paste_cb (ScopeImportDialog *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->cancellable,
                                 scope_import_dialog_pasted_cb, g_object_ref (self));
}

/* ---- files ---- */

typedef struct
{
  ScopeImportDialog *dialog;
  char *name;
  gsize size;
  char *bytes; /* size of them, one more than is allowed */
} ImportRead;

static void
import_read_free (ImportRead *self)
{
  if (self->bytes != NULL)
    scope_secret_wipe (self->bytes, self->size);
  g_object_unref (self->dialog);
  g_free (self->bytes);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImportRead, import_read_free)

static void
scope_import_dialog_fail_to_read (ScopeImportDialog *self,
                                  const char        *name,
                                  const GError      *error)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf (_("The file “%s” can’t be read: %s"), name, error->message);
  scope_import_dialog_show_problem (self, text);
}

static void
scope_import_dialog_read_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr (ImportRead) read = user_data;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  gboolean done =
      g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error);

  if (g_cancellable_is_cancelled (read->dialog->cancellable))
    return;
  if (!done)
    scope_import_dialog_fail_to_read (read->dialog, read->name, error);
  else if (length > SCOPE_CONFIG_IMPORT_MAX_BYTES
           || !g_utf8_validate_len (read->bytes, length, NULL))
    scope_import_dialog_show_problem (read->dialog,
                                      _("This file is no text that could be imported."));
  else
    scope_import_dialog_set_text (read->dialog, read->bytes, length);
}

static void
scope_import_dialog_opened_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr (ImportRead) read = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);
  ImportRead *owned;

  if (g_cancellable_is_cancelled (read->dialog->cancellable))
    return;
  if (stream == NULL)
    {
      scope_import_dialog_fail_to_read (read->dialog, read->name, error);
      return;
    }
  owned = g_steal_pointer (&read);
  owned->size = SCOPE_CONFIG_IMPORT_MAX_BYTES + 1;
  owned->bytes = g_malloc (owned->size);
  g_input_stream_read_all_async (G_INPUT_STREAM (stream), owned->bytes, owned->size,
                                 G_PRIORITY_DEFAULT, owned->dialog->cancellable,
                                 scope_import_dialog_read_cb, owned);
}

static void
scope_import_dialog_load (ScopeImportDialog *self,
                          GFile             *file)
{
  ImportRead *read = g_new0 (ImportRead, 1);
  g_autofree char *base = g_file_get_basename (file);

  read->dialog = g_object_ref (self);
  read->name = g_filename_display_name (base);
  g_file_read_async (file, G_PRIORITY_DEFAULT, self->cancellable, scope_import_dialog_opened_cb,
                     read);
}

static void
scope_import_dialog_file_cb (gpointer        window,
                             GFile          *file,
                             GtkFileChooser *chooser)
{
  scope_import_dialog_load (window, file);
}

static void
scope_import_dialog_open_cb (ScopeImportDialog *self)
{
  scope_file_choice_ask (scope_file_choice_new (GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                                _("Open Configuration"), _("_Open")),
                         scope_import_dialog_file_cb);
}

/* ---- class ---- */

static void
scope_import_dialog_create_cb (GtkWidget  *widget,
                               const char *action,
                               GVariant   *parameter)
{
  ScopeImportDialog *self = SCOPE_IMPORT_DIALOG (widget);

  if (self->import == NULL)
    return;

  g_signal_emit (self, signals[CHOSEN], 0, self->import->profile, self->import->credentials);
  gtk_window_close (GTK_WINDOW (self));
}

static void
scope_import_dialog_dispose (GObject *object)
{
  ScopeImportDialog *self = SCOPE_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->parse_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_IMPORT_DIALOG);

  G_OBJECT_CLASS (scope_import_dialog_parent_class)->dispose (object);
}

static void
scope_import_dialog_finalize (GObject *object)
{
  ScopeImportDialog *self = SCOPE_IMPORT_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->import, scope_config_import_free);

  G_OBJECT_CLASS (scope_import_dialog_parent_class)->finalize (object);
}

static void
scope_import_dialog_class_init (ScopeImportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_import_dialog_dispose;
  object_class->finalize = scope_import_dialog_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, SCOPE_TYPE_PROFILE,
                                  SCOPE_TYPE_CREDENTIALS);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, buffer);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, problem_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, fields_group);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, fields_list);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, notes_group);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportDialog, notes_list);
  gtk_widget_class_bind_template_callback (widget_class, scope_import_dialog_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_import_dialog_paste_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_import_dialog_open_cb);
  gtk_widget_class_install_action (widget_class, "dialog.create", NULL,
                                   scope_import_dialog_create_cb);
}

static void
scope_import_dialog_init (ScopeImportDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_quit_guard (GTK_WINDOW (self));
  gtk_text_buffer_create_tag (self->buffer, SCOPE_UI_EXACT_TAG, "insert-hyphens", FALSE, NULL);
  scope_import_dialog_show (self, NULL);
  gtk_widget_grab_focus (self->text_view);
}

/**
 * scope_import_dialog_new:
 * @parent: (nullable): the window it belongs to
 *
 * Makes the dialog that reads other libraries' configuration.
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_import_dialog_new (GtkWindow *parent)
{
  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  return g_object_new (SCOPE_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);
}
