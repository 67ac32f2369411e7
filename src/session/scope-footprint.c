/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-footprint"

#include "config.h"

#include "session/scope-footprint-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-text.h"

/* Adding is on the path of each received event: it only sums up. Once a second at most that is taken into the
 * slots of the last ten minutes and into the day. */
#define FOLD_USEC G_USEC_PER_SEC
#define SLOT_USEC (10 * G_USEC_PER_SEC)
#define N_SLOTS 60
#define SAVE_USEC (30 * G_USEC_PER_SEC)
/* Shorter, and one poll would count for thousands. */
#define MIN_SPAN_USEC (20 * G_USEC_PER_SEC)

struct _ScopeFootprint
{
  GObject parent_instance;

  ScopeClock *clock;
  gint64 started_usec;                                   /* monotonic */
  ScopeFootprintCount fresh[SCOPE_N_FOOTPRINT_CAUSES];   /* not folded yet */
  gboolean is_fresh;
  ScopeFootprintCount slots[N_SLOTS][SCOPE_N_FOOTPRINT_CAUSES];
  gint64 slot;                                           /* the present one: monotonic time / SLOT_USEC */
  ScopeFootprintDay day;                                 /* all there is of it */
  ScopeFootprintDay unsaved;                             /* the part that is in no file */
  gboolean is_unsaved;
  gboolean is_saving;
  guint n_saves;                                         /* begun: what an older one read may be out of date */
  gint64 saved_usec;                                     /* monotonic */
  char *path;                                            /* NULL: not kept */
  guint64 timer;

  guint64 plan;
  guint share;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFootprint, scope_footprint, G_TYPE_OBJECT)

/* Time */

static void
footprint_add_count (ScopeFootprintCount       *sum,
                     const ScopeFootprintCount *more)
{
  sum->requests += more->requests;
  sum->messages += more->messages;
}

static void
footprint_turn_slots (ScopeFootprint *self)
{
  gint64 now = scope_clock_get_monotonic_usec (self->clock) / SLOT_USEC;

  if (now - self->slot >= N_SLOTS)
    self->slot = now - N_SLOTS;
  while (self->slot < now)
    {
      self->slot++;
      memset (self->slots[self->slot % N_SLOTS], 0, sizeof self->slots[0]);
    }
}

static void
footprint_turn_day (ScopeFootprint *self)
{
  gint64 today = scope_clock_get_wall_usec (self->clock) / G_TIME_SPAN_DAY;

  if (today == self->day.day)
    return;
  memset (&self->day, 0, sizeof self->day);
  memset (&self->unsaved, 0, sizeof self->unsaved);
  self->day.day = today;
  self->unsaved.day = today;
  self->is_unsaved = FALSE;
}

static void
footprint_fold (ScopeFootprint *self)
{
  footprint_turn_slots (self);
  footprint_turn_day (self);
  if (!self->is_fresh)
    return;

  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    {
      footprint_add_count (&self->slots[self->slot % N_SLOTS][i], &self->fresh[i]);
      footprint_add_count (&self->day.counts[i], &self->fresh[i]);
      footprint_add_count (&self->unsaved.counts[i], &self->fresh[i]);
    }
  memset (self->fresh, 0, sizeof self->fresh);
  self->is_fresh = FALSE;
  self->is_unsaved = TRUE;
}

static gboolean
footprint_has_rate (ScopeFootprint *self)
{
  for (guint slot = 0; slot < N_SLOTS; slot++)
    for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
      if (self->slots[slot][i].messages > 0)
        return TRUE;
  return FALSE;
}

/* Saving */

typedef struct
{
  char *path;
  guint number;
  ScopeFootprintDay more;
  ScopeFootprintDay whole;
} FootprintJob;

static void
footprint_job_free (gpointer data)
{
  FootprintJob *job = data;

  g_free (job->path);
  g_free (job);
}

static void
footprint_save_thread (GTask        *task,
                       gpointer      object,
                       gpointer      data,
                       GCancellable *cancellable)
{
  FootprintJob *job = data;
  GError *error = NULL;

  if (_scope_footprint_file_add (job->path, &job->more, &job->whole, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* What others with this profile have added meanwhile is ours, too. */
static void
footprint_take_whole (ScopeFootprint          *self,
                      const ScopeFootprintDay *whole)
{
  if (whole->day != self->day.day)
    return;
  self->day = *whole;
  _scope_footprint_day_add (&self->day, &self->unsaved);
}

/* Counts that could not be written are tried again, and not worth more than a line in the journal. */
static void
footprint_take_back (ScopeFootprint          *self,
                     const ScopeFootprintDay *more,
                     const GError            *error)
{
  ScopeFootprintDay newer = self->unsaved;

  g_debug ("The day's counts can't be kept: %s", error->message);
  if (more->day != self->day.day)
    return;
  self->unsaved = *more;
  _scope_footprint_day_add (&self->unsaved, &newer);
  self->unsaved.sets_released |= newer.sets_released;
  self->is_unsaved = TRUE;
}

static void
footprint_saved_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  ScopeFootprint *self = SCOPE_FOOTPRINT (object);
  FootprintJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->is_saving = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    footprint_take_back (self, &job->more, error);
  else if (job->number == self->n_saves)
    footprint_take_whole (self, &job->whole);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
footprint_take_unsaved (ScopeFootprint    *self,
                        ScopeFootprintDay *more)
{
  *more = self->unsaved;
  memset (&self->unsaved, 0, sizeof self->unsaved);
  self->unsaved.day = self->day.day;
  self->is_unsaved = FALSE;
  self->saved_usec = scope_clock_get_monotonic_usec (self->clock);
  self->n_saves++;
}

static void
footprint_start_saving (ScopeFootprint *self)
{
  g_autoptr (GTask) task = NULL;
  FootprintJob *job;

  if (self->path == NULL || self->is_saving)
    return;

  job = g_new0 (FootprintJob, 1);
  job->path = g_strdup (self->path);
  footprint_take_unsaved (self, &job->more);
  job->number = self->n_saves;
  self->is_saving = TRUE;
  task = g_task_new (self, NULL, footprint_saved_cb, NULL);
  g_task_set_source_tag (task, footprint_start_saving);
  g_task_set_task_data (task, job, footprint_job_free);
  g_task_run_in_thread (task, footprint_save_thread);
}

/* The one timer */

static void footprint_timer_cb (gpointer user_data);

static void
footprint_set_timer (ScopeFootprint *self,
                     gint64          usec)
{
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = scope_clock_add_timer (self->clock,
                                       scope_clock_get_monotonic_usec (self->clock) + usec,
                                       footprint_timer_cb, self);
}

/* As long as something was counted lately the rate changes with time alone. */
static void
footprint_timer_cb (gpointer user_data)
{
  g_autoptr (ScopeFootprint) self = g_object_ref (user_data);
  gint64 now = scope_clock_get_monotonic_usec (self->clock);

  self->timer = 0;
  footprint_fold (self);
  if (self->is_unsaved && now - self->saved_usec >= SAVE_USEC)
    footprint_start_saving (self);
  if ((self->path != NULL && self->is_unsaved) || footprint_has_rate (self))
    footprint_set_timer (self, SLOT_USEC);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Class */

static void
scope_footprint_dispose (GObject *object)
{
  ScopeFootprint *self = SCOPE_FOOTPRINT (object);

  scope_footprint_save (self);
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;

  G_OBJECT_CLASS (scope_footprint_parent_class)->dispose (object);
}

static void
scope_footprint_finalize (GObject *object)
{
  ScopeFootprint *self = SCOPE_FOOTPRINT (object);

  g_clear_object (&self->clock);
  g_free (self->path);

  G_OBJECT_CLASS (scope_footprint_parent_class)->finalize (object);
}

static void
scope_footprint_class_init (ScopeFootprintClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_footprint_dispose;
  object_class->finalize = scope_footprint_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_FOOTPRINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
scope_footprint_init (ScopeFootprint *self)
{
}

/**
 * scope_footprint_new:
 *
 * Returns: (transfer full): nothing counted yet, no plan
 */
ScopeFootprint *
scope_footprint_new (ScopeClock *clock)
{
  ScopeFootprint *self;

  g_return_val_if_fail (SCOPE_IS_CLOCK (clock), NULL);

  self = g_object_new (SCOPE_TYPE_FOOTPRINT, NULL);
  self->clock = g_object_ref (clock);
  self->started_usec = scope_clock_get_monotonic_usec (clock);
  self->saved_usec = self->started_usec;
  self->slot = self->started_usec / SLOT_USEC;
  footprint_turn_day (self);
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

  self->fresh[cause].requests += requests;
  self->fresh[cause].messages += MAX (requests, messages);
  if (self->is_fresh)
    return;
  self->is_fresh = TRUE;
  footprint_set_timer (self, FOLD_USEC);
}

/* Figures */

static guint64
footprint_count_messages (ScopeFootprint *self)
{
  guint64 n = 0;

  footprint_fold (self);
  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    n += self->day.counts[i].messages;
  return n;
}

/**
 * scope_footprint_get_span_usec:
 *
 * Returns: over how long the present rate is measured
 */
gint64
scope_footprint_get_span_usec (ScopeFootprint *self)
{
  gint64 now, earliest;

  g_return_val_if_fail (SCOPE_IS_FOOTPRINT (self), 0);

  now = scope_clock_get_monotonic_usec (self->clock);
  earliest = (now / SLOT_USEC - N_SLOTS + 1) * SLOT_USEC;
  return now - MAX (self->started_usec, earliest);
}

static void
footprint_sum (ScopeFootprint      *self,
               ScopeFootprintCause  cause,
               ScopeFootprintCount *today,
               ScopeFootprintCount *lately)
{
  footprint_add_count (today, &self->day.counts[cause]);
  for (guint slot = 0; slot < N_SLOTS; slot++)
    footprint_add_count (lately, &self->slots[slot][cause]);
}

/**
 * scope_footprint_get:
 * @cause: or %SCOPE_N_FOOTPRINT_CAUSES for all of them
 * @figures: (out caller-allocates)
 */
void
scope_footprint_get (ScopeFootprint        *self,
                     ScopeFootprintCause    cause,
                     ScopeFootprintFigures *figures)
{
  ScopeFootprintCount today = { 0 };
  ScopeFootprintCount lately = { 0 };
  gint64 span;
  double times;

  g_return_if_fail (SCOPE_IS_FOOTPRINT (self));
  g_return_if_fail (figures != NULL);

  footprint_fold (self);
  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    if (i == cause || cause == SCOPE_N_FOOTPRINT_CAUSES)
      footprint_sum (self, i, &today, &lately);

  span = scope_footprint_get_span_usec (self);
  times = (double) G_TIME_SPAN_DAY / MAX (span, 1);
  figures->requests = today.requests;
  figures->messages = today.messages;
  figures->requests_a_day = span < MIN_SPAN_USEC ? SCOPE_FOOTPRINT_UNKNOWN : lately.requests * times;
  figures->messages_a_day = span < MIN_SPAN_USEC ? SCOPE_FOOTPRINT_UNKNOWN : lately.messages * times;
}

/* Plan and brake */

/**
 * scope_footprint_set_plan:
 * @messages_a_day: 0 for no plan: then nothing is held back
 * @share: per cent of it that this program may use up; 0 for no bound
 */
void
scope_footprint_set_plan (ScopeFootprint *self,
                          guint64         messages_a_day,
                          guint           share)
{
  g_return_if_fail (SCOPE_IS_FOOTPRINT (self));

  if (self->plan == messages_a_day && self->share == share)
    return;
  self->plan = messages_a_day;
  self->share = share;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * scope_footprint_get_plan:
 *
 * Returns: messages a day that the user's plan has; 0: not told
 */
guint64
scope_footprint_get_plan (ScopeFootprint *self)
{
  g_return_val_if_fail (SCOPE_IS_FOOTPRINT (self), 0);

  return self->plan;
}

/**
 * scope_footprint_get_budget:
 *
 * Returns: after how many messages of a day the brake is put on; 0 for never
 */
guint64
scope_footprint_get_budget (ScopeFootprint *self)
{
  g_return_val_if_fail (SCOPE_IS_FOOTPRINT (self), 0);

  return self->plan > 0 && self->share > 0 ? MAX (self->plan * self->share / 100, 1) : 0;
}

/**
 * scope_footprint_is_held:
 *
 * Returns: whether what sends by itself is held back now
 */
gboolean
scope_footprint_is_held (ScopeFootprint *self)
{
  guint64 budget;

  g_return_val_if_fail (SCOPE_IS_FOOTPRINT (self), FALSE);

  budget = scope_footprint_get_budget (self);
  return budget > 0 && footprint_count_messages (self) >= budget && !self->day.released;
}

/**
 * scope_footprint_set_released:
 * @released: whether nothing is to be held back for the rest of the day
 */
void
scope_footprint_set_released (ScopeFootprint *self,
                              gboolean        released)
{
  g_return_if_fail (SCOPE_IS_FOOTPRINT (self));

  footprint_fold (self);
  if (self->day.released == released)
    return;
  self->day.released = released;
  self->unsaved.released = released;
  self->unsaved.sets_released = TRUE;
  self->is_unsaved = TRUE;
  footprint_start_saving (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * scope_footprint_get_released:
 *
 * Returns: whether the user let go the brake, for today
 */
gboolean
scope_footprint_get_released (ScopeFootprint *self)
{
  g_return_val_if_fail (SCOPE_IS_FOOTPRINT (self), FALSE);

  footprint_fold (self);
  return self->day.released;
}

static gboolean
footprint_comes_by_itself (ScopeFootprintCause cause)
{
  return cause == SCOPE_FOOTPRINT_PUBLISH || cause == SCOPE_FOOTPRINT_DISCOVERY ||
         cause == SCOPE_FOOTPRINT_UNSEEN;
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
  g_autofree char *budget = NULL;

  g_return_val_if_fail (SCOPE_IS_FOOTPRINT (self), FALSE);
  g_return_val_if_fail (cause < SCOPE_N_FOOTPRINT_CAUSES, FALSE);

  if (!footprint_comes_by_itself (cause) || !scope_footprint_is_held (self))
    return TRUE;

  budget = scope_text_format_count (scope_footprint_get_budget (self));
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
               _("Held back: today’s budget of %s messages is used up. The footprint in the Connection view lets "
                 "it go on"),
               budget);
  return FALSE;
}

/* Keeping */

/**
 * scope_footprint_dup_path:
 * @profile_id: a profile's
 *
 * Returns: (transfer full) (nullable): where its counts are kept; `NULL` if the id is no file name
 */
char *
scope_footprint_dup_path (const char *profile_id)
{
  g_return_val_if_fail (profile_id != NULL, NULL);

  if (strchr (profile_id, G_DIR_SEPARATOR) != NULL || *profile_id == '.' || *profile_id == '\0')
    return NULL;
  return g_build_filename (g_get_user_state_dir (), "channelscope", "footprint", profile_id, NULL);
}

/**
 * scope_footprint_forget:
 * @profile_id: of a profile that is gone
 *
 * Deletes what was counted for it.
 */
void
scope_footprint_forget (const char *profile_id)
{
  g_autofree char *path = scope_footprint_dup_path (profile_id);

  if (path != NULL)
    g_unlink (path);
}

/**
 * scope_footprint_keep:
 * @path: (type filename): from scope_footprint_dup_path()
 */
void
scope_footprint_keep (ScopeFootprint *self,
                      const char     *path)
{
  g_return_if_fail (SCOPE_IS_FOOTPRINT (self));
  g_return_if_fail (path != NULL);

  footprint_fold (self);
  g_free (self->path);
  self->path = g_strdup (path);
  footprint_start_saving (self);
}

/**
 * scope_footprint_save:
 *
 * Writes what was not written yet; nothing is lost if the program ends now.
 */
void
scope_footprint_save (ScopeFootprint *self)
{
  g_autoptr (GError) error = NULL;
  ScopeFootprintDay more, whole;

  g_return_if_fail (SCOPE_IS_FOOTPRINT (self));

  footprint_fold (self);
  if (self->path == NULL || !self->is_unsaved)
    return;

  footprint_take_unsaved (self, &more);
  if (_scope_footprint_file_add (self->path, &more, &whole, &error))
    footprint_take_whole (self, &whole);
  else
    footprint_take_back (self, &more, error);
}
