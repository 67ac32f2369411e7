/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-signed.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "protocol/scope-signature.h"

#define MAX_PARAMS 200

typedef enum
{
  SIGNED_UNSORTED = 1 << 0,
  SIGNED_RAW = 1 << 1,       /* values as in the query */
  SIGNED_ENCODED = 1 << 2,   /* encoded anew, capital digits */
  SIGNED_ENCODED_LOWER = 1 << 3,
  SIGNED_ENCODED_PLUS = 1 << 4,
  SIGNED_WITH_SIGNATURE = 1 << 5,
  SIGNED_ONLY_AUTH = 1 << 6, /* none but auth_ and body_md5 */
  SIGNED_NO_MD5 = 1 << 7,
  SIGNED_KEY_CASE = 1 << 8,  /* names as they are */
} SignedFlags;

static void
signed_param_free (gpointer data)
{
  ScopeSignedParam *param = data;

  g_free (param->name);
  g_free (param->raw);
  g_free (param->value);
  g_free (param);
}

static ScopeSignedParam *
signed_param_new (const char *piece,
                  gboolean    is_encoded)
{
  ScopeSignedParam *param = g_new0 (ScopeSignedParam, 1);
  gsize length = strcspn (piece, "=");
  const char *value = piece[length] == '=' ? piece + length + 1 : piece + length;

  param->name = is_encoded ? _scope_explain_unescape (piece, length) : g_strndup (piece, length);
  param->raw = g_strdup (value);
  param->value = is_encoded ? _scope_explain_unescape (value, -1) : g_strdup (value);
  return param;
}

void
_scope_signed_request_init (ScopeSignedRequest *self,
                            const char         *method,
                            const char         *path,
                            const char         *query,
                            gboolean            is_encoded)
{
  g_auto (GStrv) pieces = NULL;

  *self = (ScopeSignedRequest) { .method = g_strdup (method), .path = g_strdup (path) };
  self->query = g_strndup (query, strcspn (query, "#"));
  self->params = g_ptr_array_new_with_free_func (signed_param_free);
  pieces = g_strsplit (self->query, "&", MAX_PARAMS);
  for (guint i = 0; pieces[i] != NULL; i++)
    if (*pieces[i] != '\0')
      g_ptr_array_add (self->params, signed_param_new (pieces[i], is_encoded));
}

void
_scope_signed_request_clear (ScopeSignedRequest *self)
{
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->params, g_ptr_array_unref);
  g_clear_pointer (&self->body, g_free);
}

const char *
_scope_signed_request_get (const ScopeSignedRequest *self,
                           const char               *name)
{
  for (guint i = 0; i < self->params->len; i++)
    {
      const ScopeSignedParam *param = g_ptr_array_index (self->params, i);

      if (g_ascii_strcasecmp (param->name, name) == 0)
        return param->value;
    }
  return NULL;
}

gboolean
_scope_signed_is_md5 (const char *md5,
                      const char *body)
{
  g_autofree char *right = scope_md5_hex (body, strlen (body));

  return g_ascii_strcasecmp (md5, right) == 0;
}

/* ---- the query ---- */

static int
signed_param_compare (gconstpointer a,
                      gconstpointer b)
{
  const ScopeSignedParam *left = *(ScopeSignedParam * const *) a;
  const ScopeSignedParam *right = *(ScopeSignedParam * const *) b;
  g_autofree char *left_name = g_ascii_strdown (left->name, -1);
  g_autofree char *right_name = g_ascii_strdown (right->name, -1);

  return strcmp (left_name, right_name);
}

static gboolean
signed_param_counts (const ScopeSignedParam *param,
                     SignedFlags             flags)
{
  gboolean is_md5 = g_ascii_strcasecmp (param->name, "body_md5") == 0;

  if (g_ascii_strcasecmp (param->name, "auth_signature") == 0)
    return (flags & SIGNED_WITH_SIGNATURE) != 0;
  if (is_md5)
    return (flags & SIGNED_NO_MD5) == 0;
  return (flags & SIGNED_ONLY_AUTH) == 0 || g_ascii_strncasecmp (param->name, "auth_", 5) == 0;
}

static char *
signed_param_dup_value (const ScopeSignedParam *param,
                        SignedFlags             flags)
{
  g_autofree char *encoded = NULL;
  g_auto (GStrv) parts = NULL;

  if (flags & SIGNED_RAW)
    return g_strdup (param->raw);
  if ((flags & (SIGNED_ENCODED | SIGNED_ENCODED_LOWER | SIGNED_ENCODED_PLUS)) == 0)
    return g_strdup (param->value);

  encoded = g_uri_escape_string (param->value, NULL, FALSE);
  for (char *at = encoded; (flags & SIGNED_ENCODED_LOWER) && *at != '\0'; at++)
    if (*at == '%' && at[1] != '\0' && at[2] != '\0')
      {
        at[1] = g_ascii_tolower (at[1]);
        at[2] = g_ascii_tolower (at[2]);
      }
  if ((flags & SIGNED_ENCODED_PLUS) == 0)
    return g_steal_pointer (&encoded);
  parts = g_strsplit (encoded, "%20", -1);
  return g_strjoinv ("+", parts);
}

static char *
signed_request_dup_query (const ScopeSignedRequest *self,
                          SignedFlags               flags)
{
  g_autoptr (GPtrArray) params = g_ptr_array_new ();
  GString *query = g_string_new (NULL);

  for (guint i = 0; i < self->params->len; i++)
    if (signed_param_counts (g_ptr_array_index (self->params, i), flags))
      g_ptr_array_add (params, g_ptr_array_index (self->params, i));
  if ((flags & SIGNED_UNSORTED) == 0)
    g_ptr_array_sort (params, signed_param_compare);

  for (guint i = 0; i < params->len; i++)
    {
      const ScopeSignedParam *param = g_ptr_array_index (params, i);
      g_autofree char *name
          = flags & SIGNED_KEY_CASE ? g_strdup (param->name) : g_ascii_strdown (param->name, -1);
      g_autofree char *value = signed_param_dup_value (param, flags);

      g_string_append_printf (query, "%s%s=%s", i > 0 ? "&" : "", name, value);
    }
  return g_string_free (query, FALSE);
}

static char *
signed_request_compose_as (const ScopeSignedRequest *self,
                           SignedFlags               flags)
{
  g_autofree char *query = signed_request_dup_query (self, flags);
  g_autofree char *method = g_ascii_strup (self->method, -1);

  return g_strjoin ("\n", method, self->path, query, NULL);
}

char *
_scope_signed_request_compose (const ScopeSignedRequest *self)
{
  return signed_request_compose_as (self, 0);
}

/* ---- what may have been signed instead ---- */

static void
signed_add_queries (const ScopeSignedRequest *self,
                    ScopeTrial               *trial)
{
  const struct
  {
    SignedFlags flags;
    ScopeExplainCauseId id;
    const char *cause;
  } forms[] = {
    { SIGNED_UNSORTED, SCOPE_CAUSE_ORDER,
      _("The parameters were signed in the order in which they are sent: they have to be sorted by name.") },
    { SIGNED_RAW, SCOPE_CAUSE_ENCODED, NULL },
    { SIGNED_ENCODED, SCOPE_CAUSE_ENCODED, NULL },
    { SIGNED_ENCODED_LOWER, SCOPE_CAUSE_ENCODED, NULL },
    { SIGNED_ENCODED | SIGNED_ENCODED_PLUS, SCOPE_CAUSE_ENCODED, NULL },
    { SIGNED_RAW | SIGNED_UNSORTED, SCOPE_CAUSE_ENCODED,
      _("The query was signed as it is sent: its parameters have to be sorted by name, and their values must not be "
        "percent-encoded in what is signed.") },
    { SIGNED_NO_MD5, SCOPE_CAUSE_BODY_MD5, _("body_md5 was left out of what was signed: it belongs there.") },
    { SIGNED_ONLY_AUTH, SCOPE_CAUSE_PARAMETERS,
      _("Parameters were left out of what was signed: all of the query belong there, info and filter_by_prefix "
        "too.") },
    { SIGNED_WITH_SIGNATURE, SCOPE_CAUSE_PARAMETERS, _("auth_signature itself was signed too.") },
    { SIGNED_KEY_CASE, SCOPE_CAUSE_PARAMETERS,
      _("The names of parameters were signed with capital letters: they have to be in small ones.") },
  };
  const char *encoded = _("The values were signed percent-encoded: in what is signed they stand as they are, only in "
                          "the URL they are encoded.");

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    _scope_trial_take (trial, signed_request_compose_as (self, forms[i].flags), forms[i].id,
                       forms[i].cause != NULL ? forms[i].cause : encoded);
}

static void
signed_add_path (const ScopeSignedRequest *self,
                 ScopeTrial               *trial,
                 const char               *path)
{
  ScopeSignedRequest other = *self;

  other.path = (char *) path;
  _scope_trial_take (trial, _scope_signed_request_compose (&other), SCOPE_CAUSE_PATH,
                     _("Another path was signed than is asked for: with or without a prefix, with the host, decoded, "
                       "or with a slash more or less. The path has to be signed as it is sent; soketi includes its "
                       "prefix, Reverb takes its own away."));
}

static void
signed_add_paths (const ScopeSignedRequest *self,
                  ScopeTrial               *trial)
{
  const char *apps = strstr (self->path, "/apps/");
  gsize length = strlen (self->path);
  g_autofree char *decoded = _scope_explain_unescape (self->path, -1);
  g_autofree char *longer = g_strconcat (self->path, "/", NULL);
  g_autofree char *shorter = g_strndup (self->path, length > 0 ? length - 1 : 0);
  g_autofree char *encoded = g_uri_escape_string (decoded, "/", FALSE);

  signed_add_path (self, trial, decoded);
  signed_add_path (self, trial, encoded);
  signed_add_path (self, trial, longer);
  if (g_str_has_suffix (self->path, "/"))
    signed_add_path (self, trial, shorter);
  if (apps != NULL)
    signed_add_path (self, trial, apps);
  if (apps != NULL && strchr (apps + 6, '/') != NULL)
    signed_add_path (self, trial, strchr (apps + 6, '/'));
  if (*self->path == '/')
    signed_add_path (self, trial, self->path + 1);
  if (self->url != NULL)
    {
      const char *host = strstr (self->url, "://");

      signed_add_path (self, trial, self->url);
      if (host != NULL)
        signed_add_path (self, trial, host + 3);
    }
}

static void
signed_add_methods (const ScopeSignedRequest *self,
                    ScopeTrial               *trial)
{
  static const char * const methods[] = { "GET", "POST", "PUT", "DELETE" };
  const char *cause = _("Another method was signed than the request has: it has to be the same, in capital letters.");
  g_autofree char *query = signed_request_dup_query (self, 0);
  g_autofree char *lower = g_ascii_strdown (self->method, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    _scope_trial_take (trial, g_strjoin ("\n", methods[i], self->path, query, NULL), SCOPE_CAUSE_METHOD, cause);
  _scope_trial_take (trial, g_strjoin ("\n", lower, self->path, query, NULL), SCOPE_CAUSE_METHOD, cause);
}

static void
signed_add_forms (const ScopeSignedRequest *self,
                  ScopeTrial               *trial)
{
  static const char * const between[] = { "\\n", "", "\r\n", " ", "&" };
  const char *cause = _("Method, path and query were put together in another way: line feeds have to stand between "
                        "them, one each, and none at the end.");
  g_autofree char *query = signed_request_dup_query (self, 0);
  g_autofree char *method = g_ascii_strup (self->method, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (between); i++)
    _scope_trial_take (trial, g_strjoin (between[i], method, self->path, query, NULL), SCOPE_CAUSE_FORM, cause);
  _scope_trial_take (trial, g_strconcat (method, "\n", self->path, "\n", query, "\n", NULL), SCOPE_CAUSE_SPACE, cause);
  _scope_trial_take (trial, g_strconcat (method, "\n", self->path, "?", query, NULL), SCOPE_CAUSE_FORM, cause);
  _scope_trial_take (trial, g_strconcat (method, "\n", self->path, "\n?", query, NULL), SCOPE_CAUSE_FORM, cause);
  _scope_trial_take (trial, g_strconcat (self->path, "\n", query, NULL), SCOPE_CAUSE_FORM, cause);
  _scope_trial_take (trial, g_strdup (query), SCOPE_CAUSE_FORM, cause);
}

/* As if body_md5 had that value, or none. */
static void
signed_add_md5 (const ScopeSignedRequest *self,
                ScopeTrial               *trial,
                const char               *value,
                const char               *cause)
{
  g_autoptr (GPtrArray) params = g_ptr_array_new ();
  g_autofree char *owned = g_strdup (value);
  g_autofree char *name = g_strdup ("body_md5");
  ScopeSignedParam md5 = { .name = name, .raw = owned, .value = owned };
  ScopeSignedRequest other = *self;

  for (guint i = 0; i < self->params->len; i++)
    {
      ScopeSignedParam *param = g_ptr_array_index (self->params, i);

      if (g_ascii_strcasecmp (param->name, "body_md5") != 0)
        g_ptr_array_add (params, param);
    }
  g_ptr_array_add (params, &md5);
  other.params = params;
  _scope_trial_take (trial, _scope_signed_request_compose (&other), SCOPE_CAUSE_BODY_MD5, cause);
}

static void
signed_add_md5s (const ScopeSignedRequest *self,
                 ScopeTrial               *trial)
{
  const char *sent = _scope_signed_request_get (self, "body_md5");
  const char *cause = _("Another body_md5 was signed than is sent.");
  const char *added = _("A body_md5 was signed that is not sent: without a body there is none, or it has to stand in "
                        "the query too.");
  g_autofree char *right = self->body != NULL ? scope_md5_hex (self->body, strlen (self->body)) : NULL;
  g_autofree char *nothing = scope_md5_hex ("", 0);

  if (right != NULL)
    signed_add_md5 (self, trial, right, sent != NULL ? cause : added);
  signed_add_md5 (self, trial, nothing, sent != NULL ? cause : added);
  signed_add_md5 (self, trial, "", sent != NULL ? cause : added);
  if (sent != NULL)
    {
      g_autofree char *upper = g_ascii_strup (sent, -1);
      g_autofree char *lower = g_ascii_strdown (sent, -1);

      signed_add_md5 (self, trial, upper, cause);
      signed_add_md5 (self, trial, lower, cause);
    }
  if (self->body != NULL)
    signed_add_md5 (self, trial, self->body, _("The body itself was signed in place of its MD5."));
}

void
_scope_signed_request_add_candidates (const ScopeSignedRequest *self,
                                      ScopeTrial               *trial)
{
  signed_add_queries (self, trial);
  signed_add_paths (self, trial);
  signed_add_methods (self, trial);
  signed_add_md5s (self, trial);
  signed_add_forms (self, trial);
  if (self->body != NULL)
    _scope_trial_add (trial, self->body, SCOPE_CAUSE_FORM,
                      _("Only the body was signed, as of a webhook: a request of the HTTP API signs method, path and "
                        "query."));
}
