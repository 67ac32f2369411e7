/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What somebody pastes to have its signature explained: any bytes, as each kind. No text may hold the secret. */

#include "config.h"

#include <string.h>

#include "protocol/scope-explain.h"

#define SECRET "5ecret-of-the-app"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
check (const ScopeExplanation *result)
{
  g_assert (result->summary != NULL);
  g_assert (strstr (result->summary, SECRET) == NULL);
  g_assert (result->signed_text == NULL || strstr (result->signed_text, SECRET) == NULL);
  g_assert (result->verdict != SCOPE_EXPLAIN_FITS || result->causes->len == 0);
  if (result->text_difference >= 0)
    g_assert (result->signed_text[result->text_difference] != result->other_text[result->text_difference]);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (ScopeSecret) secret = scope_secret_new (SECRET);
  const char * const names[] = { "private-a", "presence-b", NULL };
  const ScopeExplainFacts facts = {
    .key = "k", .app_id = "3", .secret = secret, .socket_id = "1.2", .channel = "private-a",
    .other_sockets = names, .other_channels = names, .now_usec = G_USEC_PER_SEC,
  };

  for (int kind = SCOPE_EXPLAIN_ANY; kind <= SCOPE_EXPLAIN_WEBHOOK; kind++)
    {
      g_autoptr (ScopeExplanation) result
          = scope_explain ((ScopeExplainKind) kind, (const char *) data, size, &facts);

      check (result);
    }
  return 0;
}
