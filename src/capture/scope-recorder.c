/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-recorder"

#include "config.h"

#include "capture/scope-recorder.h"

#include <string.h>

#include "capture/scope-writer.h"

#define MAX_NAME_BYTES 80 /* of a file name the profile's name is part of */

struct _ScopeRecorder
{
  GObject parent_instance;

  char *path;
  ScopeNames *names;
  ScopeWriter *writer; /* NULL once closed */
  ScopeRecorderState state;
  guint64 appended;
  guint64 committed;
  guint64 first;
  guint64 refused;
  gsize waiting;
  GError *error; /* what `failed` said */
  GPtrArray *closing; /* of GTask; each holds a reference on us */
};

enum
{
  PROP_STATE = 1,
  PROP_PATH,
  N_PROPS,
};

enum
{
  COMMITTED,
  DROPPED,
  STALLED,
  FAILED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeRecorder, scope_recorder, G_TYPE_OBJECT)

static void
scope_recorder_set_state (ScopeRecorder      *self,
                          ScopeRecorderState  state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
scope_recorder_return_close (ScopeRecorder *self,
                             GTask         *task)
{
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
scope_recorder_end (ScopeRecorder *self)
{
  g_autoptr (GPtrArray) closing = g_steal_pointer (&self->closing);

  g_clear_pointer (&self->writer, _scope_writer_free);
  scope_recorder_set_state (self, SCOPE_RECORDER_CLOSED);
  for (guint i = 0; closing != NULL && i < closing->len; i++)
    scope_recorder_return_close (self, g_ptr_array_index (closing, i));
}

static void
scope_recorder_changed_cb (gpointer user_data)
{
  g_autoptr (ScopeRecorder) self = g_object_ref (SCOPE_RECORDER (user_data));
  g_autoptr (GError) stall = NULL;
  ScopeWriterStatus status;
  gboolean was_stalled = self->state == SCOPE_RECORDER_STALLED;

  _scope_writer_get_status (self->writer, &status);
  stall = status.stall;
  self->waiting = status.waiting;
  if (status.committed > self->committed)
    {
      self->committed = status.committed;
      g_signal_emit (self, signals[COMMITTED], 0, self->committed);
    }
  /* after that: what is dropped may be among what has just come */
  if (status.first > self->first)
    {
      self->first = status.first;
      g_signal_emit (self, signals[DROPPED], 0, self->first);
    }
  if (status.error != NULL && self->error == NULL)
    {
      self->error = g_error_copy (status.error);
      scope_recorder_set_state (self, SCOPE_RECORDER_FAILED);
      g_signal_emit (self, signals[FAILED], 0, self->error);
      _scope_writer_drop_waiting (self->writer);
    }
  if (status.state == SCOPE_RECORDER_CLOSED)
    {
      scope_recorder_end (self);
      return;
    }
  scope_recorder_set_state (self, status.state);
  if (stall != NULL && status.state == SCOPE_RECORDER_STALLED && !was_stalled)
    g_signal_emit (self, signals[STALLED], 0, stall);
}

static void
scope_recorder_finalize (GObject *object)
{
  ScopeRecorder *self = SCOPE_RECORDER (object);

  /* a GTask would hold a reference */
  g_assert (self->closing == NULL);

  g_clear_pointer (&self->writer, _scope_writer_free);
  g_clear_object (&self->names);
  g_clear_error (&self->error);
  g_free (self->path);
  G_OBJECT_CLASS (scope_recorder_parent_class)->finalize (object);
}

static void
scope_recorder_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ScopeRecorder *self = SCOPE_RECORDER (object);

  switch (property_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
scope_recorder_class_init (ScopeRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = scope_recorder_finalize;
  object_class->get_property = scope_recorder_get_property;

  /**
   * ScopeRecorder:state:
   *
   * The #ScopeRecorderState, as an int.
   */
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, SCOPE_RECORDER_OPENING,
                                             SCOPE_RECORDER_STALLED, SCOPE_RECORDER_OPENING, flags);
  /**
   * ScopeRecorder:path:
   *
   * The file that is written.
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ScopeRecorder::committed:
   * @up_to: a sequence number
   *
   * Every entry up to @up_to can be read from the file.
   */
  signals[COMMITTED] = g_signal_new ("committed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  /**
   * ScopeRecorder::dropped:
   * @first: a sequence number
   *
   * Entries before @first are not in the file any more: its size budget was exceeded.
   */
  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  /**
   * ScopeRecorder::stalled:
   * @error: what happened, naming the file
   *
   * There is no room to write; `state` says when there is.
   */
  signals[STALLED] = g_signal_new ("stalled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  /**
   * ScopeRecorder::failed:
   * @error: what happened, naming the file
   *
   * The file can't be written, or not any more; emitted once.
   */
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
scope_recorder_init (ScopeRecorder *self)
{
  self->first = 1;
}

ScopeRecorder *
_scope_recorder_new_limited (const char         *path,
                             const char * const *app,
                             ScopeNames         *names,
                             guint               max_pages)
{
  ScopeRecorder *self = g_object_new (SCOPE_TYPE_RECORDER, NULL);

  self->path = g_strdup (path);
  self->names = names != NULL ? g_object_ref (names) : scope_names_new ();
  self->writer = _scope_writer_new (path, app, self->names, max_pages, scope_recorder_changed_cb,
                                    self);
  return self;
}

void
_scope_recorder_set_max_pages (ScopeRecorder *self,
                               guint          max_pages)
{
  _scope_writer_set_max_pages (self->writer, max_pages);
}

/**
 * scope_recorder_new:
 * @path: (type filename): the file to create; must not exist. Its directory is created if need be
 * @app: (nullable) (array zero-terminated=1): key, value, key, value… for the meta table
 * @names: (nullable): the names entries refer to, or %NULL for a table of the recorder's own
 *
 * Starts recording. The file is created by the writer thread: what goes wrong arrives as
 * [signal@Recorder::failed] in the main context that is the thread's default now. Entries can be
 * appended at once.
 *
 * Returns: (transfer full): a recorder
 */
ScopeRecorder *
scope_recorder_new (const char         *path,
                    const char * const *app,
                    ScopeNames         *names)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (names == NULL || SCOPE_IS_NAMES (names), NULL);

  return _scope_recorder_new_limited (path, app, names, 0);
}

/**
 * scope_recorder_get_names:
 *
 * Returns: (transfer none): the names entries refer to
 */
ScopeNames *
scope_recorder_get_names (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), NULL);

  return self->names;
}

/**
 * scope_recorder_get_path:
 *
 * Returns: (transfer none) (type filename): the file
 */
const char *
scope_recorder_get_path (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), NULL);

  return self->path;
}

/**
 * scope_recorder_get_state:
 *
 * Returns: whether it records
 */
ScopeRecorderState
scope_recorder_get_state (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), SCOPE_RECORDER_CLOSED);

  return self->state;
}

/**
 * scope_recorder_append:
 * @entry: an entry; its sequence number is set if it has none
 *
 * Queues @entry to be written. Numbers go up by one with each entry that is accepted, and are those
 * of the file, whatever the entry says.
 *
 * Returns: the number, or 0 if the entry was refused: recording failed or ended, or more than
 *   `SCOPE_LIMIT_QUEUED_BYTES` wait to be written
 */
guint64
scope_recorder_append (ScopeRecorder *self,
                       ScopeEntry    *entry)
{
  guint64 sequence;
  gboolean is_new;

  g_return_val_if_fail (SCOPE_IS_RECORDER (self), 0);
  g_return_val_if_fail (entry != NULL, 0);

  sequence = self->appended + 1;
  is_new = entry->sequence == 0;
  if (is_new)
    entry->sequence = sequence;
  if (self->writer == NULL || !_scope_writer_append (self->writer, entry, &self->waiting))
    {
      if (is_new)
        entry->sequence = 0;
      self->refused++;
      return 0;
    }
  self->appended = sequence;
  return sequence;
}

/**
 * scope_recorder_list_waiting:
 * @after: a sequence number
 *
 * What was accepted and is not in the file: while there is no room for it, or because recording
 * failed. After [signal@Recorder::failed] the recorder has it no more.
 *
 * Returns: (transfer full) (element-type ScopeEntry): the entries after @after that wait, in their order
 */
GPtrArray *
scope_recorder_list_waiting (ScopeRecorder *self,
                             guint64        after)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), NULL);

  if (self->writer == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);
  return _scope_writer_list_waiting (self->writer, after);
}

/**
 * scope_recorder_mark:
 * @sequence: of an entry
 * @wall_usec: when it was marked
 * @note: (nullable): valid UTF-8 of at most `SCOPE_LIMIT_NOTE_BYTES`, "" for none; %NULL takes the
 *   bookmark away
 *
 * Has the writer thread keep a bookmark in the capture.
 *
 * Returns: %FALSE if it was refused: recording failed or ended
 */
gboolean
scope_recorder_mark (ScopeRecorder *self,
                     guint64        sequence,
                     gint64         wall_usec,
                     const char    *note)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), FALSE);
  g_return_val_if_fail (sequence > 0, FALSE);

  return self->writer != NULL
         && _scope_writer_mark (self->writer, scope_mark_new (sequence, wall_usec, note));
}

/**
 * scope_recorder_get_appended:
 *
 * Returns: the last sequence number given
 */
guint64
scope_recorder_get_appended (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), 0);

  return self->appended;
}

/**
 * scope_recorder_get_committed:
 *
 * Returns: what [signal@Recorder::committed] said last
 */
guint64
scope_recorder_get_committed (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), 0);

  return self->committed;
}

/**
 * scope_recorder_get_refused:
 *
 * Returns: how many entries were refused
 */
guint64
scope_recorder_get_refused (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), 0);

  return self->refused;
}

/**
 * scope_recorder_get_waiting:
 *
 * Returns: how many bytes wait to be written, as of the last entry appended or the last
 *   [signal@Recorder::committed]
 */
gsize
scope_recorder_get_waiting (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), 0);

  return self->waiting;
}

/**
 * scope_recorder_set_budget:
 * @bytes: how large what is kept may be; 0 for no limit
 *
 * When the file becomes larger, whole blocks of its oldest entries go and their room is used again,
 * from the next entry on. See [signal@Recorder::dropped].
 */
void
scope_recorder_set_budget (ScopeRecorder *self,
                           guint64        bytes)
{
  g_return_if_fail (SCOPE_IS_RECORDER (self));

  if (self->writer != NULL)
    _scope_writer_set_budget (self->writer, bytes);
}

/**
 * scope_recorder_set_resumes:
 * @resumes: %TRUE to wait when the disk is full, %FALSE to fail
 */
void
scope_recorder_set_resumes (ScopeRecorder *self,
                            gboolean       resumes)
{
  g_return_if_fail (SCOPE_IS_RECORDER (self));

  if (self->writer != NULL)
    _scope_writer_set_resumes (self->writer, resumes);
}

/**
 * scope_recorder_get_first:
 *
 * Returns: the sequence number of the first entry that is kept, as [signal@Recorder::dropped] said
 *   last
 */
guint64
scope_recorder_get_first (ScopeRecorder *self)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), 0);

  return self->first;
}

/**
 * scope_recorder_close_async:
 * @callback: called when the file is closed
 * @user_data: for @callback
 *
 * Writes what waits and closes the file. Nothing can be appended from now on. Can't be cancelled.
 */
void
scope_recorder_close_async (ScopeRecorder       *self,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SCOPE_IS_RECORDER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, scope_recorder_close_async);
  if (self->writer == NULL)
    {
      scope_recorder_return_close (self, task);
      return;
    }
  if (self->closing == NULL)
    self->closing = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->closing, g_steal_pointer (&task));
  _scope_writer_close (self->writer);
}

/**
 * scope_recorder_close_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: %FALSE with what [signal@Recorder::failed] said, if not everything is in the file
 */
gboolean
scope_recorder_close_finish (ScopeRecorder  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (SCOPE_IS_RECORDER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What no file system takes, or what would hide the file, becomes "_". */
static char *
scope_recorder_dup_file_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autoptr (GString) file_name = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (file_name->len >= MAX_NAME_BYTES)
        break;
      if (g_unichar_iscntrl (c) || (c < 128 && strchr ("/\\:*?\"<>|", c) != NULL))
        c = '_';
      g_string_append_unichar (file_name, c);
    }
  g_strstrip (file_name->str);
  return g_strdup (file_name->str);
}

/**
 * scope_recorder_dup_new_path:
 * @name: (nullable): what is recorded: a profile's name
 * @wall_usec: now
 *
 * Returns: (transfer full) (type filename): a path for a capture in the user's state directory
 *   where no file is yet: "2026-11-21 14.05.02 NAME.channelscope", in local time, with a number
 *   behind it if there is one already
 */
char *
scope_recorder_dup_new_path (const char *name,
                             gint64      wall_usec)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (wall_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *time = NULL;
  g_autofree char *file_name = scope_recorder_dup_file_name (name != NULL ? name : "");
  g_autofree char *stem = NULL;

  g_return_val_if_fail (local != NULL, NULL);

  time = g_date_time_format (local, "%Y-%m-%d %H.%M.%S");
  stem = g_strconcat (time, *file_name != '\0' ? " " : "", file_name, NULL);
  for (guint i = 1;; i++)
    {
      g_autofree char *number = i > 1 ? g_strdup_printf (" %u", i) : g_strdup ("");
      g_autofree char *last = g_strconcat (stem, number, ".channelscope", NULL);
      g_autofree char *path = g_build_filename (g_get_user_state_dir (), "channelscope", "captures",
                                                last, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

/* As far as it goes: a digit for each "0". */
static gboolean
has_form (const char *text,
          const char *form)
{
  for (; *form != '\0'; form++, text++)
    if (*form == '0' ? !g_ascii_isdigit (*text) : *text != *form)
      return FALSE;
  return TRUE;
}

/**
 * scope_recorder_is_new_name:
 * @base: a file's name, without its suffix
 * @name: what was recorded: a profile's name
 *
 * Returns: whether the file is called as [func@Recorder.dup_new_path] calls it, by nobody else
 */
gboolean
scope_recorder_is_new_name (const char *base,
                            const char *name)
{
  static const char form[] = "0000-00-00 00.00.00";
  g_autofree char *file_name = NULL;
  const char *rest;

  g_return_val_if_fail (base != NULL && name != NULL, FALSE);

  if (!has_form (base, form))
    return FALSE;
  file_name = scope_recorder_dup_file_name (name);
  rest = base + strlen (form);
  if (*file_name != '\0')
    {
      if (*rest != ' ' || !g_str_has_prefix (rest + 1, file_name))
        return FALSE;
      rest += 1 + strlen (file_name);
    }
  /* a number */
  return *rest == '\0' || (*rest == ' ' && rest[1] != '\0' &&
                           strspn (rest + 1, "0123456789") == strlen (rest + 1));
}
