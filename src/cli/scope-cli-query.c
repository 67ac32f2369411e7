/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "capture/scope-selection.h"
#include "cli/scope-cli-capture.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-printer.h"
#include "cli/scope-cli-private.h"

/* `query`: a capture's entries as the lines that `watch` printed, or numbers about them. A filter is
 * asked about many rows at once, and an event it does not match is not read. */

typedef struct
{
  ScopeCliOptions *options;
  ScopeCapture *capture;
  ScopeCliPrinter printer;

  ScopeSelection *selection;
  gboolean tried_salvage;

  guint64 n_events;
  guint64 n_matched;
  guint64 n_gaps;
  guint64 n_read;
  guint64 n_lost;    /* entries that can't be read */
  gint64 first_usec; /* of the lines; 0: there is none */
  gint64 last_usec;
} ScopeCliQuery;

static void
query_count (ScopeCliQuery  *self,
             ScopeEntryKind  kind,
             gint64          time_usec)
{
  gboolean is_line = kind != SCOPE_ENTRY_FRAME && kind != SCOPE_ENTRY_GAP;

  if (is_line && self->first_usec == 0)
    self->first_usec = time_usec;
  if (is_line)
    self->last_usec = time_usec;
  if (kind == SCOPE_ENTRY_GAP)
    self->n_gaps++;
  if (kind == SCOPE_ENTRY_EVENT)
    self->n_events++;
}

/* FALSE: enough */
static gboolean
query_take (ScopeCliQuery    *self,
            const ScopeEntry *entry)
{
  gboolean is_event = entry->kind == SCOPE_ENTRY_EVENT;
  gboolean hidden = is_event && !scope_selection_matches (self->selection, entry);

  query_count (self, entry->kind, entry->time_usec);
  if (is_event && !hidden)
    self->n_matched++;
  if (!self->options->summary &&
      !scope_cli_printer_print (&self->printer, entry, scope_capture_get_names (self->capture),
                                hidden))
    return FALSE;

  return !scope_cli_is_interrupted () &&
         (self->options->count == 0 || self->n_matched < self->options->count);
}

/* The first is told, then how many there were: a file can have very many. */
static void
query_lose (ScopeCliQuery *self,
            const GError  *error)
{
  if (self->n_lost == 0)
    scope_cli_message ("%s", error->message);
  self->n_lost++;
}

static int
query_get_status (ScopeCliQuery *self)
{
  if (self->n_lost > 1)
    scope_cli_message (_("%llu entries in all can’t be read and are left out"),
                       (unsigned long long) self->n_lost);
  if (self->n_lost > 0 && self->n_read == 0)
    return SCOPE_CLI_USAGE;
  return self->n_matched < self->options->count ? SCOPE_CLI_NOT_DONE : SCOPE_CLI_DONE;
}

/* Takes an event the filter does not match without reading it. A frame would be printed all the
 * same. */
static gboolean
query_skip (ScopeCliQuery *self,
            guint64        sequence)
{
  const ScopeRecord *record;

  if (self->printer.frames)
    return FALSE;
  record = scope_selection_peek_no (self->selection, sequence);
  if (record == NULL || record->kind != SCOPE_ENTRY_EVENT)
    return FALSE;
  query_count (self, record->kind, record->time_usec);
  self->n_read++;
  return TRUE;
}

/* The first entry that is damaged has all of the file looked through: what comes may lie in pages
 * nothing leads to any more. */
static gboolean
query_salvage (ScopeCliQuery *self,
               const GError  *error)
{
  ScopeCapture *salvaged;

  if (self->tried_salvage || g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND))
    return FALSE;
  self->tried_salvage = TRUE;
  salvaged = scope_capture_salvage (self->capture);
  if (salvaged == NULL)
    return FALSE;
  scope_cli_message ("%s", scope_capture_get_warning (salvaged));
  g_object_unref (self->capture);
  self->capture = salvaged;
  return TRUE;
}

/* FALSE: enough */
static gboolean
query_read_entry (ScopeCliQuery *self,
                  guint64        sequence)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) entry = scope_capture_read (self->capture, sequence, &error);

  if (entry == NULL && query_salvage (self, error))
    {
      g_clear_error (&error);
      entry = scope_capture_read (self->capture, sequence, &error);
    }
  if (entry == NULL)
    {
      query_lose (self, error);
      return TRUE;
    }
  self->n_read++;
  return query_take (self, entry);
}

static int
query_read (ScopeCliQuery *self)
{
  guint64 n = scope_capture_count (self->capture);

  for (guint64 sequence = scope_capture_get_first_sequence (self->capture);
       sequence <= n && !scope_cli_is_interrupted (); sequence++)
    if (!query_skip (self, sequence) && !query_read_entry (self, sequence))
      break;

  return scope_cli_is_interrupted () ? SCOPE_CLI_INTERRUPTED : query_get_status (self);
}

static guint64
query_count_dropped (ScopeCliQuery *self)
{
  return scope_capture_get_first_sequence (self->capture) - 1;
}

static void
query_append_time (GString    *line,
                   const char *key,
                   gint64      usec)
{
  g_autofree char *time = usec != 0 ? scope_text_format_rfc3339 (usec) : NULL;

  if (time != NULL)
    g_string_append_printf (line, ",\"%s\":\"%s\"", key, time);
  else
    g_string_append_printf (line, ",\"%s\":null", key);
}

static void
query_print_summary (ScopeCliQuery *self)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (self->printer.ndjson)
    {
      g_string_printf (line, "{\"events\":%" G_GUINT64_FORMAT ",\"matched\":%" G_GUINT64_FORMAT,
                       self->n_events, self->n_matched);
      query_append_time (line, "first", self->first_usec);
      query_append_time (line, "last", self->last_usec);
      g_string_append_printf (line,
                              ",\"gaps\":%" G_GUINT64_FORMAT ",\"dropped\":%" G_GUINT64_FORMAT "}\n",
                              self->n_gaps, query_count_dropped (self));
    }
  else
    g_string_printf (line, _("Events: %llu, matched: %llu, gaps: %llu\n"),
                     (unsigned long long) self->n_events, (unsigned long long) self->n_matched,
                     (unsigned long long) self->n_gaps);
  scope_cli_output_write (line->str, line->len);
}

int
scope_cli_query (ScopeCliOptions *options)
{
  ScopeCliQuery self = { .options = options };
  g_autoptr (GError) error = NULL;
  int status;

  self.capture = scope_cli_open_capture (g_ptr_array_index (options->arguments, 0), &error);
  if (self.capture == NULL)
    {
      scope_cli_message ("%s", error->message);
      return SCOPE_CLI_USAGE;
    }

  scope_cli_printer_init (&self.printer, options);
  if (options->filter != NULL && scope_capture_get_first_time (self.capture) > 0)
    scope_filter_set_day (options->filter, scope_capture_get_first_time (self.capture));
  self.selection = scope_selection_new (self.capture, options->filter);
  status = query_read (&self);
  if (options->summary && status != SCOPE_CLI_INTERRUPTED && status != SCOPE_CLI_USAGE)
    query_print_summary (&self);

  scope_cli_printer_clear (&self.printer);
  scope_selection_free (self.selection);
  g_object_unref (self.capture);
  return status;
}
