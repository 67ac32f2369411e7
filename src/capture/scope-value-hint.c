/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-value-hint"

#include "config.h"

#include "capture/scope-value-hint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-text.h"

/* Fewer characters turn into readable text by chance: many ids and words are valid base64. */
#define MIN_BASE64_BYTES 16
#define MAX_ISO_BYTES 40
/* 2001-09-09 and 2100-01-01: numbers outside are counts and ids more often than times */
#define FIRST_SECOND G_GINT64_CONSTANT (1000000000)
#define LAST_SECOND G_GINT64_CONSTANT (4102444800)
#define SECONDS_DIGITS 10
#define MILLISECONDS_DIGITS 13
#define MICROSECONDS_DIGITS 16

/* --- moments --- */

/* up to six digits behind a point, as microseconds */
static gboolean
hint_read_fraction (const char *text,
                    gsize       length,
                    gint64     *usec)
{
  gint64 unit = G_USEC_PER_SEC;

  *usec = 0;
  if (length == 0)
    return TRUE;
  if (length == 1 || *text != '.')
    return FALSE;
  for (gsize i = 1; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      unit /= 10;
      *usec += unit * (text[i] - '0');
    }
  return TRUE;
}

static gboolean
hint_init_epoch (ScopeValueHint *self,
                 const char     *digits,
                 gsize           length)
{
  gsize whole = 0;
  gint64 value = 0;
  gint64 scale, fraction;

  for (; whole < length && whole <= MICROSECONDS_DIGITS && g_ascii_isdigit (digits[whole]); whole++)
    value = value * 10 + (digits[whole] - '0');
  if (whole == SECONDS_DIGITS)
    scale = 1;
  else if (whole == MILLISECONDS_DIGITS)
    scale = 1000;
  else if (whole == MICROSECONDS_DIGITS)
    scale = G_USEC_PER_SEC;
  else
    return FALSE;
  if (value / scale < FIRST_SECOND || value / scale >= LAST_SECOND
      || !hint_read_fraction (digits + whole, length - whole, &fraction))
    return FALSE;

  self->kind = SCOPE_VALUE_HINT_TIME;
  self->time_usec = value * (G_USEC_PER_SEC / scale) + fraction / scale;
  return TRUE;
}

/* 2026-11-21T14:05:02, with what RFC 3339 allows, and also without a zone */
static gboolean
hint_init_iso (ScopeValueHint *self,
               const char     *text)
{
  g_autofree char *with_zone = NULL;

  if (strlen (text) < strlen ("2026-11-21T14:05") || !g_ascii_isdigit (*text))
    return FALSE;
  self->kind = SCOPE_VALUE_HINT_TIME;
  if (scope_text_parse_rfc3339 (text, &self->time_usec))
    return TRUE;

  with_zone = g_strconcat (text, "Z", NULL);
  self->no_zone = scope_text_parse_rfc3339 (with_zone, &self->time_usec);
  if (!self->no_zone)
    self->kind = SCOPE_VALUE_HINT_NONE;
  return self->no_zone;
}

/* --- text in text --- */

/* An object, array or string; a number or a word in quotes is just that. */
static gboolean
hint_is_json (const char *text,
              gsize       length)
{
  ScopeJsonKind kind = scope_json_peek_kind (text, length);

  return (kind == SCOPE_JSON_OBJECT || kind == SCOPE_JSON_ARRAY || kind == SCOPE_JSON_STRING)
         && scope_json_check (text, length, NULL, NULL);
}

/* Control characters other than line breaks and tabs say that it is no text. */
static gboolean
hint_is_readable (const char *text,
                  gsize       length)
{
  if (length == 0 || !g_utf8_validate_len (text, length, NULL))
    return FALSE;
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\r' || c == '\t')
        continue;
      if (!g_unichar_isprint (c))
        return FALSE;
    }
  return TRUE;
}

/* base64 of either alphabet, padded or not, without white space (transfer full, nullable) */
static GBytes *
hint_decode_base64 (const char *text,
                    gsize       length)
{
  g_autofree char *plain = NULL;
  guchar *decoded;
  gsize padding = 0;
  gsize decoded_length;

  while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
    padding++;
  length -= padding;
  if (length % 4 == 1 || (padding > 0 && (length + padding) % 4 != 0))
    return NULL;

  plain = g_malloc (length + 5);
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]) && strchr ("+/-_", text[i]) == NULL)
        return NULL;
      plain[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    }
  for (; length % 4 != 0; length++)
    plain[length] = '=';
  plain[length] = '\0';
  decoded = g_base64_decode (plain, &decoded_length);
  return g_bytes_new_take (decoded, decoded_length);
}

static gboolean
hint_init_base64 (ScopeValueHint *self,
                  const char     *text,
                  gsize           length)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *decoded;
  gsize decoded_length;

  if (length < MIN_BASE64_BYTES || memchr (text, '\0', length) != NULL)
    return FALSE;
  bytes = hint_decode_base64 (text, length);
  if (bytes == NULL)
    return FALSE;
  decoded = g_bytes_get_data (bytes, &decoded_length);
  if (hint_is_json (decoded, decoded_length))
    self->kind = SCOPE_VALUE_HINT_BASE64_JSON;
  else if (hint_is_readable (decoded, decoded_length))
    self->kind = SCOPE_VALUE_HINT_BASE64_TEXT;
  else
    return FALSE;
  self->decoded = g_steal_pointer (&bytes);
  return TRUE;
}

/* --- tokens --- */

/* a part of a token: base64 of a JSON object (transfer full, nullable) */
static GBytes *
hint_decode_part (const char *text,
                  gsize       length)
{
  g_autoptr (GBytes) bytes = length > 0 ? hint_decode_base64 (text, length) : NULL;
  const char *json;
  gsize json_length;

  if (bytes == NULL)
    return NULL;
  json = g_bytes_get_data (bytes, &json_length);
  if (scope_json_peek_kind (json, json_length) != SCOPE_JSON_OBJECT
      || !scope_json_check (json, json_length, NULL, NULL))
    return NULL;
  return g_steal_pointer (&bytes);
}

static char *
hint_dup_member (GBytes     *json,
                 const char *key)
{
  gsize length;
  const char *text = g_bytes_get_data (json, &length);

  return scope_json_dup_member (text, length, key);
}

static void
hint_take_expiry (ScopeValueHint *self)
{
  g_autofree char *expires = hint_dup_member (self->decoded, "exp");
  ScopeValueHint moment = { 0 };

  if (expires != NULL && hint_init_epoch (&moment, expires, strlen (expires)))
    self->time_usec = moment.time_usec;
}

/* header.claims.signature */
static gboolean
hint_init_token (ScopeValueHint *self,
                 const char     *text,
                 gsize           length)
{
  const char *first = memchr (text, '.', length);
  const char *second = first != NULL ? memchr (first + 1, '.', text + length - first - 1) : NULL;
  g_autoptr (GBytes) header = NULL;

  if (second == NULL || memchr (second + 1, '.', text + length - second - 1) != NULL)
    return FALSE;
  header = hint_decode_part (text, first - text);
  if (header == NULL)
    return FALSE;
  self->algorithm = hint_dup_member (header, "alg");
  if (self->algorithm != NULL)
    self->decoded = hint_decode_part (first + 1, second - first - 1);
  if (self->decoded == NULL)
    {
      g_clear_pointer (&self->algorithm, g_free);
      return FALSE;
    }
  self->kind = SCOPE_VALUE_HINT_TOKEN;
  hint_take_expiry (self);
  return TRUE;
}

/* --- any string --- */

static gboolean
hint_init_text (ScopeValueHint *self,
                const char     *text,
                gsize           length)
{
  if (hint_is_json (text, length))
    {
      self->kind = SCOPE_VALUE_HINT_JSON;
      self->decoded = g_bytes_new (text, length);
      return TRUE;
    }
  if (length <= MAX_ISO_BYTES && strlen (text) == length
      && (hint_init_epoch (self, text, length) || hint_init_iso (self, text)))
    return TRUE;
  return hint_init_token (self, text, length) || hint_init_base64 (self, text, length);
}

/**
 * scope_value_hint_init:
 * @self: (out caller-allocates): what was found; clear it also if nothing was
 * @kind: of @token
 * @token: a JSON token that was checked
 * @length: its length in bytes
 *
 * Returns: whether the value may mean more than it says
 */
gboolean
scope_value_hint_init (ScopeValueHint *self,
                       ScopeJsonKind   kind,
                       const char     *token,
                       gsize           length)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (token != NULL || length == 0, FALSE);

  *self = (ScopeValueHint) { 0 };
  if (kind == SCOPE_JSON_NUMBER)
    return hint_init_epoch (self, token, length);
  if (kind != SCOPE_JSON_STRING || length > SCOPE_VALUE_HINT_MAX_BYTES)
    return FALSE;

  text = g_string_sized_new (length + 8);
  return scope_json_string_decode (token, length, text)
         && hint_init_text (self, text->str, text->len);
}

/**
 * scope_value_hint_clear:
 * @self: a hint
 */
void
scope_value_hint_clear (ScopeValueHint *self)
{
  g_clear_pointer (&self->decoded, g_bytes_unref);
  g_clear_pointer (&self->algorithm, g_free);
  *self = (ScopeValueHint) { 0 };
}

/* --- in words --- */

static char *
hint_dup_distance (gint64 usec)
{
  g_autofree char *distance = scope_text_format_duration (ABS (usec));

  if (ABS (usec) < 1000)
    return g_strdup (_("at the time of the event"));
  if (usec < 0)
    /* Translators: %s is a duration: “5 min before the event” */
    return g_strdup_printf (_("%s before the event"), distance);
  return g_strdup_printf (_("%s after the event"), distance);
}

static char *
hint_dup_moment (gint64 time_usec,
                 gint64 event_usec)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *clock = local != NULL ? g_date_time_format (local, "%F %T") : g_strdup ("?");
  g_autofree char *distance = NULL;

  if (event_usec == 0)
    return g_strdup_printf (_("%s local"), clock);
  distance = hint_dup_distance (time_usec - event_usec);
  /* Translators: a date and time, then how far from the event: “2026-11-21 17:27:03 local, 5 min before the event” */
  return g_strdup_printf (_("%s local, %s"), clock, distance);
}

static char *
hint_dup_token_text (const ScopeValueHint *self,
                     gint64                event_usec)
{
  g_autofree char *until = NULL;

  if (self->time_usec == 0)
    return g_strdup_printf (_("JSON Web Token (%s), signature not checked"), self->algorithm);
  until = hint_dup_moment (self->time_usec, event_usec);
  return g_strdup_printf (_("JSON Web Token (%s), signature not checked, expires %s"),
                          self->algorithm, until);
}

/**
 * scope_value_hint_to_text:
 * @event_usec: when the event came, to tell how far off a moment is; 0: don't
 *
 * Returns: (transfer full) (nullable): the hint in words; %NULL if there is none
 */
char *
scope_value_hint_to_text (const ScopeValueHint *self,
                          gint64                event_usec)
{
  g_autofree char *moment = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case SCOPE_VALUE_HINT_TIME:
      moment = hint_dup_moment (self->time_usec, event_usec);
      if (self->no_zone)
        return g_strdup_printf (_("%s, if it is meant as UTC"), moment);
      return g_steal_pointer (&moment);
    case SCOPE_VALUE_HINT_JSON:
      return g_strdup (_("text that holds JSON"));
    case SCOPE_VALUE_HINT_BASE64_JSON:
      return g_strdup (_("base64 of JSON"));
    case SCOPE_VALUE_HINT_BASE64_TEXT:
      return g_strdup (_("base64 of text"));
    case SCOPE_VALUE_HINT_TOKEN:
      return hint_dup_token_text (self, event_usec);
    case SCOPE_VALUE_HINT_NONE:
    default:
      return NULL;
    }
}
