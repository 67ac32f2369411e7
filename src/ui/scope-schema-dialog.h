/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-shape-memory.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SCHEMA_DIALOG (scope_schema_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSchemaDialog, scope_schema_dialog, SCOPE, SCHEMA_DIALOG, AdwWindow)

/**
 * ScopeSchemaDialog:
 *
 * What the events of a session look like: the fields of one name, the events that looked different,
 * and the JSON Schema to take away.
 */
/* event nullable: the one to begin with */
GtkWindow *scope_schema_dialog_new (GtkWindow        *parent,
                                    ScopeShapeMemory *memory,
                                    const char       *event);

G_END_DECLS
