/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-whole-view"

#include "config.h"

#include "ui/scope-whole-view.h"

#include "ui/scope-raw-view.h"
#include "ui/scope-ui-util.h"

struct _ScopeWholeView
{
  AdwBin parent_instance;

  GtkWidget *back;
  GtkLabel *title;
  GtkWidget *versions;
  GtkToggleButton *after_button;
  ScopeRawView *raw_view;

  GBytes *before;
  GBytes *after;
};

enum
{
  CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeWholeView, scope_whole_view, ADW_TYPE_BIN)

static void
scope_whole_view_update (ScopeWholeView *self)
{
  gboolean after = gtk_toggle_button_get_active (self->after_button);

  if (self->before == NULL && self->after == NULL)
    return;
  if (self->before == NULL || self->after == NULL)
    after = self->after != NULL;
  scope_raw_view_set_bytes (self->raw_view, after ? self->after : self->before, NULL);
}

static void
scope_whole_view_close_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  g_signal_emit (widget, signals[CLOSED], 0);
}

static void
scope_whole_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_WHOLE_VIEW);

  G_OBJECT_CLASS (scope_whole_view_parent_class)->dispose (object);
}

static void
scope_whole_view_finalize (GObject *object)
{
  ScopeWholeView *self = SCOPE_WHOLE_VIEW (object);

  g_clear_pointer (&self->before, g_bytes_unref);
  g_clear_pointer (&self->after, g_bytes_unref);

  G_OBJECT_CLASS (scope_whole_view_parent_class)->finalize (object);
}

static void
scope_whole_view_class_init (ScopeWholeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_whole_view_dispose;
  object_class->finalize = scope_whole_view_finalize;

  signals[CLOSED] = g_signal_new ("closed", SCOPE_TYPE_WHOLE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  g_type_ensure (SCOPE_TYPE_RAW_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-whole-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeWholeView, back);
  gtk_widget_class_bind_template_child (widget_class, ScopeWholeView, title);
  gtk_widget_class_bind_template_child (widget_class, ScopeWholeView, versions);
  gtk_widget_class_bind_template_child (widget_class, ScopeWholeView, after_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeWholeView, raw_view);
  gtk_widget_class_install_action (widget_class, "whole.close", NULL, scope_whole_view_close_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "whole.close", NULL);
}

static void
scope_whole_view_init (ScopeWholeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->after_button, "toggled", G_CALLBACK (scope_whole_view_update), self,
                           G_CONNECT_SWAPPED);
}

/**
 * scope_whole_view_show:
 * @title: where the value stands
 * @before: (nullable): the one version
 * @after: (nullable): the other, shown first
 *
 * Takes the keyboard focus.
 */
void
scope_whole_view_show (ScopeWholeView *self,
                       const char     *title,
                       GBytes         *before,
                       GBytes         *after)
{
  g_return_if_fail (SCOPE_IS_WHOLE_VIEW (self));
  g_return_if_fail (before != NULL || after != NULL);

  g_clear_pointer (&self->before, g_bytes_unref);
  g_clear_pointer (&self->after, g_bytes_unref);
  self->before = before != NULL ? g_bytes_ref (before) : NULL;
  self->after = after != NULL ? g_bytes_ref (after) : NULL;
  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_widget_set_visible (self->versions, before != NULL && after != NULL);
  gtk_toggle_button_set_active (self->after_button, TRUE);
  scope_whole_view_update (self);
  gtk_widget_grab_focus (self->back);
}
