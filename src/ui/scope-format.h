/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "protocol/scope-channel-name.h"
#include "session/scope-event-list.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

/* Texts and icon names for views; texts are translated. */

const char *scope_format_direction     (ScopeDirection direction);  /* "↓ In", "↑ Out", "" */
const char *
scope_format_direction_word (ScopeDirection direction); /* "Received", "Sent", "" */
char       *scope_format_count         (guint64 n);                      /* "48,211" */
char *
scope_format_events (guint64 shown,
                     guint64 total,
                     gboolean filtered); /* "48,211 rows", "12 of 48,211" */
char       *scope_format_counting      (guint64 shown,
                                        guint64 total);                  /* "12… of 48,211" */
char       *scope_format_new           (guint64 n);                      /* "37 new" */
char *
scope_format_day_time (gint64 wall_usec); /* "21 November 2026, 14:05:02.113" */
char *
scope_format_size_share (gsize bytes); /* "312 B: 3 % of the 10 kB a server accepts" */
const char *scope_format_encryption    (ScopeEntryFlags flags);          /* NULL: not encrypted */
const char *scope_format_lock_word     (ScopeEntryFlags flags);  /* "Locked"; NULL: not encrypted */
const char *scope_format_lock_icon     (ScopeEntryFlags flags);  /* NULL likewise */
/* NULL for received events */
const char *scope_format_row_icon      (const ScopeRecord *record);
/* "error", "warning", "scope-state" …: the style class of a row, NULL for events */
const char *scope_format_kind_class    (ScopeEntryKind kind);
const char *scope_format_channel_icon  (ScopeChannelKind kind);
const char *scope_format_status_icon   (ScopeSubscriptionStatus status);
const char *scope_format_state_icon    (ScopeState state);
const char *scope_format_state_class   (ScopeState state);
/* "Bookmark: seen here first"; NULL: none (transfer full) */
char       *scope_format_bookmark      (ScopeEventItem *item);
/* "14:05:02.113 · private-orders · order.paid" (transfer full) */
char       *scope_format_row_place     (ScopeEventItem *item);
/* "14:05:02.113, private-orders, order.paid, 312 B": the row for a screen reader (transfer full) */
char       *scope_format_row_name      (ScopeEventItem *item);

G_END_DECLS
