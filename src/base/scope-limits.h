/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* A bound on everything the other side controls, in one place. What is over a bound is refused
 * or cut *visibly*: the user is told which bound it was. Sizes are in bytes unless named
 * otherwise; waits are in microseconds. Sources: protocol.md as quoted. */

/* Frames and JSON */
#define SCOPE_LIMIT_FRAME_BYTES (4 * 1024 * 1024)        /* 1.4: libsoup's own default is 128 KiB */
#define SCOPE_LIMIT_JSON_DEPTH 64                        /* json-glib recurses: guard before it */
#define SCOPE_LIMIT_CLOSE_REASON_BYTES 256               /* RFC 6455 allows 123 */
#define SCOPE_LIMIT_ERROR_TEXT_BYTES 2048                /* 9.5: a body is shown up to 2 KB */

/* Names */
#define SCOPE_LIMIT_CHANNEL_NAME_BYTES 200               /* 3.1: refused above */
#define SCOPE_LIMIT_CHANNEL_NAME_WARN_BYTES 164          /* 3.1: warned above */
#define SCOPE_LIMIT_EVENT_NAME_BYTES 200                 /* 2.3, for what we send */
#define SCOPE_LIMIT_RECEIVED_NAME_BYTES 4096             /* for what we receive */
#define SCOPE_LIMIT_USER_ID_BYTES 1024                   /* 3.4 says 128 characters; be lenient */
#define SCOPE_LIMIT_SOCKET_ID_BYTES 64

#define SCOPE_LIMIT_AUTH_REPLY_BYTES (256 * 1024)        /* 4.2: a body of an authorization endpoint */
#define SCOPE_LIMIT_API_REPLY_BYTES (4 * 1024 * 1024)    /* 9.1: some 100,000 channels with their counts */
#define SCOPE_LIMIT_HTTP_HEADER_BYTES (64 * 1024)        /* all headers of one answer */
#define SCOPE_LIMIT_EXPLAIN_BYTES (64 * 1024)            /* pasted, to have its signature explained */
#define SCOPE_LIMIT_HELD_BYTES (16 * 1024 * 1024)        /* of all events that wait for keys */
#define SCOPE_LIMIT_FIELD_BYTES 8192                     /* a header's or parameter's value */

/* Numbers of things */
#define SCOPE_LIMIT_AUTH_AT_ONCE 5                       /* 4.1 */
#define SCOPE_LIMIT_REDIRECTS 5
#define SCOPE_LIMIT_WATCHLIST 100                        /* 4.5; more are kept, up to SCOPE_LIMIT_MEMBERS */
#define SCOPE_LIMIT_HELD_EVENTS 100                      /* 5: waiting for a channel's key */
#define SCOPE_LIMIT_CHANNELS 1000                        /* subscriptions of one session */
#define SCOPE_LIMIT_MEMBERS 10000                        /* per presence channel; Pusher allows 100 */
#define SCOPE_LIMIT_LEARNT_NAMES 10000                   /* people whose names are known, in one session */
#define SCOPE_LIMIT_LEARNT_BYTES (4 * 1024 * 1024)       /* of their user_info */
#define SCOPE_LIMIT_NAMES 1000000                        /* distinct names a capture interns */
#define SCOPE_LIMIT_VOCABULARY_NAMES 10000               /* channels, events, users each, to suggest in a filter */
#define SCOPE_LIMIT_VOCABULARY_PATHS 2000                /* of all payloads */
#define SCOPE_LIMIT_VOCABULARY_VALUES 12                 /* examples of one path */
#define SCOPE_LIMIT_VOCABULARY_DATA_BYTES (64 * 1024)    /* larger events are not looked into */
#define SCOPE_LIMIT_SAVED_FILTERS 200
#define SCOPE_LIMIT_RECENT_FILTERS 20
#define SCOPE_LIMIT_SAVED_FILTER_BYTES 8192
#define SCOPE_LIMIT_STATE_HISTORY 10000
#define SCOPE_LIMIT_MARKS 100000                         /* bookmarks of one capture */
#define SCOPE_LIMIT_NOTE_BYTES 4096                      /* what is written beside one */
#define SCOPE_LIMIT_SHAPES 1000                          /* event names whose shape is remembered */
#define SCOPE_LIMIT_SHAPE_FIELDS 1000                    /* of one event name */
#define SCOPE_LIMIT_SHAPE_ALL_FIELDS 50000               /* of all of them */
#define SCOPE_LIMIT_SHAPE_KEYS 256                       /* of one object, before it is a map */
#define SCOPE_LIMIT_SHAPE_KEY_BYTES 256
#define SCOPE_LIMIT_SHAPE_FLAGS 10000                    /* rows of the log that are marked */
#define SCOPE_LIMIT_SHAPE_FILE_BYTES (32 * 1024 * 1024)
#define SCOPE_LIMIT_QUEUED_BYTES (256 * 1024 * 1024)     /* waiting for the writer thread */
#define SCOPE_LIMIT_AHEAD_BYTES (16 * 1024 * 1024)       /* from here on nothing is read before some of it is written */
#define SCOPE_LIMIT_STALLED_BYTES (64 * 1024 * 1024)     /* likewise, while the disk is full */
#define SCOPE_LIMIT_FOUND_CHANNELS 20000                 /* of the server's list, with those that became empty */
#define SCOPE_LIMIT_VACATED_CHANNELS 5000                /* of them; the oldest go */
#define SCOPE_LIMIT_OCCUPANCY_SAMPLES 120                /* of one channel */
#define SCOPE_LIMIT_OCCUPANCY_TOTAL_SAMPLES 4000         /* of all channels together */
#define SCOPE_LIMIT_DISCOVERY_RULES 20                   /* of one profile */

/* Sending */
#define SCOPE_LIMIT_DATA_BYTES 10240                     /* 6, 9.3 */
#define SCOPE_LIMIT_OUTGOING_BYTES (4 * 1024 * 1024)     /* waiting for a server that does not read */
#define SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND 10          /* 6 */
#define SCOPE_LIMIT_EVENT_CHANNELS 100                   /* 9.3 */
#define SCOPE_LIMIT_BATCH_EVENTS 10                      /* 9.3 */
#define SCOPE_LIMIT_PUBLISH_EVENTS 1000                  /* in a list that is published */
#define SCOPE_LIMIT_PUBLISH_ROUNDS 10000                 /* so often may it be repeated */
#define SCOPE_LIMIT_PUBLISH_PER_SECOND 100               /* messages, of a list or repeated */
#define SCOPE_LIMIT_TEMPLATES 200                        /* of one profile */
#define SCOPE_LIMIT_TEMPLATE_FILE_BYTES (16 * 1024 * 1024)

/* Waits */
#define SCOPE_WAIT_SUBSCRIBE_USEC (30 * G_USEC_PER_SEC)  /* 1.8: subscription timeout */
#define SCOPE_WAIT_AUTHORIZE_USEC (10 * G_USEC_PER_SEC)  /* 4.1 */
#define SCOPE_WAIT_API_USEC (30 * G_USEC_PER_SEC)        /* one request of the HTTP API, connecting included */
#define SCOPE_WAIT_UNLOCKED_USEC (600 * G_USEC_PER_SEC)  /* a read-only profile may publish for so long */
#define SCOPE_WAIT_KEY_AGAIN_USEC (10 * G_USEC_PER_SEC)  /* 5: between two key requests of a channel */
#define SCOPE_WAIT_WAKE_PONG_USEC (5 * G_USEC_PER_SEC)   /* 1.4: after a wake */
#define SCOPE_WAIT_HOLD_USEC (2 * G_USEC_PER_SEC)        /* not reading, because what came is not written yet */
#define SCOPE_WAIT_CLOSE_USEC (2 * G_USEC_PER_SEC)       /* a graceful close */
#define SCOPE_WAIT_KEYRING_USEC (15 * G_USEC_PER_SEC)    /* our wait; the call is never cancelled */
