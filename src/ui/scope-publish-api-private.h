/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-publish-api.h"

#include "session/scope-publisher.h"
#include "ui/scope-publish-form.h"

G_BEGIN_DECLS

/* scope-publish-api.c: what is possible, and publishing; -list.c: the events that wait, and the history;
 * -menus.c: templates, and the call for somewhere else. */
struct _ScopePublishApi
{
  ScopeSessionView parent_instance;

  GtkStack *stack;
  AdwStatusPage *status_page;
  GtkButton *status_button;
  ScopePublishForm *form;
  GtkSwitch *repeat;
  GtkSpinButton *times;
  GtkSpinButton *interval;
  GtkWidget *lock_label;
  GtkWidget *publish_button;
  GtkWidget *outcome_box;
  GtkImage *outcome_icon;
  GtkLabel *outcome_label;
  GtkLabel *reason_label;
  GtkMenuButton *templates_button;
  GtkWidget *list_group;
  GtkListBox *list;
  GtkWidget *job_group;
  GtkProgressBar *progress;
  GtkLabel *summary_label;
  GtkLabel *problem_label;
  GtkWidget *stop_button;
  GtkWidget *history_group;
  GtkListBox *history;

  ScopeSession *session; /* as the parent class has it */
  GSignalGroup *session_signals;
  GSignalGroup *profile_signals;
  ScopePublisher *publisher; /* NULL: without a session, or offline */
  ScopeTemplateList *templates;
  GListStore *waiting;       /* of ScopeOutgoing */
  GListStore *results;       /* of ScopePublishResult, the newest first */
  gboolean possible;
  GPtrArray *asked;          /* of ScopeOutgoing: published as soon as it is allowed */
  gboolean asked_once;
};

/* scope-publish-api.c */
/* asks where that is due; once: whatever the form says about repeating */
void _scope_publish_api_publish (ScopePublishApi *self,
                                 GPtrArray       *outgoing,
                                 gboolean         once);
void _scope_publish_api_update  (ScopePublishApi *self);
/* below the buttons; NULL: nothing */
void _scope_publish_api_tell    (ScopePublishApi *self,
                                 const char      *text);

/* scope-publish-api-list.c */
void _scope_publish_api_class_init_list (GtkWidgetClass *widget_class);
void _scope_publish_api_init_list (ScopePublishApi *self);
void _scope_publish_api_clear_list (ScopePublishApi *self);
/* what is said beside the button */
void _scope_publish_api_clear_outcome (ScopePublishApi *self);
void _scope_publish_api_take_result (ScopePublishApi    *self,
                                     ScopePublishResult *result);

/* scope-publish-api-menus.c */
void _scope_publish_api_class_init_menus (GtkWidgetClass *widget_class);
void _scope_publish_api_update_templates (ScopePublishApi *self);

G_END_DECLS
