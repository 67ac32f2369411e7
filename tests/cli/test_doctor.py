# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor of the CLI: against `serve`, and against what is no Channels server. The faults one by one are in
tests/net/test-doctor.c."""
import contextlib
import fcntl
import os
import pty
import signal
import socket
import struct
import subprocess
import termios
import threading

import cli

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}
STEPS = ['dns', 'tcp', 'tls', 'upgrade', 'handshake', 'http_api', 'channel_auth', 'presence_auth']


def closed_port():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        return listener.getsockname()[1]


class Doctor(cli.TestCase):
    def doctor(self, *arguments, status=0, **variables):
        """What it says of each step, by step."""
        result = self.run_cli('doctor', *arguments, '--format', 'ndjson', **variables)
        self.assertEqual((result.status, result.err), (status, ''), result.out)
        self.assertEqual([line['step'] for line in result.lines], STEPS)
        for line in result.lines:
            self.assertEqual(set(line), {'step', 'ok', 'milliseconds', 'message', 'advice'})
            self.assertEqual(line['milliseconds'] is None, line['ok'] is None)
            self.assertTrue(line['message'])
            if line['ok'] is False:
                self.assertTrue(line['advice'], line)
        for secret in ('app-key', 'app-secret', 'wrong-secret'):
            self.assertNotIn(secret, result.out)
        return {line['step']: line for line in result.lines}

    def verdicts(self, steps):
        return [steps[step]['ok'] for step in STEPS]

    def listen(self, answer):
        """A server that says the same to everybody, and then closes."""
        listener = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listener.close)

        def serve(client):
            with client:
                try:
                    client.recv(4096)
                    client.sendall(answer)
                except OSError:
                    pass

        def run():
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(client,), daemon=True).start()

        threading.Thread(target=run, daemon=True).start()
        return ['--key', 'app-key', '--host', '127.0.0.1', '--port', str(listener.getsockname()[1])]

    def test_all_good(self):
        server = self.serve()
        steps = self.doctor(*server.connection(), '--app-id', 'app-id', **SECRET)
        self.assertEqual(self.verdicts(steps), [True, True, None, True, True, True, True, None])
        self.assertEqual([steps[step]['advice'] for step in STEPS], [None] * len(STEPS))

    def test_nothing_is_published(self):
        server = self.serve()
        watch = self.start('watch', 'private-channelscope-test', 'presence-channelscope-test',
                           *server.connection(), '--count', '1', **SECRET)
        watch.wait_line(type='presence', action='snapshot')
        self.doctor(*server.connection(), '--app-id', 'app-id', **SECRET)
        server.publish('private-channelscope-test', 'the-end', {})
        lines = self.finish(watch, 0).lines
        self.assertEqual([line['event'] for line in lines if line['type'] == 'event'], ['the-end'])
        self.assertEqual([line['action'] for line in lines if line['type'] == 'presence'], ['snapshot'])

    def test_nothing_but_the_key(self):
        steps = self.doctor(*self.serve().connection())
        self.assertEqual(self.verdicts(steps), [True, True, None, True, True, None, None, None])
        self.assertIn('No app id', steps['http_api']['message'])

    def test_wrong_key(self):
        server = self.serve()
        steps = self.doctor(*server.connection(key='no-such-key'), '--app-id', 'app-id', status=1, **SECRET)
        self.assertEqual(self.verdicts(steps), [True, True, None, True, False, False, None, None])
        self.assertIn('no app with this key', steps['handshake']['advice'])
        self.assertIn('Greeting', steps['channel_auth']['message'])

    def test_wrong_secret(self):
        server = self.serve()
        steps = self.doctor(*server.connection(), '--app-id', 'app-id', status=1,
                            CHANNELSCOPE_SECRET='wrong-secret')
        self.assertEqual(self.verdicts(steps), [True, True, None, True, True, False, False, None])
        for step in ('http_api', 'channel_auth'):
            self.assertIn('secret', steps[step]['advice'])

    def test_wrong_app_id(self):
        server = self.serve()
        steps = self.doctor(*server.connection(), '--app-id', 'another', status=1, **SECRET)
        self.assertEqual(self.verdicts(steps), [True, True, None, True, True, False, True, None])
        self.assertIn('app id', steps['http_api']['advice'])

    def test_closed_port(self):
        steps = self.doctor('--key', 'app-key', '--host', '127.0.0.1', '--port', str(closed_port()), '--no-tls',
                            status=3)
        self.assertEqual(self.verdicts(steps), [True, False] + [None] * 6)
        self.assertIn('Nothing listens', steps['tcp']['advice'])

    def test_options_instead_of_a_profile(self):
        """None was used: what is to be changed are options, which are named."""
        server = self.serve()
        plain = ['--key', 'app-key', '--host', '127.0.0.1', '--port', str(server.port), '--connect-timeout', '2']
        for arguments, step, status, option in (
                (plain, 'tls', 3, '--no-tls'),
                (['--key', 'k', '--host', '127.0.0.1', '--port', str(closed_port()), '--no-tls'], 'tcp', 3, '--port'),
                (server.connection(key='other'), 'handshake', 1, '--key'),
                ([*server.connection(), '--app-id', 'other'], 'http_api', 1, '--app-id')):
            with self.subTest(step):
                steps = self.doctor(*arguments, status=status, **SECRET)
                self.assertIn('Options: ', steps[step]['advice'])
                self.assertIn(option, steps[step]['advice'])
                for line in steps.values():
                    self.assertNotIn('profile', (line['advice'] or '') + line['message'])

    def test_api_elsewhere(self):
        server = self.serve()
        steps = self.doctor(*server.connection(), '--app-id', 'app-id', '--api-port', str(closed_port()),
                            status=1, **SECRET)
        self.assertEqual(self.verdicts(steps), [True, True, None, True, True, False, True, None])
        self.assertIn('API port', steps['http_api']['advice'])

    def test_plain_http_where_tls_is_wanted(self):
        answer = b'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'
        steps = self.doctor(*self.listen(answer), status=3)
        self.assertEqual(self.verdicts(steps)[:4], [True, True, False, None])
        self.assertIn('Switch TLS off', steps['tls']['advice'])

    def test_serve_where_tls_is_wanted(self):
        arguments = self.serve().connection()
        arguments.remove('--no-tls')
        steps = self.doctor(*arguments, status=3)
        self.assertEqual(self.verdicts(steps)[:4], [True, True, False, None])
        self.assertIn('Switch TLS off', steps['tls']['advice'])

    def test_no_websocket_server(self):
        for answer, word in ((b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 'no Channels server'),
                             (b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', 'path'),
                             (b'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', 'Origin'),
                             (b'HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n', 'points'),
                             (b'220 mail.example ESMTP\r\n', 'no Channels server')):
            with self.subTest(answer):
                steps = self.doctor(*self.listen(answer), '--no-tls', status=1)
                self.assertEqual(self.verdicts(steps)[:5], [True, True, None, False, None])
                self.assertIn(word, steps['upgrade']['advice'])

    def test_table(self):
        server = self.serve()
        result = self.run_cli('doctor', *server.connection(), '--app-id', 'app-id', '--format', 'text',
                              CHANNELSCOPE_SECRET='wrong-secret')
        self.assertEqual((result.status, result.err), (1, ''))
        self.assertRegex(result.out, r'(?m)^Port \(TCP\) +good +\d+ ms +Connected to 127\.0\.0\.1:')
        self.assertRegex(result.out, r'(?m)^Encryption \(TLS\) +skipped +– +TLS is off$')
        self.assertRegex(result.out, r'(?m)^Private Channels +failed +\d+ ms +.*\n +→ The app secret ')
        self.assertNotIn('\x1b', result.out)

    def test_terminal(self):
        """What is being checked is told until its verdict is."""
        server = self.serve()
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = subprocess.Popen([cli.PROGRAM, 'doctor', *server.connection()], env=self.env | {'TERM': 'xterm'},
                                   stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE)
        os.close(theirs)
        out = b''
        with contextlib.suppress(OSError):  # the end of a terminal whose other side is closed
            while data := os.read(ours, 4096):
                out += data
        self.assertEqual((process.wait(timeout=cli.DEADLINE), process.stderr.read()), (0, b''))
        process.stderr.close()
        text = out.decode()
        self.assertRegex(text, r'Greeting +checking…\r\x1b\[KGreeting +\x1b\[32mgood +\x1b\[0m')

    def test_narrow_terminal(self):
        """Texts are broken between words, and no line is longer than the terminal is wide."""
        arguments = ['--key', 'k', '--host', '127.0.0.1', '--port', str(closed_port()), '--no-tls']
        for columns in (100, 60, 44):
            with self.subTest(columns):
                ours, theirs = pty.openpty()
                self.addCleanup(os.close, ours)
                fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
                process = subprocess.Popen([cli.PROGRAM, 'doctor', *arguments], env=self.env | {'TERM': 'dumb'},
                                           stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL)
                os.close(theirs)
                out = b''
                with contextlib.suppress(OSError):
                    while data := os.read(ours, 4096):
                        out += data
                self.assertEqual(process.wait(timeout=cli.DEADLINE), 3)
                lines = out.decode().splitlines()
                self.assertLessEqual(max(map(len, lines)), columns, lines)
                self.assertIn('Nothing listens there. Start the server, or correct the port', ' '.join(
                    ' '.join(lines).split()))

    def test_usage(self):
        self.assert_refused(['doctor'], 'app key')
        self.assert_refused(['doctor', '--key', 'k', '--transports', 'ws', '--disable-transports', 'ws'],
                            'transport')

    def test_interrupted(self):
        listener = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listener.close)
        process = self.start('doctor', '--key', 'k', '--host', '127.0.0.1', '--port',
                             str(listener.getsockname()[1]), '--no-tls', '--format', 'ndjson')
        process.wait_line(step='tls')
        process.signal(signal.SIGINT)
        result = self.finish(process, 130)
        self.assertEqual([line['step'] for line in result.lines], STEPS[:3])


if __name__ == '__main__':
    cli.main()
