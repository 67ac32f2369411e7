/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-backoff.h"
#include "protocol/scope-machine.h"

G_BEGIN_DECLS

/* The machine in three files: states and edges (scope-machine.c), what leads to them
 * (scope-machine-input.c), and what must always hold (scope-machine-check.c). */

#define SCOPE_MACHINE_ACTIVITY_USEC (120 * G_USEC_PER_SEC) /* §1.3: where a server says none */
#define SCOPE_MACHINE_LONGEST_USEC (G_GINT64_CONSTANT (1000000000) * G_USEC_PER_SEC)
#define SCOPE_MACHINE_CLOSE_NORMAL 1000
#define SCOPE_MACHINE_CLOSE_PROTOCOL_ERROR 1002

typedef enum
{
  SCOPE_PHASE_NONE,
  SCOPE_PHASE_WAITING,
  SCOPE_PHASE_OPENING,
  SCOPE_PHASE_HANDSHAKE,
  SCOPE_PHASE_UP,
} ScopePhase;

/* Why the socket is or must be lost. */
typedef struct
{
  ScopeErrorSource source;
  ScopeReaction reaction;
  gboolean has_code;
  guint code;
  const char *text;        /* nullable: what the other side said */
  const char *meaning;     /* nullable */
  gboolean quiet;          /* no error to announce */
  gint64 at_least_usec;    /* of the wait */
  gboolean is_open;        /* the socket is still there: we close it */
  guint close_code;        /* then with this; 0 drops it */
} ScopeLoss;

struct _ScopeMachine
{
  ScopeMachineOptions options; /* the user's */
  ScopeMachineOptions active;  /* those of the current attempt */

  ScopeState state;
  ScopePhase phase;
  gboolean wanted;
  guint generation;
  gint64 now_usec;
  double random;

  gint64 armed_at[SCOPE_N_TIMERS]; /* 0: not armed */

  /* the attempt */
  gboolean tls_forced;         /* by 4000 */
  gboolean attempt_tls;
  gint64 attempt_at_usec;
  guint n_attempts;            /* since the user's wish or the last stable connection */
  ScopeBackoff backoff;
  gboolean network_available;

  /* loop guard */
  gboolean had_immediate;
  gint64 immediate_at_usec;

  /* the connection */
  char *socket_id;
  gint64 connected_at_usec;
  gint64 timeout_usec;         /* effective activity timeout */
  gint64 last_activity_usec;

  /* the last pusher:error frame after the handshake */
  guint error_code;
  gint64 error_at_usec;
  char *error_text;

  GArray *actions;
};

/* one action more; valid until the next one */
ScopeAction *_scope_machine_act           (ScopeMachine     *self,
                                           ScopeActionType   type);
void         _scope_machine_arm           (ScopeMachine     *self,
                                           ScopeTimer        timer,
                                           gint64            at_usec);
gint64       _scope_machine_ping_after_usec (ScopeMachine   *self);
char        *_scope_machine_bounded_text  (const char       *text);

void         _scope_machine_set_state     (ScopeMachine     *self,
                                           ScopeState        state,
                                           const ScopeLoss  *loss);
void         _scope_machine_announce_error (ScopeMachine    *self,
                                           const ScopeLoss  *loss);
void         _scope_machine_close_socket  (ScopeMachine     *self,
                                           const ScopeLoss  *loss);

void         _scope_machine_begin         (ScopeMachine     *self);
void         _scope_machine_open          (ScopeMachine     *self);
void         _scope_machine_establish     (ScopeMachine     *self,
                                           const ScopeInput *input);
void         _scope_machine_lose          (ScopeMachine     *self,
                                           ScopeLoss        *loss);
void         _scope_machine_lose_by_code  (ScopeMachine     *self,
                                           guint             code,
                                           const char       *text,
                                           ScopeErrorSource  source,
                                           gboolean          is_open);
void         _scope_machine_lose_by_us    (ScopeMachine     *self,
                                           ScopeErrorSource  source,
                                           ScopeReaction     reaction,
                                           guint             close_code,
                                           const char       *text);
void         _scope_machine_ping          (ScopeMachine     *self,
                                           gint64            limit_usec);
void         _scope_machine_note_frame    (ScopeMachine     *self);
void         _scope_machine_hurry         (ScopeMachine     *self,
                                           gboolean          restart);

static inline gboolean
_scope_machine_is_armed (ScopeMachine *self,
                         ScopeTimer    timer)
{
  return self->armed_at[timer] != 0;
}

G_END_DECLS
