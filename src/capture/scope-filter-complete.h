/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SCOPE_FILTER_EXPECTS_NOTHING, /* free text, or behind a mistake */
  SCOPE_FILTER_EXPECTS_FIELD,   /* or a word, `not`, `(` */
  SCOPE_FILTER_EXPECTS_PATH,    /* more of a payload path */
  SCOPE_FILTER_EXPECTS_OPERATOR,
  SCOPE_FILTER_EXPECTS_VALUE,
  SCOPE_FILTER_EXPECTS_LIST,       /* `(` behind `in` */
  SCOPE_FILTER_EXPECTS_LIST_NEXT,  /* `,` or `)` */
  SCOPE_FILTER_EXPECTS_CONNECTIVE, /* `and`, `or`, another word; `)` if depth is not 0 */
} ScopeFilterExpects;

/**
 * ScopeFilterPlace:
 *
 * What may stand at a place of a filter that is being written.
 */
typedef struct
{
  ScopeFilterExpects expects;
  gsize start;    /* what is begun there: from start to end, in bytes */
  gsize end;      /* may lie behind the cursor */
  char *prefix;   /* of that, what stands before the cursor; of a text without its quote, decoded */
  gboolean in_quotes;
  char *field;    /* OPERATOR, VALUE, LIST…: as it was written ("data.total"); else NULL */
  char *op;       /* VALUE, LIST…: "==", "in"; else NULL */
  guint depth;    /* parentheses that are open, that of a list not counted */
} ScopeFilterPlace;

/* cursor: in bytes, at the beginning of a character (transfer full) */
ScopeFilterPlace   *scope_filter_complete      (const char       *text,
                                                gsize             cursor);
void                scope_filter_place_free    (ScopeFilterPlace *self);
/* TRUE: the text ends inside a comparison that was begun, though it may be words as well */
gboolean            scope_filter_is_begun      (const char       *text);
/* TRUE: it ends with a word that is a field's name, or may become one */
gboolean            scope_filter_ends_in_field (const char       *text);
/* NULL-terminated: what makes sense behind that field, the usual first */
const char * const *scope_filter_get_operators (const char       *field);
/* NULL-terminated: the fields' names, "data" last */
const char * const *scope_filter_get_fields    (void);
/* The parts of one comparison: field, operator, and the value as it was written ("" behind
 * `exists`). FALSE: text is none (all transfer full) */
gboolean            scope_filter_split_question (const char      *text,
                                                 char           **field,
                                                 char           **op,
                                                 char           **value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeFilterPlace, scope_filter_place_free)

G_END_DECLS
