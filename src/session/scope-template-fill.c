/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-template-fill"

#include "config.h"

#include "session/scope-template-fill.h"

#include "base/scope-text.h"

#include <string.h>

typedef enum
{
  VARIABLE_NOW,
  VARIABLE_UUID,
  VARIABLE_N,
  N_VARIABLES
} TemplateVariable;

static const char * const names[N_VARIABLES] = { "now", "uuid", "n" };

/* The variable that stands at the start of text, and its length; N_VARIABLES: none. */
static TemplateVariable
template_match (const char *text,
                gsize      *length)
{
  const char *name = text + 2;

  if (!g_str_has_prefix (text, "{{"))
    return N_VARIABLES;

  name += strspn (name, " ");
  for (int i = 0; i < N_VARIABLES; i++)
    {
      const char *end = name + strlen (names[i]);

      if (!g_str_has_prefix (name, names[i]))
        continue;
      end += strspn (end, " ");
      if (!g_str_has_prefix (end, "}}"))
        continue;
      *length = end + 2 - text;
      return i;
    }
  return N_VARIABLES;
}

/* (transfer full) */
static char *
template_dup_value (TemplateVariable           variable,
                    const ScopeTemplateValues *values)
{
  switch (variable)
    {
    case VARIABLE_NOW:
      return scope_text_format_rfc3339 (values->now_usec);
    case VARIABLE_UUID:
      return g_strdup (values->uuid);
    case VARIABLE_N:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, values->n);
    case N_VARIABLES:
    default:
      g_assert_not_reached ();
    }
}

/* The next variable, or the end; out (nullable) gets the text before it. */
static TemplateVariable
template_next (const char **text,
               gsize       *length,
               GString     *out)
{
  const char *p = *text;

  for (; *p != '\0'; p++)
    {
      TemplateVariable variable = *p == '{' ? template_match (p, length) : N_VARIABLES;

      if (variable == N_VARIABLES)
        continue;
      g_string_append_len (out, *text, p - *text);
      *text = p;
      return variable;
    }
  g_string_append_len (out, *text, p - *text);
  *text = p;
  return N_VARIABLES;
}

/**
 * scope_template_fill:
 * @text: what was typed
 *
 * Returns: (transfer full): @text with a value for each variable
 */
char *
scope_template_fill (const char                *text,
                     const ScopeTemplateValues *values)
{
  GString *out = g_string_new (NULL);
  TemplateVariable variable;
  gsize length;

  g_return_val_if_fail (text != NULL && values != NULL, NULL);

  while ((variable = template_next (&text, &length, out)) != N_VARIABLES)
    {
      g_autofree char *value = template_dup_value (variable, values);

      g_string_append (out, value);
      text += length;
    }
  return g_string_free (out, FALSE);
}

/**
 * scope_template_find_source:
 * @text: what was typed
 * @offset: of a byte of what scope_template_fill() made of it
 *
 * Returns: where that byte comes from, in @text
 */
gsize
scope_template_find_source (const char                *text,
                            const ScopeTemplateValues *values,
                            gsize                      offset)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *rest = text;
  TemplateVariable variable;
  gsize length;

  g_return_val_if_fail (text != NULL && values != NULL, 0);

  for (;;)
    {
      gsize filled = out->len;
      const char *from = rest;
      g_autofree char *value = NULL;

      variable = template_next (&rest, &length, out);
      if (offset <= out->len && (variable == N_VARIABLES || offset < out->len))
        return (gsize) (from - text) + (offset - filled);
      if (variable == N_VARIABLES)
        return (gsize) (rest - text);
      value = template_dup_value (variable, values);
      g_string_append (out, value);
      if (offset < out->len)
        return (gsize) (rest - text);
      rest += length;
    }
}

/**
 * scope_template_has_variables:
 *
 * Returns: whether a value is filled in anywhere
 */
gboolean
scope_template_has_variables (const char *text)
{
  gsize length;

  g_return_val_if_fail (text != NULL, FALSE);

  for (const char *p = text; *p != '\0'; p++)
    if (*p == '{' && template_match (p, &length) != N_VARIABLES)
      return TRUE;
  return FALSE;
}
