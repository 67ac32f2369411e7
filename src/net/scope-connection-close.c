/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a transport ends: dropped, or drained when the user disconnects; and who waits until its socket is gone. */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"

/* Tells whoever waits in settle_async() once no socket is left. */
static void
scope_connection_check_settled (ScopeConnection *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->closing->len > 0 || self->settle == NULL)
    return;

  task = g_steal_pointer (&self->settle);
  scope_clock_remove_timer (self->clock, self->settle_timer);
  self->settle_timer = 0;
  g_task_return_boolean (task, TRUE);
}

static void
scope_connection_transport_gone_cb (gpointer user_data,
                                    GObject *where_it_was)
{
  ScopeConnection *self = user_data;

  g_ptr_array_remove_fast (self->closing, where_it_was);
  scope_connection_check_settled (self);
}

void
_scope_connection_end_drain (ScopeConnection *self)
{
  g_autoptr (ScopeTransport) transport = g_steal_pointer (&self->draining);

  scope_clock_remove_timer (self->clock, self->drain_timer);
  self->drain_timer = 0;
  if (transport != NULL)
    scope_transport_abandon (transport);
}

static void
scope_connection_drain_over_cb (gpointer user_data)
{
  ScopeConnection *self = user_data;

  self->drain_timer = 0;
  _scope_connection_end_drain (self);
}

/* The user has disconnected: what is on its way until the server closes, too, is still told. */
static void
scope_connection_drain (ScopeConnection *self,
                        ScopeTransport *transport,
                        guint code)
{
  _scope_connection_end_drain (self);
  self->draining = g_object_ref (transport);
  self->drain_timer
      = scope_clock_add_timer (self->clock,
                               scope_clock_get_monotonic_usec (self->clock) + SCOPE_WAIT_CLOSE_USEC,
                               scope_connection_drain_over_cb, self);
  scope_transport_close (transport, code);
}

/* From here on nothing the transport says changes anything. Its close handshake may still go on. */
void
_scope_connection_drop_transport (ScopeConnection *self,
                                  guint code)
{
  g_autoptr (ScopeTransport) transport = g_steal_pointer (&self->transport);
  gboolean was_greeted = self->greeted;

  self->greeted = FALSE;
  self->ping_sent_usec = 0;
  self->opened_usec = 0;
  if (transport == NULL)
    return;

  g_object_weak_ref (G_OBJECT (transport), scope_connection_transport_gone_cb, self);
  g_ptr_array_add (self->closing, transport);
  if (code != SCOPE_CLOSE_NONE && was_greeted && !scope_machine_wants_connected (self->machine))
    {
      scope_connection_drain (self, transport, code);
      return;
    }
  if (code != SCOPE_CLOSE_NONE)
    scope_transport_close (transport, code);
  scope_transport_abandon (transport);
}

void
_scope_connection_clear_transports (ScopeConnection *self)
{
  scope_clock_remove_timer (self->clock, self->settle_timer);
  self->settle_timer = 0;
  g_clear_object (&self->settle);
  _scope_connection_drop_transport (self, SCOPE_CLOSE_NONE);
  _scope_connection_end_drain (self);
  for (guint i = 0; i < self->closing->len; i++)
    g_object_weak_unref (self->closing->pdata[i], scope_connection_transport_gone_cb, self);
  g_ptr_array_set_size (self->closing, 0);
}

static void
scope_connection_settle_timeout_cb (gpointer user_data)
{
  ScopeConnection *self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->settle);

  self->settle_timer = 0;
  g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT,
                           _("The server did not finish closing in time"));
}

/**
 * scope_connection_settle_async:
 *
 * After scope_connection_disconnect(): waits until every socket has finished its close handshake, at
 * most %SCOPE_WAIT_CLOSE_USEC (then SCOPE_ERROR_TIMED_OUT). One call at a time.
 */
void
scope_connection_settle_async (ScopeConnection *self,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SCOPE_IS_CONNECTION (self));
  g_return_if_fail (self->settle == NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, scope_connection_settle_async);
  self->settle = task;
  self->settle_timer
      = scope_clock_add_timer (self->clock,
                               scope_clock_get_monotonic_usec (self->clock) + SCOPE_WAIT_CLOSE_USEC,
                               scope_connection_settle_timeout_cb, self);
  scope_connection_check_settled (self);
}

/**
 * scope_connection_settle_finish:
 * @error: SCOPE_ERROR_TIMED_OUT after SCOPE_WAIT_CLOSE_USEC
 *
 * Returns: whether every socket has finished its close handshake
 */
gboolean
scope_connection_settle_finish (ScopeConnection *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
