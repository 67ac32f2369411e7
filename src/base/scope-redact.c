/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-redact"

#include "config.h"

#include "base/scope-redact.h"

#include "base/scope-secret.h"

#include <string.h>

/* A shorter secret occurs by chance, and hiding it would shred the text. */
#define REDACT_MIN_BYTES 4

typedef struct
{
  gsize start;
  gsize end;
} RedactRange;

static int
redact_range_compare (gconstpointer a,
                      gconstpointer b)
{
  const RedactRange *left = a;
  const RedactRange *right = b;

  return left->start < right->start ? -1 : left->start > right->start;
}

/* Occurrences of secret, those that overlap joined into one. */
static void
redact_find (const char *text,
             const char *secret,
             GArray     *ranges)
{
  const char *found = text;
  gsize length = strlen (secret);
  guint first = ranges->len;

  for (; (found = strstr (found, secret)) != NULL; found++)
    {
      RedactRange range = { found - text, found - text + length };
      RedactRange *last = NULL;

      if (ranges->len > first)
        last = &g_array_index (ranges, RedactRange, ranges->len - 1);
      if (last != NULL && range.start < last->end)
        last->end = range.end;
      else
        g_array_append_val (ranges, range);
    }
}

static char *
redact_splice (const char *text,
               GArray     *ranges)
{
  GString *out = g_string_new (NULL);
  gsize shown = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      const RedactRange *range = &g_array_index (ranges, RedactRange, i);

      /* Two secrets may overlap: what sticks out of the first is hidden under the same mark. */
      if (i > 0 && range->start < shown)
        {
          shown = MAX (shown, range->end);
          continue;
        }
      g_string_append_len (out, text + shown, range->start - shown);
      g_string_append (out, SCOPE_REDACTED);
      shown = range->end;
    }

  g_string_append (out, text + shown);
  return g_string_free (out, FALSE);
}

/**
 * scope_redact_text:
 * @text: text about to be shown, logged or recorded
 * @secrets: (nullable) (array zero-terminated=1): what must not be in it
 *
 * Every occurrence of every secret becomes `•••`, also where two overlap. Secrets
 * shorter than 4 bytes are left alone.
 *
 * Returns: (transfer full): @text without the secrets
 */
char *
scope_redact_text (const char         *text,
                   const char * const *secrets)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (RedactRange));

  g_return_val_if_fail (text != NULL, NULL);

  for (gsize i = 0; secrets != NULL && secrets[i] != NULL; i++)
    if (strlen (secrets[i]) >= REDACT_MIN_BYTES)
      redact_find (text, secrets[i], ranges);

  g_array_sort (ranges, redact_range_compare);
  return redact_splice (text, ranges);
}

/* "a=1&b&c=" → "a=•••&•••&c=". An item without a name may be a bare token: hidden as well. */
static void
redact_append_query (GString    *out,
                     const char *query,
                     gsize       length)
{
  const char *end = query + length;

  while (query < end)
    {
      gsize item = strcspn (query, "&;#");
      const char *equals = memchr (query, '=', item);
      gsize kept = equals != NULL ? equals + 1 - query : 0;

      g_string_append_len (out, query, kept);
      if (item > kept)
        g_string_append (out, SCOPE_REDACTED);
      query += item;
      if (query < end)
        g_string_append_c (out, *query++);
    }
}

/* Returns where the authority begins: behind "scheme://", else at the start. */
static gsize
redact_find_authority (const char *url)
{
  gsize scheme = strcspn (url, "/?#");

  return g_str_has_prefix (url + scheme, "//") ? scheme + 2 : 0;
}

/**
 * scope_redact_url:
 * @url: an absolute or relative URL; need not be valid
 *
 * Hides user name and password, the value of every query parameter and the fragment (tokens
 * travel in all three). Host and path are kept.
 *
 * Returns: (transfer full): @url without what may be secret
 */
char *
scope_redact_url (const char *url)
{
  GString *out = g_string_new (NULL);
  gsize authority, host, query, fragment;
  const char *at;

  g_return_val_if_fail (url != NULL, NULL);

  authority = redact_find_authority (url);
  at = g_strrstr_len (url + authority, strcspn (url + authority, "/?#"), "@");
  host = at != NULL ? (gsize) (at - url) : authority;
  fragment = strcspn (url, "#");
  query = strcspn (url, "?#");

  g_string_append_len (out, url, authority);
  if (at != NULL)
    g_string_append (out, SCOPE_REDACTED);
  g_string_append_len (out, url + host, query - host);
  if (query < fragment)
    {
      g_string_append_c (out, '?');
      redact_append_query (out, url + query + 1, fragment - query - 1);
    }
  if (url[fragment] != '\0')
    g_string_append (out, url[fragment + 1] != '\0' ? "#" SCOPE_REDACTED : "#");

  return g_string_free (out, FALSE);
}
