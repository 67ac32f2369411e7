/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files that are imported: after the first byte, a line of NDJSON (`l`), a HAR file (`h`), or redaction rules, a
 * line break and the line they go over (`r`). */

#define G_LOG_DOMAIN "fuzz-line"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture/scope-har.h"
#include "capture/scope-line-reader.h"
#include "capture/scope-line.h"
#include "capture/scope-redaction.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == SCOPE_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* Where it says its data is, its data is. */
static void
check_entry (ScopeEntry *entry)
{
  gsize size = 0;
  const char *frame = entry->frame != NULL ? g_bytes_get_data (entry->frame, &size) : NULL;
  ScopeJsonKind kind = SCOPE_JSON_NONE;

  if (entry->data_kind == SCOPE_JSON_NONE)
    return;
  g_assert_cmpuint (entry->data.offset, <=, size);
  g_assert_cmpuint (entry->data.length, <=, size - entry->data.offset);
  g_assert_true (scope_json_check (frame + entry->data.offset, entry->data.length, &kind, NULL));
  g_assert_cmpint (kind, ==, entry->data_kind);
}

static GString *
write_line (ScopeEntry *entry,
            ScopeNames *names)
{
  GString *line = g_string_new (NULL);

  scope_line_append_ndjson (line, entry, names);
  return line;
}

/* What was read is written, and from then on nothing changes any more. */
static void
fuzz_line (const char *text,
           gsize       length)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) entry = scope_line_read_ndjson (text, length, names, &error);
  g_autoptr (ScopeEntry) again = NULL;
  g_autoptr (GString) first = NULL;
  g_autoptr (GString) second = NULL;

  if (entry == NULL)
    {
      check_error (error);
      return;
    }
  check_entry (entry);
  first = write_line (entry, names);
  if (first->len == 0)
    return;
  g_assert_true (scope_json_check (first->str, first->len, NULL, NULL));
  again = scope_line_read_ndjson (first->str, first->len, names, &error);
  g_assert_no_error (error);
  check_entry (again);
  second = write_line (again, names);
  g_assert_cmpstr (first->str, ==, second->str);
}

static gboolean
har_cb (ScopeEntry *entry,
        gpointer    user_data)
{
  g_autoptr (ScopeEntry) taken = entry;
  g_autoptr (GString) line = NULL;

  if (taken == NULL)
    return TRUE;
  line = write_line (taken, user_data);
  check_entry (taken);
  g_assert_true (line->len == 0 || scope_json_check (line->str, line->len, NULL, NULL));
  return TRUE;
}

static void
fuzz_har (const char *text,
          gsize       length)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (GError) error = NULL;
  guint64 others = 0;

  scope_har_is (text, length);
  if (!scope_har_read (text, length, names, har_cb, names, &others, &error))
    check_error (error);
}

static void
fuzz_redaction (const char *text,
                gsize       length)
{
  const char *end = g_strrstr_len (text, length, "\n");
  gsize n_rules = end != NULL ? (gsize) (end - text) : length;
  g_autofree char *rules = g_strndup (text, n_rules);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeRedaction) redaction = NULL;
  ScopeJsonKind kind = SCOPE_JSON_NONE;

  /* expressions are the engine's, and only take time */
  if (end == NULL || strstr (rules, "regex") != NULL)
    return;
  redaction = scope_redaction_new (rules, &error);
  if (redaction == NULL)
    {
      check_error (error);
      return;
    }
  length -= n_rules + 1;
  if (!scope_json_check (end + 1, length, &kind, NULL) || kind != SCOPE_JSON_OBJECT)
    return;
  scope_redaction_append_line (redaction, out, end + 1, length);
  g_assert_true (scope_json_check (out->str, out->len, NULL, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  /* what follows the text is not read: with a copy of its own the sanitizer sees it */
  g_autofree char *copy = size > 1 ? g_memdup2 (data + 1, size - 1) : NULL;

  if (copy == NULL)
    return 0;
  if (*data == 'l')
    fuzz_line (copy, size - 1);
  else if (*data == 'h')
    fuzz_har (copy, size - 1);
  else if (*data == 'r')
    fuzz_redaction (copy, size - 1);
  return 0;
}
