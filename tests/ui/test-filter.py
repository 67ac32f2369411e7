#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter: mistakes, suggestions, chips, cells, saved filters."""
import re
import sys

import scope_ui as ui

NAME = 'Filter'


def open_log(case):
    """A window with a few events of two channels in it."""
    server, program, window = case.watch(NAME, 'orders', 'private-news')
    for n in range(3):
        server.publish('orders', 'order.paid', {'n': n, 'total': 50 * n, 'customer': {'city': 'Rome'}})
    server.publish('private-news', 'headline', {'n': 10, 'text': 'Rain'})
    window.events.row('headline')
    return server, program, window


def filter_text(window):
    return window.find('entry', 'Filter').text


def wait_filter(window, text):
    ui.until(lambda: filter_text(window) == text, f'the filter is {text}')


def event_names(window):
    """The channel, event and preview cells of all events in sight."""
    events = window.events
    cells = [' '.join(events.cells(row)) for row in events.rows]
    return [line for line in cells if 'order.paid' in line or 'headline' in line]


def wait_events(window, count):
    ui.until(lambda: len(event_names(window)) == count, f'{count} events in sight')


def focus_filter(window):
    window.activate()
    ui.key('ctrl+l')


def test_mistake(case):
    """A mistake is told in words, and the last good filter stays."""
    _, program, window = open_log(case)
    window.set_text('Filter', 'event == "headline"')
    wait_events(window, 1)
    entry = window.find('entry', 'Filter')
    entry.insert(' and channel == x')
    message = window.wait_text(r'^Filter, character 36')
    if 'expected a text in quotes' not in message:
        raise AssertionError(message)
    ui.until(lambda: entry.has_state('INVALID_ENTRY') or entry.description == message, 'the mistake is told')
    wait_events(window, 1)
    window.set_text('Filter', 'event == "order.paid"')
    wait_events(window, 3)
    window.wait_text(r'^3 of \d+$')
    program.quit()


def test_underway(case):
    """While a comparison is typed the log stays as it is; who stops in the middle is told what is missing."""
    _, program, window = open_log(case)
    focus_filter(window)
    entry = window.find('entry', 'Filter')
    ui.xdotool('type', '--delay', '60', 'headline')
    wait_events(window, 1)
    shown = window.wait_text(r'^[1-9]\d* of \d+$')
    ui.xdotool('type', '--delay', '5', ' and channel ')
    window.find('row', re.compile('^==, is$'))
    ui.equal(window.wait_text(r'^\d+ of \d+$'), shown, 'the log is as it was')  # “channel” is a word, too
    ui.key('Down', 'Return')
    window.find('row', re.compile('^"private-news", '))
    ui.equal(window.wait_text(r'^\d+ of \d+$'), shown, 'the log is as it was')
    ui.equal(entry.has_state('INVALID_ENTRY'), False, 'nothing is wrong yet')
    ui.key('Escape')
    window.wait_text('^Filter, character .*but the filter ends here')
    wait_filter(window, 'headline and channel == ')
    ui.xdotool('type', '--delay', '60', '"')
    ui.until(lambda: not entry.description, 'it is typed on')
    window.find('row', re.compile('^"private-news", '))
    ui.key('Escape', 'Tab')
    ui.until(lambda: 'but the filter ends here' in entry.description or 'quote' in entry.description, 'it is left so')
    program.quit()


def test_completion(case):
    """A filter is written by keyboard alone, from what the log holds."""
    _, program, window = open_log(case)
    focus_filter(window)
    ui.xdotool('type', '--delay', '60', 'chan')
    window.find('row', re.compile('^channel'))
    ui.key('Tab')
    wait_filter(window, 'channel ')
    window.find('row', re.compile('^==, is$'))
    ui.key('Down', 'Return')
    wait_filter(window, 'channel == ')
    window.find('row', re.compile('^"private-news", '))
    ui.xdotool('type', '--delay', '60', '"priv')
    ui.until(lambda: not window.there('row', re.compile('^"orders", ')), 'fewer suggestions')
    ui.key('Down', 'Return')
    wait_filter(window, 'channel == "private-news"')
    ui.until(lambda: not window.there('row', re.compile('^"private-news", ')), 'no suggestions')
    window.wait_text(r'^\d+ of \d+$')
    ui.until(lambda: all('private-news' in line for line in event_names(window)), 'one channel in sight')

    # closed, it takes no key: Return goes to the log, and Escape clears
    ui.xdotool('type', '--delay', '60', ' and data.')
    window.find('row', re.compile('^data.text'))
    ui.key('Escape')
    ui.until(lambda: not window.there('row', re.compile('^data.text')), 'Escape closes it')
    wait_filter(window, 'channel == "private-news" and data.')
    ui.key('Escape')
    wait_filter(window, '')
    program.quit()


def test_chips(case):
    """The parts of a filter can be turned around and removed without a word of its language."""
    _, program, window = open_log(case)
    window.set_text('Filter', 'channel == "orders" and kind == "event" and not data.n == 1')
    wait_events(window, 2)
    window.find('button', 'not: data.n is 1')
    window.click('not: data.n is 1')
    wait_filter(window, 'channel == "orders" and kind == "event" and data.n == 1')
    wait_events(window, 1)
    window.click('Remove “data.n is 1”')
    wait_filter(window, 'channel == "orders" and kind == "event"')
    wait_events(window, 3)
    window.click('Remove “channel is orders”')
    wait_filter(window, 'kind == "event"')
    wait_events(window, 4)
    window.click('Remove “kind is event”')
    wait_filter(window, '')
    ui.until(lambda: not window.there('button', re.compile('^Remove “kind')), 'no chips')
    program.quit()


def test_cell(case):
    """From a cell: all but its like, or only its like; by mouse, and by keyboard for any field."""
    _, program, window = open_log(case)
    row = window.events.row('order.paid')
    cell = next(cell for cell in row.children if cell.name == 'Event')
    window.activate()
    window.mouse(cell, button=3)
    window.find('menu item', 'Exclude event == "order.paid"').act()
    wait_filter(window, 'not event == "order.paid"')
    wait_events(window, 1)

    window.events.select('headline')
    window.activate()
    window.click('Remove “not: event is order.paid”')
    wait_filter(window, '')
    ui.key('Escape')
    row = window.events.row('headline')
    cell = next(cell for cell in row.children if cell.name == 'Channel')
    window.mouse(cell, button=3)
    window.find('menu item', 'Only channel == "private-news"').act()
    wait_filter(window, 'channel == "private-news"')
    wait_events(window, 1)
    program.quit()


def test_saved(case):
    """A saved filter is there in the next window; renamed, removed and brought back."""
    server, program, window = open_log(case)
    window.set_text('Filter', 'event == "headline"')
    wait_events(window, 1)
    window.click('Saved Filters')
    window.set_text('Name of the Filter', 'News')
    window.click('Save Current')
    window.find('button', 'Delete “News”')
    window.activate()
    ui.key('Escape')
    ui.until(lambda: not window.there('button', 'Delete “News”'), 'a closed menu')
    program.quit()

    program = case.program('--profile', f'{NAME}{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.click('Saved Filters')
    window.click('News')
    wait_filter(window, 'event == "headline"')
    window.click('Saved Filters')
    window.click('Rename “News”')
    window.find_usable('button', 'Rename')
    window.set_text('Name of the Filter', 'Headlines')
    window.click('Rename')
    window.click('Delete “Headlines”')
    window.wait_text('^“Headlines” was deleted')
    window.click('Undo')
    window.find('button', 'Delete “Headlines”')
    window.activate()
    ui.key('Escape')
    ui.until(lambda: not window.there('button', 'Delete “Headlines”'), 'a closed menu')
    program.quit()


def test_builder(case):
    """A filter is put together from what the log holds."""
    _, program, window = open_log(case)
    window.click('Add Filter')
    values = window.find('list', 'Values')
    ui.until(lambda: any(row.name.startswith('private-news, ') for row in ui.rows_of(values)),
             'the channel among the values')
    window.set_text('Value', 'private-news')
    window.click('Only These')
    wait_filter(window, 'channel == "private-news"')
    program.quit()


def test_values(case):
    """Several values are chosen from what the log holds, or typed: by keyboard alone."""
    _, program, window = open_log(case)
    window.click('Add Filter')
    values = window.find('list', 'Values')

    def row(name):
        return ui.until(lambda: next((row for row in ui.rows_of(values) if ui.begins_with(row.name, name)), None), name)

    def is_chosen(name):
        return row(name).name.endswith(', chosen')
    row('orders')
    ui.key('Tab', 'space')
    window.find('label', 'is one of')
    ui.key(*['Down'] * 6, 'Return')
    window.click('Only These')
    window.wait_text('Choose a value, or type one')

    window.set_text('Value', 'private')
    ui.until(lambda: len(ui.rows_of(values)) == 1, 'one value')
    ui.key('Tab', 'Tab', 'Return')
    ui.until(lambda: is_chosen('private-news'), 'it is chosen')
    ui.key('Return')
    ui.until(lambda: not is_chosen('private-news'), 'it is not chosen any more')
    ui.key('Return')
    ui.until(lambda: is_chosen('private-news'), 'it is chosen again')
    window.set_text('Value', 'orders')
    ui.key('shift+Tab', 'Return')
    ui.until(lambda: is_chosen('orders') and is_chosen('private-news'), 'what is typed is chosen')
    ui.equal(window.read('Value', 'entry'), '', 'the entry')
    window.set_text('Value', 'no such "channel"')
    window.click('Only These')
    wait_filter(window, r'channel in ("private-news", "orders", "no such \"channel\"")')
    wait_events(window, 4)
    program.quit()


def test_narrow(case):
    """In a narrow window the entry has the room: what stood beside it is one menu away."""
    _, program, window = open_log(case)
    window.find_usable('button', 'Saved Filters')
    window.resize(360, 640)
    window.find_usable('button', 'More for the Filter')
    window.gone('button', 'Saved Filters')
    ui.until(lambda: window.find('entry', 'Filter').extents[2] > 150, 'room to write in')
    window.set_text('Filter', 'event == "headline"')
    wait_events(window, 1)
    window.click('More for the Filter')
    window.click('Saved Filters')
    window.set_text('Name of the Filter', 'Narrow News')
    window.click('Save Current')
    window.find('button', 'Delete “Narrow News”')
    window.set_text('Filter', '')
    window.click('Narrow News')
    wait_filter(window, 'event == "headline"')
    window.gone('button', 'Saved Filters')  # both menus close

    window.click('More for the Filter')
    window.click('Add Filter')
    window.set_text('Value', 'orders')
    window.click('Without These')
    wait_filter(window, 'event == "headline" and not channel == "orders"')
    window.gone('button', 'Add Filter')

    window.resize(1000, 640)
    window.find_usable('button', 'Saved Filters')
    window.gone('button', 'More for the Filter')
    program.quit()


def test_help(case):
    """An example of the help is tried in the window it was opened from."""
    _, program, window = open_log(case)
    window.activate()
    ui.key('F1')
    pages = program.application.window_with('row', 'Filter Language')
    pages.activate()
    row = pages.find('row', 'Filter Language')
    pages.mouse(row)
    pages.find('button', 'Try event == "order.paid"', showing=False, into_tables=True).act()
    wait_filter(window, 'event == "order.paid"')
    wait_events(window, 3)
    program.quit()


def walk_menu(window, *names):
    """Goes down to each of these items in turn, and takes it."""
    for name in names:
        item = window.find('menu item', name)
        for _ in range(30):
            if item.has_state('FOCUSED'):
                break
            ui.key('Down')
        else:
            raise AssertionError(f'Down does not lead to {name}')
        ui.key('Return')


def test_row_menu(case):
    """The menu of a row and the menus in it, by keyboard alone."""
    _, program, window = open_log(case)
    for opens, menu, item, expected, count in (
            ('Menu', 'Only Rows Like This', 'channel == "private-news"', 'channel == "private-news"', 1),
            ('shift+F10', 'Exclude Rows Like This', 'event == "headline"', 'not event == "headline"', 3)):
        window.set_text('Filter', '')
        wait_events(window, 4)
        window.events.select('headline')
        focus_filter(window)
        ui.key('Escape')  # to the log
        ui.key(opens)
        walk_menu(window, menu, item)
        wait_filter(window, expected)
        wait_events(window, count)
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_mistake, test_underway, test_completion, test_chips, test_cell, test_saved, test_builder, test_values,
                      test_narrow, test_help, test_row_menu]))
