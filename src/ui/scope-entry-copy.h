/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

/* Copies the whole of an entry: "payload" (indented if JSON), "raw", "frame"; anything else: the payload. A long one is
 * read and made ready on a worker thread, and given up by cancellable. */
void scope_entry_copy (GtkWidget      *widget,
                       ScopeEventItem *item,
                       ScopeEntry     *entry,       /* nullable: it is to be read */
                       const char     *what,
                       GCancellable   *cancellable);
/* as a line of an export: "ndjson" or "csv" */
void scope_entry_copy_row (GtkWidget      *widget,
                           ScopeEventItem *item,
                           ScopeNames     *names,
                           const char     *format,
                           GCancellable   *cancellable);

G_END_DECLS
