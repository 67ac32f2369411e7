/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-json-tree.h"

#include "ui/scope-whole-view.h"

G_BEGIN_DECLS

struct _ScopeJsonTree
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkLabel *empty;
  GtkLabel *note;
  GtkListView *list_view;
  GtkLabel *path;
  GtkLabel *meaning;
  ScopeWholeView *whole;
  GtkWidget *menu;

  GtkTreeListModel *model;
  GtkSingleSelection *selection;
  ScopeJsonNode *node; /* the selected one: rows make theirs anew */
  ScopeEntry *entry;
  char *event;
  GCancellable *cancellable; /* of the thread that reads the payload */
  guint focus_id;
};

/* scope-json-tree-input.c: keys, menu, actions */
void            _scope_json_tree_class_init_actions (GtkWidgetClass *widget_class);
void            _scope_json_tree_init_input         (ScopeJsonTree  *self);
void            _scope_json_tree_update_actions     (ScopeJsonTree  *self,
                                                     ScopeJsonNode  *node);
/* the selected one; nullable (transfer none) */
GtkTreeListRow *_scope_json_tree_get_row            (ScopeJsonTree  *self);
/* selects that row, and moves the keyboard there */
void            _scope_json_tree_go_to              (ScopeJsonTree  *self,
                                                     guint           position);

G_END_DECLS
