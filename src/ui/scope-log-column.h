/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

/* More columns than these are not shown, nor kept. */
#define SCOPE_MAX_LOG_COLUMNS 24

/* how much room there is for them */
typedef enum
{
  SCOPE_COLUMNS_WIDE,
  SCOPE_COLUMNS_COMPACT,
  SCOPE_COLUMNS_NARROW,
  SCOPE_N_COLUMN_ROOMS,
} ScopeColumnRoom;

typedef enum
{
  SCOPE_LOG_COLUMN_TIME,
  SCOPE_LOG_COLUMN_DELTA,
  SCOPE_LOG_COLUMN_SINCE_SAME,
  SCOPE_LOG_COLUMN_ELAPSED,
  SCOPE_LOG_COLUMN_DIRECTION,
  SCOPE_LOG_COLUMN_CHANNEL,
  SCOPE_LOG_COLUMN_EVENT,
  SCOPE_LOG_COLUMN_USER,
  SCOPE_LOG_COLUMN_SIZE,
  SCOPE_LOG_COLUMN_PREVIEW,
  SCOPE_LOG_COLUMN_PATH,
} ScopeLogColumnKind;

/* how the column of the time tells it */
typedef struct
{
  gboolean elapsed;   /* since the log's first row */
  gboolean with_date; /* the log spans days */
} ScopeLogTime;

/**
 * ScopeLogColumn:
 *
 * One column of the log, without its widgets: by a name of the settings key `log-columns`, or a path
 * into payloads as the filter writes it. Immutable, ref-counted.
 */
typedef struct _ScopeLogColumn ScopeLogColumn;

/* NULL: no such column */
ScopeLogColumn *scope_log_column_new           (const char           *name);
ScopeLogColumn *scope_log_column_ref           (ScopeLogColumn       *self);
void            scope_log_column_unref         (ScopeLogColumn       *self);
const char     *scope_log_column_get_name      (ScopeLogColumn       *self);
const char     *scope_log_column_get_title     (ScopeLogColumn       *self);
/* its title in a list of columns: where that is a sign, in words */
const char     *scope_log_column_get_words     (ScopeLogColumn       *self);
ScopeLogColumnKind scope_log_column_get_kind   (ScopeLogColumn       *self);
/* -1: what is left */
int             scope_log_column_get_width     (ScopeLogColumn       *self,
                                                ScopeColumnRoom       room,
                                                const ScopeLogTime   *time);
/* numbers stand at the end */
gboolean        scope_log_column_get_at_end    (ScopeLogColumn       *self);
/* FALSE: its text reads a file */
gboolean        scope_log_column_can_tell      (ScopeLogColumn       *self,
                                                ScopeEventItem       *item);
/* at_end: where this text stands (transfer full, nullable: empty) */
char           *scope_log_column_dup_text      (ScopeLogColumn       *self,
                                                ScopeEventItem       *item,
                                                const ScopeLogTime   *time,
                                                gboolean             *at_end);
/* what a person may ask about the cell: why there is a dash, which bound was passed (nullable) */
char           *scope_log_column_dup_note      (ScopeLogColumn       *self,
                                                ScopeEventItem       *item);

/* NULL-terminated: those that are no paths, in the order they are offered */
const char * const *scope_log_columns_get_known (void);
/* each once, no unknown ones, not too many; the time is always the first: it carries the row (transfer full) */
char          **scope_log_columns_normalize    (const char * const   *names);
/* NULL: text is a path into payloads; else what is wrong with it, in words (transfer full) */
char           *scope_log_columns_check_path   (const char           *text);
/* "1:02:05.113": since the log's first row (transfer full) */
char           *scope_log_column_format_elapsed (gint64               usec);
/* "21 Nov 14:05:02.113" (transfer full) */
char           *scope_log_column_format_day_clock (gint64             wall_usec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeLogColumn, scope_log_column_unref)

G_END_DECLS
