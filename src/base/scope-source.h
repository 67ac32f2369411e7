/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * scope_source_clear:
 * @source: (inout): what is waited for; may be %NULL
 *
 * Waits no longer: destroys the source, and lets go of it.
 */
static inline void
scope_source_clear (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

G_END_DECLS
