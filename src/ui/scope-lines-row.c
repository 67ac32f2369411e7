/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-lines-row"

#include "config.h"

#include "ui/scope-lines-row.h"

#include "ui/scope-ui-util.h"

struct _ScopeLinesRow
{
  AdwPreferencesRow parent_instance;

  GtkTextView *view;
  GtkWidget *suggest_button;
  ScopeFilterCompletion *completion; /* NULL: nothing is suggested */
  char *subtitle;
};

enum
{
  PROP_0,
  PROP_SUBTITLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeLinesRow, scope_lines_row, ADW_TYPE_PREFERENCES_ROW)

static void
scope_lines_row_name_view_cb (ScopeLinesRow *self)
{
  scope_ui_set_label (self->view, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
}

static void
scope_lines_row_suggest_cb (ScopeLinesRow *self)
{
  scope_filter_completion_show (self->completion);
}

static void
scope_lines_row_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ScopeLinesRow *self = SCOPE_LINES_ROW (object);

  switch (prop_id)
    {
    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_lines_row_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ScopeLinesRow *self = SCOPE_LINES_ROW (object);

  switch (prop_id)
    {
    case PROP_SUBTITLE:
      if (g_strcmp0 (self->subtitle, g_value_get_string (value)) == 0)
        break;
      g_free (self->subtitle);
      self->subtitle = g_value_dup_string (value);
      g_object_notify_by_pspec (object, pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_lines_row_dispose (GObject *object)
{
  ScopeLinesRow *self = SCOPE_LINES_ROW (object);

  if (self->completion != NULL)
    scope_filter_completion_close (self->completion);
  g_clear_object (&self->completion);

  G_OBJECT_CLASS (scope_lines_row_parent_class)->dispose (object);
}

static void
scope_lines_row_finalize (GObject *object)
{
  g_free (SCOPE_LINES_ROW (object)->subtitle);

  G_OBJECT_CLASS (scope_lines_row_parent_class)->finalize (object);
}

static void
scope_lines_row_class_init (ScopeLinesRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_lines_row_dispose;
  object_class->finalize = scope_lines_row_finalize;
  object_class->get_property = scope_lines_row_get_property;
  object_class->set_property = scope_lines_row_set_property;

  properties[PROP_SUBTITLE] =
      g_param_spec_string ("subtitle", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-lines-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeLinesRow, view);
  gtk_widget_class_bind_template_child (widget_class, ScopeLinesRow, suggest_button);
  gtk_widget_class_bind_template_callback (widget_class, scope_lines_row_suggest_cb);
}

static void
scope_lines_row_init (ScopeLinesRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::title", G_CALLBACK (scope_lines_row_name_view_cb), NULL);
}

/**
 * scope_lines_row_get_view:
 *
 * Returns: (transfer none): where the lines are typed
 */
GtkTextView *
scope_lines_row_get_view (ScopeLinesRow *self)
{
  g_return_val_if_fail (SCOPE_IS_LINES_ROW (self), NULL);

  return self->view;
}

/**
 * scope_lines_row_complete:
 * @button: what the button beside the title is called, which suggests all there is
 *
 * Suggests how a line goes on while it is typed. To be called once.
 *
 * Returns: (transfer none): what does so, of filters until it is told better
 */
ScopeFilterCompletion *
scope_lines_row_complete (ScopeLinesRow *self,
                          const char    *button)
{
  g_return_val_if_fail (SCOPE_IS_LINES_ROW (self) && self->completion == NULL, NULL);

  self->completion = scope_filter_completion_new_for_lines (GTK_WIDGET (self), self->view);
  scope_ui_set_label (self->suggest_button, button);
  gtk_widget_set_tooltip_text (self->suggest_button, button);
  gtk_widget_set_visible (self->suggest_button, TRUE);
  return self->completion;
}
