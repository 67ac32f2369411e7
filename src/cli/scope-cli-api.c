/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-api.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"
#include "cli/scope-cli-target.h"
#include "protocol/scope-server-error.h"

/**
 * scope_cli_api_check_target:
 *
 * What is missing is told on standard error.
 *
 * Returns: whether the HTTP API can be asked with these: key, app id and secret are there
 */
gboolean
scope_cli_api_check_target (const ScopeConnectionOptions *target)
{
  if (target->app_id == NULL)
    scope_cli_message (_("The app id is missing: the HTTP API needs it and it can’t be derived; give it with "
                         "--app-id ID"));
  else if (target->secret == NULL)
    scope_cli_message (_("The app secret is missing: requests of the HTTP API are signed with it; give it with "
                         "CHANNELSCOPE_SECRET or --secret-file FILE"));
  else
    return TRUE;
  return FALSE;
}

/**
 * scope_cli_api_open:
 * @self: (out caller-allocates): to be closed once this returned %TRUE
 */
gboolean
scope_cli_api_open (ScopeCliApi     *self,
                    ScopeCliOptions *options,
                    int             *status)
{
  g_autoptr (ScopeProfile) profile = NULL;
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (ScopeConnectionOptions) target = NULL;
  g_autoptr (ScopeClock) clock = NULL;

  if (!scope_cli_target_resolve (options, &profile, &credentials, status))
    return FALSE;

  target = scope_profile_to_options (profile, credentials);
  if (!scope_cli_api_check_target (target))
    {
      *status = SCOPE_CLI_USAGE;
      return FALSE;
    }
  clock = scope_clock_new_system ();
  self->client = scope_api_client_new (target, clock);
  self->target = g_steal_pointer (&target);
  self->ndjson = scope_cli_options_is_ndjson (options);
  self->told_clock = FALSE;
  return TRUE;
}

/**
 * scope_cli_api_close:
 *
 * Lets go the client.
 */
void
scope_cli_api_close (ScopeCliApi *self)
{
  g_clear_object (&self->client);
  g_clear_pointer (&self->target, scope_connection_options_free);
}

/**
 * scope_cli_api_wait:
 * @call: whose callback was scope_cli_call_cb()
 * @cancellable: (nullable): cancelled by a signal, or when nobody reads any more
 * @error: as scope_api_client_call_finish()
 *
 * Runs the main loop until the call has ended.
 *
 * Returns: (transfer full) (nullable): what became of it
 */
ScopeApiReply *
scope_cli_api_wait (ScopeCliApi  *self,
                    ScopeCliCall *call,
                    GCancellable *cancellable,
                    GError      **error)
{
  g_autoptr (GAsyncResult) result = scope_cli_call_wait (call, cancellable, 0);

  return scope_api_client_call_finish (self->client, result, error);
}

static void
api_append_member (GString    *line,
                   const char *key,
                   const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append_printf (line, ",\"%s\":", key);
  scope_json_append_string (line, value, -1);
}

/**
 * scope_cli_api_begin_line:
 * @outcome: as [func@scope_api_outcome_to_text] gives it
 * @status: HTTP's; 0: there was no answer
 * @message: (nullable): what is wrong
 *
 * What each line of `trigger`, `batch` and `terminate` begins with: `{"outcome":…,"status":…,"message":…`.
 */
void
scope_cli_api_begin_line (GString    *line,
                          const char *outcome,
                          guint       status,
                          const char *message)
{
  g_string_append_printf (line, "{\"outcome\":\"%s\",\"status\":", outcome);
  if (status != 0)
    g_string_append_printf (line, "%u", status);
  else
    g_string_append (line, "null");
  g_string_append (line, ",\"message\":");
  scope_json_append_string (line, message != NULL ? message : "", -1);
}

/* Of the reasons for a 401 these have nothing to do with what was signed. */
static gboolean
api_is_about_signature (const ScopeApiReply *reply)
{
  return reply->text == NULL || (strstr (reply->text, "Unknown auth_key") == NULL &&
                                 strstr (reply->text, "Timestamp expired") == NULL);
}

static gboolean
api_shows_signed (const ScopeApiReply *reply)
{
  return reply->outcome == SCOPE_API_REFUSED && reply->status == 401;
}

static void
api_append_ndjson (GString               *line,
                   const ScopeApiReply   *reply,
                   const ScopeCliOutcome *outcome)
{
  scope_cli_api_begin_line (line, scope_api_outcome_to_text (reply->outcome), reply->status, reply->text);
  api_append_member (line, "meaning", reply->meaning);
  if (api_shows_signed (reply))
    api_append_member (line, "signed", reply->signed_text);
  if (outcome->n_events > 0)
    g_string_append_printf (line, ",\"events\":%u", outcome->n_events);
  if (outcome->first_line > 0)
    g_string_append_printf (line, ",\"lines\":[%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "]",
                            outcome->first_line, outcome->last_line);
  if (outcome->counts != NULL)
    {
      g_string_append (line, ",\"channels\":");
      scope_json_append_compact (line, outcome->counts, strlen (outcome->counts));
    }
  g_string_append_c (line, '}');
}

/* What a server said may steer no terminal. */
static void
api_append_shown (GString    *line,
                  const char *before,
                  const char *text)
{
  g_autofree char *shown = NULL;

  if (text == NULL || *text == '\0')
    return;
  shown = scope_text_for_display (text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  g_string_append_printf (line, "%s%s", before, shown);
}

/* A refused request was not carried out: to repeat the command is safe, and left to the user. FALSE:
 * the clock is not why, or that was told before. */
static gboolean
api_tell_clock (ScopeCliApi         *self,
                const ScopeApiReply *reply)
{
  g_autofree char *off = NULL;

  if (self->told_clock || reply->status != 401 || !scope_api_reply_is_clock_off (reply))
    return FALSE;

  self->told_clock = TRUE;
  off = scope_text_format_duration (ABS (reply->clock_ahead_usec));
  scope_cli_message (reply->clock_ahead_usec > 0
                       ? _("This machine’s clock is %s ahead of the server’s: set it (such as with “timedatectl "
                           "set-ntp true”), then run the command again; what was refused was not carried out")
                       : _("This machine’s clock is %s behind the server’s: set it (such as with “timedatectl "
                           "set-ntp true”), then run the command again; what was refused was not carried out"),
                     off);
  return TRUE;
}

/* Pusher's text of a wrong signature repeats all that was signed: "… you should have sent HmacSHA256Hex("…",
 * your_secret_key), but you sent "…"". */
#define SIGNED_BEFORE "HmacSHA256Hex(\""
#define SIGNED_AFTER "\", your_secret_key)"

/**
 * scope_cli_api_dup_what:
 *
 * Returns: (transfer full) (nullable): what the server says of a request that was not accepted, in one line
 */
char *
scope_cli_api_dup_what (const ScopeApiReply *reply)
{
  return scope_api_error_dup_brief (reply->text);
}

/* Copied with it, mostly. */
static gboolean
api_has_blank_secret (ScopeCliApi *self)
{
  const char *secret = scope_secret_peek (self->target->secret);
  gsize length = secret != NULL ? strlen (secret) : 0;

  return length > 0 && (g_ascii_isspace (secret[0]) || g_ascii_isspace (secret[length - 1]));
}

/* NULL: the server does not say what it would have signed */
static char *
api_dup_signed_by_server (const ScopeApiReply *reply)
{
  const char *start = reply->text != NULL ? strstr (reply->text, SIGNED_BEFORE) : NULL;
  const char *end = start != NULL ? strstr (start, SIGNED_AFTER) : NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;

  if (end == NULL)
    return NULL;
  start += strlen (SIGNED_BEFORE);
  text = g_strndup (start, end - start);
  lines = g_strsplit (text, "\\n", -1);
  return g_strjoinv ("\n", lines);
}

/**
 * scope_cli_api_dup_next:
 *
 * Returns: (transfer full) (nullable): what to do about it, in one line; of a clock that is off only once a run
 */
char *
scope_cli_api_dup_next (ScopeCliApi         *self,
                        const ScopeApiReply *reply)
{
  g_autofree char *by_server = NULL;

  if (api_tell_clock (self, reply))
    return NULL;
  if (!api_shows_signed (reply) || reply->signed_text == NULL || !api_is_about_signature (reply))
    return g_strdup (reply->meaning);

  if (api_has_blank_secret (self))
    return g_strdup (_("The app secret that was given begins or ends with a blank: give it without"));
  by_server = api_dup_signed_by_server (reply);
  if (g_strcmp0 (by_server, reply->signed_text) == 0)
    return g_strdup (_("The server signed the same text, so the app secret is not this app’s: give the right one with "
                       "CHANNELSCOPE_SECRET, --secret-file FILE or a saved profile"));
  if (by_server != NULL)
    return g_strdup_printf (_("The request was changed on its way, such as by a proxy: “%s” was signed here, “%s” came "
                              "there"), reply->signed_text, by_server);
  return g_strdup_printf (_("%s Signed: %s"), reply->meaning, reply->signed_text);
}

static void
api_append_text (ScopeCliApi           *self,
                 GString               *line,
                 const ScopeApiReply   *reply,
                 const ScopeCliOutcome *outcome)
{
  g_autofree char *what = scope_cli_api_dup_what (reply);
  g_autofree char *next = scope_cli_api_dup_next (self, reply);

  g_string_append_printf (line, "%s: %s", outcome->subject, scope_api_outcome_to_text (reply->outcome));
  if (reply->outcome != SCOPE_API_ACCEPTED && reply->status != 0)
    g_string_append_printf (line, " (%u)", reply->status);
  api_append_shown (line, ": ", what);
  api_append_shown (line, "\n  → ", next);
  api_append_shown (line, " ", outcome->counts);
}

/**
 * scope_cli_api_print:
 * @outcome: what is printed of it
 *
 * Prints what became of a request, as a line of JSON or for people; of a clock that is off it tells once.
 */
void
scope_cli_api_print (ScopeCliApi           *self,
                     const ScopeApiReply   *reply,
                     const ScopeCliOutcome *outcome)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (self->ndjson)
    api_append_ndjson (line, reply, outcome);
  else
    api_append_text (self, line, reply, outcome);
  g_string_append_c (line, '\n');
  scope_cli_output_write (line->str, line->len);
  api_tell_clock (self, reply);
}

/**
 * scope_cli_api_dup_member:
 * @kind: of JSON: what it has to be
 *
 * Returns: (transfer full) (nullable): the span of a member of the answer's object, as it came; `NULL` if it is
 *   not of that kind
 */
char *
scope_cli_api_dup_member (const ScopeApiReply *reply,
                          const char          *key,
                          ScopeJsonKind        kind)
{
  ScopeJsonWanted wanted = { .key = key };

  if (reply->body == NULL || !scope_json_scan_object (reply->body, strlen (reply->body), &wanted, 1, NULL) ||
      wanted.kind != kind)
    return NULL;
  return g_strndup (reply->body + wanted.value.offset, wanted.value.length);
}
