/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-hint-page"

#include "config.h"

#include "ui/scope-hint-page.h"

#include "ui/scope-ui-util.h"

struct _ScopeHintPage
{
  AdwBin parent_instance;

  AdwStatusPage *page;
  GtkSpinner *spinner;
  GtkButton *button;
  GtkButton *second_button;

  ScopeHint *hint;
};

G_DEFINE_FINAL_TYPE (ScopeHintPage, scope_hint_page, ADW_TYPE_BIN)

static void
scope_hint_page_update_button (GtkButton  *button,
                               const char *action,
                               const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), action != NULL);
  if (action == NULL)
    return;
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action);
  gtk_button_set_label (button, label);
}

static void
scope_hint_page_update (ScopeHintPage *self)
{
  ScopeHint *hint = self->hint;
  g_autofree char *text = NULL;

  gtk_spinner_set_spinning (self->spinner, hint != NULL && hint->busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), hint != NULL && hint->busy);
  scope_hint_page_update_button (self->button, hint != NULL ? hint->action : NULL,
                                 hint != NULL ? hint->action_label : NULL);
  scope_hint_page_update_button (self->second_button, hint != NULL ? hint->second : NULL,
                                 hint != NULL ? hint->second_label : NULL);
  if (hint == NULL)
    return;

  /* the description is markup */
  text = g_markup_escape_text (hint->text != NULL ? hint->text : "", -1);
  adw_status_page_set_icon_name (self->page, hint->icon);
  adw_status_page_set_title (self->page, hint->title);
  adw_status_page_set_description (self->page, text);
}

static void
scope_hint_page_finalize (GObject *object)
{
  ScopeHintPage *self = SCOPE_HINT_PAGE (object);

  g_clear_pointer (&self->hint, scope_hint_free);

  G_OBJECT_CLASS (scope_hint_page_parent_class)->finalize (object);
}

static void
scope_hint_page_class_init (ScopeHintPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = scope_hint_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-hint-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeHintPage, page);
  gtk_widget_class_bind_template_child (widget_class, ScopeHintPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, ScopeHintPage, button);
  gtk_widget_class_bind_template_child (widget_class, ScopeHintPage, second_button);
}

static void
scope_hint_page_init (ScopeHintPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_hint_page_take_hint:
 * @hint: (transfer full) (nullable): what to say
 */
void
scope_hint_page_take_hint (ScopeHintPage *self,
                           ScopeHint     *hint)
{
  g_return_if_fail (SCOPE_IS_HINT_PAGE (self));

  if (scope_hint_equal (self->hint, hint))
    {
      scope_hint_free (hint);
      return;
    }
  scope_hint_free (self->hint);
  self->hint = hint;
  scope_hint_page_update (self);
}
