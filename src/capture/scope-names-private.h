/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-names.h"

G_BEGIN_DECLS

/* all names together: a million of the longest ones would be 4 GB */
#define SCOPE_NAMES_TEXT_BYTES (64 * 1024 * 1024)

guint32 _scope_names_load (ScopeNames *self,
                           const char *name,
                           gsize       length);

G_END_DECLS
