/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-header-lines"

#include "config.h"

#include "net/scope-header-lines.h"

#include <string.h>

#include "base/scope-secret.h"
#include "net/scope-field.h"

static GPtrArray *
scope_header_lines_to_fields (char **lines)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_field_free);

  for (char **line = lines; *line != NULL; line++)
    {
      ScopeField *field = scope_field_new_header (*line);

      if (field != NULL)
        g_ptr_array_add (fields, field);
    }
  return fields;
}

/**
 * scope_header_lines_have_command:
 * @lines: (nullable): "Name: value"
 *
 * Returns: whether something has to be run before they can be sent
 */
gboolean
scope_header_lines_have_command (char **lines)
{
  g_autoptr (GPtrArray) fields = NULL;

  if (lines == NULL)
    return FALSE;

  fields = scope_header_lines_to_fields (lines);
  for (guint i = 0; i < fields->len; i++)
    if (scope_field_has_command (g_ptr_array_index (fields, i)))
      return TRUE;
  return FALSE;
}

static void
scope_header_lines_resolved_cb (GObject *source,
                                GAsyncResult *result,
                                gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) fields = scope_fields_resolve_finish (result, &error);
  g_autoptr (GStrvBuilder) lines = NULL;

  if (fields == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  lines = g_strv_builder_new ();
  for (guint i = 0; i < fields->len; i++)
    {
      ScopeField *field = g_ptr_array_index (fields, i);
      g_autofree char *line = g_strdup_printf ("%s: %s", field->name, field->value);

      g_strv_builder_add (lines, line);
      scope_secret_wipe (line, strlen (line));
    }
  g_task_return_pointer (task, g_strv_builder_end (lines), (GDestroyNotify) scope_header_lines_free);
}

/**
 * scope_header_lines_resolve_async:
 * @lines: "Name: value"
 *
 * Runs the commands among them, each without a shell and bounded in time and size (ScopeField).
 */
void
scope_header_lines_resolve_async (char **lines,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;

  g_return_if_fail (lines != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_header_lines_resolve_async);
  scope_fields_resolve_async (scope_header_lines_to_fields (lines), cancellable,
                              scope_header_lines_resolved_cb, task);
}

/**
 * scope_header_lines_resolve_finish:
 *
 * Returns: (transfer full) (nullable): the lines, without commands; for scope_header_lines_free()
 */
char **
scope_header_lines_resolve_finish (GAsyncResult *result,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * scope_header_lines_append_to:
 * @lines: (nullable): "Name: value", without commands
 */
void
scope_header_lines_append_to (char **lines,
                              SoupMessageHeaders *headers)
{
  for (char **line = lines; line != NULL && *line != NULL; line++)
    {
      const char *colon = strchr (*line, ':');
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (colon == NULL)
        continue; /* scope_check_header() has refused it long before */
      name = g_strndup (*line, colon - *line);
      value = g_strstrip (g_strdup (colon + 1));
      soup_message_headers_append (headers, name, value);
      scope_secret_wipe (value, strlen (value));
    }
}

/**
 * scope_header_lines_free:
 * @lines: (nullable) (transfer full):
 */
void
scope_header_lines_free (char **lines)
{
  for (char **line = lines; line != NULL && *line != NULL; line++)
    scope_secret_wipe (*line, strlen (*line));
  g_strfreev (lines);
}
