// SPDX-License-Identifier: GPL-3.0-or-later
//
// An application's endpoints, with the pusher library as an application has it: POST /pusher/auth and
// POST /pusher/user-auth. They keep what they were asked.

import http from 'node:http';

import { publisherFor } from '../lib.mjs';

async function readForm(request) {
  let body = '';
  for await (const part of request)
    body += part;
  return Object.fromEntries(new URLSearchParams(body));
}

// options: member, user (an object, or a function of the form); status and body (instead of an answer)
// and what the pusher library is made with
export class Endpoint {
  constructor({ member, user, status = 200, body, ...library } = {}) {
    this.publisher = publisherFor(1, library);
    this.member = member;
    this.user = user;
    this.status = status;
    this.body = body;
    this.asked = [];
    this.server = http.createServer((request, reply) => this.serve(request, reply));
  }

  answer(path, { socket_id: socketId, channel_name: channel }) {
    if (this.body !== undefined)
      return this.body;
    if (path === '/pusher/user-auth')
      return JSON.stringify(this.publisher.authenticateUser(socketId, this.user));
    return JSON.stringify(this.publisher.authorizeChannel(socketId, channel,
                                                          channel.startsWith('presence-') ? this.member : undefined));
  }

  async serve(request, reply) {
    const form = await readForm(request);
    this.asked.push({ method: request.method, path: request.url, headers: request.headers, form });
    try {
      const text = this.answer(request.url, form);
      reply.writeHead(this.status, { 'Content-Type': 'application/json' }).end(text);
    } catch (error) {
      reply.writeHead(500).end(String(error));
    }
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${this.server.address().port}`;
    this.channels = ['--auth-endpoint', `${base}/pusher/auth`];
    this.users = ['--user-endpoint', `${base}/pusher/user-auth`];
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
