/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-api"

#include "config.h"

#include "ui/scope-publish-api-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/scope-limits.h"
#include "session/scope-session-publish.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-unlock-dialog.h"

/* how often it is looked whether the profile's secrets are others */
#define REFRESH_SECONDS 2

enum
{
  PROP_0,
  PROP_POSSIBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopePublishApi, scope_publish_api, SCOPE_TYPE_SESSION_VIEW)

/* What is possible */

static void
publish_api_show_status (ScopePublishApi *self,
                         const char      *title,
                         const char      *text,
                         const char      *label,
                         const char      *action)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, markup);
  gtk_button_set_label (self->status_button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->status_button), action);
  scope_ui_show_page (self->stack, "status");
}

/* The keyring is asked when somebody connects: until then nothing is known to be missing. */
static void
publish_api_show_obstacle (ScopePublishApi *self,
                           const char      *problem)
{
  g_autoptr (ScopeConnectionOptions) options = scope_session_dup_options (self->session);

  if (options->key == NULL && scope_session_get_state (self->session) != SCOPE_STATE_CONNECTED)
    publish_api_show_status (self, _("Connect First"),
                             _("The app's key and secret are taken from the keyring when you connect."), _("Connect"),
                             "win.connect");
  else
    publish_api_show_status (self, _("The HTTP API Can't Be Used Yet"), problem, _("Profile Settings"),
                             "win.edit-current");
}

static void
publish_api_set_possible (ScopePublishApi *self,
                          gboolean         possible)
{
  if (self->possible == possible)
    return;
  self->possible = possible;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSSIBLE]);
}

static void
publish_api_update_options (ScopePublishApi *self)
{
  g_autoptr (ScopeConnectionOptions) options = scope_session_dup_options (self->session);

  scope_publish_form_set_options (self->form, options);
}

static void
publish_api_update_page (ScopePublishApi *self)
{
  g_autoptr (GError) error = NULL;
  gboolean possible = self->publisher != NULL && scope_session_get_api (self->session, &error) != NULL;

  if (possible && !self->possible)
    publish_api_update_options (self);
  if (possible)
    scope_ui_show_page (self->stack, "form");
  else if (self->publisher != NULL)
    publish_api_show_obstacle (self, error->message);
  publish_api_set_possible (self, possible);
}

/* Actions and figures */

static void
publish_api_update_job (ScopePublishApi *self)
{
  gboolean running = self->publisher != NULL && scope_publisher_get_running (self->publisher);
  guint64 total = self->publisher != NULL ? scope_publisher_get_n_total (self->publisher) : 0;
  g_autofree char *summary = total > 0 ? scope_publisher_dup_summary (self->publisher) : NULL;
  const char *problem = total > 0 ? scope_publisher_get_problem (self->publisher) : NULL;

  /* of one event its row in the history says it all */
  gtk_widget_set_visible (self->job_group, total > 1 || problem != NULL);
  if (total == 0)
    return;
  gtk_progress_bar_set_fraction (self->progress,
                                 (double) scope_publisher_get_n_done (self->publisher) / (double) total);
  gtk_label_set_text (self->summary_label, summary);
  scope_ui_show_text (self->problem_label, problem);
  gtk_widget_set_visible (self->stop_button, running);
}

void
_scope_publish_api_update (ScopePublishApi *self)
{
  gboolean running = self->publisher != NULL && scope_publisher_get_running (self->publisher);
  gboolean fits = scope_publish_form_get_problem (self->form) == NULL;
  guint n_waiting = g_list_model_get_n_items (G_LIST_MODEL (self->waiting));
  GtkWidget *widget = GTK_WIDGET (self);

  publish_api_update_job (self);
  gtk_widget_action_set_enabled (widget, "api.publish", self->possible && fits && !running);
  gtk_widget_action_set_enabled (widget, "api.add", fits && n_waiting < SCOPE_LIMIT_PUBLISH_EVENTS);
  gtk_widget_action_set_enabled (widget, "api.publish-list", self->possible && n_waiting > 0 && !running);
  gtk_widget_action_set_enabled (widget, "api.stop", running);
  gtk_widget_action_set_enabled (widget, "api.copy", self->possible && fits);
  gtk_widget_set_visible (self->lock_label,
                          self->session != NULL && !scope_session_get_may_write (self->session));
}

static void
publish_api_form_cb (ScopePublishApi *self)
{
  _scope_publish_api_clear_outcome (self);
  _scope_publish_api_tell (self, NULL);
  _scope_publish_api_update (self);
}

static void
publish_api_session_cb (ScopePublishApi *self)
{
  publish_api_update_page (self);
  _scope_publish_api_update (self);
}

/* Nobody tells when secrets change: it is looked at while somebody looks. */
static void
scope_publish_api_refresh (ScopeSessionView *view)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (view);

  if (self->publisher == NULL)
    return;
  publish_api_update_page (self);
  publish_api_update_options (self);
  _scope_publish_api_update (self);
}

static void
publish_api_profile_cb (ScopePublishApi *self)
{
  scope_publish_api_refresh (SCOPE_SESSION_VIEW (self));
}

void
_scope_publish_api_tell (ScopePublishApi *self,
                         const char      *text)
{
  scope_ui_show_text (self->reason_label, text);
}

/* Publishing */

static guint
publish_api_get_rounds (ScopePublishApi *self)
{
  if (!gtk_switch_get_active (self->repeat))
    return 1;
  return (guint) gtk_spin_button_get_value_as_int (self->times);
}

static void
publish_api_start (ScopePublishApi *self,
                   GPtrArray       *outgoing,
                   guint            rounds)
{
  gint64 interval_usec = llround (gtk_spin_button_get_value (self->interval) * G_USEC_PER_SEC);

  if (self->publisher == NULL || scope_publisher_get_running (self->publisher))
    return;
  scope_publisher_start (self->publisher, outgoing, rounds, interval_usec);
}

static void
publish_api_allowed_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (object);
  g_autoptr (GPtrArray) asked = g_steal_pointer (&self->asked);

  if (scope_unlock_ask_finish (result) && asked != NULL)
    publish_api_start (self, asked, self->asked_once ? 1 : publish_api_get_rounds (self));
}

void
_scope_publish_api_publish (ScopePublishApi *self,
                            GPtrArray       *outgoing,
                            gboolean         once)
{
  if (self->session == NULL || self->publisher == NULL || self->asked != NULL || outgoing->len == 0)
    return;
  self->asked = g_ptr_array_ref (outgoing);
  self->asked_once = once;
  scope_unlock_ask_async (GTK_WIDGET (self), self->session, publish_api_allowed_cb, NULL);
}

static void
publish_api_publish_cb (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);
  g_autoptr (GPtrArray) outgoing = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (outgoing, scope_publish_form_dup_outgoing (self->form));
  _scope_publish_api_publish (self, outgoing, FALSE);
}

static void
publish_api_stop_cb (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);

  if (self->publisher != NULL)
    scope_publisher_stop (self->publisher);
}

/* Session */

static void
publish_api_drop_publisher (ScopePublishApi *self)
{
  if (self->publisher == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->publisher, self);
  scope_publisher_stop (self->publisher);
  g_clear_object (&self->publisher);
}

static void
publish_api_make_publisher (ScopePublishApi *self)
{
  self->publisher = scope_publisher_new_for_session (self->session);
  g_signal_connect_object (self->publisher, "result", G_CALLBACK (_scope_publish_api_take_result), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->publisher, "progress", G_CALLBACK (_scope_publish_api_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->publisher, "notify::running", G_CALLBACK (_scope_publish_api_update), self,
                           G_CONNECT_SWAPPED);
}

static void
scope_publish_api_session_changed (ScopeSessionView *view)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (view);

  publish_api_drop_publisher (self);
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  self->session = scope_session_view_get_session (view);
  _scope_publish_api_clear_list (self);
  if (self->session != NULL && !scope_session_get_offline (self->session))
    publish_api_make_publisher (self);
  g_signal_group_set_target (self->session_signals, self->session);
  g_signal_group_set_target (self->profile_signals,
                             self->session != NULL ? scope_session_get_profile (self->session) : NULL);
  scope_publish_form_set_session (self->form, self->session);
  publish_api_set_possible (self, FALSE);
  publish_api_session_cb (self);
}

/* Class */

static void
scope_publish_api_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_POSSIBLE:
      g_value_set_boolean (value, SCOPE_PUBLISH_API (object)->possible);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_publish_api_dispose (GObject *object)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (object);

  if (self->session_signals != NULL)
    scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->profile_signals);
  if (self->templates != NULL)
    g_signal_handlers_disconnect_by_data (self->templates, self);
  g_clear_object (&self->templates);
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (scope_publish_api_parent_class)->dispose (object);
}

static void
scope_publish_api_finalize (GObject *object)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (object);

  g_clear_object (&self->waiting);
  g_clear_object (&self->results);

  G_OBJECT_CLASS (scope_publish_api_parent_class)->finalize (object);
}

static void
scope_publish_api_bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, status_page);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, status_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, form);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, repeat);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, times);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, interval);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, lock_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, publish_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, outcome_box);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, outcome_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, outcome_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, reason_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, templates_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, list_group);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, list);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, job_group);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, progress);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, summary_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, stop_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, history_group);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishApi, history);
}

static void
scope_publish_api_class_init (ScopePublishApiClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ScopeSessionViewClass *view_class = SCOPE_SESSION_VIEW_CLASS (klass);

  object_class->dispose = scope_publish_api_dispose;
  object_class->finalize = scope_publish_api_finalize;
  object_class->get_property = scope_publish_api_get_property;
  view_class->session_changed = scope_publish_api_session_changed;
  view_class->refresh = scope_publish_api_refresh;
  view_class->refresh_seconds = REFRESH_SECONDS;

  properties[PROP_POSSIBLE]
      = g_param_spec_boolean ("possible", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SCOPE_TYPE_PUBLISH_FORM);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-publish-api.ui");
  scope_publish_api_bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "api.publish", NULL, publish_api_publish_cb);
  gtk_widget_class_install_action (widget_class, "api.stop", NULL, publish_api_stop_cb);
  _scope_publish_api_class_init_list (widget_class);
  _scope_publish_api_class_init_menus (widget_class);
}

static void
scope_publish_api_init (ScopePublishApi *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  _scope_publish_api_init_list (self);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (publish_api_form_cb), self, G_CONNECT_SWAPPED);

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::state", G_CALLBACK (publish_api_session_cb), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::may-write", G_CALLBACK (publish_api_session_cb),
                                  self);
  self->profile_signals = g_signal_group_new (SCOPE_TYPE_PROFILE);
  g_signal_group_connect_data (self->profile_signals, "notify", G_CALLBACK (publish_api_profile_cb), self, NULL,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  _scope_publish_api_update_templates (self);
  _scope_publish_api_update (self);
}

/**
 * scope_publish_api_get_possible:
 *
 * Returns: whether the profile allows to publish over the HTTP API
 */
gboolean
scope_publish_api_get_possible (ScopePublishApi *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISH_API (self), FALSE);

  return self->possible;
}

/**
 * scope_publish_api_set_templates:
 * @templates: (nullable): what the menu offers
 */
void
scope_publish_api_set_templates (ScopePublishApi   *self,
                                 ScopeTemplateList *templates)
{
  g_return_if_fail (SCOPE_IS_PUBLISH_API (self));

  if (self->templates != NULL)
    g_signal_handlers_disconnect_by_data (self->templates, self);
  g_set_object (&self->templates, templates);
  if (templates != NULL)
    g_signal_connect_object (templates, "items-changed", G_CALLBACK (_scope_publish_api_update_templates), self,
                             G_CONNECT_SWAPPED);
  _scope_publish_api_update_templates (self);
}

/**
 * scope_publish_api_compose:
 *
 * Fills the form, for the user to look at; nothing is sent.
 */
void
scope_publish_api_compose (ScopePublishApi *self,
                           ScopeOutgoing   *outgoing)
{
  g_return_if_fail (SCOPE_IS_PUBLISH_API (self));

  scope_publish_form_set_outgoing (self->form, outgoing);
  scope_publish_form_focus_event (self->form);
}
