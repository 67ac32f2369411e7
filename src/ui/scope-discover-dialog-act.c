/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discover-dialog"

#include "config.h"

#include "ui/scope-discover-dialog-private.h"

#include <glib/gi18n.h>

#include "ui/scope-ui-util.h"

/* Commands of the window. */

/* The last word counts: others do not queue before it. */
static void
discover_toast (ScopeDiscoverDialog *self,
                const char          *text)
{
  AdwToast *toast = scope_ui_toast_new (GTK_WIDGET (self), text, NULL);

  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* ---- subscribing ---- */

/* Channels that are not subscribed to yet; *n_presence: those of them that are watched unseen. */
static GPtrArray *
discover_find_new (GPtrArray *items,
                   guint     *n_presence)
{
  GPtrArray *channels = g_ptr_array_new ();

  *n_presence = 0;
  for (guint i = 0; i < items->len; i++)
    {
      gpointer item = g_ptr_array_index (items, i);

      if (!SCOPE_IS_FOUND_CHANNEL (item) || scope_found_channel_get_subscribed (item))
        continue;
      *n_presence += scope_channel_kind_is_presence (scope_found_channel_get_kind (item));
      g_ptr_array_add (channels, item);
    }
  return channels;
}

static void
discover_tell_subscribed (ScopeDiscoverDialog *self,
                          guint                n,
                          guint                n_presence)
{
  g_autofree char *text = NULL;

  if (n_presence > 0)
    text = g_strdup_printf (ngettext ("Watching %u channel; presence is watched unseen",
                                      "Watching %u channels; presence is watched unseen", n), n);
  else
    text = g_strdup_printf (ngettext ("Subscribed to %u channel", "Subscribed to %u channels", n), n);
  discover_toast (self, text);
}

/* In the way that nobody notices: who wants to be seen in a presence channel joins it elsewhere. */
static void
discover_subscribe (ScopeDiscoverDialog *self,
                    GPtrArray           *items)
{
  guint n_presence;
  g_autoptr (GPtrArray) channels = discover_find_new (items, &n_presence);
  g_autoptr (GError) problem = NULL;
  guint n = 0;

  for (guint i = 0; i < channels->len; i++)
    {
      const char *name = scope_found_channel_get_name (g_ptr_array_index (channels, i));

      n += scope_session_watch (self->session, name, problem == NULL ? &problem : NULL);
    }
  if (problem != NULL)
    discover_toast (self, problem->message);
  else if (n == 0)
    discover_toast (self, _("Subscribed already"));
  else
    discover_tell_subscribed (self, n, n_presence);
}

static void
discover_subscribe_cb (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ScopeDiscoverDialog *self = SCOPE_DISCOVER_DIALOG (widget);
  g_autoptr (GPtrArray) items = _scope_discover_dialog_dup_selected (self);

  discover_subscribe (self, items);
}

/* Enter, or a double click: all that is selected, if this row is. */
void
_scope_discover_dialog_activate (ScopeDiscoverDialog *self,
                                 guint                position)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);
  g_autoptr (GPtrArray) items = NULL;

  if (item == NULL)
    return;
  items = _scope_discover_dialog_dup_selected (self);
  if (SCOPE_IS_FOUND_GROUP (item) && items->len <= 1)
    {
      scope_discovery_list_set_expanded (self->list, SCOPE_FOUND_GROUP (item),
                                         !scope_found_group_get_expanded (SCOPE_FOUND_GROUP (item)));
      return;
    }
  if (!gtk_selection_model_is_selected (self->selection, position))
    {
      g_ptr_array_set_size (items, 0);
      g_ptr_array_add (items, g_object_ref (item));
    }
  discover_subscribe (self, items);
}

/* ---- the tree ---- */

gboolean
_scope_discover_dialog_fold (ScopeDiscoverDialog *self,
                             gboolean             expand)
{
  g_autoptr (GtkBitset) bitset = gtk_selection_model_get_selection (self->selection);
  guint position = gtk_bitset_get_minimum (bitset);
  g_autoptr (GObject) item = NULL;

  if (gtk_bitset_get_size (bitset) != 1)
    return FALSE;
  item = g_list_model_get_item (G_LIST_MODEL (self->list), position);
  if (SCOPE_IS_FOUND_GROUP (item) && scope_found_group_get_expanded (SCOPE_FOUND_GROUP (item)) != expand)
    {
      scope_discovery_list_set_expanded (self->list, SCOPE_FOUND_GROUP (item), expand);
      return TRUE;
    }
  position = expand ? G_MAXUINT : scope_discovery_list_get_parent (self->list, position);
  if (position == G_MAXUINT)
    return FALSE;
  gtk_selection_model_select_item (self->selection, position, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
  return TRUE;
}

/* ---- others ---- */

static void
discover_refresh_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  scope_poller_hurry (scope_discovery_get_poller (SCOPE_DISCOVER_DIALOG (widget)->discovery));
}

static void
discover_clear_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  scope_discovery_clear_vacated (SCOPE_DISCOVER_DIALOG (widget)->discovery);
}

static char *
discover_dup_name (gpointer item)
{
  if (SCOPE_IS_FOUND_GROUP (item))
    return g_strconcat (scope_found_group_get_prefix (item), "*", NULL);
  return g_strdup (scope_found_channel_get_name (item));
}

static void
discover_copy_cb (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  g_autoptr (GPtrArray) items = _scope_discover_dialog_dup_selected (SCOPE_DISCOVER_DIALOG (widget));
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      g_autofree char *name = discover_dup_name (g_ptr_array_index (items, i));

      g_string_append_printf (names, "%s%s", i > 0 ? "\n" : "", name);
    }
  scope_ui_copy (widget, names->str);
}

static void
discover_show_time_cb (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ScopeDiscoverDialog *self = SCOPE_DISCOVER_DIALOG (widget);
  g_autoptr (GPtrArray) items = _scope_discover_dialog_dup_selected (self);

  if (items->len > 0 && SCOPE_IS_FOUND_CHANNEL (g_ptr_array_index (items, 0)))
    {
      g_free (self->plotted);
      self->plotted = discover_dup_name (g_ptr_array_index (items, 0));
    }
  gtk_stack_set_visible_child_name (self->pages, "time");
}

/* For the group that is selected, or around the channel that is. */
static void
discover_add_rule_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ScopeDiscoverDialog *self = SCOPE_DISCOVER_DIALOG (widget);
  g_autoptr (GtkBitset) bitset = gtk_selection_model_get_selection (self->selection);
  guint position = gtk_bitset_get_minimum (bitset);
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);
  g_autofree char *pattern = NULL;

  if (item != NULL && !SCOPE_IS_FOUND_GROUP (item) &&
      scope_discovery_list_get_parent (self->list, position) != G_MAXUINT)
    {
      g_object_unref (item);
      item = g_list_model_get_item (G_LIST_MODEL (self->list),
                                    scope_discovery_list_get_parent (self->list, position));
    }
  if (SCOPE_IS_FOUND_GROUP (item))
    pattern = discover_dup_name (item);
  else
    pattern = g_strconcat (scope_discovery_get_prefix (self->discovery), "*", NULL);
  gtk_stack_set_visible_child_name (self->pages, "rules");
  scope_discover_rules_propose (self->rules, pattern);
}

/* What a chart, or a button on a status page, asks of the window it belongs to. */
static void
discover_forward_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (widget));

  if (parent == NULL)
    return;
  gtk_widget_activate_action_variant (GTK_WIDGET (parent), action_name, parameter);
  gtk_window_present (parent);
}

void
_scope_discover_dialog_update_actions (ScopeDiscoverDialog *self)
{
  g_autoptr (GPtrArray) items = _scope_discover_dialog_dup_selected (self);
  guint n_presence;
  g_autoptr (GPtrArray) channels = discover_find_new (items, &n_presence);
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *label =
    channels->len > 1 ? g_strdup_printf (_("Subscribe to %u"), channels->len) : g_strdup (_("Subscribe"));

  gtk_widget_action_set_enabled (widget, "discover.subscribe", channels->len > 0);
  gtk_widget_action_set_enabled (widget, "discover.copy-name", items->len > 0);
  gtk_widget_action_set_enabled (widget, "discover.show-time",
                                 items->len > 0 && SCOPE_IS_FOUND_CHANNEL (g_ptr_array_index (items, 0)));
  gtk_widget_action_set_enabled (widget, "discover.clear", scope_discovery_get_n_vacated (self->discovery) > 0);
  gtk_button_set_label (self->subscribe_button, label);
}

void
_scope_discover_dialog_class_init_act (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "discover.subscribe", NULL, discover_subscribe_cb },
    { "discover.refresh", NULL, discover_refresh_cb },
    { "discover.clear", NULL, discover_clear_cb },
    { "discover.copy-name", NULL, discover_copy_cb },
    { "discover.show-time", NULL, discover_show_time_cb },
    { "discover.add-rule", NULL, discover_add_rule_cb },
    { "win.show-time", "x", discover_forward_cb },
    { "win.filter", "(ss)", discover_forward_cb },
    { "win.edit-current", NULL, discover_forward_cb },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter, actions[i].activate);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "discover.refresh", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "discover.refresh", NULL);
}
