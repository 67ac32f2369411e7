/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-outgoing-row"

#include "config.h"

#include "ui/scope-outgoing-row.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

#define PREVIEW_BYTES 160

struct _ScopeOutgoingRow
{
  AdwActionRow parent_instance;

  ScopeOutgoing *outgoing;
};

enum
{
  EDIT,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeOutgoingRow, scope_outgoing_row, ADW_TYPE_ACTION_ROW)

static void
scope_outgoing_row_edit_cb (ScopeOutgoingRow *self)
{
  g_signal_emit (self, signals[EDIT], 0, self->outgoing);
}

static void
scope_outgoing_row_remove_cb (ScopeOutgoingRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0, self->outgoing);
}

static void
scope_outgoing_row_fill (ScopeOutgoingRow *self)
{
  const char *name = scope_outgoing_get_event (self->outgoing);
  g_autofree char *place = scope_outgoing_dup_place (self->outgoing);
  g_autofree char *preview = scope_text_for_display (scope_outgoing_get_text (self->outgoing), -1, PREVIEW_BYTES);
  g_autofree char *subtitle = g_strdup_printf ("%s%s%s", place, *preview != '\0' ? " · " : "", preview);
  g_autofree char *label = g_strdup_printf ("%s, %s", name, subtitle);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), subtitle);
  scope_ui_add_row_button (self, "document-edit-symbolic", _("Edit"), g_strdup_printf (_("Edit %s"), name),
                           G_CALLBACK (scope_outgoing_row_edit_cb));
  scope_ui_add_row_button (self, "list-remove-symbolic", _("Remove"), g_strdup_printf (_("Remove %s"), name),
                           G_CALLBACK (scope_outgoing_row_remove_cb));
  scope_ui_set_label (self, label);
}

static void
scope_outgoing_row_finalize (GObject *object)
{
  g_clear_object (&SCOPE_OUTGOING_ROW (object)->outgoing);

  G_OBJECT_CLASS (scope_outgoing_row_parent_class)->finalize (object);
}

static void
scope_outgoing_row_class_init (ScopeOutgoingRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_outgoing_row_finalize;

  signals[EDIT] = g_signal_new ("edit", SCOPE_TYPE_OUTGOING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                SCOPE_TYPE_OUTGOING);
  signals[REMOVE] = g_signal_new ("remove", SCOPE_TYPE_OUTGOING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, SCOPE_TYPE_OUTGOING);
}

static void
scope_outgoing_row_init (ScopeOutgoingRow *self)
{
}

/**
 * scope_outgoing_row_new:
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
scope_outgoing_row_new (ScopeOutgoing *outgoing)
{
  ScopeOutgoingRow *self;

  g_return_val_if_fail (SCOPE_IS_OUTGOING (outgoing), NULL);

  self = g_object_new (SCOPE_TYPE_OUTGOING_ROW, "activatable", FALSE, NULL);
  self->outgoing = g_object_ref (outgoing);
  scope_outgoing_row_fill (self);
  return GTK_WIDGET (self);
}
