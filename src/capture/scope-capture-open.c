/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-capture"

#include "config.h"

#include "capture/scope-capture-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "capture/scope-salvage.h"
#include "capture/scope-settle.h"

/* How a capture is opened, and what is done if it turns out to be damaged. */

static gboolean
scope_capture_read_in (ScopeCapture  *self,
                       const char    *path,
                       GError       **error)
{
  gboolean loaded;

  /* a recorder that closes the file right now takes off every reader it knows of */
  self->reader = _scope_reader_new (path);
  _scope_reader_lock_unopened (self->reader);
  loaded = _scope_capture_load (self, error);
  _scope_reader_unlock (self->reader);
  return loaded;
}

static ScopeCapture *
scope_capture_new (const char  *path,
                   ScopeNames  *names,
                   GError     **error)
{
  g_autoptr (ScopeCapture) self = g_object_new (SCOPE_TYPE_CAPTURE, NULL);

  self->path = g_strdup (path);
  self->is_live = names != NULL;
  self->names = names != NULL ? g_object_ref (names) : scope_names_new ();
  if (!_scope_capture_check_file (self, error) || !scope_capture_read_in (self, path, error))
    return NULL;
  return g_steal_pointer (&self);
}

static char *
scope_capture_explain_salvage (const ScopeSalvage *salvage)
{
  guint64 n = salvage->last + 1 - salvage->first + salvage->n_left_out;
  g_autofree char *lost = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u name is unknown.", "%u names are unknown.",
                   salvage->n_lost_names), salvage->n_lost_names);
  g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "This capture is damaged: %llu of %llu entry could be read. What is missing after "
                   "the last one is not known. The file was left as it is.",
                   "This capture is damaged: %llu of %llu entries could be read. What is missing after "
                   "the last one is not known. The file was left as it is.", n),
      (unsigned long long) salvage->n_found, (unsigned long long) n);

  if (salvage->n_lost_names == 0)
    return g_steal_pointer (&text);
  return g_strjoin (" ", text, lost, NULL);
}

/* What can be read of a damaged file, from a copy of it; NULL: nothing. */
static ScopeCapture *
scope_capture_new_salvaged (const char *path)
{
  g_autoptr (ScopeCapture) self = g_object_new (SCOPE_TYPE_CAPTURE, NULL);
  ScopeSalvage salvage;

  self->path = g_strdup (path);
  self->names = scope_names_new ();
  self->copy = _scope_salvage_new_target (&self->copy_lock);
  if (self->copy == NULL || !_scope_salvage_run (path, self->copy, &salvage)
      || !scope_capture_read_in (self, self->copy, NULL))
    return NULL;
  self->n_lost = salvage.last + 1 - salvage.first - MIN (salvage.n_found,
                                                         salvage.last + 1 - salvage.first)
                 + salvage.n_left_out;
  g_free (self->warning);
  self->warning = scope_capture_explain_salvage (&salvage);
  return g_steal_pointer (&self);
}

/* Another program's file is not worth a look, but one that lost its beginning is. */
static gboolean
scope_capture_may_be_salvaged (const char   *path,
                               const GError *error)
{
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE_FOREIGN))
    return g_str_has_suffix (path, ".channelscope") && g_file_test (path, G_FILE_TEST_IS_REGULAR)
           && !_scope_salvage_has_header (path);
  return g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
}

static ScopeCapture *
scope_capture_open_or_salvage (const char  *path,
                               GError     **error)
{
  g_autoptr (GError) problem = NULL;
  ScopeCapture *self = scope_capture_new (path, NULL, &problem);

  if (self == NULL && scope_capture_may_be_salvaged (path, problem))
    self = scope_capture_new_salvaged (path);
  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return self;
}

static void
scope_capture_open_thread (GTask        *task,
                           gpointer      source_object,
                           gpointer      task_data,
                           GCancellable *cancellable)
{
  GError *error = NULL;
  ScopeCapture *capture;

  scope_capture_settle (task_data);
  capture = scope_capture_open_or_salvage (task_data, &error);

  if (capture != NULL)
    g_task_return_pointer (task, capture, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * scope_capture_open:
 * @path: (type filename): a capture
 * @error: return location for an error
 *
 * Opens a capture of another run, and loads its names. Blocks.
 *
 * A capture whose program crashed is recovered from its -wal as far as that goes, in memory: the
 * file stays as it is. See scope_capture_get_warning().
 *
 * Returns: (transfer full): the capture; %NULL with `SCOPE_ERROR_NOT_FOUND`,
 *   `SCOPE_ERROR_CAPTURE_FOREIGN` or `SCOPE_ERROR_CAPTURE`
 */
ScopeCapture *
scope_capture_open (const char  *path,
                    GError     **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return scope_capture_open_or_salvage (path, error);
}

/**
 * scope_capture_peek:
 * @path: (type filename): a capture
 * @error: return location for an error
 *
 * scope_capture_open() without trying to save what is damaged. Blocks.
 *
 * Returns: (transfer full): the capture, or %NULL
 */
ScopeCapture *
scope_capture_peek (const char  *path,
                    GError     **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return scope_capture_new (path, NULL, error);
}

/**
 * scope_capture_salvage:
 *
 * For a capture whose entries turn out to be damaged: reads what can be read of it into a copy,
 * under the same sequence numbers; scope_capture_get_warning() tells how much that is. Blocks.
 *
 * Returns: (transfer full) (nullable): a capture of it; %NULL if there is no more to be had
 */
ScopeCapture *
scope_capture_salvage (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return self->copy == NULL && !self->is_live ? scope_capture_new_salvaged (self->path) : NULL;
}

static void
scope_capture_salvage_thread (GTask        *task,
                              gpointer      source_object,
                              gpointer      task_data,
                              GCancellable *cancellable)
{
  g_task_return_pointer (task, scope_capture_salvage (SCOPE_CAPTURE (source_object)),
                         g_object_unref);
}

/**
 * scope_capture_salvage_async:
 * @cancellable: (nullable): to lose interest
 * @callback: called with the result
 * @user_data: for @callback
 *
 * scope_capture_salvage() on a worker thread.
 */
void
scope_capture_salvage_async (ScopeCapture        *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SCOPE_IS_CAPTURE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_capture_salvage_async);
  g_task_run_in_thread (task, scope_capture_salvage_thread);
}

/**
 * scope_capture_salvage_finish:
 * @result: what the callback got
 *
 * Returns: (transfer full) (nullable): the capture, or %NULL
 */
ScopeCapture *
scope_capture_salvage_finish (ScopeCapture *self,
                              GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * scope_capture_open_async:
 * @path: (type filename): a capture
 * @cancellable: (nullable): to lose interest
 * @callback: called with the result
 * @user_data: for @callback
 *
 * scope_capture_open() on a worker thread, after scope_capture_settle(). Its errors, and `G_IO_ERROR_CANCELLED`.
 */
void
scope_capture_open_async (const char          *path,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (path != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_capture_open_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, scope_capture_open_thread);
}

/**
 * scope_capture_open_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the capture, or %NULL
 */
ScopeCapture *
scope_capture_open_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * scope_capture_open_live:
 * @path: (type filename): the file a recorder of this process writes
 * @names: the recorder's names
 * @error: return location for an error
 *
 * Opens the file while it is written: after the recorder's first `committed`, or `state` recording.
 * It stays readable when the recorder closes.
 *
 * Returns: (transfer full): the capture, or %NULL
 */
ScopeCapture *
scope_capture_open_live (const char  *path,
                         ScopeNames  *names,
                         GError     **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (SCOPE_IS_NAMES (names), NULL);

  return scope_capture_new (path, names, error);
}
