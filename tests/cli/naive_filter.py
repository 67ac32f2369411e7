# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter language a second time, as plainly as it can be said: a random question, its text, and what it says of a
line of `query`. It shares nothing with the program but the contract."""
import datetime
import json
import operator
import re

TEXT_OPS = ['==', '!=', '<', '<=', '>', '>=', '^=', '$=', '*=', '~']
NUMBER_OPS = ['==', '!=', '<', '<=', '>', '>=']
MISSING = object()


def quote(text):
    return json.dumps(text, ensure_ascii=False)


def microseconds(text):
    moment = datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))
    return int((moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) / datetime.timedelta(microseconds=1))


def compare(op, there, wanted):
    if op == '^=':
        return there.startswith(wanted)
    if op == '$=':
        return there.endswith(wanted)
    if op == '*=':
        return wanted in there
    if op == '~':
        return re.search(wanted, there) is not None
    return {'==': operator.eq, '!=': operator.ne, '<': operator.lt, '<=': operator.le, '>': operator.gt,
            '>=': operator.ge}[op](there, wanted)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Field:
    """`channel`, `size`, `data.customer[0]."order-id"` …"""

    def __init__(self, name, steps=()):
        self.name, self.steps = name, steps

    def text(self):
        out = self.name
        for step in self.steps:
            if isinstance(step, int):
                out += f'[{step}]'
            else:
                out += '.' + (step if re.fullmatch(r'[A-Za-z0-9_]+', step) else quote(step))
        return out

    def of(self, line):
        if self.name == 'data':
            value = line.get('data', MISSING)
            for step in self.steps:
                if isinstance(step, int):
                    value = value[step] if isinstance(value, list) and step < len(value) else MISSING
                else:
                    value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
            return value
        key = {'user': 'user_id', 'kind': 'type', 'text': 'raw'}.get(self.name, self.name)
        value = line.get(key, MISSING)
        return microseconds(value) if self.name == 'time' else value


class Comparison:
    def __init__(self, field, op, value, ignore_case=False):
        self.field, self.op, self.value, self.ignore_case = field, op, value, ignore_case

    def value_text(self):
        if isinstance(self.value, str):
            return quote(self.value) + ('i' if self.ignore_case else '')
        return json.dumps(self.value)

    def text(self):
        return f'{self.field.text()} {self.op} {self.value_text()}'

    def of(self, line):
        there, wanted = self.field.of(line), self.value
        if self.field.name == 'time':
            return compare(self.op, there, microseconds(wanted))
        if isinstance(wanted, str):
            if not isinstance(there, str):
                return False
            if self.ignore_case and self.op == '~':
                return re.search(wanted, there, re.IGNORECASE) is not None
            if self.ignore_case:
                there, wanted = there.casefold(), wanted.casefold()
            return compare(self.op, there, wanted)
        if is_number(wanted):
            return is_number(there) and compare(self.op, there, wanted)
        # true, false, null
        if there is MISSING or type(there) is not type(wanted):
            return False
        return compare(self.op, there, wanted)


class Among:
    def __init__(self, field, values):
        self.questions = [Comparison(field, '==', value) for value in values]
        self.field = field

    def text(self):
        return f'{self.field.text()} in ({", ".join(one.value_text() for one in self.questions)})'

    def of(self, line):
        return any(one.of(line) for one in self.questions)


class Exists:
    def __init__(self, field):
        self.field = field

    def text(self):
        return f'{self.field.text()} exists'

    def of(self, line):
        return self.field.of(line) is not MISSING


class Words:
    def __init__(self, words):
        self.words = words

    def text(self):
        return ' '.join(self.words)

    def of(self, line):
        places = [line[key].casefold() for key in ('channel', 'event', 'user_id', 'raw') if key in line]
        return all(any(word.casefold() in place for place in places) for word in self.words)


class Not:
    def __init__(self, inner):
        self.inner = inner

    def text(self):
        inner = self.inner.text()
        return f'not ({inner})' if isinstance(self.inner, Both) else f'not {inner}'

    def of(self, line):
        return not self.inner.of(line)


class Both:
    """`and`, `or`: with no more parentheses than the language needs, so that its precedence is tried too."""

    def __init__(self, word, left, right):
        self.word, self.left, self.right = word, left, right

    def part_text(self, part):
        loose = self.word == 'and' and isinstance(part, Both) and part.word == 'or'
        return f'({part.text()})' if loose else part.text()

    def text(self):
        return f'{self.part_text(self.left)} {self.word} {self.part_text(self.right)}'

    def of(self, line):
        if self.word == 'and':
            return self.left.of(line) and self.right.of(line)
        return self.left.of(line) or self.right.of(line)


CHANNELS = ['private-order-7', 'private-order-12', 'presence-room', 'news', 'Grüße', 'a"b\\c']
EVENTS = ['order.paid', 'order.created', 'client-typing', 'Update']
USERS = ['42', 'ann', 'Ünal']
STRINGS = ['', 'Hamburg', 'hamburg', 'a "quoted" word', 'ann@example.com', 'Straße', 'STRASSE', '7', 'new\nline', 'π']
NUMBERS = [0, 1, -1, 7, 100, 100.5, 0.001, -2.5, 1e21, 12345678901234567890, 2**53, 1e-7, 10.0]
KEYS = ['total', 'customer', 'items', 'order-id', 'note', '[3]', 'ok']
PATTERNS = ['^order', 'r.er', '[0-9]+', 'a|H', '^$', 'burg$']
WORDS = ['order', 'ANN', 'hamburg', 'paid', 'room', 'total', 'nothing']


def random_scalar(rand):
    return rand.choice([rand.choice(STRINGS), rand.choice(NUMBERS), rand.random() < 0.5, None])


def random_json(rand, depth=0):
    kind = rand.random()
    if depth < 3 and kind < 0.35:
        return {key: random_json(rand, depth + 1) for key in rand.sample(KEYS, rand.randint(0, 5))}
    if depth < 3 and kind < 0.5:
        return [random_json(rand, depth + 1) for _ in range(rand.randint(0, 4))]
    return random_scalar(rand)


def random_path(rand):
    steps = []
    for _ in range(rand.choice([0, 1, 1, 1, 2, 2, 3])):
        steps.append(rand.choice(KEYS) if rand.random() < 0.8 else rand.randint(0, 3))
    return Field('data', steps)


def random_text_question(rand):
    name, values = rand.choice([('channel', CHANNELS), ('event', EVENTS), ('user', USERS), ('text', STRINGS),
                                ('direction', ['in', 'out']), ('kind', ['event', 'state'])])
    op = rand.choice(TEXT_OPS)
    value = rand.choice(PATTERNS) if op == '~' else rand.choice(values)
    if op in ('^=', '$=', '*='):
        value = value[:rand.randint(0, len(value))]
    return Comparison(Field(name), op, value, rand.random() < 0.3)


def random_question(rand, times):
    kind = rand.randint(0, 9)
    if kind < 3:
        return random_text_question(rand)
    if kind == 3:
        return Comparison(Field('size'), rand.choice(NUMBER_OPS), rand.choice([0, 60, 90, 100, 120, 200]))
    if kind == 4:
        return Comparison(Field('time'), rand.choice(NUMBER_OPS), rand.choice(times))
    if kind == 5:
        return Words(rand.sample(WORDS, rand.randint(1, 2)))
    field = random_path(rand)
    if kind == 6:
        return Exists(field)
    if kind == 7:
        return Among(field, [random_scalar(rand) for _ in range(rand.randint(1, 3))])
    value = random_scalar(rand)
    if isinstance(value, str):
        op = rand.choice(TEXT_OPS[:-1])
        return Comparison(field, op, value, rand.random() < 0.3)
    return Comparison(field, rand.choice(NUMBER_OPS if is_number(value) else ['==', '!=']), value)


def random_filter(rand, times, depth=0):
    kind = rand.random()
    if depth >= 3 or kind < 0.4:
        return random_question(rand, times)
    if kind < 0.55:
        return Not(random_filter(rand, times, depth + 1))
    return Both(rand.choice(['and', 'or']), random_filter(rand, times, depth + 1), random_filter(rand, times, depth + 1))
