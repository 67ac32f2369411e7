/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §3.3, §1.4, §6. */

#define G_LOG_DOMAIN "test-frame"

#include "config.h"

#include <string.h>

#include "json/scope-json.h"
#include "protocol/scope-frame.h"

static void
assert_frame (char       *frame,
              const char *expected)
{
  g_assert_cmpstr (frame, ==, expected);
  g_assert_true (scope_json_check (frame, strlen (frame), NULL, NULL));
  g_free (frame);
}

static void
test_frames (void)
{
  assert_frame (scope_frame_ping (), "{\"event\":\"pusher:ping\",\"data\":{}}");
  assert_frame (scope_frame_pong (), "{\"event\":\"pusher:pong\",\"data\":{}}");
  assert_frame (scope_frame_subscribe ("news", NULL, NULL),
                "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\",\"auth\":\"\"}}");
  assert_frame (scope_frame_subscribe ("private-x", "KEY:HEX", NULL),
                "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\","
                "\"auth\":\"KEY:HEX\"}}");
  assert_frame (scope_frame_subscribe ("presence-x", "KEY:HEX",
                                       "{\"user_id\":\"7\",\"user_info\":{\"name\":\"A\"}}"),
                "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-x\","
                "\"auth\":\"KEY:HEX\",\"channel_data\":"
                "\"{\\\"user_id\\\":\\\"7\\\",\\\"user_info\\\":{\\\"name\\\":\\\"A\\\"}}\"}}");
  assert_frame (scope_frame_unsubscribe ("news"),
                "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}");
  assert_frame (scope_frame_sign_in ("KEY:HEX", "{\"id\": \"u-1\"}"),
                "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"KEY:HEX\","
                "\"user_data\":\"{\\\"id\\\": \\\"u-1\\\"}\"}}");
  assert_frame (scope_frame_client_event ("private-room", "client-typing", "{\"who\":\"me\"}"),
                "{\"event\":\"client-typing\",\"channel\":\"private-room\",\"data\":{\"who\":\"me\"}}");
  assert_frame (scope_frame_client_event ("private-room", "client-x", NULL),
                "{\"event\":\"client-x\",\"channel\":\"private-room\"}");
}

/* White space goes, tokens stay as typed. */
static void
test_spliced (void)
{
  assert_frame (scope_frame_client_event ("c", "client-n",
                                          " { \"a\" : 1e21,\n \"b\":\t[ 12345678901234567890 ] }"),
                "{\"event\":\"client-n\",\"channel\":\"c\",\"data\":{\"a\":1e21,\"b\":"
                "[12345678901234567890]}}");
  assert_frame (scope_frame_client_event ("c", "client-\"n\"", "\"text\""),
                "{\"event\":\"client-\\\"n\\\"\",\"channel\":\"c\",\"data\":\"text\"}");
  assert_frame (scope_frame_channel_data ("7", NULL), "{\"user_id\":\"7\"}");
  assert_frame (scope_frame_channel_data ("Zoë \"Z\"", "{ \"n\": 1.0 }"),
                "{\"user_id\":\"Zoë \\\"Z\\\"\",\"user_info\":{\"n\":1.0}}");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame/frames", test_frames);
  g_test_add_func ("/frame/spliced", test_spliced);

  return g_test_run ();
}
