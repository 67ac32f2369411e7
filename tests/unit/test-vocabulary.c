/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-limits.h"
#include "capture-fixture.h"
#include "session/scope-event-list-private.h"
#include "session/scope-filter-suggestions.h"
#include "session/scope-rule-suggestions.h"
#include "session/scope-vocabulary.h"

typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  ScopeVocabulary *vocabulary;
  guint64 next;
  guint n_changed;
} Fixture;

static void
changed_cb (Fixture *f)
{
  f->n_changed++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
  f->vocabulary = scope_vocabulary_new (f->list);
  g_signal_connect_swapped (f->vocabulary, "changed", G_CALLBACK (changed_cb), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_object_unref (f->vocabulary);
  g_object_unref (f->list);
  g_object_unref (f->names);
}

static void
add (Fixture    *f,
     const char *frame)
{
  g_autoptr (ScopeEntry) entry = fixture_event (f->names, frame);

  entry->sequence = ++f->next;
  _scope_event_list_append_entries (f->list, &entry, 1);
}

static void
learn (Fixture *f)
{
  scope_vocabulary_set_active (f->vocabulary, TRUE);
  while (scope_vocabulary_get_behind (f->vocabulary))
    g_main_context_iteration (NULL, TRUE);
}

static void
add_shop (Fixture *f)
{
  for (guint i = 0; i < 3; i++)
    add (f, "{\"event\":\"order.paid\",\"channel\":\"orders\",\"user_id\":\"u-1\",\"data\":"
            "\"{\\\"total\\\":120,\\\"lines\\\":[{\\\"sku\\\":\\\"A-7\\\"},{\\\"other\\\":1}],"
            "\\\"order-id\\\":null}\"}");
  add (f, "{\"event\":\"order.paid\",\"channel\":\"Other\",\"data\":\"{\\\"total\\\":7}\"}");
  add (f, "{\"event\":\"chat\",\"channel\":\"my-orders\",\"data\":\"no JSON\"}");
}

static char *
join_words (GPtrArray *words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      const ScopeWord *word = words->pdata[i];

      g_string_append_printf (text, "%s%s×%u", i > 0 ? " " : "", word->text, word->count);
    }
  return g_string_free (text, FALSE);
}

static void
assert_words (Fixture    *f,
              const char *field,
              const char *needle,
              const char *expected)
{
  g_autoptr (GPtrArray) words = g_str_equal (field, "paths")
                                    ? scope_vocabulary_find_paths (f->vocabulary, needle, 10)
                                    : scope_vocabulary_find (f->vocabulary, field, needle, 10);
  g_autofree char *text = join_words (words);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_learn (Fixture       *f,
            gconstpointer  data)
{
  add_shop (f);
  g_assert_true (scope_vocabulary_get_behind (f->vocabulary));
  learn (f);
  g_assert_cmpuint (f->n_changed, >, 0);
  assert_words (f, "channel", "", "orders×3 Other×1 my-orders×1");
  assert_words (f, "channel", "o", "orders×3 Other×1 my-orders×1");
  assert_words (f, "channel", "ORD", "orders×3 my-orders×1");
  assert_words (f, "event", "", "order.paid×4 chat×1");
  assert_words (f, "user", "", "u-1×3");
  assert_words (f, "kind", "", "event×5");
  assert_words (f, "direction", "", "in×5");
  assert_words (f, "data.total", "", "120×3 7×1");
  assert_words (f, "data.lines[0].sku", "a", "\"A-7\"×3");
  assert_words (f, "paths", "", "data.total×4 data.\"order-id\"×3 data.lines[0].sku×3");
  assert_words (f, "text", "", "");
  g_assert_null (scope_vocabulary_dup_note (f->vocabulary));

  /* and what comes later */
  add (f, "{\"event\":\"late\",\"channel\":\"later\",\"data\":{\"x\":true}}");
  learn (f);
  assert_words (f, "channel", "late", "later×1");
  assert_words (f, "data.x", "", "true×1");
}

/* Nobody asks: nothing is looked at. */
static void
test_rest (Fixture       *f,
           gconstpointer  data)
{
  add_shop (f);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (scope_vocabulary_get_behind (f->vocabulary));
  assert_words (f, "channel", "", "");
}

/* What comes one by one is not looked at one by one; who asks anew is not kept waiting. */
static void
test_pace (Fixture       *f,
           gconstpointer  data)
{
  gint64 start;

  add_shop (f);
  learn (f);
  start = g_get_monotonic_time ();
  add (f, "{\"event\":\"late\",\"channel\":\"later\"}");
  learn (f);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 200 * 1000);
  assert_words (f, "channel", "late", "later×1");

  add (f, "{\"event\":\"late\",\"channel\":\"latest\"}");
  scope_vocabulary_set_active (f->vocabulary, FALSE);
  scope_vocabulary_set_active (f->vocabulary, FALSE);
  scope_vocabulary_set_active (f->vocabulary, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (scope_vocabulary_get_behind (f->vocabulary));
}

/* Of very many names the first are kept, and that is told; of very many paths too. */
static void
test_bounds (Fixture       *f,
             gconstpointer  data)
{
  g_autofree char *note = NULL;
  g_autofree char *path_note = NULL;
  g_autoptr (GString) frame = g_string_new ("{\"event\":\"wide\",\"data\":{");

  for (guint i = 0; i < 150; i++)
    g_string_append_printf (frame, "%s\"k%u\":{%s}", i > 0 ? "," : "", i,
                            "\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,"
                            "\"i\":1,\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1");
  g_string_append (frame, "}}");
  add (f, frame->str);
  learn (f);
  path_note = scope_vocabulary_dup_note (f->vocabulary);
  g_assert_nonnull (path_note);

  for (guint i = 0; i <= SCOPE_LIMIT_VOCABULARY_NAMES; i++)
    {
      ScopeRecord record = { .kind = SCOPE_ENTRY_SUBSCRIPTION };
      g_autofree char *name = g_strdup_printf ("channel-%u", i);

      record.channel = scope_names_intern (f->names, name, -1);
      scope_event_list_append (f->list, &record, 1);
    }
  learn (f);
  note = scope_vocabulary_dup_note (f->vocabulary);
  g_assert_cmpstr (note, ==, "Only the first 10000 names are suggested.");
}

/* Payloads with very deep, very long or odd parts are looked into as far as is sensible. */
static void
test_odd (Fixture       *f,
          gconstpointer  data)
{
  add (f, "{\"event\":\"a\",\"data\":{\"\":1,\"a b\":{\"größe\":2},\"nul\\u0000x\":3}}");
  add (f, "{\"event\":\"b\",\"data\":[[[[[[[[[[[[1]]]]]]]]]]]]}");
  add (f, "{\"event\":\"c\",\"data\":true}");
  add (f, "{\"event\":\"d\"}");
  learn (f);
  assert_words (f, "paths", "", "data×1 data.\"\"×1 data.\"a b\".größe×1 data.nul×1");
}

/* ---- suggestions ---- */

static const struct
{
  const char *text; /* "|": the cursor */
  gboolean on_demand;
  const char *labels;
  const char *applied; /* the first of them taken; "|" as well */
} suggest_cases[] = {
  { "|", FALSE, "", NULL },
  { "|", TRUE, "channel event user direction kind size time text data not", "channel |" },
  { "cha|", FALSE, "channel", "channel |" },
  { "tot|", FALSE, "data.total", "data.total |" },
  { "big|", FALSE, "Big orders", "(data.total > 100 or size > 99)|" },
  { "channel |", FALSE, "== != ^= $= *= ~ in exists", "channel == |" },
  { "channel i|", FALSE, "in", "channel in (|" },
  { "size |", FALSE, ">= <= > < == !=", "size >= |" },
  { "kind |", FALSE, "== != in", "kind == |" },
  { "channel == |", FALSE, "\"orders\" \"Other\" \"my-orders\"", "channel == \"orders\"|" },
  { "channel ==|", FALSE, "\"orders\" \"Other\" \"my-orders\"", "channel == \"orders\"|" },
  { "channel == \"my|", FALSE, "\"my-orders\"", "channel == \"my-orders\"|" },
  { "channel == \"my|-orders\" and x", FALSE, "", NULL },
  { "not channel in (\"Other\",|", FALSE, "\"orders\" \"Other\" \"my-orders\"",
    "not channel in (\"Other\", \"orders\"|" },
  { "channel in (\"Other\" |", TRUE, ", )", "channel in (\"Other\" , |" },
  { "channel in |", FALSE, "(", "channel in (|" },
  { "direction == |", FALSE, "\"in\"", "direction == \"in\"|" },
  { "channel ~ |", FALSE, "", NULL },
  { "data.|", FALSE, "data.total data.\"order-id\" data.lines[0].sku", "data.total |" },
  { "data.li| == 1", FALSE, "data.lines[0].sku", "data.lines[0].sku |== 1" },
  { "data.total > |", FALSE, "120 7", "data.total > 120|" },
  { "data.total ^= |", FALSE, "", NULL },
  { "data.unknown == |", FALSE, "true", "data.unknown == true|" },
  { "user exists |", FALSE, "", NULL },
  { "(user exists |", TRUE, "and or )", "(user exists and |" },
  { "user exists a|", FALSE, "and", "user exists and |" },
  { "channel == \"x\"|", TRUE, "and or", "channel == \"x\" and |" },
  { "\"free te|", TRUE, "", NULL },
};

static char *
join_labels (GPtrArray *found)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const ScopeSuggestion *suggestion = found->pdata[i];

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", suggestion->label);
    }
  return g_string_free (text, FALSE);
}

static char *
apply_first (GPtrArray  *found,
             const char *text)
{
  guint cursor;
  g_autofree char *applied = scope_suggestion_apply (found->pdata[0], text, &cursor);
  const char *at = g_utf8_offset_to_pointer (applied, cursor);
  g_autofree char *before = g_strndup (applied, at - applied);

  return g_strconcat (before, "|", at, NULL);
}

static void
test_suggest (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (GVariant) saved = g_variant_ref_sink (
      g_variant_new_parsed ("[('Big orders', 'data.total > 100 or size > 99')]"));

  add_shop (f);
  learn (f);
  for (gsize i = 0; i < G_N_ELEMENTS (suggest_cases); i++)
    {
      g_auto (GStrv) halves = g_strsplit (suggest_cases[i].text, "|", 2);
      g_autofree char *text = g_strconcat (halves[0], halves[1], NULL);
      g_autoptr (GPtrArray) found = scope_filter_suggest (
          text, strlen (halves[0]), f->vocabulary, saved, suggest_cases[i].on_demand);
      g_autofree char *labels = join_labels (found);
      g_autofree char *applied = found->len > 0 ? apply_first (found, text) : NULL;

      g_test_message ("%s", suggest_cases[i].text);
      g_assert_cmpstr (labels, ==, suggest_cases[i].labels);
      g_assert_cmpstr (applied, ==, suggest_cases[i].applied);
    }
}

/* a part of a path is enough; what stands there already is not offered */
static void
test_paths (Fixture       *f,
            gconstpointer  data)
{
  static const struct
  {
    const char *text;
    gboolean numbers;
    const char *labels;
  } cases[] = {
    { "", FALSE, "data.total data.\"order-id\" data.lines[0].sku" },
    { "", TRUE, "data.total" },
    { "SKU", FALSE, "data.lines[0].sku" },
    { "sku", TRUE, "" },
    { "data.total", FALSE, "" },
    { "zzz", FALSE, "" },
  };

  add_shop (f);
  learn (f);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) found = scope_path_suggest (cases[i].text, f->vocabulary, cases[i].numbers);
      g_autofree char *labels = join_labels (found);
      g_autofree char *applied = found->len > 0 ? apply_first (found, cases[i].text) : NULL;

      g_assert_cmpstr (labels, ==, cases[i].labels);
      if (applied != NULL)
        g_assert_true (g_str_has_prefix (applied, ((ScopeSuggestion *) found->pdata[0])->label));
    }
}

/* "|" is the cursor */
static void
test_rules (Fixture       *f,
            gconstpointer  data)
{
  static const struct
  {
    const char *text;
    gboolean on_demand;
    const char *labels;
    const char *applied;
  } cases[] = {
    { "|", FALSE, "", NULL },
    { "|", TRUE, "field path regex", "field |" },
    { "p|", FALSE, "path", "path |" },
    { "  re|", FALSE, "regex", "  regex |" },
    { "fi|x total", FALSE, "field", "field |total" },
    { "field|", FALSE, "field", "field |" },
    { "field| total", FALSE, "", NULL },
    { "# fi|", TRUE, "", NULL },
    { "zzz |", TRUE, "", NULL },
    { "fields t|", TRUE, "", NULL },
    { "path |", FALSE, "data.total data.\"order-id\" data.lines[0].sku", "path data.total|" },
    { "path\tSKU|", FALSE, "data.lines[0].sku", "path\tdata.lines[0].sku|" },
    { "path data.total|", TRUE, "", NULL },
    { "path pa|th", TRUE, "", NULL },
    { "field |", FALSE, "total order-id sku lines channel event user_id", "field total|" },
    { "field   Id|", FALSE, "order-id user_id", "field   order-id|" },
    { "field t|otal", FALSE, "", NULL },
    { "regex |", TRUE, "", NULL },
  };

  add_shop (f);
  learn (f);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) halves = g_strsplit (cases[i].text, "|", 2);
      g_autofree char *text = g_strconcat (halves[0], halves[1], NULL);
      g_autoptr (GPtrArray) found =
          scope_rule_suggest (text, strlen (halves[0]), f->vocabulary, cases[i].on_demand);
      g_autofree char *labels = join_labels (found);
      g_autofree char *applied = found->len > 0 ? apply_first (found, text) : NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (labels, ==, cases[i].labels);
      g_assert_cmpstr (applied, ==, cases[i].applied);
    }
}

/* A name that no rule can be written for is not offered, and nothing is offered twice. */
static void
test_rule_names (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr (GPtrArray) without = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *labels = NULL;
  g_autofree char *few = NULL;

  add (f, "{\"event\":\"e\",\"data\":{\" a\":1,\"b\\n\":2,\"c d\":{\"x\":3},\"x\":{\"channel\":4}}}");
  learn (f);
  found = scope_rule_suggest ("field ", 6, f->vocabulary, FALSE);
  labels = join_labels (found);
  g_assert_cmpstr (labels, ==, "x channel c d event user_id");
  g_assert_cmpstr (((ScopeSuggestion *) found->pdata[0])->detail, ==, "for example 3");

  without = scope_rule_suggest ("field ", 6, NULL, FALSE);
  few = join_labels (without);
  g_assert_cmpstr (few, ==, "channel event user_id");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/vocabulary/learn", Fixture, NULL, set_up, test_learn, tear_down);
  g_test_add ("/vocabulary/rest", Fixture, NULL, set_up, test_rest, tear_down);
  g_test_add ("/vocabulary/pace", Fixture, NULL, set_up, test_pace, tear_down);
  g_test_add ("/vocabulary/bounds", Fixture, NULL, set_up, test_bounds, tear_down);
  g_test_add ("/vocabulary/odd", Fixture, NULL, set_up, test_odd, tear_down);
  g_test_add ("/vocabulary/suggest", Fixture, NULL, set_up, test_suggest, tear_down);
  g_test_add ("/vocabulary/paths", Fixture, NULL, set_up, test_paths, tear_down);
  g_test_add ("/vocabulary/rules", Fixture, NULL, set_up, test_rules, tear_down);
  g_test_add ("/vocabulary/rule-names", Fixture, NULL, set_up, test_rule_names, tear_down);

  return g_test_run ();
}
