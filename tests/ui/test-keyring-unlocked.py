#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole path with a keyring: make a profile, start again, connect, read an event, disconnect."""
import json
import re
import sys

import scope_ui as ui

KEY = 'scope-key-4711-0815'
SECRET = 'scope-secret-9b1f-77aa'


def check_nowhere(*programs):
    """The keyring is encrypted: neither key nor secret may stand in any file."""
    for secret in (KEY, SECRET):
        ui.equal(ui.files_with(secret), [], 'files with a secret')
        for program in programs:
            with open(program.log, encoding='utf-8', errors='replace') as log:
                ui.equal([line for line in log if secret in line], [], 'messages with a secret')


def create(case, server):
    program = case.program(G_MESSAGES_DEBUG='all')
    window = program.window
    editor = ui.new_profile(window, 'Shop', server)
    editor.click('Test Connection')
    editor.wait_text(r'^Connected')
    editor.close('Save')
    ui.wait_open(window, 'Shop')
    program.quit()
    check_nowhere(program)


def read_event(window, server):
    window.subscribe('orders')
    server.wait_subscribed('orders')
    payload = {'order': 7, 'name': 'Zoë', 'lines': [{'sku': 'a-1', 'n': 2}]}
    server.publish('orders', 'order.placed', json.dumps(payload))
    events = window.events
    row = events.row('orders', 'order.placed')
    cells = events.cells(row)
    for wanted in (r'\d\d:\d\d:\d\d\.\d\d\d', 'orders', r'order\.placed', r'\d+ B'):
        if not any(re.fullmatch(wanted, cell) for cell in cells):
            raise AssertionError(f'no cell like {wanted}: {cells}')
    events.select('orders', 'order.placed')
    pretty = ui.until(lambda: window.read('Payload'), 'a payload')
    ui.equal(json.loads(pretty), payload, 'Payload')
    if '\n' not in pretty:
        raise AssertionError(f'the payload is not laid out: {pretty!r}')
    window.click('Raw', 'tab')
    raw = window.find('text', 'Raw Payload')
    ui.until(lambda: raw.text == json.dumps(payload), 'Raw Payload as it came')


def watch_members(case, window, server):
    window.subscribe('presence-room')
    server.wait_subscribed('presence-room')
    ana = case.member(server, 'presence-room', 'ana', {'name': 'Ana'})
    window.show_view('Presence')
    ui.until(lambda: any(ui.begins_with(name, 'Ana') for name in window.members()), 'Ana among the members')
    ui.equal(len(window.members()), 2, 'members, with ourselves')
    ana.stop()
    ui.until(lambda: len(window.members()) == 1, 'Ana is gone')
    window.show_view('Events')


def test_path(case):
    """A profile's key comes back from the keyring after a restart, and everything works with it."""
    server = case.server(app_key=KEY, secret=SECRET)
    create(case, server)

    program = case.program(G_MESSAGES_DEBUG='all')
    window = program.window
    row = ui.profile_row(window, 'Shop')
    ui.row_button(row, 'Edit Shop').act()
    editor = window.dialog('entry', 'App Key')
    ui.until(lambda: editor.read('App Key', 'entry') == KEY, 'the key comes back')
    ui.until(lambda: editor.read('App Secret', 'entry') == SECRET, 'the secret comes back')
    editor.close('Cancel')

    ui.open_profile(window, 'Shop')
    window.click('Connect')
    window.wait_state('Connected')
    read_event(window, server)
    watch_members(case, window, server)
    window.click('Disconnect')
    window.wait_state('Disconnected')
    program.quit()
    check_nowhere(program)


def test_remove(case):
    """Removing a profile can be undone; without that its items leave the keyring."""
    ui.add_profile('Gone', 1)
    program = case.program()
    window = program.window
    row = ui.profile_row(window, 'Gone')
    ui.row_button(row, 'Remove Gone').act()
    window.click(re.compile('^Undo'))
    row = ui.profile_row(window, 'Gone')
    ui.row_button(row, 'Edit Gone').act()
    editor = window.dialog('entry', 'App Key')
    ui.until(lambda: editor.read('App Key', 'entry') == ui.KEY, 'the key is still there')
    editor.close('Cancel')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_path, test_remove]))
