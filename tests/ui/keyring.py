#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""keyring.py lock|unlock|locked: locks or unlocks the session's keyring without any prompt."""
import sys

from gi.repository import Gio, GLib

SERVICE = 'org.freedesktop.secrets'
ROOT = '/org/freedesktop/secrets'
COLLECTION = ROOT + '/collection/login'
INTERNAL = 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface'
BUS = Gio.bus_get_sync(Gio.BusType.SESSION, None)  # kept: the service's session ends with it


def call(path, interface, method, arguments, reply=None):
    return BUS.call_sync(SERVICE, path, interface, method, arguments,
                              GLib.VariantType(reply) if reply else None, 0, 30000, None)


def unlock(password):
    session = call(ROOT, 'org.freedesktop.Secret.Service', 'OpenSession',
                   GLib.Variant('(sv)', ('plain', GLib.Variant('s', ''))), '(vo)').unpack()[1]
    secret = (session, b'', password.encode(), 'text/plain')
    call(ROOT, INTERNAL, 'UnlockWithMasterPassword',
         GLib.Variant('(o(oayays))', (COLLECTION, secret)))


def lock():
    call(ROOT, 'org.freedesktop.Secret.Service', 'Lock', GLib.Variant('(ao)', ([COLLECTION],)))


def is_locked():
    return call(COLLECTION, 'org.freedesktop.DBus.Properties', 'Get',
                GLib.Variant('(ss)', ('org.freedesktop.Secret.Collection', 'Locked'))).unpack()[0]


def main():
    if sys.argv[1] == 'lock':
        lock()
    elif sys.argv[1] == 'unlock':
        unlock(sys.argv[2] if len(sys.argv) > 2 else 'test')
    elif sys.argv[1] == 'locked':
        print(is_locked())
    else:
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())
