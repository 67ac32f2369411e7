// SPDX-License-Identifier: GPL-3.0-or-later
//
// The scripts: each is one story between a client and a server. `options.client` is told to both clients (names of
// connection-driver.c, seconds); `host` is ours alone: the network monitor is not asked about this machine itself.

import {
  accept, answers, close, complains, connect, disconnect, drop, dropUpgrade, either, frame, gone, greet, hold, joined,
  happens, offline, online, raw, refuse, release, reply, request, roster, rotate, sealed, send, signIn, state, subscribe,
  succeed, sync, tlsTried, told, trigger, unsubscribe, up, upAgain,
} from './steps.mjs';

const byTheMonitor = 'peer.localhost';

function script(name, steps, options = {}) {
  return { name, steps: steps.flat(Infinity), options };
}

// --- close codes (each row of the table: what follows, connected before and not) ---

const stops = [4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4099, 4300, 4301, 4999];
const waits = [1000, 1001, 1002, 1003, 1005, 1009, 1011, 3000, 4100, 4101, 4199];
const hurries = [4200, 4201, 4202, 4299];

const closes = [
  ...stops.map((code) => script(`close ${code} ends the connection`, [
    up(), joined('news'), close(code, `reason ${code}`), state('disconnected'),
  ])),
  ...waits.map((code) => script(`close ${code} is tried again after a second`, [
    up(), joined('news'), close(code, `reason ${code}`), state('connecting'), upAgain(),
    frame('pusher:subscribe', 'news'), succeed('news'), told(/^subscribed news/),
  ])),
  ...hurries.map((code) => script(`close ${code} is tried again at once`, [
    up(), joined('news'), close(code, `reason ${code}`), state('connecting'), upAgain(),
    frame('pusher:subscribe', 'news'), succeed('news'), told(/^subscribed news/),
  ])),
  script('close 4000 asks for TLS', [
    up(), close(4000, 'TLS please'), state('connecting'), tlsTried, disconnect, state('disconnected'),
  ], { client: { transports: ['ws', 'wss'] } }),
  script('a lost socket is opened again after a second', [
    up(), joined('news'), drop, state('connecting'), upAgain(), frame('pusher:subscribe', 'news'),
  ]),
  script('a second close 4200 soon after the first', [
    up(), close(4200, 'first'), state('connecting'), upAgain(), close(4200, 'second'), state('connecting'),
    upAgain('3.3'),
  ]),
  ...[4001, 4004, 4009].map((code) => script(`close ${code} before the handshake`, [
    connect, accept, close(code, `reason ${code}`), state('disconnected'),
  ])),
  ...[1000, 1011, 4100].map((code) => script(`close ${code} before the handshake is tried again`, [
    connect, accept, close(code, `reason ${code}`), upAgain(),
  ])),
  script('close 4200 before the handshake is tried again at once', [
    connect, accept, close(4200, 'again'), upAgain(),
  ]),
  script('the socket is lost before the handshake', [connect, accept, drop, upAgain()]),
];

// --- states ---

const first = (data) => raw(JSON.stringify({ event: 'pusher:error', data }));

const states = [
  script('connect and disconnect', [up(), disconnect, gone, state('disconnected')]),
  script('connect twice', [connect, connect, accept, greet(), state('connected'), connect, sync]),
  script('disconnect before anything', [disconnect, state('disconnected')]),
  script('disconnect while the upgrade waits', [connect, hold, disconnect, state('disconnected')]),
  script('disconnect before the handshake', [connect, accept, disconnect, gone, state('disconnected')]),
  script('disconnect twice', [up(), disconnect, disconnect, state('disconnected')]),
  script('connect again after disconnect', [
    up(), joined('news'), disconnect, gone, state('disconnected'), connect, upAgain(),
    frame('pusher:subscribe', 'news'), succeed('news'), told(/^subscribed news/),
  ]),
  script('lost twice in a row', [up(), drop, state('connecting'), accept, drop, upAgain('3.3')]),
  script('connect again after a refusal', [
    up(), close(4004, 'full'), state('disconnected'), connect, upAgain(),
  ]),
  script('disconnect during the wait', [
    up(), drop, complains(/1006/), disconnect, state('disconnected'),
  ]),
  script('connect during the wait', [up(), drop, complains(/1006/), connect, upAgain()]),
  script('unavailable, then connected', [
    connect, accept, state('unavailable'), greet(), state('connected'),
  ], { client: { unavailable_timeout: 0.3 } }),
  script('unavailable, then disconnected', [
    connect, accept, state('unavailable'), disconnect, state('disconnected'),
  ], { client: { unavailable_timeout: 0.3 } }),
  script('unavailable, then refused', [
    connect, accept, state('unavailable'), close(4001, 'no'), state('disconnected'),
  ], { client: { unavailable_timeout: 0.3 } }),
  script('lost, then unavailable', [
    up(), joined('news'), drop, state('connecting'), hold, state('unavailable'), disconnect, state('disconnected'),
  ], { client: { unavailable_timeout: 1.6 } }),
  script('no transport is left', [connect, state('failed')],
         { client: { disabled_transports: ['ws', 'wss', 'xhr_streaming', 'xhr_polling', 'sockjs'] } }),
  script('the upgrade is answered with 503', [
    connect, refuse(503), state('unavailable'), disconnect, state('disconnected'),
  ], { client: { unavailable_timeout: 2 } }),
  ...[401, 403, 404].map((status) => script(`the upgrade is answered with ${status}`, [
    connect, refuse(status), state('unavailable|disconnected'),
  ], { client: { unavailable_timeout: 2 } })),
  script('the upgrade is dropped', [
    connect, dropUpgrade, state('unavailable'), disconnect, state('disconnected'),
  ], { client: { unavailable_timeout: 2 } }),
  script('the network comes while connecting', [connect, hold, offline, online, upAgain('1.1')],
         { host: byTheMonitor }),
  script('the network goes while connected', [
    up(), offline, frame('pusher:ping'), send('pusher:pong', undefined, {}), sync,
  ], { host: byTheMonitor }),
  script('the network comes while unavailable', [
    connect, hold, state('unavailable'), offline, online, upAgain('1.1'),
  ], { host: byTheMonitor, client: { unavailable_timeout: 0.3 } }),
];

// --- the handshake ---

const handshakes = [
  script('the handshake as an object', [
    connect, accept,
    raw('{"event":"pusher:connection_established","data":{"socket_id":"5.6","activity_timeout":30}}'),
    state('connected'),
  ]),
  script('the handshake names a shorter timeout', [up('1.1', 7)]),
  script('the handshake names a longer timeout', [up('1.1', 90)], { client: { activity_timeout: 20 } }),
  script('the handshake has no timeout', [
    connect, accept, send('pusher:connection_established', undefined, { socket_id: '1.1' }),
    happens(/^(state connected|error handshake)/),
  ]),
  script('another event before the handshake', [
    connect, accept, send('news', undefined, {}), complains(/^error handshake/), gone,
  ]),
  script('no JSON before the handshake', [connect, accept, raw('hello'), complains(/^error handshake/), gone]),
  script('an error with 4001 instead of the handshake', [
    connect, accept, first({ code: 4001, message: 'no such app' }), state('disconnected'),
  ]),
  script('an error with 4100 instead of the handshake', [
    connect, accept, first({ code: 4100, message: 'over capacity' }), upAgain(),
  ]),
];

// --- keeping alive ---

const alive = [
  script('silence is answered by a ping, and again', [
    up(), frame('pusher:ping'), send('pusher:pong', undefined, {}), frame('pusher:ping'),
    send('pusher:pong', undefined, {}),
  ], { client: { activity_timeout: 1.5, pong_timeout: 10 } }),
  script('the server decides when silence is answered', [
    up('1.1', 1), frame('pusher:ping'), send('pusher:pong', undefined, {}),
  ], { client: { pong_timeout: 10 } }),
  script('an unanswered ping is the end of the socket', [
    up(), joined('news'), frame('pusher:ping'), state('connecting'), upAgain(), frame('pusher:subscribe', 'news'),
  ], { client: { activity_timeout: 1.5, pong_timeout: 0.5 } }),
  script('any event answers a ping', [
    up(), joined('news'), frame('pusher:ping'), send('sign-of-life', 'news', 1), frame('pusher:ping'),
    send('sign-of-life', 'news', 2), frame('pusher:ping'), send('sign-of-life', 'news', 3),
  ], { client: { activity_timeout: 1.5, pong_timeout: 10 } }),
  script('the server asks for a pong, without data', [up(), raw('{"event":"pusher:ping"}'), frame('pusher:pong')]),
  script('the server asks for a pong, with data', [
    up(), raw('{"event":"pusher:ping","data":"{}"}'), frame('pusher:pong'),
    raw('{"event":"pusher:ping","data":null}'), frame('pusher:pong'),
  ]),
];

// --- subscriptions ---

const subscriptions = [
  script('subscribe before connect', [
    subscribe('a'), subscribe('b'), up(), frame('pusher:subscribe', 'a'), frame('pusher:subscribe', 'b'),
    succeed('a'), succeed('b'), told(/^subscribed b/),
  ]),
  script('subscribe while connecting', [
    connect, accept, subscribe('a'), greet(), state('connected'), frame('pusher:subscribe', 'a'), succeed('a'),
  ]),
  script('subscribe twice', [up(), subscribe('a'), subscribe('a'), frame('pusher:subscribe', 'a'), succeed('a'),
                             told(/^subscribed a/), subscribe('a'), sync]),
  script('an event on a channel', [up(), joined('a'), send('said', 'a', { text: 'hello' })]),
  script('an event on a channel nobody asked for', [up(), joined('a'), send('said', 'other', { text: 'hello' })]),
  script('an event before the subscription stands', [
    up(), subscribe('a'), frame('pusher:subscribe', 'a'), send('early', 'a', 1), succeed('a'), send('late', 'a', 2),
  ]),
  script('an event without a channel', [up(), send('said', undefined, { text: 'to all' })]),
  script('unsubscribe', [up(), joined('a'), unsubscribe('a'), frame('pusher:unsubscribe', 'a'),
                         send('late', 'a', 1), sync]),
  script('unsubscribe and subscribe anew', [
    up(), joined('a'), unsubscribe('a'), frame('pusher:unsubscribe', 'a'), joined('a'), send('said', 'a', 1),
  ]),
  script('unsubscribe what was never asked for', [up(), unsubscribe('a'), sync]),
  script('unsubscribe before connect', [subscribe('a'), subscribe('b'), unsubscribe('a'), up(),
                                        frame('pusher:subscribe', 'b'), sync]),
  script('unsubscribe while pending', [
    up(), subscribe('a'), frame('pusher:subscribe', 'a'), unsubscribe('a'), succeed('a'),
    frame('pusher:unsubscribe', 'a'), sync,
  ]),
  script('unsubscribe while pending, then subscribe', [
    up(), subscribe('a'), frame('pusher:subscribe', 'a'), unsubscribe('a'), subscribe('a'), succeed('a'),
    told(/^subscribed a/), sync,
  ]),
  script('unsubscribe while pending, then lost', [
    up(), joined('b'), subscribe('a'), frame('pusher:subscribe', 'a'), unsubscribe('a'), drop, state('connecting'),
    upAgain(), frame('pusher:subscribe', 'b'), sync,
  ]),
  script('unsubscribe while lost', [
    up(), joined('a'), joined('b'), drop, state('connecting'), unsubscribe('a'), upAgain(),
    frame('pusher:subscribe', 'b'), sync,
  ]),
  script('subscribe while lost', [
    up(), joined('a'), drop, state('connecting'), subscribe('b'), upAgain(), frame('pusher:subscribe', 'a'),
    frame('pusher:subscribe', 'b'), sync,
  ]),
  script('pending when lost', [
    up(), subscribe('a'), frame('pusher:subscribe', 'a'), drop, state('connecting'), upAgain(),
    frame('pusher:subscribe', 'a'), succeed('a'), told(/^subscribed a/),
  ]),
  script('the server refuses a subscription, and it is tried at the next connection', [
    up(), subscribe('a'), frame('pusher:subscribe', 'a'),
    raw('{"event":"pusher:subscription_error","channel":"a","data":{"type":"LimitReached","error":"full","status":4100}}'),
    told(/^refused a/), drop, state('connecting'), upAgain(), frame('pusher:subscribe', 'a'), succeed('a'),
    told(/^subscribed a/),
  ]),
  script('the server refuses a subscription, and it is given up', [
    up(), subscribe('a'), frame('pusher:subscribe', 'a'),
    raw('{"event":"pusher:subscription_error","channel":"a","data":{"type":"AuthError","error":"no","status":401}}'),
    told(/^refused a/), unsubscribe('a'), subscribe('a'), sync,
  ]),
  script('a subscription is confirmed twice', [up(), joined('a'), succeed('a'), sync]),
  script('the server holds the channel as subscribed', [
    up(), subscribe('a'), frame('pusher:subscribe', 'a'),
    raw('{"event":"pusher:error","data":{"code":null,"message":"Existing subscription to channel a"}}'),
    complains(/Existing/), send('said', 'a', 1), sync,
  ]),
  script('a reserved name', [up(), subscribe('#a'), sync]),
  script('a name with a character no server takes', [up(), subscribe('a b'), sync]),
  script('a subscription nobody asked for is confirmed', [up(), succeed('a'), sync]),
];

// --- authorization ---

const no = { status: 403, body: '{"error":"no"}' };

const authorizations = [
  script('a private channel is asked for at the endpoint', [up(), joined('private-a'), send('said', 'private-a', 1)]),
  script('a private channel after a reconnect is asked for anew', [
    up(), joined('private-a'), drop, state('connecting'), upAgain(), frame('pusher:subscribe', 'private-a'),
    succeed('private-a'), told(/^subscribed private-a/),
  ]),
  script('the endpoint gets parameters and headers', [
    up(), joined('private-a=@,;.'),
  ], { client: { auth_params: { token: 'a b&c=d@é', empty: '' }, auth_headers: { 'X-Token': 'Bearer 1' } } }),
  script('the server refuses a signature', [
    up(), subscribe('private-a'), frame('pusher:subscribe', 'private-a'),
    raw('{"event":"pusher:error","data":{"code":null,"message":'
        + '"Invalid signature: Expected HMAC SHA256 hex digest of 1.1:private-a, but got 00"}}'),
    complains(/Invalid signature/), sync,
  ]),
  script('the endpoint refuses', [up(), answers(no), subscribe('private-a'), told(/^refused private-a/), sync]),
  script('the endpoint refuses, and is asked again at the next connection', [
    up(), answers(no), subscribe('private-a'), told(/^refused private-a/), answers(null), drop, state('connecting'),
    upAgain(), frame('pusher:subscribe', 'private-a'), succeed('private-a'), told(/^subscribed private-a/),
  ]),
  script('the endpoint refuses, and is asked again by the user', [
    up(), answers(no), subscribe('private-a'), told(/^refused private-a/), answers(null), joined('private-a'),
  ]),
  script('the endpoint fails', [
    up(), answers({ status: 500, body: 'oops' }), subscribe('private-a'), told(/^refused private-a/),
  ]),
  script('the endpoint answers no JSON', [
    up(), answers({ status: 200, body: '<html>' }), subscribe('private-a'), told(/^refused private-a/),
  ]),
  script('the endpoint answers 201', [
    up(), answers({ status: 201 }), subscribe('private-a'), either(told(/^refused private-a/), frame('pusher:subscribe')),
  ]),
  script('the endpoint names no channel data for a presence channel', [
    up(), answers({ body: '{"auth":"k:s"}' }), subscribe('presence-a'), told(/^refused presence-a/), sync,
  ]),
  script('unsubscribe while the endpoint thinks', [
    up(), subscribe('private-a'), request, unsubscribe('private-a'), reply(), sync,
  ], { held: true }),
  script('unsubscribe and subscribe while the endpoint thinks', [
    up(), subscribe('private-a'), request, unsubscribe('private-a'), subscribe('private-a'), reply(),
    frame('pusher:subscribe', 'private-a'), succeed('private-a'), told(/^subscribed private-a/), sync,
  ], { held: true }),
  script('the endpoint answers for a socket that is gone', [
    up(), subscribe('private-a'), request, drop, state('connecting'), accept, greet('2.2'), state('connected'),
    reply(), request, reply(), frame('pusher:subscribe', 'private-a'), succeed('private-a'), sync,
  ], { held: true }),
];

// --- presence ---

const two = roster({ me: { name: 'Me' }, 7: { name: 'Ada' } });
const added = (data) => send('pusher_internal:member_added', 'presence-a', data);
const removed = (data) => send('pusher_internal:member_removed', 'presence-a', data);

const presences = [
  script('a presence channel', [up(), joined('presence-a', two)]),
  script('a member comes and goes', [
    up(), joined('presence-a', two), added({ user_id: '8', user_info: { name: 'Bo' } }), removed({ user_id: '8' }),
    removed({ user_id: '7' }), sync,
  ]),
  script('a member without information', [
    up(), joined('presence-a', roster({ me: null })), added({ user_id: '8', user_info: null }), sync,
  ]),
  script('a member comes twice', [
    up(), joined('presence-a', two), added({ user_id: '7', user_info: { name: 'Ada L.' } }), sync,
  ]),
  script('a member goes who was not there', [up(), joined('presence-a', two), removed({ user_id: '9' }), sync]),
  script('a member whose id is a number', [
    up(), joined('presence-a', two), added({ user_id: 8, user_info: { name: 'Bo' } }), removed({ user_id: 8 }), sync,
  ]),
  script('members are counted wrongly', [
    up(), joined('presence-a', { presence: { ids: ['me'], hash: { me: {} }, count: 5 } }), sync,
  ]),
  script('nobody is there', [
    up(), joined('presence-a', { presence: { ids: [], hash: [], count: 0 } }), added({ user_id: '8', user_info: {} }),
    sync,
  ]),
  script('members as a list, without ids', [
    up(), joined('presence-a', { presence: { hash: [{ name: 'Zero' }, { name: 'One' }], count: 2 } }), sync,
  ]),
  script('members after a reconnect', [
    up(), joined('presence-a', two), drop, state('connecting'), upAgain(), frame('pusher:subscribe', 'presence-a'),
    succeed('presence-a', roster({ me: { name: 'Me' } })), told(/^members/), added({ user_id: '7', user_info: {} }),
    sync,
  ]),
  script('leaving a presence channel', [
    up(), joined('presence-a', two), unsubscribe('presence-a'), frame('pusher:unsubscribe', 'presence-a'),
    joined('presence-a', roster({ me: { name: 'Me' } })), sync,
  ]),
  script('a client event names its member', [
    up(), joined('presence-a', two), send('client-typing', 'presence-a', { on: true }, { user_id: '7' }), sync,
  ]),
];

// --- client events ---

const clientEvents = [
  script('a client event on a private channel', [
    up(), joined('private-a'), trigger('private-a', 'client-typing', { who: 'me', n: [1, 2.5, null] }),
    frame('client-typing', 'private-a'), sync,
  ]),
  script('a client event on a presence channel', [
    up(), joined('presence-a', two), trigger('presence-a', 'client-typing', 'text'),
    frame('client-typing', 'presence-a'), sync,
  ]),
  script('a client event without its prefix', [up(), joined('private-a'), trigger('private-a', 'typing', {}), sync]),
  script('a client event before the subscription stands', [
    up(), subscribe('private-a'), frame('pusher:subscribe', 'private-a'),
    trigger('private-a', 'client-typing', {}), sync,
  ]),
  script('a client event on a public channel', [up(), joined('a'), trigger('a', 'client-typing', {}), sync]),
  script('a client event on an encrypted channel', [
    up(), joined('private-encrypted-a'), trigger('private-encrypted-a', 'client-typing', {}), sync,
  ]),
  script('a client event above the size', [
    up(), joined('private-a'), trigger('private-a', 'client-typing', 'x'.repeat(10240)), sync,
  ]),
  script('a client event on a private channel names somebody', [
    up(), joined('private-a'), send('client-typing', 'private-a', {}, { user_id: '7' }), sync,
  ]),
  script('a client event is refused for its rate', [
    up(), joined('private-a'), trigger('private-a', 'client-typing', {}), frame('client-typing'),
    raw('{"event":"pusher:error","data":{"code":4301,"message":"too many"}}'), complains(/4301/), sync,
  ]),
];

// --- cache channels, counts ---

const caches = [
  script('a cached event', [up(), joined('cache-a'), send('last', 'cache-a', { n: 1 }), sync]),
  script('a cache miss', [
    up(), joined('cache-a'), raw('{"event":"pusher:cache_miss","channel":"cache-a"}'),
    raw('{"event":"pusher:cache_miss","channel":"cache-a","data":"{}"}'), sync,
  ]),
  script('a private cache channel', [up(), joined('private-cache-a'), send('last', 'private-cache-a', 1), sync]),
  script('a count of subscriptions', [
    up(), joined('a'), send('pusher_internal:subscription_count', 'a', { subscription_count: 101 }),
    send('pusher_internal:subscription_count', 'a', { subscription_count: 0 }), sync,
  ]),
];

// --- encrypted channels ---

const secretly = 'private-encrypted-a';
const locked = [
  script('an encrypted event', [
    up(), joined(secretly), sealed(secretly, 'said', 0, { text: 'hush' }), sealed(secretly, 'said', 0, 'text'), sync,
  ]),
  script('an encrypted channel, its key changed', [
    up(), joined(secretly), rotate(1), sealed(secretly, 'said', 1, { text: 'new key' }), told(/said/),
    sealed(secretly, 'said', 1, { text: 'still' }), sync,
  ]),
  script('an encrypted event no key fits', [
    up(), joined(secretly), sealed(secretly, 'said', 2, { text: 'lost' }), sealed(secretly, 'said', 0, 'next'),
    told(/"next"/), sync,
  ]),
  script('encrypted events while the key is asked for', [
    up(), subscribe(secretly), request, reply(), frame('pusher:subscribe', secretly), succeed(secretly),
    told(/^subscribed/), rotate(1), sealed(secretly, 'first', 1, 1), request, sealed(secretly, 'second', 1, 2), sync,
    reply(), told(/first/), release, told(/second/), sync,
  ], { held: true }),
  script('an encrypted cache channel', [
    up(), joined('private-encrypted-cache-a'), sealed('private-encrypted-cache-a', 'last', 0, 1), sync,
  ]),
  script('an encrypted channel without a shared secret', [
    up(), answers({ body: '{"auth":"k:s"}' }), subscribe(secretly), told(/^refused private-encrypted-a/), sync,
  ]),
  script('an encrypted event without its parts', [
    up(), joined(secretly), send('said', secretly, {}), send('said', secretly, { nonce: 'AAAA', ciphertext: 'AAAA' }),
    sync,
  ]),
];

// --- users ---

// the endpoint for users is only there in these
function story(name, steps) {
  return script(name, steps, { hasUsers: true });
}

const succeedUser = (user) => send('pusher:signin_success', undefined, { user_data: JSON.stringify(user) });
const ada = { id: 'u-1', user_info: { name: 'Ada' } };
const signedIn = [signIn, frame('pusher:signin'), succeedUser(ada), told(/^user signed_in u-1/),
                  frame('pusher:subscribe', '#server-to-user-u-1')];
const watch = (events) => send('pusher_internal:watchlist_events', undefined, { events });

const users = [
  story('sign in', [up(), signedIn, sync]),
  story('sign in before connect', [signIn, up(), frame('pusher:signin'), succeedUser(ada), told(/^user signed_in/),
                                    frame('pusher:subscribe', '#server-to-user-u-1')]),
  story('sign in twice', [up(), signIn, signIn, frame('pusher:signin'), sync]),
  story('sign in anew after a reconnect', [
    up(), signedIn, drop, state('connecting'), upAgain(), frame('pusher:signin'), succeedUser(ada),
    told(/^user signed_in/), frame('pusher:subscribe', '#server-to-user-u-1'), sync,
  ]),
  story('an event to the user', [
    up(), signedIn, succeed('#server-to-user-u-1'), send('note', '#server-to-user-u-1', { n: 1 }), sync,
  ]),
  story('the user endpoint refuses', [answers(no), up(), signIn, told(/^user error/), sync]),
  story('the user endpoint answers no JSON', [
    answers({ status: 200, body: 'no' }), up(), signIn, told(/^user error/), sync,
  ]),
  story('signed in, told as an object', [
    up(), signIn, frame('pusher:signin'),
    raw(JSON.stringify({ event: 'pusher:signin_success', data: { user_data: '{"id":"u-1"}' } })),
    told(/^user signed_in u-1/), frame('pusher:subscribe', '#server-to-user-u-1'), sync,
  ]),
  story('lost before the sign-in is answered', [
    up(), signIn, frame('pusher:signin'), drop, state('connecting'), upAgain(), frame('pusher:signin'),
    succeedUser(ada), told(/^user signed_in/), frame('pusher:subscribe', '#server-to-user-u-1'), sync,
  ]),
  story('the watchlist as events of their own', [
    up(), signedIn, raw('{"event":"online","data":{"user_ids":["u-2"]}}'), sync,
  ]),
  story('a user without an id', [up(), signIn, frame('pusher:signin'), succeedUser({ user_info: {} }), sync]),
  story('the watchlist', [
    up(), signedIn, watch([{ name: 'online', user_ids: ['u-2', 'u-3'] }]),
    watch([{ name: 'offline', user_ids: ['u-2'] }, { name: 'online', user_ids: ['u-4'] }]), sync,
  ]),
  story('a signed-in user is terminated', [up(), signedIn, close(4009, 'terminated'), state('disconnected')]),
];

// --- data, and frames that are none ---

const dataOf = (text) => raw(`{"event":"said","channel":"a","data":${text}}`);

const frames = [
  script('data of every kind', [
    up(), joined('a'),
    ...['"{\\"a\\":[1,true]}"', '{"a":{"b":null}}', '[1,"2"]', '7', 'true', '"7"', '"text"', '"\\"quoted\\""', '""',
        '"{\\"a\\":"', '"ünï\\u2028\\ud83d\\ude00"', '"null"', 'null', '-0.5e3'].map(dataOf),
    raw('{"event":"said","channel":"a"}'), sync,
  ]),
  script('keys nobody knows', [up(), joined('a'), raw('{"seq":1,"event":"said","x":{"y":[]},"channel":"a","data":1}'),
                               sync]),
  script('no JSON', [up(), raw('this is not JSON'), complains(/^error parse/), raw('{"event":"half'),
                     complains(/^error parse/), sync]),
  script('an empty frame', [up(), raw(''), complains(/^error parse/), sync]),
  script('JSON that is no object', [up(), raw('null'), complains(/^error parse/), sync]),
  script('an event without a name', [up(), raw('{"data":{}}'), complains(/./), sync]),
  script('an error of the server', [
    up(), joined('a'), raw('{"event":"pusher:error","data":{"message":"odd","code":null}}'), complains(/odd/),
    raw('{"event":"pusher:error","data":{"message":"5001","code":5001}}'), complains(/5001/), sync,
  ]),
  script('data that is too deep', [
    up(), joined('a'), send('said', 'a', JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`)), sync,
  ]),
  script('an error with 4000 changes nothing', [
    up(), raw('{"event":"pusher:error","data":{"message":"odd","code":4000}}'), complains(/4000/), sync,
  ]),
  script('an error with 4004, then the socket is lost', [
    up(), raw('{"event":"pusher:error","data":{"message":"full","code":4004}}'), complains(/4004/), drop,
    state('connecting|disconnected'),
  ]),
  script('an error of the server as a string', [
    up(), raw('{"event":"pusher:error","data":"{\\"message\\":\\"odd\\",\\"code\\":4005}"}'), complains(/4005/), sync,
  ]),
  script('an internal event nobody knows', [
    up(), joined('a'), send('pusher_internal:novelty', 'a', {}), send('pusher:novelty', 'a', {}), sync,
  ]),
];

export const scripts = [
  ...closes, ...states, ...handshakes, ...alive, ...subscriptions, ...authorizations, ...presences, ...clientEvents,
  ...caches, ...locked, ...users, ...frames,
];
