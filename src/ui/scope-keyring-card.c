/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-keyring-card"

#include "config.h"

#include "ui/scope-keyring-card.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "ui/scope-ui-util.h"

struct _ScopeKeyringCard
{
  AdwBin parent_instance;

  GtkLabel *title_label;
  GtkLabel *text_label;
  GtkButton *retry_button;
  GtkWidget *session_button;
};

enum
{
  RETRY,
  SESSION_ONLY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeKeyringCard, scope_keyring_card, ADW_TYPE_BIN)

static void
scope_keyring_card_retry_cb (ScopeKeyringCard *self)
{
  g_signal_emit (self, signals[RETRY], 0);
}

static void
scope_keyring_card_session_cb (ScopeKeyringCard *self)
{
  g_signal_emit (self, signals[SESSION_ONLY], 0);
}

static void
scope_keyring_card_class_init (ScopeKeyringCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[RETRY] = g_signal_new ("retry", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[SESSION_ONLY] = g_signal_new ("session-only", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, SCOPE_UI_PATH "scope-keyring-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeKeyringCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeKeyringCard, text_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeKeyringCard, retry_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeKeyringCard, session_button);
  gtk_widget_class_bind_template_callback (widget_class, scope_keyring_card_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_keyring_card_session_cb);
}

static void
scope_keyring_card_init (ScopeKeyringCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_keyring_card_show_error:
 * @mode: what was tried
 * @error: what came of it
 *
 * Fills and shows the card.
 */
void
scope_keyring_card_show_error (ScopeKeyringCard     *self,
                               ScopeKeyringCardMode  mode,
                               const GError         *error)
{
  gboolean locked = g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_LOCKED);
  g_autofree char *text = NULL;

  g_return_if_fail (SCOPE_IS_KEYRING_CARD (self));
  g_return_if_fail (error != NULL);

  if (mode == SCOPE_KEYRING_CARD_LOOKUP)
    text = g_strdup_printf ("%s\n%s", error->message,
                            _("What is stored stays as it is unless you type something new."));
  else
    text = g_strdup_printf ("%s\n%s", error->message,
                            _("Nothing was stored. Secrets are never written anywhere else."));

  gtk_label_set_text (self->title_label, scope_keyring_error_to_title (error));
  gtk_label_set_text (self->text_label, text);
  gtk_button_set_label (self->retry_button, mode == SCOPE_KEYRING_CARD_LOOKUP && locked
                                                ? _("Unlock…")
                                                : _("Try Again"));
  gtk_widget_set_visible (self->session_button, mode == SCOPE_KEYRING_CARD_STORE);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/**
 * scope_keyring_error_to_title:
 *
 * Returns: (transfer none): a heading in header capitalisation, translated
 */
const char *
scope_keyring_error_to_title (const GError *error)
{
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_LOCKED))
    return _("The Keyring Is Locked");
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_ABSENT))
    return _("There Is No Keyring");
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT))
    return _("The Keyring Does Not Answer");
  return _("The Keyring Can’t Be Used");
}
