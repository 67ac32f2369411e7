/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter-terms.h"

#include <string.h>

#include "capture/scope-filter-private.h"

/* A filter is put together from the very text that was typed: what nobody touched keeps its words. */

static ScopeFilterTerm *
filter_term_new (const char *text,
                 gboolean    negated)
{
  ScopeFilterTerm *self;

  self = g_new0 (ScopeFilterTerm, 1);
  self->text = g_strdup (text);
  self->negated = negated;
  return self;
}

/**
 * scope_filter_term_free:
 * @self: (nullable) (transfer full): a term
 */
void
scope_filter_term_free (ScopeFilterTerm *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

static char *
dup_part (const char *text,
          gsize       start,
          gsize       end)
{
  char *part = g_strndup (text + start, end - start);

  return g_strstrip (part);
}

/* The place of a chain without parentheses is the whole text. */
static void
add_term (GPtrArray        *terms,
          const char       *text,
          const FilterNode *node)
{
  ScopeFilterTerm *term = g_new0 (ScopeFilterTerm, 1);

  term->negated = node->kind == FILTER_NODE_NOT;
  if (term->negated)
    node = node->children->pdata[0];
  term->is_choice = node->kind == FILTER_NODE_OR && node->end == 0;
  term->text = dup_part (text, node->start, node->end > 0 ? node->end : strlen (text));
  g_ptr_array_add (terms, term);
}

/* `a and (b and c)` is three terms as well. */
static void
add_terms (GPtrArray        *terms,
           const char       *text,
           const FilterNode *node)
{
  if (node->kind == FILTER_NODE_ALL)
    return;
  if (node->kind != FILTER_NODE_AND)
    {
      add_term (terms, text, node);
      return;
    }
  for (guint i = 0; i < node->children->len; i++)
    add_terms (terms, text, node->children->pdata[i]);
}

/**
 * scope_filter_split_terms:
 * @text: a filter
 *
 * Returns: (transfer full) (element-type ScopeFilterTerm) (nullable): its parts that all have to
 *   be true; `NULL` if there is a mistake in it
 */
GPtrArray *
scope_filter_split_terms (const char *text)
{
  g_autoptr (FilterNode) root = NULL;
  GPtrArray *terms;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > SCOPE_FILTER_MAX_BYTES || !g_utf8_validate (text, -1, NULL))
    return NULL;
  root = _scope_filter_parse (text, NULL, NULL);
  if (root == NULL)
    return NULL;
  terms = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_filter_term_free);
  add_terms (terms, text, root);
  return terms;
}

/**
 * scope_filter_join_terms:
 * @terms: (element-type ScopeFilterTerm): parts
 *
 * Returns: (transfer full): the filter they make, "" if there is none
 */
char *
scope_filter_join_terms (GPtrArray *terms)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (terms != NULL, NULL);

  for (guint i = 0; i < terms->len; i++)
    {
      const ScopeFilterTerm *term = terms->pdata[i];
      gboolean needs_group = term->is_choice && (term->negated || terms->len > 1);

      g_string_append_printf (text, "%s%s%s%s%s", i > 0 ? " and " : "", term->negated ? "not " : "",
                              needs_group ? "(" : "", term->text, needs_group ? ")" : "");
    }
  return g_string_free (text, FALSE);
}

static gboolean
term_find (GPtrArray             *terms,
           const ScopeFilterTerm *wanted,
           gboolean               negated,
           guint                 *index)
{
  for (guint i = 0; i < terms->len; i++)
    {
      const ScopeFilterTerm *term = terms->pdata[i];

      if (term->negated == negated && g_str_equal (term->text, wanted->text))
        {
          *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* Not twice; and its opposite, beside which nothing would be left, gives way. */
static void
take_term (GPtrArray       *terms,
           ScopeFilterTerm *term)
{
  guint index;

  if (term_find (terms, term, !term->negated, &index))
    g_ptr_array_remove_index (terms, index);
  if (term_find (terms, term, term->negated, &index))
    scope_filter_term_free (term);
  else
    g_ptr_array_add (terms, term);
}

/* All of the addition is one thing to be excluded. */
static void
exclude_terms (GPtrArray  *terms,
               GPtrArray  *added,
               const char *addition)
{
  ScopeFilterTerm *term;
  g_autofree char *whole = NULL;

  if (added->len == 1)
    {
      term = g_ptr_array_steal_index (added, 0);
      term->negated = !term->negated;
    }
  else
    {
      whole = g_strdup_printf ("(%s)", addition);
      term = filter_term_new (whole, TRUE);
    }
  take_term (terms, term);
}

/**
 * scope_filter_combine:
 * @text: the present filter
 * @addition: what is to come to it
 *
 * A mistake in @text drops it; one in @addition leaves @addition alone, to be shown. What is
 * there already is not added again.
 *
 * Returns: (transfer full): the new filter
 */
char *
scope_filter_combine (const char      *text,
                      ScopeFilterMode  mode,
                      const char      *addition)
{
  g_autoptr (GPtrArray) terms = NULL;
  g_autoptr (GPtrArray) added = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (addition != NULL, NULL);

  added = scope_filter_split_terms (addition);
  if (mode == SCOPE_FILTER_REPLACE || added == NULL)
    return g_strdup (addition);

  terms = scope_filter_split_terms (text);
  if (terms == NULL)
    terms = scope_filter_split_terms ("");
  if (added->len > 0 && mode == SCOPE_FILTER_EXCLUDE)
    exclude_terms (terms, added, addition);
  else
    while (added->len > 0)
      take_term (terms, g_ptr_array_steal_index (added, 0));
  return scope_filter_join_terms (terms);
}

/**
 * scope_filter_mode_parse:
 * @name: "replace", "only" or "exclude"
 * @mode: (out): what it means
 *
 * Returns: whether there is such a mode
 */
gboolean
scope_filter_mode_parse (const char      *name,
                         ScopeFilterMode *mode)
{
  static const char * const names[] = { "replace", "only", "exclude" };

  g_return_val_if_fail (name != NULL && mode != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      {
        *mode = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * scope_filter_format_term:
 * @field: a field or a payload path
 * @value: what it is to be; of a payload path its JSON token
 *
 * Objects and arrays are compared with nothing: for them it is asked whether the place exists.
 *
 * Returns: (transfer full): a comparison, as the filter language writes it
 */
char *
scope_filter_format_term (const char *field,
                          const char *value)
{
  GString *text;

  g_return_val_if_fail (field != NULL, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  text = g_string_new (field);
  if (g_str_has_prefix (field, "data"))
    {
      if (*value == '{' || *value == '[')
        g_string_append (text, " exists");
      else
        g_string_append_printf (text, " == %s", value);
    }
  else if (g_str_equal (field, "size"))
    {
      g_string_append_printf (text, " >= %s", value);
    }
  else
    {
      g_string_append (text, g_str_equal (field, "time") ? " >= " : " == ");
      scope_json_append_string (text, value, -1);
    }
  return g_string_free (text, FALSE);
}
