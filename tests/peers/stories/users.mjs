// SPDX-License-Identifier: GPL-3.0-or-later
//
// Users who sign in (§4.5).

import assert from 'node:assert/strict';

const settings = { users: true };
const user = (id, more = {}) => ['--user-data', JSON.stringify({ id, user_info: { name: 'Scope' }, ...more })];

const status = (cli, wanted, from = 0) => cli.until((line) => line.type === 'user' && line.status === wanted,
                                                    `user ${wanted}`, from);

async function local(t) {
  const id = t.channel('u-');
  const cli = t.watch(user(id));
  assert.equal((await status(cli, 'signed_in')).user_id, id);
}

async function byEndpoint(t) {
  const id = t.channel('u-');
  const endpoint = await t.endpoint({ user: { id } });
  const cli = t.watch(endpoint.users, { secret: null });
  assert.equal((await status(cli, 'signed_in')).user_id, id);
  const { socket_id: socketId } = await cli.state('connected');
  assert.deepEqual(endpoint.asked.map(({ form }) => form), [{ socket_id: socketId }]);
}

async function wrongSecret(t) {
  const cli = t.watch([...user(t.channel('u-')), '--for', '60'], { secret: 'wrong-secret-0815' });
  if (t.expected.closes) {
    assert.equal(await cli.end(), 1);
    const last = cli.lines.filter((line) => line.type === 'state').at(-1);
    assert.deepEqual([last.current, last.code], ['disconnected', 4009]);
  } else {
    const { error } = await status(cli, 'error');
    assert.match(error.message, /^Invalid signature: /);
  }
  assert.ok(!cli.lines.some((line) => line.status === 'signed_in'));
  assert.ok(!(cli.errors + cli.lines.map((line) => line.text).join('')).includes('wrong-secret-0815'));
}

async function endpointRefuses(t) {
  const endpoint = await t.endpoint({ status: 403, body: 'who are you?' });
  const cli = t.watch([...endpoint.users, '--for', '60'], { secret: null });
  const { error } = await status(cli, 'error');
  assert.equal(error.status, 403);
  assert.match(error.message, /who are you\?/);
}

async function terminated(t) {
  const id = t.channel('u-');
  const [cli, bystander] = [t.watch(user(id)), t.watch(user(t.channel('u-')))];
  await status(cli, 'signed_in');
  await status(bystander, 'signed_in');
  await t.publisher().terminateUserConnections(id);
  assert.equal(await cli.end(), 1);
  const last = cli.lines.filter((line) => line.type === 'state').at(-1);
  assert.deepEqual([last.current, last.code], ['disconnected', 4009]);
  assert.ok(last.meaning.length > 10);
  await t.publisher().sendToUser(bystander.lines.find((line) => line.type === 'user').user_id, 'still', {});
  await bystander.event('still');
}

async function serverToUser(t) {
  const id = t.channel('u-');
  const cli = t.watch(user(id));
  await status(cli, 'signed_in');
  await t.publisher().sendToUser(id, 'for.you', { n: 1 });
  const event = await cli.event('for.you');
  assert.deepEqual([event.channel, event.data], [`#server-to-user-${id}`, { n: 1 }]);
  assert.equal(cli.lines.filter((line) => line.type === 'event').length, 1);
}

async function watchlist(t) {
  const [ours, other] = [t.channel('u-'), t.channel('u-')];
  const cli = t.watch(user(ours, { watchlist: [other] }));
  await status(cli, 'signed_in');
  const friend = t.watch(user(other));
  await status(friend, 'signed_in');
  if (!t.expected.watchlist) {
    await t.publisher().sendToUser(ours, 'nothing.before', {});
    await cli.event('nothing.before');
    assert.ok(!cli.lines.some((line) => line.type === 'watchlist'));
    return;
  }
  const online = await cli.until((line) => line.type === 'watchlist' && line.status === 'online', 'online');
  assert.deepEqual(online.user_ids, [other]);
  await friend.stop();
  const offline = await cli.until((line) => line.type === 'watchlist' && line.status === 'offline', 'offline',
                                  cli.lines.indexOf(online));
  assert.deepEqual(offline.user_ids, [other]);
}

async function again(t) {
  const id = t.channel('u-');
  const cli = t.watch([...user(id), '--reconnect-delay', '0.2', '--max-delay', '0.4']);
  await status(cli, 'signed_in');
  const from = cli.lines.length;
  await t.server.kill();
  await cli.until((line) => line.type === 'state' && line.previous === 'connected', 'the loss', from);
  await t.server.start();
  assert.equal((await status(cli, 'signed_in', from)).user_id, id);
}

// A presence channel needs no channel_data of the endpoint when somebody is signed in (§3.4).
async function memberBySignIn(t) {
  const [id, channel] = [t.channel('u-'), t.channel('presence-')];
  const endpoint = await t.endpoint({ user: { id, user_info: { name: 'Scope' } } });
  const cli = t.watch([channel, ...endpoint.channels, ...endpoint.users], { secret: null });
  await status(cli, 'signed_in');
  if (t.expected.member) {
    await cli.subscribed(channel);
    const snapshot = await cli.until((line) => line.type === 'presence', 'snapshot');
    assert.deepEqual([snapshot.me, snapshot.members], [id, [{ user_id: id, user_info: { name: 'Scope' } }]]);
  } else {
    const { error } = await cli.until((line) => line.type === 'subscription' && line.status === 'error', 'refusal');
    assert.deepEqual([error.type, error.status], ['ServerError', 4302]);
  }
}

export const userStories = [
  { name: 'signs in with the secret', run: local, settings },
  { name: 'signs in by an endpoint', run: byEndpoint, settings },
  { name: 'is refused a sign-in with a wrong secret', run: wrongSecret, settings,
    differs: [{ section: '§11.2 sign-in, §4.5', soketi: { closes: true }, sandbox: { closes: false } }] },
  { name: 'shows that a sign-in endpoint refuses', run: endpointRefuses, settings },
  { name: 'is ended with its user', run: terminated, settings },
  { name: 'receives what is sent to the user', run: serverToUser, settings },
  { name: 'is told who of the watchlist is online', run: watchlist, settings,
    differs: [{ section: '§11.1 watchlist', soketi: { watchlist: false }, sandbox: { watchlist: true } }] },
  { name: 'is a member by its sign-in', run: memberBySignIn, settings,
    differs: [{ section: '§11.2 presence without channel_data', soketi: { member: false },
                sandbox: { member: true } }] },
  { name: 'signs in again after a loss', run: again, settings, own: true },
];
