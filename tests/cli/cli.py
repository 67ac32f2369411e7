# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of channelscope-cli share: running it in a private place, its sandbox server,
and unittest speaking TAP. The program's path is the first argument. Every wait has a deadline."""
import hashlib
import hmac
import http.client
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = sys.argv[1]
DEADLINE = 30.0
# seconds of --for: enough to start, connect and be answered in on a loaded machine
A_WHILE = '2'

KEPT = ('PATH', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS', 'G_DEBUG', 'G_SLICE',
        'MALLOC_CHECK_')


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


class Process:
    """A running channelscope-cli, whose lines are collected as they come."""

    def __init__(self, arguments, env, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen([PROGRAM, *arguments], env=env, stdin=stdin,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.queue = queue.Queue()
        self.out, self.err = [], []
        self.threads = [threading.Thread(target=self._read_out, daemon=True),
                        threading.Thread(target=self._read_err, daemon=True)]
        for thread in self.threads:
            thread.start()

    def _read_out(self):
        for line in self.process.stdout:
            self.out.append(line.decode('utf-8'))
            self.queue.put(self.out[-1])
        self.queue.put(None)

    def _read_err(self):
        for line in self.process.stderr:
            self.err.append(line.decode('utf-8'))

    def wait_line(self, **wanted):
        """The next line that has all these members."""
        end = time.monotonic() + DEADLINE
        while True:
            try:
                text = self.queue.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f'no line {wanted} came: {self.out} {self.err}') from None
            if text is None:
                raise AssertionError(f'ended before a line {wanted} came: {self.out} {self.err}')
            line = json.loads(text)
            if all(line.get(key) == value for key, value in wanted.items()):
                return line

    def signal(self, number):
        self.process.send_signal(number)

    def finish(self):
        status = self.process.wait(timeout=DEADLINE)
        for thread in self.threads:
            thread.join(timeout=DEADLINE)
        return Result(status, ''.join(self.out), ''.join(self.err))

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=DEADLINE)
        for thread in self.threads:
            thread.join(timeout=DEADLINE)
        self.process.stdout.close()
        self.process.stderr.close()


class Server(Process):
    """`channelscope-cli serve`, once it listens."""

    def __init__(self, env, *arguments):
        super().__init__(['serve', '--format', 'ndjson', *arguments], env)
        self.listening = self.wait_line(type='listening')
        self.port = self.listening['port']

    def connection(self, key='app-key'):
        return ['--key', key, '--host', '127.0.0.1', '--port', str(self.port), '--no-tls']

    def publish(self, channel, event, data, key='app-key', app_id='app-id', secret='app-secret'):
        """As a server library does: POST events, signed."""
        body = json.dumps({'name': event,
                           'data': data if isinstance(data, str) else json.dumps(data),
                           'channels': [channel]}).encode()
        path = f'/apps/{app_id}/events'
        query = (f'auth_key={key}&auth_timestamp={int(time.time())}&auth_version=1.0'
                 f'&body_md5={hashlib.md5(body).hexdigest()}')
        signature = hmac.new(secret.encode(), f'POST\n{path}\n{query}'.encode(), hashlib.sha256)
        http_connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=DEADLINE)
        http_connection.request('POST', f'{path}?{query}&auth_signature={signature.hexdigest()}',
                                body,
                                {'Content-Type': 'application/json'})
        response = http_connection.getresponse()
        text = response.read()
        http_connection.close()
        assert response.status == 200, text


class TestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.place = tempfile.mkdtemp(prefix='channelscope-cli-')
        self.addCleanup(shutil.rmtree, self.place)
        # A locale without UTF-8: arguments and output are UTF-8 all the same.
        self.env = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.env |= {'LC_ALL': 'C', 'HOME': self.place, 'TMPDIR': self.place,
                     'GSETTINGS_BACKEND': 'memory', 'GIO_USE_VFS': 'local',
                     'DBUS_SESSION_BUS_ADDRESS': f'unix:path={self.place}/no-bus'}
        for name in ('CONFIG', 'DATA', 'STATE', 'CACHE'):
            self.env[f'XDG_{name}_HOME'] = os.path.join(self.place, name.lower())
        self.env['XDG_RUNTIME_DIR'] = self.place

    def path(self, name):
        return os.path.join(self.place, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)
        return self.path(name)

    def start(self, *arguments, **variables):
        process = Process([*arguments], self.env | variables)
        self.addCleanup(process.kill)
        return process

    def serve(self, *arguments, **variables):
        server = Server(self.env | variables, *arguments)
        self.addCleanup(server.kill)
        return server

    def run_cli(self, *arguments, stdin=None, **variables):
        done = subprocess.run([PROGRAM, *arguments], env=self.env | variables, timeout=DEADLINE,
                              input=stdin.encode() if stdin is not None else None,
                              stdin=subprocess.DEVNULL if stdin is None else None,
                              capture_output=True, check=False)
        result = Result(done.returncode, done.stdout.decode('utf-8'), done.stderr.decode('utf-8'))
        self.assertNotIn('Sanitizer', result.err)
        return result

    def finish(self, process, status):
        result = process.finish()
        self.assertNotIn('Sanitizer', result.err)
        self.assertEqual(result.status, status, result.out + result.err)
        return result

    def assert_refused(self, arguments, *words, **variables):
        """Wrong usage: status 2, one line on standard error that has these words, nothing else."""
        result = self.run_cli(*arguments, **variables)
        self.assertEqual(result.status, 2, result.err)
        self.assertEqual(result.out, '')
        self.assertRegex(result.err, r'\Achannelscope-cli: [^\n]+\n\Z')
        for word in words:
            self.assertIn(word, result.err)
        return result

    def files(self):
        """Everything below the private place, by path."""
        found = {}
        for directory, _, names in os.walk(self.place):
            for name in names:
                path = os.path.join(directory, name)
                if os.path.isfile(path):
                    with open(path, 'rb') as file:
                        found[os.path.relpath(path, self.place)] = file.read()
        return found


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def tell(self, good, test, text=''):
        self.number += 1
        name = test.id().split('.', 1)[-1]
        print(f"{'ok' if good else 'not ok'} {self.number} {name}", flush=True)
        for line in text.splitlines():
            print('#', line)

    def addSuccess(self, test):
        self.tell(True, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell(False, test, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self.tell(False, test, self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell(False, subtest, self._exc_info_to_string(err, test))


def main():
    signal.alarm(170)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    wanted = sys.argv[2:]
    tests = [test for group in suite for test in group
             if not wanted or any(word in test.id() for word in wanted)]
    result = TapResult()
    for test in tests:
        test.run(result)
    print(f'1..{result.number}')
    sys.exit(0 if result.wasSuccessful() else 1)
