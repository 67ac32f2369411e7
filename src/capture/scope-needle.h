/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a text must have among its bytes as they came, escapes and all, for a filter to match it: so
 * that most rows need not be decoded. */
typedef struct _ScopeNeedle ScopeNeedle;

/* The bytes of a frame, and what was found out about them. */
typedef struct
{
  const guchar *bytes;
  gsize length;
  int escapes;       /* \u…; -1: not looked for yet */
  int ascii_escapes; /* \u00… */
  int others;        /* bytes that are not ASCII */
} ScopeHaystack;

/* NULL: nothing can be told about such a text */
ScopeNeedle *_scope_needle_new        (const char        *text,
                                       gsize              length);
/* folded: what is looked for in texts that are case-folded; is_ascii: in such where only A…Z are */
ScopeNeedle *_scope_needle_new_folded (const char        *folded,
                                       gsize              length,
                                       gboolean           is_ascii);
/* the whole text is looked for, not a run of it, and it is ASCII */
gboolean     _scope_needle_is_whole   (const ScopeNeedle *self,
                                       gsize              length);
void         _scope_needle_free       (ScopeNeedle       *self);

void         _scope_haystack_init     (ScopeHaystack     *self,
                                       const void        *bytes,
                                       gsize              length);
/* FALSE: no string in there, however often it is encoded, comes to a text that holds the
 * needle's */
gboolean     _scope_needle_may_occur  (const ScopeNeedle *self,
                                       ScopeHaystack     *haystack);
/* the next place at from or behind it where the needle's bytes stand as they are, or NULL */
const guchar *_scope_needle_find_next (const ScopeNeedle *self,
                                       const ScopeHaystack *haystack,
                                       const guchar      *from);
gsize        _scope_needle_get_length (const ScopeNeedle *self);
gboolean     _scope_haystack_has_ascii_escapes (ScopeHaystack *self);

G_END_DECLS
