/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-connection-view"

#include "config.h"

#include "ui/scope-connection-view.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-doctor-panel.h"
#include "ui/scope-flow-stop.h"
#include "ui/scope-footprint-group.h"
#include "ui/scope-format.h"
#include "ui/scope-hint.h"
#include "ui/scope-period-row.h"
#include "ui/scope-ribbon.h"
#include "ui/scope-tab-stop.h"
#include "ui/scope-ui-util.h"

#define REFRESH_SECONDS 1

struct _ScopeConnectionView
{
  ScopeSessionView parent_instance;

  GtkImage *state_icon;
  GtkLabel *state_label;
  GtkLabel *detail_label;
  GtkLabel *countdown_label;
  GtkWidget *retry_button;
  GtkWidget *doctor_button;
  ScopeDoctorPanel *doctor_panel;
  GtkLabel *place_label;
  GtkLabel *transport_label;
  GtkLabel *transport_reason_label;
  GtkLabel *socket_label;
  GtkWidget *copy_button;
  GtkLabel *round_trip_label;
  GtkWidget *ping_button;
  GtkLabel *activity_label;
  GtkLabel *recording_label;
  GtkLabel *user_label;
  GtkWidget *user_problem_box;
  GtkLabel *user_problem_label;
  ScopeRibbon *ribbon;
  GtkLabel *ribbon_label;
  GtkStack *history_stack;
  GtkScrolledWindow *history_scroller;
  GtkListView *history_list;
  ScopeFootprintGroup *footprint_group;

  ScopeSession *session; /* as the parent class has it */
  GSignalGroup *session_signals;
  GPtrArray *rows; /* ScopePeriodRow with a period, unowned */
  GListModel *history;
};

G_DEFINE_FINAL_TYPE (ScopeConnectionView, scope_connection_view, SCOPE_TYPE_SESSION_VIEW)

/* What is not known shows a dash, not a gap in the layout. */
static void
scope_connection_view_set_text (GtkLabel   *label,
                                const char *text)
{
  gtk_label_set_text (label, text != NULL && *text != '\0' ? text : "–");
}

static void
scope_connection_view_update_countdown (ScopeConnectionView *self)
{
  g_autofree char *countdown =
    self->session != NULL ? scope_hint_dup_countdown (self->session) : NULL;

  scope_ui_show_text (self->countdown_label, countdown);
}

static void
scope_connection_view_update_state (ScopeConnectionView *self)
{
  ScopeState state = scope_session_get_state (self->session);
  gboolean offline = scope_session_get_offline (self->session);
  const char *classes[] = { offline ? NULL : scope_format_state_class (state), NULL };
  g_autofree char *text = NULL;
  g_autofree char *detail = NULL;
  gboolean wants_connected;
  gint64 retry_at_usec;

  g_object_get (self->session, "state-text", &text, "state-detail", &detail, "wants-connected",
                &wants_connected, "retry-at-usec", &retry_at_usec, NULL);
  gtk_image_set_from_icon_name (self->state_icon, offline ? "document-open-symbolic"
                                                          : scope_format_state_icon (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_icon), classes);
  gtk_label_set_text (self->state_label, offline ? _("Capture Opened") : text);
  gtk_label_set_text (self->detail_label, offline ? _("There is no connection behind a capture.")
                                          : detail != NULL ? detail
                                                           : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label),
                          offline || (detail != NULL && *detail != '\0'));
  gtk_widget_set_visible (self->retry_button, wants_connected && retry_at_usec != 0);
  gtk_widget_set_visible (self->doctor_button, !offline && scope_hint_is_trouble (self->session));
  scope_connection_view_update_countdown (self);
}

static void
scope_connection_view_update_details (ScopeConnectionView *self)
{
  ScopeProfile *profile = scope_session_get_profile (self->session);
  g_autofree char *place = profile != NULL ? scope_profile_dup_place (profile) : NULL;
  g_autofree char *socket_id = NULL;
  g_autofree char *recording = NULL;
  g_autofree char *round_trip = NULL;
  gint64 round_trip_usec;

  g_object_get (self->session, "socket-id", &socket_id, "recording-text", &recording,
                "round-trip-usec", &round_trip_usec, NULL);
  if (recording == NULL)
    g_object_get (self->session, "recording-problem", &recording, NULL);
  if (round_trip_usec >= 0)
    round_trip = scope_text_format_duration (round_trip_usec);

  scope_connection_view_set_text (self->place_label, place);
  scope_connection_view_set_text (self->socket_label, socket_id);
  gtk_widget_set_sensitive (self->copy_button, socket_id != NULL);
  gtk_widget_set_sensitive (self->ping_button,
                            scope_session_get_state (self->session) == SCOPE_STATE_CONNECTED);
  scope_connection_view_set_text (self->round_trip_label, round_trip);
  scope_connection_view_set_text (self->recording_label, recording);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->recording_label), recording);
}

/* By which way the bytes go, and how long silence may last. */
static void
scope_connection_view_update_transport (ScopeConnectionView *self)
{
  g_autofree char *transport = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *activity = NULL;
  double seconds = 0;

  g_object_get (self->session, "transport", &transport, "activity-timeout", &seconds,
                "transport-reason", &reason, NULL);
  if (seconds > 0)
    activity = scope_text_format_duration (seconds * G_USEC_PER_SEC);
  scope_connection_view_set_text (self->transport_label, transport);
  scope_ui_show_text (self->transport_reason_label, reason);
  scope_connection_view_set_text (self->activity_label, activity);
}

static void
scope_connection_view_update_user (ScopeConnectionView *self)
{
  g_autofree char *user_id = NULL;
  g_autofree char *problem = NULL;

  g_object_get (self->session, "user-id", &user_id, "user-problem", &problem, NULL);
  gtk_label_set_text (self->user_label, user_id != NULL ? user_id : _("Nobody"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->user_label), user_id);
  gtk_label_set_text (self->user_problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->user_problem_box, problem != NULL);
}

static void
scope_connection_view_update (ScopeConnectionView *self)
{
  if (self->session == NULL)
    return;

  scope_connection_view_update_state (self);
  scope_connection_view_update_details (self);
  scope_connection_view_update_transport (self);
  scope_connection_view_update_user (self);
}

static void
scope_connection_view_refresh (ScopeSessionView *view)
{
  ScopeConnectionView *self = SCOPE_CONNECTION_VIEW (view);
  gint64 now_usec = g_get_real_time ();

  scope_connection_view_update_countdown (self);
  scope_footprint_group_refresh (self->footprint_group);
  for (guint i = 0; i < self->rows->len; i++)
    {
      ScopePeriodRow *row = g_ptr_array_index (self->rows, i);

      if (scope_state_period_get_ended_usec (scope_period_row_get_period (row)) == 0)
        scope_period_row_refresh (row, now_usec);
    }
}

/* History */

static void
scope_connection_view_history_cb (ScopeConnectionView *self)
{
  guint n = self->history != NULL ? g_list_model_get_n_items (self->history) : 0;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->history_scroller);

  /* The list keeps the rows in view where they are; at its top the newest one is meant to be in
   * view. */
  if (n > 0 && gtk_adjustment_get_value (adjustment) < 1)
    gtk_widget_activate_action (GTK_WIDGET (self->history_list), "list.scroll-to-item", "u", 0);
  gtk_stack_set_visible_child_name (self->history_stack, n > 0 ? "history" : "empty");
}

static void
scope_connection_view_setup_cb (GtkSignalListItemFactory *factory,
                                GtkListItem              *item,
                                ScopeConnectionView      *self)
{
  gtk_list_item_set_child (item, scope_period_row_new ());
  gtk_list_item_set_activatable (item, FALSE);
}

static void
scope_connection_view_bind_cb (GtkSignalListItemFactory *factory,
                               GtkListItem              *item,
                               ScopeConnectionView      *self)
{
  ScopePeriodRow *row = SCOPE_PERIOD_ROW (gtk_list_item_get_child (item));

  scope_period_row_set_period (row, gtk_list_item_get_item (item));
  scope_period_row_refresh (row, g_get_real_time ());
  g_ptr_array_add (self->rows, row);
}

static void
scope_connection_view_unbind_cb (GtkSignalListItemFactory *factory,
                                 GtkListItem              *item,
                                 ScopeConnectionView      *self)
{
  ScopePeriodRow *row = SCOPE_PERIOD_ROW (gtk_list_item_get_child (item));

  g_ptr_array_remove_fast (self->rows, row);
  scope_period_row_set_period (row, NULL);
}

static void
scope_connection_view_set_history (ScopeConnectionView *self,
                                   GListModel          *history)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  if (self->history != NULL)
    g_signal_handlers_disconnect_by_func (self->history, scope_connection_view_history_cb, self);
  g_set_object (&self->history, history);
  if (history != NULL)
    {
      selection = gtk_no_selection_new (g_object_ref (history));
      gtk_list_view_set_model (self->history_list, GTK_SELECTION_MODEL (selection));
      g_signal_connect_object (history, "items-changed",
                               G_CALLBACK (scope_connection_view_history_cb), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    }
  else
    gtk_list_view_set_model (self->history_list, NULL);
  scope_ribbon_set_history (self->ribbon, history);
  scope_connection_view_history_cb (self);
}

static void
scope_connection_view_copy_socket_cb (ScopeConnectionView *self)
{
  g_autofree char *socket_id = NULL;

  if (self->session != NULL)
    g_object_get (self->session, "socket-id", &socket_id, NULL);
  if (socket_id != NULL)
    scope_ui_copy (GTK_WIDGET (self), socket_id);
}

static void
scope_connection_view_ping_cb (ScopeConnectionView *self)
{
  ScopeConnection *connection =
    self->session != NULL ? scope_session_get_connection (self->session) : NULL;

  if (connection != NULL)
    scope_connection_ping (connection);
}

static void
scope_connection_view_selected_cb (ScopeConnectionView *self)
{
  const char *text = scope_ribbon_get_selected_text (self->ribbon);

  scope_ui_show_text (self->ribbon_label, text);
}

static void
scope_connection_view_session_changed (ScopeSessionView *view)
{
  ScopeConnectionView *self = SCOPE_CONNECTION_VIEW (view);
  ScopeSession *session = scope_session_view_get_session (view);

  self->session = session;
  g_signal_group_set_target (self->session_signals, session);
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->doctor_panel), session);
  scope_footprint_group_set_session (self->footprint_group, session);
  scope_connection_view_set_history (self,
                                     session != NULL ? scope_session_get_history (session) : NULL);
  scope_connection_view_update (self);
}

/* Class */

static void
scope_connection_view_dispose (GObject *object)
{
  ScopeConnectionView *self = SCOPE_CONNECTION_VIEW (object);

  if (self->session_signals != NULL)
    scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
  g_clear_object (&self->session_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_CONNECTION_VIEW);

  G_OBJECT_CLASS (scope_connection_view_parent_class)->dispose (object);
}

static void
scope_connection_view_finalize (GObject *object)
{
  ScopeConnectionView *self = SCOPE_CONNECTION_VIEW (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (scope_connection_view_parent_class)->finalize (object);
}

static void
scope_connection_view_bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, state_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, state_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, detail_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, countdown_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, retry_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, doctor_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, doctor_panel);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, place_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, transport_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, transport_reason_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, socket_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, round_trip_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, ping_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, activity_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, recording_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, user_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, user_problem_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, user_problem_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, ribbon);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, ribbon_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, history_stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, history_scroller);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, history_list);
  gtk_widget_class_bind_template_child (widget_class, ScopeConnectionView, footprint_group);
  gtk_widget_class_bind_template_callback (widget_class, scope_connection_view_copy_socket_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_connection_view_ping_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_connection_view_selected_cb);
}

static void
scope_connection_view_class_init (ScopeConnectionViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ScopeSessionViewClass *view_class = SCOPE_SESSION_VIEW_CLASS (klass);

  object_class->dispose = scope_connection_view_dispose;
  object_class->finalize = scope_connection_view_finalize;
  view_class->session_changed = scope_connection_view_session_changed;
  view_class->refresh = scope_connection_view_refresh;
  view_class->refresh_seconds = REFRESH_SECONDS;

  g_type_ensure (SCOPE_TYPE_DOCTOR_PANEL);
  g_type_ensure (SCOPE_TYPE_FLOW_STOP);
  g_type_ensure (SCOPE_TYPE_FOOTPRINT_GROUP);
  g_type_ensure (SCOPE_TYPE_RIBBON);
  g_type_ensure (SCOPE_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-connection-view.ui");
  scope_connection_view_bind_children (widget_class);
}

static void
scope_connection_view_init (ScopeConnectionView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (scope_connection_view_setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (scope_connection_view_bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (scope_connection_view_unbind_cb), self,
                           0);
  gtk_list_view_set_factory (self->history_list, factory);

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify",
                                  G_CALLBACK (scope_connection_view_update), self);
}

/**
 * scope_connection_view_run_doctor:
 *
 * Finds out why the session's connection does not work, and shows it.
 */
void
scope_connection_view_run_doctor (ScopeConnectionView *self)
{
  g_return_if_fail (SCOPE_IS_CONNECTION_VIEW (self));

  scope_doctor_panel_run (self->doctor_panel);
}
