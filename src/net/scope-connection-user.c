/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in as a user, and the watchlist (protocol.md §4.5). */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "protocol/scope-frame.h"
#include "protocol/scope-signature.h"
#include "protocol/scope-user-data.h"

#define MAX_WATCHLIST_EVENTS 100 /* in one frame */

typedef enum
{
  SIGN_IN_NONE,               /* not tried on this socket, or failed */
  SIGN_IN_ASKING,             /* the endpoint */
  SIGN_IN_SENT,               /* the server has 30 s to answer */
  SIGN_IN_DONE,
} ScopeSignInState;

/* One question to the user endpoint. */
typedef struct _ScopeUserAsk
{
  ScopeConnection *self;      /* NULL: nobody waits for the answer any more */
  GCancellable *cancellable;
} ScopeUserAsk;

/* A presence channel whose member is whoever signs in. */
typedef struct
{
  char *channel;
  guint tag;
  char *auth;
} ScopeHeldPresence;

typedef struct _ScopeSignIn
{
  gboolean wanted;            /* by a call, not only by the options */
  char *user_data;            /* of that call; NULL: the options' */

  ScopeSignInState state;
  gboolean was_sent;          /* on this socket: an answer may come, late as it be */
  char *sent_data;            /* what it was */
  struct _ScopeUserAsk *ask;  /* while asking; owned by its callback */
  guint64 timer;
  char *user_id;              /* NULL: not signed in */
  GPtrArray *held;            /* of ScopeHeldPresence: wait for the end of the sign-in */
} ScopeSignIn;

static void
scope_held_presence_free (gpointer data)
{
  ScopeHeldPresence *held = data;

  g_free (held->channel);
  g_free (held->auth);
  g_free (held);
}

void
_scope_connection_init_user (ScopeConnection *self)
{
  self->sign_in = g_new0 (ScopeSignIn, 1);
  self->sign_in->held = g_ptr_array_new_with_free_func (scope_held_presence_free);
}

static void
scope_connection_stop_sign_in (ScopeConnection *self)
{
  ScopeSignIn *sign_in = self->sign_in;

  scope_clock_remove_timer (self->clock, sign_in->timer);
  sign_in->timer = 0;
  if (sign_in->ask == NULL)
    return;
  sign_in->ask->self = NULL;
  g_cancellable_cancel (sign_in->ask->cancellable);
  sign_in->ask = NULL;
}

void
_scope_connection_clear_user (ScopeConnection *self)
{
  if (self->sign_in != NULL)
    scope_connection_stop_sign_in (self);
}

void
_scope_connection_free_user (ScopeConnection *self)
{
  if (self->sign_in == NULL)
    return;

  g_free (self->sign_in->user_data);
  g_free (self->sign_in->sent_data);
  g_free (self->sign_in->user_id);
  g_ptr_array_unref (self->sign_in->held);
  g_clear_pointer (&self->sign_in, g_free);
}

/* --- presence as the signed-in user --- */

gboolean
_scope_connection_may_be_user (ScopeConnection *self)
{
  return self->sign_in->state != SIGN_IN_NONE;
}

/* pusher-js waits likewise */
gboolean
_scope_connection_wait_for_user (ScopeConnection *self,
                                 const char *channel,
                                 guint tag,
                                 const char *auth)
{
  ScopeHeldPresence *held;

  if (self->sign_in->state != SIGN_IN_ASKING && self->sign_in->state != SIGN_IN_SENT)
    return FALSE;

  held = g_new0 (ScopeHeldPresence, 1);
  held->channel = g_strdup (channel);
  held->tag = tag;
  held->auth = g_strdup (auth);
  g_ptr_array_add (self->sign_in->held, held);
  return TRUE;
}

static void
scope_connection_release_held (ScopeConnection *self)
{
  g_autoptr (GPtrArray) held = g_steal_pointer (&self->sign_in->held);

  self->sign_in->held = g_ptr_array_new_with_free_func (scope_held_presence_free);
  for (guint i = 0; i < held->len; i++)
    {
      ScopeHeldPresence *item = held->pdata[i];

      _scope_connection_resume_presence (self, item->channel, item->tag, item->auth);
    }
}

/* --- failing --- */

static void
scope_connection_fail_sign_in (ScopeConnection *self,
                               const char *type,
                               const char *text,
                               guint status)
{
  ScopeReport report = { .type = SCOPE_REPORT_USER, .user_status = SCOPE_USER_ERROR,
                         .user_id = self->sign_in->user_id, .error_type = type, .error_text = text,
                         .has_code = status != 0, .code = status,
                         .meaning = scope_sign_in_error_get_meaning (type, text, status) };

  scope_connection_stop_sign_in (self);
  self->sign_in->state = self->sign_in->user_id != NULL ? SIGN_IN_DONE : SIGN_IN_NONE;
  _scope_connection_report (self, &report);
  scope_connection_release_held (self);
}

static void
scope_connection_sign_in_over_cb (gpointer user_data)
{
  g_autoptr (ScopeConnection) self = g_object_ref (user_data);

  self->sign_in->timer = 0;
  scope_connection_fail_sign_in (self, "TimedOut",
                                 _("No answer: the server may not know sign-in"), 0);
}

/* Reverb says 4200 to whatever it can't process, sign-in included (§11.3). */
gboolean
_scope_connection_refuse_sign_in (ScopeConnection *self,
                                  ScopeErrorTopic topic,
                                  const char *text,
                                  guint code)
{
  gboolean is_reverb = code == 4200 && g_str_has_prefix (text, "Invalid message format");

  if (self->sign_in->state != SIGN_IN_SENT || (topic != SCOPE_TOPIC_SIGN_IN && !is_reverb))
    return FALSE;

  scope_connection_fail_sign_in (self, "ServerError", text, code);
  return TRUE;
}

/* --- asking and sending --- */

/* As with subscriptions, what is told has the authorization hidden. */
static void
scope_connection_send_sign_in (ScopeConnection *self,
                               const char *auth,
                               const char *user_data)
{
  g_autofree char *frame = scope_frame_sign_in (auth, user_data);
  g_autofree char *shown = scope_frame_sign_in (SCOPE_REDACTED, user_data);
  ScopeReport report = { .type = SCOPE_REPORT_FRAME };
  ScopeSignIn *sign_in = self->sign_in;

  sign_in->state = SIGN_IN_SENT;
  sign_in->was_sent = TRUE;
  g_free (sign_in->sent_data);
  sign_in->sent_data = g_strdup (user_data);
  sign_in->timer = scope_clock_add_timer (self->clock,
                                          scope_clock_get_monotonic_usec (self->clock)
                                              + SCOPE_WAIT_SUBSCRIBE_USEC,
                                          scope_connection_sign_in_over_cb, self);
  _scope_connection_send_frame (self, frame, shown, &report);
}

static const char *
scope_connection_peek_user_data (ScopeConnection *self)
{
  return self->sign_in->user_data != NULL ? self->sign_in->user_data : self->options->user_data;
}

/* §4.4: signed as it stands, sent unchanged */
static void
scope_connection_sign_user (ScopeConnection *self)
{
  const char *secret = scope_secret_peek (self->options->secret);
  const char *user_data = scope_connection_peek_user_data (self);
  g_autofree char *auth = NULL;

  if (secret == NULL)
    {
      scope_connection_fail_sign_in (self, "AuthError",
                                     _("The app secret is not known: add it to sign in here, or name "
                                       "a user endpoint"), 0);
      return;
    }

  auth = scope_sign_user (self->options->key, secret, scope_machine_get_socket_id (self->machine),
                          user_data);
  scope_connection_send_sign_in (self, auth, user_data);
}

/* An answer that came too late is one for another socket, and worth nothing. */
static void
scope_connection_user_answered_cb (GObject *source,
                                   GAsyncResult *result,
                                   gpointer user_data)
{
  ScopeUserAsk *ask = user_data;
  g_autoptr (ScopeConnection) self = ask->self != NULL ? g_object_ref (ask->self) : NULL;
  g_autoptr (GError) error = NULL;
  guint status = 0;
  g_autoptr (ScopeAuthReply) reply
      = scope_authorizer_request_finish (SCOPE_AUTHORIZER (source), result, &status, &error);

  g_object_unref (ask->cancellable);
  g_free (ask);
  if (self == NULL)
    return;

  self->sign_in->ask = NULL;
  if (reply != NULL)
    scope_connection_send_sign_in (self, reply->auth, reply->user_data);
  else
    scope_connection_fail_sign_in (self, "AuthError", error->message, status);
}

/* §4.5.2: the endpoint knows who is asking, by what is sent along */
static void
scope_connection_ask_user (ScopeConnection *self)
{
  ScopeSignIn *sign_in = self->sign_in;
  ScopeUserAsk *ask = g_new0 (ScopeUserAsk, 1);

  sign_in->state = SIGN_IN_ASKING;
  sign_in->ask = ask;
  ask->self = self;
  ask->cancellable = g_cancellable_new ();
  scope_authorizer_request_async (_scope_connection_get_authorizer (self), SCOPE_AUTH_FOR_USER,
                                  scope_machine_get_socket_id (self->machine), NULL, FALSE,
                                  ask->cancellable, scope_connection_user_answered_cb, ask);
}

static void
scope_connection_start_sign_in (ScopeConnection *self)
{
  ScopeSignIn *sign_in = self->sign_in;

  if (sign_in->state == SIGN_IN_ASKING || sign_in->state == SIGN_IN_SENT)
    return;
  if (self->options->user_auth.endpoint != NULL)
    scope_connection_ask_user (self);
  else if (scope_connection_peek_user_data (self) != NULL)
    scope_connection_sign_user (self);
}

/* --- the connection --- */

static gboolean
scope_connection_wants_user (ScopeConnection *self)
{
  return self->sign_in->wanted || self->options->user_auth.endpoint != NULL
         || self->options->user_data != NULL;
}

void
_scope_connection_user_connected (ScopeConnection *self)
{
  if (scope_connection_wants_user (self))
    scope_connection_start_sign_in (self);
}

/* Leaving `connected` forgets the user (§4.5). soketi says nothing but 4009 to a sign-in it refuses,
 * at times. */
void
_scope_connection_user_lost (ScopeConnection *self,
                             guint code,
                             const char *reason)
{
  ScopeReport report = { .type = SCOPE_REPORT_USER, .user_status = SCOPE_USER_SIGNED_OUT };
  ScopeSignIn *sign_in = self->sign_in;
  g_autofree char *user_id = g_steal_pointer (&sign_in->user_id);

  g_ptr_array_set_size (sign_in->held, 0);
  if (sign_in->state == SIGN_IN_SENT && code == 4009)
    scope_connection_fail_sign_in (self, "ServerError", reason != NULL ? reason : "", code);
  scope_connection_stop_sign_in (self);
  sign_in->state = SIGN_IN_NONE;
  sign_in->was_sent = FALSE;
  g_clear_pointer (&sign_in->sent_data, g_free);
  if (user_id == NULL)
    return;

  report.user_id = user_id;
  _scope_connection_report (self, &report);
}

/* --- what the server says --- */

/* `user_data` is a string that holds JSON, from soketi and Sockudo at times the object itself. */
static char *
scope_connection_dup_user_data (ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "user_data" } };
  g_autoptr (GBytes) owner = NULL;
  const char *text;
  gsize length;

  if (!scope_message_read_data_object (message, &text, &length, &owner)
      || !scope_json_scan_object (text, length, wanted, G_N_ELEMENTS (wanted), NULL))
    return NULL;
  if (wanted[0].kind == SCOPE_JSON_STRING)
    return scope_json_string_dup (text + wanted[0].value.offset, wanted[0].value.length);
  if (wanted[0].kind == SCOPE_JSON_OBJECT)
    return g_strndup (text + wanted[0].value.offset, wanted[0].value.length);
  return NULL;
}

/* §4.5.4: as pusher-js does. It is no wish of the user's: nothing waits for the answer, and soketi,
 * which sends the user's events anyway, may refuse. */
static void
scope_connection_subscribe_user (ScopeConnection *self)
{
  g_autofree char *channel = g_strconcat ("#server-to-user-", self->sign_in->user_id, NULL);

  if (!scope_channel_name_check (channel, NULL, NULL))
    _scope_connection_report_error (self, SCOPE_SOURCE_PARSE, NULL,
                                    _("The user's id has characters that channel names can't have: "
                                      "events sent to this user may not arrive"));
  else if (scope_subscriptions_is_wanted (self->subscriptions, channel))
    scope_connection_subscribe (self, channel, NULL); /* refused before, maybe */
  else
    _scope_connection_send_subscribe (self, channel, NULL, NULL);
}

/* Who is watched is told in the answer, or was in the question. */
static char **
scope_connection_dup_watchlist (ScopeConnection *self,
                                ScopeUserData *user)
{
  const char *sent = self->sign_in->sent_data;
  g_autoptr (ScopeUserData) asked = NULL;

  if (user->watchlist != NULL)
    return g_strdupv (user->watchlist);

  asked = sent != NULL ? scope_user_data_parse (sent, strlen (sent), NULL) : NULL;
  return asked != NULL ? g_steal_pointer (&asked->watchlist) : NULL;
}

static void
scope_connection_enter_user (ScopeConnection *self,
                             ScopeUserData *user)
{
  ScopeReport report = { .type = SCOPE_REPORT_USER, .user_status = SCOPE_USER_SIGNED_IN };
  g_auto (GStrv) watchlist = scope_connection_dup_watchlist (self, user);
  ScopeSignIn *sign_in = self->sign_in;

  scope_connection_stop_sign_in (self);
  sign_in->state = SIGN_IN_DONE;
  g_free (sign_in->user_id);
  sign_in->user_id = g_strdup (user->id);

  report.user_id = user->id;
  report.user_ids = (const char * const *) watchlist;
  _scope_connection_report (self, &report);
  if (sign_in->user_id != NULL) /* the listener may have disconnected */
    scope_connection_subscribe_user (self);
  scope_connection_release_held (self);
}

void
_scope_connection_take_signed_in (ScopeConnection *self,
                                  ScopeMessage *message)
{
  g_autofree char *user_data = NULL;
  g_autoptr (ScopeUserData) user = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->sign_in->was_sent)
    return; /* nobody asked: it stays a frame */

  user_data = scope_connection_dup_user_data (message);
  if (user_data == NULL)
    g_set_error_literal (&error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                         _("The server's answer to the sign-in has no user data"));
  else
    user = scope_user_data_parse (user_data, strlen (user_data), &error);

  if (user == NULL)
    scope_connection_fail_sign_in (self, "ServerError", error->message, 0);
  else if (g_strcmp0 (self->sign_in->user_id, user->id) != 0)
    scope_connection_enter_user (self, user);
  else
    {
      scope_connection_stop_sign_in (self);
      self->sign_in->state = SIGN_IN_DONE; /* told again */
      scope_connection_release_held (self);
    }
}

/* --- the watchlist --- */

/* FALSE if these are no ids. */
static gboolean
scope_connection_report_watchlist (ScopeConnection *self,
                                   gboolean online,
                                   const char *text,
                                   const ScopeJsonWanted *wanted)
{
  ScopeReport report = { .type = SCOPE_REPORT_WATCHLIST, .online = online };
  g_auto (GStrv) user_ids = NULL;
  gboolean is_cut;

  if (wanted->kind != SCOPE_JSON_ARRAY)
    return FALSE;

  user_ids = scope_user_ids_read (text + wanted->value.offset, wanted->value.length, &is_cut);
  report.user_ids = (const char * const *) user_ids;
  _scope_connection_report (self, &report);
  if (is_cut)
    _scope_connection_report_error (self, SCOPE_SOURCE_LIMIT, NULL,
                                    _("A watchlist event names too many users: only the first are "
                                      "taken"));
  return TRUE;
}

/* Sockudo's form (§11.4): the event's name says it, without a channel. Any other data makes it an
 * ordinary event. */
static void
scope_connection_take_named_watchlist (ScopeConnection *self,
                                       ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "user_ids" } };
  gboolean online = strcmp (scope_message_get_event (message, NULL), "online") == 0;
  g_autoptr (GBytes) owner = NULL;
  const char *text;
  gsize length;

  if (!scope_message_read_data_object (message, &text, &length, &owner)
      || !scope_json_scan_object (text, length, wanted, G_N_ELEMENTS (wanted), NULL)
      || !scope_connection_report_watchlist (self, online, text, &wanted[0]))
    _scope_connection_take_event (self, message);
}

static void
scope_connection_take_watchlist_event (ScopeConnection *self,
                                       const char *text,
                                       gsize length)
{
  ScopeJsonWanted wanted[] = { { .key = "name" }, { .key = "user_ids" } };
  const char *name;

  if (!scope_json_scan_object (text, length, wanted, G_N_ELEMENTS (wanted), NULL)
      || wanted[0].kind != SCOPE_JSON_STRING)
    return;

  name = text + wanted[0].value.offset;
  if (scope_json_string_equal (name, wanted[0].value.length, "online"))
    scope_connection_report_watchlist (self, TRUE, text, &wanted[1]);
  else if (scope_json_string_equal (name, wanted[0].value.length, "offline"))
    scope_connection_report_watchlist (self, FALSE, text, &wanted[1]);
}

void
_scope_connection_take_watchlist (ScopeConnection *self,
                                  ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "events" } };
  g_autoptr (GBytes) owner = NULL;
  ScopeJsonIter iter;
  ScopeSpan value;
  ScopeJsonKind kind;
  const char *text;
  gsize length;
  guint n_events = 0;

  if (!g_str_has_prefix (scope_message_get_event (message, NULL), "pusher_internal:"))
    {
      scope_connection_take_named_watchlist (self, message);
      return;
    }
  if (!scope_message_read_data_object (message, &text, &length, &owner)
      || !scope_json_scan_object (text, length, wanted, G_N_ELEMENTS (wanted), NULL)
      || wanted[0].kind != SCOPE_JSON_ARRAY)
    return;

  text += wanted[0].value.offset;
  scope_json_iter_init (&iter, text, wanted[0].value.length);
  while (n_events < MAX_WATCHLIST_EVENTS && scope_json_iter_next (&iter, NULL, &value, &kind))
    {
      scope_connection_take_watchlist_event (self, text + value.offset, value.length);
      n_events++;
    }
  if (n_events == MAX_WATCHLIST_EVENTS && scope_json_iter_next (&iter, NULL, &value, &kind))
    _scope_connection_report_error (self, SCOPE_SOURCE_LIMIT, NULL,
                                    _("A watchlist frame holds too many events: only the first are taken"));
}

/* --- the user's wish --- */

static gboolean
scope_connection_check_sign_in (ScopeConnection *self,
                                const char *user_data,
                                GError **error)
{
  g_autoptr (ScopeUserData) user = NULL;
  g_autoptr (GError) why = NULL;

  if (self->options->user_auth.endpoint != NULL)
    return TRUE;

  if (user_data == NULL)
    g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                         _("Nobody is named to sign in as: give user data or a user endpoint"));
  else if (self->options->secret == NULL)
    g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                         _("The app secret is not known: add it to sign in here, or name a user "
                           "endpoint"));
  else if ((user = scope_user_data_parse (user_data, strlen (user_data), &why)) == NULL)
    g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, why->message);
  else
    return TRUE;
  return FALSE;
}

/**
 * scope_connection_sign_in:
 * @user_data: (nullable): JSON text with at least an `id`; %NULL: the options'
 * @error: `SCOPE_ERROR_USAGE`
 *
 * Signs in as a user now if connected, and after every connect (protocol.md §4.5). A user who is
 * signed in already stays; the server refuses another one on the same connection.
 *
 * Returns: whether it is wanted now
 */
gboolean
scope_connection_sign_in (ScopeConnection *self,
                          const char *user_data,
                          GError **error)
{
  ScopeSignIn *sign_in;

  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), FALSE);

  sign_in = self->sign_in;
  if (!scope_connection_check_sign_in (
          self, user_data != NULL ? user_data : scope_connection_peek_user_data (self), error))
    return FALSE;

  sign_in->wanted = TRUE;
  if (user_data != NULL)
    {
      g_free (sign_in->user_data);
      sign_in->user_data = g_strdup (user_data);
    }
  if (scope_machine_get_state (self->machine) == SCOPE_STATE_CONNECTED
      && (sign_in->user_id == NULL || user_data != NULL))
    scope_connection_start_sign_in (self);
  return TRUE;
}

/**
 * scope_connection_get_user_id:
 *
 * Returns: (nullable): the user that is signed in
 */
const char *
scope_connection_get_user_id (ScopeConnection *self)
{
  g_return_val_if_fail (SCOPE_IS_CONNECTION (self), NULL);

  return self->sign_in->user_id;
}
