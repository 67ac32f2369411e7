/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "base/scope-secret.h"

G_BEGIN_DECLS

/* Why a signature is not accepted: the answer of an authorization endpoint, a request of the HTTP API or a webhook,
 * as somebody pasted it (protocol.md §4.2, §9.4, §10). What was signed is put together anew, and each cause that is
 * told was tried: it gives the very signature that came. Pure: no clock, no network. The text is hostile. */

typedef enum
{
  SCOPE_EXPLAIN_ANY, /* to be recognised */
  SCOPE_EXPLAIN_AUTH,
  SCOPE_EXPLAIN_REQUEST,
  SCOPE_EXPLAIN_WEBHOOK,
} ScopeExplainKind;

typedef enum
{
  SCOPE_EXPLAIN_NOTHING,    /* there is nothing that could be signed */
  SCOPE_EXPLAIN_INCOMPLETE, /* something is missing; what must be signed may be known all the same */
  SCOPE_EXPLAIN_UNCHECKED,  /* the secret is missing */
  SCOPE_EXPLAIN_FITS,
  SCOPE_EXPLAIN_DIFFERS,
} ScopeExplainVerdict;

typedef enum
{
  SCOPE_CAUSE_SECRET,       /* another secret: nothing else that was tried fits */
  SCOPE_CAUSE_SECRET_SPACE, /* white space or quotes around the secret */
  SCOPE_CAUSE_SECRET_UNSET,
  SCOPE_CAUSE_SECRET_CASE,
  SCOPE_CAUSE_SWAPPED,      /* key and secret, or the app id */
  SCOPE_CAUSE_KEY,
  SCOPE_CAUSE_HEX_CASE,
  SCOPE_CAUSE_BASE64,
  SCOPE_CAUSE_DIGEST,       /* another than SHA-256 */
  SCOPE_CAUSE_FORM,         /* put together in another way */
  SCOPE_CAUSE_SPACE,        /* white space at the end of what was signed, other line ends */
  SCOPE_CAUSE_JSON,         /* the same JSON in other bytes */
  SCOPE_CAUSE_SOCKET,
  SCOPE_CAUSE_CHANNEL,
  SCOPE_CAUSE_CHANNEL_DATA,
  SCOPE_CAUSE_SHARED_SECRET,
  SCOPE_CAUSE_ANSWER,       /* a page, a redirect, an error: no authorization */
  SCOPE_CAUSE_METHOD,
  SCOPE_CAUSE_PATH,
  SCOPE_CAUSE_APP,          /* the app id of the path */
  SCOPE_CAUSE_ORDER,        /* parameters not sorted */
  SCOPE_CAUSE_ENCODED,      /* values percent-encoded */
  SCOPE_CAUSE_PARAMETERS,   /* one missing, too many, or of another value */
  SCOPE_CAUSE_BODY_MD5,
  SCOPE_CAUSE_TIME,
} ScopeExplainCauseId;

typedef struct
{
  ScopeExplainCauseId id;
  char *text; /* for people */
} ScopeExplainCause;

/* What is known besides the paste; what the paste says itself comes first. All may be NULL or 0. */
typedef struct
{
  const char *key;
  const char *app_id;
  const ScopeSecret *secret;
  const ScopeSecret *master_key;       /* base64 */
  const char *socket_id;
  const char *channel;
  const char * const *other_sockets;   /* of earlier connections; NULL-terminated */
  const char * const *other_channels;
  gint64 now_usec;
} ScopeExplainFacts;

/* UTF-8; no text holds the secret. */
typedef struct
{
  ScopeExplainKind kind;
  ScopeExplainVerdict verdict;
  char *summary;             /* one sentence */
  GPtrArray *causes;         /* ScopeExplainCause *, the likeliest first; of one that fits: what else is odd */
  char *signed_text;         /* what has to be signed; NULL: not known */
  char *other_text;          /* what the server, or whoever signed, took instead; NULL: not known */
  gssize text_difference;    /* the first byte in which they differ; -1: none */
  char *our_signature;       /* hex; NULL without a secret */
  char *their_signature;     /* as it came; nullable */
  gssize signature_difference;
} ScopeExplanation;

ScopeExplanation *scope_explain                 (ScopeExplainKind         kind,
                                                 const char              *text,
                                                 gsize                    length,
                                                 const ScopeExplainFacts *facts);
/* what scope_explain() takes it for */
ScopeExplainKind  scope_explain_recognise       (const char              *text,
                                                 gsize                    length);
void              scope_explanation_free        (ScopeExplanation        *self);
/* whether that cause was found */
gboolean          scope_explanation_has_cause   (const ScopeExplanation  *self,
                                                 ScopeExplainCauseId      id);
/* the first byte in which two differ; -1: none */
gssize            scope_explain_find_difference (const char              *a,
                                                 const char              *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeExplanation, scope_explanation_free)

G_END_DECLS
