/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "session/scope-detail.h"
#include "session/scope-event-list-private.h"

#include <glib/gi18n-lib.h>

/* The way of an entry: recorder → `pending` until it is committed → event list, whose rows read it
 * from the file. When the file can't be written, entries that are not in it go to the event list
 * by themselves, which keeps the last of them in memory; that state is final. When only the queue
 * of the writer is full, entries are let go and counted, and the loss becomes a gap. */

/* Entries that wait in `refused` to see which of the two it is. */
#define MAX_REFUSED SCOPE_EVENT_LIST_RECENT

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

/* Committed */

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
session_show_pending (ScopeSession *self,
                      guint64       up_to)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (ScopeRecord));
  ScopeEntry *entry;

  while ((entry = g_queue_peek_head (&self->pending)) != NULL && entry->sequence <= up_to)
    {
      ScopeRecord record;

      scope_entry_to_record (entry, &record);
      g_array_append_val (records, record);
      self->last_sequence = entry->sequence;
      scope_entry_unref (g_queue_pop_head (&self->pending));
    }
  if (records->len > 0)
    scope_event_list_append (self->events, (ScopeRecord *) records->data, records->len);
}

static void
session_committed_cb (ScopeSession *self,
                      guint64       up_to)
{
  /* a row that can't be read back says so itself */
  session_open_live_capture (self);
  session_show_pending (self, up_to);
}

/* Failed */

/* Everything in the queue goes to the list, numbered on from what is there. */
static void
session_show_from_memory (ScopeSession *self,
                          GQueue       *queue)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);
  ScopeEntry *entry;

  while ((entry = g_queue_pop_head (queue)) != NULL)
    {
      /* Who saw it before saw 0, "not recorded", which is still so: the number is the row's. */
      entry->sequence = ++self->last_sequence;
      g_ptr_array_add (entries, entry);
    }
  if (entries->len > 0)
    _scope_event_list_append_entries (self->events, (ScopeEntry **) entries->pdata, entries->len);
}

void
_scope_session_flush_refused (ScopeSession *self)
{
  if (self->recorder_failed)
    session_show_from_memory (self, &self->refused);
}

static void
session_failed_cb (ScopeSession *self,
                   GError       *error)
{
  g_autofree char *text =
    g_strdup_printf (_("Not recorded any more: %s. Only the last %d events are kept, in memory."),
                     error->message, SCOPE_EVENT_LIST_RECENT);

  self->recorder_failed = TRUE;
  session_set_recording_text (self, NULL);
  _scope_session_set_recording_problem (self, text);
  session_show_from_memory (self, &self->pending);
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
  g_autofree char *shown = NULL;

  if (self->recorder != NULL || g_strcmp0 (self->capture_path, "") == 0)
    return;

  path = g_strdup (self->capture_path);
  if (path == NULL)
    path = scope_recorder_dup_new_path (scope_profile_get_name (self->profile),
                                        scope_clock_get_wall_usec (self->clock));
  self->recorder = session_new_recorder (self, path);
  g_signal_connect_object (self->recorder, "committed", G_CALLBACK (session_committed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "failed", G_CALLBACK (session_failed_cb), self,
                           G_CONNECT_SWAPPED);

  shown = g_filename_display_name (path);
  session_set_recording_text (self, shown);
}

static void
session_clear_queue (GQueue *queue)
{
  g_queue_clear_full (queue, (GDestroyNotify) scope_entry_unref);
}

void
_scope_session_clear_recording (ScopeSession *self)
{
  session_clear_queue (&self->pending);
  session_clear_queue (&self->refused);
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
  if (g_queue_get_length (&self->refused) > MAX_REFUSED)
    scope_entry_unref (g_queue_pop_head (&self->refused));
  if (self->recorder_failed)
    _scope_session_schedule_flush (self);
}

static gboolean
session_append (ScopeSession *self,
                ScopeEntry   *entry)
{
  if (scope_recorder_append (self->recorder, entry) == 0)
    return FALSE;

  g_queue_push_tail (&self->pending, scope_entry_ref (entry));
  return TRUE;
}

/* The recorder takes entries again: first what was lost, then the next one. */
static gboolean
session_record_loss (ScopeSession *self,
                     gint64        now_usec)
{
  g_autoptr (ScopeEntry) gap = scope_entry_new (SCOPE_ENTRY_GAP, now_usec);
  g_autofree char *reason =
    g_strdup_printf (ngettext ("%lu entry could not be recorded in time",
                               "%lu entries could not be recorded in time", self->n_refused),
                     self->n_refused);

  gap->detail = _scope_detail_new_gap (self->refused_since_usec,
                                       MAX (now_usec - self->refused_since_usec, 0), reason);
  if (!session_append (self, gap))
    return FALSE;

  self->n_refused = 0;
  session_clear_queue (&self->refused);
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
      (self->n_refused > 0 && !session_record_loss (self, entry->time_usec)) ||
      !session_append (self, entry))
    session_keep_refused (self, entry);
}
