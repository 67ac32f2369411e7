/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Headers and parameters as they are configured: "Name: value" and "name=value". A value "cmd:PROGRAM ARGS" is
 * the standard output of that program without its last newline, run for each request, without a shell; bounded in
 * time (SCOPE_WAIT_AUTHORIZE_USEC) and size (SCOPE_LIMIT_FIELD_BYTES). Errors name the field, never its value. */

typedef struct
{
  char *name;
  char *value;                 /* wiped when freed */
} ScopeField;

ScopeField *scope_field_new_header (const char *line);        /* NULL if it is no header line */
ScopeField *scope_field_new_param  (const char *line);
void        scope_field_free       (ScopeField *self);
gboolean    scope_field_has_command (ScopeField *self);

/* Replaces the commands of all fields (of ScopeField, taken over) by what they print, side by side. */
void        scope_fields_resolve_async  (GPtrArray           *fields,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
GPtrArray  *scope_fields_resolve_finish (GAsyncResult        *result,
                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeField, scope_field_free)

G_END_DECLS
