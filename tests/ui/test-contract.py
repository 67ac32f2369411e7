#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's contract: what scripts and screen readers rely on is there, with its role and name."""
import re
import subprocess
import sys

import scope_ui as ui

FIELDS = ['Name', 'App Key', 'Cluster', 'Host', 'Port', 'App ID', 'App Secret', 'Encryption Master Key']
CONTROLS = 'button|entry|switch|tab|menu item'


def run_program(*arguments):
    return subprocess.run([ui.PROGRAM, *arguments], capture_output=True, text=True, timeout=ui.DEADLINE,
                          stdin=subprocess.DEVNULL)


def check_all_named(window, where):
    """No control is without a name, nor one that is only its widget's type; none that is hidden, either."""
    nameless = [node for node in window.all(CONTROLS, showing=False) if not node.name.strip() or node.name.startswith('Gtk')]
    # What stands inside a control that has a name (a menu button's own button) speaks through it.
    nameless = [node for node in nameless if not node.parent.name.strip()]
    ui.equal([f'{node!r} in {node.parent!r}' for node in nameless], [], f'controls without a name in {where}')


def check_no_types(window, where):
    """No part of the log is called by the name of its widget's type."""
    named = [node for node, _ in window.events.node.walk() if node.name.startswith('Gtk')]
    ui.equal([f'{node!r}' for node in named], [], f'names of types in {where}')


def check_one_connect(window, where):
    """One button of that name in sight: a script takes the first."""
    found = [node.name for node in window.all('button') if node.name in ('Connect', 'Disconnect')]
    ui.equal(len(found), 1, f'buttons in {where}: {found}')


def test_arguments(case):
    """--version, --help and what is unknown."""
    result = run_program('--version')
    ui.equal(result.returncode, 0, '--version')
    if not re.match(r'channelscope \d+\.\d+\.\d+\n', result.stdout):
        raise AssertionError(f'version: {result.stdout!r}')

    result = run_program('--help')
    ui.equal(result.returncode, 0, '--help')
    for option in ('--demo', '--profile', '--connect', '--new-window', '--version', 'CAPTURE'):
        if option not in result.stdout:
            raise AssertionError(f'--help does not tell of {option}')

    for arguments in (['--no-such-option'], ['--profile'], ['--demo=yes']):
        result = run_program(*arguments)
        ui.equal(result.returncode, 2, f'{arguments}: exit status')
        ui.equal(result.stdout, '', f'{arguments}: standard output')
        ui.equal(result.stderr.count('\n'), 1, f'{arguments}: lines in {result.stderr!r}')
        if arguments[0].split('=')[0] not in result.stderr:
            raise AssertionError(f'{result.stderr!r} does not name {arguments[0]}')


def test_start(case):
    """The start page and the profile editor."""
    program = case.program()
    window = program.window
    ui.equal(program.application.node.name, 'channelscope', 'name of the application')
    window.find('button', 'Main Menu')
    window.find('button|label', ui.STATE)
    check_all_named(window, 'the start page')
    window.click('New Profile')
    editor = window.dialog('entry', 'App Key')
    for field in FIELDS:
        editor.find('entry', field, showing=False)
    editor.find('switch', 'Use TLS', showing=False)
    editor.find('button', 'Save')
    editor.find('button', 'Test Connection')
    check_all_named(editor, 'the profile editor')
    editor.close('Cancel')
    program.quit()


def test_window(case):
    """The window of an open profile."""
    server = case.server()
    ui.add_profile('Contract', server.port)
    program = case.program('--profile', 'Contract')
    window = program.window
    window.find('button|label', ui.STATE)
    window.find_usable('button', 'Connect').act()
    window.wait_state('Connected')
    window.find('button', 'Disconnect')
    for view in ('Events', 'Presence', 'Connection', 'Publish'):
        window.find('tab', view)

    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')
    dialog.find('button', 'Subscribe')
    check_all_named(dialog, 'the subscribe dialog')
    dialog.set_text('Channel Name', 'presence-room news')
    dialog.close('Subscribe')
    for channel in ('presence-room', 'news'):
        window.channel_row(channel)
        server.wait_subscribed(channel)
    case.member(server, 'presence-room', 'ana', {'name': 'Ana'})
    server.publish('news', 'first.event', {'a': 1})

    window.find('entry', 'Filter')
    for name in ('Follow', 'Pause', 'Clear'):
        window.find('button', name)
    events = window.events
    row = events.row('news', 'first.event')
    cells = events.cells(row)
    if not any(re.fullmatch(r'\d\d:\d\d:\d\d\.\d\d\d', cell) for cell in cells):
        raise AssertionError(f'no time among the cells {cells}')
    if not any(re.fullmatch(r'\d+ B', cell) for cell in cells):
        raise AssertionError(f'no size among the cells {cells}')
    for word in ('news', 'first.event'):
        if word not in cells:
            raise AssertionError(f'no {word} among the cells {cells}')
    events.select('news', 'first.event')
    window.find('text', 'Payload')
    window.find('text', 'Raw Payload', showing=False)
    check_all_named(window, 'Events')
    check_no_types(window, 'Events')

    window.show_view('Presence')
    window.find('list', 'Members')
    ui.until(lambda: any(ui.begins_with(name, 'Ana') for name in window.members()), 'Ana among the members')
    check_all_named(window, 'Presence')
    for view in ('Connection', 'Publish', 'Statistics'):
        window.show_view(view)
        check_all_named(window, view)
        check_one_connect(window, view)
    window.show_view('Events')

    window.click('Disconnect')
    window.wait_state('Disconnected')
    window.find_usable('button', 'Connect')
    for view in ('Events', 'Presence', 'Connection', 'Publish'):
        window.show_view(view)
        check_one_connect(window, view)
    program.quit()


def test_menu(case):
    """The main menu, the shortcuts and the about window."""
    program = case.program()
    window = program.window
    window.click('Main Menu')
    ui.until(lambda: window.all('menu item'), 'an open menu')
    check_all_named(window, 'the main menu')
    window.activate()
    ui.key('Escape')
    ui.until(lambda: not window.all('menu item'), 'a closed menu')
    ui.key('ctrl+question')
    shortcuts = program.application
    ui.until(lambda: len(shortcuts.windows()) == 2, 'the shortcuts window')
    ui.key('Escape')
    ui.until(lambda: len(shortcuts.windows()) == 1, 'no shortcuts window')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_arguments, test_start, test_window, test_menu]))
