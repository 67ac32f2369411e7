# SPDX-License-Identifier: GPL-3.0-or-later
"""Capture files that are in use, too large for the disk, damaged, or no captures at all."""
import json
import os
import resource
import signal
import subprocess
import time

import cli

N_ENTRIES = 2000
PAGE = 4096


class Captures(cli.TestCase):
    def imported(self, name='a.channelscope'):
        """A capture of numbered events, of many pages."""
        lines = self.path('lines.ndjson')
        with open(lines, 'w', encoding='utf-8') as file:
            for i in range(N_ENTRIES):
                data = {'n': i, 'note': 'x' * 100}
                file.write(json.dumps({'time': '2026-11-21T14:05:02.113456Z', 'type': 'event', 'direction': 'in',
                                       'channel': 'news', 'event': 'tick', 'data': data,
                                       'raw': json.dumps(data), 'size': 200}) + '\n')
        capture = self.path(name)
        result = self.run_cli('import', lines, capture)
        self.assertEqual((result.status, result.err), (0, ''))
        return capture

    def damaged(self):
        """Some of its pages are no pages any more."""
        capture = self.imported('damaged.channelscope')
        pages = os.path.getsize(capture) // PAGE
        self.assertGreater(pages, 40)
        with open(capture, 'r+b') as file:
            for page in range(pages // 2, pages // 2 + 4):
                file.seek(page * PAGE)
                file.write(b'\xa5' * PAGE)
        return capture

    def numbers(self, lines):
        return [line['data']['n'] for line in lines if line['type'] == 'event']

    def test_recorded_into_by_another(self):
        server = self.serve()
        capture = self.path('one.channelscope')
        first = self.start('watch', *server.connection(), 'news', '--record', capture)
        first.wait_line(type='subscription', channel='news', status='subscribed')
        self.assert_refused(['watch', *server.connection(), 'news', '--record', capture],
                            'one.channelscope', 'recorded into')
        server.publish('news', 'after', {})
        first.wait_line(type='event', event='after')
        first.signal(signal.SIGINT)
        self.finish(first, 130)
        self.assert_refused(['watch', *server.connection(), 'news', '--record', capture],
                            'one.channelscope', 'exists already')
        self.assertEqual(self.run_cli('query', capture, '--summary').lines[0]['events'], 1)

    def wait_recorded(self, capture):
        """Until an event is in the file."""
        end = time.monotonic() + cli.DEADLINE
        while True:
            result = self.run_cli('query', capture, '--summary')
            if result.status == 0 and result.lines[0]['events'] > 0:
                return
            self.assertLess(time.monotonic(), end, result.err)

    def limited(self, *arguments, size):
        """As after `ulimit -f`: no file may become larger."""
        process = subprocess.Popen([cli.PROGRAM, *arguments], env=self.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def test_disk_full(self):
        server = self.serve()
        capture = self.path('full.channelscope')
        watch = self.limited('watch', *server.connection(), 'news', '--record', capture, '--for', '60',
                             size=512 * 1024)
        for line in watch.stdout:
            if '"subscribed"' in line:
                break
        server.publish('news', 'large', '')
        self.wait_recorded(capture)
        for _ in range(200):
            if watch.poll() is not None:
                break
            server.publish('news', 'large', 'x' * 9000)
        _, err = watch.communicate(timeout=cli.DEADLINE)
        self.assertEqual(watch.returncode, 1, err)
        self.assertRegex(err, r'\Achannelscope-cli: --record: [^\n]*File too large[^\n]*\n\Z')
        result = self.run_cli('query', capture)
        self.assertEqual(result.status, 0, result.err)
        events = [line for line in result.lines if line['type'] == 'event']
        self.assertGreater(len(events), 0)
        self.assertEqual({line['event'] for line in events}, {'large'})

    def test_disk_full_at_once(self):
        server = self.serve()
        watch = self.limited('watch', *server.connection(), 'news', '--record', self.path('none.channelscope'),
                             '--for', '60', size=1024)
        _, err = watch.communicate(timeout=cli.DEADLINE)
        self.assertEqual(watch.returncode, 2, err)
        self.assertRegex(err, r'\Achannelscope-cli: --record: [^\n]*none.channelscope[^\n]*\n\Z')

    def test_export_onto_a_full_disk(self):
        capture = self.imported()
        output = self.path('lines.out')
        export = self.limited('export', capture, '--to', 'ndjson', '--output', output, size=64 * 1024)
        _, err = export.communicate(timeout=cli.DEADLINE)
        self.assertEqual(export.returncode, 1, err)
        self.assertRegex(err, r'\Achannelscope-cli: [^\n]*File too large[^\n]*\n\Z')
        self.assertFalse(os.path.exists(output))

    def test_import_onto_a_full_disk(self):
        """In the middle of it that is no wrong usage; a capture that can't even be begun is."""
        lines = self.path('lines.in')
        with open(lines, 'w', encoding='utf-8') as file:
            for n in range(20000):
                file.write('{"time":"2026-11-21T14:05:02.113Z","type":"event","event":"e","channel":"c",'
                           f'"raw":"{n}"}}\n')
        for size, status in ((256 * 1024, 1), (1024, 2)):
            output = self.path(f'capture-{size}.channelscope')
            process = self.limited('import', lines, output, size=size)
            _, err = process.communicate(timeout=cli.DEADLINE)
            self.assertEqual(process.returncode, status, err)
            self.assertRegex(err, r'\Achannelscope-cli: Couldn’t [^\n]*capture-[^\n]*\n\Z')
            self.assertEqual([name for name in os.listdir(self.place) if name.startswith('capture-')], [])

    def test_damaged(self):
        capture = self.damaged()
        with open(capture, 'rb') as file:
            before = file.read()
        queried = self.run_cli('query', capture)
        self.assertEqual(queried.status, 0, queried.err)
        self.assertIn('damaged', queried.err)
        found = self.numbers(queried.lines)
        self.assertEqual(found, sorted(set(found)))
        self.assertGreater(len(found), N_ENTRIES // 2)
        self.assertLess(len(found), N_ENTRIES)

        summary = self.run_cli('query', capture, '--summary')
        self.assertEqual(summary.status, 0, summary.err)
        self.assertIn('damaged', summary.err)

        exported = self.run_cli('export', capture, '--to', 'ndjson')
        self.assertEqual(exported.status, 0, exported.err)
        self.assertIn('damaged', exported.err)
        self.assertEqual(exported.out, queried.out)

        output = self.path('saved.csv')
        table = self.run_cli('export', capture, '--to', 'csv', '--output', output, '--filter', 'data.n >= 0')
        self.assertEqual(table.status, 0, table.err)
        self.assertIn('damaged', table.err)
        with open(output, encoding='utf-8') as file:
            self.assertEqual(sum(',tick,' in line for line in file), len(found))
        with open(capture, 'rb') as file:
            self.assertEqual(file.read(), before)

    def test_no_capture(self):
        garbage = self.path('garbage')
        with open(garbage, 'wb') as file:
            file.write(bytes(range(256)) * 100)
        named = self.path('garbage.channelscope')
        with open(named, 'wb') as file:
            file.write(bytes(range(256)) * 100)
        empty = self.write('empty', '')
        fifo = self.path('fifo')
        os.mkfifo(fifo)
        for path in (garbage, named, empty, fifo, self.place, self.path('missing')):
            for command in (['query', path], ['query', path, '--summary'], ['export', path, '--to', 'csv']):
                with self.subTest(command=command):
                    self.assert_refused(command, os.path.basename(path))


if __name__ == '__main__':
    cli.main()
