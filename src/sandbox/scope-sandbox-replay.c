/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-replay.h"

#include "sandbox/scope-replay-schedule.h"
#include "sandbox/scope-sandbox-line.h"
#include "sandbox/scope-sandbox-private.h"

/* Time runs only while somebody listens: until the first subscriber there is none, and it stands still
 * while there is none any more (a page that is loaded again) or while a subscriber does not keep up. What
 * is late for any other reason is caught up with. */

#define SETTLE_MSEC 1000             /* a page subscribes to several channels, and asks for leave first */
#define SLICE_USEC 3000              /* worked at a time, so that the loop lives */
#define BLOCKED_MSEC 5               /* until a subscriber that does not read is looked at again */
#define QUEUED_BYTES (1024 * 1024)   /* above, subscribers are left to read first */

typedef enum
{
  REPLAY_WAITING,  /* nobody listens */
  REPLAY_SETTLING, /* somebody does, and may subscribe to more */
  REPLAY_PLAYING,
  REPLAY_ENDED,
} ReplayState;

struct _ScopeSandboxReplay
{
  ScopeSandbox *sandbox; /* not owned */
  ScopeReplaySource source;
  gpointer user_data;
  ScopeReplaySchedule schedule;

  ReplayState state;
  gboolean begun;
  gboolean source_is_over;
  ScopeReplayItem *item; /* the next; NULL: to be asked for */
  gint64 due_usec;       /* when, since the origin */
  gint64 origin_usec;    /* monotonic */
  gint64 held_usec;      /* since when time stands still; 0: it runs */
  gint64 begun_usec;
  guint64 n_events;
  guint source_id;
};

static gboolean replay_slice_cb (gpointer user_data);

/* Time */

static void
replay_hold (ScopeSandboxReplay *self)
{
  if (self->held_usec == 0)
    self->held_usec = g_get_monotonic_time ();
}

static void
replay_release (ScopeSandboxReplay *self)
{
  if (self->held_usec != 0)
    self->origin_usec += g_get_monotonic_time () - self->held_usec;
  self->held_usec = 0;
}

static void
replay_arm (ScopeSandboxReplay *self,
            gint64              usec)
{
  g_clear_handle_id (&self->source_id, g_source_remove);
  if (usec <= 0)
    self->source_id = g_idle_add (replay_slice_cb, self);
  else
    self->source_id = g_timeout_add ((guint) ((usec + 999) / 1000), replay_slice_cb, self);
}

/* What is told */

static void
replay_report (ScopeSandboxReplay *self,
               const char         *action)
{
  _scope_sandbox_report (self->sandbox, "replay", "action", action, NULL);
}

static void
replay_report_silence (ScopeSandboxReplay *self,
                       const char         *action,
                       double              seconds,
                       gint64              wait_usec)
{
  GString *line = scope_sandbox_line_begin ("replay");

  scope_sandbox_line_add_text (line, "action", action);
  scope_sandbox_line_add_number (line, "seconds", seconds);
  scope_sandbox_line_add_number (line, "waits", (double) wait_usec / G_USEC_PER_SEC);
  _scope_sandbox_report_line (self->sandbox, line);
}

static void
replay_end (ScopeSandboxReplay *self)
{
  GString *line = scope_sandbox_line_begin ("replay");
  gint64 took_usec = g_get_monotonic_time () - self->begun_usec;

  self->state = REPLAY_ENDED;
  scope_sandbox_line_add_text (line, "action", "ended");
  scope_sandbox_line_add_number (line, "events", (double) self->n_events);
  scope_sandbox_line_add_number (line, "seconds", (double) took_usec / G_USEC_PER_SEC);
  _scope_sandbox_report_line (self->sandbox, line);
}

/* What happens */

/* FALSE: there is none now */
static gboolean
replay_take_item (ScopeSandboxReplay *self)
{
  ScopeReplayStep step;

  if (self->item != NULL)
    return TRUE;
  if (!self->source_is_over)
    self->item = self->source.next (&self->source_is_over, self->user_data);
  if (self->item == NULL)
    return FALSE;

  scope_replay_schedule_add (&self->schedule, self->item->time_usec, &step);
  self->due_usec = step.due_usec;
  if (self->item->kind == SCOPE_REPLAY_GAP)
    replay_report_silence (self, "gap", self->item->gap_seconds, step.wait_usec);
  else if (step.is_cut)
    replay_report_silence (self, "silence", (double) step.recorded_usec / G_USEC_PER_SEC, step.wait_usec);
  return TRUE;
}

static void
replay_send_event (ScopeSandboxReplay *self,
                   ScopeMessage       *message)
{
  GBytes *frame = scope_message_get_bytes (message);
  ScopeSpan data = scope_message_get_data_span (message);
  gboolean has_data = scope_message_get_data_kind (message) != SCOPE_JSON_NONE;
  const char *name = scope_message_get_event (message, NULL);
  ScopeSandboxEvent event = {
    .channel = scope_message_get_channel (message, NULL),
    .event = name,
    .data_token = has_data ? (const char *) g_bytes_get_data (frame, NULL) + data.offset : NULL,
    .data_length = data.length,
    .user_id = scope_message_get_user_id (message, NULL),
    .is_client_event = g_str_has_prefix (name, "client-"),
  };

  _scope_sandbox_relay_frame (self->sandbox, &event, frame);
  self->n_events++;
}

static void
replay_carry_out (ScopeSandboxReplay *self)
{
  g_autoptr (ScopeReplayItem) item = g_steal_pointer (&self->item);

  switch (item->kind)
    {
    case SCOPE_REPLAY_EVENT:
      replay_send_event (self, item->message);
      break;

    case SCOPE_REPLAY_JOIN:
      for (guint i = 0; i < item->members->len; i++)
        {
          const ScopeReplayMember *member = g_ptr_array_index (item->members, i);

          scope_sandbox_join (self->sandbox, item->channel, member->user_id, member->user_info);
        }
      break;

    case SCOPE_REPLAY_LEAVE:
      for (guint i = 0; i < item->members->len; i++)
        {
          const ScopeReplayMember *member = g_ptr_array_index (item->members, i);

          scope_sandbox_leave (self->sandbox, item->channel, member->user_id);
        }
      break;

    case SCOPE_REPLAY_RESIDENTS:
      scope_sandbox_set_residents (self->sandbox, item->channel, item->members);
      break;

    case SCOPE_REPLAY_GAP:
    default:
      break;
    }
}

/* Nobody is to miss one, and what waits in memory stays bounded. */
static gboolean
replay_is_blocked (ScopeSandboxReplay *self)
{
  const char *name = self->item->message != NULL ? scope_message_get_channel (self->item->message, NULL)
                                                 : self->item->channel;
  ScopeSandboxChannel *channel = name != NULL ? _scope_sandbox_lookup_channel (self->sandbox, name) : NULL;

  return channel != NULL && scope_sandbox_channel_get_queued (channel) > QUEUED_BYTES;
}

/* Carries out what is due, for as long as a slice lasts. */
static void
replay_run_slice (ScopeSandboxReplay *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 until = now + SLICE_USEC;

  for (; self->state == REPLAY_PLAYING && replay_take_item (self); now = g_get_monotonic_time ())
    {
      gint64 left = self->origin_usec + self->due_usec - now;

      if (left > 0 || now >= until)
        {
          replay_arm (self, left);
          return;
        }
      if (replay_is_blocked (self))
        {
          replay_hold (self);
          replay_arm (self, BLOCKED_MSEC * 1000);
          return;
        }
      replay_carry_out (self);
    }

  if (self->state == REPLAY_PLAYING && self->source_is_over)
    replay_end (self);
}

static gboolean
replay_slice_cb (gpointer user_data)
{
  ScopeSandboxReplay *self = user_data;

  self->source_id = 0;
  replay_release (self);
  replay_run_slice (self);
  return G_SOURCE_REMOVE;
}

/* Who listens */

static gboolean
replay_settled_cb (gpointer user_data)
{
  ScopeSandboxReplay *self = user_data;

  self->source_id = 0;
  self->state = REPLAY_PLAYING;
  if (!self->begun)
    self->origin_usec = self->begun_usec = g_get_monotonic_time ();
  replay_report (self, self->begun ? "resumed" : "begun");
  self->begun = TRUE;
  replay_arm (self, 0);
  return G_SOURCE_REMOVE;
}

static gboolean
replay_is_listened_to (ScopeSandboxReplay *self)
{
  GHashTableIter iter;
  gpointer channel;

  g_hash_table_iter_init (&iter, self->sandbox->channels);
  while (g_hash_table_iter_next (&iter, NULL, &channel))
    if (scope_sandbox_channel_count_wires (channel) > 0 &&
        self->source.has_channel (scope_sandbox_channel_get_name (channel), self->user_data))
      return TRUE;
  return FALSE;
}

static void
replay_pause (ScopeSandboxReplay *self)
{
  g_clear_handle_id (&self->source_id, g_source_remove);
  if (self->state == REPLAY_PLAYING)
    {
      replay_hold (self);
      replay_report (self, "paused");
    }
  self->state = REPLAY_WAITING;
}

/**
 * scope_sandbox_replay_look:
 * @self: a replay
 *
 * Begins, pauses or goes on, as there are subscribers.
 */
void
scope_sandbox_replay_look (ScopeSandboxReplay *self)
{
  gboolean listened;

  g_return_if_fail (self != NULL);

  if (self->state == REPLAY_ENDED)
    return;

  listened = replay_is_listened_to (self);
  if (!listened && self->state != REPLAY_WAITING)
    replay_pause (self);
  else if (listened && self->state == REPLAY_WAITING)
    {
      self->state = REPLAY_SETTLING;
      self->source_id = g_timeout_add (SETTLE_MSEC, replay_settled_cb, self);
    }
}

/**
 * scope_sandbox_replay_wake:
 * @self: a replay
 *
 * The source has items again, or has found out that it is over.
 */
void
scope_sandbox_replay_wake (ScopeSandboxReplay *self)
{
  g_return_if_fail (self != NULL);

  if (self->state == REPLAY_PLAYING && self->source_id == 0)
    replay_arm (self, 0);
}

/**
 * scope_sandbox_replay_new:
 * @sandbox: the owner, which outlives it
 * @source: what is called for items; copied
 * @user_data: for it
 * @speed: above 0
 *
 * Returns: (transfer full): a replay that waits for a subscriber
 */
ScopeSandboxReplay *
scope_sandbox_replay_new (ScopeSandbox            *sandbox,
                          const ScopeReplaySource *source,
                          gpointer                 user_data,
                          double                   speed)
{
  ScopeSandboxReplay *self;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (sandbox), NULL);
  g_return_val_if_fail (source != NULL && speed > 0, NULL);

  self = g_new0 (ScopeSandboxReplay, 1);
  self->sandbox = sandbox;
  self->source = *source;
  self->user_data = user_data;
  scope_replay_schedule_init (&self->schedule, speed);
  scope_sandbox_replay_look (self);
  return self;
}

/**
 * scope_sandbox_replay_free:
 * @self: (nullable): a replay
 *
 * What has not been sent yet never is. The members it made stay.
 */
void
scope_sandbox_replay_free (ScopeSandboxReplay *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->source_id, g_source_remove);
  scope_replay_item_free (self->item);
  g_free (self);
}

/**
 * scope_sandbox_replay:
 * @self: a sandbox without a replay
 * @source: where items come from; it outlives the replay, which scope_sandbox_stop() ends
 * @user_data: for it
 * @speed: above 0; 2: in half the time
 *
 * Sends again what was recorded, in its order and at its distances in time. It begins a second after
 * somebody has subscribed to a channel of the recording, and stands still while nobody is.
 */
void
scope_sandbox_replay (ScopeSandbox            *self,
                      const ScopeReplaySource *source,
                      gpointer                 user_data,
                      double                   speed)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (source != NULL && speed > 0);
  g_return_if_fail (self->replay == NULL);

  self->replay = scope_sandbox_replay_new (self, source, user_data, speed);
}

/**
 * scope_sandbox_wake_replay:
 * @self: a sandbox
 *
 * To be called when the source of its replay, which had none for the time being, has items again.
 */
void
scope_sandbox_wake_replay (ScopeSandbox *self)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));

  if (self->replay != NULL)
    scope_sandbox_replay_wake (self->replay);
}
