/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture-recording.h"
#include "session/scope-session.h"

#define N_ENTRIES 30

/* --- the list --- */

static void
count_cb (ScopeMarkList *list,
          guint64        sequence,
          guint64       *sum)
{
  *sum += sequence;
}

static void
test_list (void)
{
  g_autoptr (ScopeMarkList) list = scope_mark_list_new ();
  g_autoptr (ScopeMarkItem) item = NULL;
  guint64 sum = 0;

  g_signal_connect (list, "changed", G_CALLBACK (count_cb), &sum);
  _scope_mark_list_set (list, 50, "fifty");
  _scope_mark_list_set (list, 7, "");
  _scope_mark_list_set (list, 90, "ninety");
  g_assert_cmpuint (sum, ==, 147);
  g_assert_cmpstr (scope_mark_list_get_note (list, 50), ==, "fifty");
  g_assert_cmpstr (scope_mark_list_get_note (list, 7), ==, "");
  g_assert_null (scope_mark_list_get_note (list, 8));
  g_assert_cmpuint (scope_mark_list_find (list, 8), ==, 1);
  g_assert_cmpuint (scope_mark_list_find (list, 91), ==, 3);
  g_assert_cmpuint (scope_mark_list_get_sequence (list, 0), ==, 7);
  g_assert_cmpuint (scope_mark_list_get_sequence (list, 3), ==, 0);

  _scope_mark_list_set (list, 50, "half");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  item = g_list_model_get_item (G_LIST_MODEL (list), 1);
  g_assert_cmpuint (scope_mark_item_get_sequence (item), ==, 50);
  g_assert_cmpstr (scope_mark_item_get_note (item), ==, "half");
  _scope_mark_list_set (list, 7, NULL);
  _scope_mark_list_set (list, 7, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2);
}

/* --- muting --- */

static void
assert_narrowed (ScopeMutes *mutes,
                 const char *filter,
                 const char *expected)
{
  g_autofree char *text = scope_mutes_narrow (mutes, filter);
  g_autoptr (ScopeFilter) compiled = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (text, ==, expected);
  if (text == NULL)
    return;
  compiled = scope_filter_new (text, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (compiled);
}

static gboolean
shows (ScopeMutes     *mutes,
       const char     *filter,
       ScopeEntryKind  kind,
       const char     *channel)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autofree char *text = scope_mutes_narrow (mutes, filter);
  g_autoptr (ScopeFilter) compiled = scope_filter_new (text, NULL, NULL);
  ScopeRecord record = {
    .time_usec = FIXTURE_TIME,
    .channel = scope_names_intern (names, channel, -1),
    .event = scope_names_intern (names, "tick", -1),
    .kind = kind,
    .direction = SCOPE_DIRECTION_IN,
  };

  g_assert_nonnull (compiled);
  g_assert_false (scope_filter_needs_payload (compiled));
  return scope_filter_matches_record (compiled, &record, names);
}

static void
test_mutes (void)
{
  g_autoptr (ScopeMutes) mutes = scope_mutes_new ();
  g_auto (GStrv) names = NULL;

  assert_narrowed (mutes, NULL, NULL);
  assert_narrowed (mutes, "size > 1", "size > 1");
  scope_mutes_set (mutes, "noisy", TRUE);
  scope_mutes_set (mutes, "a \"quoted\" \\ name", TRUE);
  scope_mutes_set (mutes, "noisy", TRUE);
  g_assert_cmpuint (scope_mutes_get_count (mutes), ==, 2);
  names = scope_mutes_dup_names (mutes);
  g_assert_cmpstr (names[0], ==, "a \"quoted\" \\ name");

  g_assert_false (shows (mutes, NULL, SCOPE_ENTRY_EVENT, "noisy"));
  g_assert_false (shows (mutes, NULL, SCOPE_ENTRY_EVENT, "a \"quoted\" \\ name"));
  g_assert_true (shows (mutes, NULL, SCOPE_ENTRY_EVENT, "quiet"));
  g_assert_true (shows (mutes, NULL, SCOPE_ENTRY_EVENT, NULL));
  g_assert_true (shows (mutes, NULL, SCOPE_ENTRY_SUBSCRIPTION, "noisy"));
  g_assert_true (shows (mutes, NULL, SCOPE_ENTRY_GAP, NULL));
  g_assert_false (shows (mutes, "event == \"tick\" or size > 3", SCOPE_ENTRY_EVENT, "noisy"));
  g_assert_true (shows (mutes, "event == \"tick\" or size > 3", SCOPE_ENTRY_EVENT, "quiet"));
  g_assert_false (shows (mutes, "event == \"tock\"", SCOPE_ENTRY_EVENT, "quiet"));
  g_assert_true (shows (mutes, "not event == \"tock\"", SCOPE_ENTRY_EVENT, "quiet"));

  scope_mutes_set (mutes, "noisy", FALSE);
  g_assert_true (shows (mutes, NULL, SCOPE_ENTRY_EVENT, "noisy"));
  scope_mutes_clear (mutes);
  assert_narrowed (mutes, NULL, NULL);
}

static void
test_mutes_of_profile (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Mutes");
  g_autoptr (ScopeSession) first = scope_session_new (profile, NULL, "", NULL);
  g_autoptr (ScopeSession) second = NULL;

  scope_mutes_set (scope_session_get_mutes (first), "noisy", TRUE);
  g_clear_object (&first);
  second = scope_session_new (profile, NULL, "", NULL);
  g_assert_true (scope_mutes_contains (scope_session_get_mutes (second), "noisy"));
}

/* --- an opened capture --- */

typedef struct
{
  ScopeSession *session;
  char *problem;
  guint n_problems;
} Opened;

static void
problem_cb (ScopeSession *session,
            const char   *text,
            Opened       *opened)
{
  g_free (opened->problem);
  opened->problem = g_strdup (text);
  opened->n_problems++;
}

static gboolean
is_loading (Opened *opened)
{
  gboolean loading = FALSE;

  g_object_get (opened->session, "loading", &loading, NULL);
  return loading;
}

static void
opened_init (Opened     *opened,
             const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);

  g_assert_no_error (error);
  *opened = (Opened) { .session = scope_session_new_for_capture (capture) };
  g_signal_connect (opened->session, "problem", G_CALLBACK (problem_cb), opened);
  WAIT_UNTIL (!is_loading (opened));
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_session_close_finish (SCOPE_SESSION (object), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Closing waits for what is being written. */
static void
opened_clear (Opened *opened)
{
  gboolean closed = FALSE;

  scope_session_close_async (opened->session, closed_cb, &closed);
  WAIT_UNTIL (closed);
  g_clear_pointer (&opened->problem, g_free);
  g_clear_object (&opened->session);
}

static guint
count_marks (Opened *opened)
{
  return g_list_model_get_n_items (G_LIST_MODEL (scope_session_get_marks (opened->session)));
}

static void
record_some (const char *path)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);

  for (guint i = 1; i <= N_ENTRIES; i++)
    fixture_append (recorder, i);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == N_ENTRIES);
  g_assert_true (scope_recorder_mark (recorder, 5, FIXTURE_TIME, "five"));
  g_assert_true (fixture_close (recorder, NULL));
}

static void
test_offline (Place         *place,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  Opened opened;

  record_some (place->path);
  opened_init (&opened, place->path);
  WAIT_UNTIL (count_marks (&opened) == 1);
  for (guint i = 10; i < 20; i++)
    g_assert_true (scope_session_set_mark (opened.session, i, "of ten", &error));
  g_assert_true (scope_session_set_mark (opened.session, 12, NULL, &error));
  g_assert_true (scope_session_set_mark (opened.session, 5, "fifth", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_marks (&opened), ==, 10);
  g_assert_cmpuint (opened.n_problems, ==, 0);
  opened_clear (&opened);

  opened_init (&opened, place->path);
  WAIT_UNTIL (count_marks (&opened) == 10);
  g_assert_cmpstr (scope_mark_list_get_note (scope_session_get_marks (opened.session), 5), ==,
                   "fifth");
  g_assert_null (scope_mark_list_get_note (scope_session_get_marks (opened.session), 12));
  opened_clear (&opened);
}

/* What can't be kept is taken back, and told. */
static void
test_refused (Place         *place,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *other = NULL;
  Opened opened;

  record_some (place->path);
  opened_init (&opened, place->path);
  WAIT_UNTIL (count_marks (&opened) == 1);
  g_assert_cmpint (sqlite3_open (place->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN; SELECT * FROM meta", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  g_assert_true (scope_session_set_mark (opened.session, 10, "", &error));
  g_assert_cmpuint (count_marks (&opened), ==, 2);
  WAIT_UNTIL (opened.n_problems == 1);
  g_assert_nonnull (strstr (opened.problem, "another program"));
  g_assert_cmpuint (count_marks (&opened), ==, 1);
  sqlite3_close (other);
  opened_clear (&opened);
}

static void
test_damaged (Place         *place,
              gconstpointer  data)
{
  Opened opened;

  record_some (place->path);
  fixture_exec (place->path, "INSERT INTO marks VALUES (9, x'00', 1)");
  opened_init (&opened, place->path);
  WAIT_UNTIL (opened.n_problems == 1);
  g_assert_nonnull (strstr (opened.problem, "1 bookmark"));
  g_assert_cmpuint (count_marks (&opened), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (
                      G_LIST_MODEL (scope_session_get_events (opened.session))),
                    ==, N_ENTRIES);
  opened_clear (&opened);
}

static void
test_bounds (Place         *place,
             gconstpointer  data)
{
  g_autofree char *most = g_strnfill (SCOPE_LIMIT_NOTE_BYTES, 'x');
  g_autofree char *more = g_strnfill (SCOPE_LIMIT_NOTE_BYTES + 1, 'x');
  g_autoptr (GError) error = NULL;
  Opened opened;

  record_some (place->path);
  opened_init (&opened, place->path);
  WAIT_UNTIL (count_marks (&opened) == 1);
  g_assert_true (scope_session_set_mark (opened.session, 3, most, &error));
  g_assert_no_error (error);
  g_assert_false (scope_session_set_mark (opened.session, 3, more, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (scope_session_set_mark (opened.session, 3, "\xff", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  g_assert_cmpstr (scope_mark_list_get_note (scope_session_get_marks (opened.session), 3), ==,
                   most);
  opened_clear (&opened);
}

static void
add (const char *name,
     void      (*test) (Place *, gconstpointer))
{
  g_test_add (name, Place, NULL, place_set_up, test, place_tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mark-list/list", test_list);
  g_test_add_func ("/mark-list/mutes", test_mutes);
  g_test_add_func ("/mark-list/mutes-of-profile", test_mutes_of_profile);
  add ("/mark-list/offline", test_offline);
  add ("/mark-list/refused", test_refused);
  add ("/mark-list/damaged", test_damaged);
  add ("/mark-list/bounds", test_bounds);
  return g_test_run ();
}
