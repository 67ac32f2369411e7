/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-error-view"

#include "config.h"

#include "ui/scope-api-error-view.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

struct _ScopeApiErrorView
{
  AdwBin parent_instance;

  GtkLabel *words;
  GtkLabel *meaning;
  GtkWidget *details;
  GtkWidget *answer_box;
  GtkLabel *answer;
  GtkWidget *signed_box;
  GtkLabel *signed_text;
  GtkWidget *explain_button;
  GtkWidget *clock_button;

  char *paste; /* what the explanation begins with */
};

G_DEFINE_FINAL_TYPE (ScopeApiErrorView, scope_api_error_view, ADW_TYPE_BIN)

/* "Refused (401): Unknown auth_key" (transfer full) */
static char *
api_error_view_dup_words (const ScopeApiReply *reply)
{
  static const char * const outcomes[] = {
    [SCOPE_API_ACCEPTED] = N_("Accepted"),
    [SCOPE_API_REFUSED] = N_("Refused"),
    [SCOPE_API_NOT_SENT] = N_("Not sent"),
    [SCOPE_API_UNKNOWN] = N_("Sent, but the answer was lost"),
  };
  g_autofree char *said = scope_text_for_display (reply->text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  GString *words = g_string_new (_(outcomes[reply->outcome]));

  if (reply->status != 0)
    g_string_append_printf (words, " (%u)", reply->status);
  if (*said != '\0')
    g_string_append_printf (words, ": %s", said);
  return g_string_free (words, FALSE);
}

/* Each line feed is told and begins a line (transfer full) */
static char *
api_error_view_dup_signed (const char *text)
{
  g_autofree char *bounded = scope_text_bounded (text, -1, 2 * SCOPE_LIMIT_ERROR_TEXT_BYTES);
  g_auto (GStrv) lines = g_strsplit (bounded, "\n", -1);

  return g_strjoinv ("\\n\n", lines);
}

/* What is lost is never sent again by itself: who reads it must decide. */
static const char *
api_error_view_get_meaning (const ScopeApiReply *reply)
{
  if (reply->outcome == SCOPE_API_UNKNOWN)
    return _("It left, but the answer was lost: it may have been published. It is not sent again by itself.");
  return reply->meaning != NULL ? reply->meaning : "";
}

static void
api_error_view_show_block (GtkWidget  *box,
                           GtkLabel   *label,
                           const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (box, *text != '\0');
}

static void
api_error_view_fill (ScopeApiErrorView   *self,
                     const ScopeApiReply *reply)
{
  g_autofree char *words = api_error_view_dup_words (reply);
  g_autofree char *answer = scope_text_bounded (reply->body, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  g_autofree char *signed_text = api_error_view_dup_signed (reply->signed_text);
  const char *meaning = api_error_view_get_meaning (reply);

  gtk_label_set_text (self->words, words);
  gtk_label_set_text (self->meaning, meaning);
  gtk_widget_set_visible (GTK_WIDGET (self->meaning), *meaning != '\0');
  api_error_view_show_block (self->answer_box, self->answer, answer);
  api_error_view_show_block (self->signed_box, self->signed_text, signed_text);
  gtk_widget_set_visible (self->details, *answer != '\0' || *signed_text != '\0');
  gtk_widget_set_visible (self->clock_button, reply->status == 401 && scope_api_reply_is_clock_off (reply));
  gtk_widget_set_visible (self->explain_button, reply->status == 401 && reply->signed_text != NULL);
  g_free (self->paste);
  self->paste = g_strconcat (reply->signed_text != NULL ? reply->signed_text : "", "\n\n", answer, NULL);
}

static void
api_error_view_explain_cb (GtkWidget  *widget,
                           const char *action,
                           GVariant   *parameter)
{
  const char *paste = SCOPE_API_ERROR_VIEW (widget)->paste;

  gtk_widget_activate_action (widget, "win.explain", "s", paste != NULL ? paste : "");
}

static void
api_error_view_copy_cb (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  ScopeApiErrorView *self = SCOPE_API_ERROR_VIEW (widget);
  g_autofree char *text = g_strjoin ("\n", gtk_label_get_text (self->words), gtk_label_get_text (self->meaning),
                                     gtk_label_get_text (self->answer), gtk_label_get_text (self->signed_text), NULL);

  scope_ui_copy (widget, text);
}

static void
scope_api_error_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_API_ERROR_VIEW);

  G_OBJECT_CLASS (scope_api_error_view_parent_class)->dispose (object);
}

static void
scope_api_error_view_finalize (GObject *object)
{
  g_free (SCOPE_API_ERROR_VIEW (object)->paste);

  G_OBJECT_CLASS (scope_api_error_view_parent_class)->finalize (object);
}

static void
scope_api_error_view_class_init (ScopeApiErrorViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_api_error_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = scope_api_error_view_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-api-error-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, words);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, meaning);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, details);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, answer_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, answer);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, signed_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, signed_text);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, explain_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeApiErrorView, clock_button);
  gtk_widget_class_install_action (widget_class, "error.copy", NULL, api_error_view_copy_cb);
  gtk_widget_class_install_action (widget_class, "error.explain", NULL, api_error_view_explain_cb);
}

static void
scope_api_error_view_init (ScopeApiErrorView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_ui_set_exact_label (self->answer);
  scope_ui_set_exact_label (self->signed_text);
}

static void
api_error_view_set_reply (ScopeApiErrorView   *self,
                          const ScopeApiReply *reply)
{
  gboolean shown = reply != NULL && reply->outcome != SCOPE_API_ACCEPTED;

  if (shown)
    api_error_view_fill (self, reply);
  gtk_widget_set_visible (GTK_WIDGET (self), shown);
}

/**
 * scope_api_error_view_new:
 * @reply: (nullable): what to tell; read now, not kept
 *
 * Returns: (transfer floating): a widget that is visible if there is something to tell
 */
GtkWidget *
scope_api_error_view_new (const ScopeApiReply *reply)
{
  ScopeApiErrorView *self = g_object_new (SCOPE_TYPE_API_ERROR_VIEW, NULL);

  api_error_view_set_reply (self, reply);
  return GTK_WIDGET (self);
}

/**
 * scope_api_error_view_open_details:
 *
 * Shows all of the answer, where it need not be asked for.
 */
void
scope_api_error_view_open_details (ScopeApiErrorView *self)
{
  g_return_if_fail (SCOPE_IS_API_ERROR_VIEW (self));

  gtk_expander_set_expanded (GTK_EXPANDER (self->details), TRUE);
}
