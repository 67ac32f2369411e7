/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-env.h"

#include "base/scope-secret.h"

#include <string.h>

#define MAX_VARIABLES 500
#define MAX_NAME_BYTES 80
#define MAX_VALUE_BYTES 8192
#define MAX_REFERENCES 64 /* in one value, those in what they name included */
#define MAX_DEPTH 8

typedef struct
{
  ScopeConfigVariable public;
  gboolean literal; /* in single quotes: nothing in it is replaced */
} Variable;

static void
env_wipe (char *text)
{
  if (text != NULL)
    scope_secret_wipe (text, strlen (text));
  g_free (text);
}

static void
env_variable_free (gpointer data)
{
  Variable *self = data;

  g_free (self->public.name);
  env_wipe (self->public.value);
  g_free (self);
}

static gsize
env_get_name_length (const char *line)
{
  gsize length = 0;

  while (g_ascii_isupper (line[length]) || g_ascii_isdigit (line[length]) || line[length] == '_')
    length++;
  return length > 0 && length <= MAX_NAME_BYTES && !g_ascii_isdigit (*line) ? length : 0;
}

/* "…" knows \" and \\; what stands after the quote is a comment */
static char *
env_dup_quoted (const char *text,
                gsize       length)
{
  GString *value = g_string_sized_new (length + 1);

  for (gsize i = 1; i < length && text[i] != *text; i++)
    {
      if (*text == '"' && text[i] == '\\' && i + 1 < length && strchr ("\"\\", text[i + 1]) != NULL)
        i++;
      g_string_append_c (value, text[i]);
    }
  return g_string_free (value, FALSE);
}

static char *
env_dup_plain (const char *text,
               gsize       length)
{
  gsize end = 0;

  while (end < length && !(text[end] == '#' && (end == 0 || g_ascii_isspace (text[end - 1]))))
    end++;
  while (end > 0 && g_ascii_isspace (text[end - 1]))
    end--;
  return g_strndup (text, end);
}

/* NULL if this line sets nothing */
static Variable *
env_parse_line (const char *line,
                gsize       length)
{
  const char *end = line + length;
  Variable *variable;
  gsize name;

  while (line < end && g_ascii_isspace (*line))
    line++;
  if (g_str_has_prefix (line, "export "))
    line += strlen ("export ");
  name = env_get_name_length (line);
  if (name == 0 || line + name >= end || line[name] != '=')
    return NULL;

  variable = g_new0 (Variable, 1);
  variable->public.name = g_strndup (line, name);
  line += name + 1;
  while (line < end && (*line == ' ' || *line == '\t'))
    line++;
  variable->literal = *line == '\'';
  length = MIN ((gsize) (end - line), MAX_VALUE_BYTES);
  variable->public.value = length > 0 && (*line == '"' || *line == '\'')
                             ? env_dup_quoted (line, length)
                             : env_dup_plain (line, length);
  return variable;
}

/* References */

typedef struct
{
  GHashTable *variables; /* name → Variable, values as they stand */
  GString *out;
  guint left;
  gboolean unresolved;
} Expansion;

static void env_expand (Expansion *self, Variable *variable, guint depth);

/* text begins with ${; returns what follows the reference */
static const char *
env_expand_reference (Expansion  *self,
                      const char *text,
                      guint       depth)
{
  gsize length = env_get_name_length (text + 2);
  g_autofree char *name = g_strndup (text + 2, length);
  Variable *other = g_hash_table_lookup (self->variables, name);

  if (length == 0 || text[2 + length] != '}' || other == NULL || depth >= MAX_DEPTH ||
      self->left == 0)
    {
      self->unresolved = TRUE;
      g_string_append (self->out, "${");
      return text + 2;
    }

  self->left--;
  env_expand (self, other, depth + 1);
  return text + length + 3;
}

static void
env_expand (Expansion *self,
            Variable  *variable,
            guint      depth)
{
  const char *text = variable->public.value;

  while (*text != '\0' && self->out->len < MAX_VALUE_BYTES)
    if (!variable->literal && g_str_has_prefix (text, "${"))
      text = env_expand_reference (self, text, depth);
    else
      g_string_append_c (self->out, *text++);
}

static void
env_resolve (GPtrArray *variables)
{
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) env_wipe);

  for (guint i = 0; i < variables->len; i++)
    {
      Variable *variable = g_ptr_array_index (variables, i);

      g_hash_table_insert (table, variable->public.name, variable);
    }
  for (guint i = 0; i < variables->len; i++)
    {
      Variable *variable = g_ptr_array_index (variables, i);
      Expansion expansion = { table, g_string_sized_new (MAX_VALUE_BYTES + 8), MAX_REFERENCES };

      env_expand (&expansion, variable, 0);
      variable->public.unresolved = expansion.unresolved;
      g_ptr_array_add (values, g_strdup (expansion.out->str));
      scope_secret_wipe (expansion.out->str, expansion.out->len);
      g_string_free (expansion.out, TRUE);
    }
  for (guint i = 0; i < variables->len; i++)
    {
      Variable *variable = g_ptr_array_index (variables, i);

      env_wipe (variable->public.value);
      variable->public.value = g_ptr_array_index (values, i);
      g_ptr_array_index (values, i) = NULL;
    }
}

/**
 * scope_config_env_parse:
 * @text: any text
 *
 * Finds lines of the form NAME=VALUE: `export` before it, quotes and comments as in .env files,
 * and ${OTHER} for a variable of the same text. Other lines are passed over.
 *
 * Returns: (transfer full): the variables, of `ScopeConfigVariable`
 */
GPtrArray *
scope_config_env_parse (const char *text)
{
  GPtrArray *variables = g_ptr_array_new_with_free_func (env_variable_free);

  g_return_val_if_fail (text != NULL, NULL);

  while (*text != '\0' && variables->len < MAX_VARIABLES)
    {
      gsize length = strcspn (text, "\n");
      Variable *variable = env_parse_line (text, length);

      if (variable != NULL)
        g_ptr_array_add (variables, variable);
      text += length;
      text += *text == '\n';
    }
  env_resolve (variables);
  return variables;
}

/* the last one of that name is the one that counts */
static ScopeConfigVariable *
env_find (GPtrArray  *variables,
          const char *name)
{
  for (guint i = variables->len; i > 0; i--)
    {
      ScopeConfigVariable *variable = g_ptr_array_index (variables, i - 1);

      if (strcmp (variable->name, name) == 0)
        return variable;
    }
  return NULL;
}

/**
 * scope_config_env_lookup:
 *
 * Returns: (transfer none) (nullable): a variable's value, if it is known and not empty
 */
const char *
scope_config_env_lookup (GPtrArray  *variables,
                         const char *name)
{
  ScopeConfigVariable *variable = env_find (variables, name);

  return variable != NULL && !variable->unresolved && *variable->value != '\0' ? variable->value
                                                                                : NULL;
}
