/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-printer.h"

#include <string.h>

#include "capture/scope-line.h"
#include "cli/scope-cli-output.h"
#include "json/scope-json.h"

void
scope_cli_printer_init (ScopeCliPrinter *self,
                        ScopeCliOptions *options)
{
  self->ndjson = scope_cli_options_is_ndjson (options);
  self->frames = options->frames;
  self->colour = !self->ndjson && scope_cli_output_has_colour ();
  self->text = g_string_new (NULL);
}

void
scope_cli_printer_clear (ScopeCliPrinter *self)
{
  g_string_free (self->text, TRUE);
  self->text = NULL;
}

gboolean
scope_cli_printer_print (ScopeCliPrinter  *self,
                         const ScopeEntry *entry,
                         ScopeNames       *names,
                         gboolean          hidden)
{
  g_string_truncate (self->text, 0);
  if (self->frames && self->ndjson)
    scope_line_append_frame (self->text, entry);
  else if (self->frames)
    scope_line_append_frame_text (self->text, entry, self->colour);

  if (!hidden && self->ndjson)
    scope_line_append_ndjson (self->text, entry, names);
  else if (!hidden)
    scope_line_append_text (self->text, entry, names, self->colour);

  return scope_cli_output_write (self->text->str, self->text->len);
}

gint64
scope_cli_entry_get_int (const ScopeEntry *entry,
                         const char       *key,
                         gint64            fallback)
{
  g_autofree char *text = scope_entry_dup_detail (entry, key);
  gint64 number;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return fallback;
  return number;
}

gboolean
scope_cli_entry_is (const ScopeEntry *entry,
                    const char       *key,
                    const char       *text)
{
  g_autofree char *value = scope_entry_dup_detail (entry, key);

  return g_strcmp0 (value, text) == 0;
}
