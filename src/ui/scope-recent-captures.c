/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-recent-captures"

#include "config.h"

#include "ui/scope-recent-captures.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-text.h"
#include "capture/scope-file-lock.h"
#include "session/scope-capture-info.h"
#include "session/scope-trash.h"
#include "ui/scope-delete-forever.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

#define MIME_TYPE "application/x-channelscope-capture"
#define SUFFIX ".channelscope"
/* more than these have to be searched */
#define MIN_SEARCHED 8

struct _ScopeRecentCaptures
{
  AdwBin parent_instance;

  AdwPreferencesGroup *group;
  GtkSearchEntry *search;
  GtkListBox *list;

  GtkCustomFilter *filter; /* what the search finds */
  GListModel *all; /* of ScopeCaptureInfo, the user's recordings; NULL: not looked yet */
  GCancellable *scan;
  guint n_trashing;
  GPtrArray *trashed; /* of paths: what an undo brings back */
  GPtrArray *kept;    /* of paths: what the trash did not take */
  char *kept_why;     /* the first of them; NULL: none */
};

G_DEFINE_FINAL_TYPE (ScopeRecentCaptures, scope_recent_captures, ADW_TYPE_BIN)

static void scope_recent_captures_refresh (ScopeRecentCaptures *self);

/* ---- rows ---- */

static char *
scope_recent_captures_dup_span (ScopeCaptureInfo *info)
{
  gint64 first = scope_capture_info_get_first_time (info);
  gint64 last = scope_capture_info_get_last_time (info);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (
      (first != 0 ? first : scope_capture_info_get_changed (info)) / G_USEC_PER_SEC);
  g_autoptr (GDateTime) from = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *day = from != NULL ? g_date_time_format (from, "%x %H:%M") : g_strdup ("");
  g_autofree char *length = NULL;

  if (first == 0 || last <= first)
    return g_steal_pointer (&day);
  length = scope_text_format_duration (last - first);
  return g_strdup_printf ("%s, %s", day, length);
}

static char *
scope_recent_captures_dup_details (ScopeCaptureInfo *info)
{
  g_autofree char *span = scope_recent_captures_dup_span (info);
  g_autofree char *size = scope_text_format_size (scope_capture_info_get_size (info));
  guint64 n = scope_capture_info_get_count (info);
  g_autofree char *count = scope_format_count (n);
  g_autofree char *entries = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s entry", "%s entries", n), count);

  if (scope_capture_info_is_recording (info))
    return g_strdup_printf (_("%s · %s · %s · still being recorded"), span, entries, size);
  if (scope_capture_info_is_damaged (info))
    return g_strdup_printf (_("%s · %s · damaged: what can be read of it is shown"), span, size);
  return g_strdup_printf ("%s · %s · %s", span, entries, size);
}

static void
scope_recent_captures_add_command (GMenu      *menu,
                                   const char *label,
                                   const char *action,
                                   const char *path)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, g_variant_new_bytestring (path));
  g_menu_append_item (menu, item);
}

static GtkWidget *
scope_recent_captures_create_menu (ScopeCaptureInfo *info)
{
  const char *path = scope_capture_info_get_path (info);
  GtkWidget *button = gtk_menu_button_new ();
  g_autofree char *label = g_strdup_printf (_("Menu of %s"), scope_capture_info_get_name (info));
  g_autoptr (GMenu) menu = g_menu_new ();

  scope_recent_captures_add_command (menu, _("_Show in File Manager"), "captures.show", path);
  if (!scope_capture_info_is_recording (info))
    {
      scope_recent_captures_add_command (menu, _("_Rename…"), "captures.rename", path);
      scope_recent_captures_add_command (menu, _("Move to _Trash…"), "captures.trash", path);
    }
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  scope_ui_set_label (button, label);
  return button;
}

static GtkWidget *
scope_recent_captures_create_row_cb (gpointer item,
                                     gpointer user_data)
{
  ScopeCaptureInfo *info = item;
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *details = scope_recent_captures_dup_details (info);
  g_autofree char *label = g_strdup_printf (_("Recording: %s, %s"),
                                            scope_capture_info_get_name (info), details);
  g_autofree char *shown = g_filename_display_name (scope_capture_info_get_path (info));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), scope_capture_info_get_name (info));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), details);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, shown);
  if (scope_capture_info_is_damaged (info))
    adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "dialog-warning-symbolic");
  else if (scope_capture_info_is_recording (info))
    adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "media-record-symbolic");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), scope_recent_captures_create_menu (info));
  g_object_set_data_full (G_OBJECT (row), "scope-info", g_object_ref (info), g_object_unref);
  scope_ui_set_label (row, label);
  return row;
}

static void
scope_recent_captures_activate_cb (ScopeRecentCaptures *self,
                                   GtkListBoxRow       *row)
{
  ScopeCaptureInfo *info = g_object_get_data (G_OBJECT (row), "scope-info");

  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-capture-file", "^ay",
                              scope_capture_info_get_path (info));
}

/* ---- searching ---- */

static gboolean
scope_recent_captures_filter_cb (gpointer item,
                                 gpointer user_data)
{
  ScopeRecentCaptures *self = user_data;
  ScopeCaptureInfo *info = item;
  const char *wanted = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autofree char *base = g_filename_display_basename (scope_capture_info_get_path (info));

  return *wanted == '\0' || g_str_match_string (wanted, scope_capture_info_get_name (info), TRUE) ||
         g_str_match_string (wanted, base, TRUE);
}

static void
scope_recent_captures_search_cb (ScopeRecentCaptures *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

/* ---- looking ---- */

static GStrv
scope_recent_captures_dup_others (void)
{
  g_autoptr (GStrvBuilder) others = g_strv_builder_new ();
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *l = items; l != NULL; l = l->next)
    {
      GtkRecentInfo *item = l->data;
      g_autofree char *path = NULL;

      if (g_strcmp0 (gtk_recent_info_get_mime_type (item), MIME_TYPE) != 0)
        continue;
      path = g_filename_from_uri (gtk_recent_info_get_uri (item), NULL, NULL);
      if (path != NULL)
        g_strv_builder_add (others, path);
    }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  return g_strv_builder_end (others);
}

static void
scope_recent_captures_show (ScopeRecentCaptures *self,
                            GListModel          *model,
                            guint64              total,
                            guint                n)
{
  guint n_shown = g_list_model_get_n_items (model);
  g_autoptr (GtkFilterListModel) found = NULL;
  g_autofree char *size = scope_text_format_size (total);
  g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u recording, %s", "%u recordings, %s", n), n, size);

  found = gtk_filter_list_model_new (g_object_ref (model), g_object_ref (GTK_FILTER (self->filter)));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (found), scope_recent_captures_create_row_cb, self,
                           NULL);
  adw_preferences_group_set_description (self->group, text);
  gtk_widget_set_visible (GTK_WIDGET (self->search), n_shown > MIN_SEARCHED);
  gtk_widget_set_visible (GTK_WIDGET (self->group), n_shown > 0);
}

static void
scope_recent_captures_scanned_cb (GObject      *source,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr (ScopeRecentCaptures) self = user_data;
  g_autoptr (GListModel) model = NULL;
  g_autoptr (GListModel) all = NULL;
  guint64 total;
  guint n;

  model = scope_capture_info_scan_finish (result, &all, &total, &n, NULL);
  if (model == NULL || self->list == NULL)
    return;
  g_set_object (&self->all, all);
  scope_recent_captures_show (self, model, total, n);
}

static void
scope_recent_captures_refresh (ScopeRecentCaptures *self)
{
  g_auto (GStrv) others = scope_recent_captures_dup_others ();

  g_cancellable_cancel (self->scan);
  g_clear_object (&self->scan);
  self->scan = g_cancellable_new ();
  scope_capture_info_scan_async ((const char * const *) others, self->scan,
                                 scope_recent_captures_scanned_cb, g_object_ref (self));
}

/* ---- commands ---- */

static void
scope_recent_captures_show_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_variant_get_bytestring (parameter));
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  const char *uris[] = { NULL, NULL };
  g_autofree char *uri = g_file_get_uri (file);

  uris[0] = uri;
  if (bus != NULL)
    g_dbus_connection_call (bus, "org.freedesktop.FileManager1",
                            "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1",
                            "ShowItems", g_variant_new ("(^ass)", uris, ""), NULL,
                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
scope_recent_captures_tell (ScopeRecentCaptures *self,
                            const char          *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", text);
}

static void
scope_recent_captures_restored_cb (GObject      *object,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  g_autoptr (ScopeRecentCaptures) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!scope_trash_restore_finish (result, &error) && self->list != NULL)
    scope_recent_captures_tell (self, error->message);
  if (self->list != NULL)
    scope_recent_captures_refresh (self);
}

/* What SQLite keeps beside a recording goes and comes with it. */
static gboolean
scope_recent_captures_is_recording (const char *path)
{
  return !g_str_has_suffix (path, "-wal") && !g_str_has_suffix (path, "-shm");
}

static void
scope_recent_captures_offer_undo (ScopeRecentCaptures *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autofree char *undo = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->trashed->len; i++)
    if (scope_recent_captures_is_recording (self->trashed->pdata[i]))
      g_ptr_array_add (paths, self->trashed->pdata[i]);
  if (paths->len > 0)
    {
      undo = g_action_print_detailed_name (
          "trashed.undo", g_variant_new_bytestring_array ((const char * const *) paths->pdata, paths->len));
      text = g_strdup_printf (ngettext ("%u recording moved to the trash", "%u recordings moved to the trash", paths->len),
                              paths->len);
      gtk_widget_activate_action (GTK_WIDGET (self), "win.tell-undo", "(ss)", text, undo);
    }
  g_ptr_array_set_size (self->trashed, 0);
}

static void
scope_recent_captures_undo_cb (GSimpleAction *action,
                                        GVariant      *parameter,
                                        gpointer       user_data)
{
  g_autofree const char **paths = g_variant_get_bytestring_array (parameter, NULL);

  scope_trash_restore_async (paths, scope_recent_captures_restored_cb,
                             g_object_ref (SCOPE_RECENT_CAPTURES (user_data)));
}

/* A toast is beside the start page: what undoes it belongs to the window. */
static void
scope_recent_captures_root (GtkWidget *widget)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) undo = g_simple_action_new ("undo", G_VARIANT_TYPE_BYTESTRING_ARRAY);

  GTK_WIDGET_CLASS (scope_recent_captures_parent_class)->root (widget);
  g_signal_connect_data (undo, "activate", G_CALLBACK (scope_recent_captures_undo_cb), widget, NULL, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (undo));
  gtk_widget_insert_action_group (GTK_WIDGET (gtk_widget_get_root (widget)), "trashed", G_ACTION_GROUP (group));
}

static void
scope_recent_captures_unroot (GtkWidget *widget)
{
  gtk_widget_insert_action_group (GTK_WIDGET (gtk_widget_get_root (widget)), "trashed", NULL);
  GTK_WIDGET_CLASS (scope_recent_captures_parent_class)->unroot (widget);
}

static void
scope_recent_captures_deleted_cb (GObject      *object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr (ScopeRecentCaptures) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n;

  scope_delete_forever_finish (result, &n, &error);
  if (self->list == NULL || (n == 0 && error == NULL))
    return;
  text = g_strdup_printf (ngettext ("%u recording deleted", "%u recordings deleted", n), n);
  scope_recent_captures_tell (self, error != NULL ? error->message : text);
  scope_recent_captures_refresh (self);
}

/* There may be no trash where they are, as on another file system. */
static void
scope_recent_captures_offer_deletion (ScopeRecentCaptures *self)
{
  g_autoptr (GPtrArray) paths = g_steal_pointer (&self->kept);
  g_autofree char *why = g_steal_pointer (&self->kept_why);
  GtkRoot *window = gtk_widget_get_root (GTK_WIDGET (self));

  self->kept = g_ptr_array_new_with_free_func (g_free);
  if (paths->len > 0 && window != NULL)
    scope_delete_forever_async (GTK_WINDOW (window), paths, why, scope_recent_captures_deleted_cb,
                                g_object_ref (self));
}

static void
scope_recent_captures_keep (ScopeRecentCaptures *self,
                            GFile               *file,
                            const GError        *error)
{
  g_ptr_array_add (self->kept, g_file_get_path (file));
  if (self->kept_why == NULL)
    self->kept_why = g_strdup (error->message);
}

static void scope_recent_captures_trash_beside (ScopeRecentCaptures *self,
                                                const char          *path);

static void
scope_recent_captures_trashed_cb (GObject      *object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr (ScopeRecentCaptures) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_file_get_path (G_FILE (object));
  gboolean is_recording = scope_recent_captures_is_recording (path);

  if (!g_file_trash_finish (G_FILE (object), result, &error))
    {
      if (is_recording && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        scope_recent_captures_keep (self, G_FILE (object), error);
      else if (self->list != NULL)
        scope_recent_captures_tell (self, error->message);
    }
  else
    {
      g_ptr_array_add (self->trashed, g_strdup (path));
      if (is_recording)
        scope_recent_captures_trash_beside (self, path);
    }
  if (--self->n_trashing > 0 || self->list == NULL)
    return;
  scope_recent_captures_refresh (self);
  scope_recent_captures_offer_undo (self);
  scope_recent_captures_offer_deletion (self);
}

static void
scope_recent_captures_trash (ScopeRecentCaptures *self,
                             const char          *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  self->n_trashing++;
  g_file_trash_async (file, G_PRIORITY_DEFAULT, NULL, scope_recent_captures_trashed_cb, g_object_ref (self));
}

/* Only once the recording is there: should it stay, all of it stays. */
static void
scope_recent_captures_trash_beside (ScopeRecentCaptures *self,
                                    const char          *path)
{
  static const char * const ends[] = { "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *name = g_strconcat (path, ends[i], NULL);

      if (g_file_test (name, G_FILE_TEST_EXISTS))
        scope_recent_captures_trash (self, name);
    }
}

static void
scope_recent_captures_confirmed_cb (ScopeRecentCaptures *self,
                                    const char          *response,
                                    GtkWidget           *dialog)
{
  const char * const *paths = g_object_get_data (G_OBJECT (dialog), "scope-paths");

  if (g_strcmp0 (response, "trash") != 0)
    return;
  for (guint i = 0; paths[i] != NULL; i++)
    scope_recent_captures_trash (self, paths[i]);
}

static void
scope_recent_captures_confirm (ScopeRecentCaptures *self,
                               GStrv                paths,
                               const char          *heading,
                               const char          *body)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "trash",
                                    _("Move to _Trash"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "trash",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "scope-paths", g_strdupv (paths),
                          (GDestroyNotify) g_strfreev);
  g_signal_connect_object (dialog, "response", G_CALLBACK (scope_recent_captures_confirmed_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
scope_recent_captures_trash_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  const char *path = g_variant_get_bytestring (parameter);
  const char *paths[] = { path, NULL };
  g_autofree char *name = g_filename_display_basename (path);

  scope_recent_captures_confirm (SCOPE_RECENT_CAPTURES (widget), (GStrv) paths,
                                 _("Move to Trash?"), name);
}

/* Also of those that are too many to be listed: they are the oldest. */
static GStrv
scope_recent_captures_dup_older (ScopeRecentCaptures *self,
                                 int                  days,
                                 guint64             *bytes)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  gint64 before = g_get_real_time () - (gint64) days * G_TIME_SPAN_DAY;
  guint n = self->all != NULL ? g_list_model_get_n_items (self->all) : 0;

  *bytes = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeCaptureInfo) info = g_list_model_get_item (self->all, i);
      const char *path = scope_capture_info_get_path (info);

      if (scope_capture_info_get_changed (info) >= before || scope_file_lock_is_held (path))
        continue;
      *bytes += scope_capture_info_get_size (info);
      g_strv_builder_add (paths, path);
    }
  return g_strv_builder_end (paths);
}

static void
scope_recent_captures_delete_older_cb (GtkWidget  *widget,
                                       const char *action_name,
                                       GVariant   *parameter)
{
  ScopeRecentCaptures *self = SCOPE_RECENT_CAPTURES (widget);
  guint64 bytes;
  g_auto (GStrv) paths =
      scope_recent_captures_dup_older (self, g_variant_get_int32 (parameter), &bytes);
  guint n = g_strv_length (paths);
  g_autofree char *size = scope_text_format_size (bytes);
  g_autofree char *text = NULL;

  if (n == 0)
    {
      scope_recent_captures_tell (self, _("No recording is that old"));
      return;
    }
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u recording, %s", "%u recordings, %s", n),
                          n, size);
  scope_recent_captures_confirm (self, paths, _("Move to Trash?"), text);
}

static void
scope_recent_captures_forget_cb (GtkWidget  *widget,
                                 const char *action_name,
                                 GVariant   *parameter)
{
  g_auto (GStrv) others = scope_recent_captures_dup_others ();

  for (guint i = 0; others[i] != NULL; i++)
    {
      g_autofree char *uri = g_filename_to_uri (others[i], NULL, NULL);

      if (uri != NULL)
        gtk_recent_manager_remove_item (gtk_recent_manager_get_default (), uri, NULL);
    }
  scope_recent_captures_refresh (SCOPE_RECENT_CAPTURES (widget));
}

/* ---- renaming ---- */

static void
scope_recent_captures_rename (ScopeRecentCaptures *self,
                              const char          *path,
                              const char          *name)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *base = g_str_has_suffix (name, SUFFIX) ? g_strdup (name)
                                                          : g_strconcat (name, SUFFIX, NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) renamed = NULL;

  if (g_file_test (wal, G_FILE_TEST_EXISTS))
    {
      scope_recent_captures_tell (self, _("It is not one file yet: open it, and save a copy under "
                                          "another name"));
      return;
    }
  renamed = g_file_set_display_name (file, base, NULL, &error);
  if (renamed == NULL)
    scope_recent_captures_tell (self, error->message);
  scope_recent_captures_refresh (self);
}

static void
scope_recent_captures_renamed_cb (ScopeRecentCaptures *self,
                                  const char          *response,
                                  AdwMessageDialog    *dialog)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  const char *name = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (g_strcmp0 (response, "rename") == 0 && *name != '\0')
    scope_recent_captures_rename (self, g_object_get_data (G_OBJECT (dialog), "scope-path"), name);
}

static void
scope_recent_captures_rename_cb (GtkWidget  *widget,
                                 const char *action_name,
                                 GVariant   *parameter)
{
  const char *path = g_variant_get_bytestring (parameter);
  g_autofree char *name = g_filename_display_basename (path);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                              _("Rename Recording"), NULL);

  if (g_str_has_suffix (name, SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  scope_ui_set_label (entry, _("New Name"));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "rename",
                                    _("_Rename"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "scope-path", g_strdup (path), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (scope_recent_captures_renamed_cb),
                           widget, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- class ---- */

static void
scope_recent_captures_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_recent_captures_parent_class)->map (widget);

  scope_recent_captures_refresh (SCOPE_RECENT_CAPTURES (widget));
}

static void
scope_recent_captures_dispose (GObject *object)
{
  ScopeRecentCaptures *self = SCOPE_RECENT_CAPTURES (object);

  g_cancellable_cancel (self->scan);
  g_clear_object (&self->scan);
  g_clear_object (&self->all);
  g_clear_object (&self->filter);
  scope_ui_dispose_bin (ADW_BIN (self), SCOPE_TYPE_RECENT_CAPTURES);

  G_OBJECT_CLASS (scope_recent_captures_parent_class)->dispose (object);
}

static void
scope_recent_captures_finalize (GObject *object)
{
  ScopeRecentCaptures *self = SCOPE_RECENT_CAPTURES (object);

  g_ptr_array_unref (self->trashed);
  g_ptr_array_unref (self->kept);
  g_free (self->kept_why);

  G_OBJECT_CLASS (scope_recent_captures_parent_class)->finalize (object);
}

static void
scope_recent_captures_class_init (ScopeRecentCapturesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_recent_captures_dispose;
  G_OBJECT_CLASS (klass)->finalize = scope_recent_captures_finalize;
  widget_class->map = scope_recent_captures_map;
  widget_class->root = scope_recent_captures_root;
  widget_class->unroot = scope_recent_captures_unroot;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-recent-captures.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeRecentCaptures, group);
  gtk_widget_class_bind_template_child (widget_class, ScopeRecentCaptures, search);
  gtk_widget_class_bind_template_child (widget_class, ScopeRecentCaptures, list);
  gtk_widget_class_bind_template_callback (widget_class, scope_recent_captures_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_recent_captures_search_cb);
  gtk_widget_class_install_action (widget_class, "captures.show", "ay",
                                   scope_recent_captures_show_cb);
  gtk_widget_class_install_action (widget_class, "captures.rename", "ay",
                                   scope_recent_captures_rename_cb);
  gtk_widget_class_install_action (widget_class, "captures.trash", "ay",
                                   scope_recent_captures_trash_cb);
  gtk_widget_class_install_action (widget_class, "captures.delete-older", "i",
                                   scope_recent_captures_delete_older_cb);
  gtk_widget_class_install_action (widget_class, "captures.forget", NULL,
                                   scope_recent_captures_forget_cb);
}

static void
scope_recent_captures_init (ScopeRecentCaptures *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->trashed = g_ptr_array_new_with_free_func (g_free);
  self->kept = g_ptr_array_new_with_free_func (g_free);
  self->filter = gtk_custom_filter_new (scope_recent_captures_filter_cb, self, NULL);
}

/**
 * scope_recent_captures_remember:
 * @path: (type filename): a capture that was opened
 *
 * Keeps it in the desktop's list of documents used lately.
 */
void
scope_recent_captures_remember (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);
  GtkRecentData data = {
    .mime_type = (char *) MIME_TYPE,
    .app_name = (char *) "Channelscope",
    .app_exec = (char *) "channelscope %u",
  };

  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}
