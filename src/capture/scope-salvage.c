/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-salvage"

#include "config.h"

#include "capture/scope-salvage.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope-limits.h"
#include "capture/scope-file-lock.h"
#include "capture/scope-pages.h"
#include "capture/scope-schema.h"

/* SQLite gives up on a file whose pages do not lead to one another any more. But entries are only
 * ever put behind one another, so each leaf page holds a run of them, most often without holes, and is worth
 * reading wherever it is found. What a row says is checked when it is read from the copy. */

#define ENTRY_COLUMNS (SCOPE_N_COLUMNS)
#define NAME_COLUMNS 2
#define META_COLUMNS 2
#define MAX_META_BYTES 65536
#define MIN_LEFT_SECONDS 60
#define MIN_ROW_BYTES 8
#define COMMIT_ROWS 100000
/* each entry that is missing before the last one takes a record in the log */
#define MAX_NUMBERS_PER_ROW 64
#define MAX_MORE_NUMBERS 1000000
#define MAX_NUMBERS (G_MAXUINT32 - 65536u)
#define NAMES_PER_ENTRY 3
#define MORE_NAMES 1000 /* of entries that are lost */
#define NEAR_NAMES 1000
#define MANY_REFERENCES (NAMES_PER_ENTRY + 1) /* more than one damaged entry makes */
#define SALVAGE_NO_ROW (G_MININT64 / 2 - 1) /* no number of a row, nor near one */

typedef struct
{
  ScopePages *pages;
  ScopeSalvage *result;
  sqlite3 *db;
  sqlite3_stmt *insert;
  sqlite3_stmt *insert_meta;
  GByteArray *buffer;  /* of the row at hand */
  GArray *bases;       /* of gint64; see salvage_find_bases() */
  guint8 leaf[SCOPE_PAGE_SIZE];
  GPtrArray *names;    /* by id - 1; NULL: not known */
  guint8 *references;  /* by name id: how many entries refer to it, as far as that goes */
  guint64 max_last;    /* more the file cannot hold */
  guint64 n_impossible; /* entries with a number that can't be */
} Salvage;

typedef void (*SalvageLeafFunc) (Salvage *self,
                                 guint    page,
                                 guint    n_cells);

static void
salvage_each_leaf (Salvage         *self,
                   ScopeLeaf        kind,
                   SalvageLeafFunc  func)
{
  guint n = _scope_pages_get_count (self->pages);

  for (guint page = 1; page <= n; page++)
    {
      const guint8 *bytes = _scope_pages_read (self->pages, page);
      guint n_cells = 0;

      if (bytes == NULL || _scope_pages_get_leaf (bytes, page, &n_cells) != kind)
        continue;
      memcpy (self->leaf, bytes, SCOPE_PAGE_SIZE);
      func (self, page, n_cells);
    }
}

static gboolean
salvage_read_cell (Salvage   *self,
                   guint      page,
                   guint      i,
                   ScopeCell *cell)
{
  return _scope_pages_read_cell (self->pages, self->leaf, page, i, self->buffer, cell);
}

/* --- meta --- */

static void
salvage_take_meta (Salvage         *self,
                   const ScopeCell *cell)
{
  guint64 dropped;
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;

  if (cell->n_columns != META_COLUMNS || !_scope_cell_is_text (cell, 0)
      || !_scope_cell_is_text (cell, 1)
      || cell->columns[0].size + cell->columns[1].size > MAX_META_BYTES)
    return;
  key = g_strndup ((const char *) cell->columns[0].bytes, cell->columns[0].size);
  value = g_strndup ((const char *) cell->columns[1].bytes, cell->columns[1].size);
  if (!g_utf8_validate (key, -1, NULL) || !g_utf8_validate (value, -1, NULL))
    return;

  if (g_str_equal (key, SCOPE_SCHEMA_DROPPED)
      && g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64 / 2, &dropped, NULL))
    self->result->first = dropped + 1;
  sqlite3_bind_text (self->insert_meta, 1, key, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->insert_meta, 2, value, -1, SQLITE_TRANSIENT);
  sqlite3_step (self->insert_meta);
  sqlite3_reset (self->insert_meta);
}

static void
salvage_meta_leaf_cb (Salvage *self,
                      guint    page,
                      guint    n_cells)
{
  ScopeCell cell;

  for (guint i = 0; i < n_cells; i++)
    if (salvage_read_cell (self, page, i, &cell))
      salvage_take_meta (self, &cell);
}

/* --- names --- */

static gboolean
salvage_is_name (const ScopeCell *cell)
{
  return cell->n_columns == NAME_COLUMNS && cell->columns[0].type == 0
         && _scope_cell_is_text (cell, 1) && cell->id > 0 && cell->id <= SCOPE_LIMIT_NAMES
         && cell->columns[1].size <= SCOPE_LIMIT_RECEIVED_NAME_BYTES;
}

static void
salvage_take_name (Salvage         *self,
                   const ScopeCell *cell)
{
  const char *text = (const char *) cell->columns[1].bytes;
  gsize size = cell->columns[1].size;

  if (!g_utf8_validate (text, size, NULL))
    return;
  if (self->names->len < cell->id)
    g_ptr_array_set_size (self->names, cell->id);
  if (self->names->pdata[cell->id - 1] == NULL)
    self->names->pdata[cell->id - 1] = g_strndup (text, size);
}

/* --- entries --- */

static gboolean
salvage_is_entry (const ScopeCell *cell)
{
  if (cell->n_columns != ENTRY_COLUMNS || cell->columns[SCOPE_COLUMN_ID].type != 0)
    return FALSE;
  for (guint i = SCOPE_COLUMN_TIME; i <= SCOPE_COLUMN_DATA_KIND; i++)
    if (!_scope_cell_is_integer (cell, i) && cell->columns[i].type != 0)
      return FALSE;
  return TRUE;
}

static void
salvage_bind (sqlite3_stmt    *statement,
              const ScopeCell *cell,
              guint            column)
{
  guint64 type = cell->columns[column].type;

  if (type == 0)
    sqlite3_bind_null (statement, column + 1);
  else if (_scope_cell_is_integer (cell, column))
    sqlite3_bind_int64 (statement, column + 1, _scope_cell_get_integer (cell, column));
  else if (_scope_cell_is_text (cell, column))
    sqlite3_bind_text64 (statement, column + 1, (const char *) cell->columns[column].bytes,
                         cell->columns[column].size, SQLITE_STATIC, SQLITE_UTF8);
  else
    sqlite3_bind_blob64 (statement, column + 1, cell->columns[column].bytes,
                         cell->columns[column].size, SQLITE_STATIC);
}

static void
salvage_count_names (Salvage         *self,
                     const ScopeCell *cell)
{
  static const guint columns[] = { SCOPE_COLUMN_CHANNEL, SCOPE_COLUMN_EVENT, SCOPE_COLUMN_USER };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (_scope_cell_is_integer (cell, columns[i]))
      {
        gint64 id = _scope_cell_get_integer (cell, columns[i]);

        if (id > 0 && id <= SCOPE_LIMIT_NAMES && self->references[id] < G_MAXUINT8)
          self->references[id]++;
      }
}

static void
salvage_take_entry (Salvage         *self,
                    const ScopeCell *cell)
{
  guint64 id = cell->id;

  if (id < self->result->first || id > self->max_last)
    return;
  salvage_count_names (self, cell);
  sqlite3_bind_int64 (self->insert, 1, cell->id);
  for (guint i = SCOPE_COLUMN_TIME; i < ENTRY_COLUMNS; i++)
    salvage_bind (self->insert, cell, i);
  if (sqlite3_step (self->insert) == SQLITE_DONE && sqlite3_changes (self->db) == 1)
    {
      self->result->n_found++;
      self->result->last = MAX (self->result->last, id);
      if (self->result->n_found % COMMIT_ROWS == 0)
        sqlite3_exec (self->db, "COMMIT; BEGIN", NULL, NULL, NULL);
    }
  sqlite3_reset (self->insert);
  sqlite3_clear_bindings (self->insert);
}

/* What the id of the page's first row would be, going by each of its rows: SALVAGE_NO_ROW if it
 * can't be read. Returns what most agree on. */
static gint64
salvage_find_bases (Salvage *self,
                    guint    page,
                    guint    n_cells)
{
  gint64 most = 0;
  guint votes = 0;
  gint64 id;

  g_array_set_size (self->bases, 0);
  for (guint i = 0; i < n_cells; i++)
    {
      gint64 base = _scope_pages_read_id (self->leaf, page, i, &id) ? (gint64) ((guint64) id - i)
                                                                      : SALVAGE_NO_ROW;

      g_array_append_val (self->bases, base);
      if (base == SALVAGE_NO_ROW)
        continue;
      if (votes == 0)
        most = base;
      if (base == most)
        votes++;
      else
        votes--;
    }
  return most;
}

/* An id is believed that goes with those of most rows, or, behind a hole, with the next row's. */
static gboolean
salvage_is_in_order (Salvage *self,
                     guint    i,
                     gint64   most)
{
  const gint64 *bases = (gconstpointer) self->bases->data;

  if (bases[i] == SALVAGE_NO_ROW)
    return FALSE;
  return bases[i] == most || (i > 0 && bases[i - 1] == bases[i])
         || (i + 1 < self->bases->len && bases[i + 1] == bases[i]);
}

/* Below zero, or more than the file can hold: not where it is, but that it is there can be told. */
static gboolean
salvage_is_impossible (Salvage *self,
                       guint    i)
{
  gint64 base = g_array_index (self->bases, gint64, i);

  return base != SALVAGE_NO_ROW && (guint64) base + i - 1 >= self->max_last;
}

static void
salvage_rows_leaf_cb (Salvage *self,
                      guint    page,
                      guint    n_cells)
{
  gint64 most = salvage_find_bases (self, page, n_cells);
  ScopeCell cell;

  for (guint i = 0; i < n_cells; i++)
    {
      gboolean is_impossible = salvage_is_impossible (self, i);

      if ((!is_impossible && !salvage_is_in_order (self, i, most)) || !salvage_read_cell (self, page, i, &cell))
        continue;
      if (is_impossible)
        self->n_impossible += salvage_is_entry (&cell);
      else if (salvage_is_entry (&cell))
        salvage_take_entry (self, &cell);
      else if (salvage_is_name (&cell))
        salvage_take_name (self, &cell);
    }
}

/* --- the copy --- */

/* An entry brings three names at most, so a number far above what there is may come of a flipped bit, and stands for no
 * million names that were lost. But the names of entries that were dropped stay: a number is believed as well where
 * others are near. */
static guint32
salvage_count_names_to_write (Salvage *self)
{
  guint64 likely = MORE_NAMES + NAMES_PER_ENTRY * self->result->n_found;
  guint32 highest = self->names->len;
  guint n_near = 0;

  for (guint i = 0; i < self->names->len; i++)
    likely += self->names->pdata[i] != NULL;
  for (guint32 id = 1; id <= SCOPE_LIMIT_NAMES; id++)
    {
      n_near += self->references[id];
      if (id > NEAR_NAMES)
        n_near -= self->references[id - NEAR_NAMES];
      if (self->references[id] > 0 && id > highest
          && (id <= likely || id - self->names->len <= NEAR_NAMES || n_near >= MANY_REFERENCES))
        highest = id;
    }
  return highest;
}

static void
salvage_write_names (Salvage *self)
{
  sqlite3_stmt *insert = NULL;
  guint32 n = salvage_count_names_to_write (self);

  if (sqlite3_prepare_v2 (self->db, _scope_schema_insert_name, -1, &insert, NULL) != SQLITE_OK)
    return;
  for (guint32 id = 1; id <= n; id++)
    {
      const char *name = id <= self->names->len ? self->names->pdata[id - 1] : NULL;
      /* Translators: in the place of a channel's or event's name that was lost */
      g_autofree char *unknown = g_strdup_printf (_("(unknown name %u)"), id);

      /* a number that no entry refers to may never have been a name */
      if (name == NULL && self->references[id] > 0)
        self->result->n_lost_names++;
      sqlite3_bind_int64 (insert, 1, id);
      sqlite3_bind_text (insert, 2, name != NULL ? name : unknown, -1, SQLITE_STATIC);
      sqlite3_step (insert);
      sqlite3_reset (insert);
    }
  sqlite3_finalize (insert);
}

static gboolean
salvage_open_copy (Salvage    *self,
                   const char *target)
{
  return sqlite3_open_v2 (target, &self->db,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
                              | SQLITE_OPEN_PRIVATECACHE,
                          NULL)
             == SQLITE_OK
         && _scope_schema_create (self->db)
         && sqlite3_exec (self->db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN",
                          NULL, NULL, NULL)
                == SQLITE_OK
         && sqlite3_prepare_v2 (self->db, _scope_schema_insert_salvaged, -1, &self->insert, NULL)
                == SQLITE_OK
         && sqlite3_prepare_v2 (self->db, _scope_schema_set_meta, -1, &self->insert_meta, NULL)
                == SQLITE_OK;
}

static guint64
salvage_query_number (Salvage    *self,
                      const char *sql)
{
  sqlite3_stmt *row = NULL;
  gint64 number = 0;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &row, NULL) == SQLITE_OK
      && sqlite3_step (row) == SQLITE_ROW)
    number = sqlite3_column_int64 (row, 0);
  sqlite3_finalize (row);
  return MAX (number, 0);
}

/* A row with a huge id that looks right must not bring millions of holes with it. */
static gboolean
salvage_leave_out_far (Salvage *self)
{
  ScopeSalvage *result = self->result;
  guint64 most = MIN (result->n_found * MAX_NUMBERS_PER_ROW + MAX_MORE_NUMBERS, MAX_NUMBERS);
  guint64 last = result->first - 1 + most;
  g_autofree char *sql = g_strdup_printf ("DELETE FROM entries WHERE id > %" G_GUINT64_FORMAT, last);
  guint64 n_far;

  if (result->last <= last)
    return TRUE;
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return FALSE;
  n_far = MIN ((guint64) sqlite3_changes64 (self->db), result->n_found);
  result->n_left_out += n_far;
  result->n_found -= n_far;
  result->last = MAX (salvage_query_number (self, "SELECT max (id) FROM entries"), result->first - 1);
  return TRUE;
}

/* Most likely they stood where some are missing now. */
static void
salvage_count_impossible (Salvage *self)
{
  ScopeSalvage *result = self->result;
  guint64 most = result->last + 1 - result->first;
  guint64 n_missing = most - MIN (result->n_found, most);

  result->n_left_out += self->n_impossible - MIN (self->n_impossible, n_missing);
}

static gboolean
salvage_copy (Salvage *self)
{
  self->result->first = 1;
  salvage_each_leaf (self, SCOPE_LEAF_INDEX, salvage_meta_leaf_cb);
  self->result->last = self->result->first - 1;
  self->max_last = self->result->last
                   + (guint64) _scope_pages_get_count (self->pages) * SCOPE_PAGE_SIZE / MIN_ROW_BYTES;
  salvage_each_leaf (self, SCOPE_LEAF_TABLE, salvage_rows_leaf_cb);
  salvage_write_names (self);
  if (!salvage_leave_out_far (self))
    return FALSE;
  salvage_count_impossible (self);
  return sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK
         && self->result->n_found > 0;
}

gboolean
_scope_salvage_run (const char   *path,
                    const char   *target,
                    ScopeSalvage *result)
{
  Salvage *self;
  gboolean done;

  /* closing a file drops the locks of a recorder of this program */
  if (scope_file_lock_is_held (path))
    return FALSE;

  *result = (ScopeSalvage) { 0 };
  self = g_new0 (Salvage, 1);
  self->result = result;
  self->pages = _scope_pages_open (path);
  self->buffer = g_byte_array_new ();
  self->bases = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->references = g_new0 (guint8, SCOPE_LIMIT_NAMES + 1);
  done = self->pages != NULL && salvage_open_copy (self, target) && salvage_copy (self);

  g_clear_pointer (&self->insert, sqlite3_finalize);
  g_clear_pointer (&self->insert_meta, sqlite3_finalize);
  g_clear_pointer (&self->db, sqlite3_close);
  g_clear_pointer (&self->pages, _scope_pages_free);
  g_byte_array_unref (self->buffer);
  g_array_unref (self->bases);
  g_ptr_array_unref (self->names);
  g_free (self->references);
  g_free (self);
  if (!done)
    g_unlink (target);
  return done;
}

gboolean
_scope_salvage_has_header (const char *path)
{
  static const char magic[] = "SQLite format 3";
  g_autoptr (ScopePages) pages = _scope_pages_open (path);
  const guint8 *bytes = pages != NULL ? _scope_pages_read (pages, 1) : NULL;

  return bytes != NULL && memcmp (bytes, magic, sizeof magic) == 0;
}

/* --- its place --- */

/* Not one that is about to be locked, and none where locks can't be told. */
static void
salvage_remove_if_left (const char *path)
{
  GStatBuf status;
  int lock;

  if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode)
      || ABS (g_get_real_time () / G_USEC_PER_SEC - (gint64) status.st_mtime) < MIN_LEFT_SECONDS)
    return;
  lock = _scope_file_lock_take (path);
  if (lock >= 0)
    _scope_salvage_drop_target (g_strdup (path), lock);
}

static void
salvage_remove_left (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "salvaged-") && strlen (name) == strlen ("salvaged-XXXXXX"))
      {
        g_autofree char *path = g_build_filename (directory, name, NULL);

        salvage_remove_if_left (path);
      }
}

char *
_scope_salvage_new_target (int *lock)
{
  g_autofree char *directory = g_build_filename (g_get_user_cache_dir (), "channelscope", NULL);
  g_autofree char *template = g_build_filename (directory, "salvaged-XXXXXX", NULL);
  int fd;

  *lock = -1;
  if (g_mkdir_with_parents (directory, 0700) != 0)
    return NULL;
  salvage_remove_left (directory);
  fd = g_mkstemp_full (template, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return NULL;
  close (fd);
  *lock = _scope_file_lock_take (template);
  return g_steal_pointer (&template);
}

void
_scope_salvage_drop_target (char *target,
                            int   lock)
{
  g_unlink (target);
  _scope_file_lock_leave (target, lock);
  g_free (target);
}
