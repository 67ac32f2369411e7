/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The states a user sees, protocol.md §1.5–1.6, and the function that takes each edge.
 *
 *                     ┌────────────────(5)────────────────┐
 *                     ▼                                   │
 *  INITIALIZED ─(1)─► CONNECTING ─────────(3)──────────► CONNECTED
 *                     │        │                          ▲   │
 *                    (4)      (6)                         │   │
 *                     ▼        │                          │   │
 *                 UNAVAILABLE ─┼──────────(3)─────────────┘   │
 *                     │        ▼                              │
 *                     └─(6)─► DISCONNECTED ◄────────(6)───────┘
 *                              │
 *                              └─(1)─► CONNECTING
 *
 * FAILED is entered by (2) from every state but CONNECTED, and left by (1) and (6). INITIALIZED is
 * left by (6) also, and never entered again. What has a prefix _scope_ is called from
 * scope-machine-input.c; what leads to it stands there.
 *
 *   (1) the user connects                      _scope_machine_begin
 *   (2) no transport is allowed                machine_fail
 *   (3) the handshake came                     _scope_machine_establish
 *   (4) the unavailable timer fired            machine_timer_unavailable
 *   (5) the socket was lost                    _scope_machine_lose → machine_retry
 *   (6) the user disconnects                   machine_input_disconnect
 *       the server refuses, attempts used up   _scope_machine_lose → machine_give_up
 *
 * What the socket does is the *phase*, apart from the state:
 *
 *   NONE      no socket, none is wanted
 *   WAITING   no socket; the RETRY timer runs until the next attempt
 *   OPENING   OPEN was asked for: name, TCP, TLS and upgrade are under way
 *   HANDSHAKE the upgrade is done, the first frame has not come
 *   UP        the first frame was the handshake
 *
 *   NONE, WAITING, (OPENING, HANDSHAKE, UP: at once) → OPENING  _scope_machine_open
 *   OPENING → HANDSHAKE                                         machine_input_opened
 *   HANDSHAKE → UP                                              _scope_machine_establish
 *   OPENING, HANDSHAKE, UP → WAITING                            machine_wait
 *   any → NONE                                                  machine_give_up, machine_fail,
 *                                                               machine_input_disconnect
 *
 * Invariants (checked by scope_machine_check):
 *
 *   INITIALIZED  phase NONE, no timer, nothing wanted, no socket id
 *   CONNECTING   wanted; phase WAITING, OPENING or HANDSHAKE; UNAVAILABLE armed;
 *                RETRY armed exactly in WAITING, CONNECT exactly in the other two;
 *                no ACTIVITY, PONG, STABLE; no socket id
 *   UNAVAILABLE  as CONNECTING, but UNAVAILABLE is not armed
 *   CONNECTED    wanted; phase UP; socket id; exactly one of ACTIVITY and PONG armed; STABLE until
 *                it fired; no CONNECT, RETRY, UNAVAILABLE
 *   FAILED       as INITIALIZED
 *   DISCONNECTED as INITIALIZED
 *
 * From which follows: one socket at a time, one retry at a time, no state that nothing leads out
 * of, and no retry the user did not want.
 *
 * Order of announcements: ERROR, then STATE, then what is done to socket and timers, then
 * CONNECTING_IN. A state is thus known before the socket is torn down (protocol.md §12). */

#define G_LOG_DOMAIN "scope-machine"

#include "config.h"

#include "protocol/scope-machine-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"

#define ACTIVITY_MARGIN_USEC (5 * G_USEC_PER_SEC)       /* §1.4: poxa ends at its limit exactly */
#define ACTIVITY_LEAST_USEC (1 * G_USEC_PER_SEC)
#define OFFLINE_WAIT_USEC (30 * G_USEC_PER_SEC)         /* §1.9: one probe while offline */
#define OVER_CAPACITY_WAIT_USEC (1 * G_USEC_PER_SEC)    /* §1.7: 4100–4199 */
#define STABLE_USEC (60 * G_USEC_PER_SEC)               /* §1.9 */
#define LOOP_GUARD_USEC (10 * G_USEC_PER_SEC)           /* §1.7 */
#define RESTART_AGE_USEC (1 * G_USEC_PER_SEC)           /* younger attempts are left alone */

typedef void (*ScopeEnterFunc) (ScopeMachine *self);

ScopeAction *
_scope_machine_act (ScopeMachine    *self,
                    ScopeActionType  type)
{
  ScopeAction action = { .type = type, .generation = self->generation };

  g_array_append_val (self->actions, action);
  return &g_array_index (self->actions, ScopeAction, self->actions->len - 1);
}

char *
_scope_machine_bounded_text (const char *text)
{
  return text != NULL ? scope_text_bounded (text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES) : NULL;
}

/* Timers are armed and disarmed by these two alone. */

void
_scope_machine_arm (ScopeMachine *self,
                    ScopeTimer    timer,
                    gint64        at_usec)
{
  ScopeAction *action;

  self->armed_at[timer] = MAX (at_usec, 1);
  action = _scope_machine_act (self, SCOPE_ACTION_ARM);
  action->timer = timer;
  action->at_usec = self->armed_at[timer];
}

static void
machine_disarm (ScopeMachine *self,
                ScopeTimer    timer)
{
  if (self->armed_at[timer] == 0)
    return;

  self->armed_at[timer] = 0;
  _scope_machine_act (self, SCOPE_ACTION_DISARM)->timer = timer;
}

/* §1.4: earlier than the effective timeout, because a server may stop exactly there. A server can't make us ping more
 * often than once a second; who uses the program can. */
gint64
_scope_machine_ping_after_usec (ScopeMachine *self)
{
  gint64 earlier = MIN (self->timeout_usec - ACTIVITY_MARGIN_USEC, self->timeout_usec / 10 * 9);

  return MAX (MIN (ACTIVITY_LEAST_USEC, self->active.activity_timeout_usec), earlier);
}

/* On entering a state */

static void
machine_disarm_connection (ScopeMachine *self)
{
  machine_disarm (self, SCOPE_TIMER_ACTIVITY);
  machine_disarm (self, SCOPE_TIMER_PONG);
  machine_disarm (self, SCOPE_TIMER_STABLE);
  g_clear_pointer (&self->socket_id, g_free);
}

static void
machine_enter_connecting (ScopeMachine *self)
{
  machine_disarm_connection (self);
  _scope_machine_arm (self, SCOPE_TIMER_UNAVAILABLE,
                      self->now_usec + self->options.unavailable_timeout_usec);
}

static void
machine_enter_connected (ScopeMachine *self)
{
  machine_disarm (self, SCOPE_TIMER_CONNECT);
  machine_disarm (self, SCOPE_TIMER_RETRY);
  machine_disarm (self, SCOPE_TIMER_UNAVAILABLE);
  _scope_machine_arm (self, SCOPE_TIMER_ACTIVITY,
                      self->now_usec + _scope_machine_ping_after_usec (self));
  _scope_machine_arm (self, SCOPE_TIMER_STABLE, self->now_usec + STABLE_USEC);
}

static void
machine_enter_unavailable (ScopeMachine *self)
{
  machine_disarm (self, SCOPE_TIMER_UNAVAILABLE);
}

static void
machine_enter_rest (ScopeMachine *self)
{
  machine_disarm_connection (self);
  machine_disarm (self, SCOPE_TIMER_CONNECT);
  machine_disarm (self, SCOPE_TIMER_RETRY);
  machine_disarm (self, SCOPE_TIMER_UNAVAILABLE);
}

static const ScopeEnterFunc on_enter[] = {
  [SCOPE_STATE_INITIALIZED] = NULL,
  [SCOPE_STATE_CONNECTING] = machine_enter_connecting,
  [SCOPE_STATE_CONNECTED] = machine_enter_connected,
  [SCOPE_STATE_UNAVAILABLE] = machine_enter_unavailable,
  [SCOPE_STATE_FAILED] = machine_enter_rest,
  [SCOPE_STATE_DISCONNECTED] = machine_enter_rest,
};

/* The one setter. @loss (nullable) is why. */
void
_scope_machine_set_state (ScopeMachine    *self,
                          ScopeState       state,
                          const ScopeLoss *loss)
{
  ScopeAction *action;

  if (self->state == state)
    return;

  g_debug ("%s to %s", scope_state_to_name (self->state), scope_state_to_name (state));

  action = _scope_machine_act (self, SCOPE_ACTION_STATE);
  action->previous = self->state;
  action->current = state;
  if (loss != NULL)
    {
      action->has_code = loss->has_code;
      action->code = loss->code;
      action->text = _scope_machine_bounded_text (loss->text);
      action->meaning = loss->meaning;
    }

  self->state = state;
  if (on_enter[state] != NULL)
    on_enter[state] (self);
}

void
_scope_machine_announce_error (ScopeMachine    *self,
                               const ScopeLoss *loss)
{
  ScopeAction *action = _scope_machine_act (self, SCOPE_ACTION_ERROR);
  const char *text = loss->text != NULL && *loss->text != '\0' ? loss->text : loss->meaning;

  action->source = loss->source;
  action->has_code = loss->has_code;
  action->code = loss->code;
  action->reaction = loss->reaction;
  action->meaning = loss->meaning;
  action->text = _scope_machine_bounded_text (text);
}

void
_scope_machine_close_socket (ScopeMachine    *self,
                             const ScopeLoss *loss)
{
  if (loss->is_open)
    _scope_machine_act (self, SCOPE_ACTION_CLOSE)->code = loss->close_code;
}

/* Edges */

/* Never from wss to ws: a profile that asks for TLS gets TLS or nothing. */
static gboolean
machine_choose_tls (ScopeMachine *self)
{
  if (self->active.use_tls || self->tls_forced || !self->active.may_plain)
    {
      self->attempt_tls = TRUE;
      return self->active.may_tls;
    }

  self->attempt_tls = FALSE;
  return TRUE;
}

static void
machine_fail (ScopeMachine *self)
{
  ScopeLoss loss = {
    .source = SCOPE_SOURCE_SOCKET,
    .reaction = SCOPE_REACTION_STOP,
    .text = _("No transport is left to connect with. Allow another one, or change the TLS "
              "setting."),
  };

  self->wanted = FALSE;
  self->phase = SCOPE_PHASE_NONE;
  _scope_machine_announce_error (self, &loss);
  _scope_machine_set_state (self, SCOPE_STATE_FAILED, &loss);
}

void
_scope_machine_open (ScopeMachine *self)
{
  machine_disarm (self, SCOPE_TIMER_RETRY);

  self->active = self->options;
  if (!machine_choose_tls (self))
    {
      machine_fail (self);
      return;
    }

  self->generation = self->generation == G_MAXUINT ? 1 : self->generation + 1;
  self->phase = SCOPE_PHASE_OPENING;
  self->attempt_at_usec = self->now_usec;
  self->n_attempts++;
  _scope_machine_arm (self, SCOPE_TIMER_CONNECT,
                      self->now_usec + self->active.attempt_timeout_usec);
  _scope_machine_act (self, SCOPE_ACTION_OPEN)->use_tls = self->attempt_tls;
}

void
_scope_machine_begin (ScopeMachine *self)
{
  self->active = self->options;
  self->tls_forced = FALSE;
  self->n_attempts = 0;
  self->had_immediate = FALSE;
  scope_backoff_init (&self->backoff, self->options.reconnect_delay_usec,
                      self->options.max_delay_usec);

  if (!machine_choose_tls (self))
    {
      machine_fail (self);
      return;
    }

  self->wanted = TRUE;
  _scope_machine_set_state (self, SCOPE_STATE_CONNECTING, NULL);
  _scope_machine_open (self);
}

void
_scope_machine_establish (ScopeMachine     *self,
                          const ScopeInput *input)
{
  gint64 server_usec = SCOPE_MACHINE_ACTIVITY_USEC;

  /* written so that NaN does not pass */
  if (input->seconds > 0 && input->seconds < SCOPE_MACHINE_LONGEST_USEC / (double) G_USEC_PER_SEC)
    server_usec = MAX (1, (gint64) (input->seconds * G_USEC_PER_SEC));

  self->phase = SCOPE_PHASE_UP;
  self->socket_id = g_strdup (input->text);
  self->timeout_usec = MIN (self->active.activity_timeout_usec, server_usec);
  if (input->ping_delay_usec > 0)
    self->timeout_usec = MIN (self->timeout_usec, input->ping_delay_usec);
  self->connected_at_usec = self->now_usec;
  self->last_activity_usec = self->now_usec;
  self->error_code = 0;
  g_clear_pointer (&self->error_text, g_free);
  _scope_machine_set_state (self, SCOPE_STATE_CONNECTED, NULL);
}

static gint64
machine_next_wait_usec (ScopeMachine    *self,
                        const ScopeLoss *loss)
{
  if (!self->network_available)
    return OFFLINE_WAIT_USEC;

  return scope_backoff_next (&self->backoff, self->random, loss->at_least_usec);
}

static void
machine_wait (ScopeMachine *self,
              gint64        wait_usec)
{
  ScopeAction *action;

  self->phase = SCOPE_PHASE_WAITING;
  _scope_machine_arm (self, SCOPE_TIMER_RETRY, self->now_usec + wait_usec);

  action = _scope_machine_act (self, SCOPE_ACTION_CONNECTING_IN);
  action->delay_usec = wait_usec;
  action->attempt = self->n_attempts + 1;
}

static void
machine_retry (ScopeMachine    *self,
               const ScopeLoss *loss)
{
  /* UNAVAILABLE stays: only connected, disconnected and failed follow it (§1.6) */
  if (self->state == SCOPE_STATE_CONNECTED)
    _scope_machine_set_state (self, SCOPE_STATE_CONNECTING, loss);

  _scope_machine_close_socket (self, loss);
  machine_disarm (self, SCOPE_TIMER_CONNECT);

  if (loss->reaction == SCOPE_REACTION_RETRY)
    {
      machine_wait (self, machine_next_wait_usec (self, loss));
    }
  else
    {
      self->had_immediate = TRUE;
      self->immediate_at_usec = self->now_usec;
      _scope_machine_open (self);
    }
}

static void
machine_give_up (ScopeMachine    *self,
                 const ScopeLoss *loss)
{
  self->wanted = FALSE;
  self->phase = SCOPE_PHASE_NONE;
  _scope_machine_set_state (self, SCOPE_STATE_DISCONNECTED, loss);
  _scope_machine_close_socket (self, loss);
}

/* One immediate reconnect per 10 s; what closes again within 10 s of `connected` waits (§1.7). */
static gboolean
machine_may_retry_now (ScopeMachine *self)
{
  if (!self->had_immediate)
    return TRUE;

  if (self->now_usec - self->immediate_at_usec < LOOP_GUARD_USEC)
    return FALSE;

  return self->phase != SCOPE_PHASE_UP ||
         self->now_usec - self->connected_at_usec >= LOOP_GUARD_USEC;
}

/* What the code's reaction comes to here and now. */
static void
machine_resolve (ScopeMachine *self,
                 ScopeLoss    *loss)
{
  switch (loss->reaction)
    {
    case SCOPE_REACTION_SWITCH_TLS:
      if (self->attempt_tls)
        {
          loss->reaction = SCOPE_REACTION_STOP;
          loss->meaning = _("The server refused with the code for “TLS is required”, but TLS is in "
                            "use already. Read its message, then connect again.");
        }
      else if (!self->active.may_tls)
        {
          loss->reaction = SCOPE_REACTION_STOP;
          loss->meaning = _("This application only accepts TLS, which the options or the profile "
                            "does not allow. Allow it, then connect again.");
        }
      break;

    case SCOPE_REACTION_RETRY_NOW:
      if (!machine_may_retry_now (self))
        loss->reaction = SCOPE_REACTION_RETRY;
      break;

    case SCOPE_REACTION_NONE:
      loss->reaction = SCOPE_REACTION_RETRY;
      break;

    case SCOPE_REACTION_RETRY:
    case SCOPE_REACTION_STOP:
    default:
      break;
    }
}

/* The user set a number of attempts, and they are used up. A switch to TLS is no new attempt. */
static gboolean
machine_is_exhausted (ScopeMachine    *self,
                      const ScopeLoss *loss)
{
  return self->options.max_attempts > 0 && self->n_attempts >= self->options.max_attempts &&
         (loss->reaction == SCOPE_REACTION_RETRY || loss->reaction == SCOPE_REACTION_RETRY_NOW);
}

static char *
machine_exhausted_text (ScopeMachine    *self,
                        const ScopeLoss *loss)
{
  guint n = self->n_attempts;

  if (loss->text == NULL || *loss->text == '\0')
    return g_strdup_printf (ngettext ("Gave up after %u attempt.", "Gave up after %u attempts.", n), n);

  /* Translators: a number, and why the last one failed */
  return g_strdup_printf (ngettext ("Gave up after %u attempt: %s", "Gave up after %u attempts: %s", n), n,
                          loss->text);
}

/* Every way to lose a socket ends here. */
void
_scope_machine_lose (ScopeMachine *self,
                     ScopeLoss    *loss)
{
  g_autofree char *exhausted = NULL;

  machine_resolve (self, loss);

  if (machine_is_exhausted (self, loss))
    {
      exhausted = machine_exhausted_text (self, loss);
      loss->text = exhausted;
      loss->meaning = _("All attempts that were allowed are used up. Connect again when the "
                        "cause is gone.");
      loss->reaction = SCOPE_REACTION_STOP;
      loss->quiet = FALSE;
    }

  if (loss->reaction == SCOPE_REACTION_SWITCH_TLS)
    self->tls_forced = TRUE;

  if (!loss->quiet)
    _scope_machine_announce_error (self, loss);

  if (loss->reaction == SCOPE_REACTION_STOP)
    machine_give_up (self, loss);
  else
    machine_retry (self, loss);
}

/* A close, or what acts as one: a pusher:error as the first frame, maybe without code (§1.3). */
void
_scope_machine_lose_by_code (ScopeMachine     *self,
                             guint             code,
                             const char       *text,
                             ScopeErrorSource  source,
                             gboolean          is_open)
{
  ScopeLoss loss = {
    .source = source,
    .reaction = scope_close_code_get_reaction (code),
    .has_code = code != SCOPE_CLOSE_NONE,
    .code = code,
    .text = text,
    .meaning = code != SCOPE_CLOSE_NONE
                 ? scope_close_code_get_meaning (code)
                 : _("The server answered with an error instead of a handshake. The connection is "
                     "tried again."),
    .quiet = code == 1000 || code == 1001,
    .at_least_usec = code >= 4100 && code <= 4199 ? OVER_CAPACITY_WAIT_USEC : 0,
    .is_open = is_open,
    .close_code = SCOPE_MACHINE_CLOSE_NORMAL,
  };

  _scope_machine_lose (self, &loss);
}

/* A wait was over, or the first frame was wrong: we end it. */
void
_scope_machine_lose_by_us (ScopeMachine     *self,
                           ScopeErrorSource  source,
                           ScopeReaction     reaction,
                           guint             close_code,
                           const char       *text)
{
  ScopeLoss loss = {
    .source = source,
    .reaction = reaction,
    .text = text,
    .is_open = TRUE,
    .close_code = close_code,
  };

  _scope_machine_lose (self, &loss);
}

void
_scope_machine_ping (ScopeMachine *self,
                     gint64        limit_usec)
{
  gint64 until = self->now_usec + limit_usec;
  gint64 armed = self->armed_at[SCOPE_TIMER_PONG];

  machine_disarm (self, SCOPE_TIMER_ACTIVITY);
  _scope_machine_act (self, SCOPE_ACTION_SEND_PING);

  /* a later ping never gives an earlier one more time */
  if (armed == 0 || until < armed)
    _scope_machine_arm (self, SCOPE_TIMER_PONG, until);
}

void
_scope_machine_note_frame (ScopeMachine *self)
{
  self->last_activity_usec = self->now_usec;
  if (!_scope_machine_is_armed (self, SCOPE_TIMER_PONG))
    return;

  machine_disarm (self, SCOPE_TIMER_PONG);
  _scope_machine_arm (self, SCOPE_TIMER_ACTIVITY,
                      self->now_usec + _scope_machine_ping_after_usec (self));
}

/* The world outside changed for the better: do not wait. An attempt that runs already is begun anew
 * if it may hang on a route that is gone. */
void
_scope_machine_hurry (ScopeMachine *self,
                      gboolean      restart)
{
  ScopeLoss loss = { .is_open = TRUE };

  if (self->phase == SCOPE_PHASE_WAITING)
    {
      _scope_machine_open (self);
    }
  else if (self->phase == SCOPE_PHASE_OPENING || self->phase == SCOPE_PHASE_HANDSHAKE)
    {
      if (!restart && self->now_usec - self->attempt_at_usec < RESTART_AGE_USEC)
        return;

      _scope_machine_close_socket (self, &loss);
      machine_disarm (self, SCOPE_TIMER_CONNECT);
      self->n_attempts--; /* it was not the attempt that failed */
      _scope_machine_open (self);
    }
}
