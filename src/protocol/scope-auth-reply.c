/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-auth-reply"

#include "config.h"

#include "protocol/scope-auth-reply.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-redact.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "protocol/scope-decrypt.h"

#define QUOTE_BYTES 512

/* What is being read, for the texts. */
typedef struct
{
  const char *body;
  gsize length;
  const char *channel;
  const char *url;
  ScopeAuthPurpose purpose;
} AuthReplyContext;

enum
{
  WANTED_AUTH,
  WANTED_CHANNEL_DATA,
  WANTED_SHARED_SECRET,
  WANTED_USER_DATA,
  N_WANTED
};

/* A body may hold the app key with its signature, and a channel's key: neither may get into a text
 * that is shown and recorded. A value goes on behind an escape (PHP writes base64's “/” as “\/”) and ends
 * at the next quote, escaped or not: the answer may be encoded twice. */
static char *
hide_secrets (const char *text)
{
  g_autoptr (GRegex) regex
      = g_regex_new ("(['\"](?:auth|shared_secret)\\\\*['\"]\\s*:\\s*\\\\*['\"])"
                     "(?:\\\\*[^'\"\\\\])+",
                     G_REGEX_DEFAULT, 0, NULL);
  char *hidden;

  g_assert (regex != NULL);
  hidden = g_regex_replace (regex, text, -1, 0, "\\1" SCOPE_REDACTED, 0, NULL);

  return hidden != NULL ? hidden : g_strdup (SCOPE_REDACTED);
}

/**
 * scope_auth_reply_quote:
 * @body: (nullable): any bytes
 * @length: how many
 *
 * Returns: (transfer full): the start of the body as one line; the values of `auth` and
 *   `shared_secret` are hidden
 */
char *
scope_auth_reply_quote (const char *body,
                        gsize       length)
{
  g_autofree char *line = scope_text_for_display (body, length, QUOTE_BYTES);

  if (*line == '\0')
    return g_strdup (_("(an empty body)"));
  return hide_secrets (line);
}

/**
 * scope_auth_reply_show_url:
 *
 * Returns: (transfer full): @url without user, query and fragment
 */
char *
scope_auth_reply_show_url (const char *url)
{
  g_autofree char *redacted = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  redacted = scope_redact_url (url);
  redacted[strcspn (redacted, "?#")] = '\0';
  return scope_text_for_display (redacted, -1, QUOTE_BYTES);
}

/* Each text says which endpoint, what is wrong, and what it said. */
G_GNUC_PRINTF (3, 4)
static void
context_fail (const AuthReplyContext *context,
              GError                **error,
              const char             *format,
              ...)
{
  g_autofree char *quote = scope_auth_reply_quote (context->body, context->length);
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (context->purpose == SCOPE_AUTH_FOR_USER)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                 _("%s The user-authentication endpoint %s answered: %s"), what, context->url, quote);
  else
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                 _("%s The channel-authorization endpoint %s answered: %s"), what, context->url, quote);
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static void
skip_space (const char **text,
            const char  *end)
{
  while (*text < end && is_space (**text))
    (*text)++;
}

static gboolean
skip_word (const char **text,
           const char  *end,
           const char  *word)
{
  gsize length = strlen (word);

  if ((gsize) (end - *text) < length || memcmp (*text, word, length) != 0)
    return FALSE;
  *text += length;
  return TRUE;
}

/* [\w.$\['"\]]+ */
static gboolean
skip_callback_name (const char **text,
                    const char  *end)
{
  const char *start = *text;

  while (*text < end && **text != '\0'
         && (g_ascii_isalnum (**text) || strchr ("_.$['\"]", **text) != NULL))
    (*text)++;
  return *text > start;
}

/* Express and Rails begin with a comment, against a content-type confusion of old Flash players. */
static void
skip_comments (const char **text,
               const char  *end)
{
  skip_space (text, end);
  while (skip_word (text, end, "/*"))
    {
      while (*text < end && !skip_word (text, end, "*/"))
        (*text)++;
      skip_space (text, end);
    }
}

/* Express: typeof NAME === 'function' && NAME(…) */
static void
skip_guard (const char **text,
            const char  *end)
{
  const char *at = *text;

  if (!skip_word (&at, end, "typeof "))
    return;
  skip_space (&at, end);
  if (!skip_callback_name (&at, end))
    return;
  skip_space (&at, end);
  if (!skip_word (&at, end, "==="))
    return;
  skip_space (&at, end);
  if (!skip_word (&at, end, "'function'") && !skip_word (&at, end, "\"function\""))
    return;
  skip_space (&at, end);
  if (!skip_word (&at, end, "&&"))
    return;
  skip_space (&at, end);
  *text = at;
}

/* `callback({…});` by its grammar (§4.1): a script is not evaluated here, whatever it says. */
static gboolean
strip_jsonp (const char **body,
             gsize       *length)
{
  const char *text = *body;
  const char *end = text + *length;

  skip_comments (&text, end);
  skip_guard (&text, end);
  if (!skip_callback_name (&text, end))
    return FALSE;
  skip_space (&text, end);
  if (!skip_word (&text, end, "("))
    return FALSE;

  while (end > text && is_space (end[-1]))
    end--;
  if (end > text && end[-1] == ';')
    end--;
  while (end > text && is_space (end[-1]))
    end--;
  if (end == text || end[-1] != ')')
    return FALSE;

  *body = text;
  *length = end - 1 - text;
  return TRUE;
}

/* The decoded string, byte for byte; it is signed as it stands. */
static gboolean
read_string (const AuthReplyContext *context,
             const char             *json,
             const ScopeJsonWanted  *field,
             char                  **value,
             GError                **error)
{
  g_autoptr (GString) text = NULL;

  if (field->kind == SCOPE_JSON_NONE || field->kind == SCOPE_JSON_NULL)
    return TRUE;
  if (field->kind != SCOPE_JSON_STRING)
    {
      context_fail (context, error, _("“%s” is no JSON string."), field->key);
      return FALSE;
    }

  text = g_string_sized_new (field->value.length);
  if (!scope_json_string_decode (json + field->value.offset, field->value.length, text))
    context_fail (context, error, _("“%s” holds half a surrogate pair, which is no text."), field->key);
  else if (strlen (text->str) != text->len)
    context_fail (context, error, _("“%s” holds a NUL character."), field->key);
  else
    *value = g_strndup (text->str, text->len);

  scope_secret_wipe (text->str, text->len);
  return *value != NULL;
}

static gboolean
check_auth (const AuthReplyContext *context,
            const char             *auth,
            GError                **error)
{
  const char *colon = auth != NULL ? strchr (auth, ':') : NULL;

  if (auth == NULL)
    context_fail (context, error, _("Invalid auth response: it has no “auth”."));
  else if (colon == NULL || colon == auth || colon[1] == '\0')
    context_fail (context, error, _("Invalid auth response: “auth” must be the app key, a colon and the "
                                    "signature."));
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_secret (const AuthReplyContext *context,
              ScopeAuthReply         *reply,
              char                   *shared_secret,
              GError                **error)
{
  g_autoptr (GError) flaw = NULL;
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];

  if (shared_secret == NULL)
    {
      context_fail (context, error,
                    _("No shared_secret key in auth payload for encrypted channel: %s."),
                    context->channel);
      return FALSE;
    }
  if (!scope_channel_key_decode (shared_secret, key, &flaw))
    {
      context_fail (context, error, "%s.", flaw->message);
      return FALSE;
    }

  scope_secret_wipe (key, sizeof key);
  reply->shared_secret = scope_secret_new (shared_secret);
  return TRUE;
}

/* What must be there beside `auth`, by what it was asked for (§4.2). */
static gboolean
check_purpose (const AuthReplyContext *context,
               ScopeAuthReply         *reply,
               char                   *shared_secret,
               gboolean                signed_in,
               GError                **error)
{
  switch (context->purpose)
    {
    case SCOPE_AUTH_FOR_PRESENCE:
      if (reply->channel_data != NULL || signed_in)
        return TRUE;
      context_fail (context, error, _("Invalid auth response: a presence channel needs “channel_data”, a "
                                      "JSON string with a “user_id”."));
      return FALSE;
    case SCOPE_AUTH_FOR_ENCRYPTED:
      return check_secret (context, reply, shared_secret, error);
    case SCOPE_AUTH_FOR_USER:
      if (reply->user_data != NULL)
        return TRUE;
      context_fail (context, error, _("Invalid auth response: a user needs “user_data”, a JSON string with "
                                      "an “id”."));
      return FALSE;
    case SCOPE_AUTH_FOR_CHANNEL:
    default:
      return TRUE;
    }
}

static gboolean
read_fields (const AuthReplyContext *context,
             const char             *json,
             const ScopeJsonWanted  *wanted,
             gboolean                signed_in,
             ScopeAuthReply         *reply,
             GError                **error)
{
  char *shared_secret = NULL;
  gboolean ok;

  ok = read_string (context, json, &wanted[WANTED_AUTH], &reply->auth, error)
       && check_auth (context, reply->auth, error)
       && read_string (context, json, &wanted[WANTED_CHANNEL_DATA], &reply->channel_data, error)
       && read_string (context, json, &wanted[WANTED_USER_DATA], &reply->user_data, error);
  if (ok && context->purpose == SCOPE_AUTH_FOR_ENCRYPTED)
    ok = read_string (context, json, &wanted[WANTED_SHARED_SECRET], &shared_secret, error);
  ok = ok && check_purpose (context, reply, shared_secret, signed_in, error);

  if (shared_secret != NULL)
    scope_secret_wipe (shared_secret, strlen (shared_secret));
  g_free (shared_secret);
  return ok;
}

static void
fail_json (const AuthReplyContext *context,
           const char             *json,
           gsize                   length,
           const ScopeJsonProblem *problem,
           GError                **error)
{
  g_autofree char *why = scope_json_problem_to_text (problem);
  ScopeJsonKind kind;

  if (!scope_json_check (json, length, &kind, NULL))
    context_fail (context, error, _("The answer is no valid JSON: %s."), why);
  else if (kind == SCOPE_JSON_STRING)
    context_fail (context, error, _("The answer is a JSON string instead of an object: it was probably "
                                    "encoded twice."));
  else
    context_fail (context, error, _("The answer is no JSON object."));
}

/**
 * scope_auth_reply_parse:
 * @body: the body of an answer with status 200 or 201, hostile
 * @length: its bytes
 * @is_jsonp: whether `callback(…)` stands around the JSON
 * @channel: (nullable): for texts; %NULL for a user
 * @url: the endpoint, for texts
 * @signed_in: a presence channel needs no `channel_data` then (protocol.md §3.4)
 * @error: SCOPE_ERROR_PROTOCOL with a sentence of what is wrong and the start of the body (§4.2)
 *
 * Returns: (transfer full) (nullable): strings byte for byte as the endpoint meant them
 */
ScopeAuthReply *
scope_auth_reply_parse (const char        *body,
                        gsize              length,
                        gboolean           is_jsonp,
                        ScopeAuthPurpose   purpose,
                        const char        *channel,
                        const char        *url,
                        gboolean           signed_in,
                        GError           **error)
{
  ScopeJsonWanted wanted[N_WANTED] = { { .key = "auth" }, { .key = "channel_data" },
                                       { .key = "shared_secret" }, { .key = "user_data" } };
  AuthReplyContext context = { body, length, channel != NULL ? channel : "", NULL, purpose };
  g_autoptr (ScopeAuthReply) reply = NULL;
  g_autofree char *shown = NULL;
  ScopeJsonProblem problem = { 0 };
  const char *json;

  g_return_val_if_fail (body != NULL || length == 0, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  context.url = shown = scope_auth_reply_show_url (url);
  json = body != NULL ? body : "";
  if (is_jsonp && !strip_jsonp (&json, &length))
    {
      context_fail (&context, error, _("The answer is no JSONP: callback({…});"));
      return NULL;
    }
  if (!scope_json_scan_object (json, length, wanted, N_WANTED, &problem))
    {
      fail_json (&context, json, length, &problem, error);
      return NULL;
    }

  reply = g_new0 (ScopeAuthReply, 1);
  if (!read_fields (&context, json, wanted, signed_in, reply, error))
    return NULL;
  return g_steal_pointer (&reply);
}

static void
free_text (char *text)
{
  if (text != NULL)
    scope_secret_wipe (text, strlen (text));
  g_free (text);
}

/**
 * scope_auth_reply_free:
 * @self: (nullable):
 */
void
scope_auth_reply_free (ScopeAuthReply *self)
{
  if (self == NULL)
    return;

  free_text (self->auth);
  free_text (self->channel_data);
  free_text (self->user_data);
  scope_secret_unref (self->shared_secret);
  g_free (self);
}
