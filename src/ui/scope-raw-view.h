/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_RAW_VIEW (scope_raw_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeRawView, scope_raw_view, SCOPE, RAW_VIEW, AdwBin)

/**
 * ScopeRawView:
 *
 * Plain text of any length, one piece at a time. Property `label`: the text view's accessible name;
 * `hex`: whether the bytes are shown in hexadecimal.
 */
/* bytes NULL: placeholder is shown instead of a text */
void       scope_raw_view_set_bytes (ScopeRawView *self,
                                     GBytes       *bytes,
                                     const char   *placeholder);
/* of many bytes this takes a while: it is known already whether they are text */
void       scope_raw_view_set_known (ScopeRawView *self,
                                     GBytes       *bytes,
                                     gboolean      is_text);
/* on any thread */
gboolean   scope_raw_view_is_text   (GBytes       *bytes);
/* each byte in hexadecimal; what is no text is shown so until told otherwise */
void       scope_raw_view_set_hex   (ScopeRawView *self,
                                     gboolean      hex);
/* highlights all places of it; the piece with the first one is shown */
void       scope_raw_view_set_find  (ScopeRawView *self,
                                     const char   *needle,          /* nullable */
                                     gboolean      case_sensitive);

G_END_DECLS
