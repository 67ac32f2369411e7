/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-config-import.h"
#include "session/scope-config-private.h"

G_BEGIN_DECLS

typedef struct
{
  const char *text; /* with a NUL after it, and none in it */
  gsize length;
  GPtrArray *variables;
} ScopeConfigText;

/* for scope-config-import.c */
ScopeConfigImport *_scope_config_import_parse_calls     (ScopeConfigText   *self,
                                                         gboolean           everywhere,
                                                         gboolean          *found,
                                                         GError           **error);
ScopeConfigImport *_scope_config_import_parse_variables (ScopeConfigText   *self,
                                                         GError           **error);

/* for both */
gboolean           _scope_config_import_has_member      (ScopeConfigValue  *object,
                                                         ScopeConfigOption  option);
const char        *_scope_config_import_get_source      (ScopeConfigStyle   style);
ScopeConfigImport *_scope_config_import_apply           (ScopeConfigDraft  *draft,
                                                         const char        *source,
                                                         GError           **error);

G_END_DECLS
