# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that keeps what it was asked: request lines, headers, bodies and frames. It is whatever
the request makes of it: a WebSocket server, an authorization endpoint, a proxy, a server of the
transports over HTTP. Every wait has a deadline."""
import base64
import hashlib
import hmac
import json
import queue
import socket
import ssl
import threading
import time
import urllib.parse

import cli
import cli_socket

SECRET = 'app-secret'


def sign(text, secret=SECRET):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class Request:
    def __init__(self, head, body):
        lines = head.decode('utf-8').split('\r\n')
        self.method, self.target, _ = lines[0].split(' ', 2)
        self.headers = [tuple(line.split(': ', 1)) for line in lines[1:] if line]
        self.body = body.decode('utf-8')
        url = urllib.parse.urlsplit(self.target)
        self.path = url.path
        self.query = urllib.parse.parse_qsl(url.query, keep_blank_values=True)
        self.form = urllib.parse.parse_qsl(self.body, keep_blank_values=True)

    def values(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name):
        return (self.values(name) or [None])[0]

    def __repr__(self):
        return f'{self.method} {self.target} {self.headers} {self.body}'


class Recorder:
    """ws: what happens once a socket is open, as ws(client); the default greets and agrees."""

    def __init__(self, test, host='127.0.0.1', certificate=None, ws=None, silent=False):
        self.listener = socket.create_server((host, 0))
        self.host, self.port = self.listener.getsockname()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.ws = ws or self.agree
        self.silent = silent
        self.requests, self.frames = queue.Queue(), queue.Queue()
        self.connections, self.threads = [], []
        self.accepting = self._start(self._accept)
        test.addCleanup(self._stop)

    def connection(self, *more, key='k'):
        return ['--key', key, '--host', self.host, '--port', str(self.port),
                *([] if self.context else ['--no-tls']), '--transports', 'ws', *more]

    def url(self, path):
        return f"{'https' if self.context else 'http'}://{self.host}:{self.port}{path}"

    def request(self, path=None, deadline=cli.DEADLINE):
        """The next request; if a path is given, the next one whose path begins like that."""
        end = time.monotonic() + deadline
        while True:
            try:
                request = self.requests.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f'no request for {path or "anything"} came') from None
            if path is None or request.path.startswith(path):
                return request

    def frame(self, event, deadline=cli.DEADLINE):
        """The data of the next frame of that event."""
        end = time.monotonic() + deadline
        while True:
            try:
                message = self.frames.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f'no {event} came') from None
            if message['event'] == event:
                return message.get('data')

    def agree(self, client):
        client.greet()
        while (message := client.read()) is not None:
            self.frames.put(message)
            if message['event'] == 'pusher:subscribe':
                client.send({'event': 'pusher_internal:subscription_succeeded', 'data': '{}',
                             'channel': message['data']['channel']})
            elif message['event'] == 'pusher:signin':
                client.send({'event': 'pusher:signin_success',
                             'data': json.dumps({'user_data': message['data']['user_data']})})
            elif message['event'] == 'pusher:ping':
                client.send({'event': 'pusher:pong', 'data': '{}'})

    def _start(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        thread.start()
        self.threads.append(thread)
        return thread

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(cli.DEADLINE)
            self.connections.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection):
        try:
            if self.silent:
                connection.recv(1)
                return
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                self._serve_client(connection)
        except (OSError, ValueError):
            pass

    def _serve_client(self, connection):
        client = cli_socket.Client(connection)
        head = b''
        while (line := client.file.readline()) not in (b'\r\n', b''):
            head += line
        if not head:
            return
        length = [int(line.split(b':')[1]) for line in head.split(b'\r\n')
                  if line.lower().startswith(b'content-length:')]
        request = Request(head.strip(), client.file.read(length[0]) if length else b'')
        self.requests.put(request)
        if request.header('Upgrade'):
            key = request.header('Sec-WebSocket-Key').encode()
            accept = base64.b64encode(hashlib.sha1(key + cli_socket.GUID).digest())
            connection.sendall(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n'
                               b'Connection: Upgrade\r\nSec-WebSocket-Accept: '
                               + accept + b'\r\n\r\n')
            self.ws(client)
        else:
            self._answer(connection, request)

    def _answer(self, connection, request):
        asked = dict(request.query + request.form)
        status, text = '404 Not Found', 'nothing'
        if 'socket_id' in asked:
            status, text = '200 OK', json.dumps(self.authorize(request.path, asked))
        if 'callback' in asked:
            text = f"{asked['callback']}({text});"
        body = text.encode()
        connection.sendall(f'HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n'
                           f'Content-Length: {len(body)}\r\n\r\n'.encode() + body)

    def authorize(self, path, asked):
        if path.startswith('/user'):
            data = '{"id":"ann"}'
            return {'auth': 'k:' + sign(f"{asked['socket_id']}::user::{data}"), 'user_data': data}
        return {'auth': 'k:' + sign(f"{asked['socket_id']}:{asked['channel_name']}")}

    def _stop(self):
        for connection in [self.listener, *self.connections]:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.listener.close()
        for thread in self.threads:
            thread.join(cli.DEADLINE)
