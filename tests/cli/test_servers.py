# SPDX-License-Identifier: GPL-3.0-or-later
"""How servers differ, one case a row or bullet of protocol.md §11 and named after it. Each
server's way is told by a scripted one; what soketi does is seen on the real one in
tests/peers/stories, too.

Rows without a case here:
- HTTP API (§11.1 to §11.3): tests/net/test-api-request.c, and the stories that publish and ask
- soketi's limits (§11.2): the stories "is refused a payload that is too big", "a batch of eleven",
  "a full room", "a name that is too long", "bad characters"
- the key in `auth` is not compared (§11.3): nothing of it reaches a client
- silence to a sign-in (§11.1): test-connection-user /connection-user/no-answer, with its own clock
"""
import json
import signal
import socket
import threading

import cli
import cli_socket

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}
# nothing that the test waits for takes longer than it must
QUICK = ['--reconnect-delay', '0.1', '--max-delay', '0.2', '--transports', 'ws']
ME = ['--presence-user', '{"user_id":"7"}']
NOTHING = object()


def message(event, data=NOTHING, channel=None, **more):
    """A frame's members; data as it is given, a string that holds JSON or the value itself."""
    result = {'event': event} | more
    if channel is not None:
        result['channel'] = channel
    if data is not NOTHING:
        result['data'] = data
    return result


def error(code, text, **more):
    return message('pusher:error', {'code': code, 'message': text}, **more)


def text_error(code, text):
    """As Reverb and slanger send it: its data is a string."""
    return message('pusher:error', json.dumps({'code': code, 'message': text}))


def succeeded(channel, data=NOTHING):
    return message('pusher_internal:subscription_succeeded', data, channel)


def presence(ids, hash_, count, channel='presence-x'):
    return succeeded(channel, json.dumps({'presence': {'ids': ids, 'hash': hash_, 'count': count}}))


def answering(*frames):
    """A server that answers the first subscription with these frames, and then pings."""
    def serve(client):
        client.greet()
        client.until('pusher:subscribe')
        for frame in frames:
            client.send(frame)
        client.wait()
    return serve


class ServersCase(cli.TestCase):
    def watch(self, serve, *arguments, **variables):
        server = cli_socket.Server(self, serve)
        return self.start('watch', *server.connection(), *QUICK, *arguments,
                          **(SECRET | variables))

    def stop(self, process):
        process.signal(signal.SIGINT)
        return self.finish(process, 130).lines

    def events_of(self, lines, kind):
        return [line for line in lines if line['type'] == kind]

    def snapshot(self, *frames):
        """The members that `frames` come to, in the order of their ids."""
        process = self.watch(answering(*frames), 'presence-x', *ME)
        line = process.wait_line(type='presence', action='snapshot')
        self.stop(process)
        self.assertEqual(line['count'], len(line['members']))
        return sorted((member['user_id'], member.get('user_info')) for member in line['members'])

    def refused_subscription(self, channel, *frames, arguments=()):
        process = self.watch(answering(*frames), channel, *arguments)
        line = process.wait_line(type='subscription', channel=channel, status='error')
        self.stop(process)
        return line['error']

    def trigger(self, answers):
        """What a client event comes to that the server answers so."""
        def serve(client):
            client.greet()
            client.until('pusher:subscribe')
            client.send(succeeded('private-x', '{}'))
            client.until('client-e')
            for answer in answers:
                client.send(answer)
            client.wait()
        server = cli_socket.Server(self, serve)
        result = self.run_cli('trigger', *server.connection(), '--client', 'private-x', '--event',
                              'client-e', '--data', '{}', **SECRET)
        self.assertEqual(len(result.lines), 1, result.out)
        self.assertEqual(result.status, 0 if result.lines[0]['outcome'] == 'accepted' else 1)
        return result.lines[0]


class Matrix(ServersCase):
    """§11.1, in the order of its rows."""

    def test_default_port(self):
        """No server's own port is guessed: 443, or 80 without TLS. A proxy is told it."""
        for arguments, port in (([], 443), (['--no-tls'], 80), (['--port', '6001'], 6001)):
            with self.subTest(port):
                lines = []
                done = threading.Event()

                def serve(client, lines=lines, done=done):
                    lines.append((client.target, client.headers.get('host', '')))
                    client.answer(502)
                    done.set()
                proxy = cli_socket.Server(self, serve, upgrades=False)
                address = f'http://127.0.0.1:{proxy.listener.getsockname()[1]}'
                process = self.start('watch', '--key', 'k', '--host', 'channels.example', '--proxy',
                                     address, *arguments)
                self.assertTrue(done.wait(cli.DEADLINE))
                process.kill()
                target, host = lines[0]
                self.assertIn('channels.example', target + host)
                if port in (443, 6001):
                    self.assertEqual(target, f'channels.example:{port}')
                else:
                    self.assertNotRegex(target + host, r':(443|6001|8080)\b')

    def test_activity_timeout(self):
        for told, used in ((30, 30), (120, 120), (0, 120), (None, 120), (NOTHING, 120)):
            with self.subTest(told):
                def serve(client, told=told):
                    data = {'socket_id': '1.1'} | ({} if told is NOTHING
                                                   else {'activity_timeout': told})
                    client.send(message('pusher:connection_established', json.dumps(data)))
                    client.wait()
                process = self.watch(serve)
                line = process.wait_line(type='state', current='connected')
                self.assertEqual(line['activity_timeout'], used)
                self.stop(process)

    def test_non_presence_succeeded_data(self):
        for data in (NOTHING, '{}', {}, None, ''):
            with self.subTest(data):
                process = self.watch(answering(succeeded('private-x', data)), 'private-x')
                process.wait_line(type='subscription', status='subscribed')
                self.assertEqual(self.events_of(self.stop(process), 'error'), [])

    def test_presence_data(self):
        data = {'presence': {'ids': ['7'], 'hash': {'7': {'a': 1}}, 'count': 1}}
        for told in (json.dumps(data), data):
            self.assertEqual(self.snapshot(succeeded('presence-x', told)), [('7', {'a': 1})])
        # slanger: an object, in member events
        for told in ({'user_id': '8'}, '{"user_id":"8"}'):
            with self.subTest(told):
                process = self.watch(
                    answering(presence(['7'], {'7': None}, 1),
                              message('pusher_internal:member_added', told, 'presence-x'),
                              message('pusher_internal:member_removed', told, 'presence-x')),
                    'presence-x', *ME)
                added = process.wait_line(type='presence', action='added')
                self.assertEqual((added['member']['user_id'], added['count']), ('8', 2))
                self.assertEqual(process.wait_line(type='presence', action='removed')['count'], 1)

    def test_pong_data(self):
        for data in ({}, NOTHING, '{}', None):
            with self.subTest(data):
                pings = []

                def serve(client, data=data, pings=pings):
                    client.greet()
                    while client.until('pusher:ping') is not None:
                        pings.append(1)
                        client.send(message('pusher:pong', data))
                        if len(pings) == 2:
                            client.send(message('enough', {}, 'x'))
                process = self.watch(serve, '--activity-timeout', '0.2', '--pong-timeout', '5')
                process.wait_line(type='event', event='enough')
                states = [line['current'] for line in self.events_of(self.stop(process), 'state')]
                self.assertEqual(states, ['connecting', 'connected', 'disconnected'])

    def test_pusher_error_data(self):
        rows = (({'code': 4301, 'message': 'too many'}, 4301),
                ('{"code":4301,"message":"too many"}', 4301),
                ({'code': None, 'message': 'too many'}, None), ({'message': 'too many'}, None))
        for data, code in rows:
            with self.subTest(data):
                process = self.watch(answering(succeeded('x'), message('pusher:error', data)), 'x')
                line = process.wait_line(type='error')
                self.assertEqual((line['source'], line.get('code'), line['message'],
                                  line['action']), ('server', code, 'too many', 'none'))
                self.assertEqual(self.stop(process)[-1]['previous'], 'connected')

    def test_server_sends_ping(self):
        for data in (NOTHING, None, {}, '{}'):
            with self.subTest(data):
                pongs = []

                def serve(client, data=data, pongs=pongs):
                    client.greet()
                    client.send(message('pusher:ping', data))
                    pongs.append(client.read())
                    client.send(message('answered', {}, 'x'))
                    client.wait()
                process = self.watch(serve)
                process.wait_line(type='event', event='answered')
                self.assertEqual(pongs, [{'event': 'pusher:pong', 'data': {}}])
                self.stop(process)

    def test_bad_channel_auth(self):
        signed = 'Invalid signature: Expected HMAC SHA256 hex digest of 1.1:private-x, but got 00'
        rows = {
            'Pusher': error(None, signed),
            'soketi': message('pusher:subscription_error', {'type': 'AuthError', 'status': 401,
                                                            'error': 'unauthorized'}, 'private-x'),
            'Reverb': text_error(4009, 'Connection is unauthorized'),
            'Sockudo': error(4009, 'Invalid authentication signature'),
            'pusher-fake': message('pusher_internal:subscription_error', '{}', 'private-x'),
            'slanger': message('pusher:error', '{"message":"Invalid signature: Expected HMAC"}'),
            'poxa': error(None, 'subscription error'),
        }
        for name, frame in rows.items():
            with self.subTest(name):
                refusal = self.refused_subscription('private-x', frame)
                self.assertTrue(refusal['message'])
                self.assertTrue(refusal['type'])

    def test_connection_quota(self):
        text = 'Application is over connection quota'
        rows = {
            'Pusher': ((), 4004, 1), 'soketi': ((error(4100, text),), 4100, None),
            'Reverb': ((text_error(4004, text),),
                       None, 1),
            'Sockudo': ((error(4004, text),), 4004, 1),
        }
        for name, (frames, code, status) in rows.items():
            with self.subTest(name):
                def serve(client, frames=frames, code=code):
                    for frame in frames:
                        client.send(frame)
                    if code is None:
                        client.wait()      # left open: the client closes
                    else:
                        client.close(code)
                process = self.watch(serve)
                if status is None:
                    waiting = process.wait_line(type='connecting_in')
                    self.assertGreaterEqual(waiting['seconds'], 1)
                    process.wait_line(type='connecting_in', attempt=3)
                    self.stop(process)
                else:
                    last = self.finish(process, status).lines[-1]
                    self.assertEqual((last['current'], last['code']), ('disconnected', 4004))

    def test_unknown_app(self):
        told = error(4001, 'App key k does not exist.')
        rows = {
            'Pusher': lambda client: client.close(4001, 'Could not find app by key k'),
            'soketi': lambda client: (client.send(told), client.close(4001)),
            'Reverb': lambda client: client.send(message('pusher:error', json.dumps(told['data']))),
            'slanger': lambda client: (client.send(message('pusher:error',
                                                           json.dumps(told['data']))),
                                       client.close()),
            'poxa': lambda client: client.close(4001),
        }
        for name, serve in rows.items():
            with self.subTest(name):
                lines = self.finish(self.watch(serve), 1).lines
                self.assertEqual((lines[-1]['current'], lines[-1]['code']), ('disconnected', 4001))
                self.assertEqual([line['code'] for line in self.events_of(lines, 'error')], [4001])

    def sign_in(self, *answers, close=None):
        def serve(client):
            client.greet()
            client.until('pusher:signin')
            for answer in answers:
                client.send(answer)
            if close is None:
                client.wait()
            else:
                client.close(close)
        return self.watch(serve, '--user-data', '{"id":"u"}')

    def test_sign_in(self):
        told = {'auth': 'k:0', 'user_data': '{"id":"u"}'}
        for data in (json.dumps(told), told):
            process = self.sign_in(message('pusher:signin_success', data))
            self.assertEqual(process.wait_line(type='user', status='signed_in')['user_id'], 'u')
            self.stop(process)
        # Reverb does not know it, and stays
        reverb = self.sign_in(text_error(4200, 'Invalid message format'))
        refused = reverb.wait_line(type='user', status='error')
        self.assertIn('Invalid message format', refused['error']['message'])
        self.assertEqual(self.stop(reverb)[-1]['previous'], 'connected')
        # slanger, poxa
        other = self.sign_in(error(None, "Unsupported event received on socket: 'pusher:signin'"))
        other.wait_line(type='user', status='error')
        self.stop(other)

    def test_watchlist(self):
        rows = (message('pusher_internal:watchlist_events',
                        '{"events":[{"name":"online","user_ids":["a","b"]}]}'),
                message('online', {'user_ids': ['a', 'b']}),
                message('online', '{"user_ids":["a","b"]}'))
        for frame in rows:
            with self.subTest(frame):
                away = {'event': frame['event'].replace('online', 'offline'),
                        'data': json.loads(json.dumps(frame['data']).replace('online', 'offline'))}
                success = message('pusher:signin_success', {'user_data': '{"id":"u"}'})
                process = self.sign_in(success, frame, away)
                self.assertEqual(process.wait_line(type='watchlist', status='online')['user_ids'],
                                 ['a', 'b'])
                process.wait_line(type='watchlist', status='offline')
                self.assertEqual(self.events_of(self.stop(process), 'event'), [])

    def test_subscription_count_event(self):
        for count in (101, 0):
            told = message('pusher_internal:subscription_count',
                           json.dumps({'subscription_count': count}), 'x')
            process = self.watch(answering(succeeded('x'), told), 'x')
            line = process.wait_line(type='count', channel='x')
            self.assertEqual(line['subscription_count'], count)
            self.stop(process)

    def test_cache_miss_data(self):
        for data in (NOTHING, '{}', 'null', None):
            with self.subTest(data):
                miss = message('pusher:cache_miss', data, 'cache-x')
                process = self.watch(answering(succeeded('cache-x'), miss), 'cache-x')
                process.wait_line(type='cache_miss', channel='cache-x')
                self.assertEqual(self.events_of(self.stop(process), 'event'), [])

    def test_client_event_fault(self):
        rows = {
            'Pusher': (error(None, 'To send client events, you must enable this feature in the '
                             'Settings page of your dashboard.'), None),
            'Pusher, rate': (error(4301, 'rate'), 4301),
            'soketi': (error(4301, 'The app does not have client messaging enabled.',
                             channel='private-x'), 4301),
            'Reverb': (text_error(4009, 'The client is not a member of the specified channel.'),
                       4009),
            'Sockudo': (error(4301, 'Client events are disabled'), 4301),
        }
        for name, (frame, code) in rows.items():
            with self.subTest(name):
                line = self.trigger([frame])
                self.assertEqual((line['outcome'], line.get('status')), ('refused', code))
                self.assertTrue(line['message'])
        with self.subTest('pusher-fake, slanger, poxa'):
            self.assertEqual(self.trigger([])['outcome'], 'accepted')

    def test_client_event_user_id(self):
        for more, user_id in (({'user_id': '8'}, '8'), ({}, None)):
            process = self.watch(
                answering(presence(['7'], {'7': None}, 1),
                          message('client-e', {'user_id': 'forged'}, 'presence-x', **more)),
                'presence-x', *ME)
            line = process.wait_line(type='event', event='client-e')
            self.assertEqual((line.get('user_id'), line['data']), (user_id, {'user_id': 'forged'}))
            self.stop(process)

    def test_close_reason_text(self):
        def cut(client):
            client.connection.shutdown(socket.SHUT_RDWR)
        rows = ((lambda client: client.close(4200, 'Server is closing'), 4200, 'Server is closing'),
                (lambda client: client.close(4200), 4200, None),
                (cut, 1006, None))
        for end, code, reason in rows:
            with self.subTest(code=code, reason=reason):
                def serve(client, end=end):
                    client.greet()
                    end(client)
                process = self.watch(serve)
                left = process.wait_line(type='state', previous='connected')
                self.assertEqual((left['code'], left.get('reason') or None), (code, reason))
                self.assertTrue(left['meaning'])
                self.stop(process)


class Soketi(ServersCase):
    """§11.2"""

    UNAUTHORIZED = message('pusher:subscription_error',
                           {'type': 'AuthError', 'error': 'unauthorized', 'status': 401},
                           'my-private-x')

    def test_error_first_then_close(self):
        """Told once, whichever of the two is looked at."""
        rows = ((4001, 'App key K does not exist.', 'stop'),
                (4003, 'The app is not enabled.', 'stop'),
                (4100, 'The current concurrent connections quota has been reached.', 'retry'),
                (4200, 'Server closed. Please reconnect shortly.', 'retry_now'))
        for code, text, action in rows:
            with self.subTest(code):
                def serve(client, code=code, text=text):
                    client.send(error(code, text))
                    client.close(code)
                process = self.watch(serve, '--max-attempts', '2')
                lines = self.finish(process, 1 if action == 'stop' else 3).lines
                errors = self.events_of(lines, 'error')
                self.assertEqual((errors[0]['code'], errors[0]['message'], errors[0]['action']),
                                 (code, text, action))
                self.assertEqual(len(errors), 1 if action == 'stop' else 2)   # one an attempt

    def test_close_4201_without_an_error(self):
        def serve(client):
            client.greet(activity_timeout=30)
            client.close(4201)
        process = self.watch(serve)
        left = process.wait_line(type='state', previous='connected')
        self.assertEqual((left['current'], left['code']), ('connecting', 4201))
        process.wait_line(type='state', current='connected')
        self.stop(process)

    def test_ping_avoids_it(self):
        """The server's time counts, if it is less than ours: there is a ping before it is over."""
        pinged = threading.Event()

        def serve(client):
            client.greet(activity_timeout=2)
            if client.until('pusher:ping') is not None:
                pinged.set()
            client.send(message('pusher:pong', {}))
            client.wait()
        process = self.watch(serve, '--activity-timeout', '100')
        connected = process.wait_line(type='state', current='connected')
        self.assertEqual(connected['activity_timeout'], 2)
        self.assertTrue(pinged.wait(cli.DEADLINE))
        self.stop(process)

    def test_subscription_error(self):
        rows = (({'type': 'AuthError', 'error': 'The connection is unauthorized.', 'status': 401},
                 'AuthError'),
                ({'type': 'LimitReached', 'error': 'The channel name is longer', 'status': 4009},
                 'LimitReached'),
                ({'type': 'LimitReached', 'error': 'The maximum members', 'status': 4100},
                 'LimitReached'),
                ({'type': 'LimitReached', 'error': 'The maximum size', 'status': 4301},
                 'LimitReached'),
                ({'error': 'The channel name is not allowed.', 'status': 4009}, 'ServerError'),
                ({'type': 'ServerError', 'error': 'A server error has occured.', 'status': 4302},
                 'ServerError'))
        for data, kind in rows:
            with self.subTest(data):
                refusal = self.refused_subscription(
                    'presence-x', message('pusher:subscription_error', data, 'presence-x'),
                    arguments=ME)
                self.assertEqual((refusal['type'], refusal['message'], refusal['status']),
                                 (kind, data['error'], data['status']))

    def test_error_without_a_message(self):
        process = self.watch(
            answering(message('pusher:error', {'type': 'ServerError', 'code': 4302,
                                               'error': 'A server error has occured.'},
                              'presence-x')), 'presence-x', *ME)
        line = process.wait_line(type='error')
        self.assertEqual((line['message'], line['code'], line['channel']),
                         ('A server error has occured.', 4302, 'presence-x'))
        process.wait_line(type='subscription', channel='presence-x', status='error')

    def test_patterns_are_unanchored(self):
        auths = []

        def serve(client):
            client.greet()
            auths.append(client.until('pusher:subscribe')['data'].get('auth'))
            client.send(self.UNAUTHORIZED)
            auths.append(client.until('pusher:subscribe')['data'].get('auth'))
            client.send(succeeded('my-private-x'))
            client.wait()
        process = self.watch(serve, 'my-private-x')
        process.wait_line(type='subscription', status='subscribed')
        self.assertFalse(auths[0])
        self.assertRegex(auths[1], r'\Ak:[0-9a-f]{64}\Z')
        self.stop(process)
        # without a secret there is nothing to try: it is said why
        refusal = self.refused_without_secret()
        self.assertIn('private-', refusal['message'])
        self.assertIn('soketi', refusal['message'])

    def refused_without_secret(self):
        process = self.watch(answering(self.UNAUTHORIZED), 'my-private-x', CHANNELSCOPE_SECRET='')
        refusal = process.wait_line(type='subscription', status='error')['error']
        self.stop(process)
        return refusal

    def test_client_events_without_their_prefix(self):
        """soketi would take `order-client-updated`; we do not rely on it."""
        self.assert_refused(['trigger', '--client', 'private-x', '--key', 'k', '--host',
                             '127.0.0.1', '--event', 'order-client-updated', '--data', '{}'],
                            'client-', 'order-client-updated', **SECRET)

    def test_private_signatures_cover_no_channel_data(self):
        sent = []

        def serve(client):
            client.greet()
            sent.append(client.until('pusher:subscribe')['data'])
            client.send(succeeded('private-x'))
            client.wait()
        process = self.watch(serve, 'private-x', *ME)
        process.wait_line(type='subscription', status='subscribed')
        self.assertEqual(sorted(sent[0]), ['auth', 'channel'])
        self.stop(process)

    def test_succeeded_twice(self):
        process = self.watch(answering(succeeded('x'), succeeded('x'), message('e', {}, 'x')), 'x')
        process.wait_line(type='event', event='e')
        lines = self.stop(process)
        self.assertEqual(self.events_of(lines, 'error'), [])
        self.assertNotIn('pending', [line['status'] for line in
                                     self.events_of(lines, 'subscription')[1:]])

    def test_client_events_off(self):
        line = self.trigger([error(4301, 'The app does not have client messaging enabled.',
                                   channel='private-x')])
        self.assertEqual((line['outcome'], line['status']), ('refused', 4301))

    def test_bad_sign_in_closes(self):
        def serve(client):
            client.greet()
            client.until('pusher:signin')
            client.send(error(4009, 'Connection not authorized.'))
            client.close(4009)
        process = self.watch(serve, '--user-data', '{"id":"u"}')
        lines = self.finish(process, 1).lines
        self.assertEqual((lines[-1]['current'], lines[-1]['code']), ('disconnected', 4009))
        self.assertIn('error', [line['status'] for line in self.events_of(lines, 'user')])

    def test_not_authorized_within_the_timeout(self):
        def serve(client):
            client.greet()
            client.send(error(4009, 'Connection not authorized within timeout.'))
            client.close(4009)
        last = self.finish(self.watch(serve), 1).lines[-1]
        self.assertEqual((last['current'], last['code']), ('disconnected', 4009))
        self.assertRegex(last['meaning'].lower(), 'sign')

    def test_terminated(self):
        def serve(client):
            client.greet()
            client.send(error(4009, 'You got disconnected by the app.'))
            client.close(4009)
        lines = self.finish(self.watch(serve), 1).lines
        self.assertEqual((lines[-1]['current'], lines[-1]['code']), ('disconnected', 4009))
        self.assertIn('You got disconnected by the app.',
                      [line['message'] for line in self.events_of(lines, 'error')])

    def test_data_as_published(self):
        for data in ({'a': 1}, [1], 'text', 12, True):
            process = self.watch(answering(succeeded('x'), message('e', data, 'x')), 'x')
            self.assertEqual(process.wait_line(type='event', event='e')['data'], data)
            self.stop(process)


class Reverb(ServersCase):
    """§11.3"""

    def test_origin(self):
        origins = []

        def serve(client):
            origins.append(client.headers.get('origin'))
            if origins[-1] is None:
                client.send(text_error(4009, 'Origin not allowed'))
            else:
                client.greet()
            client.wait()
        last = self.finish(self.watch(serve), 1).lines[-1]
        self.assertEqual((last['current'], last['code']), ('disconnected', 4009))
        process = self.watch(serve, '--origin', 'https://shop.example')
        process.wait_line(type='state', current='connected')
        self.assertEqual(origins, [None, 'https://shop.example'])
        self.stop(process)

    def test_invalid_message_format(self):
        """4200 in a frame is no order to reconnect."""
        process = self.watch(
            answering(succeeded('x'), text_error(4200, 'Invalid message format'),
                      message('e', {}, 'x')), 'x')
        self.assertEqual(process.wait_line(type='error')['action'], 'none')
        process.wait_line(type='event', event='e')
        self.assertEqual(self.stop(process)[-1]['previous'], 'connected')

    def test_pong_not_received(self):
        """Error 4201, then the connection ends without a close frame: its code counts."""
        def serve(client):
            client.greet()
            client.send(text_error(4201, 'Pong reply not received in time'))
        process = self.watch(serve)
        left = process.wait_line(type='state', previous='connected')
        self.assertEqual((left['current'], left['code']), ('connecting', 4201))
        process.wait_line(type='state', current='connected')
        self.stop(process)

    def test_rate_limit(self):
        line = self.trigger([text_error(4301, 'Rate limit exceeded')])
        self.assertEqual((line['outcome'], line['status']), ('refused', 4301))

    def test_prefixes_without_the_dash(self):
        refusal = self.refused_subscription(
            'privateers', text_error(4009, 'Connection is unauthorized'))
        self.assertIn('unauthorized', refusal['message'])

    def test_presence(self):
        rows = (
            (presence([7, 8], {'7': {'n': 1}, '8': None}, 0), [('7', {'n': 1}), ('8', None)]),
            (presence([], [], 0), []),
            (presence([0, 1], [{'n': 0}, {'n': 1}], 2), [('0', {'n': 0}), ('1', {'n': 1})]),
            (presence({'0': '7', '1': '8'}, {'7': None, '8': None}, 2), [('7', None), ('8', None)]),
            (succeeded('presence-x'), []),
        )
        for frame, members in rows:
            with self.subTest(frame):
                self.assertEqual(self.snapshot(frame), members)

    def test_member_events_for_each_connection(self):
        """Told again only if something is new."""
        added = message('pusher_internal:member_added', '{"user_id":8}', 'presence-x')
        other = message('pusher_internal:member_added', '{"user_id":8,"user_info":{"a":1}}',
                        'presence-x')
        process = self.watch(answering(presence([7], {'7': None}, 1), added, added, other,
                                       message('e', {}, 'presence-x')), 'presence-x', *ME)
        process.wait_line(type='event', event='e')
        lines = self.events_of(self.stop(process), 'presence')
        self.assertEqual([(line['action'], line['count']) for line in lines],
                         [('snapshot', 1), ('added', 2), ('updated', 2)])

    def test_client_events_come_as_objects(self):
        event = message('client-e', {'n': 1}, 'private-x')
        process = self.watch(answering(succeeded('private-x'), event), 'private-x')
        self.assertEqual(process.wait_line(type='event', event='client-e')['data'], {'n': 1})
        self.stop(process)

    def test_terminated_users(self):
        """Cut without a code: the client comes back."""
        def serve(client):
            client.greet()
            client.connection.shutdown(socket.SHUT_RDWR)
        process = self.watch(serve)
        left = process.wait_line(type='state', previous='connected')
        self.assertEqual((left['current'], left['code']), ('connecting', 1006))
        process.wait_line(type='state', current='connected')
        self.stop(process)


class Sockudo(ServersCase):
    """§11.4"""

    def test_protocol(self):
        targets = []

        def serve(client):
            targets.append(client.target)
            client.greet()
            client.wait()
        process = self.watch(serve)
        process.wait_line(type='state', current='connected')
        self.assertRegex(targets[0], r'\A/app/k\?(.*&)?protocol=7(&|\Z)')
        self.stop(process)

    def test_codes_that_do_not_close(self):
        codes = (4000, 4300, 4301, 4303)
        faults = [error(code, f'fault {code}') for code in codes]
        process = self.watch(answering(succeeded('x'), *faults, message('e', {}, 'x')), 'x')
        process.wait_line(type='event', event='e')
        lines = self.stop(process)
        errors = self.events_of(lines, 'error')
        self.assertEqual([(line['code'], line['action']) for line in errors],
                         [(code, 'none') for code in codes])
        self.assertEqual(lines[-1]['previous'], 'connected')

    def test_closes(self):
        for code, stops in ((4009, True), (4100, False), (4201, False)):
            with self.subTest(code):
                def serve(client, code=code):
                    client.greet()
                    client.close(code, 'a reason')
                process = self.watch(serve)
                left = process.wait_line(type='state', previous='connected')
                self.assertEqual((left['current'], left['code'], left['reason']),
                                 ('disconnected' if stops else 'connecting', code, 'a reason'))
                if stops:
                    self.finish(process, 1)
                else:
                    self.stop(process)

    def test_wrong_origin(self):
        """A missing one counts as wrong when the server has a list; told after the upgrade."""
        origins = []

        def serve(client):
            origins.append(client.headers.get('origin'))
            client.close(4009, 'Origin not allowed')
        last = self.finish(self.watch(serve), 1).lines[-1]
        self.assertEqual((last['current'], last['code'], last['reason']),
                         ('disconnected', 4009, 'Origin not allowed'))
        self.assertEqual(origins, [None])

    def test_failed_channel_auth_closes(self):
        """2.9.2: the channel is told as refused, and the connection ends."""
        def serve(client):
            client.greet()
            client.until('pusher:subscribe')
            client.send(error(4009, 'Invalid signature'))
            client.close(4009)
        lines = self.finish(self.watch(serve, 'private-x'), 1).lines
        self.assertIn('error', [line['status'] for line in self.events_of(lines, 'subscription')])
        self.assertEqual((lines[-1]['current'], lines[-1]['code']), ('disconnected', 4009))

    def test_unknown_keys(self):
        """Members that its second protocol adds are passed over."""
        event = message('e', {'n': 1}, 'x', message_id='m', serial=1, stream_id='s')
        process = self.watch(answering(succeeded('x'), event), 'x')
        self.assertEqual(process.wait_line(type='event', event='e')['data'], {'n': 1})
        self.stop(process)


class Others(ServersCase):
    """§11.5"""

    def test_pusher_fake(self):
        """No ids, a count of connections, and member events for each of them."""
        told = succeeded('presence-x',
                         json.dumps({'presence': {'hash': {'7': {'a': 1}}, 'count': 2}}))
        self.assertEqual(self.snapshot(told), [('7', {'a': 1})])
        eight = '{"user_id":"8","user_info":{"b":1}}'
        frames = [message(f'pusher_internal:member_{what}', eight, 'presence-x')
                  for what in ('added', 'added', 'removed', 'removed')]
        process = self.watch(answering(told, *frames, message('e', {}, 'presence-x')),
                             'presence-x', *ME)
        process.wait_line(type='event', event='e')
        self.assertEqual([(line['action'], line['count']) for line in
                          self.events_of(self.stop(process), 'presence')],
                         [('snapshot', 1), ('added', 2), ('removed', 1)])

    def test_slanger(self):
        frames = [text_error(code, text)
                  for code, text in ((5001, 'bad JSON'), (500, 'internal: a.rb:1\na.rb:2'))]
        told = presence(['7', '7', '8'], {'7': None, '8': None}, 2)
        process = self.watch(answering(told, *frames, message('e', {}, 'presence-x')),
                             'presence-x', *ME)
        snapshot = process.wait_line(type='presence')
        self.assertEqual((snapshot['count'], len(snapshot['members'])), (2, 2))
        process.wait_line(type='event', event='e')
        errors = self.events_of(self.stop(process), 'error')
        self.assertEqual([(line['code'], line['action']) for line in errors],
                         [(5001, 'none'), (500, 'none')])

    def test_slanger_existing_subscription(self):
        process = self.watch(answering(error(None, 'Existing subscription to x')), 'x')
        process.wait_line(type='subscription', channel='x', status='subscribed')
        self.stop(process)

    def test_poxa(self):
        """Ids that were no strings come JSON-encoded; what we send is JSON always."""
        self.assertEqual(self.snapshot(presence(['7', '{"a":1}'], {'7': None, '{"a":1}': None}, 2)),
                         [('7', None), ('{"a":1}', None)])
        line = self.trigger([])
        self.assertEqual(line['outcome'], 'accepted')

    def test_laravel_websockets(self):
        """PHP arrays for ids and hash, and member events for each tab."""
        self.assertEqual(self.snapshot(presence({'1': 8, '2': 9}, {'8': {'a': 1}, '9': []}, 2)),
                         [('8', {'a': 1}), ('9', [])])
        self.assertEqual(self.snapshot(presence([], [], 0)), [])


if __name__ == '__main__':
    cli.main()
