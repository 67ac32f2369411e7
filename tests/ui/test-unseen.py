#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Presence channels watched without joining them, and joining as a chosen user on purpose."""
import json
import re
import sys

import scope_ui as ui

ROOM = 'presence-room'
NAME = 'Unseen'


def open_window(case, *more, **app):
    return case.watch(NAME, more=('--app-id', ui.APP_ID, *more), **app)


def joined(server, channel=ROOM):
    """Who joined, as the server saw it."""
    lines = [json.loads(line) for line in list(server.output.lines)]
    return [line.get('user_id') for line in lines if line['type'] == 'subscription'
            and line['action'] == 'subscribed' and line['channel'] == channel]


def wait_members(window, *beginnings):
    def look():
        names = window.members()
        return len(names) == len(beginnings) and all(ui.begins_with(name, begin.strip())
                                                     for name, begin in zip(sorted(names), sorted(beginnings)))
    ui.until(look, f'members {beginnings}')


def join_as(window, dialog, user_id, info):
    ui.until(lambda: not dialog.usable('button', 'Join'), 'nobody cannot join')
    dialog.set_text('User Id', user_id)
    dialog.set_text('User Info', '{"name":')
    dialog.wait_text(r'^Not JSON')
    dialog.set_text('User Info', info)
    dialog.close('Join')


def test_unseen(case):
    """Subscribing asks the HTTP API; joining is an act of its own; its names stay with the ids."""
    server, program, window = open_window(case)
    ana = case.member(server, ROOM, 'u1', {'name': 'Ana'})

    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')
    dialog.set_text('Channel Name', ROOM)
    dialog.wait_text(r'Watched unseen: nobody there is told')
    dialog.wait_text(r'about [\d,]+ requests a day')
    dialog.find('button', f'Join {ROOM} as…')
    dialog.close('Subscribe')

    row = window.channel_row(ROOM)
    ui.until(lambda: re.search(r'Watched unseen, every \d+ s', row.name), 'the state of the channel')
    window.show_view('Presence')
    wait_members(window, 'u1')
    window.wait_text(r'^Watched unseen, every \d+ s\. Nobody there is told')
    ben = case.member(server, ROOM, 'u2', {'name': 'Ben'})
    wait_members(window, 'u1', 'u2')
    window.show_view('Events')
    window.events.row(ROOM, 'Presence')
    ui.equal(joined(server), ['u1', 'u2'])

    window.show_view('Presence')
    window.click('Join as…')
    dialog = window.dialog('entry', 'User Id')
    dialog.wait_text(f'Everyone in “{ROOM}” will see it')
    join_as(window, dialog, 'desk', '{"name":"Help Desk"}')
    wait_members(window, 'Ana', 'Ben', 'Help Desk')
    window.wait_text(r'^You are in this channel as Help Desk')
    ui.until(lambda: joined(server) == ['u1', 'u2', 'desk'], 'the server sees who joined')

    window.click('Watch Unseen')
    wait_members(window, 'Ana', 'Ben')  # the ids, by names that were learnt
    window.wait_text(r'^Watched unseen')
    ben.stop()
    wait_members(window, 'Ana')
    ana.stop()
    window.wait_text(r'^Nobody Is Here$')
    ui.equal(joined(server), ['u1', 'u2', 'desk'])
    program.quit()


def test_remembered(case):
    """The next start watches unseen again, and joins nothing."""
    server, program, window = open_window(case)
    window.subscribe(ROOM)
    row = window.channel_row(ROOM)
    ui.until(lambda: 'Watched unseen' in row.name, 'watched')
    program.quit()

    program = case.program('--profile', f'{NAME}{server.port}', '--connect')
    window = program.window
    row = window.channel_row(ROOM)
    ui.until(lambda: 'Watched unseen' in row.name, 'watched again')
    ui.equal(joined(server), [])

    # disconnected, nobody is asked; connected again, everybody is there
    case.member(server, ROOM, 'u1', {'name': 'Ana'})
    window.show_view('Presence')
    wait_members(window, 'u1')
    window.click('Disconnect')
    window.wait_state('Disconnected')
    ui.until(lambda: 'Watched unseen' not in row.name, 'not watched')
    window.click('Connect')
    wait_members(window, 'u1')
    program.quit()


def test_name_field(case):
    """What people are called by is chosen, and counts for names that were learnt."""
    server, program, window = open_window(case, '--presence-user', '{"user_id":"me","user_info":{"name":"Me"}}')
    case.member(server, ROOM, 'u1', {'name': 'Ana', 'nickname': 'Anchen'})
    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')
    dialog.set_text('Channel Name', ROOM)
    dialog.click(f'Join {ROOM} as…')
    dialog = window.dialog('entry', 'User Id')
    ui.equal(dialog.read('User Id', 'entry'), 'me')
    dialog.close('Join')
    window.show_view('Presence')
    wait_members(window, 'Ana', 'Me')
    window.click('Names of People')
    window.application.window_with('menu item', 'nickname').click('nickname', 'menu item')
    wait_members(window, 'Anchen', 'Me')
    window.click('Watch Unseen')
    wait_members(window, 'Anchen')
    program.quit()


def test_refused(case):
    """What the HTTP API refuses stands in words where the members would; nothing is joined instead."""
    server, program, window = open_window(case, '--auth-endpoint', 'http://127.0.0.1:1/auth', secret='wrong-secret')
    window.subscribe(ROOM)
    row = window.channel_row(ROOM)
    ui.until(lambda: 'Can’t be watched unseen' in row.name, 'refused')
    window.show_view('Presence')
    window.wait_text(r'^Can’t Be Watched Unseen$')
    window.wait_text(r'signature|secret')
    window.find_usable('button', 'Try Again')
    ui.equal(joined(server), [])
    program.quit()


def test_unknown_api(case):
    """Without the app id joining is the only way, and the dialog says so."""
    server, program, window = case.watch(NAME)
    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')
    dialog.set_text('Channel Name', ROOM)
    dialog.wait_text(r'everybody in the channel sees you')
    dialog.wait_text(r'app id and the app secret')
    dialog.close('Subscribe')
    window.show_view('Presence')
    window.wait_text(r'^You are in this channel as ')
    window.gone('button', 'Watch Unseen')
    program.quit()


def test_before_connecting(case):
    """The keyring is asked before the dialog opens: what is wanted then joins nothing either."""
    server = case.server()
    ui.add_profile(f'{NAME}{server.port}', server.port, '--app-id', ui.APP_ID)
    program = case.program('--profile', f'{NAME}{server.port}')
    window = program.window
    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')
    dialog.set_text('Channel Name', ROOM)
    dialog.wait_text(r'Watched unseen: nobody there is told')
    dialog.close('Subscribe')
    row = window.channel_row(ROOM)
    window.click('Connect')
    window.wait_state('Connected')
    ui.until(lambda: 'Watched unseen' in row.name, 'watched')
    ui.equal(joined(server), [])
    program.quit()


def test_demo(case):
    """The demo's support room: unseen, then joined on purpose."""
    program = case.program('--demo')
    window = program.window
    window.wait_state('Connected')
    window.show_view('Presence')
    ui.until(lambda: len(window.members()) >= 2, 'people, joined')
    names = {name.split(',')[0] for name in window.members()}
    window.click('Watch Unseen')
    window.wait_text(r'^Watched unseen')
    # those who stayed are known by the names that came with the join
    ui.until(lambda: names & {name.split(',')[0] for name in window.members()}, 'names of before')
    window.click('Join as…')
    dialog = window.dialog('entry', 'User Id')
    dialog.set_text('User Id', 'guest-7')
    dialog.set_text('User Info', '{"name":"Guest Seven"}')
    dialog.close('Join')
    ui.until(lambda: any(name.startswith('Guest Seven') for name in window.members()), 'we are there')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_unseen, test_remembered, test_name_field, test_refused, test_unknown_api,
                      test_before_connecting, test_demo]))
