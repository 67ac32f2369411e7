// SPDX-License-Identifier: GPL-3.0-or-later
//
// pusher-js, told what to do as connection-driver.c is, and telling what happens in the lines of `watch`. One
// process a script: what it throws, and its global network monitor, must not meet another script's.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const PusherClient = require('pusher-js');

// Its Node build connects when it is made; a browser's waits for the page. So do we, for `connect`.
Object.getPrototypeOf(PusherClient).isReady = false;

// Its Node build's WebSocket does not say whether a close was clean, and has no code for a close without one.
const { getWebSocketAPI } = PusherClient.Runtime;
PusherClient.Runtime.getWebSocketAPI = () => function WebSocket(url) {
  const socket = new (getWebSocketAPI())(url);
  const { dispatchEvent } = socket;
  socket.dispatchEvent = (event) => {
    if (event.type === 'close') {
      event.wasClean = event.code !== 1006;
      event.code = event.code === 1000 && event.reason === '' ? 1005 : event.code;
    }
    return dispatchEvent.call(socket, event);
  };
  return socket;
};

let pusher = null;
let signedInAs = null;
const saidErrors = new Set();

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

process.on('uncaughtException', (error) => say({ type: 'crash', message: String(error.stack) }));

function stateLine({ previous, current }) {
  const line = { type: 'state', previous, current };
  if (current === 'connected')
    Object.assign(line, { socket_id: pusher.connection.socket_id,
                          activity_timeout: pusher.connection.activityTimeout / 1000 });
  return line;
}

function errorLine(error) {
  const inner = error.error?.type === 'PusherError' ? error.error : error;
  const line = { type: 'error', source: 'socket', code: null };
  if (error.type === 'HandshakeError')
    return { ...line, source: 'handshake' };
  if (error.type === 'MessageParseError')
    return { ...line, source: 'parse' };
  if (inner.type !== 'PusherError')
    return line;
  const code = inner.data?.code ?? null;
  return { ...line, source: code === null || code >= 4000 ? 'server' : 'socket', code, message: inner.data?.message };
}

// a close is told twice, as it came and as it was judged
function sayError(error) {
  const line = errorLine(error);
  const text = JSON.stringify(line);
  if (saidErrors.has(text))
    return;
  saidErrors.add(text);
  setImmediate(() => saidErrors.delete(text));
  say(line);
}

function membersLine(channel) {
  const { members, count, myID } = channel.members;
  return { type: 'presence', channel: channel.name, action: 'snapshot', count, me: myID,
           members: Object.entries(members).map(([id, info]) => ({ user_id: id, user_info: info })) };
}

function memberLine(channel, action, { id, info }) {
  return { type: 'presence', channel: channel.name, action, count: channel.members.count,
           member: { user_id: id, user_info: info } };
}

const channelEvents = {
  'pusher:subscription_succeeded': (channel) => [
    { type: 'subscription', channel: channel.name, status: 'subscribed' },
    ...(channel.members === undefined ? [] : [membersLine(channel)]),
  ],
  'pusher:subscription_error': (channel, data) => [
    { type: 'subscription', channel: channel.name, status: 'error', error: data },
  ],
  'pusher:member_added': (channel, member) => [memberLine(channel, 'added', member)],
  'pusher:member_removed': (channel, member) => [memberLine(channel, 'removed', member)],
  'pusher:cache_miss': (channel) => [{ type: 'cache_miss', channel: channel.name }],
  'pusher:subscription_count': (channel, data) => [
    { type: 'count', channel: channel.name, subscription_count: data.subscription_count },
  ],
};

function eventLine(channel, event, data, userId) {
  const line = { type: 'event', direction: 'in', event };
  if (channel !== undefined)
    line.channel = channel;
  if (data !== undefined)
    line.data = data;
  if (userId !== undefined)
    line.user_id = userId;
  return line;
}

// what reaches an application that listens to everything
function listen(channel) {
  const { emit } = channel;
  if (Object.hasOwn(channel, 'emit'))
    return;
  channel.emit = (event, data, metadata) => {
    if (event in channelEvents)
      channelEvents[event](channel, data).forEach(say);
    else if (!event.startsWith('pusher:'))
      say(eventLine(channel.name, event, data, metadata?.user_id));
    return emit.call(channel, event, data, metadata);
  };
}

function sayMessage({ event, channel, data, user_id: userId }) {
  if (event === 'pusher:signin_success' && pusher.user.user_data !== null) {
    signedInAs = pusher.user.user_data.id;
    say({ type: 'user', status: 'signed_in', user_id: signedInAs });
  }
  if (event.startsWith('pusher:') || event.startsWith('pusher_internal:'))
    return;
  // of no channel, or one that is not subscribed: global listeners get it
  if (pusher.channel(channel) === undefined)
    say(eventLine(channel, event, data, userId));
}

function sayState(change) {
  say(stateLine(change));
  if (change.previous === 'connected' && signedInAs !== null) {
    say({ type: 'user', status: 'signed_out', user_id: signedInAs });
    signedInAs = null;
  }
}

function milliseconds(seconds) {
  return seconds === undefined ? undefined : seconds * 1000;
}

const verbs = {
  open({ options }) {
    pusher = new PusherClient(options.key, {
      cluster: 'none',
      wsHost: '127.0.0.1',
      wsPort: options.port,
      wssPort: options.wss_port,
      forceTLS: false,
      enabledTransports: options.transports,
      disabledTransports: options.disabled_transports ?? [],
      activityTimeout: milliseconds(options.activity_timeout),
      pongTimeout: milliseconds(options.pong_timeout),
      unavailableTimeout: milliseconds(options.unavailable_timeout),
      channelAuthorization: { endpoint: options.auth_endpoint, transport: 'ajax', params: options.auth_params,
                              headers: options.auth_headers },
      userAuthentication: { endpoint: options.user_endpoint, transport: 'ajax' },
    });
    pusher.connection.bind('state_change', sayState);
    pusher.connection.bind('connecting_in', (seconds) => say({ type: 'connecting_in', seconds }));
    pusher.connection.bind('error', sayError);
    pusher.connection.bind('message', sayMessage);
    pusher.user.bind('pusher:signin_error', (error) => say({ type: 'user', status: 'error', error }));
    pusher.user.watchlist.bind_global((status, { user_ids }) => say({ type: 'watchlist', status, user_ids }));
  },
  connect: () => pusher.connect(),
  disconnect: () => pusher.disconnect(),
  subscribe: ({ channel }) => listen(pusher.subscribe(channel)),
  unsubscribe: ({ channel }) => pusher.unsubscribe(channel),
  trigger: ({ channel, event, data }) => pusher.channel(channel).trigger(event, data),
  sign_in: () => pusher.signin(),
  offline: () => PusherClient.Runtime.getNetwork().emit('offline'),
  online: () => PusherClient.Runtime.getNetwork().emit('online'),
};

const input = createInterface({ input: process.stdin });
input.on('line', (text) => {
  const command = JSON.parse(text);
  let error = null;
  try {
    verbs[command.do](command);
  } catch (thrown) {
    error = String(thrown);
  }
  say({ type: 'done', id: command.id, ok: error === null, error });
});
input.on('close', () => process.exit(0));
