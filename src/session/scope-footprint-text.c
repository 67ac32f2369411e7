/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-footprint"

#include "config.h"

#include "session/scope-footprint.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"

/**
 * scope_footprint_cause_to_text:
 *
 * Returns: (transfer none): what messages are for, translated, such as "Discovery"
 */
const char *
scope_footprint_cause_to_text (ScopeFootprintCause cause)
{
  switch (cause)
    {
    case SCOPE_FOOTPRINT_PUBLISH:
      return _("Published Events");
    case SCOPE_FOOTPRINT_DISCOVERY:
      return _("Discovery of Channels");
    case SCOPE_FOOTPRINT_UNSEEN:
      return _("Presence Watched Unseen");
    case SCOPE_FOOTPRINT_QUERY:
      return _("Queries by Hand");
    case SCOPE_FOOTPRINT_CLIENT_EVENTS:
      return _("Client Events Sent");
    case SCOPE_FOOTPRINT_DELIVERED:
      return _("Delivered to This Window");
    case SCOPE_FOOTPRINT_DOCTOR:
      return _("Doctor");
    case SCOPE_N_FOOTPRINT_CAUSES:
    default:
      return _("All Causes");
    }
}

/**
 * scope_footprint_cause_to_rule:
 *
 * Returns: (transfer none): how its messages are counted, translated
 */
const char *
scope_footprint_cause_to_rule (ScopeFootprintCause cause)
{
  switch (cause)
    {
    case SCOPE_FOOTPRINT_PUBLISH:
      return _("One message for each event and channel, two where counts are asked for; what its receivers add "
               "is not known here");
    case SCOPE_FOOTPRINT_DISCOVERY:
    case SCOPE_FOOTPRINT_UNSEEN:
    case SCOPE_FOOTPRINT_QUERY:
    case SCOPE_FOOTPRINT_DOCTOR:
      return _("One message for each request");
    case SCOPE_FOOTPRINT_CLIENT_EVENTS:
      return _("One message for each event; what its receivers add is not known here");
    case SCOPE_FOOTPRINT_DELIVERED:
      return _("One message for each event, member that comes or goes, and count that arrives; pings and "
               "subscribing are free");
    case SCOPE_N_FOOTPRINT_CAUSES:
    default:
      return _("As Pusher counts; other servers have no plan");
    }
}

static guint64
footprint_round (double number)
{
  guint64 unit = 1;

  while (number / unit >= 100)
    unit *= 10;
  return (guint64) (number / unit + 0.5) * unit;
}

/**
 * scope_footprint_dup_about_text:
 * @a_day: what a rate comes to; not %SCOPE_FOOTPRINT_UNKNOWN
 *
 * Returns: (transfer full): two digits of it
 */
char *
scope_footprint_dup_about_text (double a_day)
{
  g_autofree char *count = NULL;

  if (a_day <= 0)
    return g_strdup_printf (_("none"));
  count = scope_text_format_count (MAX (footprint_round (MIN (a_day, 1e18)), 1));
  return g_strdup_printf (_("about %s"), count);
}

/**
 * scope_footprint_dup_share_text:
 * @plan: messages a day; not 0
 *
 * Returns: (transfer full): what part of the plan that is
 */
char *
scope_footprint_dup_share_text (double  messages,
                                guint64 plan)
{
  double percent;

  g_return_val_if_fail (plan > 0, NULL);

  percent = messages * 100 / plan;
  if (percent > 0 && percent < 0.1)
    return g_strdup_printf (_("under %.1f %%"), 0.1);
  if (percent < 10)
    return g_strdup_printf (_("%.1f %%"), percent);
  return g_strdup_printf (_("%.0f %%"), percent < 100 ? percent : (double) footprint_round (MIN (percent, 1e18)));
}

/**
 * scope_footprint_dup_cost_text:
 * @requests_a_day: of the HTTP API
 * @messages_a_day: if more than one comes with a request
 * @plan: messages a day, 0 for no plan
 *
 * For whoever wants to say what something would cost before it is done.
 *
 * Returns: (transfer full): one line
 */
char *
scope_footprint_dup_cost_text (double  requests_a_day,
                               double  messages_a_day,
                               guint64 plan)
{
  double messages = MAX (requests_a_day, messages_a_day);
  g_autofree char *about = scope_footprint_dup_about_text (messages);
  g_autofree char *share = NULL;
  g_autofree char *size = NULL;

  if (messages <= 0)
    return g_strdup (_("Costs no messages"));
  if (plan == 0)
    return g_strdup_printf (_("Costs %s messages a day"), about);

  share = scope_footprint_dup_share_text (messages, plan);
  size = scope_text_format_count (plan);
  return g_strdup_printf (_("Costs %s messages a day: %s of a plan of %s"), about, share, size);
}
