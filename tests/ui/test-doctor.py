#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor in the window: its steps, what it advises, its report."""
import re
import sys

import scope_ui as ui

STEPS = ['Name (DNS)', 'Port (TCP)', 'Encryption (TLS)', 'WebSocket', 'Greeting', 'HTTP API', 'Private Channels',
         'Presence Channels']
QUICK = ('--unavailable-timeout', '1', '--reconnect-delay', '0.5', '--max-delay', '2')


def findings(window):
    """What each step says, by its words."""
    rows = ui.rows_of(window.find('list', 'Steps of the Doctor'))
    return {step: row.name for step, row in zip(STEPS, rows)}


def wait_verdict(window, *words):
    """Once it has ended, each step's verdict."""
    ui.until(lambda: not any(re.search(': (waiting|checking)', name) for name in findings(window).values()),
             'the doctor ends')
    told = findings(window)
    for step, word in zip(STEPS, words):
        if not told[step].startswith(f'{step}: {word}'):
            raise AssertionError(f'{step} is not {word}: {told}')
    return told


def press(window, name):
    """A button below may have to be brought into sight first."""
    window.find_usable('button', name).act()


def test_demo(case):
    """On the demo all is well; the report is copied, without the key."""
    program = case.program('--demo')
    window = program.window
    window.wait_state('Connected')
    window.show_view('Connection')
    press(window, 'Run Doctor')
    told = wait_verdict(window, 'good', 'good', 'skipped', 'good', 'good', 'good', 'good', 'skipped')
    if not re.search(r'Port \(TCP\): good · \d+ .s\. Connected to 127\.0\.0\.1:', told['Port (TCP)']):
        raise AssertionError(told)
    window.wait_text('All that could be checked is good')
    press(window, 'Copy Report')
    window.show_view('Events')
    window.activate()
    ui.key('ctrl+l')
    filter_entry = window.find('entry', 'Filter')
    ui.until(lambda: filter_entry.has_state('FOCUSED') or window.there('text', 'Filter'), 'the filter has the focus')
    ui.key('ctrl+v')
    pasted = ui.until(lambda: 'Presence Channels' in window.read('Filter', 'entry') and
                      window.read('Filter', 'entry'), 'the report is pasted')
    for word in ('Channelscope', 'Port (TCP): good', '/app/•••'):
        if word not in pasted:
            raise AssertionError(f'{word!r} is not in {pasted!r}')
    program.quit()


def test_failing(case):
    """From a connection that fails to what is wrong, and on to the profile."""
    ui.add_profile('Never', ui.free_port(), *QUICK)
    program = case.program('--profile', 'Never', '--connect')
    window = program.window
    window.wait_state('Unavailable')
    press(window, 'Find Out Why…')
    told = wait_verdict(window, 'good', 'failed', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped')
    if 'Nothing listens there' not in told['Port (TCP)']:
        raise AssertionError(told)
    window.wait_text(r'1 step failed, first: Port \(TCP\)')
    press(window, 'Edit Profile…')
    dialog = window.dialog('entry', 'App Key')
    dialog.close('Cancel')
    program.quit()


def test_key(case):
    """By keyboard, before it was ever connected: the secrets are fetched, and what they are not good for is told."""
    server = case.server()
    ui.add_profile('Secret', server.port, '--app-id', 'app-id', secret='another-secret')
    program = case.program('--profile', 'Secret')
    window = program.window
    window.find_usable('button', 'Connect')
    window.activate()
    ui.key('F8')
    told = wait_verdict(window, 'good', 'good', 'skipped', 'good', 'good', 'failed', 'failed', 'skipped')
    for step in ('HTTP API', 'Private Channels'):
        if 'secret is not this app' not in told[step]:
            raise AssertionError(told)
    window.wait_text('2 steps failed, first: HTTP API')
    program.quit()


def test_stop(case):
    """A server that says nothing is not waited for longer than one wants."""
    listener = ui.socket.create_server(('127.0.0.1', 0))
    case.callback(listener.close)
    ui.add_profile('Silent', listener.getsockname()[1])
    program = case.program('--profile', 'Silent')
    window = program.window
    window.find_usable('button', 'Connect')
    window.show_view('Connection')
    press(window, 'Run Doctor')
    ui.until(lambda: 'checking' in findings(window)['WebSocket'], 'it waits for the WebSocket')
    press(window, 'Stop Doctor')
    window.wait_text('^Stopped')
    ui.until(lambda: 'Cancelled' in findings(window)['WebSocket'], 'the step is given up')
    window.find_usable('button', 'Run Doctor')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_demo, test_failing, test_key, test_stop]))
