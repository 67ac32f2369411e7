#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-docstrings.py: each public function has a docstring in the gi-docgen form, above its definition, that
says something and names no parameter the function does not have."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / 'src'
COMMENT = re.compile(r'/\*.*?\*/', re.S)
BODY = re.compile(r'^\{.*?^\}', re.S | re.M)
DECLARATION = re.compile(r'^(?!static|typedef|return|G_)[\w ]+?[\s*]+(scope_\w+)\s*\(', re.M)
DOCSTRING = re.compile(r'/\*\*\n \* (_?scope_\w+):\n(.*?)\*/\n(?:[\w *]+\n)?\1 \((.*?)\)\n\{', re.S)
PARAMETER = re.compile(r'(\w+)(?:\[\w*\])?\s*(?:,|$)|\(\*(\w+)\)')
GENERATED = re.compile(r'_(get_type|quark)$')


def declared():
    """The public functions, and the header of each."""
    found = {}
    for header in sorted(ROOT.glob('*/*.h')):
        if header.name.endswith('-private.h'):
            continue
        text = BODY.sub('', COMMENT.sub('', header.read_text()))
        for match in DECLARATION.finditer(text):
            if not GENERATED.search(match.group(1)):
                found[match.group(1)] = header.relative_to(ROOT)
    return found


def documented():
    """The docstrings: of each function its text and its parameters."""
    found = {}
    for source in sorted(ROOT.glob('*/*.[ch]')):
        for name, text, parameters in DOCSTRING.findall(source.read_text()):
            found[name] = (text, {a or b for a, b in PARAMETER.findall(parameters)})
    return found


def check(number, name, problems):
    print(f'{"not " if problems else ""}ok {number} {name}', *problems[:5])
    for problem in problems[5:]:
        print(f'# {problem}')
    return bool(problems)


def main():
    functions = declared()
    docstrings = documented()
    lacking = [f'{header}: {name}' for name, header in functions.items() if name not in docstrings]
    empty, strange = [], []
    for name, (text, parameters) in docstrings.items():
        words = re.sub(r'^ \*( @\w+:?$)?', '', text, flags=re.M).strip()
        if not words:
            empty.append(name)
        strange += [f'{name}: @{word}' for word in re.findall(r'^ \* @(\w+):', text, re.M)
                    if word not in parameters]

    print('1..4')
    failed = check(1, 'there are public functions', [] if len(functions) > 500 else [f'only {len(functions)}'])
    failed |= check(2, 'each has a docstring', lacking)
    failed |= check(3, 'each docstring says something', empty)
    failed |= check(4, 'each parameter in one is the function\'s', strange)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
