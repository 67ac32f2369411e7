#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""summary.py TROUBLE LOG...: adds up the results of several meson test runs.

LOG is meson-logs/NAME, with NAME.json and NAME.junit.xml beside it. A TAP program counts with each
of its cases, any other test as one. TROUBLE is 1 if a step outside the tests went wrong (a build).
The last line is the sum; the exit status is 1 if anything failed, or if nothing ran."""
import collections
import json
import sys
import xml.etree.ElementTree as ElementTree

FINE = ('OK', 'EXPECTEDFAIL')


def tap_cases(log):
    """The cases of each TAP program of a run, by the program's name in the JSON log."""
    cases = collections.defaultdict(list)
    for suite in ElementTree.parse(log + '.junit.xml').getroot().iter('testsuite'):
        for case in suite.iter('testcase'):
            if case.find('failure') is not None or case.find('error') is not None:
                state = 'failed'
            else:
                state = 'skipped' if case.find('skipped') is not None else 'passed'
            cases[suite.get('name')].append((state, case.get('name')))
    return {name.split('.', 1)[-1]: found for name, found in cases.items() if '.' in name}


def run_results(log):
    """(state, name) of everything in one run."""
    cases = tap_cases(log)
    with open(log + '.json', encoding='utf-8') as lines:
        for test in map(json.loads, filter(str.strip, lines)):
            name, result = test['name'], test['result']
            found = cases.get(name, [])
            for state, case in found:
                yield state, f'{name}: {case}'
            if result not in FINE + ('SKIP',):
                # Also a program that died after cases which all were fine.
                if not any(state == 'failed' for state, _ in found):
                    yield 'failed', f'{name}: {result.lower()}'
            elif not found:
                yield 'passed' if result in FINE else 'skipped', name


def remarks(log, lines=12):
    """What the failed cases of a run said before they failed, by (program, case)."""
    said, found = {}, []
    program = ''
    with open(log + '.txt', encoding='utf-8', errors='replace') as text:
        for line in text:
            if line.startswith('test:'):
                program, found = line[len('test:'):].strip(), []
            elif line.startswith('not ok'):
                said[f"{program}: {line.removeprefix('not ok').strip()}"] = found[-lines:]
                found = []
            elif line.startswith('ok'):
                found = []
            elif line.startswith('#'):
                found.append(line.rstrip())
    return said


def main():
    counts = collections.Counter()
    failures = []
    said = {}
    for log in sys.argv[2:]:
        where = log.replace('/meson-logs/', ' ')
        try:
            results = list(run_results(log))
        except FileNotFoundError:
            results = [('failed', 'no test was run')]
        except (OSError, ValueError, ElementTree.ParseError) as error:
            results = [('failed', f'no results ({error})')]
        if not results:
            results = [('failed', 'no test was run')]
        try:
            said.update((f'{where}: {name}', lines) for name, lines in remarks(log).items())
        except OSError:
            pass
        counts.update(state for state, _ in results)
        failures += [f'{where}: {name}' for state, name in results if state == 'failed']
    if sys.argv[1] != '0' and not failures:
        counts['failed'] += 1
        failures.append('a build or a test run did not finish')
    for failure in failures:
        print('FAILED', failure)
        for line in said.get(failure, []):
            print('   ', line)
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts['failed'] or not counts['passed'] else 0


if __name__ == '__main__':
    sys.exit(main())
