/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "session/scope-detail.h"
#include "session/scope-event-list-private.h"

#include <glib/gi18n-lib.h>

/* The way of an entry: to the recorder, its record to `pending` until it is committed → event list,
 * whose rows read it from the file. When the file can't be written, the recorder gives entries back that
 * are not in it, and they go to the event list by themselves, which keeps the last of them in memory;
 * that state is final. While the disk is full
 * they are shown from memory, with the numbers they will have in the file. When only the queue of
 * the writer is full, entries are let go and counted, and the loss becomes a gap. */

/* Entries that wait in `refused` to see which of the two it is. */
#define MAX_REFUSED SCOPE_KEPT_ENTRIES_RECENT
/* So many settled records stay in `pending`, rather than that the rest moves. */
#define MAX_SETTLED 8192

void
_scope_session_set_recording_problem (ScopeSession *self,
                                      const char   *text)
{
  if (scope_set_str (&self->recording_problem, text))
    _scope_session_notify (self, PROP_RECORDING_PROBLEM);
}

static void
session_set_recording_text (ScopeSession *self,
                            const char   *text)
{
  if (scope_set_str (&self->recording_text, text))
    _scope_session_notify (self, PROP_RECORDING_TEXT);
}

/* The file, and what is not in it any more. */
static void
session_update_recording_text (ScopeSession *self)
{
  g_autofree char *shown = g_filename_display_name (scope_recorder_get_path (self->recorder));
  guint64 n_dropped = scope_event_list_get_n_dropped (self->events);
  g_autofree char *limit = g_format_size_full (self->budget, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *text = NULL;

  if (n_dropped == 0)
    {
      session_set_recording_text (self, shown);
      return;
    }
  /* Translators: a file; a number; a size, "1 GiB" */
  text = g_strdup_printf (_("%s\nOlder events dropped: %llu. The recording is limited to %s."), shown,
                          (unsigned long long) n_dropped, limit);
  session_set_recording_text (self, text);
}

static void
session_dropped_cb (ScopeSession *self,
                    guint64       first)
{
  scope_event_list_drop (self->events, first);
  if (!self->recorder_failed)
    session_update_recording_text (self);
}

/* The disk is slower than the socket: the server waits, instead of entries in our memory, as long as
 * these get written at all. */
static void
session_hold (ScopeSession *self,
              gboolean      hold)
{
  if (self->connection != NULL)
    scope_connection_hold_reading (self->connection, hold);
}

/* Committed */

static void
session_clear_pending (ScopeSession *self)
{
  g_array_set_size (self->pending, 0);
  self->n_settled = 0;
}

static gboolean
session_open_live_capture (ScopeSession *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (self->capture != NULL)
    return TRUE;

  self->capture = scope_capture_open_live (scope_recorder_get_path (self->recorder), self->names,
                                           &error);
  if (self->capture != NULL)
    {
      scope_event_list_set_capture (self->events, self->capture);
      return TRUE;
    }

  text = g_strdup_printf (_("The capture can’t be read back: %s"), error->message);
  _scope_session_set_recording_problem (self, text);
  return FALSE;
}

static void
session_forget_settled (ScopeSession *self)
{
  if (self->n_settled < self->pending->len && self->n_settled <= MAX_SETTLED)
    return;
  g_array_remove_range (self->pending, 0, self->n_settled);
  self->n_settled = 0;
}

/* Numbers are dense: they need not be kept. */
static void
session_show_pending (ScopeSession *self,
                      guint64       up_to)
{
  guint n_pending = self->pending->len - self->n_settled;
  guint64 before = scope_recorder_get_appended (self->recorder) - n_pending;
  const ScopeRecord *records = &g_array_index (self->pending, ScopeRecord, self->n_settled);
  guint n = up_to > before ? MIN (up_to - before, n_pending) : 0;
  guint n_shown = self->last_sequence > before ? MIN (self->last_sequence - before, n) : 0; /* from memory */

  self->n_settled += n;
  if (n > n_shown)
    {
      self->last_sequence = before + n;
      scope_event_list_append (self->events, records + n_shown, n - n_shown);
    }
  session_forget_settled (self);
}

static void
session_committed_cb (ScopeSession *self,
                      guint64       up_to)
{
  /* a row that can't be read back says so itself */
  session_open_live_capture (self);
  _scope_event_list_set_recorded (self->events, up_to);
  session_show_pending (self, up_to);
  if (scope_recorder_get_waiting (self->recorder) < SCOPE_LIMIT_AHEAD_BYTES / 2)
    session_hold (self, FALSE);
}

/* Stalled */

/* What is recorded when there is room, shown now: the recorder bounds how much that can be. Should there
 * be room by now, and something written that we have not been told of yet, the rest comes the same way. */
static void
session_show_waiting (ScopeSession *self)
{
  g_autoptr (GPtrArray) entries = scope_recorder_list_waiting (self->recorder, self->last_sequence);

  if (entries->len == 0
      || ((ScopeEntry *) g_ptr_array_index (entries, 0))->sequence != self->last_sequence + 1)
    return;
  self->last_sequence = ((ScopeEntry *) g_ptr_array_index (entries, entries->len - 1))->sequence;
  _scope_event_list_append_waiting (self->events, (ScopeEntry **) entries->pdata, entries->len);
}

static void
session_stalled_cb (ScopeSession *self,
                    GError       *error)
{
  g_autofree char *limit = g_format_size_full (SCOPE_LIMIT_STALLED_BYTES, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *text = g_strdup_printf (
    _("Recording has stopped: %s. Free some space: it goes on by itself. Until then events are "
      "shown from memory, and kept up to %s of them."),
    error->message, limit);

  self->recorder_stalled = TRUE;
  session_hold (self, FALSE);
  _scope_session_set_recording_problem (self, text);
  session_show_waiting (self);
}

static gboolean session_record_loss (ScopeSession *self,
                                     gint64        now_usec);

static void
session_recorder_state_cb (ScopeSession *self)
{
  if (!self->recorder_stalled
      || scope_recorder_get_state (self->recorder) != SCOPE_RECORDER_RECORDING)
    return;

  _scope_session_set_recording_problem (self, NULL);
  if (self->n_refused > 0)
    session_record_loss (self, scope_clock_get_wall_usec (self->clock));
  self->recorder_stalled = FALSE;
}

/* Failed */

static void
session_show_entries (ScopeSession *self,
                      GPtrArray    *entries)
{
  if (entries->len > 0)
    _scope_event_list_append_entries (self->events, (ScopeEntry **) entries->pdata, entries->len);
}

/* What the recorder accepted in vain, and was not shown while there was no room. */
static void
session_show_unwritten (ScopeSession *self)
{
  g_autoptr (GPtrArray) entries = scope_recorder_list_waiting (self->recorder, self->last_sequence);

  self->last_sequence += entries->len;
  session_show_entries (self, entries);
}

/* What was refused, numbered on from what is there. */
static void
session_show_refused (ScopeSession *self)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);
  ScopeEntry *entry;

  while ((entry = g_queue_pop_head (&self->refused)) != NULL)
    {
      /* Who saw it before saw 0, "not recorded", which is still so: the number is the row's. */
      entry->sequence = ++self->last_sequence;
      g_ptr_array_add (entries, entry);
    }
  self->refused_bytes = 0;
  session_show_entries (self, entries);
}

void
_scope_session_flush_refused (ScopeSession *self)
{
  if (self->recorder_failed)
    session_show_refused (self);
  else if (self->recorder_stalled)
    session_show_waiting (self);
}

static void
session_failed_cb (ScopeSession *self,
                   GError       *error)
{
  g_autofree char *text =
    g_strdup_printf (_("Not recorded any more: %s. Only the last %d events are kept, in memory."),
                     error->message, SCOPE_KEPT_ENTRIES_RECENT);

  self->recorder_failed = TRUE;
  session_hold (self, FALSE);
  self->recorder_stalled = FALSE;
  session_set_recording_text (self, NULL);
  _scope_session_set_recording_problem (self, text);
  session_clear_pending (self);
  session_show_unwritten (self);
  _scope_session_flush_refused (self);
}

/* Starting */

static ScopeRecorder *
session_new_recorder (ScopeSession *self,
                      const char   *path)
{
  g_autofree char *place = scope_profile_dup_place (self->profile);
  const char *app[] = {
    "profile", scope_profile_get_name (self->profile),
    "host",    place,
    "program", "Channelscope " SCOPE_VERSION,
    NULL,
  };

  return scope_recorder_new (path, app, self->names);
}

void
_scope_session_start_recording (ScopeSession *self)
{
  g_autofree char *path = NULL;

  if (self->recorder != NULL || g_strcmp0 (self->capture_path, "") == 0)
    return;

  path = g_strdup (self->capture_path);
  if (path == NULL)
    path = scope_recorder_dup_new_path (scope_profile_get_name (self->profile),
                                        scope_clock_get_wall_usec (self->clock));
  self->recorder = session_new_recorder (self, path);
  scope_recorder_set_budget (self->recorder, self->budget);
  /* a file that was asked for by name is for a script, which wants to know */
  scope_recorder_set_resumes (self->recorder, self->capture_path == NULL);
  g_signal_connect_object (self->recorder, "committed", G_CALLBACK (session_committed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "failed", G_CALLBACK (session_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "dropped", G_CALLBACK (session_dropped_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "stalled", G_CALLBACK (session_stalled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "notify::state", G_CALLBACK (session_recorder_state_cb),
                           self, G_CONNECT_SWAPPED);
  session_update_recording_text (self);
}

/**
 * scope_session_set_recording_budget:
 * @self: a session
 * @bytes: how large a recording may become; 0 for no limit
 *
 * When it becomes larger, its oldest entries go.
 */
void
scope_session_set_recording_budget (ScopeSession *self,
                                    guint64       bytes)
{
  g_return_if_fail (SCOPE_IS_SESSION (self));

  self->budget = bytes;
  if (self->recorder != NULL)
    scope_recorder_set_budget (self->recorder, bytes);
}

/**
 * scope_session_get_recording_budget:
 * @self: a session
 *
 * Returns: what scope_session_set_recording_budget() said
 */
guint64
scope_session_get_recording_budget (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), 0);

  return self->budget;
}

static void
session_clear_refused (ScopeSession *self)
{
  g_queue_clear_full (&self->refused, (GDestroyNotify) scope_entry_unref);
  self->refused_bytes = 0;
}

void
_scope_session_clear_recording (ScopeSession *self)
{
  session_clear_pending (self);
  session_clear_refused (self);
  g_clear_object (&self->recorder);
}

/* Recording */

static void
session_keep_refused (ScopeSession *self,
                      ScopeEntry   *entry)
{
  if (self->n_refused++ == 0)
    self->refused_since_usec = entry->time_usec;
  g_queue_push_tail (&self->refused, scope_entry_ref (entry));
  self->refused_bytes += scope_entry_get_size (entry);
  while (g_queue_get_length (&self->refused) > MAX_REFUSED
         || self->refused_bytes > SCOPE_LIMIT_STALLED_BYTES)
    {
      g_autoptr (ScopeEntry) oldest = g_queue_pop_head (&self->refused);

      self->refused_bytes -= scope_entry_get_size (oldest);
    }
  if (self->recorder_failed)
    _scope_session_schedule_flush (self);
}

static gboolean
session_append (ScopeSession *self,
                ScopeEntry   *entry)
{
  ScopeRecord record;

  if (scope_recorder_append (self->recorder, entry) == 0)
    return FALSE;

  scope_entry_to_record (entry, &record);
  g_array_append_val (self->pending, record);
  if (self->recorder_stalled)
    _scope_session_schedule_flush (self);
  else if (scope_recorder_get_waiting (self->recorder) >= SCOPE_LIMIT_AHEAD_BYTES)
    session_hold (self, TRUE);
  return TRUE;
}

static char *
session_dup_loss (ScopeSession *self)
{
  if (self->recorder_stalled)
    return g_strdup_printf (ngettext ("%lu entry was not kept while the disk was full",
                                      "%lu entries were not kept while the disk was full",
                                      self->n_refused),
                            self->n_refused);
  return g_strdup_printf (ngettext ("%lu entry could not be recorded in time",
                                    "%lu entries could not be recorded in time", self->n_refused),
                          self->n_refused);
}

/* The recorder takes entries again: first what was lost, then the next one. */
static gboolean
session_record_loss (ScopeSession *self,
                     gint64        now_usec)
{
  g_autoptr (ScopeEntry) gap = scope_entry_new (SCOPE_ENTRY_GAP, now_usec);
  g_autofree char *reason = session_dup_loss (self);

  gap->detail = _scope_detail_new_gap (self->refused_since_usec,
                                       MAX (now_usec - self->refused_since_usec, 0), reason);
  if (!session_append (self, gap))
    return FALSE;

  self->n_refused = 0;
  session_clear_refused (self);
  _scope_session_set_recording_problem (self, reason);
  _scope_session_emit_entry (self, gap);
  return TRUE;
}

void
_scope_session_record (ScopeSession *self,
                       ScopeEntry   *entry)
{
  if (self->recorder == NULL)
    return;

  if (self->recorder_failed ||
      (self->n_refused > 0 && self->recorder_stalled) ||
      (self->n_refused > 0 && !session_record_loss (self, entry->time_usec)) ||
      !session_append (self, entry))
    session_keep_refused (self, entry);
}
