/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in as a user, and the watchlist (protocol.md §4.5). */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"
