/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Until one transport's first frame has come, this stands between all of them and the listener. Then the
 * winner gets the listener itself: a frame costs no more than without a race. */

#define G_LOG_DOMAIN "scope-race-transport"

#include "config.h"

#include "net/scope-race-transport.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "protocol/scope-close-code.h"

typedef enum
{
  RUNNER_WAITING, /* its head start runs, or the remembered transport is tried alone */
  RUNNER_OPENING,
  RUNNER_OPENED,  /* its first frame has not come */
  RUNNER_OUT,
} ScopeRunnerState;

typedef struct
{
  ScopeRaceTransport *race;  /* not owned */
  ScopeTransportCandidate candidate;
  ScopeTransport *transport; /* NULL once let go of */
  char *name;
  char *place;
  ScopeRunnerState state;
  gint64 started_usec;
  guint64 timer;             /* of its start, then of its limit */
  GError *error;             /* OUT: why, in a whole sentence */
  guint status;              /* OUT: of an HTTP answer, or 0 */
} ScopeRunner;

struct _ScopeRaceTransport
{
  ScopeTransport parent_instance;

  ScopeClock *clock;
  GPtrArray *runners;        /* of ScopeRunner, by start; a remembered one first */
  ScopeRunner *winner;       /* whose end or first frame ended the race */
  gint64 latency_usec;
};

G_DEFINE_FINAL_TYPE (ScopeRaceTransport, scope_race_transport, SCOPE_TYPE_TRANSPORT)

static const ScopeTransportListener race_listener;

static void race_start_others (ScopeRaceTransport *self);

static void
race_gone_cb (gpointer user_data,
              GObject *where_it_was)
{
  g_object_unref (user_data);
}

/* A transport that still closes keeps the race alive: who waits for the end of this one waits for it. */
static void
race_let_go (ScopeRunner *runner)
{
  g_autoptr (ScopeTransport) transport = g_steal_pointer (&runner->transport);

  scope_clock_remove_timer (runner->race->clock, runner->timer);
  runner->timer = 0;
  if (transport == NULL)
    return;

  g_object_weak_ref (G_OBJECT (transport), race_gone_cb, g_object_ref (runner->race));
  scope_transport_abandon (transport);
}

static void
race_let_go_of_others (ScopeRaceTransport *self,
                       ScopeRunner *winner)
{
  for (guint i = 0; i < self->runners->len; i++)
    if (self->runners->pdata[i] != winner)
      race_let_go (self->runners->pdata[i]);
}

static void
race_end (ScopeRaceTransport *self,
          ScopeRunner *winner)
{
  self->winner = winner;
  self->latency_usec = scope_clock_get_monotonic_usec (self->clock) - winner->started_usec;
  scope_clock_remove_timer (self->clock, winner->timer);
  winner->timer = 0;
  race_let_go_of_others (self, winner);
}

static ScopeRunner *
race_get_primary (ScopeRaceTransport *self)
{
  ScopeRunner *first = self->runners->pdata[0];

  return first->candidate.remembered && self->runners->len > 1 ? self->runners->pdata[1] : first;
}

/* What the others met is worth telling if it is something else. */
static char *
race_describe_failure (ScopeRaceTransport *self,
                       ScopeRunner *told)
{
  g_autoptr (GString) text = g_string_new (told->error->message);

  for (guint i = 0; i < self->runners->len; i++)
    {
      ScopeRunner *runner = self->runners->pdata[i];

      if (runner != told && runner->error != NULL && strstr (text->str, runner->error->message) == NULL)
        g_string_append_printf (text, "; %s: %s", runner->name, runner->error->message);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
race_fail (ScopeRaceTransport *self,
           ScopeRunner *told)
{
  g_autofree char *text = race_describe_failure (self, told);
  g_autoptr (GError) error = g_error_new_literal (SCOPE_ERROR, told->error->code, text);

  race_let_go_of_others (self, NULL);
  scope_transport_emit_failed (SCOPE_TRANSPORT (self), error, told->status, NULL);
}

/* A limit is no sign that nobody is there. */
static gboolean
race_is_unreachable (const GError *error,
                     guint status)
{
  return status == 0
         && (error->domain == G_RESOLVER_ERROR
             || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
             || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE)
             || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)
             || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND));
}

static gboolean
race_is_refused_for_good (const ScopeRunner *runner)
{
  return runner->status != 0 && (runner->candidate.kind & SCOPE_TRANSPORTS_SOCKET) != 0
         && scope_http_status_get_reaction (runner->status) == SCOPE_REACTION_STOP;
}

static gboolean
race_has_runners (ScopeRaceTransport *self)
{
  for (guint i = 0; i < self->runners->len; i++)
    if (((ScopeRunner *) self->runners->pdata[i])->state != RUNNER_OUT)
      return TRUE;
  return FALSE;
}

/* --- the limit and the start --- */

static void race_run (ScopeRunner *runner);

static void
race_hurry (ScopeRaceTransport *self,
            const char *place)
{
  for (guint i = 0; i < self->runners->len; i++)
    {
      ScopeRunner *runner = self->runners->pdata[i];

      if (runner->state == RUNNER_WAITING && g_str_equal (runner->place, place))
        race_run (runner);
    }
}

/* §7.4: what fails before it opened is out; the others go on. */
static void
race_drop_out (ScopeRunner *runner,
               GError *error,
               guint status,
               gboolean unreachable)
{
  ScopeRaceTransport *self = runner->race;

  g_debug ("%s is out: %s", runner->name, error->message);
  runner->state = RUNNER_OUT;
  runner->error = error;
  runner->status = status;
  race_let_go (runner);

  if (race_is_refused_for_good (runner))
    race_fail (self, runner);
  else if (runner->candidate.remembered)
    race_start_others (self);
  else if (!race_has_runners (self))
    race_fail (self, race_get_primary (self));
  else if (unreachable)
    race_hurry (self, runner->place);
}

static void
race_limit_cb (gpointer user_data)
{
  ScopeRunner *runner = user_data;
  g_autoptr (ScopeRaceTransport) alive = g_object_ref (runner->race);
  g_autofree char *limit = scope_text_format_duration (runner->candidate.limit_usec);
  gboolean opened = runner->state == RUNNER_OPENED;
  GError *error;

  runner->timer = 0;
  error = g_error_new (SCOPE_ERROR, opened ? SCOPE_ERROR_PROTOCOL : SCOPE_ERROR_TIMED_OUT,
                       opened ? _("The server opened the connection but sent no handshake within %s. "
                                  "Check that it is a Channels server.")
                              : _("No connection within %s. Check host, port, TLS and network."), limit);
  race_drop_out (runner, error, 0, FALSE);
}

static void
race_run (ScopeRunner *runner)
{
  ScopeClock *clock = runner->race->clock;

  scope_clock_remove_timer (clock, runner->timer);
  runner->state = RUNNER_OPENING;
  runner->started_usec = scope_clock_get_monotonic_usec (clock);
  runner->timer = scope_clock_add_timer (clock, runner->started_usec + runner->candidate.limit_usec,
                                         race_limit_cb, runner);
  scope_transport_set_listener (runner->transport, &race_listener, runner);
  scope_transport_open (runner->transport);
}

static void
race_start_cb (gpointer user_data)
{
  ScopeRunner *runner = user_data;

  runner->timer = 0;
  race_run (runner);
}

static void
race_start_others (ScopeRaceTransport *self)
{
  gint64 now_usec = scope_clock_get_monotonic_usec (self->clock);

  for (guint i = 0; i < self->runners->len; i++)
    {
      ScopeRunner *runner = self->runners->pdata[i];

      if (runner->candidate.remembered)
        continue;
      if (runner->candidate.start_usec == 0)
        race_run (runner);
      else
        runner->timer = scope_clock_add_timer (self->clock, now_usec + runner->candidate.start_usec,
                                               race_start_cb, runner);
    }
}

/* --- what the transports tell --- */

static void
race_opened_cb (ScopeTransport *transport,
                gpointer user_data)
{
  ScopeRunner *runner = user_data;

  runner->state = RUNNER_OPENED;
}

/* Whatever the first frame is, it is the answer of the attempt; the listener finds out what it says. */
static void
race_message_cb (ScopeTransport *transport,
                 GBytes *frame,
                 gpointer user_data)
{
  ScopeRunner *runner = user_data;
  g_autoptr (ScopeRaceTransport) self = g_object_ref (runner->race);

  race_end (self, runner);
  scope_transport_hand_listener (SCOPE_TRANSPORT (self), runner->transport);
  scope_transport_emit_opened (SCOPE_TRANSPORT (self));
  scope_transport_emit_message (SCOPE_TRANSPORT (self), frame);
}

static void
race_refused_frame_cb (ScopeTransport *transport,
                       const char *why,
                       gsize size,
                       gpointer user_data)
{
  ScopeRunner *runner = user_data;

  scope_transport_emit_refused_frame (SCOPE_TRANSPORT (runner->race), why, size);
}

/* §7.4: a close after opening leaves the race, its code says what follows */
static void
race_closed_cb (ScopeTransport *transport,
                guint code,
                const char *reason,
                gpointer user_data)
{
  ScopeRunner *runner = user_data;
  g_autoptr (ScopeRaceTransport) self = g_object_ref (runner->race);

  if (runner->state == RUNNER_OPENED)
    {
      race_end (self, runner);
      scope_transport_emit_opened (SCOPE_TRANSPORT (self));
      scope_transport_emit_closed (SCOPE_TRANSPORT (self), code, reason);
    }
  else
    {
      race_drop_out (runner, g_error_new (SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                                          _("The server closed before anything was open (%u)"), code),
                     0, FALSE);
    }
}

static void
race_failed_cb (ScopeTransport *transport,
                const GError *error,
                guint status,
                const char *body,
                gpointer user_data)
{
  ScopeRunner *runner = user_data;
  g_autoptr (ScopeRaceTransport) self = g_object_ref (runner->race);
  g_autofree char *text = NULL;

  if (runner->state == RUNNER_OPENED)
    {
      race_end (self, runner);
      scope_transport_emit_opened (SCOPE_TRANSPORT (self));
      scope_transport_emit_failed (SCOPE_TRANSPORT (self), error, status, body);
    }
  else
    {
      text = scope_transport_describe_failure (error, status, body);
      race_drop_out (runner,
                     g_error_new_literal (SCOPE_ERROR,
                                          error->domain == SCOPE_ERROR ? error->code : SCOPE_ERROR_FAILED,
                                          text),
                     status, race_is_unreachable (error, status));
    }
}

/* Before its first frame nothing else counts. */
static void
race_ignore_cb (ScopeTransport *transport,
                gpointer user_data)
{
}

static const ScopeTransportListener race_listener = {
  .opened = race_opened_cb,
  .message = race_message_cb,
  .refused_frame = race_refused_frame_cb,
  .closed = race_closed_cb,
  .failed = race_failed_cb,
  .activity = race_ignore_cb,
  .answered = race_ignore_cb,
};

/* --- the class --- */

static void
scope_race_transport_open (ScopeTransport *transport)
{
  ScopeRaceTransport *self = SCOPE_RACE_TRANSPORT (transport);
  ScopeRunner *first;

  g_assert (self->runners->len > 0);
  first = self->runners->pdata[0];
  if (first->candidate.remembered)
    race_run (first);
  else
    race_start_others (self);
}

static ScopeTransport *
race_get_transport (ScopeTransport *transport)
{
  ScopeRaceTransport *self = SCOPE_RACE_TRANSPORT (transport);

  return self->winner != NULL ? self->winner->transport : NULL;
}

static void
scope_race_transport_send (ScopeTransport *transport,
                           const char *text,
                           gsize length)
{
  ScopeTransport *winner = race_get_transport (transport);

  if (winner != NULL)
    scope_transport_send (winner, text, length);
}

static void
scope_race_transport_close (ScopeTransport *transport,
                            guint code)
{
  ScopeTransport *winner = race_get_transport (transport);

  if (winner != NULL)
    scope_transport_close (winner, code);
}

static gboolean
scope_race_transport_ping (ScopeTransport *transport)
{
  ScopeTransport *winner = race_get_transport (transport);

  return winner != NULL && scope_transport_ping (winner);
}

static void
scope_race_transport_hold (ScopeTransport *transport,
                           gboolean hold)
{
  ScopeTransport *winner = race_get_transport (transport);

  if (winner != NULL)
    scope_transport_hold (winner, hold);
}

static void
scope_race_transport_abandon (ScopeTransport *transport)
{
  race_let_go_of_others (SCOPE_RACE_TRANSPORT (transport), NULL);
}

static const char *
scope_race_transport_get_name (ScopeTransport *transport)
{
  ScopeRaceTransport *self = SCOPE_RACE_TRANSPORT (transport);

  return self->winner != NULL ? self->winner->name : race_get_primary (self)->name;
}

static void
race_runner_free (gpointer data)
{
  ScopeRunner *runner = data;

  scope_clock_remove_timer (runner->race->clock, runner->timer);
  if (runner->transport != NULL)
    scope_transport_abandon (runner->transport);
  g_clear_object (&runner->transport);
  g_clear_error (&runner->error);
  g_free (runner->name);
  g_free (runner->place);
  g_free (runner);
}

static void
scope_race_transport_finalize (GObject *object)
{
  ScopeRaceTransport *self = SCOPE_RACE_TRANSPORT (object);

  g_ptr_array_unref (self->runners);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (scope_race_transport_parent_class)->finalize (object);
}

static void
scope_race_transport_class_init (ScopeRaceTransportClass *klass)
{
  ScopeTransportClass *transport_class = SCOPE_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = scope_race_transport_finalize;
  transport_class->open = scope_race_transport_open;
  transport_class->send = scope_race_transport_send;
  transport_class->close = scope_race_transport_close;
  transport_class->abandon = scope_race_transport_abandon;
  transport_class->get_name = scope_race_transport_get_name;
  transport_class->ping = scope_race_transport_ping;
  transport_class->hold = scope_race_transport_hold;
}

static void
scope_race_transport_init (ScopeRaceTransport *self)
{
  self->runners = g_ptr_array_new_with_free_func (race_runner_free);
}

/**
 * scope_race_transport_new:
 *
 * Returns: (transfer full): a race nobody takes part in yet
 */
ScopeRaceTransport *
scope_race_transport_new (ScopeClock *clock)
{
  ScopeRaceTransport *self;

  g_return_val_if_fail (SCOPE_IS_CLOCK (clock), NULL);

  self = g_object_new (SCOPE_TYPE_RACE_TRANSPORT, NULL);
  self->clock = g_object_ref (clock);
  return self;
}

/**
 * scope_race_transport_add:
 * @candidate: when it starts, and how long it may take; a remembered one first
 * @transport: (transfer full): not open yet
 * @place: "host:port"
 *
 * Before the race is opened.
 */
void
scope_race_transport_add (ScopeRaceTransport *self,
                          const ScopeTransportCandidate *candidate,
                          ScopeTransport *transport,
                          const char *place)
{
  ScopeRunner *runner;

  g_return_if_fail (SCOPE_IS_RACE_TRANSPORT (self));
  g_return_if_fail (SCOPE_IS_TRANSPORT (transport));

  runner = g_new0 (ScopeRunner, 1);
  runner->race = self;
  runner->candidate = *candidate;
  runner->transport = transport;
  runner->name = g_strdup (scope_transport_get_name (transport));
  runner->place = g_strdup (place);
  g_ptr_array_add (self->runners, runner);
}

/**
 * scope_race_transport_get_winner:
 *
 * Returns: (nullable): whose first frame, or close after opening, ended the race
 */
const ScopeTransportCandidate *
scope_race_transport_get_winner (ScopeRaceTransport *self)
{
  g_return_val_if_fail (SCOPE_IS_RACE_TRANSPORT (self), NULL);

  return self->winner != NULL ? &self->winner->candidate : NULL;
}

/**
 * scope_race_transport_get_latency_usec:
 *
 * Returns: from the winner's start to its first frame
 */
gint64
scope_race_transport_get_latency_usec (ScopeRaceTransport *self)
{
  g_return_val_if_fail (SCOPE_IS_RACE_TRANSPORT (self), 0);

  return self->latency_usec;
}

/**
 * scope_race_transport_describe:
 *
 * Returns: (transfer full) (nullable): why this transport and no other, for people
 */
char *
scope_race_transport_describe (ScopeRaceTransport *self)
{
  ScopeRunner *primary;

  g_return_val_if_fail (SCOPE_IS_RACE_TRANSPORT (self), NULL);

  if (self->winner == NULL)
    return NULL;

  primary = race_get_primary (self);
  if (self->winner->candidate.remembered)
    return g_strdup_printf (_("%s: it worked last time"), self->winner->name);
  if (self->winner == primary)
    return g_strdup_printf (_("%s: the first that answered"), self->winner->name);
  if (primary->error != NULL)
    return g_strdup_printf (_("%s, because %s did not open: %s"), self->winner->name, primary->name,
                            primary->error->message);
  return g_strdup_printf (_("%s: it answered before %s did"), self->winner->name, primary->name);
}
