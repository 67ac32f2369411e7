/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-limits.h"
#include "session/scope-learnt-names.h"
#include "session/scope-member-list.h"

static void
test_find (void)
{
  static const struct
  {
    const char *info;
    const char *field;
    const char *name;
  } cases[] = {
    { NULL, NULL, NULL },
    { "", NULL, NULL },
    { "null", NULL, NULL },
    { "\"Ana\"", NULL, NULL },
    { "[\"name\"]", NULL, NULL },
    { "{}", NULL, NULL },
    { "{\"name\":7}", NULL, NULL },
    { "{\"name\":\"  \"}", NULL, NULL },
    { "{\"name\":\" Ana \"}", NULL, "Ana" },
    { "{\"email\":\"a@b\",\"nickname\":\"An\"}", NULL, "An" },
    { "{\"email\":\"a@b\"}", NULL, "a@b" },
    { "{\"name\":\"Ana\",\"handle\":\"@ana\"}", "handle", "@ana" },
    { "{\"name\":\"Ana\"}", "handle", "Ana" },
    { "{\"label\":\"Ana\"}", "handle", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = scope_user_info_dup_name (cases[i].info, cases[i].field);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

static void
test_learn (void)
{
  g_autoptr (ScopeLearntNames) names = scope_learnt_names_new ();

  g_assert_true (scope_learnt_names_learn (names, "1", "{\"name\":\"Ana\",\"handle\":\"@ana\"}"));
  g_assert_true (scope_learnt_names_learn (names, "2", NULL));
  g_assert_true (scope_learnt_names_learn (names, "3", "{\"age\":3}"));
  g_assert_cmpuint (scope_learnt_names_get_count (names), ==, 1);
  g_assert_cmpstr (scope_learnt_names_lookup (names, "1"), ==, "Ana");
  g_assert_null (scope_learnt_names_lookup (names, "2"));

  /* another field may be chosen later */
  scope_learnt_names_set_field (names, "handle");
  g_assert_cmpstr (scope_learnt_names_lookup (names, "1"), ==, "@ana");
  scope_learnt_names_set_field (names, NULL);

  g_assert_true (scope_learnt_names_learn (names, "1", "{\"name\":\"Ana B.\"}"));
  g_assert_cmpstr (scope_learnt_names_lookup (names, "1"), ==, "Ana B.");
  g_assert_cmpuint (scope_learnt_names_get_count (names), ==, 1);
}

static void
test_bound (void)
{
  g_autoptr (ScopeLearntNames) names = scope_learnt_names_new ();
  char id[16];

  for (guint i = 0; i < SCOPE_LIMIT_LEARNT_NAMES; i++)
    {
      g_snprintf (id, sizeof id, "%u", i);
      g_assert_true (scope_learnt_names_learn (names, id, "{\"name\":\"A\"}"));
    }
  g_assert_false (scope_learnt_names_learn (names, "one more", "{\"name\":\"A\"}"));
  g_assert_true (scope_learnt_names_learn (names, "another", "{\"name\":\"A\"}")); /* told already */
  g_assert_true (scope_learnt_names_learn (names, "1", "{\"name\":\"B\"}"));
  g_assert_cmpstr (scope_learnt_names_lookup (names, "1"), ==, "B");
  g_assert_cmpuint (scope_learnt_names_get_count (names), ==, SCOPE_LIMIT_LEARNT_NAMES);
}

static void
assert_names (ScopeMemberList *list,
              const char      *expected)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (ScopeMember) member = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_string_append_printf (names, "%s%s%s", i > 0 ? " " : "", scope_member_get_name (member),
                              scope_member_get_name_is_learnt (member) ? "*" : "");
    }
  g_assert_cmpstr (names->str, ==, expected);
}

/* ids that are listed without user_info are labelled, and stand where their names belong */
static void
test_list (void)
{
  const ScopeRosterMember members[] = { { "1", NULL }, { "2", NULL }, { "3", "{\"name\":\"Cem\"}" } };
  const ScopeRosterMember late = { "4", NULL };
  g_autoptr (ScopeLearntNames) names = scope_learnt_names_new ();
  g_autoptr (ScopeMemberList) list = _scope_member_list_new ();

  scope_learnt_names_learn (names, "2", "{\"name\":\"Ben\",\"nickname\":\"Z\"}");
  _scope_member_list_set_names (list, names);
  _scope_member_list_load (list, members, G_N_ELEMENTS (members), 1);
  assert_names (list, "1 Ben* Cem");

  scope_learnt_names_learn (names, "1", "{\"name\":\"Dia\"}");
  assert_names (list, "Ben* Cem Dia*");
  scope_learnt_names_learn (names, "4", "{\"name\":\"Ana\"}");
  _scope_member_list_put (list, &late, 2);
  assert_names (list, "Ana* Ben* Cem Dia*");
  scope_learnt_names_set_field (names, "nickname");
  assert_names (list, "Ana* Cem Dia* Z*");
  _scope_member_list_remove (list, "2");
  assert_names (list, "Ana* Cem Dia*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/learnt-names/find", test_find);
  g_test_add_func ("/learnt-names/learn", test_learn);
  g_test_add_func ("/learnt-names/bound", test_bound);
  g_test_add_func ("/learnt-names/list", test_list);
  return g_test_run ();
}
