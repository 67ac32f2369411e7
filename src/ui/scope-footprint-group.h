/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FOOTPRINT_GROUP (scope_footprint_group_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFootprintGroup, scope_footprint_group, SCOPE, FOOTPRINT_GROUP, AdwPreferencesGroup)

/**
 * ScopeFootprintGroup:
 *
 * What watching costs the app's plan, by cause; the plan; and the brake with its release. Not there for an
 * opened capture.
 */
/* what is said of the rate changes with time: while somebody looks */
void scope_footprint_group_refresh     (ScopeFootprintGroup *self);
/* session: nullable */
void scope_footprint_group_set_session (ScopeFootprintGroup *self,
                                        ScopeSession        *session);

G_END_DECLS
