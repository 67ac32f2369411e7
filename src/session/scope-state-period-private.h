/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-state-period.h"

G_BEGIN_DECLS

/* attempts is 1 for connecting: the one that begins it */
ScopeStatePeriod *_scope_state_period_new         (ScopeState        state,
                                                   gint64            started_usec);
void              _scope_state_period_end         (ScopeStatePeriod *self,
                                                   gint64            ended_usec);
void              _scope_state_period_add_attempt (ScopeStatePeriod *self);
/* code -1: none */
void              _scope_state_period_set_cause   (ScopeStatePeriod *self,
                                                   int               code,
                                                   const char       *reason,
                                                   const char       *meaning);

G_END_DECLS
