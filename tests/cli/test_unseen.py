# SPDX-License-Identifier: GPL-3.0-or-later
"""`watch --unseen`: presence channels watched by asking the HTTP API, and never joined."""
import json
import signal
from datetime import datetime

import cli
from test_api import Scripted

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}
ROOM = 'presence-room'


class Unseen(cli.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def watch(self, *arguments, **variables):
        return self.start('watch', *arguments, *self.server.connection(), '--app-id', 'app-id',
                          '--format', 'ndjson', **(SECRET | variables))

    def join(self, user_id, name):
        user = json.dumps({'user_id': user_id, 'user_info': {'name': name}})
        process = self.watch(ROOM, '--presence-user', user)
        process.wait_line(type='presence', action='snapshot')
        return process

    def stop(self, process):
        process.signal(signal.SIGTERM)
        return self.finish(process, 130)

    def server_lines(self, kind):
        return [line for line in map(json.loads, self.server.out) if line['type'] == kind]

    def test_people_come_and_go(self):
        ana = self.join('ana', 'Ana')
        watcher = self.watch(ROOM, '--unseen')
        first = watcher.wait_line(type='presence')
        self.assertEqual(
            {key: first[key] for key in ('channel', 'action', 'count', 'me', 'members', 'polled')},
            {'channel': ROOM, 'action': 'snapshot', 'count': 1, 'me': None, 'polled': True,
             'members': [{'user_id': 'ana', 'user_info': None}]})

        ben = self.join('ben', 'Ben')
        added = watcher.wait_line(type='presence')
        self.assertEqual([added['action'], added['count'], added['me'], added['member']],
                         ['added', 2, None, {'user_id': 'ben', 'user_info': None}])
        self.stop(ana)
        removed = watcher.wait_line(type='presence')
        self.assertEqual([removed['action'], removed['count'], removed['me'], removed['member']],
                         ['removed', 1, None, {'user_id': 'ana', 'user_info': None}])

        result = self.stop(watcher)
        self.assertEqual([line for line in result.lines if line['type'] == 'subscription'], [])
        # those who are there were told of each other, and of nobody else
        told = [line for line in self.stop(ben).lines if line['type'] == 'presence']
        self.assertEqual([[line['action'], line['count']] for line in told],
                         [['snapshot', 2], ['removed', 1]])

        # nor does the server know of anybody else
        joined = [line['user_id'] for line in self.server_lines('subscription')
                  if line['channel'] == ROOM and line['action'] == 'subscribed']
        self.assertEqual(joined, ['ana', 'ben'])

    def test_other_channels_are_subscribed_to(self):
        watcher = self.watch(ROOM, 'news', '--unseen', '--count', '1')
        watcher.wait_line(type='subscription', channel='news', status='subscribed')
        self.server.publish('news', 'hello', {'n': 1})
        result = self.finish(watcher, 0)
        self.assertEqual({line['channel'] for line in result.lines if line['type'] == 'subscription'},
                         {'news'})

    def test_recorded(self):
        ana = self.join('ana', 'Ana')
        watcher = self.watch(ROOM, '--unseen', '--record', self.path('c.channelscope'))
        watcher.wait_line(type='presence', action='snapshot')
        self.stop(ana)
        watcher.wait_line(type='presence', action='removed')
        watched = self.stop(watcher)
        again = self.run_cli('query', self.path('c.channelscope'), '--format', 'ndjson')
        self.assertEqual([line for line in again.lines if line['type'] == 'presence'],
                         [line for line in watched.lines if line['type'] == 'presence'])

    def test_for_people(self):
        joined = [self.join('ana', 'Ana'), self.join('ben', 'Ben')]
        watcher = self.start('watch', ROOM, '--unseen', *self.server.connection(), '--app-id', 'app-id',
                             '--format', 'text', '--for', cli.A_WHILE, **SECRET)
        self.assertRegex(self.finish(watcher, 0).out, rf'{ROOM}  presence  snapshot \(2 present\): (ana, ben|ben, ana)\n')
        for process in joined:
            self.stop(process)

    def test_what_is_needed(self):
        connection = self.server.connection()
        self.assert_refused(['watch', ROOM, '--unseen', *connection], 'app id', **SECRET)
        self.assert_refused(['watch', ROOM, '--unseen', *connection, '--app-id', 'app-id'], 'app secret')

    def test_without_a_presence_channel(self):
        connection = [*self.server.connection(), '--app-id', 'app-id']
        self.assert_refused(['watch', '--unseen', *connection], '--unseen', "'presence-*'", **SECRET)
        result = self.run_cli('watch', 'news', '--unseen', *connection, '--for', cli.A_WHILE, **SECRET)
        self.assertEqual(result.status, 0)
        self.assertIn('--unseen changes nothing', result.err)

    def test_nothing_to_watch(self):
        watcher = self.watch(ROOM, '--unseen', '--expect', 'event == "x"', CHANNELSCOPE_SECRET='wrong')
        self.assertIn('Nothing can be watched', self.finish(watcher, 1).err)

    def test_refused(self):
        watcher = self.watch(ROOM, '--unseen', '--for', cli.A_WHILE, CHANNELSCOPE_SECRET='wrong')
        error = watcher.wait_line(type='error')
        self.assertEqual([error['source'], error['code'], error['action'], error['channel']],
                         ['auth', 401, 'stop', ROOM])
        self.assertIn(ROOM, self.finish(watcher, 1).err)

    def test_unknown_app(self):
        watcher = self.start('watch', ROOM, '--unseen', *self.server.connection(), '--app-id', 'other',
                             '--for', cli.A_WHILE, '--format', 'ndjson', **SECRET)
        error = watcher.wait_line(type='error')
        self.assertEqual([error['source'], error['code'], error['action']], ['server', 404, 'stop'])
        self.finish(watcher, 1)

    def test_retry_after(self):
        """A server that says how long it wants to be left alone is left alone."""
        header = '429 Slower\r\nRetry-After: 4\r\nX-Rest: '
        api = Scripted(lambda n, body: (header, 'slower') if n == 0 else (200, '{"users":[]}'))
        watcher = self.watch(ROOM, '--unseen', '--api-port', str(api.port))
        told = datetime.fromisoformat(watcher.wait_line(type='error', code=429)['time'])
        seen = datetime.fromisoformat(watcher.wait_line(type='presence')['time'])
        self.assertGreaterEqual((seen - told).total_seconds(), 3.9)
        self.stop(watcher)

    def test_trouble_that_passes(self):
        """Told once each, tried again, and then the whole list."""
        answers = [(200, '{"users":[{"id":"ana"}]}'), (429, '{"error":"too many"}'), (503, 'busy'),
                   (200, '{"users":[{"id":7},{"id":"7"}]}')]
        api = Scripted(lambda n, body: 'go on' if body is None else answers[min(n, 3)])
        watcher = self.watch(ROOM, '--unseen', '--api-port', str(api.port))
        self.assertEqual(watcher.wait_line(type='presence')['action'], 'snapshot')
        error = watcher.wait_line(type='error')
        self.assertEqual([error['source'], error['code'], error['action']], ['server', 429, 'retry'])
        error = watcher.wait_line(type='error')
        self.assertEqual([error['source'], error['code'], error['action']], ['server', 503, 'retry'])
        line = watcher.wait_line(type='presence')
        self.assertEqual([line['action'], line['members']],
                         ['snapshot', [{'user_id': '7', 'user_info': None}]])
        self.stop(watcher)
        self.assertEqual({path.split('?')[0] for path in api.paths},
                         {f'/apps/app-id/channels/{ROOM}/users'})


if __name__ == '__main__':
    cli.main()
