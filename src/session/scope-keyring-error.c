/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-keyring"

#include "config.h"

#include "session/scope-keyring-error.h"

#include "base/scope-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

/* What libsecret 0.20.5 answers, found by trying:
 *
 *   locked, prompt dismissed or impossible        secret-error 2 (is locked)
 *   no keyring yet, its creation dismissed        g-dbus-error 19 (unknown method)
 *   no Secret Service on the bus                  g-dbus-error 2 (service unknown)
 *   no session bus                                g-io-error 0 (failed) or 1 (not found)
 *   file backend without portal or password       g-io-error 13 (invalid argument)
 *   file backend of a Flatpak, prompt dismissed   g-io-error 0 (failed)
 */

static gboolean
keyring_is_flatpak (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

static gboolean
keyring_error_is_locked (const GError *error)
{
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return TRUE;
  return keyring_is_flatpak () && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static gboolean
keyring_error_is_timeout (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT);
}

static const char *
keyring_get_absent_reason (const GError *error)
{
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD))
    return _("There is no keyring yet to keep secrets in: create one when you are asked, or use "
             "the secrets for this session only.");
  if (error->domain == G_DBUS_ERROR)
    return _("No keyring service is running: start one (GNOME Keyring, KWallet or KeePassXC), or "
             "use the secrets for this session only.");
  return _("The keyring can’t be reached: there is no desktop session or no keyring service. Use "
           "the secrets for this session only.");
}

GError *
_scope_keyring_new_locked_error (gboolean asked)
{
  const char *text = asked ? _("The keyring stayed locked. Unlock it and try again, or use the "
                               "secrets for this session only.")
                           : _("The keyring is locked. Unlock it to read this profile’s secrets.");

  return g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_KEYRING_LOCKED, text);
}

GError *
_scope_keyring_translate_error (const GError *error)
{
  g_debug ("libsecret: %s %d: %s", g_quark_to_string (error->domain), error->code, error->message);

  if (keyring_error_is_locked (error))
    return _scope_keyring_new_locked_error (TRUE);
  if (keyring_error_is_timeout (error))
    return g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT,
                                _("The keyring service did not answer. Try again, or use the "
                                  "secrets for this session only."));
  return g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_KEYRING_ABSENT,
                              keyring_get_absent_reason (error));
}
