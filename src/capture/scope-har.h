/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* The WebSocket messages of a browser's HAR file (`_webSocketMessages`, as Chromium and Firefox write them), for
 * `import`. Hostile input: scanned before anything is read. */

#define SCOPE_HAR_MAX_BYTES (256 * 1024 * 1024)

/* takes the entry over (NULL: a message that is none); FALSE ends the reading */
typedef gboolean (*ScopeHarFunc) (ScopeEntry *entry,
                                  gpointer    user_data);

/* whether text begins like a HAR file: an object whose first key is "log" */
gboolean scope_har_is (const char    *text,
                       gsize          length);
/* Frames of this protocol become events, or frames where they are none; other sockets (no /app/KEY in their address) are
 * left out and counted in others. FALSE with SCOPE_ERROR_USAGE: no HAR file. */
gboolean scope_har_read (const char   *text,
                         gsize         length,
                         ScopeNames   *names,
                         ScopeHarFunc  func,
                         gpointer      user_data,
                         guint64      *others,
                         GError      **error);

G_END_DECLS
