/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SUBSCRIBE_DIALOG (scope_subscribe_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSubscribeDialog, scope_subscribe_dialog, SCOPE, SUBSCRIBE_DIALOG,
                      AdwWindow)

/* The caller presents it. */
GtkWindow *scope_subscribe_dialog_new (GtkWindow    *parent,
                                       ScopeSession *session);

G_END_DECLS
