/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-picks"

#include "config.h"

#include "session/scope-picks.h"

struct _ScopePicks
{
  GObject parent_instance;

  GObject *source;
  ScopePicksNext next;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopePicks, scope_picks, G_TYPE_OBJECT)

static void
scope_picks_finalize (GObject *object)
{
  g_clear_object (&SCOPE_PICKS (object)->source);

  G_OBJECT_CLASS (scope_picks_parent_class)->finalize (object);
}

static void
scope_picks_class_init (ScopePicksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_picks_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_PICKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
scope_picks_init (ScopePicks *self)
{
}

static void
scope_picks_changed_cb (ScopePicks *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * scope_picks_new:
 * @source: (type GObject): what knows which are picked; it is held
 * @changed: the name of its signal for that others may be picked
 * @next: asks it for them
 *
 * Returns: (transfer full): what it picks
 */
ScopePicks *
scope_picks_new (gpointer        source,
                 const char     *changed,
                 ScopePicksNext  next)
{
  ScopePicks *self;

  g_return_val_if_fail (G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (changed != NULL && next != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_PICKS, NULL);
  self->source = g_object_ref (source);
  self->next = next;
  g_signal_connect_object (source, changed, G_CALLBACK (scope_picks_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * scope_picks_next:
 * @sequence: a sequence number
 *
 * Returns: the first one picked that is not before @sequence; 0: there is none
 */
guint64
scope_picks_next (ScopePicks *self,
                  guint64     sequence)
{
  g_return_val_if_fail (SCOPE_IS_PICKS (self), 0);

  return self->next (self->source, sequence);
}
