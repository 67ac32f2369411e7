#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile editor: every option reaches the profile or the keyring, what is wrong is told in place."""
import contextlib
import hashlib
import hmac
import http.server
import json
import subprocess
import sys
import threading
import urllib.parse

import scope_ui as ui

TOKEN = 't0ken-of-the-endpoint'
ENTRIES = {
    'Path': '/ws', 'App ID': '42', 'Authorization Endpoint': 'http://127.0.0.1:1/auth?a=b',
    'Presence User': '{"user_id":"7"}', 'Sign-In Endpoint': 'https://127.0.0.1:1/user', 'User': '{"id":"ann"}',
    'API Host': 'api.test', 'API Port': '82', 'Allowed Transports': 'ws,xhr_polling',
    'Disabled Transports': 'xhr_polling', 'Port for TLS Tries': '6443', 'Fallback Host': 'fallback.test',
    'Fallback Port Without TLS': '81', 'Fallback Port With TLS': '444', 'Fallback Path': '/x',
    'Origin': 'https://shop.test', 'Proxy': 'socks5://127.0.0.1:1080', 'Largest Data': '20480',
    'Activity Timeout': '60.5', 'Pong Timeout': '5', 'Unavailable Timeout': '6', 'Connect Timeout': '7',
    'First Delay': '0.5', 'Longest Delay': '8', 'Attempts': '9',
}
LINES = {
    'Authorization Parameters': f'room=1\ntoken={TOKEN}', 'Authorization Headers': f'X-A: {TOKEN}',
    'Sign-In Parameters': f'token={TOKEN}', 'Sign-In Headers': f'X-B: {TOKEN}', 'Extra Headers': f'X-C: {TOKEN}',
    'Channels': 'news\nprivate-x',
}
SAVED = {
    'path': '/ws', 'app-id': '42', 'auth-endpoint': 'http://127.0.0.1:1/auth?a=b', 'auth-method': 'get',
    'presence-user': '{"user_id":"7"}', 'user-endpoint': 'https://127.0.0.1:1/user', 'user-data': '{"id":"ann"}',
    'api-host': 'api.test', 'api-port': 82, 'transports': 'ws,xhr_polling', 'disabled-transports': 'xhr_polling',
    'wss-port': 6443, 'http-host': 'fallback.test', 'http-port': 81, 'https-port': 444, 'http-path': '/x',
    'origin': 'https://shop.test', 'proxy': 'socks5://127.0.0.1:1080', 'max-data': 20480, 'activity-timeout': 60.5,
    'pong-timeout': 5, 'unavailable-timeout': 6, 'connect-timeout': 7, 'reconnect-delay': 0.5, 'max-delay': 8,
    'max-attempts': 9, 'whole-path': True, 'subscriptions': ['news', 'private-x'],
    'auth-params': '•••', 'auth-headers': '•••', 'user-params': '•••', 'user-headers': '•••', 'headers': '•••',
}


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Authorizes channels for the sandbox, if it is asked with the token."""

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers['Content-Length'])).decode()))
        signed = f"{form['socket_id']}:{form['channel_name']}".encode()
        signature = hmac.new(ui.SECRET.encode(), signed, hashlib.sha256).hexdigest()
        good = self.headers['X-A'] == TOKEN
        body = json.dumps({'auth': f'{ui.KEY}:{signature}'}).encode() if good else b'who are you?'
        self.send_response(200 if good else 403)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        pass


@contextlib.contextmanager
def endpoint():
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f'http://127.0.0.1:{server.server_port}/auth'
        server.shutdown()
        thread.join(ui.DEADLINE)


def cli(*arguments):
    return subprocess.run([ui.CLI, *arguments], check=True, capture_output=True, text=True, timeout=ui.DEADLINE,
                          stdin=subprocess.DEVNULL).stdout


def fill(editor, name, value, role='entry'):
    """Also what is scrolled away, or in a row that is closed."""
    node = editor.find(role, name, showing=False)
    node.text = value
    ui.until(lambda: node.text == value, f'{name} holds {value}')
    return node


def tab_to(editor, name):
    """By the keyboard alone, from the first field on."""
    nodes = editor.all(None, name, showing=False)
    for _ in range(40):
        if any(node.has_state('FOCUSED') for node in nodes):
            return
        ui.key('Tab')
    raise AssertionError(f'no Tab leads to {name}')


def test_every_option(case):
    """Every option goes to the profile's file, and what is secret to the keyring alone."""
    server = case.server()
    program = case.program(G_MESSAGES_DEBUG='all')
    window = program.window
    editor = ui.new_profile(window, 'Everything', server)
    editor.click('Expert Settings')
    for name, value in ENTRIES.items():
        fill(editor, name, value)
    for name, value in LINES.items():
        fill(editor, name, value, 'text')
    editor.find('switch', 'Path Is the Whole Request Path', showing=False).act()
    editor.activate()
    tab_to(editor, 'Authorization Request')
    ui.key('space')
    ui.until(lambda: editor.there(None, 'JSONP, Without Headers'), 'the choices')
    ui.key('Down', 'Return')
    ui.until(lambda: editor.there('label', 'Query by GET'), 'Query by GET is chosen')
    editor.close('Save')
    ui.wait_open(window, 'Everything')
    program.quit()

    shown = json.loads(cli('profiles', 'show', 'Everything', '--format', 'ndjson'))
    for name, value in SAVED.items():
        ui.equal(shown.get(name), value, name)
    ui.equal(ui.files_with(TOKEN), [], 'files with a secret')
    with open(program.log, encoding='utf-8', errors='replace') as log:
        ui.equal([line for line in log if TOKEN in line], [], 'messages with a secret')

    program = case.program('--profile', 'Everything')
    window = program.window
    window.activate()
    ui.key('alt+Return')
    editor = window.dialog('entry', 'App Key')
    for name, value in (ENTRIES | LINES).items():
        node = editor.find('entry' if name in ENTRIES else 'text', name, showing=False)
        ui.until(lambda: node.text == value, f'{name} holds {value} again')
    editor.find('label', 'Query by GET', showing=False)
    editor.close('Cancel')
    program.quit()


def test_wrong_fields(case):
    """What is wrong is told below its field, and nothing moves for it."""
    program = case.program()
    window = program.window
    window.click('New Profile')
    editor = window.dialog('entry', 'App Key')
    editor.set_text('Name', 'Wrong')
    editor.set_text('App Key', 'k')
    save = editor.find_usable('button', 'Save')
    port = editor.find('entry', 'Port')
    before = port.extents
    host = editor.find('entry', 'Host')
    for text, wrong in (('a b', True), ('localhost', False), ('http://x', True), ('', False)):
        host.text = text
        ui.until(lambda: save.sensitive != wrong, f'Save fits the host “{text}”')
        ui.until(lambda: ('host' in host.description) == wrong or not wrong, f'what is said of “{text}”')
        ui.equal(port.extents, before, f'place of the port below the host “{text}”')
    for name, value, word in (
            ('Authorization Endpoint', '/auth', 'https://'), ('Presence User', '{', 'JSON'),
            ('User', '{"id":"ann"}', 'app secret'), ('API Port', '0', '65535')):
        node = fill(editor, name, value)
        ui.until(lambda: not save.sensitive, f'nothing to save with this {name}')
        if word not in node.description:
            raise AssertionError(f'{name}: {node.description!r} has no {word}')
        node.text = ''
        ui.until(lambda: save.sensitive, f'{name} is empty again')
    editor.close('Cancel')
    program.quit()


def test_why(case):
    """A test that can't connect says why, and what to do."""
    program = case.program()
    server = case.server()
    editor = ui.new_profile(program.window, 'Nobody', server)
    editor.set_text('Port', str(ui.free_port()))
    editor.click('Test Connection')
    editor.wait_text(r'No connection to 127\.0\.0\.1:\d+.*\n?.*Nothing listens there')
    editor.close('Cancel')
    program.quit()


def test_endpoint(case):
    """The test asks the endpoint; what it said goes when a field changes."""
    server = case.server()
    program = case.program()
    window = program.window
    with endpoint() as url:
        editor = ui.new_profile(window, 'Endpoint', server)
        fill(editor, 'Authorization Endpoint', url)
        editor.click('Test Connection')
        editor.wait_text(r'^Connected, but the endpoint does not authorize: .*403')
        fill(editor, 'Authorization Headers', f'X-A: {TOKEN}', 'text')
        ui.until(lambda: not any('does not authorize' in text for text in editor.texts()), 'no old result')
        editor.click('Test Connection')
        editor.wait_text(r'^Connected in .*endpoint’s answer is accepted')
        editor.set_text('App Secret', '')
        fill(editor, 'User', '{"id":"ann"}')
        fill(editor, 'User', '')
        ui.until(lambda: not any('is accepted' in text for text in editor.texts()), 'no old result')
        editor.close('Save')
        ui.wait_open(window, 'Endpoint')
        window.find_usable('button', 'Connect').act()
        window.wait_state('Connected')
        window.subscribe('private-x')
        server.wait_subscribed('private-x')
    program.quit()


def test_saving_what_is_open(case):
    """Saving says what takes effect when."""
    server = case.server()
    ui.add_profile('Open', server.port)
    ui.add_profile('Other', server.port)
    program = case.program('--profile', 'Open', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.activate()
    ui.key('alt+Return')
    editor = window.dialog('entry', 'App Key')
    ui.until(lambda: editor.find('entry', 'App Key').text == ui.KEY, 'the key from the keyring')
    fill(editor, 'Channels', 'news', 'text')
    editor.close('Save')
    window.wait_text('^Saved. Credentials and channels count at once')
    server.wait_subscribed('news')
    ui.equal(window.state, 'Connected', 'state')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_every_option, test_wrong_fields, test_why, test_endpoint, test_saving_what_is_open]))
