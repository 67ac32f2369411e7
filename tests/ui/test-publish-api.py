#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing over the HTTP API: one event, a list, again and again; read-only profiles; templates; the call for curl."""
import json
import re
import subprocess
import sys

import scope_ui as ui

NAME = 'Publish'


def open_window(case, *channels, more=('--app-id', ui.APP_ID), **app):
    """A connected window on the Publish view, subscribed."""
    server, program, window = case.watch(NAME, *channels, more=more, **app)
    window.show_view('Publish')
    return server, program, window


def fill(window, channels, event, data):
    window.set_text('Channels', channels)
    window.set_text('Event Name', event)
    window.set_text('Data', data, 'text')


def allow(window):
    """A read-only profile asks before anything is published."""
    window.dialog('button', 'Allow Publishing').close('Allow Publishing')


def results(window):
    return [row.name for row in ui.rows_of(window.find('list', 'Published Events')) if re.search(r'\(\d+\)', row.name)]


def wait_result(window, expression, count=1):
    return ui.until(lambda: window.there('list', 'Published Events')
                    and len([name for name in results(window) if re.search(expression, name)]) >= count,
                    f'{count} results like {expression}')


def usable(window, name, wanted=True):
    ui.until(lambda: (window.usable('button', name) is not None) == wanted,
             f'{name} can{"" if wanted else "not"} be pressed')


def wait_event(window, *words):
    """A row of the log with these words in its cells."""
    return ui.until(lambda: next((cells for cells in map(window.events.cells, window.events.rows)
                                  if all(any(word in cell for cell in cells) for word in words)), None),
                    f'an event with {words}')


def choose(window, button, name):
    """An item of a menu button's menu."""
    window.click(button)
    item = ui.until(lambda: next((node for node in window.all('menu item') if node.name == name and node.sensitive),
                                 None), f'the menu item {name}')
    item.act()


def paste(window):
    """What is in the clipboard, by way of the data."""
    window.activate()
    window.mouse(window.find('text', 'Data'))
    ui.key('ctrl+a', 'ctrl+v')
    return ui.until(lambda: window.read('Data').startswith('curl') and window.read('Data'), 'the copied command')


def test_one(case):
    """Checked as one types; a read-only profile is unlocked, and locked again; the event is in the log."""
    server, program, window = open_window(case, 'news')
    window.wait_text('^Type a channel')
    usable(window, 'Publish Event', False)
    fill(window, 'news', 'headline', '{"n":}')
    window.wait_text(r'^Not JSON: .*line 1, column 6')
    usable(window, 'Publish Event', False)
    window.set_text('Data', '{"n":{{n}},"id":"{{uuid}}"}', 'text')
    window.wait_text(r'^\d+ of 10240 bytes')
    window.wait_text('^Filled in when it is published')
    window.wait_text('^This profile is read-only: you are asked before')

    window.click('Publish Event')
    allow(window)
    wait_result(window, r'^headline, .*Accepted \(200\).*news')
    window.wait_text(r'read-only, but unlocked: publishing is allowed for (10|9) min')
    window.click('Publish headline Again')
    wait_result(window, r'^headline, .*Accepted \(200\)', 2)

    window.click('Lock Again')
    window.wait_text('^This profile is read-only: you are asked before')
    window.click('Publish Event')
    window.dialog('button', 'Allow Publishing').close('Cancel')
    ui.equal(len(results(window)), 2, 'nothing was published')
    window.click('Unlock…')
    allow(window)
    window.wait_text(r'read-only, but unlocked')
    ui.equal(len(results(window)), 2, 'nothing was published by unlocking')
    window.show_view('Events')
    cells = wait_event(window, 'news', 'headline', '"n":1')
    if not any(re.search(r'"id":"[0-9a-f-]{36}"', cell) for cell in cells):
        raise AssertionError(f'{cells} have no values in the place of variables')
    program.quit()


def test_list(case):
    """Several events: ten a request, one to two channels by itself; the answer's counts."""
    server, program, window = open_window(case, 'news', 'private-room')
    fill(window, 'news', 'tick', '{{n}}')
    for _ in range(3):
        window.click('Add to List')
    ui.until(lambda: len(ui.rows_of(window.find('list', 'Events to Publish'))) == 3, 'three events wait')
    fill(window, 'news private-room', 'wide', '"text"')
    window.wait_text('^2 channels$')
    window.click('Add to List')
    ui.until(lambda: len(ui.rows_of(window.find('list', 'Events to Publish'))) == 4, 'four events wait')
    window.click('Publish List')
    allow(window)
    window.wait_text(r'^4 of 4 events · 4 accepted$')
    wait_result(window, r'^3 events, .*Accepted \(200\)')
    wait_result(window, r'^wide, .*Accepted \(200\).*news, private-room')
    window.click('Clear List')
    window.gone('list', 'Events to Publish')
    window.show_view('Events')
    for words in (('news', 'tick', '3'), ('private-room', 'wide', 'text')):
        wait_event(window, *words)
    program.quit()


def test_completion(case):
    """Known channels are offered while a name is typed, and taken by keys."""
    server, program, window = open_window(case, 'news', 'private-room')
    window.activate()
    window.mouse(window.find('entry', 'Channels'))
    ui.key('p')
    row = ui.until(lambda: next((row for row in ui.rows_of(window.find('list', 'Known Channels'))), None), 'an offer')
    ui.equal(row.name, 'private-room', 'what is offered')
    ui.key('Tab')
    ui.until(lambda: window.read('Channels', 'entry') == 'private-room ', 'it is taken')
    ui.key('Down')
    ui.until(lambda: [row.name for row in ui.rows_of(window.find('list', 'Known Channels'))] == ['news'],
             'the other one is offered')
    ui.key('Down', 'Return')
    ui.until(lambda: window.read('Channels', 'entry') == 'private-room news ', 'it is taken, too')
    window.wait_text('^2 channels$')
    ui.key('ctrl+a', 'BackSpace', 'ctrl+space')
    ui.until(lambda: [row.name for row in ui.rows_of(window.find('list', 'Known Channels'))] == ['news', 'private-room'],
             'both are offered')
    ui.key('Up', 'KP_Down', 'KP_Enter')
    ui.until(lambda: window.read('Channels', 'entry') == 'news ', 'the first one comes after the last')
    program.quit()


def test_refused(case):
    """A wrong secret: the server's words, what it means, and what was signed; never the secret."""
    server, program, window = open_window(case, secret='another-secret')
    fill(window, 'news', 'headline', '{}')
    window.click('Publish Event')
    allow(window)
    wait_result(window, r'^headline, .*Refused \(401\)')
    window.wait_text(r'^Refused \(401\)')
    window.wait_text('^What was signed')
    window.wait_text(r'^POST\\n\n/apps/app-id/events\\n\n')
    if any('another-secret' in text for text in window.texts()):
        raise AssertionError('the secret is shown')
    program.quit()


def test_missing(case):
    """Without an app id the view says what is missing, and leads to the profile; client events go on."""
    server, program, window = open_window(case, more=())
    window.wait_text('^No Channel to Send To')
    window.click('HTTP API')
    window.wait_text("^The HTTP API Can't Be Used Yet")
    window.wait_text('app.s id')
    window.click('Profile Settings')
    editor = window.dialog('entry', 'App ID')
    editor.set_text('App ID', ui.APP_ID)
    editor.close('Save')
    window.find('entry', 'Channels')
    fill(window, 'private-encrypted-a', 'headline', '{}')
    window.wait_text('no encryption master key')
    usable(window, 'Publish Event', False)
    fill(window, 'news', 'headline', '{}')
    usable(window, 'Publish Event')
    program.quit()


def test_repeat(case):
    """Again and again, until it is stopped at once."""
    server, program, window = open_window(case, 'news')
    fill(window, 'news', 'tick', '{{n}}')
    window.find('switch', 'Repeat').act()
    window.wait_text('^Seconds Between$')
    window.find('spin button', 'How Often').value = 1000
    window.click('Publish Event')
    allow(window)
    window.wait_text(r'^([2-9]|\d\d+) of 1000 events · \d+ accepted$')
    window.click('Stop')
    window.wait_text(r'^\d+ of 1000 events · \d+ accepted · \d+ not tried$')
    window.gone('button', 'Stop')
    usable(window, 'Publish Event')
    program.quit()


def test_templates_and_copy(case):
    """A template comes back in the next run; the call for curl does what the button does, without the secret."""
    server, program, window = open_window(case, 'news')
    fill(window, 'news', 'headline', '{"it\'s":"{{n}}"}')
    choose(window, 'Templates', 'Save as Template…')
    dialog = window.dialog('entry', 'Template Name')
    dialog.set_text('Template Name', 'It_s one')
    dialog.close('Save')
    program.quit()

    program = case.program('--profile', f'{NAME}{server.port}', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.show_view('Publish')
    window.find('entry', 'Channels')
    choose(window, 'Templates', 'It_s one')
    ui.until(lambda: window.read('Event Name', 'entry') == 'headline' and window.read('Channels', 'entry') == 'news'
             and window.read('Data') == '{"it\'s":"{{n}}"}', 'the template is in the form')

    choose(window, 'Copy As', 'Python')
    window.wait_text('^Copied for Python')
    choose(window, 'Copy As', 'curl')
    window.wait_text('^Copied for curl')
    command = paste(window)
    if ui.SECRET in command:
        raise AssertionError('the secret was copied')
    reply = subprocess.run(['bash', '-c', command], check=True, capture_output=True, text=True, timeout=ui.DEADLINE)
    ui.equal(json.loads(reply.stdout), {}, 'the answer to curl')
    window.show_view('Events')
    wait_event(window, 'news', 'headline', '"it\'s":"1"')
    ui.equal(ui.files_with(ui.SECRET), [], 'files with the secret')
    program.quit()


def test_terminate(case):
    """A user's connections are ended, after two questions."""
    server, program, window = open_window(case)
    window.find('entry', 'Channels')
    choose(window, 'Users', 'End a User\'s Connections…')
    dialog = window.dialog('entry', 'User ID')
    dialog.set_text('User ID', 'nobody')
    dialog.close('End Connections')
    allow(window)
    window.wait_text(r'^The connections of “nobody” are ended')
    choose(window, 'Users', 'Address to a User…')
    dialog = window.dialog('entry', 'User ID')
    dialog.set_text('User ID', 'ana')
    dialog.close('Continue')
    ui.until(lambda: window.read('Channels', 'entry') == '#server-to-user-ana', 'the event goes to the user')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_one, test_list, test_completion, test_refused, test_missing, test_repeat,
                      test_templates_and_copy, test_terminate]))
