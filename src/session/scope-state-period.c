/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-state-period"

#include "config.h"

#include "session/scope-state-period-private.h"

#include "base/scope-text.h"

struct _ScopeStatePeriod
{
  GObject parent_instance;

  ScopeState state;
  gint64 started_usec;
  gint64 ended_usec;
  int code;
  char *reason;
  char *meaning;
  guint attempts;
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_STARTED_USEC,
  PROP_ENDED_USEC,
  PROP_CODE,
  PROP_REASON,
  PROP_MEANING,
  PROP_ATTEMPTS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeStatePeriod, scope_state_period, G_TYPE_OBJECT)

static void
scope_state_period_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScopeStatePeriod *self = SCOPE_STATE_PERIOD (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_STARTED_USEC:
      g_value_set_int64 (value, self->started_usec);
      break;
    case PROP_ENDED_USEC:
      g_value_set_int64 (value, self->ended_usec);
      break;
    case PROP_CODE:
      g_value_set_int (value, self->code);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_MEANING:
      g_value_set_string (value, self->meaning);
      break;
    case PROP_ATTEMPTS:
      g_value_set_uint (value, self->attempts);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_state_period_finalize (GObject *object)
{
  ScopeStatePeriod *self = SCOPE_STATE_PERIOD (object);

  g_free (self->reason);
  g_free (self->meaning);

  G_OBJECT_CLASS (scope_state_period_parent_class)->finalize (object);
}

static void
scope_state_period_class_init (ScopeStatePeriodClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = scope_state_period_finalize;
  object_class->get_property = scope_state_period_get_property;

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_STARTED_USEC] =
    g_param_spec_int64 ("started-usec", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_ENDED_USEC] =
    g_param_spec_int64 ("ended-usec", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_CODE] = g_param_spec_int ("code", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  properties[PROP_MEANING] = g_param_spec_string ("meaning", NULL, NULL, NULL, flags);
  properties[PROP_ATTEMPTS] = g_param_spec_uint ("attempts", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_state_period_init (ScopeStatePeriod *self)
{
  self->code = -1;
}

ScopeStatePeriod *
_scope_state_period_new (ScopeState state,
                         gint64     started_usec)
{
  ScopeStatePeriod *self = g_object_new (SCOPE_TYPE_STATE_PERIOD, NULL);

  self->state = state;
  self->started_usec = started_usec;
  self->attempts = state == SCOPE_STATE_CONNECTING ? 1 : 0;
  return self;
}

void
_scope_state_period_end (ScopeStatePeriod *self,
                         gint64            ended_usec)
{
  self->ended_usec = ended_usec;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENDED_USEC]);
}

void
_scope_state_period_add_attempt (ScopeStatePeriod *self)
{
  self->attempts++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ATTEMPTS]);
}

void
_scope_state_period_set_cause (ScopeStatePeriod *self,
                               int               code,
                               const char       *reason,
                               const char       *meaning)
{
  if (self->code != code)
    {
      self->code = code;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CODE]);
    }
  if (scope_set_str (&self->reason, reason))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
  if (scope_set_str (&self->meaning, meaning))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEANING]);
}

/**
 * scope_state_period_get_state:
 * @self: a period
 *
 * Returns: the state it was a time of
 */
ScopeState
scope_state_period_get_state (ScopeStatePeriod *self)
{
  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (self), SCOPE_STATE_INITIALIZED);

  return self->state;
}

/**
 * scope_state_period_get_started_usec:
 * @self: a period
 *
 * Returns: when it began, in microseconds since 1970
 */
gint64
scope_state_period_get_started_usec (ScopeStatePeriod *self)
{
  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (self), 0);

  return self->started_usec;
}

/**
 * scope_state_period_get_ended_usec:
 * @self: a period
 *
 * Returns: when it ended, in microseconds since 1970, or 0 while it lasts
 */
gint64
scope_state_period_get_ended_usec (ScopeStatePeriod *self)
{
  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (self), 0);

  return self->ended_usec;
}

/**
 * scope_state_period_get_code:
 * @self: a period
 *
 * Returns: the close code or HTTP status because of which it ended (or, if nothing is known of its
 *   end, began); -1 if there was none
 */
int
scope_state_period_get_code (ScopeStatePeriod *self)
{
  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (self), -1);

  return self->code;
}

/**
 * scope_state_period_get_reason:
 * @self: a period
 *
 * Returns: (transfer none) (nullable): what the other side said, or what went wrong
 */
const char *
scope_state_period_get_reason (ScopeStatePeriod *self)
{
  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (self), NULL);

  return self->reason;
}

/**
 * scope_state_period_get_meaning:
 * @self: a period
 *
 * Returns: (transfer none) (nullable): what the code means, translated
 */
const char *
scope_state_period_get_meaning (ScopeStatePeriod *self)
{
  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (self), NULL);

  return self->meaning;
}

/**
 * scope_state_period_get_attempts:
 * @self: a period
 *
 * Returns: how many tries to connect fell into it
 */
guint
scope_state_period_get_attempts (ScopeStatePeriod *self)
{
  g_return_val_if_fail (SCOPE_IS_STATE_PERIOD (self), 0);

  return self->attempts;
}
