# SPDX-License-Identifier: GPL-3.0-or-later
"""Each connection option changes what goes over the wire."""
import json
import os

import cli
from cli_recorder import SECRET, Recorder, sign

TLS = os.path.join(os.environ['G_TEST_SRCDIR'], 'net', 'tls')
USER = '{"id":"ann","user_info":{"name":"Ann"},"watchlist":["bob"]}'
# gcc's leak checker crashes once GnuTLS has loaded its modules
NO_LEAKS = {'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'}


class Options(cli.TestCase):
    def recorder(self, **options):
        return Recorder(self, **options)

    def watch(self, *arguments, **variables):
        """A `watch` that is ended with the test."""
        return self.start('watch', '--format', 'ndjson', *arguments, **variables)

    # Where the socket goes to

    def test_request_line(self):
        for arguments, path in (([], '/app/k'), (['--path', '/ws/'], '/ws/app/k'),
                                (['--path', '/whole', '--whole-path'], '/whole'),
                                (['--key', 'a/ü?'], '/app/a%2F%C3%BC%3F')):
            with self.subTest(arguments):
                server = self.recorder()
                self.watch(*server.connection(), *arguments)
                request = server.request()
                self.assertEqual(request.path, path)
                self.assertEqual([name for name, _ in request.query],
                                 ['protocol', 'client', 'version'])

    def test_host_and_port(self):
        server = self.recorder(host='127.0.0.2')
        self.watch(*server.connection())
        self.assertEqual(server.request().header('Host'), f'127.0.0.2:{server.port}')

    def test_clusters_host(self):
        proxy = self.recorder()
        self.watch('--key', 'k', '--cluster', 'xy-1', '--transports', 'ws', '--proxy',
                   proxy.url(''), **NO_LEAKS)
        self.assertEqual(proxy.request().target, 'ws-xy-1.pusher.com:443')

    def test_proxy(self):
        proxy = self.recorder()
        self.watch('--key', 'k', '--host', 'nowhere.test', '--port', '81', '--no-tls',
                   '--transports', 'ws', '--proxy', proxy.url(''))
        self.assertIn('nowhere.test:81', proxy.request().target)

    def test_tls_ports_and_authorities(self):
        server = self.recorder(certificate=os.path.join(TLS, 'loopback.pem'))
        ca_file = ['--ca-file', os.path.join(TLS, 'ca.pem')]
        for arguments in (['--port', str(server.port)],
                          ['--port', '1', '--wss-port', str(server.port)],
                          ['--port', '1', '--no-tls', '--transports', 'wss', '--wss-port',
                           str(server.port)]):
            with self.subTest(arguments):
                watch = self.watch('--key', 'k', '--host', '127.0.0.1', *arguments, *ca_file,
                                   **NO_LEAKS)
                transport = 'wss' if 'wss' in arguments else 'ws'
                watch.wait_line(type='state', current='connected', transport=transport)
                self.assertEqual(server.request().path, '/app/k')
        watch = self.watch('--key', 'k', '--host', '127.0.0.1', '--port', str(server.port),
                           **NO_LEAKS)
        watch.wait_line(type='error')
        self.assertTrue(server.requests.empty())

    # What is sent with the upgrade

    def test_origin_and_headers(self):
        server = self.recorder()
        self.watch(*server.connection('--origin', 'https://shop.example', '--header', 'X-A: 1',
                                      '--header', 'X-A:  two words ', '--header', 'X-B=env:VALUE',
                                      '--header', f'X-C=@{self.write("c", "from a file")}'),
                   VALUE='from the environment')
        request = server.request()
        self.assertEqual(request.header('Origin'), 'https://shop.example')
        self.assertEqual(request.values('X-A'), ['1', 'two words'])
        self.assertEqual(request.header('X-B'), 'from the environment')
        self.assertEqual(request.header('X-C'), 'from a file')

    def test_headers_from_a_command(self):
        server = self.recorder(ws=lambda client: None)
        watch = self.watch(*server.connection('--reconnect-delay', '0.1', '--header',
                                              "X-T=cmd:date '+a %N'"))
        values = [server.request().header('X-T') for _ in range(2)]
        self.assertRegex(values[0], r'\Aa \d+\Z')
        self.assertNotEqual(*values)
        watch.kill()
        watch = self.watch(*server.connection('--header', 'X-T=cmd:false'))
        line = watch.wait_line(type='error')
        self.assertIn('“X-T”', line['message'])

    # Authorization

    def authorized(self, server, *arguments, channel='private-x', **variables):
        """The request for a channel's authorization, of a watch with these options."""
        watch = self.watch(channel, *server.connection(*arguments), **variables)
        request = server.request('/auth')
        frame = server.frame('pusher:subscribe')
        self.assertEqual(frame, {'channel': channel, 'auth': 'k:' + sign(f'1.1:{channel}')})
        watch.wait_line(type='subscription', channel=channel, status='subscribed')
        return request

    def test_authorization_endpoint(self):
        server = self.recorder()
        request = self.authorized(server, '--auth-endpoint', server.url('/auth?a=1'),
                                  '--auth-param', 'room=a b', '--auth-param', 'room=c=d&e',
                                  '--auth-param', 'env=env:VALUE', '--auth-header', 'X-A: 1',
                                  '--auth-header', f'X-C=@{self.write("c", "from a file")}',
                                  VALUE='é')
        self.assertEqual((request.method, request.target), ('POST', '/auth?a=1'))
        self.assertEqual(request.header('Content-Type'), 'application/x-www-form-urlencoded')
        self.assertEqual(request.form, [('socket_id', '1.1'), ('channel_name', 'private-x'),
                                        ('room', 'a b'), ('room', 'c=d&e'), ('env', 'é')])
        self.assertEqual((request.header('X-A'), request.header('X-C')), ('1', 'from a file'))

    def test_authorization_by_get(self):
        server = self.recorder()
        request = self.authorized(server, '--auth-endpoint', server.url('/auth'), '--auth-method',
                                  'get', '--auth-param', 'a=b', '--auth-header', 'X-A: 1')
        self.assertEqual((request.method, request.body, request.header('X-A')), ('GET', '', '1'))
        self.assertEqual(sorted(request.query), [('a', 'b'), ('channel_name', 'private-x'),
                                                 ('socket_id', '1.1')])

    def test_authorization_by_jsonp(self):
        server = self.recorder()
        request = self.authorized(server, '--auth-endpoint', server.url('/auth'),
                                  '--auth-transport', 'jsonp', '--auth-param', 'a=b')
        self.assertEqual(request.method, 'GET')
        self.assertEqual(request.query[0][0], 'callback')
        self.assertEqual(request.query[1:], [('socket_id', '1.1'), ('channel_name', 'private-x'),
                                             ('a', 'b')])

    def test_fields_from_commands(self):
        """Run anew for each request."""
        server = self.recorder()
        self.watch('private-x', 'private-y',
                   *server.connection('--auth-endpoint', server.url('/auth'), '--auth-param',
                                      'time=cmd:date +%N', '--auth-header', 'X-T=cmd:date +%N'))
        requests = [server.request('/auth') for _ in range(2)]
        for values in ([dict(request.form)['time'] for request in requests],
                       [request.header('X-T') for request in requests]):
            self.assertTrue(all(value.isdigit() for value in values), values)
            self.assertNotEqual(*values)

    def test_signing_here(self):
        server = self.recorder()
        self.watch('private-x', *server.connection(), CHANNELSCOPE_SECRET=SECRET)
        self.assertEqual(server.frame('pusher:subscribe')['auth'], 'k:' + sign('1.1:private-x'))

    def test_presence_user(self):
        server = self.recorder()
        self.watch('presence-x', *server.connection('--presence-user',
                                                    '{"user_id":7,"user_info":{"n":"ü"}}'),
                   CHANNELSCOPE_SECRET=SECRET)
        frame = server.frame('pusher:subscribe')
        self.assertEqual(json.loads(frame['channel_data']),
                         {'user_id': '7', 'user_info': {'n': 'ü'}})
        self.assertEqual(frame['auth'], 'k:' + sign(f"1.1:presence-x:{frame['channel_data']}"))

    # Signing in

    def test_user_data(self):
        server = self.recorder()
        watch = self.watch(*server.connection('--user-data', USER), CHANNELSCOPE_SECRET=SECRET)
        data = server.frame('pusher:signin')
        self.assertEqual(json.loads(data['user_data']), json.loads(USER))
        self.assertEqual(data['auth'], 'k:' + sign(f"1.1::user::{data['user_data']}"))
        watch.wait_line(type='user', status='signed_in', user_id='ann')

    def test_user_endpoint(self):
        for arguments, method in (([], 'POST'), (['--user-method', 'get'], 'GET'),
                                  (['--user-transport', 'jsonp'], 'GET')):
            with self.subTest(arguments):
                server = self.recorder()
                headers = [] if 'jsonp' in arguments else ['--user-header', 'X-A=env:VALUE']
                watch = self.watch(*server.connection('--user-endpoint', server.url('/user'),
                                                      '--user-param', 'a=env:VALUE', *headers,
                                                      *arguments), VALUE='1')
                request = server.request('/user')
                self.assertEqual((request.method, request.header('X-A')),
                                 (method, None if 'jsonp' in arguments else '1'))
                asked = dict(request.query + request.form)
                self.assertEqual('callback' in asked, 'jsonp' in arguments)
                asked.pop('callback', None)
                self.assertEqual(asked, {'socket_id': '1.1', 'a': '1'})
                self.assertEqual(server.frame('pusher:signin')['user_data'], '{"id":"ann"}')
                watch.wait_line(type='user', status='signed_in', user_id='ann')

    # Transports

    def test_transport_lists(self):
        for arguments, method, pattern in (
                (['ws'], 'GET', r'/app/k'),
                (['xhr_streaming'], 'POST', r'/pusher/app/k/\d+/[0-9a-v]{8}/xhr_streaming'),
                (['xhr_polling'], 'POST', r'/pusher/app/k/\d+/[0-9a-v]{8}/xhr'),
                (['sockjs'], 'POST', r'/pusher/\d+/[^/]+/xhr_streaming'),
                (['ws,xhr_polling', '--disable-transports', 'ws'], 'POST', r'/pusher/.*/xhr'),
                (['ws,xhr_polling', '--disable-transports', 'xhr_polling'], 'GET', r'/app/k')):
            with self.subTest(arguments):
                server = self.recorder()
                self.watch(*server.connection(), '--transports', *arguments)
                request = server.request()
                self.assertEqual(request.method, method)
                self.assertRegex(request.path, rf'\A{pattern}\Z')

    def test_fallback_addresses(self):
        plain = self.recorder(host='127.0.0.2')
        common = ['--key', 'k', '--host', 'nowhere.test', '--port', '1', '--transports',
                  'xhr_polling', '--http-host', '127.0.0.2', '--http-path', '/x']
        self.watch(*common, '--no-tls', '--http-port', str(plain.port), '--header', 'X-A: 1',
                   '--origin', 'https://shop.example')
        request = plain.request()
        self.assertRegex(request.path, r'\A/x/app/k/\d+/[0-9a-v]{8}/xhr\Z')
        self.assertEqual((request.header('Host'), request.header('X-A'), request.header('Origin')),
                         (f'127.0.0.2:{plain.port}', '1', 'https://shop.example'))

        server = self.recorder(certificate=os.path.join(TLS, 'loopback.pem'))
        self.watch(*common, '--http-host', '127.0.0.1', '--https-port', str(server.port),
                   '--ca-file', os.path.join(TLS, 'ca.pem'), **NO_LEAKS)
        self.assertRegex(server.request().path, r'\A/x/app/k/')

    def test_nothing_left(self):
        result = self.run_cli('watch', '--key', 'k', '--host', '127.0.0.1', '--port', '1',
                              '--transports', 'ws,sockjs', '--disable-transports', 'sockjs,ws')
        self.assertEqual(result.status, 2, result.err)

    # Time

    def test_activity_timeout(self):
        server = self.recorder()
        self.watch(*server.connection('--activity-timeout', '0.2'))
        server.frame('pusher:ping')
        server.frame('pusher:ping')

    def test_pong_timeout(self):
        def mute(client):
            client.greet()
            while client.read() is not None:
                pass
        server = self.recorder(ws=mute)
        watch = self.watch(*server.connection('--activity-timeout', '0.2', '--pong-timeout', '0.2',
                                              '--reconnect-delay', '0.1'))
        server.request('/app')
        server.request('/app')
        watch.wait_line(type='state', previous='connected')

    def test_unavailable_timeout(self):
        watch = self.watch('--key', 'k', '--host', '127.0.0.1', '--port', '1', '--no-tls',
                           '--unavailable-timeout', '0.3')
        watch.wait_line(type='state', previous='connecting', current='unavailable')

    def test_connect_timeout(self):
        server = self.recorder(silent=True)
        watch = self.watch(*server.connection('--connect-timeout', '0.5', '--unavailable-timeout',
                                              '60'))
        self.assertIn('No connection within 500 ms', watch.wait_line(type='error')['message'])

    def test_reconnect_delays(self):
        watch = self.watch('--key', 'k', '--host', '127.0.0.1', '--port', '1', '--no-tls',
                           '--transports', 'ws', '--reconnect-delay', '0.2', '--max-delay', '0.3',
                           '--unavailable-timeout', '60')
        waits = [watch.wait_line(type='connecting_in')['seconds'] for _ in range(5)]
        self.assertTrue(0.2 <= waits[0] <= 0.3, waits)
        self.assertTrue(all(0.2 <= wait <= 0.4 for wait in waits), waits)

    def test_max_attempts(self):
        server = self.recorder(ws=lambda client: None)
        result = self.run_cli('watch', *server.connection('--max-attempts', '3',
                                                          '--reconnect-delay', '0.1'))
        self.assertEqual(result.status, 3, result.err)
        self.assertEqual(server.requests.qsize(), 3)

    # What is sent

    def test_max_data(self):
        data = json.dumps('x' * 10240)
        for arguments, sent in (([], False), (['--max-data', '20000'], True),
                                (['--max-data', '5'], False)):
            with self.subTest(arguments):
                server = self.recorder()
                result = self.run_cli('trigger', 'private-x', '--client', '--event', 'client-e',
                                      '--data', data, *server.connection(*arguments),
                                      CHANNELSCOPE_SECRET=SECRET)
                self.assertEqual(result.status, 0 if sent else 2, result.err)
                if sent:
                    self.assertEqual(server.frame('client-e'), 'x' * 10240)

    # Profiles

    def test_profile_has_them_all(self):
        """The same from a profile and the keyring; nothing secret is shown or in a file."""
        self.env |= {'SECRET_BACKEND': 'file', 'SECRET_FILE_TEST_PASSWORD': 'test',
                     'SECRET_FILE_TEST_PATH': self.path('keyring')} | NO_LEAKS
        server = self.recorder()
        result = self.run_cli('profiles', 'add', 'all',
                              *server.connection('--path', '/ws', '--origin', 'null', '--header',
                                                 'X-A=env:TOKEN', '--auth-endpoint',
                                                 server.url('/auth'), '--auth-method', 'get',
                                                 '--auth-param', 'a=env:TOKEN', '--auth-header',
                                                 'X-B=env:TOKEN', '--user-endpoint',
                                                 server.url('/user'), '--user-param', 'b=env:TOKEN',
                                                 '--user-header', 'X-C=env:TOKEN',
                                                 '--activity-timeout', '0.2'),
                              TOKEN='t0ken-of-mine')
        self.assertEqual(result.status, 0, result.err)
        shown = self.run_cli('profiles', 'show', 'all')
        exported = self.run_cli('profiles', 'export', 'all')
        self.assertNotIn('t0ken', shown.out + exported.out)
        for name, content in self.files().items():
            self.assertNotIn(b't0ken', content, name)

        watch = self.watch('private-x', '--profile', 'all', '--frames')
        upgrade = server.request()
        self.assertEqual((upgrade.path, upgrade.header('Origin'), upgrade.header('X-A')),
                         ('/ws/app/k', 'null', 't0ken-of-mine'))
        asked = {}
        for _ in range(2):
            request = server.request()
            asked[request.path] = request
        self.assertEqual((asked['/auth'].method, asked['/auth'].header('X-B')),
                         ('GET', 't0ken-of-mine'))
        self.assertIn(('a', 't0ken-of-mine'), asked['/auth'].query)
        self.assertEqual(asked['/user'].header('X-C'), 't0ken-of-mine')
        self.assertIn(('b', 't0ken-of-mine'), asked['/user'].form)
        server.frame('pusher:ping')
        watch.signal(2)
        result = watch.finish()
        self.assertNotIn('t0ken', result.out + result.err)


if __name__ == '__main__':
    cli.main()
