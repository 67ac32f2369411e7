/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "net/scope-api-event.h"
#include "session/scope-template-fill.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_OUTGOING (scope_outgoing_get_type ())

G_DECLARE_FINAL_TYPE (ScopeOutgoing, scope_outgoing, SCOPE, OUTGOING, GObject)

/* Whom an event is not delivered to. */
typedef enum
{
  SCOPE_EXCLUDE_NOBODY,
  SCOPE_EXCLUDE_US,     /* the connection there is when it is published */
  SCOPE_EXCLUDE_SOCKET, /* the one that was typed */
} ScopeExclude;

/**
 * ScopeOutgoing:
 *
 * One event as somebody typed it, to be published over the HTTP API: its variables are not filled in yet. Immutable.
 * It is what a template holds, what waits in a list, and what is sent again.
 */
/* channels: of any number; text: JSON, or plain text if is_text; socket_id and info: nullable */
ScopeOutgoing *scope_outgoing_new          (const char * const *channels,
                                            const char         *event,
                                            const char         *text,
                                            gboolean            is_text,
                                            ScopeExclude        exclude,
                                            const char         *socket_id,
                                            const char         *info);
const char * const *
               scope_outgoing_get_channels (ScopeOutgoing      *self);
const char    *scope_outgoing_get_event    (ScopeOutgoing      *self);
const char    *scope_outgoing_get_text     (ScopeOutgoing      *self);
gboolean       scope_outgoing_get_is_text  (ScopeOutgoing      *self);
ScopeExclude   scope_outgoing_get_exclude  (ScopeOutgoing      *self);
const char    *scope_outgoing_get_socket_id (ScopeOutgoing     *self);  /* nullable */
const char    *scope_outgoing_get_info     (ScopeOutgoing      *self);  /* nullable */
/* "a, b and 3 more", for people (transfer full) */
char          *scope_outgoing_dup_place    (ScopeOutgoing      *self);

/* what is published: variables filled in, plain text as a JSON string. own_socket_id: nullable */
ScopeApiEvent *scope_outgoing_to_event     (ScopeOutgoing             *self,
                                            const ScopeTemplateValues *values,
                                            const char                *own_socket_id);
/* names that stand between blanks or line breaks; none twice (transfer full) */
char         **scope_outgoing_split_channels (const char       *text);

G_END_DECLS
