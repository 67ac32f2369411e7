/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-doctor-panel"

#include "config.h"

#include "ui/scope-doctor-panel.h"

#include <glib/gi18n.h>

#include "session/scope-session-doctor.h"
#include "ui/scope-doctor-row.h"
#include "ui/scope-ui-util.h"

#define FRAMES_TO_LAY_OUT 2

struct _ScopeDoctorPanel
{
  ScopeSessionView parent_instance;

  GtkLabel *status_label;
  GtkWidget *run_button;
  GtkWidget *stop_button;
  GtkWidget *copy_button;
  GtkListBox *list;

  ScopeDoctorRow *rows[SCOPE_N_DOCTOR_STEPS];
  ScopeDoctor *doctor;        /* the last one */
  GCancellable *cancellable;  /* while it runs */
  guint n_frames;             /* since it ended */
};

G_DEFINE_FINAL_TYPE (ScopeDoctorPanel, scope_doctor_panel, SCOPE_TYPE_SESSION_VIEW)

static void
scope_doctor_panel_show_status (ScopeDoctorPanel *self,
                                const char       *text)
{
  gtk_label_set_text (self->status_label, text);
}

/* The buttons change places: the focus goes along if it was there. */
static void
scope_doctor_panel_set_running (ScopeDoctorPanel *self,
                                gboolean          runs)
{
  GtkWidget *from = runs ? self->run_button : self->stop_button;
  GtkWidget *to = runs ? self->stop_button : self->run_button;
  gboolean had_focus = gtk_widget_is_focus (from);

  gtk_widget_set_visible (to, TRUE);
  if (had_focus)
    gtk_widget_grab_focus (to);
  gtk_widget_set_visible (from, FALSE);
  gtk_widget_set_visible (self->copy_button, !runs && self->doctor != NULL);
}

static void
scope_doctor_panel_changed_cb (ScopeDoctorPanel *self,
                               guint             id,
                               ScopeDoctor      *doctor)
{
  const ScopeDoctorStep *step = scope_doctor_get_step (doctor, id);
  g_autofree char *text = NULL;

  if (doctor != self->doctor)
    return;
  scope_doctor_row_update (self->rows[id], step);
  if (step->state != SCOPE_DOCTOR_RUNNING)
    return;
  text = g_strdup_printf (_("Checking: %s"), scope_doctor_step_get_title (id));
  scope_doctor_panel_show_status (self, text);
}

/* What is wrong comes into sight, unless the user is elsewhere by now. The rows have grown: what is focused is
 * scrolled to where it was laid out, so that comes first. */
static gboolean
scope_doctor_panel_focus_cb (GtkWidget     *row,
                             GdkFrameClock *clock,
                             gpointer       user_data)
{
  ScopeDoctorPanel *self = user_data;

  if (self->n_frames++ < FRAMES_TO_LAY_OUT)
    return G_SOURCE_CONTINUE;
  if (gtk_widget_is_focus (self->run_button))
    gtk_widget_grab_focus (row);
  return G_SOURCE_REMOVE;
}

static void
scope_doctor_panel_focus_failure (ScopeDoctorPanel *self)
{
  guint id = 0;

  while (id < SCOPE_N_DOCTOR_STEPS && scope_doctor_get_step (self->doctor, id)->state != SCOPE_DOCTOR_FAILED)
    id++;
  if (id == SCOPE_N_DOCTOR_STEPS)
    return;
  self->n_frames = 0;
  gtk_widget_add_tick_callback (GTK_WIDGET (self->rows[id]), scope_doctor_panel_focus_cb, self, NULL);
}

static char *
scope_doctor_panel_dup_summary (ScopeDoctorPanel *self)
{
  const char *first = NULL;
  guint n_failed = 0;
  g_autofree char *count = NULL;

  for (guint id = 0; id < SCOPE_N_DOCTOR_STEPS; id++)
    if (scope_doctor_get_step (self->doctor, id)->state == SCOPE_DOCTOR_FAILED && n_failed++ == 0)
      first = scope_doctor_step_get_title (id);
  if (n_failed == 0)
    return g_strdup (_("All that could be checked is good."));
  count = g_strdup_printf (ngettext ("%u step failed", "%u steps failed", n_failed), n_failed);
  /* Translators: "2 steps failed, first: Port (TCP)" */
  return g_strdup_printf (_("%s, first: %s"), count, first);
}

static void
scope_doctor_panel_done_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr (ScopeDoctorPanel) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = scope_doctor_run_finish (SCOPE_DOCTOR (source), result, &error);
  g_autofree char *summary = NULL;

  if (self->doctor != SCOPE_DOCTOR (source) || self->cancellable == NULL)
    return;

  g_clear_object (&self->cancellable);
  scope_doctor_panel_set_running (self, FALSE);
  if (done)
    summary = scope_doctor_panel_dup_summary (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    summary = g_strdup (_("Stopped."));
  else
    {
      /* nothing was tried */
      summary = g_strdup (error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
      gtk_widget_set_visible (self->copy_button, FALSE);
    }
  scope_doctor_panel_show_status (self, summary);
  if (done)
    scope_doctor_panel_focus_failure (self);
}

static void
scope_doctor_panel_reset (ScopeDoctorPanel *self)
{
  static const ScopeDoctorStep waiting = { SCOPE_DOCTOR_WAITING };

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->doctor);
  for (guint id = 0; id < SCOPE_N_DOCTOR_STEPS; id++)
    scope_doctor_row_update (self->rows[id], &waiting);
  scope_doctor_panel_show_status (self, _("Checks name, port, TLS, WebSocket, HTTP API and authorization, one after "
                                          "the other. Publishes nothing, and joins no presence channel."));
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
  scope_doctor_panel_set_running (self, FALSE);
}

static void
scope_doctor_panel_stop_cb (ScopeDoctorPanel *self)
{
  g_cancellable_cancel (self->cancellable);
}

static void
scope_doctor_panel_copy_cb (ScopeDoctorPanel *self)
{
  g_autofree char *report = NULL;

  if (self->doctor == NULL)
    return;
  report = scope_doctor_dup_report (self->doctor);
  scope_ui_copy (GTK_WIDGET (self), report);
}

static void
scope_doctor_panel_session_changed (ScopeSessionView *view)
{
  ScopeSession *session = scope_session_view_get_session (view);

  scope_doctor_panel_reset (SCOPE_DOCTOR_PANEL (view));
  gtk_widget_set_visible (GTK_WIDGET (view), session != NULL && !scope_session_get_offline (session));
}

static void
scope_doctor_panel_dispose (GObject *object)
{
  ScopeDoctorPanel *self = SCOPE_DOCTOR_PANEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->doctor);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_DOCTOR_PANEL);

  G_OBJECT_CLASS (scope_doctor_panel_parent_class)->dispose (object);
}

static void
scope_doctor_panel_class_init (ScopeDoctorPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_doctor_panel_dispose;
  SCOPE_SESSION_VIEW_CLASS (klass)->session_changed = scope_doctor_panel_session_changed;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-doctor-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorPanel, status_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorPanel, run_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorPanel, stop_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorPanel, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeDoctorPanel, list);
  gtk_widget_class_bind_template_callback (widget_class, scope_doctor_panel_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_doctor_panel_copy_cb);
}

static void
scope_doctor_panel_init (ScopeDoctorPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint id = 0; id < SCOPE_N_DOCTOR_STEPS; id++)
    {
      GtkWidget *row = scope_doctor_row_new (id);

      self->rows[id] = SCOPE_DOCTOR_ROW (row);
      gtk_list_box_append (self->list, row);
    }
  scope_doctor_panel_reset (self);
}

/**
 * scope_doctor_panel_run:
 *
 * Takes the steps for the session's profile as it is now, and puts what it says into sight. Does nothing while
 * steps are taken.
 */
void
scope_doctor_panel_run (ScopeDoctorPanel *self)
{
  ScopeSession *session;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SCOPE_IS_DOCTOR_PANEL (self));

  session = scope_session_view_get_session (SCOPE_SESSION_VIEW (self));
  if (session == NULL || self->cancellable != NULL)
    return;

  scope_doctor_panel_reset (self);
  self->doctor = scope_session_new_doctor (session, &error);
  if (self->doctor == NULL)
    {
      scope_doctor_panel_show_status (self, error->message);
      return;
    }
  g_signal_connect_object (self->doctor, "changed", G_CALLBACK (scope_doctor_panel_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->list), TRUE);
  scope_doctor_panel_set_running (self, TRUE);
  gtk_widget_grab_focus (self->stop_button);
  self->cancellable = g_cancellable_new ();
  scope_doctor_run_async (self->doctor, self->cancellable, scope_doctor_panel_done_cb, g_object_ref (self));
}
