#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""screenshots.py [NAME...]: pictures of the window as it works. Started by screenshots.sh."""
import contextlib
import os
import shutil
import subprocess
import sys

import scope_ui as ui

FOLDER = os.environ['SCOPE_UI_SCREENSHOTS']
SETTINGS = 'io/github/channelscope/Channelscope'
CORNER = 12  # pixels: a window's round corners are cut out of the picture
QUICK = ('--unavailable-timeout', '1', '--reconnect-delay', '5', '--max-delay', '10')


def set_up(width=1000, height=700, scheme='light', inspector=340, config=os.environ['XDG_CONFIG_HOME']):
    """What the next program finds in its settings."""
    folder = os.path.join(config, 'glib-2.0', 'settings')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'keyfile'), 'w', encoding='utf-8') as out:
        print(f"[{SETTINGS}]\nwindow-width={width}\nwindow-height={height}\ncolor-scheme='{scheme}'\n"
              f'inspector-width={inspector}\nsidebar-width=210', file=out)


def shoot(window, name):
    """The window alone, once it looks the same twice."""
    window.activate()
    ui.xdotool('mousemove', 0, 0)
    _, x, y, width, height = window.x_window()
    path = os.path.join(FOLDER, name + '.png')
    seen = []

    def still():
        seen.append(subprocess.run(['import', '-window', 'root', '-crop', f'{width}x{height}+{x}+{y}', 'rgb:-'],
                                   check=True, capture_output=True, timeout=ui.DEADLINE).stdout)
        return len(seen) > 1 and seen[-1] == seen[-2]
    with contextlib.suppress(AssertionError):  # a demo never rests for long
        ui.until(still, 'a picture at rest', 5)
    mask = f'roundrectangle 0,0 {width - 1},{height - 1} {CORNER},{CORNER}'
    subprocess.run(['import', '-window', 'root', '-crop', f'{width}x{height}+{x}+{y}', '+repage', path],
                   check=True, timeout=ui.DEADLINE)
    subprocess.run(['convert', path, '-alpha', 'set', '(', '-size', f'{width}x{height}', 'xc:none', '-fill', 'white',
                    '-draw', mask, ')', '-compose', 'DstIn', '-composite', '-strip', path],
                   check=True, timeout=ui.DEADLINE)
    print(f'{path}: {width} × {height}')


def demo(case, **settings):
    set_up(**settings)
    program = case.program('--demo')
    window = program.window
    window.wait_state('Connected')
    return program, window


def busy(window, rows=25):
    ui.until(lambda: len(window.events.rows) >= rows, f'{rows} rows', 120)


def events(case, name, **settings):
    program, window = demo(case, **settings)
    busy(window)
    window.events.row('order.paid', deadline=60)
    window.events.select('order.paid')
    ui.until(lambda: window.there('text', 'Payload') and window.read('Payload'), 'a payload')
    shoot(window, name)
    program.quit()


def events_light(case):
    events(case, 'events-light')


def events_dark(case):
    events(case, 'events-dark', scheme='dark')


def presence(case):
    """People whose names the fonts of any machine can show."""
    for _ in range(20):
        program, window = demo(case)
        window.show_view('Presence')
        ui.until(lambda: len(window.members()) >= 5, 'people', 120)
        if all(letter < 'ऀ' for name in window.members() for letter in name):
            break
        program.quit()
    shoot(window, 'presence')
    program.quit()


def narrow(case):
    program, window = demo(case, width=420, height=700)
    busy(window, 25)
    shoot(window, 'narrow')
    program.quit()


def lose_server(case, name):
    """A window whose server went away after a few events."""
    server = case.server()
    ui.add_profile(name, server.port, *QUICK)
    program = case.program('--profile', name, '--connect')
    window = program.window
    window.wait_state('Connected')
    for channel in ('private-orders', 'presence-support', 'shop-news'):
        window.subscribe(channel)
        server.wait_subscribed(channel)
    for number in range(8):
        server.publish('private-orders', ('order.placed', 'order.paid')[number % 2],
                       {'order': 4711 + number, 'total': 17.5 * (number + 1), 'currency': 'EUR'})
    ui.until(lambda: len(window.events.rows) >= 10, 'rows')
    server.kill()
    window.wait_state('Unavailable')
    return server.port, program, window


def failing(case):
    set_up()
    _, program, window = lose_server(case, 'Shop, live')
    window.wait_text(r'Next attempt in \d+')
    shoot(window, 'failing')
    program.quit()


def connection(case):
    set_up()
    port, program, window = lose_server(case, 'Shop, staging')
    case.server(port)
    window.wait_state('Connected')
    window.show_view('Connection')
    shoot(window, 'connection')
    program.quit()


def empty(case):
    """As on a new machine: no profile yet."""
    config = os.path.join(os.environ['HOME'], 'empty')
    shutil.copytree(os.path.join(os.environ['XDG_CONFIG_HOME'], 'gtk-4.0'), os.path.join(config, 'gtk-4.0'))
    set_up(width=900, height=600, config=config)
    program = case.program(XDG_CONFIG_HOME=config)
    shoot(program.window, 'empty')
    program.quit()


def profile_editor(case):
    set_up()
    server = case.server()
    program = case.program()
    editor = ui.new_profile(program.window, 'Shop, my machine', server)
    editor.click('Test Connection')
    editor.wait_text('^Connected')
    editor.resize(560, 700)
    shoot(editor, 'profile-editor')
    editor.close('Cancel')
    program.quit()


PICTURES = [events_light, events_dark, presence, connection, narrow, profile_editor, empty, failing]


def main():
    chosen = [picture for picture in PICTURES
              if len(sys.argv) < 2 or picture.__name__.replace('_', '-') in sys.argv[1:]]
    for picture in chosen:
        with ui.Test() as case:
            picture(case)


if __name__ == '__main__':
    main()
