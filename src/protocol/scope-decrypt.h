/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* protocol.md §5: NaCl secretbox with a key derived from the channel's name and the master key. */

#define SCOPE_CHANNEL_KEY_BYTES 32

/* base64 of exactly 32 bytes, standard alphabet, padded; FALSE with SCOPE_ERROR_USAGE otherwise */
gboolean scope_master_key_check  (const char *master_key_base64,
                                  GError    **error);
/* SHA-256 (channel ‖ master key) */
gboolean scope_channel_key_derive (const char *channel,
                                   const char *master_key_base64,
                                   guint8      key[SCOPE_CHANNEL_KEY_BYTES],
                                   GError    **error);
/* a shared_secret, base64 of exactly 32 bytes; FALSE with SCOPE_ERROR_PROTOCOL otherwise */
gboolean scope_channel_key_decode (const char *shared_secret,
                                   guint8      key[SCOPE_CHANNEL_KEY_BYTES],
                                   GError    **error);
/* data: the event's decoded data, {"nonce":…,"ciphertext":…}. (transfer full): the plaintext */
GBytes  *scope_decrypt_event     (const guint8 key[SCOPE_CHANNEL_KEY_BYTES],
                                  const char  *data,
                                  gsize        length,
                                  GError     **error);
/* the reverse, for the sandbox and tests: {"nonce":…,"ciphertext":…} (transfer full) */
char    *scope_encrypt_event     (const guint8 key[SCOPE_CHANNEL_KEY_BYTES],
                                  const guint8 nonce[24],
                                  const char  *plain,
                                  gsize        length);

G_END_DECLS
