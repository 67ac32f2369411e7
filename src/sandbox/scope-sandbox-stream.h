/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_SANDBOX_STREAM (scope_sandbox_stream_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSandboxStream, scope_sandbox_stream, SCOPE, SANDBOX_STREAM, GSocketConnection)

/* A socket that libsoup's HTTP side has let go of, for its websocket side: read through an inlet. */

/* base: what was let go of; it is kept */
GIOStream *scope_sandbox_stream_new (GIOStream *base,
                                     GSocket   *socket,
                                     gsize      max_message_bytes);

G_END_DECLS
