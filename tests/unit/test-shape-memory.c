/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-recording.h"
#include "session/scope-shape-memory.h"

/* What is flagged in a log, and what of it is there in the next session. */

/* The one that was recorded last: gone when the last thread that reads it has ended. */
static gpointer capture_there;

static void
tear_down (Place         *place,
           gconstpointer  data)
{
  WAIT_UNTIL (g_atomic_pointer_get (&capture_there) == NULL);
  place_tear_down (place, data);
}

static void
append (ScopeRecorder *recorder,
        ScopeNames    *names,
        const char    *event,
        const char    *data)
{
  g_autofree char *frame =
    g_strdup_printf ("{\"event\":\"%s\",\"channel\":\"news\",\"data\":%s}", event, data);
  g_autoptr (ScopeEntry) entry = fixture_event (names, frame);

  g_assert_cmpuint (scope_recorder_append (recorder, entry), !=, 0);
}

/* A capture with these payloads of the event "order", one after the other, as a session. */
static ScopeSession *
record (const char         *path,
        const char * const *payloads,
        guint               times)
{
  static const char * const app[] = { "profile", "Test", NULL };
  g_autoptr (ScopeNames) names = scope_names_new ();
  ScopeRecorder *recorder = scope_recorder_new (path, app, names);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < times; i++)
    for (guint j = 0; payloads[j] != NULL; j++)
      append (recorder, names, "order", payloads[j]);
  fixture_close (recorder, &error);
  g_assert_no_error (error);
  g_object_unref (recorder);
  capture = scope_capture_open (path, &error);
  g_assert_no_error (error);
  capture_there = capture;
  g_object_add_weak_pointer (G_OBJECT (capture), &capture_there);
  return scope_session_new_for_capture (capture);
}

static guint64
count_events (ScopeShapeMemory *memory)
{
  guint64 n = 0;
  g_autoptr (GPtrArray) fields = scope_shape_memory_list_fields (memory, "order", &n, NULL);

  return n;
}

static void
assert_flag (ScopeShapeMemory *memory,
             guint64           sequence,
             guint64           earlier,
             const char       *expected)
{
  const ScopeShapeNews *news = scope_shape_memory_find (memory, sequence);
  g_autofree char *text = NULL;

  g_assert_nonnull (news);
  text = scope_shape_news_to_text (news);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (news->event, ==, "order");
  g_assert_cmpuint (news->earlier, ==, earlier);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_flags (Place         *place,
            gconstpointer  data)
{
  static const char * const payloads[] = { "{\"total\":1}", "{\"total\":2}", "\"{\\\"total\\\":\\\"3\\\",\\\"discount\\\":0}\"",
                                           "{\"total\":4}", "[]", NULL };
  g_autoptr (ScopeSession) session = record (place->path, payloads, 1);
  g_autoptr (ScopeShapeMemory) memory = scope_shape_memory_new (session, NULL);
  g_auto (GStrv) names = NULL;
  g_autofree char *schema = NULL;
  guint n = 0;

  g_signal_connect_swapped (memory, "flags-changed", G_CALLBACK (count_cb), &n);
  WAIT_UNTIL (count_events (memory) == 5 && scope_shape_memory_get_n_flags (memory) == 2);
  g_assert_cmpuint (scope_shape_memory_get_lag (memory), ==, 0);
  g_assert_cmpuint (n, >, 0);
  assert_flag (memory, 3, 2, "New field data.discount; data.total was integer, now string");
  assert_flag (memory, 5, 4, "data was object, now array");
  g_assert_null (scope_shape_memory_find (memory, 4));
  g_assert_null (scope_shape_memory_find (memory, 6));
  g_assert_true (scope_shape_memory_get_flag (memory, 1) == scope_shape_memory_find (memory, 5));
  g_assert_false (scope_shape_memory_get_kept (memory));

  names = scope_shape_memory_list_events (memory);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  schema = scope_shape_memory_dup_schema (memory, "order");
  g_assert_nonnull (schema);
  g_assert_null (scope_shape_memory_dup_schema (memory, "other"));

  scope_shape_memory_accept (memory, 3);
  g_assert_null (scope_shape_memory_find (memory, 3));
  g_assert_nonnull (scope_shape_memory_find (memory, 5));
  scope_shape_memory_accept_all (memory);
  g_assert_cmpuint (scope_shape_memory_get_n_flags (memory), ==, 0);
}

static char *
dup_kept (const char *id)
{
  g_autofree char *name = g_strconcat (id, ".shapes", NULL);
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "channelscope", "shapes", name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

/* The file is there, and does (or does not) speak of that. */
static gboolean
keeps (const char *id,
       const char *words,
       gboolean    there)
{
  g_autofree char *text = dup_kept (id);

  return text != NULL && (strstr (text, words) != NULL) == there;
}

static void
test_sessions (Place         *place,
               gconstpointer  data)
{
  static const char * const yesterday[] = { "{\"total\":1,\"secret\":\"value-4711\"}", NULL };
  static const char * const today[] = { "{\"total\":\"1\",\"secret\":\"\"}", NULL };
  g_autofree char *other = g_strconcat (place->path, "2", NULL);
  ScopeSession *session = record (place->path, yesterday, 7);
  ScopeShapeMemory *memory = scope_shape_memory_new (session, "profile-1");

  WAIT_UNTIL (count_events (memory) == 7);
  g_assert_true (scope_shape_memory_get_kept (memory));
  g_assert_cmpuint (scope_shape_memory_get_n_flags (memory), ==, 0);
  g_assert_finalize_object (memory);
  g_object_unref (session);
  WAIT_UNTIL (keeps ("profile-1", "\"order\",7,", TRUE));
  g_assert_true (keeps ("profile-1", "4711", FALSE)); /* names, no values */

  WAIT_UNTIL (g_atomic_pointer_get (&capture_there) == NULL);
  session = record (other, today, 1);
  memory = scope_shape_memory_new (session, "profile-1");
  WAIT_UNTIL (scope_shape_memory_get_n_flags (memory) == 1);
  assert_flag (memory, 1, 0, "data.total was integer, now string");
  g_assert_cmpuint (count_events (memory), ==, 8);

  scope_shape_memory_forget (memory);
  g_assert_cmpuint (count_events (memory), ==, 0);
  g_assert_cmpuint (scope_shape_memory_get_n_flags (memory), ==, 0);
  WAIT_UNTIL (keeps ("profile-1", "order", FALSE));
  g_assert_finalize_object (memory);
  g_object_unref (session);

  scope_shape_memory_remove_profile ("profile-1");
  g_assert_null (dup_kept ("profile-1"));
}

/* Two windows of one profile: what one has learnt is not lost when the other one saves. */
static void
test_two_windows (Place         *place,
                  gconstpointer  data)
{
  static const char * const here[] = { "{\"total\":1,\"here\":true}", NULL };
  static const char * const there[] = { "{\"total\":2.5,\"there\":{\"x\":[1]}}", NULL };
  g_autofree char *path = g_strconcat (place->path, "2", NULL);
  g_autoptr (ScopeSession) first = record (place->path, here, 3);
  g_autoptr (ScopeSession) second = NULL;
  ScopeShapeMemory *one = scope_shape_memory_new (first, "profile-3");
  ScopeShapeMemory *two;
  g_autoptr (GPtrArray) fields = NULL;

  WAIT_UNTIL (count_events (one) == 3);
  second = record (path, there, 5);
  two = scope_shape_memory_new (second, "profile-3");
  WAIT_UNTIL (count_events (two) == 5);
  WAIT_UNTIL (keeps ("profile-3", "\"here\"", TRUE) || keeps ("profile-3", "\"there\"", TRUE));
  /* each saves at its end, the later one on top of what the other one has saved */
  g_object_unref (one);
  WAIT_UNTIL (keeps ("profile-3", "\"here\"", TRUE));
  g_object_unref (two);
  WAIT_UNTIL (keeps ("profile-3", "\"there\"", TRUE));
  g_assert_true (keeps ("profile-3", "\"here\"", TRUE));
  g_assert_true (keeps ("profile-3", "\"order\",5,", TRUE));

  one = scope_shape_memory_new (first, "profile-3");
  WAIT_UNTIL (count_events (one) == 8);
  fields = scope_shape_memory_list_fields (one, "order", NULL, NULL);
  g_assert_cmpuint (fields->len, ==, 6);
  for (guint i = 0; i < fields->len; i++)
    {
      const ScopeShapeField *field = fields->pdata[i];

      if (g_str_equal (field->path, "data.here") || g_str_equal (field->path, "data.there"))
        g_assert_false (field->always);
      if (g_str_equal (field->path, "data.total"))
        g_assert_cmpuint (field->types, ==, SCOPE_SHAPE_INTEGER | SCOPE_SHAPE_NUMBER);
    }
  scope_shape_memory_forget (one);
  WAIT_UNTIL (keeps ("profile-3", "order", FALSE));
  g_object_unref (one);
}

/* What is forgotten in one window is forgotten in the other one, and does not come back when that one saves. */
static void
test_forget_everywhere (Place         *place,
                        gconstpointer  data)
{
  static const char * const here[] = { "{\"total\":1}", "{\"total\":\"x\"}", NULL };
  static const char * const foreign[] = { "{\"kept\":1}", NULL };
  g_autofree char *second_path = g_strconcat (place->path, "2", NULL);
  g_autofree char *third_path = g_strconcat (place->path, "3", NULL);
  g_autoptr (ScopeSession) first = record (place->path, here, 1);
  g_autoptr (ScopeSession) second = record (second_path, here, 2);
  g_autoptr (ScopeSession) third = record (third_path, foreign, 1);
  ScopeShapeMemory *one = scope_shape_memory_new (first, "profile-5");
  ScopeShapeMemory *two = scope_shape_memory_new (second, "profile-5");
  ScopeShapeMemory *three = scope_shape_memory_new (third, "profile-6");

  WAIT_UNTIL (count_events (one) >= 2 && scope_shape_memory_get_n_flags (one) > 0);
  WAIT_UNTIL (count_events (two) >= 4 && scope_shape_memory_get_n_flags (two) > 0);
  WAIT_UNTIL (count_events (three) == 1);
  WAIT_UNTIL (keeps ("profile-5", "order", TRUE));

  scope_shape_memory_forget (one);
  g_assert_cmpuint (count_events (one), ==, 0);
  g_assert_cmpuint (count_events (two), ==, 0);
  g_assert_cmpuint (scope_shape_memory_get_n_flags (two), ==, 0);
  g_assert_cmpuint (count_events (three), ==, 1);
  g_object_unref (two);
  WAIT_UNTIL (keeps ("profile-5", "order", FALSE));
  g_object_unref (one);
  g_object_unref (three);
  WAIT_UNTIL (keeps ("profile-6", "order", TRUE));

  /* and the next session begins with nothing of it */
  one = scope_shape_memory_new (first, "profile-5");
  WAIT_UNTIL (count_events (one) == 2);
  g_assert_true (keeps ("profile-5", "\"order\",6,", FALSE));
  g_object_unref (one);
  WAIT_UNTIL (keeps ("profile-5", "\"order\",2,", TRUE));
}

/* What stands in the file is no reason to trust it, nor to write over it. */
static void
test_damaged (Place         *place,
              gconstpointer  data)
{
  static const char * const payloads[] = { "{\"total\":1}", NULL };
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "channelscope", "shapes", NULL);
  g_autofree char *path = g_build_filename (directory, "profile-2.shapes", NULL);
  g_autofree char *other = g_strconcat (place->path, "2", NULL);
  g_autoptr (ScopeSession) session = record (place->path, payloads, 3);
  g_autoptr (ScopeShapeMemory) memory = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (directory, 0700);
  g_file_set_contents (path, "{\"channelscope-shapes\":1}\n[\"e\",\"old\",1,2,0]\n[\"f\",7,0,\"x\",1,1,1,1]\n", -1, &error);
  g_assert_no_error (error);
  before = dup_kept ("profile-2");
  memory = scope_shape_memory_new (session, "profile-2");
  WAIT_UNTIL (count_events (memory) == 3);
  problem = scope_shape_memory_dup_problem (memory);
  g_assert_nonnull (problem);
  g_assert_null (scope_shape_memory_find (memory, 1));
  /* it is saved at the end, if it is saved */
  g_clear_object (&memory);
  g_clear_object (&session);
  WAIT_UNTIL (g_atomic_pointer_get (&capture_there) == NULL);
  after = dup_kept ("profile-2");
  g_assert_cmpstr (after, ==, before);

  session = record (other, payloads, 3);
  memory = scope_shape_memory_new (session, "profile-2");
  WAIT_UNTIL (count_events (memory) == 3);
  scope_shape_memory_forget (memory);
  WAIT_UNTIL (keeps ("profile-2", "old", FALSE));
  g_assert_null (scope_shape_memory_dup_problem (memory));
}

/* Given up at any time: nothing comes after that. */
static void
test_given_up (Place         *place,
               gconstpointer  data)
{
  static const char * const payloads[] = { "{\"total\":1}", "{\"n\":\"x\"}", "[1]", NULL };
  g_autoptr (ScopeSession) session = record (place->path, payloads, 2000);

  for (guint i = 0; i < 20; i++)
    {
      ScopeShapeMemory *memory = scope_shape_memory_new (session, NULL);

      for (guint j = 0; j < i; j++)
        g_main_context_iteration (NULL, FALSE);
      g_assert_finalize_object (memory);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/shape-memory/flags", Place, NULL, place_set_up, test_flags, tear_down);
  g_test_add ("/shape-memory/sessions", Place, NULL, place_set_up, test_sessions, tear_down);
  g_test_add ("/shape-memory/two-windows", Place, NULL, place_set_up, test_two_windows, tear_down);
  g_test_add ("/shape-memory/forget-everywhere", Place, NULL, place_set_up, test_forget_everywhere, tear_down);
  g_test_add ("/shape-memory/damaged", Place, NULL, place_set_up, test_damaged, tear_down);
  g_test_add ("/shape-memory/given-up", Place, NULL, place_set_up, test_given_up, tear_down);
  return g_test_run ();
}
