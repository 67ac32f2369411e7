/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "json/scope-json.h"

G_BEGIN_DECLS

/* A path into a payload, as the filter language writes it: data.customer."e-mail"[0]. */

typedef struct
{
  char *name; /* NULL: an index */
  guint index;
} ScopePathStep;

/* takes name over */
ScopePathStep *scope_path_step_new   (char                *name,
                                      guint                index);
void           scope_path_step_free  (ScopePathStep       *self);
gboolean       scope_path_step_equal (const ScopePathStep *a,
                                      const ScopePathStep *b);

/* Of ScopePathStep. NULL if text is no path. */
GPtrArray     *scope_path_parse      (const char          *text);
/* Follows the steps from first on over checked JSON; NONE if one of them is not there. The span is relative to text. */
ScopeJsonKind  scope_path_find       (const GPtrArray     *path,
                                      guint                first,
                                      const char          *text,
                                      gsize                length,
                                      ScopeSpan           *value);
/* ".name", quoted where it has to be */
void           scope_path_append_name (GString            *path,
                                       const char         *name);
/* "[3]" */
void           scope_path_append_index (GString           *path,
                                        guint              index);

G_END_DECLS
