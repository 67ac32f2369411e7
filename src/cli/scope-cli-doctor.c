/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"
#include "cli/scope-cli-target.h"
#include "json/scope-json.h"
#include "net/scope-doctor.h"

/* `doctor`: one line per step, as soon as it has ended. */

#define TITLE_COLUMN 20
#define WORD_COLUMN 12
#define TIME_COLUMN 10
#define TABLE_COLUMNS (TITLE_COLUMN + WORD_COLUMN + TIME_COLUMN)
#define MESSAGE_BYTES 1000
/* a text to the right of the table needs so much; else it stands below, indented */
#define LEAST_COLUMNS 30
#define NARROW_INDENT 4
#define MAX_COLUMNS 1000

/* What an advice speaks of, as options: they count over a profile's. */
static const char * const doctor_options[SCOPE_N_FAULTS] = {
  [SCOPE_FAULT_NAME_UNKNOWN] = "--host",
  [SCOPE_FAULT_CLUSTER_UNKNOWN] = "--cluster",
  [SCOPE_FAULT_PORT_CLOSED] = "--port",
  [SCOPE_FAULT_SILENT] = "--host, --port",
  [SCOPE_FAULT_PROXY] = "--proxy",
  [SCOPE_FAULT_TLS_NOT_SPOKEN] = "--no-tls, --port",
  [SCOPE_FAULT_TLS_SPOKEN] = "--no-tls, --port",
  [SCOPE_FAULT_TLS] = "--no-tls, --port",
  [SCOPE_FAULT_CA_FILE] = "--ca-file",
  [SCOPE_FAULT_CERTIFICATE_NAME] = "--host",
  [SCOPE_FAULT_CERTIFICATE_SELF_SIGNED] = "--ca-file",
  [SCOPE_FAULT_CERTIFICATE_AUTHORITY] = "--ca-file",
  [SCOPE_FAULT_PATH] = "--path, --host, --port",
  [SCOPE_FAULT_LOGIN] = "--header",
  [SCOPE_FAULT_ORIGIN] = "--origin",
  [SCOPE_FAULT_REDIRECT] = "--host, --port, --path",
  [SCOPE_FAULT_NOT_WEBSOCKET] = "--host, --port, --path",
  [SCOPE_FAULT_UPGRADE_SILENT] = "--host, --port",
  [SCOPE_FAULT_APP_UNKNOWN] = "--key, --host, --cluster",
  [SCOPE_FAULT_APP_NOT_IN_CLUSTER] = "--cluster, --key",
  [SCOPE_FAULT_GREETING] = "--host, --port, --path",
  [SCOPE_FAULT_GREETING_SILENT] = "--host, --port, --path",
  [SCOPE_FAULT_API_PLACE] = "--api-host, --api-port",
  [SCOPE_FAULT_API_SECRET] = "CHANNELSCOPE_SECRET, --secret-file",
  [SCOPE_FAULT_API_KEY] = "--key, --cluster, --host",
  [SCOPE_FAULT_API_APP_ID] = "--app-id",
  [SCOPE_FAULT_ENDPOINT_UNREACHED] = "--auth-endpoint",
  [SCOPE_FAULT_ENDPOINT_LOGIN] = "--auth-header, --auth-param",
  [SCOPE_FAULT_ENDPOINT_REFUSED] = "--auth-endpoint, --auth-method",
  [SCOPE_FAULT_ENDPOINT_REDIRECT] = "--auth-endpoint, --auth-header",
  [SCOPE_FAULT_ENDPOINT_PAGE] = "--auth-endpoint, --auth-header",
  [SCOPE_FAULT_ENDPOINT_KEY] = "--key",
  [SCOPE_FAULT_SIGNATURE] = "CHANNELSCOPE_SECRET, --secret-file",
};

/* (nullable) (transfer full) */
static char *
doctor_dup_advice (const ScopeDoctorStep *step)
{
  const char *options = step->fault < SCOPE_N_FAULTS ? doctor_options[step->fault] : NULL;

  if (step->advice == NULL || options == NULL)
    return g_strdup (step->advice);
  return g_strdup_printf (_("%s Options: %s"), step->advice, options);
}

/* null if there is none */
static void
doctor_append_member (GString    *line,
                      const char *key,
                      const char *value)
{
  g_string_append_printf (line, ",\"%s\":", key);
  if (value != NULL)
    scope_json_append_string (line, value, -1);
  else
    g_string_append (line, "null");
}

static gboolean
doctor_was_tried (const ScopeDoctorStep *step)
{
  return step->state == SCOPE_DOCTOR_GOOD || step->state == SCOPE_DOCTOR_FAILED;
}

static void
doctor_append_ndjson (GString               *line,
                      ScopeDoctorStepId      id,
                      const ScopeDoctorStep *step)
{
  g_autofree char *advice = doctor_dup_advice (step);

  g_string_append_printf (line, "{\"step\":\"%s\",\"ok\":%s", scope_doctor_step_get_name (id),
                          !doctor_was_tried (step)                ? "null"
                          : step->state == SCOPE_DOCTOR_GOOD      ? "true"
                                                                  : "false");
  if (doctor_was_tried (step))
    g_string_append_printf (line, ",\"milliseconds\":%.1f", step->took_usec / 1000.0);
  else
    g_string_append (line, ",\"milliseconds\":null");
  doctor_append_member (line, "message", step->message);
  doctor_append_member (line, "advice", advice);
  g_string_append (line, "}\n");
}

/* Padded by characters, which is what columns are. */
static void
doctor_append_cell (GString    *line,
                    const char *text,
                    int         width)
{
  g_string_append_printf (line, "%s%*s", text, MAX (1, width - (int) g_utf8_strlen (text, -1)), "");
}

static const char *
doctor_get_colour (ScopeDoctorState state)
{
  if (!scope_cli_output_has_colour ())
    return "";
  return state == SCOPE_DOCTOR_GOOD ? "\033[32m" : state == SCOPE_DOCTOR_FAILED ? "\033[31m" : "\033[2m";
}

static void
doctor_append_word (GString          *line,
                    ScopeDoctorState  state)
{
  g_string_append (line, doctor_get_colour (state));
  doctor_append_cell (line, scope_doctor_state_get_word (state), WORD_COLUMN);
  if (scope_cli_output_has_colour ())
    g_string_append (line, "\033[0m");
}

/* Broken between words where the terminal would break it anywhere; what is left of it to the right of the
 * table may be too little, and then the text gets lines of its own. */
static void
doctor_append_wrapped (GString    *line,
                       const char *text,
                       guint       indent,
                       guint       column)
{
  guint columns = scope_cli_output_get_columns ();
  g_auto (GStrv) words = NULL;

  if (columns == 0 || columns > MAX_COLUMNS || column + g_utf8_strlen (text, -1) <= columns)
    {
      g_string_append_printf (line, "%s\n", text);
      return;
    }

  words = g_strsplit (text, " ", -1);
  if (columns < indent + LEAST_COLUMNS)
    indent = NARROW_INDENT;
  for (guint i = 0, start = column; words[i] != NULL; i++)
    {
      guint length = g_utf8_strlen (words[i], -1);
      guint gap = column > start ? 1 : 0;

      if (column + gap + length > columns && column > indent)
        {
          g_string_append_printf (line, "\n%*s", (int) indent, "");
          start = column = indent;
          gap = 0;
        }
      g_string_append_printf (line, "%s%s", gap > 0 ? " " : "", words[i]);
      column += gap + length;
    }
  g_string_append_c (line, '\n');
}

/* What a server said may steer no terminal. */
static void
doctor_append_text (GString               *line,
                    ScopeDoctorStepId      id,
                    const ScopeDoctorStep *step)
{
  g_autofree char *took = doctor_was_tried (step) ? scope_text_format_duration (step->took_usec) : g_strdup ("–");
  g_autofree char *message = scope_text_for_display (step->message, -1, MESSAGE_BYTES);
  g_autofree char *advice = doctor_dup_advice (step);
  guint columns = scope_cli_output_get_columns ();
  guint arrow;

  if (scope_cli_output_has_colour ())
    g_string_append (line, "\033[K");
  doctor_append_cell (line, scope_doctor_step_get_title (id), TITLE_COLUMN);
  doctor_append_word (line, step->state);
  doctor_append_cell (line, took, TIME_COLUMN);
  doctor_append_wrapped (line, message, TABLE_COLUMNS, TABLE_COLUMNS);
  if (advice == NULL)
    return;
  arrow = columns > 0 && columns < TABLE_COLUMNS + LEAST_COLUMNS ? NARROW_INDENT : TABLE_COLUMNS;
  g_string_append_printf (line, "%*s→ ", arrow, "");
  doctor_append_wrapped (line, advice, arrow + 2, arrow + 2);
}

/* On a terminal, a line that the verdict's takes the place of. */
static void
doctor_show_progress (ScopeCliOptions   *options,
                      ScopeDoctorStepId  id)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (scope_cli_options_is_ndjson (options) || !scope_cli_output_has_colour ())
    return;
  doctor_append_cell (line, scope_doctor_step_get_title (id), TITLE_COLUMN);
  g_string_append_printf (line, "%s\r", scope_doctor_state_get_word (SCOPE_DOCTOR_RUNNING));
  scope_cli_output_write (line->str, line->len);
}

static void
doctor_changed_cb (ScopeDoctor     *doctor,
                   guint            id,
                   ScopeCliOptions *options)
{
  const ScopeDoctorStep *step = scope_doctor_get_step (doctor, id);
  g_autoptr (GString) line = g_string_new (NULL);

  if (scope_cli_loop_is_over ())
    return;
  if (step->state == SCOPE_DOCTOR_RUNNING)
    {
      doctor_show_progress (options, id);
      return;
    }
  if (scope_cli_options_is_ndjson (options))
    doctor_append_ndjson (line, id, step);
  else
    doctor_append_text (line, id, step);
  scope_cli_output_write (line->str, line->len);
}

static int
doctor_get_status (ScopeDoctor *doctor)
{
  switch (scope_doctor_get_verdict (doctor))
    {
    case SCOPE_DOCTOR_ALL_GOOD:
      return SCOPE_CLI_DONE;
    case SCOPE_DOCTOR_UNREACHED:
      return SCOPE_CLI_NO_CONNECTION;
    case SCOPE_DOCTOR_REFUSED:
    default:
      return SCOPE_CLI_NOT_DONE;
    }
}

static int
doctor_run (ScopeCliOptions *options,
            ScopeDoctor     *doctor)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ScopeCliCall call = { NULL };

  g_signal_connect (doctor, "changed", G_CALLBACK (doctor_changed_cb), options);
  scope_doctor_run_async (doctor, cancellable, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, cancellable, 0);
  if (scope_doctor_run_finish (doctor, result, &error))
    return doctor_get_status (doctor);
  return scope_cli_fail (error);
}

int
scope_cli_doctor (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfile) profile = NULL;
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (ScopeConnectionOptions) target = NULL;
  g_autoptr (ScopeDoctor) doctor = NULL;
  int status;

  if (!scope_cli_target_resolve (options, &profile, &credentials, &status))
    return status;

  target = scope_profile_to_options (profile, credentials);
  doctor = scope_doctor_new (target, NULL);
  return doctor_run (options, doctor);
}
