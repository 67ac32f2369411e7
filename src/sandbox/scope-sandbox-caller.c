/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-caller.h"

#include <gio/gio.h>
#include <string.h>

#include "base/scope-text.h"

#define SHOWN_BYTES 200

/* The close frame that carries them holds 120 bytes: what to do comes first. */
#define HOST_TEXT \
  "Host not allowed: call the sandbox by 127.0.0.1 or localhost, or let the proxy say so in Host (%s)"
#define ORIGIN_TEXT \
  "Origin not allowed with the documented key: open the page from localhost, or serve --app KEY:ID (%s)"

/* RFC 6761: they lead to this machine, or nowhere but where its owner says */
static const char * const own_domains[] = { "localhost", "test", NULL };
/* RFC 6762, 8375: no public name server answers for them */
static const char * const near_domains[] = { "local", "internal", "home.arpa", NULL };

static gboolean
caller_is_below (const char         *name,
                 const char * const *domains)
{
  for (; *domains != NULL; domains++)
    {
      const char *start = name + strlen (name) - MIN (strlen (name), strlen (*domains));

      if (g_str_equal (start, *domains) && (start == name || start[-1] == '.'))
        return TRUE;
    }
  return FALSE;
}

/* (transfer full) (nullable): the host of `host[:port]`, in lower case, without brackets and final dot */
static char *
caller_read_host (const char *authority)
{
  g_autofree char *address = g_strdup_printf ("http://%s/", authority);
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  char *host;

  if (uri == NULL || strpbrk (authority, "/?#@\\ ,") != NULL || *g_uri_get_host (uri) == '\0')
    return NULL;

  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  if (g_str_has_suffix (host, "."))
    host[strlen (host) - 1] = '\0';
  return host;
}

/* 127.0.0.1, 10.1.2.3, fd00::1, …: not of the public network */
static gboolean
caller_is_near_address (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address == NULL)
    return FALSE;
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
      && (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc)
    return TRUE;
  return g_inet_address_get_is_any (address) || g_inet_address_get_is_loopback (address)
         || g_inet_address_get_is_link_local (address) || g_inet_address_get_is_site_local (address);
}

static gboolean
caller_is_near (const char *host)
{
  gboolean is_dotless = strpbrk (host, ".:") == NULL; /* no top-level domain is a site */

  return is_dotless || caller_is_near_address (host) || caller_is_below (host, own_domains)
         || caller_is_below (host, near_domains);
}

/**
 * scope_sandbox_caller_refuse_host:
 * @host: (nullable): the header as it came; %NULL: there was none, as in HTTP/1.0
 *
 * A page that was rebound to this machine still calls it by its own name.
 *
 * Returns: (transfer full) (nullable): why it is turned away and what to do, for people; %NULL: it may come in
 */
char *
scope_sandbox_caller_refuse_host (const char *host)
{
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;

  if (host == NULL)
    return NULL;
  name = caller_read_host (host);
  if (name != NULL && (g_hostname_is_ip_address (name) || caller_is_below (name, own_domains)))
    return NULL;

  shown = scope_text_for_display (host, -1, SHOWN_BYTES);
  return g_strdup_printf (HOST_TEXT, shown);
}

/**
 * scope_sandbox_caller_refuse_origin:
 * @origin: (nullable): the header as it came; %NULL: there was none, so it is no browser
 *
 * Pages of this machine and its network are let in, so are programs that are no web pages (`tauri://…`).
 * A file says `null`, and so does a frame that any page in the web has cut off from its own origin: it is
 * turned away.
 *
 * Returns: (transfer full) (nullable): why it is turned away and what to do, for people; %NULL: it may come in
 */
char *
scope_sandbox_caller_refuse_origin (const char *origin)
{
  const char *authority = origin != NULL ? strstr (origin, "://") : NULL;
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;

  if (origin == NULL || *origin == '\0')
    return NULL;
  if (authority != NULL && g_ascii_strncasecmp (origin, "http", strlen ("http")) != 0)
    return NULL;
  name = authority != NULL ? caller_read_host (authority + strlen ("://")) : NULL;
  if (name != NULL && caller_is_near (name))
    return NULL;

  shown = scope_text_for_display (origin, -1, SHOWN_BYTES);
  return g_strdup_printf (ORIGIN_TEXT, shown);
}
