/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-publish-result.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_RESULT_ROW (scope_publish_result_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishResultRow, scope_publish_result_row, SCOPE, PUBLISH_RESULT_ROW, AdwExpanderRow)

/* What became of a request: in words, with the server's answer below. Signals `edit` and `again (ScopePublishResult *)`. */
GtkWidget *scope_publish_result_row_new (ScopePublishResult *result);

void       scope_publish_result_row_set_icon (GtkImage        *image,
                                              ScopeApiOutcome  outcome);

G_END_DECLS
