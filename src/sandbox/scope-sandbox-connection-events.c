/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-connection-private.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"

/* Events that a client sends. */

/* Client events */

static gboolean
connection_take_token (ScopeSandboxConnection *self)
{
  gint64 now = g_get_monotonic_time ();
  double gained = (double) (now - self->tokens_usec) / G_USEC_PER_SEC *
                  SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND;

  self->tokens = MIN (self->tokens + gained, SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND);
  self->tokens_usec = now;
  if (self->tokens < 1)
    return FALSE;

  self->tokens -= 1;
  return TRUE;
}

/* (transfer full): why not, or NULL (protocol.md §1.8, §6) */
static char *
connection_check_client_event (ScopeSandboxConnection *self,
                               ScopeMessage           *message,
                               gsize                   event_length)
{
  const char *channel = scope_message_get_channel (message, NULL);
  g_autofree char *shown = NULL;
  g_autoptr (GBytes) data = NULL;

  if (channel == NULL || scope_message_get_data_kind (message) == SCOPE_JSON_NONE)
    return g_strdup ("Invalid client event (must contain channel and data)");

  shown = scope_text_for_display (channel, -1, SCOPE_SANDBOX_SHOWN_NAME_BYTES);
  if (!scope_channel_kind_allows_client_events (scope_channel_name_get_kind (channel)))
    return g_strdup_printf ("Cannot broadcast client event (channel %s is neither private nor "
                            "presence, or it is encrypted)", shown);
  if (!g_hash_table_contains (self->subscriptions, channel))
    return g_strdup_printf ("Cannot broadcast client event (connection not subscribed to "
                            "channel %s)", shown);
  if (event_length > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return g_strdup_printf ("Invalid client event (its name is longer than %d characters)",
                            SCOPE_LIMIT_EVENT_NAME_BYTES);

  data = scope_message_dup_raw_data (message);
  if (g_bytes_get_size (data) > SCOPE_LIMIT_DATA_BYTES)
    return g_strdup_printf ("The data content of this event exceeds the allowed maximum (%d bytes)",
                            SCOPE_LIMIT_DATA_BYTES);

  return NULL;
}

static void
connection_relay_client_event (ScopeSandboxConnection *self,
                               ScopeMessage           *message)
{
  const char *channel = scope_message_get_channel (message, NULL);
  const char *text = g_bytes_get_data (scope_message_get_bytes (message), NULL);
  ScopeSpan data = scope_message_get_data_span (message);
  ScopeSandboxEvent event = {
    .channel = channel,
    .event = scope_message_get_event (message, NULL),
    .data_token = text + data.offset,
    .data_length = data.length,
    .user_id = g_hash_table_lookup (self->subscriptions, channel),
    .socket_id = self->socket_id,
    .is_client_event = TRUE,
  };

  _scope_sandbox_relay (self->sandbox, &event);
}

void
_scope_sandbox_connection_handle_event (ScopeSandboxConnection *self,
                                        ScopeMessage           *message)
{
  gsize length;
  const char *event = scope_message_get_event (message, &length);
  g_autofree char *refusal = NULL;

  if (!g_str_has_prefix (event, "client-"))
    {
      g_autofree char *shown = scope_text_for_display (event, length, SCOPE_SANDBOX_SHOWN_NAME_BYTES);

      _scope_sandbox_connection_send_errorf (self, "Unsupported event received on socket: '%s'", shown);
      return;
    }

  refusal = connection_check_client_event (self, message, length);
  if (refusal != NULL)
    _scope_sandbox_connection_send_error (self, 0, refusal);
  else if (!connection_take_token (self))
    _scope_sandbox_connection_send_error (self, 4301, "Client event rejected: "
                                          "a connection may send 10 in a second");
  else
    connection_relay_client_event (self, message);
}
