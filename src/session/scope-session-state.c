/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "session/scope-detail.h"
#include "session/scope-state-period-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Server's errors come as often as the server likes; a toast every two seconds is enough. */
#define PROBLEM_PAUSE_USEC (2 * G_USEC_PER_SEC)
#define FIRST_CLOSE_CODE 1000

void
_scope_session_init_state (ScopeSession *self)
{
  self->state = SCOPE_STATE_INITIALIZED;
  self->round_trip_usec = -1;
  self->history = g_list_store_new (SCOPE_TYPE_STATE_PERIOD);
}

void
_scope_session_clear_state (ScopeSession *self)
{
  if (self->clock != NULL)
    scope_clock_remove_timer (self->clock, self->retry_timer);
  self->retry_timer = 0;
}

void
_scope_session_set_state_detail (ScopeSession *self,
                                 const char   *text)
{
  if (scope_set_str (&self->state_detail, text))
    _scope_session_notify (self, PROP_STATE_DETAIL);
}

/* What comes next, in words */

static void
session_add_sentence (GString    *out,
                      const char *sentence)
{
  if (sentence == NULL || *sentence == '\0')
    return;
  if (out->len > 0)
    {
      if (strchr (".!?…", out->str[out->len - 1]) == NULL)
        g_string_append_c (out, '.');
      g_string_append_c (out, ' ');
    }
  g_string_append (out, sentence);
}

/* No close frame came at all, or one that says nothing (RFC 6455 §7.4.1). */
static gboolean
session_is_loss (guint code)
{
  return code == 1005 || code == 1006;
}

/* "Closed by the server (4001): App key … not found": codes below 1000 are HTTP statuses, which
 * the text names already. 1006 is our own word for a socket that just ended: what it says is known
 * from the meaning. */
static char *
session_describe_close (const ScopeReport *report)
{
  gboolean has_text = report->text != NULL && *report->text != '\0';
  g_autofree char *text = NULL;

  if (has_text)
    text = scope_text_for_display (report->text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  if (!report->has_code || report->code < FIRST_CLOSE_CODE)
    return g_steal_pointer (&text);
  if (session_is_loss (report->code))
    return text != NULL ? g_strdup_printf (_("Connection lost (%u): %s"), report->code, text)
                        : g_strdup_printf (_("Connection lost (%u)"), report->code);
  if (text == NULL)
    return g_strdup_printf (_("Closed by the server (%u)"), report->code);
  return g_strdup_printf (_("Closed by the server (%u): %s"), report->code, text);
}

/* NULL if the report tells of nothing that went wrong. */
static char *
session_describe_trouble (const ScopeReport *report)
{
  g_autofree char *close = session_describe_close (report);
  GString *out = g_string_new (NULL);

  session_add_sentence (out, close);
  session_add_sentence (out, report->meaning);
  return g_string_free (out, out->len == 0);
}

static const char *
session_get_next_step (ScopeState state)
{
  switch (state)
    {
    case SCOPE_STATE_UNAVAILABLE:
      return _("It is tried again in the background.");
    case SCOPE_STATE_FAILED:
      return _("Nothing more is tried until you connect again.");
    case SCOPE_STATE_INITIALIZED:
    case SCOPE_STATE_CONNECTING:
    case SCOPE_STATE_CONNECTED:
    case SCOPE_STATE_DISCONNECTED:
    default:
      return NULL;
    }
}

static void
session_update_state_detail (ScopeSession *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *place = NULL;

  if (self->state == SCOPE_STATE_UNAVAILABLE)
    session_add_sentence (text, _("There is no connection."));
  session_add_sentence (text, self->trouble);
  /* what made it unavailable says what comes next already */
  if (self->state != SCOPE_STATE_UNAVAILABLE || self->trouble == NULL)
    session_add_sentence (text, session_get_next_step (self->state));
  if (text->len == 0 && self->state == SCOPE_STATE_CONNECTING)
    {
      place = scope_profile_dup_place (self->profile);
      g_string_printf (text, _("Connecting to %s"), place);
    }

  _scope_session_set_state_detail (self, text->len > 0 ? text->str : NULL);
}

/* The wishes and waits of the connection */

static void
session_retry_due_cb (gpointer user_data)
{
  ScopeSession *self = user_data;

  self->retry_timer = 0;
  _scope_session_update_wishes (self);
}

/* The attempt that ends a wait is not reported, so we look again when it is due. */
static void
session_watch_retry (ScopeSession *self)
{
  scope_clock_remove_timer (self->clock, self->retry_timer);
  self->retry_timer = 0;
  if (self->retry_at_usec > scope_clock_get_monotonic_usec (self->clock))
    self->retry_timer =
      scope_clock_add_timer (self->clock, self->retry_at_usec + 1, session_retry_due_cb, self);
}

void
_scope_session_update_wishes (ScopeSession *self)
{
  gboolean wants_connected;
  gint64 retry_at_usec;

  if (self->connection == NULL)
    return;

  wants_connected = scope_connection_wants_connected (self->connection);
  retry_at_usec = scope_connection_get_retry_at_usec (self->connection);
  if (self->retry_at_usec != retry_at_usec)
    {
      self->retry_at_usec = retry_at_usec;
      session_watch_retry (self);
      _scope_session_notify (self, PROP_RETRY_AT_USEC);
    }
  if (self->wants_connected != wants_connected)
    {
      self->wants_connected = wants_connected;
      _scope_session_notify (self, PROP_WANTS_CONNECTED);
      _scope_session_update_unseen (self);
    }
}

void
_scope_session_take_round_trip (ScopeSession *self,
                                gint64        usec)
{
  if (self->round_trip_usec == usec)
    return;
  self->round_trip_usec = usec;
  _scope_session_notify (self, PROP_ROUND_TRIP_USEC);
}

/* History */

static ScopeStatePeriod *
session_dup_last_period (ScopeSession *self)
{
  return g_list_model_get_item (G_LIST_MODEL (self->history), 0);
}

void
_scope_session_add_period (ScopeSession *self,
                           ScopeState    state,
                           gint64        wall_usec,
                           int           code,
                           const char   *reason,
                           const char   *meaning)
{
  g_autoptr (ScopeStatePeriod) last = session_dup_last_period (self);
  g_autoptr (ScopeStatePeriod) period = _scope_state_period_new (state, wall_usec);
  guint n_periods = g_list_model_get_n_items (G_LIST_MODEL (self->history));

  if (last != NULL)
    _scope_state_period_end (last, wall_usec);
  if (code >= 0 || reason != NULL)
    {
      if (last != NULL)
        _scope_state_period_set_cause (last, code, reason, meaning);
      _scope_state_period_set_cause (period, code, reason, meaning);
    }

  g_list_store_insert (self->history, 0, period);
  if (n_periods >= SCOPE_LIMIT_STATE_HISTORY)
    g_list_store_remove (self->history, n_periods);
}

void
_scope_session_take_wait (ScopeSession *self)
{
  g_autoptr (ScopeStatePeriod) last = session_dup_last_period (self);

  if (last != NULL)
    _scope_state_period_add_attempt (last);
  _scope_session_update_wishes (self);
}

/* Blindness: from leaving connected until connected again */

static void
session_note_loss (ScopeSession      *self,
                   const ScopeReport *report,
                   gint64             wall_usec)
{
  self->lost_usec = wall_usec;
  g_free (self->lost_reason);
  if (report->current == SCOPE_STATE_DISCONNECTED && !report->has_code && report->text == NULL)
    self->lost_reason = g_strdup (_("disconnected"));
  else
    self->lost_reason = session_describe_close (report);
  if (self->lost_reason == NULL)
    self->lost_reason = g_strdup (_("connection lost"));
}

ScopeEntry *
_scope_session_take_gap (ScopeSession *self,
                         gint64        wall_usec)
{
  ScopeEntry *entry;

  if (self->lost_usec == 0)
    return NULL;

  entry = scope_entry_new (SCOPE_ENTRY_GAP, wall_usec);
  entry->detail = _scope_detail_new_gap (self->lost_usec, MAX (wall_usec - self->lost_usec, 0),
                                         self->lost_reason);
  self->lost_usec = 0;
  return entry;
}

/* Reports */

static void
session_set_socket_id (ScopeSession *self,
                       const char   *socket_id)
{
  if (scope_set_str (&self->socket_id, socket_id))
    _scope_session_notify (self, PROP_SOCKET_ID);
}

static void
session_set_link (ScopeSession *self,
                  const char   *transport,
                  const char   *transport_reason,
                  double        activity_timeout)
{
  if (scope_set_str (&self->transport, transport))
    _scope_session_notify (self, PROP_TRANSPORT);
  if (scope_set_str (&self->transport_reason, transport_reason))
    _scope_session_notify (self, PROP_TRANSPORT_REASON);
  if (self->activity_timeout == activity_timeout)
    return;
  self->activity_timeout = activity_timeout;
  _scope_session_notify (self, PROP_ACTIVITY_TIMEOUT);
}

static void
session_enter_state (ScopeSession *self,
                     ScopeState    state)
{
  if (self->state == state)
    return;

  self->state = state;
  _scope_session_notify (self, PROP_STATE);
  _scope_session_notify (self, PROP_STATE_TEXT);
}

/* Trouble is kept until it is over: connected again, or disconnected on purpose. */
static void
session_update_trouble (ScopeSession      *self,
                        const ScopeReport *report)
{
  g_autofree char *trouble = session_describe_trouble (report);

  if (trouble == NULL && report->current != SCOPE_STATE_CONNECTED &&
      report->current != SCOPE_STATE_DISCONNECTED)
    return;

  g_free (self->trouble);
  self->trouble = g_steal_pointer (&trouble);
}

void
_scope_session_take_state (ScopeSession      *self,
                           const ScopeReport *report,
                           gint64             wall_usec)
{
  gboolean connected = report->current == SCOPE_STATE_CONNECTED;

  g_object_freeze_notify (G_OBJECT (self));
  if (report->previous == SCOPE_STATE_CONNECTED && !connected)
    session_note_loss (self, report, wall_usec);

  session_enter_state (self, report->current);
  session_set_socket_id (self, connected ? report->socket_id : NULL);
  session_set_link (self, connected ? report->transport : NULL,
                    connected ? report->transport_reason : NULL,
                    connected ? report->activity_timeout : 0);
  if (connected)
    _scope_session_forget_user_problem (self);
  else
    _scope_session_take_round_trip (self, -1);
  session_update_trouble (self, report);
  session_update_state_detail (self);
  _scope_session_update_wishes (self);
  _scope_session_add_period (self, report->current, wall_usec,
                             report->has_code ? (int) report->code : -1, report->text,
                             report->meaning);
  _scope_session_reset_channels (self);
  g_object_thaw_notify (G_OBJECT (self));
}

void
_scope_session_tell_problem (ScopeSession *self,
                             const char   *text)
{
  gint64 now = scope_clock_get_monotonic_usec (self->clock);

  if (text == NULL ||
      (self->last_problem_usec != 0 && now - self->last_problem_usec < PROBLEM_PAUSE_USEC))
    return;

  self->last_problem_usec = now;
  _scope_session_emit_problem (self, text);
}

static gboolean
session_is_worth_a_toast (ScopeSession      *self,
                          const ScopeReport *report)
{
  return self->state == SCOPE_STATE_CONNECTED &&
         (report->source == SCOPE_SOURCE_SERVER || report->source == SCOPE_SOURCE_AUTH);
}

/* Errors of attempts explain the state; those of a living connection are told once. */
void
_scope_session_take_error (ScopeSession      *self,
                           const ScopeReport *report)
{
  g_autofree char *text = NULL;

  _scope_session_update_wishes (self);
  if (self->state == SCOPE_STATE_CONNECTING || self->state == SCOPE_STATE_UNAVAILABLE)
    {
      g_free (self->trouble);
      self->trouble = session_describe_trouble (report);
      session_update_state_detail (self);
    }
  else if (report->text != NULL && session_is_worth_a_toast (self, report))
    {
      text = _scope_session_dup_explained (report->meaning, report->text);
      _scope_session_tell_problem (self, text);
    }
}
