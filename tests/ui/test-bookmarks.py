#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bookmarks and notes, muted channels, and going to a time: by keyboard, live and in an opened capture."""
import re
import sys

import scope_ui as ui

NAME = 'Marks'


def open_log(case, count, channel='log'):
    """A window with count events in it, following."""
    server, program, window = case.watch(NAME, channel)
    for number in range(count):
        server.publish(channel, f'tick-{number}', {'n': number})
    if count:
        window.events.row(f'tick-{count - 1}')
    return server, program, window


def press(window, *keys):
    window.activate()
    ui.key(*keys)


def wait_selected(window, *words):
    def look():
        return any(row.has_state('SELECTED') and all(word in row.name for word in words)
                   for row in window.events.rows)
    ui.until(look, f'a selected row with {", ".join(words)}')


def write_note(window, words):
    """Into the dialog that is open."""
    dialog = window.dialog('text', 'Note')
    dialog.find('text', 'Note').text = words
    ui.until(lambda: dialog.read('Note') == words, 'the note')
    dialog.close('Save')


def bookmark_rows(dialog):
    return [row.name for row in ui.rows_of(dialog.find('list', 'Bookmarks'))]


def wait_bookmarks(dialog, *wanted):
    """The rows of the list, each with these words."""
    def look():
        rows = bookmark_rows(dialog)
        return len(rows) == len(wanted) and all(word in row for row, word in zip(rows, wanted))
    ui.until(look, f'bookmarks: {wanted}')


def open_bookmarks(window):
    press(window, 'ctrl+b')
    return window.dialog('list', 'Bookmarks')


def test_bookmark(case):
    """Ctrl+D sets a bookmark and takes it away; with a note that can be undone."""
    _, program, window = open_log(case, 5)
    press(window, 'ctrl+d')
    window.wait_text('^Select a row')
    window.events.select('tick-1')
    press(window, 'ctrl+d')
    window.events.row('tick-1', 'Bookmark')
    press(window, 'ctrl+d')
    ui.until(lambda: 'Bookmark' not in window.events.row('tick-1').name, 'no bookmark')
    press(window, 'ctrl+shift+d')
    write_note(window, 'seen here first')
    window.events.row('tick-1', 'Bookmark: seen here first')
    press(window, 'ctrl+d')
    ui.until(lambda: 'Bookmark' not in window.events.row('tick-1').name, 'no bookmark')
    window.click(re.compile('^Undo'))
    window.events.row('tick-1', 'Bookmark: seen here first')
    program.quit()


def test_list(case):
    """The list leads to a row, removes and brings back; F2 goes from one to the next."""
    server, program, window = open_log(case, 3)
    for number in (0, 2):
        window.events.select(f'tick-{number}')
        press(window, 'ctrl+shift+d')
        write_note(window, f'note {number}')
        window.events.row(f'tick-{number}', f'Bookmark: note {number}')
    server.publish_many('log', 'flood', 200)
    window.events.select('tick-2')
    press(window, 'F2')
    wait_selected(window, 'tick-0')
    press(window, 'F2')
    wait_selected(window, 'tick-2')
    press(window, 'shift+F2')
    wait_selected(window, 'tick-0')

    dialog = open_bookmarks(window)
    wait_bookmarks(dialog, 'note 0', 'note 2')
    dialog.activate()
    ui.key('Delete')
    wait_bookmarks(dialog, 'note 2')
    dialog.click(re.compile('^Undo'))
    wait_bookmarks(dialog, 'note 0', 'note 2')
    dialog.activate()
    dialog.mouse(ui.rows_of(dialog.find('list', 'Bookmarks'))[1])
    wait_selected(window, 'tick-2')

    window.set_text('Filter', 'event == "flood"')
    ui.until(lambda: not any('tick' in row.name for row in window.events.rows), 'only the flood')
    press(window, 'F2')
    window.wait_text('The filter hides this event')
    window.click(re.compile('^Clear Filter'))
    wait_selected(window, 'tick-0')
    program.quit()


def test_only(case):
    """Bookmarked rows alone, by key and by menu; whatever leads to another one offers to show it."""
    _, program, window = open_log(case, 6)
    press(window, 'ctrl+shift+b')
    window.wait_text('No Bookmarks')
    press(window, 'ctrl+shift+b')
    for number in (1, 4):
        window.events.select(f'tick-{number}')
        press(window, 'ctrl+d')
        window.events.row(f'tick-{number}', 'Bookmark')
    press(window, 'ctrl+shift+b')
    wait_selected(window, 'tick-4')
    ui.until(lambda: len(window.events.rows) == 2, 'two bookmarked rows')
    window.wait_text('Only bookmarked rows')
    press(window, 'ctrl+d')
    has_rows(window, 'tick-1', 'tick-4')
    window.click('Show All Rows')  # of the inspector, whose row is hidden
    wait_selected(window, 'tick-4')
    has_rows(window, 'tick-0')
    window.click('Main Menu')
    window.application.window_with('menu item', 'Event Log').click('Event Log', 'menu item')
    only = window.application.window_with('menu item', 'Show Only Bookmarked')
    only.click('Show Only Bookmarked', 'menu item')
    ui.until(lambda: len(window.events.rows) == 1, 'one bookmarked row')
    press(window, 'ctrl+shift+b')
    has_rows(window, 'tick-0')
    program.quit()


def test_offline(case):
    """A capture keeps them: recorded, and set when it is opened again."""
    _, program, window = open_log(case, 4)
    window.events.select('tick-3')
    press(window, 'ctrl+shift+d')
    write_note(window, 'from the recording')
    window.events.row('tick-3', 'Bookmark: from the recording')
    program.quit()

    path = ui.captures()[-1]
    program = case.program(path)
    window = program.window
    window.events.row('tick-3', 'Bookmark: from the recording')
    window.events.select('tick-1')
    press(window, 'ctrl+d')
    window.events.row('tick-1', 'Bookmark')
    program.quit()

    program = case.program(path)
    window = program.window
    window.events.row('tick-1', 'Bookmark')
    dialog = open_bookmarks(window)
    wait_bookmarks(dialog, 'tick-1', 'from the recording')
    ui.key('Escape')
    program.quit()


def has_rows(window, wanted, *unwanted):
    def look():
        names = [row.name for row in window.events.rows]
        return any(wanted in name for name in names) and not any(word in name for word in unwanted for name in names)
    ui.until(look, f'rows with {wanted}, without {unwanted}')


def menu_of(window, node, item):
    """Presses an item of the menu that belongs to that row."""
    window.mouse(node, button=3)
    window.application.window_with('menu item', item).click(item, 'menu item')


def test_mute(case):
    """A muted channel is recorded and counted, not shown; that is said, and undone."""
    server, program, window = open_log(case, 3)
    window.subscribe('noisy')
    server.wait_subscribed('noisy')
    server.publish('noisy', 'noise-0', {'n': 0})
    window.events.row('noise-0')
    menu_of(window, window.channel_row('noisy'), 'Mute in the Log')
    window.wait_text('1 muted channel')
    has_rows(window, 'tick-2', 'noise-0')
    ui.until(lambda: 'Muted' in window.channel_row('noisy').name, 'the channel is called muted')
    server.publish('noisy', 'noise-1', {'n': 1})
    server.publish('log', 'tick-3', {'n': 3})
    has_rows(window, 'tick-3', 'noise-0', 'noise-1')
    ui.until(lambda: '2 events' in window.channel_row('noisy').name, 'both were counted')
    window.wait_text(r'^\d+ of \d+$')

    window.set_text('Filter', 'data.n >= 1')
    has_rows(window, 'tick-3', 'noise-1', 'tick-0')
    window.click('Unmute')
    has_rows(window, 'noise-1', 'tick-0')
    window.set_text('Filter', '')
    has_rows(window, 'noise-0')
    ui.until(lambda: not any('muted channel' in text for text in window.texts()), 'no bar')

    menu_of(window, window.events.row('noise-1'), 'Mute This Channel')
    has_rows(window, 'tick-3', 'noise-0')
    menu_of(window, window.channel_row('log'), 'Mute in the Log')
    window.wait_text('2 muted channels')
    window.events.row('Subscription')  # rows about the connection stay
    window.click('Show All Rows')  # of the inspector, whose row is hidden
    has_rows(window, 'noise-0')
    program.quit()


def jump_to(window, words):
    press(window, 'ctrl+t')
    dialog = window.dialog('entry|text', 'Time')
    dialog.set_text('Time', words, 'entry|text')
    return dialog


def test_jump(case):
    """Ctrl+T goes to a time; what is none is explained."""
    server, program, window = open_log(case, 2)
    server.publish_many('log', 'flood', 300)
    server.publish('log', 'last', {'n': 0})
    window.events.row('last')
    dialog = jump_to(window, '-2 h')
    dialog.close('Jump')
    wait_selected(window, 'State')
    dialog = jump_to(window, '99:99')
    dialog.click('Jump')
    dialog.wait_text('^Not a time')
    dialog.set_text('Time', '+2h', 'entry|text')
    dialog.close('Jump')
    window.wait_text('^No row is shown from')
    dialog = jump_to(window, '2000-01-01 10:00')
    ui.key('Return')
    wait_selected(window, 'State')
    window.find('button', re.compile('Follow'))
    program.quit()


def test_clear(case):
    """Cleared rows come back in place: filtered, muted and paused; the pill counts what is new."""
    server, program, window = open_log(case, 3)
    window.subscribe('noisy')
    server.wait_subscribed('noisy')
    server.publish('noisy', 'noise-0', {'n': 0})
    window.events.row('noise-0')
    menu_of(window, window.events.row('noise-0'), 'Mute This Channel')
    window.wait_text('1 muted channel')
    window.set_text('Filter', 'event ^= "t" or event ^= "n"')
    has_rows(window, 'tick-2', 'noise-0')
    window.click('Pause')
    window.find('button', re.compile(r'^Paused'))
    for number in range(3, 6):
        server.publish('log', f'tick-{number}', {'n': number})
        server.publish('noisy', f'noise-{number}', {'n': number})
    window.find('button', re.compile(r'\b3 new'))
    window.activate()
    window.click('Clear')
    ui.until(lambda: not window.there('table', 'Events'), 'an empty log')
    window.activate()
    ui.key('ctrl+z')
    has_rows(window, 'tick-2', 'tick-3', 'noise')
    window.find('button', re.compile(r'\b3 new'))
    window.click('Pause')
    has_rows(window, 'tick-5', 'noise')
    ui.equal([name for row in window.events.rows for name in [re.search(r'tick-\d', row.name)[0]]],
             [f'tick-{number}' for number in range(6)], 'the rows')
    program.quit()


def test_gap(case):
    """A reconnect stands in the log: states, how long nothing came, and that events may be missing; muting leaves it."""
    server, program, window = open_log(case, 1)
    window.events.row('State', 'connected')
    menu_of(window, window.channel_row('log'), 'Mute in the Log')
    window.wait_text('1 muted channel')
    server.stop()
    window.wait_state('Unavailable', 'Connecting')
    server = case.server(server.port)
    window.wait_state('Connected')
    server.wait_subscribed('log')
    server.publish('log', 'after', {'n': 1})
    row = window.events.row('Gap')
    if not re.search(r'gap [\d.]+ .*events may have been missed', row.name):
        raise AssertionError(f'the gap is called {row.name}')
    window.events.select('Gap')
    window.events.row('State', 'connected → ')
    ui.until(lambda: '2 events' in window.channel_row('log').name, 'counted')
    has_rows(window, 'Gap', 'after', 'tick')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_bookmark, test_list, test_only, test_offline, test_mute, test_jump, test_clear, test_gap]))
