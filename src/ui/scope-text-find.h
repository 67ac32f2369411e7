/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_TEXT_FIND (scope_text_find_get_type ())

G_DECLARE_FINAL_TYPE (ScopeTextFind, scope_text_find, SCOPE, TEXT_FIND, GObject)

/* so many places are highlighted in one text */
#define SCOPE_TEXT_FIND_MAX 2000

/**
 * ScopeTextFind:
 *
 * Highlights all places of a needle in a text view, anew whenever its text changes, and scrolls to
 * the first one. Looks through long texts in slices.
 */
ScopeTextFind *scope_text_find_new         (GtkTextView   *view);
void           scope_text_find_set_needle  (ScopeTextFind *self,
                                            const char    *needle,         /* nullable */
                                            gboolean       case_sensitive);

G_END_DECLS
