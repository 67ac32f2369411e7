/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-occupancy"

#include "config.h"

#include "session/scope-occupancy.h"

struct _ScopeOccupancy
{
  GArray *samples; /* of ScopeOccupancySample */
  guint max_samples;
  gboolean dropped;
};

/**
 * scope_occupancy_new:
 * @max_samples: how many are kept
 *
 * Returns: (transfer full): a record without samples
 */
ScopeOccupancy *
scope_occupancy_new (guint max_samples)
{
  ScopeOccupancy *self;

  g_return_val_if_fail (max_samples >= 4, NULL);

  self = g_new0 (ScopeOccupancy, 1);
  self->samples = g_array_new (FALSE, FALSE, sizeof (ScopeOccupancySample));
  self->max_samples = max_samples;
  return self;
}

/**
 * scope_occupancy_free:
 *
 * Frees the history.
 */
void
scope_occupancy_free (ScopeOccupancy *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->samples);
  g_free (self);
}

/* The last two say the same: the later one may go on. */
static gboolean
occupancy_is_steady (const ScopeOccupancy *self,
                     gint64                value)
{
  guint n = self->samples->len;

  return n >= 2 && scope_occupancy_get (self, n - 1)->value == value &&
         scope_occupancy_get (self, n - 2)->value == value;
}

/* A quarter at once: moving the others is paid for rarely. */
static void
occupancy_make_room (ScopeOccupancy *self)
{
  if (self->samples->len < self->max_samples)
    return;
  g_array_remove_range (self->samples, 0, self->max_samples / 4);
  self->dropped = TRUE;
}

/**
 * scope_occupancy_add:
 * @wall_usec: when it was asked, microseconds since 1970
 * @value: how many there were
 */
void
scope_occupancy_add (ScopeOccupancy *self,
                     gint64          wall_usec,
                     gint64          value)
{
  ScopeOccupancySample sample = { wall_usec, MAX (value, SCOPE_OCCUPANCY_UNKNOWN) };

  g_return_if_fail (self != NULL);

  if (occupancy_is_steady (self, sample.value))
    {
      g_array_index (self->samples, ScopeOccupancySample, self->samples->len - 1) = sample;
      return;
    }
  occupancy_make_room (self);
  g_array_append_val (self->samples, sample);
}

/**
 * scope_occupancy_get_n_samples:
 *
 * Returns: how many samples are kept
 */
guint
scope_occupancy_get_n_samples (const ScopeOccupancy *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->samples->len;
}

/**
 * scope_occupancy_get:
 * @i: a number below scope_occupancy_get_n_samples()
 *
 * Returns: (transfer none): that sample, until the next is added
 */
const ScopeOccupancySample *
scope_occupancy_get (const ScopeOccupancy *self,
                     guint                 i)
{
  g_return_val_if_fail (self != NULL && i < self->samples->len, NULL);

  return &g_array_index (self->samples, ScopeOccupancySample, i);
}

/**
 * scope_occupancy_get_dropped:
 *
 * Returns: whether older ones are gone
 */
gboolean
scope_occupancy_get_dropped (const ScopeOccupancy *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->dropped;
}

/**
 * scope_occupancy_get_last:
 *
 * Returns: the last sample's value; SCOPE_OCCUPANCY_UNKNOWN if there is none
 */
gint64
scope_occupancy_get_last (const ScopeOccupancy *self)
{
  g_return_val_if_fail (self != NULL, SCOPE_OCCUPANCY_UNKNOWN);

  if (self->samples->len == 0)
    return SCOPE_OCCUPANCY_UNKNOWN;
  return scope_occupancy_get (self, self->samples->len - 1)->value;
}

/**
 * scope_occupancy_get_extent:
 * @least: (out): the smallest value
 * @largest: (out): the largest one
 *
 * Returns: whether anything is known
 */
gboolean
scope_occupancy_get_extent (const ScopeOccupancy *self,
                            gint64               *least,
                            gint64               *largest)
{
  gboolean found = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->samples->len; i++)
    {
      gint64 value = scope_occupancy_get (self, i)->value;

      if (value == SCOPE_OCCUPANCY_UNKNOWN)
        continue;
      *least = found ? MIN (*least, value) : value;
      *largest = found ? MAX (*largest, value) : value;
      found = TRUE;
    }
  return found;
}
