/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_PICKS (scope_picks_get_type ())

G_DECLARE_FINAL_TYPE (ScopePicks, scope_picks, SCOPE, PICKS, GObject)

/**
 * ScopePicksNext:
 * @source: what knows them
 * @sequence: a sequence number
 *
 * Returns: the first one picked that is not before @sequence; 0: there is none
 */
typedef guint64 (*ScopePicksNext) (gpointer source,
                                   guint64  sequence);

/**
 * ScopePicks:
 *
 * Single events picked out of a log, few among many, whatever their contents: the bookmarked ones, the flagged ones.
 * A filter can't tell them: what picks them is not in the event.
 *
 * Signals: `changed`: others may be picked than before.
 */

/* changed: a signal of source, after which others may be picked */
ScopePicks *scope_picks_new  (gpointer        source,
                              const char     *changed,
                              ScopePicksNext  next);
guint64     scope_picks_next (ScopePicks     *self,
                              guint64         sequence);

G_END_DECLS
