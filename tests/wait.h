/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

/* Waits in the main context, each with a deadline, which a program may move. What is waited for may
 * come about on another thread, or as time passes: it is looked at again each WAIT_WAKE_MSEC. */

#ifndef WAIT_SECONDS
#define WAIT_SECONDS 30
#endif
#define WAIT_WAKE_MSEC 20

G_GNUC_UNUSED
static gboolean
wait_wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* whether it came to hold in time */
#define WAIT_AT_MOST(condition)                                                   \
  ({                                                                              \
    gint64 wait_end_ = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;   \
    guint wait_id_ = g_timeout_add (WAIT_WAKE_MSEC, wait_wake_cb, NULL);          \
    gboolean wait_holds_;                                                         \
                                                                                  \
    while (!(wait_holds_ = !!(condition)) && g_get_monotonic_time () < wait_end_) \
      g_main_context_iteration (NULL, TRUE);                                      \
    g_source_remove (wait_id_);                                                   \
    wait_holds_;                                                                  \
  })

#define WAIT_UNTIL(condition)                 \
  G_STMT_START                                \
    {                                         \
      if (!WAIT_AT_MOST (condition))          \
        g_error ("Too late: %s", #condition); \
    }                                         \
  G_STMT_END

/* GAsyncReadyCallback; user_data: where the result is kept, NULL so far */
G_GNUC_UNUSED
static void
wait_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}
