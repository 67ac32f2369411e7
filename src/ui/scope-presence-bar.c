/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-presence-bar"

#include "config.h"

#include "ui/scope-presence-bar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "json/scope-json.h"
#include "session/scope-member.h"
#include "ui/scope-ui-util.h"

/* Fields that are offered: more is no choice any more. */
#define MAX_FIELDS 20
#define MAX_PEOPLE 50
#define MAX_FIELD_BYTES 64

struct _ScopePresenceBar
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *label;
  GtkActionable *join_button;
  GtkActionable *unseen_button;
  GtkMenuButton *names_button;

  ScopeSession *session;
  ScopeChannel *channel;
  GSignalGroup *channel_signals;
  GSignalGroup *profile_signals;
};

enum
{
  PROP_0,
  PROP_NAME_FIELD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopePresenceBar, scope_presence_bar, ADW_TYPE_BIN)

static ScopeProfile *
scope_presence_bar_get_profile (ScopePresenceBar *self)
{
  return self->session != NULL ? scope_session_get_profile (self->session) : NULL;
}

/* How it is watched */

static ScopeMember *
scope_presence_bar_dup_me (ScopePresenceBar *self)
{
  GListModel *members = scope_channel_get_members (self->channel);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (ScopeMember) member = g_list_model_get_item (members, i);

      if (scope_member_get_me (member))
        return g_steal_pointer (&member);
    }
  return NULL;
}

static char *
scope_presence_bar_dup_unseen_text (ScopePresenceBar *self)
{
  g_autofree char *status = NULL;

  g_object_get (self->channel, "status-text", &status, NULL);
  if (!scope_channel_get_watched (self->channel))
    return g_strdup_printf (_("%s. Nobody in the channel is told of it."), status);
  return g_strdup_printf (_("%s. Nobody there is told of it; who comes and goes in between is missed."),
                          status);
}

static char *
scope_presence_bar_dup_joined_text (ScopePresenceBar *self)
{
  g_autoptr (ScopeMember) me = scope_presence_bar_dup_me (self);

  if (me == NULL)
    return g_strdup (_("Subscribing joins this channel: everyone in it sees you."));
  return g_strdup_printf (_("You are in this channel as %s: everyone in it sees you."),
                          scope_member_get_name (me));
}

static void
scope_presence_bar_update (ScopePresenceBar *self)
{
  gboolean online = self->session != NULL && !scope_session_get_offline (self->session);
  g_autofree char *text = NULL;
  gboolean unseen;

  gtk_widget_set_visible (GTK_WIDGET (self), self->channel != NULL && online);
  if (self->channel == NULL || !online)
    return;

  unseen = scope_channel_get_unseen (self->channel);
  text = unseen ? scope_presence_bar_dup_unseen_text (self)
                : scope_presence_bar_dup_joined_text (self);
  gtk_image_set_from_icon_name (self->icon, unseen ? "view-conceal-symbolic" : "view-reveal-symbolic");
  gtk_label_set_text (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->join_button), unseen);
  gtk_widget_set_visible (GTK_WIDGET (self->unseen_button),
                          !unseen && scope_session_get_api (self->session, NULL) != NULL);
  gtk_actionable_set_action_target (self->join_button, "s", scope_channel_get_name (self->channel));
  gtk_actionable_set_action_target (self->unseen_button, "s", scope_channel_get_name (self->channel));
  /* not before they have a target: GTK warns otherwise */
  gtk_actionable_set_action_name (self->join_button, "win.join");
  gtk_actionable_set_action_name (self->unseen_button, "win.watch-unseen");
}

/* What people are called by */

static void
scope_presence_bar_add_field (GMenu      *menu,
                              GHashTable *known,
                              const char *field)
{
  g_autoptr (GMenuItem) item = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *label = NULL;

  if (g_hash_table_size (known) >= MAX_FIELDS || strlen (field) > MAX_FIELD_BYTES ||
      !g_hash_table_add (known, g_strdup (field)))
    return;

  /* an underscore is no mnemonic */
  parts = g_strsplit (field, "_", -1);
  label = g_strjoinv ("__", parts);
  item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, "presence-bar.name-field", "s", field);
  g_menu_append_item (menu, item);
}

/* every field of their user_info that holds a text */
static void
scope_presence_bar_add_fields_of (GMenu      *menu,
                                  GHashTable *known,
                                  const char *info)
{
  gsize length = info != NULL ? strlen (info) : 0;
  ScopeJsonIter iter;
  ScopeJsonKind kind;
  ScopeSpan key;

  if (length == 0 || scope_json_peek_kind (info, length) != SCOPE_JSON_OBJECT)
    return;
  scope_json_iter_init (&iter, info, length);
  while (scope_json_iter_next (&iter, &key, NULL, &kind))
    {
      g_autofree char *field = NULL;

      if (kind != SCOPE_JSON_STRING)
        continue;
      field = scope_json_string_dup (info + key.offset, key.length);
      scope_presence_bar_add_field (menu, known, field);
    }
}

static void
scope_presence_bar_fill_names_cb (GtkMenuButton *button,
                                  gpointer       user_data)
{
  ScopePresenceBar *self = user_data;
  ScopeProfile *profile = scope_presence_bar_get_profile (self);
  GListModel *members = self->channel != NULL ? scope_channel_get_members (self->channel) : NULL;
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) fields = g_menu_new ();
  g_autofree char *chosen = NULL;

  if (profile != NULL)
    g_object_get (profile, "name-field", &chosen, NULL);
  g_menu_append (fields, _("_Whichever Holds a Name"), "presence-bar.name-field::");
  if (chosen != NULL)
    scope_presence_bar_add_field (fields, known, chosen);
  for (guint i = 0; members != NULL && i < MIN (g_list_model_get_n_items (members), MAX_PEOPLE); i++)
    {
      g_autoptr (ScopeMember) member = g_list_model_get_item (members, i);

      scope_presence_bar_add_fields_of (fields, known, scope_member_get_user_info (member));
    }
  for (const char * const *field = scope_user_info_get_name_fields (); *field != NULL; field++)
    scope_presence_bar_add_field (fields, known, *field);
  g_menu_append_section (menu, _("Call People by Their"), G_MENU_MODEL (fields));
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
scope_presence_bar_name_field_cb (ScopePresenceBar *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME_FIELD]);
}

/* Class */

static void
scope_presence_bar_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScopePresenceBar *self = SCOPE_PRESENCE_BAR (object);
  ScopeProfile *profile = scope_presence_bar_get_profile (self);
  g_autofree char *field = NULL;

  switch (prop_id)
    {
    case PROP_NAME_FIELD:
      if (profile != NULL)
        g_object_get (profile, "name-field", &field, NULL);
      g_value_set_string (value, field != NULL ? field : "");
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_presence_bar_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ScopeProfile *profile = scope_presence_bar_get_profile (SCOPE_PRESENCE_BAR (object));

  switch (prop_id)
    {
    case PROP_NAME_FIELD:
      if (profile != NULL)
        g_object_set (profile, "name-field", g_value_get_string (value), NULL); /* "" is none */
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_presence_bar_dispose (GObject *object)
{
  ScopePresenceBar *self = SCOPE_PRESENCE_BAR (object);

  g_clear_object (&self->channel_signals);
  g_clear_object (&self->profile_signals);
  g_clear_object (&self->session);
  g_clear_object (&self->channel);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_PRESENCE_BAR);

  G_OBJECT_CLASS (scope_presence_bar_parent_class)->dispose (object);
}

static void
scope_presence_bar_class_init (ScopePresenceBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_presence_bar_dispose;
  object_class->get_property = scope_presence_bar_get_property;
  object_class->set_property = scope_presence_bar_set_property;

  properties[PROP_NAME_FIELD] =
      g_param_spec_string ("name-field", NULL, NULL, "",
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-presence-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceBar, icon);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceBar, label);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceBar, join_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceBar, unseen_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceBar, names_button);
  gtk_widget_class_install_property_action (widget_class, "presence-bar.name-field", "name-field");
}

static void
scope_presence_bar_init (ScopePresenceBar *self)
{
  static const char * const watched[] = {
    "notify::status", "notify::status-text", "notify::unseen", "notify::watched", "notify::member-count",
  };

  GtkWidget *label;

  gtk_widget_init_template (GTK_WIDGET (self));
  label = gtk_button_get_child (GTK_BUTTON (self->unseen_button));
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_menu_button_set_create_popup_func (self->names_button, scope_presence_bar_fill_names_cb, self,
                                         NULL);
  self->channel_signals = g_signal_group_new (SCOPE_TYPE_CHANNEL);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->channel_signals, watched[i],
                                    G_CALLBACK (scope_presence_bar_update), self);
  self->profile_signals = g_signal_group_new (SCOPE_TYPE_PROFILE);
  g_signal_group_connect_swapped (self->profile_signals, "notify::name-field",
                                  G_CALLBACK (scope_presence_bar_name_field_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::app-id",
                                  G_CALLBACK (scope_presence_bar_update), self);
}

/**
 * scope_presence_bar_set_session:
 * @session: (nullable): whose channels are shown
 */
void
scope_presence_bar_set_session (ScopePresenceBar *self,
                                ScopeSession     *session)
{
  g_return_if_fail (SCOPE_IS_PRESENCE_BAR (self));
  g_return_if_fail (session == NULL || SCOPE_IS_SESSION (session));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->profile_signals, scope_presence_bar_get_profile (self));
  scope_presence_bar_name_field_cb (self);
  scope_presence_bar_update (self);
}

/**
 * scope_presence_bar_set_channel:
 * @channel: (nullable): the presence channel that is shown
 */
void
scope_presence_bar_set_channel (ScopePresenceBar *self,
                                ScopeChannel     *channel)
{
  g_return_if_fail (SCOPE_IS_PRESENCE_BAR (self));
  g_return_if_fail (channel == NULL || SCOPE_IS_CHANNEL (channel));

  g_set_object (&self->channel, channel);
  g_signal_group_set_target (self->channel_signals, channel);
  scope_presence_bar_update (self);
}
