/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-signature"

#include "config.h"

#include "protocol/scope-signature.h"

#include <string.h>

#include "base/scope-limits.h"

typedef struct
{
  char *key; /* lower case: that form is signed and sorted */
  char *value;
} ScopeParam;

static void
param_free (gpointer data)
{
  ScopeParam *param = data;

  g_free (param->key);
  g_free (param->value);
  g_free (param);
}

static GPtrArray *
params_new (void)
{
  return g_ptr_array_new_with_free_func (param_free);
}

static void
params_add (GPtrArray  *params,
            const char *key,
            const char *value)
{
  ScopeParam *param = g_new0 (ScopeParam, 1);

  param->key = g_ascii_strdown (key, -1);
  param->value = g_strdup (value);
  g_ptr_array_add (params, param);
}

static int
params_compare (gconstpointer a,
                gconstpointer b)
{
  const ScopeParam *left = *(ScopeParam *const *) a;
  const ScopeParam *right = *(ScopeParam *const *) b;

  return strcmp (left->key, right->key);
}

/* What is signed: values as they are; what is sent: percent-encoded (§9.4). */
static char *
params_join (GPtrArray *params,
             gboolean   encoded)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < params->len; i++)
    {
      const ScopeParam *param = g_ptr_array_index (params, i);

      if (i > 0)
        g_string_append_c (out, '&');
      if (encoded)
        g_string_append_uri_escaped (out, param->key, "[]", FALSE);
      else
        g_string_append (out, param->key);
      g_string_append_c (out, '=');
      if (encoded)
        g_string_append_uri_escaped (out, param->value, NULL, FALSE);
      else
        g_string_append (out, param->value);
    }

  return g_string_free (out, FALSE);
}

static char *
params_string_to_sign (GPtrArray  *params,
                       const char *method,
                       const char *path)
{
  g_autofree char *query = NULL;
  g_autofree char *verb = g_ascii_strup (method, -1);

  g_ptr_array_sort (params, params_compare);
  query = params_join (params, FALSE);

  return g_strjoin ("\n", verb, path, query, NULL);
}

static char *
sign_with_key (const char *key,
               const char *secret,
               const char *text)
{
  g_autofree char *hex = scope_sign_hmac_hex (secret, text, -1);

  return g_strconcat (key, ":", hex, NULL);
}

/**
 * scope_sign_hmac_hex:
 * @length: of @text, or -1
 *
 * Returns: (transfer full): HMAC-SHA256 in lower-case hex
 */
char *
scope_sign_hmac_hex (const char *secret,
                     const char *text,
                     gssize      length)
{
  g_return_val_if_fail (secret != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  return g_compute_hmac_for_data (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret),
                                  (const guchar *) text, length < 0 ? strlen (text) : length);
}

/**
 * scope_sign_channel:
 * @channel_data: (nullable): of a presence channel, byte for byte as it will be sent
 *
 * Returns: (transfer full): `KEY:HEX` (protocol.md §4.4)
 */
char *
scope_sign_channel (const char *key,
                    const char *secret,
                    const char *socket_id,
                    const char *channel,
                    const char *channel_data)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (key != NULL && secret != NULL, NULL);
  g_return_val_if_fail (socket_id != NULL && channel != NULL, NULL);

  text = g_strjoin (":", socket_id, channel, channel_data, NULL);
  return sign_with_key (key, secret, text);
}

/**
 * scope_sign_user:
 * @user_data: byte for byte as it will be sent
 *
 * Returns: (transfer full): `KEY:HEX` for a sign-in (protocol.md §4.4)
 */
char *
scope_sign_user (const char *key,
                 const char *secret,
                 const char *socket_id,
                 const char *user_data)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (key != NULL && secret != NULL, NULL);
  g_return_val_if_fail (socket_id != NULL && user_data != NULL, NULL);

  text = g_strconcat (socket_id, "::user::", user_data, NULL);
  return sign_with_key (key, secret, text);
}

/**
 * scope_signature_equal:
 *
 * Takes the same time wherever the first difference is. The length is no secret.
 */
gboolean
scope_signature_equal (const char *a,
                       const char *b)
{
  gsize length;
  volatile guint8 difference = 0;

  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  length = strlen (a);
  if (length != strlen (b))
    return FALSE;

  for (gsize i = 0; i < length; i++)
    difference |= (guint8) (a[i] ^ b[i]);

  return difference == 0;
}

/**
 * scope_socket_id_check:
 * @socket_id: (nullable):
 *
 * Returns: whether it has the form of one: two decimal integers and a dot (protocol.md §1.3)
 */
gboolean
scope_socket_id_check (const char *socket_id)
{
  gsize first, second;

  if (socket_id == NULL || strlen (socket_id) > SCOPE_LIMIT_SOCKET_ID_BYTES)
    return FALSE;

  first = strspn (socket_id, "0123456789");
  if (first == 0 || socket_id[first] != '.')
    return FALSE;

  second = strspn (socket_id + first + 1, "0123456789");
  return second > 0 && socket_id[first + 1 + second] == '\0';
}

/**
 * scope_sign_http_request:
 * @method: such as `POST`
 * @path: as it will be sent, from `/apps`
 * @params: (nullable) (array zero-terminated=1): names and values in turn, without the `auth_` ones
 * @body: (nullable): the exact bytes that will be sent
 * @body_length: of @body, or -1
 * @timestamp: seconds since 1970
 * @string_to_sign: (out) (optional) (transfer full): to be shown when the server refuses; holds no
 *   secret
 *
 * Returns: (transfer full): the query for the URL (protocol.md §9.4)
 */
char *
scope_sign_http_request (const char         *key,
                         const char         *secret,
                         const char         *method,
                         const char         *path,
                         const char * const *params,
                         const char         *body,
                         gssize              body_length,
                         gint64              timestamp,
                         char              **string_to_sign)
{
  g_autoptr (GPtrArray) all = params_new ();
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, timestamp);
  g_autofree char *text = NULL;
  g_autofree char *query = NULL;
  g_autofree char *signature = NULL;
  gsize length;

  g_return_val_if_fail (key != NULL && secret != NULL, NULL);
  g_return_val_if_fail (method != NULL && path != NULL, NULL);

  for (guint i = 0; params != NULL && params[i] != NULL && params[i + 1] != NULL; i += 2)
    params_add (all, params[i], params[i + 1]);

  params_add (all, "auth_key", key);
  params_add (all, "auth_timestamp", time);
  params_add (all, "auth_version", "1.0");

  length = body == NULL ? 0 : body_length < 0 ? strlen (body) : (gsize) body_length;
  if (length > 0)
    {
      g_autofree char *md5 = scope_md5_hex (body, length);

      params_add (all, "body_md5", md5);
    }

  text = params_string_to_sign (all, method, path);
  query = params_join (all, TRUE);
  signature = scope_sign_hmac_hex (secret, text, -1);

  if (string_to_sign != NULL)
    *string_to_sign = g_steal_pointer (&text);

  return g_strconcat (query, "&auth_signature=", signature, NULL);
}

/**
 * scope_sign_http_query:
 * @query: (element-type utf8 utf8): the percent-decoded query of a request
 *
 * Returns: (transfer full): what its `auth_signature` must be, in hex
 */
char *
scope_sign_http_query (const char *secret,
                       const char *method,
                       const char *path,
                       GHashTable *query)
{
  g_autoptr (GPtrArray) all = params_new ();
  g_autofree char *text = NULL;
  GHashTableIter iter;
  gpointer name, value;

  g_return_val_if_fail (secret != NULL, NULL);
  g_return_val_if_fail (method != NULL && path != NULL && query != NULL, NULL);

  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (g_ascii_strcasecmp (name, "auth_signature") != 0)
        params_add (all, name, value != NULL ? value : "");
    }

  text = params_string_to_sign (all, method, path);
  return scope_sign_hmac_hex (secret, text, -1);
}

/**
 * scope_md5_hex:
 * @length: bytes of @body
 *
 * Returns: (transfer full): the `body_md5` of an HTTP request; no secrecy rests on it
 */
char *
scope_md5_hex (const char *body,
               gsize       length)
{
  g_return_val_if_fail (body != NULL || length == 0, NULL);

  return g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guchar *) (body != NULL ? body : ""),
                                      length);
}
