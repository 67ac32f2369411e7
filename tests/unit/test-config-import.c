/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "session/scope-config-import.h"

#include <glib.h>
#include <string.h>

#define MASTER_KEY "dGhpcnR5LXR3byBieXRlcyBhcmUgbmVlZGVkIGhlcmU="

/* A text as people have it, and what must come of it: properties that are not as usual and
 * credentials, sorted, one a line; words of the notes in order, separated by |. */
typedef struct
{
  const char *name;
  const char *text;
  const char *expected;
  const char *notes;
} Shape;

static const Shape shapes[] = {
  { "js/key-and-cluster", "const pusher = new Pusher('k1', { cluster: 'eu' });",
    "cluster: eu\nname: App on eu\nkey: k1\n", "" },
  { "js/white-space", "new Pusher(' k1 ', { cluster: ' eu', enabledTransports: ['ws '] });",
    "cluster: eu\nname: App on eu\ntransports: ws\nkey: k1\n", "" },
  { "js/key-alone", "new Pusher(\"k1\")", "key: k1\n", "" },
  { "js/getting-started",
    "<script src=\"https://js.pusher.com/8.4.0/pusher.min.js\"></script>\n<script>\n"
    "  // Don't forget to disable this in production\n  Pusher.logToConsole = true;\n"
    "  var pusher = new Pusher('0a1b2c3d', {\n    cluster: 'ap2'\n  });\n"
    "  var channel = pusher.subscribe('my-channel');\n</script>",
    "cluster: ap2\nname: App on ap2\nkey: 0a1b2c3d\n", "" },
  { "js/self-hosted",
    "import Pusher from 'pusher-js';\nexport const client = new Pusher(`app-key`, {\n"
    "  wsHost: '127.0.0.1', wsPort: 6001, forceTLS: false, disableStats: true,\n"
    "  enabledTransports: ['ws', 'wss'],\n  cluster: '', // not needed\n});\n",
    "host: 127.0.0.1\nname: 127.0.0.1\nport: 6001\ntransports: ws,wss\nuse-tls: FALSE\n"
    "wss-port: 443\nkey: app-key\n",
    "disableStats is not needed" },
  { "js/tls-ports",
    "new Pusher('k', { wsHost: 'ws.shop.example', wsPort: 80, wssPort: 8443, wsPath: 'sock' })",
    "host: ws.shop.example\nname: ws.shop.example\npath: /sock\nport: 8443\nkey: k\n", "" },
  { "js/usual-ports", "new Pusher('k', { wsHost: 'h.example', wsPort: 80, wssPort: 443 })",
    "host: h.example\nname: h.example\nkey: k\n", "" },
  { "js/falsy-is-default",
    "new Pusher('k', { cluster: 'eu', wsHost: '', wsPort: 0, forceTLS: null, activityTimeout: 0,"
    " wsPath: undefined, enabledTransports: null, authEndpoint: false })",
    "cluster: eu\nname: App on eu\nkey: k\n", "" },
  { "js/force-tls-only-false", "new Pusher('k', { cluster: 'eu', forceTLS: 0 })",
    "cluster: eu\nname: App on eu\nkey: k\n", "" },
  { "js/encrypted-is-old", "new Pusher('k', { cluster: 'eu', encrypted: false })",
    "cluster: eu\nname: App on eu\nuse-tls: FALSE\nkey: k\n", "" },
  { "js/force-tls-goes-before-encrypted",
    "new Pusher('k', { cluster: 'eu', encrypted: false, forceTLS: true })",
    "cluster: eu\nname: App on eu\nkey: k\n", "" },
  { "js/timeouts-in-milliseconds",
    "new Pusher('k', { cluster: 'eu', activityTimeout: 30_000, pongTimeout: 1e4,"
    " unavailableTimeout: 2500 })",
    "activity-timeout: 30.000000\ncluster: eu\nname: App on eu\npong-timeout: 10.000000\n"
    "unavailable-timeout: 2.500000\nkey: k\n", "" },
  { "js/fallbacks",
    "new Pusher('k', { cluster: 'mt1', httpHost: 'sock.example', httpPort: 8080, httpsPort: 8443,"
    " httpPath: '/p', disabledTransports: ['sockjs', \"flash\"] })",
    "cluster: mt1\ndisabled-transports: sockjs\nhttp-host: sock.example\nhttp-path: /p\n"
    "http-port: 8080\nhttps-port: 8443\nname: App on mt1\nkey: k\n",
    "no transport “flash”" },
  { "js/channel-authorization",
    "new Pusher('k', {\n  cluster: 'eu',\n  channelAuthorization: {\n"
    "    endpoint: \"https://shop.example/auth\", transport: 'jsonp',\n"
    "    params: { tenant: 7, beta: true, },\n    headers: { 'X-Token': 'T0ken', },\n  },\n"
    "  userAuthentication: { endpoint: 'https://shop.example/user',"
    " headers: { Authorization: `Bearer B` } },\n})",
    "auth-endpoint: https://shop.example/auth\nauth-transport: jsonp\ncluster: eu\n"
    "name: App on eu\nuser-endpoint: https://shop.example/user\nkey: k\n"
    "auth-params: tenant=7 beta=true\nauth-headers: X-Token: T0ken\n"
    "user-headers: Authorization: Bearer B\n", "" },
  { "js/old-authorization",
    "new Pusher('k', { cluster: 'eu', authEndpoint: 'http://a.example/x', authTransport: 'ajax',\n"
    "  auth: { params: { a: 'b' }, headers: { 'X-A': \"c\" } } })",
    "auth-endpoint: http://a.example/x\nauth-transport: ajax\ncluster: eu\nname: App on eu\n"
    "key: k\nauth-params: a=b\nauth-headers: X-A: c\n", "" },
  { "js/old-does-not-count-beside-new",
    "new Pusher('k', { cluster: 'eu', authEndpoint: 'http://old.example/', auth: { headers: { O:"
    " 'o' } }, channelAuthorization: { endpoint: 'http://new.example/' } })",
    "auth-endpoint: http://new.example/\ncluster: eu\nname: App on eu\nkey: k\n",
    "authEndpoint does not count|auth does not count" },
  { "js/relative-endpoint",
    "new Pusher('k', { cluster: 'eu', authEndpoint: '/api/auth?secret=1' })",
    "cluster: eu\nname: App on eu\nkey: k\n",
    "authEndpoint: “/api/auth” is part of a web page’s address" },
  { "js/endpoint-by-default",
    "new Pusher('k', { cluster: 'eu', auth: { headers: { A: 'b' } } })",
    "cluster: eu\nname: App on eu\nkey: k\nauth-headers: A: b\n", "“/pusher/auth” is part" },
  { "js/handler",
    "new Pusher('k', { cluster: 'eu', channelAuthorization: { endpoint: 'http://a.example/',\n"
    "  customHandler: async ({ socketId, channelName }, cb) => { cb(null, await f({ a: [1] })); },\n"
    "  headersProvider() { return { a: 1 } } }, authorizer: (c, o) => ({ authorize(id, cb) {} }) })",
    "cluster: eu\nname: App on eu\nkey: k\n",
    "authorizer is not needed|customHandler is not needed|headersProvider is not needed" },
  { "js/computed",
    "new Pusher(process.env.NEXT_PUBLIC_PUSHER_KEY!, { cluster: process.env.CLUSTER, wsHost: host(),\n"
    "  activityTimeout: 30 * 1000, wsPort: isDev ? 6001 : 443, ...rest, [name]: 1 })",
    "",
    "App Key is computed from “process.env.NEXT_PUBLIC_PUSHER_KEY”|cluster is computed from "
    "“process.env.CLUSTER”|wsHost is computed: fill|activityTimeout is computed|wsPort is computed|"
    "without a plain name" },
  { "js/variables-beside-it",
    "VITE_KEY='k9'\nVITE_CLUSTER=eu\n\nnew Pusher(import.meta.env.VITE_KEY, { cluster: "
    "import.meta.env.VITE_CLUSTER ?? 'mt1' })",
    "cluster: eu\nname: App on eu\nkey: k9\n", "" },
  { "js/shorthand", "new Pusher('k', { cluster, wsHost })", "key: k\n",
    "cluster is computed|wsHost is computed" },
  { "js/comments-and-quotes",
    "/* new Pusher('no') */ const a = \"new Pusher('neither')\"; // new Pusher('nor')\n"
    "new Pusher(/* key */ 'it\\'s\\x21\\u0041', { /* a, b */ cluster: 'eu' // c }\n })",
    "cluster: eu\nname: App on eu\nkey: it's!A\n", "" },
  { "js/only-in-a-comment", "// new Pusher('k', { cluster: 'eu' })",
    "cluster: eu\nname: App on eu\nkey: k\n", "" },
  { "js/unknown-options",
    "new Pusher('k', { cluster: 'eu', enableStats: true, statsHost: 's', timelineParams: {},"
    " nacl, fooBar: 1 })",
    "cluster: eu\nname: App on eu\nkey: k\n",
    "enableStats is not|statsHost is not|timelineParams is not|nacl is not|fooBar is not known" },
  { "js/typescript", "new Pusher(\"k\", { cluster: 'eu' as const, wsPort: 1 as number } as Options)",
    "cluster: eu\nname: App on eu\nkey: k\n", "" },
  { "js/odd-values",
    "new Pusher('k', { cluster: 'e u', wsPort: 70000, pongTimeout: 'soon', wsHost: "
    "'http://user:S3cret@h' })",
    "key: k\n",
    "wsHost was left out: it may hold|cluster was left out: The cluster “e u”|pongTimeout was left "
    "out" },
  { "js/command-is-not-taken",
    "new Pusher('k', { cluster: 'eu', auth: { headers: { 'X-A': ' cmd:rm -rf /', 'X: cmd': 'a' },"
    " params: { p: 'CMD:ls', 'q=cmd:ls': 'x' } }, authEndpoint: 'http://a.example/' })",
    "auth-endpoint: http://a.example/\ncluster: eu\nname: App on eu\nkey: k\n",
    "X-A was left out: it would run|X: cmd is not written|p was left out: it would|q=cmd:ls is not" },
  { "echo/reverb",
    "import Echo from 'laravel-echo';\nimport Pusher from 'pusher-js';\nwindow.Pusher = Pusher;\n\n"
    "window.Echo = new Echo({\n    broadcaster: 'reverb',\n"
    "    key: import.meta.env.VITE_REVERB_APP_KEY,\n    wsHost: import.meta.env.VITE_REVERB_HOST,\n"
    "    wsPort: import.meta.env.VITE_REVERB_PORT ?? 80,\n"
    "    wssPort: import.meta.env.VITE_REVERB_PORT ?? 443,\n"
    "    forceTLS: (import.meta.env.VITE_REVERB_SCHEME ?? 'https') === 'https',\n"
    "    enabledTransports: ['ws', 'wss'],\n});\n",
    "transports: ws,wss\n",
    "key is computed from “import.meta.env.VITE_REVERB_APP_KEY”|wsHost is|wsPort is|wssPort is|"
    "forceTLS is computed: fill|“/broadcasting/auth” is part" },
  { "echo/pusher",
    "new Echo({ broadcaster: 'pusher', key: 'k', cluster: 'eu', forceTLS: true, encrypted: true,\n"
    " authEndpoint: 'https://shop.example/broadcasting/auth', csrfToken: 'C5rf', bearerToken: 'B',\n"
    " auth: { headers: { Accept: 'application/json' } }, namespace: 'App.Other', })",
    "auth-endpoint: https://shop.example/broadcasting/auth\ncluster: eu\nname: App on eu\nkey: k\n"
    "auth-headers: Accept: application/json X-CSRF-TOKEN: C5rf Authorization: Bearer B\n"
    "user-headers: X-CSRF-TOKEN: C5rf Authorization: Bearer B\n",
    "namespace is not needed" },
  { "echo/client-by-hand",
    "new Echo({ broadcaster: 'pusher', client: new Pusher('k', { cluster: 'us2' }) })",
    "cluster: us2\nname: App on us2\nkey: k\n", "" },
  { "echo/configure", "configureEcho({ broadcaster: 'reverb', key: 'k', wsHost: 'r.example' })",
    "host: r.example\nname: r.example\nkey: k\n", "“/broadcasting/auth” is part" },
  { "server/node",
    "const Pusher = require('pusher');\nconst pusher = new Pusher({\n  appId: \"12\",\n"
    "  key: 'k',\n  secret: 'S3',\n  cluster: 'eu',\n  useTLS: true,\n"
    "  encryptionMasterKeyBase64: '" MASTER_KEY "',\n  timeout: 3000,\n});",
    "app-id: 12\ncluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\nsecret: S3\n"
    "master-key: " MASTER_KEY "\n",
    "timeout is not needed" },
  { "server/node-without-tls",
    "new Pusher({ appId: '12', key: 'k', secret: 'S3', host: '127.0.0.1', port: 6001 })",
    "app-id: 12\nhost: 127.0.0.1\nname: 127.0.0.1\nport: 6001\nread-only: TRUE\nuse-tls: FALSE\n"
    "key: k\nsecret: S3\n",
    "TLS is off, as in the Node library|host and port are used for the connection too" },
  { "server/api-host",
    "new Pusher({ appId: '12', key: 'k', secret: 'S3', host: 'api-ap1.pusher.com', port: '443',"
    " scheme: 'https' })",
    "app-id: 12\ncluster: ap1\nname: App on ap1\nread-only: TRUE\nkey: k\nsecret: S3\n", "" },
  { "server/old-master-key",
    "new Pusher({ appId: '1', key: 'k', secret: 's', useTLS: true, encryptionMasterKey: "
    "'thirty-two bytes are needed here' })",
    "app-id: 1\nread-only: TRUE\nkey: k\nsecret: s\nmaster-key: " MASTER_KEY "\n", "" },
  { "server/wrong-master-key",
    "new Pusher({ appId: '1', key: 'k', secret: 's', useTLS: true, encryptionMasterKeyBase64: "
    "'S3cret' })",
    "app-id: 1\nread-only: TRUE\nkey: k\nsecret: s\n",
    "encryptionMasterKeyBase64 was left out: it is not 32 bytes" },
  { "php/array",
    "<?php\n$pusher = new Pusher\\Pusher(\n  'k', 'S3', '12', # three\n"
    "  array('cluster' => 'eu', 'useTLS' => true)\n);",
    "app-id: 12\ncluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\nsecret: S3\n",
    "key, secret, app id" },
  { "php/brackets", "new \\Pusher\\Pusher(\"k\", \"S3\", \"12\", ['host' => 'h.example', 'port' => "
    "8080, 'scheme' => 'http', 'curl_options' => []])",
    "app-id: 12\nhost: h.example\nname: h.example\nport: 8080\nread-only: TRUE\nuse-tls: FALSE\n"
    "key: k\nsecret: S3\n",
    "key, secret, app id|curl_options is not needed" },
  { "python/keywords",
    "import pusher\npusher_client = pusher.Pusher(\n    app_id=u'12', key='k', secret='S3',\n"
    "    cluster='eu',\n    ssl=True,  # TLS\n)",
    "cluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\nsecret: S3\n",
    "app_id is computed" },
  { "ruby/client",
    "Pusher::Client.new(app_id: '12', :key => 'k', secret: 'S3', cluster: 'eu', use_tls: true)",
    "app-id: 12\ncluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\nsecret: S3\n", "" },
  { "go/client",
    "client := pusher.Client{ AppID: \"12\", Key: \"k\", Secret: \"S3\", Cluster: \"eu\", Secure: "
    "true, }",
    "app-id: 12\ncluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\nsecret: S3\n", "" },
  { "dotnet/server",
    "var pusher = new Pusher(\"12\", \"k\", \"S3\", new PusherOptions { Cluster = \"eu\", Encrypted "
    "= true });",
    "app-id: 12\ncluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\nsecret: S3\n",
    "app id, key, secret" },
  { "dotnet/client",
    "new Pusher(\"k\", new PusherOptions() { Cluster = \"eu\", Encrypted = true, TraceLogger = "
    "new TraceLogger() })",
    "cluster: eu\nname: App on eu\nkey: k\n", "TraceLogger is not needed" },
  { "swift/cluster",
    "let options = 1\nPusher(key: \"k\", options: PusherClientOptions(authMethod: .inline(secret: "
    "\"S3\"), host: .cluster(\"eu\"), autoReconnect: true, useTLS: true, activityTimeout: 30))",
    "activity-timeout: 30.000000\ncluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\n"
    "secret: S3\n",
    "autoReconnect is not needed" },
  { "swift/host-and-endpoint",
    "Pusher(key: \"k\", options: PusherClientOptions(authMethod: .endpoint(authEndpoint: "
    "\"https://a.example/auth\"), host: .host(\"h.example\"), port: 6001, path: \"/p\", useTLS: "
    "false))",
    "auth-endpoint: https://a.example/auth\nhost: h.example\nname: h.example\npath: /p\nport: 6001\n"
    "use-tls: FALSE\nkey: k\n", "" },
  { "object/json",
    "{\"key\": \"k\", \"cluster\": \"eu\", \"activityTimeout\": 5000}",
    "activity-timeout: 5.000000\ncluster: eu\nname: App on eu\nkey: k\n", "" },
  { "object/echo", "{ broadcaster: 'reverb', key: 'k', wsHost: 'h.example', forceTLS: false }",
    "host: h.example\nname: h.example\nuse-tls: FALSE\nkey: k\n", "“/broadcasting/auth” is part" },
  { "env/laravel-pusher",
    "APP_NAME=\"Corner Shop\"\nAPP_KEY=base64:other\nBROADCAST_CONNECTION=pusher\n\n"
    "PUSHER_APP_ID=12\nPUSHER_APP_KEY=k\nPUSHER_APP_SECRET='S$3 # x'\nPUSHER_HOST=\n"
    "PUSHER_PORT=443\nPUSHER_SCHEME=https\nPUSHER_APP_CLUSTER=eu # Ireland\n\n"
    "VITE_PUSHER_APP_KEY=\"${PUSHER_APP_KEY}\"\nVITE_PUSHER_APP_CLUSTER=\"${PUSHER_APP_CLUSTER}\"\n",
    "app-id: 12\ncluster: eu\nname: Corner Shop\nread-only: TRUE\nkey: k\nsecret: S$3 # x\n", "" },
  { "env/laravel-reverb",
    "BROADCAST_CONNECTION=reverb\r\nREVERB_APP_ID=3\r\nREVERB_APP_KEY=k\r\nREVERB_APP_SECRET=S3\r\n"
    "REVERB_HOST=\"localhost\"\r\nREVERB_PORT=8080\r\nREVERB_SCHEME=http\r\n"
    "REVERB_SERVER_HOST=0.0.0.0\r\nREVERB_SERVER_PORT=8081\r\n"
    "VITE_REVERB_HOST=\"${REVERB_HOST}\"\r\n",
    "app-id: 3\nhost: localhost\nname: localhost\nport: 8080\nread-only: TRUE\nuse-tls: FALSE\n"
    "key: k\nsecret: S3\n",
    "REVERB_SERVER_HOST is not needed|REVERB_SERVER_PORT is not needed" },
  { "env/two-families",
    "BROADCAST_DRIVER=reverb\nPUSHER_APP_KEY=p\nPUSHER_APP_CLUSTER=eu\nREVERB_APP_KEY=r\n"
    "REVERB_HOST=r.example\n",
    "host: r.example\nname: r.example\nkey: r\n", "REVERB_… is taken. PUSHER_… is there too" },
  { "env/next",
    "export NEXT_PUBLIC_PUSHER_KEY=k\nexport NEXT_PUBLIC_PUSHER_CLUSTER=us3\nPUSHER_SECRET=\"S3\"\n"
    "PUSHER_APP_ID=12\nDATABASE_URL=postgres://u:p@h/db\n",
    "app-id: 12\ncluster: us3\nname: App on us3\nread-only: TRUE\nkey: k\nsecret: S3\n", "" },
  { "env/mix", "MIX_PUSHER_APP_KEY=k\nMIX_PUSHER_APP_CLUSTER=mt1\n",
    "cluster: mt1\nname: App on mt1\nkey: k\n", "" },
  { "env/browser-host-counts",
    "PUSHER_APP_KEY=k\nPUSHER_HOST=soketi\nPUSHER_PORT=6001\nPUSHER_SCHEME=http\n"
    "VITE_PUSHER_HOST=ws.example\n",
    "host: ws.example\nname: ws.example\nport: 6001\nuse-tls: FALSE\nkey: k\n",
    "VITE_PUSHER_HOST is taken, not PUSHER_HOST" },
  { "env/soketi",
    "SOKETI_DEFAULT_APP_ID=1\nSOKETI_DEFAULT_APP_KEY=k\nSOKETI_DEFAULT_APP_SECRET=S3\n",
    "app-id: 1\nhost: 127.0.0.1\nname: 127.0.0.1\nport: 6001\nread-only: TRUE\nuse-tls: FALSE\n"
    "key: k\nsecret: S3\n",
    "soketi’s own address is assumed" },
  { "env/url", "PUSHER_URL=https://k:S3@api-eu.pusher.com/apps/12\n",
    "app-id: 12\ncluster: eu\nname: App on eu\nread-only: TRUE\nkey: k\nsecret: S3\n", "" },
  { "env/unresolved",
    "PUSHER_APP_KEY=k\nPUSHER_HOST=\"${MISSING}\"\nPUSHER_APP_CLUSTER=\"${A}\"\nA=${B}\nB=${A}\n",
    "key: k\n", "PUSHER_HOST needs a variable|PUSHER_APP_CLUSTER needs a variable" },
};

static gboolean
is_usual (GParamSpec   *pspec,
          const GValue *value)
{
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return g_value_get_boxed (value) == NULL || *(char **) g_value_get_boxed (value) == NULL;
  return strcmp (pspec->name, "id") == 0 || g_param_value_defaults (pspec, value);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp ((*(GParamSpec *const *) a)->name, (*(GParamSpec *const *) b)->name);
}

static void
append_properties (GString      *out,
                   ScopeProfile *profile)
{
  guint n;
  g_autofree GParamSpec **pspecs =
    g_object_class_list_properties (G_OBJECT_GET_CLASS (profile), &n);

  qsort (pspecs, n, sizeof *pspecs, compare_names);
  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) text = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (profile), pspecs[i]->name, &value);
      if (is_usual (pspecs[i], &value))
        continue;
      g_value_init (&text, G_TYPE_STRING);
      g_value_transform (&value, &text);
      g_string_append_printf (out, "%s: %s\n", pspecs[i]->name, g_value_get_string (&text));
    }
}

static char *
describe (ScopeConfigImport *import)
{
  GString *out = g_string_new (NULL);

  append_properties (out, import->profile);
  for (int kind = 0; kind < SCOPE_N_CREDENTIALS; kind++)
    {
      const char *text = scope_credentials_peek (import->credentials, kind);
      g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", -1) : NULL;
      g_autofree char *joined = lines != NULL ? g_strjoinv (" ", lines) : NULL;

      if (joined != NULL)
        g_string_append_printf (out, "%s: %s\n", scope_credential_kind_to_name (kind), joined);
    }
  return g_string_free (out, FALSE);
}

/* Whatever a note says, it holds no secret. */
static void
check_notes_have_no_secret (ScopeConfigImport *import)
{
  g_autofree char *notes = g_strjoinv ("\n", import->notes);

  g_assert_null (strstr (notes, "S3"));
  g_assert_null (strstr (notes, "T0ken"));
  g_assert_null (strstr (notes, "C5rf"));
}

static void
check_notes (ScopeConfigImport *import,
             const char        *expected)
{
  g_auto (GStrv) words = g_strsplit (expected, "|", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; import->notes[j] != NULL; j++)
        found |= strstr (import->notes[j], words[i]) != NULL;
      if (!found)
        {
          g_autofree char *notes = g_strjoinv ("\n", import->notes);

          g_test_message ("“%s” is not in:\n%s", words[i], notes);
          g_test_fail ();
        }
    }
  g_assert_cmpuint (g_strv_length (import->notes), >=, *expected != '\0' ? g_strv_length (words) : 0);
  if (*expected == '\0')
    g_assert_cmpstr (import->notes[0], ==, NULL);
}

static void
test_shape (gconstpointer data)
{
  const Shape *shape = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeConfigImport) import =
    scope_config_import_parse (shape->text, strlen (shape->text), &error);
  g_autofree char *described = NULL;
  g_autofree char *file = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (import);
  described = describe (import);
  g_assert_cmpstr (described, ==, shape->expected);
  check_notes (import, shape->notes);
  check_notes_have_no_secret (import);

  /* the file holds none either */
  file = scope_profile_to_key_file (import->profile);
  g_assert_null (strstr (file, "S3"));
  g_assert_null (strstr (file, "T0ken"));
}

static void
test_own_profile (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Shop");
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr (ScopeConfigImport) import = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (profile, "host", "h.example", "port", 6001, "auth-endpoint", "http://a.example/", NULL);
  text = scope_profile_to_key_file (profile);
  import = scope_config_import_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_true (import->own);
  again = scope_profile_to_key_file (import->profile);
  g_assert_cmpstr (again, ==, text);
  g_assert_nonnull (import->notes[0]);
  g_assert_null (scope_credentials_peek (import->credentials, SCOPE_CREDENTIAL_KEY));
}

/* Refusals */

static void
check_refused (const char *text,
               gsize       length,
               ScopeError  code,
               const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeConfigImport) import = scope_config_import_parse (text, length, &error);

  g_assert_null (import);
  g_assert_error (error, SCOPE_ERROR, (int) code);
  if (strstr (error->message, word) == NULL)
    {
      g_test_message ("“%s” is not in: %s", word, error->message);
      g_test_fail ();
    }
}

static void
test_refused (void)
{
  static const char * const cases[][2] = {
    { "", "No configuration" },
    { "nonsense", "No configuration" },
    { "{}", "No configuration" },
    { "{ foo: 1 }", "No configuration" },
    { "PATH=/usr/bin\nHOME=/root\n", "No configuration" },
    { "new Pusher()", "No configuration" },
    { "[Profile]\nname=x\n[Connection]\nport=0\n", "port" },
    { "[Profile]\n", "name" },
    { "new Echo({ broadcaster: 'socket.io', host: 'h' })", "broadcaster" },
    { "new Pusher('k", "Line 1, column 12: this quoted" },
    { "\n\n  new Pusher('k', { cluster: 'eu'", "Line 3, column 19: a bracket|Line 3" },
    { "new Pusher('k', { cluster: 'eu' ; })", "Line 1, column 33: a comma" },
    { "new Pusher('ä', { wsHost: f(( })", "Line 1, column 33: a comma" },
    { "new Pusher('k', { /* cluster: 'eu' })", "this comment has no end" },
    { "new Pusher('k', { a: `b })", "this quoted text" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) words = g_strsplit (cases[i][1], "|", -1);

      check_refused (cases[i][0], strlen (cases[i][0]), SCOPE_ERROR_USAGE,
                     words[g_strv_length (words) - 1]);
    }
  check_refused ("new Pusher('k\0', {})", 20, SCOPE_ERROR_USAGE, "UTF-8");
  check_refused ("new Pusher('\xff')", 15, SCOPE_ERROR_USAGE, "UTF-8");
}

static char *
repeat (const char *head,
        const char *unit,
        gsize       bytes)
{
  GString *text = g_string_sized_new (bytes + 64);

  g_string_append (text, head);
  while (text->len + strlen (unit) <= bytes)
    g_string_append (text, unit);
  return g_string_free (text, FALSE);
}

/* AddressSanitizer, told to check strings strictly, measures a text whole for each number that is read from it: two
 * minutes for what else takes half a second. A shorter text shows it the same. */
#ifdef __SANITIZE_ADDRESS__
#define HOSTILE_BYTES (SCOPE_CONFIG_IMPORT_MAX_BYTES / 16)
#else
#define HOSTILE_BYTES SCOPE_CONFIG_IMPORT_MAX_BYTES
#endif

/* Whatever it is, it is answered, and soon. */
static void
test_hostile (void)
{
  static const char * const cases[][2] = {
    { "new Pusher('k', ", "{a:" },     { "new Pusher('k', ", "[" },
    { "new Pusher('k', ", "(" },       { "new Pusher('k', {a:", "f(" },
    { "", "'\\" },                     { "", "`\\" },
    { "", "/*" },                      { "", "new Pusher(" },
    { "", "new Pusher('a'," },         { "", "Pusher   " },
    { "new Pusher('k', {", "a:1," },   { "new Pusher('k', {", "'a':" },
    { "", "A=${A}${A}\n" },            { "PUSHER_APP_KEY=", "${PUSHER_APP_KEY}" },
    { "PUSHER_APP_KEY=k\n", "PUSHER_HOST=h\n" },
    { "{", "key:process.env.A," },     { "", "\"\n" },
    { "new Pusher('k', {auth:{headers:{", "A:'b'," },
    { "new Pusher('k', {a:", ".b(" },
  };
  gint64 start = g_get_monotonic_time ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = repeat (cases[i][0], cases[i][1], HOSTILE_BYTES);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeConfigImport) import =
        scope_config_import_parse (text, strlen (text), &error);

      g_assert_true ((import == NULL) == (error != NULL));
      if (import != NULL)
        g_assert_cmpuint (g_strv_length (import->notes), <=, 50);
    }
  g_test_message ("%zu texts of %d bytes: %.3f s", G_N_ELEMENTS (cases), (int) HOSTILE_BYTES,
                  (g_get_monotonic_time () - start) / 1e6);
}

static void
test_too_long (void)
{
  g_autofree char *text = repeat ("", "new Pusher('k', { cluster: 'eu' })\n", 10 * 1024 * 1024);

  check_refused (text, strlen (text), SCOPE_ERROR_LIMIT, "too long");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/config-import/%s", shapes[i].name);

      g_test_add_data_func (path, &shapes[i], test_shape);
    }
  g_test_add_func ("/config-import/own-profile", test_own_profile);
  g_test_add_func ("/config-import/refused", test_refused);
  g_test_add_func ("/config-import/hostile", test_hostile);
  g_test_add_func ("/config-import/too-long", test_too_long);
  return g_test_run ();
}
