#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""growth.py BUILD_DIR [SVG]: what an event costs as a capture grows from 10,000 to 10,000,000 of them.
growth.py BUILD_DIR EVENTS…: measures these sizes only.
growth.py TABLE SVG: draws what such runs have printed.

Prints a line for each size: what the whole capture took. From one size to the next, the difference is what each of the
events between them has cost: what a program takes to start, and caches that fill once, are not of it. The plot shows
each quantity as a share of its median: a level line is a constant cost."""
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]
# key, legend, colors on light and dark, dash
SERIES = [
    ('record', 'recording: µs', '#1c71d8', '#78aeed', 'none'),
    ('open', 'opening, until all can be scrolled: µs of CPU', '#c64600', '#ffa348', '8 4'),
    ('memory', 'memory: bytes', '#1b7f4d', '#57e389', '2 4'),
    ('file', 'file: bytes', '#813d9c', '#dc8add', '12 4 2 4'),
]
HEAD = f'{"events":>12} {"record ms":>12} {"open ms":>12} {"memory KiB":>12} {"file KiB":>12}'
# of the units above to those of the legends
UNITS = {'record': 1e3, 'open': 1e3, 'memory': 1024, 'file': 1024}


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=600).stdout.split()


def rounds(events):
    """The fewer the events, the more a single run is disturbed by."""
    return 12 if events <= 30_000 else 5 if events <= 300_000 else 2 if events <= 1_000_000 else 1


def open_figures(program, capture):
    """Seconds of CPU, KiB in memory."""
    _, _, _, cpu, _, kib = run(program, 'open', capture)
    return float(cpu), float(kib)


def measure(program, directory, events):
    """Each quantity's least of some rounds."""
    capture = os.path.join(directory, f'{events}.channelscope')
    records = []
    for _ in range(rounds(events)):
        if os.path.exists(capture):
            os.remove(capture)
        started = time.monotonic()
        run(program, 'make', capture, str(events))
        records.append(time.monotonic() - started)
    opens = [open_figures(program, capture) for _ in range(rounds(events) + 1)]
    size = os.path.getsize(capture)
    os.remove(capture)
    return {'record': min(records) * 1e3, 'open': min(cpu for cpu, _ in opens) * 1e3,
            'memory': min(kib for _, kib in opens), 'file': size / 1024}


def measure_sizes(build, sizes):
    program = os.path.join(os.path.abspath(build), 'tests', 'bench', 'bench-search')
    rows = []
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix='scope-bench-') as directory:
        for events in sizes:
            row = measure(program, directory, events)
            rows.append((events, row))
            print(f'{events:>12,} {row["record"]:>12,.1f} {row["open"]:>12,.1f} {row["memory"]:>12,.0f} '
                  f'{row["file"]:>12,.0f}', flush=True)
    return rows


def costs_between(rows):
    """From, to, what an event between them has cost."""
    return [(before, events, {key: (row[key] - less[key]) * UNITS[key] / (events - before) for key in UNITS})
            for (before, less), (events, row) in zip(rows, rows[1:])]


def read_table(path):
    rows = []
    with open(path, encoding='utf-8') as table:
        for line in table:
            fields = line.replace(',', '').split()
            if len(fields) == 5 and fields[0].isdigit():
                rows.append((int(fields[0]), dict(zip(('record', 'open', 'memory', 'file'), map(float, fields[1:])))))
    return sorted(rows)


def style():
    light = ''.join(f'.{key}{{stroke:{color};stroke-dasharray:{dash}}}' for key, _, color, _, dash in SERIES)
    dark = ''.join(f'.{key}{{stroke:{color}}}' for key, _, _, color, _ in SERIES)
    return ('<style>text{fill:#241f31}.page{fill:#fff}.grid{stroke:#ddd}.line{fill:none;stroke-width:2}' + light +
            '@media(prefers-color-scheme:dark){text{fill:#eee}.page{fill:#1e1e1e}.grid{stroke:#444}' + dark +
            '}</style>')


def svg(rows):
    width, height, left, top, bottom = 800, 466, 60, 30, 86
    inner_w, inner_h, most = width - left - 70, height - top - bottom - 100, 2.0

    def x(events):
        return left + inner_w * (math.log10(events) - 4) / 3

    def y(share):
        return top + inner_h * (1 - min(share, most) / most)

    costs = costs_between(rows)
    reference = {key: statistics.median(cost[key] for _, _, cost in costs) for key in UNITS}
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
           'font-size="13">', style(), f'<rect class="page" width="{width}" height="{height}"/>',
           f'<text x="{left}" y="18">What each further event costs, as a share of its median</text>']
    for share in (0, 0.5, 1, 1.5, 2):
        out.append(f'<line class="grid" x1="{left}" x2="{left + inner_w}" y1="{y(share):.1f}" y2="{y(share):.1f}"/>'
                   f'<text x="{left - 8}" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for events in (10_000, 100_000, 1_000_000, 10_000_000):
        out.append(f'<text x="{x(events):.1f}" y="{top + inner_h + 20}" text-anchor="middle">{events:,}</text>')
    out.append(f'<text x="{left + inner_w / 2}" y="{top + inner_h + 40}" text-anchor="middle">events</text>')
    for i, (key, legend, *_) in enumerate(SERIES):
        points = ' '.join(f'{x(begin):.1f},{y(cost[key] / reference[key]):.1f} '
                          f'{x(end):.1f},{y(cost[key] / reference[key]):.1f}' for begin, end, cost in costs)
        place = top + inner_h + 62 + 20 * i
        out.append(f'<polyline class="line {key}" points="{points}"/>'
                   f'<line class="line {key}" x1="{left}" x2="{left + 40}" y1="{place}" y2="{place}"/>'
                   f'<text x="{left + 50}" y="{place + 4}">{legend} an event '
                   f'(median {reference[key]:.2f})</text>')
    out.append(f'<text x="{left}" y="{height - 28}" font-size="11">The difference of two captures by the number of '
               'events between them, so without what starting takes.</text>'
               f'<text x="{left}" y="{height - 12}" font-size="11">Made by tests/bench/growth.py.</text>')
    out.append('</svg>\n')
    return '\n'.join(out)


def main():
    arguments = sys.argv[1:]
    if not arguments:
        raise SystemExit(__doc__)
    if os.path.isfile(arguments[0]):
        rows = read_table(arguments[0])
    else:
        sizes = [int(argument) for argument in arguments[1:] if re.fullmatch(r'\d+', argument)]
        rows = measure_sizes(arguments[0], sizes or SIZES)
    for begin, end, cost in costs_between(rows):
        print(f'from {begin:,} to {end:,}, an event: record {cost["record"]:.2f} µs, open {cost["open"]:.2f} µs of CPU, '
              f'memory {cost["memory"]:.1f} bytes, file {cost["file"]:.1f} bytes')
    if arguments[-1].endswith('.svg'):
        with open(arguments[-1], 'w', encoding='utf-8') as file:
            file.write(svg(rows))


if __name__ == '__main__':
    main()
