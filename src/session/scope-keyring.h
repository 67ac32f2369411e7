/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "session/scope-credentials.h"

G_BEGIN_DECLS

/* The system keyring through libsecret, asynchronous. Our wait has a limit (SCOPE_WAIT_KEYRING_USEC; longer
 * while a prompt may be up: interactive waits 120 s); the libsecret call itself is never cancelled, which would kill
 * gnome-keyring: a late answer is dropped. Errors: SCOPE_ERROR_KEYRING_LOCKED (locked, dismissed),
 * SCOPE_ERROR_KEYRING_ABSENT (no service, no bus, no keyring), SCOPE_ERROR_TIMED_OUT, G_IO_ERROR_CANCELLED; each text
 * says in plain words what to do. */

/* Reads every kind of one profile. Without interactive no prompt appears, and a locked item gives
 * SCOPE_ERROR_KEYRING_LOCKED (a plain lookup would look like "not there"). Missing items are just not set. */
void              scope_keyring_lookup_async  (const char          *profile_id,
                                               gboolean             interactive,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
ScopeCredentials *scope_keyring_lookup_finish (GAsyncResult        *result,
                                               GError             **error);
/* Stores what is set, clears what is not. label_name: the profile's name, for readable labels. */
void              scope_keyring_store_async   (const char          *profile_id,
                                               const char          *label_name,
                                               ScopeCredentials    *credentials,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean          scope_keyring_store_finish  (GAsyncResult        *result,
                                               GError             **error);
void              scope_keyring_clear_async   (const char          *profile_id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean          scope_keyring_clear_finish  (GAsyncResult        *result,
                                               GError             **error);

/* only tests: another limit for our waits */
void              scope_keyring_set_wait      (gint64               usec);

G_END_DECLS
