/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-recording.h"
#include "capture/scope-scanner.h"
#include "session/scope-event-list-private.h"
#include "session/scope-find.h"

/* Finding in a log: what is shown, in order, also what comes meanwhile. */

#define N_ROWS 5000

typedef struct
{
  Place place;
  ScopeRecorder *recorder; /* NULL: rows are only in memory */
  ScopeNames *names;
  ScopeEventList *list;
  ScopeFind *find;
  guint n_appended;
} Fixture;

/* Every hundredth is "Gold", every other one of these in small letters. */
static ScopeEntry *
make_entry (Fixture *f,
            guint    number)
{
  const char *word = number % 200 == 0 ? "Gold" : number % 100 == 0 ? "gold" : "tin";
  g_autofree char *frame =
      g_strdup_printf ("{\"event\":\"e%u\",\"channel\":\"%s\",\"data\":\"{\\\"metal\\\":\\\"%s\\\"}\"}",
                       number % 2, number == 7 ? "golden" : "news", word);

  return fixture_event (f->names, frame);
}

static void
append_recorded (Fixture *f,
                 guint    n)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeEntry) entry = make_entry (f, f->n_appended + 1 + i);

      g_assert_cmpuint (scope_recorder_append (f->recorder, entry), >, 0);
      scope_entry_to_record (entry, &records[i]);
    }
  f->n_appended += n;
  WAIT_UNTIL (scope_recorder_get_committed (f->recorder) >= f->n_appended);
  if (_scope_event_list_get_capture (f->list) == NULL)
    {
      g_autoptr (ScopeCapture) capture =
          scope_capture_open_live (f->place.path, f->names, NULL);

      scope_event_list_set_capture (f->list, capture);
    }
  scope_event_list_append (f->list, records, n);
}

static void
append_kept (Fixture *f,
             guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeEntry) entry = make_entry (f, ++f->n_appended);

      entry->sequence = f->n_appended;
      _scope_event_list_append_entries (f->list, &entry, 1);
    }
}

static void
append (Fixture *f,
        guint    n)
{
  if (f->recorder != NULL)
    append_recorded (f, n);
  else
    append_kept (f, n);
}

static void
set_up (Fixture      *f,
        gconstpointer in_memory)
{
  place_set_up (&f->place, NULL);
  f->names = scope_names_new ();
  if (!in_memory)
    f->recorder = scope_recorder_new (f->place.path, NULL, f->names);
  f->list = scope_event_list_new (f->names);
  f->find = scope_find_new ();
  scope_find_set_list (f->find, f->list);
  append (f, N_ROWS);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_assert_finalize_object (f->find);
  g_object_unref (f->list);
  if (f->recorder != NULL)
    fixture_close (f->recorder, NULL);
  g_clear_object (&f->recorder);
  g_object_unref (f->names);
  place_tear_down (&f->place, NULL);
}

static void
look_for (Fixture    *f,
          const char *text,
          gboolean    match_case)
{
  scope_find_set_text (f->find, text, match_case);
  WAIT_UNTIL (!scope_find_get_searching (f->find));
}

static void
test_hits (Fixture      *f,
           gconstpointer data)
{
  look_for (f, "gold", FALSE);
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1 + N_ROWS / 100);
  g_assert_cmpuint (scope_find_get_number (f->find, 7), ==, 1);
  g_assert_cmpuint (scope_find_get_number (f->find, 100), ==, 2);
  g_assert_cmpuint (scope_find_get_number (f->find, 101), ==, 0);
  look_for (f, "gold", TRUE);
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1 + N_ROWS / 200);
  look_for (f, "golden", FALSE);
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1);
  look_for (f, "\"metal\":\"Gold\"", TRUE);
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, N_ROWS / 200);
  look_for (f, "event == \"e0\"", FALSE); /* no expression, a text */
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 0);
  look_for (f, "", FALSE);
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 0);
  g_assert_false (scope_find_get_searching (f->find));
}

static void
test_step (Fixture      *f,
           gconstpointer data)
{
  gboolean wrapped = TRUE;

  g_assert_cmpuint (scope_find_step (f->find, 3, TRUE, &wrapped), ==, 0);
  g_assert_false (wrapped);
  look_for (f, "gold", FALSE);
  g_assert_cmpuint (scope_find_step (f->find, 0, TRUE, &wrapped), ==, 7);
  g_assert_false (wrapped);
  g_assert_cmpuint (scope_find_step (f->find, 7, TRUE, &wrapped), ==, 100);
  g_assert_cmpuint (scope_find_step (f->find, 150, TRUE, &wrapped), ==, 200);
  g_assert_false (wrapped);
  g_assert_cmpuint (scope_find_step (f->find, N_ROWS, TRUE, &wrapped), ==, 7);
  g_assert_true (wrapped);
  g_assert_cmpuint (scope_find_step (f->find, 150, FALSE, &wrapped), ==, 100);
  g_assert_false (wrapped);
  g_assert_cmpuint (scope_find_step (f->find, 7, FALSE, &wrapped), ==, N_ROWS);
  g_assert_true (wrapped);
  g_assert_cmpuint (scope_find_step (f->find, 0, FALSE, &wrapped), ==, N_ROWS);

  scope_find_set_last (f->find, 250); /* the log stands still */
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 3);
  g_assert_cmpuint (scope_find_step (f->find, 200, TRUE, &wrapped), ==, 7);
  g_assert_true (wrapped);
  g_assert_cmpuint (scope_find_step (f->find, N_ROWS, FALSE, NULL), ==, 200);
  g_assert_cmpuint (scope_find_get_number (f->find, 300), ==, 0);
}

/* Rows that arrive are found, whether the search has come to the end or not. */
static void
test_append (Fixture      *f,
             gconstpointer data)
{
  scope_find_set_text (f->find, "gold", FALSE);
  g_assert_true (scope_find_get_searching (f->find));
  append (f, 300);
  WAIT_UNTIL (!scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1 + N_ROWS / 100 + 3);
  append (f, 100);
  WAIT_UNTIL (!scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1 + N_ROWS / 100 + 4);
  g_assert_cmpuint (scope_find_get_number (f->find, N_ROWS + 400), ==, 1 + N_ROWS / 100 + 4);
}

/* Rows the filter hides are not found, nor those that were cleared. */
static void
test_filter (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (ScopeFilter) odd = scope_filter_new ("event == \"e1\"", NULL, NULL);
  g_autoptr (ScopeFilter) few = scope_filter_new ("text *= \"Gold\"", NULL, NULL);

  look_for (f, "gold", FALSE);
  scope_event_list_set_filter (f->list, odd);
  WAIT_UNTIL (!scope_event_list_get_filtering (f->list) && !scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1);
  scope_event_list_set_filter (f->list, few);
  WAIT_UNTIL (!scope_event_list_get_filtering (f->list) && !scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, N_ROWS / 200);
  scope_event_list_set_filter (f->list, NULL);
  WAIT_UNTIL (!scope_event_list_get_filtering (f->list) && !scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1 + N_ROWS / 100);
  scope_event_list_clear (f->list);
  WAIT_UNTIL (!scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 0);
}

/* The oldest rows go, found or with the search: it need not start over. */
static void
test_drop (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (ScopeFilter) even = scope_filter_new ("event == \"e0\"", NULL, NULL);

  look_for (f, "gold", FALSE);
  scope_event_list_drop (f->list, 150);
  g_assert_false (scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, N_ROWS / 100 - 1);
  g_assert_cmpuint (scope_find_get_number (f->find, 100), ==, 0);
  g_assert_cmpuint (scope_find_get_number (f->find, 200), ==, 1);
  g_assert_cmpuint (scope_find_step (f->find, 0, TRUE, NULL), ==, 200);
  g_assert_cmpuint (scope_find_step (f->find, 200, FALSE, NULL), ==, N_ROWS);
  append (f, 100);
  WAIT_UNTIL (!scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, N_ROWS / 100);

  /* while it looks for them */
  scope_event_list_set_filter (f->list, even);
  WAIT_UNTIL (!scope_event_list_get_filtering (f->list));
  scope_find_set_text (f->find, "", FALSE);
  scope_find_set_text (f->find, "gold", FALSE);
  for (guint i = 1; i <= 10; i++)
    {
      scope_event_list_drop (f->list, 150 + i * 100);
      g_main_context_iteration (NULL, FALSE);
    }
  WAIT_UNTIL (!scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, N_ROWS / 100 - 10);
  g_assert_cmpuint (scope_find_get_number (f->find, 1100), ==, 0);
  g_assert_cmpuint (scope_find_get_number (f->find, 1200), ==, 1);
  g_assert_cmpuint (scope_find_get_number (f->find, N_ROWS + 100), ==, N_ROWS / 100 - 10);

  /* all of them */
  scope_event_list_drop (f->list, N_ROWS + 101);
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 0);
  append (f, 100);
  WAIT_UNTIL (!scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 1);
}

/* Given up in the middle, and with the log gone. */
static void
test_give_up (Fixture      *f,
              gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      scope_find_set_text (f->find, "gold", FALSE);
      g_main_context_iteration (NULL, FALSE);
      scope_find_set_text (f->find, "tin", FALSE);
    }
  WAIT_UNTIL (!scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, N_ROWS - N_ROWS / 100);
  scope_find_set_text (f->find, "gold", FALSE);
  scope_find_set_list (f->find, NULL);
  g_assert_false (scope_find_get_searching (f->find));
  g_assert_cmpuint (scope_find_get_n_hits (f->find), ==, 0);
}

/* A row that is left out is not read, whatever it holds. */
static void
test_skip (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (ScopeFilter) filter = scope_filter_new_for_text ("tin", TRUE);
  g_autoptr (ScopeScanner) scanner =
      scope_scanner_new (_scope_event_list_get_capture (f->list), filter);
  ScopeRecord records[3];
  guint8 verdicts[3];

  for (guint i = 0; i < 3; i++)
    records[i] = *_scope_event_list_peek (f->list, i + 1);
  records[1].kind = SCOPE_SCANNER_SKIP;
  g_assert_true (scope_scanner_judge (scanner, 1, records, 3, verdicts, NULL));
  g_assert_cmpuint (verdicts[0], ==, SCOPE_VERDICT_YES);
  g_assert_cmpuint (verdicts[1], ==, SCOPE_VERDICT_NO);
  g_assert_cmpuint (verdicts[2], ==, SCOPE_VERDICT_YES);
}

#define add(path, function) \
  G_STMT_START \
    { \
      g_test_add ("/find/recorded/" path, Fixture, NULL, set_up, function, tear_down); \
      g_test_add ("/find/kept/" path, Fixture, "kept", set_up, function, tear_down); \
    } \
  G_STMT_END

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("hits", test_hits);
  add ("step", test_step);
  add ("append", test_append);
  add ("filter", test_filter);
  add ("drop", test_drop);
  add ("give-up", test_give_up);
  g_test_add ("/find/skip", Fixture, NULL, set_up, test_skip, tear_down);
  return g_test_run ();
}
