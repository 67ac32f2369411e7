/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/scope-clock.h"
#include "session/scope-publish-result.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISHER (scope_publisher_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublisher, scope_publisher, SCOPE, PUBLISHER, GObject)

/* What it publishes with; the session's is made by scope_publisher_new_for_session(), tests have their own. */
typedef struct
{
  /* a job is started; may be NULL */
  void           (*begin)       (gpointer             data);
  /* whether it may be sent now; FALSE with an error ends the job. repeats: nobody asked for this very one */
  gboolean       (*may)         (gpointer             data,
                                 gboolean             repeats,
                                 GError             **error);
  /* of our connection; NULL: there is none */
  const char    *(*get_socket_id) (gpointer           data);
  /* events: ScopeApiEvent *; n_messages: what it costs */
  void           (*send)        (gpointer             data,
                                 GPtrArray           *events,
                                 guint                n_messages,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
  ScopeApiReply *(*finish)      (gpointer             data,
                                 GAsyncResult        *result,
                                 GError             **error);
} ScopePublisherPort;

/**
 * ScopePublisher:
 *
 * Publishes a list of events, once or again and again: events of one channel ten a request, others by themselves, in
 * their order, one request at a time, at most SCOPE_LIMIT_PUBLISH_PER_SECOND messages a second. What may have been
 * published is never sent again by itself. A refusal that would meet the rest too, and three failures in a row, end it.
 *
 * Properties, notified: running (bool).
 * Signals: `progress`: figures have changed; `result (ScopePublishResult *)`: an answer came.
 */
/* data is kept for as long as there is something under way */
ScopePublisher *scope_publisher_new         (ScopeClock               *clock,
                                             const ScopePublisherPort *port,
                                             gpointer                  data,
                                             GDestroyNotify            destroy);
/* outgoing: ScopeOutgoing *, up to SCOPE_LIMIT_PUBLISH_EVENTS; rounds: up to SCOPE_LIMIT_PUBLISH_ROUNDS, interval_usec
 * from the start of one to the start of the next. Not while it runs */
void            scope_publisher_start       (ScopePublisher           *self,
                                             GPtrArray                *outgoing,
                                             guint                     rounds,
                                             gint64                    interval_usec);
/* at once: a request under way is given up, and told as what is known of it */
void            scope_publisher_stop        (ScopePublisher           *self);
gboolean        scope_publisher_get_running (ScopePublisher           *self);
/* events: all of the job, those that are told, and those of one outcome */
guint64         scope_publisher_get_n_total (ScopePublisher           *self);
guint64         scope_publisher_get_n_done  (ScopePublisher           *self);
/* why the rest was not tried; NULL: everything was, or the user stopped it */
const char     *scope_publisher_get_problem (ScopePublisher           *self);
/* "3 of 12: 3 accepted" (transfer full) */
char           *scope_publisher_dup_summary (ScopePublisher           *self);

G_END_DECLS
