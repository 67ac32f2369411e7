/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter-private.h"

#include <string.h>

#include "capture/scope-data.h"
#include "capture/scope-path.h"

/* Asking one entry. What has to be decoded is decoded when a node first asks for it, once. */

typedef struct
{
  const ScopeRecord *record;
  const ScopeEntry *entry; /* NULL: the record must do */
  ScopeNames *names;
  char *own_names[SCOPE_ENTRY_N_NAMES]; /* read from the frame */
  gboolean has_text;
  ScopeDataText text;
  gboolean has_plain;
  ScopeDataText plain; /* of a decrypted event */
  gboolean has_data;
  ScopeDataValue data;
} FilterSubject;

/* What a field or path comes to. */
typedef struct
{
  enum
  {
    THING_MISSING,
    THING_TEXT,
    THING_TOKEN, /* JSON of the kind below */
    THING_NUMBER,
    THING_TIME,
  } type;
  ScopeJsonKind kind;
  const char *text;
  gsize length;
  gint64 number;
} FilterThing;

static void
subject_clear (FilterSubject *subject)
{
  for (guint i = 0; i < SCOPE_ENTRY_N_NAMES; i++)
    g_free (subject->own_names[i]);
  if (subject->has_text)
    _scope_data_text_clear (&subject->text);
  if (subject->has_plain)
    _scope_data_text_clear (&subject->plain);
  if (subject->has_data)
    _scope_data_value_clear (&subject->data);
}

static const char *
subject_get_name (FilterSubject  *subject,
                  ScopeEntryName  which)
{
  const ScopeRecord *record = subject->record;

  if (subject->entry != NULL)
    return scope_entry_get_name (subject->entry, subject->names, which,
                                 &subject->own_names[which]);
  return scope_names_get (subject->names, which == SCOPE_ENTRY_NAME_CHANNEL ? record->channel
                                          : which == SCOPE_ENTRY_NAME_EVENT ? record->event
                                                                            : record->user);
}

static const ScopeDataText *
subject_get_text (FilterSubject *subject)
{
  const char *token = NULL;
  gsize length = 0;

  if (!subject->has_text && subject->entry != NULL)
    {
      ScopeJsonKind kind = _scope_entry_get_token (subject->entry, &token, &length);

      _scope_data_text_init (&subject->text, kind, token, length);
      subject->has_text = TRUE;
    }
  return &subject->text;
}

static const ScopeDataText *
subject_get_plain (FilterSubject *subject)
{
  const char *token = NULL;
  gsize length = 0;

  if (!subject->has_plain && subject->entry != NULL
      && (subject->entry->flags & SCOPE_ENTRY_DECRYPTED) != 0)
    {
      ScopeJsonKind kind = _scope_entry_get_plain_token (subject->entry, &token, &length);

      _scope_data_text_init (&subject->plain, kind, token, length);
      subject->has_plain = TRUE;
    }
  return &subject->plain;
}

static const ScopeDataValue *
subject_get_data (FilterSubject *subject)
{
  const char *token = NULL;
  gsize length = 0;

  if (!subject->has_data && subject->entry != NULL)
    {
      ScopeJsonKind kind = _scope_entry_get_plain_token (subject->entry, &token, &length);

      _scope_data_value_init (&subject->data, kind, token, length);
      subject->has_data = TRUE;
    }
  return &subject->data;
}

/* --- things --- */

static void
thing_set_text (FilterThing *thing,
                const char  *text,
                gsize        length)
{
  if (text == NULL)
    return;
  thing->type = THING_TEXT;
  thing->text = text;
  thing->length = length;
}

static void
thing_set_name (FilterThing    *thing,
                FilterSubject  *subject,
                ScopeEntryName  which)
{
  const char *name = subject_get_name (subject, which);

  thing_set_text (thing, name, name != NULL ? strlen (name) : 0);
}

static void
thing_set_direction (FilterThing *thing,
                     guint8       direction)
{
  if (direction == SCOPE_DIRECTION_IN)
    thing_set_text (thing, "in", 2);
  else if (direction == SCOPE_DIRECTION_OUT)
    thing_set_text (thing, "out", 3);
}

static void
thing_set_kind (FilterThing *thing,
                guint8       kind)
{
  const char *name = scope_entry_kind_to_name (kind);

  thing_set_text (thing, name, strlen (name));
}

static void
thing_set_number (FilterThing *thing,
                  int          type,
                  gint64       number)
{
  thing->type = type;
  thing->number = number;
}

static void
thing_set_data (FilterThing     *thing,
                FilterSubject   *subject,
                const GPtrArray *steps)
{
  const ScopeDataValue *data = subject_get_data (subject);
  ScopeJsonKind kind = data->kind;
  ScopeSpan span = { 0, data->length };

  if (kind != SCOPE_JSON_NONE && steps != NULL)
    kind = scope_path_find (steps, 0, data->json, data->length, &span);
  if (kind == SCOPE_JSON_NONE)
    return;
  thing->type = THING_TOKEN;
  thing->kind = kind;
  thing->text = data->json + span.offset;
  thing->length = span.length;
}

static void
thing_init (FilterThing      *thing,
            FilterSubject    *subject,
            const FilterNode *node)
{
  const ScopeRecord *record = subject->record;
  const ScopeDataText *text;

  *thing = (FilterThing) { THING_MISSING };
  switch (node->field)
    {
    case FILTER_FIELD_CHANNEL:
      thing_set_name (thing, subject, SCOPE_ENTRY_NAME_CHANNEL);
      break;
    case FILTER_FIELD_EVENT:
      thing_set_name (thing, subject, SCOPE_ENTRY_NAME_EVENT);
      break;
    case FILTER_FIELD_USER:
      thing_set_name (thing, subject, SCOPE_ENTRY_NAME_USER);
      break;
    case FILTER_FIELD_DIRECTION:
      thing_set_direction (thing, record->direction);
      break;
    case FILTER_FIELD_KIND:
      thing_set_kind (thing, record->kind);
      break;
    case FILTER_FIELD_SIZE:
      /* an entry that comes from no frame has no size */
      if (record->size > 0)
        thing_set_number (thing, THING_NUMBER, record->size);
      break;
    case FILTER_FIELD_TIME:
      thing_set_number (thing, THING_TIME, record->time_usec);
      break;
    case FILTER_FIELD_TEXT:
      text = subject_get_text (subject);
      thing_set_text (thing, text->text, text->length);
      break;
    case FILTER_FIELD_DATA:
      thing_set_data (thing, subject, node->steps);
      break;
    case FILTER_N_FIELDS:
    default:
      g_assert_not_reached ();
    }
}

/* --- comparisons --- */

static gboolean
token_matches_text (const FilterThing *thing,
                    FilterOp           op,
                    const FilterValue *value)
{
  ScopeDataText text;
  gboolean matches;

  if (thing->kind != SCOPE_JSON_STRING)
    return FALSE;
  _scope_data_text_init (&text, thing->kind, thing->text, thing->length);
  /* what escapes a lone surrogate is no text that could be written in a filter */
  matches = text.is_text && _scope_filter_text_matches (text.text, text.length, op, value);
  _scope_data_text_clear (&text);
  return matches;
}

static gboolean
thing_matches_number (const FilterThing *thing,
                      FilterOp           op,
                      const FilterValue *value)
{
  FilterNumber number;

  if (thing->type == THING_NUMBER)
    number = (FilterNumber) { .is_int64 = TRUE, .integer = thing->number, .real = thing->number };
  else if (thing->type == THING_TOKEN && thing->kind == SCOPE_JSON_NUMBER)
    _scope_filter_number_init (&number, thing->text, thing->length);
  else
    return FALSE;
  return _scope_filter_number_matches (&number, op, value);
}

/* Only == and != get here with anything but texts, numbers and times. */
static gboolean
token_matches_constant (const FilterThing *thing,
                        FilterOp           op,
                        FilterValueKind    value)
{
  gboolean is_true = thing->kind == SCOPE_JSON_TRUE;

  if (thing->type != THING_TOKEN)
    return FALSE;
  if (value == FILTER_VALUE_NULL)
    return thing->kind == SCOPE_JSON_NULL && op == FILTER_OP_EQUAL;
  if (!is_true && thing->kind != SCOPE_JSON_FALSE)
    return FALSE;
  return (is_true == (value == FILTER_VALUE_TRUE)) == (op == FILTER_OP_EQUAL);
}

static gboolean
thing_matches (const FilterThing *thing,
               FilterOp           op,
               const FilterValue *value)
{
  int order;

  switch (value->kind)
    {
    case FILTER_VALUE_TEXT:
      if (thing->type == THING_TOKEN)
        return token_matches_text (thing, op, value);
      return thing->type == THING_TEXT
             && _scope_filter_text_matches (thing->text, thing->length, op, value);
    case FILTER_VALUE_NUMBER:
      return thing_matches_number (thing, op, value);
    case FILTER_VALUE_TIME:
      order = (thing->number > value->time_usec) - (thing->number < value->time_usec);
      return thing->type == THING_TIME && _scope_filter_order_matches (order, op);
    case FILTER_VALUE_TRUE:
    case FILTER_VALUE_FALSE:
    case FILTER_VALUE_NULL:
    default:
      return token_matches_constant (thing, op, value->kind);
    }
}

static gboolean
node_matches_values (const FilterNode *node,
                     FilterSubject    *subject)
{
  FilterThing thing;

  thing_init (&thing, subject, node);
  if (thing.type == THING_MISSING)
    return FALSE;
  for (guint i = 0; i < node->values->len; i++)
    if (thing_matches (&thing, node->op, g_ptr_array_index (node->values, i)))
      return TRUE;
  return FALSE;
}

/* --- words --- */

static gboolean
word_is_in_text (const FilterValue   *word,
                 const ScopeDataText *text)
{
  return text->text != NULL
         && _scope_filter_text_matches (text->text, text->length, FILTER_OP_CONTAINS, word);
}

static gboolean
word_is_in_name (const FilterValue *word,
                 FilterSubject     *subject,
                 ScopeEntryName     which)
{
  const char *name = subject_get_name (subject, which);

  return name != NULL
         && _scope_filter_text_matches (name, strlen (name), FILTER_OP_CONTAINS, word);
}

/* The text of an encrypted event is of no use to a reader: its plaintext is searched as well. */
static gboolean
word_occurs (const FilterValue *word,
             FilterSubject     *subject)
{
  return word_is_in_name (word, subject, SCOPE_ENTRY_NAME_CHANNEL)
         || word_is_in_name (word, subject, SCOPE_ENTRY_NAME_EVENT)
         || word_is_in_name (word, subject, SCOPE_ENTRY_NAME_USER)
         || word_is_in_text (word, subject_get_text (subject))
         || word_is_in_text (word, subject_get_plain (subject));
}

static gboolean
node_matches_words (const FilterNode *node,
                    FilterSubject    *subject)
{
  for (guint i = 0; i < node->values->len; i++)
    if (!word_occurs (g_ptr_array_index (node->values, i), subject))
      return FALSE;
  return TRUE;
}

/* --- nodes --- */

static gboolean
node_matches (const FilterNode *node,
              FilterSubject    *subject)
{
  FilterThing thing;

  switch (node->kind)
    {
    case FILTER_NODE_AND:
    case FILTER_NODE_OR:
      for (guint i = 0; i < node->children->len; i++)
        if (node_matches (g_ptr_array_index (node->children, i), subject)
            == (node->kind == FILTER_NODE_OR))
          return node->kind == FILTER_NODE_OR;
      return node->kind == FILTER_NODE_AND;
    case FILTER_NODE_NOT:
      return !node_matches (g_ptr_array_index (node->children, 0), subject);
    case FILTER_NODE_COMPARE:
    case FILTER_NODE_IN:
      return node_matches_values (node, subject);
    case FILTER_NODE_EXISTS:
      thing_init (&thing, subject, node);
      return thing.type != THING_MISSING;
    case FILTER_NODE_WORDS:
      return node_matches_words (node, subject);
    case FILTER_NODE_ALL:
    default:
      return TRUE;
    }
}

gboolean
_scope_filter_node_matches (const FilterNode  *node,
                            const ScopeRecord *record,
                            const ScopeEntry  *entry,
                            ScopeNames        *names)
{
  FilterSubject subject = { .record = record, .entry = entry, .names = names };
  ScopeRecord own;
  gboolean matches;

  if (record == NULL)
    {
      scope_entry_to_record (entry, &own);
      subject.record = &own;
    }
  matches = node_matches (node, &subject);
  subject_clear (&subject);
  return matches;
}
