/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

/* Whether something may be published, sent or ended: asked for if the profile is read-only, and
 * answered at once if it is not, or unlocked. */
void     scope_unlock_ask_async  (GtkWidget           *parent,
                                  ScopeSession        *session,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data);
gboolean scope_unlock_ask_finish (GAsyncResult        *result);

G_END_DECLS
