/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"
#include "capture/scope-shapes.h"

G_BEGIN_DECLS

/**
 * ScopeShapeFollower:
 *
 * Looks at the events of a capture, in order, on a thread of its own with little priority: it may
 * stay behind, and never holds up anybody. What it learns it keeps in a file, if it is given one.
 */
typedef struct _ScopeShapeFollower ScopeShapeFollower;

/* An event that does not look like those before it. */
typedef struct
{
  guint64 sequence;
  guint64 earlier;    /* the one of its name before it; 0: none of this session */
  char *event;
  GPtrArray *changes; /* of ScopeShapeChange */
  guint n_more;
} ScopeShapeNews;

/* on the context the follower was made on: something was looked at, and there may be news */
typedef void (*ScopeShapeFollowerFunc) (ScopeShapeFollower *self,
                                        gpointer            user_data);

/* path nullable (filename): what was learnt before is read from there, and kept there */
ScopeShapeFollower *scope_shape_follower_new      (ScopeCapture           *capture,
                                                   const char             *path,
                                                   ScopeShapeFollowerFunc  func,
                                                   gpointer                user_data);
/* waits for nothing; what was learnt is still kept */
void                scope_shape_follower_free     (ScopeShapeFollower     *self);
/* rows up to this one have been committed */
void                scope_shape_follower_advance  (ScopeShapeFollower     *self,
                                                   guint64                 up_to);
/* rows it still has to look at */
guint64             scope_shape_follower_get_lag  (ScopeShapeFollower     *self);
/* NULL: there is none (transfer full) */
ScopeShapeNews     *scope_shape_follower_pop      (ScopeShapeFollower     *self);
void                scope_shape_news_free         (ScopeShapeNews         *news);
/* what was learnt, to be looked at before the unlock, soon (transfer none) */
ScopeShapes        *scope_shape_follower_lock     (ScopeShapeFollower     *self);
void                scope_shape_follower_unlock   (ScopeShapeFollower     *self);
/* also what is in the file */
void                scope_shape_follower_forget   (ScopeShapeFollower     *self);
/* why what was learnt is not kept, or could not be read; NULL (transfer full) */
char               *scope_shape_follower_dup_problem (ScopeShapeFollower  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeShapeFollower, scope_shape_follower_free)

G_END_DECLS
