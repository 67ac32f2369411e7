#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bookmarks and notes, muted channels, and going to a time: by keyboard, live and in an opened capture."""
import os
import re
import sys

import scope_ui as ui

NAME = 'Marks'


def open_log(case, count, channel='log'):
    """A window with count events in it, following."""
    server = case.server()
    ui.add_profile(f'{NAME}{server.port}', server.port)
    program = case.program('--profile', f'{NAME}{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.subscribe(channel)
    server.wait_subscribed(channel)
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


if __name__ == '__main__':
    sys.exit(ui.main([test_bookmark, test_list, test_offline]))
