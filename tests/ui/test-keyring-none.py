#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No keyring at all: a plain explanation, and work for this session only."""
import sys

import scope_ui as ui

KEY = 'scope-key-4711-0815'
SECRET = 'scope-secret-9b1f-77aa'


def check_nowhere():
    for secret in (KEY, SECRET):
        ui.equal(ui.files_with(secret), [], 'files with a secret')


def test_none(case):
    """Saving and connecting without a Secret Service."""
    server = case.server(app_key=KEY, secret=SECRET)
    program = case.program()
    window = program.window
    editor = ui.new_profile(window, 'Shop', server)
    editor.click('Save')
    editor.wait_text('There Is No Keyring')
    editor.wait_text('Secrets are never written anywhere else')
    editor.close('Use for This Session Only')
    ui.wait_open(window, 'Shop')
    ui.connect(window)
    window.subscribe('private-orders')
    server.wait_subscribed('private-orders')
    program.quit()
    check_nowhere()


def test_again(case):
    """After a restart the key is asked for, and forgotten again."""
    server = case.server(app_key=KEY, secret=SECRET)
    program = case.program()
    window = program.window
    row = ui.profile_row(window, 'Shop')
    ui.row_button(row, 'Edit Shop').act()
    editor = window.dialog('entry', 'App Key')
    ui.equal(editor.read('App Key', 'entry'), '', 'App Key')
    editor.set_text('Port', str(server.port))
    editor.close('Save')

    ui.open_profile(window, 'Shop')
    gate = ui.find_gate(program.application)
    gate.wait_text('There Is No Keyring')
    gate.set_text('App Key', KEY)
    gate.close('Use for This Session Only')
    ui.connect(window)
    program.quit()
    check_nowhere()


if __name__ == '__main__':
    sys.exit(ui.main([test_none, test_again]))
