/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-xhr-transport"

#include "config.h"

#include "net/scope-xhr-stream.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "net/scope-trust.h"

#define CHUNK_BYTES (16 * 1024)
#define LAST_WORDS_USEC (2 * G_USEC_PER_SEC) /* a server that does not stop is cut off */

struct _ScopeXhrStream
{
  grefcount ref_count;       /* the owner's, and one while a call is under way */
  SoupMessage *message;
  GInputStream *input;
  GCancellable *cancellable;
  ScopeClock *clock;
  guint64 timer;             /* until it is cut off */
  GSocket *socket;           /* below an HTTP/1 connection of its own; else NULL */
  ScopeXhrStreamFuncs funcs;
  gpointer user_data;

  gsize enough_bytes;
  gsize n_bytes;
  GByteArray *rest;          /* read, and not yet a whole line */
  gsize searched;            /* of rest: no line break is in it */
  char *body;
  gboolean had_lines;
  gboolean had_enough;
  gboolean stopped;
  guint8 chunk[CHUNK_BYTES];
};

static void xhr_stream_read (ScopeXhrStream *self);

static void
xhr_stream_unref (ScopeXhrStream *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  scope_clock_remove_timer (self->clock, self->timer);
  g_clear_object (&self->clock);
  g_clear_object (&self->socket);
  g_clear_object (&self->input);
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_byte_array_unref (self->rest);
  g_free (self->body);
  g_free (self);
}

static ScopeXhrStream *
xhr_stream_ref (ScopeXhrStream *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
xhr_stream_end (ScopeXhrStream *self,
                const GError *error)
{
  if (self->stopped)
    return;

  self->stopped = TRUE;
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->input);
  self->funcs.ended (self->had_enough ? NULL : error, self->user_data);
}

static void
xhr_stream_cut_cb (gpointer user_data)
{
  ScopeXhrStream *self = xhr_stream_ref (user_data);

  self->timer = 0;
  xhr_stream_end (self, NULL);
  xhr_stream_unref (self);
}

/* Hanging up would lose what is under way. With our half of the socket closed the server finishes, and all of it
 * is read; a connection that is shared can't be closed in halves. */
static gboolean
xhr_stream_ask_to_stop (ScopeXhrStream *self)
{
  self->had_enough = TRUE;
  if (self->socket == NULL || soup_message_get_http_version (self->message) != SOUP_HTTP_1_1
      || !g_socket_shutdown (self->socket, FALSE, TRUE, NULL))
    return FALSE;

  self->timer = scope_clock_add_timer (self->clock,
                                       scope_clock_get_monotonic_usec (self->clock) + LAST_WORDS_USEC,
                                       xhr_stream_cut_cb, self);
  return TRUE;
}

static gboolean
xhr_stream_is_enough (ScopeXhrStream *self)
{
  return !self->stopped && !self->had_enough && self->enough_bytes > 0 && self->n_bytes > self->enough_bytes
         && self->rest->len == 0;
}

static void
xhr_stream_take_lines (ScopeXhrStream *self)
{
  gsize start = 0;
  const guint8 *end;

  while (!self->stopped
         && (end = memchr (self->rest->data + self->searched, '\n', self->rest->len - self->searched)) != NULL)
    {
      const char *line = (const char *) self->rest->data + start;
      gsize length = (const char *) end - line;

      self->searched = start = end + 1 - self->rest->data;
      self->had_lines = TRUE;
      if (length > 0)
        self->funcs.line (line, length, self->user_data);
    }
  if (start > 0)
    g_byte_array_remove_range (self->rest, 0, start);
  self->searched = self->rest->len;
}

static void
xhr_stream_take_bytes (ScopeXhrStream *self,
                       gsize n_bytes)
{
  g_autoptr (GError) error = NULL;

  self->n_bytes += n_bytes;
  g_byte_array_append (self->rest, self->chunk, n_bytes);
  xhr_stream_take_lines (self);

  if (self->rest->len > SCOPE_LIMIT_FRAME_BYTES)
    {
      error = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                                   _("A frame is larger than the limit of 4 MiB"));
      xhr_stream_end (self, error);
    }
  else if (xhr_stream_is_enough (self) && !xhr_stream_ask_to_stop (self))
    xhr_stream_end (self, NULL);
  else if (!self->stopped)
    xhr_stream_read (self);
}

static void
xhr_stream_read_cb (GObject *source,
                    GAsyncResult *result,
                    gpointer user_data)
{
  ScopeXhrStream *self = user_data; /* with the call's reference */
  g_autoptr (GError) error = NULL;
  gssize n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n_bytes > 0 && !self->stopped)
    xhr_stream_take_bytes (self, n_bytes);
  else
    xhr_stream_end (self, error);
  xhr_stream_unref (self);
}

static void
xhr_stream_read (ScopeXhrStream *self)
{
  g_input_stream_read_async (self->input, self->chunk, sizeof self->chunk, G_PRIORITY_DEFAULT,
                             self->cancellable, xhr_stream_read_cb, xhr_stream_ref (self));
}

static void
xhr_stream_read_body_cb (GObject *source,
                         GAsyncResult *result,
                         gpointer user_data)
{
  ScopeXhrStream *self = user_data;
  gsize n_bytes = 0;

  /* a body that breaks off is told as far as it came */
  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_bytes, NULL);
  if (n_bytes > 0)
    self->body = scope_text_bounded ((const char *) self->chunk, n_bytes, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  xhr_stream_end (self, NULL);
  xhr_stream_unref (self);
}

static void
xhr_stream_explain_error (ScopeXhrStream *self,
                          GError *error)
{
  g_autofree char *flaw = scope_trust_describe (self->message);

  if (flaw != NULL && error->domain == G_TLS_ERROR)
    scope_set_str (&error->message, flaw);
}

static void
xhr_stream_sent_cb (GObject *source,
                    GAsyncResult *result,
                    gpointer user_data)
{
  ScopeXhrStream *self = user_data;
  g_autoptr (GError) error = NULL;

  self->input = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (error != NULL)
    xhr_stream_explain_error (self, error);
  if (self->input == NULL || self->stopped)
    xhr_stream_end (self, error);
  else if (scope_xhr_stream_get_status (self) == SOUP_STATUS_OK)
    xhr_stream_read (self);
  else
    g_input_stream_read_all_async (self->input, self->chunk, SCOPE_LIMIT_ERROR_TEXT_BYTES,
                                   G_PRIORITY_DEFAULT, self->cancellable, xhr_stream_read_body_cb,
                                   xhr_stream_ref (self));
  xhr_stream_unref (self);
}

static void
xhr_stream_network_cb (SoupMessage *message,
                       GSocketClientEvent event,
                       GIOStream *connection,
                       gpointer user_data)
{
  ScopeXhrStream *self = user_data;

  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (connection))
    g_set_object (&self->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)));
}

/**
 * scope_xhr_stream_start:
 * @enough_bytes: more than this, at the end of a line, ends the stream (protocol.md §7.2); 0: never
 * @funcs: copied
 *
 * Returns: (transfer full): a stream to be given to scope_xhr_stream_stop()
 */
ScopeXhrStream *
scope_xhr_stream_start (SoupSession *session,
                        SoupMessage *message,
                        ScopeClock *clock,
                        gsize enough_bytes,
                        const ScopeXhrStreamFuncs *funcs,
                        gpointer user_data)
{
  ScopeXhrStream *self;

  g_return_val_if_fail (SOUP_IS_SESSION (session) && SOUP_IS_MESSAGE (message), NULL);

  self = g_new0 (ScopeXhrStream, 1);
  g_ref_count_init (&self->ref_count);
  self->message = g_object_ref (message);
  self->cancellable = g_cancellable_new ();
  self->rest = g_byte_array_new ();
  self->enough_bytes = enough_bytes;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->clock = g_object_ref (clock);
  if (enough_bytes > 0)
    {
      soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
      g_signal_connect (message, "network-event", G_CALLBACK (xhr_stream_network_cb), self);
    }
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, self->cancellable, xhr_stream_sent_cb,
                           xhr_stream_ref (self));
  return self;
}

/**
 * scope_xhr_stream_stop:
 * @self: (nullable) (transfer full):
 *
 * Also from inside of its callbacks.
 */
void
scope_xhr_stream_stop (ScopeXhrStream *self)
{
  if (self == NULL)
    return;

  self->stopped = TRUE;
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_cancellable_cancel (self->cancellable);
  xhr_stream_unref (self);
}

/**
 * scope_xhr_stream_get_status:
 *
 * Returns: HTTP's status; 0: there was no answer
 */
guint
scope_xhr_stream_get_status (ScopeXhrStream *self)
{
  guint status = soup_message_get_status (self->message);

  return status >= 100 ? status : 0;
}

/**
 * scope_xhr_stream_get_body:
 *
 * Returns: (transfer none) (nullable): the body's start, of another status than 200
 */
const char *
scope_xhr_stream_get_body (ScopeXhrStream *self)
{
  return self->body;
}

/**
 * scope_xhr_stream_had_lines:
 *
 * Returns: whether a whole line came
 */
gboolean
scope_xhr_stream_had_lines (ScopeXhrStream *self)
{
  return self->had_lines;
}

/**
 * scope_xhr_stream_had_enough:
 *
 * Returns: whether it ended because so much came that another stream has to begin (protocol.md §7.2)
 */
gboolean
scope_xhr_stream_had_enough (ScopeXhrStream *self)
{
  return self->had_enough;
}
