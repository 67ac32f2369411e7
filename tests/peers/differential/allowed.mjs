// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where we do otherwise than pusher-js, and why: a rule of the protocol's reference paper (its § and what it tells a
// client to do), or a sentence of the command line's contract. `theirs` are lines only pusher-js has, `ours` those
// only we have; each must be there, once for each time it is listed, in each of the scripts. A line that only moved
// is in both.

const wait = 'connecting_in 1';

const lost = [
  'a lost socket is opened again after a second',
  'connect during the wait',
  'lost, then unavailable',
  'unsubscribe while pending, then lost',
  'unsubscribe while lost',
  'subscribe while lost',
  'pending when lost',
  'the server refuses a subscription, and it is tried at the next connection',
  'a private channel after a reconnect is asked for anew',
  'the endpoint refuses, and is asked again at the next connection',
  'the endpoint answers for a socket that is gone',
  'members after a reconnect',
  'sign in anew after a reconnect',
  'lost before the sign-in is answered',
];

const secretly = 'private-encrypted-a';

const waits = /^close (1000|1001|1002|1003|1005|1009|1011|3000|4100|4101|4199) is tried again after a second$/;
const judgedTwice = /^close (1002|1003|4100|4101|4199|4200|4201|4202|4299) is tried again (at once|after a second)$/;

export const allowed = [
  // --- states ---
  {
    scripts: [...lost, waits],
    stream: 'states',
    theirs: [wait],
    ours: [wait],
    why: '§1.6 Do: leave connected the moment the socket is lost. The wait is told after that, not before.',
  },
  {
    scripts: ['disconnect during the wait'],
    stream: 'states',
    ours: ['state connecting'],
    why: '§1.6 Do: leave connected the moment the socket is lost.',
  },
  {
    scripts: [judgedTwice, 'close 4000 asks for TLS'],
    stream: 'states',
    theirs: [wait],
    why: '§1.6, oddities not to inherit: a close is judged by its code and once more as a close, which tells of two '
         + 'waits. §1.9 Do: one timer.',
  },
  {
    scripts: ['a second close 4200 soon after the first'],
    stream: 'states',
    theirs: [wait, wait],
    ours: [wait],
    why: '§1.7 Do: one immediate reconnect in 10 s, further 42xx closes wait. §1.9 Do: one timer.',
  },
  {
    scripts: ['lost twice in a row'],
    stream: 'states',
    theirs: [wait],
    ours: ['connecting_in 2'],
    why: '§1.9 Do: first retry 1 s, then twice as long, up to 30 s. §1.6 Do: leave connected the moment the socket is '
         + 'lost.',
  },
  {
    scripts: ['an error with 4004, then the socket is lost'],
    stream: 'states',
    theirs: [wait, 'state connecting'],
    why: '§1.7 Do: remember the code of an error for 2 s and use it when the socket then closes without a code.',
  },
  {
    scripts: ['an error with 4004, then the socket is lost'],
    stream: 'errors',
    theirs: ['error socket 1006'],
    ours: ['error server 4004 "full"'],
    why: '§1.7 Do: remember the code of an error for 2 s and use it when the socket then closes without a code.',
  },
  {
    scripts: ['the network comes while unavailable'],
    stream: 'states',
    theirs: ['state connecting'],
    why: '§1.6 Do: while unavailable, further attempts do not change the state; only connected, disconnected and '
         + 'failed follow it.',
  },
  {
    scripts: ['the upgrade is answered with 503', 'the upgrade is dropped'],
    stream: 'states',
    ours: [wait],
    why: '§1.9 Do: first retry after 1 s, connecting_in for each wait (theirs sits out a silent slot of 15 s).',
  },
  {
    scripts: [/^the upgrade is answered with 40[134]$/],
    stream: 'states',
    theirs: ['state unavailable'],
    why: '§12, endless retries on a permanent error: stop at HTTP 401, 403, 404. Contract: such an upgrade is a '
         + 'refusal for good.',
  },
  {
    scripts: ['another event before the handshake', 'no JSON before the handshake'],
    stream: 'states',
    ours: [wait],
    why: '§1.3 Do: on a bad first frame close and back off (theirs hangs).',
  },
  {
    scripts: ['the handshake has no timeout'],
    stream: 'states',
    ours: ['state connected 1.1 120 s'],
    why: '§1.3 Do: use 120 when the field is missing.',
  },

  // --- errors ---
  {
    scripts: ['close 1009 is tried again after a second'],
    stream: 'errors',
    theirs: ['error socket 1009'],
    ours: ['error limit 1009'],
    why: '§1.7: a frame above the limit is reported as that. Contract: the source of such an error is limit.',
  },
  {
    scripts: [/^the upgrade is answered with (401|403|404|503)$/],
    stream: 'errors',
    ours: [/^error handshake (401|403|404|503)$/],
    why: '§1.4, table: status other than 101: show it. §12, 1006 with no detail: tell the HTTP status.',
  },
  {
    scripts: ['the upgrade is dropped'],
    stream: 'errors',
    ours: ['error socket null'],
    why: '§12, 1006 with no detail: tell of DNS, TLS, HTTP faults.',
  },
  {
    scripts: ['an unanswered ping is the end of the socket'],
    stream: 'errors',
    ours: ['error socket null'],
    why: '§12, stuck connected although the socket died: every error path ends in the same close handler, which tells.',
  },
  {
    scripts: ['no transport is left'],
    stream: 'errors',
    ours: ['error socket null'],
    why: 'Contract, lines: an error has an action; stop says why nothing is tried any more.',
  },
  {
    scripts: ['the handshake has no timeout'],
    stream: 'errors',
    theirs: ['error handshake null'],
    why: '§1.3 Do: use 120 when the field is missing.',
  },
  {
    scripts: ['no JSON before the handshake'],
    stream: 'errors',
    ours: ['error parse null'],
    why: 'Contract: a frame that is no valid message gives an error line with source parse.',
  },
  {
    scripts: ['an event without a name'],
    stream: 'errors',
    theirs: ['an exception nobody catches'],
    ours: ['error parse null'],
    why: 'Contract: a frame that is no valid message gives an error line with source parse.',
  },

  {
    scripts: ['the server holds the channel as subscribed'],
    stream: 'errors',
    theirs: ['error server null "Existing subscription to channel a"'],
    ours: ['error server null "Existing subscription to channel a" on a'],
    why: '§1.8 Do: match the text against pending subscriptions. Contract, lines: an error has its channel, if known.',
  },
  {
    scripts: ['the server refuses a signature'],
    stream: 'errors',
    theirs: [/^error server null "Invalid signature: .*"$/],
    ours: [/^error server null "Invalid signature: .*" on private-a$/],
    why: '§1.8 Do: match the text against pending subscriptions. Contract, lines: an error has its channel, if known.',
  },

  // --- frames ---
  {
    scripts: ['a name with a character no server takes'],
    stream: 'frames',
    theirs: ['#1 {"data":{"auth":"","channel":"a b"},"event":"pusher:subscribe"}'],
    why: 'Contract, rules: a wrong channel name gives one clear line that names what is allowed.',
  },
  {
    scripts: ['a client event above the size'],
    stream: 'frames',
    theirs: [/^#1 .*"x{10240}"/],
    why: '§6 Do: refuse locally, with the size check before sending.',
  },
  {
    scripts: ['another event before the handshake', 'no JSON before the handshake'],
    stream: 'frames',
    theirs: ['#1 closed by the client with 1000'],
    ours: ['#1 closed by the client with 1002'],
    why: '§1.3 Do: on a bad first frame close. 1002 says why (§1.7: protocol error).',
  },
  {
    scripts: ['unsubscribe while pending, then lost'],
    stream: 'frames',
    theirs: ['#2 {"data":{"auth":"","channel":"a"},"event":"pusher:subscribe"}'],
    why: '§3.5, defects to avoid: a cancelled channel whose connection is lost is subscribed again. Do: store what is '
         + 'wanted apart from the wire state.',
  },
  {
    scripts: ['the server refuses a subscription, and it is given up'],
    stream: 'frames',
    ours: ['#1 {"data":{"auth":"","channel":"a"},"event":"pusher:subscribe"}'],
    why: '§3.5 Do: on a server error go to error and allow retry (theirs stays pending for ever).',
  },
  {
    scripts: ['a client event before the subscription stands', 'a client event on a public channel'],
    stream: 'frames',
    theirs: [/^#1 .*"client-typing"/],
    why: '§6 Do: refuse locally, before sending.',
  },
  {
    scripts: ['the endpoint answers 201'],
    stream: 'frames',
    ours: [/^#1 .*"channel":"private-a"},"event":"pusher:subscribe"}$/],
    why: '§12, endpoint answers 201: accept 200 and 201.',
  },
  {
    scripts: ['unsubscribe while the endpoint thinks'],
    stream: 'frames',
    theirs: [/^#1 .*"channel":"private-a"},"event":"pusher:subscribe"}$/],
    why: '§3.5 Do: store what is wanted apart from the wire state. What is not wanted any more is not sent.',
  },
  {
    scripts: ['the endpoint answers for a socket that is gone'],
    stream: 'frames',
    theirs: [/^#2 .*"channel":"private-a"},"event":"pusher:subscribe"}$/],
    why: '§3.5 Do: tag each auth request with socket id, drop replies with another tag.',
  },

  // --- requests ---
  {
    scripts: ['encrypted events while the key is asked for'],
    stream: 'requests',
    theirs: [`POST /auth {"channel_name":"${secretly}","socket_id":"1.1"}`],
    why: '§5 Do: share one request and queue.',
  },

  // --- events ---
  {
    scripts: ['the server holds the channel as subscribed'],
    stream: 'events',
    ours: ['subscribed a'],
    why: '§1.8 Do: match the text against pending subscriptions; otherwise one stays pending for ever.',
  },
  {
    scripts: ['the server refuses a signature'],
    stream: 'events',
    ours: ['refused private-a ServerError null'],
    why: '§1.8 Do: match the text against pending subscriptions; otherwise one stays pending for ever.',
  },
  {
    scripts: ['a client event on a private channel names somebody'],
    stream: 'events',
    theirs: ['event private-a client-typing {}'],
    ours: ['event private-a client-typing {} by 7'],
    why: 'Contract, lines: an event has user_id if given.',
  },
  {
    scripts: ['the watchlist as events of their own'],
    stream: 'events',
    theirs: ['event (no channel) online {"user_ids":["u-2"]}'],
    ours: ['watchlist online u-2'],
    why: '§11.4 Do (Sockudo): the watchlist comes as events named online and offline; accept both forms.',
  },
  {
    scripts: ['a user without an id'],
    stream: 'events',
    ours: ['user error ServerError null'],
    why: '§12, auth failures hidden: show them. Contract, lines: a user line has the status error.',
  },
  {
    scripts: ['data that is too deep'],
    stream: 'events',
    theirs: [/^event a said \[{100}\]{100}$/],
    ours: [/^event a said "\[{100}\]{100}"$/],
    why: 'Contract: if data is too deep, it is the text as a string.',
  },
  {
    scripts: ['the endpoint answers 201'],
    stream: 'events',
    theirs: ['refused private-a AuthError 201'],
    why: '§12, endpoint answers 201: accept 200 and 201.',
  },
  {
    scripts: ['the endpoint names no channel data for a presence channel'],
    stream: 'events',
    theirs: ['refused presence-a AuthError null'],
    ours: ['refused presence-a AuthError 200'],
    why: '§3.3, pusher:subscription_error: status is the HTTP status, when the endpoint answered. §4.1 Do: show it.',
  },
  {
    scripts: ['an encrypted channel without a shared secret'],
    stream: 'events',
    theirs: [`refused ${secretly} AuthError null`],
    ours: [`refused ${secretly} AuthError 200`],
    why: '§3.3, pusher:subscription_error: status is the HTTP status, when the endpoint answered. §4.1 Do: show it.',
  },
  {
    scripts: ['a member comes twice'],
    stream: 'events',
    theirs: ['added presence-a 2 "7"={"name":"Ada L."}'],
    ours: ['updated presence-a 2 "7"={"name":"Ada L."}'],
    why: '§3.4 Do: emit member_updated (ours) instead of a second added.',
  },
  {
    scripts: ['a member whose id is a number'],
    stream: 'events',
    theirs: ['added presence-a 3 8={"name":"Bo"}', 'removed presence-a 2 8={"name":"Bo"}'],
    ours: ['added presence-a 3 "8"={"name":"Bo"}', 'removed presence-a 2 "8"={"name":"Bo"}'],
    why: '§2.2 Do: treat ids as text always.',
  },
  {
    scripts: ['members are counted wrongly'],
    stream: 'events',
    theirs: ['members presence-a 5 me=me "me"={}'],
    ours: ['members presence-a 1 me=me "me"={}'],
    why: '§3.4 Do: count is the size of the map.',
  },
  {
    scripts: ['an encrypted event no key fits'],
    stream: 'events',
    ours: [`locked ${secretly} said`],
    why: 'Contract, lines: an event on an encrypted channel has decrypted true or false; a locked one is told too.',
  },
  {
    scripts: ['an encrypted event without its parts'],
    stream: 'events',
    ours: [`locked ${secretly} said`, `locked ${secretly} said`],
    why: 'Contract, lines: an event on an encrypted channel has decrypted true or false; a locked one is told too.',
  },
  {
    scripts: ['an encrypted event no key fits', 'an encrypted event without its parts'],
    stream: 'errors',
    ours: [`error decrypt null on ${secretly}`],
    why: '§5, decrypt: what does not open is reported. Contract, lines: the source of such an error is decrypt.',
  },
];
