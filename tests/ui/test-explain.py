#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a signature is not accepted: pasted, told with its cause, with the profile's secret or one that is typed."""
import hashlib
import hmac
import http.server
import re
import sys
import threading
import time

import scope_ui as ui

KEY = '278d425bdf160c739803'
SECRET = '7ad3773142a6692b25b8'
QUERY = f'auth_key={KEY}&auth_timestamp=1353088179&auth_version=1.0&body_md5=ec365a775a4cd0599faeb73354201b6f'
SIGNED = f'POST\\n\n/apps/3/events\\n\n{QUERY}'
SIGNATURE = 'da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c'
BODY = '{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}'
TO_SIGN = 'What has to be signed (\\n is a line feed)'
DAY = 86400
MOST = 64 * 1024  # bytes of a text that are looked at
INSTEAD = 'What was signed or checked instead'


def sign(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def open_dialog(window):
    window.click('Main Menu')
    item = ui.until(lambda: next((node for node in window.all('menu item') if node.name == 'Explain a Signature…'
                                  and node.sensitive), None), 'the menu item')
    item.act()
    return window.dialog('text', 'Pasted Text')


def paste(dialog, text):
    dialog.set_text('Pasted Text', text, 'text')


def wait_read(dialog, name, wanted):
    ui.until(lambda: dialog.there('text', name) and dialog.read(name) == wanted, f'{name}: {wanted}')


def test_without_session(case):
    """No profile is open: what has to be signed is told, and the rest once a secret is typed."""
    program = case.program()
    window = program.window
    dialog = open_dialog(window)
    dialog.wait_text('^No app secret is known here')
    paste(dialog, f'POST https://api-eu.pusher.com/apps/3/events?{QUERY}&auth_signature={SIGNATURE}\n\n{BODY}')
    dialog.wait_text('^To check the signature the app secret is needed')
    wait_read(dialog, TO_SIGN, SIGNED)
    dialog.set_text('App Secret', 'another')
    dialog.wait_text('^Nothing else that was tried gives this signature')
    wait_read(dialog, 'The signature that came', SIGNATURE)
    wait_read(dialog, 'The signature that fits', sign('another', SIGNED.replace('\\n', '')))
    dialog.wait_text('^First difference at byte 1: “d”$')
    dialog.set_text('App Secret', SECRET)
    dialog.wait_text('^The signature itself is right, but something else is not')
    dialog.wait_text('ago by this machine')

    body = '{"time_ms":1,"events":[]}'
    paste(dialog, f'X-Pusher-Signature: {sign(SECRET, body)}\n\n{body}')
    dialog.wait_text('^The signature is right\\.$')
    dialog.gone('text', 'The signature that came')
    paste(dialog, 'nothing of the kind')
    dialog.wait_text('^Nothing that is signed was found in this')
    dialog.close('Close')
    program.quit()


def test_long(case):
    """Of a text that is too long only so much is pasted that it is told."""
    program = case.program()
    window = program.window
    dialog = open_dialog(window)
    text = '0123456789\n' * 4000
    paste(dialog, text)
    dialog.wait_text('^Nothing that is signed was found in this')
    ui.key('ctrl+a', 'ctrl+c', 'ctrl+v', 'ctrl+v', 'ctrl+v')
    dialog.wait_text('^This is too long')
    ui.equal(dialog.read('Pasted Text'), (text + text)[:MOST + 1], 'what was pasted')
    dialog.close('Close')
    program.quit()


def test_session(case):
    """The profile's secret is used without being shown; the cause of a wrong authorization is found."""
    server = case.server()
    ui.add_profile('Explained', server.port)
    program = case.program('--profile', 'Explained', '--connect')
    window = program.window
    window.wait_state('Connected')
    ui.key('ctrl+shift+e')
    dialog = window.dialog('text', 'Pasted Text')
    dialog.wait_text('^While no other one is entered the app secret of “Explained” is used')
    right = '1.2:presence-a:{"user_id":"7"}'
    spaced = sign(server.secret, '1.2:presence-a:{"user_id": "7"}')
    paste(dialog, f'socket_id=1.2&channel_name=presence-a\n{{"auth":"{server.app_key}:{spaced}",'
                  '"channel_data":"{\\"user_id\\":\\"7\\"}"}')
    dialog.wait_text('^What was signed holds the same channel_data in other bytes')
    wait_read(dialog, TO_SIGN, right)
    wait_read(dialog, INSTEAD, '1.2:presence-a:{"user_id": "7"}')
    dialog.wait_text('^First difference at byte 27: “ ”$')
    wait_read(dialog, 'The signature that fits', sign(server.secret, right))
    shown = '\n'.join(dialog.texts())
    assert server.secret not in shown, 'the secret is shown'

    paste(dialog, f'{{"auth":"{server.app_key}:{sign(server.secret, "1.2:private-b")}"}}')
    dialog.wait_text('^The channel is missing')
    dialog.set_text('Channel', 'private-b')
    dialog.set_text('Socket Id', '1.2')
    dialog.wait_text('^The signature is right\\.$')
    dialog.close('Close')
    program.quit()


def test_refused(case):
    """From a channel that could not be subscribed: the server's words are what is explained."""
    server = case.server()
    ui.add_profile('Refused', server.port, secret='another-secret')
    program = case.program('--profile', 'Refused', '--connect')
    window = program.window
    window.wait_state('Connected')
    row = window.subscribe('private-orders')
    ui.until(lambda: 'Could not subscribe' in row.name, 'a refusal')
    window.click(re.compile('^Details of the problem with private-orders'))
    window.click('Explain the Signature…')
    dialog = window.dialog('text', 'Pasted Text')
    dialog.wait_text('^The signature is right for the secret here, and the server refuses it')
    dialog.wait_text('^The server has another secret for this key')
    ui.until(lambda: dialog.read(TO_SIGN).endswith(':private-orders'), 'what has to be signed')
    dialog.close('Close')
    program.quit()


class LateServer(http.server.ThreadingHTTPServer):
    """The HTTP API of a server whose clock is two days behind ours: it takes what fits its own clock."""

    def __init__(self):
        super().__init__(('127.0.0.1', 0), LateHandler)
        self.stamps = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class LateHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *words):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() - 2 * DAY)

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        stamp = int(re.search('auth_timestamp=([0-9]+)', self.path)[1])
        fits = abs(time.time() - 2 * DAY - stamp) < 600
        body = b'{}' if fits else b'Timestamp expired: Given timestamp not within 600s of server time'
        self.server.stamps.append(stamp)
        self.send_response(200 if fits else 401)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_clock(case):
    """The clock is off: that is told with an offer, and nothing is sent again by itself."""
    server = case.server()
    api = case.keep(LateServer())
    ui.add_profile('Late', server.port, '--app-id', ui.APP_ID, '--api-host', '127.0.0.1', '--api-port',
                   str(api.server_port))
    program = case.program('--profile', 'Late', '--connect')
    window = program.window
    window.wait_state('Connected')
    window.show_view('Publish')
    window.set_text('Channels', 'news')
    window.set_text('Event Name', 'headline')
    window.set_text('Data', '{}', 'text')
    window.click('Publish Event')
    window.dialog('button', 'Allow Publishing').close('Allow Publishing')
    window.wait_text('^This machine’s clock is (1 d|2 d|47 h|48 h).* ahead of the server’s')
    window.wait_text(r'^Refused \(401\): Timestamp expired')
    ui.equal(len(api.stamps), 1, 'requests')
    window.click('Use the Server’s Time')
    window.wait_text('^Requests are signed with the server’s time now')
    ui.equal(len(api.stamps), 1, 'requests after the offer was taken')
    window.click('Publish Event')
    ui.until(lambda: len(api.stamps) == 2, 'a second request')
    ui.until(lambda: any('Accepted' in row.name for row in ui.rows_of(window.find('list', 'Published Events'))),
             'it is accepted')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_without_session, test_long, test_session, test_refused, test_clock]))
