/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-vocabulary.h"

G_BEGIN_DECLS

/**
 * ScopeSuggestion:
 *
 * One way a filter that is being written can go on.
 */
typedef struct
{
  char *label;  /* what it is called in a list */
  char *detail; /* what it means, translated; NULL: nothing to say */
  char *insert; /* takes the place of the text's bytes from start to end */
  gsize start;
  gsize end;
} ScopeSuggestion;

void       scope_suggestion_free  (ScopeSuggestion *self);
/* the text with it in its place, and where the cursor stands then, in characters (transfer full) */
char      *scope_suggestion_apply (const ScopeSuggestion *self,
                                   const char      *text,
                                   guint           *cursor);
/* Of ScopeSuggestion, best first. vocabulary may be NULL; saved: nullable, a(ss) of name and text.
 * on_demand FALSE: only if something was begun that they complete, or an operator or a value has to
 * come (transfer full) */
GPtrArray *scope_filter_suggest   (const char      *text,
                                   gsize            cursor,
                                   ScopeVocabulary *vocabulary,
                                   GVariant        *saved,
                                   gboolean         on_demand);

/* The payload paths that hold text, to take its place; those of numbers only, if asked. vocabulary may
 * be NULL (transfer full) */
GPtrArray *scope_path_suggest     (const char      *text,
                                   ScopeVocabulary *vocabulary,
                                   gboolean         numbers);
/* what may be found there, translated; NULL: nothing to say (transfer full) */
char      *scope_path_describe    (const ScopeWord *word);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSuggestion, scope_suggestion_free)

/* what a field, an operator is, translated; NULL for none */
const char *scope_filter_describe_field    (const char *field);
const char *scope_filter_describe_operator (const char *op);

G_END_DECLS
