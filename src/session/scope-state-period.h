/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "protocol/scope-machine.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_STATE_PERIOD (scope_state_period_get_type ())

G_DECLARE_FINAL_TYPE (ScopeStatePeriod, scope_state_period, SCOPE, STATE_PERIOD, GObject)

/* A stretch of time in one state. Properties, notified: state (int), started-usec, ended-usec (int64, wall; ended 0: still), code (int,
 * -1 none: why it ended or began), reason, meaning (nullable), attempts (uint: tries during it). */
ScopeState  scope_state_period_get_state        (ScopeStatePeriod *self);
gint64      scope_state_period_get_started_usec (ScopeStatePeriod *self);
gint64      scope_state_period_get_ended_usec   (ScopeStatePeriod *self);
int         scope_state_period_get_code         (ScopeStatePeriod *self);
const char *scope_state_period_get_reason       (ScopeStatePeriod *self);
const char *scope_state_period_get_meaning      (ScopeStatePeriod *self);
guint       scope_state_period_get_attempts     (ScopeStatePeriod *self);

G_END_DECLS
