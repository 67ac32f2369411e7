/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-cell"

#include "config.h"

#include "ui/scope-event-cell.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "ui/scope-format.h"
#include "ui/scope-log-cell.h"
#include "ui/scope-log-row.h"
#include "ui/scope-mark-look.h"
#include "ui/scope-shape-mark.h"
#include "ui/scope-ui-util.h"

/* Before the text of some cells stands a sign: of the rule, of the event, of a size that is too
 * large, of an event that looks like none before. They are made when there is something to tell. */

#define MIN_CHARS 3
/* below that the log scrolls sideways */
#define PREVIEW_MIN_CHARS 6

/* of a factory */
typedef struct
{
  ScopeEventColumns *columns; /* weak */
  ScopeLogColumn *column;
  ScopeGlyphTable *glyphs;
} CellContext;

/* what belongs to the child of a cell */
typedef struct
{
  CellContext *context;
  GtkListItem *list_item; /* unowned: it owns the child */
  ScopeLogCell *text;     /* the child, or the last in a box of signs */
  GtkWidget *sign;        /* nullable */
  GtkWidget *mark;        /* nullable: what the shape has of news */
  ScopeEventItem *item;   /* what is shown; nullable */
  gboolean waits;         /* for what is being read of it */
  const char *kind_class;
  const char *color_class;
} EventCell;

static const struct
{
  const char *css_class;
  const char *sign;
  const char *word;
} colors[SCOPE_N_COLORS] = {
  [SCOPE_COLOR_RED] = { "scope-color-red", "▲", N_("Red") },
  [SCOPE_COLOR_ORANGE] = { "scope-color-orange", "◆", N_("Orange") },
  [SCOPE_COLOR_YELLOW] = { "scope-color-yellow", "★", N_("Yellow") },
  [SCOPE_COLOR_GREEN] = { "scope-color-green", "●", N_("Green") },
  [SCOPE_COLOR_TEAL] = { "scope-color-teal", "▼", N_("Teal") },
  [SCOPE_COLOR_BLUE] = { "scope-color-blue", "■", N_("Blue") },
  [SCOPE_COLOR_PURPLE] = { "scope-color-purple", "✚", N_("Purple") },
  [SCOPE_COLOR_GRAY] = { "scope-color-gray", "○", N_("Gray") },
};

/**
 * scope_color_to_class:
 * @color: a color
 *
 * Returns: the style class of what stands on it
 */
const char *
scope_color_to_class (ScopeColor color)
{
  g_return_val_if_fail ((guint) color < SCOPE_N_COLORS, colors[0].css_class);

  return colors[color].css_class;
}

/**
 * scope_color_to_sign:
 * @color: a color
 *
 * Returns: the sign that stands beside it
 */
const char *
scope_color_to_sign (ScopeColor color)
{
  g_return_val_if_fail (color < SCOPE_N_COLORS, "");

  return colors[color].sign;
}

/**
 * scope_color_to_word:
 * @color: a color
 *
 * Returns: its name, translated
 */
const char *
scope_color_to_word (ScopeColor color)
{
  g_return_val_if_fail (color < SCOPE_N_COLORS, "");

  return _(colors[color].word);
}

static void
cell_context_free (gpointer  data,
                   GClosure *closure)
{
  CellContext *context = data;

  g_clear_weak_pointer (&context->columns);
  scope_log_column_unref (context->column);
  scope_glyph_table_unref (context->glyphs);
  g_free (context);
}

static void
event_cell_free (EventCell *self)
{
  g_clear_object (&self->item);
  g_free (self);
}

static GQuark
event_cell_quark (void)
{
  static GQuark quark;

  if (quark == 0)
    quark = g_quark_from_static_string ("scope-event-cell");
  return quark;
}

/* Of its text, or the box that it stands in. */
static EventCell *
event_cell_get (GtkWidget *child)
{
  if (GTK_IS_BOX (child))
    child = gtk_widget_get_last_child (child);
  return g_object_get_qdata (G_OBJECT (child), event_cell_quark ());
}

/* ---- marks in texts ---- */

static gsize
text_match_at (const char *text,
               const char *needle,
               gboolean    match_case)
{
  const char *p = text;

  for (; *needle != '\0'; needle = g_utf8_next_char (needle), p = g_utf8_next_char (p))
    {
      gunichar a = g_utf8_get_char (p);
      gunichar b = g_utf8_get_char (needle);

      if (a == 0 || (match_case ? a != b : g_unichar_tolower (a) != g_unichar_tolower (b)))
        return 0;
    }
  return p - text;
}

static void
attrs_add (PangoAttrList *attrs,
           gsize          from,
           gsize          to)
{
  PangoAttribute *marks[] = {
    pango_attr_background_new (0xf9f9, 0xf0f0, 0x6b6b),
    pango_attr_foreground_new (0, 0, 0),
    pango_attr_weight_new (PANGO_WEIGHT_BOLD),
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      marks[i]->start_index = from;
      marks[i]->end_index = to;
      pango_attr_list_insert (attrs, marks[i]);
    }
}

/**
 * scope_event_cell_mark_text:
 * @text: valid UTF-8
 * @needle: what was looked for
 * @match_case: whether `A` and `a` differ
 *
 * Returns: (transfer full) (nullable): attributes that mark each place
 */
PangoAttrList *
scope_event_cell_mark_text (const char *text,
                            const char *needle,
                            gboolean    match_case)
{
  PangoAttrList *attrs = NULL;
  const char *p = text;

  if (*needle == '\0')
    return NULL;
  while (*p != '\0')
    {
      gsize length = text_match_at (p, needle, match_case);

      if (length == 0)
        {
          p = g_utf8_next_char (p);
          continue;
        }
      if (attrs == NULL)
        attrs = pango_attr_list_new ();
      attrs_add (attrs, p - text, p - text + length);
      p += length;
    }
  return attrs;
}

/* ---- questions ---- */

static void
append_line (GString    *text,
             const char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
}

/* The cell of the time has its row's bookmark, see scope_mark_look_bind(); what is told here,
 * inside it, would hide that. */
static void
append_bookmark (GString        *text,
                 CellContext    *context,
                 ScopeEventItem *item)
{
  g_autofree char *bookmark = NULL;

  if (scope_log_column_get_kind (context->column) == SCOPE_LOG_COLUMN_TIME)
    bookmark = scope_format_bookmark (item);
  if (bookmark != NULL)
    append_line (text, bookmark);
}

/* What is cut is told in whole; why there is a dash; which rule gave the color. */
static gboolean
query_tooltip_cb (GtkWidget   *widget,
                  int          x,
                  int          y,
                  gboolean     keyboard,
                  GtkTooltip  *tooltip,
                  EventCell   *self)
{
  CellContext *context = self->context;
  ScopeEventItem *item = self->item;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *note = NULL;
  const ScopeColorRule *rule;

  if (item == NULL || context->columns == NULL || self->waits)
    return FALSE;
  if (scope_log_cell_is_cut (self->text))
    append_line (text, scope_log_cell_get_text (self->text));
  note = scope_log_column_dup_note (context->column, item);
  if (note != NULL)
    append_line (text, note);
  rule = scope_color_rules_match (_scope_event_columns_get_rules (context->columns), item);
  if (rule != NULL)
    {
      g_autofree char *mark = g_strdup_printf ("%s %s", colors[rule->color].sign, rule->name);

      append_line (text, mark);
    }
  append_bookmark (text, context, item);
  if (text->len > 0)
    gtk_tooltip_set_text (tooltip, text->str);
  return text->len > 0;
}

/* ---- the parts of a cell ---- */

/* Compares pointers: there are few classes, and very many cells that come and go. */
static void
cell_set_class (GtkWidget   *cell,
                const char **before,
                const char  *css_class)
{
  if (*before == css_class)
    return;
  if (*before != NULL)
    gtk_widget_remove_css_class (cell, *before);
  if (css_class != NULL)
    gtk_widget_add_css_class (cell, css_class);
  *before = css_class;
}

/* GtkColumnView has neither a row factory nor full-width rows: each cell of a row is tinted. */
static void
event_cell_set_look (EventCell            *self,
                     GtkWidget            *cell,
                     const ScopeColorRule *rule)
{
  cell_set_class (cell, &self->kind_class,
                  scope_format_kind_class (scope_event_item_get_record (self->item)->kind));
  cell_set_class (cell, &self->color_class, rule != NULL ? colors[rule->color].css_class : NULL);
}

static void
row_set_name (GtkWidget            *row,
              ScopeEventItem       *item,
              const ScopeColorRule *rule)
{
  g_autofree char *name = scope_format_row_name (item);

  scope_ui_set_label (row, name);
  if (rule != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    rule->name, -1);
  else if (g_object_get_data (G_OBJECT (row), "scope-described") != NULL)
    gtk_accessible_reset_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  g_object_set_data (G_OBJECT (row), "scope-described", (gpointer) rule);
}

static GtkWidget *
sign_new_image (const char *icon_name)
{
  return g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                       "icon-name", icon_name, NULL);
}

/* Whether an encrypted event could be read is told in a word before its data. */
static GtkWidget *
sign_new (ScopeLogColumnKind kind)
{
  GtkWidget *sign;

  if (kind == SCOPE_LOG_COLUMN_TIME)
    {
      /* as high as the text beside it, whatever font has it */
      return g_object_new (GTK_TYPE_INSCRIPTION, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                           "min-chars", 2, "nat-chars", 2, "min-lines", 1, "nat-lines", 1, NULL);
    }
  if (kind == SCOPE_LOG_COLUMN_EVENT)
    return sign_new_image (NULL);
  if (kind == SCOPE_LOG_COLUMN_SIZE)
    {
      sign = sign_new_image ("dialog-warning-symbolic");
      gtk_widget_add_css_class (sign, "warning");
    }
  else
    {
      sign = gtk_label_new (NULL);
      gtk_widget_add_css_class (sign, "caption");
      gtk_widget_add_css_class (sign, "dim-label");
    }
  return sign;
}

/* Most cells never have a sign, and no box. */
static GtkWidget *
event_cell_ensure_box (EventCell *self)
{
  GtkWidget *text = GTK_WIDGET (self->text);
  GtkWidget *box = gtk_widget_get_parent (text);

  if (GTK_IS_BOX (box))
    return box;
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_has_tooltip (box, TRUE);
  g_signal_connect (box, "query-tooltip", G_CALLBACK (query_tooltip_cb), self);
  g_object_ref (text);
  gtk_list_item_set_child (self->list_item, box);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), text);
  g_object_unref (text);
  return box;
}

static void
event_cell_add_sign (EventCell *self,
                     GtkWidget *sign)
{
  GtkWidget *box = event_cell_ensure_box (self);

  gtk_box_insert_child_after (GTK_BOX (box), sign,
                              gtk_widget_get_prev_sibling (GTK_WIDGET (self->text)));
}

/* Shows its sign, with what is told by the kind of column: a color rule, an icon, a word. */
static GtkWidget *
event_cell_ensure_sign (EventCell *self)
{
  if (self->sign == NULL)
    {
      self->sign = sign_new (scope_log_column_get_kind (self->context->column));
      event_cell_add_sign (self, self->sign);
    }
  gtk_widget_set_visible (self->sign, TRUE);
  return self->sign;
}

static void
event_cell_hide_sign (EventCell *self)
{
  if (self->sign != NULL)
    gtk_widget_set_visible (self->sign, FALSE);
}

static void
event_cell_bind_sign (EventCell            *self,
                      const ScopeColorRule *rule)
{
  ScopeLogColumnKind kind = scope_log_column_get_kind (self->context->column);
  const ScopeRecord *record = scope_event_item_get_record (self->item);
  const char *icon = kind == SCOPE_LOG_COLUMN_EVENT ? scope_format_row_icon (record) : NULL;
  const char *lock = kind == SCOPE_LOG_COLUMN_PREVIEW ? scope_format_lock_word (record->flags) : NULL;

  if (self->waits)
    event_cell_hide_sign (self);
  else if (kind == SCOPE_LOG_COLUMN_TIME && rule != NULL)
    gtk_inscription_set_text (GTK_INSCRIPTION (event_cell_ensure_sign (self)), colors[rule->color].sign);
  else if (icon != NULL)
    gtk_image_set_from_icon_name (GTK_IMAGE (event_cell_ensure_sign (self)), icon);
  else if (lock != NULL)
    gtk_label_set_text (GTK_LABEL (event_cell_ensure_sign (self)), lock);
  else if (kind == SCOPE_LOG_COLUMN_SIZE
           && scope_event_item_get_data_size (self->item) > SCOPE_LIMIT_DATA_BYTES)
    event_cell_ensure_sign (self);
  else
    event_cell_hide_sign (self);
}

static void
event_cell_bind_mark (EventCell *self)
{
  g_autoptr (ScopeShapeMemory) shapes = NULL;
  const ScopeShapeNews *news = NULL;

  if (scope_log_column_get_kind (self->context->column) != SCOPE_LOG_COLUMN_PREVIEW)
    return;
  shapes = _scope_event_columns_dup_shapes (self->context->columns);
  if (shapes != NULL)
    news = scope_shape_memory_find (shapes, scope_event_item_get_sequence (self->item));
  if (self->mark == NULL && news != NULL)
    {
      self->mark = scope_shape_mark_new ();
      event_cell_add_sign (self, self->mark);
    }
  if (self->mark != NULL)
    scope_shape_mark_set_news (self->mark, news);
}

static char *
event_cell_dup_text (EventCell *self,
                     gboolean  *at_end)
{
  *at_end = FALSE;
  if (!scope_log_column_can_tell (self->context->column, self->item))
    return g_strdup ("…");
  return scope_log_column_dup_text (self->context->column, self->item,
                                    _scope_event_columns_get_time (self->context->columns), at_end);
}

static void
event_cell_bind_text (EventCell *self)
{
  gboolean at_end = FALSE;
  gboolean match_case = FALSE;
  const char *needle = _scope_event_columns_get_needle (self->context->columns, &match_case);
  g_autofree char *text = event_cell_dup_text (self, &at_end);
  g_autoptr (PangoAttrList) marks = NULL;

  if (needle != NULL && text != NULL)
    marks = scope_event_cell_mark_text (text, needle, match_case);
  scope_log_cell_set_text (self->text, text != NULL ? text : "", at_end, marks);
}

static void
event_cell_bind (EventCell *self)
{
  GtkWidget *child = gtk_list_item_get_child (self->list_item);
  GtkWidget *cell = child != NULL ? gtk_widget_get_parent (child) : NULL;
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  ScopeLogColumnKind kind = scope_log_column_get_kind (self->context->column);
  const ScopeColorRule *rule = NULL;

  self->waits = !scope_event_item_is_loaded (self->item);
  if (!self->waits)
    rule = scope_color_rules_match (_scope_event_columns_get_rules (self->context->columns), self->item);
  event_cell_bind_text (self);
  event_cell_bind_sign (self, rule);
  event_cell_bind_mark (self);
  if (cell != NULL)
    event_cell_set_look (self, cell, rule);
  if (kind != SCOPE_LOG_COLUMN_TIME || row == NULL)
    return;
  row_set_name (row, self->item, rule);
  scope_mark_look_bind (cell, self->item);
}

/* ---- making ---- */

/* The cell is there when its child is given to it: it is called as its column. */
static void
cell_parent_cb (GtkWidget      *child,
                GParamSpec     *pspec,
                ScopeLogColumn *column)
{
  GtkWidget *cell = gtk_widget_get_parent (child);

  if (cell != NULL && !GTK_IS_BOX (cell))
    scope_ui_set_label (cell, scope_log_column_get_title (column));
}

static GtkWidget *
child_new (CellContext *context,
           GtkListItem *list_item)
{
  EventCell *self = g_new0 (EventCell, 1);
  ScopeLogColumnKind kind = scope_log_column_get_kind (context->column);
  /* names of channels begin alike */
  GtkWidget *child = scope_log_cell_new (
      context->glyphs,
      kind == SCOPE_LOG_COLUMN_CHANNEL ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END,
      kind == SCOPE_LOG_COLUMN_PREVIEW ? PREVIEW_MIN_CHARS : MIN_CHARS);

  self->context = context;
  self->list_item = list_item;
  self->text = SCOPE_LOG_CELL (child);
  g_object_set_qdata_full (G_OBJECT (child), event_cell_quark (), self,
                           (GDestroyNotify) event_cell_free);
  return child;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          CellContext              *context)
{
  GtkWidget *child = child_new (context, list_item);

  gtk_widget_set_has_tooltip (child, TRUE);
  g_signal_connect_data (child, "notify::parent", G_CALLBACK (cell_parent_cb),
                         scope_log_column_ref (context->column),
                         (GClosureNotify) (GCallback) scope_log_column_unref, 0);
  g_signal_connect (child, "query-tooltip", G_CALLBACK (query_tooltip_cb), event_cell_get (child));
  gtk_list_item_set_child (list_item, child);
  if (context->columns != NULL)
    _scope_event_columns_add_cell (context->columns, child);
}

static void
teardown_cb (GtkSignalListItemFactory *factory,
             GtkListItem              *list_item,
             CellContext              *context)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  if (child != NULL && context->columns != NULL)
    _scope_event_columns_remove_cell (context->columns, GTK_WIDGET (event_cell_get (child)->text));
}

/**
 * scope_event_cell_factory_new:
 * @columns: whose column it is, held weakly
 * @column: what its cells show
 *
 * Returns: (transfer full): a factory
 */
GtkListItemFactory *
scope_event_cell_factory_new (ScopeEventColumns *columns,
                              ScopeLogColumn    *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  CellContext *context = g_new0 (CellContext, 1);

  g_set_weak_pointer (&context->columns, columns);
  context->column = scope_log_column_ref (column);
  context->glyphs = scope_glyph_table_ref (_scope_event_columns_get_glyphs (columns));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), context);
  g_signal_connect_data (factory, "teardown", G_CALLBACK (teardown_cb), context, cell_context_free,
                         0);
  return factory;
}

/* Returns whether it showed another event, or none. */
static gboolean
scope_event_cell_fill (GtkWidget *child)
{
  EventCell *self = event_cell_get (child);
  ScopeLogRow *row = self != NULL ? gtk_list_item_get_item (self->list_item) : NULL;
  ScopeEventItem *item = row != NULL ? scope_log_row_get_item (row) : NULL;

  if (item == NULL || self->context->columns == NULL)
    return FALSE;
  if (item == self->item && (!self->waits || !scope_event_item_is_loaded (item)))
    return FALSE;
  g_set_object (&self->item, item);
  event_cell_bind (self);
  return TRUE;
}

/**
 * scope_event_cell_fill_row:
 * @row: of the log
 *
 * Shows the row's event in its cells. Nothing is done when a cell is bound: a few of the rows are in
 * sight. What is not loaded of the event is shown when this is called again, and it is.
 *
 * Returns: whether there was something to fill
 */
gboolean
scope_event_cell_fill_row (GtkWidget *row)
{
  gboolean filled = FALSE;

  g_return_val_if_fail (GTK_IS_WIDGET (row), FALSE);

  for (GtkWidget *cell = gtk_widget_get_first_child (row); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *child = gtk_widget_get_first_child (cell);

      filled |= child != NULL && scope_event_cell_fill (child);
    }
  return filled;
}

/**
 * scope_event_cell_get_row_item:
 * @row: of the log
 *
 * Returns: (transfer none) (nullable): the event that its cells are to show
 */
ScopeEventItem *
scope_event_cell_get_row_item (GtkWidget *row)
{
  GtkWidget *cell;
  GtkWidget *child;
  EventCell *self;
  ScopeLogRow *item;

  g_return_val_if_fail (GTK_IS_WIDGET (row), NULL);

  cell = gtk_widget_get_first_child (row);
  child = cell != NULL ? gtk_widget_get_first_child (cell) : NULL;
  self = child != NULL ? event_cell_get (child) : NULL;
  item = self != NULL ? gtk_list_item_get_item (self->list_item) : NULL;
  return item != NULL ? scope_log_row_get_item (item) : NULL;
}

/**
 * scope_event_cell_refresh:
 * @child: of such a factory's cell
 */
void
scope_event_cell_refresh (GtkWidget *child)
{
  EventCell *self = event_cell_get (child);

  g_return_if_fail (self != NULL);

  g_clear_object (&self->item);
  scope_event_cell_fill (child);
}

/**
 * scope_event_cell_refresh_mark:
 * @child: of such a factory's cell
 *
 * Looks again whether the event is flagged.
 */
void
scope_event_cell_refresh_mark (GtkWidget *child)
{
  EventCell *self = event_cell_get (child);

  g_return_if_fail (self != NULL);

  if (self->item != NULL && self->context->columns != NULL)
    event_cell_bind_mark (self);
}
