#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window against soketi, with events from the pusher library and a member joined by pusher-js."""
import json
import os
import re
import subprocess
import sys

import scope_ui as ui

ALLOW = re.compile('^Allow Publishing')
QUICK = ('--unavailable-timeout', '1', '--reconnect-delay', '0.5', '--max-delay', '1')
ME = ('--presence-user', '{"user_id":"scope","user_info":{"name":"Scope"}}')


class Peers(ui.Process):
    """driver.mjs: soketi, the pusher library and pusher-js."""

    def __init__(self):
        here = os.path.dirname(os.path.abspath(__file__))
        super().__init__([os.environ.get('NODE', 'node'), os.path.join(here, 'driver.mjs')], stdin=subprocess.PIPE)
        self.number = 0

    def tell(self, verb, **more):
        self.number += 1
        self.process.stdin.write(json.dumps({'id': self.number, 'do': verb, **more}) + '\n')
        self.process.stdin.flush()
        _, reply = self.output.wait_json(f'{verb} is answered', id=self.number)
        if 'error' in reply:
            raise AssertionError(f'{verb}: {reply["error"]}')
        return reply

    def wait_received(self, **wanted):
        def fits(text):
            received = json.loads(text).get('received')
            return received is not None and all(received.get(name) == value for name, value in wanted.items())
        return json.loads(self.output.wait(fits, f'pusher-js receives {wanted}')[1])['received']

    def wait_occupied(self, channel):
        ui.until(lambda: channel in self.tell('channels')['channels'], f'{channel} is occupied')

    def stop(self):
        """At the end of its input it ends soketi and itself."""
        if self.running:
            self.process.stdin.close()
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                pass
        super().stop()


def open_window(case, name, *options):
    peers = case.keep(Peers())
    server = peers.tell('start')
    # without the app's id a presence channel can only be joined
    subprocess.run([ui.CLI, 'profiles', 'add', name, '--key', server['key'],
                    '--host', '127.0.0.1', '--port', str(server['port']), '--no-tls', *ME, *options], check=True,
                   env=dict(os.environ, CHANNELSCOPE_SECRET=server['secret']), stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, timeout=ui.DEADLINE)
    program = case.program('--profile', name, '--connect')
    window = program.window
    window.wait_state('Connected')
    return peers, server['port'], program, window


def names_of(window):
    return [name.split(',')[0] for name in window.members()]


def test_watch(case):
    """Connected, subscribed, members in and out, events as the pusher library sent them."""
    peers, _, program, window = open_window(case, 'Watch')
    for channel in ('news', 'private-orders', 'presence-room'):
        window.subscribe(channel)
        peers.wait_occupied(channel)

    peers.tell('publish', channel='private-orders', event='order.paid', data={'total': 120, 'name': 'Zoë'})
    peers.tell('publish', channel='news', event='headline', data='no JSON at all')
    window.events.select('private-orders', 'order.paid')
    payload = window.find('text', 'Payload')
    ui.until(lambda: payload.text and json.loads(payload.text) == {'total': 120, 'name': 'Zoë'}, 'the payload')
    window.events.select('news', 'headline')
    ui.until(lambda: payload.text == 'no JSON at all', 'the other payload')

    window.show_view('Presence')
    ui.until(lambda: names_of(window) == ['Scope'], 'only ourselves')
    peers.tell('join', channel='presence-room', user={'user_id': 'ana', 'user_info': {'name': 'Ana'}})
    ui.until(lambda: sorted(names_of(window)) == ['Ana', 'Scope'], 'Ana is in')
    peers.tell('leave', user_id='ana')
    ui.until(lambda: names_of(window) == ['Scope'], 'Ana is out')
    program.quit()


def test_client_events(case):
    """Client events both ways."""
    peers, _, program, window = open_window(case, 'Both ways')
    window.subscribe('presence-room')
    peers.wait_occupied('presence-room')
    peers.tell('join', channel='presence-room', user={'user_id': 'ana', 'user_info': {'name': 'Ana'}})
    peers.tell('send', user_id='ana', channel='presence-room', event='client-typing', data={'who': 'me'})
    window.events.row('presence-room', 'client-typing')

    publish(window, 'client-hello', '{"n": 1, "text": "Zoë"}')
    received = peers.wait_received(event='client-hello', channel='presence-room')
    ui.equal(received['data'], {'n': 1, 'text': 'Zoë'}, 'data')
    window.show_view('Events')
    window.events.row('presence-room', 'client-hello')
    program.quit()


def publish(window, event, data):
    """Fills and sends the client events' form of the Publish view: the only channel is chosen already. A
    profile with a secret is read-only until publishing is allowed."""
    window.show_view('Publish')
    window.click('Client Event')
    window.set_text('Event Name', event)
    window.set_text('Data', data, 'text')
    window.click('Send')

    window.dialog('button', ALLOW).close(ALLOW)


def test_restart(case):
    """Killed and started again: connecting, unavailable, connected, channels back, the gap on record."""
    peers, port, program, window = open_window(case, 'Restart', *QUICK)
    for channel in ('news', 'presence-room'):
        window.subscribe(channel)
        peers.wait_occupied(channel)
    peers.tell('publish', channel='news', event='before', data={})
    window.events.row('news', 'before')

    peers.tell('kill')
    window.wait_state('Connecting', 'Unavailable')
    window.wait_state('Unavailable')
    peers.tell('start', port=port)
    window.wait_state('Connected')
    for channel in ('news', 'presence-room'):
        peers.wait_occupied(channel)
    peers.tell('publish', channel='news', event='after', data={})
    window.events.row('news', 'after')
    gap = window.events.row('gap')
    if not re.search('missed', gap.name):
        raise AssertionError(f'the gap row says only {gap.name!r}')

    window.show_view('Connection')
    for state in ('Connecting', 'Unavailable', 'Connected'):
        window.wait_text(f'^{state}')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_watch, test_client_events, test_restart]))
