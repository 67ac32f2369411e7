/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-event-list-private.h"
#include "tests/wait.h"

#include <gio/gio.h>
#include <string.h>

#define START_USEC (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  GArray *mirror; /* of sequence numbers: what a view would show by following the signals */
  guint n_changes;
  guint n_items_notified;
  guint n_total_notified;
  guint64 next; /* sequence number of the next record */
} Fixture;

static guint64
sequence_at (Fixture *f,
             guint    position)
{
  g_autoptr (ScopeEventItem) item = g_list_model_get_item (G_LIST_MODEL (f->list), position);

  g_assert_nonnull (item);
  return scope_event_item_get_sequence (item);
}

static void
mirror_cb (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           gpointer    user_data)
{
  Fixture *f = user_data;
  g_autofree guint64 *sequences = g_new (guint64, added + 1);

  for (guint i = 0; i < added; i++)
    sequences[i] = sequence_at (f, position + i);
  g_assert_cmpuint (position + removed, <=, f->mirror->len);
  if (removed > 0)
    g_array_remove_range (f->mirror, position, removed);
  g_array_insert_vals (f->mirror, position, sequences, added);
  f->n_changes++;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
  f->mirror = g_array_new (FALSE, FALSE, sizeof (guint64));
  f->next = 1;
  g_signal_connect (f->list, "items-changed", G_CALLBACK (mirror_cb), f);
  g_signal_connect_swapped (f->list, "notify::n-items", G_CALLBACK (count_cb),
                            &f->n_items_notified);
  g_signal_connect_swapped (f->list, "notify::n-total", G_CALLBACK (count_cb),
                            &f->n_total_notified);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_assert_finalize_object (f->list);
  g_assert_finalize_object (f->names);
  g_array_unref (f->mirror);
}

/* A second between rows; every tenth one is a frame, the others alternate between two channels. */
static ScopeRecord
make_record (Fixture *f,
             guint64  sequence)
{
  gboolean frame = sequence % 10 == 0;

  return (ScopeRecord) {
    .time_usec = START_USEC + (gint64) sequence * G_USEC_PER_SEC,
    .channel = scope_names_intern (f->names, sequence % 2 == 0 ? "even" : "odd", -1),
    .event = scope_names_intern (f->names, "tick", -1),
    .size = sequence % 1000,
    .kind = frame ? SCOPE_ENTRY_FRAME : SCOPE_ENTRY_EVENT,
    .direction = SCOPE_DIRECTION_IN,
  };
}

static void
append (Fixture *f,
        guint    n)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, n);

  for (guint i = 0; i < n; i++)
    records[i] = make_record (f, f->next++);
  scope_event_list_append (f->list, records, n);
}

static void
wait_for_filter (Fixture *f)
{
  WAIT_UNTIL (!scope_event_list_get_filtering (f->list));
}

static void
set_filter (Fixture    *f,
            const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeFilter) filter = scope_filter_new (text, NULL, &error);

  g_assert_no_error (error);
  scope_event_list_set_filter (f->list, filter);
}

typedef gboolean (*Predicate) (guint64 sequence);

static gboolean
is_event (guint64 sequence)
{
  return sequence % 10 != 0;
}

static gboolean
is_even_event (guint64 sequence)
{
  return is_event (sequence) && sequence % 2 == 0;
}

static gboolean
is_all (guint64 sequence)
{
  return TRUE;
}

/* The mirror, the model and what should be there, from sequence number `from` on. */
static void
assert_rows (Fixture  *f,
             guint64   from,
             Predicate wanted)
{
  guint n = 0;

  g_assert_cmpuint (f->mirror->len, ==, g_list_model_get_n_items (G_LIST_MODEL (f->list)));
  for (guint64 sequence = from; sequence < f->next; sequence++)
    if (wanted (sequence))
      {
        g_assert_cmpuint (n, <, f->mirror->len);
        g_assert_cmpuint (g_array_index (f->mirror, guint64, n), ==, sequence);
        n++;
      }
  g_assert_cmpuint (n, ==, f->mirror->len);
  if (n > 0)
    g_assert_cmpuint (sequence_at (f, n - 1), ==, g_array_index (f->mirror, guint64, n - 1));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (f->list), n));
}

static void
test_list_append (Fixture      *f,
                  gconstpointer data)
{
  append (f, 25);
  assert_rows (f, 1, is_event);
  g_assert_cmpuint (f->n_changes, ==, 1);
  g_assert_cmpuint (f->n_items_notified, ==, 1);
  g_assert_cmpuint (f->n_total_notified, ==, 1);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 23);

  append (f, 100);
  assert_rows (f, 1, is_event);
  g_assert_cmpuint (f->n_changes, ==, 2);
  g_assert_cmpuint (f->n_items_notified, ==, 2);
  g_assert_cmpuint (f->n_total_notified, ==, 2);

  append (f, 4);
  g_assert_cmpuint (f->n_changes, ==, 3);
  /* a frame alone: nothing to be seen of it */
  append (f, 1);
  append (f, 0);
  g_assert_cmpuint (f->n_changes, ==, 3);
  g_assert_cmpuint (f->n_total_notified, ==, 3);
}

static void
test_list_frames (Fixture      *f,
                  gconstpointer data)
{
  append (f, 55);
  g_object_set (f->list, "show-frames", TRUE, NULL);
  wait_for_filter (f);
  assert_rows (f, 1, is_all);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 55);

  append (f, 20);
  assert_rows (f, 1, is_all);
  g_object_set (f->list, "show-frames", FALSE, NULL);
  wait_for_filter (f);
  assert_rows (f, 1, is_event);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 68);
}

static void
test_list_item (Fixture      *f,
                gconstpointer data)
{
  g_autoptr (ScopeEventItem) first = NULL;
  g_autoptr (ScopeEventItem) first_again = NULL;
  g_autoptr (ScopeEventItem) after_frame = NULL;

  append (f, 12);
  first = g_list_model_get_item (G_LIST_MODEL (f->list), 0);
  first_again = g_list_model_get_item (G_LIST_MODEL (f->list), 0);
  after_frame = g_list_model_get_item (G_LIST_MODEL (f->list), 9);

  g_assert_cmpuint (scope_event_item_get_sequence (first), ==, 1);
  g_assert_cmpint (scope_event_item_get_delta_usec (first), ==, -1);
  g_assert_cmpstr (scope_event_item_get_channel (first), ==, "odd");
  g_assert_cmpstr (scope_event_item_get_event (first), ==, "tick");
  g_assert_null (scope_event_item_get_user (first));
  g_assert_cmpuint (scope_event_item_get_record (first)->size, ==, 1);

  g_assert_true (scope_event_item_is_same_event (first, first_again));
  g_assert_false (scope_event_item_is_same_event (first, after_frame));
  g_assert_false (scope_event_item_is_same_event (first, NULL));
  g_assert_false (scope_event_item_is_same_event (NULL, NULL));

  /* to the row that is shown before it */
  g_assert_cmpuint (scope_event_item_get_sequence (after_frame), ==, 11);
  g_assert_cmpint (scope_event_item_get_delta_usec (after_frame), ==, 2 * G_USEC_PER_SEC);

  /* there is nothing to read it from, and it says so */
  g_assert_null (scope_event_item_get_entry (first));
  g_assert_cmpstr (scope_event_item_get_preview (first), !=, "");
}

static void
test_list_words (Fixture      *f,
                 gconstpointer data)
{
  ScopeRecord records[] = {
    { .time_usec = START_USEC, .kind = SCOPE_ENTRY_STATE },
    { .time_usec = START_USEC - 5, .kind = SCOPE_ENTRY_GAP },
    { .time_usec = START_USEC, .kind = SCOPE_ENTRY_GAP + 1 },
  };

  scope_event_list_append (f->list, records, G_N_ELEMENTS (records));
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      static const char * const words[] = { "State", "Gap", "Unknown" };
      g_autoptr (ScopeEventItem) item = g_list_model_get_item (G_LIST_MODEL (f->list), i);

      g_assert_cmpstr (scope_event_item_get_event (item), ==, words[i]);
      if (i == 1)
        g_assert_cmpint (scope_event_item_get_delta_usec (item), ==, 0);
    }
}

static void
test_list_filter (Fixture      *f,
                  gconstpointer data)
{
  append (f, 95);
  set_filter (f, "channel == \"even\"");
  wait_for_filter (f);
  assert_rows (f, 1, is_even_event);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 86);

  append (f, 50);
  wait_for_filter (f);
  assert_rows (f, 1, is_even_event);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 131);

  scope_event_list_set_filter (f->list, NULL);
  wait_for_filter (f);
  assert_rows (f, 1, is_event);
}

static void
assert_sequences (Fixture    *f,
                  const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->list)), ==, f->mirror->len);
  for (guint i = 0; i < f->mirror->len; i++)
    {
      g_assert_cmpuint (g_array_index (f->mirror, guint64, i), ==, sequence_at (f, i));
      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "", sequence_at (f, i));
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* Bookmarked rows alone: they come and go where they are, and the filter applies as well. */
static void
test_list_picks (Fixture      *f,
                 gconstpointer data)
{
  g_autoptr (ScopeMarkList) marks = scope_mark_list_new ();
  g_autoptr (ScopePicks) picks = scope_mark_list_new_picks (marks);
  guint n_changes;

  append (f, 95);
  _scope_mark_list_set (marks, 40, ""); /* a frame: it is not shown */
  _scope_mark_list_set (marks, 41, "");
  _scope_mark_list_set (marks, 99, "of a row that is to come");
  scope_event_list_set_picks (f->list, picks);
  assert_sequences (f, "41");
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 86);

  n_changes = f->n_changes;
  append (f, 50);
  assert_sequences (f, "41 99");
  _scope_mark_list_set (marks, 42, "");
  _scope_mark_list_set (marks, 7, "");
  assert_sequences (f, "7 41 42 99");
  _scope_mark_list_set (marks, 41, NULL);
  assert_sequences (f, "7 42 99");
  g_assert_cmpuint (f->n_changes, ==, n_changes + 4);
  _scope_mark_list_set (marks, 42, "nothing comes or goes with a note");
  g_assert_cmpuint (f->n_changes, ==, n_changes + 4);

  set_filter (f, "channel == \"odd\"");
  assert_sequences (f, "7 99");
  scope_event_list_drop (f->list, 8);
  assert_sequences (f, "99");
  _scope_mark_list_set (marks, 9, "");
  assert_sequences (f, "9 99");
  scope_event_list_set_filter (f->list, NULL);
  assert_sequences (f, "9 42 99");

  scope_event_list_set_picks (f->list, NULL);
  assert_rows (f, 8, is_event);
  _scope_mark_list_set (marks, 13, "");
  assert_rows (f, 8, is_event);
}

/* Times of day are those of the first row's day. */
static void
test_list_time_of_day (Fixture      *f,
                       gconstpointer data)
{
  g_autoptr (GDateTime) first = NULL;
  g_autofree char *text = NULL;

  append (f, 100);
  first = g_date_time_new_from_unix_local (START_USEC / G_USEC_PER_SEC + 51);
  text = g_date_time_format (first, "time < \"%H:%M:%S\"");
  set_filter (f, text);
  wait_for_filter (f);
  g_assert_cmpuint (f->mirror->len, ==, 45);
}

static void
test_list_clear (Fixture      *f,
                 gconstpointer data)
{
  append (f, 33);
  scope_event_list_clear (f->list);
  assert_rows (f, 34, is_event);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 0);
  g_assert_cmpuint (scope_event_list_find (f->list, 1), ==, 0);

  append (f, 12);
  assert_rows (f, 34, is_event);
  g_assert_cmpuint (sequence_at (f, 0), ==, 34);

  scope_event_list_undo_clear (f->list);
  wait_for_filter (f);
  assert_rows (f, 1, is_event);

  scope_event_list_clear (f->list);
  scope_event_list_clear (f->list);
  scope_event_list_undo_clear (f->list);
  scope_event_list_undo_clear (f->list);
  wait_for_filter (f);
  assert_rows (f, 1, is_event);
}

static void
test_list_find (Fixture      *f,
                gconstpointer data)
{
  append (f, 100);
  set_filter (f, "channel == \"even\"");
  wait_for_filter (f);

  g_assert_cmpuint (scope_event_list_find (f->list, 0), ==, 0);
  g_assert_cmpuint (sequence_at (f, scope_event_list_find (f->list, 42)), ==, 42);
  g_assert_cmpuint (sequence_at (f, scope_event_list_find (f->list, 43)), ==, 44);
  g_assert_cmpuint (sequence_at (f, scope_event_list_find (f->list, 50)), ==, 52);
  g_assert_cmpuint (scope_event_list_find (f->list, 99), ==, f->mirror->len);

  g_assert_cmpuint (scope_event_list_find_time (f->list, 0), ==, 0);
  g_assert_cmpuint (sequence_at (f, scope_event_list_find_time (
                                      f->list, START_USEC + 43 * G_USEC_PER_SEC)), ==, 44);
  g_assert_cmpuint (scope_event_list_find_time (f->list, G_MAXINT64), ==, f->mirror->len);
}

static ScopeEntry *
make_entry (Fixture *f,
            guint64  sequence)
{
  ScopeEntry *entry = scope_entry_new (SCOPE_ENTRY_EVENT,
                                       START_USEC + (gint64) sequence * G_USEC_PER_SEC);
  g_autofree char *data = g_strdup_printf ("{\"n\":%" G_GUINT64_FORMAT "}", sequence % 10);
  g_autofree char *frame = g_strdup_printf ("{\"event\":\"tick\",\"data\":%s}", data);

  entry->sequence = sequence;
  entry->direction = SCOPE_DIRECTION_IN;
  entry->event = scope_names_intern (f->names, "tick", -1);
  entry->channel = scope_names_intern (f->names, "even", -1);
  entry->data = (ScopeSpan) { strlen ("{\"event\":\"tick\",\"data\":"), strlen (data) };
  entry->data_kind = SCOPE_JSON_OBJECT;
  entry->frame = g_bytes_new (frame, strlen (frame));
  return entry;
}

static void
append_entries (Fixture *f,
                guint    n)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (entries, make_entry (f, f->next++));
  _scope_event_list_append_entries (f->list, (ScopeEntry **) entries->pdata, n);
}

static gboolean
is_third (guint64 sequence)
{
  return sequence % 10 == 3;
}

static void
test_list_payload (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr (ScopeEventItem) item = NULL;

  append_entries (f, 3000);
  set_filter (f, "data.n == 3");
  append_entries (f, 2000);
  append_entries (f, 5);
  wait_for_filter (f);
  assert_rows (f, 1, is_third);

  item = g_list_model_get_item (G_LIST_MODEL (f->list), 0);
  g_assert_cmpstr (scope_event_item_get_preview (item), ==, "{\"n\":3}");
  g_assert_nonnull (scope_event_item_get_entry (item));

  /* another filter in the middle of a scan */
  set_filter (f, "data.n == 4");
  set_filter (f, "data.n == 3");
  wait_for_filter (f);
  assert_rows (f, 1, is_third);
}

/* Only so many stay in memory; what has gone says so, and no filter hides that. */
static void
test_list_recent (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr (ScopeEventItem) first = NULL;
  g_autoptr (ScopeEventItem) last = NULL;

  append_entries (f, SCOPE_KEPT_ENTRIES_RECENT + 3);
  first = g_list_model_get_item (G_LIST_MODEL (f->list), 2);
  last = g_list_model_get_item (G_LIST_MODEL (f->list), 3);

  g_assert_null (scope_event_item_get_entry (first));
  g_assert_nonnull (strstr (scope_event_item_get_preview (first), "memory"));
  g_assert_nonnull (scope_event_item_get_entry (last));
  g_assert_cmpstr (scope_event_item_get_preview (last), ==, "{\"n\":4}");

  set_filter (f, "data.n == 4 and not data.n exists");
  wait_for_filter (f);
  g_assert_cmpuint (f->mirror->len, ==, 3);
}

static void
test_list_large (Fixture      *f,
                 gconstpointer data)
{
  guint changes = 0;

  while (f->next <= 200000)
    {
      append (f, 1000);
      changes++;
    }
  wait_for_filter (f);
  g_assert_cmpuint (f->n_changes, <=, 2 * changes);
  assert_rows (f, 1, is_event);

  set_filter (f, "channel == \"even\"");
  append (f, 1000);
  wait_for_filter (f);
  assert_rows (f, 1, is_even_event);
  g_assert_cmpuint (sequence_at (f, scope_event_list_find (f->list, 131073)), ==, 131074);

  scope_event_list_clear (f->list);
  scope_event_list_undo_clear (f->list);
  scope_event_list_set_filter (f->list, NULL);
  wait_for_filter (f);
  assert_rows (f, 1, is_event);
}

/* A list that goes while it scans leaves nothing behind. */
/* Rows go at the beginning, and all else stays what it was. */
static void
test_list_drop (Fixture      *f,
                gconstpointer data)
{
  guint n_changes;

  append (f, 100);
  scope_event_list_drop (f->list, 1);
  g_assert_cmpuint (f->n_changes, ==, 1);
  scope_event_list_drop (f->list, 31);
  g_assert_cmpuint (f->n_changes, ==, 2);
  assert_rows (f, 31, is_event);
  g_assert_cmpuint (scope_event_list_get_n_dropped (f->list), ==, 30);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 63);
  g_assert_cmpuint (scope_event_list_find (f->list, 5), ==, 0);
  g_assert_cmpuint (scope_event_list_find (f->list, 33), ==, 2);
  g_assert_cmpuint (scope_event_list_find_time (f->list, START_USEC), ==, 0);

  set_filter (f, "channel == \"even\"");
  wait_for_filter (f);
  assert_rows (f, 31, is_even_event);
  scope_event_list_drop (f->list, 51);
  assert_rows (f, 51, is_even_event);
  append (f, 50);
  assert_rows (f, 51, is_even_event);

  scope_event_list_clear (f->list);
  append (f, 10);
  n_changes = f->n_changes;
  scope_event_list_drop (f->list, 101); /* nothing of it is shown */
  g_assert_cmpuint (f->n_changes, ==, n_changes);
  scope_event_list_undo_clear (f->list);
  wait_for_filter (f);
  assert_rows (f, 101, is_even_event);
  scope_event_list_set_filter (f->list, NULL);
  g_object_set (f->list, "show-frames", TRUE, NULL);
  wait_for_filter (f);
  assert_rows (f, 101, is_all);

  scope_event_list_drop (f->list, G_MAXUINT64);
  g_assert_cmpuint (f->mirror->len, ==, 0);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 0);
  append (f, 3);
  assert_rows (f, f->next - 3, is_all);
}

/* A long run with a small budget: chunks are given back. */
static void
test_list_drop_long (Fixture      *f,
                     gconstpointer data)
{
  g_object_set (f->list, "show-frames", TRUE, NULL);
  for (guint i = 0; i < 100; i++)
    {
      append (f, 4096);
      if (f->next > 20000)
        scope_event_list_drop (f->list, f->next - 20000);
      wait_for_filter (f);
    }
  assert_rows (f, f->next - 20000, is_all);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 20000);
}

static void
test_list_start_at (Fixture      *f,
                    gconstpointer data)
{
  scope_event_list_start_at (f->list, 70001);
  f->next = 70001;
  append (f, 30);
  assert_rows (f, 70001, is_event);
  g_assert_cmpuint (scope_event_list_get_n_dropped (f->list), ==, 70000);
  g_assert_cmpuint (scope_event_list_get_n_total (f->list), ==, 27);
  set_filter (f, "channel == \"even\"");
  wait_for_filter (f);
  assert_rows (f, 70001, is_even_event);
}

/* What is kept of a row that stays, from the first hundred thousand on: its record, and behind a filter its number. */
static void
test_list_bytes (void)
{
  enum { N_FIRST = 100000, N_MORE = 1000000 };
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autofree ScopeRecord *records = g_new0 (ScopeRecord, N_MORE);

  for (guint i = 0; i < N_MORE; i++)
    records[i] = (ScopeRecord) { .time_usec = START_USEC + i, .kind = SCOPE_ENTRY_EVENT, .size = i % 2 };
  for (guint filtered = 0; filtered < 2; filtered++)
    {
      Fixture f = { .names = names, .list = scope_event_list_new (names) };
      gsize before;

      if (filtered)
        set_filter (&f, "size == 1");
      scope_event_list_append (f.list, records, N_FIRST);
      wait_for_filter (&f);
      before = _scope_event_list_get_size (f.list);
      scope_event_list_append (f.list, records, N_MORE);
      wait_for_filter (&f);
      g_assert_cmpuint (_scope_event_list_get_size (f.list) - before, <=, (filtered ? 28 : 25) * (gsize) N_MORE);
      g_assert_finalize_object (f.list);
    }
}

static void
test_list_dispose (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  Fixture f = { .names = names, .list = scope_event_list_new (names), .next = 1 };

  append_entries (&f, 9000);
  set_filter (&f, "data.n ~ \"^(a|b)*c\"");
  g_assert_finalize_object (f.list);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add (name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/event-list/drop", test_list_drop);
  ADD ("/event-list/drop-long", test_list_drop_long);
  ADD ("/event-list/start-at", test_list_start_at);
  ADD ("/event-list/append", test_list_append);
  ADD ("/event-list/frames", test_list_frames);
  ADD ("/event-list/item", test_list_item);
  ADD ("/event-list/words", test_list_words);
  ADD ("/event-list/filter", test_list_filter);
  ADD ("/event-list/picks", test_list_picks);
  ADD ("/event-list/time-of-day", test_list_time_of_day);
  ADD ("/event-list/clear", test_list_clear);
  ADD ("/event-list/find", test_list_find);
  ADD ("/event-list/payload", test_list_payload);
  ADD ("/event-list/recent", test_list_recent);
  ADD ("/event-list/large", test_list_large);
  g_test_add_func ("/event-list/bytes", test_list_bytes);
  g_test_add_func ("/event-list/dispose", test_list_dispose);

  return g_test_run ();
}
