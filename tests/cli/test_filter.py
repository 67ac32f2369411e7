# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter language against a second, naive implementation: random filters over random events."""
import json
import random

import cli
import naive_filter as naive

EVENTS = 200
FILTERS = 100


def random_line(rand, number):
    data = naive.random_json(rand)
    line = {'time': f'2026-11-21T14:{rand.randint(0, 59):02d}:{rand.randint(0, 59):02d}.{number:06d}Z',
            'type': 'event', 'direction': rand.choice(['in', 'in', 'out'])}
    if rand.random() < 0.9:
        line['channel'] = rand.choice(naive.CHANNELS)
    line['event'] = rand.choice(naive.EVENTS)
    if rand.random() < 0.9:
        line['data'] = data
        line['raw'] = json.dumps(data, ensure_ascii=rand.random() < 0.5)
    if rand.random() < 0.3:
        line['user_id'] = rand.choice(naive.USERS)
    return line


class Filter(cli.TestCase):
    def record(self, rand):
        lines = self.path('random.ndjson')
        capture = self.path('random.channelscope')
        with open(lines, 'w', encoding='utf-8') as file:
            for number in range(EVENTS):
                file.write(json.dumps(random_line(rand, number), ensure_ascii=False) + '\n')
        result = self.run_cli('import', lines, capture)
        self.assertEqual((result.status, result.err), (0, ''))
        return capture

    def compare(self, seed):
        rand = random.Random(seed)
        capture = self.record(rand)
        events = self.run_cli('query', capture, '--format', 'ndjson').lines
        self.assertEqual(len(events), EVENTS)
        times = [line['time'] for line in rand.sample(events, 5)]
        found = 0
        for _ in range(FILTERS):
            question = naive.random_filter(rand, times)
            text = question.text()
            result = self.run_cli('query', capture, '--format', 'ndjson', '--filter', text)
            self.assertEqual(result.status, 0, f'{text}: {result.err}')
            expected = [line['time'] for line in events if question.of(line)]
            self.assertEqual([line['time'] for line in result.lines], expected, f'seed {seed}: {text}')
            found += 0 < len(expected) < EVENTS
        # the questions must tell events apart, or their agreement says nothing
        self.assertGreater(found, FILTERS // 3)

    def test_random_filters(self):
        """20,000 pairs of filter and event that are always the same."""
        self.compare(1)

    def test_other_random_filters(self):
        """As many that are others each time; what disagrees names its seed."""
        self.compare(random.randrange(2**32))


if __name__ == '__main__':
    cli.main()
