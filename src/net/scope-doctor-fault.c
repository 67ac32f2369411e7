/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include "net/scope-doctor-fault.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"

typedef struct
{
  const char *advice;
  gboolean is_of_profile;
} ScopeFaultRow;

static const ScopeFaultRow rows[SCOPE_N_FAULTS] = {
  [SCOPE_FAULT_NAME_UNKNOWN] = {
    N_("No machine has this name. Check the host for a typing error, and that this machine is online; a name "
       "of an inner network needs its VPN."), TRUE },
  [SCOPE_FAULT_CLUSTER_UNKNOWN] = {
    N_("There is no such cluster, or this machine is offline. Take the name from the app's keys: mt1, eu, "
       "ap1 …"), TRUE },
  [SCOPE_FAULT_NAME_SERVICE] = {
    N_("The name service gave no answer. Check that this machine is online, and its VPN."), FALSE },
  [SCOPE_FAULT_PORT_CLOSED] = {
    N_("Nothing listens there. Start the server, or correct the port: soketi has 6001, Reverb 8080."),
    TRUE },
  [SCOPE_FAULT_NO_ROUTE] = {
    N_("The network does not lead there. Check that this machine is online, and its VPN."), FALSE },
  [SCOPE_FAULT_SILENT] = {
    N_("Something drops what is sent there, mostly a firewall. Check host and port, the firewall and the "
       "VPN."), TRUE },
  [SCOPE_FAULT_PROXY] = {
    N_("The proxy does not let this through. Check its address, or ask who runs it."), TRUE },
  [SCOPE_FAULT_PROXY_LOGIN] = {
    N_("The proxy asks for a login. Set up its user name and password."), TRUE },

  [SCOPE_FAULT_TLS_NOT_SPOKEN] = {
    N_("The port speaks plain HTTP. Switch TLS off, or give the port that speaks TLS."),
    TRUE },
  [SCOPE_FAULT_TLS_SPOKEN] = {
    N_("The port speaks TLS. Switch TLS on, or give the port without it."), TRUE },
  [SCOPE_FAULT_TLS] = {
    N_("TLS could not be agreed upon. Check the port; a proxy or firewall in between may be at fault."),
    TRUE },
  [SCOPE_FAULT_CA_FILE] = { N_("Choose a file with certificates in PEM form."), TRUE },
  [SCOPE_FAULT_CERTIFICATE_EXPIRED] = {
    N_("Whoever runs the server must renew the certificate. Check this machine's clock, too."), FALSE },
  [SCOPE_FAULT_CERTIFICATE_EARLY] = {
    N_("This machine's clock is probably slow. Set it."), FALSE },
  [SCOPE_FAULT_CERTIFICATE_NAME] = {
    N_("Connect by one of the names the certificate is for, or have it issued for this one."), TRUE },
  [SCOPE_FAULT_CERTIFICATE_SELF_SIGNED] = {
    N_("If the server is yours, save its certificate as a file and choose that as the CA file."), TRUE },
  [SCOPE_FAULT_CERTIFICATE_AUTHORITY] = {
    N_("If the authority is yours, choose its certificate as the CA file. If not, a proxy that reads along "
       "may have put it there, or the server leaves out an intermediate certificate."), TRUE },
  [SCOPE_FAULT_CERTIFICATE] = { N_("Whoever runs the server must replace the certificate."), FALSE },

  [SCOPE_FAULT_PATH] = {
    N_("There is no Channels server at this path. Check the path prefix, host and port; an own server "
       "without a prefix leaves it empty."), TRUE },
  [SCOPE_FAULT_LOGIN] = {
    N_("The server or a proxy wants a login before it lets a WebSocket through. Add the header it needs."),
    TRUE },
  [SCOPE_FAULT_ORIGIN] = {
    N_("The server probably wants an Origin that it allows. Set it, like "
       "https://your-site.example."), TRUE },
  [SCOPE_FAULT_REDIRECT] = {
    N_("The server points elsewhere, which a WebSocket can't follow. Connect to that address instead."),
    TRUE },
  [SCOPE_FAULT_NOT_WEBSOCKET] = {
    N_("A web server answers there, but no Channels server. Check host, port and path; a reverse proxy must "
       "hand on the Upgrade and Connection headers."), TRUE },
  [SCOPE_FAULT_UPGRADE_SILENT] = {
    N_("Something takes connections there, but says nothing. Check host and port: a server of another protocol "
       "may listen there, or the server hangs."), TRUE },
  [SCOPE_FAULT_GATEWAY] = {
    N_("The proxy in front of the server can't reach it. Check that the server runs."), FALSE },
  [SCOPE_FAULT_OVERLOADED] = {
    N_("The server takes no more connections now. Wait a moment, then try again."), FALSE },
  [SCOPE_FAULT_SERVER] = { N_("The server had an error of its own. See its log."), FALSE },
  [SCOPE_FAULT_APP_UNKNOWN] = {
    N_("The server knows no app with this key. Check the app key, and that the server is the one the app is "
       "on."), TRUE },
  [SCOPE_FAULT_APP_NOT_IN_CLUSTER] = {
    N_("Cluster and key do not go together. Take both from the same line of the app's keys: often the "
       "cluster is wrong."), TRUE },
  [SCOPE_FAULT_APP_DISABLED] = {
    N_("The app is disabled. Enable it in the server's dashboard or configuration."), FALSE },
  [SCOPE_FAULT_QUOTA] = {
    N_("The app is over its quota. Close other connections, or raise the quota."), FALSE },
  [SCOPE_FAULT_GREETING] = {
    N_("What answers is a WebSocket server, but not of Channels. Check host, port and path."), TRUE },
  [SCOPE_FAULT_GREETING_SILENT] = {
    N_("What answers takes WebSockets, but says nothing. Check host, port and path; a proxy in between may "
       "hold frames back."), TRUE },
  [SCOPE_FAULT_CLOSED] = {
    N_("The server closed before it said who it is. Its log should tell why."), FALSE },

  [SCOPE_FAULT_API_PLACE] = {
    N_("No HTTP API of Channels answers there. If it is on another host or port than the WebSocket, set API "
       "host and API port."), TRUE },
  [SCOPE_FAULT_API_SECRET] = {
    N_("The secret is not this app's. Copy the app secret anew, without blanks around it."), TRUE },
  [SCOPE_FAULT_API_CLOCK] = {
    N_("This machine's clock is off, and a signature holds the time. Set the clock."), FALSE },
  [SCOPE_FAULT_API_KEY] = {
    N_("The HTTP API knows no app with this key. Check the key, and the cluster or host: it is often the "
       "wrong cluster."), TRUE },
  [SCOPE_FAULT_API_APP_ID] = {
    N_("The app id is another app's, or none. Take id, key and secret from the same app."), TRUE },
  [SCOPE_FAULT_API_REFUSED] = {
    N_("The HTTP API refuses the request. Read its text, and see the server's log."), FALSE },

  [SCOPE_FAULT_ENDPOINT_UNREACHED] = {
    N_("Check the endpoint's address and that it runs: it is asked from this machine, not from the browser's "
       "place."), TRUE },
  [SCOPE_FAULT_ENDPOINT_LOGIN] = {
    N_("The endpoint does not let this program ask. A browser sends its cookies and tokens along: add them "
       "as headers or parameters (Authorization, Cookie, X-CSRF-TOKEN)."), TRUE },
  [SCOPE_FAULT_ENDPOINT_REFUSED] = {
    N_("Check the endpoint's path and method, and its log. It was asked for a channel whose name contains "
       "“channelscope-test”: it may know only some channels."), TRUE },
  [SCOPE_FAULT_ENDPOINT_REDIRECT] = {
    N_("A redirect often leads to a login page. Add what it needs to know who asks, or set the address it "
       "points to as the endpoint."), TRUE },
  [SCOPE_FAULT_ENDPOINT_PAGE] = {
    N_("The endpoint answers with a web page instead of JSON: a login page, or another route. Check its path "
       "and what it needs to know who asks."), TRUE },
  [SCOPE_FAULT_ENDPOINT_REPLY] = {
    N_("The endpoint must answer with a JSON object that has “auth”. Compare with what a server library "
       "gives."), TRUE },
  [SCOPE_FAULT_ENDPOINT_KEY] = {
    N_("The endpoint signs for another app. Give it this app's key and secret, or connect with the other "
       "app's key."), TRUE },
  [SCOPE_FAULT_ENDPOINT_SECRET] = {
    N_("The endpoint signs with another secret than this app's, or signs something else than socket id and "
       "channel. Check the secret that it uses."), FALSE },
  [SCOPE_FAULT_ENDPOINT_MEMBER] = {
    N_("For presence channels the endpoint must add “channel_data”: a JSON text with a user_id."), FALSE },
  [SCOPE_FAULT_SIGNATURE] = {
    N_("The app secret is not this app's. Copy it anew, without blanks around it."), TRUE },
  [SCOPE_FAULT_SUBSCRIPTION] = {
    N_("Read what the server says; its log should tell more."), FALSE },
  [SCOPE_FAULT_SUBSCRIPTION_SILENT] = {
    N_("The server did not answer the subscription. See its log."), FALSE },
};

/**
 * scope_fault_get_advice:
 *
 * Returns: (transfer none) (nullable): what to do about it
 */
const char *
scope_fault_get_advice (ScopeFault fault)
{
  g_return_val_if_fail (fault < SCOPE_N_FAULTS, NULL);

  return fault != SCOPE_FAULT_NONE ? _(rows[fault].advice) : NULL;
}

/**
 * scope_fault_is_of_profile:
 *
 * Returns: whether editing the profile may be what helps
 */
gboolean
scope_fault_is_of_profile (ScopeFault fault)
{
  g_return_val_if_fail (fault < SCOPE_N_FAULTS, FALSE);

  return rows[fault].is_of_profile;
}

/**
 * scope_fault_of_lookup:
 * @error: of looking up a name
 * @is_cluster: the name was made from a cluster
 *
 * Returns: what is at fault
 */
ScopeFault
scope_fault_of_lookup (const GError *error,
                       gboolean is_cluster)
{
  if (!g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    return SCOPE_FAULT_NAME_SERVICE;
  return is_cluster ? SCOPE_FAULT_CLUSTER_UNKNOWN : SCOPE_FAULT_NAME_UNKNOWN;
}

/**
 * scope_fault_of_connect:
 * @error: of opening a TCP connection
 *
 * Returns: what is at fault
 */
ScopeFault
scope_fault_of_connect (const GError *error)
{
  if (error->domain != G_IO_ERROR)
    return SCOPE_FAULT_NO_ROUTE;

  switch (error->code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return SCOPE_FAULT_PORT_CLOSED;
    case G_IO_ERROR_TIMED_OUT:
      return SCOPE_FAULT_SILENT;
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
      return SCOPE_FAULT_PROXY_LOGIN;
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return SCOPE_FAULT_PROXY;
    default:
      return SCOPE_FAULT_NO_ROUTE;
    }
}

typedef struct
{
  guint first;
  guint last;
  ScopeFault fault;
} ScopeFaultRange;

static ScopeFault
find_range (const ScopeFaultRange *ranges,
            guint n_ranges,
            guint number,
            ScopeFault otherwise)
{
  for (guint i = 0; i < n_ranges; i++)
    if (number >= ranges[i].first && number <= ranges[i].last)
      return ranges[i].fault;
  return otherwise;
}

/* The first row that fits counts. */
static const ScopeFaultRange upgrades[] = {
  { 300, 399, SCOPE_FAULT_REDIRECT },       { 401, 401, SCOPE_FAULT_LOGIN },
  { 403, 403, SCOPE_FAULT_ORIGIN },         { 404, 404, SCOPE_FAULT_PATH },
  { 407, 407, SCOPE_FAULT_PROXY_LOGIN },    { 410, 410, SCOPE_FAULT_PATH },
  { 429, 429, SCOPE_FAULT_OVERLOADED },     { 503, 503, SCOPE_FAULT_OVERLOADED },
  { 502, 504, SCOPE_FAULT_GATEWAY },        { 500, 599, SCOPE_FAULT_SERVER },
};

/**
 * scope_fault_of_upgrade:
 * @status: HTTP's, other than 101
 *
 * Returns: what is at fault
 */
ScopeFault
scope_fault_of_upgrade (guint status)
{
  return find_range (upgrades, G_N_ELEMENTS (upgrades), status, SCOPE_FAULT_NOT_WEBSOCKET);
}

/* protocol.md §1.7 */
static const ScopeFaultRange refusals[] = {
  { 4000, 4000, SCOPE_FAULT_TLS_SPOKEN },   { 4001, 4001, SCOPE_FAULT_APP_UNKNOWN },
  { 4002, 4003, SCOPE_FAULT_APP_DISABLED }, { 4004, 4004, SCOPE_FAULT_QUOTA },
  { 4005, 4005, SCOPE_FAULT_PATH },         { 4009, 4009, SCOPE_FAULT_ORIGIN },
  { 4100, 4100, SCOPE_FAULT_QUOTA },        { 1012, 1013, SCOPE_FAULT_OVERLOADED },
  { 4200, 4299, SCOPE_FAULT_OVERLOADED },   { 1011, 1011, SCOPE_FAULT_SERVER },
};

/**
 * scope_fault_of_refusal:
 * @code: of a pusher:error that came first, or of a close (protocol.md §1.7); 0: none
 * @text: (nullable): the server's words
 *
 * "App key … not in this cluster. Did you forget to specify the cluster?" is Pusher's 4001 (protocol.md §1.8).
 *
 * Returns: what is at fault
 */
ScopeFault
scope_fault_of_refusal (guint code,
                        const char *text)
{
  if (text != NULL && strstr (text, "cluster") != NULL)
    return SCOPE_FAULT_APP_NOT_IN_CLUSTER;
  if (text != NULL && strstr (text, "Origin") != NULL)
    return SCOPE_FAULT_ORIGIN;
  return find_range (refusals, G_N_ELEMENTS (refusals), code, SCOPE_FAULT_CLOSED);
}

/* Whether a 404 is the HTTP API's and not a web server's: Pusher answers plain text, others JSON (§9.5). */
static gboolean
fault_names_app (const char *body)
{
  g_autofree char *lower = body != NULL ? g_ascii_strdown (body, -1) : g_strdup ("");

  return *lower != '<' && strstr (lower, "app") != NULL;
}

static const ScopeFaultRange api_statuses[] = {
  { 200, 399, SCOPE_FAULT_API_PLACE },  { 401, 401, SCOPE_FAULT_API_SECRET },
  { 403, 403, SCOPE_FAULT_APP_DISABLED }, { 405, 405, SCOPE_FAULT_API_PLACE },
  { 407, 407, SCOPE_FAULT_PROXY_LOGIN }, { 426, 426, SCOPE_FAULT_API_PLACE },
  { 429, 429, SCOPE_FAULT_OVERLOADED }, { 502, 502, SCOPE_FAULT_GATEWAY },
  { 504, 504, SCOPE_FAULT_GATEWAY },    { 503, 503, SCOPE_FAULT_OVERLOADED },
  { 500, 599, SCOPE_FAULT_SERVER },     { 400, 499, SCOPE_FAULT_API_REFUSED },
};

/**
 * scope_fault_of_api:
 * @status: HTTP's
 * @body: (nullable): the answer's
 * @clock_is_off: by more than servers take (protocol.md §9.4)
 *
 * Returns: what is at fault
 */
ScopeFault
scope_fault_of_api (guint status,
                    const char *body,
                    gboolean clock_is_off)
{
  if (body != NULL && strstr (body, "Unknown auth_key") != NULL)
    return SCOPE_FAULT_API_KEY;
  if (body != NULL && strstr (body, "Timestamp expired") != NULL)
    return SCOPE_FAULT_API_CLOCK;
  if (status == 401 && clock_is_off && (body == NULL || strstr (body, "signature") == NULL))
    return SCOPE_FAULT_API_CLOCK;
  if (status == 404)
    return fault_names_app (body) ? SCOPE_FAULT_API_APP_ID : SCOPE_FAULT_API_PLACE;
  return find_range (api_statuses, G_N_ELEMENTS (api_statuses), status, SCOPE_FAULT_API_PLACE);
}

static const ScopeFaultRange endpoint_statuses[] = {
  { 300, 399, SCOPE_FAULT_ENDPOINT_REDIRECT }, { 401, 401, SCOPE_FAULT_ENDPOINT_LOGIN },
  { 403, 403, SCOPE_FAULT_ENDPOINT_LOGIN },    { 407, 407, SCOPE_FAULT_PROXY_LOGIN },
  { 419, 419, SCOPE_FAULT_ENDPOINT_LOGIN },
};

/**
 * scope_fault_of_endpoint:
 * @error: why an authorization endpoint gave none
 * @status: of its answer; 0: none came
 *
 * What the endpoint said is quoted behind ": ", so a page's first bracket stands there.
 *
 * Returns: what is at fault
 */
ScopeFault
scope_fault_of_endpoint (const GError *error,
                         guint status)
{
  if (status == 0)
    return SCOPE_FAULT_ENDPOINT_UNREACHED;
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL))
    return strstr (error->message, ": <") != NULL ? SCOPE_FAULT_ENDPOINT_PAGE : SCOPE_FAULT_ENDPOINT_REPLY;
  if (status == 200 || status == 201)
    return SCOPE_FAULT_ENDPOINT_REPLY;
  return find_range (endpoint_statuses, G_N_ELEMENTS (endpoint_statuses), status, SCOPE_FAULT_ENDPOINT_REFUSED);
}
