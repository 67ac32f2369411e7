/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CHANNELS_COMPLETION (scope_channels_completion_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChannelsCompletion, scope_channels_completion, SCOPE, CHANNELS_COMPLETION, GObject)

/**
 * ScopeChannelsCompletion:
 *
 * Below an entry with names of channels: the known ones that go on as the word at its end does. Keys count only while it
 * is open: Up and Down choose, Tab takes, Return takes what was chosen, Escape closes. Down or Ctrl+Space opens it.
 */
/* entry: its delegate is a GtkText; it holds us, and calls scope_channels_completion_close() when it goes */
ScopeChannelsCompletion *scope_channels_completion_new   (GtkEditable             *entry);
/* whose channels they are; nullable */
void                     scope_channels_completion_set_session (ScopeChannelsCompletion *self,
                                                                ScopeSession            *session);
void                     scope_channels_completion_close (ScopeChannelsCompletion *self);

G_END_DECLS
