/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-field"

#include "config.h"

#include "net/scope-field.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-secret.h"
#include "base/scope-source.h"
#include "net/scope-option-checks.h"

#define COMMAND_PREFIX "cmd:"

/* The commands of one scope_fields_resolve_async(), side by side. */
typedef struct
{
  GPtrArray *fields;
  guint n_running;
  GCancellable *stop;   /* ends what still runs once one has failed, the time is over, or the caller cancels */
  GSource *cancelled;   /* the caller's cancellable */
  guint timeout;
  GError *error;        /* the first */
} ScopeFieldsRun;

typedef struct
{
  GTask *task;
  ScopeField *field;
  GSubprocess *process;
  gsize n_bytes;
  char output[SCOPE_LIMIT_FIELD_BYTES + 3]; /* a line break, one byte too many and NUL */
} ScopeFieldCommand;

/* --- fields --- */

static ScopeField *
scope_field_new (const char *name,
                 gsize name_length,
                 const char *value)
{
  ScopeField *self = g_new0 (ScopeField, 1);

  self->name = g_strndup (name, name_length);
  self->value = g_strdup (value);
  return self;
}

/**
 * scope_field_new_header:
 * @line: "Name: value"
 *
 * Returns: (transfer full) (nullable): %NULL if it is no header line
 */
ScopeField *
scope_field_new_header (const char *line)
{
  const char *value;

  g_return_val_if_fail (line != NULL, NULL);

  if (!scope_check_header (line, NULL))
    return NULL;

  value = strchr (line, ':') + 1;
  value += strspn (value, " \t");
  return scope_field_new (line, strchr (line, ':') - line, value);
}

/**
 * scope_field_new_param:
 * @line: "name=value"
 *
 * Returns: (transfer full) (nullable): %NULL if it is no parameter
 */
ScopeField *
scope_field_new_param (const char *line)
{
  const char *equals;

  g_return_val_if_fail (line != NULL, NULL);

  if (!scope_check_param (line, NULL))
    return NULL;

  equals = strchr (line, '=');
  return scope_field_new (line, equals - line, equals + 1);
}

static void
scope_field_wipe_value (ScopeField *self)
{
  if (self->value != NULL)
    scope_secret_wipe (self->value, strlen (self->value));
  g_clear_pointer (&self->value, g_free);
}

/**
 * scope_field_free:
 * @self: (nullable):
 */
void
scope_field_free (ScopeField *self)
{
  if (self == NULL)
    return;

  scope_field_wipe_value (self);
  g_free (self->name);
  g_free (self);
}

/**
 * scope_field_has_command:
 *
 * Returns: whether the value is what a program prints
 */
gboolean
scope_field_has_command (ScopeField *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_str_has_prefix (self->value, COMMAND_PREFIX);
}

/* --- running commands --- */

static void
scope_fields_run_free (gpointer data)
{
  ScopeFieldsRun *run = data;

  g_clear_pointer (&run->fields, g_ptr_array_unref);
  g_clear_object (&run->stop);
  g_clear_error (&run->error);
  g_free (run);
}

static gboolean
scope_fields_timeout_cb (gpointer user_data)
{
  ScopeFieldsRun *run = user_data;

  run->timeout = 0;
  if (run->error == NULL)
    g_set_error (&run->error, SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT,
                 _("The commands of headers and parameters did not end within %d seconds"),
                 (int) (SCOPE_WAIT_AUTHORIZE_USEC / G_USEC_PER_SEC));
  g_cancellable_cancel (run->stop);
  return G_SOURCE_REMOVE;
}

static gboolean
scope_fields_cancelled_cb (GCancellable *cancellable,
                           gpointer user_data)
{
  ScopeFieldsRun *run = user_data;

  if (run->error == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, &run->error);
  g_cancellable_cancel (run->stop);
  return G_SOURCE_REMOVE;
}

static void
scope_fields_finish (GTask *task)
{
  ScopeFieldsRun *run = g_task_get_task_data (task);

  g_clear_handle_id (&run->timeout, g_source_remove);
  scope_source_clear (&run->cancelled);

  if (run->error != NULL)
    g_task_return_error (task, g_steal_pointer (&run->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&run->fields), (GDestroyNotify) g_ptr_array_unref);
}

/* It leads a process group of its own, so that what it started ends with it. */
static void
scope_field_command_lead_group (gpointer user_data)
{
  setpgid (0, 0);
}

static void
scope_field_command_kill (ScopeFieldCommand *command)
{
  const char *identifier
      = command->process != NULL ? g_subprocess_get_identifier (command->process) : NULL;

  if (identifier == NULL)
    return; /* never began, or has ended */

  kill (-(pid_t) g_ascii_strtoll (identifier, NULL, 10), SIGKILL);
  g_subprocess_force_exit (command->process);
}

static void
scope_field_command_free (ScopeFieldCommand *command)
{
  scope_secret_wipe (command->output, sizeof command->output);
  g_clear_object (&command->process);
  g_clear_object (&command->task);
  g_free (command);
}

/* error: (transfer full) (nullable). The first one counts, and ends the others. */
static void
scope_field_command_end (ScopeFieldCommand *command,
                         GError *error)
{
  g_autoptr (GTask) task = g_object_ref (command->task);
  ScopeFieldsRun *run = g_task_get_task_data (task);

  if (error != NULL)
    {
      scope_field_command_kill (command);
      if (run->error == NULL)
        run->error = g_steal_pointer (&error);
      g_clear_error (&error);
      g_cancellable_cancel (run->stop);
    }
  scope_field_command_free (command);
  if (--run->n_running == 0)
    scope_fields_finish (task);
}

/* One line of text; the last line break does not count. */
static GError *
scope_field_command_take_output (ScopeFieldCommand *command)
{
  char *text = command->output;
  gsize length = command->n_bytes;
  const char *name = command->field->name;

  if (length > 0 && text[length - 1] == '\n')
    length--;
  if (length > 0 && length < command->n_bytes && text[length - 1] == '\r')
    length--;
  text[length] = '\0';

  if (length == 0)
    return g_error_new (SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The command of “%s” printed nothing"), name);
  if (!g_utf8_validate (text, length, NULL))
    return g_error_new (SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The command of “%s” did not print UTF-8 text"),
                        name);
  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]))
      return g_error_new (SCOPE_ERROR, SCOPE_ERROR_USAGE,
                          _("The command of “%s” printed more than one line, or control characters"), name);

  scope_field_wipe_value (command->field);
  command->field->value = g_strdup (text);
  return NULL;
}

static void
scope_field_command_exited_cb (GObject *source,
                               GAsyncResult *result,
                               gpointer user_data)
{
  ScopeFieldCommand *command = user_data;
  const char *name = command->field->name;
  GError *error = NULL;

  g_subprocess_wait_finish (command->process, result, &error);
  if (error == NULL && !g_subprocess_get_if_exited (command->process))
    error = g_error_new (SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The command of “%s” was ended by signal %d"),
                         name, g_subprocess_get_term_sig (command->process));
  else if (error == NULL && g_subprocess_get_exit_status (command->process) != 0)
    error = g_error_new (SCOPE_ERROR, SCOPE_ERROR_USAGE,
                         _("The command of “%s” failed with exit status %d"), name,
                         g_subprocess_get_exit_status (command->process));
  else if (error == NULL)
    error = scope_field_command_take_output (command);
  scope_field_command_end (command, error);
}

static void
scope_field_command_read_cb (GObject *source,
                             GAsyncResult *result,
                             gpointer user_data)
{
  ScopeFieldCommand *command = user_data;
  ScopeFieldsRun *run = g_task_get_task_data (command->task);
  GError *error = NULL;

  if (g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &command->n_bytes, &error)
      && command->n_bytes > SCOPE_LIMIT_FIELD_BYTES + 1)
    error = g_error_new (SCOPE_ERROR, SCOPE_ERROR_LIMIT, _("The command of “%s” printed more than %d bytes"),
                         command->field->name, SCOPE_LIMIT_FIELD_BYTES);
  if (error != NULL)
    scope_field_command_end (command, error);
  else
    g_subprocess_wait_async (command->process, run->stop, scope_field_command_exited_cb, command);
}

/* Without a shell: quotes are understood, nothing else. stdin is empty, stderr dropped. */
static gboolean
scope_field_command_spawn (ScopeFieldCommand *command,
                           GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) fault = NULL;
  g_auto (GStrv) argv = NULL;

  if (!g_shell_parse_argv (command->field->value + strlen (COMMAND_PREFIX), NULL, &argv, &fault))
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("The command of “%s” is not valid: its quotes do not match, or it is empty"),
                   command->field->name);
      return FALSE;
    }

  g_subprocess_launcher_set_child_setup (launcher, scope_field_command_lead_group, NULL, NULL);
  command->process = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &fault);
  if (command->process == NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The command of “%s” can't be run: %s"),
                 command->field->name, fault->message);
  return command->process != NULL;
}

static void
scope_field_command_run (GTask *task,
                         ScopeField *field)
{
  ScopeFieldsRun *run = g_task_get_task_data (task);
  ScopeFieldCommand *command = g_new0 (ScopeFieldCommand, 1);
  GError *error = NULL;

  command->task = g_object_ref (task);
  command->field = field;
  if (!scope_field_command_spawn (command, &error))
    {
      run->n_running++;
      scope_field_command_end (command, error);
      return;
    }

  run->n_running++;
  g_input_stream_read_all_async (g_subprocess_get_stdout_pipe (command->process), command->output,
                                 SCOPE_LIMIT_FIELD_BYTES + 2, G_PRIORITY_DEFAULT, run->stop,
                                 scope_field_command_read_cb, command);
}

static void
scope_fields_watch (GTask *task)
{
  ScopeFieldsRun *run = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  run->stop = g_cancellable_new ();
  run->timeout = g_timeout_add (SCOPE_WAIT_AUTHORIZE_USEC / 1000, scope_fields_timeout_cb, run);
  if (cancellable == NULL)
    return;

  run->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (run->cancelled, G_SOURCE_FUNC (scope_fields_cancelled_cb), run, NULL);
  g_source_attach (run->cancelled, g_main_context_get_thread_default ());
}

/**
 * scope_fields_resolve_async:
 * @fields: (transfer full) (element-type ScopeField): with their free function
 *
 * Replaces the commands among the values by what they print, run side by side. Each may take
 * %SCOPE_WAIT_AUTHORIZE_USEC and print %SCOPE_LIMIT_FIELD_BYTES; the first that fails ends them all, and
 * so does @cancellable. A program that is ended takes those with it that it started.
 */
void
scope_fields_resolve_async (GPtrArray *fields,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  ScopeFieldsRun *run;

  g_return_if_fail (fields != NULL);

  run = g_new0 (ScopeFieldsRun, 1);
  run->fields = fields;
  run->n_running = 1; /* this function */
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_fields_resolve_async);
  g_task_set_task_data (task, run, scope_fields_run_free);

  scope_fields_watch (task);
  for (guint i = 0; i < fields->len && run->error == NULL; i++)
    if (scope_field_has_command (fields->pdata[i]))
      scope_field_command_run (task, fields->pdata[i]);
  if (--run->n_running == 0)
    scope_fields_finish (task);
}

/**
 * scope_fields_resolve_finish:
 * @error: SCOPE_ERROR_USAGE, _LIMIT or _TIMED_OUT with the field's name and never its value;
 *   G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type ScopeField): the fields
 */
GPtrArray *
scope_fields_resolve_finish (GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
