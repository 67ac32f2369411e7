/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events, and the keys of encrypted channels (protocol.md §5). */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include "base/scope-secret.h"
#include "protocol/scope-decrypt.h"

/* §5: with the master key known here, the channel's key is derived; without it the event stays locked */
static GBytes *
scope_connection_decrypt (ScopeConnection *self,
                          const char *channel,
                          ScopeMessage *message)
{
  const char *master_key = scope_secret_peek (self->options->master_key);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GError) error = NULL;
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];

  if (master_key == NULL)
    return NULL;

  raw = scope_message_dup_raw_data (message);
  if (raw == NULL)
    return NULL;
  if (scope_channel_key_derive (channel, master_key, key, &error))
    {
      plain = scope_decrypt_event (key, g_bytes_get_data (raw, NULL), g_bytes_get_size (raw), &error);
      scope_secret_wipe (key, sizeof key);
    }
  if (error != NULL)
    {
      _scope_connection_report_error (self, SCOPE_SOURCE_DECRYPT, channel, error->message);
      self->message = message; /* the event itself, not the remark on it, carries the frame */
    }
  return g_steal_pointer (&plain);
}

void
_scope_connection_take_event (ScopeConnection *self,
                             ScopeMessage *message)
{
  const char *channel = scope_message_get_channel (message, NULL);
  ScopeReport report = { .type = SCOPE_REPORT_EVENT, .channel = channel };
  g_autoptr (GBytes) plain = NULL;

  if (channel != NULL && channel[0] == 'p'
      && scope_channel_kind_is_encrypted (scope_channel_name_get_kind (channel)))
    {
      report.encrypted = TRUE;
      report.plain = plain = scope_connection_decrypt (self, channel, message);
      report.decrypted = plain != NULL;
    }
  _scope_connection_report (self, &report);
}
