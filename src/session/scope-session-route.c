/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "session/scope-detail.h"

#include <glib/gi18n-lib.h>

/* Each report becomes an entry, and changes the models. EVENT is the hot path: names are interned,
 * the frame's bytes are referred to, nothing is parsed. */

static ScopeEntryKind
session_kind_of_report (ScopeReportType type)
{
  switch (type)
    {
    case SCOPE_REPORT_STATE:
      return SCOPE_ENTRY_STATE;
    case SCOPE_REPORT_CONNECTING_IN:
      return SCOPE_ENTRY_CONNECTING_IN;
    case SCOPE_REPORT_SUBSCRIPTION:
      return SCOPE_ENTRY_SUBSCRIPTION;
    case SCOPE_REPORT_EVENT:
      return SCOPE_ENTRY_EVENT;
    case SCOPE_REPORT_PRESENCE:
      return SCOPE_ENTRY_PRESENCE;
    case SCOPE_REPORT_COUNT:
      return SCOPE_ENTRY_COUNT;
    case SCOPE_REPORT_CACHE_MISS:
      return SCOPE_ENTRY_CACHE_MISS;
    case SCOPE_REPORT_USER:
      return SCOPE_ENTRY_USER;
    case SCOPE_REPORT_WATCHLIST:
      return SCOPE_ENTRY_WATCHLIST;
    case SCOPE_REPORT_ERROR:
      return SCOPE_ENTRY_ERROR;
    case SCOPE_REPORT_FRAME:
    case SCOPE_REPORT_ROUND_TRIP:
    default:
      return SCOPE_ENTRY_FRAME;
    }
}

/* The parts of the frame that lines and filters know of events; for what is no event they would
 * only be in the way. */
static void
session_fill_event (ScopeSession       *self,
                    ScopeEntry         *entry,
                    const ScopeMessage *message)
{
  gsize event_length;
  gsize user_length = 0;
  const char *event = scope_message_get_event (message, &event_length);
  const char *user = scope_message_get_user_id (message, &user_length);

  scope_entry_set_event (entry, self->names, event, event_length, user, user_length,
                         scope_message_get_data_span (message), scope_message_get_data_kind (message));
}

static void
session_fill_frame (ScopeSession      *self,
                    ScopeEntry        *entry,
                    const ScopeReport *report)
{
  GBytes *frame = report->bytes;

  if (report->message != NULL)
    frame = scope_message_get_bytes (report->message);
  if (frame == NULL)
    return;

  entry->frame = g_bytes_ref (frame);
  entry->direction = report->outgoing ? SCOPE_DIRECTION_OUT : SCOPE_DIRECTION_IN;
  if (report->message != NULL &&
      (entry->kind == SCOPE_ENTRY_EVENT || entry->kind == SCOPE_ENTRY_FRAME))
    session_fill_event (self, entry, report->message);
}

static ScopeEntry *
session_new_entry (ScopeSession      *self,
                   const ScopeReport *report,
                   gint64             wall_usec)
{
  ScopeEntry *entry = scope_entry_new (session_kind_of_report (report->type), wall_usec);

  if (report->channel != NULL)
    entry->channel = scope_names_intern (self->names, report->channel, -1);
  if (report->encrypted)
    entry->flags |= SCOPE_ENTRY_ENCRYPTED;
  if (report->decrypted)
    entry->flags |= SCOPE_ENTRY_DECRYPTED;
  session_fill_frame (self, entry, report);
  entry->detail = _scope_detail_new (report);
  return entry;
}

static void
session_update_models (ScopeSession      *self,
                       const ScopeReport *report,
                       gint64             wall_usec)
{
  switch (report->type)
    {
    case SCOPE_REPORT_EVENT:
      _scope_session_take_event (self, report);
      break;
    case SCOPE_REPORT_STATE:
      _scope_session_take_state (self, report, wall_usec);
      break;
    case SCOPE_REPORT_CONNECTING_IN:
      _scope_session_take_wait (self);
      break;
    case SCOPE_REPORT_SUBSCRIPTION:
      _scope_session_take_subscription (self, report);
      break;
    case SCOPE_REPORT_PRESENCE:
      _scope_session_take_presence (self, report, wall_usec);
      break;
    case SCOPE_REPORT_COUNT:
      _scope_session_take_count (self, report);
      break;
    case SCOPE_REPORT_ERROR:
      _scope_session_take_error (self, report);
      break;
    case SCOPE_REPORT_USER:
      _scope_session_take_user (self, report);
      break;
    case SCOPE_REPORT_WATCHLIST:
      _scope_session_take_watchlist (self, report, wall_usec);
      break;
    case SCOPE_REPORT_CACHE_MISS:
    case SCOPE_REPORT_FRAME:
    case SCOPE_REPORT_ROUND_TRIP:
    default:
      break;
    }
}

void
_scope_session_take_entry (ScopeSession *self,
                           ScopeEntry   *entry)
{
  _scope_session_record (self, entry);
  _scope_session_emit_entry (self, entry);
}

/* From here on names are read from their frames (scope_entry_get_name()): slower, and of what comes
 * from no frame they are lost. */
static void
session_tell_full_names (ScopeSession *self,
                         gint64        wall_usec)
{
  g_autoptr (ScopeEntry) entry = NULL;

  if (self->names_are_full || !scope_names_get_full (self->names))
    return;

  self->names_are_full = TRUE;
  entry = scope_entry_new (SCOPE_ENTRY_ERROR, wall_usec);
  entry->detail = _scope_detail_new_limit (
    _("There are too many different channel, event and user names: further ones are not indexed"));
  _scope_session_take_entry (self, entry);
}

void
_scope_session_report_cb (ScopeConnection   *connection,
                          const ScopeReport *report,
                          gpointer           user_data)
{
  g_autoptr (ScopeSession) self = g_object_ref (SCOPE_SESSION (user_data));
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (ScopeEntry) gap = NULL;
  gint64 wall_usec;

  if (report->type == SCOPE_REPORT_ROUND_TRIP)
    {
      _scope_session_take_round_trip (self, report->usec);
      return;
    }

  /* an event that waited for its channel's key came before now */
  wall_usec = scope_clock_get_wall_usec (self->clock) - report->held_usec;
  entry = session_new_entry (self, report, wall_usec);
  session_update_models (self, report, wall_usec);
  _scope_session_count_report (self, report);
  _scope_session_note_refusal (self, report);
  _scope_session_take_entry (self, entry);
  session_tell_full_names (self, wall_usec);

  if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_CONNECTED)
    gap = _scope_session_take_gap (self, wall_usec);
  if (gap != NULL)
    _scope_session_take_entry (self, gap);
}

void
_scope_session_take_polled (ScopeSession      *self,
                            const ScopeReport *report)
{
  g_autoptr (ScopeSession) held = g_object_ref (self);
  gint64 wall_usec = scope_clock_get_wall_usec (self->clock);
  g_autoptr (ScopeEntry) entry = session_new_entry (self, report, wall_usec);

  if (report->type == SCOPE_REPORT_PRESENCE)
    _scope_session_take_presence (self, report, wall_usec);
  _scope_session_take_entry (self, entry);
  session_tell_full_names (self, wall_usec);
}
