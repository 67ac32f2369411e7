/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sockjs"

#include "config.h"

#include "protocol/scope-sockjs.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"

#define HOST_BYTES 253 /* RFC 1035 */

static gboolean
sockjs_fail (const char *why,
             GError **error)
{
  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL, why);
  return FALSE;
}

static gboolean
sockjs_check (const char *text,
              gsize length,
              ScopeJsonKind expected,
              GError **error)
{
  ScopeJsonProblem problem;
  ScopeJsonKind kind;
  g_autofree char *why = NULL;

  if (!scope_json_check (text, length, &kind, &problem))
    {
      why = scope_json_problem_to_text (&problem);
      g_set_error (error, SCOPE_ERROR,
                   problem.fault == SCOPE_JSON_FAULT_DEPTH ? SCOPE_ERROR_LIMIT : SCOPE_ERROR_PROTOCOL,
                   _("A line of the server is no valid JSON: %s"), why);
      return FALSE;
    }
  return kind == expected || sockjs_fail (_("A line of the server has another form than the protocol's"),
                                          error);
}

/* Letters, digits, dots and dashes, or an IPv6 address in brackets: nothing that changes a URL. */
static gboolean
sockjs_is_host (const char *host)
{
  gboolean brackets = host[0] == '[';
  gsize length = strlen (host);

  if (length == 0 || length > HOST_BYTES || (brackets && host[length - 1] != ']'))
    return FALSE;
  for (gsize i = brackets ? 1 : 0; i < length - (brackets ? 1 : 0); i++)
    if (!g_ascii_isalnum (host[i]) && host[i] != '.' && host[i] != '-' && !(brackets && host[i] == ':'))
      return FALSE;
  return TRUE;
}

static gboolean
sockjs_read_open (ScopeSockjsFrame *self,
                  const char *text,
                  gsize length,
                  GError **error)
{
  ScopeSpan span;

  if (length == 0)
    return TRUE;
  if (!sockjs_check (text, length, SCOPE_JSON_OBJECT, error))
    return FALSE;
  if (scope_json_get_member (text, length, "hostname", &span) != SCOPE_JSON_STRING)
    return TRUE;

  self->host = scope_json_string_dup (text + span.offset, span.length);
  return sockjs_is_host (self->host)
         || sockjs_fail (_("The server names a host to go on with that is no host name"), error);
}

static gboolean
sockjs_add_message (ScopeSockjsFrame *self,
                    const char *token,
                    gsize length,
                    GError **error)
{
  GString *text = g_string_sized_new (length);

  if (!scope_json_string_decode (token, length, text))
    {
      g_string_free (text, TRUE);
      return sockjs_fail (_("A line of the server holds text that is no valid Unicode"), error);
    }
  g_ptr_array_add (self->messages, g_string_free_to_bytes (text));
  return TRUE;
}

static gboolean
sockjs_read_message (ScopeSockjsFrame *self,
                     const char *text,
                     gsize length,
                     GError **error)
{
  gsize blank = 0;

  if (!sockjs_check (text, length, SCOPE_JSON_STRING, error))
    return FALSE;
  /* the token alone, without the white space JSON allows around it */
  while (text[blank] != '"')
    blank++;
  while (text[length - 1] != '"')
    length--;
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return sockjs_add_message (self, text + blank, length - blank, error);
}

static gboolean
sockjs_read_messages (ScopeSockjsFrame *self,
                      const char *text,
                      gsize length,
                      GError **error)
{
  ScopeJsonIter iter;
  ScopeSpan value;
  ScopeJsonKind kind;

  if (!sockjs_check (text, length, SCOPE_JSON_ARRAY, error))
    return FALSE;

  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  scope_json_iter_init (&iter, text, length);
  while (scope_json_iter_next (&iter, NULL, &value, &kind))
    {
      if (kind != SCOPE_JSON_STRING)
        return sockjs_fail (_("A line of the server holds something else than texts"), error);
      if (!sockjs_add_message (self, text + value.offset, value.length, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
sockjs_read_close (ScopeSockjsFrame *self,
                   const char *text,
                   gsize length,
                   GError **error)
{
  ScopeSpan span;
  g_autofree char *digits = NULL;
  g_autofree char *reason = NULL;
  guint64 code;

  if (!sockjs_check (text, length, SCOPE_JSON_ARRAY, error))
    return FALSE;
  if (scope_json_get_element (text, length, 0, &span) == SCOPE_JSON_NUMBER)
    digits = g_strndup (text + span.offset, span.length);
  if (digits == NULL || !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &code, NULL))
    return sockjs_fail (_("The server closes without a close code"), error);

  self->code = (guint) code;
  if (scope_json_get_element (text, length, 1, &span) == SCOPE_JSON_STRING)
    {
      reason = scope_json_string_dup (text + span.offset, span.length);
      self->reason = scope_text_bounded (reason, -1, SCOPE_LIMIT_CLOSE_REASON_BYTES);
    }
  return TRUE;
}

static gboolean
sockjs_read (ScopeSockjsFrame *self,
             const char *line,
             gsize length,
             GError **error)
{
  switch (length > 0 ? line[0] : '\0')
    {
    case 'o':
      self->type = SCOPE_SOCKJS_OPEN;
      return sockjs_read_open (self, line + 1, length - 1, error);
    case 'a':
      self->type = SCOPE_SOCKJS_MESSAGES;
      return sockjs_read_messages (self, line + 1, length - 1, error);
    case 'm':
      self->type = SCOPE_SOCKJS_MESSAGES;
      return sockjs_read_message (self, line + 1, length - 1, error);
    case 'h':
      /* the whole line: before its `o` a server may pad the stream with thousands of them */
      self->type = SCOPE_SOCKJS_HEARTBEAT;
      return TRUE;
    case 'c':
      self->type = SCOPE_SOCKJS_CLOSE;
      return sockjs_read_close (self, line + 1, length - 1, error);
    default:
      return sockjs_fail (_("A line of the server is none of this protocol"), error);
    }
}

/**
 * scope_sockjs_frame_parse:
 * @line: without its line break
 *
 * Returns: (transfer full) (nullable): what the line says (protocol.md §7.2); or %NULL with SCOPE_ERROR_PROTOCOL
 *   or SCOPE_ERROR_LIMIT
 */
ScopeSockjsFrame *
scope_sockjs_frame_parse (const char *line,
                          gsize length,
                          GError **error)
{
  g_autoptr (ScopeSockjsFrame) self = NULL;

  g_return_val_if_fail (line != NULL || length == 0, NULL);

  if (length > SCOPE_LIMIT_FRAME_BYTES)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                           _("A frame is larger than the limit of 4 MiB"));
      return NULL;
    }

  self = g_new0 (ScopeSockjsFrame, 1);
  return sockjs_read (self, line, length, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * scope_sockjs_frame_free:
 * @self: (nullable)
 */
void
scope_sockjs_frame_free (ScopeSockjsFrame *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_free (self->host);
  g_free (self->reason);
  g_free (self);
}

/**
 * scope_sockjs_build_send:
 * @text: one frame
 *
 * Returns: (transfer full): the body that sends it: an array with one string (protocol.md §7.1)
 */
char *
scope_sockjs_build_send (const char *text,
                         gsize length)
{
  g_autoptr (GString) body = g_string_sized_new (length + 16);

  g_return_val_if_fail (text != NULL, NULL);

  g_string_append_c (body, '[');
  scope_json_append_string (body, text, (gssize) length);
  g_string_append_c (body, ']');
  return g_string_free (g_steal_pointer (&body), FALSE);
}
