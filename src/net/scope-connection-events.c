/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events, and the keys of encrypted channels (protocol.md §5):
 *
 * An event is opened with the key the endpoint gave, else with the one derived from the master key. If it does
 * not open and there is an endpoint, the key may have been changed: the endpoint is asked once more, at most
 * every SCOPE_WAIT_KEY_AGAIN_USEC, and until it answers the events of this channel are held, so that they are
 * told in the order in which they came. Whatever happens then, each is told: opened, or locked as it came. */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-secret.h"
#include "protocol/scope-decrypt.h"

/* Why an event stays locked; each is told once for a channel and key. */
typedef enum
{
  LOCK_NO_KEY = 1 << 0,
  LOCK_WRONG_KEY = 1 << 1,
  LOCK_BAD_FORM = 1 << 2,
  LOCK_BAD_MASTER_KEY = 1 << 3,
} ScopeLockReasons;

/* An encrypted channel that is wanted. */
typedef struct
{
  guint8 key[SCOPE_CHANNEL_KEY_BYTES]; /* the endpoint's */
  gboolean has_key;
  ScopeLockReasons told;
  ScopeAsk *ask;                       /* for a new key; NULL: none is under way */
  gboolean was_asked;
  gint64 asked_usec;
  gboolean is_full;                    /* while asking: no more are held */
  GQueue held;                         /* of ScopeHeldEvent* */
} ScopeLock;

typedef struct
{
  ScopeMessage *message;
  gint64 came_usec;
} ScopeHeldEvent;

/* --- locks --- */

static void
scope_held_event_free (gpointer data)
{
  ScopeHeldEvent *event = data;

  scope_message_unref (event->message);
  g_free (event);
}

static void
scope_lock_stop_asking (ScopeLock *lock)
{
  g_clear_pointer (&lock->ask, _scope_ask_cancel);
  lock->is_full = FALSE;
}

static void
scope_lock_clear (gpointer data)
{
  ScopeLock *lock = data;

  scope_lock_stop_asking (lock);
  g_queue_clear_full (&lock->held, scope_held_event_free);
  scope_secret_wipe (lock->key, sizeof lock->key);
}

static void
scope_lock_unref (gpointer data)
{
  g_rc_box_release_full (data, scope_lock_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeLock, scope_lock_unref)

void
_scope_connection_init_locks (ScopeConnection *self)
{
  self->locks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, scope_lock_unref);
}

/* (transfer full): the listener may unsubscribe while it is told. Only what is wanted has one: the names of
 * others are the server's choice. */
static ScopeLock *
scope_connection_dup_lock (ScopeConnection *self,
                           const char *channel)
{
  ScopeLock *lock = g_hash_table_lookup (self->locks, channel);

  if (lock == NULL && !scope_subscriptions_is_wanted (self->subscriptions, channel))
    return NULL;
  if (lock == NULL)
    {
      lock = g_rc_box_new0 (ScopeLock);
      g_queue_init (&lock->held);
      g_hash_table_insert (self->locks, g_strdup (channel), lock);
    }
  return g_rc_box_acquire (lock);
}

static void
scope_lock_set_key (ScopeLock *lock,
                    const ScopeSecret *shared_secret)
{
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];

  if (!scope_channel_key_decode (scope_secret_peek (shared_secret), key, NULL))
    return; /* scope_auth_reply_parse() has refused it before */

  if (!lock->has_key || memcmp (lock->key, key, sizeof key) != 0)
    lock->told = 0;
  memcpy (lock->key, key, sizeof key);
  lock->has_key = TRUE;
  scope_secret_wipe (key, sizeof key);
}

static void
scope_lock_drop_key (ScopeLock *lock)
{
  scope_secret_wipe (lock->key, sizeof lock->key);
  lock->has_key = FALSE;
}

/* --- telling --- */

/* The event itself carries the frame, not the remark on it. */
static void
scope_connection_remark (ScopeConnection *self,
                         const char *channel,
                         const char *text)
{
  ScopeMessage *kept = g_steal_pointer (&self->message);

  _scope_connection_report_error (self, SCOPE_SOURCE_DECRYPT, channel, text);
  self->message = kept;
}

/* plain NULL: it is locked */
static void
scope_connection_tell_event (ScopeConnection *self,
                             ScopeMessage *message,
                             GBytes *plain,
                             gint64 held_usec)
{
  ScopeReport report = { .type = SCOPE_REPORT_EVENT, .channel = scope_message_get_channel (message, NULL),
                         .encrypted = TRUE, .decrypted = plain != NULL, .plain = plain,
                         .held_usec = held_usec };
  ScopeMessage *kept = self->message != message ? self->message : NULL;

  self->message = message;
  _scope_connection_report (self, &report);
  self->message = kept;
}

static ScopeLockReasons
scope_lock_reason_of (const GError *error)
{
  if (error == NULL)
    return LOCK_NO_KEY;
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_FAILED))
    return LOCK_WRONG_KEY;
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL))
    return LOCK_BAD_FORM;
  return LOCK_BAD_MASTER_KEY;
}

static void
scope_connection_explain (ScopeConnection *self,
                          ScopeLock *lock,
                          const char *channel,
                          const GError *error)
{
  ScopeLockReasons reason = scope_lock_reason_of (error);
  g_autofree char *text = NULL;

  if (lock != NULL && (lock->told & reason) != 0)
    return;
  if (lock != NULL)
    lock->told |= reason;

  if (reason == LOCK_NO_KEY && lock == NULL)
    return; /* nobody asked for this channel */
  if (reason == LOCK_NO_KEY)
    text = g_strdup (_("The events of this channel stay locked: its key is not known. Add the encryption "
                       "master key, or an authorization endpoint that gives a shared_secret."));
  else if (reason != LOCK_WRONG_KEY)
    text = g_strdup (error->message);
  else if (lock != NULL && lock->has_key)
    text = g_strdup_printf (_("%s. The key is the one the authorization endpoint gave: check that the "
                              "publisher uses the same master key."), error->message);
  else
    text = g_strdup_printf (_("%s. Check the encryption master key."), error->message);
  scope_connection_remark (self, channel, text);
}

/* --- opening --- */

/* The endpoint's goes before the derived one. FALSE without an error: none is known. */
static gboolean
scope_connection_get_key (ScopeConnection *self,
                          ScopeLock *lock,
                          const char *channel,
                          guint8 key[SCOPE_CHANNEL_KEY_BYTES],
                          GError **error)
{
  const char *master_key = scope_secret_peek (self->options->master_key);

  if (lock != NULL && lock->has_key)
    {
      memcpy (key, lock->key, SCOPE_CHANNEL_KEY_BYTES);
      return TRUE;
    }
  return master_key != NULL && scope_channel_key_derive (channel, master_key, key, error);
}

static GBytes *
scope_connection_open (ScopeConnection *self,
                       ScopeLock *lock,
                       ScopeMessage *message,
                       GError **error)
{
  const char *channel = scope_message_get_channel (message, NULL);
  g_autoptr (GBytes) raw = scope_message_dup_raw_data (message);
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  GBytes *plain;
  gsize length = 0;
  const char *data = raw != NULL ? g_bytes_get_data (raw, &length) : "";

  if (!scope_connection_get_key (self, lock, channel, key, error))
    return NULL;

  plain = scope_decrypt_event (key, data, length, error);
  scope_secret_wipe (key, sizeof key);
  return plain;
}

static void
scope_connection_deliver (ScopeConnection *self,
                          ScopeLock *lock,
                          ScopeMessage *message,
                          gint64 held_usec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = scope_connection_open (self, lock, message, &error);

  if (plain == NULL)
    scope_connection_explain (self, lock, scope_message_get_channel (message, NULL), error);
  scope_connection_tell_event (self, message, plain, held_usec);
}

/* --- holding --- */

/* In order, each tried with the key as it is now. */
static void
scope_connection_release (ScopeConnection *self,
                          ScopeLock *lock)
{
  gint64 now_usec = scope_clock_get_monotonic_usec (self->clock);
  ScopeHeldEvent *event;

  while ((event = g_queue_pop_head (&lock->held)) != NULL)
    {
      self->held_bytes -= scope_message_get_size (event->message);
      scope_connection_deliver (self, lock, event->message, now_usec - event->came_usec);
      scope_held_event_free (event);
    }
}

/* No key will come for them: said once for all. */
static void
scope_connection_give_up (ScopeConnection *self,
                          ScopeLock *lock,
                          const char *channel,
                          const char *why)
{
  if (lock->held.length == 0)
    return;

  lock->told |= LOCK_WRONG_KEY | LOCK_NO_KEY;
  scope_connection_remark (self, channel, why);
  scope_connection_release (self, lock);
}

static gboolean
scope_connection_has_room (ScopeConnection *self,
                           ScopeLock *lock,
                           ScopeMessage *message)
{
  return lock->held.length < SCOPE_LIMIT_HELD_EVENTS
         && self->held_bytes + scope_message_get_size (message) <= SCOPE_LIMIT_HELD_BYTES;
}

/* The question stays open: its answer opens what comes after it. */
static void
scope_connection_hold (ScopeConnection *self,
                       ScopeLock *lock,
                       ScopeMessage *message)
{
  ScopeHeldEvent *event;

  if (!scope_connection_has_room (self, lock, message))
    {
      lock->is_full = TRUE;
      scope_connection_give_up (self, lock, scope_message_get_channel (message, NULL),
                                _("Too many events wait for this channel's key: they stay locked. Those that "
                                  "come after the authorization endpoint's answer are opened again."));
      scope_connection_deliver (self, lock, message, 0);
      return;
    }

  event = g_new0 (ScopeHeldEvent, 1);
  event->message = scope_message_ref (message);
  event->came_usec = scope_clock_get_monotonic_usec (self->clock);
  self->held_bytes += scope_message_get_size (message);
  g_queue_push_tail (&lock->held, event);
  if (self->message == message)
    self->message = NULL; /* it is told later */
}

static void
scope_connection_take_key (ScopeConnection *self,
                           const char *channel,
                           guint tag,
                           ScopeAuthReply *reply,
                           guint status,
                           const GError *error)
{
  g_autoptr (ScopeLock) lock = scope_connection_dup_lock (self, channel);

  if (lock == NULL)
    return;

  scope_lock_stop_asking (lock);
  if (reply == NULL)
    {
      g_autofree char *text
          = g_strdup_printf (_("An event could not be decrypted, and its channel's key could not be asked for "
                               "anew: %s. Such events stay locked; the endpoint is asked again after %d "
                               "seconds."), error->message,
                             (int) (SCOPE_WAIT_KEY_AGAIN_USEC / G_USEC_PER_SEC));

      scope_connection_give_up (self, lock, channel, text);
      return;
    }

  scope_lock_set_key (lock, reply->shared_secret);
  scope_connection_release (self, lock);
}

/* Another key may open it: there is an endpoint, and it was not asked just now. */
static gboolean
scope_connection_may_ask (ScopeConnection *self,
                          ScopeLock *lock,
                          const GError *error)
{
  gint64 now_usec = scope_clock_get_monotonic_usec (self->clock);
  ScopeLockReasons reason = scope_lock_reason_of (error);

  return lock != NULL && lock->ask == NULL && (reason == LOCK_WRONG_KEY || reason == LOCK_NO_KEY)
         && self->options->channel_auth.endpoint != NULL
         && scope_machine_get_state (self->machine) == SCOPE_STATE_CONNECTED
         && (!lock->was_asked || now_usec - lock->asked_usec >= SCOPE_WAIT_KEY_AGAIN_USEC);
}

static void
scope_connection_take_encrypted (ScopeConnection *self,
                                 const char *channel,
                                 ScopeMessage *message)
{
  g_autoptr (ScopeLock) lock = scope_connection_dup_lock (self, channel);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = NULL;

  if (lock != NULL && lock->ask != NULL && !lock->is_full)
    {
      scope_connection_hold (self, lock, message);
      return;
    }

  plain = scope_connection_open (self, lock, message, &error);
  if (plain == NULL && scope_connection_may_ask (self, lock, error))
    {
      lock->was_asked = TRUE;
      lock->asked_usec = scope_clock_get_monotonic_usec (self->clock);
      lock->ask = _scope_connection_ask (self, channel, 0, scope_connection_take_key);
      scope_connection_hold (self, lock, message);
      return;
    }

  if (plain == NULL)
    scope_connection_explain (self, lock, channel, error);
  scope_connection_tell_event (self, message, plain, 0);
}

void
_scope_connection_set_key (ScopeConnection *self,
                           const char *channel,
                           const ScopeSecret *shared_secret)
{
  g_autoptr (ScopeLock) lock = scope_connection_dup_lock (self, channel);

  if (lock == NULL)
    return;

  scope_lock_stop_asking (lock);
  if (shared_secret != NULL)
    scope_lock_set_key (lock, shared_secret);
  else
    scope_lock_drop_key (lock); /* of an endpoint that was taken out of the options */
  lock->told = 0;
  lock->was_asked = FALSE;
}

static void
scope_connection_lose_key (ScopeConnection *self,
                           const char *channel)
{
  g_autoptr (ScopeLock) lock = scope_connection_dup_lock (self, channel);

  if (lock == NULL)
    return;

  scope_lock_stop_asking (lock);
  scope_connection_give_up (self, lock, channel,
                            _("The connection was lost while the channel's key was asked for: the events that "
                              "waited for it stay locked"));
}

void
_scope_connection_lose_keys (ScopeConnection *self)
{
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer channel, lock;

  /* the listener may unsubscribe while it is told */
  g_hash_table_iter_init (&iter, self->locks);
  while (g_hash_table_iter_next (&iter, &channel, &lock))
    if (((ScopeLock *) lock)->ask != NULL)
      g_ptr_array_add (channels, g_strdup (channel));
  for (guint i = 0; i < channels->len; i++)
    scope_connection_lose_key (self, channels->pdata[i]);
}

void
_scope_connection_forget_key (ScopeConnection *self,
                              const char *channel)
{
  g_autoptr (ScopeLock) lock = NULL;
  gpointer name = NULL;

  if (!g_hash_table_steal_extended (self->locks, channel, &name, (gpointer *) &lock))
    return;

  g_free (name);
  scope_lock_stop_asking (lock);
  scope_connection_give_up (self, lock, channel,
                            _("The channel was unsubscribed while its key was asked for: the events that waited "
                              "for it stay locked"));
}

/* `pusher:` and `pusher_internal:` events are never encrypted, and never get here. */
void
_scope_connection_take_event (ScopeConnection *self,
                              ScopeMessage *message)
{
  const char *channel = scope_message_get_channel (message, NULL);
  ScopeReport report = { .type = SCOPE_REPORT_EVENT, .channel = channel };

  if (channel != NULL && channel[0] == 'p'
      && scope_channel_kind_is_encrypted (scope_channel_name_get_kind (channel)))
    scope_connection_take_encrypted (self, channel, message);
  else
    _scope_connection_report (self, &report);
}
