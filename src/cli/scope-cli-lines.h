/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file's lines, or standard input's, one after the other. A signal ends the wait for a pipe. */
typedef struct
{
  int fd;
  char *name;      /* for messages */
  GString *buffer;
  gsize used;      /* bytes of buffer that were given out */
  gboolean ended;
  guint64 number;  /* of the line given out last, from 1 */
} ScopeCliLines;

/* A descriptor to read path from, "-" is standard input; -1 with an error. What opens a pipe waits until somebody writes to
 * it, and a signal ends that. SCOPE_ERROR_USAGE, G_IO_ERROR_CANCELLED */
int      scope_cli_open_input   (const char    *path,
                                 GError       **error);
/* SCOPE_ERROR_USAGE */
gboolean scope_cli_lines_open   (ScopeCliLines *self,
                                 const char    *path,
                                 GError       **error);
/* back to the first line; FALSE: it is a pipe, or the like, and was left where it is */
gboolean scope_cli_lines_rewind (ScopeCliLines *self);
/* The next line without its break, until the next call. FALSE at the end, and with an error: SCOPE_ERROR_USAGE,
 * G_IO_ERROR_CANCELLED after a signal. */
gboolean scope_cli_lines_next   (ScopeCliLines *self,
                                 const char   **line,
                                 gsize         *length,
                                 GError       **error);
void     scope_cli_lines_close  (ScopeCliLines *self);

G_END_DECLS
