/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-request.h"

#include "base/scope-text.h"
#include "protocol/scope-signature.h"
#include "sandbox/scope-sandbox-private.h"

#define CLOCK_SECONDS 600 /* protocol.md §9.4 */
#define SHOWN_BYTES 200
#define SHOWN_SIGNED_BYTES 1024

/**
 * scope_sandbox_request_get_query:
 * @key: a parameter's name
 *
 * Returns: (transfer none) (nullable): its value, decoded
 */
const char *
scope_sandbox_request_get_query (ScopeSandboxRequest *self,
                                 const char          *key)
{
  return g_hash_table_lookup (self->query, key);
}

/**
 * scope_sandbox_request_get_body:
 * @length: (out): its bytes
 *
 * Returns: (transfer none): what was posted, never %NULL
 */
const char *
scope_sandbox_request_get_body (ScopeSandboxRequest *self,
                                gsize               *length)
{
  const char *body = g_bytes_get_data (self->body, length);

  return body != NULL ? body : "";
}

/* Reading */

static void
request_read_path (ScopeSandboxRequest *self)
{
  const char *rest = strstr (self->path, "/apps/") + strlen ("/apps/");
  g_auto (GStrv) parts = g_strsplit (rest, "/", 8); /* none of an empty text */
  g_autoptr (GPtrArray) route = g_ptr_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *decoded = g_uri_unescape_string (parts[i], NULL);

      if (decoded == NULL)
        decoded = g_strdup (parts[i]);
      if (i == 0)
        self->app_id = decoded;
      else
        g_ptr_array_add (route, decoded);
    }
  if (self->app_id == NULL)
    self->app_id = g_strdup ("");
  g_ptr_array_add (route, NULL);
  self->route = (char **) g_ptr_array_free (g_steal_pointer (&route), FALSE);
}

static gboolean
request_read_query (ScopeSandboxRequest *self,
                    GUri                *uri)
{
  const char *query = g_uri_get_query (uri);

  self->query = g_uri_parse_params (query != NULL ? query : "", -1, "&", G_URI_PARAMS_WWW_FORM,
                                    NULL);
  if (self->query != NULL)
    return TRUE;

  self->query = g_hash_table_new (g_str_hash, g_str_equal);
  return scope_sandbox_refuse (&self->refusal, 400, "Invalid query string");
}

/**
 * scope_sandbox_request_init:
 * @sandbox: whose application it is for
 * @message: a request that has come wholly
 * @path: its path as it was sent
 *
 * Reads the request; it holds no reference. To be cleared with scope_sandbox_request_clear() either way.
 *
 * Returns: whether it can be read; else why stands in its refusal
 */
gboolean
scope_sandbox_request_init (ScopeSandboxRequest *self,
                            ScopeSandbox        *sandbox,
                            SoupServerMessage   *message,
                            const char          *path)
{
  *self = (ScopeSandboxRequest) {
    .sandbox = sandbox,
    .method = soup_server_message_get_method (message),
    .path = path,
    .body = soup_message_body_flatten (soup_server_message_get_request_body (message)),
    .reply = g_string_new (NULL),
  };
  request_read_path (self);
  return request_read_query (self, soup_server_message_get_uri (message));
}

/**
 * scope_sandbox_request_clear:
 *
 * Frees what it holds.
 */
void
scope_sandbox_request_clear (ScopeSandboxRequest *self)
{
  g_strfreev (self->route);
  g_free (self->app_id);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_string_free (self->reply, TRUE);
  g_free (self->refusal.text);
}

/* Signature */

/* What had to be signed, for the text of a refusal: there a line break reads `\n`
 * (protocol.md §9.5). */
static char *
request_dup_signed_text (ScopeSandboxRequest *self)
{
  g_autoptr (GString) text = g_string_new (self->method);
  g_autoptr (GList) keys = g_hash_table_get_keys (self->query);
  const char *separator = "\\n";

  g_string_append_printf (text, "\\n%s", self->path);
  keys = g_list_sort (keys, (GCompareFunc) g_ascii_strcasecmp);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      if (g_strcmp0 (l->data, "auth_signature") == 0)
        continue;

      g_string_append_printf (text, "%s%s=%s", separator, (const char *) l->data,
                              scope_sandbox_request_get_query (self, l->data));
      separator = "&";
    }

  return scope_text_for_display (text->str, text->len, SHOWN_SIGNED_BYTES);
}

static gboolean
request_check_time (ScopeSandboxRequest *self)
{
  const char *text = scope_sandbox_request_get_query (self, "auth_timestamp");
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *server_time = NULL;
  g_autofree char *given_time = NULL;
  gint64 given;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, &given, NULL))
    return scope_sandbox_refuse (&self->refusal, 401,
                                 "auth_timestamp should be seconds since 1970");
  if (ABS (now - given) <= CLOCK_SECONDS)
    return TRUE;

  given_time = scope_text_format_rfc3339 (given * G_USEC_PER_SEC);
  server_time = scope_text_format_rfc3339 (now * G_USEC_PER_SEC);
  return scope_sandbox_refuse (&self->refusal, 401, "Timestamp expired: Given timestamp (%s) not "
                               "within %ds of server time (%s)", given_time, CLOCK_SECONDS,
                               server_time);
}

static gboolean
request_check_body (ScopeSandboxRequest *self)
{
  const char *given = scope_sandbox_request_get_query (self, "body_md5");
  g_autofree char *expected = NULL;
  gsize length;
  const char *body = scope_sandbox_request_get_body (self, &length);

  if (length == 0 && given == NULL)
    return TRUE;

  expected = scope_md5_hex (body, length);
  if (given != NULL && scope_signature_equal (expected, given))
    return TRUE;

  return scope_sandbox_refuse (&self->refusal, 401,
                               "Invalid body_md5: the body received has %s", expected);
}

static gboolean
request_check_signature (ScopeSandboxRequest *self)
{
  const char *given = scope_sandbox_request_get_query (self, "auth_signature");
  g_autofree char *expected = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *text = NULL;

  expected = scope_sign_http_query (_scope_sandbox_get_secret (self->sandbox), self->method,
                                    self->path, self->query);
  if (given != NULL && scope_signature_equal (expected, given))
    return TRUE;

  text = request_dup_signed_text (self);
  shown = scope_text_for_display (given != NULL ? given : "", -1, SHOWN_BYTES);
  return scope_sandbox_refuse (&self->refusal, 401, "Invalid signature: you should have sent "
                               "HmacSHA256Hex(\"%s\", your_secret_key), but you sent \"%s\"", text,
                               shown);
}

/**
 * scope_sandbox_request_authenticate:
 *
 * Looks at the application, the key, the time and the signature: protocol.md §9.4, with Pusher's
 * texts of §9.5.
 *
 * Returns: whether it may be answered; else why stands in its refusal
 */
gboolean
scope_sandbox_request_authenticate (ScopeSandboxRequest *self)
{
  const char *key = scope_sandbox_request_get_query (self, "auth_key");
  g_autofree char *shown = scope_text_for_display (key != NULL ? key : "", -1, SHOWN_BYTES);

  if (strcmp (self->app_id, _scope_sandbox_get_app_id (self->sandbox)) != 0)
    {
      g_autofree char *id = scope_text_for_display (self->app_id, -1, SHOWN_BYTES);

      return scope_sandbox_refuse (&self->refusal, 404, "Unknown app id %s", id);
    }
  if (g_strcmp0 (key, _scope_sandbox_get_key (self->sandbox)) != 0)
    return scope_sandbox_refuse (&self->refusal, 401, "Unknown auth_key %s", shown);
  if (g_strcmp0 (scope_sandbox_request_get_query (self, "auth_version"), "1.0") != 0)
    return scope_sandbox_refuse (&self->refusal, 401, "auth_version should be 1.0");

  return request_check_time (self) && request_check_body (self) && request_check_signature (self);
}

/**
 * scope_sandbox_request_check_extraneous:
 * @known: (array zero-terminated=1): parameters the endpoint knows
 *
 * Queries may hold what signs them and what the endpoint knows (protocol.md §9.2).
 *
 * Returns: whether that is all it holds; else why stands in its refusal
 */
gboolean
scope_sandbox_request_check_extraneous (ScopeSandboxRequest *self,
                                        const char * const  *known)
{
  static const char * const signing[] = { "auth_key", "auth_timestamp", "auth_version",
                                          "auth_signature", "body_md5", NULL };
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->query);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (!g_strv_contains (signing, key) && !g_strv_contains (known, key))
        {
          g_autofree char *shown = scope_text_for_display (key, -1, SHOWN_BYTES);

          return scope_sandbox_refuse (&self->refusal, 400,
                                       "The following query string parameters are extraneous: %s",
                                       shown);
        }
    }

  return TRUE;
}
