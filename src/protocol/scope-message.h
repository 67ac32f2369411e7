/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "json/scope-json.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_MESSAGE (scope_message_get_type ())

/**
 * ScopeMessage:
 *
 * One protocol frame as it came or went: the raw bytes and where its parts stand in them
 * (protocol.md §2.1). Immutable and ref-counted; thread-safe to read. `data` stays unparsed.
 */
typedef struct _ScopeMessage ScopeMessage;

/* What the frame is for us (protocol.md §2.3). */
typedef enum
{
  SCOPE_MESSAGE_EVENT, /* an application's event, client events included */
  SCOPE_MESSAGE_CONNECTION_ESTABLISHED,
  SCOPE_MESSAGE_ERROR,
  SCOPE_MESSAGE_PING,
  SCOPE_MESSAGE_PONG,
  SCOPE_MESSAGE_SUBSCRIPTION_SUCCEEDED,
  SCOPE_MESSAGE_SUBSCRIPTION_ERROR,
  SCOPE_MESSAGE_SUBSCRIPTION_COUNT,
  SCOPE_MESSAGE_MEMBER_ADDED,
  SCOPE_MESSAGE_MEMBER_REMOVED,
  SCOPE_MESSAGE_CACHE_MISS,
  SCOPE_MESSAGE_SIGNIN_SUCCESS,
  SCOPE_MESSAGE_WATCHLIST,
  SCOPE_MESSAGE_SUBSCRIBE,   /* ours, c→s */
  SCOPE_MESSAGE_UNSUBSCRIBE, /* ours, c→s */
  SCOPE_MESSAGE_SIGNIN,      /* ours, c→s */
  SCOPE_MESSAGE_UNKNOWN,     /* another pusher: or pusher_internal: event */
} ScopeMessageType;

GType          scope_message_get_type        (void);

/* Takes a reference on bytes. SCOPE_ERROR_PROTOCOL if it is no valid frame (bad UTF-8, not JSON,
 * no object, no string "event", a "channel" that is no string, number or null; a "user_id" of
 * another kind counts as absent),
 * SCOPE_ERROR_LIMIT if a bound was passed (depth, a name above its bound). */
ScopeMessage  *scope_message_new             (GBytes             *bytes,
                                              GError            **error);
ScopeMessage  *scope_message_ref             (ScopeMessage       *self);
void           scope_message_unref           (ScopeMessage       *self);

ScopeMessageType scope_message_get_message_type (const ScopeMessage *self);
GBytes        *scope_message_get_bytes       (const ScopeMessage *self);  /* transfer none */
gsize          scope_message_get_size        (const ScopeMessage *self);  /* bytes of the frame */

/* Names, decoded, owned by the message and NUL-terminated. channel and user_id are NULL if absent or
 * null; an escaped NUL within a name is U+FFFD. length (nullable) */
const char    *scope_message_get_event       (const ScopeMessage *self, gsize *length);
const char    *scope_message_get_channel     (const ScopeMessage *self, gsize *length);
const char    *scope_message_get_user_id     (const ScopeMessage *self, gsize *length);

/* `data` as it stands in the frame */
ScopeSpan      scope_message_get_data_span   (const ScopeMessage *self);
ScopeJsonKind  scope_message_get_data_kind   (const ScopeMessage *self);  /* NONE: the frame has no data key */

/* `data` with JSON string decoding undone (protocol.md §2.2): what a publisher handed over.
 * For a data that is no string its JSON text; NULL if absent. If it escapes lone surrogates it has
 * no UTF-8 form, and the token itself comes back, with its quotes. (transfer full) */
GBytes        *scope_message_dup_raw_data    (const ScopeMessage *self);

/* `data` as an object: parses through the scanner, whether it was an object or a string holding
 * one. text/length receive the object's JSON text; owner keeps it alive. FALSE if it is no object. */
gboolean       scope_message_read_data_object (const ScopeMessage *self,
                                               const char        **text,
                                               gsize              *length,
                                               GBytes            **owner);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeMessage, scope_message_unref)

G_END_DECLS
