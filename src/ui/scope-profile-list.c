/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-list"

#include "config.h"

#include "ui/scope-profile-list.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-recent-captures.h"
#include "ui/scope-ui-util.h"

struct _ScopeProfileList
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListBox *list;
  GtkWidget *problem_box;
  GtkLabel *problem_label;
  AdwStatusPage *status_page;

  ScopeProfileStore *store;
};

enum
{
  PROP_0,
  PROP_STORE,
  N_PROPS,
};

enum
{
  ACTIVATED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeProfileList, scope_profile_list, ADW_TYPE_BIN)

static GtkWidget *
scope_profile_list_create_button (ScopeProfile *profile,
                                  const char   *icon,
                                  const char   *action,
                                  const char   *tooltip,
                                  char         *label)
{
  GtkWidget *button = scope_ui_create_row_button (icon, tooltip, label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", scope_profile_get_id (profile));
  g_free (label);
  return button;
}

/* Everything about a profile may change while it stands here. */
static void
scope_profile_list_update_row_cb (AdwActionRow *row,
                                  GParamSpec   *pspec,
                                  ScopeProfile *profile)
{
  g_autofree char *place = scope_profile_dup_place (profile);
  g_autofree char *name = g_strdup_printf ("%s, %s", scope_profile_get_name (profile), place);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), scope_profile_get_name (profile));
  adw_action_row_set_subtitle (row, place);
  scope_ui_set_label (row, name);
}

static GtkWidget *
scope_profile_list_create_row_cb (gpointer item,
                                  gpointer user_data)
{
  ScopeProfile *profile = item;
  const char *name = scope_profile_get_name (profile);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (
      ADW_ACTION_ROW (row),
      scope_profile_list_create_button (profile, "document-edit-symbolic", "win.edit-profile",
                                        _("Edit"), g_strdup_printf (_("Edit %s"), name)));
  adw_action_row_add_suffix (
      ADW_ACTION_ROW (row),
      scope_profile_list_create_button (profile, "document-save-symbolic", "win.export-profile",
                                        _("Export"), g_strdup_printf (_("Export %s"), name)));
  adw_action_row_add_suffix (
      ADW_ACTION_ROW (row),
      scope_profile_list_create_button (profile, "user-trash-symbolic", "win.remove-profile",
                                        _("Remove"), g_strdup_printf (_("Remove %s"), name)));

  g_object_set_data_full (G_OBJECT (row), "scope-profile", g_object_ref (profile), g_object_unref);
  g_signal_connect_object (profile, "notify", G_CALLBACK (scope_profile_list_update_row_cb), row,
                           G_CONNECT_SWAPPED);
  scope_profile_list_update_row_cb (ADW_ACTION_ROW (row), NULL, profile);
  return row;
}

static void
scope_profile_list_activate_cb (ScopeProfileList *self,
                                GtkListBoxRow    *row)
{
  g_signal_emit (self, signals[ACTIVATED], 0, g_object_get_data (G_OBJECT (row), "scope-profile"));
}

static void
scope_profile_list_changed_cb (ScopeProfileList *self)
{
  gboolean any = self->store != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->store)) > 0;
  const char * const *problems =
      self->store != NULL ? scope_profile_store_get_problems (self->store) : NULL;
  gboolean trouble = problems != NULL && problems[0] != NULL;

  scope_ui_show_page (self->stack, any ? "profiles" : "empty");
  gtk_widget_set_visible (self->problem_box, trouble);
  if (trouble)
    {
      g_autofree char *text = g_strjoinv ("\n", (char **) problems);

      gtk_label_set_text (self->problem_label, text);
    }
}

static void
scope_profile_list_dispose (GObject *object)
{
  ScopeProfileList *self = SCOPE_PROFILE_LIST (object);

  scope_profile_list_set_store (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_PROFILE_LIST);

  G_OBJECT_CLASS (scope_profile_list_parent_class)->dispose (object);
}

static void
scope_profile_list_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScopeProfileList *self = SCOPE_PROFILE_LIST (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_profile_list_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ScopeProfileList *self = SCOPE_PROFILE_LIST (object);

  switch (prop_id)
    {
    case PROP_STORE:
      scope_profile_list_set_store (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_profile_list_class_init (ScopeProfileListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_profile_list_dispose;
  object_class->get_property = scope_profile_list_get_property;
  object_class->set_property = scope_profile_list_set_property;

  properties[PROP_STORE] =
      g_param_spec_object ("store", NULL, NULL, SCOPE_TYPE_PROFILE_STORE,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, SCOPE_TYPE_PROFILE);

  g_type_ensure (SCOPE_TYPE_RECENT_CAPTURES);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-profile-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileList, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileList, list);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileList, problem_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileList, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileList, status_page);
  gtk_widget_class_bind_template_callback (widget_class, scope_profile_list_activate_cb);
}

static void
scope_profile_list_init (ScopeProfileList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_status_page_set_icon_name (self->status_page, SCOPE_APP_ID);
}

/**
 * scope_profile_list_set_store:
 * @store: (nullable): whose profiles to list
 */
void
scope_profile_list_set_store (ScopeProfileList  *self,
                              ScopeProfileStore *store)
{
  g_return_if_fail (SCOPE_IS_PROFILE_LIST (self));
  g_return_if_fail (store == NULL || SCOPE_IS_PROFILE_STORE (store));

  if (self->store == store)
    return;

  if (self->store != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->store, scope_profile_list_changed_cb, self);
      gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
    }
  g_set_object (&self->store, store);
  if (store != NULL)
    {
      g_signal_connect_object (store, "items-changed", G_CALLBACK (scope_profile_list_changed_cb),
                               self, G_CONNECT_SWAPPED);
      gtk_list_box_bind_model (self->list, G_LIST_MODEL (store), scope_profile_list_create_row_cb,
                               NULL, NULL);
      scope_profile_list_changed_cb (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STORE]);
}
