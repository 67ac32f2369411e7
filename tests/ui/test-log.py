#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event log: follows only at its end, never moves under the reader, and hides nothing for good."""
import contextlib
import json
import re
import sys

import scope_ui as ui

NAME = 'Log'


def number_of(cells):
    """The n of {"n":7} in a row's preview."""
    match = re.search(r'"n": ?(\d+)', ' '.join(cells))
    return int(match.group(1)) if match else None


def numbers(window):
    """The numbers of the events in a log that is short enough to be there as a whole."""
    events = window.events
    found = [number_of(events.cells(row)) for row in events.rows]
    return [number for number in found if number is not None]


def selected_number(window):
    """That of the selected event, if it is in a row."""
    events = window.events
    chosen = [row for row in events.rows if row.has_state('SELECTED')]
    return number_of(events.cells(chosen[0])) if chosen else None


def wait_last(window, number):
    """The log stands at its end, at that event."""
    events = window.events

    def look():
        row = events.at_end()
        return row is not None and number_of(events.cells(row)) == number
    ui.until(look, f'event {number} is the last one in sight')


def last_in_sight(window):
    """The number of the event at the log's lower edge."""
    row = ui.until(window.events.at_end, 'a row at the lower edge')
    return number_of(window.events.cells(row))


def settled(window, other_than=None):
    """The picture of the log, once it is the same twice and not that other one."""
    events = window.events

    def look():
        first = events.picture(window)
        return first if first != other_than and first == events.picture(window) else None
    return ui.until(look, 'a log at rest')


def scroll_up(window):
    """With the wheel of the mouse; the picture it leads to."""
    before = settled(window)
    window.mouse(window.events.body, button=4, repeat=8)
    return settled(window, before)


def equal_pictures(one, other):
    if one != other:
        raise AssertionError('the log moved under the reader')


def wait_total(window, count, word='rows'):
    """The label that counts, e.g. "1,600 rows"; rows about the connection count too."""
    def look():
        for text in window.texts():
            match = re.fullmatch(r'([\d,]+) ' + word, text)
            if match and int(match.group(1).replace(',', '')) >= count:
                return True
        return False
    ui.until(look, f'{count} {word}')


def open_log(case, count):
    """A window with count events in it, following."""
    server, program, window = case.watch(NAME, 'log')
    server.publish_many('log', 'tick', count)
    wait_last(window, count - 1)
    return server, program, window


def test_follow(case):
    """Follows at its end; scrolled up it stands still while 500 events arrive; the pill leads back."""
    server, program, window = open_log(case, 100)
    server.publish_many('log', 'tick', 50, 100)
    wait_last(window, 149)

    # The picture to compare with is taken when the pill is there: what led to it is painted by then.
    scroll_up(window)
    server.publish_many('log', 'tick', 100, 150)
    window.find('button', re.compile(r'^100 new'))
    stable = settled(window)
    server.publish_many('log', 'tick', 400, 250)
    wait_total(window, 650)
    window.find('button', re.compile(r'^500 new'))
    equal_pictures(window.events.picture(window), stable)

    window.click(re.compile(r'^500 new'))
    wait_last(window, 649)
    server.publish_many('log', 'tick', 10, 650)
    wait_last(window, 659)

    at_end = settled(window)
    scroll_up(window)
    window.click('Follow')
    ui.until(lambda: window.events.picture(window) == at_end, 'the picture of the end of the log')
    program.quit()


def test_end(case):
    """The key End leads to the newest event, and the log follows again."""
    server, program, window = open_log(case, 100)
    window.activate()
    scroll_up(window)
    window.mouse(window.events.body)
    ui.until(lambda: selected_number(window) is not None, 'a row is selected')
    server.publish_many('log', 'tick', 50, 100)
    wait_total(window, 150)
    window.find('button', re.compile(r'^50 new'))
    ui.key('End')
    ui.until(lambda: selected_number(window) == 149, 'the newest event is selected')
    server.publish_many('log', 'tick', 50, 150)
    wait_last(window, 199)
    ui.equal(selected_number(window), 149, 'the selected event')
    program.quit()


def test_released(case):
    """A row whose menu was open does not stay pressed."""
    server, program, window = open_log(case, 5)
    window.activate()
    ui.until(lambda: len(numbers(window)) == 5, 'five events')
    ticks = [row for row in window.events.rows if number_of(window.events.cells(row)) is not None]
    first = ticks[0]

    def open_menu(button):
        """A press that comes while another menu goes may still be that one's."""
        for _ in range(5):
            window.mouse(first, button=button)
            if button == 1:
                ui.key('shift+F10')
            with contextlib.suppress(AssertionError):
                return ui.until(lambda: window.all('menu item'), 'the menu of a row', 6)
        raise AssertionError('no menu of a row')

    def after_menu(button):
        open_menu(button)
        ui.key('Escape')
        ui.until(lambda: not window.all('menu item'), 'no menu')
        ui.key('End')
        ui.until(lambda: selected_number(window) == 4, 'the last event is selected')
        ui.xdotool('mousemove', *window.point(window.find('button', 'Main Menu')))
        return settled(window)
    plain = after_menu(1)
    after_menu(3)
    ui.until(lambda: window.events.picture(window) == plain, 'the row is not shown as pressed')
    program.quit()


def test_selection(case):
    """What is selected stays it while frames are shown, and after clearing was taken back."""
    server, program, window = open_log(case, 3)
    server.publish('log', 'other.event', {'n': 1000})
    window.events.row('other.event')
    window.events.select('other.event')
    window.find('text', 'Payload')

    window.click('Main Menu')
    window.application.window_with('menu item', 'Event Log').click('Event Log', 'menu item')
    window.application.window_with('menu item', 'Show Raw Frames').click('Show Raw Frames', 'menu item')
    ui.until(lambda: len(window.events.rows) > 6, 'frames among the rows')
    ui.until(lambda: selected_number(window) == 1000, 'it is selected')
    window.click('Clear')
    ui.until(lambda: not window.there('table', 'Events'), 'an empty log')
    window.click('Bring Back')
    ui.until(lambda: window.there('table', 'Events') and selected_number(window) == 1000, 'it is selected again')
    program.quit()


def test_pause(case):
    """Pausing stops the view, not the recording."""
    server, program, window = open_log(case, 60)
    window.click('Pause')
    window.find('button', re.compile(r'^Paused'))   # a button that is activated acts a moment later
    server.publish_many('log', 'tick', 20, 60)
    window.find('button', re.compile(r'\b20 new'))
    ui.equal(last_in_sight(window), 59, 'the last event in sight')
    stable = settled(window)
    server.publish_many('log', 'tick', 20, 80)
    window.find('button', re.compile(r'\b40 new'))
    ui.equal(last_in_sight(window), 59, 'the last event in sight')
    equal_pictures(window.events.picture(window), stable)
    window.click('Pause')
    wait_last(window, 99)
    program.quit()


def test_clear(case):
    """Clearing can be undone."""
    server, program, window = open_log(case, 30)
    window.click('Clear')
    window.wait_text('View Cleared')
    window.click(re.compile('^Undo'))
    wait_last(window, 29)
    window.click('Clear')
    ui.until(lambda: not window.there('table', 'Events'), 'an empty log')
    server.publish_many('log', 'tick', 5, 30)
    wait_last(window, 34)
    ui.equal(numbers(window), [30, 31, 32, 33, 34], 'events after clearing')
    program.quit()


def test_undo(case):
    """Ctrl+Z brings back what was cleared; while the filter is typed into, it is the filter's."""
    _, program, window = open_log(case, 20)
    window.activate()
    window.click('Clear')
    ui.until(lambda: not window.there('table', 'Events'), 'an empty log')
    window.activate()
    ui.key('ctrl+z')
    wait_last(window, 19)
    program.quit()


def test_hidden(case):
    """The inspector says so when the filter hides the row it shows, and leads back."""
    server, program, window = open_log(case, 3)
    server.publish('log', 'other.event', {'n': 1000})
    window.events.row('other.event')
    window.events.select('other.event')
    window.find('text', 'Payload')
    window.set_text('Filter', 'event == "tick"')
    window.wait_text(r'^The filter hides this row')
    window.click('Show All Rows')
    ui.until(lambda: 'The filter hides this row.' not in window.texts(), 'the row is there again')
    ui.until(lambda: window.events.row('other.event').has_state('SELECTED'), 'it is selected')
    program.quit()


def test_toast(case):
    """A toast does not cover the button that leads to the newest event."""
    server, program, window = open_log(case, 60)
    window.click('Clear')
    undo = window.find('button', re.compile('^Undo'))
    server.publish_many('log', 'tick', 60, 60)
    wait_last(window, 119)
    scroll_up(window)
    server.publish_many('log', 'tick', 5, 120)
    pill = window.find('button', re.compile(r'^5 new'))
    _, top, _, height = pill.extents
    _, toast_top, _, _ = undo.extents
    if top + height > toast_top:
        raise AssertionError(f'the button ends at {top + height}, the toast begins at {toast_top}')
    program.quit()


def test_narrow(case):
    """In a narrow window the preview of an event is in sight, and has room."""
    _, program, window = open_log(case, 20)
    window.resize(420, 700)

    def fits():
        row = window.events.row('tick')
        cell = next((cell for cell in row.children if cell.name == 'Preview'), None)
        if cell is None:
            return False
        x, _, width, _ = cell.extents
        return width >= 90 and x + width <= 425
    ui.until(fits, 'the preview in sight')
    program.quit()


def test_filter(case):
    """The filter hides and shows, and marks a mistake."""
    server, program, window = open_log(case, 40)
    for n in range(3):
        server.publish('log', 'order.paid', {'n': 1000 + n, 'total': 50 * n})
    window.set_text('Filter', 'event == "order.paid"')
    ui.until(lambda: numbers(window) == [1000, 1001, 1002], 'only paid orders')
    window.wait_text(r'^3 of \d+')
    server.publish('log', 'order.paid', {'n': 1003, 'total': 150})
    server.publish('log', 'tick', {'n': 40})
    ui.until(lambda: numbers(window) == [1000, 1001, 1002, 1003], 'a new paid order')
    window.set_text('Filter', 'event == "order.paid" and data.total > 60')
    ui.until(lambda: numbers(window) == [1002, 1003], 'the dear ones')

    before = window.texts()
    window.find('entry', 'Filter').insert(' and and')
    explanation = ui.until(lambda: set(window.texts()) - set(before) - {'event == "order.paid" and data.total > 60 and and'}, 'an explanation')
    if not any(len(text) > 10 for text in explanation):
        raise AssertionError(f'no explanation: {explanation}')
    ui.until(lambda: window.find('entry', 'Filter').has_state('INVALID_ENTRY')
             or window.find('entry', 'Filter').description, 'the mistake is told')
    ui.equal(numbers(window), [1002, 1003], 'the last good filter stays')

    window.set_text('Filter', 'event == "no.such"')
    window.wait_text('No Event Matches')
    window.set_text('Filter', '')
    wait_last(window, 40)
    program.quit()


def test_payload(case):
    """Payloads of every kind can be read, whatever came."""
    server, program, window = open_log(case, 5)
    cases = ['no JSON at all', '"quoted"', '[1,2,{"a":null}]', '{"big":12345678901234567890123}', '',
             json.dumps({'long': 'x' * 9000}), '{"nul":"a\\u0000b"}', '<b>&amp;</b>']
    for number, data in enumerate(cases):
        server.publish('log', f'payload.{number}', data)
    for number, data in enumerate(cases):
        window.events.select(f'payload.{number}')
        window.click('Raw', 'tab')
        raw = window.find('text', 'Raw Payload')
        ui.until(lambda: raw.text == data or data == '', f'raw payload {number}')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_follow, test_end, test_released, test_selection, test_pause, test_clear, test_undo, test_hidden, test_toast,
                      test_narrow, test_filter, test_payload]))
