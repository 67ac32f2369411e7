/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-recording.h"
#include "base/scope-error.h"
#include "session/scope-color-rules.h"
#include "session/scope-event-list.h"

/* Rows that are too long to be read for a list, or on the main loop. */

#define LONG_BYTES (700 * 1024)
#define PREVIEW_BYTES 512

enum
{
  SMALL = 1,
  OBJECT,
  TEXT,
  ESCAPES,
  WORDS,
  CUT_SIGN,
  FRAME,
  N_ROWS = FRAME,
};

static char *
repeat (const char *before,
        const char *unit,
        const char *after)
{
  GString *text = g_string_new (before);

  while (text->len < LONG_BYTES)
    g_string_append (text, unit);
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

static char *
make_data (guint row)
{
  switch (row)
    {
    case OBJECT:
      return repeat ("{ \"list\": [0", ", 1234567", "]}");
    case TEXT:
      return repeat ("\"plain ", "text without escapes ", "\"");
    case ESCAPES:
      return repeat ("\"{\\\"list\\\":[0", ",\\\"\\ud83d\\ude00ä\\\"", "]}\"");
    case WORDS:
      return repeat ("[\"", "a word\",\"", "\"]");
    case CUT_SIGN:
      /* wherever it is cut, a sign of more than one byte is there */
      return repeat ("\"x", "\xf0\x9f\x98\x80", "\"");
    default:
      return g_strdup ("{\"small\":1}");
    }
}

static void
append_row (ScopeRecorder *recorder,
            guint          row)
{
  g_autofree char *data = make_data (row);
  g_autofree char *frame = g_strdup_printf ("{\"event\":\"e\",\"channel\":\"c\",\"data\":%s}", data);
  g_autoptr (ScopeEntry) entry = NULL;

  if (row == FRAME)
    {
      entry = scope_entry_new (SCOPE_ENTRY_FRAME, FIXTURE_TIME);
      entry->direction = SCOPE_DIRECTION_IN;
      entry->frame = g_bytes_new_take (repeat ("no JSON ", "\x01\xff.", ""), LONG_BYTES);
    }
  else
    {
      entry = fixture_event (scope_recorder_get_names (recorder), frame);
    }
  g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, row);
}

static ScopeCapture *
make_capture (Place *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  ScopeCapture *capture;

  for (guint row = SMALL; row <= N_ROWS; row++)
    append_row (recorder, row);
  fixture_close (recorder, &error);
  g_assert_no_error (error);
  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  return capture;
}

static ScopeEventList *
make_list (ScopeCapture *capture)
{
  ScopeEventList *list = scope_event_list_new (scope_capture_get_names (capture));
  ScopeRecord records[N_ROWS];

  g_assert_cmpuint (scope_capture_read_records (capture, 1, N_ROWS, records, NULL), ==, N_ROWS);
  scope_event_list_set_capture (list, capture);
  scope_event_list_append (list, records, N_ROWS);
  return list;
}

/* The beginning says what the whole row would. */
static void
test_preview (Place         *place,
              gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place);
  g_autoptr (ScopeEventList) list = make_list (capture);

  for (guint row = SMALL; row <= N_ROWS; row++)
    {
      g_autoptr (ScopeEventItem) item = scope_event_list_dup_item (list, row);
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, row, NULL);
      g_autofree char *whole = scope_entry_dup_preview (entry, PREVIEW_BYTES);
      gsize data_length = 0;
      g_autofree char *head = scope_capture_dup_preview (capture, row, scope_event_item_get_record (item),
                                                         PREVIEW_BYTES, &data_length);

      g_assert_cmpstr (head, ==, whole);
      g_assert_cmpuint (data_length, ==, row == FRAME ? 0 : entry->data.length);
      g_assert_cmpint (scope_event_item_is_long (item), ==, row != SMALL);
      g_assert_cmpstr (scope_event_item_get_preview (item), ==, whole);
    }
}

static ScopeEntry *
read_item (ScopeEventItem  *item,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  scope_event_item_read_async (item, cancellable, wait_result_cb, &result);
  g_assert_null (result);
  WAIT_UNTIL (result != NULL);
  return scope_event_item_read_finish (item, result, error);
}

/* On a thread the same comes as here; how long the payload is is known from then on. */
static void
test_read (Place         *place,
           gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place);
  g_autoptr (ScopeEventList) list = make_list (capture);

  for (guint row = SMALL; row <= N_ROWS; row++)
    {
      g_autoptr (ScopeEventItem) item = scope_event_list_dup_item (list, row);
      g_autoptr (ScopeEntry) here = scope_capture_read (capture, row, NULL);
      g_autoptr (GBytes) raw = scope_entry_dup_raw (here, NULL);
      g_autoptr (GError) error = NULL;
      gsize before = scope_event_item_get_data_size (item);
      g_autoptr (ScopeEntry) there = read_item (item, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (there->sequence, ==, row);
      g_assert_true (g_bytes_equal (there->frame, here->frame));
      if (row == FRAME)
        g_assert_cmpint (scope_event_item_get_payload_size (item, there), ==, -1);
      else
        g_assert_cmpint (scope_event_item_get_payload_size (item, there), ==, g_bytes_get_size (raw));
      if (row == SMALL || row == FRAME)
        g_assert_cmpuint (before, ==, 0);
      else
        g_assert_cmpuint (before, >=, g_bytes_get_size (raw));
      if (row != SMALL && row != FRAME)
        g_assert_cmpuint (scope_event_item_get_data_size (item), ==, g_bytes_get_size (raw));
    }
}

/* One after another is asked for and given up, but for the last. */
static void
test_give_up (Place         *place,
              gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place);
  g_autoptr (ScopeEventList) list = make_list (capture);
  g_autoptr (ScopeEventItem) item = scope_event_list_dup_item (list, OBJECT);
  GAsyncResult *results[40] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      scope_event_item_read_async (item, cancellable, wait_result_cb, &results[i]);
      if (i + 1 < G_N_ELEMENTS (results))
        g_cancellable_cancel (cancellable);
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeEntry) entry = NULL;

      WAIT_UNTIL (results[i] != NULL);
      entry = scope_event_item_read_finish (item, results[i], &error);
      if (i + 1 < G_N_ELEMENTS (results))
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_nonnull (entry);
      g_object_unref (results[i]);
    }
}

/* A row that is not there, or not as its record says, says so on the thread as it does here. */
static void
test_missing (Place         *place,
              gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place);
  g_autoptr (ScopeEventList) list = make_list (capture);
  const ScopeRecord wrong = { .kind = SCOPE_ENTRY_EVENT, .size = SCOPE_RECORD_MAX_SIZE };
  g_autoptr (ScopeEventItem) item = NULL;
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  scope_event_list_append (list, &wrong, 1);
  item = scope_event_list_dup_item (list, N_ROWS + 1);
  g_assert_null (scope_capture_dup_preview (capture, N_ROWS + 1, &wrong, PREVIEW_BYTES, &length));
  g_assert_true (g_str_has_prefix (scope_event_item_get_preview (item), "Can’t be read: "));
  entry = read_item (item, NULL, &error);
  g_assert_null (entry);
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND);
}

static ScopeCapture *
make_empty_capture (Place *place)
{
  g_autofree char *path = g_build_filename (place->directory, "empty.channelscope", NULL);
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  ScopeCapture *capture;

  fixture_close (recorder, &error);
  g_assert_no_error (error);
  capture = scope_capture_open (path, &error);
  g_assert_no_error (error);
  return capture;
}

/* A row that was dropped since its beginning was read says so, and no longer what it was. */
static void
test_dropped (Place         *place,
              gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place);
  g_autoptr (ScopeEventList) list = make_list (capture);
  g_autoptr (ScopeCapture) empty = make_empty_capture (place);
  g_autoptr (ScopeEventItem) item = scope_event_list_dup_item (list, OBJECT);

  g_assert_true (g_str_has_prefix (scope_event_item_get_preview (item), "{ \"list\""));
  scope_event_list_set_capture (list, empty);
  g_assert_null (scope_event_item_get_entry (item));
  g_assert_true (g_str_has_prefix (scope_event_item_get_preview (item), "Can’t be read: "));
}

/* A row is as long as its frame, whatever somebody wrote beside it. */
static void
test_told_size (Place         *place,
                gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place);
  g_autoptr (ScopeEventList) list = NULL;

  g_clear_object (&capture);
  fixture_exec (place->path, "UPDATE entries SET flags = 4, size = 1");
  capture = scope_capture_open (place->path, NULL);
  list = make_list (capture);
  for (guint row = SMALL; row <= N_ROWS; row++)
    {
      g_autoptr (ScopeEventItem) item = scope_event_list_dup_item (list, row);
      const ScopeRecord *record = scope_event_item_get_record (item);
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, row, NULL);
      gsize frame_size = scope_entry_get_frame_size (entry);

      g_assert_cmpint (scope_event_item_is_long (item), ==, row != SMALL);
      g_assert_cmpuint (record->size, ==, row != SMALL ? frame_size : 1);
      g_assert_cmpuint (scope_entry_get_size (entry), ==, record->size);
      g_assert_cmpint (entry->flags, ==, row != SMALL ? 0 : SCOPE_ENTRY_TOLD_SIZE);
      g_assert_cmpint (record->flags, ==, entry->flags);
    }
}

static ScopeColorRules *
make_rules (const char *last)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  g_auto (GStrv) built = NULL;

  for (guint i = 1; i < SCOPE_MAX_COLOR_RULES; i++)
    {
      g_autofree char *text
          = g_strdup_printf ("{\"name\":\"%u\",\"filter\":\"data.list[0] == %u\",\"color\":\"red\"}", i, i);

      g_strv_builder_add (texts, text);
    }
  g_strv_builder_add (texts, last);
  built = g_strv_builder_end (texts);
  return scope_color_rules_new ((const char * const *) built);
}

/* However many rules ask for its payload, a long row is colored by the one that fits. */
static void
test_rules (Place         *place,
            gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place);
  g_autoptr (ScopeEventList) list = make_list (capture);
  g_autoptr (ScopeEventItem) object = scope_event_list_dup_item (list, OBJECT);
  g_autoptr (ScopeEventItem) words = scope_event_list_dup_item (list, WORDS);
  g_autoptr (ScopeColorRules) rules
      = make_rules ("{\"name\":\"zero\",\"filter\":\"data.list[0] == 0\",\"color\":\"blue\"}");
  const ScopeColorRule *rule = scope_color_rules_match (rules, object);

  g_assert_nonnull (rule);
  g_assert_cmpint (rule->color, ==, SCOPE_COLOR_BLUE);
  g_assert_null (scope_color_rules_match (rules, words));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/long-rows/preview", Place, NULL, place_set_up, test_preview, place_tear_down);
  g_test_add ("/long-rows/read", Place, NULL, place_set_up, test_read, place_tear_down);
  g_test_add ("/long-rows/give-up", Place, NULL, place_set_up, test_give_up, place_tear_down);
  g_test_add ("/long-rows/missing", Place, NULL, place_set_up, test_missing, place_tear_down);
  g_test_add ("/long-rows/dropped", Place, NULL, place_set_up, test_dropped, place_tear_down);
  g_test_add ("/long-rows/told-size", Place, NULL, place_set_up, test_told_size, place_tear_down);
  g_test_add ("/long-rows/rules", Place, NULL, place_set_up, test_rules, place_tear_down);

  return g_test_run ();
}
