// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events of encrypted channels, with right, wrong and changing keys.

import assert from 'node:assert/strict';

import { masterKey } from '../lib.mjs';
import { frames } from './story.mjs';

const otherKey = Buffer.alloc(32, 7).toString('base64');
const key = (text) => ({ env: { CHANNELSCOPE_ENCRYPTION_KEY: text } });

async function publish(t, channel, name, data, encryptionMasterKeyBase64 = masterKey) {
  await t.publisher({ encryptionMasterKeyBase64 }).trigger(channel, name, data);
}

function expectLocked(event) {
  assert.deepEqual([event.encrypted, event.decrypted], [true, false]);
  assert.deepEqual(Object.keys(JSON.parse(event.raw)).sort(), ['ciphertext', 'nonce']);
  assert.deepEqual(event.data, JSON.parse(event.raw));
}

async function rightKey(t) {
  const channel = t.channel('private-encrypted-');
  const cli = await t.watching([channel], [], key(masterKey));
  await publish(t, channel, 'secret.event', { n: 42, name: 'Zoë' });
  const event = await cli.event('secret.event');
  assert.deepEqual([event.encrypted, event.decrypted, event.data], [true, true, { n: 42, name: 'Zoë' }]);
  assert.deepEqual(Object.keys(JSON.parse(event.raw)).sort(), ['ciphertext', 'nonce']);
}

async function wrongKey(t) {
  const channel = t.channel('private-encrypted-');
  const cli = await t.watching([channel], [], key(otherKey));
  await publish(t, channel, 'secret.event', { n: 42 });
  expectLocked(await cli.event('secret.event'));
  await cli.until((line) => line.type === 'error' && line.source === 'decrypt' && line.channel === channel,
                  'the failed decryption');
  await publish(t, channel, 'fits.again', { n: 1 }, otherKey);
  assert.deepEqual((await cli.event('fits.again')).data, { n: 1 });
}

async function noKey(t) {
  const channel = t.channel('private-encrypted-');
  const cli = await t.watching([channel]);
  await publish(t, channel, 'secret.event', { n: 42 });
  expectLocked(await cli.event('secret.event'));
}

async function cached(t) {
  const channel = t.channel('private-encrypted-cache-');
  await publish(t, channel, 'cached', { n: 1 });
  const cli = await t.watching([channel], [], key(masterKey));
  const event = await cli.event('cached');
  assert.deepEqual([event.decrypted, event.data], [true, { n: 1 }]);
}

async function byEndpoint(t) {
  const channel = t.channel('private-encrypted-');
  const endpoint = await t.endpoint({ encryptionMasterKeyBase64: masterKey });
  const cli = await t.watching([channel], endpoint.channels, { secret: null });
  await publish(t, channel, 'secret.event', { n: 42 });
  assert.deepEqual((await cli.event('secret.event')).data, { n: 42 });
  assert.equal(endpoint.asked.length, 1);
  assert.ok(!cli.lines.some((line) => line.text.includes('shared_secret')));
}

// The key changed: the endpoint is asked once more, and what waited comes in order (§5).
async function changedKey(t) {
  const channel = t.channel('private-encrypted-');
  const endpoint = await t.endpoint({ encryptionMasterKeyBase64: masterKey });
  const cli = await t.watching([channel], endpoint.channels, { secret: null });
  await publish(t, channel, 'before', { n: 0 });
  await cli.event('before');
  endpoint.publisher = (await t.endpoint({ encryptionMasterKeyBase64: otherKey })).publisher;
  for (let n = 1; n <= 3; n += 1)
    await publish(t, channel, 'after', { n }, otherKey);
  await cli.until((line) => line.type === 'event' && line.data.n === 3, 'the third');
  const got = cli.lines.filter((line) => line.type === 'event');
  assert.deepEqual(got.map((line) => [line.data.n, line.decrypted]), [[0, true], [1, true], [2, true], [3, true]]);
  assert.equal(endpoint.asked.length, 2);
}

async function endpointWithoutKey(t) {
  const channel = t.channel('private-encrypted-');
  const endpoint = await t.endpoint({ body: JSON.stringify({ auth: 'peer-key:00' }) });
  const cli = t.watch([channel, ...endpoint.channels, '--frames'], { secret: null });
  const { error } = await cli.until((line) => line.type === 'subscription' && line.status === 'error', 'the refusal');
  assert.match(error.message, /shared_secret/);
  assert.deepEqual(frames(cli, 'out'), []);
}

export const encryptedStories = [
  { name: 'decrypts with the right key', run: rightKey },
  { name: 'shows what a wrong key does not open', run: wrongKey },
  { name: 'shows encrypted events without a key', run: noKey },
  { name: 'decrypts a cached event', run: cached },
  { name: 'decrypts with the key of an endpoint', run: byEndpoint },
  { name: 'asks once more when the key has changed', run: changedKey },
  { name: 'refuses an endpoint that gives no key', run: endpointWithoutKey },
];
