/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "net/scope-api-reply.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_API_ERROR_VIEW (scope_api_error_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeApiErrorView, scope_api_error_view, SCOPE, API_ERROR_VIEW, AdwBin)

/**
 * ScopeApiErrorView:
 *
 * What became of a request of the HTTP API that was not accepted: what the server said, what to do about it, and
 * behind "Details" its answer and what was signed. Hidden while there is nothing to tell.
 */
/* reply: nullable; read now, not kept */
GtkWidget *scope_api_error_view_new       (const ScopeApiReply *reply);
/* where they need not be asked for */
void       scope_api_error_view_open_details (ScopeApiErrorView *self);

G_END_DECLS
