/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-api"

#include "config.h"

#include "ui/scope-publish-api-private.h"

#include "base/scope-limits.h"
#include "ui/scope-outgoing-row.h"
#include "ui/scope-publish-result-row.h"

/* The events that wait to be published together, and what became of those that were. */

#define MAX_RESULTS 100

/* The list */

static void
publish_api_waiting_cb (ScopePublishApi *self)
{
  gtk_widget_set_visible (self->list_group, g_list_model_get_n_items (G_LIST_MODEL (self->waiting)) > 0);
  _scope_publish_api_update (self);
}

static void
publish_api_add_cb (GtkWidget  *widget,
                    const char *action,
                    GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);
  g_autoptr (ScopeOutgoing) outgoing = scope_publish_form_dup_outgoing (self->form);

  g_list_store_append (self->waiting, outgoing);
}

static void
publish_api_remove_waiting (ScopePublishApi *self,
                            ScopeOutgoing   *outgoing)
{
  guint position;

  if (g_list_store_find (self->waiting, outgoing, &position))
    g_list_store_remove (self->waiting, position);
}

/* It goes back to the form, from where it can be added again. */
static void
publish_api_edit_waiting (ScopePublishApi *self,
                          ScopeOutgoing   *outgoing)
{
  g_autoptr (ScopeOutgoing) held = g_object_ref (outgoing);

  publish_api_remove_waiting (self, held);
  scope_publish_api_compose (self, held);
}

static void
publish_api_publish_list_cb (GtkWidget  *widget,
                             const char *action,
                             GVariant   *parameter)
{
  ScopePublishApi *self = SCOPE_PUBLISH_API (widget);
  g_autoptr (GPtrArray) outgoing = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->waiting)); i++)
    g_ptr_array_add (outgoing, g_list_model_get_item (G_LIST_MODEL (self->waiting), i));
  _scope_publish_api_publish (self, outgoing, FALSE);
}

static void
publish_api_clear_list_cb (GtkWidget  *widget,
                           const char *action,
                           GVariant   *parameter)
{
  g_list_store_remove_all (SCOPE_PUBLISH_API (widget)->waiting);
}

static GtkWidget *
publish_api_create_waiting_cb (gpointer item,
                               gpointer user_data)
{
  GtkWidget *row = scope_outgoing_row_new (item);

  g_signal_connect_object (row, "edit", G_CALLBACK (publish_api_edit_waiting), user_data, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (publish_api_remove_waiting), user_data, G_CONNECT_SWAPPED);
  return row;
}

/* The history */

/* One event fills the form, several the list. */
static void
publish_api_edit_result (ScopePublishApi    *self,
                         ScopePublishResult *result)
{
  GPtrArray *outgoing = scope_publish_result_get_outgoing (result);

  if (outgoing->len == 1)
    {
      scope_publish_api_compose (self, g_ptr_array_index (outgoing, 0));
      return;
    }
  for (guint i = 0; i < outgoing->len; i++)
    if (g_list_model_get_n_items (G_LIST_MODEL (self->waiting)) < SCOPE_LIMIT_PUBLISH_EVENTS)
      g_list_store_append (self->waiting, g_ptr_array_index (outgoing, i));
}

static void
publish_api_repeat_result (ScopePublishApi    *self,
                           ScopePublishResult *result)
{
  _scope_publish_api_publish (self, scope_publish_result_get_outgoing (result), TRUE);
}

static GtkWidget *
publish_api_create_result_cb (gpointer item,
                              gpointer user_data)
{
  GtkWidget *row = scope_publish_result_row_new (item);

  g_signal_connect_object (row, "edit", G_CALLBACK (publish_api_edit_result), user_data, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "again", G_CALLBACK (publish_api_repeat_result), user_data, G_CONNECT_SWAPPED);
  return row;
}

void
_scope_publish_api_clear_outcome (ScopePublishApi *self)
{
  gtk_widget_set_visible (self->outcome_box, FALSE);
  gtk_accessible_reset_property (GTK_ACCESSIBLE (self->publish_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

/* Said beside the button, too, and as what describes it: the history may be out of sight. */
static void
publish_api_tell_result (ScopePublishApi    *self,
                         ScopePublishResult *result)
{
  g_autofree char *title = scope_publish_result_dup_title (result);
  g_autofree char *outcome = scope_publish_result_dup_outcome (result);
  g_autofree char *sentence = scope_publish_result_dup_sentence (result);
  g_autofree char *text = g_strdup_printf ("%s: %s", title, outcome);

  scope_publish_result_row_set_icon (self->outcome_icon, scope_publish_result_get_outcome (result));
  gtk_label_set_text (self->outcome_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->outcome_label), text);
  gtk_widget_set_visible (self->outcome_box, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->publish_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  _scope_publish_api_tell (self, sentence);
}

/* What went wrong is opened, so that nobody has to look for the reason. */
void
_scope_publish_api_take_result (ScopePublishApi    *self,
                                ScopePublishResult *result)
{
  guint n;

  g_list_store_insert (self->results, 0, result);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->results));
  if (n > MAX_RESULTS)
    g_list_store_remove (self->results, n - 1);
  gtk_widget_set_visible (self->history_group, TRUE);
  publish_api_tell_result (self, result);
  if (scope_publish_result_get_outcome (result) != SCOPE_API_ACCEPTED)
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (gtk_list_box_get_row_at_index (self->history, 0)), TRUE);
}

void
_scope_publish_api_clear_list (ScopePublishApi *self)
{
  g_list_store_remove_all (self->waiting);
  g_list_store_remove_all (self->results);
  gtk_widget_set_visible (self->history_group, FALSE);
  _scope_publish_api_clear_outcome (self);
}

void
_scope_publish_api_class_init_list (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "api.add", NULL, publish_api_add_cb);
  gtk_widget_class_install_action (widget_class, "api.publish-list", NULL, publish_api_publish_list_cb);
  gtk_widget_class_install_action (widget_class, "api.clear-list", NULL, publish_api_clear_list_cb);
}

void
_scope_publish_api_init_list (ScopePublishApi *self)
{
  self->waiting = g_list_store_new (SCOPE_TYPE_OUTGOING);
  self->results = g_list_store_new (SCOPE_TYPE_PUBLISH_RESULT);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->waiting), publish_api_create_waiting_cb, self, NULL);
  gtk_list_box_bind_model (self->history, G_LIST_MODEL (self->results), publish_api_create_result_cb, self, NULL);
  g_signal_connect_object (self->waiting, "items-changed", G_CALLBACK (publish_api_waiting_cb), self,
                           G_CONNECT_SWAPPED);
}
