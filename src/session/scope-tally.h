/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"

G_BEGIN_DECLS

/* time is cut into at most so many buckets; they grow as the time does */
#define SCOPE_TALLY_MAX_BUCKETS 600
/* names that are told apart in each bucket: the others are one */
#define SCOPE_TALLY_TOP 7
/* "now" is the last ten seconds */
#define SCOPE_TALLY_NOW_SECONDS 10

typedef enum
{
  SCOPE_TALLY_CHANNEL,
  SCOPE_TALLY_EVENT,
  SCOPE_TALLY_USER,
  SCOPE_TALLY_N_NAMES,
  SCOPE_TALLY_NONE = SCOPE_TALLY_N_NAMES, /* buckets are not divided by a name */
} ScopeTallyName;

typedef struct
{
  guint64 count;
  guint64 bytes;
} ScopeFigures;

typedef struct
{
  guint32 id; /* of ScopeNames; 0: events without a name of this kind */
  ScopeFigures figures;
} ScopeRank;

/**
 * ScopeTally:
 *
 * Counts events by time and by name, one record after the other, in any order of time. Memory: two
 * numbers a name, and two a bucket and name for at most 64 names.
 */
typedef struct _ScopeTally ScopeTally;

/* from_usec: what is older does not count. Buckets are at least min_width_usec wide, which is one
 * of scope_tally_find_width(), and begin at whole ones of utc_offset_usec. seeds (nullable): the
 * names that are told apart in any case, as of scope_tally_dup_seeds() */
ScopeTally   *scope_tally_new           (ScopeTallyName     stack,
                                         gint64             from_usec,
                                         gint64             min_width_usec,
                                         gint64             utc_offset_usec,
                                         GArray            *seeds);
void          scope_tally_free          (ScopeTally        *self);
/* only kind EVENT counts */
void          scope_tally_add           (ScopeTally        *self,
                                         const ScopeRecord *record);

ScopeFigures  scope_tally_get_total     (const ScopeTally  *self);
guint         scope_tally_get_n_buckets (const ScopeTally  *self);
gint64        scope_tally_get_width     (const ScopeTally  *self);   /* microseconds */
gint64        scope_tally_get_start     (const ScopeTally  *self,    /* of a bucket, wall clock */
                                         guint              bucket);
ScopeFigures  scope_tally_get_bucket    (const ScopeTally  *self,
                                         guint              bucket);
/* of one name in one bucket; nothing for names that are not told apart */
ScopeFigures  scope_tally_get_part      (const ScopeTally  *self,
                                         guint              bucket,
                                         guint32            id);
/* the largest first, equal ones by number; at most n (transfer full, of ScopeRank) */
GArray       *scope_tally_dup_top       (const ScopeTally  *self,
                                         ScopeTallyName     name,
                                         gboolean           by_bytes,
                                         guint              n);
/* how many names of this kind have events */
guint         scope_tally_count_names   (const ScopeTally  *self,
                                         ScopeTallyName     name);
/* TRUE: one of the SCOPE_TALLY_TOP largest came too late to be told apart: count again with seeds */
gboolean      scope_tally_needs_seeds   (const ScopeTally  *self);
GArray       *scope_tally_dup_seeds     (const ScopeTally  *self);
/* of the SCOPE_TALLY_NOW_SECONDS before now_usec */
ScopeFigures  scope_tally_get_recent    (const ScopeTally  *self,
                                         gint64             now_usec);
/* the second with most events or bytes, the first of them: when it began, and how many. Of events
 * that come about in the order of their times. FALSE: there is no event */
gboolean      scope_tally_find_peak     (const ScopeTally  *self,
                                         gboolean           by_bytes,
                                         gint64            *usec,
                                         guint64           *value);

/* the smallest width of a bucket, in microseconds, of which max_buckets cover a span */
gint64        scope_tally_find_width    (gint64             span_usec,
                                         guint              max_buckets);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeTally, scope_tally_free)

G_END_DECLS
