/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-error"

#include "config.h"

#include "base/scope-error.h"

G_DEFINE_QUARK (scope-error-quark, scope_error)
