/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "fuzz-sockjs"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "protocol/scope-message.h"
#include "protocol/scope-sockjs.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* What goes into an address must not change it. */
static void
check_host (const char *host)
{
  g_assert_cmpuint (strlen (host), >, 0);
  g_assert_null (strpbrk (host, "/?#@\\ \r\n"));
  g_assert_true (host[0] == '[' || strchr (host, ':') == NULL);
}

/* Each is valid UTF-8 and no longer than its line; sent back, it is read as it was. */
static void
check_message (GBytes *message,
               gsize line_length)
{
  gsize length;
  const char *text = g_bytes_get_data (message, &length);
  g_autofree char *copy = g_strndup (text != NULL ? text : "", length);
  g_autofree char *body = NULL;
  g_autofree char *line = NULL;
  g_autoptr (ScopeSockjsFrame) back = NULL;
  g_autoptr (ScopeMessage) parsed = scope_message_new (message, NULL);

  g_assert_cmpuint (length, <, line_length);
  /* NUL is a character of JSON, and none of g_utf8_validate() */
  if (strlen (copy) != length)
    return;

  g_assert_true (g_utf8_validate (copy, length, NULL));
  body = scope_sockjs_build_send (copy, length);
  line = g_strconcat ("a", body, NULL);
  back = scope_sockjs_frame_parse (line, strlen (line), NULL);
  g_assert_nonnull (back);
  g_assert_cmpuint (back->messages->len, ==, 1);
  g_assert_true (g_bytes_equal (back->messages->pdata[0], message));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeSockjsFrame) frame = scope_sockjs_frame_parse ((const char *) data, size, &error);

  if (frame == NULL)
    {
      g_assert_true (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL)
                     || g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  g_assert_no_error (error);
  g_assert_cmpint (frame->type == SCOPE_SOCKJS_MESSAGES, ==, frame->messages != NULL);
  if (frame->host != NULL)
    check_host (frame->host);
  if (frame->reason != NULL)
    g_assert_true (g_utf8_validate (frame->reason, -1, NULL));
  g_assert_cmpuint (frame->code, <=, G_MAXUINT16);
  for (guint i = 0; frame->messages != NULL && i < frame->messages->len; i++)
    check_message (frame->messages->pdata[i], size);
  return 0;
}
