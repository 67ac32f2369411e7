/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "base/scope-limits.h"
#include "capture/scope-names.h"
#include "json/scope-json.h"

G_BEGIN_DECLS

/* The kinds of line of `watch` (cli-contract.md), and GAP, which is recorded and shown but is no line. */
typedef enum
{
  SCOPE_ENTRY_STATE = 1,
  SCOPE_ENTRY_CONNECTING_IN = 2,
  SCOPE_ENTRY_SUBSCRIPTION = 3,
  SCOPE_ENTRY_EVENT = 4,
  SCOPE_ENTRY_PRESENCE = 5,
  SCOPE_ENTRY_COUNT = 6,
  SCOPE_ENTRY_CACHE_MISS = 7,
  SCOPE_ENTRY_USER = 8,
  SCOPE_ENTRY_WATCHLIST = 9,
  SCOPE_ENTRY_ERROR = 10,
  SCOPE_ENTRY_FRAME = 11, /* a frame that gives no other entry: pings, what we send, unknown ones */
  SCOPE_ENTRY_GAP = 12,   /* a time in which events may have been missed; detail: from, seconds, reason */
} ScopeEntryKind; /* the numbers stand in capture files: never change one */

typedef enum
{
  SCOPE_DIRECTION_NONE = 0,
  SCOPE_DIRECTION_IN = 1,
  SCOPE_DIRECTION_OUT = 2,
} ScopeDirection;

typedef enum
{
  SCOPE_ENTRY_ENCRYPTED = 1 << 0,
  SCOPE_ENTRY_DECRYPTED = 1 << 1, /* detail holds "data": the plaintext as a JSON string, as a frame would */
  SCOPE_ENTRY_TOLD_SIZE = 1 << 2, /* told_size is the size: what was imported no longer has its first frame */
} ScopeEntryFlags;

typedef enum
{
  SCOPE_ENTRY_NAME_CHANNEL,
  SCOPE_ENTRY_NAME_EVENT,
  SCOPE_ENTRY_NAME_USER,
  SCOPE_ENTRY_N_NAMES,
} ScopeEntryName;

#define SCOPE_TYPE_ENTRY (scope_entry_get_type ())

/**
 * ScopeEntry:
 *
 * One thing that happened: a frame, or something the program found out. Ref-counted, immutable once
 * built (the recorder sets its sequence number before anyone else sees it); may be read on any
 * thread.
 */
typedef struct
{
  /*< private >*/
  gatomicrefcount ref_count;

  /*< public >*/
  guint64 sequence;         /* from 1, without holes, order of arrival; 0: not recorded */
  gint64 time_usec;         /* wall clock, UTC */
  ScopeEntryKind kind;
  ScopeDirection direction;
  ScopeEntryFlags flags;
  guint32 channel;          /* ids of ScopeNames; 0: none */
  guint32 event;
  guint32 user;
  guint32 told_size;        /* 0: the frame's */
  ScopeSpan data;           /* of `data` in frame; the decoded bytes come from scope_entry_dup_raw() */
  ScopeJsonKind data_kind;
  GBytes *frame;            /* the whole frame, byte for byte; NULL if it comes from none */
  char *detail;             /* JSON object text: the other keys of the line, in order; NULL if none */
} ScopeEntry;

GType       scope_entry_get_type    (void);
ScopeEntry *scope_entry_new         (ScopeEntryKind kind,
                                     gint64         time_usec);
ScopeEntry *scope_entry_ref         (ScopeEntry    *self);
void        scope_entry_unref       (ScopeEntry    *self);
/* while it is built: what lines and filters know of an event's frame. The data is that of the frame; user: nullable;
 * a length of -1: the text ends with a NUL */
void        scope_entry_set_event   (ScopeEntry    *self,
                                     ScopeNames    *names,
                                     const char    *event,
                                     gssize         event_length,
                                     const char    *user,
                                     gssize         user_length,
                                     ScopeSpan      data,
                                     ScopeJsonKind  data_kind);
gsize       scope_entry_get_size    (const ScopeEntry *self);   /* bytes of the frame as it came, or 0 */
gsize       scope_entry_get_frame_size (const ScopeEntry *self); /* bytes of the frame that is there, or 0 */
/* whether that may be told of a frame of so many bytes */
gboolean    scope_entry_can_tell_size (gsize           told_size,
                                       gsize           frame_size);
const char *scope_entry_kind_to_name (ScopeEntryKind kind);     /* "event", "connecting_in"…; "gap" */
/* the name, even if there were too many to give it a number: it is then read from the frame, and is
 * *owned, which is only written if NULL. NULL if there is none */
const char *scope_entry_get_name    (const ScopeEntry *self,
                                     ScopeNames       *names,
                                     ScopeEntryName    which,
                                     char            **owned);

/* what detail says about key, as of scope_json_dup_member(); NULL also without a detail (transfer full) */
char       *scope_entry_dup_detail  (const ScopeEntry *self,
                                     const char       *key);

/* the text of `data` as it came: string decoding undone, else its JSON text. NULL if there is none.
 * is_text (nullable) FALSE: it escapes lone surrogates, and the JSON token itself is returned.
 * (transfer full) */
GBytes     *scope_entry_dup_raw     (const ScopeEntry *self,
                                     gboolean         *is_text);
/* what a reader cares for: the plaintext of a decrypted event, else as scope_entry_dup_raw() */
GBytes     *scope_entry_dup_data    (const ScopeEntry *self,
                                     gboolean         *is_text);
/* one line for a list: the data, or what detail says in words; bounded (transfer full) */
char       *scope_entry_dup_preview (const ScopeEntry *self,
                                     gsize             max_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeEntry, scope_entry_unref)

/* What a record can say: any time of a capture (to the year 9999), and 32 times the largest frame. */
#define SCOPE_RECORD_TIME_BITS 59
#define SCOPE_RECORD_MAX_TIME ((G_GINT64_CONSTANT (1) << (SCOPE_RECORD_TIME_BITS - 1)) - 1)
#define SCOPE_RECORD_SIZE_BITS 27
#define SCOPE_RECORD_MAX_SIZE ((1u << SCOPE_RECORD_SIZE_BITS) - 1)

/**
 * ScopeRecord:
 *
 * What stays in memory of each entry: 24 bytes, as a log without an end has nothing else that grows.
 */
typedef struct
{
  gint64 time_usec : SCOPE_RECORD_TIME_BITS;
  guint kind : 4;
  guint32 channel;
  guint32 event;
  guint32 user;
  guint32 size : SCOPE_RECORD_SIZE_BITS;
  guint direction : 2;
  guint flags : 3;
} ScopeRecord;

G_STATIC_ASSERT (sizeof (ScopeRecord) == 24);
G_STATIC_ASSERT (SCOPE_ENTRY_GAP < 1 << 4 && SCOPE_DIRECTION_OUT < 1 << 2
                 && (SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED | SCOPE_ENTRY_TOLD_SIZE) < 1 << 3);
G_STATIC_ASSERT (SCOPE_LIMIT_FRAME_BYTES < SCOPE_RECORD_MAX_SIZE);

/* FALSE: one of its names has no number, and only the entry itself tells it */
gboolean    scope_record_has_names  (const ScopeRecord *self);
void        scope_entry_to_record   (const ScopeEntry *self,
                                     ScopeRecord      *record);

G_END_DECLS
