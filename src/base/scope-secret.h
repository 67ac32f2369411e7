/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What is shown wherever a secret would stand (cli-contract: "wherever shown or recorded"). */
#define SCOPE_REDACTED "•••"

#define SCOPE_TYPE_SECRET (scope_secret_get_type ())

/**
 * ScopeSecret:
 *
 * A ref-counted, immutable secret text, wiped from memory when its last reference goes. It is
 * never printed: there is no to-string function, and formatting one prints an address.
 */
typedef struct _ScopeSecret ScopeSecret;

GType        scope_secret_get_type   (void);
/* copies; NULL or "" gives NULL */
ScopeSecret *scope_secret_new        (const char  *text);
/* copies, then wipes and frees text */
ScopeSecret *scope_secret_new_take   (char        *text);
ScopeSecret *scope_secret_ref        (ScopeSecret *self);
/* NULL is fine */
void         scope_secret_unref      (ScopeSecret *self);
/* transfer none; NULL for NULL */
const char  *scope_secret_peek       (const ScopeSecret *self);
/* not optimised away */
void         scope_secret_wipe       (gpointer     memory,
                                      gsize        length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSecret, scope_secret_unref)

G_END_DECLS
