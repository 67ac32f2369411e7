/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json-diff"

#include "config.h"

#include "capture/scope-json-diff.h"

#include <string.h>

#include "base/scope-text.h"
#include "capture/scope-path.h"

/* a table of so many lines by so many is filled to find what they have in common */
#define MAX_LINE_TABLE 1000
/* of a key, in a path: each change has one */
#define MAX_KEY_BYTES 256

typedef struct
{
  ScopeSpan span;
  ScopeSpan key;
  ScopeJsonKind kind;
} DiffValue;

typedef struct
{
  ScopeJsonDiff *out;
  const char *before;
  const char *after;
  GString *path;
  gint64 work; /* left */
} Differ;

static void
diff_change_free (gpointer data)
{
  ScopeJsonChange *change = data;

  g_free (change->path);
  g_free (change);
}

static ScopeJsonDiff *
diff_alloc (void)
{
  ScopeJsonDiff *self = g_new0 (ScopeJsonDiff, 1);

  self->changes = g_ptr_array_new_with_free_func (diff_change_free);
  return self;
}

static void
diff_count (ScopeJsonDiff       *self,
            ScopeJsonChangeKind  kind)
{
  if (kind == SCOPE_JSON_ADDED)
    self->n_added++;
  else if (kind == SCOPE_JSON_REMOVED)
    self->n_removed++;
  else if (kind != SCOPE_JSON_SAME)
    self->n_changed++;
}

static void
diff_add (ScopeJsonDiff       *self,
          ScopeJsonChangeKind  kind,
          const char          *path,
          const ScopeSpan     *before,
          const ScopeSpan     *after)
{
  ScopeJsonChange *change;

  diff_count (self, kind);
  if (kind == SCOPE_JSON_SAME && self->changes->len >= SCOPE_JSON_DIFF_MAX_CHANGES / 2)
    {
      /* room is kept for what differs */
      self->same_left_out = TRUE;
      return;
    }
  if (self->changes->len >= SCOPE_JSON_DIFF_MAX_CHANGES)
    {
      self->n_left_out++;
      return;
    }
  change = g_new0 (ScopeJsonChange, 1);
  change->kind = kind;
  change->path = g_strdup (path);
  if (before != NULL)
    change->before = *before;
  if (after != NULL)
    change->after = *after;
  g_ptr_array_add (self->changes, change);
}

static void
differ_add (Differ              *self,
            ScopeJsonChangeKind  kind,
            const ScopeSpan     *before,
            const ScopeSpan     *after)
{
  guint n_changes = self->out->changes->len;

  diff_add (self->out, kind, self->path->str, before, after);
  if (self->out->changes->len > n_changes)
    self->work -= self->path->len;
}

/* --- equality --- */

/* Text written with other escapes is the same text. */
static gboolean
diff_strings_equal (const char *a,
                    gsize       a_length,
                    const char *b,
                    gsize       b_length)
{
  g_autoptr (GString) a_text = NULL;
  g_autoptr (GString) b_text = NULL;

  if (a_length == b_length && memcmp (a, b, a_length) == 0)
    return TRUE;
  if (!scope_json_string_has_escapes (a, a_length) && !scope_json_string_has_escapes (b, b_length))
    return FALSE;
  a_text = g_string_new (NULL);
  b_text = g_string_new (NULL);
  return scope_json_string_decode (a, a_length, a_text)
         && scope_json_string_decode (b, b_length, b_text) && g_string_equal (a_text, b_text);
}

/* Members in another order count as unequal here: then they are looked into. */
static gboolean
differ_equal (Differ     *self,
              const char *a,
              gsize       a_length,
              const char *b,
              gsize       b_length)
{
  ScopeJsonKind kind = scope_json_peek_kind (a, a_length);
  ScopeJsonIter a_iter, b_iter;
  ScopeSpan a_key, a_value, b_key, b_value;

  self->work -= 16;
  if (kind != scope_json_peek_kind (b, b_length))
    return FALSE;
  if (a_length == b_length && memcmp (a, b, a_length) == 0)
    {
      self->work -= a_length;
      return TRUE;
    }
  if (kind == SCOPE_JSON_STRING)
    return diff_strings_equal (a, a_length, b, b_length);
  if ((kind != SCOPE_JSON_OBJECT && kind != SCOPE_JSON_ARRAY) || self->work < 0)
    return FALSE;

  scope_json_iter_init (&a_iter, a, a_length);
  scope_json_iter_init (&b_iter, b, b_length);
  while (scope_json_iter_next (&a_iter, &a_key, &a_value, NULL))
    if (!scope_json_iter_next (&b_iter, &b_key, &b_value, NULL)
        || (kind == SCOPE_JSON_OBJECT
            && !diff_strings_equal (a + a_key.offset, a_key.length, b + b_key.offset,
                                    b_key.length))
        || !differ_equal (self, a + a_value.offset, a_value.length, b + b_value.offset,
                          b_value.length))
      return FALSE;
  return !scope_json_iter_next (&b_iter, NULL, NULL, NULL);
}

/* --- objects and arrays --- */

static gboolean differ_compare (Differ          *self,
                                const DiffValue *before,
                                const DiffValue *after);

/* the members or elements of a value, their spans within the whole text */
static GArray *
diff_collect (const char      *text,
              const DiffValue *of)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (DiffValue));
  ScopeJsonIter iter;
  DiffValue value;

  scope_json_iter_init (&iter, text + of->span.offset, of->span.length);
  while (scope_json_iter_next (&iter, &value.key, &value.span, &value.kind))
    {
      value.key.offset += of->span.offset;
      value.span.offset += of->span.offset;
      g_array_append_val (values, value);
    }
  return values;
}

/* A key that has no form in UTF-8 without NUL stands as its token. */
static char *
diff_dup_key (const char      *text,
              const ScopeSpan *key)
{
  g_autoptr (GString) decoded = g_string_new (NULL);

  if (scope_json_string_decode (text + key->offset, key->length, decoded)
      && strlen (decoded->str) == decoded->len)
    return g_strdup (decoded->str);
  return g_strndup (text + key->offset, key->length);
}

/* key → position + 1; of equal keys the last */
static GHashTable *
diff_index_keys (const char *text,
                 GArray     *members)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < members->len; i++)
    g_hash_table_replace (index, diff_dup_key (text, &g_array_index (members, DiffValue, i).key),
                          GUINT_TO_POINTER (i + 1));
  return index;
}

static void
differ_append_key (Differ     *self,
                   const char *key)
{
  g_autofree char *shown = NULL;

  if (strlen (key) > MAX_KEY_BYTES)
    shown = scope_text_for_display (key, -1, MAX_KEY_BYTES);
  scope_path_append_name (self->path, shown != NULL ? shown : key);
}

/* Steps into a member for as long as compare() lasts. */
static gboolean
differ_compare_member (Differ          *self,
                       const char      *key,
                       const DiffValue *before,
                       const DiffValue *after)
{
  gsize length = self->path->len;
  gboolean differs = TRUE;

  differ_append_key (self, key);
  if (after == NULL)
    differ_add (self, SCOPE_JSON_REMOVED, &before->span, NULL);
  else if (before == NULL)
    differ_add (self, SCOPE_JSON_ADDED, NULL, &after->span);
  else
    differs = differ_compare (self, before, after);
  g_string_truncate (self->path, length);
  return differs;
}

static gboolean
differ_compare_objects (Differ          *self,
                        const DiffValue *before,
                        const DiffValue *after)
{
  g_autoptr (GArray) olds = diff_collect (self->before, before);
  g_autoptr (GArray) news = diff_collect (self->after, after);
  g_autoptr (GHashTable) old_keys = diff_index_keys (self->before, olds);
  g_autoptr (GHashTable) new_keys = diff_index_keys (self->after, news);
  gboolean differs = FALSE;

  for (guint i = 0; i < olds->len; i++)
    {
      const DiffValue *old = &g_array_index (olds, DiffValue, i);
      g_autofree char *key = diff_dup_key (self->before, &old->key);
      guint at = GPOINTER_TO_UINT (g_hash_table_lookup (new_keys, key));

      if (GPOINTER_TO_UINT (g_hash_table_lookup (old_keys, key)) != i + 1)
        continue;
      differs |= differ_compare_member (
          self, key, old, at > 0 ? &g_array_index (news, DiffValue, at - 1) : NULL);
    }
  for (guint i = 0; i < news->len; i++)
    {
      const DiffValue *new_value = &g_array_index (news, DiffValue, i);
      g_autofree char *key = diff_dup_key (self->after, &new_value->key);

      if (GPOINTER_TO_UINT (g_hash_table_lookup (new_keys, key)) != i + 1
          || g_hash_table_contains (old_keys, key))
        continue;
      differs |= differ_compare_member (self, key, NULL, new_value);
    }
  return differs;
}

static gboolean
differ_elements_equal (Differ *self,
                       GArray *olds,
                       guint   i,
                       GArray *news,
                       guint   j)
{
  const ScopeSpan *a = &g_array_index (olds, DiffValue, i).span;
  const ScopeSpan *b = &g_array_index (news, DiffValue, j).span;

  return differ_equal (self, self->before + a->offset, a->length, self->after + b->offset,
                       b->length);
}

/* n elements that are equal, as one row */
static void
differ_add_equal_run (Differ *self,
                      GArray *olds,
                      guint   i,
                      GArray *news,
                      guint   j,
                      guint   n)
{
  const ScopeSpan *first = &g_array_index (olds, DiffValue, i).span;
  const ScopeSpan *last = &g_array_index (olds, DiffValue, i + n - 1).span;
  const ScopeSpan *new_first = &g_array_index (news, DiffValue, j).span;
  const ScopeSpan *new_last = &g_array_index (news, DiffValue, j + n - 1).span;
  ScopeSpan old_run = { first->offset, last->offset + last->length - first->offset };
  ScopeSpan new_run = { new_first->offset,
                        new_last->offset + new_last->length - new_first->offset };
  gsize length = self->path->len;

  if (n > 1)
    g_string_append_printf (self->path, "[%u…%u]", j, j + n - 1);
  else
    scope_path_append_index (self->path, j);
  differ_add (self, SCOPE_JSON_SAME, &old_run, &new_run);
  g_string_truncate (self->path, length);
}

/* element i of both, or of the one that has so many */
static gboolean
differ_compare_element (Differ *self,
                        GArray *olds,
                        guint   n_olds,
                        GArray *news,
                        guint   n_news,
                        guint   i)
{
  gsize length = self->path->len;
  gboolean differs = TRUE;

  scope_path_append_index (self->path, i);
  if (i >= n_news)
    differ_add (self, SCOPE_JSON_REMOVED, &g_array_index (olds, DiffValue, i).span, NULL);
  else if (i >= n_olds)
    differ_add (self, SCOPE_JSON_ADDED, NULL, &g_array_index (news, DiffValue, i).span);
  else
    differs = differ_compare (self, &g_array_index (olds, DiffValue, i),
                              &g_array_index (news, DiffValue, i));
  g_string_truncate (self->path, length);
  return differs;
}

static gboolean
differ_compare_arrays (Differ          *self,
                       const DiffValue *before,
                       const DiffValue *after)
{
  g_autoptr (GArray) olds = diff_collect (self->before, before);
  g_autoptr (GArray) news = diff_collect (self->after, after);
  guint shorter = MIN (olds->len, news->len);
  guint head = 0;
  guint tail = 0;
  gboolean differs = FALSE;

  while (head < shorter && self->work >= 0 && differ_elements_equal (self, olds, head, news, head))
    head++;
  while (tail < shorter - head && self->work >= 0
         && differ_elements_equal (self, olds, olds->len - 1 - tail, news, news->len - 1 - tail))
    tail++;
  if (head > 0)
    differ_add_equal_run (self, olds, 0, news, 0, head);
  for (guint i = head; i < MAX (olds->len, news->len) - tail; i++)
    differs |= differ_compare_element (self, olds, olds->len - tail, news, news->len - tail, i);
  if (tail > 0)
    differ_add_equal_run (self, olds, olds->len - tail, news, news->len - tail, tail);
  return differs;
}

/* --- any value --- */

static gboolean
differ_compare_inside (Differ          *self,
                       const DiffValue *before,
                       const DiffValue *after)
{
  guint n_changes = self->out->changes->len;
  gboolean differs;

  if (before->kind == SCOPE_JSON_OBJECT)
    differs = differ_compare_objects (self, before, after);
  else
    differs = differ_compare_arrays (self, before, after);
  if (differs)
    return TRUE;

  /* all of it is equal: one row says so */
  g_ptr_array_set_size (self->out->changes, n_changes);
  differ_add (self, SCOPE_JSON_SAME, &before->span, &after->span);
  return FALSE;
}

static gboolean
differ_compare (Differ          *self,
                const DiffValue *before,
                const DiffValue *after)
{
  gboolean is_container = before->kind == SCOPE_JSON_OBJECT || before->kind == SCOPE_JSON_ARRAY;
  ScopeJsonChangeKind kind = SCOPE_JSON_CHANGED;

  self->work -= 64;
  if (before->kind == after->kind && is_container && self->work >= 0)
    return differ_compare_inside (self, before, after);

  if (before->kind != after->kind)
    kind = SCOPE_JSON_RETYPED;
  else if (before->span.length == after->span.length
           && memcmp (self->before + before->span.offset, self->after + after->span.offset,
                      before->span.length) == 0)
    kind = SCOPE_JSON_SAME;
  else if (is_container)
    self->out->is_coarse = TRUE;
  else if (before->kind == SCOPE_JSON_STRING
           && diff_strings_equal (self->before + before->span.offset, before->span.length,
                                  self->after + after->span.offset, after->span.length))
    kind = SCOPE_JSON_SAME;
  self->work -= before->span.length;
  differ_add (self, kind, &before->span, &after->span);
  return kind != SCOPE_JSON_SAME;
}

static gboolean
diff_is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static DiffValue
diff_make_root (const char *text,
                gsize       length)
{
  DiffValue root = { .kind = scope_json_peek_kind (text, length) };

  while (length > 0 && diff_is_space (text[length - 1]))
    length--;
  while (root.span.offset < length && diff_is_space (text[root.span.offset]))
    root.span.offset++;
  root.span.length = length - root.span.offset;
  return root;
}

/**
 * scope_json_diff_new:
 * @before: JSON that has been checked
 * @after: likewise
 * @root: the path of the whole
 *
 * Members are found by key whatever their order; of equal keys the last counts. The spans are
 * relative to @before and @after.
 *
 * Returns: (transfer full): the differences
 */
ScopeJsonDiff *
scope_json_diff_new (const char *before,
                     gsize       before_length,
                     const char *after,
                     gsize       after_length,
                     const char *root)
{
  g_autoptr (GString) path = g_string_new (root);
  Differ differ = { NULL, before, after, path, SCOPE_JSON_DIFF_MAX_WORK };
  DiffValue old, new_value;

  g_return_val_if_fail (before != NULL && after != NULL && root != NULL, NULL);

  differ.out = diff_alloc ();
  old = diff_make_root (before, before_length);
  new_value = diff_make_root (after, after_length);
  differ_compare (&differ, &old, &new_value);
  return differ.out;
}

/* --- lines --- */

static GArray *
diff_split_lines (const char *text,
                  gsize       length)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (ScopeSpan));
  gsize start = 0;

  while (start < length)
    {
      const char *feed = memchr (text + start, '\n', length - start);
      gsize end = feed != NULL ? (gsize) (feed - text) + 1 : length;
      ScopeSpan line = { start, end - start };

      g_array_append_val (lines, line);
      start = end;
    }
  return lines;
}

typedef struct
{
  ScopeJsonDiff *out;
  const char *before;
  const char *after;
  GArray *olds;
  GArray *news;
} LineDiffer;

static gboolean
line_differ_equal (LineDiffer *self,
                   guint       i,
                   guint       j)
{
  const ScopeSpan *a = &g_array_index (self->olds, ScopeSpan, i);
  const ScopeSpan *b = &g_array_index (self->news, ScopeSpan, j);

  return a->length == b->length
         && memcmp (self->before + a->offset, self->after + b->offset, a->length) == 0;
}

/* G_MAXUINT: not there */
static void
line_differ_add (LineDiffer          *self,
                 ScopeJsonChangeKind  kind,
                 guint                i,
                 guint                j)
{
  const ScopeSpan *before = i != G_MAXUINT ? &g_array_index (self->olds, ScopeSpan, i) : NULL;
  const ScopeSpan *after = j != G_MAXUINT ? &g_array_index (self->news, ScopeSpan, j) : NULL;
  g_autofree char *number = g_strdup_printf ("%u", (j != G_MAXUINT ? j : i) + 1);

  diff_add (self->out, kind, number, before, after);
}

static void
line_differ_replace (LineDiffer *self,
                     guint       i,
                     guint       i_end,
                     guint       j,
                     guint       j_end)
{
  for (; i < i_end; i++)
    line_differ_add (self, SCOPE_JSON_REMOVED, i, G_MAXUINT);
  for (; j < j_end; j++)
    line_differ_add (self, SCOPE_JSON_ADDED, G_MAXUINT, j);
}

/* The longest common subsequence of what the ends don't share. */
static void
line_differ_align (LineDiffer *self,
                   guint       i,
                   guint       i_end,
                   guint       j,
                   guint       j_end)
{
  guint width = j_end - j + 1;
  guint first = i;
  guint first_new = j;
  g_autofree guint16 *table = g_new0 (guint16, (gsize) (i_end - i + 1) * width);

#define CELL(a, b) table[(gsize) ((a) - first) * width + ((b) - first_new)]
  for (guint a = i_end; a-- > first;)
    for (guint b = j_end; b-- > first_new;)
      CELL (a, b) = line_differ_equal (self, a, b) ? CELL (a + 1, b + 1) + 1
                                                   : MAX (CELL (a + 1, b), CELL (a, b + 1));
  while (i < i_end && j < j_end)
    {
      if (line_differ_equal (self, i, j))
        line_differ_add (self, SCOPE_JSON_SAME, i++, j++);
      else if (CELL (i + 1, j) >= CELL (i, j + 1))
        line_differ_add (self, SCOPE_JSON_REMOVED, i++, G_MAXUINT);
      else
        line_differ_add (self, SCOPE_JSON_ADDED, G_MAXUINT, j++);
    }
#undef CELL
  line_differ_replace (self, i, i_end, j, j_end);
}

/**
 * scope_json_diff_new_lines:
 * @before: any text
 * @after: likewise
 *
 * Where more than a thousand lines in a row differ, they are told as removed and added.
 *
 * Returns: (transfer full): the differences, line by line
 */
ScopeJsonDiff *
scope_json_diff_new_lines (const char *before,
                           gsize       before_length,
                           const char *after,
                           gsize       after_length)
{
  g_autoptr (GArray) olds = diff_split_lines (before, before_length);
  g_autoptr (GArray) news = diff_split_lines (after, after_length);
  LineDiffer differ = { diff_alloc (), before, after, olds, news };
  guint shorter = MIN (olds->len, news->len);
  guint head = 0;
  guint tail = 0;

  differ.out->is_lines = TRUE;
  for (; head < shorter && line_differ_equal (&differ, head, head); head++)
    line_differ_add (&differ, SCOPE_JSON_SAME, head, head);
  while (tail < shorter - head
         && line_differ_equal (&differ, olds->len - 1 - tail, news->len - 1 - tail))
    tail++;
  if (olds->len - head - tail <= MAX_LINE_TABLE && news->len - head - tail <= MAX_LINE_TABLE)
    {
      line_differ_align (&differ, head, olds->len - tail, head, news->len - tail);
    }
  else
    {
      differ.out->is_coarse = TRUE;
      line_differ_replace (&differ, head, olds->len - tail, head, news->len - tail);
    }
  for (guint i = 0; i < tail; i++)
    line_differ_add (&differ, SCOPE_JSON_SAME, olds->len - tail + i, news->len - tail + i);
  return differ.out;
}

/**
 * scope_json_diff_free:
 * @self: (nullable): differences
 */
void
scope_json_diff_free (ScopeJsonDiff *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->changes);
  g_free (self);
}

/**
 * scope_json_diff_is_equal:
 *
 * Returns: whether there is no difference at all
 */
gboolean
scope_json_diff_is_equal (ScopeJsonDiff *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_added == 0 && self->n_removed == 0 && self->n_changed == 0;
}
