/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape-follower"

#include "config.h"

#include "capture/scope-shape-follower.h"

#include <glib/gi18n-lib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/scope-source.h"
#include "capture/scope-capture-private.h"
#include "capture/scope-reader.h"
#include "capture/scope-row.h"
#include "capture/scope-schema.h"
#include "capture/scope-shape-file.h"

/* Main thread and reader thread each hold a reference. One mutex guards all that both touch; it is
 * held for one event at a time. The file's reader is held for a few milliseconds at a time, since a
 * recorder that closes waits for it. */

#define RUN_ROWS 512
#define RUN_USEC 10000
#define NICE 10
/* how long what was learnt may stay unsaved: something new, or counts only */
#define SAVE_NEW_USEC (2 * G_USEC_PER_SEC)
#define SAVE_COUNTS_USEC (60 * G_USEC_PER_SEC)
#define RETRY_USEC G_USEC_PER_SEC
/* news that nobody has taken: the thread waits */
#define MAX_NEWS 1000

struct _ScopeShapeFollower
{
  gatomicrefcount ref_count;
  ScopeCapture *capture;
  GMainContext *context;
  ScopeShapeFollowerFunc func;
  gpointer user_data;

  ScopeReader *reader;  /* the thread's */
  ScopeShapeFile *file; /* the thread's; NULL: nothing is kept */
  char *path;           /* of it */

  GMutex mutex;
  GCond cond;
  ScopeShapes *shapes;
  guint64 next;    /* row to be looked at */
  guint64 up_to;
  GQueue news;     /* of ScopeShapeNews */
  GSource *source; /* pending, or NULL */
  gboolean cancelled;
  gint64 save_at;  /* monotonic; 0: nothing to save */
  gint64 retry_at; /* likewise: the file could not be opened */
  gboolean is_spared; /* the file could not be read: it is not written until all is forgotten */
  char *problem;
};

/* Files of which all that stands in them was forgotten, in whichever window: what is there is not taken over until one
 * of the windows has written anew. Path → the number of that forgetting. */
static GMutex forgotten_mutex;
static GHashTable *forgotten;
static guint n_forgotten;

static void
forgotten_add (const char *path)
{
  g_mutex_lock (&forgotten_mutex);
  if (forgotten == NULL)
    forgotten = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (forgotten, g_strdup (path), GUINT_TO_POINTER (++n_forgotten));
  g_mutex_unlock (&forgotten_mutex);
}

/* 0: what stands in the file holds */
static guint
forgotten_find (const char *path)
{
  guint number = 0;

  g_mutex_lock (&forgotten_mutex);
  if (forgotten != NULL)
    number = GPOINTER_TO_UINT (g_hash_table_lookup (forgotten, path));
  g_mutex_unlock (&forgotten_mutex);
  return number;
}

/* It was written anew, unless it was forgotten once more. */
static void
forgotten_end (const char *path,
               guint       number)
{
  g_mutex_lock (&forgotten_mutex);
  if (forgotten != NULL && GPOINTER_TO_UINT (g_hash_table_lookup (forgotten, path)) == number)
    g_hash_table_remove (forgotten, path);
  g_mutex_unlock (&forgotten_mutex);
}

/**
 * scope_shape_news_free:
 * @news: (transfer full): news
 */
void
scope_shape_news_free (ScopeShapeNews *news)
{
  g_clear_pointer (&news->changes, g_ptr_array_unref);
  g_free (news->event);
  g_free (news);
}

static ScopeShapeFollower *
follower_ref (ScopeShapeFollower *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
follower_unref (ScopeShapeFollower *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_queue_clear_full (&self->news, (GDestroyNotify) scope_shape_news_free);
  scope_shapes_free (self->shapes);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_main_context_unref (self->context);
  g_object_unref (self->capture);
  g_free (self->problem);
  g_free (self->path);
  g_clear_pointer (&self->file, scope_shape_file_free);
  g_free (self);
}

/* On the main context. */
static gboolean
follower_tell_cb (gpointer user_data)
{
  ScopeShapeFollower *self = user_data;
  gboolean cancelled;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->source, g_source_unref);
  cancelled = self->cancelled;
  g_mutex_unlock (&self->mutex);
  if (!cancelled)
    self->func (self, self->user_data);
  return G_SOURCE_REMOVE;
}

/* --- the thread; names with _locked: while the mutex is held --- */

static void
follower_tell_locked (ScopeShapeFollower *self)
{
  if (self->source != NULL || self->cancelled)
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT_IDLE + 10);
  g_source_set_callback (self->source, follower_tell_cb, follower_ref (self),
                         (GDestroyNotify) follower_unref);
  g_source_attach (self->source, self->context);
}

static void
follower_plan_save_locked (ScopeShapeFollower *self,
                           gint64              usec)
{
  gint64 at = g_get_monotonic_time () + usec;

  if (self->file != NULL && !self->is_spared && (self->save_at == 0 || at < self->save_at))
    self->save_at = at;
}

static void
follower_take_verdict_locked (ScopeShapeFollower *self,
                              const ScopeEntry   *entry,
                              guint64             earlier,
                              ScopeShapeVerdict  *verdict)
{
  g_autofree char *owned = NULL;
  ScopeShapeNews *news;

  follower_plan_save_locked (self, verdict->result == SCOPE_SHAPE_SAME ? SAVE_COUNTS_USEC
                                                                       : SAVE_NEW_USEC);
  if (verdict->result != SCOPE_SHAPE_CHANGED)
    return;
  news = g_new0 (ScopeShapeNews, 1);
  news->sequence = entry->sequence;
  news->earlier = earlier;
  news->event = g_strdup (scope_entry_get_name (entry, scope_capture_get_names (self->capture),
                                                SCOPE_ENTRY_NAME_EVENT, &owned));
  news->changes = g_steal_pointer (&verdict->changes);
  news->n_more = verdict->n_more;
  g_queue_push_tail (&self->news, news);
}

/* TRUE: there is time and room for one more. */
static gboolean
follower_take_row (ScopeShapeFollower *self,
                   sqlite3_stmt       *row)
{
  guint64 sequence = sqlite3_column_int64 (row, SCOPE_COLUMN_ID);
  ScopeNames *names = scope_capture_get_names (self->capture);
  g_auto (ScopeShapeVerdict) verdict = { 0 };
  g_autoptr (ScopeEntry) entry = NULL;
  ScopeRecord record;
  guint64 earlier = 0;
  gboolean goes_on;

  if (_scope_row_read_record (row, names, &record))
    entry = _scope_row_borrow_entry (row, &record, sequence);

  g_mutex_lock (&self->mutex);
  if (entry != NULL && scope_shapes_observe (self->shapes, entry, names, &verdict, &earlier))
    follower_take_verdict_locked (self, entry, earlier, &verdict);
  self->next = sequence + 1;
  goes_on = !self->cancelled && g_queue_get_length (&self->news) < MAX_NEWS;
  g_mutex_unlock (&self->mutex);
  return goes_on;
}

/* Rows from … to, or as many as there is time for. */
static void
follower_read_rows (ScopeShapeFollower *self,
                    sqlite3            *db,
                    guint64             from,
                    guint64             to)
{
  gint64 until = g_get_monotonic_time () + RUN_USEC;
  sqlite3_stmt *rows = NULL;
  int code = sqlite3_prepare_v2 (db, _scope_schema_select_events, -1, &rows, NULL);
  gboolean goes_on = TRUE;

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (rows, 1, from);
      sqlite3_bind_int64 (rows, 2, to);
      while (goes_on && (code = sqlite3_step (rows)) == SQLITE_ROW)
        goes_on = follower_take_row (self, rows) && g_get_monotonic_time () < until;
    }
  sqlite3_finalize (rows);

  g_mutex_lock (&self->mutex);
  /* the rest holds no events; or it can't be read, and nothing can be learnt from it */
  if (goes_on)
    self->next = MAX (self->next, to + 1);
  g_mutex_unlock (&self->mutex);
}

static void
follower_run (ScopeShapeFollower *self,
              guint64             from,
              guint64             to)
{
  sqlite3 *db;

  _scope_reader_lock (self->reader);
  db = _scope_reader_get_db (self->reader);
  if (db != NULL)
    follower_read_rows (self, db, from, to);
  _scope_reader_unlock (self->reader);

  g_mutex_lock (&self->mutex);
  self->retry_at = db != NULL ? 0 : g_get_monotonic_time () + RETRY_USEC;
  follower_tell_locked (self);
  g_mutex_unlock (&self->mutex);
}

/* The file */

static void
follower_set_problem_locked (ScopeShapeFollower *self,
                             char               *taken)
{
  g_free (self->problem);
  self->problem = taken;
  follower_tell_locked (self);
}

static void
follower_spare_locked (ScopeShapeFollower *self)
{
  self->is_spared = TRUE;
  self->save_at = 0;
  follower_set_problem_locked (
    self, g_strdup (_("Not all that was remembered of earlier sessions could be read. What is "
                      "learnt now is not kept until all of it is forgotten.")));
}

/* What another window has saved since: what it learnt is known here too, and in the file again. */
static void
follower_take_over (ScopeShapeFollower *self)
{
  g_autoptr (ScopeShapes) others = NULL;
  gboolean good;

  if (!scope_shape_file_has_changed (self->file))
    return;
  others = scope_shapes_new ();
  good = scope_shape_file_read (self->file, others);
  g_mutex_lock (&self->mutex);
  if (forgotten_find (self->path) == 0 && good)
    scope_shapes_merge (self->shapes, g_steal_pointer (&others));
  else if (forgotten_find (self->path) == 0)
    follower_spare_locked (self);
  g_mutex_unlock (&self->mutex);
}

/* NULL: there is nothing to save. */
static GString *
follower_take_lines (ScopeShapeFollower *self)
{
  GString *lines = NULL;

  g_mutex_lock (&self->mutex);
  if (self->save_at != 0)
    lines = scope_shapes_to_lines (self->shapes);
  self->save_at = 0;
  g_mutex_unlock (&self->mutex);
  return lines;
}

static gboolean
follower_write (ScopeShapeFollower *self,
                GError            **error)
{
  int fd = scope_shape_file_lock (self->file, error);
  guint number = forgotten_find (self->path);
  g_autoptr (GString) lines = NULL;
  gboolean written;

  if (fd < 0)
    return FALSE;
  if (number == 0)
    follower_take_over (self);
  lines = follower_take_lines (self);
  written = lines == NULL || scope_shape_file_write (self->file, lines, error);
  if (written && lines != NULL && number != 0)
    forgotten_end (self->path, number);
  close (fd);
  return written;
}

static void
follower_save (ScopeShapeFollower *self)
{
  g_autoptr (GError) error = NULL;
  gboolean has_any;

  g_mutex_lock (&self->mutex);
  has_any = self->save_at != 0;
  g_mutex_unlock (&self->mutex);

  if (!has_any || follower_write (self, &error))
    return;
  g_mutex_lock (&self->mutex);
  follower_set_problem_locked (
    self, g_strdup_printf (_("What events look like can’t be kept: %s"), error->message));
  g_mutex_unlock (&self->mutex);
}

static void
follower_load (ScopeShapeFollower *self)
{
  if (self->file == NULL)
    return;

  g_mutex_lock (&self->mutex);
  if (forgotten_find (self->path) == 0 && !scope_shape_file_read (self->file, self->shapes))
    follower_spare_locked (self);
  g_mutex_unlock (&self->mutex);
}

/* Until there is a row to look at, something to save, or the end; *to is 0 without a row. */
static gboolean
follower_wait (ScopeShapeFollower *self,
               guint64            *from,
               guint64            *to)
{
  gboolean goes_on;

  g_mutex_lock (&self->mutex);
  *to = 0;
  while (!self->cancelled)
    {
      gint64 now = g_get_monotonic_time ();
      gboolean ready = self->next <= self->up_to && g_queue_get_length (&self->news) < MAX_NEWS;
      gint64 at = ready && self->retry_at > now ? self->retry_at : 0;

      if ((self->save_at != 0 && self->save_at <= now) || (ready && at == 0))
        break;
      if (self->save_at != 0 && (at == 0 || self->save_at < at))
        at = self->save_at;
      if (at != 0)
        g_cond_wait_until (&self->cond, &self->mutex, at);
      else
        g_cond_wait (&self->cond, &self->mutex);
    }
  if (self->next <= self->up_to)
    {
      *from = self->next;
      *to = MIN (self->up_to, self->next + RUN_ROWS - 1);
    }
  goes_on = !self->cancelled;
  g_mutex_unlock (&self->mutex);
  return goes_on;
}

static gboolean
follower_must_save (ScopeShapeFollower *self)
{
  gboolean must;

  g_mutex_lock (&self->mutex);
  must = self->save_at != 0 && self->save_at <= g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
  return must;
}

static gpointer
follower_thread (gpointer user_data)
{
  ScopeShapeFollower *self = user_data;
  guint64 from, to;

  /* of this thread only, as Linux has it; where it does not work nothing is lost */
  setpriority (PRIO_PROCESS, 0, NICE);
  self->reader = _scope_capture_new_reader (self->capture);
  follower_load (self);
  while (follower_wait (self, &from, &to))
    {
      if (follower_must_save (self))
        follower_save (self);
      if (to != 0)
        follower_run (self, from, to);
    }
  _scope_reader_free (self->reader);
  follower_save (self);
  follower_unref (self);
  return NULL;
}

/* --- public --- */

/**
 * scope_shape_follower_new:
 * @capture: where the events are
 * @path: (nullable) (type filename): where what is learnt is kept from session to session
 * @func: called when rows have been looked at, on the caller's thread-default main context
 * @user_data: for @func
 *
 * Starts a thread, which waits for rows.
 *
 * Returns: (transfer full): the follower
 */
ScopeShapeFollower *
scope_shape_follower_new (ScopeCapture           *capture,
                          const char             *path,
                          ScopeShapeFollowerFunc  func,
                          gpointer                user_data)
{
  ScopeShapeFollower *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (ScopeShapeFollower, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->capture = g_object_ref (capture);
  self->file = path != NULL ? scope_shape_file_new (path) : NULL;
  self->path = g_strdup (path);
  self->context = g_main_context_ref_thread_default ();
  self->func = func;
  self->user_data = user_data;
  self->shapes = scope_shapes_new ();
  self->next = 1;
  g_queue_init (&self->news);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_thread_unref (g_thread_new ("scope-shapes", follower_thread, follower_ref (self)));
  return self;
}

/**
 * scope_shape_follower_free:
 * @self: (transfer full): a follower
 *
 * Its thread ends by itself, after it has saved what it learnt.
 */
void
scope_shape_follower_free (ScopeShapeFollower *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  self->cancelled = TRUE;
  scope_source_clear (&self->source);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  follower_unref (self);
}

/**
 * scope_shape_follower_advance:
 * @up_to: a sequence number
 *
 * Has rows looked at, up to that one.
 */
void
scope_shape_follower_advance (ScopeShapeFollower *self,
                              guint64             up_to)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  if (up_to > self->up_to)
    {
      self->up_to = up_to;
      g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * scope_shape_follower_get_lag:
 *
 * Returns: how many rows have not been looked at yet
 */
guint64
scope_shape_follower_get_lag (ScopeShapeFollower *self)
{
  guint64 lag;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->mutex);
  lag = self->up_to >= self->next ? self->up_to - self->next + 1 : 0;
  g_mutex_unlock (&self->mutex);
  return lag;
}

/**
 * scope_shape_follower_pop:
 *
 * Returns: (transfer full) (nullable): the next of the events that look different
 */
ScopeShapeNews *
scope_shape_follower_pop (ScopeShapeFollower *self)
{
  ScopeShapeNews *news;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  news = g_queue_pop_head (&self->news);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  return news;
}

/**
 * scope_shape_follower_lock:
 *
 * Returns: (transfer none): what was learnt, until scope_shape_follower_unlock()
 */
ScopeShapes *
scope_shape_follower_lock (ScopeShapeFollower *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  return self->shapes;
}

/**
 * scope_shape_follower_unlock:
 *
 * Ends what scope_shape_follower_lock() began; the shapes are the thread's again.
 */
void
scope_shape_follower_unlock (ScopeShapeFollower *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_unlock (&self->mutex);
}

/**
 * scope_shape_follower_forget:
 *
 * Forgets all that was learnt, in this session and before. Whoever else follows for the same file has to forget
 * likewise.
 */
void
scope_shape_follower_forget (ScopeShapeFollower *self)
{
  g_return_if_fail (self != NULL);

  if (self->path != NULL)
    forgotten_add (self->path);
  g_mutex_lock (&self->mutex);
  scope_shapes_clear (self->shapes);
  g_queue_clear_full (&self->news, (GDestroyNotify) scope_shape_news_free);
  if (self->is_spared)
    g_clear_pointer (&self->problem, g_free);
  self->is_spared = FALSE;
  follower_plan_save_locked (self, 0);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/**
 * scope_shape_follower_dup_problem:
 *
 * Returns: (transfer full) (nullable): what to tell of the file
 */
char *
scope_shape_follower_dup_problem (ScopeShapeFollower *self)
{
  char *problem;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  problem = g_strdup (self->problem);
  g_mutex_unlock (&self->mutex);
  return problem;
}
