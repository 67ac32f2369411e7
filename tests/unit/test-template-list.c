/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Templates of a profile: kept, found again, never written over when they can't be read. */

#include "config.h"

#include <glib/gstdio.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "session/scope-template-list.h"

#define NASTY "; [x]\n\t\\ \"ü\" {{n}} \r  "

static char *
dup_path (const char *id)
{
  g_autofree char *name = g_strconcat (id, ".templates", NULL);

  return g_build_filename (g_get_user_data_dir (), "channelscope", "templates", name, NULL);
}

static ScopeOutgoing *
make (const char *event)
{
  const char * const channels[] = { "a;b,c", "private-d", NULL };

  return scope_outgoing_new (channels, event, NASTY, TRUE, SCOPE_EXCLUDE_SOCKET, "1.2", "user_count");
}

static void
save (ScopeTemplateList *list,
      const char        *name,
      const char        *event)
{
  g_autoptr (ScopeOutgoing) outgoing = make (event);
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_template_list_save (list, name, outgoing, &error));
  g_assert_no_error (error);
}

static void
assert_names (ScopeTemplateList *list,
              const char        *wanted)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (ScopeTemplate) template = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_string_append_printf (names, "%s=%s ", scope_template_get_name (template),
                              scope_outgoing_get_event (scope_template_get_outgoing (template)));
    }
  g_assert_cmpstr (names->str, ==, wanted);
}

static void
test_kept (void)
{
  g_autoptr (ScopeTemplateList) list = scope_template_list_new ("kept");
  g_autoptr (ScopeTemplateList) again = NULL;
  ScopeOutgoing *outgoing;
  g_autofree char *path = dup_path ("kept");
  GStatBuf status;

  save (list, NASTY, "two");
  save (list, "Pay", "one");
  save (list, "Pay", "three");
  assert_names (list, NASTY "=two Pay=three ");

  again = scope_template_list_new ("kept");
  assert_names (again, NASTY "=two Pay=three ");
  outgoing = scope_template_get_outgoing (scope_template_list_find (again, NASTY));
  g_assert_cmpstr (scope_outgoing_get_text (outgoing), ==, NASTY);
  g_assert_true (scope_outgoing_get_is_text (outgoing));
  g_assert_cmpstr (scope_outgoing_get_channels (outgoing)[0], ==, "a;b,c");
  g_assert_cmpstr (scope_outgoing_get_channels (outgoing)[1], ==, "private-d");
  g_assert_cmpint (scope_outgoing_get_exclude (outgoing), ==, SCOPE_EXCLUDE_SOCKET);
  g_assert_cmpstr (scope_outgoing_get_socket_id (outgoing), ==, "1.2");
  g_assert_cmpstr (scope_outgoing_get_info (outgoing), ==, "user_count");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  g_assert_true (scope_template_list_remove (again, NASTY, NULL));
  g_assert_false (scope_template_list_remove (again, NASTY, NULL));
  g_clear_object (&list);
  list = scope_template_list_new ("kept");
  assert_names (list, "Pay=three ");

  scope_template_list_remove_profile ("kept");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_memory (void)
{
  g_autoptr (ScopeTemplateList) list = scope_template_list_new (NULL);
  g_autoptr (ScopeTemplateList) outside = scope_template_list_new ("../x");
  g_autofree char *path = dup_path ("../x");

  save (list, "A", "a");
  save (outside, "A", "a");
  assert_names (list, "A=a ");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_limits (void)
{
  g_autoptr (ScopeTemplateList) list = scope_template_list_new (NULL);
  g_autoptr (ScopeOutgoing) outgoing = make ("e");
  g_autoptr (GError) error = NULL;

  g_assert_false (scope_template_list_save (list, "", outgoing, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  for (guint i = 0; i < SCOPE_LIMIT_TEMPLATES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      save (list, name, "e");
    }
  g_assert_false (scope_template_list_save (list, "more", outgoing, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  save (list, "7", "other");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, SCOPE_LIMIT_TEMPLATES);
}

static void
test_damaged (void)
{
  g_autofree char *path = dup_path ("damaged");
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr (ScopeTemplateList) list = NULL;
  g_autoptr (ScopeOutgoing) outgoing = make ("e");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "no key file", -1, NULL));
  list = scope_template_list_new ("damaged");
  g_assert_nonnull (scope_template_list_get_problem (list));
  g_assert_false (scope_template_list_save (list, "A", outgoing, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_FAILED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "no key file");

  /* what lacks something is taken as far as it goes */
  g_clear_object (&list);
  g_assert_true (g_file_set_contents (path, "[Template 1]\nname=A\n[Template 2]\nevent=b\n[Other]\nname=C\nexclude=all\n", -1, NULL));
  list = scope_template_list_new ("damaged");
  g_assert_null (scope_template_list_get_problem (list));
  assert_names (list, "A= C= ");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/template-list/kept", test_kept);
  g_test_add_func ("/template-list/memory", test_memory);
  g_test_add_func ("/template-list/limits", test_limits);
  g_test_add_func ("/template-list/damaged", test_damaged);

  return g_test_run ();
}
