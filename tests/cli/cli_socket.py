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
        self.file = connection.makefile('rb')

    def upgrade(self):
        key = b''
        while (line := self.file.readline().strip()):
            if line.lower().startswith(b'sec-websocket-key:'):
                key = line.split(b':', 1)[1].strip()
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

    def send(self, message):
        self._frame(1, json.dumps(message).encode())

    def close(self, code):
        self._frame(8, struct.pack('>H', code))
        self.read()

    def greet(self):
        self.send({'event': 'pusher:connection_established',
                   'data': '{"socket_id":"1.1","activity_timeout":120}'})

    def read(self):
        """The next message; None once the client closes."""
        head = self.file.read(2)
        if len(head) < 2 or head[0] & 15 == 8:
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
    def __init__(self, test, serve):
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
                    client.upgrade()
                    self.serve(client)
                except OSError:
                    pass

    def _stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(cli.DEADLINE)
