# SPDX-License-Identifier: GPL-3.0-or-later
"""`export` and `import`: what leaves the program, and what comes back."""
import csv
import io
import json
import os
import signal
import stat
import subprocess
import time

import cli

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}


class Export(cli.TestCase):
    def record(self):
        """A capture with two client events and what stands around them."""
        server = self.serve()
        path = self.path('a.channelscope')
        watch = self.start('watch', *server.connection(), 'private-a', '--record', path, '--count', '2', **SECRET)
        watch.wait_line(type='subscription', channel='private-a', status='subscribed')
        for data in ('{"customer":{"email":"ann@example.com"},"total":12.50}', '{"total":3,"note":"for ann@example.com"}'):
            result = self.run_cli('trigger', '--client', *server.connection(), 'private-a', '--event', 'client-e',
                                  '--data', data, **SECRET)
            self.assertEqual(result.status, 0, result.err)
        self.finish(watch, 0)
        return path

    def test_imported_again_it_exports_the_same(self):
        capture = self.record()
        first = self.path('first.ndjson')
        again = self.path('again.ndjson')
        copy = self.path('copy.channelscope')
        self.assertEqual(self.run_cli('export', capture, '--to', 'ndjson', '--output', first).status, 0)
        self.assertEqual(stat.S_IMODE(os.stat(first).st_mode), 0o600)
        result = self.run_cli('import', first, copy)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(self.run_cli('export', copy, '--to', 'ndjson', '--output', again).status, 0)
        with open(first, 'rb') as one, open(again, 'rb') as other:
            lines = one.read()
            self.assertEqual(lines, other.read())
        queried = self.run_cli('query', capture, '--format', 'ndjson')
        self.assertEqual(queried.out.encode(), lines)
        self.assertIn(b'"raw":"{\\"customer\\":{\\"email\\":\\"ann@example.com\\"},\\"total\\":12.50}"', lines)

    def test_bookmarks_go_along(self):
        capture, lines = self.record(), self.path('marked.ndjson')
        marked = self.path('marked.channelscope')
        plain = self.run_cli('export', capture, '--to', 'ndjson').out.splitlines(True)
        event = next(i for i, line in enumerate(plain) if '"type":"event"' in line)
        plain[event] = plain[event][:-2] + ',"bookmark":true,"note":"ask ann@example.com"}\n'
        with open(lines, 'w', encoding='utf-8') as file:
            file.writelines(plain)
        self.assertEqual(self.run_cli('import', lines, marked).status, 0)
        self.assertEqual(self.run_cli('export', marked, '--to', 'ndjson').out, ''.join(plain))
        # `query` prints what was received, and CSV has no column for them
        queried = self.run_cli('query', marked, '--format', 'ndjson').out
        self.assertNotIn('bookmark', queried + self.run_cli('export', marked, '--to', 'csv').out)
        rules = self.path('rules')
        with open(rules, 'w', encoding='utf-8') as file:
            file.write('regex [a-z]+@[a-z.]+\n')
        result = self.run_cli('export', marked, '--to', 'ndjson', '--redact', '@' + rules)
        self.assertIn(',"bookmark":true,"note":"ask text-1"}\n', result.out)
        self.assertNotIn('ann@', result.out)

    def test_filter_and_columns(self):
        capture = self.record()
        result = self.run_cli('export', capture, '--to', 'csv', '--column', 'data.total', '--column',
                              'data.customer.email', '--filter', 'data.total > 5')
        self.assertEqual(result.status, 0, result.err)
        rows = [row for row in csv.DictReader(io.StringIO(result.out)) if row['type'] == 'event']
        self.assertEqual([(row['data.total'], row['data.customer.email']) for row in rows],
                         [('12.50', 'ann@example.com')])

    def test_many_are_queried(self):
        """More than are judged at once: what is not read is counted all the same."""
        lines = self.run_cli('query', self.record(), '--format', 'ndjson').lines
        event = next(line for line in lines if line['type'] == 'event')
        many = self.path('many.ndjson')
        with open(many, 'w', encoding='utf-8') as file:
            for i in range(20_000):
                raw = json.dumps({'n': i, 'word': 'rare' if i % 1000 == 999 else 'often'})
                file.write(json.dumps(dict(event, raw=raw, data=json.loads(raw))) + '\n')
        capture = self.path('many.channelscope')
        result = self.run_cli('import', many, capture)
        self.assertEqual(result.status, 0, result.err)
        for text, matched in (('data.word == "rare"', 20), ('data.n >= 8190 and data.n < 8194', 4),
                              ('RARE', 20), ('channel == "none"', 0), ('not rare', 19_980)):
            summary = self.run_cli('query', capture, '--summary', '--filter', text).lines[0]
            self.assertEqual((summary['events'], summary['matched']), (20_000, matched), text)
        # a time of day is one of the capture's day
        for day in ('2020-02-03', '2021-02-03'):
            other, old = self.path(day + '.ndjson'), self.path(day + '.channelscope')
            with open(other, 'w', encoding='utf-8') as file:
                for hour in (10, 12):
                    file.write(json.dumps(dict(event, time=f'{day}T{hour}:00:00.000000Z')) + '\n')
            self.assertEqual(self.run_cli('import', other, old).status, 0)
            summary = self.run_cli('query', old, '--summary', '--filter', 'time >= "11:00" and time < "13:00"', TZ='UTC')
            self.assertEqual(summary.lines[0]['matched'], 1, day)
        found = self.run_cli('query', capture, '--filter', 'rare', '--format', 'ndjson').lines
        self.assertEqual([line['data']['n'] for line in found], list(range(999, 20_000, 1000)))

    def test_redacted(self):
        capture = self.record()
        rules = self.path('rules')
        with open(rules, 'w', encoding='utf-8') as file:
            file.write('field email\nregex [a-z]+@example[.]com\n')
        result = self.run_cli('export', capture, '--to', 'ndjson', '--redact', '@' + rules)
        self.assertEqual(result.status, 0, result.err)
        self.assertNotIn('ann@', result.out)
        events = [json.loads(line) for line in result.out.splitlines() if '"type":"event"' in line]
        self.assertEqual(events[0]['data']['customer']['email'], 'email-1')
        self.assertEqual(events[1]['data']['note'], 'for email-1')
        self.assertEqual([event['redacted'] for event in events], [2, 2])
        self.assertIn('4 values hidden', result.err)

    def test_redacted_and_imported_again(self):
        """A placeholder may be longer than what it hides: the size stays that of the frame that came."""
        start = '{"time":"2026-11-21T14:05:0%d.113456Z","type":"event","direction":"in","channel":"a","event":"e",'
        lines = ''.join((start + '"data":{"name_of_the_customer":"%s"},"raw":"{\\"name_of_the_customer\\":\\"%s\\"}",'
                         '"size":%d}\n') % (i, 'x' * i, 'x' * i, size)
                        for i, size in enumerate((100, 80, 81, 1, 90000000)))
        capture, copy = self.path('a.channelscope'), self.path('b.channelscope')
        result = self.run_cli('import', self.write('made.ndjson', lines), capture)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(self.run_cli('export', capture, '--to', 'ndjson').out, lines)
        self.assertEqual([line['size'] for line in
                          self.run_cli('query', capture, '--filter', 'size < 81', '--format', 'ndjson').lines], [80, 1])

        redacted = self.run_cli('export', capture, '--to', 'ndjson', '--redact', 'field name_of_the_customer').out
        self.assertEqual(redacted.count('name_of_the_customer-'), 10)
        self.assertEqual(self.run_cli('import', self.write('redacted.ndjson', redacted), copy).status, 0)
        self.assertEqual(self.run_cli('export', copy, '--to', 'ndjson').out, redacted)

    def test_rules_add_up(self):
        capture = self.record()
        result = self.run_cli('export', capture, '--to', 'ndjson', '--redact', 'field email',
                              '--redact', 'regex [a-z]+@example[.]com')
        self.assertEqual(result.status, 0, result.err)
        self.assertNotIn('ann@', result.out)
        self.assertIn('4 values hidden', result.err)

    def test_mistakes(self):
        capture = self.record()
        for arguments, word in (((capture,), '--to'),
                                ((capture, '--to', 'xml'), 'xml'),
                                ((capture, '--to', 'csv', '--column', 'total'), 'total'),
                                ((capture, '--to', 'ndjson', '--column', 'data.total'), '--column'),
                                ((capture, '--to', 'ndjson', '--redact', 'email'), 'email'),
                                ((capture, '--to', 'ndjson', '--output', '/nowhere/at/all'), '/nowhere'),
                                ((self.path('none'), '--to', 'ndjson'), 'none')):
            result = self.run_cli('export', *arguments)
            self.assertNotEqual(result.status, 0)
            self.assertIn(word, result.err)
            self.assertEqual(result.out, '')

    def test_full_disk_and_early_end(self):
        capture = self.record()
        for output in ([], ['--output', '/dev/full']):
            with open('/dev/full', 'wb') as full:
                result = subprocess.run([cli.PROGRAM, 'export', capture, '--to', 'csv', *output], env=self.env,
                                        stdout=full, stderr=subprocess.PIPE, timeout=cli.DEADLINE, check=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn('“/dev/full”' if output else 'Standard output', result.stderr.decode())
            self.assertIn('No space left on device', result.stderr.decode())
            self.assertEqual(result.stderr.count(b'\n'), 1)

        reader, writer = os.pipe()
        os.close(reader)
        result = subprocess.run([cli.PROGRAM, 'export', capture, '--to', 'ndjson'], env=self.env, stdout=writer,
                                stderr=subprocess.PIPE, timeout=cli.DEADLINE, check=False)
        os.close(writer)
        self.assertEqual((result.returncode, result.stderr), (0, b''))

    def test_not_onto_the_capture_itself(self):
        capture = self.record()
        link = self.path('link.ndjson')
        os.symlink(capture, link)
        with open(capture, 'rb') as file:
            before = file.read()
        for output in (self.path('none/x'), self.place):
            self.assert_refused(['export', capture, '--to', 'ndjson', '--output', output], f'“{output}”')
        for output in (capture, link):
            self.assert_refused(['export', capture, '--to', 'ndjson', '--output', output], output)
            with open(capture, 'rb') as file:
                self.assertEqual(file.read(), before)

    def test_import_leaves_out_what_is_no_line(self):
        lines = self.path('lines')
        with open(lines, 'w', encoding='utf-8') as file:
            file.write('{"time":"2026-11-21T14:05:02.113456Z","type":"event","event":"a","size":13}\nnonsense\n')
        result = self.run_cli('import', lines, self.path('b.channelscope'))
        self.assertEqual(result.status, 1)
        self.assertIn('Line 2', result.err)
        cut = self.run_cli('import', self.write('cut', '\n{"time":"2026-11-21T14:05:02Z","type":"event","event":"a\\u0000b"}'),
                           self.path('cut.channelscope'))
        self.assertEqual(cut.status, 2)
        self.assertIn('Line 2 is left out: its “event” holds a NUL', cut.err)
        again = self.run_cli('import', lines, self.path('b.channelscope'))
        self.assertEqual(again.status, 2)
        self.assertIn('there already', again.err)
        self.assert_refused(['import', self.path('none'), self.path('c')], f'“{self.path("none")}” can’t be read')
        nothing = self.run_cli('import', self.write('nothing', 'nonsense\n'), self.path('d'))
        self.assertEqual(nothing.status, 2)
        self.assertFalse(os.path.exists(self.path('d')))

    def test_import_goes_where_it_is_told(self):
        lines = self.write('lines', '{"time":"2026-11-21T14:05:02.113456Z","type":"event","event":"a","size":13}\n')
        self.assert_refused(['import', lines, self.path('misspelt/a.channelscope')], f'“{self.path("misspelt")}”')
        self.assertFalse(os.path.exists(self.path('misspelt')))

    def test_pipe_nobody_writes_to(self):
        pipe = self.path('pipe')
        os.mkfifo(pipe)
        for arguments in (['import', pipe, self.path('a.channelscope')],
                          ['batch', pipe, '--key', 'k', '--app-id', '1', '--host', '127.0.0.1']):
            waiting = self.start(*arguments, **SECRET)
            # a reader is there now: whoever writes need not wait
            writer = None
            end = time.monotonic() + cli.DEADLINE
            while writer is None and time.monotonic() < end:
                try:
                    writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
                except OSError:
                    time.sleep(0.01)
            self.addCleanup(os.close, writer)
            waiting.signal(signal.SIGINT)
            self.assertEqual(self.finish(waiting, 130).out, '')

    def test_import_from_a_slow_pipe(self):
        """What is read is told by its first bytes, however they come; a byte order mark is none of it."""
        line = '{"time":"2026-11-21T14:05:02.113456Z","type":"event","event":"a","data":1,"raw":"1","size":30}\n'
        har = json.dumps({'log': {'entries': [{'request': {'url': 'ws://h/app/k'}, '_webSocketMessages': [
            {'type': 'receive', 'time': 1763733902.5, 'opcode': 1, 'data': '{"event":"a","data":1}'}]}]}})
        for name, text in (('lines', line), ('har', har)):
            for n, mark in enumerate((b'', b'\xef\xbb\xbf')):
                capture = self.path(f'{name}{n}.channelscope')
                process = subprocess.Popen([cli.PROGRAM, 'import', '-', capture], env=self.env, stdin=subprocess.PIPE)
                for byte in mark + text.encode():
                    process.stdin.write(bytes([byte]))
                    process.stdin.flush()
                process.stdin.close()
                self.assertEqual(process.wait(timeout=cli.DEADLINE), 0)
                lines = self.run_cli('query', capture, '--format', 'ndjson').lines
                self.assertEqual([(line['event'], line['data']) for line in lines if line['type'] == 'event'], [('a', 1)])

    def test_import_of_nothing(self):
        result = self.run_cli('import', self.write('empty.ndjson', ''), self.path('none.channelscope'))
        self.assertEqual((result.status, result.out), (1, ''))
        self.assertIn('no capture was made', result.err)
        self.assertFalse(os.path.exists(self.path('none.channelscope')))

    def test_import_of_other_files(self):
        """What can't have a line is named for what it is."""
        line = '{"time":"2026-11-21T14:05:02.113456Z","type":"event","event":"a","size":13}\n'
        wide = self.path('wide')
        with open(wide, 'w', encoding='utf-16') as file:
            file.write(line)
        capture = self.path('first.channelscope')
        self.assertEqual(self.run_cli('import', self.write('lines', line), capture).status, 0)
        target = self.path('target.channelscope')
        self.assert_refused(['import', wide, target], 'UTF-16')
        self.assert_refused(['import', capture, target], 'a capture already')
        for name in ('', '-'):
            self.assert_refused(['import', self.path('lines'), name], f'“{name}” is no name for a capture')
        firefox = json.dumps({'log': {'entries': [{'request': {'url': 'wss://h/app/k'}}]}})
        empty = self.run_cli('import', self.write('firefox.har', firefox), target)
        self.assertEqual(empty.status, 1)
        self.assertIn('no WebSocket messages', empty.err)
        self.assertFalse(os.path.exists(target))

    def test_import_har_names(self):
        """A frame of a browser is read as one that came: nothing of its names is cut."""
        frames = ['{"event":"a\\u0000b","channel":"c","data":1}', '{"event":"e","channel":"c","user_id":7,"data":2}',
                  '{"event":"' + 5000 * 'x' + '","channel":"c","data":3}']
        messages = [{'type': 'receive', 'time': 1795269902.25, 'opcode': 1, 'data': text} for text in frames]
        har = {'log': {'entries': [{'request': {'url': 'wss://h/app/k'}, '_webSocketMessages': messages}]}}
        capture = self.path('names.channelscope')
        self.assertEqual(self.run_cli('import', self.write('names.har', json.dumps(har)), capture).status, 0)
        lines = self.run_cli('query', capture, '--frames', '--format', 'ndjson').lines
        self.assertEqual([(line['event'], line.get('user_id')) for line in lines if line['type'] == 'event'],
                         [('a\ufffdb', None), ('e', '7')])
        self.assertIn(frames[2], [line['text'] for line in lines if line['type'] == 'frame'])

    def test_import_har(self):
        frames = [('send', '{"event":"pusher:subscribe","data":{"channel":"news"}}'),
                  ('receive', '{"event":"order.paid","channel":"news","data":"{\\"total\\":1}"}'),
                  ('receive', 'nonsense')]
        messages = [{'type': kind, 'time': 1795269902.25 + n, 'opcode': 1, 'data': text}
                    for n, (kind, text) in enumerate(frames)]
        har = {'log': {'version': '1.2', 'entries': [
            {'request': {'url': 'https://example.com/'}},
            {'request': {'url': 'wss://example.com/other'}, '_webSocketMessages': messages},
            {'request': {'url': 'wss://example.com/app/key?protocol=7'}, '_webSocketMessages': messages}]}}
        capture = self.path('har.channelscope')
        result = self.run_cli('import', self.write('a.har', json.dumps(har, indent=1)), capture)
        self.assertEqual(result.status, 0, result.err)
        self.assertIn('1 WebSocket connection', result.err)
        lines = self.run_cli('query', capture, '--frames', '--format', 'ndjson').lines
        self.assertEqual([line['text'] for line in lines if line['type'] == 'frame'], [text for _, text in frames])
        event = next(line for line in lines if line['type'] == 'event')
        self.assertEqual((event['direction'], event['channel'], event['data'], event['time']),
                         ('in', 'news', {'total': 1}, '2026-11-21T14:05:03.250000Z'))
        broken = self.run_cli('import', self.write('b.har', '{"log": {"entries": ['), self.path('b.channelscope'))
        self.assertEqual(broken.status, 2)
        self.assertIn('HAR', broken.err)


if __name__ == '__main__':
    cli.main()
