/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <pango/pangocairo.h>
#include <string.h>

#include "ui/scope-glyph-table.h"

/* As Pango sets them. */

#define ALL " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
#define PREVIEW "{\"id\":4711,\"note\":\"AVAT. To fi ff\",\"total\":99.5,\"paid\":true,\"lines\":[1,2,3]}"

/* Pango 1.50 has no cleanup for contexts. */
typedef PangoContext FontContext;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FontContext, g_object_unref)

static FontContext *
create_context (const char *font)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_context_set_font_description (context, description);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_font_description_free (description);
  return context;
}

static PangoLayout *
create_layout (PangoContext *context,
               const char   *text)
{
  PangoLayout *layout = pango_layout_new (context);
  g_autoptr (PangoAttrList) attributes = scope_glyph_table_new_attributes ();

  pango_layout_set_text (layout, text, -1);
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

static ScopeGlyphTable *
create_table (PangoContext *context)
{
  ScopeGlyphTable *table = scope_glyph_table_new ();

  scope_glyph_table_set_context (table, context);
  g_assert_nonnull (scope_glyph_table_get_font (table));
  return table;
}

static int
get_width (PangoLayout *layout)
{
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);
  return extents.width;
}

/* The glyphs of a layout's first line, of one run or several. */
static void
assert_same_glyphs (const PangoGlyphString *line,
                    PangoLayout            *layout)
{
  int n = 0;

  for (GSList *l = pango_layout_get_line_readonly (layout, 0)->runs; l != NULL; l = l->next)
    {
      const PangoGlyphString *glyphs = ((PangoGlyphItem *) l->data)->glyphs;

      for (int i = 0; i < glyphs->num_glyphs; i++, n++)
        {
          g_assert_cmpint (n, <, line->num_glyphs);
          g_assert_cmpuint (line->glyphs[n].glyph, ==, glyphs->glyphs[i].glyph);
          g_assert_cmpint (line->glyphs[n].geometry.width, ==, glyphs->glyphs[i].geometry.width);
        }
    }
  g_assert_cmpint (line->num_glyphs, ==, n);
}

static void
test_whole (void)
{
  static const char * const fonts[] = { "Sans 10", "Cantarell 11", "Monospace 9", "Serif Bold 13" };
  static const char * const texts[] = { "", "order.paid", "presence-room-7", "12:00:03.125", ALL, PREVIEW };

  for (guint i = 0; i < G_N_ELEMENTS (fonts); i++)
    {
      g_autoptr (FontContext) context = create_context (fonts[i]);
      g_autoptr (ScopeGlyphTable) table = create_table (context);

      for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
        {
          g_autoptr (PangoLayout) layout = create_layout (context, texts[k]);
          int width = -1;
          const PangoGlyphString *line =
              scope_glyph_table_set_line (table, texts[k], G_MAXINT, PANGO_ELLIPSIZE_END, &width);

          g_assert_nonnull (line);
          g_assert_cmpint (width, ==, get_width (layout));
          assert_same_glyphs (line, layout);
        }
    }
}

static void
test_metrics (void)
{
  g_autoptr (FontContext) context = create_context ("Sans 10");
  g_autoptr (ScopeGlyphTable) table = create_table (context);
  g_autoptr (PangoLayout) layout = create_layout (context, ALL);

  g_assert_cmpint (scope_glyph_table_get_ascent (table), ==, pango_layout_get_baseline (layout));
  g_assert_cmpint (scope_glyph_table_get_height (table), >=, scope_glyph_table_get_ascent (table));
}

/* Who changes the size of texts sees it. */
static void
test_other_font (void)
{
  g_autoptr (FontContext) small = create_context ("Sans 10");
  g_autoptr (FontContext) large = create_context ("Sans 20");
  g_autoptr (ScopeGlyphTable) table = create_table (small);
  int narrow;
  int wide;
  int again;

  scope_glyph_table_set_line (table, PREVIEW, G_MAXINT, PANGO_ELLIPSIZE_END, &narrow);
  scope_glyph_table_set_context (table, large);
  scope_glyph_table_set_line (table, PREVIEW, G_MAXINT, PANGO_ELLIPSIZE_END, &wide);
  pango_cairo_context_set_resolution (large, 192);
  pango_context_changed (large);
  scope_glyph_table_set_context (table, large);
  scope_glyph_table_set_line (table, PREVIEW, G_MAXINT, PANGO_ELLIPSIZE_END, &again);

  g_assert_cmpint (wide, >, narrow);
  g_assert_cmpint (again, >, wide);
}

static void
test_needs_pango (void)
{
  static const char * const texts[] = { "Zoë", "日本", "a\tb", "a\nb", "a\x7f", "\xe2\x80\xa6" };
  g_autoptr (FontContext) context = create_context ("Sans 10");
  g_autoptr (ScopeGlyphTable) table = create_table (context);
  int width;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (scope_glyph_table_set_line (table, texts[i], G_MAXINT, PANGO_ELLIPSIZE_END, &width));
}

/* What is not in sight does not matter. */
static void
test_unseen_end (void)
{
  g_autoptr (FontContext) context = create_context ("Sans 10");
  g_autoptr (ScopeGlyphTable) table = create_table (context);
  int width;

  g_assert_nonnull (scope_glyph_table_set_line (table, "abcdefghijklmnopqrstuvwxyz Zoë", 20 * PANGO_SCALE,
                                                PANGO_ELLIPSIZE_END, &width));
  g_assert_null (scope_glyph_table_set_line (table, "abcdefghijklmnopqrstuvwxyz Zoë", 20 * PANGO_SCALE,
                                             PANGO_ELLIPSIZE_MIDDLE, &width));
}

/* As many as have room, with an ellipsis for the others. */
static void
test_cut (void)
{
  g_autoptr (FontContext) context = create_context ("Sans 10");
  g_autoptr (ScopeGlyphTable) table = create_table (context);
  g_autoptr (PangoLayout) whole = create_layout (context, PREVIEW);
  int full = get_width (whole);

  for (int room = 0; room < full; room += PANGO_SCALE)
    {
      PangoEllipsizeMode modes[] = { PANGO_ELLIPSIZE_END, PANGO_ELLIPSIZE_MIDDLE };

      for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
        {
          int width;
          int sum = 0;
          const PangoGlyphString *line = scope_glyph_table_set_line (table, PREVIEW, room, modes[i], &width);

          g_assert_cmpint (line->num_glyphs, >=, 1);
          g_assert_cmpint (line->num_glyphs, <=, (int) strlen (PREVIEW));
          for (int k = 0; k < line->num_glyphs; k++)
            sum += line->glyphs[k].geometry.width;
          g_assert_cmpint (sum, ==, width);
          if (line->num_glyphs > 1)
            g_assert_cmpint (width, <=, room);
        }
    }
}

static guint
count_of (const PangoGlyphString *line,
          PangoGlyph              glyph)
{
  guint n = 0;

  for (int i = 0; i < line->num_glyphs; i++)
    n += line->glyphs[i].glyph == glyph;
  return n;
}

/* Names of channels begin alike, and end apart. */
static void
test_cut_middle (void)
{
  g_autoptr (FontContext) context = create_context ("Sans 10");
  g_autoptr (ScopeGlyphTable) table = create_table (context);
  g_autoptr (PangoLayout) dots = create_layout (context, "…");
  g_autoptr (PangoLayout) whole = create_layout (context, "aaaaaaaaaabbbbbbbbbb");
  PangoGlyphItem *run = pango_layout_get_line_readonly (dots, 0)->runs->data;
  PangoGlyph ellipsis = run->glyphs->glyphs[0].glyph;
  const PangoGlyphString *line;
  int width;
  PangoGlyph a, b;

  line = scope_glyph_table_set_line (table, "ab", G_MAXINT, PANGO_ELLIPSIZE_END, &width);
  a = line->glyphs[0].glyph;
  b = line->glyphs[1].glyph;
  line = scope_glyph_table_set_line (table, "aaaaaaaaaabbbbbbbbbb", get_width (whole) / 2,
                                     PANGO_ELLIPSIZE_MIDDLE, &width);

  g_assert_cmpuint (count_of (line, ellipsis), ==, 1);
  g_assert_cmpuint (count_of (line, a), >, 2);
  g_assert_cmpuint (count_of (line, b), >, 2);
  g_assert_cmpuint (line->glyphs[0].glyph, ==, a);
  g_assert_cmpuint (line->glyphs[line->num_glyphs - 1].glyph, ==, b);

  line = scope_glyph_table_set_line (table, "aaaaaaaaaabbbbbbbbbb", get_width (whole) / 2,
                                     PANGO_ELLIPSIZE_END, &width);
  g_assert_cmpuint (line->glyphs[line->num_glyphs - 1].glyph, ==, ellipsis);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/glyph-table/whole", test_whole);
  g_test_add_func ("/glyph-table/metrics", test_metrics);
  g_test_add_func ("/glyph-table/other-font", test_other_font);
  g_test_add_func ("/glyph-table/needs-pango", test_needs_pango);
  g_test_add_func ("/glyph-table/unseen-end", test_unseen_end);
  g_test_add_func ("/glyph-table/cut", test_cut);
  g_test_add_func ("/glyph-table/cut-middle", test_cut_middle);
  return g_test_run ();
}
