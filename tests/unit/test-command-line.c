/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "ui/scope-command-line.h"

typedef struct
{
  const char *line;
  const char *profile;
  const char *capture; /* the first one */
  gboolean demo, connect, new_window, version;
} GoodLine;

static const GoodLine good_lines[] = {
  { "channelscope" },
  { "channelscope --demo", .demo = TRUE },
  { "channelscope --profile Shop --connect", .profile = "Shop", .connect = TRUE },
  { "channelscope --profile=Shop --new-window", .profile = "Shop", .new_window = TRUE },
  { "channelscope --version", .version = TRUE },
  { "channelscope a.channelscope b", .capture = "a.channelscope" },
  { "channelscope -- --demo", .capture = "--demo" },
};

static const char * const bad_lines[] = {
  "channelscope --profile",      "channelscope --profile=", "channelscope --connect",
  "channelscope --no-such-thing", "channelscope -x",         "channelscope --demo=1",
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good_lines); i++)
    {
      const GoodLine *good = &good_lines[i];
      g_auto (GStrv) argv = g_strsplit (good->line, " ", -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeCommandLine) options =
        scope_command_line_parse ((const char * const *) argv, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (options->profile, ==, good->profile);
      g_assert_cmpstr (options->captures[0], ==, good->capture);
      g_assert_true (options->demo == good->demo && options->connect == good->connect);
      g_assert_true (options->new_window == good->new_window && options->version == good->version);
    }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_lines); i++)
    {
      g_auto (GStrv) argv = g_strsplit (bad_lines[i], " ", -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeCommandLine) options =
        scope_command_line_parse ((const char * const *) argv, &error);

      g_assert_null (options);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      g_assert_null (strchr (error->message, '\n'));
      g_assert_nonnull (strstr (error->message, "--") != NULL ? error->message
                                                              : strstr (error->message, argv[1]));
    }
}

/* a value that is given to an unknown option may be a secret */
static void
test_secrets (void)
{
  static const char * const lines[] = {
    "channelscope --app-secret=S3cret", "channelscope --app-secret S3cret", "channelscope -pS3cret",
    "channelscope --secret:S3cret", "channelscope --demo=S3cret", "channelscope S3cret --secret S3cret",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (GStrv) argv = g_strsplit (lines[i], " ", -1);
      g_autoptr (GError) error = NULL;

      g_assert_null (scope_command_line_parse ((const char * const *) argv, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      g_assert_null (strstr (error->message, "S3cret"));
      g_assert_nonnull (strstr (error->message, "unknown option -"));
    }
}

static void
test_texts (void)
{
  g_autofree char *help = scope_command_line_dup_help ();
  g_autofree char *version = scope_command_line_dup_version ();

  g_assert_nonnull (strstr (help, "--profile NAME"));
  g_assert_true (g_str_has_prefix (version, "channelscope " SCOPE_VERSION "\n"));
  g_assert_nonnull (strstr (version, "GTK "));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/command-line/good", test_good);
  g_test_add_func ("/command-line/bad", test_bad);
  g_test_add_func ("/command-line/secrets", test_secrets);
  g_test_add_func ("/command-line/texts", test_texts);

  return g_test_run ();
}
