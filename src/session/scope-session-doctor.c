/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-doctor.h"

#include "base/scope-text.h"
#include "protocol/scope-server-error.h"
#include "session/scope-session-private.h"

void
_scope_session_note_refusal (ScopeSession      *self,
                             const ScopeReport *report)
{
  if (report->type == SCOPE_REPORT_ERROR && report->source == SCOPE_SOURCE_SERVER &&
      scope_server_error_get_topic (report->code, report->text) == SCOPE_TOPIC_CLIENT_EVENT)
    scope_set_str (&self->refused_event, report->text);
}

/* What is done by hand is counted, not held back. */
static void
session_count_doctor (ScopeSession *self,
                      guint         id,
                      ScopeDoctor  *doctor)
{
  if (id == SCOPE_DOCTOR_HTTP_API && scope_doctor_get_step (doctor, id)->took_usec > 0)
    scope_footprint_add (self->footprint, SCOPE_FOOTPRINT_DOCTOR, 1, 0);
}

/**
 * scope_session_new_doctor:
 * @self: a session
 * @error: return location for `SCOPE_ERROR_NOT_CONNECTED` (offline)
 *
 * Returns: (transfer full) (nullable): a doctor for the profile and its secrets as they are now; what it asks
 *   of the HTTP API is counted
 */
ScopeDoctor *
scope_session_new_doctor (ScopeSession *self,
                          GError      **error)
{
  g_autoptr (ScopeConnectionOptions) options = NULL;
  ScopeDoctor *doctor;

  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  if (!_scope_session_check_connection (self, error))
    return NULL;

  options = scope_profile_to_options (self->profile, self->credentials);
  doctor = scope_doctor_new (options, self->clock);
  scope_doctor_note_refusal (doctor, self->refused_event);
  g_signal_connect_object (doctor, "changed", G_CALLBACK (session_count_doctor), self, G_CONNECT_SWAPPED);
  return doctor;
}
