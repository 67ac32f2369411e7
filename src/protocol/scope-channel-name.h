/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* protocol.md §3.1–3.2 */
typedef enum
{
  SCOPE_CHANNEL_PUBLIC,
  SCOPE_CHANNEL_CACHE,
  SCOPE_CHANNEL_PRIVATE,
  SCOPE_CHANNEL_PRIVATE_CACHE,
  SCOPE_CHANNEL_PRIVATE_ENCRYPTED,
  SCOPE_CHANNEL_PRIVATE_ENCRYPTED_CACHE,
  SCOPE_CHANNEL_PRESENCE,
  SCOPE_CHANNEL_PRESENCE_CACHE,
  SCOPE_CHANNEL_SERVER_TO_USER,
} ScopeChannelKind;

ScopeChannelKind scope_channel_name_get_kind  (const char        *name);
gboolean         scope_channel_kind_needs_auth (ScopeChannelKind  kind);
gboolean         scope_channel_kind_is_presence (ScopeChannelKind kind);
gboolean         scope_channel_kind_is_encrypted (ScopeChannelKind kind);
gboolean         scope_channel_kind_is_cache  (ScopeChannelKind   kind);
gboolean         scope_channel_kind_allows_client_events (ScopeChannelKind kind);
const char      *scope_channel_kind_to_text   (ScopeChannelKind   kind); /* translated: "Presence channel" … */

/* FALSE with SCOPE_ERROR_USAGE naming the character or length that is wrong. On success *warning
 * (nullable, transfer full) is set to a sentence, or NULL: above 164 bytes (docs' limit), or a name
 * that soketi or Reverb read as private because they match prefixes differently (§11.2, §11.3). */
gboolean         scope_channel_name_check     (const char        *name,
                                               char             **warning,
                                               GError           **error);

G_END_DECLS
