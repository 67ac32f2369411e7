/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-credentials.h"

#include <glib.h>

static void
test_credentials_values (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();

  for (guint i = 0; i < SCOPE_N_CREDENTIALS; i++)
    g_assert_null (scope_credentials_peek (credentials, i));

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "s3cret");
  g_assert_cmpstr (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_SECRET), ==, "s3cret");
  g_assert_null (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_KEY));

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "other");
  g_assert_cmpstr (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_SECRET), ==, "other");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "");
  g_assert_null (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_SECRET));

  g_assert_null (scope_credentials_peek (NULL, SCOPE_CREDENTIAL_KEY));
}

/* Setting what is there to itself must not read freed memory. */
static void
test_credentials_self (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "key");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY,
                         scope_credentials_peek (credentials, SCOPE_CREDENTIAL_KEY));
  g_assert_cmpstr (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_KEY), ==, "key");
}

static void
test_credentials_copy (void)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (ScopeCredentials) copy = NULL;
  ScopeCredentials *held;

  credentials->session_only = TRUE;
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "key");
  copy = scope_credentials_copy (credentials);
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "new");

  g_assert_true (copy->session_only);
  g_assert_cmpstr (scope_credentials_peek (copy, SCOPE_CREDENTIAL_KEY), ==, "key");
  g_assert_cmpstr (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_KEY), ==, "new");

  held = scope_credentials_ref (copy);
  scope_credentials_unref (held);
  scope_credentials_unref (NULL);
  g_assert_cmpstr (scope_credentials_peek (copy, SCOPE_CREDENTIAL_KEY), ==, "key");
}

/* The names stand in keyrings: they must never change. */
static void
test_credentials_names (void)
{
  g_assert_cmpstr (scope_credential_kind_to_name (SCOPE_CREDENTIAL_KEY), ==, "key");
  g_assert_cmpstr (scope_credential_kind_to_name (SCOPE_CREDENTIAL_SECRET), ==, "secret");
  g_assert_cmpstr (scope_credential_kind_to_name (SCOPE_CREDENTIAL_MASTER_KEY), ==, "master-key");
  g_assert_cmpstr (scope_credential_kind_to_name (SCOPE_CREDENTIAL_HEADERS), ==, "headers");

  for (guint i = 0; i < SCOPE_N_CREDENTIALS; i++)
    g_assert_cmpstr (scope_credential_kind_to_text (i), !=, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/credentials/values", test_credentials_values);
  g_test_add_func ("/credentials/self", test_credentials_self);
  g_test_add_func ("/credentials/copy", test_credentials_copy);
  g_test_add_func ("/credentials/names", test_credentials_names);

  return g_test_run ();
}
