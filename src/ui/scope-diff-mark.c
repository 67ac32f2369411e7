/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-diff-mark"

#include "config.h"

#include "ui/scope-diff-mark.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

struct _ScopeDiffMark
{
  AdwBin parent_instance;

  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (ScopeDiffMark, scope_diff_mark, ADW_TYPE_BIN)

static void
scope_diff_mark_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_DIFF_MARK);

  G_OBJECT_CLASS (scope_diff_mark_parent_class)->dispose (object);
}

static void
scope_diff_mark_class_init (ScopeDiffMarkClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_diff_mark_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-diff-mark.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffMark, label);
}

static void
scope_diff_mark_init (ScopeDiffMark *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
diff_mark_dup_text (ScopeEventItem *marked,
                    ScopeEventItem *shown)
{
  g_autofree char *count = scope_format_count (scope_event_item_get_sequence (marked));
  g_autofree char *place = scope_format_row_place (marked);

  if (scope_event_item_is_same_event (marked, shown))
    return g_strdup (_("This event is marked for comparison."));
  /* Translators: the number of an event; its time, channel and name */
  return g_strdup_printf (_("Marked for comparison: No. %s · %s"), count, place);
}

/**
 * scope_diff_mark_set:
 * @marked: (nullable): the event others are compared with
 * @shown: (nullable): the one that is shown
 */
void
scope_diff_mark_set (ScopeDiffMark  *self,
                     ScopeEventItem *marked,
                     ScopeEventItem *shown)
{
  g_autofree char *text = NULL;

  g_return_if_fail (SCOPE_IS_DIFF_MARK (self));
  g_return_if_fail (marked == NULL || SCOPE_IS_EVENT_ITEM (marked));

  gtk_widget_set_visible (GTK_WIDGET (self), marked != NULL);
  if (marked == NULL)
    return;
  text = diff_mark_dup_text (marked, shown);
  gtk_label_set_text (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), text);
}
