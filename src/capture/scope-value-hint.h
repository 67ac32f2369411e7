/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "json/scope-json.h"

G_BEGIN_DECLS

/* longer strings are not looked into */
#define SCOPE_VALUE_HINT_MAX_BYTES (4 * 1024 * 1024)

typedef enum
{
  SCOPE_VALUE_HINT_NONE,
  SCOPE_VALUE_HINT_TIME,        /* a moment: epoch seconds, milliseconds, microseconds, or ISO 8601 */
  SCOPE_VALUE_HINT_JSON,        /* a string that holds JSON once more */
  SCOPE_VALUE_HINT_BASE64_JSON,
  SCOPE_VALUE_HINT_BASE64_TEXT,
  SCOPE_VALUE_HINT_TOKEN,       /* a JSON Web Token; its signature is not checked */
} ScopeValueHintKind;

/**
 * ScopeValueHint:
 *
 * What a value may mean besides what it is. A guess, shown beside the value and never instead of it.
 */
typedef struct
{
  ScopeValueHintKind kind;
  gint64 time_usec;  /* TIME; TOKEN: when it expires, 0 if that isn't said */
  gboolean no_zone;  /* TIME: written without a zone, taken as UTC */
  GBytes *decoded;   /* valid UTF-8; JSON that was checked unless it is BASE64_TEXT; TOKEN: its claims */
  char *algorithm;   /* TOKEN: nullable */
} ScopeValueHint;

/* token: a JSON token that was checked. FALSE: nothing is known of it */
gboolean scope_value_hint_init    (ScopeValueHint       *self,
                                   ScopeJsonKind         kind,
                                   const char           *token,
                                   gsize                 length);
void     scope_value_hint_clear   (ScopeValueHint       *self);
/* "2026-11-21 17:27:03 local, 5 min before the event" (transfer full, translated) */
char    *scope_value_hint_to_text (const ScopeValueHint *self,
                                   gint64                event_usec);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScopeValueHint, scope_value_hint_clear)

G_END_DECLS
