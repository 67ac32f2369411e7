// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real servers and clients of the peer tests: soketi as the server, the pusher library as the
// publisher, pusher-js as the other member, channelscope-cli as the program under test.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import http from 'node:http';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));

export const Publisher = require('pusher');
export const PusherClient = require('pusher-js');

export const app = { id: 'peer-app', key: 'peer-key', secret: 'peer-secret-4711' };
export const masterKey = 'zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=';

export const DEADLINE = 20000;

export function withDeadline(promise, what, milliseconds = DEADLINE) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`too late: ${what}`)), milliseconds);
  });
  const first = Promise.race([promise, late]).finally(() => clearTimeout(timer));
  first.catch(() => {}); // a test that failed before it waited for this has told enough
  return first;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function answers(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/', timeout: 1000 }, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}

async function untilAnswers(child, port) {
  while (!(await answers(port))) {
    if (child.exitCode !== null)
      throw new Error(`soketi ended with ${child.exitCode}:\n${child.output}`);
    await new Promise((resolve) => setTimeout(resolve, 50)); // between two looks, not a wait for luck
  }
}

// soketi 1.6.1 on 127.0.0.1; kill() ends it as a crash would, stop() in good order.
export async function startSoketi(port, settings = {}) {
  const child = spawn(process.execPath, [join(here, 'node_modules/@soketi/soketi/bin/server.js'), 'start'], {
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      SOKETI_HOST: '127.0.0.1',
      SOKETI_PORT: String(port),
      SOKETI_DEFAULT_APP_ID: app.id,
      SOKETI_DEFAULT_APP_KEY: app.key,
      SOKETI_DEFAULT_APP_SECRET: app.secret,
      SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES: '1',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => { child.output += data; });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  await withDeadline(untilAnswers(child, port), 'soketi starts', 30000);
  const end = async (signal) => {
    child.kill(signal);
    await withDeadline(gone, `soketi ends by ${signal}`);
  };
  return { port, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

export function publisherFor(port, more = {}) {
  return new Publisher({ appId: app.id, key: app.key, secret: app.secret, host: '127.0.0.1', port: String(port),
                         useTLS: false, ...more });
}

// A pusher-js client that authorizes itself with the pusher library, as an application's server would.
export function joinerFor(port, user) {
  const publisher = publisherFor(port);
  return new PusherClient(app.key, {
    cluster: 'none',
    wsHost: '127.0.0.1',
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, callback) =>
        callback(null, publisher.authorizeChannel(socketId, channelName,
                                                  channelName.startsWith('presence-') ? user : undefined)),
    },
  });
}

export function once(emitter, event, what = event) {
  return withDeadline(new Promise((resolve) => emitter.bind(event, resolve)), what);
}

export function connected(client) {
  if (client.connection.state === 'connected')
    return Promise.resolve();
  return once(client.connection, 'connected', 'pusher-js connects');
}

// channelscope-cli, with a home of its own; its lines are kept and can be waited for.
export class Cli {
  constructor(args, { secret = app.secret, env = {} } = {}) {
    this.home = mkdtempSync(join(tmpdir(), 'channelscope-peers-'));
    this.lines = [];
    this.errors = '';
    this.waiting = [];
    this.child = spawn(process.env.CHANNELSCOPE_CLI, args, {
      env: { PATH: process.env.PATH, HOME: this.home, XDG_STATE_HOME: this.home, XDG_CONFIG_HOME: this.home,
             XDG_DATA_HOME: this.home, XDG_RUNTIME_DIR: this.home, LC_ALL: 'C.UTF-8',
             ...(secret !== null ? { CHANNELSCOPE_SECRET: secret } : {}), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (data) => { this.errors += data; });
    this.ended = new Promise((resolve) => this.child.on('close', (code) => { this.code = code; resolve(code); }));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.take(line));
  }

  take(text) {
    const line = JSON.parse(text);
    line.text = text;
    this.lines.push(line);
    this.waiting = this.waiting.filter(({ wanted, resolve }) => !(wanted(line) && (resolve(line), true)));
  }

  // the first line, already there or still to come, that is wanted; from: how many lines to pass over
  until(wanted, what, from = 0) {
    const found = this.lines.slice(from).find(wanted);
    if (found)
      return Promise.resolve(found);
    const promise = new Promise((resolve) => this.waiting.push({ wanted, resolve }));
    return withDeadline(promise, what).catch((error) => {
      throw new Error(`${error.message}\n${this.lines.map((line) => line.text).join('\n')}\n${this.errors}`);
    });
  }

  state(current, from = 0) {
    return this.until((line) => line.type === 'state' && line.current === current, `state ${current}`, from);
  }

  subscribed(channel, from = 0) {
    return this.until((line) => line.type === 'subscription' && line.channel === channel
                                && line.status === 'subscribed', `${channel} subscribed`, from);
  }

  event(name, from = 0) {
    return this.until((line) => line.type === 'event' && line.event === name, `event ${name}`, from);
  }

  end() {
    return withDeadline(this.ended, `${this.child.spawnargs.join(' ')} ends`);
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null)
      this.child.kill('SIGINT');
    const code = await this.end();
    rmSync(this.home, { recursive: true, force: true });
    return code;
  }
}

export function connectionArgs(port) {
  return ['--key', app.key, '--host', '127.0.0.1', '--port', String(port), '--no-tls', '--format', 'ndjson'];
}

// Runs [name, function] pairs and prints TAP. Each gets a list for what has to be ended after it.
export async function run(tests) {
  let failed = 0;
  console.log(`1..${tests.length}`);
  for (const [index, [name, test]] of tests.entries()) {
    const after = [];
    try {
      await withDeadline(test((thing) => { after.push(thing); return thing; }), name, 90000);
      console.log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`# ${String(error.stack).replaceAll('\n', '\n# ')}`);
      console.log(`not ok ${index + 1} - ${name}`);
    }
    for (const thing of after.reverse())
      await (thing.kill ?? thing.stop ?? thing.disconnect).call(thing);
  }
  process.stdout.write('', () => process.exit(failed === 0 ? 0 : 1)); // once a pipe has taken all of it
}
