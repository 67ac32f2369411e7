/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_MUTES (scope_mutes_get_type ())

G_DECLARE_FINAL_TYPE (ScopeMutes, scope_mutes, SCOPE, MUTES, GObject)

/**
 * ScopeMutes:
 *
 * The channels whose events are recorded and counted, but not shown in the log. Emits `changed`.
 */
ScopeMutes *scope_mutes_new       (void);
gboolean    scope_mutes_contains  (ScopeMutes *self,
                                   const char *channel);
void        scope_mutes_set       (ScopeMutes *self,
                                   const char *channel,
                                   gboolean    muted);
void        scope_mutes_clear     (ScopeMutes *self);
guint       scope_mutes_get_count (ScopeMutes *self);
/* in order of their names (transfer full) */
char      **scope_mutes_dup_names (ScopeMutes *self);
/* a filter's text, narrowed to what is not muted; NULL if nothing is asked for and nothing muted
 * (transfer full, nullable) */
char       *scope_mutes_narrow    (ScopeMutes *self,
                                   const char *filter);

G_END_DECLS
