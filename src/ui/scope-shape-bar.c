/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape-bar"

#include "config.h"

#include "ui/scope-shape-bar.h"

#include "session/scope-shape-memory.h"
#include "ui/scope-events-view.h"
#include "ui/scope-ui-util.h"

struct _ScopeShapeBar
{
  AdwBin parent_instance;

  GtkLabel *label;
  GtkWidget *earlier;
  GtkWidget *schema;

  guint64 sequence;
  ScopeShapeMemory *memory;
};

G_DEFINE_FINAL_TYPE (ScopeShapeBar, scope_shape_bar, ADW_TYPE_BIN)

/* Each reason on a line of its own. */
static char *
shape_bar_dup_text (const ScopeShapeNews *news)
{
  g_autofree char *text = scope_shape_news_to_text (news);
  g_auto (GStrv) lines = g_strsplit (text, "; ", -1);

  return g_strjoinv ("\n", lines);
}

static void
scope_shape_bar_update (ScopeShapeBar *self)
{
  const ScopeShapeNews *news =
    self->memory != NULL ? scope_shape_memory_find (self->memory, self->sequence) : NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), news != NULL);
  if (news == NULL)
    return;
  text = shape_bar_dup_text (news);
  gtk_label_set_text (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), text);
  gtk_widget_set_visible (self->earlier, news->earlier != 0);
  if (news->earlier != 0)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->earlier), "t", news->earlier);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->schema), "s", news->event);
}

static void
scope_shape_bar_expected_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ScopeShapeBar *self = SCOPE_SHAPE_BAR (widget);

  if (self->memory != NULL)
    scope_shape_memory_accept (self->memory, self->sequence);
}

/* The view has another memory with each session: it is asked anew. */
static void
scope_shape_bar_follow (ScopeShapeBar *self)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), SCOPE_TYPE_EVENTS_VIEW);
  ScopeShapeMemory *shapes =
    view != NULL ? scope_events_view_get_shapes (SCOPE_EVENTS_VIEW (view)) : NULL;

  if (self->memory == shapes)
    return;
  if (self->memory != NULL)
    g_signal_handlers_disconnect_by_func (self->memory, scope_shape_bar_update, self);
  g_set_object (&self->memory, shapes);
  if (shapes != NULL)
    g_signal_connect_object (shapes, "flags-changed", G_CALLBACK (scope_shape_bar_update), self,
                             G_CONNECT_SWAPPED);
}

static void
scope_shape_bar_dispose (GObject *object)
{
  g_clear_object (&SCOPE_SHAPE_BAR (object)->memory);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_SHAPE_BAR);

  G_OBJECT_CLASS (scope_shape_bar_parent_class)->dispose (object);
}

static void
scope_shape_bar_class_init (ScopeShapeBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_shape_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-shape-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeShapeBar, label);
  gtk_widget_class_bind_template_child (widget_class, ScopeShapeBar, earlier);
  gtk_widget_class_bind_template_child (widget_class, ScopeShapeBar, schema);
  gtk_widget_class_install_action (widget_class, "shape.expected", NULL,
                                   scope_shape_bar_expected_cb);
}

static void
scope_shape_bar_init (ScopeShapeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_ui_set_exact_label (self->label);
}

/**
 * scope_shape_bar_set_sequence:
 * @sequence: the number of the event; 0: none
 */
void
scope_shape_bar_set_sequence (ScopeShapeBar *self,
                              guint64        sequence)
{
  g_return_if_fail (SCOPE_IS_SHAPE_BAR (self));

  self->sequence = sequence;
  scope_shape_bar_follow (self);
  scope_shape_bar_update (self);
}
