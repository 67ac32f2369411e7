/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/scope-clock.h"
#include "net/scope-connection-options.h"
#include "net/scope-doctor-fault.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DOCTOR (scope_doctor_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDoctor, scope_doctor, SCOPE, DOCTOR, GObject)

/* Nobody publishes there. */
#define SCOPE_DOCTOR_CHANNEL "private-channelscope-test"

typedef enum
{
  SCOPE_DOCTOR_DNS,
  SCOPE_DOCTOR_TCP,
  SCOPE_DOCTOR_TLS,
  SCOPE_DOCTOR_UPGRADE,
  SCOPE_DOCTOR_HANDSHAKE,
  SCOPE_DOCTOR_HTTP_API,
  SCOPE_DOCTOR_CHANNEL_AUTH,
  SCOPE_DOCTOR_PRESENCE_AUTH,
  SCOPE_N_DOCTOR_STEPS,
} ScopeDoctorStepId;

typedef enum
{
  SCOPE_DOCTOR_WAITING,
  SCOPE_DOCTOR_RUNNING,
  SCOPE_DOCTOR_GOOD,
  SCOPE_DOCTOR_FAILED,
  SCOPE_DOCTOR_SKIPPED,
} ScopeDoctorState;

/* One step and its verdict. Texts are translated, and hold no secret and no app key. */
typedef struct
{
  ScopeDoctorState state;
  gint64 took_usec;      /* of good and failed ones */
  char *message;         /* what was found, or why it was skipped; NULL before */
  char *advice;          /* what to do; NULL if nothing is to be done */
  ScopeFault fault;
} ScopeDoctorStep;

typedef enum
{
  SCOPE_DOCTOR_ALL_GOOD, /* steps may have been skipped because nothing is configured for them */
  SCOPE_DOCTOR_REFUSED,  /* something failed */
  SCOPE_DOCTOR_UNREACHED, /* the server was never reached */
} ScopeDoctorVerdict;

/**
 * ScopeDoctor:
 *
 * Finds out why a connection, or what belongs to it, does not work: one step after the other, each timed, with a
 * limit of its own. It publishes nothing and joins no presence channel. Signal `changed (guint step)`.
 */
ScopeDoctor *scope_doctor_new            (const ScopeConnectionOptions *options,
                                          ScopeClock                   *clock);
/* what a server said earlier, when nobody asked it for a diagnosis: a client event that it refused. Before it runs */
void         scope_doctor_note_refusal   (ScopeDoctor                  *self,
                                          const char                   *text);
/* once in a doctor's life. Errors: SCOPE_ERROR_USAGE (the options), G_IO_ERROR_CANCELLED */
void         scope_doctor_run_async      (ScopeDoctor                  *self,
                                          GCancellable                 *cancellable,
                                          GAsyncReadyCallback           callback,
                                          gpointer                      user_data);
gboolean     scope_doctor_run_finish     (ScopeDoctor                  *self,
                                          GAsyncResult                 *result,
                                          GError                      **error);

const ScopeDoctorStep *scope_doctor_get_step (ScopeDoctor              *self,
                                          ScopeDoctorStepId             id);
/* NULL: none did (transfer none) */
const ScopeDoctorStep *scope_doctor_get_first_failed (ScopeDoctor      *self);
ScopeDoctorVerdict scope_doctor_get_verdict (ScopeDoctor               *self);
/* "tcp": in lines */
const char  *scope_doctor_step_get_name  (ScopeDoctorStepId             id);
/* "Port (TCP)": for people */
const char  *scope_doctor_step_get_title (ScopeDoctorStepId             id);
/* "failed": for people */
const char  *scope_doctor_state_get_word (ScopeDoctorState              state);
/* all of it as text to paste somewhere (transfer full) */
char        *scope_doctor_dup_report     (ScopeDoctor                  *self);

G_END_DECLS
