/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter-chips"

#include "config.h"

#include "ui/scope-filter-chips.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "capture/scope-filter-complete.h"
#include "capture/scope-filter-terms.h"
#include "json/scope-json.h"
#include "session/scope-filter-suggestions.h"
#include "ui/scope-ui-util.h"

#define MAX_CHARS 40
/* a filter may have very many terms: nobody reads more */
#define MAX_CHIPS 50

struct _ScopeFilterChips
{
  AdwBin parent_instance;

  GtkBox *box;
  GPtrArray *terms; /* of ScopeFilterTerm */
};

enum
{
  EDITED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFilterChips, scope_filter_chips, ADW_TYPE_BIN)

/* ---- words ---- */

/* A text without its quotes; anything else as it was written. */
static char *
value_dup_words (const char *value)
{
  gsize length = strlen (value);

  if (scope_json_check (value, length, NULL, NULL) && *value == '"')
    return scope_json_string_dup (value, length);
  return g_strdup (value);
}

static char *
term_dup_words (const ScopeFilterTerm *term)
{
  g_autofree char *field = NULL;
  g_autofree char *op = NULL;
  g_autofree char *value = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *words = NULL;
  const char *asks;

  if (!term->is_choice && scope_filter_split_question (term->text, &field, &op, &value)
      && (asks = scope_filter_describe_operator (op)) != NULL)
    {
      plain = value_dup_words (value);
      words = g_strdup_printf ("%s %s %s", field, asks, plain);
      g_strchomp (words);
    }
  else
    {
      words = g_strdup (term->text);
    }
  /* Translators: a part of a filter that must not be true; %s is "channel is orders" */
  return term->negated ? g_strdup_printf (_("not: %s"), words) : g_steal_pointer (&words);
}

/* ---- chips ---- */

static guint
chip_get_index (GtkWidget *button)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "scope-term"));
}

static void
chips_tell (ScopeFilterChips *self)
{
  g_autofree char *text = scope_filter_join_terms (self->terms);

  g_signal_emit (self, signals[EDITED], 0, text);
}

static void
chips_invert_cb (ScopeFilterChips *self,
                 GtkWidget        *button)
{
  ScopeFilterTerm *term = self->terms->pdata[chip_get_index (button)];

  term->negated = !term->negated;
  chips_tell (self);
}

static void
chips_remove_cb (ScopeFilterChips *self,
                 GtkWidget        *button)
{
  g_ptr_array_remove_index (self->terms, chip_get_index (button));
  chips_tell (self);
}

static GtkWidget *
chips_create_button (ScopeFilterChips *self,
                     guint             index,
                     const char       *name,
                     const char       *tooltip,
                     GCallback         clicked)
{
  GtkWidget *button = gtk_button_new ();

  g_object_set_data (G_OBJECT (button), "scope-term", GUINT_TO_POINTER (index));
  gtk_widget_set_tooltip_text (button, tooltip);
  scope_ui_set_label (button, name);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
chips_create_chip (ScopeFilterChips *self,
                   guint             index)
{
  const ScopeFilterTerm *term = self->terms->pdata[index];
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *all = term_dup_words (term);
  g_autofree char *words = scope_text_for_display (all, -1, 300);
  g_autofree char *tooltip = g_strdup_printf (_("%s — click to turn it around"), words);
  g_autofree char *remove_name = g_strdup_printf (_("Remove “%s”"), words);
  GtkWidget *label = gtk_label_new (words);
  GtkWidget *invert
      = chips_create_button (self, index, words, tooltip, G_CALLBACK (chips_invert_cb));
  GtkWidget *remove
      = chips_create_button (self, index, remove_name, remove_name, G_CALLBACK (chips_remove_cb));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_button_set_child (GTK_BUTTON (invert), label);
  gtk_button_set_child (GTK_BUTTON (remove),
                        g_object_new (GTK_TYPE_IMAGE, "icon-name", "window-close-symbolic",
                                      "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  gtk_widget_add_css_class (chip, "linked");
  gtk_widget_add_css_class (chip, "scope-chip");
  gtk_box_append (GTK_BOX (chip), invert);
  gtk_box_append (GTK_BOX (chip), remove);
  return chip;
}

/* Whoever removes one by keyboard goes on with the next. */
static void
chips_keep_focus (ScopeFilterChips *self,
                  guint             index)
{
  GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->box));

  for (; index > 0 && chip != NULL && gtk_widget_get_next_sibling (chip) != NULL; index--)
    chip = gtk_widget_get_next_sibling (chip);
  if (chip != NULL)
    gtk_widget_grab_focus (gtk_widget_get_first_child (chip));
}

static gboolean
chips_find_focus (ScopeFilterChips *self,
                  guint            *index)
{
  GtkWidget *chip = gtk_widget_get_focus_child (GTK_WIDGET (self->box));

  if (chip == NULL)
    return FALSE;
  *index = chip_get_index (gtk_widget_get_first_child (chip));
  return TRUE;
}

static void
chips_fill (ScopeFilterChips *self)
{
  GtkWidget *chip;
  guint index = 0;
  gboolean had_focus = chips_find_focus (self, &index);

  while ((chip = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, chip);
  for (guint i = 0; i < MIN (self->terms->len, MAX_CHIPS); i++)
    gtk_box_append (self->box, chips_create_chip (self, i));
  if (self->terms->len > MAX_CHIPS)
    gtk_box_append (self->box, gtk_label_new (_("and more")));
  gtk_widget_set_visible (GTK_WIDGET (self), self->terms->len > 0);
  if (had_focus && self->terms->len > 0)
    chips_keep_focus (self, index);
}

/* ---- class ---- */

static void
scope_filter_chips_finalize (GObject *object)
{
  g_clear_pointer (&SCOPE_FILTER_CHIPS (object)->terms, g_ptr_array_unref);

  G_OBJECT_CLASS (scope_filter_chips_parent_class)->finalize (object);
}

static void
scope_filter_chips_class_init (ScopeFilterChipsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_filter_chips_finalize;

  signals[EDITED] = g_signal_new ("edited", SCOPE_TYPE_FILTER_CHIPS, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
scope_filter_chips_init (ScopeFilterChips *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->terms = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_filter_term_free);
  self->box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, "spacing", 6,
                            NULL);
  scope_ui_set_label (self->box, _("Parts of the Filter"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->box));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  /* they scroll before they become too short to be read */
  gtk_scrollable_set_hscroll_policy (
      GTK_SCROLLABLE (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled))),
      GTK_SCROLL_NATURAL);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * scope_filter_chips_set_text:
 * @text: a filter; with a mistake in it nothing changes
 */
void
scope_filter_chips_set_text (ScopeFilterChips *self,
                             const char       *text)
{
  GPtrArray *terms;

  g_return_if_fail (SCOPE_IS_FILTER_CHIPS (self));
  g_return_if_fail (text != NULL);

  terms = scope_filter_split_terms (text);
  if (terms == NULL)
    return;
  g_ptr_array_unref (self->terms);
  self->terms = terms;
  chips_fill (self);
}
