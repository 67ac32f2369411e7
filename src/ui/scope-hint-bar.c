/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-hint-bar"

#include "config.h"

#include "ui/scope-hint-bar.h"

#include "ui/scope-ui-util.h"

struct _ScopeHintBar
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *label;
  GtkButton *button;

  ScopeHint *hint;
};

G_DEFINE_FINAL_TYPE (ScopeHintBar, scope_hint_bar, ADW_TYPE_BIN)

static void
scope_hint_bar_update_label (ScopeHintBar *self)
{
  g_autofree char *title = g_markup_escape_text (self->hint->title, -1);
  g_autofree char *text =
      self->hint->text != NULL ? g_markup_escape_text (self->hint->text, -1) : NULL;
  g_autofree char *markup = text != NULL ? g_strdup_printf ("<b>%s</b>  %s", title, text)
                                         : g_strdup_printf ("<b>%s</b>", title);

  gtk_label_set_markup (self->label, markup);
}

static void
scope_hint_bar_update (ScopeHintBar *self)
{
  ScopeHint *hint = self->hint;

  gtk_widget_set_visible (GTK_WIDGET (self), hint != NULL);
  if (hint == NULL)
    return;

  scope_ui_set_class (self, "warning", g_strcmp0 (hint->css_class, "warning") == 0);
  scope_ui_set_class (self, "error", g_strcmp0 (hint->css_class, "error") == 0);
  gtk_image_set_from_icon_name (self->icon, hint->icon);
  scope_hint_bar_update_label (self);
  gtk_widget_set_visible (GTK_WIDGET (self->button), hint->action != NULL);
  if (hint->action != NULL)
    {
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->button), hint->action);
      gtk_button_set_label (self->button, hint->action_label);
    }
}

static void
scope_hint_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_HINT_BAR);

  G_OBJECT_CLASS (scope_hint_bar_parent_class)->dispose (object);
}

static void
scope_hint_bar_finalize (GObject *object)
{
  ScopeHintBar *self = SCOPE_HINT_BAR (object);

  g_clear_pointer (&self->hint, scope_hint_free);

  G_OBJECT_CLASS (scope_hint_bar_parent_class)->finalize (object);
}

static void
scope_hint_bar_class_init (ScopeHintBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_hint_bar_dispose;
  object_class->finalize = scope_hint_bar_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-hint-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeHintBar, icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeHintBar, label);
  gtk_widget_class_bind_template_child (widget_class, ScopeHintBar, button);
}

static void
scope_hint_bar_init (ScopeHintBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_hint_bar_take_hint:
 * @hint: (transfer full) (nullable): what to say; nothing changes on screen if it says the same as
 * before
 */
void
scope_hint_bar_take_hint (ScopeHintBar *self,
                          ScopeHint    *hint)
{
  g_return_if_fail (SCOPE_IS_HINT_BAR (self));

  if (scope_hint_equal (self->hint, hint))
    {
      scope_hint_free (hint);
      return;
    }
  scope_hint_free (self->hint);
  self->hint = hint;
  scope_hint_bar_update (self);
}
