/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sent-row"

#include "config.h"

#include "ui/scope-sent-row.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

#define PREVIEW_BYTES 160

struct _ScopeSentRow
{
  AdwActionRow parent_instance;

  ScopeSentEvent *event;
};

enum
{
  EDIT,
  AGAIN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeSentRow, scope_sent_row, ADW_TYPE_ACTION_ROW)

static void
scope_sent_row_edit_cb (ScopeSentRow *self)
{
  g_signal_emit (self, signals[EDIT], 0, self->event);
}

static void
scope_sent_row_again_cb (ScopeSentRow *self)
{
  g_signal_emit (self, signals[AGAIN], 0, self->event);
}

/* "14:05:02.113 · private-room · {"who":"me"}" (transfer full) */
static char *
scope_sent_row_dup_subtitle (ScopeSentRow *self)
{
  const char *data = scope_sent_event_get_data (self->event);
  const char *refusal = scope_sent_event_get_refusal (self->event);
  g_autofree char *time = scope_text_format_clock (scope_sent_event_get_time_usec (self->event));
  g_autofree char *preview = scope_text_for_display (data, -1, PREVIEW_BYTES);

  g_strdelimit (preview, "\n\t", ' ');
  if (refusal != NULL)
    return g_strdup_printf (_("%s · %s · Not sent: %s"), time,
                            scope_sent_event_get_channel (self->event), refusal);
  return g_strdup_printf ("%s · %s%s%s", time, scope_sent_event_get_channel (self->event),
                          *preview != '\0' ? " · " : "", preview);
}

static void
scope_sent_row_fill (ScopeSentRow *self)
{
  gboolean sent = scope_sent_event_get_refusal (self->event) == NULL;
  const char *name = scope_sent_event_get_event (self->event);
  g_autofree char *subtitle = scope_sent_row_dup_subtitle (self);
  g_autofree char *label = g_strdup_printf ("%s, %s", name, subtitle);
  GtkWidget *icon = gtk_image_new_from_icon_name (sent ? "emblem-ok-symbolic"
                                                       : "dialog-error-symbolic");

  gtk_widget_add_css_class (icon, sent ? "success" : "error");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), sent ? 1 : 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), icon);
  scope_ui_add_row_button (self, "document-edit-symbolic", _("Edit"),
                           g_strdup_printf (_("Edit %s"), name),
                           G_CALLBACK (scope_sent_row_edit_cb));
  scope_ui_add_row_button (self, "mail-send-symbolic", _("Send Again"),
                           g_strdup_printf (_("Send %s Again"), name),
                           G_CALLBACK (scope_sent_row_again_cb));
  scope_ui_set_label (self, label);
}

static void
scope_sent_row_finalize (GObject *object)
{
  ScopeSentRow *self = SCOPE_SENT_ROW (object);

  g_clear_object (&self->event);

  G_OBJECT_CLASS (scope_sent_row_parent_class)->finalize (object);
}

static void
scope_sent_row_class_init (ScopeSentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_sent_row_finalize;

  signals[EDIT] = g_signal_new ("edit", SCOPE_TYPE_SENT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, SCOPE_TYPE_SENT_EVENT);
  signals[AGAIN] = g_signal_new ("again", SCOPE_TYPE_SENT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, SCOPE_TYPE_SENT_EVENT);
}

static void
scope_sent_row_init (ScopeSentRow *self)
{
}

/**
 * scope_sent_row_new:
 * @event: what was sent
 *
 * Returns: (transfer floating): a row that tells of it
 */
GtkWidget *
scope_sent_row_new (ScopeSentEvent *event)
{
  ScopeSentRow *self;

  g_return_val_if_fail (SCOPE_IS_SENT_EVENT (event), NULL);

  self = g_object_new (SCOPE_TYPE_SENT_ROW, "activatable", FALSE, NULL);
  self->event = g_object_ref (event);
  scope_sent_row_fill (self);
  return GTK_WIDGET (self);
}
