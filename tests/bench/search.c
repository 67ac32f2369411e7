/* SPDX-License-Identifier: GPL-3.0-or-later */

/* search make PATH N [BYTES]: records N events of about 250 bytes, or that many.
 * search open PATH: opens it as the window does, prints
 *   open FIRST ALL CPU BLOCKED RESIDENT   seconds until the first rows and all, of all threads'
 *                                         work, the longest the main loop was kept; KiB in memory
 * search filter PATH FILTER…: opens it, then prints for each
 *   filter FIRST ALL CPU BLOCKED RESIDENT MATCHES */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/scope-recorder.h"
#include "session/scope-session.h"

#define START_USEC (G_GINT64_CONSTANT (1795269902) * G_USEC_PER_SEC)
#define QUEUED_ENTRIES 20000

typedef struct
{
  gint64 started_usec;
  gint64 cpu_usec; /* spent before */
  gint64 first_usec; /* 0: no row yet */
  GListModel *rows;
} Bench;

static gint64 turned_usec; /* when the main loop last came round */
static gint64 blocked_usec;

static double
seconds (gint64 usec)
{
  return usec / (double) G_USEC_PER_SEC;
}

/* by all threads */
static gint64
spent_usec (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &spent);
  return spent.tv_sec * G_USEC_PER_SEC + spent.tv_nsec / 1000;
}

static long
resident_kib (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%*s %ld", &pages) != 1)
    g_error ("/proc/self/statm can’t be read");
  return pages * (sysconf (_SC_PAGESIZE) / 1024);
}

/* --- make --- */

/* Orders as long as this, as JSON within a string; "" if there is no need for any. */
static char *
make_orders (gsize bytes)
{
  g_autoptr (GString) orders = g_string_new (NULL);

  for (guint i = 0; orders->len < bytes; i++)
    g_string_append_printf (orders, "%s{\\\"sku\\\":\\\"A-%u\\\",\\\"count\\\":%u,\\\"price\\\":%u.5}",
                            i == 0 ? ",\\\"orders\\\":[" : ",", i * 7919u % 100000, i % 9, i % 400);
  if (orders->len > 0)
    g_string_append_c (orders, ']');
  return g_strndup (orders->str, orders->len);
}

/* What a shop's events look like: data is a string that holds JSON, as servers send it. One in a
 * thousand has a word of its own, one in ten a total above 100. */
static ScopeEntry *
make_entry (ScopeNames *names,
            guint       i,
            const char *orders)
{
  static const char * const events[] = { "order.created", "order.paid", "stock.changed", "cart.updated" };
  ScopeEntry *entry = scope_entry_new (SCOPE_ENTRY_EVENT, START_USEC + (gint64) i * 1000);
  g_autofree char *channel = g_strdup_printf ("private-shop-%u", i % 50);
  const char *event = events[i % G_N_ELEMENTS (events)];
  g_autofree char *data
      = g_strdup_printf ("\"{\\\"id\\\":%u,\\\"total\\\":%u.%02u,\\\"currency\\\":\\\"EUR\\\",\\\"customer\\\":"
                         "{\\\"name\\\":\\\"%s %u\\\",\\\"city\\\":\\\"Hamburg\\\"},\\\"items\\\":[%u,%u,%u],"
                         "\\\"note\\\":\\\"delivered to the door\\\"%s}\"",
                         i, i % 10 == 3 ? 100 + i % 900 : i % 100, i % 100,
                         i % 1000 == 500 ? "Quetzalcoatl" : "Annika", i % 7919, i % 13, i % 17, i % 19, orders);
  g_autofree char *head = g_strdup_printf ("{\"event\":\"%s\",\"channel\":\"%s\",\"data\":", event, channel);
  char *frame = g_strconcat (head, data, "}", NULL);

  entry->direction = SCOPE_DIRECTION_IN;
  entry->channel = scope_names_intern (names, channel, -1);
  entry->event = scope_names_intern (names, event, -1);
  entry->data = (ScopeSpan) { strlen (head), strlen (data) };
  entry->data_kind = SCOPE_JSON_STRING;
  entry->frame = g_bytes_new_take (frame, strlen (frame));
  return entry;
}

static void
make (const char *path,
      guint       n,
      gsize       bytes)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);
  g_autofree char *orders = make_orders (bytes > 250 ? bytes - 250 : 0);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeEntry) entry = make_entry (scope_recorder_get_names (recorder), i, orders);

      if (scope_recorder_append (recorder, entry) == 0)
        g_error ("Entry %u was refused", i);
      while (scope_recorder_get_appended (recorder) - scope_recorder_get_committed (recorder) > QUEUED_ENTRIES)
        g_main_context_iteration (NULL, TRUE);
    }
}

/* --- open and filter --- */

static void
bench_start (Bench      *bench,
             GListModel *rows)
{
  *bench = (Bench) { .cpu_usec = spent_usec (), .rows = rows };
  bench->started_usec = turned_usec = g_get_monotonic_time ();
  blocked_usec = 0;
}

/* Between two polls the main loop is busy. */
static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  gint64 now = g_get_monotonic_time ();
  int found;

  if (turned_usec != 0)
    blocked_usec = MAX (blocked_usec, now - turned_usec);
  found = g_poll (fds, n_fds, timeout);
  turned_usec = g_get_monotonic_time ();
  return found;
}

static void
bench_turn (Bench *bench)
{
  g_main_context_iteration (NULL, TRUE);
  if (bench->first_usec == 0 && bench->rows != NULL && g_list_model_get_n_items (bench->rows) > 0)
    bench->first_usec = g_get_monotonic_time ();
}

static void
bench_print (Bench      *bench,
             const char *name)
{
  gint64 now = g_get_monotonic_time ();

  if (bench->first_usec == 0)
    bench->first_usec = now;
  g_print ("%s %.4f %.4f %.4f %.4f %ld", name, seconds (bench->first_usec - bench->started_usec),
           seconds (now - bench->started_usec), seconds (spent_usec () - bench->cpu_usec),
           seconds (blocked_usec), resident_kib ());
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  ScopeCapture **capture = user_data;

  *capture = scope_capture_open_finish (result, &error);
  if (*capture == NULL)
    g_error ("%s", error->message);
}

static gboolean
is_loading (ScopeSession *session)
{
  gboolean loading;

  g_object_get (session, "loading", &loading, NULL);
  return loading;
}

static ScopeSession *
open_session (Bench      *bench,
              const char *path)
{
  g_autoptr (ScopeCapture) capture = NULL;
  ScopeSession *session;

  bench_start (bench, NULL);
  scope_capture_open_async (path, NULL, opened_cb, &capture);
  while (capture == NULL)
    bench_turn (bench);
  session = scope_session_new_for_capture (capture);
  bench->rows = G_LIST_MODEL (scope_session_get_events (session));
  while (is_loading (session))
    bench_turn (bench);
  return session;
}

static void
run_filter (ScopeSession *session,
            const char   *text)
{
  ScopeEventList *list = scope_session_get_events (session);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeFilter) filter = NULL;
  Bench bench;

  bench_start (&bench, G_LIST_MODEL (list));
  filter = scope_filter_new (text, NULL, &error);
  if (filter == NULL)
    g_error ("%s", error->message);
  scope_event_list_set_filter (list, filter);
  if (g_list_model_get_n_items (bench.rows) > 0)
    bench.first_usec = g_get_monotonic_time ();
  while (scope_event_list_get_filtering (list))
    bench_turn (&bench);
  bench_print (&bench, "filter");
  g_print (" %u\n", g_list_model_get_n_items (bench.rows));
}

int
main (int    argc,
      char **argv)
{
  const char *mode = argc > 2 ? argv[1] : "";
  g_autoptr (ScopeSession) session = NULL;
  Bench bench;

  if (g_str_equal (mode, "make") && (argc == 4 || argc == 5))
    {
      make (argv[2], atoi (argv[3]), argc == 5 ? atoi (argv[4]) : 0);
      return 0;
    }
  g_main_context_set_poll_func (NULL, poll_cb);
  if (!g_str_equal (mode, "open") && !g_str_equal (mode, "filter"))
    {
      g_printerr ("usage: search make PATH N [BYTES] | open PATH | filter PATH FILTER…\n");
      return 2;
    }
  session = open_session (&bench, argv[2]);
  if (g_str_equal (mode, "open"))
    {
      bench_print (&bench, "open");
      g_print ("\n");
    }
  for (int i = 3; i < argc; i++)
    run_filter (session, argv[i]);
  return 0;
}
