// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a client told, in one form for both: each line of `watch` (pusher-js's driver writes the same ones) becomes
// a short text in one of three streams. Texts that are each program's own words are left out.

// JSON with its keys in order
export function canonical(value) {
  return JSON.stringify(value, (_, inner) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner))
      return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function data(line) {
  return 'data' in line ? canonical(line.data) : '(no data)';
}

function event(line) {
  if (line.direction === 'out')
    return null; // the server sees it
  if (line.encrypted && !line.decrypted)
    return `locked ${line.channel} ${line.event}`;
  const by = line.user_id === undefined ? '' : ` by ${line.user_id}`;
  return `event ${line.channel ?? '(no channel)'} ${line.event} ${data(line)}${by}`;
}

function member({ user_id: id, user_info: info }) {
  return `${JSON.stringify(id)}=${canonical(info ?? null)}`;
}

function presence(line) {
  if (line.action === 'snapshot')
    return `members ${line.channel} ${line.count} me=${line.me ?? null} ${line.members.map(member).sort().join(' ')}`;
  return `${line.action} ${line.channel} ${line.count} ${member(line.member)}`;
}

function subscription(line) {
  if (line.status === 'subscribed')
    return `subscribed ${line.channel}`;
  if (line.status === 'error')
    return `refused ${line.channel} ${line.error.type} ${line.error.status ?? null}`;
  return null; // pusher-js has no event for these
}

// what the server says is its own words on both sides
function error(line) {
  const text = line.source === 'server' && line.message ? ` ${JSON.stringify(line.message)}` : '';
  const channel = line.channel === undefined ? '' : ` on ${line.channel}`;
  return `error ${line.source} ${line.code ?? null}${text}${channel}`;
}

function user(line) {
  if (line.status === 'error')
    return `user error ${line.error.type} ${line.error.status ?? null}`;
  return `user ${line.status}${line.user_id === undefined ? '' : ` ${line.user_id}`}`;
}

function state(line) {
  if (line.current !== 'connected')
    return `state ${line.current}`;
  return `state connected ${line.socket_id} ${line.activity_timeout} s`;
}

const forms = {
  state: ['states', state],
  connecting_in: ['states', ({ seconds }) => `connecting_in ${Math.round(seconds)}`],
  subscription: ['events', subscription],
  event: ['events', event],
  presence: ['events', presence],
  count: ['events', (line) => `count ${line.channel} ${line.subscription_count}`],
  cache_miss: ['events', (line) => `cache_miss ${line.channel}`],
  user: ['events', user],
  watchlist: ['events', (line) => `watchlist ${line.status} ${line.user_ids.join(' ')}`],
  error: ['errors', error],
  crash: ['errors', () => 'an exception nobody catches'],
};

// { stream, text }, or null for what is not compared
export function normalise(line) {
  if (!(line.type in forms))
    return null;
  const [stream, form] = forms[line.type];
  const text = form(line);
  return text === null ? null : { stream, text };
}

export const streams = ['states', 'frames', 'events', 'errors', 'requests'];
