/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-footprint"

#include "config.h"

#include "session/scope-footprint-private.h"

#include <string.h>

#include "capture/scope-file-lock.h"

#define GROUP "Footprint"
#define KEY_DAY "day"
#define KEY_RELEASED "released"
/* no count that is true comes near; what a damaged file says must not overflow */
#define MAX_COUNT G_GUINT64_CONSTANT (1000000000000000)

static const char *
footprint_file_get_key (ScopeFootprintCause cause)
{
  switch (cause)
    {
    case SCOPE_FOOTPRINT_PUBLISH:
      return "publish";
    case SCOPE_FOOTPRINT_DISCOVERY:
      return "discovery";
    case SCOPE_FOOTPRINT_UNSEEN:
      return "unseen";
    case SCOPE_FOOTPRINT_QUERY:
      return "query";
    case SCOPE_FOOTPRINT_CLIENT_EVENTS:
      return "client-events";
    case SCOPE_FOOTPRINT_DELIVERED:
      return "delivered";
    case SCOPE_FOOTPRINT_DOCTOR:
      return "doctor";
    case SCOPE_N_FOOTPRINT_CAUSES:
    default:
      return "all";
    }
}

void
_scope_footprint_day_add (ScopeFootprintDay       *self,
                          const ScopeFootprintDay *more)
{
  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    {
      self->counts[i].requests += more->counts[i].requests;
      self->counts[i].messages += more->counts[i].messages;
    }
  if (more->sets_released)
    self->released = more->released;
}

/* "12 34": requests, messages */
static void
footprint_file_read_count (GKeyFile            *file,
                           const char          *key,
                           ScopeFootprintCount *count)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 2);
  guint64 requests, messages;

  if (g_strv_length (parts) == 2 &&
      g_ascii_string_to_unsigned (parts[0], 10, 0, MAX_COUNT, &requests, NULL) &&
      g_ascii_string_to_unsigned (parts[1], 10, 0, MAX_COUNT, &messages, NULL))
    {
      count->requests = requests;
      count->messages = messages;
    }
}

static void
footprint_file_read (const char        *path,
                     ScopeFootprintDay *day)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) ||
      g_key_file_get_int64 (file, GROUP, KEY_DAY, NULL) != day->day)
    return;

  day->released = g_key_file_get_boolean (file, GROUP, KEY_RELEASED, NULL);
  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    footprint_file_read_count (file, footprint_file_get_key (i), &day->counts[i]);
}

static gboolean
footprint_file_write (const char              *path,
                      const ScopeFootprintDay *day,
                      GError                 **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_int64 (file, GROUP, KEY_DAY, day->day);
  if (day->released)
    g_key_file_set_boolean (file, GROUP, KEY_RELEASED, TRUE);
  for (guint i = 0; i < SCOPE_N_FOOTPRINT_CAUSES; i++)
    {
      const ScopeFootprintCount *count = &day->counts[i];
      g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                                               count->requests, count->messages);

      if (count->requests > 0 || count->messages > 0)
        g_key_file_set_string (file, GROUP, footprint_file_get_key (i), text);
    }

  return g_key_file_save_to_file (file, path, error);
}

static void
footprint_file_make_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0700);
}

/* Another process with this profile is waited for a moment, but never long: a lost count matters less than a hang. */
gboolean
_scope_footprint_file_add (const char              *path,
                           const ScopeFootprintDay *more,
                           ScopeFootprintDay       *whole,
                           GError                 **error)
{
  static GMutex mutex;
  gboolean written;
  int lock;

  g_mutex_lock (&mutex);
  footprint_file_make_folder (path);
  lock = _scope_file_lock_take (path);
  memset (whole, 0, sizeof *whole);
  whole->day = more->day;
  footprint_file_read (path, whole);
  _scope_footprint_day_add (whole, more);
  written = footprint_file_write (path, whole, error);
  _scope_file_lock_leave (path, lock);
  g_mutex_unlock (&mutex);
  return written;
}
