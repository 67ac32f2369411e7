/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Bounds on what one trial keeps and hashes: some 20 ms of a slow machine. */
#define MAX_CANDIDATE_BYTES (2 * 1024 * 1024)
#define MAX_HASHED_BYTES (4 * 1024 * 1024)
#define MAX_CANDIDATES 400

typedef struct
{
  char *text;
  ScopeExplainCauseId id;
  const char *cause; /* NULL: the text is right */
} ScopeCandidate;

typedef struct
{
  ScopeSecret *secret; /* NULL: an empty one */
  ScopeExplainCauseId id;
  const char *cause; /* NULL: the secret is right */
} ScopeSecretTry;

typedef enum
{
  SHAPE_HEX,
  SHAPE_BASE64,
} ScopeDigestShape;

typedef struct
{
  GChecksumType type;
  ScopeDigestShape shape;
} ScopeDigest;

static void
candidate_free (gpointer data)
{
  ScopeCandidate *candidate = data;

  g_free (candidate->text);
  g_free (candidate);
}

static void
secret_try_free (gpointer data)
{
  ScopeSecretTry *try = data;

  scope_secret_unref (try->secret);
  g_free (try);
}

void
_scope_trial_init (ScopeTrial              *self,
                   const ScopeExplainFacts *facts,
                   ScopeExplanation        *result)
{
  *self = (ScopeTrial) { .facts = facts, .result = result };
  self->candidates = g_ptr_array_new_with_free_func (candidate_free);
  self->seen = g_hash_table_new (g_str_hash, g_str_equal);
}

void
_scope_trial_clear (ScopeTrial *self)
{
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
}

void
_scope_trial_take (ScopeTrial         *self,
                   char               *text,
                   ScopeExplainCauseId id,
                   const char         *cause)
{
  ScopeCandidate *candidate;
  gsize length = strlen (text);

  if (g_hash_table_contains (self->seen, text))
    {
      g_free (text);
      return;
    }
  if (self->n_bytes + length > MAX_CANDIDATE_BYTES || self->candidates->len == MAX_CANDIDATES)
    {
      self->is_cut = TRUE;
      g_free (text);
      return;
    }

  candidate = g_new0 (ScopeCandidate, 1);
  candidate->text = text;
  candidate->id = id;
  candidate->cause = cause;
  self->n_bytes += length;
  g_ptr_array_add (self->candidates, candidate);
  g_hash_table_add (self->seen, text);
}

void
_scope_trial_add (ScopeTrial         *self,
                  const char         *text,
                  ScopeExplainCauseId id,
                  const char         *cause)
{
  _scope_trial_take (self, g_strdup (text), id, cause);
}

void
_scope_trial_add_json (ScopeTrial         *self,
                       const char         *prefix,
                       const char         *json,
                       ScopeExplainCauseId id,
                       const char         *cause)
{
  g_autoptr (GPtrArray) forms = _scope_explain_list_json (json);

  for (guint i = 0; i < forms->len; i++)
    _scope_trial_take (self, g_strconcat (prefix, g_ptr_array_index (forms, i), NULL), id, cause);
}

/* ---- the secrets ---- */

static void
trial_add_secret (GPtrArray          *tries,
                  char               *text, /* transfer full */
                  ScopeExplainCauseId id,
                  const char         *cause)
{
  ScopeSecretTry *try = g_new0 (ScopeSecretTry, 1);

  try->secret = scope_secret_new_take (text);
  try->id = id;
  try->cause = cause;
  g_ptr_array_add (tries, try);
}

static void
trial_add_spaced_secrets (GPtrArray  *tries,
                          const char *secret)
{
  static const char * const around[][2]
      = { { "", "\n" }, { "", "\r\n" }, { "", " " }, { "", "\r" }, { " ", "" }, { "\"", "\"" }, { "'", "'" } };
  char *stripped = g_strstrip (g_strdup (secret));

  for (gsize i = 0; i < G_N_ELEMENTS (around); i++)
    trial_add_secret (tries, g_strconcat (around[i][0], secret, around[i][1], NULL), SCOPE_CAUSE_SECRET_SPACE,
                      _("The secret it was signed with has white space or quotes around it, often a line end read "
                        "from a file or an environment variable. Trim it where it is read."));
  if (strcmp (stripped, secret) != 0)
    trial_add_secret (tries, stripped, SCOPE_CAUSE_SECRET_SPACE,
                      _("The secret given here has white space around it; without that the signature fits."));
  else
    trial_add_secret (tries, stripped, SCOPE_CAUSE_SECRET, NULL);
}

static void
trial_add_unset_secrets (GPtrArray *tries)
{
  static const char * const unset[] = { "", "undefined", "null", "None", "nil", "false" };

  for (gsize i = 0; i < G_N_ELEMENTS (unset); i++)
    trial_add_secret (tries, g_strdup (unset[i]), SCOPE_CAUSE_SECRET_UNSET,
                      _("It was signed with an empty secret, or with the word for none: where it was signed the "
                        "secret is not set, often an environment variable that is missing."));
}

static GPtrArray *
trial_list_secrets (const ScopeExplainFacts *facts)
{
  const char *secret = scope_secret_peek (facts->secret);
  GPtrArray *tries = g_ptr_array_new_with_free_func (secret_try_free);

  trial_add_secret (tries, g_strdup (secret), SCOPE_CAUSE_SECRET, NULL);
  if (facts->key != NULL)
    trial_add_secret (tries, g_strdup (facts->key), SCOPE_CAUSE_SWAPPED,
                      _("It was signed with the app key in the secret's place: key and secret are swapped where it "
                        "was signed."));
  if (facts->app_id != NULL)
    trial_add_secret (tries, g_strdup (facts->app_id), SCOPE_CAUSE_SWAPPED,
                      _("It was signed with the app id in the secret's place."));
  if (facts->master_key != NULL)
    trial_add_secret (tries, g_strdup (scope_secret_peek (facts->master_key)), SCOPE_CAUSE_SWAPPED,
                      _("It was signed with the encryption master key in the secret's place."));
  trial_add_spaced_secrets (tries, secret);
  trial_add_secret (tries, g_ascii_strup (secret, -1), SCOPE_CAUSE_SECRET_CASE,
                    _("It was signed with the secret in capital letters."));
  trial_add_secret (tries, g_ascii_strdown (secret, -1), SCOPE_CAUSE_SECRET_CASE,
                    _("It was signed with the secret in small letters."));
  trial_add_unset_secrets (tries);
  return tries;
}

/* ---- digests ---- */

/* By its form: which it can be. */
static gboolean
trial_recognise_digest (const char  *signature,
                        ScopeDigest *digest)
{
  static const struct
  {
    gsize length;
    ScopeDigest digest;
  } forms[] = {
    { 64, { G_CHECKSUM_SHA256, SHAPE_HEX } },    { 32, { G_CHECKSUM_MD5, SHAPE_HEX } },
    { 40, { G_CHECKSUM_SHA1, SHAPE_HEX } },      { 96, { G_CHECKSUM_SHA384, SHAPE_HEX } },
    { 128, { G_CHECKSUM_SHA512, SHAPE_HEX } },   { 44, { G_CHECKSUM_SHA256, SHAPE_BASE64 } },
    { 28, { G_CHECKSUM_SHA1, SHAPE_BASE64 } },   { 43, { G_CHECKSUM_SHA256, SHAPE_BASE64 } },
  };
  gsize length = strlen (signature);
  gboolean is_hex = strspn (signature, "0123456789abcdefABCDEF") == length;

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (forms[i].length == length && is_hex == (forms[i].digest.shape == SHAPE_HEX))
      {
        *digest = forms[i].digest;
        return TRUE;
      }
  return FALSE;
}

static char *
trial_dup_base64 (const char *hex)
{
  gsize length = strlen (hex) / 2;
  g_autofree guint8 *bytes = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    bytes[i] = g_ascii_xdigit_value (hex[2 * i]) * 16 + g_ascii_xdigit_value (hex[2 * i + 1]);
  return g_base64_encode (bytes, length);
}

static gboolean
trial_matches (const ScopeDigest *digest,
               const ScopeSecret *secret,
               const char        *text,
               const char        *signature)
{
  const char *key = secret != NULL ? scope_secret_peek (secret) : "";
  g_autofree char *hex
      = g_compute_hmac_for_string (digest->type, (const guchar *) key, strlen (key), text, strlen (text));
  g_autofree char *base64 = NULL;
  g_autofree char *plain = NULL;

  if (digest->shape == SHAPE_HEX)
    return g_ascii_strcasecmp (hex, signature) == 0;

  /* also in the letters that URLs take */
  base64 = trial_dup_base64 (hex);
  plain = g_strdelimit (g_strdelimit (g_strdup (signature), "-", '+'), "_", '/');
  return strncmp (base64, plain, strcspn (base64, "=")) == 0;
}

/* ---- the verdict ---- */

static void
trial_add_digest_causes (ScopeTrial        *self,
                         const ScopeDigest *digest,
                         const char        *signature)
{
  g_autofree char *lower = g_ascii_strdown (signature, -1);

  if (digest->type != G_CHECKSUM_SHA256)
    _scope_explanation_add (self->result, SCOPE_CAUSE_DIGEST,
                            _("The signature is made with another hash function: it has to be HMAC-SHA256."));
  if (digest->shape == SHAPE_BASE64)
    _scope_explanation_add (self->result, SCOPE_CAUSE_BASE64,
                            _("The signature is written in base64: it has to be in hexadecimal digits."));
  else if (strcmp (lower, signature) != 0)
    _scope_explanation_add (self->result, SCOPE_CAUSE_HEX_CASE,
                            _("The signature has capital letters: it has to be in small ones, as servers compare it "
                              "as a text."));
}

static void
trial_tell (ScopeTrial           *self,
            const ScopeCandidate *candidate,
            const ScopeSecretTry *try,
            const ScopeDigest    *digest,
            const char           *signature)
{
  guint before = self->result->causes->len;

  if (candidate->cause != NULL)
    {
      _scope_explanation_add (self->result, candidate->id, candidate->cause);
      _scope_explanation_set_other (self->result, candidate->text);
    }
  if (try->cause != NULL)
    _scope_explanation_add (self->result, try->id, try->cause);
  trial_add_digest_causes (self, digest, signature);

  if (self->result->causes->len == before)
    _scope_explanation_say (self->result, SCOPE_EXPLAIN_FITS, _("The signature is right."));
  else
    _scope_explanation_say (self->result, SCOPE_EXPLAIN_DIFFERS,
                            _("The signature is not right, and the cause was found."));
}

static void
trial_give_up (ScopeTrial *self,
               gboolean    is_cut)
{
  _scope_explanation_say (self->result, SCOPE_EXPLAIN_DIFFERS, _("The signature is not right."));
  _scope_explanation_add (self->result, SCOPE_CAUSE_SECRET,
                          _("Nothing else that was tried gives this signature: it was most likely made with another "
                            "secret. Compare the secret where it was signed with the one used here, for this very "
                            "key and cluster; a secret may have been replaced."));
  if (is_cut)
    _scope_explanation_add (self->result, SCOPE_CAUSE_SECRET,
                            _("The text is so long that not every other cause was tried."));
}

/* Every text with the right secret first, then with the others. */
static gboolean
trial_search (ScopeTrial        *self,
              GPtrArray         *tries,
              const ScopeDigest *digest,
              const char        *signature)
{
  gsize n_hashed = 0;

  for (guint i = 0; i < tries->len; i++)
    for (guint j = 0; j < self->candidates->len; j++)
      {
        const ScopeSecretTry *try = g_ptr_array_index (tries, i);
        const ScopeCandidate *candidate = g_ptr_array_index (self->candidates, j);

        n_hashed += strlen (candidate->text) + 256;
        if (n_hashed > MAX_HASHED_BYTES)
          {
            self->is_cut = TRUE;
            return FALSE;
          }
        if (trial_matches (digest, try->secret, candidate->text, signature))
          {
            trial_tell (self, candidate, try, digest, signature);
            return TRUE;
          }
      }
  return FALSE;
}

static void
trial_judge (ScopeTrial *self,
             const char *signature)
{
  g_autoptr (GPtrArray) tries = trial_list_secrets (self->facts);
  ScopeDigest digest;

  if (!trial_recognise_digest (signature, &digest))
    {
      _scope_explanation_say (self->result, SCOPE_EXPLAIN_DIFFERS, _("The signature is not right."));
      _scope_explanation_add (self->result, SCOPE_CAUSE_DIGEST,
                              _("What stands in the signature's place is none: it has to be 64 hexadecimal digits."));
    }
  else if (!trial_search (self, tries, &digest, signature))
    trial_give_up (self, self->is_cut);
}

/**
 * _scope_trial_solve:
 * @signature: as it came, perhaps with white space around it
 */
void
_scope_trial_solve (ScopeTrial *self,
                    const char *signature)
{
  ScopeExplanation *result = self->result;
  const char *secret = scope_secret_peek (self->facts->secret);
  g_autofree char *stripped = g_strstrip (g_strdup (signature));

  g_assert (result->signed_text != NULL);

  g_free (result->their_signature);
  result->their_signature = g_strdup (signature);
  if (secret == NULL)
    {
      _scope_explanation_say (result, SCOPE_EXPLAIN_UNCHECKED,
                              _("To check the signature the app secret is needed."));
      return;
    }

  _scope_explanation_sign (result, self->facts);
  result->signature_difference = scope_explain_find_difference (result->our_signature, signature);
  trial_judge (self, stripped);
  if (strcmp (stripped, signature) != 0 && result->causes->len == 0)
    {
      _scope_explanation_say (result, SCOPE_EXPLAIN_DIFFERS,
                              _("The signature is not right, and the cause was found."));
      _scope_explanation_add (result, SCOPE_CAUSE_SPACE,
                              _("The signature has white space around it. Without that it is right."));
    }
}
