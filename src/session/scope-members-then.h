/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"
#include "session/scope-member.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_MEMBERS_THEN (scope_members_then_get_type ())

G_DECLARE_FINAL_TYPE (ScopeMembersThen, scope_members_then, SCOPE, MEMBERS_THEN, GObject)

/* it looks back over so many joins and leaves of the channel, and so many entries */
#define SCOPE_MEMBERS_THEN_MAX_CHANGES 50000
#define SCOPE_MEMBERS_THEN_MAX_ENTRIES 5000000
/* scope_event_item_dup_previous(), at once, over so many entries */
#define SCOPE_MAX_PREVIOUS_ENTRIES 200000

/**
 * ScopeMembersThen:
 *
 * Who was in a presence channel when an entry of the log came: found in slices of the main loop from
 * the log itself, by going back to the last complete list and forth again. Given up by its last unref.
 * Property `done` (bool), notified once.
 */

/* NULL if the entry is of no presence channel (transfer full) */
ScopeMembersThen *scope_members_then_new         (ScopeEventItem   *item);
gboolean          scope_members_then_get_done    (ScopeMembersThen *self);
/* when done: NULL if it is not known (transfer none) */
GListModel       *scope_members_then_get_members (ScopeMembersThen *self);
/* when done and not known: a sentence, translated (transfer none) */
const char       *scope_members_then_get_reason  (ScopeMembersThen *self);

/* The last entry before this one with the same channel and event name. NULL if there is none among
 * the last entries that are looked at (transfer full) */
ScopeEventItem   *scope_event_item_dup_previous  (ScopeEventItem   *item);
/* any one of the same log, by its number (transfer full, nullable) */
ScopeEventItem   *scope_event_item_dup_other     (ScopeEventItem   *item,
                                                  guint64           sequence);

G_END_DECLS
