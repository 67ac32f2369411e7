/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include "base/scope-error.h"
#include "protocol/scope-frame.h"

G_DEFINE_FINAL_TYPE (ScopeConnection, scope_connection, G_TYPE_OBJECT)

static const ScopeTransportListener scope_connection_listener;

/* --- carrying out the machine's actions --- */

static void
scope_connection_timer_cb (gpointer user_data)
{
  ScopeTimerSlot *slot = user_data;
  g_autoptr (ScopeConnection) self = g_object_ref (slot->self);
  ScopeInput input = { .type = SCOPE_INPUT_TIMER, .timer = slot->timer };

  slot->id = 0;
  _scope_connection_feed (self, &input);
}

static void
scope_connection_disarm (ScopeConnection *self,
                         ScopeTimer timer)
{
  scope_clock_remove_timer (self->clock, self->timers[timer].id);
  self->timers[timer].id = 0;
}

static void
scope_connection_arm (ScopeConnection *self,
                      ScopeTimer timer,
                      gint64 at_usec)
{
  scope_connection_disarm (self, timer);
  self->timers[timer].id = scope_clock_add_timer (self->clock, at_usec, scope_connection_timer_cb,
                                                  &self->timers[timer]);
}

static void
scope_connection_open_transport (ScopeConnection *self,
                                 const ScopeAction *action)
{
  _scope_connection_drop_transport (self, SCOPE_CLOSE_NONE);
  _scope_connection_end_drain (self);
  self->generation = action->generation;
  self->transport = _scope_connection_make_transport (self, action->use_tls);
  scope_transport_set_listener (self->transport, &scope_connection_listener, self);
  scope_transport_open (self->transport);
}

static void
scope_connection_send_ping (ScopeConnection *self)
{
  g_autofree char *frame = NULL;

  self->ping_sent_usec = scope_clock_get_monotonic_usec (self->clock);
  if (self->transport == NULL || scope_transport_ping (self->transport))
    return;

  frame = scope_frame_ping ();
  _scope_connection_send_frame (self, frame, frame, NULL);
}

static void
scope_connection_send_pong (ScopeConnection *self)
{
  g_autofree char *frame = scope_frame_pong ();

  _scope_connection_send_frame (self, frame, frame, NULL);
}

/* What left `connected` takes with it, behind the line that says so. */
static void
scope_connection_announce_lost (ScopeConnection *self,
                                const ScopeAction *action,
                                GArray *steps)
{
  g_hash_table_remove_all (self->sent_keys);
  _scope_connection_user_lost (self, action->has_code ? action->code : 0, action->text);
  _scope_connection_do_copied_steps (self, steps);
}

/* Channels are reset on leaving connected, subscribed again on entering it (§1.5, §3.5). What waits for a
 * key came while connected, and is told before the line that ends that; a listener who subscribes when it
 * hears that line must not find channels connected. */
static void
scope_connection_announce_state (ScopeConnection *self,
                                 const ScopeAction *action)
{
  ScopeReport report = { .type = SCOPE_REPORT_STATE, .previous = action->previous,
                         .current = action->current, .has_code = action->has_code,
                         .code = action->code, .text = action->text, .meaning = action->meaning };
  g_autoptr (GArray) lost = NULL;
  g_autofree char *why = NULL;

  if (action->current == SCOPE_STATE_CONNECTED)
    {
      self->greeted = TRUE;
      _scope_connection_note_connected (self);
      why = _scope_connection_describe_transport (self);
      report.transport_reason = why;
      report.socket_id = scope_machine_get_socket_id (self->machine);
      report.transport = scope_transport_get_name (self->transport);
      report.activity_timeout
          = scope_machine_get_activity_timeout_usec (self->machine) / (double) G_USEC_PER_SEC;
    }
  else if (action->previous == SCOPE_STATE_CONNECTED)
    {
      lost = _scope_connection_lose_channels (self);
      _scope_connection_lose_keys (self);
    }
  _scope_connection_report (self, &report);

  if (action->current == SCOPE_STATE_CONNECTED)
    {
      _scope_connection_user_connected (self);
      _scope_connection_channels_connected (self);
    }
  else if (lost != NULL)
    scope_connection_announce_lost (self, action, lost);
}

static void
scope_connection_announce_wait (ScopeConnection *self,
                                const ScopeAction *action)
{
  ScopeReport report = { .type = SCOPE_REPORT_CONNECTING_IN, .attempt = action->attempt,
                         .seconds = action->delay_usec / (double) G_USEC_PER_SEC };

  _scope_connection_report (self, &report);
}

static void
scope_connection_announce_error (ScopeConnection *self,
                                 const ScopeAction *action)
{
  ScopeReport report = { .type = SCOPE_REPORT_ERROR, .source = action->source,
                         .has_code = action->has_code, .code = action->code, .text = action->text,
                         .meaning = action->meaning, .reaction = action->reaction,
                         .channel = self->message_channel };

  if (self->message_meaning != NULL)
    report.meaning = self->message_meaning;

  _scope_connection_report (self, &report);
}

static void
scope_connection_carry_out (ScopeConnection *self,
                            const ScopeAction *action)
{
  switch (action->type)
    {
    case SCOPE_ACTION_OPEN:
      scope_connection_open_transport (self, action);
      break;
    case SCOPE_ACTION_SEND_PING:
      scope_connection_send_ping (self);
      break;
    case SCOPE_ACTION_SEND_PONG:
      scope_connection_send_pong (self);
      break;
    case SCOPE_ACTION_CLOSE:
      _scope_connection_drop_transport (self, action->code);
      break;
    case SCOPE_ACTION_ARM:
      scope_connection_arm (self, action->timer, action->at_usec);
      break;
    case SCOPE_ACTION_DISARM:
      scope_connection_disarm (self, action->timer);
      break;
    case SCOPE_ACTION_STATE:
      scope_connection_announce_state (self, action);
      break;
    case SCOPE_ACTION_CONNECTING_IN:
      scope_connection_announce_wait (self, action);
      break;
    case SCOPE_ACTION_ERROR:
      scope_connection_announce_error (self, action);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
scope_connection_step (ScopeConnection *self,
                       const ScopeInput *input)
{
  guint n_actions = 0;
  const ScopeAction *actions
      = scope_machine_step (self->machine, input, scope_clock_get_monotonic_usec (self->clock),
                            &n_actions);

  for (guint i = 0; i < n_actions; i++)
    scope_connection_carry_out (self, &actions[i]);
}

/* The listener may answer a report with a new wish: it waits until the step is carried out, so that
 * actions are never interleaved. */
void
_scope_connection_feed (ScopeConnection *self,
                        const ScopeInput *input)
{
  ScopeInput *copy = g_memdup2 (input, sizeof *input);
  g_autoptr (ScopeConnection) alive = g_object_ref (self);

  copy->text = g_strdup (input->text);
  copy->random = g_random_double ();
  g_queue_push_tail (&self->inputs, copy);
  if (self->stepping)
    return;

  self->stepping = TRUE;
  while ((copy = g_queue_pop_head (&self->inputs)) != NULL)
    {
      scope_connection_step (self, copy);
      g_free ((char *) copy->text);
      g_free (copy);
    }
  self->stepping = FALSE;
}

/* --- what the transport tells; while draining it is the one that was closed by wish --- */

static void
scope_connection_opened_cb (ScopeTransport *transport,
                            gpointer user_data)
{
  ScopeConnection *self = user_data;
  ScopeInput input = { .type = SCOPE_INPUT_OPENED, .generation = self->generation };

  self->opened_usec = MAX (scope_clock_get_monotonic_usec (self->clock), 1);
  _scope_connection_feed (self, &input);
}

static void
scope_connection_message_cb (ScopeTransport *transport,
                             GBytes *frame,
                             gpointer user_data)
{
  ScopeConnection *self = user_data;

  if (self->draining != NULL)
    _scope_connection_take_late_frame (self, frame);
  else
    _scope_connection_take_frame (self, frame);
}

static void
scope_connection_refused_frame_cb (ScopeTransport *transport,
                                   const char *why,
                                   gsize size,
                                   gpointer user_data)
{
  _scope_connection_report_error (user_data, SCOPE_SOURCE_LIMIT, NULL, why);
}

static void
scope_connection_closed_cb (ScopeTransport *transport,
                            guint code,
                            const char *reason,
                            gpointer user_data)
{
  ScopeConnection *self = user_data;
  ScopeInput input = { .type = SCOPE_INPUT_CLOSED, .generation = self->generation, .code = code,
                       .text = reason };

  if (self->draining != NULL)
    {
      _scope_connection_end_drain (self);
      return;
    }

  _scope_connection_note_end (self, code);
  _scope_connection_feed (self, &input);
}

static void
scope_connection_failed_cb (ScopeTransport *transport,
                            const GError *error,
                            guint status,
                            const char *body,
                            gpointer user_data)
{
  ScopeConnection *self = user_data;
  g_autofree char *text = scope_transport_describe_failure (error, status, body);
  ScopeInput input = { .type = SCOPE_INPUT_FAILED, .generation = self->generation, .code = status,
                       .text = text,
                       .no_handshake = g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL) };

  if (self->draining != NULL)
    {
      _scope_connection_end_drain (self);
      return;
    }

  _scope_connection_note_end (self, SCOPE_CLOSE_NONE);
  _scope_connection_feed (self, &input);
}

static void
scope_connection_activity_cb (ScopeTransport *transport,
                              gpointer user_data)
{
  ScopeConnection *self = user_data;

  if (self->draining == NULL)
    _scope_connection_note_activity (self);
}

static void
scope_connection_answered_cb (ScopeTransport *transport,
                              gpointer user_data)
{
  _scope_connection_take_answer (user_data);
}

static const ScopeTransportListener scope_connection_listener = {
  .opened = scope_connection_opened_cb,
  .message = scope_connection_message_cb,
  .refused_frame = scope_connection_refused_frame_cb,
  .closed = scope_connection_closed_cb,
  .failed = scope_connection_failed_cb,
  .activity = scope_connection_activity_cb,
  .answered = scope_connection_answered_cb,
};

/* --- the object --- */

static void
scope_connection_dispose (GObject *object)
{
  ScopeConnection *self = SCOPE_CONNECTION (object);

  self->listener = NULL;
  if (self->clock != NULL)
    {
      _scope_connection_watch_stop (self);
      for (guint i = 0; i < SCOPE_N_TIMERS; i++)
        scope_connection_disarm (self, i);
      _scope_connection_clear_channels (self);
      _scope_connection_clear_user (self);
      _scope_connection_clear_transports (self);
    }

  G_OBJECT_CLASS (scope_connection_parent_class)->dispose (object);
}

static void
scope_connection_finalize (GObject *object)
{
  ScopeConnection *self = SCOPE_CONNECTION (object);

  scope_machine_free (self->machine);
  scope_subscriptions_free (self->subscriptions);
  g_hash_table_unref (self->rosters);
  g_hash_table_unref (self->waits);
  g_hash_table_unref (self->sent_keys);
  _scope_connection_free_user (self);
  g_ptr_array_unref (self->closing);
  scope_connection_options_free (self->options);
  g_hash_table_unref (self->chosen_members);
  g_free (self->generated_user_id);
  g_clear_object (&self->clock);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (scope_connection_parent_class)->finalize (object);
}

static void
scope_connection_class_init (ScopeConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_connection_dispose;
  object_class->finalize = scope_connection_finalize;
}

static void
scope_connection_init (ScopeConnection *self)
{
  self->closing = g_ptr_array_new ();
  g_queue_init (&self->inputs);
  for (guint i = 0; i < SCOPE_N_TIMERS; i++)
    self->timers[i] = (ScopeTimerSlot) { .self = self, .timer = i };
}

/**
 * scope_connection_new:
 * @options: copied
 * @clock: (nullable): the system's if %NULL
 *
 * Returns: (transfer full): a connection that does nothing until scope_connection_connect()
 */
ScopeConnection *
scope_connection_new (const ScopeConnectionOptions *options,
                      ScopeClock *clock)
{
  ScopeConnection *self;
  ScopeMachineOptions machine_options;

  g_return_val_if_fail (options != NULL, NULL);

  machine_options = _scope_connection_machine_options (options);
  self = g_object_new (SCOPE_TYPE_CONNECTION, NULL);
  self->options = scope_connection_options_copy (options);
  self->clock = clock != NULL ? g_object_ref (clock) : scope_clock_new_system ();
  self->machine = scope_machine_new (&machine_options);
  self->sent_keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  _scope_connection_init_channels (self);
  _scope_connection_init_user (self);
  return self;
}

/**
 * scope_connection_set_listener:
 * @func: (nullable): called for every report, in order
 */
void
scope_connection_set_listener (ScopeConnection *self,
                               ScopeReportFunc func,
                               gpointer user_data)
{
  g_return_if_fail (SCOPE_IS_CONNECTION (self));

  self->listener = func;
  self->listener_data = user_data;
}

/**
 * scope_connection_set_factory:
 * @factory: (nullable): makes the transport of each attempt; %NULL: websockets
 */
void
scope_connection_set_factory (ScopeConnection *self,
                              ScopeTransportFactory factory,
                              gpointer user_data)
{
  g_return_if_fail (SCOPE_IS_CONNECTION (self));

  self->factory = factory;
  self->factory_data = user_data;
}

/**
 * scope_connection_set_kind_factory:
 * @factory: (nullable): makes each transport that an attempt tries; %NULL: real ones
 *
 * Unlike scope_connection_set_factory() it leaves to the connection which ones are tried, and when.
 */
void
scope_connection_set_kind_factory (ScopeConnection *self,
                                   ScopeKindFactory factory,
                                   gpointer user_data)
{
  g_return_if_fail (SCOPE_IS_CONNECTION (self));

  self->kind_factory = factory;
  self->factory_data = user_data;
}

/**
 * scope_connection_set_network_monitor:
 * @monitor: (nullable): instead of the default one. Before connect.
 */
void
scope_connection_set_network_monitor (ScopeConnection *self,
                                      GNetworkMonitor *monitor)
{
  g_return_if_fail (SCOPE_IS_CONNECTION (self));
  g_return_if_fail (self->network_handler == 0);

  g_set_object (&self->monitor, monitor);
}

/**
 * scope_connection_set_options:
 * @options: copied; take effect with the next attempt
 */
void
scope_connection_set_options (ScopeConnection *self,
                              const ScopeConnectionOptions *options)
{
  ScopeMachineOptions machine_options;

  g_return_if_fail (SCOPE_IS_CONNECTION (self));
  g_return_if_fail (options != NULL);

  scope_connection_options_free (self->options);
  self->options = scope_connection_options_copy (options);
  /* what was learned, was learned of another server perhaps */
  self->memory = (ScopeTransportMemory) { 0 };
  machine_options = _scope_connection_machine_options (options);
  scope_machine_set_options (self->machine, &machine_options);
}

/**
 * scope_connection_get_options:
 *
 * Returns: (transfer none): what the next attempt uses
 */
const ScopeConnectionOptions *
scope_connection_get_options (ScopeConnection *self)
{
  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), NULL);

  return self->options;
}

/**
 * scope_connection_connect:
 *
 * The user wants to be connected. Idempotent; during a wait between attempts it tries at once.
 */
void
scope_connection_connect (ScopeConnection *self)
{
  ScopeInput input = { .type = SCOPE_INPUT_CONNECT };

  g_return_if_fail (SCOPE_IS_CONNECTION (self));

  _scope_connection_watch_start (self);
  _scope_connection_feed (self, &input);
}

/**
 * scope_connection_disconnect:
 *
 * The user does not want to be connected. Idempotent. Nothing reconnects after it.
 */
void
scope_connection_disconnect (ScopeConnection *self)
{
  ScopeInput input = { .type = SCOPE_INPUT_DISCONNECT };

  g_return_if_fail (SCOPE_IS_CONNECTION (self));

  _scope_connection_watch_stop (self);
  _scope_connection_feed (self, &input);
}

/**
 * scope_connection_hold_reading:
 * @hold: %TRUE to read nothing for now; %FALSE to go on
 *
 * See scope_transport_hold(). What is connected next is not held.
 */
void
scope_connection_hold_reading (ScopeConnection *self,
                               gboolean hold)
{
  g_return_if_fail (SCOPE_IS_CONNECTION (self));

  if (self->transport != NULL)
    scope_transport_hold (self->transport, hold);
}

/**
 * scope_connection_ping:
 *
 * Asks for a sign of life, if connected; the answer comes as a %SCOPE_REPORT_ROUND_TRIP.
 */
void
scope_connection_ping (ScopeConnection *self)
{
  g_return_if_fail (SCOPE_IS_CONNECTION (self));

  if (scope_machine_get_state (self->machine) == SCOPE_STATE_CONNECTED && self->ping_sent_usec == 0)
    scope_connection_send_ping (self);
}

/**
 * scope_connection_get_longest_attempt_usec:
 *
 * Returns: the longest that one attempt can take, over all the transports it tries
 */
gint64
scope_connection_get_longest_attempt_usec (ScopeConnection *self)
{
  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), 0);

  return _scope_connection_machine_options (self->options).attempt_timeout_usec;
}

/**
 * scope_connection_get_state:
 *
 * Returns: the state of protocol.md §1.5, as the machine has it
 */
ScopeState
scope_connection_get_state (ScopeConnection *self)
{
  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), SCOPE_STATE_INITIALIZED);

  return scope_machine_get_state (self->machine);
}

/**
 * scope_connection_get_socket_id:
 *
 * Returns: (nullable): while connected
 */
const char *
scope_connection_get_socket_id (ScopeConnection *self)
{
  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), NULL);

  return scope_machine_get_socket_id (self->machine);
}

/**
 * scope_connection_wants_connected:
 *
 * Returns: whether the user wants to be connected, whatever the wire says
 */
gboolean
scope_connection_wants_connected (ScopeConnection *self)
{
  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), FALSE);

  return scope_machine_wants_connected (self->machine);
}

/**
 * scope_connection_get_retry_at_usec:
 *
 * Returns: monotonic time of the next attempt, or 0
 */
gint64
scope_connection_get_retry_at_usec (ScopeConnection *self)
{
  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), 0);

  return scope_machine_get_retry_at_usec (self->machine);
}
