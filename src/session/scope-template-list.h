/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "session/scope-outgoing.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_TEMPLATE (scope_template_get_type ())

G_DECLARE_FINAL_TYPE (ScopeTemplate, scope_template, SCOPE, TEMPLATE, GObject)

/* an event under a name: immutable */
const char    *scope_template_get_name     (ScopeTemplate *self);
ScopeOutgoing *scope_template_get_outgoing (ScopeTemplate *self);

#define SCOPE_TYPE_TEMPLATE_LIST (scope_template_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeTemplateList, scope_template_list, SCOPE, TEMPLATE_LIST, GObject)

/**
 * ScopeTemplateList:
 *
 * The templates of a profile: a GListModel of ScopeTemplate, by name, kept in a file of the user's data directory
 * (events only: nothing secret is in them). Up to SCOPE_LIMIT_TEMPLATES.
 */
/* profile_id NULL: kept for as long as the program runs, in no file */
ScopeTemplateList *scope_template_list_new    (const char         *profile_id);
ScopeTemplate     *scope_template_list_find   (ScopeTemplateList  *self,
                                               const char         *name);  /* (transfer none), nullable */
/* another one of that name is replaced */
gboolean           scope_template_list_save   (ScopeTemplateList  *self,
                                               const char         *name,
                                               ScopeOutgoing      *outgoing,
                                               GError            **error);
gboolean           scope_template_list_remove (ScopeTemplateList  *self,
                                               const char         *name,
                                               GError            **error);
/* the profile is gone: its file, too */
void               scope_template_list_remove_profile (const char  *profile_id);
/* why its file can't be read; NULL: it can, or there is none */
const char        *scope_template_list_get_problem (ScopeTemplateList *self);

G_END_DECLS
