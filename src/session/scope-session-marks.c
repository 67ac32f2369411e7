/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"

/* Bookmarks. Of what is recorded the recorder keeps them. In an opened capture they are read and
 * written by one worker at a time; what is set meanwhile waits for the next. What could not be
 * written is not shown any longer, and told. */

typedef struct
{
  ScopeCapture *capture;
  GPtrArray *changes; /* of ScopeMark; none: only read */
  GPtrArray *marks;   /* what is in the file, if that was asked for */
  char *problem;
} MarkWork;

static GPtrArray *
marks_array_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
}

static void
mark_work_free (MarkWork *work)
{
  g_clear_object (&work->capture);
  g_ptr_array_unref (work->changes);
  g_clear_pointer (&work->marks, g_ptr_array_unref);
  g_free (work->problem);
  g_free (work);
}

static void
mark_work_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  MarkWork *work = task_data;
  g_autoptr (GError) error = NULL;

  if (work->changes->len == 0)
    {
      work->marks = scope_marks_read (work->capture, &work->problem);
    }
  else if (scope_capture_is_salvaged (work->capture))
    {
      g_autofree char *second = NULL;

      work->problem = g_strdup (_("The capture is damaged, and was left as it is: bookmarks can’t "
                                  "be kept in it"));
      work->marks = scope_marks_read (work->capture, &second);
    }
  else if (!scope_marks_write (scope_capture_get_path (work->capture), work->changes, &error))
    {
      g_autofree char *second = NULL;

      work->problem = g_strdup (error->message);
      work->marks = scope_marks_read (work->capture, &second);
    }
  g_task_return_boolean (task, TRUE);
}

static void session_start_marks (ScopeSession *self);

static void
session_marks_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  ScopeSession *self = SCOPE_SESSION (object);
  MarkWork *work = g_task_get_task_data (G_TASK (result));

  self->marks_are_busy = FALSE;
  if (work->marks != NULL)
    {
      /* what was set meanwhile stays, and is written next */
      _scope_mark_list_set_all (self->marks, work->marks);
      for (guint i = 0; i < self->mark_changes->len; i++)
        {
          const ScopeMark *mark = g_ptr_array_index (self->mark_changes, i);

          _scope_mark_list_set (self->marks, mark->sequence, mark->note);
        }
    }
  if (work->problem != NULL)
    _scope_session_emit_problem (self, work->problem);
  if (self->mark_changes->len > 0)
    session_start_marks (self);
  else if (self->closed)
    _scope_session_finish_close (self, NULL);
}

static void
session_start_marks (ScopeSession *self)
{
  MarkWork *work = g_new0 (MarkWork, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, session_marks_cb, NULL);

  work->capture = g_object_ref (self->capture);
  work->changes = g_steal_pointer (&self->mark_changes);
  self->mark_changes = marks_array_new ();
  self->marks_are_busy = TRUE;
  g_task_set_source_tag (task, session_start_marks);
  g_task_set_task_data (task, work, (GDestroyNotify) mark_work_free);
  g_task_run_in_thread (task, mark_work_thread);
}

void
_scope_session_init_marks (ScopeSession *self)
{
  self->marks = scope_mark_list_new ();
  self->mark_changes = marks_array_new ();
}

void
_scope_session_free_marks (ScopeSession *self)
{
  g_clear_object (&self->mutes);
  g_clear_object (&self->marks);
  g_clear_pointer (&self->mark_changes, g_ptr_array_unref);
}

void
_scope_session_load_marks (ScopeSession *self)
{
  session_start_marks (self);
}

gboolean
_scope_session_waits_for_marks (ScopeSession *self)
{
  return self->marks_are_busy;
}

static gboolean
session_check_mark (ScopeSession  *self,
                    guint64        sequence,
                    const char    *note,
                    GError       **error)
{
  if (note == NULL)
    return TRUE;
  if (strlen (note) > SCOPE_LIMIT_NOTE_BYTES || !g_utf8_validate (note, -1, NULL))
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("A note may be %d bytes long; this one has %zu"), SCOPE_LIMIT_NOTE_BYTES,
                   strlen (note));
      return FALSE;
    }
  if (scope_mark_list_get_note (self->marks, sequence) == NULL
      && g_list_model_get_n_items (G_LIST_MODEL (self->marks)) >= SCOPE_LIMIT_MARKS)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("A capture may have %d bookmarks, and this one has them"), SCOPE_LIMIT_MARKS);
      return FALSE;
    }
  return TRUE;
}

static gboolean
session_store_mark (ScopeSession  *self,
                    guint64        sequence,
                    const char    *note,
                    GError       **error)
{
  gint64 now_usec = self->clock != NULL ? scope_clock_get_wall_usec (self->clock)
                                        : g_get_real_time ();

  if (self->profile == NULL)
    {
      g_ptr_array_add (self->mark_changes, scope_mark_new (sequence, now_usec, note));
      if (!self->marks_are_busy)
        session_start_marks (self);
      return TRUE;
    }
  if (self->recorder != NULL && scope_recorder_mark (self->recorder, sequence, now_usec, note))
    return TRUE;
  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
                       _("Nothing is recorded any more: there is no file to keep bookmarks in"));
  return FALSE;
}

/* The profile's, so that they outlast a window; nobody else knows them. */
static ScopeMutes *
session_share_mutes (ScopeProfile *profile)
{
  ScopeMutes *mutes = g_object_get_data (G_OBJECT (profile), "scope-mutes");

  if (mutes != NULL)
    return g_object_ref (mutes);
  mutes = scope_mutes_new ();
  g_object_set_data_full (G_OBJECT (profile), "scope-mutes", g_object_ref (mutes), g_object_unref);
  return mutes;
}

/**
 * scope_session_get_mutes:
 *
 * Returns: (transfer none): the channels that stay out of the log
 */
ScopeMutes *
scope_session_get_mutes (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  if (self->mutes == NULL)
    self->mutes = self->profile != NULL ? session_share_mutes (self->profile) : scope_mutes_new ();
  return self->mutes;
}

/**
 * scope_session_get_marks:
 *
 * Returns: (transfer none): the bookmarks
 */
ScopeMarkList *
scope_session_get_marks (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->marks;
}

/**
 * scope_session_set_mark:
 * @sequence: the number of a row
 * @note: (nullable): what to write beside its bookmark, "" for nothing; %NULL for no bookmark
 * @error: return location for an error
 *
 * Sets a bookmark, changes its note, or takes it away, and keeps that in the capture. Whether the
 * file of an opened capture takes it turns out later: if it does not, the bookmark is as it was, and
 * `problem` says why.
 *
 * Returns: %FALSE with `SCOPE_ERROR_LIMIT`, or `SCOPE_ERROR_CAPTURE` if nothing is recorded
 */
gboolean
scope_session_set_mark (ScopeSession  *self,
                        guint64        sequence,
                        const char    *note,
                        GError       **error)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (sequence > 0, FALSE);

  if (self->closed)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE, _("The capture is closed"));
      return FALSE;
    }
  if (!session_check_mark (self, sequence, note, error)
      || !session_store_mark (self, sequence, note, error))
    return FALSE;
  _scope_mark_list_set (self->marks, sequence, note);
  return TRUE;
}
