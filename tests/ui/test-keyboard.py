#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""With the keyboard alone: nothing here clicks, sets or activates anything but by keys."""
import sys

import scope_ui as ui
from scope_ui import key, xdotool


def focused(window):
    """The innermost object with the focus."""
    found = None
    for node, _ in window.node.walk():
        try:
            if node.has_state('FOCUSED') and node.showing:
                found = node
        except ui.Gone:
            continue
    return found


def label_of(node):
    """What a screen reader says: the name of the object, or of what it is in."""
    for _ in range(4):
        if node is None:
            return ''
        if node.name:
            return node.name
        node = node.parent
    return ''


def tab_to(window, name, step='Tab', limit=60):
    """Presses Tab until a control of that name has the focus."""
    seen = []
    for _ in range(limit):
        node = focused(window)
        label = label_of(node)
        if ui.begins_with(label, name) or f', {name},' in label:
            return node
        seen.append(label)
        key(step)
    raise AssertionError(f'{step} does not lead to {name}: {seen}')


def test_keyboard(case):
    """Open a profile, connect, subscribe, reach an event and read it."""
    server = case.server()
    ui.add_profile('Keys', server.port)
    program = case.program()
    window = program.window
    window.activate()
    tab_to(window, 'Keys')
    key('Return')
    window.find_usable('button', 'Connect')
    tab_to(window, 'Connect')
    key('space')
    window.wait_state('Connected')

    tab_to(window, 'Subscribe…')
    key('space')
    dialog = window.dialog('entry', 'Channel Name')
    ui.until(dialog.has_keyboard, 'the dialog has the keyboard')
    xdotool('type', '--delay', '20', 'news')
    ui.until(lambda: dialog.read('Channel Name', 'entry') == 'news', 'the name is typed')
    dialog.find_usable('button', 'Subscribe')
    key('Return')
    window.channel_row('news')
    server.wait_subscribed('news')
    server.publish_many('news', 'tick', 5)
    server.publish('news', 'last.one', {'read': 'me'})
    window.events.row('news', 'last.one')

    tab_to(window, 'Filter')
    xdotool('type', '--delay', '20', 'event == "last.one"')
    window.wait_text(r'^1 of \d+')
    tab_to(window, 'last.one')
    key('Return')
    payload = window.find('text', 'Payload')
    ui.until(lambda: '"read": "me"' in payload.text, 'the payload')
    check_no_trap(window)
    check_order(window)
    program.quit()


def check_order(window):
    """Tab goes through the bar above the log as it is read."""
    tab_to(window, 'Filter')
    order = []
    for _ in range(12):
        key('Tab')
        order.append(label_of(focused(window)))
        if order[-1] == 'Clear':
            break
    ui.equal([label for label in order if label in ('Follow', 'Pause', 'Clear')], ['Follow', 'Pause', 'Clear'],
             f'after the filter: {order}')


def check_no_trap(window):
    """Tab, and Shift+Tab, come round to where they began, past every control in between."""
    for step in ('Tab', 'shift+Tab'):
        first = tab_to(window, 'Filter', step)
        labels = []
        for _ in range(80):
            key(step)
            node = focused(window)
            labels.append(label_of(node))
            if node == first:
                break
        else:
            raise AssertionError(f'{step} never comes back: {labels}')
        for name in ('Follow', 'Pause', 'Clear', 'Main Menu', 'Disconnect', 'Subscribe…', 'news', 'Connection state'):
            if not any(ui.begins_with(label, name) for label in labels):
                raise AssertionError(f'{step} passes by {name}: {labels}')


def test_connection(case):
    """Tab goes into the Connection view, and through it."""
    _, program, window = case.watch('Connection', 'news')
    window.show_view('Connection')
    window.activate()
    for name in ('Copy Socket Id', 'Run Doctor'):
        tab_to(window, name)
    program.quit()


def test_menus(case):
    """Menus and windows open and close by keys."""
    program = case.program()
    window = program.window
    window.activate()
    key('F10')
    ui.until(lambda: window.all('menu item'), 'the main menu')
    key('Down')
    key('Escape')
    ui.until(lambda: not window.all('menu item'), 'no menu')
    key('ctrl+question')
    ui.until(lambda: len(program.application.windows()) == 2, 'the shortcuts window')
    key('Escape')
    ui.until(lambda: len(program.application.windows()) == 1, 'no shortcuts window')
    ui.show_profiles(window)
    tab_to(window, 'New Profile')
    key('space')
    editor = window.dialog('entry', 'App Key')
    ui.until(editor.has_keyboard, 'the editor has the keyboard')
    xdotool('type', '--delay', '20', 'Typed')
    ui.until(lambda: editor.read('Name', 'entry') == 'Typed', 'the first field is typed into')
    key('Escape')
    ui.until(lambda: len(program.application.windows()) == 1, 'no editor')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_keyboard, test_connection, test_menus]))
