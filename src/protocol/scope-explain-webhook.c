/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A webhook: its body is signed as it is, byte for byte (protocol.md §10). */

#define SIGNATURE "X-Pusher-Signature"

/* The headers may stand behind the body, or where no HTTP is: then by their name. */
static char *
webhook_find_value (const char *text,
                    const char *name)
{
  gsize length = strlen (name);

  for (const char *at = text; *at != '\0'; at++)
    if (g_ascii_strncasecmp (at, name, length) == 0)
      {
        const char *value = at + length + strspn (at + length, " \t\"':=>");

        return g_strndup (value, strcspn (value, " \t\r\n\"',;"));
      }
  return NULL;
}

static char *
webhook_dup_header (const ScopeExplainHttp *http,
                    const char             *text,
                    const char             *name)
{
  const char *value = http != NULL ? _scope_explain_http_get (http, name) : NULL;

  return value != NULL ? g_strdup (value) : webhook_find_value (text, name);
}

static char *
webhook_dup_body (const ScopeExplainHttp *http,
                  const char             *text)
{
  gsize at = 0, start, length;

  g_autofree char *behind
      = http != NULL && http->body != NULL ? webhook_find_value (http->body, SIGNATURE) : NULL;

  if (http != NULL && http->body != NULL && behind == NULL)
    return g_strdup (http->body);
  if (_scope_explain_find_object (text, &at, &start, &length))
    return g_strndup (text + start, length);
  return NULL;
}

static void
webhook_add_line_ends (ScopeTrial *trial,
                       const char *body)
{
  g_auto (GStrv) parts = g_strsplit (body, "\r\n", -1);
  char *unix_ends = g_strjoinv ("\n", parts);
  g_auto (GStrv) lines = g_strsplit (unix_ends, "\n", -1);
  const char *cause = _("The body was signed with other line ends (CR LF or LF alone): something on the way, or the "
                        "paste, changed them.");

  _scope_trial_take (trial, g_strjoinv ("\r\n", lines), SCOPE_CAUSE_SPACE, cause);
  _scope_trial_take (trial, unix_ends, SCOPE_CAUSE_SPACE, cause);
}

static void
webhook_add_candidates (ScopeTrial *trial,
                        const char *body)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (body));
  const char *space = _("The signature is right for the body without the white space at its end, or with a line end "
                        "there. Verify the very bytes that came, before anything trims or completes them.");

  _scope_trial_add (trial, body, SCOPE_CAUSE_FORM, NULL);
  _scope_trial_add (trial, trimmed, SCOPE_CAUSE_SPACE, space);
  _scope_trial_take (trial, g_strconcat (trimmed, "\n", NULL), SCOPE_CAUSE_SPACE, space);
  _scope_trial_take (trial, g_strconcat (trimmed, "\r\n", NULL), SCOPE_CAUSE_SPACE, space);
  if (g_str_has_prefix (body, "\xef\xbb\xbf"))
    _scope_trial_add (trial, body + 3, SCOPE_CAUSE_SPACE,
                      _("A byte order mark stands before the body that was not signed."));
  webhook_add_line_ends (trial, body);
  _scope_trial_add_json (trial, "", trimmed, SCOPE_CAUSE_JSON,
                         _("The same JSON was signed in other bytes: the body was parsed and written anew before it "
                           "was verified. Verify the very bytes that came."));
}

static void
webhook_check_key (ScopeExplanation        *self,
                   const char              *key,
                   const ScopeExplainFacts *facts)
{
  if (key == NULL || facts->key == NULL || strcmp (key, facts->key) == 0)
    return;

  _scope_explanation_add (self, SCOPE_CAUSE_KEY,
                          _("X-Pusher-Key names another app key than the one here: the webhook is another app's, and "
                            "signed with its secret."));
}

static void
webhook_solve (ScopeExplanation        *self,
               const char              *body,
               const char              *signature,
               const ScopeExplainFacts *facts)
{
  ScopeTrial trial;

  _scope_trial_init (&trial, facts, self);
  webhook_add_candidates (&trial, body);
  _scope_trial_solve (&trial, signature);
  _scope_trial_clear (&trial);
}

void
_scope_explain_webhook (ScopeExplanation        *self,
                        const char              *text,
                        const ScopeExplainFacts *facts)
{
  g_autoptr (ScopeExplainHttp) http = _scope_explain_http_parse (text);
  g_autofree char *signature = webhook_dup_header (http, text, SIGNATURE);
  g_autofree char *key = webhook_dup_header (http, text, "X-Pusher-Key");
  g_autofree char *body = webhook_dup_body (http, text);

  if (body == NULL)
    {
      _scope_explanation_say (self, SCOPE_EXPLAIN_INCOMPLETE,
                              _("The webhook's body is missing: it is what is signed. Paste it below its headers."));
      return;
    }
  _scope_explanation_take_signed (self, g_strdup (body));
  if (signature != NULL && *signature != '\0')
    {
      webhook_solve (self, body, signature, facts);
      webhook_check_key (self, key, facts);
      return;
    }
  _scope_explanation_sign (self, facts);
  _scope_explanation_say (self, SCOPE_EXPLAIN_INCOMPLETE,
                          _("The header X-Pusher-Signature is missing: paste it with the body."));
  webhook_check_key (self, key, facts);
}
