/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discovery-list"

#include "config.h"

#include "session/scope-discovery-list.h"

#include <string.h>

/* Names come sorted, so that those that begin alike stand together: what the first and the last one of a range have
 * in common, all between them have. Groups are kept by their prefix, so that rows that stay are the same objects,
 * and one items-changed tells of the rows between those that stay at the start and those that stay at the end. */

#define MAX_DEPTH 8
#define SEPARATORS "-._"

typedef struct
{
  gpointer item; /* ScopeFoundGroup or ScopeFoundChannel */
  guint16 told;
  guint8 depth;
} DiscoveryRow;

struct _ScopeFoundGroup
{
  GObject parent_instance;

  char *prefix;
  guint n_channels;
  guint n_occupied;
  gboolean expanded;
  gboolean is_used; /* by the rows as they are now */
};

struct _ScopeDiscoveryList
{
  GObject parent_instance;

  ScopeDiscovery *discovery;
  GArray *rows;       /* of DiscoveryRow, which hold references */
  GHashTable *groups; /* prefix (owned by its group) → ScopeFoundGroup */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void scope_discovery_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (ScopeFoundGroup, scope_found_group, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeDiscoveryList, scope_discovery_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, scope_discovery_list_list_model_init))

/* Groups */

static void
scope_found_group_finalize (GObject *object)
{
  g_free (SCOPE_FOUND_GROUP (object)->prefix);

  G_OBJECT_CLASS (scope_found_group_parent_class)->finalize (object);
}

static void
scope_found_group_class_init (ScopeFoundGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_found_group_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_FOUND_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
scope_found_group_init (ScopeFoundGroup *self)
{
  self->expanded = TRUE;
}

/**
 * scope_found_group_get_prefix:
 *
 * Returns: (transfer none): what its names begin with, such as `private-order-`
 */
const char *
scope_found_group_get_prefix (ScopeFoundGroup *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_GROUP (self), NULL);

  return self->prefix;
}

/**
 * scope_found_group_get_n_channels:
 *
 * Returns: how many channels are below it, empty ones too
 */
guint
scope_found_group_get_n_channels (ScopeFoundGroup *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_GROUP (self), 0);

  return self->n_channels;
}

/**
 * scope_found_group_get_n_occupied:
 *
 * Returns: how many of them are occupied
 */
guint
scope_found_group_get_n_occupied (ScopeFoundGroup *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_GROUP (self), 0);

  return self->n_occupied;
}

/**
 * scope_found_group_get_expanded:
 *
 * Returns: whether what is below it is shown
 */
gboolean
scope_found_group_get_expanded (ScopeFoundGroup *self)
{
  g_return_val_if_fail (SCOPE_IS_FOUND_GROUP (self), FALSE);

  return self->expanded;
}

static void
found_group_set (ScopeFoundGroup *self,
                 guint            n_channels,
                 guint            n_occupied)
{
  self->is_used = TRUE;
  if (self->n_channels == n_channels && self->n_occupied == n_occupied)
    return;
  self->n_channels = n_channels;
  self->n_occupied = n_occupied;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Rows */

static const char *
list_get_name (GPtrArray *channels,
               guint      i)
{
  return scope_found_channel_get_name (g_ptr_array_index (channels, i));
}

/* Where the next part of a name ends, its separator included; 0: it has none. */
static gsize
name_get_part_end (const char *name,
                   gsize       told)
{
  gsize part = strcspn (name + told, SEPARATORS);

  return name[told + part] != '\0' ? told + part + 1 : 0;
}

/* What two names have in common, up to a separator. */
static gsize
names_get_common_end (const char *a,
                      const char *b)
{
  gsize end = 0;

  for (gsize i = 0; a[i] != '\0' && a[i] == b[i]; i++)
    if (strchr (SEPARATORS, a[i]) != NULL)
      end = i + 1;
  return end;
}

/* The end of the range of names that begin as this one does. */
static guint
list_find_end (GPtrArray *channels,
               guint      from,
               guint      to,
               gsize      length)
{
  const char *name = list_get_name (channels, from);

  while (from < to && strncmp (list_get_name (channels, from), name, length) == 0)
    from++;
  return from;
}

static ScopeFoundGroup *
list_get_group (ScopeDiscoveryList *self,
                const char         *name,
                gsize               length)
{
  g_autofree char *prefix = g_strndup (name, length);
  ScopeFoundGroup *group = g_hash_table_lookup (self->groups, prefix);

  if (group != NULL)
    return group;
  group = g_object_new (SCOPE_TYPE_FOUND_GROUP, NULL);
  group->prefix = g_steal_pointer (&prefix);
  g_hash_table_insert (self->groups, group->prefix, group);
  return group;
}

static guint
list_count_occupied (GPtrArray *channels,
                     guint      from,
                     guint      to)
{
  guint n = 0;

  for (guint i = from; i < to; i++)
    n += scope_found_channel_get_occupied (g_ptr_array_index (channels, i));
  return n;
}

static void
list_add_row (GArray  *rows,
              gpointer item,
              gsize    told,
              guint    depth)
{
  DiscoveryRow row = { g_object_ref (item), told, depth };

  g_array_append_val (rows, row);
}

static void list_add_range (ScopeDiscoveryList *self,
                            GArray             *rows,
                            GPtrArray          *channels,
                            guint               from,
                            guint               to,
                            gsize               told,
                            guint               depth);

static void
list_add_group (ScopeDiscoveryList *self,
                GArray             *rows,
                GPtrArray          *channels,
                guint               from,
                guint               to,
                gsize               told,
                guint               depth)
{
  const char *name = list_get_name (channels, from);
  gsize length = names_get_common_end (name, list_get_name (channels, to - 1));
  ScopeFoundGroup *group = list_get_group (self, name, length);

  found_group_set (group, to - from, list_count_occupied (channels, from, to));
  list_add_row (rows, group, told, depth);
  if (group->expanded)
    list_add_range (self, rows, channels, from, to, length, depth + 1);
}

static void
list_add_range (ScopeDiscoveryList *self,
                GArray             *rows,
                GPtrArray          *channels,
                guint               from,
                guint               to,
                gsize               told,
                guint               depth)
{
  while (from < to)
    {
      gsize length = depth < MAX_DEPTH ? name_get_part_end (list_get_name (channels, from), told) : 0;
      guint end = length > 0 ? list_find_end (channels, from, to, length) : from + 1;

      if (end - from > 1)
        list_add_group (self, rows, channels, from, end, told, depth);
      else
        list_add_row (rows, g_ptr_array_index (channels, from), told, depth);
      from = end;
    }
}

static gboolean
row_equal (const DiscoveryRow *a,
           const DiscoveryRow *b)
{
  return a->item == b->item && a->told == b->told && a->depth == b->depth;
}

static void
list_take_rows (ScopeDiscoveryList *self,
                GArray             *rows)
{
  g_autoptr (GArray) old = self->rows;
  guint least = MIN (old->len, rows->len);
  guint start = 0;
  guint end = 0;

  while (start < least && row_equal (&g_array_index (old, DiscoveryRow, start),
                                     &g_array_index (rows, DiscoveryRow, start)))
    start++;
  while (end < least - start && row_equal (&g_array_index (old, DiscoveryRow, old->len - 1 - end),
                                           &g_array_index (rows, DiscoveryRow, rows->len - 1 - end)))
    end++;
  self->rows = rows;
  if (start + end < MAX (old->len, rows->len))
    g_list_model_items_changed (G_LIST_MODEL (self), start, old->len - start - end, rows->len - start - end);
}

/* A folded group that is gone for now stays folded. */
static gboolean
list_group_is_left (gpointer key,
                    gpointer value,
                    gpointer user_data)
{
  ScopeFoundGroup *group = value;

  return !group->is_used && group->expanded;
}

static void
row_clear (gpointer data)
{
  g_object_unref (((DiscoveryRow *) data)->item);
}

static GArray *
list_new_rows (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (DiscoveryRow));

  g_array_set_clear_func (rows, row_clear);
  return rows;
}

static void
scope_discovery_list_update (ScopeDiscoveryList *self)
{
  g_autoptr (GPtrArray) channels = scope_discovery_dup_list (self->discovery);
  const char *prefix = scope_discovery_get_prefix (self->discovery);
  GArray *rows = list_new_rows ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((ScopeFoundGroup *) value)->is_used = FALSE;
  /* what was asked for need not be told again */
  list_add_range (self, rows, channels, 0, channels->len, names_get_common_end (prefix, prefix), 0);
  list_take_rows (self, rows);
  g_hash_table_foreach_remove (self->groups, list_group_is_left, NULL);
}

/* The model */

static GType
scope_discovery_list_get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
scope_discovery_list_get_n_items (GListModel *model)
{
  return SCOPE_DISCOVERY_LIST (model)->rows->len;
}

static gpointer
scope_discovery_list_get_item (GListModel *model,
                               guint       position)
{
  ScopeDiscoveryList *self = SCOPE_DISCOVERY_LIST (model);

  if (position >= self->rows->len)
    return NULL;
  return g_object_ref (g_array_index (self->rows, DiscoveryRow, position).item);
}

static void
scope_discovery_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_discovery_list_get_item_type;
  iface->get_n_items = scope_discovery_list_get_n_items;
  iface->get_item = scope_discovery_list_get_item;
}

static void
scope_discovery_list_finalize (GObject *object)
{
  ScopeDiscoveryList *self = SCOPE_DISCOVERY_LIST (object);

  g_array_unref (self->rows);
  g_hash_table_unref (self->groups);
  g_clear_object (&self->discovery);

  G_OBJECT_CLASS (scope_discovery_list_parent_class)->finalize (object);
}

static void
scope_discovery_list_class_init (ScopeDiscoveryListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_discovery_list_finalize;
}

static void
scope_discovery_list_init (ScopeDiscoveryList *self)
{
  self->rows = list_new_rows ();
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
}

/**
 * scope_discovery_list_new:
 * @discovery: whose channels to list
 *
 * Returns: (transfer full): the list, kept up to date
 */
ScopeDiscoveryList *
scope_discovery_list_new (ScopeDiscovery *discovery)
{
  ScopeDiscoveryList *self;

  g_return_val_if_fail (SCOPE_IS_DISCOVERY (discovery), NULL);

  self = g_object_new (SCOPE_TYPE_DISCOVERY_LIST, NULL);
  self->discovery = g_object_ref (discovery);
  g_signal_connect_object (discovery, "listed", G_CALLBACK (scope_discovery_list_update), self,
                           G_CONNECT_SWAPPED);
  scope_discovery_list_update (self);
  return self;
}

/**
 * scope_discovery_list_set_expanded:
 *
 * Shows or hides what is below a group.
 */
void
scope_discovery_list_set_expanded (ScopeDiscoveryList *self,
                                   ScopeFoundGroup    *group,
                                   gboolean            expanded)
{
  g_return_if_fail (SCOPE_IS_DISCOVERY_LIST (self));
  g_return_if_fail (SCOPE_IS_FOUND_GROUP (group));

  if (group->expanded == expanded)
    return;
  group->expanded = expanded;
  g_signal_emit (group, signals[CHANGED], 0);
  scope_discovery_list_update (self);
}

/**
 * scope_discovery_list_get_depth:
 * @position: of a row
 *
 * Returns: in how many groups it is; 0 beyond the end
 */
guint
scope_discovery_list_get_depth (ScopeDiscoveryList *self,
                                guint               position)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_LIST (self), 0);

  return position < self->rows->len ? g_array_index (self->rows, DiscoveryRow, position).depth : 0;
}

/**
 * scope_discovery_list_get_told:
 * @position: of a row
 *
 * Returns: how many bytes of its name, or of its prefix, the groups around it tell
 */
guint
scope_discovery_list_get_told (ScopeDiscoveryList *self,
                               guint               position)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_LIST (self), 0);

  return position < self->rows->len ? g_array_index (self->rows, DiscoveryRow, position).told : 0;
}

/**
 * scope_discovery_list_get_parent:
 * @position: of a row
 *
 * Returns: the row of the group around it; GTK's invalid position, G_MAXUINT, if there is none
 */
guint
scope_discovery_list_get_parent (ScopeDiscoveryList *self,
                                 guint               position)
{
  guint depth;

  g_return_val_if_fail (SCOPE_IS_DISCOVERY_LIST (self), G_MAXUINT);

  depth = scope_discovery_list_get_depth (self, position);
  if (depth == 0)
    return G_MAXUINT;
  while (position > 0 && scope_discovery_list_get_depth (self, position) >= depth)
    position--;
  return position;
}
