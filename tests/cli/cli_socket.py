# SPDX-License-Identifier: GPL-3.0-or-later
"""A WebSocket server that says what a test wants: enough of RFC 6455 for short texts. Without
masking, as servers do; each client has a thread, which a deadline ends."""
import base64
import hashlib
import json
import socket
import struct
import threading

import cli

GUID = b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11'


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.closing = False
        self.file = connection.makefile('rb')

    def request(self):
        """Reads the request: its target and its headers, by their names in lower case."""
        words = self.file.readline().split()
        if len(words) != 3 or not words[2].startswith(b'HTTP/'):
            raise ConnectionError('no HTTP')  # a try with TLS
        self.target = words[1].decode()
        self.headers = {}
        while (line := self.file.readline().decode().strip()):
            name, value = line.split(':', 1)
            self.headers[name.lower()] = value.strip()

    def answer(self, status, body=''):
        """Refuses the upgrade."""
        self.connection.sendall(f'HTTP/1.1 {status} No\r\nContent-Length: {len(body)}\r\n'
                                f'Connection: close\r\n\r\n{body}'.encode())

    def upgrade(self):
        key = self.headers['sec-websocket-key'].encode()
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        self.connection.sendall(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n'
                                b'Connection: Upgrade\r\nSec-WebSocket-Accept: ' + accept +
                                b'\r\n\r\n')

    def _frame(self, opcode, payload):
        head = bytes([0x80 | opcode])
        if len(payload) < 126:
            head += bytes([len(payload)])
        else:
            head += b'\x7e' + struct.pack('>H', len(payload))
        self.connection.sendall(head + payload)

    def send_text(self, text):
        self._frame(1, text.encode())

    def send(self, message):
        self.send_text(json.dumps(message))

    def close(self, code=None, reason=''):
        """With a close frame, which may be empty; and waits for the client's."""
        self.closing = True
        self._frame(8, b'' if code is None else struct.pack('>H', code) + reason.encode())
        self.wait()

    def greet(self, **more):
        self.send({'event': 'pusher:connection_established',
                   'data': json.dumps({'socket_id': '1.1', 'activity_timeout': 120} | more)})

    def until(self, event):
        """The next message with this event; None once the client closes."""
        while (message := self.read()) is not None and message['event'] != event:
            pass
        return message

    def wait(self):
        """Until the client closes; pings are answered."""
        while (message := self.read()) is not None:
            if message['event'] == 'pusher:ping':
                self.send({'event': 'pusher:pong', 'data': {}})

    def read(self):
        """The next message; None once the client closes."""
        head = self.file.read(2)
        if len(head) < 2:
            return None
        if head[0] & 15 == 8:
            if not self.closing:
                self._frame(8, b'')
            return None
        length = head[1] & 127
        if length == 126:
            length = struct.unpack('>H', self.file.read(2))[0]
        mask = self.file.read(4)
        text = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.file.read(length)))
        return json.loads(text)

    def has_more(self, seconds):
        """Whether something comes within this time; what is buffered counts."""
        self.connection.settimeout(seconds)
        try:
            return self.file.peek(1) != b''
        except TimeoutError:
            # a buffered reader refuses to go on after a timeout
            self.file = self.connection.makefile('rb')
            return False
        finally:
            self.connection.settimeout(cli.DEADLINE)


class Server:
    def __init__(self, test, serve, upgrades=True):
        self.upgrades = upgrades
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.serve = serve
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        test.addCleanup(self._stop)

    def connection(self):
        return ['--key', 'k', '--host', '127.0.0.1', '--no-tls', '--port',
                str(self.listener.getsockname()[1])]

    def _run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(cli.DEADLINE)
            with connection:
                client = Client(connection)
                try:
                    client.request()
                    if self.upgrades:
                        client.upgrade()
                    self.serve(client)
                except OSError:
                    pass
                finally:
                    client.file.close()

    def _stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(cli.DEADLINE)
