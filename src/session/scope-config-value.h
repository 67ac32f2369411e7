/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values as source code writes them, read and never evaluated: JavaScript object literals above all, and what
 * is written alike in PHP (array (), =>), Python and Ruby (name=value, name: value) and Swift (.name (value)). What
 * is computed is an expression: only its name is kept. */

typedef enum
{
  SCOPE_CONFIG_NONE,       /* null, undefined, nil */
  SCOPE_CONFIG_BOOLEAN,
  SCOPE_CONFIG_NUMBER,
  SCOPE_CONFIG_STRING,
  SCOPE_CONFIG_LIST,
  SCOPE_CONFIG_OBJECT,
  SCOPE_CONFIG_EXPRESSION,
} ScopeConfigKind;

typedef struct _ScopeConfigValue ScopeConfigValue;

struct _ScopeConfigValue
{
  ScopeConfigKind kind;
  gboolean truth;          /* of a boolean; of an expression: its name is all there is to it */
  char *text;              /* of a string or number; an expression's dotted name, else NULL. Wiped when freed */
  GPtrArray *names;        /* of an object: char *, NULL for what stands without a name; else NULL */
  GPtrArray *items;        /* of an object or list: ScopeConfigValue */
  gsize offset;            /* where it begins */
};

ScopeConfigValue *scope_config_value_new_string (const char       *text,
                                                 gsize             offset);
void              scope_config_value_free       (ScopeConfigValue *self);

/* The arguments of a call, or the members of an object: an object. offset is that of its opening ( or {, and
 * afterwards of what follows its end. SCOPE_ERROR_USAGE names line and column. */
ScopeConfigValue *scope_config_scan             (const char       *text,
                                                 gsize             length,
                                                 gsize            *offset,
                                                 GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeConfigValue, scope_config_value_free)

G_END_DECLS
