/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* libsecret's errors as ours, in words that say what to do (both transfer full). */
GError *_scope_keyring_translate_error  (const GError *error);
/* asked: the user was asked to unlock it, and did not */
GError *_scope_keyring_new_locked_error (gboolean      asked);

G_END_DECLS
