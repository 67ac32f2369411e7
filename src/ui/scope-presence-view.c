/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-presence-view"

#include "config.h"

#include "ui/scope-presence-view.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "session/scope-channel.h"
#include "session/scope-member.h"
#include "ui/scope-hint.h"
#include "ui/scope-member-row.h"
#include "ui/scope-presence-bar.h"
#include "ui/scope-tab-stop.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-watchlist-view.h"

/*   session's channels ─ presence only ─ drop-down ─→ one channel
 *   its members ─ match the search ─ no selection ─ rows
 */

#define REFRESH_SECONDS 10

struct _ScopePresenceView
{
  ScopeSessionView parent_instance;

  GtkWidget *bar;
  GtkDropDown *channel_drop_down;
  GtkLabel *channel_label;
  GtkLabel *count_label;
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkListView *list;
  AdwStatusPage *status_page;
  GtkButton *status_button;
  ScopeSessionView *watchlist_view;
  ScopePresenceBar *presence_bar;

  ScopeSession *session; /* as the parent class has it */
  GtkFilterListModel *channels;
  GtkFilterListModel *members;
  ScopeChannel *channel; /* the one shown */
  GSignalGroup *channel_signals;
  GSignalGroup *session_signals;
  char *needle; /* casefolded, or NULL */
  GPtrArray *rows; /* ScopeMemberRow with a person, unowned */
};

G_DEFINE_FINAL_TYPE (ScopePresenceView, scope_presence_view, SCOPE_TYPE_SESSION_VIEW)

static gboolean
scope_presence_view_match_channel (gpointer item,
                                   gpointer user_data)
{
  return scope_channel_kind_is_presence (scope_channel_get_kind (item));
}

static gboolean
scope_presence_view_text_matches (const char *text,
                                  const char *needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, needle) != NULL;
}

static gboolean
scope_presence_view_match_member (gpointer item,
                                  gpointer user_data)
{
  ScopePresenceView *self = user_data;

  return self->needle == NULL ||
         scope_presence_view_text_matches (scope_member_get_name (item), self->needle) ||
         scope_presence_view_text_matches (scope_member_get_user_id (item), self->needle);
}

/* The status page: why nobody is shown, and the next step */

static void
scope_presence_view_show_status (ScopePresenceView *self,
                                 const char        *icon,
                                 const char        *title,
                                 const char        *text,
                                 const char        *action,
                                 const char        *action_label)
{
  g_autofree char *markup = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  adw_status_page_set_icon_name (self->status_page, icon);
  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, markup);
  gtk_widget_set_visible (GTK_WIDGET (self->status_button), action != NULL);
  if (action != NULL)
    {
      gtk_button_set_label (self->status_button, action_label);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->status_button), action);
    }
  gtk_stack_set_visible_child_name (self->stack, "status");
}

/* When the last connected time ended, or 0. */
static gint64
scope_presence_view_get_blind_since (ScopePresenceView *self)
{
  GListModel *history = scope_session_get_history (self->session);
  gint64 since_usec = 0;

  for (guint i = 0; i < g_list_model_get_n_items (history); i++)
    {
      g_autoptr (ScopeStatePeriod) period = g_list_model_get_item (history, i);

      if (scope_state_period_get_state (period) == SCOPE_STATE_CONNECTED)
        return since_usec;
      since_usec = scope_state_period_get_started_usec (period);
    }
  return 0;
}

static void
scope_presence_view_show_unconnected (ScopePresenceView *self,
                                      ScopeHint         *hint)
{
  gint64 blind_usec = scope_presence_view_get_blind_since (self);
  g_autoptr (GString) text = g_string_new (NULL);

  if (blind_usec != 0)
    {
      g_autofree char *time = scope_text_format_clock (blind_usec);

      /* Translators: %s is a time of day */
      g_string_append_printf (text, _("Nobody can be seen since %s."), time);
    }
  if (hint->text != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", hint->text);
  scope_presence_view_show_status (self, hint->icon, hint->title, text->str, hint->action,
                                   hint->action_label);
}

static gboolean
scope_presence_view_show_unseen_trouble (ScopePresenceView *self,
                                         const char        *error_text)
{
  if (scope_channel_get_watched (self->channel))
    return FALSE;
  if (error_text == NULL)
    scope_presence_view_show_status (self, "content-loading-symbolic", _("Asking Who Is There…"),
                                     _("Members appear as soon as the HTTP API answers."), NULL, NULL);
  else if (scope_channel_get_status (self->channel) == SCOPE_SUBSCRIPTION_ERROR)
    scope_presence_view_show_status (self, "dialog-error-symbolic", _("Can’t Be Watched Unseen"),
                                     error_text, "presence.try-again", _("Try Again"));
  else
    scope_presence_view_show_status (self, "dialog-warning-symbolic", _("Nobody Can Be Seen Now"),
                                     error_text, "presence.try-again", _("Try Again"));
  return TRUE;
}

/* FALSE: the channel's members can be seen. */
static gboolean
scope_presence_view_show_channel_trouble (ScopePresenceView *self)
{
  const char *error_text = scope_channel_get_error_text (self->channel);

  if (scope_channel_get_unseen (self->channel))
    return scope_presence_view_show_unseen_trouble (self, error_text);

  switch (scope_channel_get_status (self->channel))
    {
    case SCOPE_SUBSCRIPTION_ERROR:
      scope_presence_view_show_status (self, "dialog-error-symbolic", _("Not Subscribed"),
                                       error_text != NULL
                                           ? error_text
                                           : _("The server refused the subscription."),
                                       "presence.try-again", _("Try Again"));
      return TRUE;

    case SCOPE_SUBSCRIPTION_PENDING:
      scope_presence_view_show_status (self, "content-loading-symbolic", _("Subscribing…"),
                                       _("Members appear as soon as the server confirms."), NULL,
                                       NULL);
      return TRUE;

    case SCOPE_SUBSCRIPTION_UNSUBSCRIBED:
      scope_presence_view_show_status (self, "system-users-symbolic", _("Not Subscribed"),
                                       _("The channel’s members are not watched now."), NULL, NULL);
      return TRUE;

    case SCOPE_SUBSCRIPTION_SUBSCRIBED:
    default:
      return FALSE;
    }
}

static void
scope_presence_view_show_no_channel (ScopePresenceView *self)
{
  gboolean unseen = scope_session_get_api (self->session, NULL) != NULL;

  scope_presence_view_show_status (
      self, "system-users-symbolic", _("No Presence Channel"),
      unseen ? _("Subscribe to a channel whose name begins with presence- to see who is in it. "
                 "Nobody there is told, unless you choose to join.")
             : _("Subscribe to a channel whose name begins with presence- to see who is in it. "
                 "You will appear in it as a member."),
      "win.subscribe", _("Subscribe…"));
}

/* A channel that is watched unseen needs no connection, only the wish for one. */
static gboolean
scope_presence_view_asks (ScopePresenceView *self)
{
  gboolean wants_connected;

  if (self->channel == NULL || !scope_channel_get_unseen (self->channel))
    return FALSE;
  g_object_get (self->session, "wants-connected", &wants_connected, NULL);
  return wants_connected;
}

static void
scope_presence_view_update_page (ScopePresenceView *self)
{
  g_autoptr (ScopeHint) hint = NULL;

  if (self->session == NULL)
    return;
  if (scope_session_get_offline (self->session))
    {
      scope_presence_view_show_status (self, "system-users-symbolic", _("Nobody to See"),
                                       _("A capture is open: there is no connection, and so "
                                         "nobody is present now. Its presence events are in the "
                                         "log."),
                                       NULL, NULL);
      return;
    }

  if (!scope_presence_view_asks (self))
    hint = scope_hint_new_for_connection (self->session);
  if (hint != NULL)
    scope_presence_view_show_unconnected (self, hint);
  else if (self->channel == NULL)
    scope_presence_view_show_no_channel (self);
  else if (scope_presence_view_show_channel_trouble (self))
    ;
  else if (scope_channel_get_member_count (self->channel) == 0)
    scope_presence_view_show_status (self, "system-users-symbolic", _("Nobody Is Here"),
                                     _("People appear here as they join the channel."), NULL, NULL);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->members)) == 0)
    scope_presence_view_show_status (self, "system-search-symbolic", _("Nobody Found"),
                                     _("Nobody in this channel has such a name or id."),
                                     "presence.clear-search", _("Clear Search"));
  else
    gtk_stack_set_visible_child_name (self->stack, "members");
}

/* "12 members", "3 of 12" */
static void
scope_presence_view_update_count (ScopePresenceView *self)
{
  guint total = self->channel != NULL ? scope_channel_get_member_count (self->channel) : 0;
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->members));
  g_autofree char *text = NULL;

  if (self->needle != NULL)
    text = g_strdup_printf (_("%u of %u"), shown, total);
  else
    text = g_strdup_printf (ngettext ("%u member", "%u members", total), total);
  gtk_label_set_text (self->count_label, text);
}

static void
scope_presence_view_update (ScopePresenceView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->channels));
  const char *name = self->channel != NULL ? scope_channel_get_name (self->channel) : "";

  gtk_widget_set_visible (self->bar, self->channel != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->channel_drop_down), n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->channel_label), n == 1);
  gtk_label_set_text (self->channel_label, name);
  scope_presence_view_update_count (self);
  scope_presence_view_update_page (self);
}

/* Rows */

static void
scope_presence_view_setup_cb (GtkSignalListItemFactory *factory,
                              GtkListItem              *item,
                              ScopePresenceView        *self)
{
  gtk_list_item_set_child (item, scope_member_row_new ());
}

static void
scope_presence_view_bind_cb (GtkSignalListItemFactory *factory,
                             GtkListItem              *item,
                             ScopePresenceView        *self)
{
  ScopeMemberRow *row = SCOPE_MEMBER_ROW (gtk_list_item_get_child (item));

  scope_member_row_set_member (row, gtk_list_item_get_item (item));
  scope_member_row_refresh (row, g_get_real_time ());
  g_ptr_array_add (self->rows, row);
}

static void
scope_presence_view_unbind_cb (GtkSignalListItemFactory *factory,
                               GtkListItem              *item,
                               ScopePresenceView        *self)
{
  ScopeMemberRow *row = SCOPE_MEMBER_ROW (gtk_list_item_get_child (item));

  g_ptr_array_remove_fast (self->rows, row);
  scope_member_row_set_member (row, NULL);
}

static void
scope_presence_view_activate_cb (ScopePresenceView *self,
                                 guint              position)
{
  g_autoptr (ScopeMember) member = g_list_model_get_item (G_LIST_MODEL (self->members), position);

  for (guint i = 0; i < self->rows->len; i++)
    {
      ScopeMemberRow *row = g_ptr_array_index (self->rows, i);

      if (scope_member_row_get_member (row) == member)
        scope_member_row_show_details (row);
    }
}

static void
scope_presence_view_refresh (ScopeSessionView *view)
{
  ScopePresenceView *self = SCOPE_PRESENCE_VIEW (view);
  gint64 now_usec = g_get_real_time ();

  for (guint i = 0; i < self->rows->len; i++)
    scope_member_row_refresh (g_ptr_array_index (self->rows, i), now_usec);
}

/* Choosing a channel */

static void
scope_presence_view_set_channel (ScopePresenceView *self,
                                 ScopeChannel      *channel)
{
  if (!g_set_object (&self->channel, channel))
    return;

  g_signal_group_set_target (self->channel_signals, channel);
  scope_presence_bar_set_channel (self->presence_bar, channel);
  gtk_filter_list_model_set_model (self->members,
                                   channel != NULL ? scope_channel_get_members (channel) : NULL);
  scope_presence_view_update (self);
}

static void
scope_presence_view_selected_cb (ScopePresenceView *self)
{
  scope_presence_view_set_channel (self, gtk_drop_down_get_selected_item (self->channel_drop_down));
}

static void
scope_presence_view_search_cb (ScopePresenceView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->members),
                      GTK_FILTER_CHANGE_DIFFERENT);
  scope_presence_view_update (self);
}

static void
scope_presence_view_clear_search_cb (GtkWidget  *widget,
                                     const char *action,
                                     GVariant   *parameter)
{
  ScopePresenceView *self = SCOPE_PRESENCE_VIEW (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

static void
scope_presence_view_try_again_cb (GtkWidget  *widget,
                                  const char *action,
                                  GVariant   *parameter)
{
  ScopePresenceView *self = SCOPE_PRESENCE_VIEW (widget);

  if (self->channel != NULL)
    gtk_widget_activate_action (widget, "win.resubscribe", "s",
                                scope_channel_get_name (self->channel));
}

static void
scope_presence_view_session_changed (ScopeSessionView *view)
{
  ScopePresenceView *self = SCOPE_PRESENCE_VIEW (view);
  ScopeSession *session = scope_session_view_get_session (view);

  self->session = session;
  scope_session_view_set_session (self->watchlist_view, session);
  scope_presence_bar_set_session (self->presence_bar, session);
  g_signal_group_set_target (self->session_signals, session);
  gtk_filter_list_model_set_model (self->channels,
                                   session != NULL ? scope_session_get_channels (session) : NULL);
  scope_presence_view_selected_cb (self);
  scope_presence_view_update (self);
}

/* Class */

static void
scope_presence_view_dispose (GObject *object)
{
  ScopePresenceView *self = SCOPE_PRESENCE_VIEW (object);

  if (self->session_signals != NULL)
    scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->channel_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_PRESENCE_VIEW);

  G_OBJECT_CLASS (scope_presence_view_parent_class)->dispose (object);
}

static void
scope_presence_view_finalize (GObject *object)
{
  ScopePresenceView *self = SCOPE_PRESENCE_VIEW (object);

  g_clear_object (&self->channels);
  g_clear_object (&self->members);
  g_clear_pointer (&self->needle, g_free);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (scope_presence_view_parent_class)->finalize (object);
}

static void
scope_presence_view_class_init (ScopePresenceViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ScopeSessionViewClass *view_class = SCOPE_SESSION_VIEW_CLASS (klass);

  object_class->dispose = scope_presence_view_dispose;
  object_class->finalize = scope_presence_view_finalize;
  view_class->session_changed = scope_presence_view_session_changed;
  view_class->refresh = scope_presence_view_refresh;
  view_class->refresh_seconds = REFRESH_SECONDS;

  g_type_ensure (SCOPE_TYPE_CHANNEL); /* named in the template */
  g_type_ensure (SCOPE_TYPE_PRESENCE_BAR);
  g_type_ensure (SCOPE_TYPE_TAB_STOP);
  g_type_ensure (SCOPE_TYPE_WATCHLIST_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-presence-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, bar);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, channel_drop_down);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, channel_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, count_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, list);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, status_page);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, status_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, watchlist_view);
  gtk_widget_class_bind_template_child (widget_class, ScopePresenceView, presence_bar);
  gtk_widget_class_bind_template_callback (widget_class, scope_presence_view_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_presence_view_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_presence_view_activate_cb);
  gtk_widget_class_install_action (widget_class, "presence.clear-search", NULL,
                                   scope_presence_view_clear_search_cb);
  gtk_widget_class_install_action (widget_class, "presence.try-again", NULL,
                                   scope_presence_view_try_again_cb);
}

static void
scope_presence_view_init_models (ScopePresenceView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  self->rows = g_ptr_array_new ();
  self->channels = gtk_filter_list_model_new (
      NULL, GTK_FILTER (gtk_custom_filter_new (scope_presence_view_match_channel, NULL, NULL)));
  self->members = gtk_filter_list_model_new (
      NULL, GTK_FILTER (gtk_custom_filter_new (scope_presence_view_match_member, self, NULL)));

  g_signal_connect_object (factory, "setup", G_CALLBACK (scope_presence_view_setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (scope_presence_view_bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (scope_presence_view_unbind_cb), self, 0);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->members)));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  gtk_drop_down_set_model (self->channel_drop_down, G_LIST_MODEL (self->channels));
}

static void
scope_presence_view_init (ScopePresenceView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_presence_view_init_models (self);

  g_signal_connect_object (self->channels, "items-changed", G_CALLBACK (scope_presence_view_update),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->members, "items-changed", G_CALLBACK (scope_presence_view_update),
                           self, G_CONNECT_SWAPPED);

  self->channel_signals = g_signal_group_new (SCOPE_TYPE_CHANNEL);
  g_signal_group_connect_swapped (self->channel_signals, "notify::status",
                                  G_CALLBACK (scope_presence_view_update), self);
  g_signal_group_connect_swapped (self->channel_signals, "notify::watched",
                                  G_CALLBACK (scope_presence_view_update), self);
  g_signal_group_connect_swapped (self->channel_signals, "notify::error-text",
                                  G_CALLBACK (scope_presence_view_update), self);
  g_signal_group_connect_swapped (self->channel_signals, "notify::member-count",
                                  G_CALLBACK (scope_presence_view_update), self);

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::state",
                                  G_CALLBACK (scope_presence_view_update), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::state-detail",
                                  G_CALLBACK (scope_presence_view_update), self);
}

/**
 * scope_presence_view_show_channel:
 * @channel: a presence channel's name
 *
 * Chooses the channel to show, as the drop-down does.
 */
void
scope_presence_view_show_channel (ScopePresenceView *self,
                                  const char        *channel)
{
  g_return_if_fail (SCOPE_IS_PRESENCE_VIEW (self));
  g_return_if_fail (channel != NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->channels)); i++)
    {
      g_autoptr (ScopeChannel) candidate = g_list_model_get_item (G_LIST_MODEL (self->channels), i);

      if (strcmp (scope_channel_get_name (candidate), channel) == 0)
        gtk_drop_down_set_selected (self->channel_drop_down, i);
    }
}
