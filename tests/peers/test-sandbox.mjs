// SPDX-License-Identifier: GPL-3.0-or-later
//
// pusher-js and the pusher library as they are, with the sandbox as their server.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { app, Cli, connected, connectionArgs, masterKey, once, PusherClient as Pusher, publisherFor, run,
         withDeadline } from './lib.mjs';
import { startSandbox } from './stories/servers.mjs';

const require = createRequire(import.meta.url);

const KINDS = ['', 'cache-', 'private-', 'private-cache-', 'private-encrypted-', 'private-encrypted-cache-',
               'presence-', 'presence-cache-'];
const GUARDED = KINDS.filter((prefix) => prefix.startsWith('pr'));

// The servers of an application, in one: it authorizes whom it is asked to.
class World {
  constructor(keep, sandbox) {
    this.keep = keep;
    this.port = sandbox.port;
    this.publisher = this.publisherWith({});
  }

  publisherWith(more) {
    return publisherFor(this.port, { encryptionMasterKeyBase64: masterKey, ...more });
  }

  client({ member, user, secret = app.secret, key = app.key, ...more } = {}) {
    const signer = this.publisherWith({ secret });
    return this.keep(new Pusher(key, {
      cluster: 'none', wsHost: '127.0.0.1', wsPort: this.port, forceTLS: false, enabledTransports: ['ws'],
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, callback) => callback(null, signer.authorizeChannel(
          socketId, channelName, channelName.startsWith('presence-') ? member : undefined)),
      },
      userAuthentication: {
        customHandler: ({ socketId }, callback) => callback(null, signer.authenticateUser(socketId, user)),
      },
      ...more,
    }));
  }

  async subscribed(channel, options = { member: { user_id: 'ana', user_info: { name: 'Ana' } } }) {
    const client = this.client(options);
    const subscribed = client.subscribe(channel);
    await once(subscribed, 'pusher:subscription_succeeded', `${channel} subscribed`);
    return { client, channel: subscribed };
  }

  async get(path, params) {
    return (await this.publisher.get({ path, params })).json();
  }
}

const on = (test, settings = {}) => async (keep) => {
  const sandbox = keep(await startSandbox(0, settings));
  await test(new World(keep, sandbox), sandbox);
};

async function versions() {
  assert.equal(require('pusher-js/package.json').version, '8.6.0');
  assert.equal(require('pusher/package.json').version, '5.3.4');
}

async function wrongKey(world) {
  const client = world.client({ key: 'no-such-key' });
  const error = await once(client.connection, 'error');
  assert.equal(error.error.data.code, 4001);
  assert.equal(client.connection.state, 'disconnected');
}

const kind = (prefix) => async (world) => {
  const name = `${prefix}x`;
  const { channel } = await world.subscribed(name);
  const arrived = once(channel, 'order.paid');
  await world.publisher.trigger(name, 'order.paid', { total: 120, name: 'Zoë' });
  assert.deepEqual(await arrived, { total: 120, name: 'Zoë' });

  if (prefix.includes('cache-')) {
    const late = world.client({ member: { user_id: 'bob' } }).subscribe(name);
    assert.deepEqual(await once(late, 'order.paid', 'the cached event'), { total: 120, name: 'Zoë' });
  }
  assert.deepEqual(Object.keys((await world.get('/channels')).channels), [name]);
};

const refused = (prefix) => async (world) => {
  const client = world.client({ secret: 'wrong', member: { user_id: 'ana' } });
  const channel = client.subscribe(`${prefix}x`);
  channel.bind('pusher:subscription_succeeded', () => assert.fail('subscribed'));
  const error = await once(client.connection, 'error');
  assert.match(error.data.message, /^Invalid signature: Expected HMAC SHA256 hex digest of /);
  assert.equal(client.connection.state, 'connected');
  assert.deepEqual(await world.get('/channels'), { channels: {} });
};

async function cacheMiss(world) {
  const client = world.client();
  await once(client.subscribe('cache-x'), 'pusher:cache_miss');
}

async function clientEvents(world) {
  for (const name of ['private-x', 'presence-x']) {
    const [left, right] = [await world.subscribed(name), await world.subscribed(name, { member: { user_id: 'bob' } })];
    left.channel.bind('client-hello', () => assert.fail('an event came back'));
    const got = new Promise((resolve) => right.channel.bind('client-hello', (data, about) => resolve([data, about])));
    assert.ok(left.channel.trigger('client-hello', { n: 1 }));
    const [data, about] = await withDeadline(got, 'client event');
    assert.deepEqual(data, { n: 1 });
    assert.equal(about?.user_id, name === 'presence-x' ? 'ana' : undefined);
    const back = once(left.channel, 'client-back');
    right.channel.trigger('client-back', 'a text');
    assert.equal(await back, 'a text');
  }
}

async function tooManyClientEvents(world) {
  const { client, channel } = await world.subscribed('private-x');
  const error = once(client.connection, 'error');
  for (let n = 0; n < 12; n += 1)
    channel.trigger('client-x', { n });
  assert.equal((await error).data.code, 4301);
}

async function members(world) {
  const { channel } = await world.subscribed('presence-x');
  assert.deepEqual([channel.members.count, channel.members.me],
                   [1, { id: 'ana', info: { name: 'Ana' } }]);
  const added = once(channel, 'pusher:member_added');
  const bob = await world.subscribed('presence-x', { member: { user_id: 'bob', user_info: { name: 'Bob' } } });
  assert.deepEqual(await added, { id: 'bob', info: { name: 'Bob' } });
  assert.deepEqual(bob.channel.members.get('ana').info, { name: 'Ana' });
  const next = once(channel, 'pusher:member_added'); // another connection of Bob's is no other member
  const tab = await world.subscribed('presence-x', { member: { user_id: 'bob' } });
  bob.client.disconnect();
  await world.subscribed('presence-x', { member: { user_id: 'carl' } });
  assert.equal((await next).id, 'carl');
  assert.equal(channel.members.count, 3);
  const removed = once(channel, 'pusher:member_removed');
  tab.client.disconnect();
  assert.equal((await removed).id, 'bob');
  assert.equal(channel.members.count, 2);
}

async function fullRoom(world) {
  await world.subscribed('presence-x');
  const client = world.client({ member: { user_id: 'bob' } });
  client.subscribe('presence-x');
  assert.match((await once(client.connection, 'error')).data.message, /quota of 1 members/);
}

async function overQuota(world) {
  await connected(world.client());
  const client = world.client();
  assert.equal((await once(client.connection, 'error')).error.data.code, 4004);
}

async function publishing(world) {
  const client = world.client();
  const names = Array.from({ length: 10 }, (_, n) => `news-${n}`);
  const got = [];
  await Promise.all(names.map((name) => once(client.subscribe(name), 'pusher:subscription_succeeded')));
  client.bind_global((event, data) => { if (!event.startsWith('pusher')) got.push([event, data]); });
  const last = once(client, 'last');

  const { publisher } = world;
  assert.deepEqual(await (await publisher.trigger(names, 'to.all', { n: 1 })).json(), {});
  await publisher.trigger(names[0], 'not.for.us', {}, { socket_id: client.connection.socket_id });
  const counts = await (await publisher.trigger(names.slice(0, 2), 'counted', 'text',
                                                { info: 'subscription_count' })).json();
  assert.deepEqual(counts, { channels: { 'news-0': { subscription_count: 1 }, 'news-1': { subscription_count: 1 } } });
  const batch = await (await publisher.triggerBatch([{ channel: names[0], name: 'one', data: { n: 1 } },
                                                     { channel: names[1], name: 'two', data: 'text',
                                                       info: 'subscription_count' },
                                                     { channel: 'nobody', name: 'three', data: {} }])).json();
  assert.deepEqual(batch, { batch: [{}, { subscription_count: 1 }, {}] });
  await publisher.trigger(names[9], 'last', {});
  await last;
  assert.deepEqual(got, [...names.map(() => ['to.all', { n: 1 }]), ['counted', 'text'], ['counted', 'text'],
                         ['one', { n: 1 }], ['two', 'text'], ['last', {}]]);
}

async function asking(world) {
  await world.subscribed('news');
  await world.subscribed('presence-x');
  await world.subscribed('presence-x', { member: { user_id: 'bob' } });
  await world.publisher.trigger('cache-x', 'e', { n: 1 });
  assert.deepEqual(await world.get('/channels'), { channels: { news: {}, 'presence-x': {} } });
  assert.deepEqual(await world.get('/channels', { filter_by_prefix: 'presence-', info: 'user_count' }),
                   { channels: { 'presence-x': { user_count: 2 } } });
  assert.deepEqual(await world.get('/channels/presence-x', { info: 'user_count,subscription_count' }),
                   { occupied: true, user_count: 2, subscription_count: 2 });
  assert.deepEqual(await world.get('/channels/nobody'), { occupied: false });
  assert.deepEqual(await world.get('/channels/presence-x/users'), { users: [{ id: 'ana' }, { id: 'bob' }] });
  const { cache } = await world.get('/channels/cache-x', { info: 'cache' });
  assert.deepEqual(JSON.parse(cache.data), { n: 1 });
  assert.ok(cache.ttl > 0 && cache.ttl <= 1800);
  assert.deepEqual(await world.get('/channels/cache-y', { info: 'cache' }), { occupied: false, cache: null });
}

async function refusals(world) {
  const { publisher } = world;
  const eleven = Array.from({ length: 11 }, () => ({ channel: 'x', name: 'e', data: {} }));
  const rows = [
    [401, () => world.publisherWith({ secret: 'wrong' }).get({ path: '/channels' }), /^Invalid signature: /],
    [401, () => world.publisherWith({ key: 'wrong' }).trigger('x', 'e', {}), /^Unknown auth_key wrong/],
    [404, () => world.publisherWith({ appId: 'nope' }).trigger('x', 'e', {}), /nope/],
    [404, () => publisher.get({ path: '/nowhere' }), /./],
    [400, () => publisher.get({ path: '/channels', params: { odd: '1' } }), /extraneous: odd/],
    [400, () => publisher.get({ path: '/channels', params: { info: 'user_count' } }), /filter_by_prefix/],
    [400, () => publisher.get({ path: '/channels/news/users' }), /./],
    [413, () => publisher.trigger('x', 'e', 'x'.repeat(10241)), /10240/],
    [400, () => publisher.triggerBatch(eleven), /10/],
  ];
  for (const [status, request, text] of rows)
    await assert.rejects(request(), (error) => {
      assert.match(error.body, text);
      return error.status === status;
    }, `${status} ${text}`);
}

async function pinging(world) {
  const client = world.client({ activityTimeout: 1000, pongTimeout: 5000 });
  await connected(client);
  let pongs = 0;
  await withDeadline(new Promise((resolve) => client.connection.bind('message', ({ event }) => {
    pongs += event === 'pusher:pong' ? 1 : 0;
    if (pongs === 2)
      resolve();
  })), 'two pongs');
  assert.equal(client.connection.state, 'connected');
}

async function restarting(world, sandbox) {
  const { client, channel } = await world.subscribed('presence-x');
  const lost = once(client.connection, 'connecting');
  const back = new Promise((resolve) => channel.bind('pusher:subscription_succeeded', resolve));
  await sandbox.stop();
  await lost;
  world.keep(await startSandbox(world.port));
  await withDeadline(back, 'subscribed again', 60000); // pusher-js may wait 15 s for its next try
  assert.equal(channel.members.count, 1);
}

async function signedIn(world, user) {
  const client = world.client({ user });
  const success = new Promise((resolve) => client.bind('pusher:signin_success', resolve));
  const done = new Promise((resolve) => client.connection.bind('message', ({ event }) => {
    if (event === 'pusher:signin_success')
      resolve();
  }));
  client.signin();
  await withDeadline(Promise.race([success, done]), `${user.id} signs in`);
  await withDeadline(client.user.signinDonePromise, `${user.id} is signed in`);
  assert.equal(client.user.user_data.id, user.id);
  const inbox = client.user.serverToUserChannel;
  if (!inbox.subscribed)
    await once(inbox, 'pusher:subscription_succeeded', `what is sent to ${user.id} is subscribed to`);
  return client;
}

async function signIn(world) {
  const client = await signedIn(world, { id: 'u-1', user_info: { name: 'Ana' } });
  const got = once(client.user, 'for.you');
  await world.publisher.sendToUser('u-2', 'not.for.you', {});
  await world.publisher.sendToUser('u-1', 'for.you', { n: 1 });
  assert.deepEqual(await got, { n: 1 });
}

async function wrongSignIn(world) {
  const client = world.client({ user: { id: 'u-1' }, secret: 'wrong' });
  client.signin();
  const error = await once(client.connection, 'error');
  assert.match(error.data.message, /^Invalid signature: /);
  assert.equal(client.user.user_data, null);
}

// Presence channels need no channel_data once somebody is signed in (§3.4).
async function memberBySignIn(world) {
  const client = await signedIn(world, { id: 'u-1', user_info: { name: 'Ana' } });
  const channel = client.subscribe('presence-x');
  await once(channel, 'pusher:subscription_succeeded', 'the member is in');
  assert.deepEqual(channel.members.me, { id: 'u-1', info: { name: 'Ana' } });
}

async function watchlist(world) {
  const ana = await signedIn(world, { id: 'u-1', watchlist: ['u-2', 'u-3'] });
  const online = once(ana.user.watchlist, 'online');
  const bob = await signedIn(world, { id: 'u-2' });
  assert.deepEqual((await online).user_ids, ['u-2']);
  const offline = once(ana.user.watchlist, 'offline');
  bob.disconnect();
  assert.deepEqual((await offline).user_ids, ['u-2']);
}

async function terminating(world) {
  const [ana, bob] = [await signedIn(world, { id: 'u-1' }), await signedIn(world, { id: 'u-2' })];
  const gone = once(ana.connection, 'disconnected');
  await world.publisher.terminateUserConnections('u-1');
  await gone;
  assert.equal(bob.connection.state, 'connected');
  const got = once(bob.user, 'still');
  await world.publisher.sendToUser('u-2', 'still', {});
  await got;
}

// What the events of so many channels are for pusher-js, once the last has come.
function heard(world, names, last) {
  const client = world.client({ member: { user_id: 'ana' } });
  const events = [];
  const channels = names.map((name) => client.subscribe(name));
  const done = new Promise((resolve) => client.bind_global((event, data) => {
    if (event.startsWith('pusher'))
      return;
    events.push([event, data]);
    if (event === last)
      resolve();
  }));
  const ready = Promise.all(channels.map((channel) => once(channel, 'pusher:subscription_succeeded', channel.name)));
  return { client, channels, events, ready, done: withDeadline(done, 'the last event', 40000) };
}

// A page cannot tell a replay from what was recorded.
async function replaying(world) {
  const place = mkdtempSync(join(tmpdir(), 'channelscope-replay-'));
  world.keep({ stop: () => rmSync(place, { recursive: true }) });
  const file = join(place, 'recorded.channelscope');
  const names = KINDS.map((prefix) => `${prefix}x`);
  const bob = await world.subscribed('presence-x', { member: { user_id: 'bob', user_info: { name: 'Bob' } } });
  const recorder = world.keep(new Cli(['watch', ...names, '--record', file, ...connectionArgs(world.port)],
                                      { env: { CHANNELSCOPE_ENCRYPTION_KEY: masterKey } }));
  await Promise.all(names.map((name) => recorder.subscribed(name)));
  const live = heard(world, names, 'last');
  await live.ready;
  for (const [index, name] of names.entries())
    await world.publisher.trigger(name, `event-${index}`, { index, text: 'Zoë 👋' });
  bob.channel.trigger('client-hello', { from: 'bob' });
  await recorder.event('client-hello');
  bob.client.disconnect();
  await recorder.until((line) => line.action === 'removed' && line.member.user_id === 'bob', 'bob left');
  await world.publisher.trigger('x', 'last', 'a text');
  await live.done;
  live.client.disconnect();
  await recorder.event('last');
  await recorder.stop();

  const again = new World(world.keep, world.keep(await startSandbox(0, { replay: file })));
  const replayed = heard(again, names, 'last');
  await replayed.ready;
  const room = replayed.channels.find(({ name }) => name === 'presence-x');
  assert.deepEqual(room.members.get('bob').info, { name: 'Bob' });
  const left = once(room, 'pusher:member_removed');
  await replayed.done;
  assert.equal((await left).id, 'bob');
  assert.deepEqual(replayed.events, live.events);
  assert.equal(live.events.length, names.length + 2);
  const later = once(room, 'later');
  await again.publisher.trigger('presence-x', 'later', { n: 1 });
  assert.deepEqual(await later, { n: 1 });
}

await run([
  ['the libraries are the ones we name', versions],
  ['a wrong key ends the connection', on(wrongKey)],
  ...KINDS.map((prefix) => [`pusher-js subscribes to ${prefix || 'public '}channels`, on(kind(prefix))]),
  ...GUARDED.map((prefix) => [`pusher-js is refused ${prefix}channels`, on(refused(prefix))]),
  ['an empty cache is told', on(cacheMiss)],
  ['client events go both ways', on(clientEvents)],
  ['too many client events are refused', on(tooManyClientEvents)],
  ['members come and go', on(members)],
  ['a full room is refused', on(fullRoom, { members: 1 })],
  ['a connection over the quota is refused', on(overQuota, { connections: 1 })],
  ['the pusher library publishes', on(publishing)],
  ['the pusher library asks', on(asking)],
  ['the pusher library is refused', on(refusals)],
  ['pings are answered', on(pinging)],
  ['pusher-js comes back after a restart', on(restarting)],
  ['pusher-js signs in', on(signIn)],
  ['a wrong sign-in is refused', on(wrongSignIn)],
  ['who is signed in is a member by that', on(memberBySignIn)],
  ['the watchlist tells who is online', on(watchlist)],
  ["a user's connections are ended", on(terminating)],
  ['pusher-js receives what was recorded again', on(replaying)],
]);
