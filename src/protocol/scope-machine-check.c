/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The invariants listed at the top of scope-machine.c. */

#define G_LOG_DOMAIN "scope-machine"

#include "config.h"

#include "protocol/scope-machine-private.h"

#define is_armed _scope_machine_is_armed

static const char *
machine_check_rest (ScopeMachine *self)
{
  for (guint i = 0; i < SCOPE_N_TIMERS; i++)
    {
      if (is_armed (self, i))
        return "a timer is armed at rest";
    }

  if (self->phase != SCOPE_PHASE_NONE)
    return "a socket is there at rest";
  if (self->wanted)
    return "a connection is wanted at rest";

  return self->socket_id != NULL ? "a socket id is kept at rest" : NULL;
}

static const char *
machine_check_connecting (ScopeMachine *self)
{
  gboolean opening = self->phase == SCOPE_PHASE_OPENING || self->phase == SCOPE_PHASE_HANDSHAKE;

  if (!self->wanted)
    return "connecting although nobody wants to";
  if (!opening && self->phase != SCOPE_PHASE_WAITING)
    return "connecting without an attempt or a wait for one";
  if (is_armed (self, SCOPE_TIMER_RETRY) == opening)
    return "the retry timer does not follow the phase";
  if (is_armed (self, SCOPE_TIMER_CONNECT) != opening)
    return "the connect timer does not follow the phase";
  if (is_armed (self, SCOPE_TIMER_UNAVAILABLE) != (self->state == SCOPE_STATE_CONNECTING))
    return "the unavailable timer does not follow the state";
  if (is_armed (self, SCOPE_TIMER_ACTIVITY) || is_armed (self, SCOPE_TIMER_PONG) ||
      is_armed (self, SCOPE_TIMER_STABLE))
    return "a timer of the connection is armed without one";

  return self->socket_id != NULL ? "a socket id is kept without a connection" : NULL;
}

static const char *
machine_check_connected (ScopeMachine *self)
{
  if (!self->wanted)
    return "connected although nobody wants to";
  if (self->phase != SCOPE_PHASE_UP)
    return "connected without a connection";
  if (self->socket_id == NULL)
    return "connected without a socket id";
  if (is_armed (self, SCOPE_TIMER_ACTIVITY) == is_armed (self, SCOPE_TIMER_PONG))
    return "not exactly one of activity and pong timer is armed";
  if (is_armed (self, SCOPE_TIMER_CONNECT) || is_armed (self, SCOPE_TIMER_RETRY) ||
      is_armed (self, SCOPE_TIMER_UNAVAILABLE))
    return "a timer of an attempt is armed while connected";

  return NULL;
}

/**
 * scope_machine_check:
 * @why: (out) (optional) (transfer none): which invariant is broken
 */
gboolean
scope_machine_check (ScopeMachine  *self,
                     const char   **why)
{
  const char *broken;

  g_return_val_if_fail (self != NULL, FALSE);

  switch (self->state)
    {
    case SCOPE_STATE_CONNECTING:
    case SCOPE_STATE_UNAVAILABLE:
      broken = machine_check_connecting (self);
      break;

    case SCOPE_STATE_CONNECTED:
      broken = machine_check_connected (self);
      break;

    case SCOPE_STATE_INITIALIZED:
    case SCOPE_STATE_FAILED:
    case SCOPE_STATE_DISCONNECTED:
    default:
      broken = machine_check_rest (self);
      break;
    }

  if (broken != NULL && why != NULL)
    *why = broken;

  return broken == NULL;
}
