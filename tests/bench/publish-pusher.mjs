// SPDX-License-Identifier: GPL-3.0-or-later
//
// publish-pusher.mjs PORT FILE: the events of a JSON Lines file published with the pusher library, ten a request, one
// request at a time over a connection that is kept alive. Prints events per second, reading and starting left out.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../peers/package.json', import.meta.url)));
const Pusher = require('pusher');

const [port, file] = process.argv.slice(2);
const events = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const publisher = new Pusher({ appId: 'app-id', key: 'app-key', secret: 'app-secret', host: '127.0.0.1', port,
                               useTLS: false, agent });

const started = process.hrtime.bigint();
for (let first = 0; first < events.length; first += 10) {
  const reply = await publisher.triggerBatch(events.slice(first, first + 10));
  await reply.text();
}
console.log(Math.round(events.length / (Number(process.hrtime.bigint() - started) / 1e9)));
agent.destroy();
