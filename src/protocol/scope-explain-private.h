/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-explain.h"

G_BEGIN_DECLS

/* scope-explain.c */

void     _scope_explanation_add     (ScopeExplanation    *self,
                                     ScopeExplainCauseId  id,
                                     const char          *text);
void     _scope_explanation_say     (ScopeExplanation    *self,
                                     ScopeExplainVerdict  verdict,
                                     const char          *summary);
void     _scope_explanation_take_signed (ScopeExplanation *self,
                                     char                *text);  /* transfer full */
/* our_signature of its signed_text, if there is a secret */
void     _scope_explanation_sign    (ScopeExplanation    *self,
                                     const ScopeExplainFacts *facts);
void     _scope_explanation_set_other (ScopeExplanation  *self,
                                     const char          *text);

/* scope-explain-trial.c: which of many texts, signed with which of some secrets, gives the signature that came? */

typedef struct
{
  const ScopeExplainFacts *facts;
  ScopeExplanation *result;
  GPtrArray *candidates;
  GHashTable *seen;      /* the candidates' texts */
  gsize n_bytes;         /* of the candidates */
  gboolean is_cut;       /* not all of them fit into the bound */
} ScopeTrial;

void     _scope_trial_init          (ScopeTrial              *self,
                                     const ScopeExplainFacts *facts,
                                     ScopeExplanation        *result);
void     _scope_trial_clear         (ScopeTrial              *self);
/* cause: translated, static; NULL for the text that is right */
void     _scope_trial_add           (ScopeTrial              *self,
                                     const char              *text,
                                     ScopeExplainCauseId      id,
                                     const char              *cause);
void     _scope_trial_take          (ScopeTrial              *self,
                                     char                    *text,     /* transfer full */
                                     ScopeExplainCauseId      id,
                                     const char              *cause);
/* prefix + each other way to write the JSON */
void     _scope_trial_add_json      (ScopeTrial              *self,
                                     const char              *prefix,
                                     const char              *json,
                                     ScopeExplainCauseId      id,
                                     const char              *cause);
/* fills in signatures, verdict and causes; the result has its signed_text */
void     _scope_trial_solve         (ScopeTrial              *self,
                                     const char              *signature);

/* scope-explain-json.c */

/* char *: the same value in other bytes, as libraries write it; none if it is no JSON (transfer full) */
GPtrArray *_scope_explain_list_json (const char          *json);
/* The next JSON object in text from *at on; FALSE: there is none. *at is then behind it. */
gboolean _scope_explain_find_object (const char          *text,
                                     gsize               *at,
                                     gsize               *start,
                                     gsize               *object_length);

/* scope-explain-http.c: a request as it is pasted: raw, as a curl line, or only in part */

typedef struct
{
  char *method;        /* as it stands; NULL: not told */
  char *target;        /* URL or path with its query; NULL: only headers */
  guint status;        /* it is an answer */
  GPtrArray *headers;  /* char *: "name", "value", … */
  char *body;          /* NULL: none */
  gboolean body_is_elsewhere; /* curl's @FILE */
} ScopeExplainHttp;

/* NULL: it is nothing of the kind */
ScopeExplainHttp *_scope_explain_http_parse (const char             *text);
void              _scope_explain_http_free  (ScopeExplainHttp       *self);
const char       *_scope_explain_http_get   (const ScopeExplainHttp *self,
                                             const char             *header);
/* %XX decoded, + as a space; bytes that are no text are left as they are (transfer full) */
char             *_scope_explain_unescape   (const char             *text,
                                             gssize                  length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeExplainHttp, _scope_explain_http_free)

/* one a kind; text is valid UTF-8 */
void     _scope_explain_auth        (ScopeExplanation        *self,
                                     const char              *text,
                                     const ScopeExplainFacts *facts);
void     _scope_explain_request     (ScopeExplanation        *self,
                                     const char              *text,
                                     const ScopeExplainFacts *facts);
void     _scope_explain_webhook     (ScopeExplanation        *self,
                                     const char              *text,
                                     const ScopeExplainFacts *facts);

G_END_DECLS
