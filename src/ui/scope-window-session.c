/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "ui/scope-credentials-gate.h"
#include "ui/scope-preferences-window.h"
#include "ui/scope-ui-util.h"

/* ---- what follows from the state ---- */

static gboolean
scope_window_is_running (ScopeWindow *self)
{
  gboolean wants = FALSE;
  ScopeState state = scope_session_get_state (self->session);

  g_object_get (self->session, "wants-connected", &wants, NULL);
  return wants && state != SCOPE_STATE_FAILED && state != SCOPE_STATE_DISCONNECTED;
}

static void
scope_window_update_connect_button (ScopeWindow *self)
{
  gboolean running = self->session != NULL && scope_window_is_running (self);
  gboolean narrow = scope_adaptive_bin_get_narrow (self->bin);
  const char *label = running ? _("Disconnect") : _("Connect");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->connect_button),
                                  running ? "win.disconnect" : "win.connect");
  if (narrow)
    gtk_button_set_icon_name (self->connect_button, running ? "media-playback-stop-symbolic"
                                                            : "media-playback-start-symbolic");
  else
    gtk_button_set_label (self->connect_button, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->connect_button), label);
  scope_ui_set_class (self->connect_button, "suggested-action", !running);
  scope_ui_set_label (self->connect_button, label);
}

/* What the user asked for, and what an empty log says larger, needs no bar. */
static gboolean
scope_window_bars_connection (ScopeWindow     *self,
                              const ScopeHint *hint)
{
  return hint != NULL && (hint->busy || hint->css_class != NULL) && self->has_rows;
}

static void
scope_window_update_bar (ScopeWindow *self)
{
  g_autoptr (ScopeHint) hint = NULL;

  if (self->session != NULL)
    {
      hint = scope_hint_new_for_connection (self->session);
      if (!scope_window_bars_connection (self, hint))
        {
          scope_hint_free (hint);
          hint = scope_hint_new_for_recording (self->session);
          if (hint == NULL)
            hint = scope_hint_new_for_footprint (self->session);
        }
    }
  scope_hint_bar_take_hint (self->bar, g_steal_pointer (&hint));
}

static gboolean
scope_window_countdown_cb (gpointer user_data)
{
  ScopeWindow *self = user_data;

  scope_window_update_bar (self);
  scope_events_view_refresh (self->events_view);
  return G_SOURCE_CONTINUE;
}

static void
scope_window_update_countdown (ScopeWindow *self)
{
  gint64 retry_at_usec = 0;

  if (self->session != NULL)
    g_object_get (self->session, "retry-at-usec", &retry_at_usec, NULL);
  if (retry_at_usec == 0)
    g_clear_handle_id (&self->countdown_id, g_source_remove);
  else if (self->countdown_id == 0)
    self->countdown_id = g_timeout_add_seconds (1, scope_window_countdown_cb, self);
}

static void
scope_window_update_title (ScopeWindow *self)
{
  const char *name = _("Profiles");
  g_autofree char *label = NULL;

  if (self->profile != NULL)
    name = scope_profile_get_name (self->profile);
  else if (self->session != NULL && self->capture_name != NULL)
    name = self->capture_name;
  label = g_strdup_printf (_("Profile: %s"), name);
  gtk_label_set_text (self->profile_label, name);
  scope_ui_set_label (self->profile_button, label);
  gtk_window_set_title (GTK_WINDOW (self), self->session != NULL ? name : "Channelscope");
}

void
_scope_window_update_session (ScopeWindow *self)
{
  if (self->closing)
    return;

  scope_window_update_title (self);
  scope_window_update_connect_button (self);
  scope_window_update_bar (self);
  scope_window_update_countdown (self);
  _scope_window_update_actions (self);
}

/* Rows come later than the state they tell of: they are written first. */
static void
scope_window_rows_cb (ScopeWindow *self)
{
  ScopeEventList *events = scope_session_get_events (self->session);
  gboolean has_rows = scope_event_list_get_n_total (events) > 0;

  if (self->has_rows == has_rows)
    return;

  self->has_rows = has_rows;
  scope_window_update_bar (self);
}

static void
scope_window_problem_cb (ScopeWindow *self,
                         const char  *text)
{
  _scope_window_show_toast (self, text);
}

void
_scope_window_init_session (ScopeWindow *self)
{
  static const char * const watched[] =
      { "notify::state", "notify::state-detail", "notify::wants-connected",
          "notify::retry-at-usec", "notify::recording-problem", "notify::held" };

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->session_signals, watched[i],
                                    G_CALLBACK (_scope_window_update_session), self);
  g_signal_group_connect_swapped (self->session_signals, "problem",
                                  G_CALLBACK (scope_window_problem_cb), self);
  g_signal_group_connect_swapped (self->session_signals, "clock-off",
                                  G_CALLBACK (_scope_window_offer_server_time), self);
  self->list_signals = g_signal_group_new (SCOPE_TYPE_EVENT_LIST);
  g_signal_group_connect_swapped (self->list_signals, "notify::n-total",
                                  G_CALLBACK (scope_window_rows_cb), self);
}

/* ---- showing a session ---- */

static void
scope_window_dropped_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (GApplication) application = user_data;
  g_autoptr (GError) error = NULL;

  if (!scope_session_close_finish (SCOPE_SESSION (object), result, &error))
    g_warning ("The capture was not closed cleanly: %s", error->message);
  g_application_release (application);
}

/* The program must not end before the capture is closed. */
static void
scope_window_drop_session (ScopeWindow *self)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  if (self->session == NULL)
    return;

  g_application_hold (application);
  scope_session_close_async (self->session, scope_window_dropped_cb, g_object_ref (application));
}

static void
scope_window_set_views (ScopeWindow *self)
{
  ScopeSession *session = self->session;
  gboolean offline = session != NULL && scope_session_get_offline (session);

  _scope_window_update_shapes (self);
  _scope_window_close_discover (self);
  _scope_window_update_templates (self);
  scope_channel_sidebar_set_session (self->sidebar, session);
  scope_events_view_set_session (self->events_view, session);
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->presence_view), session);
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->connection_view), session);
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->publish_view), session);
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->statistics_view), session);
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->unlock_bar), session);
  scope_state_button_set_session (self->state_button, session);
  gtk_stack_page_set_visible (gtk_stack_get_page (self->view_stack, self->publish_view), !offline);
  gtk_stack_set_visible_child_name (self->view_stack, "events");
}

void
_scope_window_set_session (ScopeWindow  *self,
                           ScopeSession *session,
                           ScopeProfile *profile)
{
  g_cancellable_cancel (self->gate);
  g_clear_object (&self->gate);
  self->gate_then = NULL;
  self->gate_anyway = NULL;
  scope_window_drop_session (self);
  g_set_object (&self->session, session);
  self->n_sessions++;
  if (session != NULL)
    scope_preferences_apply_budget (session);
  g_set_object (&self->profile, profile);
  self->has_credentials = FALSE;
  self->narrow_sidebar = FALSE;
  self->has_rows = FALSE;
  self->cleared = FALSE;
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->list_signals,
                             session != NULL ? scope_session_get_events (session) : NULL);
  if (session != NULL)
    scope_window_rows_cb (self);
  g_signal_group_set_target (self->profile_signals, profile);
  scope_window_set_views (self);
  _scope_window_bind_list (self);
  scope_ui_show_page (self->pages, session != NULL ? "session" : "start");
  _scope_window_update_layout (self);
}

void
_scope_window_show_hint (ScopeWindow *self,
                         ScopeHint   *hint)
{
  scope_hint_page_take_hint (self->hint_page, hint);
  scope_ui_show_page (self->pages, "hint");
}

/* ---- connecting ---- */

static void
scope_window_run (ScopeWindow *self,
                  void       (*then) (ScopeWindow *self))
{
  if (then != NULL && self->session != NULL)
    then (self);
}

static void
scope_window_gate_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (ScopeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCredentials) credentials = scope_credentials_gate_open_finish (result, &error);
  void (*then) (ScopeWindow *) = self->gate_then;
  void (*anyway) (ScopeWindow *) = self->gate_anyway;

  /* the window has another profile by now, or none */
  if (self->closing || self->gate == NULL || g_task_get_cancellable (G_TASK (result)) != self->gate)
    return;

  g_clear_object (&self->gate);
  self->gate_then = NULL;
  self->gate_anyway = NULL;
  _scope_window_update_actions (self);
  if (credentials != NULL)
    {
      scope_session_set_credentials (self->session, credentials);
      self->has_credentials = TRUE;
      scope_window_run (self, then);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _scope_window_show_toast (self, error->message);
  scope_window_run (self, anyway);
}

static void
scope_window_open_gate (ScopeWindow *self)
{
  if (self->gate != NULL)
    return;
  self->gate = g_cancellable_new ();
  _scope_window_update_actions (self);
  scope_credentials_gate_open_async (GTK_WINDOW (self), self->profile, self->gate,
                                     scope_window_gate_cb, g_object_ref (self));
}

/* Secrets are asked for when they are needed, not when a window opens. */
void
_scope_window_with_credentials (ScopeWindow *self,
                                void       (*then) (ScopeWindow *self))
{
  if (self->session == NULL || self->profile == NULL || self->gate_then != NULL)
    return;

  if (self->has_credentials)
    {
      then (self);
      return;
    }
  self->gate_then = then;
  scope_window_open_gate (self);
}

void
_scope_window_try_credentials (ScopeWindow *self,
                               void       (*then) (ScopeWindow *self))
{
  if (self->session == NULL)
    return;

  if (self->has_credentials || self->profile == NULL || scope_session_get_offline (self->session) ||
      scope_session_get_api (self->session, NULL) != NULL)
    {
      then (self);
      return;
    }
  self->gate_anyway = then;
  scope_window_open_gate (self);
}

static void
scope_window_connect_session (ScopeWindow *self)
{
  scope_session_connect (self->session);
}

void
_scope_window_connect (ScopeWindow *self)
{
  _scope_window_with_credentials (self, scope_window_connect_session);
}
