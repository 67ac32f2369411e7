#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails says why, and what to do; what comes back is connected again, with the gap on record."""
import re
import socket
import subprocess
import sys
import threading

import scope_ui as ui

QUICK = ('--unavailable-timeout', '1', '--reconnect-delay', '0.5', '--max-delay', '2')


class Stranger:
    """A server that speaks something else: answers every connection with the same bytes."""

    def __init__(self, answer):
        self.answer = answer
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            with peer:
                peer.recv(4096)
                peer.sendall(self.answer)

    def stop(self):
        self.socket.close()


def test_wrong_key(case):
    """A wrong key ends in Disconnected, with the reason and the next step."""
    server = case.server()
    ui.add_profile('Wrong', server.port, app_key='no-such-key')
    program = case.program('--profile', 'Wrong', '--connect')
    window = program.window
    window.wait_state('Disconnected')
    window.wait_text('4001')
    window.find_usable('button', 'Connect')
    window.show_view('Connection')
    window.wait_text('4001')
    program.quit()


def test_wrong_secret(case):
    """A wrong secret is told at the channel it closes."""
    server = case.server()
    ui.add_profile('Secret', server.port, secret='another-secret')
    program = case.program('--profile', 'Secret', '--connect')
    window = program.window
    window.wait_state('Connected')
    row = window.subscribe('private-orders')
    ui.until(lambda: 'Could not subscribe' in row.name and 'signature' in row.name, 'a refusal')
    server.publish('news', 'nothing', {})
    ui.equal(window.state, 'Connected', 'state')
    program.quit()


def test_lost(case):
    """A server that goes away and comes back: countdown, Connected again, channels back, a gap row."""
    server = case.server()
    ui.add_profile('Lost', server.port, *QUICK)
    program = case.program('--profile', 'Lost', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.subscribe('orders')
    server.wait_subscribed('orders')
    server.publish('orders', 'before', {'n': 1})
    window.events.row('orders', 'before')

    server.kill()
    window.wait_state('Connecting', 'Unavailable')
    window.wait_text(r'Next attempt in \d+')
    window.wait_state('Unavailable')

    server = case.server(server.port)
    window.wait_state('Connected')
    server.wait_subscribed('orders')
    server.publish('orders', 'after', {'n': 2})
    window.events.row('orders', 'after')
    gap = window.events.row('gap')
    if not re.search('missed', gap.name):
        raise AssertionError(f'the gap row says only {gap.name!r}')
    order = [row.name for row in window.events.rows]
    places = [next(i for i, name in enumerate(order) if re.search(word, name)) for word in ('before', 'gap', 'after')]
    ui.equal(places, sorted(places), f'order of {order}')
    program.quit()


def test_never(case):
    """Nobody there: why, and a way out."""
    ui.add_profile('Never', ui.free_port(), *QUICK)
    program = case.program('--profile', 'Never', '--connect')
    window = program.window
    window.wait_state('Unavailable')
    window.wait_text('[Rr]efused')
    window.click('Disconnect')
    window.wait_state('Disconnected')
    program.quit()


def test_stranger(case):
    """A server that is no Channels server is told from one."""
    stranger = Stranger(b'HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot here\n')
    case.callback(stranger.stop)
    ui.add_profile('Stranger', stranger.port, *QUICK)
    program = case.program('--profile', 'Stranger', '--connect')
    window = program.window
    window.wait_text('404')
    window.wait_state('Disconnected')
    program.quit()


def test_garbage(case):
    """A server that talks nonsense does no harm."""
    stranger = Stranger(b'\x00\xff[[[[' * 1000)
    case.callback(stranger.stop)
    ui.add_profile('Garbage', stranger.port, *QUICK)
    program = case.program('--profile', 'Garbage', '--connect')
    window = program.window
    window.wait_state('Unavailable', 'Disconnected', 'Failed')
    window.show_view('Connection')
    window.show_view('Events')
    program.quit()


def test_no_profile(case):
    """A profile that does not exist is named, once."""
    result = subprocess.run([ui.PROGRAM, '--profile', 'Nobody'], capture_output=True, text=True,
                            timeout=ui.DEADLINE, stdin=subprocess.DEVNULL)
    ui.equal(result.returncode, 2, 'exit status')
    ui.equal(result.stderr.count('\n'), 1, f'lines in {result.stderr!r}')
    if 'Nobody' not in result.stderr:
        raise AssertionError(f'{result.stderr!r} does not name it')


if __name__ == '__main__':
    sys.exit(ui.main([test_wrong_key, test_wrong_secret, test_lost, test_never, test_stranger, test_garbage,
                      test_no_profile]))
