#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings on the start page; a damaged one; how large they may become."""
import os
import re
import shutil
import subprocess
import sys

import scope_ui as ui

CAPTURES = os.path.join(os.environ.get('XDG_STATE_HOME', os.path.expanduser('~/.local/state')),
                        'channelscope', 'captures')


def make_capture(name, count):
    """A recording made by the command-line program, of events 1 to count."""
    os.makedirs(CAPTURES, mode=0o700, exist_ok=True)
    path = os.path.join(CAPTURES, name + '.channelscope')
    lines = ''.join(f'{{"time":"2026-11-21T14:05:02.{i % 1000000:06}Z","type":"event","direction":"in",'
                    f'"channel":"news","event":"tick","data":{{"n":{i}}},"raw":"{{\\"n\\":{i}}}","size":60}}\n'
                    for i in range(1, count + 1))
    source = path + '.ndjson'
    with open(source, 'w', encoding='utf-8') as file:
        file.write(lines)
    subprocess.run([os.environ['CHANNELSCOPE_CLI'], 'import', source, path], check=True, timeout=ui.DEADLINE)
    os.remove(source)
    return path


def zero_middle(path):
    size = os.path.getsize(path)
    with open(path, 'r+b') as file:
        file.seek(size // 2 // 16384 * 16384)
        file.write(bytes(2 * 16384))


def find_row(window, name):
    return window.find('row', re.compile(f'^Recording: {name}'))


def test_recent(case):
    """A recording stands on the start page and opens from there."""
    make_capture('shop', 50)
    program = case.program()
    window = program.window
    row = find_row(window, 'shop')
    ui.until(lambda: '50 entries' in row.name, 'how many there are')
    window.mouse(row)
    ui.wait_open(window, 'shop')
    window.wait_text('^50( events)?$|^50 ')
    program.quit()


def test_trash(case):
    """A recording that was moved to the trash comes back on request."""
    path = make_capture('wanted', 3)
    program = case.program()
    window = program.window
    find_row(window, 'wanted')
    window.click('Menu of wanted')
    window.click('Move to Trash…', 'menu item')
    question = program.application.window_with('label', 'Move to Trash?')
    question.click(re.compile('^Move to _Trash'))
    window.wait_text('^1 recording moved to the trash$')
    window.gone('row', re.compile('^Recording: wanted'))
    ui.equal(os.path.exists(path), False, 'it is in the trash')
    window.click(re.compile('^Undo'))
    find_row(window, 'wanted')
    ui.equal(os.path.exists(path), True, 'it is back')
    program.quit()


def ask_trash(program, window, name):
    window.click(f'Menu of {name}')
    window.click('Move to Trash…', 'menu item')
    program.application.window_with('label', 'Move to Trash?').click(re.compile('^Move to _Trash'))
    return program.application.window_with('label', 'Delete Forever?')


def test_no_trash(case):
    """Where there is no trash a recording is deleted if one says so again, and not before."""
    path = make_capture('stubborn', 3)
    trash = os.path.join(os.environ['XDG_DATA_HOME'], 'Trash')
    shutil.rmtree(trash, ignore_errors=True)
    with open(trash, 'w', encoding='utf-8'):
        pass
    try:
        program = case.program()
        window = program.window
        find_row(window, 'stubborn')
        question = ask_trash(program, window, 'stubborn')
        question.wait_text('“stubborn.channelscope” can’t be moved to the trash: ')
        question.click(re.compile('^_?Cancel'))
        ui.until(lambda: question.node not in program.application.node.children, 'the question is closed')
        ui.equal(os.path.exists(path), True, 'it is there')
        find_row(window, 'stubborn')
        open(path + '-wal', 'w', encoding='utf-8').close()
        ask_trash(program, window, 'stubborn').click(re.compile('^_Delete Forever'))
        window.wait_text('^1 recording deleted$')
        window.gone('row', re.compile('^Recording: stubborn'))
        ui.equal([os.path.exists(path + end) for end in ('', '-wal', '-shm')], [False] * 3, 'nothing is left of it')
        program.quit()
    finally:
        os.remove(trash)


def test_rename(case):
    """A recording is called in the list what the user called it."""
    path = make_capture('2026-11-21 14.05.02 Shop', 3)
    program = case.program()
    window = program.window
    find_row(window, '2026-11-21 14.05.02 Shop')
    window.click('Menu of 2026-11-21 14.05.02 Shop')
    window.click('Rename…', 'menu item')
    question = program.application.window_with('entry', 'New Name')
    question.set_text('New Name', 'before the fix')
    question.click(re.compile('^_?Rename'))
    find_row(window, 'before the fix')
    ui.equal(os.path.exists(path), False, 'the old name')
    program.quit()


def test_older(case):
    """Old recordings go, also those that are too many to be listed."""
    paths = [make_capture('aged', 1)]
    for number in range(204):
        paths.append(os.path.join(CAPTURES, f'aged {number}.channelscope'))
        shutil.copyfile(paths[0], paths[-1])
    for path in paths:
        os.utime(path, (1_600_000_000, 1_600_000_000))
    make_capture('fresh', 1)
    program = case.program()
    window = program.window
    find_row(window, 'fresh')
    window.click('Delete Older Recordings')
    window.click('Older Than a Month…', 'menu item')
    question = program.application.window_with('label', 'Move to Trash?')
    question.wait_text('^205 recordings, ')
    question.click(re.compile('^Move to _Trash'))
    ui.until(lambda: not any(map(os.path.exists, paths)), 'the old ones are in the trash')
    find_row(window, 'fresh')
    program.quit()


def test_search(case):
    """Where there are many, a search leaves those whose name fits."""
    for name in ('alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa'):
        make_capture(name, 1)
    program = case.program()
    window = program.window
    find_row(window, 'alpha')
    window.set_text('Find a Recording', 'gam')
    window.gone('row', re.compile('^Recording: alpha'))
    find_row(window, 'gamma')
    window.set_text('Find a Recording', '')
    find_row(window, 'alpha')
    program.quit()


def test_drop(case):
    """A recording that is dropped on the window is opened."""
    path = make_capture('dropped', 50)
    program = case.program()
    window = program.window
    find_row(window, 'dropped')
    source = case.keep(ui.Process([sys.executable, os.path.join(os.path.dirname(__file__), 'drag-source.py'), path]))
    number = ui.until(lambda: subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '^Drag source$'],
                                             capture_output=True, text=True, timeout=ui.DEADLINE).stdout.split(),
                      'another window')[0]
    window.resize(700, 600)
    ui.xdotool('windowmove', '--sync', number, 900, 400)
    ui.xdotool('windowactivate', '--sync', number)
    _, left, top, width, height = window.x_window()

    def look():
        """By little steps, as a hand does."""
        ui.xdotool('mousemove', 960, 460, 'mousedown', 1)
        for step in range(20):
            ui.xdotool('mousemove', '--sync', 950 - step * (950 - left - width // 2) // 19,
                       450 - step * (450 - top - height // 2) // 19)
        ui.xdotool('mouseup', 1)
        return window.node.name == 'dropped'
    ui.until(look, 'the window shows what was dropped')
    source.stop()
    program.quit()


def test_damaged(case):
    """What can be read of a damaged recording is shown, and how much that is, once."""
    path = make_capture('broken', 5000)
    zero_middle(path)
    program = case.program(path)
    window = program.window
    wanted = re.compile('This capture is damaged: [0-9]+ of 5000 entries could be read')
    window.wait_text(wanted)
    window.events.row('news')
    told = [node for node in window.all('label', wanted)]
    ui.equal(len(told), 1, 'told once')
    program.quit()


def test_budget(case):
    """The size limit is said in words."""
    program = case.program()
    window = program.window
    window.find('row', re.compile('^Recording: ')) if os.listdir(CAPTURES) else None
    ui.key('ctrl+comma')
    dialog = window.dialog('button', 'Open Folder')
    dialog.wait_text('^1.0.GiB: about 4.?000.?000 events of 250 bytes')
    ui.key('Escape')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_recent, test_trash, test_no_trash, test_rename, test_older, test_search, test_drop, test_damaged, test_budget]))
