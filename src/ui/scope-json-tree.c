/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json-tree"

#include "config.h"

#include "ui/scope-json-tree-private.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-json-row.h"
#include "ui/scope-ui-util.h"

/* a larger frame is decoded on a worker thread */
#define WORKER_BYTES (128 * 1024)

G_DEFINE_FINAL_TYPE (ScopeJsonTree, scope_json_tree, ADW_TYPE_BIN)

GtkTreeListRow *
_scope_json_tree_get_row (ScopeJsonTree *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

/* --- rows --- */

static void
scope_json_tree_setup_cb (GtkSignalListItemFactory *factory,
                          GtkListItem              *list_item)
{
  GtkWidget *expander = gtk_tree_expander_new ();

  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), scope_json_row_new ());
  gtk_list_item_set_child (list_item, expander);
}

static void
scope_json_tree_bind_cb (GtkSignalListItemFactory *factory,
                         GtkListItem              *list_item)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item));
  GtkTreeListRow *row = gtk_list_item_get_item (list_item);
  g_autoptr (ScopeJsonNode) node = gtk_tree_list_row_get_item (row);
  g_autofree char *name = scope_json_row_dup_name (node);
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (expander));

  gtk_tree_expander_set_list_row (expander, row);
  scope_json_row_set_node (SCOPE_JSON_ROW (gtk_tree_expander_get_child (expander)), node);
  scope_ui_set_label (expander, name);
  if (parent != NULL)
    scope_ui_set_label (parent, name);
}

static void
scope_json_tree_unbind_cb (GtkSignalListItemFactory *factory,
                           GtkListItem              *list_item)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item));

  gtk_tree_expander_set_list_row (expander, NULL);
}

/* --- what is known of the selected place --- */

static char *
scope_json_tree_dup_meaning (ScopeJsonTree *self,
                             ScopeJsonNode *node)
{
  const ScopeValueHint *hint = scope_json_node_get_hint (node);
  g_autofree char *meaning
      = hint != NULL ? scope_value_hint_to_text (hint, self->entry->time_usec) : NULL;
  g_autofree char *type = scope_json_row_dup_type (node);
  g_autofree char *value = NULL;
  GString *text = g_string_new (NULL);

  if (hint != NULL && hint->kind == SCOPE_VALUE_HINT_TIME)
    value = scope_json_node_dup_preview (node, 100, NULL);
  g_string_append (text, value != NULL ? value : type);
  if (meaning != NULL)
    g_string_append_printf (text, " · %s", meaning);
  if (scope_json_node_is_overridden (node))
    g_string_append_printf (text, " · %s", _("the same key comes again below, and that one counts"));
  return g_string_free (text, FALSE);
}

static void
scope_json_tree_selected_cb (ScopeJsonTree *self)
{
  GtkTreeListRow *row = _scope_json_tree_get_row (self);
  g_autofree char *path = NULL;
  g_autofree char *meaning = NULL;

  g_clear_object (&self->node);
  if (row != NULL)
    self->node = gtk_tree_list_row_get_item (row);
  if (self->node != NULL)
    {
      path = scope_json_node_dup_path (self->node);
      meaning = scope_json_tree_dup_meaning (self, self->node);
    }
  gtk_label_set_text (self->path, path != NULL ? path : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->path), path);
  gtk_widget_set_visible (GTK_WIDGET (self->path), path != NULL);
  scope_ui_show_text (self->meaning, meaning);
  _scope_json_tree_update_actions (self, self->node);
}

/* --- going somewhere --- */

static GtkWidget *
scope_json_tree_find_widget (ScopeJsonTree *self)
{
  GtkTreeListRow *row = _scope_json_tree_get_row (self);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list_view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *expander = gtk_widget_get_first_child (child);

      if (GTK_IS_TREE_EXPANDER (expander)
          && gtk_tree_expander_get_list_row (GTK_TREE_EXPANDER (expander)) == row)
        return child;
    }
  return NULL;
}

/* The row's widget is there after the layout that follows scrolling. */
static gboolean
scope_json_tree_focus_cb (gpointer user_data)
{
  ScopeJsonTree *self = user_data;
  GtkWidget *widget = scope_json_tree_find_widget (self);

  self->focus_id = 0;
  if (widget != NULL)
    gtk_widget_grab_focus (widget);
  return G_SOURCE_REMOVE;
}

void
_scope_json_tree_go_to (ScopeJsonTree *self,
                        guint          position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
  if (self->focus_id == 0)
    self->focus_id = g_timeout_add (20, scope_json_tree_focus_cb, self);
}

/* --- the payload --- */

static GListModel *
scope_json_tree_create_children (gpointer item,
                                 gpointer user_data)
{
  return scope_json_node_dup_children (item);
}

static void
scope_json_tree_show_empty (ScopeJsonTree *self,
                            const char    *text)
{
  gtk_label_set_text (self->empty, text);
  gtk_single_selection_set_model (self->selection, NULL);
  g_clear_object (&self->model);
  scope_ui_show_page (self->stack, "empty");
  scope_json_tree_selected_cb (self);
}

/* The whole is unfolded, what is in it is not. */
static void
scope_json_tree_show_node (ScopeJsonTree *self,
                           ScopeJsonNode *node)
{
  g_autoptr (GListStore) roots = g_list_store_new (SCOPE_TYPE_JSON_NODE);
  g_autoptr (GtkTreeListRow) first = NULL;

  g_list_store_append (roots, node);
  g_clear_object (&self->model);
  self->model = gtk_tree_list_model_new (G_LIST_MODEL (g_steal_pointer (&roots)), FALSE, FALSE,
                                         scope_json_tree_create_children, NULL, NULL);
  first = gtk_tree_list_model_get_row (self->model, 0);
  gtk_tree_list_row_set_expanded (first, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  gtk_single_selection_set_selected (self->selection, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  scope_ui_show_page (self->stack, "tree");
  scope_json_tree_selected_cb (self);
}

static void
scope_json_tree_show_result (ScopeJsonTree *self,
                             ScopeJsonNode *node)
{
  if (node != NULL)
    scope_json_tree_show_node (self, node);
  else
    scope_json_tree_show_empty (self, _("The payload is no JSON: Raw shows it as it came."));
}

/* Goes through all that is large once, here and not when a row is drawn: how many children there are, and where. */
static void
scope_json_tree_measure (ScopeJsonNode *node,
                         GCancellable  *cancellable)
{
  ScopeJsonKind kind = scope_json_node_get_kind (node);
  guint n;

  if (scope_json_node_get_size (node) <= WORKER_BYTES || (kind != SCOPE_JSON_OBJECT && kind != SCOPE_JSON_ARRAY)
      || g_cancellable_is_cancelled (cancellable))
    return;
  scope_json_node_count_children (node);
  n = g_list_model_get_n_items (G_LIST_MODEL (node));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeJsonNode) child = g_list_model_get_item (G_LIST_MODEL (node), i);

      scope_json_tree_measure (child, cancellable);
    }
}

static void
scope_json_tree_read_thread (GTask        *task,
                             gpointer      source,
                             gpointer      task_data,
                             GCancellable *cancellable)
{
  ScopeJsonNode *node = scope_json_node_new_for_entry (task_data);

  if (node != NULL)
    scope_json_tree_measure (node, cancellable);
  g_task_return_pointer (task, node, g_object_unref);
}

static void
scope_json_tree_read_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  ScopeJsonTree *self = SCOPE_JSON_TREE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeJsonNode) node = g_task_propagate_pointer (G_TASK (result), &error);

  if (error == NULL && self->entry != NULL)
    scope_json_tree_show_result (self, node);
}

static void
scope_json_tree_read (ScopeJsonTree *self)
{
  g_autoptr (GTask) task = NULL;

  if (scope_entry_get_frame_size (self->entry) <= WORKER_BYTES)
    {
      g_autoptr (ScopeJsonNode) node = scope_json_node_new_for_entry (self->entry);

      scope_json_tree_show_result (self, node);
      return;
    }
  scope_json_tree_show_empty (self, _("Reading the payload…"));
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, scope_json_tree_read_cb, NULL);
  g_task_set_source_tag (task, scope_json_tree_read);
  g_task_set_task_data (task, scope_entry_ref (self->entry), (GDestroyNotify) scope_entry_unref);
  g_task_run_in_thread (task, scope_json_tree_read_thread);
}

static void
scope_json_tree_cancel (ScopeJsonTree *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* --- unfolding --- */

static void
scope_json_tree_say (ScopeJsonTree *self,
                     const char    *note)
{
  scope_ui_show_text (self->note, note);
}

static gboolean
scope_json_tree_may_expand (GtkTreeListRow *row)
{
  g_autoptr (ScopeJsonNode) node = gtk_tree_list_row_get_item (row);
  ScopeJsonKind kind = scope_json_node_get_kind (node);

  return scope_json_node_get_role (node) != SCOPE_JSON_NODE_PAGE_OF
         && (kind == SCOPE_JSON_OBJECT || kind == SCOPE_JSON_ARRAY)
         && gtk_tree_list_row_is_expandable (row);
}

static void
scope_json_tree_expand_all_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  ScopeJsonTree *self = SCOPE_JSON_TREE (widget);
  gboolean stopped = FALSE;

  if (self->model == NULL)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->model)) && !stopped; i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->model, i);

      if (i >= SCOPE_JSON_TREE_MAX_EXPANDED)
        stopped = TRUE;
      else if (scope_json_tree_may_expand (row))
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
  if (stopped)
    scope_json_tree_say (self, _("Only the first 2,000 rows were unfolded. Unfold others by hand."));
}

/* Only those below the first row, which stays. */
static void
scope_json_tree_collapse_all_cb (GtkWidget  *widget,
                                 const char *action_name,
                                 GVariant   *parameter)
{
  ScopeJsonTree *self = SCOPE_JSON_TREE (widget);
  g_autoptr (GtkTreeListRow) first = NULL;

  if (self->model == NULL)
    return;
  first = gtk_tree_list_model_get_row (self->model, 0);
  gtk_tree_list_row_set_expanded (first, FALSE);
  gtk_tree_list_row_set_expanded (first, TRUE);
  _scope_json_tree_go_to (self, 0);
  scope_json_tree_say (self, NULL);
}

/* --- class --- */

static void
scope_json_tree_whole_closed_cb (ScopeJsonTree *self)
{
  scope_ui_show_page (self->stack, "tree");
  _scope_json_tree_go_to (self, gtk_single_selection_get_selected (self->selection));
}

static void
scope_json_tree_dispose (GObject *object)
{
  ScopeJsonTree *self = SCOPE_JSON_TREE (object);

  scope_json_tree_cancel (self);
  g_clear_handle_id (&self->focus_id, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->entry, scope_entry_unref);
  scope_ui_dispose_bin (ADW_BIN (object), SCOPE_TYPE_JSON_TREE);
  g_clear_object (&self->model);
  g_clear_object (&self->selection);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (scope_json_tree_parent_class)->dispose (object);
}

static void
scope_json_tree_finalize (GObject *object)
{
  g_free (SCOPE_JSON_TREE (object)->event);

  G_OBJECT_CLASS (scope_json_tree_parent_class)->finalize (object);
}

static void
scope_json_tree_class_init (ScopeJsonTreeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_json_tree_dispose;
  object_class->finalize = scope_json_tree_finalize;

  g_type_ensure (SCOPE_TYPE_WHOLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-json-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonTree, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonTree, empty);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonTree, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonTree, list_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonTree, path);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonTree, meaning);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonTree, whole);
  gtk_widget_class_install_action (widget_class, "tree.expand-all", NULL,
                                   scope_json_tree_expand_all_cb);
  gtk_widget_class_install_action (widget_class, "tree.collapse-all", NULL,
                                   scope_json_tree_collapse_all_cb);
  _scope_json_tree_class_init_actions (widget_class);
}

static void
scope_json_tree_init (ScopeJsonTree *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (factory, "setup", G_CALLBACK (scope_json_tree_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (scope_json_tree_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (scope_json_tree_unbind_cb), NULL);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  scope_ui_set_exact_label (self->meaning);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (scope_json_tree_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->whole, "closed", G_CALLBACK (scope_json_tree_whole_closed_cb), self,
                           G_CONNECT_SWAPPED);
  _scope_json_tree_init_input (self);
  scope_json_tree_show_empty (self, "");
}

/**
 * scope_json_tree_set_entry:
 * @entry: (nullable): what to show
 * @event: (nullable): the event's name
 *
 * Large payloads are read on a worker thread, and given up when the next one comes.
 */
void
scope_json_tree_set_entry (ScopeJsonTree *self,
                           ScopeEntry    *entry,
                           const char    *event)
{
  g_return_if_fail (SCOPE_IS_JSON_TREE (self));

  scope_json_tree_cancel (self);
  if (entry != NULL)
    scope_entry_ref (entry);
  g_clear_pointer (&self->entry, scope_entry_unref);
  self->entry = entry;
  scope_set_str (&self->event, event);
  if (entry == NULL)
    scope_json_tree_show_empty (self, _("It can’t be read."));
  else if (entry->data_kind == SCOPE_JSON_NONE && entry->detail == NULL)
    scope_json_tree_show_empty (self, _("No payload."));
  else
    scope_json_tree_read (self);
}

/**
 * scope_json_tree_set_note:
 * @note: what to say instead of a payload
 */
void
scope_json_tree_set_note (ScopeJsonTree *self,
                          const char    *note)
{
  g_return_if_fail (SCOPE_IS_JSON_TREE (self));

  scope_json_tree_set_entry (self, NULL, NULL);
  scope_json_tree_show_empty (self, note);
}
