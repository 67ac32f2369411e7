/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_JSON_EDITOR (scope_json_editor_get_type ())

G_DECLARE_FINAL_TYPE (ScopeJsonEditor, scope_json_editor, SCOPE, JSON_EDITOR, AdwPreferencesRow)

/**
 * ScopeJsonEditor:
 *
 * Where the data of an event is typed: JSON, checked and highlighted, or plain text; its size against what a server
 * accepts; which variables are filled in.
 *
 * Signal `changed`: anything of it.
 */
const char *scope_json_editor_get_problem (ScopeJsonEditor *self);   /* nullable: why it can't be published */
char       *scope_json_editor_dup_text    (ScopeJsonEditor *self);
gboolean    scope_json_editor_get_is_text (ScopeJsonEditor *self);
void        scope_json_editor_set_text    (ScopeJsonEditor *self,
                                           const char      *text,
                                           gboolean         is_text);
void        scope_json_editor_set_max_bytes (ScopeJsonEditor *self,
                                             gsize            max_bytes);

G_END_DECLS
