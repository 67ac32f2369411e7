/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "session/scope-keyring.h"
#include "session/scope-shape-memory.h"
#include "session/scope-template-list.h"
#include "ui/scope-application.h"
#include "ui/scope-ui-util.h"

/* ---- opening ---- */

static ScopeProfile *
scope_window_find_profile (ScopeWindow *self,
                           GVariant    *parameter)
{
  return scope_profile_store_find (self->store, g_variant_get_string (parameter, NULL));
}

gboolean
_scope_window_is_saved (ScopeWindow *self)
{
  return self->profile != NULL && self->store != NULL &&
         scope_profile_store_find (self->store, scope_profile_get_id (self->profile)) != NULL;
}

static gboolean
scope_window_is_watching (ScopeWindow *self)
{
  gboolean wants = FALSE;

  if (self->session != NULL)
    g_object_get (self->session, "wants-connected", &wants, NULL);
  return wants;
}

/* A window that watches something goes on watching it. */
static void
scope_window_choose_profile (ScopeWindow  *self,
                             ScopeProfile *profile)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  ScopeWindow *open = scope_application_find_window (SCOPE_APPLICATION (application), profile);

  if (open == NULL)
    {
      open = scope_window_is_watching (self) ? scope_window_new (application, self->store) : self;
      scope_window_open_profile (open, profile, NULL, FALSE);
    }
  gtk_window_present (GTK_WINDOW (open));
}

static void
scope_window_open_profile_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  ScopeProfile *profile = scope_window_find_profile (self, parameter);

  if (profile != NULL)
    scope_window_choose_profile (self, profile);
}

static void
scope_window_activated_cb (ScopeWindow  *self,
                           ScopeProfile *profile)
{
  scope_window_choose_profile (self, profile);
}

static void
scope_window_show_profiles_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (!scope_window_is_watching (self))
    _scope_window_set_session (self, NULL, NULL);
  else
    gtk_window_present (GTK_WINDOW (
        scope_window_new (gtk_window_get_application (GTK_WINDOW (self)), self->store)));
}

/* ---- editing ---- */

/* This window goes on showing what it shows. */
static void
scope_window_tell_saved (ScopeWindow  *self,
                         ScopeProfile *profile)
{
  g_autofree char *text =
      g_strdup_printf (_("Profile %s saved. This window goes on with %s."),
                       scope_profile_get_name (profile), scope_profile_get_name (self->profile));

  _scope_window_show_toast (self, text);
}

/* Channels that were added to the form are wanted from now on. */
static void
scope_window_subscribe_added (ScopeWindow *self)
{
  g_auto (GStrv) channels =
      g_strdupv ((char **) scope_profile_get_subscriptions (self->profile));

  for (guint i = 0; channels[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!scope_session_subscribe (self->session, channels[i], &error))
        _scope_window_show_toast (self, error->message);
    }
}

static void
scope_window_apply_saved (ScopeWindow      *self,
                          ScopeCredentials *credentials)
{
  scope_session_apply_profile (self->session);
  if (credentials != NULL)
    scope_session_set_credentials (self->session, credentials);
  self->has_credentials = credentials != NULL;
  _scope_window_update_session (self);

  if (!scope_window_is_watching (self))
    return;
  scope_window_subscribe_added (self);
  _scope_window_show_toast (
      self, _("Saved. Credentials and channels count at once, the rest from the next connection "
              "on."));
}

static void
scope_window_saved_cb (ScopeWindow      *self,
                       ScopeProfile     *profile,
                       ScopeCredentials *credentials)
{
  if (self->profile == profile)
    scope_window_apply_saved (self, credentials);
  else if (scope_window_is_watching (self))
    scope_window_tell_saved (self, profile);
  else
    scope_window_open_profile (self, profile, credentials, FALSE);
}

/* profile NULL: a new one */
ScopeProfileEditor *
_scope_window_edit_profile (ScopeWindow  *self,
                            ScopeProfile *profile)
{
  GtkWindow *editor = scope_profile_editor_new (GTK_WINDOW (self), self->store, profile);

  g_signal_connect_object (editor, "saved", G_CALLBACK (scope_window_saved_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (editor);
  return SCOPE_PROFILE_EDITOR (editor);
}

static void
scope_window_new_profile_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  _scope_window_edit_profile (SCOPE_WINDOW (widget), NULL);
}

static void
scope_window_edit_profile_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  ScopeProfile *profile = scope_window_find_profile (self, parameter);

  if (profile != NULL)
    _scope_window_edit_profile (self, profile);
}

static void
scope_window_edit_current_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (_scope_window_is_saved (self))
    _scope_window_edit_profile (self, self->profile);
}

/* The session keeps the profile's subscriptions and rules up to date, the footprint its plan; what is saved
 * follows. */
static void
scope_window_save_cb (ScopeWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (!_scope_window_is_saved (self))
    return;
  if (!scope_profile_store_save (self->store, self->profile, &error))
    _scope_window_show_toast (self, error->message);
}

/* ---- removing ---- */

static void
scope_window_keys_cleared_cb (GObject      *object,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* the profile is gone; a keyring that is locked or absent has its items to itself */
  if (!scope_keyring_clear_finish (result, &error))
    g_message ("The keyring items of a removed profile could not be deleted: %s", error->message);
}

/* What is kept of a profile outside its file. */
static void
scope_window_forget_kept (const char *id)
{
  scope_keyring_clear_async (id, NULL, scope_window_keys_cleared_cb, NULL);
  scope_shape_memory_remove_profile (id);
  scope_template_list_remove_profile (id);
  scope_footprint_forget (id);
}

static void
scope_window_forget_profile (ScopeWindow *self,
                             const char  *id)
{
  if (g_hash_table_remove (self->removed, id))
    scope_window_forget_kept (id);
}

void
_scope_window_forget_removed (ScopeWindow *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->removed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    scope_window_forget_kept (id);
  g_hash_table_remove_all (self->removed);
}

typedef struct
{
  GWeakRef window;
  char *id;
} Removal;

static void
removal_free (gpointer  data,
              GClosure *closure)
{
  Removal *removal = data;

  g_weak_ref_clear (&removal->window);
  g_free (removal->id);
  g_free (removal);
}

static void
scope_window_removal_final_cb (AdwToast *toast,
                               gpointer  user_data)
{
  Removal *removal = user_data;
  g_autoptr (ScopeWindow) self = g_weak_ref_get (&removal->window);

  if (self != NULL)
    scope_window_forget_profile (self, removal->id);
}

static void
scope_window_offer_undo (ScopeWindow  *self,
                         ScopeProfile *profile)
{
  Removal *removal = g_new0 (Removal, 1);
  g_autofree char *text =
      g_strdup_printf (_("Profile %s removed"), scope_profile_get_name (profile));
  g_autofree char *undo = NULL;
  g_autoptr (GVariant) target =
      g_variant_ref_sink (g_variant_new_string (scope_profile_get_id (profile)));

  g_weak_ref_init (&removal->window, self);
  removal->id = g_strdup (scope_profile_get_id (profile));
  undo = g_action_print_detailed_name ("win.undo-remove-profile", target);
  _scope_window_show_undo (self, text, undo, G_CALLBACK (scope_window_removal_final_cb), removal,
                           removal_free);
}

static void
scope_window_remove_profile_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  ScopeProfile *found = scope_window_find_profile (self, parameter);
  g_autoptr (ScopeProfile) profile = found != NULL ? g_object_ref (found) : NULL;
  g_autoptr (GError) error = NULL;

  if (profile == NULL)
    return;
  if (!scope_profile_store_remove (self->store, scope_profile_get_id (profile), &error))
    {
      _scope_window_show_toast (self, error->message);
      return;
    }
  g_hash_table_insert (self->removed, g_strdup (scope_profile_get_id (profile)),
                       g_object_ref (profile));
  scope_window_offer_undo (self, profile);
  _scope_window_update_actions (self);
}

static void
scope_window_undo_remove_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeProfile) profile = NULL;
  g_autofree char *key = NULL;

  /* out of the table first: the toast's end must not delete the keys */
  if (!g_hash_table_steal_extended (self->removed, id, (gpointer *) &key, (gpointer *) &profile))
    return;
  if (!scope_profile_store_save (self->store, profile, &error))
    _scope_window_show_toast (self, error->message);
  _scope_window_update_actions (self);
}

/* ---- the profile menu ---- */

static GMenuModel *
scope_window_new_profile_menu (ScopeWindow *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) profiles = g_menu_new ();
  g_autoptr (GMenu) commands = g_menu_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr (ScopeProfile) profile = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);
      /* an underscore would be taken for a mnemonic */
      g_auto (GStrv) parts = g_strsplit (scope_profile_get_name (profile), "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts);

      g_menu_item_set_label (item, label);
      g_menu_item_set_action_and_target (item, "win.open-profile", "s",
                                         scope_profile_get_id (profile));
      g_menu_append_item (profiles, item);
    }
  g_menu_append (commands, _("_New Profile…"), "win.new-profile");
  g_menu_append (commands, _("_Import Configuration…"), "win.import-profile");
  g_menu_append (commands, _("_All Profiles"), "win.show-profiles");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (profiles));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (commands));
  return G_MENU_MODEL (menu);
}

static void
scope_window_fill_profile_menu_cb (GtkMenuButton *button,
                                   gpointer       user_data)
{
  g_autoptr (GMenuModel) menu = scope_window_new_profile_menu (SCOPE_WINDOW (user_data));

  gtk_menu_button_set_menu_model (button, menu);
}

/* ---- set-up ---- */

void
_scope_window_class_init_profiles (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.open-profile", "s", scope_window_open_profile_cb },
    { "win.show-profiles", NULL, scope_window_show_profiles_cb },
    { "win.new-profile", NULL, scope_window_new_profile_cb },
    { "win.edit-profile", "s", scope_window_edit_profile_cb },
    { "win.edit-current", NULL, scope_window_edit_current_cb },
    { "win.remove-profile", "s", scope_window_remove_profile_cb },
    { "win.undo-remove-profile", "s", scope_window_undo_remove_cb },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
  _scope_window_class_init_transfer (widget_class);
  _scope_window_class_init_doctor (widget_class);
}

void
_scope_window_init_profiles (ScopeWindow *self)
{
  self->profile_signals = g_signal_group_new (SCOPE_TYPE_PROFILE);
  g_signal_group_connect_swapped (self->profile_signals, "notify::name",
                                  G_CALLBACK (_scope_window_update_session), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::subscriptions",
                                  G_CALLBACK (scope_window_save_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::unseen",
                                  G_CALLBACK (scope_window_save_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::name-field",
                                  G_CALLBACK (scope_window_save_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::presence-user",
                                  G_CALLBACK (scope_window_save_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::plan-messages",
                                  G_CALLBACK (scope_window_save_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::plan-share",
                                  G_CALLBACK (scope_window_save_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::discovery-rules",
                                  G_CALLBACK (scope_window_save_cb), self);
  g_signal_connect_object (self->profile_list, "activated", G_CALLBACK (scope_window_activated_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_menu_button_set_create_popup_func (self->profile_button, scope_window_fill_profile_menu_cb,
                                         self, NULL);
}

/* Of a profile that is not saved, such as the demo's, nothing is. */
static void
scope_window_keep_footprint (ScopeWindow *self)
{
  g_autofree char *path = NULL;

  if (_scope_window_is_saved (self))
    path = scope_footprint_dup_path (scope_profile_get_id (self->profile));
  if (path != NULL)
    scope_footprint_keep (scope_session_get_footprint (self->session), path);
}

/**
 * scope_window_open_profile:
 * @profile: what to watch
 * @credentials: (nullable): its secrets; %NULL reads them from the keyring when it connects
 * @connect: whether to connect at once
 *
 * Shows @profile in place of what was shown before.
 */
void
scope_window_open_profile (ScopeWindow      *self,
                           ScopeProfile     *profile,
                           ScopeCredentials *credentials,
                           gboolean          connect)
{
  g_autoptr (ScopeSession) session = NULL;
  gboolean at_start = FALSE;
  GSettings *settings = scope_ui_get_settings ();

  g_return_if_fail (SCOPE_IS_WINDOW (self));
  g_return_if_fail (SCOPE_IS_PROFILE (profile));

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  session = scope_session_new (profile, credentials, NULL, NULL);
  _scope_window_set_session (self, session, profile);
  self->has_credentials = credentials != NULL;
  scope_window_keep_footprint (self);
  if (settings != NULL && _scope_window_is_saved (self))
    g_settings_set_string (settings, "last-profile", scope_profile_get_id (profile));

  g_object_get (profile, "connect-at-start", &at_start, NULL);
  if (connect || at_start)
    _scope_window_connect (self);
}
