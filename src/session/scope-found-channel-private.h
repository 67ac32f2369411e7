/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-found-channel.h"

G_BEGIN_DECLS

struct _ScopeFoundChannel
{
  GObject parent_instance;

  char *name;
  ScopeChannelKind kind;
  gboolean occupied;
  gint64 user_count;
  gint64 subscription_count;
  gint64 appeared_usec;
  gint64 empty_usec;
  gboolean is_new;
  gboolean subscribed;
  ScopeOccupancy *history;

  /* the discovery's */
  guint64 stamp;      /* of the last answer that listed it */
  gboolean asked;     /* in this poll */
  gboolean was_ruled; /* a rule has acted: what the user leaves then is left */
};

ScopeFoundChannel *_scope_found_channel_new     (const char        *name);
void               _scope_found_channel_changed (ScopeFoundChannel *self);
/* occupied, with these counts. Whether it is another */
gboolean           _scope_found_channel_occupy  (ScopeFoundChannel *self,
                                                 gint64             user_count,
                                                 gint64             subscription_count);
void               _scope_found_channel_vacate  (ScopeFoundChannel *self,
                                                 gint64             wall_usec);
/* what this poll found goes into its history; wall_usec: the time of the poll */
void               _scope_found_channel_record  (ScopeFoundChannel *self,
                                                 gint64             wall_usec);
void               _scope_found_channel_set_subscribed (ScopeFoundChannel *self,
                                                 gboolean           subscribed);

G_END_DECLS
