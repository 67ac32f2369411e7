/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changes to a small capture, opened: the input says which bytes become what. Everything is read,
 * and searched with a filter. */

#include "config.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>

#include "capture/scope-capture.h"
#include "capture/scope-recorder.h"
#include "capture/scope-scanner.h"
#include "capture/scope-selection.h"

#define N_ENTRIES 40
#define CHANGE_BYTES 5 /* where: 4, big-endian; what it is xored with: 1 */
#define MAX_READ 500

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static char *directory;
static char *whole;
static gsize whole_size;

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
remove_directory (void)
{
  g_rmdir (directory);
}

static ScopeEntry *
make_entry (ScopeNames *names,
            guint       i)
{
  ScopeEntry *entry = scope_entry_new (i % 5 == 0 ? SCOPE_ENTRY_STATE : SCOPE_ENTRY_EVENT,
                                       G_GINT64_CONSTANT (1700000000000000) + i);

  entry->direction = SCOPE_DIRECTION_IN;
  entry->channel = scope_names_intern (names, i % 2 == 0 ? "news" : "orders", -1);
  entry->event = scope_names_intern (names, "tick", -1);
  if (i % 5 == 0)
    entry->detail = g_strdup ("{\"current\":\"connected\"}");
  else
    entry->frame = g_bytes_new_static ("{\"event\":\"tick\",\"data\":{\"n\":1}}", 31);
  return entry;
}

/* once for all inputs */
static void
make_capture (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  ScopeRecorder *recorder;

  directory = g_dir_make_tmp ("scope-fuzz-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", directory, TRUE);
  path = g_build_filename (directory, "whole.channelscope", NULL);
  recorder = scope_recorder_new (path, NULL, NULL);
  for (guint i = 1; i <= N_ENTRIES; i++)
    {
      g_autoptr (ScopeEntry) entry = make_entry (scope_recorder_get_names (recorder), i);

      scope_recorder_append (recorder, entry);
    }
  scope_recorder_close_async (recorder, closed_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (recorder);
  g_file_get_contents (path, &whole, &whole_size, NULL);
  g_unlink (path);
  atexit (remove_directory);
}

static void
read_entries (ScopeCapture *capture)
{
  g_autoptr (ScopeFilter) filter = scope_filter_new ("data.n > 0 or channel ^= \"ne\"", NULL, NULL);
  ScopeSelection *selection = scope_selection_new (capture, filter);
  guint64 first = scope_capture_get_first_sequence (capture);
  guint64 last = MIN (scope_capture_count (capture), first + MAX_READ);

  for (guint64 i = first; i <= last; i++)
    {
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i, NULL);
      g_autofree char *preview = entry != NULL ? scope_entry_dup_preview (entry, 80) : NULL;

      scope_selection_peek_no (selection, i);
      if (entry != NULL && scope_selection_matches (selection, entry) && preview == NULL)
        abort ();
    }
  scope_selection_free (selection);
}

static void
read_records (ScopeCapture *capture)
{
  ScopeRecord records[100];

  scope_capture_read_records (capture, scope_capture_get_first_sequence (capture), 100, records, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeCapture) salvaged = NULL;

  if (whole == NULL)
    make_capture ();
  bytes = g_memdup2 (whole, whole_size);
  for (size_t i = 0; i + CHANGE_BYTES <= size; i += CHANGE_BYTES)
    {
      guint32 at = (guint32) data[i] << 24 | data[i + 1] << 16 | data[i + 2] << 8 | data[i + 3];

      bytes[at % whole_size] ^= data[i + 4];
    }
  path = g_build_filename (directory, "changed.channelscope", NULL);
  g_file_set_contents_full (path, bytes, whole_size, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
  capture = scope_capture_open (path, NULL);
  if (capture != NULL)
    {
      read_records (capture);
      read_entries (capture);
      salvaged = scope_capture_salvage (capture);
    }
  if (salvaged != NULL)
    read_entries (salvaged);
  g_clear_object (&salvaged);
  g_clear_object (&capture);
  g_unlink (path);
  return 0;
}
