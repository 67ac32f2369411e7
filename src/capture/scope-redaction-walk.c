/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-redaction"

#include "config.h"

#include "capture/scope-redaction-private.h"

#include <string.h>

#include "capture/scope-path.h"
#include "json/scope-json.h"

/* a string in a string in a string…: deeper than this it is hidden as a whole */
#define MAX_NESTED_STRINGS 4

/* One line's walk. The path is that of the value at hand. */
typedef struct
{
  ScopeRedaction *self;
  GString *out;
  GPtrArray *path;
  guint nested;
  guint n;
  gboolean in_raw;
} Walk;

static void walk_value (Walk          *walk,
                        ScopeJsonKind  kind,
                        const char    *text,
                        gsize          length);

/* A value's text: that of a string, else its JSON; the same person is the same number in both. */
static char *
redaction_dup_value (ScopeJsonKind kind,
                     const char   *text,
                     gsize         length)
{
  g_autoptr (GString) compact = g_string_new (NULL);

  if (kind == SCOPE_JSON_STRING)
    return scope_json_string_dup (text, length);
  scope_json_append_compact (compact, text, length);
  return g_string_free (g_steal_pointer (&compact), FALSE);
}

static char *
walk_dup_path (Walk *walk)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < walk->path->len; i++)
    {
      const ScopePathStep *step = walk->path->pdata[i];

      if (step->name != NULL)
        scope_path_append_name (text, step->name);
      else
        g_string_append (text, "[]");
    }
  if (text->len > 0 && text->str[0] == '.')
    g_string_erase (text, 0, 1);
  return g_string_free (text, FALSE);
}

static const char *
walk_get_placeholder (Walk       *walk,
                      const char *value,
                      const char *prefix)
{
  const char *placeholder = _scope_redaction_get_placeholder (walk->self, value, prefix);

  if (walk->self->watch != NULL && !walk->in_raw)
    {
      g_autofree char *path = walk_dup_path (walk);

      walk->self->watch (path, value, placeholder, walk->self->watch_data);
    }
  return placeholder;
}

static void
walk_replace (Walk          *walk,
              const char    *prefix,
              ScopeJsonKind  kind,
              const char    *text,
              gsize          length)
{
  g_autofree char *value = redaction_dup_value (kind, text, length);

  scope_json_append_string (walk->out, walk_get_placeholder (walk, value, prefix), -1);
  walk->n++;
}

/* --- strings --- */

typedef struct
{
  Walk *walk;
  guint n;
} RegexCall;

static gboolean
walk_replace_match_cb (const GMatchInfo *match,
                       GString          *result,
                       gpointer          user_data)
{
  RegexCall *call = user_data;
  g_autofree char *value = g_match_info_fetch (match, 0);

  if (*value == '\0')
    return FALSE;
  g_string_append (result, walk_get_placeholder (call->walk, value, "text"));
  call->n++;
  return FALSE;
}

/* What can't be matched within the engine's bounds is hidden as a whole: too much is better than too little. */
static char *
walk_match_all (Walk       *walk,
                const char *text,
                guint      *n)
{
  char *current = g_strdup (text);

  for (guint i = 0; i < walk->self->rules->len; i++)
    {
      ScopeRedactionRule *rule = walk->self->rules->pdata[i];
      RegexCall call = { .walk = walk };
      g_autofree char *before = NULL;

      if (rule->type != SCOPE_REDACTION_REGEX)
        continue;
      before = current;
      current = g_regex_replace_eval (rule->regex, before, -1, 0, 0, walk_replace_match_cb, &call, NULL);
      if (current == NULL)
        {
          current = g_strdup (walk_get_placeholder (walk, before, "text"));
          call.n = 1;
        }
      *n += call.n;
    }
  return current;
}

/* Its JSON without the white space around it; NULL if it does not look like one that holds anything. */
static const char *
walk_trim_json (const char *text,
                gsize      *length)
{
  while (*length > 0 && strchr (" \t\r\n", *text) != NULL)
    {
      text++;
      (*length)--;
    }
  while (*length > 0 && strchr (" \t\r\n", text[*length - 1]) != NULL)
    (*length)--;
  return *length > 0 && strchr ("{[\"", *text) != NULL ? text : NULL;
}

static gboolean
walk_has_names (Walk *walk)
{
  for (guint i = 0; i < walk->self->rules->len; i++)
    if (((ScopeRedactionRule *) walk->self->rules->pdata[i])->type != SCOPE_REDACTION_REGEX)
      return TRUE;
  return FALSE;
}

static void
walk_hide (Walk       *walk,
           const char *text)
{
  scope_json_append_string (walk->out, walk_get_placeholder (walk, text, "text"), -1);
  walk->n++;
}

/* JSON in a string is walked as JSON and becomes a string again. Where names can't be looked for in it because
 * it is too deep, all of it is hidden: too much is better than too little. */
static gboolean
walk_inner_json (Walk       *walk,
                 const char *whole,
                 gsize       length)
{
  const char *text = walk_trim_json (whole, &length);
  g_autoptr (GString) inner = NULL;
  GString *out = walk->out;
  ScopeJsonProblem problem;
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  gboolean is_json = text != NULL && scope_json_check (text, length, &kind, &problem);
  guint before = walk->n;

  if (text == NULL || (!is_json && problem.fault != SCOPE_JSON_FAULT_DEPTH))
    return FALSE;
  if (!is_json || walk->nested == MAX_NESTED_STRINGS)
    {
      if (walk_has_names (walk))
        walk_hide (walk, whole);
      return walk->n > before;
    }

  inner = g_string_new (NULL);
  walk->out = inner;
  walk->nested++;
  walk_value (walk, kind, text, length);
  walk->nested--;
  walk->out = out;
  if (walk->n > before)
    scope_json_append_string (out, inner->str, inner->len);
  return walk->n > before;
}

static gboolean
walk_is_surrogate (const char *p,
                     const char *end,
                     const char *third)
{
  return end - p >= 6 && p[0] == '\\' && p[1] == 'u' && g_ascii_tolower (p[2]) == 'd' && strchr (third, p[3]) != NULL;
}

/* What stands beside half a surrogate pair may be escaped, too: so that expressions fit it, that half alone
 * becomes U+FFFD. */
static void
walk_decode (const char *token,
             gsize       length,
             GString    *text)
{
  g_autoptr (GString) whole = NULL;
  const char *end = token + length;

  if (scope_json_string_decode (token, length, text))
    return;

  whole = g_string_sized_new (length);
  for (const char *p = token; p < end;)
    {
      gsize n = *p == '\\' ? 2 : 1;

      if (walk_is_surrogate (p, end, "89abAB") && walk_is_surrogate (p + 6, end, "cdefCDEF"))
        n = 12;
      else if (walk_is_surrogate (p, end, "89abcdefABCDEF"))
        {
          g_string_append (whole, "\\ufffd");
          p += 6;
          continue;
        }
      g_string_append_len (whole, p, n);
      p += n;
    }
  g_string_truncate (text, 0);
  scope_json_string_decode (whole->str, whole->len, text);
}

/* An expression goes over text without NUL: an escaped one is looked at as its symbol. */
static char *
walk_dup_matchable (GString *text)
{
  g_autoptr (GString) matchable = g_string_new (NULL);

  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '\0')
      g_string_append (matchable, "\342\220\200");
    else
      g_string_append_c (matchable, text->str[i]);
  return g_string_free (g_steal_pointer (&matchable), FALSE);
}

/* text: of the token, as it is matched */
static void
walk_match (Walk       *walk,
            const char *token,
            gsize       length,
            GString    *text)
{
  g_autofree char *matchable = walk_dup_matchable (text);
  guint n = 0;
  g_autofree char *redacted = walk_match_all (walk, matchable, &n);

  if (n == 0)
    g_string_append_len (walk->out, token, length);
  else
    scope_json_append_string (walk->out, redacted, -1);
  walk->n += n;
}

static void
walk_string (Walk       *walk,
             const char *token,
             gsize       length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  walk_decode (token, length, text);
  if (!walk_inner_json (walk, text->str, text->len))
    walk_match (walk, token, length, text);
}

static gboolean
rule_fits_path (ScopeRedactionRule      *rule,
                GPtrArray *path)
{
  if (rule->steps->len != path->len)
    return FALSE;
  for (guint i = 0; i < path->len; i++)
    if (!scope_path_step_equal (rule->steps->pdata[i], path->pdata[i]))
      return FALSE;
  return TRUE;
}

static ScopeRedactionRule *
walk_find_rule (Walk       *walk,
                const char *name)
{
  for (guint i = 0; i < walk->self->rules->len; i++)
    {
      ScopeRedactionRule *rule = walk->self->rules->pdata[i];

      if (rule->type == SCOPE_REDACTION_FIELD && name != NULL && strcmp (rule->name, name) == 0)
        return rule;
      if (rule->type == SCOPE_REDACTION_PATH && rule_fits_path (rule, walk->path))
        return rule;
    }
  return NULL;
}

static gboolean
walk_keeps (Walk       *walk,
            const char *name)
{
  static const char * const kept[] = { "time", "type", "direction", "size", "bookmark", NULL };

  return walk->nested == 0 && walk->path->len == 1 && name != NULL && g_strv_contains (kept, name);
}

/* name: of a member; NULL for an element */
static void
walk_member (Walk          *walk,
             const char    *name,
             ScopeJsonKind  kind,
             const char    *text,
             gsize          length)
{
  ScopeRedactionRule *rule = walk_keeps (walk, name) ? NULL : walk_find_rule (walk, name);

  if (walk_keeps (walk, name))
    g_string_append_len (walk->out, text, length);
  else if (rule != NULL && kind != SCOPE_JSON_NULL)
    walk_replace (walk, rule->name, kind, text, length);
  else
    walk_value (walk, kind, text, length);
}

/* `raw` is `data` once more, as text: paths of data go for it, too */
static char *
walk_get_step (Walk *walk,
               char *name)
{
  return walk->path->len == 0 && walk->nested == 0 && g_strcmp0 (name, "raw") == 0 ? (char *) "data" : name;
}

/* Keys are strings, too: ids of members stand there. Those of the line itself are ours. */
static void
walk_key (Walk       *walk,
          const char *token,
          gsize       length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (walk->nested == 0 && walk->path->len == 0)
    {
      g_string_append_len (walk->out, token, length);
      return;
    }
  walk_decode (token, length, text);
  walk_match (walk, token, length, text);
}

static void
walk_container (Walk          *walk,
                ScopeJsonKind  kind,
                const char    *text,
                gsize          length)
{
  gboolean is_object = kind == SCOPE_JSON_OBJECT;
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind value_kind;

  g_string_append_c (walk->out, is_object ? '{' : '[');
  scope_json_iter_init (&iter, text, length);
  for (guint i = 0; scope_json_iter_next (&iter, &key, &value, &value_kind); i++)
    {
      g_autofree char *name = is_object ? scope_json_string_dup (text + key.offset, key.length) : NULL;
      ScopePathStep step = { walk_get_step (walk, name), i };
      gboolean was_in_raw = walk->in_raw;

      walk->in_raw |= step.name != name;
      if (i > 0)
        g_string_append_c (walk->out, ',');
      if (is_object)
        {
          walk_key (walk, text + key.offset, key.length);
          g_string_append_c (walk->out, ':');
        }
      g_ptr_array_add (walk->path, &step);
      walk_member (walk, name, value_kind, text + value.offset, value.length);
      g_ptr_array_set_size (walk->path, walk->path->len - 1);
      walk->in_raw = was_in_raw;
    }
  g_string_append_c (walk->out, is_object ? '}' : ']');
}

static void
walk_value (Walk          *walk,
            ScopeJsonKind  kind,
            const char    *text,
            gsize          length)
{
  if (kind == SCOPE_JSON_OBJECT || kind == SCOPE_JSON_ARRAY)
    walk_container (walk, kind, text, length);
  else if (kind == SCOPE_JSON_STRING)
    walk_string (walk, text, length);
  else
    g_string_append_len (walk->out, text, length);
}

/**
 * _scope_redaction_walk:
 * @out: where what is left is appended
 * @object: one JSON object, checked
 *
 * Returns: how many values were replaced in it
 */
guint
_scope_redaction_walk (ScopeRedaction *self,
                       GString        *out,
                       const char     *object,
                       gsize           length)
{
  g_autoptr (GPtrArray) path = g_ptr_array_new ();
  Walk walk = { .self = self, .out = out, .path = path };

  walk_value (&walk, SCOPE_JSON_OBJECT, object, length);
  return walk.n;
}
