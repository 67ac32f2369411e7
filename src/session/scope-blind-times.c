/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-blind-times"

#include "config.h"

#include "session/scope-blind-times.h"

#include "base/scope-text.h"
#include "session/scope-event-list-private.h"
#include "session/scope-state-period.h"

#define STEP_RECORDS 256

struct _ScopeBlindTimes
{
  GArray *gaps;  /* of ScopePeriod: what GAP entries tell */
  guint64 next;  /* sequence number */
  guint64 begin;
};

/**
 * scope_blind_times_new:
 *
 * Returns: (transfer full): nothing read yet
 */
ScopeBlindTimes *
scope_blind_times_new (void)
{
  ScopeBlindTimes *self = g_new0 (ScopeBlindTimes, 1);

  self->gaps = g_array_new (FALSE, FALSE, sizeof (ScopePeriod));
  return self;
}

/**
 * scope_blind_times_free:
 *
 * Frees it.
 */
void
scope_blind_times_free (ScopeBlindTimes *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->gaps);
  g_free (self);
}

/**
 * scope_blind_times_clear:
 *
 * Forgets what was read, for another log.
 */
void
scope_blind_times_clear (ScopeBlindTimes *self)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->gaps, 0);
  self->begin = self->next = 0;
}

static void
blind_times_read_gap (ScopeBlindTimes *self,
                      ScopeEventList  *list,
                      guint64          sequence)
{
  g_autoptr (ScopeEntry) entry = _scope_event_list_read (list, sequence, NULL);
  g_autofree char *from = entry != NULL ? scope_entry_dup_detail (entry, "from") : NULL;
  ScopePeriod gap;

  if (from == NULL || !scope_text_parse_rfc3339 (from, &gap.from_usec))
    return;
  gap.to_usec = entry->time_usec;
  if (gap.to_usec > gap.from_usec)
    g_array_append_val (self->gaps, gap);
}

/* As far as the first GAP entry, for that is read from the file. */
static void
blind_times_step (ScopeBlindTimes *self,
                  ScopeEventList  *list,
                  guint64          end)
{
  for (; self->next < end; self->next++)
    if (_scope_event_list_get_record (list, self->next)->kind == SCOPE_ENTRY_GAP)
      {
        blind_times_read_gap (self, list, self->next++);
        return;
      }
}

/**
 * scope_blind_times_find:
 * @list: the log, the same as last time unless scope_blind_times_clear() was called
 * @until_usec: monotonic: when to stop
 *
 * Reads on where it stopped; from the start if the oldest rows went.
 *
 * Returns: whether all rows are seen
 */
gboolean
scope_blind_times_find (ScopeBlindTimes *self,
                        ScopeEventList  *list,
                        gint64           until_usec)
{
  guint64 first, end;

  g_return_val_if_fail (self != NULL && SCOPE_IS_EVENT_LIST (list), TRUE);

  first = _scope_event_list_get_first (list);
  end = _scope_event_list_get_end (list);
  if (first != self->begin || self->next > end)
    {
      g_array_set_size (self->gaps, 0);
      self->begin = self->next = first;
    }
  while (self->next < end)
    {
      blind_times_step (self, list, MIN (self->next + STEP_RECORDS, end));
      if (g_get_monotonic_time () >= until_usec)
        break;
    }
  return self->next == end;
}

static int
period_compare (gconstpointer a,
                gconstpointer b)
{
  const ScopePeriod *x = a;
  const ScopePeriod *y = b;

  return (x->from_usec > y->from_usec) - (x->from_usec < y->from_usec);
}

static void
blind_times_append_unconnected (GListModel *history,
                                gint64      now_usec,
                                GArray     *gaps)
{
  guint n = history != NULL ? g_list_model_get_n_items (history) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeStatePeriod) period = g_list_model_get_item (history, i);
      ScopePeriod gap = { scope_state_period_get_started_usec (period),
                          scope_state_period_get_ended_usec (period) };

      if (gap.to_usec == 0)
        gap.to_usec = now_usec;
      if (scope_state_period_get_state (period) != SCOPE_STATE_CONNECTED &&
          gap.to_usec > gap.from_usec)
        g_array_append_val (gaps, gap);
    }
}

static void
blind_times_join (GArray *gaps)
{
  guint n = 0;

  for (guint i = 0; i < gaps->len; i++)
    {
      const ScopePeriod gap = g_array_index (gaps, ScopePeriod, i);
      ScopePeriod *last = n > 0 ? &g_array_index (gaps, ScopePeriod, n - 1) : NULL;

      if (last != NULL && gap.from_usec <= last->to_usec)
        last->to_usec = MAX (last->to_usec, gap.to_usec);
      else
        g_array_index (gaps, ScopePeriod, n++) = gap;
    }
  g_array_set_size (gaps, n);
}

/**
 * scope_blind_times_dup:
 * @history: (nullable): a model of #ScopeStatePeriod
 * @now_usec: wall clock: where a period ends that lasts still
 *
 * Returns: (transfer full) (element-type ScopePeriod): in order, without overlaps
 */
GArray *
scope_blind_times_dup (ScopeBlindTimes *self,
                       GListModel      *history,
                       gint64           now_usec)
{
  GArray *gaps;

  g_return_val_if_fail (self != NULL, NULL);

  gaps = g_array_copy (self->gaps);
  blind_times_append_unconnected (history, now_usec, gaps);
  g_array_sort (gaps, period_compare);
  blind_times_join (gaps);
  return gaps;
}
