/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-glyph-table"

#include "config.h"

#include "ui/scope-glyph-table.h"

#include <pango/pangocairo.h>
#include <string.h>

#define FIRST_CHAR ' '
#define LAST_CHAR '~'
#define N_CHARS (LAST_CHAR - FIRST_CHAR + 1)
#define ELLIPSIS "…"
/* figures as wide as each other, so that those of two rows stand below each other; and each character as it
 * is alone */
#define FEATURES "tnum=1,kern=0,liga=0,clig=0,calt=0"

struct _ScopeGlyphTable
{
  /* what the glyphs were made for */
  PangoFontDescription *description; /* NULL: there were none yet */
  cairo_font_options_t *options;     /* nullable */
  double resolution;
  guint fonts_serial;

  PangoFont *font; /* NULL: it has not all of them, and no line is simple */
  PangoGlyphInfo chars[N_CHARS];
  PangoGlyphInfo ellipsis;
  int ascent;
  int height;
  PangoGlyphString *line; /* the last that was set */
};

/* ---- the table ---- */

static void
glyph_table_forget (ScopeGlyphTable *self)
{
  g_clear_pointer (&self->description, pango_font_description_free);
  g_clear_pointer (&self->options, cairo_font_options_destroy);
  g_clear_object (&self->font);
}

static gboolean
options_are_equal (const cairo_font_options_t *a,
                   const cairo_font_options_t *b)
{
  return a == NULL || b == NULL ? a == b : cairo_font_options_equal (a, b);
}

static gboolean
glyph_table_is_for (ScopeGlyphTable *self,
                    PangoContext    *context)
{
  return self->description != NULL
         && self->fonts_serial == pango_font_map_get_serial (pango_context_get_font_map (context))
         && self->resolution == pango_cairo_context_get_resolution (context)
         && options_are_equal (self->options, pango_cairo_context_get_font_options (context))
         && pango_font_description_equal (self->description, pango_context_get_font_description (context));
}

/* All characters and the ellipsis as one line. */
static PangoLayout *
create_sample (PangoContext *context)
{
  PangoLayout *sample = pango_layout_new (context);
  g_autoptr (PangoAttrList) attributes = scope_glyph_table_new_attributes ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (char c = FIRST_CHAR; c <= LAST_CHAR; c++)
    g_string_append_c (text, c);
  g_string_append (text, ELLIPSIS);
  pango_layout_set_text (sample, text->str, text->len);
  pango_layout_set_attributes (sample, attributes);
  return sample;
}

/* Takes a run's glyphs for the characters from position on. FALSE: there is not one of the same font for
 * each. */
static gboolean
glyph_table_take_run (ScopeGlyphTable      *self,
                      const PangoGlyphItem *run,
                      guint                *position)
{
  if (run->glyphs->num_glyphs != run->item->num_chars || (run->item->analysis.level & 1) != 0)
    return FALSE;
  if (self->font == NULL)
    self->font = g_object_ref (run->item->analysis.font);
  if (self->font != run->item->analysis.font)
    return FALSE;
  for (int i = 0; i < run->glyphs->num_glyphs && *position <= N_CHARS; i++, (*position)++)
    *(*position < N_CHARS ? &self->chars[*position] : &self->ellipsis) = run->glyphs->glyphs[i];
  return TRUE;
}

static void
glyph_table_fill (ScopeGlyphTable *self,
                  PangoContext    *context)
{
  g_autoptr (PangoLayout) sample = create_sample (context);
  PangoLayoutLine *line = pango_layout_get_line_readonly (sample, 0);
  PangoRectangle extents;
  guint n_taken = 0;

  for (GSList *l = line->runs; l != NULL; l = l->next)
    if (!glyph_table_take_run (self, l->data, &n_taken))
      break;
  if (n_taken != N_CHARS + 1)
    g_clear_object (&self->font);
  pango_layout_line_get_extents (line, NULL, &extents);
  self->ascent = -extents.y;
  self->height = extents.height;
}

/* ---- lines ---- */

static const PangoGlyphInfo *
glyph_table_find (ScopeGlyphTable *self,
                  char             c)
{
  return c >= FIRST_CHAR && c <= LAST_CHAR ? &self->chars[c - FIRST_CHAR] : NULL;
}

static void
line_put (PangoGlyphString     *line,
          int                   at,
          const PangoGlyphInfo *glyph)
{
  line->glyphs[at] = *glyph;
  line->log_clusters[at] = at;
}

/* How many glyphs from one on have room in a width, which they then leave. */
static int
line_count_fitting (const PangoGlyphString *line,
                    int                     from,
                    int                     step,
                    int                    *room)
{
  int n = 0;

  for (int i = from; i >= 0 && i < line->num_glyphs && line->glyphs[i].geometry.width <= *room; i += step)
    {
      *room -= line->glyphs[i].geometry.width;
      n++;
    }
  return n;
}

/* Puts the ellipsis where some have no room: before the last ones that stay, of which there may be none. */
static void
glyph_table_ellipsize (ScopeGlyphTable   *self,
                       PangoEllipsizeMode mode,
                       int                max_width,
                       int               *width)
{
  PangoGlyphString *line = self->line;
  int room = MAX (0, max_width - self->ellipsis.geometry.width);
  int head_room = mode == PANGO_ELLIPSIZE_MIDDLE ? room / 2 : room;
  int left = head_room;
  int head = line_count_fitting (line, 0, 1, &left);
  int tail = 0;

  left = room - (head_room - left);
  if (mode == PANGO_ELLIPSIZE_MIDDLE)
    tail = line_count_fitting (line, line->num_glyphs - 1, -1, &left);
  for (int i = 0; i < tail; i++)
    line_put (line, head + 1 + i, &line->glyphs[line->num_glyphs - tail + i]);
  line_put (line, head, &self->ellipsis);
  pango_glyph_string_set_size (line, head + 1 + tail);
  *width = room - left + self->ellipsis.geometry.width;
}

/* ---- public ---- */

/**
 * scope_glyph_table_new:
 *
 * Returns: (transfer full): a table of no font, see scope_glyph_table_set_context()
 */
ScopeGlyphTable *
scope_glyph_table_new (void)
{
  ScopeGlyphTable *self = g_rc_box_new0 (ScopeGlyphTable);

  self->line = pango_glyph_string_new ();
  return self;
}

/**
 * scope_glyph_table_ref:
 *
 * Returns: (transfer full): @self
 */
ScopeGlyphTable *
scope_glyph_table_ref (ScopeGlyphTable *self)
{
  return g_rc_box_acquire (self);
}

static void
glyph_table_clear (ScopeGlyphTable *self)
{
  glyph_table_forget (self);
  pango_glyph_string_free (self->line);
}

/**
 * scope_glyph_table_unref:
 * @self: (transfer full): a table
 */
void
scope_glyph_table_unref (ScopeGlyphTable *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) glyph_table_clear);
}

/**
 * scope_glyph_table_new_attributes:
 *
 * Returns: (transfer full): how the texts that are not in the table are set
 */
PangoAttrList *
scope_glyph_table_new_attributes (void)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_font_features_new (FEATURES));
  return attributes;
}

/**
 * scope_glyph_table_set_context:
 * @context: of the widget that is going to show lines
 *
 * Looks the glyphs up, if the font is not that of last time, or is to be drawn in another way.
 */
void
scope_glyph_table_set_context (ScopeGlyphTable *self,
                               PangoContext    *context)
{
  const cairo_font_options_t *options;

  g_return_if_fail (self != NULL);
  g_return_if_fail (PANGO_IS_CONTEXT (context));

  if (glyph_table_is_for (self, context))
    return;
  glyph_table_forget (self);
  options = pango_cairo_context_get_font_options (context);
  self->description = pango_font_description_copy (pango_context_get_font_description (context));
  self->options = options != NULL ? cairo_font_options_copy (options) : NULL;
  self->resolution = pango_cairo_context_get_resolution (context);
  self->fonts_serial = pango_font_map_get_serial (pango_context_get_font_map (context));
  glyph_table_fill (self, context);
}

/**
 * scope_glyph_table_set_line:
 * @text: a text of one line
 * @max_width: what room there is for it, in Pango units
 * @mode: where it loses what there is no room for: the end or the middle
 * @width: (out): how much it takes, in Pango units
 *
 * Returns: (transfer none) (nullable): the glyphs, until the next line is set; %NULL if the text needs Pango
 */
const PangoGlyphString *
scope_glyph_table_set_line (ScopeGlyphTable   *self,
                            const char        *text,
                            int                max_width,
                            PangoEllipsizeMode mode,
                            int               *width)
{
  int n = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  if (self->font == NULL)
    return NULL;
  *width = 0;
  pango_glyph_string_set_size (self->line, strlen (text));
  /* what comes behind the end that is in sight is not looked at */
  for (; text[n] != '\0' && (*width <= max_width || mode != PANGO_ELLIPSIZE_END); n++)
    {
      const PangoGlyphInfo *glyph = glyph_table_find (self, text[n]);

      if (glyph == NULL)
        return NULL;
      line_put (self->line, n, glyph);
      *width += glyph->geometry.width;
    }
  pango_glyph_string_set_size (self->line, n);
  if (*width > max_width && n > 0)
    glyph_table_ellipsize (self, mode, max_width, width);
  return self->line;
}

/**
 * scope_glyph_table_get_font:
 *
 * Returns: (transfer none) (nullable): what the glyphs are of
 */
PangoFont *
scope_glyph_table_get_font (ScopeGlyphTable *self)
{
  return self->font;
}

/**
 * scope_glyph_table_get_ascent:
 *
 * Returns: how far a line's base is below its top, in Pango units
 */
int
scope_glyph_table_get_ascent (ScopeGlyphTable *self)
{
  return self->ascent;
}

/**
 * scope_glyph_table_get_height:
 *
 * Returns: how high a line is, in Pango units
 */
int
scope_glyph_table_get_height (ScopeGlyphTable *self)
{
  return self->height;
}
