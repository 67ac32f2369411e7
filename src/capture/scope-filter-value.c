/* SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* memmem() */
#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter-private.h"

#include <string.h>

/* What a filter compares with: texts and numbers. */

#define MAX_NUMBER_BYTES 512 /* what a double is read from */

/* --- numbers --- */

static gboolean
number_is_plain (const char *token,
                 gsize       length)
{
  for (gsize i = token[0] == '-' ? 1 : 0; i < length; i++)
    if (!g_ascii_isdigit (token[i]))
      return FALSE;
  return TRUE;
}

/* Few digits, and as few of them behind the point, make two doubles that are exact, and so is then
 * what strtod() would say of them: their quotient, rounded once. */
static gboolean
number_read_short (const char *token,
                   gsize       length,
                   double     *real)
{
  static const double powers[] = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
  };
  gboolean is_negative = length > 0 && token[0] == '-';
  gint64 digits = 0;
  guint n_behind = 0;
  gboolean has_point = FALSE;

  if (length > 15)
    return FALSE;
  for (gsize i = is_negative; i < length; i++)
    {
      if (token[i] == '.' && !has_point)
        has_point = TRUE;
      else if (!g_ascii_isdigit (token[i]))
        return FALSE;
      else
        {
          digits = digits * 10 + (token[i] - '0');
          n_behind += has_point;
        }
    }
  *real = (is_negative ? -(double) digits : (double) digits) / powers[n_behind];
  return TRUE;
}

/* A token of JSON's number grammar. */
void
_scope_filter_number_init (FilterNumber *self,
                           const char   *token,
                           gsize         length)
{
  char copy[MAX_NUMBER_BYTES];
  gsize copied = MIN (length, sizeof copy - 1);
  gboolean is_short;

  *self = (FilterNumber) { .length = length };
  is_short = number_read_short (token, length, &self->real);
  if (is_short && !number_is_plain (token, length))
    return;

  memcpy (copy, token, copied);
  copy[copied] = '\0';
  if (!is_short)
    self->real = g_ascii_strtod (copy, NULL);
  if (!number_is_plain (token, length))
    return;
  self->digits = token;
  self->is_int64 = copied == length && g_ascii_string_to_signed (copy, 10, G_MININT64, G_MAXINT64,
                                                                 &self->integer, NULL);
}

/* Without leading zeros, as JSON has none: the longer one is the greater one. */
static int
number_compare_digits (const FilterNumber *a,
                       const FilterNumber *b)
{
  gboolean a_negative = a->digits[0] == '-';
  gboolean b_negative = b->digits[0] == '-';
  int order;

  if (a_negative != b_negative)
    return a_negative ? -1 : 1;
  if (a->length != b->length)
    order = a->length < b->length ? -1 : 1;
  else
    order = memcmp (a->digits, b->digits, a->length);
  return a_negative ? -order : order;
}

/* Integers of any size are compared exactly; anything else as doubles. */
static int
filter_number_compare (const FilterNumber *a,
                       const FilterNumber *b)
{
  if (a->is_int64 && b->is_int64)
    return (a->integer > b->integer) - (a->integer < b->integer);
  if (a->digits != NULL && b->digits != NULL)
    return number_compare_digits (a, b);
  return (a->real > b->real) - (a->real < b->real);
}

/* --- texts --- */

static gboolean
text_is_ascii (const char *text,
               gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar) text[i] >= 0x80)
      return FALSE;
  return TRUE;
}

/* Payloads may hold NUL, where g_utf8_casefold() ends. */
static GString *
text_fold (const char *text,
           gsize       length)
{
  GString *folded = g_string_sized_new (length);
  const char *end = text + length;

  while (text < end)
    {
      gsize piece = strnlen (text, end - text);
      g_autofree char *fold = g_utf8_casefold (text, piece);

      g_string_append (folded, fold);
      text += piece;
      if (text < end)
        {
          g_string_append_c (folded, '\0');
          text++;
        }
    }
  return folded;
}

static gboolean
text_equal_ascii (const char *a,
                  const char *b,
                  gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_tolower (a[i]) != g_ascii_tolower (b[i]))
      return FALSE;
  return TRUE;
}

/* needle is in lower case */
static gboolean
text_contains_ascii (const char *text,
                     gsize       length,
                     const char *needle,
                     gsize       needle_length)
{
  if (needle_length == 0)
    return TRUE;
  for (; length >= needle_length; text++, length--)
    if (g_ascii_tolower (*text) == *needle && text_equal_ascii (text, needle, needle_length))
      return TRUE;
  return FALSE;
}

static gboolean
text_contains (const char *text,
               gsize       length,
               const char *needle,
               gsize       needle_length)
{
  return needle_length == 0 || memmem (text, length, needle, needle_length) != NULL;
}

static int
text_compare (const char    *text,
              gsize          length,
              const GString *other)
{
  int order = memcmp (text, other->str, MIN (length, other->len));

  return order != 0 ? order : (length > other->len) - (length < other->len);
}

gboolean
_scope_filter_order_matches (int      order,
                             FilterOp op)
{
  switch (op)
    {
    case FILTER_OP_EQUAL:
      return order == 0;
    case FILTER_OP_DIFFERENT:
      return order != 0;
    case FILTER_OP_LESS:
      return order < 0;
    case FILTER_OP_LESS_EQUAL:
      return order <= 0;
    case FILTER_OP_GREATER:
      return order > 0;
    case FILTER_OP_GREATER_EQUAL:
      return order >= 0;
    case FILTER_OP_STARTS:
    case FILTER_OP_ENDS:
    case FILTER_OP_CONTAINS:
    case FILTER_OP_MATCHES:
    default:
      return FALSE;
    }
}

/* Both texts as they are, or both folded. */
static gboolean
text_matches_plain (const char    *text,
                    gsize          length,
                    FilterOp       op,
                    const GString *value)
{
  switch (op)
    {
    case FILTER_OP_STARTS:
      return length >= value->len && memcmp (text, value->str, value->len) == 0;
    case FILTER_OP_ENDS:
      return length >= value->len
             && memcmp (text + length - value->len, value->str, value->len) == 0;
    case FILTER_OP_CONTAINS:
      return text_contains (text, length, value->str, value->len);
    case FILTER_OP_EQUAL:
    case FILTER_OP_DIFFERENT:
    case FILTER_OP_LESS:
    case FILTER_OP_LESS_EQUAL:
    case FILTER_OP_GREATER:
    case FILTER_OP_GREATER_EQUAL:
    case FILTER_OP_MATCHES:
    default:
      return _scope_filter_order_matches (text_compare (text, length, value), op);
    }
}

static gboolean
text_matches_regex (const char        *text,
                    gsize              length,
                    const FilterValue *value)
{
  g_autoptr (GError) error = NULL;
  gboolean matches = g_regex_match_full (value->regex, text, length, 0, 0, NULL, &error);

  if (error == NULL)
    return matches;
  return g_regex_match_full (value->careful_regex, text, length, 0, 0, NULL, NULL);
}

gboolean
_scope_filter_text_matches (const char        *text,
                            gsize              length,
                            FilterOp           op,
                            const FilterValue *value)
{
  GString *folded;
  gboolean matches;

  if (op == FILTER_OP_MATCHES)
    return text_matches_regex (text, length, value);
  if (!value->ignores_case)
    return text_matches_plain (text, length, op, value->text);
  if (op == FILTER_OP_CONTAINS && value->is_ascii)
    return text_contains_ascii (text, length, value->folded->str, value->folded->len);

  folded = text_fold (text, length);
  matches = text_matches_plain (folded->str, folded->len, op, value->folded);
  g_string_free (folded, TRUE);
  return matches;
}

gboolean
_scope_filter_number_matches (const FilterNumber *number,
                              FilterOp            op,
                              const FilterValue  *value)
{
  return _scope_filter_order_matches (filter_number_compare (number, &value->number), op);
}

/* --- values --- */

FilterValue *
_scope_filter_value_new (FilterValueKind kind)
{
  FilterValue *value = g_new0 (FilterValue, 1);

  value->kind = kind;
  return value;
}

void
_scope_filter_value_free (FilterValue *value)
{
  if (value->text != NULL)
    g_string_free (value->text, TRUE);
  if (value->folded != NULL)
    g_string_free (value->folded, TRUE);
  g_clear_pointer (&value->regex, g_regex_unref);
  g_clear_pointer (&value->careful_regex, g_regex_unref);
  g_free (value);
}

/* Takes text. */
void
_scope_filter_value_set_text (FilterValue *value,
                              GString     *text,
                              gboolean     ignores_case)
{
  value->text = text;
  value->is_ascii = text_is_ascii (text->str, text->len);
  value->ignores_case = ignores_case;
  if (ignores_case)
    value->folded = text_fold (text->str, text->len);
}

/* Makes a TEXT value a regular expression. PCRE's own limits bound what one match may cost. */
gboolean
_scope_filter_value_compile (FilterValue  *value,
                             GError      **error)
{
  GRegexCompileFlags flags = value->ignores_case ? G_REGEX_CASELESS : 0;

  value->regex = g_regex_new (value->text->str, flags | G_REGEX_OPTIMIZE, 0, error);
  if (value->regex != NULL)
    value->careful_regex = g_regex_new (value->text->str, flags, 0, error);
  if (value->careful_regex == NULL)
    return FALSE;
  /* GLib compiles it to machine code at the first match: later there may be several threads */
  g_regex_match_full (value->regex, "", 0, 0, 0, NULL, NULL);
  return TRUE;
}
