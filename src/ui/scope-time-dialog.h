/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_TIME_DIALOG (scope_time_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeTimeDialog, scope_time_dialog, SCOPE, TIME_DIALOG, AdwWindow)

/**
 * ScopeTimeDialog:
 *
 * Asks for a time of the log and goes there with its parent's `win.show-time`.
 */
GtkWindow *scope_time_dialog_new (GtkWindow    *parent,
                                  ScopeSession *session);

G_END_DECLS
