/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "capture-fixture.h"
#include "capture/scope-filter.h"

/* The entries filters are asked about. */
enum
{
  ORDER,
  HELLO,
  BARE,
  STATE,
  LIST,
  SECRET,
  SURROGATE,
  TYPED,
  PLAIN_NUMBER,
  N_SUBJECTS,
};

static ScopeEntry *subjects[N_SUBJECTS];
static ScopeNames *names;

static void
make_subjects (void)
{
  names = scope_names_new ();
  subjects[ORDER] = fixture_event (
      names,
      "{\"event\":\"order.paid\",\"channel\":\"private-order-7\",\"user_id\":\"u-1\",\"data\":"
      "\"{\\\"total\\\":120,\\\"rate\\\":0.5,\\\"customer\\\":{\\\"email\\\":\\\"ann@example.com\\\","
      "\\\"name\\\":\\\"Änne\\\",\\\"order-id\\\":\\\"A-7\\\"},\\\"tags\\\":[\\\"new\\\",\\\"vip\\\",7],"
      "\\\"big\\\":123456789012345678901234567890,\\\"max\\\":9223372036854775807,"
      "\\\"ok\\\":true,\\\"bad\\\":false,\\\"none\\\":null,\\\"0\\\":\\\"zero\\\",\\\"\\\":1,"
      "\\\"t\\\":\\\"120\\\",\\\"Größe\\\":3,\\\"e\\\":1e2}\"}");
  subjects[HELLO] = fixture_event (
      names, "{\"event\":\"chat\",\"channel\":\"news\",\"data\":\"Hello, wörld (\\\"x\\\")\\u0000end\"}");
  subjects[BARE] = fixture_event (names, "{\"event\":\"client-typing\"}");
  subjects[BARE]->direction = SCOPE_DIRECTION_OUT;
  subjects[BARE]->time_usec = FIXTURE_TIME + G_USEC_PER_SEC;
  subjects[STATE] = fixture_entry (names, SCOPE_ENTRY_STATE, NULL,
                                   "{\"previous\":\"connecting\",\"current\":\"connected\"}");
  subjects[LIST] = fixture_event (
      names, "{\"event\":\"list\",\"channel\":\"news\",\"data\":[10,\"x\",{\"a\":[[1,2]]},null]}");
  subjects[SECRET] = fixture_event (
      names, "{\"event\":\"s\",\"channel\":\"private-encrypted-x\","
             "\"data\":{\"nonce\":\"bm9u\",\"ciphertext\":\"Y2lwaA==\"}}");
  subjects[SECRET]->flags = SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED;
  subjects[SECRET]->detail = g_strdup ("{\"data\":\"{\\\"refund\\\":5}\"}");
  subjects[SURROGATE] = fixture_event (
      names, "{\"event\":\"sur\",\"data\":\"{\\\"a\\\":\\\"x\\\\ud800\\\",\\\"b\\\":2}\"}");
  subjects[TYPED] = fixture_event (names, "{\"event\":\"typed\",\"data\":true}");
  subjects[PLAIN_NUMBER] = fixture_event (names, "{\"event\":\"n\",\"data\":\" 42\\n\"}");
}

static void
free_subjects (void)
{
  for (guint i = 0; i < N_SUBJECTS; i++)
    scope_entry_unref (subjects[i]);
  g_clear_object (&names);
}

typedef struct
{
  const char *filter;
  int subject;
  gboolean matches;
} MatchCase;

static const MatchCase match_cases[] = {
  /* nothing asked */
  { "", ORDER, TRUE },
  { " \t\n ", STATE, TRUE },
  /* texts */
  { "channel == \"private-order-7\"", ORDER, TRUE },
  { "channel==\"private-order-7\"", ORDER, TRUE },
  { "channel == \"private-order\"", ORDER, FALSE },
  { "channel == \"Private-order-7\"", ORDER, FALSE },
  { "channel == \"PRIVATE-order-7\"i", ORDER, TRUE },
  { "channel != \"news\"", ORDER, TRUE },
  { "channel != \"news\"", HELLO, FALSE },
  { "channel != \"news\"", BARE, FALSE },
  { "not channel == \"news\"", BARE, TRUE },
  { "channel ^= \"private-order-\"", ORDER, TRUE },
  { "channel ^= \"private-order-\"", HELLO, FALSE },
  { "channel $= \"-7\"", ORDER, TRUE },
  { "channel $= \"longer than private-order-7\"", ORDER, FALSE },
  { "channel *= \"order\"", ORDER, TRUE },
  { "channel *= \"\"", ORDER, TRUE },
  { "channel *= \"ORDER\"i", ORDER, TRUE },
  { "channel ^= \"PRIV\"i", ORDER, TRUE },
  { "channel $= \"R-7\"i", ORDER, TRUE },
  { "channel ~ \"^private-order-[0-9]+$\"", ORDER, TRUE },
  { "channel ~ \"^PRIVATE\"", ORDER, FALSE },
  { "channel ~ \"^PRIVATE\"i", ORDER, TRUE },
  { "channel ~ \"\\\\d\"", ORDER, TRUE },
  { "channel < \"q\"", ORDER, TRUE },
  { "channel > \"private-order\"", ORDER, TRUE },
  { "channel >= \"private-order-7\"", ORDER, TRUE },
  { "channel <= \"news\"", ORDER, FALSE },
  { "channel == 7", ORDER, FALSE },
  { "channel == true", ORDER, FALSE },
  { "channel exists", ORDER, TRUE },
  { "channel exists", BARE, FALSE },
  { "event == \"order.paid\"", ORDER, TRUE },
  { "event exists", STATE, FALSE },
  { "user == \"u-1\"", ORDER, TRUE },
  { "user == \"u-1\"", HELLO, FALSE },
  { "user in (\"u-2\", \"U-1\"i)", ORDER, TRUE },
  { "user in(\"u-2\",\"u-3\")", ORDER, FALSE },
  { "not user exists", HELLO, TRUE },
  { "direction == \"in\"", ORDER, TRUE },
  { "direction == \"out\"", BARE, TRUE },
  { "direction exists", STATE, FALSE },
  { "kind == \"event\"", ORDER, TRUE },
  { "kind in (\"state\", \"error\")", STATE, TRUE },
  { "kind == \"state\"", ORDER, FALSE },
  /* sizes and times */
  { "size > 100", ORDER, TRUE },
  { "size < 26", BARE, TRUE },
  { "size == 25", BARE, TRUE },
  { "size == 25.0", BARE, TRUE },
  { "size in (1, 25)", BARE, TRUE },
  { "size >= 0", STATE, FALSE },
  { "size == \"25\"", BARE, FALSE },
  { "size ^= \"2\"", BARE, FALSE },
  { "time == \"2026-11-21T14:05:02.113456Z\"", ORDER, TRUE },
  { "time == \"2026-11-21T15:05:02.113456+01:00\"", ORDER, TRUE },
  { "time > \"2026-11-21T14:05:02.113456Z\"", BARE, TRUE },
  { "time > \"2026-11-21T14:05:02.113456Z\"", ORDER, FALSE },
  { "time < 2026-11-21T14:05:03Z and time exists", ORDER, TRUE },
  { "time in (\"2026-11-21T14:05:02.113456Z\")", STATE, TRUE },
  { "time != \"2026-11-21T14:05:02.113456Z\"", BARE, TRUE },
  /* raw text */
  { "text *= \"\\\"total\\\":120\"", ORDER, TRUE },
  { "text ^= \"Hello\"", HELLO, TRUE },
  { "text $= \"\\u0000end\"", HELLO, TRUE },
  { "text *= \"END\"i", HELLO, TRUE },
  { "text *= \"WÖRLD\"i", HELLO, TRUE },
  { "text *= \"WÖRLD\"", HELLO, FALSE },
  { "text ~ \"end$\"", HELLO, TRUE },
  { "text exists", BARE, FALSE },
  { "text == \"true\"", TYPED, TRUE },
  { "text *= \"refund\"", SECRET, FALSE },
  { "text *= \"ciphertext\"", SECRET, TRUE },
  /* payload paths */
  { "data.total > 100", ORDER, TRUE },
  { "data.total > 120", ORDER, FALSE },
  { "data.total >= 120 and data.total <= 1.2e2", ORDER, TRUE },
  { "data.total == 120.0", ORDER, TRUE },
  { "data.total == \"120\"", ORDER, FALSE },
  { "data.t == \"120\"", ORDER, TRUE },
  { "data.t == 120", ORDER, FALSE },
  { "data.t != 120", ORDER, FALSE },
  { "data.e == 100", ORDER, TRUE },
  { "data.rate == 0.5", ORDER, TRUE },
  { "data.rate < 1", ORDER, TRUE },
  { "data.max == 9223372036854775807", ORDER, TRUE },
  { "data.max == 9223372036854775806", ORDER, FALSE },
  { "data.max < 9223372036854775808", ORDER, TRUE },
  { "data.big == 123456789012345678901234567890", ORDER, TRUE },
  { "data.big == 123456789012345678901234567891", ORDER, FALSE },
  { "data.big > 9223372036854775807", ORDER, TRUE },
  { "data.big > -99999999999999999999999999999999", ORDER, TRUE },
  { "data.customer.email $= \"@example.com\"", ORDER, TRUE },
  { "data.customer.email ~ \"^[a-z]+@\"", ORDER, TRUE },
  { "data.customer.name == \"änne\"i", ORDER, TRUE },
  { "data.customer.\"order-id\" == \"A-7\"", ORDER, TRUE },
  { "data.\"customer\".\"\\u0065mail\" exists", ORDER, TRUE },
  { "data.customer exists", ORDER, TRUE },
  { "data.customer == \"x\"", ORDER, FALSE },
  { "data.tags[0] == \"new\"", ORDER, TRUE },
  { "data.tags[2] == 7", ORDER, TRUE },
  { "data.tags[3] exists", ORDER, FALSE },
  { "data.tags[1] in (\"x\", \"vip\")", ORDER, TRUE },
  { "data.0 == \"zero\"", ORDER, TRUE },
  { "data.\"\" == 1", ORDER, TRUE },
  { "data.Größe == 3", ORDER, TRUE },
  { "data.total[0] exists", ORDER, FALSE },
  { "data.tags.new exists", ORDER, FALSE },
  { "data.ok == true", ORDER, TRUE },
  { "data.ok != true", ORDER, FALSE },
  { "data.bad != true", ORDER, TRUE },
  { "data.bad == false", ORDER, TRUE },
  { "data.none == null", ORDER, TRUE },
  { "data.none exists", ORDER, TRUE },
  { "data.ok == null", ORDER, FALSE },
  { "data.ok != null", ORDER, FALSE },
  { "data.total in (1, \"120\", null, 120)", ORDER, TRUE },
  { "data.missing exists", ORDER, FALSE },
  { "data.missing != 1", ORDER, FALSE },
  { "not data.missing == 1", ORDER, TRUE },
  { "not (data.missing < 1 or data.missing >= 1)", ORDER, TRUE },
  { "data exists", BARE, FALSE },
  { "data exists", TYPED, TRUE },
  { "data == true", TYPED, TRUE },
  { "data == 42", PLAIN_NUMBER, TRUE },
  { "data *= \"Hello\"", HELLO, TRUE },
  { "data == \"Hello\"", ORDER, FALSE },
  { "data[0] == 10 and data[1] == \"x\"", LIST, TRUE },
  { "data[2].a[0][1] == 2", LIST, TRUE },
  { "data[3] == null", LIST, TRUE },
  { "data[4] == null", LIST, FALSE },
  { "data.refund == 5", SECRET, TRUE },
  { "data.nonce exists", SECRET, FALSE },
  { "data.a exists", SURROGATE, TRUE },
  { "data.a *= \"x\"", SURROGATE, FALSE },
  { "data.b == 2", SURROGATE, TRUE },
  { "data.current exists", STATE, FALSE },
  /* precedence */
  { "channel == \"news\" or event == \"order.paid\" and size < 1", HELLO, TRUE },
  { "(channel == \"news\" or event == \"order.paid\") and size < 1", HELLO, FALSE },
  { "size < 1 and event == \"chat\" or channel == \"news\"", HELLO, TRUE },
  { "not size < 1 and event == \"chat\"", HELLO, TRUE },
  { "not (size < 1 or event == \"chat\")", HELLO, FALSE },
  { "not size > 1 or event == \"chat\"", HELLO, TRUE },
  { "not not event == \"chat\"", HELLO, TRUE },
  { "not not not event == \"chat\"", HELLO, FALSE },
  { "event == \"a\" or event == \"b\" or event == \"chat\"", HELLO, TRUE },
  { "event == \"chat\" and channel == \"news\" and size == 1", HELLO, FALSE },
  { "((((event==\"chat\"))))", HELLO, TRUE },
  /* words */
  { "order", ORDER, TRUE },
  { "ORDER", ORDER, TRUE },
  { "order-7 u-1", ORDER, TRUE },
  { "order missing", ORDER, FALSE },
  { "vip ann@example.com", ORDER, TRUE },
  { "\"hello, wörld\"", HELLO, TRUE },
  { "wÖRLD", HELLO, TRUE },
  { "refund", SECRET, TRUE },
  { "bm9u", SECRET, TRUE },
  { "connected", STATE, FALSE },
  { "order and not user == \"u-2\"", ORDER, TRUE },
  { "missing or (order vip)", ORDER, TRUE },
  { "not order", ORDER, FALSE },
  { "user", ORDER, FALSE },
  { "event news", HELLO, FALSE },
  { "channel in news", HELLO, FALSE },
  { "typing android notorious order.paid", BARE, FALSE },
  { "order,paid", ORDER, FALSE },
};

static void
test_matches (void)
{
  make_subjects ();
  for (gsize i = 0; i < G_N_ELEMENTS (match_cases); i++)
    {
      const MatchCase *c = &match_cases[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeFilter) filter = scope_filter_new (c->filter, NULL, &error);
      const ScopeEntry *entry = subjects[c->subject];
      gboolean matches;

      g_assert_no_error (error);
      matches = scope_filter_matches (filter, entry, names);
      if (matches != c->matches)
        g_error ("“%s” on %d: %d", c->filter, c->subject, matches);
      if (!scope_filter_needs_payload (filter))
        {
          ScopeRecord record;

          scope_entry_to_record (entry, &record);
          g_assert_cmpint (scope_filter_matches_record (filter, &record, names), ==, c->matches);
        }
    }
  free_subjects ();
}

typedef struct
{
  const char *filter;
  gsize position;
  const char *expected; /* part of the message */
} ErrorCase;

static const ErrorCase error_cases[] = {
  { "channel =", 8, "expected ==" },
  { "channel = \"x\"", 8, "expected ==" },
  { "channel ==", 10, "expected a text in quotes, a number" },
  { "channel == news", 11, "expected a text in quotes, a number" },
  { "channel == \"news", 16, "closing quote" },
  { "channel == \"news\\\"", 18, "closing quote" },
  { "channel == \"a\\d\"", 13, "JSON escape" },
  { "channel == \"a\nb\"", 13, "a character JSON allows" },
  { "channel == \"\\ud800\"", 11, "surrogate" },
  { "channel == \"x\"ii", 14, "“and”, “or” or the end" },
  { "channel == \"x\" \"y\"", 15, "“and”, “or” or the end" },
  { "channel == \"x\" event == \"y\"", 15, "“and”, “or” or the end" },
  { "channel ^= 5", 11, "expected a text in quotes" },
  { "channel ~ 5", 10, "regular expression in quotes" },
  { "channel ~ \"(\"", 10, "expected a regular expression (" },
  { "channel ~ \"a\\u0000\"", 10, "without" },
  { "channel < true", 10, "expected a text in quotes or a number" },
  { "channel == tru", 11, "expected a text in quotes, a number" },
  { "channel == truee", 11, "expected a text in quotes, a number" },
  { "size == 01", 8, "expected a text in quotes, a number" },
  { "size > 1.", 7, "a number" },
  { "size > 12x", 7, "a number" },
  { "size > -", 7, "a number" },
  { "size == +1", 8, "a number" },
  { "time > \"25:00\"", 7, "such as 14:05" },
  { "time > \"12:60\"", 7, "such as 14:05" },
  { "time > \"12:00:60\"", 7, "such as 14:05" },
  { "time > \"12:00:00:00\"", 7, "such as 14:05" },
  { "time > \"noon\"", 7, "such as 14:05" },
  { "time > 5", 7, "such as 14:05" },
  { "time >", 6, "such as 14:05" },
  { "time ~ \"x\"", 5, "expected ==" },
  { "time ^= \"14:05\"", 5, "expected ==" },
  { "chanel == \"x\"", 0, "expected a field: channel" },
  { "x and chanel == \"x\"", 6, "expected a field: channel" },
  { "order chanel ~ \"x\"", 6, "expected a field: channel" },
  { "channel.name == \"x\"", 0, "expected a field: channel" },
  { "users in (\"x\")", 0, "expected a field: channel" },
  { "channel in \"x\"", 11, "expected “(”" },
  { "channel in ()", 12, "expected a text in quotes, a number" },
  { "channel in (\"x\"", 15, "expected “,” or “)”" },
  { "channel in (\"x\",)", 16, "expected a text in quotes, a number" },
  { "channel in (\"x\" \"y\")", 16, "expected “,” or “)”" },
  { "data. == 1", 5, "expected a name" },
  { "data.", 5, "expected a name" },
  { "data.order-id == 1", 10, "expected ==" },
  { "data.\"x == 1", 12, "closing quote" },
  { "data.\"\\u0000\" == 1", 5, "without" },
  { "data.x", 6, "expected ==" },
  { "data.x y", 7, "expected ==" },
  { "data[] == 1", 5, "number of an element" },
  { "data[-1] == 1", 5, "number of an element" },
  { "data[1234567890] == 1", 5, "number of an element" },
  { "data[1 == 1", 6, "expected “]”" },
  { "data[x] == 1", 5, "number of an element" },
  { "(channel == \"x\"", 15, "expected “and”, “or” or “)”" },
  { "(", 1, "expected a field, a word" },
  { "()", 1, "expected a field, a word" },
  { ")", 0, "expected a field, a word" },
  { "order)", 5, "“and”, “or” or the end" },
  { "and", 0, "expected a field, a word" },
  { "order and", 9, "expected a field, a word" },
  { "order or", 8, "expected a field, a word" },
  { "order and or", 10, "expected a field, a word" },
  { "not", 3, "expected a field, a word" },
  { "order not x", 6, "“and”, “or” or the end" },
  { "order (x)", 6, "“and”, “or” or the end" },
  { "== 5", 0, "expected a field, a word" },
  { "size > 5 <", 9, "“and”, “or” or the end" },
  { "wörd and chanel == 1", 10, "character 10: expected a field" },
};

static void
test_errors (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (error_cases); i++)
    {
      const ErrorCase *c = &error_cases[i];
      g_autoptr (GError) error = NULL;
      gsize position = 9999;
      ScopeFilter *filter = scope_filter_new (c->filter, &position, &error);

      g_test_message ("%s", c->filter);
      g_assert_null (filter);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      if (position != c->position || strstr (error->message, c->expected) == NULL)
        g_error ("“%s”: %zu: %s", c->filter, position, error->message);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (scope_filter_new (c->filter, NULL, NULL));
    }
}

static void
test_not_utf8 (void)
{
  g_autoptr (GError) error = NULL;
  gsize position = 0;

  g_assert_null (scope_filter_new ("ab\xff", &position, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_assert_cmpuint (position, ==, 2);
}

static char *
repeat (const char *text,
        gsize       times)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < times; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *open = repeat ("(", 63);
  g_autofree char *close = repeat (")", 63);
  g_autofree char *good = g_strconcat (open, "x", close, NULL);
  g_autofree char *bad = g_strconcat ("(", good, ")", NULL);
  g_autofree char *nots = repeat ("not ", 1000000 / 4);
  g_autofree char *parens = repeat ("(", 1000000);
  g_autoptr (ScopeFilter) filter = scope_filter_new (good, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gsize position = 0;

  g_assert_nonnull (filter);
  g_assert_null (scope_filter_new (bad, &position, &error));
  g_assert_cmpuint (position, ==, 64);
  g_assert_nonnull (strstr (error->message, "less nesting"));
  g_assert_null (scope_filter_new (nots, &position, NULL));
  g_assert_cmpuint (position, ==, 256);
  g_assert_null (scope_filter_new (parens, &position, NULL));
  g_assert_cmpuint (position, ==, 64);
}

/* long chains are flat; their length is bounded */
static void
test_length (void)
{
  g_autofree char *links = repeat ("size > 1 and ", 4000);
  g_autofree char *good = g_strconcat (links, "size > 1", NULL);
  g_autofree char *words = repeat ("word ", 10001);
  g_autofree char *huge = repeat ("x", 1024 * 1024 + 1);
  g_autoptr (ScopeFilter) filter = scope_filter_new (good, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gsize position = 0;

  g_assert_nonnull (filter);
  g_assert_null (scope_filter_new (words, &position, &error));
  g_assert_nonnull (strstr (error->message, "shorter filter"));
  g_assert_null (scope_filter_new (huge, &position, NULL));
}

/* Names past the limit are read from the frame, which takes the entry. */
static void
test_full_names (void)
{
  static const char * const filters[] = {
    "channel == \"news\"", "event ~ \"aid\"", "user == \"u-1\"", "paid news", "not channel ~ \"too\"",
  };
  g_autoptr (ScopeNames) own = scope_names_new ();
  g_autoptr (ScopeEntry) entry = fixture_event (
    own, "{\"event\":\"order.paid\",\"channel\":\"news\",\"user_id\":\"u-1\"}");
  ScopeRecord record;

  scope_entry_to_record (entry, &record);
  g_assert_true (scope_record_has_names (&record));
  entry->event = entry->channel = entry->user = SCOPE_NAMES_OVERFLOW;
  scope_entry_to_record (entry, &record);
  g_assert_false (scope_record_has_names (&record));

  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (ScopeFilter) filter = scope_filter_new (filters[i], NULL, NULL);

      g_assert_true (scope_filter_matches (filter, entry, own));
    }
}

static void
test_needs_payload (void)
{
  static const struct
  {
    const char *filter;
    gboolean needs;
  } cases[] = {
    { "", FALSE },
    { "channel == \"x\" and (event ~ \"y\" or not user exists) and size > 1", FALSE },
    { "time > \"14:05\" and kind in (\"event\") and direction == \"in\"", FALSE },
    { "word", TRUE },
    { "text exists", TRUE },
    { "channel == \"x\" and not (size > 1 or data.x == 1)", TRUE },
    { "data exists", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScopeFilter) filter = scope_filter_new (cases[i].filter, NULL, NULL);

      g_assert_cmpint (scope_filter_needs_payload (filter), ==, cases[i].needs);
      g_assert_cmpstr (scope_filter_get_text (filter), ==, cases[i].filter);
    }
}

static gint64
local_time (int day,
            int hour,
            int minute,
            int second)
{
  g_autoptr (GDateTime) time = g_date_time_new_local (2026, 11, day, hour, minute, second);

  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

static void
test_day (void)
{
  g_autoptr (ScopeFilter) filter
      = scope_filter_new ("time >= \"14:05\" and time < 14:05:30", NULL, NULL);
  g_autoptr (ScopeNames) none = scope_names_new ();
  g_autoptr (ScopeEntry) entry = scope_entry_new (SCOPE_ENTRY_STATE, local_time (21, 14, 5, 10));

  scope_filter_set_day (filter, local_time (21, 23, 0, 0));
  g_assert_true (scope_filter_matches (filter, entry, none));
  entry->time_usec = local_time (21, 14, 5, 30);
  g_assert_false (scope_filter_matches (filter, entry, none));
  entry->time_usec = local_time (21, 14, 5, 0) - 1;
  g_assert_false (scope_filter_matches (filter, entry, none));
  entry->time_usec = local_time (22, 14, 5, 10);
  g_assert_false (scope_filter_matches (filter, entry, none));
  scope_filter_set_day (filter, local_time (22, 0, 0, 0));
  g_assert_true (scope_filter_matches (filter, entry, none));
}

/* a text beyond what the JIT's stack holds is no "no", and PCRE's limits end the rest */
static void
test_regex_limits (void)
{
  g_autoptr (ScopeNames) own = scope_names_new ();
  g_autofree char *long_text = g_strnfill (200000, 'a');
  g_autofree char *frame = g_strconcat ("{\"event\":\"e\",\"data\":\"", long_text, "c\"}", NULL);
  g_autofree char *slow = g_strconcat ("{\"event\":\"e\",\"data\":\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                       "\"}", NULL);
  g_autoptr (ScopeEntry) entry = fixture_event (own, frame);
  g_autoptr (ScopeEntry) slow_entry = fixture_event (own, slow);
  g_autoptr (ScopeFilter) filter = scope_filter_new ("text ~ \"^(a|b)*c$\"", NULL, NULL);
  g_autoptr (ScopeFilter) evil = scope_filter_new ("text ~ \"^(a+)+$b\"", NULL, NULL);

  g_assert_true (scope_filter_matches (filter, entry, own));
  g_assert_false (scope_filter_matches (evil, slow_entry, own));
}

static void
test_references (void)
{
  ScopeFilter *filter = scope_filter_new ("a and (b or data.x[0] in (1, \"y\"i))", NULL, NULL);

  g_assert_true (scope_filter_ref (filter) == filter);
  scope_filter_unref (filter);
  g_assert_cmpstr (scope_filter_get_text (filter), ==, "a and (b or data.x[0] in (1, \"y\"i))");
  scope_filter_unref (filter);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter/matches", test_matches);
  g_test_add_func ("/filter/errors", test_errors);
  g_test_add_func ("/filter/not-utf8", test_not_utf8);
  g_test_add_func ("/filter/depth", test_depth);
  g_test_add_func ("/filter/length", test_length);
  g_test_add_func ("/filter/full-names", test_full_names);
  g_test_add_func ("/filter/needs-payload", test_needs_payload);
  g_test_add_func ("/filter/day", test_day);
  g_test_add_func ("/filter/regex-limits", test_regex_limits);
  g_test_add_func ("/filter/references", test_references);
  return g_test_run ();
}
