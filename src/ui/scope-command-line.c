/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-command-line"

#include "config.h"

#include "ui/scope-command-line.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <sqlite3.h>

#include "base/scope-error.h"
#include "base/scope-text.h"

/* Parsed by hand, twice: by the process that was started, which answers mistakes itself and with
 * its own exit status, and by the one that has the windows. */

static gboolean
command_line_take_flag (ScopeCommandLine *self,
                        const char       *argument)
{
  const struct
  {
    const char *name;
    gboolean *value;
  } flags[] = {
    { "--demo", &self->demo },
    { "--connect", &self->connect },
    { "--new-window", &self->new_window },
    { "--version", &self->version },
    { "--help", &self->help },
    { "-h", &self->help },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (g_str_equal (argument, flags[i].name))
      return *flags[i].value = TRUE;
  return FALSE;
}

/* "--profile NAME" and "--profile=NAME". FALSE: no such option. */
static gboolean
command_line_take_profile (ScopeCommandLine   *self,
                           const char * const *argv,
                           guint              *i,
                           GError            **error)
{
  const char *name = NULL;

  if (g_str_has_prefix (argv[*i], "--profile="))
    name = argv[*i] + strlen ("--profile=");
  else if (!g_str_equal (argv[*i], "--profile"))
    return FALSE;
  else if (argv[*i + 1] != NULL)
    name = argv[++*i];

  if (name == NULL || *name == '\0')
    g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                         _("--profile needs the name of a saved profile"));
  g_free (self->profile);
  self->profile = g_strdup (name);
  return TRUE;
}

static gboolean
command_line_check (ScopeCommandLine *self,
                    GError          **error)
{
  if (!self->connect || self->profile != NULL || self->demo)
    return TRUE;
  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("--connect needs --profile NAME"));
  return FALSE;
}

static GError *
command_line_fail_unknown (const char *argument)
{
  g_autofree char *shown = scope_text_option_name (argument);

  return g_error_new (SCOPE_ERROR, SCOPE_ERROR_USAGE, _("unknown option %s; --help lists those there are"), shown);
}

/**
 * scope_command_line_parse:
 * @argv: NULL-terminated, the program's name first
 * @error: SCOPE_ERROR_USAGE, naming what is not understood
 *
 * Returns: (transfer full): what was asked for
 */
ScopeCommandLine *
scope_command_line_parse (const char * const  *argv,
                          GError             **error)
{
  g_autoptr (ScopeCommandLine) self = g_new0 (ScopeCommandLine, 1);
  g_autoptr (GStrvBuilder) captures = g_strv_builder_new ();
  gboolean only_files = FALSE;
  GError *problem = NULL;

  g_return_val_if_fail (argv != NULL, NULL);

  for (guint i = argv[0] != NULL ? 1 : 0; argv[i] != NULL && problem == NULL; i++)
    {
      if (only_files || argv[i][0] != '-')
        g_strv_builder_add (captures, argv[i]);
      else if (g_str_equal (argv[i], "--"))
        only_files = TRUE;
      else if (!command_line_take_flag (self, argv[i]) &&
               !command_line_take_profile (self, argv, &i, &problem))
        problem = command_line_fail_unknown (argv[i]);
    }
  self->captures = g_strv_builder_end (captures);

  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return NULL;
    }
  return command_line_check (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * scope_command_line_free:
 * @self: (nullable): a parsed command line
 */
void
scope_command_line_free (ScopeCommandLine *self)
{
  if (self == NULL)
    return;

  g_free (self->profile);
  g_strfreev (self->captures);
  g_free (self);
}

/**
 * scope_command_line_dup_help:
 *
 * Returns: (transfer full): the options, for people
 */
char *
scope_command_line_dup_help (void)
{
  return g_strdup (_("Usage: channelscope [OPTION…] [CAPTURE…]\n"
                     "\n"
                     "Watch channels, members and events live.\n"
                     "\n"
                     "  --demo           Open a window on the built-in sandbox and its demo shop\n"
                     "  --profile NAME   Open a saved profile\n"
                     "  --connect        Connect at once; needs --profile\n"
                     "  --new-window     Open another window\n"
                     "  --version        Print versions and exit\n"
                     "  --help           Print this and exit\n"
                     "\n"
                     "A CAPTURE is a recorded file; it opens offline.\n"));
}

/**
 * scope_command_line_dup_version:
 *
 * Returns: (transfer full): one line for the program and one per library
 */
char *
scope_command_line_dup_version (void)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "channelscope %s\n", SCOPE_VERSION);
  g_string_append_printf (text, "GLib %d.%d.%d (running %u.%u.%u)\n", GLIB_MAJOR_VERSION,
                          GLIB_MINOR_VERSION, GLIB_MICRO_VERSION, glib_major_version,
                          glib_minor_version, glib_micro_version);
  g_string_append_printf (text, "GTK %d.%d.%d (running %u.%u.%u)\n", GTK_MAJOR_VERSION,
                          GTK_MINOR_VERSION, GTK_MICRO_VERSION, gtk_get_major_version (),
                          gtk_get_minor_version (), gtk_get_micro_version ());
  g_string_append_printf (text, "libadwaita %d.%d.%d (running %u.%u.%u)\n", ADW_MAJOR_VERSION,
                          ADW_MINOR_VERSION, ADW_MICRO_VERSION, adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version ());
  g_string_append_printf (text, "libsoup %d.%d.%d (running %u.%u.%u)\n", SOUP_MAJOR_VERSION,
                          SOUP_MINOR_VERSION, SOUP_MICRO_VERSION, soup_get_major_version (),
                          soup_get_minor_version (), soup_get_micro_version ());
  g_string_append_printf (text, "SQLite %s (running %s)\n", SQLITE_VERSION, sqlite3_libversion ());
  return g_string_free (text, FALSE);
}
