/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_SIGNED_VIEW (scope_signed_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSignedView, scope_signed_view, SCOPE, SIGNED_VIEW, AdwBin)

/**
 * ScopeSignedView:
 *
 * A text that is signed, or a signature: in full, with its control characters told, and the place where it differs
 * from another marked. Property `title`: what it is.
 */
/* text: NULL hides it; difference: the byte to mark, -1: none */
void scope_signed_view_set_text (ScopeSignedView *self,
                                 const char      *text,
                                 gssize           difference);

G_END_DECLS
