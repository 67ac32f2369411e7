/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-xhr.h"

#include <string.h>

#include "base/scope-source.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "sandbox/scope-sandbox-cors.h"
#include "sandbox/scope-sandbox-private.h"

#define REASON_BYTES 120

struct _ScopeSandboxXhrs
{
  ScopeSandbox *sandbox;       /* not owned */
  GHashTable *sessions;        /* what stands before the last slash of the path → ScopeSandboxXhr */
};

struct _ScopeSandboxXhr
{
  ScopeSandboxXhrs *all;       /* not owned */
  char *path;
  gboolean is_sockjs;
  ScopeSandboxWire *wire;      /* not owned; NULL: no connection yet, or not any more */

  SoupServerMessage *receiver; /* the request that is held open, or NULL */
  GSource *hang_up;            /* of its socket */
  gboolean streams;
  gsize unwritten;             /* of a stream: given to libsoup */

  GQueue frames;               /* of GBytes: nobody receives */
  gsize queued;
  char *close_line;            /* NULL: open */
  guint timer;                 /* the next heartbeat, or the end without a receiver */
  guint end_id;
};

static void xhr_release (ScopeSandboxXhr *self);

/* --- lines --- */

static GString *
xhr_build_line (GQueue *frames)
{
  GString *line = g_string_new ("a[");
  GBytes *frame;

  while ((frame = g_queue_pop_head (frames)) != NULL)
    {
      if (line->len > 2)
        g_string_append_c (line, ',');
      scope_json_append_string (line, g_bytes_get_data (frame, NULL), (gssize) g_bytes_get_size (frame));
      g_bytes_unref (frame);
    }
  g_string_append (line, "]\n");
  return line;
}

static void
xhr_write (ScopeSandboxXhr *self,
           const char *text,
           gsize length)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->receiver);

  self->unwritten += length;
  soup_message_body_append (body, SOUP_MEMORY_COPY, text, length);
  if (!self->streams)
    soup_message_body_complete (body);
  soup_server_message_unpause (self->receiver);
}

/* --- a receiver comes and goes --- */

static gboolean
xhr_gone_cb (gpointer user_data)
{
  ScopeSandboxXhr *self = user_data;

  self->timer = 0;
  if (self->wire != NULL)
    scope_sandbox_wire_emit_closed (self->wire);
  g_hash_table_remove (self->all->sessions, self->path);
  return G_SOURCE_REMOVE;
}

static void
xhr_set_timer (ScopeSandboxXhr *self,
               guint seconds,
               GSourceFunc func)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (seconds, func, self);
}

static void
xhr_release (ScopeSandboxXhr *self)
{
  if (self->receiver == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->receiver, self);
  g_clear_object (&self->receiver);
  scope_source_clear (&self->hang_up);
  self->unwritten = 0;
  xhr_set_timer (self, SCOPE_SANDBOX_XHR_GONE_SECONDS, xhr_gone_cb);
}

/* An answer that is whole goes its own way. */
static void
xhr_finish_receiver (ScopeSandboxXhr *self)
{
  soup_message_body_complete (soup_server_message_get_response_body (self->receiver));
  soup_server_message_unpause (self->receiver);
  xhr_release (self);
}

static void
xhr_write_once (ScopeSandboxXhr *self,
                const char *text,
                gsize length)
{
  xhr_write (self, text, length);
  if (!self->streams)
    xhr_release (self);
}

static gboolean
xhr_heartbeat_cb (gpointer user_data)
{
  ScopeSandboxXhr *self = user_data;

  self->timer = 0;
  xhr_write_once (self, "h\n", 2);
  if (self->receiver != NULL)
    xhr_set_timer (self, SCOPE_SANDBOX_XHR_HEARTBEAT_SECONDS, xhr_heartbeat_cb);
  return G_SOURCE_REMOVE;
}

static void
xhr_flush (ScopeSandboxXhr *self)
{
  g_autoptr (GString) line = NULL;

  if (self->receiver == NULL)
    return;

  if (!g_queue_is_empty (&self->frames))
    {
      line = xhr_build_line (&self->frames);
      self->queued = 0;
      xhr_write_once (self, line->str, line->len);
    }
  if (self->receiver != NULL && self->close_line != NULL)
    {
      xhr_write (self, self->close_line, strlen (self->close_line));
      xhr_finish_receiver (self);
    }
}

static void
xhr_finished_cb (SoupServerMessage *message,
                 gpointer user_data)
{
  xhr_release (user_data);
}

static void
xhr_wrote_cb (SoupServerMessage *message,
              guint n_bytes,
              gpointer user_data)
{
  ScopeSandboxXhr *self = user_data;

  self->unwritten -= MIN (n_bytes, self->unwritten);
}

static gboolean
xhr_has_hung_up (GSocket *socket)
{
  char byte;
  GInputVector vector = { &byte, 1 };
  int flags = G_SOCKET_MSG_PEEK;

  if ((g_socket_condition_check (socket, G_IO_IN | G_IO_HUP | G_IO_ERR) & (G_IO_IN | G_IO_HUP | G_IO_ERR)) == 0)
    return FALSE;
  return g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL) <= 0;
}

/* libsoup does not look at a socket whose answer is paused. */
static gboolean
xhr_hang_up_cb (GSocket *socket,
                GIOCondition condition,
                gpointer user_data)
{
  ScopeSandboxXhr *self = user_data;
  g_autoptr (SoupServerMessage) receiver = NULL;

  if (!xhr_has_hung_up (socket))
    return G_SOURCE_REMOVE; /* the next request waits there */

  receiver = g_object_ref (self->receiver);
  xhr_release (self);
  soup_message_body_complete (soup_server_message_get_response_body (receiver));
  soup_server_message_unpause (receiver);
  return G_SOURCE_REMOVE;
}

static void
xhr_hold (ScopeSandboxXhr *self,
          SoupServerMessage *message,
          gboolean streams)
{
  GSocket *socket = soup_server_message_get_socket (message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (headers, "application/javascript; charset=UTF-8", NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store, no-cache");
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  soup_server_message_pause (message);

  self->receiver = g_object_ref (message);
  self->streams = streams;
  g_signal_connect (message, "finished", G_CALLBACK (xhr_finished_cb), self);
  g_signal_connect (message, "disconnected", G_CALLBACK (xhr_finished_cb), self);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (xhr_wrote_cb), self);
  if (socket != NULL)
    {
      self->hang_up = g_socket_create_source (socket, G_IO_IN, NULL);
      g_source_set_callback (self->hang_up, G_SOURCE_FUNC (xhr_hang_up_cb), self, NULL);
      g_source_attach (self->hang_up, g_main_context_get_thread_default ());
    }
  xhr_set_timer (self, SCOPE_SANDBOX_XHR_HEARTBEAT_SECONDS, xhr_heartbeat_cb);
}

/* --- the wire's side --- */

static gboolean
xhr_end_cb (gpointer user_data)
{
  ScopeSandboxXhr *self = user_data;

  self->end_id = 0;
  if (self->wire != NULL)
    scope_sandbox_wire_emit_closed (self->wire);
  return G_SOURCE_REMOVE;
}

/**
 * scope_sandbox_xhr_set_wire:
 * @wire: (nullable): what the session's connection talks to; %NULL when that goes
 */
void
scope_sandbox_xhr_set_wire (ScopeSandboxXhr *self,
                            ScopeSandboxWire *wire)
{
  g_return_if_fail (self != NULL);

  self->wire = wire;
  if (wire == NULL && self->close_line == NULL)
    scope_sandbox_xhr_close (self, 1001, "Going away");
}

static gboolean
xhr_overrun_cb (gpointer user_data)
{
  ScopeSandboxXhr *self = user_data;

  self->end_id = 0;
  g_queue_clear_full (&self->frames, (GDestroyNotify) g_bytes_unref);
  self->queued = 0;
  scope_sandbox_xhr_close (self, 4100, "Over capacity: this client does not read what it is sent");
  return G_SOURCE_REMOVE;
}

/**
 * scope_sandbox_xhr_send:
 *
 * Sends, or queues until a request receives. A client that leaves more than %SCOPE_SANDBOX_WIRE_BYTES waiting is
 * closed with 4100 from the main loop.
 */
void
scope_sandbox_xhr_send (ScopeSandboxXhr *self,
                        GBytes *frame)
{
  g_return_if_fail (self != NULL && frame != NULL);

  if (self->close_line != NULL || self->end_id != 0)
    return;

  g_queue_push_tail (&self->frames, g_bytes_ref (frame));
  self->queued += g_bytes_get_size (frame);
  xhr_flush (self);
  if (scope_sandbox_xhr_get_queued (self) > SCOPE_SANDBOX_WIRE_BYTES)
    self->end_id = g_idle_add (xhr_overrun_cb, self);
}

/**
 * scope_sandbox_xhr_get_queued:
 *
 * Returns: bytes that wait for the client to fetch them
 */
gsize
scope_sandbox_xhr_get_queued (ScopeSandboxXhr *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->queued + self->unwritten;
}

/**
 * scope_sandbox_xhr_close:
 * @code: 0 ends the request that receives without a close frame
 * @reason: (nullable):
 *
 * The close frame waits for the next request if none receives.
 */
void
scope_sandbox_xhr_close (ScopeSandboxXhr *self,
                         guint code,
                         const char *reason)
{
  g_autoptr (GString) line = NULL;

  g_return_if_fail (self != NULL);

  if (self->close_line != NULL)
    return;

  line = g_string_new (NULL);
  if (code != 0)
    {
      g_autofree char *text = scope_text_for_display (reason != NULL ? reason : "", -1, REASON_BYTES);

      g_string_append_printf (line, "c[%u,", code);
      scope_json_append_string (line, text, -1);
      g_string_append (line, "]\n");
    }
  self->close_line = g_string_free (g_steal_pointer (&line), FALSE);
  xhr_flush (self);
  if (self->end_id == 0 && self->wire != NULL)
    self->end_id = g_idle_add (xhr_end_cb, self);
  if (self->timer == 0)
    xhr_set_timer (self, SCOPE_SANDBOX_XHR_GONE_SECONDS, xhr_gone_cb);
}

/**
 * scope_sandbox_xhr_is_open:
 *
 * Returns: whether frames can be sent to the client
 */
gboolean
scope_sandbox_xhr_is_open (ScopeSandboxXhr *self)
{
  return self->close_line == NULL;
}

/* --- requests --- */

static void
xhr_free (gpointer data)
{
  ScopeSandboxXhr *self = data;

  if (self->receiver != NULL)
    xhr_finish_receiver (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->end_id, g_source_remove);
  if (self->wire != NULL)
    scope_sandbox_wire_forget_xhr (self->wire);
  g_queue_clear_full (&self->frames, (GDestroyNotify) g_bytes_unref);
  g_free (self->close_line);
  g_free (self->path);
  g_free (self);
}

static void
xhrs_respond (SoupServerMessage *message,
              guint status,
              const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain; charset=UTF-8", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

static ScopeSandboxXhr *
xhrs_add (ScopeSandboxXhrs *self,
          const char *path)
{
  ScopeSandboxXhr *session;

  if (g_hash_table_size (self->sessions) >= SCOPE_SANDBOX_XHR_SESSIONS)
    return NULL;

  session = g_new0 (ScopeSandboxXhr, 1);
  session->all = self;
  session->path = g_strdup (path);
  session->is_sockjs = strstr (path, "/app/") == NULL;
  g_queue_init (&session->frames);
  g_hash_table_insert (self->sessions, session->path, session);
  return session;
}

/* …/app/KEY/SERVER/SESSION → …/app/KEY */
static void
xhr_connect (ScopeSandboxXhr *self,
             const char *query)
{
  g_auto (GStrv) parts = g_strsplit (strstr (self->path, "/app/"), "/", 4);
  g_autofree char *path = g_strdup_printf ("/app/%s", parts[2]);

  _scope_sandbox_accept_xhr (self->all->sandbox, self, path, query);
}

static void
xhr_open (ScopeSandboxXhr *self,
          const char *query)
{
  xhr_write_once (self, "o\n", 2);
  if (!self->is_sockjs)
    xhr_connect (self, query);
}

static void
xhrs_receive (ScopeSandboxXhrs *self,
              SoupServerMessage *message,
              const char *path,
              gboolean streams)
{
  ScopeSandboxXhr *session = g_hash_table_lookup (self->sessions, path);
  gboolean is_new = session == NULL;

  if (is_new)
    session = xhrs_add (self, path);
  if (session == NULL)
    {
      xhrs_respond (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "Too many sessions\n");
      return;
    }
  if (session->receiver != NULL && xhr_has_hung_up (soup_server_message_get_socket (session->receiver)))
    xhr_finish_receiver (session);
  if (session->receiver != NULL)
    {
      xhrs_respond (message, SOUP_STATUS_OK, "c[2010,\"Another connection still open\"]\n");
      return;
    }

  xhr_hold (session, message, streams);
  if (is_new)
    xhr_open (session, g_uri_get_query (soup_server_message_get_uri (message)));
  xhr_flush (session);
}

/* SockJS's first message: {"path":"/app/KEY?protocol=7&…"} (§7.2) */
static void
xhr_take_path (ScopeSandboxXhr *self,
               const char *text,
               gsize length)
{
  ScopeJsonWanted wanted[] = { { .key = "path" } };
  g_autofree char *path = NULL;
  char *query;

  if (scope_json_scan_object (text, length, wanted, 1, NULL) && wanted[0].kind == SCOPE_JSON_STRING)
    path = scope_json_string_dup (text + wanted[0].value.offset, wanted[0].value.length);
  if (path == NULL)
    {
      scope_sandbox_xhr_close (self, 4005, "Path not found");
      return;
    }

  query = strchr (path, '?');
  if (query != NULL)
    *query++ = '\0';
  _scope_sandbox_accept_xhr (self->all->sandbox, self, path, query);
}

static void
xhr_take_message (ScopeSandboxXhr *self,
                  const char *token,
                  gsize length)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) frame = NULL;

  /* what has no UTF-8 form is answered like any other frame that is no JSON */
  scope_json_string_decode (token, length, text);
  frame = g_string_free_to_bytes (text);
  if (self->wire != NULL)
    scope_sandbox_wire_emit_received (self->wire, frame);
  else if (self->is_sockjs && self->close_line == NULL)
    xhr_take_path (self, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
}

static void
xhrs_take (ScopeSandboxXhrs *self,
           SoupServerMessage *message,
           const char *path)
{
  ScopeSandboxXhr *session = g_hash_table_lookup (self->sessions, path);
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  ScopeJsonKind kind;
  ScopeJsonIter iter;
  ScopeSpan value;

  if (session == NULL)
    {
      xhrs_respond (message, SOUP_STATUS_NOT_FOUND, "Unknown session\n");
      return;
    }
  if (!scope_json_check (text, length, &kind, NULL) || kind != SCOPE_JSON_ARRAY)
    {
      xhrs_respond (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Broken JSON encoding.\n");
      return;
    }

  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  scope_json_iter_init (&iter, text, length);
  while (scope_json_iter_next (&iter, NULL, &value, &kind))
    if (kind == SCOPE_JSON_STRING)
      xhr_take_message (session, text + value.offset, value.length);
}

/**
 * scope_sandbox_xhrs_new:
 * @sandbox: the owner, which outlives it
 *
 * Returns: (transfer full): no sessions yet
 */
ScopeSandboxXhrs *
scope_sandbox_xhrs_new (ScopeSandbox *sandbox)
{
  ScopeSandboxXhrs *self = g_new0 (ScopeSandboxXhrs, 1);

  self->sandbox = sandbox;
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, xhr_free);
  return self;
}

/**
 * scope_sandbox_xhrs_free:
 * @self: (nullable)
 *
 * Requests that receive are ended.
 */
void
scope_sandbox_xhrs_free (ScopeSandboxXhrs *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->sessions);
  g_free (self);
}

/**
 * scope_sandbox_xhr_owns_path:
 *
 * Returns: whether it ends like a request of the HTTP transports
 */
gboolean
scope_sandbox_xhr_owns_path (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return g_str_has_suffix (path, "/xhr_streaming") || g_str_has_suffix (path, "/xhr")
         || g_str_has_suffix (path, "/xhr_send");
}

/**
 * scope_sandbox_xhrs_answer:
 * @message: a request that has come wholly, of who may call
 * @path: as it was sent
 */
void
scope_sandbox_xhrs_answer (ScopeSandboxXhrs *self,
                           SoupServerMessage *message,
                           const char *path)
{
  const char *what = strrchr (path, '/') + 1;
  g_autofree char *session = g_strndup (path, what - 1 - path);
  g_auto (GStrv) parts = g_strsplit (session, "/", -1);
  guint n_parts = g_strv_length (parts);

  g_return_if_fail (self != NULL);

  scope_sandbox_cors_allow (message);
  if (scope_sandbox_cors_answer_preflight (message, SOUP_METHOD_POST))
    return;

  if (!g_str_equal (soup_server_message_get_method (message), SOUP_METHOD_POST))
    xhrs_respond (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "Only POST is known here\n");
  else if (n_parts < 3 || *parts[n_parts - 1] == '\0' || *parts[n_parts - 2] == '\0'
           || (strstr (session, "/app/") != NULL && n_parts < 5))
    xhrs_respond (message, SOUP_STATUS_NOT_FOUND, "No session in the address\n");
  else if (g_str_equal (what, "xhr_send"))
    xhrs_take (self, message, session);
  else
    xhrs_receive (self, message, session, g_str_equal (what, "xhr_streaming"));
}
