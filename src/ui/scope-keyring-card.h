/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_KEYRING_CARD (scope_keyring_card_get_type ())

G_DECLARE_FINAL_TYPE (ScopeKeyringCard, scope_keyring_card, SCOPE, KEYRING_CARD, AdwBin)

/**
 * ScopeKeyringCard:
 *
 * Says in plain words why the keyring can't be used, with the ways out as buttons. Signals `retry`
 * and `session-only`.
 */
typedef enum
{
  SCOPE_KEYRING_CARD_LOOKUP, /* reading failed: Unlock… */
  SCOPE_KEYRING_CARD_STORE,  /* writing failed: Try Again, Use for This Session Only */
} ScopeKeyringCardMode;

void        scope_keyring_card_show_error (ScopeKeyringCard     *self,
                                           ScopeKeyringCardMode  mode,
                                           const GError         *error);

/* "The Keyring Is Locked" …: the heading for an error of the keyring, translated */
const char *scope_keyring_error_to_title  (const GError         *error);

G_END_DECLS
