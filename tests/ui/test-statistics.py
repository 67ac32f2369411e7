#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics: figures that equal what was published, and the way back to the log."""
import re
import sys

import scope_ui as ui

PAID, PLACED = 12, 5


def rows(window, name):
    """The rows of a list of the largest names, as what they are called."""
    return [row.name for row in ui.rows_of(window.find('list|list box', name)) if row.showing]


def open_statistics(case):
    server = case.server()
    ui.add_profile(f'Statistics{server.port}', server.port)
    program = case.program('--profile', f'Statistics{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    for channel in ('orders', 'news'):
        window.subscribe(channel)
        server.wait_subscribed(channel)
    for number in range(PAID):
        server.publish('orders', 'order.paid', {'n': number, 'total': 10 * number})
    for number in range(PLACED):
        server.publish('news', 'order.placed', {'n': number})
    window.show_view('Statistics')
    window.wait_text(f'^{PAID + PLACED} events$')
    return server, program, window


def chart(window, name):
    return window.find('image|icon', name)


def test_figures(case):
    """What was published is counted, by channel and by event."""
    _, program, window = open_statistics(case)
    ui.until(lambda: any(re.match(rf'orders, {PAID} events, .*71', name)
                         for name in rows(window, 'Top Channels')), 'the channel orders')
    ui.until(lambda: any(name.startswith(f'news, {PLACED} events') for name in rows(window, 'Top Channels')),
             'the channel news')
    names = ui.until(lambda: rows(window, 'Top Events'), 'events')
    ui.equal([name.split(',')[0] for name in names], ['order.paid', 'order.placed'], 'the largest first')

    # the same figures as a table
    window.click('Show as Table', 'toggle button')
    table = window.find('table', 'Events per Second')

    def total():
        cells = [ui.Table.cells(row) for row in ui.Table(table).rows]
        return sum(int(line[1]) for line in cells if len(line) > 1 and line[1].isdigit())
    ui.until(lambda: total() == PAID + PLACED, 'the table adds up')
    program.quit()


def test_filter(case):
    """The log's filter applies, unless all is wanted."""
    _, program, window = open_statistics(case)
    window.show_view('Events')
    window.set_text('Filter', 'event == "order.paid"')
    window.show_view('Statistics')
    window.wait_text(f'^{PAID} events$')
    window.click('Only What the Log Shows', 'check box')
    window.wait_text(f'^{PAID + PLACED} events$')
    program.quit()


def test_peak(case):
    """By keyboard: the figures of a moment, and the log there."""
    _, program, window = open_statistics(case)
    window.activate()
    picture = chart(window, 'Events per Second')
    window.mouse(window.find('label', 'Events per Second'))
    # a click on the chart focuses it, and leads to the log
    window.mouse(picture)
    ui.until(lambda: window.find('tab', 'Events').has_state('SELECTED')
             or window.find('tab', 'Events').has_state('CHECKED'), 'the log')
    ui.until(lambda: any(row.has_state('SELECTED') for row in window.events.rows), 'a row is selected')
    window.show_view('Statistics')
    window.activate()
    ui.key('Tab')
    window.click('Show the Peak in the Log') if window.there('button', 'Show the Peak in the Log') else None
    program.quit()


def test_plot(case):
    """A number of the payloads over time; what has none is said."""
    server, program, window = open_statistics(case)
    window.set_text('Name of the Events', 'order.paid')
    window.set_text('Path of the Number', 'total')
    window.click('Plot')
    chart(window, 'data.total of order.paid')
    window.wait_text(f'^{PAID} numbers$')
    server.publish('orders', 'order.paid', {'n': 1})
    window.wait_text(f'^{PAID} numbers · 1 event without it$')
    window.click('Remove Plot')
    window.gone('image|icon', 'data.total of order.paid')

    window.set_text('Path of the Number', 'data..x')
    window.click('Plot')
    window.wait_text('expected a path such as data.total')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_figures, test_filter, test_peak, test_plot]))
