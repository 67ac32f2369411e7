/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A token bucket: `capacity` at once, refilled at `per_second`. Pure: the time is handed in. */
typedef struct
{
  double capacity;
  double per_second;
  double tokens;
  gint64 at_usec;
} ScopeRateLimit;

void     scope_rate_limit_init (ScopeRateLimit *self,
                                double          capacity,
                                double          per_second,
                                gint64          now_usec);
/* TRUE and one token less, or FALSE */
gboolean scope_rate_limit_take (ScopeRateLimit *self,
                                gint64          now_usec);

G_END_DECLS
