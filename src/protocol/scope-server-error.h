/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What servers say when they refuse, protocol.md §1.7, §1.8, §3.3, §9.5 and §11: the channel a text speaks of, and a
 * plain sentence with the next step. Pure: tables. All sentences are translated. */

typedef enum
{
  SCOPE_TOPIC_UNKNOWN,
  SCOPE_TOPIC_SUBSCRIPTION, /* a pending subscription is refused */
  SCOPE_TOPIC_CLIENT_EVENT, /* so is an event that was sent */
  SCOPE_TOPIC_SIGN_IN,
  SCOPE_TOPIC_OTHER,        /* known, and none of these */
} ScopeErrorTopic;

/* §1.8: the channel a pusher:error text speaks of (transfer full, nullable) */
char           *scope_server_error_find_channel (const char *message);
/* the key part K of "Invalid key in subscription auth data: 'K'" (transfer full, nullable) */
char           *scope_server_error_find_key     (const char *message);
/* what the text speaks of; code 0: none */
ScopeErrorTopic scope_server_error_get_topic    (guint       code,
                                                 const char *message);
/* of a pusher:error frame, which closes nothing by itself: not the meaning of a close with that
 * code. NULL if neither text nor code is known. */
const char     *scope_server_error_get_meaning  (guint       code,
                                                 const char *message);
/* of a `subscription_error` or an authorization that failed; status: the server's code or the
 * endpoint's HTTP status, 0 if none. Never NULL. */
const char     *scope_subscription_error_get_meaning (const char *type,
                                                      const char *message,
                                                      guint       status);
/* the same of a sign-in */
const char     *scope_sign_in_error_get_meaning (const char *type,
                                                 const char *message,
                                                 guint       status);
/* of an answer of the HTTP API other than 200 and 202, §9.5. body: its start, plain text or JSON; nullable.
 * Never NULL. */
const char     *scope_api_error_get_meaning     (guint       status,
                                                 const char *body);
/* the text of such an answer: the `error` or `message` of a JSON body, else the body itself (transfer full) */
char           *scope_api_error_dup_text        (const char *body);
/* that text without what only repeats the request, its signature among it (transfer full, nullable) */
char           *scope_api_error_dup_brief       (const char *text);

G_END_DECLS
