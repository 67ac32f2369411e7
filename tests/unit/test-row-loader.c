/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-recording.h"
#include "capture/scope-reader.h"
#include "session/scope-event-list-private.h"
#include "session/scope-row-loader.h"

/* Rows are read on another thread; the log waits a moment for them. What suspends the connections of a file
 * stands for a disk that takes its time. */

#define N_ROWS 40
#define LONG_ROW 7
#define STATE_ROW 11
#define LONG_BYTES (300 * 1024)
#define PATIENT (WAIT_SECONDS * G_USEC_PER_SEC)
#define IMPATIENT 500

typedef struct
{
  Place place;
  ScopeCapture *capture;
  ScopeEventList *list;
  ScopeRowLoader *loader;
  guint n_loaded;
} Fixture;

static void
append_row (ScopeRecorder *recorder,
            guint          row)
{
  ScopeNames *names = scope_recorder_get_names (recorder);
  g_autofree char *filling = g_strnfill (row == LONG_ROW ? LONG_BYTES : 3, 'x');
  g_autofree char *frame =
      g_strdup_printf ("{\"event\":\"e\",\"channel\":\"c\",\"data\":{\"row\":%u,\"filling\":\"%s\"}}", row, filling);
  g_autoptr (ScopeEntry) entry = row == STATE_ROW
                                     ? fixture_entry (names, SCOPE_ENTRY_GAP, "c", "the network was down")
                                     : fixture_event (names, frame);

  g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, row);
}

static void
make_list (Fixture *f)
{
  ScopeRecord records[N_ROWS];

  f->list = scope_event_list_new (scope_capture_get_names (f->capture));
  g_assert_cmpuint (scope_capture_read_records (f->capture, 1, N_ROWS, records, NULL), ==, N_ROWS);
  scope_event_list_set_capture (f->list, f->capture);
  scope_event_list_append (f->list, records, N_ROWS);
}

static void
loaded_cb (Fixture *f)
{
  f->n_loaded++;
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeRecorder) recorder = NULL;

  place_set_up (&f->place, data);
  recorder = scope_recorder_new (f->place.path, NULL, NULL);
  for (guint row = 1; row <= N_ROWS; row++)
    append_row (recorder, row);
  fixture_close (recorder, &error);
  g_assert_no_error (error);
  f->capture = scope_capture_open (f->place.path, &error);
  g_assert_no_error (error);
  make_list (f);
  f->loader = scope_row_loader_new ();
  g_signal_connect_swapped (f->loader, "loaded", G_CALLBACK (loaded_cb), f);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_clear_object (&f->loader);
  g_clear_object (&f->list);
  g_clear_object (&f->capture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  place_tear_down (&f->place, data);
}

/* The items of some rows, none of them read. */
static GPtrArray *
get_items (Fixture *f,
           guint    from,
           guint    n)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (f->list), from + i));
  return items;
}

static gboolean
are_loaded (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (!scope_event_item_is_loaded (items->pdata[i]))
      return FALSE;
  return TRUE;
}

/* The loader’s connection is there: to make one would wait as well. */
static void
slow_down (Fixture *f)
{
  g_autoptr (GPtrArray) items = get_items (f, 0, 1);

  g_assert_true (scope_row_loader_load (f->loader, items, PATIENT));
  _scope_reader_suspend_all (f->place.path);
}

static void
speed_up (Fixture *f)
{
  _scope_reader_resume_all (f->place.path);
}

/* What the thread tells of a row is what the row tells by itself. */
static void
test_same (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GPtrArray) items = get_items (f, 0, N_ROWS);
  g_autoptr (GPtrArray) others = get_items (f, 0, N_ROWS);

  g_assert_false (scope_event_item_is_loaded (items->pdata[0]));
  g_assert_true (scope_row_loader_load (f->loader, items, PATIENT));
  g_assert_true (are_loaded (items));
  for (guint i = 0; i < N_ROWS; i++)
    {
      g_assert_cmpstr (scope_event_item_get_preview (items->pdata[i]), ==,
                       scope_event_item_get_preview (others->pdata[i]));
      g_assert_cmpuint (scope_event_item_get_data_size (items->pdata[i]), ==,
                        scope_event_item_get_data_size (others->pdata[i]));
      g_assert_true (scope_event_item_is_loaded (others->pdata[i]));
    }
  g_assert_cmpuint (f->n_loaded, ==, 0);
  g_assert_true (scope_row_loader_load (f->loader, items, 0)); /* nothing to be read */
}

/* The log goes on without them, and is told. */
static void
test_late (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GPtrArray) items = get_items (f, 5, 20);

  slow_down (f);
  g_assert_false (scope_row_loader_load (f->loader, items, IMPATIENT));
  g_assert_false (scope_event_item_is_loaded (items->pdata[0]));
  g_assert_false (scope_row_loader_load (f->loader, items, PATIENT)); /* it is on its way: nobody waits again */
  speed_up (f);
  WAIT_UNTIL (f->n_loaded > 0);
  g_assert_true (are_loaded (items));
  g_assert_nonnull (strstr (scope_event_item_get_preview (items->pdata[0]), "\"row\":6"));
  g_assert_cmpuint (f->n_loaded, ==, 1);
}

/* Who scrolls on wants others. */
static void
test_given_up (Fixture      *f,
               gconstpointer data)
{
  g_autoptr (GPtrArray) first = get_items (f, 0, 10);
  g_autoptr (GPtrArray) second = get_items (f, 20, 10);

  slow_down (f);
  g_assert_false (scope_row_loader_load (f->loader, first, IMPATIENT));
  g_assert_false (scope_row_loader_load (f->loader, second, PATIENT));
  speed_up (f);
  WAIT_UNTIL (are_loaded (second));
  g_assert_cmpuint (f->n_loaded, >=, 1);
  g_assert_true (scope_row_loader_load (f->loader, first, PATIENT));
  g_assert_true (are_loaded (first));
}

/* What somebody has read in the meantime stays. */
static void
test_read_meanwhile (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr (GPtrArray) items = get_items (f, 0, 10);
  ScopeEntry *entry;

  slow_down (f);
  g_assert_false (scope_row_loader_load (f->loader, items, IMPATIENT));
  speed_up (f);
  entry = scope_event_item_get_entry (items->pdata[3]);
  WAIT_UNTIL (f->n_loaded > 0);
  g_assert_true (scope_event_item_get_entry (items->pdata[3]) == entry);
  g_assert_true (are_loaded (items));
}

/* A window that is closed while a disk is waited for. */
static void
test_gone (Fixture      *f,
           gconstpointer data)
{
  GPtrArray *items = get_items (f, 0, 10);
  gpointer item = items->pdata[0];

  g_object_add_weak_pointer (item, &item);
  slow_down (f);
  g_assert_false (scope_row_loader_load (f->loader, items, IMPATIENT));
  g_ptr_array_unref (items);
  g_clear_object (&f->loader);
  g_clear_object (&f->list);
  speed_up (f);
  WAIT_UNTIL (item == NULL);
  g_assert_cmpuint (f->n_loaded, ==, 0);
}

/* What is not in the file yet is not read from it. */
static void
test_kept (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (ScopeEntry) entry =
      fixture_event (scope_capture_get_names (f->capture), "{\"event\":\"e\",\"channel\":\"c\",\"data\":\"new\"}");
  g_autoptr (GPtrArray) items = NULL;

  entry->sequence = N_ROWS + 1;
  _scope_event_list_append_waiting (f->list, &entry, 1);
  items = get_items (f, N_ROWS, 1);
  slow_down (f);
  g_assert_true (scope_row_loader_load (f->loader, items, 0));
  g_assert_cmpstr (scope_event_item_get_preview (items->pdata[0]), ==, "new");
  speed_up (f);
}

/* A row that is not there says so, and is not asked for again. */
static void
test_missing (Fixture      *f,
              gconstpointer data)
{
  ScopeRecord record = { .time_usec = FIXTURE_TIME, .kind = SCOPE_ENTRY_EVENT };
  g_autoptr (GPtrArray) items = NULL;

  scope_event_list_append (f->list, &record, 1);
  items = get_items (f, N_ROWS, 1);
  g_assert_true (scope_row_loader_load (f->loader, items, PATIENT));
  g_assert_true (are_loaded (items));
  g_assert_nonnull (strstr (scope_event_item_get_preview (items->pdata[0]), "no entry 41"));
}

/* What was read ahead is left for what is in sight. */
static void
test_ahead (Fixture      *f,
            gconstpointer data)
{
  g_autoptr (GPtrArray) all = get_items (f, 0, N_ROWS);
  g_autoptr (GPtrArray) sight = get_items (f, 30, 5);

  scope_row_loader_load (f->loader, all, 0);
  g_assert_true (scope_row_loader_load (f->loader, sight, PATIENT));
  g_assert_true (are_loaded (sight));
}

/* A row that is made anew need not be read anew. */
static void
test_inherit (Fixture      *f,
              gconstpointer data)
{
  g_autoptr (GPtrArray) former = get_items (f, 3, 2);
  g_autoptr (GPtrArray) items = get_items (f, 3, 2);
  g_autoptr (GPtrArray) later = NULL;
  ScopeRecord record = { .time_usec = FIXTURE_TIME, .kind = SCOPE_ENTRY_EVENT };

  g_assert_true (scope_row_loader_load (f->loader, former, PATIENT));
  g_assert_true (scope_event_item_is_unchanged (former->pdata[0], items->pdata[0]));
  g_assert_false (scope_event_item_is_unchanged (former->pdata[0], items->pdata[1]));
  scope_event_item_inherit (items->pdata[0], former->pdata[1]);
  g_assert_false (scope_event_item_is_loaded (items->pdata[0]));
  scope_event_item_inherit (items->pdata[0], former->pdata[0]);
  g_assert_true (scope_event_item_is_loaded (items->pdata[0]));
  g_assert_cmpstr (scope_event_item_get_preview (items->pdata[0]), ==,
                   scope_event_item_get_preview (former->pdata[0]));

  scope_event_list_append (f->list, &record, 1);
  later = get_items (f, 3, 1);
  g_assert_true (scope_event_item_is_unchanged (former->pdata[0], later->pdata[0]));
  scope_event_list_drop (f->list, 2);
  g_clear_pointer (&later, g_ptr_array_unref);
  later = get_items (f, 2, 1);
  g_assert_true (scope_event_item_is_same_event (former->pdata[0], later->pdata[0]));
  g_assert_false (scope_event_item_is_unchanged (former->pdata[0], later->pdata[0])); /* the time since the start */
}

/* A capture that is closed is not held by who has read it. */
static void
test_forget (Fixture      *f,
             gconstpointer data)
{
  GPtrArray *items = get_items (f, 0, 10);
  gpointer capture = f->capture;

  g_object_add_weak_pointer (capture, &capture);
  g_assert_true (scope_row_loader_load (f->loader, items, PATIENT));
  g_ptr_array_unref (items);
  g_clear_object (&f->list);
  g_clear_object (&f->capture);
  g_assert_nonnull (capture);
  scope_row_loader_forget (f->loader);
  g_assert_null (capture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/row-loader/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
  ADD ("same", test_same);
  ADD ("late", test_late);
  ADD ("given-up", test_given_up);
  ADD ("read-meanwhile", test_read_meanwhile);
  ADD ("gone", test_gone);
  ADD ("kept", test_kept);
  ADD ("missing", test_missing);
  ADD ("ahead", test_ahead);
  ADD ("inherit", test_inherit);
  ADD ("forget", test_forget);
#undef ADD
  return g_test_run ();
}
