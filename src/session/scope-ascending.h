/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An array of rising numbers that never moves. Where they follow one another without a gap, as the
 * rows of a log without a filter do, they take no room. Numbers can go at its beginning: what is left
 * keeps its index. */

typedef struct
{
  GArray *chunks;  /* of ScopeAscendingChunk */
  guint n_items;   /* the index behind the last one */
  guint n_dropped; /* the index of the first one */
} ScopeAscending;

void    _scope_ascending_init        (ScopeAscending       *self);
void    _scope_ascending_clear       (ScopeAscending       *self);
void    _scope_ascending_append      (ScopeAscending       *self,
                                      guint32               number);
guint32 _scope_ascending_get         (const ScopeAscending *self,
                                      guint                 i);
guint   _scope_ascending_count       (const ScopeAscending *self);
/* those before that index go */
void    _scope_ascending_drop_before (ScopeAscending       *self,
                                      guint                 i);
void    _scope_ascending_reset       (ScopeAscending       *self);
/* bytes for its numbers */
gsize   _scope_ascending_get_size    (const ScopeAscending *self);

G_END_DECLS
