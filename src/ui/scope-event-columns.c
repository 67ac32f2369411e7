/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-columns"

#include "config.h"

#include "ui/scope-event-columns.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "session/scope-event-list.h"
#include "ui/scope-format.h"
#include "ui/scope-mark-look.h"
#include "ui/scope-shape-mark.h"
#include "ui/scope-ui-util.h"

/* Cells are GtkInscriptions: their size does not depend on their text, so that a new text costs no
 * layout. */

/* below that the log scrolls sideways */
#define PREVIEW_MIN_CHARS 6

typedef void (*ScopeCellFunc) (GtkInscription *cell,
                               ScopeEventItem *item);

typedef struct
{
  const char *name;
  const char *title;
  int widths[SCOPE_N_COLUMN_ROOMS]; /* -1: what is left */
  gboolean at_end;   /* numbers */
  ScopeCellFunc bind;
} ScopeColumn;

static const char * const row_classes[] =
    { "scope-state", "scope-note", "scope-error", "scope-frame", "scope-gap" };

/* An inscription without text is an error to GTK's accessibility. */
static void
cell_set_text (GtkInscription *cell,
               const char     *text)
{
  gtk_inscription_set_text (cell, text != NULL ? text : "");
}

static void
cell_take_text (GtkInscription *cell,
                char           *text)
{
  cell_set_text (cell, text);
  g_free (text);
}

static void
bind_time (GtkInscription *cell,
           ScopeEventItem *item)
{
  cell_take_text (cell, scope_text_format_clock (scope_event_item_get_record (item)->time_usec));
}

static void
bind_delta (GtkInscription *cell,
            ScopeEventItem *item)
{
  gint64 delta_usec = scope_event_item_get_delta_usec (item);

  cell_take_text (cell, delta_usec >= 0 ? scope_text_format_delta (delta_usec) : NULL);
}

static void
bind_channel (GtkInscription *cell,
              ScopeEventItem *item)
{
  cell_set_text (cell, scope_event_item_get_channel (item));
}

static void
bind_event (GtkInscription *cell,
            ScopeEventItem *item)
{
  cell_set_text (cell, scope_event_item_get_event (item));
}

static void
bind_user (GtkInscription *cell,
           ScopeEventItem *item)
{
  cell_set_text (cell, scope_event_item_get_user (item));
}

static void
bind_direction (GtkInscription *cell,
                ScopeEventItem *item)
{
  cell_set_text (cell, scope_format_direction (scope_event_item_get_record (item)->direction));
}

static void
bind_size (GtkInscription *cell,
           ScopeEventItem *item)
{
  guint32 size = scope_event_item_get_record (item)->size;

  cell_take_text (cell, size > 0 ? scope_text_format_size (size) : NULL);
}

static void
bind_preview (GtkInscription *cell,
              ScopeEventItem *item)
{
  cell_set_text (cell, scope_event_item_get_preview (item));
}

static const ScopeColumn columns[] = {
  { "time", N_("Time"), { 122, 118, 96 }, FALSE, bind_time },
  /* Translators: a column's title: the time since the row before */
  { "delta", N_("Δ"), { 92, 84, 70 }, TRUE, bind_delta },
  { "direction", N_("Direction"), { 76, 64, 52 }, FALSE, bind_direction },
  { "channel", N_("Channel"), { 168, 88, 70 }, FALSE, bind_channel },
  { "event", N_("Event"), { 168, 104, 84 }, FALSE, bind_event },
  { "user", N_("User"), { 112, 84, 70 }, FALSE, bind_user },
  { "size", N_("Size"), { 76, 61, 50 }, TRUE, bind_size },
  { "preview", N_("Preview"), { -1, -1, -1 }, FALSE, bind_preview },
};

static GtkWidget *
cell_find_text (GtkListItem *list_item)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  return GTK_IS_INSCRIPTION (child) ? child : gtk_widget_get_last_child (child);
}

/* GtkColumnView has neither a row factory nor full-width rows: each cell of a row is tinted. */
static void
cell_set_class (GtkWidget  *cell,
                const char *css_class)
{
  if (cell == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (row_classes); i++)
    scope_ui_set_class (cell, row_classes[i],
                        row_classes[i] == css_class || g_strcmp0 (row_classes[i], css_class) == 0);
}

static void
row_set_name (GtkWidget      *cell,
              ScopeEventItem *item)
{
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *name = NULL;

  if (row == NULL)
    return;
  name = scope_format_row_name (item);
  scope_ui_set_label (row, name);
}

/* The cell is there when its child is given to it: it is called as its column. */
static void
cell_parent_cb (GtkWidget         *child,
                GParamSpec        *pspec,
                const ScopeColumn *column)
{
  GtkWidget *cell = gtk_widget_get_parent (child);

  if (cell != NULL)
    scope_ui_set_label (cell, _(column->title));
}

static GtkWidget *
cell_new_box (GtkWidget *first,
              GtkWidget *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), text);
  return box;
}

/* Whether an encrypted event could be read, in a word before its data. */
static GtkWidget *
cell_new_chip (void)
{
  GtkWidget *chip = gtk_label_new (NULL);

  gtk_widget_add_css_class (chip, "caption");
  gtk_widget_add_css_class (chip, "dim-label");
  return chip;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          gpointer                  user_data)
{
  const ScopeColumn *column = user_data;
  GtkWidget *text = gtk_inscription_new ("");
  GtkWidget *child = text;

  gtk_inscription_set_xalign (GTK_INSCRIPTION (text), column->at_end ? 1.0f : 0.0f);
  /* names of channels begin alike */
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text),
                                     column->bind == bind_channel
                                         ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE
                                         : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_lines (GTK_INSCRIPTION (text), 1);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (text), 1);
  if (column->widths[0] < 0)
    gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), PREVIEW_MIN_CHARS);
  gtk_widget_add_css_class (text, "numeric");

  if (column->bind == bind_event)
    child = cell_new_box (g_object_new (GTK_TYPE_IMAGE, "accessible-role",
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL),
                          text);
  else if (column->bind == bind_preview)
    {
      child = cell_new_box (cell_new_chip (), text);
      gtk_box_insert_child_after (GTK_BOX (child), scope_shape_mark_new (),
                                  gtk_widget_get_first_child (child));
    }
  g_signal_connect (child, "notify::parent", G_CALLBACK (cell_parent_cb), user_data);
  gtk_list_item_set_child (list_item, child);
}

static void
bind_icon (GtkWidget      *child,
           ScopeEventItem *item)
{
  GtkWidget *icon = gtk_widget_get_first_child (child);
  const char *name = scope_format_row_icon (scope_event_item_get_record (item));

  gtk_widget_set_visible (icon, name != NULL);
  if (name != NULL)
    gtk_image_set_from_icon_name (GTK_IMAGE (icon), name);
}

static void
bind_chip (GtkWidget      *child,
           ScopeEventItem *item)
{
  GtkWidget *chip = gtk_widget_get_first_child (child);
  const char *word = scope_format_lock_word (scope_event_item_get_record (item)->flags);

  gtk_widget_set_visible (chip, word != NULL);
  if (word != NULL)
    gtk_label_set_text (GTK_LABEL (chip), word);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         gpointer                  user_data)
{
  const ScopeColumn *column = user_data;
  ScopeEventItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *child = gtk_list_item_get_child (list_item);
  GtkWidget *cell = gtk_widget_get_parent (child);

  column->bind (GTK_INSCRIPTION (cell_find_text (list_item)), item);
  if (column->bind == bind_event)
    bind_icon (child, item);
  else if (column->bind == bind_preview)
    {
      bind_chip (child, item);
      scope_shape_mark_bind (child, scope_event_item_get_sequence (item));
    }
  cell_set_class (cell, scope_format_kind_class (scope_event_item_get_record (item)->kind));
  if (column->bind == bind_time)
    {
      row_set_name (cell, item);
      if (cell != NULL)
        scope_mark_look_bind (cell, item);
    }
}

static GtkColumnViewColumn *
column_new (const ScopeColumn *info)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column = gtk_column_view_column_new (_(info->title), factory);

  g_object_set_data (G_OBJECT (column), "scope-column", (gpointer) info->name);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) info);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) info);
  gtk_column_view_column_set_expand (column, info->widths[0] < 0);
  gtk_column_view_column_set_resizable (column, TRUE);
  return column;
}

/* Columns of GTK 4.8 have no id: their titles tell them apart. */
static gboolean
column_stands_at (GtkColumnView     *view,
                  guint              position,
                  const ScopeColumn *info)
{
  g_autoptr (GtkColumnViewColumn) column =
    g_list_model_get_item (gtk_column_view_get_columns (view), position);

  return column != NULL &&
         g_strcmp0 (gtk_column_view_column_get_title (column), _(info->title)) == 0;
}

static void
column_remove_at (GtkColumnView *view,
                  guint          position)
{
  g_autoptr (GtkColumnViewColumn) column =
    g_list_model_get_item (gtk_column_view_get_columns (view), position);

  gtk_column_view_remove_column (view, column);
}

static void
columns_set_widths (GtkColumnView      *view,
                    const char * const *names,
                    ScopeColumnRoom     room)
{
  GListModel *model = gtk_column_view_get_columns (view);
  guint position = 0;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (i == 0 || g_strv_contains (names, columns[i].name))
      {
        g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, position++);

        gtk_column_view_column_set_fixed_width (column, columns[i].widths[room]);
      }
}

/* To a screen reader GTK 4.8 calls them by the names of their types. */
static void
columns_name_parts (GtkColumnView *view)
{
  GListModel *model = gtk_column_view_get_columns (view);
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (view));
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;
  GtkWidget *list = header != NULL ? gtk_widget_get_next_sibling (header) : NULL;

  for (guint i = 0; title != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (model, i);

      scope_ui_set_label (title, gtk_column_view_column_get_title (column));
      title = gtk_widget_get_next_sibling (title);
    }
  if (header != NULL)
    scope_ui_set_label (header, _("Columns"));
  if (list != NULL)
    scope_ui_set_label (list, _("Rows"));
}

/**
 * scope_event_columns_set:
 * @names: NULL-terminated names of columns, in any order
 * @room: how much of it there is
 *
 * Gives the log these columns and no others. They are added and removed rather than shown and
 * hidden: hidden ones keep their width in GTK 4.8.
 */
void
scope_event_columns_set (GtkColumnView      *view,
                         const char * const *names,
                         ScopeColumnRoom     room)
{
  guint position = 0;

  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));
  g_return_if_fail (names != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      gboolean wanted = i == 0 || g_strv_contains (names, columns[i].name);
      gboolean there = column_stands_at (view, position, &columns[i]);

      if (wanted && !there)
        {
          g_autoptr (GtkColumnViewColumn) column = column_new (&columns[i]);

          gtk_column_view_insert_column (view, position, column);
        }
      else if (!wanted && there)
        {
          column_remove_at (view, position);
        }
      if (wanted)
        position++;
    }
  columns_set_widths (view, names, room);
  columns_name_parts (view);
}

/**
 * scope_event_columns_find_at:
 * @inside: a widget inside of a row
 *
 * Returns: (transfer none) (nullable): the name of the column its cell stands in
 */
const char *
scope_event_columns_find_at (GtkColumnView *view,
                             GtkWidget     *inside)
{
  GtkWidget *row = gtk_widget_get_parent (inside);
  g_autoptr (GtkColumnViewColumn) column = NULL;
  guint position = 0;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (inside), NULL);

  while (row != NULL && !GTK_IS_LIST_VIEW (gtk_widget_get_parent (row)))
    {
      inside = row;
      row = gtk_widget_get_parent (inside);
    }
  if (row == NULL)
    return NULL;
  while ((inside = gtk_widget_get_prev_sibling (inside)) != NULL)
    position++;
  column = g_list_model_get_item (gtk_column_view_get_columns (view), position);
  return column != NULL ? g_object_get_data (G_OBJECT (column), "scope-column") : NULL;
}
