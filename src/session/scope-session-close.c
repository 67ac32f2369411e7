/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

/* First the socket, whose end is recorded, then the capture. */

static void
scope_session_return_close (ScopeSession *self,
                            GTask        *task)
{
  if (self->close_error != NULL)
    g_task_return_error (task, g_error_copy (self->close_error));
  else
    g_task_return_boolean (task, TRUE);
}

/* takes the error */
void
_scope_session_finish_close (ScopeSession *self,
                            GError       *error)
{
  GTask *task;

  self->close_is_done = TRUE;
  self->close_error = error;
  while ((task = g_queue_pop_head (&self->closers)) != NULL)
    {
      scope_session_return_close (self, task);
      g_object_unref (task);
    }
}

static void
scope_session_recorder_closed_cb (GObject      *object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr (ScopeSession) self = user_data;
  GError *error = NULL;

  scope_recorder_close_finish (SCOPE_RECORDER (object), result, &error);
  _scope_session_finish_close (self, error);
}

static void
scope_session_settled_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr (ScopeSession) self = user_data;

  /* A socket that does not close in time is let go: nothing depends on it. */
  scope_connection_settle_finish (SCOPE_CONNECTION (object), result, NULL);

  if (self->recorder != NULL)
    scope_recorder_close_async (self->recorder, scope_session_recorder_closed_cb,
                                g_object_ref (self));
  else
    _scope_session_finish_close (self, NULL);
}

static void
scope_session_start_close (ScopeSession *self)
{
  self->closed = TRUE;
  scope_session_lock_writing (self);
  _scope_session_close_discovery (self);
  _scope_session_stop_loading (self);
  if (self->connection == NULL)
    {
      if (!_scope_session_waits_for_marks (self))
        _scope_session_finish_close (self, NULL);
      return;
    }

  scope_session_disconnect (self);
  scope_connection_settle_async (self->connection, scope_session_settled_cb,
                                 g_object_ref (self));
}

/**
 * scope_session_close_async:
 * @self: a session
 * @callback: to call when done
 * @user_data: for @callback
 *
 * Disconnects, waits for the sockets' close (at most `SCOPE_WAIT_CLOSE_USEC`) and closes the
 * capture. Nothing can be connected any more. It may be called again: every call returns when the
 * closing is done, and with the same result.
 */
void
scope_session_close_async (ScopeSession        *self,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SCOPE_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, scope_session_close_async);
  g_queue_push_tail (&self->closers, task);
  if (self->close_is_done)
    _scope_session_finish_close (self, self->close_error);
  else if (!self->closed)
    scope_session_start_close (self);
}

/**
 * scope_session_close_finish:
 * @self: a session
 * @result: what the callback got
 * @error: return location for an error of the capture
 *
 * Returns: whether everything that was to be recorded is in the file
 */
gboolean
scope_session_close_finish (ScopeSession  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
