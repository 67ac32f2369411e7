/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* channelscope [--demo] [--profile NAME] [--connect] [--new-window] [--version] [CAPTURE…] */
typedef struct
{
  gboolean demo;
  gboolean connect;
  gboolean new_window;
  gboolean version;
  gboolean help;
  char *profile;
  char **captures;   /* never NULL */
} ScopeCommandLine;

/* argv[0] is the program. SCOPE_ERROR_USAGE with one clear line. */
ScopeCommandLine *scope_command_line_parse     (const char * const *argv,
                                                GError            **error);
void              scope_command_line_free      (ScopeCommandLine   *self);
char             *scope_command_line_dup_help  (void);
/* this program, and the libraries it was built with and runs with */
char             *scope_command_line_dup_version (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeCommandLine, scope_command_line_free)

G_END_DECLS
