/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_INSPECTOR (scope_inspector_get_type ())

G_DECLARE_FINAL_TYPE (ScopeInspector, scope_inspector, SCOPE, INSPECTOR, AdwBin)

/* What one entry of the log carries: as text, as a tree, as it came, against another one; and what is
 * known of it. Uses win.close-inspector and what its parts use. */
void       scope_inspector_set_item (ScopeInspector *self,
                                     ScopeEventItem *item);        /* nullable */
/* "payload", "raw" or "frame" to the clipboard */
void       scope_inspector_copy     (ScopeInspector *self,
                                     const char     *what);
/* one pane: a way back instead of a close button */
void       scope_inspector_set_narrow (ScopeInspector *self,
                                       gboolean        narrow);
void       scope_inspector_set_hidden (ScopeInspector *self,
                                       gboolean        hidden);
/* highlights all places of it in the payload, and scrolls to the first */
void       scope_inspector_set_find (ScopeInspector *self,
                                     const char     *needle,          /* nullable */
                                     gboolean        case_sensitive);
/* turns to a page that highlights it */
void       scope_inspector_show_found (ScopeInspector *self);
/* remembers what is shown, to compare others with it */
void       scope_inspector_mark_diff (ScopeInspector *self);

G_END_DECLS
