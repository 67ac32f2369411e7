/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* protocol.md §4.4 and §9.4. Pure functions; the caller keeps the secret. All return "KEY:HEX" or
 * hex digests as new strings (transfer full). */

char    *scope_sign_hmac_hex     (const char *secret,
                                  const char *text,
                                  gssize      length);
/* channel_data is NULL for private channels */
char    *scope_sign_channel      (const char *key,
                                  const char *secret,
                                  const char *socket_id,
                                  const char *channel,
                                  const char *channel_data);
char    *scope_sign_user         (const char *key,
                                  const char *secret,
                                  const char *socket_id,
                                  const char *user_data);
/* constant time, for the sandbox */
gboolean scope_signature_equal   (const char *a,
                                  const char *b);
/* ^\d+\.\d+$ */
gboolean scope_socket_id_check   (const char *socket_id);

/* §9.4. params: NULL-terminated "key", "value", "key", "value"…, without the auth_ ones. body may be
 * NULL (no body_md5 then). *string_to_sign (nullable, transfer full) is what was signed. Returns the
 * whole query string for the URL, values percent-encoded, auth_signature last. */
char    *scope_sign_http_request (const char         *key,
                                  const char         *secret,
                                  const char         *method,
                                  const char         *path,
                                  const char * const *params,
                                  const char         *body,
                                  gssize              body_length,
                                  gint64              timestamp,
                                  char              **string_to_sign);
/* the same calculation over a received (percent-decoded) query: what auth_signature must be, hex */
char    *scope_sign_http_query   (const char         *secret,
                                  const char         *method,
                                  const char         *path,
                                  GHashTable         *query /* char* → char* */);
char    *scope_md5_hex           (const char *body,
                                  gsize       length);

G_END_DECLS
