/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The doctor, fault by fault: a server that has it, the step that must fail, and what it says. */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "nameless-resolver.h"
#include "net/scope-doctor.h"
#include "protocol/scope-signature.h"
#include "tests/wait.h"

#define KEY "the-app-key"
#define SECRET "the-app-secret"
#define SOCKET_ID "12.34"
#define CHANNEL "private-channelscope-test"
#define PRESENCE "presence-channelscope-test"
#define GREETING "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"" SOCKET_ID "\\\"}\"}"
#define ERROR(code, text) "{\"event\":\"pusher:error\",\"data\":{\"code\":" code ",\"message\":\"" text "\"}}"
#define SUCCEEDED "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"" CHANNEL "\",\"data\":\"{}\"}"
#define SIGNED "" /* an endpoint's answer: made for what was asked */

/* gcc 12's leak checker crashes once GnuTLS has loaded its modules: see test-tls.c. */
__attribute__ ((visibility ("default"))) int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}

typedef struct
{
  const char *name;
  ScopeDoctorStepId step;   /* the first that fails */
  ScopeFault fault;
  const char *message;      /* is in its message; NULL: not asked */
  ScopeDoctorVerdict verdict;

  guint upgrade;            /* status of the answer; 0: 101 */
  const char *page;         /* its body, or NULL */
  const char *greeting;     /* NULL: a good one; "": silence */
  guint close;              /* instead of a greeting */
  const char *close_reason;
  const char *answer;       /* to the subscription; NULL: a good one; "": silence */

  guint api;                /* status; 0: 200 */
  const char *api_body;
  const char *api_date;

  guint endpoint;           /* status; 0: there is none */
  const char *private_body; /* SIGNED: a good one */
  const char *presence_body;
  const char *location;
  gboolean no_secret;
  gboolean hangs_up;        /* while the endpoint is asked about a presence channel */
} Row;

typedef struct
{
  const Row *row;
  SoupServer *server;
  ScopeConnectionOptions *options;
  ScopeDoctor *doctor;
  GPtrArray *sockets;
  GString *frames;          /* what the doctor sent */
  GString *requests;
  GString *story;           /* "dns 1 2, tcp 1 …": states as they came */
  const char *refusal;      /* of a client event, earlier */
  gboolean done;
  GError *error;
} Fixture;

/* --- the server --- */

static void
frame_cb (SoupWebsocketConnection *socket,
          SoupWebsocketDataType type,
          GBytes *frame,
          gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *answer = fixture->row->answer != NULL ? fixture->row->answer : SUCCEEDED;
  const char *text = g_bytes_get_data (frame, NULL);

  g_string_append_printf (fixture->frames, "%s\n", text);
  if (strstr (text, "pusher:subscribe") != NULL && *answer != '\0')
    soup_websocket_connection_send_text (socket, answer);
}

static void
socket_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *socket,
           gpointer user_data)
{
  Fixture *fixture = user_data;
  const Row *row = fixture->row;
  const char *greeting = row->greeting != NULL ? row->greeting : GREETING;

  g_ptr_array_add (fixture->sockets, g_object_ref (socket));
  g_signal_connect (socket, "message", G_CALLBACK (frame_cb), fixture);
  if (row->close != 0)
    soup_websocket_connection_close (socket, row->close, row->close_reason);
  else if (*greeting != '\0')
    soup_websocket_connection_send_text (socket, greeting);
}

static void
answer (SoupServerMessage *message,
        guint status,
        const char *type,
        const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  if (body != NULL)
    soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

static char *
sign (const char *channel,
      const char *channel_data)
{
  g_autofree char *auth = scope_sign_channel (KEY, SECRET, SOCKET_ID, channel, channel_data);
  g_autofree char *escaped = channel_data != NULL ? g_strescape (channel_data, NULL) : NULL;

  if (channel_data == NULL)
    return g_strdup_printf ("{\"auth\":\"%s\"}", auth);
  return g_strdup_printf ("{\"auth\":\"%s\",\"channel_data\":\"%s\"}", auth, escaped);
}

static gboolean
go_on_cb (gpointer user_data)
{
  soup_server_message_unpause (user_data);
  return G_SOURCE_REMOVE;
}

/* The answer comes when the doctor has long since heard of it. */
static void
hang_up (Fixture *fixture,
         SoupServerMessage *message)
{
  for (guint i = 0; i < fixture->sockets->len; i++)
    soup_websocket_connection_close (g_ptr_array_index (fixture->sockets, i), 4200, NULL);
  soup_server_message_pause (message);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 200, go_on_cb, g_object_ref (message), g_object_unref);
}

static void
endpoint_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  Fixture *fixture = user_data;
  const Row *row = fixture->row;
  SoupMessageBody *form = soup_server_message_get_request_body (message);
  gboolean is_presence = g_strstr_len (form->data, form->length, PRESENCE) != NULL;
  const char *body = is_presence ? row->presence_body : row->private_body;
  g_autofree char *made
      = is_presence ? sign (PRESENCE, "{\"user_id\":\"ann\"}") : sign (CHANNEL, NULL);

  g_string_append_printf (fixture->requests, "%s\n", path);
  if (row->location != NULL)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Location", row->location);
  answer (message, row->endpoint, "application/json", body == NULL || *body == '\0' ? made : body);
  if (is_presence && row->hangs_up)
    hang_up (fixture, message);
}

static void
api_cb (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer user_data)
{
  Fixture *fixture = user_data;
  const Row *row = fixture->row;
  const char *body = row->api_body != NULL ? row->api_body : "{\"occupied\":false}";

  g_string_append_printf (fixture->requests, "%s %s\n", soup_server_message_get_method (message), path);
  if (row->api_date != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date", row->api_date);
  answer (message, row->api != 0 ? row->api : 200, *body == '<' ? "text/html" : "text/plain", body);
}

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  Fixture *fixture = user_data;

  answer (message, fixture->row->upgrade, "text/plain", fixture->row->page);
}

static void
start_server (Fixture *fixture,
              const char *certificate_name)
{
  g_autofree char *path = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  if (certificate_name != NULL)
    {
      path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "net", "tls", certificate_name, NULL);
      certificate = g_tls_certificate_new_from_file (path, &error);
      g_assert_no_error (error);
    }
  fixture->server = soup_server_new ("tls-certificate", certificate, NULL);
  if (fixture->row->upgrade == 0)
    soup_server_add_websocket_handler (fixture->server, "/app", NULL, NULL, socket_cb, fixture, NULL);
  else
    soup_server_add_handler (fixture->server, "/app", page_cb, fixture, NULL);
  soup_server_add_handler (fixture->server, "/apps", api_cb, fixture, NULL);
  soup_server_add_handler (fixture->server, "/auth", endpoint_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0),
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->options->port = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

/* --- the doctor --- */

static const Row good = { "good" };

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->row = data != NULL ? data : &good;
  fixture->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->frames = g_string_new (NULL);
  fixture->requests = g_string_new (NULL);
  fixture->story = g_string_new (NULL);
  fixture->options = scope_connection_options_new ();
  fixture->options->connect_timeout = 60; /* only the cases about a limit shorten it */
  fixture->options->key = g_strdup (KEY);
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->app_id = g_strdup ("7");
  fixture->options->use_tls = FALSE;
  fixture->options->secret = fixture->row->no_secret ? NULL : scope_secret_new (SECRET);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->doctor);
  g_ptr_array_unref (fixture->sockets);
  if (fixture->server != NULL)
    soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  scope_connection_options_free (fixture->options);
  g_string_free (fixture->frames, TRUE);
  g_string_free (fixture->requests, TRUE);
  g_string_free (fixture->story, TRUE);
  g_clear_error (&fixture->error);
}

static void
done_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  Fixture *fixture = user_data;

  scope_doctor_run_finish (SCOPE_DOCTOR (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
changed_cb (ScopeDoctor *doctor,
            guint id,
            Fixture *fixture)
{
  g_string_append_printf (fixture->story, "%s %d\n", scope_doctor_step_get_name (id),
                          scope_doctor_get_step (doctor, id)->state);
}

static void
start (Fixture *fixture,
       GCancellable *cancellable)
{
  fixture->doctor = scope_doctor_new (fixture->options, NULL);
  scope_doctor_note_refusal (fixture->doctor, fixture->refusal);
  g_signal_connect (fixture->doctor, "changed", G_CALLBACK (changed_cb), fixture);
  scope_doctor_run_async (fixture->doctor, cancellable, done_cb, fixture);
}

/* of the doctor's sockets, so that nobody holds it any more */
static void
settle (Fixture *fixture)
{
  WAIT_UNTIL (fixture->done && G_OBJECT (fixture->doctor)->ref_count == 1);
}

static void
run (Fixture *fixture)
{
  start (fixture, NULL);
  settle (fixture);
  g_assert_no_error (fixture->error);
}

static void
assert_no_secret (const char *text)
{
  g_assert_null (strstr (text, KEY));
  g_assert_null (strstr (text, SECRET));
}

static const ScopeDoctorStep *
assert_fault (Fixture *fixture,
              ScopeDoctorStepId id,
              ScopeFault fault,
              const char *message)
{
  const ScopeDoctorStep *step = scope_doctor_get_step (fixture->doctor, id);
  g_autofree char *report = scope_doctor_dup_report (fixture->doctor);

  g_test_message ("%s", report);
  assert_no_secret (report);
  for (guint before = 0; before < id; before++)
    g_assert_cmpint (scope_doctor_get_step (fixture->doctor, before)->state, !=, SCOPE_DOCTOR_FAILED);
  g_assert_cmpint (step->state, ==, SCOPE_DOCTOR_FAILED);
  g_assert_cmpint (step->fault, ==, fault);
  g_assert_nonnull (step->advice);
  if (message != NULL)
    g_assert_nonnull (strstr (step->message, message));
  return step;
}

/* --- faults that a server has --- */

#define UPGRADE(status, a_fault) { .name = "upgrade-" #status, .step = SCOPE_DOCTOR_UPGRADE, \
                                   .fault = SCOPE_FAULT_##a_fault, .message = #status, \
                                   .verdict = SCOPE_DOCTOR_REFUSED, .upgrade = status, .page = "a page" }
#define REFUSAL(code, text, a_fault) { .name = "refusal-" code "-" #a_fault, .step = SCOPE_DOCTOR_HANDSHAKE, \
                                       .fault = SCOPE_FAULT_##a_fault, .message = code, \
                                       .verdict = SCOPE_DOCTOR_REFUSED, .greeting = ERROR (code, text) }
#define CLOSE(code, a_fault) { .name = "close-" #code, .step = SCOPE_DOCTOR_HANDSHAKE, \
                               .fault = SCOPE_FAULT_##a_fault, .message = #code, \
                               .verdict = SCOPE_DOCTOR_REFUSED, .close = code, .close_reason = "so it is" }
#define API(a_name, status, body, a_fault) { .name = "api-" a_name, .step = SCOPE_DOCTOR_HTTP_API, \
                                             .fault = SCOPE_FAULT_##a_fault, \
                                             .verdict = SCOPE_DOCTOR_REFUSED, .api = status, .api_body = body }
#define ENDPOINT(a_name, status, body, a_fault) { .name = "endpoint-" a_name, .step = SCOPE_DOCTOR_CHANNEL_AUTH, \
                                                  .fault = SCOPE_FAULT_ENDPOINT_##a_fault, \
                                                  .verdict = SCOPE_DOCTOR_REFUSED, .endpoint = status, \
                                                  .private_body = body, .presence_body = body }
#define MEMBER(a_name, body, a_fault) { .name = "presence-" a_name, .step = SCOPE_DOCTOR_PRESENCE_AUTH, \
                                        .fault = SCOPE_FAULT_ENDPOINT_##a_fault, \
                                        .verdict = SCOPE_DOCTOR_REFUSED, .endpoint = 200, .private_body = SIGNED, \
                                        .presence_body = body }

static const Row rows[] = {
  UPGRADE (200, NOT_WEBSOCKET),
  UPGRADE (302, REDIRECT),
  UPGRADE (400, NOT_WEBSOCKET),
  UPGRADE (401, LOGIN),
  UPGRADE (403, ORIGIN),
  UPGRADE (404, PATH),
  UPGRADE (426, NOT_WEBSOCKET),
  UPGRADE (429, OVERLOADED),
  UPGRADE (500, SERVER),
  UPGRADE (502, GATEWAY),
  UPGRADE (503, OVERLOADED),
  UPGRADE (504, GATEWAY),

  REFUSAL ("4000", "TLS only", TLS_SPOKEN),
  REFUSAL ("4001", "App key the-app-key does not exist.", APP_UNKNOWN),
  REFUSAL ("4001", "App key the-app-key not in this cluster. Did you forget to specify the cluster?", APP_NOT_IN_CLUSTER),
  REFUSAL ("4003", "The app is not enabled.", APP_DISABLED),
  REFUSAL ("4004", "Application is over connection quota", QUOTA),
  REFUSAL ("4005", "Path not found", PATH),
  REFUSAL ("4009", "Origin not allowed", ORIGIN),
  REFUSAL ("4100", "The current concurrent connections quota has been reached.", QUOTA),
  REFUSAL ("4200", "Server is closing.", OVERLOADED),
  CLOSE (4001, APP_UNKNOWN),
  CLOSE (4003, APP_DISABLED),
  CLOSE (4004, QUOTA),
  CLOSE (4009, ORIGIN),
  CLOSE (1011, SERVER),
  CLOSE (4007, CLOSED),
  { .name = "no-greeting", .step = SCOPE_DOCTOR_HANDSHAKE, .fault = SCOPE_FAULT_GREETING,
    .verdict = SCOPE_DOCTOR_REFUSED, .greeting = "{\"event\":\"hello\"}" },
  { .name = "no-json", .step = SCOPE_DOCTOR_HANDSHAKE, .fault = SCOPE_FAULT_GREETING,
    .verdict = SCOPE_DOCTOR_REFUSED, .greeting = "hello" },
  { .name = "no-socket-id", .step = SCOPE_DOCTOR_HANDSHAKE, .fault = SCOPE_FAULT_GREETING,
    .verdict = SCOPE_DOCTOR_REFUSED, .greeting = "{\"event\":\"pusher:connection_established\",\"data\":\"{}\"}" },

  API ("secret", 401, "Invalid signature: you should have sent HmacSHA256Hex(…)", API_SECRET),
  API ("secret-soketi", 200, "{\"error\":\"The secret authentication failed\",\"code\":401}", API_SECRET),
  API ("key", 401, "Unknown auth_key the-app-key", API_KEY),
  API ("clock", 401, "Timestamp expired: Given timestamp (2026-01-01T00:00:00Z) not within 600s of server time "
                     "(2020-01-01T00:00:00Z)", API_CLOCK),
  API ("app-id", 404, "Unknown app id 7", API_APP_ID),
  API ("app-id-soketi", 404, "{\"error\":\"The app 7 could not be found.\",\"code\":404}", API_APP_ID),
  API ("page", 404, "<html>No such app page</html>", API_PLACE),
  API ("web-server", 200, "<html>Hi</html>", API_PLACE),
  API ("text", 200, "It works!", API_PLACE),
  API ("method", 405, "no", API_PLACE),
  API ("disabled", 403, "App disabled", APP_DISABLED),
  API ("gateway", 502, "<html>", GATEWAY),
  API ("trouble", 500, "oh", SERVER),
  API ("bad", 400, "extraneous", API_REFUSED),

  { .name = "secret-refused", .step = SCOPE_DOCTOR_CHANNEL_AUTH, .fault = SCOPE_FAULT_SIGNATURE,
    .message = "unauthorized", .verdict = SCOPE_DOCTOR_REFUSED,
    .answer = "{\"event\":\"pusher:subscription_error\",\"channel\":\"" CHANNEL "\",\"data\":{\"type\":\"AuthError\","
              "\"error\":\"The connection is unauthorized.\",\"status\":401}}" },
  { .name = "secret-refused-by-error", .step = SCOPE_DOCTOR_CHANNEL_AUTH, .fault = SCOPE_FAULT_SIGNATURE,
    .verdict = SCOPE_DOCTOR_REFUSED, .answer = ERROR ("4009", "Connection is unauthorized") },
  { .name = "secret-refused-by-pusher", .step = SCOPE_DOCTOR_CHANNEL_AUTH, .fault = SCOPE_FAULT_SIGNATURE,
    .verdict = SCOPE_DOCTOR_REFUSED,
    .answer = ERROR ("null", "Invalid signature: Expected HMAC SHA256 hex digest of 1.2:x, but got y") },
  { .name = "subscription-trouble", .step = SCOPE_DOCTOR_CHANNEL_AUTH, .fault = SCOPE_FAULT_SUBSCRIPTION,
    .verdict = SCOPE_DOCTOR_REFUSED, .answer = ERROR ("500", "Oh no") },

  ENDPOINT ("401", 401, "no", LOGIN),
  ENDPOINT ("403", 403, "Forbidden", LOGIN),
  ENDPOINT ("419", 419, "CSRF token mismatch.", LOGIN),
  ENDPOINT ("404", 404, "no", REFUSED),
  ENDPOINT ("405", 405, "no", REFUSED),
  ENDPOINT ("500", 500, "no", REFUSED),
  ENDPOINT ("page", 200, "<!DOCTYPE html><title>Log in</title>", PAGE),
  ENDPOINT ("no-json", 200, "ok", REPLY),
  ENDPOINT ("no-auth", 200, "{\"token\":\"x\"}", REPLY),
  ENDPOINT ("twice-encoded", 200, "\"{\\\"auth\\\":\\\"a:b\\\"}\"", REPLY),
  ENDPOINT ("other-key", 200, "{\"auth\":\"another-key:0123\"}", KEY),
  ENDPOINT ("other-secret", 200, "{\"auth\":\"the-app-key:0123\"}", SECRET),
  { .name = "endpoint-redirect", .step = SCOPE_DOCTOR_CHANNEL_AUTH, .fault = SCOPE_FAULT_ENDPOINT_REDIRECT,
    .message = "/login", .verdict = SCOPE_DOCTOR_REFUSED, .endpoint = 302, .location = "/login" },
  { .name = "endpoint-refused-by-server", .step = SCOPE_DOCTOR_CHANNEL_AUTH, .fault = SCOPE_FAULT_ENDPOINT_SECRET,
    .verdict = SCOPE_DOCTOR_REFUSED, .endpoint = 200, .private_body = "{\"auth\":\"the-app-key:0123\"}",
    .presence_body = SIGNED, .no_secret = TRUE,
    .answer = "{\"event\":\"pusher:subscription_error\",\"channel\":\"" CHANNEL "\",\"data\":{\"type\":\"AuthError\","
              "\"error\":\"The connection is unauthorized.\",\"status\":401}}" },
  MEMBER ("no-channel-data", "{\"auth\":\"the-app-key:0123\"}", MEMBER),
  { .name = "presence-no-user-id", .step = SCOPE_DOCTOR_PRESENCE_AUTH, .fault = SCOPE_FAULT_ENDPOINT_MEMBER,
    .verdict = SCOPE_DOCTOR_REFUSED, .endpoint = 200, .private_body = SIGNED, .no_secret = TRUE,
    .presence_body = "{\"auth\":\"the-app-key:0123\",\"channel_data\":\"{}\"}" },
  MEMBER ("page", "<html>", PAGE),
  MEMBER ("other-secret", "{\"auth\":\"the-app-key:0123\",\"channel_data\":\"{\\\"user_id\\\":\\\"ann\\\"}\"}", SECRET),
};

static void
test_row (Fixture *fixture,
          gconstpointer data)
{
  const Row *row = fixture->row;

  start_server (fixture, NULL);
  if (row->endpoint != 0)
    fixture->options->channel_auth.endpoint = g_strdup_printf ("http://127.0.0.1:%u/auth", fixture->options->port);
  run (fixture);
  assert_fault (fixture, row->step, row->fault, row->message);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, row->verdict);
}

/* A server that repeats what it was sent: a login in a header, and the key. */
static void
test_secrets (Fixture *fixture,
              gconstpointer data)
{
  static const Row row = { .name = "secrets", .upgrade = 401, .page = "No: Bearer my-login-token for the-app-key" };
  const ScopeDoctorStep *step;
  char *headers[] = { (char *) "Authorization: Bearer my-login-token", NULL };

  fixture->row = &row;
  fixture->options->headers = g_strdupv (headers);
  start_server (fixture, NULL);
  run (fixture);
  step = assert_fault (fixture, SCOPE_DOCTOR_UPGRADE, SCOPE_FAULT_LOGIN, "•••");
  g_assert_null (strstr (step->message, "my-login-token"));
  g_assert_null (strstr (step->message, KEY));
}

/* --- all is well --- */

static void
test_good (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *report = NULL;

  start_server (fixture, NULL);
  run (fixture);
  report = scope_doctor_dup_report (fixture->doctor);
  assert_no_secret (report);
  g_assert_nonnull (strstr (report, "Socket id: " SOCKET_ID));
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_ALL_GOOD);
  g_assert_cmpstr (fixture->story->str, ==,
                   "dns 1\ndns 2\ntcp 1\ntcp 2\ntls 1\ntls 4\nupgrade 1\nupgrade 2\nhandshake 1\nhandshake 2\n"
                   "http_api 1\nhttp_api 2\nchannel_auth 1\nchannel_auth 2\npresence_auth 1\npresence_auth 4\n");
  /* one channel of its own, and one question */
  g_assert_cmpstr (fixture->requests->str, ==, "GET /apps/7/channels/" CHANNEL "\n");
  g_assert_nonnull (strstr (fixture->frames->str, "pusher:subscribe"));
  WAIT_UNTIL (strstr (fixture->frames->str, "pusher:unsubscribe") != NULL);
  g_assert_null (strstr (fixture->frames->str, "presence-"));
  g_assert_null (strstr (fixture->frames->str, "client-"));
}

static void
test_good_endpoint (Fixture *fixture,
                    gconstpointer data)
{
  static const Row row = { .name = "endpoint", .endpoint = 200, .private_body = SIGNED, .presence_body = SIGNED };
  const ScopeDoctorStep *presence;

  fixture->row = &row;
  start_server (fixture, NULL);
  fixture->options->channel_auth.endpoint = g_strdup_printf ("http://127.0.0.1:%u/auth", fixture->options->port);
  run (fixture);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_ALL_GOOD);
  presence = scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_PRESENCE_AUTH);
  g_assert_cmpint (presence->state, ==, SCOPE_DOCTOR_GOOD);
  g_assert_nonnull (strstr (presence->message, "“ann”"));
  g_assert_null (strstr (fixture->frames->str, "presence-"));
}

/* The last step needs no more of the socket than its id. */
static void
test_hung_up_last (Fixture *fixture,
                   gconstpointer data)
{
  static const Row row = { .name = "hangs-up", .endpoint = 200, .private_body = SIGNED, .presence_body = SIGNED,
                           .hangs_up = TRUE };

  fixture->row = &row;
  start_server (fixture, NULL);
  fixture->options->channel_auth.endpoint = g_strdup_printf ("http://127.0.0.1:%u/auth", fixture->options->port);
  run (fixture);
  g_assert_cmpint (soup_websocket_connection_get_state (g_ptr_array_index (fixture->sockets, 0)), ==,
                   SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_ALL_GOOD);
}

/* Nobody sends one to find out; what the server said when the user did is told. */
static void
test_client_events_off (Fixture *fixture,
                        gconstpointer data)
{
  const ScopeDoctorStep *step;

  start_server (fixture, NULL);
  fixture->refusal = "To send client events, you must enable this feature in the Settings page of your dashboard.";
  run (fixture);
  step = scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_CHANNEL_AUTH);
  g_assert_cmpint (step->state, ==, SCOPE_DOCTOR_GOOD);
  g_assert_nonnull (strstr (step->message, fixture->refusal));
  g_assert_nonnull (strstr (step->advice, "Switch them on"));
  g_assert_null (strstr (fixture->frames->str, "client-"));
}

/* Nothing is wrong yet; what will be is told. */
static void
test_clock_is_told (Fixture *fixture,
                    gconstpointer data)
{
  static const Row row = { .name = "clock", .api_date = "Wed, 01 Jan 2020 00:00:00 GMT" };
  const ScopeDoctorStep *api;

  fixture->row = &row;
  start_server (fixture, NULL);
  run (fixture);
  api = scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_HTTP_API);
  g_assert_cmpint (api->state, ==, SCOPE_DOCTOR_GOOD);
  g_assert_nonnull (strstr (api->advice, "ahead"));
}

static void
test_nothing_configured (Fixture *fixture,
                         gconstpointer data)
{
  g_clear_pointer (&fixture->options->secret, scope_secret_unref);
  start_server (fixture, NULL);
  run (fixture);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_ALL_GOOD);
  for (guint id = SCOPE_DOCTOR_HTTP_API; id < SCOPE_N_DOCTOR_STEPS; id++)
    {
      g_assert_cmpint (scope_doctor_get_step (fixture->doctor, id)->state, ==, SCOPE_DOCTOR_SKIPPED);
      g_assert_nonnull (scope_doctor_get_step (fixture->doctor, id)->message);
    }
}

/* --- the way there --- */

static void
test_unknown_name (Fixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) nameless = g_object_new (NAMELESS_TYPE_RESOLVER, NULL);

  g_resolver_set_default (nameless);
  g_free (fixture->options->host);
  fixture->options->host = g_strdup ("nowhere.example");
  run (fixture);
  g_resolver_set_default (before);
  assert_fault (fixture, SCOPE_DOCTOR_DNS, SCOPE_FAULT_NAME_UNKNOWN, "nowhere.example");
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_UNREACHED);
  g_assert_nonnull (strstr (scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_TCP)->message, "Name (DNS)"));
  g_assert_cmpint (scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_HTTP_API)->state, ==, SCOPE_DOCTOR_SKIPPED);
}

static void
test_unknown_cluster (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) nameless = g_object_new (NAMELESS_TYPE_RESOLVER, NULL);

  g_resolver_set_default (nameless);
  g_clear_pointer (&fixture->options->host, g_free);
  fixture->options->cluster = g_strdup ("xy9");
  g_clear_pointer (&fixture->options->secret, scope_secret_unref);
  run (fixture);
  g_resolver_set_default (before);
  assert_fault (fixture, SCOPE_DOCTOR_DNS, SCOPE_FAULT_CLUSTER_UNKNOWN, "ws-xy9.pusher.com");
}

/* --- a name with two addresses --- */

#define TWO_TYPE_RESOLVER (two_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TwoResolver, two_resolver, TWO, RESOLVER, GResolver)

struct _TwoResolver
{
  GResolver parent;
};

G_DEFINE_FINAL_TYPE (TwoResolver, two_resolver, G_TYPE_RESOLVER)

static void
two_resolver_lookup_async (GResolver *resolver,
                           const char *name,
                           GResolverNameLookupFlags flags,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GList *addresses = NULL;

  g_task_set_source_tag (task, two_resolver_lookup_async);
  if (flags == G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "none");
      return;
    }
  addresses = g_list_append (addresses, g_inet_address_new_from_string ("127.0.0.9"));
  addresses = g_list_append (addresses, g_inet_address_new_from_string ("127.0.0.1"));
  g_task_return_pointer (task, addresses, (GDestroyNotify) g_resolver_free_addresses);
}

static void
two_resolver_lookup_any_async (GResolver *resolver,
                               const char *name,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  two_resolver_lookup_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback, user_data);
}

static GList *
two_resolver_lookup_finish (GResolver *resolver,
                            GAsyncResult *result,
                            GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
two_resolver_class_init (TwoResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_async = two_resolver_lookup_any_async;
  resolver_class->lookup_by_name_finish = two_resolver_lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = two_resolver_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = two_resolver_lookup_finish;
}

static void
two_resolver_init (TwoResolver *self)
{
}

/* The server is at the second alone. */
static void
test_two_addresses (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) two = g_object_new (TWO_TYPE_RESOLVER, NULL);
  const ScopeDoctorStep *step;

  g_resolver_set_default (two);
  start_server (fixture, NULL);
  g_free (fixture->options->host);
  fixture->options->host = g_strdup ("two.example");
  run (fixture);
  g_resolver_set_default (before);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_ALL_GOOD);
  step = scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_DNS);
  g_assert_cmpstr (step->message, ==, "two.example is 127.0.0.9, 127.0.0.1");
  step = scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_TCP);
  g_assert_nonnull (strstr (step->message, "127.0.0.9, which comes first"));
}

static guint
open_port (GSocketListener *listener)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) place = g_inet_socket_address_new (address, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_socket_listener_add_address (listener, place, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static guint
find_closed_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint port = open_port (listener);

  g_socket_listener_close (listener);
  return port;
}

static void
test_closed_port (Fixture *fixture,
                  gconstpointer data)
{
  fixture->options->port = find_closed_port ();
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_TCP, SCOPE_FAULT_PORT_CLOSED, "127.0.0.1:");
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_UNREACHED);
}

static void
test_proxy_closed (Fixture *fixture,
                   gconstpointer data)
{
  start_server (fixture, NULL);
  fixture->options->proxy = g_strdup_printf ("http://user:pass-word@127.0.0.1:%u", find_closed_port ());
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_TCP, SCOPE_FAULT_PORT_CLOSED, "proxy");
  g_assert_null (strstr (scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_TCP)->message, "pass-word"));
}

static gboolean
proxy_cb (GSocketService *service,
          GSocketConnection *connection,
          GObject *source,
          gpointer answer)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_output_stream_write_all (out, answer, strlen (answer), NULL, NULL, NULL);
  g_object_set_data_full (G_OBJECT (service), "connection", g_object_ref (connection), g_object_unref);
  return TRUE;
}

static void
check_proxy (Fixture *fixture,
             const char *answer,
             ScopeFault fault)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();

  g_signal_connect (service, "incoming", G_CALLBACK (proxy_cb), (gpointer) answer);
  fixture->options->use_tls = TRUE;
  fixture->options->port = 443;
  fixture->options->proxy
      = g_strdup_printf ("http://user:pass-word@127.0.0.1:%u", open_port (G_SOCKET_LISTENER (service)));
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_TCP, fault, "proxy");
  g_assert_null (strstr (scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_TCP)->message, "pass-word"));
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

static void
test_proxy_login (Fixture *fixture,
                  gconstpointer data)
{
  check_proxy (fixture, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
               SCOPE_FAULT_PROXY_LOGIN);
}

static void
test_proxy_refuses (Fixture *fixture,
                    gconstpointer data)
{
  check_proxy (fixture, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", SCOPE_FAULT_PROXY);
}

/* takes connections, and says nothing */
static void
test_silent (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  fixture->options->port = open_port (listener);
  fixture->options->connect_timeout = 0.9; /* time enough for the steps before it */
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_UPGRADE, SCOPE_FAULT_UPGRADE_SILENT, "900 ms");
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_UNREACHED);
}

static void
test_silent_greeting (Fixture *fixture,
                      gconstpointer data)
{
  static const Row row = { .name = "silent", .greeting = "" };

  fixture->row = &row;
  start_server (fixture, NULL);
  fixture->options->connect_timeout = 2;
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_HANDSHAKE, SCOPE_FAULT_GREETING_SILENT, NULL);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_UNREACHED);
}

static void
test_api_elsewhere (Fixture *fixture,
                    gconstpointer data)
{
  start_server (fixture, NULL);
  fixture->options->api_port = find_closed_port ();
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_HTTP_API, SCOPE_FAULT_API_PLACE, NULL);
  g_assert_cmpint (scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_CHANNEL_AUTH)->state, ==, SCOPE_DOCTOR_GOOD);
}

static void
test_endpoint_down (Fixture *fixture,
                    gconstpointer data)
{
  start_server (fixture, NULL);
  fixture->options->channel_auth.endpoint = g_strdup_printf ("http://127.0.0.1:%u/auth", find_closed_port ());
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_CHANNEL_AUTH, SCOPE_FAULT_ENDPOINT_UNREACHED, NULL);
}

/* --- TLS --- */

typedef struct
{
  const char *certificate;
  const char *ca_file;
  ScopeFault fault;
  const char *message;
} TlsRow;

static const TlsRow tls_rows[] = {
  { "loopback.pem", NULL, SCOPE_FAULT_CERTIFICATE_AUTHORITY, "Channelscope test authority" },
  { "elsewhere.pem", "ca.pem", SCOPE_FAULT_CERTIFICATE_NAME, "not for 127.0.0.1" },
  { "self-signed.pem", NULL, SCOPE_FAULT_CERTIFICATE_SELF_SIGNED, "issued by Channelscope self-signed" },
  { "expired.pem", NULL, SCOPE_FAULT_CERTIFICATE_EXPIRED, "to 2021-01-01" },
  { "loopback.pem", "none.pem", SCOPE_FAULT_CA_FILE, "none.pem" },
  { NULL, NULL, SCOPE_FAULT_TLS_NOT_SPOKEN, "plain HTTP" },
};

static void
test_tls_row (gconstpointer data)
{
  const TlsRow *row = data;
  Fixture fixture = { NULL };

  set_up (&fixture, NULL);
  start_server (&fixture, row->certificate);
  fixture.options->use_tls = TRUE;
  if (row->ca_file != NULL)
    fixture.options->ca_file = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "net", "tls", row->ca_file, NULL);
  run (&fixture);
  assert_fault (&fixture, SCOPE_DOCTOR_TLS, row->fault, row->message);
  g_assert_cmpint (scope_doctor_get_verdict (fixture.doctor), ==, SCOPE_DOCTOR_UNREACHED);
  tear_down (&fixture, NULL);
}

static void
test_tls_good (Fixture *fixture,
               gconstpointer data)
{
  start_server (fixture, "loopback.pem");
  fixture->options->use_tls = TRUE;
  fixture->options->ca_file = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "net", "tls", "ca.pem", NULL);
  run (fixture);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_ALL_GOOD);
  g_assert_nonnull (strstr (scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_TLS)->message, "127.0.0.1"));
}

static void
test_tls_spoken (Fixture *fixture,
                 gconstpointer data)
{
  start_server (fixture, "loopback.pem");
  run (fixture);
  assert_fault (fixture, SCOPE_DOCTOR_UPGRADE, SCOPE_FAULT_TLS_SPOKEN, NULL);
  g_assert_cmpint (scope_doctor_get_verdict (fixture->doctor), ==, SCOPE_DOCTOR_UNREACHED);
}

/* --- the run --- */

static void
test_cancel (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture->options->port = open_port (listener);
  start (fixture, cancellable);
  WAIT_UNTIL (scope_doctor_get_step (fixture->doctor, SCOPE_DOCTOR_UPGRADE)->state == SCOPE_DOCTOR_RUNNING);
  g_cancellable_cancel (cancellable);
  g_assert_false (fixture->done);
  settle (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint id = SCOPE_DOCTOR_UPGRADE; id < SCOPE_N_DOCTOR_STEPS; id++)
    g_assert_cmpint (scope_doctor_get_step (fixture->doctor, id)->state, ==, SCOPE_DOCTOR_SKIPPED);
}

static void
test_wrong_options (Fixture *fixture,
                    gconstpointer data)
{
  g_clear_pointer (&fixture->options->key, g_free);
  start (fixture, NULL);
  settle (fixture);
  g_assert_nonnull (fixture->error);
  g_assert_cmpstr (fixture->story->str, ==, "");
}

/* Each fault says what to do, in words of its own. */
static void
test_advice (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_null (scope_fault_get_advice (SCOPE_FAULT_NONE));
  g_assert_false (scope_fault_is_of_profile (SCOPE_FAULT_NONE));
  for (guint fault = SCOPE_FAULT_NONE + 1; fault < SCOPE_N_FAULTS; fault++)
    {
      g_assert_nonnull (scope_fault_get_advice (fault));
      g_assert_true (g_hash_table_add (seen, (gpointer) scope_fault_get_advice (fault)));
    }
}

static void
test_connect_errors (void)
{
  static const struct
  {
    int code;
    ScopeFault fault;
  } codes[] = {
    { G_IO_ERROR_CONNECTION_REFUSED, SCOPE_FAULT_PORT_CLOSED }, { G_IO_ERROR_TIMED_OUT, SCOPE_FAULT_SILENT },
    { G_IO_ERROR_HOST_UNREACHABLE, SCOPE_FAULT_NO_ROUTE },      { G_IO_ERROR_NETWORK_UNREACHABLE, SCOPE_FAULT_NO_ROUTE },
    { G_IO_ERROR_PROXY_FAILED, SCOPE_FAULT_PROXY },             { G_IO_ERROR_PROXY_NOT_ALLOWED, SCOPE_FAULT_PROXY },
    { G_IO_ERROR_PROXY_NEED_AUTH, SCOPE_FAULT_PROXY_LOGIN },    { G_IO_ERROR_PROXY_AUTH_FAILED, SCOPE_FAULT_PROXY_LOGIN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, codes[i].code, "x");

      g_assert_cmpint (scope_fault_of_connect (error), ==, codes[i].fault);
    }
}

#define ADD(path, func) g_test_add ("/doctor/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("good", test_good);
  ADD ("good-endpoint", test_good_endpoint);
  ADD ("hung-up-last", test_hung_up_last);
  ADD ("client-events-off", test_client_events_off);
  ADD ("clock-is-told", test_clock_is_told);
  ADD ("nothing-configured", test_nothing_configured);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/doctor/fault/%s", rows[i].name);

      g_test_add (path, Fixture, &rows[i], set_up, test_row, tear_down);
    }
  ADD ("secrets", test_secrets);
  ADD ("unknown-name", test_unknown_name);
  ADD ("unknown-cluster", test_unknown_cluster);
  ADD ("two-addresses", test_two_addresses);
  ADD ("closed-port", test_closed_port);
  ADD ("proxy-closed", test_proxy_closed);
  ADD ("proxy-login", test_proxy_login);
  ADD ("proxy-refuses", test_proxy_refuses);
  ADD ("silent", test_silent);
  ADD ("silent-greeting", test_silent_greeting);
  ADD ("api-elsewhere", test_api_elsewhere);
  ADD ("endpoint-down", test_endpoint_down);
  for (guint i = 0; i < G_N_ELEMENTS (tls_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/doctor/tls/%u-%s", i,
                                               tls_rows[i].certificate != NULL ? tls_rows[i].certificate : "none");

      g_test_add_data_func (path, &tls_rows[i], test_tls_row);
    }
  ADD ("tls/good", test_tls_good);
  ADD ("tls/spoken", test_tls_spoken);
  ADD ("cancel", test_cancel);
  ADD ("wrong-options", test_wrong_options);
  g_test_add_func ("/doctor/advice", test_advice);
  g_test_add_func ("/doctor/connect-errors", test_connect_errors);
  return g_test_run ();
}
