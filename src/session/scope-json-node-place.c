/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json-node"

#include "config.h"

#include "session/scope-json-node-private.h"

#include <string.h>

#include "base/scope-text.h"
#include "capture/scope-filter.h"
#include "capture/scope-path.h"

/* Where a node stands: its key, its path, and the filter that finds it elsewhere. */

/* a filter with a longer value is no help to anyone */
#define MAX_FILTER_VALUE_BYTES 2000
#define MAX_LABEL_BYTES 200

static gboolean
scope_json_node_is_member (ScopeJsonNode *self)
{
  return self->role == SCOPE_JSON_NODE_VALUE && self->key.length > 0;
}

static const char *
scope_json_node_peek_key (ScopeJsonNode *self)
{
  return (const char *) g_bytes_get_data (self->document->bytes, NULL) + self->key.offset;
}

/* The key's text, or its token if it has none. */
static GString *
scope_json_node_decode_key (ScopeJsonNode *self,
                            gboolean      *is_text)
{
  GString *text = g_string_new (NULL);

  *is_text = scope_json_string_decode (scope_json_node_peek_key (self), self->key.length, text);
  if (!*is_text)
    g_string_append_len (text, scope_json_node_peek_key (self), self->key.length);
  return text;
}

/**
 * scope_json_node_dup_label:
 *
 * Returns: (transfer full) (nullable): what stands before its value
 */
char *
scope_json_node_dup_label (ScopeJsonNode *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  if (self->role == SCOPE_JSON_NODE_DECODED)
    return NULL;
  if (self->role == SCOPE_JSON_NODE_PAGE_OF)
    return g_strdup_printf ("%u–%u", self->first + 1, self->first + self->n_page);
  if (scope_json_node_is_member (self))
    {
      gboolean is_text;
      g_autoptr (GString) key = scope_json_node_decode_key (self, &is_text);

      return scope_text_for_display (key->str, key->len, MAX_LABEL_BYTES);
    }
  if (self->parent == NULL)
    return g_strdup (self->root);
  return g_strdup_printf ("[%u]", self->index);
}

/**
 * scope_json_node_dup_key:
 *
 * Returns: (transfer full) (nullable): a member's key; as its token if it has no form in UTF-8
 */
char *
scope_json_node_dup_key (ScopeJsonNode *self)
{
  g_autoptr (GString) key = NULL;
  gboolean is_text;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  if (!scope_json_node_is_member (self))
    return NULL;
  key = scope_json_node_decode_key (self, &is_text);
  if (is_text && strlen (key->str) == key->len)
    return g_strdup (key->str);
  return g_strndup (scope_json_node_peek_key (self), self->key.length);
}

/* the object or array it is a child of, pages or not */
static ScopeJsonNode *
scope_json_node_get_owner (ScopeJsonNode *self)
{
  ScopeJsonNode *owner = self->parent;

  while (owner != NULL && owner->role == SCOPE_JSON_NODE_PAGE_OF)
    owner = owner->parent;
  return owner;
}

/**
 * scope_json_node_is_overridden:
 *
 * Goes through the whole object.
 *
 * Returns: whether a later member has the same key
 */
gboolean
scope_json_node_is_overridden (ScopeJsonNode *self)
{
  ScopeJsonNode *owner;
  g_autofree char *key = NULL;
  ScopeSpan last;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), FALSE);

  owner = scope_json_node_get_owner (self);
  if (owner == NULL || !scope_json_node_is_member (self))
    return FALSE;
  key = scope_json_node_dup_key (self);
  return scope_json_get_member (_scope_json_node_peek (owner), owner->value.length, key, &last)
             != SCOPE_JSON_NONE
         && last.offset + owner->value.offset != self->value.offset;
}

/* FALSE: there is no path */
static gboolean
scope_json_node_append_path (ScopeJsonNode *self,
                             GString       *path)
{
  ScopeJsonNode *owner = scope_json_node_get_owner (self);
  g_autoptr (GString) key = NULL;
  gboolean is_text;

  if (self->role == SCOPE_JSON_NODE_DECODED)
    return FALSE;
  if (owner == NULL)
    {
      g_string_append (path, self->root != NULL ? self->root : "");
      return self->root != NULL;
    }
  if (!scope_json_node_append_path (owner, path))
    return FALSE;
  if (self->role == SCOPE_JSON_NODE_PAGE_OF)
    return FALSE;
  if (!scope_json_node_is_member (self))
    {
      scope_path_append_index (path, self->index);
      return TRUE;
    }
  key = scope_json_node_decode_key (self, &is_text);
  if (!is_text || strlen (key->str) != key->len)
    return FALSE;
  scope_path_append_name (path, key->str);
  return TRUE;
}

/**
 * scope_json_node_dup_path:
 *
 * Returns: (transfer full) (nullable): its path, as the filter language writes it
 */
char *
scope_json_node_dup_path (ScopeJsonNode *self)
{
  g_autoptr (GString) path = g_string_new (NULL);

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  if (!scope_json_node_append_path (self, path))
    return NULL;
  return g_strndup (path->str, path->len);
}

/* What stands behind the path. Text is written as it came, for escapes are JSON's there too. */
static gboolean
scope_json_node_append_condition (ScopeJsonNode *self,
                                  GString       *filter)
{
  if (_scope_json_node_is_container (self))
    {
      g_string_append (filter, " exists");
      return TRUE;
    }
  if (self->value.length > MAX_FILTER_VALUE_BYTES)
    return FALSE;
  g_string_append (filter, " == ");
  g_string_append_len (filter, _scope_json_node_peek (self), self->value.length);
  return TRUE;
}

/**
 * scope_json_node_dup_filter:
 *
 * Returns: (transfer full) (nullable): a filter that lets events through which have this value in
 *   this place
 */
char *
scope_json_node_dup_filter (ScopeJsonNode *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ScopeFilter) filter = NULL;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  if (!scope_json_node_append_path (self, text) || !scope_json_node_append_condition (self, text)
      || scope_json_node_is_overridden (self))
    return NULL;
  filter = scope_filter_new (text->str, NULL, NULL);
  return filter != NULL ? g_strndup (text->str, text->len) : NULL;
}
