/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "cli/scope-cli-mistakes.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-table.h"

/* Two passes: the first word that is no option says which command it is, and with it what the
 * options mean (`--port` is another one for `serve`). */

static void
options_setting_free (gpointer data)
{
  ScopeCliSetting *setting = data;

  g_value_unset (&setting->value);
  g_free (setting);
}

/**
 * scope_cli_options_new:
 * @started_usec: monotonic time of the program's start
 *
 * Returns: (transfer full): options of which none was given
 */
ScopeCliOptions *
scope_cli_options_new (gint64 started_usec)
{
  ScopeCliOptions *self = g_new0 (ScopeCliOptions, 1);

  self->started_usec = started_usec;
  self->command = SCOPE_CLI_NO_COMMAND;
  self->arguments = g_ptr_array_new_with_free_func (g_free);
  self->settings = g_ptr_array_new_with_free_func (options_setting_free);
  self->rules = g_string_new (NULL);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->columns, NULL);
  self->to_is_missing = TRUE;
  self->credentials = scope_credentials_new ();
  return self;
}

/**
 * scope_cli_options_free:
 * @self: (nullable): options
 */
void
scope_cli_options_free (ScopeCliOptions *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->arguments);
  g_ptr_array_unref (self->settings);
  scope_credentials_unref (self->credentials);
  g_clear_pointer (&self->filter, scope_filter_unref);
  g_clear_pointer (&self->expect, scope_filter_unref);
  g_free (self->output);
  g_string_free (self->rules, TRUE);
  g_clear_pointer (&self->redaction, scope_redaction_free);
  g_ptr_array_unref (self->columns);
  g_free (self->record);
  g_free (self->replay);
  g_free (self->app_key);
  g_free (self->app_id);
  scope_secret_unref (self->app_secret);
  g_free (self->event);
  g_free (self->data);
  g_free (self->socket_id);
  g_free (self->info);
  g_free (self->prefix);
  g_free (self->profile);
  g_free (self);
}

/* The name in "--name" or "--name=value"; "help" for "-h"; NULL if it is no option. */
static char *
options_dup_name (const char *argument)
{
  if (strcmp (argument, "-h") == 0)
    return g_strdup ("help");
  if (argument[0] != '-' || argument[1] == '\0')
    return NULL;
  if (argument[1] != '-')
    return g_strdup (argument);
  return g_strndup (argument + 2, strcspn (argument + 2, "="));
}

/* That it is one is sure; what merely begins with dashes may be a value. */
static gboolean
options_is_option (const char *argument)
{
  g_autofree char *name = g_str_has_prefix (argument, "--") ? options_dup_name (argument) : NULL;

  return name != NULL && (scope_cli_option_find_any (name) != NULL || strstr (name, "secret") != NULL);
}

/* Whether the argument after argv[index], an option of this name, is its value. */
static gboolean
options_takes_next (int         argc,
                    char      **argv,
                    int         index,
                    const char *name)
{
  const ScopeCliOption *option = scope_cli_option_find_any (name);

  return option != NULL && option->argument != NULL && strchr (argv[index], '=') == NULL &&
         index + 1 < argc && argv[index + 1] != NULL && !options_is_option (argv[index + 1]);
}

/* The index of the next word from index on; argc if there is none. */
static int
options_find_word (int    argc,
                   char **argv,
                   int    index)
{
  for (; index < argc; index++)
    {
      g_autofree char *name = options_dup_name (argv[index]);

      if (name == NULL)
        return index;
      if (strcmp (argv[index], "--") == 0)
        return MIN (index + 1, argc);
      if (options_takes_next (argc, argv, index, name))
        index++;
    }
  return argc;
}

static ScopeCliCommand
options_match_command (const char *first,
                       const char *second)
{
  g_autofree char *both = g_strconcat (first, " ", second, NULL);

  if (second == NULL && strcmp (first, "profiles") == 0)
    return SCOPE_CLI_PROFILES_LIST;

  for (int i = 0; i < SCOPE_CLI_N_COMMANDS; i++)
    if (strcmp (scope_cli_commands[i].name, first) == 0 ||
        (second != NULL && strcmp (scope_cli_commands[i].name, both) == 0))
      return i;
  return SCOPE_CLI_NO_COMMAND;
}

/* A word after an option that is not known may be its value, and that a secret: the option is what
 * is wrong then, not the word. */
static gboolean
options_check_before (int      argc,
                      char   **argv,
                      int      end,
                      GError **error)
{
  for (int i = 1; i < MIN (end, argc); i++)
    {
      g_autofree char *name = argv[i] != NULL ? options_dup_name (argv[i]) : NULL;

      if (name == NULL || strcmp (argv[i], "--") == 0)
        continue;
      if (scope_cli_option_find_any (name) == NULL)
        return scope_cli_fail_option (SCOPE_CLI_NO_COMMAND, argv[i], name, error);
      if (options_takes_next (argc, argv, i, name))
        i++;
    }
  return TRUE;
}

/* The words that make the command are set to NULL. */
static gboolean
options_find_command (ScopeCliOptions *self,
                      int              argc,
                      char           **argv,
                      GError         **error)
{
  int first = options_find_word (argc, argv, 1);
  int second = first < argc ? options_find_word (argc, argv, first + 1) : argc;
  const char *second_word = second < argc ? argv[second] : NULL;

  if (first == argc)
    return TRUE;

  self->command = options_match_command (argv[first], second_word);
  if (self->command == SCOPE_CLI_NO_COMMAND)
    return options_check_before (argc, argv, strcmp (argv[first], "profiles") == 0 ? second : first, error) &&
           scope_cli_fail_command (argv[first], second_word, error);

  if (strchr (scope_cli_commands[self->command].name, ' ') != NULL && second < argc)
    argv[second] = NULL;
  argv[first] = NULL;
  return TRUE;
}

static const ScopeCliOption *
options_find_option (ScopeCliOptions *self,
                     const char      *name)
{
  ScopeCliCommand command = self->command;

  /* before a command only what all of them have */
  if (command != SCOPE_CLI_NO_COMMAND)
    return scope_cli_option_find (name, command);
  for (const ScopeCliOption *option = scope_cli_options; option->name != NULL; option++)
    if (option->commands == SCOPE_CLI_BITS_ALL && strcmp (option->name, name) == 0)
      return option;
  return NULL;
}

/* Takes argv[*index], and the argument after it if that is its value. */
static gboolean
options_take_option (ScopeCliOptions *self,
                     const char      *name,
                     int              argc,
                     char           **argv,
                     int             *index,
                     GError         **error)
{
  const ScopeCliOption *option = options_find_option (self, name);
  const char *equals = strchr (argv[*index], '=');
  const char *value = equals != NULL ? equals + 1 : NULL;

  if (option == NULL)
    return scope_cli_fail_option (self->command, argv[*index], name, error);
  if (option->argument == NULL && value != NULL)
    return scope_error_usage (error, _("“--%s” takes no value"), name);
  if (option->argument != NULL && value == NULL)
    {
      if (!options_takes_next (argc, argv, *index, name))
        return scope_error_usage (error, _("“--%s” needs a value: --%s %s"), name, name,
                                  option->argument);
      value = argv[++*index];
    }

  if (option->set (self, option, value, error))
    return TRUE;
  g_prefix_error (error, "--%s: ", name);
  return FALSE;
}

static gboolean
options_take_all (ScopeCliOptions *self,
                  int              argc,
                  char           **argv,
                  GError         **error)
{
  gboolean words_only = FALSE;

  for (int i = 1; i < argc; i++)
    {
      g_autofree char *name = NULL;

      if (argv[i] == NULL)
        continue;
      if (!words_only && strcmp (argv[i], "--") == 0)
        {
          words_only = TRUE;
          continue;
        }
      name = words_only ? NULL : options_dup_name (argv[i]);
      if (name == NULL)
        g_ptr_array_add (self->arguments, g_strdup (argv[i]));
      else if (!options_take_option (self, name, argc, argv, &i, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
options_check_arguments (ScopeCliOptions *self,
                         GError         **error)
{
  const ScopeCliCommandInfo *info = &scope_cli_commands[self->command];

  if (self->arguments->len < info->n_least)
    return scope_error_usage (error, _("“%s” needs more: channelscope-cli %s %s"), info->name,
                              info->name, _(info->arguments));
  if (self->arguments->len > info->n_most)
    return scope_cli_fail_extra (self->command, info->n_most + 1, error);
  return TRUE;
}

static gboolean
options_check_utf8 (int      argc,
                    char   **argv,
                    GError **error)
{
  for (int i = 1; i < argc; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      return scope_error_usage (error, _("Argument %d is no UTF-8 text"), i);
  return TRUE;
}

/**
 * scope_cli_options_parse:
 * @self: new options
 * @argc: how many arguments
 * @argv: arguments, the program's name first, in UTF-8 whatever the locale
 *
 * Understands `--option value` and `--option=value` before and after other words; after `--` only
 * words follow. Nothing is ignored.
 */
gboolean
scope_cli_options_parse (ScopeCliOptions *self,
                         int              argc,
                         char           **argv,
                         GError         **error)
{
  g_autofree char **words = g_memdup2 (argv, sizeof *argv * (argc + 1));

  if (!options_check_utf8 (argc, words, error) ||
      !options_find_command (self, argc, words, error) ||
      !options_take_all (self, argc, words, error))
    return FALSE;
  if (self->help || self->version)
    return TRUE;
  if (self->command == SCOPE_CLI_NO_COMMAND)
    return scope_error_usage (error, _("A command is missing: watch, trigger, batch, channels, channel, "
                                       "users, terminate, doctor, serve, query, export, import or profiles; see "
                                       "channelscope-cli --help"));
  return options_check_arguments (self, error);
}

/**
 * scope_cli_options_is_ndjson:
 * @self: options
 *
 * Returns: whether lines are JSON: asked for, or standard output is no terminal
 */
gboolean
scope_cli_options_is_ndjson (ScopeCliOptions *self)
{
  if (self->format == SCOPE_CLI_FORMAT_AUTO)
    return !scope_cli_output_is_terminal ();
  return self->format == SCOPE_CLI_FORMAT_NDJSON;
}
