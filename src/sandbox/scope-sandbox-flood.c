/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-flood.h"

#include "json/scope-json.h"
#include "sandbox/scope-sandbox-private.h"

#define EVENT_NAME "flood"
#define SLICE_USEC 3000              /* worked at a time, so that the loop lives */
#define PAUSE_MSEC 2                 /* until the next slice, when nothing is due yet */
#define CHECK_EVENTS 32              /* sent between two looks at the clock and the queues */
#define QUEUED_BYTES (1024 * 1024)   /* above, subscribers are left to read first */

struct _ScopeSandboxFlood
{
  ScopeSandbox *sandbox; /* not owned */
  char *channel;
  GString *frame;        /* the last one; up to head it never changes */
  gsize head;
  char *tail;

  guint n_events;
  guint n_sent;
  gint64 start_usec;
  double seconds;
  guint source_id;
};

/* Everything but the number is composed once. */
static void
flood_prepare (ScopeSandboxFlood *self,
               gsize              size)
{
  g_autofree char *filler = NULL;
  gsize fixed;

  self->frame = g_string_new ("{\"event\":\"" EVENT_NAME "\",\"channel\":");
  scope_json_append_string (self->frame, self->channel, -1);
  g_string_append (self->frame, ",\"data\":\"{\\\"n\\\":");
  self->head = self->frame->len;

  fixed = strlen ("{\"n\":0000,\"text\":\"\"}");
  if (size > fixed)
    {
      filler = g_strnfill (size - fixed, 'x');
      self->tail = g_strdup_printf (",\\\"text\\\":\\\"%s\\\"}\"}", filler);
    }
  else
    {
      self->tail = g_strdup ("}\"}");
    }
}

static void
flood_send_one (ScopeSandboxFlood   *self,
                ScopeSandboxChannel *channel)
{
  g_autoptr (GBytes) frame = NULL;
  char number[16];

  g_snprintf (number, sizeof number, "%u", self->n_sent);
  g_string_truncate (self->frame, self->head);
  g_string_append (self->frame, number);
  g_string_append (self->frame, self->tail);

  frame = g_bytes_new (self->frame->str, self->frame->len);
  scope_sandbox_channel_send (channel, frame, NULL);
}

static guint
flood_count_due (ScopeSandboxFlood *self)
{
  double elapsed = (double) (g_get_monotonic_time () - self->start_usec) / G_USEC_PER_SEC;

  if (self->seconds <= 0 || elapsed >= self->seconds)
    return self->n_events;

  return (guint) (elapsed / self->seconds * self->n_events);
}

static gboolean
flood_is_blocked (ScopeSandboxChannel *channel)
{
  return channel != NULL && scope_sandbox_channel_get_queued (channel) > QUEUED_BYTES;
}

/* Sends what is due, for as long as a slice lasts and the subscribers keep up. */
static void
flood_run_slice (ScopeSandboxFlood   *self,
                 ScopeSandboxChannel *channel)
{
  gint64 until = g_get_monotonic_time () + SLICE_USEC;
  guint due = flood_count_due (self);

  if (channel == NULL)
    {
      self->n_sent = due; /* nobody is there to see them */
      return;
    }

  scope_sandbox_channel_set_corked (channel, TRUE);
  while (self->n_sent < due)
    {
      if (self->n_sent % CHECK_EVENTS == 0 &&
          (flood_is_blocked (channel) || g_get_monotonic_time () >= until))
        break;

      flood_send_one (self, channel);
      self->n_sent++;
    }
  scope_sandbox_channel_set_corked (channel, FALSE);
}

static gboolean
flood_slice_cb (gpointer user_data)
{
  ScopeSandboxFlood *self = user_data;
  ScopeSandboxChannel *channel = _scope_sandbox_lookup_channel (self->sandbox, self->channel);

  self->source_id = 0;
  flood_run_slice (self, channel);

  if (self->n_sent == self->n_events)
    _scope_sandbox_forget_flood (self->sandbox, self);
  else if (self->n_sent < flood_count_due (self) && !flood_is_blocked (channel))
    self->source_id = g_idle_add (flood_slice_cb, self);
  else
    self->source_id = g_timeout_add (PAUSE_MSEC, flood_slice_cb, self);

  return G_SOURCE_REMOVE;
}

/**
 * scope_sandbox_flood_new:
 * @sandbox: the owner, which outlives it
 * @channel: a checked channel name
 * @n: how many events
 * @size: about how many bytes of data each has; each is `{"n":N,…}`
 * @seconds: how long to take; 0: as fast as the subscribers read
 *
 * Returns: (transfer full): a flood that starts with the next turn of the main loop
 */
ScopeSandboxFlood *
scope_sandbox_flood_new (ScopeSandbox *sandbox,
                         const char   *channel,
                         guint         n,
                         gsize         size,
                         double        seconds)
{
  ScopeSandboxFlood *self;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (sandbox), NULL);
  g_return_val_if_fail (channel != NULL, NULL);

  self = g_new0 (ScopeSandboxFlood, 1);
  self->sandbox = sandbox;
  self->channel = g_strdup (channel);
  self->n_events = n;
  self->seconds = seconds;
  self->start_usec = g_get_monotonic_time ();
  flood_prepare (self, size);
  self->source_id = g_idle_add (flood_slice_cb, self);
  return self;
}

/**
 * scope_sandbox_flood_free:
 * @self: (nullable): a flood
 *
 * What has not been sent yet never is.
 */
void
scope_sandbox_flood_free (ScopeSandboxFlood *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->source_id, g_source_remove);
  g_string_free (self->frame, TRUE);
  g_free (self->tail);
  g_free (self->channel);
  g_free (self);
}
