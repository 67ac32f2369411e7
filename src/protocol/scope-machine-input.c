/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Timers and inputs of the machine, and its public functions. The states, their invariants and
 * edges are described at the top of scope-machine.c. */

#define G_LOG_DOMAIN "scope-machine"

#include "config.h"

#include "protocol/scope-machine-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "protocol/scope-server-error.h"

#define LEAST_WAIT_USEC (G_USEC_PER_SEC / 1000)
#define REMEMBERED_ERROR_USEC (2 * G_USEC_PER_SEC) /* §1.7 */

#define CLOSE_EMPTY 1005
#define CLOSE_ABNORMAL 1006
#define CLOSE_TOO_BIG 1009

typedef void (*ScopeTimerFunc) (ScopeMachine *self);
typedef void (*ScopeInputFunc) (ScopeMachine     *self,
                                const ScopeInput *input);

/* Timers */

static void
machine_timer_connect (ScopeMachine *self)
{
  g_autofree char *limit = scope_text_format_duration (self->active.connect_timeout_usec);
  g_autofree char *text = NULL;

  if (self->phase == SCOPE_PHASE_HANDSHAKE)
    {
      text = g_strdup_printf (_("The server opened the connection but sent no handshake within %s. "
                                "Check that it is a Channels server."), limit);
      _scope_machine_lose_by_us (self, SCOPE_SOURCE_HANDSHAKE, SCOPE_REACTION_RETRY, 0, text);
    }
  else
    {
      text = g_strdup_printf (_("No connection within %s. Check host, port, TLS and network."), limit);
      _scope_machine_lose_by_us (self, SCOPE_SOURCE_SOCKET, SCOPE_REACTION_RETRY, 0, text);
    }
}

static void
machine_timer_unavailable (ScopeMachine *self)
{
  _scope_machine_set_state (self, SCOPE_STATE_UNAVAILABLE, NULL);
}

static void
machine_timer_retry (ScopeMachine *self)
{
  _scope_machine_open (self);
}

/* Armed once per silence, not once per frame: what came meanwhile is in last_activity_usec. */
static void
machine_timer_activity (ScopeMachine *self)
{
  gint64 due = self->last_activity_usec + _scope_machine_ping_after_usec (self);

  if (due > self->now_usec)
    _scope_machine_arm (self, SCOPE_TIMER_ACTIVITY, due);
  else
    _scope_machine_ping (self, self->active.pong_timeout_usec);
}

static void
machine_timer_pong (ScopeMachine *self)
{
  _scope_machine_lose_by_us (self, SCOPE_SOURCE_SOCKET, SCOPE_REACTION_RETRY_NOW, 0,
                             _("The server did not answer a ping: the connection is dead. It is "
                               "opened again at once."));
}

static void
machine_timer_stable (ScopeMachine *self)
{
  scope_backoff_reset (&self->backoff);
  self->n_attempts = 0;
  self->had_immediate = FALSE;
}

static const ScopeTimerFunc on_timer[SCOPE_N_TIMERS] = {
  [SCOPE_TIMER_CONNECT] = machine_timer_connect,
  [SCOPE_TIMER_UNAVAILABLE] = machine_timer_unavailable,
  [SCOPE_TIMER_RETRY] = machine_timer_retry,
  [SCOPE_TIMER_ACTIVITY] = machine_timer_activity,
  [SCOPE_TIMER_PONG] = machine_timer_pong,
  [SCOPE_TIMER_STABLE] = machine_timer_stable,
};

/* Inputs */

static gboolean
machine_is_current (ScopeMachine *self,
                    guint         generation)
{
  return generation == self->generation && self->phase >= SCOPE_PHASE_OPENING;
}

static void
machine_input_connect (ScopeMachine     *self,
                       const ScopeInput *input)
{
  if (self->phase == SCOPE_PHASE_NONE)
    {
      _scope_machine_begin (self);
    }
  else if (self->phase == SCOPE_PHASE_WAITING)
    {
      self->n_attempts = 0;
      _scope_machine_open (self);
    }
}

static void
machine_input_disconnect (ScopeMachine     *self,
                          const ScopeInput *input)
{
  ScopeLoss loss = {
    .is_open = self->phase >= SCOPE_PHASE_OPENING,
    .close_code = self->phase >= SCOPE_PHASE_HANDSHAKE ? SCOPE_MACHINE_CLOSE_NORMAL : 0,
  };

  self->wanted = FALSE;
  self->phase = SCOPE_PHASE_NONE;
  _scope_machine_set_state (self, SCOPE_STATE_DISCONNECTED, NULL);
  _scope_machine_close_socket (self, &loss);
}

static void
machine_input_opened (ScopeMachine     *self,
                      const ScopeInput *input)
{
  if (self->phase == SCOPE_PHASE_OPENING)
    self->phase = SCOPE_PHASE_HANDSHAKE;
}

static void
machine_input_bad_handshake (ScopeMachine     *self,
                             const ScopeInput *input)
{
  if (self->phase == SCOPE_PHASE_UP)
    return;

  _scope_machine_lose_by_us (self, SCOPE_SOURCE_HANDSHAKE, SCOPE_REACTION_RETRY,
                             SCOPE_MACHINE_CLOSE_PROTOCOL_ERROR,
                             input->text != NULL
                                      ? input->text
                                      : _("The server's first frame was no handshake."));
}

static void
machine_input_established (ScopeMachine     *self,
                           const ScopeInput *input)
{
  if (self->phase == SCOPE_PHASE_UP)
    _scope_machine_note_frame (self);
  else if (input->text == NULL || *input->text == '\0')
    machine_input_bad_handshake (self, &(ScopeInput) {
      .text = _("The server's handshake has no socket id.") });
  else
    _scope_machine_establish (self, input);
}

static void
machine_input_activity (ScopeMachine     *self,
                        const ScopeInput *input)
{
  if (self->phase == SCOPE_PHASE_UP)
    _scope_machine_note_frame (self);
}

static void
machine_input_ping (ScopeMachine     *self,
                    const ScopeInput *input)
{
  if (self->phase != SCOPE_PHASE_UP)
    return;

  _scope_machine_note_frame (self);
  _scope_machine_act (self, SCOPE_ACTION_SEND_PONG);
}

/* After the handshake a pusher:error never acts; its code may explain a close without one that
 * follows at once. Codes that merely report (4301 …), and 4000, which Sockudo puts on anything,
 * explain none (§1.7, §11.4). */
static void
machine_input_server_error (ScopeMachine     *self,
                            const ScopeInput *input)
{
  ScopeLoss loss = {
    .source = SCOPE_SOURCE_SERVER,
    .reaction = SCOPE_REACTION_NONE,
    .has_code = input->code != 0,
    .code = input->code,
    .text = input->text,
    .meaning = scope_server_error_get_meaning (input->code, input->text),
  };

  if (self->phase != SCOPE_PHASE_UP)
    {
      _scope_machine_lose_by_code (self, input->code, input->text, SCOPE_SOURCE_SERVER, TRUE);
      return;
    }

  _scope_machine_note_frame (self);
  _scope_machine_announce_error (self, &loss);

  if (input->code > 4000 && input->code < 4300)
    {
      self->error_code = input->code;
      self->error_at_usec = self->now_usec;
      g_free (self->error_text);
      self->error_text = _scope_machine_bounded_text (input->text);
    }
}

static gboolean
machine_remembers_error (ScopeMachine *self)
{
  return self->phase == SCOPE_PHASE_UP && self->error_code != 0 &&
         self->now_usec - self->error_at_usec <= REMEMBERED_ERROR_USEC;
}

static ScopeErrorSource
source_of_close (guint code)
{
  if (code == CLOSE_TOO_BIG)
    return SCOPE_SOURCE_LIMIT;

  return code >= 4000 ? SCOPE_SOURCE_SERVER : SCOPE_SOURCE_SOCKET;
}

static void
machine_input_closed (ScopeMachine     *self,
                      const ScopeInput *input)
{
  gboolean says_nothing = input->code == SCOPE_CLOSE_NONE || input->code == CLOSE_EMPTY ||
                          input->code == CLOSE_ABNORMAL;
  g_autofree char *text = NULL;

  if (says_nothing && machine_remembers_error (self))
    {
      text = g_strdup (self->error_text);
      _scope_machine_lose_by_code (self, self->error_code, text, SCOPE_SOURCE_SERVER, FALSE);
    }
  else
    {
      guint code = input->code == SCOPE_CLOSE_NONE ? CLOSE_ABNORMAL : input->code;

      _scope_machine_lose_by_code (self, code, input->text, source_of_close (code), FALSE);
    }
}

static void
machine_input_failed (ScopeMachine     *self,
                      const ScopeInput *input)
{
  ScopeLoss loss = {
    .source = input->code != 0 || input->no_handshake ? SCOPE_SOURCE_HANDSHAKE : SCOPE_SOURCE_SOCKET,
    .reaction = SCOPE_REACTION_RETRY,
    .has_code = input->code != 0,
    .code = input->code,
    .text = input->text,
    .meaning = _("The connection could not be opened. It is tried again; check host, port and "
                 "network."),
  };

  if (self->phase != SCOPE_PHASE_OPENING)
    {
      machine_input_closed (self, &(ScopeInput) { .code = SCOPE_CLOSE_NONE, .text = input->text });
      return;
    }

  if (input->code != 0)
    {
      loss.reaction = scope_http_status_get_reaction (input->code);
      loss.meaning = scope_http_status_get_meaning (input->code);
    }

  _scope_machine_lose (self, &loss);
}

static void
machine_input_timer (ScopeMachine     *self,
                     const ScopeInput *input)
{
  ScopeTimer timer = input->timer;

  if ((guint) timer >= SCOPE_N_TIMERS || !_scope_machine_is_armed (self, timer))
    return;

  if (self->now_usec < self->armed_at[timer])
    {
      _scope_machine_arm (self, timer, self->armed_at[timer]);
      return;
    }

  self->armed_at[timer] = 0;
  on_timer[timer] (self);
}

static void
machine_input_network (ScopeMachine     *self,
                       const ScopeInput *input)
{
  gboolean was_available = self->network_available;

  self->network_available = input->available;

  /* network monitors report in bursts: one ping is enough */
  if (self->phase == SCOPE_PHASE_UP)
    {
      if (!_scope_machine_is_armed (self, SCOPE_TIMER_PONG))
        _scope_machine_ping (self, self->active.pong_timeout_usec);
    }
  else if (input->available)
    {
      _scope_machine_hurry (self, !was_available);
    }
}

static void
machine_input_woke (ScopeMachine     *self,
                    const ScopeInput *input)
{
  if (self->phase == SCOPE_PHASE_UP)
    _scope_machine_ping (self, MIN (self->active.pong_timeout_usec, SCOPE_WAIT_WAKE_PONG_USEC));
  else
    _scope_machine_hurry (self, FALSE);
}

typedef struct
{
  ScopeInputFunc func;
  gboolean of_transport; /* its generation counts */
} ScopeInputRow;

static const ScopeInputRow on_input[] = {
  [SCOPE_INPUT_CONNECT] = { machine_input_connect, FALSE },
  [SCOPE_INPUT_DISCONNECT] = { machine_input_disconnect, FALSE },
  [SCOPE_INPUT_OPENED] = { machine_input_opened, TRUE },
  [SCOPE_INPUT_ESTABLISHED] = { machine_input_established, TRUE },
  [SCOPE_INPUT_BAD_HANDSHAKE] = { machine_input_bad_handshake, TRUE },
  [SCOPE_INPUT_ACTIVITY] = { machine_input_activity, TRUE },
  [SCOPE_INPUT_PING] = { machine_input_ping, TRUE },
  [SCOPE_INPUT_SERVER_ERROR] = { machine_input_server_error, TRUE },
  [SCOPE_INPUT_CLOSED] = { machine_input_closed, TRUE },
  [SCOPE_INPUT_FAILED] = { machine_input_failed, TRUE },
  [SCOPE_INPUT_TIMER] = { machine_input_timer, FALSE },
  [SCOPE_INPUT_NETWORK] = { machine_input_network, FALSE },
  [SCOPE_INPUT_WOKE] = { machine_input_woke, FALSE },
};

static void
action_clear (gpointer data)
{
  ScopeAction *action = data;

  g_clear_pointer (&action->text, g_free);
}

/* A wait of nothing or less would spin, so such an option counts as not set; one of many years
 * would overflow. */
static gint64
checked_wait (gint64 value,
              gint64 otherwise)
{
  return value > 0 ? CLAMP (value, LEAST_WAIT_USEC, SCOPE_MACHINE_LONGEST_USEC) : otherwise;
}

/**
 * scope_machine_new:
 *
 * Returns: (transfer full): a machine in the state `initialized`
 */
ScopeMachine *
scope_machine_new (const ScopeMachineOptions *options)
{
  ScopeMachine *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_new0 (ScopeMachine, 1);
  self->actions = g_array_new (FALSE, TRUE, sizeof (ScopeAction));
  g_array_set_clear_func (self->actions, action_clear);
  self->network_available = TRUE;
  scope_machine_set_options (self, options);
  self->active = self->options;
  self->timeout_usec = self->options.activity_timeout_usec;

  return self;
}

/**
 * scope_machine_free:
 * @self: (nullable):
 */
void
scope_machine_free (ScopeMachine *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->actions);
  g_free (self->socket_id);
  g_free (self->error_text);
  g_free (self);
}

/**
 * scope_machine_set_options:
 *
 * The running attempt or connection keeps its own; timeouts of 0 or less mean the default.
 */
void
scope_machine_set_options (ScopeMachine              *self,
                           const ScopeMachineOptions *options)
{
  ScopeMachineOptions *own = &self->options;

  g_return_if_fail (self != NULL);
  g_return_if_fail (options != NULL);

  *own = *options;
  own->activity_timeout_usec = checked_wait (own->activity_timeout_usec,
                                             SCOPE_MACHINE_ACTIVITY_USEC);
  own->pong_timeout_usec = checked_wait (own->pong_timeout_usec, 30 * G_USEC_PER_SEC);
  own->unavailable_timeout_usec = checked_wait (own->unavailable_timeout_usec, 10 * G_USEC_PER_SEC);
  own->connect_timeout_usec = checked_wait (own->connect_timeout_usec, 15 * G_USEC_PER_SEC);
  own->attempt_timeout_usec = MAX (checked_wait (own->attempt_timeout_usec, 0), own->connect_timeout_usec);
  own->reconnect_delay_usec = checked_wait (own->reconnect_delay_usec, 1 * G_USEC_PER_SEC);
  own->max_delay_usec = checked_wait (own->max_delay_usec, 30 * G_USEC_PER_SEC);

  self->tls_forced = FALSE;
  scope_backoff_init (&self->backoff, own->reconnect_delay_usec, own->max_delay_usec);
}

/**
 * scope_machine_step:
 * @now_usec: monotonic; earlier than the last step's counts as the same moment
 * @n_actions: (out):
 *
 * Inputs of a transport that is not the current one change nothing.
 *
 * Returns: (array length=n_actions) (transfer none): valid until the next step
 */
const ScopeAction *
scope_machine_step (ScopeMachine     *self,
                    const ScopeInput *input,
                    gint64            now_usec,
                    guint            *n_actions)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (input != NULL, NULL);
  g_return_val_if_fail (n_actions != NULL, NULL);
  g_return_val_if_fail ((guint) input->type < G_N_ELEMENTS (on_input), NULL);

  g_array_set_size (self->actions, 0);
  self->now_usec = MAX (self->now_usec, now_usec);
  self->random = input->random;

  if (!on_input[input->type].of_transport || machine_is_current (self, input->generation))
    on_input[input->type].func (self, input);

  *n_actions = self->actions->len;
  return (const ScopeAction *) (gconstpointer) self->actions->data;
}

/**
 * scope_machine_note_activity:
 *
 * Returns: FALSE if a pong is awaited: then SCOPE_INPUT_ACTIVITY has to be stepped
 */
gboolean
scope_machine_note_activity (ScopeMachine *self,
                             guint         generation,
                             gint64        now_usec)
{
  g_return_val_if_fail (self != NULL, TRUE);

  if (self->phase != SCOPE_PHASE_UP || generation != self->generation)
    return TRUE;

  if (_scope_machine_is_armed (self, SCOPE_TIMER_PONG))
    return FALSE;

  self->last_activity_usec = MAX (self->last_activity_usec, now_usec);
  return TRUE;
}

/**
 * scope_machine_get_state:
 *
 * Returns: the state of protocol.md §1.5
 */
ScopeState
scope_machine_get_state (ScopeMachine *self)
{
  g_return_val_if_fail (self != NULL, SCOPE_STATE_INITIALIZED);

  return self->state;
}

/**
 * scope_machine_wants_connected:
 *
 * The user's wish. A refusal for good ends it, as if the user had disconnected.
 */
gboolean
scope_machine_wants_connected (ScopeMachine *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->wanted;
}

/**
 * scope_machine_get_generation:
 *
 * Returns: the number of the socket that counts: what an older one tells is dropped
 */
guint
scope_machine_get_generation (ScopeMachine *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->generation;
}

/**
 * scope_machine_get_socket_id:
 *
 * Returns: (transfer none) (nullable): only while connected
 */
const char *
scope_machine_get_socket_id (ScopeMachine *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->socket_id;
}

/**
 * scope_machine_get_activity_timeout_usec:
 *
 * Returns: after how long a silence a ping is sent: the least of what the server and the options say
 *   (protocol.md §1.4)
 */
gint64
scope_machine_get_activity_timeout_usec (ScopeMachine *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->timeout_usec;
}

/**
 * scope_machine_get_retry_at_usec:
 *
 * Returns: monotonic: when the next attempt begins; 0: none waits
 */
gint64
scope_machine_get_retry_at_usec (ScopeMachine *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->armed_at[SCOPE_TIMER_RETRY];
}
