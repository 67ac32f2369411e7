/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-redaction.h"

G_BEGIN_DECLS

/* For scope-redaction.c (rules and placeholders) and scope-redaction-walk.c (one line's values). */

typedef enum
{
  SCOPE_REDACTION_FIELD,
  SCOPE_REDACTION_PATH,
  SCOPE_REDACTION_REGEX,
} ScopeRedactionType;

typedef struct
{
  ScopeRedactionType type;
  char *name;       /* FIELD: the key; PATH: the last step, for placeholders */
  GPtrArray *steps; /* PATH: of ScopePathStep */
  GRegex *regex;
} ScopeRedactionRule;

struct _ScopeRedaction
{
  GPtrArray *rules;
  GHashTable *placeholders; /* value → placeholder */
  GHashTable *counts;       /* prefix → GUINT of the last number */
  ScopeRedactionFunc watch; /* nullable */
  gpointer watch_data;
};

/* for scope-redaction.c */
guint       _scope_redaction_walk            (ScopeRedaction *self,
                                              GString        *out,
                                              const char     *object,
                                              gsize           length);

/* for scope-redaction-walk.c */
const char *_scope_redaction_get_placeholder (ScopeRedaction *self,
                                              const char     *value,
                                              const char     *prefix);

G_END_DECLS
