#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted events: locked and unlocked, in words; the ciphertext is never lost."""
import base64
import ctypes
import ctypes.util
import hashlib
import json
import os
import sys

import scope_ui as ui

CHANNEL = 'private-encrypted-orders'
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()


def encrypt(channel, plain, master_key=MASTER_KEY):
    """The data of an event as the server libraries make it: secretbox with the channel's key."""
    sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
    key = hashlib.sha256(channel.encode() + base64.b64decode(master_key)).digest()
    nonce = os.urandom(24)
    box = ctypes.create_string_buffer(len(plain) + 16)
    ui.equal(sodium.crypto_secretbox_easy(box, plain, ctypes.c_ulonglong(len(plain)), nonce, key), 0, 'secretbox')
    return json.dumps({'nonce': base64.b64encode(nonce).decode(), 'ciphertext': base64.b64encode(box.raw).decode()})


def open_window(case, **secrets):
    return case.watch('Encrypted', CHANNEL, **secrets)


def read_tab(window, tab, name):
    window.click(tab, 'tab')
    return window.find('text', name)


def test_unlocked(case):
    """With the key: the plaintext is shown, and the ciphertext under Raw."""
    server, program, window = open_window(case, master_key=MASTER_KEY)
    secret = encrypt(CHANNEL, b'{"total":42}')
    server.publish(CHANNEL, 'order.paid', secret)
    row = window.events.row(CHANNEL, 'order.paid', 'Unlocked')
    ui.until(lambda: any('"total"' in cell for cell in window.events.cells(row)), 'the plaintext in the log')
    window.events.select('order.paid')
    window.wait_text(r'^Unlocked: encrypted from end to end')
    payload = read_tab(window, 'Pretty', 'Payload')
    ui.until(lambda: json.loads(payload.text) == {'total': 42}, 'the plaintext')
    raw = read_tab(window, 'Raw', 'Raw Payload')
    ui.until(lambda: raw.text == secret, 'the ciphertext')

    other = base64.b64encode(bytes(32)).decode()
    server.publish(CHANNEL, 'order.strange', encrypt(CHANNEL, b'{"total":1}', other))
    window.events.row(CHANNEL, 'order.strange', 'Locked')
    program.quit()


def test_locked(case):
    """Without a key: the row says that it is locked, the inspector why."""
    server, program, window = open_window(case)
    secret = encrypt(CHANNEL, b'{"total":42}')
    server.publish(CHANNEL, 'order.paid', secret)
    row = window.events.row(CHANNEL, 'order.paid', 'Locked')
    ui.until(lambda: any('ciphertext' in cell for cell in window.events.cells(row)), 'the ciphertext in the log')
    window.events.select('order.paid')
    window.wait_text(r'^Locked: .*encryption master key')
    raw = read_tab(window, 'Raw', 'Raw Payload')
    ui.until(lambda: raw.text == secret, 'the ciphertext')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_unlocked, test_locked]))
