/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Filters that are kept in the settings: saved ones have a name, recent ones are the last that were
 * used. Nothing is kept where the settings' schema is missing. */

/* a(ss): names and texts, by name (transfer full) */
GVariant *scope_filter_shelf_get_saved  (void);
/* newest first (transfer full) */
char    **scope_filter_shelf_get_recent (void);
/* replaces one of the same name. FALSE with SCOPE_ERROR_USAGE: no name, no filter, or a bound */
gboolean  scope_filter_shelf_save       (const char  *name,
                                         const char  *text,
                                         GError     **error);
void      scope_filter_shelf_remove     (const char  *name);
gboolean  scope_filter_shelf_rename     (const char  *name,
                                         const char  *new_name,
                                         GError     **error);
/* of a filter that is in use; blank and very long ones are not kept */
void      scope_filter_shelf_add_recent (const char  *text);

G_END_DECLS
