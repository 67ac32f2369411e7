/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ScopeGlyphTable:
 *
 * The glyphs of a font for the characters of ASCII. Most texts of a log are made of these alone, and a
 * page of it is two hundred texts: to look their glyphs up costs a tenth of what Pango has to find out
 * about a text that may hold anything.
 *
 * All texts are set without kerning and ligatures, those that need Pango as well, so that both look alike.
 */
typedef struct _ScopeGlyphTable ScopeGlyphTable;

ScopeGlyphTable        *scope_glyph_table_new         (void);
ScopeGlyphTable        *scope_glyph_table_ref         (ScopeGlyphTable   *self);
void                    scope_glyph_table_unref       (ScopeGlyphTable   *self);
void                    scope_glyph_table_set_context (ScopeGlyphTable   *self,
                                                       PangoContext      *context);
const PangoGlyphString *scope_glyph_table_set_line    (ScopeGlyphTable   *self,
                                                       const char        *text,
                                                       int                max_width,
                                                       PangoEllipsizeMode mode,
                                                       int               *width);
PangoFont              *scope_glyph_table_get_font    (ScopeGlyphTable   *self);
int                     scope_glyph_table_get_ascent  (ScopeGlyphTable   *self);
int                     scope_glyph_table_get_height  (ScopeGlyphTable   *self);
PangoAttrList          *scope_glyph_table_new_attributes (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeGlyphTable, scope_glyph_table_unref)

G_END_DECLS
