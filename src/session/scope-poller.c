/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-poller"

#include "config.h"

#include "session/scope-poller.h"

/* A change halves the wait, a poll without one makes it a quarter longer: a burst is followed closely
 * after a few polls, and calm is believed only slowly. A failure doubles it. */

#define MAX_FAILURE_USEC (G_GINT64_CONSTANT (300) * G_USEC_PER_SEC)
/* no server may keep us from asking for longer */
#define MAX_RETRY_AFTER_USEC (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define DAY_USEC (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

struct _ScopePoller
{
  GObject parent_instance;

  ScopeClock *clock;
  gint64 min_usec;
  gint64 max_usec;
  ScopePollerFunc callback;
  gpointer user_data;

  gboolean running;
  gboolean busy;        /* a poll has begun */
  gboolean hurry;       /* asked for while one was under way */
  gint64 interval_usec;
  gint64 due_usec;      /* monotonic: not before */
  gint64 not_before_usec; /* the same, whoever is in a hurry */
  guint n_failures;
  guint64 timer;
};

enum
{
  PROP_0,
  PROP_INTERVAL_USEC,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopePoller, scope_poller, G_TYPE_OBJECT)

static void
scope_poller_due_cb (gpointer user_data)
{
  ScopePoller *self = user_data;

  self->timer = 0;
  self->busy = TRUE;
  self->hurry = FALSE;
  self->callback (self->user_data);
}

static void
scope_poller_arm (ScopePoller *self)
{
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;
  if (self->running && !self->busy)
    self->timer = scope_clock_add_timer (self->clock,
                                         MAX (self->due_usec, scope_clock_get_monotonic_usec (self->clock)),
                                         scope_poller_due_cb, self);
}

static void
scope_poller_set_interval (ScopePoller *self,
                           gint64       usec)
{
  usec = CLAMP (usec, self->min_usec, MAX (self->max_usec, MAX_FAILURE_USEC));
  if (self->interval_usec == usec)
    return;

  self->interval_usec = usec;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INTERVAL_USEC]);
}

/* The next poll, wait_usec after this one ended. */
static void
scope_poller_end (ScopePoller *self,
                  gint64       wait_usec,
                  gint64       least_usec)
{
  gint64 now = scope_clock_get_monotonic_usec (self->clock);

  self->busy = FALSE;
  self->not_before_usec = now + least_usec;
  self->due_usec = self->hurry ? self->not_before_usec : now + wait_usec;
  scope_poller_arm (self);
}

static void
scope_poller_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ScopePoller *self = SCOPE_POLLER (object);

  switch (prop_id)
    {
    case PROP_INTERVAL_USEC:
      g_value_set_int64 (value, self->interval_usec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_poller_dispose (GObject *object)
{
  ScopePoller *self = SCOPE_POLLER (object);

  self->running = FALSE;
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;

  G_OBJECT_CLASS (scope_poller_parent_class)->dispose (object);
}

static void
scope_poller_finalize (GObject *object)
{
  ScopePoller *self = SCOPE_POLLER (object);

  g_object_unref (self->clock);

  G_OBJECT_CLASS (scope_poller_parent_class)->finalize (object);
}

static void
scope_poller_class_init (ScopePollerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_poller_dispose;
  object_class->finalize = scope_poller_finalize;
  object_class->get_property = scope_poller_get_property;

  properties[PROP_INTERVAL_USEC] =
    g_param_spec_int64 ("interval-usec", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_poller_init (ScopePoller *self)
{
}

/**
 * scope_poller_new:
 * @clock: whose time it is
 * @min_usec: the shortest wait between two polls
 * @max_usec: the longest one, unless polls fail
 * @callback: begins a poll
 * @user_data: for @callback; lives as long as the poller does
 *
 * Returns: (transfer full): a poller that has not been started
 */
ScopePoller *
scope_poller_new (ScopeClock      *clock,
                  gint64           min_usec,
                  gint64           max_usec,
                  ScopePollerFunc  callback,
                  gpointer         user_data)
{
  ScopePoller *self;

  g_return_val_if_fail (SCOPE_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (min_usec > 0 && min_usec <= max_usec, NULL);
  g_return_val_if_fail (callback != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_POLLER, NULL);
  self->clock = g_object_ref (clock);
  self->min_usec = min_usec;
  self->max_usec = max_usec;
  self->callback = callback;
  self->user_data = user_data;
  self->interval_usec = min_usec;
  return self;
}

/**
 * scope_poller_start:
 *
 * Polls at once if it may; from the main loop, never from within this call.
 */
void
scope_poller_start (ScopePoller *self)
{
  g_return_if_fail (SCOPE_IS_POLLER (self));

  if (self->running)
    return;
  self->running = TRUE;
  self->due_usec = self->not_before_usec;
  scope_poller_arm (self);
}

/**
 * scope_poller_stop:
 *
 * Begins no more polls. One that has begun is still to be ended.
 */
void
scope_poller_stop (ScopePoller *self)
{
  g_return_if_fail (SCOPE_IS_POLLER (self));

  if (!self->running)
    return;
  self->running = FALSE;
  scope_poller_arm (self);
}

/**
 * scope_poller_get_running:
 *
 * Returns: whether it was started, and not stopped since
 */
gboolean
scope_poller_get_running (ScopePoller *self)
{
  g_return_val_if_fail (SCOPE_IS_POLLER (self), FALSE);

  return self->running;
}

/**
 * scope_poller_hurry:
 *
 * The next poll comes as soon as it may, and often from then on; for "Refresh" and new questions.
 */
void
scope_poller_hurry (ScopePoller *self)
{
  g_return_if_fail (SCOPE_IS_POLLER (self));

  self->hurry = self->busy;
  if (self->n_failures == 0)
    scope_poller_set_interval (self, self->min_usec);
  self->due_usec = self->not_before_usec;
  scope_poller_arm (self);
}

/**
 * scope_poller_done:
 * @changed: whether the answer was another one than before
 *
 * The poll went well.
 */
void
scope_poller_done (ScopePoller *self,
                   gboolean     changed)
{
  gint64 usec;

  g_return_if_fail (SCOPE_IS_POLLER (self));

  if (!self->busy)
    return;
  usec = self->n_failures > 0 ? self->min_usec : self->interval_usec;
  usec = changed ? usec / 2 : usec + usec / 4;
  self->n_failures = 0;
  scope_poller_set_interval (self, MIN (usec, self->max_usec));
  scope_poller_end (self, self->interval_usec, self->min_usec);
}

/**
 * scope_poller_failed:
 * @retry_after_usec: how long the server wants to be left alone; 0: it did not say
 *
 * The poll did not go well. The more polls fail, the later is the next.
 */
void
scope_poller_failed (ScopePoller *self,
                     gint64       retry_after_usec)
{
  gint64 least;

  g_return_if_fail (SCOPE_IS_POLLER (self));

  if (!self->busy)
    return;
  self->n_failures++;
  least = MAX (self->min_usec, CLAMP (retry_after_usec, 0, MAX_RETRY_AFTER_USEC));
  scope_poller_set_interval (self, self->interval_usec * 2);
  scope_poller_end (self, MAX (self->interval_usec, least), least);
}

/**
 * scope_poller_get_busy:
 *
 * Returns: whether a poll has begun, and not ended
 */
gboolean
scope_poller_get_busy (ScopePoller *self)
{
  g_return_val_if_fail (SCOPE_IS_POLLER (self), FALSE);

  return self->busy;
}

/**
 * scope_poller_get_failures:
 *
 * Returns: polls that failed since the last that went well
 */
guint
scope_poller_get_failures (ScopePoller *self)
{
  g_return_val_if_fail (SCOPE_IS_POLLER (self), 0);

  return self->n_failures;
}

/**
 * scope_poller_get_interval_usec:
 *
 * Returns: the wait between the end of a poll and the next
 */
gint64
scope_poller_get_interval_usec (ScopePoller *self)
{
  g_return_val_if_fail (SCOPE_IS_POLLER (self), 0);

  return self->interval_usec;
}

/**
 * scope_poller_get_next_usec:
 *
 * Returns: monotonic: when the next poll is due; 0: none is
 */
gint64
scope_poller_get_next_usec (ScopePoller *self)
{
  g_return_val_if_fail (SCOPE_IS_POLLER (self), 0);

  return self->timer != 0 ? MAX (self->due_usec, 1) : 0;
}

/**
 * scope_poller_get_polls_a_day:
 *
 * Returns: how many polls a day has at the present interval
 */
guint
scope_poller_get_polls_a_day (ScopePoller *self)
{
  g_return_val_if_fail (SCOPE_IS_POLLER (self), 0);

  return MIN (DAY_USEC / self->interval_usec, G_MAXUINT);
}
