#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else's configuration becomes a profile; a profile becomes a file; F1 opens the help."""
import os
import re
import sys

import scope_ui as ui

KEY = 'import-key-4711'
SECRET = 'import-secret-0815'
TOKEN = 'import-token-2342'


def import_text(window, text):
    """The dialog with this text in it."""
    ui.show_profiles(window)
    window.click('Import Configuration…')
    dialog = window.dialog('text', 'Configuration')
    dialog.set_text('Configuration', text, 'text')
    return dialog


def no_secret_in(window, *besides):
    shown = [text for text in window.texts() if text not in besides]
    for secret in (KEY, SECRET, TOKEN):
        ui.equal([text for text in shown if secret in text], [], 'secrets in sight')


def test_import(case):
    """new Pusher (…) is understood, shown without secrets, completed in the editor, saved and connects."""
    server = case.server(app_key=KEY, secret=SECRET)
    program = case.program(G_MESSAGES_DEBUG='all')
    window = program.window
    text = (f"new Pusher('{KEY}', {{ wsHost: '127.0.0.1', wsPort: {server.port}, forceTLS: false,\n"
            f"  auth: {{ headers: {{ 'X-Token': '{TOKEN}' }} }}, authEndpoint: '/auth', wssPort: process.env.PORT }})")
    dialog = import_text(window, text)
    dialog.wait_text('^App Key: ••• found')
    dialog.wait_text('^Authorization Headers: ••• found')
    dialog.wait_text(f'^Port: {server.port}')
    dialog.wait_text('^Use TLS: Off')
    dialog.wait_text('“/auth” is part of a web page’s address')
    dialog.wait_text('wssPort is computed from “process.env.PORT”')
    no_secret_in(dialog, text)

    dialog.click('Create Profile')
    editor = window.dialog('entry', 'App Key')
    ui.until(lambda: editor.read('App Key', 'entry') == KEY, 'the key is filled in')
    ui.equal(editor.read('Name', 'entry'), '127.0.0.1', 'name')
    ui.equal(editor.read('Host', 'entry'), '127.0.0.1', 'host')
    ui.equal(editor.read('Port', 'entry'), str(server.port), 'port')
    editor.set_text('Name', 'Imported Shop')
    editor.set_text('App Secret', SECRET)
    editor.close('Save')
    ui.wait_open(window, 'Imported Shop')
    ui.connect(window)
    window.subscribe('private-orders')
    server.wait_subscribed('private-orders')
    program.quit()
    for secret in (KEY, SECRET, TOKEN):
        ui.equal(ui.files_with(secret), [], 'files with a secret')
        with open(program.log, encoding='utf-8', errors='replace') as log:
            ui.equal([line for line in log if secret in line], [], 'messages with a secret')

    # after a restart the keyring has all of it
    program = case.program()
    window = program.window
    ui.row_button(ui.profile_row(window, 'Imported Shop'), 'Edit Imported Shop').act()
    editor = window.dialog('entry', 'App Key')
    ui.until(lambda: editor.read('App Key', 'entry') == KEY, 'the key comes back')
    ui.until(lambda: editor.read('App Secret', 'entry') == SECRET, 'the secret comes back')
    editor.close('Cancel')
    program.quit()


def test_mistakes(case):
    """What is wrong is said with its place, and nothing can be made of it."""
    program = case.program()
    window = program.window
    dialog = import_text(window, "new Pusher('abc")
    dialog.wait_text('^Line 1, column 12: ')
    if dialog.usable('button', 'Create Profile'):
        raise AssertionError('a profile could be made of nothing')
    dialog.set_text('Configuration', 'PUSHER_APP_KEY=k\nPUSHER_APP_CLUSTER=eu\nAPP_NAME=Corner', 'text')
    dialog.wait_text('^Cluster: eu')
    dialog.find_usable('button', 'Create Profile')
    ui.until(lambda: not [text for text in dialog.texts() if text.startswith('Line 1')], 'no mistake any more')
    dialog.activate()
    ui.key('ctrl+Return')
    editor = window.dialog('entry', 'App Key')
    ui.equal(editor.read('Name', 'entry'), 'Corner', 'name')
    editor.close('Cancel')
    program.quit()


def test_export(case):
    """A profile is saved to a file without its secrets, which can be imported again."""
    ui.add_profile('Out', 6001, app_key=KEY, secret=SECRET)
    program = case.program()
    window = program.window
    ui.row_button(ui.profile_row(window, 'Out'), 'Export Out').act()
    chooser = window.application.window_with('button', re.compile('^_Export'))
    chooser.activate()
    ui.key('ctrl+a')
    target = os.path.join(os.environ['HOME'], 'Out.profile')
    ui.xdotool('type', target)
    ui.key('Return')
    window.wait_text('^Exported to Out.profile, without key and secrets')
    with open(target, encoding='utf-8') as file:
        text = file.read()
    for word in ('name=Out', 'port=6001'):
        if word not in text:
            raise AssertionError(f'{word} is not in {text}')
    for secret in (KEY, SECRET):
        ui.equal(secret in text, False, 'a secret in the file')
    dialog = import_text(window, text)
    dialog.wait_text('^Exported profiles are without key and secrets')
    dialog.wait_text('^Name: Out')
    dialog.close('Cancel')
    program.quit()


def test_help(case):
    """F1 opens the help; its pages and tables are there for the keyboard and for screen readers."""
    program = case.program()
    window = program.window
    window.activate()
    ui.key('F1')
    pages = window.application.window_with('list', 'Help Pages')
    names = [row.name for row in ui.rows_of(pages.find('list', 'Help Pages'))]
    ui.equal(names, ['First Steps', 'Profiles and Secrets', 'Options of Other Libraries',
                     'Channels and Authorization', 'Transports', 'Publishing', 'Filter Language',
                     'Error Codes and Texts'], 'pages')
    pages.activate()
    ui.until(lambda: any(row.has_state('FOCUSED') for row in ui.rows_of(pages.find('list', 'Help Pages'))),
             'the list has the keyboard')
    ui.key('Down', 'Down')
    pages.find('cell', 'authorisationURL', showing=False, into_tables=True)
    pages.find('cell', 'Authorization Endpoint, called with GET', showing=False, into_tables=True)
    pages.find('cell', '--auth-endpoint, --auth-method get', showing=False, into_tables=True)
    ui.key('End')
    pages.find('cell', '4009', showing=False, into_tables=True)
    ui.key('F1')
    ui.equal(len([w for w in window.application.windows() if w.there('list', 'Help Pages')]), 1, 'one help window')

    pages.resize(400, 600)
    pages.activate()
    pages.find_usable('button', 'Back to the Help Pages').act()
    pages.find('list', 'Help Pages')
    pages.gone('button', 'Back to the Help Pages')
    ui.key('Home', 'Return')
    pages.wait_text('^Look Around$')
    program.quit()  # the help does not keep the program


if __name__ == '__main__':
    sys.exit(ui.main([test_import, test_mistakes, test_export, test_help]))
