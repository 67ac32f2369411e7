/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-preferences-window"

#include "config.h"

#include "ui/scope-preferences-window.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

#define BUDGET_KEY "capture-budget"
#define DEFAULT_BUDGET_MIB 1024
#define MIB (1024 * 1024)
/* what an event of 250 bytes takes in the file */
#define EVENT_BYTES 250
#define EVENT_FILE_BYTES 268

struct _ScopePreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  AdwActionRow *budget_row;
  GtkSpinButton *budget;
  AdwActionRow *folder_row;
  AdwComboRow *style;
};

G_DEFINE_FINAL_TYPE (ScopePreferencesWindow, scope_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* ---- the budget ---- */

static guint64
scope_preferences_get_budget_mib (void)
{
  GSettings *settings = scope_ui_get_settings ();

  return settings != NULL ? g_settings_get_uint (settings, BUDGET_KEY) : DEFAULT_BUDGET_MIB;
}

/* in words: what so many bytes hold, rounded to what can be promised */
static void
scope_preferences_window_describe_budget (ScopePreferencesWindow *self)
{
  guint64 bytes = (guint64) gtk_spin_button_get_value (self->budget) * MIB;
  guint64 n = bytes / EVENT_FILE_BYTES;
  guint64 unit = 1;
  g_autofree char *size = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;

  while (n / unit >= 100)
    unit *= 10;
  count = scope_format_count (n / unit * unit);
  /* Translators: "1 GiB: about 4,000,000 events of 250 bytes" */
  text = g_strdup_printf (_("%s: about %s events of %d bytes. The oldest ones are dropped for new "
                            "ones."), size, count, EVENT_BYTES);
  adw_action_row_set_subtitle (self->budget_row, text);
}

static void
scope_preferences_window_init_budget (ScopePreferencesWindow *self)
{
  GSettings *settings = scope_ui_get_settings ();

  gtk_spin_button_set_value (self->budget, scope_preferences_get_budget_mib ());
  if (settings != NULL)
    g_settings_bind (settings, BUDGET_KEY, self->budget, "value", G_SETTINGS_BIND_DEFAULT);
  else
    gtk_widget_set_sensitive (GTK_WIDGET (self->budget), FALSE);
  scope_preferences_window_describe_budget (self);
}

/* ---- the folder ---- */

static char *
scope_preferences_dup_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "channelscope", "captures", NULL);
}

static void
scope_preferences_window_open_folder_cb (ScopePreferencesWindow *self)
{
  g_autofree char *folder = scope_preferences_dup_folder ();
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autofree char *uri = g_file_get_uri (file);

  g_mkdir_with_parents (folder, 0700);
  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

/* ---- the style ---- */

static void
scope_preferences_window_style_cb (ScopePreferencesWindow *self)
{
  GSettings *settings = scope_ui_get_settings ();
  guint chosen = adw_combo_row_get_selected (self->style);

  if (settings != NULL && chosen != GTK_INVALID_LIST_POSITION
      && (int) chosen != g_settings_get_enum (settings, "color-scheme"))
    g_settings_set_enum (settings, "color-scheme", chosen);
}

static void
scope_preferences_window_scheme_cb (ScopePreferencesWindow *self)
{
  GSettings *settings = scope_ui_get_settings ();

  adw_combo_row_set_selected (self->style, g_settings_get_enum (settings, "color-scheme"));
}

static void
scope_preferences_window_init_style (ScopePreferencesWindow *self)
{
  GSettings *settings = scope_ui_get_settings ();

  gtk_widget_set_sensitive (GTK_WIDGET (self->style), settings != NULL);
  if (settings == NULL)
    return;
  g_signal_connect_object (settings, "changed::color-scheme",
                           G_CALLBACK (scope_preferences_window_scheme_cb), self,
                           G_CONNECT_SWAPPED);
  scope_preferences_window_scheme_cb (self);
}

/* ---- class ---- */

static void
scope_preferences_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_PREFERENCES_WINDOW);

  G_OBJECT_CLASS (scope_preferences_window_parent_class)->dispose (object);
}

static void
scope_preferences_window_class_init (ScopePreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_preferences_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopePreferencesWindow, budget_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePreferencesWindow, budget);
  gtk_widget_class_bind_template_child (widget_class, ScopePreferencesWindow, folder_row);
  gtk_widget_class_bind_template_child (widget_class, ScopePreferencesWindow, style);
  gtk_widget_class_bind_template_callback (widget_class, scope_preferences_window_describe_budget);
  gtk_widget_class_bind_template_callback (widget_class, scope_preferences_window_open_folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_preferences_window_style_cb);
}

static void
scope_preferences_window_init (ScopePreferencesWindow *self)
{
  g_autofree char *folder = scope_preferences_dup_folder ();
  g_autofree char *shown = g_filename_display_name (folder);

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->folder_row), FALSE);
  adw_action_row_set_subtitle (self->folder_row, shown);
  scope_preferences_window_init_style (self);
  scope_preferences_window_init_budget (self);
}

/**
 * scope_preferences_window_new:
 * @parent: (nullable): the window it belongs to
 *
 * Returns: (transfer none): a window, to be presented
 */
GtkWindow *
scope_preferences_window_new (GtkWindow *parent)
{
  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  return g_object_new (SCOPE_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);
}

static void
scope_preferences_budget_cb (ScopeSession *session)
{
  scope_session_set_recording_budget (session, scope_preferences_get_budget_mib () * MIB);
}

/**
 * scope_preferences_apply_budget:
 * @session: a session
 *
 * Its size budget is what the settings say, now and later.
 */
void
scope_preferences_apply_budget (ScopeSession *session)
{
  GSettings *settings = scope_ui_get_settings ();

  g_return_if_fail (SCOPE_IS_SESSION (session));

  if (settings != NULL)
    g_signal_connect_object (settings, "changed::" BUDGET_KEY,
                             G_CALLBACK (scope_preferences_budget_cb), session, G_CONNECT_SWAPPED);
  scope_preferences_budget_cb (session);
}
