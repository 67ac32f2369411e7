/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-discover-dialog.h"

#include "session/scope-discovery-list.h"
#include "ui/scope-chart-card.h"
#include "ui/scope-discover-rules.h"
#include "ui/scope-hint-bar.h"

G_BEGIN_DECLS

/* scope-discover-dialog.c: the window and its list; -act.c: what is done with what is selected; -tell.c: figures,
 * charts, costs and problems. */
struct _ScopeDiscoverDialog
{
  AdwWindow parent_instance;

  ScopeHintBar *bar;
  AdwToastOverlay *toasts;
  GtkStack *pages;
  GtkEditable *prefix_entry;
  GtkStack *stack;
  GtkListView *list_view;
  AdwStatusPage *status_page;
  GtkButton *status_button;
  GtkLabel *count_label;
  GtkButton *subscribe_button;
  ScopeChartCard *total_card;
  ScopeChartCard *channel_card;
  GtkCheckButton *keep_check;
  ScopeDiscoverRules *rules;
  GtkLabel *cost_label;

  ScopeSession *session;
  ScopeDiscovery *discovery;
  ScopeDiscoveryList *list;
  GtkSelectionModel *selection;
  AdwToast *toast; /* weak: the last one */
  char *plotted; /* the channel of the second chart; NULL: none */
};

/* scope-discover-dialog.c */
/* of ScopeFoundChannel and ScopeFoundGroup (transfer full) */
GPtrArray *_scope_discover_dialog_dup_selected (ScopeDiscoverDialog *self);

/* scope-discover-dialog-act.c */
void _scope_discover_dialog_class_init_act    (GtkWidgetClass      *widget_class);
void _scope_discover_dialog_activate          (ScopeDiscoverDialog *self,
                                               guint                position);
void _scope_discover_dialog_update_actions    (ScopeDiscoverDialog *self);
/* Left and Right: folds and unfolds, or goes to the group around */
gboolean _scope_discover_dialog_fold          (ScopeDiscoverDialog *self,
                                               gboolean             expand);

/* scope-discover-dialog-tell.c */
void _scope_discover_dialog_tell              (ScopeDiscoverDialog *self);

G_END_DECLS
