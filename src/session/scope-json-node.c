/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json-node"

#include "config.h"

#include "session/scope-json-node-private.h"

#include "base/scope-text.h"
#include "capture/scope-data.h"

/* An object or array: how many children, and where each page of them begins. */
typedef struct
{
  guint n_children;
  GArray *pages; /* of gsize: offsets of the iterator */
} Spread;

typedef struct
{
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;
} Child;

static GType
scope_json_node_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_JSON_NODE;
}

static void
spread_free (gpointer data)
{
  Spread *spread = data;

  g_array_unref (spread->pages);
  g_free (spread);
}

static ScopeJsonDocument *
document_new (GBytes *bytes)
{
  ScopeJsonDocument *document = g_rc_box_new0 (ScopeJsonDocument);

  document->bytes = g_bytes_ref (bytes);
  document->spreads = g_hash_table_new_full (NULL, NULL, NULL, spread_free);
  return document;
}

static void
document_clear (gpointer data)
{
  ScopeJsonDocument *document = data;

  g_bytes_unref (document->bytes);
  g_hash_table_unref (document->spreads);
}

/**
 * _scope_json_node_peek:
 *
 * Returns: (transfer none): where its value begins in the text; not terminated
 */
const char *
_scope_json_node_peek (ScopeJsonNode *self)
{
  return (const char *) g_bytes_get_data (self->document->bytes, NULL) + self->value.offset;
}

/**
 * _scope_json_node_is_container:
 *
 * Returns: whether it is an object or array as a whole
 */
gboolean
_scope_json_node_is_container (ScopeJsonNode *self)
{
  return self->role != SCOPE_JSON_NODE_PAGE_OF
         && (self->kind == SCOPE_JSON_OBJECT || self->kind == SCOPE_JSON_ARRAY);
}

/* Goes through the children once; the text is remembered to have been gone through. */
static Spread *
scope_json_node_get_spread (ScopeJsonNode *self)
{
  gpointer at = GUINT_TO_POINTER (self->value.offset);
  Spread *spread = g_hash_table_lookup (self->document->spreads, at);
  ScopeJsonIter iter;
  gsize offset;

  if (spread != NULL)
    return spread;

  spread = g_new0 (Spread, 1);
  spread->pages = g_array_new (FALSE, FALSE, sizeof (gsize));
  scope_json_iter_init (&iter, _scope_json_node_peek (self), self->value.length);
  for (offset = iter.offset; scope_json_iter_next (&iter, NULL, NULL, NULL); offset = iter.offset)
    if (spread->n_children++ % SCOPE_JSON_NODE_PAGE == 0)
      g_array_append_val (spread->pages, offset);
  g_hash_table_insert (self->document->spreads, at, spread);
  return spread;
}

/* The children of a small object or array, or of a page, from the text. */
static void
scope_json_node_collect (ScopeJsonNode *self)
{
  Spread *spread = scope_json_node_get_spread (self);
  guint first = self->role == SCOPE_JSON_NODE_PAGE_OF ? self->first : 0;
  guint page = first / SCOPE_JSON_NODE_PAGE;
  ScopeJsonIter iter;
  Child child;

  scope_json_iter_init (&iter, _scope_json_node_peek (self), self->value.length);
  if (page < spread->pages->len)
    {
      iter.offset = g_array_index (spread->pages, gsize, page);
      iter.started = page > 0;
    }
  while (self->children->len < SCOPE_JSON_NODE_PAGE
         && scope_json_iter_next (&iter, &child.key, &child.value, &child.kind))
    {
      child.key.offset += self->value.offset;
      child.value.offset += self->value.offset;
      g_array_append_val (self->children, child);
    }
}

/* What a string holds. */
static void
scope_json_node_collect_decoded (ScopeJsonNode *self)
{
  Child child = { .kind = SCOPE_JSON_STRING };

  if (scope_json_node_get_hint (self) != NULL && self->hint.decoded != NULL)
    g_array_append_val (self->children, child);
}

static gboolean
scope_json_node_has_pages (ScopeJsonNode *self)
{
  return _scope_json_node_is_container (self)
         && scope_json_node_get_spread (self)->n_children > SCOPE_JSON_NODE_PAGE;
}

static void
scope_json_node_ensure_children (ScopeJsonNode *self)
{
  if (self->children != NULL)
    return;

  self->children = g_array_new (FALSE, FALSE, sizeof (Child));
  if (self->role == SCOPE_JSON_NODE_PAGE_OF || _scope_json_node_is_container (self))
    scope_json_node_collect (self);
  else if (self->kind == SCOPE_JSON_STRING)
    scope_json_node_collect_decoded (self);
}

static guint
scope_json_node_get_n_items (GListModel *model)
{
  ScopeJsonNode *self = SCOPE_JSON_NODE (model);

  if (scope_json_node_has_pages (self))
    return scope_json_node_get_spread (self)->pages->len;
  scope_json_node_ensure_children (self);
  return self->children->len;
}

static ScopeJsonNode *
scope_json_node_make (ScopeJsonNode     *parent,
                      ScopeJsonNodeRole  role)
{
  ScopeJsonNode *self = g_object_new (SCOPE_TYPE_JSON_NODE, NULL);

  self->document = g_rc_box_acquire (parent->document);
  self->parent = g_object_ref (parent);
  self->role = role;
  return self;
}

static ScopeJsonNode *
scope_json_node_make_page (ScopeJsonNode *parent,
                           guint          position)
{
  ScopeJsonNode *self = scope_json_node_make (parent, SCOPE_JSON_NODE_PAGE_OF);
  Spread *spread = scope_json_node_get_spread (parent);

  self->value = parent->value;
  self->kind = parent->kind;
  self->first = position * SCOPE_JSON_NODE_PAGE;
  self->n_page = MIN (spread->n_children - self->first, SCOPE_JSON_NODE_PAGE);
  return self;
}

static void
scope_json_node_set_document (ScopeJsonNode *self,
                              GBytes        *bytes,
                              gboolean       is_json)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  self->document = document_new (bytes);
  while (is_json && length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  while (is_json && self->value.offset < length && g_ascii_isspace (text[self->value.offset]))
    self->value.offset++;
  self->value.length = length - self->value.offset;
  self->kind = is_json ? scope_json_peek_kind (text, length) : SCOPE_JSON_NONE;
}

static ScopeJsonNode *
scope_json_node_make_decoded (ScopeJsonNode *parent)
{
  ScopeJsonNode *self = scope_json_node_make (parent, SCOPE_JSON_NODE_DECODED);

  g_rc_box_release_full (self->document, document_clear);
  scope_json_node_set_document (self, parent->hint.decoded,
                                parent->hint.kind != SCOPE_VALUE_HINT_BASE64_TEXT);
  return self;
}

static gpointer
scope_json_node_get_item (GListModel *model,
                          guint       position)
{
  ScopeJsonNode *self = SCOPE_JSON_NODE (model);
  ScopeJsonNode *item;
  const Child *child;

  if (position >= scope_json_node_get_n_items (model))
    return NULL;
  if (scope_json_node_has_pages (self))
    return scope_json_node_make_page (self, position);
  if (self->role != SCOPE_JSON_NODE_PAGE_OF && !_scope_json_node_is_container (self))
    return scope_json_node_make_decoded (self);

  child = &g_array_index (self->children, Child, position);
  item = scope_json_node_make (self, SCOPE_JSON_NODE_VALUE);
  item->key = child->key;
  item->value = child->value;
  item->kind = child->kind;
  item->index = self->first + position;
  return item;
}

static void
scope_json_node_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_json_node_get_item_type;
  iface->get_n_items = scope_json_node_get_n_items;
  iface->get_item = scope_json_node_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeJsonNode, scope_json_node, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      scope_json_node_list_model_init))

static void
scope_json_node_finalize (GObject *object)
{
  ScopeJsonNode *self = SCOPE_JSON_NODE (object);

  g_rc_box_release_full (self->document, document_clear);
  g_clear_object (&self->parent);
  g_clear_pointer (&self->children, g_array_unref);
  scope_value_hint_clear (&self->hint);
  g_free (self->root);

  G_OBJECT_CLASS (scope_json_node_parent_class)->finalize (object);
}

static void
scope_json_node_class_init (ScopeJsonNodeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_json_node_finalize;
}

static void
scope_json_node_init (ScopeJsonNode *self)
{
}

/**
 * scope_json_node_new:
 * @json: a JSON text that has been checked
 * @root: (nullable): the path of the whole
 *
 * Returns: (transfer full): the node of the whole text
 */
ScopeJsonNode *
scope_json_node_new (GBytes     *json,
                     const char *root)
{
  ScopeJsonNode *self;

  g_return_val_if_fail (json != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_JSON_NODE, NULL);
  self->root = g_strdup (root);
  scope_json_node_set_document (self, json, TRUE);
  return self;
}

/**
 * scope_json_node_new_for_entry:
 * @entry: any entry
 *
 * A string that holds JSON stands for that JSON, as in filters. Decodes and checks the whole: on a
 * worker thread if it is large.
 *
 * Returns: (transfer full) (nullable): what it carries as `data`, or without a payload what its detail
 *   says
 */
ScopeJsonNode *
scope_json_node_new_for_entry (const ScopeEntry *entry)
{
  g_autoptr (GBytes) bytes = NULL;
  ScopeDataValue value;
  const char *token;
  gsize length;
  ScopeJsonKind kind;

  g_return_val_if_fail (entry != NULL, NULL);

  kind = _scope_entry_get_plain_token (entry, &token, &length);
  if (kind == SCOPE_JSON_NONE)
    {
      if (entry->detail == NULL || !scope_json_check (entry->detail, strlen (entry->detail), NULL, NULL))
        return NULL;
      bytes = g_bytes_new (entry->detail, strlen (entry->detail));
      return scope_json_node_new (bytes, NULL);
    }
  _scope_data_value_init (&value, kind, token, length);
  if (scope_json_check (value.json, value.length, NULL, NULL))
    bytes = g_bytes_new (value.json, value.length);
  _scope_data_value_clear (&value);
  return bytes != NULL ? scope_json_node_new (bytes, "data") : NULL;
}

/* An object or array that isn't empty, without going through it. */
static gboolean
scope_json_node_is_filled (ScopeJsonNode *self)
{
  ScopeJsonIter iter;

  scope_json_iter_init (&iter, _scope_json_node_peek (self), self->value.length);
  for (gsize i = iter.offset + 1; i < self->value.length; i++)
    if (!g_ascii_isspace (iter.text[i]))
      return iter.text[i] != ']' && iter.text[i] != '}';
  return FALSE;
}

/**
 * scope_json_node_dup_children:
 *
 * Tells cheaply whether there are any: they are found when the model is asked.
 *
 * Returns: (transfer full) (nullable): a model of [class@JsonNode]
 */
GListModel *
scope_json_node_dup_children (ScopeJsonNode *self)
{
  gboolean has_some;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  if (self->role == SCOPE_JSON_NODE_PAGE_OF)
    has_some = TRUE;
  else if (_scope_json_node_is_container (self))
    has_some = scope_json_node_is_filled (self);
  else
    has_some = scope_json_node_get_hint (self) != NULL && self->hint.decoded != NULL;
  return has_some ? G_LIST_MODEL (g_object_ref (self)) : NULL;
}

/**
 * scope_json_node_get_role:
 *
 * Returns: what kind of place it is
 */
ScopeJsonNodeRole
scope_json_node_get_role (ScopeJsonNode *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), SCOPE_JSON_NODE_VALUE);

  return self->role;
}

/**
 * scope_json_node_get_kind:
 *
 * Returns: the type of its value; of a page that of what it is a part of; NONE of decoded text that
 *   is no JSON
 */
ScopeJsonKind
scope_json_node_get_kind (ScopeJsonNode *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), SCOPE_JSON_NONE);

  return self->kind;
}

/**
 * scope_json_node_count_children:
 *
 * Returns: how many members or elements it has, or a page shows
 */
guint
scope_json_node_count_children (ScopeJsonNode *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), 0);

  if (self->role == SCOPE_JSON_NODE_PAGE_OF)
    return self->n_page;
  return _scope_json_node_is_container (self) ? scope_json_node_get_spread (self)->n_children : 0;
}

/**
 * scope_json_node_get_depth:
 *
 * Returns: how many nodes it stands in
 */
guint
scope_json_node_get_depth (ScopeJsonNode *self)
{
  guint depth = 0;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), 0);

  while ((self = self->parent) != NULL)
    depth++;
  return depth;
}

/* from the first child of a page to its last */
static ScopeSpan
scope_json_node_get_span (ScopeJsonNode *self)
{
  const Child *first, *last;

  if (self->role != SCOPE_JSON_NODE_PAGE_OF)
    return self->value;
  scope_json_node_ensure_children (self);
  if (self->children->len == 0)
    return (ScopeSpan) { self->value.offset, 0 };
  first = &g_array_index (self->children, Child, 0);
  last = &g_array_index (self->children, Child, self->children->len - 1);
  if (self->kind == SCOPE_JSON_OBJECT)
    return (ScopeSpan) { first->key.offset,
                         last->value.offset + last->value.length - first->key.offset };
  return (ScopeSpan) { first->value.offset,
                       last->value.offset + last->value.length - first->value.offset };
}

/**
 * scope_json_node_dup_bytes:
 *
 * Returns: (transfer full): its own bytes, a part of the whole text
 */
GBytes *
scope_json_node_dup_bytes (ScopeJsonNode *self)
{
  ScopeSpan span;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  span = scope_json_node_get_span (self);
  return g_bytes_new_from_bytes (self->document->bytes, span.offset, span.length);
}

/**
 * scope_json_node_dup_text:
 *
 * Returns: (transfer full): what its string says; else its own bytes
 */
GBytes *
scope_json_node_dup_text (ScopeJsonNode *self)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  text = g_string_new (NULL);
  if (self->kind == SCOPE_JSON_STRING
      && scope_json_string_decode (_scope_json_node_peek (self), self->value.length, text))
    return g_string_free_to_bytes (g_steal_pointer (&text));
  return scope_json_node_dup_bytes (self);
}

/**
 * scope_json_node_get_size:
 *
 * Returns: how many bytes are its own
 */
gsize
scope_json_node_get_size (ScopeJsonNode *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), 0);

  return scope_json_node_get_span (self).length;
}

/**
 * scope_json_node_dup_preview:
 * @max_bytes: how much of it
 * @cut: (out) (optional): whether there is more
 *
 * Returns: (transfer full) (nullable): its own bytes in one line
 */
char *
scope_json_node_dup_preview (ScopeJsonNode *self,
                             gsize          max_bytes,
                             gboolean      *cut)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  if (cut != NULL)
    *cut = FALSE;
  if (self->role == SCOPE_JSON_NODE_PAGE_OF || _scope_json_node_is_container (self))
    return NULL;
  if (cut != NULL)
    *cut = self->value.length > max_bytes;
  return scope_text_for_display (_scope_json_node_peek (self), self->value.length, max_bytes);
}

/**
 * scope_json_node_get_hint:
 *
 * Returns: (transfer none) (nullable): what its value may mean
 */
const ScopeValueHint *
scope_json_node_get_hint (ScopeJsonNode *self)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (self), NULL);

  if (!self->hint_known && self->role != SCOPE_JSON_NODE_PAGE_OF)
    scope_value_hint_init (&self->hint, self->kind, _scope_json_node_peek (self),
                           self->value.length);
  self->hint_known = TRUE;
  return self->hint.kind != SCOPE_VALUE_HINT_NONE ? &self->hint : NULL;
}
