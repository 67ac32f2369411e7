/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-hint.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_HINT_BAR (scope_hint_bar_get_type ())

G_DECLARE_FINAL_TYPE (ScopeHintBar, scope_hint_bar, SCOPE, HINT_BAR, AdwBin)

/* A strip that says what is wrong and offers the next step; hidden while there is no hint. */
/* (transfer full) (nullable) */
void       scope_hint_bar_take_hint (ScopeHintBar *self,
                                     ScopeHint    *hint);

G_END_DECLS
