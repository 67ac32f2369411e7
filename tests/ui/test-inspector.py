#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inspector: a payload as a tree, against the one before, who was there, what values mean."""
import json
import os
import re
import subprocess
import sys

import scope_ui as ui

ORDER = {'total': 42, 'customer': {'e-mail': 'ann@example.org', 'name': 'Ann'}, 'tags': ['new', 'paid'],
         'at': 1763746023, 'note': json.dumps({'inner': [1, 2, 3]}), 'long': 'x' * 3000}


def open_log(case, channel='private-orders', *more):
    server = case.server()
    name = f'Inspector{server.port}'
    ui.add_profile(name, server.port, *more)
    program = case.program('--profile', name, '--connect')
    window = program.window
    window.wait_state('Connected')
    window.subscribe(channel)
    server.wait_subscribed(channel)
    return server, program, window


def show(window, page):
    """Turns to a page of the inspector. (Its widgets are found before it is turned to.)"""
    window.click(page, 'tab')
    ui.until(lambda: window.find('tab', page).has_state('SELECTED'), f'{page} is the page that is shown')


def tree_rows(window):
    return ui.rows_of(window.find('list|table', 'Payload Tree'))


def tree_row(window, beginning):
    """The first row of the tree whose name begins so."""
    return ui.until(lambda: next((row for row in tree_rows(window) if row.name.startswith(beginning)), None),
                    f'a place “{beginning}” in the tree')


def go_to(window, beginning, step='Down'):
    """With the keyboard, to a row of the tree."""
    tree_row(window, beginning)
    for _ in range(30):
        row = tree_row(window, beginning)
        if row.has_state('SELECTED'):
            return row
        before = [row.name for row in tree_rows(window) if row.has_state('SELECTED')]
        ui.key(step)
        ui.until(lambda: [row.name for row in tree_rows(window) if row.has_state('SELECTED')] != before,
                 'the selection moves')
    raise AssertionError(f'{step} does not lead to {beginning}')


def focus_tree(window):
    """The focus on the first row."""
    first = tree_row(window, 'data')
    window.activate()
    window.mouse(first)
    ui.until(lambda: tree_row(window, 'data').has_state('SELECTED'), 'the first row is selected')


def choose(window, item):
    """An item of the menu of the selected row, by key."""
    ui.key('shift+F10')
    window.find('menu item', item)
    window.click(item, 'menu item')


def open_tree(case):
    server, program, window = open_log(case)
    server.publish('private-orders', 'order.paid', ORDER)
    window.events.row('order.paid')
    window.events.select('order.paid')
    show(window, 'Tree')
    focus_tree(window)
    return server, program, window


def test_tree(case):
    """Folds and unfolds by keys; copies a path; says what a time means; shows what is shortened whole."""
    _, program, window = open_tree(case)
    customer = go_to(window, 'customer')
    ui.equal(customer.name, 'customer: object, 2 members')
    ui.key('Right')
    mail = tree_row(window, 'e-mail')
    ui.equal(mail.name, 'e-mail: text "ann@example.org"')
    ui.key('Right')
    ui.until(lambda: tree_row(window, 'e-mail').has_state('SELECTED'), 'Right goes inside')
    window.wait_text(r'^data\.customer\."e-mail"$')
    ui.key('Left')
    ui.until(lambda: tree_row(window, 'customer').has_state('SELECTED'), 'Left goes out')
    ui.key('Left')
    ui.until(lambda: not any(row.name.startswith('e-mail') and row.showing for row in tree_rows(window)), 'folded')

    go_to(window, 'at: number')
    window.wait_text(r'1763746023 · 2025-11-21 \d\d:\d\d:\d\d local, .* before the event')
    go_to(window, 'note: text')
    window.wait_text('text that holds JSON')
    ui.key('Right')
    tree_row(window, 'decoded: object, 1 member')

    go_to(window, 'long: text, 3.0 kB')
    ui.key('Return')
    whole = window.find('text', 'Whole Value')
    ui.until(lambda: whole.text == 'x' * 3000, 'the whole of it')
    ui.key('Escape')
    ui.until(lambda: tree_row(window, 'long').has_state('SELECTED'), 'back in the tree')

    go_to(window, 'customer', 'Up')
    choose(window, 'Copy Path')
    window.gone('menu item', 'Copy Path')
    ui.key('ctrl+l')
    ui.key('ctrl+v')
    ui.until(lambda: window.read('Filter', 'entry') == 'data.customer', 'the path is in the clipboard')
    program.quit()


def picture(window):
    """What a reader sees of the tree, once it is the same twice."""
    tree = window.find('list|table', 'Payload Tree')
    _, left, top, _, _ = window.x_window()

    def look():
        x, y, width, height = tree.extents
        place = (left + x, top + y, width, height)
        first = ui.screen(*place)
        return first if first == ui.screen(*place) else None
    return ui.until(look, 'a tree at rest')


def test_released(case):
    """A row of the tree whose menu was open does not stay pressed."""
    _, program, window = open_tree(case)

    def after_menu(button):
        window.mouse(tree_row(window, 'total'), button=button)
        if button == 1:
            ui.until(lambda: tree_row(window, 'total').has_state('SELECTED'), 'the row is selected')
            ui.key('shift+F10')
        ui.until(lambda: window.all('menu item'), 'the menu of a row')
        ui.key('Escape')
        ui.until(lambda: not window.all('menu item'), 'no menu')
        ui.xdotool('mousemove', 0, 0)

        def look():
            ui.key('Home')  # lost until the menu's window is gone
            return tree_row(window, 'data').has_state('SELECTED')
        ui.until(look, 'the first row is selected')
        return picture(window)
    plain = after_menu(1)
    if after_menu(3) != plain:
        raise AssertionError('the row is shown as pressed')
    program.quit()


def test_filter(case):
    """A value becomes a filter, for and against."""
    server, program, window = open_tree(case)
    server.publish('private-orders', 'order.paid', dict(ORDER, total=7))
    window.events.row('order.paid')
    go_to(window, 'total: number 42')
    choose(window, 'Filter by This Value')
    ui.until(lambda: 'data.total == 42' in window.read('Filter', 'entry'), 'the filter')
    window.wait_text(r'^1 of \d+')
    window.set_text('Filter', '')
    focus_tree(window)
    go_to(window, 'total: number 42')
    choose(window, 'Exclude This Value')
    ui.until(lambda: 'not data.total == 42' in window.read('Filter', 'entry'), 'the filter')
    program.quit()


def test_diff(case):
    """Against the event before of the same name; against a marked one; equal ones say so."""
    server, program, window = open_log(case)
    server.publish('private-orders', 'order.paid', {'total': 42, 'state': 'new', 'same': 1})
    server.publish('private-orders', 'other', {})
    server.publish('private-orders', 'order.paid', {'total': '42', 'by': 'Ann', 'same': 1})
    server.publish('private-orders', 'order.again', {'total': '42', 'by': 'Ann', 'same': 1})
    window.events.row('order.again')
    window.events.select('order.paid')
    show(window, 'Diff')
    window.wait_text(r'^Compared with the one before on this channel: No\. \d+')
    window.wait_text(r'^\+ 1 added · − 1 removed · ~ 1 changed$')

    def names():
        return [row.name for row in ui.rows_of(window.find('list|table', 'Differences'))]
    ui.until(lambda: names() == ['Another type data.total, before 42, after "42"', 'Removed data.state, before "new"',
                                 'Added data.by, after "Ann"'], 'the differences')
    window.activate()
    window.mouse(window.find('switch', 'Only Changes'))
    ui.until(lambda: any(name.startswith('Unchanged data.same') for name in names()), 'what is equal')
    window.click('Mark for Diff')
    window.wait_text('^This event is marked')
    window.events.select('order.again')
    window.wait_text(r'^Compared with the marked event: No\. \d+, order\.paid')
    window.wait_text(r'^The payloads are equal\.$')
    window.click('Show the Marked Event')
    ui.until(lambda: any(row.has_state('SELECTED') and 'order.paid' in row.name for row in window.events.rows),
             'the marked event is selected')
    window.events.select('order.again')
    window.click('Compare With Previous')
    window.wait_text('^There is none before it')

    # on every other page, too, it is told which event is marked; by key
    show(window, 'Pretty')
    window.activate()
    ui.key('ctrl+shift+m')
    window.wait_text(r'^This event is marked for comparison\.$')
    window.events.select('order.paid')
    marked = window.wait_text(r'^Marked for comparison: No\. \d+ · [\d:.]+ · private-orders · order\.again$')
    number = re.search(r'No\. (\d+)', marked)[1]
    show(window, 'Diff')
    window.click('Compare With…')
    picks = window.find('list', 'Events to Compare With')
    ui.until(lambda: ui.rows_of(picks)[0].name.startswith(f'No. {number} · Marked for Comparison, '), 'it comes first')
    window.click(f'Unmark No. {number}')
    window.wait_text('^Compared with the one before on this channel')
    show(window, 'Pretty')
    window.activate()
    ui.key('ctrl+shift+m')
    window.wait_text(r'^This event is marked for comparison\.$')
    ui.key('ctrl+shift+m')
    window.gone('button', 'Unmark')
    window.activate()
    ui.key('ctrl+shift+m')
    window.click('Unmark')
    window.gone('button', 'Unmark')
    program.quit()


def test_compare_with(case):
    """Any other event can be picked: one before it of its name, a bookmarked one, or by its number."""
    server, program, window = open_log(case)
    for total in (1, 2, 3):
        server.publish('private-orders', 'order.paid', {'total': total})
    server.publish('private-orders', 'other', {'total': 9})
    window.events.row('other')
    window.events.select('other')
    window.activate()
    ui.key('ctrl+d')
    window.events.row('other', 'Bookmark')
    window.events.select('order.paid')
    while not re.search('total": ?3', window.read('Payload')):
        window.activate()
        ui.key('Down')
    show(window, 'Diff')
    window.click('Compare With…')
    picks = window.find('list', 'Events to Compare With')
    ui.until(lambda: len(ui.rows_of(picks)) == 3, 'a bookmark and two events before it')
    ui.equal(['Bookmark' in row.name for row in ui.rows_of(picks)], [True, False, False], 'bookmarks come first')
    number = int(re.search(r'No\. (\d+)', ui.rows_of(picks)[2].name)[1])
    window.set_text('Number of an Event', '999')
    ui.key('Return')
    window.wait_text('^There is no event of this number')
    window.set_text('Number of an Event', str(number))
    ui.key('Return')
    window.wait_text(rf'^Compared with the marked event: No\. {number}, order\.paid')
    window.click('Compare With…')
    ui.until(lambda: [row.name.split(',')[0] for row in ui.rows_of(window.find('list', 'Events to Compare With'))][:1]
             == [f'No. {number} · Marked for Comparison'], 'the marked one comes first')
    window.find_usable('button', f'Unmark No. {number}')
    ui.key('Tab', 'Down', 'Return')
    window.wait_text(r'^Compared with the marked event: No\. \d+, other')
    program.quit()


def test_members(case):
    """Who was in the room when an event came, also after they left."""
    server = case.server()
    ui.add_profile('Room', server.port, '--presence-user', json.dumps({'user_id': 'me', 'user_info': {'name': 'Me'}}))
    program = case.program('--profile', 'Room', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.subscribe('presence-room')
    server.wait_subscribed('presence-room')
    member = ui.Member(server, 'presence-room', 'ann', {'name': 'Ann'})
    window.events.row('presence-room', 'Presence')
    ui.until(lambda: any('ann' in row.name.lower() or 'Presence' in row.name for row in window.events.rows), 'Ann')
    server.publish('presence-room', 'say.first', {'n': 1})
    window.events.row('say.first')
    member.stop()
    ui.until(lambda: sum('Presence' in row.name for row in window.events.rows) >= 3, 'Ann left')
    server.publish('presence-room', 'say.second', {'n': 2})
    window.events.row('say.second')
    window.events.select('say.first')
    button = window.find('button', re.compile(r'^2 members at that moment'))
    window.events.select('say.second')
    window.find('button', re.compile(r'^1 member at that moment'))
    window.events.select('say.first')
    window.click(re.compile(r'^2 members at that moment'), 'button')
    then = window.find('list|table', 'Members at That Moment')
    ui.until(lambda: [row.name for row in ui.rows_of(then)] == ['Ann (ann)', 'Me (me)'], 'who was there')
    ui.key('Escape')
    window.gone('list|table', 'Members at That Moment')
    program.quit()


def test_pages(case):
    """Ctrl+Page Down turns the pages; the last one is kept. Raw shows the frame, and bytes."""
    server, program, window = open_log(case)
    server.publish('private-orders', 'order.paid', {'total': 42})
    window.events.row('order.paid')
    window.events.select('order.paid')
    show(window, 'Pretty')
    window.find('text', 'Payload')
    window.activate()
    ui.key('ctrl+Next')
    tree_row(window, 'total')
    ui.key('ctrl+Next')
    raw = window.find('text', 'Raw Payload')
    ui.until(lambda: raw.text == '{"total": 42}', 'the payload as it came')
    window.click('Hex', 'button')
    ui.until(lambda: raw.text.startswith('00000000  7b 22 74 6f 74 61 6c 22  {"total"'), 'its bytes')
    window.click('Frame', 'button')
    frame = window.find('text', 'Raw Frame')
    ui.until(lambda: json.loads(frame.text)['event'] == 'order.paid', 'the frame')
    program.quit()
    program = case.program('--profile', f'Inspector{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    server.wait_subscribed('private-orders')
    server.publish('private-orders', 'order.paid', {'total': 43})
    window.events.row('order.paid')
    window.events.select('order.paid')
    raw = window.find('text', 'Raw Payload')
    ui.until(lambda: raw.text == '{"total": 43}', 'Raw is the page that is kept')
    program.quit()


def make_capture(name, *payloads):
    """A capture of events larger than any server takes: the program must bear them all the same."""
    folder = os.environ['HOME']
    lines, capture = os.path.join(folder, name + '.ndjson'), os.path.join(folder, name + '.channelscope')
    with open(lines, 'w', encoding='utf-8') as out:
        for number, raw in enumerate(payloads):
            line = {'time': '2026-11-21T14:05:02.113456Z', 'type': 'event', 'direction': 'in', 'channel': 'large',
                    'event': f'large.{number}', 'raw': raw}
            print(json.dumps(line), file=out)
    subprocess.run([ui.CLI, 'import', lines, capture], check=True, timeout=ui.DEADLINE)
    return capture


def test_large(case):
    """Many numbers come in pages, a long line in pieces; all of it can be reached."""
    numbers = '[' + ','.join(str(number) for number in range(400000)) + ']'
    program = case.program(make_capture('large', numbers, 'y' * 3000000))
    window = program.window
    window.events.row('large.0')
    window.events.select('large.0')
    show(window, 'Tree')
    ui.until(lambda: re.match(r'data: array, 400,?000 elements', tree_row(window, 'data: array').name), 'how many')
    focus_tree(window)
    go_to(window, '1–1000')
    ui.key('Right')
    tree_row(window, '[0]: number 0')
    window.events.select('large.1')
    show(window, 'Raw')
    window.wait_text(r'^Piece 1 of 184$')
    show(window, 'Pretty')
    window.wait_text('Only the beginning is shown here')
    program.quit()


def copied():
    """What is in the clipboard, as another program gets it."""
    return subprocess.run(['/usr/bin/python3', '-c', '''
import gi
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk
Gtk.init()
loop = GLib.MainLoop()
def done(clipboard, result):
    try:
        print(clipboard.read_text_finish(result) or '', end='')
    except GLib.Error:
        pass
    loop.quit()
Gdk.Display.get_default().get_clipboard().read_text_async(None, done)
GLib.timeout_add_seconds(20, loop.quit)
loop.run()
'''], check=True, capture_output=True, text=True, timeout=ui.DEADLINE).stdout


def test_large_row(case):
    """A long row is copied as a line of an export, whole, unless another one is meanwhile."""
    payload = '\n' * 150000 + 'the end'  # long in its frame, where each takes two bytes
    program = case.program(make_capture('row', payload, '1'))
    window = program.window
    window.events.row('large.1')

    def copy(number, item):
        window.activate()
        window.mouse(window.events.row(f'large.{number}'))
        ui.until(lambda: window.events.row(f'large.{number}').has_state('SELECTED'), 'the row is selected')
        ui.key('shift+F10')
        window.find('menu item', item)
        window.click(item, 'menu item')
        window.gone('menu item', item)
    copy(0, 'Copy as CSV')
    ui.until(lambda: copied().count('\n') == 150000 and 'the end' in copied(), 'the row is in the clipboard')
    copy(0, 'Copy as NDJSON')
    copy(1, 'Copy as NDJSON')
    ui.until(lambda: '"large.1"' in copied(), 'the row that was copied last')
    program.quit()


def pick(window, number, *keys):
    """By keys, to the row of that event."""
    window.activate()
    ui.key(*keys)
    ui.until(lambda: any(row.has_state('SELECTED') and f'large.{number},' in row.name for row in window.events.rows),
             f'large.{number} is selected')


def test_large_fast(case):
    """Long rows are read beside the main loop: whoever goes on meanwhile gets what was picked last, whole."""
    payloads = [json.dumps({'id': f'row-{i}', 'list': list(range(i, 120000 + i))}) for i in range(8)]
    program = case.program(make_capture('fast', *payloads))
    window = program.window
    window.events.row('large.7')
    window.events.select('large.0')
    shown = {'Tree': lambda: 'row-4' in tree_row(window, 'id: text').name,
             'Raw': lambda: '"row-4"' in window.read('Raw Payload'),
             'Diff': lambda: window.wait_text('^There is none before it on this channel'),
             'Details': lambda: window.wait_text(rf'^{len(payloads[4]) / 1000:.1f} kB: \d'),
             'Pretty': lambda: '"row-4"' in window.read('Payload')}
    for page, condition in shown.items():
        show(window, page)
        pick(window, 7, *['Down'] * 7)
        pick(window, 4, *['Up'] * 3)
        window.wait_text(r'^large\.4$')
        ui.until(lambda condition=condition: condition() is not False, f'{page} of the row that was picked last')
        pick(window, 0, *['Up'] * 4)
    ui.until(lambda: '"row-0"' in window.read('Payload'), 'the first row again')
    ui.until(lambda: len(window.read('Payload')) > 500000, 'all that is shown of it')
    window.wait_text('Only the beginning is shown here')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_tree, test_released, test_filter, test_diff, test_compare_with, test_members, test_pages, test_large,
                      test_large_row, test_large_fast]))
