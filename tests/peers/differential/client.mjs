// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client under test, in a process of its own: pusher-js or our connection, behind the same commands.

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { normalise } from './normalise.mjs';
import { key, Waiters } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));

export const sides = {
  'pusher-js': { command: () => [process.execPath, join(here, 'pusher-js-driver.mjs')] },
  ours: { command: () => [process.env.CONNECTION_DRIVER] },
};

export class Client {
  constructor(side) {
    const [program, ...args] = sides[side].command();
    this.waiters = new Waiters();
    this.records = [];
    this.cursors = {};
    this.errors = '';
    this.done = new Map();
    this.lastId = 0;
    this.child = spawn(program, args, {
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', GSETTINGS_BACKEND: 'memory',
             ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (data) => { this.errors += data; });
    this.child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => {
      this.exit = code ?? signal;
      this.waiters.changed();
      resolve(this.exit);
    }));
    createInterface({ input: this.child.stdout }).on('line', (text) => this.take(JSON.parse(text)));
  }

  take(line) {
    if (line.type === 'done') {
      this.done.set(line.id, line);
    } else {
      const record = normalise(line);
      if (record !== null)
        this.records.push(record);
    }
    this.waiters.changed();
  }

  // until the command is carried out; refused or not
  async tell(command) {
    const id = ++this.lastId;
    this.child.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    const line = await this.waiters.until(() => this.done.get(id) ?? this.exit);
    if (typeof line !== 'object')
      throw new Error(`the client ended with ${line}: ${this.errors}`);
    return line;
  }

  open(server, options) {
    return this.tell({ do: 'open', options: {
      key, host: options.host ?? '127.0.0.1', port: server.port, wss_port: server.tlsPort, transports: ['ws'],
      auth_endpoint: `${server.url}/auth`, reconnect_delay: 1,
      // where there is one, ours signs in without being asked
      ...(options.hasUsers ? { user_endpoint: `${server.url}/user` } : {}),
      ...options.client,
    } });
  }

  // until a text of this stream comes that matches; those before it are passed over
  until(stream, pattern) {
    return this.waiters.until(() => {
      for (let i = this.cursors[stream] ?? 0; i < this.records.length; i++)
        if (this.records[i].stream === stream && pattern.test(this.records[i].text)) {
          this.cursors[stream] = i + 1;
          return this.records[i];
        }
      return undefined;
    });
  }

  get state() {
    const states = this.records.filter(({ text }) => text.startsWith('state '));
    return states.length === 0 ? 'initialized' : states.at(-1).text.split(' ')[1];
  }

  recording() {
    const told = { states: [], events: [], errors: [] };
    for (const { stream, text } of this.records)
      if (!text.startsWith('event (no channel) sync '))
        told[stream].push(text);
    return told;
  }

  async stop() {
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(timer);
  }
}
