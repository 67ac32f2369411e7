/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-api"

#include "config.h"

#include "ui/scope-publish-api-private.h"

#include <glib/gi18n-lib.h>

#include "session/scope-copy-as.h"
#include "session/scope-session-publish.h"
#include "ui/scope-accessible.h"
#include "ui/scope-ui-util.h"

/* Templates, and the same call for somewhere else. */

/* Copying */

static GPtrArray *
publish_api_make_events (ScopePublishApi *self)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);
  g_autoptr (ScopeOutgoing) outgoing = scope_publish_form_dup_outgoing (self->form);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *socket_id = NULL;
  ScopeTemplateValues values = { g_get_real_time (), uuid, 1 };

  g_object_get (self->session, "socket-id", &socket_id, NULL);
  g_ptr_array_add (events, scope_outgoing_to_event (outgoing, &values, socket_id));
  return events;
}

static ScopeCopyAs
publish_api_find_language (const char *name)
{
  for (ScopeCopyAs language = 0; language < SCOPE_N_COPY_AS; language++)
    if (g_str_equal (scope_copy_as_get_name (language), name))
      return language;
  return SCOPE_N_COPY_AS;
}

static void
publish_api_tell_copied (ScopePublishApi *self,
                         ScopeCopyAs      language)
{
  g_autofree char *text
      = language == SCOPE_COPY_AS_CURL
            ? g_strdup (_("Copied for curl. It is signed, and works for ten minutes; the secret is not in it."))
            : g_strdup_printf (_("Copied for %s. The secret is not in it: it comes from an environment variable."),
                               scope_copy_as_get_title (language));

  _scope_publish_api_tell (self, text);
}

static void
publish_api_copy_cb (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);
  ScopeCopyAs language = publish_api_find_language (g_variant_get_string (parameter, NULL));
  g_autoptr (ScopeConnectionOptions) options = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  ScopeApiClient *api;

  if (!self->possible || language == SCOPE_N_COPY_AS)
    return;
  api = scope_session_get_api (self->session, &error);
  if (api == NULL)
    {
      _scope_publish_api_tell (self, error->message);
      return;
    }
  options = scope_session_dup_options (self->session);
  events = publish_api_make_events (self);
  text = scope_copy_as (language, options, events, scope_api_client_get_signing_usec (api), &error);
  if (text == NULL)
    {
      _scope_publish_api_tell (self, error->message);
      return;
    }
  scope_ui_copy (widget, text);
  publish_api_tell_copied (self, language);
}

/* Templates */

static void
publish_api_take_template_cb (GtkWidget  *widget,
                              const char *action,
                              GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);
  ScopeTemplate *template = self->templates != NULL
                                ? scope_template_list_find (self->templates, g_variant_get_string (parameter, NULL))
                                : NULL;

  if (template != NULL)
    scope_publish_api_compose (self, scope_template_get_outgoing (template));
}

static void
publish_api_remove_template_cb (GtkWidget  *widget,
                                const char *action,
                                GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);
  g_autoptr (GError) error = NULL;

  if (self->templates != NULL
      && !scope_template_list_remove (self->templates, g_variant_get_string (parameter, NULL), &error))
    _scope_publish_api_tell (self, error->message);
}

static void
publish_api_save_response_cb (AdwMessageDialog *dialog,
                              const char       *response,
                              ScopePublishApi  *self)
{
  GtkEditable *entry = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  g_autoptr (ScopeOutgoing) outgoing = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "save") || self->templates == NULL)
    return;
  outgoing = scope_publish_form_dup_outgoing (self->form);
  if (!scope_template_list_save (self->templates, name, outgoing, &error))
    _scope_publish_api_tell (self, error->message);
}

static void
publish_api_name_cb (GtkEditable      *entry,
                     AdwMessageDialog *dialog)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "save", *name != '\0');
}

static void
publish_api_save_template_cb (GtkWidget  *widget,
                              const char *action,
                              GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *entry = gtk_entry_new ();
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, _("Save as Template"),
                              _("Channels, name, data and options of this event are kept with the profile. "
                                "Another template of the same name is replaced.")));

  scope_ui_set_label (entry, _("Template Name"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "save", _("Save"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (dialog, "save", FALSE);
  adw_message_dialog_set_default_response (dialog, "save");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (entry, "changed", G_CALLBACK (publish_api_name_cb), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (publish_api_save_response_cb), self, 0);
  scope_accessible_name_parts (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
publish_api_append_templates (ScopePublishApi *self,
                              GMenu           *menu,
                              const char      *action)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->templates)); i++)
    {
      g_autoptr (ScopeTemplate) template = g_list_model_get_item (G_LIST_MODEL (self->templates), i);
      const char *name = scope_template_get_name (template);
      /* an underline would be a mnemonic */
      g_auto (GStrv) parts = g_strsplit (name, "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, action, "s", name);
      g_menu_append_item (menu, item);
    }
}

void
_scope_publish_api_update_templates (ScopePublishApi *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) taken = g_menu_new ();
  g_autoptr (GMenu) edit = g_menu_new ();
  g_autoptr (GMenu) removed = g_menu_new ();

  gtk_widget_set_sensitive (GTK_WIDGET (self->templates_button), self->templates != NULL);
  if (self->templates == NULL)
    return;
  publish_api_append_templates (self, taken, "api.template");
  publish_api_append_templates (self, removed, "api.remove-template");
  g_menu_append (edit, _("_Save as Template…"), "api.save-template");
  if (g_list_model_get_n_items (G_LIST_MODEL (self->templates)) > 0)
    g_menu_append_submenu (edit, _("_Remove Template"), G_MENU_MODEL (removed));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (taken));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  gtk_menu_button_set_menu_model (self->templates_button, G_MENU_MODEL (menu));
}

void
_scope_publish_api_class_init_menus (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "api.copy", "s", publish_api_copy_cb);
  gtk_widget_class_install_action (widget_class, "api.template", "s", publish_api_take_template_cb);
  gtk_widget_class_install_action (widget_class, "api.remove-template", "s", publish_api_remove_template_cb);
  gtk_widget_class_install_action (widget_class, "api.save-template", NULL, publish_api_save_template_cb);
}
