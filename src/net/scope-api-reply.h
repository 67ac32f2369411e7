/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SCOPE_API_ACCEPTED,
  SCOPE_API_REFUSED,
  SCOPE_API_NOT_SENT, /* certainly: not a byte of it left */
  SCOPE_API_UNKNOWN,  /* sent, wholly or in part, and the answer was lost */
} ScopeApiOutcome;

/* What became of one request of the HTTP API (protocol.md §9). Texts are for people; none holds a secret. */
typedef struct
{
  ScopeApiOutcome outcome;
  guint status;             /* HTTP's, or the one that the body of a 200 tells; 0: there was no answer */
  char *text;               /* the server's words, or what went wrong; NULL if accepted */
  char *meaning;            /* what to do about it; NULL if accepted */
  char *body;               /* UTF-8; of a refusal the first 2 KB; NULL without an answer */
  char *signed_text;        /* what was signed, without the secret */
  gboolean has_server_time; /* by the answer's Date */
  gint64 clock_ahead_usec;  /* this machine's clock before the server's */
  gint64 clock_bound_usec;  /* that may be off by so much: half the round trip, and the second a Date is told in */
  gint64 retry_after_usec;  /* how long the server wants to be left alone; 0: it did not say */
  gboolean is_cancelled;    /* by the caller */
} ScopeApiReply;

ScopeApiReply *scope_api_reply_new           (void);
void           scope_api_reply_free          (ScopeApiReply   *self);
/* "accepted", "refused", "not_sent", "unknown" */
const char    *scope_api_outcome_to_text     (ScopeApiOutcome  outcome);
/* whether the two clocks differ by more than the measure's own error and half a minute */
gboolean       scope_api_reply_is_clock_off  (const ScopeApiReply *self);

/* private to the client */

/* an answer that came wholly, or whose refusal's start did. date (nullable): the header's value; this machine's
 * clock when it was asked, and when the answer came */
void           _scope_api_reply_take_answer  (ScopeApiReply   *self,
                                              guint            status,
                                              const char      *content_type,
                                              const char      *date,
                                              gint64           asked_usec,
                                              gint64           answered_usec,
                                              const char      *body,
                                              gsize            length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeApiReply, scope_api_reply_free)

G_END_DECLS
