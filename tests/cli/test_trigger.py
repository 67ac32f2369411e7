# SPDX-License-Identifier: GPL-3.0-or-later
"""`trigger --client`: events over the socket, and what became of them."""
import os
import signal
import socket
import threading

import cli
import cli_socket

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}


class Trigger(cli.TestCase):
    def trigger(self, server, *arguments, **variables):
        return self.run_cli('trigger', '--client', *server.connection(), *arguments,
                            **(SECRET | variables))

    def test_arrives(self):
        server = self.serve()
        watch = self.start('watch', *server.connection(), 'private-a', 'presence-b', '--count', '2',
                           **SECRET)
        for channel in ('private-a', 'presence-b'):
            watch.wait_line(type='subscription', channel=channel, status='subscribed')
        result = self.trigger(server, 'private-a', 'presence-b', '--event', 'client-e',
                              '--data', '{"n": 12345678901234567890123}',
                              '--presence-user', '{"user_id":"7"}')
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual([(line['outcome'], line['events'],
                           line['channel']) for line in result.lines],
                         [('accepted', 1, 'private-a'), ('accepted', 1, 'presence-b')])
        events = [line for line in self.finish(watch, 0).lines if line['type'] == 'event']
        self.assertEqual([event['event'] for event in events], ['client-e', 'client-e'])
        self.assertEqual(events[0]['data'], {'n': 12345678901234567890123})
        self.assertEqual(events[1]['user_id'], '7')

    def test_more_than_the_rate_allows(self):
        server = self.serve()
        channels = [f'private-{n}' for n in range(12)]
        result = self.trigger(server, *channels, '--event', 'client-e', '--data', '1')
        self.assertEqual(result.status, 0, result.out)
        self.assertEqual([line['channel'] for line in result.lines], channels)

    def test_refused_is_never_accepted(self):
        """The pong to one event's ping comes late: it says nothing about the next event."""
        seen = []
        early = []

        def refuse(client):
            client.greet()
            while (message := client.read()) is not None:
                event = message['event']
                seen.append(event)
                if event == 'pusher:subscribe':
                    client.send({'event': 'pusher_internal:subscription_succeeded',
                                 'channel': message['data']['channel'], 'data': '{}'})
                elif event == 'client-e':
                    client.send({'event': 'pusher:error', 'data': {'code': 4301, 'message': 'no'}})
                elif event == 'pusher:ping':
                    if client.has_more(0.3) and seen.count('client-e') < 3:
                        early.append(len(seen))
                    client.send({'event': 'pusher:pong', 'data': {}})

        server = cli_socket.Server(self, refuse)
        result = self.trigger(server, 'private-a', 'private-b', 'private-c', '--event', 'client-e',
                              '--data', '1')
        self.assertEqual(result.status, 1, result.out)
        self.assertEqual([line['outcome'] for line in result.lines], ['refused'] * 3)
        self.assertIn('Send fewer events', result.lines[0]['meaning'])
        self.assertEqual(seen[3:8], ['client-e', 'pusher:ping', 'client-e', 'pusher:ping',
                                     'client-e'])
        self.assertEqual(early, [])

    def test_refusal_steers_no_terminal(self):
        def refuse(client):
            client.greet()
            client.until('pusher:subscribe')
            client.send({'event': 'pusher_internal:subscription_succeeded',
                         'channel': 'private-a', 'data': '{}'})
            client.until('client-e')
            client.send({'event': 'pusher:error', 'data': {'message': 'no\x1b[2J\nprivate-b: accepted'}})
            client.wait()

        server = cli_socket.Server(self, refuse)
        result = self.trigger(server, 'private-a', '--event', 'client-e', '--data', '1', '--format',
                              'text')
        self.assertEqual(result.status, 1, result.out)
        self.assertEqual(len(result.out.splitlines()), 1, result.out)
        self.assertIn('refused: no␛[2J␊private-b: accepted', result.out)

    def test_max_data(self):
        received = []

        def take(client):
            client.greet()
            while (message := client.read()) is not None:
                if message['event'] == 'pusher:subscribe':
                    client.send({'event': 'pusher_internal:subscription_succeeded',
                                 'channel': 'private-a', 'data': '{}'})
                elif message['event'] == 'pusher:ping':
                    client.send({'event': 'pusher:pong', 'data': {}})
                else:
                    received.append(message['data'])

        server = cli_socket.Server(self, take)
        result = self.trigger(server, 'private-a', '--event', 'client-e', '--max-data', '20000',
                              '--data', '"' + 'x' * 15000 + '"')
        self.assertEqual(result.status, 0, result.out)
        self.assertEqual(received, ['x' * 15000])

    def test_data_from_a_file(self):
        server = self.serve()
        data = self.write('data', '{"a":\n1}\n')
        self.trigger(server, 'private-a', '--event', 'client-e', '--data', f'@{data}')
        self.assertEqual(server.wait_line(type='event')['data'], {'a': 1})

    def test_data_from_a_pipe(self):
        server = self.serve()
        pipe = self.path('pipe')
        os.mkfifo(pipe)
        arguments = ['private-a', '--event', 'client-e', '--data', f'@{pipe}']
        for number in (signal.SIGINT, signal.SIGTERM):
            waiting = self.start('trigger', '--client', *server.connection(), *arguments, **SECRET)
            # opened: only now it waits, so it has its handlers
            with open(pipe, 'w', encoding='utf-8'):
                waiting.signal(number)
                self.finish(waiting, 130)

        def write():
            with open(pipe, 'w', encoding='utf-8') as file:
                file.write('{"a":2}')

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        self.assertEqual(self.trigger(server, *arguments).status, 0)
        writer.join(cli.DEADLINE)
        self.assertEqual(server.wait_line(type='event')['data'], {'a': 2})

    def test_not_authorized(self):
        server = self.serve()
        result = self.trigger(server, 'private-a', '--event', 'client-e', '--data', '1',
                              CHANNELSCOPE_SECRET='wrong')
        self.assertEqual(result.status, 1)
        self.assertEqual([line['outcome'] for line in result.lines], ['not_sent'])
        self.assertTrue(result.lines[0]['message'])

    def test_wrong_key(self):
        server = self.serve()
        result = self.trigger(server, 'private-a', '--event', 'client-e', '--data', '1', '--key',
                              'wrong')
        self.assertEqual(result.status, 1)
        self.assertEqual([line['outcome'] for line in result.lines], ['not_sent'])

    def test_could_not_connect(self):
        with socket.socket() as listener:
            listener.bind(('127.0.0.1', 0))
            listener.listen()
            result = self.run_cli('trigger', '--client', '--key', 'k', '--host', '127.0.0.1',
                                  '--no-tls',
                                  '--port', str(listener.getsockname()[1]), 'private-a',
                                  '--event', 'client-e', '--data', '1', '--connect-timeout', '0.5')
        self.assertEqual(result.status, 3)
        self.assertEqual([line['outcome'] for line in result.lines], ['not_sent'])

    def test_refused_before_connecting(self):
        place = ['trigger', '--client', '--key', 'k', '--host', '127.0.0.1']
        good = ['--event', 'client-e', '--data', '1']
        for arguments, word in (
                (['news', *good], 'news'), (['private-encrypted-x', *good], 'private-encrypted-x'),
                (['private-x', '--event', 'e', '--data', '1'], 'client-'),
                (['private-x', '--event', 'client-e'], '--data'),
                (['private-x', '--data', '1'], '--event'),
                (['private-x', '--event', 'client-e', '--data', '{'], 'JSON'),
                (['private-x', '--event', 'client-e', '--data', '@/nonexistent'], '/nonexistent'),
                (['private-x', *good, '--max-data', '0'], '“0”'),
                (['private-x', '--event', 'client-e', '--data', '"' + 'x' * 10239 + '"'], '10240'),
                (['private-x', '--event', 'client-e', '--data', '123', '--max-data', '2'], '2'),
                ([*good], 'CHANNEL')):
            with self.subTest(arguments[:3]):
                self.assert_refused([*place, *arguments], word)


if __name__ == '__main__':
    cli.main()
