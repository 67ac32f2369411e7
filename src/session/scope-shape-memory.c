/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape-memory"

#include "config.h"

#include "session/scope-shape-memory.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/scope-limits.h"
#include "session/scope-event-list-private.h"

struct _ScopeShapeMemory
{
  GObject parent_instance;

  ScopeEventList *list;
  char *path; /* NULL: nothing is kept */
  ScopeShapeFollower *follower; /* NULL: there is nothing to read yet */
  GPtrArray *flags; /* of ScopeShapeNews, by sequence number */
  gboolean is_full;
  gboolean loading; /* an opened capture: its rows come first */
};

enum
{
  FLAGS_CHANGED,
  PROGRESS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* those of all windows: two may have the same profile open */
static GPtrArray *memories;

G_DEFINE_FINAL_TYPE (ScopeShapeMemory, scope_shape_memory, G_TYPE_OBJECT)

static char *
memory_dup_path (const char *profile_id)
{
  g_autofree char *name = g_strconcat (profile_id, ".shapes", NULL);

  if (strchr (profile_id, G_DIR_SEPARATOR) != NULL || *profile_id == '.')
    return NULL;
  return g_build_filename (g_get_user_data_dir (), "channelscope", "shapes", name, NULL);
}

/* --- following --- */

static void
memory_follower_cb (ScopeShapeFollower *follower,
                    gpointer            user_data)
{
  ScopeShapeMemory *self = user_data;
  gboolean changed = FALSE;
  ScopeShapeNews *news;

  while ((news = scope_shape_follower_pop (follower)) != NULL)
    {
      changed = TRUE;
      if (self->flags->len < SCOPE_LIMIT_SHAPE_FLAGS)
        {
          g_ptr_array_add (self->flags, news);
          continue;
        }
      self->is_full = TRUE;
      scope_shape_news_free (news);
    }
  if (changed)
    g_signal_emit (self, signals[FLAGS_CHANGED], 0);
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
memory_rows_cb (ScopeShapeMemory *self)
{
  ScopeCapture *capture = _scope_event_list_get_capture (self->list);

  if (capture == NULL || self->loading)
    return;
  if (self->follower == NULL)
    self->follower = scope_shape_follower_new (capture, self->path, memory_follower_cb, self);
  scope_shape_follower_advance (self->follower, _scope_event_list_get_end (self->list) - 1);
}

/* Reading an opened capture twice at once would make its rows come later. */
static void
memory_loading_cb (ScopeShapeMemory *self,
                   GParamSpec       *pspec,
                   ScopeSession     *session)
{
  g_object_get (session, "loading", &self->loading, NULL);
  memory_rows_cb (self);
}

static void
scope_shape_memory_dispose (GObject *object)
{
  ScopeShapeMemory *self = SCOPE_SHAPE_MEMORY (object);

  g_clear_pointer (&self->follower, scope_shape_follower_free);
  if (memories != NULL)
    g_ptr_array_remove_fast (memories, self);

  G_OBJECT_CLASS (scope_shape_memory_parent_class)->dispose (object);
}

static void
scope_shape_memory_finalize (GObject *object)
{
  ScopeShapeMemory *self = SCOPE_SHAPE_MEMORY (object);

  g_ptr_array_unref (self->flags);
  g_clear_object (&self->list);
  g_free (self->path);

  G_OBJECT_CLASS (scope_shape_memory_parent_class)->finalize (object);
}

static void
scope_shape_memory_class_init (ScopeShapeMemoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_shape_memory_dispose;
  object_class->finalize = scope_shape_memory_finalize;

  signals[FLAGS_CHANGED] = g_signal_new ("flags-changed", SCOPE_TYPE_SHAPE_MEMORY,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] = g_signal_new ("progress", SCOPE_TYPE_SHAPE_MEMORY, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
scope_shape_memory_init (ScopeShapeMemory *self)
{
  self->flags = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_shape_news_free);
  if (memories == NULL)
    memories = g_ptr_array_new ();
  g_ptr_array_add (memories, self);
}

/* The flag of that event, or where it would be. */
static guint
memory_locate (ScopeShapeMemory *self,
               guint64           sequence)
{
  guint from = 0;
  guint to = self->flags->len;

  while (from < to)
    {
      guint middle = from + (to - from) / 2;

      if (((ScopeShapeNews *) self->flags->pdata[middle])->sequence < sequence)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

/**
 * scope_shape_memory_new:
 * @session: whose log to follow; it is not held
 * @profile_id: (nullable): whose memory it is; `NULL`: nothing is kept
 *
 * Returns: (transfer full): a memory that begins to follow
 */
ScopeShapeMemory *
scope_shape_memory_new (ScopeSession *session,
                        const char   *profile_id)
{
  ScopeShapeMemory *self;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  self = g_object_new (SCOPE_TYPE_SHAPE_MEMORY, NULL);
  self->list = g_object_ref (scope_session_get_events (session));
  self->path = profile_id != NULL ? memory_dup_path (profile_id) : NULL;
  g_signal_connect_object (self->list, "notify::n-total", G_CALLBACK (memory_rows_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::loading", G_CALLBACK (memory_loading_cb), self,
                           G_CONNECT_SWAPPED);
  memory_loading_cb (self, NULL, session);
  return self;
}

/**
 * scope_shape_memory_get_list:
 *
 * Returns: (transfer none): the list whose rows it flags
 */
ScopeEventList *
scope_shape_memory_get_list (ScopeShapeMemory *self)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);

  return self->list;
}

/**
 * scope_shape_memory_find:
 * @sequence: an event's number
 *
 * Returns: (transfer none) (nullable): why it is flagged
 */
const ScopeShapeNews *
scope_shape_memory_find (ScopeShapeMemory *self,
                         guint64           sequence)
{
  guint position;

  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);

  position = memory_locate (self, sequence);
  if (position == self->flags->len
      || ((ScopeShapeNews *) self->flags->pdata[position])->sequence != sequence)
    return NULL;
  return self->flags->pdata[position];
}

/**
 * scope_shape_memory_get_n_flags:
 *
 * Returns: how many events are flagged
 */
guint
scope_shape_memory_get_n_flags (ScopeShapeMemory *self)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), 0);

  return self->flags->len;
}

/**
 * scope_shape_memory_get_flag:
 * @position: from 0
 *
 * Returns: (transfer none): one of them
 */
const ScopeShapeNews *
scope_shape_memory_get_flag (ScopeShapeMemory *self,
                             guint             position)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);
  g_return_val_if_fail (position < self->flags->len, NULL);

  return self->flags->pdata[position];
}

static guint64
memory_next (gpointer source,
             guint64  sequence)
{
  ScopeShapeMemory *self = source;
  guint position = memory_locate (self, sequence);

  return position < self->flags->len
           ? ((ScopeShapeNews *) self->flags->pdata[position])->sequence : 0;
}

/**
 * scope_shape_memory_new_picks:
 *
 * Returns: (transfer full): the rows that are flagged
 */
ScopePicks *
scope_shape_memory_new_picks (ScopeShapeMemory *self)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);

  return scope_picks_new (self, "flags-changed", memory_next);
}

/**
 * scope_shape_memory_get_full:
 *
 * Returns: whether there were more flags than are kept
 */
gboolean
scope_shape_memory_get_full (ScopeShapeMemory *self)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), FALSE);

  return self->is_full;
}

/**
 * scope_shape_memory_accept:
 * @sequence: an event's number
 *
 * The user expected this.
 */
void
scope_shape_memory_accept (ScopeShapeMemory *self,
                           guint64           sequence)
{
  g_return_if_fail (SCOPE_IS_SHAPE_MEMORY (self));

  if (scope_shape_memory_find (self, sequence) == NULL)
    return;
  g_ptr_array_remove_index (self->flags, memory_locate (self, sequence));
  g_signal_emit (self, signals[FLAGS_CHANGED], 0);
}

/**
 * scope_shape_memory_accept_all:
 *
 * The user expected all of it.
 */
void
scope_shape_memory_accept_all (ScopeShapeMemory *self)
{
  g_return_if_fail (SCOPE_IS_SHAPE_MEMORY (self));

  g_ptr_array_set_size (self->flags, 0);
  self->is_full = FALSE;
  g_signal_emit (self, signals[FLAGS_CHANGED], 0);
}

static void
memory_forget_here (ScopeShapeMemory *self)
{
  if (self->follower != NULL)
    scope_shape_follower_forget (self->follower);
  scope_shape_memory_accept_all (self);
  g_signal_emit (self, signals[PROGRESS], 0);
}

/**
 * scope_shape_memory_forget:
 *
 * Begins anew, here and in all windows that have the same profile open: what comes from now on is the first of its name.
 */
void
scope_shape_memory_forget (ScopeShapeMemory *self)
{
  g_autoptr (GPtrArray) same = NULL;

  g_return_if_fail (SCOPE_IS_SHAPE_MEMORY (self));

  same = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < memories->len; i++)
    {
      ScopeShapeMemory *other = g_ptr_array_index (memories, i);

      if (other == self || (self->path != NULL && g_strcmp0 (other->path, self->path) == 0))
        g_ptr_array_add (same, g_object_ref (other));
    }
  /* first, since whoever learns already writes it anew */
  if (self->path != NULL)
    g_unlink (self->path);
  for (guint i = 0; i < same->len; i++)
    memory_forget_here (same->pdata[i]);
}

/**
 * scope_shape_memory_get_lag:
 *
 * Returns: how many rows of the log were not looked at yet
 */
guint64
scope_shape_memory_get_lag (ScopeShapeMemory *self)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), 0);

  return self->follower != NULL ? scope_shape_follower_get_lag (self->follower) : 0;
}

/**
 * scope_shape_memory_get_kept:
 *
 * Returns: whether what is learnt is there in the next session
 */
gboolean
scope_shape_memory_get_kept (ScopeShapeMemory *self)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), FALSE);

  return self->path != NULL;
}

/**
 * scope_shape_memory_dup_problem:
 *
 * Returns: (transfer full) (nullable): why it could not be read or kept
 */
char *
scope_shape_memory_dup_problem (ScopeShapeMemory *self)
{
  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);

  return self->follower != NULL ? scope_shape_follower_dup_problem (self->follower) : NULL;
}

/**
 * scope_shape_memory_list_events:
 *
 * Returns: (transfer full): the names of the events that are known, sorted
 */
char **
scope_shape_memory_list_events (ScopeShapeMemory *self)
{
  char **names;

  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);

  if (self->follower == NULL)
    return g_new0 (char *, 1);
  names = scope_shapes_list_names (scope_shape_follower_lock (self->follower));
  scope_shape_follower_unlock (self->follower);
  return names;
}

/**
 * scope_shape_memory_list_fields:
 * @event: an event's name
 * @n_events: (out) (optional): how many there were
 * @cut: (out) (optional): whether not all fields are remembered
 *
 * Returns: (transfer full) (nullable) (element-type ScopeShapeField): its fields
 */
GPtrArray *
scope_shape_memory_list_fields (ScopeShapeMemory *self,
                                const char       *event,
                                guint64          *n_events,
                                gboolean         *cut)
{
  GPtrArray *fields = NULL;
  ScopeShape *shape;

  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);
  g_return_val_if_fail (event != NULL, NULL);

  if (self->follower == NULL)
    return NULL;
  shape = scope_shapes_find (scope_shape_follower_lock (self->follower), event);
  if (shape != NULL)
    {
      fields = scope_shape_list_fields (shape);
      if (n_events != NULL)
        *n_events = scope_shape_get_n_events (shape);
      if (cut != NULL)
        *cut = scope_shape_get_cut (shape);
    }
  scope_shape_follower_unlock (self->follower);
  return fields;
}

/**
 * scope_shape_memory_dup_schema:
 * @event: (nullable): an event's name; `NULL`: all
 *
 * Returns: (transfer full) (nullable): a JSON Schema document
 */
char *
scope_shape_memory_dup_schema (ScopeShapeMemory *self,
                               const char       *event)
{
  char *schema;

  g_return_val_if_fail (SCOPE_IS_SHAPE_MEMORY (self), NULL);

  if (self->follower == NULL)
    return NULL;
  schema = scope_shapes_dup_schema (scope_shape_follower_lock (self->follower), event);
  scope_shape_follower_unlock (self->follower);
  return schema;
}

/**
 * scope_shape_news_to_text:
 * @news: why an event is flagged
 *
 * Returns: (transfer full): that in a line
 */
char *
scope_shape_news_to_text (const ScopeShapeNews *news)
{
  GString *text;

  g_return_val_if_fail (news != NULL, NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < news->changes->len; i++)
    {
      g_autofree char *change = scope_shape_change_to_text (news->changes->pdata[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", change);
    }
  if (news->n_more > 0)
    {
      g_string_append (text, "; ");
      g_string_append_printf (text, ngettext ("and %u more change", "and %u more changes",
                                              news->n_more),
                              news->n_more);
    }
  return g_string_free (text, FALSE);
}

/**
 * scope_shape_memory_remove_profile:
 * @profile_id: a profile that is gone for good
 *
 * Removes what is kept of it.
 */
void
scope_shape_memory_remove_profile (const char *profile_id)
{
  g_autofree char *path = NULL;

  g_return_if_fail (profile_id != NULL);

  path = memory_dup_path (profile_id);
  if (path != NULL)
    g_unlink (path);
}
