#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines leave the window, redacted or not, and come back: export, copies, import."""
import csv
import json
import os
import re
import sqlite3
import subprocess
import sys

import scope_ui as ui

HOME = os.environ['HOME']
EXPORT = re.compile('^_?Export…')


def line(number, **more):
    data = {'total': number, 'customer': {'email': f'user{number % 3}@example.com'}}
    return dict({'time': f'2026-11-21T14:05:{number % 60:02}.113456Z', 'type': 'event', 'direction': 'in',
                 'channel': 'orders', 'event': 'paid' if number % 2 else 'open', 'data': data,
                 'raw': json.dumps(data), 'size': 200}, **more)


def write(name, text):
    path = os.path.join(HOME, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def make_capture(name, count):
    lines = write(name + '.ndjson', ''.join(json.dumps(line(n)) + '\n' for n in range(count)))
    capture = os.path.join(HOME, name + '.channelscope')
    subprocess.run([ui.CLI, 'import', lines, capture], check=True, timeout=ui.DEADLINE)
    return capture


def open_capture(case, name, count):
    program = case.program(make_capture(name, count))
    window = program.window
    ui.until(lambda: window.events.rows, 'rows')
    return program, window


def menu_of(window, node, item):
    """Presses an item of the menu that belongs to that row."""
    window.mouse(node, button=3)
    window.application.window_with('menu item', item).click(item, 'menu item')


def open_export(window):
    window.activate()
    ui.key('ctrl+shift+s')
    return window.dialog('button', EXPORT)


def toggle(dialog, name):
    """A round button, which has no action of its own; it is in sight."""
    button = dialog.find('switch', name)
    if not button.has_state('CHECKED'):
        dialog.activate()
        dialog.mouse(button)
    ui.until(lambda: button.has_state('CHECKED'), f'{name} is chosen')


def save(dialog, target):
    """Names the file in the portal's place, and waits for the end of it."""
    dialog.find_usable('button', EXPORT).act()
    chooser = dialog.application.window_with('button', re.compile('^_Export Export$'))
    chooser.activate()
    ui.key('ctrl+a')
    ui.xdotool('type', target)
    ui.key('Return')


def test_csv(case):
    """What the filter shows leaves as CSV, with columns from the payload."""
    program, window = open_capture(case, 'csv', 40)
    window.set_text('Filter', 'event == "paid" and data.total < 10')
    ui.until(lambda: any(text.startswith('5 of 40') for text in window.texts()), 'five rows')
    dialog = open_export(window)
    toggle(dialog, 'CSV')
    toggle(dialog, 'Only What the Log Shows')
    dialog.set_text('Payload Columns', 'total', 'text')
    dialog.wait_text('“total” is no path into the data')
    ui.until(lambda: not dialog.usable('button', EXPORT), 'a mistake is not exported')
    dialog.set_text('Payload Columns', 'data.total\ndata.customer.email', 'text')
    ui.until(lambda: 'data,data.total,data.customer.email' in dialog.read('First Lines'), 'the head of the table')
    ui.until(lambda: ',1,user1@example.com' in dialog.read('First Lines'), 'the first row')
    target = os.path.join(HOME, 'out.csv')
    save(dialog, target)
    window.wait_text('^Exported to out.csv: 5 entries')
    window.find_usable('button', re.compile('^Open Folder'))
    with open(target, encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file))
    ui.equal(list(rows[0]), ['time', 'type', 'direction', 'channel', 'event', 'user_id', 'size', 'data', 'data.total',
                             'data.customer.email'], 'columns')
    ui.equal([row['data.total'] for row in rows], ['1', '3', '5', '7', '9'], 'totals')
    program.quit()


def test_bookmark(case):
    """From a row's menu, with its bookmark; a redacted table is told by its name."""
    program, window = open_capture(case, 'marked', 5)
    window.events.select('paid')
    window.activate()
    ui.key('ctrl+d')
    row = window.events.row('paid', 'Bookmark')
    menu_of(window, row, re.compile('_?Export Events…'))
    dialog = window.dialog('button', EXPORT)
    ui.until(lambda: dialog.read('First Lines').count('"bookmark":true}') == 1, 'the bookmark')
    dialog.set_text('Redaction Rules', 'field email', 'text')
    toggle(dialog, 'CSV')
    dialog.wait_text('^CSV has no place to say that it is redacted')
    ui.until(lambda: ',email-1' in dialog.read('First Lines').replace('"', ',') and
             'bookmark' not in dialog.read('First Lines'), 'the table')
    dialog.find_usable('button', EXPORT).act()
    chooser = dialog.application.window_with('button', re.compile('^_Export Export$'))
    chooser.wait_text(r'^marked \(redacted\)\.csv$')
    chooser.activate()
    ui.key('Escape')
    ui.until(lambda: chooser.node not in dialog.application.node.children, 'the chooser is closed')
    dialog.close('Cancel')
    program.quit()


def test_redacted(case):
    """Rules are checked while they are typed, shown at work, kept, and a copy is made by them."""
    program, window = open_capture(case, 'redacted', 30)
    dialog = open_export(window)
    dialog.set_text('Redaction Rules', 'field email\nfields', 'text')
    dialog.wait_text('^Redaction rule 2: ')
    ui.until(lambda: not dialog.usable('button', EXPORT), 'a mistake is not exported')
    dialog.set_text('Redaction Rules', 'field email\nfield channel', 'text')
    dialog.wait_text('^60 values in 2 fields would be replaced')
    dialog.wait_text('^data.customer.email: user0@example.com → email-1')
    dialog.wait_text('^channel: orders → channel-1')
    ui.until(lambda: '"email":"email-1"' in dialog.read('First Lines'), 'the lines are redacted')
    ui.equal('example.com' in dialog.read('First Lines'), False, 'an address in the preview')

    toggle(dialog, 'Capture')
    target = os.path.join(HOME, 'copy.channelscope')
    save(dialog, target)
    window.wait_text('^Exported to copy.channelscope: 30 entries')
    with open(target, 'rb') as file:
        ui.equal(b'example.com' in file.read(), False, 'an address in the copy')
    with sqlite3.connect(f'file:{target}?mode=ro', uri=True) as copy:
        ui.equal(copy.execute("SELECT value FROM meta WHERE key = 'redacted'").fetchall(), [('yes',)], 'marked')
        ui.equal(copy.execute('SELECT count(*), min(channel) FROM events').fetchall(), [(30, 'channel-1')], 'events')
    program.quit()


def lines_are(dialog, name, *lines):
    ui.until(lambda: dialog.read(name).split('\n') == list(lines), f'{name}: {lines}')


def suggest(dialog, name, button):
    """The button stays in sight while its list does."""
    dialog.click(button)
    ui.until(lambda: dialog.find('text', name).has_state('FOCUSED'), f'{name} has the focus')


def test_suggestions(case):
    """Nobody has to know a payload's paths by heart, for columns or for rules."""
    program, window = open_capture(case, 'suggested', 20)
    dialog = open_export(window)
    toggle(dialog, 'CSV')
    dialog.activate()
    suggest(dialog, 'Payload Columns', 'Paths in This Log')
    dialog.find('row', re.compile('^data.total, for example '))
    ui.xdotool('type', '--delay', '20', 'EMA')
    ui.until(lambda: not dialog.there('row', re.compile('^data.total, ')), 'fewer of them')
    dialog.find('row', re.compile('^data.customer.email, '))
    ui.key('Tab')
    lines_are(dialog, 'Payload Columns', 'data.customer.email')
    ui.key('Return')  # a new line: nothing was chosen
    lines_are(dialog, 'Payload Columns', 'data.customer.email', '')
    ui.xdotool('type', '--delay', '20', 'tot')
    dialog.find('row', re.compile('^data.total, '))
    ui.key('Down', 'Return')
    lines_are(dialog, 'Payload Columns', 'data.customer.email', 'data.total')
    ui.until(lambda: 'data,data.customer.email,data.total' in dialog.read('First Lines'), 'the head of the table')

    suggest(dialog, 'Redaction Rules', 'Suggest a Rule')
    dialog.find('row', re.compile('^regex, '))
    ui.key('Down', 'Return')  # field, and what it can be at once
    dialog.find('row', re.compile('^email, for example "user'))
    dialog.find('row', re.compile('^user_id, '))
    ui.key('Escape')
    ui.until(lambda: not dialog.there('row', re.compile('^user_id, ')), 'no list any more')
    lines_are(dialog, 'Redaction Rules', 'field ')
    ui.key('ctrl+space')
    dialog.find('row', re.compile('^user_id, '))
    ui.xdotool('type', '--delay', '20', 'em')
    ui.until(lambda: not dialog.there('row', re.compile('^user_id, ')), 'fewer of them')
    ui.key('Tab')
    lines_are(dialog, 'Redaction Rules', 'field email')
    dialog.wait_text('^20 values in 1 field would be replaced')
    suggest(dialog, 'Redaction Rules', 'Suggest a Rule')  # on a line of its own
    lines_are(dialog, 'Redaction Rules', 'field email', '')
    ui.xdotool('type', '--delay', '20', 'pa')
    dialog.find('row', re.compile('^path, '))
    ui.key('Tab')
    dialog.find('row', re.compile('^data.total, '))
    ui.xdotool('type', '--delay', '20', 'tot')
    ui.until(lambda: not dialog.there('row', re.compile('^data.customer.email, ')), 'fewer of them')
    ui.key('Tab')
    lines_are(dialog, 'Redaction Rules', 'field email', 'path data.total')
    dialog.wait_text('^40 values in 2 fields would be replaced')
    ui.key('Escape', 'Escape')
    ui.until(lambda: dialog.node not in dialog.application.node.children, 'the dialog is closed')
    program.quit()


def test_cancel(case):
    """Cancelled in the chooser or before it, nothing is written and the dialog's window goes on."""
    program, window = open_capture(case, 'cancel', 10)
    dialog = open_export(window)
    target = os.path.join(HOME, 'never.ndjson')
    dialog.find_usable('button', EXPORT).act()
    chooser = dialog.application.window_with('button', re.compile('^_Export Export$'))
    chooser.activate()
    ui.key('ctrl+a')
    ui.xdotool('type', target)
    ui.key('Escape')
    ui.until(lambda: chooser.node not in dialog.application.node.children, 'the chooser is closed')
    dialog.find_usable('button', EXPORT)
    save(dialog, '/proc/nowhere')
    dialog.wait_text('^Couldn’t write “/proc/nowhere”')
    dialog.close('Cancel')
    ui.equal(os.path.exists(target), False, 'a file')
    program.quit()


def import_file(window, path):
    window.activate()
    window.find('button', 'Main Menu').act()
    window.find_usable('menu item', re.compile('Import E_?vents…')).act()
    chooser = window.application.window_with('button', re.compile('^_Import'))
    chooser.activate()
    ui.xdotool('type', path)
    ui.key('Return')


def test_import_har(case):
    """A HAR file becomes a capture that is opened; what was left out is told by its number."""
    frames = ['{"event":"order.paid","channel":"har-news","data":"{\\"total\\":1}"}', None,
              '{"event":"order.sent","channel":"har-news","data":"{}"}']
    messages = [{'type': 'receive', 'time': 1795269902.25 + n, 'opcode': 1, 'data': text}
                for n, text in enumerate(frames)]
    har = {'log': {'entries': [{'request': {'url': 'wss://x/app/k'}, '_webSocketMessages': messages},
                               {'request': {'url': 'wss://x/chat'}, '_webSocketMessages': messages}]}}
    path = write('browser.har', json.dumps(har))
    program = case.program()
    window = program.window
    import_file(window, path)
    dialog = window.dialog('list', 'Left Out')
    dialog.wait_text('^2 entries were imported')
    dialog.wait_text('1 WebSocket connection is of another protocol')
    names = [row.name for row in ui.rows_of(dialog.find('list', 'Left Out'))]
    ui.equal(len(names), 1, 'what was left out')
    ui.equal(names[0].startswith('Message 2: a message without its text'), True, names[0])
    dialog.close(re.compile('^_?Open Capture'))
    window.events.row('order.paid', 'har-news')
    window.events.row('order.sent')
    program.quit()


def test_import_lines(case):
    """Lines come back as they left; a file of something else is refused in words."""
    path = write('lines.ndjson', ''.join(json.dumps(line(n)) + '\n' for n in range(5)))
    other = write('other.ndjson', 'nothing of ours\n')
    program = case.program()
    window = program.window
    import_file(window, other)
    dialog = window.dialog('list', 'Left Out')
    dialog.wait_text('^“other.ndjson” has nothing that could be imported')
    dialog.close('Close')
    import_file(window, path)
    ui.until(lambda: len(window.events.rows) == 5, 'five rows')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_csv, test_bookmark, test_redacted, test_suggestions, test_cancel, test_import_har, test_import_lines]))
