/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-diff-item"

#include "config.h"

#include "ui/scope-diff-item.h"

#include <glib/gi18n.h>

struct _ScopeDiffItem
{
  GObject parent_instance;

  ScopeJsonChangeKind kind;
  char *path;
  GBytes *before;
  GBytes *after;
};

G_DEFINE_FINAL_TYPE (ScopeDiffItem, scope_diff_item, G_TYPE_OBJECT)

static const struct
{
  const char *mark;
  const char *word;
} kinds[] = {
  [SCOPE_JSON_SAME] = { "=", N_("Unchanged") },
  [SCOPE_JSON_ADDED] = { "+", N_("Added") },
  [SCOPE_JSON_REMOVED] = { "−", N_("Removed") },
  [SCOPE_JSON_CHANGED] = { "~", N_("Changed") },
  [SCOPE_JSON_RETYPED] = { "≠", N_("Another type") },
};

static void
scope_diff_item_finalize (GObject *object)
{
  ScopeDiffItem *self = SCOPE_DIFF_ITEM (object);

  g_free (self->path);
  g_clear_pointer (&self->before, g_bytes_unref);
  g_clear_pointer (&self->after, g_bytes_unref);

  G_OBJECT_CLASS (scope_diff_item_parent_class)->finalize (object);
}

static void
scope_diff_item_class_init (ScopeDiffItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_diff_item_finalize;
}

static void
scope_diff_item_init (ScopeDiffItem *self)
{
}

/**
 * scope_diff_item_new:
 * @path: where
 * @before: (nullable): what was there
 * @after: (nullable): what is there
 *
 * Returns: (transfer full): a row
 */
ScopeDiffItem *
scope_diff_item_new (ScopeJsonChangeKind  kind,
                     const char          *path,
                     GBytes              *before,
                     GBytes              *after)
{
  ScopeDiffItem *self = g_object_new (SCOPE_TYPE_DIFF_ITEM, NULL);

  self->kind = kind;
  self->path = g_strdup (path);
  self->before = before != NULL ? g_bytes_ref (before) : NULL;
  self->after = after != NULL ? g_bytes_ref (after) : NULL;
  return self;
}

/**
 * scope_diff_item_get_kind:
 *
 * Returns: what became of it
 */
ScopeJsonChangeKind
scope_diff_item_get_kind (ScopeDiffItem *self)
{
  g_return_val_if_fail (SCOPE_IS_DIFF_ITEM (self), SCOPE_JSON_SAME);

  return self->kind;
}

/**
 * scope_diff_item_get_path:
 *
 * Returns: (transfer none): where it is
 */
const char *
scope_diff_item_get_path (ScopeDiffItem *self)
{
  g_return_val_if_fail (SCOPE_IS_DIFF_ITEM (self), NULL);

  return self->path;
}

/**
 * scope_diff_item_get_before:
 *
 * Returns: (transfer none) (nullable): what was there, in its own bytes
 */
GBytes *
scope_diff_item_get_before (ScopeDiffItem *self)
{
  g_return_val_if_fail (SCOPE_IS_DIFF_ITEM (self), NULL);

  return self->before;
}

/**
 * scope_diff_item_get_after:
 *
 * Returns: (transfer none) (nullable): what is there, in its own bytes
 */
GBytes *
scope_diff_item_get_after (ScopeDiffItem *self)
{
  g_return_val_if_fail (SCOPE_IS_DIFF_ITEM (self), NULL);

  return self->after;
}

/**
 * scope_diff_item_get_mark:
 *
 * Returns: (transfer none): a character that stands for its kind
 */
const char *
scope_diff_item_get_mark (ScopeDiffItem *self)
{
  g_return_val_if_fail (SCOPE_IS_DIFF_ITEM (self), NULL);

  return kinds[self->kind].mark;
}

/**
 * scope_diff_item_get_word:
 *
 * Returns: (transfer none): its kind in words
 */
const char *
scope_diff_item_get_word (ScopeDiffItem *self)
{
  g_return_val_if_fail (SCOPE_IS_DIFF_ITEM (self), NULL);

  return _(kinds[self->kind].word);
}
