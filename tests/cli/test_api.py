# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the HTTP API: against `serve`, and against a server that does what it is told."""
import contextlib
import email.utils
import fcntl
import json
import os
import pty
import random
import select
import signal
import socket
import struct
import subprocess
import termios
import threading
import time

import cli

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}
MASTER_KEY = 'zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU='
OK = (200, '{}')


class Scripted:
    """An HTTP server that asks `act(n, body)` what to do with each request: a (status, text) to answer,
    'unread' or 'part' (drop before it is read, or in its midst: asked with body None), 'read', 'head' (drop in
    the midst of the answer's head), 'amid' (of its body), 'reset' (as 'read', with a reset) or 'silent'. A request
    that was read wholly is in `seen`."""

    def __init__(self, act):
        self.act = act
        self.head = ''
        self.seen = []
        self.paths = []
        self.answered = []
        self.arrived = threading.Semaphore(0)
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self.run, daemon=True).start()

    def connection(self):
        return ['--key', 'k', '--app-id', '7', '--host', '127.0.0.1', '--port', str(self.port), '--no-tls']

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, client.makefile('rb') as file:
            try:
                while self.serve_one(client, file):
                    pass
            except OSError:
                pass

    def serve_one(self, client, file):
        first = self.act(len(self.seen), None)
        if first == 'unread':
            return False
        start = file.readline().decode()
        if first == 'part':
            return False
        length = 0
        while (line := file.readline()) not in (b'\r\n', b''):
            if line.lower().startswith(b'content-length:'):
                length = int(line.split(b':')[1])
        body = file.read(length)
        if start == '' or len(body) < length:
            return False
        action = self.act(len(self.seen), body.decode())
        self.paths.append(start.split(' ')[1])
        self.seen.append(body.decode())
        self.arrived.release()
        if action == 'read':
            return False
        if action == 'reset':
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            return False
        if action == 'silent':
            file.read()
            return False
        status, text = OK if action in ('head', 'amid') else action
        answer = f'HTTP/1.1 {status} X\r\n{self.head}Content-Length: {len(text.encode())}\r\n\r\n{text}'.encode()
        if action in ('head', 'amid'):
            client.sendall(answer[:-1] if action == 'amid' else answer[:11])
            return False
        client.sendall(answer)
        self.answered.append((body.decode(), status))
        return True

    def close(self):
        self.listener.close()


class Api(cli.TestCase):
    def scripted(self, act):
        server = Scripted(act)
        self.addCleanup(server.close)
        return server

    def api(self, server, *arguments, **variables):
        return self.run_cli(*arguments, *server.connection(), '--app-id', 'app-id', **(SECRET | variables))

    def events_file(self, count, name='events.jsonl'):
        return self.write(name, ''.join(
            json.dumps({'channel': 'news', 'name': 'e', 'data': {'n': n}}) + '\n' for n in range(count)))

    # against the sandbox

    def test_trigger(self):
        server = self.serve()
        watch = self.start('watch', 'news', *server.connection(), '--count', '3')
        watch.wait_line(type='subscription', channel='news', status='subscribed')
        result = self.api(server, 'trigger', 'news', 'orders', '--event', 'e', '--data', '"héllo"',
                          '--info', 'subscription_count')
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(result.lines, [{'outcome': 'accepted', 'status': 200, 'message': '', 'events': 1,
                                         'channels': {'news': {'subscription_count': 1},
                                                      'orders': {'subscription_count': 0}}}])
        self.assertEqual(self.api(server, 'trigger', 'news', '--event', 'e', '--data',
                                  '{ "n": 12345678901234567890123 }').status, 0)
        text = self.api(server, 'trigger', 'news', '--event', 'e', '--data', '[]', '--format', 'text')
        self.assertEqual((text.status, text.out), (0, 'news: accepted\n'))
        events = [line for line in self.finish(watch, 0).lines if line['type'] == 'event']
        self.assertEqual([event['raw'] for event in events], ['héllo', '{ "n": 12345678901234567890123 }', '[]'])

    def test_trigger_but_one(self):
        server = self.serve()
        watch = self.start('watch', 'news', *server.connection(), '--count', '1')
        socket_id = watch.wait_line(type='state', current='connected')['socket_id']
        watch.wait_line(type='subscription', status='subscribed')
        self.assertEqual(self.api(server, 'trigger', 'news', '--event', 'not-you', '--data', '1', '--socket-id',
                                  socket_id).status, 0)
        self.assertEqual(self.api(server, 'trigger', 'news', '--event', 'you', '--data', '1').status, 0)
        self.assertEqual(watch.wait_line(type='event')['event'], 'you')

    def test_encrypted(self):
        server = self.serve()
        key = {'CHANNELSCOPE_ENCRYPTION_KEY': MASTER_KEY}
        watch = self.start('watch', 'private-encrypted-a', *server.connection(), '--count', '3', **SECRET, **key)
        watch.wait_line(type='subscription', status='subscribed')
        for data in ('"plain"', '{"a": 1}'):
            result = self.api(server, 'trigger', 'private-encrypted-a', '--event', 'e', '--data', data, **key)
            self.assertEqual(result.status, 0, result.err)
        path = self.write('b.jsonl', '{"channel":"private-encrypted-a","name":"e","data":[2]}\n')
        self.assertEqual(self.api(server, 'batch', path, **key).status, 0)
        events = [line for line in self.finish(watch, 0).lines if line['type'] == 'event']
        self.assertEqual([(event['decrypted'], event['data']) for event in events],
                         [(True, 'plain'), (True, {'a': 1}), (True, [2])])

    def test_queries(self):
        server = self.serve()
        watch = self.start('watch', 'news', 'presence-a', 'cache-x', *server.connection(), '--user-data',
                           '{"id":"u@7"}', '--presence-user', '{"user_id":"u@7"}', **SECRET)
        watch.wait_line(type='subscription', channel='presence-a', status='subscribed')
        watch.wait_line(type='subscription', channel='cache-x', status='subscribed')
        self.assertEqual(self.api(server, 'trigger', 'cache-x', '--event', 'e', '--data', '{"a":1}').status, 0)

        names = [line['channel'] for line in self.api(server, 'channels').lines]
        self.assertEqual({'news', 'presence-a', 'cache-x'} - set(names), set())
        listed = self.api(server, 'channels', '--prefix', 'presence-', '--info', 'user_count')
        self.assertEqual(listed.lines, [{'channel': 'presence-a', 'user_count': 1}])
        shown = self.api(server, 'channel', 'cache-x', '--info', 'subscription_count,cache')
        line = shown.lines[0]
        self.assertEqual((line['channel'], line['occupied'], line['subscription_count']), ('cache-x', True, 1))
        self.assertEqual(json.loads(line['cache']['data']), {'a': 1})
        self.assertEqual(self.api(server, 'channel', 'gone').lines, [{'channel': 'gone', 'occupied': False}])
        self.assertEqual(self.api(server, 'users', 'presence-a').lines, [{'user_id': 'u@7'}])
        self.assertEqual(self.api(server, 'users', 'presence-a', '--format', 'text').out, 'u@7\n')
        for arguments in (['users', 'news'], ['channels', '--info', 'user_count'],
                          ['channel', 'news', '--info', 'user_count']):
            result = self.api(server, *arguments)
            self.assertEqual((result.status, result.out), (1, ''))
            self.assertIn('(400)', result.err)

        self.assertEqual(self.api(server, 'terminate', 'u@7').lines, [{'outcome': 'accepted', 'status': 200, 'message': ''}])
        watch.wait_line(type='state', previous='connected')

    def test_wrong_secret(self):
        server = self.serve()
        result = self.api(server, 'trigger', 'news', '--event', 'e', '--data', '{}',
                          CHANNELSCOPE_SECRET='wrong-0815')
        line = result.lines[0]
        self.assertEqual((result.status, line['outcome'], line['status']), (1, 'refused', 401))
        self.assertTrue(line['signed'].startswith('POST\n/apps/app-id/events\nauth_key=app-key&'))
        self.assertNotIn('wrong-0815', result.out + result.err)
        result = self.api(server, 'channels', CHANNELSCOPE_SECRET='wrong-0815')
        self.assertEqual((result.status, result.out), (1, ''))
        self.assertIn('/apps/app-id/channels', result.err)
        self.assertNotIn('wrong-0815', result.err)

    def test_wrong_secret_for_people(self):
        """What happened on one line, what to do on the next; what was signed only if it explains."""
        server = self.serve()
        result = self.api(server, 'channels', '--format', 'text', CHANNELSCOPE_SECRET='wrong-0815')
        self.assertEqual((result.status, result.out), (1, ''))
        what, following = result.err.splitlines()
        self.assertEqual(what, 'channelscope-cli: The HTTP API refused GET /apps/app-id/channels (401): '
                               'Invalid signature')
        self.assertIn('secret is not this app’s', following)
        self.assertIn('--secret-file', following)
        result = self.api(server, 'trigger', 'news', '--event', 'e', '--data', '{}', '--format', 'text',
                          CHANNELSCOPE_SECRET='wrong-0815')
        what, following = result.out.splitlines()
        self.assertEqual(what, 'news: refused (401): Invalid signature')
        self.assertIn('secret is not this app’s', following)
        other = self.scripted(lambda n, body: (401, 'Invalid signature: you should have sent '
                                               'HmacSHA256Hex("GET\\n/other", your_secret_key), but you sent "0"'))
        result = self.run_cli('channels', *other.connection(), **SECRET)
        self.assertIn('changed on its way', result.err)
        self.assertIn('/other', result.err)
        # copied with a blank, which nobody sees
        for secret in ('app-secret ', '\tapp-secret'):
            result = self.api(server, 'channels', CHANNELSCOPE_SECRET=secret)
            self.assertIn('begins or ends with a blank', result.err)
            self.assertNotIn('app-secret', result.err)
        # a server that does not say what it would have signed
        silent = self.scripted(lambda n, body: (401, 'Authentication signature invalid.'))
        self.assertIn('Signed: GET', self.run_cli('channels', *silent.connection(), **SECRET).err)

    def test_counts_that_are_refused(self):
        """The server says no; how to ask instead is said on the next line and in the help."""
        server = self.serve()
        for arguments in ([], ['--prefix', 'news']):
            result = self.api(server, 'channels', '--info', 'user_count', *arguments)
            self.assertEqual(result.status, 1)
            self.assertIn('add --prefix presence-', result.err.splitlines()[1])
        self.assertEqual(self.api(server, 'channels', '--info', 'user_count', '--prefix', 'presence-').status, 0)
        self.assertIn('channel NAME', self.api(server, 'channels', '--info', 'cache').err)
        self.assertIn('presence', self.api(server, 'users', 'news').err.splitlines()[1])
        self.assertIn('--prefix presence-', self.run_cli('channels', '--help').out)
        self.assertNotIn('cache', self.run_cli('trigger', '--help').out)
        self.assertIn('cache', self.run_cli('channel', '--help').out)

    def test_nothing_to_list(self):
        """People are told so, on standard error; lines are just none."""
        server = self.serve()
        for arguments, words in ((['channels'], 'No channel is occupied'),
                                 (['channels', '--prefix', 'x-'], '“x-”'),
                                 (['users', 'presence-x'], 'Nobody is in “presence-x”')):
            with self.subTest(arguments):
                text = self.api(server, *arguments, '--format', 'text')
                self.assertEqual((text.status, text.out), (0, ''))
                self.assertIn(words, text.err)
                lines = self.api(server, *arguments)
                self.assertEqual((lines.status, lines.out, lines.err), (0, '', ''))
        result = self.run_cli('profiles', '--format', 'text')
        self.assertEqual((result.status, result.out), (0, ''))
        self.assertIn('profiles add', result.err)

    def test_pattern_for_a_prefix(self):
        server = self.scripted(lambda n, body: OK)
        self.assert_refused(['channels', '--prefix', 'x-*', *server.connection()], '“x-*”', '--prefix x-', **SECRET)
        self.assertEqual(server.seen, [])

    def test_nothing_to_publish(self):
        server = self.scripted(lambda n, body: OK)
        for text in ('', '\n \n'):
            path = self.write('empty.jsonl', text)
            result = self.run_cli('batch', path, *server.connection(), **SECRET)
            self.assertEqual((result.status, result.out), (0, ''))
            self.assertIn(f'“{path}” holds no events', result.err)
            result = self.run_cli('batch', '-', *server.connection(), stdin=text, **SECRET)
            self.assertEqual(result.status, 0)
            self.assertIn('standard input', result.err)
            self.assertIn('"channel"', result.err)
            for data in (f'@{path}', text):
                self.assert_refused(['trigger', 'news', '--event', 'e', '--data', data, *server.connection()],
                                    'there is no data', **SECRET)
        self.assert_refused(['trigger', 'news', '--event', 'e', '--data', 'hello', *server.connection()],
                            "'\"a text\"'", **SECRET)
        self.assertEqual(server.seen, [])

    def test_batch(self):
        server = self.serve()
        watch = self.start('watch', 'news', 'presence-a', *server.connection(), '--count', '25', **SECRET)
        watch.wait_line(type='subscription', channel='presence-a', status='subscribed')
        lines = [{'channel': 'news', 'name': 'e', 'data': {'n': n}} for n in range(24)]
        lines.append({'info': 'user_count', 'data': 'text', 'name': 'e', 'channel': 'presence-a'})
        path = self.write('b.jsonl', '\n' + '\n'.join(json.dumps(line) for line in lines))
        result = self.api(server, 'batch', path)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual([(line['events'], line['lines'], line.get('channels')) for line in result.lines],
                         [(10, [2, 11], None), (10, [12, 21], None),
                          (5, [22, 26], {'presence-a': {'user_count': 1}})])
        events = [line['data'] for line in self.finish(watch, 0).lines if line['type'] == 'event']
        self.assertEqual(events, [{'n': n} for n in range(24)] + ['text'])
        text = self.api(server, 'batch', path, '--format', 'text')
        self.assertIn('25 events: 25 accepted', text.out)

    # refused before anything is sent

    def test_limits(self):
        server = self.scripted(lambda n, body: OK)
        event = ['--event', 'e', '--data', '{}']
        many = [f'c{n}' for n in range(101)]
        for arguments, words in (
                ([*many, *event], ['100', '101']),
                (['news', '--event', 'e', '--data', json.dumps('x' * 10241)], ['10241', '10240']),
                (['news', '--event', 'e', '--data', '"12345678"', '--max-data', '7'], ['8 bytes', '7']),
                (['news', '--event', 'x' * 201, '--data', '1'], ['200']),
                (['x' * 201, *event], ['200', '201']),
                (['ne ws', *event], ['“ ”']),
                (['news', *event, '--socket-id', '12'], ['“12”']),
                (['private-encrypted-a', 'news', *event], ['private-encrypted-a', 'one channel']),
                (['private-encrypted-a', *event], ['master key']),
                (['news', '--event', 'e'], ['--data']),
                (['news', '--data', '1'], ['--event']),
                (['private-a', '--client', '--event', 'client-e', '--data', '1', '--info', 'x'], ['--info'])):
            with self.subTest(arguments[-4:]):
                self.assert_refused(['trigger', *arguments, *server.connection()], *words, **SECRET)
        self.assertEqual(server.seen, [])
        self.assertEqual(self.run_cli('trigger', *many[:100], *event, *server.connection(), **SECRET).status, 0)
        self.assertEqual(self.run_cli('trigger', 'news', '--event', 'e', '--data', json.dumps('x' * 10240),
                                      *server.connection(), **SECRET).status, 0)

    def test_what_is_missing(self):
        connect = ['--key', 'k', '--host', '127.0.0.1', '--port', '9', '--no-tls']
        path = self.events_file(1)
        for command in (['trigger', 'news', '--event', 'e', '--data', '1'], ['batch', path], ['channels'],
                        ['channel', 'news'], ['users', 'presence-a'], ['terminate', 'u']):
            with self.subTest(command[0]):
                self.assert_refused([*command, *connect], 'app id', '--app-id', **SECRET)
                self.assert_refused([*command, *connect, '--app-id', '7'], 'secret')
                result = self.run_cli(*command, *connect, '--app-id', '7', **SECRET)
                self.assertEqual(result.status, 1 if command[0] in ('trigger', 'batch') else 3)
                if command[0] in ('trigger', 'batch', 'terminate'):
                    self.assertEqual([line['outcome'] for line in result.lines], ['not_sent'])

    def test_wrong_lines(self):
        server = self.scripted(lambda n, body: OK)
        good = '{"channel":"a","name":"e","data":1}\n'
        for line, words in (
                ('{"channel":"a"', ['Line 13', 'JSON']), ('[]', ['Line 13', 'each line is one whole event']),
                ('{"channel":"a","name":"e"}', ['Line 13', '“data”']),
                ('{"channel":1,"name":"e","data":1}', ['“channel”']),
                ('{"channel":"a","name":"e","data":1,"socketid":"1.2"}', ['“socketid”']),
                ('{"channel":"a","name":"e","data":1,"socket_id":"12"}', ['Line 13', '“12”']),
                ('{"channel":"a b","name":"e","data":1}', ['Line 13', '“ ”']),
                ('{"channel":"a\\u0000b","name":"e","data":1}', ['Line 13', '“channel”', 'NUL']),
                ('{"channel":"a","name":"e\\u0000","data":1}', ['Line 13', '“name”', 'NUL']),
                (json.dumps({'channel': 'a', 'name': 'e', 'data': 'x' * 10241}), ['Line 13', '10241', '10240'])):
            with self.subTest(line[:60]):
                path = self.write('bad.jsonl', good * 12 + line + '\n' + good)
                self.assert_refused(['batch', path, *server.connection()], *words, **SECRET)
        self.assert_refused(['batch', self.path('none'), *server.connection()], 'none', **SECRET)
        self.assert_refused(['batch', self.place, *server.connection()], self.place, **SECRET)
        self.assertEqual(server.seen, [])

        # of a pipe nobody knows what comes: what was before the wrong line is published
        result = self.run_cli('batch', '-', *server.connection(), stdin=good * 12 + '{}\n' + good, **SECRET)
        self.assertEqual(result.status, 2)
        self.assertEqual([line['lines'] for line in result.lines], [[1, 10], [11, 12]])
        self.assertIn('Line 13', result.err)
        self.assertEqual(len(server.seen), 2)

    # against a server that does what it is told

    def test_body(self):
        server = self.scripted(lambda n, body: OK)
        self.run_cli('trigger', 'a', 'b', '--event', 'e', '--data', '{"x":"\\u00e9"}', '--socket-id', '1.2', '--info',
                     'whatever,the,server,knows', *server.connection(), **SECRET)
        path = self.write('b.jsonl', '{"info":"i","socket_id":"1.2","data":"\\u0001é\\/","channel":"a","name":"e"}')
        self.run_cli('batch', path, *server.connection(), **SECRET)
        self.assertEqual(server.seen, [
            '{"name":"e","data":"{\\"x\\":\\"\\\\u00e9\\"}","channels":["a","b"],"socket_id":"1.2",'
            '"info":"whatever,the,server,knows"}',
            '{"batch":[{"name":"e","data":"\\u0001é/","channel":"a","socket_id":"1.2","info":"i"}]}'])

    def check_drops(self, seed, count, through_proxy):
        chance = random.Random(seed)

        def act(_, body):
            if body is None:
                return chance.choices(['go on', 'unread', 'part'], [90, 5, 5])[0]
            return chance.choices([OK, 'read', 'head', 'amid', 'reset', (503, 'busy'), (400, 'no')],
                                  [70, 6, 6, 6, 6, 3, 3])[0]

        server = self.scripted(act)
        proxy = ['--proxy', f'http://127.0.0.1:{server.port}'] if through_proxy else [] # the server itself
        result = self.run_cli('batch', self.events_file(count), *server.connection(), *proxy, **SECRET)
        self.assertEqual(result.status, 1)
        self.assertEqual(server.paths[0].startswith('http://'), through_proxy)
        # every event has one outcome
        self.assertEqual([line['lines'] for line in result.lines], [[n + 1, n + 10] for n in range(0, count, 10)])
        outcomes = {}
        for line in result.lines:
            for number in range(line['lines'][0], line['lines'][1] + 1):
                outcomes[number - 1] = line['outcome'], line.get('status')
        # no event came twice, and none that nobody sent
        seen = [json.loads(event['data'])['n'] for body in server.seen for event in json.loads(body)['batch']]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual(set(seen), set(range(count)))
        # and what is told is what the server knows
        answered = {json.loads(event['data'])['n']: status for body, status in server.answered
                    for event in json.loads(body)['batch']}
        for number, (outcome, status) in outcomes.items():
            if number in answered:
                expected = {200: 'accepted', 400: 'refused'}.get(answered[number], outcome)
                self.assertEqual((outcome, status), (expected, answered[number]), number)
                self.assertIn(outcome, ('accepted', 'refused', 'unknown'))
            elif number in seen:
                self.assertEqual(outcome, 'unknown', number)
            else:
                self.assertIn(outcome, ('unknown', 'not_sent'), number)
        kinds = {outcome for outcome, _ in outcomes.values()}
        self.assertLessEqual({'accepted', 'refused', 'unknown'}, kinds)
        self.assertGreater(len(answered), count // 2)

    def test_drops(self):
        """Whatever the server drops: each event has its outcome, which is true, and none is sent twice."""
        for through_proxy in (False, True): # two ways to send
            for seed in (4711, random.SystemRandom().getrandbits(32)):
                with self.subTest(seed=seed, through_proxy=through_proxy):
                    print(f'# drops: seed {seed}', flush=True)
                    self.check_drops(seed, 5000, through_proxy)

    def test_progress(self):
        """On a terminal, and only there: how far, how fast, what failed; nothing of it is left at the end."""
        def act(n, body):
            if body is not None:
                time.sleep(0.02) # the pace of a server far away: two seconds for all
            return OK if n != 5 else (400, 'no')

        server = self.scripted(act)
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 200, 0, 0))
        process = subprocess.Popen([cli.PROGRAM, 'batch', self.events_file(1000), *server.connection()],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs,
                                   env=self.env | SECRET)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        os.close(theirs)
        shown = b''
        with contextlib.suppress(OSError): # the program has closed its end
            while True:
                self.assertTrue(select.select([ours], [], [], cli.DEADLINE)[0], shown)
                shown += os.read(ours, 65536)
        out = process.stdout.read().decode()
        self.assertEqual(process.wait(timeout=cli.DEADLINE), 1)
        self.assertIn(b' left', shown)
        self.assertIn(b'; 10 not accepted', shown)
        self.assertRegex(shown.decode(), r'\d+ of 1,?000 events \(\d+ %\), [\d.k]+/s')
        self.assertTrue(shown.endswith(b'\r\x1b[K'), shown[-100:])
        self.assertEqual(len(out.splitlines()), 100)

        piped = self.run_cli('batch', self.events_file(1000), *self.scripted(lambda n, body: OK).connection(), **SECRET)
        self.assertEqual(piped.err, '')

    def test_one_connection(self):
        server = self.scripted(lambda n, body: OK)
        self.assertEqual(self.run_cli('batch', self.events_file(300), *server.connection(), **SECRET).status, 0)
        self.assertEqual((server.connections, len(server.seen)), (1, 30))

    def test_refusals(self):
        def act(n, body):
            return [(413, 'too large'), (200, '{"error":"soketi says no","code":400}'), (429, '{"error":"slow"}'),
                    (202, 'fine'), (401, 'Unknown auth_key k')][min(n, 4)]

        server = self.scripted(act)
        result = self.run_cli('batch', self.events_file(70), *server.connection(), **SECRET)
        self.assertEqual(result.status, 1)
        self.assertEqual([(line['outcome'], line.get('status'), line.get('message')) for line in result.lines[:5]],
                         [('refused', 413, 'too large'), ('refused', 400, 'soketi says no'),
                          ('refused', 429, 'slow'), ('accepted', 202, ''),
                          ('refused', 401, 'Unknown auth_key k')])
        self.assertEqual([(line['outcome'], line['lines']) for line in result.lines[5:]],
                         [('not_sent', [51, 60]), ('not_sent', [61, 70])])
        self.assertIn('cluster', result.lines[4]['meaning'])
        self.assertEqual(len(server.seen), 5)

    def test_clock(self):
        """Off by the Date of a refusal: said once, with what to do; nothing is sent again by itself."""
        server = self.scripted(lambda n, body: (401, 'Timestamp expired: Given timestamp not within 600s'))
        for days in (2, -3):
            date = email.utils.formatdate(time.time() - days * 86400, usegmt=True)
            server.head = f'Date: {date}\r\n'
            for arguments in (['trigger', 'news', '--event', 'e', '--data', '1'], ['channels']):
                with self.subTest(days=days, arguments=arguments[0]):
                    before = len(server.seen)
                    result = self.run_cli(*arguments, *server.connection(), **SECRET)
                    self.assertEqual((result.status, len(server.seen)), (1, before + 1))
                    self.assertEqual(result.err.count('timedatectl set-ntp true'), 1, result.err)
                    self.assertRegex(result.err, 'clock is (1 d|2 d|3 d|47 h|48 h|71 h|72 h)')
                    self.assertIn('ahead' if days > 0 else 'behind', result.err)
        server.head = ''
        result = self.run_cli('channels', *server.connection(), **SECRET)
        self.assertNotIn('timedatectl', result.err)

    def test_odd_answers(self):
        for text in ('', '[]', 'no JSON', '{"channels":[1]}', '{"channels":7}'):
            with self.subTest(text):
                server = self.scripted(lambda n, body, text=text: (200, text))
                result = self.run_cli('channels', *server.connection(), **SECRET)
                self.assertEqual((result.status, result.out), (1, ''), result.err)
                self.assertEqual(self.run_cli('users', 'presence-a', *server.connection(), **SECRET).status, 1)
        server = self.scripted(lambda n, body: (200, '{"channels":[]}'))
        self.assertEqual(self.run_cli('channels', *server.connection(), **SECRET).status, 0)
        server = self.scripted(lambda n, body: (200, '{"users":[{"id":7},{"id":"\\u001b[31m"}]}'))
        result = self.run_cli('users', 'presence-a', *server.connection(), '--format', 'text', **SECRET)
        self.assertEqual(result.out, '7\n␛[31m\n')

    def test_interrupted(self):
        server = self.scripted(lambda n, body: OK if n < 2 else 'silent')
        batch = self.start('batch', self.events_file(100), *server.connection(), **SECRET)
        for _ in range(3):
            self.assertTrue(server.arrived.acquire(timeout=cli.DEADLINE))
        batch.wait_line(lines=[11, 20])
        batch.signal(signal.SIGINT)
        result = self.finish(batch, 130)
        self.assertEqual([(line['outcome'], line['lines']) for line in result.lines],
                         [('accepted', [1, 10]), ('accepted', [11, 20]), ('unknown', [21, 30])])
        self.assertIn('line 30', result.err)

    def test_interrupted_pipe(self):
        server = self.scripted(lambda n, body: OK)
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        batch = cli.Process(['batch', '-', *server.connection()], self.env | SECRET, stdin=reader)
        self.addCleanup(batch.kill)
        os.close(reader)
        os.write(writer, b'{"channel":"a","name":"e","data":1}\n' * 11)
        batch.wait_line(lines=[1, 10])
        batch.signal(signal.SIGTERM)
        self.finish(batch, 130)
        self.assertEqual(len(server.seen), 1)


if __name__ == '__main__':
    cli.main()
