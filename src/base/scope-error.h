/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ScopeError:
 * @SCOPE_ERROR_FAILED: nothing more specific fits
 * @SCOPE_ERROR_USAGE: an option, name, filter or field has a wrong form; the text says what is
 *   allowed
 * @SCOPE_ERROR_PROTOCOL: the other side sent what the protocol does not allow
 * @SCOPE_ERROR_LIMIT: a bound of scope-limits.h was reached
 * @SCOPE_ERROR_REFUSED: the server refused, and will refuse again unchanged
 * @SCOPE_ERROR_TIMED_OUT: a wait was over
 * @SCOPE_ERROR_NOT_CONNECTED: needs a connection that is not there
 * @SCOPE_ERROR_UNSUPPORTED: this version can't do it yet; the text names what
 * @SCOPE_ERROR_NOT_FOUND: no such profile, channel, member or file
 * @SCOPE_ERROR_EXISTS: there is one of that name already
 * @SCOPE_ERROR_CAPTURE: a capture file can't be read or written
 * @SCOPE_ERROR_CAPTURE_FOREIGN: the file is no capture, or of a newer version
 * @SCOPE_ERROR_KEYRING_LOCKED: the keyring is locked, or its unlocking was dismissed
 * @SCOPE_ERROR_KEYRING_ABSENT: there is no keyring to talk to
 *
 * Each code is something a caller decides on; messages are for people, and translated.
 * Cancellation stays `G_IO_ERROR_CANCELLED`.
 */
typedef enum
{
  SCOPE_ERROR_FAILED,
  SCOPE_ERROR_USAGE,
  SCOPE_ERROR_PROTOCOL,
  SCOPE_ERROR_LIMIT,
  SCOPE_ERROR_REFUSED,
  SCOPE_ERROR_TIMED_OUT,
  SCOPE_ERROR_NOT_CONNECTED,
  SCOPE_ERROR_UNSUPPORTED,
  SCOPE_ERROR_NOT_FOUND,
  SCOPE_ERROR_EXISTS,
  SCOPE_ERROR_CAPTURE,
  SCOPE_ERROR_CAPTURE_FOREIGN,
  SCOPE_ERROR_KEYRING_LOCKED,
  SCOPE_ERROR_KEYRING_ABSENT,
} ScopeError;

#define SCOPE_ERROR (scope_error_quark ())

GQuark   scope_error_quark (void);
/* both return FALSE */
gboolean scope_error_set   (GError    **error,
                            ScopeError  code,
                            const char *format,
                            ...) G_GNUC_PRINTF (3, 4);
gboolean scope_error_usage (GError    **error,
                            const char *format,
                            ...) G_GNUC_PRINTF (2, 3);
/* GIO's "Error writing to file descriptor: No space left on device" without what stands before the reason */
const char *scope_error_get_reason (const GError *error);

G_END_DECLS
