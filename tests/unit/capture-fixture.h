/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

/* 2026-11-21T14:05:02.113456Z */
#define FIXTURE_TIME G_GINT64_CONSTANT (1795269902113456)

static inline guint32
fixture_intern (ScopeNames      *names,
                const char      *frame,
                ScopeJsonWanted *wanted)
{
  g_autofree char *name = NULL;

  if (wanted->kind != SCOPE_JSON_STRING)
    return 0;
  name = scope_json_string_dup (frame + wanted->value.offset, wanted->value.length);
  return scope_names_intern (names, name, -1);
}

/* The event of a frame, as a session would build it. */
static inline ScopeEntry *
fixture_event (ScopeNames *names,
               const char *frame)
{
  ScopeJsonWanted wanted[] = { { "event" }, { "channel" }, { "user_id" }, { "data" } };
  ScopeEntry *entry = scope_entry_new (SCOPE_ENTRY_EVENT, FIXTURE_TIME);
  gboolean scanned = scope_json_scan_object (frame, strlen (frame), wanted, 4, NULL);

  g_assert_true (scanned);
  entry->direction = SCOPE_DIRECTION_IN;
  entry->frame = g_bytes_new (frame, strlen (frame));
  entry->event = fixture_intern (names, frame, &wanted[0]);
  entry->channel = fixture_intern (names, frame, &wanted[1]);
  entry->user = fixture_intern (names, frame, &wanted[2]);
  entry->data = wanted[3].value;
  entry->data_kind = wanted[3].kind;
  return entry;
}

/* An entry that comes from no frame. */
static inline ScopeEntry *
fixture_entry (ScopeNames     *names,
               ScopeEntryKind  kind,
               const char     *channel,
               const char     *detail)
{
  ScopeEntry *entry = scope_entry_new (kind, FIXTURE_TIME);

  entry->channel = scope_names_intern (names, channel, -1);
  entry->detail = g_strdup (detail);
  return entry;
}

static inline void
fixture_assert_bytes (GBytes     *bytes,
                      const char *expected,
                      gsize       length)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, length);
}
