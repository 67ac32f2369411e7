/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter-complete.h"

#include <string.h>

#include "capture/scope-filter-parser.h"

/* The parser stops at the first mistake; somebody who is still writing makes one all the time. So
 * this walks over the same tokens (scope-filter-parser.c has the grammar) as far as the cursor, and
 * tells what may stand there. It decides nothing about what matches. */

typedef enum
{
  STATE_TERM,
  STATE_OPERATOR,
  STATE_LIST,
  STATE_VALUE,
  STATE_LIST_NEXT,
  STATE_CONNECTIVE,
  STATE_DONE,
} WalkState;

typedef struct
{
  const char *text;
  const char *cursor;
  const char *p;
  ScopeFilterPlace *place;
  gboolean is_path;  /* the field is a payload path: it cannot be a word */
  gboolean in_words; /* what stands before are words: more of them may follow */
  gboolean in_list;
} Walk;

static const char * const field_names[] = {
  "channel", "event", "user", "direction", "kind", "size", "time", "text", "data", NULL,
};

static const char * const symbols[] = { "==", "!=", "<=", ">=", "^=", "$=", "*=", "<", ">", "~" };

/* --- characters: as the parser sees them --- */

static gsize
op_length (const char *p)
{
  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (g_str_has_prefix (p, symbols[i]))
      return strlen (symbols[i]);
  return 0;
}

static gboolean
is_word_end (const char *p)
{
  return *p == '\0' || g_ascii_isspace (*p) || strchr ("()\"=", *p) != NULL || op_length (p) > 0;
}

static const char *
skip_word (const char *p)
{
  while (!is_word_end (p))
    p = g_utf8_next_char (p);
  return p;
}

static gboolean
token_is (const char *start,
          const char *end,
          const char *word)
{
  return strlen (word) == (gsize) (end - start) && strncmp (start, word, end - start) == 0;
}

static gboolean
is_field (const char *start,
          const char *end)
{
  for (guint i = 0; field_names[i] != NULL; i++)
    if (token_is (start, end, field_names[i]))
      return TRUE;
  return FALSE;
}

/* behind the closing quote, or NULL */
static const char *
skip_quoted (const char *p)
{
  for (p++; *p != '\0' && *p != '"'; p++)
    if (*p == '\\' && p[1] != '\0')
      p++;
  return *p == '"' ? p + 1 : NULL;
}

static const char *
skip_scalar (const char *p)
{
  while (g_ascii_isalnum (*p) || (*p != '\0' && strchr ("+-.:_", *p) != NULL))
    p++;
  return p;
}

static gboolean
begins_path (const char *p)
{
  return g_str_has_prefix (p, "data") && (p[4] == '.' || p[4] == '[');
}

/* To where it ends or is broken off. */
static const char *
skip_path (const char *p,
           gboolean   *complete)
{
  *complete = TRUE;
  for (p += strlen ("data"); *complete && (*p == '.' || *p == '['); )
    {
      const char *start = p + 1;
      const char *end = start;

      if (*p == '[')
        {
          while (g_ascii_isdigit (*end))
            end++;
          *complete = end > start && *end == ']';
          p = *complete ? end + 1 : end;
        }
      else if (*start == '"')
        {
          end = skip_quoted (start);
          *complete = end != NULL;
          p = *complete ? end : start + strlen (start);
        }
      else
        {
          while (*end != '\0' && filter_is_name_char (end))
            end = g_utf8_next_char (end);
          *complete = end > start;
          p = end;
        }
    }
  return p;
}

/* --- the place --- */

/* What stands before the cursor of a text in quotes; a broken escape at its end is left out. */
static char *
dup_unquoted (const char *start,
              const char *cursor)
{
  g_autoptr (GString) token = g_string_new_len (start, cursor - start);
  g_autoptr (GString) text = g_string_new (NULL);

  for (;; g_string_truncate (token, token->len - 1))
    {
      g_autofree char *closed = g_strconcat (token->str, "\"", NULL);

      if (token->len == 0)
        return g_strdup ("");
      if (scope_json_check (closed, strlen (closed), NULL, NULL)
          && scope_json_string_decode (closed, strlen (closed), text))
        return g_strndup (text->str, text->len);
      if (token->len + 12 < (gsize) (cursor - start))
        return g_strndup (start + 1, cursor - start - 1);
    }
}

static WalkState
walk_tell (Walk               *walk,
           ScopeFilterExpects  expects,
           const char         *start,
           const char         *end)
{
  ScopeFilterPlace *place = walk->place;

  place->expects = expects;
  place->start = start - walk->text;
  place->end = end - walk->text;
  place->in_quotes = *start == '"' && walk->cursor > start;
  place->prefix = place->in_quotes ? dup_unquoted (start, walk->cursor)
                                   : g_strndup (start, walk->cursor - start);
  return STATE_DONE;
}

static WalkState
walk_give_up (Walk *walk)
{
  return walk_tell (walk, SCOPE_FILTER_EXPECTS_NOTHING, walk->cursor, walk->cursor);
}

static void
walk_set_field (Walk       *walk,
                const char *start,
                const char *end)
{
  g_free (walk->place->field);
  walk->place->field = g_strndup (start, end - start);
}

static void
walk_set_op (Walk       *walk,
             const char *start,
             const char *end)
{
  g_free (walk->place->op);
  walk->place->op = g_strndup (start, end - start);
}

static void
walk_forget_question (Walk *walk)
{
  g_clear_pointer (&walk->place->field, g_free);
  g_clear_pointer (&walk->place->op, g_free);
  walk->is_path = FALSE;
  walk->in_list = FALSE;
}

/* --- the states --- */

static WalkState
walk_path (Walk *walk)
{
  const char *start = walk->p;
  gboolean complete;
  const char *end = skip_path (start, &complete);

  if (walk->cursor <= end)
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_PATH, start, complete ? end : walk->cursor);
  if (!complete)
    return walk_give_up (walk);
  walk->p = end;
  walk->is_path = TRUE;
  walk_set_field (walk, start, end);
  return STATE_OPERATOR;
}

static WalkState
walk_quoted_word (Walk *walk)
{
  const char *end = skip_quoted (walk->p);

  if (end == NULL || walk->cursor < end)
    return walk_give_up (walk);
  walk->p = end;
  walk->in_words = TRUE;
  return STATE_CONNECTIVE;
}

static WalkState
walk_term (Walk *walk)
{
  const char *start = walk->p;
  const char *end = skip_word (start);

  walk->in_words = FALSE;
  walk_forget_question (walk);
  if (*start == '(' && walk->cursor > start)
    {
      walk->p++;
      walk->place->depth++;
      return STATE_TERM;
    }
  if (*start == '"' && walk->cursor > start)
    return walk_quoted_word (walk);
  if (begins_path (start) && walk->cursor > start + strlen ("data"))
    return walk_path (walk);
  if (walk->cursor <= end)
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_FIELD, start, end);
  if (end == start || token_is (start, end, "and") || token_is (start, end, "or"))
    return walk_give_up (walk);

  walk->p = end;
  if (token_is (start, end, "not"))
    return STATE_TERM;
  if (is_field (start, end))
    {
      walk_set_field (walk, start, end);
      return STATE_OPERATOR;
    }
  walk->in_words = TRUE;
  return STATE_CONNECTIVE;
}

/* A field's name with no operator behind it is a word. */
static WalkState
walk_take_field_for_word (Walk *walk)
{
  if (walk->is_path)
    return walk_give_up (walk);
  walk_forget_question (walk);
  walk->in_words = TRUE;
  return STATE_CONNECTIVE;
}

static WalkState
walk_operator (Walk *walk)
{
  const char *start = walk->p;
  const char *end = start + op_length (start);

  if (end == start)
    end = *start == '=' ? start + 1 : skip_word (start);
  if (walk->cursor < end || walk->cursor == start || (walk->cursor == end && op_length (start) == 0))
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_OPERATOR, start, end);

  if (op_length (start) > 0)
    {
      walk_set_op (walk, start, end);
      walk->p = end;
      return STATE_VALUE;
    }
  if (token_is (start, end, "exists"))
    {
      walk_forget_question (walk);
      walk->p = end;
      return STATE_CONNECTIVE;
    }
  if (token_is (start, end, "in"))
    {
      walk_set_op (walk, start, end);
      walk->p = end;
      return STATE_LIST;
    }
  return *start == '=' ? walk_give_up (walk) : walk_take_field_for_word (walk);
}

static WalkState
walk_list (Walk *walk)
{
  if (walk->cursor == walk->p)
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_LIST, walk->p, walk->p);
  if (*walk->p != '(')
    return walk_take_field_for_word (walk);
  walk->p++;
  walk->in_list = TRUE;
  return STATE_VALUE;
}

static WalkState
walk_value (Walk *walk)
{
  const char *start = walk->p;
  const char *end = *start == '"' ? skip_quoted (start) : skip_scalar (start);

  if (end == NULL)
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_VALUE, start, walk->cursor);
  if (*start == '"' && *end == 'i' && !filter_is_name_char (end + 1))
    end++;
  if (walk->cursor < end || walk->cursor == start || (walk->cursor == end && *start != '"'))
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_VALUE, start, end);
  if (end == start)
    return walk_give_up (walk);

  walk->p = end;
  if (walk->in_list)
    return STATE_LIST_NEXT;
  walk_forget_question (walk);
  return STATE_CONNECTIVE;
}

static WalkState
walk_list_next (Walk *walk)
{
  if (walk->cursor == walk->p)
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_LIST_NEXT, walk->p, walk->p);
  if (*walk->p == ',')
    {
      walk->p++;
      return STATE_VALUE;
    }
  if (*walk->p != ')')
    return walk_give_up (walk);
  walk->p++;
  walk_forget_question (walk);
  return STATE_CONNECTIVE;
}

static WalkState
walk_connective (Walk *walk)
{
  const char *start = walk->p;
  const char *end = skip_word (start);

  if (walk->cursor > start && *start == ')' && walk->place->depth > 0)
    {
      walk->p++;
      walk->place->depth--;
      walk->in_words = FALSE;
      return STATE_CONNECTIVE;
    }
  if (walk->cursor > start && *start == '"' && walk->in_words)
    return walk_quoted_word (walk);
  if (walk->cursor <= end)
    return walk_tell (walk, SCOPE_FILTER_EXPECTS_CONNECTIVE, start, end);

  walk->p = end;
  if (token_is (start, end, "and") || token_is (start, end, "or"))
    return STATE_TERM;
  if (!walk->in_words || end == start || token_is (start, end, "not"))
    return walk_give_up (walk);
  return STATE_CONNECTIVE;
}

static WalkState
walk_step (Walk      *walk,
           WalkState  state)
{
  static WalkState (*const steps[]) (Walk *) = {
    [STATE_TERM] = walk_term,   [STATE_OPERATOR] = walk_operator,
    [STATE_LIST] = walk_list,   [STATE_VALUE] = walk_value,
    [STATE_LIST_NEXT] = walk_list_next, [STATE_CONNECTIVE] = walk_connective,
  };

  while (walk->p < walk->cursor && g_ascii_isspace (*walk->p))
    walk->p++;
  return steps[state] (walk);
}

/**
 * scope_filter_complete:
 * @text: a filter that is being written
 * @cursor: a place in it, in bytes, at the beginning of a character
 *
 * Returns: (transfer full): what may stand there
 */
ScopeFilterPlace *
scope_filter_complete (const char *text,
                       gsize       cursor)
{
  ScopeFilterPlace *place;
  WalkState state = STATE_TERM;
  Walk walk = { .text = text, .p = text };

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (cursor <= strlen (text), NULL);

  place = g_new0 (ScopeFilterPlace, 1);
  walk.place = place;
  walk.cursor = text + cursor;
  while (state != STATE_DONE)
    state = walk_step (&walk, state);
  if (place->expects == SCOPE_FILTER_EXPECTS_CONNECTIVE
      || place->expects == SCOPE_FILTER_EXPECTS_FIELD)
    walk_forget_question (&walk);
  return place;
}

/**
 * scope_filter_place_free:
 * @self: (nullable) (transfer full): a place
 */
void
scope_filter_place_free (ScopeFilterPlace *self)
{
  if (self == NULL)
    return;
  g_free (self->prefix);
  g_free (self->field);
  g_free (self->op);
  g_free (self);
}

/**
 * scope_filter_get_fields:
 *
 * Returns: (transfer none): the names of all fields
 */
const char * const *
scope_filter_get_fields (void)
{
  return field_names;
}

/**
 * scope_filter_get_operators:
 * @field: a field's name, or a payload path
 *
 * Returns: (transfer none): the operators that make sense with it
 */
const char * const *
scope_filter_get_operators (const char *field)
{
  static const char * const names[] = { "==", "!=", "^=", "$=", "*=", "~", "in", "exists", NULL };
  static const char * const choices[] = { "==", "!=", "in", NULL };
  static const char * const numbers[] = { ">=", "<=", ">", "<", "==", "!=", NULL };
  static const char * const texts[] = { "*=", "~", "^=", "$=", "==", "!=", "exists", NULL };
  static const char * const all[]
      = { "==", "!=", ">", ">=", "<", "<=", "*=", "^=", "$=", "~", "in", "exists", NULL };

  g_return_val_if_fail (field != NULL, NULL);

  if (g_str_equal (field, "direction") || g_str_equal (field, "kind"))
    return choices;
  if (g_str_equal (field, "size") || g_str_equal (field, "time"))
    return numbers;
  if (g_str_equal (field, "text"))
    return texts;
  return g_str_has_prefix (field, "data") ? all : names;
}

/**
 * scope_filter_is_begun:
 * @text: a filter that is being written
 *
 * A field's name alone is a word as any other: "channel " is a filter, and on the way to
 * `channel == "a"` nobody means it.
 *
 * Returns: whether an operator or a value comes next
 */
gboolean
scope_filter_is_begun (const char *text)
{
  g_autoptr (ScopeFilterPlace) place = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  place = scope_filter_complete (text, strlen (text));
  switch (place->expects)
    {
    case SCOPE_FILTER_EXPECTS_OPERATOR:
      return g_str_has_prefix ("in", place->prefix) || g_str_has_prefix ("exists", place->prefix);
    case SCOPE_FILTER_EXPECTS_VALUE:
    case SCOPE_FILTER_EXPECTS_LIST:
    case SCOPE_FILTER_EXPECTS_LIST_NEXT:
      return TRUE;
    case SCOPE_FILTER_EXPECTS_NOTHING:
    case SCOPE_FILTER_EXPECTS_FIELD:
    case SCOPE_FILTER_EXPECTS_PATH:
    case SCOPE_FILTER_EXPECTS_CONNECTIVE:
    default:
      return FALSE;
    }
}

/**
 * scope_filter_ends_in_field:
 * @text: a filter that is being written
 *
 * Returns: whether its last word, still being typed, begins a field's name
 */
gboolean
scope_filter_ends_in_field (const char *text)
{
  g_autoptr (ScopeFilterPlace) place = NULL;
  const char * const *fields = scope_filter_get_fields ();

  g_return_val_if_fail (text != NULL, FALSE);

  place = scope_filter_complete (text, strlen (text));
  if (place->expects != SCOPE_FILTER_EXPECTS_FIELD || *place->prefix == '\0')
    return FALSE;
  for (gsize i = 0; fields[i] != NULL; i++)
    if (g_str_has_prefix (fields[i], place->prefix))
      return TRUE;
  return FALSE;
}

/**
 * scope_filter_split_question:
 * @text: one comparison
 *
 * Returns: whether it is one; then all parts are written
 */
gboolean
scope_filter_split_question (const char  *text,
                             char       **field,
                             char       **op,
                             char       **value)
{
  const char *end = skip_word (text);
  const char *behind;
  gboolean complete = TRUE;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (field != NULL && op != NULL && value != NULL, FALSE);

  if (begins_path (text))
    end = skip_path (text, &complete);
  else
    complete = is_field (text, end);
  if (!complete)
    return FALSE;

  *field = g_strndup (text, end - text);
  text = filter_skip_space (end);
  behind = op_length (text) > 0 ? text + op_length (text) : skip_word (text);
  *op = g_strndup (text, behind - text);
  *value = g_strdup (filter_skip_space (behind));
  if (op_length (text) > 0 || g_str_equal (*op, "in") || g_str_equal (*op, "exists"))
    return TRUE;
  g_clear_pointer (field, g_free);
  g_clear_pointer (op, g_free);
  g_clear_pointer (value, g_free);
  return FALSE;
}
