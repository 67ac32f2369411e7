#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client events: composed, checked before they are sent, sent, kept; and channels that refuse."""
import json
import re
import sys

import scope_ui as ui

NAME = 'Compose'


def open_window(case, *channels, more=(), **app):
    """A connected window, subscribed."""
    return case.watch(NAME, *channels, more=more, **app)


def sendable(window):
    """Whether Send could be pressed now."""
    return window.usable('button', 'Send') is not None


def wait_sendable(window, wanted=True):
    ui.until(lambda: sendable(window) == wanted, f'Send can{"" if wanted else "not"} be pressed')


def fill(window, event, data):
    window.set_text('Event Name', event)
    window.set_text('Data', data, 'text')


def allow(window):
    """Sends from a read-only profile: asked once, allowed."""
    dialog = window.dialog('button', 'Allow Publishing')
    dialog.close('Allow Publishing')


def open_menu(window, *press):
    """A menu by keys: an item of it can be pressed."""
    ui.key(*press)
    ui.until(lambda: window.all('menu item'), 'an open menu')


def pressed(window, row):
    """Whether a row is selected; if not it is clicked, for the next look."""
    if row.has_state('SELECTED'):
        return True
    window.mouse(row)
    return False


def pick(window, *words):
    """A row of the log with the mouse, so that it has the focus; the log moves as the inspector opens."""
    ui.until(lambda: pressed(window, window.events.row(*words)), f'{words} is selected')


def choose(window, name):
    """An item of an open menu."""
    item = ui.until(lambda: next((node for node in window.all('menu item') if node.name == name and node.sensitive),
                                 None), f'the menu item {name}')
    item.act()


def test_checks(case):
    """Nothing is sent that would be refused: name, JSON and size are checked as one types."""
    _, program, window = open_window(case, 'private-room', 'news')
    window.show_view('Publish')
    window.wait_text(r'Something has to follow client-')
    wait_sendable(window, False)

    fill(window, 'typing', '')
    window.wait_text(r'begins with client-')
    wait_sendable(window, False)
    window.click('Add “client-”')
    ui.until(lambda: window.read('Event Name', 'entry') == 'client-typing', 'the prefix is there')
    window.wait_text(r'^Empty: no data is sent')
    wait_sendable(window)

    window.set_text('Data', '{"who":\n  "me",}', 'text')
    window.wait_text(r'^Not JSON: .*line 2')
    window.wait_text(r', not JSON$')
    wait_sendable(window, False)
    window.set_text('Data', '{"who":"me"}', 'text')
    window.wait_text(r'^12 B of .*, valid JSON$')
    wait_sendable(window)
    window.click('Format')
    ui.until(lambda: window.read('Data') == '{\n  "who": "me"\n}', 'indented data')

    window.set_text('Data', json.dumps('x' * 10300), 'text')
    window.wait_text(r'^Too large by 62 bytes')
    wait_sendable(window, False)
    window.set_text('Data', '{}', 'text')
    wait_sendable(window)
    window.click('Disconnect')
    window.wait_text(r'Not connected: nothing can be sent now')
    wait_sendable(window, False)
    program.quit()


def test_send(case):
    """What is sent arrives, with the sender's id; the history sends it again or edits it."""
    server, program, window = open_window(case, 'presence-room', more=('--presence-user', '{"user_id":"me"}'))
    other = case.member(server, 'presence-room', 'ana', {'name': 'Ana'})
    window.show_view('Publish')
    fill(window, 'client-typing', '{"who":"me"}')
    wait_sendable(window)
    window.wait_text(r'^10 of 10 events')
    window.click('Send')
    allow(window)
    window.wait_text(r'sent client-typing to presence-room')
    number, line = other.output.wait_json('the event arrives', type='event', event='client-typing')
    ui.equal(line['user_id'], 'me', 'the sender')
    ui.equal(line['data'], {'who': 'me'}, 'the data')

    sent = window.find('list', 'Sent Events')
    ui.until(lambda: [row.name for row in ui.rows_of(sent) if re.match(r'client-typing, .*presence-room', row.name)],
             'the history')
    window.click('Send client-typing Again')
    number, _ = other.output.wait_json('it arrives again', number + 1, type='event', event='client-typing')
    fill(window, 'client-other', '')
    window.click('Edit client-typing')
    ui.until(lambda: window.read('Event Name', 'entry') == 'client-typing' and window.read('Data') == '{"who":"me"}',
             'the form holds it again')
    window.wait_text(r'^10 of 10 events')
    program.quit()


def test_compose(case):
    """From a row of the log and from a channel, with the keyboard."""
    server, program, window = open_window(case, 'private-room', 'news')
    server.publish('private-room', 'order.paid', {'total': 5})
    server.publish('news', 'headline', 'no JSON')
    window.events.row('news', 'headline')
    window.activate()
    pick(window, 'private-room', 'order.paid')
    open_menu(window, 'shift+F10')
    choose(window, 'Compose from This Event…')
    ui.until(lambda: window.there('entry', 'Event Name')
             and window.read('Event Name', 'entry') == 'client-order.paid', 'the name is taken over')
    ui.equal(json.loads(window.read('Data')), {'total': 5}, 'the data')
    wait_sendable(window)

    window.show_view('Events')
    pick(window, 'news', 'headline')
    open_menu(window, 'Menu')
    choose(window, 'Compose from This Event…')
    window.wait_text(r'“news” takes no client events')
    ui.equal(window.read('Data'), '"no JSON"', 'the text as JSON')

    ui.until(lambda: pressed(window, window.channel_row('private-room')), 'the channel is selected')
    open_menu(window, 'shift+F10')
    choose(window, 'Send Client Event…')
    ui.until(lambda: window.there('entry', 'Event Name') and window.read('Event Name', 'entry') == 'client-',
             'an empty form')
    program.quit()


def test_rate(case):
    """Ten a second, and no more."""
    _, program, window = open_window(case, 'private-room')
    window.show_view('Publish')
    fill(window, 'client-fast', '{}')
    wait_sendable(window)
    window.click('Send')
    allow(window)
    window.wait_text(r'sent client-fast')
    window.wait_text(r'^10 of 10 events')
    window.activate()
    window.mouse(window.find('entry', 'Event Name'))
    ui.xdotool('key', '--delay', '1', *['ctrl+e'] * 30)
    window.wait_text(r'^\d of 10 event|^10 of 10 events')
    window.wait_text(r'^10 of 10 events')
    ui.equal(window.state, 'Connected', 'state')
    sent = len(ui.rows_of(window.find('list', 'Sent Events')))
    if not 11 <= sent < 31:
        raise AssertionError(f'{sent} events were sent')
    window.show_view('Events')
    window.set_text('Filter', 'kind == "error"')
    window.wait_text(r'^0 of \d+')
    program.quit()


def test_subscribe(case):
    """The dialog says what a channel is, who authorizes it, and warns."""
    _, program, window = open_window(case)
    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')

    def told(name, *words):
        dialog.set_text('Channel Name', name)
        for word in words:
            dialog.wait_text(word)
    told('news', 'Public channel', 'no authorization')
    told('private-a', 'Private channel', 'signed with the app secret')
    told('presence-a', 'Presence channel', 'everybody in the channel sees you')
    told('private-encrypted-a', 'Events stay locked', 'Profile Settings')
    told('cache-a', 'last event again')
    told('x' * 165, '164')
    ui.until(lambda: dialog.usable('button', 'Subscribe'), 'a long name can be subscribed to')
    told('x' * 201, '200')
    told('bad name!', '!')
    ui.until(lambda: not dialog.usable('button', 'Subscribe'), 'bad names cannot')
    dialog.close('Cancel')
    program.quit()


def test_refused(case):
    """A refused channel says why, and can be tried again."""
    server = case.server()
    ui.add_profile('Refused', server.port, secret='another-secret')
    program = case.program('--profile', 'Refused', '--connect')
    window = program.window
    window.wait_state('Connected')
    row = window.subscribe('private-orders')
    ui.until(lambda: 'Could not subscribe' in row.name, 'the refusal')
    window.click('Details of the problem with private-orders')
    window.click('Try Again')

    def refusals():
        return [row for row in window.events.rows if 'private-orders, Subscription, error' in row.name]
    ui.until(lambda: len(refusals()) == 2, 'asked for, and refused again')
    window.subscribe('presence-room')
    window.show_view('Presence')
    window.wait_text('^Not Subscribed')
    window.find_usable('button', 'Try Again')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_checks, test_send, test_compose, test_rate, test_subscribe, test_refused]))
