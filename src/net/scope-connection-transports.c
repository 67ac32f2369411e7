/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which transports an attempt tries, what they teach for the next one, and why one carries the connection:
 * protocol/scope-transport-plan.c decides, here it is carried out. */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>

#include "net/scope-race-transport.h"
#include "net/scope-websocket-transport.h"
#include "net/scope-xhr-transport.h"

/* a race keeps its own limits; the machine's is only for the case that it does not */
#define RACE_GRACE_USEC (1 * G_USEC_PER_SEC)

static gint64
scope_connection_seconds (double seconds)
{
  return (gint64) (seconds * G_USEC_PER_SEC);
}

/* With TLS in the options, or where nothing is allowed without: TLS from the start. */
ScopeMachineOptions
_scope_connection_machine_options (const ScopeConnectionOptions *options)
{
  ScopeTransportKinds allowed = scope_connection_options_get_transports (options);
  gboolean plain = !options->use_tls
                   && (scope_transport_plan_get_kinds (allowed, FALSE, FALSE) & ~SCOPE_TRANSPORT_WSS) != 0;
  gint64 limit_usec = scope_connection_seconds (options->connect_timeout);
  gint64 longest_usec = scope_transport_plan_get_longest_usec (allowed, options->use_tls, limit_usec);

  return (ScopeMachineOptions) {
    .activity_timeout_usec = scope_connection_seconds (options->activity_timeout),
    .pong_timeout_usec = scope_connection_seconds (options->pong_timeout),
    .unavailable_timeout_usec = scope_connection_seconds (options->unavailable_timeout),
    .connect_timeout_usec = limit_usec,
    .attempt_timeout_usec = longest_usec > limit_usec ? longest_usec + RACE_GRACE_USEC : limit_usec,
    .reconnect_delay_usec = scope_connection_seconds (options->reconnect_delay),
    .max_delay_usec = scope_connection_seconds (options->max_delay),
    .max_attempts = options->max_attempts,
    .use_tls = !plain,
    .may_plain = plain,
    .may_tls = scope_transport_plan_get_kinds (allowed, options->use_tls, TRUE) != 0,
  };
}

static ScopeTransport *
scope_connection_make_kind (ScopeConnection *self,
                            const ScopeTransportCandidate *candidate)
{
  if (self->kind_factory != NULL)
    return self->kind_factory (self->options, candidate->kind, candidate->use_tls, self->factory_data);
  if ((candidate->kind & SCOPE_TRANSPORTS_SOCKET) != 0)
    return scope_websocket_transport_new (self->options, candidate->use_tls);
  return scope_xhr_transport_new (self->options, candidate->kind, candidate->use_tls, self->clock);
}

/* "host:port": both stand in every address of ours */
static char *
scope_connection_dup_place (ScopeConnection *self,
                            const ScopeTransportCandidate *candidate)
{
  gboolean socket = (candidate->kind & SCOPE_TRANSPORTS_SOCKET) != 0;
  g_autofree char *url
      = socket ? scope_connection_options_build_url (self->options, candidate->use_tls)
               : scope_connection_options_build_http_url (self->options, candidate->use_tls);
  g_auto (GStrv) parts = g_strsplit (url, "/", 4); /* scheme, nothing, host and port, the rest */

  return g_strdup (g_strv_length (parts) > 2 ? parts[2] : url);
}

static ScopeTransport *
scope_connection_make_race (ScopeConnection *self,
                            const ScopeTransportPlan *plan)
{
  ScopeRaceTransport *race = scope_race_transport_new (self->clock);

  for (guint i = 0; i < plan->n_candidates; i++)
    {
      g_autofree char *place = scope_connection_dup_place (self, &plan->candidates[i]);

      scope_race_transport_add (race, &plan->candidates[i],
                                scope_connection_make_kind (self, &plan->candidates[i]), place);
    }
  return SCOPE_TRANSPORT (race);
}

ScopeTransport *
_scope_connection_make_transport (ScopeConnection *self,
                                  gboolean use_tls)
{
  ScopeTransportPlan plan;

  self->attempt_tls = use_tls;
  self->only_kind = use_tls && !self->options->use_tls ? SCOPE_TRANSPORT_WSS : SCOPE_TRANSPORT_WS;
  if (self->factory != NULL)
    return self->factory (self->options, use_tls, self->factory_data);

  scope_transport_plan_make (&plan, scope_connection_options_get_transports (self->options),
                             self->options->use_tls, use_tls,
                             scope_connection_seconds (self->options->connect_timeout),
                             scope_clock_get_monotonic_usec (self->clock), &self->memory);
  g_assert (plan.n_candidates > 0); /* the machine opens nothing that is not allowed */
  self->only_kind = plan.n_candidates == 1 ? plan.candidates[0].kind : 0;
  return self->only_kind != 0 ? scope_connection_make_kind (self, &plan.candidates[0])
                              : scope_connection_make_race (self, &plan);
}

/* 0: none has opened yet */
static ScopeTransportKinds
scope_connection_get_kind (ScopeConnection *self)
{
  const ScopeTransportCandidate *winner;

  if (self->only_kind != 0 || !SCOPE_IS_RACE_TRANSPORT (self->transport))
    return self->only_kind;
  winner = scope_race_transport_get_winner (SCOPE_RACE_TRANSPORT (self->transport));
  return winner != NULL ? winner->kind : 0;
}

void
_scope_connection_note_connected (ScopeConnection *self)
{
  ScopeTransportKinds kind = scope_connection_get_kind (self);

  if (self->only_kind == 0 && kind != 0)
    scope_transport_memory_note_win (&self->memory, self->attempt_tls, kind,
                                     scope_race_transport_get_latency_usec (
                                         SCOPE_RACE_TRANSPORT (self->transport)),
                                     scope_clock_get_monotonic_usec (self->clock));
}

void
_scope_connection_note_end (ScopeConnection *self,
                            guint code)
{
  ScopeTransportKinds kind = scope_connection_get_kind (self);

  if (self->opened_usec == 0)
    scope_transport_memory_note_failure (&self->memory, self->attempt_tls);
  else if (kind != 0)
    scope_transport_memory_note_end (&self->memory, kind, code,
                                     scope_clock_get_monotonic_usec (self->clock) - self->opened_usec,
                                     scope_connection_seconds (self->options->activity_timeout));
}

gint64
_scope_connection_get_ping_delay_usec (ScopeConnection *self)
{
  ScopeTransportKinds kind = scope_connection_get_kind (self);

  return kind != 0 ? scope_transport_memory_get_ping_delay_usec (&self->memory, kind) : 0;
}

char *
_scope_connection_describe_transport (ScopeConnection *self)
{
  if (SCOPE_IS_RACE_TRANSPORT (self->transport))
    return scope_race_transport_describe (SCOPE_RACE_TRANSPORT (self->transport));
  return g_strdup_printf (_("%s: the only one these options allow here"),
                          scope_transport_get_name (self->transport));
}
