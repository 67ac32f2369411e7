/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-view"

#include "config.h"

#include "ui/scope-publish-view.h"

#include <string.h>

#include "ui/scope-publish-api.h"
#include "ui/scope-publish-check.h"
#include "ui/scope-publish-client.h"
#include "ui/scope-ui-util.h"

struct _ScopePublishView
{
  ScopeSessionView parent_instance;

  GtkToggleButton *api_button;
  GtkToggleButton *client_button;
  GtkStack *stack;
  ScopePublishApi *api;
  ScopePublishClient *client;

  gboolean chosen; /* by the user: it stays */
  gboolean quiet;
};

G_DEFINE_FINAL_TYPE (ScopePublishView, scope_publish_view, SCOPE_TYPE_SESSION_VIEW)

static void
scope_publish_view_show (ScopePublishView *self,
                         gboolean          api)
{
  self->quiet = TRUE;
  gtk_toggle_button_set_active (api ? self->api_button : self->client_button, TRUE);
  self->quiet = FALSE;
  scope_ui_show_page (self->stack, api ? "api" : "client");
}

static void
scope_publish_view_toggled_cb (ScopePublishView *self)
{
  if (self->quiet)
    return;
  self->chosen = TRUE;
  scope_publish_view_show (self, gtk_toggle_button_get_active (self->api_button));
}

/* What reaches every channel comes first, as soon as it can be used. */
static void
scope_publish_view_possible_cb (ScopePublishView *self)
{
  if (!self->chosen)
    scope_publish_view_show (self, scope_publish_api_get_possible (self->api));
}

static void
scope_publish_view_session_changed (ScopeSessionView *view)
{
  ScopePublishView *self = SCOPE_PUBLISH_VIEW (view);
  ScopeSession *session = scope_session_view_get_session (view);

  self->chosen = FALSE;
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->api), session);
  scope_session_view_set_session (SCOPE_SESSION_VIEW (self->client), session);
  scope_publish_view_possible_cb (self);
}

static void
scope_publish_view_dispose (GObject *object)
{
  ScopePublishView *self = SCOPE_PUBLISH_VIEW (object);

  if (self->api != NULL)
    scope_session_view_set_session (SCOPE_SESSION_VIEW (self), NULL);
  self->api = NULL;
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (scope_publish_view_parent_class)->dispose (object);
}

static void
scope_publish_view_class_init (ScopePublishViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_publish_view_dispose;
  SCOPE_SESSION_VIEW_CLASS (klass)->session_changed = scope_publish_view_session_changed;

  g_type_ensure (SCOPE_TYPE_PUBLISH_API);
  g_type_ensure (SCOPE_TYPE_PUBLISH_CLIENT);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-publish-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, api_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, client_button);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, api);
  gtk_widget_class_bind_template_child (widget_class, ScopePublishView, client);
}

static void
scope_publish_view_init (ScopePublishView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->api_button, "toggled", G_CALLBACK (scope_publish_view_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->api, "notify::possible", G_CALLBACK (scope_publish_view_possible_cb), self,
                           G_CONNECT_SWAPPED);
  scope_publish_view_show (self, FALSE);
}

static void
scope_publish_view_compose_api (ScopePublishView *self,
                                const char       *channel,
                                const char       *event,
                                const char       *data)
{
  const char * const channels[] = { channel, NULL };
  g_autofree char *json = scope_publish_dup_data (data != NULL ? data : "", data != NULL ? strlen (data) : 0);
  g_autoptr (ScopeOutgoing) outgoing
      = scope_outgoing_new (channels, event, json, FALSE, SCOPE_EXCLUDE_NOBODY, NULL, NULL);

  scope_publish_view_show (self, TRUE);
  scope_publish_api_compose (self->api, outgoing);
}

/**
 * scope_publish_view_compose:
 * @channel: (nullable): where to
 * @event: (nullable): a name; without one it is to be a client event
 * @data: (nullable): what came with it, JSON or not
 *
 * Fills a form, for the user to look at and to send: the HTTP API's if that can be used, since it reaches every channel.
 */
void
scope_publish_view_compose (ScopePublishView *self,
                            const char       *channel,
                            const char       *event,
                            const char       *data)
{
  gboolean has_event = event != NULL && *event != '\0';

  g_return_if_fail (SCOPE_IS_PUBLISH_VIEW (self));

  self->chosen = TRUE;
  if (has_event && scope_publish_api_get_possible (self->api))
    {
      scope_publish_view_compose_api (self, channel != NULL && *channel != '\0' ? channel : NULL, event, data);
      return;
    }
  scope_publish_view_show (self, FALSE);
  scope_publish_client_compose (self->client, channel, event, data);
}

/**
 * scope_publish_view_compose_to_user:
 * @user_id: of somebody who is signed in
 */
void
scope_publish_view_compose_to_user (ScopePublishView *self,
                                    const char       *user_id)
{
  g_autofree char *channel = NULL;

  g_return_if_fail (SCOPE_IS_PUBLISH_VIEW (self) && user_id != NULL);

  channel = g_strconcat ("#server-to-user-", user_id, NULL);
  self->chosen = TRUE;
  scope_publish_view_compose_api (self, channel, "", NULL);
}

/**
 * scope_publish_view_set_templates:
 * @templates: (nullable): what the menu offers
 */
void
scope_publish_view_set_templates (ScopePublishView  *self,
                                  ScopeTemplateList *templates)
{
  g_return_if_fail (SCOPE_IS_PUBLISH_VIEW (self));

  scope_publish_api_set_templates (self->api, templates);
}
