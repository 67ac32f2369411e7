#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What watching costs the plan: figures by cause, the plan, the brake and its release, over a restart."""
import glob
import os
import re
import sys

import scope_ui as ui

NAME = 'Footprint'


def set_plan(name, messages, share):
    """Beside what is saved already: as the window writes it."""
    for path in glob.glob(os.path.expanduser('~/.config/channelscope/profiles/*.profile')):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        if f'name={name}\n' in text:
            assert '[HTTP API]\n' in text, text
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text.replace('[HTTP API]\n', f'[HTTP API]\nplan-messages={messages}\nplan-share={share}\n'))
            return path
    raise AssertionError(f'no profile {name}')


def open_window(case, name):
    program = case.program('--profile', name, '--connect')
    window = program.window
    window.wait_state('Connected')
    return program, window


def test_footprint(case):
    """What is delivered is counted and kept; the budget puts the brake on, and Go On Today takes it off."""
    server = case.server()
    name = f'{NAME}{server.port}'
    ui.add_profile(name, server.port, '--app-id', ui.APP_ID)
    path = set_plan(name, 100, 10)
    program, window = open_window(case, name)
    window.subscribe('news')
    server.wait_subscribed('news')
    window.show_view('Connection')
    window.wait_text(r'^Nothing Was Sent or Delivered Today$')
    window.wait_text(r'^0 messages today: 0\.0 % of a plan of 100\.')

    server.publish_many('news', 'tick', 4)
    window.wait_text(r'^Delivered to This Window$')
    window.wait_text(r'^4 messages today')
    window.wait_text(r'4\.0 % of a plan of 100\.')
    ui.until(lambda: not window.there('button', 'Go On Today'), 'nothing is held back below the budget')

    server.publish_many('news', 'tick', 6)
    window.wait_text(r'^Held Back$')
    window.wait_text(r'^Today’s budget of 10 messages is used up')
    row = window.find('row', 'Held Back')
    next(button for button in ui.Window(row).all('button', 'Go On Today')).act()
    window.wait_text(r'^Not Held Back$')
    window.wait_text(r'^Today’s budget of 10 messages does not count until midnight UTC')
    window.click('Hold Back Again')
    window.wait_text(r'^Held Back$')
    program.quit()

    # the same day, another program: still held back, and the bar over the log says so
    program, window = open_window(case, name)
    window.show_view('Events')
    window.wait_text(r'Today’s budget of 10 messages is used up')
    window.click('Go On Today')
    window.gone('button', 'Go On Today')
    window.show_view('Connection')
    window.wait_text(r'^10 messages today')

    # a plan of one's own is saved with the profile
    spin = window.find('spin button', 'Hold Back After')
    spin.value = 50
    window.wait_text(r'^Per cent of the plan: 50 messages a day')
    window.find('spin button', 'Messages a Day').value = 200000
    window.wait_text(r'^Per cent of the plan: 100,?000 messages a day')

    def saved():
        with open(path, encoding='utf-8') as file:
            text = file.read()
        return 'plan-messages=200000\n' in text and 'plan-share=50\n' in text

    ui.until(saved, 'the plan is saved')
    program.quit()


def test_rules(case):
    """What is counted how can be read; without a plan there is no budget."""
    server = case.server()
    name = f'{NAME}{server.port}'
    ui.add_profile(name, server.port)
    program, window = open_window(case, name)
    window.show_view('Connection')
    window.wait_text(r'^How This Is Counted$')
    window.wait_text(r'^0 messages today\.')
    assert not window.there('spin button', 'Messages a Day')
    assert not window.there('spin button', 'Hold Back After')
    program.quit()


def test_switch(case):
    """Another profile, opened in the same window, keeps its own plan."""
    paths = {}
    for name, plan in (('PlanA', 1000), ('PlanB', 2000)):
        ui.add_profile(name, 1, '--app-id', ui.APP_ID)
        paths[name] = set_plan(name, plan, 10)
    program = case.program('--profile', 'PlanA')
    window = program.window
    window.show_view('Connection')
    window.wait_text(r'of a plan of 1,?000\.')
    window.find_usable('button', re.compile('PlanA|Switch Profile')).act()
    program.application.window_with('menu item', 'PlanB').click('PlanB', 'menu item')
    ui.wait_open(window, 'PlanB')
    window.show_view('Connection')
    window.wait_text(r'of a plan of 2,?000\.')
    program.quit()
    with open(paths['PlanB'], encoding='utf-8') as file:
        assert 'plan-messages=2000\n' in file.read()


if __name__ == '__main__':
    sys.exit(ui.main([test_footprint, test_rules, test_switch]))
