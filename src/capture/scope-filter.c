/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-filter"

#include "config.h"

#include "capture/scope-filter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-filter-private.h"

struct _ScopeFilter
{
  gatomicrefcount ref_count;
  char *text;
  FilterNode *root;
  gboolean needs_payload;
};

/* --- nodes --- */

FilterNode *
_scope_filter_node_new (FilterNodeKind kind)
{
  FilterNode *node = g_new0 (FilterNode, 1);

  node->kind = kind;
  node->children = g_ptr_array_new_with_free_func ((GDestroyNotify) _scope_filter_node_free);
  node->values = g_ptr_array_new_with_free_func ((GDestroyNotify) _scope_filter_value_free);
  return node;
}

void
_scope_filter_node_free (FilterNode *node)
{
  g_ptr_array_unref (node->children);
  g_ptr_array_unref (node->values);
  g_clear_pointer (&node->steps, g_ptr_array_unref);
  g_free (node);
}

static gboolean
node_needs_payload (const FilterNode *node)
{
  for (guint i = 0; i < node->children->len; i++)
    if (node_needs_payload (g_ptr_array_index (node->children, i)))
      return TRUE;
  if (node->kind == FILTER_NODE_WORDS)
    return TRUE;
  return (node->kind == FILTER_NODE_COMPARE || node->kind == FILTER_NODE_IN
          || node->kind == FILTER_NODE_EXISTS)
         && (node->field == FILTER_FIELD_TEXT || node->field == FILTER_FIELD_DATA);
}

static void
node_set_day (FilterNode *node,
              GDateTime  *day)
{
  for (guint i = 0; i < node->children->len; i++)
    node_set_day (g_ptr_array_index (node->children, i), day);
  for (guint i = 0; i < node->values->len; i++)
    {
      FilterValue *value = g_ptr_array_index (node->values, i);
      int seconds = value->clock_seconds;
      g_autoptr (GDateTime) time = NULL;
      gint64 usec;

      if (!value->is_clock)
        continue;
      time = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                    g_date_time_get_day_of_month (day), seconds / 3600,
                                    seconds / 60 % 60, seconds % 60);
      usec = time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
      /* the same day again: another thread may read it */
      if (value->time_usec != usec)
        value->time_usec = usec;
    }
}

const FilterNode *
_scope_filter_get_root (const ScopeFilter *self)
{
  return self->root;
}

/* --- public --- */

/**
 * scope_filter_new:
 * @text: a filter
 * @position: (out) (optional): the byte of @text a mistake was found at; only set on a mistake
 * @error: return location for an error
 *
 * Compiles @text. White space alone matches everything.
 *
 * Returns: (transfer full): the filter; %NULL with `SCOPE_ERROR_USAGE`, which says where the
 *   mistake is and what was expected there
 */
ScopeFilter *
scope_filter_new (const char  *text,
                  gsize       *position,
                  GError     **error)
{
  ScopeFilter *self;
  FilterNode *root;
  const char *valid_end;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, &valid_end) || strlen (text) > SCOPE_FILTER_MAX_BYTES)
    {
      if (position != NULL)
        *position = MIN (valid_end - text, SCOPE_FILTER_MAX_BYTES);
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("Expected a filter in UTF-8 of at most 1 MiB"));
      return NULL;
    }
  root = _scope_filter_parse (text, position, error);
  if (root == NULL)
    return NULL;

  self = g_new0 (ScopeFilter, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text);
  self->root = root;
  self->needs_payload = node_needs_payload (root);
  scope_filter_set_day (self, g_get_real_time ());
  return self;
}

/**
 * scope_filter_new_for_text:
 * @text: (not nullable): what to look for, as it stands
 * @ignores_case: whether `A` and `a` are the same
 *
 * Makes the filter of a plain text, in which no character has a meaning: it matches where the text
 * occurs in channel, event, user or payload, as a bare word does. Nothing matches everything.
 *
 * Returns: (transfer full): the filter
 */
ScopeFilter *
scope_filter_new_for_text (const char *text,
                           gboolean    ignores_case)
{
  ScopeFilter *self;
  FilterValue *word;

  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), NULL);

  word = _scope_filter_value_new (FILTER_VALUE_TEXT);
  _scope_filter_value_set_text (word, g_string_new (text), ignores_case);
  self = g_new0 (ScopeFilter, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text);
  self->root = _scope_filter_node_new (FILTER_NODE_WORDS);
  g_ptr_array_add (self->root->values, word);
  self->needs_payload = TRUE;
  return self;
}

/**
 * scope_filter_ref:
 *
 * Returns: (transfer full): @self
 */
ScopeFilter *
scope_filter_ref (ScopeFilter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * scope_filter_unref:
 * @self: (transfer full): a filter
 */
void
scope_filter_unref (ScopeFilter *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  _scope_filter_node_free (self->root);
  g_free (self->text);
  g_free (self);
}

/**
 * scope_filter_get_text:
 *
 * Returns: (transfer none): the text it was compiled from
 */
const char *
scope_filter_get_text (ScopeFilter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * scope_filter_set_day:
 * @wall_usec: a time
 *
 * Puts times of day (`time > "14:05"`) on the local day of @wall_usec: the capture's first. To be
 * called before the filter is shared with another thread.
 */
void
scope_filter_set_day (ScopeFilter *self,
                      gint64       wall_usec)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) day = NULL;

  g_return_if_fail (self != NULL);

  utc = g_date_time_new_from_unix_utc (wall_usec / G_USEC_PER_SEC);
  if (utc == NULL)
    return;
  day = g_date_time_to_local (utc);
  node_set_day (self->root, day);
}

/**
 * scope_filter_needs_payload:
 *
 * Returns: %FALSE if scope_filter_matches_record() can answer
 */
gboolean
scope_filter_needs_payload (ScopeFilter *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->needs_payload;
}

/**
 * scope_filter_matches:
 * @entry: an entry
 * @names: the names it refers to
 *
 * Asks about @entry. Its data is decoded only if the filter comes to that, and once.
 *
 * A comparison with something that is not there, or is of another type, is false, that with `!=`
 * too. Integers of any size compare exactly, other numbers as doubles.
 *
 * Returns: whether the filter matches
 */
gboolean
scope_filter_matches (ScopeFilter      *self,
                      const ScopeEntry *entry,
                      ScopeNames       *names)
{
  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);
  g_return_val_if_fail (SCOPE_IS_NAMES (names), FALSE);

  return _scope_filter_node_matches (self->root, NULL, entry, names);
}

/**
 * scope_filter_matches_record:
 * @record: a record
 * @names: the names it refers to
 *
 * scope_filter_matches() for a filter that needs no payload, and a record that has its names: see
 * scope_record_has_names().
 *
 * Returns: whether the filter matches
 */
gboolean
scope_filter_matches_record (ScopeFilter       *self,
                             const ScopeRecord *record,
                             ScopeNames        *names)
{
  g_return_val_if_fail (self != NULL && record != NULL, FALSE);
  g_return_val_if_fail (!self->needs_payload, FALSE);
  g_return_val_if_fail (SCOPE_IS_NAMES (names), FALSE);

  return _scope_filter_node_matches (self->root, record, NULL, names);
}
