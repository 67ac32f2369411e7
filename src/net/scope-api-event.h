/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One event to publish over the HTTP API (protocol.md §9.1, §9.3): what it must be, and its JSON. */
typedef struct
{
  char *name;
  char *data;      /* JSON text, published as it stands; of a JSON string the content is */
  char **channels; /* one, or up to SCOPE_LIMIT_EVENT_CHANNELS outside a batch */
  char *socket_id; /* that connection does not get it; NULL: all do */
  char *info;      /* "user_count,subscription_count"; NULL: no counts are asked for */
} ScopeApiEvent;

ScopeApiEvent *scope_api_event_new    (const char          *name,
                                       const char          *data,
                                       const char * const  *channels,
                                       const char          *socket_id,
                                       const char          *info);
void           scope_api_event_free   (ScopeApiEvent       *self);
/* Checks the event and appends it as a request has it: {"name":…,"data":…,"channels":[…],"socket_id":…,
 * "info":…}, in a batch with "channel". SCOPE_ERROR_USAGE names what is wrong, and the figure that is allowed.
 * max_data 0: SCOPE_LIMIT_DATA_BYTES; master_key (base64, nullable) is for an encrypted channel. */
gboolean       scope_api_event_append (const ScopeApiEvent *self,
                                       gboolean             in_batch,
                                       gsize                max_data,
                                       const char          *master_key,
                                       GString             *body,
                                       GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeApiEvent, scope_api_event_free)

G_END_DECLS
