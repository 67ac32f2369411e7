/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-members-then"

#include "config.h"

#include "session/scope-members-then.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "protocol/scope-channel-name.h"
#include "session/scope-event-list-private.h"
#include "session/scope-member-private.h"

#define SLICE_USEC 4000
#define LOOK_ENTRIES 512 /* between two looks at the clock */

typedef enum
{
  PHASE_BACK,
  PHASE_FORTH,
  PHASE_DONE,
} Phase;

struct _ScopeMembersThen
{
  GObject parent_instance;

  ScopeEventList *list;
  guint32 channel;
  guint64 next;        /* BACK: the next sequence number to look at */
  guint64 end;         /* no further back than that */
  GPtrArray *changes;  /* of ScopeEntry: the newest first; the last is the complete list */
  GHashTable *members; /* id → ScopeMember */
  GListStore *store;
  char *reason;
  const char *blind;   /* BACK: why a subscription told nothing then; asking may have */
  Phase phase;
  guint idle_id;
};

enum
{
  PROP_0,
  PROP_DONE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeMembersThen, scope_members_then, G_TYPE_OBJECT)

static void
scope_members_then_finish (ScopeMembersThen *self,
                           const char       *reason)
{
  self->phase = PHASE_DONE;
  self->reason = g_strdup (reason);
  if (reason != NULL)
    g_clear_object (&self->store);
  g_ptr_array_set_size (self->changes, 0);
}

/* --- back: to the last complete list --- */

static gboolean
entry_says (ScopeEntry *entry,
            const char *key,
            const char *value)
{
  g_autofree char *said = scope_entry_dup_detail (entry, key);

  return g_strcmp0 (said, value) == 0;
}

static gboolean
scope_members_then_concerns (ScopeMembersThen  *self,
                             const ScopeRecord *record)
{
  switch ((guint) record->kind)
    {
    case SCOPE_ENTRY_PRESENCE:
    case SCOPE_ENTRY_SUBSCRIPTION:
      return record->channel == self->channel;
    case SCOPE_ENTRY_GAP:
      return record->channel == self->channel || record->channel == 0;
    case SCOPE_ENTRY_STATE:
    case 0: /* a hole: who came and went there is not known */
      return TRUE;
    default:
      return FALSE;
    }
}

/* What the HTTP API was asked for does not depend on the connection. FALSE: it ends here. */
static gboolean
scope_members_then_may_pass (ScopeMembersThen *self,
                             ScopeEntry       *entry)
{
  if (self->blind == NULL)
    return TRUE;
  if (entry->kind == SCOPE_ENTRY_PRESENCE && entry_says (entry, "polled", "true"))
    {
      self->blind = NULL;
      return TRUE;
    }
  if (entry->channel == 0)
    return TRUE;
  scope_members_then_finish (self, self->blind);
  return FALSE;
}

static void
scope_members_then_note_blind (ScopeMembersThen *self,
                               const char       *reason)
{
  if (self->blind == NULL)
    self->blind = reason;
}

static void
scope_members_then_take_back (ScopeMembersThen *self,
                              ScopeEntry       *entry)
{
  if (!scope_members_then_may_pass (self, entry))
    return;

  switch ((guint) entry->kind)
    {
    case SCOPE_ENTRY_PRESENCE:
      g_ptr_array_add (self->changes, scope_entry_ref (entry));
      if (entry_says (entry, "action", "snapshot"))
        self->phase = PHASE_FORTH;
      else if (self->changes->len > SCOPE_MEMBERS_THEN_MAX_CHANGES)
        scope_members_then_finish (self, _("Not known: too many came and went since the last "
                                           "complete list."));
      break;
    case SCOPE_ENTRY_SUBSCRIPTION:
      if (!entry_says (entry, "status", "subscribed"))
        scope_members_then_finish (self, _("Not known: the channel was not subscribed to then."));
      break;
    case SCOPE_ENTRY_GAP:
      if (entry->channel != 0)
        scope_members_then_finish (self, _("Not known: there was a gap, and no complete list since."));
      else
        scope_members_then_note_blind (self, _("Not known: there was a gap, and no complete list since."));
      break;
    default:
      if (!entry_says (entry, "current", "connected"))
        scope_members_then_note_blind (self, _("Not known: there was no connection then."));
      break;
    }
}

static void
scope_members_then_step_back (ScopeMembersThen *self)
{
  g_autoptr (ScopeEntry) entry = NULL;
  guint64 sequence = self->next--;

  if (sequence == 0)
    {
      scope_members_then_finish (self, self->blind != NULL
                                           ? self->blind
                                           : _("Not known: it was before the channel was watched."));
      return;
    }
  if (sequence < self->end)
    {
      scope_members_then_finish (self, self->blind != NULL
                                           ? self->blind
                                           : _("Not known: the last complete list is too far back."));
      return;
    }
  if (_scope_event_list_get_record (self->list, sequence)->kind != 0)
    entry = _scope_event_list_read (self->list, sequence, NULL);
  if (entry == NULL)
    scope_members_then_finish (self, _("Not known: not everything before can be read any more."));
  else
    scope_members_then_take_back (self, entry);
}

/* --- forth: everyone who came and went since --- */

static void
scope_members_then_set (ScopeMembersThen *self,
                        const char       *json,
                        gsize             length,
                        gint64            since_usec,
                        gboolean          since_known)
{
  g_autofree char *id = scope_json_dup_member (json, length, "user_id");
  g_autofree char *info = NULL;
  ScopeSpan span;

  if (id == NULL)
    return;
  if (scope_json_get_member (json, length, "user_info", &span) != SCOPE_JSON_NONE)
    info = g_strndup (json + span.offset, span.length);
  g_hash_table_replace (self->members, g_strdup (id),
                        _scope_member_new (id, info, since_usec, since_known));
}

static void
scope_members_then_take_list (ScopeMembersThen *self,
                              ScopeEntry       *entry)
{
  ScopeSpan list, member;
  ScopeJsonIter iter;

  if (scope_json_get_member (entry->detail, strlen (entry->detail), "members", &list)
      != SCOPE_JSON_ARRAY)
    return;
  scope_json_iter_init (&iter, entry->detail + list.offset, list.length);
  while (scope_json_iter_next (&iter, NULL, &member, NULL))
    scope_members_then_set (self, entry->detail + list.offset + member.offset, member.length,
                            entry->time_usec, FALSE);
}

static void
scope_members_then_take_forth (ScopeMembersThen *self,
                               ScopeEntry       *entry)
{
  g_autofree char *action = scope_entry_dup_detail (entry, "action");
  g_autofree char *id = NULL;
  ScopeSpan span;

  if (action == NULL)
    return;
  if (g_str_equal (action, "snapshot"))
    {
      scope_members_then_take_list (self, entry);
      return;
    }
  if (scope_json_get_member (entry->detail, strlen (entry->detail), "member", &span)
      != SCOPE_JSON_OBJECT)
    return;
  id = scope_json_dup_member (entry->detail + span.offset, span.length, "user_id");
  if (!g_str_equal (action, "removed"))
    scope_members_then_set (self, entry->detail + span.offset, span.length, entry->time_usec, TRUE);
  else if (id != NULL)
    g_hash_table_remove (self->members, id);
}

typedef struct
{
  char *key; /* collates as the name does */
  ScopeMember *member;
} Keyed;

static void
keyed_clear (Keyed *self)
{
  g_free (self->key);
}

static int
compare_keyed (gconstpointer a,
               gconstpointer b)
{
  const Keyed *first = a;
  const Keyed *second = b;
  int order = strcmp (first->key, second->key);

  if (order != 0)
    return order;
  return strcmp (scope_member_get_user_id (first->member),
                 scope_member_get_user_id (second->member));
}

static void
scope_members_then_fill (ScopeMembersThen *self)
{
  g_autoptr (GArray) keyed = g_array_new (FALSE, FALSE, sizeof (Keyed));
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  ScopeLearntNames *names = _scope_event_list_get_learnt_names (self->list);
  GHashTableIter iter;
  gpointer member;

  g_array_set_clear_func (keyed, (GDestroyNotify) keyed_clear);
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    {
      Keyed one;

      if (names != NULL)
        _scope_member_set_names (member, names);
      one = (Keyed) { g_utf8_collate_key (scope_member_get_name (member), -1), member };

      g_array_append_val (keyed, one);
    }
  g_array_sort (keyed, compare_keyed);
  for (guint i = 0; i < keyed->len; i++)
    g_ptr_array_add (sorted, g_array_index (keyed, Keyed, i).member);
  g_list_store_splice (self->store, 0, 0, sorted->pdata, sorted->len);
  scope_members_then_finish (self, NULL);
}

static void
scope_members_then_step_forth (ScopeMembersThen *self)
{
  guint last = self->changes->len;

  if (last == 0)
    {
      scope_members_then_fill (self);
      return;
    }
  scope_members_then_take_forth (self, g_ptr_array_index (self->changes, last - 1));
  g_ptr_array_set_size (self->changes, last - 1);
}

/* Only records that don't concern it are passed without a look at the clock. */
static void
scope_members_then_step (ScopeMembersThen *self)
{
  guint n = 0;

  if (self->phase == PHASE_FORTH)
    {
      scope_members_then_step_forth (self);
      return;
    }
  while (n++ < LOOK_ENTRIES && self->next >= self->end && self->next > 0
         && !scope_members_then_concerns (
             self, _scope_event_list_get_record (self->list, self->next)))
    self->next--;
  if (n <= LOOK_ENTRIES)
    scope_members_then_step_back (self);
}

static gboolean
scope_members_then_idle_cb (gpointer user_data)
{
  ScopeMembersThen *self = user_data;
  gint64 until = g_get_monotonic_time () + SLICE_USEC;

  while (self->phase != PHASE_DONE && g_get_monotonic_time () < until)
    scope_members_then_step (self);
  if (self->phase != PHASE_DONE)
    return G_SOURCE_CONTINUE;

  self->idle_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
  return G_SOURCE_REMOVE;
}

static void
scope_members_then_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DONE:
      g_value_set_boolean (value, SCOPE_MEMBERS_THEN (object)->phase == PHASE_DONE);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_members_then_dispose (GObject *object)
{
  g_clear_handle_id (&SCOPE_MEMBERS_THEN (object)->idle_id, g_source_remove);

  G_OBJECT_CLASS (scope_members_then_parent_class)->dispose (object);
}

static void
scope_members_then_finalize (GObject *object)
{
  ScopeMembersThen *self = SCOPE_MEMBERS_THEN (object);

  g_clear_object (&self->list);
  g_clear_object (&self->store);
  g_ptr_array_unref (self->changes);
  g_hash_table_unref (self->members);
  g_free (self->reason);

  G_OBJECT_CLASS (scope_members_then_parent_class)->finalize (object);
}

static void
scope_members_then_class_init (ScopeMembersThenClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_members_then_dispose;
  object_class->finalize = scope_members_then_finalize;
  object_class->get_property = scope_members_then_get_property;

  properties[PROP_DONE] = g_param_spec_boolean (
      "done", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_members_then_init (ScopeMembersThen *self)
{
  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->store = g_list_store_new (SCOPE_TYPE_MEMBER);
}

/**
 * scope_members_then_new:
 * @item: an entry of the log
 *
 * Begins to look; notifies `done` from the main loop, never before this returns.
 *
 * Returns: (transfer full) (nullable): who was there; %NULL if it is of no presence channel
 */
ScopeMembersThen *
scope_members_then_new (ScopeEventItem *item)
{
  ScopeMembersThen *self;
  const char *channel;

  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (item), NULL);

  channel = scope_event_item_get_channel (item);
  if (channel == NULL || !scope_channel_kind_is_presence (scope_channel_name_get_kind (channel))
      || !scope_record_has_names (scope_event_item_get_record (item)))
    return NULL;

  self = g_object_new (SCOPE_TYPE_MEMBERS_THEN, NULL);
  self->list = g_object_ref (_scope_event_item_get_list (item));
  self->channel = scope_event_item_get_record (item)->channel;
  self->next = scope_event_item_get_sequence (item);
  self->end = self->next > SCOPE_MEMBERS_THEN_MAX_ENTRIES
                  ? self->next - SCOPE_MEMBERS_THEN_MAX_ENTRIES
                  : 1;
  self->idle_id = g_idle_add (scope_members_then_idle_cb, self);
  return self;
}

/**
 * scope_members_then_get_done:
 *
 * Returns: whether it is known now who was there, or that it can't be known
 */
gboolean
scope_members_then_get_done (ScopeMembersThen *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBERS_THEN (self), FALSE);

  return self->phase == PHASE_DONE;
}

/**
 * scope_members_then_get_members:
 *
 * Returns: (transfer none) (nullable): a model of [class@Member] by name, when it is done and known
 */
GListModel *
scope_members_then_get_members (ScopeMembersThen *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBERS_THEN (self), NULL);

  return self->phase == PHASE_DONE && self->store != NULL ? G_LIST_MODEL (self->store) : NULL;
}

/**
 * scope_members_then_get_reason:
 *
 * Returns: (transfer none) (nullable): why it is not known
 */
const char *
scope_members_then_get_reason (ScopeMembersThen *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBERS_THEN (self), NULL);

  return self->reason;
}

/**
 * scope_event_item_dup_previous:
 * @item: an entry of the log
 *
 * Looks at records alone, and at no more than SCOPE_MAX_PREVIOUS_ENTRIES of them.
 *
 * Returns: (transfer full) (nullable): the last one of the same channel and name before it
 */
ScopeEventItem *
scope_event_item_dup_previous (ScopeEventItem *item)
{
  const ScopeRecord *record;
  ScopeEventList *list;
  guint64 sequence, end;

  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (item), NULL);

  record = scope_event_item_get_record (item);
  list = _scope_event_item_get_list (item);
  sequence = scope_event_item_get_sequence (item);
  end = sequence > SCOPE_MAX_PREVIOUS_ENTRIES ? sequence - SCOPE_MAX_PREVIOUS_ENTRIES : 1;
  if (!scope_record_has_names (record))
    return NULL;
  while (sequence-- > end)
    {
      const ScopeRecord *other = _scope_event_list_get_record (list, sequence);

      if (other->kind == record->kind && other->channel == record->channel
          && other->event == record->event)
        return _scope_event_item_new (list, sequence, other, -1);
    }
  return NULL;
}

/**
 * scope_event_item_dup_other:
 * @item: an entry of the log
 * @sequence: the number of another one
 *
 * Returns: (transfer full) (nullable): that one, whether it is shown or not
 */
ScopeEventItem *
scope_event_item_dup_other (ScopeEventItem *item,
                            guint64         sequence)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_ITEM (item), NULL);

  return scope_event_list_dup_item (_scope_event_item_get_list (item), sequence);
}
