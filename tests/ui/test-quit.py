#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl+Q from a dialog: it ends the program, unless something typed would be lost."""
import sys

import scope_ui as ui


def open_window(case):
    server = case.server()
    name = f'Quit{server.port}'
    ui.add_profile(name, server.port, '--app-id', ui.APP_ID)
    program = case.program('--profile', name, '--connect')
    window = program.window
    window.wait_state('Connected')
    return server, program, window


def wait_end(program):
    ui.equal(program.wait(), 0, 'exit status')


def ask_to_quit(window, dialog):
    """The question, by Ctrl+Q in the dialog (again, if one that closes swallowed it)."""
    def look():
        question = window.application.there('button', 'Quit')
        if not question and dialog.has_keyboard():
            ui.key('ctrl+q')
        return question
    dialog.activate()
    return ui.until(look, 'a question')


def test_empty(case):
    """A dialog into which nothing was typed is no reason to stay."""
    _, program, window = open_window(case)
    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')
    dialog.activate()
    ui.key('ctrl+q')
    wait_end(program)


def test_typed(case):
    """What was typed is asked about: it can be kept, or given up."""
    _, program, window = open_window(case)
    window.click('Subscribe…')
    dialog = window.dialog('entry', 'Channel Name')
    dialog.set_text('Channel Name', 'private-orders')
    question = ask_to_quit(window, dialog)
    question.wait_text('What was typed in “Subscribe” is not saved')
    question.close('Cancel')
    ui.equal(dialog.read('Channel Name', 'entry'), 'private-orders', 'what was typed')
    ask_to_quit(window, dialog).click('Quit')
    wait_end(program)


def test_question(case):
    """A question that nobody answered is answered by the end."""
    _, program, window = open_window(case)
    window.show_view('Publish')
    window.set_text('Channels', 'private-orders')
    window.set_text('Event Name', 'order.paid')
    window.set_text('Data', '{}', 'text')
    window.click('Publish Event')
    question = window.dialog('button', 'Allow Publishing')
    question.activate()
    ui.key('ctrl+q')
    wait_end(program)


if __name__ == '__main__':
    sys.exit(ui.main([test_empty, test_typed, test_question]))
