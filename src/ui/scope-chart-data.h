/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-statistics.h"

G_BEGIN_DECLS

/* the largest names and "Other" */
#define SCOPE_CHART_MAX_PARTS (SCOPE_TALLY_TOP + 1)

typedef enum
{
  SCOPE_CHART_BARS, /* parts are stacked; values are amounts, drawn per second */
  SCOPE_CHART_LINE, /* parts are average, least and largest */
} ScopeChartKind;

typedef enum
{
  SCOPE_CHART_EVENTS,
  SCOPE_CHART_BYTES,
  SCOPE_CHART_NUMBER,
  SCOPE_CHART_COUNT, /* whole, and never below zero */
} ScopeChartUnit;

typedef struct
{
  gint64 start_usec;
  guint64 count; /* of what is told here: events, or numbers */
  double values[SCOPE_CHART_MAX_PARTS];
} ScopeChartBucket;

/**
 * ScopeChartData:
 *
 * What one chart shows, and its table: built once, then only read.
 */
typedef struct
{
  ScopeChartKind kind;
  ScopeChartUnit unit;
  gint64 from_usec; /* of the axis */
  gint64 to_usec;
  gint64 width_usec; /* of a bucket; 0: buckets are single moments */
  char *names[SCOPE_CHART_MAX_PARTS];
  guint n_parts;
  GArray *buckets; /* of ScopeChartBucket, in order of time */
  GArray *gaps;    /* of ScopePeriod */
} ScopeChartData;

ScopeChartData *scope_chart_data_new         (ScopeChartKind        kind,
                                              ScopeChartUnit        unit);
void            scope_chart_data_free        (ScopeChartData       *self);
const ScopeChartBucket *scope_chart_data_get (const ScopeChartData *self,
                                              guint                 i);
/* where a bucket ends */
gint64          scope_chart_data_get_end     (const ScopeChartData *self,
                                              guint                 i);
/* amount → what the axis shows */
double          scope_chart_data_get_scale   (const ScopeChartData *self);
double          scope_chart_data_get_sum     (const ScopeChartData *self,
                                              guint                 i);
/* what the value axis covers: least < largest */
void            scope_chart_data_get_extent  (const ScopeChartData *self,
                                              double               *least,
                                              double               *largest);
/* the bucket whose middle is nearest to a time; n if there is none */
guint           scope_chart_data_find        (const ScopeChartData *self,
                                              gint64                usec);
/* the bucket's time: "14:05:00 – 14:05:05" (transfer full) */
char           *scope_chart_data_dup_time    (const ScopeChartData *self,
                                              guint                 i);
/* one part of a bucket, with its unit: "12 events", "3.1 kB", "4.5" (transfer full) */
char           *scope_chart_data_dup_value   (const ScopeChartData *self,
                                              double                value);
/* all of a bucket in one line (transfer full) */
char           *scope_chart_data_dup_text    (const ScopeChartData *self,
                                              guint                 i);
/* the table, a line a bucket (transfer full) */
char           *scope_chart_data_dup_csv     (const ScopeChartData *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeChartData, scope_chart_data_free)

G_END_DECLS
