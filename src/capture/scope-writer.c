/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-writer"

#include "config.h"

#include "capture/scope-writer.h"

#include "base/scope-limits.h"
#include "capture/scope-block.h"
#include "capture/scope-file.h"

/* The owner copies each entry into the last block of the queue, under a lock that is held for
 * nanoseconds; the thread takes the first block whole, so that the lock is taken once per entry on
 * one side and once per block on the other. Blocks that were written come back to be filled again.
 *
 * A batch begins when the first entry comes into an empty queue. The thread then waits until its
 * block is full or BATCH_USEC have passed, whichever is first, and writes it in one transaction.
 * With the time writing takes an entry is in the file 20 ms after it came; kill -9 costs no more
 * than that.
 *
 * Nobody else keeps what waits here. Should it not get into the file, it is asked for: blocks hold all
 * an entry is made of. Once writing has failed they stay as they are.
 *
 * Names are not passed: the owner says how many there are, and texts in ScopeNames can be read on
 * any thread. They are written in the transaction before the entries that use them. */

#define BATCH_USEC (15 * G_TIME_SPAN_MILLISECOND)
#define MAX_SPARE_BLOCKS 32     /* while there is something to write */
#define MAX_IDLE_BLOCKS 2
#define MAX_QUEUED_MARKS 1000   /* set by hand: more is no hand */
/* how often a full disk is looked at again */
#define RETRY_USEC (2 * G_USEC_PER_SEC)
/* blocks dropped after one that was written: a budget that was lowered is reached step by step */
#define MAX_DROPPED_BLOCKS 8

struct _ScopeWriter
{
  /* set once */
  char *path;
  char **app;
  ScopeNames *names;
  GMainContext *context;
  ScopeWriterFunc changed; /* this and user_data belong to the owner's thread */
  gpointer user_data;
  GThread *thread;

  /* under the mutex */
  GMutex mutex;
  GCond cond;
  GQueue queue;        /* of ScopeBlock, none empty; the last one is being filled */
  GQueue spare;        /* of ScopeBlock, empty */
  ScopeBlock *writing; /* what the thread has taken: read by both meanwhile; NULL: none */
  GPtrArray *queued_marks;
  guint32 queue_names; /* the names the queue may refer to */
  gint64 queue_since;  /* monotonic: when the first entry of its first block came */
  gsize waiting_bytes; /* of the queue and of what is being written */
  gboolean closing;
  ScopeRecorderState state;
  guint64 committed;
  guint64 first;
  GError *error;
  GError *stall;
  guint64 budget;
  gboolean resumes;
  guint max_pages;
  GSource *source; /* pending call of `changed` */

  /* the thread's own */
  ScopeFile *file;
  GPtrArray *marks;
  guint64 written;
};

/* --- what crosses to the owner --- */

static gboolean
writer_changed_cb (gpointer user_data)
{
  ScopeWriter *self = user_data;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->mutex);

  self->changed (self->user_data);
  return G_SOURCE_REMOVE;
}

/* With the mutex held: one pending source carries any number of changes. */
static void
writer_notify (ScopeWriter *self)
{
  if (self->source != NULL)
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->source, "scope-writer");
  g_source_set_callback (self->source, writer_changed_cb, self, NULL);
  g_source_attach (self->source, self->context);
}

static void
writer_set_state (ScopeWriter        *self,
                  ScopeRecorderState  state)
{
  g_mutex_lock (&self->mutex);
  self->state = state;
  writer_notify (self);
  g_mutex_unlock (&self->mutex);
}

static void
writer_fail (ScopeWriter *self,
             GError      *error)
{
  g_debug ("recording failed: %s", error->message);
  g_mutex_lock (&self->mutex);
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
  self->state = SCOPE_RECORDER_FAILED;
  writer_notify (self);
  g_mutex_unlock (&self->mutex);
}

/* --- the thread: a full disk --- */

static void
writer_set_stall (ScopeWriter *self,
                  GError      *stall)
{
  g_mutex_lock (&self->mutex);
  g_clear_error (&self->stall);
  self->stall = stall;
  self->state = stall != NULL ? SCOPE_RECORDER_STALLED : SCOPE_RECORDER_RECORDING;
  writer_notify (self);
  g_mutex_unlock (&self->mutex);
}

/* FALSE: it is closed, or nobody wants to wait. Entries go on to be queued meanwhile, as many as
 * may wait. */
static gboolean
writer_wait_for_room (ScopeWriter  *self,
                      const GError *error)
{
  gint64 until = g_get_monotonic_time () + RETRY_USEC;
  gboolean goes_on;

  g_mutex_lock (&self->mutex);
  goes_on = self->resumes && !self->closing;
  g_mutex_unlock (&self->mutex);
  if (!goes_on)
    return FALSE;

  writer_set_stall (self, g_error_copy (error));
  g_mutex_lock (&self->mutex);
  while (!self->closing && g_cond_wait_until (&self->cond, &self->mutex, until))
    ;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gboolean
writer_is_stalled (ScopeWriter *self)
{
  return self->stall != NULL; /* only this thread changes it */
}

/* --- the thread --- */

/* With the mutex held. After a failure nothing is taken any more. */
static gboolean
writer_has_work (ScopeWriter *self)
{
  return self->error == NULL && (self->queue.length > 0 || self->queued_marks->len > 0);
}

/* Waits for a batch, and takes it: a block, or none if there are only bookmarks. FALSE when there is
 * nothing and never will be. */
static gboolean
writer_take_block (ScopeWriter  *self,
                   ScopeBlock  **block,
                   guint32      *names)
{
  gboolean some;

  g_mutex_lock (&self->mutex);
  while (self->queue.length == 0 && self->spare.length > MAX_IDLE_BLOCKS)
    _scope_block_free (g_queue_pop_tail (&self->spare));
  while (!writer_has_work (self) && !self->closing)
    g_cond_wait (&self->cond, &self->mutex);

  while (self->queue.length == 1 && !self->closing)
    if (!g_cond_wait_until (&self->cond, &self->mutex, self->queue_since + BATCH_USEC))
      break;

  some = writer_has_work (self);
  if (some)
    self->writing = g_queue_pop_head (&self->queue);
  if (self->queue.length > 0)
    self->queue_since = g_get_monotonic_time ();
  *block = self->writing;
  *names = self->queue_names;
  g_mutex_unlock (&self->mutex);
  return some;
}

static void
writer_return_block (ScopeWriter *self,
                     ScopeBlock  *block)
{
  gboolean keep;

  g_mutex_lock (&self->mutex);
  self->waiting_bytes -= _scope_block_get_size (block);
  self->writing = NULL;
  _scope_block_clear (block);
  keep = self->spare.length < MAX_SPARE_BLOCKS;
  if (keep)
    g_queue_push_head (&self->spare, block);
  if (self->committed != self->written)
    {
      self->committed = self->written;
      writer_notify (self);
    }
  g_mutex_unlock (&self->mutex);
  if (!keep)
    _scope_block_free (block);
}

/* Bookmarks go along with the entries that come next: never later than these. They are kept until
 * they are committed, as the disk may be full. */
static gboolean
writer_add_marks (ScopeWriter  *self,
                  GError      **error)
{
  g_mutex_lock (&self->mutex);
  while (self->queued_marks->len > 0)
    g_ptr_array_add (self->marks, g_ptr_array_steal_index (self->queued_marks, 0));
  g_mutex_unlock (&self->mutex);
  return _scope_file_write_marks (self->file, self->marks, error);
}

static void
writer_report_first (ScopeWriter *self)
{
  guint64 first = _scope_file_get_first (self->file);

  g_mutex_lock (&self->mutex);
  if (self->first != first)
    {
      self->first = first;
      writer_notify (self);
    }
  g_mutex_unlock (&self->mutex);
}

static gboolean
writer_add_block_rows (ScopeWriter       *self,
                       const ScopeBlock  *block,
                       guint32            names,
                       GError           **error)
{
  return _scope_file_write_names (self->file, self->names, names, error)
         && _scope_file_write_block (self->file, block, error);
}

static gboolean
writer_try_block (ScopeWriter       *self,
                  const ScopeBlock  *block,
                  guint32            names,
                  GError           **error)
{
  guint n_rows = 0;

  if (!_scope_file_begin (self->file, error)
      || (block != NULL && !writer_add_block_rows (self, block, names, error))
      || !writer_add_marks (self, error)
      || !_scope_file_commit (self->file, error))
    return FALSE;
  g_ptr_array_set_size (self->marks, 0);
  if (block != NULL)
    _scope_block_get_rows (block, &n_rows);
  self->written += n_rows;
  return TRUE;
}

/* What the owner wishes may change at any time. */
static gboolean
writer_apply_wishes (ScopeWriter  *self,
                     GError      **error)
{
  guint64 budget;
  guint max_pages;

  g_mutex_lock (&self->mutex);
  budget = self->budget;
  max_pages = self->max_pages;
  g_mutex_unlock (&self->mutex);
  _scope_file_set_budget (self->file, budget);
  return _scope_file_set_max_pages (self->file, max_pages, error);
}

/* What can't be dropped now may be dropped after the next batch. */
static void
writer_drop_oldest (ScopeWriter *self)
{
  g_autoptr (GError) error = NULL;
  gboolean dropped = TRUE;

  for (guint i = 0; i < MAX_DROPPED_BLOCKS && dropped && error == NULL; i++)
    if (!_scope_file_drop_block (self->file, &dropped, &error))
      {
        g_debug ("nothing is dropped: %s", error->message);
        _scope_file_rollback (self->file);
      }
  writer_report_first (self);
}

/* Tries until it is done, or there is no hope: FALSE. Without a block: bookmarks that nothing else takes along. */
static gboolean
writer_write_block (ScopeWriter      *self,
                    const ScopeBlock *block,
                    guint32           names)
{
  while (TRUE)
    {
      GError *error = NULL;

      if (_scope_file_check_place (self->file, &error) && writer_apply_wishes (self, &error)
          && writer_try_block (self, block, names, &error))
        break;
      _scope_file_rollback (self->file);
      if (!_scope_file_is_full (self->file) || !writer_wait_for_room (self, error))
        {
          writer_fail (self, error);
          return FALSE;
        }
      g_error_free (error);
    }
  if (writer_is_stalled (self))
    writer_set_stall (self, NULL);
  return TRUE;
}

static void
writer_open (ScopeWriter *self)
{
  while (self->file == NULL)
    {
      gboolean is_full = FALSE;
      GError *error = NULL;

      self->file = _scope_file_create (self->path, (const char * const *) self->app,
                                       self->max_pages, &is_full, &error);
      if (self->file != NULL)
        writer_set_stall (self, NULL);
      else if (!is_full || !writer_wait_for_room (self, error))
        {
          writer_fail (self, error);
          return;
        }
      else
        g_error_free (error);
    }
}

static void
writer_finish (ScopeWriter *self)
{
  GError *error = NULL;

  if (self->file != NULL && !_scope_file_close (g_steal_pointer (&self->file), &error))
    writer_fail (self, error);
  writer_set_state (self, SCOPE_RECORDER_CLOSED);
}

static gpointer
writer_thread (gpointer user_data)
{
  ScopeWriter *self = user_data;
  ScopeBlock *block;
  guint32 names = 0;

  writer_open (self);
  while (writer_take_block (self, &block, &names))
    if (writer_write_block (self, block, names))
      {
        if (block != NULL)
          writer_return_block (self, block);
        writer_drop_oldest (self);
        _scope_file_checkpoint (self->file);
      }
  writer_finish (self);
  return NULL;
}

/* --- the owner's side --- */

ScopeWriter *
_scope_writer_new (const char         *path,
                   const char * const *app,
                   ScopeNames         *names,
                   guint               max_pages,
                   ScopeWriterFunc     changed,
                   gpointer            user_data)
{
  ScopeWriter *self = g_new0 (ScopeWriter, 1);

  self->path = g_canonicalize_filename (path, NULL);
  self->app = g_strdupv ((char **) app);
  self->max_pages = max_pages;
  self->first = 1;
  self->names = g_object_ref (names);
  self->context = g_main_context_ref_thread_default ();
  self->changed = changed;
  self->user_data = user_data;
  g_queue_init (&self->queue);
  g_queue_init (&self->spare);
  self->queued_marks = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
  self->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("scope-writer", writer_thread, self);
  return self;
}

/* With the mutex held: a block at the end of the queue, empty. */
static ScopeBlock *
writer_add_block (ScopeWriter *self)
{
  ScopeBlock *block = g_queue_pop_head (&self->spare);

  if (block == NULL)
    block = _scope_block_new ();
  g_queue_push_tail (&self->queue, block);
  if (self->queue.length == 1)
    self->queue_since = g_get_monotonic_time ();
  /* there is a first entry, or a full block */
  g_cond_signal (&self->cond);
  return block;
}

/* With the mutex held. */
static void
writer_add_entry (ScopeWriter      *self,
                  const ScopeEntry *entry)
{
  ScopeBlock *block = g_queue_peek_tail (&self->queue);
  gsize before = block != NULL ? _scope_block_get_size (block) : 0;

  if (block == NULL || !_scope_block_append (block, entry))
    {
      before = 0;
      block = writer_add_block (self);
      _scope_block_append (block, entry);
    }
  self->waiting_bytes += _scope_block_get_size (block) - before;
}

/* With the mutex held. While the disk is full nobody knows how long it will last. */
static gsize
writer_get_limit (ScopeWriter *self)
{
  return self->stall != NULL ? SCOPE_LIMIT_STALLED_BYTES : SCOPE_LIMIT_QUEUED_BYTES;
}

gboolean
_scope_writer_append (ScopeWriter      *self,
                      const ScopeEntry *entry,
                      gsize            *waiting)
{
  gsize size = scope_entry_get_frame_size (entry);
  guint32 names = scope_names_get_count (self->names);
  gboolean accepted;

  g_mutex_lock (&self->mutex);
  accepted = self->error == NULL && !self->closing
             && self->waiting_bytes + size <= writer_get_limit (self);
  if (accepted)
    {
      writer_add_entry (self, entry);
      self->queue_names = names;
    }
  *waiting = self->waiting_bytes;
  g_mutex_unlock (&self->mutex);
  return accepted;
}

/* first: the number of the block's first row. Returns that of the next block's. */
static guint64
writer_list_rows (const ScopeBlock *block,
                  guint64           first,
                  guint64           after,
                  GPtrArray        *entries)
{
  guint n_rows = 0;

  _scope_block_get_rows (block, &n_rows);
  for (guint i = after >= first ? MIN (after - first + 1, n_rows) : 0; i < n_rows; i++)
    g_ptr_array_add (entries, _scope_block_new_entry (block, i, first + i));
  return first + n_rows;
}

GPtrArray *
_scope_writer_list_waiting (ScopeWriter *self,
                            guint64      after)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);
  guint64 first;

  g_mutex_lock (&self->mutex);
  first = self->committed + 1;
  if (self->writing != NULL)
    first = writer_list_rows (self->writing, first, after, entries);
  for (GList *l = self->queue.head; l != NULL; l = l->next)
    first = writer_list_rows (l->data, first, after, entries);
  g_mutex_unlock (&self->mutex);
  return entries;
}

/* The thread takes nothing any more, and does not look at what it took. */
void
_scope_writer_drop_waiting (ScopeWriter *self)
{
  g_mutex_lock (&self->mutex);
  g_assert (self->error != NULL);
  g_clear_pointer (&self->writing, _scope_block_free);
  g_queue_clear_full (&self->queue, (GDestroyNotify) _scope_block_free);
  self->waiting_bytes = 0;
  g_mutex_unlock (&self->mutex);
}

gboolean
_scope_writer_mark (ScopeWriter *self,
                    ScopeMark   *mark)
{
  gboolean accepted;

  g_mutex_lock (&self->mutex);
  accepted = self->error == NULL && !self->closing && self->queued_marks->len < MAX_QUEUED_MARKS;
  if (accepted)
    {
      g_ptr_array_add (self->queued_marks, mark);
      g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  if (!accepted)
    scope_mark_free (mark);
  return accepted;
}

void
_scope_writer_get_status (ScopeWriter       *self,
                          ScopeWriterStatus *status)
{
  g_mutex_lock (&self->mutex);
  status->state = self->state;
  status->committed = self->committed;
  status->waiting = self->waiting_bytes;
  status->first = self->first;
  status->error = self->error;
  status->stall = self->stall != NULL ? g_error_copy (self->stall) : NULL;
  g_mutex_unlock (&self->mutex);
}

void
_scope_writer_set_budget (ScopeWriter *self,
                          guint64      bytes)
{
  g_mutex_lock (&self->mutex);
  self->budget = bytes;
  g_mutex_unlock (&self->mutex);
}

void
_scope_writer_set_resumes (ScopeWriter *self,
                           gboolean     resumes)
{
  g_mutex_lock (&self->mutex);
  self->resumes = resumes;
  g_mutex_unlock (&self->mutex);
}

void
_scope_writer_set_max_pages (ScopeWriter *self,
                             guint        max_pages)
{
  g_mutex_lock (&self->mutex);
  self->max_pages = max_pages;
  g_mutex_unlock (&self->mutex);
}

void
_scope_writer_close (ScopeWriter *self)
{
  g_mutex_lock (&self->mutex);
  self->closing = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
_scope_writer_free (ScopeWriter *self)
{
  _scope_writer_close (self);
  g_thread_join (self->thread);
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  g_clear_pointer (&self->writing, _scope_block_free);
  g_queue_clear_full (&self->queue, (GDestroyNotify) _scope_block_free);
  g_queue_clear_full (&self->spare, (GDestroyNotify) _scope_block_free);
  g_ptr_array_unref (self->queued_marks);
  g_ptr_array_unref (self->marks);
  g_clear_error (&self->error);
  g_clear_error (&self->stall);
  g_main_context_unref (self->context);
  g_object_unref (self->names);
  g_strfreev (self->app);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->path);
  g_free (self);
}
