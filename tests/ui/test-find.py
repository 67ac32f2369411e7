#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding in the log: apart from the filter, from hit to hit, round the end, and as events arrive."""
import re
import sys

import scope_ui as ui

NAME = 'Find'
PAGES = ('Pretty', 'Tree', 'Raw', 'Diff', 'Details')


def open_log(case):
    """A window with 40 events in it; every tenth has gold."""
    server, program, window = case.watch(NAME, 'mine')
    for n in range(40):
        server.publish('mine', f'dig.{n}', {'n': n, 'found': 'Gold' if n % 10 == 0 else 'sand'})
    window.events.row('dig.39')
    return server, program, window


def find(window, text):
    window.activate()
    ui.key('ctrl+f')
    window.set_text('Find', text)


def wait_status(window, text):
    ui.until(lambda: text in window.texts(), f'the words “{text}”')


def wait_selected(window, event):
    ui.until(lambda: window.events.row(event).has_state('SELECTED'), f'{event} is selected')


def test_find(case):
    """Goes from hit to hit and round the end; the filter stays as it is; the payload is shown."""
    server, program, window = open_log(case)
    find(window, 'gold')
    window.wait_text(r'^\d of 4')
    ui.key('ctrl+g')
    first = window.wait_text(r'^\d of 4')
    ui.equal(window.find('entry', 'Filter').text, '', 'the filter')
    window.find('text', 'Payload')
    for _ in range(4):
        before = window.wait_text(r'^\d of 4')
        ui.key('F3')
        ui.until(lambda: not [text for text in window.texts() if text == before], 'another hit')
    wrapped = window.wait_text(r'^\d of 4')
    ui.equal(wrapped[0], first[0], 'once round')
    ui.key('shift+F3')
    ui.until(lambda: window.wait_text(r'^\d of 4')[0] != wrapped[0], 'back')

    server.publish('mine', 'dig.40', {'n': 40, 'found': 'gold'})
    window.wait_text(r'^\d of 5')
    window.click('Match Case')
    window.wait_text('^1 of 1')
    window.set_text('Find', 'platinum')
    wait_status(window, 'Nothing found')
    window.set_text('Find', 'dig.17')
    window.wait_text('^1 of 1')
    wait_selected(window, 'dig.17')
    program.quit()


def test_close(case):
    """Escape closes it; Ctrl+L is the filter, and finding looks only in what it shows."""
    _, program, window = open_log(case)
    window.set_text('Filter', 'data.n >= 20')
    ui.until(lambda: not [row for row in window.events.rows if 'dig.10,' in row.name], 'fewer rows')
    find(window, 'gold')
    window.wait_text(r'^\d of 2')
    window.activate()
    ui.key('Escape')
    ui.until(lambda: not window.there('entry', 'Find'), 'the bar is closed')
    ui.equal(window.find('entry', 'Filter').text, 'data.n >= 20', 'the filter')
    program.quit()


def page(window):
    """The page of the inspector that is shown."""
    pages = [tab.name for tab in window.all('tab') if tab.has_state('SELECTED') and tab.name in PAGES]
    return pages[0] if pages else None


def wait_page(window, name):
    ui.until(lambda: page(window) == name, f'{name} is the page that is shown')


def test_page(case):
    """A hit in the payload is shown where it is marked; one in a name is seen in the row. Keys stay."""
    _, program, window = open_log(case)
    window.events.select('dig.39')
    window.click('Details', 'tab')
    wait_page(window, 'Details')
    find(window, 'dig.17')
    wait_selected(window, 'dig.17')
    ui.equal(page(window), 'Details', 'the page')

    for chosen in ('Details', 'Diff', 'Tree'):
        window.click(chosen, 'tab')
        wait_page(window, chosen)
        find(window, 'gold')
        wait_page(window, 'Pretty')
        ui.until(lambda: '"Gold"' in window.read('Payload'), 'the payload that holds it')
        ui.until(lambda: window.find('entry', 'Find').has_state('FOCUSED'), 'the keyboard is where it was')
        ui.key('F3')
        window.wait_text(r'^\d of 4')
        window.set_text('Find', 'nowhere')
        wait_status(window, 'Nothing found')
    window.click('Raw', 'tab')
    wait_page(window, 'Raw')
    find(window, 'gold')
    window.wait_text(r'^\d of 4')
    ui.equal(page(window), 'Raw', 'the page, which marks it, too')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_find, test_close, test_page]))
