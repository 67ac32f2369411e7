/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* protocol.md §1.9: first wait, doubled up to the longest, plus 0…20 % random; never less than 1 s where the
 * server asks for it. Pure: the random number is handed in. */
typedef struct
{
  gint64 first_usec;
  gint64 longest_usec;
  guint attempts;      /* waits handed out since the last reset */
} ScopeBackoff;

void   scope_backoff_init  (ScopeBackoff *self,
                            gint64        first_usec,
                            gint64        longest_usec);
/* random in [0, 1). at_least_usec: 0, or what the code asks for */
gint64 scope_backoff_next  (ScopeBackoff *self,
                            double        random,
                            gint64        at_least_usec);
void   scope_backoff_reset (ScopeBackoff *self);

G_END_DECLS
