// SPDX-License-Identifier: GPL-3.0-or-later
//
// receive-pusher.mjs PORT N: the same flood into pusher-js, which parses and dispatches. Prints events per second.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../peers/package.json', import.meta.url)));
const Pusher = require('pusher-js');

const [port, wanted] = process.argv.slice(2).map(Number);
const client = new Pusher('key', { cluster: 'none', wsHost: '127.0.0.1', wsPort: port, forceTLS: false,
                                   enabledTransports: ['ws'] });
let count = 0;
let first;
client.subscribe('flood').bind('order.paid', () => {
  if (count === 0)
    first = process.hrtime.bigint();
  count += 1;
  if (count === wanted) {
    console.log(Math.round(wanted / (Number(process.hrtime.bigint() - first) / 1e9)));
    process.exit(0);
  }
});
setTimeout(() => { console.error('not all events came within 60 s'); process.exit(1); }, 60000);
