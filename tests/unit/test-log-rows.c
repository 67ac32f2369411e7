/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/scope-log-rows.h"

/* What a column view would hold by the signals it got must be what the rows are. */
typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  GtkSingleSelection *events;
  ScopeLogRows *rows;
  GPtrArray *mirror; /* of ScopeLogRow */
  GtkBitset *selected;
} Fixture;

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, Fixture *f)
{
  g_assert_cmpuint (position + removed, <=, f->mirror->len);
  gtk_bitset_splice (f->selected, position, removed, added);
  if (removed > 0)
    g_ptr_array_remove_range (f->mirror, position, removed);
  for (guint i = position; i < position + added; i++)
    {
      g_ptr_array_insert (f->mirror, i, g_list_model_get_item (model, i));
      if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (model), i))
        gtk_bitset_add (f->selected, i);
    }
}

static void
selected_cb (GtkSelectionModel *model, guint position, guint n_items, Fixture *f)
{
  for (guint i = position; i < position + n_items; i++)
    if (gtk_selection_model_is_selected (model, i))
      gtk_bitset_add (f->selected, i);
    else
      gtk_bitset_remove (f->selected, i);
}

static void
update_cb (Fixture *f)
{
  scope_log_rows_update (f->rows, scope_log_rows_get_first (f->rows));
}

static void
setup (Fixture *f, gconstpointer data)
{
  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
  f->events = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (f->list)));
  gtk_single_selection_set_autoselect (f->events, FALSE);
  gtk_single_selection_set_can_unselect (f->events, TRUE);
  f->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  f->selected = gtk_bitset_new_empty ();
  f->rows = scope_log_rows_new (f->events);
  g_signal_connect (f->rows, "items-changed", G_CALLBACK (changed_cb), f);
  g_signal_connect (f->rows, "selection-changed", G_CALLBACK (selected_cb), f);
  g_signal_connect_swapped (f->events, "items-changed", G_CALLBACK (update_cb), f);
}

static void
append (Fixture *f, guint n)
{
  g_autofree ScopeRecord *records = g_new0 (ScopeRecord, n);

  for (guint i = 0; i < n; i++)
    records[i].kind = SCOPE_ENTRY_EVENT;
  scope_event_list_append (f->list, records, n);
}

/* Until no more rows are to come. */
static void
settle (Fixture *f)
{
  while (scope_log_rows_grow (f->rows))
    ;
}

static void
assert_whole (Fixture *f)
{
  guint first = scope_log_rows_get_first (f->rows);
  guint selected = gtk_single_selection_get_selected (f->events);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->rows)), ==, f->mirror->len);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (f->rows), f->mirror->len));
  for (guint i = 0; i < f->mirror->len; i++)
    {
      g_autoptr (ScopeEventItem) event
          = g_list_model_get_item (G_LIST_MODEL (f->events), first + i);
      g_autoptr (ScopeLogRow) row = g_list_model_get_item (G_LIST_MODEL (f->rows), i);

      g_assert_true (row == g_ptr_array_index (f->mirror, i));
      g_assert_nonnull (event);
      g_assert_cmpuint (scope_event_item_get_sequence (scope_log_row_get_item (row)), ==,
                        scope_event_item_get_sequence (event));
      g_assert_cmpint (gtk_bitset_contains (f->selected, i), ==, first + i == selected);
    }
}

static void
teardown (Fixture *f, gconstpointer data)
{
  assert_whole (f);
  g_signal_handlers_disconnect_by_data (f->events, f);
  g_ptr_array_unref (f->mirror);
  gtk_bitset_unref (f->selected);
  g_assert_finalize_object (f->rows);
  g_assert_finalize_object (f->events);
  g_assert_finalize_object (f->list);
  g_object_unref (f->names);
}

/* Widgets of many rows at once would be felt. */
static void
test_steps (Fixture *f, gconstpointer data)
{
  guint before;

  append (f, 1000);
  g_assert_cmpuint (f->mirror->len, >, 0);
  while ((before = f->mirror->len) < SCOPE_MIN_LOG_ROWS)
    {
      assert_whole (f);
      append (f, 1);
      g_assert_cmpuint (f->mirror->len, ==, before);
      g_assert_cmpint (scope_log_rows_grow (f->rows), ==, f->mirror->len < SCOPE_MIN_LOG_ROWS);
      g_assert_cmpuint (f->mirror->len, >, before);
      g_assert_cmpuint (f->mirror->len - before, <=, 8);
    }
  g_assert_cmpuint (f->mirror->len, ==, SCOPE_MIN_LOG_ROWS);
}

/* Those at hand keep their places: it is the events that slide when there is none for another row. */
static void
test_steps_at_end (Fixture *f, gconstpointer data)
{
  g_autoptr (GtkBitset) selected = NULL;
  gpointer row;
  guint before;

  append (f, 1000);
  before = f->mirror->len;
  row = g_ptr_array_index (f->mirror, 0);
  scope_log_rows_set_first (f->rows, 1000 - before);
  gtk_single_selection_set_selected (f->events, 1000 - before);
  assert_whole (f);
  scope_log_rows_grow (f->rows);
  g_assert_cmpuint (f->mirror->len, >, before);
  g_assert_true (g_ptr_array_index (f->mirror, 0) == row);
  g_assert_cmpuint (scope_log_rows_get_first (f->rows), ==, 1000 - f->mirror->len);
  assert_whole (f);
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (f->rows));
  g_assert_cmpuint (gtk_bitset_get_nth (selected, 0), ==, f->mirror->len - before);
}

static void
test_slide (Fixture *f, gconstpointer data)
{
  append (f, 1000);
  settle (f);
  g_assert_true (scope_log_rows_set_first (f->rows, 500));
  g_assert_false (scope_log_rows_set_first (f->rows, 500));
  assert_whole (f);
  g_assert_true (scope_log_rows_set_first (f->rows, 5000));
  g_assert_cmpuint (scope_log_rows_get_first (f->rows), ==, 1000 - SCOPE_MIN_LOG_ROWS);
  assert_whole (f);
  append (f, 7);
  g_assert_cmpuint (scope_log_rows_get_first (f->rows), ==, 1000 - SCOPE_MIN_LOG_ROWS);
  assert_whole (f);
}

/* A high window has more; they stay when it is low again. */
static void
test_sight (Fixture *f, gconstpointer data)
{
  append (f, 1000);
  settle (f);
  g_assert_false (scope_log_rows_set_sight (f->rows, SCOPE_MIN_LOG_ROWS / 2));
  g_assert_true (scope_log_rows_set_sight (f->rows, SCOPE_MIN_LOG_ROWS));
  settle (f);
  g_assert_cmpuint (f->mirror->len, ==, 2 * SCOPE_MIN_LOG_ROWS);
  g_assert_false (scope_log_rows_set_sight (f->rows, 1));
  append (f, 1);
  g_assert_cmpuint (f->mirror->len, ==, 2 * SCOPE_MIN_LOG_ROWS);
  g_assert_true (scope_log_rows_set_sight (f->rows, G_MAXUINT));
  settle (f);
  g_assert_cmpuint (f->mirror->len, ==, SCOPE_MAX_LOG_ROWS);
}

static void
test_few (Fixture *f, gconstpointer data)
{
  append (f, 3);
  g_assert_cmpuint (f->mirror->len, ==, 3);
  g_assert_false (scope_log_rows_set_first (f->rows, 1));
  append (f, 2);
  settle (f);
  g_assert_cmpuint (f->mirror->len, ==, 5);
}

static void
test_shrink (Fixture *f, gconstpointer data)
{
  append (f, 1000);
  settle (f);
  scope_log_rows_set_first (f->rows, 700);
  gtk_single_selection_set_selected (f->events, 720);
  scope_event_list_drop (f->list, 911);
  g_assert_cmpuint (f->mirror->len, ==, 90);
  g_assert_cmpuint (scope_log_rows_get_first (f->rows), ==, 0);
  assert_whole (f);

  scope_event_list_clear (f->list);
  g_assert_cmpuint (f->mirror->len, ==, 0);
  append (f, 40);
  scope_event_list_clear (f->list);
  settle (f);
  g_assert_cmpuint (f->mirror->len, ==, 0);
}

static void
test_selected (Fixture *f, gconstpointer data)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (f->rows);

  append (f, 1000);
  settle (f);
  gtk_single_selection_set_selected (f->events, 10);
  assert_whole (f);
  g_assert_true (gtk_selection_model_is_selected (model, 10));
  scope_log_rows_set_first (f->rows, 4);
  assert_whole (f);
  g_assert_true (gtk_selection_model_is_selected (model, 6));
  scope_log_rows_set_first (f->rows, 400);
  assert_whole (f);
  g_assert_true (gtk_bitset_is_empty (f->selected));

  gtk_selection_model_select_item (model, 20, TRUE);
  g_assert_cmpuint (gtk_single_selection_get_selected (f->events), ==, 420);
  assert_whole (f);
  gtk_selection_model_unselect_item (model, 21);
  g_assert_cmpuint (gtk_single_selection_get_selected (f->events), ==, 420);
  gtk_selection_model_unselect_item (model, 20);
  g_assert_cmpuint (gtk_single_selection_get_selected (f->events), ==, GTK_INVALID_LIST_POSITION);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } cases[] = {
    { "/log-rows/steps", test_steps },       { "/log-rows/slide", test_slide },
    { "/log-rows/few", test_few },           { "/log-rows/shrink", test_shrink },
    { "/log-rows/selected", test_selected }, { "/log-rows/steps-at-end", test_steps_at_end },
    { "/log-rows/sight", test_sight },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, setup, cases[i].test, teardown);
  return g_test_run ();
}
