/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-hint"

#include "config.h"

#include "ui/scope-hint.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"

static ScopeHint *
scope_hint_new (const char *icon,
                const char *title,
                const char *text)
{
  ScopeHint *self = g_new0 (ScopeHint, 1);

  self->icon = icon;
  self->title = g_strdup (title);
  self->text = g_strdup (text);
  return self;
}

static ScopeHint *
scope_hint_with_action (ScopeHint  *self,
                        const char *action,
                        const char *label)
{
  self->action = action;
  self->action_label = label;
  return self;
}

/* What the doctor finds it offers to put right; who knows already goes to the profile. */
static ScopeHint *
scope_hint_with_doctor (ScopeHint *self)
{
  self->second = "win.edit-current";
  self->second_label = _("Profile Settings");
  return scope_hint_with_action (self, "win.doctor", _("Find Out Why…"));
}

/**
 * scope_hint_free:
 * @self: (nullable): a hint
 */
void
scope_hint_free (ScopeHint *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_free (self->text);
  g_free (self);
}

/**
 * scope_hint_equal:
 *
 * Returns: whether both say the same
 */
gboolean
scope_hint_equal (const ScopeHint *a,
                  const ScopeHint *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strcmp0 (a->icon, b->icon) == 0 && g_strcmp0 (a->css_class, b->css_class) == 0 &&
         g_strcmp0 (a->title, b->title) == 0 && g_strcmp0 (a->text, b->text) == 0 &&
         g_strcmp0 (a->action, b->action) == 0 && g_strcmp0 (a->second, b->second) == 0 &&
         a->busy == b->busy;
}

/**
 * scope_hint_dup_countdown:
 *
 * Returns: (transfer full) (nullable): when the next attempt is due
 */
char *
scope_hint_dup_countdown (ScopeSession *session)
{
  gint64 retry_at_usec = 0;
  gint64 left_usec;
  g_autofree char *duration = NULL;

  g_object_get (session, "retry-at-usec", &retry_at_usec, NULL);
  if (retry_at_usec == 0)
    return NULL;

  left_usec = retry_at_usec - g_get_monotonic_time ();
  if (left_usec <= 0)
    return g_strdup (_("Trying again now."));
  /* whole seconds, rounded up: "0 s" would be a lie */
  left_usec = (left_usec + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC * G_USEC_PER_SEC;
  duration = scope_text_format_duration (left_usec);
  return g_strdup_printf (_("Next attempt in %s."), duration);
}

static char *
scope_hint_dup_detail (ScopeSession *session,
                       const char   *otherwise)
{
  g_autofree char *detail = NULL;
  g_autofree char *countdown = scope_hint_dup_countdown (session);

  g_object_get (session, "state-detail", &detail, NULL);
  if (detail == NULL || *detail == '\0')
    scope_set_str (&detail, otherwise);
  if (countdown == NULL)
    return g_steal_pointer (&detail);
  return detail != NULL ? g_strdup_printf ("%s %s", detail, countdown)
                        : g_steal_pointer (&countdown);
}

static ScopeHint *
scope_hint_new_connecting (ScopeSession *session)
{
  ScopeProfile *profile = scope_session_get_profile (session);
  g_autofree char *place = profile != NULL ? scope_profile_dup_place (profile) : NULL;
  g_autofree char *detail = scope_hint_dup_detail (session, place);
  ScopeHint *self = scope_hint_new ("content-loading-symbolic", _("Connecting…"), detail);

  self->busy = TRUE;
  return self;
}

static ScopeHint *
scope_hint_new_trouble (ScopeSession *session,
                        const char   *icon,
                        const char   *css_class,
                        const char   *title,
                        const char   *otherwise)
{
  g_autofree char *detail = scope_hint_dup_detail (session, otherwise);
  ScopeHint *self = scope_hint_new (icon, title, detail);

  self->css_class = css_class;
  return scope_hint_with_doctor (self);
}

/* A reason is only there if the user did not ask for it. */
static ScopeHint *
scope_hint_new_disconnected (ScopeSession *session)
{
  g_autofree char *reason = scope_hint_dup_detail (session, NULL);
  const char *text =
      reason != NULL ? reason : _("Press Connect above to watch channels and events.");
  ScopeHint *self = scope_hint_new ("network-offline-symbolic", _("Not Connected"), text);

  if (reason == NULL)
    return self;
  self->css_class = "warning";
  return scope_hint_with_doctor (self);
}

/**
 * scope_hint_new_for_connection:
 *
 * Returns: (transfer full) (nullable): what keeps the session from being connected
 */
ScopeHint *
scope_hint_new_for_connection (ScopeSession *session)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  if (scope_session_get_offline (session))
    return NULL;

  switch (scope_session_get_state (session))
    {
    case SCOPE_STATE_CONNECTED:
      return NULL;
    case SCOPE_STATE_CONNECTING:
      return scope_hint_new_connecting (session);
    case SCOPE_STATE_UNAVAILABLE:
      return scope_hint_new_trouble (
          session, "dialog-warning-symbolic", "warning", _("Server Unavailable"),
          _("The server does not answer. Check the network, host and port."));
    case SCOPE_STATE_FAILED:
      return scope_hint_new_trouble (
          session, "dialog-error-symbolic", "error", _("Connection Impossible"),
          _("No allowed transport is left. Check TLS and port in the profile."));
    case SCOPE_STATE_INITIALIZED:
    case SCOPE_STATE_DISCONNECTED:
    default:
      return scope_hint_new_disconnected (session);
    }
}

/**
 * scope_hint_is_trouble:
 *
 * Returns: whether something keeps the session from being connected, and the user did not ask for that
 */
gboolean
scope_hint_is_trouble (ScopeSession *session)
{
  g_autoptr (ScopeHint) hint = scope_hint_new_for_connection (session);

  return hint != NULL && hint->css_class != NULL;
}

static gboolean
scope_hint_has_events (GListModel *channels)
{
  for (guint i = 0; i < g_list_model_get_n_items (channels); i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (channels, i);

      if (scope_channel_get_event_count (channel) > 0)
        return TRUE;
    }
  return FALSE;
}

static ScopeHint *
scope_hint_new_for_channels (GListModel *channels)
{
  guint n_channels = g_list_model_get_n_items (channels);
  guint n_failed = 0;
  ScopeHint *self;
  g_autofree char *text = NULL;

  if (n_channels == 0)
    return scope_hint_with_action (
        scope_hint_new ("list-add-symbolic", _("No Channel Yet"),
                        _("Connected. Events arrive on the channels you subscribe to.")),
        "win.subscribe", _("Subscribe…"));

  for (guint i = 0; i < n_channels; i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (channels, i);

      if (scope_channel_get_status (channel) == SCOPE_SUBSCRIPTION_ERROR)
        n_failed++;
    }
  if (n_failed == n_channels)
    {
      self = scope_hint_new ("dialog-error-symbolic", _("No Channel Could Be Subscribed"),
                             _("The list of channels shows the reason for each."));
      self->css_class = "error";
      return self;
    }

  text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "Watching %u channel. Events appear as they arrive.",
                   "Watching %u channels. Events appear as they arrive.", n_channels - n_failed),
      n_channels - n_failed);
  self = scope_hint_new ("content-loading-symbolic", _("Waiting for Events"), text);
  self->busy = TRUE;
  return self;
}

/**
 * scope_hint_new_for_events:
 *
 * Returns: (transfer full) (nullable): why no event came yet
 */
ScopeHint *
scope_hint_new_for_events (ScopeSession *session)
{
  ScopeHint *hint;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  if (scope_session_get_offline (session))
    {
      if (scope_event_list_get_n_total (scope_session_get_events (session)) > 0)
        return NULL;
      return scope_hint_with_action (scope_hint_new ("document-open-symbolic", _("Empty Capture"),
                                                     _("Nothing was recorded in this file.")),
                                     "win.open-capture", _("Open Another…"));
    }

  hint = scope_hint_new_for_connection (session);
  if (hint != NULL || scope_hint_has_events (scope_session_get_channels (session)))
    return hint;
  return scope_hint_new_for_channels (scope_session_get_channels (session));
}

/**
 * scope_hint_new_for_recording:
 *
 * Returns: (transfer full) (nullable): why what arrives is not kept
 */
ScopeHint *
scope_hint_new_for_recording (ScopeSession *session)
{
  g_autofree char *problem = NULL;
  ScopeHint *self;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  g_object_get (session, "recording-problem", &problem, NULL);
  if (problem == NULL || *problem == '\0')
    return NULL;
  self = scope_hint_new ("dialog-warning-symbolic",
                         scope_session_get_offline (session) ? _("Capture Incomplete")
                                                             : _("Not Recording"),
                         problem);
  self->css_class = "warning";
  return self;
}

/**
 * scope_hint_new_for_footprint:
 *
 * Returns: (transfer full) (nullable): that polls and repeated events wait, and how they go on
 */
ScopeHint *
scope_hint_new_for_footprint (ScopeSession *session)
{
  ScopeFootprint *footprint;
  ScopeHint *self;
  g_autofree char *budget = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  footprint = scope_session_get_footprint (session);
  if (footprint == NULL || !scope_footprint_is_held (footprint))
    return NULL;
  budget = scope_text_format_count (scope_footprint_get_budget (footprint));
  text = g_strdup_printf (_("Today’s budget of %s messages is used up. Discovery, unseen watching and repeated "
                            "events wait until midnight UTC."),
                          budget);
  self = scope_hint_new ("dialog-warning-symbolic", _("Held Back"), text);
  self->css_class = "warning";
  return scope_hint_with_action (self, "win.release-brake", _("Go On Today"));
}
