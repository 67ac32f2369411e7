/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-json-diff.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_DIFF_ITEM (scope_diff_item_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiffItem, scope_diff_item, SCOPE, DIFF_ITEM, GObject)

/* a longer value is shortened in its row, which says so */
#define SCOPE_DIFF_ITEM_VALUE_BYTES 240

/**
 * ScopeDiffItem:
 *
 * One difference as a row of a list. before, after: parts of the texts compared; nullable.
 */
ScopeDiffItem      *scope_diff_item_new        (ScopeJsonChangeKind kind,
                                                const char         *path,
                                                GBytes             *before,
                                                GBytes             *after);
ScopeJsonChangeKind scope_diff_item_get_kind   (ScopeDiffItem      *self);
const char         *scope_diff_item_get_path   (ScopeDiffItem      *self);
GBytes             *scope_diff_item_get_before (ScopeDiffItem      *self);  /* nullable */
GBytes             *scope_diff_item_get_after  (ScopeDiffItem      *self);  /* nullable */
/* "+", "−", "~", "≠", "=" */
const char         *scope_diff_item_get_mark   (ScopeDiffItem      *self);
/* "Added", … (translated) */
const char         *scope_diff_item_get_word   (ScopeDiffItem      *self);

G_END_DECLS
