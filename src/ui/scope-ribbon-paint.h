/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-state-period.h"

G_BEGIN_DECLS

/* Where and how the periods of a connection stand in a ribbon, see scope-ribbon.h. */

typedef struct
{
  GListModel *history; /* of ScopeStatePeriod, the newest first */
  gint64 from_usec, to_usec, now_usec;
  double width, height;
  gboolean mirrored;
} ScopeRibbonScale;

/* of a widget as large as it is now; history nullable. FALSE: there is nothing to draw */
gboolean          scope_ribbon_scale_init    (ScopeRibbonScale       *self,
                                              GtkWidget              *widget,
                                              GListModel             *history);
/* the one that is drawn there (transfer full); NULL: none */
ScopeStatePeriod *scope_ribbon_scale_dup_at  (const ScopeRibbonScale *self,
                                              double                  x);
/* the whole time, also where nothing is known of it */
void              scope_ribbon_paint_track   (GtkSnapshot            *snapshot,
                                              GtkWidget              *widget);
void              scope_ribbon_paint_periods (GtkSnapshot            *snapshot,
                                              GtkWidget              *widget,
                                              const ScopeRibbonScale *scale);
/* around a period; NULL: around all of them */
void              scope_ribbon_paint_cursor  (GtkSnapshot            *snapshot,
                                              GtkWidget              *widget,
                                              const ScopeRibbonScale *scale,
                                              ScopeStatePeriod       *period);

G_END_DECLS
