/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-message.h"

G_BEGIN_DECLS

/* One thing of a recording that is to happen again. Whoever reads recordings makes them, on any
 * thread; what a sandbox can't send is refused here. */

typedef enum
{
  SCOPE_REPLAY_EVENT,     /* is sent to its channel's subscribers, byte for byte */
  SCOPE_REPLAY_JOIN,      /* comes, or is known better now */
  SCOPE_REPLAY_LEAVE,
  SCOPE_REPLAY_RESIDENTS, /* exactly these are there */
  SCOPE_REPLAY_GAP,       /* events may be missing */
} ScopeReplayKind;

typedef struct
{
  char *user_id;
  char *user_info; /* JSON text, or NULL */
} ScopeReplayMember;

typedef struct
{
  ScopeReplayKind kind;
  gint64 time_usec;      /* since 1970, as recorded */
  ScopeMessage *message; /* EVENT */
  char *channel;         /* of members */
  GPtrArray *members;    /* of ScopeReplayMember */
  double gap_seconds;    /* GAP */
} ScopeReplayItem;

/* NULL: no event of an application, or of no channel */
ScopeReplayItem *scope_replay_item_new_event   (gint64           time_usec,
                                                GBytes          *frame);
/* JOIN, LEAVE or RESIDENTS, without members yet. NULL: no presence channel */
ScopeReplayItem *scope_replay_item_new_members (gint64           time_usec,
                                                ScopeReplayKind  kind,
                                                const char      *channel);
/* FALSE: an id that none can have, or too many */
gboolean         scope_replay_item_add_member  (ScopeReplayItem *self,
                                                const char      *user_id,
                                                const char      *user_info);
ScopeReplayItem *scope_replay_item_new_gap     (gint64           time_usec,
                                                double           seconds);
void             scope_replay_item_free        (ScopeReplayItem *self);
/* of what it keeps, about */
gsize            scope_replay_item_get_size    (ScopeReplayItem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeReplayItem, scope_replay_item_free)

G_END_DECLS
