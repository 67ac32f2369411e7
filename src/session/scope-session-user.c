/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "protocol/scope-user-data.h"
#include "session/scope-watched.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The signed-in user, and whom this user watches. */

void
_scope_session_init_user (ScopeSession *self)
{
  self->watchlist = g_list_store_new (SCOPE_TYPE_WATCHED);
  self->watched = g_hash_table_new (g_str_hash, g_str_equal);
}

void
_scope_session_free_user (ScopeSession *self)
{
  g_hash_table_unref (self->watched);
  g_clear_object (&self->watchlist);
  g_free (self->user_id);
  g_free (self->user_problem);
}

/* What it means, and the other side's own words: our sentence comes first. */
char *
_scope_session_dup_explained (const char *meaning,
                              const char *text)
{
  g_autofree char *shown = NULL;

  if (text != NULL && *text != '\0')
    shown = scope_text_for_display (text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  if (meaning == NULL)
    return g_steal_pointer (&shown);
  if (shown == NULL)
    return g_strdup (meaning);
  /* Translators: a sentence that explains, then the server's own words */
  return g_strdup_printf (_("%s “%s”"), meaning, shown);
}

static void
session_set_user (ScopeSession *self,
                  const char   *user_id,
                  const char   *problem)
{
  if (scope_set_str (&self->user_id, user_id))
    _scope_session_notify (self, PROP_USER_ID);
  if (scope_set_str (&self->user_problem, problem))
    _scope_session_notify (self, PROP_USER_PROBLEM);
}

static void
session_clear_watchlist (ScopeSession *self)
{
  g_hash_table_remove_all (self->watched);
  g_list_store_remove_all (self->watchlist);
}

/* (transfer none) (nullable) */
static ScopeWatched *
session_ensure_watched (ScopeSession *self,
                        const char   *user_id)
{
  ScopeWatched *known = g_hash_table_lookup (self->watched, user_id);
  g_autoptr (ScopeWatched) watched = NULL;

  if (known != NULL || g_hash_table_size (self->watched) >= SCOPE_LIMIT_MEMBERS)
    return known;

  watched = scope_watched_new (user_id);
  g_hash_table_insert (self->watched, (gpointer) scope_watched_get_user_id (watched), watched);
  g_list_store_append (self->watchlist, watched);
  return watched; /* the model holds it */
}

static void
session_enter_user (ScopeSession       *self,
                    const char         *user_id,
                    const char * const *watchlist)
{
  session_clear_watchlist (self);
  for (guint i = 0; watchlist != NULL && watchlist[i] != NULL; i++)
    session_ensure_watched (self, watchlist[i]);
  session_set_user (self, user_id, NULL);
}

/* In an opened capture who was watched last stays to be seen. */
static void
session_leave_user (ScopeSession *self)
{
  if (self->connection != NULL)
    session_clear_watchlist (self);
  session_set_user (self, NULL, self->user_problem);
}

static void
session_watch (ScopeSession       *self,
               gboolean            online,
               const char * const *user_ids,
               gint64              wall_usec)
{
  for (guint i = 0; user_ids != NULL && user_ids[i] != NULL; i++)
    {
      ScopeWatched *watched = session_ensure_watched (self, user_ids[i]);

      if (watched != NULL)
        scope_watched_set_online (watched, online, wall_usec);
    }
}

/* Reports */

void
_scope_session_take_user (ScopeSession      *self,
                          const ScopeReport *report)
{
  g_autofree char *problem = NULL;

  switch (report->user_status)
    {
    case SCOPE_USER_SIGNED_IN:
      session_enter_user (self, report->user_id, report->user_ids);
      break;
    case SCOPE_USER_ERROR:
      problem = _scope_session_dup_explained (report->meaning, report->error_text);
      session_set_user (self, self->user_id, problem);
      _scope_session_tell_problem (self, problem);
      break;
    case SCOPE_USER_SIGNED_OUT:
    default:
      session_leave_user (self);
    }
}

void
_scope_session_take_watchlist (ScopeSession      *self,
                               const ScopeReport *report,
                               gint64             wall_usec)
{
  session_watch (self, report->online, report->user_ids, wall_usec);
}

/* It is tried again with every connection. */
void
_scope_session_forget_user_problem (ScopeSession *self)
{
  session_set_user (self, self->user_id, NULL);
}

/* Entries of an opened capture */

static char **
session_dup_ids (const ScopeEntry *entry,
                 const char       *key)
{
  ScopeSpan span;

  if (scope_json_get_member (entry->detail, strlen (entry->detail), key, &span) !=
      SCOPE_JSON_ARRAY)
    return NULL;
  return scope_user_ids_read (entry->detail + span.offset, span.length, NULL);
}

static void
session_take_recorded_problem (ScopeSession     *self,
                               const ScopeEntry *entry)
{
  ScopeSpan span;
  g_autofree char *meaning = NULL;
  g_autofree char *message = NULL;
  g_autofree char *problem = NULL;

  if (scope_json_get_member (entry->detail, strlen (entry->detail), "error", &span) !=
      SCOPE_JSON_OBJECT)
    return;

  meaning = scope_json_dup_member (entry->detail + span.offset, span.length, "meaning");
  message = scope_json_dup_member (entry->detail + span.offset, span.length, "message");
  problem = _scope_session_dup_explained (meaning, message);
  session_set_user (self, self->user_id, problem);
}

void
_scope_session_take_recorded_user (ScopeSession     *self,
                                   const ScopeEntry *entry)
{
  g_autofree char *status = NULL;
  g_autofree char *user_id = NULL;
  g_auto (GStrv) ids = NULL;

  if (entry->detail == NULL)
    return;

  status = scope_entry_dup_detail (entry, "status");
  if (entry->kind == SCOPE_ENTRY_WATCHLIST)
    {
      ids = session_dup_ids (entry, "user_ids");
      session_watch (self, g_strcmp0 (status, "online") == 0, (const char * const *) ids,
                     entry->time_usec);
    }
  else if (g_strcmp0 (status, "signed_in") == 0)
    {
      user_id = scope_entry_dup_detail (entry, "user_id");
      ids = session_dup_ids (entry, "watchlist");
      session_enter_user (self, user_id, (const char * const *) ids);
    }
  else if (g_strcmp0 (status, "signed_out") == 0)
    session_leave_user (self);
  else
    session_take_recorded_problem (self, entry);
}

/* The user's wish */

/**
 * scope_session_sign_in:
 * @self: a session
 * @user_data: (nullable): JSON text with at least an `id`; `NULL`: the profile's
 * @error: return location for `SCOPE_ERROR_USAGE` or `_NOT_CONNECTED` (offline)
 *
 * Signs in as a user, now if connected, and after every connect.
 *
 * Returns: whether that is wanted now
 */
gboolean
scope_session_sign_in (ScopeSession *self,
                       const char   *user_data,
                       GError      **error)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);

  return _scope_session_check_connection (self, error) &&
         scope_connection_sign_in (self->connection, user_data, error);
}

/**
 * scope_session_get_watchlist:
 * @self: a session
 *
 * Returns: (transfer none): a model of [class@Watched]: whom the signed-in user watches, in the
 *   order they became known
 */
GListModel *
scope_session_get_watchlist (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->watchlist);
}
