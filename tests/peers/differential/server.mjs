// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server both clients talk to: it does what a script says and nothing else. Upgrades wait until a step takes
// them; authorization requests are answered at once unless the script holds them. What it saw is kept.

import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createServer as createTcpServer } from 'node:net';

import { canonical } from './normalise.mjs';

const require = createRequire(import.meta.url);
const { Server: WebSocketServer } = require('ws');
const { secretbox } = require('tweetnacl');

export const key = 'differential-key';
const secret = 'differential-secret';

// A list others wait on. The condition is looked at again with every change.
export class Waiters {
  constructor() {
    this.list = [];
  }

  changed() {
    this.list = this.list.filter(({ look, resolve }) => {
      const found = look();
      if (found === undefined)
        return true;
      resolve(found);
      return false;
    });
  }

  // until look() gives something
  until(look) {
    const found = look();
    if (found !== undefined)
      return Promise.resolve(found);
    return new Promise((resolve) => this.list.push({ look, resolve }));
  }
}

function hmac(text) {
  return `${key}:${createHmac('sha256', secret).update(text).digest('hex')}`;
}

function channelKey(channel, master) {
  return createHash('sha256').update(channel).update(master).digest();
}

// An event's data on an encrypted channel, as an application's server makes it; the nonce is fixed, so that both
// clients get the same.
export function encrypted(channel, master, plain) {
  const nonce = Buffer.alloc(secretbox.nonceLength, 7);
  const box = secretbox(Buffer.from(JSON.stringify(plain)), nonce, channelKey(channel, master));
  return JSON.stringify({ nonce: nonce.toString('base64'), ciphertext: Buffer.from(box).toString('base64') });
}

export const masterKeys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];

class ServerConnection {
  constructor(server, socket, number, target) {
    this.server = server;
    this.socket = socket;
    this.lines = [];
    this.cursor = 0;
    this.number = number;
    this.frames = [];
    this.isOpen = true;
    this.endedByUs = false;
    this.note(`open ${target}`);
    socket.on('message', (data) => this.take(data.toString()));
    socket.on('close', (code) => this.closed(code));
    socket.on('error', () => {});
  }

  note(text) {
    this.lines.push(`#${this.number} ${text}`);
  }

  take(text) {
    const frame = JSON.parse(text);
    this.frames.push(frame);
    this.note(canonical(frame));
    this.server.waiters.changed();
  }

  // until a frame comes that look() wants; those before it are passed over
  until(look) {
    return this.server.waiters.until(() => {
      for (let i = this.cursor; i < this.frames.length; i++)
        if (look(this.frames[i])) {
          this.cursor = i + 1;
          return this.frames[i];
        }
      return undefined;
    });
  }

  closed(code) {
    this.isOpen = false;
    if (!this.endedByUs)
      this.note(`closed by the client with ${code}`);
    this.server.waiters.changed();
  }

  // the client has read the answer to its upgrade
  isHeard() {
    this.socket.ping();
    return new Promise((resolve) => this.socket.once('pong', resolve));
  }

  close(code, reason) {
    this.endedByUs = true;
    if (code === 1005)
      this.socket.close();
    else
      this.socket.close(code, reason);
  }

  drop() {
    this.endedByUs = true;
    this.socket.terminate();
  }
}

export class ScriptedServer {
  constructor(script) {
    this.script = script;
    this.waiters = new Waiters();
    this.upgrades = [];
    this.sockets = new Set();
    this.connections = [];
    this.attempts = [];
    this.requests = [];
    this.waitingRequests = [];
    this.holdsRequests = Boolean(script.options.held);
    this.answer = null;
    this.master = masterKeys[0];
    this.http = createServer((request, response) => this.takeRequest(request, response));
    this.http.on('upgrade', (request, socket, head) => {
      this.upgrades.push({ request, socket, head });
      this.waiters.changed();
    });
    this.http.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.ws = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    // where TLS is tried: it is seen, and gets no answer
    this.tls = createTcpServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.once('data', () => { this.sawTls = true; this.waiters.changed(); });
    });
    this.sawTls = false;
  }

  async start() {
    for (const server of [this.http, this.tls])
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = this.http.address().port;
    this.tlsPort = this.tls.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  async takeRequest(request, response) {
    let body = '';
    for await (const part of request)
      body += part;
    const params = Object.fromEntries(new URLSearchParams(body));
    const type = request.headers['content-type']?.split(';')[0] === 'application/x-www-form-urlencoded' ? '' : ' no form';
    const token = 'x-token' in request.headers ? ` X-Token: ${request.headers['x-token']}` : '';
    const line = `${request.method} ${request.url} ${canonical(params)}${token}${type}`;
    this.requests.push(line);
    this.waitingRequests.push({ params, response });
    if (!this.holdsRequests)
      this.reply(this.waitingRequests.pop());
    this.waiters.changed();
  }

  authorization({ socket_id: socket, channel_name: channel }) {
    if (channel === undefined) {
      const user = JSON.stringify(this.script.options.user ?? { id: 'u-1', user_info: { name: 'Ada' } });
      return { auth: hmac(`${socket}::user::${user}`), user_data: user };
    }
    if (channel.startsWith('presence-')) {
      const data = JSON.stringify({ user_id: 'me', user_info: { name: 'Me' } });
      return { auth: hmac(`${socket}:${channel}:${data}`), channel_data: data };
    }
    const reply = { auth: hmac(`${socket}:${channel}`) };
    if (channel.startsWith('private-encrypted-'))
      reply.shared_secret = channelKey(channel, this.master).toString('base64');
    return reply;
  }

  reply({ params, response }, answer = this.answer) {
    const { status = 200, body = JSON.stringify(this.authorization(params)) } = answer ?? {};
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(body);
  }

  async nextUpgrade() {
    return this.waiters.until(() => this.upgrades.shift());
  }

  // the versions differ, and `flash` is a relic of one of them
  static target(request) {
    const url = new URL(request.url, 'http://server');
    return `${url.pathname} protocol=${url.searchParams.get('protocol')}`;
  }

  async accept() {
    const { request, socket, head } = await this.nextUpgrade();
    const connection = await new Promise((resolve) => {
      this.ws.handleUpgrade(request, socket, head, (ws) => {
        resolve(new ServerConnection(this, ws, this.connections.length + 1, ScriptedServer.target(request)));
      });
    });
    this.connections.push(connection);
    await connection.isHeard();
    return connection;
  }

  async refuse(status) {
    const { request, socket } = await this.nextUpgrade();
    this.attempts.push(`refused ${ScriptedServer.target(request)}`);
    socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  }

  async dropUpgrade() {
    const { request, socket } = await this.nextUpgrade();
    this.attempts.push(`dropped ${ScriptedServer.target(request)}`);
    socket.destroy();
  }

  get current() {
    return this.connections.at(-1);
  }

  allClosed() {
    return this.waiters.until(() => (this.connections.every(({ isOpen }) => !isOpen) ? true : undefined));
  }

  recording() {
    return {
      frames: [...this.attempts, ...this.connections.flatMap(({ lines }) => lines),
               ...(this.sawTls ? ['a TLS connection is tried'] : [])],
      requests: this.requests,
    };
  }

  stop() {
    for (const connection of this.connections)
      connection.socket.terminate();
    for (const socket of this.sockets)
      socket.destroy();
    this.http.close();
    this.tls.close();
  }
}
