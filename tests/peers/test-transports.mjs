// SPDX-License-Identifier: GPL-3.0-or-later
//
// The HTTP transports against the sockjs package: the wire format that Pusher's own service speaks, by its authors.
// On top of it as much of protocol 7 as a connection needs.

import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';

import { app, Cli, freePort, once, publisherFor, PusherClient, run, withDeadline } from './lib.mjs';
import { startSandbox } from './stories/servers.mjs';

const require = createRequire(import.meta.url);
const sockjs = require('sockjs');

const frame = (event, data, channel) => JSON.stringify({ event, data: JSON.stringify(data), channel });

// One client: `received` are its frames.
class Peer {
  constructor(server, connection, named) {
    this.connection = connection;
    this.received = [];
    this.named = named;
    connection.on('data', (text) => this.take(text));
    if (named)
      this.welcome();
  }

  welcome() {
    this.connection.write(frame('pusher:connection_established', { socket_id: '7.7', activity_timeout: 30 }));
  }

  take(text) {
    const message = JSON.parse(text);
    if (!this.named) { // SockJS: the first message says which application is meant
      this.path = message.path;
      this.named = true;
      this.welcome();
      return;
    }
    this.received.push(message);
    if (message.event === 'pusher:subscribe')
      this.connection.write(frame('pusher_internal:subscription_succeeded', {}, message.data.channel));
    else if (message.event === 'pusher:ping')
      this.connection.write(frame('pusher:pong', {}));
  }

  send(event, data, channel = 'news') {
    this.connection.write(frame(event, data, channel));
  }
}

// kind: the transport whose addresses are served
class Server {
  static async start(kind, { port = 0, ...settings } = {}) {
    const server = new Server();
    server.peers = [];
    server.requests = [];
    server.sockets = new Set();
    server.http = http.createServer((request, response) => { response.statusCode = 404; response.end(); });
    server.http.on('connection', (socket) => {
      server.sockets.add(socket);
      socket.on('close', () => server.sockets.delete(socket));
    });
    // before sockjs takes the listeners over
    const wire = sockjs.createServer({ response_limit: 1048576, log: () => {}, heartbeat_delay: 25000, ...settings });
    wire.on('connection', (connection) => server.peers.push(new Peer(server, connection, kind !== 'sockjs')));
    wire.installHandlers(server.http, { prefix: kind === 'sockjs' ? '/pusher' : `/pusher/app/${app.key}` });
    server.http.prependListener('request', (request) => server.requests.push(`${request.method} ${request.url}`));
    await new Promise((resolve) => server.http.listen(port, '127.0.0.1', resolve));
    server.port = server.http.address().port;
    return server;
  }

  async kill() {
    for (const socket of this.sockets)
      socket.destroy();
    await new Promise((resolve) => this.http.close(resolve));
  }

  count(what) {
    return this.requests.filter((line) => line.includes(`/${what}?`)).length;
  }
}

const watch = (port, transports, ...more) => new Cli([
  'watch', 'news', '--key', app.key, '--host', '127.0.0.1', '--port', String(port), '--no-tls', '--transports', transports,
  '--format', 'ndjson', ...more,
]);

const payloads = [{ n: 1 }, 'text', 'é "quoted" \\ \n 😀 \u2028', { deep: [[[{ a: null }]]] }, 'x'.repeat(100000)];

// Connects, subscribes, and shows what was published as it was.
async function testEvents(keep, kind) {
  const server = keep(await Server.start(kind));
  const cli = keep(watch(server.port, kind));
  const state = await cli.state('connected');
  assert.equal(state.transport, kind);
  assert.equal(state.socket_id, '7.7');
  assert.equal(typeof state.transport_reason, 'string');
  await cli.subscribed('news');
  for (const [n, data] of payloads.entries())
    server.peers[0].send(`event-${n}`, data);
  await cli.event(`event-${payloads.length - 1}`);
  const events = cli.lines.filter((line) => line.type === 'event');
  assert.deepEqual(events.map((line) => line.data), payloads);
  assert.equal(server.peers.length, 1);
  if (kind === 'sockjs')
    assert.match(server.peers[0].path, new RegExp(`^/app/${app.key}\\?protocol=7&client=[^&]+&version=[0-9.]+$`));
  assert.ok(!cli.lines.some((line) => line.type === 'error'));
  await cli.stop();
}

// What is sent arrives once and in order, though each frame is a request of its own.
async function testOrder(keep, kind) {
  const server = keep(await Server.start(kind));
  const channels = Array.from({ length: 40 }, (_, n) => `news-${n}`);
  const cli = keep(watch(server.port, kind, ...channels));
  await cli.subscribed('news-39');
  assert.deepEqual(server.peers[0].received.map((message) => message.data.channel), ['news', ...channels]);
}

// A megabyte in bursts: one session, nothing missing, nothing twice.
async function testMuch(keep, kind) {
  const server = keep(await Server.start(kind));
  const cli = keep(watch(server.port, kind));
  await cli.subscribed('news');
  const text = 'x'.repeat(2000);
  for (let burst = 0; burst < 20; burst += 1) {
    for (let n = 0; n < 25; n += 1)
      server.peers[0].send(`e-${burst * 25 + n}`, { text });
    await cli.event(`e-${burst * 25 + 24}`);
  }
  const names = cli.lines.filter((line) => line.type === 'event').map((line) => line.event);
  assert.deepEqual(names, Array.from({ length: 500 }, (_, n) => `e-${n}`));
  assert.equal(server.peers.length, 1);
  assert.equal(cli.lines.filter((line) => line.type === 'state').length, 2);
}

// After 256 KiB xhr_streaming goes on in a new stream (§7.2). Pusher's service keeps the session then, this package ends it:
// all it had written arrives, and the loss is told.
async function testNewStream(keep) {
  const server = keep(await Server.start('xhr_streaming'));
  const cli = keep(watch(server.port, 'xhr_streaming', '--reconnect-delay', '0.2'));
  await cli.subscribed('news');
  const text = 'x'.repeat(2000);
  for (let n = 0; n < 150; n += 1)
    server.peers[0].send(`e-${n}`, { text });
  const error = await cli.until((line) => line.type === 'error', 'the session is lost');
  assert.equal(error.code, 1006);
  assert.equal(error.message, 'Server lost session');
  const names = cli.lines.filter((line) => line.type === 'event').map((line) => line.event);
  assert.deepEqual(names, Array.from({ length: 150 }, (_, n) => `e-${n}`));
  const from = cli.lines.indexOf(error);
  await cli.subscribed('news', from);
  server.peers.at(-1).send('after', {});
  await cli.event('after', from);
}

// The server's own limit ends a stream: for SockJS that is no loss, xhr_streaming is told so (§7.2).
async function testServerLimit(keep, kind) {
  const server = keep(await Server.start(kind, { response_limit: 4096 }));
  const cli = keep(watch(server.port, kind, '--reconnect-delay', '0.2'));
  await cli.subscribed('news');
  server.peers[0].send('big', 'x'.repeat(8000));
  await cli.event('big');
  if (kind === 'sockjs') {
    server.peers[0].send('after', {});
    await cli.event('after');
    assert.equal(server.peers.length, 1);
    return;
  }
  const error = await cli.until((line) => line.type === 'error', 'the stream is cut off');
  assert.equal(error.code, 1006);
  await cli.state('connected', cli.lines.indexOf(error));
  assert.equal(server.peers.length, 2);
}

// Heartbeats are activity; the check of silence is no frame (§7.2). SockJS has heartbeats only.
async function testLiveness(keep, kind) {
  const server = keep(await Server.start(kind, { heartbeat_delay: 200 }));
  const cli = keep(watch(server.port, kind, '--activity-timeout', '3', '--pong-timeout', '3', '--for', '8'));
  await cli.subscribed('news');
  const sends = server.count('xhr_send');
  assert.equal(await cli.end(), 0, cli.errors);
  assert.equal(cli.lines.filter((line) => line.type === 'state' && line.current === 'connected').length, 1);
  assert.ok(!server.peers[0].received.some((message) => message.event === 'pusher:ping'));
  if (kind === 'xhr_streaming')
    assert.ok(server.count('xhr_send') > sends, 'heartbeats are answered');
}

async function testClose(keep, kind) {
  const server = keep(await Server.start(kind));
  const cli = keep(watch(server.port, kind));
  await cli.subscribed('news');
  server.peers[0].connection.close(4001, 'Application does not exist');
  assert.equal(await cli.end(), 1, cli.errors);
  const last = cli.lines.filter((line) => line.type === 'state').at(-1);
  assert.equal(last.current, 'disconnected');
  assert.equal(last.code, 4001);
  assert.equal(last.reason, 'Application does not exist');
}

// Killed and started again: a new session, subscribed again.
async function testRestart(keep, kind) {
  const port = await freePort();
  const server = keep(await Server.start(kind, { port }));
  const cli = keep(watch(port, kind, '--reconnect-delay', '0.2', '--max-delay', '0.5'));
  await cli.subscribed('news');
  const from = cli.lines.length;
  await server.kill();
  await cli.state('connecting', from);
  const again = keep(await Server.start(kind, { port }));
  await cli.subscribed('news', from);
  again.peers[0].send('after', {});
  await cli.event('after', from);
}

// No socket there: HTTP after its head start, and the line says why (§7.4).
async function testRace(keep) {
  const server = keep(await Server.start('xhr_streaming'));
  const started = Date.now();
  const cli = keep(new Cli(['watch', 'news', '--key', app.key, '--host', '127.0.0.1', '--port', String(await freePort()),
                            '--http-port', String(server.port), '--no-tls', '--transports', 'ws,xhr_streaming,xhr_polling',
                            '--format', 'ndjson']));
  const state = await withDeadline(cli.state('connected'), 'connected over HTTP');
  assert.equal(state.transport, 'xhr_streaming');
  assert.match(state.transport_reason, /^xhr_streaming, because ws did not open: /);
  assert.ok(Date.now() - started >= 4500, 'not before its head start');
  assert.equal(server.peers.length, 1);
}

// A stream that a proxy holds back: polling overtakes it (§7.4).
async function testHeldBack(keep) {
  const server = keep(await Server.start('xhr_polling'));
  server.http.prependListener('request', (request) => {
    if (request.url.includes('/xhr_streaming?'))
      request.url = '/held-back';
  });
  const cli = keep(watch(server.port, 'xhr_streaming,xhr_polling'));
  const state = await cli.state('connected');
  assert.equal(state.transport, 'xhr_polling');
}

// The other way round: the sandbox as pusher-js's server, and our connection beside it.
async function testSandbox(keep, kind) {
  const { port } = keep(await startSandbox());
  const client = keep(new PusherClient(app.key, {
    cluster: 'none', wsHost: '127.0.0.1', httpHost: '127.0.0.1', httpPort: port, forceTLS: false, enabledTransports: [kind],
  }));
  const channel = client.subscribe('news');
  await once(channel, 'pusher:subscription_succeeded', 'pusher-js subscribes');
  const cli = keep(watch(port, kind));
  await cli.subscribed('news');
  const publisher = publisherFor(port);
  for (const [n, data] of payloads.slice(0, 4).entries()) {
    const got = once(channel, `event-${n}`);
    await publisher.trigger('news', `event-${n}`, data);
    assert.deepEqual(await got, data);
    assert.deepEqual((await cli.event(`event-${n}`)).data, data);
  }
}

const kinds = ['xhr_streaming', 'xhr_polling', 'sockjs'];
const each = (name, test) => kinds.map((kind) => [`${kind}: ${name}`, (keep) => test(keep, kind)]);

await run([
  ...each('connects, subscribes and shows events as they were published', testEvents),
  ...each('sends in order', testOrder),
  ...['xhr_polling', 'sockjs'].map((kind) => [`${kind}: carries more than one request does`, (keep) => testMuch(keep, kind)]),
  ['xhr_streaming: goes on in a new stream', testNewStream],
  ...['xhr_streaming', 'sockjs'].map((kind) => [`${kind}: meets the server's limit`, (keep) => testServerLimit(keep, kind)]),
  ...each('lives by heartbeats', testLiveness),
  ...each('obeys a close code', testClose),
  ...each('survives a restart of the server', testRestart),
  ['HTTP takes over where no socket is', testRace],
  ...['xhr_streaming', 'xhr_polling'].map((kind) => [`${kind}: pusher-js has the sandbox as its server`,
                                                     (keep) => testSandbox(keep, kind)]),
  ['polling overtakes a stream that is refused', testHeldBack],
]);
