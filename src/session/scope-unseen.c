/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-unseen"

#include "config.h"

#include "session/scope-unseen.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "protocol/scope-server-error.h"
#include "session/scope-poller.h"

/*   STOPPED ─ start → LOOKING ─ answer → WATCHING ─ answer → differences
 *                        │  ↑ retry         │  ↑ answer: gap, snapshot
 *                        └──┴── failure ────┴→ BLIND, or REFUSED: no more polls
 *
 * Leaving WATCHING in any way begins a blind time; the next answer ends it. */

/* Later than a poll may be: the machine slept, and nobody was asked. */
#define ASLEEP_USEC (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

struct _ScopeUnseen
{
  GObject parent_instance;

  ScopeClock *clock;
  ScopePoller *poller;
  char *channel;
  ScopeUnseenFuncs funcs;
  gpointer user_data;

  ScopeUnseenState state;
  char *problem;
  gboolean stale;       /* the answer under way is for an old question */
  GPtrArray *ids;       /* of char *: who is there, in the server's order */
  gint64 seen_usec;     /* wall: of the last answer; 0: there was none */
  gint64 seen_boot_usec; /* monotonic: the same */
  char *blind_reason;   /* since then; NULL: we are not */
  gboolean told_limit;
};

G_DEFINE_FINAL_TYPE (ScopeUnseen, scope_unseen, G_TYPE_OBJECT)

static void
scope_unseen_tell_change (ScopeUnseen *self)
{
  if (self->funcs.change != NULL)
    self->funcs.change (self, self->user_data);
}

static void
scope_unseen_report (ScopeUnseen *self,
                     ScopeReport *report)
{
  report->channel = self->channel;
  report->polled = TRUE;
  if (self->funcs.report != NULL)
    self->funcs.report (self, report, self->user_data);
}

static void
scope_unseen_enter (ScopeUnseen      *self,
                    ScopeUnseenState  state,
                    const char       *problem)
{
  gboolean changed = scope_set_str (&self->problem, problem);

  if (self->state == state && !changed)
    return;
  self->state = state;
  scope_unseen_tell_change (self);
}

/* Polls */

static void
scope_unseen_poll_cb (gpointer user_data)
{
  g_autoptr (ScopeUnseen) self = g_object_ref (user_data);

  self->stale = FALSE;
  if (self->funcs.ask != NULL)
    self->funcs.ask (self, self->user_data);
}

/* FALSE: nobody wants this answer. */
static gboolean
scope_unseen_wants_answer (ScopeUnseen *self)
{
  if (!self->stale && scope_poller_get_running (self->poller))
    return TRUE;

  self->stale = FALSE;
  scope_poller_done (self->poller, FALSE);
  return FALSE;
}

/* Failures */

/* what the poll told differs from what was told of this blind time */
static void
scope_unseen_report_error (ScopeUnseen         *self,
                           const ScopeApiReply *reply,
                           const char          *text,
                           const char          *meaning,
                           gboolean             final)
{
  ScopeReport report = { .type = SCOPE_REPORT_ERROR, .source = SCOPE_SOURCE_LIMIT, .text = text,
                         .meaning = meaning,
                         .reaction = final ? SCOPE_REACTION_STOP : SCOPE_REACTION_RETRY };

  if (reply != NULL)
    {
      report.source = SCOPE_SOURCE_SOCKET;
      if (reply->status != 0)
        report.source = reply->status == 401 || reply->status == 403 ? SCOPE_SOURCE_AUTH
                                                                      : SCOPE_SOURCE_SERVER;
      report.has_code = reply->status != 0;
      report.code = reply->status;
    }
  scope_unseen_report (self, &report);
}

static char *
scope_unseen_dup_problem (const char *text,
                          const char *meaning)
{
  g_autofree char *shown = scope_text_for_display (text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);

  if (meaning == NULL)
    return g_steal_pointer (&shown);
  return *shown != '\0' ? g_strdup_printf ("%s (%s)", meaning, shown) : g_strdup (meaning);
}

static void
scope_unseen_fail (ScopeUnseen         *self,
                   const ScopeApiReply *reply,
                   const char          *text,
                   const char          *meaning,
                   gboolean             final)
{
  g_autofree char *problem = scope_unseen_dup_problem (text != NULL ? text : "", meaning);
  gboolean told = g_strcmp0 (problem, self->problem) == 0;

  if (self->seen_usec != 0 && self->blind_reason == NULL)
    self->blind_reason = g_strdup (_("the HTTP API could not be asked who is there"));
  if (!told)
    scope_unseen_report_error (self, reply, text, meaning, final);

  scope_poller_failed (self->poller, reply != NULL ? reply->retry_after_usec : 0);
  if (final)
    scope_poller_stop (self->poller);
  scope_unseen_enter (self, final ? SCOPE_UNSEEN_REFUSED : SCOPE_UNSEEN_BLIND, problem);
}

/* The same question has the same answer: no such app, no right to ask, no presence channel. */
static gboolean
scope_unseen_is_final (const ScopeApiReply *reply)
{
  if (reply->outcome != SCOPE_API_REFUSED)
    return FALSE;
  return reply->status == 400 || reply->status == 401 || reply->status == 403 || reply->status == 404
         || reply->status == 422;
}

/* Answers */

/* §9.1: {"users":[{"id":"1"}]}; ids may be numbers, and are text to us. NULL: that is no such answer. */
static GPtrArray *
scope_unseen_read_ids (ScopeUnseen *self,
                       const char  *body,
                       gboolean    *too_many)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  ScopeJsonWanted wanted[] = { { .key = "users" } };
  ScopeJsonIter iter;
  ScopeSpan user;
  const char *list;

  *too_many = FALSE;
  if (!scope_json_scan_object (body, strlen (body), wanted, G_N_ELEMENTS (wanted), NULL)
      || wanted[0].kind != SCOPE_JSON_ARRAY)
    return NULL;

  list = body + wanted[0].value.offset;
  scope_json_iter_init (&iter, list, wanted[0].value.length);
  while (scope_json_iter_next (&iter, NULL, &user, NULL))
    {
      g_autofree char *id = scope_json_dup_member (list + user.offset, user.length, "id");

      if (id == NULL)
        return NULL;
      if (strlen (id) > SCOPE_LIMIT_USER_ID_BYTES || ids->len >= SCOPE_LIMIT_MEMBERS)
        *too_many = TRUE;
      else if (!g_hash_table_contains (known, id)) /* adding would replace the key, which this one outlives */
        {
          g_hash_table_add (known, id);
          g_ptr_array_add (ids, g_steal_pointer (&id));
        }
    }
  return g_steal_pointer (&ids);
}

static void
scope_unseen_tell_limit (ScopeUnseen *self)
{
  ScopeReport report = { .type = SCOPE_REPORT_ERROR, .source = SCOPE_SOURCE_LIMIT,
                         .reaction = SCOPE_REACTION_NONE };
  g_autofree char *text
      = g_strdup_printf (_("Not everyone in “%s” is shown: at most %d members, with ids of at most %d bytes"),
                         self->channel, SCOPE_LIMIT_MEMBERS, SCOPE_LIMIT_USER_ID_BYTES);

  if (self->told_limit)
    return;
  self->told_limit = TRUE;
  report.text = text;
  scope_unseen_report (self, &report);
}

static void
scope_unseen_report_snapshot (ScopeUnseen *self)
{
  g_autofree ScopeRosterMember *members = g_new0 (ScopeRosterMember, self->ids->len + 1);
  ScopeReport report = { .type = SCOPE_REPORT_PRESENCE, .action = SCOPE_PRESENCE_SNAPSHOT,
                         .count = self->ids->len, .members = members };

  for (guint i = 0; i < self->ids->len; i++)
    members[i].user_id = g_ptr_array_index (self->ids, i);
  scope_unseen_report (self, &report);
}

static void
scope_unseen_report_change (ScopeUnseen         *self,
                            ScopePresenceAction  action,
                            const char          *user_id,
                            guint                count)
{
  const ScopeRosterMember member = { .user_id = user_id };
  ScopeReport report = { .type = SCOPE_REPORT_PRESENCE, .action = action, .count = count,
                         .members = &member };

  scope_unseen_report (self, &report);
}

static GHashTable *
scope_unseen_index (GPtrArray *ids)
{
  GHashTable *set = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (set, g_ptr_array_index (ids, i));
  return set;
}

/* In which order they came and went is not known: first those who are gone, so that the count never is
 * larger than it was. Returns whether there was a difference. */
static gboolean
scope_unseen_report_differences (ScopeUnseen *self,
                                 GPtrArray   *old)
{
  g_autoptr (GHashTable) before = scope_unseen_index (old);
  g_autoptr (GHashTable) now = scope_unseen_index (self->ids);
  g_autoptr (GPtrArray) ids = g_ptr_array_ref (self->ids);
  guint count = old->len;
  guint n_stayed;

  for (guint i = 0; i < old->len; i++)
    if (!g_hash_table_contains (now, g_ptr_array_index (old, i)))
      scope_unseen_report_change (self, SCOPE_PRESENCE_REMOVED, g_ptr_array_index (old, i), --count);
  n_stayed = count;
  for (guint i = 0; i < ids->len; i++)
    if (!g_hash_table_contains (before, g_ptr_array_index (ids, i)))
      scope_unseen_report_change (self, SCOPE_PRESENCE_ADDED, g_ptr_array_index (ids, i), ++count);
  return n_stayed != old->len || count != n_stayed;
}

/* Polls stand still while the machine sleeps; the wall clock does not. */
static gboolean
scope_unseen_has_slept (ScopeUnseen *self)
{
  gint64 wall = scope_clock_get_wall_usec (self->clock) - self->seen_usec;
  gint64 awake = scope_clock_get_monotonic_usec (self->clock) - self->seen_boot_usec;

  return self->seen_usec != 0 && wall - awake > ASLEEP_USEC;
}

static void
scope_unseen_tell_gap (ScopeUnseen *self)
{
  g_autofree char *reason = g_steal_pointer (&self->blind_reason);

  if (reason == NULL && scope_unseen_has_slept (self))
    reason = g_strdup (_("the computer slept"));
  if (reason == NULL || self->seen_usec == 0)
    return;

  if (self->funcs.gap != NULL)
    self->funcs.gap (self, self->seen_usec, reason, self->user_data);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
}

static gboolean
scope_unseen_take_ids (ScopeUnseen *self,
                       GPtrArray   *ids)
{
  g_autoptr (GPtrArray) old = NULL;

  scope_unseen_tell_gap (self);
  self->seen_usec = scope_clock_get_wall_usec (self->clock);
  self->seen_boot_usec = scope_clock_get_monotonic_usec (self->clock);
  old = g_steal_pointer (&self->ids);
  self->ids = g_ptr_array_ref (ids);
  if (old != NULL)
    return scope_unseen_report_differences (self, old);

  scope_unseen_report_snapshot (self);
  return TRUE;
}

static void
scope_unseen_interval_cb (ScopeUnseen *self)
{
  if (self->state == SCOPE_UNSEEN_WATCHING)
    scope_unseen_tell_change (self);
}

/* Class */

static void
scope_unseen_dispose (GObject *object)
{
  ScopeUnseen *self = SCOPE_UNSEEN (object);

  scope_unseen_detach (self);
  g_clear_object (&self->poller);

  G_OBJECT_CLASS (scope_unseen_parent_class)->dispose (object);
}

static void
scope_unseen_finalize (GObject *object)
{
  ScopeUnseen *self = SCOPE_UNSEEN (object);

  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_object (&self->clock);
  g_free (self->channel);
  g_free (self->problem);
  g_free (self->blind_reason);

  G_OBJECT_CLASS (scope_unseen_parent_class)->finalize (object);
}

static void
scope_unseen_class_init (ScopeUnseenClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_unseen_dispose;
  object_class->finalize = scope_unseen_finalize;
}

static void
scope_unseen_init (ScopeUnseen *self)
{
}

/**
 * scope_unseen_new:
 * @clock: whose time it is
 * @channel: a presence channel's name
 * @min_usec: the shortest wait between two polls
 * @max_usec: the longest one, unless polls fail
 * @funcs: what to call; any may be `NULL`
 * @user_data: for @funcs
 *
 * Returns: (transfer full): it has not been started
 */
ScopeUnseen *
scope_unseen_new (ScopeClock             *clock,
                  const char             *channel,
                  gint64                  min_usec,
                  gint64                  max_usec,
                  const ScopeUnseenFuncs *funcs,
                  gpointer                user_data)
{
  ScopeUnseen *self;

  g_return_val_if_fail (SCOPE_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (channel != NULL, NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_UNSEEN, NULL);
  self->clock = g_object_ref (clock);
  self->channel = g_strdup (channel);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->poller = scope_poller_new (clock, min_usec, max_usec, scope_unseen_poll_cb, self);
  g_signal_connect_object (self->poller, "notify::interval-usec",
                           G_CALLBACK (scope_unseen_interval_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * scope_unseen_detach:
 *
 * Nothing is asked, reported or told any more: who owns it goes.
 */
void
scope_unseen_detach (ScopeUnseen *self)
{
  g_return_if_fail (SCOPE_IS_UNSEEN (self));

  self->funcs = (ScopeUnseenFuncs) { NULL };
  if (self->poller != NULL)
    scope_poller_stop (self->poller);
}

/**
 * scope_unseen_start:
 *
 * Asks at once, if it may, then again and again.
 */
void
scope_unseen_start (ScopeUnseen *self)
{
  g_return_if_fail (SCOPE_IS_UNSEEN (self));

  if (self->state != SCOPE_UNSEEN_STOPPED)
    return;
  scope_unseen_enter (self, SCOPE_UNSEEN_LOOKING, NULL);
  scope_poller_start (self->poller);
}

/**
 * scope_unseen_stop:
 * @reason: why we see nobody until it starts again, in words
 *
 * Asks no more; what an answer under way says counts for nothing.
 */
void
scope_unseen_stop (ScopeUnseen *self,
                   const char  *reason)
{
  g_return_if_fail (SCOPE_IS_UNSEEN (self));
  g_return_if_fail (reason != NULL);

  if (self->state == SCOPE_UNSEEN_STOPPED)
    return;
  if (self->blind_reason == NULL && self->seen_usec != 0)
    self->blind_reason = g_strdup (reason);
  scope_poller_stop (self->poller);
  scope_unseen_enter (self, SCOPE_UNSEEN_STOPPED, NULL);
}

/**
 * scope_unseen_retry:
 *
 * Asks at once, because what it asks with has changed or the user wants to know; an answer under way counts for
 * nothing.
 */
void
scope_unseen_retry (ScopeUnseen *self)
{
  g_return_if_fail (SCOPE_IS_UNSEEN (self));

  if (self->state == SCOPE_UNSEEN_STOPPED)
    return;
  self->stale = scope_poller_get_busy (self->poller);
  if (self->state != SCOPE_UNSEEN_WATCHING)
    scope_unseen_enter (self, SCOPE_UNSEEN_LOOKING, NULL);
  scope_poller_start (self->poller);
  scope_poller_hurry (self->poller);
}

/**
 * scope_unseen_take_reply:
 * @reply: to the question for the channel's users
 *
 * Ends the poll that `ask` began.
 */
void
scope_unseen_take_reply (ScopeUnseen         *self,
                         const ScopeApiReply *reply)
{
  g_autoptr (GPtrArray) ids = NULL;
  gboolean too_many;
  gboolean changed;

  g_return_if_fail (SCOPE_IS_UNSEEN (self));
  g_return_if_fail (reply != NULL);

  if (!scope_unseen_wants_answer (self))
    return;
  if (reply->outcome != SCOPE_API_ACCEPTED)
    {
      g_autofree char *brief = scope_api_error_dup_brief (reply->text);

      scope_unseen_fail (self, reply, brief, reply->meaning, scope_unseen_is_final (reply));
      return;
    }

  ids = scope_unseen_read_ids (self, reply->body != NULL ? reply->body : "", &too_many);
  if (ids == NULL)
    {
      scope_unseen_fail (self, reply, _("The answer is not what an HTTP API of Channels gives"), NULL, FALSE);
      return;
    }
  if (too_many)
    scope_unseen_tell_limit (self);
  changed = scope_unseen_take_ids (self, ids);
  if (scope_poller_get_running (self->poller))
    scope_unseen_enter (self, SCOPE_UNSEEN_WATCHING, NULL);
  scope_poller_done (self->poller, changed);
}

/**
 * scope_unseen_take_error:
 * @final: nor can it be asked until something changes
 *
 * The end of a poll: it could not be asked.
 */
void
scope_unseen_take_error (ScopeUnseen  *self,
                         const GError *error,
                         gboolean      final)
{
  g_return_if_fail (SCOPE_IS_UNSEEN (self));
  g_return_if_fail (error != NULL);

  if (scope_unseen_wants_answer (self))
    scope_unseen_fail (self, NULL, error->message, NULL, final);
}

/**
 * scope_unseen_get_channel:
 *
 * Returns: (transfer none): the presence channel
 */
const char *
scope_unseen_get_channel (ScopeUnseen *self)
{
  g_return_val_if_fail (SCOPE_IS_UNSEEN (self), NULL);

  return self->channel;
}

/**
 * scope_unseen_get_state:
 *
 * Returns: how watching stands
 */
ScopeUnseenState
scope_unseen_get_state (ScopeUnseen *self)
{
  g_return_val_if_fail (SCOPE_IS_UNSEEN (self), SCOPE_UNSEEN_STOPPED);

  return self->state;
}

/**
 * scope_unseen_get_problem:
 *
 * Returns: (transfer none) (nullable): why it is blind or refused, in plain sentences
 */
const char *
scope_unseen_get_problem (ScopeUnseen *self)
{
  g_return_val_if_fail (SCOPE_IS_UNSEEN (self), NULL);

  return self->problem;
}

/**
 * scope_unseen_get_interval_usec:
 *
 * Returns: the wait between two polls
 */
gint64
scope_unseen_get_interval_usec (ScopeUnseen *self)
{
  g_return_val_if_fail (SCOPE_IS_UNSEEN (self), 0);

  return scope_poller_get_interval_usec (self->poller);
}
