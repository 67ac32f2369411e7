/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-discovery.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DISCOVER_RULES (scope_discover_rules_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiscoverRules, scope_discover_rules, SCOPE, DISCOVER_RULES, AdwBin)

/* The rules of a discovery, and a form for one more. */
void scope_discover_rules_set_discovery (ScopeDiscoverRules *self,
                                         ScopeDiscovery     *discovery);
/* fills in the form; pattern "private-order-*" */
void scope_discover_rules_propose       (ScopeDiscoverRules *self,
                                         const char         *pattern);

G_END_DECLS
