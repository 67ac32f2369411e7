/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "net/scope-doctor.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DOCTOR_ROW (scope_doctor_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDoctorRow, scope_doctor_row, SCOPE, DOCTOR_ROW, GtkListBoxRow)

/* One step of the doctor: what it is, its verdict, its time, what was found and what to do. */
GtkWidget *scope_doctor_row_new    (ScopeDoctorStepId      id);
void       scope_doctor_row_update (ScopeDoctorRow        *self,
                                    const ScopeDoctorStep *step);

G_END_DECLS
