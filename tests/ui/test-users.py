#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in as a user, why that fails, and who of the watchlist is online."""
import json
import os
import re
import sys

import scope_ui as ui

NAME = 'Users'


class User(ui.Process):
    """Somebody else who is signed in: `channelscope-cli watch` without a channel."""

    def __init__(self, server, user_id):
        super().__init__([ui.CLI, 'watch', '--key', server.app_key, '--host', '127.0.0.1', '--port', str(server.port),
                          '--no-tls', '--user-data', json.dumps({'id': user_id}), '--format', 'ndjson'],
                         dict(os.environ, CHANNELSCOPE_SECRET=server.secret))
        self.output.wait_json(f'{user_id} is signed in', type='user', status='signed_in', user_id=user_id)


def open_window(case, **app):
    return case.watch(NAME, **app)


def sign_in_dialog(window):
    window.show_view('Connection')
    window.click('Sign In…')
    return window.dialog('button', 'Sign In')


def sign_in(window, user_id, watchlist=''):
    dialog = sign_in_dialog(window)
    dialog.set_text('User Id', user_id)
    dialog.set_text('Watchlist', watchlist)
    dialog.close('Sign In')


def watched(window):
    return [row.name for row in ui.rows_of(window.find('list', 'Watchlist'))]


def wait_watched(window, *beginnings):
    ui.until(lambda: all(any(name.startswith(begin) for name in watched(window)) for begin in beginnings),
             f'{beginnings} on the watchlist')


def test_sign_in(case):
    """Signed in with the secret; what is typed wrong is told first."""
    _, program, window = open_window(case)
    window.show_view('Presence')
    window.wait_text(r'^Sign in as a user to see who')
    dialog = sign_in_dialog(window)
    dialog.wait_text(r'^Signed here with the app secret')
    ui.until(lambda: not dialog.usable('button', 'Sign In'), 'nobody cannot sign in')
    dialog.set_text('User Id', 'bad id!')
    dialog.wait_text(r'can’t stand in a user id')
    dialog.set_text('User Id', 'ana')
    dialog.set_text('User Info', '{"name":')
    dialog.wait_text(r'^Not JSON')
    ui.until(lambda: not dialog.usable('button', 'Sign In'), 'broken info cannot be sent')
    dialog.set_text('User Info', '{"name":"Ana"}')
    dialog.close('Sign In')
    window.find('button', 'Signed in as ana')
    window.wait_text(r'^ana$')
    window.show_view('Presence')
    window.wait_text(r'^Signed in as ana\. Nobody is on the watchlist')

    sign_in(window, 'ben')
    window.find('button', 'Signed in as ben')
    window.wait_state('Connected')
    program.quit()


def test_watchlist(case):
    """People come and go in words; the list empties with the connection."""
    server, program, window = open_window(case)
    ben = case.keep(User(server, 'ben'))
    sign_in(window, 'ana', 'ben  cleo')
    window.show_view('Presence')
    wait_watched(window, 'ben, Online', 'cleo, ')
    window.wait_text(r'^1 of 2 online$')
    cleo = case.keep(User(server, 'cleo'))
    wait_watched(window, 'ben, Online', 'cleo, Online')
    window.wait_text(r'^2 of 2 online$')
    ben.stop()
    wait_watched(window, 'ben, Offline', 'cleo, Online')
    window.show_view('Events')
    window.events.row('ben')
    window.click('Disconnect')
    window.wait_state('Disconnected')
    window.show_view('Presence')
    window.wait_text(r'^Not connected: who is online')
    cleo.stop()
    program.quit()


def test_names(case):
    """Who has a name that was learnt is called by it on the watchlist; the id is told still."""
    server, program, window = open_window(case)
    case.keep(User(server, 'ben'))
    sign_in(window, 'ana', 'ben')
    window.show_view('Presence')
    wait_watched(window, 'ben, Online')
    case.member(server, 'presence-room', 'ben', {'name': 'Ben Benson'})
    window.subscribe('presence-room')
    window.show_view('Presence')
    wait_watched(window, 'Ben Benson, ben, Online')
    program.quit()


def test_refused(case):
    """A server that refuses the user: the sentence stands where the user would."""
    _, program, window = open_window(case, secret='another-secret')
    sign_in(window, 'ana')
    window.find('button', 'Signing in failed')
    window.show_view('Connection')
    window.wait_text(r'[Ss]ign.*(refus|secret|signature|invalid)')
    program.quit()


def test_impossible(case):
    """Without a secret and an endpoint: what is missing, and where to add it."""
    _, program, window = open_window(case, secret='')
    dialog = sign_in_dialog(window)
    dialog.wait_text(r'needs the app secret, or an endpoint')
    dialog.find_usable('button', 'Profile Settings')
    ui.until(lambda: not dialog.usable('button', 'Sign In'), 'nobody can sign in')
    dialog.close('Profile Settings')
    editor = window.dialog('entry', 'App Key')
    editor.close('Cancel')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_sign_in, test_watchlist, test_names, test_refused, test_impossible]))
