/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"
#include "cli/scope-cli-replay.h"
#include "json/scope-json.h"
#include "sandbox/scope-demo-shop.h"

/* `serve`: the sandbox, and a line for all that happens there. */

#define CLOSE_SERVER 4200 /* protocol.md §1.7: reconnect at once */
#define MAX_SHOWN_BYTES 4096
#define MAX_LINES_BYTES (64 * 1024)

typedef struct
{
  ScopeCliOptions *options;
  ScopeSandbox *sandbox;
  ScopeDemoShop *shop;
  ScopeCliRecording *recording; /* until it is replayed; NULL: none */
  ScopeCliReplay *replay;
  gboolean ndjson;
  guint n_open; /* clients whose end has not been told */
  GString *lines; /* of this turn of the loop: written together */
  guint write_id;
} ScopeCliServe;

static void
serve_write (ScopeCliServe *self)
{
  g_clear_handle_id (&self->write_id, g_source_remove);
  scope_cli_output_write (self->lines->str, self->lines->len);
  g_string_truncate (self->lines, 0);
}

static gboolean
serve_write_cb (gpointer user_data)
{
  ScopeCliServe *self = user_data;

  self->write_id = 0;
  serve_write (self);
  return G_SOURCE_REMOVE;
}

/* A request publishes ten events at once, and a flood more: a write for each would be most of the work. */
static void
serve_add_line (ScopeCliServe *self,
                const GString *line)
{
  g_string_append_len (self->lines, line->str, line->len);
  if (self->lines->len >= MAX_LINES_BYTES)
    serve_write (self);
  else if (self->write_id == 0)
    self->write_id = g_idle_add_full (G_PRIORITY_HIGH, serve_write_cb, self, NULL);
}

/* the object with the time as its last member */
static void
serve_print_ndjson (ScopeCliServe *self,
                    const char    *json)
{
  g_autoptr (GString) line = g_string_new (json);
  g_autofree char *time = scope_text_format_rfc3339 (g_get_real_time ());

  g_string_truncate (line, line->len - 1);
  g_string_append_printf (line, ",\"time\":\"%s\"}\n", time);
  serve_add_line (self, line);
}

/* "14:05:02.113  event  private-orders  order.paid  {"total":120}" */
static void
serve_print_text (ScopeCliServe *self,
                  const char    *json)
{
  static const char * const keys[] = {
    "type", "action", "socket_id", "channel", "user_id", "event", "data", "code", "message",
  };
  g_autofree char *clock = scope_text_format_clock (g_get_real_time ());
  g_autofree char *type = scope_json_dup_member (json, strlen (json), "type");
  g_autoptr (GString) line = g_string_new (clock);

  if (g_strcmp0 (type, "replay") == 0)
    {
      g_autofree char *words = scope_cli_replay_dup_words (json);

      g_string_append_printf (line, "  %s\n", words);
      serve_add_line (self, line);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *value = scope_json_dup_member (json, strlen (json), keys[i]);
      g_autofree char *shown = NULL;

      if (value == NULL)
        continue;
      shown = scope_text_for_display (value, -1, MAX_SHOWN_BYTES);
      g_string_append_printf (line, "  %s", shown);
    }
  g_string_append_c (line, '\n');
  serve_add_line (self, line);
}

static void
serve_count (ScopeCliServe *self,
             const char    *json)
{
  g_autofree char *type = scope_json_dup_member (json, strlen (json), "type");
  g_autofree char *action = scope_json_dup_member (json, strlen (json), "action");

  if (g_strcmp0 (type, "connection") != 0)
    return;
  if (g_strcmp0 (action, "opened") == 0)
    self->n_open++;
  else if (g_strcmp0 (action, "closed") == 0 && self->n_open > 0)
    self->n_open--;
}

static void
serve_line_cb (ScopeSandbox *sandbox,
               const char   *json,
               gpointer      user_data)
{
  ScopeCliServe *self = user_data;

  serve_count (self, json);
  if (self->ndjson)
    serve_print_ndjson (self, json);
  else
    serve_print_text (self, json);
  scope_cli_replay_note (self->replay, json);
}

static void
serve_print_listening (ScopeCliServe *self)
{
  const char *key = self->options->app_key != NULL ? self->options->app_key : SCOPE_SANDBOX_KEY;
  const char *id = self->options->app_id != NULL ? self->options->app_id : SCOPE_SANDBOX_APP_ID;
  guint port = scope_sandbox_get_port (self->sandbox);
  g_autoptr (GString) line = g_string_new (NULL);

  if (!self->ndjson)
    {
      g_string_printf (line, _("Listening on 127.0.0.1:%u, app key %s, app id %s"), port, key, id);
      g_string_append_c (line, '\n');
      serve_add_line (self, line);
      serve_write (self);
      return;
    }

  g_string_printf (line, "{\"type\":\"listening\",\"host\":\"127.0.0.1\",\"port\":%u", port);
  g_string_append (line, ",\"key\":");
  scope_json_append_string (line, key, -1);
  g_string_append (line, ",\"app_id\":");
  scope_json_append_string (line, id, -1);
  g_string_append_c (line, '}');
  serve_print_ndjson (self, line->str);
}

static void
serve_print_hint (ScopeCliServe *self)
{
  const char *key = self->options->app_key != NULL ? self->options->app_key : SCOPE_SANDBOX_KEY;
  const char *channel = self->options->demo ? "cache-prices" : "news";

  if (self->replay != NULL && scope_cli_replay_get_channel (self->replay) != NULL)
    channel = scope_cli_replay_get_channel (self->replay);
  scope_cli_message (_("To watch it: channelscope-cli watch %s --key %s --host 127.0.0.1 --port %u --no-tls"), channel,
                     key, scope_sandbox_get_port (self->sandbox));
}

static void
serve_start_replay (ScopeCliServe *self)
{
  double speed = self->options->speed > 0 ? self->options->speed : 1;
  g_autoptr (GString) sentence = NULL;
  g_autofree char *text = NULL;

  self->replay = scope_cli_replay_new (self->sandbox, g_steal_pointer (&self->recording), speed);
  text = self->ndjson ? scope_cli_replay_dup_line (self->replay) : scope_cli_replay_dup_sentence (self->replay);
  if (self->ndjson)
    {
      serve_print_ndjson (self, text);
      return;
    }
  sentence = g_string_new (text);
  g_string_append_c (sentence, '\n');
  serve_add_line (self, sentence);
  serve_write (self);
}

static gboolean
serve_start (ScopeCliServe *self,
             GError       **error)
{
  const char *secret = scope_secret_peek (self->options->app_secret);

  scope_sandbox_set_app (self->sandbox, self->options->app_key, self->options->app_id, secret);
  scope_sandbox_set_quotas (self->sandbox, self->options->max_connections,
                            self->options->max_members);
  g_signal_connect (self->sandbox, "line", G_CALLBACK (serve_line_cb), self);
  if (!scope_sandbox_start (self->sandbox, self->options->serve_port, error))
    {
      g_prefix_error (error, _("Port %u can’t be had: "), self->options->serve_port);
      return FALSE;
    }

  serve_print_listening (self);
  if (self->options->demo)
    {
      self->shop = scope_demo_shop_new (self->sandbox, g_random_int ());
      scope_demo_shop_start (self->shop);
    }
  if (self->recording != NULL)
    serve_start_replay (self);
  if (!self->ndjson)
    serve_print_hint (self);
  return TRUE;
}

static gboolean
serve_close_late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Every client hears why; those that don't answer are not waited for. */
static void
serve_stop (ScopeCliServe *self)
{
  gboolean late = FALSE;
  guint late_id = g_timeout_add (SCOPE_WAIT_CLOSE_USEC / 1000, serve_close_late_cb, &late);

  if (self->shop != NULL)
    scope_demo_shop_stop (self->shop);
  scope_sandbox_stop (self->sandbox, CLOSE_SERVER);
  while (self->n_open > 0 && !late)
    scope_cli_loop_turn ();

  if (!late)
    g_source_remove (late_id);
}

/* Before the server is there: what is wrong with the file is told at once. */
static gboolean
serve_open_recording (ScopeCliServe *self,
                      GError       **error)
{
  if (self->options->speed > 0 && self->options->replay == NULL)
    return scope_error_usage (error, _("--speed is the speed of a replay: --replay FILE is missing"));
  if (self->options->replay == NULL)
    return TRUE;
  if (self->options->demo)
    return scope_error_usage (error, _("--demo and --replay can’t be had together: each fills the server with its "
                                       "own channels"));
  self->recording = scope_cli_recording_open (self->options->replay, error);
  return self->recording != NULL;
}

int
scope_cli_serve (ScopeCliOptions *options)
{
  ScopeCliServe self = { .options = options, .ndjson = scope_cli_options_is_ndjson (options) };
  g_autoptr (GError) error = NULL;
  int status = SCOPE_CLI_DONE;

  if (!serve_open_recording (&self, &error))
    return scope_cli_fail (error);
  self.lines = g_string_new (NULL);
  self.sandbox = scope_sandbox_new ();
  if (serve_start (&self, &error))
    {
      while (!scope_cli_loop_is_over ())
        scope_cli_loop_turn ();
      serve_stop (&self);
      status = scope_cli_is_interrupted () ? SCOPE_CLI_INTERRUPTED : SCOPE_CLI_DONE;
    }
  else
    status = scope_cli_fail (error);

  serve_write (&self);
  g_string_free (self.lines, TRUE);
  g_clear_object (&self.shop);
  g_signal_handlers_disconnect_by_data (self.sandbox, &self);
  scope_cli_replay_free (self.replay);
  scope_cli_recording_free (self.recording);
  g_object_unref (self.sandbox);
  return status;
}
