#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What events look like: those that look different are marked, and the schema can be taken away."""
import json
import os
import re
import sys

import scope_ui as ui

NEW = 'New field data.discount; data.total was number, now string'


def publish(server, *payloads, event='order.paid'):
    for payload in payloads:
        server.publish('shop', event, payload)


def open_log(case, name, *payloads, event='order.paid'):
    server = case.server()
    ui.add_profile(name, server.port)
    program = case.program('--profile', name, '--connect')
    window = program.window
    window.wait_state('Connected')
    window.subscribe('shop')
    server.wait_subscribed('shop')
    publish(server, *payloads, event=event)
    return server, program, window


def marks(window):
    """What the marks in the log say."""
    found = window.all('image', re.compile('data'), into_tables=True)
    return sorted({node.name for node in found})


def wait_marks(window, *expected):
    ui.until(lambda: marks(window) == sorted(expected), f'marks {expected}')


def choose(dialog, name):
    """An item of the dialog's menu."""
    dialog.click('JSON Schema')
    item = ui.until(lambda: next((node for node in dialog.all('menu item') if node.name == name and node.sensitive),
                                 None), f'the menu item {name}')
    item.act()


def fields(dialog):
    return [row.name for row in ui.rows_of(dialog.find('list', 'Fields'))]


def kept(text):
    """The files that remember profiles and hold this."""
    return [path for path in ui.files_with(text) if path.endswith('.shapes')]


def test_marks(case):
    """A change is marked in the log and explained beside its details, until it is expected."""
    server, program, window = open_log(case, 'Shapes', {'id': 1, 'total': 12.5}, {'id': 2, 'total': 8})
    window.events.row('order.paid')
    publish(server, {'id': 3, 'total': '9', 'discount': 1}, {'id': 4, 'total': 7.5, 'discount': 1})
    wait_marks(window, NEW)

    row = next(row for row in window.events.rows if '"9"' in ' '.join(window.events.cells(row)))
    ui.select_child(window.events.body, window.events.rows.index(row))
    window.wait_text('^New field data.discount\ndata.total was number, now string$')
    window.click('Show Earlier')
    ui.until(lambda: next((row for row in window.events.rows if row.has_state('SELECTED')
                           and '"id": 2' in ' '.join(window.events.cells(row))), None), 'the event before is selected')
    window.gone('button', 'Expected')

    row = next(row for row in window.events.rows if '"9"' in ' '.join(window.events.cells(row)))
    ui.select_child(window.events.body, window.events.rows.index(row))
    window.click('Schema')
    dialog = window.dialog('list', 'Fields')
    ui.until(lambda: len(fields(dialog)) == 4, 'four fields')
    ui.equal(fields(dialog), ['data, object, in all of 4 events', 'data.id, integer, in all of 4 events',
                              'data.total, string, number, in all of 4 events',
                              'data.discount, integer, in 50 % of 4 events'], 'fields')
    dialog.activate()
    ui.key('Escape')
    window.click('Expected')
    wait_marks(window)
    window.gone('button', 'Expected')
    program.quit()


def test_only(case):
    """Flagged events alone, also those still to come; a bar says so and leads back."""
    server, program, window = open_log(case, 'Only', {'id': 1}, {'id': 2})
    window.events.row('order.paid')
    window.activate()
    ui.key('ctrl+shift+f')
    window.wait_text('Nothing Is Flagged')
    publish(server, {'id': '3'}, {'id': 4}, {'id': '5', 'note': 1})
    ui.until(lambda: len(window.events.rows) == 2, 'two flagged events')
    window.wait_text('Only flagged events')
    window.wait_text(r'^2 of \d+$')
    window.set_text('Filter', 'data.note exists')
    ui.until(lambda: len(window.events.rows) == 1, 'one flagged event with a note')
    ui.select_child(window.events.body, 0)
    window.click('Expected')
    window.wait_text('No Event Matches')
    window.set_text('Filter', '')
    ui.until(lambda: len(window.events.rows) == 1, 'one event is still flagged')
    window.click('Show All')
    ui.until(lambda: len([row for row in window.events.rows if 'order.paid' in row.name]) == 5, 'all events')
    program.quit()


def test_take_away(case):
    """The schema is saved to a file; a field filters the log; changes lead to their events."""
    server, program, window = open_log(case, 'Away', {'id': 1}, {'id': 2})
    window.events.row('order.paid')
    publish(server, {'id': 3, 'note': None})
    wait_marks(window, 'New field data.note')
    row = next(row for row in window.events.rows if 'note' in ' '.join(window.events.cells(row)))
    ui.select_child(window.events.body, window.events.rows.index(row))
    window.click('Schema')
    dialog = window.dialog('list', 'Fields')
    ui.until(lambda: len(fields(dialog)) == 3, 'three fields')

    choose(dialog, 'Save JSON Schema…')
    chooser = dialog.application.window_with('button', re.compile('^_Save'))
    chooser.activate()
    ui.key('ctrl+a')
    target = os.path.join(os.environ['HOME'], 'order.json')
    ui.xdotool('type', target)
    ui.key('Return')
    dialog.wait_text('^Saved to order.json')
    with open(target, encoding='utf-8') as file:
        schema = json.load(file)
    ui.equal(schema, {'$schema': 'https://json-schema.org/draft/2020-12/schema', 'title': 'order.paid',
                      'type': 'object', 'required': ['id'],
                      'properties': {'id': {'type': 'integer'}, 'note': {'type': 'null'}}}, 'schema')

    row = next(row for row in ui.rows_of(dialog.find('list', 'Fields')) if row.name.startswith('data.note'))
    ui.row_button(row, 'Show Only Events with This Field').act()
    ui.until(lambda: window.read('Filter', 'entry') == 'event == "order.paid" and data.note exists', 'the filter')
    ui.until(lambda: len(window.events.rows) == 1, 'one event')
    program.quit()


def test_sessions(case):
    """What was learnt yesterday is known today, without values; it can be forgotten."""
    server, program, window = open_log(case, 'Days', *[{'total': n, 'who': 'Ada-4711'} for n in range(7)],
                                       event='day.over')
    window.events.row('day.over')
    ui.until(lambda: kept('"day.over",7,'), 'what was learnt is kept')
    program.quit()
    ui.equal(len(kept('day.over')), 1, 'files that remember')
    ui.equal(kept('4711'), [], 'values that are kept')

    program = case.program('--profile', 'Days', '--connect')
    window = program.window
    window.wait_state('Connected')
    server.wait_subscribed('shop')
    publish(server, {'total': 'eight'}, event='day.over')
    wait_marks(window, 'data.who is missing, which was always there; data.total was integer, now string')

    ui.select_child(window.events.body, len(window.events.rows) - 1)
    window.click('Schema')
    dialog = window.dialog('list', 'Fields')
    ui.until(lambda: 'data, object, in all of 8 events' in fields(dialog), 'eight events')
    choose(dialog, 'Forget What Was Learnt…')
    forget = re.compile('^_Forget')
    dialog.application.window_with('button', forget).click(forget)
    ui.until(lambda: not fields(dialog), 'no fields')
    ui.until(lambda: not kept('day.over'), 'nothing is kept')
    wait_marks(window)
    dialog.activate()
    ui.key('ctrl+q')  # the dialog is not modal: the program's keys are its own
    ui.equal(program.wait(), 0, 'exit status')


if __name__ == '__main__':
    sys.exit(ui.main([test_marks, test_only, test_take_away, test_sessions]))
