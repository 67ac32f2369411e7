/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-copy-as"

#include "config.h"

#include "session/scope-copy-as.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "protocol/scope-signature.h"

#include <glib/gi18n-lib.h>

/* as scope-api-client.c leaves them: the request is the same */
#define PATH_CHARACTERS "=@,;:!$&'()*+"

static const struct
{
  const char *name;
  const char *title;
} languages[SCOPE_N_COPY_AS] = {
  [SCOPE_COPY_AS_CURL] = { "curl", "curl" },
  [SCOPE_COPY_AS_NODE] = { "node", "Node.js" },
  [SCOPE_COPY_AS_PHP] = { "php", "PHP" },
  [SCOPE_COPY_AS_PYTHON] = { "python", "Python" },
  [SCOPE_COPY_AS_RUBY] = { "ruby", "Ruby" },
  [SCOPE_COPY_AS_GO] = { "go", "Go" },
  [SCOPE_COPY_AS_CSHARP] = { "csharp", "C#" },
};

/**
 * scope_copy_as_get_title:
 *
 * Returns: (transfer none): what people call it, such as "Node.js"
 */
const char *
scope_copy_as_get_title (ScopeCopyAs language)
{
  g_return_val_if_fail (language < SCOPE_N_COPY_AS, NULL);

  return languages[language].title;
}

/**
 * scope_copy_as_get_name:
 *
 * Returns: (transfer none): its name in actions, such as `node`
 */
const char *
scope_copy_as_get_name (ScopeCopyAs language)
{
  g_return_val_if_fail (language < SCOPE_N_COPY_AS, NULL);

  return languages[language].name;
}

/* The body of the request; checks the events (transfer full). */
static GString *
copy_as_compose (const ScopeConnectionOptions *options,
                 GPtrArray                    *events,
                 GError                      **error)
{
  const char *master_key = scope_secret_peek (options->master_key);
  gboolean in_batch = events->len > 1;
  g_autoptr (GString) body = g_string_new (in_batch ? "{\"batch\":[" : NULL);

  for (guint i = 0; i < events->len; i++)
    {
      if (i > 0)
        g_string_append_c (body, ',');
      if (!scope_api_event_append (g_ptr_array_index (events, i), in_batch, options->max_data, master_key, body,
                                   error))
        return NULL;
    }
  if (in_batch)
    g_string_append (body, "]}");
  return g_steal_pointer (&body);
}

/* The request as we would send it now; servers take it for ten minutes (protocol.md §9.4). */
static char *
copy_as_curl (const ScopeConnectionOptions *options,
              gboolean                      in_batch,
              GString                      *body,
              gint64                        wall_usec)
{
  g_autofree char *base = scope_connection_options_build_api_url (options);
  g_autofree char *id = g_uri_escape_string (options->app_id, PATH_CHARACTERS, FALSE);
  g_autofree char *path = g_strconcat ("/apps/", id, in_batch ? "/batch_events" : "/events", NULL);
  g_autofree char *query
      = scope_sign_http_request (options->key, scope_secret_peek (options->secret), "POST", path, NULL, body->str,
                                 body->len, wall_usec / G_USEC_PER_SEC, NULL);
  g_autofree char *url = g_strconcat (base, path, "?", query, NULL);
  g_autofree char *quoted_url = g_shell_quote (url);
  g_autofree char *quoted_body = g_shell_quote (body->str);
  g_autofree char *ca_file = options->ca_file != NULL ? g_shell_quote (options->ca_file) : NULL;

  return g_strdup_printf ("curl --silent --show-error --request POST \\\n"
                          "  --header 'Content-Type: application/json' \\\n"
                          "%s%s%s"
                          "  --data-binary %s \\\n"
                          "  %s\n",
                          ca_file != NULL ? "  --cacert " : "", ca_file != NULL ? ca_file : "",
                          ca_file != NULL ? " \\\n" : "", quoted_body, quoted_url);
}

/**
 * scope_copy_as:
 * @options: of the app; key, app id and, for curl, the secret must be set
 * @events: (element-type ScopeApiEvent): one, or up to SCOPE_LIMIT_BATCH_EVENTS
 * @wall_usec: when it is signed
 *
 * Returns: (transfer full) (nullable): a text that ends in a line break
 */
char *
scope_copy_as (ScopeCopyAs                   language,
               const ScopeConnectionOptions *options,
               GPtrArray                    *events,
               gint64                        wall_usec,
               GError                      **error)
{
  g_autoptr (GString) body = NULL;

  g_return_val_if_fail (language < SCOPE_N_COPY_AS, NULL);
  g_return_val_if_fail (options != NULL && events != NULL, NULL);
  g_return_val_if_fail (options->key != NULL && options->app_id != NULL && options->secret != NULL, NULL);

  if (events->len == 0 || events->len > SCOPE_LIMIT_BATCH_EVENTS)
    {
      scope_error_usage (error, _("A batch has 1 to %d events, this one has %u"), SCOPE_LIMIT_BATCH_EVENTS,
                         events->len);
      return NULL;
    }
  body = copy_as_compose (options, events, error);
  if (body == NULL)
    return NULL;
  if (language == SCOPE_COPY_AS_CURL)
    return copy_as_curl (options, events->len > 1, body, wall_usec);
  return _scope_copy_as_library (language, options, events, error);
}
