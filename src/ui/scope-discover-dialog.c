/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discover-dialog"

#include "config.h"

#include "ui/scope-discover-dialog-private.h"

#include <glib/gi18n.h>

#include "ui/scope-found-row.h"
#include "ui/scope-ui-util.h"

G_DEFINE_FINAL_TYPE (ScopeDiscoverDialog, scope_discover_dialog, ADW_TYPE_WINDOW)

/* ---- the list ---- */

GPtrArray *
_scope_discover_dialog_dup_selected (ScopeDiscoverDialog *self)
{
  g_autoptr (GtkBitset) bitset = gtk_selection_model_get_selection (self->selection);
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBitsetIter iter;
  guint position;

  if (!gtk_bitset_iter_init_first (&iter, bitset, &position))
    return items;
  do
    {
      gpointer item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }
  while (gtk_bitset_iter_next (&iter, &position));
  return items;
}

static void
scope_discover_dialog_setup_cb (GtkSignalListItemFactory *factory,
                                GtkListItem              *list_item,
                                ScopeDiscoverDialog      *self)
{
  gtk_list_item_set_child (list_item, scope_found_row_new ());
}

static void
scope_discover_dialog_bind_cb (GtkSignalListItemFactory *factory,
                               GtkListItem              *list_item,
                               ScopeDiscoverDialog      *self)
{
  guint position = gtk_list_item_get_position (list_item);

  scope_found_row_show (SCOPE_FOUND_ROW (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item),
                        scope_discovery_list_get_depth (self->list, position),
                        scope_discovery_list_get_told (self->list, position));
}

static void
scope_discover_dialog_unbind_cb (GtkSignalListItemFactory *factory,
                                 GtkListItem              *list_item,
                                 ScopeDiscoverDialog      *self)
{
  scope_found_row_show (SCOPE_FOUND_ROW (gtk_list_item_get_child (list_item)), NULL, 0, 0);
}

static void
scope_discover_dialog_activate_cb (ScopeDiscoverDialog *self,
                                   guint                position)
{
  _scope_discover_dialog_activate (self, position);
}

static gboolean
scope_discover_dialog_key_cb (ScopeDiscoverDialog *self,
                              guint                keyval,
                              guint                keycode,
                              GdkModifierType      state)
{
  if ((state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left)
    return _scope_discover_dialog_fold (self, FALSE);
  if (keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right)
    return _scope_discover_dialog_fold (self, TRUE);
  return GDK_EVENT_PROPAGATE;
}

/* ---- wishes ---- */

static void
scope_discover_dialog_prefix_cb (ScopeDiscoverDialog *self)
{
  if (self->discovery != NULL)
    scope_discovery_set_prefix (self->discovery, gtk_editable_get_text (self->prefix_entry));
}

static void
scope_discover_dialog_keep_cb (ScopeDiscoverDialog *self)
{
  if (self->discovery != NULL)
    scope_discovery_set_keeps_on (self->discovery, gtk_check_button_get_active (self->keep_check));
}

/* ---- life ---- */

/* Minimized, nobody looks. */
static void
scope_discover_dialog_surface_cb (ScopeDiscoverDialog *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));
  gboolean minimized = GDK_IS_TOPLEVEL (surface) &&
                       (gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED) != 0;

  if (self->discovery != NULL)
    scope_discovery_set_in_sight (self->discovery, !minimized && gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
scope_discover_dialog_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_discover_dialog_parent_class)->realize (widget);

  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "notify::state",
                           G_CALLBACK (scope_discover_dialog_surface_cb), widget, G_CONNECT_SWAPPED);
}

static void
scope_discover_dialog_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_discover_dialog_parent_class)->map (widget);

  scope_discover_dialog_surface_cb (SCOPE_DISCOVER_DIALOG (widget));
}

static void
scope_discover_dialog_unmap (GtkWidget *widget)
{
  scope_discovery_set_in_sight (SCOPE_DISCOVER_DIALOG (widget)->discovery, FALSE);

  GTK_WIDGET_CLASS (scope_discover_dialog_parent_class)->unmap (widget);
}

static void
scope_discover_dialog_dispose (GObject *object)
{
  ScopeDiscoverDialog *self = SCOPE_DISCOVER_DIALOG (object);

  g_clear_weak_pointer (&self->toast);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_DISCOVER_DIALOG);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->discovery);
  g_clear_object (&self->session);
  g_clear_pointer (&self->plotted, g_free);

  G_OBJECT_CLASS (scope_discover_dialog_parent_class)->dispose (object);
}

static void
scope_discover_dialog_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-discover-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, prefix_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, list_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, status_page);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, status_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, count_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, subscribe_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, total_card);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, channel_card);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, keep_check);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, rules);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverDialog, cost_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_discover_dialog_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_discover_dialog_prefix_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_discover_dialog_keep_cb);
}

static void
scope_discover_dialog_class_init (ScopeDiscoverDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_discover_dialog_dispose;
  widget_class->realize = scope_discover_dialog_realize;
  widget_class->map = scope_discover_dialog_map;
  widget_class->unmap = scope_discover_dialog_unmap;

  g_type_ensure (SCOPE_TYPE_CHART_CARD);
  g_type_ensure (SCOPE_TYPE_DISCOVER_RULES);
  g_type_ensure (SCOPE_TYPE_HINT_BAR);
  scope_discover_dialog_bind_template (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  _scope_discover_dialog_class_init_act (widget_class);
}

static void
scope_discover_dialog_init (ScopeDiscoverDialog *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  scope_chart_card_set_title (self->total_card, _("Occupied Channels"));
  scope_chart_card_set_gap_name (self->total_card, _("Not known"));
  scope_chart_card_set_gap_name (self->channel_card, _("Not known"));
  g_signal_connect_object (factory, "setup", G_CALLBACK (scope_discover_dialog_setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (scope_discover_dialog_bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (scope_discover_dialog_unbind_cb), self, 0);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (scope_discover_dialog_key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), keys);
}

static void
scope_discover_dialog_follow (ScopeDiscoverDialog *self)
{
  self->list = scope_discovery_list_new (self->discovery);
  self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->list))));
  gtk_list_view_set_model (self->list_view, self->selection);
  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (_scope_discover_dialog_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->discovery, "polled", G_CALLBACK (_scope_discover_dialog_tell), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scope_discovery_get_poller (self->discovery), "notify::interval-usec",
                           G_CALLBACK (_scope_discover_dialog_tell), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pages, "notify::visible-child", G_CALLBACK (_scope_discover_dialog_tell), self,
                           G_CONNECT_SWAPPED);
}

/**
 * scope_discover_dialog_new:
 * @parent: the window that shows the session
 * @session: whose app's channels to discover; not offline
 *
 * Returns: the window, not yet presented
 */
GtkWindow *
scope_discover_dialog_new (GtkWindow    *parent,
                           ScopeSession *session)
{
  ScopeDiscoverDialog *self;
  ScopeDiscovery *discovery;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);
  discovery = scope_session_get_discovery (session);
  g_return_val_if_fail (discovery != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_DISCOVER_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  gtk_editable_set_text (self->prefix_entry, scope_discovery_get_prefix (discovery));
  gtk_check_button_set_active (self->keep_check, scope_discovery_get_keeps_on (discovery));
  self->discovery = g_object_ref (discovery);
  scope_discover_rules_set_discovery (self->rules, discovery);
  scope_discover_dialog_follow (self);
  _scope_discover_dialog_tell (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
  return GTK_WINDOW (self);
}
