/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "session/scope-keyring.h"
#include "tests/wait.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

/* libsecret's file backend needs no bus; each case that needs another environment runs in a
 * process of its own, because libsecret keeps its first connection. What only a real keyring can
 * show (locked, unlocked by a person) is tested with the window. */

/* libsecret 0.20.5's file backend forgets one of GIO's etags with every write. The leak checker
 * sees that it is GIO's only with whole stacks, which the cases of that backend ask for. */
__attribute__ ((visibility ("default"))) const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libgio-2.0.so\n";
}

#define PROFILE_A "6f0c1a52-5d0e-4f0e-9a51-0c8f2ad0b1aa"
#define PROFILE_B "6f0c1a52-5d0e-4f0e-9a51-0c8f2ad0b1bb"

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  WAIT_UNTIL (*result != NULL);
  return *result;
}

static ScopeCredentials *
lookup (const char *id,
        gboolean    interactive,
        GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  scope_keyring_lookup_async (id, interactive, NULL, wait_result_cb, &result);
  return scope_keyring_lookup_finish (wait_for (&result), error);
}

static gboolean
store (const char       *id,
       ScopeCredentials *credentials,
       GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  scope_keyring_store_async (id, "Shop", credentials, NULL, wait_result_cb, &result);
  return scope_keyring_store_finish (wait_for (&result), error);
}

static gboolean
clear (const char *id,
       GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  scope_keyring_clear_async (id, NULL, wait_result_cb, &result);
  return scope_keyring_clear_finish (wait_for (&result), error);
}

static void
assert_value (ScopeCredentials    *credentials,
              ScopeCredentialKind  kind,
              const char          *expected)
{
  g_assert_cmpstr (scope_credentials_peek (credentials, kind), ==, expected);
}

static ScopeCredentials *
lookup_ok (const char *id)
{
  g_autoptr (GError) error = NULL;
  ScopeCredentials *found = lookup (id, FALSE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (found);
  return found;
}

static void
store_ok (const char       *id,
          ScopeCredentials *credentials)
{
  g_autoptr (GError) error = NULL;
  gboolean stored = store (id, credentials, &error);

  g_assert_no_error (error);
  g_assert_true (stored);
}

static void
run_file_store (void)
{
  g_autoptr (ScopeCredentials) first = scope_credentials_new ();
  g_autoptr (ScopeCredentials) second = scope_credentials_new ();
  g_autoptr (ScopeCredentials) a = NULL;
  g_autoptr (ScopeCredentials) b = NULL;

  scope_credentials_set (first, SCOPE_CREDENTIAL_KEY, "app-key");
  scope_credentials_set (first, SCOPE_CREDENTIAL_SECRET, "app-secret");
  scope_credentials_set (first, SCOPE_CREDENTIAL_MASTER_KEY, "bWFzdGVy");
  scope_credentials_set (first, SCOPE_CREDENTIAL_HEADERS, "X-One: 1\nX-Two: zwei äöü");
  scope_credentials_set (second, SCOPE_CREDENTIAL_KEY, "other");

  store_ok (PROFILE_A, first);
  store_ok (PROFILE_B, second);

  a = lookup_ok (PROFILE_A);
  b = lookup_ok (PROFILE_B);
  assert_value (a, SCOPE_CREDENTIAL_KEY, "app-key");
  assert_value (a, SCOPE_CREDENTIAL_SECRET, "app-secret");
  assert_value (a, SCOPE_CREDENTIAL_MASTER_KEY, "bWFzdGVy");
  assert_value (a, SCOPE_CREDENTIAL_HEADERS, "X-One: 1\nX-Two: zwei äöü");
  g_assert_false (a->session_only);
  assert_value (b, SCOPE_CREDENTIAL_KEY, "other");
  assert_value (b, SCOPE_CREDENTIAL_SECRET, NULL);
}

static void
run_file_replace (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (ScopeCredentials) found = NULL;

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "one");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "s3cret");
  store_ok (PROFILE_A, credentials);

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "two");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, NULL);
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_HEADERS, "X: y");
  store_ok (PROFILE_A, credentials);

  found = lookup_ok (PROFILE_A);
  assert_value (found, SCOPE_CREDENTIAL_KEY, "two");
  assert_value (found, SCOPE_CREDENTIAL_SECRET, NULL);
  assert_value (found, SCOPE_CREDENTIAL_HEADERS, "X: y");
}

static void
run_file_clear (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (ScopeCredentials) a = NULL;
  g_autoptr (ScopeCredentials) b = NULL;
  g_autoptr (GError) error = NULL;

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "key");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "s3cret");
  store_ok (PROFILE_A, credentials);
  store_ok (PROFILE_B, credentials);

  g_assert_true (clear (PROFILE_A, &error));
  g_assert_no_error (error);
  /* nothing there is no error */
  g_assert_true (clear (PROFILE_A, &error));
  g_assert_no_error (error);

  a = lookup_ok (PROFILE_A);
  b = lookup_ok (PROFILE_B);
  assert_value (a, SCOPE_CREDENTIAL_KEY, NULL);
  assert_value (a, SCOPE_CREDENTIAL_SECRET, NULL);
  assert_value (b, SCOPE_CREDENTIAL_SECRET, "s3cret");
}

static void
assert_plain_words (GError *error)
{
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "session"));
}

static void
run_absent (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (GError) lookup_error = NULL;
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) clear_error = NULL;

  g_assert_null (lookup (PROFILE_A, FALSE, &lookup_error));
  g_assert_error (lookup_error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_ABSENT);
  assert_plain_words (lookup_error);

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "s3cret");
  g_assert_false (store (PROFILE_A, credentials, &store_error));
  g_assert_error (store_error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_ABSENT);
  assert_plain_words (store_error);
  g_assert_null (strstr (store_error->message, "s3cret"));

  g_assert_false (clear (PROFILE_A, &clear_error));
  g_assert_error (clear_error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_ABSENT);
}

/* A bus that takes connections and never says a word. */
static void
run_silent (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) cancel_error = NULL;

  scope_keyring_set_wait (100 * 1000);
  g_assert_null (lookup (PROFILE_A, FALSE, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT);
  assert_plain_words (error);

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "s3cret");
  g_assert_false (store (PROFILE_A, credentials, &store_error));
  g_assert_error (store_error, SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT);

  scope_keyring_set_wait (0);
  scope_keyring_lookup_async (PROFILE_A, TRUE, cancellable, wait_result_cb, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (scope_keyring_lookup_finish (wait_for (&result), &cancel_error));
  g_assert_error (cancel_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* An answer that comes after the wait is over is dropped, and frees what it holds. */
static void
run_file_late (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (ScopeCredentials) found = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "late");
  g_cancellable_cancel (cancellable);
  scope_keyring_store_async (PROFILE_A, "Shop", credentials, cancellable, wait_result_cb, &result);
  g_assert_false (scope_keyring_store_finish (wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  found = lookup_ok (PROFILE_B);
  assert_value (found, SCOPE_CREDENTIAL_KEY, NULL);
}

typedef struct
{
  const char *name;
  void (*run) (void);
} KeyringCase;

static void
run_trapped (void (*run) (void))
{
  if (g_test_subprocess ())
    {
      run ();
      return;
    }
  g_test_trap_subprocess (NULL, 2 * WAIT_SECONDS * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
ask_for_whole_stacks (void)
{
  const char *old = g_getenv ("ASAN_OPTIONS");
  g_autofree char *options = g_strconcat (old != NULL ? old : "", old != NULL ? ":" : "",
                                          "fast_unwind_on_malloc=0", NULL);

  g_setenv ("ASAN_OPTIONS", options, TRUE);
}

static void
test_keyring_file (gconstpointer data)
{
  const KeyringCase *test = data;
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;

  if (!g_test_subprocess ())
    {
      directory = g_dir_make_tmp ("scope-keyring-XXXXXX", NULL);
      path = g_build_filename (directory, "keyring", NULL);
      g_setenv ("SECRET_BACKEND", "file", TRUE);
      g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
      g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
      ask_for_whole_stacks ();
    }

  run_trapped (test->run);

  if (!g_test_subprocess ())
    {
      g_unlink (path);
      g_rmdir (directory);
    }
}

static void
test_keyring_absent (void)
{
  if (!g_test_subprocess ())
    {
      g_setenv ("SECRET_BACKEND", "service", TRUE);
      g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
    }
  run_trapped (run_absent);
}

static void
test_keyring_silent (void)
{
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GSocketListener) listener = NULL;
  g_autoptr (GSocketAddress) socket_address = NULL;
  g_autoptr (GError) error = NULL;

  if (g_test_subprocess ())
    {
      run_silent ();
      return;
    }

  directory = g_dir_make_tmp ("scope-keyring-XXXXXX", NULL);
  path = g_build_filename (directory, "bus", NULL);
  address = g_strconcat ("unix:path=", path, NULL);
  listener = g_socket_listener_new ();
  socket_address = g_unix_socket_address_new (path);
  g_socket_listener_add_address (listener, socket_address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);

  g_setenv ("SECRET_BACKEND", "service", TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  run_trapped (run_silent);

  g_unlink (path);
  g_rmdir (directory);
}

int
main (int    argc,
      char **argv)
{
  static const KeyringCase cases[] = {
    { "/keyring/file/store", run_file_store },
    { "/keyring/file/replace", run_file_replace },
    { "/keyring/file/clear", run_file_clear },
    { "/keyring/file/late", run_file_late },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].name, &cases[i], test_keyring_file);
  g_test_add_func ("/keyring/absent", test_keyring_absent);
  g_test_add_func ("/keyring/silent", test_keyring_silent);

  return g_test_run ();
}
