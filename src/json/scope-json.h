/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The scanner: one pass over bytes, RFC 8259 strictly, UTF-8 and depth checked, no allocation.
 * Whatever comes from the network or a file passes here before anything else reads it; what is
 * shown or copied later is spliced from the same bytes, never re-generated. */

/* A piece of the scanned text. length 0 with offset 0 = not there. A string's span includes its
 * quotes. */
typedef struct
{
  guint32 offset;
  guint32 length;
} ScopeSpan;

typedef enum
{
  SCOPE_JSON_NONE, /* not there */
  SCOPE_JSON_OBJECT,
  SCOPE_JSON_ARRAY,
  SCOPE_JSON_STRING,
  SCOPE_JSON_NUMBER,
  SCOPE_JSON_TRUE,
  SCOPE_JSON_FALSE,
  SCOPE_JSON_NULL,
} ScopeJsonKind;

typedef enum
{
  SCOPE_JSON_FAULT_NONE,
  SCOPE_JSON_FAULT_EMPTY,
  SCOPE_JSON_FAULT_UTF8,
  SCOPE_JSON_FAULT_DEPTH,    /* deeper than SCOPE_LIMIT_JSON_DEPTH */
  SCOPE_JSON_FAULT_SYNTAX,
  SCOPE_JSON_FAULT_TRUNCATED,
  SCOPE_JSON_FAULT_TRAILING, /* text after the document */
  SCOPE_JSON_FAULT_SIZE,     /* above 4 GiB - 1: spans are 32 bits */
} ScopeJsonFault;

typedef struct
{
  ScopeJsonFault fault;
  gsize offset; /* of the first byte that is wrong */
} ScopeJsonProblem;

/* One member asked for of an object. */
typedef struct
{
  const char *key;   /* compared after JSON decoding of the document's key */
  ScopeSpan value;   /* filled in */
  ScopeJsonKind kind;
} ScopeJsonWanted;

/* A place in an object or array while it is iterated. */
typedef struct
{
  const char *text;
  gsize length;
  gsize offset;
  gboolean is_object;
  gboolean started;
} ScopeJsonIter;

/* Checks a whole document. problem (nullable) is only written on failure. */
gboolean      scope_json_check           (const char       *text,
                                          gsize             length,
                                          ScopeJsonKind    *kind,
                                          ScopeJsonProblem *problem);

/* Checks a whole document that must be an object, and finds the wanted members of its top level in
 * the same pass. Of equal keys the last counts (as in JavaScript). A document of another kind is
 * SCOPE_JSON_FAULT_SYNTAX at its start. */
gboolean      scope_json_scan_object     (const char       *text,
                                          gsize             length,
                                          ScopeJsonWanted  *wanted,
                                          guint             n_wanted,
                                          ScopeJsonProblem *problem);

/* what stands at the (trimmed) start of text; by its first byte only */
ScopeJsonKind scope_json_peek_kind       (const char       *text,
                                          gsize             length);

/* For text that has been checked. TRUE and the next member (key is the quoted span, absent for
 * arrays) or FALSE at the end. */
void          scope_json_iter_init       (ScopeJsonIter    *iter,
                                          const char       *text,
                                          gsize             length);
gboolean      scope_json_iter_next       (ScopeJsonIter    *iter,
                                          ScopeSpan        *key,
                                          ScopeSpan        *value,
                                          ScopeJsonKind    *kind);

/* One step of a path over checked text: an object's member by key (compared decoded), or an
 * array's element. NONE if not there. The span is relative to text. */
ScopeJsonKind scope_json_get_member      (const char       *text,
                                          gsize             length,
                                          const char       *key,
                                          ScopeSpan        *value);
/* that member as text: a string as of scope_json_string_dup(), anything else as it stands; NULL if
 * it is absent or null (transfer full) */
char         *scope_json_dup_member      (const char       *text,
                                          gsize             length,
                                          const char       *key);
ScopeJsonKind scope_json_get_element     (const char       *text,
                                          gsize             length,
                                          guint             index,
                                          ScopeSpan        *value);

/* Strings: token is the quoted text. decode appends the decoded bytes (which may hold NUL) and
 * returns FALSE, appending nothing, if the token escapes a lone surrogate: such text has no UTF-8
 * form, so the caller shows the token itself. has_escapes tells if decoding is just unquoting. */
gboolean      scope_json_string_has_escapes (const char    *token,
                                             gsize          length);
gboolean      scope_json_string_decode   (const char       *token,
                                          gsize             length,
                                          GString          *out);
gboolean      scope_json_string_equal    (const char       *token,
                                          gsize             length,
                                          const char       *text);
/* decoded, lone surrogates as U+FFFD, cut at a NUL: for names (transfer full) */
char         *scope_json_string_dup      (const char       *token,
                                          gsize             length);
/* likewise, a NUL as U+FFFD: for names that came (transfer full) */
char         *scope_json_string_dup_name (const char       *token,
                                          gsize             length);

/* Appends text as a JSON string with its quotes. Only what must be escaped is; invalid UTF-8
 * becomes U+FFFD. */
void          scope_json_append_string   (GString          *out,
                                          const char       *text,
                                          gssize            length);

/* Appends checked text indented by two spaces a level, its tokens byte for byte. Stops after
 * max_bytes of output if that is not 0 and returns FALSE. */
gboolean      scope_json_append_pretty   (GString          *out,
                                          const char       *text,
                                          gsize             length,
                                          gsize             max_bytes);
/* Appends checked text without white space between tokens, tokens byte for byte. */
void          scope_json_append_compact  (GString          *out,
                                          const char       *text,
                                          gsize             length);

/* "nested deeper than 64 levels at byte 812" (transfer full, translated) */
char         *scope_json_problem_to_text (const ScopeJsonProblem *problem);

G_END_DECLS
