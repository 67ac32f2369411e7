/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "session/scope-channel-private.h"
#include "session/scope-state-period-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* An opened capture: its records are read in slices, each a few milliseconds long. Channels are
 * those that records name, the history is what `state` entries tell. */

#define SLICE_RECORDS 2048
#define SLICE_USEC (10 * G_TIME_SPAN_MILLISECOND)
#define LEARN_ENTRIES 20000

/* History */

static int
offline_read_code (const ScopeEntry *entry)
{
  g_autofree char *digits = scope_entry_dup_detail (entry, "code");
  guint64 code;

  if (digits == NULL || !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &code, NULL))
    return -1;
  return (int) code;
}

static gboolean
offline_find_state (const char *name,
                    ScopeState *state)
{
  for (ScopeState i = SCOPE_STATE_INITIALIZED; name != NULL && i <= SCOPE_STATE_DISCONNECTED; i++)
    if (strcmp (scope_state_to_name (i), name) == 0)
      {
        *state = i;
        return TRUE;
      }
  return FALSE;
}

static void
offline_take_state (ScopeSession *self,
                    guint64       sequence)
{
  g_autoptr (ScopeEntry) entry = scope_capture_read (self->capture, sequence, NULL);
  g_autofree char *current = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *meaning = NULL;
  ScopeState state;

  if (entry == NULL)
    return;
  current = scope_entry_dup_detail (entry, "current");
  if (!offline_find_state (current, &state))
    return;

  reason = scope_entry_dup_detail (entry, "reason");
  meaning = scope_entry_dup_detail (entry, "meaning");
  _scope_session_add_period (self, state, entry->time_usec, offline_read_code (entry), reason,
                             meaning);
}

static void
offline_take_user (ScopeSession *self,
                   guint64       sequence)
{
  g_autoptr (ScopeEntry) entry = scope_capture_read (self->capture, sequence, NULL);

  if (entry != NULL)
    _scope_session_take_recorded_user (self, entry);
}

/* People's names: of so many entries, which is soon done and more than anybody looks at. */
static void
offline_take_presence (ScopeSession *self,
                       guint64       sequence)
{
  g_autoptr (ScopeEntry) entry = NULL;

  if (self->n_learnt_from++ < LEARN_ENTRIES)
    entry = scope_capture_read (self->capture, sequence, NULL);
  if (entry != NULL)
    _scope_session_learn_recorded (self, entry);
}

/* The recording ended, and with it what we know of the last state. */
static void
offline_end_history (ScopeSession *self,
                     gint64        wall_usec)
{
  g_autoptr (ScopeStatePeriod) last = g_list_model_get_item (G_LIST_MODEL (self->history), 0);

  if (last != NULL)
    _scope_state_period_end (last, wall_usec);
}

/* Records */

static gboolean
offline_names_channel (const ScopeRecord *record)
{
  return record->channel != 0 && record->channel != SCOPE_NAMES_OVERFLOW &&
         (record->kind == SCOPE_ENTRY_EVENT || record->kind == SCOPE_ENTRY_SUBSCRIPTION ||
          record->kind == SCOPE_ENTRY_PRESENCE || record->kind == SCOPE_ENTRY_COUNT);
}

static void
offline_take_record (ScopeSession      *self,
                     const ScopeRecord *record,
                     guint64            sequence)
{
  const char *name;
  ScopeChannel *channel;

  if (record->kind == SCOPE_ENTRY_STATE)
    offline_take_state (self, sequence);
  else if (record->kind == SCOPE_ENTRY_USER || record->kind == SCOPE_ENTRY_WATCHLIST)
    offline_take_user (self, sequence);
  else if (record->kind == SCOPE_ENTRY_PRESENCE)
    offline_take_presence (self, sequence);
  if (!offline_names_channel (record))
    return;

  name = scope_names_get (self->names, record->channel);
  if (name == NULL)
    return;
  channel = _scope_session_add_channel (self, name);
  if (record->kind == SCOPE_ENTRY_EVENT)
    _scope_channel_count_event (channel, 0);
}

static void
offline_flush_channels (ScopeSession *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->channels));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (G_LIST_MODEL (self->channels), i);

      _scope_channel_flush (channel, 0);
    }
}

static void
offline_fail (ScopeSession *self,
              const GError *error)
{
  g_autofree char *text =
    g_strdup_printf (_("The capture could only be read in part: %s"), error->message);

  _scope_session_set_recording_problem (self, text);
  _scope_session_emit_problem (self, text);
}

static gboolean offline_load_cb (gpointer user_data);

static void
offline_go_on (ScopeSession *self)
{
  self->load_id = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, offline_load_cb, self, NULL);
}

static void offline_finish (ScopeSession *self);

/* The rest comes from what could be saved: the sequence numbers and names are the same. */
static void
offline_salvaged_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (ScopeSession) self = user_data;
  ScopeCapture *salvaged = scope_capture_salvage_finish (SCOPE_CAPTURE (source), result);

  self->salvaging = FALSE;
  if (self->closed || self->damage == NULL)
    {
      g_clear_object (&salvaged);
      return;
    }
  if (salvaged == NULL)
    {
      offline_fail (self, self->damage);
      g_clear_error (&self->damage);
      offline_finish (self);
      return;
    }
  g_object_unref (self->capture);
  self->capture = salvaged;
  scope_event_list_set_capture (self->events, salvaged);
  _scope_session_set_recording_problem (self, scope_capture_get_warning (salvaged));
  offline_go_on (self);
}

/* FALSE: this is the saved part, and still it can't be read. */
static gboolean
offline_salvage (ScopeSession *self,
                 const GError *error)
{
  if (self->damage != NULL)
    return FALSE;
  self->damage = g_error_copy (error);
  self->salvaging = TRUE;
  scope_capture_salvage_async (self->capture, NULL, offline_salvaged_cb, g_object_ref (self));
  return TRUE;
}

static guint
offline_take_records (ScopeSession *self,
                      GError      **error)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, SLICE_RECORDS);
  guint n = scope_capture_read_records (self->capture, self->load_next, SLICE_RECORDS, records,
                                        error);
  gint64 until = g_get_monotonic_time () + SLICE_USEC;
  guint i;

  for (i = 0; i < n && (i == 0 || g_get_monotonic_time () < until); i++)
    offline_take_record (self, &records[i], self->load_next + i);
  if (i < n)
    {
      /* what is wrong behind the slice comes up in a later one */
      g_clear_error (error);
      n = i;
    }
  scope_event_list_append (self->events, records, n);
  offline_flush_channels (self);
  self->load_next += n;
  return n;
}

/* A row that is damaged is no end in what was saved: it is a hole, like those that are missing. */
static gboolean
offline_skip_row (ScopeSession *self)
{
  const ScopeRecord hole = { 0 };

  if (self->load_next > scope_capture_count (self->capture))
    return FALSE;
  scope_event_list_append (self->events, &hole, 1);
  self->load_next++;
  return TRUE;
}

/* TRUE if there may be more, and now. */
static gboolean
offline_load_slice (ScopeSession *self,
                    gboolean     *waits)
{
  g_autoptr (GError) error = NULL;
  guint n = offline_take_records (self, &error);

  *waits = FALSE;
  if (error == NULL)
    return n > 0;
  *waits = offline_salvage (self, error);
  return !*waits && offline_skip_row (self);
}

static void
offline_finish (ScopeSession *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->events));
  g_autoptr (ScopeEventItem) last = NULL;

  if (n > 0)
    last = g_list_model_get_item (G_LIST_MODEL (self->events), n - 1);
  if (last != NULL)
    offline_end_history (self, scope_event_item_get_record (last)->time_usec);
  _scope_session_notify (self, PROP_LOADING);
}

static gboolean
offline_load_cb (gpointer user_data)
{
  g_autoptr (ScopeSession) self = g_object_ref (SCOPE_SESSION (user_data));
  gboolean waits;

  if (offline_load_slice (self, &waits))
    return G_SOURCE_CONTINUE;

  self->load_id = 0;
  if (!waits)
    offline_finish (self);
  return G_SOURCE_REMOVE;
}

void
_scope_session_start_loading (ScopeSession *self)
{
  g_autofree char *shown = g_filename_display_name (scope_capture_get_path (self->capture));

  self->load_next = scope_capture_get_first_sequence (self->capture);
  scope_event_list_start_at (self->events, self->load_next);
  self->recording_text = g_steal_pointer (&shown);
  self->recording_problem = g_strdup (scope_capture_get_warning (self->capture));
  _scope_session_load_marks (self);
  offline_go_on (self);
}

void
_scope_session_stop_loading (ScopeSession *self)
{
  g_clear_error (&self->damage);
  g_clear_handle_id (&self->load_id, g_source_remove);
}
