/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-period-row"

#include "config.h"

#include "ui/scope-period-row.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-format.h"
#include "ui/scope-period-text.h"
#include "ui/scope-ui-util.h"

struct _ScopePeriodRow
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *state_label;
  GtkLabel *attempts_label;
  GtkLabel *cause_label;
  GtkLabel *span_label;
  GtkLabel *duration_label;

  ScopeStatePeriod *period;
};

G_DEFINE_FINAL_TYPE (ScopePeriodRow, scope_period_row, ADW_TYPE_BIN)

static void
scope_period_row_update (ScopePeriodRow *self)
{
  ScopeState state = scope_state_period_get_state (self->period);
  const char *classes[] = { scope_format_state_class (state), NULL };
  guint attempts = scope_state_period_get_attempts (self->period);
  g_autofree char *cause = scope_period_dup_cause (self->period);
  g_autofree char *attempts_text =
    g_strdup_printf (ngettext ("%u attempt", "%u attempts", attempts), attempts);

  gtk_image_set_from_icon_name (self->icon, scope_format_state_icon (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_text (self->state_label, scope_state_to_text (state));
  gtk_label_set_text (self->attempts_label, attempts_text);
  gtk_widget_set_visible (GTK_WIDGET (self->attempts_label), attempts > 1);
  scope_ui_show_text (self->cause_label, cause);
}

static void
scope_period_row_notify_cb (ScopePeriodRow *self)
{
  scope_period_row_update (self);
  scope_period_row_refresh (self, g_get_real_time ());
}

static void
scope_period_row_dispose (GObject *object)
{
  ScopePeriodRow *self = SCOPE_PERIOD_ROW (object);

  scope_period_row_set_period (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_PERIOD_ROW);

  G_OBJECT_CLASS (scope_period_row_parent_class)->dispose (object);
}

static void
scope_period_row_class_init (ScopePeriodRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_period_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-period-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopePeriodRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ScopePeriodRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePeriodRow, attempts_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePeriodRow, cause_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePeriodRow, span_label);
  gtk_widget_class_bind_template_child (widget_class, ScopePeriodRow, duration_label);
}

static void
scope_period_row_init (ScopePeriodRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_period_row_new:
 *
 * Returns: (transfer floating): a row without a period
 */
GtkWidget *
scope_period_row_new (void)
{
  return g_object_new (SCOPE_TYPE_PERIOD_ROW, NULL);
}

/**
 * scope_period_row_get_period:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
ScopeStatePeriod *
scope_period_row_get_period (ScopePeriodRow *self)
{
  g_return_val_if_fail (SCOPE_IS_PERIOD_ROW (self), NULL);

  return self->period;
}

/**
 * scope_period_row_set_period:
 * @period: (nullable): what to show
 *
 * Shows a period and follows its changes. Refresh afterwards.
 */
void
scope_period_row_set_period (ScopePeriodRow   *self,
                             ScopeStatePeriod *period)
{
  g_return_if_fail (SCOPE_IS_PERIOD_ROW (self));
  g_return_if_fail (period == NULL || SCOPE_IS_STATE_PERIOD (period));

  if (self->period == period)
    return;

  if (self->period != NULL)
    g_signal_handlers_disconnect_by_func (self->period, scope_period_row_notify_cb, self);
  g_set_object (&self->period, period);
  if (period == NULL)
    return;

  g_signal_connect_object (period, "notify", G_CALLBACK (scope_period_row_notify_cb), self,
                           G_CONNECT_SWAPPED);
  scope_period_row_update (self);
}

/**
 * scope_period_row_refresh:
 * @now_usec: wall clock
 *
 * Says anew how long the period has lasted.
 */
void
scope_period_row_refresh (ScopePeriodRow *self,
                          gint64          now_usec)
{
  GtkWidget *item;
  g_autofree char *span = NULL;
  g_autofree char *duration = NULL;
  g_autofree char *sentence = NULL;

  g_return_if_fail (SCOPE_IS_PERIOD_ROW (self));

  if (self->period == NULL)
    return;

  span = scope_period_dup_span (self->period);
  duration = scope_period_dup_duration (self->period, now_usec);
  gtk_label_set_text (self->span_label, span);
  gtk_label_set_text (self->duration_label, duration);

  item = gtk_widget_get_parent (GTK_WIDGET (self));
  sentence = scope_period_dup_sentence (self->period, now_usec);
  if (item != NULL)
    scope_ui_set_label (item, sentence);
}
