/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-log-cell"

#include "config.h"

#include "ui/scope-log-cell.h"

#include "ui/scope-ui-util.h"

/* What has no room in a cell need not be laid out. Few texts are so narrow that more would fit in. */
#define MIN_CHAR_PIXELS 3

struct _ScopeLogCell
{
  GtkWidget parent_instance;

  ScopeGlyphTable *table;
  PangoEllipsizeMode mode;
  guint min_chars;
  char *text;
  PangoAttrList *marks; /* nullable */
  gboolean at_end;
};

G_DEFINE_FINAL_TYPE (ScopeLogCell, scope_log_cell, GTK_TYPE_WIDGET)

static PangoLayout *
scope_log_cell_create_layout (ScopeLogCell *self)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  g_autoptr (PangoAttrList) attributes = scope_glyph_table_new_attributes ();

  if (self->marks != NULL)
    pango_attr_list_splice (attributes, self->marks, 0, 0);
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  return layout;
}

static void
scope_log_cell_measure (GtkWidget     *widget,
                        GtkOrientation orientation,
                        int            for_size,
                        int           *minimum,
                        int           *natural,
                        int           *minimum_baseline,
                        int           *natural_baseline)
{
  ScopeLogCell *self = SCOPE_LOG_CELL (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = PANGO_PIXELS_CEIL ((int) self->min_chars
                                  * pango_font_metrics_get_approximate_char_width (metrics));
  else
    *minimum = PANGO_PIXELS_CEIL (pango_font_metrics_get_ascent (metrics)
                                  + pango_font_metrics_get_descent (metrics));
  *natural = *minimum;
  pango_font_metrics_unref (metrics);
}

static void
scope_log_cell_get_color (ScopeLogCell *self,
                          GdkRGBA      *color)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), color);
}

static int
scope_log_cell_get_x (ScopeLogCell *self,
                      int           width)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  return self->at_end != is_rtl ? gtk_widget_get_width (GTK_WIDGET (self)) - width : 0;
}

/* FALSE: it has to be laid out. */
static gboolean
scope_log_cell_snapshot_line (ScopeLogCell *self,
                              GtkSnapshot  *snapshot,
                              int           room)
{
  const PangoGlyphString *line;
  GskRenderNode *node;
  GdkRGBA color;
  int width;
  int top;

  if (self->marks != NULL || gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    return FALSE;
  scope_glyph_table_set_context (self->table, gtk_widget_get_pango_context (GTK_WIDGET (self)));
  line = scope_glyph_table_set_line (self->table, self->text, room * PANGO_SCALE, self->mode, &width);
  if (line == NULL)
    return FALSE;

  scope_log_cell_get_color (self, &color);
  top = (gtk_widget_get_height (GTK_WIDGET (self))
         - PANGO_PIXELS (scope_glyph_table_get_height (self->table)))
        / 2;
  node = gsk_text_node_new (
      scope_glyph_table_get_font (self->table), (PangoGlyphString *) line, &color,
      &GRAPHENE_POINT_INIT (scope_log_cell_get_x (self, PANGO_PIXELS_CEIL (width)),
                            top + (float) scope_glyph_table_get_ascent (self->table) / PANGO_SCALE));
  if (node != NULL)
    {
      gtk_snapshot_append_node (snapshot, node);
      gsk_render_node_unref (node);
    }
  return TRUE;
}

static void
scope_log_cell_snapshot_layout (ScopeLogCell *self,
                                GtkSnapshot  *snapshot,
                                int           room)
{
  g_autoptr (PangoLayout) layout = scope_log_cell_create_layout (self);
  int max_chars = MAX ((int) self->min_chars, room / MIN_CHAR_PIXELS);
  PangoRectangle extents;
  GdkRGBA color;

  if (self->mode == PANGO_ELLIPSIZE_END && g_utf8_strlen (self->text, -1) > max_chars + 1)
    pango_layout_set_text (layout, self->text,
                           g_utf8_offset_to_pointer (self->text, max_chars + 1) - self->text);
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  if (extents.width <= room)
    pango_layout_set_text (layout, self->text, -1);
  pango_layout_set_width (layout, room * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, self->mode);
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  scope_log_cell_get_color (self, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot,
      &GRAPHENE_POINT_INIT (scope_log_cell_get_x (self, extents.width) - extents.x,
                            (gtk_widget_get_height (GTK_WIDGET (self)) - extents.height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
scope_log_cell_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  ScopeLogCell *self = SCOPE_LOG_CELL (widget);
  int room = gtk_widget_get_width (widget);

  if (self->text[0] == '\0' || room <= 0)
    return;
  if (!scope_log_cell_snapshot_line (self, snapshot, room))
    scope_log_cell_snapshot_layout (self, snapshot, room);
}

/* ---- class ---- */

static void
scope_log_cell_finalize (GObject *object)
{
  ScopeLogCell *self = SCOPE_LOG_CELL (object);

  scope_glyph_table_unref (self->table);
  g_clear_pointer (&self->marks, pango_attr_list_unref);
  g_free (self->text);

  G_OBJECT_CLASS (scope_log_cell_parent_class)->finalize (object);
}

static void
scope_log_cell_class_init (ScopeLogCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = scope_log_cell_finalize;
  widget_class->measure = scope_log_cell_measure;
  widget_class->snapshot = scope_log_cell_snapshot;
  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
scope_log_cell_init (ScopeLogCell *self)
{
  self->text = g_strdup ("");
  scope_ui_set_label (self, ""); /* else it is called by the name of its type */
}

/**
 * scope_log_cell_new:
 * @table: shared by all cells of the log
 * @mode: where it loses what there is no room for: the end or the middle
 * @min_chars: how many there is always room for
 *
 * Returns: (transfer floating): a cell without a text
 */
GtkWidget *
scope_log_cell_new (ScopeGlyphTable   *table,
                    PangoEllipsizeMode mode,
                    guint              min_chars)
{
  ScopeLogCell *self;

  g_return_val_if_fail (table != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_LOG_CELL, NULL);
  self->table = scope_glyph_table_ref (table);
  self->mode = mode;
  self->min_chars = min_chars;
  return GTK_WIDGET (self);
}

/**
 * scope_log_cell_set_text:
 * @text: valid UTF-8; what does not fit in one line is not seen
 * @at_end: whether it stands at the end of the cell
 * @marks: (nullable): how its parts look
 *
 * To a screen reader the text is whole.
 */
void
scope_log_cell_set_text (ScopeLogCell  *self,
                         const char    *text,
                         gboolean       at_end,
                         PangoAttrList *marks)
{
  g_return_if_fail (SCOPE_IS_LOG_CELL (self));
  g_return_if_fail (text != NULL);

  if (at_end == self->at_end && marks == NULL && self->marks == NULL && g_str_equal (text, self->text))
    return;
  self->at_end = at_end;
  g_clear_pointer (&self->marks, pango_attr_list_unref);
  if (marks != NULL)
    self->marks = pango_attr_list_ref (marks);
  if (!g_str_equal (text, self->text))
    {
      g_free (self->text);
      self->text = g_strdup (text);
      scope_ui_set_label (self, self->text);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * scope_log_cell_get_text:
 *
 * Returns: (transfer none): its text, also what there is no room for
 */
const char *
scope_log_cell_get_text (ScopeLogCell *self)
{
  g_return_val_if_fail (SCOPE_IS_LOG_CELL (self), "");

  return self->text;
}

/**
 * scope_log_cell_is_cut:
 *
 * Returns: whether there is no room for all of its text
 */
gboolean
scope_log_cell_is_cut (ScopeLogCell *self)
{
  g_autoptr (PangoLayout) layout = NULL;
  int width;

  g_return_val_if_fail (SCOPE_IS_LOG_CELL (self), FALSE);

  layout = scope_log_cell_create_layout (self);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width > gtk_widget_get_width (GTK_WIDGET (self));
}
