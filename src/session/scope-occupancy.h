/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* nobody asked, or got no answer */
#define SCOPE_OCCUPANCY_UNKNOWN G_GINT64_CONSTANT (-1)

typedef struct
{
  gint64 wall_usec;
  gint64 value; /* or SCOPE_OCCUPANCY_UNKNOWN */
} ScopeOccupancySample;

/**
 * ScopeOccupancy:
 *
 * How many there were, poll by poll. What stays as it is takes two samples, its first and its last one;
 * of more samples than there is room for, the oldest go.
 */
typedef struct _ScopeOccupancy ScopeOccupancy;

ScopeOccupancy *scope_occupancy_new  (guint                 max_samples);   /* at least 4 */
void            scope_occupancy_free (ScopeOccupancy       *self);
/* in order of time */
void            scope_occupancy_add  (ScopeOccupancy       *self,
                                      gint64                wall_usec,
                                      gint64                value);
guint           scope_occupancy_get_n_samples (const ScopeOccupancy *self);
const ScopeOccupancySample *
                scope_occupancy_get  (const ScopeOccupancy *self,
                                      guint                 i);
/* some are gone */
gboolean        scope_occupancy_get_dropped (const ScopeOccupancy *self);
/* of the last sample; UNKNOWN if there is none */
gint64          scope_occupancy_get_last (const ScopeOccupancy *self);
/* of all that is known; FALSE if nothing is */
gboolean        scope_occupancy_get_extent (const ScopeOccupancy *self,
                                      gint64               *least,
                                      gint64               *largest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeOccupancy, scope_occupancy_free)

G_END_DECLS
