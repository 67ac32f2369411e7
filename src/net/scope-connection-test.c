/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-connection-test"

#include "config.h"

#include "net/scope-connection-test.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-source.h"
#include "base/scope-text.h"
#include "net/scope-api-client.h"
#include "net/scope-connection.h"
#include "net/scope-doctor.h"
#include "protocol/scope-decrypt.h"

/* Subscribing to it only proves the signature. */
#define TEST_CHANNEL SCOPE_DOCTOR_CHANNEL

/* One test: greeting, then authorization if an endpoint or secret is known, and signing in if that is
 * configured, then the HTTP API if app id and secret are known. Each step adds a sentence. */
typedef struct
{
  GTask *task;                       /* weak: the task owns this */
  ScopeConnectionOptions *options;
  ScopeClock *clock;
  ScopeConnection *connection;
  GString *sentences;
  gint64 started_usec;
  gboolean awaits_subscription;
  gboolean awaits_user;
  guint64 timer;
  GSource *cancel_source;            /* holds a reference on the task until destroyed */
  ScopeDoctor *doctor;               /* once it could not connect */
  gboolean done;
} ScopeConnectionTest;

static void
scope_connection_test_free (gpointer data)
{
  ScopeConnectionTest *test = data;

  scope_clock_remove_timer (test->clock, test->timer);
  scope_connection_set_listener (test->connection, NULL, NULL);
  scope_connection_disconnect (test->connection);
  g_clear_object (&test->doctor);
  g_object_unref (test->connection);
  g_object_unref (test->clock);
  scope_connection_options_free (test->options);
  g_string_free (test->sentences, TRUE);
  g_free (test);
}

/* Ends the test once; the task is let go of later, because the connection may still be telling. */
static gboolean
scope_connection_test_end (ScopeConnectionTest *test)
{
  if (test->done)
    return FALSE;

  test->done = TRUE;
  scope_source_clear (&test->cancel_source);
  scope_clock_remove_timer (test->clock, test->timer);
  test->timer = 0;
  return TRUE;
}

static gboolean
scope_connection_test_release_cb (gpointer user_data)
{
  g_object_unref (user_data);
  return G_SOURCE_REMOVE;
}

static void
scope_connection_test_release (ScopeConnectionTest *test)
{
  g_idle_add (scope_connection_test_release_cb, test->task);
}

static void
scope_connection_test_fail (ScopeConnectionTest *test,
                            int code,
                            const char *text,
                            const char *meaning)
{
  if (!scope_connection_test_end (test))
    return;

  g_task_return_new_error (test->task, SCOPE_ERROR, code, "%s%s%s", text, meaning != NULL ? "\n" : "",
                           meaning != NULL ? meaning : "");
  scope_connection_test_release (test);
}

static void
scope_connection_test_succeed (ScopeConnectionTest *test)
{
  if (!scope_connection_test_end (test))
    return;

  g_task_return_pointer (test->task, g_strdup (test->sentences->str), g_free);
  scope_connection_test_release (test);
}

/* Could not connect: the first step that fails says why, and what to do. */
typedef struct
{
  GTask *task;
  GError *error; /* what is told if all steps are good */
} ScopeConnectionDiagnosis;

static void
scope_connection_test_diagnosed_cb (GObject *source,
                                    GAsyncResult *result,
                                    gpointer user_data)
{
  ScopeConnectionDiagnosis *diagnosis = user_data;
  g_autoptr (GTask) task = diagnosis->task;
  ScopeConnectionTest *test = g_task_get_task_data (task);
  g_autoptr (GError) error = diagnosis->error;
  const ScopeDoctorStep *failed = NULL;

  g_free (diagnosis);
  if (scope_doctor_run_finish (SCOPE_DOCTOR (source), result, NULL))
    failed = scope_doctor_get_first_failed (SCOPE_DOCTOR (source));
  if (failed != NULL)
    scope_connection_test_fail (test, error->code, failed->message, failed->advice);
  else
    scope_connection_test_fail (test, error->code, error->message, NULL);
}

/* Not from inside what the connection tells. */
static gboolean
scope_connection_test_diagnose_cb (gpointer user_data)
{
  ScopeConnectionDiagnosis *diagnosis = user_data;
  ScopeConnectionTest *test = g_task_get_task_data (diagnosis->task);

  scope_connection_disconnect (test->connection);
  scope_doctor_run_async (test->doctor, g_task_get_cancellable (test->task), scope_connection_test_diagnosed_cb,
                          diagnosis);
  return G_SOURCE_REMOVE;
}

static void
scope_connection_test_diagnose (ScopeConnectionTest *test,
                                int code,
                                const char *text)
{
  ScopeConnectionDiagnosis *diagnosis;

  if (test->doctor != NULL)
    return;

  scope_clock_remove_timer (test->clock, test->timer);
  test->timer = 0;
  diagnosis = g_new (ScopeConnectionDiagnosis, 1);
  diagnosis->task = g_object_ref (test->task);
  diagnosis->error = g_error_new_literal (SCOPE_ERROR, code, text);
  test->doctor = scope_doctor_new (test->options, test->clock);
  g_idle_add (scope_connection_test_diagnose_cb, diagnosis);
}

static void
scope_connection_test_api_cb (GObject *source,
                              GAsyncResult *result,
                              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeConnectionTest *test = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeApiReply) reply = NULL;
  g_autofree char *text = NULL;

  reply = scope_api_client_call_finish (SCOPE_API_CLIENT (source), result, &error);
  if (reply == NULL)
    scope_connection_test_fail (test, SCOPE_ERROR_FAILED, error->message, NULL);
  else if (reply->status == 0)
    {
      text = g_strdup_printf (_("The socket works, but the HTTP API does not answer: %s"), reply->text);
      scope_connection_test_fail (test, SCOPE_ERROR_FAILED, text, reply->meaning);
    }
  else if (reply->outcome != SCOPE_API_ACCEPTED)
    {
      text = g_strdup_printf (_("The socket works, but the HTTP API refused the request (%u): %s"),
                              reply->status, reply->text);
      scope_connection_test_fail (test, SCOPE_ERROR_REFUSED, text, reply->meaning);
    }
  else
    {
      g_string_append_c (test->sentences, ' ');
      g_string_append (test->sentences, _("The app id is right."));
      scope_connection_test_succeed (test);
    }
}

static void
scope_connection_test_ask_api (ScopeConnectionTest *test)
{
  g_autoptr (ScopeApiClient) client = NULL;

  if (test->options->app_id == NULL || test->options->secret == NULL)
    {
      scope_connection_test_succeed (test);
      return;
    }
  client = scope_api_client_new (test->options, test->clock);
  scope_api_client_get_channel_async (client, TEST_CHANNEL, NULL, g_task_get_cancellable (test->task),
                                      scope_connection_test_api_cb, g_object_ref (test->task));
}

static void
scope_connection_test_add (ScopeConnectionTest *test,
                           const char *sentence)
{
  g_string_append_c (test->sentences, ' ');
  g_string_append (test->sentences, sentence);
}

/* Once all that was asked over the socket is answered. */
static void
scope_connection_test_go_on (ScopeConnectionTest *test)
{
  if (!test->awaits_subscription && !test->awaits_user)
    scope_connection_test_ask_api (test);
}

static void
scope_connection_test_greeted (ScopeConnectionTest *test)
{
  gint64 took_usec = scope_clock_get_monotonic_usec (test->clock) - test->started_usec;
  g_autofree char *took = scope_text_format_duration (took_usec);

  g_string_append_printf (test->sentences, _("Connected in %s."), took);
  if (!test->awaits_subscription)
    scope_connection_test_add (test, _("Neither app secret nor endpoint is given: private and presence "
                                       "channels were not tested."));
  scope_connection_test_go_on (test);
}

static void
scope_connection_test_subscription (ScopeConnectionTest *test,
                                    const ScopeReport *report)
{
  gboolean by_endpoint = test->options->channel_auth.endpoint != NULL;
  g_autofree char *text = NULL;

  if (g_strcmp0 (report->channel, TEST_CHANNEL) != 0)
    return;
  if (report->status == SCOPE_SUBSCRIPTION_SUBSCRIBED)
    {
      test->awaits_subscription = FALSE;
      scope_connection_test_add (test, by_endpoint ? _("The authorization endpoint’s answer is accepted.")
                                                   : _("The app secret is accepted."));
      scope_connection_test_go_on (test);
    }
  else if (report->status == SCOPE_SUBSCRIPTION_ERROR)
    {
      text = g_strdup_printf (by_endpoint ? _("Connected, but the endpoint does not authorize: %s")
                                          : _("Connected, but the signature is refused: %s"),
                              report->error_text);
      scope_connection_test_fail (test, SCOPE_ERROR_REFUSED, text,
                                  by_endpoint ? _("Check the endpoint, its parameters and headers. It is asked "
                                                  "for the channel private-channelscope-test.")
                                              : _("Check the app secret."));
    }
}

static void
scope_connection_test_user (ScopeConnectionTest *test,
                            const ScopeReport *report)
{
  g_autofree char *text = NULL;

  if (!test->awaits_user)
    return;
  if (report->user_status == SCOPE_USER_SIGNED_IN)
    {
      test->awaits_user = FALSE;
      text = g_strdup_printf (_("Signed in as “%s”."), report->user_id);
      scope_connection_test_add (test, text);
      scope_connection_test_go_on (test);
    }
  else if (report->user_status == SCOPE_USER_ERROR)
    {
      text = g_strdup_printf (_("Connected, but signing in failed: %s"), report->error_text);
      scope_connection_test_fail (test, SCOPE_ERROR_REFUSED, text,
                                  test->options->user_auth.endpoint != NULL
                                      ? _("Check the sign-in endpoint, its parameters and headers.")
                                      : _("Check the user and the app secret."));
    }
}

static void
scope_connection_test_report_cb (ScopeConnection *connection,
                                 const ScopeReport *report,
                                 gpointer user_data)
{
  ScopeConnectionTest *test = user_data;

  if (test->done || test->doctor != NULL)
    return;
  if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_CONNECTED)
    scope_connection_test_greeted (test);
  else if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_FAILED)
    scope_connection_test_fail (test, SCOPE_ERROR_USAGE, _("No transport is left to try"), NULL);
  else if (report->type == SCOPE_REPORT_SUBSCRIPTION)
    scope_connection_test_subscription (test, report);
  else if (report->type == SCOPE_REPORT_USER)
    scope_connection_test_user (test, report);
  else if (report->type == SCOPE_REPORT_ERROR
           && scope_connection_get_state (connection) != SCOPE_STATE_CONNECTED)
    scope_connection_test_diagnose (test, SCOPE_ERROR_FAILED, report->text);
}

static void
scope_connection_test_timeout_cb (gpointer user_data)
{
  ScopeConnectionTest *test = user_data;
  const char *text = _("The server did not answer in time");

  test->timer = 0;
  if (test->sentences->len > 0 && test->awaits_subscription)
    text = _("Connected, but the subscription was not answered in time");
  else if (test->sentences->len > 0 && test->awaits_user)
    text = _("Connected, but signing in was not answered in time");
  else if (test->sentences->len == 0)
    {
      scope_connection_test_diagnose (test, SCOPE_ERROR_TIMED_OUT, text);
      return;
    }
  scope_connection_test_fail (test, SCOPE_ERROR_TIMED_OUT, text, NULL);
}

static gboolean
scope_connection_test_cancelled_cb (GCancellable *cancellable,
                                    gpointer user_data)
{
  ScopeConnectionTest *test = g_task_get_task_data (user_data);

  if (scope_connection_test_end (test))
    {
      g_task_return_error_if_cancelled (test->task);
      scope_connection_test_release (test);
    }
  return G_SOURCE_REMOVE;
}

/* A source, not the cancellable's signal: the answer must not come from inside g_cancellable_cancel(). */
static void
scope_connection_test_watch_cancellable (ScopeConnectionTest *test,
                                         GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  test->cancel_source = g_cancellable_source_new (cancellable);
  g_task_attach_source (test->task, test->cancel_source, G_SOURCE_FUNC (scope_connection_test_cancelled_cb));
}

/**
 * scope_connection_test_async:
 * @options: copied
 *
 * Tries the options for real, on a connection of its own. Bounded by what one attempt over all its
 * transports may take plus twice %SCOPE_WAIT_AUTHORIZE_USEC: for the endpoint and for the server.
 */
void
scope_connection_test_async (const ScopeConnectionOptions *options,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  ScopeConnectionTest *test;
  GTask *task;
  GError *error = NULL;

  g_return_if_fail (options != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_connection_test_async);
  if (!scope_connection_options_check (options, &error)
      || (options->master_key != NULL
          && !scope_master_key_check (scope_secret_peek (options->master_key), &error)))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  test = g_new0 (ScopeConnectionTest, 1);
  test->task = task;
  test->options = scope_connection_options_copy (options);
  test->clock = scope_clock_new_system ();
  test->connection = scope_connection_new (options, test->clock);
  test->sentences = g_string_new (NULL);
  test->started_usec = scope_clock_get_monotonic_usec (test->clock);
  test->timer = scope_clock_add_timer (test->clock,
                                       test->started_usec + 2 * SCOPE_WAIT_AUTHORIZE_USEC
                                           + scope_connection_get_longest_attempt_usec (test->connection),
                                       scope_connection_test_timeout_cb, test);
  g_task_set_task_data (task, test, scope_connection_test_free);
  scope_connection_test_watch_cancellable (test, cancellable);
  scope_connection_set_listener (test->connection, scope_connection_test_report_cb, test);
  test->awaits_subscription = options->secret != NULL || options->channel_auth.endpoint != NULL;
  test->awaits_user = options->user_auth.endpoint != NULL || options->user_data != NULL;
  if (test->awaits_subscription)
    scope_connection_subscribe (test->connection, TEST_CHANNEL, NULL);
  scope_connection_connect (test->connection);
}

/**
 * scope_connection_test_finish:
 *
 * Returns: (transfer full) (nullable): what works, in sentences; or %NULL with what does not and the
 *   next step
 */
char *
scope_connection_test_finish (GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
