/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-schema-dialog"

#include "config.h"

#include "ui/scope-schema-dialog.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "capture/scope-filter-terms.h"
#include "capture/scope-output-file.h"
#include "ui/scope-file-choice.h"
#include "ui/scope-format.h"
#include "ui/scope-schema-field.h"
#include "ui/scope-schema-row.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-window.h"

/* what is shown is looked up anew so often while events come */
#define REFRESH_MSEC 500
#define MAX_NAME_BYTES 200

struct _ScopeSchemaDialog
{
  AdwWindow parent_instance;

  GtkStack *pages;
  GtkDropDown *events_drop;
  GtkStringList *events;
  GtkLabel *summary;
  GtkLabel *note;
  GtkListView *fields_view;
  GtkListView *changes_view;
  GtkStack *changes_stack;
  GtkWidget *accept_all;
  AdwToastOverlay *toasts;

  ScopeShapeMemory *memory;
  GListStore *fields;       /* of ScopeSchemaField */
  GtkStringList *changes;   /* as the flags stand */
  GArray *shown;            /* their sequence numbers */
  guint refresh_id;
};

G_DEFINE_FINAL_TYPE (ScopeSchemaDialog, scope_schema_dialog, ADW_TYPE_WINDOW)

/* --- what is shown --- */

static const char *
schema_dialog_get_event (ScopeSchemaDialog *self)
{
  GtkStringObject *selected = gtk_drop_down_get_selected_item (self->events_drop);

  return selected != NULL ? gtk_string_object_get_string (selected) : NULL;
}

static char *
schema_dialog_dup_note (ScopeSchemaDialog *self,
                        gboolean           cut)
{
  guint64 lag = scope_shape_memory_get_lag (self->memory);
  g_autofree char *problem = scope_shape_memory_dup_problem (self->memory);
  g_autofree char *count = scope_format_count (lag);
  GString *note = g_string_new (NULL);

  if (lag > 0)
    g_string_append_printf (note, ngettext ("%s row has not been looked at yet.",
                                            "%s rows have not been looked at yet.", (gulong) lag),
                            count);
  if (cut)
    g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "",
                            _("There are more fields than are remembered, or names that can’t be."));
  if (scope_shape_memory_get_full (self->memory))
    g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "",
                            _("There are more events that look different than are marked."));
  if (problem != NULL)
    g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "", problem);
  return g_string_free (note, FALSE);
}

static void
schema_dialog_show_summary (ScopeSchemaDialog *self,
                            gboolean           known,
                            guint64            n_events,
                            gboolean           cut)
{
  g_autofree char *count = scope_format_count (n_events);
  g_autofree char *text = known
    ? g_strdup_printf (ngettext ("%s event", "%s events", (gulong) n_events), count)
    : g_strdup (_("No event has been looked at yet."));
  g_autofree char *note = schema_dialog_dup_note (self, cut);

  gtk_label_set_text (self->summary, text);
  gtk_label_set_text (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), *note != '\0');
}

static void
schema_dialog_update_fields (ScopeSchemaDialog *self)
{
  const char *event = schema_dialog_get_event (self);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) fields = NULL;
  guint64 n_events = 0;
  gboolean cut = FALSE;

  if (event != NULL)
    fields = scope_shape_memory_list_fields (self->memory, event, &n_events, &cut);
  if (fields != NULL)
    g_ptr_array_set_free_func (fields, NULL);
  for (guint i = 0; fields != NULL && i < fields->len; i++)
    g_ptr_array_add (items, scope_schema_field_new (fields->pdata[i], n_events));
  g_list_store_splice (self->fields, 0, g_list_model_get_n_items (G_LIST_MODEL (self->fields)),
                       items->pdata, items->len);
  schema_dialog_show_summary (self, fields != NULL, n_events, cut);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.copy", fields != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save", fields != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save-all", fields != NULL);
}

/* Whether other events are flagged than those that are shown. */
static gboolean
schema_dialog_take_flags (ScopeSchemaDialog *self)
{
  guint n = scope_shape_memory_get_n_flags (self->memory);
  gboolean differ = n != self->shown->len;

  g_array_set_size (self->shown, n);
  for (guint i = 0; i < n; i++)
    {
      guint64 sequence = scope_shape_memory_get_flag (self->memory, i)->sequence;
      guint64 *shown = &g_array_index (self->shown, guint64, i);

      differ = differ || *shown != sequence;
      *shown = sequence;
    }
  return differ;
}

static void
schema_dialog_update_changes (ScopeSchemaDialog *self)
{
  guint n = scope_shape_memory_get_n_flags (self->memory);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    {
      const ScopeShapeNews *news = scope_shape_memory_get_flag (self->memory, i);
      g_autofree char *reasons = scope_shape_news_to_text (news);
      g_autofree char *event = scope_text_for_display (news->event, -1, MAX_NAME_BYTES);

      g_ptr_array_add (texts, g_strdup_printf ("%s: %s", event, reasons));
    }
  g_ptr_array_add (texts, NULL);
  gtk_string_list_splice (self->changes, 0, g_list_model_get_n_items (G_LIST_MODEL (self->changes)),
                          (const char * const *) texts->pdata);
  gtk_widget_set_visible (self->accept_all, n > 0);
  scope_ui_show_page (self->changes_stack, n > 0 ? "list" : "none");
}

/* Names only come, and stand sorted: what is selected stays selected. */
static void
schema_dialog_update_events (ScopeSchemaDialog *self)
{
  g_auto (GStrv) names = scope_shape_memory_list_events (self->memory);
  g_autofree char *selected = g_strdup (schema_dialog_get_event (self));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->events));

  if (n == g_strv_length (names))
    return;
  gtk_string_list_splice (self->events, 0, n, (const char * const *) names);
  for (guint i = 0; selected != NULL && names[i] != NULL; i++)
    if (g_str_equal (names[i], selected))
      gtk_drop_down_set_selected (self->events_drop, i);
}

static void
schema_dialog_update (ScopeSchemaDialog *self)
{
  schema_dialog_update_events (self);
  schema_dialog_update_fields (self);
}

static gboolean
schema_dialog_refresh_cb (gpointer user_data)
{
  ScopeSchemaDialog *self = user_data;

  self->refresh_id = 0;
  schema_dialog_update (self);
  if (schema_dialog_take_flags (self))
    schema_dialog_update_changes (self);
  return G_SOURCE_REMOVE;
}

/* A list that somebody reads is not exchanged under his eyes with each event. */
static void
schema_dialog_progress_cb (ScopeSchemaDialog *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (REFRESH_MSEC, schema_dialog_refresh_cb, self);
}

/* That nothing is flagged any more follows a press of a button, and is shown at once. */
static void
schema_dialog_flags_changed_cb (ScopeSchemaDialog *self)
{
  if (scope_shape_memory_get_n_flags (self->memory) > 0)
    schema_dialog_progress_cb (self);
  else if (schema_dialog_take_flags (self))
    schema_dialog_update_changes (self);
}

/* --- actions --- */

static void
schema_dialog_filter_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (widget));
  const char *event = schema_dialog_get_event (SCOPE_SCHEMA_DIALOG (widget));
  g_autofree char *of_event = NULL;
  g_autofree char *filter = NULL;

  if (parent == NULL || event == NULL)
    return;
  of_event = scope_filter_format_term ("event", event);
  filter = g_strdup_printf ("%s and %s exists", of_event, g_variant_get_string (parameter, NULL));
  gtk_widget_activate_action (GTK_WIDGET (parent), "win.filter", "(ss)", "replace", filter);
  gtk_window_close (GTK_WINDOW (widget));
}

/* The window may show another session by now, whose events have the same numbers. */
static gboolean
schema_dialog_is_of (ScopeSchemaDialog *self,
                     GtkWindow         *parent)
{
  ScopeSession *session =
    SCOPE_IS_WINDOW (parent) ? scope_window_get_session (SCOPE_WINDOW (parent)) : NULL;

  return session != NULL
         && scope_session_get_events (session) == scope_shape_memory_get_list (self->memory);
}

static void
schema_dialog_show_change_cb (ScopeSchemaDialog *self,
                              guint              position)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (position >= self->shown->len)
    return;
  if (schema_dialog_is_of (self, parent))
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-event", "t",
                                g_array_index (self->shown, guint64, position));
  gtk_window_close (GTK_WINDOW (self));
}

static void
schema_dialog_accept_all_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  scope_shape_memory_accept_all (SCOPE_SCHEMA_DIALOG (widget)->memory);
}

static void
schema_dialog_toast (ScopeSchemaDialog *self,
                     const char        *text)
{
  adw_toast_overlay_add_toast (self->toasts, scope_ui_toast_new (GTK_WIDGET (self), text, NULL));
}

static void
schema_dialog_copy_cb (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ScopeSchemaDialog *self = SCOPE_SCHEMA_DIALOG (widget);
  const char *event = schema_dialog_get_event (self);
  g_autofree char *schema =
    event != NULL ? scope_shape_memory_dup_schema (self->memory, event) : NULL;

  if (schema == NULL)
    return;
  scope_ui_copy (widget, schema);
  schema_dialog_toast (self, _("JSON Schema copied"));
}

typedef struct
{
  ScopeSchemaDialog *dialog;
  char *name;
} SchemaSaving;

static void
schema_dialog_saved_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  SchemaSaving *saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (scope_output_file_write_finish (G_FILE (object), result, &error))
    text = g_strdup_printf (_("Saved to %s"), saving->name);
  else
    text = g_strdup_printf (_("Couldn’t save %s: %s"), saving->name, error->message);
  /* it may be closed by now */
  if (saving->dialog->toasts != NULL)
    schema_dialog_toast (saving->dialog, text);
  else if (error != NULL)
    g_message ("%s", text);
  g_object_unref (saving->dialog);
  g_free (saving->name);
  g_free (saving);
}

static void
schema_dialog_write (ScopeSchemaDialog *self,
                     GFile             *file,
                     char              *taken)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (taken, strlen (taken));
  g_autofree char *name = g_file_get_basename (file);
  SchemaSaving *saving = g_new0 (SchemaSaving, 1);

  saving->dialog = g_object_ref (self);
  saving->name = g_filename_display_name (name);
  scope_output_file_write_async (file, bytes, schema_dialog_saved_cb, saving);
}

/* The schema is that of the moment somebody asked for it. */
static void
schema_dialog_chosen_cb (gpointer        window,
                         GFile          *file,
                         GtkFileChooser *chooser)
{
  schema_dialog_write (window, file, g_object_steal_data (G_OBJECT (chooser), "scope-schema"));
}

/* What a file can be called that is for that event. */
static char *
schema_dialog_dup_file_name (const char *event)
{
  g_autofree char *name = g_strdup (event != NULL ? event : "events");

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.", '-');
  if (strlen (name) > 64)
    name[64] = '\0';
  return g_strconcat (name, ".schema.json", NULL);
}

static void
schema_dialog_save_cb (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ScopeSchemaDialog *self = SCOPE_SCHEMA_DIALOG (widget);
  gboolean all = g_str_equal (action_name, "dialog.save-all");
  const char *event = all ? NULL : schema_dialog_get_event (self);
  char *schema = scope_shape_memory_dup_schema (self->memory, event);
  g_autofree char *name = schema_dialog_dup_file_name (event);
  GtkFileChooser *chooser;

  if (schema == NULL)
    return;
  chooser = scope_file_choice_new (GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                   _("Save JSON Schema"), _("_Save"));
  gtk_file_chooser_set_current_name (chooser, name);
  g_object_set_data_full (G_OBJECT (chooser), "scope-schema", schema, g_free);
  scope_file_choice_ask (chooser, schema_dialog_chosen_cb);
}

static void
schema_dialog_forget_response_cb (ScopeSchemaDialog *self,
                                  const char        *response)
{
  if (g_str_equal (response, "forget"))
    scope_shape_memory_forget (self->memory);
}

static void
schema_dialog_forget_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  GtkWidget *question = adw_message_dialog_new (GTK_WINDOW (widget), _("Forget What Was Learnt?"),
                                                NULL);

  adw_message_dialog_set_body (
    ADW_MESSAGE_DIALOG (question),
    _("The names and types of all fields are forgotten, also those of earlier sessions. Recordings "
      "are kept. What comes from now on is the first of its name."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (question), "cancel", _("_Cancel"),
                                    "forget", _("_Forget"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (question), "forget",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (question), "cancel");
  g_signal_connect_object (question, "response", G_CALLBACK (schema_dialog_forget_response_cb),
                           widget, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (question));
}

/* --- rows --- */

static void
schema_dialog_setup_field_cb (GtkSignalListItemFactory *factory,
                              GtkListItem              *item)
{
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, scope_schema_row_new ());
}

static void
schema_dialog_bind_field_cb (GtkSignalListItemFactory *factory,
                             GtkListItem              *item)
{
  scope_schema_row_set_field (SCOPE_SCHEMA_ROW (gtk_list_item_get_child (item)),
                              gtk_list_item_get_item (item));
}

static void
schema_dialog_setup_change_cb (GtkSignalListItemFactory *factory,
                               GtkListItem              *item)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "wrap-mode",
                                   PANGO_WRAP_WORD_CHAR, "margin-top", 6, "margin-bottom", 6,
                                   "margin-start", 12, "margin-end", 12,
                                   "lines", 4, "ellipsize", PANGO_ELLIPSIZE_END, NULL);

  scope_ui_set_exact_label (GTK_LABEL (label));
  gtk_list_item_set_child (item, label);
}

static void
schema_dialog_bind_change_cb (GtkSignalListItemFactory *factory,
                              GtkListItem              *item)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));
  GtkWidget *row = gtk_widget_get_parent (label);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
  if (row != NULL)
    scope_ui_set_label (row, text);
}

static void
schema_dialog_set_list (GtkListView *view,
                        GListModel  *model,
                        GCallback    setup,
                        GCallback    bind)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (model));

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);
  gtk_list_view_set_factory (view, factory);
  gtk_list_view_set_model (view, GTK_SELECTION_MODEL (selection));
}

/* --- class --- */

static void
scope_schema_dialog_dispose (GObject *object)
{
  ScopeSchemaDialog *self = SCOPE_SCHEMA_DIALOG (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_SCHEMA_DIALOG);
  g_clear_object (&self->fields);
  g_clear_object (&self->changes);
  g_clear_object (&self->memory);

  G_OBJECT_CLASS (scope_schema_dialog_parent_class)->dispose (object);
}

static void
scope_schema_dialog_finalize (GObject *object)
{
  g_array_unref (SCOPE_SCHEMA_DIALOG (object)->shown);

  G_OBJECT_CLASS (scope_schema_dialog_parent_class)->finalize (object);
}

static void
schema_dialog_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "dialog.filter", "s", schema_dialog_filter_cb);
  gtk_widget_class_install_action (widget_class, "dialog.copy", NULL, schema_dialog_copy_cb);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, schema_dialog_save_cb);
  gtk_widget_class_install_action (widget_class, "dialog.save-all", NULL, schema_dialog_save_cb);
  gtk_widget_class_install_action (widget_class, "dialog.forget", NULL, schema_dialog_forget_cb);
  gtk_widget_class_install_action (widget_class, "dialog.accept-all", NULL,
                                   schema_dialog_accept_all_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
scope_schema_dialog_class_init (ScopeSchemaDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_schema_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = scope_schema_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-schema-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, events_drop);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, events);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, fields_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, changes_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, changes_stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, accept_all);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaDialog, toasts);
  gtk_widget_class_bind_template_callback (widget_class, schema_dialog_update_fields);
  gtk_widget_class_bind_template_callback (widget_class, schema_dialog_show_change_cb);
  schema_dialog_install_actions (widget_class);
}

static void
scope_schema_dialog_init (ScopeSchemaDialog *self)
{
  self->fields = g_list_store_new (SCOPE_TYPE_SCHEMA_FIELD);
  self->changes = gtk_string_list_new (NULL);
  self->shown = g_array_new (FALSE, TRUE, sizeof (guint64));
  gtk_widget_init_template (GTK_WIDGET (self));
  schema_dialog_set_list (self->fields_view, G_LIST_MODEL (self->fields),
                          G_CALLBACK (schema_dialog_setup_field_cb),
                          G_CALLBACK (schema_dialog_bind_field_cb));
  schema_dialog_set_list (self->changes_view, G_LIST_MODEL (self->changes),
                          G_CALLBACK (schema_dialog_setup_change_cb),
                          G_CALLBACK (schema_dialog_bind_change_cb));
}

/**
 * scope_schema_dialog_new:
 * @parent: the window that shows the session
 * @memory: what was learnt in it
 * @event: (nullable): the name to begin with
 *
 * Returns: (transfer none): a window, to be presented
 */
GtkWindow *
scope_schema_dialog_new (GtkWindow        *parent,
                         ScopeShapeMemory *memory,
                         const char       *event)
{
  ScopeSchemaDialog *self;
  g_auto (GStrv) names = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (memory), NULL);

  /* not modal: what the keys of the program do, they do here as well */
  self = g_object_new (SCOPE_TYPE_SCHEMA_DIALOG, "transient-for", parent, "destroy-with-parent",
                       TRUE, "application", gtk_window_get_application (parent), NULL);
  self->memory = g_object_ref (memory);
  g_signal_connect_object (memory, "progress", G_CALLBACK (schema_dialog_progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (memory, "flags-changed", G_CALLBACK (schema_dialog_flags_changed_cb),
                           self, G_CONNECT_SWAPPED);
  schema_dialog_update (self);
  schema_dialog_take_flags (self);
  schema_dialog_update_changes (self);
  names = scope_shape_memory_list_events (memory);
  for (guint i = 0; event != NULL && names[i] != NULL; i++)
    if (g_str_equal (names[i], event))
      gtk_drop_down_set_selected (self->events_drop, i);
  return GTK_WINDOW (self);
}
