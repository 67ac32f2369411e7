/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the user wants and what the wire says, per channel (protocol.md §3.5):
 *
 *            connected, wanted                authorized
 *   NONE ───────────────────► AUTHORIZING ───────────────► SENT ──► SUBSCRIBED
 *    ▲            └─ public ───────────────────────────────►│         │
 *    │                             │ refused, timed out     │ error   │
 *    │                             └───────► ERROR ◄────────┘         │
 *    └── the wire is lost ───────────────────┴────────────────────────┘
 *
 * A channel that is unsubscribed while AUTHORIZING or SENT is kept, not wanted, until its answer
 * comes: the server may not take an unsubscribe before. All others are forgotten at once. Each way
 * from NONE or ERROR to AUTHORIZING or SENT takes a new tag, so that answers for an older socket id
 * are recognised. */

#define G_LOG_DOMAIN "scope-subscriptions"

#include "config.h"

#include "protocol/scope-subscriptions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"

typedef struct
{
  char *name;
  gboolean wanted;
  gboolean needs_auth; /* by its kind, or because the server says so */
  ScopeWireState wire;
  guint tag;
} ScopeSubscription;

/* What came about one channel. */
typedef struct
{
  guint tag;
  const char *type;
  const char *text;
  guint status;
} SubscriptionNews;

typedef void (*SubscriptionFunc) (ScopeSubscriptions     *self,
                                  ScopeSubscription      *entry,
                                  const SubscriptionNews *news);

struct _ScopeSubscriptions
{
  GHashTable *by_name; /* char* of the entry → ScopeSubscription, owned by in_order */
  GPtrArray *in_order; /* as they were asked for */
  gboolean is_connected;
  gboolean can_authorize;
  guint last_tag;
  GArray *steps;
};

static void
subscription_free (gpointer data)
{
  ScopeSubscription *entry = data;

  g_free (entry->name);
  g_free (entry);
}

static void
step_clear (gpointer data)
{
  ScopeStep *step = data;

  g_clear_pointer (&step->channel, g_free);
  g_clear_pointer (&step->error_type, g_free);
  g_clear_pointer (&step->error_text, g_free);
}

static void
subscriptions_begin (ScopeSubscriptions *self)
{
  g_array_set_size (self->steps, 0);
}

static const ScopeStep *
subscriptions_end (ScopeSubscriptions *self,
                   guint              *n_steps)
{
  *n_steps = self->steps->len;
  return (const ScopeStep *) (gconstpointer) self->steps->data;
}

static ScopeStep *
subscriptions_add_step (ScopeSubscriptions *self,
                        ScopeStepType       type,
                        const char         *channel,
                        guint               tag)
{
  ScopeStep step = { .type = type, .channel = g_strdup (channel), .tag = tag };

  g_array_append_val (self->steps, step);
  return &g_array_index (self->steps, ScopeStep, self->steps->len - 1);
}

static void
subscriptions_add_error (ScopeSubscriptions *self,
                         const char         *channel,
                         guint               tag,
                         const char         *type,
                         const char         *text,
                         guint               status)
{
  ScopeStep *step = subscriptions_add_step (self, SCOPE_STEP_ERROR, channel, tag);

  step->error_type = g_strdup (type);
  if (text != NULL)
    step->error_text = scope_text_bounded (text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  step->status = status;
}

static ScopeSubscription *
subscriptions_find (ScopeSubscriptions *self,
                    const char         *channel)
{
  return g_hash_table_lookup (self->by_name, channel);
}

static ScopeSubscription *
subscriptions_create (ScopeSubscriptions *self,
                      const char         *channel)
{
  ScopeSubscription *entry = g_new0 (ScopeSubscription, 1);

  entry->name = g_strdup (channel);
  entry->wanted = TRUE;
  entry->needs_auth = scope_channel_kind_needs_auth (scope_channel_name_get_kind (channel));
  g_hash_table_insert (self->by_name, entry->name, entry);
  g_ptr_array_add (self->in_order, entry);

  return entry;
}

/* The one way out: announced and forgotten. */
static void
subscriptions_drop (ScopeSubscriptions *self,
                    ScopeSubscription  *entry)
{
  subscriptions_add_step (self, SCOPE_STEP_UNSUBSCRIBED, entry->name, entry->tag);
  g_hash_table_remove (self->by_name, entry->name);
  g_ptr_array_remove (self->in_order, entry);
}

/* The frame of every call that is about one channel: news of a channel that is not there are none. */
static const ScopeStep *
subscriptions_tell (ScopeSubscriptions     *self,
                    const char             *channel,
                    SubscriptionFunc        func,
                    const SubscriptionNews *news,
                    guint                  *n_steps)
{
  ScopeSubscription *entry;

  subscriptions_begin (self);
  entry = subscriptions_find (self, channel);
  if (entry != NULL)
    func (self, entry, news);

  return subscriptions_end (self, n_steps);
}

static gboolean
subscription_is_pending (const ScopeSubscription *entry)
{
  return entry->wire == SCOPE_WIRE_AUTHORIZING || entry->wire == SCOPE_WIRE_SENT;
}

/* Pending starts before authorization (§3.5). */
static void
subscriptions_start (ScopeSubscriptions *self,
                     ScopeSubscription  *entry)
{
  entry->tag = ++self->last_tag;
  entry->wire = entry->needs_auth ? SCOPE_WIRE_AUTHORIZING : SCOPE_WIRE_SENT;
  subscriptions_add_step (self, SCOPE_STEP_PENDING, entry->name, entry->tag);
  subscriptions_add_step (self, entry->needs_auth ? SCOPE_STEP_AUTHORIZE : SCOPE_STEP_SEND_SUBSCRIBE,
                          entry->name, entry->tag);
}

/* Refused by whomever: pending no more, tried again at the next connected or subscribe(). */
static void
subscriptions_fail (ScopeSubscriptions *self,
                    ScopeSubscription  *entry,
                    const char         *type,
                    const char         *text,
                    guint               status)
{
  if (!entry->wanted)
    {
      subscriptions_drop (self, entry);
      return;
    }

  entry->wire = SCOPE_WIRE_ERROR;
  subscriptions_add_error (self, entry->name, entry->tag, type, text, status);
}

/**
 * scope_subscriptions_new:
 *
 * Returns: (transfer full): nothing wanted, not connected
 */
ScopeSubscriptions *
scope_subscriptions_new (void)
{
  ScopeSubscriptions *self = g_new0 (ScopeSubscriptions, 1);

  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->in_order = g_ptr_array_new_with_free_func (subscription_free);
  self->steps = g_array_new (FALSE, TRUE, sizeof (ScopeStep));
  g_array_set_clear_func (self->steps, step_clear);

  return self;
}

/**
 * scope_subscriptions_free:
 * @self: (nullable):
 */
void
scope_subscriptions_free (ScopeSubscriptions *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->in_order);
  g_array_unref (self->steps);
  g_free (self);
}

/**
 * scope_subscriptions_set_can_authorize:
 * @can_authorize: an endpoint or the app secret is known
 *
 * Decides what follows when a server wants authorization for a name that needs none by its kind: one
 * more try with it, or an error that says why.
 */
void
scope_subscriptions_set_can_authorize (ScopeSubscriptions *self,
                                       gboolean            can_authorize)
{
  g_return_if_fail (self != NULL);

  self->can_authorize = can_authorize;
}

/**
 * scope_subscriptions_subscribe:
 * @channel: a checked name
 * @n_steps: (out):
 *
 * Asking again for what is pending or subscribed sends nothing; for a channel in error it tries
 * anew; for one whose unsubscribing waits for an answer it takes that back.
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_subscribe (ScopeSubscriptions *self,
                               const char         *channel,
                               guint              *n_steps)
{
  ScopeSubscription *entry;

  g_return_val_if_fail (self != NULL && channel != NULL && n_steps != NULL, NULL);

  subscriptions_begin (self);
  entry = subscriptions_find (self, channel);

  if (entry == NULL && self->in_order->len >= SCOPE_LIMIT_CHANNELS)
    {
      g_autofree char *text = g_strdup_printf (_("More than %d channels are not possible"),
                                               SCOPE_LIMIT_CHANNELS);

      subscriptions_add_error (self, channel, 0, "LimitReached", text, 0);
      return subscriptions_end (self, n_steps);
    }

  if (entry == NULL)
    entry = subscriptions_create (self, channel);

  entry->wanted = TRUE;
  if (self->is_connected && (entry->wire == SCOPE_WIRE_NONE || entry->wire == SCOPE_WIRE_ERROR))
    subscriptions_start (self, entry);

  return subscriptions_end (self, n_steps);
}

static void
subscriptions_act_unsubscribe (ScopeSubscriptions     *self,
                               ScopeSubscription      *entry,
                               const SubscriptionNews *news)
{
  if (subscription_is_pending (entry))
    {
      entry->wanted = FALSE;
      return;
    }

  if (entry->wire == SCOPE_WIRE_SUBSCRIBED)
    subscriptions_add_step (self, SCOPE_STEP_SEND_UNSUBSCRIBE, entry->name, entry->tag);
  subscriptions_drop (self, entry);
}

/**
 * scope_subscriptions_unsubscribe:
 * @n_steps: (out):
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_unsubscribe (ScopeSubscriptions *self,
                                 const char         *channel,
                                 guint              *n_steps)
{
  g_return_val_if_fail (self != NULL && channel != NULL && n_steps != NULL, NULL);

  return subscriptions_tell (self, channel, subscriptions_act_unsubscribe, NULL, n_steps);
}

static void
subscriptions_act_authorized (ScopeSubscriptions     *self,
                              ScopeSubscription      *entry,
                              const SubscriptionNews *news)
{
  if (entry->wire != SCOPE_WIRE_AUTHORIZING || entry->tag != news->tag)
    return;

  if (!entry->wanted)
    {
      subscriptions_drop (self, entry);
      return;
    }

  entry->wire = SCOPE_WIRE_SENT;
  subscriptions_add_step (self, SCOPE_STEP_SEND_SUBSCRIBE, entry->name, entry->tag);
}

/**
 * scope_subscriptions_authorized:
 * @tag: of the AUTHORIZE step that this answers
 * @n_steps: (out):
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_authorized (ScopeSubscriptions *self,
                                const char         *channel,
                                guint               tag,
                                guint              *n_steps)
{
  SubscriptionNews news = { .tag = tag };

  g_return_val_if_fail (self != NULL && channel != NULL && n_steps != NULL, NULL);

  return subscriptions_tell (self, channel, subscriptions_act_authorized, &news, n_steps);
}

static void
subscriptions_act_refused (ScopeSubscriptions     *self,
                           ScopeSubscription      *entry,
                           const SubscriptionNews *news)
{
  if (entry->wire == SCOPE_WIRE_AUTHORIZING && entry->tag == news->tag)
    subscriptions_fail (self, entry, news->type, news->text, news->status);
}

/**
 * scope_subscriptions_refused:
 * @tag: of the AUTHORIZE step that this answers
 * @type: (nullable): such as `AuthError`
 * @text: (nullable): why
 * @status: the endpoint's HTTP status, or 0
 * @n_steps: (out):
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_refused (ScopeSubscriptions *self,
                             const char         *channel,
                             guint               tag,
                             const char         *type,
                             const char         *text,
                             guint               status,
                             guint              *n_steps)
{
  SubscriptionNews news = { tag, type, text, status };

  g_return_val_if_fail (self != NULL && channel != NULL && n_steps != NULL, NULL);

  return subscriptions_tell (self, channel, subscriptions_act_refused, &news, n_steps);
}

static void
subscriptions_act_succeeded (ScopeSubscriptions     *self,
                             ScopeSubscription      *entry,
                             const SubscriptionNews *news)
{
  if (!entry->wanted)
    {
      subscriptions_add_step (self, SCOPE_STEP_SEND_UNSUBSCRIBE, entry->name, entry->tag);
      subscriptions_drop (self, entry);
    }
  else if (subscription_is_pending (entry) || entry->wire == SCOPE_WIRE_ERROR)
    {
      entry->wire = SCOPE_WIRE_SUBSCRIBED;
      subscriptions_add_step (self, SCOPE_STEP_SUBSCRIBED, entry->name, entry->tag);
    }
}

/**
 * scope_subscriptions_succeeded:
 * @n_steps: (out):
 *
 * The server's `subscription_succeeded`. It also ends an error: a server may be later than our time
 * limit. soketi says it twice if asked twice, which changes nothing.
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_succeeded (ScopeSubscriptions *self,
                               const char         *channel,
                               guint              *n_steps)
{
  g_return_val_if_fail (self != NULL && channel != NULL && n_steps != NULL, NULL);

  return subscriptions_tell (self, channel, subscriptions_act_succeeded, NULL, n_steps);
}

/* soketi looks for its prefixes anywhere in a name: `my-private-room` needs authorization there, and
 * nowhere else (§11.2). */
static gboolean
subscription_is_private_elsewhere (const ScopeSubscription *entry)
{
  return strstr (entry->name, "private-") != NULL || strstr (entry->name, "presence-") != NULL;
}

static gboolean
subscription_wants_auth (const ScopeSubscription *entry,
                         const SubscriptionNews  *news)
{
  return entry->wire == SCOPE_WIRE_SENT && !entry->needs_auth && news->status == 401
         && g_strcmp0 (news->type, "AuthError") == 0 && subscription_is_private_elsewhere (entry);
}

static void
subscriptions_act_server_error (ScopeSubscriptions     *self,
                                ScopeSubscription      *entry,
                                const SubscriptionNews *news)
{
  g_autofree char *explained = NULL;

  if (!subscription_is_pending (entry))
    return;

  if (!entry->wanted || !subscription_wants_auth (entry, news))
    {
      subscriptions_fail (self, entry, news->type, news->text, news->status);
      return;
    }

  /* once: from now on it counts as a channel that needs authorization */
  if (self->can_authorize)
    {
      entry->needs_auth = TRUE;
      subscriptions_start (self, entry);
      return;
    }

  explained = g_strdup_printf (_("%s This server (as soketi does) takes a name that holds “private-” or "
                                 "“presence-” anywhere for a channel that needs authorization: add the "
                                 "app secret or an authorization endpoint, or use another name."),
                               news->text != NULL ? news->text : "");
  subscriptions_fail (self, entry, news->type, explained, news->status);
}

/**
 * scope_subscriptions_server_error:
 * @type: (nullable): such as `AuthError`
 * @text: (nullable): why
 * @status: the server's code, or 0
 * @n_steps: (out):
 *
 * A `subscription_error` frame, or a `pusher:error` found to speak of this channel. It ends a
 * pending subscription and leaves one that stands. A server may want authorization for a name that
 * needs none by its kind (protocol.md §11.2): then it is tried once more with it, if it can be had.
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_server_error (ScopeSubscriptions *self,
                                  const char         *channel,
                                  const char         *type,
                                  const char         *text,
                                  guint               status,
                                  guint              *n_steps)
{
  SubscriptionNews news = { .type = type, .text = text, .status = status };

  g_return_val_if_fail (self != NULL && channel != NULL && n_steps != NULL, NULL);

  return subscriptions_tell (self, channel, subscriptions_act_server_error, &news, n_steps);
}

static void
subscriptions_act_timed_out (ScopeSubscriptions     *self,
                             ScopeSubscription      *entry,
                             const SubscriptionNews *news)
{
  if (!subscription_is_pending (entry) || entry->tag != news->tag)
    return;

  /* the answer may only be late: an unwanted channel must not stay subscribed by it */
  if (!entry->wanted && entry->wire == SCOPE_WIRE_SENT)
    subscriptions_add_step (self, SCOPE_STEP_SEND_UNSUBSCRIBE, entry->name, entry->tag);
  subscriptions_fail (self, entry, "TimedOut",
                      _("The server did not answer the subscription in time. Subscribe again "
                        "to retry."),
                      0);
}

/**
 * scope_subscriptions_timed_out:
 * @tag: of the PENDING step whose limit is over
 * @n_steps: (out):
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_timed_out (ScopeSubscriptions *self,
                               const char         *channel,
                               guint               tag,
                               guint              *n_steps)
{
  SubscriptionNews news = { .tag = tag };

  g_return_val_if_fail (self != NULL && channel != NULL && n_steps != NULL, NULL);

  return subscriptions_tell (self, channel, subscriptions_act_timed_out, &news, n_steps);
}

/**
 * scope_subscriptions_connected:
 * @n_steps: (out):
 *
 * A new socket: all that is wanted is subscribed once more, in the order it was asked for.
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_connected (ScopeSubscriptions *self,
                               guint              *n_steps)
{
  g_return_val_if_fail (self != NULL && n_steps != NULL, NULL);

  subscriptions_begin (self);

  if (!self->is_connected)
    {
      self->is_connected = TRUE;
      for (guint i = 0; i < self->in_order->len; i++)
        subscriptions_start (self, g_ptr_array_index (self->in_order, i));
    }

  return subscriptions_end (self, n_steps);
}

/**
 * scope_subscriptions_lost:
 * @n_steps: (out):
 *
 * The socket is gone: nothing is subscribed or pending any more, and what was not wanted any more
 * is forgotten, not subscribed again.
 *
 * Returns: (array length=n_steps) (transfer none): valid until the next call
 */
const ScopeStep *
scope_subscriptions_lost (ScopeSubscriptions *self,
                          guint              *n_steps)
{
  guint i = 0;

  g_return_val_if_fail (self != NULL && n_steps != NULL, NULL);

  subscriptions_begin (self);
  self->is_connected = FALSE;

  while (i < self->in_order->len)
    {
      ScopeSubscription *entry = g_ptr_array_index (self->in_order, i);

      if (!entry->wanted)
        {
          subscriptions_drop (self, entry);
          continue;
        }

      if (entry->wire != SCOPE_WIRE_NONE)
        subscriptions_add_step (self, SCOPE_STEP_RESET, entry->name, entry->tag);
      entry->wire = SCOPE_WIRE_NONE;
      i++;
    }

  return subscriptions_end (self, n_steps);
}

/**
 * scope_subscriptions_is_wanted:
 *
 * Returns: whether the user wants the channel, whatever the wire says
 */
gboolean
scope_subscriptions_is_wanted (ScopeSubscriptions *self,
                               const char         *channel)
{
  ScopeSubscription *entry;

  g_return_val_if_fail (self != NULL && channel != NULL, FALSE);

  entry = subscriptions_find (self, channel);
  return entry != NULL && entry->wanted;
}

/**
 * scope_subscriptions_get_wire_state:
 *
 * Returns: how the channel stands on this socket; SCOPE_WIRE_NONE if it is not known
 */
ScopeWireState
scope_subscriptions_get_wire_state (ScopeSubscriptions *self,
                                    const char         *channel)
{
  ScopeSubscription *entry;

  g_return_val_if_fail (self != NULL && channel != NULL, SCOPE_WIRE_NONE);

  entry = subscriptions_find (self, channel);
  return entry != NULL ? entry->wire : SCOPE_WIRE_NONE;
}

/**
 * scope_subscriptions_get_tag:
 *
 * Returns: the tag of the channel's last try, or 0
 */
guint
scope_subscriptions_get_tag (ScopeSubscriptions *self,
                             const char         *channel)
{
  ScopeSubscription *entry;

  g_return_val_if_fail (self != NULL && channel != NULL, 0);

  entry = subscriptions_find (self, channel);
  return entry != NULL ? entry->tag : 0;
}

/**
 * scope_subscriptions_list_wanted:
 *
 * Returns: (transfer container) (element-type utf8): in the order they were asked for
 */
GPtrArray *
scope_subscriptions_list_wanted (ScopeSubscriptions *self)
{
  GPtrArray *names;

  g_return_val_if_fail (self != NULL, NULL);

  names = g_ptr_array_new ();
  for (guint i = 0; i < self->in_order->len; i++)
    {
      ScopeSubscription *entry = g_ptr_array_index (self->in_order, i);

      if (entry->wanted)
        g_ptr_array_add (names, entry->name);
    }

  return names;
}

/**
 * scope_subscriptions_list_sent:
 *
 * Several servers refuse without naming the channel (protocol.md §11.1). They can only speak of
 * what was sent to them, wanted still or not.
 *
 * Returns: (transfer container): the names of channels that wait for the server's answer
 */
GPtrArray *
scope_subscriptions_list_sent (ScopeSubscriptions *self)
{
  GPtrArray *names;

  g_return_val_if_fail (self != NULL, NULL);

  names = g_ptr_array_new ();
  for (guint i = 0; i < self->in_order->len; i++)
    {
      ScopeSubscription *entry = g_ptr_array_index (self->in_order, i);

      if (entry->wire == SCOPE_WIRE_SENT)
        g_ptr_array_add (names, entry->name);
    }

  return names;
}
