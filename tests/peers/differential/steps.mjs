// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a script can say, for client and server alike. A step is [what it is, async (at) => …], where at has the
// client, the server, and what the script keeps for itself. Whatever waits is ended by the runner's deadline.

import { encrypted, masterKeys } from './server.mjs';

function step(text, run) {
  return { text, run };
}

// --- the client's user ---

export const connect = step('connect', (at) => at.client.tell({ do: 'connect' }));
export const disconnect = step('disconnect', (at) => at.client.tell({ do: 'disconnect' }));
export const signIn = step('sign in', (at) => at.client.tell({ do: 'sign_in' }));
export const offline = step('the network goes', (at) => at.client.tell({ do: 'offline' }));
export const online = step('the network comes', (at) => at.client.tell({ do: 'online' }));

export function subscribe(channel) {
  return step(`subscribe ${channel}`, (at) => at.client.tell({ do: 'subscribe', channel }));
}

export function unsubscribe(channel) {
  return step(`unsubscribe ${channel}`, (at) => at.client.tell({ do: 'unsubscribe', channel }));
}

export function trigger(channel, event, data) {
  return step(`trigger ${event} on ${channel}`, (at) => at.client.tell({ do: 'trigger', channel, event, data }));
}

// --- what the client must have told ---

export function state(name) {
  return step(`the state becomes ${name}`, (at) => at.client.until('states', new RegExp(`^state (${name})`)));
}

export function told(pattern) {
  return step(`${pattern} is told`, (at) => at.client.until('events', pattern));
}

export function complains(pattern) {
  return step(`the error ${pattern} is told`, (at) => at.client.until('errors', pattern));
}

// whichever comes, of whatever stream
export function happens(pattern) {
  return step(`${pattern} happens`, (at) => at.client.waiters.until(() =>
    at.client.records.find(({ text }) => pattern.test(text))));
}

// --- the server ---

export const accept = step('the server accepts', (at) => at.server.accept());
// the client waits for an answer to its upgrade that does not come
export const hold = step('an upgrade waits', (at) => at.server.nextUpgrade());
export const dropUpgrade = step('the server drops an upgrade', (at) => at.server.dropUpgrade());
export const drop = step('the socket is lost', (at) => at.server.current.drop());
export const tlsTried = step('TLS is tried', (at) =>
  at.server.waiters.until(() => (at.server.sawTls ? true : undefined)));

export function refuse(status) {
  return step(`the server answers the upgrade with ${status}`, (at) => at.server.refuse(status));
}

export function raw(text) {
  return step(`the server sends ${text}`, (at) => at.server.current.socket.send(text));
}

export function send(event, channel, data, more = {}) {
  return raw(JSON.stringify({ event, channel, data: data === undefined ? undefined : JSON.stringify(data), ...more }));
}

export function greet(socketId = '1.1', timeout = 120) {
  return send('pusher:connection_established', undefined, { socket_id: socketId, activity_timeout: timeout });
}

export function close(code, reason) {
  return step(`the server closes with ${code}`, (at) => at.server.current.close(code, reason));
}

export const gone = step('the client closes', (at) =>
  at.server.waiters.until(() => (at.server.current.isOpen ? undefined : true)));

// a frame with this event, and this channel if one is given
export function frame(event, channel) {
  return step(`${event} ${channel ?? ''} reaches the server`, (at) =>
    at.server.current.until((it) => it.event === event && (channel === undefined
                                    || channel === it.channel || channel === it.data.channel)));
}

export function succeed(channel, data = {}) {
  return send('pusher_internal:subscription_succeeded', channel, data);
}

export function roster(members) {
  return { presence: { ids: Object.keys(members), hash: members, count: Object.keys(members).length } };
}

// the rest of what was sent has arrived on both sides
export const sync = step('everything under way arrives', async (at) => {
  const name = `sync ${++at.syncs}`;
  const { current } = at.server;
  current.socket.send(JSON.stringify({ event: 'sync', data: name }));
  await at.client.until('events', new RegExp(`^event \\(no channel\\) sync "${name}"`));
  const lines = current.lines.length;
  current.socket.send(JSON.stringify({ event: 'pusher:ping' }));
  await current.until((it) => it.event === 'pusher:pong');
  current.lines.splice(current.lines.findIndex((it, i) => i >= lines && it.includes('pusher:pong')), 1);
});

// --- authorization ---

// the next request that is held
export const request = step('an authorization is asked for', async (at) => {
  at.request = await at.server.waiters.until(() => at.server.waitingRequests.shift());
});

// what request() took; undefined: as it should be
export function reply(answer = null) {
  return step('it is answered', (at) => at.server.reply(at.request, answer));
}

// all that wait, and all to come
export const release = step('all requests are answered', (at) => {
  at.server.holdsRequests = false;
  for (const waiting of at.server.waitingRequests.splice(0))
    at.server.reply(waiting);
});

// from now on
export function answers(answer) {
  return step('the endpoint answers otherwise', (at) => { at.server.answer = answer; });
}

export function rotate(number) {
  return step('the application has a new key', (at) => { at.server.master = masterKeys[number]; });
}

// whichever comes first
export function either(one, other) {
  return step(`${one.text}, or ${other.text}`, (at) => Promise.race([one.run(at), other.run(at)]));
}

// --- phrases ---

export function up(socketId = '1.1', timeout = 120) {
  return [connect, accept, greet(socketId, timeout), state('connected')];
}

export function upAgain(socketId = '2.2') {
  return [accept, greet(socketId), state('connected')];
}

export function joined(channel, data) {
  return [subscribe(channel), frame('pusher:subscribe', channel), succeed(channel, data),
          told(new RegExp(`^subscribed ${channel}`))];
}

export function sealed(channel, event, number, plain) {
  return raw(JSON.stringify({ event, channel, data: encrypted(channel, masterKeys[number], plain) }));
}
