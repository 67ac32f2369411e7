/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-footprint.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 requests;
  guint64 messages;
} ScopeFootprintCount;

/* One day of UTC. */
typedef struct
{
  gint64 day; /* since 1970 */
  gboolean released;
  gboolean sets_released; /* when added: released is what the user wants now */
  ScopeFootprintCount counts[SCOPE_N_FOOTPRINT_CAUSES];
} ScopeFootprintDay;

void        _scope_footprint_day_add       (ScopeFootprintDay       *self,
                                            const ScopeFootprintDay *more);
/* Adds to the day in that file, or begins it anew if it holds another day or nothing that can be read. From
 * any thread; never two at once in this process. whole: what the file holds then */
gboolean    _scope_footprint_file_add      (const char              *path,
                                            const ScopeFootprintDay *more,
                                            ScopeFootprintDay       *whole,
                                            GError                 **error);

G_END_DECLS
