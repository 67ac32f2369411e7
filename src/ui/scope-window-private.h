/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-window.h"

#include "ui/scope-adaptive-bin.h"
#include "ui/scope-channel-sidebar.h"
#include "ui/scope-events-view.h"
#include "ui/scope-hint-bar.h"
#include "ui/scope-hint-page.h"
#include "ui/scope-presence-view.h"
#include "ui/scope-profile-editor.h"
#include "ui/scope-profile-list.h"
#include "ui/scope-state-button.h"

G_BEGIN_DECLS

/* scope-window.c: layout and life; -session.c: what follows from a session's state; -actions.c: the
 * commands; -profiles.c: opening, editing and removing profiles; -captures.c: opening captures. */
struct _ScopeWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  ScopeAdaptiveBin *bin;
  GtkWidget *sidebar_toggle;
  GtkMenuButton *profile_button;
  GtkLabel *profile_label;
  ScopeStateButton *state_button;
  GtkBox *header_slot;
  GtkBox *bottom_slot;
  GtkWidget *switcher;
  GtkButton *connect_button;
  ScopeHintBar *bar;
  GtkStack *pages;
  ScopeProfileList *profile_list;
  ScopeHintPage *hint_page;
  GtkPaned *paned;
  ScopeChannelSidebar *sidebar;
  GtkStack *view_stack;
  ScopeEventsView *events_view;
  ScopePresenceView *presence_view;
  GtkWidget *connection_view;
  GtkWidget *publish_view;
  GtkWidget *statistics_view;
  GtkWidget *unlock_bar;

  ScopeProfileStore *store;
  ScopeSession *session;
  ScopeProfile *profile;
  GSignalGroup *session_signals;
  GSignalGroup *list_signals;   /* of the session's events */
  GSignalGroup *profile_signals;
  GCancellable *gate;           /* while credentials are asked for */
  void (*gate_then) (ScopeWindow *self); /* what they are asked for, or NULL */
  void (*gate_anyway) (ScopeWindow *self); /* what follows without them too, or NULL */
  char *join_channel;           /* what the dialog about joining is for, until it is there */
  GCancellable *opening;        /* while a capture is opened */
  GtkWindow *discover;          /* weak; beside this one */
  GHashTable *removed;          /* id → ScopeProfile: removed, and Undo still stands there */
  char *capture_name;           /* of an opened capture */
  guint countdown_id;
  gboolean has_credentials;
  gboolean has_rows;            /* the log is not empty */
  gboolean cleared;             /* it was, which can be undone */
  guint64 n_sessions;           /* it has had: what is undone belongs to one of them */
  guint n_toasts;               /* shown or waiting to be */
  gboolean show_sidebar;        /* the user's wish in a wide window */
  gboolean narrow_sidebar;      /* the list of channels is the one pane of a narrow window */
  gboolean closing;
};

/* scope-window.c */
void _scope_window_show_toast      (ScopeWindow      *self,
                                    const char       *text);
/* detailed_action: what Undo does */
void _scope_window_show_undo       (ScopeWindow      *self,
                                    const char       *text,
                                    const char       *detailed_action,
                                    GCallback         dismissed,
                                    gpointer          user_data,
                                    GClosureNotify    destroy);
/* with a button that does something about it */
void _scope_window_show_offer      (ScopeWindow      *self,
                                    const char       *text,
                                    const char       *label,
                                    const char       *detailed_action);
void _scope_window_set_sidebar     (ScopeWindow      *self,
                                    gboolean          show);
gboolean _scope_window_get_sidebar (ScopeWindow      *self);
/* "events", "presence"…: in sight, also where there is room for one pane only */
void _scope_window_show_view       (ScopeWindow      *self,
                                    const char       *name);
void _scope_window_update_layout   (ScopeWindow      *self);

/* scope-window-look.c: finding, columns, colors */
void _scope_window_class_init_look (GtkWidgetClass   *widget_class);
void _scope_window_init_look       (ScopeWindow      *self);

/* scope-window-session.c */
void _scope_window_init_session    (ScopeWindow      *self);
/* takes a reference; closes the session before */
void _scope_window_set_session     (ScopeWindow      *self,
                                    ScopeSession     *session,
                                    ScopeProfile     *profile);
void _scope_window_update_session  (ScopeWindow      *self);
void _scope_window_show_hint       (ScopeWindow      *self,
                                    ScopeHint        *hint);    /* transfer full */
void _scope_window_connect         (ScopeWindow      *self);
/* asks for the profile's secrets if they are not known; nothing follows if they can't be had */
void _scope_window_with_credentials (ScopeWindow     *self,
                                    void            (*then) (ScopeWindow *self));
/* asks too, unless the HTTP API can be used already; @then follows in any case, and says what is missing */
void _scope_window_try_credentials (ScopeWindow      *self,
                                    void            (*then) (ScopeWindow *self));

/* scope-window-actions.c */
void _scope_window_class_init_actions (GtkWidgetClass *widget_class);
void _scope_window_init_actions    (ScopeWindow      *self);
void _scope_window_update_actions  (ScopeWindow      *self);
/* after the session changed: actions that are properties of its log */
void _scope_window_bind_list       (ScopeWindow      *self);

/* scope-window-log.c */
void _scope_window_class_init_log  (GtkWidgetClass   *widget_class);
void _scope_window_init_log        (ScopeWindow      *self);
/* "flagged", "bookmarked", "": all */
void _scope_window_show_only       (ScopeWindow      *self,
                                    const char       *name);

/* scope-window-marks.c */
void _scope_window_class_init_marks (GtkWidgetClass  *widget_class);
void _scope_window_update_marks    (ScopeWindow      *self);

/* scope-window-profiles.c */
void _scope_window_class_init_profiles (GtkWidgetClass *widget_class);
void _scope_window_init_profiles   (ScopeWindow      *self);
/* removals that can no longer be undone */
void _scope_window_forget_removed  (ScopeWindow      *self);
/* whether the store has its profile */
gboolean _scope_window_is_saved    (ScopeWindow      *self);
/* the dialog, presented; profile NULL: for a new one */
ScopeProfileEditor *_scope_window_edit_profile (ScopeWindow  *self,
                                                ScopeProfile *profile);

/* scope-window-captures.c */
void _scope_window_class_init_captures (GtkWidgetClass *widget_class);
void _scope_window_init_captures   (ScopeWindow      *self);
/* in this window if nothing is open in it, else in one of its own: it may be recording */
void _scope_window_open_beside     (ScopeWindow      *self,
                                    const char       *path);

/* scope-window-doctor.c */
void _scope_window_class_init_doctor (GtkWidgetClass *widget_class);

/* scope-window-export.c */
void _scope_window_class_init_export (GtkWidgetClass *widget_class);
void _scope_window_import_events   (ScopeWindow      *self,
                                    GFile            *file);

/* scope-window-transfer.c */
void _scope_window_class_init_transfer (GtkWidgetClass *widget_class);

/* scope-window-discover.c */
void _scope_window_class_init_discover (GtkWidgetClass *widget_class);
void _scope_window_close_discover  (ScopeWindow      *self);

/* scope-window-statistics.c */
void _scope_window_class_init_statistics (GtkWidgetClass *widget_class);

/* scope-window-presence.c: joining and watching unseen */
void _scope_window_class_init_presence (GtkWidgetClass *widget_class);

/* scope-window-publish.c */
void _scope_window_class_init_publish (GtkWidgetClass *widget_class);
/* after the session changed: those of its profile */
void _scope_window_update_templates (ScopeWindow      *self);

/* scope-window-unlock.c */
void _scope_window_class_init_unlock (GtkWidgetClass *widget_class);

/* scope-window-explain.c */
void _scope_window_class_init_explain (GtkWidgetClass *widget_class);
/* so far is this machine's clock ahead of the server's */
void _scope_window_offer_server_time (ScopeWindow    *self,
                                      gint64          usec);

/* scope-window-shapes.c */
void _scope_window_class_init_shapes (GtkWidgetClass *widget_class);
/* after the session changed: a memory of what its events look like */
void _scope_window_update_shapes   (ScopeWindow      *self);

G_END_DECLS
