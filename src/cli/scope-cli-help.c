/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-options.h"

#include <glib/gi18n-lib.h>

#include "cli/scope-cli-table.h"

#define COLUMN 30

static void
help_append_row (GString    *help,
                 const char *left,
                 const char *right)
{
  glong width = g_utf8_strlen (left, -1);

  g_string_append_printf (help, "  %s", left);
  if (width >= COLUMN)
    g_string_append_printf (help, "\n  %*s", COLUMN, "");
  else
    g_string_append_printf (help, "%*s", (int) (COLUMN - width), "");
  g_string_append_printf (help, "%s\n", right);
}

static void
help_append_option (GString              *help,
                    const ScopeCliOption *option)
{
  g_autofree char *left = option->argument != NULL
                            ? g_strdup_printf ("--%s %s", option->name, option->argument)
                            : g_strdup_printf ("--%s", option->name);

  help_append_row (help, left, _(option->help));
}

static void
help_append_options (GString *help,
                     guint    command_bits,
                     guint    group)
{
  for (const ScopeCliOption *option = scope_cli_options; option->name != NULL; option++)
    if ((option->commands & command_bits) != 0 && (option->commands & group) == group)
      help_append_option (help, option);
}

static char *
help_dup_program (void)
{
  GString *help = g_string_new (NULL);

  g_string_append_printf (help, "%s channelscope-cli %s\n\n%s\n", _("Usage:"),
                          _("COMMAND [OPTION…]"), _("Commands:"));
  for (int i = 0; i < SCOPE_CLI_N_COMMANDS; i++)
    {
      const ScopeCliCommandInfo *info = &scope_cli_commands[i];
      g_autofree char *left = info->n_most == 1
                                ? g_strdup_printf ("%s %s", info->name, _(info->arguments))
                                : g_strdup (info->name);

      help_append_row (help, left, _(info->help));
    }
  g_string_append_printf (help, "\n%s\n", _("Options of every command:"));
  help_append_options (help, SCOPE_CLI_BITS_ALL, SCOPE_CLI_BITS_ALL);
  g_string_append_printf (help, "\n%s\n",
                          _("channelscope-cli COMMAND --help lists the options of a command."));
  return g_string_free (help, FALSE);
}

/* what follows the options: where secrets come from, the sister commands */
static void
help_append_notes (GString        *help,
                   ScopeCliCommand command)
{
  if ((SCOPE_CLI_BITS_CONNECT & SCOPE_CLI_BIT (command)) != 0)
    g_string_append_printf (help, "\n%s\n",
                            _("The value of a header or parameter may be secret. Instead of it, "
                              "write NAME=env:VARIABLE\n(an environment variable), NAME=@FILE (a file’s "
                              "text) or NAME=cmd:COMMAND (what that\nprogram prints, run for each "
                              "request and without a shell)."));
  if (command == SCOPE_CLI_SERVE)
    g_string_append_printf (help, "\n%s\n",
                            _("A replay begins a second after somebody has subscribed to one of its channels, and waits "
                              "while nobody is.\nEvents are sent as they came (encrypted ones, too), at their distances "
                              "in time; members of presence\nchannels come and go. A silence above a minute is "
                              "shortened, which a line tells, as it tells\nof gaps and of the end. The server goes on "
                              "after that."));
  if (command != SCOPE_CLI_PROFILES_LIST)
    return;

  g_string_append_printf (help, "\n%s\n", _("Commands:"));
  for (int i = SCOPE_CLI_PROFILES_LIST; i <= SCOPE_CLI_PROFILES_IMPORT; i++)
    help_append_row (help, scope_cli_commands[i].name, _(scope_cli_commands[i].help));
}

/* the command's own options first */
static char *
help_dup_command (ScopeCliCommand command)
{
  const ScopeCliCommandInfo *info = &scope_cli_commands[command];
  guint bit = SCOPE_CLI_BIT (command);
  GString *help = g_string_new (NULL);

  g_string_append_printf (help, "%s channelscope-cli %s %s%s%s\n\n%s.\n\n%s\n", _("Usage:"),
                          info->name, info->arguments != NULL ? _(info->arguments) : "",
                          info->arguments != NULL ? " " : "", _("[OPTION…]"), _(info->help),
                          _("Options:"));
  for (const ScopeCliOption *option = scope_cli_options; option->name != NULL; option++)
    if ((option->commands & bit) != 0 && option->commands != SCOPE_CLI_BITS_ALL)
      help_append_option (help, option);
  help_append_options (help, bit, SCOPE_CLI_BITS_ALL);
  help_append_notes (help, command);
  return g_string_free (help, FALSE);
}

/**
 * scope_cli_options_dup_help:
 * @command: a command, or %SCOPE_CLI_NO_COMMAND
 *
 * Returns: (transfer full): its help; without a command the list of them
 */
char *
scope_cli_options_dup_help (ScopeCliCommand command)
{
  return command == SCOPE_CLI_NO_COMMAND ? help_dup_program () : help_dup_command (command);
}
