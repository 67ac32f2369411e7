/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The variables of a .env file, in their order. Values are wiped when freed. */
typedef struct
{
  char *name;
  char *value;             /* with ${OTHER} replaced */
  gboolean unresolved;     /* it needs a variable that is not there */
} ScopeConfigVariable;

GPtrArray           *scope_config_env_parse  (const char *text);
const char          *scope_config_env_lookup (GPtrArray  *variables,
                                              const char *name);

G_END_DECLS
