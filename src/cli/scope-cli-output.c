/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/scope-text.h"

/* A pipe that polls as writable takes this much without blocking. */
#define CHUNK_BYTES 4096
#define MAX_MESSAGE_BYTES 4096

static int interrupt_pipe[2] = { -1, -1 };
static volatile sig_atomic_t interrupted;
static gboolean output_gone;
static gboolean output_failed;

/* Only what may be done in a signal handler: the loop and a stuck write wait for the pipe. */
static void
output_interrupt_cb (int number)
{
  int saved = errno;

  interrupted = 1;
  if (write (interrupt_pipe[1], "", 1) < 0)
    {
      /* full: it is readable, which is all that counts */
    }
  errno = saved;
}

static void
output_catch (int      number,
              gboolean unless_ignored)
{
  struct sigaction action = { .sa_handler = output_interrupt_cb, .sa_flags = SA_RESTART };
  struct sigaction before;

  sigemptyset (&action.sa_mask);
  if (unless_ignored && sigaction (number, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
    return;
  sigaction (number, &action, NULL);
}

/* A descriptor that was closed by who started us (`>&-`) would be given to the next file or pipe
 * that is opened. In its place comes one that can't be used, so that using it fails. */
static void
output_fill_closed (void)
{
  static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

  for (int fd = 0; fd < (int) G_N_ELEMENTS (modes); fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF && open ("/dev/null", modes[fd]) != fd)
      _exit (1);
}

/**
 * scope_cli_output_init:
 *
 * From here on SIGINT, SIGTERM and SIGHUP don't end the program but make
 * scope_cli_is_interrupted() true; nohup's ignored SIGHUP stays ignored.
 */
void
scope_cli_output_init (void)
{
  g_autoptr (GError) error = NULL;

  output_fill_closed ();
  if (!g_unix_open_pipe (interrupt_pipe, FD_CLOEXEC, &error))
    g_error ("no pipe: %s", error->message);
  g_unix_set_fd_nonblocking (interrupt_pipe[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (interrupt_pipe[1], TRUE, NULL);

  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN); /* ulimit -f: told as a full disk is */
  output_catch (SIGINT, FALSE);
  output_catch (SIGTERM, FALSE);
  output_catch (SIGHUP, TRUE);
}

/**
 * scope_cli_is_interrupted:
 *
 * SIGINT, SIGTERM and SIGHUP wake the main loop, too.
 *
 * Returns: whether one of them came
 */
gboolean
scope_cli_is_interrupted (void)
{
  return interrupted != 0;
}

/**
 * scope_cli_get_interrupt_fd:
 *
 * Returns: a descriptor that is readable from the first signal on; not to be read or closed
 */
int
scope_cli_get_interrupt_fd (void)
{
  return interrupt_pipe[0];
}

/**
 * scope_cli_output_is_gone:
 *
 * Returns: whether nobody reads standard output any more
 */
gboolean
scope_cli_output_is_gone (void)
{
  return output_gone;
}

/**
 * scope_cli_output_has_failed:
 *
 * Returns: whether standard output can't be written, not because its reader has enough: a full disk, or closed
 *   from the beginning. That has been told.
 */
gboolean
scope_cli_output_has_failed (void)
{
  return output_failed;
}

/**
 * scope_cli_output_get_columns:
 *
 * Returns: how wide the terminal is that standard output is, or 0 if it is none
 */
guint
scope_cli_output_get_columns (void)
{
  struct winsize size = { 0 };

  return scope_cli_output_is_terminal () && ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/**
 * scope_cli_output_is_terminal:
 *
 * Returns: whether standard output is a terminal
 */
gboolean
scope_cli_output_is_terminal (void)
{
  return isatty (STDOUT_FILENO);
}

/**
 * scope_cli_output_has_colour:
 *
 * Returns: whether standard output is a terminal that knows colours, and nobody said NO_COLOR
 */
gboolean
scope_cli_output_has_colour (void)
{
  const char *refused = g_getenv ("NO_COLOR");
  const char *terminal = g_getenv ("TERM");

  return scope_cli_output_is_terminal () && (refused == NULL || *refused == '\0') &&
         g_strcmp0 (terminal, "dumb") != 0;
}

/* FALSE: a signal came and standard output takes nothing, so nothing may ever read it again. */
static gboolean
output_wait (void)
{
  struct pollfd fds[] = {
    { .fd = STDOUT_FILENO, .events = POLLOUT },
    { .fd = interrupt_pipe[0], .events = POLLIN },
  };

  while (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
    if (errno != EINTR && errno != EAGAIN)
      return FALSE;

  return fds[0].revents != 0;
}

/* That the reader has enough is no error; a full disk is. */
static void
output_fail (int code)
{
  output_gone = TRUE;
  output_failed = code != EPIPE;
  if (output_failed)
    scope_cli_message (_("Standard output can’t be written: %s"), g_strerror (code));
}

/**
 * scope_cli_output_write:
 * @text: whole lines
 * @length: its bytes
 *
 * Writes to standard output and waits until it is taken: a reader that is slow slows us down.
 *
 * Returns: %FALSE once there is no reader any more
 */
gboolean
scope_cli_output_write (const char *text,
                        gsize       length)
{
  while (length > 0 && !output_gone)
    {
      gssize written;

      if (!output_wait ())
        {
          output_gone = TRUE;
          break;
        }
      written = write (STDOUT_FILENO, text, MIN (length, CHUNK_BYTES));
      if (written > 0)
        {
          text += written;
          length -= written;
        }
      else if (errno != EINTR && errno != EAGAIN)
        output_fail (errno);
    }

  return !output_gone;
}

static void
output_write_error (const char *text,
                    gsize       length)
{
  while (length > 0)
    {
      gssize written = write (STDERR_FILENO, text, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return;
      text += written;
      length -= written;
    }
}

/**
 * scope_cli_message:
 * @format: printf() format of what to say; never a secret
 *
 * Says something on standard error, on one line: what is quoted from arguments or a server can't
 * break it or steer the terminal.
 */
void
scope_cli_message (const char *format,
                   ...)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  shown = scope_text_for_display (text, -1, MAX_MESSAGE_BYTES);
  line = g_strdup_printf ("channelscope-cli: %s\n", shown);
  output_write_error (line, strlen (line));
}
