/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One session over HTTP requests: one that is open for what comes, or one after the other (polling), and one at
 * a time for each frame we send. */

#define G_LOG_DOMAIN "scope-xhr-transport"

#include "config.h"

#include "net/scope-xhr-transport.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "net/scope-header-lines.h"
#include "net/scope-trust.h"
#include "net/scope-xhr-request.h"
#include "net/scope-xhr-stream.h"
#include "protocol/scope-sockjs.h"

#define ENOUGH_BYTES (256 * 1024)                     /* §7.2 */
#define EMPTY_POLL_WAIT_USEC (1 * G_USEC_PER_SEC)     /* a poll that brought nothing does not spin */
#define FALL_BACK_AFTER_USEC (4 * G_USEC_PER_SEC)     /* sockjs: as long as polling waits for streaming, §7.4 */
#define BEAT "[]"

#define CLOSE_ABNORMAL 1006
#define CLOSE_TOO_BIG 1009

struct _ScopeXhrTransport
{
  ScopeTransport parent_instance;

  ScopeTransportKinds kind;
  gboolean polling;          /* sockjs falls back to it */
  ScopeXhrRequest request;
  char *proxy;
  ScopeClock *clock;
  gint64 limit_usec;         /* until one frame we send is answered */

  SoupSession *session;
  ScopeXhrStream *stream;
  guint64 timer;             /* before the next poll, or until sockjs falls back */

  GQueue sends;              /* of char*: bodies */
  gsize sends_bytes;
  gboolean beat_waits;       /* among them is a BEAT: one is enough */
  gboolean ping_waits;       /* it was asked for with scope_transport_ping() */
  SoupMessage *sending;      /* or NULL */
  GCancellable *send_cancellable;
  guint64 send_timer;

  gboolean opened;
  gboolean closing;          /* by us, once `sends` are gone */
  guint close_code;
  gboolean over;
};

G_DEFINE_FINAL_TYPE (ScopeXhrTransport, scope_xhr_transport, SCOPE_TYPE_TRANSPORT)

static void xhr_open_stream (ScopeXhrTransport *self);
static void xhr_send_next (ScopeXhrTransport *self);

/* --- the end --- */

static void
xhr_stop (ScopeXhrTransport *self)
{
  self->over = TRUE;
  g_clear_pointer (&self->stream, scope_xhr_stream_stop);
  g_cancellable_cancel (self->send_cancellable);
  scope_clock_remove_timer (self->clock, self->timer);
  scope_clock_remove_timer (self->clock, self->send_timer);
  self->timer = self->send_timer = 0;
  g_queue_clear_full (&self->sends, g_free);
  self->sends_bytes = 0;
}

static void
xhr_close (ScopeXhrTransport *self,
           guint code,
           const char *reason)
{
  if (self->over)
    return;

  xhr_stop (self);
  scope_transport_emit_closed (SCOPE_TRANSPORT (self), code, reason);
}

static void
xhr_fail (ScopeXhrTransport *self,
          const GError *error,
          guint status)
{
  if (self->over)
    return;

  xhr_stop (self);
  scope_transport_emit_failed (SCOPE_TRANSPORT (self), error, status, NULL);
}

/* --- sending --- */

static void
xhr_send_done (ScopeXhrTransport *self,
               gboolean was_ping)
{
  guint status = soup_message_get_status (self->sending);
  g_autofree char *reason = NULL;

  g_clear_object (&self->sending);
  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      reason = g_strdup_printf (_("Connection interrupted (%u)"), status);
      xhr_close (self, CLOSE_ABNORMAL, reason);
      return;
    }
  if (was_ping)
    scope_transport_emit_answered (SCOPE_TRANSPORT (self));
  xhr_send_next (self);
}

static void
xhr_sent_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (ScopeXhrTransport) self = user_data; /* the reference of xhr_send_next() */
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) reply = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  gboolean was_ping = g_object_get_data (G_OBJECT (self->sending), "ping") != NULL;
  g_autofree char *reason = NULL;

  scope_clock_remove_timer (self->clock, self->send_timer);
  self->send_timer = 0;
  if (self->over)
    return;

  if (reply != NULL)
    {
      xhr_send_done (self, was_ping);
      return;
    }
  reason = g_strdup_printf (_("Connection interrupted (%s)"), error->message);
  xhr_close (self, CLOSE_ABNORMAL, reason);
}

static void
xhr_send_timeout_cb (gpointer user_data)
{
  g_autoptr (ScopeXhrTransport) self = g_object_ref (user_data);

  self->send_timer = 0;
  xhr_close (self, CLOSE_ABNORMAL, _("Connection interrupted: the server does not take what is sent"));
}

static void
xhr_send_next (ScopeXhrTransport *self)
{
  g_autofree char *body = NULL;
  gboolean is_beat;

  if (self->over || !self->opened || self->sending != NULL)
    return;
  if (g_queue_is_empty (&self->sends))
    {
      if (self->closing)
        xhr_close (self, self->close_code, NULL);
      return;
    }

  body = g_queue_pop_head (&self->sends);
  self->sends_bytes -= strlen (body);
  is_beat = g_str_equal (body, BEAT);
  self->sending = scope_xhr_request_create_message (&self->request, "xhr_send", FALSE, body, NULL);
  if (self->sending == NULL)
    {
      xhr_close (self, CLOSE_ABNORMAL, _("Connection interrupted"));
      return;
    }
  if (is_beat && self->ping_waits)
    g_object_set_data (G_OBJECT (self->sending), "ping", self);
  if (is_beat)
    self->beat_waits = self->ping_waits = FALSE;

  self->send_timer = scope_clock_add_timer (self->clock,
                                            scope_clock_get_monotonic_usec (self->clock) + self->limit_usec,
                                            xhr_send_timeout_cb, self);
  soup_session_send_async (self->session, self->sending, G_PRIORITY_DEFAULT, self->send_cancellable,
                           xhr_sent_cb, g_object_ref (self));
}

static void
xhr_queue (ScopeXhrTransport *self,
           char *body)
{
  g_queue_push_tail (&self->sends, body);
  self->sends_bytes += strlen (body);
}

/* One that waits is enough, however many are asked for. */
static void
xhr_send_beat (ScopeXhrTransport *self)
{
  if (self->closing)
    return;
  if (!self->beat_waits)
    xhr_queue (self, g_strdup (BEAT));
  self->beat_waits = TRUE;
  xhr_send_next (self);
}

/* --- receiving --- */

static void
xhr_take_open (ScopeXhrTransport *self,
               const ScopeSockjsFrame *frame)
{
  if (self->opened)
    {
      xhr_close (self, CLOSE_ABNORMAL, _("Server lost session"));
      return;
    }

  if (frame->host != NULL)
    scope_xhr_request_move_to (&self->request, frame->host);
  self->opened = TRUE;
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;
  if (self->request.path_message != NULL)
    scope_transport_send (SCOPE_TRANSPORT (self), self->request.path_message,
                          strlen (self->request.path_message));
  if (!self->over)
    scope_transport_emit_opened (SCOPE_TRANSPORT (self));
}

/* Streaming answers a heartbeat, polling's next request is its answer (§7.2); SockJS wants none. */
static void
xhr_take_heartbeat (ScopeXhrTransport *self)
{
  if (!self->opened)
    return;

  scope_transport_emit_activity (SCOPE_TRANSPORT (self));
  if (!self->over && self->kind == SCOPE_TRANSPORT_XHR_STREAMING)
    xhr_send_beat (self);
}

static void
xhr_take_frame (ScopeXhrTransport *self,
                const ScopeSockjsFrame *frame)
{
  switch (frame->type)
    {
    case SCOPE_SOCKJS_OPEN:
      xhr_take_open (self, frame);
      break;
    case SCOPE_SOCKJS_MESSAGES:
      for (guint i = 0; i < frame->messages->len && !self->over; i++)
        scope_transport_emit_message (SCOPE_TRANSPORT (self), frame->messages->pdata[i]);
      break;
    case SCOPE_SOCKJS_HEARTBEAT:
      xhr_take_heartbeat (self);
      break;
    case SCOPE_SOCKJS_CLOSE:
      xhr_close (self, frame->code, frame->reason);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* A line that says nothing we know is told as it came; before the session is open it shows that this is no
 * server of ours. */
static void
xhr_take_bad_line (ScopeXhrTransport *self,
                   const char *line,
                   gsize length,
                   const GError *error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!self->opened)
    {
      xhr_fail (self, error, 0);
      return;
    }
  bytes = g_bytes_new (line, length);
  scope_transport_emit_message (SCOPE_TRANSPORT (self), bytes);
}

static void
xhr_line_cb (const char *line,
             gsize length,
             gpointer user_data)
{
  g_autoptr (ScopeXhrTransport) self = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeSockjsFrame) frame = scope_sockjs_frame_parse (line, length, &error);

  if (frame == NULL)
    xhr_take_bad_line (self, line, length, error);
  else if (self->opened || frame->type != SCOPE_SOCKJS_MESSAGES)
    xhr_take_frame (self, frame);
}

static void
xhr_next_poll_cb (gpointer user_data)
{
  ScopeXhrTransport *self = user_data;

  self->timer = 0;
  xhr_open_stream (self);
}

static void
xhr_poll_again (ScopeXhrTransport *self,
                gboolean was_empty)
{
  if (was_empty)
    self->timer = scope_clock_add_timer (self->clock,
                                         scope_clock_get_monotonic_usec (self->clock) + EMPTY_POLL_WAIT_USEC,
                                         xhr_next_poll_cb, self);
  else
    xhr_open_stream (self);
}

/* A proxy may hold streams back until they end. SockJS then polls, in a new session. */
static void
xhr_fall_back (ScopeXhrTransport *self)
{
  g_debug ("sockjs falls back to polling");
  self->polling = TRUE;
  g_clear_pointer (&self->stream, scope_xhr_stream_stop);
  scope_xhr_request_renew_session (&self->request, TRUE);
  xhr_open_stream (self);
}

static void
xhr_fall_back_cb (gpointer user_data)
{
  ScopeXhrTransport *self = user_data;

  self->timer = 0;
  xhr_fall_back (self);
}

static gboolean
xhr_may_fall_back (ScopeXhrTransport *self,
                   guint status)
{
  return self->kind == SCOPE_TRANSPORT_SOCKJS && !self->polling && status != 0;
}

static GError *
xhr_explain_status (guint status,
                    const char *body)
{
  if (status == SOUP_STATUS_OK)
    return g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                                _("The server's answer ended before it opened a session"));
  if (body == NULL || *body == '\0')
    return g_error_new (SCOPE_ERROR, SCOPE_ERROR_FAILED, _("The server answered with status %u"), status);
  return g_error_new (SCOPE_ERROR, SCOPE_ERROR_FAILED, _("The server answered with status %u: %s"), status,
                      body);
}

static void
xhr_ended_unopened (ScopeXhrTransport *self,
                    const GError *error,
                    guint status,
                    const char *body)
{
  g_autoptr (GError) told = NULL;

  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;
  if (xhr_may_fall_back (self, status))
    {
      xhr_fall_back (self);
      return;
    }
  told = error != NULL ? g_error_copy (error) : xhr_explain_status (status, body);
  xhr_fail (self, told, error == NULL && status != SOUP_STATUS_OK ? status : 0);
}

static void
xhr_ended_open (ScopeXhrTransport *self,
                const GError *error,
                guint status,
                gboolean had_lines)
{
  gboolean goes_on = self->polling || self->kind == SCOPE_TRANSPORT_SOCKJS;
  g_autofree char *reason = NULL;

  if (error == NULL && status == SOUP_STATUS_OK && goes_on)
    {
      xhr_poll_again (self, !had_lines);
      return;
    }
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT))
    {
      scope_transport_emit_refused_frame (SCOPE_TRANSPORT (self), error->message, 0);
      xhr_close (self, CLOSE_TOO_BIG, error->message);
      return;
    }
  reason = error != NULL ? g_strdup_printf (_("Connection interrupted (%s)"), error->message)
                         : g_strdup_printf (_("Connection interrupted (%u)"), status);
  xhr_close (self, CLOSE_ABNORMAL, reason);
}

static void
xhr_ended_cb (const GError *error,
              gpointer user_data)
{
  g_autoptr (ScopeXhrTransport) self = g_object_ref (user_data);
  ScopeXhrStream *stream = g_steal_pointer (&self->stream);

  if (scope_xhr_stream_had_enough (stream))
    xhr_open_stream (self);
  else if (self->opened)
    xhr_ended_open (self, error, scope_xhr_stream_get_status (stream), scope_xhr_stream_had_lines (stream));
  else
    xhr_ended_unopened (self, error, scope_xhr_stream_get_status (stream),
                        scope_xhr_stream_get_body (stream));
  scope_xhr_stream_stop (stream);
}

static SoupMessage *
xhr_create_receive (ScopeXhrTransport *self,
                    GError **error)
{
  return scope_xhr_request_create_message (&self->request, self->polling ? "xhr" : "xhr_streaming", TRUE, "", error);
}

static void
xhr_open_stream (ScopeXhrTransport *self)
{
  static const ScopeXhrStreamFuncs funcs = { .line = xhr_line_cb, .ended = xhr_ended_cb };
  g_autoptr (SoupMessage) message = xhr_create_receive (self, NULL);

  if (message == NULL)
    xhr_close (self, CLOSE_ABNORMAL, _("Connection interrupted"));
  else
    /* a SockJS server ends its streams itself, and takes it for the session's end if we do */
    self->stream = scope_xhr_stream_start (self->session, message, self->clock,
                                           self->kind == SCOPE_TRANSPORT_XHR_STREAMING ? ENOUGH_BYTES : 0,
                                           &funcs, self);
}

/* --- the class --- */

static SoupSession *
xhr_create_session (ScopeXhrTransport *self)
{
  SoupSession *session = scope_trust_new_session (self->proxy);

  /* a stream may be silent for long; who opens or sends has limits of its own */
  soup_session_set_timeout (session, 0);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  return session;
}

static void
xhr_begin (ScopeXhrTransport *self)
{
  xhr_open_stream (self);
  if (!self->over && self->kind == SCOPE_TRANSPORT_SOCKJS)
    self->timer = scope_clock_add_timer (self->clock,
                                         scope_clock_get_monotonic_usec (self->clock) + FALL_BACK_AFTER_USEC,
                                         xhr_fall_back_cb, self);
}

/* xhr_stop() cancels, and what comes then is dropped. */
static void
xhr_resolved_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (ScopeXhrTransport) self = user_data;
  g_autoptr (GError) error = NULL;
  char **headers = scope_header_lines_resolve_finish (result, &error);

  if (headers == NULL)
    {
      xhr_fail (self, error, 0);
      return;
    }
  scope_header_lines_free (self->request.headers);
  self->request.headers = headers;
  if (!self->over)
    xhr_begin (self);
}

static void
scope_xhr_transport_open (ScopeTransport *transport)
{
  ScopeXhrTransport *self = SCOPE_XHR_TRANSPORT (transport);
  GError *error = NULL;
  g_autoptr (SoupMessage) message = xhr_create_receive (self, &error);

  if (message == NULL)
    {
      scope_transport_fail_later (transport, error);
      return;
    }

  self->session = xhr_create_session (self);
  if (scope_header_lines_have_command (self->request.headers))
    scope_header_lines_resolve_async (self->request.headers, self->send_cancellable, xhr_resolved_cb,
                                      g_object_ref (self));
  else
    xhr_begin (self);
}

static void
scope_xhr_transport_send (ScopeTransport *transport,
                          const char *text,
                          gsize length)
{
  ScopeXhrTransport *self = SCOPE_XHR_TRANSPORT (transport);

  if (self->over || !self->opened || self->closing)
    return;

  if (self->sends_bytes > SCOPE_LIMIT_OUTGOING_BYTES)
    {
      xhr_stop (self);
      scope_transport_fail_later (transport, scope_transport_error_unread ());
      return;
    }

  xhr_queue (self, scope_sockjs_build_send (text, length));
  xhr_send_next (self);
}

/* SockJS leaves it to frames; the others have BEAT. */
static gboolean
scope_xhr_transport_ping (ScopeTransport *transport)
{
  ScopeXhrTransport *self = SCOPE_XHR_TRANSPORT (transport);

  if (self->kind == SCOPE_TRANSPORT_SOCKJS)
    return FALSE;

  self->ping_waits = TRUE;
  xhr_send_beat (self);
  return TRUE;
}

static gboolean
xhr_closed_by_us_cb (gpointer user_data)
{
  GTask *task = user_data;

  scope_transport_emit_closed (g_task_get_source_object (task),
                               GPOINTER_TO_UINT (g_task_get_task_data (task)), NULL);
  return G_SOURCE_REMOVE;
}

/* There is nobody to answer: the server sees that nobody listens any more. What was sent before goes first. */
static void
scope_xhr_transport_close (ScopeTransport *transport,
                           guint code)
{
  ScopeXhrTransport *self = SCOPE_XHR_TRANSPORT (transport);
  GTask *task;

  if (self->over || self->closing)
    return;
  if (self->sending != NULL || !g_queue_is_empty (&self->sends))
    {
      self->closing = TRUE;
      self->close_code = code;
      return;
    }

  xhr_stop (self);
  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, scope_xhr_transport_close);
  g_task_set_task_data (task, GUINT_TO_POINTER (code), NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT, xhr_closed_by_us_cb, task, g_object_unref);
}

static void
scope_xhr_transport_abandon (ScopeTransport *transport)
{
  xhr_stop (SCOPE_XHR_TRANSPORT (transport));
}

static const char *
scope_xhr_transport_get_name (ScopeTransport *transport)
{
  return scope_transport_kind_to_name (SCOPE_XHR_TRANSPORT (transport)->kind);
}

static void
scope_xhr_transport_dispose (GObject *object)
{
  xhr_stop (SCOPE_XHR_TRANSPORT (object));

  G_OBJECT_CLASS (scope_xhr_transport_parent_class)->dispose (object);
}

static void
scope_xhr_transport_finalize (GObject *object)
{
  ScopeXhrTransport *self = SCOPE_XHR_TRANSPORT (object);

  g_clear_object (&self->sending);
  g_clear_object (&self->send_cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  scope_xhr_request_clear (&self->request);
  g_free (self->proxy);

  G_OBJECT_CLASS (scope_xhr_transport_parent_class)->finalize (object);
}

static void
scope_xhr_transport_class_init (ScopeXhrTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ScopeTransportClass *transport_class = SCOPE_TRANSPORT_CLASS (klass);

  object_class->dispose = scope_xhr_transport_dispose;
  object_class->finalize = scope_xhr_transport_finalize;
  transport_class->open = scope_xhr_transport_open;
  transport_class->send = scope_xhr_transport_send;
  transport_class->close = scope_xhr_transport_close;
  transport_class->abandon = scope_xhr_transport_abandon;
  transport_class->get_name = scope_xhr_transport_get_name;
  transport_class->ping = scope_xhr_transport_ping;
}

static void
scope_xhr_transport_init (ScopeXhrTransport *self)
{
  self->send_cancellable = g_cancellable_new ();
  g_queue_init (&self->sends);
}

/**
 * scope_xhr_transport_new:
 * @options: read now, not kept
 * @kind: one of %SCOPE_TRANSPORTS_HTTP
 * @use_tls: https instead of http
 *
 * Returns: (transfer full): a transport that is not open yet
 */
ScopeTransport *
scope_xhr_transport_new (const ScopeConnectionOptions *options,
                         ScopeTransportKinds kind,
                         gboolean use_tls,
                         ScopeClock *clock)
{
  ScopeXhrTransport *self;

  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail ((kind & SCOPE_TRANSPORTS_HTTP) != 0, NULL);
  g_return_val_if_fail (SCOPE_IS_CLOCK (clock), NULL);

  self = g_object_new (SCOPE_TYPE_XHR_TRANSPORT, NULL);
  self->kind = kind;
  self->polling = kind == SCOPE_TRANSPORT_XHR_POLLING;
  self->clock = g_object_ref (clock);
  scope_xhr_request_init (&self->request, options, kind == SCOPE_TRANSPORT_SOCKJS, use_tls, clock);
  self->limit_usec = (gint64) (options->connect_timeout * G_USEC_PER_SEC);
  self->proxy = g_strdup (options->proxy);
  return SCOPE_TRANSPORT (self);
}
