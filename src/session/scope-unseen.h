/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/scope-clock.h"
#include "net/scope-api-reply.h"
#include "net/scope-report.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_UNSEEN (scope_unseen_get_type ())

G_DECLARE_FINAL_TYPE (ScopeUnseen, scope_unseen, SCOPE, UNSEEN, GObject)

/* How watching a presence channel without joining it stands. */
typedef enum
{
  SCOPE_UNSEEN_STOPPED,  /* nothing is asked */
  SCOPE_UNSEEN_LOOKING,  /* nothing was answered yet */
  SCOPE_UNSEEN_WATCHING, /* who is there is known, as of the last poll */
  SCOPE_UNSEEN_BLIND,    /* a poll failed; it is tried again */
  SCOPE_UNSEEN_REFUSED,  /* asking again would change nothing */
} ScopeUnseenState;

/**
 * ScopeUnseen:
 *
 * Who is in one presence channel, by asking for its users again and again (protocol.md §9.1): nobody in the
 * channel is told. What differs from one answer to the next is reported as presence, with the time of the
 * answer and without user_info, which the HTTP API does not give. Who came and went between two polls is
 * missed. It decides only; whoever owns it asks.
 */
typedef struct
{
  /* a poll: scope_unseen_take_reply() or scope_unseen_take_error() must follow, later */
  void (*ask)    (ScopeUnseen *self, gpointer user_data);
  /* PRESENCE or ERROR */
  void (*report) (ScopeUnseen *self, const ScopeReport *report, gpointer user_data);
  /* who came and went since then is not known; a snapshot follows */
  void (*gap)    (ScopeUnseen *self, gint64 since_wall_usec, const char *reason, gpointer user_data);
  /* state, interval or problem changed */
  void (*change) (ScopeUnseen *self, gpointer user_data);
} ScopeUnseenFuncs;

/* waits between two polls: as ScopePoller */
ScopeUnseen     *scope_unseen_new               (ScopeClock             *clock,
                                                 const char             *channel,
                                                 gint64                  min_usec,
                                                 gint64                  max_usec,
                                                 const ScopeUnseenFuncs *funcs,
                                                 gpointer                user_data);
/* nothing is asked, reported or told any more */
void             scope_unseen_detach            (ScopeUnseen            *self);
void             scope_unseen_start             (ScopeUnseen            *self);
/* reason: why we see nobody until it starts again, in words */
void             scope_unseen_stop              (ScopeUnseen            *self,
                                                 const char             *reason);
/* what it asks with has changed, or the user wants to know: at once; an answer under way counts for nothing */
void             scope_unseen_retry             (ScopeUnseen            *self);
void             scope_unseen_take_reply        (ScopeUnseen            *self,
                                                 const ScopeApiReply    *reply);
/* it could not be asked; final: nor can it be until something changes */
void             scope_unseen_take_error        (ScopeUnseen            *self,
                                                 const GError           *error,
                                                 gboolean                final);
const char      *scope_unseen_get_channel       (ScopeUnseen            *self);
ScopeUnseenState scope_unseen_get_state         (ScopeUnseen            *self);
/* why it is blind or refused, in plain sentences; else NULL */
const char      *scope_unseen_get_problem       (ScopeUnseen            *self);
gint64           scope_unseen_get_interval_usec (ScopeUnseen            *self);

G_END_DECLS
