/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/scope-limits.h"
#include "ui/scope-publish-check.h"

static void
test_event (void)
{
  static const struct
  {
    const char *event;
    gboolean good;
  } cases[] = {
    { "client-a", TRUE }, { "client-", FALSE }, { "client", FALSE }, { "", FALSE },
    { "typing", FALSE },  { "Client-a", FALSE },
  };
  g_autofree char *longest = g_strnfill (SCOPE_LIMIT_EVENT_NAME_BYTES, 'x');
  g_autofree char *too_long = NULL;
  g_autofree char *problem = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = scope_publish_check_event (cases[i].event);

      g_assert_cmpint (found == NULL, ==, cases[i].good);
    }

  memcpy (longest, SCOPE_CLIENT_EVENT_PREFIX, strlen (SCOPE_CLIENT_EVENT_PREFIX));
  problem = scope_publish_check_event (longest);
  g_assert_null (problem);
  too_long = g_strconcat (longest, "x", NULL);
  problem = scope_publish_check_event (too_long);
  g_assert_nonnull (problem);
}

static void
test_data (void)
{
  g_autofree char *none = scope_publish_check_data ("", 10);
  g_autofree char *exact = scope_publish_check_data ("\"12345678\"", 10);
  g_autofree char *large = scope_publish_check_data ("\"123456789\"", 10);
  g_autofree char *broken = scope_publish_check_data ("{\n  \"a\": x\n}", 100);
  g_autofree char *empty_text = scope_publish_describe_data ("", 10);
  g_autofree char *valid_text = scope_publish_describe_data ("{}", 10);
  g_autofree char *broken_text = scope_publish_describe_data ("{", 10);

  g_assert_null (none);
  g_assert_null (exact);
  g_assert_nonnull (large);
  g_assert_nonnull (strstr (large, " 1 "));
  g_assert_nonnull (broken);
  g_assert_nonnull (strstr (broken, "line 2, column 8"));
  g_assert_nonnull (strstr (valid_text, "20 %"));
  g_assert_cmpstr (valid_text, !=, broken_text);
  g_assert_cmpstr (empty_text, !=, valid_text);
}

/* Whatever came, a composer is given a client event's name, and JSON. */
static void
test_compose (void)
{
  static const char * const names[][2] = {
    { NULL, "client-" },
    { "", "client-" },
    { "order.paid", "client-order.paid" },
    { "client-typing", "client-typing" },
  };
  static const char * const data[][2] = {
    { "", "" },
    { "no JSON", "\"no JSON\"" },
    { "{\"a\":1e21}", "{\n  \"a\": 1e21\n}" },
    { "12345678901234567890123", "12345678901234567890123" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = scope_publish_dup_event (names[i][0]);

      g_assert_cmpstr (name, ==, names[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    {
      g_autofree char *json = scope_publish_dup_data (data[i][0], strlen (data[i][0]));

      g_assert_cmpstr (json, ==, data[i][1]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/publish-check/event", test_event);
  g_test_add_func ("/publish-check/data", test_data);
  g_test_add_func ("/publish-check/compose", test_compose);
  return g_test_run ();
}
