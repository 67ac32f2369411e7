/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-outgoing.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_OUTGOING_ROW (scope_outgoing_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeOutgoingRow, scope_outgoing_row, SCOPE, OUTGOING_ROW, AdwActionRow)

/* An event that waits in a list to be published. Signals `edit (ScopeOutgoing *)`, `remove (ScopeOutgoing *)`. */
GtkWidget *scope_outgoing_row_new (ScopeOutgoing *outgoing);

G_END_DECLS
