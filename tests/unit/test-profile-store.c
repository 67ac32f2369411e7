/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "session/scope-profile-store.h"
#include "tests/wait.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define ID "0f8fad5b-d9cb-469f-a165-70867728950e"

typedef struct
{
  char *directory;
  ScopeProfileStore *store;
  GPtrArray *mirror; /* of names: what a view would show by following the signals */
} Fixture;

static void
mirror_cb (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           gpointer    user_data)
{
  Fixture *f = user_data;

  if (removed > 0)
    g_ptr_array_remove_range (f->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (ScopeProfile) profile = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (f->mirror, position + i, g_strdup (scope_profile_get_name (profile)));
    }
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  g_autofree char *base = g_dir_make_tmp ("scope-profiles-XXXXXX", NULL);

  f->directory = g_build_filename (base, "profiles", NULL);
  f->store = scope_profile_store_new (f->directory);
  f->mirror = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (f->store, "items-changed", G_CALLBACK (mirror_cb), f);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_remove (file);
    }
  g_rmdir (path);
  g_rmdir (parent);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_assert_finalize_object (f->store);
  remove_tree (f->directory);
  g_ptr_array_unref (f->mirror);
  g_free (f->directory);
}

static void
assert_names (Fixture            *f,
              const char * const *names)
{
  guint n = g_strv_length ((char **) names);

  g_assert_cmpuint (f->mirror->len, ==, n);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->store)), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeProfile) profile = g_list_model_get_item (G_LIST_MODEL (f->store), i);

      g_assert_cmpstr (scope_profile_get_name (profile), ==, names[i]);
      g_assert_cmpstr (g_ptr_array_index (f->mirror, i), ==, names[i]);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (f->store), n));
}

#define assert_store(f, ...) assert_names (f, (const char * const[]){ __VA_ARGS__, NULL })

static ScopeProfile *
save_new (Fixture    *f,
          const char *name)
{
  ScopeProfile *profile = scope_profile_new (name);
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_profile_store_save (f->store, profile, &error));
  g_assert_no_error (error);
  return profile;
}

static char *
dup_path (Fixture    *f,
          const char *id)
{
  g_autofree char *name = g_strconcat (id, ".profile", NULL);

  return g_build_filename (f->directory, name, NULL);
}

static void
test_store_save (Fixture      *f,
                 gconstpointer data)
{
  g_autoptr (ScopeProfile) shop = save_new (f, "shop 10");
  g_autoptr (ScopeProfile) zoo = save_new (f, "Zoo");
  g_autoptr (ScopeProfile) nine = save_new (f, "Shop 9");
  g_autofree char *path = dup_path (f, scope_profile_get_id (shop));
  GStatBuf status;

  assert_store (f, "Shop 9", "shop 10", "Zoo");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (f->directory, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);

  g_assert_true (scope_profile_store_find (f->store, scope_profile_get_id (zoo)) == zoo);
  g_assert_true (scope_profile_store_find_by_name (f->store, "Shop 9") == nine);
  g_assert_null (scope_profile_store_find_by_name (f->store, "shop 9"));
  g_assert_null (scope_profile_store_find (f->store, ID));
}

static void
test_store_reopen (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr (ScopeProfile) shop = save_new (f, "Shop");
  g_autoptr (ScopeProfileStore) again = NULL;
  ScopeProfile *found;

  g_object_set (shop, "port", 6001, NULL);
  g_assert_true (scope_profile_store_save (f->store, shop, NULL));

  again = scope_profile_store_new (f->directory);
  found = scope_profile_store_find (again, scope_profile_get_id (shop));
  g_assert_nonnull (found);
  g_assert_true (found != shop);
  g_assert_cmpuint (g_strv_length ((char **) scope_profile_store_get_problems (again)), ==, 0);
  {
    g_autofree char *a = scope_profile_to_key_file (shop);
    g_autofree char *b = scope_profile_to_key_file (found);

    g_assert_cmpstr (a, ==, b);
  }
}

/* A changed copy is taken over by the object that views hold. */
static void
test_store_edit (Fixture      *f,
                 gconstpointer data)
{
  g_autoptr (ScopeProfile) a = save_new (f, "A");
  g_autoptr (ScopeProfile) b = save_new (f, "B");
  g_autoptr (ScopeProfile) copy = scope_profile_copy (a);
  g_autoptr (GError) error = NULL;

  g_object_set (copy, "name", "B", NULL);
  g_assert_false (scope_profile_store_save (f->store, copy, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_cmpstr (scope_profile_get_name (a), ==, "A");

  g_object_set (copy, "name", "", NULL);
  g_assert_false (scope_profile_store_save (f->store, copy, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);

  g_object_set (copy, "name", "C", "host", "example.com", NULL);
  g_assert_true (scope_profile_store_save (f->store, copy, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (scope_profile_get_name (a), ==, "C");
  assert_store (f, "B", "C");
  g_assert_true (scope_profile_store_find_by_name (f->store, "C") == a);
}

static void
test_store_remove (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr (ScopeProfile) a = save_new (f, "A");
  g_autoptr (ScopeProfile) b = save_new (f, "B");
  g_autofree char *path = dup_path (f, scope_profile_get_id (a));
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_profile_store_remove (f->store, scope_profile_get_id (a), &error));
  g_assert_no_error (error);
  assert_store (f, "B");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_assert_false (scope_profile_store_remove (f->store, scope_profile_get_id (a), &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND);

  /* undo */
  g_assert_true (scope_profile_store_save (f->store, a, NULL));
  assert_store (f, "A", "B");
}

static void
test_store_free_name (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr (ScopeProfile) a = save_new (f, "Shop");
  g_autoptr (ScopeProfile) b = save_new (f, "Shop 2");
  g_autofree char *taken = scope_profile_store_dup_free_name (f->store, "Shop");
  g_autofree char *free_one = scope_profile_store_dup_free_name (f->store, "Zoo");

  g_assert_cmpstr (taken, ==, "Shop 3");
  g_assert_cmpstr (free_one, ==, "Zoo");
}

static gboolean
has_names (Fixture    *f,
           const char *joined)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < f->mirror->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "",
                            (char *) g_ptr_array_index (f->mirror, i));
  return strcmp (names->str, joined) == 0;
}

static void
flag_cb (gboolean *flag)
{
  *flag = TRUE;
}

static void
wait_for_flag (gboolean *flag)
{
  WAIT_UNTIL (*flag);
  *flag = FALSE;
}

/* Another store on the same directory stands for another process. */
static void
test_store_elsewhere (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr (ScopeProfileStore) other = scope_profile_store_new (f->directory);
  g_autoptr (ScopeProfile) theirs = scope_profile_new ("B");
  g_autoptr (ScopeProfile) mine = save_new (f, "A");
  ScopeProfile *seen;
  guint port = 0;

  g_assert_true (scope_profile_store_save (other, theirs, NULL));
  WAIT_UNTIL (has_names (f, "A,B"));
  seen = scope_profile_store_find (f->store, scope_profile_get_id (theirs));

  g_object_set (theirs, "name", "0", "port", 99, NULL);
  g_assert_true (scope_profile_store_save (other, theirs, NULL));
  WAIT_UNTIL (has_names (f, "0,A"));
  g_assert_true (scope_profile_store_find_by_name (f->store, "0") == seen);
  g_object_get (seen, "port", &port, NULL);
  g_assert_cmpuint (port, ==, 99);

  g_assert_true (scope_profile_store_remove (other, scope_profile_get_id (theirs), NULL));
  WAIT_UNTIL (has_names (f, "A"));
}

static void
write_file (const char *path,
            const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
test_store_broken (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr (ScopeProfile) a = save_new (f, "A");
  g_autofree char *broken = dup_path (f, ID);
  g_autofree char *copied = dup_path (f, "copy");
  g_autofree char *text = scope_profile_to_key_file (a);
  g_autofree char *kept = NULL;
  const char * const *problems;
  gboolean changed = FALSE;

  g_signal_connect_swapped (f->store, "notify::problems", G_CALLBACK (flag_cb), &changed);

  write_file (broken, "[Profile]\nid=" ID "\nname=X\n[Connection]\nport=many\n");
  wait_for_flag (&changed);
  problems = scope_profile_store_get_problems (f->store);
  g_assert_cmpuint (g_strv_length ((char **) problems), ==, 1);
  g_assert_nonnull (strstr (problems[0], ID ".profile"));
  g_assert_nonnull (strstr (problems[0], "port"));
  assert_names (f, (const char *[]){ "A", NULL });

  write_file (copied, text);
  wait_for_flag (&changed);
  g_assert_cmpuint (g_strv_length ((char **) scope_profile_store_get_problems (f->store)), ==, 2);
  g_assert_cmpuint (f->mirror->len, ==, 1);

  /* left alone */
  g_assert_true (g_file_get_contents (broken, &kept, NULL, NULL));
  g_assert_nonnull (strstr (kept, "port=many"));

  g_remove (copied);
  wait_for_flag (&changed);
  write_file (broken, "[Profile]\nid=" ID "\nname=X\n");
  wait_for_flag (&changed);
  g_assert_cmpuint (g_strv_length ((char **) scope_profile_store_get_problems (f->store)), ==, 0);
  assert_store (f, "A", "X");
}

/* Nothing that would keep us waiting, or fill the memory. */
static void
test_store_odd_files (Fixture      *f,
                      gconstpointer data)
{
  g_autofree char *fifo = dup_path (f, "fifo");
  g_autofree char *large = dup_path (f, "large");
  g_autofree char *other = g_build_filename (f->directory, "notes.txt", NULL);
  g_autofree char *text = g_strnfill (2 * 1024 * 1024, 'x');
  g_autoptr (ScopeProfileStore) store = NULL;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  write_file (large, text);
  write_file (other, "hello");

  store = scope_profile_store_new (f->directory);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 0);
  g_assert_cmpuint (g_strv_length ((char **) scope_profile_store_get_problems (store)), ==, 2);
}

static void
test_store_unwritable (void)
{
  g_autoptr (ScopeProfileStore) store = scope_profile_store_new ("/proc/nowhere/profiles");
  g_autoptr (ScopeProfile) profile = scope_profile_new ("A");
  g_autoptr (GError) error = NULL;

  g_assert_false (scope_profile_store_save (store, profile, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add (name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/profile-store/save", test_store_save);
  ADD ("/profile-store/reopen", test_store_reopen);
  ADD ("/profile-store/edit", test_store_edit);
  ADD ("/profile-store/remove", test_store_remove);
  ADD ("/profile-store/free-name", test_store_free_name);
  ADD ("/profile-store/elsewhere", test_store_elsewhere);
  ADD ("/profile-store/broken", test_store_broken);
  ADD ("/profile-store/odd-files", test_store_odd_files);
  g_test_add_func ("/profile-store/unwritable", test_store_unwritable);

  return g_test_run ();
}
