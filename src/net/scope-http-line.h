/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_HTTP_LINE (scope_http_line_get_type ())

G_DECLARE_FINAL_TYPE (ScopeHttpLine, scope_http_line, SCOPE, HTTP_LINE, GObject)

/* What became of an exchange, whether or not it ended well. */
typedef struct
{
  gsize n_sent;                /* bytes of the request that were handed to a socket; 0: the server can't know of it */
  gboolean was_kept;           /* a connection of an exchange before */
  guint status;                /* 0: no answer's head came */
  SoupMessageHeaders *headers; /* NULL likewise */
  GByteArray *body;            /* of a refusal at least the start */
} ScopeHttpAnswer;

/**
 * ScopeHttpLine:
 *
 * One HTTP/1.1 connection without TLS or a proxy, for one exchange at a time, kept open in between. Each costs a
 * quarter of what libsoup takes for it, which is most of the time when a server nearby is published to. It never
 * sends anything twice.
 */
ScopeHttpLine   *scope_http_line_new              (const char          *host,
                                                   guint                port);
gboolean         scope_http_line_is_open          (ScopeHttpLine       *self);
gboolean         scope_http_line_is_connected     (ScopeHttpLine       *self);
gboolean         scope_http_line_is_busy          (ScopeHttpLine       *self);
/* request: head and body, from the method on. Of an answer that is no 2xx only refusal_bytes of the body are
 * waited for; an answer longer than max_bytes is SCOPE_ERROR_LIMIT. Not while it is busy. */
void             scope_http_line_exchange_async   (ScopeHttpLine       *self,
                                                   GBytes              *request,
                                                   gsize                refusal_bytes,
                                                   gsize                max_bytes,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
/* answer (out caller-allocates): filled also with an error; to be cleared */
gboolean         scope_http_line_exchange_finish  (ScopeHttpLine       *self,
                                                   GAsyncResult        *result,
                                                   ScopeHttpAnswer     *answer,
                                                   GError             **error);
void             scope_http_answer_clear          (ScopeHttpAnswer     *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScopeHttpAnswer, scope_http_answer_clear)

G_END_DECLS
