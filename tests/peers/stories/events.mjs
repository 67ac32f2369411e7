// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events in, client events both ways, publishing over the HTTP API, cached events.

import assert from 'node:assert/strict';

import { connected, once, withDeadline } from '../lib.mjs';
import { refusalOf } from './story.mjs';

const events = (cli) => cli.lines.filter((line) => line.type === 'event');

async function joined(t, channel, user) {
  const client = t.joiner(user);
  const subscribed = client.subscribe(channel);
  await once(subscribed, 'pusher:subscription_succeeded', `pusher-js subscribes to ${channel}`);
  await connected(client);
  return subscribed;
}

const eventIn = (prefix) => async (t) => {
  const channel = t.channel(prefix);
  const cli = await t.watching([channel]);
  const data = { total: 120, name: 'Zoë', big: 1e21, list: [1, { a: null }] };
  await t.publisher().trigger(channel, 'order.paid', data);
  const event = await cli.event('order.paid');
  assert.deepEqual([event.direction, event.channel, event.data], ['in', channel, data]);
  assert.equal(event.raw, JSON.stringify(data));
  assert.equal(event.user_id, undefined);
};

async function textsIn(t) {
  const channel = t.channel();
  const cli = await t.watching([channel]);
  const publisher = t.publisher();
  for (const [name, text] of [['plain', 'no JSON at all'], ['quoted', '"hello"'], ['number', '12'], ['lists', '[1]']])
    await publisher.trigger(channel, name, text);
  await cli.event('lists');
  assert.deepEqual(events(cli).map(({ data, raw }) => [data, raw]),
                   [['no JSON at all', 'no JSON at all'], ['hello', '"hello"'], [12, '12'], [[1], '[1]']]);
}

async function clientEventIn(t) {
  const channel = t.channel('private-');
  const cli = await t.watching([channel]);
  (await joined(t, channel)).trigger('client-typing', { who: 'Zoë' });
  const event = await cli.event('client-typing');
  assert.deepEqual([event.direction, event.channel, event.data], ['in', channel, { who: 'Zoë' }]);
  assert.equal(event.user_id, undefined);
}

async function clientEventOfMember(t) {
  const channel = t.channel('presence-');
  const cli = await t.watching([channel]);
  (await joined(t, channel, { user_id: 'ana' })).trigger('client-typing', { user_id: 'not me' });
  assert.equal((await cli.event('client-typing')).user_id, 'ana');
}

const clientEventOut = (prefix) => async (t) => {
  const channel = t.channel(prefix);
  const got = [];
  const subscribed = await joined(t, channel, { user_id: 'ana' });
  const arrived = new Promise((resolve) => subscribed.bind('client-hello', (data, metadata) => {
    got.push({ data, metadata });
    resolve();
  }));
  const cli = t.cli(['trigger', channel, '--client', '--event', 'client-hello', '--data', '{"n":1}',
                     '--presence-user', '{"user_id":"scope"}']);
  await withDeadline(arrived, 'the client event arrives');
  assert.equal(await cli.end(), 0, cli.errors);
  assert.deepEqual(cli.lines.map((line) => line.outcome), ['accepted']);
  assert.deepEqual(got.map(({ data }) => data), [{ n: 1 }]);
  if (prefix === 'presence-')
    assert.equal(got[0].metadata.user_id, 'scope');
};

// The sender's own connection never gets it; a pong that comes later shows that nothing was under way.
async function notEchoed(t) {
  const channel = t.channel('private-');
  const subscribed = await joined(t, channel);
  let echoes = 0;
  subscribed.bind('client-mine', () => { echoes += 1; });
  const cli = await t.watching([channel]);
  subscribed.trigger('client-mine', {});
  const sender = t.cli(['trigger', channel, '--client', '--event', 'client-ours', '--data', '{}']);
  assert.equal(await sender.end(), 0, sender.errors);
  assert.ok(!sender.lines.some((line) => line.type === 'event'));
  await cli.event('client-ours');
  await cli.event('client-mine');
  const last = once(subscribed, 'last');
  await t.publisher().trigger(channel, 'last', {});
  await last;
  assert.equal(echoes, 0);
}

async function clientEventOnPublic(t) {
  for (const prefix of ['', 'private-encrypted-', 'cache-']) {
    const cli = t.cli(['trigger', t.channel(prefix), '--client', '--event', 'client-x', '--data', '{}']);
    assert.equal(await cli.end(), 2);
    assert.deepEqual(cli.lines, []);
  }
}

async function unsubscribedChannel(t) {
  const [ours, other] = [t.channel(), t.channel()];
  const cli = await t.watching([ours]);
  const publisher = t.publisher();
  await publisher.trigger(other, 'not.ours', {});
  await publisher.trigger(ours, 'ours', {});
  await cli.event('ours');
  assert.deepEqual(events(cli).map((line) => line.event), ['ours']);
}

async function tenChannels(t) {
  const channels = Array.from({ length: 10 }, (_, n) => t.channel(n % 2 === 0 ? '' : 'private-'));
  const cli = await t.watching(channels, ['--count', '10']);
  await t.publisher().trigger(channels, 'to.all', { n: 10 });
  assert.equal(await cli.end(), 0);
  assert.deepEqual(events(cli).map((line) => line.channel).sort(), [...channels].sort());
  assert.ok(events(cli).every((line) => line.event === 'to.all' && line.data.n === 10));
}

async function excludedSocket(t) {
  const channel = t.channel();
  const [left, right] = [await t.watching([channel]), await t.watching([channel])];
  const { socket_id: socketId } = await left.state('connected');
  const publisher = t.publisher();
  await publisher.trigger(channel, 'not.for.left', {}, { socket_id: socketId });
  await publisher.trigger(channel, 'for.both', {});
  await left.event('for.both');
  await right.event('for.both');
  assert.deepEqual(events(left).map((line) => line.event), ['for.both']);
  assert.deepEqual(events(right).map((line) => line.event), ['not.for.left', 'for.both']);
}

async function batch(t) {
  const channels = [t.channel(), t.channel('private-')];
  const cli = await t.watching(channels, ['--count', '100']);
  const publisher = t.publisher();
  for (let i = 0; i < 10; i += 1)
    await publisher.triggerBatch(Array.from({ length: 10 }, (_, j) => (
      { channel: channels[j % 2], name: 'counted', data: { n: i * 10 + j } })));
  assert.equal(await cli.end(), 0);
  assert.deepEqual(events(cli).map((line) => line.data.n), Array.from({ length: 100 }, (_, n) => n));
  assert.ok(events(cli).every((line) => line.channel === channels[line.data.n % 2]));
}

async function batchTooLong(t) {
  const channel = t.channel();
  const eleven = Array.from({ length: 11 }, () => ({ channel, name: 'e', data: {} }));
  const { status, text } = await refusalOf(t.publisher().triggerBatch(eleven));
  assert.equal(status, t.expected.status);
  assert.match(text, t.expected.text);
}

// In bytes of the data, over HTTP and by a client event
async function payloadTooBig(t) {
  const channel = t.channel('private-');
  const cli = await t.watching([channel]);
  const fits = 'x'.repeat(t.expected.most);
  const publisher = t.publisher();
  const { status, text } = await refusalOf(publisher.trigger(channel, 'too.big', `${fits}x`));
  assert.equal(status, t.expected.status);
  assert.match(text, t.expected.text);
  await publisher.trigger(channel, 'fits', fits);
  assert.equal((await cli.event('fits')).data.length, fits.length);
  assert.equal(events(cli).length, 1);
}

async function clientEventTooBig(t) {
  const channel = t.channel('private-');
  const cli = await t.watching([channel]);
  const trigger = (...more) => t.cli(['trigger', channel, '--client', '--event', 'client-big', ...more]);
  const text = (length) => JSON.stringify({ x: 'x'.repeat(length - '{"x":""}'.length) });

  const local = trigger('--data', text(10241));
  assert.equal(await local.end(), 2);
  assert.match(local.errors, /10241.*10240/);
  const fits = trigger('--data', text(10240));
  assert.equal(await fits.end(), 0, fits.errors);
  assert.equal((await cli.event('client-big')).raw.length, 10240);

  const refused = trigger('--max-data', '200000', '--data', text(t.expected.bytes));
  assert.equal(await refused.end(), 1);
  assert.equal(refused.lines[0].outcome, 'refused');
  assert.equal(refused.lines[0].status, t.expected.status);
  assert.match(refused.lines[0].message, t.expected.text);
}

// pusher-js sends without restraint; our client waits instead of being refused. Its bucket holds ten
// and fills by ten a second: soketi counts by the second, and must not count less than both together.
async function tooManyClientEvents(t) {
  const channel = t.channel('private-');
  const subscribed = await joined(t, channel);
  const refused = once(subscribed.pusher.connection, 'error', 'the refusal');
  const cli = await t.watching([channel]);
  for (let n = 0; n < 40; n += 1)
    subscribed.trigger('client-flood', { n });
  assert.equal((await refused).data.code, 4301);
  await cli.until((line) => line.type === 'event' && line.data.n === 9, 'the tenth');

  const many = Array.from({ length: 14 }, () => t.channel('private-'));
  const sender = t.cli(['trigger', ...many, '--client', '--event', 'client-x', '--data', '{}']);
  assert.equal(await sender.end(), 0, sender.errors);
  assert.deepEqual(sender.lines.map((line) => line.outcome), many.map(() => 'accepted'));
  assert.ok(events(cli).length < 40);
}

const cached = (prefix) => async (t) => {
  const channel = t.channel(prefix);
  await t.publisher().trigger(channel, 'first', { n: 1 });
  await t.publisher().trigger(channel, 'last', { n: 2 });
  const cli = await t.watching([channel]);
  const event = await cli.event('last');
  assert.deepEqual([event.channel, event.data], [channel, { n: 2 }]);
  assert.deepEqual(events(cli).map((line) => line.event), ['last']);
  assert.ok(!cli.lines.some((line) => line.type === 'cache_miss'));
  const order = cli.lines.findIndex((line) => line.type === 'subscription' && line.status === 'subscribed');
  assert.ok(order < cli.lines.indexOf(event), 'the cached event comes after the subscription');
};

async function cacheMiss(t) {
  const channel = t.channel('cache-');
  const cli = await t.watching([channel]);
  assert.equal((await cli.until((line) => line.type === 'cache_miss', 'cache miss')).channel, channel);
  assert.deepEqual(events(cli), []);
  await t.publisher().trigger(channel, 'now', {});
  await cli.event('now');
}

async function clientEventNotCached(t) {
  const channel = t.channel('private-cache-');
  const first = await t.watching([channel]);
  const sender = t.cli(['trigger', channel, '--client', '--event', 'client-x', '--data', '{}']);
  assert.equal(await sender.end(), 0, sender.errors);
  await first.event('client-x');
  const second = await t.watching([channel]);
  await second.until((line) => line.type === 'cache_miss', 'cache miss');
}

const limits = { soketi: { most: 102400, status: 200, text: /less than 100 KB/ },
                 sandbox: { most: 10240, status: 413, text: /exceeds the allowed maximum \(10240 bytes\)/ } };

export const eventStories = [
  { name: 'receives an event on a public channel', run: eventIn('') },
  { name: 'receives an event on a private channel', run: eventIn('private-') },
  { name: 'receives an event on a presence channel', run: eventIn('presence-') },
  { name: 'shows texts as they were published', run: textsIn },
  { name: 'receives a client event', run: clientEventIn },
  { name: 'is told which member sent a client event', run: clientEventOfMember },
  { name: 'sends a client event on a private channel', run: clientEventOut('private-') },
  { name: 'sends a client event on a presence channel', run: clientEventOut('presence-') },
  { name: 'gets no client event of its own back', run: notEchoed },
  { name: 'sends no client event where none is allowed', run: clientEventOnPublic },
  { name: 'sees no event of a channel that is not subscribed', run: unsubscribedChannel },
  { name: 'receives on all of ten channels', run: tenChannels },
  { name: 'receives nothing on an excluded socket', run: excludedSocket },
  { name: 'receives batches in order', run: batch },
  { name: 'is refused a batch of eleven', run: batchTooLong,
    differs: [{ section: '§11.2 HTTP: errors come with status 200', soketi: { status: 200, text: /"code":400/ },
                sandbox: { status: 400, text: /a batch may have 10/ } }] },
  { name: 'is refused a payload that is too big', run: payloadTooBig,
    differs: [{ section: '§11.2 100 KB payload, §9.3', ...limits }] },
  { name: 'is refused a client event that is too big', run: clientEventTooBig,
    differs: [{ section: '§11.1 client event fault', soketi: { bytes: 102401, status: 4301, text: limits.soketi.text },
                sandbox: { bytes: 10241, status: null, text: limits.sandbox.text } }] },
  { name: 'is refused too many client events', run: tooManyClientEvents, settings: { clientEvents: 25 } },
  { name: 'receives the cached event', run: cached('cache-') },
  { name: 'receives the cached event of a private channel', run: cached('private-cache-') },
  { name: 'receives the cached event of a presence channel', run: cached('presence-cache-') },
  { name: 'is told of a cache miss', run: cacheMiss },
  { name: 'finds no client event in the cache', run: clientEventNotCached },
];
