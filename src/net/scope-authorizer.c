/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-authorizer"

#include "config.h"

#include "net/scope-authorizer.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-secret.h"
#include "net/scope-field.h"
#include "net/scope-trust.h"

#define READ_BYTES 16384

struct _ScopeAuthorizer
{
  GObject parent_instance;

  ScopeConnectionOptions *options;
  SoupSession *session; /* of options' proxy; NULL until the first request */
  GQueue waiting;       /* of GTask*, owned */
  guint n_running;
  guint64 n_callbacks;  /* numbers JSONP's callbacks, as pusher-js does */
};

G_DEFINE_FINAL_TYPE (ScopeAuthorizer, scope_authorizer, G_TYPE_OBJECT)

/* One request, from the queue to its reply: task data. The names in what is sent come from here, so that
 * options that change meanwhile change nothing. */
typedef struct
{
  ScopeAuthPurpose purpose;
  char *socket_id;
  char *channel; /* NULL: a user */
  gboolean signed_in;

  char *url;
  ScopeAuthTransport transport;
  ScopeAuthMethod method;
  char *ca_file;
  GPtrArray *fields;  /* of ScopeField: first n_params parameters, then headers */
  guint n_params;
  GError *fault;      /* found while it was prepared */

  GSource *cancelled; /* the caller's cancellable */
  GCancellable *stop; /* ends what is under way: time over, or the caller cancelled */
  guint timeout;
  gboolean is_running;
  gboolean timed_out;

  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
  guint n_redirects;
  guint status;
  char buffer[READ_BYTES];
} ScopeAuthCall;

static void scope_authorizer_send (GTask *task);
static void scope_authorizer_read (GTask *task);
static void scope_authorizer_run_next (ScopeAuthorizer *self);

/* --- the request --- */

static void
scope_auth_call_free (gpointer data)
{
  ScopeAuthCall *call = data;

  if (call->body != NULL)
    scope_secret_wipe (call->body->data, call->body->len);
  scope_secret_wipe (call->buffer, sizeof call->buffer);
  g_clear_pointer (&call->body, g_byte_array_unref);
  g_clear_pointer (&call->fields, g_ptr_array_unref);
  g_clear_error (&call->fault);
  g_clear_object (&call->stream);
  g_clear_object (&call->message);
  g_clear_object (&call->stop);
  g_free (call->ca_file);
  g_free (call->url);
  g_free (call->channel);
  g_free (call->socket_id);
  g_free (call);
}

static void
scope_auth_call_add_fields (ScopeAuthCall *call,
                            char **lines,
                            ScopeField *(*parse) (const char *line))
{
  for (char **line = lines; line != NULL && *line != NULL; line++)
    {
      ScopeField *field = parse (*line);

      if (field != NULL)
        g_ptr_array_add (call->fields, field);
      else if (call->fault == NULL)
        call->fault = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_USAGE,
                                           _("A parameter or header of the authorization endpoint is not "
                                             "valid: “name=value” and “Name: value”"));
    }
}

/* What frames the request is libsoup's alone. */
static gboolean
scope_auth_is_own_header (const char *name)
{
  return g_ascii_strcasecmp (name, "Content-Length") == 0 || g_ascii_strcasecmp (name, "Transfer-Encoding") == 0
         || g_ascii_strcasecmp (name, "Connection") == 0;
}

/* JSONP carries no headers: a script element can't (§4.1). */
static ScopeAuthCall *
scope_auth_call_new (const ScopeConnectionOptions *options,
                     ScopeAuthPurpose purpose,
                     const char *socket_id,
                     const char *channel)
{
  const ScopeAuthOptions *auth
      = purpose == SCOPE_AUTH_FOR_USER ? &options->user_auth : &options->channel_auth;
  ScopeAuthCall *call = g_new0 (ScopeAuthCall, 1);

  call->purpose = purpose;
  call->socket_id = g_strdup (socket_id);
  call->channel = g_strdup (channel);
  call->url = g_strdup (auth->endpoint);
  call->transport = auth->transport;
  call->method = auth->transport == SCOPE_AUTH_TRANSPORT_JSONP ? SCOPE_AUTH_METHOD_GET : auth->method;
  call->ca_file = g_strdup (options->ca_file);
  call->stop = g_cancellable_new ();
  call->body = g_byte_array_new ();
  call->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_field_free);
  scope_auth_call_add_fields (call, auth->params, scope_field_new_param);
  call->n_params = call->fields->len;
  if (auth->transport != SCOPE_AUTH_TRANSPORT_JSONP)
    scope_auth_call_add_fields (call, auth->headers, scope_field_new_header);
  return call;
}

/* as encodeURIComponent() does */
static void
scope_auth_append_pair (GString *query,
                        const char *name,
                        const char *value)
{
  g_autofree char *escaped_name = g_uri_escape_string (name, "!*'()", FALSE);
  char *escaped_value = g_uri_escape_string (value, "!*'()", FALSE);

  if (query->len > 0)
    g_string_append_c (query, '&');
  g_string_append_printf (query, "%s=%s", escaped_name, escaped_value);
  scope_secret_wipe (escaped_value, strlen (escaped_value));
  g_free (escaped_value);
}

/* §4.1: socket_id, channel_name, then the parameters in order; equal names stay */
static GString *
scope_auth_call_build_query (ScopeAuthCall *call,
                             guint64 callback_number)
{
  GString *query = g_string_new (NULL);

  if (call->transport == SCOPE_AUTH_TRANSPORT_JSONP)
    {
      g_autofree char *callback
          = g_strdup_printf ("Pusher.auth_callbacks['%" G_GUINT64_FORMAT "']", callback_number);

      scope_auth_append_pair (query, "callback", callback);
    }
  scope_auth_append_pair (query, "socket_id", call->socket_id);
  if (call->channel != NULL)
    scope_auth_append_pair (query, "channel_name", call->channel);
  for (guint i = 0; i < call->n_params; i++)
    {
      ScopeField *field = call->fields->pdata[i];

      scope_auth_append_pair (query, field->name, field->value);
    }
  return query;
}

/* A URL that has a query already keeps it. */
static char *
scope_auth_join_query (const char *url,
                       const char *query)
{
  g_autofree char *base = g_strndup (url, strcspn (url, "#"));
  const char *mark = strchr (base, '?');
  const char *glue = "&";

  if (mark == NULL)
    glue = "?";
  else if (mark[1] == '\0' || g_str_has_suffix (base, "&"))
    glue = "";
  return g_strconcat (base, glue, query, NULL);
}

/* Equal names are joined by a comma, as an XMLHttpRequest does (§4.1). The first of a name replaces what
 * we would have sent ourselves. */
static void
scope_auth_call_append_headers (ScopeAuthCall *call)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (call->message);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = call->n_params; i < call->fields->len; i++)
    {
      ScopeField *field = call->fields->pdata[i];
      g_autofree char *name = g_ascii_strdown (field->name, -1);
      const char *before = g_hash_table_contains (seen, name)
                               ? soup_message_headers_get_list (headers, field->name) : NULL;
      g_autofree char *joined = before != NULL ? g_strconcat (before, ", ", field->value, NULL) : NULL;

      if (scope_auth_is_own_header (field->name))
        continue;
      soup_message_headers_replace (headers, field->name, joined != NULL ? joined : field->value);
      g_hash_table_add (seen, g_steal_pointer (&name));
    }
}

static gboolean
scope_auth_call_compose (ScopeAuthCall *call,
                         const char *url,
                         GString *form,
                         GError **error)
{
  g_autofree char *shown = scope_auth_reply_show_url (url);

  g_clear_object (&call->message);
  call->message = soup_message_new (form != NULL ? SOUP_METHOD_POST : SOUP_METHOD_GET, url);
  if (call->message == NULL)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("The address of the authorization endpoint, “%s”, is no valid URL"), shown);
      return FALSE;
    }
  if (!scope_trust_prepare (call->message, call->ca_file, error))
    return FALSE;

  soup_message_add_flags (call->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (call->message), "Accept",
                                call->transport == SCOPE_AUTH_TRANSPORT_JSONP ? "*/*" : "application/json");
  if (form != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (form->str, form->len);

      soup_message_set_request_body_from_bytes (call->message, "application/x-www-form-urlencoded", bytes);
    }
  scope_auth_call_append_headers (call);
  return TRUE;
}

/* --- its end --- */

static GError *
scope_auth_call_timed_out_error (ScopeAuthCall *call)
{
  g_autofree char *shown = scope_auth_reply_show_url (call->url);

  if (call->message == NULL)
    return g_error_new (SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT,
                        _("The authorization endpoint %s was not asked: the commands of its headers and "
                          "parameters did not end within %d seconds"), shown,
                        (int) (SCOPE_WAIT_AUTHORIZE_USEC / G_USEC_PER_SEC));
  return g_error_new (SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT,
                      _("The authorization endpoint %s did not answer within %d seconds"), shown,
                      (int) (SCOPE_WAIT_AUTHORIZE_USEC / G_USEC_PER_SEC));
}

static void
scope_auth_call_unwatch (ScopeAuthCall *call)
{
  g_clear_handle_id (&call->timeout, g_source_remove);
  if (call->cancelled != NULL)
    g_source_destroy (call->cancelled);
  g_clear_pointer (&call->cancelled, g_source_unref);
}

/* Ends a request that runs: reply or error (both transfer full), and the next one's turn. */
static void
scope_authorizer_end (GTask *task,
                      ScopeAuthReply *reply,
                      GError *error)
{
  g_autoptr (ScopeAuthorizer) self = g_object_ref (g_task_get_source_object (task));
  ScopeAuthCall *call = g_task_get_task_data (task);

  scope_auth_call_unwatch (call);
  g_cancellable_cancel (call->stop); /* whatever still comes is not read */
  g_clear_object (&call->stream);
  if (call->timed_out)
    {
      g_clear_error (&error);
      g_clear_pointer (&reply, scope_auth_reply_free);
      error = scope_auth_call_timed_out_error (call);
    }

  self->n_running--;
  scope_authorizer_run_next (self);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, reply, (GDestroyNotify) scope_auth_reply_free);
}

static void
scope_authorizer_fail (GTask *task,
                       GError *error)
{
  scope_authorizer_end (task, NULL, error);
}

static gboolean
scope_authorizer_timeout_cb (gpointer user_data)
{
  ScopeAuthCall *call = g_task_get_task_data (user_data);

  call->timeout = 0;
  call->timed_out = TRUE;
  g_cancellable_cancel (call->stop);
  return G_SOURCE_REMOVE;
}

static gboolean
scope_authorizer_cancelled_cb (GCancellable *cancellable,
                               gpointer user_data)
{
  GTask *task = user_data;
  ScopeAuthorizer *self = g_task_get_source_object (task);
  ScopeAuthCall *call = g_task_get_task_data (task);

  if (call->is_running)
    {
      g_cancellable_cancel (call->stop);
      return G_SOURCE_REMOVE;
    }

  g_queue_remove (&self->waiting, task);
  scope_auth_call_unwatch (call);
  g_task_return_error_if_cancelled (task);
  g_object_unref (task); /* the queue's */
  return G_SOURCE_REMOVE;
}

/* --- the answer --- */

static gboolean
scope_auth_call_is_good (ScopeAuthCall *call)
{
  return call->status == SOUP_STATUS_OK || call->status == SOUP_STATUS_CREATED;
}

/* §4.2: status and body are shown; they are all that says why */
static GError *
scope_auth_call_refusal (ScopeAuthCall *call)
{
  g_autofree char *shown = scope_auth_reply_show_url (call->url);
  g_autofree char *quote = scope_auth_reply_quote ((const char *) call->body->data, call->body->len);

  if (call->purpose == SCOPE_AUTH_FOR_USER)
    return g_error_new (SCOPE_ERROR, SCOPE_ERROR_REFUSED,
                        _("Unable to retrieve auth string from user-authentication endpoint - received "
                          "status: %u from %s. It said: %s"), call->status, shown, quote);
  return g_error_new (SCOPE_ERROR, SCOPE_ERROR_REFUSED,
                      _("Unable to retrieve auth string from channel-authorization endpoint - received "
                        "status: %u from %s. It said: %s"), call->status, shown, quote);
}

static void
scope_authorizer_take_body (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);
  ScopeAuthReply *reply;
  GError *error = NULL;

  if (!scope_auth_call_is_good (call))
    {
      scope_authorizer_fail (task, scope_auth_call_refusal (call));
      return;
    }

  reply = scope_auth_reply_parse ((const char *) call->body->data, call->body->len,
                                  call->transport == SCOPE_AUTH_TRANSPORT_JSONP, call->purpose,
                                  call->channel, call->url, call->signed_in, &error);
  scope_authorizer_end (task, reply, error);
}

static GError *
scope_auth_call_too_big_error (ScopeAuthCall *call)
{
  g_autofree char *shown = scope_auth_reply_show_url (call->url);

  return g_error_new (SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                      _("The answer of the authorization endpoint %s is larger than %d bytes"), shown,
                      SCOPE_LIMIT_AUTH_REPLY_BYTES);
}

static void
scope_authorizer_read_cb (GObject *source,
                          GAsyncResult *result,
                          gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeAuthCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n_bytes < 0)
    scope_authorizer_fail (task, error);
  else if (n_bytes == 0)
    scope_authorizer_take_body (task);
  else if (call->body->len + n_bytes > SCOPE_LIMIT_AUTH_REPLY_BYTES)
    scope_authorizer_fail (task, scope_auth_call_too_big_error (call));
  else
    {
      g_byte_array_append (call->body, (const guint8 *) call->buffer, n_bytes);
      scope_authorizer_read (task);
    }
}

static void
scope_authorizer_read (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);

  g_input_stream_read_async (call->stream, call->buffer, sizeof call->buffer, G_PRIORITY_DEFAULT, call->stop,
                             scope_authorizer_read_cb, g_object_ref (task));
}

/* --- redirects --- */

static gboolean
scope_auth_is_redirect (guint status)
{
  return status == SOUP_STATUS_MOVED_PERMANENTLY || status == SOUP_STATUS_FOUND
         || status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_TEMPORARY_REDIRECT
         || status == SOUP_STATUS_PERMANENT_REDIRECT;
}

static gboolean
scope_auth_is_same_origin (GUri *a,
                           GUri *b)
{
  return strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0
         && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
         && g_uri_get_port (a) == g_uri_get_port (b);
}

/* Where to, or an error: only http and https, never from TLS to without, a POST only where it stays one,
 * and what is configured (it may be secret) never to another origin (§4.1). */
static gboolean
scope_auth_call_check_redirect (ScopeAuthCall *call,
                                GUri *target,
                                GError **error)
{
  GUri *from = soup_message_get_uri (call->message);
  gboolean is_post = call->method == SCOPE_AUTH_METHOD_POST;
  g_autofree char *text = target != NULL ? g_uri_to_string (target) : NULL;
  g_autofree char *shown = text != NULL ? scope_auth_reply_show_url (text) : NULL;
  const char *scheme = target != NULL ? g_uri_get_scheme (target) : NULL;

  if (target == NULL || g_uri_get_host (target) == NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_REFUSED,
                 _("The authorization endpoint redirects (status %u) to no valid address"), call->status);
  else if (strcmp (scheme, "https") != 0
           && (strcmp (scheme, "http") != 0 || strcmp (g_uri_get_scheme (from), "http") != 0))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_REFUSED,
                 _("The authorization endpoint redirects (status %u) to %s: that is not followed, because it "
                   "is less safe"), call->status, shown);
  else if (is_post && call->status != SOUP_STATUS_TEMPORARY_REDIRECT
           && call->status != SOUP_STATUS_PERMANENT_REDIRECT)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_REFUSED,
                 _("The authorization endpoint redirects (status %u) to %s: a POST would lose its content "
                   "there. If that is the right address, set it as the endpoint."), call->status, shown);
  else if (call->fields->len > 0 && !scope_auth_is_same_origin (from, target))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_REFUSED,
                 _("The authorization endpoint redirects (status %u) to another server, %s: headers and "
                   "parameters are not sent there. If that is the right address, set it as the endpoint."),
                 call->status, shown);
  else if (call->n_redirects >= SCOPE_LIMIT_REDIRECTS)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                 _("The authorization endpoint redirects more than %d times"), SCOPE_LIMIT_REDIRECTS);
  else
    return TRUE;
  return FALSE;
}

static void
scope_authorizer_redirect (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  g_autoptr (GUri) target = NULL;
  g_autofree char *url = NULL;
  GString *form = NULL;
  GError *error = NULL;

  if (location != NULL)
    target = g_uri_parse_relative (soup_message_get_uri (call->message), location, SOUP_HTTP_URI_FLAGS, NULL);
  if (!scope_auth_call_check_redirect (call, target, &error))
    {
      scope_authorizer_fail (task, error);
      return;
    }

  call->n_redirects++;
  g_clear_object (&call->stream);
  url = g_uri_to_string (target);
  if (call->method == SCOPE_AUTH_METHOD_POST)
    form = scope_auth_call_build_query (call, 0);
  if (scope_auth_call_compose (call, url, form, &error))
    scope_authorizer_send (task);
  else
    scope_authorizer_fail (task, error);
  if (form != NULL)
    {
      scope_secret_wipe (form->str, form->len);
      g_string_free (form, TRUE);
    }
}

/* --- sending --- */

static GError *
scope_auth_call_unreachable_error (ScopeAuthCall *call,
                                   GError *error)
{
  g_autofree char *flaw
      = error->domain == G_TLS_ERROR ? scope_trust_describe (call->message) : NULL;
  g_autofree char *shown = scope_auth_reply_show_url (call->url);
  GError *told = g_error_new (error->domain, error->code,
                              _("The authorization endpoint %s can't be reached: %s"), shown,
                              flaw != NULL ? flaw : error->message);

  g_error_free (error);
  return told;
}

static void
scope_auth_add_header_size (const char *name,
                            const char *value,
                            gpointer user_data)
{
  gsize *size = user_data;

  *size += strlen (name) + strlen (value);
}

static gboolean
scope_auth_call_check_head (ScopeAuthCall *call,
                            GError **error)
{
  gsize size = 0;

  soup_message_headers_foreach (soup_message_get_response_headers (call->message), scope_auth_add_header_size,
                                &size);
  if (size <= SCOPE_LIMIT_HTTP_HEADER_BYTES)
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
               _("The headers of the authorization endpoint's answer are larger than %d bytes"),
               SCOPE_LIMIT_HTTP_HEADER_BYTES);
  return FALSE;
}

static void
scope_authorizer_sent_cb (GObject *source,
                          GAsyncResult *result,
                          gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeAuthCall *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream == NULL)
    {
      scope_authorizer_fail (task, scope_auth_call_unreachable_error (call, error));
      return;
    }

  call->status = soup_message_get_status (call->message);
  if (!scope_auth_call_check_head (call, &error))
    scope_authorizer_fail (task, error);
  else if (scope_auth_is_redirect (call->status))
    scope_authorizer_redirect (task);
  else
    scope_authorizer_read (task);
}

static void
scope_authorizer_send (GTask *task)
{
  ScopeAuthorizer *self = g_task_get_source_object (task);
  ScopeAuthCall *call = g_task_get_task_data (task);

  if (self->session == NULL)
    self->session = scope_trust_new_session (self->options->proxy);
  soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, call->stop,
                           scope_authorizer_sent_cb, g_object_ref (task));
}

static void
scope_authorizer_send_first (GTask *task)
{
  ScopeAuthorizer *self = g_task_get_source_object (task);
  ScopeAuthCall *call = g_task_get_task_data (task);
  gboolean is_post = call->method == SCOPE_AUTH_METHOD_POST;
  GString *query = scope_auth_call_build_query (call, ++self->n_callbacks);
  char *url = is_post ? g_strdup (call->url) : scope_auth_join_query (call->url, query->str);
  GError *error = NULL;

  if (scope_auth_call_compose (call, url, is_post ? query : NULL, &error))
    scope_authorizer_send (task);
  else
    scope_authorizer_fail (task, error);

  scope_secret_wipe (url, strlen (url));
  scope_secret_wipe (query->str, query->len);
  g_free (url);
  g_string_free (query, TRUE);
}

static void
scope_authorizer_resolved_cb (GObject *source,
                              GAsyncResult *result,
                              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeAuthCall *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->fields = scope_fields_resolve_finish (result, &error);
  if (call->fields == NULL)
    {
      call->fields = g_ptr_array_new ();
      scope_authorizer_fail (task, error);
      return;
    }
  scope_authorizer_send_first (task);
}

/* --- the queue --- */

static void
scope_authorizer_run (ScopeAuthorizer *self,
                      GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);

  self->n_running++;
  call->is_running = TRUE;
  call->timeout = g_timeout_add (SCOPE_WAIT_AUTHORIZE_USEC / 1000, scope_authorizer_timeout_cb, task);
  scope_fields_resolve_async (g_steal_pointer (&call->fields), call->stop, scope_authorizer_resolved_cb,
                              g_object_ref (task));
}

static void
scope_authorizer_run_next (ScopeAuthorizer *self)
{
  while (self->n_running < SCOPE_LIMIT_AUTH_AT_ONCE && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);

      scope_authorizer_run (self, task);
    }
}

/* --- the object --- */

static void
scope_authorizer_finalize (GObject *object)
{
  ScopeAuthorizer *self = SCOPE_AUTHORIZER (object);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_object (&self->session);
  scope_connection_options_free (self->options);

  G_OBJECT_CLASS (scope_authorizer_parent_class)->finalize (object);
}

static void
scope_authorizer_class_init (ScopeAuthorizerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_authorizer_finalize;
}

static void
scope_authorizer_init (ScopeAuthorizer *self)
{
  g_queue_init (&self->waiting);
}

/**
 * scope_authorizer_new:
 * @options: copied: endpoints, trust and proxy are taken from it
 *
 * Returns: (transfer full): asks nothing yet
 */
ScopeAuthorizer *
scope_authorizer_new (const ScopeConnectionOptions *options)
{
  ScopeAuthorizer *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_AUTHORIZER, NULL);
  self->options = scope_connection_options_copy (options);
  return self;
}

/**
 * scope_authorizer_set_options:
 * @options: copied; for requests from now on
 */
void
scope_authorizer_set_options (ScopeAuthorizer *self,
                              const ScopeConnectionOptions *options)
{
  ScopeConnectionOptions *before;

  g_return_if_fail (SCOPE_IS_AUTHORIZER (self));
  g_return_if_fail (options != NULL);

  before = self->options;
  self->options = scope_connection_options_copy (options);
  if (g_strcmp0 (before->proxy, self->options->proxy) != 0)
    g_clear_object (&self->session);
  scope_connection_options_free (before);
}

static void
scope_authorizer_watch (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable == NULL)
    return;

  call->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (call->cancelled, G_SOURCE_FUNC (scope_authorizer_cancelled_cb), task, NULL);
  g_source_attach (call->cancelled, g_main_context_get_thread_default ());
}

/**
 * scope_authorizer_request_async:
 * @socket_id: of the connection that wants in
 * @channel: (nullable): %NULL for a user
 * @signed_in: whether a user is (a presence channel needs no `channel_data` then)
 *
 * Asks the endpoint of the options once (protocol.md §4.1). Five requests run at a time, the others wait in
 * order; one may take %SCOPE_WAIT_AUTHORIZE_USEC from when it begins.
 */
void
scope_authorizer_request_async (ScopeAuthorizer *self,
                                ScopeAuthPurpose purpose,
                                const char *socket_id,
                                const char *channel,
                                gboolean signed_in,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  ScopeAuthCall *call;

  g_return_if_fail (SCOPE_IS_AUTHORIZER (self));
  g_return_if_fail (socket_id != NULL);
  g_return_if_fail (channel != NULL || purpose == SCOPE_AUTH_FOR_USER);

  call = scope_auth_call_new (self->options, purpose, socket_id, channel);
  call->signed_in = signed_in;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_authorizer_request_async);
  g_task_set_task_data (task, call, scope_auth_call_free);

  if (call->url == NULL)
    g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("There is no authorization endpoint"));
  else if (call->fault != NULL)
    g_task_return_error (task, g_steal_pointer (&call->fault));
  else
    {
      scope_authorizer_watch (task);
      g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
      scope_authorizer_run_next (self);
    }
}

/**
 * scope_authorizer_request_finish:
 * @status: (out): of the answer; 0 if none came
 * @error: SCOPE_ERROR_REFUSED (another status than 200 or 201, or a redirect that is not followed),
 *   _PROTOCOL (protocol.md §4.2), _LIMIT, _TIMED_OUT, _USAGE (a field's command), G_IO_ERROR_* and others
 *   of the network
 *
 * Returns: (transfer full) (nullable): what the endpoint handed out
 */
ScopeAuthReply *
scope_authorizer_request_finish (ScopeAuthorizer *self,
                                 GAsyncResult *result,
                                 guint *status,
                                 GError **error)
{
  ScopeAuthCall *call;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (status != NULL, NULL);

  call = g_task_get_task_data (G_TASK (result));
  *status = call->status;
  return g_task_propagate_pointer (G_TASK (result), error);
}
