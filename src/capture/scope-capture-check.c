/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-capture"

#include "config.h"

#include "capture/scope-capture-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/scope-error.h"
#include "capture/scope-names-private.h"
#include "capture/scope-schema.h"

/* Is it a capture, and what does it say of itself? One of another run may be anything: an old one, a damaged one,
 * one made to harm. Rows are checked in scope-row.c, the connection is hardened in scope-reader.c. */

/* what a row and its cell take at least: bounds how many a file of some size can hold */
#define MIN_ROW_BYTES 8
#define MAX_META_BYTES 65536

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

gboolean
_scope_capture_check_file (ScopeCapture  *self,
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

      _scope_capture_fail (self, &first);
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
  return code == SQLITE_OK || _scope_capture_fail (self, error);
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
    return _scope_capture_fail (self, error);
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
    _scope_capture_fail (self, error);
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
      _scope_capture_fail (self, error);
    }
  sqlite3_finalize (row);
  return code == SQLITE_DONE;
}

/* Numbers begin with 1: whoever counts from there would not see a row before it, and not know. */
static gboolean
scope_capture_fail_numbers (ScopeCapture  *self,
                            GError       **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE, _("Couldn’t read the capture “%s”: %s"), name,
               _("the numbers of its entries are impossible"));
  return FALSE;
}

/* Told by the file, not by the first row that can be found: it may be one that is damaged. But what is there was not
 * dropped. */
static gboolean
scope_capture_load_first (ScopeCapture  *self,
                          GError       **error)
{
  const char *dropped = g_hash_table_lookup (self->meta, SCOPE_SCHEMA_DROPPED);
  guint64 n = 0;
  gint64 first = 0;

  if (dropped != NULL)
    g_ascii_string_to_unsigned (dropped, 10, 0, G_MAXINT64, &n, NULL);
  self->first = n < MAX (self->count, 1) ? n + 1 : 1;
  if (!_scope_capture_find_first (self, &first, error))
    return FALSE;
  if (first < 1)
    return scope_capture_fail_numbers (self, error);
  self->first = MIN (self->first, (guint64) first);
  return TRUE;
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
    return _scope_capture_fail (self, error);
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

gboolean
_scope_capture_load (ScopeCapture  *self,
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
      || !_scope_capture_load_count (self, error))
    return FALSE;
  if (!scope_capture_load_first (self, error) || !scope_capture_check_count (self, error))
    return FALSE;
  if (!self->is_live)
    scope_capture_judge (self, had_wal, is_immutable);
  return TRUE;
}
