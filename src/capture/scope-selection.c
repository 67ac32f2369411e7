/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-selection"

#include "config.h"

#include "capture/scope-selection.h"

#include "capture/scope-scanner.h"

#define BLOCK_ENTRIES 8192

struct _ScopeSelection
{
  ScopeCapture *capture;
  ScopeFilter *filter;   /* NULL: everything */
  ScopeScanner *scanner; /* NULL likewise */
  ScopeRecord *records;  /* of the block that begins at from */
  guint8 *verdicts;
  guint64 from;
  guint n; /* how many of it could be read and were judged */
};

/**
 * scope_selection_new:
 * @capture: what is gone through
 * @filter: (nullable): %NULL lets everything through
 *
 * Returns: (transfer full): it, at the beginning
 */
ScopeSelection *
scope_selection_new (ScopeCapture *capture,
                     ScopeFilter  *filter)
{
  ScopeSelection *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);

  self = g_new0 (ScopeSelection, 1);
  self->capture = g_object_ref (capture);
  if (filter == NULL)
    return self;

  self->filter = scope_filter_ref (filter);
  self->scanner = scope_scanner_new (capture, filter);
  self->records = g_new (ScopeRecord, BLOCK_ENTRIES);
  self->verdicts = g_new (guint8, BLOCK_ENTRIES);
  return self;
}

/**
 * scope_selection_free:
 * @self: (nullable)
 */
void
scope_selection_free (ScopeSelection *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->scanner, scope_scanner_free);
  g_clear_pointer (&self->filter, scope_filter_unref);
  g_free (self->records);
  g_free (self->verdicts);
  g_object_unref (self->capture);
  g_free (self);
}

static void
selection_judge (ScopeSelection *self,
                 guint64         from)
{
  self->from = from;
  self->n = scope_capture_read_records (self->capture, from, BLOCK_ENTRIES, self->records, NULL);
  scope_scanner_judge (self->scanner, from, self->records, self->n, self->verdicts, NULL);
}

static gboolean
selection_has (ScopeSelection *self,
               guint64         sequence)
{
  return self->from != 0 && sequence >= self->from && sequence - self->from < self->n;
}

/**
 * scope_selection_peek_no:
 * @sequence: of the entry at hand
 *
 * Returns: (transfer none) (nullable): the record of an entry that does not match
 */
const ScopeRecord *
scope_selection_peek_no (ScopeSelection *self,
                         guint64         sequence)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->scanner == NULL)
    return NULL;
  if (self->from == 0 || sequence - self->from >= BLOCK_ENTRIES)
    selection_judge (self, sequence);
  if (!selection_has (self, sequence)
      || self->verdicts[sequence - self->from] != SCOPE_VERDICT_NO
      || self->records[sequence - self->from].kind == 0) /* a hole in a damaged file: reading says so */
    return NULL;
  return &self->records[sequence - self->from];
}

/**
 * scope_selection_matches:
 * @entry: an entry of the capture
 *
 * Returns: whether the filter lets it through
 */
gboolean
scope_selection_matches (ScopeSelection   *self,
                         const ScopeEntry *entry)
{
  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  if (self->filter == NULL)
    return TRUE;
  if (selection_has (self, entry->sequence))
    return self->verdicts[entry->sequence - self->from] == SCOPE_VERDICT_YES;
  return scope_filter_matches (self->filter, entry, scope_capture_get_names (self->capture));
}
