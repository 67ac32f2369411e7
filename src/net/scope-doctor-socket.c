/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The doctor's WebSocket: the upgrade, the greeting, and one subscription to a private channel of its own name,
 * which nobody else sees. */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "net/scope-doctor-private.h"
#include "net/scope-websocket-transport.h"
#include "net/scope-xhr-transport.h"
#include "protocol/scope-close-code.h"
#include "protocol/scope-frame.h"
#include "protocol/scope-message.h"
#include "protocol/scope-server-error.h"

/* What a `pusher:error` or a refused subscription says (protocol.md §1.3, §3.3). */
typedef struct
{
  char *text;
  guint code;
} ScopeDoctorRefusal;

static void
scope_doctor_refusal_clear (ScopeDoctorRefusal *self)
{
  g_free (self->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScopeDoctorRefusal, scope_doctor_refusal_clear)

static char *
scope_doctor_dup_string (const char *text,
                         const ScopeJsonWanted *wanted)
{
  g_autofree char *whole = NULL;

  if (wanted->kind != SCOPE_JSON_STRING)
    return NULL;
  whole = scope_json_string_dup (text + wanted->value.offset, wanted->value.length);
  return scope_text_for_display (whole, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
}

static guint
scope_doctor_read_number (const char *text,
                          const ScopeJsonWanted *wanted)
{
  g_autofree char *digits = NULL;
  guint64 number = 0;

  if (wanted->kind != SCOPE_JSON_NUMBER)
    return 0;
  digits = g_strndup (text + wanted->value.offset, wanted->value.length);
  g_ascii_string_to_unsigned (digits, 10, 0, 9999, &number, NULL);
  return (guint) number;
}

static void
scope_doctor_refusal_read (ScopeDoctorRefusal *self,
                           ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "message" }, { .key = "error" }, { .key = "code" }, { .key = "status" } };
  g_autoptr (GBytes) owner = NULL;
  const char *text;
  gsize length;

  if (scope_message_read_data_object (message, &text, &length, &owner)
      && scope_json_scan_object (text, length, wanted, G_N_ELEMENTS (wanted), NULL))
    {
      self->text = scope_doctor_dup_string (text, &wanted[0]);
      if (self->text == NULL)
        self->text = scope_doctor_dup_string (text, &wanted[1]);
      self->code = scope_doctor_read_number (text, &wanted[2]);
      if (self->code == 0)
        self->code = scope_doctor_read_number (text, &wanted[3]);
    }
  if (self->text == NULL)
    self->text = g_strdup (_("The server reported an error without a text"));
}

/* --- upgrade --- */

static void
scope_doctor_opened (ScopeTransport *transport,
                     gpointer user_data)
{
  ScopeDoctor *self = user_data;

  if (self->current != SCOPE_DOCTOR_UPGRADE)
    return;
  if ((self->kind & SCOPE_TRANSPORTS_SOCKET) != 0)
    _scope_doctor_good (self, _("The server speaks WebSocket. The time includes another connection"));
  else
    _scope_doctor_good (self, _("The server answers by %s. The time includes another connection"),
                        scope_transport_kind_to_name (self->kind));
}

static void
scope_doctor_blame_upgrade (ScopeDoctor *self,
                            guint status,
                            const char *text)
{
  g_autofree char *shown = scope_text_for_display (text, -1, SCOPE_LIMIT_CLOSE_REASON_BYTES);

  _scope_doctor_fail (self, status != 0 ? scope_fault_of_upgrade (status) : SCOPE_FAULT_NOT_WEBSOCKET, "%s", shown);
}

typedef struct
{
  ScopeDoctorCall *call;
  guint status;
  char *text;
} ScopeDoctorUpgradeFault;

static void
scope_doctor_probed_tls_cb (GObject *source,
                            GAsyncResult *result,
                            gpointer user_data)
{
  ScopeDoctorUpgradeFault *fault = user_data;
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (fault->call);

  if (self != NULL && _scope_probe_finish (result))
    _scope_doctor_fail (self, SCOPE_FAULT_TLS_SPOKEN, _("Port %u does not speak plain HTTP, but TLS"), self->port);
  else if (self != NULL)
    scope_doctor_blame_upgrade (self, fault->status, fault->text);
  g_free (fault->text);
  g_free (fault);
}

/* Of a socket that ends meanwhile, the next step that needs it tells. The last one has asked for its id already. */
static gboolean
scope_doctor_needs_socket (ScopeDoctor *self)
{
  if (self->current != SCOPE_DOCTOR_HTTP_API && self->current != SCOPE_DOCTOR_PRESENCE_AUTH)
    return TRUE;
  if (self->current == SCOPE_DOCTOR_HTTP_API)
    g_clear_pointer (&self->socket_id, g_free);
  return FALSE;
}

static ScopeFault
scope_doctor_get_signature_fault (ScopeDoctor *self)
{
  return self->options->channel_auth.endpoint != NULL ? SCOPE_FAULT_ENDPOINT_SECRET : SCOPE_FAULT_SIGNATURE;
}

/* A TLS port that is spoken to without TLS closes, or says 400 with a page of its own. */
static void
scope_doctor_failed (ScopeTransport *transport,
                     const GError *error,
                     guint status,
                     const char *body,
                     gpointer user_data)
{
  ScopeDoctor *self = user_data;
  g_autofree char *text = scope_transport_describe_failure (error, status, body);
  ScopeDoctorUpgradeFault *fault;

  if (!scope_doctor_needs_socket (self))
    return;
  if (self->current != SCOPE_DOCTOR_UPGRADE)
    {
      _scope_doctor_fail (self, SCOPE_FAULT_CLOSED, _("The connection broke: %s"), text);
      return;
    }
  if (self->use_tls || self->proxy != NULL || (status != 0 && status != 400))
    {
      scope_doctor_blame_upgrade (self, status, text);
      return;
    }
  fault = g_new0 (ScopeDoctorUpgradeFault, 1);
  fault->call = _scope_doctor_call_new (self);
  fault->status = status;
  fault->text = g_steal_pointer (&text);
  _scope_probe_tls_async (self->host, self->port, self->stop, scope_doctor_probed_tls_cb, fault);
}

static void
scope_doctor_closed (ScopeTransport *transport,
                     guint code,
                     const char *reason,
                     gpointer user_data)
{
  ScopeDoctor *self = user_data;
  ScopeFault fault = scope_fault_of_refusal (code, reason);

  if (!scope_doctor_needs_socket (self))
    return;
  /* Sockudo closes where others answer (protocol.md §11.4) */
  if (self->current == SCOPE_DOCTOR_CHANNEL_AUTH && code == 4009)
    fault = scope_doctor_get_signature_fault (self);
  if (code == SCOPE_CLOSE_NONE)
    _scope_doctor_fail (self, fault, _("The server closed without a word"));
  else if (reason == NULL)
    _scope_doctor_fail (self, fault, _("The server closed with code %u"), code);
  else
    _scope_doctor_fail (self, fault, _("The server closed with code %u: %s"), code, reason);
}

/* --- greeting --- */

static void
scope_doctor_take_greeting (ScopeDoctor *self,
                            ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "socket_id" } };
  g_autoptr (GBytes) owner = NULL;
  const char *text;
  gsize length;

  if (scope_message_read_data_object (message, &text, &length, &owner)
      && scope_json_scan_object (text, length, wanted, G_N_ELEMENTS (wanted), NULL))
    self->socket_id = scope_doctor_dup_string (text, &wanted[0]);
  if (self->socket_id == NULL || *self->socket_id == '\0')
    _scope_doctor_fail (self, SCOPE_FAULT_GREETING, _("The server's greeting has no socket id"));
  else
    _scope_doctor_good (self, _("The server knows the app. Socket id: %s"), self->socket_id);
}

static void
scope_doctor_take_first (ScopeDoctor *self,
                         ScopeMessage *message)
{
  ScopeMessageType type = scope_message_get_message_type (message);
  g_auto (ScopeDoctorRefusal) refusal = { NULL };

  if (type == SCOPE_MESSAGE_CONNECTION_ESTABLISHED)
    {
      scope_doctor_take_greeting (self, message);
      return;
    }
  if (type != SCOPE_MESSAGE_ERROR)
    {
      _scope_doctor_fail (self, SCOPE_FAULT_GREETING, _("The first frame is no greeting of a Channels server"));
      return;
    }
  scope_doctor_refusal_read (&refusal, message);
  if (refusal.code != 0)
    _scope_doctor_fail (self, scope_fault_of_refusal (refusal.code, refusal.text), _("The server refused (%u): %s"),
                        refusal.code, refusal.text);
  else
    _scope_doctor_fail (self, scope_fault_of_refusal (0, refusal.text), _("The server refused: %s"), refusal.text);
}

/* --- subscription --- */

static void
scope_doctor_refuse_subscription (ScopeDoctor *self,
                                  ScopeMessage *message)
{
  g_auto (ScopeDoctorRefusal) refusal = { NULL };
  gboolean is_signature;

  scope_doctor_refusal_read (&refusal, message);
  is_signature = refusal.code == 401 || refusal.code == 4009
                 || scope_server_error_get_topic (refusal.code, refusal.text) == SCOPE_TOPIC_SUBSCRIPTION;
  _scope_doctor_fail (self, is_signature ? scope_doctor_get_signature_fault (self) : SCOPE_FAULT_SUBSCRIPTION,
                      _("The server refuses the subscription: %s"), refusal.text);
}

static void
scope_doctor_accept_subscription (ScopeDoctor *self)
{
  const char *accepted = self->options->channel_auth.endpoint != NULL
                             ? _("The server accepts what the endpoint signs")
                             : _("The server accepts what the app secret signs");

  if (self->refusal == NULL)
    {
      _scope_doctor_good (self, "%s", accepted);
      return;
    }
  _scope_doctor_advise (self, scope_server_error_get_meaning (0, self->refusal));
  _scope_doctor_good (self, _("%s. Earlier it refused a client event: %s"), accepted, self->refusal);
}

static void
scope_doctor_take_answer (ScopeDoctor *self,
                          ScopeMessage *message)
{
  gboolean is_ours = g_strcmp0 (scope_message_get_channel (message, NULL), SCOPE_DOCTOR_CHANNEL) == 0;
  ScopeMessageType type = scope_message_get_message_type (message);
  g_autofree char *frame = NULL;

  if (type == SCOPE_MESSAGE_SUBSCRIPTION_SUCCEEDED && is_ours)
    {
      frame = scope_frame_unsubscribe (SCOPE_DOCTOR_CHANNEL);
      scope_transport_send (self->transport, frame, strlen (frame));
      scope_doctor_accept_subscription (self);
    }
  else if ((type == SCOPE_MESSAGE_SUBSCRIPTION_ERROR && is_ours) || type == SCOPE_MESSAGE_ERROR)
    scope_doctor_refuse_subscription (self, message);
}

static void
scope_doctor_message (ScopeTransport *transport,
                      GBytes *frame,
                      gpointer user_data)
{
  ScopeDoctor *self = user_data;
  g_autoptr (ScopeMessage) message = scope_message_new (frame, NULL);
  ScopeMessageType type = message != NULL ? scope_message_get_message_type (message) : SCOPE_MESSAGE_UNKNOWN;
  g_autofree char *pong = NULL;

  if (type == SCOPE_MESSAGE_PING)
    {
      pong = scope_frame_pong ();
      scope_transport_send (transport, pong, strlen (pong));
    }
  else if (self->current == SCOPE_DOCTOR_HANDSHAKE && message == NULL)
    _scope_doctor_fail (self, SCOPE_FAULT_GREETING, _("The first frame is no greeting of a Channels server"));
  else if (self->current == SCOPE_DOCTOR_HANDSHAKE)
    scope_doctor_take_first (self, message);
  else if (self->current == SCOPE_DOCTOR_CHANNEL_AUTH && message != NULL)
    scope_doctor_take_answer (self, message);
}

static void
scope_doctor_refused_frame (ScopeTransport *transport,
                            const char *why,
                            gsize size,
                            gpointer user_data)
{
  ScopeDoctor *self = user_data;

  if (self->current == SCOPE_DOCTOR_HANDSHAKE)
    _scope_doctor_fail (self, SCOPE_FAULT_GREETING, "%s", why);
}

static void
scope_doctor_heard (ScopeTransport *transport,
                    gpointer user_data)
{
}

static const ScopeTransportListener listener = {
  .opened = scope_doctor_opened,
  .message = scope_doctor_message,
  .refused_frame = scope_doctor_refused_frame,
  .closed = scope_doctor_closed,
  .failed = scope_doctor_failed,
  .activity = scope_doctor_heard,
  .answered = scope_doctor_heard,
};

void
_scope_doctor_upgrade (ScopeDoctor *self)
{
  g_clear_object (&self->tls);
  g_clear_object (&self->stream);
  if ((self->kind & SCOPE_TRANSPORTS_SOCKET) != 0)
    self->transport = scope_websocket_transport_new (self->options, self->use_tls);
  else
    self->transport = scope_xhr_transport_new (self->options, self->kind, self->use_tls, self->clock);
  scope_transport_set_listener (self->transport, &listener, self);
  scope_transport_open (self->transport);
}

/* The frame comes by itself. */
void
_scope_doctor_await_greeting (ScopeDoctor *self)
{
}

void
_scope_doctor_subscribe (ScopeDoctor *self,
                         const char *auth)
{
  g_autofree char *frame = scope_frame_subscribe (SCOPE_DOCTOR_CHANNEL, auth, NULL);

  scope_transport_send (self->transport, frame, strlen (frame));
}
