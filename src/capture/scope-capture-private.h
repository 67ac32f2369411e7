/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"
#include "capture/scope-reader.h"

G_BEGIN_DECLS

struct _ScopeCapture
{
  GObject parent_instance;

  char *path;
  char *copy; /* what could be read of a damaged file; NULL: the file is not damaged */
  int copy_lock;
  ScopeReader *reader;
  ScopeNames *names;
  GHashTable *meta;
  char *warning;
  guint64 first;
  guint64 n_lost;
  guint64 count;
  gboolean is_live;
};

/* scope-capture-check.c; before SQLite sees it: a pipe would block, and its words for a folder are "disk I/O error" */
gboolean     _scope_capture_check_file (ScopeCapture  *self,
                                        GError       **error);
/* fills it from its file, whose reader is locked */
gboolean     _scope_capture_load       (ScopeCapture  *self,
                                        GError       **error);

/* scope-capture.c */
gboolean     _scope_capture_load_count (ScopeCapture  *self,
                                        GError       **error);
/* the lowest number of a row, whatever it is; 1 if there is none */
gboolean     _scope_capture_find_first (ScopeCapture  *self,
                                        gint64        *first,
                                        GError       **error);
/* FALSE, with what SQLite says */
gboolean     _scope_capture_fail       (ScopeCapture  *self,
                                        GError       **error);
/* its own connection */
ScopeReader *_scope_capture_get_reader (ScopeCapture *self);
/* another connection to the same file, read as the capture reads it (transfer full) */
ScopeReader *_scope_capture_new_reader (ScopeCapture *self);
/* a told size that can't be becomes the frame's. *blob: NULL at first, for all rows of one go; the caller closes it */
/* a row by one of its readers, on any thread */
ScopeEntry  *_scope_capture_read_with (ScopeCapture      *self,
                                       ScopeReader       *reader,
                                       guint64            sequence,
                                       GError           **error);
char        *_scope_capture_dup_preview_with (ScopeReader       *reader,
                                              guint64            sequence,
                                              const ScopeRecord *record,
                                              gsize              max_bytes,
                                              gsize             *data_length);
void         _scope_capture_check_size (ScopeReader   *reader,
                                        guint64        sequence,
                                        sqlite3_blob **blob,
                                        ScopeRecord   *record);
/* a connection to the same file that belongs to the caller, and that a closing recorder does not take off: the file then
 * stays in WAL mode if need be. An SQLite code; *db is to be closed either way */
int          _scope_capture_open_apart (ScopeCapture *self,
                                        sqlite3     **db);
/* FALSE */
gboolean     _scope_capture_fail_row   (ScopeCapture  *self,
                                        guint64        sequence,
                                        GError       **error);

G_END_DECLS
