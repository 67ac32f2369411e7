/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-redact-group"

#include "config.h"

#include "ui/scope-redact-group.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-field-note.h"
#include "ui/scope-format.h"
#include "ui/scope-lines-row.h"
#include "ui/scope-ui-util.h"

#define SETTING "redaction-rules"

struct _ScopeRedactGroup
{
  AdwPreferencesGroup parent_instance;

  ScopeLinesRow *rules;
  ScopeFilterCompletion *completion; /* of the rules' row */
  ScopeFieldNote *note;
  GtkWidget *effect;
  GtkLabel *summary;
  GtkBox *samples;
  AdwExpanderRow *saved;
  AdwEntryRow *save_as;

  GPtrArray *saved_rows; /* of GtkWidget, in saved */
  char *text;            /* as it was last read */
  gboolean is_valid;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeRedactGroup, scope_redact_group, ADW_TYPE_PREFERENCES_GROUP)

/* ---- rules ---- */

static char *
scope_redact_group_dup_text (ScopeRedactGroup *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (scope_lines_row_get_view (self->rules));
  GtkTextIter start, end;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_strstrip (text);
}

static void
scope_redact_group_check (ScopeRedactGroup *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeRedaction) redaction = NULL;

  g_free (self->text);
  self->text = scope_redact_group_dup_text (self);
  if (*self->text != '\0')
    redaction = scope_redaction_new (self->text, &error);
  self->is_valid = error == NULL;
  scope_field_note_set (self->note, error != NULL ? SCOPE_NOTE_ERROR : SCOPE_NOTE_NONE,
                        error != NULL ? error->message : NULL);
  scope_ui_set_class (self->rules, "error", error != NULL);
}

static void
scope_redact_group_changed_cb (ScopeRedactGroup *self)
{
  scope_redact_group_check (self);
  scope_redact_group_show (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
scope_redact_group_set_text (ScopeRedactGroup *self,
                             const char       *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (scope_lines_row_get_view (self->rules)), text, -1);
}

/* ---- saved rules ---- */

static void
scope_redact_group_store (ScopeRedactGroup *self,
                          const char       *name,
                          const char       *rules)
{
  GSettings *settings = scope_ui_get_settings ();
  g_autoptr (GVariant) before = settings != NULL ? g_settings_get_value (settings, SETTING) : NULL;
  GVariantBuilder after = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  GVariantIter iter;
  const char *key;
  const char *value;

  if (settings == NULL)
    return;
  g_variant_iter_init (&iter, before);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value))
    if (!g_str_equal (key, name))
      g_variant_builder_add (&after, "{ss}", key, value);
  if (rules != NULL)
    g_variant_builder_add (&after, "{ss}", name, rules);
  g_settings_set_value (settings, SETTING, g_variant_builder_end (&after));
}

static void
scope_redact_group_save_cb (ScopeRedactGroup *self)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->save_as)));

  if (*g_strstrip (name) == '\0' || !self->is_valid || *self->text == '\0')
    return;
  scope_redact_group_store (self, name, self->text);
  gtk_editable_set_text (GTK_EDITABLE (self->save_as), "");
}

static void
scope_redact_group_use_cb (ScopeRedactGroup *self,
                           GtkWidget        *row)
{
  scope_redact_group_set_text (self, g_object_get_data (G_OBJECT (row), "scope-rules"));
}

static void
scope_redact_group_remove_cb (ScopeRedactGroup *self,
                              GtkWidget        *button)
{
  scope_redact_group_store (self, g_object_get_data (G_OBJECT (button), "scope-name"), NULL);
}

static GtkWidget *
scope_redact_group_new_row (ScopeRedactGroup *self,
                            const char       *name,
                            const char       *rules)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *use = g_strdup_printf (_("Use the Rules “%s”"), name);
  g_autofree char *remove = g_strdup_printf (_("Remove the Rules “%s”"), name);
  GtkWidget *button = scope_ui_create_row_button ("user-trash-symbolic", remove, remove);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "scope-rules", g_strdup (rules), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (scope_redact_group_use_cb), self, G_CONNECT_SWAPPED);
  scope_ui_set_label (row, use);
  g_object_set_data_full (G_OBJECT (button), "scope-name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (scope_redact_group_remove_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
scope_redact_group_fill_saved (ScopeRedactGroup *self)
{
  g_autoptr (GVariant) all = g_settings_get_value (scope_ui_get_settings (), SETTING);
  GVariantIter iter;
  const char *name;
  const char *rules;

  for (guint i = 0; i < self->saved_rows->len; i++)
    adw_expander_row_remove (self->saved, self->saved_rows->pdata[i]);
  g_ptr_array_set_size (self->saved_rows, 0);
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &rules))
    {
      GtkWidget *row = scope_redact_group_new_row (self, name, rules);

      g_ptr_array_add (self->saved_rows, row);
      adw_expander_row_add_row (self->saved, row);
    }
}

/* ---- class ---- */

static void
scope_redact_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_REDACT_GROUP);

  G_OBJECT_CLASS (scope_redact_group_parent_class)->dispose (object);
}

static void
scope_redact_group_finalize (GObject *object)
{
  ScopeRedactGroup *self = SCOPE_REDACT_GROUP (object);

  g_ptr_array_unref (self->saved_rows);
  g_free (self->text);

  G_OBJECT_CLASS (scope_redact_group_parent_class)->finalize (object);
}

static void
scope_redact_group_class_init (ScopeRedactGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_redact_group_dispose;
  object_class->finalize = scope_redact_group_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  g_type_ensure (SCOPE_TYPE_LINES_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-redact-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeRedactGroup, rules);
  gtk_widget_class_bind_template_child (widget_class, ScopeRedactGroup, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeRedactGroup, effect);
  gtk_widget_class_bind_template_child (widget_class, ScopeRedactGroup, summary);
  gtk_widget_class_bind_template_child (widget_class, ScopeRedactGroup, samples);
  gtk_widget_class_bind_template_child (widget_class, ScopeRedactGroup, saved);
  gtk_widget_class_bind_template_child (widget_class, ScopeRedactGroup, save_as);
  gtk_widget_class_bind_template_callback (widget_class, scope_redact_group_save_cb);
}

static void
scope_redact_group_init (ScopeRedactGroup *self)
{
  GSettings *settings = scope_ui_get_settings ();
  GtkTextView *view;

  self->saved_rows = g_ptr_array_new ();
  self->text = g_strdup ("");
  self->is_valid = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  view = scope_lines_row_get_view (self->rules);
  scope_field_note_set_field (self->note, GTK_WIDGET (view));
  self->completion = scope_lines_row_complete (self->rules, _("Suggest a Rule"));
  scope_filter_completion_set_rule (self->completion);
  g_signal_connect_object (gtk_text_view_get_buffer (view), "changed",
                           G_CALLBACK (scope_redact_group_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->saved), settings != NULL);
  if (settings == NULL)
    return;
  g_signal_connect_object (settings, "changed::" SETTING, G_CALLBACK (scope_redact_group_fill_saved), self,
                           G_CONNECT_SWAPPED);
  scope_redact_group_fill_saved (self);
}

/**
 * scope_redact_group_get_rules:
 *
 * Returns: (transfer none): the text of the rules, "" if there are none
 */
const char *
scope_redact_group_get_rules (ScopeRedactGroup *self)
{
  g_return_val_if_fail (SCOPE_IS_REDACT_GROUP (self), NULL);

  return self->text;
}

/**
 * scope_redact_group_is_valid:
 *
 * Returns: whether every rule is one, or there is none
 */
gboolean
scope_redact_group_is_valid (ScopeRedactGroup *self)
{
  g_return_val_if_fail (SCOPE_IS_REDACT_GROUP (self), FALSE);

  return self->is_valid;
}

/* They are shown, not offered: what is to stay here should not be in the clipboard by mistake. */
static void
scope_redact_group_add_sample (ScopeRedactGroup          *self,
                               const ScopeTransferSample *sample)
{
  /* Translators: field, value before → value after */
  g_autofree char *text = g_strdup_printf (_("%s: %s → %s"), sample->field, sample->before, sample->after);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  scope_ui_set_exact_label (GTK_LABEL (label));
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (self->samples, label);
}

static char *
scope_redact_group_dup_summary (const ScopeTransferPreview *preview)
{
  g_autofree char *values = scope_format_count (preview->replaced);
  g_autofree char *in_fields = NULL;

  if (preview->replaced == 0)
    return g_strdup (_("Nothing would be replaced"));
  /* Translators: of "14 values in 3 fields would be replaced" */
  in_fields = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "in %u field", "in %u fields",
                                            preview->n_fields),
                               preview->n_fields);
  if (preview->has_more_fields)
    {
      g_free (in_fields);
      /* Translators: of "14000 values in more than 10000 fields would be replaced" */
      in_fields = g_strdup_printf (_("in more than %u fields"), preview->n_fields);
    }
  /* Translators: a number, and "in 3 fields" */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s value %s would be replaced",
                                       "%s values %s would be replaced",
                                       (gulong) MIN (preview->replaced, G_MAXINT)),
                          values, in_fields);
}

/**
 * scope_redact_group_show:
 * @preview: (nullable): what the rules would do
 */
void
scope_redact_group_show (ScopeRedactGroup           *self,
                         const ScopeTransferPreview *preview)
{
  gboolean counts = self->is_valid && *self->text != '\0';
  g_autofree char *summary = NULL;
  GtkWidget *child;

  g_return_if_fail (SCOPE_IS_REDACT_GROUP (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->samples))) != NULL)
    gtk_box_remove (self->samples, child);
  gtk_widget_set_visible (self->effect, counts);
  if (!counts)
    return;
  summary = preview != NULL ? scope_redact_group_dup_summary (preview) : g_strdup (_("Counting…"));
  gtk_label_set_text (self->summary, summary);
  for (guint i = 0; preview != NULL && i < preview->samples->len; i++)
    scope_redact_group_add_sample (self, preview->samples->pdata[i]);
}

/**
 * scope_redact_group_set_vocabulary:
 * @vocabulary: (nullable): what the log holds, which rules are suggested from
 */
void
scope_redact_group_set_vocabulary (ScopeRedactGroup *self,
                                   ScopeVocabulary  *vocabulary)
{
  g_return_if_fail (SCOPE_IS_REDACT_GROUP (self));

  scope_filter_completion_set_vocabulary (self->completion, vocabulary);
}
