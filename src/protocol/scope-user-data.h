/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who signs in, and who is watched (protocol.md §4.5). Pure, and the input may be hostile. */

typedef struct
{
  char *id;          /* never empty; a number as its text */
  char **watchlist;  /* ids; NULL: it has none */
  gboolean is_cut;   /* the watchlist had more than SCOPE_LIMIT_MEMBERS */
} ScopeUserData;

/* SCOPE_ERROR_PROTOCOL: one sentence on what is missing */
ScopeUserData *scope_user_data_parse (const char     *text,
                                      gsize           length,
                                      GError        **error);
void           scope_user_data_free  (ScopeUserData  *self);

/* the strings and numbers of a checked array, as text and bounded; others are passed over. is_cut (nullable) is
 * set if there were more than SCOPE_LIMIT_MEMBERS (transfer full) */
char         **scope_user_ids_read   (const char     *text,
                                      gsize           length,
                                      gboolean       *is_cut);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeUserData, scope_user_data_free)

G_END_DECLS
