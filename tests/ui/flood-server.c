/* SPDX-License-Identifier: GPL-3.0-or-later */

/* flood-server [PORT]: the sandbox, told on standard input what to send. Prints one line
 * {"type":"listening","port":N}, then a line per connection and subscription. Input lines:
 *
 *   flood CHANNEL EVENTS BYTES SECONDS
 *
 * Ends at the end of its input. */

#include "config.h"

#include <stdio.h>

#include <gio/gunixinputstream.h>

#include "sandbox/scope-sandbox.h"

typedef struct
{
  ScopeSandbox *sandbox;
  GDataInputStream *input;
  GMainLoop *loop;
} FloodServer;

static void
flood_server_obey (FloodServer *self,
                   const char  *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  if (g_strv_length (words) == 5 && g_str_equal (words[0], "flood"))
    scope_sandbox_flood (self->sandbox, words[1], (guint) g_ascii_strtoull (words[2], NULL, 10),
                         (gsize) g_ascii_strtoull (words[3], NULL, 10),
                         g_ascii_strtod (words[4], NULL));
  else
    g_printerr ("flood-server: what is “%s”?\n", line);
}

static void
flood_server_read_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  FloodServer *self = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (self->input, result, NULL, NULL);

  if (line == NULL)
    {
      g_main_loop_quit (self->loop);
      return;
    }
  flood_server_obey (self, line);
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, flood_server_read_cb,
                                       self);
}

static void
flood_server_line_cb (ScopeSandbox *sandbox,
                      const char   *json,
                      gpointer      user_data)
{
  if (strstr (json, "\"type\":\"event\"") == NULL)
    g_print ("%s\n", json);
  fflush (stdout);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (ScopeSandbox) sandbox = scope_sandbox_new ();
  g_autoptr (GInputStream) stdin_stream = g_unix_input_stream_new (0, FALSE);
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (stdin_stream);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  FloodServer self = { sandbox, input, loop };
  guint port = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 0;

  if (!scope_sandbox_start (sandbox, port, &error))
    {
      g_printerr ("flood-server: %s\n", error->message);
      return 1;
    }
  g_signal_connect (sandbox, "line", G_CALLBACK (flood_server_line_cb), NULL);
  g_print ("{\"type\":\"listening\",\"port\":%u}\n", scope_sandbox_get_port (sandbox));
  fflush (stdout);
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, flood_server_read_cb, &self);
  g_main_loop_run (loop);
  scope_sandbox_stop (sandbox, 4200);
  return 0;
}
