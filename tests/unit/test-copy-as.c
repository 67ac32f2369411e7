/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same call for somewhere else: valid, the same to the byte, and without a secret. What can run here runs, with
 * a library in the place of the real one that prints what it is asked for. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/scope-error.h"
#include "protocol/scope-signature.h"
#include "session/scope-copy-as.h"

#define KEY "app-key"
#define SECRET "very-secret-secret"
#define MASTER_KEY "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
#define NASTY "it's \"#{a}\" $b \\ `c` \\\\u0041 \t\n%s ü"

static ScopeConnectionOptions *
make_options (gboolean own_host)
{
  ScopeConnectionOptions *options = scope_connection_options_new ();

  options->key = g_strdup (KEY);
  options->app_id = g_strdup ("3");
  options->secret = scope_secret_new (SECRET);
  options->master_key = scope_secret_new (MASTER_KEY);
  options->use_tls = !own_host;
  if (own_host)
    {
      options->host = g_strdup ("127.0.0.1");
      options->port = 6001;
    }
  return options;
}

static GPtrArray *
make_events (const char *channel, /* NULL: two of them */
             const char *data,
             guint       n,
             gboolean    with_params)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);
  const char * const one[] = { channel, NULL };
  const char * const two[] = { "project-3", "it-s=a@b,c.d;e", NULL };

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (events, scope_api_event_new ("order 'paid'", data, channel != NULL ? one : two,
                                                  with_params ? "1.23" : NULL,
                                                  with_params ? "user_count,subscription_count" : NULL));
  return events;
}

static char *
dup_json_string (const char *text)
{
  GString *json = g_string_new (NULL);

  g_string_append_c (json, '"');
  for (const char *p = text; *p != '\0'; p++)
    switch (*p)
      {
      case '"':
      case '\\':
        g_string_append_printf (json, "\\%c", *p);
        break;
      case '\n':
        g_string_append (json, "\\n");
        break;
      case '\t':
        g_string_append (json, "\\t");
        break;
      default:
        g_string_append_c (json, *p);
      }
  g_string_append_c (json, '"');
  return g_string_free (json, FALSE);
}

/* protocol.md §13.2: the request of the documentation, signed at its time */
static void
test_curl_vector (void)
{
  g_autoptr (ScopeConnectionOptions) options = make_options (FALSE);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);
  const char * const channels[] = { "project-3", NULL };
  g_autofree char *command = NULL;
  g_autofree char *url = NULL;
  g_auto (GStrv) words = NULL;
  g_autofree char *query = NULL;

  g_ptr_array_add (events, scope_api_event_new ("foo", "{\"some\":\"data\"}", channels, NULL, NULL));
  command = scope_copy_as (SCOPE_COPY_AS_CURL, options, events, G_GINT64_CONSTANT (1353088179) * G_USEC_PER_SEC, NULL);
  g_assert_true (g_shell_parse_argv (command, NULL, &words, NULL));
  g_assert_cmpuint (g_strv_length (words), ==, 10);
  g_assert_cmpstr (words[0], ==, "curl");
  g_assert_cmpstr (words[8], ==, "{\"name\":\"foo\",\"data\":\"{\\\"some\\\":\\\"data\\\"}\",\"channels\":[\"project-3\"]}");

  query = scope_sign_http_request (KEY, SECRET, "POST", "/apps/3/events", NULL, words[8], -1, 1353088179, NULL);
  url = g_strconcat ("https://api-mt1.pusher.com:443/apps/3/events?", query, NULL);
  if (!g_str_equal (words[9], url))
    {
      g_free (url);
      url = g_strconcat ("https://api-mt1.pusher.com/apps/3/events?", query, NULL);
    }
  g_assert_cmpstr (words[9], ==, url);
}

/* What the shell hands to curl, whatever stands in it, is what was signed. */
static void
test_curl_quoting (void)
{
  g_autoptr (ScopeConnectionOptions) options = make_options (TRUE);
  g_autofree char *data = dup_json_string (NASTY);

  options->app_id = (g_free (options->app_id), g_strdup ("it's/3"));
  options->ca_file = g_strdup ("/tmp/it's.pem");
  for (guint n = 1; n <= 10; n += 9)
    {
      g_autoptr (GPtrArray) events = make_events ("private-a", data, n, TRUE);
      g_autofree char *command = scope_copy_as (SCOPE_COPY_AS_CURL, options, events, G_USEC_PER_SEC, NULL);
      g_auto (GStrv) words = NULL;
      g_autofree char *query = NULL;
      g_autofree char *path = g_strconcat ("/apps/it's%2F3", n > 1 ? "/batch_events" : "/events", NULL);
      g_autofree char *url = NULL;

      g_assert_true (g_shell_parse_argv (command, NULL, &words, NULL));
      g_assert_cmpuint (g_strv_length (words), ==, 12);
      g_assert_cmpstr (words[8], ==, "/tmp/it's.pem");
      query = scope_sign_http_request (KEY, SECRET, "POST", path, NULL, words[10], -1, 1, NULL);
      url = g_strconcat ("http://127.0.0.1:6001", path, "?", query, NULL);
      g_assert_cmpstr (words[11], ==, url);
    }
}

static void
test_no_secrets (void)
{
  static const char * const channels[] = { "project-3", "private-encrypted-a", "#server-to-user-7", NULL };

  for (int own_host = 0; own_host < 2; own_host++)
    for (guint c = 0; channels[c] != NULL; c++)
      for (guint n = 1; n <= 2; n++)
        for (ScopeCopyAs language = 0; language < SCOPE_N_COPY_AS; language++)
          {
            g_autoptr (ScopeConnectionOptions) options = make_options (own_host);
            g_autoptr (GPtrArray) events = make_events (channels[c], "{\"a\":1}", n, TRUE);
            g_autoptr (GError) error = NULL;
            g_autofree char *text = scope_copy_as (language, options, events, 0, &error);

            if (text == NULL)
              {
                g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_UNSUPPORTED);
                g_assert_cmpuint (c, ==, 2);
                continue;
              }
            g_assert_null (strstr (text, SECRET));
            g_assert_null (strstr (text, MASTER_KEY));
            g_assert_true (g_str_has_suffix (text, "\n"));
            g_assert_nonnull (strstr (text, own_host ? "127.0.0.1" : "mt1"));
            if (language != SCOPE_COPY_AS_CURL)
              {
                g_assert_nonnull (strstr (text, "PUSHER_APP_SECRET"));
                g_assert_null (strstr (text, KEY));
                g_assert_cmpint (strstr (text, "PUSHER_ENCRYPTION_MASTER_KEY") != NULL, ==, c == 1);
              }
          }
}

static void
test_refused (void)
{
  g_autoptr (ScopeConnectionOptions) options = make_options (FALSE);
  g_autoptr (GPtrArray) none = make_events ("a", "1", 0, FALSE);
  g_autoptr (GPtrArray) many = make_events ("a", "1", 11, FALSE);
  g_autoptr (GPtrArray) wrong = make_events ("a", "{", 1, FALSE);
  g_autoptr (GPtrArray) wide = make_events (NULL, "1", 2, FALSE);
  GPtrArray * const rows[] = { none, many, wrong, wide };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (scope_copy_as (SCOPE_COPY_AS_NODE, options, rows[i], 0, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
    }
}

/* Texts */

typedef struct
{
  ScopeCopyAs language;
  const char *one;
  const char *batch;
} Expected;

/* To the letter, where nothing here can run it. */
static const Expected expected[] = {
  { SCOPE_COPY_AS_PHP,
    "$pusher->trigger(['a'], 'order \\'paid\\'', 'it\\'s \\\\n', ['socket_id' => '1.23', "
    "'info' => 'user_count,subscription_count'], true);\n",
    "    ['channel' => 'a', 'name' => 'order \\'paid\\'', 'data' => 'it\\'s \\\\n', 'socket_id' => '1.23', "
    "'info' => 'user_count,subscription_count'],\n" },
  { SCOPE_COPY_AS_RUBY,
    "client.trigger(['a'], 'order \\'paid\\'', 'it\\'s \\\\n', socket_id: '1.23', "
    "info: 'user_count,subscription_count')\n",
    "  { channel: 'a', name: 'order \\'paid\\'', data: 'it\\'s \\\\n', socket_id: '1.23', "
    "info: 'user_count,subscription_count' },\n" },
  { SCOPE_COPY_AS_GO,
    "\t_, err := client.TriggerMultiWithParams([]string{\"a\"}, \"order 'paid'\", \"it's \\\\n\", "
    "pusher.TriggerParams{SocketID: text(\"1.23\"), Info: text(\"user_count,subscription_count\")})\n",
    "\t\t{Channel: \"a\", Name: \"order 'paid'\", Data: \"it's \\\\n\", SocketID: text(\"1.23\"), "
    "Info: text(\"user_count,subscription_count\")},\n" },
  { SCOPE_COPY_AS_CSHARP,
    "var result = await pusher.TriggerAsync(new[] { \"a\" }, \"order 'paid'\", new JRaw(\"it's \\\\n\"), "
    "new TriggerOptions { SocketId = \"1.23\", Info = new List<string> { \"user_count\", "
    "\"subscription_count\" } });\n",
    "    new Event { Channel = \"a\", EventName = \"order 'paid'\", Data = new JRaw(\"it's \\\\n\"), "
    "SocketId = \"1.23\" },\n" },
};

static void
test_texts (void)
{
  g_autoptr (ScopeConnectionOptions) options = make_options (TRUE);
  g_autoptr (GPtrArray) one = make_events ("a", "\"it's \\\\n\"", 1, TRUE);
  g_autoptr (GPtrArray) batch = make_events ("a", "\"it's \\\\n\"", 2, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *text = scope_copy_as (expected[i].language, options, one, 0, NULL);
      g_autofree char *more = scope_copy_as (expected[i].language, options, batch, 0, NULL);

      if (strstr (text, expected[i].one) == NULL)
        g_error ("%s", text);
      if (strstr (more, expected[i].batch) == NULL)
        g_error ("%s", more);
    }
}

/* Languages that can run here */

static const char node_library[]
    = "module.exports = class {\n"
      "  constructor(options) { this.calls = [options]; }\n"
      "  record(...call) { console.log(JSON.stringify([this.calls[0], call])); return Promise.resolve({ status: 200 }); }\n"
      "  trigger(...rest) { return this.record('trigger', ...rest); }\n"
      "  triggerBatch(...rest) { return this.record('batch', ...rest); }\n"
      "  sendToUser(...rest) { return this.record('user', ...rest); }\n"
      "};\n";

static const char python_library[]
    = "import json\n\n\n"
      "def show(options, *call):\n"
      "    print(json.dumps([options, call], ensure_ascii=False, separators=(',', ':')))\n\n\n"
      "class Pusher:\n"
      "    def __init__(self, **options):\n"
      "        self.options = options\n\n"
      "    def trigger(self, channels, name, data, socket_id=None):\n"
      "        show(self.options, 'trigger', channels, name, data, socket_id)\n\n"
      "    def trigger_batch(self, batch):\n"
      "        show(self.options, 'batch', batch)\n\n"
      "    def send_to_user(self, user, name, data):\n"
      "        show(self.options, 'user', user, name, data)\n";

typedef struct
{
  ScopeCopyAs language;
  const char *program;
  const char *file;    /* the call's */
  const char *library; /* its file */
  const char *text;    /* and what stands in it */
} Runner;

static const Runner runners[] = {
  { SCOPE_COPY_AS_NODE, "node", "call.js", "node_modules/pusher/index.js", node_library },
  { SCOPE_COPY_AS_PYTHON, "python3", "call.py", "pusher.py", python_library },
};

static void
write_file (const char *directory,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/* its first line of output */
static char *
run (const Runner *runner,
     const char   *program,
     const char   *text)
{
  g_autofree char *directory = g_dir_make_tmp ("scope-copy-as-XXXXXX", NULL);
  const char * const words[] = { program, runner->file, NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *errors = NULL;
  char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  write_file (directory, runner->library, runner->text);
  write_file (directory, runner->file, text);
  environment = g_environ_setenv (environment, "PUSHER_APP_KEY", "the-key", TRUE);
  environment = g_environ_setenv (environment, "PUSHER_APP_SECRET", "the-secret", TRUE);
  environment = g_environ_setenv (environment, "PUSHER_ENCRYPTION_MASTER_KEY", "the-master-key", TRUE);
  environment = g_environ_setenv (environment, "PYTHONDONTWRITEBYTECODE", "1", TRUE);
  environment = g_environ_setenv (environment, "PYTHONIOENCODING", "utf-8", TRUE);
  g_spawn_sync (directory, (char **) words, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors, &status,
                &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s\n%s", error->message, errors, text);
  remove_tree (directory);
  output[strcspn (output, "\n")] = '\0';
  return output;
}

static void
assert_said (const Runner           *runner,
             const char             *program,
             ScopeConnectionOptions *options,
             GPtrArray              *events,
             const char             *call)
{
  g_autofree char *text = scope_copy_as (runner->language, options, events, 0, NULL);
  g_autofree char *output = run (runner, program, text);

  g_assert_nonnull (strstr (output, "\"the-key\""));
  g_assert_nonnull (strstr (output, "\"the-secret\""));
  if (!g_str_has_suffix (output, call))
    g_error ("%s\ndoes not end in %s", output, call);
}

static void
test_run (gconstpointer data)
{
  const Runner *runner = data;
  g_autofree char *program = g_find_program_in_path (runner->program);
  g_autoptr (ScopeConnectionOptions) options = make_options (TRUE);
  g_autofree char *nasty = dup_json_string (NASTY);
  g_autoptr (GPtrArray) one = make_events (NULL, nasty, 1, FALSE);
  g_autoptr (GPtrArray) batch = make_events ("a", "{ \"b\" : 1e21 }", 2, FALSE);
  g_autoptr (GPtrArray) user = make_events ("#server-to-user-it's", nasty, 1, FALSE);
  g_autoptr (GPtrArray) encrypted = make_events ("private-encrypted-a", "\"text\"", 1, FALSE);
  gboolean is_node = runner->language == SCOPE_COPY_AS_NODE;
  const char *rest = is_node ? "" : ",null";
  g_autofree char *one_call
      = g_strdup_printf ("[\"trigger\",[\"project-3\",\"it-s=a@b,c.d;e\"],\"order 'paid'\",%s%s]]", nasty, rest);
  g_autofree char *user_call = g_strdup_printf ("[\"user\",\"it's\",\"order 'paid'\",%s]]", nasty);
  /* Node's library encodes what it encrypts, Python's does not */
  g_autofree char *encrypted_call
      = g_strdup_printf ("[\"trigger\",[\"private-encrypted-a\"],\"order 'paid'\",%s%s]]",
                         is_node ? "\"text\"" : "\"\\\"text\\\"\"", rest);

  if (program == NULL)
    {
      g_test_skip_printf ("there is no %s", runner->program);
      return;
    }
  assert_said (runner, program, options, one, one_call);
  assert_said (runner, program, options, user, user_call);
  assert_said (runner, program, options, encrypted, encrypted_call);
  assert_said (runner, program, options, batch,
               "[\"batch\",[{\"channel\":\"a\",\"name\":\"order 'paid'\",\"data\":\"{ \\\"b\\\" : 1e21 }\"},"
               "{\"channel\":\"a\",\"name\":\"order 'paid'\",\"data\":\"{ \\\"b\\\" : 1e21 }\"}]]]");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/copy-as/curl-vector", test_curl_vector);
  g_test_add_func ("/copy-as/curl-quoting", test_curl_quoting);
  g_test_add_func ("/copy-as/no-secrets", test_no_secrets);
  g_test_add_func ("/copy-as/refused", test_refused);
  g_test_add_func ("/copy-as/texts", test_texts);
  for (gsize i = 0; i < G_N_ELEMENTS (runners); i++)
    {
      g_autofree char *name = g_strconcat ("/copy-as/run-", runners[i].program, NULL);

      g_test_add_data_func (name, &runners[i], test_run);
    }

  return g_test_run ();
}
