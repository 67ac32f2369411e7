# SPDX-License-Identifier: GPL-3.0-or-later
"""`watch 'prefix*'`: what appears is subscribed to; against `serve`."""
import os
import signal

import cli

SECRET = {'CHANNELSCOPE_SECRET': 'app-secret'}
NAMED = 'not joined'


class Discover(cli.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def occupy(self, *channels, **variables):
        """Somebody else who is there."""
        other = self.start('watch', *self.server.connection(), *channels, **(SECRET | variables))
        for channel in channels:
            other.wait_line(type='subscription', channel=channel, status='subscribed')
        return other

    def leave(self, other):
        other.signal(signal.SIGTERM)
        other.finish()

    def watch(self, *arguments, **variables):
        return self.start('watch', *self.server.connection(), '--app-id', 'app-id', *arguments, **(SECRET | variables))

    def subscribed(self, watch, *channels):
        """In whatever order."""
        left = set(channels)
        while left:
            left.discard(watch.wait_line(type='subscription', status='subscribed')['channel'])

    def stop(self, watch):
        watch.signal(signal.SIGINT)
        return self.finish(watch, 130)

    @staticmethod
    def channels_of(result):
        return {line['channel'] for line in result.lines if line['type'] == 'subscription'}

    def test_what_is_there_and_what_appears(self):
        self.occupy('private-order-1', 'private-order-2', 'private-chat-1')
        watch = self.watch('private-order-*')
        self.subscribed(watch, 'private-order-1', 'private-order-2')
        self.occupy('private-order-3', 'private-chat-2', 'order-4')
        self.subscribed(watch, 'private-order-3')
        self.server.publish('private-order-3', 'paid', {'n': 1})
        self.assertEqual(watch.wait_line(type='event')['channel'], 'private-order-3')
        result = self.stop(watch)
        self.assertEqual(self.channels_of(result), {f'private-order-{n}' for n in (1, 2, 3)})
        self.assertEqual(result.err, '')

    def test_patterns_and_names_together(self):
        self.occupy('a-1', 'b-1', 'c-1', 'presence-room')
        watch = self.watch('a-*', 'named', 'b-*', 'a-*')
        self.subscribed(watch, 'named', 'a-1', 'b-1')
        self.assertEqual(self.channels_of(self.stop(watch)), {'named', 'a-1', 'b-1'})

    def test_presence_is_joined_only_when_it_is_meant(self):
        self.occupy('presence-room-1', 'plain')
        watch = self.watch('p*')
        self.subscribed(watch, 'plain')
        result = self.stop(watch)
        self.assertEqual(self.channels_of(result), {'plain'})
        self.assertIn(NAMED, result.err)
        self.assertIn('presence-room-1', result.err)
        self.assertEqual(result.err.count('\n'), 1)

        watch = self.watch('presence-r*')
        self.subscribed(watch, 'presence-room-1')
        watch.wait_line(type='presence', action='snapshot')
        result = self.stop(watch)
        self.assertEqual(self.channels_of(result), {'presence-room-1'})
        self.assertNotIn(NAMED, result.err)

    def test_presence_unseen(self):
        """With --unseen nobody there is told of us, whatever the pattern."""
        user = ['--presence-user', '{"user_id":"ann"}']
        other = self.start('watch', *self.server.connection(), 'presence-room-1', 'plain', *user, **SECRET)
        other.wait_line(type='presence', action='snapshot')
        for pattern in ('presence-*', 'p*'):
            watch = self.watch(pattern, '--unseen')
            line = watch.wait_line(type='presence', channel='presence-room-1', action='snapshot')
            self.assertEqual([member['user_id'] for member in line['members']], ['ann'])
            self.assertNotIn(NAMED, self.stop(watch).err)
        other.signal(signal.SIGTERM)
        self.assertEqual([line['action'] for line in other.finish().lines if line['type'] == 'presence'], ['snapshot'])

    def test_ends_as_told(self):
        self.occupy('orders')
        watch = self.watch('o*', '--count', '2', '--filter', 'event == "paid"')
        self.subscribed(watch, 'orders')
        for event in ('paid', 'placed', 'paid'):
            self.server.publish('orders', event, {})
        self.assertEqual([line['event'] for line in self.finish(watch, 0).lines if line['type'] == 'event'],
                         ['paid', 'paid'])
        self.assertEqual(self.run_cli('watch', *self.server.connection(), '--app-id', 'app-id', 'none-*', '--for',
                                      cli.A_WHILE, **SECRET).status, 0)

    def test_a_channel_that_became_empty_appears_again(self):
        other = self.occupy('private-order-1', 'private-order-2')
        watch = self.watch('private-order-*')
        self.subscribed(watch, 'private-order-1', 'private-order-2')
        self.leave(other)
        # our own subscription keeps it occupied: nothing is said twice
        self.occupy('private-order-2', 'private-order-3')
        self.subscribed(watch, 'private-order-3')
        lines = [line['channel'] for line in self.stop(watch).lines
                 if line['type'] == 'subscription' and line['status'] == 'subscribed']
        self.assertEqual(sorted(lines), [f'private-order-{n}' for n in (1, 2, 3)])

    def test_recorded(self):
        self.occupy('orders-1')
        path = self.path('a.channelscope')
        watch = self.watch('orders-*', '--record', path, '--count', '1')
        self.subscribed(watch, 'orders-1')
        self.server.publish('orders-1', 'paid', {})
        self.finish(watch, 0)
        lines = self.run_cli('query', path, '--format', 'ndjson').lines
        self.assertEqual([line['channel'] for line in lines if line['type'] == 'event'], ['orders-1'])

    def test_without_app_id_or_secret(self):
        connection = self.server.connection()
        self.assert_refused(['watch', *connection, 'a-*'], 'app id', '--app-id', **SECRET)
        self.assert_refused(['watch', *connection, '--app-id', 'app-id', 'a-*'], 'app secret')

    def test_wrong_patterns(self):
        for pattern in ('a*b', '**', 'a b*', 'ä*', '*a'):
            with self.subTest(pattern):
                self.assert_refused(['watch', *self.server.connection(), '--app-id', 'app-id', pattern], **SECRET)
        many = [f'a{n}*' for n in range(21)]
        self.assert_refused(['watch', *self.server.connection(), '--app-id', 'app-id', *many], '20', **SECRET)

    def test_refused_by_the_server(self):
        """As a script needs to know it: at once, with the status and the reason."""
        for more, variables, status in ((['--app-id', 'other'], SECRET, '(404)'),
                                        (['--app-id', 'app-id'], {'CHANNELSCOPE_SECRET': 'wrong'}, '(401)')):
            with self.subTest(status):
                watch = self.start('watch', *self.server.connection(), *more, 'a-*', **variables)
                result = self.finish(watch, 1)
                self.assertIn(status, result.err)
                # what, and what to do, without all that was signed
                self.assertEqual(result.err.count('\n'), 2, result.err)
                self.assertNotIn('HmacSHA256Hex', result.err)
                self.assertNotIn('app-secret', result.err)

    def test_rules_of_a_profile_are_not_ours(self):
        """What a window subscribes to by itself, a script that names its channels does not."""
        folder = os.path.join(self.env['XDG_CONFIG_HOME'], 'channelscope', 'profiles')
        os.makedirs(folder)
        name = '0f8fad5b-d9cb-469f-a165-70867728950e'
        with open(os.path.join(folder, f'{name}.profile'), 'w', encoding='utf-8') as out:
            print(f'[Profile]\nid={name}\nname=Shop\ndiscovery-rules=private-* 50;\n[Connection]\nhost=127.0.0.1\n'
                  f'port={self.server.port}\nuse-tls=false\n[HTTP API]\napp-id=app-id', file=out)
        self.occupy('private-order-1', 'named')
        result = self.run_cli('watch', '--profile', 'Shop', '--key', 'app-key', 'named', '--for', cli.A_WHILE, **SECRET)
        self.assertEqual((result.status, self.channels_of(result)), (0, {'named'}))


if __name__ == '__main__':
    cli.main()
