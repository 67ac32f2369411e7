/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_LEARNT_NAMES (scope_learnt_names_get_type ())

G_DECLARE_FINAL_TYPE (ScopeLearntNames, scope_learnt_names, SCOPE, LEARNT_NAMES, GObject)

/**
 * ScopeLearntNames:
 *
 * What people are called, by id. The HTTP API gives ids only; the user_info that came with a joined channel
 * gives names, and they label the ids afterwards, in every channel. Kept in memory, for as long as the session is
 * there, and written nowhere: what a capture holds of user_info is what came.
 *
 * Signal `changed (const char *user_id)`: of that user, or of all if NULL.
 */
ScopeLearntNames *scope_learnt_names_new       (void);
/* the member of user_info that holds the name, if it is there; NULL, or else: the first of the usual ones */
void              scope_learnt_names_set_field (ScopeLearntNames *self,
                                                const char       *field);
const char       *scope_learnt_names_get_field (ScopeLearntNames *self);
/* FALSE: there is no room for one more, told only the first time */
gboolean          scope_learnt_names_learn     (ScopeLearntNames *self,
                                                const char       *user_id,
                                                const char       *user_info);
const char       *scope_learnt_names_lookup    (ScopeLearntNames *self,
                                                const char       *user_id);
guint             scope_learnt_names_get_count (ScopeLearntNames *self);

/* what user_info (nullable, JSON text) calls a person: one bounded line, or NULL (transfer full). field NULL: as above */
char             *scope_user_info_dup_name     (const char       *user_info,
                                                const char       *field);
/* the usual fields, in the order they are looked for; ends with NULL */
const char * const *scope_user_info_get_name_fields (void);

G_END_DECLS
