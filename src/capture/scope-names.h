/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_NAMES (scope_names_get_type ())

G_DECLARE_FINAL_TYPE (ScopeNames, scope_names, SCOPE, NAMES, GObject)

/* Channel names, event names and user ids, each kept once and known by a small number: an entry
 * and an in-memory record hold numbers. Append-only; main thread only. Number 0 is "no name". */

ScopeNames *scope_names_new       (void);
/* length -1: NUL-terminated. NULL gives 0. Beyond SCOPE_LIMIT_NAMES gives SCOPE_NAMES_OVERFLOW. */
guint32     scope_names_intern    (ScopeNames *self,
                                   const char *name,
                                   gssize      length);
guint32     scope_names_find      (ScopeNames *self,
                                   const char *name);        /* 0 if it was never interned */
const char *scope_names_get       (ScopeNames *self,
                                   guint32     id);          /* NULL for 0; never freed while self lives */
guint32     scope_names_get_count (ScopeNames *self);        /* ids are 1 … count */

gboolean    scope_names_get_full  (ScopeNames *self);        /* a name got no number of its own */

#define SCOPE_NAMES_OVERFLOW G_MAXUINT32                     /* its text says that there were too many */

G_END_DECLS
