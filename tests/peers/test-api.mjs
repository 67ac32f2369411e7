// SPDX-License-Identifier: GPL-3.0-or-later
//
// The HTTP API: the requests of the pusher library and of our client, for the same calls at the same time, as one
// recording server gets them; then each command against soketi and against the sandbox.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { app, Cli, connectionArgs, masterKey, Publisher, publisherFor, run, withDeadline } from './lib.mjs';
import { KINDS, Server } from './stories/servers.mjs';

const nacl = createRequire(import.meta.url)('tweetnacl');
const SECONDS = 1700000000;

// Both clients' requests

function startRecorder() {
  const requests = [];
  const server = http.createServer((request, reply) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString('latin1'),
                      type: request.headers['content-type'] });
      reply.end('{}');
    });
  });
  const stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections?.(); });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => (
    resolve({ requests, port: server.address().port, stop }))));
}

class Driver {
  constructor(port) {
    this.child = spawn(process.env.API_DRIVER, [String(port), app.key, app.id, app.secret, String(SECONDS), masterKey],
                       { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async call(call) {
    this.child.stdin.write(`${JSON.stringify(call)}\n`);
    const { value } = await withDeadline(this.lines.next(), `the driver answers ${call.call}`);
    const answer = JSON.parse(value);
    assert.equal(answer.outcome, 'accepted', value);
  }

  stop() {
    this.child.stdin.end();
  }
}

async function atThatTime(call) {
  const { now } = Date;
  Date.now = () => SECONDS * 1000;
  try {
    return await call();
  } finally {
    Date.now = now;
  }
}

// The library does not encode its values: what is decoded is what it meant.
function readQuery(url) {
  const [path, query] = url.split('?');
  const pairs = query.split('&').map((pair) => {
    const [name, ...rest] = pair.split('=');
    return [decodeURIComponent(name), decodeURIComponent(rest.join('='))];
  });
  return { path, query: Object.fromEntries(pairs) };
}

function checkSignature({ method, url, body }) {
  const { path, query } = readQuery(url);
  const { auth_signature: signature, ...signed } = query;
  const text = Object.keys(signed).sort().map((name) => `${name}=${signed[name]}`).join('&');
  assert.equal(signature, createHmac('sha256', app.secret).update(`${method}\n${path}\n${text}`).digest('hex'));
  assert.equal(signed.body_md5, body === '' ? undefined : createHash('md5').update(body, 'latin1').digest('hex'));
  assert.equal(signed.auth_timestamp, String(SECONDS));
}

function decrypt(channel, data) {
  const { nonce, ciphertext } = JSON.parse(data);
  const key = createHash('sha256').update(channel).update(Buffer.from(masterKey, 'base64')).digest();
  const open = nacl.secretbox.open(Buffer.from(ciphertext, 'base64'), Buffer.from(nonce, 'base64'), key);
  return Buffer.from(open).toString();
}

// An encrypted event's data differs by its nonce: the plain text has to be the same.
function comparableBody(body) {
  if (!body.includes('private-encrypted-'))
    return body;
  const open = (event) => {
    const channel = event.channel ?? event.channels[0];
    return channel.startsWith('private-encrypted-') ? { ...event, data: decrypt(channel, event.data) } : event;
  };
  const parsed = JSON.parse(Buffer.from(body, 'latin1').toString());
  return JSON.stringify(parsed.batch ? { batch: parsed.batch.map(open) } : open(parsed));
}

const odd = 'tab\t nul\u0000 bell\u0007 del\u007f quote" back\\ slash/ <>& ümläut 日本 😀 \u2028 \ud800';
const many = Array.from({ length: 100 }, (_, n) => `c${n}`);
const json = JSON.stringify;

// [what, the library's call, ours]
const calls = [
  ['an object', (p) => p.trigger('news', 'e', { a: 1, b: [null, 'x'], c: 1e21 }),
    { call: 'publish', name: 'e', data: json({ a: 1, b: [null, 'x'], c: 1e21 }), channels: ['news'] }],
  ['a string', (p) => p.trigger('news', 'e', 'hello'),
    { call: 'publish', name: 'e', data: '"hello"', channels: ['news'] }],
  ['odd characters', (p) => p.trigger('news', `e ${odd.slice(4, -1)}`.replaceAll('\u0000', ''), odd.slice(0, -1)),
    { call: 'publish', name: `e ${odd.slice(4, -1)}`.replaceAll('\u0000', ''), data: json(odd.slice(0, -1)),
      channels: ['news'] }],
  ['half a surrogate pair', (p) => p.trigger('news', 'e', odd),
    { call: 'publish', name: 'e', data: json(odd), channels: ['news'] }],
  ['an empty string', (p) => p.trigger('news', 'e', ''), { call: 'publish', name: 'e', data: '""', channels: ['news'] }],
  ['null', (p) => p.trigger('news', 'e', null), { call: 'publish', name: 'e', data: 'null', channels: ['news'] }],
  ['a hundred channels', (p) => p.trigger(many, 'e', 1),
    { call: 'publish', name: 'e', data: '1', channels: many }],
  ['socket id and info',
    (p) => p.trigger(['a', 'presence-b'], 'e', {}, { socket_id: '123.456', info: 'user_count,subscription_count' }),
    { call: 'publish', name: 'e', data: '{}', channels: ['a', 'presence-b'], socket_id: '123.456',
      info: 'user_count,subscription_count' }],
  ['names with all that is allowed', (p) => p.trigger('cache-_-=@,.;A9', 'e', {}),
    { call: 'publish', name: 'e', data: '{}', channels: ['cache-_-=@,.;A9'] }],
  ['to a user', (p) => p.sendToUser('7', 'e', { a: 1 }),
    { call: 'publish', name: 'e', data: '{"a":1}', channels: ['#server-to-user-7'] }],
  ['encrypted, an object', (p) => p.trigger('private-encrypted-a', 'e', { a: 'ü' }),
    { call: 'publish', name: 'e', data: '{"a":"ü"}', channels: ['private-encrypted-a'] }],
  ['encrypted, a string', (p) => p.trigger('private-encrypted-a', 'e', 'plain', { socket_id: '1.2' }),
    { call: 'publish', name: 'e', data: '"plain"', channels: ['private-encrypted-a'], socket_id: '1.2' }],
  ['a batch', (p) => p.triggerBatch([{ name: 'x', data: { n: 1 }, channel: 'a' },
                                     { name: 'y', data: 'hi', channel: 'presence-b', socket_id: '1.2', info: 'user_count' },
                                     { name: 'z', data: 'secret', channel: 'private-encrypted-a' }]),
    { call: 'batch', events: [{ name: 'x', data: '{"n":1}', channels: ['a'] },
                              { name: 'y', data: '"hi"', channels: ['presence-b'], socket_id: '1.2', info: 'user_count' },
                              { name: 'z', data: '"secret"', channels: ['private-encrypted-a'] }] }],
  ['a batch of ten', (p) => p.triggerBatch(many.slice(0, 10).map((channel) => ({ name: 'x', data: 'ü', channel }))),
    { call: 'batch', events: many.slice(0, 10).map((channel) => ({ name: 'x', data: '"ü"', channels: [channel] })) }],
  ['channels', (p) => p.get({ path: '/channels' }), { call: 'channels' }],
  ['channels by prefix', (p) => p.get({ path: '/channels', params: { filter_by_prefix: 'presence-', info: 'user_count' } }),
    { call: 'channels', prefix: 'presence-', info: 'user_count' }],
  ['a channel', (p) => p.get({ path: '/channels/cache-a@b', params: { info: 'subscription_count,cache' } }),
    { call: 'channel', channel: 'cache-a@b', info: 'subscription_count,cache' }],
  ['a channel with all that is allowed', (p) => p.get({ path: '/channels/cache-_-=@,.;A9' }),
    { call: 'channel', channel: 'cache-_-=@,.;A9' }],
  ['users', (p) => p.get({ path: '/channels/presence-x/users' }), { call: 'users', channel: 'presence-x' }],
  ['terminate', (p) => p.terminateUserConnections('12345'), { call: 'terminate', user: '12345' }],
];

async function testSameRequests(keep) {
  const recorder = keep(await startRecorder());
  const driver = keep(new Driver(recorder.port));
  const publisher = new Publisher({ appId: app.id, key: app.key, secret: app.secret, host: '127.0.0.1',
                                    port: String(recorder.port), useTLS: false,
                                    encryptionMasterKeyBase64: masterKey });
  for (const [what, theirs, ours] of calls) {
    recorder.requests.length = 0;
    await atThatTime(() => theirs(publisher));
    await driver.call(ours);
    const [a, b] = recorder.requests;
    assert.equal(recorder.requests.length, 2, what);
    assert.equal(b.method, a.method, what);
    assert.equal(b.type, a.type, what);
    assert.equal(comparableBody(b.body), comparableBody(a.body), what);
    checkSignature(a);
    checkSignature(b);
    const [left, right] = [readQuery(a.url), readQuery(b.url)];
    assert.equal(right.path, left.path, what);
    if (a.body.includes('private-encrypted-')) // another nonce, another body
      for (const { query } of [left, right]) {
        delete query.body_md5;
        delete query.auth_signature;
      }
    assert.deepEqual(right.query, left.query, what);
  }
}

// Each command against a server

async function ask(keep, port, args, { code = 0, ...more } = {}) {
  const cli = keep(new Cli([...args, ...connectionArgs(port), '--app-id', app.id], more));
  assert.equal(await cli.end(), code, `${args.join(' ')}: ${cli.errors}${cli.lines.map((line) => line.text)}`);
  cli.lines.forEach((line) => delete line.text);
  return cli;
}

async function testCommands(keep, name) {
  const { port } = keep(await new Server(name, { users: true }).start());
  const watch = keep(new Cli(['watch', 'news', 'presence-room', 'private-encrypted-a', '--presence-user',
                              '{"user_id":"ana"}', '--user-data', '{"id":"ana"}', ...connectionArgs(port)],
                             { env: { CHANNELSCOPE_ENCRYPTION_KEY: masterKey } }));
  for (const channel of ['news', 'presence-room', 'private-encrypted-a'])
    await watch.subscribed(channel);
  await watch.until((line) => line.type === 'user' && line.status === 'signed_in', 'signed in');

  const accepted = { outcome: 'accepted', status: 200, message: '' };
  const sent = await ask(keep, port, ['trigger', 'news', 'other', '--event', 'sent', '--data', '{"total": 120}']);
  assert.deepEqual(sent.lines, [{ ...accepted, events: 1 }]);
  assert.equal((await watch.event('sent')).raw, '{"total": 120}');
  await ask(keep, port, ['trigger', '#server-to-user-ana', '--event', 'mine', '--data', '"hello"']);
  assert.equal((await watch.event('mine')).raw, 'hello');
  await ask(keep, port, ['trigger', 'private-encrypted-a', '--event', 'secret', '--data', '"s"'],
            { env: { CHANNELSCOPE_ENCRYPTION_KEY: masterKey } });
  assert.deepEqual((({ decrypted, data }) => [decrypted, data])(await watch.event('secret')), [true, 's']);

  const path = join(watch.home, 'batch.jsonl');
  writeFileSync(path, Array.from({ length: 12 }, (_, n) => `${json({ channel: 'news', name: `b${n}`, data: { n } })}\n`).join(''));
  const batch = await ask(keep, port, ['batch', path]);
  assert.deepEqual(batch.lines, [{ ...accepted, events: 10, lines: [1, 10] }, { ...accepted, events: 2, lines: [11, 12] }]);
  await watch.event('b11');

  const channels = await ask(keep, port, ['channels', '--prefix', 'presence-', '--info', 'user_count']);
  assert.deepEqual(channels.lines.map((line) => line.channel), ['presence-room']);
  const channel = (await ask(keep, port, ['channel', 'presence-room', '--info', 'user_count'])).lines[0];
  assert.deepEqual([channel.channel, channel.occupied, channel.user_count], ['presence-room', true, 1]);
  assert.deepEqual((await ask(keep, port, ['users', 'presence-room'])).lines, [{ user_id: 'ana' }]);

  const wrong = await ask(keep, port, ['trigger', 'news', '--event', 'e', '--data', '{}'],
                          { code: 1, secret: 'wrong-secret-0815' });
  assert.deepEqual([wrong.lines[0].outcome, wrong.lines[0].status], ['refused', 401]);
  assert.ok(!JSON.stringify(wrong.lines).includes('wrong-secret-0815'));
  const large = await ask(keep, port, ['trigger', 'news', '--event', 'e', '--data', json('x'.repeat(120000)),
                                       '--max-data', '200000'], { code: 1 });
  assert.deepEqual([large.lines[0].outcome, large.lines[0].status], ['refused', 413]);
  const refused = await ask(keep, port, ['users', 'news'], { code: 1 });
  assert.match(refused.errors, /\(400\)/);
  const nobody = keep(new Cli(['channels', ...connectionArgs(port), '--app-id', 'no-such-app']));
  assert.equal(await nobody.end(), 1);
  assert.match(nobody.errors, /\(404\)/);

  assert.deepEqual((await ask(keep, port, ['terminate', 'ana'])).lines, [accepted]);
  await watch.until((line) => line.type === 'state' && line.previous === 'connected', 'the user is sent away');
}

// soketi's own refusals (401, 404 and the others' are above): its limits are set below ours.
async function testSoketiErrors(keep) {
  const { port } = keep(await new Server('soketi', { env: {
    SOKETI_EVENT_MAX_NAME_LENGTH: '10', SOKETI_EVENT_MAX_CHANNELS_AT_ONCE: '2', SOKETI_EVENT_MAX_BATCH_SIZE: '3',
    SOKETI_EVENT_MAX_SIZE_IN_KB: '1',
  } }).start());
  const trigger = (channels, event, data) => ['trigger', ...channels, '--event', event, '--data', json(data)];
  const place = mkdtempSync(join(tmpdir(), 'channelscope-peers-'));
  keep({ stop: () => rmSync(place, { recursive: true }) });
  const path = join(place, 'four.jsonl');
  writeFileSync(path, `${json({ channel: 'a', name: 'e', data: 1 })}\n`.repeat(4));
  for (const [args, status, words] of [
    [trigger(['a'], 'a-name-that-is-long', 'x'), 400, /name is too long.*10/],
    [trigger(['a', 'b', 'c'], 'e', 'x'), 400, /more than 2 channels/],
    [trigger(['a'], 'e', ''), 400, /data is incorrect/],
    [trigger(['a'], 'e', 'x'.repeat(5000)), 413, /less than 1 KB/],
    [['batch', path], 400, /more than 3 messages/],
  ]) {
    const [line] = (await ask(keep, port, args, { code: 1 })).lines;
    assert.deepEqual([line.outcome, line.status], ['refused', status], args.join(' '));
    assert.match(line.message, words);
    assert.ok(line.meaning.length > 10, line.meaning);
  }

  const slow = keep(await new Server('soketi', { env: {
    SOKETI_DEFAULT_APP_MAX_BACKEND_EVENTS_PER_SEC: '2', SOKETI_DEFAULT_APP_MAX_READ_REQ_PER_SEC: '1',
  } }).start());
  const [line] = (await ask(keep, slow.port, trigger(['a', 'b', 'c'], 'e', 'x'), { code: 1 })).lines;
  assert.deepEqual([line.outcome, line.status, line.message], ['refused', 429, 'Too many requests.']);
  const asked = await Promise.all(Array.from({ length: 4 }, async () => {
    const cli = keep(new Cli(['channels', ...connectionArgs(slow.port), '--app-id', app.id]));
    return [await cli.end(), cli.errors];
  }));
  assert.ok(asked.some(([code, errors]) => code === 1 && /\(429\)/.test(errors)), json(asked));
}

run([
  ['the requests are those of the pusher library', testSameRequests],
  ['each refusal of soketi', testSoketiErrors],
  ...KINDS.map((name) => [`each command against ${name}`, (keep) => testCommands(keep, name)]),
]);
