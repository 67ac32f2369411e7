/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-cell"

#include "config.h"

#include "ui/scope-event-cell.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "ui/scope-format.h"
#include "ui/scope-mark-look.h"
#include "ui/scope-shape-mark.h"
#include "ui/scope-ui-util.h"

/* Cells are GtkInscriptions: their size does not depend on their text, so that a new text costs no
 * layout. Before some of them stands a sign: of the rule, of the event, of a size that is too
 * large. */

/* below that the log scrolls sideways */
#define PREVIEW_MIN_CHARS 6

/* of what a factory makes */
typedef struct
{
  ScopeEventColumns *columns; /* weak */
  ScopeLogColumn *column;
} CellContext;

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
  g_free (context);
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

/* ---- the parts of a cell ---- */

static GtkWidget *
child_get_text (GtkWidget *child)
{
  return GTK_IS_INSCRIPTION (child) ? child : gtk_widget_get_last_child (child);
}

/* Its sign, or NULL. */
static GtkWidget *
child_get_sign (GtkWidget *child)
{
  return GTK_IS_INSCRIPTION (child) ? NULL : gtk_widget_get_first_child (child);
}

/* Compares pointers: there are few classes, and very many cells that come and go. */
static void
cell_set_class (GtkWidget  *cell,
                const char *slot,
                const char *css_class)
{
  const char *before = g_object_get_data (G_OBJECT (cell), slot);

  if (before == css_class)
    return;
  if (before != NULL)
    gtk_widget_remove_css_class (cell, before);
  if (css_class != NULL)
    gtk_widget_add_css_class (cell, css_class);
  g_object_set_data (G_OBJECT (cell), slot, (gpointer) css_class);
}

/* GtkColumnView has neither a row factory nor full-width rows: each cell of a row is tinted. */
static void
cell_set_look (GtkWidget            *cell,
               ScopeEventItem       *item,
               const ScopeColorRule *rule)
{
  cell_set_class (cell, "scope-kind",
                  scope_format_kind_class (scope_event_item_get_record (item)->kind));
  cell_set_class (cell, "scope-color", rule != NULL ? colors[rule->color].css_class : NULL);
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

static void
bind_icon (GtkWidget      *icon,
           ScopeEventItem *item)
{
  const char *name = scope_format_row_icon (scope_event_item_get_record (item));

  gtk_widget_set_visible (icon, name != NULL);
  if (name != NULL)
    gtk_image_set_from_icon_name (GTK_IMAGE (icon), name);
}

static void
bind_label (GtkWidget  *label,
            const char *text)
{
  gtk_widget_set_visible (label, text != NULL);
  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (label), text);
}

static void
bind_sign (GtkWidget            *sign,
           ScopeLogColumnKind    kind,
           ScopeEventItem       *item,
           const ScopeColorRule *rule)
{
  if (kind == SCOPE_LOG_COLUMN_TIME)
    bind_label (sign, rule != NULL ? colors[rule->color].sign : NULL);
  else if (kind == SCOPE_LOG_COLUMN_EVENT)
    bind_icon (sign, item);
  else if (kind == SCOPE_LOG_COLUMN_PREVIEW)
    bind_label (sign, scope_format_lock_word (scope_event_item_get_record (item)->flags));
  else if (kind == SCOPE_LOG_COLUMN_SIZE)
    gtk_widget_set_visible (sign, scope_event_item_get_data_size (item) > SCOPE_LIMIT_DATA_BYTES);
}

static void
bind_text (CellContext    *context,
           GtkInscription *cell,
           ScopeEventItem *item)
{
  gboolean at_end = FALSE;
  gboolean match_case = FALSE;
  const char *needle = _scope_event_columns_get_needle (context->columns, &match_case);
  g_autofree char *text = scope_log_column_dup_text (
      context->column, item, _scope_event_columns_get_time (context->columns), &at_end);
  g_autoptr (PangoAttrList) marks = NULL;

  /* an inscription without text is an error to GTK's accessibility */
  gtk_inscription_set_text (cell, text != NULL ? text : "");
  gtk_inscription_set_xalign (cell, at_end ? 1.0f : 0.0f);
  if (needle != NULL && text != NULL)
    marks = scope_event_cell_mark_text (text, needle, match_case);
  gtk_inscription_set_attributes (cell, marks);
}

static void
cell_bind (CellContext *context,
           GtkListItem *list_item)
{
  ScopeEventItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *child = gtk_list_item_get_child (list_item);
  GtkWidget *cell = child != NULL ? gtk_widget_get_parent (child) : NULL;
  ScopeLogColumnKind kind = scope_log_column_get_kind (context->column);
  const ScopeColorRule *rule;

  if (context->columns == NULL || item == NULL || child == NULL)
    return;
  rule = scope_color_rules_match (_scope_event_columns_get_rules (context->columns), item);
  bind_text (context, GTK_INSCRIPTION (child_get_text (child)), item);
  if (child_get_sign (child) != NULL)
    bind_sign (child_get_sign (child), kind, item, rule);
  if (kind == SCOPE_LOG_COLUMN_PREVIEW)
    scope_shape_mark_bind (child, scope_event_item_get_sequence (item));
  if (cell == NULL)
    return;
  cell_set_look (cell, item, rule);
  if (kind != SCOPE_LOG_COLUMN_TIME)
    return;
  if (gtk_widget_get_parent (cell) != NULL)
    row_set_name (gtk_widget_get_parent (cell), item, rule);
  scope_mark_look_bind (cell, item);
}

/* ---- questions ---- */

static gboolean
inscription_is_cut (GtkInscription *cell)
{
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (cell), gtk_inscription_get_text (cell));
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width > gtk_widget_get_width (GTK_WIDGET (cell));
}

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
query_tooltip_cb (GtkWidget   *child,
                  int          x,
                  int          y,
                  gboolean     keyboard,
                  GtkTooltip  *tooltip,
                  GtkListItem *list_item)
{
  CellContext *context = g_object_get_data (G_OBJECT (list_item), "scope-context");
  ScopeEventItem *item = gtk_list_item_get_item (list_item);
  GtkInscription *cell = GTK_INSCRIPTION (child_get_text (child));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *note = NULL;
  const ScopeColorRule *rule;

  if (item == NULL || context->columns == NULL)
    return FALSE;
  if (inscription_is_cut (cell))
    append_line (text, gtk_inscription_get_text (cell));
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

/* ---- making ---- */

static GtkWidget *
cell_new_box (GtkWidget *first,
              GtkWidget *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_set_visible (first, FALSE);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), text);
  return box;
}

static GtkWidget *
sign_new_image (const char *icon_name)
{
  return g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                       "icon-name", icon_name, NULL);
}

/* Whether an encrypted event could be read is told in a word before its data. NULL: the text stands
 * alone. */
static GtkWidget *
sign_new (ScopeLogColumnKind kind)
{
  GtkWidget *sign = NULL;

  if (kind == SCOPE_LOG_COLUMN_TIME)
    return g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  if (kind == SCOPE_LOG_COLUMN_EVENT)
    return sign_new_image (NULL);
  if (kind == SCOPE_LOG_COLUMN_SIZE)
    {
      sign = sign_new_image ("dialog-warning-symbolic");
      gtk_widget_add_css_class (sign, "warning");
    }
  else if (kind == SCOPE_LOG_COLUMN_PREVIEW)
    {
      sign = gtk_label_new (NULL);
      gtk_widget_add_css_class (sign, "caption");
      gtk_widget_add_css_class (sign, "dim-label");
    }
  return sign;
}

static GtkWidget *
text_new (ScopeLogColumn *column)
{
  GtkWidget *text = gtk_inscription_new ("");
  GtkInscription *inscription = GTK_INSCRIPTION (text);
  ScopeLogColumnKind kind = scope_log_column_get_kind (column);

  gtk_inscription_set_xalign (inscription, scope_log_column_get_at_end (column) ? 1.0f : 0.0f);
  /* names of channels begin alike */
  gtk_inscription_set_text_overflow (inscription, kind == SCOPE_LOG_COLUMN_CHANNEL
                                                      ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE
                                                      : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_lines (inscription, 1);
  gtk_inscription_set_nat_lines (inscription, 1);
  if (kind == SCOPE_LOG_COLUMN_PREVIEW)
    gtk_inscription_set_min_chars (inscription, PREVIEW_MIN_CHARS);
  gtk_widget_add_css_class (text, "numeric");
  return text;
}

/* The cell is there when its child is given to it: it is called as its column. */
static void
cell_parent_cb (GtkWidget      *child,
                GParamSpec     *pspec,
                ScopeLogColumn *column)
{
  GtkWidget *cell = gtk_widget_get_parent (child);

  if (cell != NULL)
    scope_ui_set_label (cell, scope_log_column_get_title (column));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          CellContext              *context)
{
  GtkWidget *text = text_new (context->column);
  GtkWidget *sign = sign_new (scope_log_column_get_kind (context->column));
  GtkWidget *child = sign != NULL ? cell_new_box (sign, text) : text;

  if (scope_log_column_get_kind (context->column) == SCOPE_LOG_COLUMN_PREVIEW)
    gtk_box_insert_child_after (GTK_BOX (child), scope_shape_mark_new (), sign);
  gtk_widget_set_has_tooltip (child, TRUE);
  g_object_set_data (G_OBJECT (list_item), "scope-context", context);
  g_signal_connect_data (child, "notify::parent", G_CALLBACK (cell_parent_cb),
                         scope_log_column_ref (context->column),
                         (GClosureNotify) (GCallback) scope_log_column_unref, 0);
  g_signal_connect_object (child, "query-tooltip", G_CALLBACK (query_tooltip_cb), list_item, 0);
  gtk_list_item_set_child (list_item, child);
  if (context->columns != NULL)
    _scope_event_columns_add_cell (context->columns, list_item);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         CellContext              *context)
{
  cell_bind (context, list_item);
}

static void
teardown_cb (GtkSignalListItemFactory *factory,
             GtkListItem              *list_item,
             CellContext              *context)
{
  if (context->columns != NULL)
    _scope_event_columns_remove_cell (context->columns, list_item);
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
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), context);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), context);
  g_signal_connect_data (factory, "teardown", G_CALLBACK (teardown_cb), context, cell_context_free,
                         0);
  return factory;
}

/**
 * scope_event_cell_refresh:
 * @list_item: of such a factory
 */
void
scope_event_cell_refresh (GtkListItem *list_item)
{
  CellContext *context = g_object_get_data (G_OBJECT (list_item), "scope-context");

  g_return_if_fail (context != NULL);

  cell_bind (context, list_item);
}
