/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain"

#include "config.h"

#include "protocol/scope-explain-private.h"

#include <string.h>

/* What people paste of HTTP: a raw request or answer, only its headers, a URL with a method before and a body
 * behind it, or a curl line as a shell takes it. */

#define MAX_WORDS 256
#define MAX_HEADERS 200

static ScopeExplainHttp *
http_new (void)
{
  ScopeExplainHttp *self = g_new0 (ScopeExplainHttp, 1);

  self->headers = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
_scope_explain_http_free (ScopeExplainHttp *self)
{
  if (self == NULL)
    return;

  g_free (self->method);
  g_free (self->target);
  g_ptr_array_unref (self->headers);
  g_free (self->body);
  g_free (self);
}

const char *
_scope_explain_http_get (const ScopeExplainHttp *self,
                         const char             *header)
{
  for (guint i = 0; i + 1 < self->headers->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->headers, i), header) == 0)
      return g_ptr_array_index (self->headers, i + 1);
  return NULL;
}

char *
_scope_explain_unescape (const char *text,
                         gssize      length)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  GString *out = g_string_sized_new (n);

  for (gsize i = 0; i < n; i++)
    {
      int high = i + 2 < n && text[i] == '%' ? g_ascii_xdigit_value (text[i + 1]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value (text[i + 2]) : -1;

      if (low >= 0 && high * 16 + low != 0)
        {
          g_string_append_c (out, (char) (high * 16 + low));
          i += 2;
        }
      else
        g_string_append_c (out, text[i] == '+' ? ' ' : text[i]);
    }
  if (g_utf8_validate (out->str, out->len, NULL))
    return g_string_free (out, FALSE);

  g_string_free (out, TRUE);
  return g_strndup (text, n);
}

/* ---- headers ---- */

/* "Name: value", also as `'Name': 'value',` of a printed map. */
static gboolean
http_take_header (ScopeExplainHttp *self,
                  const char       *line,
                  gsize             length)
{
  g_autofree char *whole = g_strndup (line, length);
  char *colon = strchr (whole, ':');
  char *name, *value;

  if (colon == NULL || colon == whole || self->headers->len >= 2 * MAX_HEADERS)
    return FALSE;
  *colon = '\0';
  name = g_strstrip (whole);
  name += strspn (name, "\"'");
  name[strcspn (name, "\"'")] = '\0';
  value = g_strstrip (colon + 1);
  if (*name == '\0' || strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != strlen (name)
      || g_str_has_prefix (value, "//"))
    return FALSE;

  if (*value == '"' || *value == '\'')
    {
      value++;
      value[strcspn (value, "\"'")] = '\0';
    }
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
  return TRUE;
}

static const char *
line_end (const char *at)
{
  return at + strcspn (at, "\n");
}

static gsize
line_length (const char *at)
{
  gsize length = line_end (at) - at;

  return length > 0 && at[length - 1] == '\r' ? length - 1 : length;
}

static const char *
line_next (const char *at)
{
  const char *end = line_end (at);

  return *end == '\n' ? end + 1 : end;
}

/* A paste often ends in a line feed that came with neither the body nor the file. */
static char *
http_dup_body (const ScopeExplainHttp *self,
               const char             *body)
{
  const char *header = _scope_explain_http_get (self, "Content-Length");
  guint64 length = header != NULL ? g_ascii_strtoull (header, NULL, 10) : 0;
  gsize pasted = strlen (body);

  if (length > 0 && length < pasted && strspn (body + length, " \t\r\n") == pasted - length)
    return g_strndup (body, length);
  return g_strdup (body);
}

/* Lines of headers, an empty one, the body; the empty one may be missing. */
static void
http_take_rest (ScopeExplainHttp *self,
                const char       *at)
{
  while (*at != '\0' && line_length (at) > 0 && *at != '{' && *at != '[' && *at != '<'
         && http_take_header (self, at, line_length (at)))
    at = line_next (at);
  while (*at != '\0' && line_length (at) == 0)
    at = line_next (at);
  if (*at != '\0')
    self->body = http_dup_body (self, at);
}

/* ---- a raw message ---- */

static gboolean
http_is_method (const char *word)
{
  static const char * const methods[] = { "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", NULL };
  g_autofree char *upper = g_ascii_strup (word, -1);

  return g_strv_contains (methods, upper);
}

static gboolean
http_is_target (const char *word)
{
  return g_str_has_prefix (word, "http://") || g_str_has_prefix (word, "https://") || *word == '/';
}

static gboolean
http_take_first_line (ScopeExplainHttp *self,
                      const char       *line,
                      gsize             length)
{
  g_autofree char *whole = g_strndup (line, length);
  g_auto (GStrv) words = g_strsplit_set (g_strstrip (whole), " \t", 4);
  guint n = g_strv_length (words);

  if (n >= 2 && g_str_has_prefix (words[0], "HTTP/"))
    self->status = (guint) g_ascii_strtoull (words[1], NULL, 10);
  else if (n >= 2 && http_is_method (words[0]) && http_is_target (words[1]))
    {
      self->method = g_strdup (words[0]);
      self->target = g_strdup (words[1]);
    }
  else if (n >= 1 && http_is_target (words[0]))
    self->target = g_strdup (words[0]);
  else
    return FALSE;
  return TRUE;
}

/* ---- a curl line ---- */

static void
shell_append_ansi (GString     *word,
                   const char **at)
{
  static const char letters[] = "nrt\\'\"";
  static const char meant[] = "\n\r\t\\'\"";
  const char *found = **at != '\0' ? strchr (letters, **at) : NULL;

  if (found != NULL)
    g_string_append_c (word, meant[found - letters]);
  else
    {
      g_string_append_c (word, '\\');
      if (**at != '\0')
        g_string_append_c (word, **at);
    }
  if (**at != '\0')
    (*at)++;
}

/* Behind an opening quote, up to the closing one. */
static void
shell_take_quoted (GString     *word,
                   const char **at,
                   char         quote,
                   gboolean     is_ansi)
{
  while (**at != '\0' && **at != quote)
    {
      if (**at == '\\' && (is_ansi || quote == '"'))
        {
          (*at)++;
          if (is_ansi)
            {
              shell_append_ansi (word, at);
              continue;
            }
          if (**at == '\0' || strchr ("\"\\$`", **at) == NULL)
            g_string_append_c (word, '\\');
          if (**at == '\0')
            return;
        }
      g_string_append_c (word, *(*at)++);
    }
  if (**at != '\0')
    (*at)++;
}

/* The next word of a shell's line; NULL at its end. Nothing is expanded. */
static char *
shell_dup_word (const char **at)
{
  GString *word = g_string_new (NULL);

  *at += strspn (*at, " \t\r\n");
  while (g_str_has_prefix (*at, "\\\n") || g_str_has_prefix (*at, "\\\r\n"))
    {
      *at += 2;
      *at += strspn (*at, " \t\r\n");
    }
  if (**at == '\0')
    {
      g_string_free (word, TRUE);
      return NULL;
    }
  while (**at != '\0' && strchr (" \t\r\n", **at) == NULL)
    {
      char c = *(*at)++;

      if (c == '$' && **at == '\'')
        {
          (*at)++;
          shell_take_quoted (word, at, '\'', TRUE);
        }
      else if (c == '\'' || c == '"')
        shell_take_quoted (word, at, c, FALSE);
      else if (c == '\\' && **at != '\0')
        g_string_append_c (word, *(*at)++);
      else
        g_string_append_c (word, c);
    }
  return g_string_free (word, FALSE);
}

static char **
shell_split (const char *text)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  guint n = 0;
  char *word;

  while (n++ < MAX_WORDS && (word = shell_dup_word (&text)) != NULL)
    {
      g_strv_builder_add (words, word);
      g_free (word);
    }
  return g_strv_builder_end (words);
}

static void
curl_take_data (ScopeExplainHttp *self,
                const char       *option,
                const char       *value)
{
  char *before = self->body;

  if (*value == '@' && !g_str_equal (option, "--data-raw"))
    {
      self->body_is_elsewhere = TRUE;
      return;
    }
  self->body = before != NULL ? g_strjoin ("&", before, value, NULL) : g_strdup (value);
  g_free (before);
}

static const char *
curl_get_option (const char *word,
                 const char **joined)
{
  static const char * const options[] = { "--request", "--header", "--data", "--data-raw", "--data-binary",
                                          "--data-ascii", "--json", "--url" };
  static const char * const shorts[][2] = { { "-X", "--request" }, { "-H", "--header" }, { "-d", "--data" } };

  *joined = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      gsize length = strlen (options[i]);

      if (strncmp (word, options[i], length) == 0 && (word[length] == '\0' || word[length] == '='))
        {
          *joined = word[length] == '=' ? word + length + 1 : NULL;
          return options[i];
        }
    }
  for (gsize i = 0; i < G_N_ELEMENTS (shorts); i++)
    if (g_str_has_prefix (word, shorts[i][0]))
      {
        *joined = word[2] != '\0' ? word + 2 : NULL;
        return shorts[i][1];
      }
  return NULL;
}

static void
curl_take_option (ScopeExplainHttp *self,
                  const char       *option,
                  const char       *value)
{
  if (g_str_equal (option, "--request"))
    {
      g_free (self->method);
      self->method = g_strdup (value);
    }
  else if (g_str_equal (option, "--header"))
    http_take_header (self, value, strlen (value));
  else if (g_str_equal (option, "--url"))
    {
      g_free (self->target);
      self->target = g_strdup (value);
    }
  else
    curl_take_data (self, option, value);
}

static void
curl_take (ScopeExplainHttp *self,
           const char       *text)
{
  g_auto (GStrv) words = shell_split (text);

  for (guint i = 1; words[0] != NULL && words[i] != NULL; i++)
    {
      const char *joined;
      const char *option = curl_get_option (words[i], &joined);

      if (option == NULL)
        {
          if (self->target == NULL && http_is_target (words[i]))
            self->target = g_strdup (words[i]);
          continue;
        }
      if (joined == NULL && words[i + 1] == NULL)
        break;
      curl_take_option (self, option, joined != NULL ? joined : words[++i]);
    }
  if (self->method == NULL)
    self->method = g_strdup (self->body != NULL || self->body_is_elsewhere ? "POST" : "GET");
}

/* ---- all of them ---- */

ScopeExplainHttp *
_scope_explain_http_parse (const char *text)
{
  g_autoptr (ScopeExplainHttp) self = http_new ();

  text += strspn (text, " \t\r\n");
  if (g_str_has_prefix (text, "$ "))
    text += 2;
  if (g_str_has_prefix (text, "curl "))
    {
      curl_take (self, text);
      return g_steal_pointer (&self);
    }

  if (http_take_first_line (self, text, line_length (text)))
    http_take_rest (self, line_next (text));
  else
    http_take_rest (self, text);
  if (self->target == NULL && self->status == 0 && self->headers->len == 0)
    return NULL;
  return g_steal_pointer (&self);
}
