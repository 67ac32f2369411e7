/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-schema-field.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SCHEMA_ROW (scope_schema_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSchemaRow, scope_schema_row, SCOPE, SCHEMA_ROW, AdwBin)

/* One field in the schema dialog: name, types, how often; a button that filters by it. */
GtkWidget *scope_schema_row_new       (void);
void       scope_schema_row_set_field (ScopeSchemaRow   *self,
                                       ScopeSchemaField *field);

G_END_DECLS
