/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "json/scope-json.h"

G_BEGIN_DECLS

/**
 * ScopeShape:
 *
 * What the payloads of one event name have looked like so far: their fields, the types seen in each,
 * and which of them were always there. Names and types only, never a value. An event is observed
 * once, in order; what it looks like for the first time is told and from then on known. Pure, and
 * bounded whatever the payloads are.
 */
typedef struct _ScopeShape ScopeShape;

typedef enum
{
  SCOPE_SHAPE_NULL = 1 << 0,
  SCOPE_SHAPE_BOOLEAN = 1 << 1,
  SCOPE_SHAPE_INTEGER = 1 << 2, /* written with digits only */
  SCOPE_SHAPE_NUMBER = 1 << 3,  /* any other number. The two are told apart, but one is no change of the other */
  SCOPE_SHAPE_STRING = 1 << 4,
  SCOPE_SHAPE_OBJECT = 1 << 5,
  SCOPE_SHAPE_ARRAY = 1 << 6,
  SCOPE_SHAPE_TEXT = 1 << 7,    /* data that is a string and no JSON; no change of a string */
} ScopeShapeTypes;

#define SCOPE_SHAPE_ALL_TYPES 0xff

/* a field that is missing is told if it was there in so many events before, and always since it came */
#define SCOPE_SHAPE_WARM_UP 5
/* changes of one event that are told one by one; more are counted */
#define SCOPE_SHAPE_MAX_CHANGES 16

typedef enum
{
  SCOPE_SHAPE_FIELD_NEW,
  SCOPE_SHAPE_FIELD_MISSING,
  SCOPE_SHAPE_FIELD_TYPE,
} ScopeShapeChangeKind;

typedef struct
{
  ScopeShapeChangeKind kind;
  char *path;             /* as the filter language writes it; "[]": an array's items, ".*": a map's values */
  ScopeShapeTypes before; /* 0: a new field */
  ScopeShapeTypes now;    /* 0: a missing one */
} ScopeShapeChange;

typedef enum
{
  SCOPE_SHAPE_FIRST, /* of its name */
  SCOPE_SHAPE_SAME,
  SCOPE_SHAPE_CHANGED,
} ScopeShapeResult;

typedef struct
{
  ScopeShapeResult result;
  GPtrArray *changes; /* of ScopeShapeChange; NULL unless changed */
  guint n_more;       /* changes that are not in it */
} ScopeShapeVerdict;

/* One field, for a list of them. */
typedef struct
{
  char *path;
  char *filter;          /* a path the filter language understands; NULL: none leads here */
  char *name;            /* its last step */
  guint depth;           /* 0: data itself */
  ScopeShapeTypes types;
  guint64 n_events;      /* in which it was */
  gboolean inside;       /* an array or a map: it may be more than once in one event */
  gboolean always;       /* it never was missing where it could have been */
  gboolean is_map;       /* an object whose keys are taken for data, not for names */
  gint64 first_usec;
  gint64 last_usec;
  guint64 first_sequence; /* of this session; 0: before it */
  guint64 last_sequence;
} ScopeShapeField;

/* n_fields (nullable): counts the fields of several shapes together, and bounds them */
ScopeShape       *scope_shape_new         (guint             *n_fields);
void              scope_shape_free        (ScopeShape        *self);

/* text: JSON that has been checked; or, with kind NONE, a payload that is none. verdict (nullable)
 * has to be cleared */
void              scope_shape_observe     (ScopeShape        *self,
                                           ScopeJsonKind      kind,
                                           const char        *text,
                                           gsize              length,
                                           guint64            sequence,
                                           gint64             time_usec,
                                           ScopeShapeVerdict *verdict);
void              scope_shape_verdict_clear (ScopeShapeVerdict *verdict);

/* What another one of the same events has seen; from is used up. What is too much is left out */
void              scope_shape_merge       (ScopeShape        *self,
                                           ScopeShape        *from);
guint64           scope_shape_get_n_events (ScopeShape       *self);
guint64           scope_shape_get_last_sequence (ScopeShape  *self);
gint64            scope_shape_get_last_time (ScopeShape      *self);
/* TRUE: there were more fields than are remembered, or names that can't be */
gboolean          scope_shape_get_cut     (ScopeShape        *self);
/* of ScopeShapeField, each before those in it (transfer full) */
GPtrArray        *scope_shape_list_fields (ScopeShape        *self);
/* a JSON Schema (2020-12) without $schema (transfer full) */
JsonNode         *scope_shape_to_schema   (ScopeShape        *self,
                                           const char        *title);

/* Lines that _append_fields() wrote; FALSE: the line is not one of them, or out of place. */
void              scope_shape_append_fields (ScopeShape      *self,
                                             GString         *out);
gboolean          scope_shape_read_field  (ScopeShape        *self,
                                           const char        *line,
                                           gsize              length);
void              scope_shape_set_counts  (ScopeShape        *self,
                                           guint64            n_events,
                                           gint64             last_usec,
                                           gboolean           cut);

void              scope_shape_change_free (ScopeShapeChange  *change);
void              scope_shape_field_free  (ScopeShapeField   *field);

/* "number or string" (transfer full, translated) */
char             *scope_shape_types_to_text (ScopeShapeTypes  types);
/* "New field data.discount", "data.total was number, now string" (transfer full, translated) */
char             *scope_shape_change_to_text (const ScopeShapeChange *change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeShape, scope_shape_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScopeShapeVerdict, scope_shape_verdict_clear)

G_END_DECLS
