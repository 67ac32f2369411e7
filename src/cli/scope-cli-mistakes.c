/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-mistakes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "cli/scope-cli-table.h"
#include "protocol/scope-channel-name.h"

/* so many letters wrong, and another name is meant */
#define MAX_DISTANCE 2
#define MAX_GUESSED_BYTES 40

/* How many letters are to be put in, taken away, changed or swapped with the next. */
static guint
mistakes_measure (const char *a,
                  const char *b)
{
  guint rows[MAX_GUESSED_BYTES + 1][MAX_GUESSED_BYTES + 1];
  guint n_a = strlen (a);
  guint n_b = strlen (b);

  if (n_a > MAX_GUESSED_BYTES || n_b > MAX_GUESSED_BYTES)
    return G_MAXUINT;

  for (guint i = 0; i <= n_a; i++)
    for (guint j = 0; j <= n_b; j++)
      {
        guint least;

        if (i == 0 || j == 0)
          {
            rows[i][j] = i + j;
            continue;
          }
        least = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0);
        least = MIN (least, MIN (rows[i - 1][j], rows[i][j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          least = MIN (least, rows[i - 2][j - 2] + 1);
        rows[i][j] = least;
      }
  return rows[n_a][n_b];
}

/* Whether candidate is nearer to word than what was found so far; of short words more than half
 * must be right. */
static gboolean
mistakes_is_nearer (const char *word,
                    const char *candidate,
                    guint      *nearest)
{
  guint distance = mistakes_measure (word, candidate);

  if (distance >= *nearest || distance * 2 >= strlen (candidate))
    return FALSE;
  *nearest = distance;
  return TRUE;
}

/* NULL if none is near */
static const char *
mistakes_guess_option (ScopeCliCommand  command,
                       const char      *name)
{
  guint bits = command != SCOPE_CLI_NO_COMMAND ? SCOPE_CLI_BIT (command) : SCOPE_CLI_BITS_ALL;
  guint nearest = MAX_DISTANCE + 1;
  const char *guess = NULL;

  for (const ScopeCliOption *option = scope_cli_options; option->name != NULL; option++)
    if ((option->commands & bits) != 0 && mistakes_is_nearer (name, option->name, &nearest))
      guess = option->name;
  return guess;
}

static const char *
mistakes_guess_command (const char *word)
{
  guint nearest = MAX_DISTANCE + 1;
  const char *guess = NULL;

  for (int i = 0; i < SCOPE_CLI_N_COMMANDS; i++)
    if (strchr (scope_cli_commands[i].name, ' ') == NULL &&
        mistakes_is_nearer (word, scope_cli_commands[i].name, &nearest))
      guess = scope_cli_commands[i].name;
  return mistakes_is_nearer (word, "profiles", &nearest) ? "profiles" : guess;
}

/* NULL: it does not ask for a secret */
static const char *
mistakes_get_secret_advice (const char *name)
{
  if (strstr (name, "encryption") != NULL || strstr (name, "master") != NULL)
    return _("Use CHANNELSCOPE_ENCRYPTION_KEY, --encryption-key-file FILE or a saved profile");
  if (strstr (name, "secret") != NULL || strstr (name, "password") != NULL)
    return _("Use CHANNELSCOPE_SECRET, --secret-file FILE or a saved profile");
  return NULL;
}

static gboolean
mistakes_fail_unknown (ScopeCliCommand   command,
                       const char       *shown,
                       const char       *name,
                       GError          **error)
{
  const char *advice = mistakes_get_secret_advice (name);
  const char *bare = name + strspn (name, "-");
  const char *guess = scope_cli_option_find_any (bare) != NULL ? bare : mistakes_guess_option (command, bare);
  const char *of = command != SCOPE_CLI_NO_COMMAND ? scope_cli_commands[command].name : "";
  const char *gap = command != SCOPE_CLI_NO_COMMAND ? " " : "";

  if (advice != NULL)
    return scope_error_usage (error, _("There is no option “%s”: others could read a secret in the list of "
                                       "processes. %s"), shown, advice);
  if (guess != NULL)
    return scope_error_usage (error, _("There is no option “%s”: did you mean --%s? See channelscope-cli "
                                       "%s%s--help"), shown, guess, of, gap);
  return scope_error_usage (error, _("There is no option “%s”: see channelscope-cli %s%s--help"), shown, of, gap);
}

/**
 * scope_cli_fail_option:
 * @command: SCOPE_CLI_NO_COMMAND: before any
 * @argument: as it was given: its value is never repeated
 * @name: the option in it
 * @error: SCOPE_ERROR_USAGE: always set
 *
 * Returns: `FALSE`
 */
gboolean
scope_cli_fail_option (ScopeCliCommand   command,
                       const char       *argument,
                       const char       *name,
                       GError          **error)
{
  const ScopeCliOption *option = scope_cli_option_find_any (name);
  g_autofree char *shown = scope_text_option_name (argument);

  if (option == NULL)
    return mistakes_fail_unknown (command, shown, name, error);
  if (command == SCOPE_CLI_NO_COMMAND)
    return scope_error_usage (error, _("“%s” needs a command: see channelscope-cli --help"), shown);
  return scope_error_usage (error, _("“%s” is no option of “%s”: see channelscope-cli %s --help"), shown,
                            scope_cli_commands[command].name, scope_cli_commands[command].name);
}

/**
 * scope_cli_fail_command:
 * @first: the first word of all
 * @second: (nullable): the next
 * @error: SCOPE_ERROR_USAGE: always set
 *
 * Returns: `FALSE`
 */
gboolean
scope_cli_fail_command (const char  *first,
                        const char  *second,
                        GError     **error)
{
  const char *guess = mistakes_guess_command (first);

  if (strcmp (first, "help") == 0)
    return scope_error_usage (error, _("Help is an option: channelscope-cli --help, or channelscope-cli COMMAND --help"));
  if (strcmp (first, "version") == 0)
    return scope_error_usage (error, _("The version is an option: channelscope-cli --version"));
  if (strcmp (first, "profiles") == 0)
    return scope_error_usage (error, _("There is no command “profiles %s”: list, show, add, remove, "
                                       "export and import are"), second);
  if (guess != NULL)
    return scope_error_usage (error, _("There is no command “%s”: did you mean “%s”? See channelscope-cli --help"),
                              first, guess);
  return scope_error_usage (error, _("There is no command “%s”: watch, trigger, batch, channels, "
                                     "channel, users, terminate, doctor, serve, query, export, import "
                                     "and profiles are"), first);
}

/**
 * scope_cli_fail_extra:
 * @position: of the first word that is too much, from 1
 * @error: SCOPE_ERROR_USAGE: always set; it does not repeat the word
 *
 * Returns: `FALSE`
 */
gboolean
scope_cli_fail_extra (ScopeCliCommand   command,
                      guint             position,
                      GError          **error)
{
  const ScopeCliCommandInfo *info = &scope_cli_commands[command];

  if (info->arguments == NULL)
    return scope_error_usage (error, _("“%s” takes no arguments but options: see channelscope-cli %s --help"),
                              info->name, info->name);
  return scope_error_usage (error, _("Argument %u of “%s” is one too many: channelscope-cli %s %s"), position,
                            info->name, info->name, _(info->arguments));
}

/**
 * scope_cli_check_channel:
 * @warning: (out) (transfer full) (nullable) (optional): what a server may object to
 * @error: SCOPE_ERROR_USAGE: names the channel, for there may be several
 *
 * Returns: whether a channel may be called so (protocol.md §3.2)
 */
gboolean
scope_cli_check_channel (const char  *channel,
                         char       **warning,
                         GError     **error)
{
  if (scope_channel_name_check (channel, warning, error))
    return TRUE;
  g_prefix_error (error, "“%s”: ", channel);
  return FALSE;
}
