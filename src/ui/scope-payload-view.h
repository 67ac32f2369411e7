/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "capture/scope-entry.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PAYLOAD_VIEW (scope_payload_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopePayloadView, scope_payload_view, SCOPE, PAYLOAD_VIEW, AdwBin)

/* A payload to be read: indented and highlighted if it is JSON. Large ones are made ready on a worker
 * thread. */
void scope_payload_view_set_entry (ScopePayloadView *self,
                                   ScopeEntry       *entry);         /* nullable */
/* instead of a payload (nullable) */
void scope_payload_view_set_note  (ScopePayloadView *self,
                                   const char       *note);
void scope_payload_view_set_find  (ScopePayloadView *self,
                                   const char       *needle,         /* nullable */
                                   gboolean          case_sensitive);

G_END_DECLS
