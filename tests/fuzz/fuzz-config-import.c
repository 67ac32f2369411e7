/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "fuzz-config-import"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "session/scope-config-import.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* A line of a header or parameter must never become a program to run. */
static void
fuzz_lines (ScopeCredentials   *credentials,
            ScopeCredentialKind kind,
            char                separator)
{
  const char *text = scope_credentials_peek (credentials, kind);
  g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      const char *value = strchr (lines[i], separator);

      g_assert_nonnull (value);
      value += 1 + strspn (value + 1, " \t");
      g_assert_cmpint (g_ascii_strncasecmp (value, "cmd:", 4), !=, 0);
    }
}

/* What was understood can be stored and read again, with a name. */
static void
fuzz_profile (ScopeProfile *profile)
{
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr (ScopeProfile) read = NULL;
  g_autoptr (GError) error = NULL;

  if (*scope_profile_get_name (profile) == '\0')
    g_object_set (profile, "name", "x", NULL);
  text = scope_profile_to_key_file (profile);
  read = scope_profile_new_from_key_file (text, strlen (text), &error);
  g_assert_no_error (error);
  again = scope_profile_to_key_file (read);
  g_assert_cmpstr (text, ==, again);
}

static void
fuzz_import (ScopeConfigImport *import)
{
  for (guint i = 0; import->notes[i] != NULL; i++)
    {
      g_assert_true (g_utf8_validate (import->notes[i], -1, NULL));
      g_assert_cmpuint (i, <, 50);
    }
  fuzz_lines (import->credentials, SCOPE_CREDENTIAL_AUTH_PARAMS, '=');
  fuzz_lines (import->credentials, SCOPE_CREDENTIAL_AUTH_HEADERS, ':');
  fuzz_lines (import->credentials, SCOPE_CREDENTIAL_USER_PARAMS, '=');
  fuzz_lines (import->credentials, SCOPE_CREDENTIAL_USER_HEADERS, ':');
  if (!import->own)
    fuzz_profile (import->profile);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeConfigImport) import =
    scope_config_import_parse ((const char *) data, size, &error);

  g_assert_true ((import == NULL) == (error != NULL));
  if (import != NULL)
    fuzz_import (import);
  else
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return 0;
}
