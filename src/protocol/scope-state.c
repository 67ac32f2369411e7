/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-state"

#include "config.h"

#include "protocol/scope-machine.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *name;
  const char *text;
} ScopeStateRow;

static const ScopeStateRow states[] = {
  [SCOPE_STATE_INITIALIZED] = { "initialized", N_("Not connected yet") },
  [SCOPE_STATE_CONNECTING] = { "connecting", N_("Connecting") },
  [SCOPE_STATE_CONNECTED] = { "connected", N_("Connected") },
  [SCOPE_STATE_UNAVAILABLE] = { "unavailable", N_("Unavailable") },
  [SCOPE_STATE_FAILED] = { "failed", N_("Failed") },
  [SCOPE_STATE_DISCONNECTED] = { "disconnected", N_("Disconnected") },
};

static const char *const sources[] = {
  [SCOPE_SOURCE_SERVER] = "server",   [SCOPE_SOURCE_SOCKET] = "socket",
  [SCOPE_SOURCE_HANDSHAKE] = "handshake", [SCOPE_SOURCE_PARSE] = "parse",
  [SCOPE_SOURCE_AUTH] = "auth",       [SCOPE_SOURCE_DECRYPT] = "decrypt",
  [SCOPE_SOURCE_LIMIT] = "limit",
};

G_DEFINE_ENUM_TYPE (ScopeState, scope_state,
                    G_DEFINE_ENUM_VALUE (SCOPE_STATE_INITIALIZED, "initialized"),
                    G_DEFINE_ENUM_VALUE (SCOPE_STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (SCOPE_STATE_CONNECTED, "connected"),
                    G_DEFINE_ENUM_VALUE (SCOPE_STATE_UNAVAILABLE, "unavailable"),
                    G_DEFINE_ENUM_VALUE (SCOPE_STATE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (SCOPE_STATE_DISCONNECTED, "disconnected"))

/**
 * scope_state_to_name:
 *
 * Returns: (transfer none): the public name of the state (protocol.md §1.5), for machines
 */
const char *
scope_state_to_name (ScopeState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (states), "");

  return states[state].name;
}

/**
 * scope_state_to_text:
 *
 * Returns: (transfer none): the state for people, translated
 */
const char *
scope_state_to_text (ScopeState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (states), "");

  return _(states[state].text);
}

/**
 * scope_error_source_to_name:
 *
 * Returns: (transfer none): where an error came from, for machines
 */
const char *
scope_error_source_to_name (ScopeErrorSource source)
{
  g_return_val_if_fail ((guint) source < G_N_ELEMENTS (sources), "");

  return sources[source];
}
