# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the window as a person would, by accessible names; starts servers and members beside it.

Every wait has a deadline and looks again and again: nothing sleeps in the hope that it is enough."""
import collections
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import traceback

import atspi
from atspi import Gone, Node, Slow  # noqa: F401  (for the tests)

DEADLINE = 30
BUILD_DIR = os.environ.get('SCOPE_UI_BUILD_DIR', '/tmp')
PROGRAM = os.environ.get('CHANNELSCOPE', 'channelscope')
CLI = os.environ.get('CHANNELSCOPE_CLI', 'channelscope-cli')
FLOOD = os.environ.get('SCOPE_UI_FLOOD', 'flood-server')

KEY, APP_ID, SECRET = 'app-key', 'app-id', 'app-secret'

STATE = re.compile('^Connection state: ')


def until(condition, what, deadline=DEADLINE):
    """Looks until condition() is true, and returns what it gave."""
    begin = time.monotonic()
    while True:
        try:
            value = condition()
        except Gone:
            value = None
        waited = time.monotonic() - begin
        if value:
            if waited > 5:
                print(f'# waited {waited:.1f} s: {what}')
            return value
        if waited > deadline:
            raise AssertionError(f'not within {deadline} s: {what}')
        time.sleep(0.05)  # between two looks


def equal(actual, expected, what=''):
    if actual != expected:
        raise AssertionError(f'{what}: {actual!r} is not {expected!r}')


def xdotool(*words):
    return subprocess.run(['xdotool', *map(str, words)], check=True, capture_output=True, text=True,
                          timeout=DEADLINE).stdout


def key(*names):
    for name in names:
        xdotool('key', name)


class Lines:
    """The lines a process prints, kept and waited for."""

    def __init__(self, stream):
        self.lines = []
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self.thread.start()

    def _read(self, stream):
        for line in stream:
            with self.changed:
                self.lines.append(line.rstrip('\n'))
                self.changed.notify_all()

    def wait(self, wanted, what, start=0, deadline=DEADLINE):
        """The first line from start on that wanted() takes, as (number, line)."""
        end = time.monotonic() + deadline
        with self.changed:
            while True:
                for number in range(start, len(self.lines)):
                    if wanted(self.lines[number]):
                        return number, self.lines[number]
                start = len(self.lines)
                left = end - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    raise AssertionError(f'not within {deadline} s: {what}; last lines: {self.lines[-5:]}')

    def wait_json(self, what, start=0, **wanted):
        def fits(line):
            try:
                value = json.loads(line)
            except ValueError:
                return False
            return all(value.get(name) == expected for name, expected in wanted.items())
        number, line = self.wait(fits, what, start)
        return number, json.loads(line)


class Process:
    """A process of ours, and only ours: ended by its own number."""

    def __init__(self, words, environment=None, stdin=None):
        self.words = words
        self.log = os.path.join(BUILD_DIR, f'{os.path.basename(sys.argv[0])}.{os.path.basename(words[0])}.log')
        self.errors = open(self.log, 'a', encoding='utf-8')
        self.log_start = os.path.getsize(self.log)
        self.process = subprocess.Popen(words, env=environment, stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True)
        self.output = Lines(self.process.stdout)

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process.poll() is None

    def wait(self, deadline=DEADLINE):
        """Its exit status."""
        return self.process.wait(deadline)

    def kill(self):
        if self.running:
            self.process.kill()
            self.process.wait(DEADLINE)
        self.errors.close()

    def stop(self):
        if self.running:
            self.process.terminate()
            try:
                self.process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(DEADLINE)
        self.errors.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server(Process):
    """`channelscope-cli serve`: the sandbox, published to through its HTTP API."""

    def __init__(self, port=0, *more, app_key=KEY, secret=SECRET):
        self.secret = secret
        self.app_key = app_key
        super().__init__([CLI, 'serve', '--port', str(port), '--format', 'ndjson', '--app',
                          f'{app_key}:{APP_ID}:SCOPE_UI_SECRET', *more],
                         dict(os.environ, SCOPE_UI_SECRET=secret))
        _, line = self.output.wait_json('the server listens', type='listening')
        self.port = line['port']

    def request(self, method, path, body=b''):
        """A signed request of the HTTP API: the reply's body."""
        query = {'auth_key': self.app_key, 'auth_timestamp': str(int(time.time())), 'auth_version': '1.0'}
        if body:
            query['body_md5'] = hashlib.md5(body).hexdigest()
        text = '&'.join(f'{name}={value}' for name, value in sorted(query.items()))
        signed = f'{method}\n{path}\n{text}'.encode()
        signature = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=DEADLINE)
        connection.request(method, f'{path}?{text}&auth_signature={signature}', body or None,
                           {'Content-Type': 'application/json'})
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        equal(reply.status, 200, f'{method} {path}: {content}')
        return json.loads(content)

    def publish(self, channel, event, data):
        text = data if isinstance(data, str) else json.dumps(data)
        body = json.dumps({'name': event, 'channel': channel, 'data': text}).encode()
        return self.request('POST', f'/apps/{APP_ID}/events', body)

    def publish_many(self, channel, event, count, start=0):
        """count numbered events, ten a request."""
        for first in range(start, start + count, 10):
            batch = [{'name': event, 'channel': channel, 'data': json.dumps({'n': n})}
                     for n in range(first, min(first + 10, start + count))]
            self.request('POST', f'/apps/{APP_ID}/batch_events', json.dumps({'batch': batch}).encode())

    def channels(self):
        return self.request('GET', f'/apps/{APP_ID}/channels')['channels']

    def wait_subscribed(self, channel):
        until(lambda: channel in self.channels(), f'{channel} is occupied')


class Member(Process):
    """Somebody else on a channel: `channelscope-cli watch`, with the secret in its environment."""

    def __init__(self, server, channel, user_id, info):
        environment = dict(os.environ, CHANNELSCOPE_SECRET=server.secret)
        user = json.dumps({'user_id': user_id, 'user_info': info})
        super().__init__([CLI, 'watch', channel, '--key', server.app_key, '--host', '127.0.0.1',
                          '--port', str(server.port), '--no-tls', '--presence-user', user,
                          '--format', 'ndjson'], environment)
        self.output.wait_json(f'{user_id} is in {channel}', type='subscription', channel=channel,
                              status='subscribed')


def add_profile(name, port, *more, app_key=KEY, secret=SECRET, master_key=''):
    """A saved profile for a server of ours, with its secrets in the keyring."""
    environment = dict(os.environ, CHANNELSCOPE_SECRET=secret)
    if master_key:
        environment['CHANNELSCOPE_ENCRYPTION_KEY'] = master_key
    subprocess.run([CLI, 'profiles', 'add', name, '--key', app_key, '--host', '127.0.0.1', '--port', str(port),
                    '--no-tls', *more], check=True, env=environment,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=DEADLINE)


class Window:
    """One top-level window, or a dialog: what is found in it."""

    def __init__(self, node):
        self.node = node

    def all(self, role=None, name=None, **more):
        return list(atspi.search(self.node, role, name, **more))

    def there(self, role=None, name=None, **more):
        return next(atspi.search(self.node, role, name, **more), None)

    def find(self, role, name, deadline=DEADLINE, **more):
        shown = name.pattern if isinstance(name, re.Pattern) else name
        return until(lambda: self.there(role, name, **more), f'{role} “{shown}”', deadline)

    def usable(self, role, name):
        """One that can be used now, or None. A menu button has no action: the button inside it has."""
        found = atspi.search(self.node, role, name)
        return next((node for node in found if node.sensitive and node.get('Action', 'NActions')), None)

    def find_usable(self, role, name, deadline=DEADLINE):
        shown = name.pattern if isinstance(name, re.Pattern) else name
        return until(lambda: self.usable(role, name), f'{role} “{shown}” that can be used', deadline)

    def gone(self, role, name, deadline=DEADLINE):
        until(lambda: not self.there(role, name), f'{role} “{name}” is gone', deadline)

    def click(self, name, role='button'):
        self.find_usable(role, name).act()

    def set_text(self, name, value, role='entry'):
        entry = self.find(role, name)
        entry.text = value
        until(lambda: entry.text == value, f'{name} holds {value}')

    def read(self, name, role='text'):
        return self.find(role, name).text

    def texts(self):
        """Every word that stands in the window."""
        return list(self.words_of(node for node, _ in self.node.walk(into_tables=False)))

    def words_of(self, nodes):
        for node in nodes:
            with contextlib.suppress(Gone):
                if node.showing:
                    yield from filter(None, [node.name])
                    yield from filter(None, [node.text])

    def wait_text(self, expression, deadline=DEADLINE):
        """The first text in the window that fits. A toast lies near the top and goes by itself:
        it is not missed while everything deeper is asked, however slow the machine."""
        wanted = re.compile(expression)
        return until(lambda: next(filter(wanted.search, self.words_of(self.node.walk_broad())), None),
                     f'a text like “{expression}”', deadline)

    # the window of the contract

    @property
    def state(self):
        return self.find('button|label', STATE, showing=False).name.removeprefix('Connection state: ')

    def wait_state(self, *states, deadline=DEADLINE):
        return until(lambda: self.state in states and self.state, f'state {" or ".join(states)}', deadline)

    def show_view(self, name):
        self.click(name, 'tab')

        def shown():
            tab = self.find('tab', name)
            return any(tab.has_state(state) for state in ('SELECTED', 'CHECKED'))
        until(shown, f'{name} is shown')

    def channel_row(self, channel, deadline=DEADLINE):
        channels = self.find('list', 'Channels')
        return until(lambda: next((row for row in rows_of(channels) if begins_with(row.name, channel)), None),
                     f'channel {channel}', deadline)

    def subscribe(self, channel):
        self.click('Subscribe…')
        dialog = self.dialog('entry', 'Channel Name')
        dialog.set_text('Channel Name', channel)
        dialog.close('Subscribe')
        return self.channel_row(channel)

    def dialog(self, role, name):
        """The window of the same program that holds this."""
        return self.application.window_with(role, name)

    def close(self, button):
        """Presses a button that closes this dialog, and waits for that."""
        self.click(button)
        until(lambda: self.node not in self.application.node.children, 'the dialog is closed')

    @property
    def application(self):
        return Application(Node(self.node.owner, atspi.ROOT))

    @property
    def events(self):
        return Table(self.find('table', 'Events'))

    def members(self):
        members = self.find('list', 'Members')
        return [row.name for row in rows_of(members)]

    # the screen

    def x_window(self):
        """Its X window: (id, x, y, width, height) of what is inside its shadow."""
        title = self.node.name
        pid = atspi.process_of(self.node)

        def look():
            for match in ('--all', '--any'):  # a dialog may have no title
                found = subprocess.run(['xdotool', 'search', match, '--onlyvisible', '--pid', str(pid), '--name',
                                        f'^{re.escape(title)}$'], capture_output=True, text=True, timeout=DEADLINE)
                if found.stdout:
                    break
            return found.stdout.split()
        number = until(look, f'the X window “{title}”')[-1]
        place = dict(line.split('=') for line in xdotool('getwindowgeometry', '--shell', number).split())
        extents = subprocess.run(['xprop', '-id', number, '_GTK_FRAME_EXTENTS'], capture_output=True, text=True,
                                 check=True, timeout=DEADLINE).stdout
        left, right, top, bottom = [int(n) for n in re.findall(r'\d+', extents)] or [0, 0, 0, 0]
        if not (left or right or top or bottom):  # no compositor: a plain border, the same on all sides
            _, _, width, height = self.node.extents
            left = right = (int(place['WIDTH']) - width) // 2
            top = bottom = (int(place['HEIGHT']) - height) // 2
        return (number, int(place['X']) + left, int(place['Y']) + top,
                int(place['WIDTH']) - left - right, int(place['HEIGHT']) - top - bottom)

    def has_keyboard(self):
        """Whether keys go to this window."""
        active = subprocess.run(['xdotool', 'getactivewindow'], capture_output=True, text=True, timeout=DEADLINE)
        return active.stdout.strip() == self.x_window()[0]

    def activate(self):
        number = self.x_window()[0]

        def look():
            subprocess.run(['xdotool', 'windowactivate', number], capture_output=True, timeout=DEADLINE)
            return self.has_keyboard()
        until(look, 'the window has the keyboard')

    def point(self, node):
        """The middle of a widget on the screen."""
        _, left, top, _, _ = self.x_window()
        x, y, width, height = node.extents
        return left + x + width // 2, top + y + height // 2

    def mouse(self, node, button=1, repeat=1):
        xdotool('mousemove', *self.point(node))
        xdotool('click', '--repeat', repeat, button)

    def resize(self, width, height):
        """The size inside its shadow."""
        number, _, _, inner_width, inner_height = self.x_window()
        place = dict(line.split('=') for line in xdotool('getwindowgeometry', '--shell', number).split())
        xdotool('windowsize', number, width + int(place['WIDTH']) - inner_width,
                height + int(place['HEIGHT']) - inner_height)
        until(lambda: self.x_window()[3:] == (width, height), f'the window is {width} × {height}')


def begins_with(name, beginning):
    return name == beginning or (name.startswith(beginning) and not re.match(r'[\w-]', name[len(beginning)]))


def rows_of(node):
    """The rows of a list, in order."""
    numbers = atspi.role_numbers('row')
    found = []
    for child in node.children:
        with contextlib.suppress(Gone):
            if child.role in numbers:
                found.append(child)
            else:
                found += rows_of(child)
    return found


def select_child(node, number):
    if not node.call('Selection', 'SelectChild', atspi.GLib.Variant('(i)', (number,)))[0]:
        raise AssertionError(f'{node!r} does not select {number}')


def screen(x, y, width, height):
    """The bytes of a part of the screen."""
    return subprocess.run(['import', '-window', 'root', '-crop', f'{width}x{height}+{x}+{y}', '+repage', 'rgb:-'],
                          check=True, capture_output=True, timeout=DEADLINE).stdout


class Table:
    """The event log."""

    def __init__(self, node):
        self.node = node

    @property
    def body(self):
        """The list of rows below the header."""
        lists = atspi.role_numbers('list')
        return next((child for child in self.node.children if child.role in lists), self.node)

    @property
    def rows(self):
        """The rows that exist as widgets, in order; those in sight and some around them."""
        return rows_of(self.body)

    def at_end(self):
        """The last row, if it lies at the bottom of the log, or all rows have room. (A row that went
        out of sight keeps the place where it was: this says something of rows that were not there
        before.)"""
        rows = self.rows
        if not rows:
            return None
        _, top, _, space = self.body.extents
        _, y, _, height = rows[-1].extents
        below = top + space - y - height
        short = len(rows) * height < space
        return rows[-1] if y >= top and (abs(below) <= 2 or short and below > 0) else None

    def picture(self, window):
        """What a reader sees of it, without the scroll bar and the button over its lower edge."""
        _, left, top, _, _ = window.x_window()
        x, y, width, height = self.body.extents
        return screen(left + x, top + y, width - 30, height - 80)

    @staticmethod
    def cells(row):
        """The texts of a row's cells."""
        numbers = atspi.role_numbers('cell')
        cells = []
        for cell in row.children:
            if cell.role in numbers:
                names = [node.name for node, _ in cell.walk() if node.name]
                cells.append(names[-1] if names else '')
        return cells

    def select(self, *words):
        """Selects the last row whose name holds all these words."""
        row = self.row(*words)
        rows = self.rows
        if row in rows:
            select_child(self.body, rows.index(row))
        until(lambda: row.has_state('SELECTED'), f'{row!r} is selected')

    def row(self, *words, deadline=DEADLINE):
        """The last row whose name holds all these words."""
        def look():
            fitting = [row for row in self.rows if all(word in row.name for word in words)]
            return fitting[-1] if fitting else None
        return until(look, f'a row with {", ".join(words)}', deadline)


class Application:
    """The program on the accessibility bus."""

    def __init__(self, node):
        self.node = node

    def windows(self):
        found = []
        for child in self.node.children:
            with contextlib.suppress(Gone):
                if child.showing:
                    found.append(Window(child))
        return found

    def there(self, role, name):
        for window in self.windows():
            with contextlib.suppress(Gone):
                if window.there(role, name):
                    return window
        return None

    def window_with(self, role, name, deadline=DEADLINE):
        return until(lambda: self.there(role, name), f'a window with {role} “{name}”', deadline)

    def main_windows(self):
        return [window for window in self.windows() if window.there('button', 'Main Menu')]

    def main(self, deadline=DEADLINE):
        return self.window_with('button', 'Main Menu', deadline)


class Program(Process):
    """channelscope itself."""

    def __init__(self, *arguments, **environment):
        super().__init__([PROGRAM, *arguments], dict(os.environ, **environment))

    @property
    def application(self):
        def look():
            for node in atspi.applications():
                with contextlib.suppress(Gone):
                    if atspi.process_of(node) == self.pid:
                        return Application(node)
            if not self.running:
                raise AssertionError(f'{self.words} ended with {self.process.returncode}')
            return None
        return until(look, f'{self.words} on the accessibility bus')

    @property
    def window(self):
        return self.application.main()

    def quit(self):
        """As a person does, with Ctrl+Q (again, if a closing dialog swallowed it); it must end well."""
        for attempt in range(5):
            if attempt > 0:
                print('# Ctrl+Q once more')
            self.window.activate()
            key('ctrl+q')
            with contextlib.suppress(subprocess.TimeoutExpired):
                equal(self.wait(DEADLINE / 5), 0, 'exit status')
                return
        raise AssertionError('Ctrl+Q does not end the program')


def new_profile(window, name, server):
    """Fills the editor, and leaves it open."""
    show_profiles(window)
    window.click('New Profile')
    editor = window.dialog('entry', 'App Key')
    editor.set_text('Name', name)
    editor.set_text('App Key', server.app_key)
    editor.set_text('Host', '127.0.0.1')
    editor.set_text('Port', str(server.port))
    switch = editor.find('switch', 'Use TLS')
    if switch.has_state('CHECKED') or switch.has_state('PRESSED'):
        switch.act()
    until(lambda: not (switch.has_state('CHECKED') or switch.has_state('PRESSED')), 'TLS is off')
    editor.set_text('App Secret', server.secret)
    return editor


def show_profiles(window):
    """Leads a window that opened the last profile back to the start page."""
    if not window.there('button', 'New Profile'):
        window.activate()
        key('ctrl+p')
        window.find('button', 'New Profile')


def profile_row(window, name):
    """The row of the start page."""
    show_profiles(window)
    profiles = window.find('list', 'Profiles')
    return until(lambda: next((row for row in rows_of(profiles) if begins_with(row.name, name)), None),
                 f'profile {name}')


def row_button(row, name):
    """A button in a row of a list."""
    return next(atspi.search(row, 'button', name))


def open_profile(window, name):
    """With the mouse: rows of a list have no action on the accessibility bus."""
    window.mouse(profile_row(window, name))
    wait_open(window, name)


def wait_open(window, name):
    until(lambda: window.node.name == name, f'the window shows {name}')


def find_gate(application):
    """The dialog that asks for an app key, once Connect was pressed where that is needed."""
    def look():
        gate = application.there('entry', 'App Key')
        if gate is None:
            for window in application.windows():
                button = window.usable('button', 'Connect')
                if button:
                    button.act()
        return gate
    return until(look, 'a question for the key')


def connect(window):
    """Connects, unless that has been done already."""
    def look():
        button = window.usable('button', 'Connect')
        if button:
            button.act()
        return button or window.there('button', 'Disconnect')
    until(look, 'Connect or Disconnect')
    window.wait_state('Connected')


def files_with(text):
    """What lies under HOME and holds this text, in whatever file."""
    needle = text.encode()
    found = []
    for folder, _, names in os.walk(os.environ['HOME']):
        for name in names:
            path = os.path.join(folder, name)
            with contextlib.suppress(OSError), open(path, 'rb') as content:
                if needle in content.read():
                    found.append(path)
    return found


def captures():
    """The capture files under HOME, the newest last."""
    found = []
    for folder, _, names in os.walk(os.environ['HOME']):
        found += [os.path.join(folder, name) for name in names if name.endswith('.channelscope')]
    return sorted(found, key=os.path.getmtime)


# The tests as TAP

COMPLAINT = re.compile(r'-(WARNING|CRITICAL|ERROR) \*\*:')


# GTK's own: what is looked for at the moment of a change of pages, or of an action's target; and what depends on when
# a frame is drawn, which a slow machine does between two layouts
ALLOWED = re.compile(r'actionhelper: action win\.|failed to scroll to given position|reported min width -\d,|'
                     r'Gtk-WARNING .*(without a current allocation|Broken accounting of active state|'
                     r'did not receive a focus-out event)')


class Test(contextlib.ExitStack):
    """What one case started is ended with it, in reverse order. No case meets the settings of another: the size of a
    window or the profile that was open last."""

    def __enter__(self):
        with contextlib.suppress(FileNotFoundError):
            os.remove(os.path.join(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings', 'keyfile'))
        self.programs = []
        return super().__enter__()

    def keep(self, process):
        self.callback(process.stop)
        return process

    def complaints(self):
        """What the programs of this case, or the libraries in them, warned of."""
        found = []
        for program in self.programs:
            with open(program.log, encoding='utf-8', errors='replace') as log:
                log.seek(program.log_start)
                found += [line.rstrip() for line in log if COMPLAINT.search(line) and not ALLOWED.search(line)]
        return list(dict.fromkeys(found))

    def program(self, *arguments, **environment):
        program = self.keep(Program(*arguments, **environment))
        self.programs.append(program)
        return program

    def server(self, port=0, *more, **app):
        return self.keep(Server(port, *more, **app))

    def watch(self, name, *channels, more=(), **app):
        """A window that is connected to a server of its own, with channels; its profile is called name and a number."""
        server = self.server()
        add_profile(f'{name}{server.port}', server.port, *more, **app)
        program = self.program('--profile', f'{name}{server.port}', '--connect')
        window = program.window
        window.wait_state('Connected')
        for channel in channels:
            window.subscribe(channel)
            server.wait_subscribed(channel)
        return server, program, window

    def member(self, server, channel, user_id, info):
        return self.keep(Member(server, channel, user_id, info))


def report(number, name):
    """What can be seen of a failure: the tree and the screen, beside the build's other logs."""
    base = os.path.join(BUILD_DIR, f'failed-{os.path.basename(sys.argv[0])}-{number}')
    with contextlib.suppress(Exception):
        with open(base + '.txt', 'w', encoding='utf-8') as out:
            print(name, file=out)
            for node in atspi.applications():
                if node.name == 'channelscope':
                    print(atspi.dump(node), file=out)
        print(f'# tree: {base}.txt')
    with contextlib.suppress(Exception):
        subprocess.run(['import', '-window', 'root', base + '.png'], check=True, timeout=DEADLINE)
        print(f'# screen: {base}.png')


def main(tests):
    """Runs functions; the first line of a docstring is the case's name. Arguments choose some."""
    chosen = [test for test in tests if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]]
    failed = 0
    print(f'1..{len(chosen)}', flush=True)
    for number, test in enumerate(chosen, 1):
        name = test.__doc__.splitlines()[0].rstrip('.')
        begin = time.monotonic()
        with Test() as case:
            try:
                test(case)
                equal(case.complaints(), [], 'warnings')
                print(f'ok {number} - {name}')
            except Exception:  # noqa: BLE001  a failure of any kind is one
                failed += 1
                for line in traceback.format_exc().splitlines():
                    print('#', line)
                report(number, name)
                print(f'not ok {number} - {name}')
        print(f'# {time.monotonic() - begin:.1f} s', flush=True)
    return 1 if failed else 0

