#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-window.py COMMAND...: starts the program and waits, over the accessibility bus, until its
window says that it is connected."""
import signal
import subprocess
import sys
import time

import pyatspi

DEADLINE_SECONDS = 60
WANTED = 'Connection state: Connected'


def walk(node):
    yield node
    for child in node:
        if child is not None:
            yield from walk(child)


def states():
    """What the windows of the program say about their connection."""
    for application in pyatspi.Registry.getDesktop(0):
        if application is not None and application.name == 'channelscope':
            for node in walk(application):
                if node.name.startswith('Connection state:'):
                    yield node.name


def main():
    seen = 'no window'
    program = subprocess.Popen(sys.argv[1:], start_new_session=True)
    deadline = time.monotonic() + DEADLINE_SECONDS
    try:
        while time.monotonic() < deadline and program.poll() is None:
            try:
                for seen in states():
                    if seen.startswith(WANTED):
                        print(f'the window opened: {seen}')
                        return 0
            except Exception as error:  # the tree changes while it is read
                seen = f'{seen} ({error})'
            time.sleep(0.2)
    finally:
        if program.poll() is None:
            subprocess.run(['flatpak', 'kill', 'io.github.channelscope.Channelscope'], check=False)
            program.send_signal(signal.SIGTERM)
            program.wait(10)
    print(f'not connected: {seen}, exit status {program.returncode}', file=sys.stderr)
    return 1


if __name__ == '__main__':
    sys.exit(main())
