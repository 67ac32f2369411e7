/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#include "base/scope-error.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-options.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"

typedef int (*ScopeCliFunc) (ScopeCliOptions *options);

static const ScopeCliFunc cli_functions[SCOPE_CLI_N_COMMANDS] = {
  [SCOPE_CLI_WATCH] = scope_cli_watch,
  [SCOPE_CLI_TRIGGER] = scope_cli_trigger,
  [SCOPE_CLI_BATCH] = scope_cli_batch,
  [SCOPE_CLI_CHANNELS] = scope_cli_channels,
  [SCOPE_CLI_CHANNEL] = scope_cli_channel,
  [SCOPE_CLI_USERS] = scope_cli_users,
  [SCOPE_CLI_TERMINATE] = scope_cli_terminate,
  [SCOPE_CLI_DOCTOR] = scope_cli_doctor,
  [SCOPE_CLI_SERVE] = scope_cli_serve,
  [SCOPE_CLI_QUERY] = scope_cli_query,
  [SCOPE_CLI_EXPORT] = scope_cli_export,
  [SCOPE_CLI_IMPORT] = scope_cli_import,
  [SCOPE_CLI_PROFILES_LIST] = scope_cli_profiles_list,
  [SCOPE_CLI_PROFILES_SHOW] = scope_cli_profiles_show,
  [SCOPE_CLI_PROFILES_ADD] = scope_cli_profiles_add,
  [SCOPE_CLI_PROFILES_REMOVE] = scope_cli_profiles_remove,
  [SCOPE_CLI_PROFILES_EXPORT] = scope_cli_profiles_export,
  [SCOPE_CLI_PROFILES_IMPORT] = scope_cli_profiles_import,
};

/* What was asked for in a wrong way, or names something that is not there, is wrong usage. */
static int
cli_status_of (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return SCOPE_CLI_INTERRUPTED;
  if (error->domain != SCOPE_ERROR)
    return SCOPE_CLI_NOT_DONE;

  switch ((ScopeError) error->code)
    {
    case SCOPE_ERROR_USAGE:
    case SCOPE_ERROR_UNSUPPORTED:
    case SCOPE_ERROR_NOT_FOUND:
    case SCOPE_ERROR_EXISTS:
    case SCOPE_ERROR_CAPTURE:
    case SCOPE_ERROR_CAPTURE_FOREIGN:
      return SCOPE_CLI_USAGE;
    case SCOPE_ERROR_FAILED:
    case SCOPE_ERROR_PROTOCOL:
    case SCOPE_ERROR_LIMIT:
    case SCOPE_ERROR_REFUSED:
    case SCOPE_ERROR_TIMED_OUT:
    case SCOPE_ERROR_NOT_CONNECTED:
    case SCOPE_ERROR_KEYRING_LOCKED:
    case SCOPE_ERROR_KEYRING_ABSENT:
    default:
      return SCOPE_CLI_NOT_DONE;
    }
}

int
scope_cli_fail (const GError *error)
{
  int status = cli_status_of (error);

  if (status != SCOPE_CLI_INTERRUPTED)
    scope_cli_message ("%s", error->message);
  return status;
}

/* Numbers in lines are the same everywhere; so is the charset, whatever the locale says. */
static void
cli_init_locale (void)
{
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, SCOPE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

/* What was done and could not be said is not done. */
static int
cli_check_output (int status)
{
  return status == SCOPE_CLI_DONE && scope_cli_output_has_failed () ? SCOPE_CLI_NOT_DONE : status;
}

static int
cli_print_help (ScopeCliOptions *options)
{
  g_autofree char *text = options->version
                            ? g_strdup_printf ("channelscope-cli %s\n", SCOPE_VERSION)
                            : scope_cli_options_dup_help (options->command);

  scope_cli_output_write (text, strlen (text));
  return SCOPE_CLI_DONE;
}

/**
 * scope_cli_run:
 * @argc: how many arguments
 * @argv: the arguments, the program's name first
 *
 * Returns: the exit status
 */
int
scope_cli_run (int    argc,
               char **argv)
{
  g_autoptr (ScopeCliOptions) options = scope_cli_options_new (g_get_monotonic_time ());
  g_autoptr (GError) error = NULL;

  cli_init_locale ();
  g_set_prgname ("channelscope-cli");
  g_log_writer_default_set_use_stderr (TRUE);
  scope_cli_output_init ();

  if (!scope_cli_options_parse (options, argc, argv, &error))
    return scope_cli_fail (error);
  if (options->help || options->version)
    return cli_check_output (cli_print_help (options));

  scope_cli_loop_init ();
  return cli_check_output (cli_functions[options->command] (options));
}
