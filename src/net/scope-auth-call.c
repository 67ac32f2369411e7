/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one request to an authorization endpoint holds, where it may be redirected to, and what is said of its
 * failures (protocol.md §4.1–4.2). Nothing here waits. */

#define G_LOG_DOMAIN "scope-authorizer"

#include "config.h"

#include "net/scope-auth-call-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-redact.h"
#include "base/scope-secret.h"
#include "net/scope-field.h"
#include "net/scope-trust.h"

void
_scope_auth_call_free (gpointer data)
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
ScopeAuthCall *
_scope_auth_call_new (const ScopeConnectionOptions *options,
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
GString *
_scope_auth_call_build_query (ScopeAuthCall *call,
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
char *
_scope_auth_join_query (const char *url,
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

gboolean
_scope_auth_call_compose (ScopeAuthCall *call,
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

static void
scope_auth_wipe_text (gpointer text)
{
  if (text != NULL)
    scope_secret_wipe (text, strlen (text));
  g_free (text);
}

/* (element-type utf8): each value as it is, as it is sent in a form, and a header's without its scheme
 * ("Bearer …") */
static GPtrArray *
scope_auth_call_list_values (ScopeAuthCall *call)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (scope_auth_wipe_text);

  for (guint i = 0; i < call->fields->len; i++)
    {
      ScopeField *field = call->fields->pdata[i];
      const char *space = i < call->n_params ? NULL : strrchr (field->value, ' ');

      g_ptr_array_add (values, g_strdup (field->value));
      g_ptr_array_add (values, g_uri_escape_string (field->value, "!*'()", FALSE));
      if (space != NULL)
        g_ptr_array_add (values, g_strdup (space + 1));
    }
  g_ptr_array_add (values, NULL);
  return values;
}

/* What is told of a failure quotes the answer, and an answer may repeat what was sent: logins among it. */
GError *
_scope_auth_call_hide_values (ScopeAuthCall *call,
                              GError *error)
{
  g_autoptr (GPtrArray) values = scope_auth_call_list_values (call);
  char *text = scope_redact_text (error->message, (const char *const *) values->pdata);

  g_free (error->message);
  error->message = text;
  return error;
}

GError *
_scope_auth_call_timed_out_error (ScopeAuthCall *call)
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

/* §4.2: status and body are shown; they are all that says why */
GError *
_scope_auth_call_refusal (ScopeAuthCall *call)
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

GError *
_scope_auth_call_too_big_error (ScopeAuthCall *call)
{
  g_autofree char *shown = scope_auth_reply_show_url (call->url);

  return g_error_new (SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                      _("The answer of the authorization endpoint %s is larger than %d bytes"), shown,
                      SCOPE_LIMIT_AUTH_REPLY_BYTES);
}

gboolean
_scope_auth_is_redirect (guint status)
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
gboolean
_scope_auth_call_check_redirect (ScopeAuthCall *call,
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

GError *
_scope_auth_call_unreachable_error (ScopeAuthCall *call,
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

gboolean
_scope_auth_call_check_head (ScopeAuthCall *call,
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
