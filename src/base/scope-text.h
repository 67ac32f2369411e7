/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text for people and for lines: sizes, times, rates. All return new strings (transfer full). */

/* "312 B", "1.2 kB", "4.0 MB" */
char    *scope_text_format_size      (guint64      bytes);
/* "48,211": grouped as the locale does it */
char    *scope_text_format_count     (guint64      n);
/* "340 ms", "14 s", "2 min 5 s", "3 h 10 min" */
char    *scope_text_format_duration  (gint64       usec);
/* "+0.412 s": between two events; from a minute on "+2 min 5 s" */
char    *scope_text_format_delta     (gint64       usec);
/* "3/s", "0.2/s", "20k/s" */
char    *scope_text_format_rate      (double       per_second);
/* local "14:05:02.113" */
char    *scope_text_format_clock     (gint64       wall_usec);
/* UTC "2026-11-21T14:05:02.113456Z" */
char    *scope_text_format_rfc3339   (gint64       wall_usec);
gboolean scope_text_parse_rfc3339    (const char  *text,
                                      gint64      *wall_usec);

/* One line of at most max_bytes, never cutting a character; control characters become their
 * visible symbols (U+2400 …); invalid UTF-8 becomes U+FFFD; what is cut ends in "…". */
char    *scope_text_for_display      (const char  *bytes,
                                      gssize       length,
                                      gsize        max_bytes);

/* valid UTF-8 of at most max_bytes, line breaks kept; when cut, "… (N more bytes)" comes on top */
char    *scope_text_bounded          (const char  *bytes,
                                      gssize       length,
                                      gsize        max_bytes);

/* "--name" of "--name=value", "-p" of "-pvalue": a value that is joined to it may be a secret */
char    *scope_text_option_name      (const char  *argument);

/* sets *field to a copy of value; TRUE if that changed it (g_set_str() is not on our floor) */
gboolean scope_set_str               (char       **field,
                                      const char  *value);

G_END_DECLS
