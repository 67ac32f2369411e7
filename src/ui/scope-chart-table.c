/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

/* time, all parts together, each part */
#define N_COLUMNS (2 + SCOPE_CHART_MAX_PARTS)

#define SCOPE_TYPE_CHART_TABLE_ROW (scope_chart_table_row_get_type ())
G_DECLARE_FINAL_TYPE (ScopeChartTableRow, scope_chart_table_row, SCOPE, CHART_TABLE_ROW, GObject)

/* A row: a bucket, in words. */
struct _ScopeChartTableRow
{
  GObject parent_instance;

  ScopeChartBucket bucket;
  char *cells[N_COLUMNS];
  char *name; /* all of it, for a screen reader */
};

enum
{
  ROW_CHANGED,
  N_ROW_SIGNALS
};

static guint row_signals[N_ROW_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeChartTableRow, scope_chart_table_row, G_TYPE_OBJECT)

static void
scope_chart_table_row_clear (ScopeChartTableRow *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_pointer (&self->cells[i], g_free);
  g_clear_pointer (&self->name, g_free);
}

static void
scope_chart_table_row_finalize (GObject *object)
{
  scope_chart_table_row_clear (SCOPE_CHART_TABLE_ROW (object));

  G_OBJECT_CLASS (scope_chart_table_row_parent_class)->finalize (object);
}

static void
scope_chart_table_row_class_init (ScopeChartTableRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_chart_table_row_finalize;

  row_signals[ROW_CHANGED] = g_signal_new ("changed", SCOPE_TYPE_CHART_TABLE_ROW,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
scope_chart_table_row_init (ScopeChartTableRow *self)
{
}

static void
scope_chart_table_row_set (ScopeChartTableRow   *self,
                           const ScopeChartData *data,
                           guint                 i)
{
  scope_chart_table_row_clear (self);
  self->bucket = *scope_chart_data_get (data, i);
  self->cells[0] = scope_chart_data_dup_time (data, i);
  self->cells[1] = scope_chart_data_dup_value (data, scope_chart_data_get_sum (data, i));
  for (guint k = 0; k < data->n_parts; k++)
    self->cells[2 + k] = scope_chart_data_dup_value (data, self->bucket.values[k]);
  self->name = scope_chart_data_dup_text (data, i);
  g_signal_emit (self, row_signals[ROW_CHANGED], 0);
}

static ScopeChartTableRow *
scope_chart_table_row_new (const ScopeChartData *data,
                           guint                 i)
{
  ScopeChartTableRow *self = g_object_new (SCOPE_TYPE_CHART_TABLE_ROW, NULL);

  scope_chart_table_row_set (self, data, i);
  return self;
}

struct _ScopeChartTable
{
  AdwBin parent_instance;

  GtkColumnView *view;
  GListStore *lines;
  GtkColumnViewColumn *columns[N_COLUMNS];
  char *look; /* what the words of all rows depend on */
};

enum
{
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeChartTable, scope_chart_table, ADW_TYPE_BIN)

static void
scope_chart_table_setup_cb (GtkSignalListItemFactory *factory,
                            GtkListItem              *item,
                            gpointer                  number)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_UINT (number) == 0 ? 0 : 1);
  gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (item), "scope-column", number);
  gtk_list_item_set_child (item, label);
}

/* The row is around the cell that is around the label. */
static void
scope_chart_table_name_row (GtkWidget  *label,
                            const char *name)
{
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;

  if (row != NULL && name != NULL)
    scope_ui_set_label (row, name);
}

static void
scope_chart_table_show_cb (GtkListItem *item)
{
  ScopeChartTableRow *line = gtk_list_item_get_item (item);
  guint number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "scope-column"));
  GtkWidget *label = gtk_list_item_get_child (item);
  const char *text = line->cells[number];

  gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "");
  if (number == 0)
    scope_chart_table_name_row (label, line->name);
}

static void
scope_chart_table_bind_cb (GtkSignalListItemFactory *factory,
                           GtkListItem              *item)
{
  g_signal_connect_object (gtk_list_item_get_item (item), "changed",
                           G_CALLBACK (scope_chart_table_show_cb), item, G_CONNECT_SWAPPED);
  scope_chart_table_show_cb (item);
}

static void
scope_chart_table_unbind_cb (GtkSignalListItemFactory *factory,
                             GtkListItem              *item)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), item);
}

static void
scope_chart_table_activate_cb (ScopeChartTable *self,
                               guint            position)
{
  g_autoptr (ScopeChartTableRow) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);

  if (line != NULL)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, line->bucket.start_usec);
}

static void
scope_chart_table_dispose (GObject *object)
{
  ScopeChartTable *self = SCOPE_CHART_TABLE (object);

  g_clear_object (&self->lines);

  G_OBJECT_CLASS (scope_chart_table_parent_class)->dispose (object);
}

static void
scope_chart_table_finalize (GObject *object)
{
  g_free (SCOPE_CHART_TABLE (object)->look);

  G_OBJECT_CLASS (scope_chart_table_parent_class)->finalize (object);
}

static void
scope_chart_table_class_init (ScopeChartTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_chart_table_dispose;
  G_OBJECT_CLASS (klass)->finalize = scope_chart_table_finalize;

  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", SCOPE_TYPE_CHART_TABLE, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
scope_chart_table_add_column (ScopeChartTable *self,
                              guint            number)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (scope_chart_table_setup_cb),
                    GUINT_TO_POINTER (number));
  g_signal_connect (factory, "bind", G_CALLBACK (scope_chart_table_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (scope_chart_table_unbind_cb), NULL);
  self->columns[number] = gtk_column_view_column_new (number == 0 ? _("Time") : "", factory);
  gtk_column_view_column_set_resizable (self->columns[number], TRUE);
  /* narrower than its window, a column view of GTK 4.8 looks as if it were scrolled too far */
  gtk_column_view_column_set_expand (self->columns[number], TRUE);
  gtk_column_view_append_column (self->view, self->columns[number]);
  g_object_unref (self->columns[number]); /* the view has it */
}

static void
scope_chart_table_init (ScopeChartTable *self)
{
  GtkWidget *window = gtk_scrolled_window_new ();
  GtkSelectionModel *selection;

  self->lines = g_list_store_new (SCOPE_TYPE_CHART_TABLE_ROW);
  selection = GTK_SELECTION_MODEL (gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->lines))));
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (selection));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (scope_chart_table_activate_cb),
                            self);
  for (guint i = 0; i < N_COLUMNS; i++)
    scope_chart_table_add_column (self, i);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), GTK_WIDGET (self->view));
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (window), 220);
  adw_bin_set_child (ADW_BIN (self), window);
}

/**
 * scope_chart_table_set_title:
 * @title: what a screen reader calls the table
 */
void
scope_chart_table_set_title (ScopeChartTable *self,
                             const char      *title)
{
  g_return_if_fail (SCOPE_IS_CHART_TABLE (self));

  scope_ui_set_label (self->view, title);
}

static void
scope_chart_table_update_columns (ScopeChartTable      *self,
                                  const ScopeChartData *data)
{
  gboolean has_sum = data->kind == SCOPE_CHART_BARS && data->n_parts > 1;

  gtk_column_view_column_set_title (self->columns[1], data->unit == SCOPE_CHART_BYTES ? _("Bytes")
                                                                                      : _("Events"));
  gtk_column_view_column_set_visible (self->columns[1], has_sum);
  for (guint k = 0; k < SCOPE_CHART_MAX_PARTS; k++)
    {
      gboolean visible = k < data->n_parts;

      /* single numbers are their own average */
      if (data->kind == SCOPE_CHART_LINE && data->width_usec == 0)
        visible = k == 0;
      gtk_column_view_column_set_visible (self->columns[2 + k], visible);
      if (visible)
        gtk_column_view_column_set_title (self->columns[2 + k], data->names[k]);
    }
}

/* Another width, unit or name changes the words of rows whose figures are as they were. */
static char *
chart_table_dup_look (const ScopeChartData *data)
{
  GString *look = g_string_new (NULL);

  g_string_append_printf (look, "%d %d %" G_GINT64_FORMAT, data->kind, data->unit,
                          data->width_usec);
  for (guint k = 0; k < data->n_parts; k++)
    g_string_append_printf (look, "\n%s", data->names[k]);
  return g_string_free (look, FALSE);
}

/* G_MAXINT64: there is none any more. */
static gint64
scope_chart_table_get_start (ScopeChartTable *self,
                             guint            position)
{
  g_autoptr (ScopeChartTableRow) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);

  return line != NULL ? line->bucket.start_usec : G_MAXINT64;
}

static void
scope_chart_table_remove_before (ScopeChartTable *self,
                                 guint            position,
                                 gint64           start_usec)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->lines));
  guint end = position;

  while (end < n && scope_chart_table_get_start (self, end) < start_usec)
    end++;
  if (end > position)
    g_list_store_splice (self->lines, position, end - position, NULL, 0);
}

static void
scope_chart_table_update_row (ScopeChartTable      *self,
                              guint                 position,
                              const ScopeChartData *data,
                              guint                 i,
                              gboolean              anew)
{
  g_autoptr (ScopeChartTableRow) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);

  if (anew || memcmp (&line->bucket, scope_chart_data_get (data, i), sizeof line->bucket) != 0)
    scope_chart_table_row_set (line, data, i);
}

/* Where they belong: how many there were. */
static guint
scope_chart_table_insert (ScopeChartTable *self,
                          guint            position,
                          GPtrArray       *added)
{
  guint n = added->len;

  if (n > 0)
    g_list_store_splice (self->lines, position, 0, added->pdata, n);
  g_ptr_array_set_size (added, 0);
  return n;
}

/* A row that is there already stays: whoever reads it, or has come to it by keyboard, stays too. */
static void
scope_chart_table_update_rows (ScopeChartTable      *self,
                               const ScopeChartData *data,
                               gboolean              anew)
{
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);
  guint position = 0;
  gint64 there_usec = scope_chart_table_get_start (self, 0);

  for (guint i = 0; i < data->buckets->len; i++)
    {
      const ScopeChartBucket *bucket = scope_chart_data_get (data, i);

      if (bucket->count == 0)
        continue;
      if (there_usec <= bucket->start_usec)
        {
          position += scope_chart_table_insert (self, position, added);
          scope_chart_table_remove_before (self, position, bucket->start_usec);
          there_usec = scope_chart_table_get_start (self, position);
        }
      if (there_usec > bucket->start_usec)
        {
          g_ptr_array_add (added, scope_chart_table_row_new (data, i));
          continue;
        }
      scope_chart_table_update_row (self, position++, data, i, anew);
      there_usec = scope_chart_table_get_start (self, position);
    }
  position += scope_chart_table_insert (self, position, added);
  scope_chart_table_remove_before (self, position, G_MAXINT64);
}

/**
 * scope_chart_table_set_data:
 * @data: what the rows show from now on; read at once
 */
void
scope_chart_table_set_data (ScopeChartTable      *self,
                            const ScopeChartData *data)
{
  g_autofree char *look = NULL;
  gboolean anew;

  g_return_if_fail (SCOPE_IS_CHART_TABLE (self));
  g_return_if_fail (data != NULL);

  look = chart_table_dup_look (data);
  anew = scope_set_str (&self->look, look);
  if (anew)
    scope_chart_table_update_columns (self, data);
  scope_chart_table_update_rows (self, data, anew);
}
