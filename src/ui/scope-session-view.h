/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SESSION_VIEW (scope_session_view_get_type ())

G_DECLARE_DERIVABLE_TYPE (ScopeSessionView, scope_session_view, SCOPE, SESSION_VIEW, AdwBin)

/**
 * ScopeSessionView:
 *
 * What the window's views of a session have in common: the session (property `session`), and
 * times that are told anew while somebody looks.
 */
struct _ScopeSessionViewClass
{
  AdwBinClass parent_class;

  /* the session is another one, or NULL */
  void (*session_changed) (ScopeSessionView *self);
  /* nullable: when it comes into sight, and every refresh_seconds from then on */
  void (*refresh)         (ScopeSessionView *self);
  guint refresh_seconds;
};

ScopeSession *scope_session_view_get_session (ScopeSessionView *self);  /* nullable */
void          scope_session_view_set_session (ScopeSessionView *self,
                                              ScopeSession     *session);

G_END_DECLS
