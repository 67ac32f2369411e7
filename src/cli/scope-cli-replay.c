/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-replay.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-output.h"
#include "protocol/scope-channel-name.h"

#define BATCH_ITEMS 1024
#define BATCH_BYTES (4 * 1024 * 1024)
#define BLOCK_RECORDS 1024
#define MAX_TOLD_CHANNELS 100

/* What one turn of the worker reads. */
typedef struct
{
  ScopeCapture *capture; /* another one if that had to be salvaged */
  guint64 from;          /* the next entry to read */
  guint64 last;
  gboolean may_salvage;

  GQueue items;          /* of ScopeReplayItem */
  gsize n_bytes;
  guint64 n_lost;        /* entries that can't be read */
  guint64 n_left_out;    /* or not be sent */
  char *problem;         /* of the first of the lost; NULL: none */
} Batch;

struct _ScopeCliReplay
{
  ScopeSandbox *sandbox; /* not owned */
  ScopeCliRecording *recording;
  double speed;
  gboolean begun;

  ScopeCapture *capture;
  guint64 from;
  guint64 last;
  gboolean may_salvage;
  GQueue items;
  gboolean reading;
  gboolean starved; /* the sandbox waits for the batch that is being read */
  GCancellable *cancellable;
  guint64 n_lost;
  guint64 n_left_out;
};

/* --- on the worker --- */

static void
batch_free (gpointer data)
{
  Batch *self = data;

  g_clear_object (&self->capture);
  g_queue_clear_full (&self->items, (GDestroyNotify) scope_replay_item_free);
  g_free (self->problem);
  g_free (self);
}

/* as `query` does it: the first damaged entry has all of the file looked through */
static ScopeEntry *
batch_read_entry (Batch   *self,
                  guint64  sequence,
                  GError **error)
{
  ScopeEntry *entry = scope_capture_read (self->capture, sequence, error);
  g_autoptr (ScopeCapture) salvaged = NULL;

  if (entry != NULL || !self->may_salvage || g_error_matches (*error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND))
    return entry;

  self->may_salvage = FALSE;
  salvaged = scope_capture_salvage (self->capture);
  if (salvaged == NULL)
    return NULL;
  g_set_object (&self->capture, salvaged);
  g_clear_error (error);
  return scope_capture_read (self->capture, sequence, error);
}

static void
batch_take (Batch   *self,
            guint64  sequence)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) entry = batch_read_entry (self, sequence, &error);
  ScopeReplayItem *item;

  if (entry == NULL)
    {
      self->n_lost++;
      if (self->problem == NULL)
        self->problem = g_strdup (error->message);
      return;
    }

  item = scope_cli_recording_make_item (entry, scope_capture_get_names (self->capture));
  if (item == NULL)
    {
      self->n_left_out++;
      return;
    }
  self->n_bytes += scope_replay_item_get_size (item);
  g_queue_push_tail (&self->items, item);
}

static gboolean
batch_is_full (Batch *self)
{
  return g_queue_get_length (&self->items) >= BATCH_ITEMS || self->n_bytes >= BATCH_BYTES;
}

/* Records say which entries are worth reading. FALSE: there are no more of them. */
static gboolean
batch_read_block (Batch       *self,
                  ScopeRecord *records)
{
  g_autoptr (GError) error = NULL;
  guint n = scope_capture_read_records (self->capture, self->from, BLOCK_RECORDS, records, &error);

  if (n == 0)
    {
      if (error != NULL && self->problem == NULL)
        self->problem = g_strdup (error->message);
      self->n_lost += self->last + 1 - self->from;
      self->from = self->last + 1;
      return FALSE;
    }
  for (guint i = 0; i < n && !batch_is_full (self); i++)
    {
      guint64 sequence = self->from++;

      if (scope_cli_recording_takes (&records[i]))
        batch_take (self, sequence);
    }
  return TRUE;
}

static void
batch_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Batch *self = task_data;
  g_autofree ScopeRecord *records = g_new (ScopeRecord, BLOCK_RECORDS);

  while (self->from <= self->last && !batch_is_full (self) && !g_cancellable_is_cancelled (cancellable) &&
         batch_read_block (self, records))
    ;
  g_task_return_boolean (task, TRUE);
}

/* --- on the main loop --- */

static void
replay_take_batch (ScopeCliReplay *self,
                   Batch          *batch)
{
  ScopeReplayItem *item;

  if (batch->capture != self->capture)
    scope_cli_message ("%s", scope_capture_get_warning (batch->capture));
  if (batch->problem != NULL && self->n_lost == 0)
    scope_cli_message ("%s", batch->problem);

  g_set_object (&self->capture, batch->capture);
  self->from = batch->from;
  self->may_salvage = batch->may_salvage;
  self->n_lost += batch->n_lost;
  self->n_left_out += batch->n_left_out;
  while ((item = g_queue_pop_head (&batch->items)) != NULL)
    g_queue_push_tail (&self->items, item);
}

static void
replay_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  ScopeCliReplay *self = user_data;

  self->reading = FALSE;
  replay_take_batch (self, g_task_get_task_data (G_TASK (result)));
  if (!self->starved || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->starved = FALSE;
  scope_sandbox_wake_replay (self->sandbox);
}

static void
replay_read_ahead (ScopeCliReplay *self)
{
  g_autoptr (GTask) task = NULL;
  Batch *batch;

  if (self->reading || self->from > self->last || g_queue_get_length (&self->items) > BATCH_ITEMS / 2)
    return;

  batch = g_new0 (Batch, 1);
  batch->capture = g_object_ref (self->capture);
  batch->from = self->from;
  batch->last = self->last;
  batch->may_salvage = self->may_salvage;
  g_queue_init (&batch->items);

  self->reading = TRUE;
  task = g_task_new (NULL, self->cancellable, replay_read_cb, self);
  g_task_set_source_tag (task, replay_read_ahead);
  g_task_set_task_data (task, batch, batch_free);
  g_task_run_in_thread (task, batch_thread);
}

static ScopeReplayItem *
replay_next_cb (gboolean *is_over,
                gpointer  user_data)
{
  ScopeCliReplay *self = user_data;
  ScopeReplayItem *item = g_queue_pop_head (&self->items);

  replay_read_ahead (self);
  self->starved = item == NULL && self->reading;
  *is_over = item == NULL && !self->reading;
  return item;
}

static gboolean
replay_has_channel_cb (const char *channel,
                       gpointer    user_data)
{
  ScopeCliReplay *self = user_data;

  return g_hash_table_contains (self->recording->channels, channel);
}

/**
 * scope_cli_replay_new:
 * @sandbox: it listens
 * @recording: (transfer full): what is sent again
 * @speed: above 0
 *
 * Returns: (transfer full): it, which waits for a subscriber
 */
ScopeCliReplay *
scope_cli_replay_new (ScopeSandbox      *sandbox,
                      ScopeCliRecording *recording,
                      double             speed)
{
  const ScopeReplaySource source = { replay_next_cb, replay_has_channel_cb };
  ScopeCliReplay *self = g_new0 (ScopeCliReplay, 1);

  self->sandbox = sandbox;
  self->recording = recording;
  self->speed = speed;
  self->capture = g_object_ref (recording->capture);
  self->from = scope_capture_get_first_sequence (self->capture);
  self->last = scope_capture_count (self->capture);
  self->may_salvage = TRUE;
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->items);

  for (guint i = 0; i < recording->residents->len; i++)
    {
      const ScopeReplayItem *item = g_ptr_array_index (recording->residents, i);

      scope_sandbox_set_residents (sandbox, item->channel, item->members);
    }
  replay_read_ahead (self);
  scope_sandbox_replay (sandbox, &source, self, speed);
  return self;
}

/**
 * scope_cli_replay_free:
 * @self: (nullable): a replay whose sandbox has stopped
 *
 * Waits for the batch that is being read.
 */
void
scope_cli_replay_free (ScopeCliReplay *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  while (self->reading)
    scope_cli_loop_turn ();
  g_queue_clear_full (&self->items, (GDestroyNotify) scope_replay_item_free);
  g_clear_object (&self->capture);
  g_clear_object (&self->cancellable);
  scope_cli_recording_free (self->recording);
  g_free (self);
}

/* --- what is told --- */

static double
replay_get_seconds (ScopeCliReplay *self)
{
  return (double) (self->recording->last_usec - self->recording->first_usec) / G_USEC_PER_SEC;
}

static void
replay_append_channels (ScopeCliReplay *self,
                        GString        *line)
{
  const GPtrArray *channels = self->recording->channel_list;

  g_string_append (line, ",\"channels\":[");
  for (guint i = 0; i < MIN (channels->len, MAX_TOLD_CHANNELS); i++)
    {
      if (i > 0)
        g_string_append_c (line, ',');
      scope_json_append_string (line, g_ptr_array_index (channels, i), -1);
    }
  g_string_append_printf (line, "],\"channel_count\":%u", channels->len);
}

/**
 * scope_cli_replay_dup_line:
 * @self: a replay
 *
 * Returns: (transfer full): `{"type":"replay","action":"ready",…}`: what there is, and which channels to
 *   subscribe to; the first hundred are named
 */
char *
scope_cli_replay_dup_line (ScopeCliReplay *self)
{
  GString *line = g_string_new ("{\"type\":\"replay\",\"action\":\"ready\",\"file\":");
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  scope_json_append_string (line, self->recording->name, -1);
  g_string_append_printf (line, ",\"events\":%" G_GUINT64_FORMAT, self->recording->n_events);
  g_string_append_printf (line, ",\"seconds\":%s",
                          g_ascii_formatd (number, sizeof number, "%.3f", replay_get_seconds (self)));
  g_string_append_printf (line, ",\"speed\":%s", g_ascii_formatd (number, sizeof number, "%g", self->speed));
  g_string_append_printf (line, ",\"dropped\":%" G_GUINT64_FORMAT,
                          scope_capture_get_first_sequence (self->capture) - 1);
  replay_append_channels (self, line);
  g_string_append_c (line, '}');
  return g_string_free (line, FALSE);
}

/**
 * scope_cli_replay_dup_sentence:
 * @self: a replay
 *
 * Returns: (transfer full): the same in words
 */
char *
scope_cli_replay_dup_sentence (ScopeCliReplay *self)
{
  g_autofree char *events = scope_text_format_count (self->recording->n_events);
  g_autofree char *channels = scope_text_format_count (self->recording->channel_list->len);
  g_autofree char *length = scope_text_format_duration (self->recording->last_usec - self->recording->first_usec);

  /* Translators: numbers, a span of time like "2 min 5 s", and a file name */
  return g_strdup_printf (_("To replay: events %s, channels %s, recorded within %s, of “%s”. It begins when somebody "
                            "subscribes to one of these channels"), events, channels, length, self->recording->name);
}

static char *
replay_dup_duration (const char *json,
                     const char *key)
{
  g_autofree char *seconds = scope_json_dup_member (json, strlen (json), key);

  return scope_text_format_duration (
    (gint64) (CLAMP (g_ascii_strtod (seconds != NULL ? seconds : "0", NULL), 0, G_MAXINT32) * G_USEC_PER_SEC));
}

/**
 * scope_cli_replay_dup_words:
 * @json: a line of the type replay
 *
 * Returns: (transfer full): what it says, for people
 */
char *
scope_cli_replay_dup_words (const char *json)
{
  g_autofree char *action = scope_json_dup_member (json, strlen (json), "action");
  g_autofree char *events = scope_json_dup_member (json, strlen (json), "events");
  g_autofree char *seconds = replay_dup_duration (json, "seconds");
  g_autofree char *waits = replay_dup_duration (json, "waits");

  if (g_strcmp0 (action, "begun") == 0)
    return g_strdup (_("The replay begins"));
  if (g_strcmp0 (action, "paused") == 0)
    return g_strdup (_("Nobody is subscribed any more: the replay waits"));
  if (g_strcmp0 (action, "resumed") == 0)
    return g_strdup (_("Somebody is subscribed again: the replay goes on"));
  if (g_strcmp0 (action, "silence") == 0)
    return g_strdup_printf (_("Nothing was recorded for %s: the replay waits for %s instead"), seconds, waits);
  if (g_strcmp0 (action, "gap") == 0)
    return g_strdup_printf (_("A gap of %s, of which the recording may lack events: the replay waits for %s"), seconds,
                            waits);
  /* Translators: a number, and a span of time like "2 min 5 s" */
  return g_strdup_printf (_("The replay is over: %s events were sent, in %s"), events != NULL ? events : "0", seconds);
}

/* The channels of a recording may be called otherwise than those of an app today. */
static void
replay_note_subscription (ScopeCliReplay *self,
                          const char     *json)
{
  g_autofree char *action = scope_json_dup_member (json, strlen (json), "action");
  g_autofree char *channel = scope_json_dup_member (json, strlen (json), "channel");

  if (!self->begun && g_strcmp0 (action, "subscribed") == 0 && channel != NULL &&
      !g_hash_table_contains (self->recording->channels, channel))
    scope_cli_message (_("The recording has nothing of the channel “%s”"), channel);
}

static void
replay_note_end (ScopeCliReplay *self)
{
  if (self->n_lost > 1)
    scope_cli_message (_("%llu entries in all can’t be read and are left out"), (unsigned long long) self->n_lost);
  if (self->n_left_out > 0)
    scope_cli_message (ngettext ("%llu entry can’t be sent to a channel and was left out",
                                 "%llu entries can’t be sent to a channel and were left out", self->n_left_out),
                       (unsigned long long) self->n_left_out);
}

/**
 * scope_cli_replay_note:
 * @self: (nullable): a replay
 * @json: a line of its sandbox
 */
void
scope_cli_replay_note (ScopeCliReplay *self,
                       const char     *json)
{
  g_autofree char *type = NULL;
  g_autofree char *action = NULL;

  if (self == NULL)
    return;

  type = scope_json_dup_member (json, strlen (json), "type");
  if (g_strcmp0 (type, "subscription") == 0)
    replay_note_subscription (self, json);
  if (g_strcmp0 (type, "replay") != 0)
    return;

  action = scope_json_dup_member (json, strlen (json), "action");
  if (g_strcmp0 (action, "begun") == 0)
    self->begun = TRUE;
  else if (g_strcmp0 (action, "ended") == 0)
    replay_note_end (self);
}

/**
 * scope_cli_replay_get_channel:
 * @self: a replay
 *
 * Returns: (transfer none) (nullable): one of its channels that can be written in a shell as it stands, one
 *   that needs no authorization if there is one
 */
const char *
scope_cli_replay_get_channel (ScopeCliReplay *self)
{
  const char *guarded = NULL;

  for (guint i = 0; i < self->recording->channel_list->len; i++)
    {
      const char *channel = g_ptr_array_index (self->recording->channel_list, i);

      if (strpbrk (channel, ";#") != NULL || !scope_channel_name_check (channel, NULL, NULL))
        continue;
      if (!scope_channel_kind_needs_auth (scope_channel_name_get_kind (channel)))
        return channel;
      if (guarded == NULL)
        guarded = channel;
    }
  return guarded;
}
