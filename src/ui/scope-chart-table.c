/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-table.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-ui-util.h"

/* time, all parts together, each part */
#define N_COLUMNS (2 + SCOPE_CHART_MAX_PARTS)

#define SCOPE_TYPE_CHART_TABLE_ROW (scope_chart_table_row_get_type ())
G_DECLARE_FINAL_TYPE (ScopeChartTableRow, scope_chart_table_row, SCOPE, CHART_TABLE_ROW, GObject)

/* A row: a bucket, in words. */
struct _ScopeChartTableRow
{
  GObject parent_instance;

  gint64 start_usec;
  char *cells[N_COLUMNS];
};

G_DEFINE_FINAL_TYPE (ScopeChartTableRow, scope_chart_table_row, G_TYPE_OBJECT)

static void
scope_chart_table_row_finalize (GObject *object)
{
  ScopeChartTableRow *self = SCOPE_CHART_TABLE_ROW (object);

  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (self->cells[i]);

  G_OBJECT_CLASS (scope_chart_table_row_parent_class)->finalize (object);
}

static void
scope_chart_table_row_class_init (ScopeChartTableRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_chart_table_row_finalize;
}

static void
scope_chart_table_row_init (ScopeChartTableRow *self)
{
}

static ScopeChartTableRow *
scope_chart_table_row_new (const ScopeChartData *data,
                      guint                 i)
{
  ScopeChartTableRow *self = g_object_new (SCOPE_TYPE_CHART_TABLE_ROW, NULL);
  const ScopeChartBucket *bucket = scope_chart_data_get (data, i);

  self->start_usec = bucket->start_usec;
  self->cells[0] = scope_chart_data_dup_time (data, i);
  self->cells[1] = scope_chart_data_dup_value (data, scope_chart_data_get_sum (data, i));
  for (guint k = 0; k < data->n_parts; k++)
    self->cells[2 + k] = scope_chart_data_dup_value (data, bucket->values[k]);
  return self;
}

struct _ScopeChartTable
{
  AdwBin parent_instance;

  GtkColumnView *view;
  GListStore *lines;
  GtkColumnViewColumn *columns[N_COLUMNS];
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
  gtk_list_item_set_child (item, label);
}

static void
scope_chart_table_bind_cb (GtkSignalListItemFactory *factory,
                           GtkListItem              *item,
                           gpointer                  number)
{
  ScopeChartTableRow *line = gtk_list_item_get_item (item);
  const char *text = line->cells[GPOINTER_TO_UINT (number)];

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text != NULL ? text : "");
}

static void
scope_chart_table_activate_cb (ScopeChartTable *self,
                               guint            position)
{
  g_autoptr (ScopeChartTableRow) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);

  if (line != NULL)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, line->start_usec);
}

static void
scope_chart_table_dispose (GObject *object)
{
  ScopeChartTable *self = SCOPE_CHART_TABLE (object);

  g_clear_object (&self->lines);

  G_OBJECT_CLASS (scope_chart_table_parent_class)->dispose (object);
}

static void
scope_chart_table_class_init (ScopeChartTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_chart_table_dispose;

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
  g_signal_connect (factory, "bind", G_CALLBACK (scope_chart_table_bind_cb),
                    GUINT_TO_POINTER (number));
  self->columns[number] = gtk_column_view_column_new (number == 0 ? _("Time") : "", factory);
  gtk_column_view_column_set_resizable (self->columns[number], TRUE);
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

  gtk_column_view_column_set_title (self->columns[1], _("All"));
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

/**
 * scope_chart_table_set_data:
 * @data: what the rows show from now on; read at once
 */
void
scope_chart_table_set_data (ScopeChartTable      *self,
                            const ScopeChartData *data)
{
  g_autoptr (GPtrArray) lines = NULL;

  g_return_if_fail (SCOPE_IS_CHART_TABLE (self));
  g_return_if_fail (data != NULL);

  lines = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < data->buckets->len; i++)
    if (scope_chart_data_get (data, i)->count > 0)
      g_ptr_array_add (lines, scope_chart_table_row_new (data, i));
  scope_chart_table_update_columns (self, data);
  g_list_store_splice (self->lines, 0, g_list_model_get_n_items (G_LIST_MODEL (self->lines)),
                       lines->pdata, lines->len);
}
