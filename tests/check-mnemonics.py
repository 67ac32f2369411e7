#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-mnemonics.py: no two texts of one menu, dialog or page claim the same letter, made in a .ui file or in C.

In English, and in each language of po/LINGUAS. Speaks TAP."""
import ast
import os
import re
import sys
import xml.etree.ElementTree as ET

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UI = os.path.join(ROOT, 'src', 'ui')
TEXT = r'\b_\s*\(\s*("(?:[^"\\]|\\.)*")\s*\)'
# A call that adds an item: f (_("_Label")… or f (menu, _("_Label")…; and one that adds buttons to a dialog.
ITEM = re.compile(r'\b(?:g_menu_item_new\s*\(\s*|\w+\s*\(\w+,\s*)' + TEXT)
RESPONSES = re.compile(r'\badw_message_dialog_add_responses\s*\((.*?)\);', re.DOTALL)
# A menu made in C that stands in one of a .ui file.
PARTS = {('scope-events-view.ui', 'menu row_menu'): 'scope-cell-filter.c'}


def read_po(path):
    """(context, msgid) → msgstr"""
    texts, entry, field = {}, {}, None
    with open(path, encoding='utf-8') as file:
        for line in [*file, '\n']:
            line = line.strip()
            match = re.match(r'(msgctxt|msgid|msgstr)\s+(".*")$', line)
            if match:
                field = match[1]
                if field == 'msgctxt' or (field == 'msgid' and 'msgstr' in entry):
                    entry = {}
                entry[field] = ast.literal_eval(match[2])
            elif line.startswith('"') and field:
                entry[field] += ast.literal_eval(line)
            elif line.startswith('msg'):
                field = None
            elif not line and 'msgstr' in entry:
                texts[entry.get('msgctxt'), entry['msgid']] = entry['msgstr']
                entry, field = {}, None
    return texts


def is_translatable(node):
    return node.get('translatable') == 'yes' and node.text


def scopes(path):
    """What shares its letters: each menu level, each page of a stack, and the rest of the template: (context, text,
    whether it can be hidden) of each."""
    def walk(node, found):
        if node.tag in ('menu', 'submenu') or (node.tag == 'object' and node.get('class') in (
                'GtkStackPage', 'AdwViewStackPage', 'AdwPreferencesPage', 'AdwLeafletPage', 'GtkPopover')):
            found = []
            scoped.append((f"{node.tag} {node.get('id') or node.get('class') or ''}".strip(), found))
        properties = {child.get('name'): child for child in node if child.tag == 'property'}
        is_label = node.tag == 'object' and (properties.get('use-underline') is not None
                                             and properties['use-underline'].text.lower() in ('true', 'yes', '1'))
        is_item = node.tag == 'item'
        # of two items that can be hidden, one is there instead of the other one
        hides = is_item and any(child.get('name') == 'hidden-when' for child in node)
        for child in node:
            name = child.get('name')
            if (is_label and name in ('label', 'title')) or (is_item and name == 'label'):
                if is_translatable(child):
                    found.append((child.get('context'), child.text, hides))
            walk(child, found)

    scoped = [('template', [])]
    walk(ET.parse(path).getroot(), scoped[0][1])
    return scoped


def texts_in_c(matches):
    return [(None, ast.literal_eval(text), False) for text in matches]


def scopes_in_c(path):
    """The same of a .c file: its menus, taken together, and each dialog with buttons of its own."""
    with open(path, encoding='utf-8') as file:
        source = file.read()
    scoped = [('responses', texts_in_c(re.findall(TEXT, call))) for call in RESPONSES.findall(source)]
    if re.search(r'\bg_menu_new \(', source):
        scoped.append(('menu', texts_in_c(ITEM.findall(source))))
    return scoped


def all_scopes():
    """(file, scope, texts) of everything that shares its letters."""
    for name in sorted(os.listdir(UI)):
        path = os.path.join(UI, name)
        if name.endswith('.c'):
            for scope, found in scopes_in_c(path):
                yield name, scope, found
        elif name.endswith('.ui'):
            for scope, found in scopes(path):
                part = PARTS.get((name, scope))
                more = dict(scopes_in_c(os.path.join(UI, part)))['menu'] if part else []
                yield name, scope, found + more


def letter(text):
    match = re.search(r'_([^_])', text.replace('__', ''))
    return match[1].casefold() if match else None


def clashes(texts, hide):
    owners = {}
    for text, hides in zip(texts, hide):
        if letter(text):
            owners.setdefault(letter(text), []).append((text, hides))
    return [f"{key}: {', '.join(text for text, _ in group)}" for key, group in owners.items()
            if len({text for text, _ in group}) > 1 and not all(hides for _, hides in group)]


def main():
    with open(os.path.join(ROOT, 'po', 'LINGUAS'), encoding='utf-8') as file:
        languages = {name: read_po(os.path.join(ROOT, 'po', name + '.po')) for name in file.read().split()}
    languages = {'en': {}, **languages}
    failed = 0
    print(f'1..{len(languages)}')
    for number, (language, texts) in enumerate(languages.items(), 1):
        wrong, n_texts, n_in_c = [], 0, 0
        for name, scope, found in all_scopes():
            shown = [texts.get(key[:2]) or key[1] for key in found]
            n_texts += sum(letter(text) is not None for text in shown)
            n_in_c += len(shown) if name.endswith('.c') else 0
            wrong += [f'{name}, {scope}: {clash}' for clash in clashes(shown, [key[2] for key in found])]
            if language != 'en':
                wrong += [f'{name}: “{text}” has lost the letter of “{key[1]}”'
                          for key, text in zip(found, shown) if letter(key[1]) and not letter(text)]
        if n_texts == 0 or n_in_c == 0:
            wrong.append('no mnemonic was found: is this still how they are written?')
        for line in wrong:
            print('#', line)
        print('not ok' if wrong else 'ok', number, f'- mnemonics are unique in {language} ({n_texts})')
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
