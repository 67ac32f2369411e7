/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The order of the steps and their time. What a step does stands in scope-doctor-route.c (name, port, TLS),
 * -socket.c (upgrade, handshake, subscription) and -access.c (HTTP API, authorization); what was found, in
 * -report.c. */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include "net/scope-doctor.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-source.h"
#include "base/scope-text.h"
#include "net/scope-doctor-private.h"
#include "protocol/scope-decrypt.h"

G_DEFINE_FINAL_TYPE (ScopeDoctor, scope_doctor, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* needs: the steps without which it can't be tried, by bits. The HTTP API's are found when it is known where it
 * is. */
#define BIT(id) (1u << SCOPE_DOCTOR_##id)

static const struct
{
  const char *name;
  const char *title;
  void (*run) (ScopeDoctor *self);
  guint needs;
} kinds[SCOPE_N_DOCTOR_STEPS] = {
  [SCOPE_DOCTOR_DNS] = { "dns", N_("Name (DNS)"), _scope_doctor_look_up, 0 },
  [SCOPE_DOCTOR_TCP] = { "tcp", N_("Port (TCP)"), _scope_doctor_connect, BIT (DNS) },
  [SCOPE_DOCTOR_TLS] = { "tls", N_("Encryption (TLS)"), _scope_doctor_start_tls, BIT (TCP) },
  [SCOPE_DOCTOR_UPGRADE] = { "upgrade", N_("WebSocket"), _scope_doctor_upgrade, BIT (TCP) | BIT (TLS) },
  [SCOPE_DOCTOR_HANDSHAKE] = { "handshake", N_("Greeting"), _scope_doctor_await_greeting, BIT (UPGRADE) },
  [SCOPE_DOCTOR_HTTP_API] = { "http_api", N_("HTTP API"), _scope_doctor_ask_api, 0 },
  [SCOPE_DOCTOR_CHANNEL_AUTH] = { "channel_auth", N_("Private Channels"), _scope_doctor_authorize_channel,
                                  BIT (HANDSHAKE) },
  [SCOPE_DOCTOR_PRESENCE_AUTH] = { "presence_auth", N_("Presence Channels"), _scope_doctor_authorize_presence,
                                   BIT (HANDSHAKE) },
};

/* --- what steps are called --- */

/**
 * scope_doctor_step_get_name:
 *
 * Returns: (transfer none): the step in lines, such as `tcp`; never translated
 */
const char *
scope_doctor_step_get_name (ScopeDoctorStepId id)
{
  g_return_val_if_fail (id < SCOPE_N_DOCTOR_STEPS, NULL);

  return kinds[id].name;
}

/**
 * scope_doctor_step_get_title:
 *
 * Returns: (transfer none): the step for people, such as "Port (TCP)"
 */
const char *
scope_doctor_step_get_title (ScopeDoctorStepId id)
{
  g_return_val_if_fail (id < SCOPE_N_DOCTOR_STEPS, NULL);

  return _(kinds[id].title);
}

/* --- one step after the other --- */

static void scope_doctor_begin (ScopeDoctor *self, ScopeDoctorStepId id);

static void
scope_doctor_stop_waiting (ScopeDoctor *self)
{
  self->generation++;
  scope_clock_remove_timer (self->clock, self->timer);
  scope_clock_remove_timer (self->clock, self->impatience);
  self->timer = self->impatience = 0;
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  g_clear_object (&self->stop);
}

static void
scope_doctor_release (ScopeDoctor *self)
{
  scope_source_clear (&self->cancelled);
  if (self->transport != NULL)
    scope_transport_abandon (self->transport);
  g_clear_object (&self->transport);
  g_clear_object (&self->tls);
  g_clear_object (&self->stream);
}

static void
scope_doctor_finish (ScopeDoctor *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  scope_doctor_release (self);
  g_task_return_boolean (task, TRUE);
}

/* Takes message; it may hold what others said. */
static void
scope_doctor_set (ScopeDoctor *self,
                  ScopeDoctorStepId id,
                  ScopeDoctorState state,
                  ScopeFault fault,
                  char *message)
{
  ScopeDoctorStep *step = &self->steps[id];
  g_autofree char *text = message;

  step->state = state;
  step->fault = fault;
  g_free (step->message);
  step->message = text != NULL ? _scope_doctor_hide (self, text) : NULL;
  if (step->advice == NULL)
    step->advice = g_strdup (scope_fault_get_advice (fault));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, (guint) id);
}

static void
scope_doctor_end (ScopeDoctor *self,
                  ScopeDoctorState state,
                  ScopeFault fault,
                  char *message)
{
  g_autoptr (ScopeDoctor) alive = g_object_ref (self);
  ScopeDoctorStepId id = self->current;

  if (self->task == NULL)
    {
      g_free (message);
      return;
    }
  if (state != SCOPE_DOCTOR_SKIPPED)
    self->steps[id].took_usec = scope_clock_get_monotonic_usec (self->clock) - self->started_usec;
  scope_doctor_stop_waiting (self);
  scope_doctor_set (self, id, state, fault, message);
  if (id + 1 < SCOPE_N_DOCTOR_STEPS)
    scope_doctor_begin (self, id + 1);
  else
    scope_doctor_finish (self);
}

#define END(state, fault)                                  \
  G_STMT_START                                             \
    {                                                      \
      va_list arguments;                                   \
      char *message;                                       \
                                                           \
      va_start (arguments, format);                        \
      message = g_strdup_vprintf (format, arguments);      \
      va_end (arguments);                                  \
      scope_doctor_end (self, state, fault, message);      \
    }                                                      \
  G_STMT_END

void
_scope_doctor_good (ScopeDoctor *self,
                    const char *format,
                    ...)
{
  END (SCOPE_DOCTOR_GOOD, SCOPE_FAULT_NONE);
}

void
_scope_doctor_fail (ScopeDoctor *self,
                    ScopeFault fault,
                    const char *format,
                    ...)
{
  END (SCOPE_DOCTOR_FAILED, fault);
}

void
_scope_doctor_skip (ScopeDoctor *self,
                    const char *format,
                    ...)
{
  END (SCOPE_DOCTOR_SKIPPED, SCOPE_FAULT_NONE);
}

#undef END

void
_scope_doctor_advise (ScopeDoctor *self,
                      const char *advice)
{
  scope_set_str (&self->steps[self->current].advice, advice);
}

gboolean
_scope_doctor_is_good (ScopeDoctor *self,
                       ScopeDoctorStepId id)
{
  return self->steps[id].state == SCOPE_DOCTOR_GOOD;
}

ScopeDoctorCall *
_scope_doctor_call_new (ScopeDoctor *self)
{
  ScopeDoctorCall *call = g_new (ScopeDoctorCall, 1);

  call->self = g_object_ref (self);
  call->generation = self->generation;
  return call;
}

ScopeDoctor *
_scope_doctor_call_end (ScopeDoctorCall *call)
{
  g_autoptr (ScopeDoctor) self = call->self;
  gboolean waits = self->task != NULL && call->generation == self->generation;

  g_free (call);
  return waits ? g_steal_pointer (&self) : NULL;
}

/* --- time --- */

static const ScopeFault silences[SCOPE_N_DOCTOR_STEPS] = {
  [SCOPE_DOCTOR_DNS] = SCOPE_FAULT_NAME_SERVICE,
  [SCOPE_DOCTOR_TCP] = SCOPE_FAULT_SILENT,
  [SCOPE_DOCTOR_TLS] = SCOPE_FAULT_TLS,
  [SCOPE_DOCTOR_UPGRADE] = SCOPE_FAULT_UPGRADE_SILENT,
  [SCOPE_DOCTOR_HANDSHAKE] = SCOPE_FAULT_GREETING_SILENT,
  [SCOPE_DOCTOR_HTTP_API] = SCOPE_FAULT_API_PLACE,
  [SCOPE_DOCTOR_CHANNEL_AUTH] = SCOPE_FAULT_SUBSCRIPTION_SILENT,
  [SCOPE_DOCTOR_PRESENCE_AUTH] = SCOPE_FAULT_ENDPOINT_UNREACHED,
};

/* An authorization is the endpoint's answer, which has a limit of its own, and the server's. */
static gint64
scope_doctor_get_limit_usec (ScopeDoctor *self,
                             ScopeDoctorStepId id)
{
  if (id == SCOPE_DOCTOR_CHANNEL_AUTH || id == SCOPE_DOCTOR_PRESENCE_AUTH)
    return 2 * SCOPE_WAIT_AUTHORIZE_USEC;
  return (gint64) (self->options->connect_timeout * G_USEC_PER_SEC);
}

static void
scope_doctor_late_cb (gpointer user_data)
{
  ScopeDoctor *self = user_data;
  g_autofree char *limit = scope_text_format_duration (scope_doctor_get_limit_usec (self, self->current));

  self->timer = 0;
  _scope_doctor_fail (self, silences[self->current], _("No answer within %s"), limit);
}

static gboolean
scope_doctor_may_begin (ScopeDoctor *self,
                        ScopeDoctorStepId id,
                        ScopeDoctorStepId *lacking)
{
  for (guint other = 0; other < id; other++)
    if ((kinds[id].needs & (1u << other)) != 0 && self->steps[other].state != SCOPE_DOCTOR_GOOD
        && !(other == SCOPE_DOCTOR_TLS && !self->use_tls))
      {
        *lacking = other;
        return FALSE;
      }
  return TRUE;
}

static void
scope_doctor_begin (ScopeDoctor *self,
                    ScopeDoctorStepId id)
{
  ScopeDoctorStepId lacking;

  self->current = id;
  self->started_usec = scope_clock_get_monotonic_usec (self->clock);
  if (!scope_doctor_may_begin (self, id, &lacking))
    {
      _scope_doctor_skip (self, _("Not tried, because this comes first: %s"), scope_doctor_step_get_title (lacking));
      return;
    }

  self->stop = g_cancellable_new ();
  self->timer = scope_clock_add_timer (self->clock, self->started_usec + scope_doctor_get_limit_usec (self, id),
                                       scope_doctor_late_cb, self);
  scope_doctor_set (self, id, SCOPE_DOCTOR_RUNNING, SCOPE_FAULT_NONE, NULL);
  kinds[id].run (self);
}

/* --- the run --- */

static gboolean
scope_doctor_cancelled_cb (GCancellable *cancellable,
                           gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = g_object_ref (user_data);
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (task == NULL)
    return G_SOURCE_REMOVE;

  scope_doctor_stop_waiting (self);
  scope_doctor_release (self);
  for (guint id = self->current; id < SCOPE_N_DOCTOR_STEPS; id++)
    scope_doctor_set (self, id, SCOPE_DOCTOR_SKIPPED, SCOPE_FAULT_NONE, g_strdup (_("Cancelled")));
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/* A source, not the cancellable's signal: nothing may end inside g_cancellable_cancel(). */
static void
scope_doctor_watch (ScopeDoctor *self,
                    GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;

  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (scope_doctor_cancelled_cb), self, NULL);
  g_source_attach (self->cancelled, g_main_context_get_thread_default ());
}

static gboolean
scope_doctor_check (ScopeDoctor *self,
                    GError **error)
{
  return scope_connection_options_check (self->options, error)
         && (self->options->master_key == NULL
             || scope_master_key_check (scope_secret_peek (self->options->master_key), error))
         && _scope_doctor_find_route (self, error);
}

static gboolean
scope_doctor_start_cb (gpointer user_data)
{
  ScopeDoctor *self = user_data;

  if (self->task != NULL && self->steps[0].state == SCOPE_DOCTOR_WAITING)
    scope_doctor_begin (self, 0);
  return G_SOURCE_REMOVE;
}

/**
 * scope_doctor_run_async:
 *
 * Takes the steps in order. Each has a limit; together they take no more than some minutes.
 */
void
scope_doctor_run_async (ScopeDoctor *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task;
  GError *error = NULL;

  g_return_if_fail (SCOPE_IS_DOCTOR (self) && self->task == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_doctor_run_async);
  if (!scope_doctor_check (self, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  self->task = task;
  scope_doctor_watch (self, cancellable);
  g_idle_add_full (G_PRIORITY_DEFAULT, scope_doctor_start_cb, g_object_ref (self), g_object_unref);
}

/**
 * scope_doctor_run_finish:
 *
 * Returns: whether all steps were taken, whatever they found: see scope_doctor_get_verdict()
 */
gboolean
scope_doctor_run_finish (ScopeDoctor *self,
                         GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- class --- */

static void
scope_doctor_dispose (GObject *object)
{
  ScopeDoctor *self = SCOPE_DOCTOR (object);

  scope_doctor_stop_waiting (self);
  scope_doctor_release (self);
  g_clear_object (&self->api);
  g_clear_object (&self->authorizer);

  G_OBJECT_CLASS (scope_doctor_parent_class)->dispose (object);
}

static void
scope_doctor_finalize (GObject *object)
{
  ScopeDoctor *self = SCOPE_DOCTOR (object);

  for (guint id = 0; id < SCOPE_N_DOCTOR_STEPS; id++)
    {
      g_free (self->steps[id].message);
      g_free (self->steps[id].advice);
    }
  g_resolver_free_addresses (self->addresses);
  g_clear_object (&self->certificate);
  g_clear_object (&self->extra_trust);
  g_free (self->proxy);
  g_free (self->host);
  g_free (self->url);
  g_free (self->socket_id);
  g_free (self->refusal);
  scope_connection_options_free (self->options);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (scope_doctor_parent_class)->finalize (object);
}

static void
scope_doctor_class_init (ScopeDoctorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_doctor_dispose;
  object_class->finalize = scope_doctor_finalize;

  /**
   * ScopeDoctor::changed:
   * @step: a #ScopeDoctorStepId
   *
   * A step began or ended.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SCOPE_TYPE_DOCTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
scope_doctor_init (ScopeDoctor *self)
{
}

/**
 * scope_doctor_new:
 * @options: copied
 * @clock: (nullable): the system's if %NULL
 *
 * Returns: (transfer full): a doctor that has not begun
 */
ScopeDoctor *
scope_doctor_new (const ScopeConnectionOptions *options,
                  ScopeClock *clock)
{
  ScopeDoctor *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_DOCTOR, NULL);
  self->options = scope_connection_options_copy (options);
  self->clock = clock != NULL ? g_object_ref (clock) : scope_clock_new_system ();
  return self;
}

/**
 * scope_doctor_note_refusal:
 * @text: (nullable): the server's words
 *
 * Whether client events are switched on shows only when one is sent, which others see: so it is not tried, but
 * what happened when the user sent one is told.
 */
void
scope_doctor_note_refusal (ScopeDoctor *self,
                           const char *text)
{
  g_return_if_fail (SCOPE_IS_DOCTOR (self) && self->task == NULL);

  scope_set_str (&self->refusal, text);
}
