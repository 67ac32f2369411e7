/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sparkline"

#include "config.h"

#include "ui/scope-sparkline.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

/* All that are in sight share one timer: a thousand channels have some twenty rows. */

#define BAR_SECONDS 4
#define N_BARS (SCOPE_CHANNEL_RECENT_SECONDS / BAR_SECONDS)
#define BAR_WIDTH 1
#define BAR_STEP 2
#define HEIGHT 12

struct _ScopeSparkline
{
  GtkWidget parent_instance;

  ScopeChannel *channel;
  guint32 bars[N_BARS]; /* oldest first */
  guint64 count;        /* of all bars, as last told */
};

G_DEFINE_FINAL_TYPE (ScopeSparkline, scope_sparkline, GTK_TYPE_WIDGET)

static GPtrArray *in_sight; /* of ScopeSparkline, unowned */
static guint timer_id;

static void
scope_sparkline_tell (ScopeSparkline *self,
                      guint64         count)
{
  g_autofree char *number = scope_format_count (count);
  g_autofree char *text = g_strdup_printf (_("Events in the last minute: %s"), number);

  self->count = count;
  scope_ui_set_label (self, text);
  scope_ui_set_tooltip (self, text);
}

/* Nothing is drawn anew if nothing has changed, as where no event comes. */
static void
scope_sparkline_look (ScopeSparkline *self)
{
  guint32 seconds[SCOPE_CHANNEL_RECENT_SECONDS] = { 0 };
  guint32 bars[N_BARS] = { 0 };
  guint64 count = 0;
  gint64 now_usec = g_get_monotonic_time ();
  /* a bar keeps its seconds until all of it leaves */
  guint partial = now_usec / G_USEC_PER_SEC % BAR_SECONDS;

  if (self->channel != NULL)
    scope_channel_get_recent (self->channel, now_usec, seconds);
  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      guint bar = (i + BAR_SECONDS - 1 - partial) / BAR_SECONDS;

      if (bar < N_BARS)
        bars[bar] += seconds[i];
      count += seconds[i];
    }
  if (count != self->count)
    scope_sparkline_tell (self, count);
  if (memcmp (bars, self->bars, sizeof bars) == 0)
    return;
  memcpy (self->bars, bars, sizeof bars);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
scope_sparkline_tick_cb (gpointer user_data)
{
  for (guint i = 0; i < in_sight->len; i++)
    scope_sparkline_look (g_ptr_array_index (in_sight, i));
  return G_SOURCE_CONTINUE;
}

static void
scope_sparkline_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  ScopeSparkline *self = SCOPE_SPARKLINE (widget);
  int height = gtk_widget_get_height (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  guint32 most = 1;
  GdkRGBA color;

  for (guint i = 0; i < N_BARS; i++)
    most = MAX (most, self->bars[i]);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  for (guint i = 0; i < N_BARS; i++)
    {
      guint place = mirrored ? N_BARS - 1 - i : i;
      double bar = self->bars[i] > 0 ? MAX (round ((double) height * self->bars[i] / most), 2) : 1;
      graphene_rect_t area = GRAPHENE_RECT_INIT (place * BAR_STEP, height - bar, BAR_WIDTH, bar);
      GdkRGBA tint = color;

      tint.alpha *= self->bars[i] > 0 ? 0.8 : 0.3;
      gtk_snapshot_append_color (snapshot, &tint, &area);
    }
}

static void
scope_sparkline_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  *minimum = *natural =
    orientation == GTK_ORIENTATION_HORIZONTAL ? (N_BARS - 1) * BAR_STEP + BAR_WIDTH : HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

static void
scope_sparkline_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_sparkline_parent_class)->map (widget);

  if (in_sight == NULL)
    in_sight = g_ptr_array_new ();
  g_ptr_array_add (in_sight, widget);
  if (timer_id == 0)
    timer_id = g_timeout_add_seconds (1, scope_sparkline_tick_cb, NULL);
  scope_sparkline_look (SCOPE_SPARKLINE (widget));
}

static void
scope_sparkline_unmap (GtkWidget *widget)
{
  g_ptr_array_remove_fast (in_sight, widget);
  if (in_sight->len == 0)
    {
      g_clear_handle_id (&timer_id, g_source_remove);
      g_clear_pointer (&in_sight, g_ptr_array_unref);
    }

  GTK_WIDGET_CLASS (scope_sparkline_parent_class)->unmap (widget);
}

static void
scope_sparkline_dispose (GObject *object)
{
  g_clear_object (&SCOPE_SPARKLINE (object)->channel);

  G_OBJECT_CLASS (scope_sparkline_parent_class)->dispose (object);
}

static void
scope_sparkline_class_init (ScopeSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_sparkline_dispose;
  widget_class->snapshot = scope_sparkline_snapshot;
  widget_class->measure = scope_sparkline_measure;
  widget_class->map = scope_sparkline_map;
  widget_class->unmap = scope_sparkline_unmap;

  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
scope_sparkline_init (ScopeSparkline *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  scope_sparkline_tell (self, 0);
}

/**
 * scope_sparkline_set_channel:
 * @channel: (nullable): whose events are shown
 */
void
scope_sparkline_set_channel (ScopeSparkline *self,
                             ScopeChannel   *channel)
{
  g_return_if_fail (SCOPE_IS_SPARKLINE (self));

  if (g_set_object (&self->channel, channel) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    scope_sparkline_look (self);
}
