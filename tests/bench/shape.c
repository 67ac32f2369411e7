/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What it costs to look at the shape of an event: nanoseconds an event, for one structure that comes
 * again and again, for several in turn, and for one that is different each time. */

#include "config.h"

#include <string.h>

#include "capture/scope-shape.h"

#define N_EVENTS 1000000

typedef char *(*MakeFunc) (guint i);

static char *
make_same (guint i)
{
  return g_strdup ("{\"id\":4711,\"status\":\"paid\",\"customer\":{\"id\":\"c-17\",\"name\":\"Ada Example\",\"vip\":false},"
                   "\"items\":[{\"sku\":\"tea-100\",\"count\":2,\"price\":4.5},{\"sku\":\"pot-2\",\"count\":1,\"price\":19.9}],"
                   "\"total\":28.9,\"currency\":\"EUR\",\"note\":null}");
}

static char *
make_turn (guint i)
{
  return g_strdup_printf ("{\"id\":4711,\"status\":\"paid\",\"f%u\":1,\"items\":[{\"sku\":\"tea-100\",\"count\":2,\"price\":4.5}]}",
                          i % 8);
}

static char *
make_ids (guint i)
{
  return g_strdup_printf ("{\"by_id\":{\"user-%u\":{\"name\":\"Ada\",\"age\":%u},\"user-%u\":{\"name\":\"Bob\",\"age\":7}}}", i, i,
                          i + 1);
}

static void
measure (const char *name,
         MakeFunc    make)
{
  g_autoptr (ScopeShape) shape = scope_shape_new (NULL);
  char *payloads[1000];
  gsize bytes = 0;
  gint64 begin, usec;

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      payloads[i] = make (i);
      bytes += strlen (payloads[i]);
    }
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < N_EVENTS; i++)
    {
      const char *payload = payloads[i % G_N_ELEMENTS (payloads)];

      scope_shape_observe (shape, SCOPE_JSON_OBJECT, payload, strlen (payload), i + 1, i + 1, NULL);
    }
  usec = g_get_monotonic_time () - begin;
  g_print ("%-10s %4zu bytes  %6.0f ns an event\n", name, bytes / G_N_ELEMENTS (payloads),
           usec * 1000.0 / N_EVENTS);
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    g_free (payloads[i]);
}

int
main (void)
{
  measure ("same", make_same);
  measure ("in turn", make_turn);
  measure ("ids", make_ids);
  return 0;
}
