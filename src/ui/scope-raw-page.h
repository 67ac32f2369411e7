/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "capture/scope-entry.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_RAW_PAGE (scope_raw_page_get_type ())

G_DECLARE_FINAL_TYPE (ScopeRawPage, scope_raw_page, SCOPE, RAW_PAGE, AdwBin)

/**
 * ScopeRawPage:
 *
 * The payload or the whole frame as it came, as text or byte by byte. Property `shown` (string):
 * "raw" or "frame".
 */
void        scope_raw_page_set_entry (ScopeRawPage *self,
                                      ScopeEntry   *entry);         /* nullable */
/* instead of bytes (nullable) */
void        scope_raw_page_set_note  (ScopeRawPage *self,
                                      const char   *note);
void        scope_raw_page_set_find  (ScopeRawPage *self,
                                      const char   *needle,         /* nullable */
                                      gboolean      case_sensitive);
const char *scope_raw_page_get_shown (ScopeRawPage *self);

G_END_DECLS
