/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a close code means and asks for: protocol.md §1.7 with its Do lines. */

typedef enum
{
  SCOPE_REACTION_NONE,       /* an error only; nothing closes because of it (4301, 4302, 5001, 500 in a frame) */
  SCOPE_REACTION_RETRY,      /* back off, at least 1 s */
  SCOPE_REACTION_RETRY_NOW,  /* at once, within the loop guard */
  SCOPE_REACTION_SWITCH_TLS, /* 4000: once more with TLS; with TLS already, stop */
  SCOPE_REACTION_STOP,       /* for good, until the user asks again */
} ScopeReaction;

#define SCOPE_CLOSE_NONE 0          /* no close frame came: treated as 1006 */

/* the reaction to a *close* with this code (or a pusher:error as first frame, §1.3) */
ScopeReaction scope_close_code_get_reaction (guint code);
/* a plain sentence with the next step, translated; never NULL */
const char   *scope_close_code_get_meaning  (guint code);
/* the same for a status other than 101 at the upgrade; 401, 403 and 404 stop (§12) */
ScopeReaction scope_http_status_get_reaction (guint status);
const char   *scope_http_status_get_meaning  (guint status);

/* none, retry, retry_now, stop: `action` of cli-contract.md */
const char   *scope_reaction_to_action      (ScopeReaction reaction);

G_END_DECLS
