/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter-parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-text.h"

/* The values of a filter: texts, numbers, times, regular expressions. */

static const char *
find_closing_quote (const char *p)
{
  for (p++; *p != '\0' && *p != '"'; p++)
    if (*p == '\\' && p[1] != '\0')
      p++;
  return *p == '"' ? p : NULL;
}

static gpointer
parser_fail_text (FilterParser           *parser,
                  const char             *start,
                  const ScopeJsonProblem *problem)
{
  const char *at = start + problem->offset;

  if (*at == '\\' || (at > start && at[-1] == '\\'))
    return filter_fail (parser, *at == '\\' ? at : at - 1,
                        _("expected a JSON escape (a backslash is written “\\\\”)"));
  return filter_fail (parser, at, _("expected a character JSON allows in a string"));
}

/* From an opening quote: the decoded text. The parser stands behind the closing quote then. */
GString *
filter_parse_text (FilterParser *parser)
{
  const char *start = parser->p;
  const char *end = find_closing_quote (start);
  ScopeJsonProblem problem = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  if (end == NULL)
    return filter_fail (parser, start + strlen (start), _("expected a closing quote"));
  if (!scope_json_check (start, end + 1 - start, NULL, &problem))
    return parser_fail_text (parser, start, &problem);
  if (!scope_json_string_decode (start, end + 1 - start, text))
    return filter_fail (parser, start, _("expected text without halves of surrogate pairs"));
  parser->p = end + 1;
  return g_steal_pointer (&text);
}

static gboolean
parser_take_ignore_case (FilterParser *parser)
{
  if (parser->p[0] != 'i' || (parser->p[1] != '\0' && filter_is_name_char (parser->p + 1)))
    return FALSE;
  parser->p++;
  return TRUE;
}

static FilterValue *
parser_parse_text_value (FilterParser *parser)
{
  GString *text = filter_parse_text (parser);
  FilterValue *value;

  if (text == NULL)
    return NULL;
  value = _scope_filter_value_new (FILTER_VALUE_TEXT);
  _scope_filter_value_set_text (value, text, parser_take_ignore_case (parser));
  return value;
}

/* a run of what numbers and times are written with */
static const char *
skip_scalar (const char *p)
{
  while (g_ascii_isalnum (*p) || (*p != '\0' && strchr ("+-.:_", *p) != NULL))
    p++;
  return p;
}

static FilterValue *
parser_parse_number (FilterParser *parser,
                     const char   *expected)
{
  const char *end = skip_scalar (parser->p);
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  FilterValue *value;

  if (!scope_json_check (parser->p, end - parser->p, &kind, NULL) || kind != SCOPE_JSON_NUMBER)
    return filter_fail (parser, parser->p, expected);
  value = _scope_filter_value_new (FILTER_VALUE_NUMBER);
  value->text = g_string_new_len (parser->p, end - parser->p);
  _scope_filter_number_init (&value->number, value->text->str, value->text->len);
  parser->p = end;
  return value;
}

static FilterValue *
parser_parse_any_value (FilterParser *parser)
{
  static const struct
  {
    const char *word;
    FilterValueKind kind;
  } constants[] = {
    { "true", FILTER_VALUE_TRUE },
    { "false", FILTER_VALUE_FALSE },
    { "null", FILTER_VALUE_NULL },
  };

  if (*parser->p == '"')
    return parser_parse_text_value (parser);
  for (gsize i = 0; i < G_N_ELEMENTS (constants); i++)
    {
      const char *end = parser->p + strlen (constants[i].word);

      if (g_str_has_prefix (parser->p, constants[i].word)
          && (*end == '\0' || !filter_is_name_char (end)))
        {
          parser->p = end;
          return _scope_filter_value_new (constants[i].kind);
        }
    }
  return parser_parse_number (parser,
                              _("expected a text in quotes, a number, true, false or null"));
}

/* HH:MM or HH:MM:SS */
static gboolean
read_clock (const char *text,
            int        *seconds)
{
  int parts[3] = { 0 };
  guint n = 0;

  for (;; text += 3)
    {
      if (n == 3 || !g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]))
        return FALSE;
      parts[n++] = (text[0] - '0') * 10 + text[1] - '0';
      if (text[2] != ':')
        break;
    }
  if (text[2] != '\0' || n < 2 || parts[0] > 23 || parts[1] > 59 || parts[2] > 59)
    return FALSE;
  *seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
  return TRUE;
}

/* With quotes or without. */
static FilterValue *
parser_parse_time (FilterParser *parser)
{
  const char *start = parser->p;
  g_autoptr (FilterValue) value = _scope_filter_value_new (FILTER_VALUE_TIME);

  if (*start == '"')
    {
      value->text = filter_parse_text (parser);
      if (value->text == NULL)
        return NULL;
    }
  else
    {
      parser->p = skip_scalar (start);
      value->text = g_string_new_len (start, parser->p - start);
    }
  if (read_clock (value->text->str, &value->clock_seconds))
    value->is_clock = TRUE;
  else if (!scope_text_parse_rfc3339 (value->text->str, &value->time_usec))
    return filter_fail (parser, start,
                        _("expected a time such as 14:05, 14:05:30 or 2026-11-21T14:05:30Z"));
  return g_steal_pointer (&value);
}

static FilterValue *
parser_parse_regex (FilterParser *parser)
{
  const char *start = parser->p;
  g_autoptr (FilterValue) value = NULL;
  g_autoptr (GError) error = NULL;

  if (*start != '"')
    return filter_fail (parser, start, _("expected a regular expression in quotes"));
  value = parser_parse_text_value (parser);
  if (value == NULL)
    return NULL;
  if (strlen (value->text->str) != value->text->len)
    return filter_fail (parser, start, _("expected a regular expression without \\u0000"));
  if (!_scope_filter_value_compile (value, &error))
    {
      g_autofree char *message
          = g_strdup_printf (_("expected a regular expression (%s)"), error->message);

      return filter_fail (parser, start, message);
    }
  return g_steal_pointer (&value);
}

FilterValue *
filter_parse_value (FilterParser *parser,
                    FilterField   field,
                    FilterOp      op)
{
  parser->p = filter_skip_space (parser->p);
  if (!filter_count_token (parser, parser->p))
    return NULL;
  if (field == FILTER_FIELD_TIME)
    return parser_parse_time (parser);
  if (op == FILTER_OP_MATCHES)
    return parser_parse_regex (parser);
  if (op >= FILTER_OP_STARTS)
    return *parser->p == '"' ? parser_parse_text_value (parser)
                             : filter_fail (parser, parser->p, _("expected a text in quotes"));
  if (op >= FILTER_OP_LESS)
    return *parser->p == '"'
               ? parser_parse_text_value (parser)
               : parser_parse_number (parser, _("expected a text in quotes or a number"));
  return parser_parse_any_value (parser);
}
