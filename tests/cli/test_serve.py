# SPDX-License-Identifier: GPL-3.0-or-later
"""`serve`: its lines, its app, its port and its end."""
import signal

import cli


class Serve(cli.TestCase):
    def test_listening_line(self):
        server = self.serve()
        self.assertTrue(server.out[0].startswith('{"type":"listening","host":"127.0.0.1","port":'))
        self.assertEqual((server.listening['key'], server.listening['app_id']),
                         ('app-key', 'app-id'))
        server.signal(signal.SIGINT)
        result = self.finish(server, 130)
        self.assertEqual(result.err, '')

    def test_lines(self):
        server = self.serve()
        watch = self.start('watch', *server.connection(), 'news', '--count', '1')
        opened = server.wait_line(type='connection', action='opened')
        self.assertIn('time', opened)
        subscribed = server.wait_line(type='subscription', action='subscribed', channel='news')
        self.assertEqual(subscribed['socket_id'], opened['socket_id'])
        server.publish('news', 'e', {'a': 1})
        self.assertEqual(server.wait_line(type='event', channel='news')['event'], 'e')
        self.finish(watch, 0)
        server.wait_line(type='connection', action='closed', socket_id=opened['socket_id'])
        self.run_cli('watch', *server.connection('nobody'))
        self.assertEqual(server.wait_line(type='connection', action='refused')['code'], 4001)
        server.signal(signal.SIGTERM)
        self.finish(server, 130)

    def test_closes_its_clients(self):
        server = self.serve()
        watch = self.start('watch', *server.connection(), 'news', '--max-attempts', '1')
        server.wait_line(type='subscription', action='subscribed')
        server.signal(signal.SIGINT)
        result = self.finish(server, 130)
        self.assertEqual((result.lines[-1]['type'], result.lines[-1]['action']),
                         ('connection', 'closed'))
        left = watch.wait_line(type='state', previous='connected')
        self.assertEqual(left['code'], 4200)

    def test_app(self):
        server = self.serve('--app', 'k:i:THE_SECRET', THE_SECRET='of-this-app')
        self.assertEqual((server.listening['key'], server.listening['app_id']), ('k', 'i'))
        watch = self.start('watch', *server.connection('k'), 'private-x', '--count', '1',
                           CHANNELSCOPE_SECRET='of-this-app')
        watch.wait_line(type='subscription', status='subscribed')
        server.publish('private-x', 'e', {}, key='k', app_id='i', secret='of-this-app')
        self.finish(watch, 0)

    def test_app_without_secret_keeps_the_documented_one(self):
        server = self.serve('--app', 'k:i')
        watch = self.start('watch', *server.connection('k'), 'private-x',
                           CHANNELSCOPE_SECRET='app-secret')
        watch.wait_line(type='subscription', status='subscribed')

    def test_quotas(self):
        server = self.serve('--max-connections', '2', '--max-members', '1')
        member = self.start('watch', *server.connection(), 'presence-x', '--presence-user',
                            '{"user_id":"1"}', CHANNELSCOPE_SECRET='app-secret')
        member.wait_line(type='subscription', status='subscribed')
        other = self.start('watch', *server.connection(), 'presence-x', '--presence-user',
                           '{"user_id":"2"}', CHANNELSCOPE_SECRET='app-secret')
        refused = other.wait_line(type='subscription', status='error')
        self.assertIn('quota of 1 members', refused['error']['message'])
        result = self.run_cli('watch', *server.connection())
        self.assertEqual((result.status, result.lines[-1]['code']), (1, 4004))
        other.signal(signal.SIGINT)
        self.finish(other, 130)
        server.wait_line(type='connection', action='closed')
        result = self.run_cli('watch', *server.connection(), '--for', cli.A_WHILE)
        self.assertEqual(result.status, 0)
        for option, value in (('--max-connections', '1001'), ('--max-members', '0')):
            self.assert_refused(['serve', option, value], option)

    def test_port_taken(self):
        server = self.serve()
        result = self.run_cli('serve', '--port', str(server.port))
        self.assertEqual(result.status, 1)
        self.assertIn(str(server.port), result.err)
        self.assertEqual(result.out, '')

    def test_demo(self):
        server = self.serve('--demo')
        watch = self.start('watch', *server.connection(), 'private-orders', 'presence-support',
                           '--filter', 'channel == "private-orders"', '--count', '2',
                           CHANNELSCOPE_SECRET='app-secret')
        result = self.finish(watch, 0)
        self.assertEqual(len([line for line in result.lines if line['type'] == 'event']), 2)
        snapshot = [line for line in result.lines if line.get('action') == 'snapshot'][0]
        self.assertGreater(snapshot['count'], 1)

    def test_text(self):
        server = self.start('serve', '--demo', '--format', 'text')
        self.assertRegex(server.queue.get(timeout=cli.DEADLINE),
                         r'127\.0\.0\.1:\d+.*app-key.*app-id')
        self.assertRegex(server.queue.get(timeout=cli.DEADLINE),
                         r'\A\d\d:\d\d:\d\d\.\d{3}  event  ')
        server.signal(signal.SIGINT)
        self.assertIn('channelscope-cli watch cache-prices --key app-key', self.finish(server, 130).err)


if __name__ == '__main__':
    cli.main()
