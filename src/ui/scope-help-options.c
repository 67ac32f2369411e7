/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-help"

#include "config.h"

#include "ui/scope-help-pages.h"

#include <glib/gi18n-lib.h>

/* Each option of other libraries, and what it is here: protocol.md §8.1, §8.2. Where a thing has no
 * option here, the third column says why. */

#define HEADING(text) { SCOPE_HELP_HEADING, { text } }
#define TEXT(text) { SCOPE_HELP_TEXT, { text } }
#define HEADER \
  { SCOPE_HELP_HEADER, { N_("Option there"), N_("In the profile"), N_("On the command line") } }
#define ROW(there, here, command) { SCOPE_HELP_ROW, { there, here, command } }
#define NONE(there, why) { SCOPE_HELP_ROW, { there, N_("Not needed"), why } }

#define STATISTICS N_("No statistics are sent.")
#define CODE N_("Code: set the endpoint or the app secret instead.")
#define BROWSER N_("It is about browsers.")
#define ALWAYS N_("Lost connections are always made again.")

/* clang-format off */
const ScopeHelpItem scope_help_options[] = {
  TEXT (N_("Import Configuration understands most of these by itself.")),

  HEADING ("pusher-js"),
  HEADER,
  ROW ("new Pusher('…')", N_("App Key"), "--key"),
  ROW ("cluster", N_("Cluster"), "--cluster"),
  ROW ("forceTLS, encrypted", N_("Use TLS"), "--no-tls"),
  ROW ("wsHost", N_("Host"), "--host"),
  ROW ("wsPort", N_("Port"), "--port"),
  ROW ("wssPort", N_("Port for TLS Tries"), "--wss-port"),
  ROW ("wsPath", N_("Path"), "--path"),
  ROW ("httpHost", N_("Fallback Host"), "--http-host"),
  ROW ("httpPort", N_("Fallback Port Without TLS"), "--http-port"),
  ROW ("httpsPort", N_("Fallback Port With TLS"), "--https-port"),
  ROW ("httpPath", N_("Fallback Path"), "--http-path"),
  ROW ("activityTimeout", N_("Activity Timeout"), "--activity-timeout"),
  ROW ("pongTimeout", N_("Pong Timeout"), "--pong-timeout"),
  ROW ("unavailableTimeout", N_("Unavailable Timeout"), "--unavailable-timeout"),
  ROW ("enabledTransports", N_("Allowed Transports"), "--transports"),
  ROW ("disabledTransports", N_("Disabled Transports"), "--disable-transports"),
  ROW ("channelAuthorization.endpoint, authEndpoint", N_("Authorization Endpoint"), "--auth-endpoint"),
  ROW ("channelAuthorization.transport, authTransport", N_("Authorization Request"), "--auth-transport"),
  ROW ("channelAuthorization.params, auth.params", N_("Authorization Parameters"), "--auth-param"),
  ROW ("channelAuthorization.headers, auth.headers", N_("Authorization Headers"), "--auth-header"),
  ROW ("paramsProvider, headersProvider", N_("A value cmd:PROGRAM"), "--auth-param, --auth-header"),
  NONE ("customHandler, authorizer", CODE),
  ROW ("userAuthentication.endpoint", N_("Sign-In Endpoint"), "--user-endpoint"),
  ROW ("userAuthentication.params", N_("Sign-In Parameters"), "--user-param"),
  ROW ("userAuthentication.headers", N_("Sign-In Headers"), "--user-header"),
  ROW ("switchCluster()", N_("Cluster"), "--cluster"),
  NONE ("enableStats, disableStats, statsHost, timelineParams", STATISTICS),
  NONE ("nacl", N_("Decryption is built in.")),
  NONE ("ignoreNullOrigin, disableFlash", BROWSER),
  NONE ("Pusher.logToConsole, Pusher.log", N_("The event log shows everything.")),
  NONE ("Pusher.host, Pusher.channel_auth_endpoint", N_("They are older names of the options above.")),

  HEADING ("Laravel Echo"),
  HEADER,
  ROW ("broadcaster", N_("“pusher” and “reverb” are both understood"), ""),
  ROW ("key, cluster, wsHost, …", N_("As in pusher-js"), ""),
  ROW ("authEndpoint", N_("Authorization Endpoint"), "--auth-endpoint"),
  ROW ("csrfToken, bearerToken", N_("Authorization Headers"), "--auth-header"),
  NONE ("namespace", N_("Events have their whole names here.")),

  HEADING ("iOS: libPusher"),
  HEADER,
  ROW ("encrypted", N_("Use TLS"), "--no-tls"),
  ROW ("authorizationURL", N_("Authorization Endpoint"), "--auth-endpoint"),
  ROW ("cluster", N_("Cluster"), "--cluster"),
  ROW ("connectAutomatically", N_("Connect at Start"), "channelscope --connect"),
  ROW ("reconnectDelay", N_("First Delay"), "--reconnect-delay"),
  ROW ("activityTimeout", N_("Activity Timeout"), "--activity-timeout"),
  ROW ("pongTimeout", N_("Pong Timeout"), "--pong-timeout"),
  NONE ("reconnectAutomatically", ALWAYS),
  NONE ("delegate, channelAuthorizationDelegate", CODE),

  HEADING ("Swift: pusher-websocket-swift"),
  HEADER,
  ROW ("host: .host, .cluster", N_("Host, Cluster"), "--host, --cluster"),
  ROW ("port", N_("Port"), "--port"),
  ROW ("path", N_("Path"), "--path"),
  ROW ("useTLS", N_("Use TLS"), "--no-tls"),
  ROW ("activityTimeout", N_("Activity Timeout"), "--activity-timeout"),
  ROW ("maxReconnectGapInSeconds", N_("Longest Delay"), "--max-delay"),
  ROW ("authMethod: .endpoint", N_("Authorization Endpoint"), "--auth-endpoint"),
  ROW ("authMethod: .inline(secret:)", N_("App Secret"), "CHANNELSCOPE_SECRET"),
  NONE ("authMethod: .authorizer, .authRequestBuilder", CODE),
  NONE ("autoReconnect", ALWAYS),
  NONE ("attemptToReturnJSONObject", N_("Data is shown both laid out and raw.")),

  HEADING ("Haskell: pusher-ws"),
  HEADER,
  ROW ("appKey", N_("App Key"), "--key"),
  ROW ("encrypted", N_("Use TLS"), "--no-tls"),
  ROW ("cluster", N_("Cluster"), "--cluster"),
  ROW ("authorisationURL", N_("Authorization Endpoint, called with GET"),
       "--auth-endpoint, --auth-method get"),
  ROW ("pusherURL (host, port, path)", N_("Host, Port, Path Is the Whole Request Path"),
       "--host, --port, --path, --whole-path"),

  HEADING ("Elixir: pushest"),
  HEADER,
  ROW ("key", N_("App Key"), "--key"),
  ROW ("app_id", N_("App ID"), "--app-id"),
  ROW ("secret", N_("App Secret"), "CHANNELSCOPE_SECRET"),
  ROW ("cluster", N_("Cluster"), "--cluster"),
  ROW ("encrypted", N_("Use TLS"), "--no-tls"),
  ROW ("init_channels", N_("Channels"), "watch CHANNEL…"),

  HEADING ("Java: pusher-websocket-java"),
  HEADER,
  ROW ("setCluster", N_("Cluster"), "--cluster"),
  ROW ("setHost", N_("Host"), "--host"),
  ROW ("setWsPort", N_("Port"), "--port"),
  ROW ("setWssPort", N_("Port for TLS Tries"), "--wss-port"),
  ROW ("setUseTLS, setEncrypted", N_("Use TLS"), "--no-tls"),
  ROW ("setActivityTimeout", N_("Activity Timeout"), "--activity-timeout"),
  ROW ("setPongTimeout", N_("Pong Timeout"), "--pong-timeout"),
  ROW ("setMaxReconnectionAttempts", N_("Attempts"), "--max-attempts"),
  ROW ("setMaxReconnectGapInSeconds", N_("Longest Delay"), "--max-delay"),
  ROW ("setProxy", N_("Proxy"), "--proxy"),
  ROW ("setChannelAuthorizer, HttpChannelAuthorizer", N_("Authorization Endpoint"), "--auth-endpoint"),
  ROW ("setUserAuthenticator", N_("Sign-In Endpoint"), "--user-endpoint"),

  HEADING (".NET: PusherClient"),
  HEADER,
  ROW ("Cluster", N_("Cluster"), "--cluster"),
  ROW ("Host", N_("Host"), "--host"),
  ROW ("Encrypted", N_("Use TLS"), "--no-tls"),
  ROW ("ClientTimeout", N_("Connect Timeout"), "--connect-timeout"),
  ROW ("Authorizer, ChannelAuthorizer", N_("Authorization Endpoint"), "--auth-endpoint"),
  ROW ("UserAuthenticator", N_("Sign-In Endpoint"), "--user-endpoint"),
  NONE ("TraceLogger", N_("The event log shows everything.")),

  HEADING (N_("Server Libraries")),
  HEADER,
  ROW ("appId, app_id", N_("App ID"), "--app-id"),
  ROW ("key", N_("App Key"), "--key"),
  ROW ("secret", N_("App Secret"), "CHANNELSCOPE_SECRET"),
  ROW ("cluster", N_("Cluster"), "--cluster"),
  ROW ("useTLS, scheme", N_("Use TLS"), "--no-tls"),
  ROW ("host", N_("API Host"), "--api-host"),
  ROW ("port", N_("API Port"), "--api-port"),
  ROW ("encryptionMasterKeyBase64", N_("Encryption Master Key"), "CHANNELSCOPE_ENCRYPTION_KEY"),
  NONE ("timeout, agent, curl_options", N_("They are about that library alone.")),

  HEADING (N_("Only Here")),
  HEADER,
  ROW ("Origin", N_("Origin"), "--origin"),
  ROW ("CA", N_("CA File"), "--ca-file"),
  ROW ("HTTP", N_("Extra Headers"), "--header"),
  ROW ("presence", N_("Presence User"), "--presence-user"),
  ROW ("signin", N_("User"), "--user-data"),
  { SCOPE_HELP_END, { NULL } },
};
/* clang-format on */
