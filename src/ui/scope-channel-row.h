/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-channel.h"
#include "session/scope-mutes.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CHANNEL_ROW (scope_channel_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChannelRow, scope_channel_row, SCOPE, CHANNEL_ROW, AdwBin)

/* One channel of the sidebar: kind, name, status, counts, and why it failed. Property `channel`. */
GtkWidget    *scope_channel_row_new         (void);
void          scope_channel_row_set_channel (ScopeChannelRow *self,
                                             ScopeChannel    *channel);
/* whether its channel is among them is shown; nullable */
void          scope_channel_row_set_mutes   (ScopeChannelRow *self,
                                             ScopeMutes      *mutes);

G_END_DECLS
