/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter-parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "capture/scope-path.h"

/* Recursive descent over the bytes of the filter (cli-contract: "The filter language"):
 *
 *   or      := and { "or" and }
 *   and     := not { "and" not }
 *   not     := "not" not | primary
 *   primary := "(" or ")" | field op value | field "in" "(" value {"," value} ")"
 *            | field "exists" | word { word }
 *
 * A field's name is a word like any other unless an operator, `in` or `exists` stands behind it. A
 * text in quotes may stand for a word. The first mistake ends it all: nothing is written to the
 * error twice. Depth is bounded, and a chain of `and` is one node, so the tree is no deeper. */

#define MAX_ERROR_TEXT_BYTES 60

typedef struct
{
  const char *text;
  FilterOp op;
} OpName;

/* longer ones first */
static const OpName op_names[] = {
  { "==", FILTER_OP_EQUAL },      { "!=", FILTER_OP_DIFFERENT }, { "<=", FILTER_OP_LESS_EQUAL },
  { ">=", FILTER_OP_GREATER_EQUAL }, { "^=", FILTER_OP_STARTS }, { "$=", FILTER_OP_ENDS },
  { "*=", FILTER_OP_CONTAINS },   { "<", FILTER_OP_LESS },       { ">", FILTER_OP_GREATER },
  { "~", FILTER_OP_MATCHES },
};

static const char * const field_names[FILTER_N_FIELDS] = {
  [FILTER_FIELD_CHANNEL] = "channel", [FILTER_FIELD_EVENT] = "event",
  [FILTER_FIELD_USER] = "user",       [FILTER_FIELD_DIRECTION] = "direction",
  [FILTER_FIELD_KIND] = "kind",       [FILTER_FIELD_SIZE] = "size",
  [FILTER_FIELD_TIME] = "time",       [FILTER_FIELD_TEXT] = "text",
  [FILTER_FIELD_DATA] = "data",
};

static FilterNode *parser_parse_or (FilterParser *parser);

/* --- mistakes --- */

/* Positions are told in characters from 1. */
gpointer
filter_fail (FilterParser *parser,
             const char   *at,
             const char   *message)
{
  g_autofree char *found = scope_text_for_display (at, -1, MAX_ERROR_TEXT_BYTES);
  glong character = g_utf8_pointer_to_offset (parser->text, at) + 1;

  if (parser->position != NULL)
    *parser->position = at - parser->text;
  if (*at == '\0')
    /* Translators: in a filter; %ld is a position, %s says what was expected there */
    g_set_error (parser->error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("Filter, character %ld: %s, but the filter ends here"), character, message);
  else
    /* Translators: as above, and the rest of the filter */
    g_set_error (parser->error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("Filter, character %ld: %s, found “%s”"), character, message, found);
  return NULL;
}

gboolean
filter_count_token (FilterParser *parser,
                    const char   *at)
{
  if (++parser->tokens <= SCOPE_FILTER_MAX_TOKENS)
    return TRUE;
  filter_fail (parser, at, _("expected a shorter filter"));
  return FALSE;
}

/* --- characters --- */

static const OpName *
find_op (const char *p)
{
  for (gsize i = 0; i < G_N_ELEMENTS (op_names); i++)
    if (strncmp (p, op_names[i].text, strlen (op_names[i].text)) == 0)
      return &op_names[i];
  return NULL;
}

/* "=" alone is no operator, but meant as one */
static gboolean
is_like_op (const char *p)
{
  return *p == '=' || find_op (p) != NULL;
}

static gboolean
is_word_end (const char *p)
{
  return *p == '\0' || g_ascii_isspace (*p) || strchr ("()\"", *p) != NULL || is_like_op (p);
}

static const char *
skip_word (const char *p)
{
  while (!is_word_end (p))
    p = g_utf8_next_char (p);
  return p;
}

static gboolean
is_word (const char *p,
         const char *word)
{
  gsize length = strlen (word);

  return strncmp (p, word, length) == 0 && is_word_end (p + length);
}

static const char *
skip_name (const char *p)
{
  while (*p != '\0' && filter_is_name_char (p))
    p = g_utf8_next_char (p);
  return p;
}

/* --- fields --- */

static gboolean
parser_parse_index (FilterParser *parser,
                    FilterNode   *node)
{
  const char *start = parser->p + 1;
  const char *end = start;
  guint64 index;

  while (g_ascii_isdigit (*end))
    end++;
  if (end == start || end - start > 9)
    {
      filter_fail (parser, start, _("expected the number of an element"));
      return FALSE;
    }
  if (*end != ']')
    {
      filter_fail (parser, end, _("expected “]”"));
      return FALSE;
    }
  index = g_ascii_strtoull (start, NULL, 10);
  g_ptr_array_add (node->steps, scope_path_step_new (NULL, index));
  parser->p = end + 1;
  return TRUE;
}

static char *
parser_parse_quoted_name (FilterParser *parser)
{
  const char *start = parser->p;
  g_autoptr (GString) name = filter_parse_text (parser);

  if (name == NULL)
    return NULL;
  if (strlen (name->str) != name->len)
    return filter_fail (parser, start, _("expected a name without \\u0000"));
  return g_strdup (name->str);
}

static gboolean
parser_parse_name (FilterParser *parser,
                   FilterNode   *node)
{
  const char *start = ++parser->p;
  char *name;

  if (*start == '"')
    {
      name = parser_parse_quoted_name (parser);
    }
  else
    {
      parser->p = skip_name (start);
      name = parser->p > start ? g_strndup (start, parser->p - start)
                               : filter_fail (parser, start,
                                              _("expected a name (one with other characters than "
                                                "letters, digits and “_” in quotes)"));
    }
  if (name == NULL)
    return FALSE;
  g_ptr_array_add (node->steps, scope_path_step_new (name, 0));
  return TRUE;
}

static gboolean
parser_parse_steps (FilterParser *parser,
                    FilterNode   *node)
{
  node->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_path_step_free);
  while (*parser->p == '.' || *parser->p == '[')
    {
      if (!filter_count_token (parser, parser->p)
          || !(*parser->p == '.' ? parser_parse_name (parser, node)
                                 : parser_parse_index (parser, node)))
        return FALSE;
    }
  return TRUE;
}

/* Whether a field begins here that something is asked about. */
static gboolean
is_question (const char  *p,
             FilterField *field)
{
  const char *end = skip_name (p);

  for (guint i = 0; i < FILTER_N_FIELDS; i++)
    {
      if (strlen (field_names[i]) != (gsize) (end - p)
          || strncmp (p, field_names[i], end - p) != 0)
        continue;
      *field = i;
      if (i == FILTER_FIELD_DATA && (*end == '.' || *end == '['))
        return TRUE;
      if (!is_word_end (end))
        return FALSE;
      end = filter_skip_space (end);
      if (is_word (end, "in"))
        {
          const char *next = filter_skip_space (end + 2);

          return *next == '(' || *next == '"';
        }
      return is_like_op (end) || is_word (end, "exists");
    }
  return FALSE;
}

static gboolean
parser_parse_list (FilterParser *parser,
                   FilterNode   *node)
{
  parser->p = filter_skip_space (parser->p);
  if (*parser->p != '(')
    {
      filter_fail (parser, parser->p, _("expected “(”"));
      return FALSE;
    }
  do
    {
      FilterValue *value;

      parser->p++;
      value = filter_parse_value (parser, node->field, FILTER_OP_EQUAL);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (node->values, value);
      parser->p = filter_skip_space (parser->p);
    }
  while (*parser->p == ',');

  if (*parser->p != ')')
    {
      filter_fail (parser, parser->p, _("expected “,” or “)”"));
      return FALSE;
    }
  parser->p++;
  return TRUE;
}

static gboolean
parser_parse_operator (FilterParser *parser,
                       FilterNode   *node)
{
  const OpName *name = find_op (parser->p);
  FilterValue *value;

  if (name == NULL)
    {
      filter_fail (parser, parser->p,
                   _("expected ==, !=, <, <=, >, >=, ^=, $=, *=, ~, in or exists"));
      return FALSE;
    }
  if (node->field == FILTER_FIELD_TIME && name->op >= FILTER_OP_STARTS)
    {
      filter_fail (parser, parser->p, _("expected ==, !=, <, <=, >, >=, in or exists"));
      return FALSE;
    }
  node->op = name->op;
  parser->p += strlen (name->text);
  value = filter_parse_value (parser, node->field, node->op);
  if (value != NULL)
    g_ptr_array_add (node->values, value);
  return value != NULL;
}

static FilterNode *
parser_parse_question (FilterParser *parser,
                       FilterField   field)
{
  g_autoptr (FilterNode) node = _scope_filter_node_new (FILTER_NODE_COMPARE);
  gboolean done = TRUE;

  node->field = field;
  parser->p = skip_name (parser->p);
  if (field == FILTER_FIELD_DATA && !parser_parse_steps (parser, node))
    return NULL;

  parser->p = filter_skip_space (parser->p);
  if (is_word (parser->p, "exists"))
    {
      node->kind = FILTER_NODE_EXISTS;
      parser->p += strlen ("exists");
    }
  else if (is_word (parser->p, "in"))
    {
      node->kind = FILTER_NODE_IN;
      parser->p += strlen ("in");
      done = parser_parse_list (parser, node);
    }
  else
    {
      done = parser_parse_operator (parser, node);
    }
  return done ? g_steal_pointer (&node) : NULL;
}

/* --- expressions --- */

static gboolean
is_keyword (const char *p)
{
  return is_word (p, "and") || is_word (p, "or") || is_word (p, "not");
}

/* A comparison with a field there is not. */
static gboolean
is_unknown_question (const char *end)
{
  const char *next = filter_skip_space (end);

  return is_like_op (next) || (is_word (next, "in") && *filter_skip_space (next + 2) == '(');
}

static FilterValue *
parser_parse_word (FilterParser *parser)
{
  const char *start = parser->p;
  FilterValue *word;
  GString *text;

  if (*start == '"')
    {
      text = filter_parse_text (parser);
    }
  else
    {
      parser->p = skip_word (start);
      if (is_unknown_question (parser->p))
        return filter_fail (parser, start,
                            _("expected a field: channel, event, user, direction, kind, size, "
                              "time, text or data"));
      text = g_string_new_len (start, parser->p - start);
    }
  if (text == NULL)
    return NULL;
  word = _scope_filter_value_new (FILTER_VALUE_TEXT);
  _scope_filter_value_set_text (word, text, TRUE);
  return word;
}

static FilterNode *
parser_parse_words (FilterParser *parser)
{
  g_autoptr (FilterNode) node = _scope_filter_node_new (FILTER_NODE_WORDS);
  FilterField field;

  do
    {
      FilterValue *word;

      if (!filter_count_token (parser, parser->p))
        return NULL;
      word = parser_parse_word (parser);
      if (word == NULL)
        return NULL;
      g_ptr_array_add (node->values, word);
      parser->p = filter_skip_space (parser->p);
    }
  while (*parser->p != '\0' && strchr ("()", *parser->p) == NULL && !is_like_op (parser->p)
         && !is_keyword (parser->p) && !is_question (parser->p, &field));
  return g_steal_pointer (&node);
}

static FilterNode *
parser_parse_group (FilterParser *parser)
{
  g_autoptr (FilterNode) node = NULL;

  parser->p++;
  node = parser_parse_or (parser);
  if (node == NULL)
    return NULL;
  if (*parser->p != ')')
    return filter_fail (parser, parser->p, _("expected “and”, “or” or “)”"));
  parser->p++;
  return g_steal_pointer (&node);
}

static FilterNode *
parser_parse_primary (FilterParser *parser)
{
  FilterField field;

  if (!filter_count_token (parser, parser->p))
    return NULL;
  if (*parser->p == '\0' || *parser->p == ')' || is_like_op (parser->p)
      || is_keyword (parser->p))
    return filter_fail (parser, parser->p, _("expected a field, a word, “not” or “(”"));
  if (*parser->p == '(')
    return parser_parse_group (parser);
  if (is_question (parser->p, &field))
    return parser_parse_question (parser, field);
  return parser_parse_words (parser);
}

/* The only way down, so depth is counted here. */
static FilterNode *
parser_parse_not (FilterParser *parser)
{
  FilterNode *inner;
  FilterNode *node;
  gsize start;

  parser->p = filter_skip_space (parser->p);
  start = parser->p - parser->text;
  if (parser->depth == SCOPE_FILTER_MAX_DEPTH)
    return filter_fail (parser, parser->p, _("expected less nesting (64 levels at most)"));

  parser->depth++;
  if (is_word (parser->p, "not"))
    {
      parser->p += strlen ("not");
      inner = parser_parse_not (parser);
      node = inner != NULL ? _scope_filter_node_new (FILTER_NODE_NOT) : NULL;
      if (node != NULL)
        g_ptr_array_add (node->children, inner);
    }
  else
    {
      node = parser_parse_primary (parser);
    }
  parser->depth--;
  if (node != NULL)
    {
      node->start = start;
      node->end = parser->p - parser->text;
    }
  parser->p = filter_skip_space (parser->p);
  return node;
}

typedef FilterNode *(*ParseFunc) (FilterParser *parser);

static FilterNode *
parser_parse_chain (FilterParser   *parser,
                    const char     *keyword,
                    FilterNodeKind  kind,
                    ParseFunc       parse_part)
{
  g_autoptr (FilterNode) first = parse_part (parser);
  g_autoptr (FilterNode) chain = NULL;

  if (first == NULL || !is_word (parser->p, keyword))
    return g_steal_pointer (&first);

  chain = _scope_filter_node_new (kind);
  g_ptr_array_add (chain->children, g_steal_pointer (&first));
  while (is_word (parser->p, keyword))
    {
      FilterNode *next;

      parser->p += strlen (keyword);
      next = parse_part (parser);
      if (next == NULL)
        return NULL;
      g_ptr_array_add (chain->children, next);
    }
  return g_steal_pointer (&chain);
}

static FilterNode *
parser_parse_and (FilterParser *parser)
{
  return parser_parse_chain (parser, "and", FILTER_NODE_AND, parser_parse_not);
}

static FilterNode *
parser_parse_or (FilterParser *parser)
{
  return parser_parse_chain (parser, "or", FILTER_NODE_OR, parser_parse_and);
}

/* text is UTF-8. NULL with SCOPE_ERROR_USAGE and the byte the mistake is at. */
FilterNode *
_scope_filter_parse (const char  *text,
                     gsize       *position,
                     GError     **error)
{
  FilterParser parser = { .text = text, .p = filter_skip_space (text), .position = position,
                          .error = error };
  g_autoptr (FilterNode) node = NULL;

  if (*parser.p == '\0')
    return _scope_filter_node_new (FILTER_NODE_ALL);
  node = parser_parse_or (&parser);
  if (node == NULL)
    return NULL;
  if (*parser.p != '\0')
    return filter_fail (&parser, parser.p, _("expected “and”, “or” or the end"));
  return g_steal_pointer (&node);
}
