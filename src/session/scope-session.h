/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-capture.h"
#include "capture/scope-recorder.h"
#include "net/scope-api-client.h"
#include "net/scope-connection.h"
#include "protocol/scope-explain.h"
#include "session/scope-channel.h"
#include "session/scope-discovery.h"
#include "session/scope-event-list.h"
#include "session/scope-learnt-names.h"
#include "session/scope-footprint.h"
#include "session/scope-mark-list.h"
#include "session/scope-mutes.h"
#include "session/scope-profile.h"
#include "session/scope-state-period.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SESSION (scope_session_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSession, scope_session, SCOPE, SESSION, GObject)

/**
 * ScopeSession:
 *
 * One watched app: its connection, its capture and the models that views show. Knows no GTK. The user's
 * wishes come in as method calls; only the session talks to the connection.
 *
 * Properties, notified: profile; offline (bool: an opened capture, no connection); state (int); state-text ("Connected");
 * state-detail (nullable: reason, code's meaning, what comes next: "Closed by the server (4001): …"); retry-at-usec (int64,
 * monotonic, 0 none: count down to it); wants-connected (bool); socket-id (nullable); round-trip-usec (int64, -1 unknown);
 * transport (nullable: "wss") and activity-timeout (double, seconds): of the connection there is, else NULL and 0;
 * user-id (nullable: who is signed in), user-problem (nullable: why signing in failed, with the next step); watchlist (GListModel of
 * ScopeWatched); transport-reason (nullable: why this transport);
 * recording-text (nullable: where it records) and recording-problem (nullable: why it does not);
 * held (bool: the footprint's brake is on);
 * channels (GListModel of ScopeChannel, in order of subscription); events (ScopeEventList); history (GListModel of
 * ScopeStatePeriod, newest first); may-write (bool: publishing, client events, ending connections) and
 * unlocked-until-usec (int64, monotonic, 0: not unlocked) of a read-only profile.
 *
 * Signals:
 * - `entry (ScopeEntry *entry)`: everything in order of arrival, at once, recorded or not (the CLI prints from it).
 * - `problem (const char *text)`: an error for a toast (translated).
 * - `clock-off (gint64 usec)`: the HTTP API's answers tell that this machine's clock is so far ahead of the server's.
 */

/* capture_path NULL: record to a new file of scope_recorder_dup_new_path(). "" : don't record (the event
 * list stays empty). clock NULL: the system's. */
ScopeSession *scope_session_new             (ScopeProfile     *profile,
                                             ScopeCredentials *credentials,
                                             const char       *capture_path,
                                             ScopeClock       *clock);
/* offline, over an opened capture */
ScopeSession *scope_session_new_for_capture (ScopeCapture     *capture);
/* how large a recording may become before its oldest entries go; 0: no limit. At any time */
void          scope_session_set_recording_budget (ScopeSession *self,
                                                  guint64       bytes);
guint64       scope_session_get_recording_budget (ScopeSession *self);

ScopeProfile    *scope_session_get_profile  (ScopeSession *self);
ScopeConnection *scope_session_get_connection (ScopeSession *self); /* NULL when offline; for tests and the CLI */
/* of the next attempt; NULL when offline */
const ScopeConnectionOptions *scope_session_get_options (ScopeSession *self);
/* the app's HTTP API; ask for it anew before each call. NULL: error says what is missing */
ScopeApiClient  *scope_session_get_api      (ScopeSession *self, GError **error);
ScopeDiscovery  *scope_session_get_discovery (ScopeSession *self);   /* NULL when offline */
/* the app secret is known; what was pasted, explained with what the session knows (transfer full) */
gboolean         scope_session_has_secret   (ScopeSession *self);
ScopeExplanation *scope_session_explain     (ScopeSession *self, ScopeExplainKind kind, const char *text,
                                             gsize length, const ScopeExplainFacts *facts);
ScopeFootprint  *scope_session_get_footprint (ScopeSession *self);   /* NULL when offline */
ScopeNames      *scope_session_get_names    (ScopeSession *self);
ScopeState       scope_session_get_state    (ScopeSession *self);
gboolean         scope_session_get_offline  (ScopeSession *self);
GListModel      *scope_session_get_channels (ScopeSession *self);
ScopeChannel    *scope_session_find_channel (ScopeSession *self, const char *name);
ScopeEventList  *scope_session_get_events   (ScopeSession *self);
GListModel      *scope_session_get_history  (ScopeSession *self);
ScopeMarkList   *scope_session_get_marks    (ScopeSession *self);
/* kept with the profile for as long as the program runs */
ScopeMutes      *scope_session_get_mutes    (ScopeSession *self);
/* note "": a bookmark without one; NULL: no bookmark */
gboolean         scope_session_set_mark     (ScopeSession *self, guint64 sequence, const char *note, GError **error);
/* what rows are read from; NULL: nothing was committed yet, or it can't be read */
ScopeCapture    *scope_session_get_capture  (ScopeSession *self);
ScopeRecorder   *scope_session_get_recorder (ScopeSession *self);   /* nullable */

void             scope_session_set_credentials (ScopeSession *self, ScopeCredentials *credentials);
/* after the profile was edited: takes effect with the next attempt */
void             scope_session_apply_profile (ScopeSession *self);
void             scope_session_connect      (ScopeSession *self);
void             scope_session_disconnect   (ScopeSession *self);
gboolean         scope_session_subscribe    (ScopeSession *self, const char *channel, GError **error);
/* a presence channel, by asking the HTTP API: nobody there is told. FALSE too if that API is not known */
gboolean         scope_session_watch_unseen (ScopeSession *self, const char *channel, GError **error);
/* in the way that others don't notice: unseen if it can be, else subscribed */
gboolean         scope_session_watch        (ScopeSession *self, const char *channel, GError **error);
/* as a member everyone sees; presence_user as in the profile, NULL: that one */
gboolean         scope_session_join         (ScopeSession *self, const char *channel, const char *presence_user,
                                             GError **error);
/* the waits between two polls of a channel that is watched unseen */
void             scope_session_get_unseen_interval (ScopeSession *self, gint64 *min_usec, gint64 *max_usec);
ScopeLearntNames *scope_session_get_learnt_names (ScopeSession *self);
const char      *scope_session_get_learnt_name (ScopeSession *self, const char *user_id);
/* the channel leaves the model; scope_session_subscribe() again is its undo, or
 * scope_session_watch_unseen() if it was watched so */
void             scope_session_unsubscribe  (ScopeSession *self, const char *channel);
gboolean         scope_session_send_event   (ScopeSession *self, const char *channel, const char *event,
                                             const char *data_json, GError **error);
/* read-only profiles: whether anything may be published, sent or ended now; unlocking is for ten minutes */
gboolean         scope_session_get_may_write (ScopeSession *self);
gboolean         scope_session_check_may_write (ScopeSession *self, GError **error);
void             scope_session_unlock_writing (ScopeSession *self);
void             scope_session_lock_writing (ScopeSession *self);
gint64           scope_session_get_unlocked_usec (ScopeSession *self); /* what is left of it; 0: locked, or free */
/* as scope_connection_sign_in() */
gboolean         scope_session_sign_in      (ScopeSession *self, const char *user_data, GError **error);
GListModel      *scope_session_get_watchlist (ScopeSession *self);
/* disconnects, waits for the socket's close (bounded), closes the capture; every call returns when that is done */
void             scope_session_close_async  (ScopeSession *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean         scope_session_close_finish (ScopeSession *self, GAsyncResult *result, GError **error);

G_END_DECLS
