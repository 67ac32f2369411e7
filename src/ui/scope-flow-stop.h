/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_FLOW_STOP (scope_flow_stop_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFlowStop, scope_flow_stop, SCOPE, FLOW_STOP, AdwBin)

/**
 * ScopeFlowStop:
 *
 * Leads the Tab key through the widgets of the GtkFlowBox in it, one after the other, and out of
 * it. GTK's own flow box expects that its children take the focus, not what is in them.
 */

G_END_DECLS
