/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-channel"

#include "config.h"

#include "session/scope-channel-private.h"

#include "base/scope-text.h"

#include <string.h>

/* One bucket a second; the rate is that of the last ten. */
#define N_BUCKETS SCOPE_CHANNEL_RECENT_SECONDS
#define RATE_BUCKETS 10

struct _ScopeChannel
{
  GObject parent_instance;

  char *name;
  ScopeChannelKind kind;
  ScopeSubscriptionStatus status;
  char *status_text;
  char *error_text;
  ScopeMemberList *members;
  gboolean unseen;
  gboolean unseen_current;

  guint64 event_count;
  gint64 subscription_count;
  guint32 buckets[N_BUCKETS];
  gint64 bucket_second; /* of the newest bucket */

  /* as last notified */
  gboolean dirty;
  guint64 told_event_count;
  gint64 told_subscription_count;
  guint told_member_count;
  double rate;
  char *rate_text;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_KIND,
  PROP_STATUS,
  PROP_STATUS_TEXT,
  PROP_ERROR_TEXT,
  PROP_EVENT_COUNT,
  PROP_MEMBER_COUNT,
  PROP_SUBSCRIPTION_COUNT,
  PROP_RATE_TEXT,
  PROP_MEMBERS,
  PROP_UNSEEN,
  PROP_WATCHED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeChannel, scope_channel, G_TYPE_OBJECT)

static void
scope_channel_notify (ScopeChannel *self,
                      guint         id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

/* Empties the buckets of the seconds that went by. */
static void
scope_channel_turn_buckets (ScopeChannel *self,
                            gint64        monotonic_usec)
{
  gint64 second = monotonic_usec / G_USEC_PER_SEC;
  gint64 passed = second - self->bucket_second;

  if (passed <= 0)
    return;
  if (passed >= N_BUCKETS)
    memset (self->buckets, 0, sizeof self->buckets);
  else
    for (gint64 i = self->bucket_second + 1; i <= second; i++)
      self->buckets[i % N_BUCKETS] = 0;
  self->bucket_second = second;
}

static double
scope_channel_sum_rate (ScopeChannel *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < RATE_BUCKETS; i++)
    sum += self->buckets[(self->bucket_second + N_BUCKETS - i) % N_BUCKETS];
  return (double) sum / RATE_BUCKETS;
}

static void
scope_channel_flush_rate (ScopeChannel *self,
                          gint64        monotonic_usec)
{
  g_autofree char *text = NULL;
  double rate;

  scope_channel_turn_buckets (self, monotonic_usec);
  rate = scope_channel_sum_rate (self);
  if (rate == self->rate)
    return;

  self->rate = rate;
  text = rate > 0 ? scope_text_format_rate (rate) : g_strdup ("");
  if (scope_set_str (&self->rate_text, text))
    scope_channel_notify (self, PROP_RATE_TEXT);
}

gboolean
_scope_channel_flush (ScopeChannel *self,
                      gint64        monotonic_usec)
{
  guint member_count = _scope_member_list_get_count (self->members);

  g_object_freeze_notify (G_OBJECT (self));
  self->dirty = FALSE;
  if (self->told_event_count != self->event_count)
    scope_channel_notify (self, PROP_EVENT_COUNT);
  if (self->told_subscription_count != self->subscription_count)
    scope_channel_notify (self, PROP_SUBSCRIPTION_COUNT);
  if (self->told_member_count != member_count)
    scope_channel_notify (self, PROP_MEMBER_COUNT);
  self->told_event_count = self->event_count;
  self->told_subscription_count = self->subscription_count;
  self->told_member_count = member_count;
  scope_channel_flush_rate (self, monotonic_usec);
  g_object_thaw_notify (G_OBJECT (self));

  return self->rate > 0;
}

gboolean
_scope_channel_mark_dirty (ScopeChannel *self)
{
  gboolean was_dirty = self->dirty;

  self->dirty = TRUE;
  return !was_dirty;
}

void
_scope_channel_count_event (ScopeChannel *self,
                            gint64        monotonic_usec)
{
  self->event_count++;
  if (monotonic_usec == 0)
    return;

  scope_channel_turn_buckets (self, monotonic_usec);
  self->buckets[self->bucket_second % N_BUCKETS]++;
}

void
_scope_channel_set_subscription_count (ScopeChannel *self,
                                       gint64        count)
{
  self->subscription_count = MAX (count, -1);
}

void
_scope_channel_set_status (ScopeChannel            *self,
                           ScopeSubscriptionStatus  status,
                           const char              *text,
                           const char              *error_text)
{
  gboolean watched = scope_channel_get_watched (self);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->status != status)
    {
      self->status = status;
      scope_channel_notify (self, PROP_STATUS);
    }
  if (scope_set_str (&self->status_text, text))
    scope_channel_notify (self, PROP_STATUS_TEXT);
  if (scope_set_str (&self->error_text, error_text))
    scope_channel_notify (self, PROP_ERROR_TEXT);
  if (watched != scope_channel_get_watched (self))
    scope_channel_notify (self, PROP_WATCHED);
  g_object_thaw_notify (G_OBJECT (self));
}

void
_scope_channel_set_unseen (ScopeChannel *self,
                           gboolean      unseen,
                           gboolean      current)
{
  gboolean watched = scope_channel_get_watched (self);
  gboolean was_unseen = self->unseen;

  self->unseen = unseen;
  self->unseen_current = unseen && current;
  if (was_unseen != unseen)
    scope_channel_notify (self, PROP_UNSEEN);
  if (watched != scope_channel_get_watched (self))
    scope_channel_notify (self, PROP_WATCHED);
}

ScopeMemberList *
_scope_channel_get_member_list (ScopeChannel *self)
{
  return self->members;
}

static void
scope_channel_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ScopeChannel *self = SCOPE_CHANNEL (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_KIND:
      g_value_set_int (value, self->kind);
      break;
    case PROP_STATUS:
      g_value_set_int (value, self->status);
      break;
    case PROP_STATUS_TEXT:
      g_value_set_string (value, self->status_text);
      break;
    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->error_text);
      break;
    case PROP_EVENT_COUNT:
      g_value_set_uint64 (value, self->event_count);
      break;
    case PROP_MEMBER_COUNT:
      g_value_set_uint (value, _scope_member_list_get_count (self->members));
      break;
    case PROP_SUBSCRIPTION_COUNT:
      g_value_set_int64 (value, self->subscription_count);
      break;
    case PROP_RATE_TEXT:
      g_value_set_string (value, self->rate_text);
      break;
    case PROP_MEMBERS:
      g_value_set_object (value, self->members);
      break;
    case PROP_UNSEEN:
      g_value_set_boolean (value, self->unseen);
      break;
    case PROP_WATCHED:
      g_value_set_boolean (value, scope_channel_get_watched (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_channel_finalize (GObject *object)
{
  ScopeChannel *self = SCOPE_CHANNEL (object);

  g_clear_object (&self->members);
  g_free (self->name);
  g_free (self->status_text);
  g_free (self->error_text);
  g_free (self->rate_text);

  G_OBJECT_CLASS (scope_channel_parent_class)->finalize (object);
}

static void
scope_channel_class_init (ScopeChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = scope_channel_finalize;
  object_class->get_property = scope_channel_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_STATUS] = g_param_spec_int ("status", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_STATUS_TEXT] = g_param_spec_string ("status-text", NULL, NULL, NULL, flags);
  properties[PROP_ERROR_TEXT] = g_param_spec_string ("error-text", NULL, NULL, NULL, flags);
  properties[PROP_EVENT_COUNT] =
    g_param_spec_uint64 ("event-count", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_MEMBER_COUNT] =
    g_param_spec_uint ("member-count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SUBSCRIPTION_COUNT] =
    g_param_spec_int64 ("subscription-count", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_RATE_TEXT] = g_param_spec_string ("rate-text", NULL, NULL, "", flags);
  properties[PROP_MEMBERS] =
    g_param_spec_object ("members", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_UNSEEN] = g_param_spec_boolean ("unseen", NULL, NULL, FALSE, flags);
  properties[PROP_WATCHED] = g_param_spec_boolean ("watched", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_channel_init (ScopeChannel *self)
{
  self->members = _scope_member_list_new ();
  self->subscription_count = -1;
  self->told_subscription_count = -1;
  self->rate_text = g_strdup ("");
}

ScopeChannel *
_scope_channel_new (const char *name)
{
  ScopeChannel *self = g_object_new (SCOPE_TYPE_CHANNEL, NULL);

  self->name = g_strdup (name);
  self->kind = scope_channel_name_get_kind (name);
  return self;
}

/**
 * scope_channel_get_recent:
 * @self: a channel
 * @monotonic_usec: now
 * @counts: (out caller-allocates) (array fixed-size=60): events in each second, the oldest first
 *
 * Of the last minute, as it is now and not as last notified.
 */
void
scope_channel_get_recent (ScopeChannel *self,
                          gint64        monotonic_usec,
                          guint32      *counts)
{
  gint64 first = monotonic_usec / G_USEC_PER_SEC - N_BUCKETS + 1;

  g_return_if_fail (SCOPE_IS_CHANNEL (self));

  for (guint i = 0; i < N_BUCKETS; i++)
    {
      gint64 second = first + i;
      gboolean kept = second <= self->bucket_second && second > self->bucket_second - N_BUCKETS;

      counts[i] = kept && second >= 0 ? self->buckets[second % N_BUCKETS] : 0;
    }
}

/**
 * scope_channel_get_name:
 * @self: a channel
 *
 * Returns: (transfer none): its name
 */
const char *
scope_channel_get_name (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), NULL);

  return self->name;
}

/**
 * scope_channel_get_kind:
 * @self: a channel
 *
 * Returns: what its name makes it
 */
ScopeChannelKind
scope_channel_get_kind (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), SCOPE_CHANNEL_PUBLIC);

  return self->kind;
}

/**
 * scope_channel_get_status:
 * @self: a channel
 *
 * Returns: how its subscription stands; the property `status-text` says it in words
 */
ScopeSubscriptionStatus
scope_channel_get_status (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), SCOPE_SUBSCRIPTION_PENDING);

  return self->status;
}

/**
 * scope_channel_get_error_text:
 * @self: a channel
 *
 * Returns: (transfer none) (nullable): why it could not be subscribed to
 */
const char *
scope_channel_get_error_text (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), NULL);

  return self->error_text;
}

/**
 * scope_channel_get_event_count:
 * @self: a channel
 *
 * Returns: how many events came or went on it
 */
guint64
scope_channel_get_event_count (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), 0);

  return self->event_count;
}

/**
 * scope_channel_get_member_count:
 * @self: a channel
 *
 * Returns: how many members are there; 0 unless it is a presence channel that is subscribed to
 */
guint
scope_channel_get_member_count (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), 0);

  return _scope_member_list_get_count (self->members);
}

/**
 * scope_channel_get_subscription_count:
 * @self: a channel
 *
 * Returns: how many subscriptions the server counts, or -1 if it did not tell
 */
gint64
scope_channel_get_subscription_count (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), -1);

  return self->subscription_count;
}

/**
 * scope_channel_get_rate:
 * @self: a channel
 *
 * Returns: events a second over the last ten seconds, as last notified
 */
double
scope_channel_get_rate (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), 0);

  return self->rate;
}

/**
 * scope_channel_get_members:
 * @self: a channel
 *
 * Returns: (transfer none): a model of [class@Member], by name; empty unless it is a presence
 *   channel that is subscribed to
 */
GListModel *
scope_channel_get_members (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), NULL);

  return G_LIST_MODEL (self->members);
}

/**
 * scope_channel_get_unseen:
 * @self: a channel
 *
 * Returns: whether its members are watched without joining it
 */
gboolean
scope_channel_get_unseen (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), FALSE);

  return self->unseen;
}

/**
 * scope_channel_get_watched:
 * @self: a channel
 *
 * Returns: whether what is shown of it is so now: it is subscribed to, or its users have just been
 *   asked for
 */
gboolean
scope_channel_get_watched (ScopeChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_CHANNEL (self), FALSE);

  return self->unseen ? self->unseen_current : self->status == SCOPE_SUBSCRIPTION_SUBSCRIBED;
}
