/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-colors-dialog"

#include "config.h"

#include "ui/scope-colors-dialog.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-event-cell.h"
#include "ui/scope-field-note.h"
#include "ui/scope-ui-util.h"

#define UNDO_SECONDS 10

struct _ScopeColorsDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkListBox *list;
  GtkWidget *add_button;
  GtkWidget *suggest_button;

  GSettings *settings;
  GPtrArray *rules; /* of ScopeColorRule, in their order */
  guint expanded;   /* the rule that is being edited; G_MAXUINT: none */
  gboolean saving;
};

/* The widgets of one rule. */
typedef struct
{
  ScopeColorsDialog *dialog;
  guint i;
  GtkWidget *row;
  GtkWidget *sign;
  GtkWidget *name;
  GtkWidget *filter;
  GtkWidget *color;
  GtkWidget *enabled;
  ScopeFieldNote *note;
} RuleRow;

G_DEFINE_FINAL_TYPE (ScopeColorsDialog, scope_colors_dialog, ADW_TYPE_WINDOW)

static void scope_colors_dialog_show_rules (ScopeColorsDialog *self);

/* ---- the setting ---- */

static void
scope_colors_dialog_load (ScopeColorsDialog *self)
{
  g_auto (GStrv) texts = g_settings_get_strv (self->settings, "log-colors");

  g_ptr_array_set_size (self->rules, 0);
  for (guint i = 0; texts[i] != NULL && i < SCOPE_MAX_COLOR_RULES; i++)
    {
      ScopeColorRule *rule = scope_color_rule_parse (texts[i]);

      if (rule != NULL)
        g_ptr_array_add (self->rules, rule);
    }
}

static void
scope_colors_dialog_save (ScopeColorsDialog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  for (guint i = 0; i < self->rules->len; i++)
    {
      g_autofree char *text = scope_color_rule_to_json (self->rules->pdata[i]);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  self->saving = TRUE;
  g_settings_set_strv (self->settings, "log-colors", (const char * const *) texts);
  self->saving = FALSE;
}

static void
scope_colors_dialog_changed_cb (ScopeColorsDialog *self)
{
  if (self->saving)
    return;
  scope_colors_dialog_load (self);
  scope_colors_dialog_show_rules (self);
}

/* ---- one rule ---- */

/* The sign on the color, as both stand in the log. */
static void
swatch_set_color (GtkWidget  *swatch,
                  ScopeColor  color)
{
  for (guint i = 0; i < SCOPE_N_COLORS; i++)
    scope_ui_set_class (swatch, scope_color_to_class (i), i == color);
  gtk_label_set_text (GTK_LABEL (swatch), scope_color_to_sign (color));
}

static GtkWidget *
swatch_new (void)
{
  GtkWidget *swatch = gtk_label_new (NULL);

  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (swatch, "scope-swatch");
  return swatch;
}

static ScopeColorRule *
rule_row_get (RuleRow *self)
{
  return g_ptr_array_index (self->dialog->rules, self->i);
}

/* What it says of itself, and what is wrong with it. */
static void
rule_row_update (RuleRow *self)
{
  const ScopeColorRule *rule = rule_row_get (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeFilter) filter = scope_filter_new (rule->text, NULL, &error);
  const char *name = *rule->name != '\0' ? rule->name : _("Color Rule");
  g_autofree char *label = g_strdup_printf ("%s, %s", name, scope_color_to_word (rule->color));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), name);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self->row), rule->text);
  swatch_set_color (self->sign, rule->color);
  scope_ui_set_label (self->row, label);
  if (error != NULL)
    scope_field_note_set (self->note, SCOPE_NOTE_ERROR, error->message);
  else
    scope_field_note_set (self->note, SCOPE_NOTE_HINT,
                          rule->filter == NULL
                              ? _("A rule needs a filter, such as event == \"order.paid\".")
                              : NULL);
}

static void
rule_row_changed_cb (RuleRow *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name));
  const char *filter = gtk_editable_get_text (GTK_EDITABLE (self->filter));
  guint color = adw_combo_row_get_selected (ADW_COMBO_ROW (self->color));
  gboolean enabled = gtk_switch_get_active (GTK_SWITCH (self->enabled));
  ScopeColorRule *after =
      scope_color_rule_new (name, filter, MIN (color, SCOPE_N_COLORS - 1), enabled);

  scope_color_rule_free (self->dialog->rules->pdata[self->i]);
  self->dialog->rules->pdata[self->i] = after;
  rule_row_update (self);
  scope_colors_dialog_save (self->dialog);
}

static void
rule_row_expanded_cb (RuleRow *self)
{
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self->row)))
    self->dialog->expanded = self->i;
}

static void
rule_row_move (RuleRow *self,
               int      by)
{
  ScopeColorsDialog *dialog = self->dialog;
  guint to = self->i + by;
  ScopeColorRule *rule;

  if (to >= dialog->rules->len)
    return;
  rule = g_ptr_array_steal_index (dialog->rules, self->i);
  g_ptr_array_insert (dialog->rules, to, rule);
  dialog->expanded = to;
  scope_colors_dialog_save (dialog);
  scope_colors_dialog_show_rules (dialog);
}

static void
rule_row_up_cb (RuleRow *self)
{
  rule_row_move (self, -1);
}

static void
rule_row_down_cb (RuleRow *self)
{
  rule_row_move (self, 1);
}

/* What was edited since stays; only the removed rule comes back. */
static void
scope_colors_dialog_undo_cb (AdwToast          *toast,
                             ScopeColorsDialog *self)
{
  guint i = MIN (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (toast), "scope-position")),
                 self->rules->len);
  ScopeColorRule *rule;

  if (self->rules->len >= SCOPE_MAX_COLOR_RULES)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  rule = g_object_steal_data (G_OBJECT (toast), "scope-rule");
  if (rule == NULL)
    return;
  g_ptr_array_insert (self->rules, i, rule);
  if (self->expanded != G_MAXUINT && self->expanded >= i)
    self->expanded++;
  scope_colors_dialog_save (self);
  scope_colors_dialog_show_rules (self);
}

static void
rule_row_remove_cb (RuleRow *self)
{
  ScopeColorsDialog *dialog = self->dialog;
  /* Translators: %s is the name of a rule */
  g_autofree char *text = g_strdup_printf (_("“%s” removed"), rule_row_get (self)->name);
  AdwToast *toast = scope_ui_toast_new (GTK_WIDGET (dialog), text, _("Undo"));

  g_object_set_data (G_OBJECT (toast), "scope-position", GUINT_TO_POINTER (self->i));
  g_object_set_data_full (G_OBJECT (toast), "scope-rule",
                          g_ptr_array_steal_index (dialog->rules, self->i),
                          (GDestroyNotify) scope_color_rule_free);
  dialog->expanded = G_MAXUINT;
  scope_colors_dialog_save (dialog);
  scope_colors_dialog_show_rules (dialog);

  adw_toast_set_timeout (toast, UNDO_SECONDS);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (scope_colors_dialog_undo_cb), dialog,
                           0);
  adw_toast_overlay_add_toast (dialog->toasts, toast);
}

static GtkWidget *
rule_row_add_button (RuleRow    *self,
                     GtkBox     *box,
                     const char *label,
                     GCallback   callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (box, button);
  return button;
}

static void
rule_row_add_buttons (RuleRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *up;
  GtkWidget *down;

  gtk_widget_set_halign (box, GTK_ALIGN_END);
  up = rule_row_add_button (self, GTK_BOX (box), _("Move Up"), G_CALLBACK (rule_row_up_cb));
  down = rule_row_add_button (self, GTK_BOX (box), _("Move Down"), G_CALLBACK (rule_row_down_cb));
  rule_row_add_button (self, GTK_BOX (box), _("Remove"), G_CALLBACK (rule_row_remove_cb));
  gtk_widget_set_sensitive (up, self->i > 0);
  gtk_widget_set_sensitive (down, self->i + 1 < self->dialog->rules->len);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->row), box);
}

/* Not the switch that the row itself has: that one keeps a rule that is off from being edited. */
static void
rule_row_add_switch (RuleRow *self)
{
  self->enabled = gtk_switch_new ();
  gtk_widget_set_valign (self->enabled, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->enabled, _("Use This Rule"));
  scope_ui_set_label (self->enabled, _("Use This Rule"));
  gtk_switch_set_active (GTK_SWITCH (self->enabled), rule_row_get (self)->enabled);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self->row), self->enabled);
}

static GtkWidget *
rule_row_add_entry (RuleRow    *self,
                    const char *title,
                    const char *text)
{
  GtkWidget *entry = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), title);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->row), entry);
  return entry;
}

static void
color_item_setup_cb (GtkListItemFactory *factory,
                     GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_append (GTK_BOX (box), swatch_new ());
  gtk_box_append (GTK_BOX (box), gtk_label_new (NULL));
  gtk_list_item_set_child (item, box);
}

/* The row's own copy of the item is the first of its list, whichever it is. */
static void
color_item_bind_cb (GtkListItemFactory *factory,
                    GtkListItem        *item)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  const char *word = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (box)), word);
  for (guint i = 0; i < SCOPE_N_COLORS; i++)
    if (g_str_equal (word, scope_color_to_word (i)))
      swatch_set_color (gtk_widget_get_first_child (box), i);
}

static GtkWidget *
rule_row_add_colors (RuleRow *self)
{
  GtkWidget *combo = adw_combo_row_new ();
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  for (guint i = 0; i < SCOPE_N_COLORS; i++)
    gtk_string_list_append (words, scope_color_to_word (i));
  g_signal_connect (factory, "setup", G_CALLBACK (color_item_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (color_item_bind_cb), NULL);
  adw_combo_row_set_factory (ADW_COMBO_ROW (combo), factory);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (combo), _("Color"));
  adw_combo_row_set_model (ADW_COMBO_ROW (combo), G_LIST_MODEL (words));
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), rule_row_get (self)->color);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->row), combo);
  return combo;
}

static void
rule_row_connect (RuleRow *self)
{
  GtkWidget *entries[] = { self->name, self->filter };

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    g_signal_connect_swapped (entries[i], "changed", G_CALLBACK (rule_row_changed_cb), self);
  g_signal_connect_swapped (self->color, "notify::selected", G_CALLBACK (rule_row_changed_cb), self);
  g_signal_connect_swapped (self->enabled, "notify::active", G_CALLBACK (rule_row_changed_cb), self);
  g_signal_connect_swapped (self->row, "notify::expanded", G_CALLBACK (rule_row_expanded_cb), self);
}

static GtkWidget *
rule_row_new (ScopeColorsDialog *dialog,
              guint              i)
{
  RuleRow *self = g_new0 (RuleRow, 1);
  const ScopeColorRule *rule = dialog->rules->pdata[i];

  self->dialog = dialog;
  self->i = i;
  self->row = adw_expander_row_new ();
  self->sign = swatch_new ();
  g_object_set_data_full (G_OBJECT (self->row), "scope-rule", self, g_free);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self->row), self->sign);
  rule_row_add_switch (self);
  self->name = rule_row_add_entry (self, _("Name"), rule->name);
  self->filter = rule_row_add_entry (self, _("Filter"), rule->text);
  self->note = g_object_new (SCOPE_TYPE_FIELD_NOTE, "field", self->filter, NULL);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->row), GTK_WIDGET (self->note));
  self->color = rule_row_add_colors (self);
  rule_row_add_buttons (self);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self->row), dialog->expanded == i);
  rule_row_update (self);
  rule_row_connect (self);
  return self->row;
}

/* ---- all of them ---- */

static void
scope_colors_dialog_show_rules (ScopeColorsDialog *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < self->rules->len; i++)
    gtk_list_box_append (self->list, rule_row_new (self, i));
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->rules->len > 0);
  gtk_widget_set_visible (self->suggest_button, self->rules->len == 0);
  gtk_widget_set_sensitive (self->add_button, self->rules->len < SCOPE_MAX_COLOR_RULES);
}

static void
scope_colors_dialog_add (ScopeColorsDialog *self,
                         const char        *name,
                         const char        *filter)
{
  ScopeColor color = self->rules->len % SCOPE_N_COLORS;

  if (self->rules->len >= SCOPE_MAX_COLOR_RULES)
    return;
  self->expanded = self->rules->len;
  g_ptr_array_add (self->rules, scope_color_rule_new (name, filter, color, TRUE));
  scope_colors_dialog_save (self);
  scope_colors_dialog_show_rules (self);
}

/* What is typed next is its filter. */
static void
scope_colors_dialog_add_cb (ScopeColorsDialog *self)
{
  GtkWidget *last;
  RuleRow *rule;

  scope_colors_dialog_add (self, _("New Color Rule"), "");
  last = gtk_widget_get_last_child (GTK_WIDGET (self->list));
  rule = last != NULL ? g_object_get_data (G_OBJECT (last), "scope-rule") : NULL;
  if (rule != NULL)
    gtk_widget_grab_focus (rule->filter);
}

static void
scope_colors_dialog_suggest_cb (ScopeColorsDialog *self)
{
  g_auto (GStrv) texts = scope_color_rules_dup_suggested ();

  g_settings_set_strv (self->settings, "log-colors", (const char * const *) texts);
}

/* ---- class ---- */

static void
scope_colors_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_COLORS_DIALOG);

  G_OBJECT_CLASS (scope_colors_dialog_parent_class)->dispose (object);
}

static void
scope_colors_dialog_finalize (GObject *object)
{
  ScopeColorsDialog *self = SCOPE_COLORS_DIALOG (object);

  g_ptr_array_unref (self->rules);

  G_OBJECT_CLASS (scope_colors_dialog_parent_class)->finalize (object);
}

static void
scope_colors_dialog_class_init (ScopeColorsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_colors_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = scope_colors_dialog_finalize;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-colors-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeColorsDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, ScopeColorsDialog, list);
  gtk_widget_class_bind_template_child (widget_class, ScopeColorsDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeColorsDialog, suggest_button);
  gtk_widget_class_bind_template_callback (widget_class, scope_colors_dialog_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_colors_dialog_suggest_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
scope_colors_dialog_init (ScopeColorsDialog *self)
{
  self->settings = scope_ui_get_settings ();
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_color_rule_free);
  self->expanded = G_MAXUINT;
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_colors_dialog_load (self);
  scope_colors_dialog_show_rules (self);
  g_signal_connect_object (self->settings, "changed::log-colors",
                           G_CALLBACK (scope_colors_dialog_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * scope_colors_dialog_present:
 * @parent: the window it belongs to
 * @name: of a rule to begin with
 * @filter: its filter; "": none is begun
 */
void
scope_colors_dialog_present (GtkWindow  *parent,
                             const char *name,
                             const char *filter)
{
  ScopeColorsDialog *self = g_object_new (SCOPE_TYPE_COLORS_DIALOG, "transient-for", parent, NULL);

  if (*filter != '\0')
    scope_colors_dialog_add (self, name, filter);
  gtk_window_present (GTK_WINDOW (self));
}
