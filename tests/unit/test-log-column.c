/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-limits.h"
#include "capture-fixture.h"
#include "session/scope-color-rules.h"
#include "session/scope-event-list-private.h"
#include "ui/scope-event-cell.h"
#include "ui/scope-log-column.h"

/* What stands in the cells of the log, without a display. */

typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  guint n;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_object_unref (f->list);
  g_object_unref (f->names);
}

/* usec after the fixture's time */
static void
append (Fixture    *f,
        gint64      usec,
        const char *frame)
{
  g_autoptr (ScopeEntry) entry = fixture_event (f->names, frame);

  entry->time_usec += usec;
  entry->sequence = ++f->n;
  _scope_event_list_append_entries (f->list, &entry, 1);
}

static char *
dup_text (Fixture    *f,
          guint       position,
          const char *name,
          gboolean   *at_end)
{
  g_autoptr (ScopeEventItem) item = g_list_model_get_item (G_LIST_MODEL (f->list), position);
  g_autoptr (ScopeLogColumn) column = scope_log_column_new (name);
  ScopeLogTime time = { FALSE, FALSE };

  g_assert_nonnull (column);
  return scope_log_column_dup_text (column, item, &time, at_end);
}

static void
assert_text (Fixture    *f,
             guint       position,
             const char *name,
             const char *expected,
             gboolean    expected_at_end)
{
  gboolean at_end = FALSE;
  g_autofree char *text = dup_text (f, position, name, &at_end);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (at_end, ==, expected_at_end);
}

static void
test_paths (Fixture      *f,
            gconstpointer data)
{
  append (f, 0, "{\"event\":\"e\",\"channel\":\"c\",\"data\":\"{\\\"total\\\":129.50,\\\"who\\\":{\\\"e-mail\\\":"
                "\\\"a\\\\u00e4\\\\nb\\\"},\\\"list\\\":[1,{\\\"x\\\":true}],\\\"no\\\":null}\"}");
  append (f, 1, "{\"event\":\"e\",\"channel\":\"c\",\"data\":\"no JSON\"}");
  append (f, 2, "{\"event\":\"e\",\"channel\":\"c\"}");
  assert_text (f, 0, "data.total", "129.50", TRUE); /* its own digits */
  assert_text (f, 0, "data.who.\"e-mail\"", "aä␊b", FALSE);
  assert_text (f, 0, "data.list[0]", "1", TRUE);
  assert_text (f, 0, "data.list[1].x", "true", FALSE);
  assert_text (f, 0, "data.list[1]", "{\"x\":true}", FALSE);
  assert_text (f, 0, "data.no", "null", FALSE);
  assert_text (f, 0, "data.total.deeper", NULL, FALSE);
  assert_text (f, 0, "data.list[7]", NULL, FALSE);
  assert_text (f, 1, "data.total", NULL, FALSE);
  assert_text (f, 1, "data", "no JSON", FALSE);
  assert_text (f, 2, "data", NULL, FALSE);
}

static void
test_times (Fixture      *f,
            gconstpointer data)
{
  append (f, 0, "{\"event\":\"a\",\"channel\":\"c\"}");
  append (f, 1500000, "{\"event\":\"b\",\"channel\":\"c\"}");
  append (f, 3725113000, "{\"event\":\"a\",\"channel\":\"c\"}");
  append (f, 3725000000, "{\"event\":\"a\",\"channel\":\"d\"}"); /* the clock was set back */
  assert_text (f, 0, "since-same", NULL, TRUE);
  assert_text (f, 2, "since-same", "+1 h 2 min", TRUE);
  assert_text (f, 3, "since-same", NULL, TRUE);
  assert_text (f, 0, "elapsed", "0:00.000", TRUE);
  assert_text (f, 1, "elapsed", "0:01.500", TRUE);
  assert_text (f, 2, "elapsed", "1:02:05.113", TRUE);
  assert_text (f, 0, "delta", NULL, TRUE);
  assert_text (f, 1, "delta", "+1.500 s", TRUE);
  assert_text (f, 3, "delta", "+0.000 s", TRUE);
}

/* Nobody looks back for ever. */
static void
test_since_bound (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr (ScopeLogColumn) column = scope_log_column_new ("since-same");
  g_autoptr (ScopeEventItem) item = NULL;
  g_autofree char *note = NULL;

  append (f, 0, "{\"event\":\"rare\",\"channel\":\"c\"}");
  for (guint i = 0; i < 5000; i++)
    append (f, 1, "{\"event\":\"tick\",\"channel\":\"c\"}");
  append (f, 2, "{\"event\":\"rare\",\"channel\":\"c\"}");
  assert_text (f, 5001, "since-same", "–", TRUE);
  item = g_list_model_get_item (G_LIST_MODEL (f->list), 5001);
  note = scope_log_column_dup_note (column, item);
  g_assert_nonnull (note);
}

static void
test_size (Fixture      *f,
           gconstpointer data)
{
  g_autofree char *fits = g_strnfill (SCOPE_LIMIT_DATA_BYTES, 'x');
  g_autofree char *exactly = g_strdup_printf ("{\"event\":\"e\",\"channel\":\"c\",\"data\":\"%s\"}", fits);
  g_autofree char *above = g_strdup_printf ("{\"event\":\"e\",\"channel\":\"c\",\"data\":\"%sx\"}", fits);
  g_autoptr (ScopeLogColumn) column = scope_log_column_new ("size");

  append (f, 0, exactly);
  append (f, 0, above);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ScopeEventItem) item = g_list_model_get_item (G_LIST_MODEL (f->list), i);
      g_autofree char *note = scope_log_column_dup_note (column, item);

      g_assert_cmpuint (scope_event_item_get_data_size (item), ==, SCOPE_LIMIT_DATA_BYTES + i);
      g_assert_cmpint (note != NULL, ==, i == 1);
    }
}

static void
test_names (void)
{
  const char * const names[] = { "delta", "nonsense", "data.total", "delta", "time", "data..x", "data x", NULL };
  g_auto (GStrv) columns = scope_log_columns_normalize (names);
  g_autofree char *joined = g_strjoinv (" ", columns);
  g_autoptr (GStrvBuilder) many = g_strv_builder_new ();
  g_auto (GStrv) long_list = NULL;
  g_auto (GStrv) bounded = NULL;

  g_assert_cmpstr (joined, ==, "time delta data.total");
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *path = g_strdup_printf ("data.x%u", i);

      g_strv_builder_add (many, path);
    }
  long_list = g_strv_builder_end (many);
  bounded = scope_log_columns_normalize ((const char * const *) long_list);
  g_assert_cmpuint (g_strv_length (bounded), ==, SCOPE_MAX_LOG_COLUMNS);
}

static void
test_check_path (void)
{
  static const char * const good[] = { "data", "data.total", "data.items[0].price", "data.\"order-id\"", "data.größe" };
  static const char * const bad[] = { "",        "total",         "data.",        "data.x or data.y", "\"data\".x",
                                      "data.a-b", "data.items[x]", "data.\"open", "database.x" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_null (scope_log_columns_check_path (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *problem = scope_log_columns_check_path (bad[i]);

      if (problem == NULL)
        g_error ("%s is taken for a path", bad[i]);
    }
}

static void
test_rules (Fixture      *f,
            gconstpointer data)
{
  static const char * const texts[] = {
    "{\"name\":\"off\",\"filter\":\"event == \\\"a\\\"\",\"color\":\"red\",\"enabled\":false}",
    "{\"name\":\"wrong\",\"filter\":\"event ==\",\"color\":\"red\",\"enabled\":true}",
    "{\"name\":\"blank\",\"filter\":\" \",\"color\":\"red\",\"enabled\":true}",
    "no JSON",
    "{\"name\":\"no filter\"}",
    "{\"name\":\"dear\",\"filter\":\"data.total > 100\",\"color\":\"green\",\"enabled\":true}",
    "{\"name\":\"a\",\"filter\":\"event == \\\"a\\\"\",\"color\":\"mauve\"}",
    NULL,
  };
  g_autoptr (ScopeColorRules) rules = scope_color_rules_new (texts);
  g_auto (GStrv) again = scope_color_rules_dup_texts (rules);
  g_autoptr (ScopeColorRules) copy = scope_color_rules_new ((const char * const *) again);
  static const char * const expected[] = { "dear", "a", "dear", NULL };

  append (f, 0, "{\"event\":\"a\",\"channel\":\"c\",\"data\":{\"total\":129}}");
  append (f, 0, "{\"event\":\"a\",\"channel\":\"c\",\"data\":{\"total\":1}}");
  append (f, 0, "{\"event\":\"b\",\"channel\":\"c\",\"data\":{\"total\":129}}");
  append (f, 0, "{\"event\":\"b\",\"channel\":\"c\"}");
  g_assert_cmpuint (scope_color_rules_get_n (rules), ==, 5);
  g_assert_cmpuint (scope_color_rules_get_n (copy), ==, 5);
  g_assert_true (scope_color_rules_get_active (copy));
  g_assert_cmpuint (scope_color_rules_get (copy, 3)->color, ==, SCOPE_COLOR_GREEN);
  g_assert_cmpuint (scope_color_rules_get (copy, 4)->color, ==, SCOPE_COLOR_GRAY);
  g_assert_true (scope_color_rules_get (copy, 4)->enabled);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ScopeEventItem) item = g_list_model_get_item (G_LIST_MODEL (f->list), i);

      for (guint j = 0; j < 3; j++) /* another set of rules, and what a row remembers */
        {
          const ScopeColorRule *rule = scope_color_rules_match (j == 1 ? copy : rules, item);

          g_assert_cmpstr (rule != NULL ? rule->name : NULL, ==, expected[i]);
        }
    }
}

static void
test_suggested (void)
{
  g_auto (GStrv) texts = scope_color_rules_dup_suggested ();
  g_autoptr (ScopeColorRules) rules = scope_color_rules_new ((const char * const *) texts);

  g_assert_cmpuint (scope_color_rules_get_n (rules), ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_nonnull (scope_color_rules_get (rules, i)->filter);
}

static void
test_marks (void)
{
  g_autoptr (PangoAttrList) marks = scope_event_cell_mark_text ("Gold and GÖLD", "gö", FALSE);
  g_autoptr (PangoAttrList) twice = scope_event_cell_mark_text ("aAa", "a", FALSE);
  g_autofree char *text = pango_attr_list_to_string (marks);
  GSList *attributes = pango_attr_list_get_attributes (twice);

  g_assert_nonnull (strstr (text, "9 12 "));
  g_assert_cmpuint (g_slist_length (attributes), ==, 9);
  g_slist_free_full (attributes, (GDestroyNotify) pango_attribute_destroy);
  g_assert_null (scope_event_cell_mark_text ("Gold", "gold", TRUE));
  g_assert_null (scope_event_cell_mark_text ("", "gold", FALSE));
  g_assert_null (scope_event_cell_mark_text ("gol", "gold", FALSE));
  g_assert_null (scope_event_cell_mark_text ("gold", "", FALSE));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/log-column/paths", Fixture, NULL, set_up, test_paths, tear_down);
  g_test_add ("/log-column/times", Fixture, NULL, set_up, test_times, tear_down);
  g_test_add ("/log-column/since-bound", Fixture, NULL, set_up, test_since_bound, tear_down);
  g_test_add ("/log-column/size", Fixture, NULL, set_up, test_size, tear_down);
  g_test_add_func ("/log-column/names", test_names);
  g_test_add_func ("/log-column/check-path", test_check_path);
  g_test_add ("/log-column/rules", Fixture, NULL, set_up, test_rules, tear_down);
  g_test_add_func ("/log-column/suggested", test_suggested);
  g_test_add_func ("/log-column/marks", test_marks);
  return g_test_run ();
}
