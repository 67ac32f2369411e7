/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Damaged captures: what can be read of them is, and the rest is told. */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <utime.h>

#include "base/scope-error.h"
#include "capture-recording.h"
#include "capture/scope-file-lock.h"
#include "capture/scope-pages.h"

#define N_ENTRIES 5000

static guint64 budget;

static void
make_capture (const char *path,
              guint       n)
{
  ScopeRecorder *recorder = scope_recorder_new (path, NULL, NULL);

  scope_recorder_set_budget (recorder, budget);
  for (guint i = 1; i <= n; i++)
    {
      fixture_append (recorder, i);
      if (i % 1000 == 0)
        WAIT_UNTIL (scope_recorder_get_committed (recorder) == i);
    }
  g_assert_true (fixture_close (recorder, NULL));
  g_assert_finalize_object (recorder);
}

static char *
read_file (const char *path,
           gsize      *size)
{
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;

  g_file_get_contents (path, &bytes, size, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
write_file (const char *path,
            const char *bytes,
            gsize       size)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, size, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static guint
count_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Every entry is right, or missing; how many are there. */
static guint64
count_right (ScopeCapture *capture)
{
  guint64 n = 0;

  for (guint64 i = scope_capture_get_first_sequence (capture); i <= scope_capture_count (capture); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i, &error);

      if (entry == NULL)
        {
          g_assert_nonnull (error);
          continue;
        }
      fixture_assert_tick (capture, i);
      n++;
    }
  return n;
}

/* The records: a hole has kind 0, and none is left out at the end of a block. */
static guint64
count_records (ScopeCapture *capture)
{
  guint64 n = 0;
  guint64 next = scope_capture_get_first_sequence (capture);

  while (next <= scope_capture_count (capture))
    {
      g_autoptr (GError) error = NULL;
      ScopeRecord records[100];
      guint found = scope_capture_read_records (capture, next, 100, records, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (found, >, 0);
      for (guint i = 0; i < found; i++)
        n += records[i].kind != 0;
      next += found;
    }
  return n;
}

typedef void (*DamageFunc) (char  *bytes,
                            gsize *size);

/* The middle of the file, where the tables' inner pages may be. */
static void
damage_zeroed (char  *bytes,
               gsize *size)
{
  memset (bytes + *size / 2 / SCOPE_PAGE_SIZE * SCOPE_PAGE_SIZE, 0, 3 * SCOPE_PAGE_SIZE);
}

static void
damage_truncated (char  *bytes,
                  gsize *size)
{
  *size = *size * 2 / 3 + 100;
}

static void
damage_beginning (char  *bytes,
                  gsize *size)
{
  memset (bytes, 0, 100);
}

static void
damage_first_page (char  *bytes,
                   gsize *size)
{
  memset (bytes, 0xff, SCOPE_PAGE_SIZE);
}

/* every page that leads to others */
static void
damage_inner_pages (char  *bytes,
                    gsize *size)
{
  for (gsize at = 0; at < *size; at += SCOPE_PAGE_SIZE)
    if (bytes[at] == 5)
      memset (bytes + at, 0, SCOPE_PAGE_SIZE);
}

typedef struct
{
  const char *name;
  DamageFunc func;
  guint least; /* of a hundred entries so many are found */
} Damage;

static const Damage damages[] = {
  { "zeroed", damage_zeroed, 80 },
  { "truncated", damage_truncated, 60 },
  { "beginning", damage_beginning, 100 },
  { "first-page", damage_first_page, 100 },
  { "inner-pages", damage_inner_pages, 100 },
};

static ScopeCapture *
open_or_salvage (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);
  ScopeCapture *salvaged;

  g_assert_no_error (error);
  if (scope_capture_is_salvaged (capture))
    return g_steal_pointer (&capture);
  salvaged = scope_capture_salvage (capture);
  g_assert_nonnull (salvaged);
  return salvaged;
}

static void
test_damage (Place         *place,
             gconstpointer  data)
{
  const Damage *damage = data;
  g_autofree char *copy = g_build_filename (place->directory, "copy.channelscope", NULL);
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "channelscope", NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *after = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  gsize size = 0;
  gsize size_after = 0;
  guint64 n;

  make_capture (place->path, N_ENTRIES);
  bytes = read_file (place->path, &size);
  damage->func (bytes, &size);
  write_file (copy, bytes, size);
  capture = open_or_salvage (copy);
  g_assert_cmpstr (scope_capture_get_path (capture), ==, copy);
  g_assert_nonnull (strstr (scope_capture_get_warning (capture), "damaged"));
  n = count_right (capture);
  g_assert_cmpuint (n, >=, (guint64) N_ENTRIES * damage->least / 100);
  g_assert_cmpuint (count_records (capture), ==, n);
  g_assert_cmpuint (scope_capture_count (capture) - scope_capture_get_n_lost (capture), ==, n);

  /* nothing was written to the file, and nothing is left behind */
  after = read_file (copy, &size_after);
  g_assert_cmpmem (bytes, size, after, size_after);
  g_assert_cmpuint (place_count_files (place->directory), ==, 2);
  g_assert_finalize_object (g_steal_pointer (&capture));
  g_assert_cmpuint (count_files (cache), ==, 0);
}

/* Entries that were dropped stay so, although their pages may still be there. */
static void
test_dropped (Place         *place,
              gconstpointer  data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (ScopeCapture) whole = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  gsize size = 0;

  budget = 256 * 1024;
  make_capture (place->path, N_ENTRIES);
  budget = 0;
  whole = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (scope_capture_get_first_sequence (whole), >, 1);
  bytes = read_file (place->path, &size);
  damage_inner_pages (bytes, &size);
  write_file (place->path, bytes, size);
  capture = open_or_salvage (place->path);
  g_assert_cmpuint (scope_capture_get_first_sequence (capture), ==,
                    scope_capture_get_first_sequence (whole));
  g_assert_cmpuint (scope_capture_count (capture), ==, N_ENTRIES);
  g_assert_cmpuint (count_right (capture), ==,
                    N_ENTRIES + 1 - scope_capture_get_first_sequence (whole));
}

/* Somebody took entries out of the middle of a page: those behind them are in order all the same. */
static void
test_holes (Place         *place,
            gconstpointer  data)
{
  g_autoptr (ScopeCapture) whole = NULL;
  g_autoptr (ScopeCapture) capture = NULL;

  make_capture (place->path, 1000);
  fixture_exec (place->path, "DELETE FROM entries WHERE id IN (100, 101, 250, 600)");
  whole = scope_capture_open (place->path, NULL);
  capture = scope_capture_salvage (whole);
  g_assert_nonnull (capture);
  g_assert_cmpuint (scope_capture_count (capture), ==, 1000);
  g_assert_cmpuint (count_right (capture), ==, 996);
}

/* Rows far behind all others are left out, and told: there is no record for each number before it. */
static void
test_far (Place         *place,
          gconstpointer  data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  gsize size = 0;

  make_capture (place->path, 1000);
  fixture_exec (place->path, "UPDATE entries SET id = id + 2000000 WHERE id > 990");
  /* room for so many, going by its size */
  bytes = read_file (place->path, &size);
  bytes = g_realloc (bytes, 32 * 1024 * 1024);
  memset (bytes + size, 0, 32 * 1024 * 1024 - size);
  damage_inner_pages (bytes, &size);
  write_file (place->path, bytes, 32 * 1024 * 1024);
  capture = open_or_salvage (place->path);
  g_assert_cmpuint (scope_capture_count (capture), ==, 990);
  g_assert_cmpuint (count_right (capture), ==, 990);
  g_assert_cmpuint (scope_capture_get_n_lost (capture), ==, 10);
}

typedef struct
{
  const char *name;
  const char *sql;
  guint found; /* of 1000 entries; 0: it can't be opened */
  const char *told;
} Numbers;

static const Numbers numbers[] = {
  { "all-below-zero", "UPDATE entries SET id = -id", 0, "the numbers of its entries are impossible" },
  { "some-below-zero", "UPDATE entries SET id = -id WHERE id <= 10", 990, "990 of 1000 entries could be read" },
  { "last-below-zero", "UPDATE entries SET id = -id WHERE id > 990", 990, "990 of 1000 entries could be read" },
  { "lowest", "UPDATE entries SET id = -9223372036854775808 WHERE id = 1000", 999, "999 of 1000 entries" },
  { "highest", "UPDATE entries SET id = 9223372036854775807 WHERE id = 1000", 999, "999 of 1000 entries" },
  { "zero", "UPDATE entries SET id = 0 WHERE id = 1000", 999, "999 of 1000 entries could be read" },
  { "zero-alone", "DELETE FROM entries WHERE id > 1; UPDATE entries SET id = 0", 0,
    "the numbers of its entries are impossible" },
};

/* Who counts from 1 never comes to such a row: it is told, like other damage. */
static void
test_numbers (Place         *place,
              gconstpointer  data)
{
  const Numbers *numbers_case = data;
  g_autofree char *sql = g_strconcat ("PRAGMA secure_delete = ON;", numbers_case->sql, ";VACUUM", NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;

  make_capture (place->path, 1000);
  fixture_exec (place->path, sql);
  capture = scope_capture_open (place->path, &error);
  if (numbers_case->found == 0)
    {
      g_assert_null (capture);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
      g_assert_nonnull (strstr (error->message, numbers_case->told));
      return;
    }
  g_assert_no_error (error);
  g_assert_nonnull (strstr (scope_capture_get_warning (capture), numbers_case->told));
  g_assert_cmpuint (count_right (capture), ==, numbers_case->found);
  g_assert_cmpuint (count_records (capture), ==, numbers_case->found);
}

/* A file that says more was dropped than is missing hides nothing. */
static void
test_not_dropped (Place         *place,
                  gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;

  make_capture (place->path, 1000);
  fixture_exec (place->path, "INSERT INTO meta VALUES ('dropped', '700'); DELETE FROM entries WHERE id <= 200");
  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_get_first_sequence (capture), ==, 201);
  g_assert_cmpuint (count_right (capture), ==, 800);
}

/* Rows that continue on other pages are read, but not over and over. */
static void
test_large (Place         *place,
            gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autofree char *text = g_strnfill (300000, 'x');
  g_autofree char *frame = g_strdup_printf ("{\"event\":\"e\",\"channel\":\"c\",\"data\":\"%s\"}", text);
  g_autoptr (ScopeCapture) whole = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopePages) pages = NULL;
  g_autoptr (GByteArray) buffer = g_byte_array_new ();
  guint most = 0;

  for (guint i = 1; i <= 10; i++)
    {
      g_autoptr (ScopeEntry) entry = fixture_event (scope_recorder_get_names (recorder), frame);

      scope_recorder_append (recorder, entry);
    }
  g_assert_true (fixture_close (recorder, NULL));
  g_assert_finalize_object (recorder);
  whole = scope_capture_open (place->path, NULL);
  capture = scope_capture_salvage (whole);
  g_assert_nonnull (capture);
  g_assert_cmpuint (count_records (capture), ==, 10);

  pages = _scope_pages_open (place->path);
  for (guint page = 1; page <= _scope_pages_get_count (pages); page++)
    {
      const guint8 *bytes = _scope_pages_read (pages, page);
      g_autofree guint8 *leaf = g_memdup2 (bytes, SCOPE_PAGE_SIZE);
      guint n_cells, n = 0;
      ScopeCell cell;

      if (_scope_pages_get_leaf (leaf, page, &n_cells) != SCOPE_LEAF_TABLE)
        continue;
      g_byte_array_set_size (buffer, 0);
      while (n < 1000 && _scope_pages_read_cell (pages, leaf, page, 0, buffer, &cell)
             && buffer->len > 0)
        n++;
      most = MAX (most, n);
    }
  g_assert_cmpuint (most, >=, 10);
  g_assert_cmpuint (most, <, 100);
}

/* What a crash left is removed, but not what somebody still reads. */
static void
test_left (Place         *place,
           gconstpointer  data)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "channelscope", NULL);
  g_autofree char *left = g_build_filename (cache, "salvaged-abcdef", NULL);
  g_autofree char *fresh = g_build_filename (cache, "salvaged-abcdeg", NULL);
  g_autofree char *held = g_build_filename (cache, "salvaged-abcdeh", NULL);
  const struct utimbuf old = { 1000000, 1000000 };
  g_autoptr (ScopeCapture) whole = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  int lock;

  make_capture (place->path, 100);
  g_mkdir_with_parents (cache, 0700);
  write_file (left, "", 0);
  write_file (fresh, "", 0);
  write_file (held, "", 0);
  g_assert_cmpint (g_utime (left, (struct utimbuf *) &old), ==, 0);
  g_assert_cmpint (g_utime (held, (struct utimbuf *) &old), ==, 0);
  lock = _scope_file_lock_take (held);
  g_assert_cmpint (lock, >=, 0);

  whole = scope_capture_open (place->path, NULL);
  capture = scope_capture_salvage (whole);
  g_assert_nonnull (capture);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fresh, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (held, G_FILE_TEST_EXISTS));

  _scope_file_lock_leave (held, lock);
  g_unlink (held);
  g_unlink (fresh);
  g_assert_finalize_object (g_steal_pointer (&capture));
  g_assert_cmpuint (count_files (cache), ==, 0);
}

/* Names that are lost have words in their place. */
static void
test_names (Place         *place,
            gconstpointer  data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  make_capture (place->path, N_ENTRIES);
  bytes = read_file (place->path, &size);
  /* the leaf of names is the first one with few, short rows: pages 1 to 4 are the tables' roots */
  memset (bytes + 2 * SCOPE_PAGE_SIZE, 0, SCOPE_PAGE_SIZE);
  write_file (place->path, bytes, size);
  capture = open_or_salvage (place->path);
  entry = scope_capture_read (capture, 7, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (scope_names_get (scope_capture_get_names (capture), entry->event),
                                   "(unknown name "));
  g_assert_nonnull (strstr (scope_capture_get_warning (capture), "unknown"));
}

/* A number that was never given to a name is none that was lost. */
static void
test_unused_names (Place         *place,
                   gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;

  make_capture (place->path, 100);
  fixture_exec (place->path, "INSERT INTO names VALUES (49, 'late'), (50, 'later'); UPDATE entries SET user = 50 WHERE id = 9;"
                             "UPDATE entries SET user = 48 WHERE id = 10");
  capture = scope_capture_open (place->path, NULL);
  g_assert_nonnull (capture);
  g_assert_true (scope_capture_is_salvaged (capture));
  g_assert_nonnull (strstr (scope_capture_get_warning (capture), " 1 name is unknown."));
  g_assert_cmpuint (scope_names_get_count (scope_capture_get_names (capture)), ==, 50);
}

/* A number that came of a flipped bit stands for no million names. */
static void
test_no_such_name (Place         *place,
                   gconstpointer  data)
{
  g_autoptr (ScopeCapture) whole = NULL;
  g_autoptr (ScopeCapture) capture = NULL;

  make_capture (place->path, 100);
  fixture_exec (place->path, "UPDATE entries SET channel = 999999 WHERE id = 5");
  whole = scope_capture_open (place->path, NULL);
  capture = scope_capture_salvage (whole);
  g_assert_nonnull (capture);
  g_assert_cmpuint (scope_names_get_count (scope_capture_get_names (capture)), <, 100);
  g_assert_null (scope_capture_read (capture, 5, NULL));
  fixture_assert_tick (capture, 6);
}

/* A recording that dropped most of its entries keeps their names: far more than those that are left brought. The names
 * in data are lost. */
static void
test_names_of_dropped (Place         *place,
                       gconstpointer  data)
{
  g_autofree char *sql = g_strdup_printf (
      "PRAGMA secure_delete = ON;"
      "WITH RECURSIVE n (id) AS (SELECT 10 UNION ALL SELECT id + 1 FROM n WHERE id < 50000)"
      " INSERT OR REPLACE INTO names (id, name) SELECT id, 'name-' || id FROM n;"
      "UPDATE entries SET event = 49000 + id; DELETE FROM names WHERE id %s", (const char *) data);
  gboolean is_first_lost = !g_str_equal (data, "> 25000");
  gboolean is_last_lost = !g_str_equal (data, "<= 45000");
  g_autoptr (ScopeCapture) capture = NULL;
  ScopeNames *names;

  make_capture (place->path, 1000);
  fixture_exec (place->path, sql);
  capture = open_or_salvage (place->path);
  names = scope_capture_get_names (capture);
  g_assert_cmpuint (scope_names_get_count (names), ==, 50000);
  g_assert_cmpint (g_str_has_prefix (scope_names_get (names, 20000), "(unknown name "), ==, is_first_lost);
  g_assert_cmpint (g_str_has_prefix (scope_names_get (names, 50000), "(unknown name "), ==, is_last_lost);
  for (guint i = 1; i <= 1000; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (entry->event, ==, 49000 + i);
    }
}

/* Bits that flip here and there: what is shown is right, or it is missing. */
static void
test_bit_flips (Place         *place,
                gconstpointer  data)
{
  g_autofree char *copy = g_build_filename (place->directory, "copy.channelscope", NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;

  make_capture (place->path, 3000);
  bytes = read_file (place->path, &size);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *damaged = g_memdup2 (bytes, size);
      g_autoptr (ScopeCapture) capture = NULL;
      g_autoptr (GError) error = NULL;
      guint n_flips = g_test_rand_int_range (1, 200);

      for (guint j = 0; j < n_flips; j++)
        damaged[g_test_rand_int_range (0, size)] ^= 1 << g_test_rand_int_range (0, 8);
      write_file (copy, damaged, size);
      capture = scope_capture_open (copy, &error);
      if (capture == NULL)
        continue;
      for (guint64 k = 1; k <= scope_capture_count (capture); k++)
        {
          g_autoptr (ScopeEntry) entry = scope_capture_read (capture, k, NULL);

          g_assert_true (entry == NULL || entry->sequence == k);
        }
      count_files (place->directory);
    }
}

/* --- what is no capture --- */

static void
assert_refused (const char *path,
                int         code,
                const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (scope_capture_open (path, &error));
  g_assert_error (error, SCOPE_ERROR, code);
  g_assert_nonnull (strstr (error->message, reason));
}

static void
test_refused (Place         *place,
              gconstpointer  data)
{
  g_autofree char *fifo = g_build_filename (place->directory, "fifo.channelscope", NULL);
  g_autofree char *noise = g_malloc (100000);

  write_file (place->path, "", 0);
  assert_refused (place->path, SCOPE_ERROR_CAPTURE_FOREIGN, "no capture");
  for (guint i = 0; i < 100000; i++)
    noise[i] = g_test_rand_int ();
  write_file (place->path, noise, 100000);
  assert_refused (place->path, SCOPE_ERROR_CAPTURE_FOREIGN, "another kind of file");
  assert_refused (place->directory, SCOPE_ERROR_CAPTURE_FOREIGN, "folder");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (fifo, SCOPE_ERROR_CAPTURE_FOREIGN, "not a regular file");
}

static void
test_newer (Place         *place,
            gconstpointer  data)
{
  make_capture (place->path, 100);
  fixture_exec (place->path, "PRAGMA user_version = 2");
  assert_refused (place->path, SCOPE_ERROR_CAPTURE_FOREIGN, "newer version");
  fixture_exec (place->path, "PRAGMA user_version = 1; PRAGMA application_id = 7; DROP VIEW events;"
                             " DROP TABLE entries");
  assert_refused (place->path, SCOPE_ERROR_CAPTURE_FOREIGN, "another program");
}

#define add(path, func, data)                                                                      \
  g_test_add (path, Place, data, place_set_up, func, place_tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *cache_home = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  cache_home = g_dir_make_tmp ("scope-cache-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", cache_home, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strconcat ("/salvage/", damages[i].name, NULL);

      add (path, test_damage, &damages[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *path = g_strconcat ("/salvage/numbers/", numbers[i].name, NULL);

      add (path, test_numbers, &numbers[i]);
    }
  add ("/salvage/not-dropped", test_not_dropped, NULL);
  add ("/salvage/unused-names", test_unused_names, NULL);
  add ("/salvage/dropped", test_dropped, NULL);
  add ("/salvage/holes", test_holes, NULL);
  add ("/salvage/far", test_far, NULL);
  add ("/salvage/large", test_large, NULL);
  add ("/salvage/left", test_left, NULL);
  add ("/salvage/names", test_names, NULL);
  add ("/salvage/no-such-name", test_no_such_name, NULL);
  add ("/salvage/names-of-dropped/last", test_names_of_dropped, "> 25000");
  add ("/salvage/names-of-dropped/first", test_names_of_dropped, "<= 45000");
  add ("/salvage/names-of-dropped/all", test_names_of_dropped, "> 0");
  add ("/salvage/bit-flips", test_bit_flips, NULL);
  add ("/salvage/refused", test_refused, NULL);
  add ("/salvage/newer", test_newer, NULL);
  status = g_test_run ();
  place_remove (cache_home);
  return status;
}
