/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-period-text"

#include "config.h"

#include "ui/scope-period-text.h"

#include <glib/gi18n-lib.h>

#include "base/scope-text.h"

/* The time of day as the locale writes it; the date too if it is not today's. */
static char *
scope_period_dup_time (gint64 wall_usec)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_usec / G_USEC_PER_SEC);

  if (time == NULL)
    return g_strdup ("?");
  if (g_date_time_get_year (now) == g_date_time_get_year (time) &&
      g_date_time_get_day_of_year (now) == g_date_time_get_day_of_year (time))
    return g_date_time_format (time, "%X");
  return g_date_time_format (time, "%x %X");
}

/**
 * scope_period_get_end_usec:
 *
 * Returns: when it ended, or now if it has not
 */
gint64
scope_period_get_end_usec (ScopeStatePeriod *period,
                           gint64            now_usec)
{
  gint64 ended_usec;

  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (period), now_usec);

  ended_usec = scope_state_period_get_ended_usec (period);
  if (ended_usec != 0)
    return ended_usec;
  return MAX (now_usec, scope_state_period_get_started_usec (period));
}

/**
 * scope_period_dup_span:
 *
 * Returns: (transfer full): from when to when
 */
char *
scope_period_dup_span (ScopeStatePeriod *period)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (period), NULL);

  from = scope_period_dup_time (scope_state_period_get_started_usec (period));
  if (scope_state_period_get_ended_usec (period) == 0)
    return g_strdup_printf (_("since %s"), from);

  to = scope_period_dup_time (scope_state_period_get_ended_usec (period));
  return g_strdup_printf ("%s – %s", from, to);
}

/**
 * scope_period_dup_duration:
 *
 * Returns: (transfer full): how long it lasted, so far
 */
char *
scope_period_dup_duration (ScopeStatePeriod *period,
                           gint64            now_usec)
{
  gint64 usec;

  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (period), NULL);

  usec = scope_period_get_end_usec (period, now_usec);
  usec -= scope_state_period_get_started_usec (period);
  if (usec >= G_USEC_PER_SEC)
    usec -= usec % G_USEC_PER_SEC;
  return scope_text_format_duration (MAX (usec, 0));
}

/**
 * scope_period_dup_cause:
 *
 * Returns: (transfer full) (nullable): the close code, what the other side said and what it means
 */
char *
scope_period_dup_cause (ScopeStatePeriod *period)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *reason;
  const char *meaning;
  int code;

  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (period), NULL);

  code = scope_state_period_get_code (period);
  reason = scope_state_period_get_reason (period);
  meaning = scope_state_period_get_meaning (period);
  if (code > 0)
    g_string_append_printf (text, _("Code %d"), code);
  if (meaning != NULL && *meaning != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? ": " : "", meaning);
  if (reason != NULL && *reason != '\0' && g_strcmp0 (reason, meaning) != 0)
    g_string_append_printf (text, "%s“%s”", text->len > 0 ? " " : "", reason);

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/**
 * scope_period_dup_sentence:
 *
 * Returns: (transfer full): state, time, duration, attempts and cause, for a tooltip or a screen
 * reader
 */
char *
scope_period_dup_sentence (ScopeStatePeriod *period,
                           gint64            now_usec)
{
  g_autofree char *span = NULL;
  g_autofree char *duration = NULL;
  g_autofree char *cause = NULL;
  GString *text;
  guint attempts;

  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (period), NULL);

  span = scope_period_dup_span (period);
  duration = scope_period_dup_duration (period, now_usec);
  cause = scope_period_dup_cause (period);
  attempts = scope_state_period_get_attempts (period);

  text = g_string_new (scope_state_to_text (scope_state_period_get_state (period)));
  g_string_append_printf (text, ", %s, %s", span, duration);
  if (attempts > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("%u attempt", "%u attempts", attempts), attempts);
    }
  if (cause != NULL)
    g_string_append_printf (text, ". %s", cause);
  return g_string_free (text, FALSE);
}
