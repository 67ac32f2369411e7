# SPDX-License-Identifier: GPL-3.0-or-later
"""`profiles`, and `--profile`: files, a keyring (libsecret's own file), and none at all."""
import os
import re
import subprocess
import time

import cli

KEYRING = {'SECRET_BACKEND': 'file', 'SECRET_FILE_TEST_PASSWORD': 'test'}
SECRETS = ('K3y-of-the-app', 'S3cret-of-the-app', 'T0ken-in-a-header',
           'dGhpcnR5LXR3byBieXRlcyBhcmUgbmVlZGVkIGhlcmU=')


def result_line(text, word):
    """The line with this word, or all of the text."""
    return next((line for line in text.splitlines() if word in line), text)


class Profiles(cli.TestCase):
    def setUp(self):
        super().setUp()
        self.env |= KEYRING
        self.env['SECRET_FILE_TEST_PATH'] = self.path('keyring')

    def run_cli(self, *arguments, **variables):
        if arguments[:2] in (('profiles', 'add'), ('profiles', 'import'), ('profiles', 'remove')):
            # libsecret's file leaks the file's old etag with each write
            variables['ASAN_OPTIONS'] = self.env.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
        return super().run_cli(*arguments, **variables)

    def add(self, name='shop', *arguments, status=0, **variables):
        result = self.run_cli('profiles', 'add', name, '--host', '127.0.0.1', '--port', '6001',
                              '--no-tls',
                              *arguments, **variables)
        self.assertEqual(result.status, status, result.err)
        return result

    def assert_no_secrets(self, *results):
        for result in results:
            for secret in SECRETS:
                self.assertNotIn(secret, result.out + result.err)
        for name, content in self.files().items():
            for secret in SECRETS:
                self.assertNotIn(secret.encode(), content, name)

    def test_add_list_show_remove(self):
        added = self.add('Läden', '--presence-user', '{"user_id":"7"}',
                         '--auth-endpoint', 'http://127.0.0.1/auth', '--auth-method', 'get',
                         '--user-endpoint', 'http://127.0.0.1/user', '--user-transport', 'jsonp',
                         '--http-path', '/x',
                         stdin='\n'.join(('key=' + SECRETS[0], 'secret=' + SECRETS[1],
                                          'header=X-Token: ' + SECRETS[2],
                                          'auth-param=token=' + SECRETS[2],
                                          'auth-param=more=1',
                                          'auth-header=X-Token: ' + SECRETS[2],
                                          'user-param=token=' + SECRETS[2],
                                          'encryption-key=' + SECRETS[3])))
        listed = self.run_cli('profiles', 'list')
        self.assertEqual(listed.lines, added.lines)
        self.assertEqual((listed.lines[0]['name'], listed.lines[0]['place']),
                         ('Läden', 'ws://127.0.0.1:6001'))
        shown = self.run_cli('profiles', 'show', 'Läden')
        for name, value in {'name': 'Läden', 'host': '127.0.0.1', 'port': 6001, 'use-tls': False,
                            'read-only': True, 'key': '•••', 'secret': '•••', 'master-key': '•••',
                            'headers': '•••', 'auth-params': '•••', 'auth-headers': '•••',
                            'user-params': '•••', 'auth-endpoint': 'http://127.0.0.1/auth',
                            'auth-method': 'get', 'user-transport': 'jsonp',
                            'http-path': '/x'}.items():
            self.assertEqual(shown.lines[0][name], value)
        as_text = self.run_cli('profiles', 'show', 'Läden', '--format', 'text')
        self.assertIn('secret: •••\n', as_text.out)
        self.assertNotIn('user-headers', shown.lines[0])
        alone = self.run_cli('profiles')
        self.assertEqual((alone.status, alone.lines), (0, listed.lines))
        self.assert_no_secrets(added, listed, shown, as_text)

        self.assertEqual(self.run_cli('profiles', 'remove', 'Läden').status, 0)
        self.assertEqual(self.run_cli('profiles', 'list').out, '')
        self.assert_refused(['profiles', 'show', 'Läden'], '“Läden”')
        self.assert_refused(['profiles', 'remove', 'Läden'], '“Läden”')

    def test_remove_clears_the_keyring(self):
        self.add('shop', '--key', SECRETS[0])
        exported = self.run_cli('profiles', 'export', 'shop').out
        self.run_cli('profiles', 'remove', 'shop')
        # the same id again: nothing of its secrets is left
        self.run_cli('profiles', 'import', self.write('profile', exported))
        self.assertNotIn('key', self.run_cli('profiles', 'show', 'shop').lines[0])

    def test_secrets_from_the_environment(self):
        self.add('shop', '--key', SECRETS[0], CHANNELSCOPE_SECRET=SECRETS[1],
                 CHANNELSCOPE_ENCRYPTION_KEY='')
        shown = self.run_cli('profiles', 'show', 'shop').lines[0]
        self.assertIn('secret', shown)
        self.assertNotIn('master-key', shown)

    def test_standard_input_that_never_ends(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        start = time.monotonic()
        done = subprocess.run([cli.PROGRAM, 'profiles', 'add', 'shop', '--key', 'k'], stdin=reader,
                              env=self.env | {'CHANNELSCOPE_SECRET': 's',
                                              'ASAN_OPTIONS': 'detect_leaks=0'},
                              capture_output=True,
                              timeout=cli.DEADLINE, check=False)
        os.close(reader)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(time.monotonic() - start, 8)

    def test_standard_input_that_stops_midway(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        os.write(writer, b'secret=S3cret-of-')
        done = subprocess.run([cli.PROGRAM, 'profiles', 'add', 'shop', '--key', 'k'], stdin=reader,
                              env=self.env, capture_output=True, timeout=cli.DEADLINE, check=False)
        os.close(reader)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b'standard input did not end', done.stderr)
        self.assertEqual(self.run_cli('profiles', 'list').out, '')
        self.assertFalse(os.path.exists(self.path('keyring')))

    def test_wrong_additions(self):
        self.add('shop', '--key', 'k')
        for arguments, word in ((['shop', '--key', 'k'], '“shop”'), (['', '--key', 'k'], 'name'),
                                (['new'], '--key'),
                                (['new', '--key', 'k', '--profile', 'shop'], '--profile'),
                                (['new', '--key', 'k', '--proxy', 'http://u:p@h:1'], 'password')):
            with self.subTest(arguments):
                self.assert_refused(['profiles', 'add', *arguments], word)
        for line, word in (('nonsense=S3cret-of-the-app', 'secret=…'),
                           ('encryption-key=S3cret-of-the-app', 'base64')):
            result = self.add('new', '--key', 'k', stdin=line, status=2)
            self.assertIn(word, result.err)
            self.assertNotIn('S3cret', result.err)
        self.assertEqual([line['name'] for line in self.run_cli('profiles', 'list').lines],
                         ['shop'])

    def test_without_keyring(self):
        for variables in ({'SECRET_BACKEND': ''}, {'SECRET_BACKEND': 'service'}):
            with self.subTest(variables):
                result = self.add('shop', '--key', SECRETS[0], stdin='secret=' + SECRETS[1],
                                  status=1, **variables)
                self.assertRegex(result.err, r'\Achannelscope-cli: [^\n]*keyring[^\n]*\n\Z')
                self.assertIn('--secret-file', result.err)
                self.assertNotIn('session only', result.err)
                self.assertEqual(self.run_cli('profiles', 'list').out, '')
                self.assert_no_secrets(result)

    def test_export_and_import(self):
        self.add('shop', '--key', SECRETS[0], '--app-id', '42')
        exported = self.run_cli('profiles', 'export', 'shop')
        self.assertEqual(exported.status, 0)
        self.assertIn('app-id=42', exported.out)
        self.assert_no_secrets(exported)
        path = self.write('exported', exported.out)
        self.assert_refused(['profiles', 'import', path], '“shop”')
        # its id is taken, its name is not
        renamed = self.write('renamed', exported.out.replace('name=shop', 'name=other'))
        imported = self.run_cli('profiles', 'import', renamed)
        self.assertEqual(imported.status, 0, imported.err)
        listed = self.run_cli('profiles', 'list').lines
        self.assertEqual([line['name'] for line in listed], ['other', 'shop'])
        self.assertEqual(len({line['id'] for line in listed}), 2)
        self.assertEqual(self.run_cli('profiles', 'show', 'other').lines[0]['app-id'], '42')
        for text in ('', 'nonsense', '[Profile]\nname=x\n[Connection]\nport=0\n'):
            with self.subTest(text):
                self.assert_refused(['profiles', 'import', self.write('bad', text)], 'bad')
        self.assert_refused(['profiles', 'import', self.path('none')], 'none')

    def import_text(self, text, status=0, **variables):
        path = self.write('configuration', text)
        result = self.run_cli('profiles', 'import', path, **variables)
        os.remove(path)
        self.assertEqual(result.status, status, result.err)
        self.assert_no_secrets(result)
        return result

    def test_import_of_other_configurations(self):
        """new Pusher (…), Echo's options and .env files; secrets go to the keyring, nowhere else."""
        key, secret, token, master = SECRETS
        first = self.import_text(
            f"const p = new Pusher('{key}', {{ wsHost: '127.0.0.1', wsPort: 6001, forceTLS: false,\n"
            f"  channelAuthorization: {{ endpoint: '/auth', headers: {{ 'X-Token': '{token}' }} }},\n"
            f"  wssPort: process.env.PORT, disableStats: true }})")
        self.assertEqual((first.lines[0]['name'], first.lines[0]['place']),
                         ('127.0.0.1', 'ws://127.0.0.1:6001'))
        for word in ('“/auth” is part of a web page’s address', 'wssPort is computed from “process.env.PORT”',
                     'disableStats is not needed'):
            self.assertIn(word, result_line(first.err, word))
        shown = self.run_cli('profiles', 'show', '127.0.0.1').lines[0]
        self.assertEqual((shown['key'], shown['auth-headers'], shown['use-tls']), ('•••', '•••', False))

        # the same again is another profile
        again = self.import_text(f"new Pusher('{key}', {{ wsHost: '127.0.0.1' }})")
        self.assertEqual(again.lines[0]['name'], '127.0.0.1 2')

        env = (f'APP_NAME="Corner Shop"\nPUSHER_APP_ID=12\nPUSHER_APP_KEY={key}\nPUSHER_APP_SECRET={secret}\n'
               f'PUSHER_APP_CLUSTER=eu\nPUSHER_ENCRYPTION_MASTER_KEY_BASE64={master}\n')
        self.import_text(env)
        shown = self.run_cli('profiles', 'show', 'Corner Shop').lines[0]
        for name, value in {'app-id': '12', 'cluster': 'eu', 'read-only': True, 'secret': '•••',
                            'master-key': '•••'}.items():
            self.assertEqual(shown[name], value, name)

        piped = self.run_cli('profiles', 'import', '-', stdin=env.replace('Corner', 'Other'))
        self.assertEqual(piped.status, 0, piped.err)
        self.assertEqual(piped.lines[0]['name'], 'Other Shop')
        self.assert_no_secrets(piped)

    def test_imported_configuration_connects(self):
        server = self.serve('--app', 'K3y-of-the-app:id:THE_SECRET', THE_SECRET=SECRETS[1])
        host, port = server.connection(SECRETS[0])[3], server.connection(SECRETS[0])[5]
        self.import_text(f"new Pusher({{ appId: 'id', key: '{SECRETS[0]}', secret: '{SECRETS[1]}',"
                         f" host: '{host}', port: {port}, useTLS: false }})")
        watch = self.start('watch', '--profile', host, 'private-x', '--for', '15', '--count', '1')
        watch.wait_line(type='subscription', status='subscribed')
        server.publish('private-x', 'e', {}, key=SECRETS[0], app_id='id', secret=SECRETS[1])
        self.finish(watch, 0)

    def test_wrong_imports(self):
        for text, word in ((f"new Pusher('{SECRETS[0]}", 'Line 1, column 12'),
                           ("new Echo({ broadcaster: 'socket.io' })", 'broadcaster'),
                           ('x' * (2 << 20), 'too large'), ('a\0b', 'UTF-8')):
            with self.subTest(word):
                self.assert_refused(['profiles', 'import', self.write('bad', text)], word)
        result = self.run_cli('profiles', 'import', '-', stdin='nonsense')
        self.assertEqual(result.status, 2)
        self.assertIn('standard input: No configuration', result.err)
        result = self.import_text(f"new Pusher('{SECRETS[0]}', {{ cluster: 'eu' }})", status=1,
                                  SECRET_BACKEND='service')
        self.assertIn('keyring', result.err)
        self.assertEqual(self.run_cli('profiles', 'list').out, '')

    def test_watch_with_profile(self):
        server = self.serve('--app', 'K3y-of-the-app:id:THE_SECRET', THE_SECRET=SECRETS[1])
        result = self.run_cli('profiles', 'add', 'shop', *server.connection(SECRETS[0]),
                              CHANNELSCOPE_SECRET=SECRETS[1])
        self.assertEqual(result.status, 0, result.err)
        watch = self.start('watch', '--profile', 'shop', 'private-x', '--count', '1', '--for', '15')
        watch.wait_line(type='subscription', status='subscribed')
        server.publish('private-x', 'e', {}, key=SECRETS[0], app_id='id', secret=SECRETS[1])
        watched = self.finish(watch, 0)
        for secret in SECRETS[1:]:
            self.assertNotIn(secret, watched.out + watched.err)

        # what is given counts over what is saved
        result = self.run_cli('watch', '--profile', 'shop', '--key', 'wrong')
        self.assertEqual([line['code'] for line in result.lines if line['type'] == 'error'], [4001])
        result = self.run_cli('watch', '--profile', 'shop', 'private-x', '--for',
                              cli.A_WHILE, CHANNELSCOPE_SECRET='wrong')
        self.assertEqual(result.status, 1)

        # without the keyring there is no key
        result = self.run_cli('watch', '--profile', 'shop', 'news', SECRET_BACKEND='service')
        self.assertEqual(result.status, 1)
        self.assertIn('keyring', result.err)
        result = self.run_cli('watch', '--profile', 'shop', '--key', SECRETS[0], 'news', '--for',
                              cli.A_WHILE, SECRET_BACKEND='service')
        self.assertEqual(result.status, 0, result.err)

    def test_publish_with_profile(self):
        """A profile that was saved with a secret is read-only, which is the window's caution: a command is meant."""
        server = self.serve()
        result = self.run_cli('profiles', 'add', 'shop', *server.connection(), '--app-id', 'app-id',
                              CHANNELSCOPE_SECRET='app-secret')
        self.assertEqual(result.status, 0, result.err)
        self.assertTrue(self.run_cli('profiles', 'show', 'shop').lines[0]['read-only'])
        for how in ([], ['--client']):
            result = self.run_cli('trigger', '--profile', 'shop', 'private-chat', *how, '--event', 'client-typing',
                                  '--data', '{"by":"me"}')
            self.assertEqual((result.status, result.err), (0, ''), result.out)
            self.assertEqual(result.lines[0]['outcome'], 'accepted')
        self.assertTrue(self.run_cli('profiles', 'show', 'shop').lines[0]['read-only'])

    def test_profile_stays_as_it_is(self):
        """Watching channels and overriding options change nothing that is saved."""
        server = self.serve()
        self.run_cli('profiles', 'add', 'shop', *server.connection())
        before = self.run_cli('profiles', 'export', 'shop').out
        result = self.run_cli('watch', '--profile', 'shop', 'news', '--for', cli.A_WHILE,
                              '--pong-timeout', '3')
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(self.run_cli('profiles', 'export', 'shop').out, before)

    def test_unreadable_profile_is_named(self):
        self.add('shop', '--key', 'k')
        directory = os.path.join(self.env['XDG_CONFIG_HOME'], 'channelscope', 'profiles')
        with open(os.path.join(directory, 'broken.profile'), 'w', encoding='utf-8') as file:
            file.write('nonsense')
        result = self.run_cli('profiles', 'list')
        self.assertEqual([line['name'] for line in result.lines], ['shop'])
        self.assertTrue(re.search('broken', result.err))


if __name__ == '__main__':
    cli.main()
