/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discover-rules"

#include "config.h"

#include "ui/scope-discover-rules.h"

#include <glib/gi18n.h>

#include "ui/scope-field-note.h"
#include "ui/scope-ui-util.h"

struct _ScopeDiscoverRules
{
  AdwBin parent_instance;

  GtkListBox *list;
  GtkWidget *none_label;
  GtkEditable *pattern_row;
  ScopeFieldNote *note;
  GtkSpinButton *limit_spin;
  GtkSwitch *join_switch;
  GtkWidget *add_button;

  ScopeDiscovery *discovery;
};

G_DEFINE_FINAL_TYPE (ScopeDiscoverRules, scope_discover_rules, ADW_TYPE_BIN)

/* ---- a row ---- */

static char *
dup_counts (ScopeDiscoveryRule *rule)
{
  guint n = scope_discovery_rule_get_n_subscribed (rule);
  guint limit = scope_discovery_rule_get_limit (rule);
  guint n_waiting = scope_discovery_rule_get_n_waiting (rule);

  if (n_waiting == 0)
    /* Translators: of the channels that a rule may subscribe to: "12 of at most 50 subscribed" */
    return g_strdup_printf (ngettext ("%u of at most %u subscribed", "%u of at most %u subscribed", limit), n, limit);
  /* Translators: of the channels that a rule may subscribe to; the last number decides between singular and plural */
  return g_strdup_printf (ngettext ("%u of at most %u subscribed; %u more is left out",
                                    "%u of at most %u subscribed; %u more are left out", n_waiting),
                          n, limit, n_waiting);
}

static char *
dup_figures (ScopeDiscoveryRule *rule)
{
  const char *problem = scope_discovery_rule_get_problem (rule);
  g_autofree char *counts = dup_counts (rule);
  GString *text = g_string_new (counts);

  if (scope_discovery_rule_get_joins_presence (rule))
    g_string_append_printf (text, "\n%s", _("Joins presence channels, seen by everybody in them"));
  if (problem != NULL)
    g_string_append_printf (text, "\n%s", problem);
  return g_string_free (text, FALSE);
}

static void
rule_row_update (AdwActionRow       *row,
                 ScopeDiscoveryRule *rule)
{
  g_autofree char *figures = dup_figures (rule);
  g_autofree char *name = g_strdup_printf ("%s, %s", scope_discovery_rule_get_pattern (rule), figures);

  adw_action_row_set_subtitle (row, figures);
  scope_ui_set_label (row, name);
}

static void
rule_changed_cb (ScopeDiscoveryRule *rule,
                 AdwActionRow       *row)
{
  rule_row_update (row, rule);
}

static void
rule_remove_cb (GtkButton          *button,
                ScopeDiscoveryRule *rule)
{
  GtkWidget *self = gtk_widget_get_ancestor (GTK_WIDGET (button), SCOPE_TYPE_DISCOVER_RULES);

  if (self != NULL)
    scope_discovery_remove_rule (SCOPE_DISCOVER_RULES (self)->discovery, rule);
}

static GtkWidget *
scope_discover_rules_create_row_cb (gpointer item,
                                    gpointer user_data)
{
  ScopeDiscoveryRule *rule = item;
  const char *pattern = scope_discovery_rule_get_pattern (rule);
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *label = g_strdup_printf (_("Remove the rule for %s"), pattern);
  GtkWidget *button = scope_ui_create_row_button ("user-trash-symbolic", label, label);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pattern);
  g_signal_connect_object (button, "clicked", G_CALLBACK (rule_remove_cb), rule, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_signal_connect_object (rule, "changed", G_CALLBACK (rule_changed_cb), row, 0);
  rule_row_update (ADW_ACTION_ROW (row), rule);
  return row;
}

/* ---- the form ---- */

static void
scope_discover_rules_changed_cb (ScopeDiscoverRules *self)
{
  const char *pattern = gtk_editable_get_text (self->pattern_row);
  g_autoptr (GError) error = NULL;
  gboolean empty = *pattern == '\0';
  gboolean good = !empty && scope_discovery_pattern_check (pattern, NULL, &error);

  scope_field_note_set (self->note, error != NULL ? SCOPE_NOTE_ERROR : SCOPE_NOTE_NONE,
                        error != NULL ? error->message : NULL);
  gtk_widget_set_sensitive (self->add_button, good);
}

static void
scope_discover_rules_add_cb (ScopeDiscoverRules *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeDiscoveryRule) rule = NULL;

  if (self->discovery == NULL || !gtk_widget_get_sensitive (self->add_button))
    return;
  rule = scope_discovery_rule_new (gtk_editable_get_text (self->pattern_row),
                                   gtk_spin_button_get_value_as_int (self->limit_spin),
                                   gtk_switch_get_active (self->join_switch), &error);
  if (rule == NULL || !scope_discovery_add_rule (self->discovery, rule, &error))
    {
      scope_field_note_set (self->note, SCOPE_NOTE_ERROR, error->message);
      return;
    }
  gtk_editable_set_text (self->pattern_row, "");
  gtk_switch_set_active (self->join_switch, FALSE);
}

static void
scope_discover_rules_update_none (ScopeDiscoverRules *self)
{
  guint n = g_list_model_get_n_items (scope_discovery_get_rules (self->discovery));

  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_set_visible (self->none_label, n == 0);
}

/* ---- class ---- */

static void
scope_discover_rules_dispose (GObject *object)
{
  ScopeDiscoverRules *self = SCOPE_DISCOVER_RULES (object);

  scope_ui_dispose_bin (ADW_BIN (object), SCOPE_TYPE_DISCOVER_RULES);
  g_clear_object (&self->discovery);

  G_OBJECT_CLASS (scope_discover_rules_parent_class)->dispose (object);
}

static void
scope_discover_rules_class_init (ScopeDiscoverRulesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_discover_rules_dispose;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-discover-rules.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverRules, list);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverRules, none_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverRules, pattern_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverRules, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverRules, limit_spin);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverRules, join_switch);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiscoverRules, add_button);
  gtk_widget_class_bind_template_callback (widget_class, scope_discover_rules_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_discover_rules_add_cb);
}

static void
scope_discover_rules_init (ScopeDiscoverRules *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_discover_rules_set_discovery:
 * @discovery: whose rules to show; once
 */
void
scope_discover_rules_set_discovery (ScopeDiscoverRules *self,
                                    ScopeDiscovery     *discovery)
{
  GListModel *rules;

  g_return_if_fail (SCOPE_IS_DISCOVER_RULES (self));
  g_return_if_fail (SCOPE_IS_DISCOVERY (discovery) && self->discovery == NULL);

  self->discovery = g_object_ref (discovery);
  rules = scope_discovery_get_rules (discovery);
  gtk_list_box_bind_model (self->list, rules, scope_discover_rules_create_row_cb, self, NULL);
  g_signal_connect_object (rules, "items-changed", G_CALLBACK (scope_discover_rules_update_none), self,
                           G_CONNECT_SWAPPED);
  scope_discover_rules_update_none (self);
}

/**
 * scope_discover_rules_propose:
 * @pattern: such as `private-order-*`
 *
 * Fills in the form of a new rule, for the user to look at.
 */
void
scope_discover_rules_propose (ScopeDiscoverRules *self,
                              const char         *pattern)
{
  g_return_if_fail (SCOPE_IS_DISCOVER_RULES (self));
  g_return_if_fail (pattern != NULL);

  gtk_editable_set_text (self->pattern_row, pattern);
  gtk_widget_grab_focus (GTK_WIDGET (self->limit_spin));
}
