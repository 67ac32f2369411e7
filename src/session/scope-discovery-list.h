/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-discovery.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FOUND_GROUP (scope_found_group_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFoundGroup, scope_found_group, SCOPE, FOUND_GROUP, GObject)

/* Channels whose names begin alike. Emits `changed ()`. */
/* "private-order-" */
const char *scope_found_group_get_prefix     (ScopeFoundGroup *self);
guint       scope_found_group_get_n_channels (ScopeFoundGroup *self);
guint       scope_found_group_get_n_occupied (ScopeFoundGroup *self);
gboolean    scope_found_group_get_expanded   (ScopeFoundGroup *self);

#define SCOPE_TYPE_DISCOVERY_LIST (scope_discovery_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiscoveryList, scope_discovery_list, SCOPE, DISCOVERY_LIST, GObject)

/**
 * ScopeDiscoveryList:
 *
 * A discovery's channels as a tree by the parts of their names, laid flat: a GListModel of ScopeFoundGroup, each
 * followed by what is in it unless it is folded, and ScopeFoundChannel. A part ends in "-", "." or "_"; what only
 * one name has makes no group.
 */
ScopeDiscoveryList *scope_discovery_list_new        (ScopeDiscovery     *discovery);
void                scope_discovery_list_set_expanded (ScopeDiscoveryList *self,
                                                     ScopeFoundGroup    *group,
                                                     gboolean            expanded);
/* of a row: in how many groups it is; 0 beyond the end */
guint               scope_discovery_list_get_depth  (ScopeDiscoveryList *self,
                                                     guint               position);
/* how many bytes of its name, or of its prefix, the groups around it tell */
guint               scope_discovery_list_get_told   (ScopeDiscoveryList *self,
                                                     guint               position);
/* the row of the group around a row; GTK's invalid position, G_MAXUINT, if there is none */
guint               scope_discovery_list_get_parent (ScopeDiscoveryList *self,
                                                     guint               position);

G_END_DECLS
