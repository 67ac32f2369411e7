/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "capture/scope-transfer.h"
#include "session/scope-vocabulary.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_REDACT_GROUP (scope_redact_group_get_type ())

G_DECLARE_FINAL_TYPE (ScopeRedactGroup, scope_redact_group, SCOPE, REDACT_GROUP, AdwPreferencesGroup)

/**
 * ScopeRedactGroup:
 *
 * The part of a form where redaction rules are written, checked while they are typed, kept under a name, and shown at work.
 *
 * Signal `changed`: the rules are others.
 */

/* "" : there are none. Only if they are valid */
const char *scope_redact_group_get_rules (ScopeRedactGroup *self);
gboolean    scope_redact_group_is_valid  (ScopeRedactGroup *self);
/* what the log holds, nullable */
void        scope_redact_group_set_vocabulary (ScopeRedactGroup *self,
                                               ScopeVocabulary  *vocabulary);
/* what they would do: NULL: nobody knows yet */
void        scope_redact_group_show      (ScopeRedactGroup           *self,
                                          const ScopeTransferPreview *preview);

G_END_DECLS
