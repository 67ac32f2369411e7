/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-http-reader"

#include "config.h"

#include "net/scope-http-reader.h"

#include <string.h>

#include "base/scope-limits.h"

/* heads before the answer's */
#define MAX_INFORMATIONAL 16
/* a chunk's size in hex digits: what is more is above every limit */
#define CHUNK_DIGITS 8
#define CHUNK_LINE_BYTES 1024

typedef enum
{
  FRAMING_HEAD,
  FRAMING_LENGTH, /* of a body whose length was told */
  FRAMING_CHUNKS,
  FRAMING_END,    /* of the connection is that of the body */
} Framing;

struct _ScopeHttpReader
{
  gsize refusal_bytes;
  gsize max_bytes;
  guint status; /* 0: no answer's head came */
  SoupMessageHeaders *headers;
  GByteArray *body;
  GByteArray *in; /* what is not understood yet */
  guint n_informational;
  Framing framing;
  goffset length;
  gboolean keeps_alive;
};

static void
reader_skip (ScopeHttpReader *self,
             gsize            n)
{
  if (n > 0)
    g_byte_array_remove_range (self->in, 0, n);
}

/* from there up to and with a text that begins with CR; 0: it is not there */
static gsize
reader_find (ScopeHttpReader *self,
             gsize            from,
             const char      *text)
{
  gsize length = strlen (text);

  for (gsize at = from; at + length <= self->in->len; at++)
    {
      const guint8 *found = memchr (self->in->data + at, '\r', self->in->len - length + 1 - at);

      if (found == NULL)
        return 0;
      at = found - self->in->data;
      if (memcmp (found, text, length) == 0)
        return at + length - from;
    }
  return 0;
}

/* up to and with the empty line; 0: it is not there. A line may end with LF alone, as for libsoup (RFC 9112 §2.2). */
static gsize
reader_find_head_end (ScopeHttpReader *self)
{
  const guint8 *data = self->in->data;
  const guint8 *end = data + self->in->len;

  for (const guint8 *at = data; (at = memchr (at, '\n', end - at)) != NULL; at++)
    {
      if (end - at > 1 && at[1] == '\n')
        return at + 2 - data;
      if (end - at > 2 && at[1] == '\r' && at[2] == '\n')
        return at + 3 - data;
    }
  return 0;
}

/* RFC 9112 §6.3: several that say the same are one; anything else is no length. libsoup takes signs, and the last. */
static gboolean
reader_read_length (const char *values,
                    goffset    *length)
{
  g_auto (GStrv) parts = g_strsplit (values, ",", -1);

  *length = -1;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *digits = g_strstrip (parts[i]);
      guint64 value;

      if (!g_ascii_isdigit (*digits) ||
          !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, &value, NULL) ||
          (*length >= 0 && (guint64) *length != value))
        return FALSE;
      *length = (goffset) value;
    }
  return *length >= 0;
}

/* FALSE: where the body ends can't be known for sure. A coding but `chunked` was not asked for. */
static gboolean
reader_take_framing (ScopeHttpReader *self,
                     SoupHTTPVersion  version)
{
  SoupMessageHeaders *headers = self->headers;
  gboolean closes = soup_message_headers_header_contains (headers, "Connection", "close");
  gboolean keeps = soup_message_headers_header_contains (headers, "Connection", "keep-alive");
  const char *coding = soup_message_headers_get_list (headers, "Transfer-Encoding");
  const char *length = soup_message_headers_get_list (headers, "Content-Length");

  self->keeps_alive = version == SOUP_HTTP_1_1 ? !closes : keeps && !closes;
  if (self->status == SOUP_STATUS_NO_CONTENT || self->status == SOUP_STATUS_NOT_MODIFIED)
    self->framing = FRAMING_LENGTH;
  else if (coding != NULL)
    {
      self->framing = FRAMING_CHUNKS;
      self->keeps_alive = self->keeps_alive && version == SOUP_HTTP_1_1 && length == NULL;
      return g_ascii_strcasecmp (coding, "chunked") == 0;
    }
  else if (length != NULL)
    {
      self->framing = FRAMING_LENGTH;
      return reader_read_length (length, &self->length);
    }
  else
    {
      self->framing = FRAMING_END;
      self->keeps_alive = FALSE;
    }
  return TRUE;
}

static ScopeHttpProgress
reader_take_head (ScopeHttpReader *self)
{
  gsize length = reader_find_head_end (self);
  g_autofree char *head = NULL; /* libsoup reads the status as of a string that ends */
  SoupHTTPVersion version;
  guint status;

  if (length == 0)
    return self->in->len > SCOPE_LIMIT_HTTP_HEADER_BYTES ? SCOPE_HTTP_WRONG : SCOPE_HTTP_MORE;

  g_clear_pointer (&self->headers, soup_message_headers_unref);
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  head = g_strndup ((const char *) self->in->data, length);
  if (length > SCOPE_LIMIT_HTTP_HEADER_BYTES || memchr (self->in->data, '\0', length) != NULL ||
      !soup_headers_parse_response (head, length, self->headers, &version, &status, NULL) ||
      status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    {
      g_clear_pointer (&self->headers, soup_message_headers_unref);
      return SCOPE_HTTP_WRONG;
    }

  reader_skip (self, length);
  if (SOUP_STATUS_IS_INFORMATIONAL (status)) /* the answer follows */
    {
      g_clear_pointer (&self->headers, soup_message_headers_unref);
      return ++self->n_informational > MAX_INFORMATIONAL ? SCOPE_HTTP_WRONG : reader_take_head (self);
    }
  self->status = status;
  return reader_take_framing (self, version) ? SCOPE_HTTP_DONE : SCOPE_HTTP_WRONG;
}

static void
reader_take_body (ScopeHttpReader *self,
                  gsize            n)
{
  g_byte_array_append (self->body, self->in->data, n);
  reader_skip (self, n);
}

static gboolean
reader_read_chunk_size (ScopeHttpReader *self,
                        gsize            line_length,
                        gsize           *size)
{
  const guint8 *line = self->in->data; /* ended by CR LF */
  gsize at = 0, from;

  while (line[at] == '0')
    at++;
  *size = 0;
  for (from = at; g_ascii_isxdigit (line[at]) && at - from <= CHUNK_DIGITS; at++)
    *size = *size * 16 + g_ascii_xdigit_value (line[at]);
  if (at == 0 || at - from > CHUNK_DIGITS)
    return FALSE;
  while (line[at] == ' ' || line[at] == '\t')
    at++;
  return line[at] == ';' || at == line_length - strlen ("\r\n");
}

/* After the last chunk: lines up to an empty one. */
static ScopeHttpProgress
reader_take_trailers (ScopeHttpReader *self,
                      gsize            from)
{
  gsize at = from;

  while (TRUE)
    {
      gsize length = reader_find (self, at, "\r\n");

      if (length == 0)
        return self->in->len - from > SCOPE_LIMIT_HTTP_HEADER_BYTES ? SCOPE_HTTP_WRONG : SCOPE_HTTP_MORE;
      at += length;
      if (at - from > SCOPE_LIMIT_HTTP_HEADER_BYTES)
        return SCOPE_HTTP_WRONG;
      if (length == strlen ("\r\n"))
        break;
    }
  reader_skip (self, at);
  return SCOPE_HTTP_DONE;
}

static ScopeHttpProgress
reader_take_chunk (ScopeHttpReader *self)
{
  gsize line_length = reader_find (self, 0, "\r\n");
  gsize size;

  if ((line_length == 0 ? self->in->len : line_length) > CHUNK_LINE_BYTES)
    return SCOPE_HTTP_WRONG;
  if (line_length == 0)
    return SCOPE_HTTP_MORE;
  if (!reader_read_chunk_size (self, line_length, &size))
    return SCOPE_HTTP_WRONG;
  if (size == 0)
    return reader_take_trailers (self, line_length);
  if (size > self->max_bytes)
    size = self->max_bytes + 1; /* too much, as soon as so much is there */
  if (self->in->len < line_length + size + 2)
    return SCOPE_HTTP_MORE;
  if (memcmp (self->in->data + line_length + size, "\r\n", 2) != 0 && size <= self->max_bytes)
    return SCOPE_HTTP_WRONG;

  reader_skip (self, line_length);
  reader_take_body (self, size);
  reader_skip (self, 2);
  return SCOPE_HTTP_DONE;
}

static ScopeHttpProgress
reader_take_chunks (ScopeHttpReader *self)
{
  while (TRUE)
    {
      gsize before = self->body->len;
      ScopeHttpProgress progress = reader_take_chunk (self);

      if (progress != SCOPE_HTTP_DONE || self->body->len == before || self->body->len > self->max_bytes)
        return progress;
    }
}

static ScopeHttpProgress
reader_take_bytes (ScopeHttpReader *self)
{
  ScopeHttpProgress progress = self->framing == FRAMING_HEAD ? reader_take_head (self) : SCOPE_HTTP_DONE;

  if (progress != SCOPE_HTTP_DONE)
    return progress;

  switch (self->framing)
    {
    case FRAMING_LENGTH:
      reader_take_body (self, MIN ((guint64) self->in->len, (guint64) self->length - self->body->len));
      return (goffset) self->body->len == self->length ? SCOPE_HTTP_DONE : SCOPE_HTTP_MORE;
    case FRAMING_CHUNKS:
      return reader_take_chunks (self);
    case FRAMING_END:
      reader_take_body (self, self->in->len);
      return SCOPE_HTTP_MORE;
    case FRAMING_HEAD:
    default:
      return SCOPE_HTTP_WRONG;
    }
}

/* Of a refusal only the start is read; what is left of it ends with its connection. */
static gboolean
reader_has_enough (ScopeHttpReader *self)
{
  return self->status != 0 && !SOUP_STATUS_IS_SUCCESSFUL (self->status) &&
         self->body->len >= self->refusal_bytes;
}

/**
 * scope_http_reader_new:
 * @refusal_bytes: so much of the body of an answer that is no 2xx is enough
 * @max_bytes: a body may have
 *
 * Returns: (transfer full): a reader of one answer
 */
ScopeHttpReader *
scope_http_reader_new (gsize refusal_bytes,
                       gsize max_bytes)
{
  ScopeHttpReader *self = g_new0 (ScopeHttpReader, 1);

  self->refusal_bytes = refusal_bytes;
  self->max_bytes = max_bytes;
  self->in = g_byte_array_new ();
  self->body = g_byte_array_new ();
  return self;
}

/**
 * scope_http_reader_free:
 *
 * Frees the reader and what it has read.
 */
void
scope_http_reader_free (ScopeHttpReader *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_byte_array_unref (self->in);
  g_free (self);
}

/**
 * scope_http_reader_add:
 * @bytes: what came next
 *
 * Returns: how far the answer is. Nothing may be added after anything but %SCOPE_HTTP_MORE.
 */
ScopeHttpProgress
scope_http_reader_add (ScopeHttpReader *self,
                       const guint8    *bytes,
                       gsize            n)
{
  ScopeHttpProgress progress;

  g_return_val_if_fail (self != NULL && self->body != NULL, SCOPE_HTTP_WRONG);

  if (n == 0)
    return SCOPE_HTTP_MORE;

  g_byte_array_append (self->in, bytes, n);
  progress = reader_take_bytes (self);
  if (self->body->len > self->max_bytes)
    return SCOPE_HTTP_TOO_LONG;
  if (progress != SCOPE_HTTP_MORE || !reader_has_enough (self))
    return progress;

  self->keeps_alive = FALSE;
  return SCOPE_HTTP_DONE;
}

/**
 * scope_http_reader_add_end:
 *
 * The connection ended.
 *
 * Returns: whether the answer is whole with it
 */
gboolean
scope_http_reader_add_end (ScopeHttpReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->framing == FRAMING_END;
}

/**
 * scope_http_reader_keeps_alive:
 *
 * Returns: of an answer that is done, whether another may follow on its connection. What follows it already was not
 *   asked for.
 */
gboolean
scope_http_reader_keeps_alive (ScopeHttpReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->keeps_alive && self->in->len == 0;
}

/**
 * scope_http_reader_steal:
 * @status: (out): 0: no answer's head came
 * @headers: (out) (nullable) (transfer full): %NULL likewise
 * @body: (out) (transfer full): as far as it came
 *
 * The reader is of no use any more.
 */
void
scope_http_reader_steal (ScopeHttpReader     *self,
                         guint               *status,
                         SoupMessageHeaders **headers,
                         GByteArray         **body)
{
  g_return_if_fail (self != NULL);

  *status = self->status;
  *headers = g_steal_pointer (&self->headers);
  *body = g_steal_pointer (&self->body);
}
