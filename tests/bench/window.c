/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window flood PORT N: the window on N events of flood-server, following; prints once all are in the log
 *   flood SHOWN RECORDED SECONDS FRAMES P50 P99 MAX OWN BUSY BLOCKED BYTES MIB
 * window scroll CAPTURE FRAMES: opens it, then scrolls to another place in each frame, near and far; prints
 *   scroll FRAMES P50 P99 MAX OVER OWN OWN_OVER ROWS
 * window select CAPTURE N: opens it, then selects its first N rows one after another: fast, and then with each page of
 *   the inspector read before the next one; prints
 *   select ROWS P50 P99 MAX BLOCKED CPU PAGE   CPU: the processor's time of the turn that took most of it, in ms; PAGE:
 *   which page was turned to before that, 0: a row was selected
 *
 * FRAMES are drawn ones; P50, P99, MAX: what a turn of the main loop took (flood, select) or a frame's work (scroll), in
 * ms.
 * BUSY: the share of turns above 12 ms, BLOCKED: how many were above 50 ms. BYTES: what memory grew by, an event, from
 * the first tenth of them on; MIB: what it grew by before, as widgets, fonts and caches came. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ui/scope-application.h"
#include "ui/scope-inspector.h"
#include "ui/scope-log-pane.h"

#define DEADLINE_SECONDS 300
#define N_PAGES 5
/* from one row to the next: faster than any of them is read, and slower */
#define FAST_MSEC 10
#define SLOW_MSEC 300

typedef struct
{
  const char *mode;
  const char *place; /* a port, or a file */
  guint wanted;
  ScopeWindow *window;
  GArray *turns;     /* of gint64, in µs: of the main loop, or of frames */
  GArray *own_turns; /* of frames: what of it was the thread's own processor time */
  gboolean measuring;
  gint64 frame_usec; /* when the frame began */
  gint64 frame_own_usec;
  gint64 started_usec;
  gint64 ended_usec;
  gint64 resident;       /* at the start */
  gint64 tenth_resident; /* once a tenth of the events was there */
  guint64 tenth;         /* how many these were */
  guint n_frames;
  guint step;            /* of select */
  guint longest_page;
  gint64 longest_usec;   /* of this thread, whoever else works */
} Bench;

static Bench bench;
static gint64 turned_usec; /* when the main loop last came round */
static gint64 turned_cpu_usec;

/* What this thread has spent. */
static gint64
spent_usec (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * G_USEC_PER_SEC + spent.tv_nsec / 1000;
}

/* Between two polls the main loop is busy. */
static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  gint64 spent = g_get_monotonic_time () - turned_usec;
  gint64 worked = spent_usec () - turned_cpu_usec;
  int found;

  if (bench.measuring && !g_str_equal (bench.mode, "scroll"))
    g_array_append_val (bench.turns, spent);
  if (bench.measuring && worked > bench.longest_usec)
    {
      bench.longest_usec = worked;
      bench.longest_page = bench.step < bench.wanted ? 0 : (bench.step - bench.wanted - 1) % (N_PAGES + 1);
    }
  found = g_poll (fds, n_fds, timeout);
  turned_usec = g_get_monotonic_time ();
  turned_cpu_usec = spent_usec ();
  return found;
}

static int
compare_usec (gconstpointer a,
              gconstpointer b)
{
  gint64 first = *(const gint64 *) a;
  gint64 second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

/* Of sorted turns, in ms. */
static double
quantile (GArray *turns,
          double  share)
{
  guint at = MIN (turns->len - 1, (guint) (turns->len * share));

  return g_array_index (turns, gint64, at) / 1000.0;
}

static guint
count_above (GArray *turns,
             gint64  usec)
{
  guint n = 0;

  for (guint i = 0; i < turns->len; i++)
    n += g_array_index (turns, gint64, i) > usec;
  return n;
}

static gint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || sscanf (text, "%*s %ld", &pages) != 1)
    g_error ("/proc/self/statm can’t be read");
  return (gint64) pages * sysconf (_SC_PAGESIZE);
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_error ("It was not done within %d s", DEADLINE_SECONDS);
  return G_SOURCE_REMOVE;
}

/* --- frames --- */

static void
before_paint_cb (GdkFrameClock *clock,
                 gpointer       user_data)
{
  bench.frame_usec = g_get_monotonic_time ();
  bench.frame_own_usec = spent_usec ();
}

static void
after_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  gint64 spent = g_get_monotonic_time () - bench.frame_usec;
  gint64 worked = spent_usec () - bench.frame_own_usec;

  if (!bench.measuring || bench.frame_usec == 0)
    return;
  bench.n_frames++;
  if (g_str_equal (bench.mode, "scroll"))
    {
      g_array_append_val (bench.turns, spent);
      g_array_append_val (bench.own_turns, worked);
    }
}

static void
watch_frames (void)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench.window));

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), NULL);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
}

static void
bench_start (void)
{
  watch_frames ();
  bench.resident = resident_bytes ();
  bench.started_usec = turned_usec = g_get_monotonic_time ();
  turned_cpu_usec = spent_usec ();
  bench.measuring = TRUE;
}

static void
print_flood (void)
{
  ScopeSession *session = scope_window_get_session (bench.window);
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (scope_session_get_events (session)));

  g_print ("flood %u %" G_GUINT64_FORMAT " %.3f %u %.3f %.3f %.3f %.3f %.5f %u %.1f %.1f\n", shown,
           scope_recorder_get_committed (scope_session_get_recorder (session)),
           (bench.ended_usec - bench.started_usec) / (double) G_USEC_PER_SEC, bench.n_frames,
           quantile (bench.turns, 0.5), quantile (bench.turns, 0.99), quantile (bench.turns, 1),
           bench.longest_usec / 1000.0, count_above (bench.turns, 12000) / (double) bench.turns->len,
           count_above (bench.turns, 50000),
           (resident_bytes () - bench.tenth_resident) / (double) (bench.wanted - bench.tenth),
           (bench.tenth_resident - bench.resident) / 1048576.0);
}

static void
print_scroll (void)
{
  ScopeSession *session = scope_window_get_session (bench.window);

  g_print ("scroll %u %.3f %.3f %.3f %u %.3f %u %u\n", bench.n_frames, quantile (bench.turns, 0.5),
           quantile (bench.turns, 0.99), quantile (bench.turns, 1), count_above (bench.turns, 8000),
           quantile (bench.own_turns, 1), count_above (bench.own_turns, 8000),
           g_list_model_get_n_items (G_LIST_MODEL (scope_session_get_events (session))));
}

static void
print_select (void)
{
  g_print ("select %u %.3f %.3f %.3f %u %.3f %u\n", bench.wanted, quantile (bench.turns, 0.5),
           quantile (bench.turns, 0.99), quantile (bench.turns, 1), count_above (bench.turns, 50000),
           bench.longest_usec / 1000.0, bench.longest_page);
}

static void
bench_end (void)
{
  bench.ended_usec = g_get_monotonic_time ();
  bench.measuring = FALSE;
  g_array_sort (bench.turns, compare_usec);
  g_array_sort (bench.own_turns, compare_usec);
  if (g_str_equal (bench.mode, "flood"))
    print_flood ();
  else if (g_str_equal (bench.mode, "select"))
    print_select ();
  else
    print_scroll ();
  g_application_quit (g_application_get_default ());
}

/* --- flood --- */

static guint64
count_received (ScopeSession *session)
{
  ScopeChannel *channel = scope_session_find_channel (session, "flood");

  return channel != NULL ? scope_channel_get_event_count (channel) : 0;
}

static gboolean
flood_tick_cb (GtkWidget     *widget,
               GdkFrameClock *clock,
               gpointer       user_data)
{
  ScopeSession *session = scope_window_get_session (bench.window);
  guint64 received = session != NULL ? count_received (session) : 0;
  ScopeRecorder *recorder = session != NULL ? scope_session_get_recorder (session) : NULL;

  if (!bench.measuring && received > 0)
    bench_start ();
  if (bench.tenth == 0 && received >= bench.wanted / 10)
    {
      bench.tenth = received;
      bench.tenth_resident = resident_bytes ();
    }
  if (received < bench.wanted || scope_recorder_get_committed (recorder) < scope_recorder_get_appended (recorder))
    return G_SOURCE_CONTINUE;
  bench_end ();
  return G_SOURCE_REMOVE;
}

static void
open_flood (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("bench");
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();

  g_object_set (profile, "host", "127.0.0.1", "port", atoi (bench.place), "use-tls", FALSE, NULL);
  scope_profile_add_subscription (profile, "flood");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "key");
  scope_window_open_profile (bench.window, profile, credentials, TRUE);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench.window), flood_tick_cb, NULL, NULL);
}

/* --- scroll --- */

static GtkWidget *
find_widget (GtkWidget *widget,
             GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* A row further, a page further, or anywhere: as wheel, keys and the scrollbar's handle do. */
static void
scroll_on (GtkAdjustment *adjustment,
           guint          step)
{
  double upper = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  double value = gtk_adjustment_get_value (adjustment);

  if (step % 10 == 9)
    value = upper * ((step * 7919u) % 1000) / 1000;
  else
    value += step % 3 == 2 ? gtk_adjustment_get_page_size (adjustment) : 25;
  gtk_adjustment_set_value (adjustment, MIN (value, upper));
}

static gboolean
scroll_tick_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  ScopeSession *session = scope_window_get_session (bench.window);
  static GtkWidget *log;
  gboolean loading = TRUE;

  if (log == NULL)
    log = find_widget (GTK_WIDGET (bench.window), SCOPE_TYPE_LOG_PANE);

  if (session != NULL)
    g_object_get (session, "loading", &loading, NULL);
  if (loading || log == NULL)
    return G_SOURCE_CONTINUE;
  if (!bench.measuring)
    bench_start ();
  scroll_on (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (log)), bench.n_frames);
  if (bench.n_frames < bench.wanted)
    return G_SOURCE_CONTINUE;
  bench_end ();
  return G_SOURCE_REMOVE;
}

static void
open_scroll (void)
{
  scope_window_open_capture (bench.window, bench.place);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench.window), scroll_tick_cb, NULL, NULL);
}

/* --- select --- */

static void
select_row (guint number)
{
  gtk_widget_activate_action (GTK_WIDGET (bench.window), "win.show-event", "t", (guint64) number + 1);
}

/* The first N steps select a row each, then each N_PAGES + 1 one row and its pages. */
static gboolean
select_step_cb (gpointer user_data)
{
  GtkWidget *inspector = find_widget (GTK_WIDGET (bench.window), SCOPE_TYPE_INSPECTOR);
  guint slow = bench.step < bench.wanted ? 0 : bench.step - bench.wanted;
  guint row = bench.step < bench.wanted ? bench.step : slow / (N_PAGES + 1);

  if (row >= bench.wanted)
    {
      bench_end ();
      return G_SOURCE_REMOVE;
    }
  if (slow % (N_PAGES + 1) == 0)
    select_row (row);
  else
    gtk_widget_activate_action (inspector, "inspector.next-page", NULL);
  bench.step++;
  g_timeout_add (bench.step < bench.wanted ? FAST_MSEC : SLOW_MSEC, select_step_cb, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
select_tick_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  ScopeSession *session = scope_window_get_session (bench.window);
  gboolean loading = TRUE;

  if (session != NULL)
    g_object_get (session, "loading", &loading, NULL);
  if (loading)
    return G_SOURCE_CONTINUE;
  bench_start ();
  g_timeout_add (SLOW_MSEC, select_step_cb, NULL);
  return G_SOURCE_REMOVE;
}

static void
open_select (void)
{
  scope_window_open_capture (bench.window, bench.place);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench.window), select_tick_cb, NULL, NULL);
}

/* --- */

static gboolean
begin_cb (gpointer user_data)
{
  if (g_str_equal (bench.mode, "flood"))
    open_flood ();
  else if (g_str_equal (bench.mode, "select"))
    open_select ();
  else
    open_scroll ();
  return G_SOURCE_REMOVE;
}

static void
window_added_cb (GtkApplication *application,
                 GtkWindow      *window,
                 gpointer        user_data)
{
  if (bench.window != NULL || !SCOPE_IS_WINDOW (window))
    return;
  bench.window = SCOPE_WINDOW (window);
  g_idle_add (begin_cb, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (ScopeApplication) application = NULL;
  char *arguments[] = { argv[0], NULL };

  if (argc != 4 || !g_strv_contains ((const char *[]) { "flood", "scroll", "select", NULL }, argv[1]))
    {
      g_printerr ("usage: window flood PORT N | scroll CAPTURE FRAMES | select CAPTURE N\n");
      return 2;
    }
  bench.mode = argv[1];
  bench.place = argv[2];
  bench.wanted = atoi (argv[3]);
  bench.turns = g_array_new (FALSE, FALSE, sizeof (gint64));
  bench.own_turns = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_set_prgname ("channelscope");
  g_main_context_set_poll_func (NULL, poll_cb);
  g_timeout_add_seconds (DEADLINE_SECONDS, too_late_cb, NULL);

  application = scope_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  return g_application_run (G_APPLICATION (application), 1, arguments);
}
