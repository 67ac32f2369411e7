#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo shop, several windows in one process, and what a window remembers."""
import re
import subprocess
import sys

import scope_ui as ui


def count_events(window):
    for text in window.texts():
        match = re.fullmatch(r'([\d,]+) rows?', text)
        if match:
            return int(match.group(1).replace(',', ''))
    return 0


def test_demo(case):
    """--demo opens connected, with channels, events that arrive, and people."""
    program = case.program('--demo')
    window = program.window
    window.wait_state('Connected')
    channels = window.find('list', 'Channels')
    ui.until(lambda: len(ui.rows_of(channels)) >= 2, 'channels')
    first = ui.until(lambda: count_events(window), 'events')
    ui.until(lambda: count_events(window) > first, 'more events')
    window.events.select('private-orders', 'order.')
    window.find('text', 'Payload')
    window.show_view('Presence')
    ui.until(lambda: len(window.members()) >= 2, 'people in the support room')
    window.show_view('Connection')
    window.wait_text('^Connected')
    program.quit()


def test_windows(case):
    """A second start opens a second window in the same process."""
    program = case.program()
    program.application.main()
    for count in (2, 3):
        second = subprocess.run([ui.PROGRAM, '--new-window'], timeout=ui.DEADLINE, stdin=subprocess.DEVNULL)
        ui.equal(second.returncode, 0, 'exit status of the second start')
        ui.until(lambda: len(program.application.main_windows()) == count, f'{count} windows')
    second = subprocess.run([ui.PROGRAM, '--demo'], timeout=ui.DEADLINE, stdin=subprocess.DEVNULL)
    ui.equal(second.returncode, 0, 'exit status of the demo')
    ui.until(lambda: any(window.state == 'Connected' for window in program.application.main_windows()),
             'the demo, connected')
    for window in program.application.main_windows():
        if window.state == 'Connected':
            window.activate()
    ui.key('ctrl+q')
    ui.equal(program.wait(), 0, 'exit status')


def test_profiles(case):
    """Two windows watch two profiles."""
    servers = [case.server(), case.server()]
    for number, server in enumerate(servers):
        ui.add_profile(f'Shop {number}', server.port)
    program = case.program('--profile', 'Shop 0', '--connect')
    program.application.main().wait_state('Connected')
    subprocess.run([ui.PROGRAM, '--profile', 'Shop 1', '--connect'], check=True, timeout=ui.DEADLINE,
                   stdin=subprocess.DEVNULL)
    windows = ui.until(lambda: len(program.application.main_windows()) == 2 and program.application.main_windows(),
                       'two windows')
    for window in windows:
        window.wait_state('Connected')
    names = sorted(window.node.name for window in windows)
    for number, name in enumerate(names):
        if f'Shop {number}' not in name:
            raise AssertionError(f'windows named {names}')
    windows[0].click('Disconnect')
    ui.until(lambda: sorted(window.state for window in windows) == ['Connected', 'Disconnected'], 'one is on')
    program.quit()


def test_state(case):
    """The window comes back in the size it was left."""
    program = case.program()
    window = program.window
    window.resize(930, 610)
    size = window.x_window()[3:]
    program.quit()
    program = case.program()
    window = program.window
    ui.until(lambda: window.x_window()[3:] == size, f'the size {size} again')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_demo, test_windows, test_profiles, test_state]))
