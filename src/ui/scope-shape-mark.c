/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape-mark"

#include "config.h"

#include "ui/scope-shape-mark.h"

#include "ui/scope-events-view.h"
#include "ui/scope-ui-util.h"

struct _ScopeShapeMark
{
  AdwBin parent_instance;

  guint64 sequence;
  ScopeShapeMemory *memory; /* while it is part of a window */
};

G_DEFINE_FINAL_TYPE (ScopeShapeMark, scope_shape_mark, ADW_TYPE_BIN)

static void
scope_shape_mark_update (ScopeShapeMark *self)
{
  const ScopeShapeNews *news =
    self->memory != NULL ? scope_shape_memory_find (self->memory, self->sequence) : NULL;
  GtkWidget *icon = adw_bin_get_child (ADW_BIN (self));
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), news != NULL);
  if (news == NULL)
    return;
  text = scope_shape_news_to_text (news);
  scope_ui_set_tooltip (icon, text);
  scope_ui_set_label (icon, text);
}

/**
 * scope_shape_follow:
 * @widget: (type GtkWidget): a widget of an events view
 * @memory: (inout): what it follows; its reference
 * @update: called with @widget when flags have changed
 *
 * The view has another memory with each session: it is asked anew.
 */
void
scope_shape_follow (gpointer           widget,
                    ScopeShapeMemory **memory,
                    GCallback          update)
{
  GtkWidget *view = gtk_widget_get_ancestor (widget, SCOPE_TYPE_EVENTS_VIEW);
  ScopeShapeMemory *shapes =
    view != NULL ? scope_events_view_get_shapes (SCOPE_EVENTS_VIEW (view)) : NULL;

  if (*memory == shapes)
    return;
  if (*memory != NULL)
    g_signal_handlers_disconnect_by_func (*memory, update, widget);
  g_set_object (memory, shapes);
  if (shapes != NULL)
    g_signal_connect_object (shapes, "flags-changed", update, widget, G_CONNECT_SWAPPED);
}

static void
scope_shape_mark_follow (ScopeShapeMark *self)
{
  scope_shape_follow (self, &self->memory, G_CALLBACK (scope_shape_mark_update));
}

static void
scope_shape_mark_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_shape_mark_parent_class)->root (widget);

  scope_shape_mark_follow (SCOPE_SHAPE_MARK (widget));
  scope_shape_mark_update (SCOPE_SHAPE_MARK (widget));
}

static void
scope_shape_mark_dispose (GObject *object)
{
  g_clear_object (&SCOPE_SHAPE_MARK (object)->memory);

  G_OBJECT_CLASS (scope_shape_mark_parent_class)->dispose (object);
}

static void
scope_shape_mark_class_init (ScopeShapeMarkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_shape_mark_dispose;
  GTK_WIDGET_CLASS (klass)->root = scope_shape_mark_root;
}

static void
scope_shape_mark_init (ScopeShapeMark *self)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "emblem-important-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);

  gtk_widget_add_css_class (icon, "warning");
  adw_bin_set_child (ADW_BIN (self), icon);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * scope_shape_mark_new:
 *
 * Returns: (transfer floating): a mark of no event
 */
GtkWidget *
scope_shape_mark_new (void)
{
  return g_object_new (SCOPE_TYPE_SHAPE_MARK, NULL);
}

/**
 * scope_shape_mark_set_sequence:
 * @sequence: the number of the row's event
 */
void
scope_shape_mark_set_sequence (ScopeShapeMark *self,
                               guint64         sequence)
{
  g_return_if_fail (SCOPE_IS_SHAPE_MARK (self));

  self->sequence = sequence;
  scope_shape_mark_follow (self);
  scope_shape_mark_update (self);
}

/**
 * scope_shape_mark_bind:
 * @box: what holds the mark
 * @sequence: the number of the row's event
 */
void
scope_shape_mark_bind (GtkWidget *box,
                       guint64    sequence)
{
  GtkWidget *child;

  g_return_if_fail (GTK_IS_WIDGET (box));

  for (child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (SCOPE_IS_SHAPE_MARK (child))
      scope_shape_mark_set_sequence (SCOPE_SHAPE_MARK (child), sequence);
}
