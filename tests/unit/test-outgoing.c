/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An event that is to be published: its variables, its channels, and what becomes of it. */

#include "config.h"

#include <string.h>

#include "session/scope-outgoing.h"

#define UUID "123e4567-e89b-42d3-a456-426614174000"

static const ScopeTemplateValues values = { .now_usec = 1500000, .uuid = UUID, .n = 7 };

static void
test_fill (void)
{
  static const char * const rows[][2] = {
    { "", "" },
    { "plain {text}", "plain {text}" },
    { "{\"n\":{{n}}}", "{\"n\":7}" },
    { "{{now}}", "1970-01-01T00:00:01.500000Z" },
    { "{{uuid}}/{{ uuid }}", UUID "/" UUID },
    { "{{N}} {{nn}} {{}} {{n} {n}}", "{{N}} {{nn}} {{}} {{n} {n}}" },
    { "{{{n}}}", "{7}" },
    { "{{n", "{{n" },
    { "ü{{n}}ü", "ü7ü" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *filled = scope_template_fill (rows[i][0], &values);

      g_assert_cmpstr (filled, ==, rows[i][1]);
      g_assert_cmpint (scope_template_has_variables (rows[i][0]), ==,
                       !g_str_equal (rows[i][0], rows[i][1]));
    }
}

/* A mistake is told where it was typed. */
static void
test_source (void)
{
  const char *text = "ab{{uuid}}cd{{n}}";
  const gsize uuid = strlen (UUID);

  g_assert_cmpuint (scope_template_find_source (text, &values, 0), ==, 0);
  g_assert_cmpuint (scope_template_find_source (text, &values, 1), ==, 1);
  g_assert_cmpuint (scope_template_find_source (text, &values, 2), ==, 2);
  g_assert_cmpuint (scope_template_find_source (text, &values, 2 + uuid - 1), ==, 2);
  g_assert_cmpuint (scope_template_find_source (text, &values, 2 + uuid), ==, 10);
  g_assert_cmpuint (scope_template_find_source (text, &values, 2 + uuid + 1), ==, 11);
  g_assert_cmpuint (scope_template_find_source (text, &values, 2 + uuid + 2), ==, 12);
  g_assert_cmpuint (scope_template_find_source (text, &values, 2 + uuid + 3), ==, strlen (text));
  g_assert_cmpuint (scope_template_find_source (text, &values, 1000), ==, strlen (text));
  g_assert_cmpuint (scope_template_find_source ("", &values, 0), ==, 0);
  g_assert_cmpuint (scope_template_find_source ("abc", &values, 3), ==, 3);
}

static void
test_channels (void)
{
  static const char * const wanted[] = { "a", "private-b,c", "d", NULL };
  g_auto (GStrv) names = scope_outgoing_split_channels ("  a private-b,c\n a\td ");
  g_auto (GStrv) none = scope_outgoing_split_channels (" \n");

  g_assert_cmpstrv (names, wanted);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
test_place (void)
{
  static const char * const rows[][6] = {
    { "no channel", NULL },
    { "a", "a", NULL },
    { "a, b", "a", "b", NULL },
    { "a, b and 2 more", "a", "b", "c", "d", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScopeOutgoing) outgoing
          = scope_outgoing_new (rows[i] + 1, "e", "", FALSE, SCOPE_EXCLUDE_NOBODY, NULL, NULL);
      g_autofree char *place = scope_outgoing_dup_place (outgoing);

      g_assert_cmpstr (place, ==, rows[i][0]);
    }
}

static ScopeApiEvent *
make_event (const char   *text,
            gboolean      is_text,
            ScopeExclude  exclude,
            const char   *own)
{
  static const char * const channels[] = { "a-{{n}}", "b", NULL };
  g_autoptr (ScopeOutgoing) outgoing
      = scope_outgoing_new (channels, "e{{n}}", text, is_text, exclude, "1.2", "user_count");

  return scope_outgoing_to_event (outgoing, &values, own);
}

static void
test_event (void)
{
  static const char * const channels[] = { "a-7", "b", NULL };
  g_autoptr (ScopeApiEvent) json = make_event ("{\"n\":{{n}}}", FALSE, SCOPE_EXCLUDE_SOCKET, "9.9");
  g_autoptr (ScopeApiEvent) text = make_event ("say \"{{n}}\"\n", TRUE, SCOPE_EXCLUDE_US, "9.9");
  g_autoptr (ScopeApiEvent) empty = make_event ("", FALSE, SCOPE_EXCLUDE_NOBODY, "9.9");
  g_autoptr (ScopeApiEvent) offline = make_event ("[]", FALSE, SCOPE_EXCLUDE_US, NULL);

  g_assert_cmpstr (json->name, ==, "e7");
  g_assert_cmpstrv (json->channels, channels);
  g_assert_cmpstr (json->data, ==, "{\"n\":7}");
  g_assert_cmpstr (json->socket_id, ==, "1.2");
  g_assert_cmpstr (json->info, ==, "user_count");
  g_assert_cmpstr (text->data, ==, "\"say \\\"7\\\"\\n\"");
  g_assert_cmpstr (text->socket_id, ==, "9.9");
  g_assert_cmpstr (empty->data, ==, "\"\"");
  g_assert_null (empty->socket_id);
  g_assert_null (offline->socket_id);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/outgoing/fill", test_fill);
  g_test_add_func ("/outgoing/source", test_source);
  g_test_add_func ("/outgoing/channels", test_channels);
  g_test_add_func ("/outgoing/place", test_place);
  g_test_add_func ("/outgoing/event", test_event);

  return g_test_run ();
}
