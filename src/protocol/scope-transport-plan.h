/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which transports an attempt tries, and when each starts: protocol.md §7.3–7.5 and §12. Pure. */

/* Transports by name, protocol.md §7.3: `ws` is the primary socket including TLS, `wss` the second, TLS, try
 * of a configuration without TLS. */
typedef enum
{
  SCOPE_TRANSPORT_WS = 1 << 0,
  SCOPE_TRANSPORT_WSS = 1 << 1,
  SCOPE_TRANSPORT_XHR_STREAMING = 1 << 2,
  SCOPE_TRANSPORT_XHR_POLLING = 1 << 3,
  SCOPE_TRANSPORT_SOCKJS = 1 << 4,
} ScopeTransportKinds;

#define SCOPE_TRANSPORTS_SOCKET (SCOPE_TRANSPORT_WS | SCOPE_TRANSPORT_WSS)
#define SCOPE_TRANSPORTS_HTTP \
  (SCOPE_TRANSPORT_XHR_STREAMING | SCOPE_TRANSPORT_XHR_POLLING | SCOPE_TRANSPORT_SOCKJS)
#define SCOPE_TRANSPORTS_ALL (SCOPE_TRANSPORTS_SOCKET | SCOPE_TRANSPORTS_HTTP)
#define SCOPE_N_TRANSPORTS 5

typedef struct
{
  ScopeTransportKinds kind;        /* one */
  gboolean use_tls;
  gboolean remembered;             /* it worked last time: tried alone, and before the others' time begins */
  gint64 start_usec;               /* its head start is what the earlier ones have before it */
  gint64 limit_usec;               /* from its own start to its first frame */
} ScopeTransportCandidate;

typedef struct
{
  ScopeTransportCandidate candidates[SCOPE_N_TRANSPORTS + 1]; /* the remembered one, then by start */
  guint n_candidates;              /* 0: no transport is left */
} ScopeTransportPlan;

/* §7.5: what one connection learned, for as long as the process lives. All zero: nothing yet. */
typedef struct
{
  ScopeTransportKinds kind;        /* the winner's; 0: none is remembered */
  gint64 at_usec;                  /* monotonic */
  gint64 latency_usec;             /* from its start to the first frame */
  guint n_skipped;                 /* how often an HTTP transport was remembered and passed over */
} ScopeTransportWin;

typedef struct
{
  ScopeTransportWin wins[2];       /* attempts without TLS, with TLS */
  gint64 ping_delays[SCOPE_N_TRANSPORTS]; /* by the kind's bit; 0: none */
  guint n_streaming_deaths;
} ScopeTransportMemory;

/* the transports that an attempt with or without TLS would try; 0: none */
ScopeTransportKinds scope_transport_plan_get_kinds (ScopeTransportKinds         allowed,
                                                    gboolean                    profile_tls,
                                                    gboolean                    use_tls);
void     scope_transport_plan_make                 (ScopeTransportPlan         *self,
                                                    ScopeTransportKinds         allowed,
                                                    gboolean                    profile_tls,
                                                    gboolean                    use_tls,
                                                    gint64                      limit_usec,
                                                    gint64                      now_usec,
                                                    ScopeTransportMemory       *memory);
/* the longest that an attempt can take, whatever is remembered */
gint64   scope_transport_plan_get_longest_usec     (ScopeTransportKinds         allowed,
                                                    gboolean                    profile_tls,
                                                    gint64                      limit_usec);

void     scope_transport_memory_note_win           (ScopeTransportMemory       *self,
                                                    gboolean                    use_tls,
                                                    ScopeTransportKinds         kind,
                                                    gint64                      latency_usec,
                                                    gint64                      now_usec);
/* no transport opened */
void     scope_transport_memory_note_failure       (ScopeTransportMemory       *self,
                                                    gboolean                    use_tls);
/* a transport that had opened ended; activity_usec: the activity timeout of the options */
void     scope_transport_memory_note_end           (ScopeTransportMemory       *self,
                                                    ScopeTransportKinds         kind,
                                                    guint                       code,
                                                    gint64                      lifetime_usec,
                                                    gint64                      activity_usec);
/* at most this long may a connection of the kind stay silent; 0: as the options say */
gint64   scope_transport_memory_get_ping_delay_usec (const ScopeTransportMemory *self,
                                                    ScopeTransportKinds         kind);

G_END_DECLS
