/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-channel-name"

#include "config.h"

#include "protocol/scope-channel-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"

enum
{
  FLAG_AUTH = 1 << 0,
  FLAG_PRESENCE = 1 << 1,
  FLAG_ENCRYPTED = 1 << 2,
  FLAG_CACHE = 1 << 3,
  FLAG_CLIENT_EVENTS = 1 << 4,
};

typedef struct
{
  ScopeChannelKind kind;
  const char *prefix;
  guint flags;
  const char *text;
} ScopeKindRow;

/* In the order in which the prefixes are tried: the longer of two that fit comes first. */
static const ScopeKindRow kinds[] = {
  { SCOPE_CHANNEL_PRIVATE_ENCRYPTED_CACHE, "private-encrypted-cache-",
    FLAG_AUTH | FLAG_ENCRYPTED | FLAG_CACHE, N_("Encrypted cache channel") },
  { SCOPE_CHANNEL_PRIVATE_ENCRYPTED, "private-encrypted-",
    FLAG_AUTH | FLAG_ENCRYPTED, N_("Encrypted channel") },
  { SCOPE_CHANNEL_PRIVATE_CACHE, "private-cache-",
    FLAG_AUTH | FLAG_CACHE | FLAG_CLIENT_EVENTS, N_("Private cache channel") },
  { SCOPE_CHANNEL_PRIVATE, "private-",
    FLAG_AUTH | FLAG_CLIENT_EVENTS, N_("Private channel") },
  { SCOPE_CHANNEL_PRESENCE_CACHE, "presence-cache-",
    FLAG_AUTH | FLAG_PRESENCE | FLAG_CACHE | FLAG_CLIENT_EVENTS, N_("Presence cache channel") },
  { SCOPE_CHANNEL_PRESENCE, "presence-",
    FLAG_AUTH | FLAG_PRESENCE | FLAG_CLIENT_EVENTS, N_("Presence channel") },
  { SCOPE_CHANNEL_CACHE, "cache-", FLAG_CACHE, N_("Cache channel") },
  { SCOPE_CHANNEL_SERVER_TO_USER, "#server-to-user-", 0, N_("User channel") },
  { SCOPE_CHANNEL_PUBLIC, "", 0, N_("Public channel") },
};

static const ScopeKindRow *
kind_row (ScopeChannelKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (kinds[i].kind == kind)
        return &kinds[i];
    }

  return &kinds[G_N_ELEMENTS (kinds) - 1];
}

static gboolean
is_name_character (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("_-=@,.;", c) != NULL);
}

/* The whole UTF-8 character at @at, or its byte in hex where there is none. */
static char *
quote_character (const char *at)
{
  gunichar c = g_utf8_get_char_validated (at, -1);

  if (c == (gunichar) -1 || c == (gunichar) -2 || !g_unichar_isprint (c))
    return g_strdup_printf ("\\x%02X", (guint8) *at);

  return g_strndup (at, g_utf8_next_char (at) - at);
}

static gboolean
check_characters (const char  *name,
                  GError     **error)
{
  const char *at = name[0] == '#' ? name + 1 : name;

  for (; *at != '\0'; at++)
    {
      g_autofree char *quoted = NULL;

      if (is_name_character (*at))
        continue;

      quoted = quote_character (at);
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("A channel name can't contain “%s”: letters A–Z and a–z, digits and _ - = @ , "
                     ". ; are allowed"),
                   quoted);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_length (const char  *name,
              GError     **error)
{
  gsize length = strlen (name);

  if (length == 0)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("A channel name can't be empty"));
      return FALSE;
    }

  if (length > SCOPE_LIMIT_CHANNEL_NAME_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("A channel name has at most %d characters, this one has %zu"),
                   SCOPE_LIMIT_CHANNEL_NAME_BYTES, length);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_reserved (const char  *name,
                GError     **error)
{
  const char *prefix = kind_row (SCOPE_CHANNEL_SERVER_TO_USER)->prefix;

  if (name[0] != '#' || (g_str_has_prefix (name, prefix) && name[strlen (prefix)] != '\0'))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("Channel names that begin with “#” are reserved: only %sID exists"), prefix);
  return FALSE;
}

/* soketi searches for its prefixes anywhere in the name, Reverb at the start but without the dash
 * (protocol.md §11.2, §11.3). */
static char *
find_warning (const char *name)
{
  static const char *const anywhere[] = { "private-", "presence-" };
  static const char *const at_start[] = { "private", "presence" };

  if (strlen (name) > SCOPE_LIMIT_CHANNEL_NAME_WARN_BYTES)
    return g_strdup_printf (_("Pusher documents %d characters as the longest channel name; this "
                              "one has %zu"),
                            SCOPE_LIMIT_CHANNEL_NAME_WARN_BYTES, strlen (name));

  if (name[0] == '#' || scope_channel_kind_needs_auth (scope_channel_name_get_kind (name)))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (anywhere); i++)
    {
      if (strstr (name, anywhere[i]) != NULL)
        return g_strdup_printf (_("The name contains “%s”: soketi asks for authorization on such a "
                                  "channel, other servers treat it as public"),
                                anywhere[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (at_start); i++)
    {
      if (g_str_has_prefix (name, at_start[i]))
        return g_strdup_printf (_("The name begins with “%s”: Laravel Reverb asks for "
                                  "authorization on such a channel, other servers treat it as "
                                  "public"),
                                at_start[i]);
    }

  return NULL;
}

/**
 * scope_channel_name_get_kind:
 * @name: a channel's name
 *
 * The kind follows from the name alone: prefixes anchored at its start, case counts
 * (protocol.md §3.2).
 */
ScopeChannelKind
scope_channel_name_get_kind (const char *name)
{
  g_return_val_if_fail (name != NULL, SCOPE_CHANNEL_PUBLIC);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_str_has_prefix (name, kinds[i].prefix))
        return kinds[i].kind;
    }

  return SCOPE_CHANNEL_PUBLIC;
}

/**
 * scope_channel_kind_needs_auth:
 *
 * Whether a subscription carries a signature. A user's own channel needs a sign-in instead.
 */
gboolean
scope_channel_kind_needs_auth (ScopeChannelKind kind)
{
  return (kind_row (kind)->flags & FLAG_AUTH) != 0;
}

/**
 * scope_channel_kind_is_presence:
 *
 * Returns: whether members are told (protocol.md §3.2)
 */
gboolean
scope_channel_kind_is_presence (ScopeChannelKind kind)
{
  return (kind_row (kind)->flags & FLAG_PRESENCE) != 0;
}

/**
 * scope_channel_kind_is_encrypted:
 *
 * Returns: whether payloads are encrypted (protocol.md §3.2)
 */
gboolean
scope_channel_kind_is_encrypted (ScopeChannelKind kind)
{
  return (kind_row (kind)->flags & FLAG_ENCRYPTED) != 0;
}

/**
 * scope_channel_kind_is_cache:
 *
 * Returns: whether the last event is sent to who subscribes (protocol.md §3.2)
 */
gboolean
scope_channel_kind_is_cache (ScopeChannelKind kind)
{
  return (kind_row (kind)->flags & FLAG_CACHE) != 0;
}

/**
 * scope_channel_kind_allows_client_events:
 *
 * Private and presence channels, encrypted ones excepted (protocol.md §6).
 */
gboolean
scope_channel_kind_allows_client_events (ScopeChannelKind kind)
{
  return (kind_row (kind)->flags & FLAG_CLIENT_EVENTS) != 0;
}

/**
 * scope_channel_kind_to_text:
 *
 * Returns: (transfer none): the kind in words, translated
 */
const char *
scope_channel_kind_to_text (ScopeChannelKind kind)
{
  return _(kind_row (kind)->text);
}

/**
 * scope_channel_name_check:
 * @name: what the user typed
 * @warning: (out) (optional) (nullable) (transfer full): a sentence to show beside a name that is
 *   valid but may not work everywhere
 * @error: SCOPE_ERROR_USAGE, naming the character or length that is wrong
 *
 * The names servers accept: protocol.md §3.1.
 */
gboolean
scope_channel_name_check (const char  *name,
                          char       **warning,
                          GError     **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  if (!check_length (name, error) || !check_characters (name, error) ||
      !check_reserved (name, error))
    return FALSE;

  if (warning != NULL)
    *warning = find_warning (name);

  return TRUE;
}
