/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"

G_BEGIN_DECLS

/* An entry's `data` without copies where none are needed. The entry must outlive these. */

/* The text of `data`: string decoding undone, else its JSON text. */
typedef struct
{
  const char *text; /* NULL: there is none. May hold NUL */
  gsize length;
  gboolean is_text; /* FALSE: a token that escapes lone surrogates, and that token is the text */
  GString *owned;
} ScopeDataText;

/* The value of `data` (protocol.md §2.2): a string that holds JSON stands for that JSON. */
typedef struct
{
  ScopeJsonKind kind; /* NONE: there is none */
  const char *json;   /* checked; for STRING the token */
  gsize length;
  GString *owned;
} ScopeDataValue;

ScopeJsonKind _scope_entry_get_token    (const ScopeEntry *entry,
                                         const char      **token,
                                         gsize            *length);
/* the same, but the plaintext of a decrypted event */
ScopeJsonKind _scope_entry_get_plain_token (const ScopeEntry *entry,
                                            const char      **token,
                                            gsize            *length);

void          _scope_data_text_init     (ScopeDataText    *self,
                                         ScopeJsonKind     kind,
                                         const char       *token,
                                         gsize             length);
void          _scope_data_text_clear    (ScopeDataText    *self);

void          _scope_data_value_init    (ScopeDataValue   *self,
                                         ScopeJsonKind     kind,
                                         const char       *token,
                                         gsize             length);
void          _scope_data_value_clear   (ScopeDataValue   *self);

/* one bounded line of a token, or of its head: what is longer than this need not be there whole (transfer full) */
char         *_scope_data_dup_preview   (ScopeJsonKind     kind,
                                         const char       *token,
                                         gsize             length,
                                         gsize             max_bytes);
gsize         _scope_data_get_preview_need (gsize          max_bytes);

/* the entry's detail in words, or NULL; not bounded, may hold control characters (transfer full) */
char         *_scope_entry_dup_words    (const ScopeEntry *entry);

G_END_DECLS
