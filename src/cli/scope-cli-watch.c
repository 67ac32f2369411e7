/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-source.h"
#include "capture/scope-file-lock.h"
#include "cli/scope-cli-api.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-mistakes.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-prefixes.h"
#include "cli/scope-cli-printer.h"
#include "cli/scope-cli-private.h"
#include "cli/scope-cli-target.h"
#include "session/scope-session.h"

/* `watch`: prints what the session tells, and decides from the same stream when it is over and
 * with which exit status. */

typedef struct
{
  ScopeCliOptions *options;
  ScopeSession *session;
  ScopeCliPrinter printer;
  ScopeCliPrefixes prefixes;
  GHashTable *failed;  /* ids of channels that could not be subscribed */
  guint n_channels;    /* that were named, each once */
  gboolean told_nothing; /* that nothing is watched */
  gboolean told_failure; /* of the recording */
  char *not_signed_in; /* why not; NULL: signed in, or nobody asked for it */
  guint64 n_printed;
  gboolean connected;  /* was, at least once */
  char *trouble;       /* the last error's words */
  char *advice;        /* what to do about it; NULL: not known */

  gboolean ended;
  int status;
} ScopeCliWatch;

static gboolean
watch_is_unseen (ScopeCliOptions *options,
                 const char      *channel)
{
  return options->unseen && scope_channel_kind_is_presence (scope_channel_name_get_kind (channel));
}

static void
watch_tell_failed (ScopeCliWatch *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->failed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      const char *channel = scope_names_get (scope_session_get_names (self->session),
                                             GPOINTER_TO_UINT (id));

      scope_cli_message (watch_is_unseen (self->options, channel)
                           ? _("“%s” could not be watched unseen")
                           : _("“%s” could not be subscribed to"),
                         channel);
    }
}

static void
watch_end (ScopeCliWatch *self,
           int            status)
{
  if (self->ended)
    return;

  self->ended = TRUE;
  self->status = status;
  if ((g_hash_table_size (self->failed) == 0 && self->not_signed_in == NULL) ||
      status == SCOPE_CLI_INTERRUPTED)
    return;

  watch_tell_failed (self);
  if (self->not_signed_in != NULL)
    scope_cli_message (_("Could not sign in: %s"), self->not_signed_in);
  if (status == SCOPE_CLI_DONE)
    self->status = SCOPE_CLI_NOT_DONE;
}

/* Asked for, and not there yet. */
static gboolean
watch_is_waiting (ScopeCliWatch *self)
{
  return self->options->expect != NULL || self->n_printed < self->options->count;
}

/* None of the channels, and nothing else that was asked for. */
static gboolean
watch_is_of_nothing (ScopeCliWatch *self)
{
  g_autoptr (ScopeConnectionOptions) target = NULL;

  if (self->n_channels == 0 || g_hash_table_size (self->failed) < self->n_channels ||
      scope_cli_prefixes_has_any (&self->prefixes))
    return FALSE;
  if (self->not_signed_in != NULL)
    return TRUE;
  target = scope_profile_to_options (scope_session_get_profile (self->session), NULL);
  return target->user_data == NULL && target->user_auth.endpoint == NULL;
}

/* Without a new connection no channel comes back. That may be waited for, but not by a script that
 * waits for events and has said no time. */
static void
watch_look_for_nothing (ScopeCliWatch *self)
{
  if (self->ended || self->told_nothing || !watch_is_of_nothing (self))
    return;

  self->told_nothing = TRUE;
  if (watch_is_waiting (self) && self->options->for_seconds == 0)
    {
      scope_cli_message (_("Nothing can be watched: no channel let us in, so no event can come. Put right what the "
                           "errors name, then run the command again"));
      watch_end (self, SCOPE_CLI_NOT_DONE);
      return;
    }
  scope_cli_message (_("Nothing is being watched: no channel let us in. Press Ctrl+C, put right what the errors name, "
                       "then run the command again; only a new connection would try once more"));
}

static void
watch_take_event (ScopeCliWatch    *self,
                  const ScopeEntry *entry)
{
  ScopeNames *names = scope_session_get_names (self->session);
  ScopeFilter *filter = self->options->filter;
  ScopeFilter *expect = self->options->expect;
  gboolean expected = !self->ended && expect != NULL && scope_filter_matches (expect, entry, names);
  gboolean shown = !self->ended && (filter == NULL || scope_filter_matches (filter, entry, names));

  scope_cli_printer_print (&self->printer, entry, names, !shown && !expected);
  if (shown)
    self->n_printed++;

  if (expected)
    watch_end (self, SCOPE_CLI_DONE);
  else if (!self->ended && self->options->count > 0 && self->n_printed >= self->options->count)
    {
      if (expect != NULL)
        scope_cli_message (_("--count was reached before an event matched --expect"));
      watch_end (self, expect == NULL ? SCOPE_CLI_DONE : SCOPE_CLI_NOT_DONE);
    }
}

/* The attempts are used up: what ended it without a code, or with one that is tried again. With
 * any other code the server refused; 4000 too, which asks for TLS where none may be used. */
static gboolean
watch_is_used_up (gint64 code)
{
  ScopeReaction reaction;

  if (code < 0)
    return TRUE;
  if (code < 1000)
    return scope_http_status_get_reaction (code) != SCOPE_REACTION_STOP;

  reaction = scope_close_code_get_reaction (code);
  return reaction != SCOPE_REACTION_STOP && reaction != SCOPE_REACTION_SWITCH_TLS;
}

/* What ends the connection for good: refused, or the attempts are used up. */
static void
watch_take_end_of_connection (ScopeCliWatch    *self,
                              const ScopeEntry *entry)
{
  gint64 code = scope_cli_entry_get_int (entry, "code", -1);

  if (self->trouble != NULL)
    scope_cli_message ("%s", self->trouble);
  if (self->advice != NULL)
    scope_cli_message ("%s", self->advice);
  if (!self->connected && watch_is_used_up (code))
    watch_end (self, SCOPE_CLI_NO_CONNECTION);
  else
    watch_end (self, SCOPE_CLI_NOT_DONE);
}

static void
watch_take_state (ScopeCliWatch    *self,
                  const ScopeEntry *entry)
{
  if (scope_cli_entry_is (entry, "current", "connected"))
    self->connected = TRUE;
  else if (self->ended)
    return;
  else if (scope_cli_entry_is (entry, "current", "disconnected"))
    watch_take_end_of_connection (self, entry);
  else if (scope_cli_entry_is (entry, "current", "failed"))
    {
      scope_cli_message (_("No transport is left to connect with. With TLS on, ws already uses "
                           "TLS. Allow ws, or add --no-tls to use wss as the second try."));
      watch_end (self, SCOPE_CLI_USAGE);
    }
}

static void
watch_take_subscription (ScopeCliWatch    *self,
                         const ScopeEntry *entry)
{
  if (scope_cli_entry_is (entry, "status", "error"))
    g_hash_table_add (self->failed, GUINT_TO_POINTER (entry->channel));
  else if (scope_cli_entry_is (entry, "status", "subscribed"))
    g_hash_table_remove (self->failed, GUINT_TO_POINTER (entry->channel));
  watch_look_for_nothing (self);
}

static void
watch_take_user (ScopeCliWatch    *self,
                 const ScopeEntry *entry)
{
  g_autofree char *error = NULL;

  if (scope_cli_entry_is (entry, "status", "signed_out"))
    return;

  g_clear_pointer (&self->not_signed_in, g_free);
  if (scope_cli_entry_is (entry, "status", "error"))
    {
      error = scope_entry_dup_detail (entry, "error");
      self->not_signed_in = error != NULL ? scope_json_dup_member (error, strlen (error), "message")
                                          : g_strdup ("");
    }
  watch_look_for_nothing (self);
}

/* A channel whose users the HTTP API does not tell is as one that can't be subscribed to. */
static void
watch_take_polled (ScopeCliWatch    *self,
                   const ScopeEntry *entry)
{
  if (entry->kind == SCOPE_ENTRY_PRESENCE)
    g_hash_table_remove (self->failed, GUINT_TO_POINTER (entry->channel));
  else if (scope_cli_entry_is (entry, "action", "stop"))
    g_hash_table_add (self->failed, GUINT_TO_POINTER (entry->channel));
  watch_look_for_nothing (self);
}

static void
watch_take_error (ScopeCliWatch    *self,
                  const ScopeEntry *entry)
{
  g_free (self->trouble);
  self->trouble = scope_entry_dup_detail (entry, "message");
  g_free (self->advice);
  self->advice = scope_entry_dup_detail (entry, "meaning");
}

static void
watch_entry_cb (ScopeSession *session,
                ScopeEntry   *entry,
                gpointer      user_data)
{
  ScopeCliWatch *self = user_data;

  if (entry->kind == SCOPE_ENTRY_EVENT)
    {
      watch_take_event (self, entry);
      return;
    }

  scope_cli_printer_print (&self->printer, entry, scope_session_get_names (session), FALSE);
  if (self->options->unseen && scope_cli_entry_is (entry, "polled", "true"))
    watch_take_polled (self, entry);
  else if (entry->kind == SCOPE_ENTRY_STATE)
    watch_take_state (self, entry);
  else if (entry->kind == SCOPE_ENTRY_SUBSCRIPTION)
    watch_take_subscription (self, entry);
  else if (entry->kind == SCOPE_ENTRY_USER)
    watch_take_user (self, entry);
  else if (entry->kind == SCOPE_ENTRY_ERROR)
    watch_take_error (self, entry);
}

/* A recording that was asked for and can't be made is no watching: nothing would be there later. */
static void
watch_recorder_failed_cb (ScopeRecorder *recorder,
                          GError        *error,
                          gpointer       user_data)
{
  ScopeCliWatch *self = user_data;
  gboolean never_began = scope_recorder_get_committed (recorder) == 0;

  self->told_failure = TRUE;
  scope_cli_message ("--record: %s", error->message);
  watch_end (self, never_began ? SCOPE_CLI_USAGE : SCOPE_CLI_NOT_DONE);
}

static gboolean
watch_time_over_cb (gpointer user_data)
{
  ScopeCliWatch *self = user_data;

  if (!self->connected)
    {
      g_autofree char *text =
        g_strjoin (": ", _("Could not connect in time"), self->trouble, NULL);

      if (g_str_has_suffix (text, ".")) /* some troubles are whole sentences */
        text[strlen (text) - 1] = '\0';
      scope_cli_message (_("%s. To learn where it fails, run channelscope-cli doctor with the same options"), text);
      watch_end (self, SCOPE_CLI_NO_CONNECTION);
      return G_SOURCE_REMOVE;
    }

  if (self->options->expect != NULL)
    scope_cli_message (_("No event matched --expect in time"));
  else if (watch_is_waiting (self))
    scope_cli_message (_("%llu of %llu events came in time"),
                       (unsigned long long) self->n_printed,
                       (unsigned long long) self->options->count);
  watch_end (self, watch_is_waiting (self) ? SCOPE_CLI_NOT_DONE : SCOPE_CLI_DONE);
  return G_SOURCE_REMOVE;
}

/* Beyond what a timeout in milliseconds can hold. */
static GSource *
watch_add_deadline (ScopeCliWatch *self)
{
  gint64 for_usec = (gint64) (self->options->for_seconds * G_USEC_PER_SEC);
  GSource *source = g_timeout_source_new (0);

  g_source_set_callback (source, watch_time_over_cb, self, NULL);
  g_source_set_ready_time (source, self->options->started_usec + for_usec);
  g_source_attach (source, NULL);
  return source;
}

static gboolean
watch_check_channels (ScopeCliOptions *options,
                      GError         **error)
{
  for (guint i = 0; i < options->arguments->len; i++)
    {
      const char *channel = g_ptr_array_index (options->arguments, i);
      g_autofree char *warning = NULL;

      if (scope_cli_prefixes_is_pattern (channel))
        continue;
      if (!scope_cli_check_channel (channel, &warning, error))
        return FALSE;
      if (warning != NULL)
        scope_cli_message ("%s", warning);
      if (g_str_has_suffix (channel, ","))
        scope_cli_message (_("“%s” is a name that ends with a comma: several channels are separated by blanks"),
                           channel);
    }
  return TRUE;
}

static gboolean
watch_check_record (ScopeCliOptions *options,
                    GError         **error)
{
  g_autofree char *directory = NULL;

  if (options->record == NULL)
    return TRUE;

  directory = g_path_get_dirname (options->record);
  if (scope_file_lock_is_held (options->record))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--record: the file “%s” is being recorded into: name a new one"), options->record);
  else if (g_file_test (options->record, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--record: the file “%s” exists already: name a new one"), options->record);
  else if (!g_file_test (directory, G_FILE_TEST_IS_DIR))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--record: there is no directory “%s”"), directory);
  else
    return TRUE;
  return FALSE;
}

/* It is about presence channels: there must be one, or a pattern that may find one. */
static gboolean
watch_check_unseen_channels (ScopeCliOptions *options,
                             GError         **error)
{
  if (!options->unseen)
    return TRUE;
  if (options->arguments->len == 0)
    return scope_error_usage (error, _("--unseen asks who is in presence channels, and none is named: channelscope-cli "
                                       "watch --unseen presence-room, or 'presence-*' for all of them"));
  for (guint i = 0; i < options->arguments->len; i++)
    {
      const char *channel = g_ptr_array_index (options->arguments, i);

      if (scope_cli_prefixes_is_pattern (channel) || watch_is_unseen (options, channel))
        return TRUE;
    }
  scope_cli_message (_("--unseen changes nothing here: it is for presence channels, whose names begin with “presence-”"));
  return TRUE;
}

/* Only with what the HTTP API needs: those channels are never joined instead. */
static gboolean
watch_check_unseen (ScopeCliOptions  *options,
                    ScopeProfile     *profile,
                    ScopeCredentials *credentials)
{
  g_autoptr (ScopeConnectionOptions) target = NULL;

  if (!options->unseen)
    return TRUE;
  target = scope_profile_to_options (profile, credentials);
  return scope_cli_api_check_target (target);
}

static void
watch_refused_cb (gpointer prefixes,
                  gpointer user_data)
{
  watch_end (user_data, SCOPE_CLI_NOT_DONE);
}

static void
watch_add_channels (ScopeCliWatch *self,
                    ScopeProfile  *profile)
{
  g_autoptr (GHashTable) named = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->options->arguments->len; i++)
    {
      const char *channel = g_ptr_array_index (self->options->arguments, i);

      if (scope_cli_prefixes_is_pattern (channel))
        continue;
      if (watch_is_unseen (self->options, channel))
        scope_profile_add_unseen (profile, channel);
      else
        scope_profile_add_subscription (profile, channel);
      g_hash_table_add (named, (gpointer) channel);
    }
  self->n_channels = g_hash_table_size (named);
}

/* The channels are the profile's: it subscribes to them once it records. */
static void
watch_start (ScopeCliWatch    *self,
             ScopeProfile     *profile,
             ScopeCredentials *credentials)
{
  const char *record = self->options->record;
  ScopeRecorder *recorder;

  watch_add_channels (self, profile);
  self->session = scope_session_new (profile, credentials, record != NULL ? record : "", NULL);
  g_signal_connect (self->session, "entry", G_CALLBACK (watch_entry_cb), self);
  scope_cli_prefixes_start (&self->prefixes, self->session, watch_refused_cb, self);

  scope_session_connect (self->session);
  recorder = scope_session_get_recorder (self->session);
  if (recorder != NULL)
    g_signal_connect (recorder, "failed", G_CALLBACK (watch_recorder_failed_cb), self);
}

static void
watch_run (ScopeCliWatch *self)
{
  GSource *deadline = self->options->for_seconds > 0 ? watch_add_deadline (self) : NULL;

  while (!self->ended && !scope_cli_loop_is_over ())
    scope_cli_loop_turn ();
  if (scope_cli_is_interrupted ())
    watch_end (self, SCOPE_CLI_INTERRUPTED);
  watch_end (self, watch_is_waiting (self) ? SCOPE_CLI_NOT_DONE : SCOPE_CLI_DONE);

  scope_source_clear (&deadline);
}

/* Failed is final: there is nothing to disconnect, only the file is left to be closed. */
static gboolean
watch_close_failed (ScopeCliWatch *self,
                    GError       **error)
{
  ScopeRecorder *recorder = scope_session_get_recorder (self->session);
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  if (recorder == NULL)
    return TRUE;

  scope_recorder_close_async (recorder, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, NULL, 0);
  return scope_recorder_close_finish (recorder, result, error);
}

static gboolean
watch_close_session (ScopeCliWatch *self,
                     GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  if (scope_session_get_state (self->session) == SCOPE_STATE_FAILED)
    return watch_close_failed (self, error);

  scope_session_close_async (self->session, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, NULL, 0);
  return scope_session_close_finish (self->session, result, error);
}

/* Everything received is in the file, and the server has our close, before the program ends. */
static void
watch_close (ScopeCliWatch *self)
{
  g_autoptr (GError) error = NULL;

  if (!watch_close_session (self, &error) && self->status != SCOPE_CLI_USAGE)
    {
      if (!self->told_failure)
        scope_cli_message ("--record: %s", error->message);
      if (self->status == SCOPE_CLI_DONE)
        self->status = SCOPE_CLI_NOT_DONE;
    }

  g_signal_handlers_disconnect_by_data (self->session, self);
  if (scope_session_get_recorder (self->session) != NULL)
    g_signal_handlers_disconnect_by_data (scope_session_get_recorder (self->session), self);
}

static int
watch_with (ScopeCliOptions  *options,
            ScopeCliPrefixes *prefixes,
            ScopeProfile     *profile,
            ScopeCredentials *credentials)
{
  ScopeCliWatch self = { .options = options, .prefixes = *prefixes };

  scope_cli_printer_init (&self.printer, options);
  self.failed = g_hash_table_new (NULL, NULL);

  watch_start (&self, profile, credentials);
  watch_run (&self);
  watch_close (&self);

  scope_cli_prefixes_clear (&self.prefixes);
  g_object_unref (self.session);
  g_hash_table_unref (self.failed);
  scope_cli_printer_clear (&self.printer);
  g_free (self.not_signed_in);
  g_free (self.trouble);
  g_free (self.advice);
  return self.status;
}

int
scope_cli_watch (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfile) profile = NULL;
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (GError) error = NULL;
  ScopeCliPrefixes prefixes;
  int status = SCOPE_CLI_DONE;

  if (!scope_cli_prefixes_init (&prefixes, options, &error) || !watch_check_channels (options, &error) ||
      !watch_check_unseen_channels (options, &error) || !watch_check_record (options, &error))
    status = scope_cli_fail (error);
  else if (scope_cli_target_resolve (options, &profile, &credentials, &status))
    {
      if (watch_check_unseen (options, profile, credentials) &&
          scope_cli_prefixes_check (&prefixes, profile, credentials))
        return watch_with (options, &prefixes, profile, credentials);
      status = SCOPE_CLI_USAGE;
    }
  scope_cli_prefixes_clear (&prefixes);
  return status;
}
