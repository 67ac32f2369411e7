/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-redact.h"
#include "protocol/scope-signature.h"

/* What the three kinds share: which of them it is, and the result. */

static void
cause_free (gpointer data)
{
  ScopeExplainCause *cause = data;

  g_free (cause->text);
  g_free (cause);
}

static ScopeExplanation *
explanation_new (void)
{
  ScopeExplanation *self = g_new0 (ScopeExplanation, 1);

  self->causes = g_ptr_array_new_with_free_func (cause_free);
  self->text_difference = -1;
  self->signature_difference = -1;
  return self;
}

/**
 * scope_explanation_free:
 * @self: (nullable):
 */
void
scope_explanation_free (ScopeExplanation *self)
{
  if (self == NULL)
    return;

  g_free (self->summary);
  g_ptr_array_unref (self->causes);
  g_free (self->signed_text);
  g_free (self->other_text);
  g_free (self->our_signature);
  g_free (self->their_signature);
  g_free (self);
}

/**
 * scope_explanation_has_cause:
 *
 * Returns: whether that cause was found
 */
gboolean
scope_explanation_has_cause (const ScopeExplanation *self,
                             ScopeExplainCauseId     id)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->causes->len; i++)
    if (((ScopeExplainCause *) g_ptr_array_index (self->causes, i))->id == id)
      return TRUE;
  return FALSE;
}

void
_scope_explanation_add (ScopeExplanation   *self,
                        ScopeExplainCauseId id,
                        const char         *text)
{
  ScopeExplainCause *cause = g_new0 (ScopeExplainCause, 1);

  cause->id = id;
  cause->text = g_strdup (text);
  g_ptr_array_add (self->causes, cause);
}

void
_scope_explanation_say (ScopeExplanation   *self,
                        ScopeExplainVerdict verdict,
                        const char         *summary)
{
  self->verdict = verdict;
  g_free (self->summary);
  self->summary = g_strdup (summary);
}

void
_scope_explanation_take_signed (ScopeExplanation *self,
                                char             *text)
{
  g_free (self->signed_text);
  self->signed_text = text;
}

void
_scope_explanation_sign (ScopeExplanation        *self,
                         const ScopeExplainFacts *facts)
{
  const char *secret = scope_secret_peek (facts->secret);

  g_clear_pointer (&self->our_signature, g_free);
  if (secret != NULL && self->signed_text != NULL)
    self->our_signature = scope_sign_hmac_hex (secret, self->signed_text, -1);
}

void
_scope_explanation_set_other (ScopeExplanation *self,
                              const char       *text)
{
  g_free (self->other_text);
  self->other_text = g_strdup (text);
  self->text_difference = self->signed_text != NULL ? scope_explain_find_difference (self->signed_text, text) : -1;
}

/**
 * scope_explain_find_difference:
 *
 * Returns: the first byte in which two texts differ; -1: there is none
 */
gssize
scope_explain_find_difference (const char *a,
                               const char *b)
{
  gsize at = 0;

  g_return_val_if_fail (a != NULL && b != NULL, -1);

  while (a[at] != '\0' && a[at] == b[at])
    at++;
  return a[at] == b[at] ? -1 : (gssize) at;
}

static gboolean
explain_has (const char *text,
             const char *word)
{
  gsize length = strlen (word);

  for (; *text != '\0'; text++)
    if (g_ascii_strncasecmp (text, word, length) == 0)
      return TRUE;
  return FALSE;
}

/**
 * scope_explain_recognise:
 * @text: what was pasted
 * @length: its bytes
 *
 * Returns: the kind, `SCOPE_EXPLAIN_ANY` if it is none
 */
ScopeExplainKind
scope_explain_recognise (const char *text,
                         gsize       length)
{
  static const struct
  {
    const char *word;
    ScopeExplainKind kind;
  } signs[] = {
    { "X-Pusher-Signature", SCOPE_EXPLAIN_WEBHOOK },
    { "\"time_ms\"", SCOPE_EXPLAIN_WEBHOOK },
    { "hex digest of ", SCOPE_EXPLAIN_AUTH },
    { "HmacSHA256Hex(", SCOPE_EXPLAIN_REQUEST },
    { "auth_signature=", SCOPE_EXPLAIN_REQUEST },
    { "auth_timestamp=", SCOPE_EXPLAIN_REQUEST },
    { "auth\"", SCOPE_EXPLAIN_AUTH },
    { "auth\\\"", SCOPE_EXPLAIN_AUTH },
    { "channel_data", SCOPE_EXPLAIN_AUTH },
    { "socket_id=", SCOPE_EXPLAIN_AUTH },
    { "/apps/", SCOPE_EXPLAIN_REQUEST },
    { "<html", SCOPE_EXPLAIN_AUTH },
    { "<!doctype", SCOPE_EXPLAIN_AUTH },
    { "HTTP/", SCOPE_EXPLAIN_AUTH },
  };
  g_autofree char *valid = NULL;

  g_return_val_if_fail (text != NULL || length == 0, SCOPE_EXPLAIN_ANY);

  if (length == 0 || length > SCOPE_LIMIT_EXPLAIN_BYTES)
    return SCOPE_EXPLAIN_ANY;
  valid = g_utf8_make_valid (text, length);
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (explain_has (valid, signs[i].word))
      return signs[i].kind;
  return SCOPE_EXPLAIN_ANY;
}

static void
explain_by_kind (ScopeExplanation        *self,
                 const char              *text,
                 const ScopeExplainFacts *facts)
{
  switch (self->kind)
    {
    case SCOPE_EXPLAIN_AUTH:
      _scope_explain_auth (self, text, facts);
      break;
    case SCOPE_EXPLAIN_REQUEST:
      _scope_explain_request (self, text, facts);
      break;
    case SCOPE_EXPLAIN_WEBHOOK:
      _scope_explain_webhook (self, text, facts);
      break;
    case SCOPE_EXPLAIN_ANY:
    default:
      _scope_explanation_say (self, SCOPE_EXPLAIN_NOTHING,
                              _("Nothing that is signed was found in this. Paste what an authorization endpoint "
                                "answered, a request of the HTTP API or its refusal, or a webhook with its headers."));
    }
}

/* Where key and secret were swapped the paste itself holds the secret. */
static void
explanation_hide_secret (ScopeExplanation        *self,
                         const ScopeExplainFacts *facts)
{
  const char *secret = scope_secret_peek (facts->secret);
  const char * const secrets[] = { secret, NULL };
  char **texts[] = { &self->signed_text, &self->other_text, &self->their_signature };

  for (gsize i = 0; secret != NULL && i < G_N_ELEMENTS (texts); i++)
    if (*texts[i] != NULL && strstr (*texts[i], secret) != NULL)
      {
        char *hidden = scope_redact_text (*texts[i], secrets);

        g_free (*texts[i]);
        *texts[i] = hidden;
      }
  if (self->signed_text != NULL && self->other_text != NULL)
    self->text_difference = scope_explain_find_difference (self->signed_text, self->other_text);
}

/**
 * scope_explain:
 * @kind: what it is; `SCOPE_EXPLAIN_ANY`: to be recognised
 * @text: what was pasted, hostile
 * @length: its bytes
 * @facts: what is known besides; not kept
 *
 * Returns: (transfer full): what must be signed, what came, and why they differ
 */
ScopeExplanation *
scope_explain (ScopeExplainKind         kind,
               const char              *text,
               gsize                    length,
               const ScopeExplainFacts *facts)
{
  ScopeExplanation *self;
  g_autofree char *valid = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (facts != NULL, NULL);

  self = explanation_new ();
  self->kind = kind != SCOPE_EXPLAIN_ANY ? kind : scope_explain_recognise (text, length);
  if (length > SCOPE_LIMIT_EXPLAIN_BYTES)
    {
      g_autofree char *told
          = g_strdup_printf (_("This is too long: %d bytes at most are looked at."), SCOPE_LIMIT_EXPLAIN_BYTES);

      _scope_explanation_say (self, SCOPE_EXPLAIN_NOTHING, told);
      return self;
    }

  valid = g_utf8_make_valid (text != NULL ? text : "", length);
  explain_by_kind (self, valid, facts);
  explanation_hide_secret (self, facts);
  if (self->verdict == SCOPE_EXPLAIN_FITS && self->causes->len > 0)
    _scope_explanation_say (self, SCOPE_EXPLAIN_DIFFERS,
                            _("The signature itself is right, but something else is not."));
  return self;
}
