# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader sees: the accessibility bus, without a cache in between.

libatspi keeps what it once read; a test must see what is there now, and how long the answer took.
So this speaks the bus' own interface (org.a11y.atspi.*). An object that went away raises Gone."""
import contextlib
import re

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

PREFIX = 'org.a11y.atspi.'
REGISTRY = PREFIX + 'Registry'
ROOT = '/org/a11y/atspi/accessible/root'
PROPERTIES = 'org.freedesktop.DBus.Properties'
CALL_MSEC = 20000

# The words of the window's contract, in the roles of the accessibility bus.
ROLES = {
    'button': ('PUSH_BUTTON', 'TOGGLE_BUTTON', 'PUSH_BUTTON_MENU'),
    'tab': ('PAGE_TAB', 'TOGGLE_BUTTON', 'RADIO_BUTTON'),
    'label': ('LABEL', 'STATIC', 'STATUS_BAR'),
    'entry': ('ENTRY', 'TEXT', 'PASSWORD_TEXT'),
    'text': ('TEXT',),
    'switch': ('CHECK_BOX', 'TOGGLE_BUTTON', 'SWITCH'),
    'list': ('LIST', 'LIST_BOX', 'TREE', 'TREE_TABLE', 'TABLE'),
    'table': ('TREE_TABLE', 'TABLE'),
    'row': ('LIST_ITEM', 'TABLE_ROW', 'TREE_ITEM'),
    'cell': ('TABLE_CELL',),
    'frame': ('FRAME', 'WINDOW', 'DIALOG', 'ALERT'),
    'image': ('IMAGE', 'ICON'),
    'spin button': ('SPIN_BUTTON',),
    'menu item': ('MENU_ITEM', 'CHECK_MENU_ITEM', 'RADIO_MENU_ITEM'),
}


def role_numbers(words):
    """'button' or 'button|label' as a set of the bus' numbers."""
    names = [name for word in words.split('|') for name in ROLES[word]]
    return {int(getattr(Atspi.Role, name)) for name in names if hasattr(Atspi.Role, name)}


class Gone(Exception):
    """The object, or its program, is not there any more."""


class Slow(Exception):
    """No answer in time."""


_bus = None


def bus():
    global _bus
    if _bus is None:
        session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None,
                                    GLib.VariantType('(s)'), 0, CALL_MSEC, None).unpack()[0]
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        _bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
    return _bus


def _call(name, path, interface, method, arguments, msec):
    try:
        return bus().call_sync(name, path, interface, method, arguments, None, 0, msec, None).unpack()
    except GLib.Error as error:
        if error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT):
            raise Slow(f'{method} on {path}: no answer within {msec} ms') from error
        raise Gone(f'{method} on {path}: {error.message}') from error


class Node:
    """One accessible object. Every access asks the program anew."""

    def __init__(self, name, path):
        self.owner = name
        self.path = path

    def __eq__(self, other):
        return isinstance(other, Node) and (self.owner, self.path) == (other.owner, other.path)

    def __hash__(self):
        return hash((self.owner, self.path))

    def __repr__(self):
        try:
            return f'[{self.role_name}] {self.name!r}'
        except (Gone, Slow):
            return f'[gone] {self.path}'

    def call(self, interface, method, arguments=None, msec=CALL_MSEC):
        return _call(self.owner, self.path, PREFIX + interface, method, arguments, msec)

    def get(self, interface, prop, msec=CALL_MSEC):
        return _call(self.owner, self.path, PROPERTIES, 'Get',
                     GLib.Variant('(ss)', (PREFIX + interface, prop)), msec)[0]

    @property
    def name(self):
        return self.get('Accessible', 'Name')

    @property
    def description(self):
        return self.get('Accessible', 'Description')

    @property
    def role(self):
        return self.call('Accessible', 'GetRole')[0]

    @property
    def role_name(self):
        return Atspi.role_get_name(Atspi.Role(self.role))

    @property
    def states(self):
        low, high = self.call('Accessible', 'GetState')[0]
        return low | high << 32

    def has_state(self, name):
        return bool(self.states >> int(getattr(Atspi.StateType, name)) & 1)

    @property
    def showing(self):
        """GTK before 4.10 tells SHOWING of windows only; what was never laid out has no size."""
        if self.has_state('SHOWING'):
            return True
        _, _, width, height = self.extents
        return self.has_state('VISIBLE') and width > 0 and height > 0

    @property
    def sensitive(self):
        return self.has_state('SENSITIVE')

    @property
    def parent(self):
        return Node(*self.get('Accessible', 'Parent'))

    @property
    def children(self):
        return [Node(*child) for child in self.call('Accessible', 'GetChildren')[0]
                if child[1] != '/org/a11y/atspi/null']

    @property
    def interfaces(self):
        return [name.removeprefix(PREFIX) for name in self.call('Accessible', 'GetInterfaces')[0]]

    @property
    def text(self):
        count = self.get('Text', 'CharacterCount')
        return self.call('Text', 'GetText', GLib.Variant('(ii)', (0, count)))[0]

    @text.setter
    def text(self, value):
        if not self.call('EditableText', 'SetTextContents', GLib.Variant('(s)', (value,)))[0]:
            raise AssertionError(f'{self!r} does not take text')

    @property
    def value(self):
        return self.get('Value', 'CurrentValue')

    @value.setter
    def value(self, value):
        _call(self.owner, self.path, PROPERTIES, 'Set',
              GLib.Variant('(ssv)', (PREFIX + 'Value', 'CurrentValue', GLib.Variant('d', value))), CALL_MSEC)

    def insert(self, value):
        """At the end of what is there, as one who types on."""
        count = self.get('Text', 'CharacterCount')
        self.call('EditableText', 'InsertText', GLib.Variant('(isi)', (count, value, len(value))))

    def act(self, number=0):
        if not self.call('Action', 'DoAction', GLib.Variant('(i)', (number,)))[0]:
            raise AssertionError(f'{self!r} does nothing')

    def focus(self):
        return self.call('Component', 'GrabFocus')[0]

    @property
    def extents(self):
        """(x, y, width, height) in its window."""
        return self.call('Component', 'GetExtents', GLib.Variant('(u)', (1,)))[0]

    def walk_broad(self):
        """What is in it and not hidden, nearest first, without the insides of tables."""
        level = [self]
        while level:
            below = []
            for node in level:
                with contextlib.suppress(Gone):
                    for child in node.children:
                        if child.has_state('VISIBLE'):
                            yield child
                            below.append(child)
            level = [node for node in below if not node.is_table()]

    def is_table(self):
        try:
            return self.role in TABLES
        except Gone:
            return True

    def walk(self, hidden=False, into_tables=True, depth=0):
        """(object, depth) of what is in it, depth first, without what is hidden. Tables are long:
        their insides can be left out."""
        try:
            children = self.children
        except Gone:
            return
        for child in children:
            try:
                if not hidden and not child.has_state('VISIBLE'):
                    continue
                yield child, depth
                if not into_tables and child.role in TABLES:
                    continue
            except Gone:
                continue
            yield from child.walk(hidden, into_tables, depth + 1)


def matcher(name):
    """A name is a text, a compiled expression, a function, or None for any."""
    if name is None or callable(name):
        return name or (lambda _: True)
    if isinstance(name, re.Pattern):
        return lambda text: name.search(text) is not None
    return lambda text: text == name


TABLES = role_numbers('table')


def search(root, role=None, name=None, showing=True, into_tables=False):
    """The objects in root with that role ('button|label') and name, one after the other."""
    numbers = role_numbers(role) if role else None
    matches = matcher(name)
    for node, _ in root.walk(not showing, into_tables):
        try:
            if name is not None and not matches(node.name):
                continue
            if numbers is not None and node.role not in numbers:
                continue
            if showing and not node.showing:
                continue
        except Gone:
            continue
        yield node


def applications():
    """The programs on the accessibility bus."""
    return Node(REGISTRY, ROOT).children


def process_of(node):
    return _call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                 'GetConnectionUnixProcessID', GLib.Variant('(s)', (node.owner,)), CALL_MSEC)[0]


def dump(root):
    """The tree as text: for the log of a test that failed."""
    lines = []
    shown = ('FOCUSED', 'SELECTED', 'CHECKED', 'PRESSED', 'EXPANDED', 'VISIBLE', 'SENSITIVE')
    for node, depth in [(root, -1), *root.walk(hidden=True)]:
        try:
            text = ''
            try:
                text = f' text={node.text!r}'
            except Gone:
                pass
            states = ' '.join(state.lower() for state in shown if node.has_state(state))
            description = f' ({node.description})' if node.description else ''
            lines.append(f'{"  " * (depth + 1)}[{node.role_name}] {node.name!r}{text}{description} {states}')
        except (Gone, Slow) as error:
            lines.append(f'{"  " * (depth + 1)}[{error}]')
    return '\n'.join(lines)
