/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_JOIN_DIALOG (scope_join_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeJoinDialog, scope_join_dialog, SCOPE, JOIN_DIALOG, AdwWindow)

GtkWindow *scope_join_dialog_new (GtkWindow    *parent,
                                  ScopeSession *session,
                                  const char   *channel);

G_END_DECLS
