// SPDX-License-Identifier: GPL-3.0-or-later
//
// channelscope-cli against soketi, with events from the pusher library and a member joined by pusher-js.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { app, Cli, connected, connectionArgs, freePort, joinerFor, masterKey, once, publisherFor, run,
         startSoketi } from './lib.mjs';

const watch = (port, ...more) => new Cli(['watch', ...more, ...connectionArgs(port)]);
const me = ['--presence-user', '{"user_id":"scope","user_info":{"name":"Scope"}}'];

async function testSubscriptions(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const cli = keep(watch(port, 'news', 'private-orders', 'presence-room', ...me));
  const state = await cli.state('connected');
  assert.match(state.socket_id, /^\d+\.\d+$/);
  assert.equal(state.transport, 'ws');
  assert.equal(state.activity_timeout, 30);
  for (const channel of ['news', 'private-orders', 'presence-room'])
    await cli.subscribed(channel);
  const snapshot = await cli.until((line) => line.type === 'presence', 'snapshot');
  assert.equal(snapshot.action, 'snapshot');
  assert.equal(snapshot.count, 1);
  assert.equal(snapshot.me, 'scope');
  assert.deepEqual(snapshot.members, [{ user_id: 'scope', user_info: { name: 'Scope' } }]);
  assert.equal(await cli.stop(), 130);
  assert.equal(cli.lines.at(-1).current, 'disconnected');
}

async function testEvents(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const publisher = publisherFor(port);
  const cli = keep(watch(port, 'news', 'private-orders', '--count', '103'));
  await cli.subscribed('news');
  await cli.subscribed('private-orders');
  await publisher.trigger('private-orders', 'order.paid', { total: 120, name: 'Zoë', big: 1e21 });
  await publisher.trigger('news', 'text', 'no JSON at all');
  await publisher.trigger(['news', 'private-orders'].slice(0, 1), 'quoted', '"hello"');
  for (let i = 0; i < 10; i += 1)
    await publisher.triggerBatch(Array.from({ length: 10 }, (_, j) => (
      { channel: 'news', name: 'counted', data: JSON.stringify({ n: i * 10 + j }) })));
  assert.equal(await cli.end(), 0);
  const events = cli.lines.filter((line) => line.type === 'event');
  assert.deepEqual(events[0].data, { total: 120, name: 'Zoë', big: 1e21 });
  assert.equal(events[0].raw, '{"total":120,"name":"Zoë","big":1e+21}');
  assert.equal(events[0].channel, 'private-orders');
  assert.equal(events[0].direction, 'in');
  assert.equal(events[1].data, 'no JSON at all');
  assert.equal(events[2].data, 'hello');
  assert.equal(events[2].raw, '"hello"');
  assert.deepEqual(events.slice(3).map((line) => line.data.n), Array.from({ length: 100 }, (_, n) => n));
}

async function testMembers(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const cli = keep(watch(port, 'presence-room', ...me));
  await cli.subscribed('presence-room');
  const joiner = keep(joinerFor(port, { user_id: 'ana', user_info: { name: 'Ana' } }));
  const room = joiner.subscribe('presence-room');
  await once(room, 'pusher:subscription_succeeded', 'pusher-js joins');
  const added = await cli.until((line) => line.type === 'presence' && line.action === 'added', 'Ana is in');
  assert.deepEqual(added.member, { user_id: 'ana', user_info: { name: 'Ana' } });
  assert.equal(added.count, 2);
  room.trigger('client-typing', { who: 'me' });
  const event = await cli.event('client-typing');
  assert.equal(event.user_id, 'ana');
  assert.deepEqual(event.data, { who: 'me' });
  joiner.disconnect();
  const removed = await cli.until((line) => line.type === 'presence' && line.action === 'removed', 'Ana is out');
  assert.equal(removed.member.user_id, 'ana');
  assert.equal(removed.count, 1);
}

// the room is watched over the HTTP API; pusher-js, which is in it, sees nobody else
async function testUnseen(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const joiner = keep(joinerFor(port, { user_id: 'ana', user_info: { name: 'Ana' } }));
  const room = joiner.subscribe('presence-room');
  const seen = [];
  room.bind('pusher:member_added', (member) => seen.push(member.id));
  await once(room, 'pusher:subscription_succeeded', 'pusher-js joins');
  const cli = keep(watch(port, 'presence-room', 'news', '--unseen', '--app-id', app.id));
  const presence = (action) => cli.until((line) => line.type === 'presence' && line.action === action, action);
  const snapshot = await presence('snapshot');
  assert.deepEqual([snapshot.count, snapshot.me, snapshot.members],
                   [1, null, [{ user_id: 'ana', user_info: null }]]);
  await cli.subscribed('news');
  const other = keep(joinerFor(port, { user_id: '7', user_info: { name: 'Seven' } }));
  await once(other.subscribe('presence-room'), 'pusher:subscription_succeeded', 'another one joins');
  const added = await presence('added');
  assert.deepEqual([added.count, added.member], [2, { user_id: '7', user_info: null }]);
  other.disconnect();
  const removed = await presence('removed');
  assert.deepEqual([removed.count, removed.member.user_id], [1, '7']);
  assert.deepEqual(seen, ['7']);
  assert.equal(room.members.count, 1);
  assert.equal(await cli.stop(), 130);
  assert.equal(cli.lines.filter((line) => line.type === 'subscription' && line.channel === 'presence-room').length, 0);
}

// soketi answers 200 with its refusal in the body
async function testUnseenRefused(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const cli = keep(new Cli(['watch', 'presence-room', '--unseen', '--app-id', app.id, ...connectionArgs(port), '--for', '6'],
                           { secret: 'wrong-secret-0815' }));
  const error = await cli.until((line) => line.type === 'error', 'refusal');
  assert.deepEqual([error.source, error.code, error.action, error.channel], ['auth', 401, 'stop', 'presence-room']);
  assert.equal(await cli.end(), 1, cli.errors);
}

async function testClientEventOut(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const joiner = keep(joinerFor(port, { user_id: 'ana' }));
  const channel = joiner.subscribe('private-orders');
  await connected(joiner);
  await once(channel, 'pusher:subscription_succeeded', 'pusher-js subscribes');
  const got = once(channel, 'client-hello', 'the client event arrives');
  const cli = keep(new Cli(['trigger', 'private-orders', '--client', '--event', 'client-hello', '--data',
                            '{"n":1}', ...connectionArgs(port)]));
  assert.deepEqual(await got, { n: 1 });
  assert.equal(await cli.end(), 0, cli.errors);
}

async function testWrongKey(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const cli = keep(new Cli(['watch', 'news', '--key', 'no-such-key', '--host', '127.0.0.1', '--port', String(port),
                            '--no-tls', '--format', 'ndjson']));
  assert.equal(await cli.end(), 1, cli.errors);
  const error = cli.lines.find((line) => line.type === 'error');
  assert.equal(error.code, 4001);
  assert.equal(error.action, 'stop');
  const last = cli.lines.filter((line) => line.type === 'state').at(-1);
  assert.equal(last.current, 'disconnected');
  assert.equal(last.code, 4001);
  assert.ok(last.meaning.length > 10);
}

async function testWrongSecret(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const cli = keep(new Cli(['watch', 'private-orders', ...connectionArgs(port), '--for', '6'],
                           { secret: 'wrong-secret-0815' }));
  const refused = await cli.until((line) => line.type === 'subscription' && line.status === 'error', 'refusal');
  assert.equal(refused.error.type, 'AuthError');
  assert.equal(refused.error.status, 401);
  assert.equal(await cli.end(), 1);
  assert.ok(!(cli.errors + cli.lines.map((line) => line.text).join('')).includes('wrong-secret-0815'));
}

async function testEncrypted(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const publisher = publisherFor(port, { encryptionMasterKeyBase64: masterKey });
  const cli = keep(new Cli(['watch', 'private-encrypted-orders', ...connectionArgs(port)],
                           { env: { CHANNELSCOPE_ENCRYPTION_KEY: masterKey } }));
  await cli.subscribed('private-encrypted-orders');
  await publisher.trigger('private-encrypted-orders', 'secret.event', { n: 42 });
  const event = await cli.event('secret.event');
  assert.equal(event.encrypted, true);
  assert.equal(event.decrypted, true);
  assert.deepEqual(event.data, { n: 42 });
  assert.deepEqual(Object.keys(JSON.parse(event.raw)).sort(), ['ciphertext', 'nonce']);
}

// Killed and started again: connecting → unavailable → connected, channels back, the gap recorded.
async function testRestart(keep) {
  const soketi = keep(await startSoketi(await freePort()));
  const { port } = soketi;
  const cli = new Cli(['watch', 'news', 'presence-room', ...me, ...connectionArgs(port), '--unavailable-timeout', '1',
                       '--reconnect-delay', '0.5', '--max-delay', '0.5', '--record', 'CAPTURE'].map(
                         (word) => (word === 'CAPTURE' ? join(process.env.TMPDIR ?? '/tmp',
                                                              `peers-${process.pid}.channelscope`) : word)));
  const capture = cli.child.spawnargs.at(-1);
  try {
    await cli.subscribed('presence-room');
    const from = cli.lines.length;
    await soketi.kill();
    await cli.state('unavailable', from);
    keep(await startSoketi(port));
    await cli.state('connected', from);
    await cli.subscribed('news', from);
    await cli.subscribed('presence-room', from);
    const states = cli.lines.slice(from).filter((line) => line.type === 'state').map((line) => line.current);
    assert.deepEqual(states, ['connecting', 'unavailable', 'connected']);
    assert.ok(cli.lines.slice(from).some((line) => line.type === 'connecting_in' && line.seconds > 0));
    const snapshot = await cli.until((line) => line.type === 'presence', 'members again', from);
    assert.equal(snapshot.action, 'snapshot');
    await publisherFor(port).trigger('news', 'after', {});
    await cli.event('after', from);
  } finally {
    await cli.stop();
  }
  assert.ok(existsSync(capture), capture);
  assert.ok(!existsSync(`${capture}-wal`), 'one plain file');
  const gaps = execFileSync('sqlite3', ['-readonly', capture,
                                        "SELECT json_extract (detail, '$.seconds') FROM entries WHERE kind = 12"]);
  assert.match(gaps.toString(), /^\d+(\.\d+)?\n$/);
  assert.ok(Number(gaps) > 0.5);
  execFileSync('rm', [capture]);
}

function startEndpoint(authorize) {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (data) => { body += data; });
      request.on('end', () => response.end(JSON.stringify(authorize(new URLSearchParams(body),
                                                                    request.url.slice(1)))));
    });
    server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port, stop: () => server.close() }));
  });
}

// What the doctor says of each step.
async function doctor(keep, args, status, options) {
  const cli = keep(new Cli(['doctor', ...args], options));
  assert.equal(await cli.end(), status);
  assert.equal(cli.lines.length, 8);
  for (const secret of [app.key, app.secret, 'not-the-secret'])
    assert.ok(!JSON.stringify(cli.lines).includes(secret), `${secret} is told`);
  return Object.fromEntries(cli.lines.map((line) => [line.step, line]));
}

const verdicts = (steps) => Object.values(steps).map((step) => step.ok);

async function testDoctor(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const args = [...connectionArgs(port), '--app-id', app.id];

  const good = await doctor(keep, args, 0);
  assert.deepEqual(verdicts(good), [true, true, null, true, true, true, true, null]);

  const key = await doctor(keep, [...args, '--key', 'no-such-key'], 1);
  assert.deepEqual(verdicts(key).slice(0, 5), [true, true, null, true, false]);
  assert.match(key.handshake.message, /4001/);
  assert.match(key.handshake.advice, /no app with this key/);

  const secret = await doctor(keep, args, 1, { secret: 'not-the-secret' });
  assert.deepEqual(verdicts(secret), [true, true, null, true, true, false, false, null]);
  assert.match(secret.http_api.advice, /secret/);
  assert.match(secret.channel_auth.advice, /secret/);

  const id = await doctor(keep, [...args, '--app-id', 'another'], 1);
  assert.deepEqual(verdicts(id), [true, true, null, true, true, false, true, null]);
  assert.match(id.http_api.advice, /app id/);

  const path = await doctor(keep, [...args, '--path', '/nowhere'], 1);
  assert.equal(path.upgrade.ok === true && path.handshake.ok === true, false);
}

// The pusher library signs behind an endpoint, as an application's server does.
async function testDoctorEndpoint(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const asked = [];
  const endpoint = keep(await startEndpoint((form, secret) => {
    asked.push(form.get('channel_name'));
    return publisherFor(port, { secret }).authorizeChannel(
      form.get('socket_id'), form.get('channel_name'),
      form.get('channel_name').startsWith('presence-') ? { user_id: 'ann' } : undefined);
  }));
  const at = (path) => [...connectionArgs(port), '--auth-endpoint', `http://127.0.0.1:${endpoint.port}${path}`];

  const good = await doctor(keep, at(`/${app.secret}`), 0, { secret: null });
  assert.deepEqual(verdicts(good), [true, true, null, true, true, null, true, true]);
  assert.match(good.presence_auth.message, /ann/);
  assert.deepEqual(asked, ['private-channelscope-test', 'presence-channelscope-test']);

  const wrong = await doctor(keep, at('/not-the-secret'), 1, { secret: null });
  assert.equal(wrong.channel_auth.ok, false);
  assert.match(wrong.channel_auth.advice, /another secret/);
}

// A server whose list has counts of subscriptions and none of users.
async function testPrefix(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const joiner = keep(joinerFor(port, { user_id: 'ana' }));
  const join = (name) => once(joiner.subscribe(name), 'pusher:subscription_succeeded', `pusher-js is in ${name}`);
  for (const name of ['private-order-1', 'private-chat-1', 'presence-room'])
    await join(name);
  const cli = keep(watch(port, 'private-order-*', 'news', '--app-id', app.id));
  await cli.subscribed('private-order-1');
  await cli.subscribed('news');
  await join('private-order-2');
  await cli.subscribed('private-order-2');
  await publisherFor(port).trigger('private-order-2', 'order.paid', { total: 7 });
  assert.deepEqual((await cli.event('order.paid')).data, { total: 7 });
  assert.equal(await cli.stop(), 130);
  const channels = cli.lines.filter((line) => line.type === 'subscription').map((line) => line.channel);
  assert.deepEqual([...new Set(channels)].sort(), ['news', 'private-order-1', 'private-order-2']);
}

async function testPrefixAndPresence(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const joiner = keep(joinerFor(port, { user_id: 'ana' }));
  const room = joiner.subscribe('presence-room');
  await once(room, 'pusher:subscription_succeeded', 'pusher-js joins');
  const seen = [];
  room.bind('pusher:member_added', ({ id }) => seen.push(id));
  const unseen = keep(watch(port, 'p*', '--unseen', '--app-id', app.id));
  const snapshot = await unseen.until((line) => line.type === 'presence' && line.action === 'snapshot', 'snapshot');
  assert.deepEqual([snapshot.channel, snapshot.members.map(({ user_id }) => user_id)], ['presence-room', ['ana']]);
  await unseen.stop();
  assert.deepEqual(seen, []);

  const cli = keep(watch(port, 'presence-*', '--app-id', app.id, ...me));
  await cli.subscribed('presence-room');
  await cli.stop();
  assert.deepEqual(seen, ['scope']);
}

async function testPrefixRefused(keep) {
  const { port } = keep(await startSoketi(await freePort()));
  const cli = keep(new Cli(['watch', 'a*', '--app-id', 'another', ...connectionArgs(port)]));
  assert.equal(await cli.end(), 1);
  assert.match(cli.errors, /no list of channels \(\d+\)/);
}

await run([
  ['subscribes to every kind of channel', testSubscriptions],
  ['shows events of the pusher library as they were published', testEvents],
  ['sees members and client events of pusher-js', testMembers],
  ['watches a room that pusher-js is in, unseen', testUnseen],
  ['is told when the HTTP API refuses', testUnseenRefused],
  ['sends a client event that pusher-js receives', testClientEventOut],
  ['stops at a wrong key', testWrongKey],
  ['names a wrong secret', testWrongSecret],
  ['decrypts with the master key', testEncrypted],
  ['watches what appears under a prefix', testPrefix],
  ['joins presence channels under a prefix only when it is meant', testPrefixAndPresence],
  ['ends when the server refuses its list', testPrefixRefused],
  ['survives a restart of the server', testRestart],
  ['finds out what is wrong', testDoctor],
  ['finds out what is wrong with an endpoint', testDoctorEndpoint],
]);
