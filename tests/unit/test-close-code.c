/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §1.7, §1.8. */

#define G_LOG_DOMAIN "test-close-code"

#include "config.h"

#include <string.h>

#include "protocol/scope-close-code.h"
#include "protocol/scope-server-error.h"

typedef struct
{
  guint code;
  ScopeReaction reaction;
} CodeRow;

static const CodeRow codes[] = {
  { SCOPE_CLOSE_NONE, SCOPE_REACTION_RETRY },
  { 1000, SCOPE_REACTION_RETRY },
  { 1001, SCOPE_REACTION_RETRY },
  { 1002, SCOPE_REACTION_RETRY },
  { 1003, SCOPE_REACTION_RETRY },
  { 1004, SCOPE_REACTION_RETRY },
  { 1005, SCOPE_REACTION_RETRY },
  { 1006, SCOPE_REACTION_RETRY },
  { 1009, SCOPE_REACTION_RETRY },
  { 2010, SCOPE_REACTION_RETRY },
  { 4000, SCOPE_REACTION_SWITCH_TLS },
  { 4001, SCOPE_REACTION_STOP },
  { 4002, SCOPE_REACTION_STOP },
  { 4003, SCOPE_REACTION_STOP },
  { 4004, SCOPE_REACTION_STOP },
  { 4005, SCOPE_REACTION_STOP },
  { 4006, SCOPE_REACTION_STOP },
  { 4007, SCOPE_REACTION_STOP },
  { 4008, SCOPE_REACTION_STOP },
  { 4009, SCOPE_REACTION_STOP },
  { 4010, SCOPE_REACTION_STOP },
  { 4099, SCOPE_REACTION_STOP },
  { 4100, SCOPE_REACTION_RETRY },
  { 4101, SCOPE_REACTION_RETRY },
  { 4199, SCOPE_REACTION_RETRY },
  { 4200, SCOPE_REACTION_RETRY_NOW },
  { 4201, SCOPE_REACTION_RETRY_NOW },
  { 4202, SCOPE_REACTION_RETRY_NOW },
  { 4203, SCOPE_REACTION_RETRY_NOW },
  { 4299, SCOPE_REACTION_RETRY_NOW },
  /* as a close; as frames they only report, which the machine decides */
  { 4300, SCOPE_REACTION_STOP },
  { 4301, SCOPE_REACTION_STOP },
  { 4302, SCOPE_REACTION_STOP },
  { 4399, SCOPE_REACTION_STOP },
  { 4400, SCOPE_REACTION_STOP },
  { 5001, SCOPE_REACTION_STOP },
  { 500, SCOPE_REACTION_RETRY },
  { 1, SCOPE_REACTION_RETRY },
  { 1010, SCOPE_REACTION_RETRY },
  { 2999, SCOPE_REACTION_RETRY },
  { 3000, SCOPE_REACTION_RETRY },
  { 3999, SCOPE_REACTION_RETRY },
  { G_MAXUINT, SCOPE_REACTION_STOP },
};

/* A sentence for people: begins with a capital, ends with a full stop. */
static void
assert_sentence (const char *text)
{
  g_assert_nonnull (text);
  g_assert_cmpuint (strlen (text), >, 20);
  g_assert_true (g_ascii_isupper (text[0]));
  g_assert_cmpint (text[strlen (text) - 1], ==, '.');
}

static void
test_codes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_test_message ("code %u", codes[i].code);
      g_assert_cmpint (scope_close_code_get_reaction (codes[i].code), ==, codes[i].reaction);
      assert_sentence (scope_close_code_get_meaning (codes[i].code));
    }
}

/* Each code of the table has words of its own, and so has each range. */
static void
test_meanings_differ (void)
{
  static const guint distinct[] = { 0,    1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1011,
                                    1012, 1013, 1015, 2010, 4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007,
                                    4008, 4009, 4100, 4200, 4201, 4202, 4301, 4302, 500,  5001,
                                    /* ranges */ 42,   3500, 4050, 4150, 4250, 4350, 4999 };
  static const guint same[][2] = { { 4010, 4099 }, { 4101, 4199 }, { 4203, 4299 }, { 4300, 4399 },
                                   { 4400, 9999 }, { 3000, 3999 }, { 1010, 2999 } };
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < G_N_ELEMENTS (distinct); i++)
    {
      g_test_message ("code %u", distinct[i]);
      g_assert_true (g_hash_table_add (seen, (gpointer) scope_close_code_get_meaning (distinct[i])));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_cmpstr (scope_close_code_get_meaning (same[i][0]), ==,
                     scope_close_code_get_meaning (same[i][1]));
}

static void
test_http (void)
{
  static const CodeRow rows[] = {
    { 200, SCOPE_REACTION_RETRY }, { 301, SCOPE_REACTION_RETRY }, { 400, SCOPE_REACTION_RETRY },
    { 401, SCOPE_REACTION_STOP },  { 403, SCOPE_REACTION_STOP },  { 404, SCOPE_REACTION_STOP },
    { 407, SCOPE_REACTION_RETRY }, { 410, SCOPE_REACTION_RETRY }, { 426, SCOPE_REACTION_RETRY },
    { 429, SCOPE_REACTION_RETRY }, { 500, SCOPE_REACTION_RETRY }, { 502, SCOPE_REACTION_RETRY },
    { 503, SCOPE_REACTION_RETRY }, { 504, SCOPE_REACTION_RETRY }, { 599, SCOPE_REACTION_RETRY },
    { 999, SCOPE_REACTION_RETRY },
  };
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *meaning = scope_http_status_get_meaning (rows[i].code);

      g_test_message ("status %u", rows[i].code);
      g_assert_cmpint (scope_http_status_get_reaction (rows[i].code), ==, rows[i].reaction);
      assert_sentence (meaning);
      g_assert_true (g_hash_table_add (seen, (gpointer) meaning));
    }
}

static void
test_actions (void)
{
  g_assert_cmpstr (scope_reaction_to_action (SCOPE_REACTION_NONE), ==, "none");
  g_assert_cmpstr (scope_reaction_to_action (SCOPE_REACTION_RETRY), ==, "retry");
  g_assert_cmpstr (scope_reaction_to_action (SCOPE_REACTION_RETRY_NOW), ==, "retry_now");
  g_assert_cmpstr (scope_reaction_to_action (SCOPE_REACTION_SWITCH_TLS), ==, "retry_now");
  g_assert_cmpstr (scope_reaction_to_action (SCOPE_REACTION_STOP), ==, "stop");
}

static void
test_find_channel (void)
{
  static const struct
  {
    const char *message;
    const char *channel;
  } rows[] = {
    { "Existing subscription to channel presence-x", "presence-x" },
    { "Existing subscription to news", "news" },
    { "Existing subscription to channel a,b;c.d", "a,b;c.d" },
    { "No current subscription to channel news, or subscription in progress", "news" },
    { "No current subscription to channel a,or, or subscription in progress", "a,or" },
    { "Invalid signature: Expected HMAC SHA256 hex digest of 123.456:private-x, but got abcdef",
      "private-x" },
    { "Invalid signature: Expected HMAC SHA256 hex digest of 123.456:presence-x:{\"user_id\":\"7\","
      "\"user_info\":{\"a\":\", but got \"}}, but got 00ff",
      "presence-x" },
    { "Invalid signature: Expected HMAC SHA256 hex digest of 123.456::user::{\"id\":\"1\"}, but got 00",
      NULL },
    { "Invalid signature: Expected HMAC SHA256 hex digest of nothing, but got 00", NULL },
    { "Invalid signature: Expected HMAC SHA256 hex digest of 123.456:private-x", NULL },
    { "Invalid key in subscription auth data: 'K'", NULL },
    { "Auth value for subscription to private-y is invalid: should be of format 'key:signature'",
      "private-y" },
    { "To send client events, you must enable this feature in the Settings page of your dashboard.",
      NULL },
    { "Cannot broadcast client event (connection not subscribed to channel private-z)", "private-z" },
    { "Subscription to presence-z refused: it has its quota of 1 members", "presence-z" },
    { "Invalid client event (must contain channel and data)", NULL },
    { "Unsupported event received on socket: 'x'", NULL },
    { "Missing parameter: data.user", NULL },
    { "Existing subscription to channel ", NULL },
    { "Existing subscription to channel two words", NULL },
    { "Existing subscription to channel größe", NULL },
    { "Existing subscription to channel \xff", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *channel = scope_server_error_find_channel (rows[i].message);

      g_assert_cmpstr (channel, ==, rows[i].channel);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/close-code/codes", test_codes);
  g_test_add_func ("/close-code/meanings-differ", test_meanings_differ);
  g_test_add_func ("/close-code/http", test_http);
  g_test_add_func ("/close-code/actions", test_actions);
  g_test_add_func ("/close-code/find-channel", test_find_channel);

  return g_test_run ();
}
