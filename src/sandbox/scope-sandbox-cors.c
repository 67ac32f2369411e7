/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-cors.h"

#define MAX_AGE "600" /* seconds for which the answer to a preflight counts */

/**
 * scope_sandbox_cors_allow:
 * @message: a request of who may call
 *
 * Lets the page read the answer. There are no cookies here; SockJS asks as if there were.
 */
void
scope_sandbox_cors_allow (SoupServerMessage *message)
{
  SoupMessageHeaders *headers;
  const char *origin;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));

  origin = soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Origin");
  if (origin == NULL)
    return;

  headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", origin);
  soup_message_headers_replace (headers, "Access-Control-Allow-Credentials", "true");
  soup_message_headers_replace (headers, "Vary", "Origin");
}

static gboolean
cors_is_preflight (SoupServerMessage *message)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);

  return g_str_equal (soup_server_message_get_method (message), SOUP_METHOD_OPTIONS)
         && soup_message_headers_get_list (asked, "Origin") != NULL
         && soup_message_headers_get_list (asked, "Access-Control-Request-Method") != NULL;
}

/**
 * scope_sandbox_cors_answer_preflight:
 * @message: a request of who may call
 * @methods: what is known at its address
 *
 * A browser asks first before it sends JSON to another origin.
 *
 * Returns: whether that was it, and is answered
 */
gboolean
scope_sandbox_cors_answer_preflight (SoupServerMessage *message,
                                     const char        *methods)
{
  SoupMessageHeaders *headers;

  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message) && methods != NULL, FALSE);

  if (!cors_is_preflight (message))
    return FALSE;

  headers = soup_server_message_get_response_headers (message);
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  soup_message_headers_replace (headers, "Access-Control-Allow-Methods", methods);
  soup_message_headers_replace (headers, "Access-Control-Allow-Headers", "Content-Type");
  soup_message_headers_replace (headers, "Access-Control-Max-Age", MAX_AGE);
  return TRUE;
}
