/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-writer"

#include "config.h"

#include "capture/scope-writer.h"

#include <string.h>

#include "base/scope-limits.h"
#include "capture/scope-file.h"

/* The owner appends under a lock that is held for nanoseconds; the thread takes the whole queue at
 * once, so that the lock is taken once per entry on one side and once per batch on the other.
 *
 * A batch begins when the first entry comes into an empty queue. The thread then waits until the
 * batch is full or BATCH_USEC have passed, whichever is first, and writes all that is there, at
 * most BATCH_ENTRIES per transaction. With the time writing takes an entry is in the file 20 ms
 * after it came; kill -9 costs no more than that.
 *
 * Names are not passed: the owner says how many there are, and texts in ScopeNames can be read on
 * any thread. They are written in the transaction before the entries that use them. */

#define BATCH_USEC (15 * G_TIME_SPAN_MILLISECOND)
#define BATCH_ENTRIES 4096
#define MAX_QUEUED_MARKS 1000 /* set by hand: more is no hand */
#define ENTRY_OVERHEAD_BYTES (sizeof (ScopeEntry) + 64) /* with its GBytes */

struct _ScopeWriter
{
  /* set once */
  char *path;
  char **app;
  guint max_pages;
  ScopeNames *names;
  GMainContext *context;
  ScopeWriterFunc changed; /* this and user_data belong to the owner's thread */
  gpointer user_data;
  GThread *thread;

  /* under the mutex */
  GMutex mutex;
  GCond cond;
  GPtrArray *queue;
  GPtrArray *queued_marks;
  guint32 queue_names; /* the names the queue may refer to */
  gint64 queue_since;  /* monotonic: when its first entry came */
  gsize waiting_bytes; /* of the queue and of what is being written */
  gboolean closing;
  ScopeRecorderState state;
  guint64 committed;
  GError *error;
  GSource *source; /* pending call of `changed` */

  /* the thread's own */
  ScopeFile *file;
  GPtrArray *batch;
  GPtrArray *marks;
  guint64 written;
};

static gsize
writer_measure (const ScopeEntry *entry)
{
  gsize size = ENTRY_OVERHEAD_BYTES + scope_entry_get_size (entry);

  return entry->detail != NULL ? size + strlen (entry->detail) : size;
}

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

/* --- the thread --- */

/* Waits for a batch, and takes it. FALSE when there is nothing and never will be. */
static gboolean
writer_take_batch (ScopeWriter *self,
                   guint32     *names)
{
  GPtrArray *empty = self->batch;
  gboolean some;

  g_mutex_lock (&self->mutex);
  while (self->queue->len == 0 && self->queued_marks->len == 0 && !self->closing)
    g_cond_wait (&self->cond, &self->mutex);

  while (self->queue->len < BATCH_ENTRIES && !self->closing)
    if (!g_cond_wait_until (&self->cond, &self->mutex, self->queue_since + BATCH_USEC))
      break;

  self->batch = self->queue;
  self->queue = empty;
  *names = self->queue_names;
  some = self->batch->len > 0 || self->queued_marks->len > 0;
  g_mutex_unlock (&self->mutex);
  return some;
}

static void
writer_report_committed (ScopeWriter *self,
                         gsize        bytes)
{
  g_mutex_lock (&self->mutex);
  self->committed = self->written;
  self->waiting_bytes -= bytes;
  writer_notify (self);
  g_mutex_unlock (&self->mutex);
}

/* Bookmarks go along with the entries that come next: never later than these. */
static gboolean
writer_add_marks (ScopeWriter  *self,
                  GError      **error)
{
  GPtrArray *marks = self->marks;

  g_ptr_array_set_size (marks, 0);
  g_mutex_lock (&self->mutex);
  self->marks = self->queued_marks;
  self->queued_marks = marks;
  g_mutex_unlock (&self->mutex);
  return _scope_file_write_marks (self->file, self->marks, error);
}

static gboolean
writer_write_slice (ScopeWriter  *self,
                    guint         from,
                    guint         n,
                    guint32       names,
                    gsize        *bytes,
                    GError      **error)
{
  ScopeEntry **entries = (ScopeEntry **) self->batch->pdata + from;

  if (!_scope_file_begin (self->file, error)
      || !_scope_file_write_names (self->file, self->names, names, error)
      || !_scope_file_write_entries (self->file, entries, n, error)
      || !writer_add_marks (self, error)
      || !_scope_file_commit (self->file, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    *bytes += writer_measure (entries[i]);
  self->written += n;
  return TRUE;
}

static void
writer_write_batch (ScopeWriter *self,
                    guint32      names)
{
  GError *error = NULL;

  for (guint from = 0, n; from < self->batch->len; from += n)
    {
      gsize bytes = 0;

      n = MIN (BATCH_ENTRIES, self->batch->len - from);
      if (!writer_write_slice (self, from, n, names, &bytes, &error))
        {
          _scope_file_rollback (self->file);
          writer_fail (self, error);
          return;
        }
      writer_report_committed (self, bytes);
    }
}

/* Without entries there is nothing that takes them along. */
static void
writer_write_marks (ScopeWriter *self)
{
  GError *error = NULL;

  if (_scope_file_begin (self->file, &error) && writer_add_marks (self, &error)
      && _scope_file_commit (self->file, &error))
    return;
  _scope_file_rollback (self->file);
  writer_fail (self, error);
}

static gboolean
writer_has_failed (ScopeWriter *self)
{
  gboolean failed;

  g_mutex_lock (&self->mutex);
  failed = self->error != NULL;
  g_mutex_unlock (&self->mutex);
  return failed;
}

static void
writer_open (ScopeWriter *self)
{
  GError *error = NULL;

  self->file = _scope_file_create (self->path, (const char * const *) self->app, self->max_pages,
                                   &error);
  if (self->file != NULL)
    writer_set_state (self, SCOPE_RECORDER_RECORDING);
  else
    writer_fail (self, error);
}

static void
writer_finish (ScopeWriter *self)
{
  GError *error = NULL;

  if (self->file != NULL && !_scope_file_close (g_steal_pointer (&self->file), &error))
    writer_fail (self, error);
  writer_set_state (self, SCOPE_RECORDER_CLOSED);
}

static void
writer_drop_marks (ScopeWriter *self)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->queued_marks, 0);
  g_mutex_unlock (&self->mutex);
}

static gpointer
writer_thread (gpointer user_data)
{
  ScopeWriter *self = user_data;
  guint32 names = 0;

  writer_open (self);
  while (writer_take_batch (self, &names))
    {
      if (writer_has_failed (self))
        writer_drop_marks (self);
      else if (self->batch->len > 0)
        writer_write_batch (self, names);
      else
        writer_write_marks (self);
      g_ptr_array_set_size (self->batch, 0);
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
  self->names = g_object_ref (names);
  self->context = g_main_context_ref_thread_default ();
  self->changed = changed;
  self->user_data = user_data;
  self->queue = g_ptr_array_new_full (BATCH_ENTRIES, (GDestroyNotify) scope_entry_unref);
  self->batch = g_ptr_array_new_full (BATCH_ENTRIES, (GDestroyNotify) scope_entry_unref);
  self->queued_marks = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
  self->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("scope-writer", writer_thread, self);
  return self;
}

gboolean
_scope_writer_append (ScopeWriter *self,
                      ScopeEntry  *entry)
{
  gsize bytes = writer_measure (entry);
  guint32 names = scope_names_get_count (self->names);
  gboolean accepted;

  g_mutex_lock (&self->mutex);
  accepted = self->error == NULL && !self->closing
             && self->waiting_bytes + bytes <= SCOPE_LIMIT_QUEUED_BYTES;
  if (accepted)
    {
      g_ptr_array_add (self->queue, scope_entry_ref (entry));
      self->queue_names = names;
      self->waiting_bytes += bytes;
      if (self->queue->len == 1)
        self->queue_since = g_get_monotonic_time ();
      if (self->queue->len == 1 || self->queue->len == BATCH_ENTRIES)
        g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  return accepted;
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
  status->error = self->error;
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
  g_ptr_array_unref (self->queue);
  g_ptr_array_unref (self->batch);
  g_ptr_array_unref (self->queued_marks);
  g_ptr_array_unref (self->marks);
  g_clear_error (&self->error);
  g_main_context_unref (self->context);
  g_object_unref (self->names);
  g_strfreev (self->app);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->path);
  g_free (self);
}
