# SPDX-License-Identifier: GPL-3.0-or-later
"""`watch` and `query`: lines, exit statuses, recordings, lost servers, secrets."""
import os
import pty
import re
import signal
import socket
import sqlite3
import subprocess
import time

import cli
import cli_socket

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}
# nothing that the test waits for takes longer than it must
QUICK = ['--reconnect-delay', '0.1', '--max-delay', '0.2', '--unavailable-timeout', '0.5',
         '--connect-timeout', '2']


class Watch(cli.TestCase):
    def watch(self, server, *arguments, **variables):
        return self.start('watch', *server.connection(), *arguments, **variables)

    def subscribed(self, process, *channels):
        for channel in channels:
            process.wait_line(type='subscription', channel=channel, status='subscribed')

    def test_lines_in_order(self):
        server = self.serve()
        watch = self.watch(server, 'news', '--count', '3')
        self.subscribed(watch, 'news')
        server.publish('news', 'first', {'n': 12345678901234567890123, 'x': 1e21, 's': 'a\u0000ü'})
        server.publish('news', 'second', 'no JSON')
        server.publish('other', 'not ours', {})
        server.publish('news', 'third', '[]')
        lines = self.finish(watch, 0).lines

        for line in lines:
            self.assertRegex(line['time'], r'\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z')
        self.assertEqual([line['time'] for line in lines], sorted(line['time'] for line in lines))
        kinds = [(line['type'], line.get('current') or line.get('status') or line.get('event'))
                 for line in lines]
        self.assertEqual(kinds, [('state', 'connecting'), ('state', 'connected'),
                                 ('subscription', 'pending'), ('subscription', 'subscribed'),
                                 ('event', 'first'), ('event', 'second'), ('event', 'third'),
                                 ('state', 'disconnected')])
        self.assertEqual(lines[0]['previous'], 'initialized')
        self.assertRegex(lines[1]['socket_id'], r'\A\d+\.\d+\Z')
        self.assertEqual((lines[1]['transport'], lines[1]['activity_timeout']), ('ws', 120))
        first = lines[4]
        self.assertEqual((first['direction'], first['channel']), ('in', 'news'))
        self.assertEqual(first['raw'],
                         '{"n": 12345678901234567890123, "x": 1e+21, "s": "a\\u0000\\u00fc"}')
        self.assertIn('"data":{"n":12345678901234567890123,"x":1e+21,"s":"a\\u0000\\u00fc"}',
                      ''.join(watch.out))
        self.assertEqual((lines[5]['data'], lines[5]['raw']), ('no JSON', 'no JSON'))
        self.assertEqual((lines[6]['data'], lines[6]['raw']), ([], '[]'))

    def test_filter_chooses_events_only(self):
        server = self.serve()
        watch = self.watch(server, 'news', '--filter', 'data.total > 100 and event == "paid"',
                           '--count', '1')
        self.subscribed(watch, 'news')
        server.publish('news', 'paid', {'total': 100})
        server.publish('news', 'placed', {'total': 500})
        server.publish('news', 'paid', {'total': 101})
        events = [line for line in self.finish(watch, 0).lines if line['type'] == 'event']
        self.assertEqual([event['data'] for event in events], [{'total': 101}])

    def test_count_not_reached(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), 'news', '--count', '1', '--for',
                              cli.A_WHILE)
        self.assertEqual(result.status, 1)

    def test_time(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), 'news', '--for', cli.A_WHILE)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(result.lines[-1]['current'], 'disconnected')

    def test_without_channel(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), '--for', cli.A_WHILE)
        self.assertEqual(result.status, 0)
        self.assertEqual([line['current'] for line in result.lines],
                         ['connecting', 'connected', 'disconnected'])

    def test_expect_looks_at_every_event(self):
        server = self.serve()
        watch = self.watch(server, 'news', '--filter', 'event == "shown"', '--expect',
                           'data.n == 2', '--for', '15')
        self.subscribed(watch, 'news')
        server.publish('news', 'hidden', {'n': 1})
        server.publish('news', 'shown', {'n': 0})
        server.publish('news', 'hidden', {'n': 2})
        events = [line for line in self.finish(watch, 0).lines if line['type'] == 'event']
        self.assertEqual([event['data']['n'] for event in events], [0, 2])

    def test_expect_not_seen(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), 'news', '--expect', 'event == "x"',
                              '--for', cli.A_WHILE)
        self.assertEqual(result.status, 1)
        self.assertIn('--expect', result.err)
        watch = self.watch(server, 'news', '--expect', 'event == "x"', '--count', '1')
        self.subscribed(watch, 'news')
        server.publish('news', 'y', {})
        self.assertIn('--expect', self.finish(watch, 1).err)

    def test_frames(self):
        server = self.serve()
        watch = self.watch(server, 'news', '--frames', '--count', '1')
        self.subscribed(watch, 'news')
        server.publish('news', 'e', {'a': 1})
        frames = [line for line in self.finish(watch, 0).lines if line['type'] == 'frame']
        self.assertEqual([frame['direction'] for frame in frames], ['in', 'out', 'in', 'in'])
        self.assertIn('"pusher:subscribe"', frames[1]['text'])
        self.assertIn('"channel":"news"', frames[3]['text'])

    def test_private_and_presence(self):
        server = self.serve()
        user = '{"user_id":"7","user_info":{"name":"Ana"}}'
        watch = self.watch(server, 'private-orders', 'presence-room', '--presence-user', user,
                           **SECRET)
        self.subscribed(watch, 'private-orders', 'presence-room')
        snapshot = watch.wait_line(type='presence', action='snapshot')
        self.assertEqual((snapshot['me'], snapshot['count']), ('7', 1))
        self.assertEqual(snapshot['members'], [{'user_id': '7', 'user_info': {'name': 'Ana'}}])
        other = self.watch(server, 'presence-room', '--presence-user', '{"user_id":"8"}', **SECRET)
        added = watch.wait_line(type='presence', action='added')
        self.assertEqual((added['member']['user_id'], added['count']), ('8', 2))
        other.signal(signal.SIGTERM)
        self.finish(other, 130)
        watch.wait_line(type='presence', action='removed')
        watch.signal(signal.SIGINT)
        self.finish(watch, 130)

    def test_user_and_watchlist(self):
        server = self.serve()
        user = '{"id":"ann","watchlist":["ben","cem"]}'
        watch = self.watch(server, 'news', '--user-data', user, **SECRET)
        signed_in = watch.wait_line(type='user', status='signed_in')
        self.assertEqual((signed_in['user_id'], signed_in['watchlist']), ('ann', ['ben', 'cem']))
        away = watch.wait_line(type='watchlist', status='offline')
        self.assertEqual(away['user_ids'], ['ben', 'cem'])
        other = self.watch(server, '--user-data', '{"id":"ben"}', **SECRET)
        self.assertEqual(watch.wait_line(type='watchlist', status='online')['user_ids'], ['ben'])
        other.signal(signal.SIGTERM)
        self.finish(other, 130)
        gone = watch.wait_line(type='watchlist', status='offline')
        self.assertEqual(gone['user_ids'], ['ben'])
        server.publish('#server-to-user-ann', 'hello', {'n': 1})
        hello = watch.wait_line(type='event', event='hello')
        self.assertEqual((hello['channel'], hello['data']), ('#server-to-user-ann', {'n': 1}))
        watch.signal(signal.SIGINT)
        lines = self.finish(watch, 130).lines
        kinds = [line['type'] for line in lines if line['type'] in ('user', 'subscription')]
        self.assertEqual(kinds[-1], 'user')
        self.assertEqual(lines[-1]['status'], 'signed_out')

    def test_sign_in_that_fails(self):
        server = self.serve()
        user = ['--user-data', '{"id":"ann"}']
        result = self.run_cli('watch', *server.connection(), *user, 'news', '--for',
                              cli.A_WHILE, CHANNELSCOPE_SECRET='wrong')
        self.assertEqual(result.status, 1)
        self.assertIn('Could not sign in: Invalid signature', result.err)
        [line] = [line for line in result.lines if line['type'] == 'user']
        self.assertEqual((line['status'], line['error']['type']), ('error', 'ServerError'))
        self.assertIn('signature does not fit', line['error']['meaning'])
        [line] = [line for line in result.lines if line['type'] == 'error']
        self.assertIn('signature does not fit', line['meaning'])
        # the rest went on
        self.assertTrue([line for line in result.lines if line.get('status') == 'subscribed'])
        text = self.run_cli('watch', *server.connection(), *user, '--for', cli.A_WHILE, '--format',
                            'text', CHANNELSCOPE_SECRET='wrong')
        self.assertIn('could not sign in: ServerError: Invalid signature', text.out)

    def test_user_as_text(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), '--for', cli.A_WHILE, '--format', 'text',
                              '--user-data', '{"id":"ann","watchlist":["ben"]}', **SECRET)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertIn('signed in: ann', result.out)
        self.assertIn('offline: ben', result.out)
        self.assertIn('signed out: ann', result.out)

    def test_long_name_is_warned_of(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), 'n' * 165, '--for', cli.A_WHILE)
        self.assertEqual(result.status, 0)
        self.assertIn('164', result.err)

    def test_channel_that_fails(self):
        server = self.serve()
        for variables in ({}, {'CHANNELSCOPE_SECRET': ''}, {'CHANNELSCOPE_SECRET': 'wrong'}):
            with self.subTest(variables):
                result = self.run_cli('watch', *server.connection(), 'news', 'private-x', '--for',
                                      cli.A_WHILE, **variables)
                self.assertEqual(result.status, 1, result.out)
                failed = [line for line in result.lines if line.get('status') == 'error']
                self.assertEqual([line['channel'] for line in failed], ['private-x'])
                self.assertTrue(failed[0]['error']['message'])
                self.assertIn('“private-x”', result.err)

    def test_no_channel_lets_us_in(self):
        """It is said at once; whoever waits for events without a time is not left waiting."""
        server = self.serve()
        for arguments in (['private-x'], ['private-x', 'presence-y', 'private-x']):
            watch = self.watch(server, *arguments)
            watch.wait_line(type='subscription', channel=arguments[-1], status='error')
            end = time.monotonic() + cli.DEADLINE
            while not watch.err and time.monotonic() < end:
                time.sleep(0.01)
            watch.signal(signal.SIGTERM)
            err = self.finish(watch, 130).err
            self.assertEqual(err.count('Nothing is being watched'), 1, err)
            self.assertIn('Ctrl+C', err)
            for waits in (['--count', '1'], ['--expect', 'event == "x"']):
                result = self.run_cli('watch', *server.connection(), *arguments, *waits)
                self.assertEqual(result.status, 1)
                self.assertIn('Nothing can be watched', result.err)
                self.assertIn('“private-x” could not be subscribed to', result.err)
        # one that lets us in is enough, and so is a time
        result = self.run_cli('watch', *server.connection(), 'private-x', 'news', '--for', cli.A_WHILE)
        self.assertNotIn('Nothing', result.err)
        result = self.run_cli('watch', *server.connection(), 'private-x', '--count', '1', '--for', cli.A_WHILE)
        self.assertIn('0 of 1 events came in time', result.err)

    def test_wrong_key_ends_at_once(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection('wrong'), 'news')
        self.assertEqual(result.status, 1)
        self.assertEqual([line['code'] for line in result.lines if line['type'] == 'error'], [4001])
        last = result.lines[-1]
        self.assertEqual((last['type'], last['current'], last['code']),
                         ('state', 'disconnected', 4001))
        self.assertTrue(last['meaning'])
        self.assertIn('Check the key', result.err)

    def test_refused_for_good_or_used_up(self):
        for code, status in ((4000, 1), (4001, 1), (4100, 3), (1011, 3)):
            with self.subTest(code):
                def refuse(client, code=code):
                    client.send({'event': 'pusher:error', 'data': {'code': code, 'message': 'no'}})
                    client.close(code)
                server = cli_socket.Server(self, refuse)
                result = self.run_cli('watch', *server.connection(), '--transports', 'ws',
                                      '--max-attempts', '1')
                self.assertEqual(result.status, status, result.out)

    def test_refused_upgrade_ends_at_once(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), '--whole-path', '--path', '/nothing')
        self.assertEqual(result.status, 1)
        self.assertIn('404', result.err)

    def test_no_transport(self):
        result = self.run_cli('watch', '--key', 'k', '--transports', 'wss')
        self.assertEqual(result.status, 2)
        self.assertEqual([line['current'] for line in result.lines if line['type'] == 'state'],
                         ['failed'])
        self.assertIn('--no-tls', result.err)
        capture = self.path('capture')
        recorded = self.run_cli('watch', '--key', 'k', '--transports', 'wss', '--record', capture)
        self.assertEqual(recorded.status, 2)
        self.assertEqual(self.run_cli('query', capture).out, recorded.out)
        self.assertFalse(os.path.exists(capture + '-wal'))

    def test_never_connected(self):
        with socket.socket() as listener:  # takes connections, never answers
            listener.bind(('127.0.0.1', 0))
            listener.listen()
            place = ['--key', 'k', '--host', '127.0.0.1', '--port', str(listener.getsockname()[1]),
                     '--no-tls']
            result = self.run_cli('watch', *place, '--for', '0.5', '--expect', 'event == "x"')
            self.assertEqual(result.status, 3)
            self.assertRegex(result.err, r'\Achannelscope-cli: [^\n]+\n\Z')
        result = self.run_cli('watch', *place, *QUICK, '--max-attempts', '2')
        self.assertEqual(result.status, 3, result.out)
        self.assertIn('2', result.err)

    def test_comma(self):
        result = self.run_cli('watch', *self.serve().connection(), 'news,', 'chat', '--for', cli.A_WHILE)
        self.assertEqual(result.status, 0)
        self.assertIn('“news,”', result.err)
        self.assertNotIn('chat', result.err)

    def test_errors_are_told_once(self):
        """For people: the subscription's line does not repeat the words of the line before."""
        server = self.serve()
        arguments = ['watch', *server.connection(), 'private-x', 'presence-y', '--for', cli.A_WHILE]
        text = self.run_cli(*arguments, '--format', 'text', CHANNELSCOPE_SECRET='wrong').out
        self.assertEqual(text.count('Expected HMAC'), 2, text)
        self.assertEqual(len(re.findall(r'(?m)^.* (private-x|presence-y)  subscription  error$', text)), 2, text)
        # without an error of the server the words stand there
        text = self.run_cli(*arguments, '--format', 'text').out
        self.assertRegex(text, r'private-x  subscription  error: AuthError: .+ – .+')
        lines = self.run_cli(*arguments, CHANNELSCOPE_SECRET='wrong').lines
        errors = [line['error'] for line in lines if line.get('status') == 'error']
        self.assertEqual(['Expected HMAC' in error['message'] for error in errors], [True, True])

    def test_doctor_is_named(self):
        """TLS where the server speaks none: what looks like nothing at all."""
        port = str(self.serve().port)
        result = self.run_cli('watch', '--key', 'app-key', '--host', '127.0.0.1', '--port', port, '--for', '0.3')
        self.assertEqual(result.status, 3)
        self.assertIn('channelscope-cli doctor', result.err)

    def test_server_comes_back(self):
        server = self.serve()
        watch = self.watch(server, 'news', *QUICK, '--count', '1')
        self.subscribed(watch, 'news')
        server.signal(signal.SIGKILL)
        server.finish()
        watch.wait_line(type='state', previous='connected', current='connecting')
        waiting = watch.wait_line(type='connecting_in')
        self.assertGreater(waiting['seconds'], 0)
        watch.wait_line(type='state', current='unavailable')
        again = self.serve('--port', str(server.port))
        watch.wait_line(type='state', previous='unavailable', current='connected')
        self.subscribed(watch, 'news')
        again.publish('news', 'e', {})
        self.finish(watch, 0)

    def test_server_says_goodbye(self):
        server = self.serve()
        watch = self.watch(server, 'news', *QUICK)
        self.subscribed(watch, 'news')
        server.signal(signal.SIGTERM)
        self.finish(server, 130)
        left = watch.wait_line(type='state', previous='connected')
        self.assertEqual((left['current'], left['code']), ('connecting', 4200))
        watch.signal(signal.SIGTERM)
        self.finish(watch, 130)

    def test_signals_close_cleanly(self):
        server = self.serve()
        for number in (signal.SIGINT, signal.SIGTERM):
            capture = self.path(f'{number}.channelscope')
            watch = self.watch(server, 'news', '--record', capture)
            self.subscribed(watch, 'news')
            server.publish('news', 'e', {'n': 1})
            watch.wait_line(type='event')
            watch.signal(number)
            self.assertEqual(self.finish(watch, 130).lines[-1]['current'], 'disconnected')
            server.wait_line(type='connection', action='closed')
            self.assertFalse(os.path.exists(capture + '-wal'))
            self.assertEqual(os.stat(capture).st_mode & 0o777, 0o600)

    def test_signal_before_connected(self):
        watch = self.start('watch', '--key', 'k', '--host', '127.0.0.1', '--port', '9', '--no-tls',
                           *QUICK)
        watch.wait_line(type='state', current='connecting')
        watch.signal(signal.SIGINT)
        self.finish(watch, 130)

    def test_reader_that_leaves(self):
        server = self.serve()
        reader, writer = os.pipe()
        with subprocess.Popen([cli.PROGRAM, 'watch', *server.connection(), 'news'], stdout=writer,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              env=self.env) as watch:
            os.close(writer)
            server.wait_line(type='subscription', action='subscribed')
            os.close(reader)
            self.assertEqual(watch.wait(timeout=cli.DEADLINE), 0)
            self.assertEqual(watch.stderr.read(), b'')

    def test_record_and_query(self):
        server = self.serve()
        capture = self.path('ä capture')
        watch = self.watch(server, 'news', '--record', capture, '--filter', 'event == "b"',
                           '--count', '2')
        self.subscribed(watch, 'news')
        for event in 'abab':
            server.publish('news', event, {'of': event})
        printed = self.finish(watch, 0)

        result = self.run_cli('query', capture, '--filter', 'event == "b"')
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(result.out, printed.out)
        everything = self.run_cli('query', capture).lines
        self.assertEqual([line['event'] for line in everything if line['type'] == 'event'],
                         list('abab'))
        summary = self.run_cli('query', capture, '--summary', '--filter', 'event == "a"').lines
        self.assertEqual(len(summary), 1)
        self.assertEqual((summary[0]['events'], summary[0]['matched'], summary[0]['gaps']),
                         (4, 2, 0))
        self.assertEqual(summary[0]['first'], everything[0]['time'])
        self.assertEqual(self.run_cli('query', capture, '--count', '9').status, 1)
        self.assertEqual(self.run_cli('query', capture, '--count', '4').status, 0)
        with sqlite3.connect(f'file:{capture}?mode=ro', uri=True) as database:
            self.assertEqual(database.execute('PRAGMA integrity_check').fetchone(), ('ok',))

        self.assert_refused(['watch', *server.connection(), '--record', capture], 'exists',
                            'capture')
        self.assert_refused(['query', self.path('none')], 'none')
        self.assert_refused(['query', self.write('text', 'no capture at all\n' * 100)], 'text')

    def test_damaged_rows(self):
        server = self.serve()
        capture = self.path('capture')
        watch = self.watch(server, 'news', '--record', capture, '--count', '4')
        self.subscribed(watch, 'news')
        for event in 'abcd':
            server.publish('news', event, {})
        self.finish(watch, 0)
        database = sqlite3.connect(capture)
        self.addCleanup(database.close)
        rows = [row[0] for row in database.execute('SELECT id FROM entries WHERE kind = 4')]
        database.execute('UPDATE entries SET size = size + 1 WHERE id = ?', (rows[1],))
        database.execute('DELETE FROM entries WHERE id = ?', (rows[2],))
        database.commit()
        result = self.run_cli('query', capture)
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual([line['event'] for line in result.lines if line['type'] == 'event'],
                         ['a', 'd'])
        self.assertRegex(result.err, f'Entry {rows[1]} [^\n]*\n[^\n]*2 entries')
        self.assertEqual(self.run_cli('query', capture, '--summary').lines[0]['events'], 2)
        database.execute('UPDATE entries SET time = 1 WHERE kind IN (11, 12)')
        database.commit()
        summary = self.run_cli('query', capture, '--summary').lines[0]
        self.assertEqual((summary['first'], summary['last']),
                         (result.lines[0]['time'], result.lines[-1]['time']))
        database.execute('UPDATE entries SET kind = 99')
        database.commit()
        result = self.run_cli('query', capture, '--summary')
        self.assertEqual((result.status, result.out), (2, ''))

    def test_recording_that_fails(self):
        server = self.serve()
        result = self.run_cli('watch', *server.connection(), 'news', '--record', '/proc/capture')
        self.assertEqual(result.status, 2, result.err)
        self.assertIn('/proc/capture', result.err)

    def test_gap_is_recorded(self):
        server = self.serve()
        capture = self.path('capture')
        watch = self.watch(server, 'news', *QUICK, '--record', capture)
        self.subscribed(watch, 'news')
        server.signal(signal.SIGKILL)
        server.finish()
        watch.wait_line(type='state', previous='connected')
        self.serve('--port', str(server.port))
        self.subscribed(watch, 'news')
        watch.signal(signal.SIGINT)
        self.finish(watch, 130)
        self.assertEqual(self.run_cli('query', capture, '--summary').lines[0]['gaps'], 1)

    def test_secrets_stay_secret(self):
        server = self.serve('--app', 'my-key:my-id:APP_SECRET', APP_SECRET='S3cret-of-the-app')
        capture = self.path('capture')
        tokens = {'header token': 'T0ken-in-a-header', 'file token': 'T0ken-in-a-file'}
        secret = self.write('secret', 'S3cret-of-the-app\n')
        token = self.write('token', tokens['file token'] + '\n')
        watch = self.watch(server, 'private-x', 'presence-y', '--key', 'my-key', '--secret-file',
                           secret,
                           '--header', 'X-One=env:TOKEN', '--header', f'X-Two=@{token}',
                           '--header', 'X-Three: plain', '--frames', '--record', capture, '--count',
                           '1',
                           TOKEN=tokens['header token'], G_MESSAGES_DEBUG='all')
        self.subscribed(watch, 'private-x', 'presence-y')
        server.publish('private-x', 'e', {}, key='my-key', app_id='my-id',
                       secret='S3cret-of-the-app')
        watched = self.finish(watch, 0)
        server.signal(signal.SIGINT)
        served = self.finish(server, 130)
        with open(capture, 'rb') as file:
            recorded = file.read()
        for word in ['S3cret-of-the-app', *tokens.values()]:
            for text in (watched.out, watched.err, served.out, served.err):
                self.assertNotIn(word, text)
            self.assertNotIn(word.encode(), recorded)

    def test_text_for_people(self):
        server = self.serve()
        watch = self.start('watch', *server.connection(), 'news', '--format', 'text', '--count',
                           '1')
        server.wait_line(type='subscription', action='subscribed')
        server.publish('news', 'e', {'steer': '\x1b[2J'})
        result = self.finish(watch, 0)
        self.assertNotIn('\x1b', result.out)
        event = [line for line in result.out.splitlines() if ' e ' in line]
        self.assertEqual(len(event), 1)
        self.assertTrue(re.match(r'\d\d:\d\d:\d\d\.\d{3}  ← news  e  \{', event[0]), event)

    def test_text_and_colour_on_a_terminal(self):
        server = self.serve()
        for variables, coloured in (({'TERM': 'xterm'}, True), ({'TERM': 'dumb'}, False),
                                    ({'TERM': 'xterm', 'NO_COLOR': '1'}, False)):
            with self.subTest(variables):
                terminal, other = pty.openpty()
                done = subprocess.run([cli.PROGRAM, 'watch', *server.connection(), '--for',
                                       cli.A_WHILE],
                                      stdin=subprocess.DEVNULL, stdout=other, check=False,
                                      env=self.env | variables, timeout=cli.DEADLINE)
                shown = os.read(terminal, 65536).decode('utf-8')
                os.close(terminal)
                os.close(other)
                self.assertEqual(done.returncode, 0)
                self.assertIn('connecting → connected', shown)
                self.assertEqual('\x1b[' in shown, coloured)


if __name__ == '__main__':
    cli.main()
