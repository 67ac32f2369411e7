/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScopeFilterTerm:
 *
 * One of the parts of a filter that all have to be true.
 */
typedef struct
{
  char *text; /* as it was written, without the `not` before it */
  gboolean negated;
  gboolean is_choice; /* holds an `or` that no parentheses keep together */
} ScopeFilterTerm;

typedef enum
{
  SCOPE_FILTER_REPLACE,
  SCOPE_FILTER_ONLY,    /* and that */
  SCOPE_FILTER_EXCLUDE, /* and not that */
} ScopeFilterMode;

void             scope_filter_term_free     (ScopeFilterTerm *self);
/* of ScopeFilterTerm; none if text is blank, NULL if it is no filter (transfer full) */
GPtrArray       *scope_filter_split_terms   (const char      *text);
/* the inverse (transfer full) */
char            *scope_filter_join_terms    (GPtrArray       *terms);
/* both together; a broken one of the two gives way to the other, which is how a mistake in
 * addition is shown (transfer full) */
char            *scope_filter_combine       (const char      *text,
                                             ScopeFilterMode  mode,
                                             const char      *addition);
/* "replace", "only", "exclude" */
gboolean         scope_filter_mode_parse    (const char      *name,
                                             ScopeFilterMode *mode);
/* a comparison with a value: names, `direction` and `kind` as they are, `size` (at least) in
 * bytes, `time` (from then on) in RFC 3339; of a payload path ("data.total") the JSON token
 * (transfer full) */
char            *scope_filter_format_term   (const char      *field,
                                             const char      *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeFilterTerm, scope_filter_term_free)

G_END_DECLS
