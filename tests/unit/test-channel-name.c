/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §3.1, §3.2. */

#define G_LOG_DOMAIN "test-channel-name"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "protocol/scope-channel-name.h"

typedef struct
{
  const char *name;
  ScopeChannelKind kind;
  gboolean auth, presence, encrypted, cache, client_events;
} KindRow;

static const KindRow kinds[] = {
  { "private-encrypted-cache-x", SCOPE_CHANNEL_PRIVATE_ENCRYPTED_CACHE, TRUE, FALSE, TRUE, TRUE, FALSE },
  { "private-encrypted-x", SCOPE_CHANNEL_PRIVATE_ENCRYPTED, TRUE, FALSE, TRUE, FALSE, FALSE },
  { "private-cache-x", SCOPE_CHANNEL_PRIVATE_CACHE, TRUE, FALSE, FALSE, TRUE, TRUE },
  { "private-x", SCOPE_CHANNEL_PRIVATE, TRUE, FALSE, FALSE, FALSE, TRUE },
  { "presence-cache-x", SCOPE_CHANNEL_PRESENCE_CACHE, TRUE, TRUE, FALSE, TRUE, TRUE },
  { "presence-x", SCOPE_CHANNEL_PRESENCE, TRUE, TRUE, FALSE, FALSE, TRUE },
  { "cache-x", SCOPE_CHANNEL_CACHE, FALSE, FALSE, FALSE, TRUE, FALSE },
  { "#server-to-user-7", SCOPE_CHANNEL_SERVER_TO_USER, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "x", SCOPE_CHANNEL_PUBLIC, FALSE, FALSE, FALSE, FALSE, FALSE },
  /* the prefix may be all there is */
  { "private-", SCOPE_CHANNEL_PRIVATE, TRUE, FALSE, FALSE, FALSE, TRUE },
  { "private-encrypted", SCOPE_CHANNEL_PRIVATE, TRUE, FALSE, FALSE, FALSE, TRUE },
  { "presence-encrypted-x", SCOPE_CHANNEL_PRESENCE, TRUE, TRUE, FALSE, FALSE, TRUE },
  /* anchored, with the dash, case counts */
  { "my-private-x", SCOPE_CHANNEL_PUBLIC, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "privateers", SCOPE_CHANNEL_PUBLIC, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "Private-x", SCOPE_CHANNEL_PUBLIC, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "presence", SCOPE_CHANNEL_PUBLIC, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "", SCOPE_CHANNEL_PUBLIC, FALSE, FALSE, FALSE, FALSE, FALSE },
};

static void
test_kind (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      ScopeChannelKind kind = scope_channel_name_get_kind (kinds[i].name);

      g_assert_cmpint (kind, ==, kinds[i].kind);
      g_assert_cmpint (scope_channel_kind_needs_auth (kind), ==, kinds[i].auth);
      g_assert_cmpint (scope_channel_kind_is_presence (kind), ==, kinds[i].presence);
      g_assert_cmpint (scope_channel_kind_is_encrypted (kind), ==, kinds[i].encrypted);
      g_assert_cmpint (scope_channel_kind_is_cache (kind), ==, kinds[i].cache);
      g_assert_cmpint (scope_channel_kind_allows_client_events (kind), ==, kinds[i].client_events);
    }
}

static void
test_kind_text (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int kind = SCOPE_CHANNEL_PUBLIC; kind <= SCOPE_CHANNEL_SERVER_TO_USER; kind++)
    {
      const char *text = scope_channel_kind_to_text (kind);

      g_assert_cmpstr (text, !=, "");
      g_assert_true (g_hash_table_add (seen, (gpointer) text));
    }
}

static void
test_good (void)
{
  static const char *const names[] = {
    "a", "ABCXYZabcxyz0189_-=@,.;", "private-a", "presence-cache-a", "#server-to-user-u-1",
    "private-x-presence-y",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *warning = (char *) "unset";
      g_autoptr (GError) error = NULL;

      g_assert_true (scope_channel_name_check (names[i], &warning, &error));
      g_assert_no_error (error);
      g_assert_null (warning);
      g_assert_true (scope_channel_name_check (names[i], NULL, NULL));
    }
}

static void
test_bad (void)
{
  static const struct
  {
    const char *name;
    const char *says;
  } rows[] = {
    { "", "empty" },
    { "a b", "“ ”" },
    { "a/b", "“/”" },
    { "größe", "“ö”" },
    { "a:b", "“:”" },
    { "a\nb", "“\\x0A”" },
    { "a\xff", "“\\xFF”" },
    { "a#b", "“#”" },
    { "##a", "“#”" },
    { "#a", "reserved" },
    { "#", "reserved" },
    { "#server-to-user-", "reserved" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      char *warning = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (scope_channel_name_check (rows[i].name, &warning, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, rows[i].says));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (warning);
    }
}

static void
test_length (void)
{
  static const struct
  {
    gsize length;
    gboolean good, warns;
  } rows[] = { { 164, TRUE, FALSE }, { 165, TRUE, TRUE }, { 200, TRUE, TRUE }, { 201, FALSE, FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = g_strnfill (rows[i].length, 'x');
      g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, rows[i].length);
      g_autofree char *warning = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (scope_channel_name_check (name, &warning, &error), ==, rows[i].good);
      g_assert_cmpint (warning != NULL, ==, rows[i].warns);
      if (warning != NULL)
        g_assert_nonnull (strstr (warning, number));
      if (error != NULL)
        g_assert_nonnull (strstr (error->message, number));
    }
}

static void
test_warning (void)
{
  static const struct
  {
    const char *name;
    const char *server;
  } rows[] = {
    { "my-private-room", "soketi" },   { "x-presence-y", "soketi" }, { "cache-private-x", "soketi" },
    { "privateers", "Reverb" },        { "presence_x", "Reverb" },   { "Private-x", NULL },
    { "private-x-private-y", NULL },   { "my-cache-x", NULL },       { "#server-to-user-private-1", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *warning = NULL;

      g_assert_true (scope_channel_name_check (rows[i].name, &warning, NULL));
      if (rows[i].server == NULL)
        g_assert_null (warning);
      else
        g_assert_nonnull (strstr (warning, rows[i].server));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/channel-name/kind", test_kind);
  g_test_add_func ("/channel-name/kind-text", test_kind_text);
  g_test_add_func ("/channel-name/good", test_good);
  g_test_add_func ("/channel-name/bad", test_bad);
  g_test_add_func ("/channel-name/length", test_length);
  g_test_add_func ("/channel-name/warning", test_warning);

  return g_test_run ();
}
