/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-error.h"
#include "session/scope-event-list-private.h"

#include <glib/gi18n-lib.h>

enum
{
  ENTRY,
  PROBLEM,
  CLOCK_OFF,
  N_SIGNALS
};

GParamSpec *_scope_session_properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeSession, scope_session, G_TYPE_OBJECT)

void
_scope_session_notify (ScopeSession *self,
                       guint         property)
{
  g_object_notify_by_pspec (G_OBJECT (self), _scope_session_properties[property]);
}

void
_scope_session_emit_entry (ScopeSession *self,
                           ScopeEntry   *entry)
{
  if (g_signal_has_handler_pending (self, signals[ENTRY], 0, FALSE))
    g_signal_emit (self, signals[ENTRY], 0, entry);
}

void
_scope_session_emit_problem (ScopeSession *self,
                             const char   *text)
{
  g_signal_emit (self, signals[PROBLEM], 0, text);
}

void
_scope_session_emit_clock_off (ScopeSession *self,
                               gint64        usec)
{
  g_signal_emit (self, signals[CLOCK_OFF], 0, usec);
}

static const char *
scope_session_get_state_text (ScopeSession *self)
{
  return self->connection != NULL ? scope_state_to_text (self->state) : _("Opened capture");
}

static void
scope_session_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ScopeSession *self = SCOPE_SESSION (object);

  switch (id)
    {
    case PROP_PROFILE:
      g_value_set_object (value, self->profile);
      break;
    case PROP_OFFLINE:
      g_value_set_boolean (value, self->connection == NULL);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_STATE_TEXT:
      g_value_set_string (value, scope_session_get_state_text (self));
      break;
    case PROP_STATE_DETAIL:
      g_value_set_string (value, self->state_detail);
      break;
    case PROP_RETRY_AT_USEC:
      g_value_set_int64 (value, self->retry_at_usec);
      break;
    case PROP_WANTS_CONNECTED:
      g_value_set_boolean (value, self->wants_connected);
      break;
    case PROP_SOCKET_ID:
      g_value_set_string (value, self->socket_id);
      break;
    case PROP_ROUND_TRIP_USEC:
      g_value_set_int64 (value, self->round_trip_usec);
      break;
    case PROP_TRANSPORT:
      g_value_set_string (value, self->transport);
      break;
    case PROP_ACTIVITY_TIMEOUT:
      g_value_set_double (value, self->activity_timeout);
      break;
    case PROP_TRANSPORT_REASON:
      g_value_set_string (value, self->transport_reason);
      break;
    case PROP_USER_ID:
      g_value_set_string (value, self->user_id);
      break;
    case PROP_USER_PROBLEM:
      g_value_set_string (value, self->user_problem);
      break;
    case PROP_WATCHLIST:
      g_value_set_object (value, self->watchlist);
      break;
    case PROP_RECORDING_TEXT:
      g_value_set_string (value, self->recording_text);
      break;
    case PROP_RECORDING_PROBLEM:
      g_value_set_string (value, self->recording_problem);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->load_id != 0 || self->salvaging);
      break;
    case PROP_HELD:
      g_value_set_boolean (value, self->is_held);
      break;
    case PROP_CHANNELS:
      g_value_set_object (value, self->channels);
      break;
    case PROP_EVENTS:
      g_value_set_object (value, self->events);
      break;
    case PROP_HISTORY:
      g_value_set_object (value, self->history);
      break;
    case PROP_MAY_WRITE:
      g_value_set_boolean (value, scope_session_get_may_write (self));
      break;
    case PROP_UNLOCKED_UNTIL_USEC:
      g_value_set_int64 (value, self->unlocked_until_usec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_session_dispose (GObject *object)
{
  ScopeSession *self = SCOPE_SESSION (object);

  _scope_session_stop_loading (self);
  if (self->connection != NULL)
    scope_connection_set_listener (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  _scope_session_clear_discovery (self);
  _scope_session_clear_api (self);
  _scope_session_clear_state (self);
  _scope_session_clear_unlock (self);
  _scope_session_clear_unseen (self);
  _scope_session_clear_channels (self);
  _scope_session_clear_recording (self);

  G_OBJECT_CLASS (scope_session_parent_class)->dispose (object);
}

static void
scope_session_finalize (GObject *object)
{
  ScopeSession *self = SCOPE_SESSION (object);

  g_clear_object (&self->capture);
  g_clear_object (&self->events);
  g_clear_object (&self->names);
  g_clear_object (&self->clock);
  g_clear_object (&self->profile);
  g_clear_object (&self->history);
  g_clear_object (&self->footprint);
  g_hash_table_unref (self->channels_by_name);
  g_ptr_array_unref (self->dirty);
  g_clear_object (&self->channels);
  _scope_session_free_unseen (self);
  g_clear_object (&self->learnt);
  _scope_session_free_user (self);
  _scope_session_free_marks (self);
  scope_credentials_unref (self->credentials);
  g_free (self->capture_path);
  g_free (self->state_detail);
  g_array_unref (self->pending);
  g_free (self->refused_event);
  g_free (self->trouble);
  g_free (self->socket_id);
  g_ptr_array_unref (self->sockets);
  g_free (self->transport);
  g_free (self->transport_reason);
  g_free (self->lost_reason);
  g_free (self->recording_text);
  g_free (self->recording_problem);
  g_clear_error (&self->close_error);

  G_OBJECT_CLASS (scope_session_parent_class)->finalize (object);
}

static void
scope_session_install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamSpec **p = _scope_session_properties;

  p[PROP_PROFILE] = g_param_spec_object ("profile", NULL, NULL, SCOPE_TYPE_PROFILE, flags);
  p[PROP_OFFLINE] = g_param_spec_boolean ("offline", NULL, NULL, FALSE, flags);
  p[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  p[PROP_STATE_TEXT] = g_param_spec_string ("state-text", NULL, NULL, NULL, flags);
  p[PROP_STATE_DETAIL] = g_param_spec_string ("state-detail", NULL, NULL, NULL, flags);
  p[PROP_RETRY_AT_USEC] =
    g_param_spec_int64 ("retry-at-usec", NULL, NULL, 0, G_MAXINT64, 0, flags);
  p[PROP_WANTS_CONNECTED] = g_param_spec_boolean ("wants-connected", NULL, NULL, FALSE, flags);
  p[PROP_SOCKET_ID] = g_param_spec_string ("socket-id", NULL, NULL, NULL, flags);
  p[PROP_ROUND_TRIP_USEC] =
    g_param_spec_int64 ("round-trip-usec", NULL, NULL, -1, G_MAXINT64, -1, flags);
  p[PROP_TRANSPORT] = g_param_spec_string ("transport", NULL, NULL, NULL, flags);
  p[PROP_ACTIVITY_TIMEOUT] =
    g_param_spec_double ("activity-timeout", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  p[PROP_TRANSPORT_REASON] = g_param_spec_string ("transport-reason", NULL, NULL, NULL, flags);
  p[PROP_USER_ID] = g_param_spec_string ("user-id", NULL, NULL, NULL, flags);
  p[PROP_USER_PROBLEM] = g_param_spec_string ("user-problem", NULL, NULL, NULL, flags);
  p[PROP_WATCHLIST] = g_param_spec_object ("watchlist", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  p[PROP_RECORDING_TEXT] = g_param_spec_string ("recording-text", NULL, NULL, NULL, flags);
  p[PROP_RECORDING_PROBLEM] = g_param_spec_string ("recording-problem", NULL, NULL, NULL, flags);
  p[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  p[PROP_HELD] = g_param_spec_boolean ("held", NULL, NULL, FALSE, flags);
  p[PROP_CHANNELS] = g_param_spec_object ("channels", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  p[PROP_EVENTS] = g_param_spec_object ("events", NULL, NULL, SCOPE_TYPE_EVENT_LIST, flags);
  p[PROP_HISTORY] = g_param_spec_object ("history", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  p[PROP_MAY_WRITE] = g_param_spec_boolean ("may-write", NULL, NULL, FALSE, flags);
  p[PROP_UNLOCKED_UNTIL_USEC] =
    g_param_spec_int64 ("unlocked-until-usec", NULL, NULL, 0, G_MAXINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, p);
}

static void
scope_session_class_init (ScopeSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_session_dispose;
  object_class->finalize = scope_session_finalize;
  object_class->get_property = scope_session_get_property;

  scope_session_install_properties (object_class);
  signals[ENTRY] = g_signal_new ("entry", SCOPE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                                 SCOPE_TYPE_ENTRY | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[PROBLEM] = g_signal_new ("problem", SCOPE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, g_cclosure_marshal_VOID__STRING, G_TYPE_NONE, 1,
                                   G_TYPE_STRING);
  signals[CLOCK_OFF] = g_signal_new ("clock-off", SCOPE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
scope_session_init (ScopeSession *self)
{
  self->pending = g_array_new (FALSE, FALSE, sizeof (ScopeRecord));
  g_queue_init (&self->refused);
  g_queue_init (&self->closers);
  _scope_session_init_state (self);
  self->learnt = scope_learnt_names_new ();
  _scope_session_init_channels (self);
  _scope_session_init_unseen (self);
  _scope_session_init_user (self);
  _scope_session_init_marks (self);
  _scope_session_init_explain (self);
}

static void
scope_session_add_profile_channels (ScopeSession *self)
{
  const char * const *channels = scope_profile_get_subscriptions (self->profile);
  const char * const *unseen = scope_profile_get_unseen (self->profile);

  for (guint i = 0; channels[i] != NULL; i++)
    _scope_session_add_channel (self, channels[i]);
  for (guint i = 0; unseen[i] != NULL; i++)
    if (!g_hash_table_contains (self->unseen, unseen[i]))
      _scope_session_add_unseen (self, unseen[i]);
}

static void
scope_session_name_field_cb (ScopeSession *self)
{
  g_autofree char *field = NULL;

  g_object_get (self->profile, "name-field", &field, NULL);
  scope_learnt_names_set_field (self->learnt, field);
}

/**
 * scope_session_new:
 * @profile: what to watch; followed, and its subscriptions kept up to date
 * @credentials: (nullable): its secrets
 * @capture_path: (nullable) (type filename): where to record to; `NULL` for a new file in the
 *   user's state directory, "" for nowhere (the event list then stays empty)
 * @clock: (nullable): `NULL` for the system's
 *
 * Nothing happens before scope_session_connect(): then the file is created, too.
 *
 * Returns: (transfer full): a session
 */
ScopeSession *
scope_session_new (ScopeProfile     *profile,
                   ScopeCredentials *credentials,
                   const char       *capture_path,
                   ScopeClock       *clock)
{
  g_autoptr (ScopeConnectionOptions) options = NULL;
  ScopeSession *self;

  g_return_val_if_fail (SCOPE_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (clock == NULL || SCOPE_IS_CLOCK (clock), NULL);

  self = g_object_new (SCOPE_TYPE_SESSION, NULL);
  self->profile = g_object_ref (profile);
  self->credentials = credentials != NULL ? scope_credentials_ref (credentials) : NULL;
  self->capture_path = g_strdup (capture_path);
  self->clock = clock != NULL ? g_object_ref (clock) : scope_clock_new_system ();
  self->names = scope_names_new ();
  self->events = scope_event_list_new (self->names);
  scope_event_list_set_marks (self->events, self->marks);
  _scope_event_list_set_learnt_names (self->events, self->learnt);

  _scope_session_init_footprint (self);

  options = scope_profile_to_options (profile, credentials);
  self->connection = scope_connection_new (options, self->clock);
  scope_connection_set_listener (self->connection, _scope_session_report_cb, self);
  _scope_session_init_unlock (self);
  g_signal_connect_object (profile, "notify::name-field", G_CALLBACK (scope_session_name_field_cb),
                           self, G_CONNECT_SWAPPED);
  scope_session_name_field_cb (self);
  scope_session_add_profile_channels (self);
  return self;
}

/**
 * scope_session_new_for_capture:
 * @capture: an opened capture
 *
 * Its rows arrive in slices; the property `loading` tells until when.
 *
 * Returns: (transfer full): an offline session
 */
ScopeSession *
scope_session_new_for_capture (ScopeCapture *capture)
{
  ScopeSession *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);

  self = g_object_new (SCOPE_TYPE_SESSION, NULL);
  self->capture = g_object_ref (capture);
  self->names = g_object_ref (scope_capture_get_names (capture));
  self->events = scope_event_list_new (self->names);
  scope_event_list_set_marks (self->events, self->marks);
  _scope_event_list_set_learnt_names (self->events, self->learnt);
  scope_event_list_set_capture (self->events, capture);
  _scope_session_start_loading (self);
  return self;
}

/**
 * scope_session_get_profile:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what it watches; `NULL` when offline
 */
ScopeProfile *
scope_session_get_profile (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->profile;
}

/**
 * scope_session_get_connection:
 * @self: a session
 *
 * For tests and the command line; views ask the session.
 *
 * Returns: (transfer none) (nullable): its connection; `NULL` when offline
 */
ScopeConnection *
scope_session_get_connection (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->connection;
}

/**
 * scope_session_get_options:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what its next attempt to connect uses; `NULL` when offline
 */
const ScopeConnectionOptions *
scope_session_get_options (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->connection != NULL ? scope_connection_get_options (self->connection) : NULL;
}

/**
 * scope_session_get_names:
 * @self: a session
 *
 * Returns: (transfer none): the names its entries refer to
 */
ScopeNames *
scope_session_get_names (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->names;
}

/**
 * scope_session_get_state:
 * @self: a session
 *
 * Returns: the connection's state as last reported
 */
ScopeState
scope_session_get_state (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), SCOPE_STATE_INITIALIZED);

  return self->state;
}

/**
 * scope_session_get_offline:
 * @self: a session
 *
 * Returns: whether it shows an opened capture and has no connection
 */
gboolean
scope_session_get_offline (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);

  return self->connection == NULL;
}

/**
 * scope_session_get_channels:
 * @self: a session
 *
 * Returns: (transfer none): a model of [class@Channel], in order of subscription
 */
GListModel *
scope_session_get_channels (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->channels);
}

/**
 * scope_session_find_channel:
 * @self: a session
 * @name: a channel's name
 *
 * Returns: (transfer none) (nullable): that channel, if the model has it
 */
ScopeChannel *
scope_session_find_channel (ScopeSession *self,
                            const char   *name)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->channels_by_name, name);
}

/**
 * scope_session_get_events:
 * @self: a session
 *
 * Returns: (transfer none): the log
 */
ScopeEventList *
scope_session_get_events (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->events;
}

/**
 * scope_session_get_history:
 * @self: a session
 *
 * Returns: (transfer none): a model of [class@StatePeriod], newest first
 */
GListModel *
scope_session_get_history (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->history);
}

/**
 * scope_session_get_capture:
 *
 * Returns: (transfer none) (nullable): the capture that is shown, also while it is recorded
 */
ScopeCapture *
scope_session_get_capture (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->capture;
}

/**
 * scope_session_get_recorder:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what records; `NULL` before the first connect, when offline
 *   or when nothing is to be recorded
 */
ScopeRecorder *
scope_session_get_recorder (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->recorder;
}

/* What was refused with the old secret may be granted with the new one. */
static void
scope_session_retry_refused (ScopeSession *self)
{
  GListModel *channels = scope_session_get_channels (self);

  for (guint i = 0; i < g_list_model_get_n_items (channels); i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (channels, i);

      if (scope_channel_get_status (channel) == SCOPE_SUBSCRIPTION_ERROR &&
          !scope_channel_get_unseen (channel))
        scope_connection_subscribe (self->connection, scope_channel_get_name (channel), NULL);
    }
}

/**
 * scope_session_set_credentials:
 * @self: a session with a connection
 * @credentials: (nullable): the profile's secrets
 *
 * They count from the next attempt on; channels that were refused are tried again at once.
 */
void
scope_session_set_credentials (ScopeSession     *self,
                               ScopeCredentials *credentials)
{
  ScopeCredentials *old;

  g_return_if_fail (SCOPE_IS_SESSION (self));

  old = self->credentials;
  self->credentials = credentials != NULL ? scope_credentials_ref (credentials) : NULL;
  scope_credentials_unref (old);
  scope_session_apply_profile (self);
  if (scope_session_get_state (self) == SCOPE_STATE_CONNECTED)
    scope_session_retry_refused (self);
}

/**
 * scope_session_apply_profile:
 * @self: a session with a connection
 *
 * Takes over what was changed in the profile, for the next attempt.
 */
void
scope_session_apply_profile (ScopeSession *self)
{
  g_autoptr (ScopeConnectionOptions) options = NULL;

  g_return_if_fail (SCOPE_IS_SESSION (self));
  g_return_if_fail (self->connection != NULL);

  options = scope_profile_to_options (self->profile, self->credentials);
  scope_connection_set_options (self->connection, options);
  _scope_session_renew_api (self, options);
  _scope_session_retry_unseen (self);
  _scope_session_retry_discovery (self);
}

static void
scope_session_subscribe_profile (ScopeSession *self)
{
  g_auto (GStrv) channels =
    g_strdupv ((char **) scope_profile_get_subscriptions (self->profile));

  for (guint i = 0; channels[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (g_hash_table_contains (self->unseen, channels[i]))
        continue;
      if (!scope_session_subscribe (self, channels[i], &error))
        _scope_session_emit_problem (self, error->message);
    }
}

static gboolean
scope_session_check_options (ScopeSession *self)
{
  g_autoptr (ScopeConnectionOptions) options =
    scope_profile_to_options (self->profile, self->credentials);
  g_autoptr (GError) error = NULL;

  if (scope_connection_options_check (options, &error))
    return TRUE;

  _scope_session_set_state_detail (self, error->message);
  _scope_session_emit_problem (self, error->message);
  return FALSE;
}

/**
 * scope_session_connect:
 * @self: a session with a connection
 *
 * The user wants to be connected. The first time, recording starts and the profile's channels are
 * subscribed to. If the profile or its secrets don't allow to try, `problem` tells why.
 */
void
scope_session_connect (ScopeSession *self)
{
  g_return_if_fail (SCOPE_IS_SESSION (self));
  g_return_if_fail (self->connection != NULL && !self->closed);

  if (!scope_session_check_options (self))
    return;

  scope_session_apply_profile (self);
  _scope_session_start_recording (self);
  if (!self->was_connected_once)
    {
      self->was_connected_once = TRUE;
      scope_session_subscribe_profile (self);
      _scope_session_start_rules (self);
    }
  scope_connection_connect (self->connection);
  _scope_session_update_wishes (self);
}

/**
 * scope_session_disconnect:
 * @self: a session with a connection
 *
 * The user does not want to be connected.
 */
void
scope_session_disconnect (ScopeSession *self)
{
  g_return_if_fail (SCOPE_IS_SESSION (self));
  g_return_if_fail (self->connection != NULL);

  scope_connection_disconnect (self->connection);
  _scope_session_update_wishes (self);
}

gboolean
_scope_session_check_connection (ScopeSession *self,
                                 GError      **error)
{
  if (self->connection != NULL)
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_NOT_CONNECTED,
                       _("An opened capture has no connection"));
  return FALSE;
}

/**
 * scope_session_subscribe:
 * @self: a session
 * @channel: a channel's name
 * @error: return location for `SCOPE_ERROR_USAGE`, `_LIMIT` or `_NOT_CONNECTED` (offline)
 *
 * The user wants this channel: now if connected, and after every connect. It joins the model and
 * the profile's subscriptions. One that is watched unseen is not joined: it is asked for at once;
 * scope_session_join() joins it.
 *
 * Returns: whether it is wanted now
 */
gboolean
scope_session_subscribe (ScopeSession *self,
                         const char   *channel,
                         GError      **error)
{
  gboolean was_there;

  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (channel != NULL, FALSE);

  if (!_scope_session_check_connection (self, error))
    return FALSE;
  if (_scope_session_retry_channel_unseen (self, channel))
    return TRUE;

  /* In the model before the connection's first report on it, which may come within the call. */
  was_there = scope_session_find_channel (self, channel) != NULL;
  _scope_session_add_channel (self, channel);
  if (!scope_connection_subscribe (self->connection, channel, error))
    {
      if (!was_there)
        _scope_session_remove_channel (self, channel);
      return FALSE;
    }

  scope_profile_add_subscription (self->profile, channel);
  return TRUE;
}

/**
 * scope_session_unsubscribe:
 * @self: a session with a connection
 * @channel: a channel's name
 *
 * The user does not want this channel any more: it leaves the model and the profile's
 * subscriptions. scope_session_subscribe() is the undo.
 */
void
scope_session_unsubscribe (ScopeSession *self,
                           const char   *channel)
{
  g_autofree char *name = NULL;

  g_return_if_fail (SCOPE_IS_SESSION (self));
  g_return_if_fail (self->connection != NULL);
  g_return_if_fail (channel != NULL);

  name = g_strdup (channel); /* it may be the channel's own, which goes */
  scope_connection_unsubscribe (self->connection, name);
  _scope_session_remove_unseen (self, name);
  _scope_session_remove_channel (self, name);
  scope_profile_remove_subscription (self->profile, name);
  scope_profile_remove_unseen (self->profile, name);
}

/**
 * scope_session_send_event:
 * @self: a session
 * @channel: a subscribed channel's name
 * @event: the event's name
 * @data_json: (nullable): its data, JSON text
 * @error: return location for an error of scope_connection_send_event(), or of
 *   scope_session_check_may_write()
 *
 * Sends a client event.
 *
 * Returns: whether it was sent
 */
gboolean
scope_session_send_event (ScopeSession *self,
                          const char   *channel,
                          const char   *event,
                          const char   *data_json,
                          GError      **error)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (channel != NULL && event != NULL, FALSE);

  return scope_session_check_may_write (self, error) &&
         scope_connection_send_event (self->connection, channel, event, data_json, error);
}
