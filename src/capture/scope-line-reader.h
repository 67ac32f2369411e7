/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* The way back from a line of `watch`, `query` or `export` (cli-contract.md) to an entry, for `import`. Lines
 * come from files: checked and bounded, with an error that names what is wrong. */

#define SCOPE_LINE_MAX_BYTES (16 * 1024 * 1024)

/* An entry whose line is that line again. SCOPE_ERROR_CAPTURE: no such line. A frame is built that has the
 * line's size and data; what the line does not tell (white space, order of keys) is not invented back. */
ScopeEntry *scope_line_read_ndjson (const char  *line,
                                    gsize        length,
                                    ScopeNames  *names,
                                    GError     **error);

/* The same; *note: of the bookmark the line tells ("": one without a note), NULL: it tells none (transfer full). */
ScopeEntry *scope_line_read_marked (const char  *line,
                                    gsize        length,
                                    ScopeNames  *names,
                                    char       **note,
                                    GError     **error);

G_END_DECLS
