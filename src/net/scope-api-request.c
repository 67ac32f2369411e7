/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-request"

#include "config.h"

#include "net/scope-api-request.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "net/scope-trust.h"
#include "protocol/scope-signature.h"

typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  char buffer[SCOPE_LIMIT_ERROR_TEXT_BYTES];
} ScopeApiRequest;

static void
scope_api_request_free (gpointer data)
{
  ScopeApiRequest *request = data;

  g_clear_object (&request->message);
  g_clear_object (&request->session);
  g_free (request);
}

static void
scope_api_request_read_cb (GObject *source,
                           GAsyncResult *result,
                           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeApiRequest *request = g_task_get_task_data (task);
  GError *error = NULL;
  gsize n_bytes = 0;

  if (g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_bytes, &error))
    g_task_return_pointer (task, scope_text_bounded (request->buffer, n_bytes, sizeof request->buffer),
                           g_free);
  else
    g_task_return_error (task, error);
}

static void
scope_api_request_sent_cb (GObject *source,
                           GAsyncResult *result,
                           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeApiRequest *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_input_stream_read_all_async (stream, request->buffer, sizeof request->buffer, G_PRIORITY_DEFAULT,
                                 cancellable, scope_api_request_read_cb, g_steal_pointer (&task));
}

static SoupMessage *
scope_api_request_compose (const ScopeConnectionOptions *options,
                           const char *path,
                           gint64 timestamp)
{
  static const char * const no_params[] = { NULL };
  g_autofree char *base = scope_connection_options_build_api_url (options);
  g_autofree char *id = g_uri_escape_string (options->app_id, NULL, FALSE);
  g_autofree char *whole_path = g_strconcat ("/apps/", id, path, NULL);
  g_autofree char *query
      = scope_sign_http_request (options->key, scope_secret_peek (options->secret), SOUP_METHOD_GET,
                                 whole_path, no_params, NULL, 0, timestamp, NULL);
  g_autofree char *url = g_strconcat (base, whole_path, "?", query, NULL);

  return soup_message_new (SOUP_METHOD_GET, url);
}

/**
 * scope_api_get_async:
 * @options: read now, not kept; app id, key and secret must be set
 * @path: what follows /apps/ID
 * @timestamp: seconds since 1970: it is signed
 */
void
scope_api_get_async (const ScopeConnectionOptions *options,
                     const char *path,
                     gint64 timestamp,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  ScopeApiRequest *request;
  GError *error = NULL;

  g_return_if_fail (options != NULL && options->app_id != NULL && options->secret != NULL);

  request = g_new0 (ScopeApiRequest, 1);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_api_get_async);
  g_task_set_task_data (task, request, scope_api_request_free);

  request->session = scope_trust_new_session (options->proxy);
  request->message = scope_api_request_compose (options, path, timestamp);
  if (request->message == NULL)
    {
      g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                               _("The address of the HTTP API is no valid URL"));
      return;
    }
  if (!scope_trust_prepare (request->message, options->ca_file, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  soup_message_add_flags (request->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_async (request->session, request->message, G_PRIORITY_DEFAULT, cancellable,
                           scope_api_request_sent_cb, g_steal_pointer (&task));
}

/* soketi 1.6.1 refuses with status 200: its headers are written before the status is. What it meant
 * stands in the body, {"error":"…","code":401}. */
static guint
scope_api_request_read_status (guint status,
                               const char *body)
{
  ScopeJsonWanted wanted[] = { { .key = "error" }, { .key = "code" } };
  g_autofree char *digits = NULL;
  guint64 code;

  if (status != SOUP_STATUS_OK || body == NULL
      || !scope_json_scan_object (body, strlen (body), wanted, G_N_ELEMENTS (wanted), NULL)
      || wanted[0].kind != SCOPE_JSON_STRING || wanted[1].kind != SCOPE_JSON_NUMBER)
    return status;

  digits = g_strndup (body + wanted[1].value.offset, wanted[1].value.length);
  return g_ascii_string_to_unsigned (digits, 10, 400, 599, &code, NULL) ? (guint) code : status;
}

/**
 * scope_api_get_finish:
 * @status: (out): the HTTP status, or the one that the body of a 200 tells; 0 if there was no answer
 *
 * Returns: (transfer full) (nullable): the body's start, whatever the status
 */
char *
scope_api_get_finish (GAsyncResult *result,
                      guint *status,
                      GError **error)
{
  ScopeApiRequest *request;
  char *body;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  request = g_task_get_task_data (G_TASK (result));
  body = g_task_propagate_pointer (G_TASK (result), error);
  *status = request->message != NULL ? soup_message_get_status (request->message) : 0;
  *status = scope_api_request_read_status (*status, body);
  return body;
}
