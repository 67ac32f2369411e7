/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "net/scope-api-reply.h"
#include "session/scope-outgoing.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_RESULT (scope_publish_result_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishResult, scope_publish_result, SCOPE, PUBLISH_RESULT, GObject)

/**
 * ScopePublishResult:
 *
 * What became of one request that published events: immutable.
 */
/* outgoing: ScopeOutgoing *; takes over the reply, which is NULL if nothing was sent because of error (nullable) */
ScopePublishResult *scope_publish_result_new         (gint64               time_usec,
                                                      GPtrArray           *outgoing,
                                                      ScopeApiReply       *reply,
                                                      const GError        *error);
gint64              scope_publish_result_get_time_usec (ScopePublishResult *self);
/* (transfer none) (element-type ScopeOutgoing): one, or a batch */
GPtrArray          *scope_publish_result_get_outgoing (ScopePublishResult  *self);
ScopeApiOutcome     scope_publish_result_get_outcome (ScopePublishResult   *self);
/* "order.paid", or "10 events" (transfer full) */
char               *scope_publish_result_dup_title   (ScopePublishResult   *self);
/* "accepted (200)" in words of the user's language (transfer full) */
char               *scope_publish_result_dup_outcome (ScopePublishResult   *self);
/* what it means, then the server's own words; NULL if it was accepted (transfer full) */
char               *scope_publish_result_dup_sentence (ScopePublishResult  *self);
/* "news: 3 subscriptions · presence-a: 2 users"; NULL: none were asked for (transfer full) */
char               *scope_publish_result_dup_counts  (ScopePublishResult   *self);
const ScopeApiReply *scope_publish_result_get_reply  (ScopePublishResult   *self);
const char         *scope_publish_result_get_body    (ScopePublishResult   *self);    /* nullable */
const char         *scope_publish_result_get_signed_text (ScopePublishResult *self);  /* nullable */
guint               scope_publish_result_get_status  (ScopePublishResult   *self);    /* 0: no answer */

G_END_DECLS
