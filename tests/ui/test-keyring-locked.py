#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A locked keyring: its prompt may hang, be answered or be dismissed; the window lives on."""
import contextlib
import sys
import time

import atspi
import keyring
import scope_ui as ui

KEY = 'scope-key-4711-0815'
SECRET = 'scope-secret-9b1f-77aa'


def prompt():
    """The keyring's own dialog, if it is there."""
    for node in atspi.applications():
        with contextlib.suppress(ui.Gone):
            if node.name == 'gcr-prompter':
                for window in node.children:
                    found = list(atspi.search(window, 'entry'))
                    if found:
                        return ui.Window(window)
    return None


def check_responsive(program, seconds=2):
    """The prompt hangs; the window answers all the time."""
    end = time.monotonic() + seconds
    node = program.application.node
    while time.monotonic() < end:
        node.get('Accessible', 'ChildCount', msec=1000)
        for window in program.application.windows():
            window.node.call('Accessible', 'GetChildren', msec=1000)


def dismiss():
    ui.until(prompt, 'the keyring asks').find('button', 'Cancel').act()
    ui.until(lambda: not prompt(), 'the prompt is gone')


def answer(password):
    window = ui.until(prompt, 'the keyring asks')
    window.all('entry')[0].text = password
    window.find('button', 'Unlock').act()
    ui.until(lambda: not prompt(), 'the prompt is gone')


def open_gate(program, name):
    """Opens the profile, up to the dialog that says the keyring is locked."""
    window = program.window
    ui.open_profile(window, name)
    gate = ui.find_gate(program.application)
    gate.wait_text('The Keyring Is Locked')
    return window, gate


def test_unlock(case):
    """Unlocking in the prompt brings the key back."""
    server = case.server(app_key=KEY, secret=SECRET)
    ui.add_profile('Locked', server.port, app_key=KEY, secret=SECRET)
    keyring.lock()
    program = case.program()
    window, gate = open_gate(program, 'Locked')
    gate.click('Unlock…')
    ui.until(prompt, 'the keyring asks')
    check_responsive(program)
    answer('test')
    ui.connect(window)
    program.quit()


def test_dismiss(case):
    """Dismissing it leaves the session-only way."""
    server = case.server(app_key=KEY, secret=SECRET)
    ui.add_profile('Dismissed', server.port, app_key=KEY, secret=SECRET)
    keyring.lock()
    program = case.program()
    window, gate = open_gate(program, 'Dismissed')
    gate.click('Unlock…')
    ui.until(prompt, 'the keyring asks')
    check_responsive(program)
    dismiss()
    gate = window.dialog('entry', 'App Key')
    gate.wait_text('The keyring stayed locked')
    gate.set_text('App Key', KEY)
    gate.close('Use for This Session Only')
    ui.connect(window)
    program.quit()
    ui.equal(ui.files_with(KEY), [], 'files with the key')
    ui.equal(keyring.is_locked(), True, 'locked')


def test_save(case):
    """Saving a new profile while it is locked: nothing is stored, the profile works for this session."""
    server = case.server(app_key=KEY, secret=SECRET)
    keyring.lock()
    program = case.program()
    window = program.window
    editor = ui.new_profile(window, 'Unsaved', server)
    editor.click('Save')
    ui.until(prompt, 'the keyring asks')
    check_responsive(program)
    dismiss()
    editor.wait_text('The Keyring Is Locked')
    editor.wait_text('Nothing was stored')
    editor.close('Use for This Session Only')
    ui.wait_open(window, 'Unsaved')
    ui.connect(window)
    program.quit()
    for secret in (KEY, SECRET):
        ui.equal(ui.files_with(secret), [], 'files with a secret')


def test_unlock_elsewhere(case):
    """Unlocked meanwhile by another program: trying again finds the key."""
    server = case.server(app_key=KEY, secret=SECRET)
    keyring.unlock('test')
    ui.add_profile('Elsewhere', server.port, app_key=KEY, secret=SECRET)
    keyring.lock()
    program = case.program()
    window, gate = open_gate(program, 'Elsewhere')
    keyring.unlock('test')
    gate.click('Unlock…')
    ui.connect(window)
    program.quit()


if __name__ == '__main__':
    keyring.unlock('test')
    sys.exit(ui.main([test_unlock, test_dismiss, test_save, test_unlock_elsewhere]))
