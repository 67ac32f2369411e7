/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-statistics-view"

#include "config.h"

#include "ui/scope-statistics-plots.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-chart-card.h"
#include "ui/scope-filter-completion.h"
#include "ui/scope-flow-stop.h"
#include "ui/scope-format.h"
#include "ui/scope-statistics-data.h"
#include "ui/scope-ui-util.h"

#define MAX_PLOTS 8
/* its numbers or the time have changed: not twice for both */
#define UPDATE_USEC (G_USEC_PER_SEC / 4)
#define SETTING "statistics-plots"

typedef struct
{
  ScopeStatisticsPlots *plots; /* whose it is */
  ScopeSeries *series;
  ScopeChartCard *card;
  gint64 updated_usec;
  gboolean pending; /* to be updated */
} Plot;

struct _ScopeStatisticsPlots
{
  AdwBin parent_instance;

  GtkBox *cards;
  GtkComboBoxText *event_combo;
  GtkEntry *path_entry;
  ScopeFilterCompletion *completion;
  GtkLabel *error_label;

  GPtrArray *plots; /* of Plot */
  ScopeEventList *list;
  ScopeStatistics *statistics;
  guint update_id;
  gboolean active;
  gboolean shown_only;
  gboolean loaded; /* from the settings */
  guint names;     /* stands for those that can be chosen, in any order */
};

G_DEFINE_FINAL_TYPE (ScopeStatisticsPlots, scope_statistics_plots, ADW_TYPE_BIN)

static void
plot_free (Plot *plot)
{
  g_signal_handlers_disconnect_by_data (plot->series, plot);
  g_object_unref (plot->series);
  g_free (plot);
}

/* ---- one plot ---- */

static char *
plot_dup_title (ScopeSeries *series)
{
  const char *event = scope_series_get_event (series);

  if (*event == '\0')
    return g_strdup (scope_series_get_path (series));
  /* Translators: a payload's path, an event's name */
  return g_strdup_printf (_("%s of %s"), scope_series_get_path (series), event);
}

static void
note_append (GString *note,
             char    *text)
{
  g_string_append_printf (note, "%s%s", note->len > 0 ? " · " : "", text);
  g_free (text);
}

/* A range may leave out some. */
static char *
plot_dup_count (const ScopeChartData *data,
                guint                 n)
{
  guint64 n_shown = 0;
  g_autofree char *all = scope_format_count (n);
  g_autofree char *shown = NULL;

  for (guint i = 0; i < data->buckets->len; i++)
    n_shown += scope_chart_data_get (data, i)->count;
  if (n_shown == n)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s number", "%s numbers", n), all);
  shown = scope_format_count (n_shown);
  /* Translators: numbers in the time that is shown, and how many there are at all times */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s of %s number in this time",
                                       "%s of %s numbers in this time", n), shown, all);
}

static char *
plot_dup_note (ScopeSeries          *series,
               const ScopeChartData *data,
               gboolean              exact)
{
  guint n = scope_series_get_points (series)->len;
  guint n_without = scope_series_get_n_without (series);
  guint n_dropped = scope_series_get_n_dropped (series);
  g_autofree char *without = scope_format_count (n_without);
  g_autofree char *dropped = scope_format_count (n_dropped);
  GString *note = g_string_new (NULL);

  note_append (note, plot_dup_count (data, n));
  if (n_without > 0)
    note_append (note, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s event without it",
                                                     "%s events without it", n_without),
                                        without));
  if (n_dropped > 0)
    note_append (note, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s older is not shown",
                                                     "%s older are not shown", n_dropped),
                                        dropped));
  if (!exact)
    note_append (note, g_strdup (_("line: average, area: from least to largest")));
  if (scope_series_get_busy (series))
    note_append (note, g_strdup (_("reading…")));
  return g_string_free (note, FALSE);
}

static void
plot_update (Plot *plot)
{
  ScopeStatisticsPlots *self = plot->plots;
  g_autofree char *note = NULL;
  ScopeChartData *data;
  gboolean exact;

  if (!self->active || self->statistics == NULL)
    return;
  plot->pending = FALSE;
  plot->updated_usec = g_get_monotonic_time ();
  data = scope_statistics_data_new_plot (plot->series, self->statistics, &exact);
  note = plot_dup_note (plot->series, data, exact);
  scope_chart_card_set_note (plot->card, note);
  scope_chart_card_take_data (plot->card, data);
}

static void scope_statistics_plots_schedule (ScopeStatisticsPlots *self);

/* the one that waits longest */
static Plot *
scope_statistics_plots_find_pending (ScopeStatisticsPlots *self)
{
  Plot *found = NULL;

  for (guint i = 0; i < self->plots->len; i++)
    {
      Plot *plot = g_ptr_array_index (self->plots, i);

      if (plot->pending && (found == NULL || plot->updated_usec < found->updated_usec))
        found = plot;
    }
  return found;
}

static gboolean
scope_statistics_plots_update_cb (gpointer user_data)
{
  ScopeStatisticsPlots *self = user_data;
  Plot *plot = scope_statistics_plots_find_pending (self);

  self->update_id = 0;
  if (plot != NULL)
    plot_update (plot);
  scope_statistics_plots_schedule (self);
  return G_SOURCE_REMOVE;
}

/* Each plot once in UPDATE_USEC, and one in a turn of the main loop. */
static void
scope_statistics_plots_schedule (ScopeStatisticsPlots *self)
{
  const Plot *plot = scope_statistics_plots_find_pending (self);
  gint64 wait_usec;

  if (plot == NULL || self->update_id != 0 || !self->active || self->statistics == NULL)
    return;
  wait_usec = plot->updated_usec + UPDATE_USEC - g_get_monotonic_time ();
  self->update_id = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE,
                                        wait_usec > 0 ? (wait_usec + 999) / 1000 : 0,
                                        scope_statistics_plots_update_cb, self, NULL);
}

static void
plot_changed_cb (Plot *plot)
{
  plot->pending = TRUE;
  scope_statistics_plots_schedule (plot->plots);
}

/* ---- settings ---- */

static void
scope_statistics_plots_save (ScopeStatisticsPlots *self)
{
  GSettings *settings = scope_ui_get_settings ();
  GVariantBuilder builder;

  if (settings == NULL)
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < self->plots->len; i++)
    {
      const Plot *plot = g_ptr_array_index (self->plots, i);

      g_variant_builder_add (&builder, "(ss)", scope_series_get_event (plot->series),
                             scope_series_get_path (plot->series));
    }
  g_settings_set_value (settings, SETTING, g_variant_builder_end (&builder));
}

static void
scope_statistics_plots_load (ScopeStatisticsPlots *self)
{
  GSettings *settings = scope_ui_get_settings ();
  g_autoptr (GVariant) plots = NULL;
  GVariantIter iter;
  const char *event;
  const char *path;

  self->loaded = TRUE;
  if (settings == NULL)
    return;
  plots = g_settings_get_value (settings, SETTING);
  g_variant_iter_init (&iter, plots);
  while (g_variant_iter_next (&iter, "(&s&s)", &event, &path))
    scope_statistics_plots_add (self, event, path);
}

/* ---- adding and removing ---- */

static void
plot_removed_cb (ScopeChartCard       *card,
                 ScopeStatisticsPlots *self)
{
  for (guint i = 0; i < self->plots->len; i++)
    {
      Plot *plot = g_ptr_array_index (self->plots, i);

      if (plot->card != card)
        continue;
      gtk_box_remove (self->cards, GTK_WIDGET (card));
      g_ptr_array_remove_index (self->plots, i);
      scope_statistics_plots_save (self);
      gtk_widget_grab_focus (GTK_WIDGET (self->path_entry));
      return;
    }
}

static Plot *
scope_statistics_plots_find (ScopeStatisticsPlots *self,
                             const char           *event,
                             const char           *path)
{
  for (guint i = 0; i < self->plots->len; i++)
    {
      Plot *plot = g_ptr_array_index (self->plots, i);

      if (g_str_equal (scope_series_get_event (plot->series), event) &&
          g_str_equal (scope_series_get_path (plot->series), path))
        return plot;
    }
  return NULL;
}

static void
scope_statistics_plots_tell (ScopeStatisticsPlots *self,
                             const char           *text)
{
  scope_ui_show_text (self->error_label, text);
}

static Plot *
scope_statistics_plots_create (ScopeStatisticsPlots *self,
                               ScopeSeries          *series)
{
  Plot *plot = g_new0 (Plot, 1);
  g_autofree char *title = plot_dup_title (series);

  plot->plots = self;
  plot->series = g_object_ref (series);
  plot->card = SCOPE_CHART_CARD (scope_chart_card_new ());
  scope_chart_card_set_title (plot->card, title);
  scope_chart_card_set_removable (plot->card, TRUE);
  g_signal_connect_object (plot->card, "removed", G_CALLBACK (plot_removed_cb), self, 0);
  g_signal_connect_swapped (series, "changed", G_CALLBACK (plot_changed_cb), plot);
  gtk_box_append (self->cards, GTK_WIDGET (plot->card));
  g_ptr_array_add (self->plots, plot);
  scope_series_set_shown_only (series, self->shown_only);
  scope_series_set_list (series, self->list);
  scope_series_set_active (series, self->active);
  return plot;
}

static void
scope_statistics_plots_add_cb (ScopeStatisticsPlots *self)
{
  g_autofree char *event = gtk_combo_box_text_get_active_text (self->event_combo);
  const char *path = gtk_editable_get_text (GTK_EDITABLE (self->path_entry));
  g_autofree char *whole = NULL;

  g_strstrip (event);
  /* "total" is meant as the payload's */
  if (g_str_has_prefix (path, "data.") || g_str_has_prefix (path, "data[") ||
      g_str_equal (path, "data") || *path == '\0')
    whole = g_strdup (path);
  else
    whole = g_strconcat ("data.", path, NULL);
  if (scope_statistics_plots_add (self, event, whole) != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->path_entry), "");
}

/* ---- class ---- */

static void
scope_statistics_plots_suggest_cb (ScopeStatisticsPlots *self)
{
  scope_filter_completion_show (self->completion);
}

static void
scope_statistics_plots_dispose (GObject *object)
{
  ScopeStatisticsPlots *self = SCOPE_STATISTICS_PLOTS (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_ptr_array_set_size (self->plots, 0);
  g_clear_object (&self->list);
  g_clear_object (&self->statistics);
  if (self->completion != NULL)
    scope_filter_completion_close (self->completion);
  g_clear_object (&self->completion);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_STATISTICS_PLOTS);

  G_OBJECT_CLASS (scope_statistics_plots_parent_class)->dispose (object);
}

static void
scope_statistics_plots_finalize (GObject *object)
{
  g_ptr_array_unref (SCOPE_STATISTICS_PLOTS (object)->plots);

  G_OBJECT_CLASS (scope_statistics_plots_parent_class)->finalize (object);
}

static void
scope_statistics_plots_class_init (ScopeStatisticsPlotsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_statistics_plots_dispose;
  object_class->finalize = scope_statistics_plots_finalize;

  g_type_ensure (SCOPE_TYPE_FLOW_STOP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-statistics-plots.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsPlots, cards);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsPlots, event_combo);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsPlots, path_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsPlots, error_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_statistics_plots_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_statistics_plots_suggest_cb);
}

/* The entry, and the button that opens the list, do not speak through the combo box. */
static void
scope_statistics_plots_name_combo (ScopeStatisticsPlots *self)
{
  GtkWidget *entry = gtk_combo_box_get_child (GTK_COMBO_BOX (self->event_combo));

  scope_ui_set_label (self->event_combo, _("Name of the Events"));
  for (GtkWidget *child = gtk_widget_get_first_child (gtk_widget_get_parent (entry)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    scope_ui_set_label (child, _("Name of the Events"));
}

static void
scope_statistics_plots_init (ScopeStatisticsPlots *self)
{
  GtkWidget *entry;

  self->plots = g_ptr_array_new_with_free_func ((GDestroyNotify) plot_free);
  self->shown_only = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->completion = scope_filter_completion_new (GTK_WIDGET (self), GTK_EDITABLE (self->path_entry));
  scope_filter_completion_set_path (self->completion, TRUE);
  entry = gtk_combo_box_get_child (GTK_COMBO_BOX (self->event_combo));
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Any Event"));
  scope_statistics_plots_name_combo (self);
}

/**
 * scope_statistics_plots_set_list:
 * @list: (nullable): whose events are read
 * @statistics: whose time is shown
 */
void
scope_statistics_plots_set_list (ScopeStatisticsPlots *self,
                                 ScopeEventList       *list,
                                 ScopeStatistics      *statistics)
{
  g_autoptr (ScopeVocabulary) vocabulary = NULL;

  g_return_if_fail (SCOPE_IS_STATISTICS_PLOTS (self));

  vocabulary = list != NULL ? scope_vocabulary_new (list) : NULL;
  scope_filter_completion_set_vocabulary (self->completion, vocabulary);
  /* its names are others, whatever their numbers */
  if (g_set_object (&self->list, list))
    self->names = 0;
  g_set_object (&self->statistics, statistics);
  for (guint i = 0; i < self->plots->len; i++)
    scope_series_set_list (((Plot *) g_ptr_array_index (self->plots, i))->series, list);
}

/**
 * scope_statistics_plots_set_active:
 * @active: whether somebody looks
 */
void
scope_statistics_plots_set_active (ScopeStatisticsPlots *self,
                                   gboolean              active)
{
  g_return_if_fail (SCOPE_IS_STATISTICS_PLOTS (self));

  self->active = active;
  if (active && !self->loaded)
    scope_statistics_plots_load (self);
  for (guint i = 0; i < self->plots->len; i++)
    scope_series_set_active (((Plot *) g_ptr_array_index (self->plots, i))->series, active);
  scope_statistics_plots_schedule (self);
}

/**
 * scope_statistics_plots_set_shown_only:
 * @shown_only: whether rows that the filter hides are left out
 */
void
scope_statistics_plots_set_shown_only (ScopeStatisticsPlots *self,
                                       gboolean              shown_only)
{
  g_return_if_fail (SCOPE_IS_STATISTICS_PLOTS (self));

  self->shown_only = shown_only;
  for (guint i = 0; i < self->plots->len; i++)
    scope_series_set_shown_only (((Plot *) g_ptr_array_index (self->plots, i))->series,
                                 shown_only);
}

/**
 * scope_statistics_plots_add:
 * @event: the name of the events; "" for any
 * @path: where the number stands
 *
 * Returns: (transfer none) (nullable): the plot's card
 */
GtkWidget *
scope_statistics_plots_add (ScopeStatisticsPlots *self,
                            const char           *event,
                            const char           *path)
{
  g_autoptr (ScopeSeries) series = NULL;
  g_autoptr (GError) error = NULL;
  Plot *plot;

  g_return_val_if_fail (SCOPE_IS_STATISTICS_PLOTS (self), NULL);

  if (!self->loaded)
    scope_statistics_plots_load (self);
  scope_statistics_plots_tell (self, NULL);
  plot = scope_statistics_plots_find (self, event, path);
  if (plot != NULL)
    return GTK_WIDGET (plot->card);
  if (self->plots->len == MAX_PLOTS)
    {
      scope_statistics_plots_tell (self, _("There are as many plots as there may be. Remove one."));
      return NULL;
    }
  series = scope_series_new (event, path, &error);
  if (series == NULL)
    {
      scope_statistics_plots_tell (self, error->message);
      return NULL;
    }
  plot = scope_statistics_plots_create (self, series);
  plot_update (plot);
  scope_statistics_plots_save (self);
  return GTK_WIDGET (plot->card);
}

/* The names to choose from, the largest first; what is being typed stays. */
static void
scope_statistics_plots_update_events (ScopeStatisticsPlots *self)
{
  g_autoptr (GArray) top = NULL;
  guint names;

  if (self->list == NULL)
    return;
  top = scope_tally_dup_top (scope_statistics_get_tally (self->statistics), SCOPE_TALLY_EVENT,
                             FALSE, 50);
  /* ranks change all the time: only other names count */
  names = top->len;
  for (guint i = 0; i < top->len; i++)
    names += g_array_index (top, ScopeRank, i).id * 2654435761u;
  if (self->names == names)
    return;
  self->names = names;
  gtk_combo_box_text_remove_all (self->event_combo);
  for (guint i = 0; i < top->len; i++)
    {
      const ScopeRank *rank = &g_array_index (top, ScopeRank, i);
      const char *name = scope_statistics_get_name (self->statistics, rank->id);

      if (name != NULL && rank->id != SCOPE_NAMES_OVERFLOW)
        gtk_combo_box_text_append_text (self->event_combo, name);
    }
}

/**
 * scope_statistics_plots_refresh:
 *
 * Shows the present time, gaps and names.
 */
void
scope_statistics_plots_refresh (ScopeStatisticsPlots *self)
{
  g_return_if_fail (SCOPE_IS_STATISTICS_PLOTS (self));

  if (self->statistics == NULL)
    return;
  scope_statistics_plots_update_events (self);
  for (guint i = 0; i < self->plots->len; i++)
    plot_changed_cb (g_ptr_array_index (self->plots, i));
}
