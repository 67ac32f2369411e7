/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server's answer over HTTP/1.1: bounded whatever it says of itself, and the same however it is cut into pieces. */

#define G_LOG_DOMAIN "fuzz-http"

#include "config.h"

#include <string.h>

#include "net/scope-http-reader.h"

#define MAX_BYTES 1000
#define REFUSAL_BYTES 20
#define ENOUGH 0x80 /* in the first byte: of a refusal the start is enough; the rest is the size of a piece */

typedef struct
{
  ScopeHttpProgress progress;
  gboolean ends_it;    /* so does the end of the connection */
  gboolean keeps_alive;
  guint status;
  SoupMessageHeaders *headers;
  GByteArray *body;
  gsize n_read;
} Answer;

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
read_answer (Answer       *answer,
             const guint8 *bytes,
             gsize         size,
             gsize         piece,
             gsize         refusal_bytes)
{
  g_autoptr (ScopeHttpReader) reader = scope_http_reader_new (refusal_bytes, MAX_BYTES);

  memset (answer, 0, sizeof *answer);
  while (answer->progress == SCOPE_HTTP_MORE && answer->n_read < size)
    {
      gsize n = MIN (piece, size - answer->n_read);

      answer->progress = scope_http_reader_add (reader, bytes + answer->n_read, n);
      answer->n_read += n;
    }
  answer->ends_it = scope_http_reader_add_end (reader);
  answer->keeps_alive = scope_http_reader_keeps_alive (reader);
  scope_http_reader_steal (reader, &answer->status, &answer->headers, &answer->body);
}

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->headers, soup_message_headers_unref);
  g_byte_array_unref (answer->body);
}

static void
check_answer (const Answer *answer,
              gsize         refusal_bytes)
{
  gboolean is_done = answer->progress == SCOPE_HTTP_DONE;

  if (is_done)
    {
      g_assert_cmpuint (answer->status, >=, 200);
      g_assert_cmpuint (answer->body->len, <=, MAX_BYTES);
    }
  if (answer->progress == SCOPE_HTTP_MORE)
    {
      g_assert_cmpuint (answer->body->len, <=, MAX_BYTES);
      g_assert_true (answer->status == 0 || SOUP_STATUS_IS_SUCCESSFUL (answer->status) ||
                     answer->body->len < refusal_bytes);
    }
  if (answer->status == 0)
    g_assert_cmpuint (answer->body->len, ==, 0);
  else
    g_assert_nonnull (answer->headers);
  if (answer->ends_it && answer->progress != SCOPE_HTTP_WRONG)
    g_assert_false (answer->keeps_alive);
}

/* What follows the answer's end is seen only by who reads it at once. */
static void
check_same (const Answer *whole,
            const Answer *pieces)
{
  g_assert_cmpint (whole->progress, ==, pieces->progress);
  g_assert_cmpuint (whole->status, ==, pieces->status);
  g_assert_cmpint (whole->ends_it, ==, pieces->ends_it);
  if (whole->progress == SCOPE_HTTP_TOO_LONG)
    return;
  g_assert_cmpmem (whole->body->data, whole->body->len, pieces->body->data, pieces->body->len);
  if (whole->progress == SCOPE_HTTP_DONE && whole->keeps_alive)
    g_assert_true (pieces->keeps_alive);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  gsize refusal_bytes;
  Answer whole, pieces;

  if (size == 0)
    return 0;

  refusal_bytes = (data[0] & ENOUGH) != 0 ? REFUSAL_BYTES : G_MAXSIZE;
  read_answer (&whole, data + 1, size - 1, size, refusal_bytes);
  read_answer (&pieces, data + 1, size - 1, MAX (data[0] & ~ENOUGH, 1), refusal_bytes);
  check_answer (&whole, refusal_bytes);
  check_answer (&pieces, refusal_bytes);
  if (refusal_bytes == G_MAXSIZE)
    check_same (&whole, &pieces);
  answer_clear (&whole);
  answer_clear (&pieces);
  return 0;
}
