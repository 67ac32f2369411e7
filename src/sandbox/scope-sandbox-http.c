/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-http.h"

#include "json/scope-json.h"
#include "sandbox/scope-sandbox-post.h"
#include "sandbox/scope-sandbox-private.h"
#include "sandbox/scope-sandbox-request.h"

/* Counts */

static gboolean
request_check_info (ScopeSandboxRequest *self,
                    const char          *channel,
                    ScopeSandboxInfo     info)
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
request_add_member (ScopeSandboxRequest *self,
                    const char          *name)
{
  if (self->reply->str[self->reply->len - 1] != '{')
    g_string_append_c (self->reply, ',');
  g_string_append_printf (self->reply, "\"%s\":", name);
}

/* after an open `{`; the channel may be one that is not there */
static void
request_add_info (ScopeSandboxRequest *self,
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
        g_string_append_printf (self->reply, "{\"data\":%s,\"ttl\":%u}", data != NULL ? data : "null", ttl);
      else
        g_string_append (self->reply, "null");
    }
}

static void
request_add_channel (ScopeSandboxRequest *self,
                     const char          *name,
                     ScopeSandboxInfo     info)
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
request_check_post (ScopeSandboxRequest *self,
                    ScopeSandboxPost    *post)
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
request_publish (ScopeSandboxRequest *self,
                 ScopeSandboxPost    *post)
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
request_post_event (ScopeSandboxRequest *self)
{
  gsize length;
  const char *body = scope_sandbox_request_get_body (self, &length);
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
request_add_batch_info (ScopeSandboxRequest *self,
                        GPtrArray           *batch)
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
request_post_batch (ScopeSandboxRequest *self)
{
  gsize length;
  const char *body = scope_sandbox_request_get_body (self, &length);
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
request_list_channels (ScopeSandboxRequest *self)
{
  static const char * const known[] = { "filter_by_prefix", "info", NULL };
  const char *prefix = scope_sandbox_request_get_query (self, "filter_by_prefix");
  g_autoptr (GPtrArray) channels = NULL;
  ScopeSandboxInfo info;

  if (!scope_sandbox_request_check_extraneous (self, known) ||
      !scope_sandbox_post_read_info (scope_sandbox_request_get_query (self, "info"), &info, &self->refusal))
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
request_show_channel (ScopeSandboxRequest *self,
                      const char          *name)
{
  static const char * const known[] = { "info", NULL };
  ScopeSandboxChannel *channel = _scope_sandbox_lookup_channel (self->sandbox, name);
  ScopeSandboxInfo info;

  if (!scope_sandbox_request_check_extraneous (self, known) ||
      !scope_sandbox_post_read_info (scope_sandbox_request_get_query (self, "info"), &info, &self->refusal) ||
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
request_list_users (ScopeSandboxRequest *self,
                    const char          *name)
{
  static const char * const known[] = { NULL };
  ScopeSandboxChannel *channel = _scope_sandbox_lookup_channel (self->sandbox, name);
  guint n_users = channel != NULL ? scope_sandbox_channel_count_users (channel) : 0;

  if (!scope_sandbox_request_check_extraneous (self, known))
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
request_terminate (ScopeSandboxRequest *self,
                   const char          *user_id)
{
  _scope_sandbox_terminate_user (self->sandbox, user_id);
  g_string_append (self->reply, "{}");
  return TRUE;
}

/* Answering */

static gboolean
request_route_post (ScopeSandboxRequest *self)
{
  static const char * const known[] = { NULL };

  if (!scope_sandbox_request_check_extraneous (self, known))
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
request_route_get (ScopeSandboxRequest *self)
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
request_route (ScopeSandboxRequest *self)
{
  if (!scope_sandbox_request_authenticate (self))
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
  ScopeSandboxRequest request;

  g_return_if_fail (SCOPE_IS_SANDBOX (sandbox));
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));

  if (scope_sandbox_request_init (&request, sandbox, message, path) && request_route (&request))
    http_respond (message, SOUP_STATUS_OK, "application/json", request.reply->str);
  else
    http_respond (message, request.refusal.status, "text/plain; charset=utf-8",
                  request.refusal.text);

  scope_sandbox_request_clear (&request);
}
