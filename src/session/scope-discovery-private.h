/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-discovery.h"

G_BEGIN_DECLS

/* A discovery is cut in three: scope-discovery.c is the object and what is wanted of it, -poll.c one poll
 * after the other, -act.c what its rules do. */

/* One GET. */
typedef struct
{
  char *prefix;
  gboolean with_users;
  gboolean extra; /* for counts only: the channels are known already */
} ScopeDiscoveryRequest;

struct _ScopeDiscovery
{
  GObject parent_instance;

  ScopeClock *clock;
  ScopePoller *poller;
  const ScopeDiscoveryBackend *backend;
  gpointer owner;
  GCancellable *cancellable;
  gboolean closed;

  char *prefix;
  gboolean in_sight;
  gboolean keeps_on;
  gboolean rules_active;
  GListStore *rules;

  /* a poll */
  GQueue todo;                    /* of ScopeDiscoveryRequest */
  ScopeDiscoveryRequest *current; /* NULL: none is under way */
  GPtrArray *covering;            /* prefixes that this poll asks for */
  GPtrArray *covered;             /* that the poll before asked for */
  guint64 stamp;                  /* of the present request */
  guint n_requests;
  guint n_ignored_now;
  gboolean set_changed;

  /* what is known */
  GHashTable *channels; /* name (owned by its channel) → ScopeFoundChannel */
  gboolean counts_users; /* the server does in its list, as far as is known */
  guint n_occupied;
  guint n_vacated;
  guint n_ignored;
  guint requests;
  gint64 polled_usec;
  char *problem;
  char *advice;
  guint status;
  gboolean unavailable;
  ScopeOccupancy *history;
};

/* scope-discovery.c */
void _scope_discovery_emit_listed (ScopeDiscovery *self);
void _scope_discovery_emit_polled (ScopeDiscovery *self);
/* by one of the prefixes */
gboolean _scope_discovery_covers  (GPtrArray      *prefixes,
                                   const char     *name);
void _scope_discovery_count       (ScopeDiscovery *self);

/* scope-discovery-poll.c */
void _scope_discovery_poll_cb     (gpointer        user_data);
void _scope_discovery_end_poll    (ScopeDiscovery *self);
/* nothing is known of this time */
void _scope_discovery_record_unknown (ScopeDiscovery *self);

/* scope-discovery-act.c */
void _scope_discovery_act         (ScopeDiscovery *self);

G_END_DECLS
