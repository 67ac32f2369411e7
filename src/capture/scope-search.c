/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-search"

#include "config.h"

#include "capture/scope-search.h"

#include "base/scope-source.h"

/* Main thread and reader threads each hold a reference. What goes to the threads goes through a
 * queue; whoever is free takes the next batch. All batches wait in another queue, in the order they
 * were given, with one pending source on the main context once the first of them is done. A search
 * that is given up is forgotten by the main thread; the threads see it at their next row and go. */

typedef struct
{
  ScopeSearchBatch batch; /* first */
  ScopeRecord *records;
  gboolean is_done; /* under the mutex */
} SearchJob;

struct _ScopeSearch
{
  gatomicrefcount ref_count;
  ScopeCapture *capture;
  ScopeFilter *filter;
  GMainContext *context;
  int priority;
  ScopeSearchFunc func;
  gpointer user_data;
  guint n_threads; /* main thread only */

  GAsyncQueue *todo; /* of SearchJob, which jobs owns */
  int cancelled;     /* atomic */

  GMutex mutex;
  GQueue jobs;     /* of SearchJob: given and not yet taken */
  GSource *source; /* pending, or NULL */
};

/* what ends the thread when it comes to it */
static SearchJob search_end;

static void
search_job_free (SearchJob *job)
{
  g_free (job->batch.verdicts);
  g_free (job->records);
  g_free (job);
}

static void
search_unref (ScopeSearch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_async_queue_unref (self->todo);
  g_queue_clear_full (&self->jobs, (GDestroyNotify) search_job_free);
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->context);
  scope_filter_unref (self->filter);
  g_object_unref (self->capture);
  g_free (self);
}

static ScopeSearch *
search_ref (ScopeSearch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static gboolean
search_is_cancelled (ScopeSearch *self)
{
  return g_atomic_int_get (&self->cancelled) != 0;
}

/* On the main context. */
static gboolean
search_tell_cb (gpointer user_data)
{
  ScopeSearch *self = user_data;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->mutex);
  if (!search_is_cancelled (self))
    self->func (self, self->user_data);
  return G_SOURCE_REMOVE;
}

/* --- a thread --- */

static void
search_give_back (ScopeSearch *self,
                  SearchJob   *job)
{
  g_clear_pointer (&job->records, g_free);
  g_mutex_lock (&self->mutex);
  job->is_done = TRUE;
  /* one that overtook another waits for it */
  if (self->source == NULL && ((SearchJob *) g_queue_peek_head (&self->jobs))->is_done)
    {
      self->source = g_idle_source_new ();
      g_source_set_priority (self->source, self->priority);
      g_source_set_callback (self->source, search_tell_cb, search_ref (self),
                             (GDestroyNotify) search_unref);
      g_source_attach (self->source, self->context);
    }
  g_mutex_unlock (&self->mutex);
}

static gpointer
search_thread (gpointer user_data)
{
  ScopeSearch *self = user_data;
  ScopeScanner *scanner = scope_scanner_new (self->capture, self->filter);
  SearchJob *job;

  while ((job = g_async_queue_pop (self->todo)) != &search_end)
    {
      ScopeSearchBatch *batch = &job->batch;

      if (scope_scanner_judge (scanner, batch->from, job->records, batch->n, batch->verdicts,
                               &self->cancelled))
        search_give_back (self, job);
    }
  scope_scanner_free (scanner);
  search_unref (self);
  return NULL;
}

/* Another one where batches wait that nobody works on. */
static void
search_start_thread (ScopeSearch *self,
                     guint        n_pending)
{
  guint most = MIN (g_get_num_processors (), SCOPE_SEARCH_MAX_THREADS);

  if (self->n_threads >= MIN (n_pending, most))
    return;
  self->n_threads++;
  g_thread_unref (g_thread_new ("scope-search", search_thread, search_ref (self)));
}

/* --- public --- */

/**
 * scope_search_new:
 * @capture: where the rows are
 * @filter: what they are judged by
 * @priority: of @func on the thread-default main context of the caller
 * @func: called when batches have come back
 * @user_data: for @func
 *
 * Threads come with the batches that are given.
 *
 * Returns: (transfer full): the search
 */
ScopeSearch *
scope_search_new (ScopeCapture    *capture,
                  ScopeFilter     *filter,
                  int              priority,
                  ScopeSearchFunc  func,
                  gpointer         user_data)
{
  ScopeSearch *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);
  g_return_val_if_fail (filter != NULL && func != NULL, NULL);

  self = g_new0 (ScopeSearch, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->capture = g_object_ref (capture);
  self->filter = scope_filter_ref (filter);
  self->context = g_main_context_ref_thread_default ();
  self->priority = priority;
  self->func = func;
  self->user_data = user_data;
  self->todo = g_async_queue_new ();
  g_mutex_init (&self->mutex);
  g_queue_init (&self->jobs);
  return self;
}

/**
 * scope_search_free:
 * @self: (transfer full): a search
 *
 * Gives up what is not done, without waiting for it.
 */
void
scope_search_free (ScopeSearch *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_int_set (&self->cancelled, 1);
  for (guint i = 0; i < self->n_threads; i++)
    g_async_queue_push_front (self->todo, &search_end);
  g_mutex_lock (&self->mutex);
  scope_source_clear (&self->source);
  g_mutex_unlock (&self->mutex);
  search_unref (self);
}

/**
 * scope_search_push:
 * @from: the sequence number of the first row
 * @records: (transfer full) (array length=n): the rows' records
 * @n: how many
 *
 * Has rows judged, after those that were given before.
 */
void
scope_search_push (ScopeSearch *self,
                   guint64      from,
                   ScopeRecord *records,
                   guint        n)
{
  SearchJob *job;
  guint n_pending;

  g_return_if_fail (self != NULL && records != NULL);

  job = g_new0 (SearchJob, 1);
  job->batch = (ScopeSearchBatch) { from, n, g_new0 (guint8, n) };
  job->records = records;
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->jobs, job);
  n_pending = self->jobs.length;
  g_mutex_unlock (&self->mutex);
  search_start_thread (self, n_pending);
  g_async_queue_push (self->todo, job);
}

/**
 * scope_search_pop:
 *
 * Returns: (transfer full) (nullable): the next batch, if it has come back
 */
ScopeSearchBatch *
scope_search_pop (ScopeSearch *self)
{
  SearchJob *job;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  job = g_queue_peek_head (&self->jobs);
  if (job != NULL && job->is_done)
    g_queue_pop_head (&self->jobs);
  else
    job = NULL;
  g_mutex_unlock (&self->mutex);
  return job != NULL ? &job->batch : NULL;
}

/**
 * scope_search_get_pending:
 *
 * Returns: how many batches were given and not yet taken
 */
guint
scope_search_get_pending (ScopeSearch *self)
{
  guint n_pending;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->mutex);
  n_pending = self->jobs.length;
  g_mutex_unlock (&self->mutex);
  return n_pending;
}

/**
 * scope_search_batch_free:
 * @batch: (transfer full): a batch
 */
void
scope_search_batch_free (ScopeSearchBatch *batch)
{
  g_return_if_fail (batch != NULL);

  search_job_free ((SearchJob *) batch);
}
