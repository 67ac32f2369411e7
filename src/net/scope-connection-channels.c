/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Channels: carries out the steps of the subscription life cycle, signs, keeps the rosters. */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-secret.h"
#include "protocol/scope-frame.h"

/* The 30 s limit of one subscription that was sent. Asking an endpoint has its own. */
typedef struct
{
  ScopeConnection *self;
  char *channel;
  guint tag;
  guint64 timer;
} ScopeWait;

static void
scope_wait_free (gpointer data)
{
  ScopeWait *wait = data;

  scope_clock_remove_timer (wait->self->clock, wait->timer);
  g_free (wait->channel);
  g_free (wait);
}

static void
scope_connection_wait_over_cb (gpointer user_data)
{
  ScopeWait *wait = user_data;
  g_autoptr (ScopeConnection) self = g_object_ref (wait->self);
  g_autofree char *channel = g_strdup (wait->channel);
  guint tag = wait->tag;
  const ScopeStep *steps;
  guint n_steps;

  g_hash_table_remove (self->waits, channel);
  steps = scope_subscriptions_timed_out (self->subscriptions, channel, tag, &n_steps);
  _scope_connection_do_steps (self, steps, n_steps);
}

/* Not while it is pending only: 1000 channels wait for their turn at an endpoint much longer, and each
 * of those requests has a limit (§1.8, §4.1). */
void
_scope_connection_start_wait (ScopeConnection *self,
                              const char *channel,
                              guint tag)
{
  ScopeWait *wait = g_new0 (ScopeWait, 1);

  wait->self = self;
  wait->channel = g_strdup (channel);
  wait->tag = tag;
  wait->timer
      = scope_clock_add_timer (self->clock,
                               scope_clock_get_monotonic_usec (self->clock) + SCOPE_WAIT_SUBSCRIBE_USEC,
                               scope_connection_wait_over_cb, wait);
  g_hash_table_replace (self->waits, wait->channel, wait);
}

static void
scope_connection_report_subscription (ScopeConnection *self,
                                      const ScopeStep *step,
                                      ScopeSubscriptionStatus status)
{
  ScopeReport report = { .type = SCOPE_REPORT_SUBSCRIPTION, .channel = step->channel, .status = status,
                         .error_type = step->error_type, .error_text = step->error_text,
                         .has_code = step->status != 0, .code = step->status };

  if (status == SCOPE_SUBSCRIPTION_ERROR)
    report.meaning = self->message_meaning != NULL
                         ? self->message_meaning
                         : scope_subscription_error_get_meaning (step->error_type, step->error_text,
                                                                 step->status);
  _scope_connection_report (self, &report);
}

/* The authorization holds the app key, which stands in the keyring and nowhere else: what is told, and
 * thus recorded and shown, has it hidden. */
void
_scope_connection_send_subscribe (ScopeConnection *self,
                                 const char *channel,
                                 const char *auth,
                                 const char *channel_data)
{
  g_autofree char *frame = scope_frame_subscribe (channel, auth, channel_data);
  g_autofree char *shown
      = scope_frame_subscribe (channel, auth != NULL ? SCOPE_REDACTED : NULL, channel_data);
  ScopeReport report = { .type = SCOPE_REPORT_FRAME, .channel = channel };

  _scope_connection_note_sent (self, channel, auth);
  _scope_connection_send_frame (self, frame, shown, &report);
}

static void
scope_connection_send_unsubscribe (ScopeConnection *self,
                                   const char *channel)
{
  g_autofree char *frame = scope_frame_unsubscribe (channel);
  ScopeReport report = { .type = SCOPE_REPORT_FRAME, .channel = channel };

  _scope_connection_send_frame (self, frame, frame, &report);
}

typedef struct
{
  char *user_id;
  char *user_info; /* JSON text, or NULL */
} ScopeChosenMember;

static void
scope_chosen_member_free (gpointer data)
{
  ScopeChosenMember *self = data;

  g_free (self->user_id);
  g_free (self->user_info);
  g_free (self);
}

char *
_scope_connection_dup_channel_data (ScopeConnection *self,
                                    const char *channel)
{
  const ScopeChosenMember *chosen = g_hash_table_lookup (self->chosen_members, channel);

  if (chosen != NULL)
    return scope_frame_channel_data (chosen->user_id, chosen->user_info);
  if (self->options->presence_user_id != NULL)
    return scope_frame_channel_data (self->options->presence_user_id, self->options->presence_user_info);
  return scope_frame_channel_data (self->generated_user_id, self->options->presence_user_info);
}

/**
 * scope_connection_set_member:
 * @channel: a presence channel's name
 * @user_id: (nullable): as whom to join it; %NULL for the options' user
 * @user_info: (nullable): JSON text
 *
 * From the next subscription to that channel on, where it is authorized by signing here: an
 * endpoint decides by itself who joins.
 */
void
scope_connection_set_member (ScopeConnection *self,
                             const char *channel,
                             const char *user_id,
                             const char *user_info)
{
  ScopeChosenMember *chosen;

  g_return_if_fail (SCOPE_IS_CONNECTION (self));
  g_return_if_fail (channel != NULL);

  if (user_id == NULL)
    {
      g_hash_table_remove (self->chosen_members, channel);
      return;
    }
  chosen = g_new (ScopeChosenMember, 1);
  chosen->user_id = g_strdup (user_id);
  chosen->user_info = g_strdup (user_info);
  g_hash_table_replace (self->chosen_members, g_strdup (channel), chosen);
}

/* §3.4: ids are text, whatever an endpoint makes of them */
static char *
scope_connection_read_user_id (const char *channel_data)
{
  ScopeJsonWanted wanted[] = { { .key = "user_id" } };
  g_autofree char *user_id = NULL;
  const char *value;

  if (!scope_json_scan_object (channel_data, strlen (channel_data), wanted, G_N_ELEMENTS (wanted), NULL))
    return NULL;

  value = channel_data + wanted[0].value.offset;
  if (wanted[0].kind == SCOPE_JSON_STRING)
    user_id = scope_json_string_dup (value, wanted[0].value.length);
  else if (wanted[0].kind == SCOPE_JSON_NUMBER)
    user_id = g_strndup (value, wanted[0].value.length);
  if (user_id == NULL || strlen (user_id) > SCOPE_LIMIT_USER_ID_BYTES)
    return NULL;
  return g_steal_pointer (&user_id);
}

void
_scope_connection_note_member (ScopeConnection *self,
                               const char *channel,
                               const char *channel_data)
{
  char *user_id = channel_data != NULL ? scope_connection_read_user_id (channel_data)
                                       : g_strdup (scope_connection_get_user_id (self));

  if (user_id != NULL)
    g_hash_table_replace (self->member_ids, g_strdup (channel), user_id);
  else
    g_hash_table_remove (self->member_ids, channel);
}

static ScopeRoster *
scope_connection_ensure_roster (ScopeConnection *self,
                                const char *channel)
{
  ScopeRoster *roster = g_hash_table_lookup (self->rosters, channel);

  if (roster == NULL)
    {
      roster = scope_roster_new ();
      g_hash_table_insert (self->rosters, g_strdup (channel), roster);
    }
  return roster;
}

/* What is under way for a channel has ended, one way or another. */
static void
scope_connection_end_waits (ScopeConnection *self,
                            const char *channel)
{
  g_hash_table_remove (self->waits, channel);
  g_hash_table_remove (self->asks, channel);
}

static void
scope_connection_forget_channel (ScopeConnection *self,
                                 const char *channel)
{
  scope_connection_end_waits (self, channel);
  g_hash_table_remove (self->rosters, channel);
  g_hash_table_remove (self->member_ids, channel);
  _scope_connection_forget_key (self, channel);
}

static void
scope_connection_reset_channel (ScopeConnection *self,
                                const char *channel)
{
  ScopeRoster *roster = g_hash_table_lookup (self->rosters, channel);

  scope_connection_end_waits (self, channel);
  if (roster != NULL)
    scope_roster_reset (roster);
  g_hash_table_remove (self->member_ids, channel);
}

/* The listener may have disconnected, or more, while it was told that the channel is pending. */
static gboolean
scope_connection_is_stale (ScopeConnection *self,
                           const ScopeStep *step)
{
  return scope_subscriptions_get_wire_state (self->subscriptions, step->channel) == SCOPE_WIRE_NONE
         || scope_subscriptions_get_tag (self->subscriptions, step->channel) != step->tag;
}

static void
scope_connection_subscribe_public (ScopeConnection *self,
                                   const ScopeStep *step)
{
  _scope_connection_start_wait (self, step->channel, step->tag);
  _scope_connection_send_subscribe (self, step->channel, NULL, NULL);
}

static void
scope_connection_do_step (ScopeConnection *self,
                          const ScopeStep *step)
{
  switch (step->type)
    {
    case SCOPE_STEP_AUTHORIZE:
      if (!scope_connection_is_stale (self, step))
        _scope_connection_authorize (self, step);
      break;
    case SCOPE_STEP_SEND_SUBSCRIBE:
      if (!scope_connection_is_stale (self, step))
        scope_connection_subscribe_public (self, step);
      break;
    case SCOPE_STEP_SEND_UNSUBSCRIBE:
      scope_connection_send_unsubscribe (self, step->channel);
      break;
    case SCOPE_STEP_PENDING:
      scope_connection_report_subscription (self, step, SCOPE_SUBSCRIPTION_PENDING);
      break;
    case SCOPE_STEP_SUBSCRIBED:
      scope_connection_end_waits (self, step->channel);
      scope_connection_report_subscription (self, step, SCOPE_SUBSCRIPTION_SUBSCRIBED);
      break;
    case SCOPE_STEP_ERROR:
      scope_connection_end_waits (self, step->channel);
      scope_connection_report_subscription (self, step, SCOPE_SUBSCRIPTION_ERROR);
      break;
    case SCOPE_STEP_UNSUBSCRIBED:
      scope_connection_forget_channel (self, step->channel);
      scope_connection_report_subscription (self, step, SCOPE_SUBSCRIPTION_UNSUBSCRIBED);
      break;
    case SCOPE_STEP_RESET:
      scope_connection_reset_channel (self, step->channel);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
scope_step_clear (gpointer data)
{
  ScopeStep *step = data;

  g_free (step->channel);
  g_free (step->error_type);
  g_free (step->error_text);
}

/* Steps are only valid until the next call. */
static GArray *
scope_steps_copy (const ScopeStep *steps,
                  guint n_steps)
{
  GArray *copies = g_array_sized_new (FALSE, FALSE, sizeof (ScopeStep), n_steps);

  g_array_set_clear_func (copies, scope_step_clear);
  for (guint i = 0; i < n_steps; i++)
    {
      ScopeStep copy = steps[i];

      copy.channel = g_strdup (copy.channel);
      copy.error_type = g_strdup (copy.error_type);
      copy.error_text = g_strdup (copy.error_text);
      g_array_append_val (copies, copy);
    }
  return copies;
}

void
_scope_connection_do_copied_steps (ScopeConnection *self,
                                   GArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    scope_connection_do_step (self, &g_array_index (steps, ScopeStep, i));
}

/* A step may lead to the next call (signing), and the listener may subscribe while it is told: the
 * steps are copied first. */
void
_scope_connection_do_steps (ScopeConnection *self,
                           const ScopeStep *steps,
                           guint n_steps)
{
  g_autoptr (GArray) copies = scope_steps_copy (steps, n_steps);

  _scope_connection_do_copied_steps (self, copies);
}

void
_scope_connection_init_channels (ScopeConnection *self)
{
  self->subscriptions = scope_subscriptions_new ();
  self->rosters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) scope_roster_free);
  self->waits = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, scope_wait_free);
  self->member_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->asks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) _scope_ask_cancel);
  _scope_connection_init_locks (self);
  self->chosen_members
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, scope_chosen_member_free);
  self->generated_user_id = g_strdup_printf ("channelscope-%08x", g_random_int ());
  scope_rate_limit_init (&self->client_events, SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND,
                         SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND,
                         scope_clock_get_monotonic_usec (self->clock));
}

void
_scope_connection_clear_channels (ScopeConnection *self)
{
  g_hash_table_remove_all (self->waits);
  g_clear_pointer (&self->asks, g_hash_table_unref);
  g_clear_pointer (&self->locks, g_hash_table_unref);
  g_clear_pointer (&self->member_ids, g_hash_table_unref);
  g_clear_object (&self->authorizer);
}

void
_scope_connection_channels_connected (ScopeConnection *self)
{
  guint n_steps;
  const ScopeStep *steps = scope_subscriptions_connected (self->subscriptions, &n_steps);

  _scope_connection_do_steps (self, steps, n_steps);
}

GArray *
_scope_connection_lose_channels (ScopeConnection *self)
{
  guint n_steps;
  const ScopeStep *steps = scope_subscriptions_lost (self->subscriptions, &n_steps);

  return scope_steps_copy (steps, n_steps);
}

void
_scope_connection_accept_channel (ScopeConnection *self,
                                  const char *channel)
{
  guint n_steps;
  const ScopeStep *steps = scope_subscriptions_succeeded (self->subscriptions, channel, &n_steps);

  _scope_connection_do_steps (self, steps, n_steps);
}

void
_scope_connection_refuse_channel (ScopeConnection *self,
                                  const char *channel,
                                  const char *type,
                                  const char *text,
                                  guint status)
{
  const ScopeStep *steps;
  guint n_steps;

  scope_subscriptions_set_can_authorize (self->subscriptions, _scope_connection_can_authorize (self));
  steps = scope_subscriptions_server_error (self->subscriptions, channel, type, text, status, &n_steps);
  _scope_connection_do_steps (self, steps, n_steps);
}

static void
scope_connection_report_presence (ScopeConnection *self,
                                  const char *channel,
                                  ScopeRoster *roster,
                                  ScopePresenceAction action,
                                  const ScopeRosterMember *members)
{
  ScopeReport report = { .type = SCOPE_REPORT_PRESENCE, .channel = channel, .action = action,
                         .count = scope_roster_get_count (roster), .me = scope_roster_get_me (roster),
                         .members = members };

  _scope_connection_report (self, &report);
}

static gsize
scope_connection_read_object (ScopeMessage *message,
                              const char **data,
                              GBytes **owner)
{
  gsize length = 0;

  if (!scope_message_read_data_object (message, data, &length, owner))
    *data = NULL;
  return length;
}

/* §3.4: the list of succeeded replaces the map wholly, and contains us */
static void
scope_connection_load_roster (ScopeConnection *self,
                              const char *channel,
                              ScopeMessage *message)
{
  ScopeRoster *roster = scope_connection_ensure_roster (self, channel);
  g_autoptr (GBytes) owner = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) members = NULL;
  const char *data = NULL;
  gsize length = scope_connection_read_object (message, &data, &owner);

  scope_roster_set_me (roster, g_hash_table_lookup (self->member_ids, channel));
  if (!scope_roster_load (roster, data, length, NULL, &error))
    {
      _scope_connection_report_error (self, SCOPE_SOURCE_PARSE, channel, error->message);
      return;
    }
  members = scope_roster_list (roster);
  scope_connection_report_presence (self, channel, roster, SCOPE_PRESENCE_SNAPSHOT,
                                    (const ScopeRosterMember *) members->data);
}

void
_scope_connection_take_succeeded (ScopeConnection *self,
                                  ScopeMessage *message)
{
  g_autofree char *channel = g_strdup (scope_message_get_channel (message, NULL));
  ScopeStep again = { .channel = channel };

  if (channel == NULL)
    return;

  /* soketi confirms each frame of several (§11.2), and each confirmation is told, as pusher-js does */
  if (scope_subscriptions_get_wire_state (self->subscriptions, channel) == SCOPE_WIRE_SUBSCRIBED)
    scope_connection_report_subscription (self, &again, SCOPE_SUBSCRIPTION_SUBSCRIBED);
  else
    _scope_connection_accept_channel (self, channel);
  if (scope_subscriptions_get_wire_state (self->subscriptions, channel) == SCOPE_WIRE_SUBSCRIBED
      && scope_channel_kind_is_presence (scope_channel_name_get_kind (channel)))
    scope_connection_load_roster (self, channel, message);
}

static ScopePresenceAction
scope_connection_presence_action (ScopeRosterChangeType type)
{
  if (type == SCOPE_ROSTER_ADDED)
    return SCOPE_PRESENCE_ADDED;
  return type == SCOPE_ROSTER_REMOVED ? SCOPE_PRESENCE_REMOVED : SCOPE_PRESENCE_UPDATED;
}

void
_scope_connection_take_member (ScopeConnection *self,
                               ScopeMessage *message)
{
  const char *channel = scope_message_get_channel (message, NULL);
  ScopeRoster *roster = channel != NULL ? g_hash_table_lookup (self->rosters, channel) : NULL;
  g_autoptr (ScopeRosterChange) change = NULL;
  g_autoptr (GBytes) owner = NULL;
  g_autoptr (GError) error = NULL;
  ScopeRosterMember member;
  const char *data = NULL;
  gsize length;
  gboolean taken;

  if (roster == NULL)
    return;

  length = scope_connection_read_object (message, &data, &owner);
  if (scope_message_get_message_type (message) == SCOPE_MESSAGE_MEMBER_ADDED)
    taken = scope_roster_add (roster, data, length, &change, &error);
  else
    taken = scope_roster_remove (roster, data, length, &change, &error);
  if (!taken)
    _scope_connection_report_error (self, SCOPE_SOURCE_PARSE, channel, error->message);
  if (change == NULL)
    return;

  member = (ScopeRosterMember) { .user_id = change->user_id, .user_info = change->user_info };
  scope_connection_report_presence (self, channel, roster,
                                    scope_connection_presence_action (change->type), &member);
}

/**
 * scope_connection_subscribe:
 *
 * The user wants this channel, now and after every reconnect.
 *
 * Returns: %FALSE with SCOPE_ERROR_USAGE if the name is not valid, SCOPE_ERROR_LIMIT if there are
 *   %SCOPE_LIMIT_CHANNELS already
 */
gboolean
scope_connection_subscribe (ScopeConnection *self,
                            const char *channel,
                            GError **error)
{
  g_autoptr (GPtrArray) wanted = NULL;
  const ScopeStep *steps;
  guint n_steps;

  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (channel != NULL, FALSE);

  if (!scope_channel_name_check (channel, NULL, error))
    return FALSE;
  wanted = scope_subscriptions_list_wanted (self->subscriptions);
  if (wanted->len >= SCOPE_LIMIT_CHANNELS
      && !scope_subscriptions_is_wanted (self->subscriptions, channel))
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("At most %d channels can be subscribed to at once"), SCOPE_LIMIT_CHANNELS);
      return FALSE;
    }

  steps = scope_subscriptions_subscribe (self->subscriptions, channel, &n_steps);
  _scope_connection_do_steps (self, steps, n_steps);
  return TRUE;
}

/**
 * scope_connection_unsubscribe:
 *
 * The user does not want this channel any more. Harmless if it never was wanted.
 */
void
scope_connection_unsubscribe (ScopeConnection *self,
                              const char *channel)
{
  const ScopeStep *steps;
  guint n_steps;

  g_return_if_fail (SCOPE_IS_CONNECTION (self));
  g_return_if_fail (channel != NULL);

  steps = scope_subscriptions_unsubscribe (self->subscriptions, channel, &n_steps);
  _scope_connection_do_steps (self, steps, n_steps);
}

static gboolean
scope_connection_check_event (ScopeConnection *self,
                              const char *channel,
                              const char *event,
                              const char *data_json,
                              GError **error)
{
  gsize length = data_json != NULL ? strlen (data_json) : 0;
  gsize max_data = self->options->max_data != 0 ? self->options->max_data : SCOPE_LIMIT_DATA_BYTES;
  ScopeJsonProblem problem;
  g_autofree char *why = NULL;

  if (!g_str_has_prefix (event, "client-") || strlen (event) > SCOPE_LIMIT_EVENT_NAME_BYTES)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("A client event's name begins with “client-” and has at most %d bytes"),
                 SCOPE_LIMIT_EVENT_NAME_BYTES);
  else if (!scope_channel_kind_allows_client_events (scope_channel_name_get_kind (channel)))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("“%s” takes no client events: only private and presence channels that are not "
                   "encrypted do"), channel);
  else if (data_json != NULL && !scope_json_check (data_json, length, NULL, &problem))
    {
      why = scope_json_problem_to_text (&problem);
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The data is not valid JSON: %s"), why);
    }
  else if (length > max_data)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                 _("The data has %zu bytes; at most %zu are allowed"), length, max_data);
  else if (scope_machine_get_state (self->machine) != SCOPE_STATE_CONNECTED)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_CONNECTED, _("Not connected: connect first"));
  else if (scope_subscriptions_get_wire_state (self->subscriptions, channel) != SCOPE_WIRE_SUBSCRIBED)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_CONNECTED,
                 _("Not subscribed to “%s”: subscribe first"), channel);
  else
    return TRUE;
  return FALSE;
}

/**
 * scope_connection_send_event:
 * @data_json: (nullable): JSON text, sent as it stands
 *
 * Sends a client event (protocol.md §6). What the server would refuse is refused here, with the reason.
 */
gboolean
scope_connection_send_event (ScopeConnection *self,
                             const char *channel,
                             const char *event,
                             const char *data_json,
                             GError **error)
{
  ScopeReport report = { .type = SCOPE_REPORT_EVENT, .channel = channel };
  g_autofree char *frame = NULL;

  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (channel != NULL && event != NULL, FALSE);

  if (!scope_connection_check_event (self, channel, event, data_json, error))
    return FALSE;
  if (!scope_rate_limit_take (&self->client_events, scope_clock_get_monotonic_usec (self->clock)))
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("At most %d client events a second are allowed on a connection: wait a moment"),
                   SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND);
      return FALSE;
    }

  frame = scope_frame_client_event (channel, event, data_json);
  _scope_connection_send_frame (self, frame, frame, &report);
  return TRUE;
}
