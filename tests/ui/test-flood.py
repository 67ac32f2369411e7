#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 events in one second: all of them in the capture, in order, while the window answers."""
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import time

import scope_ui as ui

COUNT = 10000
BYTES = 250


class FloodServer(ui.Process):
    def __init__(self):
        super().__init__([ui.FLOOD], stdin=subprocess.PIPE)
        self.port = self.output.wait_json('it listens', type='listening')[1]['port']

    def tell(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()


def recorded(path):
    """How many events are in the capture, as anyone may ask who has sqlite3."""
    try:
        with contextlib.closing(sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=1)) as database:
            return database.execute('SELECT count(*) FROM events').fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def numbers(path):
    with contextlib.closing(sqlite3.connect(f'file:{path}?mode=ro', uri=True)) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute('SELECT * FROM events').fetchall()
    found = []
    for row in rows:
        match = next((re.match(r'\{"n":(\d+)', value) for value in map(as_text, row)
                      if value.startswith('{"n":')), None)
        if match:
            found.append(int(match.group(1)))
    return found


def as_text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def test_flood(case):
    """10,000 events in 1 s are recorded in order and the window answers within 1 s."""
    server = case.keep(FloodServer())
    ui.add_profile('Flood', server.port)
    program = case.program('--profile', 'Flood', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.subscribe('flood')
    server.output.wait(lambda line: '"flood"' in line, 'the subscription')
    path = ui.until(lambda: ui.captures()[-1:], 'a capture file')[0]

    state = window.find('button|label', ui.STATE)
    table = window.events.node
    server.tell(f'flood flood {COUNT} {BYTES} 1.0')
    slowest, looks = 0.0, 0
    end = time.monotonic() + ui.DEADLINE
    while True:
        begin = time.monotonic()
        state.get('Accessible', 'Name', msec=1000)
        table.call('Component', 'GetExtents', ui.atspi.GLib.Variant('(u)', (1,)), msec=1000)
        slowest = max(slowest, time.monotonic() - begin)
        looks += 1
        if looks % 10 == 0 and recorded(path) >= COUNT:
            break
        if time.monotonic() > end:
            raise AssertionError(f'only {recorded(path)} of {COUNT} were recorded')
        time.sleep(0.01)  # between two looks
    print(f'# slowest answer {slowest * 1000:.0f} ms of {looks}')

    window.wait_text(r'^10,?0\d\d rows$')
    ui.equal(window.state, 'Connected', 'state')
    program.quit()
    ui.equal(numbers(path), list(range(COUNT)), 'numbers in the capture')
    ui.equal(os.stat(path).st_mode & 0o777, 0o600, 'mode of the capture')
    ui.equal([name for name in os.listdir(os.path.dirname(path)) if name.endswith(('-wal', '-shm'))], [],
             'a clean close leaves one plain file')
    result = subprocess.run([ui.CLI, 'query', path, '--summary'], capture_output=True, text=True,
                            timeout=ui.DEADLINE)
    if result.returncode == 0:
        ui.equal(json.loads(result.stdout)['events'], COUNT, 'events of the summary')


if __name__ == '__main__':
    sys.exit(ui.main([test_flood]))
