/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter-scan.h"

#include <string.h>

#include "capture/scope-filter-private.h"
#include "capture/scope-needle.h"
#include "capture/scope-path.h"

/* The tree of a filter once more, with what makes asking cheap at each node, evaluated in the logic
 * of no, maybe and yes. Names, kinds and directions are few: a node is asked about each once. */

/* What a value, a name of a path or a word needs of the bytes. */
typedef struct
{
  GByteArray *by_name; /* words: 1 + verdict by the number of a name; 0: not asked yet */
  const FilterValue *word;
  ScopeNeedle *needle; /* NULL: nothing can be told */
} ScanNeed;

typedef struct
{
  const FilterNode *node;
  GPtrArray *children; /* of ScanNode */
  GByteArray *memory;  /* 1 + verdict, by name, kind or direction; 0: not asked yet */
  GPtrArray *path;     /* of ScanNeed: each name of a path has to be there */
  GPtrArray *values;   /* of ScanNeed: one of the values has to be there; each of the words */
  const ScopeNeedle *key; /* behind it one of the values, all numbers, has to stand; or NULL */
} ScanNode;

struct _ScopeFilterScan
{
  ScopeFilter *filter;
  ScopeNames *names;
  ScanNode *root;
};

typedef struct
{
  ScopeFilterScan *scan;
  const ScopeRecord *record;
  ScopeHaystack *frame; /* NULL: the record alone is asked */
} ScanSubject;

/* --- making --- */

static void
scan_need_free (ScanNeed *need)
{
  g_byte_array_unref (need->by_name);
  g_clear_pointer (&need->needle, _scope_needle_free);
  g_free (need);
}

static ScanNeed *
scan_need_new (ScopeNeedle *needle)
{
  ScanNeed *need = g_new0 (ScanNeed, 1);

  need->by_name = g_byte_array_new ();
  need->needle = needle;
  return need;
}

static ScanNeed *
scan_need_new_for_value (const FilterValue *value,
                         FilterOp           op)
{
  gboolean is_part = op == FILTER_OP_EQUAL || op == FILTER_OP_STARTS || op == FILTER_OP_ENDS
                     || op == FILTER_OP_CONTAINS;

  if (!is_part || value->kind != FILTER_VALUE_TEXT)
    return scan_need_new (NULL);
  if (!value->ignores_case)
    return scan_need_new (_scope_needle_new (value->text->str, value->text->len));
  /* only this one compares A…Z and nothing else without regard to case */
  return scan_need_new (_scope_needle_new_folded (value->folded->str, value->folded->len,
                                                  value->is_ascii && op == FILTER_OP_CONTAINS));
}

static void
scan_node_free (ScanNode *self)
{
  g_ptr_array_unref (self->children);
  g_byte_array_unref (self->memory);
  g_ptr_array_unref (self->path);
  g_ptr_array_unref (self->values);
  g_free (self);
}

static void
scan_node_add_needs (ScanNode *self)
{
  const FilterNode *node = self->node;
  FilterOp op = node->kind == FILTER_NODE_WORDS ? FILTER_OP_CONTAINS : node->op;

  for (guint i = 0; node->steps != NULL && i < node->steps->len; i++)
    {
      const ScopePathStep *step = g_ptr_array_index (node->steps, i);

      if (step->name != NULL)
        g_ptr_array_add (self->path,
                         scan_need_new (_scope_needle_new (step->name, strlen (step->name))));
    }
  for (guint i = 0; i < node->values->len; i++)
    {
      ScanNeed *need = scan_need_new_for_value (g_ptr_array_index (node->values, i), op);

      need->word = g_ptr_array_index (node->values, i);
      g_ptr_array_add (self->values, need);
    }
}

static gboolean
scan_node_asks_for_numbers (const ScanNode *self)
{
  for (guint i = 0; i < self->node->values->len; i++)
    {
      const FilterValue *value = g_ptr_array_index (self->node->values, i);

      if (value->kind != FILTER_VALUE_NUMBER)
        return FALSE;
    }
  return self->node->values->len > 0;
}

/* The last name of a path, if it can be found as it is and numbers are asked for behind it. */
static const ScopeNeedle *
scan_node_find_key (ScanNode *self)
{
  const GPtrArray *steps = self->node->steps;
  const ScopePathStep *step = steps != NULL && steps->len > 0 ? steps->pdata[steps->len - 1] : NULL;
  const ScanNeed *need;

  if (step == NULL || step->name == NULL || !scan_node_asks_for_numbers (self))
    return NULL;
  need = g_ptr_array_index (self->path, self->path->len - 1);
  if (need->needle == NULL || !_scope_needle_is_whole (need->needle, strlen (step->name)))
    return NULL;
  return need->needle;
}

static ScanNode *
scan_node_new (const FilterNode *node)
{
  ScanNode *self = g_new0 (ScanNode, 1);

  self->node = node;
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) scan_node_free);
  self->memory = g_byte_array_new ();
  self->path = g_ptr_array_new_with_free_func ((GDestroyNotify) scan_need_free);
  self->values = g_ptr_array_new_with_free_func ((GDestroyNotify) scan_need_free);
  for (guint i = 0; i < node->children->len; i++)
    g_ptr_array_add (self->children, scan_node_new (g_ptr_array_index (node->children, i)));
  scan_node_add_needs (self);
  self->key = scan_node_find_key (self);
  return self;
}

/* --- records --- */

static guint8 *
memory_at (GByteArray *memory,
           guint       i)
{
  if (i >= memory->len)
    {
      guint old_length = memory->len;

      g_byte_array_set_size (memory, MAX (i + 1, MIN (old_length * 2, i + 4096)));
      memset (memory->data + old_length, 0, memory->len - old_length);
    }
  return &memory->data[i];
}

static ScopeVerdict
verdict_of (gboolean matches)
{
  return matches ? SCOPE_VERDICT_YES : SCOPE_VERDICT_NO;
}

static ScopeVerdict
scan_node_ask (ScanNode          *self,
               const ScanSubject *subject)
{
  return verdict_of (_scope_filter_node_matches (self->node, subject->record, NULL,
                                                 subject->scan->names));
}

static ScopeVerdict
scan_node_remember (ScanNode          *self,
                    const ScanSubject *subject,
                    guint              what)
{
  guint8 *memory;

  if (what == SCOPE_NAMES_OVERFLOW)
    return SCOPE_VERDICT_MAYBE;
  memory = memory_at (self->memory, what);
  if (*memory == 0)
    *memory = 1 + scan_node_ask (self, subject);
  return *memory - 1;
}

/* --- frames --- */

static gboolean
need_may_be_met (const ScanNeed    *need,
                 const ScanSubject *subject)
{
  return need->needle == NULL || _scope_needle_may_occur (need->needle, subject->frame);
}

/* White space between tokens; in a string it is escaped. */
static const guchar *
skip_space (const guchar *p,
            const guchar *end)
{
  for (; p < end; p++)
    {
      if (*p == '\\' && end - p > 1 && (p[1] == 'n' || p[1] == 'r' || p[1] == 't'))
        p++;
      else if (*p != ' ' && *p != '\n' && *p != '\r' && *p != '\t')
        break;
    }
  return p;
}

/* Behind a key: its closing quote, a colon, and then? */
static const guchar *
skip_to_value (const guchar *p,
               const guchar *end)
{
  if (p < end && *p == '\\')
    p++;
  if (p == end || *p != '"')
    return end;
  p = skip_space (p + 1, end);
  return p < end && *p == ':' ? skip_space (p + 1, end) : end;
}

static gboolean
scan_node_likes_number (const ScanNode *self,
                        const guchar   *p,
                        const guchar   *end)
{
  FilterNumber number;
  const guchar *start = p;

  while (p < end && (g_ascii_isdigit (*p) || (*p != '\0' && strchr ("-+.eE", *p) != NULL)))
    p++;
  if (p == start)
    return FALSE;
  _scope_filter_number_init (&number, (const char *) start, p - start);
  for (guint i = 0; i < self->node->values->len; i++)
    if (_scope_filter_number_matches (&number, self->node->op,
                                      g_ptr_array_index (self->node->values, i)))
      return TRUE;
  return FALSE;
}

/* A number is written in one way only, and what stands between it and its key in few: the value
 * that is asked for stands behind one of the places where the key is. */
static gboolean
scan_node_may_find_number (const ScanNode    *self,
                           const ScanSubject *subject)
{
  ScopeHaystack *frame = subject->frame;
  const guchar *end = frame->bytes + frame->length;
  const guchar *p = frame->bytes;

  if (_scope_haystack_has_ascii_escapes (frame))
    return TRUE;
  while ((p = _scope_needle_find_next (self->key, frame, p)) != NULL)
    {
      p += _scope_needle_get_length (self->key);
      if (scan_node_likes_number (self, skip_to_value (p, end), end))
        return TRUE;
    }
  return FALSE;
}

static ScopeVerdict
scan_node_ask_payload (ScanNode          *self,
                       const ScanSubject *subject)
{
  if (subject->frame == NULL)
    return SCOPE_VERDICT_MAYBE;
  for (guint i = 0; i < self->path->len; i++)
    if (!need_may_be_met (g_ptr_array_index (self->path, i), subject))
      return SCOPE_VERDICT_NO;
  if (self->key != NULL)
    return scan_node_may_find_number (self, subject) ? SCOPE_VERDICT_MAYBE : SCOPE_VERDICT_NO;
  for (guint i = 0; i < self->values->len; i++)
    if (need_may_be_met (g_ptr_array_index (self->values, i), subject))
      return SCOPE_VERDICT_MAYBE;
  return self->values->len == 0 ? SCOPE_VERDICT_MAYBE : SCOPE_VERDICT_NO;
}

/* --- words --- */

static ScopeVerdict
need_is_in_name (ScanNeed          *need,
                 const ScanSubject *subject,
                 guint32            id)
{
  const char *name;
  guint8 *memory;

  if (id == 0 || id == SCOPE_NAMES_OVERFLOW)
    return id == 0 ? SCOPE_VERDICT_NO : SCOPE_VERDICT_MAYBE;
  memory = memory_at (need->by_name, id);
  if (*memory == 0)
    {
      name = scope_names_get (subject->scan->names, id);
      *memory = 1 + verdict_of (name != NULL
                                && _scope_filter_text_matches (name, strlen (name),
                                                               FILTER_OP_CONTAINS, need->word));
    }
  return *memory - 1;
}

static ScopeVerdict
need_ask_word (ScanNeed          *need,
               const ScanSubject *subject)
{
  const ScopeRecord *record = subject->record;
  ScopeVerdict verdict = need_is_in_name (need, subject, record->channel);

  if (verdict != SCOPE_VERDICT_YES)
    verdict = MAX (verdict, need_is_in_name (need, subject, record->event));
  if (verdict != SCOPE_VERDICT_YES)
    verdict = MAX (verdict, need_is_in_name (need, subject, record->user));
  if (verdict != SCOPE_VERDICT_NO)
    return verdict;
  return subject->frame == NULL || need_may_be_met (need, subject) ? SCOPE_VERDICT_MAYBE
                                                                   : SCOPE_VERDICT_NO;
}

static ScopeVerdict
scan_node_ask_words (ScanNode          *self,
                     const ScanSubject *subject)
{
  ScopeVerdict verdict = SCOPE_VERDICT_YES;

  for (guint i = 0; i < self->values->len && verdict != SCOPE_VERDICT_NO; i++)
    verdict = MIN (verdict, need_ask_word (g_ptr_array_index (self->values, i), subject));
  return verdict;
}

/* --- nodes --- */

static ScopeVerdict
scan_node_ask_field (ScanNode          *self,
                     const ScanSubject *subject)
{
  const ScopeRecord *record = subject->record;

  switch (self->node->field)
    {
    case FILTER_FIELD_CHANNEL:
      return scan_node_remember (self, subject, record->channel);
    case FILTER_FIELD_EVENT:
      return scan_node_remember (self, subject, record->event);
    case FILTER_FIELD_USER:
      return scan_node_remember (self, subject, record->user);
    case FILTER_FIELD_DIRECTION:
      return scan_node_remember (self, subject, record->direction);
    case FILTER_FIELD_KIND:
      return scan_node_remember (self, subject, record->kind);
    case FILTER_FIELD_SIZE:
    case FILTER_FIELD_TIME:
      return scan_node_ask (self, subject);
    case FILTER_FIELD_TEXT:
    case FILTER_FIELD_DATA:
      return scan_node_ask_payload (self, subject);
    case FILTER_N_FIELDS:
    default:
      g_assert_not_reached ();
    }
}

static ScopeVerdict
scan_node_judge (ScanNode          *self,
                 const ScanSubject *subject)
{
  gboolean is_or = self->node->kind == FILTER_NODE_OR;
  ScopeVerdict verdict = is_or ? SCOPE_VERDICT_NO : SCOPE_VERDICT_YES;

  switch (self->node->kind)
    {
    case FILTER_NODE_AND:
    case FILTER_NODE_OR:
      for (guint i = 0; i < self->children->len; i++)
        {
          ScopeVerdict one = scan_node_judge (g_ptr_array_index (self->children, i), subject);

          verdict = is_or ? MAX (verdict, one) : MIN (verdict, one);
          if (verdict == (is_or ? SCOPE_VERDICT_YES : SCOPE_VERDICT_NO))
            break;
        }
      return verdict;
    case FILTER_NODE_NOT:
      return SCOPE_VERDICT_YES - scan_node_judge (g_ptr_array_index (self->children, 0), subject);
    case FILTER_NODE_COMPARE:
    case FILTER_NODE_IN:
    case FILTER_NODE_EXISTS:
      return scan_node_ask_field (self, subject);
    case FILTER_NODE_WORDS:
      return scan_node_ask_words (self, subject);
    case FILTER_NODE_ALL:
    default:
      return SCOPE_VERDICT_YES;
    }
}

/**
 * scope_filter_scan_new:
 * @filter: a filter
 * @names: what the records refer to
 *
 * Returns: (transfer full): a scan, which has to be freed
 */
ScopeFilterScan *
scope_filter_scan_new (ScopeFilter *filter,
                       ScopeNames  *names)
{
  ScopeFilterScan *self;

  g_return_val_if_fail (filter != NULL, NULL);
  g_return_val_if_fail (SCOPE_IS_NAMES (names), NULL);

  self = g_new0 (ScopeFilterScan, 1);
  self->filter = scope_filter_ref (filter);
  self->names = g_object_ref (names);
  self->root = scan_node_new (_scope_filter_get_root (filter));
  return self;
}

/**
 * scope_filter_scan_free:
 * @self: (transfer full): a scan
 */
void
scope_filter_scan_free (ScopeFilterScan *self)
{
  g_return_if_fail (self != NULL);

  scan_node_free (self->root);
  g_object_unref (self->names);
  scope_filter_unref (self->filter);
  g_free (self);
}

/**
 * scope_filter_scan_ask_record:
 * @record: a record
 *
 * Returns: what the record tells: never MAYBE for a filter that needs no payload and a record that
 *   has its names
 */
ScopeVerdict
scope_filter_scan_ask_record (ScopeFilterScan   *self,
                              const ScopeRecord *record)
{
  ScanSubject subject = { self, record, NULL };

  return scan_node_judge (self->root, &subject);
}

/**
 * scope_filter_scan_ask_frame:
 * @record: a record
 * @frame: (array length=length): the frame it stands for
 *
 * Looks among the bytes for what the filter needs, and decodes nothing. A plaintext stands in no
 * frame: of decrypted events only the record is asked.
 *
 * Returns: what record and bytes tell
 */
ScopeVerdict
scope_filter_scan_ask_frame (ScopeFilterScan   *self,
                             const ScopeRecord *record,
                             const void        *frame,
                             gsize              length)
{
  ScopeHaystack haystack;
  ScanSubject subject = { self, record, NULL };

  _scope_haystack_init (&haystack, frame, length);
  if ((record->flags & SCOPE_ENTRY_DECRYPTED) == 0)
    subject.frame = &haystack;
  return scan_node_judge (self->root, &subject);
}
