// SPDX-License-Identifier: GPL-3.0-or-later
//
// The peers, told what to do by another program: JSON lines in, JSON lines out.
//
//   {"id":1,"do":"start"}                                          → {"id":1,"port":N}   soketi
//   {"id":2,"do":"kill"}                                           ends it as a crash would
//   {"id":3,"do":"start","port":N}                                 on the same port again
//   {"id":4,"do":"publish","channel":C,"event":E,"data":D}         by the pusher library
//   {"id":5,"do":"join","user":{"user_id":U,…},"channel":C}        by pusher-js; U's client events are told
//   {"id":6,"do":"leave","user_id":U}
//   {"id":7,"do":"send","user_id":U,"channel":C,"event":E,"data":D}   a client event
//   {"id":8,"do":"channels"}                                       → {"id":8,"channels":{…}}, occupied ones
//
// Every line is answered, with "error" if it went wrong. A client event that pusher-js receives:
// {"received":{"user_id":U,"channel":C,"event":E,"data":D}}.

import { createInterface } from 'node:readline';

import { app, connected, freePort, joinerFor, once, publisherFor, startSoketi } from './lib.mjs';

let soketi = null;
let publisher = null;
const joiners = new Map();

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function tell(userId, channel) {
  channel.bind_global((event, data) => {
    if (event.startsWith('client-'))
      say({ received: { user_id: userId, channel: channel.name, event, data } });
  });
}

const verbs = {
  async start({ port }) {
    soketi = await startSoketi(port ?? await freePort());
    publisher = publisherFor(soketi.port);
    return { port: soketi.port, key: app.key, app_id: app.id, secret: app.secret };
  },

  async kill() {
    await soketi.kill();
    soketi = null;
    return {};
  },

  async publish({ channel, event, data }) {
    const reply = await publisher.trigger(channel, event, data);
    return { status: reply.status };
  },

  async join({ user, channel }) {
    const client = joiners.get(user.user_id) ?? joinerFor(soketi.port, user);
    joiners.set(user.user_id, client);
    const subscribed = client.subscribe(channel);
    tell(user.user_id, subscribed);
    await once(subscribed, 'pusher:subscription_succeeded', `${user.user_id} joins ${channel}`);
    await connected(client);
    return { members: subscribed.members?.count ?? null };
  },

  async leave({ user_id }) {
    joiners.get(user_id).disconnect();
    joiners.delete(user_id);
    return {};
  },

  async send({ user_id, channel, event, data }) {
    return { sent: joiners.get(user_id).channel(channel).trigger(event, data) };
  },

  async channels() {
    const reply = await publisher.get({ path: '/channels' });
    return { channels: (await reply.json()).channels };
  },
};

async function obey(text) {
  const line = JSON.parse(text);
  try {
    say({ id: line.id, ...await verbs[line.do](line) });
  } catch (error) {
    say({ id: line.id, error: String(error.stack) });
  }
}

const input = createInterface({ input: process.stdin });
let last = Promise.resolve();
input.on('line', (text) => { last = last.then(() => obey(text)); });
input.on('close', async () => {
  await last;
  for (const client of joiners.values())
    client.disconnect();
  if (soketi !== null)
    await soketi.kill();
  process.exit(0);
});
