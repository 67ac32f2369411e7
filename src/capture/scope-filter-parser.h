/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-filter-private.h"

G_BEGIN_DECLS

/* What the two halves of the parser share: scope-filter-parser.c takes expressions and fields,
 * scope-filter-literal.c takes values. */
typedef struct
{
  const char *text;
  const char *p;
  guint depth;
  guint tokens;
  gsize *position;
  GError **error;
} FilterParser;

static inline const char *
filter_skip_space (const char *p)
{
  while (g_ascii_isspace (*p))
    p++;
  return p;
}

static inline gboolean
filter_is_name_char (const char *p)
{
  return *p == '_' || g_unichar_isalnum (g_utf8_get_char (p));
}

/* writes the error, once, and returns NULL for the caller to return */
gpointer     filter_fail        (FilterParser *parser,
                                 const char   *at,
                                 const char   *message);
gboolean     filter_count_token (FilterParser *parser,
                                 const char   *at);
/* from an opening quote; NULL after a mistake */
GString     *filter_parse_text  (FilterParser *parser);
FilterValue *filter_parse_value (FilterParser *parser,
                                 FilterField   field,
                                 FilterOp      op);

G_END_DECLS
