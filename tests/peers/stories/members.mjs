// SPDX-License-Identifier: GPL-3.0-or-later
//
// Members of presence channels.

import assert from 'node:assert/strict';

import { connected, once } from '../lib.mjs';

const me = ['--presence-user', '{"user_id":"scope","user_info":{"name":"Scope"}}'];
const presence = (cli, action) => cli.lines.filter((line) => line.type === 'presence'
                                                           && (action === undefined || line.action === action));

const snapshotOf = (cli) => cli.until((line) => line.type === 'presence' && line.action === 'snapshot', 'snapshot');

async function join(t, channel, user) {
  const client = t.joiner(user);
  const room = client.subscribe(channel);
  await once(room, 'pusher:subscription_succeeded', `${user.user_id} joins`);
  await connected(client);
  return { client, room };
}

function until(cli, action, userId) {
  return cli.until((line) => line.type === 'presence' && line.action === action && line.member.user_id === userId,
                   `${userId} ${action}`);
}

// The servers answer frames of one connection in order: what a ping is answered after has arrived.
async function settled(t, cli, channel) {
  await t.publisher().trigger(channel, 'settled', {});
  await cli.event('settled');
}

async function inAndOut(t) {
  const channel = t.channel('presence-');
  const cli = await t.watching([channel], me);
  const { client } = await join(t, channel, { user_id: 'ana', user_info: { name: 'Ana' } });
  const added = await until(cli, 'added', 'ana');
  assert.deepEqual([added.member, added.count], [{ user_id: 'ana', user_info: { name: 'Ana' } }, 2]);
  client.disconnect();
  assert.equal((await until(cli, 'removed', 'ana')).count, 1);
}

async function unsubscribing(t) {
  const channel = t.channel('presence-');
  const cli = await t.watching([channel], me);
  const { client } = await join(t, channel, { user_id: 'ana' });
  client.unsubscribe(channel);
  await until(cli, 'removed', 'ana');
}

async function whoIsThere(t) {
  const channel = t.channel('presence-');
  const { room } = await join(t, channel, { user_id: 'ana', user_info: { name: 'Ana' } });
  const told = once(room, 'pusher:member_added', 'Ana is told of us');
  const cli = await t.watching([channel], me);
  const snapshot = await snapshotOf(cli);
  assert.deepEqual([snapshot.count, snapshot.me], [2, 'scope']);
  assert.deepEqual(snapshot.members.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1)),
                   [{ user_id: 'ana', user_info: { name: 'Ana' } },
                    { user_id: 'scope', user_info: { name: 'Scope' } }]);
  await told;
  assert.equal(room.members.count, 2);
  assert.deepEqual(room.members.get('scope').info, { name: 'Scope' });
}

async function secondTab(t) {
  const channel = t.channel('presence-');
  const cli = await t.watching([channel], me);
  const first = await join(t, channel, { user_id: 'ana' });
  await until(cli, 'added', 'ana');
  const second = await join(t, channel, { user_id: 'ana' });
  assert.equal(second.room.members.count, 2);
  first.client.disconnect();
  await join(t, channel, { user_id: 'bob' });
  await until(cli, 'added', 'bob');
  assert.deepEqual(presence(cli).map((line) => [line.action, line.count]),
                   [['snapshot', 1], ['added', 2], ['added', 3]]);
  second.client.disconnect();
  assert.equal((await until(cli, 'removed', 'ana')).count, 2);
  assert.equal(presence(cli, 'removed').length, 1);
}

// Our own second tab: nobody is told, and nothing of it is shown.
async function secondTabOfOurs(t) {
  const channel = t.channel('presence-');
  const first = await t.watching([channel], me);
  const second = await t.watching([channel], me);
  assert.equal((await snapshotOf(second)).count, 1);
  assert.equal(await second.stop(), 130);
  await settled(t, first, channel);
  assert.deepEqual(presence(first).map((line) => line.action), ['snapshot']);
}

async function fullRoom(t) {
  const channel = t.channel('presence-');
  await join(t, channel, { user_id: 'ana' });
  await join(t, channel, { user_id: 'bob' });
  const cli = t.watch([channel, ...me]);
  const { error } = await cli.until((line) => line.type === 'subscription' && line.status === 'error', 'full');
  assert.equal(error.type, t.expected.type);
  assert.equal(error.status, t.expected.status);
  assert.match(error.message, t.expected.text);
  // who is in already takes no place
  const tab = t.joiner({ user_id: 'bob' }).subscribe(channel);
  const isIn = await Promise.race([once(tab, 'pusher:subscription_succeeded', 'a second tab is in').then(() => true),
                                   once(tab, 'pusher:subscription_error', 'it is refused').then(() => false)]);
  assert.equal(isIn, t.expected.secondTab);
}

async function roomAgain(t) {
  const channel = t.channel('presence-');
  const { client } = await join(t, channel, { user_id: 'ana', user_info: {} });
  const { room } = await join(t, channel, { user_id: 'bob' });
  const left = once(room, 'pusher:member_removed', 'Ana has left');
  client.disconnect();
  await left;
  await t.watching([channel], me);
}

async function overHttp(t) {
  const channel = t.channel('presence-');
  const people = ['ana', 'bob', '7'];
  for (const id of people)
    await join(t, channel, { user_id: id });
  const cli = await t.watching([channel], me);
  const publisher = t.publisher();
  const { users } = await (await publisher.get({ path: `/channels/${channel}/users` })).json();
  assert.deepEqual(users.map(({ id }) => id).sort(), [...people, 'scope'].sort());
  assert.deepEqual((await snapshotOf(cli)).members.map((member) => member.user_id).sort(),
                   users.map(({ id }) => id).sort());
  const one = await (await publisher.get({ path: `/channels/${channel}`, params: { info: 'user_count' } })).json();
  assert.deepEqual([one.occupied, one.user_count], [true, 4]);
  const all = await (await publisher.get({ path: '/channels', params: { filter_by_prefix: channel } })).json();
  assert.deepEqual(Object.keys(all.channels), [channel]);
  assert.equal(await cli.stop(), 130);
}

// Ids are texts to us, whatever they are on the wire (§2.2, §12).
async function numbersAsIds(t) {
  const channel = t.channel('presence-');
  const cli = await t.watching([channel], me);
  await join(t, channel, { user_id: 10000000000 });
  await until(cli, 'added', '10000000000');
  const second = await t.watching([channel], ['--presence-user', '{"user_id":"other"}']);
  assert.ok((await snapshotOf(second)).members.some(({ user_id: id }) => id === '10000000000'));
}

export const memberStories = [
  { name: 'sees a member come and go', run: inAndOut },
  { name: 'sees a member who unsubscribes go', run: unsubscribing },
  { name: 'is told who is there', run: whoIsThere },
  { name: 'counts a user in two tabs once', run: secondTab },
  { name: 'is one member in two programs', run: secondTabOfOurs },
  { name: 'is refused by a full room', run: fullRoom, settings: { members: 2 },
    differs: [{ section: '§11.2 presence full', soketi: { type: 'LimitReached', status: 4100, text: /maximum members/,
                                                         secondTab: false },
                sandbox: { type: 'ServerError', status: null, text: /quota of 2 members/, secondTab: true } }] },
  { name: 'is let into a room that someone has left', run: roomAgain, settings: { members: 2 } },
  { name: 'agrees with the HTTP API about members', run: overHttp },
  { name: 'takes numbers as ids', run: numbersAsIds },
];
