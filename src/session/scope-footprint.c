/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-footprint"

#include "config.h"

#include "session/scope-footprint.h"

typedef struct
{
  guint64 requests;
  guint64 messages;
} FootprintCount;

struct _ScopeFootprint
{
  GObject parent_instance;

  ScopeClock *clock;
  FootprintCount counts[SCOPE_N_FOOTPRINT_CAUSES];
};

G_DEFINE_FINAL_TYPE (ScopeFootprint, scope_footprint, G_TYPE_OBJECT)

static void
scope_footprint_finalize (GObject *object)
{
  ScopeFootprint *self = SCOPE_FOOTPRINT (object);

  g_clear_object (&self->clock);

  G_OBJECT_CLASS (scope_footprint_parent_class)->finalize (object);
}

static void
scope_footprint_class_init (ScopeFootprintClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_footprint_finalize;
}

static void
scope_footprint_init (ScopeFootprint *self)
{
}

/**
 * scope_footprint_new:
 *
 * Returns: (transfer full): nothing counted yet
 */
ScopeFootprint *
scope_footprint_new (ScopeClock *clock)
{
  ScopeFootprint *self;

  g_return_val_if_fail (SCOPE_IS_CLOCK (clock), NULL);

  self = g_object_new (SCOPE_TYPE_FOOTPRINT, NULL);
  self->clock = g_object_ref (clock);
  return self;
}

/**
 * scope_footprint_add:
 * @requests: of the HTTP API
 * @messages: as the plan counts them; at least @requests are counted
 */
void
scope_footprint_add (ScopeFootprint      *self,
                     ScopeFootprintCause  cause,
                     guint                requests,
                     guint                messages)
{
  g_return_if_fail (SCOPE_IS_FOOTPRINT (self));
  g_return_if_fail (cause < SCOPE_N_FOOTPRINT_CAUSES);

  self->counts[cause].requests += requests;
  self->counts[cause].messages += MAX (requests, messages);
}

/**
 * scope_footprint_may:
 * @error: `SCOPE_ERROR_LIMIT`: why not, and what to do
 *
 * Returns: whether something for @cause may be sent now
 */
gboolean
scope_footprint_may (ScopeFootprint      *self,
                     ScopeFootprintCause  cause,
                     GError             **error)
{
  g_return_val_if_fail (SCOPE_IS_FOOTPRINT (self), FALSE);
  g_return_val_if_fail (cause < SCOPE_N_FOOTPRINT_CAUSES, FALSE);

  return TRUE;
}
