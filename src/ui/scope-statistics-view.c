/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-statistics-view"

#include "config.h"

#include "ui/scope-statistics-view.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-chart-card.h"
#include "ui/scope-chart-ticks.h"
#include "ui/scope-flow-stop.h"
#include "ui/scope-format.h"
#include "ui/scope-hint.h"
#include "ui/scope-statistics-data.h"
#include "ui/scope-statistics-plots.h"
#include "ui/scope-top-list.h"
#include "ui/scope-ui-util.h"

/* Everything is shown anew when ScopeStatistics says so, at most four times a second, and only
 * while the view is in sight. */

/* how long a new plot is waited for, until it can be scrolled to */
#define SCROLL_FRAMES 120

struct _ScopeStatisticsView
{
  ScopeSessionView parent_instance;

  GtkStack *stack;
  AdwStatusPage *status_page;
  GtkButton *status_button;
  GtkScrolledWindow *scrolled;
  GtkDropDown *range_drop_down;
  GtkDropDown *unit_drop_down;
  GtkDropDown *stack_drop_down;
  GtkCheckButton *shown_check;
  GtkLabel *count_label;
  GtkLabel *bytes_label;
  GtkWidget *now_child;
  GtkLabel *now_label;
  GtkLabel *now_note;
  GtkWidget *peak_button;
  GtkLabel *peak_label;
  GtkLabel *peak_note;
  GtkLabel *names_label;
  GtkLabel *names_note;
  ScopeChartCard *rate_card;
  GtkFlowBox *top_box;
  ScopeStatisticsPlots *plots;
  ScopeTopList *tops[SCOPE_TALLY_N_NAMES];

  ScopeSession *session; /* as the parent class has it */
  ScopeStatistics *statistics;
  gint64 peak_usec;
  GtkWidget *wanted; /* a card to scroll to */
  guint scroll_id;
  guint scroll_frames;
};

G_DEFINE_FINAL_TYPE (ScopeStatisticsView, scope_statistics_view, SCOPE_TYPE_SESSION_VIEW)

static gboolean
scope_statistics_view_by_bytes (ScopeStatisticsView *self)
{
  return gtk_drop_down_get_selected (self->unit_drop_down) == 1;
}

static ScopeTallyName
scope_statistics_view_get_stack (ScopeStatisticsView *self)
{
  static const ScopeTallyName stacks[] = { SCOPE_TALLY_CHANNEL, SCOPE_TALLY_EVENT,
                                           SCOPE_TALLY_NONE };
  guint selected = gtk_drop_down_get_selected (self->stack_drop_down);

  return selected < G_N_ELEMENTS (stacks) ? stacks[selected] : SCOPE_TALLY_NONE;
}

static char *
format_rate (double   per_second,
             gboolean bytes)
{
  g_autofree char *size = NULL;

  if (!bytes)
    return scope_text_format_rate (per_second);
  size = scope_text_format_size (per_second + 0.5);
  return g_strdup_printf ("%s/s", size);
}

/* ---- figures ---- */

static void
set_figure (GtkLabel *label,
            char     *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), *text != '\0' ? text : NULL);
  g_free (text);
}

static void
scope_statistics_view_update_total (ScopeStatisticsView *self,
                                    const ScopeTally    *tally)
{
  ScopeFigures total = scope_tally_get_total (tally);
  g_autofree char *count = scope_format_count (total.count);

  set_figure (self->count_label,
              g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s event", "%s events",
                                            (gulong) total.count),
                               count));
  set_figure (self->bytes_label, scope_text_format_size (total.bytes));
}

static void
scope_statistics_view_update_now (ScopeStatisticsView *self,
                                  const ScopeTally    *tally)
{
  ScopeFigures recent =
    scope_tally_get_recent (tally, scope_statistics_get_now (self->statistics));
  g_autofree char *events = format_rate ((double) recent.count / SCOPE_TALLY_NOW_SECONDS, FALSE);
  g_autofree char *bytes = format_rate ((double) recent.bytes / SCOPE_TALLY_NOW_SECONDS, TRUE);

  gtk_widget_set_visible (self->now_child, !scope_session_get_offline (self->session));
  /* Translators: a rate: "3/s now" */
  set_figure (self->now_label, g_strdup_printf (_("%s now"), events));
  set_figure (self->now_note, g_steal_pointer (&bytes));
}

/* With its day, if more than one is counted. */
static char *
format_peak_time (const ScopeTally *tally,
                  gint64            usec)
{
  guint n = scope_tally_get_n_buckets (tally);
  gint64 span_usec = scope_tally_get_start (tally, n) - scope_tally_get_start (tally, 0);
  g_autofree char *time = scope_chart_ticks_format_time (usec, G_USEC_PER_SEC);
  g_autofree char *day = NULL;

  if (span_usec <= G_TIME_SPAN_DAY)
    return g_steal_pointer (&time);
  day = scope_chart_ticks_format_time (usec, G_TIME_SPAN_DAY);
  return g_strdup_printf ("%s, %s", day, time);
}

static void
scope_statistics_view_update_peak (ScopeStatisticsView *self,
                                   const ScopeTally    *tally)
{
  gboolean by_bytes = scope_statistics_view_by_bytes (self);
  g_autofree char *rate = NULL;
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;
  guint64 value;
  gboolean found = scope_tally_find_peak (tally, by_bytes, &self->peak_usec, &value);

  gtk_widget_set_sensitive (self->peak_button, found);
  rate = format_rate (value, by_bytes);
  /* Translators: the largest rate: "up to 12/s" */
  set_figure (self->peak_label, g_strdup_printf (_("up to %s"), rate));
  time = found ? format_peak_time (tally, self->peak_usec) : NULL;
  /* Translators: when the most came */
  set_figure (self->peak_note, found ? g_strdup_printf (_("at %s"), time) : g_strdup (""));
  text = g_strdup_printf ("%s %s", gtk_label_get_text (self->peak_label),
                          gtk_label_get_text (self->peak_note));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->peak_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
scope_statistics_view_update_names (ScopeStatisticsView *self,
                                    const ScopeTally    *tally)
{
  guint n_channels = scope_tally_count_names (tally, SCOPE_TALLY_CHANNEL);
  guint n_events = scope_tally_count_names (tally, SCOPE_TALLY_EVENT);

  set_figure (self->names_label, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u channel",
                                                               "%u channels", n_channels),
                                                  n_channels));
  set_figure (self->names_note, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u event name",
                                                              "%u event names", n_events),
                                                 n_events));
}

static void
scope_statistics_view_update_figures (ScopeStatisticsView *self)
{
  const ScopeTally *tally = scope_statistics_get_tally (self->statistics);
  ScopeNames *names = scope_session_get_names (self->session);
  gboolean by_bytes = scope_statistics_view_by_bytes (self);

  scope_statistics_view_update_total (self, tally);
  scope_statistics_view_update_now (self, tally);
  scope_statistics_view_update_peak (self, tally);
  scope_statistics_view_update_names (self, tally);
  for (guint i = 0; i < SCOPE_TALLY_N_NAMES; i++)
    scope_top_list_update (self->tops[i], tally, names, by_bytes);
  scope_chart_card_set_title (self->rate_card,
                              by_bytes ? _("Bytes per Second") : _("Events per Second"));
  scope_chart_card_set_note (self->rate_card, scope_statistics_get_busy (self->statistics)
                                                ? _("Counting…")
                                                : NULL);
  scope_chart_card_take_data (self->rate_card,
                              scope_statistics_data_new_rate (self->statistics, names,
                                                              scope_statistics_view_get_stack (self),
                                                              by_bytes));
  scope_statistics_plots_refresh (self->plots);
}

/* ---- nothing to show ---- */

static void
scope_statistics_view_show_status (ScopeStatisticsView *self,
                                   const char          *title,
                                   const char          *text,
                                   const char          *action,
                                   const char          *label)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_icon_name (self->status_page, "view-list-symbolic");
  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, markup);
  gtk_widget_set_visible (GTK_WIDGET (self->status_button), action != NULL);
  if (action != NULL)
    {
      gtk_button_set_label (self->status_button, label);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->status_button), action);
    }
  scope_ui_show_page (self->stack, "empty");
}

static void
scope_statistics_view_show_empty (ScopeStatisticsView *self)
{
  ScopeEventList *events = scope_session_get_events (self->session);
  g_autoptr (ScopeHint) hint = NULL;

  if (scope_event_list_get_filtering (events))
    {
      scope_statistics_view_show_status (self, _("Counting…"), _("The filter is still reading."),
                                         NULL, NULL);
      return;
    }
  if (scope_event_list_get_n_total (events) >
      g_list_model_get_n_items (G_LIST_MODEL (events)))
    {
      scope_statistics_view_show_status (self, _("Nothing to Count"),
                                         _("The filter of the log leaves no event."),
                                         "win.clear-filter", _("Clear Filter"));
      return;
    }
  if (scope_session_get_offline (self->session))
    {
      scope_statistics_view_show_status (self, _("Nothing to Count"),
                                         _("The capture holds no event."), NULL, NULL);
      return;
    }
  hint = scope_hint_new_for_connection (self->session);
  if (hint != NULL)
    scope_statistics_view_show_status (self, hint->title,
                                       hint->text != NULL ? hint->text : "", hint->action,
                                       hint->action_label);
  else
    scope_statistics_view_show_status (self, _("Nothing to Count"),
                                       _("Figures appear here with the first event."), NULL, NULL);
}

/* A range or a plot without an event still has its axes: only a log without any has nothing. */
static void
scope_statistics_view_update (ScopeStatisticsView *self)
{
  const ScopeTally *tally = scope_statistics_get_tally (self->statistics);
  gboolean all = gtk_drop_down_get_selected (self->range_drop_down) == 3;

  if (self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (all && scope_tally_get_total (tally).count == 0 &&
      gtk_check_button_get_active (self->shown_check))
    {
      scope_statistics_view_show_empty (self);
      return;
    }
  scope_statistics_view_update_figures (self);
  scope_ui_show_page (self->stack, "figures");
}

/* ---- what the user does ---- */

static void
scope_statistics_view_options_cb (ScopeStatisticsView *self)
{
  static const guint ranges[] = { 60, 600, 3600, 0 };
  guint range = gtk_drop_down_get_selected (self->range_drop_down);
  gboolean shown_only = gtk_check_button_get_active (self->shown_check);

  if (self->statistics == NULL || range >= G_N_ELEMENTS (ranges))
    return;
  scope_statistics_set_range (self->statistics, ranges[range]);
  scope_statistics_set_stack (self->statistics, scope_statistics_view_get_stack (self));
  scope_statistics_set_shown_only (self->statistics, shown_only);
  scope_statistics_plots_set_shown_only (self->plots, shown_only);
  scope_statistics_view_update (self);
}

static void
scope_statistics_view_peak_cb (ScopeStatisticsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-time", "x", self->peak_usec);
}

/* ---- class ---- */

static void
scope_statistics_view_session_changed (ScopeSessionView *view)
{
  ScopeStatisticsView *self = SCOPE_STATISTICS_VIEW (view);
  ScopeSession *session = scope_session_view_get_session (view);
  ScopeEventList *events = session != NULL ? scope_session_get_events (session) : NULL;

  self->session = session;
  scope_statistics_set_list (self->statistics, events,
                             session != NULL && !scope_session_get_offline (session));
  scope_statistics_set_history (self->statistics,
                                session != NULL ? scope_session_get_history (session) : NULL);
  scope_statistics_plots_set_list (self->plots, events, self->statistics);
}

static void
scope_statistics_view_set_active (ScopeStatisticsView *self,
                                  gboolean             active)
{
  scope_statistics_set_active (self->statistics, active);
  scope_statistics_plots_set_active (self->plots, active);
}

static void
scope_statistics_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_statistics_view_parent_class)->map (widget);

  scope_statistics_view_set_active (SCOPE_STATISTICS_VIEW (widget), TRUE);
  scope_statistics_view_update (SCOPE_STATISTICS_VIEW (widget));
}

static void
scope_statistics_view_unmap (GtkWidget *widget)
{
  scope_statistics_view_set_active (SCOPE_STATISTICS_VIEW (widget), FALSE);

  GTK_WIDGET_CLASS (scope_statistics_view_parent_class)->unmap (widget);
}

static void
scope_statistics_view_dispose (GObject *object)
{
  ScopeStatisticsView *self = SCOPE_STATISTICS_VIEW (object);

  g_clear_weak_pointer (&self->wanted);
  if (self->statistics != NULL)
    scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
  scope_ui_dispose_bin (ADW_BIN (object), SCOPE_TYPE_STATISTICS_VIEW);
  g_clear_object (&self->statistics);

  G_OBJECT_CLASS (scope_statistics_view_parent_class)->dispose (object);
}

static void
scope_statistics_view_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-statistics-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, status_page);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, status_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, range_drop_down);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, unit_drop_down);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, stack_drop_down);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, shown_check);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, count_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, bytes_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, now_child);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, now_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, now_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, peak_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, peak_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, peak_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, names_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, names_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, rate_card);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, top_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeStatisticsView, plots);
  gtk_widget_class_bind_template_callback (widget_class, scope_statistics_view_options_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_statistics_view_peak_cb);
}

static void
scope_statistics_view_class_init (ScopeStatisticsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_statistics_view_dispose;
  widget_class->map = scope_statistics_view_map;
  widget_class->unmap = scope_statistics_view_unmap;
  SCOPE_SESSION_VIEW_CLASS (klass)->session_changed = scope_statistics_view_session_changed;

  g_type_ensure (SCOPE_TYPE_CHART_CARD);
  g_type_ensure (SCOPE_TYPE_FLOW_STOP);
  g_type_ensure (SCOPE_TYPE_STATISTICS_PLOTS);
  scope_statistics_view_bind_template (widget_class);
}

static void
scope_statistics_view_init (ScopeStatisticsView *self)
{
  self->statistics = scope_statistics_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < SCOPE_TALLY_N_NAMES; i++)
    {
      GtkWidget *child = g_object_new (GTK_TYPE_FLOW_BOX_CHILD, "accessible-role",
                                       GTK_ACCESSIBLE_ROLE_GROUP, NULL);

      self->tops[i] = SCOPE_TOP_LIST (scope_top_list_new (i));
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), GTK_WIDGET (self->tops[i]));
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_append (self->top_box, child);
    }
  scope_statistics_set_stack (self->statistics, scope_statistics_view_get_stack (self));
  g_signal_connect_object (self->statistics, "changed", G_CALLBACK (scope_statistics_view_update),
                           self, G_CONNECT_SWAPPED);
}

/* ---- plots ---- */

/* When it has a place. */
static gboolean
scope_statistics_view_scroll_cb (GtkWidget     *widget,
                                 GdkFrameClock *clock,
                                 gpointer       user_data)
{
  ScopeStatisticsView *self = SCOPE_STATISTICS_VIEW (widget);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  GtkWidget *inside = gtk_widget_get_first_child (GTK_WIDGET (self->scrolled));
  graphene_rect_t place;

  /* it gets none where there is nothing to count */
  if (self->wanted != NULL && gtk_widget_get_height (self->wanted) == 0 &&
      self->scroll_frames++ < SCROLL_FRAMES)
    return G_SOURCE_CONTINUE;
  self->scroll_id = 0;
  if (self->wanted != NULL && gtk_widget_compute_bounds (self->wanted, inside, &place))
    {
      gtk_adjustment_set_value (adjustment,
                                gtk_adjustment_get_value (adjustment) + place.origin.y - 12);
      gtk_widget_child_focus (self->wanted, GTK_DIR_TAB_FORWARD);
    }
  g_clear_weak_pointer (&self->wanted);
  return G_SOURCE_REMOVE;
}

/**
 * scope_statistics_view_plot:
 * @event: the name of the events to read; "" for any
 * @path: where the number stands, as the filter writes it
 *
 * Shows a payload's number over time.
 */
void
scope_statistics_view_plot (ScopeStatisticsView *self,
                            const char          *event,
                            const char          *path)
{
  GtkWidget *card;

  g_return_if_fail (SCOPE_IS_STATISTICS_VIEW (self));
  g_return_if_fail (event != NULL && path != NULL);

  card = scope_statistics_plots_add (self->plots, event, path);
  g_set_weak_pointer (&self->wanted, card);
  self->scroll_frames = 0;
  if (self->scroll_id == 0)
    self->scroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self),
                                                    scope_statistics_view_scroll_cb, NULL, NULL);
}
