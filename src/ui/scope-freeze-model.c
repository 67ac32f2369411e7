/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-freeze-model"

#include "config.h"

#include "ui/scope-freeze-model.h"

struct _ScopeFreezeModel
{
  GObject parent_instance;

  ScopeEventList *list;
  gulong handler;
  guint64 last_sequence; /* while frozen: the last row to show */
  guint n_items;
  gboolean frozen;
};

enum
{
  PROP_0,
  PROP_LIST,
  PROP_FROZEN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void scope_freeze_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeFreezeModel,
                               scope_freeze_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      scope_freeze_model_iface_init))

static guint
scope_freeze_model_count_list (ScopeFreezeModel *self)
{
  return self->list != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->list)) : 0;
}

/* Rows are in order of sequence numbers, so what may be shown is a head of the list. */
static guint
scope_freeze_model_count_shown (ScopeFreezeModel *self)
{
  if (self->list == NULL)
    return 0;
  if (!self->frozen)
    return scope_freeze_model_count_list (self);
  return MIN (scope_event_list_find (self->list, self->last_sequence + 1),
              scope_freeze_model_count_list (self));
}

static void
scope_freeze_model_items_changed_cb (ScopeFreezeModel *self,
                                     guint             position,
                                     guint             removed,
                                     guint             added,
                                     GListModel       *list)
{
  guint before = self->n_items;
  guint after = scope_freeze_model_count_shown (self);

  self->n_items = after;
  if (!self->frozen)
    {
      g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
    }
  else if (self->frozen && position == 0 && added == 0)
    {
      /* rows that went at the beginning: the others stand where the reader left them */
      if (before != after)
        g_list_model_items_changed (G_LIST_MODEL (self), 0, before - after, 0);
    }
  else
    {
      position = MIN (position, MIN (before, after));
      if (before != position || after != position)
        g_list_model_items_changed (G_LIST_MODEL (self), position, before - position,
                                    after - position);
    }
}

static GType
scope_freeze_model_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_EVENT_ITEM;
}

static guint
scope_freeze_model_get_n_items (GListModel *model)
{
  return SCOPE_FREEZE_MODEL (model)->n_items;
}

static gpointer
scope_freeze_model_get_item (GListModel *model,
                             guint       position)
{
  ScopeFreezeModel *self = SCOPE_FREEZE_MODEL (model);

  if (position >= self->n_items)
    return NULL;
  return g_list_model_get_item (G_LIST_MODEL (self->list), position);
}

static void
scope_freeze_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_freeze_model_get_item_type;
  iface->get_n_items = scope_freeze_model_get_n_items;
  iface->get_item = scope_freeze_model_get_item;
}

static void
scope_freeze_model_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScopeFreezeModel *self = SCOPE_FREEZE_MODEL (object);

  switch (prop_id)
    {
    case PROP_LIST:
      g_value_set_object (value, self->list);
      break;
    case PROP_FROZEN:
      g_value_set_boolean (value, self->frozen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_freeze_model_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ScopeFreezeModel *self = SCOPE_FREEZE_MODEL (object);

  switch (prop_id)
    {
    case PROP_LIST:
      scope_freeze_model_set_list (self, g_value_get_object (value));
      break;
    case PROP_FROZEN:
      scope_freeze_model_set_frozen (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_freeze_model_dispose (GObject *object)
{
  ScopeFreezeModel *self = SCOPE_FREEZE_MODEL (object);

  if (self->list != NULL)
    g_clear_signal_handler (&self->handler, self->list);
  g_clear_object (&self->list);
  self->n_items = 0;

  G_OBJECT_CLASS (scope_freeze_model_parent_class)->dispose (object);
}

static void
scope_freeze_model_class_init (ScopeFreezeModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = scope_freeze_model_dispose;
  object_class->get_property = scope_freeze_model_get_property;
  object_class->set_property = scope_freeze_model_set_property;

  properties[PROP_LIST] = g_param_spec_object ("list", NULL, NULL, SCOPE_TYPE_EVENT_LIST, flags);
  properties[PROP_FROZEN] = g_param_spec_boolean ("frozen", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_freeze_model_init (ScopeFreezeModel *self)
{
}

/**
 * scope_freeze_model_new:
 *
 * Returns: (transfer full): a model without a list
 */
ScopeFreezeModel *
scope_freeze_model_new (void)
{
  return g_object_new (SCOPE_TYPE_FREEZE_MODEL, NULL);
}

/**
 * scope_freeze_model_get_list:
 *
 * Returns: (transfer none) (nullable): the list below
 */
ScopeEventList *
scope_freeze_model_get_list (ScopeFreezeModel *self)
{
  g_return_val_if_fail (SCOPE_IS_FREEZE_MODEL (self), NULL);

  return self->list;
}

/**
 * scope_freeze_model_set_list:
 * @list: (nullable): the list to show; thawed
 */
void
scope_freeze_model_set_list (ScopeFreezeModel *self,
                             ScopeEventList   *list)
{
  guint before;

  g_return_if_fail (SCOPE_IS_FREEZE_MODEL (self));
  g_return_if_fail (list == NULL || SCOPE_IS_EVENT_LIST (list));

  if (self->list == list)
    return;

  scope_freeze_model_set_frozen (self, FALSE);
  before = self->n_items;
  if (self->list != NULL)
    g_clear_signal_handler (&self->handler, self->list);
  g_set_object (&self->list, list);
  if (list != NULL)
    self->handler = g_signal_connect_object (list, "items-changed",
                                             G_CALLBACK (scope_freeze_model_items_changed_cb), self,
                                             G_CONNECT_SWAPPED);
  self->n_items = scope_freeze_model_count_shown (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n_items);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIST]);
}

/**
 * scope_freeze_model_get_frozen:
 *
 * Returns: whether it stands still
 */
gboolean
scope_freeze_model_get_frozen (ScopeFreezeModel *self)
{
  g_return_val_if_fail (SCOPE_IS_FREEZE_MODEL (self), FALSE);

  return self->frozen;
}

/**
 * scope_freeze_model_set_frozen:
 *
 * Stops at what is last now, or shows again what has come meanwhile.
 */
void
scope_freeze_model_set_frozen (ScopeFreezeModel *self,
                               gboolean          frozen)
{
  guint before;

  g_return_if_fail (SCOPE_IS_FREEZE_MODEL (self));

  if (self->frozen == frozen)
    return;

  self->last_sequence = scope_freeze_model_get_last (self);
  self->frozen = frozen;
  before = self->n_items;
  self->n_items = scope_freeze_model_count_shown (self);
  if (self->n_items != before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->n_items - before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROZEN]);
}

/**
 * scope_freeze_model_get_last:
 *
 * Returns: the sequence number of the last row that came, whether shown or not; 0 if none did
 */
guint64
scope_freeze_model_get_last (ScopeFreezeModel *self)
{
  g_return_val_if_fail (SCOPE_IS_FREEZE_MODEL (self), 0);

  return self->list != NULL ? scope_event_list_get_last (self->list) : 0;
}

/**
 * scope_freeze_model_count_after:
 * @sequence: of a row, not necessarily one that matches the filter
 *
 * Returns: how many of the list's rows came later
 */
guint
scope_freeze_model_count_after (ScopeFreezeModel *self,
                                guint64           sequence)
{
  guint n_items;

  g_return_val_if_fail (SCOPE_IS_FREEZE_MODEL (self), 0);

  n_items = scope_freeze_model_count_list (self);
  if (n_items == 0)
    return 0;
  return n_items - MIN (scope_event_list_find (self->list, sequence + 1), n_items);
}

/**
 * scope_freeze_model_find:
 *
 * Returns: the position of the row with exactly this sequence number, or %G_MAXUINT
 */
guint
scope_freeze_model_find (ScopeFreezeModel *self,
                         guint64           sequence)
{
  guint position;
  g_autoptr (ScopeEventItem) item = NULL;

  g_return_val_if_fail (SCOPE_IS_FREEZE_MODEL (self), G_MAXUINT);

  if (self->list == NULL)
    return G_MAXUINT;
  position = scope_event_list_find (self->list, sequence);
  item = g_list_model_get_item (G_LIST_MODEL (self), position);
  return item != NULL && scope_event_item_get_sequence (item) == sequence ? position : G_MAXUINT;
}
