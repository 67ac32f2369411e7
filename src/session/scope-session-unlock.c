/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"

#include <glib/gi18n-lib.h>

/* Read-only profiles: nothing is published, sent or ended until the user unlocks that, for a while. */

static gboolean
session_is_read_only (ScopeSession *self)
{
  gboolean read_only = FALSE;

  if (self->profile != NULL)
    g_object_get (self->profile, "read-only", &read_only, NULL);
  return read_only;
}

static void
session_set_unlocked (ScopeSession *self,
                      gint64        until_usec)
{
  if (self->unlocked_until_usec == until_usec)
    return;

  self->unlocked_until_usec = until_usec;
  _scope_session_notify (self, PROP_UNLOCKED_UNTIL_USEC);
  _scope_session_notify (self, PROP_MAY_WRITE);
}

static void
session_unlock_over_cb (gpointer user_data)
{
  ScopeSession *self = user_data;

  self->unlock_timer = 0;
  session_set_unlocked (self, 0);
}

/* By whichever clock it is over first: the monotonic one stands still while the machine sleeps, the other may be
 * set. */
static gint64
session_get_unlocked_rest (ScopeSession *self)
{
  gint64 rest = self->unlocked_until_usec - scope_clock_get_monotonic_usec (self->clock);
  gint64 wall_rest = self->unlocked_until_wall_usec - scope_clock_get_wall_usec (self->clock);

  return MAX (0, MIN (rest, wall_rest));
}

static gboolean
session_is_unlocked (ScopeSession *self)
{
  if (self->unlocked_until_usec == 0)
    return FALSE;
  if (session_get_unlocked_rest (self) > 0)
    return TRUE;
  scope_session_lock_writing (self);
  return FALSE;
}

/* A profile that is made read-only is locked again, whatever was allowed before. */
static void
session_read_only_changed_cb (ScopeSession *self)
{
  scope_session_lock_writing (self);
  _scope_session_notify (self, PROP_MAY_WRITE);
}

void
_scope_session_init_unlock (ScopeSession *self)
{
  g_signal_connect_object (self->profile, "notify::read-only",
                           G_CALLBACK (session_read_only_changed_cb), self, G_CONNECT_SWAPPED);
}

void
_scope_session_clear_unlock (ScopeSession *self)
{
  if (self->clock != NULL)
    scope_clock_remove_timer (self->clock, self->unlock_timer);
  self->unlock_timer = 0;
}

/**
 * scope_session_get_may_write:
 * @self: a session
 *
 * Whether anything may be published, sent or ended now: not from an opened capture, and from a
 * read-only profile only while it is unlocked.
 */
gboolean
scope_session_get_may_write (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);

  return self->connection != NULL
         && (!session_is_read_only (self) || session_is_unlocked (self));
}

/**
 * scope_session_check_may_write:
 * @self: a session
 * @error: return location for `SCOPE_ERROR_NOT_CONNECTED` (an opened capture) or `_REFUSED` (read-only)
 *
 * Returns: as scope_session_get_may_write()
 */
gboolean
scope_session_check_may_write (ScopeSession *self,
                               GError      **error)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);

  return _scope_session_check_connection (self, error)
         && (scope_session_get_may_write (self)
             || scope_error_set (error, SCOPE_ERROR_REFUSED,
                                 _("This profile is read-only: unlock it first")));
}

/**
 * scope_session_unlock_writing:
 * @self: a session with a connection
 *
 * The user allows it, for ten minutes from now on. Nothing happens if the profile is not read-only.
 */
void
scope_session_unlock_writing (ScopeSession *self)
{
  gint64 until_usec;

  g_return_if_fail (SCOPE_IS_SESSION (self));
  g_return_if_fail (self->connection != NULL);

  if (self->closed || !session_is_read_only (self))
    return;

  until_usec = scope_clock_get_monotonic_usec (self->clock) + SCOPE_WAIT_UNLOCKED_USEC;
  self->unlocked_until_wall_usec = scope_clock_get_wall_usec (self->clock) + SCOPE_WAIT_UNLOCKED_USEC;
  _scope_session_clear_unlock (self);
  self->unlock_timer = scope_clock_add_timer (self->clock, until_usec, session_unlock_over_cb, self);
  session_set_unlocked (self, until_usec);
}

/**
 * scope_session_lock_writing:
 * @self: a session
 *
 * The time is over at once.
 */
void
scope_session_lock_writing (ScopeSession *self)
{
  g_return_if_fail (SCOPE_IS_SESSION (self));

  _scope_session_clear_unlock (self);
  session_set_unlocked (self, 0);
}

/**
 * scope_session_get_unlocked_usec:
 * @self: a session
 *
 * Returns: how long writing is still allowed from a read-only profile; 0: it is not, or needs no leave
 */
gint64
scope_session_get_unlocked_usec (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), 0);

  if (self->unlocked_until_usec == 0)
    return 0;
  return session_get_unlocked_rest (self);
}
