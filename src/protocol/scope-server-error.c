/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-server-error"

#include "config.h"

#include "protocol/scope-close-code.h"

#include <string.h>

#include "protocol/scope-channel-name.h"

typedef struct
{
  const char *before;
  const char *after;      /* NULL: to the end of the text */
  gboolean signed_string; /* socket_id:channel[:channel_data] stands there */
} ScopeErrorText;

/* Texts of `pusher:error` frames that name a channel, protocol.md §1.8. The longer of two that
 * begin alike comes first. */
static const ScopeErrorText texts[] = {
  { "Existing subscription to channel ", NULL, FALSE },
  { "Existing subscription to ", NULL, FALSE }, /* slanger */
  { "No current subscription to channel ", ", or subscription in progress", FALSE },
  { "Invalid signature: Expected HMAC SHA256 hex digest of ", ", but got ", TRUE },
  { "Auth value for subscription to ", " is invalid", FALSE },
  { "Subscription to ", " refused: ", FALSE }, /* our sandbox, of its own limits */
  { "Cannot broadcast client event (connection not subscribed to channel ", ")", FALSE },
};

static char *
server_error_cut_at (const char *start,
                     const char *after)
{
  /* the last one: channel_data may hold the same words */
  const char *end = after != NULL ? g_strrstr (start, after) : start + strlen (start);

  return end != NULL ? g_strndup (start, end - start) : NULL;
}

/* "12.34:private-x:{…}" → "private-x". A sign-in's "12.34::user::…" names none. */
static char *
server_error_channel_of_signed (const char *text)
{
  const char *channel = strchr (text, ':');
  const char *end;

  if (channel == NULL)
    return NULL;

  channel++;
  end = strchr (channel, ':');
  return end != NULL ? g_strndup (channel, end - channel) : g_strdup (channel);
}

/**
 * scope_server_error_find_channel:
 * @message: (nullable): the text of a `pusher:error`
 *
 * Servers rarely name the channel in a field of its own, but their texts do (protocol.md §1.8).
 *
 * Returns: (transfer full) (nullable): the channel, if the text speaks of a valid one
 */
char *
scope_server_error_find_channel (const char *message)
{
  for (guint i = 0; message != NULL && i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *cut = NULL;
      g_autofree char *channel = NULL;

      if (!g_str_has_prefix (message, texts[i].before))
        continue;

      cut = server_error_cut_at (message + strlen (texts[i].before), texts[i].after);
      if (cut == NULL)
        continue;

      channel = texts[i].signed_string ? server_error_channel_of_signed (cut)
                                       : g_steal_pointer (&cut);
      if (channel != NULL && scope_channel_name_check (channel, NULL, NULL))
        return g_steal_pointer (&channel);
    }

  return NULL;
}
