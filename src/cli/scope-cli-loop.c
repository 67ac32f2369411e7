/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-loop.h"

#include <glib-unix.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope-source.h"
#include "cli/scope-cli-output.h"

static gboolean reader_gone;

/* Being called is all that is needed: the loop turns, and whoever waits looks at the flag. */
static gboolean
loop_interrupted_cb (int          fd,
                     GIOCondition condition,
                     gpointer     user_data)
{
  return G_SOURCE_REMOVE;
}

static gboolean
loop_reader_gone_cb (int          fd,
                     GIOCondition condition,
                     gpointer     user_data)
{
  reader_gone = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * scope_cli_loop_init:
 *
 * Also watches whether the pipe of standard output still has a reader: `watch … | head -1` ends
 * when head does, not with the next line.
 */
void
scope_cli_loop_init (void)
{
  struct stat status;

  g_unix_fd_add (scope_cli_get_interrupt_fd (), G_IO_IN, loop_interrupted_cb, NULL);
  if (fstat (STDOUT_FILENO, &status) == 0 &&
      (S_ISFIFO (status.st_mode) || S_ISSOCK (status.st_mode)))
    g_unix_fd_add (STDOUT_FILENO, G_IO_ERR | G_IO_HUP, loop_reader_gone_cb, NULL);
}

/**
 * scope_cli_loop_is_over:
 *
 * Returns: whether a signal came, or nobody reads the output
 */
gboolean
scope_cli_loop_is_over (void)
{
  return scope_cli_is_interrupted () || reader_gone || scope_cli_output_is_gone ();
}

/**
 * scope_cli_loop_turn:
 *
 * One turn of the main loop; sleeps while there is nothing to do.
 */
void
scope_cli_loop_turn (void)
{
  g_main_context_iteration (NULL, TRUE);
}

/**
 * scope_cli_call_cb:
 * @call: (type ScopeCliCall): where the result is kept
 *
 * A GAsyncReadyCallback for what the command line waits for.
 */
void
scope_cli_call_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      call)
{
  ((ScopeCliCall *) call)->result = g_object_ref (result);
}

static gboolean
loop_cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

static GSource *
loop_add_deadline (GCancellable *cancellable,
                   gint64        until_usec)
{
  guint msec = (guint) CLAMP ((until_usec - g_get_monotonic_time ()) / 1000, 0, G_MAXINT);
  GSource *source = g_timeout_source_new (msec);

  g_source_set_callback (source, loop_cancel_cb, g_object_ref (cancellable), g_object_unref);
  g_source_attach (source, NULL);
  return source;
}

/**
 * scope_cli_call_wait:
 * @call: handed to scope_cli_call_cb() as its data
 * @cancellable: (nullable): of that call
 * @until_usec: monotonic time, or 0
 *
 * Returns: (transfer full): the call's result, which may be that it was cancelled
 */
GAsyncResult *
scope_cli_call_wait (ScopeCliCall *call,
                     GCancellable *cancellable,
                     gint64        until_usec)
{
  GSource *deadline = NULL;

  if (cancellable != NULL && until_usec > 0)
    deadline = loop_add_deadline (cancellable, until_usec);

  while (call->result == NULL)
    {
      if (cancellable != NULL && scope_cli_is_interrupted ())
        g_cancellable_cancel (cancellable);
      scope_cli_loop_turn ();
    }

  scope_source_clear (&deadline);
  return g_steal_pointer (&call->result);
}
