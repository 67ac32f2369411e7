/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-search.h"
#include "session/scope-config-value.h"

#include "base/scope-error.h"
#include "base/scope-secret.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A scanner for literals. It goes forward only and looks at each byte a bounded number of times;
 * only literals nest (to MAX_DEPTH), an expression is passed over in a loop. */

#define MAX_DEPTH 24
#define MAX_NAME_BYTES 80

typedef struct
{
  const char *text;
  gsize length;
  gsize at;
  guint depth;
} Scanner;

static ScopeConfigValue *scanner_read_value (Scanner *self, GError **error);
static ScopeConfigValue *scanner_read_members (Scanner *self, char close, GError **error);

static ScopeConfigValue *
config_value_new (ScopeConfigKind kind,
                  gsize           offset)
{
  ScopeConfigValue *self = g_new0 (ScopeConfigValue, 1);

  self->kind = kind;
  self->offset = offset;
  if (kind == SCOPE_CONFIG_OBJECT)
    self->names = g_ptr_array_new_with_free_func (g_free);
  if (kind == SCOPE_CONFIG_OBJECT || kind == SCOPE_CONFIG_LIST)
    self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_config_value_free);
  return self;
}

/**
 * scope_config_value_new_string:
 * @text: a text
 * @offset: where it stands
 *
 * Returns: (transfer full): it as a value
 */
ScopeConfigValue *
scope_config_value_new_string (const char *text,
                               gsize       offset)
{
  ScopeConfigValue *self = config_value_new (SCOPE_CONFIG_STRING, offset);

  self->text = g_strdup (text);
  return self;
}

/**
 * scope_config_value_free:
 *
 * Frees a value and what is in it; texts are wiped, as they may be secret.
 */
void
scope_config_value_free (ScopeConfigValue *self)
{
  if (self == NULL)
    return;

  if (self->text != NULL)
    scope_secret_wipe (self->text, strlen (self->text));
  g_free (self->text);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}

/* from 1 */
static guint
scanner_get_line (const char *text,
                  gsize       offset)
{
  guint line = 1;

  for (gsize i = 0; i < offset; i++)
    line += text[i] == '\n';
  return line;
}

static gboolean
scanner_fail (Scanner    *self,
              gsize       offset,
              GError    **error,
              const char *what)
{
  gsize start = offset;

  while (start > 0 && self->text[start - 1] != '\n')
    start--;
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("Line %u, column %u: %s"),
               scanner_get_line (self->text, offset),
               (guint) g_utf8_strlen (self->text + start, offset - start) + 1, what);
  return FALSE;
}

/* 0 at the end, as nowhere else: the text was checked to have none */
static char
scanner_peek (Scanner *self,
              gsize    ahead)
{
  return self->length - self->at > ahead ? self->text[self->at + ahead] : 0;
}

static gboolean
scanner_skip_space (Scanner *self,
                    GError **error)
{
  while (self->at < self->length)
    {
      gsize end = self->at;

      if (g_ascii_isspace (self->text[self->at]))
        end++;
      else if (g_str_has_prefix (self->text + self->at, "\xc2\xa0")) /* pasted from a page */
        end += 2;
      else
        end = _scope_config_skip_comment (self->text, self->length, self->at);
      if (end > self->length)
        return scanner_fail (self, self->at, error, _("this comment has no end"));
      if (end == self->at)
        break;
      self->at = end;
    }
  return TRUE;
}

static void
scanner_append_escape (Scanner *self,
                       GString *out)
{
  static const char letters[] = "n\nt\tr\rb\bf\fv\v";
  char c = scanner_peek (self, 1);
  const char *found = c != 0 ? strchr (letters, c) : NULL;
  guint digits = c == 'u' ? 4 : c == 'x' ? 2 : 0;
  gunichar code = 0;

  self->at += 2;
  if (c == '\n' || c == 0)
    return;
  for (guint i = 0; i < digits; i++)
    {
      if (!g_ascii_isxdigit (scanner_peek (self, 0)))
        return;
      code = code * 16 + g_ascii_xdigit_value (self->text[self->at++]);
    }
  if (digits > 0 && code != 0 && g_unichar_validate (code))
    g_string_append_unichar (out, code);
  else if (digits == 0)
    g_string_append_c (out, found != NULL && (found - letters) % 2 == 0 ? found[1] : c);
}

/* an expression, if something is computed in it */
static ScopeConfigValue *
scanner_read_string (Scanner *self,
                     GError **error)
{
  char quote = self->text[self->at];
  gsize start = self->at++;
  gsize end = _scope_config_skip_quote (self->text, self->length, start);
  g_autoptr (GString) text = NULL;
  ScopeConfigValue *value;

  if (end > self->length)
    {
      scanner_fail (self, start, error, _("this quoted text has no end"));
      return NULL;
    }

  /* room for all of it: a growing buffer would leave copies behind */
  text = g_string_sized_new (end - start + 8);
  value = config_value_new (SCOPE_CONFIG_STRING, start);
  while (self->at < end - 1)
    {
      if (quote == '`' && g_str_has_prefix (self->text + self->at, "${"))
        value->kind = SCOPE_CONFIG_EXPRESSION;
      if (self->text[self->at] == '\\')
        scanner_append_escape (self, text);
      else
        g_string_append_c (text, self->text[self->at++]);
    }
  self->at = end;
  if (value->kind == SCOPE_CONFIG_STRING)
    value->text = g_strdup (text->str);
  scope_secret_wipe (text->str, text->allocated_len);
  return value;
}

/* Expressions */

/* A place where a value ends. */
static gboolean
scanner_at_end (Scanner *self)
{
  char c = scanner_peek (self, 0);

  return c == 0 || strchr (",)]};", c) != NULL;
}

/* Passes over whatever stands here, up to the end of the value. */
static gboolean
scanner_skip_expression (Scanner *self,
                         GError **error)
{
  gsize start = self->at;
  gsize open = 0;

  while (self->at < self->length && (open > 0 || !scanner_at_end (self)))
    {
      gsize end = _scope_config_skip_comment (self->text, self->length, self->at);

      if (end == self->at)
        end = _scope_config_skip_quote (self->text, self->length, self->at);
      if (end > self->length)
        return scanner_fail (self, self->at, error, _("this quoted text or comment has no end"));
      if (end > self->at)
        {
          self->at = end;
          continue;
        }
      if (strchr ("([{", self->text[self->at]) != NULL)
        open++;
      else if (strchr (")]}", self->text[self->at]) != NULL)
        open--;
      self->at++;
    }
  if (open > 0)
    return scanner_fail (self, start, error, _("a bracket is opened here and never closed"));
  return TRUE;
}

/* process.env.NAME: what can be shown of an expression. What else is in it may be secret. */
static char *
scanner_dup_path (Scanner *self,
                  gsize    start)
{
  gsize end = start;

  while (end < self->length && (_scope_config_is_name (self->text[end]) || self->text[end] == '.'))
    end++;
  return end > start && end - start <= MAX_NAME_BYTES
           ? g_utf8_make_valid (self->text + start, end - start)
           : NULL;
}

/* NAME, or NAME! and NAME ?? other: the name is all that matters */
static gboolean
scanner_is_only_path (Scanner    *self,
                      gsize       start,
                      const char *path)
{
  gsize at = start + strlen (path);

  while (at < self->at && g_ascii_isspace (self->text[at]))
    at++;
  return at == self->at || self->text[at] == '!' ||
         (self->at - at > 2 && (strncmp (self->text + at, "??", 2) == 0 ||
                                strncmp (self->text + at, "||", 2) == 0));
}

static ScopeConfigValue *
scanner_read_expression (Scanner *self,
                         gsize    start,
                         GError **error)
{
  ScopeConfigValue *value;

  if (!scanner_skip_expression (self, error))
    return NULL;

  value = config_value_new (SCOPE_CONFIG_EXPRESSION, start);
  value->text = scanner_dup_path (self, start);
  value->truth = value->text != NULL && scanner_is_only_path (self, start, value->text);
  return value;
}

/* Words */

static ScopeConfigValue *
scanner_new_word (const char *word,
                  gsize       length,
                  gsize       offset)
{
  static const struct
  {
    const char *word;
    ScopeConfigKind kind;
    gboolean truth;
  } words[] = {
    { "true", SCOPE_CONFIG_BOOLEAN, TRUE },   { "false", SCOPE_CONFIG_BOOLEAN, FALSE },
    { "yes", SCOPE_CONFIG_BOOLEAN, TRUE },    { "no", SCOPE_CONFIG_BOOLEAN, FALSE },
    { "null", SCOPE_CONFIG_NONE, FALSE },     { "undefined", SCOPE_CONFIG_NONE, FALSE },
    { "nil", SCOPE_CONFIG_NONE, FALSE },      { "none", SCOPE_CONFIG_NONE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i].word) == length && g_ascii_strncasecmp (words[i].word, word, length) == 0)
      {
        ScopeConfigValue *value = config_value_new (words[i].kind, offset);

        value->truth = words[i].truth;
        return value;
      }
  return NULL;
}

static gsize
scanner_skip_name (Scanner *self)
{
  gsize start = self->at;

  while (_scope_config_is_name (scanner_peek (self, 0)))
    self->at++;
  return self->at - start;
}

/* array (…), dict (…), PusherOptions (…), new PusherOptions { … }: their arguments are an object */
static gboolean
scanner_makes_object (const char *word,
                      gsize       length)
{
  return (length == 5 && strncmp (word, "array", 5) == 0) ||
         (length == 4 && strncmp (word, "dict", 4) == 0) ||
         (length >= 7 && strncmp (word + length - 7, "Options", 7) == 0);
}

static ScopeConfigValue *
scanner_read_group (Scanner *self,
                    GError **error)
{
  char close = scanner_peek (self, 0) == '(' ? ')' : scanner_peek (self, 0) == '[' ? ']' : '}';

  self->at++;
  return scanner_read_members (self, close, error);
}

/* new PusherOptions () { … }: what is empty does not count */
static ScopeConfigValue *
scanner_read_made (Scanner *self,
                   GError **error)
{
  g_autoptr (ScopeConfigValue) value = scanner_read_group (self, error);

  if (value == NULL || !scanner_skip_space (self, error))
    return NULL;
  if (value->items->len > 0 || scanner_peek (self, 0) != '{')
    return g_steal_pointer (&value);
  return scanner_read_group (self, error);
}

/* .cluster ("eu") is { cluster: "eu" }; .endpoint (url: "…") is { endpoint: { url: "…" } } */
static ScopeConfigValue *
scanner_read_case (Scanner *self,
                   gsize    start,
                   GError **error)
{
  g_autoptr (ScopeConfigValue) value = config_value_new (SCOPE_CONFIG_OBJECT, start);
  g_autoptr (ScopeConfigValue) arguments = NULL;
  gsize length;

  self->at = start + 1;
  length = scanner_skip_name (self);
  if (length == 0 || scanner_peek (self, 0) != '(')
    return scanner_read_expression (self, start, error);

  g_ptr_array_add (value->names, g_strndup (self->text + start + 1, length));
  arguments = scanner_read_group (self, error);
  if (arguments == NULL)
    return NULL;
  if (arguments->kind == SCOPE_CONFIG_LIST && arguments->items->len == 1)
    g_ptr_array_add (value->items, g_ptr_array_steal_index (arguments->items, 0));
  else
    g_ptr_array_add (value->items, g_steal_pointer (&arguments));
  return g_steal_pointer (&value);
}

static ScopeConfigValue *
scanner_read_word (Scanner *self,
                   GError **error)
{
  gsize start = self->at;
  gsize word = start;
  gsize length = scanner_skip_name (self);
  ScopeConfigValue *value = scanner_new_word (self->text + start, length, start);

  if (value != NULL)
    return value;
  if (length == 3 && strncmp (self->text + word, "new", 3) == 0)
    {
      if (!scanner_skip_space (self, error))
        return NULL;
      word = self->at;
      length = scanner_skip_name (self);
    }
  if (scanner_makes_object (self->text + word, length))
    {
      if (!scanner_skip_space (self, error))
        return NULL;
      if (scanner_peek (self, 0) == '(' || scanner_peek (self, 0) == '{')
        return scanner_read_made (self, error);
    }
  return scanner_read_expression (self, start, error);
}

/* Numbers: what is odd about one is found by who asks for it */
static ScopeConfigValue *
scanner_read_number (Scanner *self)
{
  ScopeConfigValue *value = config_value_new (SCOPE_CONFIG_NUMBER, self->at);
  GString *digits = g_string_new (NULL);

  while (g_ascii_isalnum (scanner_peek (self, 0)) || scanner_peek (self, 0) == '.' ||
         scanner_peek (self, 0) == '_' || self->at == value->offset)
    {
      if (self->text[self->at] != '_' && digits->len < MAX_NAME_BYTES)
        g_string_append_c (digits, self->text[self->at]);
      self->at++;
    }
  value->text = g_string_free (digits, FALSE);
  return value;
}

static ScopeConfigValue *
scanner_read_literal (Scanner *self,
                      GError **error)
{
  char c = scanner_peek (self, 0);

  if (c == '"' || c == '\'' || c == '`')
    return scanner_read_string (self, error);
  if (c == '{' || c == '[')
    return scanner_read_group (self, error);
  if (g_ascii_isdigit (c) || ((c == '-' || c == '+' || c == '.') &&
                              g_ascii_isdigit (scanner_peek (self, 1))))
    return scanner_read_number (self);
  if (c == '.')
    return scanner_read_case (self, self->at, error);
  if (_scope_config_is_name (c))
    return scanner_read_word (self, error);
  return scanner_read_expression (self, self->at, error);
}

/* TypeScript: { … } as const */
static gboolean
scanner_skip_type (Scanner *self,
                   GError **error)
{
  if (!scanner_skip_space (self, error))
    return FALSE;
  if (strncmp (self->text + self->at, "as ", MIN (3, self->length - self->at)) == 0)
    return scanner_skip_expression (self, error);
  return TRUE;
}

static ScopeConfigValue *
scanner_read_value (Scanner *self,
                    GError **error)
{
  g_autoptr (ScopeConfigValue) value = NULL;
  gsize start;

  if (!scanner_skip_space (self, error))
    return NULL;
  start = self->at;
  value = scanner_read_literal (self, error);
  if (value == NULL || !scanner_skip_type (self, error))
    return NULL;
  if (scanner_at_end (self))
    return g_steal_pointer (&value);

  /* it goes on: 30 * 1000, 'a' + b */
  return scanner_read_expression (self, start, error);
}

/* Members */

static gboolean
scanner_is_separator (Scanner *self,
                      gsize    at)
{
  const char *here = self->text + at;

  if (at >= self->length)
    return FALSE;
  if (*here == ':')
    return here[1] != ':';
  return *here == '=' && here[1] != '=';
}

static void
scanner_skip_separator (Scanner *self)
{
  self->at += g_str_has_prefix (self->text + self->at, "=>") ? 2 : 1;
}

/* A name before : or = or =>. NULL, and nothing read, if what stands here is a value. */
static char *
scanner_read_name (Scanner *self)
{
  Scanner ahead = *self;
  gsize start = self->at;
  g_autoptr (ScopeConfigValue) quoted = NULL;
  g_autofree char *name = NULL;

  if (scanner_peek (self, 0) == '"' || scanner_peek (self, 0) == '\'')
    {
      quoted = scanner_read_string (&ahead, NULL);
      name = quoted != NULL ? g_strdup (quoted->text) : NULL;
    }
  else
    {
      gboolean symbol = scanner_peek (self, 0) == ':' && _scope_config_is_name (scanner_peek (self, 1));

      ahead.at += symbol; /* Ruby: :name => value */
      start += symbol;
      if (scanner_skip_name (&ahead) > 0)
        name = g_strndup (self->text + start, ahead.at - start);
    }
  if (name == NULL || !scanner_skip_space (&ahead, NULL) ||
      !scanner_is_separator (&ahead, ahead.at))
    return NULL;

  scanner_skip_separator (&ahead);
  self->at = ahead.at;
  return g_steal_pointer (&name);
}

/* { cluster } and { ...rest } and { authorizer (channel) { … } } have a name of their own */
static ScopeConfigValue *
scanner_read_member (Scanner *self,
                     char     close,
                     char   **name,
                     GError **error)
{
  ScopeConfigValue *value;

  *name = scanner_read_name (self);
  if (*name != NULL || close != '}')
    return scanner_read_value (self, error);

  value = scanner_read_expression (self, self->at, error);
  if (value != NULL && value->text != NULL && *value->text != '.')
    *name = g_strdup (value->text);
  return value;
}

/* names matter if there is one; else it is a list */
static ScopeConfigValue *
scanner_finish_members (ScopeConfigValue *object,
                        char              close)
{
  gboolean named = close == '}';

  for (guint i = 0; i < object->names->len && !named; i++)
    named = g_ptr_array_index (object->names, i) != NULL;
  if (!named)
    {
      object->kind = SCOPE_CONFIG_LIST;
      g_clear_pointer (&object->names, g_ptr_array_unref);
    }
  return object;
}

static gboolean
scanner_add_member (Scanner          *self,
                    ScopeConfigValue *object,
                    char              close,
                    GError          **error)
{
  char *name = NULL;
  gsize start = self->at;
  ScopeConfigValue *value = scanner_read_member (self, close, &name, error);

  if (value == NULL)
    {
      g_free (name);
      return FALSE;
    }
  g_ptr_array_add (object->names, name);
  g_ptr_array_add (object->items, value);

  if (scanner_peek (self, 0) == ',')
    self->at++;
  else if (scanner_peek (self, 0) != close)
    return scanner_fail (self, MIN (self->at, self->length), error,
                         _("a comma or a closing bracket was expected here"));
  else if (self->at == start)
    return scanner_fail (self, start, error, _("a value was expected here"));
  return TRUE;
}

static gboolean
scanner_fill_members (Scanner          *self,
                      ScopeConfigValue *object,
                      char              close,
                      GError          **error)
{
  while (scanner_skip_space (self, error))
    {
      if (scanner_peek (self, 0) == close)
        {
          self->at++;
          return TRUE;
        }
      if (scanner_peek (self, 0) == 0)
        return scanner_fail (self, object->offset, error,
                             _("a bracket is opened here and never closed"));
      if (!scanner_add_member (self, object, close, error))
        return FALSE;
    }
  return FALSE;
}

static ScopeConfigValue *
scanner_read_members (Scanner *self,
                      char     close,
                      GError **error)
{
  g_autoptr (ScopeConfigValue) object = config_value_new (SCOPE_CONFIG_OBJECT, self->at - 1);
  gboolean filled;

  if (++self->depth > MAX_DEPTH)
    {
      scanner_fail (self, self->at - 1, error, _("this is nested too deeply"));
      return NULL;
    }
  filled = scanner_fill_members (self, object, close, error);
  self->depth--;
  return filled ? scanner_finish_members (g_steal_pointer (&object), close) : NULL;
}

/**
 * scope_config_scan:
 * @text: source code, UTF-8, with a NUL at its end and nowhere else
 * @length: its bytes
 * @offset: (inout): where the opening bracket is; afterwards what follows the closing one
 *
 * Reads what stands in brackets. Nothing is evaluated: what is no literal becomes an expression.
 *
 * Returns: (transfer full) (nullable): an object, or a list where nothing has a name
 */
ScopeConfigValue *
scope_config_scan (const char *text,
                   gsize       length,
                   gsize      *offset,
                   GError    **error)
{
  Scanner scanner = { text, length, *offset, 0 };
  ScopeConfigValue *value;

  g_return_val_if_fail (text != NULL && *offset < length, NULL);

  value = scanner_read_group (&scanner, error);
  *offset = scanner.at;
  return value;
}
