/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Standard output and standard error, and the signals that end the program. Everything is
 * written as UTF-8, whatever the locale, and each line at once. */

/* before anything else here */
void     scope_cli_output_init      (void);

/* Results. FALSE once nobody reads standard output any more, or a signal came while it was
 * stuck: nothing is written from then on. */
gboolean scope_cli_output_write     (const char *text,
                                     gsize       length);
gboolean scope_cli_output_is_gone   (void);
/* not because its reader has enough: a full disk, or closed from the beginning; that has been told */
gboolean scope_cli_output_has_failed (void);
guint    scope_cli_output_get_columns (void);
gboolean scope_cli_output_is_terminal (void);
gboolean scope_cli_output_has_colour  (void);

/* One line on standard error: "channelscope-cli: …". */
void     scope_cli_message          (const char *format,
                                     ...) G_GNUC_PRINTF (1, 2);

/* SIGINT, SIGTERM or SIGHUP came. It wakes the main loop. */
gboolean scope_cli_is_interrupted   (void);
/* readable from then on */
int      scope_cli_get_interrupt_fd (void);

G_END_DECLS
