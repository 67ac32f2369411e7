/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_WATCHED (scope_watched_get_type ())

G_DECLARE_FINAL_TYPE (ScopeWatched, scope_watched, SCOPE, WATCHED, GObject)

/**
 * ScopeWatched:
 *
 * A person on the watchlist of the signed-in user. Properties: user-id; online (bool, notified); since-usec (int64, wall
 * clock: since when that is known, notified).
 */
ScopeWatched *scope_watched_new          (const char   *user_id);
const char   *scope_watched_get_user_id  (ScopeWatched *self);
gboolean      scope_watched_get_online   (ScopeWatched *self);
gint64        scope_watched_get_since_usec (ScopeWatched *self);
void          scope_watched_set_online   (ScopeWatched *self,
                                          gboolean      online,
                                          gint64        wall_usec);

G_END_DECLS
