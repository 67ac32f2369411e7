/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "json/scope-json.h"

G_BEGIN_DECLS

/* so many changes are told one by one; more are counted */
#define SCOPE_JSON_DIFF_MAX_CHANGES 5000
/* so many bytes are compared; what is left then is told as one change each */
#define SCOPE_JSON_DIFF_MAX_WORK (G_GINT64_CONSTANT (256) * 1024 * 1024)

typedef enum
{
  SCOPE_JSON_SAME,
  SCOPE_JSON_ADDED,
  SCOPE_JSON_REMOVED,
  SCOPE_JSON_CHANGED,
  SCOPE_JSON_RETYPED,  /* another type of value */
} ScopeJsonChangeKind;

typedef struct
{
  ScopeJsonChangeKind kind;
  char *path;         /* as the filter language writes it; of lines: the number of the line */
  ScopeSpan before;   /* of the text before; length 0: not there */
  ScopeSpan after;
} ScopeJsonChange;

/**
 * ScopeJsonDiff:
 *
 * How one text differs from another, place by place: members by key, elements by index, after what
 * is equal at the beginning and the end of an array has been taken off.
 */
typedef struct
{
  GPtrArray *changes;  /* of ScopeJsonChange, in document order; what is equal is one row as large as it goes */
  guint n_added;
  guint n_removed;
  guint n_changed;     /* RETYPED too */
  guint n_left_out;    /* not told one by one */
  gboolean same_left_out; /* nor all that is equal */
  gboolean is_coarse;  /* not everything was looked into */
  gboolean is_lines;   /* of lines of text, not of JSON */
} ScopeJsonDiff;

/* JSON that was checked; root: the path of the whole, "data" */
ScopeJsonDiff *scope_json_diff_new       (const char    *before,
                                          gsize          before_length,
                                          const char    *after,
                                          gsize          after_length,
                                          const char    *root);
/* any text, line by line */
ScopeJsonDiff *scope_json_diff_new_lines (const char    *before,
                                          gsize          before_length,
                                          const char    *after,
                                          gsize          after_length);
void           scope_json_diff_free      (ScopeJsonDiff *self);
gboolean       scope_json_diff_is_equal  (ScopeJsonDiff *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeJsonDiff, scope_json_diff_free)

G_END_DECLS
