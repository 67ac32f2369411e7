/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-shape.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SCHEMA_FIELD (scope_schema_field_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSchemaField, scope_schema_field, SCOPE, SCHEMA_FIELD, GObject)

/**
 * ScopeSchemaField:
 *
 * A line of the schema dialog: one field, and its words.
 */
/* takes field; n_events: of its event's name */
ScopeSchemaField      *scope_schema_field_new      (ScopeShapeField  *field,
                                                    guint64           n_events);
const ScopeShapeField *scope_schema_field_get      (ScopeSchemaField *self);
/* "always", "in 98 % of 1,204 events" (transfer full) */
char                  *scope_schema_field_dup_share (ScopeSchemaField *self);
/* when it was seen first and last (transfer full) */
char                  *scope_schema_field_dup_times (ScopeSchemaField *self);

G_END_DECLS
