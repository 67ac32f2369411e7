/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-log-filler"

#include "config.h"

#include "ui/scope-log-filler.h"

#include "session/scope-row-loader.h"
#include "ui/scope-event-cell.h"
#include "ui/scope-ui-util.h"

/* In each frame the cells in sight are filled, once all rows have their places and before anything
 * is drawn. The others are filled when the log has been at rest for a moment, so that who reads them
 * over the accessibility bus finds what they are.
 *
 * What they show is read on another thread. A page of a file that the system has in memory takes a
 * fraction of a millisecond; should a disk take longer the frame is drawn without it. */

#define PATIENCE_USEC 2000
#define REST_MSEC 150
#define SLICE_USEC 3000

struct _ScopeLogFiller
{
  GObject parent_instance;

  GtkColumnView *view; /* weak */
  GdkFrameClock *clock; /* while the view is realized */
  gulong layout_id;
  gint64 layout_usec; /* when rows were last placed */
  guint rest_id;
  ScopeRowLoader *loader;
};

G_DEFINE_FINAL_TYPE (ScopeLogFiller, scope_log_filler, G_TYPE_OBJECT)

/* ---- rows ---- */

static GtkWidget *
scope_log_filler_get_first_row (ScopeLogFiller *self)
{
  GtkWidget *list = self->view != NULL ? scope_ui_find_list (self->view) : NULL;

  return list != NULL ? gtk_widget_get_first_child (list) : NULL;
}

/* Has all rows loaded, or those in sight, that are not. Rows out of sight keep their old places:
 * GTK hides them from their list. */
static void
scope_log_filler_load (ScopeLogFiller *self,
                       gboolean        in_sight)
{
  gint64 patience = in_sight ? PATIENCE_USEC : 0;
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  for (GtkWidget *row = scope_log_filler_get_first_row (self); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      ScopeEventItem *item = NULL;

      if (!in_sight || gtk_widget_get_child_visible (row))
        item = scope_event_cell_get_row_item (row);
      if (item != NULL)
        g_ptr_array_add (items, item);
    }
  scope_row_loader_load (self->loader, items, patience);
}

static void
scope_log_filler_loaded_cb (ScopeLogFiller *self)
{
  if (self->clock != NULL)
    gdk_frame_clock_request_phase (self->clock, GDK_FRAME_CLOCK_PHASE_LAYOUT);
}

/* ---- at rest ---- */

/* FALSE: time was up. */
static gboolean
scope_log_filler_fill_all (ScopeLogFiller *self)
{
  gint64 until = g_get_monotonic_time () + SLICE_USEC;

  scope_log_filler_load (self, FALSE);

  for (GtkWidget *row = scope_log_filler_get_first_row (self); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (scope_event_cell_fill_row (row) && g_get_monotonic_time () >= until)
      return FALSE;
  return TRUE;
}

static gboolean
scope_log_filler_rest_cb (gpointer user_data)
{
  ScopeLogFiller *self = user_data;
  gint64 rested = g_get_monotonic_time () - self->layout_usec;

  self->rest_id = 0;
  if (rested < REST_MSEC * G_TIME_SPAN_MILLISECOND)
    self->rest_id = g_timeout_add (REST_MSEC - (guint) (rested / G_TIME_SPAN_MILLISECOND),
                                   scope_log_filler_rest_cb, self);
  else if (!scope_log_filler_fill_all (self))
    self->rest_id = g_timeout_add (1, scope_log_filler_rest_cb, self);
  return G_SOURCE_REMOVE;
}

/* ---- in sight ---- */

static void
scope_log_filler_layout_cb (ScopeLogFiller *self)
{
  scope_log_filler_load (self, TRUE);
  for (GtkWidget *row = scope_log_filler_get_first_row (self); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_get_child_visible (row))
      scope_event_cell_fill_row (row);
  self->layout_usec = g_get_monotonic_time ();
  if (self->rest_id == 0)
    self->rest_id = g_timeout_add (REST_MSEC, scope_log_filler_rest_cb, self);
}

static void
scope_log_filler_realize_cb (ScopeLogFiller *self)
{
  g_set_object (&self->clock, gtk_widget_get_frame_clock (GTK_WIDGET (self->view)));
  self->layout_id = g_signal_connect_data (self->clock, "layout",
                                           G_CALLBACK (scope_log_filler_layout_cb), self, NULL,
                                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static void
scope_log_filler_unrealize_cb (ScopeLogFiller *self)
{
  if (self->clock != NULL)
    g_clear_signal_handler (&self->layout_id, self->clock);
  g_clear_object (&self->clock);
}

/* ---- class ---- */

static void
scope_log_filler_dispose (GObject *object)
{
  ScopeLogFiller *self = SCOPE_LOG_FILLER (object);

  scope_log_filler_unrealize_cb (self);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_clear_object (&self->loader);
  g_clear_weak_pointer (&self->view);

  G_OBJECT_CLASS (scope_log_filler_parent_class)->dispose (object);
}

static void
scope_log_filler_class_init (ScopeLogFillerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_log_filler_dispose;
}

static void
scope_log_filler_init (ScopeLogFiller *self)
{
  self->loader = scope_row_loader_new ();
  g_signal_connect_object (self->loader, "loaded", G_CALLBACK (scope_log_filler_loaded_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * scope_log_filler_new:
 * @view: the log; held weakly
 *
 * Returns: (transfer full): what fills its cells
 */
ScopeLogFiller *
scope_log_filler_new (GtkColumnView *view)
{
  ScopeLogFiller *self;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);

  self = g_object_new (SCOPE_TYPE_LOG_FILLER, NULL);
  g_set_weak_pointer (&self->view, view);
  g_signal_connect_object (view, "realize", G_CALLBACK (scope_log_filler_realize_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (view, "unrealize", G_CALLBACK (scope_log_filler_unrealize_cb), self,
                           G_CONNECT_SWAPPED);
  if (gtk_widget_get_realized (GTK_WIDGET (view)))
    scope_log_filler_realize_cb (self);
  return self;
}

/**
 * scope_log_filler_forget:
 *
 * To be called when the rows of another list are shown.
 */
void
scope_log_filler_forget (ScopeLogFiller *self)
{
  g_return_if_fail (SCOPE_IS_LOG_FILLER (self));

  if (self->loader != NULL)
    scope_row_loader_forget (self->loader);
}
