/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-mutes.h"
#include "ui/scope-freeze-model.h"

/* Every signal is replayed into a mirror, which must then hold what the model holds. */
typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  ScopeFreezeModel *model;
  GArray *mirror; /* of sequence numbers */
} Fixture;

static guint64
sequence_at (GListModel *model,
             guint       position)
{
  g_autoptr (ScopeEventItem) item = g_list_model_get_item (model, position);

  g_assert_nonnull (item);
  return scope_event_item_get_sequence (item);
}

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            Fixture    *f)
{
  g_assert_cmpuint (position + removed, <=, f->mirror->len);
  g_array_remove_range (f->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    {
      guint64 sequence = sequence_at (model, position + i);

      g_array_insert_val (f->mirror, position + i, sequence);
    }
}

static void
assert_mirrored (Fixture *f)
{
  GListModel *model = G_LIST_MODEL (f->model);

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, f->mirror->len);
  for (guint i = 0; i < f->mirror->len; i++)
    g_assert_cmpuint (sequence_at (model, i), ==, g_array_index (f->mirror, guint64, i));
  g_assert_null (g_list_model_get_item (model, f->mirror->len));
}

static void
append (Fixture *f,
        guint    n,
        guint8   direction)
{
  for (guint i = 0; i < n; i++)
    {
      ScopeRecord record = { .kind = SCOPE_ENTRY_EVENT, .direction = direction, .time_usec = i };

      scope_event_list_append (f->list, &record, 1);
    }
}

/* the first rows come a few at a time */
static void
settle (void)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
}

/* filters work in slices */
static void
set_filter (Fixture    *f,
            const char *text)
{
  g_autoptr (ScopeFilter) filter = text != NULL ? scope_filter_new (text, NULL, NULL) : NULL;
  gint64 deadline = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  g_assert_true (text == NULL || filter != NULL);
  scope_event_list_set_filter (f->list, filter);
  while (scope_event_list_get_filtering (f->list))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
  settle ();
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
  f->model = scope_freeze_model_new ();
  f->mirror = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_signal_connect (f->model, "items-changed", G_CALLBACK (changed_cb), f);
  scope_freeze_model_set_list (f->model, f->list);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  assert_mirrored (f);
  g_assert_finalize_object (f->model);
  g_assert_finalize_object (f->list);
  g_object_unref (f->names);
  g_array_unref (f->mirror);
}

static void
test_pass_through (Fixture       *f,
                   gconstpointer  data)
{
  append (f, 10, SCOPE_DIRECTION_IN);
  g_assert_cmpuint (f->mirror->len, ==, 10);
  assert_mirrored (f);
  g_assert_cmpuint (scope_freeze_model_get_last (f->model), ==, 10);
  scope_event_list_clear (f->list);
  g_assert_cmpuint (f->mirror->len, ==, 0);
  scope_event_list_undo_clear (f->list);
  settle ();
  g_assert_cmpuint (f->mirror->len, ==, 10);
}

static void
test_freeze (Fixture       *f,
             gconstpointer  data)
{
  append (f, 5, SCOPE_DIRECTION_IN);
  scope_freeze_model_set_frozen (f->model, TRUE);
  append (f, 7, SCOPE_DIRECTION_IN);
  g_assert_cmpuint (f->mirror->len, ==, 5);
  assert_mirrored (f);
  g_assert_cmpuint (scope_freeze_model_count_after (f->model, 5), ==, 7);
  g_assert_cmpuint (scope_freeze_model_get_last (f->model), ==, 12);

  scope_freeze_model_set_frozen (f->model, FALSE);
  g_assert_cmpuint (f->mirror->len, ==, 12);
  g_assert_cmpuint (scope_freeze_model_count_after (f->model, 12), ==, 0);
}

static void
test_freeze_filter (Fixture       *f,
                    gconstpointer  data)
{
  append (f, 4, SCOPE_DIRECTION_IN);
  append (f, 4, SCOPE_DIRECTION_OUT);
  scope_freeze_model_set_frozen (f->model, TRUE);
  append (f, 4, SCOPE_DIRECTION_OUT);

  set_filter (f, "direction == \"out\"");
  g_assert_cmpuint (f->mirror->len, ==, 4);
  assert_mirrored (f);
  g_assert_cmpuint (scope_freeze_model_find (f->model, 6), ==, 1);
  g_assert_cmpuint (scope_freeze_model_find (f->model, 2), ==, G_MAXUINT);

  set_filter (f, NULL);
  g_assert_cmpuint (f->mirror->len, ==, 8);
  assert_mirrored (f);

  set_filter (f, "size > 5");
  g_assert_cmpuint (f->mirror->len, ==, 0);
  scope_freeze_model_set_frozen (f->model, FALSE);
  g_assert_cmpuint (f->mirror->len, ==, 0);
  set_filter (f, NULL);
  g_assert_cmpuint (f->mirror->len, ==, 12);
}

static void
test_freeze_clear (Fixture       *f,
                   gconstpointer  data)
{
  append (f, 6, SCOPE_DIRECTION_IN);
  scope_freeze_model_set_frozen (f->model, TRUE);
  append (f, 2, SCOPE_DIRECTION_IN);
  scope_event_list_clear (f->list);
  g_assert_cmpuint (f->mirror->len, ==, 0);
  append (f, 3, SCOPE_DIRECTION_IN);
  g_assert_cmpuint (f->mirror->len, ==, 0);
  scope_event_list_undo_clear (f->list);
  g_assert_cmpuint (f->mirror->len, ==, 6);
}

/* --- cleared and brought back, whatever else hides rows --- */

/* In turn on two channels, each second one of either sent. */
static void
append_mixed (Fixture *f,
              guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      ScopeRecord record = {
        .kind = SCOPE_ENTRY_EVENT,
        .direction = i % 4 < 2 ? SCOPE_DIRECTION_IN : SCOPE_DIRECTION_OUT,
        .channel = scope_names_intern (f->names, i % 2 == 0 ? "news" : "noisy", -1),
      };

      record.time_usec = i;
      scope_event_list_append (f->list, &record, 1);
    }
}

/* The pill says count_after() of what was last when the reader left the end, or froze the log. */
static void
assert_shown (Fixture *f,
              guint    shown,
              guint64  seen,
              guint    n_new)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (scope_event_list_get_filtering (f->list))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (f->mirror->len, ==, shown);
  assert_mirrored (f);
  g_assert_cmpuint (scope_freeze_model_count_after (f->model, seen), ==, n_new);
}

/* Of 8 rows `before` are shown; of 8 more `later`: as live as frozen. */
static void
check_clear (Fixture *f,
             guint    before,
             guint    later)
{
  guint64 seen = scope_freeze_model_get_last (f->model);

  g_assert_cmpuint (f->mirror->len, ==, before);
  append_mixed (f, 8);
  assert_shown (f, before + later, seen, later);
  scope_event_list_clear (f->list);
  assert_shown (f, 0, seen, 0);
  append_mixed (f, 8);
  assert_shown (f, later, seen, later);
  scope_event_list_undo_clear (f->list);
  assert_shown (f, before + 2 * later, seen, 2 * later);

  before += 2 * later;
  scope_freeze_model_set_frozen (f->model, TRUE);
  seen = scope_freeze_model_get_last (f->model);
  append_mixed (f, 8);
  assert_shown (f, before, seen, later);
  scope_event_list_clear (f->list);
  assert_shown (f, 0, seen, 0);
  append_mixed (f, 8);
  assert_shown (f, 0, seen, later);
  scope_event_list_undo_clear (f->list);
  assert_shown (f, before, seen, 2 * later);
  scope_freeze_model_set_frozen (f->model, FALSE);
  assert_shown (f, before + 2 * later, seen, 2 * later);
}

static void
test_clear_plain (Fixture       *f,
                  gconstpointer  data)
{
  append_mixed (f, 8);
  check_clear (f, 8, 8);
}

static void
test_clear_filter (Fixture       *f,
                   gconstpointer  data)
{
  append_mixed (f, 8);
  set_filter (f, "direction == \"in\"");
  check_clear (f, 4, 4);
}

static void
test_clear_mutes (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr (ScopeMutes) mutes = scope_mutes_new ();
  g_autofree char *muted = NULL;
  g_autofree char *both = NULL;

  append_mixed (f, 8);
  scope_mutes_set (mutes, "noisy", TRUE);
  muted = scope_mutes_narrow (mutes, NULL);
  set_filter (f, muted);
  check_clear (f, 4, 4);

  both = scope_mutes_narrow (mutes, "direction == \"in\"");
  set_filter (f, both);
  check_clear (f, 10, 2); /* of 40 rows by now */
}

/* What was cleared stays away while a filter comes and a channel is muted, and is filtered when it comes back. */
static void
test_clear_then_filter (Fixture       *f,
                        gconstpointer  data)
{
  append_mixed (f, 8);
  scope_event_list_clear (f->list);
  append_mixed (f, 4);
  set_filter (f, "direction == \"in\"");
  assert_shown (f, 2, 8, 2);
  scope_freeze_model_set_frozen (f->model, TRUE);
  set_filter (f, NULL);
  assert_shown (f, 4, 8, 4);
  set_filter (f, "channel != \"noisy\"");
  append_mixed (f, 4);
  assert_shown (f, 2, 12, 2);
  scope_event_list_undo_clear (f->list);
  assert_shown (f, 6, 12, 2);
  scope_freeze_model_set_frozen (f->model, FALSE);
  assert_shown (f, 8, 12, 2);
}

/* What came before the pause is there, even if nothing of it was shown then. */
static void
test_freeze_hidden (Fixture       *f,
                    gconstpointer  data)
{
  append_mixed (f, 8);
  set_filter (f, "channel == \"none\"");
  scope_freeze_model_set_frozen (f->model, TRUE);
  append_mixed (f, 4);
  assert_shown (f, 0, 8, 0);
  set_filter (f, NULL);
  assert_shown (f, 8, 8, 4);
  scope_freeze_model_set_frozen (f->model, FALSE);
  scope_event_list_clear (f->list);
  scope_freeze_model_set_frozen (f->model, TRUE);
  g_assert_cmpuint (scope_freeze_model_get_last (f->model), ==, 12);
  append_mixed (f, 3);
  assert_shown (f, 0, 12, 3);
  scope_event_list_undo_clear (f->list);
  assert_shown (f, 12, 12, 3);
}

static void
test_other_list (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr (ScopeEventList) other = scope_event_list_new (f->names);

  append (f, 3, SCOPE_DIRECTION_IN);
  scope_freeze_model_set_frozen (f->model, TRUE);
  scope_freeze_model_set_list (f->model, other);
  g_assert_false (scope_freeze_model_get_frozen (f->model));
  g_assert_cmpuint (f->mirror->len, ==, 0);
  append (f, 3, SCOPE_DIRECTION_IN); /* nobody looks there any more */
  g_assert_cmpuint (f->mirror->len, ==, 0);
  scope_freeze_model_set_list (f->model, NULL);
  g_assert_cmpuint (scope_freeze_model_get_last (f->model), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/freeze-model/pass-through", test_pass_through },
    { "/freeze-model/freeze", test_freeze },
    { "/freeze-model/filter", test_freeze_filter },
    { "/freeze-model/clear", test_freeze_clear },
    { "/freeze-model/clear-plain", test_clear_plain },
    { "/freeze-model/clear-filter", test_clear_filter },
    { "/freeze-model/clear-mutes", test_clear_mutes },
    { "/freeze-model/clear-then-filter", test_clear_then_filter },
    { "/freeze-model/freeze-hidden", test_freeze_hidden },
    { "/freeze-model/other-list", test_other_list },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
