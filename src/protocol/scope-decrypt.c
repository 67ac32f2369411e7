/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-decrypt"

#include "config.h"

#include "protocol/scope-decrypt.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-secret.h"
#include "json/scope-json.h"

#define MASTER_KEY_BYTES 32
#define NONCE_BYTES crypto_secretbox_NONCEBYTES
#define MAC_BYTES crypto_secretbox_MACBYTES

G_STATIC_ASSERT (SCOPE_CHANNEL_KEY_BYTES == crypto_secretbox_KEYBYTES);
G_STATIC_ASSERT (SCOPE_CHANNEL_KEY_BYTES == crypto_hash_sha256_BYTES);
G_STATIC_ASSERT (SCOPE_CHANNEL_KEY_BYTES == MASTER_KEY_BYTES);
G_STATIC_ASSERT (NONCE_BYTES == 24);

static gboolean
ensure_sodium (void)
{
  static gsize state = 0;

  if (g_once_init_enter (&state))
    g_once_init_leave (&state, sodium_init () >= 0 ? 1 : 2);

  return state == 1;
}

/* Standard alphabet, padded, nothing else (§5). g_base64_decode() would skip what it can't read. */
static gboolean
decode_base64 (const char *text,
               gsize       length,
               guint8     *bytes,
               gsize       size,
               gsize      *n_bytes)
{
  return sodium_base642bin (bytes, size, text, length, NULL, n_bytes, NULL,
                            sodium_base64_VARIANT_ORIGINAL) == 0;
}

static char *
encode_base64 (const guint8 *bytes,
               gsize         length)
{
  gsize size = sodium_base64_ENCODED_LEN (length, sodium_base64_VARIANT_ORIGINAL);
  char *text = g_malloc (size);

  return sodium_bin2base64 (text, size, bytes, length, sodium_base64_VARIANT_ORIGINAL);
}

/* Master keys and channels' keys have the same size. */
static gboolean
decode_key (const char *text,
            guint8      key[MASTER_KEY_BYTES])
{
  guint8 bytes[MASTER_KEY_BYTES * 2];
  gsize length = 0;
  gboolean ok = decode_base64 (text, strlen (text), bytes, sizeof bytes, &length) &&
                length == MASTER_KEY_BYTES;

  if (ok)
    memcpy (key, bytes, MASTER_KEY_BYTES);

  scope_secret_wipe (bytes, sizeof bytes);
  return ok;
}

static gboolean
read_master_key (const char  *text,
                 guint8       key[MASTER_KEY_BYTES],
                 GError     **error)
{
  gboolean ok = decode_key (text, key);

  if (!ok)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("The encryption master key must be exactly %d bytes in base64: %d characters, "
                   "the last of them “=”"),
                 MASTER_KEY_BYTES, (MASTER_KEY_BYTES + 2) / 3 * 4);
  return ok;
}

/* One base64 field of the payload, decoded (transfer full). */
static guint8 *
read_field (const char             *data,
            const ScopeJsonWanted  *field,
            gsize                  *n_bytes,
            GError                **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint8 *bytes = NULL;

  if (field->kind != SCOPE_JSON_STRING)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                   _("The encrypted event has no “%s”"), field->key);
      return NULL;
    }

  bytes = g_malloc (field->value.length);
  if (!scope_json_string_decode (data + field->value.offset, field->value.length, text) ||
      !decode_base64 (text->str, text->len, bytes, field->value.length, n_bytes))
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                   _("The encrypted event's “%s” is no base64"), field->key);
      return NULL;
    }

  return g_steal_pointer (&bytes);
}

static gboolean
check_sizes (gsize    nonce_bytes,
             gsize    cipher_bytes,
             GError **error)
{
  if (nonce_bytes != NONCE_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                   _("The encrypted event's nonce has %zu bytes instead of %u"),
                   nonce_bytes, NONCE_BYTES);
      return FALSE;
    }

  if (cipher_bytes < MAC_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                   _("The encrypted event's ciphertext has %zu bytes; at least %u are needed"),
                   cipher_bytes, MAC_BYTES);
      return FALSE;
    }

  return TRUE;
}

static GBytes *
open_box (const guint8   key[SCOPE_CHANNEL_KEY_BYTES],
          const guint8  *nonce,
          const guint8  *cipher,
          gsize          cipher_bytes,
          GError       **error)
{
  gsize length = cipher_bytes - MAC_BYTES;
  g_autofree guint8 *plain = g_malloc (length + 1);

  if (!ensure_sodium () ||
      crypto_secretbox_open_easy (plain, cipher, cipher_bytes, nonce, key) != 0)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_FAILED,
                           _("The event can't be decrypted: the key is not the one it was "
                             "encrypted with"));
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&plain), length);
}

/**
 * scope_master_key_check:
 * @error: SCOPE_ERROR_USAGE
 */
gboolean
scope_master_key_check (const char  *master_key_base64,
                        GError     **error)
{
  guint8 key[MASTER_KEY_BYTES];
  gboolean ok;

  g_return_val_if_fail (master_key_base64 != NULL, FALSE);

  ok = read_master_key (master_key_base64, key, error);
  scope_secret_wipe (key, sizeof key);

  return ok;
}

/**
 * scope_channel_key_derive:
 * @key: (out caller-allocates): to be wiped after use
 * @error: SCOPE_ERROR_USAGE
 *
 * What the endpoint would hand out as `shared_secret`: SHA-256 of the channel's name and the master
 * key (protocol.md §5).
 */
gboolean
scope_channel_key_derive (const char  *channel,
                          const char  *master_key_base64,
                          guint8       key[SCOPE_CHANNEL_KEY_BYTES],
                          GError     **error)
{
  guint8 master[MASTER_KEY_BYTES];
  crypto_hash_sha256_state state;

  g_return_val_if_fail (channel != NULL, FALSE);
  g_return_val_if_fail (master_key_base64 != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  if (!read_master_key (master_key_base64, master, error))
    return FALSE;

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, (const guint8 *) channel, strlen (channel));
  crypto_hash_sha256_update (&state, master, sizeof master);
  crypto_hash_sha256_final (&state, key);

  scope_secret_wipe (master, sizeof master);
  scope_secret_wipe (&state, sizeof state);

  return TRUE;
}

/**
 * scope_channel_key_decode:
 * @shared_secret: as an authorization endpoint hands it out
 * @key: (out caller-allocates): to be wiped after use
 * @error: SCOPE_ERROR_PROTOCOL; the text never holds the secret
 *
 * A `shared_secret` is the channel's key, base64 of 32 bytes (protocol.md §4.2, §5).
 */
gboolean
scope_channel_key_decode (const char  *shared_secret,
                          guint8       key[SCOPE_CHANNEL_KEY_BYTES],
                          GError     **error)
{
  gboolean ok;

  g_return_val_if_fail (shared_secret != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  ok = decode_key (shared_secret, key);
  if (!ok)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                 _("The “shared_secret” is no base64 of exactly %d bytes"), SCOPE_CHANNEL_KEY_BYTES);
  return ok;
}

/**
 * scope_decrypt_event:
 * @data: the event's data as its publisher handed it over: an object of `nonce` and `ciphertext`
 * @length: bytes of @data
 * @error: SCOPE_ERROR_PROTOCOL if @data has another form, which no key can change;
 *   SCOPE_ERROR_FAILED if the key does not fit: another one may
 *
 * Returns: (transfer full): the plaintext, which may be any bytes
 */
GBytes *
scope_decrypt_event (const guint8   key[SCOPE_CHANNEL_KEY_BYTES],
                     const char    *data,
                     gsize          length,
                     GError       **error)
{
  ScopeJsonWanted wanted[] = { { "nonce" }, { "ciphertext" } };
  ScopeJsonProblem problem = { 0 };
  g_autofree guint8 *nonce = NULL;
  g_autofree guint8 *cipher = NULL;
  gsize nonce_bytes = 0, cipher_bytes = 0;

  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (!scope_json_scan_object (data != NULL ? data : "", length, wanted, G_N_ELEMENTS (wanted),
                               &problem))
    {
      g_autofree char *text = scope_json_problem_to_text (&problem);

      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                   _("The event is not encrypted as this channel's events must be: %s"), text);
      return NULL;
    }

  nonce = read_field (data, &wanted[0], &nonce_bytes, error);
  if (nonce == NULL)
    return NULL;

  cipher = read_field (data, &wanted[1], &cipher_bytes, error);
  if (cipher == NULL || !check_sizes (nonce_bytes, cipher_bytes, error))
    return NULL;

  return open_box (key, nonce, cipher, cipher_bytes, error);
}

/**
 * scope_encrypt_event:
 * @nonce: never used twice with the same key
 * @length: bytes of @plain
 *
 * Returns: (transfer full): what is published as the event's data
 */
char *
scope_encrypt_event (const guint8  key[SCOPE_CHANNEL_KEY_BYTES],
                     const guint8  nonce[24],
                     const char   *plain,
                     gsize         length)
{
  g_autofree guint8 *cipher = NULL;
  g_autofree char *nonce_text = NULL;
  g_autofree char *cipher_text = NULL;

  g_return_val_if_fail (key != NULL && nonce != NULL, NULL);
  g_return_val_if_fail (plain != NULL || length == 0, NULL);
  g_return_val_if_fail (ensure_sodium (), NULL);

  cipher = g_malloc (length + MAC_BYTES);
  crypto_secretbox_easy (cipher, (const guint8 *) (plain != NULL ? plain : ""), length, nonce, key);

  nonce_text = encode_base64 (nonce, NONCE_BYTES);
  cipher_text = encode_base64 (cipher, length + MAC_BYTES);

  return g_strdup_printf ("{\"nonce\":\"%s\",\"ciphertext\":\"%s\"}", nonce_text, cipher_text);
}
