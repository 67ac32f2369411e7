/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-filter.h"

G_BEGIN_DECLS

/* not and parentheses inside each other; and parts of one filter, each value counted */
#define SCOPE_FILTER_MAX_DEPTH 64
#define SCOPE_FILTER_MAX_TOKENS 10000
#define SCOPE_FILTER_MAX_BYTES (1024 * 1024)

typedef enum
{
  FILTER_FIELD_CHANNEL,
  FILTER_FIELD_EVENT,
  FILTER_FIELD_USER,
  FILTER_FIELD_DIRECTION,
  FILTER_FIELD_KIND,
  FILTER_FIELD_SIZE,
  FILTER_FIELD_TIME,
  FILTER_FIELD_TEXT,
  FILTER_FIELD_DATA,
  FILTER_N_FIELDS,
} FilterField;

typedef enum
{
  FILTER_OP_EQUAL,
  FILTER_OP_DIFFERENT,
  FILTER_OP_LESS,
  FILTER_OP_LESS_EQUAL,
  FILTER_OP_GREATER,
  FILTER_OP_GREATER_EQUAL,
  FILTER_OP_STARTS,
  FILTER_OP_ENDS,
  FILTER_OP_CONTAINS,
  FILTER_OP_MATCHES,
} FilterOp;

typedef enum
{
  FILTER_VALUE_TEXT,
  FILTER_VALUE_NUMBER,
  FILTER_VALUE_TRUE,
  FILTER_VALUE_FALSE,
  FILTER_VALUE_NULL,
  FILTER_VALUE_TIME,
} FilterValueKind;

/* A number as it was written, and what it comes to. */
typedef struct
{
  const char *digits; /* of a plain integer, sign included; NULL if it has a fraction or exponent */
  gsize length;
  gboolean is_int64;
  gint64 integer;
  double real;
} FilterNumber;

typedef struct
{
  FilterValueKind kind;
  GString *text;   /* decoded; of a number: as written */
  GString *folded; /* text with its case folded; only if ignores_case */
  gboolean ignores_case;
  gboolean is_ascii;
  GRegex *regex;
  GRegex *careful_regex; /* without JIT: its stack is small, and running out of it is no "no" */
  FilterNumber number;
  gint64 time_usec;
  gboolean is_clock; /* HH:MM[:SS] of the filter's day */
  int clock_seconds;
} FilterValue;

typedef enum
{
  FILTER_NODE_ALL, /* matches everything */
  FILTER_NODE_AND,
  FILTER_NODE_OR,
  FILTER_NODE_NOT,
  FILTER_NODE_COMPARE, /* with one value */
  FILTER_NODE_IN,
  FILTER_NODE_EXISTS,
  FILTER_NODE_WORDS, /* all values occur somewhere */
} FilterNodeKind;

typedef struct
{
  FilterNodeKind kind;
  GPtrArray *children; /* of FilterNode; AND, OR, NOT */
  FilterField field;
  GPtrArray *steps; /* of ScopePathStep; NULL: the field itself */
  FilterOp op;
  GPtrArray *values; /* of FilterValue */
  gsize start; /* where it stands in the text; 0 and 0 of a chain that no parentheses hold */
  gsize end;   /* white space may stand before it */
} FilterNode;

FilterNode  *_scope_filter_node_new     (FilterNodeKind     kind);
void         _scope_filter_node_free    (FilterNode        *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FilterNode, _scope_filter_node_free)

FilterValue *_scope_filter_value_new    (FilterValueKind    kind);
void         _scope_filter_value_free   (FilterValue       *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FilterValue, _scope_filter_value_free)

/* scope-filter.c */
const FilterNode *_scope_filter_get_root (const ScopeFilter *self);

/* scope-filter-parser.c */
FilterNode  *_scope_filter_parse        (const char        *text,
                                         gsize             *position,
                                         GError           **error);

/* scope-filter-value.c */
void         _scope_filter_number_init  (FilterNumber      *self,
                                         const char        *token,
                                         gsize              length);
void         _scope_filter_value_set_text (FilterValue     *value,
                                           GString         *text,
                                           gboolean         ignores_case);
gboolean     _scope_filter_value_compile (FilterValue      *value,
                                          GError          **error);
/* op on a text and a TEXT value */
gboolean     _scope_filter_text_matches (const char        *text,
                                         gsize              length,
                                         FilterOp           op,
                                         const FilterValue *value);
/* op on a number and a NUMBER value */
gboolean     _scope_filter_number_matches (const FilterNumber *number,
                                           FilterOp            op,
                                           const FilterValue  *value);
gboolean     _scope_filter_order_matches (int               order,
                                          FilterOp          op);

/* scope-filter-match.c: record and entry: either may be NULL, but not both */
gboolean     _scope_filter_node_matches (const FilterNode  *node,
                                         const ScopeRecord *record,
                                         const ScopeEntry  *entry,
                                         ScopeNames        *names);

G_END_DECLS
