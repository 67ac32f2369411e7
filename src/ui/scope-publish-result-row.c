/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-result-row"

#include "config.h"

#include "ui/scope-publish-result-row.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "ui/scope-api-error-view.h"
#include "ui/scope-ui-util.h"

struct _ScopePublishResultRow
{
  AdwExpanderRow parent_instance;

  ScopePublishResult *result;
};

enum
{
  EDIT,
  AGAIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopePublishResultRow, scope_publish_result_row, ADW_TYPE_EXPANDER_ROW)

static void
scope_publish_result_row_edit_cb (ScopePublishResultRow *self)
{
  g_signal_emit (self, signals[EDIT], 0, self->result);
}

static void
scope_publish_result_row_again_cb (ScopePublishResultRow *self)
{
  g_signal_emit (self, signals[AGAIN], 0, self->result);
}

/**
 * scope_publish_result_row_set_icon:
 *
 * The icon goes with the word beside it.
 */
void
scope_publish_result_row_set_icon (GtkImage        *image,
                                   ScopeApiOutcome  outcome)
{
  static const struct
  {
    const char *icon;
    const char *css_class;
  } looks[] = {
    [SCOPE_API_ACCEPTED] = { "emblem-ok-symbolic", "success" },
    [SCOPE_API_REFUSED] = { "dialog-error-symbolic", "error" },
    [SCOPE_API_NOT_SENT] = { "dialog-error-symbolic", "error" },
    [SCOPE_API_UNKNOWN] = { "dialog-question-symbolic", "warning" },
  };
  const char *classes[] = { looks[outcome].css_class, NULL };

  gtk_image_set_from_icon_name (image, looks[outcome].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (image), classes);
}

static void
result_row_add_icon (ScopePublishResultRow *self)
{
  GtkWidget *icon = gtk_image_new ();

  scope_publish_result_row_set_icon (GTK_IMAGE (icon), scope_publish_result_get_outcome (self->result));
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), icon);
}

/* One piece of what can be read below; nothing for NULL. */
static void
result_row_add_text (ScopePublishResultRow *self,
                     const char            *title,
                     const char            *text)
{
  GtkWidget *row;
  GtkWidget *box;
  GtkWidget *heading;
  GtkWidget *label;
  g_autofree char *shown = NULL;

  if (text == NULL || *text == '\0')
    return;

  row = g_object_new (ADW_TYPE_PREFERENCES_ROW, "activatable", FALSE, "focusable", FALSE, "title", title, NULL);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_widget_add_css_class (box, "scope-result-text");
  heading = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "caption");
  gtk_widget_add_css_class (heading, "dim-label");
  shown = scope_text_bounded (text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  label = gtk_label_new (shown);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  scope_ui_set_exact_label (GTK_LABEL (label));
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

/* "14:05:02.113 · news · Accepted (200) · news: 3 subscriptions" (transfer full) */
static char *
result_row_dup_subtitle (ScopePublishResultRow *self)
{
  GPtrArray *outgoing = scope_publish_result_get_outgoing (self->result);
  g_autofree char *time = scope_text_format_clock (scope_publish_result_get_time_usec (self->result));
  g_autofree char *place = scope_outgoing_dup_place (g_ptr_array_index (outgoing, 0));
  g_autofree char *outcome = scope_publish_result_dup_outcome (self->result);
  g_autofree char *counts = scope_publish_result_dup_counts (self->result);

  return g_strdup_printf ("%s · %s · %s%s%s%s", time, outcome, place, outgoing->len > 1 ? " …" : "",
                          counts != NULL ? " · " : "", counts != NULL ? counts : "");
}

static void
result_row_add_error (ScopePublishResultRow *self)
{
  GtkWidget *row = g_object_new (ADW_TYPE_PREFERENCES_ROW, "activatable", FALSE, "focusable", FALSE, "title",
                                 _("What It Means"), NULL);
  GtkWidget *view = scope_api_error_view_new (scope_publish_result_get_reply (self->result));

  scope_api_error_view_open_details (SCOPE_API_ERROR_VIEW (view));
  gtk_widget_add_css_class (view, "scope-result-text");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), view);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

static void
result_row_add_texts (ScopePublishResultRow *self)
{
  if (scope_publish_result_get_outcome (self->result) != SCOPE_API_ACCEPTED)
    {
      result_row_add_error (self);
      return;
    }
  result_row_add_text (self, _("The Server's Answer"), scope_publish_result_get_body (self->result));
  result_row_add_text (self, _("What Was Signed"), scope_publish_result_get_signed_text (self->result));
}

static void
result_row_fill (ScopePublishResultRow *self)
{
  g_autofree char *title = scope_publish_result_dup_title (self->result);
  g_autofree char *subtitle = result_row_dup_subtitle (self);
  g_autofree char *label = g_strdup_printf ("%s, %s", title, subtitle);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  result_row_add_icon (self);
  /* actions stand from the end to the start */
  scope_ui_add_row_button (self, "mail-send-symbolic", _("Publish Again"), g_strdup_printf (_("Publish %s Again"), title),
                           G_CALLBACK (scope_publish_result_row_again_cb));
  scope_ui_add_row_button (self, "document-edit-symbolic", _("Edit"), g_strdup_printf (_("Edit %s"), title),
                           G_CALLBACK (scope_publish_result_row_edit_cb));
  result_row_add_texts (self);
  scope_ui_set_label (self, label);
}

static void
scope_publish_result_row_finalize (GObject *object)
{
  g_clear_object (&SCOPE_PUBLISH_RESULT_ROW (object)->result);

  G_OBJECT_CLASS (scope_publish_result_row_parent_class)->finalize (object);
}

static void
scope_publish_result_row_class_init (ScopePublishResultRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_publish_result_row_finalize;

  signals[EDIT] = g_signal_new ("edit", SCOPE_TYPE_PUBLISH_RESULT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, SCOPE_TYPE_PUBLISH_RESULT);
  signals[AGAIN] = g_signal_new ("again", SCOPE_TYPE_PUBLISH_RESULT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, SCOPE_TYPE_PUBLISH_RESULT);
}

static void
scope_publish_result_row_init (ScopePublishResultRow *self)
{
}

/**
 * scope_publish_result_row_new:
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
scope_publish_result_row_new (ScopePublishResult *result)
{
  ScopePublishResultRow *self;

  g_return_val_if_fail (SCOPE_IS_PUBLISH_RESULT (result), NULL);

  self = g_object_new (SCOPE_TYPE_PUBLISH_RESULT_ROW, NULL);
  self->result = g_object_ref (result);
  result_row_fill (self);
  return GTK_WIDGET (self);
}
