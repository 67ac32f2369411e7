/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §2, §11, §13.5. */

#define G_LOG_DOMAIN "test-message"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "protocol/scope-message.h"

static ScopeMessage *
message_new (const char  *frame,
             gssize       length,
             GError     **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (frame, length < 0 ? strlen (frame) : length);

  return scope_message_new (bytes, error);
}

static ScopeMessage *
message_new_ok (const char *frame)
{
  g_autoptr (GError) error = NULL;
  ScopeMessage *message = message_new (frame, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (message);
  return message;
}

/* A table's data, or NULL for a frame without it. */
static ScopeMessage *
message_new_with_data (const char *data)
{
  g_autofree char *frame = NULL;

  if (data == NULL)
    return message_new_ok ("{\"event\":\"e\",\"channel\":\"c\"}");

  frame = g_strdup_printf ("{\"event\":\"e\",\"channel\":\"c\",\"data\":%s}", data);
  return message_new_ok (frame);
}

static void
assert_bad (const char *frame,
            gssize      length,
            int         code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (message_new (frame, length, &error));
  g_assert_error (error, SCOPE_ERROR, code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), >, 10);
}

static void
test_names (void)
{
  static const struct
  {
    const char *frame;
    const char *event, *channel, *user_id;
  } rows[] = {
    { "{\"event\":\"e\"}", "e", NULL, NULL },
    { "{\"event\":\"\"}", "", NULL, NULL },
    { "{\"event\":\"e\",\"channel\":\"c\",\"user_id\":\"u\"}", "e", "c", "u" },
    { "{\"user_id\":\"u\",\"x\":{\"event\":\"no\"},\"channel\":\"c\",\"event\":\"e\"}", "e", "c", "u" },
    { " {\n\"event\" :\t\"e\" , \"channel\" : null , \"user_id\" : null } ", "e", NULL, NULL },
    /* ids are text always */
    { "{\"event\":\"e\",\"channel\":12,\"user_id\":9007199254740993}", "e", "12", "9007199254740993" },
    { "{\"event\":\"e\",\"user_id\":12345678901234567890123}", "e", NULL, "12345678901234567890123" },
    { "{\"event\":\"e\",\"user_id\":-1.0}", "e", NULL, "-1.0" },
    { "{\"event\":\"e\",\"channel\":\"c\",\"user_id\":false}", "e", "c", NULL },
    { "{\"event\":\"e\",\"user_id\":{\"id\":1}}", "e", NULL, NULL },
    { "{\"event\":\"e\",\"user_id\":[]}", "e", NULL, NULL },
    /* decoded */
    { "{\"event\":\"a\\u0062\\n\\\"\\\\\\/\",\"channel\":\"gr\\u00fcn\"}", "ab\n\"\\/", "grün", NULL },
    { "{\"\\u0065vent\":\"e\",\"chan\\u006eel\":\"c\"}", "e", "c", NULL },
    { "{\"event\":\"\\ud83d\\ude00\"}", "😀", NULL, NULL },
    { "{\"event\":\"a\\ud800b\"}", "a\xef\xbf\xbd" "b", NULL, NULL },
    { "{\"event\":\"a\\u0000b\",\"channel\":\"\\u0000\"}", "a\xef\xbf\xbd" "b", "\xef\xbf\xbd", NULL },
    /* of equal keys the last counts */
    { "{\"event\":\"x\",\"event\":\"e\",\"channel\":\"c\",\"channel\":null}", "e", NULL, NULL },
    { "{\"event\":\"größe\",\"channel\":\"日本\"}", "größe", "日本", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScopeMessage) message = message_new_ok (rows[i].frame);
      gsize length = 99;

      g_test_message ("%s", rows[i].frame);
      g_assert_cmpstr (scope_message_get_event (message, &length), ==, rows[i].event);
      g_assert_cmpuint (length, ==, strlen (rows[i].event));
      g_assert_cmpstr (scope_message_get_channel (message, &length), ==, rows[i].channel);
      g_assert_cmpuint (length, ==, rows[i].channel != NULL ? strlen (rows[i].channel) : 0);
      g_assert_cmpstr (scope_message_get_user_id (message, &length), ==, rows[i].user_id);
      g_assert_cmpuint (length, ==, rows[i].user_id != NULL ? strlen (rows[i].user_id) : 0);
      g_assert_nonnull (scope_message_get_event (message, NULL));
      g_assert_cmpuint (scope_message_get_size (message), ==, strlen (rows[i].frame));
    }
}

static void
test_types (void)
{
  static const struct
  {
    const char *event;
    ScopeMessageType type;
  } rows[] = {
    { "pusher:connection_established", SCOPE_MESSAGE_CONNECTION_ESTABLISHED },
    { "pusher:error", SCOPE_MESSAGE_ERROR },
    { "pusher:ping", SCOPE_MESSAGE_PING },
    { "pusher:pong", SCOPE_MESSAGE_PONG },
    { "pusher_internal:subscription_succeeded", SCOPE_MESSAGE_SUBSCRIPTION_SUCCEEDED },
    { "pusher:subscription_error", SCOPE_MESSAGE_SUBSCRIPTION_ERROR },
    { "pusher_internal:subscription_error", SCOPE_MESSAGE_SUBSCRIPTION_ERROR },
    { "pusher_internal:subscription_count", SCOPE_MESSAGE_SUBSCRIPTION_COUNT },
    { "pusher_internal:member_added", SCOPE_MESSAGE_MEMBER_ADDED },
    { "pusher_internal:member_removed", SCOPE_MESSAGE_MEMBER_REMOVED },
    { "pusher:cache_miss", SCOPE_MESSAGE_CACHE_MISS },
    { "pusher:signin_success", SCOPE_MESSAGE_SIGNIN_SUCCESS },
    { "pusher_internal:watchlist_events", SCOPE_MESSAGE_WATCHLIST },
    { "pusher:subscribe", SCOPE_MESSAGE_SUBSCRIBE },
    { "pusher:unsubscribe", SCOPE_MESSAGE_UNSUBSCRIBE },
    { "pusher:signin", SCOPE_MESSAGE_SIGNIN },
    { "online", SCOPE_MESSAGE_WATCHLIST },
    { "offline", SCOPE_MESSAGE_WATCHLIST },
    { "pusher:", SCOPE_MESSAGE_UNKNOWN },
    { "pusher_internal:", SCOPE_MESSAGE_UNKNOWN },
    { "pusher:pingx", SCOPE_MESSAGE_UNKNOWN },
    { "pusher:pin", SCOPE_MESSAGE_UNKNOWN },
    { "pusher:errors", SCOPE_MESSAGE_UNKNOWN },
    { "pusher:unknown", SCOPE_MESSAGE_UNKNOWN },
    { "pusher:subscription_succeeded", SCOPE_MESSAGE_UNKNOWN },
    { "pusher_internal:ping", SCOPE_MESSAGE_UNKNOWN },
    { "pusher_internal:watchlist", SCOPE_MESSAGE_UNKNOWN },
    { "pusher_internal:members", SCOPE_MESSAGE_UNKNOWN },
    { "pusher.ping", SCOPE_MESSAGE_EVENT },
    { "pusher", SCOPE_MESSAGE_EVENT },
    { "Pusher:ping", SCOPE_MESSAGE_EVENT },
    { "client-pusher:ping", SCOPE_MESSAGE_EVENT },
    { "client-typing", SCOPE_MESSAGE_EVENT },
    { "onlines", SCOPE_MESSAGE_EVENT },
    { "order", SCOPE_MESSAGE_EVENT },
    { "", SCOPE_MESSAGE_EVENT },
    /* an escaped NUL does not make another event of it */
    { "pusher:ping\\u0000", SCOPE_MESSAGE_UNKNOWN },
    { "pusher\\u003aping", SCOPE_MESSAGE_PING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *frame = g_strdup_printf ("{\"event\":\"%s\",\"data\":{}}", rows[i].event);
      g_autoptr (ScopeMessage) message = message_new_ok (frame);

      g_test_message ("%s", frame);
      g_assert_cmpint (scope_message_get_message_type (message), ==, rows[i].type);
    }
}

/* With a channel, `online` is an application's event (§11.4). */
static void
test_online_on_channel (void)
{
  g_autoptr (ScopeMessage) message = message_new_ok ("{\"event\":\"online\",\"channel\":\"c\"}");

  g_assert_cmpint (scope_message_get_message_type (message), ==, SCOPE_MESSAGE_EVENT);
}

typedef struct
{
  const char *data;        /* in the frame; NULL: no key */
  ScopeJsonKind kind;
  const char *raw;
  ScopeJsonKind parsed;    /* kind of raw read as JSON once (§2.2); NONE: stays a string */
  const char *object;      /* what read_data_object gives */
} DataRow;

static const DataRow data_rows[] = {
  { "\"{\\\"a\\\":1}\"", SCOPE_JSON_STRING, "{\"a\":1}", SCOPE_JSON_OBJECT, "{\"a\":1}" },
  { "{\"a\":1}", SCOPE_JSON_OBJECT, "{\"a\":1}", SCOPE_JSON_OBJECT, "{\"a\":1}" },
  { "\"hello\"", SCOPE_JSON_STRING, "hello", SCOPE_JSON_NONE, NULL },
  { "\"\\\"hello\\\"\"", SCOPE_JSON_STRING, "\"hello\"", SCOPE_JSON_STRING, NULL },
  { "\"12\"", SCOPE_JSON_STRING, "12", SCOPE_JSON_NUMBER, NULL },
  { "\"\"", SCOPE_JSON_STRING, "", SCOPE_JSON_NONE, NULL },
  { "null", SCOPE_JSON_NULL, "null", SCOPE_JSON_NULL, NULL },
  { NULL, SCOPE_JSON_NONE, NULL, SCOPE_JSON_NONE, NULL },
  { "\"{bad\"", SCOPE_JSON_STRING, "{bad", SCOPE_JSON_NONE, NULL },
  { "\"{\\\"presence\\\":{\\\"count\\\":1,\\\"hash\\\":[]}}\"", SCOPE_JSON_STRING,
    "{\"presence\":{\"count\":1,\"hash\":[]}}", SCOPE_JSON_OBJECT,
    "{\"presence\":{\"count\":1,\"hash\":[]}}" },
  { "\"{\\\"presence\\\":{\\\"ids\\\":[7],\\\"hash\\\":{\\\"7\\\":null},\\\"count\\\":1}}\"",
    SCOPE_JSON_STRING, "{\"presence\":{\"ids\":[7],\"hash\":{\"7\":null},\"count\":1}}",
    SCOPE_JSON_OBJECT, "{\"presence\":{\"ids\":[7],\"hash\":{\"7\":null},\"count\":1}}" },
  /* further kinds, spliced byte for byte */
  { "[ 1, 2 ]", SCOPE_JSON_ARRAY, "[ 1, 2 ]", SCOPE_JSON_ARRAY, NULL },
  { "1e21", SCOPE_JSON_NUMBER, "1e21", SCOPE_JSON_NUMBER, NULL },
  { "true", SCOPE_JSON_TRUE, "true", SCOPE_JSON_TRUE, NULL },
  { "false", SCOPE_JSON_FALSE, "false", SCOPE_JSON_FALSE, NULL },
  { "{ \"n\" : 12345678901234567890 , \"s\":\"\\u0041\" }", SCOPE_JSON_OBJECT,
    "{ \"n\" : 12345678901234567890 , \"s\":\"\\u0041\" }", SCOPE_JSON_OBJECT,
    "{ \"n\" : 12345678901234567890 , \"s\":\"\\u0041\" }" },
  { "\" {} \"", SCOPE_JSON_STRING, " {} ", SCOPE_JSON_OBJECT, " {} " },
  { "\"[]\"", SCOPE_JSON_STRING, "[]", SCOPE_JSON_ARRAY, NULL },
  { "\"{} x\"", SCOPE_JSON_STRING, "{} x", SCOPE_JSON_NONE, NULL },
  { "\"gr\\u00fcn\"", SCOPE_JSON_STRING, "grün", SCOPE_JSON_NONE, NULL },
  /* no UTF-8 form: the token itself */
  { "\"a\\ud800b\"", SCOPE_JSON_STRING, "\"a\\ud800b\"", SCOPE_JSON_STRING, NULL },
};

static void
test_data (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (data_rows); i++)
    {
      const DataRow *row = &data_rows[i];
      g_autoptr (ScopeMessage) message = message_new_with_data (row->data);
      g_autoptr (GBytes) raw = scope_message_dup_raw_data (message);
      g_autoptr (GBytes) owner = NULL;
      ScopeSpan span = scope_message_get_data_span (message);
      ScopeJsonKind parsed = SCOPE_JSON_NONE;
      const char *text = NULL;
      gsize length = 0;

      g_test_message ("%s", row->data != NULL ? row->data : "absent");
      g_assert_cmpint (scope_message_get_data_kind (message), ==, row->kind);
      g_assert_cmpuint (span.length, ==, row->data != NULL ? strlen (row->data) : 0);
      g_assert_cmpint (raw != NULL, ==, row->raw != NULL);

      if (raw != NULL)
        {
          const char *bytes = g_bytes_get_data (raw, &length);
          const char *frame = g_bytes_get_data (scope_message_get_bytes (message), NULL);

          g_assert_cmpmem (bytes, length, row->raw, strlen (row->raw));
          g_assert_cmpmem (frame + span.offset, span.length, row->data, strlen (row->data));
          if (!scope_json_check (bytes, length, &parsed, NULL))
            parsed = SCOPE_JSON_NONE;
          g_assert_cmpint (parsed, ==, row->parsed);
        }

      g_assert_cmpint (scope_message_read_data_object (message, &text, &length, &owner), ==,
                       row->object != NULL);
      if (row->object != NULL)
        g_assert_cmpmem (text, length, row->object, strlen (row->object));
      else
        g_assert_null (owner);
    }
}

/* A NUL may stand in data: it is bytes. */
static void
test_data_nul (void)
{
  g_autoptr (ScopeMessage) message = message_new_with_data ("\"a\\u0000b\"");
  g_autoptr (GBytes) raw = scope_message_dup_raw_data (message);

  g_assert_cmpmem (g_bytes_get_data (raw, NULL), g_bytes_get_size (raw), "a\0b", 3);
}

/* The object outlives the message. */
static void
test_data_owner (void)
{
  static const char *const frames[] = { "{\"event\":\"e\",\"data\":{\"a\":1}}",
                                        "{\"event\":\"e\",\"data\":\"{\\\"a\\\":1}\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      ScopeMessage *message = message_new_ok (frames[i]);
      g_autoptr (GBytes) owner = NULL;
      const char *text;
      gsize length;

      g_assert_true (scope_message_read_data_object (message, &text, &length, &owner));
      scope_message_unref (message);
      g_assert_cmpmem (text, length, "{\"a\":1}", 7);
    }
}

static void
test_not_a_frame (void)
{
  static const char *const frames[] = {
    "",
    " ",
    "garbage",
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    "{",
    "}",
    "{}",
    "[]",
    "null",
    "\"pusher:ping\"",
    "12",
    "[{\"event\":\"e\"}]",
    "{\"event\":\"e\"",
    "{\"event\":\"e\"}}",
    "{\"event\":\"e\"}{\"event\":\"e\"}",
    "{\"event\":\"e\",}",
    "{'event':'e'}",
    "{event:\"e\"}",
    "{\"Event\":\"e\"}",
    "{\"event\":null}",
    "{\"event\":1}",
    "{\"event\":true}",
    "{\"event\":{}}",
    "{\"event\":[\"e\"]}",
    "{\"event\":\"e\",\"event\":1}",
    "{\"event\":\"e\",\"channel\":true}",
    "{\"event\":\"e\",\"channel\":{}}",
    "{\"event\":\"e\",\"channel\":[\"c\"]}",
    "{\"event\":\"e\",\"data\":}",
    "{\"event\":\"e\",\"data\":{bad}}",
    "{\"event\":\"e\",\"data\":\"open}",
    "{\"event\":\"e\",\"data\":01}",
    "{\"event\":\"e\",\"data\":NaN}",
    "{\"event\":\"line\nbreak\"}",
    "{\"event\":\"\\x\"}",
    "{\"event\":\"\\u12\"}",
    /* not UTF-8, wherever */
    "{\"event\":\"\xff\"}",
    "{\"event\":\"e\",\"data\":\"\xc3\x28\"}",
    "{\"event\":\"e\",\"data\":\"\xed\xa0\x80\"}",
    "{\"event\":\"e\",\"x\":\"\xf8\x88\x80\x80\x80\"}",
    "\xef\xbb\xbf{\"event\":\"e\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      assert_bad (frames[i], -1, SCOPE_ERROR_PROTOCOL);
    }

  assert_bad ("{\"event\":\"e\0\"}", 13, SCOPE_ERROR_PROTOCOL);
  assert_bad ("{\"event\":\"e\"}\0", 14, SCOPE_ERROR_PROTOCOL);
}

static char *
nested (guint depth)
{
  GString *frame = g_string_new ("{\"event\":\"e\",\"data\":");

  for (guint i = 0; i < depth; i++)
    g_string_append_c (frame, '[');
  for (guint i = 0; i < depth; i++)
    g_string_append_c (frame, ']');
  g_string_append_c (frame, '}');

  return g_string_free (frame, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *deepest = nested (SCOPE_LIMIT_JSON_DEPTH - 1);
  g_autofree char *deeper = nested (SCOPE_LIMIT_JSON_DEPTH);
  g_autofree char *hostile = nested (80000);
  g_autofree char *open = g_strnfill (80000, '[');
  g_autofree char *braces = g_strnfill (80000, '{');

  scope_message_unref (message_new_ok (deepest));
  assert_bad (deeper, -1, SCOPE_ERROR_LIMIT);
  assert_bad (hostile, -1, SCOPE_ERROR_LIMIT);
  assert_bad (open, -1, SCOPE_ERROR_LIMIT);
  assert_bad (braces, -1, SCOPE_ERROR_PROTOCOL);
}

/* 80,000 brackets in a string are only text, until someone reads it as an object. */
static void
test_depth_in_string (void)
{
  g_autofree char *brackets = g_strnfill (80000, '[');
  g_autofree char *data = g_strdup_printf ("\"{\\\"a\\\":%s\"", brackets);
  g_autoptr (ScopeMessage) message = message_new_with_data (data);
  g_autoptr (GBytes) owner = NULL;
  const char *text;
  gsize length;

  g_assert_false (scope_message_read_data_object (message, &text, &length, &owner));
}

static void
assert_name_length (const char *key,
                    gsize       length,
                    const char *unit,
                    int         code)
{
  g_autoptr (GString) frame = g_string_new ("{\"event\":\"e\",\"");
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeMessage) message = NULL;

  g_string_append_printf (frame, "%s\":\"", key);
  for (gsize i = 0; i < length; i++)
    g_string_append (frame, unit);
  g_string_append (frame, "\"}");

  message = message_new (frame->str, frame->len, &error);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, SCOPE_ERROR, code);
}

static void
test_name_bounds (void)
{
  static const char *const keys[] = { "event", "channel", "user_id" };
  const gsize most = SCOPE_LIMIT_RECEIVED_NAME_BYTES;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      assert_name_length (keys[i], most, "x", -1);
      assert_name_length (keys[i], most + 1, "x", SCOPE_ERROR_LIMIT);
      assert_name_length (keys[i], most, "\\u0041", -1);
      assert_name_length (keys[i], most + 1, "\\u0041", SCOPE_ERROR_LIMIT);
      assert_name_length (keys[i], most * 10, "\\u0041", SCOPE_ERROR_LIMIT);
      assert_name_length (keys[i], most / 3, "\\u0000", -1);
      assert_name_length (keys[i], most / 3 + 1, "\\u0000", SCOPE_ERROR_LIMIT);
    }
}

static void
test_frame_bound (void)
{
  static const char begin[] = "{\"event\":\"e\",\"data\":\"";
  g_autoptr (GString) frame = g_string_new (begin);
  g_autoptr (ScopeMessage) message = NULL;
  g_autofree char *fill = g_strnfill (SCOPE_LIMIT_FRAME_BYTES - strlen (begin) - 2, 'x');

  g_string_append (frame, fill);
  g_string_append (frame, "\"}");
  g_assert_cmpuint (frame->len, ==, SCOPE_LIMIT_FRAME_BYTES);
  message = message_new_ok (frame->str);

  g_string_append_c (frame, ' ');
  assert_bad (frame->str, frame->len, SCOPE_ERROR_LIMIT);
}

/* Every frame cut anywhere, and with each byte changed, is a message or an error, never more. */
static void
test_mutilated (void)
{
  static const char frame[] =
    "{\"event\":\"client-\\u00e4x\",\"channel\":\"presence-x\",\"user_id\":7,"
    "\"data\":\"{\\\"a\\\":[1,true,null,\\\"\\ud83d\\ude00\\\"]}\",\"x\":{\"y\":-1.5e+3}}";
  g_autofree char *copy = g_strdup (frame);

  for (gsize i = 0; i < strlen (frame); i++)
    assert_bad (frame, i, SCOPE_ERROR_PROTOCOL);

  for (gsize i = 0; i < strlen (frame); i++)
    {
      for (guint byte = 0; byte < 256; byte++)
        {
          g_autoptr (ScopeMessage) message = NULL;

          copy[i] = (char) byte;
          message = message_new (copy, strlen (frame), NULL);
          if (message != NULL)
            {
              g_autoptr (GBytes) raw = scope_message_dup_raw_data (message);

              g_assert_true (g_utf8_validate (scope_message_get_event (message, NULL), -1, NULL));
            }
        }
      copy[i] = frame[i];
    }
}

static void
test_ref (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("{\"event\":\"e\"}", 13);
  ScopeMessage *message = scope_message_new (bytes, NULL);
  ScopeMessage *copy = g_boxed_copy (SCOPE_TYPE_MESSAGE, message);

  g_assert_true (copy == message);
  g_assert_true (scope_message_get_bytes (message) == bytes);
  scope_message_unref (message);
  g_assert_cmpstr (scope_message_get_event (copy, NULL), ==, "e");
  g_boxed_free (SCOPE_TYPE_MESSAGE, copy);
}

/* Not part of the usual run: `-m perf`. */
static void
test_speed (void)
{
  static const char frame[] = "{\"event\":\"price-changed\",\"channel\":\"private-shop-1\",\"data\":"
                              "\"{\\\"id\\\":17,\\\"price\\\":1299,\\\"currency\\\":\\\"EUR\\\"}\"}";
  g_autoptr (GBytes) bytes = g_bytes_new_static (frame, strlen (frame));
  const guint n = 2000000;
  double seconds;

  g_test_timer_start ();
  for (guint i = 0; i < n; i++)
    scope_message_unref (scope_message_new (bytes, NULL));
  seconds = g_test_timer_elapsed ();
  g_test_maximized_result (n / seconds, "%.0f frames/s", n / seconds);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message/names", test_names);
  g_test_add_func ("/message/types", test_types);
  g_test_add_func ("/message/online-on-channel", test_online_on_channel);
  g_test_add_func ("/message/data", test_data);
  g_test_add_func ("/message/data-nul", test_data_nul);
  g_test_add_func ("/message/data-owner", test_data_owner);
  g_test_add_func ("/message/not-a-frame", test_not_a_frame);
  g_test_add_func ("/message/depth", test_depth);
  g_test_add_func ("/message/depth-in-string", test_depth_in_string);
  g_test_add_func ("/message/name-bounds", test_name_bounds);
  g_test_add_func ("/message/frame-bound", test_frame_bound);
  g_test_add_func ("/message/mutilated", test_mutilated);
  g_test_add_func ("/message/ref", test_ref);
  if (g_test_perf ())
    g_test_add_func ("/message/speed", test_speed);

  return g_test_run ();
}
