/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-watchlist-view"

#include "config.h"

#include "ui/scope-watchlist-view.h"

#include <glib/gi18n-lib.h>

#include "session/scope-watched.h"
#include "ui/scope-tab-stop.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-watched-row.h"

#define REFRESH_SECONDS 10

struct _ScopeWatchlistView
{
  ScopeSessionView parent_instance;

  GtkLabel *count_label;
  GtkImage *hint_icon;
  GtkLabel *hint_label;
  GtkWidget *hint_box;
  GtkWidget *list_box;
  GtkListView *list;

  GSignalGroup *session_signals;
  GListModel *watchlist;
  GPtrArray *rows; /* ScopeWatchedRow with a person, unowned */
};

G_DEFINE_FINAL_TYPE (ScopeWatchlistView, scope_watchlist_view, SCOPE_TYPE_SESSION_VIEW)

/* "2 of 5 online" */
static void
scope_watchlist_view_update_count (ScopeWatchlistView *self)
{
  guint n = self->watchlist != NULL ? g_list_model_get_n_items (self->watchlist) : 0;
  guint n_online = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeWatched) watched = g_list_model_get_item (self->watchlist, i);

      n_online += scope_watched_get_online (watched);
    }
  text = g_strdup_printf (_("%u of %u online"), n_online, n);
  gtk_label_set_text (self->count_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count_label), n > 0);
}

/* Why the list is empty (transfer full) */
static char *
scope_watchlist_view_dup_reason (ScopeSession *session)
{
  g_autofree char *user_id = NULL;

  g_object_get (session, "user-id", &user_id, NULL);
  if (user_id != NULL)
    return g_strdup_printf (_("Signed in as %s. Nobody is on the watchlist, or the app has "
                              "watchlist events switched off."), user_id);
  if (scope_session_get_state (session) != SCOPE_STATE_CONNECTED)
    return g_strdup (_("Not connected: who is online can’t be seen."));
  return g_strdup (_("Sign in as a user to see who of their watchlist is online."));
}

static void
scope_watchlist_view_update_hint (ScopeWatchlistView *self)
{
  ScopeSession *session = scope_session_view_get_session (SCOPE_SESSION_VIEW (self));
  gboolean empty = self->watchlist == NULL || g_list_model_get_n_items (self->watchlist) == 0;
  g_autofree char *problem = NULL;
  g_autofree char *reason = NULL;

  if (session == NULL)
    return;

  g_object_get (session, "user-problem", &problem, NULL);
  if (problem == NULL && empty)
    reason = scope_watchlist_view_dup_reason (session);
  gtk_widget_set_visible (self->hint_box, problem != NULL || empty);
  gtk_widget_set_visible (GTK_WIDGET (self->hint_icon), problem != NULL);
  gtk_label_set_text (self->hint_label, problem != NULL ? problem : reason != NULL ? reason : "");
  scope_ui_set_class (self->hint_label, "dim-label", problem == NULL);
  gtk_widget_set_visible (self->list_box, !empty);
  gtk_widget_set_visible (GTK_WIDGET (self), !empty || !scope_session_get_offline (session));
}

static void
scope_watchlist_view_update (ScopeWatchlistView *self)
{
  scope_watchlist_view_update_count (self);
  scope_watchlist_view_update_hint (self);
}

static void
scope_watchlist_view_changed_cb (ScopeWatchlistView *self,
                                 guint               position,
                                 guint               removed,
                                 guint               added,
                                 GListModel         *model)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ScopeWatched) watched = g_list_model_get_item (model, i);

      g_signal_handlers_disconnect_by_func (watched, scope_watchlist_view_update_count, self);
      g_signal_connect_object (watched, "notify::online",
                               G_CALLBACK (scope_watchlist_view_update_count), self,
                               G_CONNECT_SWAPPED);
    }
  scope_watchlist_view_update (self);
}

static void
scope_watchlist_view_refresh (ScopeSessionView *view)
{
  ScopeWatchlistView *self = SCOPE_WATCHLIST_VIEW (view);
  gint64 now_usec = g_get_real_time ();

  for (guint i = 0; i < self->rows->len; i++)
    scope_watched_row_refresh (g_ptr_array_index (self->rows, i), now_usec);
}

/* Rows */

static void
scope_watchlist_view_setup_cb (GtkSignalListItemFactory *factory,
                               GtkListItem              *item,
                               ScopeWatchlistView       *self)
{
  gtk_list_item_set_child (item, scope_watched_row_new ());
  gtk_list_item_set_activatable (item, FALSE);
}

static void
scope_watchlist_view_bind_cb (GtkSignalListItemFactory *factory,
                              GtkListItem              *item,
                              ScopeWatchlistView       *self)
{
  ScopeWatchedRow *row = SCOPE_WATCHED_ROW (gtk_list_item_get_child (item));
  ScopeSession *session = scope_session_view_get_session (SCOPE_SESSION_VIEW (self));

  scope_watched_row_set_watched (row, gtk_list_item_get_item (item),
                                 session != NULL ? scope_session_get_learnt_names (session) : NULL);
  g_ptr_array_add (self->rows, row);
}

static void
scope_watchlist_view_unbind_cb (GtkSignalListItemFactory *factory,
                                GtkListItem              *item,
                                ScopeWatchlistView       *self)
{
  ScopeWatchedRow *row = SCOPE_WATCHED_ROW (gtk_list_item_get_child (item));

  g_ptr_array_remove_fast (self->rows, row);
  scope_watched_row_set_watched (row, NULL, NULL);
}

static void
scope_watchlist_view_set_watchlist (ScopeWatchlistView *self,
                                    GListModel         *watchlist)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  if (self->watchlist != NULL)
    g_signal_handlers_disconnect_by_func (self->watchlist, scope_watchlist_view_changed_cb, self);
  g_set_object (&self->watchlist, watchlist);
  if (watchlist != NULL)
    {
      selection = gtk_no_selection_new (g_object_ref (watchlist));
      g_signal_connect_object (watchlist, "items-changed",
                               G_CALLBACK (scope_watchlist_view_changed_cb), self,
                               G_CONNECT_SWAPPED);
      scope_watchlist_view_changed_cb (self, 0, 0, g_list_model_get_n_items (watchlist), watchlist);
    }
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

static void
scope_watchlist_view_session_changed (ScopeSessionView *view)
{
  ScopeWatchlistView *self = SCOPE_WATCHLIST_VIEW (view);
  ScopeSession *session = scope_session_view_get_session (view);

  g_signal_group_set_target (self->session_signals, session);
  scope_watchlist_view_set_watchlist (
      self, session != NULL ? scope_session_get_watchlist (session) : NULL);
  scope_watchlist_view_update (self);
}

/* Class */

static void
scope_watchlist_view_dispose (GObject *object)
{
  ScopeWatchlistView *self = SCOPE_WATCHLIST_VIEW (object);

  if (self->session_signals != NULL)
    scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
  g_clear_object (&self->session_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_WATCHLIST_VIEW);

  G_OBJECT_CLASS (scope_watchlist_view_parent_class)->dispose (object);
}

static void
scope_watchlist_view_finalize (GObject *object)
{
  ScopeWatchlistView *self = SCOPE_WATCHLIST_VIEW (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (scope_watchlist_view_parent_class)->finalize (object);
}

static void
scope_watchlist_view_class_init (ScopeWatchlistViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ScopeSessionViewClass *view_class = SCOPE_SESSION_VIEW_CLASS (klass);

  object_class->dispose = scope_watchlist_view_dispose;
  object_class->finalize = scope_watchlist_view_finalize;
  view_class->session_changed = scope_watchlist_view_session_changed;
  view_class->refresh = scope_watchlist_view_refresh;
  view_class->refresh_seconds = REFRESH_SECONDS;

  g_type_ensure (SCOPE_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-watchlist-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchlistView, count_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchlistView, hint_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchlistView, hint_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchlistView, hint_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchlistView, list_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeWatchlistView, list);
}

static void
scope_watchlist_view_init (ScopeWatchlistView *self)
{
  static const char * const watched[] =
      { "notify::state", "notify::user-id", "notify::user-problem" };
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (scope_watchlist_view_setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (scope_watchlist_view_bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (scope_watchlist_view_unbind_cb), self, 0);
  gtk_list_view_set_factory (self->list, factory);

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->session_signals, watched[i],
                                    G_CALLBACK (scope_watchlist_view_update), self);
}
