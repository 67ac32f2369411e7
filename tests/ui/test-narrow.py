#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window at 360 × 640: nothing is cut, with names as long as they may be."""
import sys

import scope_ui as ui

WIDTH, HEIGHT = 360, 640
VIEWS = ('Events', 'Presence', 'Connection', 'Publish', 'Statistics')
CONTROLS = 'button|tab|entry'


def cut(window):
    """Controls that end beyond the window's edge, though their neighbours do not scroll."""
    found = []
    for node in window.all(CONTROLS):
        with ui.contextlib.suppress(ui.Gone):
            x, _, width, _ = node.extents
            if node.showing and x + width > WIDTH:
                found.append((node.name, x, width))
    return found


def open_narrow(case, **environment):
    program = case.program('--demo', **environment)
    window = program.window
    window.wait_state('Connected')
    window.activate()
    window.resize(WIDTH, HEIGHT)
    return program, window


def check_views(window):
    for view in VIEWS:
        window.show_view(view)
        ui.until(lambda: not cut(window), f'nothing is cut in {view}: {cut(window)}')


def test_views(case):
    """Every view fits."""
    program, window = open_narrow(case)
    check_views(window)
    program.quit()


def test_large_text(case):
    """Where the names of the views have no room they are icons, called the same."""
    program, window = open_narrow(case, GDK_DPI_SCALE='1.2')
    tabs = [window.find('tab', name) for name in VIEWS]
    ui.until(lambda: all(x + width <= WIDTH for x, _, width, _ in (tab.extents for tab in tabs)), 'all tabs fit')
    for name in VIEWS:
        window.show_view(name)
    program.quit()


def test_toast(case):
    """A toast's sentence stands in several lines, and its button beside it."""
    program, window = open_narrow(case)
    ui.key('ctrl+k')
    text = window.find('label', 'View cleared; the recording is kept')
    undo = window.find('button', ui.re.compile('^Undo'))
    ui.until(lambda: text.extents[0] + text.extents[2] <= undo.extents[0], 'the text ends before the button')
    x, _, width, _ = undo.extents
    ui.equal(x + width <= WIDTH, True, 'the button is in the window')
    program.quit()


def lines(node):
    """Where it begins and ends, from above."""
    _, y, _, height = node.extents
    return y, y + height


def is_in_sight(table, row):
    above, below = lines(table.body)
    first, last = lines(row)
    return above <= first and last <= below


def test_fold(case):
    """The inspector folds below the log: some rows are left, the selected one among them."""
    server, program, window = case.watch('Fold', 'mine')
    window.activate()
    window.resize(1260, 700)
    for n in range(40):
        server.publish('mine', f'dig.{n}', {'n': n})
    table = window.events
    table.row('dig.39')
    ui.until(table.at_end, 'the last of them in sight')
    table.select('dig.38')
    row = table.row('dig.38')
    inspector = window.find('tab', 'Pretty')
    ui.until(lambda: lines(inspector)[0] < lines(table.body)[0] + 100, 'the inspector stands beside the log')
    width = inspector.extents[2]

    window.resize(860, 640)
    ui.until(lambda: lines(inspector)[0] > lines(table.body)[1], 'it stands below')
    ui.until(lambda: is_in_sight(table, row), 'the selected row is in sight')
    above, below = lines(table.node)
    ui.equal(below - above >= 200, True, f'room for the log: {below - above}')
    window.resize(1260, 700)
    ui.until(lambda: inspector.extents[2] == width, 'it is as wide as it was')
    ui.until(lambda: is_in_sight(table, row), 'the selected row is in sight')
    program.quit()


if __name__ == '__main__':
    sys.exit(ui.main([test_views, test_large_text, test_toast, test_fold]))
