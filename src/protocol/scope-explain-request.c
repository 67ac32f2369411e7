/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-text.h"
#include "protocol/scope-explain-signed.h"
#include "protocol/scope-signature.h"

/* A request of the HTTP API, its refusal, or both (protocol.md §9.4, §9.5). What may have been signed instead is
 * listed in scope-explain-signed.c. */

#define TIME_SECONDS 600
#define REFUSAL "HmacSHA256Hex("

typedef struct
{
  ScopeSignedRequest request;
  gboolean has_request;
  char *signature;     /* that was sent */
  char *server_text;   /* what the server says had to be signed */
  gboolean is_refused;
} ScopeRequestPaste;

static void
request_paste_clear (ScopeRequestPaste *self)
{
  _scope_signed_request_clear (&self->request);
  g_free (self->signature);
  g_free (self->server_text);
}

/* ---- reading ---- */

/* A quoted text as Ruby, PHP or JSON print it: \n is a line feed. *at stands on its first letter. */
static char *
request_dup_quoted (const char **at)
{
  GString *text = g_string_new (NULL);

  while (**at != '\0' && **at != '"')
    {
      char c = *(*at)++;

      if (c == '\\' && **at != '\0')
        {
          c = *(*at)++;
          c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        }
      g_string_append_c (text, c);
    }
  return g_string_free (text, FALSE);
}

/* In an error that is JSON the quotes are escaped, and each backslash doubled. */
static char *
request_dup_unescaped_refusal (const char *refusal)
{
  const char *quote = refusal + strlen (REFUSAL);
  GString *text;

  if (*quote != '\\')
    return g_strdup (refusal);

  text = g_string_new (NULL);
  for (const char *at = refusal; *at != '\0'; at++)
    {
      if (*at == '\\' && (at[1] == '"' || at[1] == '\\' || at[1] == '/'))
        at++;
      g_string_append_c (text, *at);
    }
  return g_string_free (text, FALSE);
}

/* 'Invalid signature: you should have sent HmacSHA256Hex("POST\n/apps/…", your_secret_key), but you sent "HEX"' */
static void
request_paste_take_refusal (ScopeRequestPaste *self,
                            const char        *text)
{
  static const char sent[] = "but you sent \"";
  const char *found = strstr (text, REFUSAL);
  g_autofree char *refusal = found != NULL ? request_dup_unescaped_refusal (found) : NULL;
  const char *at = refusal != NULL ? refusal + strlen (REFUSAL) : NULL;
  const char *signature;

  self->is_refused = strstr (text, "nvalid signature") != NULL || strstr (text, "signature invalid") != NULL
                     || strstr (text, "signature is invalid") != NULL;
  if (at == NULL || *at++ != '"')
    return;
  self->is_refused = TRUE;
  self->server_text = request_dup_quoted (&at);
  signature = strstr (at, sent);
  if (signature != NULL && self->signature == NULL)
    {
      signature += strlen (sent);
      self->signature = request_dup_quoted (&signature);
    }
}

static char *
request_dup_lines (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\\n", -1);

  return g_strjoinv ("\n", parts);
}

/* The string that is signed, with line feeds or \n: "POST\n/apps/3/events\nauth_key=…". Behind it may stand a
 * refusal. */
static gboolean
request_paste_take_signed (ScopeRequestPaste *self,
                           const char        *text)
{
  g_autofree char *plain = NULL;
  g_auto (GStrv) lines = NULL;

  text += strspn (text, " \t\r\n\"'");
  plain = request_dup_lines (text);
  lines = g_strsplit (plain, "\n", 4);
  if (g_strv_length (lines) < 3 || strchr (lines[0], ' ') != NULL || *lines[1] != '/'
      || strchr (lines[2], '=') == NULL || strspn (lines[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == 0)
    return FALSE;

  lines[2][strcspn (lines[2], "\"' \t\r")] = '\0';
  _scope_signed_request_init (&self->request, g_strchomp (lines[0]), g_strchomp (lines[1]), lines[2], FALSE);
  return TRUE;
}

static gboolean
request_paste_take_http (ScopeRequestPaste *self,
                         const char        *text)
{
  g_autoptr (ScopeExplainHttp) http = _scope_explain_http_parse (text);
  g_autofree char *path = NULL;
  const char *target, *query;

  if (http == NULL || http->target == NULL)
    return FALSE;

  target = strstr (http->target, "://");
  target = target != NULL ? target + 3 + strcspn (target + 3, "/?#") : http->target;
  query = target + strcspn (target, "?#");
  path = g_strndup (target, query - target);
  if (*query == '?')
    query++;
  _scope_signed_request_init (&self->request, http->method, path, query, TRUE);
  self->request.url = g_strndup (http->target, strcspn (http->target, "?#"));
  if (http->body != NULL && strstr (http->body, REFUSAL) == NULL)
    self->request.body = g_strdup (http->body);
  if (self->request.method == NULL)
    self->request.method = g_strdup (self->request.body != NULL ? "POST" : "GET");
  return TRUE;
}

static void
request_paste_read (ScopeRequestPaste *self,
                    const char        *text)
{
  self->has_request = request_paste_take_signed (self, text) || request_paste_take_http (self, text);
  if (self->has_request)
    self->signature = g_strdup (_scope_signed_request_get (&self->request, "auth_signature"));
  request_paste_take_refusal (self, text);
  if (!self->has_request && self->server_text != NULL)
    self->has_request = request_paste_take_signed (self, self->server_text);
}

/* ---- what is wrong whatever was signed ---- */

static void
request_check_time (ScopeExplanation         *self,
                    const ScopeSignedRequest *request,
                    const ScopeExplainFacts  *facts)
{
  const char *text = _scope_signed_request_get (request, "auth_timestamp");
  gsize length = text != NULL ? strlen (text) : 0;
  gint64 seconds, now = facts->now_usec / G_USEC_PER_SEC;
  g_autofree char *off = NULL;
  g_autofree char *told = NULL;

  if (text == NULL)
    return;
  if (length == 0 || length > 15 || strspn (text, "0123456789") != length)
    {
      _scope_explanation_add (self, SCOPE_CAUSE_TIME, _("auth_timestamp is no number: it has to be seconds since 1970."));
      return;
    }
  seconds = (gint64) g_ascii_strtoull (text, NULL, 10);
  if (length >= 13)
    _scope_explanation_add (self, SCOPE_CAUSE_TIME,
                            _("auth_timestamp is in milliseconds: it has to be in seconds since 1970."));
  else if (now > 0 && ABS (now - seconds) > TIME_SECONDS)
    {
      off = scope_text_format_duration (ABS (now - seconds) * G_USEC_PER_SEC);
      told = g_strdup_printf (now > seconds
                                ? _("auth_timestamp is %s ago by this machine's clock, and Pusher takes ten minutes: "
                                    "if it was signed just now, one of the clocks is off; an old request has to be "
                                    "signed anew.")
                                : _("auth_timestamp is %s from now by this machine's clock, and Pusher takes ten "
                                    "minutes: one of the clocks is off."),
                              off);
      _scope_explanation_add (self, SCOPE_CAUSE_TIME, told);
    }
}

static void
request_check_parameters (ScopeExplanation         *self,
                          const ScopeSignedRequest *request,
                          const ScopeExplainFacts  *facts)
{
  static const char * const needed[] = { "auth_key", "auth_timestamp", "auth_version" };
  const char *key = _scope_signed_request_get (request, "auth_key");

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    if (_scope_signed_request_get (request, needed[i]) == NULL)
      {
        g_autofree char *told = g_strdup_printf (_("The parameter %s is missing."), needed[i]);

        _scope_explanation_add (self, SCOPE_CAUSE_PARAMETERS, told);
      }
  if (key != NULL && facts->secret != NULL && strcmp (key, scope_secret_peek (facts->secret)) == 0)
    _scope_explanation_add (self, SCOPE_CAUSE_SWAPPED,
                            _("auth_key is the app secret: key and secret are swapped where it was signed, and the "
                              "secret went over the network. Replace it."));
  else if (key != NULL && facts->key != NULL && strcmp (key, facts->key) != 0)
    _scope_explanation_add (self, SCOPE_CAUSE_KEY,
                            _("auth_key is another app's than the one here: the request goes to another app, and has "
                              "to be signed with its secret."));
}

static void
request_check_app (ScopeExplanation         *self,
                   const ScopeSignedRequest *request,
                   const ScopeExplainFacts  *facts)
{
  const char *apps = strstr (request->path, "/apps/");
  g_autofree char *id = NULL;

  if (apps == NULL)
    {
      _scope_explanation_add (self, SCOPE_CAUSE_PATH, _("The path has no /apps/ID in it: it is none of the HTTP API."));
      return;
    }
  apps += strlen ("/apps/");
  id = g_strndup (apps, strcspn (apps, "/"));
  if (facts->app_id != NULL && strcmp (id, facts->app_id) != 0)
    _scope_explanation_add (self, SCOPE_CAUSE_APP,
                            _("The app id in the path is another than the one here: key, secret and app id have to be "
                              "of the same app."));
}

/* Of which body is it? */
static const char *
request_explain_md5 (const ScopeSignedRequest *request,
                     const char               *md5)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (request->body));
  g_autofree char *ended = g_strconcat (trimmed, "\n", NULL);
  g_autoptr (GPtrArray) forms = _scope_explain_list_json (trimmed);

  if (_scope_signed_is_md5 (md5, ""))
    return _("body_md5 is that of an empty body: it was made before there was one.");
  if (_scope_signed_is_md5 (md5, trimmed) || _scope_signed_is_md5 (md5, ended))
    return _("body_md5 is that of the body with other white space at its end.");
  for (guint i = 0; i < forms->len; i++)
    if (_scope_signed_is_md5 (md5, g_ptr_array_index (forms, i)))
      return _("body_md5 is that of the same JSON in other bytes: it was written anew after it was hashed. Send the "
               "very text that was hashed.");
  return _("body_md5 is that of another body: the body was changed after it was hashed, or is not complete here.");
}

static void
request_check_body (ScopeExplanation         *self,
                    const ScopeSignedRequest *request)
{
  const char *md5 = _scope_signed_request_get (request, "body_md5");
  g_autofree char *right = NULL;

  if (request->body == NULL || *request->body == '\0')
    return;
  right = scope_md5_hex (request->body, strlen (request->body));
  if (md5 == NULL)
    _scope_explanation_add (self, SCOPE_CAUSE_BODY_MD5,
                            _("body_md5 is missing: a request with a body needs it, in the query and in what is "
                              "signed."));
  else if (g_ascii_strcasecmp (md5, right) != 0)
    _scope_explanation_add (self, SCOPE_CAUSE_BODY_MD5, request_explain_md5 (request, md5));
  else if (strcmp (md5, right) != 0)
    _scope_explanation_add (self, SCOPE_CAUSE_BODY_MD5, _("body_md5 has capital letters: it has to be in small ones."));
}

/* ---- what the server took it for ---- */

static ScopeExplainCauseId
request_name_difference (ScopeExplanation         *self,
                         const ScopeSignedRequest *request,
                         const ScopeSignedRequest *server)
{
  const char *md5 = _scope_signed_request_get (request, "body_md5");
  const char *server_md5 = _scope_signed_request_get (server, "body_md5");

  if (g_strcmp0 (request->method, server->method) != 0)
    return SCOPE_CAUSE_METHOD;
  if (g_strcmp0 (request->path, server->path) != 0)
    return SCOPE_CAUSE_PATH;
  return g_strcmp0 (md5, server_md5) != 0 ? SCOPE_CAUSE_BODY_MD5 : SCOPE_CAUSE_PARAMETERS;
}

static const char *
request_tell_difference (ScopeExplainCauseId id)
{
  switch ((int) id)
    {
    case SCOPE_CAUSE_METHOD:
      return _("The server saw another method than was signed: a proxy or a redirect changed it.");
    case SCOPE_CAUSE_PATH:
      return _("The server saw another path than was signed: a proxy adds or takes away a prefix, or the path is "
               "encoded in another way. The first difference is marked.");
    case SCOPE_CAUSE_BODY_MD5:
      return _("The server expects another body_md5 than was signed: the body was changed on its way.");
    default:
      return _("The server saw other parameters than were signed. The first difference is marked.");
    }
}

static void
request_compare_with_server (ScopeExplanation        *self,
                             const ScopeRequestPaste *paste)
{
  ScopeRequestPaste server = { .signature = NULL };
  ScopeExplainCauseId id;

  if (paste->server_text == NULL || strcmp (paste->server_text, self->signed_text) == 0)
    return;

  _scope_explanation_set_other (self, paste->server_text);
  if (!request_paste_take_signed (&server, paste->server_text))
    return;
  id = request_name_difference (self, &paste->request, &server.request);
  _scope_explanation_say (self, SCOPE_EXPLAIN_DIFFERS, _("The server checks another text than what has to be signed."));
  _scope_explanation_add (self, id, request_tell_difference (id));
  request_paste_clear (&server);
}

/* ---- all of it ---- */

static void
request_solve (ScopeExplanation        *self,
               const ScopeRequestPaste *paste,
               const ScopeExplainFacts *facts)
{
  ScopeTrial trial;

  _scope_trial_init (&trial, facts, self);
  _scope_trial_add (&trial, self->signed_text, SCOPE_CAUSE_FORM, NULL);
  if (paste->server_text != NULL)
    _scope_trial_add (&trial, paste->server_text, SCOPE_CAUSE_FORM, NULL);
  _scope_signed_request_add_candidates (&paste->request, &trial);
  _scope_trial_solve (&trial, paste->signature);
  _scope_trial_clear (&trial);

  if (self->verdict == SCOPE_EXPLAIN_FITS && paste->is_refused
      && (paste->server_text == NULL || strcmp (paste->server_text, self->signed_text) == 0))
    {
      _scope_explanation_say (self, SCOPE_EXPLAIN_DIFFERS,
                              _("The signature is right for the secret here, and the server refuses it."));
      _scope_explanation_add (self, SCOPE_CAUSE_SECRET,
                              _("The server has another secret for this key: it was replaced, or the profile belongs "
                                "to another app or cluster."));
    }
}

static void
request_explain (ScopeExplanation        *self,
                 const ScopeRequestPaste *paste,
                 const ScopeExplainFacts *facts)
{
  _scope_explanation_take_signed (self, _scope_signed_request_compose (&paste->request));
  if (paste->signature != NULL && *paste->signature != '\0')
    request_solve (self, paste, facts);
  else
    {
      _scope_explanation_sign (self, facts);
      _scope_explanation_say (self, SCOPE_EXPLAIN_INCOMPLETE,
                              _("There is no signature in it to compare. This is what has to be signed."));
    }
  request_compare_with_server (self, paste);
  request_check_parameters (self, &paste->request, facts);
  request_check_app (self, &paste->request, facts);
  request_check_body (self, &paste->request);
  request_check_time (self, &paste->request, facts);
}

void
_scope_explain_request (ScopeExplanation        *self,
                        const char              *text,
                        const ScopeExplainFacts *facts)
{
  ScopeRequestPaste paste = { .signature = NULL };

  request_paste_read (&paste, text);
  if (paste.has_request)
    request_explain (self, &paste, facts);
  else
    _scope_explanation_say (self, SCOPE_EXPLAIN_INCOMPLETE,
                            _("No request was found in it: paste its URL with the method before and the body below, a "
                              "curl line, or the server's refusal."));
  request_paste_clear (&paste);
}
