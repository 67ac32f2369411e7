/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-recording.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-import.h"
#include "cli/scope-cli-capture.h"
#include "cli/scope-cli-lines.h"
#include "cli/scope-cli-output.h"

#define BLOCK_RECORDS 4096
#define DATABASE_MAGIC "SQLite format 3"

/* --- an entry as an item --- */

static gboolean
recording_add_member (ScopeReplayItem *item,
                      const char      *json,
                      gsize            length,
                      const char      *but)
{
  g_autofree char *user_id = scope_json_dup_member (json, length, "user_id");
  ScopeSpan info;
  g_autofree char *user_info = NULL;

  /* whoever recorded it gives its place to who listens now */
  if (but != NULL && g_strcmp0 (user_id, but) == 0)
    return TRUE;
  if (scope_json_get_member (json, length, "user_info", &info) != SCOPE_JSON_NONE)
    user_info = g_strndup (json + info.offset, info.length);
  return scope_replay_item_add_member (item, user_id, user_info);
}

static void
recording_add_members (ScopeReplayItem *item,
                       const char      *json,
                       gsize            length,
                       const char      *but)
{
  ScopeJsonIter iter;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, json, length);
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    if (kind == SCOPE_JSON_OBJECT)
      recording_add_member (item, json + value.offset, value.length, but);
}

/* "added" and "updated" are both: it is there, and this is known of it */
static ScopeReplayItem *
recording_make_members (const ScopeEntry *entry,
                        ScopeNames       *names)
{
  const char *detail = entry->detail;
  gsize length = detail != NULL ? strlen (detail) : 0;
  g_autofree char *owned = NULL;
  const char *channel = scope_entry_get_name (entry, names, SCOPE_ENTRY_NAME_CHANNEL, &owned);
  g_autofree char *action = scope_entry_dup_detail (entry, "action");
  g_autofree char *me = scope_entry_dup_detail (entry, "me");
  gboolean is_snapshot = g_strcmp0 (action, "snapshot") == 0;
  gboolean is_removed = g_strcmp0 (action, "removed") == 0;
  g_autoptr (ScopeReplayItem) item = NULL;
  ScopeSpan members;

  if (detail == NULL || !scope_json_check (detail, length, NULL, NULL))
    return NULL;
  item = scope_replay_item_new_members (entry->time_usec,
                                        is_snapshot ? SCOPE_REPLAY_RESIDENTS
                                                    : is_removed ? SCOPE_REPLAY_LEAVE : SCOPE_REPLAY_JOIN,
                                        channel);
  if (item == NULL)
    return NULL;
  if (is_snapshot && scope_json_get_member (detail, length, "members", &members) == SCOPE_JSON_ARRAY)
    recording_add_members (item, detail + members.offset, members.length, me);
  else if (scope_json_get_member (detail, length, "member", &members) != SCOPE_JSON_OBJECT ||
           !recording_add_member (item, detail + members.offset, members.length, me))
    return NULL;
  return g_steal_pointer (&item);
}

static ScopeReplayItem *
recording_make_gap (const ScopeEntry *entry)
{
  g_autofree char *seconds = scope_entry_dup_detail (entry, "seconds");

  return scope_replay_item_new_gap (entry->time_usec, seconds != NULL ? g_ascii_strtod (seconds, NULL) : 0);
}

/**
 * scope_cli_recording_takes:
 * @record: of an entry
 *
 * Returns: whether it is sent again: events that came in, who came and went, and where times are missing
 */
gboolean
scope_cli_recording_takes (const ScopeRecord *record)
{
  return (record->kind == SCOPE_ENTRY_EVENT && record->direction == SCOPE_DIRECTION_IN) ||
         record->kind == SCOPE_ENTRY_PRESENCE || record->kind == SCOPE_ENTRY_GAP;
}

/**
 * scope_cli_recording_make_item:
 * @entry: one that scope_cli_recording_takes()
 * @names: its names
 *
 * Returns: (transfer full) (nullable): what a sandbox sends again
 */
ScopeReplayItem *
scope_cli_recording_make_item (const ScopeEntry *entry,
                               ScopeNames       *names)
{
  g_return_val_if_fail (entry != NULL, NULL);

  if (entry->kind == SCOPE_ENTRY_PRESENCE)
    return recording_make_members (entry, names);
  if (entry->kind == SCOPE_ENTRY_GAP)
    return recording_make_gap (entry);
  return entry->frame != NULL ? scope_replay_item_new_event (entry->time_usec, entry->frame) : NULL;
}

/* --- looking through it --- */

static void
recording_note_channel (ScopeCliRecording *self,
                        const char        *channel)
{
  char *name;

  if (channel == NULL || g_hash_table_contains (self->channels, channel))
    return;

  name = g_strdup (channel);
  g_hash_table_add (self->channels, name);
  g_ptr_array_add (self->channel_list, name);
}

/* the first that is known of a channel's members */
static void
recording_note_presence (ScopeCliRecording *self,
                         const char        *channel,
                         guint64            sequence)
{
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (ScopeReplayItem) item = NULL;

  if (channel == NULL || g_hash_table_contains (self->channels, channel))
    return;

  entry = scope_capture_read (self->capture, sequence, NULL);
  if (entry != NULL)
    item = scope_cli_recording_make_item (entry, scope_capture_get_names (self->capture));
  if (item != NULL && item->kind == SCOPE_REPLAY_RESIDENTS)
    g_ptr_array_add (self->residents, g_steal_pointer (&item));
}

/* Past the bound of names, a name stands in its entry alone. */
static char *
recording_dup_channel (ScopeCliRecording *self,
                       const ScopeRecord *record,
                       guint64            sequence)
{
  ScopeNames *names = scope_capture_get_names (self->capture);
  g_autoptr (ScopeEntry) entry = NULL;
  g_autofree char *owned = NULL;

  if (record->channel != SCOPE_NAMES_OVERFLOW)
    return g_strdup (scope_names_get (names, record->channel));

  entry = scope_capture_read (self->capture, sequence, NULL);
  if (entry == NULL)
    return NULL;
  return g_strdup (scope_entry_get_name (entry, names, SCOPE_ENTRY_NAME_CHANNEL, &owned));
}

static void
recording_note (ScopeCliRecording *self,
                const ScopeRecord *record,
                guint64            sequence)
{
  g_autofree char *channel = NULL;

  if (!scope_cli_recording_takes (record) || record->kind == SCOPE_ENTRY_GAP)
    return;

  channel = recording_dup_channel (self, record, sequence);
  if (record->kind == SCOPE_ENTRY_PRESENCE)
    {
      recording_note_presence (self, channel, sequence);
    }
  else
    {
      self->first_usec = self->n_events == 0 ? record->time_usec : MIN (self->first_usec, record->time_usec);
      self->last_usec = MAX (self->last_usec, record->time_usec);
      self->n_events++;
    }
  recording_note_channel (self, channel);
}

static void
recording_forget (ScopeCliRecording *self)
{
  g_ptr_array_set_size (self->residents, 0);
  g_ptr_array_set_size (self->channel_list, 0);
  g_hash_table_remove_all (self->channels);
  self->n_events = 0;
  self->first_usec = self->last_usec = 0;
}

static gboolean
recording_look_through (ScopeCliRecording *self,
                        GError           **error)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, BLOCK_RECORDS);
  guint64 last = scope_capture_count (self->capture);
  guint n;

  recording_forget (self);
  for (guint64 from = scope_capture_get_first_sequence (self->capture); from <= last; from += n)
    {
      g_autoptr (GError) problem = NULL;

      n = scope_capture_read_records (self->capture, from, BLOCK_RECORDS, records, &problem);
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      if (n == 0)
        return TRUE;
      for (guint i = 0; i < n; i++)
        recording_note (self, &records[i], from + i);
      if (scope_cli_is_interrupted ())
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
          return FALSE;
        }
    }
  return TRUE;
}

/* What is damaged in the middle opens like any other. */
static gboolean
recording_look_through_or_salvage (ScopeCliRecording *self,
                                   GError           **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (ScopeCapture) salvaged = NULL;

  if (recording_look_through (self, &problem))
    return TRUE;
  if (problem->domain == SCOPE_ERROR && !scope_capture_is_salvaged (self->capture))
    salvaged = scope_capture_salvage (self->capture);
  if (salvaged == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  scope_cli_message ("%s", scope_capture_get_warning (salvaged));
  g_set_object (&self->capture, salvaged);
  return recording_look_through (self, error);
}

/* --- opening it --- */

static gboolean
recording_is_database (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  char head[sizeof DATABASE_MAGIC];
  gsize n = 0;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  stream = g_file_read (file, NULL, NULL);
  return stream != NULL &&
         g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &n, NULL, NULL) &&
         n == sizeof head && memcmp (head, DATABASE_MAGIC, sizeof head) == 0;
}

/* Into a file that has no name any more once it is open. */
static ScopeCapture *
recording_import_into (const char    *directory,
                       GInputStream  *stream,
                       const char    *name,
                       GError       **error)
{
  g_autofree char *path = g_build_filename (directory, "replay.channelscope", NULL);
  g_autoptr (ScopeImportResult) result = scope_cli_import_stream (stream, path, error);
  ScopeCapture *capture;

  if (result == NULL)
    return NULL;
  if (result->lines == 0)
    {
      scope_error_usage (error, _("“%s” is neither a capture nor lines of watch or export, nor a HAR file"), name);
      return NULL;
    }
  scope_cli_tell_left_out (result);
  capture = scope_capture_open (path, error);
  g_unlink (path);
  return capture;
}

static ScopeCapture *
recording_import (const char  *path,
                  GError     **error)
{
  g_autofree char *directory = NULL;
  g_autoptr (GInputStream) stream = NULL;
  ScopeCapture *capture;
  int fd = scope_cli_open_input (path, error);

  if (fd < 0)
    return NULL;
  stream = g_unix_input_stream_new (fd, TRUE);
  directory = g_dir_make_tmp ("channelscope-XXXXXX", error);
  if (directory == NULL)
    return NULL;

  capture = recording_import_into (directory, stream, path, error);
  g_rmdir (directory);
  return capture;
}

static ScopeCapture *
recording_open_capture (const char  *path,
                        GError     **error)
{
  g_autoptr (GError) problem = NULL;
  ScopeCapture *capture;

  if (strcmp (path, "-") == 0)
    return recording_import (path, error);
  capture = scope_cli_open_capture (path, &problem);
  if (capture != NULL)
    return capture;
  if (g_error_matches (problem, SCOPE_ERROR, SCOPE_ERROR_CAPTURE_FOREIGN) && !recording_is_database (path))
    return recording_import (path, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/**
 * scope_cli_recording_open:
 * @path: (type filename): a capture, or what `import` takes; `-` is standard input
 * @error: why not; the text names the file
 *
 * Returns: (transfer full) (nullable): what there is to send again
 */
ScopeCliRecording *
scope_cli_recording_open (const char  *path,
                          GError     **error)
{
  g_autoptr (ScopeCliRecording) self = g_new0 (ScopeCliRecording, 1);

  g_return_val_if_fail (path != NULL, NULL);

  self->name = g_strdup (path);
  self->channels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->channel_list = g_ptr_array_new ();
  self->residents = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_replay_item_free);
  self->capture = recording_open_capture (path, error);
  if (self->capture == NULL || !recording_look_through_or_salvage (self, error))
    return NULL;
  if (self->n_events == 0)
    {
      scope_error_set (error, SCOPE_ERROR_FAILED, _("There is nothing to replay: no event came in while “%s” was recorded"),
                       path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * scope_cli_recording_free:
 * @self: (nullable)
 */
void
scope_cli_recording_free (ScopeCliRecording *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->capture);
  g_ptr_array_unref (self->residents);
  g_ptr_array_unref (self->channel_list);
  g_hash_table_unref (self->channels);
  g_free (self->name);
  g_free (self);
}
