/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* The lines of cli-contract.md ("Lines of watch --format ndjson"), for watch and query alike. */

/* Appends the entry's line with its "\n". What was received is spliced from its own bytes. GAP
 * and FRAME entries append nothing (frames have their own function). TRUE if something was appended. */
gboolean scope_line_append_ndjson (GString          *out,
                                   const ScopeEntry *entry,
                                   ScopeNames       *names);
/* {"time":…,"type":"frame","direction":…,"text":…}; nothing if the entry has no frame */
gboolean scope_line_append_frame  (GString          *out,
                                   const ScopeEntry *entry);
/* for people: "14:05:02.113  ← private-order-7  order.paid  {"total":120}"; colour: ANSI */
gboolean scope_line_append_text   (GString          *out,
                                   const ScopeEntry *entry,
                                   ScopeNames       *names,
                                   gboolean          colour);

/* the frame of an entry, for people: "14:05:02.113  → {"event":"pusher:ping"}"; nothing if it has none */
gboolean scope_line_append_frame_text (GString      *out,
                                       const ScopeEntry *entry,
                                       gboolean      colour);

G_END_DECLS
