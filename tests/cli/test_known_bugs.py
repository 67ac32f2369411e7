# SPDX-License-Identifier: GPL-3.0-or-later
"""The bugs other clients have had, protocol.md §12: one case a row, named after it, as far as the
program shows it from outside. The rest is shown by these:

| row | test |
|---|---|
| half-open socket after sleep: ping on wake | test-connection /connection/sleep |
| network or VPN switch unnoticed until the ping | test-connection /connection/network |
| repeated connect() | test-machine /machine/connect/idempotent, /machine/connect/during-wait |
| late callbacks of an old socket | test-connection /connection/stale-socket |
| backoff is reset after stable time | test-backoff /backoff/doubles |
| unsubscribe before succeeded | test-subscriptions /subscriptions/unsubscribe |
| pending for 30 s at most | test-subscriptions /subscriptions/timed-out |
| members linger after a crash | no client's fault |
| no message history | the window's Events view says so: nothing of it is in the program's lines |
"""
import http.server
import json
import select
import signal
import socket
import struct
import threading

import cli
import cli_socket
from test_servers import ME, SECRET, message, presence, succeeded

# no time is lost with a transport that is not looked at
QUICK = ['--reconnect-delay', '0.1', '--max-delay', '0.2', '--transports', 'ws']


def cut(client):
    """Ends the connection as a dying machine does: at once, with nothing said."""
    client.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.file.close()
    client.connection.close()


def member_added(user_id):
    return message('pusher_internal:member_added', '{"user_id":%s}' % user_id, 'presence-x')


class Endpoint:
    """POST /auth, answered by `answer (form)`: a status and a text."""

    def __init__(self, test, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                text = self.rfile.read(int(self.headers['Content-Length'])).decode()
                form = dict(part.split('=', 1) for part in text.split('&'))
                status, body = answer(form)
                try:
                    self.send_response(status)
                    self.send_header('Content-Length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body.encode())
                except OSError:
                    pass   # given up by the client

            def log_message(self, *arguments):
                pass
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)
        self.arguments = ['--auth-endpoint', f'http://127.0.0.1:{self.server.server_port}/auth']


class KnownBugs(cli.TestCase):
    def watch(self, serve, *arguments, upgrades=True, **variables):
        self.server = cli_socket.Server(self, serve, upgrades)
        return self.start('watch', *self.server.connection(), *QUICK, *arguments,
                          **(SECRET | variables))

    def stop(self, process):
        process.signal(signal.SIGINT)
        return self.finish(process, 130).lines

    def of(self, lines, kind):
        return [line for line in lines if line['type'] == kind]

    def test_half_open_socket(self):
        """An open socket that says nothing is not trusted."""
        def serve(client):
            client.greet()
            while client.read() is not None:
                pass
        process = self.watch(serve, '--activity-timeout', '0.2', '--pong-timeout', '0.3')
        left = process.wait_line(type='state', previous='connected')
        self.assertEqual(left['current'], 'connecting')
        process.wait_line(type='state', current='connected')
        self.stop(process)

    def test_failed_after_the_second_outage(self):
        def serve(client):
            client.greet()
            cut(client)
        process = self.watch(serve, '--unavailable-timeout', '0.3')
        for _ in range(5):
            process.wait_line(type='state', current='connected')
        states = {line['current'] for line in self.of(self.stop(process), 'state')}
        self.assertNotIn('failed', states)

    def test_stuck_connected(self):
        """However the socket ends, the state leaves connected."""
        def bad_frame(client):
            client.connection.sendall(b'\xff\xff\xff')
            client.wait()
        rows = {'reset': cut, 'close frame': lambda client: client.close(1001),
                'empty close frame': lambda client: client.close(), 'no WebSocket frame': bad_frame,
                'end of file': lambda client: client.connection.shutdown(socket.SHUT_WR)}
        for name, end in rows.items():
            with self.subTest(name):
                def serve(client, end=end):
                    client.greet()
                    end(client)
                process = self.watch(serve)
                process.wait_line(type='state', current='connected')
                self.assertEqual(process.wait_line(type='state')['current'], 'connecting')
                self.stop(process)

    def test_several_connections(self):
        """After losses there is one connection and no second one knocking."""
        rounds = []

        def serve(client):
            rounds.append(1)
            client.greet()
            if len(rounds) < 4:
                cut(client)
                return
            waiting, _, _ = select.select([self.server.listener], [], [], 1)
            client.send(message('waiting', {'n': len(waiting)}, 'x'))
            client.wait()
        process = self.watch(serve)
        self.assertEqual(process.wait_line(type='event', event='waiting')['data'], {'n': 0})
        self.stop(process)
        self.assertEqual(len(rounds), 4)

    def test_reconnect_after_explicit_disconnect(self):
        process = self.watch(cut, '--reconnect-delay', '30', '--max-delay', '30', upgrades=False)
        process.wait_line(type='connecting_in')
        self.assertEqual(self.stop(process)[-1]['current'], 'disconnected')

    def test_disconnected_not_announced(self):
        def serve(client):
            client.greet()
            client.wait()
        process = self.watch(serve)
        process.wait_line(type='state', current='connected')
        last = self.stop(process)[-1]
        self.assertEqual((last['previous'], last['current']), ('connected', 'disconnected'))

    def test_retry_limit_reached_silently(self):
        """There is none, and each next attempt is shown; a limit that was set is told."""
        process = self.watch(cut, upgrades=False)
        attempts = [process.wait_line(type='connecting_in')['attempt'] for _ in range(10)]
        self.assertEqual(attempts, list(range(attempts[0], attempts[0] + 10)))
        self.stop(process)
        lines = self.finish(self.watch(cut, '--max-attempts', '3', upgrades=False), 3).lines
        self.assertIn('3', self.of(lines, 'error')[-1]['message'])
        self.assertEqual(self.of(lines, 'error')[-1]['action'], 'stop')

    def test_delays_constant(self):
        process = self.watch(cut, '--max-delay', '1', upgrades=False)
        seconds = [process.wait_line(type='connecting_in')['seconds'] for _ in range(5)]
        for value, base in zip(seconds, (0.1, 0.2, 0.4, 0.8, 1.0)):
            self.assertGreaterEqual(value, base * 0.99)
            self.assertLessEqual(value, base * 1.21)
        self.stop(process)

    def test_endless_retries_on_a_permanent_error(self):
        for status in (401, 403, 404):
            with self.subTest(status):
                knocks = []

                def serve(client, status=status, knocks=knocks):
                    knocks.append(1)
                    client.answer(status, 'no')
                lines = self.finish(self.watch(serve, upgrades=False), 1).lines
                self.assertEqual((len(knocks), lines[-1]['current']), (1, 'disconnected'))
                self.assertIn(str(status), self.of(lines, 'error')[-1]['message'])

    def test_auth_failures_hidden(self):
        asked = []

        def answer(form):
            asked.append(form)
            return 403, 'you may not see this'
        endpoint = Endpoint(self, answer)

        def serve(client):
            client.greet()
            client.wait()
        process = self.watch(serve, 'private-x', *endpoint.arguments, CHANNELSCOPE_SECRET='')
        refusal = process.wait_line(type='subscription', status='error')['error']
        self.assertEqual((refusal['type'], refusal['status']), ('AuthError', 403))
        self.assertIn('you may not see this', refusal['message'])
        self.stop(process)
        self.assertEqual(len(asked), 1)

    def test_endpoint_answers_201(self):
        endpoint = Endpoint(self, lambda form: (201, '{"auth":"k:00"}'))
        sent = []

        def serve(client):
            client.greet()
            sent.append(client.until('pusher:subscribe')['data']['auth'])
            client.send(succeeded('private-x'))
            client.wait()
        process = self.watch(serve, 'private-x', *endpoint.arguments, CHANNELSCOPE_SECRET='')
        process.wait_line(type='subscription', status='subscribed')
        self.assertEqual(sent, ['k:00'])
        self.stop(process)

    def test_subscription_with_the_old_socket_id(self):
        first_asked, second_open = threading.Event(), threading.Event()

        def answer(form):
            if form['socket_id'] == '1.1':
                first_asked.set()
                second_open.wait(cli.DEADLINE)
            return 200, json.dumps({'auth': f"k:{form['socket_id']}"})
        endpoint = Endpoint(self, answer)
        sent, rounds = [], []

        def serve(client):
            rounds.append(1)
            client.greet(socket_id=f'{len(rounds)}.1')
            if len(rounds) == 1:
                first_asked.wait(cli.DEADLINE)
                cut(client)
                return
            sent.append(client.until('pusher:subscribe')['data']['auth'])
            second_open.set()
            client.send(succeeded('private-x'))
            client.send(message('e', {}, 'private-x'))
            while (more := client.read()) is not None:
                sent.append(more)
        process = self.watch(serve, 'private-x', *endpoint.arguments, CHANNELSCOPE_SECRET='')
        process.wait_line(type='event', event='e')
        self.stop(process)
        self.assertEqual(sent, ['k:2.1'])

    def subscriptions_of_rounds(self, *channels):
        """What is subscribed on each of three connections."""
        rounds = []

        def serve(client):
            rounds.append([])
            client.greet(socket_id=f'{len(rounds)}.1')
            for _ in channels:
                channel = client.until('pusher:subscribe')['data']['channel']
                rounds[-1].append(channel)
                client.send(succeeded(channel))
            if client.has_more(0.3):
                rounds[-1].append(client.read())
            if len(rounds) < 3:
                cut(client)
                return
            client.send(message('done', {}, channels[0]))
            client.wait()
        process = self.watch(serve, *channels)
        process.wait_line(type='event', event='done')
        self.stop(process)
        return rounds

    def test_duplicate_subscription(self):
        self.assertEqual(self.subscriptions_of_rounds('a', 'private-b', 'c'),
                         [['a', 'private-b', 'c']] * 3)

    def test_no_resubscription_after_reconnect(self):
        self.assertEqual(len(self.subscriptions_of_rounds('a')), 3)

    def test_stuck_pending_after_a_failure(self):
        """Refused on one connection, it is tried again on the next."""
        rounds = []

        def serve(client):
            rounds.append(1)
            client.greet()
            client.until('pusher:subscribe')
            if len(rounds) == 1:
                client.send(message('pusher:subscription_error', {'type': 'AuthError'},
                                    'private-x'))
                client.close(4200)
            else:
                client.send(succeeded('private-x'))
                client.wait()
        process = self.watch(serve, 'private-x')
        process.wait_line(type='subscription', status='error')
        process.wait_line(type='subscription', status='pending')
        process.wait_line(type='subscription', status='subscribed')
        self.stop(process)

    def test_numeric_user_ids(self):
        for number, text in (('1', '1'), ('10000000000000000000', '10000000000000000000'),
                             ('9007199254740993', '9007199254740993')):
            with self.subTest(number):
                def serve(client, number=number):
                    client.greet()
                    client.until('pusher:subscribe')
                    told = '"ids":[%s],"hash":{"%s":null},"count":1' % (number, number)
                    client.send(succeeded('presence-x', '{"presence":{%s}}' % told))
                    client.send(member_added(number + '1'))
                    client.wait()
                process = self.watch(serve, 'presence-x', *ME)
                snapshot = process.wait_line(type='presence', action='snapshot')
                self.assertEqual([member['user_id'] for member in snapshot['members']], [text])
                added = process.wait_line(type='presence', action='added')
                self.assertEqual(added['member']['user_id'], text + '1')
                self.stop(process)

    def test_same_user_in_two_tabs(self):
        def serve(client):
            client.greet()
            client.until('pusher:subscribe')
            client.send(presence(['7', '8', '8'], {'7': None, '8': None}, 3))
            for _ in range(2):
                client.send(member_added('"9"'))
            client.send(message('done', {}, 'presence-x'))
            client.wait()
        process = self.watch(serve, 'presence-x', *ME)
        process.wait_line(type='event', event='done')
        lines = self.of(self.stop(process), 'presence')
        self.assertEqual([(line['action'], line['count']) for line in lines],
                         [('snapshot', 2), ('added', 3)])

    def test_stale_members_after_reconnect(self):
        rounds = []

        def serve(client):
            rounds.append(1)
            client.greet()
            client.until('pusher:subscribe')
            if len(rounds) == 1:
                client.send(presence(['7', '8'], {'7': None, '8': None}, 2))
                client.until('pusher:ping')
                cut(client)
            else:
                client.send(presence(['7', '9'], {'7': None, '9': None}, 2))
                client.send(member_added('"8"'))
                client.wait()
        process = self.watch(serve, 'presence-x', *ME, '--activity-timeout', '0.2')
        process.wait_line(type='presence', action='snapshot')
        again = process.wait_line(type='presence', action='snapshot')
        self.assertEqual(sorted(member['user_id'] for member in again['members']), ['7', '9'])
        self.assertEqual(process.wait_line(type='presence', action='added')['count'], 3)
        self.stop(process)

    def test_trigger_before_subscribed(self):
        seen = []

        def serve(client):
            client.greet()
            seen.append(client.read()['event'])
            seen.append(client.has_more(0.5))
            client.send(succeeded('private-x'))
            while (frame := client.read()) is not None:
                seen.append(frame['event'])
                if frame['event'] == 'pusher:ping':
                    client.send(message('pusher:pong', {}))
        server = cli_socket.Server(self, serve)
        result = self.run_cli('trigger', *server.connection(), '--client', 'private-x', '--event',
                              'client-e', '--data', '{}', **SECRET)
        self.assertEqual(result.status, 0, result.out)
        self.assertEqual(seen[:3], ['pusher:subscribe', False, 'client-e'])

    def test_4201(self):
        def serve(client):
            client.greet()
            client.close(4201, 'Pong reply not received')
        process = self.watch(serve)
        left = process.wait_line(type='state', previous='connected')
        self.assertEqual((left['current'], left['code']), ('connecting', 4201))
        process.wait_line(type='state', current='connected')
        self.stop(process)

    def test_4200_noise_in_logs(self):
        """A deploy is no error: nothing goes to standard error."""
        rounds = []

        def serve(client):
            rounds.append(1)
            client.greet()
            if len(rounds) == 1:
                client.close(4200, 'Please reconnect immediately')
            else:
                client.wait()
        process = self.watch(serve)
        left = process.wait_line(type='state', previous='connected')
        self.assertEqual((left['code'], left['reason']), (4200, 'Please reconnect immediately'))
        process.wait_line(type='state', current='connected')
        lines = self.stop(process)
        self.assertEqual(''.join(process.err), '')
        self.assertEqual([line for line in self.of(lines, 'error') if line['action'] == 'stop'], [])

    def test_1006_with_no_detail(self):
        """What the system or the server said is told."""
        def once(*arguments):
            return self.of(self.run_cli('watch', '--key', 'k', *QUICK, '--max-attempts', '1',
                                        *arguments).lines, 'error')[-1]['message']
        with socket.create_server(('127.0.0.1', 0)) as listener:
            port = str(listener.getsockname()[1])
        local = ['--host', '127.0.0.1', '--port', port]
        self.assertIn('refused', once(*local, '--no-tls').lower())
        self.assertIn('no-such-host.invalid', once('--host', 'no-such-host.invalid', '--no-tls'))
        server = cli_socket.Server(self, lambda client: client.answer(503, 'away'), upgrades=False)
        self.assertIn('503', once(*server.connection()[2:]))
        plain = cli_socket.Server(self, lambda client: None, upgrades=False)
        arguments = [word for word in plain.connection()[2:] if word != '--no-tls']
        self.assertIn('TLS', once(*arguments, '--transports', 'wss').upper())

    def test_connecting_in_missing(self):
        knocks = []

        def serve(client):
            knocks.append(1)
            cut(client)
        process = self.watch(serve, '--max-attempts', '4', upgrades=False)
        lines = self.finish(process, 3).lines
        waits = self.of(lines, 'connecting_in')
        self.assertEqual([line['attempt'] for line in waits], [2, 3, 4])
        self.assertTrue(all(line['seconds'] > 0 for line in waits))
        self.assertEqual(len(knocks), 4)

    def test_kick_after_30_seconds(self):
        """Who has a user signs in at once after connected, before anything else is waited for."""
        first = []

        def serve(client):
            client.greet()
            first.append(client.read()['event'])
            first.append(client.read()['event'])
            client.send(message('pusher:signin_success', {'user_data': '{"id":"u"}'}))
            client.wait()
        process = self.watch(serve, 'x', '--user-data', '{"id":"u"}')
        process.wait_line(type='user', status='signed_in')
        self.assertIn('pusher:signin', first)
        self.stop(process)

    def test_fallback_hits_pusher(self):
        """With an own host nothing else is asked, whatever the transport."""
        targets = []

        def serve(client):
            targets.append(client.target + ' ' + client.headers.get('host', ''))
            client.answer(502)
        proxy = cli_socket.Server(self, serve, upgrades=False)
        address = f'http://127.0.0.1:{proxy.listener.getsockname()[1]}'
        self.run_cli('watch', '--key', 'k', '--host', 'channels.example', '--no-tls', '--proxy',
                     address, '--transports', 'ws,wss,xhr_streaming,xhr_polling,sockjs', '--for',
                     '8', '--reconnect-delay', '0.1', '--max-delay', '0.1')
        self.assertGreater(len(targets), 1)
        for target in targets:
            self.assertIn('channels.example', target)
            self.assertNotIn('pusher', target.replace('/pusher/', '/').lower())

    def test_server_closes_over_the_frame_size(self):
        """Checked before anything is sent."""
        self.assert_refused(['trigger', '--client', 'private-x', '--key', 'k', '--host',
                             '127.0.0.1', '--port', '9', '--event', 'client-e', '--data',
                             json.dumps('x' * 10239)], '10241', '10240', **SECRET)


if __name__ == '__main__':
    cli.main()
