/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Vectors of protocol.md §13.4. */

#define G_LOG_DOMAIN "test-decrypt"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "protocol/scope-decrypt.h"

#define MASTER_KEY "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
#define BLA_KEY "nlr49ISQHz91yS3cy/yWmW8wFMNeTnNL5tNHnbPJcLQ="
#define TEXT_KEY "SXQgTXVzdCBCZSBUaGlydHkgVHdvIENoYXJhY3RlcnM="
#define A_NONCE "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"

static void
test_derive (void)
{
  static const struct
  {
    const char *channel;
    const char *shared_secret;
  } rows[] = {
    { "private-encrypted-bla", BLA_KEY },
    { "private-encrypted-orders", "S3Qc1mldWvowVfJ6QPeoPLBsVIjC9bCudNtN25v4Snw=" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 key[SCOPE_CHANNEL_KEY_BYTES];
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (scope_channel_key_derive (rows[i].channel, MASTER_KEY, key, &error));
      g_assert_no_error (error);
      text = g_base64_encode (key, sizeof key);
      g_assert_cmpstr (text, ==, rows[i].shared_secret);
    }
}

static void
test_master_key (void)
{
  static const char *const bad[] = {
    "",
    "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU",   /* no padding */
    "zyrm8pvV2C9fJcBfhyXzvxbJVN_H7QLmbe0xJi1GhPU=",  /* URL alphabet */
    " zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=", /* space */
    "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=\n",
    "VGhpcyBpcyBhIHN0cmluZyB0aGF0IGlzIDMyIGNoYXJz", /* 33 bytes */
    "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhA==",  /* 31 bytes */
    "cf2ae6f29bd5d82f5f25c05f8725f3bf16c954dfc7ed02e66ded31262d4684f5",
    "äöü",
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_master_key_check (MASTER_KEY, &error));
  g_assert_no_error (error);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      guint8 key[SCOPE_CHANNEL_KEY_BYTES];

      g_assert_false (scope_master_key_check (bad[i], &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, "32 bytes"));
      if (*bad[i] != '\0')
        g_assert_null (strstr (error->message, bad[i]));
      g_clear_error (&error);

      g_assert_false (scope_channel_key_derive ("private-encrypted-x", bad[i], key, NULL));
    }
}

typedef struct
{
  const char *key;
  const char *data;
  const char *plain;
} BoxRow;

static const BoxRow boxes[] = {
  { BLA_KEY,
    "{\"nonce\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\",\"ciphertext\":"
    "\"33oMbJp4jf9rt7Abv2Sc4QEidySHWH/MlDfFNmdv+bWcdikhl31YXp8=\"}",
    "{\"message\":\"hello world\"}" },
  { "AEgx+Z0qToZyPok8re06KJfe7dvtlRT+lJfc3cUr1Qs=",
    "{\"nonce\":\"sjklahvpWWQgAjTx5FfYHCCxd2AmaL9T\",\"ciphertext\":"
    "\"zoDEe8dA3nDXKsybAWce/hXGW4szJw==\"}",
    "Hello!" },
  { TEXT_KEY,
    "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"2wM1YT9exdvm6Nb0nx6zWBQpwRXhlxKiLQMHGbf3H2VEmw==\"}",
    "{\"test\":\"payload\"}" },
  { TEXT_KEY, "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"okm9m9mTnEKv8Ohx92vpqg==\"}", "" },
  { TEXT_KEY,
    "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"JIG15LkFZadCqW853SIpXU1hwAPmw1G4fAcUCbX/XA==\"}",
    "\"just a string\"" },
  /* order, white space, escapes and further members do not matter */
  { TEXT_KEY,
    " { \"x\" : [1], \"ciphertext\" : \"okm9m9mTnEKv8Ohx92vpqg\\u003d=\" ,\n\"nonce\":\"" A_NONCE
    "\" } ",
    "" },
};

static void
read_key (const char *text,
          guint8      key[SCOPE_CHANNEL_KEY_BYTES])
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (text, &length);

  g_assert_cmpuint (length, ==, SCOPE_CHANNEL_KEY_BYTES);
  memcpy (key, bytes, length);
}

static void
test_open (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      guint8 key[SCOPE_CHANNEL_KEY_BYTES];
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) plain = NULL;

      read_key (boxes[i].key, key);
      plain = scope_decrypt_event (key, boxes[i].data, strlen (boxes[i].data), &error);
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), boxes[i].plain,
                       strlen (boxes[i].plain));

      key[31] ^= 1;
      g_assert_null (scope_decrypt_event (key, boxes[i].data, strlen (boxes[i].data), &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_FAILED);
    }
}

/* Every bit of the ciphertext counts. */
static void
test_flipped_bits (void)
{
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  gsize length;
  g_autofree guchar *cipher = g_base64_decode ("zoDEe8dA3nDXKsybAWce/hXGW4szJw==", &length);

  read_key (boxes[1].key, key);
  for (gsize bit = 0; bit < length * 8; bit++)
    {
      g_autofree char *text = NULL;
      g_autofree char *data = NULL;
      g_autoptr (GError) error = NULL;

      cipher[bit / 8] ^= 1 << (bit % 8);
      text = g_base64_encode (cipher, length);
      data = g_strdup_printf ("{\"nonce\":\"sjklahvpWWQgAjTx5FfYHCCxd2AmaL9T\",\"ciphertext\":\"%s\"}",
                              text);
      g_assert_null (scope_decrypt_event (key, data, strlen (data), &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_FAILED);
      cipher[bit / 8] ^= 1 << (bit % 8);
    }
}

static void
test_bad_payload (void)
{
  static const struct
  {
    const char *data;
    const char *says;
  } rows[] = {
    { "", "" },
    { "hello", "" },
    { "{}", "nonce" },
    { "[]", "" },
    { "{\"nonce\":\"" A_NONCE "\"}", "ciphertext" },
    { "{\"ciphertext\":\"okm9m9mTnEKv8Ohx92vpqg==\"}", "nonce" },
    { "{\"nonce\":1,\"ciphertext\":\"okm9m9mTnEKv8Ohx92vpqg==\"}", "nonce" },
    { "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":null}", "ciphertext" },
    { "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"okm9m9mTnEKv8Ohx92vpqg\"}", "base64" },
    { "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"okm9m9mTnEKv8Ohx92vp qg==\"}", "base64" },
    { "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"\\ud800\"}", "base64" },
    { "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"\"}", "0 bytes" },
    { "{\"nonce\":\"" A_NONCE "\",\"ciphertext\":\"okm9m9mTnEKv8Ohx92vp\"}", "15 bytes" },
    { "{\"nonce\":\"YWFh\",\"ciphertext\":\"okm9m9mTnEKv8Ohx92vpqg==\"}", "3 bytes" },
    { "{\"nonce\":\"" A_NONCE "YWFh\",\"ciphertext\":\"okm9m9mTnEKv8Ohx92vpqg==\"}", "27 bytes" },
  };
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];

  read_key (TEXT_KEY, key);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (scope_decrypt_event (key, rows[i].data, strlen (rows[i].data), &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL);
      g_assert_nonnull (strstr (error->message, rows[i].says));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_encrypt (void)
{
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  guint8 nonce[24];
  g_autofree char *data = NULL;
  g_autofree char *empty = NULL;

  read_key (BLA_KEY, key);
  for (guint i = 0; i < sizeof nonce; i++)
    nonce[i] = i;

  data = scope_encrypt_event (key, nonce, boxes[0].plain, strlen (boxes[0].plain));
  g_assert_cmpstr (data, ==, boxes[0].data);

  read_key (TEXT_KEY, key);
  memset (nonce, 'a', sizeof nonce);
  empty = scope_encrypt_event (key, nonce, NULL, 0);
  g_assert_cmpstr (empty, ==, boxes[3].data);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/decrypt/derive", test_derive);
  g_test_add_func ("/decrypt/master-key", test_master_key);
  g_test_add_func ("/decrypt/open", test_open);
  g_test_add_func ("/decrypt/flipped-bits", test_flipped_bits);
  g_test_add_func ("/decrypt/bad-payload", test_bad_payload);
  g_test_add_func ("/decrypt/encrypt", test_encrypt);

  return g_test_run ();
}
