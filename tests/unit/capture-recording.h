/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>

#include "capture-fixture.h"
#include "capture/scope-capture.h"
#include "capture/scope-recorder.h"
#include "tests/wait.h"

/* A directory of its own for each test. */

typedef struct
{
  char *directory;
  char *path; /* of a capture in it */
} Place;

static inline void
place_set_up (Place         *place,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  place->directory = g_dir_make_tmp ("scope-capture-XXXXXX", &error);
  g_assert_no_error (error);
  place->path = g_build_filename (place->directory, "a %3f?b#.channelscope", NULL);
}

static inline void
place_remove (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      place_remove (child);
    }
  g_remove (path);
}

static inline void
place_tear_down (Place         *place,
                 gconstpointer  data)
{
  g_chmod (place->directory, 0700);
  place_remove (place->directory);
  g_free (place->directory);
  g_free (place->path);
}

static inline guint
place_count_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static inline void
fixture_copy (const char *from,
              const char *to)
{
  const char *argv[] = { "cp", from, to, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static inline gboolean
fixture_close (ScopeRecorder  *recorder,
               GError        **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  scope_recorder_close_async (recorder, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  return scope_recorder_close_finish (recorder, result, error);
}

/* this program once more, which does something else: argv as of g_spawn_async(); its output */
static inline GPid
fixture_spawn (const char * const *argv,
               FILE              **output)
{
  g_autoptr (GError) error = NULL;
  GPid pid = 0;
  int fd = -1;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &fd, NULL, &error);
  g_assert_no_error (error);
  *output = fdopen (fd, "r");
  return pid;
}

/* 0: there is none */
static inline guint64
fixture_read_number (FILE *output)
{
  char line[64];

  return fgets (line, sizeof line, output) != NULL ? g_ascii_strtoull (line, NULL, 10) : 0;
}

/* an event with its number in the payload */
static inline guint64
fixture_append (ScopeRecorder *recorder,
                guint          number)
{
  g_autofree char *frame = g_strdup_printf (
      "{\"event\":\"tick-%u\",\"channel\":\"news\",\"data\":\"{\\\"number\\\":%u}\"}", number % 7,
      number);
  g_autoptr (ScopeEntry) entry = fixture_event (scope_recorder_get_names (recorder), frame);

  return scope_recorder_append (recorder, entry);
}

static inline void
fixture_assert_tick (ScopeCapture *capture,
                     guint64       number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) entry = scope_capture_read (capture, number, &error);
  g_autofree char *expected = g_strdup_printf ("{\"number\":%u}", (guint) number);
  g_autofree char *event = g_strdup_printf ("tick-%u", (guint) number % 7);
  g_autoptr (GBytes) raw = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (entry->sequence, ==, number);
  raw = scope_entry_dup_raw (entry, NULL);
  fixture_assert_bytes (raw, expected, strlen (expected));
  g_assert_cmpstr (scope_names_get (scope_capture_get_names (capture), entry->event), ==, event);
  g_assert_cmpstr (scope_names_get (scope_capture_get_names (capture), entry->channel), ==, "news");
}

static inline void
fixture_exec (const char *path,
              const char *sql)
{
  sqlite3 *db = NULL;
  int code = sqlite3_open (path, &db);

  if (code == SQLITE_OK)
    code = sqlite3_exec (db, sql, NULL, NULL, NULL);
  if (code != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  sqlite3_close (db);
}

static inline char *
fixture_query (const char *path,
               const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *row = NULL;
  char *text = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  if (sqlite3_prepare_v2 (db, sql, -1, &row, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  if (sqlite3_step (row) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (row, 0));
  sqlite3_finalize (row);
  sqlite3_close (db);
  return text;
}
