/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* bytes a line: narrow enough for a pane of 360 pixels */
#define SCOPE_HEX_LINE 8

/* "00001f40  7b 22 61 22 3a 31 7d 0a  {"a":1}·" a line; offset: of the first byte (transfer full) */
char *scope_hex_dump (const char *bytes,
                      gsize       length,
                      gsize       offset);

G_END_DECLS
