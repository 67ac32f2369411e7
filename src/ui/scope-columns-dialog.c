/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-columns-dialog"

#include "config.h"

#include "ui/scope-columns-dialog.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-field-note.h"
#include "ui/scope-filter-completion.h"
#include "ui/scope-log-column.h"
#include "ui/scope-ui-util.h"

struct _ScopeColumnsDialog
{
  AdwWindow parent_instance;

  GtkListBox *list;
  GtkWidget *path_entry;
  ScopeFilterCompletion *completion;
  GtkWidget *add_button;
  ScopeFieldNote *note;
  AdwComboRow *time_row;

  GSettings *settings;
  char *touched;      /* the column whose control was used, which is to keep the focus; NULL: none */
  int direction;      /* -1: its button up; 0: its check; 1: its button down */
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (ScopeColumnsDialog, scope_columns_dialog, ADW_TYPE_WINDOW)

static const char name_key[] = "scope-name";

/* ---- the setting ---- */

static GPtrArray *
columns_load (void)
{
  g_auto (GStrv) kept = g_settings_get_strv (scope_ui_get_settings (), "log-columns");
  g_auto (GStrv) names = scope_log_columns_normalize ((const char * const *) kept);
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (columns, g_strdup (names[i]));
  return columns;
}

static void
columns_save (GPtrArray *columns)
{
  g_ptr_array_add (columns, NULL);
  g_settings_set_strv (scope_ui_get_settings (), "log-columns",
                       (const char * const *) columns->pdata);
}

static guint
columns_find (GPtrArray  *columns,
              const char *name)
{
  guint i = G_MAXUINT;

  g_ptr_array_find_with_equal_func (columns, name, g_str_equal, &i);
  return i;
}

static void
columns_show (const char *name)
{
  g_autoptr (GPtrArray) columns = columns_load ();

  if (columns_find (columns, name) != G_MAXUINT || columns->len >= SCOPE_MAX_LOG_COLUMNS)
    return;
  g_ptr_array_add (columns, g_strdup (name));
  columns_save (columns);
}

/**
 * scope_columns_hide:
 * @name: of a column; the time stays
 */
void
scope_columns_hide (const char *name)
{
  g_autoptr (GPtrArray) columns = columns_load ();
  guint i = columns_find (columns, name);

  if (i == G_MAXUINT || g_str_equal (name, "time"))
    return;
  g_ptr_array_remove_index (columns, i);
  columns_save (columns);
}

static void
columns_move (const char *name,
              gboolean    up)
{
  g_autoptr (GPtrArray) columns = columns_load ();
  guint from = columns_find (columns, name);
  guint to = up ? from - 1 : from + 1;
  char *taken;

  /* the time stays the first */
  if (from == G_MAXUINT || from == 0 || to == 0 || to >= columns->len)
    return;
  taken = g_ptr_array_steal_index (columns, from);
  g_ptr_array_insert (columns, to, taken);
  columns_save (columns);
}

/**
 * scope_columns_reset:
 *
 * Columns, their order and widths, and how times are written are as at first, in every window.
 */
void
scope_columns_reset (void)
{
  GSettings *settings = scope_ui_get_settings ();

  g_settings_reset (settings, "log-columns");
  g_settings_reset (settings, "log-column-widths");
  g_settings_reset (settings, "log-time");
}

/* ---- rows ---- */

static void
scope_columns_dialog_touch (ScopeColumnsDialog *self,
                            const char         *name,
                            int                 direction)
{
  g_free (self->touched);
  self->touched = g_strdup (name);
  self->direction = direction;
}

static void
scope_columns_dialog_toggled_cb (ScopeColumnsDialog *self,
                                 GtkCheckButton     *check)
{
  const char *name = g_object_get_data (G_OBJECT (check), name_key);

  scope_columns_dialog_touch (self, name, 0);
  if (gtk_check_button_get_active (check))
    columns_show (name);
  else
    scope_columns_hide (name);
}

static void
scope_columns_dialog_move (ScopeColumnsDialog *self,
                           GtkWidget          *button,
                           gboolean            up)
{
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (button), name_key));

  scope_columns_dialog_touch (self, name, up ? -1 : 1);
  columns_move (name, up);
}

static void
scope_columns_dialog_up_cb (ScopeColumnsDialog *self,
                            GtkWidget          *button)
{
  scope_columns_dialog_move (self, button, TRUE);
}

static void
scope_columns_dialog_down_cb (ScopeColumnsDialog *self,
                              GtkWidget          *button)
{
  scope_columns_dialog_move (self, button, FALSE);
}

static GtkWidget *
scope_columns_dialog_add_button (ScopeColumnsDialog *self,
                                 GtkWidget          *row,
                                 ScopeLogColumn     *column,
                                 gboolean            up)
{
  /* Translators: %s is a column */
  g_autofree char *label = g_strdup_printf (up ? _("Move %s Up") : _("Move %s Down"),
                                            scope_log_column_get_words (column));
  GtkWidget *button = scope_ui_create_row_button (up ? "go-up-symbolic" : "go-down-symbolic",
                                                  up ? _("Move Up") : _("Move Down"), label);

  g_object_set_data_full (G_OBJECT (button), name_key,
                          g_strdup (scope_log_column_get_name (column)), g_free);
  g_signal_connect_object (button, "clicked",
                           up ? G_CALLBACK (scope_columns_dialog_up_cb)
                              : G_CALLBACK (scope_columns_dialog_down_cb),
                           self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

static GtkWidget *
scope_columns_dialog_add_check (ScopeColumnsDialog *self,
                                GtkWidget          *row,
                                ScopeLogColumn     *column,
                                gboolean            shown)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), shown);
  /* the time carries the row's name for a screen reader */
  gtk_widget_set_sensitive (check, scope_log_column_get_kind (column) != SCOPE_LOG_COLUMN_TIME);
  g_object_set_data_full (G_OBJECT (check), name_key,
                          g_strdup (scope_log_column_get_name (column)), g_free);
  g_signal_connect_object (check, "toggled", G_CALLBACK (scope_columns_dialog_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  return check;
}

/* Where the hand was; at an end of the list on the other button. */
static void
scope_columns_dialog_focus (ScopeColumnsDialog *self,
                            GtkWidget          *check,
                            GtkWidget          *up,
                            GtkWidget          *down)
{
  gboolean use_up = self->direction < 0;

  if (up != NULL && use_up && !gtk_widget_get_sensitive (up))
    use_up = FALSE;
  else if (down != NULL && !use_up && !gtk_widget_get_sensitive (down))
    use_up = TRUE;
  if (self->direction == 0 || up == NULL)
    gtk_widget_grab_focus (check);
  else
    gtk_widget_grab_focus (use_up ? up : down);
  g_clear_pointer (&self->touched, g_free);
}

static void
scope_columns_dialog_add_row (ScopeColumnsDialog *self,
                              const char         *name,
                              guint               position, /* G_MAXUINT: not shown */
                              guint               n_shown)
{
  g_autoptr (ScopeLogColumn) column = scope_log_column_new (name);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check, *up = NULL, *down = NULL;
  gboolean shown = position != G_MAXUINT;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), scope_log_column_get_words (column));
  check = scope_columns_dialog_add_check (self, row, column, shown);
  gtk_list_box_append (self->list, row);
  if (shown)
    {
      up = scope_columns_dialog_add_button (self, row, column, TRUE);
      down = scope_columns_dialog_add_button (self, row, column, FALSE);
      gtk_widget_set_sensitive (up, position > 1);
      gtk_widget_set_sensitive (down, position > 0 && position + 1 < n_shown);
    }
  if (g_strcmp0 (self->touched, name) == 0)
    scope_columns_dialog_focus (self, check, up, down);
}

static void
scope_columns_dialog_load (ScopeColumnsDialog *self)
{
  const char * const *known = scope_log_columns_get_known ();
  g_autoptr (GPtrArray) columns = columns_load ();
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < columns->len; i++)
    scope_columns_dialog_add_row (self, columns->pdata[i], i, columns->len);
  for (guint i = 0; known[i] != NULL; i++)
    if (columns_find (columns, known[i]) == G_MAXUINT)
      scope_columns_dialog_add_row (self, known[i], G_MAXUINT, columns->len);
}

/* ---- a path ---- */

static void
scope_columns_dialog_path_cb (ScopeColumnsDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->path_entry));
  g_autofree char *problem = *text != '\0' ? scope_log_columns_check_path (text) : NULL;
  g_autoptr (GPtrArray) columns = columns_load ();

  if (problem == NULL && columns_find (columns, text) != G_MAXUINT)
    problem = g_strdup (_("This column is there already."));
  gtk_widget_set_sensitive (self->add_button, *text != '\0' && problem == NULL);
  scope_field_note_set (self->note, SCOPE_NOTE_ERROR, problem);
}

static void
scope_columns_dialog_add_cb (ScopeColumnsDialog *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->path_entry)));
  g_autofree char *problem = scope_log_columns_check_path (g_strstrip (text));

  if (problem != NULL)
    return;
  columns_show (text);
  gtk_editable_set_text (GTK_EDITABLE (self->path_entry), "");
  scope_field_note_set (self->note, SCOPE_NOTE_ERROR, NULL);
}

/* ---- times ---- */

static void
scope_columns_dialog_time_cb (ScopeColumnsDialog *self)
{
  if (!self->loading)
    g_settings_set_enum (self->settings, "log-time", adw_combo_row_get_selected (self->time_row));
}

static void
scope_columns_dialog_load_time (ScopeColumnsDialog *self)
{
  self->loading = TRUE;
  adw_combo_row_set_selected (self->time_row, g_settings_get_enum (self->settings, "log-time"));
  self->loading = FALSE;
}

/* ---- class ---- */

static void
scope_columns_dialog_suggest_cb (ScopeColumnsDialog *self)
{
  scope_filter_completion_show (self->completion);
}

static void
scope_columns_dialog_dispose (GObject *object)
{
  ScopeColumnsDialog *self = SCOPE_COLUMNS_DIALOG (object);

  if (self->completion != NULL)
    scope_filter_completion_close (self->completion);
  g_clear_object (&self->completion);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_COLUMNS_DIALOG);

  G_OBJECT_CLASS (scope_columns_dialog_parent_class)->dispose (object);
}

static void
scope_columns_dialog_finalize (GObject *object)
{
  g_free (SCOPE_COLUMNS_DIALOG (object)->touched);

  G_OBJECT_CLASS (scope_columns_dialog_parent_class)->finalize (object);
}

static void
scope_columns_dialog_class_init (ScopeColumnsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_columns_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = scope_columns_dialog_finalize;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-columns-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeColumnsDialog, list);
  gtk_widget_class_bind_template_child (widget_class, ScopeColumnsDialog, path_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeColumnsDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeColumnsDialog, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeColumnsDialog, time_row);
  gtk_widget_class_bind_template_callback (widget_class, scope_columns_reset);
  gtk_widget_class_bind_template_callback (widget_class, scope_columns_dialog_path_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_columns_dialog_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_columns_dialog_suggest_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_columns_dialog_time_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
scope_columns_dialog_init (ScopeColumnsDialog *self)
{
  self->settings = scope_ui_get_settings ();
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->completion = scope_filter_completion_new (self->path_entry, GTK_EDITABLE (self->path_entry));
  scope_filter_completion_set_path (self->completion, FALSE);
  scope_columns_dialog_load (self);
  scope_columns_dialog_load_time (self);
  g_signal_connect_object (self->settings, "changed::log-columns",
                           G_CALLBACK (scope_columns_dialog_load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::log-time",
                           G_CALLBACK (scope_columns_dialog_load_time), self, G_CONNECT_SWAPPED);
}

/**
 * scope_columns_dialog_present:
 * @parent: the window it belongs to
 * @list: (nullable): events whose payload paths are suggested
 */
void
scope_columns_dialog_present (GtkWindow      *parent,
                              ScopeEventList *list)
{
  ScopeColumnsDialog *self = g_object_new (SCOPE_TYPE_COLUMNS_DIALOG, "transient-for", parent, NULL);
  g_autoptr (ScopeVocabulary) vocabulary = list != NULL ? scope_vocabulary_new (list) : NULL;

  scope_filter_completion_set_vocabulary (self->completion, vocabulary);
  /* not Reset, where Return would do harm */
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  gtk_window_present (GTK_WINDOW (self));
}
