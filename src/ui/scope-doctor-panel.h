/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DOCTOR_PANEL (scope_doctor_panel_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDoctorPanel, scope_doctor_panel, SCOPE, DOCTOR_PANEL, ScopeSessionView)

/* The doctor of a session: its steps as they are taken, and their report. */

/* does nothing while it runs */
void scope_doctor_panel_run (ScopeDoctorPanel *self);

G_END_DECLS
