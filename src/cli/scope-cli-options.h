/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-export.h"
#include "capture/scope-filter.h"
#include "session/scope-profile.h"

G_BEGIN_DECLS

typedef enum
{
  SCOPE_CLI_WATCH,
  SCOPE_CLI_TRIGGER,
  SCOPE_CLI_BATCH,
  SCOPE_CLI_CHANNELS,
  SCOPE_CLI_CHANNEL,
  SCOPE_CLI_USERS,
  SCOPE_CLI_TERMINATE,
  SCOPE_CLI_DOCTOR,
  SCOPE_CLI_SERVE,
  SCOPE_CLI_QUERY,
  SCOPE_CLI_EXPORT,
  SCOPE_CLI_IMPORT,
  SCOPE_CLI_PROFILES_LIST,
  SCOPE_CLI_PROFILES_SHOW,
  SCOPE_CLI_PROFILES_ADD,
  SCOPE_CLI_PROFILES_REMOVE,
  SCOPE_CLI_PROFILES_EXPORT,
  SCOPE_CLI_PROFILES_IMPORT,
  SCOPE_CLI_N_COMMANDS,
  SCOPE_CLI_NO_COMMAND = SCOPE_CLI_N_COMMANDS,
} ScopeCliCommand;

typedef enum
{
  SCOPE_CLI_FORMAT_AUTO,
  SCOPE_CLI_FORMAT_TEXT,
  SCOPE_CLI_FORMAT_NDJSON,
} ScopeCliFormat;

/* What the arguments ask for, each value checked. */
typedef struct
{
  gint64 started_usec;           /* monotonic: when the program started */
  ScopeCliCommand command;
  GPtrArray *arguments;          /* char *: channels, a profile's name, a file */
  ScopeCliFormat format;
  gboolean help;
  gboolean version;

  /* watch, query */
  ScopeFilter *filter;
  ScopeFilter *expect;
  gboolean frames;
  gboolean unseen;               /* presence channels are not joined */
  guint64 count;                 /* 0: no limit */
  double for_seconds;            /* 0: no limit */
  char *record;
  gboolean summary;

  /* export */
  ScopeExportFormat to;
  gboolean to_is_missing;
  char *output;                  /* NULL: standard output */
  GString *rules;                /* of redaction, one a line */
  ScopeRedaction *redaction;
  GPtrArray *columns;            /* char *, NULL-terminated */

  /* serve */
  guint serve_port;
  guint max_connections;         /* 0: the sandbox's own */
  guint max_members;             /* likewise */
  gboolean demo;
  char *replay;                  /* a file, or "-"; NULL: nothing */
  double speed;                  /* 0: not given */
  char *app_key;
  char *app_id;
  ScopeSecret *app_secret;

  /* trigger */
  gboolean client;
  char *event;
  char *data;
  gsize max_data;                /* once the profile is known */
  char *socket_id;

  /* trigger, channels, channel */
  char *info;
  char *prefix;

  /* where to connect to: what was given, over what a profile has */
  char *profile;
  GPtrArray *settings;           /* of ScopeCliSetting */
  ScopeTransportKinds transports; /* 0: not given */
  ScopeTransportKinds disabled;
  ScopeCredentials *credentials;
} ScopeCliOptions;

/* A property of ScopeProfile that was given on the command line. */
typedef struct
{
  const char *property;
  GValue value;
} ScopeCliSetting;

ScopeCliOptions *scope_cli_options_new   (gint64            started_usec);
void             scope_cli_options_free  (ScopeCliOptions  *self);
/* SCOPE_ERROR_USAGE, which names the thing */
gboolean         scope_cli_options_parse (ScopeCliOptions  *self,
                                          int               argc,
                                          char            **argv,
                                          GError          **error);
gboolean         scope_cli_options_is_ndjson (ScopeCliOptions *self);
/* the help of the command, or of the program (transfer full) */
char            *scope_cli_options_dup_help (ScopeCliCommand command);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeCliOptions, scope_cli_options_free)

G_END_DECLS
