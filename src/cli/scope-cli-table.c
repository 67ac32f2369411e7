/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "cli/scope-cli-setters.h"
#include "net/scope-option-checks.h"

#define ALL SCOPE_CLI_BITS_ALL
#define WATCH SCOPE_CLI_BIT (SCOPE_CLI_WATCH)
#define TRIGGER SCOPE_CLI_BIT (SCOPE_CLI_TRIGGER)
#define DOCTOR SCOPE_CLI_BIT (SCOPE_CLI_DOCTOR)
#define SERVE SCOPE_CLI_BIT (SCOPE_CLI_SERVE)
#define QUERY SCOPE_CLI_BIT (SCOPE_CLI_QUERY)
#define EXPORT SCOPE_CLI_BIT (SCOPE_CLI_EXPORT)
#define CONNECT SCOPE_CLI_BITS_CONNECT
#define API SCOPE_CLI_BITS_API

#define SET(name) scope_cli_set_##name

const ScopeCliCommandInfo scope_cli_commands[SCOPE_CLI_N_COMMANDS] = {
  [SCOPE_CLI_WATCH] = {
    "watch", N_("[CHANNEL|'PREFIX*'…]"), 0, SCOPE_LIMIT_CHANNELS,
    N_("Connect, subscribe and print everything until stopped") },
  [SCOPE_CLI_TRIGGER] = {
    "trigger", N_("CHANNEL… --event E --data JSON"), 1, SCOPE_LIMIT_CHANNELS,
    N_("Publish an event over the HTTP API, or as a client over the socket") },
  [SCOPE_CLI_BATCH] = {
    "batch", N_("FILE"), 1, 1,
    N_("Publish a file of events over the HTTP API, ten a request") },
  [SCOPE_CLI_CHANNELS] = {
    "channels", NULL, 0, 0,
    N_("List the occupied channels") },
  [SCOPE_CLI_CHANNEL] = {
    "channel", N_("NAME"), 1, 1,
    N_("Show a channel’s state") },
  [SCOPE_CLI_USERS] = {
    "users", N_("CHANNEL"), 1, 1,
    N_("List the users of a presence channel, without joining it") },
  [SCOPE_CLI_TERMINATE] = {
    "terminate", N_("USER"), 1, 1,
    N_("End all of a user’s connections") },
  [SCOPE_CLI_DOCTOR] = {
    "doctor", NULL, 0, 0,
    N_("Find out step by step why a connection does not work") },
  [SCOPE_CLI_SERVE] = {
    "serve", NULL, 0, 0,
    N_("Run a sandbox server on 127.0.0.1") },
  [SCOPE_CLI_QUERY] = {
    "query", N_("CAPTURE"), 1, 1,
    N_("Print what a capture file holds") },
  [SCOPE_CLI_EXPORT] = {
    "export", N_("CAPTURE --to ndjson|csv [--output OUT]"), 1, 1,
    N_("Write a capture’s lines to a file for others") },
  [SCOPE_CLI_IMPORT] = {
    "import", N_("INPUT CAPTURE"), 2, 2,
    N_("Make a capture of lines of watch or export, or of a HAR file") },
  [SCOPE_CLI_PROFILES_LIST] = {
    "profiles list", NULL, 0, 0,
    N_("List the saved profiles; so does “profiles” alone") },
  [SCOPE_CLI_PROFILES_SHOW] = {
    "profiles show", N_("NAME"), 1, 1,
    N_("Show a profile, without its secrets") },
  [SCOPE_CLI_PROFILES_ADD] = {
    "profiles add", N_("NAME"), 1, 1,
    N_("Save a profile; its secrets go to the keyring") },
  [SCOPE_CLI_PROFILES_REMOVE] = {
    "profiles remove", N_("NAME"), 1, 1,
    N_("Remove a profile and its keyring items") },
  [SCOPE_CLI_PROFILES_EXPORT] = {
    "profiles export", N_("NAME"), 1, 1,
    N_("Print a profile as a file for import, without its secrets") },
  [SCOPE_CLI_PROFILES_IMPORT] = {
    "profiles import", N_("FILE"), 1, 1,
    N_("Add a profile: exported, a .env file or a library’s options") },
};

/* In the order of the help. */
const ScopeCliOption scope_cli_options[] = {
  { "format", ALL, "text|ndjson", SET (format), NULL, NULL,
    N_("Text for people (the default on a terminal) or one JSON object a line") },
  { "help", ALL, NULL, SET (help), NULL, NULL, N_("Print this help") },
  { "version", ALL, NULL, SET (version), NULL, NULL, N_("Print the version") },

  { "filter", WATCH | QUERY | EXPORT, "F", SET (filter), NULL, NULL, N_("Print only events that match") },
  { "unseen", WATCH, NULL, SET (unseen), NULL, NULL,
    N_("Ask the HTTP API who is in presence channels, instead of joining them") },
  { "frames", WATCH | QUERY, NULL, SET (frames), NULL, NULL, N_("Print the raw frames, too") },
  { "count", WATCH | QUERY, "N", SET (count), NULL, NULL, N_("Stop after N events were printed") },
  { "for", WATCH, "S", SET (for), NULL, NULL, N_("Stop after S seconds") },
  { "expect", WATCH, "F", SET (expect), NULL, NULL,
    N_("Stop with status 0 when an event matches; with 1 if the time is over first") },
  { "record", WATCH, "FILE", SET (record), NULL, NULL, N_("Record everything to a capture file") },
  { "to", EXPORT, "ndjson|csv", SET (to), NULL, NULL, N_("Lines of JSON, or a table") },
  { "output", EXPORT, "OUT", SET (output), NULL, NULL,
    N_("The file; standard output without it") },
  { "column", EXPORT, "PATH", SET (column), NULL, NULL,
    N_("A path into the data, like data.total, as a further column; repeatable") },
  { "redact", EXPORT, "RULES|@FILE", SET (redact), NULL, NULL,
    N_("Hide values: field NAME, path PATH, regex EXPRESSION, one rule a line; repeatable") },
  { "summary", QUERY, NULL, SET (summary), NULL, NULL, N_("Print one line of numbers instead") },

  { "port", SERVE, "P", SET (serve_port), NULL, NULL,
    N_("The port; 0, the default, is any that is free") },
  { "max-connections", SERVE, "N", SET (max_connections), NULL, NULL,
    N_("Refuse the next connection while N are open; 1000") },
  { "max-members", SERVE, "N", SET (max_members), NULL, NULL,
    N_("Refuse the next user of a presence channel that has N; 100") },
  { "demo", SERVE, NULL, SET (demo), NULL, NULL, N_("Run the demo shop") },
  { "replay", SERVE, "FILE", SET (replay), NULL, NULL,
    N_("Send a capture’s events again, or those of a file for import; - is standard input") },
  { "speed", SERVE, "X", SET (speed), NULL, NULL,
    N_("Replay X times as fast, 0.01 to 10000; 1") },
  { "app", SERVE, "KEY:ID[:SECRET-ENV]", SET (app), NULL, NULL,
    N_("The app; SECRET-ENV is the environment variable that holds its secret") },

  { "client", TRIGGER, NULL, SET (client), NULL, NULL, N_("Send over the socket, as a client") },
  { "event", TRIGGER, "E", SET (event), NULL, NULL,
    N_("The event’s name; with --client it is client-…") },
  { "data", TRIGGER, "JSON|@FILE", SET (data), NULL, NULL,
    N_("The event’s data; of a JSON string its content") },
  { "socket-id", TRIGGER, "ID", SET (socket_id), NULL, NULL,
    N_("The connection that does not get the event; not with --client") },
  { "info", TRIGGER, "LIST", SET (info), NULL, NULL,
    N_("Counts to ask for: user_count (of presence channels), subscription_count") },
  { "info", SCOPE_CLI_BIT (SCOPE_CLI_CHANNELS), "LIST", SET (info), NULL, NULL,
    N_("Counts to ask for: user_count, which needs --prefix presence-") },
  { "info", SCOPE_CLI_BIT (SCOPE_CLI_CHANNEL), "LIST", SET (info), NULL, NULL,
    N_("What to ask for: user_count (of presence channels), subscription_count, cache") },
  { "prefix", SCOPE_CLI_BIT (SCOPE_CLI_CHANNELS), "P", SET (prefix), NULL, NULL,
    N_("Only channels whose names begin so") },

  { "profile", WATCH | TRIGGER | DOCTOR | API, "NAME", SET (profile), NULL, NULL,
    N_("A saved profile; other options override it") },
  { "key", CONNECT, "KEY", SET (key), NULL, NULL, N_("The app key") },
  { "cluster", CONNECT, "C", SET (text), "cluster", scope_check_cluster, N_("The cluster; mt1") },
  { "host", CONNECT, "H", SET (text), "host", scope_check_host,
    N_("An own server, instead of a cluster") },
  { "port", CONNECT, "P", SET (port), "port", NULL, N_("Its port") },
  { "path", CONNECT, "P", SET (text), "path", scope_check_path, N_("Path before /app/KEY") },
  { "whole-path", CONNECT, NULL, SET (true), "whole-path", NULL,
    N_("The path is the whole one; /app/KEY is not added") },
  { "no-tls", CONNECT, NULL, SET (false), "use-tls", NULL, N_("Plain ws and http") },
  { "wss-port", CONNECT, "P", SET (port), "wss-port", NULL, N_("The port for TLS") },
  { "ca-file", CONNECT, "FILE", SET (ca_file), "ca-file", NULL,
    N_("A further trusted authority, PEM") },
  { "origin", CONNECT, "O", SET (text), "origin", scope_check_origin,
    N_("Origin sent with the upgrade") },
  { "header", CONNECT, "'N: V'", SET (line), NULL, NULL,
    N_("Header sent with the upgrade; repeatable; may be secret: see below") },
  { "secret-file", CONNECT, "FILE", SET (secret_file), NULL, NULL,
    N_("File with the app secret; else CHANNELSCOPE_SECRET") },
  { "encryption-key-file", CONNECT, "FILE", SET (encryption_key_file), NULL, NULL,
    N_("File with the encryption master key; else CHANNELSCOPE_ENCRYPTION_KEY") },
  { "auth-endpoint", CONNECT, "URL", SET (text), "auth-endpoint", scope_check_endpoint,
    N_("Asked to authorize channels; without it they are signed with the app secret") },
  { "auth-transport", CONNECT, "ajax|jsonp", SET (text), "auth-transport",
    scope_cli_check_auth_transport, N_("How it is asked; ajax") },
  { "auth-method", CONNECT, "post|get", SET (text), "auth-method", scope_cli_check_auth_method,
    N_("How it is called by ajax; post") },
  { "auth-param", CONNECT, "K=V", SET (line), NULL, NULL,
    N_("Parameter sent to it; repeatable; may be secret") },
  { "auth-header", CONNECT, "'N: V'", SET (line), NULL, NULL,
    N_("Header sent to it; repeatable; may be secret") },
  { "user-endpoint", CONNECT, "URL", SET (text), "user-endpoint", scope_check_endpoint,
    N_("Asked to sign in as a user") },
  { "user-transport", CONNECT, "ajax|jsonp", SET (text), "user-transport",
    scope_cli_check_auth_transport, N_("How it is asked; ajax") },
  { "user-method", CONNECT, "post|get", SET (text), "user-method", scope_cli_check_auth_method,
    N_("How it is called by ajax; post") },
  { "user-param", CONNECT, "K=V", SET (line), NULL, NULL,
    N_("Parameter sent to it; repeatable; may be secret") },
  { "user-header", CONNECT, "'N: V'", SET (line), NULL, NULL,
    N_("Header sent to it; repeatable; may be secret") },
  { "user-data", CONNECT, "JSON", SET (text), "user-data", scope_cli_check_user_data,
    N_("The user to sign in as with the app secret: id, user_info, watchlist") },
  { "presence-user", CONNECT, "JSON", SET (text), "presence-user", scope_cli_check_presence_user,
    N_("user_id and user_info with which to join presence channels") },
  { "transports", CONNECT, "LIST", SET (transports), NULL, NULL,
    N_("Only these of ws, wss, xhr_streaming, xhr_polling and sockjs") },
  { "disable-transports", CONNECT, "LIST", SET (disable_transports), NULL, NULL,
    N_("None of these; wins over --transports") },
  { "http-host", CONNECT, "H", SET (text), "http-host", scope_check_host,
    N_("Host of the HTTP transports; as the server’s") },
  { "http-port", CONNECT, "P", SET (port), "http-port", NULL,
    N_("Their port without TLS; as the server’s") },
  { "https-port", CONNECT, "P", SET (port), "https-port", NULL,
    N_("Their port with TLS; as the server’s") },
  { "http-path", CONNECT, "P", SET (text), "http-path", scope_check_path,
    N_("Their path; /pusher") },
  { "proxy", CONNECT, "URL", SET (text), "proxy", scope_cli_check_proxy,
    N_("HTTP or SOCKS proxy instead of the system’s") },
  { "reconnect-delay", CONNECT, "S", SET (seconds), "reconnect-delay", NULL,
    N_("First wait before another attempt; 1") },
  { "max-delay", CONNECT, "S", SET (seconds), "max-delay", NULL, N_("Longest wait; 30") },
  { "max-attempts", CONNECT, "N", SET (attempts), "max-attempts", NULL,
    N_("Give up after N attempts") },
  { "activity-timeout", CONNECT, "S", SET (seconds), "activity-timeout", NULL,
    N_("Silence before a ping; 120") },
  { "pong-timeout", CONNECT, "S", SET (seconds), "pong-timeout", NULL,
    N_("Wait for its answer; 30") },
  { "unavailable-timeout", CONNECT, "S", SET (seconds), "unavailable-timeout", NULL,
    N_("Time until the state is unavailable; 10") },
  { "connect-timeout", CONNECT, "S", SET (seconds), "connect-timeout", NULL,
    N_("Longest time of one attempt; 15") },
  { "max-data", CONNECT, "BYTES", SET (bytes), "max-data", NULL,
    N_("Data above it is refused before sending; 10240") },
  { "app-id", CONNECT, "ID", SET (text), "app-id", scope_cli_check_app_id, N_("The app’s id") },
  { "api-host", CONNECT, "H", SET (text), "api-host", scope_check_host,
    N_("Host of the HTTP API") },
  { "api-port", CONNECT, "P", SET (port), "api-port", NULL, N_("Port of the HTTP API") },

  { NULL },
};

/**
 * scope_cli_option_find_any:
 * @name: without its hyphens
 *
 * Returns: (transfer none) (nullable): the option of that name, of whatever command: whether it takes a value
 */
const ScopeCliOption *
scope_cli_option_find_any (const char *name)
{
  for (const ScopeCliOption *option = scope_cli_options; option->name != NULL; option++)
    if (strcmp (option->name, name) == 0)
      return option;
  return NULL;
}

/**
 * scope_cli_option_find:
 * @name: without its hyphens
 *
 * Returns: (transfer none) (nullable): the option of that name, if the command has it
 */
const ScopeCliOption *
scope_cli_option_find (const char      *name,
                       ScopeCliCommand  command)
{
  for (const ScopeCliOption *option = scope_cli_options; option->name != NULL; option++)
    if ((option->commands & SCOPE_CLI_BIT (command)) != 0 && strcmp (option->name, name) == 0)
      return option;
  return NULL;
}
