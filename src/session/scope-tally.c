/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-tally"

#include "config.h"

#include "session/scope-tally.h"

#include <string.h>

/* A row of cells for all events, and one for each name that is told apart:
 *
 *              bucket 0   bucket 1   …
 *   all        n, bytes   n, bytes
 *   tracked 0  n, bytes   …
 *   …
 *
 * Widths divide each other, so that buckets that become too many are added up in place. Which names
 * are the largest is known at the end only; the first MAX_TRACKED ones are told apart, and if a
 * larger one came behind them, the owner counts again with the largest as seeds.
 */

#define MAX_TRACKED 64
#define MAX_SEEDS 16 /* by count, and as many by bytes */
/* a record with a mad clock must not overflow the arithmetic: some 3,000 years to both sides */
#define MAX_TIME_USEC (G_GINT64_CONSTANT (100000000000000000))
/* seconds remembered one by one, and how far a clock set back lies behind them */
#define RECENT_SLOTS 16
#define RECENT_BACK_SECONDS 60
/* seconds whose events are still added up while others come: times of import may be out of order */
#define PEAK_SLOTS 64

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (364 * DAY)

/* each a multiple of the one before */
static const gint64 widths[] = {
  SECOND,   5 * SECOND, 15 * SECOND, MINUTE,  5 * MINUTE, 15 * MINUTE, HOUR,       3 * HOUR,
  12 * HOUR, DAY,       7 * DAY,     28 * DAY, YEAR,      10 * YEAR,   100 * YEAR,
};

typedef ScopeFigures Row[SCOPE_TALLY_MAX_BUCKETS];

typedef struct
{
  gint64 second;
  ScopeFigures figures;
} Recent;

typedef struct
{
  gint64 second;
  guint64 value;
} Peak;

struct _ScopeTally
{
  ScopeTallyName stack;
  gint64 from_usec;
  gint64 offset_usec;

  guint width; /* of widths */
  gint64 first; /* number of the first bucket: since 1970, local */
  guint n_buckets;
  Row *all;
  Row *tracked[MAX_TRACKED];
  guint n_tracked;
  GArray *row_of; /* of guint8, by slot of a name: 1 + its row, or 0 */

  GArray *names[SCOPE_TALLY_N_NAMES]; /* of ScopeFigures, by slot */
  ScopeFigures total;

  Recent recent[RECENT_SLOTS];
  gint64 newest_second;
  Recent seconds[PEAK_SLOTS];
  Peak peaks[2]; /* by count, by bytes */
};

static void
figures_add (ScopeFigures       *figures,
             const ScopeFigures *more)
{
  figures->count += more->count;
  figures->bytes += more->bytes;
}

static guint64
figures_get (const ScopeFigures *figures,
             gboolean            by_bytes)
{
  return by_bytes ? figures->bytes : figures->count;
}

static gint64
floor_divide (gint64 value,
              gint64 divisor)
{
  return value / divisor - (value % divisor < 0);
}

/* Names that got no number share the first slot. */
static guint
slot_of (guint32 id)
{
  return id == SCOPE_NAMES_OVERFLOW ? 0 : id + 1;
}

static guint32
id_of (guint slot)
{
  return slot == 0 ? SCOPE_NAMES_OVERFLOW : slot - 1;
}

static guint32
record_get_name (const ScopeRecord *record,
                 ScopeTallyName     name)
{
  switch (name)
    {
    case SCOPE_TALLY_CHANNEL:
      return record->channel;
    case SCOPE_TALLY_EVENT:
      return record->event;
    case SCOPE_TALLY_USER:
      return record->user;
    case SCOPE_TALLY_NONE:
    default:
      return 0;
    }
}

/* ---- buckets ---- */

static void
row_widen (Row   *row,
           guint  n,
           gint64 first,
           gint64 factor)
{
  gint64 base = floor_divide (first, factor);
  guint last = 0;

  for (guint i = 0; i < n; i++)
    {
      guint to = floor_divide (first + i, factor) - base;
      ScopeFigures figures = (*row)[i];

      if (i > 0 && to == last)
        {
          figures_add (&(*row)[to], &figures);
          continue;
        }
      (*row)[to] = figures;
      last = to;
    }
  memset (*row + last + 1, 0, (SCOPE_TALLY_MAX_BUCKETS - last - 1) * sizeof (ScopeFigures));
}

static void
tally_widen (ScopeTally *self)
{
  gint64 factor = widths[self->width + 1] / widths[self->width];
  gint64 last = self->first + self->n_buckets - 1;

  row_widen (self->all, self->n_buckets, self->first, factor);
  for (guint i = 0; i < self->n_tracked; i++)
    row_widen (self->tracked[i], self->n_buckets, self->first, factor);
  self->first = floor_divide (self->first, factor);
  self->n_buckets = floor_divide (last, factor) - self->first + 1;
  self->width++;
}

static void
row_shift (Row   *row,
           guint  n,
           guint  by)
{
  memmove (*row + by, *row, n * sizeof (ScopeFigures));
  memset (*row, 0, by * sizeof (ScopeFigures));
}

static void
tally_extend_front (ScopeTally *self,
                    guint       by)
{
  row_shift (self->all, self->n_buckets, by);
  for (guint i = 0; i < self->n_tracked; i++)
    row_shift (self->tracked[i], self->n_buckets, by);
  self->first -= by;
  self->n_buckets += by;
}

static gint64
tally_number (const ScopeTally *self,
              gint64            time_usec)
{
  return floor_divide (time_usec + self->offset_usec, widths[self->width]);
}

/* The bucket of a time, which is made if there is none yet. */
static guint
tally_reach (ScopeTally *self,
             gint64      time_usec)
{
  gint64 number = tally_number (self, time_usec);

  if (self->n_buckets == 0)
    {
      self->first = number;
      self->n_buckets = 1;
    }
  while (self->width + 1 < G_N_ELEMENTS (widths) &&
         MAX (number, self->first + self->n_buckets - 1) - MIN (number, self->first) >=
           SCOPE_TALLY_MAX_BUCKETS)
    {
      tally_widen (self);
      number = tally_number (self, time_usec);
    }
  if (number < self->first)
    tally_extend_front (self, self->first - number);
  if (number >= self->first + self->n_buckets)
    self->n_buckets = number - self->first + 1;
  return number - self->first;
}

/* ---- names ---- */

static ScopeFigures *
tally_get_figures (ScopeTally     *self,
                   ScopeTallyName  name,
                   guint32         id)
{
  GArray *array = self->names[name];
  guint slot = slot_of (id);

  if (slot >= array->len)
    g_array_set_size (array, slot + 1);
  return &g_array_index (array, ScopeFigures, slot);
}

static void
tally_track (ScopeTally *self,
             guint       slot)
{
  if (slot >= self->row_of->len)
    g_array_set_size (self->row_of, slot + 1);
  if (g_array_index (self->row_of, guint8, slot) != 0 || self->n_tracked == MAX_TRACKED)
    return;
  self->tracked[self->n_tracked] = g_malloc0 (sizeof (Row));
  g_array_index (self->row_of, guint8, slot) = ++self->n_tracked;
}

/* NULL: not told apart */
static Row *
tally_find_row (const ScopeTally *self,
                guint             slot)
{
  guint row = slot < self->row_of->len ? g_array_index (self->row_of, guint8, slot) : 0;

  return row != 0 ? self->tracked[row - 1] : NULL;
}

static Row *
tally_get_row (ScopeTally *self,
               guint       slot)
{
  Row *row = tally_find_row (self, slot);

  if (row != NULL || self->n_tracked == MAX_TRACKED)
    return row;
  tally_track (self, slot);
  return tally_find_row (self, slot);
}

/* ---- the last seconds ---- */

static void
tally_add_recent (ScopeTally         *self,
                  gint64              time_usec,
                  const ScopeFigures *one)
{
  gint64 second = floor_divide (time_usec, G_USEC_PER_SEC);
  Recent *slot = &self->recent[(guint64) second % RECENT_SLOTS];

  if (second < self->newest_second - RECENT_BACK_SECONDS)
    {
      memset (self->recent, 0, sizeof self->recent);
      self->newest_second = second;
    }
  if (second <= self->newest_second - RECENT_SLOTS)
    return;
  self->newest_second = MAX (self->newest_second, second);
  if (slot->second != second)
    *slot = (Recent) { .second = second };
  figures_add (&slot->figures, one);
}

/* Buckets become wider: what came in one second at most is lost in them. */
static void
tally_add_peak (ScopeTally         *self,
                gint64              time_usec,
                const ScopeFigures *one)
{
  gint64 second = floor_divide (time_usec, G_USEC_PER_SEC);
  Recent *slot = &self->seconds[(guint64) second % PEAK_SLOTS];

  if (slot->second != second)
    *slot = (Recent) { .second = second };
  figures_add (&slot->figures, one);
  for (guint by_bytes = 0; by_bytes < G_N_ELEMENTS (self->peaks); by_bytes++)
    {
      guint64 value = figures_get (&slot->figures, by_bytes);

      if (value > self->peaks[by_bytes].value)
        self->peaks[by_bytes] = (Peak) { second, value };
    }
}

/* ---- public ---- */

/**
 * scope_tally_new:
 * @stack: by which name buckets are divided
 * @from_usec: the oldest time that counts
 * @min_width_usec: of a bucket
 * @utc_offset_usec: of the local time
 * @seeds: (nullable) (element-type guint32): names told apart in any case
 *
 * Returns: (transfer full): a tally of nothing
 */
ScopeTally *
scope_tally_new (ScopeTallyName  stack,
                 gint64          from_usec,
                 gint64          min_width_usec,
                 gint64          utc_offset_usec,
                 GArray         *seeds)
{
  ScopeTally *self = g_new0 (ScopeTally, 1);

  self->stack = stack;
  self->from_usec = from_usec;
  self->offset_usec = utc_offset_usec;
  while (self->width + 1 < G_N_ELEMENTS (widths) && widths[self->width] < min_width_usec)
    self->width++;
  self->all = g_malloc0 (sizeof (Row));
  self->row_of = g_array_new (FALSE, TRUE, sizeof (guint8));
  self->newest_second = G_MININT64 / 2;
  for (guint i = 0; i < SCOPE_TALLY_N_NAMES; i++)
    self->names[i] = g_array_new (FALSE, TRUE, sizeof (ScopeFigures));
  for (guint i = 0; seeds != NULL && i < seeds->len; i++)
    tally_track (self, slot_of (g_array_index (seeds, guint32, i)));
  return self;
}

/**
 * scope_tally_free:
 * @self: (transfer full): a tally
 */
void
scope_tally_free (ScopeTally *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->n_tracked; i++)
    g_free (self->tracked[i]);
  for (guint i = 0; i < SCOPE_TALLY_N_NAMES; i++)
    g_array_unref (self->names[i]);
  g_array_unref (self->row_of);
  g_free (self->all);
  g_free (self);
}

/**
 * scope_tally_add:
 * @record: of an entry; only events count
 */
void
scope_tally_add (ScopeTally        *self,
                 const ScopeRecord *record)
{
  const ScopeFigures one = { 1, record->size };
  gint64 time_usec = CLAMP (record->time_usec, -MAX_TIME_USEC, MAX_TIME_USEC);
  Row *row = NULL;
  guint bucket;

  if (record->kind != SCOPE_ENTRY_EVENT || time_usec < self->from_usec)
    return;

  bucket = tally_reach (self, time_usec);
  if (self->stack != SCOPE_TALLY_NONE)
    row = tally_get_row (self, slot_of (record_get_name (record, self->stack)));
  figures_add (&(*self->all)[bucket], &one);
  if (row != NULL)
    figures_add (&(*row)[bucket], &one);
  for (guint i = 0; i < SCOPE_TALLY_N_NAMES; i++)
    figures_add (tally_get_figures (self, i, record_get_name (record, i)), &one);
  figures_add (&self->total, &one);
  tally_add_recent (self, time_usec, &one);
  tally_add_peak (self, time_usec, &one);
}

/**
 * scope_tally_get_total:
 *
 * Returns: how many events, and the bytes of their frames
 */
ScopeFigures
scope_tally_get_total (const ScopeTally *self)
{
  return self->total;
}

/**
 * scope_tally_get_n_buckets:
 *
 * Returns: how many buckets there are from the first to the last event
 */
guint
scope_tally_get_n_buckets (const ScopeTally *self)
{
  return self->n_buckets;
}

/**
 * scope_tally_get_width:
 *
 * Returns: the length of a bucket in microseconds
 */
gint64
scope_tally_get_width (const ScopeTally *self)
{
  return widths[self->width];
}

/**
 * scope_tally_get_start:
 *
 * Returns: when a bucket begins, microseconds since 1970
 */
gint64
scope_tally_get_start (const ScopeTally *self,
                       guint             bucket)
{
  return (self->first + bucket) * widths[self->width] - self->offset_usec;
}

/**
 * scope_tally_get_bucket:
 *
 * Returns: what came in that time
 */
ScopeFigures
scope_tally_get_bucket (const ScopeTally *self,
                        guint             bucket)
{
  g_return_val_if_fail (bucket < self->n_buckets, ((ScopeFigures) { 0, 0 }));

  return (*self->all)[bucket];
}

/**
 * scope_tally_get_part:
 * @id: a name of the kind by which buckets are divided
 *
 * Returns: what came in that time with that name
 */
ScopeFigures
scope_tally_get_part (const ScopeTally *self,
                      guint             bucket,
                      guint32           id)
{
  Row *row = tally_find_row (self, slot_of (id));

  g_return_val_if_fail (bucket < self->n_buckets, ((ScopeFigures) { 0, 0 }));

  return row != NULL ? (*row)[bucket] : (ScopeFigures) { 0, 0 };
}

/* Largest first. */
static gboolean
rank_precedes (const ScopeRank *a,
               const ScopeRank *b,
               gboolean         by_bytes)
{
  guint64 x = figures_get (&a->figures, by_bytes);
  guint64 y = figures_get (&b->figures, by_bytes);

  return x != y ? x > y : a->id < b->id;
}

static void
ranks_insert (GArray          *ranks,
              const ScopeRank *rank,
              gboolean         by_bytes,
              guint            n)
{
  guint at = ranks->len;

  while (at > 0 && rank_precedes (rank, &g_array_index (ranks, ScopeRank, at - 1), by_bytes))
    at--;
  if (at == n)
    return;
  g_array_insert_val (ranks, at, *rank);
  if (ranks->len > n)
    g_array_set_size (ranks, n);
}

/* Events mostly have no user: "nobody" is no user to rank. */
static gboolean
tally_ranks_slot (const ScopeTally *self,
                  ScopeTallyName    name,
                  guint             slot)
{
  if (g_array_index (self->names[name], ScopeFigures, slot).count == 0)
    return FALSE;
  return name != SCOPE_TALLY_USER || id_of (slot) != 0;
}

/**
 * scope_tally_dup_top:
 * @name: channels, events or users
 * @by_bytes: rank by bytes, not by count
 * @n: how many at most
 *
 * Returns: (transfer full) (element-type ScopeRank): the largest first
 */
GArray *
scope_tally_dup_top (const ScopeTally *self,
                     ScopeTallyName    name,
                     gboolean          by_bytes,
                     guint             n)
{
  GArray *ranks = g_array_sized_new (FALSE, FALSE, sizeof (ScopeRank), n + 1);

  g_return_val_if_fail (name < SCOPE_TALLY_N_NAMES, ranks);

  for (guint slot = 0; slot < self->names[name]->len; slot++)
    {
      ScopeRank rank = { id_of (slot), g_array_index (self->names[name], ScopeFigures, slot) };

      if (tally_ranks_slot (self, name, slot))
        ranks_insert (ranks, &rank, by_bytes, n);
    }
  return ranks;
}

/**
 * scope_tally_count_names:
 *
 * Returns: how many names of this kind have events
 */
guint
scope_tally_count_names (const ScopeTally *self,
                         ScopeTallyName    name)
{
  guint n = 0;

  g_return_val_if_fail (name < SCOPE_TALLY_N_NAMES, 0);

  for (guint slot = 0; slot < self->names[name]->len; slot++)
    n += tally_ranks_slot (self, name, slot);
  return n;
}

static void
tally_append_seeds (const ScopeTally *self,
                    GArray           *seeds,
                    gboolean          by_bytes,
                    guint             n)
{
  g_autoptr (GArray) top = scope_tally_dup_top (self, self->stack, by_bytes, n);

  for (guint i = 0; i < top->len; i++)
    g_array_append_val (seeds, g_array_index (top, ScopeRank, i).id);
}

/**
 * scope_tally_dup_seeds:
 *
 * Returns: (transfer full) (element-type guint32): the names to tell apart next time
 */
GArray *
scope_tally_dup_seeds (const ScopeTally *self)
{
  GArray *seeds = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (self->stack == SCOPE_TALLY_NONE)
    return seeds;
  tally_append_seeds (self, seeds, FALSE, MAX_SEEDS);
  tally_append_seeds (self, seeds, TRUE, MAX_SEEDS);
  return seeds;
}

/**
 * scope_tally_needs_seeds:
 *
 * Returns: whether a name that should be told apart is not
 */
gboolean
scope_tally_needs_seeds (const ScopeTally *self)
{
  if (self->stack == SCOPE_TALLY_NONE || self->n_tracked < MAX_TRACKED)
    return FALSE;

  for (guint by_bytes = 0; by_bytes < 2; by_bytes++)
    {
      g_autoptr (GArray) top = scope_tally_dup_top (self, self->stack, by_bytes, SCOPE_TALLY_TOP);

      for (guint i = 0; i < top->len; i++)
        if (tally_find_row (self, slot_of (g_array_index (top, ScopeRank, i).id)) == NULL)
          return TRUE;
    }
  return FALSE;
}

/**
 * scope_tally_get_recent:
 * @now_usec: wall clock
 *
 * Returns: what came in the whole seconds that end with this one
 */
ScopeFigures
scope_tally_get_recent (const ScopeTally *self,
                        gint64            now_usec)
{
  gint64 now = floor_divide (now_usec, G_USEC_PER_SEC);
  ScopeFigures sum = { 0, 0 };

  for (gint64 second = now - SCOPE_TALLY_NOW_SECONDS + 1; second <= now; second++)
    {
      const Recent *slot = &self->recent[(guint64) second % RECENT_SLOTS];

      if (slot->second == second)
        figures_add (&sum, &slot->figures);
    }
  return sum;
}

/**
 * scope_tally_find_peak:
 * @usec: (out): when the first of the largest seconds began, wall clock
 * @value: (out): how many events, or bytes, came in it
 *
 * Returns: whether there is an event
 */
gboolean
scope_tally_find_peak (const ScopeTally *self,
                       gboolean          by_bytes,
                       gint64           *usec,
                       guint64          *value)
{
  const Peak *peak = &self->peaks[by_bytes ? 1 : 0];

  *usec = peak->second * G_USEC_PER_SEC;
  *value = peak->value;
  return self->total.count > 0;
}

/**
 * scope_tally_find_width:
 * @span_usec: a length of time
 * @max_buckets: how many are wanted at most
 *
 * Returns: the smallest width that will do
 */
gint64
scope_tally_find_width (gint64 span_usec,
                        guint  max_buckets)
{
  guint i = 0;

  g_return_val_if_fail (max_buckets > 0, widths[0]);

  while (i + 1 < G_N_ELEMENTS (widths) && span_usec / max_buckets > widths[i])
    i++;
  return widths[i];
}
