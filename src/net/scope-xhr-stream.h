/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "base/scope-clock.h"

G_BEGIN_DECLS

/* One request whose answer is read line by line as it comes, protocol.md §7.2. Lines, headers and what an
 * error says are bounded. */
typedef struct _ScopeXhrStream ScopeXhrStream;

typedef struct
{
  /* without its line break; the stream may be stopped in it */
  void (*line)  (const char   *line,
                 gsize         length,
                 gpointer      user_data);
  /* once; error NULL: the answer ended by itself, or had_enough. SCOPE_ERROR_LIMIT: a line was over the bound */
  void (*ended) (const GError *error,
                 gpointer      user_data);
} ScopeXhrStreamFuncs;

/* Lines come only with status 200. More than enough_bytes (0: never enough), and no part of a line left: the
 * server is told to stop, and what is still under way is read. */
ScopeXhrStream *scope_xhr_stream_start      (SoupSession               *session,
                                             SoupMessage               *message,
                                             ScopeClock                *clock,
                                             gsize                      enough_bytes,
                                             const ScopeXhrStreamFuncs *funcs,
                                             gpointer                   user_data);
/* nothing more comes (nullable) */
void            scope_xhr_stream_stop       (ScopeXhrStream            *self);

/* 0: there was no answer */
guint           scope_xhr_stream_get_status (ScopeXhrStream            *self);
/* of another status than 200: the body's start (nullable) */
const char     *scope_xhr_stream_get_body   (ScopeXhrStream            *self);
gboolean        scope_xhr_stream_had_lines  (ScopeXhrStream            *self);
gboolean        scope_xhr_stream_had_enough (ScopeXhrStream            *self);

G_END_DECLS
