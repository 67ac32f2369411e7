/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-filter-suggestions.h"

G_BEGIN_DECLS

/* Of ScopeSuggestion: how a redaction rule goes on, a line that is being written. cursor: in bytes; vocabulary may be
 * NULL. on_demand FALSE: not while nothing is begun (transfer full) */
GPtrArray *scope_rule_suggest (const char      *line,
                               gsize            cursor,
                               ScopeVocabulary *vocabulary,
                               gboolean         on_demand);

G_END_DECLS
