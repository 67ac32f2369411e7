/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-card.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-chart-swatch.h"
#include "ui/scope-chart-table.h"
#include "ui/scope-chart.h"
#include "ui/scope-ui-util.h"

/* a table is read: it changes once in a while only */
#define TABLE_USEC (2 * G_USEC_PER_SEC)
#define LEGEND_CHARS 24

struct _ScopeChartCard
{
  AdwBin parent_instance;

  GtkLabel *title_label;
  GtkLabel *note_label;
  GtkWidget *remove_button;
  GtkToggleButton *table_button;
  GtkStack *stack;
  ScopeChart *chart;
  GtkLabel *text_label;
  GtkWidget *range_button;
  GtkFlowBox *legend;
  ScopeChartTable *table;

  char *gap_name; /* NULL: not connected */
  char *legend_key; /* what the legend shows */
  gint64 table_usec; /* when the table was filled */
};

enum
{
  SIGNAL_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeChartCard, scope_chart_card, ADW_TYPE_BIN)

/* ---- legend ---- */

static void
scope_chart_card_add_legend (ScopeChartCard *self,
                             guint           part,
                             const char     *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *child = g_object_new (GTK_TYPE_FLOW_BOX_CHILD, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_GROUP, NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LEGEND_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_tooltip_text (label, name);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), scope_chart_swatch_new (part));
  gtk_box_append (GTK_BOX (box), label);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (self->legend, child);
}

static gboolean
scope_chart_card_shows_gap (const ScopeChartData *data)
{
  for (guint i = 0; i < data->gaps->len; i++)
    {
      const ScopePeriod *gap = &g_array_index (data->gaps, ScopePeriod, i);

      if (gap->to_usec > data->from_usec && gap->from_usec < data->to_usec)
        return TRUE;
    }
  return FALSE;
}

static char *
scope_chart_card_dup_legend_key (const ScopeChartData *data,
                                 gboolean              parts,
                                 gboolean              gap)
{
  GString *key = g_string_new (gap ? "!" : "");

  for (guint k = 0; parts && k < data->n_parts; k++)
    g_string_append_printf (key, "%s\n", data->names[k]);
  return g_string_free (key, FALSE);
}

static void
scope_chart_card_update_legend (ScopeChartCard       *self,
                                const ScopeChartData *data)
{
  gboolean parts = data->kind == SCOPE_CHART_BARS && data->n_parts > 1;
  gboolean gap = scope_chart_card_shows_gap (data);
  g_autofree char *key = scope_chart_card_dup_legend_key (data, parts, gap);
  GtkWidget *child;

  if (!scope_set_str (&self->legend_key, key))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->legend))) != NULL)
    gtk_flow_box_remove (self->legend, child);
  for (guint k = 0; parts && k < data->n_parts; k++)
    scope_chart_card_add_legend (self, k < SCOPE_TALLY_TOP ? k : SCOPE_CHART_MAX_PARTS - 1,
                                 data->names[k]);
  if (gap)
    scope_chart_card_add_legend (self, SCOPE_CHART_MAX_PARTS,
                                 self->gap_name != NULL ? self->gap_name : _("Not connected"));
  gtk_widget_set_visible (GTK_WIDGET (self->legend), parts || gap);
}

/* ---- what is pressed ---- */

static void
scope_chart_card_activated_cb (ScopeChartCard *self,
                               gint64          usec)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-time", "x", usec);
}

static void
scope_chart_card_selected_cb (ScopeChartCard *self)
{
  gint64 from_usec, to_usec;

  gtk_widget_set_visible (self->range_button,
                          scope_chart_get_selection (self->chart, &from_usec, &to_usec));
}

static void
scope_chart_card_range_cb (ScopeChartCard *self)
{
  gint64 from_usec, to_usec;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *filter = NULL;

  if (!scope_chart_get_selection (self->chart, &from_usec, &to_usec))
    return;
  from = scope_text_format_rfc3339 (from_usec);
  to = scope_text_format_rfc3339 (to_usec);
  filter = g_strdup_printf ("time >= %s and time < %s", from, to);
  scope_chart_unselect (self->chart);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.filter", "(ss)", "only", filter);
}

static void
scope_chart_card_text_cb (ScopeChartCard *self)
{
  const char *text = scope_chart_get_cursor_text (self->chart);

  scope_ui_set_class (self->text_label, "dim-label", text == NULL);
  gtk_label_set_text (self->text_label,
                      text != NULL ? text
                                   : _("Figures stand here: point at the chart, or use the arrow "
                                       "keys. Click for the log, drag to select a time."));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->text_label), text);
}

static void
scope_chart_card_fill_table (ScopeChartCard *self)
{
  const ScopeChartData *data = scope_chart_get_data (self->chart);
  gint64 now_usec = g_get_monotonic_time ();

  if (data == NULL || !gtk_toggle_button_get_active (self->table_button) ||
      now_usec - self->table_usec < TABLE_USEC)
    return;
  self->table_usec = now_usec;
  scope_chart_table_set_data (self->table, data);
}

static void
scope_chart_card_table_cb (ScopeChartCard *self)
{
  self->table_usec = 0;
  scope_chart_card_fill_table (self);
  scope_ui_show_page (self->stack,
                      gtk_toggle_button_get_active (self->table_button) ? "table" : "chart");
}

static void
scope_chart_card_copy_cb (ScopeChartCard *self)
{
  const ScopeChartData *data = scope_chart_get_data (self->chart);
  g_autofree char *csv = data != NULL ? scope_chart_data_dup_csv (data) : NULL;

  if (csv != NULL)
    scope_ui_copy (GTK_WIDGET (self), csv);
}

static void
scope_chart_card_remove_cb (ScopeChartCard *self)
{
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0);
}

/* ---- class ---- */

static void
scope_chart_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_CHART_CARD);

  G_OBJECT_CLASS (scope_chart_card_parent_class)->dispose (object);
}

static void
scope_chart_card_finalize (GObject *object)
{
  g_free (SCOPE_CHART_CARD (object)->legend_key);
  g_free (SCOPE_CHART_CARD (object)->gap_name);

  G_OBJECT_CLASS (scope_chart_card_parent_class)->finalize (object);
}

static void
scope_chart_card_class_init (ScopeChartCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_chart_card_dispose;
  object_class->finalize = scope_chart_card_finalize;

  signals[SIGNAL_REMOVED] = g_signal_new ("removed", SCOPE_TYPE_CHART_CARD, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (SCOPE_TYPE_CHART);
  g_type_ensure (SCOPE_TYPE_CHART_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-chart-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, note_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, remove_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, table_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, chart);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, text_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, range_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, legend);
  gtk_widget_class_bind_template_child (widget_class, ScopeChartCard, table);
  gtk_widget_class_bind_template_callback (widget_class, scope_chart_card_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_chart_card_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_chart_card_range_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_chart_card_text_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_chart_card_table_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_chart_card_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_chart_card_remove_cb);
}

static void
scope_chart_card_init (ScopeChartCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_ui_show_page (self->stack, "chart");
  scope_chart_card_text_cb (self);
}

/**
 * scope_chart_card_new:
 *
 * Returns: (transfer floating): a card without a chart
 */
GtkWidget *
scope_chart_card_new (void)
{
  return g_object_new (SCOPE_TYPE_CHART_CARD, NULL);
}

/**
 * scope_chart_card_set_title:
 * @title: what is shown
 */
void
scope_chart_card_set_title (ScopeChartCard *self,
                            const char     *title)
{
  g_return_if_fail (SCOPE_IS_CHART_CARD (self));

  gtk_label_set_text (self->title_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title_label), title);
  scope_chart_set_title (self->chart, title);
  scope_chart_table_set_title (self->table, title);
}

/**
 * scope_chart_card_set_removable:
 * @removable: whether it can be removed
 */
void
scope_chart_card_set_removable (ScopeChartCard *self,
                                gboolean        removable)
{
  g_return_if_fail (SCOPE_IS_CHART_CARD (self));

  gtk_widget_set_visible (self->remove_button, removable);
}

/**
 * scope_chart_card_set_note:
 * @note: (nullable): a sentence on what is shown
 */
void
scope_chart_card_set_note (ScopeChartCard *self,
                           const char     *note)
{
  g_return_if_fail (SCOPE_IS_CHART_CARD (self));

  scope_ui_show_text (self->note_label, note);
}

/**
 * scope_chart_card_set_gap_name:
 * @name: (nullable): what a time without figures is called in the legend
 */
void
scope_chart_card_set_gap_name (ScopeChartCard *self,
                               const char     *name)
{
  g_return_if_fail (SCOPE_IS_CHART_CARD (self));

  scope_set_str (&self->gap_name, name);
}

/**
 * scope_chart_card_take_data:
 * @data: (transfer full): what is shown
 */
void
scope_chart_card_take_data (ScopeChartCard *self,
                            ScopeChartData *data)
{
  g_return_if_fail (SCOPE_IS_CHART_CARD (self));
  g_return_if_fail (data != NULL);

  scope_chart_card_update_legend (self, data);
  scope_chart_take_data (self->chart, data);
  scope_chart_card_fill_table (self);
}
