/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-close-code"

#include "config.h"

#include "protocol/scope-close-code.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  guint first;
  guint last;
  ScopeReaction reaction;
  const char *meaning;
} ScopeCodeRow;

/* protocol.md §1.7; the first row that fits counts, so ranges stand behind the codes within them.
 * A *close* of 4300 and above is a refusal (§1.6): codes like 4301 are mere reports only as long as
 * nothing closes, and for frames after the handshake the machine never asks this table. */
static const ScopeCodeRow close_codes[] = {
  { SCOPE_CLOSE_NONE, SCOPE_CLOSE_NONE, SCOPE_REACTION_RETRY,
    N_("The connection broke without a close message. It is tried again; check the network if it "
       "keeps happening.") },
  { 1000, 1000, SCOPE_REACTION_RETRY,
    N_("The server closed the connection normally. It is opened again shortly.") },
  { 1001, 1001, SCOPE_REACTION_RETRY,
    N_("The server is going away, for a restart or an update. The connection is opened again "
       "shortly.") },
  { 1002, 1002, SCOPE_REACTION_RETRY,
    N_("One side broke the WebSocket protocol. The connection is tried again; a proxy in between "
       "may be at fault.") },
  { 1003, 1003, SCOPE_REACTION_RETRY,
    N_("The server got data of a kind it does not support. The connection is tried again; check "
       "what was sent last.") },
  { 1004, 1004, SCOPE_REACTION_RETRY,
    N_("The server found a frame too large. The connection is tried again; send smaller events.") },
  { 1005, 1005, SCOPE_REACTION_RETRY,
    N_("The server closed the connection without giving a reason. It is tried again.") },
  { 1006, 1006, SCOPE_REACTION_RETRY,
    N_("The connection was lost without a close message. It is tried again; check the network if "
       "it keeps happening.") },
  { 1007, 1007, SCOPE_REACTION_RETRY,
    N_("A text frame was not valid UTF-8. The connection is tried again; check what was sent "
       "last.") },
  { 1008, 1008, SCOPE_REACTION_RETRY,
    N_("The server or a proxy closed the connection because of a policy. It is tried again; ask "
       "who runs the server which policy it is.") },
  { 1009, 1009, SCOPE_REACTION_RETRY,
    N_("A frame was above the size limit. The connection is tried again after a pause; make the "
       "payloads smaller.") },
  { 1011, 1011, SCOPE_REACTION_RETRY,
    N_("The server had an internal error. The connection is tried again; see the server's log.") },
  { 1012, 1012, SCOPE_REACTION_RETRY,
    N_("The server restarts. The connection is opened again shortly.") },
  { 1013, 1013, SCOPE_REACTION_RETRY,
    N_("The server is overloaded and asks to come back later. The connection is tried again.") },
  { 1015, 1015, SCOPE_REACTION_RETRY,
    N_("The TLS connection could not be set up. It is tried again; check the certificate and the "
       "port.") },
  { 2010, 2010, SCOPE_REACTION_RETRY,
    N_("Another connection of the same SockJS session is still open. It is tried again with a new "
       "session.") },
  { 4000, 4000, SCOPE_REACTION_SWITCH_TLS,
    N_("This application only accepts TLS. The connection is tried once more with TLS; switch TLS "
       "on.") },
  { 4001, 4001, SCOPE_REACTION_STOP,
    N_("The server knows no application with this key. Check the key and the cluster or host.") },
  { 4002, 4002, SCOPE_REACTION_STOP,
    N_("The application is disabled (old code). Enable it in the server's dashboard or "
       "configuration.") },
  { 4003, 4003, SCOPE_REACTION_STOP,
    N_("The application is disabled. Enable it in the server's dashboard or configuration.") },
  { 4004, 4004, SCOPE_REACTION_STOP,
    N_("The application is over its connection quota. Close other connections or raise the quota, "
       "then connect again.") },
  { 4005, 4005, SCOPE_REACTION_STOP,
    N_("The server does not know this path. Check the path prefix.") },
  { 4006, 4006, SCOPE_REACTION_STOP,
    N_("The server does not accept this program's version text. Report it as a bug.") },
  { 4007, 4007, SCOPE_REACTION_STOP,
    N_("The server does not support this version of the protocol. Check that it is a Channels "
       "server.") },
  { 4008, 4008, SCOPE_REACTION_STOP,
    N_("The server missed the protocol's version in the address. Check whether a proxy cuts the "
       "query off.") },
  { 4009, 4009, SCOPE_REACTION_STOP,
    N_("The server does not authorize this connection. Check sign-in, the Origin setting, or "
       "whether the user was disconnected, then connect again.") },
  { 4001, 4099, SCOPE_REACTION_STOP,
    N_("The server refuses the connection and will refuse it again unchanged. Check the settings "
       "of the connection, then connect again.") },
  { 4100, 4100, SCOPE_REACTION_RETRY,
    N_("The server is over its capacity or connection quota. The connection is tried again with "
       "growing pauses.") },
  { 4100, 4199, SCOPE_REACTION_RETRY,
    N_("The server asks to come back later. The connection is tried again with growing pauses.") },
  { 4200, 4200, SCOPE_REACTION_RETRY_NOW,
    N_("The server asks to reconnect at once, usually because it restarts. Nothing needs to be "
       "done.") },
  { 4201, 4201, SCOPE_REACTION_RETRY_NOW,
    N_("The server got no answer to its ping and closed the connection. It is opened again at "
       "once.") },
  { 4202, 4202, SCOPE_REACTION_RETRY_NOW,
    N_("The connection was closed after a long time without activity. It is opened again at "
       "once.") },
  { 4200, 4299, SCOPE_REACTION_RETRY_NOW,
    N_("The server closed the connection and asks to reconnect at once.") },
  { 4301, 4301, SCOPE_REACTION_STOP,
    N_("The server refused to go on after a client event, usually because of its rate limit. Send "
       "fewer events, then connect again.") },
  { 4302, 4302, SCOPE_REACTION_STOP,
    N_("The server refused to go on with a watchlist of more than 100 users. Shorten it, then "
       "connect again.") },
  { 4300, 4399, SCOPE_REACTION_STOP,
    N_("The server refused to go on after something that was sent. Read its message, check what "
       "was sent last, then connect again.") },
  { 500, 500, SCOPE_REACTION_RETRY,
    N_("The server had an internal error of its own. See the server's log.") },
  { 5001, 5001, SCOPE_REACTION_STOP,
    N_("The server could not read a frame as JSON. Check what was sent last.") },
  { 1, 2999, SCOPE_REACTION_RETRY,
    N_("The WebSocket was closed with a code without a special meaning here. The connection is "
       "tried again.") },
  { 3000, 3999, SCOPE_REACTION_RETRY,
    N_("The server or a proxy closed the connection with a code of its own. The connection is "
       "tried again; its documentation may explain the code.") },
  { 4400, G_MAXUINT, SCOPE_REACTION_STOP,
    N_("The server refused with a code this program does not know. Read its message, then connect "
       "again.") },
};

/* Refused upgrades: protocol.md §12, "endless retries on a permanent error". */
static const ScopeCodeRow http_statuses[] = {
  { 400, 400, SCOPE_REACTION_RETRY,
    N_("The server understood no WebSocket request there (400). Check host, port and path.") },
  { 401, 401, SCOPE_REACTION_STOP,
    N_("The server or a proxy asks for a login before it lets a WebSocket through (401). Add the "
       "header it needs.") },
  { 403, 403, SCOPE_REACTION_STOP,
    N_("The server refuses the WebSocket (403). Check the Origin setting, the headers and the "
       "application key.") },
  { 404, 404, SCOPE_REACTION_STOP,
    N_("There is no Channels server at this address (404), or it does not offer this "
       "transport. Check host, port, path prefix and transports.") },
  { 407, 407, SCOPE_REACTION_RETRY,
    N_("The proxy asks for a login (407). Set up the proxy's user name and password.") },
  { 426, 426, SCOPE_REACTION_RETRY,
    N_("The server asks for another protocol at this address (426). Check the port and TLS.") },
  { 429, 429, SCOPE_REACTION_RETRY,
    N_("The server got too many connections (429). The connection is tried again with growing "
       "pauses.") },
  { 500, 500, SCOPE_REACTION_RETRY,
    N_("The server had an internal error (500). The connection is tried again; see the server's "
       "log.") },
  { 502, 502, SCOPE_REACTION_RETRY,
    N_("The proxy in front of the server can't reach it (502). Check that the server runs; the "
       "connection is tried again.") },
  { 503, 503, SCOPE_REACTION_RETRY,
    N_("The server is not available now (503). The connection is tried again.") },
  { 504, 504, SCOPE_REACTION_RETRY,
    N_("The proxy got no answer from the server in time (504). The connection is tried again.") },
  { 100, 299, SCOPE_REACTION_RETRY,
    N_("A web server answered, but not with a WebSocket. Check host, port and path prefix.") },
  { 300, 399, SCOPE_REACTION_RETRY,
    N_("The server points to another address. Connect to that one instead.") },
  { 400, 499, SCOPE_REACTION_RETRY,
    N_("The server refused the WebSocket. Check host, port, path and headers.") },
  { 500, 599, SCOPE_REACTION_RETRY,
    N_("The server or a proxy had an error. The connection is tried again.") },
  { 0, G_MAXUINT, SCOPE_REACTION_RETRY,
    N_("The answer was no WebSocket. Check that host and port belong to a Channels server.") },
};

static const ScopeCodeRow *
find_row (const ScopeCodeRow *rows,
          gsize               n_rows,
          guint               code)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      if (code >= rows[i].first && code <= rows[i].last)
        return &rows[i];
    }

  return &rows[n_rows - 1];
}

/**
 * scope_close_code_get_reaction:
 * @code: of a close frame, or of a `pusher:error` that came as the first frame (protocol.md §1.3)
 */
ScopeReaction
scope_close_code_get_reaction (guint code)
{
  return find_row (close_codes, G_N_ELEMENTS (close_codes), code)->reaction;
}

/**
 * scope_close_code_get_meaning:
 *
 * Returns: (transfer none): what happened and what to do next, translated
 */
const char *
scope_close_code_get_meaning (guint code)
{
  return _(find_row (close_codes, G_N_ELEMENTS (close_codes), code)->meaning);
}

/**
 * scope_http_status_get_reaction:
 * @status: of the answer to the WebSocket upgrade, other than 101
 */
ScopeReaction
scope_http_status_get_reaction (guint status)
{
  return find_row (http_statuses, G_N_ELEMENTS (http_statuses), status)->reaction;
}

/**
 * scope_http_status_get_meaning:
 *
 * Returns: (transfer none): what happened and what to do next, translated
 */
const char *
scope_http_status_get_meaning (guint status)
{
  return _(find_row (http_statuses, G_N_ELEMENTS (http_statuses), status)->meaning);
}

/**
 * scope_reaction_to_action:
 *
 * Returns: (transfer none): the word for machine-readable output
 */
const char *
scope_reaction_to_action (ScopeReaction reaction)
{
  switch (reaction)
    {
    case SCOPE_REACTION_RETRY:
      return "retry";

    case SCOPE_REACTION_RETRY_NOW:
    case SCOPE_REACTION_SWITCH_TLS:
      return "retry_now";

    case SCOPE_REACTION_STOP:
      return "stop";

    case SCOPE_REACTION_NONE:
    default:
      return "none";
    }
}
