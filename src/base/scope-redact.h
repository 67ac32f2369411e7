/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes secrets out of text that is about to be shown, logged or recorded. */

/* every occurrence of each secret in text becomes "•••"; secrets shorter than 4 bytes are left
 * alone (they would shred the text). NULL-terminated array. (transfer full) */
char *scope_redact_text   (const char         *text,
                           const char * const *secrets);

/* user info and the values of every query parameter become "•••" (transfer full) */
char *scope_redact_url    (const char         *url);

G_END_DECLS
