/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-capture-info"

#include "config.h"

#include "session/scope-capture-info.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-capture.h"
#include "capture/scope-file-lock.h"
#include "capture/scope-recorder.h"
#include "capture/scope-settle.h"

#define SUFFIX ".channelscope"

struct _ScopeCaptureInfo
{
  GObject parent_instance;

  char *path;
  char *name;
  gint64 first_usec;
  gint64 last_usec;
  gint64 changed_usec;
  guint64 count;
  guint64 size;
  gboolean is_recording;
  gboolean is_damaged;
};

G_DEFINE_FINAL_TYPE (ScopeCaptureInfo, scope_capture_info, G_TYPE_OBJECT)

static void
scope_capture_info_finalize (GObject *object)
{
  ScopeCaptureInfo *self = SCOPE_CAPTURE_INFO (object);

  g_free (self->path);
  g_free (self->name);
  G_OBJECT_CLASS (scope_capture_info_parent_class)->finalize (object);
}

static void
scope_capture_info_class_init (ScopeCaptureInfoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_capture_info_finalize;
}

static void
scope_capture_info_init (ScopeCaptureInfo *self)
{
}

/* ---- one file ---- */

static guint64
capture_info_get_file_size (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? status.st_size : 0;
}

static ScopeCaptureInfo *
capture_info_new (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  ScopeCaptureInfo *self;
  GStatBuf status;

  if (g_stat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return NULL;
  self = g_object_new (SCOPE_TYPE_CAPTURE_INFO, NULL);
  self->path = g_strdup (path);
  self->name = g_filename_display_basename (path);
  if (g_str_has_suffix (self->name, SUFFIX))
    self->name[strlen (self->name) - strlen (SUFFIX)] = '\0';
  self->size = status.st_size + capture_info_get_file_size (wal);
  self->changed_usec = (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC
                       + status.st_mtim.tv_nsec / 1000;
  return self;
}

/* FALSE: it is no capture. settles: it is one of the user's own recordings. */
static gboolean
capture_info_look_into (ScopeCaptureInfo *self,
                        gboolean          settles)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  const char *profile;
  ScopeRecord record = { 0 };
  guint64 first;
  guint64 last;

  if (settles)
    scope_capture_settle (self->path);
  capture = scope_capture_peek (self->path, &error);
  self->is_recording = scope_file_lock_is_held (self->path);
  self->is_damaged = capture == NULL;
  if (capture == NULL)
    return !g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE_FOREIGN);

  profile = scope_capture_get_meta (capture, "profile");
  /* a name that somebody gave the file says more */
  if (profile != NULL && *profile != '\0' && scope_recorder_is_new_name (self->name, profile))
    {
      g_free (self->name);
      self->name = g_strdup (profile);
    }
  first = scope_capture_get_first_sequence (capture);
  last = scope_capture_count (capture);
  self->count = last >= first ? last - first + 1 : 0;
  self->first_usec = scope_capture_get_first_time (capture);
  if (scope_capture_read_records (capture, last, 1, &record, NULL) == 1)
    self->last_usec = record.time_usec;
  return TRUE;
}

/* ---- all of them ---- */

typedef struct
{
  GStrv others;
  GListStore *all; /* the user's recordings */
  guint64 total;
  guint n;
} CaptureScan;

static void
capture_scan_free (CaptureScan *scan)
{
  g_strfreev (scan->others);
  g_object_unref (scan->all);
  g_free (scan);
}

static int
capture_info_compare (gconstpointer a,
                      gconstpointer b,
                      gpointer      user_data)
{
  const ScopeCaptureInfo *x = a;
  const ScopeCaptureInfo *y = b;

  return (x->changed_usec < y->changed_usec) - (x->changed_usec > y->changed_usec);
}

static void
capture_scan_directory (CaptureScan *scan,
                        GListStore  *found)
{
  g_autofree char *directory = scope_capture_info_dup_directory ();
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autoptr (ScopeCaptureInfo) info =
        g_str_has_suffix (name, SUFFIX) ? capture_info_new (path) : NULL;

      if (info == NULL)
        continue;
      scan->total += info->size;
      scan->n++;
      g_list_store_append (scan->all, info);
      g_list_store_append (found, info);
    }
}

static void
capture_scan_others (CaptureScan *scan,
                     GListStore  *found)
{
  g_autofree char *directory = scope_capture_info_dup_directory ();

  for (guint i = 0; scan->others != NULL && scan->others[i] != NULL; i++)
    {
      g_autofree char *parent = g_path_get_dirname (scan->others[i]);
      g_autoptr (ScopeCaptureInfo) info =
        strcmp (parent, directory) != 0 ? capture_info_new (scan->others[i]) : NULL;

      if (info != NULL)
        g_list_store_append (found, info);
    }
}

static gboolean
capture_info_is_in (ScopeCaptureInfo *self,
                    const char       *directory)
{
  g_autofree char *parent = g_path_get_dirname (self->path);

  return strcmp (parent, directory) == 0;
}

/* Files have to be opened to be told about: the newest are. */
static GListStore *
capture_scan_look (GListStore   *found,
                   GCancellable *cancellable)
{
  GListStore *list = g_list_store_new (SCOPE_TYPE_CAPTURE_INFO);
  g_autofree char *directory = scope_capture_info_dup_directory ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (found));

  g_list_store_sort (found, capture_info_compare, NULL);
  for (guint i = 0; i < MIN (n, SCOPE_CAPTURE_INFO_MAX); i++)
    {
      g_autoptr (ScopeCaptureInfo) info = g_list_model_get_item (G_LIST_MODEL (found), i);

      if (g_cancellable_is_cancelled (cancellable))
        break;
      if (capture_info_look_into (info, capture_info_is_in (info, directory)))
        g_list_store_append (list, info);
    }
  return list;
}

static void
capture_scan_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  g_autoptr (GListStore) found = g_list_store_new (SCOPE_TYPE_CAPTURE_INFO);

  capture_scan_directory (task_data, found);
  capture_scan_others (task_data, found);
  g_task_return_pointer (task, capture_scan_look (found, cancellable), g_object_unref);
}

/**
 * scope_capture_info_dup_directory:
 *
 * Returns: (transfer full) (type filename): where the user's recordings are
 */
char *
scope_capture_info_dup_directory (void)
{
  return g_build_filename (g_get_user_state_dir (), "channelscope", "captures", NULL);
}

/**
 * scope_capture_info_scan_async:
 * @others: (nullable) (array zero-terminated=1): files elsewhere
 * @cancellable: (nullable): to lose interest
 * @callback: called with the result
 * @user_data: for @callback
 *
 * Looks at the user's recordings and at @others, on a worker thread.
 */
void
scope_capture_info_scan_async (const char * const  *others,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  CaptureScan *scan = g_new0 (CaptureScan, 1);

  scan->others = g_strdupv ((char **) others);
  scan->all = g_list_store_new (SCOPE_TYPE_CAPTURE_INFO);
  g_task_set_source_tag (task, scope_capture_info_scan_async);
  g_task_set_task_data (task, scan, (GDestroyNotify) capture_scan_free);
  g_task_run_in_thread (task, capture_scan_thread);
}

/**
 * scope_capture_info_scan_finish:
 * @result: what the callback got
 * @all: (out) (transfer full): all the user's recordings; those that are not listed have not been
 *   looked into, and some may be no captures
 * @total: (out): bytes of all the user's recordings
 * @n: (out): how many there are
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): the newest `SCOPE_CAPTURE_INFO_MAX` of them and of the others
 */
GListModel *
scope_capture_info_scan_finish (GAsyncResult  *result,
                                GListModel   **all,
                                guint64       *total,
                                guint         *n,
                                GError       **error)
{
  CaptureScan *scan;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  scan = g_task_get_task_data (G_TASK (result));
  *all = G_LIST_MODEL (g_object_ref (scan->all));
  *total = scan->total;
  *n = scan->n;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * scope_capture_info_get_path:
 *
 * Returns: (transfer none) (type filename): where the file is
 */
const char *
scope_capture_info_get_path (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), NULL);

  return self->path;
}

/**
 * scope_capture_info_get_name:
 *
 * Returns: (transfer none): of the profile, or the file's own without its suffix if somebody gave it one
 */
const char *
scope_capture_info_get_name (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), NULL);

  return self->name;
}

/**
 * scope_capture_info_get_first_time:
 *
 * Returns: microseconds since 1970 of the first entry; 0: it is empty, or damaged
 */
gint64
scope_capture_info_get_first_time (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), 0);

  return self->first_usec;
}

/**
 * scope_capture_info_get_last_time:
 *
 * Returns: microseconds since 1970 of the last entry; 0: it is empty, or damaged
 */
gint64
scope_capture_info_get_last_time (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), 0);

  return self->last_usec;
}

/**
 * scope_capture_info_get_count:
 *
 * Returns: how many entries it has
 */
guint64
scope_capture_info_get_count (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), 0);

  return self->count;
}

/**
 * scope_capture_info_get_size:
 *
 * Returns: bytes on disk, with its -wal
 */
guint64
scope_capture_info_get_size (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), 0);

  return self->size;
}

/**
 * scope_capture_info_get_changed:
 *
 * Returns: microseconds since 1970
 */
gint64
scope_capture_info_get_changed (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), 0);

  return self->changed_usec;
}

/**
 * scope_capture_info_is_recording:
 *
 * Returns: whether somebody writes it now
 */
gboolean
scope_capture_info_is_recording (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), FALSE);

  return self->is_recording;
}

/**
 * scope_capture_info_is_damaged:
 *
 * Returns: whether it can't be read as it is; opening salvages
 */
gboolean
scope_capture_info_is_damaged (ScopeCaptureInfo *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE_INFO (self), FALSE);

  return self->is_damaged;
}
