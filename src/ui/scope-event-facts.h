/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_EVENT_FACTS (scope_event_facts_get_type ())

G_DECLARE_FINAL_TYPE (ScopeEventFacts, scope_event_facts, SCOPE, EVENT_FACTS, AdwBin)

/* What is known of one entry besides its payload, in a few lines: direction, user, day, number, size
 * against what servers accept, and who was in its presence channel then. */
void scope_event_facts_set_item (ScopeEventFacts *self,
                                 ScopeEventItem  *item);  /* nullable */
/* what it was read to be; NULL: it is being read, or can't be */
void scope_event_facts_set_entry (ScopeEventFacts *self,
                                  ScopeEventItem  *item,
                                  ScopeEntry      *entry);

G_END_DECLS
