// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each kind of channel: with right, wrong and no authorization; names that do not go.

import assert from 'node:assert/strict';

import { app, connected, masterKey, once, PusherClient } from '../lib.mjs';
import { frames } from './story.mjs';

const WRONG = { secret: 'wrong-secret-0815' };
const KEY = { env: { CHANNELSCOPE_ENCRYPTION_KEY: masterKey } };
const me = ['--presence-user', '{"user_id":"scope","user_info":{"name":"Scope"}}'];

const kinds = [
  { prefix: '', name: 'public' },
  { prefix: 'cache-', name: 'cache', cached: true },
  { prefix: 'private-', name: 'private', guarded: true },
  { prefix: 'private-cache-', name: 'private cache', guarded: true, cached: true },
  { prefix: 'private-encrypted-', name: 'private encrypted', guarded: true },
  { prefix: 'private-encrypted-cache-', name: 'private encrypted cache', guarded: true, cached: true },
  { prefix: 'presence-', name: 'presence', guarded: true, presence: true },
  { prefix: 'presence-cache-', name: 'presence cache', guarded: true, presence: true, cached: true },
];

async function expectKind(cli, channel, kind) {
  await cli.subscribed(channel);
  if (kind.presence) {
    const snapshot = await cli.until((line) => line.type === 'presence', 'snapshot');
    assert.deepEqual([snapshot.action, snapshot.count, snapshot.me], ['snapshot', 1, 'scope']);
    assert.deepEqual(snapshot.members, [{ user_id: 'scope', user_info: { name: 'Scope' } }]);
  }
  if (kind.cached)
    await cli.until((line) => line.type === 'cache_miss' && line.channel === channel, 'cache miss');
}

function refusal(cli, channel) {
  return cli.until((line) => line.type === 'subscription' && line.channel === channel && line.status === 'error',
                   `${channel} refused`);
}

const right = (kind) => async (t) => {
  const channel = t.channel(kind.prefix);
  await expectKind(await t.watch([channel, ...me], KEY), channel, kind);
};

// who needs no authorization is not troubled by what is wrong with it
const wrong = (kind) => async (t) => {
  const channel = t.channel(kind.prefix);
  const cli = t.watch([channel, ...me, '--for', '60'], { ...KEY, ...WRONG });
  if (!kind.guarded) {
    await cli.subscribed(channel);
    return;
  }
  const { error } = await refusal(cli, channel);
  assert.equal(error.type, t.expected.type);
  assert.equal(error.status, t.expected.status);
  assert.match(error.message, t.expected.message);
  assert.equal(await cli.stop(), 130);
  assert.ok(!cli.lines.some((line) => line.text.includes(WRONG.secret)));
};

const none = (kind) => async (t) => {
  const channel = t.channel(kind.prefix);
  const cli = t.watch([channel, ...me, '--frames'], { secret: null });
  if (!kind.guarded) {
    await cli.subscribed(channel);
    return;
  }
  const { error } = await refusal(cli, channel);
  assert.equal(error.type, 'AuthError');
  assert.deepEqual(frames(cli, 'out'), [], 'nothing is sent without authorization');
};

const byEndpoint = (kind) => async (t) => {
  const channel = t.channel(kind.prefix);
  const endpoint = await t.endpoint({ member: { user_id: 'scope', user_info: { name: 'Scope' } },
                                      encryptionMasterKeyBase64: masterKey });
  const cli = t.watch([channel, ...endpoint.channels], { secret: null });
  await expectKind(cli, channel, kind);
  const { socket_id: socketId } = await cli.state('connected');
  assert.deepEqual(endpoint.asked.map(({ method, form }) => [method, form]),
                   [['POST', { socket_id: socketId, channel_name: channel }]]);
};

async function endpointRefuses(t) {
  const channel = t.channel('private-');
  const endpoint = await t.endpoint({ status: 403, body: 'not for you' });
  const cli = t.watch([channel, ...endpoint.channels, '--for', '60'], { secret: null });
  const { error } = await refusal(cli, channel);
  assert.equal(error.type, 'AuthError');
  assert.equal(error.status, 403);
  assert.match(error.message, /403/);
  assert.match(error.message, /not for you/);
}

async function endpointOfAnotherApp(t) {
  const channel = t.channel('private-');
  const endpoint = await t.endpoint({ key: 'another-key' });
  const { error } = await refusal(t.watch([channel, ...endpoint.channels], { secret: null }), channel);
  assert.match(error.message, t.expected.message);
}

// What our client refuses before anything is sent, each server refuses too.
async function refusedByServer(t, name) {
  const client = t.keep(new PusherClient(app.key, { cluster: 'none', wsHost: '127.0.0.1', wsPort: t.port,
                                                    forceTLS: false, enabledTransports: ['ws'] }));
  await connected(client);
  const channel = client.subscribe(name);
  const answer = await Promise.race([
    once(channel, 'pusher:subscription_error', 'a subscription error').then((data) => data.error),
    once(client.connection, 'error', 'an error').then((error) => error.error?.data?.message ?? error.data.message)]);
  assert.match(answer, t.expected.answer);
}

async function nameTooLong(t) {
  const name = 'x'.repeat(201);
  const cli = t.watch([name]);
  assert.equal(await cli.end(), 2);
  assert.match(cli.errors, /200/);
  await refusedByServer(t, name);
}

async function nameOfDocs(t) {
  const name = t.channel('x'.repeat(180));
  const cli = await t.watching([name]);
  assert.match(cli.errors, /164/);
}

async function badCharacters(t) {
  for (const name of ['no spaces', 'no/slash', 'größe', '']) {
    const cli = t.watch([name]);
    assert.equal(await cli.end(), 2, name);
    assert.match(cli.errors, /^channelscope-cli: [^\n]+\n$/);
  }
  await refusedByServer(t, 'no spaces');
}

async function everyCharacter(t) {
  const name = t.channel('AZaz09_-=@,.;');
  const cli = await t.watching([name]);
  await t.publisher().trigger(name, 'e', {});
  assert.equal((await cli.event('e')).channel, name);
}

// §11.2: what soketi guards because a guarded prefix stands somewhere in the name
async function prefixInside(t) {
  const channel = t.channel('my-private-');
  const cli = await t.watching([channel], ['--frames']);
  assert.deepEqual(frames(cli, 'out', 'pusher:subscribe').map(({ data }) => Boolean(data.auth)), t.expected.withAuth);
}

const refused = [{ section: '§11.1 bad channel auth',
                   soketi: { type: 'AuthError', status: 401, message: /unauthorized/ },
                   sandbox: { type: 'ServerError', status: null, message: /^Invalid signature: / } }];

export const channelStories = [
  ...kinds.flatMap((kind) => [
    { name: `subscribes to a ${kind.name} channel`, run: right(kind) },
    { name: `subscribes to a ${kind.name} channel with a wrong secret`, run: wrong(kind),
      differs: kind.guarded ? refused : [] },
    { name: `subscribes to a ${kind.name} channel without authorization`, run: none(kind) },
  ]),
  ...kinds.filter((kind) => kind.guarded).map((kind) => (
    { name: `subscribes to a ${kind.name} channel by an endpoint`, run: byEndpoint(kind) })),
  { name: 'shows what an endpoint answers that refuses', run: endpointRefuses },
  { name: 'shows that an endpoint is of another app', run: endpointOfAnotherApp,
    differs: [{ section: '§11.1 bad channel auth', soketi: { message: /unauthorized/ },
                sandbox: { message: /^Invalid key in subscription auth data: 'another-key'/ } }] },
  { name: 'refuses a name that is too long', run: nameTooLong,
    differs: [{ section: '§11.2 name too long', soketi: { answer: /longer than the allowed 200/ },
                sandbox: { answer: /^Invalid channel name: / } }] },
  { name: 'warns of a name longer than the documentation allows', run: nameOfDocs },
  { name: 'refuses bad characters', run: badCharacters,
    differs: [{ section: '§11.2 bad characters', soketi: { answer: /not allowed/ },
                sandbox: { answer: /^Invalid channel name: 'no spaces'/ } }] },
  { name: 'takes every character that is allowed', run: everyCharacter },
  { name: 'authorizes a name with a guarded prefix inside', run: prefixInside,
    differs: [{ section: '§11.2 patterns are unanchored', soketi: { withAuth: [false, true] },
                sandbox: { withAuth: [false] } }] },
];
