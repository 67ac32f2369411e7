/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publisher"

#include "config.h"

#include "session/scope-publisher.h"

#include "base/scope-limits.h"

#include <glib/gi18n-lib.h>

/* So many requests in a row that came to nothing, and the rest is not tried. */
#define GIVE_UP_AFTER 3

struct _ScopePublisher
{
  GObject parent_instance;

  ScopeClock *clock;
  ScopePublisherPort port;
  gpointer data;
  GDestroyNotify destroy;

  GPtrArray *outgoing; /* NULL: nothing was started yet */
  guint rounds;
  gint64 interval_usec;
  gboolean running;
  GCancellable *stop;
  guint64 timer;

  guint round;          /* from 0 */
  guint next;           /* in the round */
  guint64 n;            /* of events that went out */
  gint64 round_usec;    /* monotonic: its start */
  gint64 paid_usec;     /* monotonic: until then the rate is used up */
  GPtrArray *part;      /* of ScopeOutgoing: in the request under way */
  guint n_failed;       /* requests, in a row */
  guint64 counts[SCOPE_API_UNKNOWN + 1];
  char *problem;
};

enum
{
  PROP_0,
  PROP_RUNNING,
  N_PROPS
};

enum
{
  PROGRESS,
  RESULT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopePublisher, scope_publisher, G_TYPE_OBJECT)

static void publisher_step (ScopePublisher *self);

static void
publisher_set_running (ScopePublisher *self,
                       gboolean        running)
{
  if (self->running == running)
    return;
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static void
publisher_end (ScopePublisher *self,
               const char     *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_clear_pointer (&self->part, g_ptr_array_unref);
  g_signal_emit (self, signals[PROGRESS], 0);
  publisher_set_running (self, FALSE);
}

/* The parts: what goes into one request */

static guint
outgoing_count_channels (ScopeOutgoing *outgoing)
{
  return g_strv_length ((char **) scope_outgoing_get_channels (outgoing));
}

/* The next events that fit into one request: one to several channels can't be in a batch. */
static GPtrArray *
publisher_take_part (ScopePublisher *self)
{
  GPtrArray *part = g_ptr_array_new_with_free_func (g_object_unref);

  while (self->next < self->outgoing->len && part->len < SCOPE_LIMIT_BATCH_EVENTS)
    {
      ScopeOutgoing *outgoing = g_ptr_array_index (self->outgoing, self->next);
      gboolean single = outgoing_count_channels (outgoing) == 1;

      if (!single && part->len > 0)
        break;
      g_ptr_array_add (part, g_object_ref (outgoing));
      self->next++;
      if (!single)
        break;
    }
  return part;
}

static GPtrArray *
publisher_make_events (ScopePublisher *self)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);
  const char *own_socket_id = self->port.get_socket_id (self->data);

  for (guint i = 0; i < self->part->len; i++)
    {
      g_autofree char *uuid = g_uuid_string_random ();
      ScopeTemplateValues values = { scope_clock_get_wall_usec (self->clock), uuid, ++self->n };

      g_ptr_array_add (events, scope_outgoing_to_event (g_ptr_array_index (self->part, i), &values, own_socket_id));
    }
  return events;
}

/* One for each channel, twice that if counts are asked for (protocol.md §9.2). */
static guint
publisher_count_messages (GPtrArray *events)
{
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (events, i);

      n += g_strv_length (event->channels) * (event->info != NULL ? 2 : 1);
    }
  return n;
}

/* Time */

static void
publisher_timer_cb (gpointer user_data)
{
  ScopePublisher *self = user_data;

  self->timer = 0;
  publisher_step (self);
}

static void
publisher_wait (ScopePublisher *self,
                gint64          until_usec)
{
  self->timer = scope_clock_add_timer (self->clock, until_usec, publisher_timer_cb, self);
}

/* A second's messages may go at once, then as many as the rate lets through. */
static gint64
publisher_get_wait_end (ScopePublisher *self)
{
  return self->paid_usec - G_USEC_PER_SEC;
}

static void
publisher_pay (ScopePublisher *self,
               guint           n_messages)
{
  gint64 now = scope_clock_get_monotonic_usec (self->clock);

  self->paid_usec = MAX (self->paid_usec, now) + n_messages * G_USEC_PER_SEC / SCOPE_LIMIT_PUBLISH_PER_SECOND;
}

/* Answers */

/* The rest would meet the same: wrong signature, app, rights. */
static gboolean
publisher_is_hopeless (ScopePublishResult *result)
{
  guint status = scope_publish_result_get_status (result);

  return status == 401 || status == 403 || status == 404;
}

static void
publisher_go_on (ScopePublisher     *self,
                 ScopePublishResult *result)
{
  gboolean accepted = scope_publish_result_get_outcome (result) == SCOPE_API_ACCEPTED;

  self->n_failed = accepted ? 0 : self->n_failed + 1;
  if (g_cancellable_is_cancelled (self->stop))
    publisher_end (self, NULL);
  else if (publisher_is_hopeless (result) && scope_publisher_get_n_done (self) < scope_publisher_get_n_total (self))
    publisher_end (self, _("The rest was not tried: the server would refuse it too."));
  else if (self->n_failed >= GIVE_UP_AFTER && scope_publisher_get_n_done (self) < scope_publisher_get_n_total (self))
    publisher_end (self, _("The rest was not tried: three requests in a row failed."));
  else
    {
      g_signal_emit (self, signals[PROGRESS], 0);
      publisher_step (self);
    }
}

static void
publisher_take_reply (ScopePublisher *self,
                      ScopeApiReply  *reply,
                      const GError   *error)
{
  g_autoptr (ScopePublishResult) result
      = scope_publish_result_new (scope_clock_get_wall_usec (self->clock), self->part, reply, error);

  self->counts[scope_publish_result_get_outcome (result)] += self->part->len;
  g_clear_pointer (&self->part, g_ptr_array_unref);
  g_signal_emit (self, signals[RESULT], 0, result);
  publisher_go_on (self, result);
}

static void
publisher_sent_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (ScopePublisher) self = user_data;
  g_autoptr (GError) error = NULL;
  ScopeApiReply *reply = self->port.finish (self->data, result, &error);

  publisher_take_reply (self, reply, error);
}

static void
publisher_send (ScopePublisher *self)
{
  g_autoptr (GPtrArray) events = NULL;
  guint n_messages;

  self->part = publisher_take_part (self);
  events = publisher_make_events (self);
  n_messages = publisher_count_messages (events);
  publisher_pay (self, n_messages);
  self->port.send (self->data, events, n_messages, self->stop, publisher_sent_cb, g_object_ref (self));
}

/* TRUE if there is a next event now; else it waits, or is at its end. */
static gboolean
publisher_enter_round (ScopePublisher *self)
{
  gint64 now = scope_clock_get_monotonic_usec (self->clock);

  if (self->next < self->outgoing->len)
    return TRUE;
  if (self->round + 1 >= self->rounds)
    {
      publisher_end (self, NULL);
      return FALSE;
    }
  if (now < self->round_usec + self->interval_usec)
    {
      publisher_wait (self, self->round_usec + self->interval_usec);
      return FALSE;
    }
  /* what came late does not make the next one come early */
  self->round_usec = now;
  self->round++;
  self->next = 0;
  return TRUE;
}

static void
publisher_step (ScopePublisher *self)
{
  g_autoptr (GError) error = NULL;

  if (!publisher_enter_round (self))
    return;
  if (!self->port.may (self->data, self->round > 0, &error))
    {
      publisher_end (self, error->message);
      return;
    }
  if (publisher_get_wait_end (self) > scope_clock_get_monotonic_usec (self->clock))
    publisher_wait (self, publisher_get_wait_end (self));
  else
    publisher_send (self);
}

/**
 * scope_publisher_start:
 * @outgoing: (element-type ScopeOutgoing): at least one
 * @rounds: how often all of them are published
 */
void
scope_publisher_start (ScopePublisher *self,
                       GPtrArray      *outgoing,
                       guint           rounds,
                       gint64          interval_usec)
{
  g_return_if_fail (SCOPE_IS_PUBLISHER (self) && !self->running);
  g_return_if_fail (outgoing != NULL && outgoing->len > 0 && outgoing->len <= SCOPE_LIMIT_PUBLISH_EVENTS);
  g_return_if_fail (rounds > 0 && rounds <= SCOPE_LIMIT_PUBLISH_ROUNDS && interval_usec >= 0);

  g_clear_pointer (&self->outgoing, g_ptr_array_unref);
  self->outgoing = g_ptr_array_new_full (outgoing->len, g_object_unref);
  for (guint i = 0; i < outgoing->len; i++)
    g_ptr_array_add (self->outgoing, g_object_ref (g_ptr_array_index (outgoing, i)));
  self->rounds = rounds;
  self->interval_usec = interval_usec;
  self->round = self->next = 0;
  self->n = 0;
  self->n_failed = 0;
  self->round_usec = scope_clock_get_monotonic_usec (self->clock);
  for (guint i = 0; i < G_N_ELEMENTS (self->counts); i++)
    self->counts[i] = 0;
  g_clear_pointer (&self->problem, g_free);
  g_clear_object (&self->stop);
  self->stop = g_cancellable_new ();
  if (self->port.begin != NULL)
    self->port.begin (self->data);
  publisher_set_running (self, TRUE);
  g_signal_emit (self, signals[PROGRESS], 0);
  publisher_step (self);
}

/**
 * scope_publisher_stop:
 *
 * Nothing more is sent. It runs until what became of a request under way is known.
 */
void
scope_publisher_stop (ScopePublisher *self)
{
  g_return_if_fail (SCOPE_IS_PUBLISHER (self));

  if (!self->running)
    return;
  g_cancellable_cancel (self->stop);
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;
  if (self->part == NULL)
    publisher_end (self, NULL);
}

/**
 * scope_publisher_get_running:
 *
 * Returns: whether a job is under way
 */
gboolean
scope_publisher_get_running (ScopePublisher *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISHER (self), FALSE);

  return self->running;
}

/**
 * scope_publisher_get_n_total:
 *
 * Returns: how many events the job has
 */
guint64
scope_publisher_get_n_total (ScopePublisher *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISHER (self), 0);

  return self->outgoing != NULL ? (guint64) self->outgoing->len * self->rounds : 0;
}

/**
 * scope_publisher_get_n_done:
 *
 * Returns: of how many events it is told what became of them
 */
guint64
scope_publisher_get_n_done (ScopePublisher *self)
{
  guint64 n = 0;

  g_return_val_if_fail (SCOPE_IS_PUBLISHER (self), 0);

  for (guint i = 0; i < G_N_ELEMENTS (self->counts); i++)
    n += self->counts[i];
  return n;
}

/**
 * scope_publisher_get_problem:
 *
 * Returns: (transfer none) (nullable): why the rest was not tried; `NULL`: everything was, or the user stopped
 *   it
 */
const char *
scope_publisher_get_problem (ScopePublisher *self)
{
  g_return_val_if_fail (SCOPE_IS_PUBLISHER (self), NULL);

  return self->problem;
}

/* "2 accepted" */
static char *
publisher_dup_count (guint64         n,
                     ScopeApiOutcome outcome)
{
  g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, n);

  /* Translators, of all of these: numbers of events */
  switch (outcome)
    {
    case SCOPE_API_ACCEPTED:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s accepted", "%s accepted", n), count);
    case SCOPE_API_REFUSED:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s refused", "%s refused", n), count);
    case SCOPE_API_NOT_SENT:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s not sent", "%s not sent", n), count);
    case SCOPE_API_UNKNOWN:
    default:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s with unknown outcome", "%s with unknown outcome", n),
                              count);
    }
}

static void
publisher_append (GString *out,
                  char    *text)
{
  g_string_append_printf (out, " · %s", text);
  g_free (text);
}

/**
 * scope_publisher_dup_summary:
 *
 * Returns: (transfer full): "3 of 12 events · 2 accepted · 1 refused"
 */
char *
scope_publisher_dup_summary (ScopePublisher *self)
{
  guint64 n_done, n_total;
  g_autofree char *done = NULL;
  g_autofree char *total = NULL;
  g_autofree char *left = NULL;
  GString *out = NULL;

  g_return_val_if_fail (SCOPE_IS_PUBLISHER (self), NULL);

  n_done = scope_publisher_get_n_done (self);
  n_total = scope_publisher_get_n_total (self);
  done = g_strdup_printf ("%" G_GUINT64_FORMAT, n_done);
  total = g_strdup_printf ("%" G_GUINT64_FORMAT, n_total);
  left = g_strdup_printf ("%" G_GUINT64_FORMAT, n_total - n_done);
  out = g_string_new (NULL);
  g_string_printf (out, g_dngettext (GETTEXT_PACKAGE, "%s of %s event", "%s of %s events", n_total), done, total);
  for (guint i = 0; i < G_N_ELEMENTS (self->counts); i++)
    if (self->counts[i] > 0)
      publisher_append (out, publisher_dup_count (self->counts[i], i));
  if (!self->running && n_total > n_done)
    publisher_append (out, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s not tried", "%s not tried",
                                                         n_total - n_done),
                                            left));
  return g_string_free (out, FALSE);
}

static void
scope_publisher_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, SCOPE_PUBLISHER (object)->running);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_publisher_dispose (GObject *object)
{
  ScopePublisher *self = SCOPE_PUBLISHER (object);

  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;

  G_OBJECT_CLASS (scope_publisher_parent_class)->dispose (object);
}

static void
scope_publisher_finalize (GObject *object)
{
  ScopePublisher *self = SCOPE_PUBLISHER (object);

  g_clear_pointer (&self->outgoing, g_ptr_array_unref);
  g_clear_pointer (&self->part, g_ptr_array_unref);
  g_clear_object (&self->stop);
  g_clear_object (&self->clock);
  g_free (self->problem);
  if (self->destroy != NULL)
    self->destroy (self->data);

  G_OBJECT_CLASS (scope_publisher_parent_class)->finalize (object);
}

static void
scope_publisher_class_init (ScopePublisherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_publisher_dispose;
  object_class->finalize = scope_publisher_finalize;
  object_class->get_property = scope_publisher_get_property;

  properties[PROP_RUNNING]
      = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[PROGRESS] = g_signal_new ("progress", SCOPE_TYPE_PUBLISHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[RESULT] = g_signal_new ("result", SCOPE_TYPE_PUBLISHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, SCOPE_TYPE_PUBLISH_RESULT);
}

static void
scope_publisher_init (ScopePublisher *self)
{
}

/**
 * scope_publisher_new:
 * @port: what it publishes with
 * @data: for @port
 * @destroy: (nullable): what @data ends with
 *
 * Returns: (transfer full): a publisher with nothing to do
 */
ScopePublisher *
scope_publisher_new (ScopeClock               *clock,
                     const ScopePublisherPort *port,
                     gpointer                  data,
                     GDestroyNotify            destroy)
{
  ScopePublisher *self;

  g_return_val_if_fail (SCOPE_IS_CLOCK (clock) && port != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_PUBLISHER, NULL);
  self->clock = g_object_ref (clock);
  self->port = *port;
  self->data = data;
  self->destroy = destroy;
  return self;
}
