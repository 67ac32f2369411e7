/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-doctor-row"

#include "config.h"

#include "ui/scope-doctor-row.h"

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

struct _ScopeDoctorRow
{
  GtkListBoxRow parent_instance;

  GtkStack *sign;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *title_label;
  GtkLabel *verdict_label;
  GtkLabel *message_label;
  GtkWidget *advice_box;
  GtkLabel *advice_label;
  GtkWidget *edit_button;

  ScopeDoctorStepId id;
};

G_DEFINE_FINAL_TYPE (ScopeDoctorRow, scope_doctor_row, GTK_TYPE_LIST_BOX_ROW)

static const struct
{
  const char *icon;
  const char *css_class;
} looks[] = {
  [SCOPE_DOCTOR_WAITING] = { "content-loading-symbolic", "dim-label" },
  [SCOPE_DOCTOR_RUNNING] = { "content-loading-symbolic", NULL },
  [SCOPE_DOCTOR_GOOD] = { "emblem-ok-symbolic", "success" },
  [SCOPE_DOCTOR_FAILED] = { "dialog-error-symbolic", "error" },
  [SCOPE_DOCTOR_SKIPPED] = { "action-unavailable-symbolic", "dim-label" },
};

static void
scope_doctor_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_DOCTOR_ROW);

  G_OBJECT_CLASS (scope_doctor_row_parent_class)->dispose (object);
}

static void
scope_doctor_row_class_init (ScopeDoctorRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_doctor_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-doctor-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, sign);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, message_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, advice_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, advice_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorRow, edit_button);
}

static void
scope_doctor_row_init (ScopeDoctorRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_doctor_row_new:
 *
 * Returns: (transfer floating): the row of a step that waits
 */
GtkWidget *
scope_doctor_row_new (ScopeDoctorStepId id)
{
  static const ScopeDoctorStep waiting = { SCOPE_DOCTOR_WAITING };
  ScopeDoctorRow *self = g_object_new (SCOPE_TYPE_DOCTOR_ROW, NULL);

  self->id = id;
  gtk_label_set_text (self->title_label, scope_doctor_step_get_title (id));
  scope_doctor_row_update (self, &waiting);
  return GTK_WIDGET (self);
}

/* "failed · 3 ms" */
static char *
scope_doctor_row_dup_verdict (const ScopeDoctorStep *step)
{
  const char *word = scope_doctor_state_get_word (step->state);
  g_autofree char *took = NULL;

  if (step->state != SCOPE_DOCTOR_GOOD && step->state != SCOPE_DOCTOR_FAILED)
    return g_strdup (word);
  took = scope_text_format_duration (step->took_usec);
  return g_strdup_printf ("%s · %s", word, took);
}

static void
scope_doctor_row_update_sign (ScopeDoctorRow  *self,
                              ScopeDoctorState state)
{
  const char *classes[] = { looks[state].css_class, NULL };
  gboolean runs = state == SCOPE_DOCTOR_RUNNING;

  gtk_image_set_from_icon_name (self->icon, looks[state].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_spinner_set_spinning (self->spinner, runs);
  gtk_stack_set_visible_child_name (self->sign, runs ? "spinner" : "icon");
}

static void
scope_doctor_row_update_label (ScopeDoctorRow        *self,
                               const char            *verdict,
                               const ScopeDoctorStep *step)
{
  g_autoptr (GString) label = g_string_new (scope_doctor_step_get_title (self->id));

  g_string_append_printf (label, ": %s", verdict);
  if (step->message != NULL)
    g_string_append_printf (label, ". %s", step->message);
  if (step->advice != NULL)
    g_string_append_printf (label, ". %s", step->advice);
  scope_ui_set_label (self, label->str);
}

/**
 * scope_doctor_row_update:
 * @step: read now
 */
void
scope_doctor_row_update (ScopeDoctorRow        *self,
                         const ScopeDoctorStep *step)
{
  g_autofree char *verdict = NULL;

  g_return_if_fail (SCOPE_IS_DOCTOR_ROW (self) && step != NULL);

  verdict = scope_doctor_row_dup_verdict (step);
  scope_doctor_row_update_sign (self, step->state);
  gtk_label_set_text (self->verdict_label, verdict);
  gtk_label_set_text (self->message_label, step->message != NULL ? step->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), step->message != NULL);
  gtk_label_set_text (self->advice_label, step->advice != NULL ? step->advice : "");
  gtk_widget_set_visible (self->advice_box, step->advice != NULL);
  gtk_widget_set_visible (self->edit_button, scope_fault_is_of_profile (step->fault));
  scope_doctor_row_update_label (self, verdict, step);
}
