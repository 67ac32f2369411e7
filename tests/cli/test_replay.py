# SPDX-License-Identifier: GPL-3.0-or-later
"""`serve --replay`: what was recorded is received again, as it was."""
import json
import os
import signal
import socket
import sqlite3
import subprocess

import cli

EVENT_KEYS = ('channel', 'event', 'data', 'raw', 'user_id', 'size', 'direction', 'encrypted', 'decrypted')


def event(second, channel='news', name='e', raw='{}', **more):
    """A line of `watch`, recorded so many seconds after noon."""
    time = f'2026-11-21T{12 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000Z'
    return {'time': time, 'type': 'event', 'direction': 'in', 'channel': channel, 'event': name, 'raw': raw, **more}


def presence(second, action, **more):
    return event(second) | {'type': 'presence', 'channel': 'presence-room', 'action': action, 'me': 'recorder'} | more


class Replay(cli.TestCase):
    def lines(self, *lines, name='lines.ndjson'):
        return self.write(name, ''.join(json.dumps(line) + '\n' for line in lines))

    def replay(self, file, *arguments, **variables):
        server = self.serve('--replay', file, *arguments, **variables)
        return server, server.wait_line(type='replay', action='ready')

    def watch(self, server, *arguments):
        return self.start('watch', *server.connection(), '--format', 'ndjson', *arguments,
                          CHANNELSCOPE_SECRET='app-secret')

    def told(self, process):
        return [{key: line[key] for key in EVENT_KEYS if key in line}
                for line in map(json.loads, process.out) if line['type'] == 'event']

    def record(self, *events):
        """A real capture, of a real connection."""
        server = self.serve()
        path = self.path('recorded.channelscope')
        watch = self.start('watch', *server.connection(), 'news', 'private-x', 'presence-room', 'cache-c', '--record',
                           path, '--count', str(len(events)), '--presence-user', '{"user_id":"recorder"}',
                           CHANNELSCOPE_SECRET='app-secret')
        for _ in range(4):
            watch.wait_line(type='subscription', status='subscribed')
        for channel, name, data in events:
            server.publish(channel, name, data)
        self.finish(watch, 0)
        server.signal(signal.SIGTERM)
        self.finish(server, 130)
        return path, watch

    def test_a_recording(self):
        events = [('news', 'first', {'a': 1.0, 'name': 'Zoë'}), ('private-x', 'second', 'no JSON {'),
                  ('presence-room', 'third', '"\\u0000 1e21"'), ('cache-c', 'fourth', [12345678901234567890]),
                  ('news', 'fifth', '')]
        path, recorded = self.record(*events)
        with open(path, 'rb') as file:
            before = file.read()
        server, ready = self.replay(path)
        self.assertEqual((ready['events'], ready['channel_count'], ready['speed'], ready['dropped']), (5, 4, 1, 0))
        self.assertEqual(set(ready['channels']), {'news', 'private-x', 'presence-room', 'cache-c'})
        watch = self.watch(server, 'news', 'private-x', 'presence-room', 'cache-c', '--count', '5')
        server.wait_line(type='replay', action='begun')
        self.finish(watch, 0)
        self.assertEqual(self.told(watch), self.told(recorded))
        self.assertEqual(len(self.told(watch)), 5)
        ended = server.wait_line(type='replay', action='ended')
        self.assertEqual(ended['events'], 5)
        # it lives on, as a sandbox
        other = self.watch(server, 'news', '--count', '1')
        other.wait_line(type='subscription', status='subscribed')
        server.publish('news', 'later', {})
        self.finish(other, 0)
        server.signal(signal.SIGINT)
        self.assertEqual(self.finish(server, 130).err, '')
        with open(path, 'rb') as file:
            self.assertEqual(file.read(), before)

    def test_what_is_sent(self):
        """Client events with their users; not what went out, what has no channel, or the protocol's own."""
        file = self.lines(event(0, 'presence-room', 'client-typing', '1', user_id='ana'),
                          event(0, 'news', 'out', '2', direction='out'),
                          {**event(0, name='nowhere', raw='3'), 'channel': None},
                          event(0, name='pusher:ping', raw='4'),
                          event(0, 'private-encrypted-x', 'secret', '{"ciphertext":"AA==","nonce":"AA=="}',
                                encrypted=True, decrypted=True, data={'plain': 'text'}),
                          event(1, 'news', 'last', '5'))
        server, ready = self.replay(file)
        self.assertEqual(ready['seconds'], 1)
        watch = self.watch(server, 'presence-room', 'news', 'private-encrypted-x', '--filter', 'event != "secret"',
                           '--count', '2')
        self.finish(watch, 0)
        self.assertEqual([(line['event'], line['raw'], line.get('user_id')) for line in self.told(watch)],
                         [('client-typing', '1', 'ana'), ('last', '5', None)])
        sent = server.wait_line(type='event', channel='private-encrypted-x')
        self.assertEqual(sent['data'], {'ciphertext': 'AA==', 'nonce': 'AA=='})
        self.assertEqual(server.wait_line(type='replay', action='ended')['events'], 3)
        server.signal(signal.SIGINT)
        self.assertIn('2 entries can’t be sent', self.finish(server, 130).err)

    def test_members(self):
        member = lambda name: {'user_id': name, 'user_info': {'name': name.title()}}
        file = self.lines(
            presence(0, 'snapshot', count=3, members=[member('recorder'), member('ana'), member('bob')]),
            event(1, 'presence-room', 'a'), presence(1, 'added', count=4, member=member('carl')),
            presence(1, 'removed', count=3, member={'user_id': 'ana', 'user_info': None}),
            presence(2, 'snapshot', count=2, members=[member('recorder'), member('carl')]),
            event(2, 'presence-room', 'b'))
        # who was recorded takes nobody's place
        server, _ = self.replay(file, '--max-members', '1')
        watch = self.watch(server, 'presence-room', '--count', '2', '--presence-user', '{"user_id":"me"}')
        self.finish(watch, 0)
        told = [line for line in map(json.loads, watch.out) if line['type'] == 'presence']
        self.assertEqual([one['user_id'] for one in told[0]['members']], ['ana', 'bob', 'me'])
        self.assertEqual(told[0]['members'][0], member('ana'))
        self.assertEqual([(line['action'], line['member']['user_id']) for line in told[1:]],
                         [('added', 'carl'), ('removed', 'ana'), ('removed', 'bob')])

    def test_distances(self):
        file = self.lines(event(0, name='a'), event(100, name='b'), event(101, name='c'))
        server, ready = self.replay(file, '--speed', '100')
        self.assertEqual((ready['seconds'], ready['speed']), (101, 100))
        watch = self.watch(server, 'news', '--count', '3')
        self.finish(watch, 0)
        self.assertEqual([line['event'] for line in self.told(watch)], ['a', 'b', 'c'])
        self.assertGreaterEqual(server.wait_line(type='replay', action='ended')['seconds'], 1.01)

    def test_long_silence_is_told(self):
        file = self.lines(event(0, name='a'), event(7200, name='b'))
        server, _ = self.replay(file)
        self.watch(server, 'news')
        silence = server.wait_line(type='replay', action='silence')
        self.assertEqual((silence['seconds'], silence['waits']), (7200, 60))

    def test_waits_for_a_subscriber(self):
        """Nothing is sent to nobody: not before, and not between two pages."""
        file = self.lines(event(0, name='a'), event(3600, name='b'))
        server, _ = self.replay(file, '--speed', '1800')
        other = self.watch(server, 'another')
        other.wait_line(type='subscription', status='subscribed')
        first = self.watch(server, 'news', '--count', '1')
        self.finish(first, 0)
        server.wait_line(type='replay', action='begun')
        server.wait_line(type='replay', action='paused')
        second = self.watch(server, 'news', '--count', '1')
        self.finish(second, 0)
        self.assertEqual([line['event'] for line in self.told(first) + self.told(second)], ['a', 'b'])
        server.wait_line(type='replay', action='resumed')
        server.wait_line(type='replay', action='ended')
        server.signal(signal.SIGINT)
        self.assertIn('nothing of the channel “another”', self.finish(server, 130).err)

    def test_damaged(self):
        """What can be read of a capture that is damaged in its middle."""
        path = self.path('damaged.channelscope')
        lines = self.lines(*(event(0, raw=str(number)) for number in range(2000)))
        self.assertEqual(self.run_cli('import', lines, path).status, 0)
        with open(path, 'r+b') as file:
            file.seek(os.path.getsize(path) // 2 // 4096 * 4096)
            file.write(b'\xff' * 8192)
        server, ready = self.replay(path, '--speed', '10000')
        self.assertTrue(1000 < ready['events'] < 2000, ready)
        watch = self.watch(server, 'news', '--count', str(ready['events']))
        self.finish(watch, 0)
        self.assertEqual(server.wait_line(type='replay', action='ended')['events'], ready['events'])
        server.signal(signal.SIGINT)
        self.assertIn('This capture is damaged', self.finish(server, 130).err)

    def test_standard_input(self):
        """What a filter leaves of a capture, by a pipe."""
        path, _ = self.record(('news', 'wanted', {}), ('news', 'unwanted', {}), ('news', 'wanted', {'n': 2}))
        with subprocess.Popen([cli.PROGRAM, 'export', path, '--to', 'ndjson', '--filter', 'event == "wanted"'],
                              env=self.env, stdout=subprocess.PIPE) as export:
            server = cli.Process(['serve', '--format', 'ndjson', '--replay', '-'], self.env, stdin=export.stdout)
            self.addCleanup(server.kill)
            server.port = server.wait_line(type='listening')['port']
            server.connection = lambda: ['--key', 'app-key', '--host', '127.0.0.1', '--port', str(server.port),
                                         '--no-tls']
        self.assertEqual(server.wait_line(type='replay', action='ready')['events'], 2)
        watch = self.watch(server, 'news', '--count', '2')
        self.finish(watch, 0)
        self.assertEqual([line['raw'] for line in self.told(watch)], ['{}', '{"n": 2}'])
        self.assertEqual([name for name in os.listdir(self.place) if name.startswith('channelscope-')], [])

    def test_many_events_at_once(self):
        file = self.lines(*(event(0, raw=str(number)) for number in range(5000)))
        server, ready = self.replay(file, '--speed', '10000')
        self.assertEqual(ready['events'], 5000)
        watch = self.watch(server, 'news', '--count', '5000')
        self.finish(watch, 0)
        self.assertEqual([line['raw'] for line in self.told(watch)], [str(number) for number in range(5000)])

    def test_a_subscriber_that_does_not_read(self):
        """It is waited for: what waits stays below what a connection is closed for."""
        n = 300
        file = self.lines(*(event(0, raw=json.dumps([number, 'x' * 100000])) for number in range(n)))
        server, _ = self.replay(file, '--speed', '10000')
        subscribe = json.dumps({'event': 'pusher:subscribe', 'data': {'channel': 'news'}}).encode()
        with socket.create_connection(('127.0.0.1', server.port), timeout=cli.DEADLINE) as connection:
            connection.sendall(b'GET /app/app-key?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n'
                               b'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
                               b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
            # masked, by zeros
            connection.sendall(bytes([0x81, 0x80 | len(subscribe), 0, 0, 0, 0]) + subscribe)
            self.assertLess(self.wait_for_stillness(server), n)
            got = list(self.read_events(connection.makefile('rb'), n))
        self.assertEqual(got, list(range(n)))
        self.assertEqual(server.wait_line(type='replay', action='ended')['events'], n)

    def wait_for_stillness(self, server):
        """Until it has sent no more between many requests, which it answered; how many events that were."""
        sent, still = 0, 0
        while sent == 0 or still < 20:
            server.publish('another', 'asked', {})
            before, sent = sent, sum('"channel":"news"' in line[:60] for line in server.out)
            still = still + 1 if sent == before else 0
        return sent

    def read_events(self, file, n):
        """The number in each of n events."""
        while file.readline() != b'\r\n':
            pass
        while n > 0:
            head = file.read(2)
            self.assertEqual(head[0], 0x81, head)
            length = head[1]
            if length >= 126:
                length = int.from_bytes(file.read(2 if length == 126 else 8), 'big')
            message = json.loads(file.read(length))
            if message['event'] == 'e':
                n -= 1
                yield message['data'][0]

    def test_gap(self):
        """Where the recording was blind a line says so, and what follows comes all the same."""
        path = self.path('recorded.channelscope')
        server = self.serve()
        recorder = self.start('watch', *server.connection(), 'news', '--record', path, '--count', '2',
                              '--reconnect-delay', '0.1')
        recorder.wait_line(type='subscription', status='subscribed')
        server.publish('news', 'before', {})
        recorder.wait_line(type='event', event='before')
        server.kill()
        recorder.wait_line(type='connecting_in')
        again = self.serve('--port', str(server.port))
        recorder.wait_line(type='subscription', status='subscribed')
        again.publish('news', 'after', {})
        self.finish(recorder, 0)

        replayer, _ = self.replay(path, '--speed', '10')
        watch = self.watch(replayer, 'news', '--count', '2')
        self.finish(watch, 0)
        self.assertEqual([line['event'] for line in self.told(watch)], ['before', 'after'])
        gap = replayer.wait_line(type='replay', action='gap')
        self.assertGreater(gap['seconds'], 0)
        self.assertLess(gap['waits'], gap['seconds'])

    def test_is_ended_meanwhile(self):
        file = self.lines(*(event(second) for second in range(3000)))
        server, _ = self.replay(file)
        watch = self.watch(server, 'news')
        watch.wait_line(type='event')
        server.signal(signal.SIGTERM)
        result = self.finish(server, 130)
        self.assertEqual((result.err, result.lines[-1]['action']), ('', 'closed'))

    def test_text(self):
        file = self.lines(event(0), event(1))
        server = self.start('serve', '--replay', file, '--format', 'text')
        listening = server.queue.get(timeout=cli.DEADLINE)
        port = listening.split(':')[1].split(',')[0]
        self.assertIn('events 2, channels 1, recorded within 1', server.queue.get(timeout=cli.DEADLINE))
        watch = self.start('watch', 'news', '--key', 'app-key', '--host', '127.0.0.1', '--port', port, '--no-tls',
                           '--count', '2')
        self.finish(watch, 0)
        text = ''
        while 'over' not in text:
            text = server.queue.get(timeout=cli.DEADLINE)
        self.assertRegex(text, r'\A\d\d:\d\d:\d\d\.\d{3}  The replay is over: 2 events were sent, in 1')
        server.signal(signal.SIGINT)
        self.assertIn('channelscope-cli watch news --key', self.finish(server, 130).err)

    def test_refusals(self):
        file = self.lines(event(0))
        nothing = self.lines(event(0, direction='out'), name='nothing.ndjson')
        no_lines = self.write('no-lines', 'hello\n')
        for arguments, words in ((['--speed', '2'], ['--replay FILE']),
                                 (['--replay', file, '--demo'], ['--demo', '--replay']),
                                 (['--replay', ''], ['--replay', 'name of a file']),
                                 (['--replay', self.path('absent')], ['absent']),
                                 (['--replay', self.place], [self.place]),
                                 (['--replay', no_lines], ['no-lines', 'neither a capture nor']),
                                 *((['--replay', file, '--speed', speed], ['--speed', f'“{speed}”', '0.01 to 10000'])
                                   for speed in ('0', '-1', 'fast', 'nan', 'inf', '1x', '0.001', '10001', '2,5'))):
            with self.subTest(arguments):
                self.assert_refused(['serve', *arguments], *words)
        result = self.run_cli('serve', '--replay', nothing)
        self.assertEqual((result.status, result.out), (1, ''))
        self.assertIn('nothing to replay', result.err)

    def test_another_database(self):
        database = sqlite3.connect(self.path('other.db'))
        database.execute('CREATE TABLE a (b)')
        database.commit()
        database.close()
        self.assert_refused(['serve', '--replay', self.path('other.db')], 'other.db', 'is no capture')


if __name__ == '__main__':
    cli.main()
