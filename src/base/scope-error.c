/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-error"

#include "config.h"

#include "base/scope-error.h"

#include <string.h>

G_DEFINE_QUARK (scope-error-quark, scope_error)

G_GNUC_PRINTF (3, 0)
static void
error_set_valist (GError    **error,
                  ScopeError  code,
                  const char *format,
                  va_list     arguments)
{
  if (error != NULL)
    *error = g_error_new_valist (SCOPE_ERROR, code, format, arguments);
}

/**
 * scope_error_set:
 * @code: what a caller decides on
 * @format: a translated printf() format
 *
 * g_set_error() as the last line of a check.
 *
 * Returns: %FALSE
 */
gboolean
scope_error_set (GError    **error,
                 ScopeError  code,
                 const char *format,
                 ...)
{
  va_list arguments;

  va_start (arguments, format);
  error_set_valist (error, code, format, arguments);
  va_end (arguments);
  return FALSE;
}

/**
 * scope_error_usage:
 * @format: a translated printf() format that says what is allowed
 *
 * scope_error_set() with `SCOPE_ERROR_USAGE`.
 *
 * Returns: %FALSE
 */
gboolean
scope_error_usage (GError    **error,
                   const char *format,
                   ...)
{
  va_list arguments;

  va_start (arguments, format);
  error_set_valist (error, SCOPE_ERROR_USAGE, format, arguments);
  va_end (arguments);
  return FALSE;
}

/**
 * scope_error_get_reason:
 * @error: what reading or writing a stream of GIO failed with
 *
 * Its text speaks of file descriptors; who tells it names the file.
 *
 * Returns: (transfer none): the system's reason, or else all of the text
 */
const char *
scope_error_get_reason (const GError *error)
{
  const char *colon;

  g_return_val_if_fail (error != NULL, NULL);

  colon = strstr (error->message, ": ");
  return colon != NULL ? colon + strlen (": ") : error->message;
}
