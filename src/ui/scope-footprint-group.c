/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-footprint-group"

#include "config.h"

#include "ui/scope-footprint-group.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

struct _ScopeFootprintGroup
{
  AdwPreferencesGroup parent_instance;

  AdwActionRow *held_row;
  GtkButton *release_button;
  GtkWidget *nothing_row;
  AdwComboRow *plan_row;
  GtkWidget *messages_row;
  GtkSpinButton *messages_spin;
  AdwActionRow *share_row;
  GtkSpinButton *share_spin;
  AdwExpanderRow *rules_row;

  AdwActionRow *causes[SCOPE_N_FOOTPRINT_CAUSES];
  ScopeSession *session;
  GSignalGroup *footprint_signals;
  GSignalGroup *profile_signals;
  gboolean updating; /* what is set now is no wish of the user's */
};

G_DEFINE_FINAL_TYPE (ScopeFootprintGroup, scope_footprint_group, ADW_TYPE_PREFERENCES_GROUP)

/* Pusher's plans, by their messages a day. Their names stay as they are. */
static const struct
{
  const char *name;
  guint messages;
} plans[] = {
  { "Sandbox", 200000 },
  { "Startup", 1000000 },
  { "Pro", 4000000 },
  { "Business", 10000000 },
  { "Premium", 20000000 },
  { "Growth", 40000000 },
  { "Plus", 60000000 },
  { "Growth Plus", 90000000 },
};

/* the list: no plan, those above, another one */
#define NO_PLAN 0
#define OTHER_PLAN (G_N_ELEMENTS (plans) + 1)

static ScopeFootprint *
group_get_footprint (ScopeFootprintGroup *self)
{
  return self->session != NULL ? scope_session_get_footprint (self->session) : NULL;
}

/* ---- figures ---- */

/* "12 messages", "1 message" */
static char *
group_dup_messages (guint64 n)
{
  g_autofree char *count = scope_text_format_count (n);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s message", "%s messages", n), count);
}

static char *
group_dup_requests (guint64 n)
{
  g_autofree char *count = scope_text_format_count (n);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s request", "%s requests", n), count);
}

/* "12 messages today, 8 requests" */
static char *
group_dup_today (const ScopeFootprintFigures *figures)
{
  g_autofree char *messages = group_dup_messages (figures->messages);
  g_autofree char *requests = NULL;

  if (figures->requests == 0)
    return g_strdup_printf (_("%s today"), messages);
  requests = group_dup_requests (figures->requests);
  return g_strdup_printf (_("%s today in %s"), messages, requests);
}

static char *
group_dup_cause (const ScopeFootprintFigures *figures)
{
  g_autofree char *today = group_dup_today (figures);
  g_autofree char *about = NULL;

  if (figures->messages_a_day < 0)
    return g_steal_pointer (&today);
  about = scope_footprint_dup_about_text (figures->messages_a_day);
  return g_strdup_printf (_("%s; at this rate %s a day"), today, about);
}

static gboolean
group_update_causes (ScopeFootprintGroup *self,
                     ScopeFootprint      *footprint)
{
  gboolean any = FALSE;

  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    {
      ScopeFootprintFigures figures;
      g_autofree char *text = NULL;

      scope_footprint_get (footprint, i, &figures);
      any |= figures.messages > 0;
      gtk_widget_set_visible (GTK_WIDGET (self->causes[i]), figures.messages > 0);
      text = group_dup_cause (&figures);
      adw_action_row_set_subtitle (self->causes[i], text);
    }
  return any;
}

static char *
group_dup_share (const ScopeFootprintFigures *figures,
                 guint64                      plan)
{
  g_autofree char *size = NULL;
  g_autofree char *share = NULL;

  if (plan == 0)
    return NULL;
  size = scope_text_format_count (plan);
  share = scope_footprint_dup_share_text (figures->messages, plan);
  return g_strdup_printf (_("%s of a plan of %s."), share, size);
}

/* To whole minutes, or to ten seconds. */
static gint64
group_round_span (gint64 usec)
{
  gint64 step = usec >= G_TIME_SPAN_MINUTE ? G_TIME_SPAN_MINUTE : 10 * G_TIME_SPAN_SECOND;

  return MAX (usec / step, 1) * step;
}

/* What the rate of the last minutes comes to; a short look says nothing about a day. */
static char *
group_dup_rate (ScopeFootprint              *footprint,
                const ScopeFootprintFigures *figures)
{
  g_autofree char *cost = NULL;
  g_autofree char *span = NULL;

  if (figures->messages_a_day < 0)
    return g_strdup (_("What that comes to in a day can’t be told yet."));
  cost = scope_footprint_dup_cost_text (figures->requests_a_day, figures->messages_a_day,
                                        scope_footprint_get_plan (footprint));
  span = scope_text_format_duration (group_round_span (scope_footprint_get_span_usec (footprint)));
  return g_strdup_printf (_("%s, if it goes on as in the last %s."), cost, span);
}

static void
group_update_summary (ScopeFootprintGroup *self,
                      ScopeFootprint      *footprint)
{
  ScopeFootprintFigures figures;
  g_autofree char *today = NULL;
  g_autofree char *share = NULL;
  g_autofree char *rate = NULL;
  g_autofree char *text = NULL;

  scope_footprint_get (footprint, SCOPE_N_FOOTPRINT_CAUSES, &figures);
  today = group_dup_today (&figures);
  share = group_dup_share (&figures, scope_footprint_get_plan (footprint));
  rate = group_dup_rate (footprint, &figures);
  text = share != NULL ? g_strdup_printf ("%s: %s %s", today, share, rate) : g_strdup_printf ("%s. %s", today, rate);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
}

/* ---- the brake ---- */

static void
group_update_held (ScopeFootprintGroup *self,
                   ScopeFootprint      *footprint)
{
  gboolean held = scope_footprint_is_held (footprint);
  gboolean released = scope_footprint_get_released (footprint) && scope_footprint_get_budget (footprint) > 0;
  g_autofree char *budget = scope_text_format_count (scope_footprint_get_budget (footprint));
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->held_row), held || released);
  if (held)
    text = g_strdup_printf (_("Today’s budget of %s messages is used up. Discovery, unseen watching and repeated "
                              "events wait until midnight UTC."),
                            budget);
  else
    text = g_strdup_printf (_("Today’s budget of %s messages does not count until midnight UTC."), budget);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->held_row), held ? _("Held Back") : _("Not Held Back"));
  adw_action_row_set_subtitle (self->held_row, text);
  gtk_button_set_label (self->release_button, held ? _("Go On Today") : _("Hold Back Again"));
}

static void
scope_footprint_group_release_cb (ScopeFootprintGroup *self)
{
  ScopeFootprint *footprint = group_get_footprint (self);

  if (footprint != NULL)
    scope_footprint_set_released (footprint, !scope_footprint_get_released (footprint));
}

/* ---- the plan ---- */

static guint
group_find_plan (guint messages)
{
  if (messages == 0)
    return NO_PLAN;
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    if (plans[i].messages == messages)
      return i + 1;
  return OTHER_PLAN;
}

static void
group_describe_share (ScopeFootprintGroup *self,
                      ScopeFootprint      *footprint)
{
  guint64 budget = scope_footprint_get_budget (footprint);
  g_autofree char *count = scope_text_format_count (budget);
  g_autofree char *text = NULL;

  if (budget == 0)
    text = g_strdup (_("Per cent of the plan, each day; 0 never holds back"));
  else
    text = g_strdup_printf (_("Per cent of the plan: %s messages a day. Then discovery, unseen watching and "
                              "repeated events pause"),
                            count);
  adw_action_row_set_subtitle (self->share_row, text);
}

/* What is half typed counts from Enter on: the same value again would overwrite it. */
static void
group_set_spin (GtkSpinButton *spin,
                double         value)
{
  if (gtk_spin_button_get_value (spin) != value)
    gtk_spin_button_set_value (spin, value);
}

static void
group_update_plan (ScopeFootprintGroup *self,
                   ScopeFootprint      *footprint)
{
  guint messages, share, selected;

  g_object_get (scope_session_get_profile (self->session), "plan-messages", &messages, "plan-share", &share, NULL);
  selected = group_find_plan (messages);
  self->updating = TRUE;
  /* "Other" may begin with the size of a known plan */
  if (selected == NO_PLAN || selected == OTHER_PLAN || adw_combo_row_get_selected (self->plan_row) != OTHER_PLAN)
    adw_combo_row_set_selected (self->plan_row, selected);
  gtk_widget_set_visible (self->messages_row, adw_combo_row_get_selected (self->plan_row) == OTHER_PLAN);
  gtk_widget_set_visible (GTK_WIDGET (self->share_row), selected != NO_PLAN);
  group_set_spin (self->messages_spin, MAX (messages, 1));
  group_set_spin (self->share_spin, share);
  self->updating = FALSE;
  group_describe_share (self, footprint);
}

static void
scope_footprint_group_update (ScopeFootprintGroup *self)
{
  ScopeFootprint *footprint = group_get_footprint (self);

  gtk_widget_set_visible (GTK_WIDGET (self), footprint != NULL);
  if (footprint == NULL)
    return;

  gtk_widget_set_visible (self->nothing_row, !group_update_causes (self, footprint));
  group_update_summary (self, footprint);
  group_update_held (self, footprint);
  group_update_plan (self, footprint);
}

/**
 * scope_footprint_group_refresh:
 *
 * Tells the figures anew: what is said of the rate changes with time. For as long as somebody looks.
 */
void
scope_footprint_group_refresh (ScopeFootprintGroup *self)
{
  g_return_if_fail (SCOPE_IS_FOOTPRINT_GROUP (self));

  if (self->session != NULL)
    scope_footprint_group_update (self);
}

/* Figures change all the time: only while somebody looks. */
static void
scope_footprint_group_changed_cb (ScopeFootprintGroup *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    scope_footprint_group_update (self);
}

static void
group_set_profile (ScopeFootprintGroup *self,
                   const char          *property,
                   guint                value)
{
  if (!self->updating && self->session != NULL)
    g_object_set (scope_session_get_profile (self->session), property, value, NULL);
}

static void
scope_footprint_group_plan_cb (ScopeFootprintGroup *self)
{
  guint selected = adw_combo_row_get_selected (self->plan_row);

  if (self->updating || self->session == NULL)
    return;
  if (selected == NO_PLAN)
    group_set_profile (self, "plan-messages", 0);
  else if (selected < OTHER_PLAN)
    group_set_profile (self, "plan-messages", plans[selected - 1].messages);
  else
    group_set_profile (self, "plan-messages", gtk_spin_button_get_value (self->messages_spin));
  scope_footprint_group_update (self);
}

static void
scope_footprint_group_messages_cb (ScopeFootprintGroup *self)
{
  group_set_profile (self, "plan-messages", gtk_spin_button_get_value (self->messages_spin));
}

static void
scope_footprint_group_share_cb (ScopeFootprintGroup *self)
{
  group_set_profile (self, "plan-share", gtk_spin_button_get_value_as_int (self->share_spin));
}

/* ---- class ---- */

static void
scope_footprint_group_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_footprint_group_parent_class)->map (widget);
  scope_footprint_group_update (SCOPE_FOOTPRINT_GROUP (widget));
}

static void
scope_footprint_group_dispose (GObject *object)
{
  ScopeFootprintGroup *self = SCOPE_FOOTPRINT_GROUP (object);

  g_clear_object (&self->footprint_signals);
  g_clear_object (&self->profile_signals);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_footprint_group_parent_class)->dispose (object);
}

/* in the template: cause_0 and so on */
static void
group_bind_causes (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    {
      g_autofree char *id = g_strdup_printf ("cause_%u", i);

      gtk_widget_class_bind_template_child_full (
        widget_class, id, FALSE, G_STRUCT_OFFSET (ScopeFootprintGroup, causes) + i * sizeof (AdwActionRow *));
    }
}

static void
scope_footprint_group_class_init (ScopeFootprintGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_footprint_group_dispose;
  widget_class->map = scope_footprint_group_map;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-footprint-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, held_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, release_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, nothing_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, plan_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, messages_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, messages_spin);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, share_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, share_spin);
  gtk_widget_class_bind_template_child (widget_class, ScopeFootprintGroup, rules_row);
  group_bind_causes (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, scope_footprint_group_release_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_footprint_group_plan_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_footprint_group_messages_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_footprint_group_share_cb);
}

static void
group_fill_plans (ScopeFootprintGroup *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _("No Plan"));
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autofree char *size = scope_text_format_count (plans[i].messages);

      gtk_string_list_take (names, g_strdup_printf ("%s: %s", plans[i].name, size));
    }
  gtk_string_list_append (names, _("Another"));
  self->updating = TRUE;
  adw_combo_row_set_model (self->plan_row, G_LIST_MODEL (names));
  self->updating = FALSE;
}

static void
group_name_causes (ScopeFootprintGroup *self)
{
  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    {
      const char *name = scope_footprint_cause_to_text (i);
      const char *rule = scope_footprint_cause_to_rule (i);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->causes[i]), name);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->causes[i]), rule);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), rule);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      adw_expander_row_add_row (self->rules_row, row);
    }
}

static void
scope_footprint_group_init (ScopeFootprintGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  group_fill_plans (self);
  group_name_causes (self);

  self->footprint_signals = g_signal_group_new (SCOPE_TYPE_FOOTPRINT);
  g_signal_group_connect_swapped (self->footprint_signals, "changed",
                                  G_CALLBACK (scope_footprint_group_changed_cb), self);
  self->profile_signals = g_signal_group_new (SCOPE_TYPE_PROFILE);
  g_signal_group_connect_swapped (self->profile_signals, "notify::plan-messages",
                                  G_CALLBACK (scope_footprint_group_changed_cb), self);
  g_signal_group_connect_swapped (self->profile_signals, "notify::plan-share",
                                  G_CALLBACK (scope_footprint_group_changed_cb), self);
}

/**
 * scope_footprint_group_set_session:
 * @session: (nullable): what it tells about
 */
void
scope_footprint_group_set_session (ScopeFootprintGroup *self,
                                   ScopeSession        *session)
{
  g_return_if_fail (SCOPE_IS_FOOTPRINT_GROUP (self));

  if (!g_set_object (&self->session, session))
    return;
  self->updating = TRUE;
  adw_combo_row_set_selected (self->plan_row, NO_PLAN);
  self->updating = FALSE;
  g_signal_group_set_target (self->footprint_signals, group_get_footprint (self));
  g_signal_group_set_target (self->profile_signals,
                             session != NULL ? scope_session_get_profile (session) : NULL);
  scope_footprint_group_update (self);
}
