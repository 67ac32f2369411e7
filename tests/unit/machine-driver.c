/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "machine-driver"

#include "config.h"

#include "machine-driver.h"

#define START (1000 * G_USEC_PER_SEC)

void
machine_driver_options (ScopeMachineOptions *options)
{
  *options = (ScopeMachineOptions) {
    .activity_timeout_usec = 120 * G_USEC_PER_SEC,
    .pong_timeout_usec = 30 * G_USEC_PER_SEC,
    .unavailable_timeout_usec = 10 * G_USEC_PER_SEC,
    .connect_timeout_usec = 15 * G_USEC_PER_SEC,
    .reconnect_delay_usec = 1 * G_USEC_PER_SEC,
    .max_delay_usec = 30 * G_USEC_PER_SEC,
    .use_tls = TRUE,
    .may_plain = TRUE,
    .may_tls = TRUE,
  };
}

MachineDriver *
machine_driver_new (const ScopeMachineOptions *options)
{
  MachineDriver *self = g_new0 (MachineDriver, 1);
  ScopeMachineOptions defaults;

  machine_driver_options (&defaults);
  self->machine = scope_machine_new (options != NULL ? options : &defaults);
  self->now_usec = START;
  self->trace = g_string_new (NULL);
  self->state = SCOPE_STATE_INITIALIZED;

  return self;
}

void
machine_driver_free (MachineDriver *self)
{
  scope_machine_free (self->machine);
  g_string_free (self->trace, TRUE);
  g_free (self->error_text);
  g_free (self->state_text);
  g_free (self);
}

static void
driver_note (MachineDriver *self,
             const char    *format,
             ...) G_GNUC_PRINTF (2, 3);

static void
driver_note (MachineDriver *self,
             const char    *format,
             ...)
{
  va_list args;

  if (self->trace->len > 0)
    g_string_append_c (self->trace, ' ');
  va_start (args, format);
  g_string_append_vprintf (self->trace, format, args);
  va_end (args);
}

static void
driver_do_error (MachineDriver     *self,
                 const ScopeAction *action)
{
  const char *source = scope_error_source_to_name (action->source);
  const char *name = scope_reaction_to_action (action->reaction);

  if (action->has_code)
    driver_note (self, "error(%s,%u,%s)", source, action->code, name);
  else
    driver_note (self, "error(%s,-,%s)", source, name);

  g_free (self->error_text);
  self->error_text = g_strdup (action->text);
}

static void
driver_do_state (MachineDriver     *self,
                 const ScopeAction *action)
{
  const char *previous = scope_state_to_name (action->previous);
  const char *current = scope_state_to_name (action->current);

  g_assert_cmpint (action->previous, ==, self->state);
  g_assert_cmpint (action->current, !=, self->state);
  g_assert_cmpint (action->current, !=, SCOPE_STATE_INITIALIZED);
  /* only these follow (§1.6) */
  if (self->state == SCOPE_STATE_UNAVAILABLE)
    g_assert_cmpint (action->current, !=, SCOPE_STATE_CONNECTING);

  self->state = action->current;
  if (action->has_code)
    driver_note (self, "state(%s>%s,%u)", previous, current, action->code);
  else
    driver_note (self, "state(%s>%s)", previous, current);

  g_free (self->state_text);
  self->state_text = g_strdup (action->text);
  self->state_meaning = action->meaning;
}

static void
driver_do (MachineDriver     *self,
           const ScopeAction *action)
{
  switch (action->type)
    {
    case SCOPE_ACTION_OPEN:
      g_assert_cmpuint (self->socket, ==, 0);
      g_assert_cmpuint (action->generation, ==, scope_machine_get_generation (self->machine));
      self->socket = action->generation;
      driver_note (self, "open(%u,%s)", action->generation, action->use_tls ? "wss" : "ws");
      break;

    case SCOPE_ACTION_CLOSE:
      g_assert_cmpuint (self->socket, ==, action->generation);
      self->socket = 0;
      driver_note (self, "close(%u,%u)", action->generation, action->code);
      break;

    case SCOPE_ACTION_SEND_PING:
      g_assert_cmpuint (self->socket, !=, 0);
      driver_note (self, "ping");
      break;

    case SCOPE_ACTION_SEND_PONG:
      g_assert_cmpuint (self->socket, !=, 0);
      driver_note (self, "pong");
      break;

    case SCOPE_ACTION_ARM:
      g_assert_cmpint (action->at_usec, >=, self->now_usec);
      self->armed_at[action->timer] = action->at_usec;
      break;

    case SCOPE_ACTION_DISARM:
      g_assert_cmpint (self->armed_at[action->timer], !=, 0);
      self->armed_at[action->timer] = 0;
      break;

    case SCOPE_ACTION_STATE:
      driver_do_state (self, action);
      break;

    case SCOPE_ACTION_CONNECTING_IN:
      g_assert_cmpint (action->delay_usec, >, 0);
      g_assert_cmpint (self->armed_at[SCOPE_TIMER_RETRY], ==, self->now_usec + action->delay_usec);
      driver_note (self, "in(%.3f,#%u)", action->delay_usec / (double) G_USEC_PER_SEC, action->attempt);
      break;

    case SCOPE_ACTION_ERROR:
      driver_do_error (self, action);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
driver_check (MachineDriver *self)
{
  const char *why = "";
  gboolean wanted = scope_machine_wants_connected (self->machine);

  if (!scope_machine_check (self->machine, &why))
    g_error ("%s: %s", scope_state_to_name (self->state), why);

  g_assert_cmpint (scope_machine_get_state (self->machine), ==, self->state);
  g_assert_cmpint (scope_machine_get_retry_at_usec (self->machine), ==,
                   self->armed_at[SCOPE_TIMER_RETRY]);
  g_assert_cmpint (scope_machine_get_socket_id (self->machine) != NULL, ==,
                   self->state == SCOPE_STATE_CONNECTED);

  /* wanted means: a socket is there or a wait for one, and never neither */
  g_assert_cmpint (self->socket != 0 || self->armed_at[SCOPE_TIMER_RETRY] != 0, ==, wanted);
}

void
machine_driver_step (MachineDriver *self,
                     ScopeInput     input)
{
  const ScopeAction *actions;
  guint n_actions = 0;

  if (input.generation == 0)
    input.generation = scope_machine_get_generation (self->machine);
  if (input.random == 0)
    input.random = self->random;

  /* the socket ends with these, whoever is told */
  if ((input.type == SCOPE_INPUT_CLOSED || input.type == SCOPE_INPUT_FAILED) &&
      input.generation == self->socket)
    self->socket = 0;

  /* a timer that fires is not armed any more */
  if (input.type == SCOPE_INPUT_TIMER && self->armed_at[input.timer] <= self->now_usec)
    self->armed_at[input.timer] = 0;

  actions = scope_machine_step (self->machine, &input, self->now_usec, &n_actions);
  for (guint i = 0; i < n_actions; i++)
    driver_do (self, &actions[i]);

  driver_check (self);
}

static int
driver_next_timer (MachineDriver *self)
{
  int next = -1;

  for (int i = 0; i < SCOPE_N_TIMERS; i++)
    {
      if (self->armed_at[i] != 0 && (next < 0 || self->armed_at[i] < self->armed_at[next]))
        next = i;
    }

  return next;
}

void
machine_driver_advance (MachineDriver *self,
                        gint64         usec)
{
  gint64 end = self->now_usec + usec;

  for (;;)
    {
      int next = driver_next_timer (self);

      if (next < 0 || self->armed_at[next] > end)
        break;

      self->now_usec = MAX (self->now_usec, self->armed_at[next]);
      machine_driver_step (self, (ScopeInput) { .type = SCOPE_INPUT_TIMER, .timer = next });
    }

  self->now_usec = end;
}
