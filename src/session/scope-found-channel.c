/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-found-channel"

#include "config.h"

#include "session/scope-found-channel-private.h"

#include <string.h>

#include "base/scope-limits.h"

#define DIGITS "0123456789"

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFoundChannel, scope_found_channel, G_TYPE_OBJECT)

static void
scope_found_channel_finalize (GObject *object)
{
  ScopeFoundChannel *self = SCOPE_FOUND_CHANNEL (object);

  g_free (self->name);
  scope_occupancy_free (self->history);

  G_OBJECT_CLASS (scope_found_channel_parent_class)->finalize (object);
}

static void
scope_found_channel_class_init (ScopeFoundChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_found_channel_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_FOUND_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
scope_found_channel_init (ScopeFoundChannel *self)
{
  self->user_count = -1;
  self->subscription_count = -1;
  self->history = scope_occupancy_new (SCOPE_LIMIT_OCCUPANCY_SAMPLES);
}

ScopeFoundChannel *
_scope_found_channel_new (const char *name)
{
  ScopeFoundChannel *self = g_object_new (SCOPE_TYPE_FOUND_CHANNEL, NULL);

  self->name = g_strdup (name);
  self->kind = scope_channel_name_get_kind (name);
  return self;
}

void
_scope_found_channel_changed (ScopeFoundChannel *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
_scope_found_channel_occupy (ScopeFoundChannel *self,
                             gint64             user_count,
                             gint64             subscription_count)
{
  if (self->occupied && self->user_count == user_count && self->subscription_count == subscription_count)
    return FALSE;

  self->occupied = TRUE;
  self->empty_usec = 0;
  self->user_count = user_count;
  self->subscription_count = subscription_count;
  return TRUE;
}

void
_scope_found_channel_vacate (ScopeFoundChannel *self,
                             gint64             wall_usec)
{
  self->occupied = FALSE;
  self->is_new = FALSE;
  self->was_ruled = FALSE;
  self->empty_usec = wall_usec;
  self->user_count = -1;
  self->subscription_count = -1;
  _scope_found_channel_changed (self);
}

void
_scope_found_channel_record (ScopeFoundChannel *self,
                             gint64             wall_usec)
{
  gint64 value = self->occupied ? 1 : 0;

  if (!self->asked)
    value = SCOPE_OCCUPANCY_UNKNOWN;
  else if (self->user_count >= 0)
    value = self->user_count;
  else if (self->subscription_count >= 0)
    value = self->subscription_count;
  scope_occupancy_add (self->history, wall_usec, value);
}

void
_scope_found_channel_set_subscribed (ScopeFoundChannel *self,
                                     gboolean           subscribed)
{
  if (self->subscribed == subscribed)
    return;
  self->subscribed = subscribed;
  _scope_found_channel_changed (self);
}

/**
 * scope_found_channel_get_name:
 *
 * Returns: (transfer none): the channel's name
 */
const char *
scope_found_channel_get_name (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), NULL);

  return self->name;
}

/**
 * scope_found_channel_get_kind:
 *
 * Returns: what it is by its name
 */
ScopeChannelKind
scope_found_channel_get_kind (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), SCOPE_CHANNEL_PUBLIC);

  return self->kind;
}

/**
 * scope_found_channel_get_occupied:
 *
 * Returns: whether the last poll found it
 */
gboolean
scope_found_channel_get_occupied (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), FALSE);

  return self->occupied;
}

/**
 * scope_found_channel_get_user_count:
 *
 * Returns: how many users are in it; -1: not told (protocol.md §9.2)
 */
gint64
scope_found_channel_get_user_count (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), -1);

  return self->user_count;
}

/**
 * scope_found_channel_get_subscription_count:
 *
 * Returns: how many subscriptions it has; -1: not told (protocol.md §9.2)
 */
gint64
scope_found_channel_get_subscription_count (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), -1);

  return self->subscription_count;
}

/**
 * scope_found_channel_get_appeared_usec:
 *
 * Returns: wall clock: since when the list has had it; 0: it was there before anybody looked
 */
gint64
scope_found_channel_get_appeared_usec (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), 0);

  return self->appeared_usec;
}

/**
 * scope_found_channel_get_empty_usec:
 *
 * Returns: wall clock of the first poll that did not find it; 0: it is occupied
 */
gint64
scope_found_channel_get_empty_usec (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), 0);

  return self->empty_usec;
}

/**
 * scope_found_channel_get_new:
 *
 * Returns: whether it appeared a short while ago
 */
gboolean
scope_found_channel_get_new (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), FALSE);

  return self->is_new;
}

/**
 * scope_found_channel_get_subscribed:
 *
 * Returns: whether this session is subscribed to it, which keeps it occupied
 */
gboolean
scope_found_channel_get_subscribed (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), FALSE);

  return self->subscribed;
}

/**
 * scope_found_channel_get_history:
 *
 * Returns: (transfer none): how many were there, poll by poll
 */
const ScopeOccupancy *
scope_found_channel_get_history (ScopeFoundChannel *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_CHANNEL (self), NULL);

  return self->history;
}

/* Order */

/* Two numbers: their values, and if these are equal ("7", "07"), their lengths. */
static int
found_compare_numbers (const char *a,
                       gsize       a_length,
                       const char *b,
                       gsize       b_length)
{
  gsize a_zeros = strspn (a, "0");
  gsize b_zeros = strspn (b, "0");
  gsize a_digits = a_length - MIN (a_zeros, a_length);
  gsize b_digits = b_length - MIN (b_zeros, b_length);
  int order;

  if (a_digits != b_digits)
    return a_digits < b_digits ? -1 : 1;
  order = memcmp (a + a_length - a_digits, b + b_length - b_digits, a_digits);
  if (order != 0)
    return order;
  return (a_length > b_length) - (a_length < b_length);
}

/**
 * scope_found_channel_compare_names:
 * @a: a channel's name
 * @b: another one
 *
 * Compares number by number and byte by byte, so that "order-9" is before "order-10", and all that begins
 * with one name part stands together.
 *
 * Returns: as strcmp()
 */
int
scope_found_channel_compare_names (const char *a,
                                   const char *b)
{
  gsize same = 0;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  /* to where they differ, and back to where a number begins there */
  while (a[same] != '\0' && a[same] == b[same])
    same++;
  while (same > 0 && g_ascii_isdigit (a[same - 1]))
    same--;
  a += same;
  b += same;

  if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
    {
      gsize a_length = strspn (a, DIGITS);
      gsize b_length = strspn (b, DIGITS);
      int order = found_compare_numbers (a, a_length, b, b_length);

      if (order != 0)
        return order;
      a += a_length;
      b += b_length;
    }
  return (guchar) *a - (guchar) *b;
}
