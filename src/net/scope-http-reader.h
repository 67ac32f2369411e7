/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One answer of HTTP/1.1, RFC 9112, from the bytes as they come. Without sockets; the input is hostile. */

typedef enum
{
  SCOPE_HTTP_MORE,     /* is needed */
  SCOPE_HTTP_DONE,     /* whole, or enough of a refusal */
  SCOPE_HTTP_TOO_LONG,
  SCOPE_HTTP_WRONG,    /* no HTTP, or where it ends can't be known for sure */
} ScopeHttpProgress;

typedef struct _ScopeHttpReader ScopeHttpReader;

ScopeHttpReader  *scope_http_reader_new         (gsize                refusal_bytes,
                                                 gsize                max_bytes);
void              scope_http_reader_free        (ScopeHttpReader     *self);
ScopeHttpProgress scope_http_reader_add         (ScopeHttpReader     *self,
                                                 const guint8        *bytes,
                                                 gsize                n);
gboolean          scope_http_reader_add_end     (ScopeHttpReader     *self);
gboolean          scope_http_reader_keeps_alive (ScopeHttpReader     *self);
void              scope_http_reader_steal       (ScopeHttpReader     *self,
                                                 guint               *status,
                                                 SoupMessageHeaders **headers,
                                                 GByteArray         **body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeHttpReader, scope_http_reader_free)

G_END_DECLS
