// SPDX-License-Identifier: GPL-3.0-or-later
//
// Connecting, and losing the connection.

import assert from 'node:assert/strict';

import { app, Cli, connected, PusherClient } from '../lib.mjs';
import { frameOf, frames } from './story.mjs';

const QUICK = ['--reconnect-delay', '0.2', '--max-delay', '0.4'];
const me = ['--presence-user', '{"user_id":"scope"}'];

const states = (cli, from = 0) => cli.lines.slice(from).filter((line) => line.type === 'state')
  .map((line) => line.current);

async function rightKey(t) {
  const cli = t.watch(['--for', '60']);
  const state = await cli.state('connected');
  assert.match(state.socket_id, /^\d+\.\d+$/);
  assert.equal(state.transport, 'ws');
  assert.equal(state.activity_timeout, t.expected.activityTimeout);
  assert.equal(await cli.stop(), 130);
  assert.deepEqual(states(cli), ['connecting', 'connected', 'disconnected']);
}

async function wrongKey(t) {
  const cli = t.keep(new Cli(['watch', 'news', '--key', 'no-such-key', '--host', '127.0.0.1', '--port',
                              String(t.port), '--no-tls', '--format', 'ndjson', '--frames']));
  assert.equal(await cli.end(), 1, cli.errors);
  const error = cli.lines.find((line) => line.type === 'error');
  assert.equal(error.code, 4001);
  assert.equal(error.action, 'stop');
  assert.match(error.message, t.expected.text);
  assert.equal(frames(cli, 'in', 'pusher:error').length, t.expected.errorFrames);
  const last = cli.lines.filter((line) => line.type === 'state').at(-1);
  assert.equal(last.current, 'disconnected');
  assert.equal(last.code, 4001);
  assert.ok(last.meaning.length > 10);
}

async function quota(t) {
  const first = t.watch([]);
  await first.state('connected');
  const second = t.watch([...QUICK, '--for', '60']);
  const error = await second.until((line) => line.type === 'error', 'the quota');
  assert.equal(error.code, t.expected.code);
  assert.equal(error.action, t.expected.action);
  assert.match(error.message, /quota/);
  assert.ok(error.meaning.length > 10);
  if (t.expected.action === 'stop') {
    assert.equal(await second.end(), 1);
    return;
  }
  // §1.7: at least a second between two attempts, whatever the options say
  const wait = await second.until((line) => line.type === 'connecting_in', 'a wait');
  assert.ok(wait.seconds >= 1, wait.text);
  await first.stop();
  await second.state('connected');
}

// Killed and started again: the channels come back, and events with them.
async function restarted(t) {
  const cli = await t.watching(['news', 'private-orders', 'presence-room'], [...me, ...QUICK]);
  const from = cli.lines.length;
  await t.server.kill();
  await cli.until((line) => line.type === 'state' && line.previous === 'connected', 'the loss', from);
  await t.server.start();
  for (const channel of ['news', 'private-orders', 'presence-room'])
    await cli.subscribed(channel, from);
  const snapshot = await cli.until((line) => line.type === 'presence', 'members again', from);
  assert.deepEqual([snapshot.action, snapshot.count], ['snapshot', 1]);
  await t.publisher().trigger('private-orders', 'after', { n: 1 });
  assert.deepEqual((await cli.event('after', from)).data, { n: 1 });
}

async function stoppedForLong(t) {
  const cli = await t.watching(['news'], [...QUICK, '--unavailable-timeout', '1']);
  const from = cli.lines.length;
  await t.server.kill();
  await cli.state('unavailable', from);
  const waits = cli.lines.slice(from).filter((line) => line.type === 'connecting_in');
  assert.ok(waits.length > 0 && waits.every((line) => line.seconds > 0));
  await t.server.start();
  await cli.subscribed('news', from);
  assert.deepEqual(states(cli, from), ['connecting', 'unavailable', 'connected']);
  await t.publisher().trigger('news', 'after', {});
  await cli.event('after', from);
}

// A server that ends in good order says so, and is come back to.
async function stoppedInOrder(t) {
  const cli = await t.watching(['news'], QUICK);
  const from = cli.lines.length;
  await t.server.stop();
  const left = await cli.until((line) => line.type === 'state' && line.previous === 'connected', 'the close', from);
  assert.equal(left.current, 'connecting');
  assert.equal(left.code, 4200);
  assert.ok(!cli.lines.slice(from).some((line) => line.type === 'error' && line.action === 'stop'));
  await t.server.start();
  await cli.subscribed('news', from);
}

async function silence(t) {
  const cli = t.watch(['--activity-timeout', '1', '--frames']);
  await cli.state('connected');
  await cli.until((line) => line.type === 'frame' && line.direction === 'out'
                            && frameOf(line).event === 'pusher:ping', 'a ping');
  const pong = await cli.until((line) => line.type === 'frame' && line.direction === 'in'
                                         && frameOf(line).event === 'pusher:pong', 'its pong');
  await cli.until((line) => line.type === 'frame' && line.direction === 'out', 'another ping',
                  cli.lines.indexOf(pong));
  assert.deepEqual(states(cli), ['connecting', 'connected']);
}

// Two at once are told apart: what one does leaves the other alone.
async function besidePusherJs(t) {
  const channel = t.channel();
  const other = t.keep(new PusherClient(app.key, { cluster: 'none', wsHost: '127.0.0.1', wsPort: t.port,
                                                   forceTLS: false, enabledTransports: ['ws'] }));
  await connected(other);
  const cli = await t.watching([channel]);
  const { socket_id: socketId } = await cli.state('connected');
  assert.notEqual(socketId, other.connection.socket_id);
  other.disconnect();
  await t.publisher().trigger(channel, 'still', {});
  await cli.event('still');
}

export const connectionStories = [
  { name: 'connects with the right key', run: rightKey,
    differs: [{ section: '§11.1 activity_timeout', soketi: { activityTimeout: 30 },
                sandbox: { activityTimeout: 120 } }] },
  { name: 'stops at a wrong key', run: wrongKey,
    differs: [{ section: '§11.1 unknown app, §11.2', soketi: { text: /^App key .* does not exist\.$/,
                                                              errorFrames: 1 },
                sandbox: { text: /^Could not find app by key /, errorFrames: 0 } }] },
  { name: 'reaches the quota of connections', run: quota, own: true, settings: { connections: 1 },
    differs: [{ section: '§11.1 connection quota', soketi: { code: 4100, action: 'retry' },
                sandbox: { code: 4004, action: 'stop' } }] },
  { name: 'comes back to a server that was restarted', run: restarted, own: true },
  { name: 'is unavailable while the server is away for long', run: stoppedForLong, own: true },
  { name: 'comes back after a close in good order', run: stoppedInOrder, own: true },
  { name: 'pings into silence', run: silence },
  { name: 'has a connection of its own beside pusher-js', run: besidePusherJs },
];
