/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-http.h"

#include "base/scope-text.h"
#include "json/scope-json.h"
#include "protocol/scope-signature.h"
#include "sandbox/scope-sandbox-post.h"
#include "sandbox/scope-sandbox-private.h"

#define CLOCK_SECONDS 600 /* protocol.md §9.4 */
#define SHOWN_BYTES 200
#define SHOWN_SIGNED_BYTES 1024

/* One request while it is answered. */
typedef struct
{
  ScopeSandbox *sandbox;
  const char *method;
  const char *path;   /* as it was sent */
  char **route;       /* what follows /apps/ID/, by slashes, decoded */
  char *app_id;
  GHashTable *query;  /* decoded */
  GBytes *body;
  GString *reply;
  ScopeSandboxRefusal refusal;
} Request;

static const char *
request_get_query (Request    *self,
                   const char *key)
{
  return g_hash_table_lookup (self->query, key);
}

static const char *
request_get_body (Request *self,
                  gsize   *length)
{
  const char *body = g_bytes_get_data (self->body, length);

  return body != NULL ? body : "";
}

/* Reading */

static void
request_read_path (Request *self)
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
request_read_query (Request *self,
                    GUri    *uri)
{
  const char *query = g_uri_get_query (uri);

  self->query = g_uri_parse_params (query != NULL ? query : "", -1, "&", G_URI_PARAMS_WWW_FORM,
                                    NULL);
  if (self->query != NULL)
    return TRUE;

  self->query = g_hash_table_new (g_str_hash, g_str_equal);
  return scope_sandbox_refuse (&self->refusal, 400, "Invalid query string");
}

static void
request_clear (Request *self)
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
request_dup_signed_text (Request *self)
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
                              request_get_query (self, l->data));
      separator = "&";
    }

  return scope_text_for_display (text->str, text->len, SHOWN_SIGNED_BYTES);
}

static gboolean
request_check_time (Request *self)
{
  const char *text = request_get_query (self, "auth_timestamp");
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
request_check_body (Request *self)
{
  const char *given = request_get_query (self, "body_md5");
  g_autofree char *expected = NULL;
  gsize length;
  const char *body = request_get_body (self, &length);

  if (length == 0 && given == NULL)
    return TRUE;

  expected = scope_md5_hex (body, length);
  if (given != NULL && scope_signature_equal (expected, given))
    return TRUE;

  return scope_sandbox_refuse (&self->refusal, 401,
                               "Invalid body_md5: the body received has %s", expected);
}

static gboolean
request_check_signature (Request *self)
{
  const char *given = request_get_query (self, "auth_signature");
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

/* protocol.md §9.4, with Pusher's texts of §9.5 */
static gboolean
request_authenticate (Request *self)
{
  const char *key = request_get_query (self, "auth_key");
  g_autofree char *shown = scope_text_for_display (key != NULL ? key : "", -1, SHOWN_BYTES);

  if (strcmp (self->app_id, _scope_sandbox_get_app_id (self->sandbox)) != 0)
    {
      g_autofree char *id = scope_text_for_display (self->app_id, -1, SHOWN_BYTES);

      return scope_sandbox_refuse (&self->refusal, 404, "Unknown app id %s", id);
    }
  if (g_strcmp0 (key, _scope_sandbox_get_key (self->sandbox)) != 0)
    return scope_sandbox_refuse (&self->refusal, 401, "Unknown auth_key %s", shown);
  if (g_strcmp0 (request_get_query (self, "auth_version"), "1.0") != 0)
    return scope_sandbox_refuse (&self->refusal, 401, "auth_version should be 1.0");

  return request_check_time (self) && request_check_body (self) && request_check_signature (self);
}

/* Queries may hold what signs them and what the endpoint knows (protocol.md §9.2). */
static gboolean
request_check_extraneous (Request            *self,
                          const char * const *known)
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

/* Counts */

static gboolean
request_check_info (Request          *self,
                    const char       *channel,
                    ScopeSandboxInfo  info)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (channel);

  if ((info & SCOPE_SANDBOX_INFO_USER_COUNT) && !scope_channel_kind_is_presence (kind))
    return scope_sandbox_refuse (&self->refusal, 400,
                                 "Cannot retrieve the user count unless the channel is a presence "
                                 "channel");
  if ((info & SCOPE_SANDBOX_INFO_CACHE) && !scope_channel_kind_is_cache (kind))
    return scope_sandbox_refuse (&self->refusal, 400,
                                 "Cannot retrieve the cache unless the channel is a cache channel");

  return TRUE;
}

static void
request_add_member (Request    *self,
                    const char *name)
{
  if (self->reply->str[self->reply->len - 1] != '{')
    g_string_append_c (self->reply, ',');
  g_string_append_printf (self->reply, "\"%s\":", name);
}

/* after an open `{`; the channel may be one that is not there */
static void
request_add_info (Request             *self,
                  ScopeSandboxChannel *channel,
                  ScopeSandboxInfo     info)
{
  const char *data;
  guint ttl;

  if (info & SCOPE_SANDBOX_INFO_USER_COUNT)
    {
      request_add_member (self, "user_count");
      g_string_append_printf (self->reply, "%u",
                              channel != NULL ? scope_sandbox_channel_count_users (channel) : 0);
    }
  if (info & SCOPE_SANDBOX_INFO_SUBSCRIPTION_COUNT)
    {
      request_add_member (self, "subscription_count");
      g_string_append_printf (self->reply, "%u",
                              channel != NULL ? scope_sandbox_channel_count_subscriptions (channel) : 0);
    }
  if (info & SCOPE_SANDBOX_INFO_CACHE)
    {
      request_add_member (self, "cache");
      if (channel != NULL && scope_sandbox_channel_get_cached (channel, &data, &ttl) != NULL)
        g_string_append_printf (self->reply, "{\"data\":%s,\"ttl\":%u}", data, ttl);
      else
        g_string_append (self->reply, "null");
    }
}

static void
request_add_channel (Request          *self,
                     const char       *name,
                     ScopeSandboxInfo  info)
{
  if (self->reply->str[self->reply->len - 1] != '{')
    g_string_append_c (self->reply, ',');
  scope_json_append_string (self->reply, name, -1);
  g_string_append (self->reply, ":{");
  request_add_info (self, _scope_sandbox_lookup_channel (self->sandbox, name), info);
  g_string_append_c (self->reply, '}');
}

/* Publishing */

static gboolean
request_check_post (Request          *self,
                    ScopeSandboxPost *post)
{
  for (guint i = 0; i < post->channels->len; i++)
    {
      if (!request_check_info (self, g_ptr_array_index (post->channels, i),
                               post->info & ~SCOPE_SANDBOX_INFO_CACHE))
        return FALSE;
    }
  if (post->info & SCOPE_SANDBOX_INFO_CACHE)
    return scope_sandbox_refuse (&self->refusal, 400,
                                 "Unknown info attribute: 'cache' belongs to GET channels/NAME");

  return TRUE;
}

static void
request_publish (Request          *self,
                 ScopeSandboxPost *post)
{
  for (guint i = 0; i < post->channels->len; i++)
    {
      ScopeSandboxEvent event = {
        .channel = g_ptr_array_index (post->channels, i),
        .event = post->name,
        .data_token = post->data_token,
        .data_length = post->data_length,
        .socket_id = post->socket_id,
      };

      _scope_sandbox_relay (self->sandbox, &event);
    }
}

static gboolean
request_post_event (Request *self)
{
  gsize length;
  const char *body = request_get_body (self, &length);
  g_autoptr (ScopeSandboxPost) post = NULL;

  post = scope_sandbox_post_read (body, length, TRUE, &self->refusal);
  if (post == NULL || !request_check_post (self, post))
    return FALSE;

  request_publish (self, post);
  g_string_append_c (self->reply, '{');
  if (post->info != SCOPE_SANDBOX_INFO_NONE)
    {
      g_string_append (self->reply, "\"channels\":{");
      for (guint i = 0; i < post->channels->len; i++)
        request_add_channel (self, g_ptr_array_index (post->channels, i), post->info);
      g_string_append_c (self->reply, '}');
    }
  g_string_append_c (self->reply, '}');
  return TRUE;
}

static void
request_add_batch_info (Request   *self,
                        GPtrArray *batch)
{
  g_string_append (self->reply, "\"batch\":[");
  for (guint i = 0; i < batch->len; i++)
    {
      ScopeSandboxPost *post = g_ptr_array_index (batch, i);
      const char *channel = g_ptr_array_index (post->channels, 0);

      g_string_append (self->reply, i > 0 ? ",{" : "{");
      request_add_info (self, _scope_sandbox_lookup_channel (self->sandbox, channel), post->info);
      g_string_append_c (self->reply, '}');
    }
  g_string_append_c (self->reply, ']');
}

/* Nothing is published unless all of it can be. */
static gboolean
request_post_batch (Request *self)
{
  gsize length;
  const char *body = request_get_body (self, &length);
  g_autoptr (GPtrArray) batch = NULL;
  ScopeSandboxInfo info = SCOPE_SANDBOX_INFO_NONE;

  batch = scope_sandbox_post_read_batch (body, length, &self->refusal);
  if (batch == NULL)
    return FALSE;
  for (guint i = 0; i < batch->len; i++)
    {
      if (!request_check_post (self, g_ptr_array_index (batch, i)))
        return FALSE;
    }

  for (guint i = 0; i < batch->len; i++)
    {
      ScopeSandboxPost *post = g_ptr_array_index (batch, i);

      request_publish (self, post);
      info |= post->info;
    }

  g_string_append_c (self->reply, '{');
  if (info != SCOPE_SANDBOX_INFO_NONE)
    request_add_batch_info (self, batch);
  g_string_append_c (self->reply, '}');
  return TRUE;
}

/* Queries */

static gboolean
request_list_channels (Request *self)
{
  static const char * const known[] = { "filter_by_prefix", "info", NULL };
  const char *prefix = request_get_query (self, "filter_by_prefix");
  g_autoptr (GPtrArray) channels = NULL;
  ScopeSandboxInfo info;

  if (!request_check_extraneous (self, known) ||
      !scope_sandbox_post_read_info (request_get_query (self, "info"), &info, &self->refusal))
    return FALSE;
  if (info & ~SCOPE_SANDBOX_INFO_USER_COUNT)
    return scope_sandbox_refuse (&self->refusal, 400,
                                 "Only user_count can be asked of a list of channels");
  if (info != SCOPE_SANDBOX_INFO_NONE &&
      (prefix == NULL || !g_str_has_prefix (prefix, "presence-")))
    return scope_sandbox_refuse (&self->refusal, 400, "user_count may only be requested for "
                                 "presence channels - please supply filter_by_prefix beginning "
                                 "with presence-");

  g_string_append (self->reply, "{\"channels\":{");
  channels = _scope_sandbox_list_occupied (self->sandbox);
  for (guint i = 0; i < channels->len; i++)
    {
      const char *name = scope_sandbox_channel_get_name (g_ptr_array_index (channels, i));

      if (prefix == NULL || g_str_has_prefix (name, prefix))
        request_add_channel (self, name, info);
    }
  g_string_append (self->reply, "}}");
  return TRUE;
}

static gboolean
request_show_channel (Request    *self,
                      const char *name)
{
  static const char * const known[] = { "info", NULL };
  ScopeSandboxChannel *channel = _scope_sandbox_lookup_channel (self->sandbox, name);
  ScopeSandboxInfo info;

  if (!request_check_extraneous (self, known) ||
      !scope_sandbox_post_read_info (request_get_query (self, "info"), &info, &self->refusal) ||
      !request_check_info (self, name, info))
    return FALSE;

  g_string_append_printf (self->reply, "{\"occupied\":%s",
                          channel != NULL && scope_sandbox_channel_is_occupied (channel)
                            ? "true" : "false");
  request_add_info (self, channel, info);
  g_string_append_c (self->reply, '}');
  return TRUE;
}

static gboolean
request_list_users (Request    *self,
                    const char *name)
{
  static const char * const known[] = { NULL };
  ScopeSandboxChannel *channel = _scope_sandbox_lookup_channel (self->sandbox, name);
  guint n_users = channel != NULL ? scope_sandbox_channel_count_users (channel) : 0;

  if (!request_check_extraneous (self, known))
    return FALSE;
  if (!scope_channel_kind_is_presence (scope_channel_name_get_kind (name)))
    return scope_sandbox_refuse (&self->refusal, 400,
                                 "Users can only be retrieved for presence channels");

  g_string_append (self->reply, "{\"users\":[");
  for (guint i = 0; i < n_users; i++)
    {
      g_string_append (self->reply, i > 0 ? ",{\"id\":" : "{\"id\":");
      scope_json_append_string (self->reply, scope_sandbox_channel_get_user (channel, i), -1);
      g_string_append_c (self->reply, '}');
    }
  g_string_append (self->reply, "]}");
  return TRUE;
}

/* Ends all of a user's connections; one who has none is no error. */
static gboolean
request_terminate (Request    *self,
                   const char *user_id)
{
  _scope_sandbox_terminate_user (self->sandbox, user_id);
  g_string_append (self->reply, "{}");
  return TRUE;
}

/* Answering */

static gboolean
request_route_post (Request *self)
{
  static const char * const known[] = { NULL };

  if (!request_check_extraneous (self, known))
    return FALSE;
  if (g_strcmp0 (self->route[0], "events") == 0 && self->route[1] == NULL)
    return request_post_event (self);
  if (g_strcmp0 (self->route[0], "batch_events") == 0 && self->route[1] == NULL)
    return request_post_batch (self);
  if (g_strv_length (self->route) == 3 && strcmp (self->route[0], "users") == 0 &&
      strcmp (self->route[2], "terminate_connections") == 0)
    return request_terminate (self, self->route[1]);

  return scope_sandbox_refuse (&self->refusal, 404, "Unknown path for POST");
}

static gboolean
request_route_get (Request *self)
{
  const char *name = self->route[0] != NULL ? self->route[1] : NULL;

  if (g_strcmp0 (self->route[0], "channels") != 0)
    return scope_sandbox_refuse (&self->refusal, 404, "Unknown path for GET");
  if (name == NULL)
    return request_list_channels (self);
  if (!scope_channel_name_check (name, NULL, NULL))
    return scope_sandbox_refuse (&self->refusal, 400, "Invalid channel name");
  if (self->route[2] == NULL)
    return request_show_channel (self, name);
  if (strcmp (self->route[2], "users") == 0 && self->route[3] == NULL)
    return request_list_users (self, name);

  return scope_sandbox_refuse (&self->refusal, 404, "Unknown path for GET");
}

static gboolean
request_route (Request *self)
{
  if (!request_authenticate (self))
    return FALSE;
  if (strcmp (self->method, SOUP_METHOD_POST) == 0)
    return request_route_post (self);
  if (strcmp (self->method, SOUP_METHOD_GET) == 0)
    return request_route_get (self);

  return scope_sandbox_refuse (&self->refusal, 405, "Method not allowed: GET or POST");
}

static void
http_respond (SoupServerMessage *message,
              guint              status,
              const char        *type,
              const char        *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, strlen (text));
}

static void
http_refuse_body (SoupServerMessage *message)
{
  scope_sandbox_http_turn_away (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                                "The request body exceeds the allowed maximum (1 MiB)");
}

/* A body of unknown length is measured as it comes. */
static void
http_got_chunk_cb (SoupServerMessage *message,
                   GBytes            *chunk,
                   gpointer           user_data)
{
  if (soup_server_message_get_status (message) == 0 &&
      soup_server_message_get_request_body (message)->length > SCOPE_SANDBOX_BODY_BYTES)
    http_refuse_body (message);
}

/**
 * scope_sandbox_http_turn_away:
 * @message: a request whose headers have come
 * @status: the status
 * @text: why, for people
 *
 * Answers before the body has come; nothing is kept of it.
 */
void
scope_sandbox_http_turn_away (SoupServerMessage *message,
                              guint              status,
                              const char        *text)
{
  SoupMessageBody *body;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (text != NULL);

  body = soup_server_message_get_request_body (message);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
  http_respond (message, status, "text/plain; charset=utf-8", text);
}

/**
 * scope_sandbox_http_owns_path:
 * @path: a request's path
 *
 * Returns: whether it is one of the HTTP API's; a prefix may precede it
 */
gboolean
scope_sandbox_http_owns_path (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return strstr (path, "/apps/") != NULL;
}

/**
 * scope_sandbox_http_guard_body:
 * @message: a request whose headers have come
 *
 * Answers 413 to a body above %SCOPE_SANDBOX_BODY_BYTES, of which nothing is kept then.
 */
void
scope_sandbox_http_guard_body (SoupServerMessage *message)
{
  SoupMessageHeaders *headers;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));

  headers = soup_server_message_get_request_headers (message);
  if (soup_message_headers_get_content_length (headers) > SCOPE_SANDBOX_BODY_BYTES)
    http_refuse_body (message);
  else
    g_signal_connect (message, "got-chunk", G_CALLBACK (http_got_chunk_cb), NULL);
}

/**
 * scope_sandbox_http_answer:
 * @sandbox: the sandbox
 * @message: a request that has come wholly
 * @path: its path as it was sent
 */
void
scope_sandbox_http_answer (ScopeSandbox      *sandbox,
                           SoupServerMessage *message,
                           const char        *path)
{
  Request request = { .sandbox = sandbox, .path = path };

  g_return_if_fail (SCOPE_IS_SANDBOX (sandbox));
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));

  request.method = soup_server_message_get_method (message);
  request.body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  request.reply = g_string_new (NULL);
  request_read_path (&request);

  if (request_read_query (&request, soup_server_message_get_uri (message)) &&
      request_route (&request))
    http_respond (message, SOUP_STATUS_OK, "application/json", request.reply->str);
  else
    http_respond (message, request.refusal.status, "text/plain; charset=utf-8",
                  request.refusal.text);

  request_clear (&request);
}
