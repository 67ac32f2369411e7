/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discovery"

#include "config.h"

#include "session/scope-discovery-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "session/scope-found-channel-private.h"

/* One poll: a GET for each prefix that is asked for, one after the other. The server counts users only where
 * the prefix begins with "presence-" (protocol.md §9.2), so where presence channels are among others, one more
 * GET asks for their counts, as long as the server has any (soketi has none). */

#define PRESENCE "presence-"
/* with more prefixes, one list of everything costs less */
#define MAX_PREFIXES 3
/* a channel is marked as new for so long */
#define NEW_USEC (30 * (gint64) G_USEC_PER_SEC)

static void
discovery_request_free (ScopeDiscoveryRequest *request)
{
  g_free (request->prefix);
  g_free (request);
}

static ScopeDiscoveryRequest *
discovery_request_new (ScopeDiscovery *self,
                       const char     *prefix,
                       gboolean        extra)
{
  ScopeDiscoveryRequest *request = g_new0 (ScopeDiscoveryRequest, 1);

  request->prefix = g_strdup (prefix);
  request->with_users = self->counts_users && g_str_has_prefix (prefix, PRESENCE);
  request->extra = extra;
  return request;
}

/* What to ask for */

static void
discovery_cover (ScopeDiscovery *self,
                 const char     *prefix)
{
  GPtrArray *prefixes = self->covering;

  if (_scope_discovery_covers (prefixes, prefix))
    return;
  for (guint i = prefixes->len; i > 0; i--)
    if (g_str_has_prefix (g_ptr_array_index (prefixes, i - 1), prefix))
      g_ptr_array_remove_index (prefixes, i - 1);
  g_ptr_array_add (prefixes, g_strdup (prefix));
}

static void
discovery_plan (ScopeDiscovery *self)
{
  guint n = self->rules_active ? g_list_model_get_n_items (G_LIST_MODEL (self->rules)) : 0;

  g_ptr_array_set_size (self->covering, 0);
  if (self->in_sight || self->keeps_on)
    discovery_cover (self, self->prefix);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeDiscoveryRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (rule != NULL)
        discovery_cover (self, scope_discovery_rule_get_prefix (rule));
    }
  if (self->covering->len > MAX_PREFIXES)
    discovery_cover (self, "");
  for (guint i = 0; i < self->covering->len; i++)
    g_queue_push_tail (&self->todo,
                       discovery_request_new (self, g_ptr_array_index (self->covering, i), FALSE));
}

/* The end of a poll */

static void
discovery_set_problem (ScopeDiscovery *self,
                       guint           status,
                       const char     *problem,
                       const char     *advice)
{
  self->status = status;
  scope_set_str (&self->problem, problem);
  scope_set_str (&self->advice, advice);
}

void
_scope_discovery_record_unknown (ScopeDiscovery *self)
{
  gint64 now = scope_clock_get_wall_usec (self->clock);
  GHashTableIter iter;
  gpointer value;

  scope_occupancy_add (self->history, now, SCOPE_OCCUPANCY_UNKNOWN);
  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ((ScopeFoundChannel *) value)->asked = FALSE;
      _scope_found_channel_record (value, now);
    }
}

void
_scope_discovery_end_poll (ScopeDiscovery *self)
{
  g_queue_clear_full (&self->todo, (GDestroyNotify) discovery_request_free);
  g_clear_pointer (&self->current, discovery_request_free);
}

static void
discovery_fail (ScopeDiscovery *self,
                guint           status,
                const char     *problem,
                const char     *advice,
                gint64          retry_after_usec,
                gboolean        unavailable)
{
  _scope_discovery_end_poll (self);
  discovery_set_problem (self, status, problem, advice);
  self->unavailable = unavailable;
  _scope_discovery_record_unknown (self);
  scope_poller_failed (self->poller, retry_after_usec);
  _scope_discovery_emit_polled (self);
}

static int
discovery_compare_empty (gconstpointer a,
                         gconstpointer b)
{
  ScopeFoundChannel *x = *(ScopeFoundChannel *const *) a;
  ScopeFoundChannel *y = *(ScopeFoundChannel *const *) b;

  return (x->empty_usec > y->empty_usec) - (x->empty_usec < y->empty_usec);
}

static void
discovery_drop_oldest_vacated (ScopeDiscovery *self)
{
  g_autoptr (GPtrArray) empty = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!((ScopeFoundChannel *) value)->occupied)
      g_ptr_array_add (empty, value);
  if (empty->len <= SCOPE_LIMIT_VACATED_CHANNELS)
    return;

  g_ptr_array_sort (empty, discovery_compare_empty);
  for (guint i = 0; i < empty->len - SCOPE_LIMIT_VACATED_CHANNELS; i++)
    g_hash_table_remove (self->channels, ((ScopeFoundChannel *) g_ptr_array_index (empty, i))->name);
  self->set_changed = TRUE;
}

static void
discovery_record (ScopeDiscovery *self)
{
  gint64 now = scope_clock_get_wall_usec (self->clock);
  gboolean in_view = _scope_discovery_covers (self->covering, self->prefix);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ScopeFoundChannel *channel = value;

      channel->asked = _scope_discovery_covers (self->covering, channel->name);
      _scope_found_channel_record (channel, now);
      if (channel->is_new && now - channel->appeared_usec >= NEW_USEC)
        {
          channel->is_new = FALSE;
          _scope_found_channel_changed (channel);
        }
    }
  scope_occupancy_add (self->history, now, in_view ? (gint64) self->n_occupied : SCOPE_OCCUPANCY_UNKNOWN);
}

static void
discovery_finish (ScopeDiscovery *self)
{
  GPtrArray *covered = self->covered;

  _scope_discovery_end_poll (self);
  discovery_set_problem (self, 0, NULL, NULL);
  self->unavailable = FALSE;
  self->polled_usec = scope_clock_get_wall_usec (self->clock);
  self->requests = self->n_requests;
  self->n_ignored = self->n_ignored_now;
  discovery_drop_oldest_vacated (self);
  _scope_discovery_count (self);
  discovery_record (self);
  self->covered = self->covering;
  self->covering = covered;

  scope_poller_done (self->poller, self->set_changed);
  _scope_discovery_act (self);
  if (self->set_changed)
    _scope_discovery_emit_listed (self);
  _scope_discovery_emit_polled (self);
}

/* Asking */

static void
discovery_ask_next (ScopeDiscovery *self)
{
  g_autoptr (GError) error = NULL;
  const char *prefix;

  self->current = g_queue_pop_head (&self->todo);
  if (self->current == NULL)
    {
      discovery_finish (self);
      return;
    }

  self->stamp++;
  self->n_requests++;
  prefix = self->current->prefix;
  if (!self->backend->ask (self->owner, self, *prefix != '\0' ? prefix : NULL,
                           self->current->with_users ? "user_count" : NULL, self->cancellable, &error))
    discovery_fail (self, 0, error->message, NULL, 0, !g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT));
}

/* A ScopePollerFunc. */
void
_scope_discovery_poll_cb (gpointer user_data)
{
  ScopeDiscovery *self = user_data;

  self->n_requests = 0;
  self->n_ignored_now = 0;
  self->set_changed = FALSE;
  discovery_plan (self);
  discovery_ask_next (self);
}

/* Answers */

static gint64
discovery_read_count (const char            *text,
                      const ScopeJsonWanted *wanted)
{
  g_autofree char *digits = NULL;
  guint64 count;

  if (wanted->kind != SCOPE_JSON_NUMBER)
    return -1;
  digits = g_strndup (text + wanted->value.offset, wanted->value.length);
  return g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT32, &count, NULL) ? (gint64) count : -1;
}

/* By its name; NULL if there is no room. */
static ScopeFoundChannel *
discovery_get_channel (ScopeDiscovery *self,
                       const char     *name)
{
  ScopeFoundChannel *channel = g_hash_table_lookup (self->channels, name);

  if (channel != NULL)
    return channel;
  if (g_hash_table_size (self->channels) >= SCOPE_LIMIT_FOUND_CHANNELS)
    {
      self->n_ignored_now++;
      return NULL;
    }

  channel = _scope_found_channel_new (name);
  channel->subscribed = self->backend->is_subscribed (self->owner, name);
  g_hash_table_insert (self->channels, channel->name, channel);
  return channel;
}

static void
discovery_occupy (ScopeDiscovery    *self,
                  ScopeFoundChannel *channel,
                  gint64             user_count,
                  gint64             subscription_count)
{
  gboolean appears = !channel->occupied;

  /* the list of all has no users' counts: those of the poll before stand until this one's come */
  if (user_count < 0 && !appears && self->counts_users && !self->current->with_users)
    user_count = channel->user_count;
  if (subscription_count < 0 && self->current->extra)
    subscription_count = channel->subscription_count;
  if (!_scope_found_channel_occupy (channel, user_count, subscription_count))
    return;

  self->set_changed |= appears;
  if (appears && _scope_discovery_covers (self->covered, channel->name))
    {
      channel->is_new = TRUE;
      channel->appeared_usec = scope_clock_get_wall_usec (self->clock);
    }
  _scope_found_channel_changed (channel);
}

/* *has_users: it has a count of users. */
static void
discovery_take_channel (ScopeDiscovery *self,
                        const char     *name,
                        const char     *value,
                        gsize           length,
                        gboolean       *has_users)
{
  ScopeJsonWanted wanted[] = { { .key = "user_count" }, { .key = "subscription_count" } };
  ScopeFoundChannel *channel;

  if (!g_str_has_prefix (name, self->current->prefix))
    return;
  channel = discovery_get_channel (self, name);
  if (channel == NULL)
    return;

  scope_json_scan_object (value, length, wanted, G_N_ELEMENTS (wanted), NULL);
  *has_users |= wanted[0].kind == SCOPE_JSON_NUMBER;
  channel->stamp = self->stamp;
  discovery_occupy (self, channel, discovery_read_count (value, &wanted[0]),
                    discovery_read_count (value, &wanted[1]));
}

/* What was asked for and is not in the list is empty. */
static void
discovery_vacate_others (ScopeDiscovery *self)
{
  gint64 now = scope_clock_get_wall_usec (self->clock);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ScopeFoundChannel *channel = value;

      if (!channel->occupied || channel->stamp == self->stamp ||
          !g_str_has_prefix (channel->name, self->current->prefix))
        continue;
      _scope_found_channel_vacate (channel, now);
      self->set_changed = TRUE;
    }
}

/* PHP's empty list is an array. */
static gboolean
discovery_find_list (const char      *body,
                     ScopeJsonWanted *wanted)
{
  return body != NULL && scope_json_scan_object (body, strlen (body), wanted, 1, NULL) &&
         (wanted->kind == SCOPE_JSON_OBJECT || wanted->kind == SCOPE_JSON_ARRAY);
}

/* *n_presence: how many presence channels are in it. FALSE: it is no list. */
static gboolean
discovery_take_list (ScopeDiscovery *self,
                     const char     *body,
                     guint          *n_presence,
                     gboolean       *has_users)
{
  ScopeJsonWanted list = { .key = "channels" };
  ScopeSpan name, value;
  ScopeJsonIter iter;

  *n_presence = 0;
  *has_users = FALSE;
  if (!discovery_find_list (body, &list))
    return FALSE;

  body += list.value.offset;
  scope_json_iter_init (&iter, body, list.value.length);
  while (scope_json_iter_next (&iter, &name, &value, NULL))
    {
      g_autofree char *channel = NULL;

      if (name.length == 0)
        return FALSE;
      channel = scope_json_string_dup (body + name.offset, name.length);
      if (strlen (channel) > SCOPE_LIMIT_RECEIVED_NAME_BYTES)
        {
          self->n_ignored_now++;
          continue;
        }
      *n_presence += g_str_has_prefix (channel, PRESENCE);
      discovery_take_channel (self, channel, body + value.offset, value.length, has_users);
    }
  discovery_vacate_others (self);
  return TRUE;
}

/* One more request for the counts of presence channels, if somebody looks. */
static void
discovery_want_users (ScopeDiscovery *self)
{
  if (!self->counts_users || self->current->with_users || !(self->in_sight || self->keeps_on) ||
      !g_str_has_prefix (PRESENCE, self->current->prefix) ||
      !g_str_has_prefix (PRESENCE, self->prefix))
    return;
  g_queue_push_head (&self->todo, discovery_request_new (self, PRESENCE, TRUE));
}

static void
discovery_take_answer (ScopeDiscovery *self,
                       const char     *body)
{
  gboolean has_users;
  guint n_presence;

  if (!discovery_take_list (self, body, &n_presence, &has_users))
    {
      discovery_fail (self, 0, _("The answer is not what an HTTP API of Channels gives"),
                      _("Check host and port of the HTTP API."), 0, FALSE);
      return;
    }
  if (self->current->with_users && n_presence > 0 && !has_users)
    self->counts_users = FALSE;
  if (n_presence > 0 && !has_users)
    discovery_want_users (self);
  g_clear_pointer (&self->current, discovery_request_free);
  discovery_ask_next (self);
}

/* A server that has no counts: the list is asked for without them. */
static void
discovery_give_up_users (ScopeDiscovery *self)
{
  self->counts_users = FALSE;
  if (!self->current->extra)
    g_queue_push_head (&self->todo, discovery_request_new (self, self->current->prefix, FALSE));
  g_clear_pointer (&self->current, discovery_request_free);
  discovery_ask_next (self);
}

static void
discovery_take_refusal (ScopeDiscovery      *self,
                        const ScopeApiReply *reply)
{
  const char *advice = reply->meaning;

  if (reply->outcome == SCOPE_API_REFUSED && reply->status == 400 && self->current->with_users)
    {
      discovery_give_up_users (self);
      return;
    }
  if (reply->outcome == SCOPE_API_REFUSED && (reply->status == 404 || reply->status == 405))
    advice = _("The server has no list of channels, or not at this place: check the app id, and host and port "
               "of the HTTP API, in the profile.");
  discovery_fail (self, reply->status, reply->text, advice, reply->retry_after_usec, FALSE);
}

/**
 * scope_discovery_take_reply:
 * @reply: (nullable): what became of the request
 * @error: (nullable): why there was none
 *
 * The end of what `ask` of the backend began.
 */
void
scope_discovery_take_reply (ScopeDiscovery      *self,
                            const ScopeApiReply *reply,
                            const GError        *error)
{
  g_return_if_fail (SCOPE_IS_DISCOVERY (self));
  g_return_if_fail (reply != NULL || error != NULL);

  if (self->closed || self->current == NULL)
    return;
  if (reply == NULL)
    discovery_fail (self, 0, error->message, NULL, 0, FALSE);
  else if (reply->outcome == SCOPE_API_ACCEPTED)
    discovery_take_answer (self, reply->body);
  else
    discovery_take_refusal (self, reply);
}
