/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-vocabulary.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FILTER_BUILDER (scope_filter_builder_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFilterBuilder, scope_filter_builder, SCOPE, FILTER_BUILDER, GtkPopover)

/**
 * ScopeFilterBuilder:
 *
 * Puts one comparison together: field, operator, and a value from what the log holds. Signal
 * `built (const char *mode, const char *text)`: with a mode of scope_filter_mode_parse().
 */
/* nullable */
void       scope_filter_builder_set_vocabulary (ScopeFilterBuilder *self,
                                                ScopeVocabulary    *vocabulary);

G_END_DECLS
