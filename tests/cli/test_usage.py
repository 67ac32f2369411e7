# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments: what is understood, and what is refused with one clear line."""
import os
import re
import subprocess

import cli

CONNECT = ['--key', 'k', '--host', '127.0.0.1', '--port', '9', '--no-tls']


class Usage(cli.TestCase):
    def test_help_and_version(self):
        for arguments in (['--help'], ['-h'], ['watch', '--help'], ['profiles', 'add', '--help'],
                          ['--help', 'serve'], ['trigger', '--help', 'x']):
            with self.subTest(arguments):
                result = self.run_cli(*arguments)
                self.assertEqual((result.status, result.err), (0, ''))
                self.assertIn('--format', result.out)
        self.assertIn('--expect F', self.run_cli('watch', '--help').out)
        self.assertNotIn('--expect', self.run_cli('serve', '--help').out)
        self.assertRegex(self.run_cli('--version').out, r'\Achannelscope-cli \d+\.\d+\.\d+\n\Z')

    def test_man_page_knows_every_option(self):
        page = os.path.join(os.environ['G_TEST_SRCDIR'], '../data/channelscope-cli.1.in')
        with open(page, encoding='utf-8') as file:
            text = file.read().replace('\\-', '-')
        for command in ('watch', 'trigger', 'doctor', 'serve', 'query', 'export', 'profiles add'):
            for name in re.findall(r'^  (--[a-z-]+)', self.run_cli(*command.split(), '--help').out,
                                   re.M):
                with self.subTest(f'{command} {name}'):
                    self.assertTrue(name in text, f'{name} is missing')

    def test_wrong_arguments(self):
        for arguments, word in (
                ([], 'command is missing'), (['foo'], '“foo”'),
                (['profiles', 'foo'], '“profiles foo”'), (['watch', '--nope'], '“--nope”'),
                (['--nope'], '“--nope”'), (['watch', '-x'], '“-x”'), (['serve', 'x'], 'takes no arguments'),
                (['doctor', 'x'], 'takes no arguments'),
                (['watch', '--demo'], '“--demo”'), (['serve', '--key', 'k'], '“--key”'),
                (['profiles', 'show'], 'NAME'), (['profiles', 'show', 'a', 'b'], 'Argument 2 of “profiles show”'),
                (['watch', '--key'], '--key KEY'), (['watch', '--frames=1'], '--frames'),
                (['--key', 'k'], '“--key”'), (['query'], 'CAPTURE')):
            with self.subTest(arguments):
                self.assert_refused(arguments, word)

    def test_wrong_values(self):
        for option, value, word in (
                ('host', 'http://x', 'http://'), ('host', 'a b', '“a b”'), ('host', '', 'empty'),
                ('port', '0', '1 to 65535'), ('port', '65536', '65536'), ('port', 'x', '“x”'),
                ('cluster', 'a.b', '“a.b”'), ('path', 'x', '“/”'), ('wss-port', '-1', '-1'),
                ('key', 'a b', 'spaces'), ('ca-file', '/nonexistent', '/nonexistent'),
                ('ca-file', '/dev/null', 'certificate'), ('origin', 'x', '“x”'),
                ('header', 'x', 'Name: value'), ('header', 'N=plain', 'env:'),
                ('header', 'N=env:NOT_SET', 'NOT_SET'),
                ('header', 'N=@/nonexistent', '/nonexistent'), ('header', '=x', 'Name: value'),
                ('auth-endpoint', '/pusher/auth', 'https://'), ('auth-endpoint', 'ws://h', 'http'),
                ('auth-endpoint', 'http://u:S3cret@h/', 'user name'),
                ('auth-transport', 'fetch', '“fetch”'), ('auth-method', 'put', '“put”'),
                ('auth-param', 'x', 'NAME=value'), ('auth-param', '=x', 'NAME=value'),
                ('auth-param', 'N=env:NOT_SET', 'NOT_SET'),
                ('auth-param', 'N=@/nonexistent', '/nonexistent'),
                ('auth-header', 'x', 'Name: value'), ('auth-header', 'N=plain', 'cmd:'),
                ('user-endpoint', 'x', 'https://'), ('user-transport', '', 'empty'),
                ('user-method', 'GET', '“GET”'), ('user-param', 'x', 'NAME=value'),
                ('user-header', 'N=env:NOT_SET', 'NOT_SET'), ('user-data', '{"id":7}', '“id”'),
                ('user-data', 'x', 'JSON'), ('http-host', 'a:1', 'a:1'),
                ('http-port', '0', '1 to 65535'), ('https-port', 'x', '“x”'),
                ('http-path', 'x', '“/”'), ('max-data', '0', '“0”'),
                ('secret-file', '/nonexistent', '/nonexistent'),
                                    ('secret-file', '/dev/null', 'empty'),
                ('encryption-key-file', '/nonexistent', '/nonexistent'),
                ('presence-user', '{"user_id":""}', 'user_id'), ('presence-user', '7', 'user_id'),
                ('transports', 'foo', '“foo”'), ('disable-transports', 'ws,wss', 'must leave one'),
                ('proxy', 'x', 'proxy'), ('proxy', 'http://u:S3cret@h:1', 'network settings'),
                ('reconnect-delay', '0', '“0”'), ('max-delay', 'x', '“x”'),
                ('max-attempts', '0', '“0”'), ('activity-timeout', 'nan', 'nan'),
                ('pong-timeout', '-1', '-1'), ('unavailable-timeout', '', 'seconds'),
                ('connect-timeout', '1e9', '1e9'), ('app-id', 'a/b', 'a/b'),
                                    ('api-port', 'x', '“x”'),
                ('api-host', 'a:1', 'a:1'), ('filter', 'event ==', 'character'),
                ('expect', 'nope == 1', 'character'), ('count', '0', '“0”'),
                                    ('count', '1.5', '1.5'),
                ('for', '0', '“0”'), ('for', 'x', '“x”'), ('for', 'nan', 'nan'),
                ('record', '/nonexistent/x', '/nonexistent'), ('record', '/', '“/”'),
                ('format', 'xml', '“xml”'), ('profile', 'none', '“none”')):
            for form in ([f'--{option}', value], [f'--{option}={value}']):
                with self.subTest(form):
                    self.assert_refused(['watch', *CONNECT, *form], word)

    def test_options_that_do_not_go_together(self):
        endpoint = ['--auth-endpoint', 'http://h/auth']
        user_endpoint = ['--user-endpoint', 'http://h/user']
        user = '{"id":"ann"}'
        for arguments, *words in (
                (['--auth-transport', 'ajax'], '--auth-transport', '--auth-endpoint'),
                (['--auth-method', 'get'], '--auth-method', '--auth-endpoint'),
                (['--auth-param', 'a=b'], '--auth-param', '--auth-endpoint'),
                (['--auth-header', 'A: b', *user_endpoint], '--auth-header', '--auth-endpoint'),
                (['--user-param', 'a=b', *endpoint], '--user-param', '--user-endpoint'),
                ([*endpoint, '--auth-transport', 'jsonp', '--auth-method', 'post'], 'jsonp',
                 '--auth-method post'),
                ([*endpoint, '--auth-transport', 'jsonp', '--auth-header', 'A: b'], 'jsonp',
                 '--auth-header'),
                ([*user_endpoint, '--user-transport', 'jsonp', '--user-header', 'A: b'], 'jsonp',
                 '--user-header'),
                (['--user-data', user], '--user-data', 'CHANNELSCOPE_SECRET', '--user-endpoint'),
                (['--user-data', user, *user_endpoint], '--user-data', '--user-endpoint'),
                (['--transports', 'ws', '--disable-transports', 'ws'], '--disable-transports')):
            with self.subTest(arguments):
                self.assert_refused(['watch', *CONNECT, *arguments], *words)

    def test_wrong_channels(self):
        for name in ('', 'a b', 'ä', 'x' * 201, 'a/b', '#private'):
            with self.subTest(name):
                for command in (['watch', 'news', name], ['trigger', '--client', '--event', 'client-e', '--data', '1', name]):
                    self.assert_refused([*command, *CONNECT], f'“{name}”')

    def test_wrong_serve(self):
        for arguments, word in ((['--port', '65536'], '65536'), (['--app', 'x'], 'KEY:ID'),
                                (['--app', 'k:i:NOT_SET'], 'NOT_SET'), (['--app', ':i'], 'key'),
                                (['--app', 'k:'], 'id')):
            with self.subTest(arguments):
                self.assert_refused(['serve', *arguments], word)

    def test_missing_key(self):
        self.assert_refused(['watch', 'news'], '--key', '--profile')

    def test_arguments_are_utf8(self):
        done = subprocess.run([cli.PROGRAM, 'watch', b'\xff'], env=self.env, capture_output=True,
                              timeout=cli.DEADLINE, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn('UTF-8', done.stderr.decode('utf-8'))
        # in the C locale, too, what is quoted comes out as it went in
        self.assert_refused(['watch', *CONNECT, '--host', 'ö/ß'], '“ö/ß”')

    def test_messages_are_one_line(self):
        self.assert_refused(['watch', *CONNECT, '--port', 'a\nb\x1b[31m'], 'a␊b␛[31m')

    def test_secrets_in_messages(self):
        """What may be secret is not quoted back."""
        secret = 'T0p-S3cret\x01'
        for arguments in (['--header', f'X: {secret}'], ['--header', f'X={secret}'],
                          ['--auth-param', f'x={secret}'], ['--auth-header', f'X: {secret}'],
                          ['--user-param', f'x={secret}'], ['--user-header', f'X: {secret}'],
                          ['--user-header', 'X=env:VALUE'], ['--auth-param', 'x=env:COMMAND']):
            variables = {'VALUE': 'T0p-S3cret\nx', 'COMMAND': 'cmd:T0p-S3cret'}
            result = self.run_cli('watch', *CONNECT, *arguments, **variables)
            self.assertEqual(result.status, 2, result.err)
            self.assertNotIn('T0p-S3cret', result.err)
        result = self.run_cli('watch', *CONNECT, CHANNELSCOPE_ENCRYPTION_KEY='T0p-S3cret')
        self.assertEqual(result.status, 2)
        self.assertIn('CHANNELSCOPE_ENCRYPTION_KEY', result.err)
        self.assertNotIn('T0p-S3cret', result.err)
        key_file = self.write('key', 'T0p-S3cret')
        result = self.assert_refused(['watch', *CONNECT, '--encryption-key-file', key_file],
                                     'base64')
        self.assertNotIn('T0p-S3cret', result.err)

    def test_values_are_not_repeated(self):
        """Neither of an option that is not known, nor of one that takes something else."""
        for arguments in (
                ['--app-secret', 'S3cret', 'watch', 'news'], ['--app-secret=S3cret', 'watch'],
                ['--app_secret', 'S3cret', 'watch'], ['--secret:S3cret', 'watch'],
                ['-p', 'S3cret', 'watch'], ['-pS3cret', 'watch'], ['watch', '-pS3cret', 'news'],
                ['--nope', 'S3cret'], ['--nope=S3cret'], ['profiles', '--nope', 'S3cret', 'list'],
                ['watch', '--app-secret', 'S3cret'], ['watch', '--secret=S3cret', 'news'],
                ['--port', '--key', 'S3cret', 'watch'], ['watch', '--port', '--secret=S3cret'],
                ['watch', '--frames=S3cret'], ['profiles', 'add', 'shop', 'k', 'S3cret'],
                ['channels', 'S3cret'], ['serve', '--app', 'S3cret'],
                ['serve', '--app', 'k:S3cret!'], ['serve', '--app', 'k:i:S3cret'],
                ['watch', *CONNECT, '--secret-file', 'S3cret'],
                ['watch', *CONNECT, '--encryption-key-file', 'S3cret'],
                ['watch', *CONNECT, '--encryption-key-file',
                 '/S3cretS3cretS3cretS3cretS3cretS3cretS3cret='],
                ['watch', *CONNECT, '--header', 'X=@S3cret'],
                ['watch', *CONNECT, '--header', 'X=env:S3cret'],
                ['watch', *CONNECT, '--auth-param', 'x=@S3cret'],
                ['watch', *CONNECT, '--host', 'https://ann:S3cret@h/'],
                ['watch', *CONNECT, '--host', 'ann:S3cret@h'],
                ['watch', *CONNECT, '--path', 'x?token=S3cret'],
                ['watch', *CONNECT, '--origin', 'https://ann:S3cret@h/x?token=S3cret'],
                ['watch', *CONNECT, '--auth-endpoint', 'https://ann:S3cret@h/'],
                ['watch', *CONNECT, '--proxy', 'http://ann:S3cret@h/']):
            with self.subTest(arguments):
                result = self.assert_refused(arguments)
                self.assertNotIn('3cret', result.err)

    def test_what_may_have_been_meant(self):
        for arguments, words in (
                (['wacth'], ('“wacth”', '“watch”')), (['chanels'], ('“channels”',)),
                (['profile', 'list'], ('“profiles”',)), (['exprot', 'x'], ('“export”',)),
                (['help'], ('channelscope-cli --help',)), (['help', 'watch'], ('COMMAND --help',)),
                (['version'], ('--version',)), ([], ('doctor',)),
                (['watch', '--formt', 'text'], ('“--formt”', '--format', 'watch --help')),
                (['watch', '-key', 'k'], ('--key',)), (['--verison'], ('--version',)),
                (['watch', '--port', '--no-tls'], ('“--port” needs a value',)),
                (['watch', '--encryption-key', 'S3cret'], ('CHANNELSCOPE_ENCRYPTION_KEY',)),
                (['watch', '--app-secret', 'S3cret'], ('CHANNELSCOPE_SECRET',))):
            with self.subTest(arguments):
                self.assert_refused(arguments, *words)

    def test_closed_and_full(self):
        """A standard descriptor that is closed, or can't take what is written, is no success."""
        for redirect in ('>&-', '>/dev/full'):
            for arguments in ('--help', '--version', 'watch --help'):
                with self.subTest(redirect + arguments):
                    done = subprocess.run(f'"{cli.PROGRAM}" {arguments} {redirect}', shell=True, env=self.env,
                                          capture_output=True, timeout=cli.DEADLINE, check=False)
                    self.assertEqual(done.returncode, 1)
                    self.assertIn(b'Standard output', done.stderr)
        for arguments in ('batch - --key k --app-id i', 'profiles import -'):
            with self.subTest(arguments):
                done = subprocess.run(f'"{cli.PROGRAM}" {arguments} <&-', shell=True, capture_output=True,
                                      env=self.env | {'CHANNELSCOPE_SECRET': 's'}, timeout=cli.DEADLINE, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stderr.count(b'\n'), 1, done.stderr)
        done = subprocess.run(f'"{cli.PROGRAM}" nope 2>&-', shell=True, env=self.env, capture_output=True,
                              timeout=cli.DEADLINE, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (2, b'', b''))

    def test_words_after_two_dashes(self):
        # the name of a channel may begin with a dash
        result = self.run_cli('watch', *CONNECT, '--for', '0.2', '--', '-news')
        self.assertEqual(result.status, 3, result.err)


if __name__ == '__main__':
    cli.main()
