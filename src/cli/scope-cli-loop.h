/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Waiting in the main loop. A signal, or a reader of standard output that went away, ends every
 * wait that may be ended. */

/* once, after scope_cli_output_init() */
void          scope_cli_loop_init    (void);
/* a signal came, or nobody reads the output */
gboolean      scope_cli_loop_is_over (void);
/* one turn of the main loop; sleeps if there is nothing to do */
void          scope_cli_loop_turn    (void);

/* A GAsyncReadyCallback's result, waited for. */
typedef struct
{
  GAsyncResult *result;
} ScopeCliCall;

void          scope_cli_call_cb      (GObject      *source,
                                      GAsyncResult *result,
                                      gpointer      call);
/* Until it is there. cancellable (nullable) is cancelled by a signal, and at until_usec
 * (monotonic; 0: never). (transfer full) */
GAsyncResult *scope_cli_call_wait    (ScopeCliCall *call,
                                      GCancellable *cancellable,
                                      gint64        until_usec);

G_END_DECLS
