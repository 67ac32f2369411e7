#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter: mistakes, suggestions, chips, cells, saved filters."""
import re
import sys

import scope_ui as ui

NAME = 'Filter'


def open_log(case):
    """A window with a few events of two channels in it."""
    server = case.server()
    ui.add_profile(f'{NAME}{server.port}', server.port)
    program = case.program('--profile', f'{NAME}{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    for channel in ('orders', 'private-news'):
        window.subscribe(channel)
        server.wait_subscribed(channel)
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


if __name__ == '__main__':
    sys.exit(ui.main([test_mistake, test_completion]))
