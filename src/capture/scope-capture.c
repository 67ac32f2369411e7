/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-capture"

#include "config.h"

#include "capture/scope-capture.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-capture-private.h"
#include "capture/scope-names-private.h"
#include "capture/scope-reader.h"
#include "capture/scope-row.h"
#include "capture/scope-salvage.h"
#include "capture/scope-schema.h"
#include "capture/scope-settle.h"

/* A capture of another run may be anything: an old one, a damaged one, one made to harm. Rows are
 * checked in scope-row.c, the connection is hardened in scope-reader.c. */

/* what a row and its cell take at least: bounds how many a file of some size can hold */
#define MIN_ROW_BYTES 8
#define MAX_META_BYTES 65536

struct _ScopeCapture
{
  GObject parent_instance;

  char *path;
  char *copy; /* what could be read of a damaged file; NULL: the file is not damaged */
  int copy_lock;
  ScopeReader *reader;
  ScopeNames *names;
  GHashTable *meta;
  char *warning;
  guint64 first;
  guint64 n_lost;
  guint64 count;
  gboolean is_live;
};

G_DEFINE_FINAL_TYPE (ScopeCapture, scope_capture, G_TYPE_OBJECT)

static gboolean
scope_capture_fail (ScopeCapture  *self,
                    GError       **error)
{
  _scope_schema_set_error (error, _scope_reader_get_db (self->reader), self->path, FALSE);
  return FALSE;
}

gboolean
_scope_capture_fail_row (ScopeCapture  *self,
                         guint64        sequence,
                         GError       **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, sequence);
  g_autofree char *name = g_filename_display_name (self->path);

  /* Translators: a number, and a file name */
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
               _("Entry %s of the capture “%s” is damaged"), number, name);
  return FALSE;
}

/* --- opening --- */

static gboolean
scope_capture_fail_foreign (ScopeCapture  *self,
                            const char    *reason,
                            GError       **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE_FOREIGN, _("“%s” is no capture: %s"), name,
               reason);
  return FALSE;
}

/* before SQLite sees it: a pipe would block, and its words for a folder are "disk I/O error" */
static gboolean
scope_capture_check_file (ScopeCapture  *self,
                          GError       **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  GStatBuf status;

  if (g_stat (self->path, &status) != 0)
    {
      int saved = errno;

      g_set_error (error, SCOPE_ERROR,
                   saved == ENOENT ? SCOPE_ERROR_NOT_FOUND : SCOPE_ERROR_CAPTURE,
                   _("Couldn’t read the capture “%s”: %s"), name, g_strerror (saved));
      return FALSE;
    }
  if (S_ISDIR (status.st_mode))
    return scope_capture_fail_foreign (self, _("it is a folder"), error);
  if (!S_ISREG (status.st_mode))
    return scope_capture_fail_foreign (self, _("it is not a regular file"), error);
  return TRUE;
}

/* SQLITE_OK with *version -1 if the file is no capture at all */
static int
scope_capture_identify (ScopeCapture *self,
                        gint64       *version)
{
  sqlite3 *db = _scope_reader_get_db (self->reader);
  gint64 id = 0;
  int code = _scope_schema_get_pragma (db, "PRAGMA application_id", &id);

  *version = -1;
  if (code == SQLITE_OK && id == SCOPE_CAPTURE_APPLICATION_ID)
    code = _scope_schema_get_pragma (db, "PRAGMA user_version", version);
  return code;
}

/* The place may be read-only, or what is needed beside the file may not be there: then the file
 * alone is read. */
static gboolean
scope_capture_is_about_place (int code)
{
  code &= 0xff;
  return code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_IOERR
         || code == SQLITE_PROTOCOL || code == SQLITE_PERM;
}

static gboolean
scope_capture_connect (ScopeCapture  *self,
                       gint64        *version,
                       gboolean      *is_immutable,
                       GError       **error)
{
  int code = _scope_reader_open (self->reader, FALSE);

  *is_immutable = FALSE;
  if (code == SQLITE_OK)
    code = scope_capture_identify (self, version);
  if (scope_capture_is_about_place (code))
    {
      g_autoptr (GError) first = NULL;

      scope_capture_fail (self, &first);
      code = _scope_reader_open (self->reader, TRUE);
      if (code == SQLITE_OK)
        code = scope_capture_identify (self, version);
      if (code != SQLITE_OK && code != SQLITE_NOTADB)
        {
          g_propagate_error (error, g_steal_pointer (&first));
          return FALSE;
        }
      *is_immutable = TRUE;
    }
  if (code == SQLITE_NOTADB)
    return scope_capture_fail_foreign (self, _("it is another kind of file"), error);
  return code == SQLITE_OK || scope_capture_fail (self, error);
}

static gboolean
scope_capture_check_version (ScopeCapture  *self,
                             gint64         version,
                             GError       **error)
{
  gboolean is_ours = FALSE;
  GStatBuf status;

  if (version == -1 && g_stat (self->path, &status) == 0 && status.st_size == 0)
    return scope_capture_fail_foreign (self, _("it is empty"), error);
  if (version == -1)
    return scope_capture_fail_foreign (self, _("it is another program’s database"), error);
  if (version > SCOPE_CAPTURE_VERSION)
    return scope_capture_fail_foreign (self, _("a newer version of Channelscope wrote it"), error);
  if (_scope_schema_check (_scope_reader_get_db (self->reader), &is_ours) != SQLITE_OK)
    return scope_capture_fail (self, error);
  if (version < 1 || !is_ours)
    return scope_capture_fail_foreign (self, _("its tables are not those of a capture"), error);
  return TRUE;
}

static gboolean
scope_capture_load_meta (ScopeCapture  *self,
                         GError       **error)
{
  sqlite3 *db = _scope_reader_get_db (self->reader);
  sqlite3_stmt *row = NULL;
  int code = sqlite3_prepare_v2 (db, _scope_schema_select_meta, -1, &row, NULL);

  while (code == SQLITE_OK && (code = sqlite3_step (row)) == SQLITE_ROW)
    {
      const char *key = (const char *) sqlite3_column_text (row, 0);
      const char *value = (const char *) sqlite3_column_text (row, 1);

      if (key != NULL && value != NULL && g_hash_table_size (self->meta) < 1000
          && sqlite3_column_bytes (row, 0) + (gint64) sqlite3_column_bytes (row, 1)
                 <= MAX_META_BYTES)
        g_hash_table_insert (self->meta, g_utf8_make_valid (key, -1),
                             g_utf8_make_valid (value, -1));
      code = SQLITE_OK;
    }
  if (code != SQLITE_DONE)
    scope_capture_fail (self, error);
  sqlite3_finalize (row);
  return code == SQLITE_DONE;
}

static gboolean
scope_capture_load_name (ScopeCapture *self,
                         sqlite3_stmt *row)
{
  const char *name = (const char *) sqlite3_column_text (row, 1);
  gint64 id = sqlite3_column_int64 (row, 0);

  return name != NULL && id == (gint64) scope_names_get_count (self->names) + 1
         && _scope_names_load (self->names, name, sqlite3_column_bytes (row, 1)) == id;
}

static gboolean
scope_capture_load_names (ScopeCapture  *self,
                          GError       **error)
{
  sqlite3 *db = _scope_reader_get_db (self->reader);
  sqlite3_stmt *row = NULL;
  int code = sqlite3_prepare_v2 (db, _scope_schema_select_names, -1, &row, NULL);

  while (code == SQLITE_OK && (code = sqlite3_step (row)) == SQLITE_ROW)
    code = scope_capture_load_name (self, row) ? SQLITE_OK : SQLITE_MISMATCH;

  if (code == SQLITE_MISMATCH)
    {
      g_autofree char *name = g_filename_display_name (self->path);

      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
                   _("The table of names of the capture “%s” is damaged"), name);
    }
  else if (code != SQLITE_DONE)
    {
      scope_capture_fail (self, error);
    }
  sqlite3_finalize (row);
  return code == SQLITE_DONE;
}

static gboolean
scope_capture_load_number (ScopeCapture          *self,
                           ScopeReaderStatement   which,
                           guint64               *number,
                           GError               **error)
{
  sqlite3_stmt *row = _scope_reader_get_statement (self->reader, which);
  int code = row != NULL ? sqlite3_step (row) : SQLITE_ERROR;

  if (code == SQLITE_ROW)
    *number = MAX (sqlite3_column_int64 (row, 0), 0);
  else
    scope_capture_fail (self, error);
  sqlite3_reset (row);
  return code == SQLITE_ROW;
}

/* Sequence numbers have no holes, so the last one tells the count: found without a walk. */
static gboolean
scope_capture_load_count (ScopeCapture  *self,
                          GError       **error)
{
  return scope_capture_load_number (self, SCOPE_READER_LAST, &self->count, error);
}

/* Told by the file, not by the first row that can be found: it may be one that is damaged. */
static void
scope_capture_load_first (ScopeCapture *self)
{
  const char *dropped = g_hash_table_lookup (self->meta, SCOPE_SCHEMA_DROPPED);
  guint64 n = 0;

  if (dropped != NULL)
    g_ascii_string_to_unsigned (dropped, 10, 0, G_MAXINT64, &n, NULL);
  self->first = n < MAX (self->count, 1) ? n + 1 : 1;
}

/* A damaged number would have callers look for rows for years. */
static gboolean
scope_capture_check_count (ScopeCapture  *self,
                           GError       **error)
{
  sqlite3 *db = _scope_reader_get_db (self->reader);
  gint64 pages = 0;
  gint64 page_size = 0;

  if (_scope_schema_get_pragma (db, "PRAGMA page_count", &pages) != SQLITE_OK
      || _scope_schema_get_pragma (db, "PRAGMA page_size", &page_size) != SQLITE_OK)
    return scope_capture_fail (self, error);
  /* rows are told apart by 32 bits */
  if (self->count >= G_MAXUINT32 - 65536)
    return _scope_capture_fail_row (self, self->count, error);
  /* a copy has holes, and what it may number was bounded by the size of the original */
  if (self->copy == NULL
      && self->count - (self->first - 1) > (guint64) pages * page_size / MIN_ROW_BYTES)
    return _scope_capture_fail_row (self, self->count, error);
  return TRUE;
}

/* All of it may be in the capture itself by now: nobody is told to look for what has no bytes. */
static gboolean
scope_capture_needs_wal (ScopeCapture *self)
{
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  GStatBuf status;

  return g_stat (wal, &status) == 0 && status.st_size > 0;
}

static void
scope_capture_judge (ScopeCapture *self,
                     gboolean      had_wal,
                     gboolean      is_immutable)
{
  const char *state = g_hash_table_lookup (self->meta, SCOPE_SCHEMA_STATE);

  if (is_immutable && had_wal)
    self->warning = g_strdup (_("The -wal file beside this capture can’t be read here: the last "
                                "events are missing. Copy both files to a place that can be "
                                "written to."));
  else if (g_strcmp0 (state, SCOPE_SCHEMA_STATE_CLOSED) == 0)
    {
      if (had_wal && scope_capture_needs_wal (self))
        self->warning = g_strdup (_("Another program reads this recording: until it is closed there, "
                                    "the file and the -wal file beside it belong together."));
      _scope_reader_hold (self->reader);
    }
  else if (!had_wal)
    self->warning = g_strdup (_("This capture was not closed, and the -wal file that belongs "
                                "beside it is missing: the last events may be missing."));
  else
    self->warning = g_strdup (_("This capture was not closed, or is being recorded. After a crash "
                                "the last moments before it may be missing."));
}

static gboolean
scope_capture_load (ScopeCapture  *self,
                    GError       **error)
{
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  gboolean had_wal = g_file_test (wal, G_FILE_TEST_EXISTS); /* opening may create one */
  gboolean is_immutable = FALSE;
  gint64 version = 0;

  if (!scope_capture_connect (self, &version, &is_immutable, error)
      || !scope_capture_check_version (self, version, error)
      || !scope_capture_load_meta (self, error)
      || (!self->is_live && !scope_capture_load_names (self, error))
      || !scope_capture_load_count (self, error))
    return FALSE;
  scope_capture_load_first (self);
  if (!scope_capture_check_count (self, error))
    return FALSE;
  if (!self->is_live)
    scope_capture_judge (self, had_wal, is_immutable);
  return TRUE;
}

static gboolean
scope_capture_read_in (ScopeCapture  *self,
                       const char    *path,
                       GError       **error)
{
  gboolean loaded;

  /* a recorder that closes the file right now takes off every reader it knows of */
  self->reader = _scope_reader_new (path);
  _scope_reader_lock_unopened (self->reader);
  loaded = scope_capture_load (self, error);
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
  if (!scope_capture_check_file (self, error) || !scope_capture_read_in (self, path, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* --- damaged files --- */

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

static void
scope_capture_finalize (GObject *object)
{
  ScopeCapture *self = SCOPE_CAPTURE (object);

  g_clear_pointer (&self->reader, _scope_reader_free);
  if (self->copy != NULL)
    _scope_salvage_drop_target (self->copy, self->copy_lock);
  g_clear_object (&self->names);
  g_hash_table_unref (self->meta);
  g_free (self->warning);
  g_free (self->path);
  G_OBJECT_CLASS (scope_capture_parent_class)->finalize (object);
}

static void
scope_capture_class_init (ScopeCaptureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_capture_finalize;
}

static void
scope_capture_init (ScopeCapture *self)
{
  self->meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

ScopeReader *
_scope_capture_get_reader (ScopeCapture *self)
{
  return self->reader;
}

ScopeReader *
_scope_capture_new_reader (ScopeCapture *self)
{
  return _scope_reader_new_like (self->reader);
}

int
_scope_capture_open_apart (ScopeCapture  *self,
                           sqlite3      **db)
{
  return _scope_reader_open_apart (self->reader, db);
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
 * scope_capture_is_salvaged:
 *
 * Returns: whether it is what could be read of a damaged file
 */
gboolean
scope_capture_is_salvaged (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), FALSE);

  return self->copy != NULL;
}

/**
 * scope_capture_get_n_lost:
 *
 * Returns: how many entries are known to be missing from a damaged file
 */
guint64
scope_capture_get_n_lost (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);

  return self->n_lost;
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

/**
 * scope_capture_get_names:
 *
 * Returns: (transfer none): the names the entries refer to
 */
ScopeNames *
scope_capture_get_names (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return self->names;
}

/**
 * scope_capture_get_path:
 *
 * Returns: (transfer none) (type filename): the file, as it was named on opening
 */
const char *
scope_capture_get_path (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return self->path;
}

/**
 * scope_capture_get_meta:
 * @key: what the recorder was given as `app`, or "format", "version", "started", "ended", "state"
 *
 * Returns: (transfer none) (nullable): its value when the file was opened
 */
const char *
scope_capture_get_meta (ScopeCapture *self,
                        const char   *key)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return g_hash_table_lookup (self->meta, key);
}

/**
 * scope_capture_get_warning:
 *
 * Returns: (transfer none) (nullable): what a reader should know: that the last events may be
 *   missing, and why; %NULL if all is well
 */
const char *
scope_capture_get_warning (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return self->warning;
}

/**
 * scope_capture_count:
 *
 * Returns: the sequence number of the last entry: as of opening, or of now for a live capture
 */
guint64
scope_capture_count (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);

  if (!self->is_live)
    return self->count;
  if (_scope_reader_lock (self->reader) == SQLITE_OK)
    scope_capture_load_count (self, NULL);
  _scope_reader_unlock (self->reader);
  return self->count;
}

/**
 * scope_capture_get_first_sequence:
 *
 * Returns: the sequence number of the first entry that was kept: as of opening, or of now for a live
 *   capture. What was before it was dropped: a size budget was exceeded
 */
guint64
scope_capture_get_first_sequence (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 1);

  if (!self->is_live)
    return self->first;
  if (_scope_reader_lock (self->reader) == SQLITE_OK
      && scope_capture_load_number (self, SCOPE_READER_FIRST, &self->first, NULL))
    self->first = MAX (self->first, 1);
  _scope_reader_unlock (self->reader);
  return self->first;
}

/**
 * scope_capture_get_first_time:
 *
 * Its day is the one that times of day in a filter mean: see scope_filter_set_day().
 *
 * Returns: when the first entry was, in microseconds since 1970; 0 if there is none
 */
gint64
scope_capture_get_first_time (ScopeCapture *self)
{
  ScopeRecord record = { 0 };

  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);

  scope_capture_read_records (self, scope_capture_get_first_sequence (self), 1, &record, NULL);
  return record.time_usec;
}

/* Behind the last row that was found there may be more: a whole block can be missing. */
static guint
scope_capture_fill_holes (ScopeRecord *records,
                          guint        n,
                          guint        found)
{
  for (; found < n; found++)
    records[found] = (ScopeRecord) { 0 };
  return found;
}

/* The record of sequence number from + i stands at i: a hole is a record of kind 0. */
static guint
scope_capture_read_records_locked (ScopeCapture  *self,
                                   guint64        from,
                                   guint          n,
                                   ScopeRecord   *records,
                                   GError       **error)
{
  sqlite3_stmt *row = _scope_reader_get_statement (self->reader, SCOPE_READER_RECORDS);
  sqlite3_blob *blob = NULL;
  int code = SQLITE_ERROR;
  guint found = 0;

  if (row != NULL)
    {
      sqlite3_bind_int64 (row, 1, from);
      sqlite3_bind_int64 (row, 2, from + n - 1);
      code = SQLITE_ROW;
    }
  while (code == SQLITE_ROW && (code = sqlite3_step (row)) == SQLITE_ROW)
    {
      guint64 i = sqlite3_column_int64 (row, SCOPE_COLUMN_ID) - from;

      if (i >= n || i < found
          || (!_scope_row_read_record (row, self->names, &records[i]) && self->copy == NULL))
        {
          _scope_capture_fail_row (self, from + i, error);
          code = SQLITE_DONE;
          break;
        }
      _scope_capture_check_size (self->reader, from + i, &blob, &records[i]);
      memset (&records[found], 0, (i - found) * sizeof (ScopeRecord));
      found = i + 1;
    }
  if (code != SQLITE_DONE)
    scope_capture_fail (self, error);
  else if (self->copy != NULL && from <= self->count)
    found = scope_capture_fill_holes (records, MIN (n, self->count - from + 1), found);
  sqlite3_blob_close (blob);
  sqlite3_reset (row);
  return found;
}

/**
 * scope_capture_read_records:
 * @from: a sequence number, from 1
 * @n: how many
 * @records: (out caller-allocates) (array length=n): room for them
 * @error: return location for an error
 *
 * Reads the records of @from … @from + @n - 1 without their payloads. A row that is missing in a
 * damaged file gives a record of kind 0, so that record i is that of @from + i.
 *
 * Returns: how many there were. With an error set, how many could be read before it
 */
guint
scope_capture_read_records (ScopeCapture  *self,
                            guint64        from,
                            guint          n,
                            ScopeRecord   *records,
                            GError       **error)
{
  guint found = 0;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);
  g_return_val_if_fail (records != NULL || n == 0, 0);

  if (n == 0 || from == 0 || from > G_MAXINT64 - n)
    return 0;
  if (_scope_reader_lock (self->reader) == SQLITE_OK)
    found = scope_capture_read_records_locked (self, from, n, records, error);
  else
    scope_capture_fail (self, error);
  _scope_reader_unlock (self->reader);
  return found;
}
