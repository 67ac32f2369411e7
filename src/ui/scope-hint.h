/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-session.h"

G_BEGIN_DECLS

/**
 * ScopeHint:
 *
 * Why there is nothing to see, or what is wrong, and the next step: the text of status pages and
 * bars.
 */
typedef struct
{
  const char *icon;
  const char *css_class;    /* nullable: "warning", "error" */
  char *title;
  char *text;               /* nullable */
  const char *action;       /* nullable: a detailed action name */
  const char *action_label; /* translated */
  const char *second;       /* nullable: another way out, where there is room for it */
  const char *second_label;
  gboolean busy;            /* something is under way: no need to act */
} ScopeHint;

void       scope_hint_free              (ScopeHint    *self);
gboolean   scope_hint_equal             (const ScopeHint *a,
                                         const ScopeHint *b);       /* NULL is fine */

/* about the connection; NULL while connected, and offline */
ScopeHint *scope_hint_new_for_connection (ScopeSession *session);
/* whether it is not connected although nobody asked for that */
gboolean   scope_hint_is_trouble        (ScopeSession *session);
/* about what an event log lacks; NULL if there are events, or nothing can be said */
ScopeHint *scope_hint_new_for_events    (ScopeSession *session);
/* about the recording; NULL if all is well */
ScopeHint *scope_hint_new_for_recording (ScopeSession *session);
/* about what is held back to spare the plan; NULL if nothing is */
ScopeHint *scope_hint_new_for_footprint (ScopeSession *session);
/* "next attempt in 4 s", or NULL (transfer full) */
char      *scope_hint_dup_countdown     (ScopeSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeHint, scope_hint_free)

G_END_DECLS
