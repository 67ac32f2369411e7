/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-transport-plan"

#include "config.h"

#include "protocol/scope-transport-plan.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* §7.4 */
#define WSS_AFTER_WS_USEC (2 * SECOND)
#define HTTP_AFTER_TLS_USEC (2 * SECOND)
#define HTTP_AFTER_PLAIN_USEC (5 * SECOND)
#define POLLING_AFTER_STREAMING_USEC (4 * SECOND)

/* §7.5 */
#define REMEMBERED_FOR_USEC (1800 * SECOND)
#define REMEMBERED_EXTRA_USEC (1 * SECOND)
#define SKIPS_BEFORE_HTTP 3
#define PING_DELAY_LEAST_USEC (10 * SECOND)
#define STREAMING_LIVES 2

#define CLOSE_PROTOCOL_ERROR 1002
#define CLOSE_UNSUPPORTED 1003
#define CLOSE_ABNORMAL 1006

static guint
plan_index (ScopeTransportKinds kind)
{
  return (guint) g_bit_nth_lsf (kind, -1);
}

/* XHR always exists here, so sockjs is what is left where both of its transports are not allowed (§7.4). */
static ScopeTransportKinds
plan_get_http_kinds (ScopeTransportKinds allowed)
{
  ScopeTransportKinds xhr = allowed & (SCOPE_TRANSPORT_XHR_STREAMING | SCOPE_TRANSPORT_XHR_POLLING);

  return xhr != 0 ? xhr : allowed & SCOPE_TRANSPORT_SOCKJS;
}

/**
 * scope_transport_plan_get_kinds:
 * @allowed: what the lists of the options leave
 * @profile_tls: whether the options ask for TLS
 * @use_tls: whether this attempt is with TLS: then nothing without it is tried
 *
 * `ws` is the primary socket including TLS; `wss` only the TLS try of options without TLS, so with TLS it
 * names nothing (protocol.md §7.3).
 *
 * Returns: the transports to try; 0 if none is left
 */
ScopeTransportKinds
scope_transport_plan_get_kinds (ScopeTransportKinds allowed,
                                gboolean profile_tls,
                                gboolean use_tls)
{
  ScopeTransportKinds sockets;

  if (profile_tls)
    sockets = SCOPE_TRANSPORT_WS;
  else if (use_tls)
    sockets = SCOPE_TRANSPORT_WSS;
  else
    sockets = SCOPE_TRANSPORTS_SOCKET;
  return (allowed & sockets) | plan_get_http_kinds (allowed);
}

static void
plan_add (ScopeTransportPlan *self,
          ScopeTransportKinds kind,
          gboolean use_tls,
          gint64 start_usec,
          gint64 limit_usec)
{
  g_assert (self->n_candidates < G_N_ELEMENTS (self->candidates));
  self->candidates[self->n_candidates++] = (ScopeTransportCandidate) {
    .kind = kind, .use_tls = use_tls, .start_usec = start_usec, .limit_usec = limit_usec,
  };
}

static void
plan_add_all (ScopeTransportPlan *self,
              ScopeTransportKinds kinds,
              gboolean use_tls,
              gint64 limit_usec)
{
  gboolean ws = (kinds & SCOPE_TRANSPORT_WS) != 0;
  gint64 http_usec = 0;

  if (ws)
    plan_add (self, SCOPE_TRANSPORT_WS, use_tls, 0, limit_usec);
  if ((kinds & SCOPE_TRANSPORT_WSS) != 0)
    plan_add (self, SCOPE_TRANSPORT_WSS, TRUE, ws ? WSS_AFTER_WS_USEC : 0, limit_usec);
  if (self->n_candidates > 0)
    http_usec = ws && !use_tls ? HTTP_AFTER_PLAIN_USEC : HTTP_AFTER_TLS_USEC;

  if ((kinds & SCOPE_TRANSPORT_XHR_STREAMING) != 0)
    {
      plan_add (self, SCOPE_TRANSPORT_XHR_STREAMING, use_tls, http_usec, limit_usec);
      http_usec += POLLING_AFTER_STREAMING_USEC;
    }
  if ((kinds & SCOPE_TRANSPORT_XHR_POLLING) != 0)
    plan_add (self, SCOPE_TRANSPORT_XHR_POLLING, use_tls, http_usec, limit_usec);
  if ((kinds & SCOPE_TRANSPORT_SOCKJS) != 0)
    plan_add (self, SCOPE_TRANSPORT_SOCKJS, use_tls, http_usec, limit_usec);
}

static const ScopeTransportCandidate *
plan_find (const ScopeTransportPlan *self,
           ScopeTransportKinds kind)
{
  for (guint i = 0; i < self->n_candidates; i++)
    if (self->candidates[i].kind == kind)
      return &self->candidates[i];
  return NULL;
}

/* A socket that worked is tried alone at once; an HTTP transport only when sockets had their chance often
 * enough (§7.5). Where there is only one way, nothing is to be remembered. */
static void
plan_recall (ScopeTransportPlan *self,
             ScopeTransportWin *win,
             gint64 limit_usec,
             gint64 now_usec)
{
  const ScopeTransportCandidate *found = plan_find (self, win->kind);
  ScopeTransportCandidate first;

  if (found == NULL || self->n_candidates < 2 || now_usec - win->at_usec > REMEMBERED_FOR_USEC)
    return;
  if ((win->kind & SCOPE_TRANSPORTS_HTTP) != 0 && win->n_skipped <= SKIPS_BEFORE_HTTP)
    {
      win->n_skipped++;
      return;
    }

  first = *found;
  first.remembered = TRUE;
  first.start_usec = 0;
  first.limit_usec = MIN (2 * win->latency_usec + REMEMBERED_EXTRA_USEC, limit_usec);
  for (guint i = self->n_candidates; i > 0; i--)
    self->candidates[i] = self->candidates[i - 1];
  self->candidates[0] = first;
  self->n_candidates++;
}

/**
 * scope_transport_plan_make:
 * @self: (out caller-allocates): the candidates of one attempt
 * @allowed: what the lists of the options leave
 * @profile_tls: whether the options ask for TLS
 * @use_tls: whether this attempt is with TLS
 * @limit_usec: what each has from its start to its first frame
 * @memory: what earlier attempts taught; notes that an HTTP transport was passed over
 *
 * With TLS: `ws`, after 2 s the HTTP transports; without: `ws`, after 2 s `wss`, after 5 s the HTTP transports;
 * polling 4 s after streaming; where no socket is allowed, HTTP at once (protocol.md §7.4). Streaming that died
 * twice is left out while another way is left (§7.5); lives are never counted on sockets (§12).
 */
void
scope_transport_plan_make (ScopeTransportPlan *self,
                           ScopeTransportKinds allowed,
                           gboolean profile_tls,
                           gboolean use_tls,
                           gint64 limit_usec,
                           gint64 now_usec,
                           ScopeTransportMemory *memory)
{
  ScopeTransportKinds living = allowed & ~SCOPE_TRANSPORT_XHR_STREAMING;
  ScopeTransportKinds kinds = scope_transport_plan_get_kinds (allowed, profile_tls, use_tls);

  g_return_if_fail (self != NULL && memory != NULL);

  if (memory->n_streaming_deaths >= STREAMING_LIVES
      && scope_transport_plan_get_kinds (living, profile_tls, use_tls) != 0)
    kinds = scope_transport_plan_get_kinds (living, profile_tls, use_tls);

  *self = (ScopeTransportPlan) { 0 };
  plan_add_all (self, kinds, use_tls, limit_usec);
  plan_recall (self, &memory->wins[use_tls ? 1 : 0], limit_usec, now_usec);
}

static gint64
plan_measure_usec (ScopeTransportKinds kinds,
                   gboolean use_tls,
                   gint64 limit_usec)
{
  ScopeTransportPlan plan = { 0 };

  plan_add_all (&plan, kinds, use_tls, limit_usec);
  if (plan.n_candidates == 0)
    return 0;
  if (plan.n_candidates == 1)
    return limit_usec;
  return limit_usec + plan.candidates[plan.n_candidates - 1].start_usec + limit_usec;
}

/**
 * scope_transport_plan_get_longest_usec:
 * @limit_usec: what each transport has from its start to its first frame
 *
 * Returns: the longest an attempt can take: the remembered transport alone, then the last one's start and
 *   limit. Where there is only one transport, its limit.
 */
gint64
scope_transport_plan_get_longest_usec (ScopeTransportKinds allowed,
                                       gboolean profile_tls,
                                       gint64 limit_usec)
{
  gint64 longest_usec = limit_usec;

  for (guint use_tls = profile_tls ? 1 : 0; use_tls <= 1; use_tls++)
    {
      ScopeTransportKinds kinds = scope_transport_plan_get_kinds (allowed, profile_tls, use_tls != 0);

      longest_usec = MAX (longest_usec, plan_measure_usec (kinds, use_tls != 0, limit_usec));
    }
  return longest_usec;
}

/**
 * scope_transport_memory_note_win:
 * @latency_usec: from the transport's start to its first frame
 *
 * How often an HTTP transport was passed over stays (protocol.md §7.5).
 */
void
scope_transport_memory_note_win (ScopeTransportMemory *self,
                                 gboolean use_tls,
                                 ScopeTransportKinds kind,
                                 gint64 latency_usec,
                                 gint64 now_usec)
{
  ScopeTransportWin *win;

  g_return_if_fail (self != NULL);

  win = &self->wins[use_tls ? 1 : 0];
  win->kind = kind;
  win->latency_usec = latency_usec;
  win->at_usec = now_usec;
}

/**
 * scope_transport_memory_note_failure:
 *
 * A failure empties what is remembered (protocol.md §7.5).
 */
void
scope_transport_memory_note_failure (ScopeTransportMemory *self,
                                     gboolean use_tls)
{
  g_return_if_fail (self != NULL);

  self->wins[use_tls ? 1 : 0] = (ScopeTransportWin) { 0 };
}

/**
 * scope_transport_memory_note_end:
 * @code: the close code; 0 or 1006: it was cut off
 * @lifetime_usec: since it had opened
 * @activity_usec: the activity timeout of the options
 *
 * What is cut off within two activity timeouts was probably cut for its silence: next time it is asked for a
 * sign of life after half of that lifetime, at least 10 s. Streaming pays with a life for it, and for breaking
 * the protocol (protocol.md §7.5).
 */
void
scope_transport_memory_note_end (ScopeTransportMemory *self,
                                 ScopeTransportKinds kind,
                                 guint code,
                                 gint64 lifetime_usec,
                                 gint64 activity_usec)
{
  gboolean broke_rules = code == CLOSE_PROTOCOL_ERROR || code == CLOSE_UNSUPPORTED;
  gboolean died_early = (code == 0 || code == CLOSE_ABNORMAL) && lifetime_usec < 2 * activity_usec;

  g_return_if_fail (self != NULL && kind != 0);

  if (kind == SCOPE_TRANSPORT_XHR_STREAMING && (broke_rules || died_early))
    self->n_streaming_deaths++;
  /* polling and SockJS look after themselves */
  if (died_early && (kind & (SCOPE_TRANSPORTS_SOCKET | SCOPE_TRANSPORT_XHR_STREAMING)) != 0)
    self->ping_delays[plan_index (kind)] = MAX (lifetime_usec / 2, PING_DELAY_LEAST_USEC);
}

/**
 * scope_transport_memory_get_ping_delay_usec:
 *
 * Returns: how long at most a connection of the kind may stay silent; 0: as the options say
 */
gint64
scope_transport_memory_get_ping_delay_usec (const ScopeTransportMemory *self,
                                            ScopeTransportKinds kind)
{
  g_return_val_if_fail (self != NULL && kind != 0, 0);

  return self->ping_delays[plan_index (kind)];
}
