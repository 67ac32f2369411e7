/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-unlock-bar"

#include "config.h"

#include "ui/scope-unlock-bar.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

struct _ScopeUnlockBar
{
  ScopeSessionView parent_instance;

  GtkLabel *label;
  GSignalGroup *session_signals;
};

G_DEFINE_FINAL_TYPE (ScopeUnlockBar, scope_unlock_bar, SCOPE_TYPE_SESSION_VIEW)

static void
scope_unlock_bar_refresh (ScopeSessionView *view)
{
  ScopeUnlockBar *self = SCOPE_UNLOCK_BAR (view);
  ScopeSession *session = scope_session_view_get_session (view);
  gint64 left = session != NULL ? scope_session_get_unlocked_usec (session) : 0;
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), left > 0);
  if (left <= 0)
    return;

  /* whole seconds: they are counted down */
  time = scope_text_format_duration ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC * G_USEC_PER_SEC);
  /* Translators: what is left of the time: "9 min 58 s" */
  text = g_strdup_printf (_("This profile is read-only, but unlocked: publishing is allowed for %s."), time);
  gtk_label_set_text (self->label, text);
}

static void
scope_unlock_bar_session_changed (ScopeSessionView *view)
{
  ScopeUnlockBar *self = SCOPE_UNLOCK_BAR (view);

  g_signal_group_set_target (self->session_signals, scope_session_view_get_session (view));
  scope_unlock_bar_refresh (view);
}

static void
scope_unlock_bar_dispose (GObject *object)
{
  ScopeUnlockBar *self = SCOPE_UNLOCK_BAR (object);

  if (self->session_signals != NULL)
    g_signal_group_set_target (self->session_signals, NULL);
  g_clear_object (&self->session_signals);
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (scope_unlock_bar_parent_class)->dispose (object);
}

static void
scope_unlock_bar_class_init (ScopeUnlockBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ScopeSessionViewClass *view_class = SCOPE_SESSION_VIEW_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_unlock_bar_dispose;
  view_class->session_changed = scope_unlock_bar_session_changed;
  view_class->refresh = scope_unlock_bar_refresh;
  view_class->refresh_seconds = 1;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-unlock-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeUnlockBar, label);
}

static void
scope_unlock_bar_init (ScopeUnlockBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::unlocked-until-usec",
                                  G_CALLBACK (scope_unlock_bar_refresh), self);
}
