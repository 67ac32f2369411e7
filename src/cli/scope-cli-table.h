/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/scope-cli-options.h"

G_BEGIN_DECLS

/* The commands and the options, each a row of a table: what parses them and what explains them
 * read the same rows. */

typedef struct _ScopeCliOption ScopeCliOption;

typedef gboolean (*ScopeCliSetter) (ScopeCliOptions      *options,
                                    const ScopeCliOption *option,
                                    const char           *value,
                                    GError              **error);
typedef gboolean (*ScopeCliCheck)  (const char           *text,
                                    GError              **error);

struct _ScopeCliOption
{
  const char *name;
  guint commands;       /* SCOPE_CLI_BIT(), or'ed */
  const char *argument; /* NULL: a switch */
  ScopeCliSetter set;
  const char *property; /* of ScopeProfile */
  ScopeCliCheck check;
  const char *help;     /* N_() */
};

typedef struct
{
  const char *name;      /* "profiles add" */
  const char *arguments; /* N_(); NULL: none */
  guint n_least;
  guint n_most;
  const char *help;      /* N_() */
} ScopeCliCommandInfo;

#define SCOPE_CLI_BIT(command) (1u << (command))
#define SCOPE_CLI_BITS_ALL (SCOPE_CLI_BIT (SCOPE_CLI_N_COMMANDS) - 1)
/* ask the HTTP API and nothing else */
#define SCOPE_CLI_BITS_API \
  (SCOPE_CLI_BIT (SCOPE_CLI_BATCH) | SCOPE_CLI_BIT (SCOPE_CLI_CHANNELS) | \
   SCOPE_CLI_BIT (SCOPE_CLI_CHANNEL) | SCOPE_CLI_BIT (SCOPE_CLI_USERS) | \
   SCOPE_CLI_BIT (SCOPE_CLI_TERMINATE))
/* connect, or describe a connection */
#define SCOPE_CLI_BITS_CONNECT \
  (SCOPE_CLI_BIT (SCOPE_CLI_WATCH) | SCOPE_CLI_BIT (SCOPE_CLI_TRIGGER) | \
   SCOPE_CLI_BITS_API | SCOPE_CLI_BIT (SCOPE_CLI_DOCTOR) | SCOPE_CLI_BIT (SCOPE_CLI_PROFILES_ADD))

extern const ScopeCliCommandInfo scope_cli_commands[SCOPE_CLI_N_COMMANDS];
/* ends with a NULL name */
extern const ScopeCliOption scope_cli_options[];

/* NULL if there is none of that name for this command */
const ScopeCliOption *scope_cli_option_find       (const char      *name,
                                                   ScopeCliCommand  command);
/* of whatever command: whether it takes a value; NULL if no command knows it */
const ScopeCliOption *scope_cli_option_find_any   (const char      *name);

G_END_DECLS
