/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-row-loader"

#include "config.h"

#include "session/scope-row-loader.h"

#include "capture/scope-row-reader.h"
#include "session/scope-event-list-private.h"

/* A capture’s connection for the thread. Made and freed on the main loop; batches are read one after another. */
typedef struct
{
  grefcount refs;
  ScopeCapture *capture;
  ScopeRowReader *reader;
} Source;

/* The rows of one call. The thread fills the loads; the main loop alone knows the items, and takes the loads
 * once the batch is finished. */
typedef struct
{
  gatomicrefcount refs;
  ScopeRowLoader *loader; /* weak */
  Source *source;         /* NULL: it was taken */
  GPtrArray *items;
  ScopeItemLoad *loads;   /* as many */
  int given_up;           /* atomic: others are wanted by now */

  GMutex mutex;
  GCond finished_cond;
  gboolean finished;
  gboolean late;          /* nobody waits any more: the main loop is to be told */
  gboolean ahead;         /* nobody ever did */
} Batch;

struct _ScopeRowLoader
{
  GObject parent_instance;

  GThreadPool *pool; /* of one thread */
  Source *source;    /* nullable */
  Batch *late;       /* nullable: the last that was not waited for to the end */
};

enum
{
  LOADED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeRowLoader, scope_row_loader, G_TYPE_OBJECT)

/* ---- sources ---- */

static Source *
source_new (ScopeCapture *capture)
{
  Source *self = g_new0 (Source, 1);

  g_ref_count_init (&self->refs);
  self->capture = g_object_ref (capture);
  self->reader = scope_row_reader_new (capture);
  return self;
}

static Source *
source_ref (Source *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

static void
source_unref (Source *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  scope_row_reader_free (self->reader);
  g_object_unref (self->capture);
  g_free (self);
}

/* ---- batches ---- */

static Batch *
batch_new (ScopeRowLoader *loader,
           GPtrArray      *items)
{
  Batch *self = g_new0 (Batch, 1);

  g_atomic_ref_count_init (&self->refs);
  g_set_weak_pointer (&self->loader, loader);
  self->source = source_ref (loader->source);
  self->items = g_ptr_array_ref (items);
  self->loads = g_new0 (ScopeItemLoad, items->len);
  for (guint i = 0; i < items->len; i++)
    _scope_event_item_begin_load (items->pdata[i], &self->loads[i]);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->finished_cond);
  return self;
}

/* Only the memory: what it held was given back on the main loop. */
static void
batch_unref (Batch *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->finished_cond);
  g_free (self);
}

/* On the main loop, when it is finished: gives the items what was read of them. */
static void
batch_take (Batch *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      if (self->loads[i].was_read)
        _scope_event_item_end_load (self->items->pdata[i], &self->loads[i]);
      _scope_item_load_clear (&self->loads[i]);
    }
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->loads, g_free);
  g_clear_pointer (&self->source, source_unref);
}

static gboolean
batch_late_cb (gpointer user_data)
{
  Batch *self = user_data;
  ScopeRowLoader *loader = self->loader;

  batch_take (self);
  g_clear_weak_pointer (&self->loader);
  if (loader != NULL && loader->late == self)
    g_clear_pointer (&loader->late, batch_unref);
  if (loader != NULL)
    g_signal_emit (loader, signals[LOADED], 0);
  return G_SOURCE_REMOVE;
}

static void
batch_read (gpointer data,
            gpointer user_data)
{
  Batch *self = data;
  gboolean late;

  for (guint i = 0; i < self->items->len && !g_atomic_int_get (&self->given_up); i++)
    _scope_item_load_read (&self->loads[i], self->source->reader);

  g_mutex_lock (&self->mutex);
  self->finished = TRUE;
  late = self->late;
  g_cond_signal (&self->finished_cond);
  g_mutex_unlock (&self->mutex);
  if (late)
    g_idle_add_full (G_PRIORITY_DEFAULT, batch_late_cb, self, (GDestroyNotify) batch_unref);
  else
    batch_unref (self);
}

/* FALSE: it is going to be late. */
static gboolean
batch_wait (Batch *self,
            gint64 patience_usec)
{
  gint64 until = g_get_monotonic_time () + patience_usec;
  gboolean finished;

  g_mutex_lock (&self->mutex);
  while (!self->finished && patience_usec > 0)
    if (!g_cond_wait_until (&self->finished_cond, &self->mutex, until))
      break;
  finished = self->finished;
  self->late = !finished;
  g_mutex_unlock (&self->mutex);
  return finished;
}

static gboolean
batch_holds_all (Batch     *self,
                 GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (!g_ptr_array_find (self->items, items->pdata[i], NULL))
      return FALSE;
  return TRUE;
}

/* ---- the loader ---- */

/* Those of the items that have to be read from a file; the others are loaded at once. */
static GPtrArray *
list_unread (GPtrArray *items)
{
  GPtrArray *unread = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < items->len; i++)
    if (!scope_event_item_is_loaded (items->pdata[i]) && !_scope_event_item_load_kept (items->pdata[i]))
      g_ptr_array_add (unread, g_object_ref (items->pdata[i]));
  return unread;
}

static void
scope_row_loader_set_capture (ScopeRowLoader *self,
                              ScopeCapture   *capture)
{
  if (self->source != NULL && self->source->capture == capture)
    return;
  g_clear_pointer (&self->source, source_unref);
  self->source = source_new (capture);
}

/* The thread ends the row it is at. */
static void
scope_row_loader_give_up (ScopeRowLoader *self)
{
  if (self->late != NULL)
    g_atomic_int_set (&self->late->given_up, 1);
  g_clear_pointer (&self->late, batch_unref);
}

static gboolean
scope_row_loader_read (ScopeRowLoader *self,
                       GPtrArray      *items,
                       gint64          patience_usec)
{
  Batch *batch = batch_new (self, items);

  batch->ahead = patience_usec == 0;
  /* the thread waits for a disk: to wait as well helps nobody */
  if (self->late != NULL && !self->late->ahead)
    patience_usec = 0;
  scope_row_loader_give_up (self);
  g_atomic_ref_count_inc (&batch->refs); /* the thread’s */
  g_thread_pool_push (self->pool, batch, NULL);
  if (batch_wait (batch, patience_usec))
    {
      batch_take (batch);
      g_clear_weak_pointer (&batch->loader);
      batch_unref (batch);
      return TRUE;
    }
  self->late = batch;
  return FALSE;
}

static void
scope_row_loader_dispose (GObject *object)
{
  ScopeRowLoader *self = SCOPE_ROW_LOADER (object);

  scope_row_loader_give_up (self);
  if (self->pool != NULL)
    g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, FALSE);
  g_clear_pointer (&self->source, source_unref);

  G_OBJECT_CLASS (scope_row_loader_parent_class)->dispose (object);
}

static void
scope_row_loader_class_init (ScopeRowLoaderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_row_loader_dispose;

  /**
   * ScopeRowLoader::loaded:
   *
   * Rows came late.
   */
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
scope_row_loader_init (ScopeRowLoader *self)
{
  self->pool = g_thread_pool_new (batch_read, NULL, 1, FALSE, NULL);
}

/**
 * scope_row_loader_new:
 *
 * Returns: (transfer full): a loader
 */
ScopeRowLoader *
scope_row_loader_new (void)
{
  return g_object_new (SCOPE_TYPE_ROW_LOADER, NULL);
}

/**
 * scope_row_loader_load:
 * @items: (element-type ScopeEventItem): rows of one list
 * @patience_usec: how long to wait for those that have to be read, in microseconds; 0: they are read ahead
 *
 * Has the rows' texts read. What was asked for before and is still being read is given up for these.
 *
 * Returns: whether all are loaded; if not, #ScopeRowLoader::loaded is going to tell
 */
gboolean
scope_row_loader_load (ScopeRowLoader *self,
                       GPtrArray      *items,
                       gint64          patience_usec)
{
  g_autoptr (GPtrArray) unread = NULL;

  g_return_val_if_fail (SCOPE_IS_ROW_LOADER (self), FALSE);
  g_return_val_if_fail (items != NULL, FALSE);

  unread = list_unread (items);
  if (unread->len == 0)
    return TRUE;
  if (self->late != NULL && batch_holds_all (self->late, unread))
    return FALSE;
  scope_row_loader_set_capture (
      self, _scope_event_list_get_capture (_scope_event_item_get_list (unread->pdata[0])));
  return scope_row_loader_read (self, unread, patience_usec);
}

/**
 * scope_row_loader_forget:
 *
 * To be called when other rows are shown: gives up what is being read, and closes the file.
 */
void
scope_row_loader_forget (ScopeRowLoader *self)
{
  g_return_if_fail (SCOPE_IS_ROW_LOADER (self));

  scope_row_loader_give_up (self);
  g_clear_pointer (&self->source, source_unref);
}
