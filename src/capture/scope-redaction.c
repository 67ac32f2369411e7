/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-redaction"

#include "config.h"

#include "capture/scope-redaction-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-path.h"

#define MAX_RULES 1000

static void
rule_free (gpointer data)
{
  ScopeRedactionRule *rule = data;

  g_free (rule->name);
  g_clear_pointer (&rule->steps, g_ptr_array_unref);
  g_clear_pointer (&rule->regex, g_regex_unref);
  g_free (rule);
}

/* --- rules --- */

G_GNUC_PRINTF (3, 4)
static ScopeRedactionRule *
rule_fail (GError    **error,
           guint       line,
           const char *format,
           ...)
{
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("Redaction rule %u: %s"), line, why);
  return NULL;
}

static ScopeRedactionRule *
rule_new_path (const char *argument,
               guint       line,
               GError    **error)
{
  g_autoptr (GPtrArray) steps = scope_path_parse (argument);
  ScopeRedactionRule *rule;

  if (steps == NULL)
    return rule_fail (error, line, _("“%s” is no path like data.customer.email"), argument);

  rule = g_new0 (ScopeRedactionRule, 1);
  rule->type = SCOPE_REDACTION_PATH;
  for (guint i = steps->len; i > 0 && rule->name == NULL; i--)
    rule->name = g_strdup (((ScopePathStep *) steps->pdata[i - 1])->name);
  if (rule->name == NULL)
    rule->name = g_strdup ("text");
  rule->steps = g_steal_pointer (&steps);
  return rule;
}

static ScopeRedactionRule *
rule_new_regex (const char *argument,
                guint       line,
                GError    **error)
{
  g_autoptr (GError) problem = NULL;
  GRegex *regex = g_regex_new (argument, G_REGEX_OPTIMIZE, 0, &problem);
  ScopeRedactionRule *rule;

  if (regex == NULL)
    return rule_fail (error, line, "%s", problem->message);

  rule = g_new0 (ScopeRedactionRule, 1);
  rule->type = SCOPE_REDACTION_REGEX;
  rule->regex = regex;
  return rule;
}

static ScopeRedactionRule *
rule_new (const char *text,
          guint       line,
          GError    **error)
{
  gsize word = strcspn (text, " \t");
  const char *argument = text + word + strspn (text + word, " \t");

  if (*argument != '\0' && word == strlen ("field") && g_str_has_prefix (text, "field"))
    {
      ScopeRedactionRule *rule = g_new0 (ScopeRedactionRule, 1);

      rule->type = SCOPE_REDACTION_FIELD;
      rule->name = g_strdup (argument);
      return rule;
    }
  if (*argument != '\0' && word == strlen ("path") && g_str_has_prefix (text, "path"))
    return rule_new_path (argument, line, error);
  if (*argument != '\0' && word == strlen ("regex") && g_str_has_prefix (text, "regex"))
    return rule_new_regex (argument, line, error);
  return rule_fail (error, line, _("“%s” is none of: field NAME, path PATH, regex EXPRESSION"), text);
}

static gboolean
redaction_add_rules (ScopeRedaction *self,
                     const char     *rules,
                     GError        **error)
{
  g_auto (GStrv) lines = g_strsplit (rules, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      ScopeRedactionRule *rule;

      g_strstrip (lines[i]);
      if (lines[i][0] == '\0' || lines[i][0] == '#')
        continue;
      if (self->rules->len == MAX_RULES)
        return rule_fail (error, i + 1, _("at most %d rules are allowed"), MAX_RULES) != NULL;
      rule = rule_new (lines[i], i + 1, error);
      if (rule == NULL)
        return FALSE;
      g_ptr_array_add (self->rules, rule);
    }
  return TRUE;
}

/**
 * scope_redaction_new:
 * @rules: one rule a line
 *
 * Returns: (transfer full): a redaction that has seen nothing yet; %NULL with SCOPE_ERROR_USAGE, whose text
 *   names the rule's line, if one of them is none, or if there is not one
 */
ScopeRedaction *
scope_redaction_new (const char *rules,
                     GError    **error)
{
  g_autoptr (ScopeRedaction) self = NULL;

  g_return_val_if_fail (rules != NULL, NULL);

  self = g_new0 (ScopeRedaction, 1);
  self->rules = g_ptr_array_new_with_free_func (rule_free);
  self->placeholders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!g_utf8_validate (rules, -1, NULL))
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("Redaction rules are UTF-8 text"));
      return NULL;
    }
  if (!redaction_add_rules (self, rules, error))
    return NULL;
  if (self->rules->len == 0)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("There is no redaction rule: write field NAME, path PATH or regex EXPRESSION, "
                             "one a line"));
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * scope_redaction_free:
 * @self: (nullable)
 */
void
scope_redaction_free (ScopeRedaction *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->rules);
  g_hash_table_unref (self->placeholders);
  g_hash_table_unref (self->counts);
  g_free (self);
}

/* --- placeholders --- */

/**
 * _scope_redaction_get_placeholder:
 * @value: what is hidden
 * @prefix: what it begins with: the key's name, or "text"
 *
 * Returns: (transfer none): the same for the same value
 */
const char *
_scope_redaction_get_placeholder (ScopeRedaction *self,
                                  const char     *value,
                                  const char     *prefix)
{
  char *placeholder = g_hash_table_lookup (self->placeholders, value);
  guint number;

  if (placeholder != NULL)
    return placeholder;

  number = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, prefix)) + 1;
  g_hash_table_insert (self->counts, g_strdup (prefix), GUINT_TO_POINTER (number));
  placeholder = g_strdup_printf ("%s-%u", prefix, number);
  g_hash_table_insert (self->placeholders, g_strdup (value), placeholder);
  return placeholder;
}

/**
 * scope_redaction_watch:
 * @func: (nullable): called for each value that is replaced
 */
void
scope_redaction_watch (ScopeRedaction     *self,
                       ScopeRedactionFunc  func,
                       gpointer            user_data)
{
  g_return_if_fail (self != NULL);

  self->watch = func;
  self->watch_data = user_data;
}

/**
 * scope_redaction_append_object:
 * @object: one JSON object, checked
 *
 * Returns: how many values were replaced in it
 */
guint
scope_redaction_append_object (ScopeRedaction *self,
                               GString        *out,
                               const char     *object,
                               gsize           length)
{
  g_return_val_if_fail (self != NULL && out != NULL && object != NULL, 0);

  return _scope_redaction_walk (self, out, object, length);
}

/**
 * scope_redaction_append_line:
 * @line: one JSON object, checked
 *
 * Returns: how many values were replaced in it
 */
guint
scope_redaction_append_line (ScopeRedaction *self,
                             GString        *out,
                             const char     *line,
                             gsize           length)
{
  guint n;

  g_return_val_if_fail (self != NULL && out != NULL && line != NULL, 0);

  while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
    length--;
  n = scope_redaction_append_object (self, out, line, length);
  if (n > 0)
    {
      g_string_truncate (out, out->len - 1);
      g_string_append_printf (out, ",\"redacted\":%u}", n);
    }
  g_string_append_c (out, '\n');
  return n;
}

/**
 * scope_redaction_get_distinct:
 *
 * Returns: how many different values were hidden so far
 */
guint
scope_redaction_get_distinct (ScopeRedaction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->placeholders);
}
