/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SERIES (scope_series_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSeries, scope_series, SCOPE, SERIES, GObject)

/* numbers kept, the newest; those before them are only counted, and said */
#define SCOPE_SERIES_MAX_POINTS 1000000
/* so many are drawn one by one */
#define SCOPE_SERIES_EXACT_POINTS 2000

typedef struct
{
  guint64 sequence;
  gint64 time_usec;
  double value;
} ScopePoint;

typedef struct
{
  gint64 start_usec;
  guint count;
  double min;
  double max;
  double sum;
} ScopeSeriesBucket;

/**
 * ScopeSeries:
 *
 * A number in the payloads of events, over time: read from the capture on another thread, batch by
 * batch, and followed as events come. Works only while it is active.
 *
 * Signal `changed ()`: at most four times a second.
 */

/* event "": any. path as the filter writes it; NULL and SCOPE_ERROR_USAGE if it is none that begins
 * with data */
ScopeSeries *scope_series_new           (const char      *event,
                                         const char      *path,
                                         GError         **error);
const char  *scope_series_get_event     (ScopeSeries     *self);
const char  *scope_series_get_path      (ScopeSeries     *self);
void         scope_series_set_list      (ScopeSeries     *self,
                                         ScopeEventList  *list);       /* nullable */
void         scope_series_set_active    (ScopeSeries     *self,
                                         gboolean         active);
void         scope_series_set_shown_only (ScopeSeries    *self,
                                         gboolean         shown_only);
/* in order of arrival, of ScopePoint (transfer none) */
GArray      *scope_series_get_points    (ScopeSeries     *self);
/* events of that name without such a number, or which can't be read */
guint        scope_series_get_n_without (ScopeSeries     *self);
/* older numbers, which are too many to be kept */
guint        scope_series_get_n_dropped (ScopeSeries     *self);
gboolean     scope_series_get_busy      (ScopeSeries     *self);
/* points of from_usec … to_usec - 1 by time; buckets without one are left out, in order of time
 * (transfer full, of ScopeSeriesBucket). Bucket i begins at from_usec + i × width_usec */
GArray      *scope_series_dup_buckets   (ScopeSeries     *self,
                                         gint64           from_usec,
                                         gint64           to_usec,
                                         gint64           width_usec);

/* for tests, before anything is read */
void         _scope_series_set_max_points (ScopeSeries   *self,
                                         guint            max_points);

G_END_DECLS
