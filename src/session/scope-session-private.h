/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-session.h"

G_BEGIN_DECLS

/* A session is cut by concern; each part has its fields below and its functions here.
 *
 *   scope-session.c            the object, the user's wishes
 *   scope-session-close.c      its end
 *   scope-session-route.c      reports become entries, and go to the parts
 *   scope-session-state.c      state, its explanation, history, gaps
 *   scope-session-channels.c   channels and their members
 *   scope-session-api.c        the HTTP API, and what it costs
 *   scope-session-unseen.c     presence channels that are watched without joining them
 *   scope-session-user.c       who is signed in, and the watchlist
 *   scope-session-recording.c  recorder, and from there to the event list
 *   scope-session-marks.c      bookmarks, and what is muted
 *   scope-session-unlock.c     leave to publish from a read-only profile
 *   scope-session-discovery.c  which channels are occupied, and rules about them
 *   scope-session-offline.c    an opened capture */

enum
{
  PROP_0,
  PROP_PROFILE,
  PROP_OFFLINE,
  PROP_STATE,
  PROP_STATE_TEXT,
  PROP_STATE_DETAIL,
  PROP_RETRY_AT_USEC,
  PROP_WANTS_CONNECTED,
  PROP_SOCKET_ID,
  PROP_ROUND_TRIP_USEC,
  PROP_TRANSPORT,
  PROP_ACTIVITY_TIMEOUT,
  PROP_TRANSPORT_REASON,
  PROP_USER_ID,
  PROP_USER_PROBLEM,
  PROP_WATCHLIST,
  PROP_RECORDING_TEXT,
  PROP_RECORDING_PROBLEM,
  PROP_LOADING,
  PROP_HELD,
  PROP_CHANNELS,
  PROP_EVENTS,
  PROP_HISTORY,
  PROP_MAY_WRITE,
  PROP_UNLOCKED_UNTIL_USEC,
  N_PROPS
};

struct _ScopeSession
{
  GObject parent_instance;

  ScopeProfile *profile; /* NULL: offline */
  ScopeCredentials *credentials;
  ScopeClock *clock;
  ScopeNames *names;
  ScopeConnection *connection; /* NULL: offline */
  gboolean names_are_full; /* and this was told */
  gboolean was_connected_once; /* or tried to: the profile's channels are subscribed to */
  gboolean closed; /* or closing */
  gboolean close_is_done;
  GError *close_error;
  GQueue closers; /* of GTask: wait for the closing */

  /* state */
  ScopeState state;
  char *state_detail;
  char *trouble; /* what went wrong last while not connected, in words */
  char *socket_id;
  gint64 round_trip_usec;
  char *transport; /* NULL: not connected */
  char *transport_reason; /* the same */
  double activity_timeout; /* seconds; 0: not connected */
  gint64 retry_at_usec;
  guint64 retry_timer;
  gboolean wants_connected;
  GListStore *history;
  gint64 lost_usec; /* wall: since when we are blind; 0: we are not */
  char *lost_reason;
  gint64 last_problem_usec; /* monotonic: of the `problem` signal */

  /* channels */
  GListStore *channels;
  GHashTable *channels_by_name; /* name (owned by its channel) → ScopeChannel */
  GPtrArray *dirty;             /* of ScopeChannel: to be flushed */
  guint64 flush_timer;
  guint64 rate_timer;

  /* unseen */
  GHashTable *unseen; /* name (owned by its watcher) → ScopeUnseen */
  GCancellable *unseen_cancellable;
  ScopeLearntNames *learnt;

  /* user */
  char *user_id; /* NULL: not signed in */
  char *user_problem;
  GListStore *watchlist;
  GHashTable *watched; /* id (owned by its item) → ScopeWatched */

  /* HTTP API */
  ScopeDiscovery *discovery; /* NULL: nobody asked for it yet */
  guint64 discovery_timer;
  ScopeApiClient *api; /* NULL: not asked for since the profile changed */
  ScopeConnectionOptions *api_target; /* what was last applied, or the client made from; NULL: nothing yet */
  guint api_generation; /* another one with each change to another app */
  ScopeFootprint *footprint; /* NULL: offline */
  gboolean is_held;
  char *refused_event; /* why the server refused a client event, the last time; nullable */
  GPtrArray *sockets; /* char *: ids there were, the last one last */

  /* recording */
  char *capture_path; /* as asked for: NULL a new one, "" none */
  ScopeRecorder *recorder;
  gboolean recorder_failed;
  gboolean recorder_stalled; /* there is no room: what comes is shown from memory */
  guint64 budget;            /* bytes; 0: none */
  GArray *pending; /* of ScopeRecord: recorded, not yet committed; the last is the last that was recorded */
  guint n_settled; /* of pending, from its start: they are committed */
  GQueue refused; /* of ScopeEntry: not taken by the recorder, or there is none */
  gsize refused_bytes; /* what they hold */
  gulong n_refused;
  gint64 refused_since_usec; /* wall */
  guint64 last_sequence; /* in the event list */
  ScopeEventList *events;
  char *recording_text;
  char *recording_problem;

  /* marks */
  ScopeMarkList *marks;
  GPtrArray *mark_changes; /* of ScopeMark: to be written to an opened capture */
  gboolean marks_are_busy; /* a worker reads or writes them */
  ScopeMutes *mutes;

  /* leave to write */
  gint64 unlocked_until_usec; /* monotonic; 0: none, or none is needed */
  gint64 unlocked_until_wall_usec;
  guint64 unlock_timer;

  /* offline */
  ScopeCapture *capture;
  guint64 load_next; /* sequence number */
  guint n_learnt_from; /* entries */
  guint load_id;
  gboolean salvaging;
  GError *damage; /* what was found first; NULL: nothing */
};

extern GParamSpec *_scope_session_properties[N_PROPS];

/* scope-session.c */
void _scope_session_notify              (ScopeSession      *self,
                                         guint              property);
void _scope_session_emit_entry          (ScopeSession      *self,
                                         ScopeEntry        *entry);
void _scope_session_emit_clock_off      (ScopeSession      *self,
                                         gint64             usec);
void _scope_session_emit_problem        (ScopeSession      *self,
                                         const char        *text);

gboolean _scope_session_check_connection (ScopeSession     *self,
                                          GError          **error);

/* scope-session-close.c */

/* the last step of closing; takes over the error */
void _scope_session_finish_close        (ScopeSession      *self,
                                         GError            *error);

/* scope-session-route.c */
void _scope_session_report_cb           (ScopeConnection   *connection,
                                         const ScopeReport *report,
                                         gpointer           user_data);
/* what was learnt by asking the HTTP API; its channel is in the model */
void _scope_session_take_polled         (ScopeSession      *self,
                                         const ScopeReport *report);
/* records it, then shows it to all who listen */
void _scope_session_take_entry          (ScopeSession      *self,
                                         ScopeEntry        *entry);

/* scope-session-state.c */
void _scope_session_init_state          (ScopeSession      *self);
void _scope_session_clear_state         (ScopeSession      *self);
void _scope_session_take_state          (ScopeSession      *self,
                                         const ScopeReport *report,
                                         gint64             wall_usec);
void _scope_session_take_wait           (ScopeSession      *self);
void _scope_session_take_error          (ScopeSession      *self,
                                         const ScopeReport *report);
/* `problem`, but not too often */
void _scope_session_tell_problem        (ScopeSession      *self,
                                         const char        *text);
void _scope_session_take_round_trip     (ScopeSession      *self,
                                         gint64             usec);
/* after the connection did something, or was asked to */
void _scope_session_update_wishes       (ScopeSession      *self);
void _scope_session_set_state_detail    (ScopeSession      *self,
                                         const char        *text);
/* the gap that ends now, as an entry; NULL if we were not blind (transfer full) */
ScopeEntry *_scope_session_take_gap     (ScopeSession      *self,
                                         gint64             wall_usec);
/* one more period; cause: of the one before and of it (code -1: none) */
void _scope_session_add_period          (ScopeSession      *self,
                                         ScopeState         state,
                                         gint64             wall_usec,
                                         int                code,
                                         const char        *reason,
                                         const char        *meaning);

/* scope-session-channels.c */
void _scope_session_init_channels       (ScopeSession      *self);
void _scope_session_clear_channels      (ScopeSession      *self);
ScopeChannel *_scope_session_add_channel (ScopeSession     *self,
                                          const char       *name);
void _scope_session_remove_channel      (ScopeSession      *self,
                                         const char        *name);
void _scope_session_take_subscription   (ScopeSession      *self,
                                         const ScopeReport *report);
void _scope_session_take_presence       (ScopeSession      *self,
                                         const ScopeReport *report,
                                         gint64             wall_usec);
void _scope_session_take_count          (ScopeSession      *self,
                                         const ScopeReport *report);
void _scope_session_take_event          (ScopeSession      *self,
                                         const ScopeReport *report);
/* nothing is subscribed to and nobody known to be there without a connection */
void _scope_session_reset_channels      (ScopeSession      *self);
void _scope_session_schedule_flush      (ScopeSession      *self);

/* its members are not known any more */
void _scope_session_clear_members       (ScopeSession      *self,
                                         ScopeChannel      *channel);
/* what an entry of kind `presence` tells of people's names */
void _scope_session_learn_recorded      (ScopeSession      *self,
                                         const ScopeEntry  *entry);

/* scope-session-unseen.c */
void _scope_session_init_unseen         (ScopeSession      *self);
void _scope_session_clear_unseen        (ScopeSession      *self);
void _scope_session_free_unseen         (ScopeSession      *self);
/* the user wants to be connected, or not any more */
void _scope_session_update_unseen       (ScopeSession      *self);
/* those that were refused, or can't be asked */
void _scope_session_retry_unseen        (ScopeSession      *self);
/* TRUE: it is watched unseen, and asked for at once */
gboolean _scope_session_retry_channel_unseen (ScopeSession *self,
                                              const char   *channel);
void _scope_session_add_unseen          (ScopeSession      *self,
                                         const char        *name);
void _scope_session_remove_unseen       (ScopeSession      *self,
                                         const char        *name);

/* scope-session-discovery.c */
void _scope_session_start_rules         (ScopeSession      *self);
void _scope_session_retry_discovery     (ScopeSession      *self);
void _scope_session_close_discovery     (ScopeSession      *self);
void _scope_session_clear_discovery     (ScopeSession      *self);

/* scope-session-user.c */
void _scope_session_init_user           (ScopeSession      *self);
void _scope_session_free_user           (ScopeSession      *self);
void _scope_session_take_user           (ScopeSession      *self,
                                         const ScopeReport *report);
void _scope_session_take_watchlist      (ScopeSession      *self,
                                         const ScopeReport *report,
                                         gint64             wall_usec);
void _scope_session_forget_user_problem (ScopeSession      *self);
/* an entry of kind `user` or `watchlist` */
void _scope_session_take_recorded_user  (ScopeSession      *self,
                                         const ScopeEntry  *entry);
/* our sentence, then the server's own words for display; either may be NULL (transfer full, nullable) */
char *_scope_session_dup_explained      (const char        *meaning,
                                         const char        *text);

/* scope-session-api.c */
/* the next one asked for has the options of then */
void _scope_session_clear_api           (ScopeSession      *self);
/* what the profile says now; locks writing and ends what is being published if that is another app */
void _scope_session_renew_api           (ScopeSession      *self,
                                         const ScopeConnectionOptions *options);
void _scope_session_init_footprint      (ScopeSession      *self);
void _scope_session_count_report        (ScopeSession      *self,
                                         const ScopeReport *report);

/* scope-session-doctor.c: what only shows when something is sent */
void _scope_session_note_refusal        (ScopeSession      *self,
                                         const ScopeReport *report);

/* scope-session-explain.c */
void _scope_session_init_explain        (ScopeSession      *self);

/* scope-session-recording.c */
void _scope_session_start_recording     (ScopeSession      *self);
void _scope_session_clear_recording     (ScopeSession      *self);
void _scope_session_record              (ScopeSession      *self,
                                         ScopeEntry        *entry);
/* entries that are only in memory go to the event list */
void _scope_session_flush_refused       (ScopeSession      *self);
void _scope_session_set_recording_problem (ScopeSession    *self,
                                           const char      *text);

/* scope-session-marks.c */
void _scope_session_init_marks          (ScopeSession      *self);
void _scope_session_free_marks          (ScopeSession      *self);
/* of an opened capture */
void _scope_session_load_marks          (ScopeSession      *self);
/* TRUE: bookmarks are being written; then _scope_session_finish_close() follows */
gboolean _scope_session_waits_for_marks (ScopeSession      *self);

/* scope-session-unlock.c */
void _scope_session_init_unlock         (ScopeSession      *self);
void _scope_session_clear_unlock        (ScopeSession      *self);

/* scope-session-offline.c */
void _scope_session_start_loading       (ScopeSession      *self);
void _scope_session_stop_loading        (ScopeSession      *self);

G_END_DECLS
