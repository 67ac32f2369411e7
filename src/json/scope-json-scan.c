/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json"

#include "config.h"

#include "json/scope-json-private.h"

#include "base/scope-limits.h"
#include "base/scope-utf8.h"

#include <glib/gi18n-lib.h>

/* One core for checking and for finding members: the document is read once, left to right,
 * without recursion and without allocation. What kind of container is open stands in one bit a
 * level, which is why the depth is limited to the bits of a word.
 *
 * Every step returns FALSE after json_scan_fail(). Steps inside a token take and return a place
 * (NULL on failure), steps between tokens move pos. */
G_STATIC_ASSERT (SCOPE_LIMIT_JSON_DEPTH == 64);

typedef struct
{
  const char *start;
  const char *end;
  const char *pos;

  guint64 objects;  /* bit 0: whether the innermost open container is an object */
  guint depth;      /* open containers */
  gboolean fresh;   /* the innermost container was just opened */

  ScopeJsonWanted *wanted; /* members to find in the outermost object */
  guint n_wanted;
  ScopeJsonWanted *current; /* the one whose value is being read */

  ScopeJsonProblem problem;
} JsonScan;

static gboolean
json_scan_fail (JsonScan       *self,
                ScopeJsonFault  fault,
                const char     *at)
{
  self->problem.fault = fault;
  self->problem.offset = at - self->start;
  return FALSE;
}

/* Tells apart: the text ends, it is no UTF-8, or it is merely wrong. */
static gboolean
json_scan_fail_at (JsonScan   *self,
                   const char *at)
{
  ScopeJsonFault fault = SCOPE_JSON_FAULT_SYNTAX;
  gsize length;

  if (at == self->end)
    fault = SCOPE_JSON_FAULT_TRUNCATED;
  else if (scope_utf8_measure (at, self->end - at, &length) != SCOPE_UTF8_GOOD)
    fault = SCOPE_JSON_FAULT_UTF8;

  return json_scan_fail (self, fault, at);
}

static const char *
json_scan_hex (JsonScan   *self,
               const char *p)
{
  for (guint i = 0; i < 4; i++, p++)
    if (p == self->end || !g_ascii_isxdigit (*p))
      {
        json_scan_fail_at (self, p);
        return NULL;
      }

  return p;
}

/* p stands on the backslash */
static const char *
json_scan_escape (JsonScan   *self,
                  const char *p)
{
  p++;
  if (p < self->end)
    switch (*p)
      {
      case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
        return p + 1;
      case 'u':
        return json_scan_hex (self, p + 1);
      default:
        break;
      }

  json_scan_fail_at (self, p);
  return NULL;
}

/* A run of characters beyond ASCII: scripts other than Latin come in runs. */
static const char *
json_scan_multibyte (JsonScan   *self,
                     const char *p)
{
  ScopeUtf8 found = SCOPE_UTF8_GOOD;
  gsize length;

  for (; p < self->end && (guint8) *p >= 0x80; p += length)
    {
      found = scope_utf8_measure (p, self->end - p, &length);
      if (found != SCOPE_UTF8_GOOD)
        break;
    }

  if (found == SCOPE_UTF8_GOOD)
    return p;
  if (found == SCOPE_UTF8_CUT)
    json_scan_fail (self, SCOPE_JSON_FAULT_TRUNCATED, self->end);
  else
    json_scan_fail (self, SCOPE_JSON_FAULT_UTF8, p);
  return NULL;
}

/* p stands on the opening quote */
static const char *
json_scan_string (JsonScan   *self,
                  const char *p)
{
  p++;
  while (p != NULL)
    {
      p = json_skip_plain (p, self->end);
      if (G_LIKELY (p < self->end && *p == '"'))
        return p + 1;

      if (p < self->end && *p == '\\')
        p = json_scan_escape (self, p);
      else if (p < self->end && (guint8) *p >= 0x80)
        p = json_scan_multibyte (self, p);
      else
        {
          json_scan_fail_at (self, p);
          p = NULL;
        }
    }

  return NULL;
}

/* at least one digit */
static const char *
json_scan_digits (JsonScan   *self,
                  const char *p)
{
  if (p == self->end || !g_ascii_isdigit (*p))
    {
      json_scan_fail_at (self, p);
      return NULL;
    }

  while (p < self->end && g_ascii_isdigit (*p))
    p++;
  return p;
}

/* "0" or digits that do not begin with 0 */
static const char *
json_scan_integer (JsonScan   *self,
                   const char *p)
{
  if (p == self->end || *p != '0')
    return json_scan_digits (self, p);

  p++;
  if (p == self->end || !g_ascii_isdigit (*p))
    return p;

  json_scan_fail_at (self, p);
  return NULL;
}

static const char *
json_scan_number (JsonScan   *self,
                  const char *p)
{
  p = json_scan_integer (self, *p == '-' ? p + 1 : p);
  if (p != NULL && p < self->end && *p == '.')
    p = json_scan_digits (self, p + 1);
  if (p != NULL && p < self->end && (*p == 'e' || *p == 'E'))
    {
      p++;
      if (p < self->end && (*p == '+' || *p == '-'))
        p++;
      p = json_scan_digits (self, p);
    }

  return p;
}

static const char *
json_scan_literal (JsonScan   *self,
                   const char *p,
                   const char *literal)
{
  for (; *literal != '\0'; literal++, p++)
    if (p == self->end || *p != *literal)
      {
        json_scan_fail_at (self, p);
        return NULL;
      }

  return p;
}

static gboolean
json_scan_open (JsonScan *self,
                gboolean  object)
{
  if (self->depth == SCOPE_LIMIT_JSON_DEPTH)
    return json_scan_fail (self, SCOPE_JSON_FAULT_DEPTH, self->pos);

  self->objects = self->objects << 1 | object;
  self->depth++;
  self->fresh = TRUE;
  self->pos++;
  return TRUE;
}

static void
json_scan_close (JsonScan *self)
{
  self->objects >>= 1;
  self->depth--;
  self->fresh = FALSE;
  self->pos++;
}

static inline gboolean
json_scan_is_object (const JsonScan *self)
{
  return self->objects & 1;
}

/* Reads a value that is one token, or opens a container. */
static gboolean
json_scan_value (JsonScan *self)
{
  const char *p = self->pos;

  switch (scope_json_peek_kind (p, self->end - p))
    {
    case SCOPE_JSON_OBJECT:
      return json_scan_open (self, TRUE);
    case SCOPE_JSON_ARRAY:
      return json_scan_open (self, FALSE);
    case SCOPE_JSON_STRING:
      p = json_scan_string (self, p);
      break;
    case SCOPE_JSON_NUMBER:
      p = json_scan_number (self, p);
      break;
    case SCOPE_JSON_TRUE:
      p = json_scan_literal (self, p, "true");
      break;
    case SCOPE_JSON_FALSE:
      p = json_scan_literal (self, p, "false");
      break;
    case SCOPE_JSON_NULL:
      p = json_scan_literal (self, p, "null");
      break;
    case SCOPE_JSON_NONE:
    default:
      return json_scan_fail_at (self, p);
    }

  self->fresh = FALSE;
  self->pos = p;
  return p != NULL;
}

static gboolean
json_key_is (const char *token,
             gsize       length,
             const char *key)
{
  const char *plain = token + 1;

  /* A document's key holds no NUL: where the wanted one ends early, they differ. */
  if (memchr (plain, '\\', length - 2) == NULL)
    return strncmp (plain, key, length - 2) == 0 && key[length - 2] == '\0';
  return scope_json_string_equal (token, length, key);
}

static ScopeJsonWanted *
json_scan_find_wanted (const JsonScan *self,
                       const char     *key_end)
{
  for (guint i = 0; i < self->n_wanted; i++)
    if (json_key_is (self->pos, key_end - self->pos, self->wanted[i].key))
      return &self->wanted[i];

  return NULL;
}

/* Reads a key and its colon. */
static gboolean
json_scan_key (JsonScan *self)
{
  const char *p;

  if (self->pos == self->end || *self->pos != '"')
    return json_scan_fail_at (self, self->pos);

  p = json_scan_string (self, self->pos);
  if (p == NULL)
    return FALSE;
  if (self->depth == 1)
    self->current = json_scan_find_wanted (self, p);

  p = json_skip_space (p, self->end);
  if (p == self->end || *p != ':')
    return json_scan_fail_at (self, p);

  self->pos = json_skip_space (p + 1, self->end);
  if (self->current != NULL && self->depth == 1)
    {
      self->current->value.offset = self->pos - self->start;
      self->current->kind = scope_json_peek_kind (self->pos, self->end - self->pos);
    }
  return TRUE;
}

/* Reads the next member or element of the innermost container, or its end. */
static gboolean
json_scan_step (JsonScan *self)
{
  const char *p = json_skip_space (self->pos, self->end);

  self->pos = p;
  if (p < self->end && *p == (json_scan_is_object (self) ? '}' : ']'))
    {
      json_scan_close (self);
      return TRUE;
    }

  if (!self->fresh)
    {
      if (p == self->end || *p != ',')
        return json_scan_fail_at (self, p);
      self->pos = json_skip_space (p + 1, self->end);
    }

  if (json_scan_is_object (self) && !json_scan_key (self))
    return FALSE;
  return json_scan_value (self);
}

static gboolean
json_scan_document (JsonScan *self)
{
  if (!json_scan_value (self))
    return FALSE;

  while (self->depth > 0)
    {
      if (!json_scan_step (self))
        return FALSE;
      if (self->current != NULL && self->depth == 1)
        {
          self->current->value.length = self->pos - self->start - self->current->value.offset;
          self->current = NULL;
        }
    }

  self->pos = json_skip_space (self->pos, self->end);
  if (self->pos < self->end)
    return json_scan_fail (self, SCOPE_JSON_FAULT_TRAILING, self->pos);
  return TRUE;
}

/* Sets up and goes to the first byte of the document. */
static gboolean
json_scan_begin (JsonScan   *self,
                 const char *text,
                 gsize       length)
{
  self->start = text;
  self->end = text + length;
  self->pos = text;
  if (length > G_MAXUINT32)
    return json_scan_fail (self, SCOPE_JSON_FAULT_SIZE, text + G_MAXUINT32);

  self->pos = json_skip_space (text, self->end);
  if (self->pos == self->end)
    return json_scan_fail (self, SCOPE_JSON_FAULT_EMPTY, self->pos);
  return TRUE;
}

static void
json_wanted_clear (ScopeJsonWanted *wanted,
                   guint            n_wanted)
{
  for (guint i = 0; i < n_wanted; i++)
    {
      wanted[i].value = (ScopeSpan) { 0, 0 };
      wanted[i].kind = SCOPE_JSON_NONE;
    }
}

/**
 * scope_json_peek_kind:
 * @text: (nullable): any bytes
 * @length: how many
 *
 * Judges by the first byte that is no white space, and by nothing else.
 *
 * Returns: what @text is if it is JSON
 */
ScopeJsonKind
scope_json_peek_kind (const char *text,
                      gsize       length)
{
  static const guint8 kinds[256] = {
    ['{'] = SCOPE_JSON_OBJECT, ['['] = SCOPE_JSON_ARRAY,  ['"'] = SCOPE_JSON_STRING,
    ['t'] = SCOPE_JSON_TRUE,   ['f'] = SCOPE_JSON_FALSE,  ['n'] = SCOPE_JSON_NULL,
    ['-'] = SCOPE_JSON_NUMBER, ['0'] = SCOPE_JSON_NUMBER, ['1'] = SCOPE_JSON_NUMBER,
    ['2'] = SCOPE_JSON_NUMBER, ['3'] = SCOPE_JSON_NUMBER, ['4'] = SCOPE_JSON_NUMBER,
    ['5'] = SCOPE_JSON_NUMBER, ['6'] = SCOPE_JSON_NUMBER, ['7'] = SCOPE_JSON_NUMBER,
    ['8'] = SCOPE_JSON_NUMBER, ['9'] = SCOPE_JSON_NUMBER,
  };
  const char *p = json_skip_space (text, text + length);

  return p < text + length ? kinds[(guint8) *p] : SCOPE_JSON_NONE;
}

/**
 * scope_json_check:
 * @text: (nullable): any bytes
 * @length: how many
 * @kind: (out) (optional): what the document is
 * @problem: (out) (optional): what is wrong, and where; only written on failure
 *
 * Checks that @text is exactly one JSON document in the sense of RFC 8259, in well-formed UTF-8,
 * with at most `SCOPE_LIMIT_JSON_DEPTH` containers inside each other.
 *
 * Returns: whether it is
 */
gboolean
scope_json_check (const char       *text,
                  gsize             length,
                  ScopeJsonKind    *kind,
                  ScopeJsonProblem *problem)
{
  JsonScan scan = { 0 };

  g_return_val_if_fail (text != NULL || length == 0, FALSE);

  if (!json_scan_begin (&scan, text, length) || !json_scan_document (&scan))
    {
      if (problem != NULL)
        *problem = scan.problem;
      return FALSE;
    }

  if (kind != NULL)
    *kind = scope_json_peek_kind (text, length);
  return TRUE;
}

/**
 * scope_json_scan_object:
 * @text: (nullable): any bytes
 * @length: how many
 * @wanted: (array length=n_wanted): the members to find; each key once
 * @n_wanted: how many
 * @problem: (out) (optional): what is wrong, and where; only written on failure
 *
 * Checks a document like scope_json_check() and finds members of its outermost object in the same
 * pass, without allocating. Of equal keys the last counts, as in JavaScript. A document of another
 * kind is `SCOPE_JSON_FAULT_SYNTAX` at its first byte. After a failure no member is there.
 *
 * Returns: whether @text is a JSON object
 */
gboolean
scope_json_scan_object (const char       *text,
                        gsize             length,
                        ScopeJsonWanted  *wanted,
                        guint             n_wanted,
                        ScopeJsonProblem *problem)
{
  JsonScan scan = { .wanted = wanted, .n_wanted = n_wanted };
  gboolean good;

  g_return_val_if_fail (text != NULL || length == 0, FALSE);
  g_return_val_if_fail (wanted != NULL || n_wanted == 0, FALSE);

  json_wanted_clear (wanted, n_wanted);
  good = json_scan_begin (&scan, text, length);
  if (good && *scan.pos != '{')
    good = json_scan_fail (&scan, SCOPE_JSON_FAULT_SYNTAX, scan.pos);
  if (good && json_scan_document (&scan))
    return TRUE;

  json_wanted_clear (wanted, n_wanted);
  if (problem != NULL)
    *problem = scan.problem;
  return FALSE;
}

/**
 * scope_json_problem_to_text:
 * @problem: what scope_json_check() found
 *
 * Returns: (transfer full): a phrase for people, as in "nested deeper than 64 levels at byte 812"
 */
char *
scope_json_problem_to_text (const ScopeJsonProblem *problem)
{
  g_return_val_if_fail (problem != NULL, NULL);

  switch (problem->fault)
    {
    case SCOPE_JSON_FAULT_EMPTY:
      return g_strdup (_("there is no text"));
    case SCOPE_JSON_FAULT_UTF8:
      return g_strdup_printf (_("no valid UTF-8 at byte %zu"), problem->offset);
    case SCOPE_JSON_FAULT_DEPTH:
      return g_strdup_printf (_("nested deeper than %d levels at byte %zu"),
                              SCOPE_LIMIT_JSON_DEPTH, problem->offset);
    case SCOPE_JSON_FAULT_SYNTAX:
      return g_strdup_printf (_("no valid JSON at byte %zu"), problem->offset);
    case SCOPE_JSON_FAULT_TRUNCATED:
      return g_strdup_printf (_("the text ends too early, at byte %zu"), problem->offset);
    case SCOPE_JSON_FAULT_TRAILING:
      return g_strdup_printf (_("more text after the JSON document at byte %zu"),
                              problem->offset);
    case SCOPE_JSON_FAULT_SIZE:
      return g_strdup (_("larger than 4 GiB"));
    case SCOPE_JSON_FAULT_NONE:
    default:
      return g_strdup (_("nothing is wrong"));
    }
}
