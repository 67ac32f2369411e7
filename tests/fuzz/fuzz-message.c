/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "fuzz-message"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "protocol/scope-server-error.h"
#include "protocol/scope-decrypt.h"
#include "protocol/scope-message.h"
#include "protocol/scope-roster.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
fuzz_name (const char *name,
           gsize       length)
{
  if (name == NULL)
    {
      g_assert_cmpuint (length, ==, 0);
      return;
    }

  g_assert_cmpuint (strlen (name), ==, length);
  g_assert_cmpuint (length, <=, SCOPE_LIMIT_RECEIVED_NAME_BYTES);
  g_assert_true (g_utf8_validate (name, length, NULL));
}

static void
fuzz_names (ScopeMessage *message)
{
  g_autofree char *channel = NULL;
  const char *name;
  gsize length;

  name = scope_message_get_event (message, &length);
  g_assert_nonnull (name);
  fuzz_name (name, length);
  channel = scope_server_error_find_channel (name);

  name = scope_message_get_channel (message, &length);
  fuzz_name (name, length);
  name = scope_message_get_user_id (message, &length);
  fuzz_name (name, length);
}

/* What reads an event's data object must take any. */
static void
fuzz_object (const char *text,
             gsize       length)
{
  static const guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  g_autoptr (ScopeRoster) roster = scope_roster_new ();
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (ScopeRosterChange) added = NULL;
  g_autoptr (ScopeRosterChange) removed = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GArray) list = NULL;
  ScopeJsonKind kind;

  g_assert_true (scope_json_check (text, length, &kind, NULL));
  g_assert_cmpint (kind, ==, SCOPE_JSON_OBJECT);

  scope_roster_load (roster, text, length, NULL, NULL);
  scope_roster_reset (roster);
  scope_roster_load (roster, text, length, &changes, NULL);
  if (changes != NULL)
    g_assert_cmpuint (changes->len, ==, 0); /* the same list again */

  scope_roster_add (roster, text, length, &added, NULL);
  scope_roster_remove (roster, text, length, &removed, NULL);
  g_assert_true (added == NULL || removed != NULL);
  list = scope_roster_list (roster);
  g_assert_cmpuint (list->len, ==, scope_roster_get_count (roster));

  plain = scope_decrypt_event (key, text, length, NULL);
}

static void
fuzz_data (ScopeMessage *message)
{
  ScopeSpan span = scope_message_get_data_span (message);
  ScopeJsonKind kind = scope_message_get_data_kind (message);
  g_autoptr (GBytes) raw = scope_message_dup_raw_data (message);
  g_autoptr (GBytes) owner = NULL;
  const char *text;
  gsize length;

  g_assert_cmpuint ((gsize) span.offset + span.length, <=, scope_message_get_size (message));
  g_assert_cmpint (raw != NULL, ==, kind != SCOPE_JSON_NONE);
  if (raw != NULL)
    g_assert_cmpuint (g_bytes_get_size (raw), <=, span.length);

  if (scope_message_read_data_object (message, &text, &length, &owner))
    fuzz_object (text, length);
  else
    g_assert_cmpint (kind, !=, SCOPE_JSON_OBJECT);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeMessage) message = scope_message_new (bytes, &error);

  if (message == NULL)
    {
      g_assert_true (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL) ||
                     g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  g_assert_no_error (error);
  fuzz_names (message);
  fuzz_data (message);
  return 0;
}
