/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The HTTP API's client against a server that does what a script says, and counts what it saw: drops a connection
 * before or after it has read, in the middle of its answer, says nothing, or never stops. */

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "net/scope-api-client.h"
#include "nameless-resolver.h"
#include "tests/wait.h"

#define NOW_SECONDS G_GINT64_CONSTANT (1700000000)

typedef enum
{
  STEP_END,
  STEP_ANSWER,       /* and keep the connection */
  STEP_ANSWER_LEAVE, /* and close it without having said so */
  STEP_DROP_UNREAD,
  STEP_DROP_READ,
  STEP_DROP_AMID,    /* of the body: half of text is sent */
  STEP_SILENT,
  STEP_ENDLESS,
} StepKind;

typedef struct
{
  StepKind kind;
  const char *head; /* "200 OK\r\nDate: …" */
  const char *text;
} Step;

typedef struct
{
  GSocketListener *listener;
  GThread *thread;
  GCancellable *stop;
  const Step *steps;
  int n_connections; /* atomic */
  int n_requests;    /* atomic: read wholly */
  GMutex mutex;
  char *head;        /* of the last request */
  char *body;

  ScopeClock *clock;
  ScopeConnectionOptions *options;
  ScopeApiClient *client;
  GAsyncResult *result;
} Fixture;

/* The server */

static gboolean
server_read_more (Fixture       *fixture,
                  GIOStream     *stream,
                  GString       *text)
{
  char buffer[4096];
  gssize n = g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer, fixture->stop,
                                  NULL);

  if (n > 0)
    g_string_append_len (text, buffer, n);
  return n > 0;
}

static gboolean
server_read_request (Fixture   *fixture,
                     GIOStream *stream)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *end, *length;
  gsize body_length = 0;

  while ((end = strstr (text->str, "\r\n\r\n")) == NULL)
    if (!server_read_more (fixture, stream, text))
      return FALSE;

  length = strstr (text->str, "Content-Length: ");
  if (length != NULL && length < end)
    body_length = g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10);
  while (text->len < (gsize) (strstr (text->str, "\r\n\r\n") - text->str) + 4 + body_length)
    if (!server_read_more (fixture, stream, text))
      return FALSE;

  end = strstr (text->str, "\r\n\r\n");
  g_mutex_lock (&fixture->mutex);
  g_free (fixture->head);
  g_free (fixture->body);
  fixture->head = g_strndup (text->str, end - text->str);
  fixture->body = g_strdup (end + 4);
  g_mutex_unlock (&fixture->mutex);
  g_atomic_int_inc (&fixture->n_requests);
  return TRUE;
}

static gboolean
server_write (Fixture    *fixture,
              GIOStream  *stream,
              const char *text,
              gsize       length)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, length, NULL, fixture->stop, NULL);
}

static void
server_write_head (Fixture    *fixture,
                   GIOStream  *stream,
                   const Step *step,
                   gsize       length)
{
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                                           step->head != NULL ? step->head : "200 OK", length);

  server_write (fixture, stream, head, strlen (head));
}

static void
server_write_endless (Fixture   *fixture,
                      GIOStream *stream)
{
  g_autofree char *block = g_strnfill (65536, 'x');
  const char *head = "HTTP/1.1 200 OK\r\n\r\n";

  server_write (fixture, stream, head, strlen (head));
  while (server_write (fixture, stream, block, 65536))
    ;
}

/* Whether the connection stays. */
static gboolean
server_do (Fixture    *fixture,
           GIOStream  *stream,
           const Step *step)
{
  g_autoptr (GString) rest = g_string_new (NULL);
  const char *text = step->text != NULL ? step->text : "{}";

  if (step->kind == STEP_ANSWER || step->kind == STEP_ANSWER_LEAVE || step->kind == STEP_DROP_AMID)
    {
      gsize length = strlen (text);

      server_write_head (fixture, stream, step, length);
      server_write (fixture, stream, text, step->kind == STEP_DROP_AMID ? length / 2 : length);
    }
  else if (step->kind == STEP_ENDLESS)
    server_write_endless (fixture, stream);
  else if (step->kind == STEP_SILENT)
    while (server_read_more (fixture, stream, rest))
      ;
  return step->kind == STEP_ANSWER;
}

/* Steps that the connection serves; the next step is for the next connection. */
static const Step *
server_serve (Fixture    *fixture,
              GIOStream  *stream,
              const Step *step)
{
  gboolean stays = TRUE;

  if (step->kind == STEP_DROP_UNREAD)
    return step + 1;
  while (stays && step->kind != STEP_END && step->kind != STEP_DROP_UNREAD
         && server_read_request (fixture, stream))
    {
      stays = server_do (fixture, stream, step);
      step++;
    }
  return step;
}

static gpointer
server_thread (gpointer user_data)
{
  Fixture *fixture = user_data;
  const Step *step = fixture->steps;

  while (!g_cancellable_is_cancelled (fixture->stop))
    {
      g_autoptr (GSocketConnection) connection
          = g_socket_listener_accept (fixture->listener, NULL, fixture->stop, NULL);

      if (connection == NULL)
        break;
      g_atomic_int_inc (&fixture->n_connections);
      if (step->kind != STEP_END)
        step = server_serve (fixture, G_IO_STREAM (connection), step);
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
    }
  return NULL;
}

static void
serve (Fixture    *fixture,
       const Step *steps)
{
  fixture->steps = steps;
  fixture->thread = g_thread_new ("server", server_thread, fixture);
}

/* The client */

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&fixture->mutex);
  fixture->stop = g_cancellable_new ();
  fixture->listener = g_socket_listener_new ();
  g_socket_listener_add_address (fixture->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &address, &error);
  g_assert_no_error (error);

  fixture->clock = scope_clock_new_fake (NOW_SECONDS * G_USEC_PER_SEC);
  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("k");
  fixture->options->app_id = g_strdup ("an id");
  fixture->options->secret = scope_secret_new ("5ecret");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  fixture->options->use_tls = FALSE;
  fixture->options->proxy = g_strdup (data);
  fixture->client = scope_api_client_new (fixture->options, fixture->clock);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->result);
  g_clear_object (&fixture->client);
  g_cancellable_cancel (fixture->stop);
  if (fixture->thread != NULL)
    g_thread_join (fixture->thread);
  scope_connection_options_free (fixture->options);
  g_object_unref (fixture->clock);
  g_object_unref (fixture->listener);
  g_object_unref (fixture->stop);
  g_mutex_clear (&fixture->mutex);
  g_free (fixture->head);
  g_free (fixture->body);
}

static ScopeApiReply *
wait (Fixture *fixture,
      GError **error)
{
  ScopeApiReply *reply;

  WAIT_UNTIL (fixture->result != NULL);

  reply = scope_api_client_call_finish (fixture->client, fixture->result, error);
  g_clear_object (&fixture->result);
  return reply;
}

static ScopeApiReply *
wait_reply (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ScopeApiReply *reply = wait (fixture, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
  g_assert_null (reply->text != NULL ? strstr (reply->text, "5ecret") : NULL);
  g_assert_null (strstr (reply->signed_text, "5ecret"));
  g_assert_cmpint (reply->outcome == SCOPE_API_ACCEPTED, ==, reply->text == NULL);
  return reply;
}

static ScopeApiEvent *
new_event (const char *data)
{
  const char * const channels[] = { "news", NULL };

  return scope_api_event_new ("e", data, channels, NULL, NULL);
}

static void
publish (Fixture      *fixture,
         GCancellable *cancellable)
{
  g_autoptr (ScopeApiEvent) event = new_event ("{}");

  scope_api_client_publish_async (fixture->client, event, cancellable, wait_result_cb,
                                  &fixture->result);
}

static ScopeApiReply *
publish_and_wait (Fixture *fixture)
{
  publish (fixture, NULL);
  return wait_reply (fixture);
}

/* Tests */

static void
test_endpoints (Fixture       *fixture,
                gconstpointer  data)
{
  static const Step steps[] = { { STEP_ANSWER }, { STEP_ANSWER }, { STEP_ANSWER }, { STEP_ANSWER },
                                { STEP_ANSWER }, { STEP_ANSWER }, { STEP_END } };
  static const char * const heads[] = {
    "POST /apps/an%20id/events?auth_key=k&auth_timestamp=1700000000&auth_version=1.0&body_md5=",
    "POST /apps/an%20id/batch_events?auth_key=k&auth_timestamp=1700000000&auth_version=1.0&body_md5=",
    "GET /apps/an%20id/channels?auth_key=k&auth_timestamp=1700000000&auth_version=1.0"
    "&filter_by_prefix=presence-&info=user_count&auth_signature=",
    "GET /apps/an%20id/channels/cache-a@b?auth_key=k&auth_timestamp=1700000000&auth_version=1.0"
    "&info=subscription_count%2Ccache&auth_signature=",
    "GET /apps/an%20id/channels/presence-x/users?auth_key=k&auth_timestamp=1700000000&auth_version=1.0"
    "&auth_signature=",
    "POST /apps/an%20id/users/u%2F%231/terminate_connections?auth_key=k&auth_timestamp=1700000000"
    "&auth_version=1.0&body_md5=99914b932bd37a50b983c5e7c90ae93b&auth_signature=",
  };
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);

  g_ptr_array_add (batch, new_event ("\"hi\""));
  serve (fixture, steps);
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr (ScopeApiReply) reply = NULL;

      if (i == 0)
        publish (fixture, NULL);
      else if (i == 1)
        scope_api_client_publish_batch_async (fixture->client, batch, NULL, wait_result_cb,
                                              &fixture->result);
      else if (i == 2)
        scope_api_client_list_channels_async (fixture->client, "presence-", "user_count", NULL,
                                              wait_result_cb, &fixture->result);
      else if (i == 3)
        scope_api_client_get_channel_async (fixture->client, "cache-a@b", "subscription_count,cache",
                                            NULL, wait_result_cb, &fixture->result);
      else if (i == 4)
        scope_api_client_list_users_async (fixture->client, "presence-x", NULL, wait_result_cb,
                                           &fixture->result);
      else
        scope_api_client_terminate_user_async (fixture->client, "u/#1", NULL, wait_result_cb,
                                               &fixture->result);
      reply = wait_reply (fixture);
      g_assert_cmpint (reply->outcome, ==, SCOPE_API_ACCEPTED);
      g_assert_cmpstr (reply->body, ==, "{}");
      g_assert_true (g_str_has_prefix (fixture->head, heads[i]));
      if (i == 1)
        g_assert_cmpstr (fixture->body, ==, "{\"batch\":[{\"name\":\"e\",\"data\":\"hi\",\"channel\":\"news\"}]}");
    }
  /* the last one's */
  g_assert_cmpstr (fixture->body, ==, "{}");
  g_assert_cmpint (g_atomic_int_get (&fixture->n_connections), ==, 1);
}

/* What the client says must be true to what the server saw, and nothing is sent twice. */
static void
test_drops (Fixture       *fixture,
            gconstpointer  data)
{
  static const Step steps[] = { { STEP_DROP_READ }, { STEP_ANSWER },    { STEP_DROP_READ },
                                { STEP_DROP_AMID }, { STEP_ANSWER },    { STEP_DROP_AMID },
                                { STEP_ANSWER },    { STEP_END } };
  static const ScopeApiOutcome outcomes[] = {
    SCOPE_API_UNKNOWN, SCOPE_API_ACCEPTED, SCOPE_API_UNKNOWN, SCOPE_API_UNKNOWN, SCOPE_API_ACCEPTED,
    SCOPE_API_UNKNOWN, SCOPE_API_ACCEPTED,
  };

  serve (fixture, steps);
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (ScopeApiReply) reply = publish_and_wait (fixture);

      g_assert_cmpint (reply->outcome, ==, outcomes[i]);
      g_assert_cmpint (g_atomic_int_get (&fixture->n_requests), ==, i + 1);
    }
}

/* The server closes the connection that we keep, before it has read what comes next. */
static void
test_drop_unread (Fixture       *fixture,
                  gconstpointer  data)
{
  static const Step steps[] = { { STEP_DROP_UNREAD }, { STEP_ANSWER_LEAVE }, { STEP_ANSWER_LEAVE },
                                { STEP_ANSWER_LEAVE }, { STEP_ANSWER }, { STEP_END } };
  guint n_accepted = 0;

  serve (fixture, steps);
  for (gsize i = 0; i < 5; i++)
    {
      g_autoptr (ScopeApiReply) reply = publish_and_wait (fixture);

      g_assert_true (reply->outcome == SCOPE_API_ACCEPTED || reply->outcome == SCOPE_API_UNKNOWN
                     || reply->outcome == SCOPE_API_NOT_SENT);
      n_accepted += reply->outcome == SCOPE_API_ACCEPTED;
    }
  g_assert_cmpint (g_atomic_int_get (&fixture->n_requests), ==, n_accepted);
  g_assert_cmpuint (n_accepted, >=, 2);
}

static void
test_not_sent (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ScopeApiReply) refused = NULL;

  g_socket_listener_close (fixture->listener);
  refused = publish_and_wait (fixture);
  g_assert_cmpint (refused->outcome, ==, SCOPE_API_NOT_SENT);
  g_assert_cmpuint (refused->status, ==, 0);
  g_assert_nonnull (refused->meaning);
}

static void
test_no_such_host (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) resolver = g_object_new (NAMELESS_TYPE_RESOLVER, NULL);
  g_autoptr (ScopeApiReply) reply = NULL;

  g_resolver_set_default (resolver);
  g_free (fixture->options->host);
  fixture->options->host = g_strdup ("no-such-host.invalid");
  g_object_unref (fixture->client);
  fixture->client = scope_api_client_new (fixture->options, fixture->clock);
  reply = publish_and_wait (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_NOT_SENT);
  g_resolver_set_default (before);
}

/* TLS to a server that speaks none: it never saw the request. */
static void
test_no_tls (Fixture       *fixture,
             gconstpointer  data)
{
  static const Step steps[] = { { STEP_DROP_UNREAD }, { STEP_END } };
  g_autoptr (ScopeApiReply) reply = NULL;

  fixture->options->use_tls = TRUE;
  g_object_unref (fixture->client);
  fixture->client = scope_api_client_new (fixture->options, fixture->clock);
  serve (fixture, steps);
  reply = publish_and_wait (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_NOT_SENT);
}

/* As with `serve`: it reads the handshake as the start of a request, and waits for the rest. */
static void
test_silent_tls (Fixture       *fixture,
                 gconstpointer  data)
{
  static const Step steps[] = { { STEP_ANSWER }, { STEP_END } };
  g_autoptr (ScopeApiReply) reply = NULL;

  fixture->options->use_tls = TRUE;
  fixture->options->connect_timeout = 3;
  g_object_unref (fixture->client);
  fixture->client = scope_api_client_new (fixture->options, fixture->clock);
  serve (fixture, steps);
  publish (fixture, NULL);
  for (gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
       fixture->result == NULL && g_get_monotonic_time () < end;)
    {
      /* in steps: when the handshake begins is not seen from here, only that a connection is there */
      if (g_atomic_int_get (&fixture->n_connections) > 0)
        scope_clock_advance (fixture->clock, G_USEC_PER_SEC / 100);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  reply = wait_reply (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_NOT_SENT);
  g_assert_false (reply->is_cancelled);
  g_assert_nonnull (strstr (reply->text, "No TLS connection came about within 3"));
  g_assert_nonnull (strstr (reply->text, "--no-tls"));
}

/* A port whose queue of connections is full: who comes then hears nothing. */
static GSocket *
new_deaf_socket (GPtrArray *waiting)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  GSocket *deaf = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_true (g_socket_bind (deaf, any, FALSE, NULL));
  g_socket_set_listen_backlog (deaf, 0);
  g_assert_true (g_socket_listen (deaf, NULL));
  address = g_socket_get_local_address (deaf, NULL);
  for (guint i = 0; i < 4; i++)
    {
      GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

      g_socket_set_blocking (socket, FALSE);
      g_socket_connect (socket, address, NULL, NULL);
      g_ptr_array_add (waiting, socket);
    }
  return deaf;
}

static guint
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* Getting connected has its own limit, shorter than that of a whole call. */
static void
test_no_connection (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) deaf = new_deaf_socket (waiting);
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  g_autoptr (ScopeApiReply) reply = NULL;

  fixture->options->port = get_port (deaf);
  fixture->options->connect_timeout = 3;
  g_object_unref (fixture->client);
  fixture->client = scope_api_client_new (fixture->options, fixture->clock);
  publish (fixture, NULL);
  while (fixture->result == NULL && g_get_monotonic_time () < end)
    {
      /* slowly: when it begins to connect is not seen from here */
      scope_clock_advance (fixture->clock, G_USEC_PER_SEC / 100);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  reply = wait_reply (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_NOT_SENT);
  g_assert_false (reply->is_cancelled);
  g_assert_nonnull (strstr (reply->text, "No connection came about within 3"));
}

static void
wait_for_request (Fixture *fixture)
{
  WAIT_UNTIL (g_atomic_int_get (&fixture->n_requests) > 0);
}

static void
test_late (Fixture       *fixture,
           gconstpointer  data)
{
  static const Step steps[] = { { STEP_SILENT }, { STEP_END } };
  g_autoptr (ScopeApiReply) reply = NULL;

  serve (fixture, steps);
  publish (fixture, NULL);
  wait_for_request (fixture);
  scope_clock_advance (fixture->clock, SCOPE_WAIT_API_USEC);
  reply = wait_reply (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_UNKNOWN);
  g_assert_false (reply->is_cancelled);
  g_assert_nonnull (strstr (reply->text, "30 s"));
  g_clear_object (&fixture->client);
  g_assert_cmpuint (scope_clock_count_timers (fixture->clock), ==, 0);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  static const Step steps[] = { { STEP_SILENT }, { STEP_END } };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ScopeApiReply) reply = NULL;
  g_autoptr (ScopeApiReply) early = NULL;

  serve (fixture, steps);
  publish (fixture, cancellable);
  wait_for_request (fixture);
  g_cancellable_cancel (cancellable);
  reply = wait_reply (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_UNKNOWN);
  g_assert_true (reply->is_cancelled);

  publish (fixture, cancellable);
  early = wait_reply (fixture);
  g_assert_cmpint (early->outcome, ==, SCOPE_API_NOT_SENT);
  g_assert_cmpint (g_atomic_int_get (&fixture->n_requests), ==, 1);
}

static void
test_endless (Fixture       *fixture,
              gconstpointer  data)
{
  static const Step steps[] = { { STEP_ENDLESS }, { STEP_END } };
  g_autoptr (ScopeApiReply) reply = NULL;

  serve (fixture, steps);
  reply = publish_and_wait (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_UNKNOWN);
  g_assert_nonnull (strstr (reply->text, "4194304"));
}

/* A query may be asked again, and libsoup does. */
static void
test_query_again (Fixture       *fixture,
                  gconstpointer  data)
{
  static const Step steps[] = { { STEP_ANSWER }, { STEP_DROP_READ }, { STEP_ANSWER }, { STEP_END } };

  serve (fixture, steps);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ScopeApiReply) reply = NULL;

      scope_api_client_get_channel_async (fixture->client, "news", NULL, NULL, wait_result_cb,
                                          &fixture->result);
      reply = wait_reply (fixture);
      g_assert_cmpint (reply->outcome, ==, SCOPE_API_ACCEPTED);
    }
  g_assert_cmpint (g_atomic_int_get (&fixture->n_requests), ==, 3);
}

#define EXPIRED \
  "Timestamp expired: Given timestamp (2023-11-14T22:13:20Z) not within 600s of server time (2023-11-14T23:13:20Z)"

/* The first is what soketi 1.6.1 answers to a wrong secret: status 200. */
static void
test_answers (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *head;
    const char *body;
    ScopeApiOutcome outcome;
    guint status;
    const char *text;
    const char *meaning; /* a part of it */
  } rows[] = {
    { "200 OK", "{\"error\":\"The secret authentication failed\",\"code\":401}", SCOPE_API_REFUSED, 401,
      "The secret authentication failed", "another secret" },
    { "200 OK", "{\"ok\":true}", SCOPE_API_ACCEPTED, 200, NULL, NULL },
    { "200 OK", "", SCOPE_API_ACCEPTED, 200, NULL, NULL },
    { "202 Accepted", "202 ACCEPTED\n", SCOPE_API_ACCEPTED, 202, NULL, NULL },
    { "200 OK", "{\"error\":\"no code\"}", SCOPE_API_ACCEPTED, 200, NULL, NULL },
    { "200 OK", "{\"error\":\"odd\",\"code\":7}", SCOPE_API_REFUSED, 200, "odd", "" },
    { "200 OK\r\nContent-Type: text/html", "<p>Log in", SCOPE_API_UNKNOWN, 200, NULL, "" },
    { "400 Bad Request", "The following query string parameters are extraneous: x", SCOPE_API_REFUSED, 400,
      "The following query string parameters are extraneous: x", "parameter" },
    { "401 Unauthorized", "Unknown auth_key k", SCOPE_API_REFUSED, 401, "Unknown auth_key k", "cluster" },
    { "401 Unauthorized", "Invalid signature: you should have sent HmacSHA256Hex(\"POST\\n/a\", your_secret_key)",
      SCOPE_API_REFUSED, 401, NULL, "another secret" },
    { "401 Unauthorized\r\nDate: Tue, 14 Nov 2023 22:00:00 GMT", EXPIRED, SCOPE_API_REFUSED, 401, EXPIRED,
      "13 min 20 s ahead of the server's" },
    { "401 Unauthorized", EXPIRED, SCOPE_API_REFUSED, 401, EXPIRED, "1 h behind the server's" },
    { "403 Forbidden", "over quota", SCOPE_API_REFUSED, 403, "over quota", "quota" },
    { "404 Not Found", "", SCOPE_API_REFUSED, 404, "", "app id" },
    { "407 Proxy Authentication Required", "log in", SCOPE_API_REFUSED, 407, "log in", "proxy" },
    { "413 Too Large", "The data content of this event exceeds the allowed maximum (10240 bytes)",
      SCOPE_API_REFUSED, 413, NULL, "too large" },
    { "422 No", "{\"message\":\"The data must be a string.\"}", SCOPE_API_REFUSED, 422,
      "The data must be a string.", "Reverb" },
    { "429 Slow", "{\"error\":\"slow down\",\"code\":429}", SCOPE_API_REFUSED, 429, "slow down", "Too many" },
    { "302 Found\r\nLocation: http://127.0.0.1:9/", "", SCOPE_API_REFUSED, 302, "", "another address" },
    { "500 Oops", "oops", SCOPE_API_REFUSED, 500, "oops", "error of its own" },
    { "504 Gateway Timeout", "", SCOPE_API_UNKNOWN, 504, "", "" },
  };
  Step steps[G_N_ELEMENTS (rows) + 1] = { { STEP_END } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    steps[i] = (Step){ STEP_ANSWER, rows[i].head, rows[i].body };
  serve (fixture, steps);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScopeApiReply) reply = publish_and_wait (fixture);

      g_assert_cmpint (reply->outcome, ==, rows[i].outcome);
      g_assert_cmpuint (reply->status, ==, rows[i].status);
      g_assert_cmpstr (reply->body, ==, rows[i].body);
      if (rows[i].text != NULL)
        g_assert_cmpstr (reply->text, ==, rows[i].text);
      if (rows[i].meaning != NULL)
        g_assert_nonnull (strstr (reply->meaning, rows[i].meaning));
    }
  g_assert_cmpint (g_atomic_int_get (&fixture->n_requests), ==, G_N_ELEMENTS (rows));

  /* the server is done with its script before the rows go */
  g_cancellable_cancel (fixture->stop);
  g_thread_join (g_steal_pointer (&fixture->thread));
}

static void
skewed_cb (ScopeApiClient *client,
           GParamSpec     *pspec,
           gpointer        user_data)
{
  (*(guint *) user_data)++;
}

static void
publish_expecting_time (Fixture    *fixture,
                        const char *seconds)
{
  g_autoptr (ScopeApiReply) reply = publish_and_wait (fixture);
  g_autofree char *wanted = g_strdup_printf ("auth_timestamp=%s&", seconds);

  g_assert_nonnull (strstr (fixture->head, wanted));
  g_assert_nonnull (strstr (reply->signed_text, wanted));
}

/* The clock is found to be off by any answer, and told; the server's time is used once somebody wants that. */
static void
test_clock (Fixture       *fixture,
            gconstpointer  data)
{
  static const Step steps[] = {
    { STEP_ANSWER, "200 OK\r\nDate: Tue, 14 Nov 2023 22:13:00 GMT", "{}" },
    { STEP_ANSWER, "401 No\r\nDate: Tue, 14 Nov 2023 22:00:00 GMT", EXPIRED },
    { STEP_ANSWER, "200 OK\r\nDate: Tue, 14 Nov 2023 22:00:00 GMT", "{}" },
    { STEP_ANSWER, "200 OK\r\nAge: 4\r\nDate: Tue, 14 Nov 2023 20:00:00 GMT", "{}" },
    { STEP_ANSWER, "200 OK\r\nDate: soon", "{}" },
    { STEP_ANSWER, "200 OK\r\nContent-Type: text/html\r\nDate: Tue, 14 Nov 2023 20:00:00 GMT", "<p>" },
    { STEP_ANSWER, "200 OK\r\nDate: Tue, 14 Nov 2023 23:13:20 GMT", "{}" },
    { STEP_ANSWER, "200 OK\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT", "{}" },
    { STEP_END },
  };
  const gint64 ahead = (13 * 60 + 20) * G_USEC_PER_SEC;
  guint n_notified = 0;

  g_signal_connect (fixture->client, "notify::clock-skew-usec", G_CALLBACK (skewed_cb), &n_notified);
  serve (fixture, steps);
  publish_expecting_time (fixture, "1700000000");
  g_assert_cmpint (scope_api_client_get_clock_skew_usec (fixture->client), ==, 0);
  publish_expecting_time (fixture, "1700000000");
  g_assert_cmpint (scope_api_client_get_clock_skew_usec (fixture->client), ==, ahead);
  g_assert_cmpuint (n_notified, ==, 1);

  /* nothing was sent again by itself */
  g_assert_cmpint (g_atomic_int_get (&fixture->n_requests), ==, 2);
  g_assert_false (scope_api_client_get_uses_server_time (fixture->client));
  scope_api_client_set_uses_server_time (fixture->client, TRUE);
  for (guint i = 0; i < 5; i++)
    publish_expecting_time (fixture, "1699999200");
  g_assert_cmpint (scope_api_client_get_clock_skew_usec (fixture->client), ==,
                   -G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);
  g_assert_cmpuint (n_notified, ==, 2);

  publish_expecting_time (fixture, "1700003600");
  g_assert_cmpint (scope_api_client_get_clock_skew_usec (fixture->client), ==, 0);
  g_assert_cmpuint (n_notified, ==, 3);
}

/* A slow answer makes the measure coarse: what may be the wait is not told. */
static void
test_clock_bound (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct
  {
    gint64 answered_seconds;
    const char *date;
    gint64 ahead_seconds;
    gint64 bound_seconds;
    gboolean is_off;
  } rows[] = {
    { 0, "Tue, 14 Nov 2023 22:12:49 GMT", 31, 1, FALSE },
    { 0, "Tue, 14 Nov 2023 22:12:48 GMT", 32, 1, TRUE },
    { 0, "Tue, 14 Nov 2023 22:13:52 GMT", -32, 1, TRUE },
    { 20, "Tue, 14 Nov 2023 22:12:49 GMT", 41, 11, FALSE },
    { 20, "Tue, 14 Nov 2023 22:12:48 GMT", 42, 11, TRUE },
    { 0, NULL, 0, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScopeApiReply) reply = scope_api_reply_new ();

      _scope_api_reply_take_answer (reply, 200, NULL, rows[i].date, NOW_SECONDS * G_USEC_PER_SEC,
                                    (NOW_SECONDS + rows[i].answered_seconds) * G_USEC_PER_SEC, "{}", 2);
      g_assert_cmpint (reply->has_server_time, ==, rows[i].date != NULL);
      g_assert_cmpint (reply->clock_ahead_usec, ==, rows[i].ahead_seconds * G_USEC_PER_SEC);
      g_assert_cmpint (reply->clock_bound_usec, ==, rows[i].bound_seconds * G_USEC_PER_SEC);
      g_assert_cmpint (scope_api_reply_is_clock_off (reply), ==, rows[i].is_off);
    }
}

static void
test_long_refusal (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  Step steps[] = { { STEP_ANSWER, "400 Bad Request", text }, { STEP_END } };
  g_autoptr (ScopeApiReply) reply = NULL;

  serve (fixture, steps);
  reply = publish_and_wait (fixture);
  g_assert_cmpint (reply->outcome, ==, SCOPE_API_REFUSED);
  g_assert_cmpuint (strlen (reply->text), <, SCOPE_LIMIT_ERROR_TEXT_BYTES + 64);
  g_clear_object (&fixture->client);
  g_cancellable_cancel (fixture->stop);
  g_thread_join (g_steal_pointer (&fixture->thread));
}

static void
test_refused_here (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);
  g_autoptr (ScopeApiEvent) event = new_event ("{");
  g_autoptr (GError) error = NULL;

  scope_api_client_publish_async (fixture->client, event, NULL, wait_result_cb, &fixture->result);
  g_assert_null (wait (fixture, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);

  for (guint i = 0; i < 11; i++)
    g_ptr_array_add (batch, new_event ("1"));
  scope_api_client_publish_batch_async (fixture->client, batch, NULL, wait_result_cb,
                                        &fixture->result);
  g_assert_null (wait (fixture, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "10"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  /* over connections of our own, and by libsoup, as it is with a proxy or TLS: here the proxy is none */
#define ADD(name, func)                                                                                              \
  g_test_add ("/api-client/line/" name, Fixture, NULL, set_up, func, tear_down);                                     \
  g_test_add ("/api-client/soup/" name, Fixture, "direct://", set_up, func, tear_down)
  ADD ("endpoints", test_endpoints);
  ADD ("drops", test_drops);
  ADD ("drop-unread", test_drop_unread);
  ADD ("not-sent", test_not_sent);
  ADD ("no-such-host", test_no_such_host);
  ADD ("no-tls", test_no_tls);
  ADD ("silent-tls", test_silent_tls);
  ADD ("no-connection", test_no_connection);
  ADD ("late", test_late);
  ADD ("cancelled", test_cancelled);
  ADD ("endless", test_endless);
  ADD ("query-again", test_query_again);
  ADD ("answers", test_answers);
  ADD ("clock", test_clock);
  ADD ("clock-bound", test_clock_bound);
  ADD ("long-refusal", test_long_refusal);
  ADD ("refused-here", test_refused_here);

  return g_test_run ();
}
