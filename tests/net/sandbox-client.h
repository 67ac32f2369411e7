/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>
#include <string.h>

#include "protocol/scope-signature.h"
#include "sandbox/scope-sandbox.h"
#include "tests/wait.h"

/* A websocket client for the tests of the sandbox, in the same main context. What it receives is
 * compared as text: the frames' exact form is what is tested. */

#define PATH "/app/" SCOPE_SANDBOX_KEY "?protocol=7&client=test&version=1.0.0"
#define PONG "{\"event\":\"pusher:pong\",\"data\":{}}"

typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  SoupWebsocketConnection *websocket;
  GQueue frames; /* of char* */
  char *socket_id;
  gboolean done;
  gboolean closed;
} Client;

static void
client_message_cb (SoupWebsocketConnection *websocket,
                   SoupWebsocketDataType    type,
                   GBytes                  *bytes,
                   gpointer                 user_data)
{
  Client *self = user_data;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_assert_cmpint (type, ==, SOUP_WEBSOCKET_DATA_TEXT);
  g_queue_push_tail (&self->frames, g_strndup (text, length));
}

static void
client_closed_cb (SoupWebsocketConnection *websocket,
                  gpointer                 user_data)
{
  ((Client *) user_data)->closed = TRUE;
}

static void
client_connected_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Client *self = user_data;

  self->websocket = soup_session_websocket_connect_finish (SOUP_SESSION (object), result, NULL);
  if (self->websocket != NULL)
    {
      soup_websocket_connection_set_max_incoming_payload_size (self->websocket, 32 * 1024 * 1024);
      g_signal_connect (self->websocket, "message", G_CALLBACK (client_message_cb), self);
      g_signal_connect (self->websocket, "closed", G_CALLBACK (client_closed_cb), self);
    }
  self->done = TRUE;
}

/* asks for the upgrade as a page of origin, or no page, does, and waits until it is answered, one way or the other */
static Client *
client_try_from (ScopeSandbox *sandbox,
                 const char   *path,
                 const char   *origin)
{
  Client *self = g_new0 (Client, 1);
  g_autofree char *uri = g_strdup_printf ("ws://127.0.0.1:%u%s", scope_sandbox_get_port (sandbox),
                                          path);

  g_queue_init (&self->frames);
  self->session = soup_session_new ();
  self->message = soup_message_new (SOUP_METHOD_GET, uri);
  g_assert_nonnull (self->message);
  soup_session_websocket_connect_async (self->session, self->message, origin, NULL,
                                        G_PRIORITY_DEFAULT, NULL, client_connected_cb, self);
  WAIT_UNTIL (self->done);
  return self;
}

static Client *
client_try (ScopeSandbox *sandbox,
            const char   *path)
{
  return client_try_from (sandbox, path, NULL);
}

G_GNUC_UNUSED
static void
client_free (Client *self)
{
  if (self->websocket != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->websocket, self);
      if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close (self->websocket, 1000, NULL);
    }
  g_clear_object (&self->websocket);
  g_clear_object (&self->message);
  g_clear_object (&self->session);
  g_queue_clear_full (&self->frames, g_free);
  g_free (self->socket_id);
  g_free (self);
}

/* (transfer full) the next frame, waited for */
static char *
client_next (Client *self)
{
  WAIT_UNTIL (!g_queue_is_empty (&self->frames) || self->closed);
  g_assert_false (g_queue_is_empty (&self->frames));
  return g_queue_pop_head (&self->frames);
}

static void
client_expect (Client     *self,
               const char *frame)
{
  g_autofree char *next = client_next (self);

  g_assert_cmpstr (next, ==, frame);
}

G_GNUC_PRINTF (2, 3) G_GNUC_UNUSED
static void
client_expectf (Client     *self,
                const char *format,
                ...)
{
  g_autofree char *frame = NULL;
  va_list args;

  va_start (args, format);
  frame = g_strdup_vprintf (format, args);
  va_end (args);
  client_expect (self, frame);
}

/* a pusher:error without a code, with this text */
G_GNUC_UNUSED
static void
client_expect_error (Client     *self,
                     const char *text)
{
  client_expectf (self, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"%s\"}}",
                  text);
}

static void
client_send (Client     *self,
             const char *text)
{
  soup_websocket_connection_send_text (self->websocket, text);
}

G_GNUC_PRINTF (2, 3) G_GNUC_UNUSED
static void
client_sendf (Client     *self,
              const char *format,
              ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  client_send (self, text);
}

/* shows that the server lives and has sent nothing else */
G_GNUC_UNUSED
static void
client_expect_quiet (Client *self)
{
  client_send (self, "{\"event\":\"pusher:ping\",\"data\":{}}");
  client_expect (self, PONG);
}

G_GNUC_UNUSED
static void
client_expect_closed (Client     *self,
                      guint       code,
                      const char *reason)
{
  WAIT_UNTIL (self->closed);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (self->websocket), ==, code);
  if (reason != NULL)
    g_assert_cmpstr (soup_websocket_connection_get_close_data (self->websocket), ==, reason);
}

/* connects and takes the handshake */
G_GNUC_UNUSED
static Client *
client_open (ScopeSandbox *sandbox)
{
  Client *self = client_try (sandbox, PATH);
  g_autofree char *frame = NULL;
  const char *id;

  g_assert_nonnull (self->websocket);
  frame = client_next (self);
  id = strstr (frame, "socket_id\\\":\\\"");
  g_assert_nonnull (id);
  id += strlen ("socket_id\\\":\\\"");
  self->socket_id = g_strndup (id, strcspn (id, "\\"));
  return self;
}

/* subscribes to a channel that needs no signature; takes the answer */
G_GNUC_UNUSED
static void
client_subscribe (Client     *self,
                  const char *channel)
{
  client_sendf (self, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\"}}", channel);
  client_expectf (self, "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"%s\","
                  "\"data\":\"{}\"}", channel);
}

G_GNUC_UNUSED
static void
client_subscribe_private (Client     *self,
                          const char *channel)
{
  g_autofree char *auth = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET,
                                              self->socket_id, channel, NULL);

  client_sendf (self, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\","
                      "\"auth\":\"%s\"}}",
                channel, auth);
  client_expectf (self, "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"%s\","
                  "\"data\":\"{}\"}", channel);
}

/* only asks; the answer is left to the test */
G_GNUC_UNUSED
static void
client_join (Client     *self,
             const char *channel,
             const char *channel_data)
{
  g_autofree char *auth = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET,
                                              self->socket_id, channel, channel_data);
  g_autofree char *escaped = g_strescape (channel_data, NULL);

  client_sendf (self, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\","
                      "\"auth\":\"%s\","
                "\"channel_data\":\"%s\"}}", channel, auth, escaped);
}

static void
client_drop_log_cb (const char     *domain,
                    GLogLevelFlags  level,
                    const char     *text,
                    gpointer        user_data)
{
}

/* they tell of every frame and connection, and GTest prints what they tell */
G_GNUC_UNUSED
static void
client_init (void)
{
  g_log_set_handler ("libsoup", G_LOG_LEVEL_DEBUG, client_drop_log_cb, NULL);
  g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_DEBUG, client_drop_log_cb, NULL);
}

G_GNUC_UNUSED
static ScopeSandbox *
sandbox_open (void)
{
  ScopeSandbox *sandbox = scope_sandbox_new ();
  GError *error = NULL;

  scope_sandbox_start (sandbox, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_sandbox_get_port (sandbox), >, 0);
  return sandbox;
}
