#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics: figures that equal what was published, and the way back to the log."""
import re
import sys

import scope_ui as ui

SHOWN = 'Only What the Log Shows'
PAID, PLACED = 12, 5
ALL = PAID + PLACED
TOTALS = [10 * number for number in range(PAID)]


def open_session(case):
    """A program that has got all events, in the log."""
    server, program, window = case.watch('Statistics', 'orders', 'news')
    for total in TOTALS:
        server.publish('orders', 'order.paid', {'total': total})
    for number in range(PLACED):
        server.publish('news', 'order.placed', {'n': number})
    for channel, count in (('orders', PAID), ('news', PLACED)):
        ui.until(lambda: f'{count} events' in window.channel_row(channel).name, f'{count} events of {channel}')
    return server, program, window


def open_statistics(case):
    server, program, window = open_session(case)
    window.show_view('Statistics')
    window.wait_text(f'^{ALL} events$')
    return server, program, window


def focus_chart(window):
    """By Tab from the controls above it; clicked twice, those are as they were."""
    check = window.find('switch', SHOWN)
    for _ in range(2):
        window.mouse(check)
    ui.until(lambda: check.has_state('FOCUSED') and check.has_state('CHECKED'), 'the focus is above the chart')
    ui.key('Tab', 'Tab', 'Tab', 'Tab')  # peak, copy, table
    chart = window.find('image', 'Events per Second')
    ui.until(lambda: chart.has_state('FOCUSED'), 'the focus is in the chart')


def names_in(window, name):
    """The rows of a list of the largest, as what they are called."""
    return [row.name for row in ui.rows_of(window.find('list', name)) if row.showing]


def show_table(window, name, number):
    """The figures of a chart, as lines of cells; charts are told apart by their number."""
    window.all('button', 'Show as Table')[number].act()
    table = ui.Table(window.find('table', name))
    return lambda: [ui.Table.cells(row) for row in table.rows]


def figure(cell):
    return int(re.match(r'\d*', cell).group() or -1)


def check_figures(window):
    ui.until(lambda: any(re.match(rf'orders, {PAID} events, .*71', name)
                         for name in names_in(window, 'Top Channels')), 'the channel orders')
    ui.until(lambda: any(name.startswith(f'news, {PLACED} events')
                         for name in names_in(window, 'Top Channels')), 'the channel news')
    ui.equal([name.split(',')[0] for name in names_in(window, 'Top Events')],
             ['order.paid', 'order.placed'], 'the largest first')
    lines = show_table(window, 'Events per Second', 0)
    ui.until(lambda: sum(figure(line[1]) for line in lines() if len(line) > 1) == ALL,
             'the table adds up')


def test_figures(case):
    """What was published is counted, by channel and by event."""
    _, program, window = open_statistics(case)
    check_figures(window)
    window.find(None, 'Time Range')
    ui.equal([node.name for node in window.all(None, re.compile('^Gtk(Combo|DropDown)'))], [], 'named controls')
    program.quit()


def test_table_stays(case):
    """Who reads the table keeps the row while events come in; each row says its figures."""
    server, program, window = open_statistics(case)
    lines = show_table(window, 'Events per Second', 0)
    ui.until(lambda: sum(figure(line[1]) for line in lines() if len(line) > 1) == ALL, 'the table adds up')
    body = ui.Table(window.find('table', 'Events per Second')).body
    first = ui.rows_of(body)[0]
    name = first.name
    if not re.search(r'[0-9:]+ – [0-9:]+: \d+ events?, ', name):
        raise AssertionError(f'a row is called {name!r}')
    window.activate()
    window.mouse(first)
    ui.until(lambda: first.has_state('FOCUSED'), 'the focus is in the row')
    for number in range(3):
        server.publish('news', 'order.late', {'n': number})
    ui.until(lambda: sum(figure(line[1]) for line in lines() if len(line) > 1) == ALL + 3, 'three more are counted')
    ui.equal((first.name[:8], first.has_state('FOCUSED'), first.has_state('SELECTED')), (name[:8], True, True), 'the row')
    program.quit()


def test_long_names(case):
    """Long names leave the lists beside each other."""
    channel = 'c' * 160
    server, program, window = case.watch('Long', channel)
    server.publish(channel, 'e' * 190, {'n': 1})
    window.show_view('Statistics')
    window.wait_text('^1 event$')
    window.activate()
    window.resize(1100, 800)

    def tops():
        return {window.find('list', name).extents[1] for name in ('Top Channels', 'Top Events')}
    ui.until(lambda: len(tops()) == 1, 'both lists begin at the same height')
    program.quit()


def test_filter(case):
    """The log's filter applies, unless all is wanted."""
    _, program, window = open_session(case)
    window.set_text('Filter', 'event == "order.paid"')
    window.show_view('Statistics')
    window.wait_text(f'^{PAID} events$')
    window.activate()
    window.mouse(window.find('switch', SHOWN))
    window.wait_text(f'^{ALL} events$')
    program.quit()


def test_peak(case):
    """The peak leads to the log, at its time."""
    _, program, window = open_statistics(case)
    time = window.wait_text('^at [0-9]').removeprefix('at ')
    window.click('Show the Peak in the Log')
    events = window.find('tab', 'Events')
    ui.until(lambda: events.has_state('SELECTED') or events.has_state('CHECKED'), 'the log')
    row = ui.until(lambda: next((row for row in window.events.rows if row.has_state('SELECTED')), None),
                   'a row is selected')
    if time not in row.name:
        raise AssertionError(f'{row.name} is not of {time}')
    program.quit()


def test_range(case):
    """By keyboard: a time is selected in the chart, and filters the log."""
    _, program, window = open_statistics(case)
    window.activate()
    focus_chart(window)
    ui.key('Home', 'shift+End')
    window.click('Filter to This Range')
    window.show_view('Events')
    ui.until(lambda: re.fullmatch('time >= [0-9T:.+Z-]+ and time < [0-9T:.+Z-]+', window.read('Filter', 'entry')),
             'a filter by time')
    ui.until(lambda: len([row for row in window.events.rows if 'order.' in row.name]) == ALL, 'all events')
    program.quit()


def test_plot(case):
    """A number of the payloads over time; what has none is said."""
    server, program, window = open_statistics(case)
    name = 'data.total of order.paid'
    window.set_text('Name of the Events', 'order.paid')
    window.activate()
    window.resize(1100, 860)  # all of it in sight
    ui.until(lambda: window.find('entry', 'Path of the Number').extents[1] < 820, 'the entry')
    window.mouse(window.find('entry', 'Path of the Number'))
    ui.key('ctrl+space')  # numbers the log holds; nothing else
    window.find('row', re.compile('^data.total, for example '))
    ui.key('Down', 'Return')
    ui.until(lambda: window.read('Path of the Number', 'entry') == 'data.total', 'a path that was offered')
    window.set_text('Path of the Number', 'total')
    window.click('Plot')
    window.find('image', name)
    window.wait_text(f'^{PAID} numbers$')
    lines = show_table(window, name, 1)
    ui.until(lambda: [figure(line[1]) for line in lines() if len(line) > 1] == TOTALS, 'the numbers')
    server.publish('orders', 'order.paid', {'n': 1})
    window.wait_text(f'^{PAID} numbers · 1 event without it$')
    for number in ('-1.7e308', '1.7e308', '1e308', 'null', '1e999'):
        server.publish('orders', 'order.paid', f'{{"total":{number}}}')
    window.wait_text(f'^{PAID + 3} numbers · 3 events without it$')
    window.click('Remove Plot')
    window.gone('table', name)

    window.set_text('Path of the Number', 'data..x')
    window.click('Plot')
    window.wait_text('expected a path such as data.total')
    program.quit()


def test_plot_from_log(case):
    """A number of an event, from the menu of its place in the tree."""
    _, program, window = open_session(case)
    window.events.select('order.paid')
    window.click('Tree', 'tab')
    tree = window.find('list|table', 'Payload Tree')
    row = ui.until(lambda: next((row for row in ui.rows_of(tree) if row.name.startswith('total: ')), None), 'the number')
    window.activate()
    window.mouse(row, button=3)
    window.find('menu item', 'Plot This Number').act()
    window.find('image', 'data.total of order.paid')
    window.wait_text(f'^{PAID} numbers$')
    program.quit()


def test_offline(case):
    """A capture's figures stand there without a connection."""
    _, program, window = open_session(case)
    program.quit()
    program = case.program(ui.captures()[-1])
    window = program.window
    window.show_view('Statistics')
    window.wait_text(f'^{ALL} events$')
    check_figures(window)
    ui.equal([text for text in window.texts() if text.endswith('/s now')], [], 'no rate of now')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_figures, test_table_stays, test_long_names, test_filter, test_peak, test_range, test_plot, test_plot_from_log, test_offline]))
