// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two servers every story is told against: soketi and our own sandbox, for the same application.
//
// Settings that both understand: connections, members (the quotas), clientEvents (a second's worth);
// soketi alone: users (sign-in is on), env (its own variables); the sandbox alone: replay (a file).

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { app, freePort, startSoketi, withDeadline } from '../lib.mjs';

export const KINDS = ['soketi', 'sandbox'];

function soketiSettings({ connections, members, clientEvents, users, env }) {
  return {
    SOKETI_SHUTDOWN_GRACE_PERIOD: '0',
    ...(connections !== undefined && { SOKETI_DEFAULT_APP_MAX_CONNS: String(connections) }),
    ...(members !== undefined && { SOKETI_PRESENCE_MAX_MEMBERS: String(members) }),
    ...(clientEvents !== undefined && { SOKETI_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SEC: String(clientEvents) }),
    ...(users && { SOKETI_DEFAULT_APP_USER_AUTHENTICATION: '1' }),
    ...env,
  };
}

// the sandbox always allows 10 client events a second, as Pusher does, and always knows sign-in
function sandboxArguments({ connections, members, replay }) {
  return [
    ...(connections !== undefined ? ['--max-connections', String(connections)] : []),
    ...(members !== undefined ? ['--max-members', String(members)] : []),
    ...(replay !== undefined ? ['--replay', replay] : []),
  ];
}

// What `serve` prints is kept and can be waited for.
export async function startSandbox(port = 0, settings = {}) {
  const home = mkdtempSync(join(tmpdir(), 'channelscope-sandbox-'));
  const child = spawn(process.env.CHANNELSCOPE_CLI,
                      ['serve', '--format', 'ndjson', '--port', String(port), '--app',
                       `${app.key}:${app.id}:APP_SECRET`, ...sandboxArguments(settings)],
                      { env: { PATH: process.env.PATH, HOME: home, LC_ALL: 'C.UTF-8', APP_SECRET: app.secret },
                        stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => { errors += data; });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  const listening = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text);
      if (line.type === 'listening')
        resolve(line.port);
    });
    gone.then(() => reject(new Error(`the sandbox ended: ${errors}`)));
  });
  listening.catch(() => {});
  const end = async (signal) => {
    child.kill(signal);
    await withDeadline(gone, 'the sandbox ends');
    rmSync(home, { recursive: true, force: true });
  };
  return { port: await withDeadline(listening, 'the sandbox listens'), kill: () => end('SIGKILL'),
           stop: () => end('SIGTERM') };
}

const start = {
  soketi: async (port, settings) => startSoketi(port === 0 ? await freePort() : port, soketiSettings(settings)),
  sandbox: startSandbox,
};

// One that can be ended and started again on its port.
export class Server {
  constructor(kind, settings = {}) {
    this.kind = kind;
    this.settings = settings;
    this.port = 0;
    this.running = null;
  }

  async start() {
    this.running = await start[this.kind](this.port, this.settings);
    this.port = this.running.port;
    return this;
  }

  async kill() {
    const { running } = this;
    this.running = null;
    await running?.kill();
  }

  // in good order: clients are told
  async stop() {
    const { running } = this;
    this.running = null;
    await running?.stop();
  }
}
