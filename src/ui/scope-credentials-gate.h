/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-profile.h"

G_BEGIN_DECLS

/* Gets a profile's credentials from the keyring; asks the user only where that is not enough
 * (locked, absent, nothing stored). What finish gives always holds an app key. Cancelled:
 * G_IO_ERROR_CANCELLED. */
void              scope_credentials_gate_open_async  (GtkWindow           *parent,
                                                      ScopeProfile        *profile,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
ScopeCredentials *scope_credentials_gate_open_finish (GAsyncResult        *result,
                                                      GError             **error);

G_END_DECLS
