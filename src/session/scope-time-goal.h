/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A time as somebody types it to get there: "14:05", "14:05:02.113" (on a day of the log), "2026-11-21",
 * "2026-11-21 14:05:02" (local, unless a zone stands behind it), "-5m", "-1h30m" (before the log's end),
 * "+10s" (after its beginning). SCOPE_ERROR_USAGE says what would be understood. */
gboolean scope_time_goal_parse (const char  *text,
                                gint64       first_usec,
                                gint64       last_usec,
                                gint64      *wall_usec,
                                GError     **error);

G_END_DECLS
