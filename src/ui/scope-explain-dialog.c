/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-explain-dialog"

#include "config.h"

#include "ui/scope-explain-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-limits.h"
#include "ui/scope-accessible.h"
#include "ui/scope-signed-view.h"
#include "ui/scope-ui-util.h"

/* while somebody types */
#define PAUSE_MSEC 150

struct _ScopeExplainDialog
{
  AdwWindow parent_instance;

  GtkTextBuffer *buffer;
  GtkTextView *text_view;
  GtkWidget *form;
  AdwComboRow *kind_row;
  GtkWidget *socket_row;
  GtkWidget *channel_row;
  GtkWidget *key_row;
  GtkWidget *secret_row;
  GtkLabel *secret_note;
  GtkWidget *result_box;
  GtkImage *verdict_icon;
  GtkLabel *summary;
  GtkWidget *causes; /* of result_box; NULL: none */
  ScopeSignedView *signed_view;
  ScopeSignedView *other_view;
  ScopeSignedView *our_view;
  ScopeSignedView *their_view;

  ScopeSession *session; /* NULL: none */
  GCancellable *pasting;
  guint pause_id;
};

G_DEFINE_FINAL_TYPE (ScopeExplainDialog, scope_explain_dialog, ADW_TYPE_WINDOW)

/* ---- the result ---- */

static void
explain_dialog_show_verdict (ScopeExplainDialog     *self,
                             const ScopeExplanation *result)
{
  static const struct
  {
    const char *icon;
    const char *css_class;
  } looks[] = {
    [SCOPE_EXPLAIN_NOTHING] = { "dialog-information-symbolic", "dim-label" },
    [SCOPE_EXPLAIN_INCOMPLETE] = { "dialog-warning-symbolic", "warning" },
    [SCOPE_EXPLAIN_UNCHECKED] = { "dialog-password-symbolic", "warning" },
    [SCOPE_EXPLAIN_FITS] = { "emblem-ok-symbolic", "success" },
    [SCOPE_EXPLAIN_DIFFERS] = { "dialog-error-symbolic", "error" },
  };
  const char *classes[] = { looks[result->verdict].css_class, NULL };

  gtk_image_set_from_icon_name (self->verdict_icon, looks[result->verdict].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->verdict_icon), classes);
  gtk_label_set_text (self->summary, result->summary);
}

static void
explain_dialog_show_causes (ScopeExplainDialog     *self,
                            const ScopeExplanation *result)
{
  GtkBox *result_box = GTK_BOX (self->result_box);

  /* A new box each time: GTK keeps that one measured while it was empty and hidden has a height that does not
   * depend on its width, and would give labels that wrap later room for one line each. */
  if (self->causes != NULL)
    gtk_box_remove (result_box, self->causes);
  self->causes = NULL;
  if (result->causes->len == 0)
    return;

  self->causes = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  for (guint i = 0; i < result->causes->len; i++)
    {
      const ScopeExplainCause *cause = g_ptr_array_index (result->causes, i);
      GtkWidget *label = gtk_label_new (cause->text);

      g_object_set (label, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "natural-wrap-mode",
                    GTK_NATURAL_WRAP_NONE, "xalign", 0.0, "selectable", TRUE, NULL);
      gtk_box_append (GTK_BOX (self->causes), label);
    }
  gtk_box_insert_child_after (result_box, self->causes, gtk_widget_get_parent (GTK_WIDGET (self->summary)));
}

static void
explain_dialog_show_result (ScopeExplainDialog     *self,
                            const ScopeExplanation *result)
{
  gboolean differs = result->signature_difference >= 0;

  explain_dialog_show_verdict (self, result);
  explain_dialog_show_causes (self, result);
  scope_signed_view_set_text (self->signed_view, result->signed_text, result->text_difference);
  scope_signed_view_set_text (self->other_view, result->other_text, result->text_difference);
  scope_signed_view_set_text (self->our_view, result->our_signature, result->signature_difference);
  scope_signed_view_set_text (self->their_view, differs ? result->their_signature : NULL,
                              result->signature_difference);
  gtk_widget_set_visible (self->result_box, TRUE);
}

/* ---- what is entered ---- */

/* NULL: nothing */
static const char *
explain_dialog_get_entry (GtkWidget *row)
{
  const char *text = gtk_widget_get_visible (row) ? gtk_editable_get_text (GTK_EDITABLE (row)) : "";

  return *text != '\0' ? text : NULL;
}

static void
explain_dialog_show_kind (ScopeExplainDialog *self,
                          ScopeExplainKind    kind)
{
  static const char * const names[] = {
    [SCOPE_EXPLAIN_ANY] = "",
    [SCOPE_EXPLAIN_AUTH] = N_("Authorization"),
    [SCOPE_EXPLAIN_REQUEST] = N_("HTTP API Request"),
    [SCOPE_EXPLAIN_WEBHOOK] = N_("Webhook"),
  };
  gboolean is_recognised = adw_combo_row_get_selected (self->kind_row) == SCOPE_EXPLAIN_ANY;
  gboolean is_auth = kind == SCOPE_EXPLAIN_AUTH;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->kind_row),
                               is_recognised && kind != SCOPE_EXPLAIN_ANY ? _(names[kind]) : "");
  gtk_widget_set_visible (self->socket_row, is_auth);
  gtk_widget_set_visible (self->channel_row, is_auth);
}

static ScopeExplanation *
explain_dialog_explain (ScopeExplainDialog *self,
                        ScopeExplainKind    kind,
                        const char         *text)
{
  g_autoptr (ScopeSecret) secret = scope_secret_new (gtk_editable_get_text (GTK_EDITABLE (self->secret_row)));
  const ScopeExplainFacts facts = {
    .key = explain_dialog_get_entry (self->key_row),
    .secret = secret,
    .socket_id = explain_dialog_get_entry (self->socket_row),
    .channel = explain_dialog_get_entry (self->channel_row),
    .now_usec = g_get_real_time (),
  };

  if (self->session != NULL)
    return scope_session_explain (self->session, kind, text, strlen (text), &facts);
  return scope_explain (kind, text, strlen (text), &facts);
}

static void
explain_dialog_update (ScopeExplainDialog *self)
{
  ScopeExplainKind kind = (ScopeExplainKind) adw_combo_row_get_selected (self->kind_row);
  g_autoptr (ScopeExplanation) result = NULL;
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  /* what is typed or pasted is shown without hyphens too */
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_apply_tag_by_name (self->buffer, SCOPE_UI_EXACT_TAG, &start, &end);
  text = gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
  explain_dialog_show_kind (self, kind != SCOPE_EXPLAIN_ANY ? kind : scope_explain_recognise (text, strlen (text)));
  if (text[strspn (text, " \t\r\n")] == '\0')
    {
      gtk_widget_set_visible (self->result_box, FALSE);
      return;
    }
  result = explain_dialog_explain (self, kind, text);
  explain_dialog_show_result (self, result);
}

static gboolean
explain_dialog_pause_cb (gpointer user_data)
{
  ScopeExplainDialog *self = user_data;

  self->pause_id = 0;
  explain_dialog_update (self);
  return G_SOURCE_REMOVE;
}

static void
explain_dialog_changed_cb (ScopeExplainDialog *self)
{
  g_clear_handle_id (&self->pause_id, g_source_remove);
  self->pause_id = g_timeout_add (PAUSE_MSEC, explain_dialog_pause_cb, self);
}

/* Of more than is looked at only so much is inserted that it is told: a longer text would keep the view busy. */
static void
explain_dialog_insert_cb (ScopeExplainDialog *self,
                          GtkTextIter        *location,
                          char               *text,
                          int                 length,
                          GtkTextBuffer      *buffer)
{
  gsize bytes = length >= 0 ? (gsize) length : strlen (text);
  gsize chars = (gsize) gtk_text_buffer_get_char_count (buffer);
  gsize room = chars <= SCOPE_LIMIT_EXPLAIN_BYTES ? SCOPE_LIMIT_EXPLAIN_BYTES + 1 - chars : 0;
  const char *end = text;

  if (bytes <= room)
    return;

  while ((gsize) (end - text) < room)
    end = g_utf8_next_char (end);
  if ((gsize) (end - text) == bytes)
    return;
  g_signal_stop_emission_by_name (buffer, "insert-text");
  if (end > text)
    gtk_text_buffer_insert (buffer, location, text, (int) (end - text));
}

static void
explain_dialog_update_secret (ScopeExplainDialog *self)
{
  gboolean known = self->session != NULL && scope_session_has_secret (self->session);
  ScopeProfile *profile = self->session != NULL ? scope_session_get_profile (self->session) : NULL;
  g_autofree char *note = NULL;

  if (known && profile != NULL)
    note = g_strdup_printf (_("While no other one is entered the app secret of “%s” is used; it is not shown."),
                            scope_profile_get_name (profile));
  else
    note = g_strdup (_("No app secret is known here: enter it to have the signature checked. It is forgotten when "
                       "this window is closed."));
  gtk_label_set_text (self->secret_note, note);
  gtk_widget_set_visible (self->key_row, !known);
}

/* ---- pasting ---- */

static void
explain_dialog_pasted_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  ScopeExplainDialog *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (text == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  scope_ui_set_exact_text (self->buffer, text);
}

static void
explain_dialog_paste_cb (GtkWidget  *widget,
                         const char *action,
                         GVariant   *parameter)
{
  ScopeExplainDialog *self = SCOPE_EXPLAIN_DIALOG (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->pasting, explain_dialog_pasted_cb, self);
}

/* ---- class ---- */

static void
scope_explain_dialog_dispose (GObject *object)
{
  ScopeExplainDialog *self = SCOPE_EXPLAIN_DIALOG (object);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (self->pasting != NULL)
    g_cancellable_cancel (self->pasting);
  g_clear_object (&self->pasting);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_EXPLAIN_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_explain_dialog_parent_class)->dispose (object);
}

static void
scope_explain_dialog_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, buffer);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, form);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, kind_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, socket_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, channel_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, key_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, secret_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, secret_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, result_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, signed_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, other_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, our_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeExplainDialog, their_view);
  gtk_widget_class_bind_template_callback (widget_class, explain_dialog_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, explain_dialog_insert_cb);
}

static void
scope_explain_dialog_class_init (ScopeExplainDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_explain_dialog_dispose;
  g_type_ensure (SCOPE_TYPE_SIGNED_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-explain-dialog.ui");
  scope_explain_dialog_bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "dialog.paste", NULL, explain_dialog_paste_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
scope_explain_dialog_init (ScopeExplainDialog *self)
{
  self->pasting = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_explain_dialog_new:
 * @parent: the window it belongs to
 * @session: (nullable): whose secret is used
 * @text: to begin with; "" for nothing
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_explain_dialog_new (GtkWindow    *parent,
                          ScopeSession *session,
                          const char   *text)
{
  ScopeExplainDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (session == NULL || SCOPE_IS_SESSION (session), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_EXPLAIN_DIALOG, "transient-for", parent, "destroy-with-parent", TRUE,
                       "application", gtk_window_get_application (parent), NULL);
  self->session = session != NULL ? g_object_ref (session) : NULL;
  explain_dialog_update_secret (self);
  scope_ui_set_exact_text (self->buffer, text);
  explain_dialog_update (self);
  scope_accessible_name_parts (GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
  return GTK_WINDOW (self);
}
