/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-dropped-note.h"
#include "ui/scope-events-view.h"

#include "ui/scope-adaptive-bin.h"
#include "ui/scope-event-columns.h"
#include "ui/scope-filter-entry.h"
#include "ui/scope-find-bar.h"
#include "ui/scope-freeze-model.h"
#include "ui/scope-hint-bar.h"
#include "ui/scope-hint-page.h"
#include "ui/scope-inspector.h"
#include "ui/scope-log-follower.h"

G_BEGIN_DECLS

/*
 *   ScopeEventList        records, filtered (the session's)
 *     ScopeFreezeModel    stands still while paused
 *       GtkSingleSelection
 *         GtkColumnView
 *
 * Items are made anew each time, so a selection is remembered by its sequence number.
 */

struct _ScopeEventsView
{
  AdwBin parent_instance;

  GtkBox *toolbar;
  GtkBox *second_row;
  ScopeFilterEntry *filter_entry;
  ScopeFindBar *find_bar;
  GtkLabel *count;
  GtkWidget *follow;
  GtkWidget *pause;
  ScopeAdaptiveBin *bin;
  GtkPaned *paned;
  GtkWidget *log_box;
  GtkStack *stack;
  GtkScrolledWindow *scrolled;
  ScopeLogPane *pane;
  GtkColumnView *column_view;
  GtkButton *pill;
  ScopeHintPage *page;
  ScopeHintBar *bar;
  ScopeHintBar *mute_bar;
  ScopeHintBar *only_bar;
  ScopeDroppedNote *dropped_note;
  ScopeInspector *inspector;
  GMenuModel *row_menu;
  GMenu *cell_menu;           /* its first section: what the row's cells ask for */
  GtkWidget *menu;

  ScopeSession *session;
  ScopeShapeMemory *shapes;   /* what flags the session's rows */
  ScopePicks *picks;          /* nullable: only these rows */
  guint only;                 /* which they are */
  ScopeFreezeModel *model;
  GtkSingleSelection *selection;
  ScopeLogFollower *follower;
  GSignalGroup *session_signals;
  GSignalGroup *list_signals;
  GSignalGroup *channel_signals;
  GSignalGroup *mark_signals;
  GSignalGroup *mute_signals;
  ScopeEventColumns *columns;
  guint64 selected_sequence;  /* 0: none */
  guint64 cleared_sequence;   /* what was selected as the log was cleared; 0: nothing */
  guint64 jump_sequence;      /* a row to be gone to; 0: by time */
  gint64 jump_usec;
  GCancellable *copying;      /* of a row, which may be long; nullable */
  guint count_id;
  int inspector_width;        /* where it stands beside the log */
  double log_share;           /* of the height, where it stands below */
  guint settle_id;            /* until the inspector stands where it was put */
  guint settle_ticks;
  gboolean narrow;
  gboolean reselecting;
  gboolean jumping;           /* and it is waited for */
  gboolean wants_focus;       /* the log takes the focus when it first shows rows */
  gboolean placed;            /* the inspector has been given its room */
};

/* scope-events-view-status.c: counts, and what is said where no row is */
ScopeEventList *_scope_events_view_get_list    (ScopeEventsView *self);     /* nullable */
guint           _scope_events_view_count_shown (ScopeEventsView *self);
void            _scope_events_view_update_page (ScopeEventsView *self);
void            _scope_events_view_update_pill (ScopeEventsView *self);
/* everything of it, soon */
void            _scope_events_view_queue_count (ScopeEventsView *self);
void            _scope_events_view_update_all  (ScopeEventsView *self);
void            _scope_events_view_items_changed (ScopeEventsView *self);

/* scope-events-view-jump.c: a jump that waits looks again */
void            _scope_events_view_go_on_jumping (ScopeEventsView *self);

/* scope-events-view-layout.c: where log and inspector stand */
void            _scope_events_view_init_layout (ScopeEventsView *self);
/* after self->narrow has changed */
void            _scope_events_view_lay_out     (ScopeEventsView *self);
void            _scope_events_view_show_inspector (ScopeEventsView *self,
                                                   gboolean         show);

/* scope-events-view-mute.c: channels that stay out of the log */
gboolean        _scope_events_view_has_mutes   (ScopeEventsView *self);
ScopeFilter    *_scope_events_view_dup_filter  (ScopeEventsView *self);     /* transfer full, nullable */
ScopeHint      *_scope_events_view_new_muted_page (void);
void            _scope_events_view_update_mutes (ScopeEventsView *self);
void            _scope_events_view_mute        (GtkWidget       *widget,
                                                const char      *action_name,
                                                GVariant        *parameter);
/* scope-events-view-only.c: flagged or bookmarked rows alone */
gboolean        _scope_events_view_has_only    (ScopeEventsView *self);
ScopeHint      *_scope_events_view_new_only_page (ScopeEventsView *self);   /* nullable */

/* scope-events-view.c: after what narrows the rows has changed, or the rows have */
void            _scope_events_view_apply_filter (ScopeEventsView *self);
void            _scope_events_view_reselect    (ScopeEventsView *self);

/* scope-events-view-find.c */
void            _scope_events_view_init_find   (ScopeEventsView *self);
/* another row is selected */
void            _scope_events_view_update_find (ScopeEventsView *self);

/* scope-events-view-input.c: keys, and the menu of a row */
void            _scope_events_view_init_keys   (ScopeEventsView *self);
void            _scope_events_view_init_menu   (ScopeEventsView *self);
void            _scope_events_view_update_row_actions (ScopeEventsView *self,
                                                       ScopeEventItem  *item);
void            _scope_events_view_compose     (GtkWidget       *widget,
                                                const char      *action_name,
                                                GVariant        *parameter);

/* scope-events-view-shapes.c: what events look like */
void            _scope_events_view_show_schema (GtkWidget       *widget,
                                                const char      *action_name,
                                                GVariant        *parameter);

/* scope-events-view-copy.c: a row as a line of an export */
void            _scope_events_view_update_copy (ScopeEventsView *self,
                                                ScopeEventItem  *item);
void            _scope_events_view_stop_copying (ScopeEventsView *self);
void            _scope_events_view_class_init_copy (GtkWidgetClass *widget_class);

G_END_DECLS
