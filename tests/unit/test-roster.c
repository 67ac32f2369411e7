/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §3.4 and the shapes of §11. */

#define G_LOG_DOMAIN "test-roster"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "protocol/scope-roster.h"

/* "id=info id2" in order */
static void
expect (ScopeRoster *roster,
        const char  *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) list = scope_roster_list (roster);

  g_assert_cmpuint (list->len, ==, scope_roster_get_count (roster));
  for (guint i = 0; i < list->len; i++)
    {
      ScopeRosterMember *member = &g_array_index (list, ScopeRosterMember, i);
      ScopeRosterMember found;

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", member->user_id);
      if (member->user_info != NULL)
        g_string_append_printf (text, "=%s", member->user_info);
      g_assert_true (scope_roster_lookup (roster, member->user_id, &found));
      g_assert_true (found.user_info == member->user_info);
    }

  g_assert_cmpstr (text->str, ==, expected);
}

/* "+id=info -id ~id=info" */
static char *
change_to_text (const ScopeRosterChange *change)
{
  static const char signs[] = { [SCOPE_ROSTER_ADDED] = '+', [SCOPE_ROSTER_REMOVED] = '-',
                                [SCOPE_ROSTER_UPDATED] = '~' };

  if (change == NULL)
    return g_strdup ("");

  return g_strdup_printf ("%c%s%s%s", signs[change->type], change->user_id,
                          change->user_info != NULL ? "=" : "",
                          change->user_info != NULL ? change->user_info : "");
}

static void
load (ScopeRoster *roster,
      const char  *data,
      const char  *expected_changes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_true (scope_roster_load (roster, data, data != NULL ? strlen (data) : 0, &changes, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < changes->len; i++)
    {
      g_autofree char *change = change_to_text (g_ptr_array_index (changes, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", change);
    }
  g_assert_cmpstr (text->str, ==, expected_changes);
}

static void
add (ScopeRoster *roster,
     const char  *data,
     const char  *expected)
{
  g_autoptr (ScopeRosterChange) change = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (scope_roster_add (roster, data, strlen (data), &change, &error));
  g_assert_no_error (error);
  text = change_to_text (change);
  g_assert_cmpstr (text, ==, expected);
}

static void
drop (ScopeRoster *roster,
      const char  *data,
      const char  *expected)
{
  g_autoptr (ScopeRosterChange) change = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (scope_roster_remove (roster, data, strlen (data), &change, &error));
  g_assert_no_error (error);
  text = change_to_text (change);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_shapes (void)
{
  static const struct
  {
    const char *data;
    const char *members;
  } rows[] = {
    /* Pusher, soketi, Sockudo */
    { "{\"presence\":{\"ids\":[\"7\"],\"hash\":{\"7\":{\"name\":\"A\"}},\"count\":1}}",
      "7={\"name\":\"A\"}" },
    { "{\"presence\":{\"ids\":[\"b\",\"a\"],\"hash\":{\"a\":1,\"b\":2},\"count\":2}}", "b=2 a=1" },
    /* Reverb: ints, null info, count 0 */
    { "{\"presence\":{\"ids\":[7],\"hash\":{\"7\":null},\"count\":1}}", "7" },
    { "{\"presence\":{\"ids\":[7,12],\"hash\":{\"7\":{},\"12\":{}},\"count\":0}}", "7={} 12={}" },
    /* Reverb and PHP: hash [] or a list whose index is the id */
    { "{\"presence\":{\"ids\":[],\"hash\":[],\"count\":0}}", "" },
    { "{\"presence\":{\"count\":1,\"hash\":[]}}", "" },
    { "{\"presence\":{\"ids\":[0,1],\"hash\":[{\"n\":\"A\"},{\"n\":\"B\"}],\"count\":2}}",
      "0={\"n\":\"A\"} 1={\"n\":\"B\"}" },
    { "{\"presence\":{\"ids\":[\"1\",\"0\"],\"hash\":[\"A\",\"B\"],\"count\":2}}", "1=\"B\" 0=\"A\"" },
    { "{\"presence\":{\"hash\":[\"A\",null,\"C\"]}}", "0=\"A\" 1 2=\"C\"" },
    { "{\"presence\":{\"ids\":[5,9],\"hash\":[\"A\",\"B\"]}}", "5=\"A\" 9=\"B\"" },
    { "{\"presence\":{\"ids\":[7],\"hash\":[],\"count\":1}}", "7" },
    /* Reverb betas: ids as a map; nothing at all */
    { "{\"presence\":{\"ids\":{\"0\":4,\"2\":\"x\"},\"hash\":{\"4\":1,\"x\":2},\"count\":2}}",
      "4=1 x=2" },
    { NULL, "" },
    { "", "" },
    { "{}", "" },
    { "{\"presence\":null}", "" },
    { "{\"presence\":[]}", "" },
    { "{\"presence\":{}}", "" },
    { "{\"presence\":{\"ids\":null,\"hash\":null,\"count\":0}}", "" },
    /* pusher-fake: no ids, count of connections */
    { "{\"presence\":{\"hash\":{\"u-1\":{\"a\":1},\"u-2\":{}},\"count\":5}}", "u-1={\"a\":1} u-2={}" },
    /* slanger: a user with two connections is listed twice */
    { "{\"presence\":{\"ids\":[\"a\",\"b\",\"a\"],\"hash\":{\"a\":1,\"b\":2},\"count\":2}}", "a=1 b=2" },
    /* ids the map lacks, and the other way round */
    { "{\"presence\":{\"ids\":[\"a\"],\"hash\":{\"b\":2}}}", "a b=2" },
    { "{\"presence\":{\"ids\":[\"a\"]}}", "a" },
    /* ids are text: no rounding, no exponent (§12) */
    { "{\"presence\":{\"ids\":[9007199254740993,10000000000000000000]}}",
      "9007199254740993 10000000000000000000" },
    /* escapes are undone in ids, not in what is shown of the info */
    { "{\"presence\":{\"ids\":[\"Zo\\u00eb\"],\"hash\":{\"Zoë\":{\"n\" : \"\\u00eb\"}}}}",
      "Zoë={\"n\" : \"\\u00eb\"}" },
    /* poxa: an object as id comes JSON-encoded */
    { "{\"presence\":{\"ids\":[\"{\\\"a\\\":1}\"],\"hash\":{\"{\\\"a\\\":1}\":null}}}", "{\"a\":1}" },
    /* further keys */
    { " { \"x\" : 1 , \"presence\" : { \"ids\" : [ \"a\" ] , \"y\" : [] } } ", "a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScopeRoster) roster = scope_roster_new ();

      g_test_message ("%s", rows[i].data != NULL ? rows[i].data : "nothing");
      load (roster, rows[i].data, "");
      expect (roster, rows[i].members);
    }
}

static void
test_bad_list (void)
{
  static const char *const rows[] = {
    "hello",
    "[]",
    "null",
    "{\"presence\":",
    "{\"presence\":\"x\"}",
    "{\"presence\":[1]}",
    "{\"presence\":true}",
    "{\"presence\":{\"ids\":\"a\"}}",
    "{\"presence\":{\"ids\":7}}",
    "{\"presence\":{\"ids\":[null]}}",
    "{\"presence\":{\"ids\":[{}]}}",
    "{\"presence\":{\"ids\":[true]}}",
    "{\"presence\":{\"ids\":[\"\"]}}",
    "{\"presence\":{\"hash\":\"x\"}}",
    "{\"presence\":{\"hash\":1}}",
    "{\"presence\":{\"hash\":{\"\":1}}}",
    "{\"presence\":{\"ids\":[\"\xff\"]}}",
  };
  g_autoptr (ScopeRoster) roster = scope_roster_new ();

  add (roster, "{\"user_id\":\"a\",\"user_info\":1}", "+a=1");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      GPtrArray *changes = NULL;

      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_false (scope_roster_load (roster, rows[i], strlen (rows[i]), &changes, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (changes);
      expect (roster, "a=1"); /* as it was */
    }
}

static void
test_members_come_and_go (void)
{
  g_autoptr (ScopeRoster) roster = scope_roster_new ();

  load (roster, "{\"presence\":{\"ids\":[\"a\"],\"hash\":{\"a\":{\"n\":1}}}}", "");
  add (roster, "{\"user_id\":\"b\",\"user_info\":{\"n\":2}}", "+b={\"n\":2}");
  add (roster, "{\"user_id\":7}", "+7");
  add (roster, "{\"user_id\":\"c\",\"user_info\":null}", "+c");
  expect (roster, "a={\"n\":1} b={\"n\":2} 7 c");

  /* servers that announce each connection; an id known is no second member */
  add (roster, "{\"user_id\":\"b\",\"user_info\":{\"n\":2}}", "");
  add (roster, "{\"user_id\":\"7\"}", "");
  add (roster, "{\"user_id\":\"b\",\"user_info\":{\"n\":3}}", "~b={\"n\":3}");
  add (roster, "{\"user_id\":\"b\"}", "~b");
  add (roster, "{\"user_id\":\"b\",\"user_info\":{\"n\":4}}", "~b={\"n\":4}");
  expect (roster, "a={\"n\":1} b={\"n\":4} 7 c");

  /* the last info known goes with them, even if the server repeats the member (pusher-fake) */
  drop (roster, "{\"user_id\":\"b\",\"user_info\":{\"n\":9}}", "-b={\"n\":4}");
  drop (roster, "{\"user_id\":7}", "-7");
  drop (roster, "{\"user_id\":\"nobody\"}", "");
  drop (roster, "{\"user_id\":\"b\"}", "");
  expect (roster, "a={\"n\":1} c");
  g_assert_false (scope_roster_lookup (roster, "b", NULL));
  g_assert_true (scope_roster_lookup (roster, "c", NULL));

  /* nobody has to listen */
  g_assert_true (scope_roster_add (roster, "{\"user_id\":1}", 13, NULL, NULL));
  g_assert_true (scope_roster_remove (roster, "{\"user_id\":1}", 13, NULL, NULL));
}

static void
test_bad_member (void)
{
  static const char *const rows[] = {
    "", "hello", "[]", "{}", "{\"user_id\":null}", "{\"user_id\":\"\"}", "{\"user_id\":{}}",
    "{\"user_id\":true}", "{\"user_info\":{}}", "{\"user_id\":\"a\"", "{\"user_id\":\"\\u0000\"}",
  };
  g_autoptr (ScopeRoster) roster = scope_roster_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScopeRosterChange *change = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i]);
      g_assert_false (scope_roster_add (roster, rows[i], strlen (rows[i]), &change, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL);
      g_clear_error (&error);
      g_assert_false (scope_roster_remove (roster, rows[i], strlen (rows[i]), &change, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL);
      g_assert_null (change);
    }
  expect (roster, "");
}

/* After a reconnect the server tells no differences: they are found (§3.4). */
static void
test_differences (void)
{
  g_autoptr (ScopeRoster) roster = scope_roster_new ();

  load (roster, "{\"presence\":{\"ids\":[\"a\",\"b\",\"c\"],\"hash\":{\"a\":1,\"b\":2,\"c\":3}}}", "");
  add (roster, "{\"user_id\":\"d\",\"user_info\":4}", "+d=4");
  scope_roster_set_me (roster, "a");

  scope_roster_reset (roster);
  expect (roster, "");
  g_assert_null (scope_roster_get_me (roster));
  scope_roster_reset (roster); /* a second loss before the list came */

  load (roster, "{\"presence\":{\"ids\":[\"e\",\"c\",\"a\"],\"hash\":{\"a\":1,\"c\":33,\"e\":5}}}",
        "-b=2 -d=4 +e=5 ~c=33");
  expect (roster, "e=5 c=33 a=1");

  /* a list that comes again without a loss */
  load (roster, "{\"presence\":{\"ids\":[\"a\"],\"hash\":{\"a\":1}}}", "-e=5 -c=33");

  /* unsubscribed: nothing to compare with */
  scope_roster_forget (roster);
  load (roster, "{\"presence\":{\"ids\":[\"x\"]}}", "");

  /* an empty list was a list too */
  scope_roster_forget (roster);
  load (roster, NULL, "");
  scope_roster_reset (roster);
  load (roster, "{\"presence\":{\"ids\":[\"x\"]}}", "+x");
}

static void
test_me (void)
{
  g_autoptr (ScopeRoster) roster = scope_roster_new ();

  g_assert_null (scope_roster_get_me (roster));
  scope_roster_set_me (roster, "me");
  g_assert_cmpstr (scope_roster_get_me (roster), ==, "me");
  scope_roster_set_me (roster, NULL);
  g_assert_null (scope_roster_get_me (roster));
}

static void
test_bounds (void)
{
  g_autoptr (ScopeRoster) roster = scope_roster_new ();
  g_autoptr (GString) data = g_string_new ("{\"presence\":{\"ids\":[0");
  g_autofree char *id = g_strnfill (SCOPE_LIMIT_USER_ID_BYTES + 1, 'x');
  g_autofree char *member = g_strdup_printf ("{\"user_id\":\"%s\"}", id);
  g_autofree char *brackets = g_strnfill (80000, '[');
  g_autofree char *deep = g_strdup_printf ("{\"user_id\":1,\"user_info\":%s", brackets);
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i < SCOPE_LIMIT_MEMBERS; i++)
    g_string_append_printf (data, ",%u", i);
  g_string_append (data, "]}}");
  g_assert_true (scope_roster_load (roster, data->str, data->len, NULL, &error));
  g_assert_cmpuint (scope_roster_get_count (roster), ==, SCOPE_LIMIT_MEMBERS);

  /* one more does not fit, one of them does */
  g_assert_false (scope_roster_add (roster, "{\"user_id\":\"new\"}", 17, NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  g_clear_error (&error);
  add (roster, "{\"user_id\":5,\"user_info\":1}", "~5=1");

  g_string_truncate (data, data->len - 3);
  g_string_append (data, ",\"new\"]}}");
  g_assert_false (scope_roster_load (roster, data->str, data->len, NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_cmpuint (scope_roster_get_count (roster), ==, SCOPE_LIMIT_MEMBERS);

  g_assert_false (scope_roster_remove (roster, member, strlen (member), NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  g_clear_error (&error);

  g_assert_false (scope_roster_add (roster, deep, strlen (deep), NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roster/shapes", test_shapes);
  g_test_add_func ("/roster/bad-list", test_bad_list);
  g_test_add_func ("/roster/members-come-and-go", test_members_come_and_go);
  g_test_add_func ("/roster/bad-member", test_bad_member);
  g_test_add_func ("/roster/differences", test_differences);
  g_test_add_func ("/roster/me", test_me);
  g_test_add_func ("/roster/bounds", test_bounds);

  return g_test_run ();
}
