#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log's columns: which there are, in which order and how wide; times; values of payloads; color rules."""
import re
import sys

import scope_ui as ui

NAME = 'Columns'


def titles(window):
    """The titles above the log, from left to right."""
    header = ui.until(lambda: next((child for child in window.find('table', 'Events').children
                                    if child.name == 'Columns'), None), 'the header')
    return [child.name for child in header.children if child.showing]


def cell(window, row, column):
    """The text of a row's cell."""
    for child in row.children:
        if child.name == column:
            names = [node.name for node, _ in child.walk() if node.name]
            return names[-1] if names and names[-1] != column else ''
    raise AssertionError(f'no cell {column}')


def open_log(case, *more):
    server = case.server()
    ui.add_profile(f'{NAME}{server.port}', server.port)
    program = case.program('--profile', f'{NAME}{server.port}', '--connect', *more)
    window = program.window
    window.wait_state('Connected')
    window.subscribe('shop')
    server.wait_subscribed('shop')
    return server, program, window


def open_menu_item(window, *path):
    """An item of the main menu, by its label without marks."""
    window.activate()
    window.click('Main Menu')
    for name in path:
        item = window.find('menu item', re.compile(f'^{name}'))
        ui.until(lambda: item.sensitive, name)
        item.act()


def open_columns(window):
    open_menu_item(window, 'Event Log', 'Columns…')
    return window.dialog('entry', 'Path')


def toggle(dialog, name):
    """A check button has no action on the accessibility bus."""
    dialog.activate()
    dialog.mouse(dialog.find('switch', name))


def add_path(dialog, path):
    dialog.set_text('Path', path)
    dialog.click('Add Column')


def test_columns(case):
    """Columns are chosen, moved and kept, with values of payloads among them."""
    server, program, window = open_log(case)
    server.publish('shop', 'order.paid', {'total': 129.5, 'customer': {'name': 'Ada'}})
    server.publish('shop', 'order.paid', {'customer': {'name': 'Grace'}})
    server.publish('shop', 'other', 'no JSON')
    window.events.row('other')
    ui.equal(titles(window), ['Time', 'Δ', 'Channel', 'Event', 'Size', 'Preview'], 'columns')

    dialog = open_columns(window)
    toggle(dialog, 'Direction')
    ui.until(lambda: titles(window)[-1] == 'Direction', 'the direction')
    dialog.set_text('Path', 'total')
    dialog.wait_text('^A path begins with “data”')
    add_path(dialog, 'data.total')
    ui.until(lambda: titles(window)[-1] == 'data.total', 'a value of the payload')
    dialog.activate()
    dialog.click('Paths in This Log')  # what the log holds is offered; a part of its name is enough
    dialog.find('row', re.compile('^data.total, for example 129.5'))
    ui.xdotool('type', '--delay', '20', 'name')
    ui.until(lambda: not dialog.there('row', re.compile('^data.total, ')), 'fewer of them')
    dialog.find('row', re.compile('^data.customer.name, '))
    ui.key('Down', 'Return')
    ui.until(lambda: dialog.read('Path', 'entry') == 'data.customer.name', 'the path')
    ui.key('Return')
    ui.until(lambda: titles(window)[-1] == 'data.customer.name', 'another one')
    dialog.click('Move Direction Up')
    ui.until(lambda: titles(window)[-4:] == ['Direction', 'Preview', 'data.total', 'data.customer.name'], 'moved')
    toggle(dialog, 'Size')
    ui.until(lambda: 'Size' not in titles(window), 'no size')
    dialog.activate()
    ui.key('Escape')
    ui.until(lambda: dialog.node not in window.application.node.children, 'the dialog is closed')

    row = ui.until(lambda: next((r for r in window.events.rows if 'order.paid' in r.name), None), 'a paid order')
    ui.equal(cell(window, row, 'data.total'), '129.5', 'a number')
    ui.equal(cell(window, row, 'data.customer.name'), 'Ada', 'a text')
    ui.equal(cell(window, row, 'Direction'), '↓ In', 'the direction')
    ui.equal(cell(window, window.events.row('other'), 'data.total'), '', 'nothing there')
    program.quit()

    program = case.program('--profile', f'{NAME}{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    ui.until(lambda: window.there('table', 'Events'), 'a log')
    ui.equal(titles(window), ['Time', 'Δ', 'Channel', 'Event', 'Direction', 'Preview', 'data.total',
                              'data.customer.name'], 'columns kept')
    dialog = open_columns(window)
    dialog.click('Reset')
    ui.until(lambda: titles(window) == ['Time', 'Δ', 'Channel', 'Event', 'Size', 'Preview'], 'as they came')
    dialog.activate()
    ui.key('Escape')
    ui.until(lambda: dialog.node not in window.application.node.children, 'the dialog is closed')
    program.quit()


def test_times(case):
    """Times since the start, since the row before, since the last of the same."""
    server, program, window = open_log(case)
    server.publish('shop', 'tick', {'n': 1})
    server.publish('shop', 'other', {'n': 2})
    server.publish('shop', 'tick', {'n': 3})
    window.events.row('tick')
    dialog = open_columns(window)
    toggle(dialog, re.compile('^Since the Last'))
    toggle(dialog, 'Since the Start')
    ui.until(lambda: titles(window)[-2:] == ['Δ Same', 'Elapsed'], 'both')
    dialog.activate()
    ui.key('Escape')
    ui.until(lambda: dialog.node not in window.application.node.children, 'the dialog is closed')
    ticks = ui.until(lambda: [r for r in window.events.rows if 'tick' in r.name][1:] and
                     [r for r in window.events.rows if 'tick' in r.name], 'two ticks')
    ui.equal(cell(window, ticks[0], 'Δ Same'), '', 'the first of its kind')
    if not re.fullmatch(r'\+[\d.]+ s', cell(window, ticks[1], 'Δ Same')):
        raise AssertionError(cell(window, ticks[1], 'Δ Same'))
    if not re.fullmatch(r'\d+:\d\d\.\d{3}', cell(window, ticks[1], 'Elapsed')):
        raise AssertionError(cell(window, ticks[1], 'Elapsed'))
    if not re.fullmatch(r'\d\d:\d\d:\d\d\.\d{3}', cell(window, ticks[1], 'Time')):
        raise AssertionError(cell(window, ticks[1], 'Time'))
    program.quit()


def test_width(case):
    """A width that is dragged is kept."""
    server, program, window = open_log(case)
    server.publish('shop', 'tick', {'n': 1})
    window.events.row('tick')

    def title(name):
        header = next(child for child in window.find('table', 'Events').children if child.name == 'Columns')
        return next(child for child in header.children if child.name == name)
    before = title('Channel').extents[2]
    _, left, top, _, _ = window.x_window()
    _, y, _, height = title('Channel').extents
    edge = left + title('Event').extents[0] - 6  # of the padding
    window.activate()
    ui.xdotool('mousemove', edge, top + y + height // 2)
    ui.xdotool('mousedown', 1)
    for step in (10, 20, 30, 40):
        ui.xdotool('mousemove', edge + step, top + y + height // 2)
    ui.xdotool('mouseup', 1)
    after = ui.until(lambda: title('Channel').extents[2] > before + 20 and title('Channel').extents[2], 'a wider column')
    program.quit()

    program = case.program('--profile', f'{NAME}{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    ui.until(lambda: window.there('table', 'Events'), 'a log')
    ui.until(lambda: abs(title('Channel').extents[2] - after) <= 2, 'the width is kept')
    program.quit()


def test_colors(case):
    """A rule colors rows and is told in words; it is removed, and that undone."""
    server, program, window = open_log(case)
    server.publish('shop', 'order.paid', {'total': 1})
    server.publish('shop', 'other', {'n': 2})
    window.events.row('other')

    def wait_description(event, expected):
        ui.until(lambda: window.events.row(event).description == expected, f'{event} is described as “{expected}”')
    row = window.events.row('order.paid')
    window.activate()
    window.mouse(next(child for child in row.children if child.name == 'Event'), button=3)
    window.find('menu item', 'Color Events Like This…').act()
    dialog = window.dialog('button', 'Add Rule')
    ui.equal(dialog.find('entry', 'Filter').text, 'event == "order.paid"', 'the filter')
    wait_description('order.paid', 'order.paid')
    dialog.set_text('Name', 'Paid')
    wait_description('order.paid', 'Paid')
    wait_description('other', '')
    dialog.set_text('Filter', 'event ==')
    dialog.wait_text('^Filter, character')
    wait_description('order.paid', '')
    dialog.set_text('Filter', 'event == "other"')
    wait_description('other', 'Paid')
    dialog.find('switch', 'Use This Rule').act()
    wait_description('other', '')
    dialog.set_text('Name', 'Off')  # a rule that is off can be edited still
    dialog.find('switch', 'Use This Rule').act()
    wait_description('other', 'Off')
    dialog.set_text('Name', 'Paid')
    wait_description('other', 'Paid')
    dialog.click('Remove')
    wait_description('other', '')
    dialog.click(re.compile('^Undo'))
    wait_description('other', 'Paid')
    dialog.activate()
    dialog.click('Add Rule')  # what is typed next is the new rule's filter
    ui.until(lambda: any('A rule needs' in entry.description for entry in dialog.all('entry', 'Filter')), 'its filter')
    ui.xdotool('type', '--delay', '20', 'event == "order.paid"')
    wait_description('order.paid', 'New Color Rule')
    ui.key('Escape')
    ui.until(lambda: dialog.node not in window.application.node.children, 'the dialog is closed')
    wait_description('other', 'Paid')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_columns, test_times, test_width, test_colors]))
