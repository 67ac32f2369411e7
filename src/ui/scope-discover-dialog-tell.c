/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discover-dialog"

#include "config.h"

#include "ui/scope-discover-dialog-private.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-discovery-data.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

/* What the window says about polling: figures, costs, charts, and why there is nothing to see. */

static char *
discover_dup_counts (ScopeDiscoverDialog *self)
{
  guint n_vacated = scope_discovery_get_n_vacated (self->discovery);
  guint n_ignored = scope_discovery_get_n_ignored (self->discovery);
  guint n_occupied = scope_discovery_get_n_occupied (self->discovery);
  g_autofree char *occupied = scope_format_count (n_occupied);
  g_autofree char *vacated = scope_format_count (n_vacated);
  g_autofree char *ignored = scope_format_count (n_ignored);

  if (scope_discovery_get_polled_usec (self->discovery) == 0)
    return g_strdup ("");
  if (n_vacated > 0 && n_ignored > 0)
    /* Translators: numbers of channels; the last one decides between singular and plural */
    return g_strdup_printf (ngettext ("%s occupied, %s empty by now; %s more is too many to list: narrow them down by "
                                      "a prefix",
                                      "%s occupied, %s empty by now; %s more are too many to list: narrow them down by "
                                      "a prefix",
                                      n_ignored),
                            occupied, vacated, ignored);
  if (n_ignored > 0)
    /* Translators: numbers of channels; the last one decides between singular and plural */
    return g_strdup_printf (ngettext ("%s occupied; %s more is too many to list: narrow them down by a prefix",
                                      "%s occupied; %s more are too many to list: narrow them down by a prefix",
                                      n_ignored),
                            occupied, ignored);
  if (n_vacated > 0)
    /* Translators: numbers of channels; the last one decides between singular and plural */
    return g_strdup_printf (ngettext ("%s occupied, %s empty by now", "%s occupied, %s empty by now", n_vacated),
                            occupied, vacated);
  /* Translators: a number of channels */
  return g_strdup_printf (ngettext ("%s occupied", "%s occupied", n_occupied), occupied);
}

static char *
discover_dup_costs (ScopeDiscoverDialog *self)
{
  ScopePoller *poller = scope_discovery_get_poller (self->discovery);
  ScopeFootprint *footprint = scope_session_get_footprint (self->session);
  guint a_day = scope_discovery_get_requests_a_day (self->discovery);
  g_autofree char *interval = scope_text_format_duration (scope_poller_get_interval_usec (poller));
  g_autofree char *cost =
    scope_footprint_dup_cost_text (a_day, 0, footprint != NULL ? scope_footprint_get_plan (footprint) : 0);

  if (a_day == 0)
    return g_strdup (_("The server is not asked now."));
  /* Translators: an interval, "14 s", and what it costs, "About 2,900 messages a day, 1.4 % of a plan of 200,000" */
  return g_strdup_printf (_("Asked every %s. %s."), interval, cost);
}

/* ---- problems ---- */

static ScopeHint *
discover_new_hint (ScopeDiscoverDialog *self)
{
  const char *problem = scope_discovery_get_problem (self->discovery);
  guint status = scope_discovery_get_status (self->discovery);
  const char *advice = scope_discovery_get_advice (self->discovery);
  gboolean unavailable = scope_discovery_get_unavailable (self->discovery);
  ScopeHint *hint;

  /* without a list, its page tells */
  if (problem == NULL || (unavailable && g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0))
    return NULL;

  hint = g_new0 (ScopeHint, 1);
  hint->icon = "dialog-warning-symbolic";
  hint->css_class = "warning";
  hint->title = status != 0 ? g_strdup_printf ("%u %s", status, problem) : g_strdup (problem);
  hint->text = g_strdup (advice);
  hint->action = unavailable ? "win.edit-current" : "discover.refresh";
  hint->action_label = unavailable ? _("Edit Profile…") : _("Try Again");
  return hint;
}

static void
discover_show_status (ScopeDiscoverDialog *self,
                      const char          *title,
                      const char          *text,
                      gboolean             edit)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, markup);
  gtk_widget_set_visible (GTK_WIDGET (self->status_button), edit);
  if (edit)
    {
      gtk_button_set_label (self->status_button, _("Edit Profile…"));
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->status_button), "win.edit-current");
    }
  scope_ui_show_page (self->stack, "empty");
}

static void
discover_tell_list (ScopeDiscoverDialog *self)
{
  const char *problem = scope_discovery_get_problem (self->discovery);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    scope_ui_show_page (self->stack, "list");
  else if (problem != NULL && scope_discovery_get_unavailable (self->discovery))
    discover_show_status (self, _("The Server Can’t Be Asked"), problem, TRUE);
  else if (problem != NULL)
    discover_show_status (self, _("Nothing Is Known Yet"),
                          _("The server gave no list of channels; it is asked again, less and less often."), FALSE);
  else if (scope_discovery_get_polled_usec (self->discovery) == 0)
    discover_show_status (self, _("Asking…"), _("The server is asked which channels are occupied."), FALSE);
  else if (*scope_discovery_get_prefix (self->discovery) != '\0')
    discover_show_status (self, _("No Channel"), _("No occupied channel’s name begins so."), FALSE);
  else
    discover_show_status (self, _("No Channel"), _("Nobody is subscribed to any channel of this app now."), FALSE);
}

/* ---- charts ---- */

static void
discover_tell_channel (ScopeDiscoverDialog *self,
                       gint64               now)
{
  ScopeFoundChannel *channel = self->plotted != NULL ? scope_discovery_find (self->discovery, self->plotted) : NULL;
  const char *note;

  gtk_widget_set_visible (GTK_WIDGET (self->channel_card), channel != NULL);
  if (channel == NULL)
    return;
  if (scope_found_channel_get_user_count (channel) >= 0)
    note = _("Users in it, poll by poll");
  else if (scope_found_channel_get_subscription_count (channel) >= 0)
    note = _("Subscriptions, poll by poll");
  else
    note = _("1: occupied, 0: empty; the server’s list has no counts for it");
  scope_chart_card_set_title (self->channel_card, self->plotted);
  scope_chart_card_set_note (self->channel_card, note);
  scope_chart_card_take_data (self->channel_card,
                              scope_discovery_data_new (scope_found_channel_get_history (channel), now));
}

static void
discover_tell_charts (ScopeDiscoverDialog *self)
{
  const ScopeOccupancy *history = scope_discovery_get_history (self->discovery);
  const char *prefix = scope_discovery_get_prefix (self->discovery);
  g_autofree char *note = NULL;
  gint64 now = g_get_real_time ();

  if (*prefix != '\0')
    note = g_strdup_printf (_("Names that begin with “%s”"), prefix);
  else if (scope_occupancy_get_dropped (history))
    note = g_strdup (_("The oldest polls are not kept"));
  scope_chart_card_set_note (self->total_card, note);
  scope_chart_card_take_data (self->total_card, scope_discovery_data_new (history, now));
  discover_tell_channel (self, now);
}

void
_scope_discover_dialog_tell (ScopeDiscoverDialog *self)
{
  g_autofree char *counts = discover_dup_counts (self);
  g_autofree char *costs = discover_dup_costs (self);

  gtk_label_set_text (self->count_label, counts);
  gtk_label_set_text (self->cost_label, costs);
  scope_hint_bar_take_hint (self->bar, discover_new_hint (self));
  discover_tell_list (self);
  discover_tell_charts (self);
  _scope_discover_dialog_update_actions (self);
}
