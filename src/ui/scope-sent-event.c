/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sent-event"

#include "config.h"

#include "ui/scope-sent-event.h"

struct _ScopeSentEvent
{
  GObject parent_instance;

  gint64 time_usec;
  char *channel;
  char *event;
  char *data;
  char *refusal;
};

G_DEFINE_FINAL_TYPE (ScopeSentEvent, scope_sent_event, G_TYPE_OBJECT)

static void
scope_sent_event_finalize (GObject *object)
{
  ScopeSentEvent *self = SCOPE_SENT_EVENT (object);

  g_free (self->channel);
  g_free (self->event);
  g_free (self->data);
  g_free (self->refusal);

  G_OBJECT_CLASS (scope_sent_event_parent_class)->finalize (object);
}

static void
scope_sent_event_class_init (ScopeSentEventClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_sent_event_finalize;
}

static void
scope_sent_event_init (ScopeSentEvent *self)
{
}

/**
 * scope_sent_event_new:
 * @time_usec: wall clock
 * @data: (nullable): JSON
 * @refusal: (nullable): why it was not sent
 *
 * Returns: (transfer full): a new object
 */
ScopeSentEvent *
scope_sent_event_new (gint64      time_usec,
                      const char *channel,
                      const char *event,
                      const char *data,
                      const char *refusal)
{
  ScopeSentEvent *self = g_object_new (SCOPE_TYPE_SENT_EVENT, NULL);

  self->time_usec = time_usec;
  self->channel = g_strdup (channel);
  self->event = g_strdup (event);
  self->data = g_strdup (data != NULL ? data : "");
  self->refusal = g_strdup (refusal);
  return self;
}

/**
 * scope_sent_event_get_time_usec:
 *
 * Returns: when, wall clock
 */
gint64
scope_sent_event_get_time_usec (ScopeSentEvent *self)
{
  g_return_val_if_fail (SCOPE_IS_SENT_EVENT (self), 0);

  return self->time_usec;
}

/**
 * scope_sent_event_get_channel:
 *
 * Returns: (transfer none): where to
 */
const char *
scope_sent_event_get_channel (ScopeSentEvent *self)
{
  g_return_val_if_fail (SCOPE_IS_SENT_EVENT (self), NULL);

  return self->channel;
}

/**
 * scope_sent_event_get_event:
 *
 * Returns: (transfer none): its name
 */
const char *
scope_sent_event_get_event (ScopeSentEvent *self)
{
  g_return_val_if_fail (SCOPE_IS_SENT_EVENT (self), NULL);

  return self->event;
}

/**
 * scope_sent_event_get_data:
 *
 * Returns: (transfer none): its data, or ""
 */
const char *
scope_sent_event_get_data (ScopeSentEvent *self)
{
  g_return_val_if_fail (SCOPE_IS_SENT_EVENT (self), NULL);

  return self->data;
}

/**
 * scope_sent_event_get_refusal:
 *
 * Returns: (transfer none) (nullable): why it was not sent
 */
const char *
scope_sent_event_get_refusal (ScopeSentEvent *self)
{
  g_return_val_if_fail (SCOPE_IS_SENT_EVENT (self), NULL);

  return self->refusal;
}
