/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-hint.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_HINT_PAGE (scope_hint_page_get_type ())

G_DECLARE_FINAL_TYPE (ScopeHintPage, scope_hint_page, SCOPE, HINT_PAGE, AdwBin)

/* A status page that says why a view is empty and offers the next step. */
/* (transfer full) (nullable) */
void       scope_hint_page_take_hint (ScopeHintPage *self,
                                      ScopeHint     *hint);

G_END_DECLS
