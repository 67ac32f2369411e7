#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""drag-source.py FILE: another program's window, from which FILE can be dragged."""
import sys

import gi

gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, Gtk  # noqa: E402  (after the version)


def show(application):
    source = Gtk.DragSource()
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(sys.argv[1])])
    source.set_content(Gdk.ContentProvider.new_for_value(files))
    label = Gtk.Label(label='Drag me')
    label.add_controller(source)
    Gtk.ApplicationWindow(application=application, title='Drag source', child=label, default_width=120,
                          default_height=120, decorated=False).present()


application = Gtk.Application()
application.connect('activate', show)
application.run([])
