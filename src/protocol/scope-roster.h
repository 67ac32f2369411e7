/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The members of one presence channel, protocol.md §3.4: keyed by user_id, ids are text always, the count is
 * the size of the map. Tolerates every shape of §11 (ids missing, ints, a map; hash [] or a list). */

typedef struct
{
  const char *user_id;    /* unique */
  const char *user_info;  /* JSON text as it came, or NULL */
} ScopeRosterMember;

typedef enum
{
  SCOPE_ROSTER_ADDED,
  SCOPE_ROSTER_REMOVED,
  SCOPE_ROSTER_UPDATED,   /* an id already known came again with other info: no second added */
} ScopeRosterChangeType;

typedef struct
{
  ScopeRosterChangeType type;
  char *user_id;
  char *user_info;        /* of REMOVED: the last one known */
} ScopeRosterChange;

typedef struct _ScopeRoster ScopeRoster;

ScopeRoster *scope_roster_new         (void);
void         scope_roster_free        (ScopeRoster  *self);

/* subscription_succeeded: data object text (or "" / NULL if there was none). Replaces the map wholly.
 * changes (nullable) receives an array of ScopeRosterChange* (transfer full, free func set): the
 * differences to what was known before the wire was lost (§3.4). SCOPE_ERROR_PROTOCOL or
 * SCOPE_ERROR_LIMIT, with the roster as it was. */
gboolean     scope_roster_load        (ScopeRoster  *self,
                                       const char   *data,
                                       gsize         length,
                                       GPtrArray   **changes,
                                       GError      **error);
/* member_added / member_removed. *change (transfer full) is NULL if nothing happened (removed an id not
 * known; added again unchanged). */
gboolean     scope_roster_add         (ScopeRoster  *self,
                                       const char   *data,
                                       gsize         length,
                                       ScopeRosterChange **change,
                                       GError      **error);
gboolean     scope_roster_remove      (ScopeRoster  *self,
                                       const char   *data,
                                       gsize         length,
                                       ScopeRosterChange **change,
                                       GError      **error);
/* the wire is lost: members are emptied, but remembered for the next load's differences.
 * forget also that: unsubscribed */
void         scope_roster_reset       (ScopeRoster  *self);
void         scope_roster_forget      (ScopeRoster  *self);

guint        scope_roster_get_count   (ScopeRoster  *self);
void         scope_roster_set_me      (ScopeRoster  *self,
                                       const char   *user_id);
const char  *scope_roster_get_me      (ScopeRoster  *self);           /* nullable */
gboolean     scope_roster_lookup      (ScopeRoster  *self,
                                       const char   *user_id,
                                       ScopeRosterMember *member);
/* in order of joining (transfer container of ScopeRosterMember, valid until the next change) */
GArray      *scope_roster_list        (ScopeRoster  *self);

void         scope_roster_change_free (ScopeRosterChange *change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeRoster, scope_roster_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeRosterChange, scope_roster_change_free)

G_END_DECLS
