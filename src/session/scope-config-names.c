/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Names of options, in small letters without - and _: pusher-js 8 and its older names, Laravel Echo,
 * the libraries of protocol.md §8.2, and the variables of .env files without what all of them begin
 * with. */

#define STATISTICS N_("no statistics are sent")
#define BROWSER N_("it is about browsers")
#define BUILT_IN N_("it is built in")
#define AS_IT_COMES N_("everything is shown as it comes, with its whole name")
#define CODE N_("it is code, which is not run here")
#define LIBRARY N_("it is about that library alone")
#define RECONNECTS N_("a lost connection is always made again")
#define LISTENS N_("it is where the server listens, not where one connects to")

typedef struct
{
  const char *name;
  ScopeConfigOption option;
  const char *reason;
} OptionName;

/* clang-format off */
static const OptionName option_names[] = {
  { "key", SCOPE_CONFIG_KEY, NULL },
  { "appkey", SCOPE_CONFIG_KEY, NULL },
  { "apikey", SCOPE_CONFIG_KEY, NULL },
  { "pusherkey", SCOPE_CONFIG_KEY, NULL },
  { "pusherappkey", SCOPE_CONFIG_KEY, NULL },
  { "defaultappkey", SCOPE_CONFIG_KEY, NULL },
  { "secret", SCOPE_CONFIG_SECRET, NULL },
  { "appsecret", SCOPE_CONFIG_SECRET, NULL },
  { "pushersecret", SCOPE_CONFIG_SECRET, NULL },
  { "pusherappsecret", SCOPE_CONFIG_SECRET, NULL },
  { "defaultappsecret", SCOPE_CONFIG_SECRET, NULL },
  { "appid", SCOPE_CONFIG_APP_ID, NULL },
  { "id", SCOPE_CONFIG_APP_ID, NULL },
  { "pusherappid", SCOPE_CONFIG_APP_ID, NULL },
  { "defaultappid", SCOPE_CONFIG_APP_ID, NULL },
  { "encryptionmasterkeybase64", SCOPE_CONFIG_MASTER_KEY, NULL },
  { "appencryptionmasterkeybase64", SCOPE_CONFIG_MASTER_KEY, NULL },
  { "encryptionmasterkey", SCOPE_CONFIG_MASTER_KEY_TEXT, NULL },
  { "cluster", SCOPE_CONFIG_CLUSTER, NULL },
  { "appcluster", SCOPE_CONFIG_CLUSTER, NULL },
  { "pushercluster", SCOPE_CONFIG_CLUSTER, NULL },
  { "pusherappcluster", SCOPE_CONFIG_CLUSTER, NULL },
  { "forcetls", SCOPE_CONFIG_FORCE_TLS, NULL },
  { "encrypted", SCOPE_CONFIG_ENCRYPTED, NULL },
  { "usetls", SCOPE_CONFIG_USE_TLS, NULL },
  { "ssl", SCOPE_CONFIG_USE_TLS, NULL },
  { "secure", SCOPE_CONFIG_USE_TLS, NULL },
  { "scheme", SCOPE_CONFIG_SCHEME, NULL },
  { "wshost", SCOPE_CONFIG_WS_HOST, NULL },
  { "wsport", SCOPE_CONFIG_WS_PORT, NULL },
  { "wssport", SCOPE_CONFIG_WSS_PORT, NULL },
  { "wspath", SCOPE_CONFIG_WS_PATH, NULL },
  { "host", SCOPE_CONFIG_HOST, NULL },
  { "port", SCOPE_CONFIG_PORT, NULL },
  { "path", SCOPE_CONFIG_PATH, NULL },
  { "httphost", SCOPE_CONFIG_HTTP_HOST, NULL },
  { "httpport", SCOPE_CONFIG_HTTP_PORT, NULL },
  { "httpsport", SCOPE_CONFIG_HTTPS_PORT, NULL },
  { "httppath", SCOPE_CONFIG_HTTP_PATH, NULL },
  { "activitytimeout", SCOPE_CONFIG_ACTIVITY_TIMEOUT, NULL },
  { "pongtimeout", SCOPE_CONFIG_PONG_TIMEOUT, NULL },
  { "unavailabletimeout", SCOPE_CONFIG_UNAVAILABLE_TIMEOUT, NULL },
  { "reconnectdelay", SCOPE_CONFIG_RECONNECT_DELAY, NULL },
  { "maxreconnectgapinseconds", SCOPE_CONFIG_MAX_DELAY, NULL },
  { "maxreconnectionattempts", SCOPE_CONFIG_MAX_ATTEMPTS, NULL },
  { "enabledtransports", SCOPE_CONFIG_ENABLED_TRANSPORTS, NULL },
  { "disabledtransports", SCOPE_CONFIG_DISABLED_TRANSPORTS, NULL },
  { "channelauthorization", SCOPE_CONFIG_CHANNEL_AUTH, NULL },
  { "userauthentication", SCOPE_CONFIG_USER_AUTH, NULL },
  { "authendpoint", SCOPE_CONFIG_AUTH_ENDPOINT, NULL },
  { "authorizationurl", SCOPE_CONFIG_AUTH_ENDPOINT, NULL },
  { "authorisationurl", SCOPE_CONFIG_AUTH_GET_URL, NULL },
  { "authtransport", SCOPE_CONFIG_AUTH_TRANSPORT, NULL },
  { "auth", SCOPE_CONFIG_AUTH, NULL },
  { "authmethod", SCOPE_CONFIG_AUTH_METHOD, NULL },
  { "broadcaster", SCOPE_CONFIG_BROADCASTER, NULL },
  { "csrftoken", SCOPE_CONFIG_CSRF_TOKEN, NULL },
  { "bearertoken", SCOPE_CONFIG_BEARER_TOKEN, NULL },
  { "proxy", SCOPE_CONFIG_PROXY, NULL },
  { "connectautomatically", SCOPE_CONFIG_CONNECT_AT_START, NULL },
  { "url", SCOPE_CONFIG_URL, NULL },
  { "enablestats", SCOPE_CONFIG_UNNEEDED, STATISTICS },
  { "disablestats", SCOPE_CONFIG_UNNEEDED, STATISTICS },
  { "statshost", SCOPE_CONFIG_UNNEEDED, STATISTICS },
  { "timelineparams", SCOPE_CONFIG_UNNEEDED, STATISTICS },
  { "ignorenullorigin", SCOPE_CONFIG_UNNEEDED, BROWSER },
  { "disableflash", SCOPE_CONFIG_UNNEEDED, BROWSER },
  { "withcredentials", SCOPE_CONFIG_UNNEEDED, BROWSER },
  { "nacl", SCOPE_CONFIG_UNNEEDED, BUILT_IN },
  { "namespace", SCOPE_CONFIG_UNNEEDED, AS_IT_COMES },
  { "attempttoreturnjsonobject", SCOPE_CONFIG_UNNEEDED, AS_IT_COMES },
  { "authorizer", SCOPE_CONFIG_UNNEEDED, CODE },
  { "channelauthorizer", SCOPE_CONFIG_UNNEEDED, CODE },
  { "userauthenticator", SCOPE_CONFIG_UNNEEDED, CODE },
  { "channelauthorizationdelegate", SCOPE_CONFIG_UNNEEDED, CODE },
  { "customhandler", SCOPE_CONFIG_UNNEEDED, CODE },
  { "paramsprovider", SCOPE_CONFIG_UNNEEDED, CODE },
  { "headersprovider", SCOPE_CONFIG_UNNEEDED, CODE },
  { "delegate", SCOPE_CONFIG_UNNEEDED, CODE },
  { "client", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "timeout", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "clienttimeout", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "agent", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "keepalive", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "curloptions", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "debug", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "logger", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "tracelogger", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "logtoconsole", SCOPE_CONFIG_UNNEEDED, LIBRARY },
  { "transports", SCOPE_CONFIG_ENABLED_TRANSPORTS, NULL },
  { "autoreconnect", SCOPE_CONFIG_UNNEEDED, RECONNECTS },
  { "reconnectautomatically", SCOPE_CONFIG_UNNEEDED, RECONNECTS },
  { "serverhost", SCOPE_CONFIG_UNNEEDED, LISTENS },
  { "serverport", SCOPE_CONFIG_UNNEEDED, LISTENS },
  { "serverpath", SCOPE_CONFIG_UNNEEDED, LISTENS },
};
/* clang-format on */

/**
 * scope_config_option_find:
 * @name: an option's name, in whatever spelling
 * @reason: (out): why it is not needed, where that is the answer; translated
 *
 * Returns: what it is about
 */
ScopeConfigOption
scope_config_option_find (const char  *name,
                          const char **reason)
{
  char plain[48];
  gsize length = 0;

  for (; *name != '\0' && length < sizeof plain - 1; name++)
    if (*name != '_' && *name != '-')
      plain[length++] = g_ascii_tolower (*name);
  plain[length] = '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (option_names); i++)
    if (strcmp (option_names[i].name, plain) == 0)
      {
        *reason = option_names[i].reason != NULL ? _(option_names[i].reason) : NULL;
        return option_names[i].option;
      }
  return SCOPE_CONFIG_UNKNOWN;
}
