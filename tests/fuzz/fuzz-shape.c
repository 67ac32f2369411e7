/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What events look like: after the first byte, payloads, a line each (`p`), or the file that keeps what was
 * learnt (`f`). */

#define G_LOG_DOMAIN "fuzz-shape"

#include "config.h"

#include <string.h>

#include "base/scope-limits.h"
#include "capture/scope-shapes.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
check_verdict (const ScopeShapeVerdict *verdict)
{
  g_assert_true ((verdict->result == SCOPE_SHAPE_CHANGED) == (verdict->changes != NULL && verdict->changes->len > 0));
  for (guint i = 0; verdict->changes != NULL && i < verdict->changes->len; i++)
    {
      g_autofree char *text = scope_shape_change_to_text (verdict->changes->pdata[i]);

      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

static void
check_shape (ScopeShape *shape)
{
  g_autoptr (GPtrArray) fields = scope_shape_list_fields (shape);
  g_autoptr (JsonNode) schema = scope_shape_to_schema (shape, "fuzz");
  g_autofree char *text = json_to_string (schema, FALSE);

  g_assert_cmpuint (fields->len, <=, SCOPE_LIMIT_SHAPE_FIELDS);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

/* What was looked at once is nothing new the second time. */
static void
fuzz_payloads (const char *text,
               gsize       length)
{
  g_autoptr (ScopeShape) shape = scope_shape_new (NULL);
  const char *end = text + length;
  guint64 sequence = 0;

  while (text < end)
    {
      const char *line_end = memchr (text, '\n', end - text);
      gsize n = (line_end != NULL ? line_end : end) - text;
      g_autofree char *line = n > 0 ? g_memdup2 (text, n) : NULL;
      const char *payload = line != NULL ? line : "";
      ScopeJsonKind kind = SCOPE_JSON_NONE;

      if (!scope_json_check (payload, n, &kind, NULL))
        kind = SCOPE_JSON_NONE;
      for (guint i = 0; i < 2; i++)
        {
          g_auto (ScopeShapeVerdict) verdict = { 0 };

          sequence++;
          scope_shape_observe (shape, kind, payload, n, sequence, sequence, &verdict);
          check_verdict (&verdict);
          g_assert_true (i == 0 || verdict.result == SCOPE_SHAPE_SAME);
        }
      text = line_end != NULL ? line_end + 1 : end;
    }
  check_shape (shape);
}

/* What was read can be written, and read again as the same. */
static void
fuzz_file (const char *text,
           gsize       length)
{
  g_autoptr (ScopeShapes) shapes = scope_shapes_new ();
  g_autoptr (ScopeShapes) again = scope_shapes_new ();
  g_autoptr (GString) lines = NULL;
  g_autoptr (GString) second = NULL;

  scope_shapes_read_lines (shapes, text, length);
  lines = scope_shapes_to_lines (shapes);
  g_assert_true (scope_shapes_read_lines (again, lines->str, lines->len));
  second = scope_shapes_to_lines (again);
  g_assert_cmpstr (lines->str, ==, second->str);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *copy = size > 1 ? g_memdup2 (data + 1, size - 1) : NULL;

  if (copy == NULL)
    return 0;
  if (*data == 'p')
    fuzz_payloads (copy, size - 1);
  else if (*data == 'f')
    fuzz_file (copy, size - 1);
  return 0;
}
