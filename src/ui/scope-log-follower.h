/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-freeze-model.h"
#include "ui/scope-log-pane.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_LOG_FOLLOWER (scope_log_follower_get_type ())

G_DECLARE_FINAL_TYPE (ScopeLogFollower, scope_log_follower, SCOPE, LOG_FOLLOWER, GObject)

/**
 * ScopeLogFollower:
 *
 * Keeps a log at its end while `follow` is on, once per display frame, and never moves it
 * otherwise. Scrolling up turns `follow` off, reaching the end turns it on. Properties: `follow`,
 * `n-new` (uint: rows that came since the reader left the end or froze the log).
 */
ScopeLogFollower *scope_log_follower_new        (ScopeLogPane      *pane,
                                                 GtkAdjustment     *adjustment,
                                                 ScopeFreezeModel  *model);
gboolean          scope_log_follower_get_follow (ScopeLogFollower  *self);
void              scope_log_follower_set_follow (ScopeLogFollower  *self,
                                                 gboolean           follow);
guint             scope_log_follower_get_n_new  (ScopeLogFollower  *self);
/* shows a row without following, e.g. the selected one after a change of filter */
void              scope_log_follower_show_row   (ScopeLogFollower  *self,
                                                 guint              position);

G_END_DECLS
