#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Discovery: occupied channels that come and go, subscribing, rules, occupancy over time."""
import glob
import os
import sys

import scope_ui as ui

APP = ('--app-id', ui.APP_ID)


def open_session(case, name='Discover', *more):
    return case.watch(name, more=more or APP)


def open_discovery(window):
    window.activate()
    ui.key('ctrl+shift+o')
    return window.dialog('entry|text', 'Prefix')


def found(dialog):
    """The rows in sight, as what they are called."""
    channels = dialog.there('list', 'Occupied Channels')
    return [row.name for row in ui.rows_of(channels)] if channels else []


def row_of(dialog, name):
    def look():
        channels = dialog.there('list', 'Occupied Channels')
        return channels and next((row for row in ui.rows_of(channels) if row.name.startswith(name + ',')), None)
    return ui.until(look, f'{name} is discovered')


def wait_row(dialog, name, *words):
    ui.until(lambda: all(word in row_of(dialog, name).name for word in words), f'{name}: {words}')


def press_row(dialog, name, *keys):
    """As a person does: a click, then keys."""
    dialog.activate()
    row = row_of(dialog, name)
    dialog.mouse(row)
    ui.until(lambda: row_of(dialog, name).has_state('SELECTED'), f'{name} is selected')
    ui.key(*keys)


def come_and_go(case):
    """Channels of others appear, become empty, and are cleared away."""
    server, program, window = open_session(case)
    one = case.member(server, 'private-order-1', 'ann', {})
    case.member(server, 'private-order-2', 'bob', {})
    case.member(server, 'presence-room', 'cem', {})
    dialog = open_discovery(window)
    wait_row(dialog, 'private-order-1', 'Private channel', 'occupied')
    wait_row(dialog, 'presence-room', '1 user')
    wait_row(dialog, 'private-order-*', '2 channels', 'unfolded')
    dialog.wait_text('^Asked every .*a day')
    dialog.wait_text('^3 occupied$')

    case.member(server, 'private-order-3', 'dee', {})
    wait_row(dialog, 'private-order-3', 'New')
    one.stop()
    wait_row(dialog, 'private-order-1', 'empty since')
    wait_row(dialog, 'private-order-*', '2 of 3 occupied')
    dialog.wait_text('^3 occupied, 1 empty by now$')
    dialog.click('Clear Empty')
    ui.until(lambda: not any(name.startswith('private-order-1,') for name in found(dialog)), 'it is cleared away')

    # by a prefix, which the server is asked with
    dialog.set_text('Prefix', 'pres', 'entry|text')
    ui.until(lambda: [name.split(',')[0] for name in found(dialog)] == ['presence-room'], 'one channel is left')
    dialog.set_text('Prefix', 'none', 'entry|text')
    dialog.wait_text('No occupied channel’s name begins so')
    program.quit()


def subscribe(case):
    """Enter subscribes to one and to several; presence is watched unseen."""
    server, program, window = open_session(case)
    for name in ('private-order-1', 'private-order-2', 'private-order-3', 'presence-room'):
        case.member(server, name, 'ann', {})
    dialog = open_discovery(window)
    press_row(dialog, 'private-order-1', 'Return')
    wait_row(dialog, 'private-order-1', 'Subscribed')
    window.channel_row('private-order-1')

    press_row(dialog, 'private-order-2', 'shift+Down')
    ui.until(lambda: row_of(dialog, 'private-order-3').has_state('SELECTED'), 'two are selected')
    dialog.find('button', 'Subscribe to 2')
    ui.key('Return')
    for name in ('private-order-2', 'private-order-3'):
        wait_row(dialog, name, 'Subscribed')
        window.channel_row(name)

    press_row(dialog, 'presence-room', 'Return')
    dialog.wait_text('presence is watched unseen')
    wait_row(dialog, 'presence-room', 'Subscribed', '1 user')
    window.channel_row('presence-room')
    ui.equal(server.request('GET', f'/apps/{ui.APP_ID}/channels/presence-room/users'), {'users': [{'id': 'ann'}]},
             'who is seen there')

    press_row(dialog, 'private-order-*', 'Left')
    wait_row(dialog, 'private-order-*', ', folded')
    ui.until(lambda: not any('private-order-1,' in name for name in found(dialog)), 'they are folded away')
    ui.key('Right')
    wait_row(dialog, 'private-order-1', 'Subscribed')
    ui.key('Escape')
    window.application.window_with('button', 'Main Menu')
    program.quit()


def rules(case):
    """A rule subscribes to what appears, not to more than it says, and is kept."""
    server, program, window = open_session(case)
    dialog = open_discovery(window)
    dialog.click('Rules', 'tab')
    dialog.set_text('Channels, as in private-order-*', 'private-order', 'entry|text')
    dialog.wait_text('is no pattern')
    dialog.set_text('Channels, as in private-order-*', 'private-order-*', 'entry|text')
    dialog.click('Add Rule')
    dialog.wait_text('^0 of at most 50 subscribed')
    for number in (1, 2):
        case.member(server, f'private-order-{number}', 'ann', {})
    case.member(server, 'private-chat-1', 'ann', {})
    window.channel_row('private-order-1')
    window.channel_row('private-order-2')
    dialog.wait_text('^2 of at most 50 subscribed')

    # closed, it goes on
    dialog.activate()
    ui.key('Escape')
    case.member(server, 'private-order-3', 'ann', {})
    window.channel_row('private-order-3')
    names = [row.name.split(',')[0] for row in ui.rows_of(window.find('list', 'Channels'))]
    ui.equal(sorted(names), ['private-order-1', 'private-order-2', 'private-order-3'], 'channels')

    profiles = os.path.join(os.environ['XDG_CONFIG_HOME'], 'channelscope', 'profiles', '*.profile')

    def kept():
        """The file of this profile."""
        for path in glob.glob(profiles):
            with open(path, encoding='utf-8') as file:
                text = file.read()
            if f'name=Discover{server.port}\n' in text:
                return text
        return ''
    ui.until(lambda: 'discovery-rules=private-order-* 50;' in kept(), 'the rule is in the profile')
    ui.equal('subscriptions' in kept(), False, 'what it found is wanted for ever')
    dialog = open_discovery(window)
    dialog.click('Rules', 'tab')
    dialog.click('Remove the rule for private-order-*')
    dialog.wait_text('^There is no rule yet')
    ui.until(lambda: 'discovery-rules' not in kept(), 'the rule is gone from the profile')
    program.quit()


def over_time(case):
    """Occupancy over time, as figures."""
    server, program, window = open_session(case)
    case.member(server, 'private-order-1', 'ann', {})
    dialog = open_discovery(window)
    dialog.wait_text('^1 occupied$')
    case.member(server, 'presence-room', 'cem', {})
    dialog.wait_text('^2 occupied$')
    press_row(dialog, 'presence-room')
    dialog.click('Selected Channels')
    dialog.click('Show over Time', 'menu item')
    dialog.wait_text('^Users in it, poll by poll$')
    dialog.all('button', 'Show as Table')[0].act()
    table = ui.Table(dialog.find('table', 'Occupied Channels'))
    figures = ui.until(lambda: [ui.Table.cells(row)[1] for row in table.rows], 'figures')
    ui.equal((figures[0], figures[-1]), ('1', '2'), 'how many there were')
    program.quit()


def unavailable(case):
    """Without app id: why, and the way to the profile."""
    _, program, window = open_session(case, 'NoId', '--reconnect-delay', '1')
    dialog = open_discovery(window)
    dialog.wait_text('^The Server Can’t Be Asked$')
    dialog.wait_text('needs the app’s id')
    dialog.click('Edit Profile…')
    editor = window.application.window_with('entry|text', 'App ID')
    editor.activate()
    ui.key('Escape')
    ui.until(lambda: not window.application.there('entry|text', 'App ID'), 'the editor is closed')
    program.quit()


def failing(case):
    """A poll that fails is told in place, with its status, and tried again on request."""
    server, program, window = open_session(case, 'Failing', '--app-id', 'another')
    dialog = open_discovery(window)
    dialog.wait_text('404 Unknown app id')
    dialog.wait_text('^Nothing Is Known Yet$')
    dialog.find('button', 'Try Again')
    ui.equal(server.running, True, 'the server runs')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([come_and_go, subscribe, rules, over_time, unavailable, failing]))
