/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A filter as it is typed, asked about events. After a line break stands the payload of one more event, which need not
 * be JSON. What the sieves say of an entry before it is decoded must be what the filter itself says; what is offered
 * while one types must lie within the text. */

#define G_LOG_DOMAIN "fuzz-filter"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-filter-complete.h"
#include "capture/scope-filter-scan.h"
#include "protocol/scope-message.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static ScopeEntry *
make_entry (ScopeNames *names,
            const char *frame,
            gsize       length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (frame, length);
  g_autoptr (ScopeMessage) message = scope_message_new (bytes, NULL);
  ScopeEntry *entry = scope_entry_new (message != NULL ? SCOPE_ENTRY_EVENT : SCOPE_ENTRY_FRAME,
                                       G_GINT64_CONSTANT (1795269902123456));
  const char *text;
  gsize n;

  entry->direction = SCOPE_DIRECTION_IN;
  entry->frame = g_bytes_ref (bytes);
  if (message == NULL)
    return entry;
  if ((text = scope_message_get_channel (message, &n)) != NULL)
    entry->channel = scope_names_intern (names, text, n);
  if ((text = scope_message_get_event (message, &n)) != NULL)
    entry->event = scope_names_intern (names, text, n);
  if ((text = scope_message_get_user_id (message, &n)) != NULL)
    entry->user = scope_names_intern (names, text, n);
  entry->data = scope_message_get_data_span (message);
  entry->data_kind = scope_message_get_data_kind (message);
  return entry;
}

static void
ask (ScopeFilter *filter,
     ScopeNames  *names,
     const char  *frame,
     gsize        length)
{
  g_autoptr (ScopeEntry) entry = make_entry (names, frame, length);
  g_autoptr (ScopeFilterScan) scan = scope_filter_scan_new (filter, names);
  gboolean matches = scope_filter_matches (filter, entry, names);
  ScopeRecord record;
  ScopeVerdict verdict;

  scope_entry_to_record (entry, &record);
  if (!scope_filter_needs_payload (filter))
    g_assert_cmpint (scope_filter_matches_record (filter, &record, names), ==, matches);
  verdict = scope_filter_scan_ask_record (scan, &record);
  g_assert_true (verdict == SCOPE_VERDICT_MAYBE || (verdict == SCOPE_VERDICT_YES) == matches);
  verdict = scope_filter_scan_ask_frame (scan, &record, frame, length);
  g_assert_true (verdict == SCOPE_VERDICT_MAYBE || (verdict == SCOPE_VERDICT_YES) == matches);
}

static void
complete (const char *text)
{
  gsize length = strlen (text);

  for (const char *place = text; *place != '\0'; place = g_utf8_next_char (place))
    {
      g_autoptr (ScopeFilterPlace) offered = scope_filter_complete (text, place - text);

      g_assert_cmpuint (offered->start, <=, offered->end);
      g_assert_cmpuint (offered->end, <=, length);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char * const frames[] = {
    ("{\"event\":\"order.paid\",\"channel\":\"private-order-7\",\"user_id\":\"ann\",\"data\":"
     "\"{\\\"total\\\":100.5,\\\"items\\\":[{\\\"order-id\\\":\\\"a\\\\u00e4\\\"}],\\\"ok\\\":true,\\\"x\\\":null}\"}"),
    "{\"event\":\"e\",\"data\":{\"total\":12345678901234567890,\"note\":\"ORDER Paid\"}}",
    "{\"event\":\"e\",\"channel\":\"c\",\"data\":\"no JSON\"}",
    "{\"event\":\"e\",\"channel\":\"c\"}",
    "no frame",
  };
  const char *payload = memchr (data, '\n', size);
  gsize length = payload != NULL ? (gsize) (payload - (const char *) data) : size;
  g_autofree char *text = g_strndup ((const char *) data, length);
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeFilter) filter = NULL;
  gsize position = 0;

  if (length < 200 && g_utf8_validate (text, -1, NULL))
    complete (text);
  filter = scope_filter_new (text, &position, &error);
  if (filter == NULL)
    {
      g_assert_true (error->domain == SCOPE_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (position, <=, strlen (text));
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    ask (filter, names, frames[i], strlen (frames[i]));
  if (payload != NULL)
    {
      g_autoptr (GString) frame = g_string_new ("{\"event\":\"e\",\"channel\":\"c\",\"data\":");

      g_string_append_len (frame, payload + 1, size - length - 1);
      g_string_append_c (frame, '}');
      ask (filter, names, frame->str, frame->len);
    }
  return 0;
}
