#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""growth.py BUILD_DIR [SVG]: what an event costs as a capture grows from 10,000 to 10,000,000 of them.

Prints a line for each size; with SVG draws them, each quantity as a share of what it is for 1,000,000 events: a level
line is a constant cost. tests/bench/growth.svg was made so."""
import math
import os
import subprocess
import sys
import tempfile
import time

SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]
ROUNDS = 3
REFERENCE = 1_000_000
# key, legend, colour, dash
SERIES = [
    ('record', 'recording: µs', '#1c71d8', ''),
    ('open', 'opening, until all can be scrolled: µs of CPU', '#c64600', '8 4'),
    ('memory', 'memory: bytes', '#26a269', '2 4'),
    ('file', 'file: bytes', '#813d9c', '12 4 2 4'),
]


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=600).stdout.split()


def open_figures(program, capture):
    """Seconds of CPU, KiB in memory."""
    _, _, _, cpu, _, kib = run(program, 'open', capture)
    return float(cpu), float(kib)


def measure(program, directory, events, empty):
    """Of one event: each quantity's least of some rounds, less what a capture of one event takes."""
    capture = os.path.join(directory, f'{events}.channelscope')
    records, opens = [], []
    for _ in range(ROUNDS if events <= REFERENCE else 1):
        if os.path.exists(capture):
            os.remove(capture)
        started = time.monotonic()
        run(program, 'make', capture, str(events))
        records.append(time.monotonic() - started)
    for _ in range(ROUNDS):
        opens.append(open_figures(program, capture))
    size = os.path.getsize(capture)
    os.remove(capture)
    cpu, kib = min(cpu for cpu, _ in opens), min(kib for _, kib in opens)
    if empty is None:
        return {'record': min(records), 'open': cpu, 'memory': kib, 'file': size}
    return {
        'record': (min(records) - empty['record']) / events * 1e6,
        'open': (cpu - empty['open']) / events * 1e6,
        'memory': (kib - empty['memory']) * 1024 / events,
        'file': (size - empty['file']) / events,
    }


def svg(rows):
    width, height, left, top, bottom = 760, 430, 60, 30, 50
    inner_w, inner_h, most = width - left - 30, height - top - bottom - 100, 2.0

    def x(events):
        return left + inner_w * (math.log10(events) - 4) / 3

    def y(share):
        return top + inner_h * (1 - min(share, most) / most)

    reference = dict(rows)[REFERENCE]
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
           'font-size="13">', f'<rect width="{width}" height="{height}" fill="white"/>']
    for share in (0, 0.5, 1, 1.5, 2):
        out.append(f'<line x1="{left}" x2="{left + inner_w}" y1="{y(share):.1f}" y2="{y(share):.1f}" stroke="#ddd"/>'
                   f'<text x="{left - 8}" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for events in (10_000, 100_000, 1_000_000, 10_000_000):
        out.append(f'<text x="{x(events):.1f}" y="{top + inner_h + 20}" text-anchor="middle">{events:,}</text>')
    out.append(f'<text x="{left + inner_w / 2}" y="{top + inner_h + 40}" text-anchor="middle">events</text>')
    for i, (key, legend, colour, dash) in enumerate(SERIES):
        points = ' '.join(f'{x(n):.1f},{y(row[key] / reference[key]):.1f}' for n, row in rows)
        place = top + inner_h + 62 + 20 * i
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
                   f'stroke-dasharray="{dash}"/>'
                   f'<line x1="{left}" x2="{left + 40}" y1="{place}" y2="{place}" stroke="{colour}" '
                   f'stroke-width="2" stroke-dasharray="{dash}"/>'
                   f'<text x="{left + 50}" y="{place + 4}">{legend} an event '
                   f'({reference[key]:.2f} for {REFERENCE:,})</text>')
    out.append('</svg>\n')
    return '\n'.join(out)


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    program = os.path.join(os.path.abspath(sys.argv[1]), 'tests', 'bench', 'bench-search')
    rows = []
    with tempfile.TemporaryDirectory(prefix='scope-bench-') as directory:
        empty = measure(program, directory, 1, None)
        print(f'{"events":>12} {"record µs":>10} {"open µs":>10} {"memory B":>10} {"file B":>10}')
        for events in SIZES:
            row = measure(program, directory, events, empty)
            rows.append((events, row))
            print(f'{events:>12,} {row["record"]:>10.3f} {row["open"]:>10.3f} {row["memory"]:>10.1f} '
                  f'{row["file"]:>10.1f}', flush=True)
    if len(sys.argv) == 3:
        with open(sys.argv[2], 'w', encoding='utf-8') as file:
            file.write(svg(rows))


if __name__ == '__main__':
    main()
