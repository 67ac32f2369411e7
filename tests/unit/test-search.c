/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-recording.h"
#include "capture/scope-filter-private.h"
#include "capture/scope-search.h"
#include "session/scope-event-list-private.h"

/* Searching a capture must find what asking each entry finds. */

#define N_RANDOM_ENTRIES 500
#define N_RANDOM_FILTERS 60

/* --- random captures and filters --- */

static const char *
pick (GRand              *rand,
      const char * const *texts)
{
  return texts[g_rand_int_range (rand, 0, g_strv_length ((char **) texts))];
}

/* Texts that meet each other in part, in case, in escapes, and in what folds. */
static const char * const texts[] = {
  "total", "Total", "tot",     "order", "Order 7", "a/b",     "a\\b", "say \"x\"", "Änne",  "änne",
  "nn",    "Größe", "STRASSE", "straße", "\342\204\252elvin", "kelvin", "Ж",  "line\nbreak", "",      "7",
  "tab\t", "é",     "x",       "\\u0041", "A",     "ſet",     "set",  "0",         "total:", NULL,
};

/* One character as JSON may have it. */
static void
append_character (GRand   *rand,
                  GString *out,
                  gunichar c)
{
  static const char specials[] = "\"\\/\n\t";
  static const char escapes[] = "\"\\/nt";
  const char *special = c < 0x80 && c != 0 ? strchr (specials, c) : NULL;
  gboolean must = special != NULL && c != '/';

  if (g_rand_int_range (rand, 0, 12) == 0 && c < 0x10000)
    g_string_append_printf (out, g_rand_boolean (rand) ? "\\u%04x" : "\\u%04X", c);
  else if (special != NULL && (must || g_rand_boolean (rand)))
    g_string_append_printf (out, "\\%c", escapes[special - specials]);
  else
    g_string_append_unichar (out, c);
}

static void
append_string (GRand      *rand,
               GString    *out,
               const char *text)
{
  gboolean plain = g_rand_boolean (rand);

  if (plain)
    {
      scope_json_append_string (out, text, -1);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text = g_utf8_next_char (text))
    append_character (rand, out, g_utf8_get_char (text));
  g_string_append_c (out, '"');
}

static void
append_value (GRand   *rand,
              GString *out,
              guint    depth)
{
  static const char * const spaces[] = { "", "", " ", "\n", "\t ", NULL };
  static const char * const scalars[] = { "0",    "7",     "-7",   "120",  "1e2", "120.0", "0.5", "true",
                                          "null", "false", "99999999999999999999", NULL };
  guint n = g_rand_int_range (rand, 0, 4);
  int kind = g_rand_int_range (rand, 0, depth < 3 ? 6 : 3);

  if (kind == 0)
    append_string (rand, out, pick (rand, texts));
  else if (kind < 3)
    g_string_append (out, pick (rand, scalars));
  else
    {
      gboolean is_object = kind != 5;

      g_string_append_c (out, is_object ? '{' : '[');
      for (guint i = 0; i < n; i++)
        {
          g_string_append (out, i > 0 ? "," : pick (rand, spaces));
          if (is_object)
            {
              append_string (rand, out, pick (rand, texts));
              g_string_append_printf (out, "%s:%s", pick (rand, spaces), pick (rand, spaces));
            }
          append_value (rand, out, depth + 1);
        }
      g_string_append_printf (out, "%s%c", pick (rand, spaces), is_object ? '}' : ']');
    }
}

/* data as a value, or as a string that holds one, or as text */
static void
append_data (GRand   *rand,
             GString *out)
{
  g_autoptr (GString) inner = g_string_new (NULL);
  int kind = g_rand_int_range (rand, 0, 8);

  append_value (rand, inner, 0);
  if (kind == 0)
    g_string_append (out, inner->str);
  else if (kind == 1)
    append_string (rand, out, pick (rand, texts));
  else if (kind == 2)
    g_string_append (out, "\"lone \\ud800 total\"");
  else
    append_string (rand, out, inner->str);
}

static ScopeEntry *
make_random_entry (GRand      *rand,
                   ScopeNames *names)
{
  g_autoptr (GString) frame = g_string_new ("{\"event\":");
  ScopeEntry *entry;

  if (g_rand_int_range (rand, 0, 10) == 0)
    return fixture_entry (names, SCOPE_ENTRY_STATE, NULL, "{\"current\":\"connected\"}");
  append_string (rand, frame, pick (rand, texts));
  g_string_append (frame, ",\"channel\":");
  append_string (rand, frame, pick (rand, texts));
  if (g_rand_int_range (rand, 0, 10) > 0)
    {
      g_string_append (frame, ",\"data\":");
      append_data (rand, frame);
    }
  g_string_append_c (frame, '}');
  entry = fixture_event (names, frame->str);
  entry->time_usec += g_rand_int_range (rand, 0, 1000);
  if (g_rand_int_range (rand, 0, 10) == 0)
    {
      g_autoptr (GString) detail = g_string_new ("{\"data\":");

      append_data (rand, detail);
      entry->flags = SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED;
      entry->detail = g_strdup_printf ("%s}", detail->str);
    }
  return entry;
}

static void
append_random_question (GRand   *rand,
                        GString *out)
{
  static const char * const fields[] = { "channel", "event", "text", "text", "data", "data", "data", NULL };
  static const char * const text_ops[] = { "==", "!=", "^=", "$=", "*=", "*=", "<", "~", NULL };
  static const char * const number_ops[] = { "==", "!=", "<", "<=", ">", ">=", NULL };
  static const char * const numbers[] = { "0", "7", "-7", "100", "120", "1e2", "0.5", NULL };
  static const char * const values[] = { "0", "7", "-7", "100", "120", "1e2", "0.5", "true", "null",
                                         "99999999999999999999", NULL };
  static const char * const others[] = { "size > 60", "direction == \"in\"", "kind == \"state\"",
                                         "time > \"2026-11-21T14:05:02.113956Z\"", NULL };
  const char *field = pick (rand, fields);
  guint n_steps = g_str_equal (field, "data") ? g_rand_int_range (rand, 0, 4) : 0;
  int kind = g_rand_int_range (rand, 0, 10);

  if (kind == 0)
    {
      g_string_append (out, pick (rand, others));
      return;
    }
  if (kind < 3)
    {
      for (int i = g_rand_int_range (rand, 1, 3); i > 0; i--)
        {
          scope_json_append_string (out, pick (rand, texts), -1);
          g_string_append_c (out, ' ');
        }
      return;
    }
  g_string_append (out, field);
  for (guint i = 0; i < n_steps; i++)
    {
      if (g_rand_int_range (rand, 0, 4) == 0)
        {
          g_string_append_printf (out, "[%d]", g_rand_int_range (rand, 0, 3));
          continue;
        }
      g_string_append_c (out, '.');
      scope_json_append_string (out, pick (rand, texts), -1);
    }
  if (kind == 3)
    g_string_append (out, " exists");
  else if (kind < 6 && n_steps > 0)
    g_string_append_printf (out, " %s %s", pick (rand, number_ops), pick (rand, numbers));
  else if (kind == 6)
    {
      g_string_append (out, " in (");
      scope_json_append_string (out, pick (rand, texts), -1);
      g_string_append_printf (out, ",%s)", pick (rand, values));
    }
  else
    {
      const char *op = pick (rand, text_ops);
      const char *text = pick (rand, texts);

      g_string_append_printf (out, " %s ", op);
      scope_json_append_string (out, g_str_equal (op, "~") ? "t[oO]t" : text, -1);
      g_string_append (out, g_rand_boolean (rand) ? "i" : "");
    }
}

static void
append_random_filter (GRand   *rand,
                      GString *out,
                      guint    depth)
{
  int kind = g_rand_int_range (rand, 0, depth < 3 ? 6 : 3);

  if (kind < 3)
    {
      append_random_question (rand, out);
      return;
    }
  g_string_append (out, kind == 3 ? "not (" : "(");
  append_random_filter (rand, out, depth + 1);
  if (kind > 3)
    {
      g_string_append (out, kind == 4 ? " and " : " or ");
      append_random_filter (rand, out, depth + 1);
    }
  g_string_append_c (out, ')');
}

static void
make_random_capture (GRand      *rand,
                     const char *path)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_RANDOM_ENTRIES; i++)
    {
      g_autoptr (ScopeEntry) entry = make_random_entry (rand, scope_recorder_get_names (recorder));

      g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, i + 1);
    }
  fixture_close (recorder, &error);
  g_assert_no_error (error);
}

/* As the list does without a search. */
static gboolean
ask_naively (ScopeCapture *capture,
             ScopeFilter  *filter,
             guint64       sequence)
{
  g_autoptr (ScopeEntry) entry = scope_capture_read (capture, sequence, NULL);

  return entry == NULL || scope_filter_matches (filter, entry, scope_capture_get_names (capture));
}

static guint
compare (ScopeCapture *capture,
         ScopeFilter  *filter,
         guint64       n)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, n);
  g_autofree guint8 *verdicts = g_new (guint8, n);
  g_autoptr (ScopeScanner) scanner = scope_scanner_new (capture, filter);
  guint n_matches = 0;

  g_assert_cmpuint (scope_capture_read_records (capture, 1, n, records, NULL), ==, n);
  g_assert_true (scope_scanner_judge (scanner, 1, records, n, verdicts, NULL));
  for (guint64 i = 0; i < n; i++)
    {
      gboolean matches = ask_naively (capture, filter, i + 1);

      n_matches += matches;
      if (verdicts[i] != (matches ? SCOPE_VERDICT_YES : SCOPE_VERDICT_NO))
        g_error ("entry %d: verdict %d, but asked it says %d: %s", (int) i + 1, verdicts[i], matches,
                 scope_filter_get_text (filter));
    }
  return n_matches;
}

static void
compare_random (const char *directory,
                guint32     seed)
{
  g_autofree char *path = g_strdup_printf ("%s/%u.channelscope", directory, seed);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  guint n_matches = 0;

  make_random_capture (rand, path);
  capture = scope_capture_open (path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_RANDOM_FILTERS; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (ScopeFilter) filter = NULL;

      append_random_filter (rand, text, 0);
      filter = scope_filter_new (text->str, NULL, &error);
      if (filter == NULL)
        g_error ("%s: %s", text->str, error->message);
      n_matches += compare (capture, filter, N_RANDOM_ENTRIES);
    }
  /* neither all nor nothing */
  g_assert_cmpuint (n_matches, >, N_RANDOM_FILTERS * N_RANDOM_ENTRIES / 50);
  g_assert_cmpuint (n_matches, <, N_RANDOM_FILTERS * N_RANDOM_ENTRIES / 50 * 49);
}

static void
test_random (Place         *place,
             gconstpointer  data)
{
  guint32 seed = g_random_int ();

  compare_random (place->directory, 1);
  compare_random (place->directory, 2);
  g_test_message ("random seed %u", seed);
  compare_random (place->directory, seed);
}

/* --- what a literal may hide behind --- */

typedef struct
{
  const char *filter;
  const char *data;
  gboolean matches;
} LiteralCase;

static const LiteralCase literal_cases[] = {
  { "text *= \"total\"", "\"a total\"", TRUE },
  { "text *= \"total\"", "\"a t\\u006ftal\"", TRUE },
  { "text *= \"total\"", "\"a to tal\"", FALSE },
  { "text *= \"a/b\"", "\"a\\/b\"", TRUE },
  { "text *= \"\\\"\"", "\"say \\\"\"", TRUE },
  { "text *= \"\\\"\"", "\"say\"", FALSE },
  { "text *= \"\\u00e9\"", "\"caf\\u00e9\"", TRUE },
  { "text *= \"\\u0416\"", "\"\\u0416\"", TRUE },
  { "text *= \"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\"", TRUE },
  { "data.total == 7", "\"{\\\"total\\\":7}\"", TRUE },
  { "data.total == 7", "\"{\\\"total\\\" : \\n7}\"", TRUE },
  { "data.total == 7", "{\"total\" :\n\t7 }", TRUE },
  { "data.total == 7", "\"{\\\"t\\\\u006ftal\\\":7}\"", TRUE },
  { "data.total == 7", "\"{\\u0022total\\u0022:7}\"", TRUE },
  { "data.total == 7", "\"{\\\"total\\\":\\u0037}\"", TRUE },
  { "data.total == 7", "\"{\\u005cu0022total\\\":7}\"", FALSE },
  { "data.total == 7", "\"{\\\"total\\\":8,\\\"x\\\":{\\\"total\\\":7}}\"", FALSE },
  { "data.total == 7", "\"{\\\"total\\\":8,\\\"total\\\":7}\"", TRUE },
  { "data.total == 7", "\"{\\\"total\\\":\\\"7\\\"}\"", FALSE },
  { "data.\"Ж\" > 1", "\"{\\\"\\\\u0416\\\":7}\"", TRUE },
  { "data.\"\" == 7", "\"{\\\"\\\":7}\"", TRUE },
  { "data.total[0] == 7", "\"{\\\"total\\\":[7]}\"", TRUE },
  { "data.name == \"a\\\"b\"", "\"{\\\"name\\\":\\\"a\\\\\\\"b\\\"}\"", TRUE },
  { "data.name ^= \"STRASSE\"i", "\"{\\\"name\\\":\\\"straße\\\"}\"", TRUE },
  { "data.name == \"k\"i", "\"{\\\"name\\\":\\\"\342\204\252\\\"}\"", TRUE },
  { "straße", "\"STRASSE\"", TRUE },
  { "ärger", "\"\\u00c4RGER\"", TRUE },
  { "ärger", "\"arger\"", FALSE },
  { "not text *= \"x\"", "\"total\"", TRUE },
};

static void
test_literals (Place         *place,
               gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (literal_cases); i++)
    {
      g_autofree char *frame = g_strdup_printf ("{\"event\":\"e\",\"data\":%s}", literal_cases[i].data);
      g_autoptr (ScopeEntry) entry = fixture_event (scope_recorder_get_names (recorder), frame);

      scope_recorder_append (recorder, entry);
    }
  fixture_close (recorder, NULL);
  g_object_unref (recorder);
  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);

  for (gsize i = 0; i < G_N_ELEMENTS (literal_cases); i++)
    {
      g_autoptr (ScopeFilter) filter = scope_filter_new (literal_cases[i].filter, NULL, &error);

      g_assert_no_error (error);
      if (ask_naively (capture, filter, i + 1) != literal_cases[i].matches)
        g_error ("%s: %s", literal_cases[i].filter, literal_cases[i].data);
      compare (capture, filter, G_N_ELEMENTS (literal_cases));
    }
}

/* --- numbers --- */

/* Short ones are read without strtod(), to the same double. */
static void
test_numbers (void)
{
  for (guint i = 0; i < 100000; i++)
    {
      guint behind = g_test_rand_int_range (0, 12);
      gint64 whole = g_test_rand_int () >> g_test_rand_int_range (0, 31);
      g_autoptr (GString) token = g_string_new (NULL);
      FilterNumber number;

      g_string_append_printf (token, "%" G_GINT64_FORMAT, whole);
      for (guint j = 0; j < behind; j++)
        g_string_append_printf (token, j == 0 ? ".%d" : "%d", g_test_rand_int_range (0, 10));
      _scope_filter_number_init (&number, token->str, token->len);
      if (number.real != g_ascii_strtod (token->str, NULL))
        g_error ("%s: %.17g", token->str, number.real);
      g_assert_cmpint (number.is_int64, ==, behind == 0);
    }
}

/* --- the list --- */

#define N_TICKS 40000

static void
append_ticks (ScopeRecorder *recorder,
              guint          from,
              guint          to)
{
  for (guint i = from; i <= to; i++)
    g_assert_cmpuint (fixture_append (recorder, i), ==, i);
}

static void
make_ticks (const char *path)
{
  ScopeRecorder *recorder = scope_recorder_new (path, NULL, NULL);

  append_ticks (recorder, 1, N_TICKS);
  fixture_close (recorder, NULL);
  g_object_unref (recorder);
}

static void
set_filter (ScopeEventList *list,
            const char     *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeFilter) filter = scope_filter_new (text, NULL, &error);

  g_assert_no_error (error);
  scope_event_list_set_filter (list, filter);
}

static void
append_records (ScopeEventList *list,
                ScopeCapture   *capture,
                guint64         from,
                guint           n)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, n);

  g_assert_cmpuint (scope_capture_read_records (capture, from, n, records, NULL), ==, n);
  scope_event_list_append (list, records, n);
}

static ScopeEventList *
list_new (ScopeCapture *capture,
          guint         n)
{
  ScopeEventList *list = scope_event_list_new (scope_capture_get_names (capture));

  scope_event_list_set_capture (list, capture);
  append_records (list, capture, 1, n);
  WAIT_UNTIL (!scope_event_list_get_filtering (list));
  return list;
}

static guint64
sequence_at (ScopeEventList *list,
             guint           position)
{
  g_autoptr (ScopeEventItem) item = g_list_model_get_item (G_LIST_MODEL (list), position);

  return scope_event_item_get_sequence (item);
}

/* rows are those of every step-th entry */
static void
assert_rows (ScopeEventList *list,
             guint           step,
             guint           n_entries)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  g_assert_cmpuint (n, ==, n_entries / step);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (sequence_at (list, i), ==, (i + 1) * step);
}

/* Rows are only added at the end while a search goes on. */
static void
added_cb (GListModel *model,
          guint       position,
          guint       removed,
          guint       added,
          gpointer    user_data)
{
  guint *n = user_data;

  if (removed > 0)
    {
      g_assert_cmpuint (removed, ==, *n);
      *n = 0;
    }
  g_assert_cmpuint (position, ==, *n);
  *n += added;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, *n);
}

static void
test_list (Place         *place,
           gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeEventList) list = NULL;
  guint n = N_TICKS - 5000;

  make_ticks (place->path);
  capture = scope_capture_open (place->path, NULL);
  list = list_new (capture, n);
  g_signal_connect (list, "items-changed", G_CALLBACK (added_cb), &n);

  /* "tick-0" is the event of each seventh; asked of the data, as of the words */
  set_filter (list, "data.number < 0");
  g_assert_true (scope_event_list_get_filtering (list));
  set_filter (list, "tick-0 number");
  append_records (list, capture, N_TICKS - 5000 + 1, 2000);
  g_main_context_iteration (NULL, FALSE);
  append_records (list, capture, N_TICKS - 3000 + 1, 3000);
  WAIT_UNTIL (!scope_event_list_get_filtering (list));
  assert_rows (list, 7, N_TICKS);

  set_filter (list, "data.number > 100 or data.number <= 100");
  WAIT_UNTIL (!scope_event_list_get_filtering (list));
  assert_rows (list, 1, N_TICKS);

  set_filter (list, "text *= \"number\" and channel == \"other\"");
  WAIT_UNTIL (!scope_event_list_get_filtering (list));
  assert_rows (list, N_TICKS + 1, N_TICKS);

  /* cleared and dropped in the middle of a search */
  set_filter (list, "data.number > 0");
  scope_event_list_clear (list);
  g_assert_false (scope_event_list_get_filtering (list));
  scope_event_list_undo_clear (list);
  g_assert_true (scope_event_list_get_filtering (list));
}

/* Rows that are only in memory stand behind those a search reads. */
static void
test_list_memory (Place         *place,
                  gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeEventList) list = NULL;
  ScopeEntry *entries[7];

  make_ticks (place->path);
  capture = scope_capture_open (place->path, NULL);
  list = list_new (capture, N_TICKS);
  set_filter (list, "data.number >= 39999");
  g_assert_true (scope_event_list_get_filtering (list));
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *frame
          = g_strdup_printf ("{\"event\":\"e\",\"data\":{\"number\":%u}}", i == 5 ? 0 : N_TICKS + i);

      entries[i] = fixture_event (scope_capture_get_names (capture), frame);
      entries[i]->sequence = N_TICKS + 1 + i;
    }
  _scope_event_list_append_entries (list, entries, G_N_ELEMENTS (entries));
  WAIT_UNTIL (!scope_event_list_get_filtering (list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2 + 6);
  g_assert_cmpuint (sequence_at (list, 7), ==, N_TICKS + 7);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    scope_entry_unref (entries[i]);
}

/* The recorder takes the search's connection off when it closes the file. */
static void
test_list_live (Place         *place,
                gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeEventList) list = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  append_ticks (recorder, 1, N_TICKS);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == N_TICKS);
  capture = scope_capture_open_live (place->path, scope_recorder_get_names (recorder), &error);
  g_assert_no_error (error);
  list = list_new (capture, N_TICKS);
  set_filter (list, "data.number > 100 or text *= \"number\"");
  g_assert_true (scope_event_list_get_filtering (list));
  scope_recorder_close_async (recorder, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL && !scope_event_list_get_filtering (list));
  g_assert_true (scope_recorder_close_finish (recorder, result, &error));
  g_assert_no_error (error);
  assert_rows (list, 1, N_TICKS);
  g_object_unref (recorder);
}

/* --- damaged files --- */

static void
test_damaged (Place         *place,
              gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeFilter) none = scope_filter_new ("text *= \"nothing like it\"", NULL, NULL);
  g_autoptr (ScopeFilter) one = scope_filter_new ("data.number == 50", NULL, NULL);
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);

  append_ticks (recorder, 1, 100);
  fixture_close (recorder, NULL);
  g_object_unref (recorder);
  fixture_exec (place->path, "DELETE FROM entries WHERE id IN (7, 8)");
  fixture_exec (place->path, "UPDATE entries SET frame = NULL WHERE id = 20");
  fixture_exec (place->path, "UPDATE entries SET frame = 'short' WHERE id = 21");

  /* what can't be read is shown */
  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (compare (capture, none, 100), ==, 4);

  /* also where that is seen only when it comes to decoding */
  g_clear_object (&capture);
  fixture_exec (place->path, "UPDATE entries SET data_length = 4294967295 WHERE id = 50");
  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (compare (capture, one, 100), ==, 5);
}

/* --- order --- */

#define ORDER_ROWS 500

typedef struct
{
  guint64 next;
  guint n_matches;
} Order;

static void
order_cb (ScopeSearch *search,
          gpointer     user_data)
{
  Order *order = user_data;
  ScopeSearchBatch *batch;

  while ((batch = scope_search_pop (search)) != NULL)
    {
      g_assert_cmpuint (batch->from, ==, order->next);
      order->next += batch->n;
      for (guint i = 0; i < batch->n; i++)
        order->n_matches += batch->verdicts[i] == SCOPE_VERDICT_YES;
      scope_search_batch_free (batch);
    }
}

/* Dear batches and cheap ones in turn: those that overtake others on their threads wait for them. */
static void
test_order (Place         *place,
            gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeFilter) filter = scope_filter_new ("text ~ \"[0-9]*0}$\"", NULL, NULL);
  g_autoptr (ScopeSearch) search = NULL;
  Order order = { 1, 0 };

  g_assert_nonnull (filter);
  make_ticks (place->path);
  capture = scope_capture_open (place->path, NULL);
  search = scope_search_new (capture, filter, G_PRIORITY_DEFAULT, order_cb, &order);
  for (guint from = 1; from <= N_TICKS; from += ORDER_ROWS)
    {
      ScopeRecord *records = g_new (ScopeRecord, ORDER_ROWS);

      g_assert_cmpuint (scope_capture_read_records (capture, from, ORDER_ROWS, records, NULL), ==, ORDER_ROWS);
      for (guint i = 0; from / ORDER_ROWS % 2 == 1 && i < ORDER_ROWS; i++)
        records[i].kind = SCOPE_SCANNER_SKIP;
      scope_search_push (search, from, records, ORDER_ROWS);
    }
  WAIT_UNTIL (order.next == N_TICKS + 1);
  g_assert_cmpuint (scope_search_get_pending (search), ==, 0);
  g_assert_cmpuint (order.n_matches, ==, N_TICKS / 2 / 10);
}

/* --- giving up --- */

static void
never_cb (ScopeSearch *search,
          gpointer     user_data)
{
  g_error ("a search that was given up tells something");
}

static void
test_given_up (Place         *place,
               gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeFilter) filter = scope_filter_new ("data.number > 0", NULL, NULL);

  make_ticks (place->path);
  capture = scope_capture_open (place->path, NULL);
  for (guint i = 0; i < 20; i++)
    {
      ScopeSearch *search = scope_search_new (capture, filter, G_PRIORITY_DEFAULT, never_cb, NULL);
      ScopeRecord *records = g_new (ScopeRecord, N_TICKS);

      scope_capture_read_records (capture, 1, N_TICKS, records, NULL);
      scope_search_push (search, 1, records, N_TICKS);
      g_assert_cmpuint (scope_search_get_pending (search), ==, 1);
      g_usleep (i * 100);
      scope_search_free (search);
      g_main_context_iteration (NULL, FALSE);
    }
}

#define ADD_TEST(name, func) \
  g_test_add (name, Place, NULL, place_set_up, func, place_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_TEST ("/search/random", test_random);
  ADD_TEST ("/search/literals", test_literals);
  g_test_add_func ("/search/numbers", test_numbers);
  ADD_TEST ("/search/list", test_list);
  ADD_TEST ("/search/list/memory", test_list_memory);
  ADD_TEST ("/search/list/live", test_list_live);
  ADD_TEST ("/search/damaged", test_damaged);
  ADD_TEST ("/search/order", test_order);
  ADD_TEST ("/search/given-up", test_given_up);

  return g_test_run ();
}
