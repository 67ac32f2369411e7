/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-hex"

#include "config.h"

#include "ui/scope-hex.h"

static void
hex_append_line (GString    *out,
                 const char *bytes,
                 gsize       length,
                 gsize       offset)
{
  g_string_append_printf (out, "%08" G_GINT64_MODIFIER "x ", (guint64) offset);
  for (gsize i = 0; i < SCOPE_HEX_LINE; i++)
    if (i < length)
      g_string_append_printf (out, " %02x", (guint8) bytes[i]);
    else
      g_string_append (out, "   ");
  g_string_append (out, "  ");
  for (gsize i = 0; i < length; i++)
    if (g_ascii_isprint (bytes[i]))
      g_string_append_c (out, bytes[i]);
    else
      g_string_append (out, "·");
}

/**
 * scope_hex_dump:
 * @bytes: any bytes
 * @length: how many
 * @offset: what the first line counts from
 *
 * Returns: (transfer full): the bytes in hexadecimal and, where they are ASCII, as characters
 */
char *
scope_hex_dump (const char *bytes,
                gsize       length,
                gsize       offset)
{
  GString *out = g_string_sized_new (length * 6 + 32);

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  for (gsize i = 0; i < length; i += SCOPE_HEX_LINE)
    {
      if (i > 0)
        g_string_append_c (out, '\n');
      hex_append_line (out, bytes + i, MIN (length - i, SCOPE_HEX_LINE), offset + i);
    }
  return g_string_free (out, FALSE);
}
