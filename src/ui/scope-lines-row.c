/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-lines-row"

#include "config.h"

#include "ui/scope-lines-row.h"

#include "ui/scope-ui-util.h"

struct _ScopeLinesRow
{
  AdwPreferencesRow parent_instance;

  GtkTextView *view;
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

  object_class->finalize = scope_lines_row_finalize;
  object_class->get_property = scope_lines_row_get_property;
  object_class->set_property = scope_lines_row_set_property;

  properties[PROP_SUBTITLE] =
      g_param_spec_string ("subtitle", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-lines-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeLinesRow, view);
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
