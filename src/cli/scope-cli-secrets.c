/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "cli/scope-cli-output.h"
#include "net/scope-option-checks.h"
#include "protocol/scope-decrypt.h"

#define MAX_SECRET_BYTES (64 * 1024)
/* A pipe that was merely inherited is never closed: it is waited for so long, and less if the
 * secret is known already. */
#define STDIN_WAIT_MSEC 10000
#define STDIN_WAIT_KNOWN_MSEC 1000

/* an empty one counts as unset */
static const char *
secrets_get_variable (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != '\0' ? value : NULL;
}

static gboolean
secrets_fail_to_read (const char *path,
                      const char *why,
                      GError    **error)
{
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The file “%s” can’t be read: %s"), path,
               why);
  return FALSE;
}

/* TRUE: something can be read, or its end; msec -1: without end */
static gboolean
secrets_wait (int      fd,
              int      msec,
              GError **error)
{
  struct pollfd fds[] = {
    { .fd = fd, .events = POLLIN },
    { .fd = scope_cli_get_interrupt_fd (), .events = POLLIN },
  };
  int n;

  do
    n = poll (fds, G_N_ELEMENTS (fds), msec);
  while (n < 0 && errno == EINTR);

  if (fds[1].revents != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Interrupted"));
      return FALSE;
    }
  return n > 0;
}

/* Up to its end, or one byte more than allowed. The descriptor does not block, so that a signal
 * ends the wait for a pipe nobody writes to. */
static gboolean
secrets_load (int      fd,
              char    *bytes,
              gsize    max_bytes,
              gsize   *length,
              GError **error)
{
  *length = 0;
  while (*length <= max_bytes)
    {
      gssize n;

      if (!secrets_wait (fd, -1, error))
        return FALSE;
      n = read (fd, bytes + *length, max_bytes + 1 - *length);
      if (n == 0)
        return TRUE;
      if (n > 0)
        *length += n;
      else if (errno != EINTR && errno != EAGAIN)
        {
          int code = errno;

          g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
secrets_load_file (const char *path,
                   int         fd,
                   char       *bytes,
                   gsize       max_bytes,
                   gsize      *length,
                   GError    **error)
{
  g_autoptr (GError) local = NULL;

  if (!secrets_load (fd, bytes, max_bytes, length, &local))
    {
      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return secrets_fail_to_read (path, local->message, error);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (*length <= max_bytes)
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("The file “%s” is too large: %zu bytes are allowed"), path, max_bytes);
  return FALSE;
}

/**
 * scope_cli_read_file:
 * @path: a file's name
 * @max_bytes: no more than this is read
 * @length: (out)
 *
 * A pipe is waited for until it has been written; a signal ends that with `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): its bytes, with a NUL after them
 */
char *
scope_cli_read_file (const char *path,
                     gsize       max_bytes,
                     gsize      *length,
                     GError    **error)
{
  g_autofree char *bytes = NULL;
  gboolean loaded;
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0)
    {
      secrets_fail_to_read (path, g_strerror (errno), error);
      return NULL;
    }

  bytes = g_malloc0 (max_bytes + 2);
  loaded = secrets_load_file (path, fd, bytes, max_bytes, length, error);
  close (fd);
  if (!loaded)
    {
      scope_secret_wipe (bytes, max_bytes + 2);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

/* Who gives the secret where its file belongs shall not read it again: told is only what has a
 * directory that exists, and is no base64. */
static gboolean
secrets_may_tell (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);

  return strchr (path, '/') != NULL && g_file_test (directory, G_FILE_TEST_IS_DIR) &&
         !g_str_has_suffix (path, "=") && !scope_master_key_check (path, NULL);
}

/**
 * scope_cli_read_secret_file:
 * @path: a file's name
 *
 * An error names the file, unless that may be the secret itself.
 *
 * Returns: (transfer full) (nullable): its text, without the line break at its end
 */
char *
scope_cli_read_secret_file (const char *path,
                            GError    **error)
{
  gsize length = 0;
  char *text;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !secrets_may_tell (path))
    {
      scope_error_usage (error, _("There is no such file: the name of a file is wanted, not the secret itself"));
      return NULL;
    }
  text = scope_cli_read_file (path, MAX_SECRET_BYTES, &length, error);
  if (text == NULL)
    return NULL;

  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
    text[--length] = '\0';
  if (length > 0 && strlen (text) == length && g_utf8_validate (text, length, NULL))
    return text;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               length == 0 ? _("The file “%s” is empty") : _("The file “%s” is no UTF-8 text"),
               path);
  scope_secret_wipe (text, length);
  g_free (text);
  return NULL;
}

/* Headers and parameters: several of a kind, one a line. */
static const struct
{
  const char *name;
  ScopeCredentialKind kind;
  gboolean is_param;
} secrets_lines[] = {
  { "header", SCOPE_CREDENTIAL_HEADERS, FALSE },
  { "auth-param", SCOPE_CREDENTIAL_AUTH_PARAMS, TRUE },
  { "auth-header", SCOPE_CREDENTIAL_AUTH_HEADERS, FALSE },
  { "user-param", SCOPE_CREDENTIAL_USER_PARAMS, TRUE },
  { "user-header", SCOPE_CREDENTIAL_USER_HEADERS, FALSE },
};

static gboolean
secrets_is_param (ScopeCredentialKind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (secrets_lines); i++)
    if (secrets_lines[i].kind == kind)
      return secrets_lines[i].is_param;
  g_assert_not_reached ();
}

/**
 * scope_cli_lines_kind:
 * @name: an option of which there may be several: "header", "auth-param" …
 *
 * Returns: what its values are kept as
 */
ScopeCredentialKind
scope_cli_lines_kind (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (secrets_lines); i++)
    if (strcmp (secrets_lines[i].name, name) == 0)
      return secrets_lines[i].kind;
  g_return_val_if_reached (SCOPE_CREDENTIAL_HEADERS);
}

static char *
secrets_fail_line (ScopeCredentialKind kind,
                   GError            **error)
{
  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       secrets_is_param (kind)
                         ? _("A parameter is written NAME=value, NAME=env:VARIABLE, NAME=@FILE or "
                             "NAME=cmd:COMMAND")
                         : _("A header is written “Name: value”, NAME=env:VARIABLE, NAME=@FILE or "
                             "NAME=cmd:COMMAND"));
  return NULL;
}

/* As variables are called; a secret in its place is hardly ever written so. */
static gboolean
secrets_is_variable_name (const char *name)
{
  return *name != '\0' && !g_ascii_isdigit (*name) &&
         name[strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/**
 * scope_cli_dup_variable:
 * @name: a variable's name, out of the arguments
 *
 * Returns: (transfer full) (nullable): its value; the error repeats only what is no secret put in
 *   the name's place
 */
char *
scope_cli_dup_variable (const char *name,
                        GError    **error)
{
  const char *value = secrets_get_variable (name);

  if (value == NULL && secrets_is_variable_name (name))
    scope_error_usage (error, _("The environment variable “%s” is not set"), name);
  else if (value == NULL)
    scope_error_usage (error, _("No environment variable of that name is set: the name of one is wanted, such as "
                                "APP_SECRET, not the secret"));
  return g_strdup (value);
}

/* A command is only what was written as one. */
static char *
secrets_refuse_command (char    *value,
                        GError **error)
{
  if (value == NULL || !g_str_has_prefix (value, "cmd:"))
    return value;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("A value from a file or variable can’t begin with “cmd:”, which stands "
                         "for a command"));
  scope_secret_wipe (value, strlen (value));
  g_free (value);
  return NULL;
}

/* What stands after NAME=; NULL without an error: none of the forms. */
static char *
secrets_dup_indirect (const char *where,
                      GError    **error)
{
  if (*where == '@' && where[1] != '\0')
    return secrets_refuse_command (scope_cli_read_secret_file (where + 1, error), error);
  if (g_str_has_prefix (where, "env:") && where[4] != '\0')
    return secrets_refuse_command (scope_cli_dup_variable (where + 4, error), error);
  if (g_str_has_prefix (where, "cmd:") && where[4] != '\0')
    return g_strdup (where);
  return NULL;
}

/**
 * scope_cli_resolve_line:
 * @kind: what it is one of
 * @text: "Name: value" or "NAME=value"; or NAME=env:VARIABLE, NAME=@FILE, NAME=cmd:COMMAND
 *
 * Whichever of `:` and `=` comes first in a header says which form it is: neither can be part of a
 * name. A command is kept as it is: it runs for each request.
 *
 * Returns: (transfer full) (nullable): "Name: value" or "NAME=value"
 */
char *
scope_cli_resolve_line (ScopeCredentialKind kind,
                        const char         *text,
                        GError            **error)
{
  gboolean is_param = secrets_is_param (kind);
  gsize length = strcspn (text, is_param ? "=" : ":=");
  g_autoptr (GError) local = NULL;
  g_autofree char *value = NULL;
  char *line;

  if (text[length] == ':')
    return g_strdup (text);
  if (text[length] == '\0' || length == 0)
    return secrets_fail_line (kind, error);

  value = secrets_dup_indirect (text + length + 1, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (value == NULL)
    return is_param ? g_strdup (text) : secrets_fail_line (kind, error);

  line = g_strdup_printf (is_param ? "%.*s=%s" : "%.*s: %s", (int) length, text, value);
  scope_secret_wipe (value, strlen (value));
  return line;
}

/**
 * scope_cli_add_line:
 * @credentials: what they are kept in, one a line
 * @kind: what it is one of
 * @line: "Name: value" or "NAME=value"
 */
gboolean
scope_cli_add_line (ScopeCredentials   *credentials,
                    ScopeCredentialKind kind,
                    const char         *line,
                    GError            **error)
{
  const char *before = scope_credentials_peek (credentials, kind);
  g_autofree char *joined = NULL;

  if (!(secrets_is_param (kind) ? scope_check_param : scope_check_header) (line, error))
    return FALSE;

  joined = before != NULL ? g_strconcat (before, "\n", line, NULL) : g_strdup (line);
  scope_credentials_set (credentials, kind, joined);
  scope_secret_wipe (joined, strlen (joined));
  return TRUE;
}

static gboolean
secrets_check (ScopeCredentialKind kind,
               const char         *text,
               GError            **error)
{
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("%s: this is no UTF-8 text"),
                   scope_credential_kind_to_text (kind));
      return FALSE;
    }
  if (kind == SCOPE_CREDENTIAL_KEY)
    return scope_check_key (text, error);
  if (kind == SCOPE_CREDENTIAL_MASTER_KEY)
    return scope_master_key_check (text, error);
  return TRUE;
}

/**
 * scope_cli_set_credential:
 * @credentials: where it is kept
 * @kind: which it is; headers and parameters have a function of their own
 * @text: its text
 */
gboolean
scope_cli_set_credential (ScopeCredentials   *credentials,
                          ScopeCredentialKind kind,
                          const char         *text,
                          GError            **error)
{
  if (!secrets_check (kind, text, error))
    return FALSE;

  scope_credentials_set (credentials, kind, text);
  return TRUE;
}

static gboolean
secrets_add_variable (ScopeCredentials   *credentials,
                      ScopeCredentialKind kind,
                      const char         *name,
                      GError            **error)
{
  const char *value = secrets_get_variable (name);

  if (value == NULL || scope_credentials_peek (credentials, kind) != NULL)
    return TRUE;
  if (scope_cli_set_credential (credentials, kind, value, error))
    return TRUE;

  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

/**
 * scope_cli_add_environment:
 * @credentials: where secrets are kept
 *
 * Takes CHANNELSCOPE_SECRET and CHANNELSCOPE_ENCRYPTION_KEY, where nothing was set before.
 */
gboolean
scope_cli_add_environment (ScopeCredentials *credentials,
                           GError          **error)
{
  return secrets_add_variable (credentials, SCOPE_CREDENTIAL_SECRET, "CHANNELSCOPE_SECRET",
                               error) &&
         secrets_add_variable (credentials, SCOPE_CREDENTIAL_MASTER_KEY,
                               "CHANNELSCOPE_ENCRYPTION_KEY", error);
}

/* Standard input */

static gboolean
secrets_stdin_has_lines (void)
{
  struct stat status;

  return fstat (STDIN_FILENO, &status) == 0 &&
         (S_ISREG (status.st_mode) || S_ISFIFO (status.st_mode) || S_ISSOCK (status.st_mode));
}

/* Up to its end; once something came, the end must come too. */
static gboolean
secrets_read_stdin (GString  *text,
                    int       wait_msec,
                    GError  **error)
{
  g_autoptr (GError) local = NULL;
  char bytes[4096];
  gboolean can_read;
  gssize n = 0;

  while ((can_read = secrets_wait (STDIN_FILENO, wait_msec, &local)) &&
         (n = read (STDIN_FILENO, bytes, sizeof bytes)) > 0 && text->len <= MAX_SECRET_BYTES)
    {
      g_string_append_len (text, bytes, n);
      wait_msec = STDIN_WAIT_MSEC;
    }
  scope_secret_wipe (bytes, sizeof bytes);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (n < 0)
    return secrets_fail_to_read (_("standard input"), g_strerror (errno), error);
  if (!can_read && text->len > 0)
    return secrets_fail_to_read (_("standard input"), _("standard input did not end"), error);
  if (text->len <= MAX_SECRET_BYTES && strlen (text->str) == text->len)
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("Standard input is no text of at most %d bytes"), MAX_SECRET_BYTES);
  return FALSE;
}

static gboolean
secrets_take_line (ScopeCredentials *credentials,
                   const char       *line,
                   GError          **error)
{
  static const struct
  {
    const char *prefix;
    ScopeCredentialKind kind;
  } known[] = {
    { "key=", SCOPE_CREDENTIAL_KEY },
    { "secret=", SCOPE_CREDENTIAL_SECRET },
    { "encryption-key=", SCOPE_CREDENTIAL_MASTER_KEY },
  };

  const char *equals = strchr (line, '=');

  if (*line == '\0')
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (secrets_lines) && equals != NULL; i++)
    if (strncmp (line, secrets_lines[i].name, equals - line) == 0 &&
        secrets_lines[i].name[equals - line] == '\0')
      return scope_cli_add_line (credentials, secrets_lines[i].kind, equals + 1, error);

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_has_prefix (line, known[i].prefix))
      return scope_cli_set_credential (credentials, known[i].kind, line + strlen (known[i].prefix),
                                       error);

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("A line on standard input is not key=…, secret=…, encryption-key=…, "
                         "header=…, auth-param=…, auth-header=…, user-param=… or user-header=…"));
  return FALSE;
}

static gboolean
secrets_take_lines (ScopeCredentials *credentials,
                    char             *text,
                    GError          **error)
{
  for (char *line = text; line != NULL;)
    {
      char *end = strchr (line, '\n');

      if (end != NULL)
        *end++ = '\0';
      g_strchomp (line);
      if (!secrets_take_line (credentials, line, error))
        return FALSE;
      line = end;
    }
  return TRUE;
}

/**
 * scope_cli_add_standard_input:
 * @credentials: where secrets are kept
 *
 * Takes secrets from the lines of standard input, over what was there before. A terminal or a
 * device is not read; nor is a pipe waited for without end in which nothing comes.
 */
gboolean
scope_cli_add_standard_input (ScopeCredentials *credentials,
                              GError          **error)
{
  gboolean known = scope_credentials_peek (credentials, SCOPE_CREDENTIAL_SECRET) != NULL;
  g_autoptr (GString) text = NULL;
  gboolean taken;

  if (!secrets_stdin_has_lines ())
    return TRUE;

  text = g_string_sized_new (2 * MAX_SECRET_BYTES);
  taken = secrets_read_stdin (text, known ? STDIN_WAIT_KNOWN_MSEC : STDIN_WAIT_MSEC, error) &&
          secrets_take_lines (credentials, text->str, error);
  scope_secret_wipe (text->str, text->allocated_len);
  return taken;
}
