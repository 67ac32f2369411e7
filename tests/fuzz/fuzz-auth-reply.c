/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an authorization endpoint may answer. The first byte chooses: bit 0 JSONP, bits 1 and 2 what was asked
 * for, bit 3 signed in. The rest is the body. */

#define G_LOG_DOMAIN "fuzz-auth-reply"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "protocol/scope-auth-reply.h"
#include "protocol/scope-decrypt.h"

#define MAX_TEXT_BYTES 4096 /* quote, URL and sentences */

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
fuzz_reply (const ScopeAuthReply *reply,
            ScopeAuthPurpose      purpose,
            gboolean              signed_in)
{
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  const char *colon;

  g_assert_nonnull (reply->auth);
  colon = strchr (reply->auth, ':');
  g_assert_true (colon != NULL && colon > reply->auth && colon[1] != '\0');
  g_assert_true (g_utf8_validate (reply->auth, -1, NULL));
  g_assert_true (reply->channel_data == NULL || g_utf8_validate (reply->channel_data, -1, NULL));
  g_assert_cmpint (reply->shared_secret != NULL, ==, purpose == SCOPE_AUTH_FOR_ENCRYPTED);

  if (purpose == SCOPE_AUTH_FOR_PRESENCE)
    g_assert_true (signed_in || reply->channel_data != NULL);
  if (purpose == SCOPE_AUTH_FOR_USER)
    g_assert_nonnull (reply->user_data);
  if (reply->shared_secret != NULL)
    g_assert_true (scope_channel_key_decode (scope_secret_peek (reply->shared_secret), key, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  gboolean is_jsonp, signed_in;
  ScopeAuthPurpose purpose;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeAuthReply) reply = NULL;

  if (size == 0)
    return 0;

  is_jsonp = (data[0] & 1) != 0;
  purpose = (ScopeAuthPurpose) ((data[0] >> 1) & 3);
  signed_in = (data[0] & 8) != 0;
  reply = scope_auth_reply_parse ((const char *) data + 1, size - 1, is_jsonp, purpose, "private-x",
                                  "https://example.com/auth?token=1", signed_in, &error);
  g_assert_true ((reply == NULL) == (error != NULL));
  if (reply != NULL)
    {
      fuzz_reply (reply, purpose, signed_in);
      return 0;
    }

  g_assert_true (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, MAX_TEXT_BYTES);
  return 0;
}
