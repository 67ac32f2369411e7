/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-rate-limit"

#include "config.h"

#include "net/scope-rate-limit.h"

/**
 * scope_rate_limit_init:
 * @now_usec: monotonic
 */
void
scope_rate_limit_init (ScopeRateLimit *self,
                       double capacity,
                       double per_second,
                       gint64 now_usec)
{
  g_return_if_fail (self != NULL);

  *self = (ScopeRateLimit) { .capacity = capacity, .per_second = per_second, .tokens = capacity,
                             .at_usec = now_usec };
}

/**
 * scope_rate_limit_take:
 * @now_usec: monotonic
 *
 * Returns: %TRUE if a token was there to be taken
 */
gboolean
scope_rate_limit_take (ScopeRateLimit *self,
                       gint64 now_usec)
{
  double seconds;

  g_return_val_if_fail (self != NULL, FALSE);

  seconds = MAX (0, now_usec - self->at_usec) / (double) G_USEC_PER_SEC;
  self->tokens = MIN (self->capacity, self->tokens + seconds * self->per_second);
  self->at_usec = now_usec;
  if (self->tokens < 1)
    return FALSE;

  self->tokens -= 1;
  return TRUE;
}
