/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Headers a transport sends, "Name: value", of which some may be commands (ScopeField). */

/* NULL is fine */
gboolean   scope_header_lines_have_command  (char               **lines);
/* replaces commands by what they print */
void       scope_header_lines_resolve_async (char               **lines,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
/* (transfer full): to be given to scope_header_lines_free() */
char     **scope_header_lines_resolve_finish (GAsyncResult       *result,
                                              GError            **error);
/* NULL is fine */
void       scope_header_lines_append_to     (char               **lines,
                                             SoupMessageHeaders  *headers);
/* wiped first: headers may hold tokens. NULL is fine. */
void       scope_header_lines_free          (char               **lines);

G_END_DECLS
