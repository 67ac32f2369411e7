/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "sandbox-client.h"
#include "sandbox/scope-demo-shop-private.h"
#include "sandbox/scope-sandbox-private.h"

/* The shop by its steps, without waiting, and once as a client sees it. */

#define STEPS 5000

typedef struct
{
  GString *lines;
  GHashTable *events; /* name → how often */
  ScopeDemoShop *shop;
} Seen;

static void
seen_line_cb (ScopeSandbox *sandbox,
              const char   *json,
              gpointer      user_data)
{
  Seen *seen = user_data;
  ScopeJsonWanted wanted[] = { { .key = "event" }, { .key = "data" }, { .key = "channel" } };
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *channel = NULL;
  char *event;
  guint n;

  g_assert_true (scope_json_scan_object (json, strlen (json), wanted, 3, NULL));
  channel = scope_json_string_dup (json + wanted[2].value.offset, wanted[2].value.length);
  g_assert_true (g_strv_contains (scope_demo_shop_get_channels (seen->shop), channel));

  /* what is published is a JSON object that would pass the HTTP API */
  if (wanted[1].kind == SCOPE_JSON_STRING)
    g_assert_true (scope_json_string_decode (json + wanted[1].value.offset, wanted[1].value.length,
                                             data));
  else
    g_string_append_len (data, json + wanted[1].value.offset, wanted[1].value.length);
  g_assert_true (scope_json_scan_object (data->str, data->len, NULL, 0, NULL));
  g_assert_cmpuint (data->len, <=, SCOPE_LIMIT_DATA_BYTES);

  event = scope_json_string_dup (json + wanted[0].value.offset, wanted[0].value.length);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (seen->events, event)) + 1;
  g_hash_table_insert (seen->events, event, GUINT_TO_POINTER (n));
  g_string_append_printf (seen->lines, "%s\n", json);
}

/* the room, desks, products that are looked at and orders that are waited for, though nobody is connected */
static guint
count_occupied (ScopeSandbox *sandbox)
{
  g_autoptr (GPtrArray) occupied = _scope_sandbox_list_occupied (sandbox);

  return occupied->len;
}

/* everything but the times, which are real */
static char *
run_shop (guint32     seed,
          guint       steps,
          GHashTable *events,
          double     *seconds)
{
  g_autoptr (ScopeSandbox) sandbox = scope_sandbox_new ();
  g_autoptr (ScopeDemoShop) shop = scope_demo_shop_new (sandbox, seed);
  g_autoptr (GRegex) times = g_regex_new ("_(at|from)\\\\\":\\\\\"[^\"]*\"", 0, 0, NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  Seen seen = { lines, events, shop };
  guint64 msec = 0;

  g_signal_connect (sandbox, "line", G_CALLBACK (seen_line_cb), &seen);
  scope_demo_shop_start (shop);
  for (guint i = 0; i < steps; i++)
    {
      msec += _scope_demo_shop_step (shop);
      g_assert_cmpuint (_scope_demo_shop_count_people (shop), >=, 3);
      g_assert_cmpuint (_scope_demo_shop_count_people (shop), <=, 9);
      g_assert_cmpuint (count_occupied (sandbox), >=, 8);
      g_assert_cmpuint (count_occupied (sandbox), <=, 20);
    }
  scope_demo_shop_stop (shop);
  g_assert_cmpuint (count_occupied (sandbox), ==, 0);
  g_assert_cmpuint (_scope_demo_shop_count_people (shop), ==, 0);
  g_signal_handlers_disconnect_by_data (sandbox, &seen);

  *seconds = (double) msec / 1000;
  return g_regex_replace_literal (times, lines->str, -1, 0, "", 0, NULL);
}

static void
test_deterministic (void)
{
  g_autoptr (GHashTable) events = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  double seconds;
  g_autofree char *first = run_shop (7, 500, events, &seconds);
  g_autofree char *again = run_shop (7, 500, events, &seconds);
  g_autofree char *other = run_shop (8, 500, events, &seconds);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
}

static void
test_events (void)
{
  static const char * const names[] = {
    "order.placed", "order.paid", "order.packed", "order.shipped", "order.refunded",
    "stock.changed", "price.updated", "news.published", "client-typing", "message.posted",
  };
  g_autoptr (GHashTable) events = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  double seconds;
  g_autofree char *lines = run_shop (1, STEPS, events, &seconds);
  guint total = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (events, names[i]));

      g_test_message ("%s: %u", names[i], n);
      g_assert_cmpuint (n, >, 0);
      total += n;
    }
  g_assert_cmpuint (g_hash_table_size (events), ==, G_N_ELEMENTS (names));
  g_test_message ("%.2f events/s", total / seconds);
  g_assert_cmpfloat (total / seconds, >, 2);
  g_assert_cmpfloat (total / seconds, <, 4);
}

static void
test_seen_by_client (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (ScopeDemoShop) shop = scope_demo_shop_new (sandbox, 1);
  Client *client = client_open (sandbox);
  g_autofree char *welcome = NULL;
  g_autofree char *cached = NULL;
  gboolean is_member_seen = FALSE;
  gboolean is_order_seen = FALSE;

  scope_demo_shop_start (shop);
  client_subscribe (client, "cache-prices");
  cached = client_next (client);
  g_assert_true (g_str_has_prefix (cached, "{\"event\":\"price.updated\","
                                           "\"channel\":\"cache-prices\""));
  client_send (client, "{\"event\":\"pusher:unsubscribe\",\"data\":"
                       "{\"channel\":\"cache-prices\"}}");

  client_subscribe_private (client, "private-orders");
  client_join (client, "presence-support", "{\"user_id\":\"me\"}");
  WAIT_UNTIL (({
    g_autofree char *frame = client_next (client);

    if (strstr (frame, "subscription_succeeded") != NULL)
      welcome = g_strdup (frame);
    welcome != NULL;
  }));
  g_assert_nonnull (strstr (welcome, "\\\"count\\\":5}"));
  g_assert_nonnull (strstr (welcome, "\\\"role\\\":"));

  for (guint i = 0; i < 200; i++)
    _scope_demo_shop_step (shop);
  WAIT_UNTIL (({
    g_autofree char *frame = client_next (client);

    is_order_seen = is_order_seen || strstr (frame, "\"event\":\"order.") != NULL;
    is_member_seen = is_member_seen || strstr (frame, "\"event\":\"client-typing\"") != NULL;
    if (strstr (frame, "client-typing") != NULL)
      g_assert_nonnull (strstr (frame, "\"data\":{\"typing\":true},\"user_id\":\""));
    is_order_seen && is_member_seen;
  }));

  /* by itself, too */
  g_queue_clear_full (&client->frames, g_free);
  g_free (client_next (client));
  client_free (client);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  client_init ();

  g_test_add_func ("/demo-shop/deterministic", test_deterministic);
  g_test_add_func ("/demo-shop/events", test_events);
  g_test_add_func ("/demo-shop/seen-by-client", test_seen_by_client);

  return g_test_run ();
}
