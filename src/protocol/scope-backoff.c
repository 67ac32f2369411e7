/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-backoff"

#include "config.h"

#include "protocol/scope-backoff.h"

#define JITTER 0.2

/**
 * scope_backoff_init:
 * @first_usec: the first wait, > 0
 * @longest_usec: where doubling ends; never below the first wait
 */
void
scope_backoff_init (ScopeBackoff *self,
                    gint64        first_usec,
                    gint64        longest_usec)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (first_usec > 0);

  self->first_usec = first_usec;
  self->longest_usec = MAX (longest_usec, first_usec);
  self->attempts = 0;
}

/**
 * scope_backoff_next:
 * @random: in [0, 1): how much of the 20 % is added, so that clients of a restarted server do not
 *   come back in step
 * @at_least_usec: 0, or what the server's code asks for
 *
 * Returns: the next wait (protocol.md §1.9)
 */
gint64
scope_backoff_next (ScopeBackoff *self,
                    double        random,
                    gint64        at_least_usec)
{
  gint64 wait;

  g_return_val_if_fail (self != NULL, G_USEC_PER_SEC);

  wait = self->first_usec;
  for (guint i = 0; i < self->attempts && wait < self->longest_usec; i++)
    wait = wait > self->longest_usec / 2 ? self->longest_usec : wait * 2;

  if (self->attempts < G_MAXUINT)
    self->attempts++;

  wait += (gint64) ((double) wait * JITTER * CLAMP (random, 0.0, 1.0));

  return MAX (wait, at_least_usec);
}

/**
 * scope_backoff_reset:
 *
 * Begins again with the shortest wait: a connection came about.
 */
void
scope_backoff_reset (ScopeBackoff *self)
{
  g_return_if_fail (self != NULL);

  self->attempts = 0;
}
