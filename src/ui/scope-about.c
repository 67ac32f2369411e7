/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-about"

#include "config.h"

#include "ui/scope-about.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>
#include <json-glib/json-glib.h>
#include <libsecret/secret.h>
#include <libsoup/soup.h>
#include <sodium.h>
#include <sqlite3.h>

static void
scope_about_append_version (GString    *text,
                            const char *library,
                            guint       major,
                            guint       minor,
                            guint       micro)
{
  g_string_append_printf (text, "%s %u.%u.%u\n", library, major, minor, micro);
}

/* What helps with a bug, and nothing of what is watched: no host, key, profile or path. */
static char *
scope_about_dup_debug_info (void)
{
  GString *text = g_string_new (NULL);
  GdkDisplay *display = gdk_display_get_default ();
  const char *renderer = g_getenv ("GSK_RENDERER");
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);

  g_string_append_printf (text, "Channelscope %s (%s)\n", SCOPE_VERSION, SCOPE_APP_ID);
  g_string_append_printf (text, "%s%s\n", os != NULL ? os : "Linux",
                          g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ? ", Flatpak" : "");
  g_string_append_printf (text, "Display: %s, renderer %s\n",
                          display != NULL ? G_OBJECT_TYPE_NAME (display) : "none",
                          renderer != NULL ? renderer : "default");
  g_string_append_printf (text, "Language: %s\n\n", g_get_language_names ()[0]);

  scope_about_append_version (text, "GLib", glib_major_version, glib_minor_version,
                              glib_micro_version);
  scope_about_append_version (text, "GTK", gtk_get_major_version (), gtk_get_minor_version (),
                              gtk_get_micro_version ());
  scope_about_append_version (text, "libadwaita", adw_get_major_version (),
                              adw_get_minor_version (), adw_get_micro_version ());
  scope_about_append_version (text, "libsoup", soup_get_major_version (),
                              soup_get_minor_version (), soup_get_micro_version ());
  scope_about_append_version (text, "GtkSourceView", gtk_source_get_major_version (),
                              gtk_source_get_minor_version (), gtk_source_get_micro_version ());
  scope_about_append_version (text, "json-glib (built with)", JSON_MAJOR_VERSION,
                              JSON_MINOR_VERSION, JSON_MICRO_VERSION);
  scope_about_append_version (text, "libsecret (built with)", SECRET_MAJOR_VERSION,
                              SECRET_MINOR_VERSION, SECRET_MICRO_VERSION);
  g_string_append_printf (text, "SQLite %s\nlibsodium %s\n", sqlite3_libversion (),
                          sodium_version_string ());
  return g_string_free (text, FALSE);
}

/**
 * scope_about_present:
 * @parent: (nullable): the window it belongs to
 *
 * Shows what this program is, its version and licence, and what to paste into a bug report.
 */
void
scope_about_present (GtkWindow *parent)
{
  const char *developers[] = { "The Channelscope contributors", NULL };
  g_autofree char *debug_info = scope_about_dup_debug_info ();

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));

  adw_show_about_window (
    parent, "application-name", "Channelscope", "application-icon", SCOPE_APP_ID, "version",
    SCOPE_VERSION, "developer-name", _("The Channelscope contributors"), "developers", developers,
    "license-type", GTK_LICENSE_GPL_3_0, "website",
    "https://github.com/channelscope/channelscope", "issue-url",
    "https://github.com/channelscope/channelscope/issues", "comments",
    _("Watch Pusher Channels live: connection, channels, members and events of an app on Pusher "
      "Channels or any server that speaks its protocol. Not affiliated with Pusher."),
    "debug-info", debug_info, "debug-info-filename", "channelscope-debug.txt",
    /* Translators: put your names here, one a line */
    "translator-credits", _("translator-credits"), NULL);
}
