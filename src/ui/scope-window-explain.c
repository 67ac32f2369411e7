/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-explain-dialog.h"

/* Signatures explained, and the clock that lets them expire. */

/* With a text to begin with: "" for none */
static void
scope_window_explain_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  gtk_window_present (scope_explain_dialog_new (GTK_WINDOW (self), self->session,
                                                g_variant_get_string (parameter, NULL)));
}

static void
scope_window_use_server_time_cb (GtkWidget  *widget,
                                 const char *action_name,
                                 GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  g_autoptr (GError) error = NULL;
  ScopeApiClient *api = self->session != NULL ? scope_session_get_api (self->session, &error) : NULL;

  if (api == NULL)
    {
      if (error != NULL)
        _scope_window_show_toast (self, error->message);
      return;
    }
  scope_api_client_set_uses_server_time (api, TRUE);
  _scope_window_show_toast (self, _("Requests are signed with the server’s time now. What was refused can be "
                                    "sent again."));
}

void
_scope_window_offer_server_time (ScopeWindow *self,
                                 gint64       usec)
{
  g_autofree char *off = scope_text_format_duration (ABS (usec));
  g_autofree char *text = g_strdup_printf (usec > 0 ? _("This machine’s clock is %s ahead of the server’s")
                                                    : _("This machine’s clock is %s behind the server’s"),
                                           off);

  _scope_window_show_offer (self, text, _("Use the Server’s Time"), "win.use-server-time");
}

void
_scope_window_class_init_explain (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.explain", "s", scope_window_explain_cb);
  gtk_widget_class_install_action (widget_class, "win.use-server-time", NULL, scope_window_use_server_time_cb);
}
