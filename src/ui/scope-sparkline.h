/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-channel.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SPARKLINE (scope_sparkline_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSparkline, scope_sparkline, SCOPE, SPARKLINE, GtkWidget)

/* A channel's last minute, small. Looks once a second while it is in sight. */
void scope_sparkline_set_channel (ScopeSparkline *self,
                                  ScopeChannel   *channel);   /* nullable */

G_END_DECLS
