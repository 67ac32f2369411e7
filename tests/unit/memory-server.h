/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-connection.h"
#include "net/scope-memory-transport.h"

/* The test is the server: a connection's transport is in memory, and the last one made is kept. In
 * frames that are written in C, ' stands for ". */

#define MEMORY_ESTABLISHED                                                                         \
  "{'event':'pusher:connection_established',"                                                      \
  "'data':'{\\'socket_id\\':\\'1.2\\',\\'activity_timeout\\':120}'}"

/* (transfer full) */
static inline char *
memory_dup_quoted (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

/* for scope_connection_set_factory(); user_data: where the last transport is kept, NULL before */
static inline ScopeTransport *
memory_factory_cb (const ScopeConnectionOptions *options,
                   gboolean                      use_tls,
                   gpointer                      user_data)
{
  ScopeMemoryTransport **last = user_data;

  g_clear_object (last);
  *last = scope_memory_transport_new (use_tls ? "wss" : "ws");
  return SCOPE_TRANSPORT (g_object_ref (*last));
}

static inline void
memory_receive (ScopeMemoryTransport *transport,
                const char           *frame)
{
  g_autofree char *quoted = memory_dup_quoted (frame);

  scope_memory_transport_receive (transport, quoted);
}

/* all that was sent since the last time, a frame a line (transfer full) */
static inline char *
memory_dup_sent (ScopeMemoryTransport *transport)
{
  g_auto (GStrv) frames = scope_memory_transport_take_sent (transport);

  return g_strjoinv ("\n", frames);
}
