/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-transfer"

#include "config.h"

#include "capture/scope-transfer-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/scope-error.h"
#include "capture/scope-copy.h"
#include "capture/scope-file-lock.h"
#include "capture/scope-output-file.h"

#define PROGRESS_MSEC 100

struct _ScopeTransfer
{
  GObject parent_instance;

  GCancellable *cancellable;
  GMutex mutex; /* of the two below, which the worker writes */
  guint64 done;
  guint64 total;
  guint64 told; /* done, as it was last notified */
  guint progress_id;
};

enum
{
  PROP_0,
  PROP_DONE,
  PROP_TOTAL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeTransfer, scope_transfer, G_TYPE_OBJECT)

static void
transfer_run_free (gpointer data)
{
  ScopeTransferRun *self = data;

  g_clear_pointer (&self->plan, scope_transfer_plan_free);
  g_clear_pointer (&self->preview, scope_transfer_preview_free);
  g_clear_pointer (&self->fields, g_hash_table_unref);
  g_clear_object (&self->file);
  g_free (self->path);
  g_free (self);
}

/**
 * scope_transfer_plan_new:
 * @capture: what leaves
 *
 * Returns: (transfer full): all of it, as it is
 */
ScopeTransferPlan *
scope_transfer_plan_new (ScopeCapture      *capture,
                         ScopeExportFormat  format)
{
  ScopeTransferPlan *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);

  self = g_new0 (ScopeTransferPlan, 1);
  self->capture = g_object_ref (capture);
  self->format = format;
  return self;
}

/**
 * scope_transfer_plan_free:
 * @self: (nullable)
 */
void
scope_transfer_plan_free (ScopeTransferPlan *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->capture);
  g_clear_pointer (&self->rows, g_array_unref);
  g_free (self->rules);
  g_strfreev (self->columns);
  g_strfreev (self->paths);
  g_free (self);
}

/* --- progress --- */

static void
transfer_progress_cb (guint64  done,
                      guint64  total,
                      gpointer user_data)
{
  ScopeTransferRun *run = user_data;

  g_mutex_lock (&run->transfer->mutex);
  run->transfer->done = done;
  run->transfer->total = total;
  g_mutex_unlock (&run->transfer->mutex);
}

static void
transfer_import_progress_cb (guint64  bytes,
                             gpointer user_data)
{
  ScopeTransferRun *run = user_data;

  g_mutex_lock (&run->transfer->mutex);
  run->transfer->done = bytes;
  g_mutex_unlock (&run->transfer->mutex);
}

static guint64
transfer_get (ScopeTransfer *self,
              const guint64 *number)
{
  guint64 value;

  g_mutex_lock (&self->mutex);
  value = *number;
  g_mutex_unlock (&self->mutex);
  return value;
}

static gboolean
transfer_tell_cb (gpointer user_data)
{
  ScopeTransfer *self = user_data;
  guint64 done = transfer_get (self, &self->done);

  if (self->told == done)
    return G_SOURCE_CONTINUE;
  self->told = done;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
  return G_SOURCE_CONTINUE;
}

/* --- on the worker --- */

/**
 * _scope_transfer_run_new_redaction:
 * @redaction: (out): by the plan's rules; left as it is without any
 *
 * Returns: whether the rules are fit for use
 */
gboolean
_scope_transfer_run_new_redaction (ScopeTransferRun     *run,
                                   ScopeRedaction **redaction,
                                   GError         **error)
{
  if (run->plan->rules == NULL)
    return TRUE;
  *redaction = scope_redaction_new (run->plan->rules, error);
  return *redaction != NULL;
}

/**
 * _scope_transfer_run_init_options:
 * @redaction: (nullable): stays the caller's
 * @options: (out caller-allocates): by the plan, whose arrays they share
 */
void
_scope_transfer_run_init_options (ScopeTransferRun        *run,
                                  ScopeRedaction     *redaction,
                                  ScopeExportOptions *options)
{
  ScopeTransferPlan *plan = run->plan;

  *options = (ScopeExportOptions) {
    .format = plan->format == SCOPE_EXPORT_CSV ? SCOPE_EXPORT_CSV : SCOPE_EXPORT_NDJSON,
    .redaction = redaction,
    .rows = plan->rows != NULL ? (gconstpointer) plan->rows->data : NULL,
    .n_rows = plan->rows != NULL ? plan->rows->len : 0,
    .last = plan->last,
    .columns = (const char * const *) plan->columns,
    .paths = (const char * const *) plan->paths,
    .progress = transfer_progress_cb,
    .user_data = run,
  };
}

/* SQLite would take a -wal that stands there for the new file's, and bring back what it replaced. */
static gboolean
transfer_has_wal (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  return g_file_test (wal, G_FILE_TEST_EXISTS) || g_file_test (journal, G_FILE_TEST_EXISTS);
}

/* The file would take the place of what it is made from, or of one that is in use. */
static gboolean
transfer_check_place (ScopeTransferRun  *run,
                      GError      **error)
{
  GStatBuf from, to;

  if (scope_file_lock_is_held (run->path))
    return scope_error_usage (error, _("This file is being recorded into: choose another name"));
  if (run->plan->format == SCOPE_EXPORT_CAPTURE && transfer_has_wal (run->path))
    return scope_error_usage (error, _("A capture that was not closed stands there: choose another name"));
  if (g_stat (scope_capture_get_path (run->plan->capture), &from) != 0 || g_stat (run->path, &to) != 0
      || from.st_dev != to.st_dev || from.st_ino != to.st_ino)
    return TRUE;
  return scope_error_usage (error, _("This file is the capture itself: choose another name"));
}

static gboolean
transfer_write_capture (ScopeTransferRun         *run,
                        ScopeOutputFile     *file,
                        ScopeExportOptions  *options,
                        GCancellable        *cancellable,
                        GError             **error)
{
  const char *path = scope_output_file_get_temporary (file);

  if (options->redaction != NULL || options->rows != NULL)
    return scope_export_run_capture (run->plan->capture, path, options, &run->counts, cancellable, error);
  run->counts.written = scope_capture_count (run->plan->capture) + 1
                        - scope_capture_get_first_sequence (run->plan->capture);
  return scope_copy_run (run->plan->capture, path, transfer_progress_cb, run, cancellable, error);
}

static gboolean
transfer_write_lines (ScopeTransferRun         *run,
                      ScopeOutputFile     *file,
                      ScopeExportOptions  *options,
                      GCancellable        *cancellable,
                      GError             **error)
{
  GOutputStream *stream = scope_output_file_open (file, error);

  if (stream == NULL)
    return FALSE;
  if (scope_export_run (run->plan->capture, stream, options, &run->counts, cancellable, error))
    return TRUE;
  scope_output_file_explain (file, error);
  return FALSE;
}

static gboolean
transfer_write (ScopeTransferRun   *run,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr (ScopeOutputFile) file = scope_output_file_new (run->path);
  g_autoptr (ScopeRedaction) redaction = NULL;
  ScopeExportOptions options;
  gboolean done;

  if (!transfer_check_place (run, error) || !_scope_transfer_run_new_redaction (run, &redaction, error))
    return FALSE;
  _scope_transfer_run_init_options (run, redaction, &options);
  if (run->plan->format == SCOPE_EXPORT_CAPTURE)
    done = transfer_write_capture (run, file, &options, cancellable, error);
  else
    done = transfer_write_lines (run, file, &options, cancellable, error);
  return done && scope_output_file_commit (file, error);
}

static void
transfer_export_thread (GTask        *task,
                        gpointer      source_object,
                        gpointer      task_data,
                        GCancellable *cancellable)
{
  GError *error = NULL;

  if (transfer_write (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
transfer_preview_thread (GTask        *task,
                         gpointer      source_object,
                         gpointer      task_data,
                         GCancellable *cancellable)
{
  ScopeTransferRun *run = task_data;
  GError *error = NULL;

  if (_scope_transfer_run_look (run, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&run->preview),
                           (GDestroyNotify) scope_transfer_preview_free);
  else
    g_task_return_error (task, error);
}

static void
transfer_find_size (ScopeTransferRun      *run,
                    GFileInputStream *stream)
{
  g_autoptr (GFileInfo) info =
      g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);

  if (info != NULL)
    transfer_progress_cb (0, g_file_info_get_size (info), run);
}

static void
transfer_import_thread (GTask        *task,
                        gpointer      source_object,
                        gpointer      task_data,
                        GCancellable *cancellable)
{
  ScopeTransferRun *run = task_data;
  ScopeImportOptions options = { .progress = transfer_import_progress_cb, .user_data = run };
  GError *error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (run->file, cancellable, &error);
  ScopeImportResult *result = NULL;

  if (stream != NULL)
    {
      transfer_find_size (run, stream);
      result = scope_import_run (G_INPUT_STREAM (stream), run->path, &options, cancellable, &error);
    }
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) scope_import_result_free);
  else
    g_task_return_error (task, error);
}

/* --- class --- */

static void
scope_transfer_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ScopeTransfer *self = SCOPE_TRANSFER (object);

  switch (prop_id)
    {
    case PROP_DONE:
      g_value_set_uint64 (value, transfer_get (self, &self->done));
      break;
    case PROP_TOTAL:
      g_value_set_uint64 (value, transfer_get (self, &self->total));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_transfer_finalize (GObject *object)
{
  ScopeTransfer *self = SCOPE_TRANSFER (object);

  g_clear_handle_id (&self->progress_id, g_source_remove);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (scope_transfer_parent_class)->finalize (object);
}

static void
scope_transfer_class_init (ScopeTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = scope_transfer_finalize;
  object_class->get_property = scope_transfer_get_property;

  properties[PROP_DONE] = g_param_spec_uint64 ("done", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_transfer_init (ScopeTransfer *self)
{
  g_mutex_init (&self->mutex);
  self->cancellable = g_cancellable_new ();
}

/**
 * scope_transfer_new:
 *
 * Returns: (transfer full): one that was not started
 */
ScopeTransfer *
scope_transfer_new (void)
{
  return g_object_new (SCOPE_TYPE_TRANSFER, NULL);
}

/**
 * scope_transfer_cancel:
 *
 * Ends it with `G_IO_ERROR_CANCELLED`, unless it is done already.
 */
void
scope_transfer_cancel (ScopeTransfer *self)
{
  g_return_if_fail (SCOPE_IS_TRANSFER (self));

  g_cancellable_cancel (self->cancellable);
}

/* The task holds the transfer, and the transfer its timer. A file that was made stays, so what the worker says counts. */
static void
transfer_start (ScopeTransfer       *self,
                ScopeTransferRun         *run,
                gpointer             source_tag,
                GTaskThreadFunc      func,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, callback, user_data);

  run->transfer = self;
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, run, transfer_run_free);
  g_task_set_check_cancellable (task, FALSE);
  self->progress_id = g_timeout_add (PROGRESS_MSEC, transfer_tell_cb, self);
  g_task_run_in_thread (task, func);
}

static void
transfer_end (ScopeTransfer *self)
{
  g_clear_handle_id (&self->progress_id, g_source_remove);
}

/**
 * scope_transfer_export_async:
 * @plan: (transfer full): what leaves
 * @path: (type filename): where to
 */
void
scope_transfer_export_async (ScopeTransfer       *self,
                             ScopeTransferPlan   *plan,
                             const char          *path,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  ScopeTransferRun *run;

  g_return_if_fail (SCOPE_IS_TRANSFER (self) && self->progress_id == 0);
  g_return_if_fail (plan != NULL && path != NULL);

  run = g_new0 (ScopeTransferRun, 1);
  run->plan = plan;
  run->path = g_strdup (path);
  transfer_start (self, run, scope_transfer_export_async, transfer_export_thread, callback, user_data);
}

/**
 * scope_transfer_export_finish:
 * @counts: (out) (optional): what was done, also on failure
 *
 * Returns: whether the file is there
 */
gboolean
scope_transfer_export_finish (ScopeTransfer      *self,
                              GAsyncResult       *result,
                              ScopeExportResult  *counts,
                              GError            **error)
{
  ScopeTransferRun *run;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  run = g_task_get_task_data (G_TASK (result));
  if (counts != NULL)
    *counts = run->counts;
  transfer_end (self);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * scope_transfer_preview_async:
 * @plan: (transfer full): what would leave
 * @n_lines: how many lines of it; 0: all of it, but only counted
 */
void
scope_transfer_preview_async (ScopeTransfer       *self,
                              ScopeTransferPlan   *plan,
                              guint                n_lines,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  ScopeTransferRun *run;

  g_return_if_fail (SCOPE_IS_TRANSFER (self) && self->progress_id == 0);
  g_return_if_fail (plan != NULL);

  run = g_new0 (ScopeTransferRun, 1);
  run->plan = plan;
  run->n_lines = n_lines;
  transfer_start (self, run, scope_transfer_preview_async, transfer_preview_thread, callback, user_data);
}

/**
 * scope_transfer_preview_finish:
 *
 * Returns: (transfer full): what it would look like; %NULL with SCOPE_ERROR_USAGE or `G_IO_ERROR_CANCELLED`
 */
ScopeTransferPreview *
scope_transfer_preview_finish (ScopeTransfer  *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  transfer_end (self);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * scope_transfer_import_async:
 * @file: what is read
 * @path: (type filename): of the capture that is made
 */
void
scope_transfer_import_async (ScopeTransfer       *self,
                             GFile               *file,
                             const char          *path,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  ScopeTransferRun *run;

  g_return_if_fail (SCOPE_IS_TRANSFER (self) && self->progress_id == 0);
  g_return_if_fail (G_IS_FILE (file) && path != NULL);

  run = g_new0 (ScopeTransferRun, 1);
  run->file = g_object_ref (file);
  run->path = g_strdup (path);
  transfer_start (self, run, scope_transfer_import_async, transfer_import_thread, callback, user_data);
}

/**
 * scope_transfer_import_finish:
 *
 * Returns: (transfer full): what was done; %NULL with the error that ended it
 */
ScopeImportResult *
scope_transfer_import_finish (ScopeTransfer  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  transfer_end (self);
  return g_task_propagate_pointer (G_TASK (result), error);
}
